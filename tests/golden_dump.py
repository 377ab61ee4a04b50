"""A workbook as text, one line for each cell: what golden files are made of, and what their differences read like.

Normalised away, each for a reason: the order of styles and shared strings (numbers without a meaning), document
properties (not on any sheet), fonts and borders (looked at in pictures), cells without value, fill and entry check.
"""

import io
from typing import Any

from openpyxl import load_workbook


def dump(data: bytes) -> str:
    """Sheets in order; of each cell its value, number format, lock and fill, then entry checks, colours, paper."""
    book = load_workbook(io.BytesIO(data))
    return "\n".join(line for sheet in book.worksheets for line in _sheet(sheet)) + "\n"


def _sheet(sheet: Any) -> list[str]:
    hidden = [letter for letter, each in sheet.column_dimensions.items() if each.hidden]
    setup = sheet.page_setup
    lines = [
        f"# {sheet.title} {sheet.sheet_state}",
        f"paper {setup.paperSize} {setup.orientation} area {sheet.print_area} head {sheet.print_title_rows}"
        f" foot {sheet.oddFooter.center.text} freeze {sheet.freeze_panes} locked {sheet.protection.sheet}",
        f"hidden rows {[row for row, each in sheet.row_dimensions.items() if each.hidden]} columns {hidden}",
        f"merged {' '.join(sorted(str(each) for each in sheet.merged_cells.ranges))}",
    ]
    lines += [line for row in sheet.iter_rows() for cell in row if (line := _cell(cell))]
    for check in sheet.data_validations.dataValidation:
        lines.append(
            f"check {check.sqref} {check.type} {check.operator or ''} {check.formula1} {check.formula2 or ''}"
            f" | {check.promptTitle}：{check.prompt} | {check.error}"
        )
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            lines.append(f"colour {area.sqref} {rule.formula[0]} {rule.dxf.fill.bgColor.rgb}")
    return lines


def _cell(cell: Any) -> str:
    colour = cell.fill.fgColor.rgb if cell.fill.fill_type else ""
    value = cell.value
    if value is None and not colour and cell.protection.locked:
        return ""
    text = str(value).replace("\n", "⏎") if value is not None else ""
    kind = "公式" if cell.data_type == "f" else ""
    locked = "" if cell.protection.locked else "开"
    shape = "" if cell.number_format == "General" else cell.number_format
    comment = f"注:{cell.comment.text}".replace("\n", "⏎") if cell.comment else ""
    return "\t".join([cell.coordinate, text, kind, locked, colour[-6:], shape, comment]).rstrip("\t")
