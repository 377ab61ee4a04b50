"""What lies upon the cells of a sheet: comments, merged areas, struck-out cells, pictures; in all three formats."""

import io
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlrd
import xlsxwriter
from hostile import (  # fmt: skip
    HEAD,
    MAIN,
    REL,
    biff,
    cell,
    number_record,
    opendocument,
    record,
    relations,
    row,
    sheet,
    workbook,
    workbook_parts,
    zipped,
)
from openpyxl.comments import Comment

from kaohe_cli.diagnostic import Problem
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Area, Sheet

ROOT = Path(__file__).parents[2]
Convert = Callable[[Path, str, Path], Path]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8d"
    "b00000000049454e44ae426082"
)
DRAWINGS = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


def read(data: bytes, name: str = "表.xlsx") -> tuple[Sheet, tuple[Problem, ...]]:
    book, problems = reader.read_bytes(data, name)
    assert book is not None, problems
    return book.sheets[0], problems


def whole(data: bytes, name: str = "表.xlsx") -> Sheet:
    found, problems = read(data, name)
    assert problems == ()
    return found


def test_an_area() -> None:
    area = Area(1, 1, 3, 3)
    assert area.address() == "A1:C3"
    assert [area.holds(*place) for place in ((1, 1), (3, 3), (2, 1), (4, 1), (1, 4))] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_plain_sheet_holds_none() -> None:
    for data in (workbook(), opendocument("<table:table-row/>"), biff(number_record(0, 0, 1))):
        found = whole(data)
        assert (found.comments, found.merged, found.struck, found.pictures) == ({}, (), frozenset(), 0)


# ── a workbook as programs write it ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(path)
    page, other = book.add_worksheet("填报"), book.add_worksheet("二")
    struck, bold = book.add_format({"font_strikeout": True}), book.add_format({"bold": True})
    for line in range(20):
        page.write(line, 0, line / 4)
    page.write(3, 3, "划掉", struck)
    page.write(4, 3, 12.5, struck)
    page.write_formula(5, 3, '="甲"', struck, "甲")
    page.write_blank(6, 3, None, struck)
    page.write_rich_string(7, 3, bold, "部分", struck, "划掉")
    page.merge_range("F5:G9", "合并")
    page.write_comment("B2", "此数为预计数", {"author": "王伟"})
    page.write_comment("H20", "第一行\n第二行")
    page.insert_image("J2", "一.png", {"image_data": io.BytesIO(PIXEL)})
    page.insert_textbox("J9", "注")
    page.autofilter("A1:A9")
    page.data_validation("D1", {"validate": "list", "source": ["是", "否"]})
    other.write(0, 0, 1)
    other.write_comment("A1", "另一张")
    book.close()
    return path


def check(path: Path) -> None:
    book, problems = reader.read_workbook(path)
    assert book is not None, problems
    assert problems == ()
    page, other = book.sheets
    assert page.comments == {(2, 2): "此数为预计数", (20, 8): "第一行\n第二行"}
    assert page.merged == (Area(5, 6, 9, 7),)
    assert page.struck == {(4, 4), (5, 4), (6, 4)}
    assert page.pictures == 2
    assert (other.comments, other.merged, other.struck, other.pictures) == ({(1, 1): "另一张"}, (), frozenset(), 0)
    rows = reader.SheetRows(path, "填报")
    assert len(list(rows)) == 20
    assert (rows.comments, rows.merged, rows.struck, rows.pictures) == (page.comments, page.merged, page.struck, 2)


def test_a_workbook_of_xlsxwriter(made: Path) -> None:
    check(made)


@pytest.mark.office
@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_the_workbook_saved_by_libreoffice(made: Path, office: Convert, tmp_path: Path, form: str) -> None:
    path = office(made, form, tmp_path / form)
    check(path)
    if form == "xls":
        with xlrd.open_workbook(path, formatting_info=True) as book:
            page = book.sheet_by_index(0)
            assert {(line + 1, column + 1) for line, column in page.cell_note_map} == {(2, 2), (20, 8)}
            assert page.merged_cells == [(4, 9, 5, 7)]


def test_a_workbook_of_openpyxl() -> None:
    book = openpyxl.Workbook()
    page: Any = book.active
    page["A1"], page["C3"] = 1, "划掉"
    page["C3"].font = openpyxl.styles.Font(strike=True)
    page["A1"].comment = Comment("此数为预计数", "王伟")
    page.merge_cells("B2:B4")
    stream = io.BytesIO()
    book.save(stream)
    found = whole(stream.getvalue())
    assert found.comments == {(1, 1): "此数为预计数"}
    assert found.merged == (Area(2, 2, 4, 2),)
    assert found.struck == {(3, 3)}


