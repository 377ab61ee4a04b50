"""A result as readable lines, for golden files. Run with KAOHE_GOLDEN=write to write them anew.

Left out, each for a reason: fonts, borders and widths (looked at in pictures), document properties (on no sheet).
"""

import os
import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def agrees(name: str, lines: list[str]) -> None:
    """Assert that ``lines`` are those of the golden file ``name``."""
    path = GOLDEN / name
    text = "".join(f"{line}\n" for line in lines)
    if os.environ.get("KAOHE_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.exists(), f"{name} is missing: run with KAOHE_GOLDEN=write and look at what it holds"
    assert text == path.read_text(encoding="utf-8")


def workbook(data: bytes, rows: Mapping[str, int] | None = None) -> list[str]:
    """One line a cell, after what the page of each sheet is; ``rows`` limits the rows of a sheet."""
    import openpyxl

    book, values = openpyxl.load_workbook(BytesIO(data)), openpyxl.load_workbook(BytesIO(data), data_only=True)
    lines = []
    for sheet in book.worksheets:
        page = sheet.page_setup
        lines.append(f"# {sheet.title} {page.orientation or 'portrait'} paper {page.paperSize} {sheet.sheet_state}")
        lines.append(f"head {sheet.print_title_rows} area {sheet.print_area or 'all'} freeze {sheet.freeze_panes}")
        lines.append(f"breaks {[each.id for each in sheet.row_breaks.brk]} mark {sheet.oddHeader.center.text or ''}")
        lines.append(f"foot {sheet.oddFooter.center.text} merged {len(sheet.merged_cells.ranges)}")
        for row in sheet.iter_rows(max_row=(rows or {}).get(sheet.title)):
            for cell in row:
                if cell.value is None:
                    continue
                said = [cell.coordinate, str(cell.value).replace("\n", "⏎")]
                if cell.data_type == "f":
                    said.append(f"值 {values[sheet.title][cell.coordinate].value}")
                if cell.hyperlink:
                    said.append(f"链接 {cell.hyperlink.location}")
                lines.append("\t".join(said))
    return lines + charts(data)


def charts(data: bytes) -> list[str]:
    """What the charts of a workbook show: titles and ranges, in the order of the file."""
    lines = []
    with zipfile.ZipFile(BytesIO(data)) as file:
        for name in sorted(name for name in file.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)):
            text = file.read(name).decode()
            lines.append(f"# {name.rpartition('/')[2]} {' '.join(re.findall('<a:t>(.*?)</a:t>', text))}")
            lines += re.findall("<c:f>(.*?)</c:f>", text)
    return lines


def document(data: bytes) -> list[str]:
    """One line a paragraph, with its alignment and size, then the rows of its tables."""
    from docx import Document

    made = Document(BytesIO(data))
    lines = []
    for paragraph in made.paragraphs:
        run = paragraph.runs[0]
        mark = "标记" if run.font.highlight_color else ""
        side = paragraph.alignment.name if paragraph.alignment is not None else ""
        lines.append("\t".join([side, f"{run.font.size.pt:g}", mark, paragraph.text]))
    for table in made.tables:
        lines += ["\t".join(cell.text for cell in row.cells) for row in table.rows]
    return lines
