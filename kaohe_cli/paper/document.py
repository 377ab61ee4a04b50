"""The office's documents (.docx), as official documents look (GB/T 9704): page, fonts, paragraphs, tables; no clock."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_COLOR_INDEX, WD_LINE_SPACING, WD_PARAGRAPH_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from kaohe_cli.paper.archive import packed, parts

ALIGN = WD_PARAGRAPH_ALIGNMENT
TITLE, BODY, HEAD, DIGITS = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
SIZE_2, SIZE_3, SIZE_4, TABLE_SIZE = 22, 16, 14, 12  # 2号, 3号, 4号, 小4, in points
PITCH = 28  # points from line to line
MARGINS, FOOT = (37, 26, 35, 28), 28  # mm: top, right, bottom, left; from the edge to the page number
# parts of the library's template that say what its own styles once were, and show a page that is not this one
STALE = ("stylesWithEffects", "thumbnail", "customXml", "extended-properties")


def blank_document(
    title: str, created: datetime, margins: tuple[int, int, int, int] = MARGINS, foot: int = FOOT
) -> Any:
    """A4 with base style and page numbers, and nothing that the library's own template holds besides."""
    document = Document()
    for package in (document.part, document.part.package):
        for name, relation in list(package.rels.items()):
            if relation.reltype.rpartition("/")[2] in STALE:
                del package.rels[name]
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = created
    document.core_properties.title = title
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.footer_distance = Mm(foot)
    style = document.styles["Normal"]
    style.font.size = Pt(SIZE_3)
    _font(style.element.get_or_add_rPr(), BODY)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        footer.is_linked_to_previous = False
        _page_number(footer.paragraphs[0], side)
    return document


def saved(document: Any) -> bytes:
    """The document as a file, the times of its parts set to one and the same."""
    raw = BytesIO()
    document.save(raw)
    return packed(parts(raw.getvalue()).items())


def add_paragraph(
    document: Any,
    text: str,
    *,
    mark: bool = False,
    align: ALIGN = ALIGN.JUSTIFY,
    font: str = BODY,
    size: float = SIZE_3,
    pitch: float = PITCH,
    indent: bool = True,
    right: int = 0,
    level: int = 0,
    before: float = 0,
) -> Any:
    """One paragraph; what is marked is for the office to complete. ``right``: characters to the edge.

    ``level`` is that of a heading, from 1, by which the navigation of Word shows it; 0: it is none.
    """
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
    form.alignment = align
    if align == ALIGN.JUSTIFY and indent:
        form.first_line_indent = Pt(2 * size)
    form.keep_with_next = font == HEAD
    if right:
        form.right_indent = Pt(right * size)
    if level:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:outlineLvl", {qn("w:val"): str(level - 1)}))
    run = _run(paragraph, text, size, font)
    if mark:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    return paragraph


def add_table(document: Any, heads: Sequence[str], widths: Sequence[int], size: float = TABLE_SIZE) -> Any:
    """A table with its header, which heads every page; ``widths`` of its columns in mm."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = Mm(wide)
    _fill(table.rows[0], heads, widths, [ALIGN.CENTER] * len(heads), size, HEAD, keep=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def add_row(
    table: Any,
    texts: Sequence[str],
    widths: Sequence[int],
    aligned: Sequence[ALIGN],
    size: float = TABLE_SIZE,
    *,
    keep: bool = False,
    joined: bool = False,
) -> None:
    """A row of ``table`` that no page breaks; a line of a text is a paragraph. ``keep``: on the page of the next.

    ``joined``: its first cell is one with that above.
    """
    row = table.add_row()
    _fill(row, texts, widths, aligned, size, BODY, keep=keep)
    if joined:
        above, below = (each.tc_lst[0] for each in table._tbl.tr_lst[-2:])
        above.vMerge, below.vMerge = above.vMerge or "restart", "continue"


def _fill(
    row: Any,
    texts: Sequence[str],
    widths: Sequence[int],
    aligned: Sequence[ALIGN],
    size: float,
    font: str,
    *,
    keep: bool,
) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, wide, align in zip(row.cells, texts, widths, aligned, strict=True):
        cell.width, cell.vertical_alignment = Mm(wide), WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for number, line in enumerate(text.split("\n")):
            paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            paragraph.alignment = align
            if keep:
                paragraph.paragraph_format.keep_with_next = True
            _run(paragraph, line, size, font)


def _run(paragraph: Any, text: str, size: float, font: str) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _font(run._r.get_or_add_rPr(), font)
    return run


def _font(properties: Any, name: str) -> None:
    """``name`` for Chinese, a plain roman for letters and digits."""
    fonts = properties.get_or_add_rFonts()
    for key, value in (("ascii", DIGITS), ("hAnsi", DIGITS), ("cs", DIGITS), ("eastAsia", name)):
        fonts.set(qn(f"w:{key}"), value)
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)


def _page_number(paragraph: Any, side: ALIGN) -> None:
    """— 1 — in 宋体 size 4, outside."""
    begin, end = (OxmlElement("w:fldChar", {qn("w:fldCharType"): kind}) for kind in ("begin", "end"))
    code = OxmlElement("w:instrText", {qn("xml:space"): "preserve"})
    code.text = " PAGE "
    paragraph.alignment = side
    for text, field in (("— ", ()), ("", (begin,)), ("", (code,)), ("", (end,)), (" —", ())):
        _run(paragraph, text, SIZE_4, "宋体")._r.extend(field)
