"""How a row of 评分明细 stands, and what the register offers for it."""

from pathlib import Path
from typing import Any

import pytest
from any_scheme import case, criterion, item, measure, scheme
from edits import Edit
from openpyxl import load_workbook
from test_ledger import Office, codes

from kaohe_cli.ledger import reminders
from kaohe_cli.ledger.book import Ledger

THREE = 'kind = "judged", judges = 3'
WHEN = 'kind = "when", parts = [{ left = "a.actual", compare = ">=", right = "a.target", points = 10 }]'
GOOD = '{ label = "优", points = 10 }, { label = "良", points = 8 }'
SCHEME = scheme(
    measure("a", "4", "target", "actual"),
    item("1", criterion("1.1", "10", THREE)),
    item("2", criterion("2.1", "10", 'kind = "judged", from_unit = true')),
    item("3", criterion("3.1", "8", f"{THREE}, full_or_none = true")),
    item("4", criterion("4.1", "10", WHEN)),
    item("5", criterion("5.1", "10", 'kind = "judged", full_or_none = true')),
    item("6", criterion("6.1", "10", f'kind = "judged", marks = [{GOOD}]')),
    units=("甲", "乙"),
)  # fmt: skip
UNREASONED, D = "已评，待写理由", "评分明细"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    one, other = SCHEME.units
    made = Office(
        tmp_path / "评分底稿.xlsx", (case(one, **{"2_self": 9, "a_target": 4, "a_actual": 5}), case(other)), SCHEME
    )
    made.score()
    return made


def typed(office: Office, id: str, *noted: float, code: str = "U1", **cells: Any) -> tuple[Ledger, list[str]]:
    """The ledger, and what is told, after something was typed for a unit, and ``noted`` in the register."""
    with Edit(office.path) as edit:
        edit.judge(code, id, **cells)
        for row, points in enumerate(noted, 2):
            entry = (code, id, "2010-03-01", "漏报", *((-points, None) if points < 0 else (None, points)), "通报")
            for column, value in enumerate(entry, 1):
                edit.book["扣分加分台账"].cell(row, column).value = value
    ledger, told = office.score()
    return ledger, codes(told)


def shown(office: Office, id: str, title: str, code: str = "U1") -> Any:
    """The value of a cell, as the program wrote it beside its formula."""
    values, at = load_workbook(office.path, data_only=True)[D], Edit(office.path)
    return values.cell(at.row(D, (code, id), ("单位代码", "细则")), at.column(D, title)).value


def panel(*marks: Any) -> dict[str, Any]:
    return {f"评委{count}": mark for count, mark in enumerate(marks, 1)}


@pytest.mark.parametrize(
    ("id", "cells", "word"),
    [
        ("1.1", panel(8, 8, 8), UNREASONED), ("1.1", panel(10, 10, 10), "已评"), ("1.1", panel(8, 8), "待评"),
        ("1.1", {**panel(8, 8, 8), "考核分": 7}, "填写有误：调整为 7 分，缺评分理由"),
        ("1.1", {**panel(8, 8, 8), "考核分": 10}, "填写有误：调整为 10 分，缺评分理由"),
        ("1.1", {**panel(8, 8, 8), "考核分": 8}, UNREASONED), ("1.1", {**panel(8, 8), "考核分": 10}, "已评"),
        ("1.1", {**panel(8, 8, 8), "考核分": 7, "评分理由": "超时"}, "已评"), ("1.1", {"考核分": 7}, UNREASONED),
        ("2.1", {}, "已计分"), ("2.1", {"考核分": 7}, UNREASONED), ("2.1", {"考核分": 10}, "已评"),
        ("3.1", panel("√", "√", "×"), UNREASONED), ("3.1", panel("√", "√", "√"), "已评"),
        ("5.1", {"考核分": "×"}, UNREASONED), ("5.1", {"考核分": "√"}, "已评"),
        ("4.1", {}, "已计分"), ("4.1", {"考核分": 10}, "已计分"), ("4.1", {"考核分": 4, "评分理由": "不实"}, "已调整"),
    ],
)  # fmt: skip
def test_a_row_says_how_its_points_stand(office: Office, id: str, cells: dict[str, Any], word: str) -> None:
    ledger, _ = typed(office, id, **cells)
    assert shown(office, id, "状态") == word
    found = sum(each.unreasoned for each in reminders.standings(SCHEME, ledger))
    assert found == ("理由" in word), "the reminder asks for the same"


@pytest.mark.parametrize(
    ("id", "cells", "word"),
    [
        ("1.1", panel(8, 8, 8), "已评"), ("1.1", {"考核分": 7}, "已评"), ("4.1", {"考核分": 8}, "已调整"),
        ("5.1", {"考核分": "×"}, "已评"),
    ],
)  # fmt: skip
def test_what_the_register_says_is_a_reason(office: Office, id: str, cells: dict[str, Any], word: str) -> None:
    ledger, _ = typed(office, id, -2, **cells)
    assert shown(office, id, "状态") == word
    assert sum(each.unreasoned for each in reminders.standings(SCHEME, ledger)) == 0


@pytest.mark.parametrize(
    ("code", "id", "noted", "expected"),
    [
        ("U1", "4.1", -2, 8), ("U2", "4.1", -2, "—"), ("U1", "5.1", -2, "—"), ("U1", "5.1", -10, 0),
        ("U1", "5.1", 1, 10), ("U1", "1.1", -2, 8), ("U1", "1.1", -12, 0), ("U1", "6.1", -2, 8), ("U1", "6.1", -3, "—"),
    ],
)  # fmt: skip
def test_the_register_offers_only_what_can_be_given(
    office: Office, code: str, id: str, noted: float, expected: Any
) -> None:
    """By hand: of 10 full points, of those that the rule gives, not while its figures are lacking."""
    typed(office, id, noted, code=code)
    assert shown(office, id, "台账得分", code) == expected


@pytest.mark.parametrize(
    ("code", "id", "points", "told"),
    [("U2", "4.1", 8, []), ("U1", "5.1", 0, []), ("U1", "6.1", 8, []), ("U1", "4.1", 7, ["KH357"])],
)
def test_points_are_held_against_those_that_could_be_given(
    office: Office, code: str, id: str, points: float, told: list[str]
) -> None:
    assert typed(office, id, -3 if id == "6.1" else -2, code=code, 考核分=points)[1] == told
