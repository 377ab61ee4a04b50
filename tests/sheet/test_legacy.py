"""Workbooks of before 2007, held against xlrd."""

import struct
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlrd
import xlwt
from hostile import biff, compound, number_record, record

from kaohe_cli.points import number
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book, Cell, CellKind

D = Decimal
ROOT = Path(__file__).parents[2]
Convert = Callable[[Path, str, Path], Path]


def book_of(data: bytes) -> Book:
    book, problems = reader.read_bytes(data, "表.xls")
    assert book is not None, problems
    assert problems == ()
    return book


def as_xlrd_sees(path: Path) -> dict[tuple[str, int, int], object]:
    """What another reader finds: numbers exact, dates, logical values and texts; neither errors nor blanks."""
    found: dict[tuple[str, int, int], object] = {}
    with xlrd.open_workbook(path) as book:
        for page in book.sheets():
            for line in range(page.nrows):
                for column in range(page.ncols):
                    cell = page.cell(line, column)
                    place = (page.name, line + 1, column + 1)
                    if cell.ctype == xlrd.XL_CELL_TEXT and cell.value:
                        found[place] = cell.value
                    elif cell.ctype == xlrd.XL_CELL_NUMBER:
                        found[place] = number(cell.value)
                    elif cell.ctype == xlrd.XL_CELL_DATE and cell.value >= 1:
                        found[place] = xlrd.xldate_as_datetime(cell.value, book.datemode).date()
                    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                        found[place] = bool(cell.value)
    return found


def as_we_see(book: Book) -> dict[tuple[str, int, int], object]:
    return {
        (page.name, line, column): cell.value
        for page in book.sheets for (line, column), cell in page.cells.items()
        if cell.kind is not CellKind.ERROR and cell.value != "" and ":" not in str(cell.value)[:3]
    }  # fmt: skip


def test_a_workbook_of_xlwt_is_as_xlrd_sees_it(tmp_path: Path) -> None:
    made = xlwt.Workbook(encoding="utf-8")
    page = made.add_sheet("指标填报")
    for column, value in enumerate(
        ["文字", 12.5, 0.1 + 0.2, True, 1, 2, 3.25, -7, 1e20, -0.01, 123456789.123, "a" * 300]
    ):
        page.write(0, column, value)
    page.write(1, 0, 0.95, xlwt.easyxf(num_format_str="0.00%"))
    page.write(1, 1, datetime(2007, 11, 15), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    page.write(1, 2, xlwt.Formula("1+1"))
    page.write(2, 0, "长" * 20_000)
    for line in range(3, 1_003):  # texts that run over the ends of blocks, wide and narrow
        page.write(line, 0, f"文字{line}" * 30)
        page.write(line, 1, "abc" * 200 + str(line))
        page.write(line, 2, line / 4)
    made.add_sheet("藏").visibility = 1
    path = tmp_path / "表.xls"
    made.save(str(path))
    book = book_of(path.read_bytes())
    assert len(as_we_see(book)) > 3_000
    assert as_we_see(book) == as_xlrd_sees(path)
    assert [(one.name, one.hidden) for one in book.sheets] == [("指标填报", False), ("藏", True)]
    assert book.sheets[0].cells[2, 1] == Cell(CellKind.NUMBER, D("0.95"), percent=True)


@pytest.mark.office
def test_the_form_saved_by_libreoffice_is_as_xlrd_sees_it(office: Convert, tmp_path: Path) -> None:
    path = office(ROOT / "templates" / "scorecard_2007.xlsx", "xls", tmp_path)
    seen = as_we_see(book_of(path.read_bytes()))
    assert len(seen) > 300
    assert seen == as_xlrd_sees(path)


def packed(value: int) -> bytes:
    return struct.pack("<I", value & 0xFFFFFFFF)


def place(line: int, column: int, form: int = 0) -> bytes:
    return struct.pack("<HHH", line, column, form)


def formula(line: int, result: bytes) -> bytes:
    return record(6, place(line, 0) + result + b"\0" * 8)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (number_record(0, 0, 0.1 + 0.2), Cell(CellKind.NUMBER, D("0.3"))),
        (record(0x27E, place(0, 0) + packed(7 << 2 | 2)), Cell(CellKind.NUMBER, D(7))),
        (record(0x27E, place(0, 0) + packed(-7 << 2 | 2)), Cell(CellKind.NUMBER, D(-7))),
        (record(0x27E, place(0, 0) + packed(1234 << 2 | 3)), Cell(CellKind.NUMBER, D("12.34"))),
        (record(0x27E, place(0, 0) + packed(0x3FF80000)), Cell(CellKind.NUMBER, D("1.5"))),
        (record(0x27E, place(0, 0) + packed(0x3FF80001)), Cell(CellKind.NUMBER, D("0.015"))),
        (record(0x205, place(0, 0) + b"\1\0"), Cell(CellKind.LOGICAL, True)),
        (record(0x205, place(0, 0) + b"\x07\1"), Cell(CellKind.ERROR, "#DIV/0!")),
        (record(0x204, place(0, 0) + struct.pack("<HB", 2, 1) + "文字".encode("utf-16-le")),
         Cell(CellKind.TEXT, "文字")),
        (record(0x204, place(0, 0) + struct.pack("<HB", 2, 0) + b"ab"), Cell(CellKind.TEXT, "ab")),
        (formula(0, struct.pack("<d", 2.5)), Cell(CellKind.NUMBER, D("2.5"), True)),
        (formula(0, b"\1\0\1\0\0\0\xff\xff"), Cell(CellKind.LOGICAL, True, True)),
        (formula(0, b"\2\0\x2a\0\0\0\xff\xff"), Cell(CellKind.ERROR, "#N/A", True)),
        (formula(0, b"\3\0\0\0\0\0\xff\xff"), Cell(CellKind.TEXT, "", True)),
        (formula(0, b"\0\0\0\0\0\0\xff\xff") + record(0x4BC) + record(0x207, struct.pack("<HB", 1, 0) + b"x"),
         Cell(CellKind.TEXT, "x", True)),
        (record(0x201, place(0, 0)), None),
        (record(0xBE, place(0, 0) + b"\0\0\1\0"), None),
    ],
)  # fmt: skip
def test_kinds_of_records(records: bytes, expected: Cell | None) -> None:
    assert book_of(biff(records)).sheets[0].cells.get((1, 1)) == expected