# ── .xlsx ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def comments(*entries: tuple[str, str]) -> str:
    listed = "".join(f'<comment ref="{ref}" authorId="0"><text>{text}</text></comment>' for ref, text in entries)
    listed = f"<authors><author>王伟</author></authors><commentList>{listed}</commentList>"
    return f'{HEAD}<comments xmlns="{MAIN}">{listed}</comments>'


def threads(*entries: tuple[str, str]) -> str:
    listed = "".join(f'<threadedComment ref="{ref}"><text>{text}</text></threadedComment>' for ref, text in entries)
    return f'{HEAD}<ThreadedComments xmlns="{THREADS}">{listed}</ThreadedComments>'


def drawing(anchors: str) -> str:
    return f'{HEAD}<d:wsDr xmlns:d="{DRAWINGS}">{anchors}</d:wsDr>'


def with_parts(parts: Iterable[tuple[str, str]], after: str = "") -> bytes:
    """A workbook whose sheet names these parts: (kind, content) of each."""
    numbered = [(kind, f"part{number}.xml", content) for number, (kind, content) in enumerate(parts)]
    held = workbook_parts(sheet=sheet(cell('<c r="B2"><v>2</v></c>'), after=after))
    named = relations([(kind, f"../{name}") for kind, name, _ in numbered])
    held["xl/worksheets/_rels/sheet1.xml.rels"] = named
    return zipped([*held.items(), *((f"xl/{name}", content) for _, name, content in numbered)])


def test_comments_are_texts_without_their_readings() -> None:
    runs = '<r><rPr><b/></rPr><t>王伟:</t></r><r><t xml:space="preserve">\n预计数 </t></r><rPh><t>wang</t></rPh>'
    found = whole(with_parts([("comments", comments(("B2", runs), ("C3", "<t> </t>"), ("??", "<t>无</t>")))]))
    assert found.comments == {(2, 2): "王伟:\n预计数"}


def test_a_thread_stands_for_the_hint_at_it() -> None:
    hint = comments(("B2", "<t>[线程批注] 你的版本不支持</t>"), ("C3", "<t>另一条</t>"))
    thread = threads(("B2", "此数为预计数"), ("B2", "已核实"))
    for parts in ([("comments", hint), ("threadedComment", thread)], [("threadedComment", thread), ("comments", hint)]):
        assert whole(with_parts(parts)).comments == {(2, 2): "此数为预计数\n已核实", (3, 3): "另一条"}


def test_anchors_are_counted() -> None:
    anchors = (
        "<d:twoCellAnchor><d:pic/></d:twoCellAnchor><d:oneCellAnchor/><d:absoluteAnchor><d:sp/></d:absoluteAnchor>"
    )
    assert whole(with_parts([("drawing", drawing(anchors))])).pictures == 3


@pytest.mark.parametrize(
    ("part", "left"),
    [
        (("comments", comments(("B2", "<t>甲</t>")) + "<"), {(2, 2): "甲"}),
        (("comments", "<!DOCTYPE x [<!ENTITY a 'b'>]>" + comments()), {}),
        (("drawing", drawing("<d:twoCellAnchor/>" * 500_000)), {}),
        (("comments", comments(*[("B2", f"<t>{'长' * 30_000}</t>")] * 200)), {(2, 2): "长" * 30_000}),
        (("comments", comments(("B2", f"<t>{'长' * 40_000}</t>"))[:-3]), {(2, 2): "长" * 32_767}),
    ],
    ids=["cut", "entities", "too many drawings", "too many comments", "too long"],
)
def test_a_part_that_cannot_be_read_is_told_and_refuses_nothing(
    part: tuple[str, str], left: dict[tuple[int, int], str]
) -> None:
    found, problems = read(with_parts([part]))
    assert [(problem.code, problem.severity, problem.sheet) for problem in problems] == [("KH039", "note", "表一")]
    assert len(found.cells) == 2
    assert found.comments == left


def test_a_damaged_part_takes_nothing_from_the_others() -> None:
    parts = [("comments", comments(("B2", "<t>甲</t>"))[:-9]), ("drawing", drawing("<d:oneCellAnchor/>"))]
    found, problems = read(with_parts(parts))
    assert [problem.code for problem in problems] == ["KH039"]
    assert (found.comments, found.pictures) == ({(2, 2): "甲"}, 1)


def test_a_part_that_is_not_there_is_told() -> None:
    data = with_parts([("comments", comments(("B2", "<t>甲</t>")))])
    found, problems = read(data.replace(b"xl/part0.xml", b"xl/part9.xml"))
    assert [problem.code for problem in problems] == ["KH039"]
    assert found.comments == {}


