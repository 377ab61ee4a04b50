"""The house style of the office's own workbooks, and the one place that writes them with XlsxWriter.

Text is always written as text, never as a formula; every formula carries its value; the same content gives the
same bytes.
"""

import re
import tempfile
import warnings
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from io import BytesIO
from typing import Any, Self, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.paper.kept import comment, look_of, under
from kaohe_cli.points import plain
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.book import column_name
from kaohe_cli.sheet.looks import Look

LONGEST_HEAD = 100  # characters of a title at the head of each page, of the 255 that a head can have
LONGEST_TEXT = 32_767  # UTF-16 units in a cell
EXACT_DIGITS = 15  # digits that a spreadsheet's number keeps

INK, GREY, LINE = "#1F2937", "#6B7280", "#C4CBD4"
HEADER, INPUT, BAND = "#DCE6F1", "#FFF9D6", "#F5F7FA"
WAITING, REVIEW, FAR, GOOD, BEST = "#FFE3A3", "#F8C9BE", "#E3D3F5", "#DDEFD9", "#A9D8B0"
ALERT, LINK = "#C00000", "#1F4E9E"

# Each look is a set of XlsxWriter properties; looks are combined by name: "number input".
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "text": {"align": "left"},
    "centre": {"align": "center"},
    "right": {"align": "right"},
    "small": {"font_size": 9},
    "wrap": {"text_wrap": True, "valign": "top"},
    "shrink": {"shrink": True},
    "middle": {"valign": "vcenter"},
    "number": {"align": "right", "num_format": "#,##0.######;-#,##0.######;0"},
    "points": {"align": "right", "num_format": "0.00"},
    "whole": {"align": "right", "num_format": "0"},
    "percent": {"align": "right", "num_format": "0.######%"},
    "date": {"align": "center", "num_format": "yyyy-mm-dd"},
    "code": {"num_format": "@"},
    "input": {"bg_color": INPUT, "locked": False},
    "header": {"bold": True, "bg_color": HEADER, "align": "center", "valign": "vcenter", "text_wrap": True},
    "inputs": {"bold": True, "bg_color": "#F7E6A1", "align": "center", "valign": "vcenter", "text_wrap": True},
    "band": {"bg_color": BAND},
    "strong": {"bold": True},
    "quiet": {"font_color": GREY},
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "border": 0},
    "large": {"font_size": 14},
    "bare": {"border": 0},
    "waiting": {"bg_color": WAITING},
    "review": {"bg_color": REVIEW, "bold": True},
    "far": {"bg_color": FAR},
    "good": {"bg_color": GOOD},
    "best": {"bg_color": BEST, "bold": True},
    "alert": {"font_color": ALERT, "bold": True},
    "link": {"font_color": LINK},
    "literal": {"quote_prefix": True},
}
BASE = {"font_name": "宋体", "font_size": 11, "font_color": INK, "valign": "vcenter", "border": 1, "border_color": LINE}


class Formula(Struct, frozen=True):
    """A formula and the value it has."""

    text: str  # =SUM(A1:A3)
    value: Decimal | str | int = ""


Content: TypeAlias = Decimal | int | str | date | Enum | Formula | None


class Styled(Struct, frozen=True):
    """A content with a look of its own, where it differs from its column's, and with what people set there by hand."""

    content: Content
    look: str
    own: Look | None = None  # goes over ``look``
    comment: str = ""  # 批注


Contents: TypeAlias = Sequence[Content | Styled]  # of a row


class Column(Struct, frozen=True):
    """A column of a table."""

    title: str
    width: float = 12  # in characters of half width: a Chinese character counts 2
    look: str = "text"
    input: bool = False  # people type there
    hidden: bool = False
    own: Look | None = None  # of its header, set by hand
    comment: str = ""  # 批注 on its header

    @property
    def head_look(self) -> str:
        """The look of its header."""
        return "inputs" if self.input else "header"

    @property
    def cell_look(self) -> str:
        """The look of its entries."""
        return f"{self.look} input" if self.input else self.look

    def as_found(self, appearance: Appearance, row: int, column: int, comment: str = "") -> Self:
        """As people left it in a sheet: its width, whether it is hidden, and its header, which stood there (from 1)."""
        return replace(
            self,
            width=appearance.widths.get(column, self.width),
            hidden=column in appearance.hidden_columns,
            own=appearance.look(row, column),
            comment=comment,
        )


