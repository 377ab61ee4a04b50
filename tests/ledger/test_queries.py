"""A query lives: raised, answered, confirmed, its value changed, raised again; over scoring, merging, re-saving."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from test_ledger import SCHEME, Office, codes, half

from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.ledger.merge import merge
from kaohe_cli.ledger.record import DETAIL, FIGURES, SITUATION
from kaohe_cli.model import Case, Entry, Query

pytestmark = pytest.mark.slow
SLIP, FIGURE = "330109", "sales.actual"


def reporting(cases: tuple[Case, ...], **figures: str | Decimal) -> tuple[Case, ...]:
    """``cases`` with other entries of 萧山区; a blank in a name stands for its point."""
    told = {name.replace("__", "."): Entry(value) for name, value in figures.items()}
    return tuple(
        replace(case, reported={**case.reported, **told}) if case.unit.code == SLIP else case for case in cases
    )


def query(ledger: Ledger, field: str = FIGURE) -> Query | None:
    return next((each for each in ledger.queries if (each.unit.code, each.field) == (SLIP, field)), None)


def waits(ledger: Ledger, field: str = FIGURE) -> bool:
    """Whether the query keeps a result from being final."""
    return any(each.standing == "query" and each.key[1:] == (SLIP, field) for each in ledger.open)


def fill(path: Path, sheet: str, title: str, value: object, measure: str = "", label: str = "") -> None:
    """Type ``value`` under ``title`` in the row of 萧山区."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    head = next(row for row in page.iter_rows() if any(cell.value == "单位代码" for cell in row))
    at = {cell.value: cell.column for cell in head}
    for row in page.iter_rows(min_row=head[0].row + 1):
        here = {name: page.cell(row[0].row, column).value for name, column in at.items()}
        named = not measure or measure in (here.get("指标"), here.get("细则"))
        if here["单位代码"] == SLIP and named and (not label or here["数据项"] == label):
            page.cell(row[0].row, at[title]).value = value
            book.save(path)
            return
    raise AssertionError("no such row")


