"""The look of a form: fonts, colours, paper, and how a value gets into a cell without ever becoming a formula."""

import re
from collections.abc import Iterable
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

from kaohe_cli.extent import height
from kaohe_cli.form.layout import FormColumn
from kaohe_cli.model import Mark, Value

TITLE, HEADING, BODY = "方正小标宋简体", "黑体", "仿宋_GB2312"
BODY_SIZE = 10.5
SMALL = 10.0

# what the colours say
INPUT = "E3F1FB"  # to be filled in by the unit
GIVEN = "EDEDED"  # given by the office, or calculated
HEAD = "D6DFE8"
GROUP = "EEF2F6"
MISSING = "FFF2CC"
WRONG = "FFC7CE"
DONE = "D9EAD3"

RULE = "7F7F7F"
INCH = 1 / 2.54  # a centimetre, as margins are measured
LONGEST_VALUE = 32_000  # characters of a cell, below the limit of spreadsheets
RISKY = tuple("=+-@'\t\r\n")  # what a spreadsheet may take for more than text
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """``text`` without the characters that no workbook can hold."""
    return ILLEGAL.sub("", text)


def write_value(cell: Any, value: Value) -> None:
    """Put ``value`` into ``cell`` as it is; a text stays a text whatever it begins with."""
    if isinstance(value, Mark):
        cell.value = value.value
    elif isinstance(value, str):
        text = clean(value)[:LONGEST_VALUE]
        cell.value = text or None
        if text:
            cell.data_type = "s"
        cell.quotePrefix = text.startswith(RISKY)
    else:
        cell.value = value


def fill(cell: Any, colour: str) -> None:
    """Colour ``cell``."""
    cell.fill = PatternFill("solid", fgColor=colour)


def lock(cell: Any, locked: bool) -> None:
    """Lock ``cell``, or open it for input."""
    cell.protection = Protection(locked=locked)


def put_text(
    cell: Any, text: str = "", font: str = BODY, size: float = BODY_SIZE, across: str = "left", colour: str = "",
    ruled: bool = True,
) -> None:  # fmt: skip
    """Text and look of one cell."""
    write_value(cell, text)
    cell.font = Font(name=font, sz=size)
    indent = 1 if ruled and across == "left" else 0
    cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=True, indent=indent)
    if colour:
        fill(cell, colour)
    if ruled:
        side = Side("thin", color=RULE)
        cell.border = Border(left=side, right=side, top=side, bottom=side)


def span_text(
    sheet: Any, row: int, first: int, last: int, text: str, font: str = BODY, size: float = 12,
    across: str = "center", colour: str = "", ruled: bool = False,
) -> None:  # fmt: skip
    """Text and look of cells that are one."""
    for column in range(first, last + 1):
        put_text(sheet.cell(row, column), text if column == first else "", font, size, across, colour, ruled)
    if last > first:
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


def fitting(columns: Iterable[FormColumn], size: float, least: float = 0, **texts: str) -> float:
    """Points that a row needs to show ``texts`` of its columns whole, in a font of ``size`` points."""
    rooms = {column.key: column.room for column in columns}
    return height(((text, rooms[key]) for key, text in texts.items()), size=size, least=least)


def finish(sheet: Any, *, head: int, landscape: bool) -> None:
    """Locked without a password, widths and heights free, so that everybody can read everything; on A4, one page wide.

    Pages are numbered 第 X 页 共 X 页, and row ``head`` is on every one.
    """
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 1.5 * INCH
    margins.top = margins.bottom = 1.8 * INCH
    margins.header = margins.footer = 0.9 * INCH
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    sheet.print_title_rows = f"{head}:{head}"