class Table(Struct, frozen=True):
    """Where a table stands: rows and columns from 0."""

    sheet: Any  # the XlsxWriter worksheet
    head: int  # row of the header
    last: int  # row of the last entry; the header's where there is none
    columns: Mapping[str, int]

    def cells(self, title: str, *, fixed: bool = True) -> str:
        """The entries of a column in A1 notation; its first cell, relative, where ``fixed`` is not wanted."""
        column = column_name(self.columns[title] + 1)
        first, last = self.head + 2, max(self.last, self.head + 1) + 1
        return f"${column}${first}:${column}${last}" if fixed else f"{column}{first}"

    def area(self, title: str, to: str | None = None) -> tuple[int, int, int, int]:
        """Rows and columns of the entries from column ``title`` to column ``to``, for validations and formats."""
        return self.head + 1, self.columns[title], max(self.last, self.head + 1), self.columns[to or title]


class Paper:
    """A workbook being written. Used in a with block; ``finish`` gives its bytes.

    It carries ``created`` in place of the clock.
    ``lean`` keeps only one row of a sheet in memory: then rows are written from the top down and never again.
    """

    def __init__(self, title: str, created: datetime, *, lean: bool = False) -> None:
        from xlsxwriter import Workbook

        self.title = title
        self._buffer = BytesIO()
        self._folder = tempfile.TemporaryDirectory(prefix="kaohe-") if lean else None
        kept = {"constant_memory": True, "tmpdir": self._folder.name} if self._folder else {"in_memory": True}
        self.book = Workbook(self._buffer, {**kept, "default_format_properties": {"font_name": BASE["font_name"]}})
        self.book.set_properties({"title": title, "created": created})
        self.book.set_size(2400, 1500)
        self._formats: dict[tuple[str, Look | None], Any] = {}
        self._finished = False
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> Self:
        # XlsxWriter warns of what it leaves out; nothing may be left out
        self._warnings.__enter__()
        warnings.simplefilter("error", UserWarning)
        return self

    def __exit__(self, *_: object) -> None:
        self._warnings.__exit__(None, None, None)
        if not self._finished:
            self.book.fileclosed = True
        if self._folder:
            self._folder.cleanup()

    def finish(self) -> bytes:
        """The workbook; nothing can be written after it."""
        self.book.close()
        self._finished = True
        return self._buffer.getvalue()

    def look(self, names: str, own: Look | None = None) -> Any:
        """The XlsxWriter format that combines the looks named, with ``own`` over them; None where there are none."""
        key = names, own
        if key not in self._formats:
            properties = _properties(names) if own is None else under(own, _properties(names))
            self._formats[key] = self.book.add_format(properties) if names or own else None
        return self._formats[key]

    def sheet(
        self, name: str, *, landscape: bool = True, mark: str = "", colour: str = "", growing: bool = False
    ) -> Any:  # fmt: skip
        """A fresh A4 sheet that prints one page wide, with title, page numbers, and ``mark`` on every page.

        Rows of no height of their own are all alike; ``growing``: as high as what people type into them. From the row
        ``grows_from`` of the sheet on, where that is set, so are those that were given a height.
        """
        sheet = self.book.add_worksheet(name, _worksheet())
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        if not growing:
            sheet.set_default_row(20)
        title = self.title if len(self.title) <= LONGEST_HEAD else f"{self.title[: LONGEST_HEAD - 1]}…"
        left, right = (text.replace("&", "&&") for text in (title, mark))
        sheet.set_header(f"&L{left}&R{right}")
        sheet.set_footer("&C第 &P 页 共 &N 页")
        if colour:
            sheet.set_tab_color(colour)
        return sheet

    def put(self, sheet: Any, row: int, column: int, content: Content | Styled, look: str = "text") -> None:
        """Write one cell: text as text, a number as a number, unknown as a blank; without a look no blank at all."""
        own: Look | None = None
        if isinstance(content, Styled):
            if content.comment:
                sheet.write_comment(row, column, *comment(content.comment))
            look, own, content = content.look, content.own, content.content
        if isinstance(content, Enum):
            content = str(content.value)
        if isinstance(content, str) and content:
            clean = _clean(content)
            format_ = self.look(f"{look} literal" if clean[0] in "=+-@" else look, own)
            sheet.write_string(row, column, clean, format_)
        elif not content and not isinstance(content, Decimal | int):
            if look or own:
                sheet.write_blank(row, column, None, self.look(look, own))
        elif isinstance(content, Decimal | int):
            if isinstance(content, Decimal) and _is_long(content):
                sheet.write_string(row, column, format(content, "f"), self.look(look, own))
            else:
                sheet.write_number(row, column, float(content), self.look(look, own))
        elif isinstance(content, Formula):
            value = float(content.value) if isinstance(content.value, Decimal) else content.value
            sheet.write_formula(row, column, content.text, self.look(look, own), value)
        else:
            sheet.write_datetime(row, column, content, self.look(look, own))

    def row(self, sheet: Any, row: int, contents: Sequence[Content | Styled], looks: Sequence[str]) -> None:
        """Write one row from its first column on."""
        for column, (content, look) in enumerate(zip(contents, looks, strict=True)):
            self.put(sheet, row, column, content, look)

    def merge(self, sheet: Any, row: int, first: int, last: int, content: str, look: str = "text") -> None:
        """Write ``content`` over the columns ``first`` to ``last`` of one row."""
        if first != last:
            sheet.merge_range(row, first, row, last, "", self.look(look))
        self.put(sheet, row, first, content, look)

    def header(self, sheet: Any, row: int, columns: Sequence[Column], tall: float, *, freeze: int = 0) -> None:
        """Write the header of ``columns``, ``tall`` points high; it and ``freeze`` columns stay, and it heads pages."""
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width, None, {"hidden": column.hidden})
        sheet.set_row(row, tall)
        for index, column in enumerate(columns):
            self.put(sheet, row, index, Styled(column.title, column.head_look, column.own, column.comment))
        sheet.freeze_panes(row + 1, freeze)
        sheet.repeat_rows(row)

    def table(
        self,
        sheet: Any,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Content | Styled]],
        *,
        top: int = 0,
        freeze: int = 0,
        head_height: float = 30,
        tall: Callable[[Sequence[Content | Styled]], float] | None = None,
        hidden: Container[int] = (),
    ) -> Table:
        """Write a header and its rows from row ``top`` on, with a filter; header and ``freeze`` columns stay.

        ``tall`` gives the height of a row in points; without it all are of one height. ``hidden`` are rows, from 0.
        """
        self.header(sheet, top, columns, head_height, freeze=freeze)
        looks = [column.cell_look for column in columns]
        last = top
        for last, contents in enumerate(rows, top + 1):
            if tall is not None or last in hidden:
                height = None if tall is None else tall(contents)
                sheet.set_row(last, height, None, {"hidden": last in hidden})
            self.row(sheet, last, contents, looks)
        sheet.autofilter(top, 0, max(last, top + 1), len(columns) - 1)
        return Table(sheet, top, last, {column.title: index for index, column in enumerate(columns)})