def test_the_whole_life(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", half())
    right = office.cases
    slip = reporting(right, sales__actual=Decimal("21000"))
    office.cases = slip
    ledger, _ = office.score()
    found = query(ledger)
    assert found is not None
    assert found.state == "open"
    assert waits(ledger)
    assert ledger.queries[0] == found, "what most rides on comes first"
    assert found.influence.points > 400
    assert found.influence.places > 0

    # the unit explains it: the office has still to confirm it
    office.cases = reporting(slip, sales__confirm="并入两家集团的产值")
    ledger, _ = office.score()
    found = query(ledger)
    assert found is not None
    assert (found.state, found.answer) == ("answered", "并入两家集团的产值")
    assert waits(ledger)

    # confirmed, and it stays so, whoever saves the file in between
    fill(office.path, FIGURES, "核实", "属实", "工业销售产值", "本年实绩")
    for _ in range(3):
        ledger, told = office.score()
        found = query(ledger)
        assert found is not None
        assert found.state == "confirmed"
        assert not waits(ledger)
        assert "KH352" not in codes(told)
        openpyxl.load_workbook(office.path).save(office.path)
    read, wrong = workbook.read(SCHEME, office.path)
    assert read is not None, wrong
    assert not waits(read)
    assert query(read).state == "confirmed"  # type: ignore[union-attr]

    # another value is another matter, and the office is told what it had confirmed
    office.cases = reporting(slip, sales__actual=Decimal("210000"), sales__confirm="并入两家集团的产值")
    ledger, told = office.score()
    found = query(ledger)
    assert found is not None
    assert found.state == "answered"
    assert waits(ledger)
    (lapsed,) = (each for each in told if each.code == "KH352")
    assert "21,000 → 210,000" in lapsed.message
    assert (FIGURES, SLIP, FIGURE) not in ledger.typed, "an empty cell asks for it anew"

    # nor does the value of before bring the confirmation back
    office.cases = slip
    ledger, told = office.score()
    assert waits(ledger)
    assert "KH352" not in codes(told)

    # a 核定值 settles it
    fill(office.path, FIGURES, "核定值", Decimal("212"), "工业销售产值", "本年实绩")
    fill(office.path, FIGURES, "核定依据", "统计局函", "工业销售产值", "本年实绩")
    ledger, _ = office.score()
    assert query(ledger) is None
    assert not waits(ledger)

    # but not one that is odd itself
    fill(office.path, FIGURES, "核定值", Decimal("21.2"), "工业销售产值", "本年实绩")
    ledger, _ = office.score()
    found = query(ledger)
    assert found is not None
    assert found.state == "open"
    assert waits(ledger)
    assert found.value == "21.2"

    # and the unit's own figure, once it is mended, needs neither
    office.cases = reporting(right, sales__actual=Decimal("212"))
    office.path.unlink()
    ledger, _ = office.score()
    assert query(ledger) is None


def test_verified_to_be_the_same_is_confirmed(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", half())
    office.cases = reporting(office.cases, sales__actual=Decimal("21000"))
    office.score()
    fill(office.path, FIGURES, "核定值", Decimal("21000"), "工业销售产值", "本年实绩")
    ledger, _ = office.score()
    found = query(ledger)
    assert found is not None
    assert found.state == "confirmed"
    assert not waits(ledger)


def test_points_are_confirmed_beside_them(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", half())
    office.cases = reporting(office.cases, sales__actual=Decimal("21000"))
    ledger, _ = office.score()
    assert query(ledger, "1.1.3") is not None
    assert waits(ledger, "1.1.3")
    fill(office.path, DETAIL, "核实", "属实", "1.1.3")
    ledger, _ = office.score()
    assert not waits(ledger, "1.1.3")
    assert waits(ledger), "the figure is another matter"


def test_what_is_typed_as_a_confirmation_is_understood_or_told(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", half())
    office.cases = reporting(office.cases, sales__actual=Decimal("21000"))
    office.score()
    fill(office.path, FIGURES, "核实", "待查", "工业销售产值", "本年实绩")
    ledger, told = office.score()
    (wrong,) = (each for each in told if each.code == "KH350")
    assert (wrong.found, wrong.cell, wrong.sheet) == ("待查", _cell(office.path), FIGURES)
    assert waits(ledger)
    assert any(each.standing == "unreadable" for each in ledger.open)
    fill(office.path, FIGURES, "核实", "有误", "工业销售产值", "本年实绩")
    ledger, told = office.score()
    assert "KH351" in codes(told)
    assert waits(ledger)
    fill(office.path, FIGURES, "核实", "无误", "工业销售产值", "本年实绩")
    ledger, told = office.score()
    assert not waits(ledger)


def _cell(path: Path) -> str:
    page = openpyxl.load_workbook(path)[FIGURES]
    return next(cell.coordinate for row in page.iter_rows() for cell in row if cell.value == "待查")


def test_a_copy_brings_a_confirmation_with_what_it_speaks_of(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", half())
    office.cases = reporting(office.cases, sales__actual=Decimal("21000"))
    office.score()
    copy = tmp_path / "综合处.xlsx"
    copy.write_bytes(office.path.read_bytes())
    fill(copy, FIGURES, "核实", "属实", "工业销售产值", "本年实绩")
    mine, _ = workbook.read(SCHEME, office.path)
    other, _ = workbook.read(SCHEME, copy)
    assert mine is not None
    assert other is not None
    merged = merge(SCHEME, mine, [other]).ledger
    assert query(merged).state == "confirmed"  # type: ignore[union-attr]
    # meanwhile the unit sent another figure: the copy speaks of the old one
    office.cases = reporting(office.cases, sales__actual=Decimal("210000"))
    office.score()
    mine, _ = workbook.read(SCHEME, office.path)
    assert mine is not None
    late = merge(SCHEME, mine, [other])
    assert waits(late.ledger)
    assert "KH352" in codes(late.problems)


def test_a_total_is_confirmed_beside_the_unit(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx")
    office.cases = reporting(office.cases, sales__actual=Decimal("21000"))
    office.score()
    book = openpyxl.load_workbook(office.path)
    page = book[DETAIL]
    at = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        if page.cell(row, at["类型"]).value == "评议":
            page.cell(row, at["考核分"]).value = page.cell(row, at["自评分"]).value or 3
    book.save(office.path)
    ledger, _ = office.score()
    assert query(ledger, "") is not None
    assert waits(ledger, "")
    fill(office.path, SITUATION, "核实", "属实")
    ledger, _ = office.score()
    assert not waits(ledger, "")


def test_a_confirmation_typed_over_the_reasons_is_restored(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", half())
    office.cases = reporting(office.cases, sales__actual=Decimal("21000"))
    office.score()
    fill(office.path, FIGURES, "核实事项", "没有问题", "工业销售产值", "本年实绩")
    fill(office.path, FIGURES, "核实所据", "工业销售产值 1", "工业销售产值", "本年实绩")
    read, wrong = workbook.read(SCHEME, office.path)
    assert read is not None
    assert codes(wrong).count("KH317") == 2
    assert waits(read)


def test_a_confirmation_filled_in_everywhere_speaks_of_what_stood_there(tmp_path: Path) -> None:
    """The office drags 属实 down the whole column, and a slip comes in later, or with the very next run."""
    for between in (0, 1):
        office = Office(tmp_path / f"评分底稿{between}.xlsx")
        right = office.cases
        office.cases = reporting(right, sales__actual=Decimal("212"))
        office.score()
        book = openpyxl.load_workbook(office.path)
        page = book[FIGURES]
        column = next(cell.column for cell in page[1] if cell.value == "核实")
        for row in range(2, page.max_row + 1):
            page.cell(row, column).value = "属实"
        book.save(office.path)
        for _ in range(between):
            ledger, _ = office.score()
            assert not waits(ledger)
            assert not any(each.standing == "query" for each in ledger.open)
        office.cases = reporting(right, sales__actual=Decimal("2120"))
        ledger, told = office.score()
        found = query(ledger)
        assert found is not None
        assert (found.state, found.value) == ("open", "2,120")
        assert waits(ledger)
        assert "212 → 2,120" in next(each.message for each in told if each.code == "KH352")
