"""Cells of OpenDocument spreadsheets, in every way that programs write them."""

from datetime import date
from decimal import Decimal

import pytest
from hostile import opendocument, opendocument_number, opendocument_parts, zipped

from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Cell, CellKind

D = Decimal
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def cells_of(rows: str) -> dict[tuple[int, int], Cell]:
    book, problems = reader.read_bytes(opendocument(rows), "表.ods")
    assert book is not None, problems
    assert problems == ()
    return dict(book.sheets[0].cells)


def one(attributes: str, content: str = "") -> Cell | None:
    row = f"<table:table-row><table:table-cell {attributes}>{content}</table:table-cell></table:table-row>"
    return cells_of(row).get((1, 1))


@pytest.mark.parametrize(
    ("attributes", "content", "expected"),
    [
        ('office:value-type="float" office:value="0.30000000000000004"', "<text:p>0.3</text:p>",
         Cell(CellKind.NUMBER, D("0.3"))),
        ('office:value-type="percentage" office:value="0.95"', "", Cell(CellKind.NUMBER, D("0.95"), percent=True)),
        ('office:value-type="float" office:value="-0.0299999999999999999994"', "<text:p>−3.%</text:p>",
         Cell(CellKind.NUMBER, D("-0.03"), percent=True)),
        ('office:value-type="float" office:value="95"', "<text:p>95%</text:p>", Cell(CellKind.NUMBER, D(95))),
        ('office:value-type="currency" office:value="12"', "", Cell(CellKind.NUMBER, D(12))),
        ('office:value-type="date" office:date-value="2007-11-15"', "", Cell(CellKind.DATE, date(2007, 11, 15))),
        ('office:value-type="date" office:date-value="2007-11-15T08:30:00"', "",
         Cell(CellKind.DATE, date(2007, 11, 15))),
        ('office:value-type="time" office:time-value="PT08H30M00S"', "",
         Cell(CellKind.TEXT, "8:30", number=D("0.354166666666667"), format="时间")),
        ('office:value-type="time" office:time-value="PT64260H00M00S"', "<text:p>12:00</text:p>",
         Cell(CellKind.ERROR, "数值 2677.5", number=D("2677.5"), format="时间")),
        ('office:value-type="time" office:time-value="-PT12H00M00S"', "<text:p>-12:00</text:p>",
         Cell(CellKind.ERROR, "数值 -0.5", number=D("-0.5"), format="时间")),
        ('office:value-type="boolean" office:boolean-value="true"', "", Cell(CellKind.LOGICAL, True)),
        ('office:value-type="boolean" office:boolean-value="false"', "", Cell(CellKind.LOGICAL, False)),
        ('office:value-type="string"', "<text:p>甲</text:p><text:p>乙</text:p>", Cell(CellKind.TEXT, "甲\n乙")),
        ('office:value-type="string"', '<text:p>甲<text:s text:c="2"/><text:span>乙</text:span><text:tab/>'
         "丙<text:line-break/>丁<text:s/></text:p>", Cell(CellKind.TEXT, "甲  乙\t丙\n丁 ")),
        ('office:value-type="string"', "<office:annotation><text:p>注</text:p></office:annotation><text:p>甲</text:p>",
         Cell(CellKind.TEXT, "甲")),
        ('office:value-type="string" office:string-value="甲"', "", Cell(CellKind.TEXT, "甲")),
        ('office:value-type="string" office:string-value="甲"', "<text:p>乙</text:p>", Cell(CellKind.TEXT, "甲")),
        ('office:value-type="string"', "", Cell(CellKind.TEXT, "")),
        ('table:formula="of:=1+1" office:value-type="float" office:value="2"', "", Cell(CellKind.NUMBER, D(2), True)),
        ('table:formula="of:=1/0" office:value-type="string" office:string-value=""', "<text:p>#DIV/0!</text:p>",
         Cell(CellKind.ERROR, "#DIV/0!", True)),
        (f'table:formula="of:=1/0" office:value-type="string" xmlns:c="{CALC}" c:value-type="error"',
         "<text:p>Err:502</text:p>", Cell(CellKind.ERROR, "Err:502", True)),
        ('table:formula="of:=1+1"', "", Cell(CellKind.UNCOMPUTED, None, True)),
        ('table:style-name="ce1"', "", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_kinds_of_cells(attributes: str, content: str, expected: Cell | None) -> None:
    assert one(attributes, content) == expected


@pytest.mark.parametrize(
    "attributes",
    ['office:value="7.25"', 'office:date-value="2007-11-15"', 'office:value-type="flaot" office:value="7.25"',
     'office:value-type="percent" office:value="0.95"'],
)  # fmt: skip
def test_a_value_of_no_kind_is_damage(attributes: str) -> None:
    content = f"<table:table-cell {attributes}><text:p>7.3</text:p></table:table-cell>"
    content = f"<table:table-row>{content}</table:table-row>"
    book, problems = reader.read_bytes(opendocument(content), "表.ods")
    assert book is None
    assert [problem.found for problem in problems] == ["单元格的类型不明"]


@pytest.mark.parametrize(
    "attributes",
    ['office:value-type="boolean"', 'office:value-type="boolean" office:boolean-value="yes"',
     'office:value-type="date" office:date-value="20071115"', 'office:value-type="date" office:date-value="2007-W46-4"',
     'office:value-type="time" office:time-value="PT"'],
)  # fmt: skip
def test_a_value_that_is_not_written_as_its_kind_is_unreadable(attributes: str) -> None:
    content = f"<table:table-row><table:table-cell {attributes}/></table:table-row>"
    book, problems = reader.read_bytes(opendocument(content), "表.ods")
    assert book is not None
    assert [problem.code for problem in problems] == ["KH031"]
    assert book.sheets[0].cells[1, 1].kind is CellKind.ERROR


def test_places_count_what_is_repeated() -> None:
    number = opendocument_number("7", 'table:number-columns-repeated="2"')
    rows = (
        '<table:table-row table:number-rows-repeated="3"/><table:table-header-rows><table:table-row '
        f'table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="4"/>{number}'
        f"<table:covered-table-cell/>{opendocument_number('8')}</table:table-row></table:table-header-rows>"
        f"<table:table-row>{opendocument_number('9')}</table:table-row>"
    )
    assert {place: int(str(cell.value)) for place, cell in cells_of(rows).items()} == {
        (4, 5): 7, (4, 6): 7, (4, 8): 8, (5, 5): 7, (5, 6): 7, (5, 8): 8, (6, 1): 9,
    }  # fmt: skip


def test_a_drawing_within_a_cell_is_no_text() -> None:
    content = '<x:frame xmlns:x="urn:x"><text:p>图</text:p></x:frame><text:p>甲</text:p>'
    assert one('office:value-type="string"', content) == Cell(CellKind.TEXT, "甲")


def test_a_table_within_a_cell_is_no_sheet() -> None:
    inner = f'<table:table table:name="里"><table:table-row>{opendocument_number("9")}</table:table-row></table:table>'
    rows = f"<table:table-row>{opendocument_number('1')}<table:table-cell>{inner}</table:table-cell></table:table-row>"
    assert cells_of(rows) == {(1, 1): Cell(CellKind.NUMBER, D(1))}


@pytest.mark.parametrize(
    "rows",
    [
        f"<table:table-row>{opendocument_number('1')}<table:table-row>{opendocument_number('2')}</table:table-row>"
        "</table:table-row>",
        opendocument_number("1"),
        f"<table:table-row>{opendocument_number('1')}</table:table-row>{opendocument_number('2')}<table:table-row/>",
        f"</table:table><table:table-row>{opendocument_number('1')}</table:table-row><table:table table:name='表二'>",
        f"</table:table>{opendocument_number('1')}<table:table table:name='表二'>",
        f"<office:annotation><table:table-row>{opendocument_number('1')}</table:table-row></office:annotation>",
        f"<table:table-row><office:annotation>{opendocument_number('1')}</office:annotation></table:table-row>",
        f"<table:table-row><text:p>{opendocument_number('1')}</text:p></table:table-row>",
    ],
)
def test_rows_and_cells_out_of_place_are_damage(rows: str) -> None:
    book, problems = reader.read_bytes(opendocument(rows), "表.ods")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


def test_a_table_that_is_no_sheet_is_passed_over() -> None:
    linked = "<table:table><table:table-row/></table:table>"
    linked = f"<table:dde-links><table:dde-link>{linked}</table:dde-link></table:dde-links>"
    parts = opendocument_parts(f"<table:table-row>{opendocument_number('1')}</table:table-row>")
    content = str(parts["content.xml"]).replace("</office:spreadsheet>", f"{linked}</office:spreadsheet>")
    book, problems = reader.read_bytes(zipped({**parts, "content.xml": content}.items()), "表.ods")
    assert not problems
    assert book is not None
    assert [sheet.name for sheet in book.sheets] == ["表一"]


def test_sheets_of_another_vocabulary_are_none() -> None:
    parts = opendocument_parts(f"<table:table-row>{opendocument_number('1')}</table:table-row>")
    content = str(parts["content.xml"]).replace("xmlns:office:1.0", "xmlns:other:1.0")
    book, problems = reader.read_bytes(zipped({**parts, "content.xml": content}.items()), "表.ods")
    assert book is None
    assert [problem.code for problem in problems] == ["KH037"]


def test_hidden_sheets() -> None:
    parts = opendocument_parts("")
    hiding = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="ta1" style:family="table">{hiding}</style:style>'
    content = str(parts["content.xml"]).replace("<office:body>", f"{style}<office:body>")
    content = content.replace("</table:table>", '</table:table><table:table table:name="藏" table:style-name="ta1"/>')
    book, _ = reader.read_bytes(zipped({**parts, "content.xml": content}.items()), "表.ods")
    assert book is not None
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("表一", False), ("藏", True)]
