"""What is told of points that are others than the register (扣分加分台账) offers, whoever gave them."""

from pathlib import Path
from typing import Any

import pytest
from any_scheme import case, criterion, item, measure, scheme
from edits import Edit
from test_ledger import Office

WHEN = 'kind = "when", parts = [{ left = "a.actual", compare = ">=", right = "a.target", points = 10 }]'
SCHEME = scheme(
    measure("a", "3", "target", "actual"),
    item("1", criterion("1.1", "10", 'kind = "judged", judges = 3')),
    item("2", criterion("2.1", "10", 'kind = "judged", from_unit = true')),
    item("3", criterion("3.1", "10", WHEN)),
    item("4", criterion("4.1", None, 'kind = "given"')),
    units=("甲", "乙"),
)  # fmt: skip
TEN, EIGHT = ({f"评委{count}": mark for count in (1, 2, 3)} for mark in (10, 8))


@pytest.mark.parametrize(
    ("id", "noted", "cells", "told", "title"),
    [
        ("1.1", -2, TEN, ("10", "8"), "评委1"), ("1.1", -2, EIGHT, None, ""), ("1.1", -2, {}, None, ""),
        ("1.1", -2, {"评委1": 10}, None, ""), ("1.1", -2, {**TEN, "考核分": 8}, None, ""),
        ("1.1", -2, {**EIGHT, "考核分": 9}, ("9", "8"), "考核分"),
        ("1.1", -2, {"评委1": 10, "评委2": 7, "评委3": 7}, None, ""),
        ("2.1", -2, {}, ("9", "8"), ""), ("2.1", -1, {}, None, ""), ("3.1", -2, {}, ("10", "8"), ""),
        ("3.1", -2, {"考核分": 8}, None, ""), ("4.1", 3, {"考核分": 2}, ("2", "3"), "考核分"), ("4.1", 3, {}, None, ""),
    ],
)  # fmt: skip
def test_points_in_force_are_held_against_the_register(
    tmp_path: Path, id: str, noted: int, cells: dict[str, Any], told: tuple[str, str] | None, title: str
) -> None:
    cases = tuple(case(unit, **{"2_self": 9, "a_target": 4, "a_actual": 5}) for unit in SCHEME.units)
    office = Office(tmp_path / "评分底稿.xlsx", cases, SCHEME)
    office.score()
    with Edit(office.path) as edit:
        edit.judge("U1", id, **cells)
        entry = ("甲", id, "2010-03-01", "漏报", *((-noted, None) if noted < 0 else (None, noted)), "通报")
        for column, value in enumerate(entry, 1):
            edit.book["扣分加分台账"].cell(2, column).value = value
        row = edit.row("评分明细", ("U1", id), ("单位代码", "细则"))
        place = edit.book["评分明细"].cell(row, edit.column("评分明细", title)).coordinate if title else ""
    found = [(each.code, each.found, each.expected, each.cell) for each in office.score()[1]]
    assert found == ([("KH357", *told, place)] if told else [])