MERGED = (
    '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="D9:B5"/><mergeCell ref="A1"/><mergeCell ref="?"/></mergeCells>'
)
BEFORE = '<sheetProtection sheet="1"/><autoFilter ref="A1:B9"/><customSheetViews><customSheetView/></customSheetViews>'


@pytest.mark.parametrize(
    "after",
    [MERGED, BEFORE + MERGED, MERGED + "<pageMargins/><c/><v>7</v>", BEFORE + MERGED + "<pageMargins><</x>"],
    ids=["alone", "behind others", "before others", "before what is not well-formed"],
)
def test_merged_areas_are_found_behind_the_cells(after: str) -> None:
    found = whole(workbook(sheet=sheet(cell('<c r="B2"><v>2</v></c>'), after=after)))
    assert found.merged == (Area(1, 1, 1, 3), Area(5, 2, 9, 4))
    assert len(found.cells) == 2


@pytest.mark.parametrize("after", ["<pageMargins/>", '<conditionalFormatting sqref="A1"/>', '<drawing xmlns:r="x"/>'])
def test_what_lays_out_the_sheet_is_not_looked_at(after: str) -> None:
    assert whole(workbook(sheet=sheet(cell('<c r="B2"><v>2</v></c>'), after=f"{after}<</x>"))).merged == ()


def test_cells_after_the_cells_are_damage() -> None:
    again = "<sheetData>" + row('<c r="A9"><v>9</v></c>', 9) + "</sheetData>"
    book, problems = reader.read_bytes(workbook(sheet=sheet(cell(""), after=again)), "表.xlsx")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


def test_texts_struck_out_from_end_to_end() -> None:
    struck, said_not = "<r><rPr><strike/></rPr><t>{}</t></r>", '<r><rPr><strike val="0"/></rPr><t>{}</t></r>'
    texts = [
        struck.format("甲"), struck.format("甲") + struck.format("乙") + "<r><t> </t></r>", said_not.format("甲"),
        struck.format("甲") + "<r><t>乙</t></r>", "<t>甲</t>",
    ]  # fmt: skip
    strings = f'{HEAD}<sst xmlns="{MAIN}">' + "".join(f"<si>{text}</si>" for text in texts) + "</sst>"
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(len(texts)))
    assert whole(workbook(row(cells), strings=strings)).struck == {(1, 1), (1, 2)}


def test_a_cell_is_struck_out_by_its_font() -> None:
    fonts = '<font/><font><strike/></font><font><strike val="false"/></font>'
    formats = "".join(f'<xf numFmtId="0" fontId="{number}"/>' for number in (0, 1, 2))
    styles = f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts>{fonts}</fonts><cellXfs>{formats}</cellXfs></styleSheet>'
    cells = "".join(f'<c s="{number}"><v>1</v></c>' for number in (0, 1, 2)) + '<c s="1"/>'
    assert whole(workbook(row(cells), styles=styles)).struck == {(1, 2)}


def test_a_sheet_without_relations_is_read_without_a_word() -> None:
    after = f'<legacyDrawing xmlns:r="{REL}" r:id="rId7"/>'
    assert whole(workbook(sheet=sheet(cell('<c r="B2"><v>2</v></c>'), after=after))).comments == {}


# ── .ods ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_comment_of_opendocument() -> None:
    remark = (
        '<office:annotation><dc:creator xmlns:dc="urn:dc">王伟</dc:creator><text:p>此数<text:s text:c="1"/>为'
        "<text:span>预计数</text:span></text:p><text:p>待核</text:p></office:annotation>"
    )
    rows = (
        f"<table:table-row><table:table-cell>{remark}</table:table-cell></table:table-row>"
        f'<table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell '
        f'office:value-type="string">{remark}<text:p>甲</text:p></table:table-cell></table:table-row>'
    )
    found = whole(opendocument(rows), "表.ods")
    assert found.comments == {(1, 1): "此数 为预计数\n待核", (2, 3): "此数 为预计数\n待核"}
    assert {place: each.value for place, each in found.cells.items()} == {(2, 3): "甲"}


def test_merged_areas_and_pictures_of_opendocument() -> None:
    frame = '<d:frame xmlns:d="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><d:image/></d:frame>'
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="3"'
    rows = (
        f"<table:shapes>{frame}{frame}</table:shapes><table:table-row/><table:table-row><table:table-cell/>"
        f"<table:table-cell {spans}>{frame}</table:table-cell></table:table-row>"
    )
    found = whole(opendocument(rows), "表.ods")
    assert found.merged == (Area(2, 2, 4, 3),)
    assert found.pictures == 3


