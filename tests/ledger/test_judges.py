"""Points that people enter in a ledger of any notice: of several judges, by the claim of a unit, from elsewhere."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from any_scheme import case, criterion, item, scheme
from edits import Edit
from test_ledger import Office, codes, points, standing

from kaohe_cli.assess.explain import explain
from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.book import Ledger

pytestmark = pytest.mark.slow

THREE = 'kind = "judged", judges = 3'
GOOD = '{ label = "优", points = 6 }, { label = "良", points = 4 }'
SCHEME = scheme(
    item("1", criterion("1.1", "10", THREE)),
    item("2", criterion("2.1", "10", 'kind = "judged", judges = 4, drop = true')),
    item("3", criterion("3.1", "8", f"{THREE}, full_or_none = true")),
    item("4", criterion("4.1", "6", f"{THREE}, marks = [{GOOD}]")),
    item("5", criterion("5.1", "10", 'kind = "judged", from_unit = true')),
    item("6", criterion("6.1", "10", 'kind = "given"')),
    item("7", criterion("7.1", "0", 'kind = "judged", least = -5')),
    item("8", criterion("8.1", None)),
    units=("甲", "乙"),
)  # fmt: skip
U1 = "U1"
D = "评分明细"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    cases = tuple(case(unit, **{"5_self": "7.5"}) for unit in SCHEME.units)
    made = Office(tmp_path / "评分底稿.xlsx", cases, SCHEME)
    made.score()
    return made


def panel(*marks: Any) -> dict[str, Any]:
    """What each judge gave, by the column of each."""
    return {f"评委{count}": mark for count, mark in enumerate(marks, 1)}


def typed(office: Office, criterion: str, **cells: Any) -> tuple[Ledger, list[str]]:
    """The ledger after something was typed for a criterion of the first unit, and the codes of what is told."""
    with Edit(office.path) as edit:
        edit.judge(U1, criterion, **cells)
    ledger, problems = office.score()
    return ledger, codes(problems)


def test_the_columns_are_there_only_where_several_judge(office: Office, tmp_path: Path) -> None:
    def judges(path: Path) -> list[str]:
        return [cell.value for cell in openpyxl.load_workbook(path)[D][1] if str(cell.value).startswith("评委")]

    assert judges(office.path) == ["评委", "评委1", "评委2", "评委3", "评委4"]
    alone = scheme(item("1"))
    other = Office(tmp_path / "另.xlsx", tuple(case(unit) for unit in alone.units), alone)
    other.score()
    assert judges(other.path) == []


def test_what_people_call_a_judge_themselves_stays_theirs(tmp_path: Path) -> None:
    alone = scheme(item("1"))
    office = Office(tmp_path / "底稿.xlsx", tuple(case(unit) for unit in alone.units), alone)
    office.score()
    with Edit(office.path) as edit:
        edit.add_column(D, "评委1", lambda row: row)
    ledger, told = office.score()
    assert (ledger.columns[D], told) == (("评委1",), ())


@pytest.mark.parametrize(
    ("criterion", "marks", "mean"),
    [
        ("1.1", (8, 8, 8.01), "8.00"), ("1.1", (0, 0, 0), "0"), ("1.1", (8, 9, 9), "8.67"), ("1.1", (9, 8, 9), "8.67"),
        ("1.1", (8.33, 8.33, 8.34), "8.33"), ("1.1", (0.01, 0.01, 0), "0.01"), ("1.1", (0.01, 0, 0), "0"),
        ("2.1", (1, 8, 9, 10), "8.5"), ("2.1", (9.01, 9.02, 9, 10), "9.02"), ("2.1", (5, 5, 5, 5), "5"),
        ("2.1", (10, 10, 0, 0), "5"), ("2.1", (7, 7, 7, 10), "7"), ("2.1", (9.01, 9, 0, 10), "9.01"),
        ("3.1", (8, 0, 8), "5.33"), ("4.1", (6, 4, 4), "4.67"),
    ],
)  # fmt: skip
def test_the_mean_is_exact_and_halves_go_up(
    office: Office, criterion: str, marks: tuple[float, ...], mean: str
) -> None:
    """By hand: of four the highest and the lowest are dropped, of equal ones one."""
    ledger, told = typed(office, criterion, **panel(*marks))
    assert (points(ledger, U1, criterion), told) == (Decimal(mean), [])


def test_a_mark_of_three_decimals_is_none(office: Office) -> None:
    ledger, told = typed(office, "1.1", **panel(8, 8.01, 8.005))
    assert (points(ledger, U1, "1.1"), told) == (None, ["KH112"])


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ((8.5, None, None), "评委2、评委3未评"), ((None, 8, 9), "评委1未评"), ((None, 0, None), "评委1、评委3未评"),
        ((None, None, None), "3 位都未评"),
    ],
)  # fmt: skip
def test_until_all_have_given_theirs_it_waits_for_those_it_names(
    office: Office, marks: tuple[float | None, ...], said: str
) -> None:
    ledger, told = typed(office, "1.1", **panel(*marks))
    found = next(each for each in ledger.scores if each.unit.code == U1).criterion("1.1")
    assert (found.points, found.state, told) == (None, "pending", [])
    assert found.steps == (f"待评委评分，{said}",)
    assert standing(ledger, (D, U1, "1.1")) == ["pending"]


def test_judges_are_called_by_the_names_of_the_settings(office: Office) -> None:
    office.judges = {"1": ("张三", "李四", "王五")}
    ledger, _ = typed(office, "1.1", **panel(8, None, None))
    assert ledger.scores[0].criterion("1.1").steps == ("待评委评分，李四、王五未评",)
    assert office.read()[0].judges == office.judges
    ledger, _ = typed(office, "1.1", **panel(8, 9, 8))
    (unit, *_), (held, *_) = ledger.cases, ledger.scores
    said = [line.text for line in explain(SCHEME, unit, held, "1.1") if line.kind == "judges"]
    assert said == ["张三 8 分、李四 9 分、王五 8 分"], "the office sees who gave what"
    assert held.criterion("1.1").steps == ("3 位评委评分，平均 8.33 分",), "the unit does not"


def test_what_the_office_enters_goes_before_the_judges(office: Office) -> None:
    ledger, told = typed(office, "1.1", **panel(8, 9, 10), 考核分=6, 评分理由="超时")
    assert (points(ledger, U1, "1.1"), told) == (6, [])


@pytest.mark.parametrize(("given", "expected", "codes"), [(6, 9, ["KH304"]), (10, 9, ["KH304"]), (9, 9, [])])
def test_without_a_reason_it_does_not(office: Office, given: int, expected: int, codes: list[str]) -> None:
    ledger, told = typed(office, "1.1", **panel(8, 9, 10), 考核分=given)
    assert (points(ledger, U1, "1.1"), told) == (expected, codes)
    assert standing(ledger, (D, U1, "1.1")) == (["unreadable"] if codes else [])


@pytest.mark.parametrize(
    ("criterion", "marks", "at", "code"),
    [
        ("1.1", (8, "优", 7), 2, "KH104"), ("1.1", (8, 9, 7, 6), 4, "KH354"), ("1.1", (8, 11, 7), 2, "KH103"),
        ("1.1", (8, -1), 2, "KH103"), ("4.1", (6, 5, 4), 2, "KH103"), ("3.1", (4,), 1, "KH103"),
        ("5.1", (None, 6), 2, "KH354"),
    ],
)  # fmt: skip
def test_marks_that_are_none_are_named_with_their_cell(
    office: Office, criterion: str, marks: tuple[Any, ...], at: int, code: str
) -> None:
    with Edit(office.path) as edit:
        edit.judge(U1, criterion, **panel(*marks))
        row, column = edit.row(D, (U1, criterion), ("单位代码", "细则")), edit.column(D, f"评委{at}")
        where = edit.book[D].cell(row, column).coordinate
    ledger, problems = office.score()
    assert [(each.code, each.sheet, each.cell) for each in problems] == [(code, D, where)]
    assert standing(ledger, (D, U1, criterion)) == ["unreadable"]


def test_ticks_of_judges_are_marks_where_two_are_legal(office: Office) -> None:
    ledger, told = typed(office, "3.1", **panel("√", "×", "是"))
    assert (points(ledger, U1, "3.1"), set(told)) == (Decimal("5.33"), {"KH120"})


@pytest.mark.parametrize("marks", ["8、9、9", "8,9,9", "8，9，9", "8;9；9", "8 9  9", " 8、 9 ,9 ", "9、8、9"])
def test_marks_in_one_cell_of_an_earlier_version_are_read_apart(office: Office, marks: str) -> None:
    with Edit(office.path) as edit:
        edit.forget()
        for title in ("评委1", "评委2", "评委3", "评委4"):
            edit.book[D].delete_cols(edit.column(D, title))
        edit.add_column(D, "评委评分", lambda _: None)
        edit.judge(U1, "1.1", 评委评分=marks)
    ledger, told = office.score()
    assert (points(ledger, U1, "1.1"), codes(told)) == (Decimal("8.67"), ["KH054", "KH324"])
    assert D not in ledger.columns or not ledger.columns[D], "it is no column of people's own"
    assert points(office.score()[0], U1, "1.1") == Decimal("8.67")


@pytest.mark.parametrize(
    ("criterion", "cells", "expected"),
    [
        ("5.1", {}, "7.5"), ("5.1", {"考核分": 6}, "6"), ("6.1", {}, None),
        ("6.1", {"考核分": 9, "评分理由": "市统计局函〔2010〕3号"}, "9"),
        ("7.1", {"考核分": -4.5}, "-4.5"), ("8.1", {"考核分": 55}, "55"),
    ],
)  # fmt: skip
def test_other_points_that_people_enter(
    office: Office, criterion: str, cells: Mapping[str, Any], expected: str | None
) -> None:
    ledger, told = typed(office, criterion, **cells)
    assert (points(ledger, U1, criterion), told) == (None if expected is None else Decimal(expected), [])
    if criterion == "6.1" and cells:
        steps = next(each for each in ledger.scores if each.unit.code == U1).criterion("6.1").steps
        assert steps == ("考核办填入 9 分：市统计局函〔2010〕3号",)


@pytest.mark.parametrize(("criterion", "given"), [("7.1", -6), ("7.1", 1), ("6.1", 11), ("8.1", -1)])
def test_points_beyond_the_limits_are_not_taken(office: Office, criterion: str, given: int) -> None:
    ledger, told = typed(office, criterion, 考核分=given)
    assert (points(ledger, U1, criterion), told) == (None, ["KH103"])


def test_marks_are_carried_over_whatever_is_sorted(office: Office) -> None:
    typed(office, "1.1", **panel(8, 9, 10))
    with Edit(office.path) as edit:
        edit.shuffle(D, 3)
    for _ in range(2):
        ledger, told = office.score()
        assert (points(ledger, U1, "1.1"), codes(told)) == (9, [])
    office.cases = (office.cases[0], *(case(each.unit, **{"5_self": 3}) for each in office.cases[1:]))
    assert points(office.score()[0], U1, "1.1") == 9


def test_the_column_that_is_gone_is_told_and_nothing_is_overwritten(office: Office) -> None:
    typed(office, "1.1", **panel(8, 9, 10))
    with Edit(office.path) as edit:
        edit.book[D].delete_cols(edit.column(D, "评委2"))
    read, told = workbook.read_previous(SCHEME, office.path)
    assert (read, codes(told)) == (None, ["KH301"])


def test_a_column_that_nobody_used_may_be_gone(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.book[D].delete_cols(edit.column(D, "评委2"))
    _, told = office.score()
    assert told == ()
    assert "评委2" in [cell.value for cell in openpyxl.load_workbook(office.path)[D][1]]
