"""Cells of Open XML workbooks, in every way that programs write them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hostile import HEAD, MAIN, REL, STYLES, cell, relations, row, sheet, workbook, workbook_parts, zipped

from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book, Cell, CellKind

D = Decimal
ROOT = Path(__file__).parents[2]
Convert = Callable[[Path, str, Path], Path]


def cells_of(data: bytes) -> dict[tuple[int, int], Cell]:
    book, problems = reader.read_bytes(data, "表.xlsx")
    assert book is not None, problems
    assert problems == ()
    return dict(book.sheets[0].cells)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('<c r="B2"><v>12.5</v></c>', Cell(CellKind.NUMBER, D("12.5"))),
        ('<c r="B2" t="n"><v> 12.5\n</v></c>', Cell(CellKind.NUMBER, D("12.5"))),
        ('<c r="B2"><v><![CDATA[12]]>.5</v></c>', Cell(CellKind.NUMBER, D("12.5"))),
        ('<c r="B2"><v>1&#50;<!-- x -->.5</v></c>', Cell(CellKind.NUMBER, D("12.5"))),
        ('<c r="B2" s="1"><v>0.95</v></c>', Cell(CellKind.NUMBER, D("0.95"), percent=True)),
        ('<c r="B2" s="2"><v>39401</v></c>', Cell(CellKind.DATE, date(2007, 11, 15))),
        ('<c r="B2" s="3"><f>TODAY()</f><v>39401</v></c>', Cell(CellKind.DATE, date(2007, 11, 15), formula=True)),
        ('<c r="B2" t="d"><v>2007-11-15T00:00:00</v></c>', Cell(CellKind.DATE, date(2007, 11, 15))),
        ('<c r="B2" t="s"><v>1</v></c>', Cell(CellKind.TEXT, "乙")),
        ('<c r="B2" t="s"><f>A1</f><v>1</v></c>', Cell(CellKind.TEXT, "乙", formula=True)),
        ('<c r="B2" t="str"><f>"甲"</f><v>甲</v></c>', Cell(CellKind.TEXT, "甲", formula=True)),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', Cell(CellKind.TEXT, "", formula=True)),
        ('<c r="B2" t="inlineStr"><is><t>甲</t></is></c>',
         Cell(CellKind.TEXT, "甲")),
        ('<c r="B2" t="inlineStr"><is><t/></is></c>', Cell(CellKind.TEXT, "")),
        ('<c r="B2" t="inlineStr"><v>1.0</v><is><t>1.</t></is></c>', Cell(CellKind.TEXT, "1.")),
        ('<c r="B2" t="inlineStr"><is><t>1.</t></is><v>1.0</v></c>', Cell(CellKind.TEXT, "1.")),
        ('<c r="B2" t="inlineStr"><is><r><rPr><b/></rPr><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r></is></c>',
         Cell(CellKind.TEXT, "甲 乙")),
        ('<c r="B2" t="inlineStr"><is><t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh></is></c>',
         Cell(CellKind.TEXT, "甲")),
        ('<c r="B2" t="inlineStr"><is><t>甲_x000D_\n乙_x005F_x0041_</t></is></c>',
         Cell(CellKind.TEXT, "甲\n乙_x0041_")),
        ('<c r="B2" t="b"><v>1</v></c>', Cell(CellKind.LOGICAL, True)),
        ('<c r="B2" t="b"><f>1=2</f><v>0</v></c>', Cell(CellKind.LOGICAL, False, formula=True)),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', Cell(CellKind.ERROR, "#DIV/0!", formula=True)),
        ('<c r="B2"><f>1+1</f></c>', Cell(CellKind.UNCOMPUTED, None, formula=True)),
        ('<c r="B2"><f>1+1</f><v></v></c>', Cell(CellKind.UNCOMPUTED, None, formula=True)),
        ('<c r="B2" t="str"><f>1+1</f></c>', Cell(CellKind.UNCOMPUTED, None, formula=True)),
        ('<c r="B2"><f t="shared" ref="B2:B9" si="0">A2</f><v>3</v></c>', Cell(CellKind.NUMBER, D(3), formula=True)),
        ('<c r="B2"><v>3</v><extLst><ext xmlns:x="urn:x"><x:v>9</x:v></ext></extLst></c>', Cell(CellKind.NUMBER, D(3))),
        ('<c r="B2"/>', None), ('<c r="B2" s="1"/>', None), ('<c r="B2"><v/></c>', None), ('<c r="B2" t="s"/>', None),
    ],
)  # fmt: skip
def test_kinds_of_cells(content: str, expected: Cell | None) -> None:
    assert cells_of(workbook(cell(content))).get((2, 2)) == expected


def test_shared_texts_in_runs() -> None:
    strings = (
        f'{HEAD}<sst xmlns="{MAIN}"><si><r><t>甲</t></r><r><t>乙</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>'
        '<si><t xml:space="preserve"> 丙\n丁 </t></si></sst>'
    )
    body = row('<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>')
    assert cells_of(workbook(body, strings=strings)) == {
        (1, 1): Cell(CellKind.TEXT, "甲乙"),
        (1, 2): Cell(CellKind.TEXT, " 丙\n丁 "),
    }


@pytest.mark.parametrize(
    "content",
    [
        '<c r="B2" t="s"><v> </v></c>', '<v>7</v><c r="B2"><v>1</v></c>', '<c r="B2" t="s"><v>9</v></c>',
        '<c r="B2"><is><t>12</t></is></c>', '<c r="B2" t="s"><is><t>1</t></is></c>', '<c r="B2"/><is><t>1</t></is>',
        '<c r="B2" t="inlineStr"><is><t>1</t></is><is><t>1</t></is></c>',
        '<c r="B2" t="str"><v>1</v><is><t>1</t></is></c>',
    ],
)  # fmt: skip
def test_a_value_that_is_out_of_place_or_of_no_kind_is_damage(content: str) -> None:
    book, problems = reader.read_bytes(workbook(row('<c r="A1"/>') + row(content, 2)), "表.xlsx")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


@pytest.mark.parametrize(
    "part",
    [
        sheet(row("")).replace(MAIN, "urn:x"), sheet("").replace("sheetData", "sheetdata"),
        f'{HEAD}<x xmlns="{MAIN}"/>',
        sheet(row('<c r="A1"><v>1</v></c>')).replace("<sheetData>", "").replace("</sheetData>", ""),
        sheet("<rPh>" + row('<c t="str"><v>1</v></c>') + "</rPh>"), sheet(row('<x><c r="A1"><v>1</v></c></x>')),
        sheet(row('<c r="A1"><f><v>1</v></f></c>')),
        sheet("").replace("sheetData", "x").replace("x>", "x><sheetData/>", 1),
        sheet(row('<c r="A1"><v>1</v></c>')).replace("<sheetData>", "<sheetData><sheetData>").replace(
            "</sheetData>", "</sheetData></sheetData>"),
    ],
    ids=["vocabulary", "name", "root", "no content", "row", "cell", "value", "content", "content twice"],
)  # fmt: skip
def test_a_part_that_is_not_built_as_a_sheet_is_damage(part: str) -> None:
    book, problems = reader.read_bytes(workbook(sheet=part), "表.xlsx")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


def test_a_text_between_cells_is_not_the_next_one_s() -> None:
    content = '<c r="A1" t="inlineStr"><is><t>甲</t></is></c>{}<c r="B1" t="inlineStr"><is><t>乙</t></is></c>'
    for between in ("<t>丙</t>", "<x><t>丙</t></x>"):
        assert cells_of(workbook(row(content.format(between))))[1, 2] == Cell(CellKind.TEXT, "乙")


def test_a_sheet_may_be_empty() -> None:
    assert cells_of(workbook(sheet=sheet("").replace("<sheetData></sheetData>", "<sheetData/>"))) == {}


def test_cells_and_rows_without_addresses() -> None:
    body = (
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/>"
        '<row><c><v>4</v></c><c r="D3"><v>5</v></c><c><v>6</v></c><c r="F3" s="1"/><c><v>7</v></c></row>'
        '<row r="9"><c><v>8</v></c></row><row><c r="AAB10"/><c r="AB10"><v>9</v></c></row>'
    )
    seen = {place: int(str(found.value)) for place, found in cells_of(workbook(body)).items()}
    assert seen == {(1, 1): 1, (1, 3): 3, (3, 1): 4, (3, 4): 5, (3, 5): 6, (3, 7): 7, (9, 1): 8, (10, 28): 9}


@pytest.mark.parametrize("place", ["A", "1", "A0", "a1", "$A$1", "A2", "A01", "A１", "AAAA1"])
def test_an_address_that_is_none_is_damage(place: str) -> None:
    book, problems = reader.read_bytes(workbook(row(f'<c r="{place}"><v>1</v></c>')), "表.xlsx")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


def plain(replaced: dict[str, str]) -> bytes:
    parts = {name: str(content) for name, content in workbook_parts(cell('<c r="B2" t="s"><v>1</v></c>')).items()}
    for old, new in replaced.items():
        parts = {name: content.replace(old, new) for name, content in parts.items()}
    return zipped(parts.items())


def test_strict_workbooks() -> None:
    strict = "http://purl.oclc.org/ooxml"
    data = plain({MAIN: f"{strict}/spreadsheetml/main", REL: f"{strict}/officeDocument/relationships"})
    assert cells_of(data)[2, 2] == Cell(CellKind.TEXT, "乙")


def test_elements_with_a_prefix() -> None:
    body = sheet(cell('<c r="B2"><v>2</v></c>')).replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    body = body.replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    assert "<x:v>2</x:v>" in body
    assert cells_of(workbook(sheet=body))[2, 2] == Cell(CellKind.NUMBER, D(2))


@pytest.mark.parametrize("style", ["4", "-1", "99999999", "01", " "])
def test_a_number_whose_format_is_not_there_is_damage(style: str) -> None:
    content = cell(f'<c r="B2" s="{style}"><v>0.95</v></c>')
    named = relations([("worksheet", "worksheets/sheet1.xml")])
    foreign = f'{HEAD}<x xmlns="urn:x"/>'
    for data in (workbook(content), workbook(content, styles=foreign), workbook(content, links=named)):
        book, problems = reader.read_bytes(data, "表.xlsx")
        assert book is None
        assert [problem.found for problem in problems] == ["单元格的格式不在格式表中"]


def test_what_some_programs_leave_empty_is_nothing() -> None:
    assert (2, 2) not in cells_of(workbook(cell('<c r="B2" t="s"><v></v></c>')))
    assert cells_of(workbook(cell('<c r="B2" s=""><v>0.95</v></c>')))[2, 2] == Cell(CellKind.NUMBER, D("0.95"))


@pytest.mark.parametrize(
    ("declared", "encoding", "read"),
    [
        ("UTF-8", "utf-8", True), ("utf8", "utf-8", True), ("US-ASCII", "utf-8", True), ("UTF-16", "utf-16", True),
        ("UTF-16BE", "utf-16-be", True), ("UTF-16LE", "utf-16-le", True), ("GBK", "utf-8", False),
        ("ISO-8859-1", "utf-8", False), ("UTF-16", "utf-8", False),
    ],
)  # fmt: skip
def test_a_part_is_in_the_encoding_that_it_declares(declared: str, encoding: str, read: bool) -> None:
    body = sheet(cell('<c r="B2"><v>2</v></c>')).replace('encoding="UTF-8"', f'encoding="{declared}"')
    book, problems = reader.read_bytes(workbook(sheet=body.encode(encoding)), "表.xlsx")
    assert (book is not None) is read
    assert [problem.code for problem in problems] == ([] if read else ["KH013"])


def test_a_format_within_another_is_damage() -> None:
    styles = STYLES.replace('<xf numFmtId="0"/><xf numFmtId="10"/>', '<xf numFmtId="0"><xf numFmtId="10"/></xf>')
    book, problems = reader.read_bytes(workbook(cell('<c r="B2" s="1"><v>1</v></c>'), styles=styles), "表.xlsx")
    assert book is None
    assert [problem.found for problem in problems] == ["格式表不合格式"]


def test_a_workbook_may_do_without_formats() -> None:
    for content in ('<c r="B2"><v>2</v></c>', '<c r="B2" s="0"><v>2</v></c>'):
        data = workbook(cell(content), links=relations([("worksheet", "worksheets/sheet1.xml")]))
        assert cells_of(data)[2, 2] == Cell(CellKind.NUMBER, D(2))


def test_utf_16() -> None:
    body = sheet(cell('<c r="B2" t="str"><v>乙</v></c>')).replace("UTF-8", "UTF-16")
    for encoding in ("utf-16", "utf-16-be"):
        raw = body.encode(encoding) if encoding == "utf-16" else b"\xfe\xff" + body.encode(encoding)
        assert cells_of(workbook(sheet=raw))[2, 2] == Cell(CellKind.TEXT, "乙")


@pytest.mark.parametrize("encoding", ["rot13", "GBK", "ISO-8859-1", "UTF-16", "utf-7"])
def test_an_encoding_that_is_not_the_part_s_own_is_refused_and_not_looked_up(encoding: str) -> None:
    body = sheet(cell('<c r="B2"><v>2</v></c>')).replace("UTF-8", encoding)
    book, problems = reader.read_bytes(workbook(sheet=body), "表.xlsx")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf8"?>'])
def test_an_encoding_may_be_left_out_or_written_otherwise(declaration: str) -> None:
    body = sheet(cell('<c r="B2" t="str"><v>乙</v></c>')).replace(HEAD, declaration)
    assert cells_of(workbook(sheet=body))[2, 2] == Cell(CellKind.TEXT, "乙")


def test_the_other_epoch() -> None:
    data = plain(
        {"<sheets>": '<workbookPr date1904="1"/><sheets>', '<c r="B2" t="s"><v>1</v>': '<c r="B2" s="2"><v>37939</v>'}
    )
    assert cells_of(data)[2, 2] == Cell(CellKind.DATE, date(2007, 11, 15))


def test_chart_sheets_are_left_out_and_absolute_targets_found() -> None:
    data = plain({
        "worksheets/sheet1.xml": "/xl/worksheets/sheet1.xml",
        "</sheets>": '<sheet name="图" sheetId="2" r:id="rId9"/></sheets>',
        "</Relationships>": f'<Relationship Id="rId9" Type="{REL}/chartsheet" Target="x.xml"/></Relationships>',
    })  # fmt: skip
    book, _ = reader.read_bytes(data, "表.xlsx")
    assert book is not None
    assert [one.name for one in book.sheets] == ["表一"]


def test_workbooks_of_other_writers(tmp_path: Path) -> None:
    first = tmp_path / "甲.xlsx"
    made = openpyxl.Workbook()
    page = made.active
    page.append(["文字", 12.5, 0.1 + 0.2, True, date(2007, 11, 15), "=1+1", "#N/A"])
    made.save(first)
    second = tmp_path / "乙.xlsx"
    with xlsxwriter.Workbook(str(second)) as other:
        page = other.add_worksheet()
        page.write_row(0, 0, ["文字", 12.5, 0.1 + 0.2, True])
        page.write_datetime(0, 4, date(2007, 11, 15), other.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_formula(0, 5, "=1+1", None, 2)
        page.write_formula(0, 6, "=NA()", None, "#N/A")
    expected = [
        Cell(CellKind.TEXT, "文字"), Cell(CellKind.NUMBER, D("12.5")), Cell(CellKind.NUMBER, D("0.3")),
        Cell(CellKind.LOGICAL, True),
        Cell(CellKind.DATE, date(2007, 11, 15)),
    ]  # fmt: skip
    one, two = cells_of(first.read_bytes()), cells_of(second.read_bytes())
    assert list(one.values())[:5] == list(two.values())[:5] == expected
    assert one[1, 6] == Cell(CellKind.UNCOMPUTED, None, True)
    assert two[1, 6] == Cell(CellKind.NUMBER, D(2), True)
    assert one[1, 7] == Cell(CellKind.ERROR, "#N/A")
    assert two[1, 7] == Cell(CellKind.ERROR, "#N/A", True)


def told(book: Book) -> dict[tuple[str, int, int], object]:
    """Values by place. Numbers are taken at 12 digits: other programs keep their own last ones."""
    return {
        (page.name, line, column): round(found.value, 12) if isinstance(found.value, Decimal) else found.value
        for page in book.sheets for (line, column), found in page.cells.items()
        if not found.formula and found.value != ""
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("target", ["xlsx", "xls", "ods"])
def test_the_form_re_saved_by_libreoffice_says_the_same(office: Convert, tmp_path: Path, target: str) -> None:
    original, problems = reader.read_workbook(ROOT / "templates" / "scorecard_2007.xlsx")
    assert original is not None
    assert problems == ()
    again, problems = reader.read_workbook(office(ROOT / "templates" / "scorecard_2007.xlsx", target, tmp_path))
    assert again is not None
    assert problems == ()
    assert again.container == target
    assert len(told(original)) > 300
    assert told(again) == told(original)