def test_struck_out_cells_of_opendocument() -> None:
    styles = "".join(
        f'<s:style xmlns:s="urn:oasis:names:tc:opendocument:xmlns:style:1.0" s:name="{name}" s:family="{family}">'
        f'<s:text-properties s:text-line-through-style="{line}"/></s:style>'
        for name, family, line in (
            ("ce1", "table-cell", "solid"), ("ce2", "table-cell", "none"), ("ce3", "text", "solid"),
        )
    )  # fmt: skip
    number = '<table:table-cell {} office:value-type="float" office:value="1"/>'
    own = [number.format(f'table:style-name="ce{which}"') for which in (1, 2, 3)]
    columns = '<table:table-column table:number-columns-repeated="3"/><table:table-column {}="ce1"/>'
    rows = columns.format("table:default-cell-style-name") + "<table:table-row>" + "".join(own) + number.format("")
    rows += '</table:table-row><table:table-row table:default-cell-style-name="ce1">' + number.format("") + own[1]
    data = opendocument(f"{styles}{rows}</table:table-row>")
    assert whole(data, "表.ods").struck == {(1, 1), (1, 4), (2, 1)}


# ── .xls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def an_object(kind: int, number: int) -> bytes:
    return record(0x5D, struct.pack("<HHHH", 0x15, 0x12, kind, number) + b"\0" * 14)


def its_text(length: int, *pieces: bytes) -> bytes:
    return record(0x1B6, struct.pack("<10xH6x", length)) + b"".join(record(0x3C, piece) for piece in pieces)


def note(line: int, column: int, number: int) -> bytes:
    return record(0x1C, struct.pack("<HHHHHBB", line, column, 0, number, 1, 0, 65))


def test_objects_of_older_workbooks() -> None:
    text = "此数为预计数".encode("utf-16-le")
    body = (
        an_object(0x19, 1) + its_text(6, b"\1" + text[:4], b"\1" + text[4:], b"\0" * 16)
        + an_object(0x08, 2) + an_object(0x14, 3) + an_object(0x06, 4) + its_text(2, b"\0no", b"\0" * 16)
        + an_object(0x19, 5) + its_text(2, b"\0ok")
        + note(1, 1, 1) + note(7, 2, 5) + note(8, 8, 9)
        + record(0xE5, struct.pack("<HHHHHHHHH", 2, 0, 0, 0, 2, 4, 6, 1, 1))
    )  # fmt: skip
    found = whole(biff(number_record(0, 0, 1) + body), "表.xls")
    assert found.comments == {(2, 2): "此数为预计数", (8, 3): "ok"}
    assert found.merged == (Area(1, 1, 1, 3), Area(5, 2, 7, 2))
    assert found.pictures == 2


def test_comments_of_excel_95() -> None:
    said = "预计数".encode("gbk")
    first = record(0x1C, struct.pack("<HHH", 1, 1, len(said)) + said)
    rest = record(0x1C, struct.pack("<HHH", 0xFFFF, 0, 2) + b"ab")
    data = biff(number_record(0, 0, 1) + first + rest, before=record(0x42, struct.pack("<H", 936)), version=0x500)
    assert whole(data, "表.xls").comments == {(2, 2): "预计数"}


def test_struck_out_cells_of_older_workbooks() -> None:
    """The fifth font is number 5: none is number 4."""
    fonts = b"".join(record(0x31, struct.pack("<HH12x", 200, 8 * (number == 4))) for number in range(6))
    formats = b"".join(record(0xE0, struct.pack("<HH16x", font, 0)) for font in (0, 5, 6))
    numbers = b"".join(record(0x203, struct.pack("<HHHd", 0, form, form, 1)) for form in (0, 1, 2))
    several = record(0xBD, struct.pack("<HHHIHIH", 1, 0, 0, 6, 1, 6, 1))
    awaited = record(6, struct.pack("<HHH", 2, 0, 1) + b"\0\0\0\0\0\0\xff\xff" + b"\0" * 8) + record(0x207, b"\1\0\0x")
    blank = record(0x201, struct.pack("<HHH", 3, 0, 1))
    found = whole(biff(numbers + several + awaited + blank, before=fonts + formats), "表.xls")
    assert found.struck == {(1, 2), (2, 2), (3, 1)}


@pytest.mark.parametrize(
    "broken", [record(0x5D, b"\0"), record(0x1C, b"\0\0"), record(0x1B6, b"\0"), record(0xE5, b"\2\0" + bytes(8)),
               its_text(3, b"")]
)  # fmt: skip
def test_a_broken_object_is_told_and_refuses_nothing(broken: bytes) -> None:
    found, problems = read(biff(number_record(0, 0, 1) + broken + an_object(0x08, 1)), "表.xls")
    assert [problem.code for problem in problems] == ["KH039"]
    assert len(found.cells) == 1
    assert found.pictures == 1
