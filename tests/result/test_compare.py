"""Two workbooks held against each other: what is the same however it is stored, what differs, and how that is told."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from kaohe_cli.result.compare import MOST, alike, clipped, compare
from kaohe_cli.sheet.book import Book, Cell, CellKind, Sheet


def number(value: str, *, formula: bool = False) -> Cell:
    return Cell(CellKind.NUMBER, Decimal(value), formula)


def text(value: str, *, formula: bool = False) -> Cell:
    return Cell(CellKind.TEXT, value, formula)


def book(*sheets: tuple[str, Mapping[tuple[int, int], Cell]]) -> Book:
    return Book("考核结果.xlsx", "", 0, "xlsx", tuple(Sheet(name, False, cells) for name, cells in sheets))


EMPTY = Cell(CellKind.UNCOMPUTED, None, True)
ERROR = Cell(CellKind.ERROR, "#DIV/0!", True)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (number("95.5"), number("95.50")),
        (text("95.50"), number("95.5")),
        (number("95.5000000001"), number("95.5")),
        (number("95.5", formula=True), number("95.5", formula=True)),
        (number("95.5"), number("95.5", formula=True)),
        (number("1.1"), text("1.1")),
        (text("第 3 名\r\n并列 "), text("第 3 名\n并列")),
        (text("滨江区(高新区)"), text("滨江区（高新区）")),
        (text(" "), None),
        (None, text("")),
        (None, None),
    ],
)
def test_cells_that_say_the_same(found: Cell | None, expected: Cell | None) -> None:
    assert alike(found, expected)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (number("95.51"), number("95.5")),
        (number("95.5000001"), number("95.5")),
        (text("—"), number("0")),
        (number("0"), text("—")),
        (None, number("0")),
        (number("0"), None),
        (number("95.5", formula=True), number("95.5")),
        (text("优秀", formula=True), text("优秀")),
        (text("优秀"), text("达标")),
        (ERROR, number("0")),
        (ERROR, None),
        (EMPTY, number("95.5", formula=True)),
        (Cell(CellKind.LOGICAL, True), text("是")),
        (text("1E+9999999999"), number("1")),
        (text("1E+30"), number("1")),
        (text("９９９９"), number("1")),
        (Cell(CellKind.DATE, date(2007, 11, 15)), text("2007-11-16")),
    ],
)
def test_cells_that_do_not(found: Cell | None, expected: Cell | None) -> None:
    assert not alike(found, expected)


def test_the_same_workbook() -> None:
    held = book(("排名", {(1, 1): text("名次"), (2, 1): number("1")}), ("来源", {(1, 1): text("种类")}))
    compared = compare(held, held)
    assert (compared.sheets, compared.cells, compared.differing, compared.problems) == (2, 3, 0, ())


def test_differences_are_told_by_cell_and_no_more_than_anyone_reads() -> None:
    was = book(("排名", {(row, 1): number(str(row)) for row in range(1, 31)}))
    now = book(("排名", {(row, 1): number(str(row + 1)) for row in range(1, 31)}))
    compared = compare(now, was, "上城区")
    assert compared.differing == 30
    assert [each.code for each in compared.problems] == ["KH941"] * MOST + ["KH035"]
    first, last = compared.problems[0], compared.problems[-1]
    assert (first.unit, first.file, first.sheet, first.cell) == ("上城区", "考核结果.xlsx", "排名", "A1")
    assert first.message == "这里是“2”，重算应为“1”"
    assert last.message == "同类问题（KH941）还有 10 处，没有逐一列出"


def test_a_cell_that_is_gone_or_too_many() -> None:
    was, now = book(("排名", {(1, 1): text("名次")})), book(("排名", {(2, 2): number("7", formula=True)}))
    compared = compare(now, was)
    assert [(each.cell, each.found, each.expected) for each in compared.problems] == [
        ("A1", "空白", "名次"), ("B2", "公式，结果 7", "空白"),
    ]  # fmt: skip
    assert compared.cells == 2


def test_formulas_without_a_result_are_told_once_for_a_sheet() -> None:
    was = book(("排名", {(row, 7): number("95.5", formula=True) for row in range(4, 11)}))
    now = book(("排名", {(row, 7): EMPTY for row in range(4, 11)}))
    (told,) = compare(now, was).problems
    assert (told.code, told.severity, told.cell) == ("KH942", "error", "G4")
    assert told.message == "有 7 格的公式没有结果（G4、G5、G6、G7、G8等），不能核对"


def test_sheets_and_their_order() -> None:
    was = book(("排名", {}), ("来源", {}))
    for now in (book(("来源", {}), ("排名", {})), book(("排名", {})), book(("排名", {}), ("来源", {}), ("另", {}))):
        (told,) = compare(now, was).problems
        assert (told.code, told.expected) == ("KH944", "排名、来源")
        assert told.found == "、".join(sheet.name for sheet in now.sheets)


def test_of_long_texts_their_first_difference_is_told() -> None:
    found, expected = clipped("一" * 100 + "甲" + "二" * 100, "一" * 100 + "乙" + "二" * 100)
    assert found.startswith("…一一一一一一一一甲二")
    assert expected.startswith("…一一一一一一一一乙二")
    assert max(len(found), len(expected)) <= 41
    assert clipped("优秀", "达标") == ("优秀", "达标")
    assert clipped("一" * 100, "一" * 100 + "。") == ("…" + "一" * 8, "…" + "一" * 8 + "。")