def test_numbers_in_a_row() -> None:
    body = (
        struct.pack("<HH", 4, 1) + b"".join(struct.pack("<HI", 0, n << 2 | 2) for n in (5, 6, 7)) + struct.pack("<H", 3)
    )
    assert book_of(biff(record(0xBD, body))).sheets[0].cells == {
        (5, column): Cell(CellKind.NUMBER, D(column + 3)) for column in (2, 3, 4)
    }


def test_formats_and_the_other_epoch() -> None:
    code = "yyyy-mm-dd"
    before = (
        record(0x22, b"\1\0")
        + record(0x41E, struct.pack("<HHB", 164, len(code), 0) + code.encode())
        + b"".join(record(0xE0, struct.pack("<HH", 0, key) + b"\0" * 16) for key in (0, 164, 10))
    )
    cells = b"".join(record(0x203, place(0, form, form) + struct.pack("<d", 37_939)) for form in (0, 1, 2))
    assert list(book_of(biff(cells, before=before)).sheets[0].cells.values()) == [
        Cell(CellKind.NUMBER, D(37_939)), Cell(CellKind.DATE, date(2007, 11, 15)),
        Cell(CellKind.NUMBER, D(37_939), percent=True),
    ]  # fmt: skip


def test_excel_95_in_a_chinese_code_page() -> None:
    text = "工业投资".encode("gbk")
    cells = record(0x204, place(0, 0) + struct.pack("<H", len(text)) + text)
    data = biff(cells, before=record(0x42, struct.pack("<H", 936)), version=0x500)
    for wrapped in (data, compound({"Book": data})):
        assert book_of(wrapped).sheets[0].cells == {(1, 1): Cell(CellKind.TEXT, "工业投资")}


@pytest.mark.parametrize("version", [0x500])
@pytest.mark.parametrize("name", [b"????", b"???1", "指标填报".encode("gbk")[:3]])
def test_excel_95_that_lost_its_chinese_is_told_what_happened(name: bytes, version: int) -> None:
    """Two sheets have one name then: that is not what is the matter."""
    data = biff(number_record(0, 0, 1), before=record(0x42, struct.pack("<H", 936)), version=version, names=[name] * 2)
    book, (told,) = reader.read_bytes(data, "上城区.xls")
    assert book is None
    assert told.code == "KH038"
    assert "汉字" in told.message
    assert "另存为“Excel 工作簿（.xlsx）”" in told.fix