def _properties(names: str) -> dict[str, Any]:
    """What XlsxWriter takes for the looks named; without any, for a cell that has none."""
    properties: dict[str, Any] = dict(BASE) if names else {"font_name": BASE["font_name"]}
    for name in names.split():
        properties |= LOOKS[name]
    return properties


def usual_looks(columns: Iterable[Column], also: Iterable[str] = ()) -> frozenset[Look]:
    """The looks that the program gives: to ``columns``, to cells of the looks ``also`` named, to cells without any.

    What people set cannot be told from it where it is one of these.
    """
    named = {look for column in columns for look in (column.head_look, column.cell_look)}
    return frozenset(look_of(_properties(look)) for look in (*named, *also, ""))


def text_of(content: Content | Styled) -> str:
    """What is read again of a cell with ``content``, as text; empty where it is blank."""
    if isinstance(content, Styled):
        content = content.content
    if isinstance(content, Formula):
        content = content.value
    if isinstance(content, Enum):
        content = str(content.value)
    if isinstance(content, str):
        return _clean(content).strip() if content else ""
    if isinstance(content, Decimal) and _is_long(content):
        return format(content, "f")
    if isinstance(content, Decimal | int):
        return plain(Decimal(content)).replace(",", "")
    return content.isoformat() if content else ""


def _is_long(value: Decimal) -> bool:
    """Whether a spreadsheet's number cannot keep all its digits."""
    return len(value.as_tuple().digits) > EXACT_DIGITS


@cache
def _worksheet() -> Any:
    """XlsxWriter's worksheet without its search for newer functions than Excel 2007's: our formulas have none."""
    from xlsxwriter.worksheet import Worksheet

    class Plain(Worksheet):  # type: ignore[misc, unused-ignore]
        grows_from: int | None = None  # row, from 0

        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

        def _xml_start_tag_unencoded(self, tag: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
            if tag == "row" and self.grows_from is not None and int(dict(attributes)["r"]) > self.grows_from:
                # else a height once given would stay whatever is typed
                attributes = [each for each in attributes if each[0] != "customHeight"]
            super()._xml_start_tag_unencoded(tag, attributes)

    return Plain


UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def _clean(text: str) -> str:
    """``text`` as a cell can hold it."""
    if text.isprintable() and len(text) <= LONGEST_TEXT // 2 and text[0] != "<":
        return text
    text = UNWRITABLE.sub("\ufffd", text)
    if len(text) > LONGEST_TEXT // 2:
        text = text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
    # XlsxWriter takes text that looks like its own rich text as markup
    return f" {text}" if text.startswith("<r>") else text