def test_excel_95_whose_names_are_whole_is_read() -> None:
    names = ["指标填报".encode("gbk"), "考核表".encode("gbk")]
    data = biff(number_record(0, 0, 1), before=record(0x42, struct.pack("<H", 936)), version=0x500, names=names)
    assert [sheet.name for sheet in book_of(data).sheets] == ["指标填报", "考核表"]


@pytest.mark.parametrize("name", [b"\x3d\xd8", b"a\0\0\0", b"\x1b\0[\0"], ids=["half a letter", "nought", "escape"])
def test_a_name_that_nothing_can_show_is_damage(name: bytes) -> None:
    made = bytearray(biff(number_record(0, 0, 1), names=[b"?" * len(name)]))
    at = made.index(b"?" * len(name))
    made[at - 2 : at] = bytes([len(name) // 2, 1])
    made[at : at + len(name)] = name
    book, problems = reader.read_bytes(bytes(made), "表.xls")
    assert book is None
    assert [problem.found for problem in problems] == ["工作表的名称有误"]


def test_a_text_after_its_formula_must_come() -> None:
    waiting = formula(0, b"\0\0\0\0\0\0\xff\xff")
    for cells in (waiting, waiting + number_record(1, 1, 1)):
        book, problems = reader.read_bytes(biff(cells), "表.xls")
        assert book is None
        assert [problem.code for problem in problems] == ["KH013"]


AWAITED = formula(0, b"\0\0\0\0\0\0\xff\xff")
WIDE = "长" * 10


def pieces(*bodies: bytes) -> bytes:
    return b"".join(record(0x3C if at else 0x207, body) for at, body in enumerate(bodies))


@pytest.mark.parametrize(
    "result",
    [
        pieces(struct.pack("<HB", 10, 1) + WIDE.encode("utf-16-le")[:12], b"\1" + WIDE.encode("utf-16-le")[12:]),
        pieces(struct.pack("<HB", 10, 1) + WIDE.encode("utf-16-le")[:13], b"\1" + WIDE.encode("utf-16-le")[12:]),
        pieces(*(struct.pack("<HB", 10, 1) if not at else b"\1" + "长".encode("utf-16-le") for at in range(11))),
        pieces(struct.pack("<HB", 10, 1) + WIDE.encode("utf-16-le")[:4], b"\1" + WIDE.encode("utf-16-le")[4:] + b"\0"),
    ],
    ids=["in two", "in two, half a letter in the first", "one by one", "a zero at the end"],
)
def test_the_text_of_a_result_may_go_on_in_other_records(result: bytes) -> None:
    cells = AWAITED + result + number_record(1, 0, 1)
    assert book_of(biff(cells)).sheets[0].cells[1, 1] == Cell(CellKind.TEXT, WIDE, True)


def test_the_rest_of_a_text_may_be_of_other_letters() -> None:
    result = pieces(struct.pack("<HB", 4, 1) + "长文".encode("utf-16-le"), b"\0ab")
    assert book_of(biff(AWAITED + result)).sheets[0].cells[1, 1].value == "长文ab"


@pytest.mark.parametrize(
    "result",
    [
        pieces(struct.pack("<HB", 10, 0) + b"abc"),
        pieces(struct.pack("<HB", 10, 0) + b"abc", b"\0def"),
        pieces(struct.pack("<HB", 10, 0) + b"abc") + number_record(1, 1, 1) + record(0x3C, b"\0defghij"),
        pieces(struct.pack("<HB", 10, 0) + b"abc", b"\0defghijkl"),
        pieces(struct.pack("<HB", 10, 0) + b"abc", b""),
    ],
    ids=["nothing more", "too little", "another record between", "too much", "an empty record"],
)
def test_the_text_of_a_result_that_is_not_whole_is_damage(result: bytes) -> None:
    book, problems = reader.read_bytes(biff(AWAITED + result), "表.xls")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


@pytest.mark.parametrize(("code", "said"), [(b"0.00%", 6), (b"0.00%", 5), (b"0.00%", 60_000)])
def test_the_code_of_a_format_may_be_shorter_than_it_says(code: bytes, said: int) -> None:
    """What is there is all of it."""
    before = record(0x41E, struct.pack("<HHB", 164, said, 0) + code)
    before += b"".join(record(0xE0, struct.pack("<HH16x", 0, key)) for key in (0, 164))
    percent = record(0x203, struct.pack("<HHHd", 0, 0, 1, 0.95))
    assert book_of(biff(percent, before=before)).sheets[0].cells[1, 1] == Cell(CellKind.NUMBER, D("0.95"), percent=True)


def test_an_empty_code_of_a_format_stands_for_none() -> None:
    """As some programs write it, the bytes of its length in another order."""
    before = record(0x41E, struct.pack("<HHB", 44, 0, 9) + b'_("$"*')
    before += b"".join(record(0xE0, struct.pack("<HH16x", 0, key)) for key in (0, 44))
    found = book_of(biff(record(0x203, struct.pack("<HHHd", 0, 0, 1, 0.95)), before=before)).sheets[0].cells
    assert found == {(1, 1): Cell(CellKind.NUMBER, D("0.95"))}


def test_zeros_may_follow_a_number() -> None:
    assert book_of(biff(record(0x203, struct.pack("<HHHdI", 0, 0, 0, 7, 0)))).sheets[0].cells[1, 1].value == D(7)
    book, problems = reader.read_bytes(biff(record(0x203, struct.pack("<HHHdI", 0, 0, 0, 7, 1))), "表.xls")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


@pytest.mark.parametrize(
    "stretch", [bytes(8), bytes(36), record(0xF3A0), record(0x1100, b"1234"), record(0, bytes(10))]
)
def test_a_stretch_that_holds_no_records_is_damage(stretch: bytes) -> None:
    cells = number_record(0, 0, 1) + stretch + number_record(1, 0, 2)
    book, problems = reader.read_bytes(biff(cells), "表.xls")
    assert book is None
    assert [problem.found for problem in problems] == ["记录的类型不明"]


def test_what_programs_write_that_is_not_by_the_book() -> None:
    """An empty record, the oldest one of a size, a byte to spare after a logical value, a zero after a text."""
    text = record(0x204, place(0, 1) + struct.pack("<HB", 2, 1) + "文字".encode("utf-16-le") + b"\0\0")
    logical = record(0x205, place(0, 2) + b"\1\0" + b"\0")
    cells = record(0, bytes(10)) + number_record(0, 0, 1) + record(0) + text + logical
    assert book_of(biff(cells)).sheets[0].cells == {
        (1, 1): Cell(CellKind.NUMBER, D(1)), (1, 2): Cell(CellKind.TEXT, "文字"), (1, 3): Cell(CellKind.LOGICAL, True),
    }  # fmt: skip


def test_a_sheet_that_begins_elsewhere_is_damage() -> None:
    """The entry of a sheet leads to the beginning of the file, or to a chart."""
    sound = biff(number_record(0, 0, 1))
    assert len(book_of(sound).sheets[0].cells) == 1
    entry = sound.index(b"\x85\0\x0a\0") + 4
    astray = bytearray(sound)
    struct.pack_into("<I", astray, entry, 0)
    chart = bytearray(sound)
    struct.pack_into("<H", chart, struct.unpack_from("<I", sound, entry)[0] + 6, 0x20)
    for data in (astray, chart):
        book, problems = reader.read_bytes(bytes(data), "表.xls")
        assert book is None
        assert [problem.found for problem in problems] == ["工作表的位置不对"]


def test_a_number_whose_format_is_not_there_is_damage() -> None:
    formats = b"".join(record(0xE0, struct.pack("<HH16x", 0, key)) for key in (0, 10))
    percent = record(0x203, struct.pack("<HHHd", 0, 0, 1, 0.95))
    found = book_of(biff(percent, before=formats)).sheets[0].cells
    assert found == {(1, 1): Cell(CellKind.NUMBER, D("0.95"), percent=True)}
    for before in (formats[: len(formats) // 2], b""):
        book, problems = reader.read_bytes(biff(percent, before=before), "表.xls")
        assert book is None
        assert [problem.found for problem in problems] == ["单元格的格式不在格式表中"]


@pytest.mark.parametrize(
    "cells",
    [
        record(0x203, struct.pack("<HHHd", 0, 0, 0, 1) + b"\0"),
        record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0) + b"\0" * 4),
        record(0x27E, struct.pack("<HHHI", 0, 0, 0, 6) + b"\0"),
        record(0x205, struct.pack("<HHHBB", 0, 0, 0, 1, 0) + b"\0" * 40),
        record(0xBD, struct.pack("<HHHIHIH", 0, 0, 0, 6, 0, 6, 2)),
        record(0xBD, struct.pack("<HHHIHIHH", 0, 0, 0, 6, 0, 6, 0, 1)),
        record(0x204, struct.pack("<HHHHB", 0, 0, 0, 2, 0) + b"abc"),
        record(0xD6, struct.pack("<HHHHB", 0, 0, 0, 2, 0) + b"ab" + struct.pack("<HHH", 2, 0, 5)),
        number_record(0, 256, 1),
        record(0x201, struct.pack("<HHHI", 0, 3, 0, 0)),
        record(0xBE, struct.pack("<HHHI", 0, 1, 0, 0)),
        number_record(0, 3, 1) + record(0x201, struct.pack("<HHH", 0, 3, 0)),
        number_record(0, 3, 1) + record(0xBE, struct.pack("<HHHHHHH", 0, 1, 0, 0, 0, 0, 4)),
    ],
    ids=["number", "text", "short number", "logical value", "last column", "half a number", "own text", "formats",
         "place", "long blank", "wrong blanks", "blank", "blanks"],
)  # fmt: skip
def test_a_cell_that_is_longer_or_shorter_than_its_kind_or_covered_by_a_blank_is_damage(cells: bytes) -> None:
    strings = record(0xFC, struct.pack("<IIHB", 1, 1, 1, 0) + b"x")
    book, problems = reader.read_bytes(biff(cells, strings=strings), "表.xls")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


def test_a_text_with_its_formats_is_a_text() -> None:
    cells = record(0xD6, struct.pack("<HHHHB", 0, 0, 0, 2, 0) + b"ab" + struct.pack("<HHH", 1, 0, 5))
    cells += record(0x204, struct.pack("<HHHHBH", 0, 1, 0, 2, 8, 1) + b"cd" + struct.pack("<HH", 0, 5))
    cells += record(0x204, struct.pack("<HHHH", 0, 2, 0, 0)) + record(0x201, struct.pack("<HHH", 0, 3, 0))
    found = book_of(biff(cells)).sheets[0].cells
    assert {place: cell.value for place, cell in found.items()} == {(1, 1): "ab", (1, 2): "cd", (1, 3): ""}


def test_a_chart_within_a_sheet_is_passed_over() -> None:
    chart = record(0x809, struct.pack("<HHHHII", 0x600, 0x20, 0, 0, 0, 0)) + number_record(9, 9, 9) + record(0x0A)
    assert list(book_of(biff(chart + number_record(0, 0, 1))).sheets[0].cells) == [(1, 1)]


def test_small_streams_are_found() -> None:
    """A workbook under 4,096 bytes stands in the small sectors; xlwt never makes one, others do."""
    data = biff(number_record(0, 0, 1))
    assert len(data) < 4096
    large = compound({"Workbook": data})
    made = bytearray(large)
    # The stream's sectors become the root's small ones, and the entry says how long the stream really is.
    directory = made.index("Root Entry".encode("utf-16-le"))
    start, length = struct.unpack_from("<II", made, directory + 128 + 116)
    struct.pack_into("<II", made, directory + 116, start, length)
    struct.pack_into("<II", made, directory + 128 + 116, 0, len(data))
    small = len(made) // 512 - 1
    links = [*range(1, -(-len(data) // 64)), 0xFFFFFFFE]
    made += struct.pack("<128I", *links, *[0xFFFFFFFF] * (128 - len(links)))
    table = struct.unpack_from("<I", made, 76)[0]
    struct.pack_into("<I", made, (table + 1) * 512 + small * 4, 0xFFFFFFFE)
    struct.pack_into("<II", made, 60, small, 1)
    assert book_of(bytes(made)).sheets[0].cells == {(1, 1): Cell(CellKind.NUMBER, D(1))}
