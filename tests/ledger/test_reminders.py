"""催办, 进度 and the cover of a copy count the same marks, in what the program wrote as in what its formulas say."""

import re
from pathlib import Path
from typing import Any

import pytest
from any_scheme import case, criterion, item, scheme
from edits import Edit
from msgspec.structs import replace
from openpyxl import load_workbook
from test_ledger import Office

from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger import judging, reminders

SCHEME = scheme(item("1", criterion("1.1", "10"), criterion("1.2", "5", 'kind = "given"')), units=("甲", "乙"))
WORDS = {"待评": "待评", "待写理由": "已评，待写理由"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path / "评分底稿.xlsx", tuple(case(unit) for unit in SCHEME.units), SCHEME)
    made.score()
    return made


def rows(path: Path, sheet: str, head: str, *, formulas: bool = False) -> list[dict[str, Any]]:
    """The rows below the header that begins with ``head``, by title."""
    found = [list(row) for row in load_workbook(path, data_only=not formulas)[sheet].iter_rows(values_only=True)]
    at = next(place for place, row in enumerate(found) if row[0] == head)
    return [dict(zip(map(str, found[at]), row, strict=True)) for row in found[at + 1 :]]


def live(path: Path, sheet: str, head: str, kinds: set[str]) -> dict[str, int]:
    """What the formulas of the first row come to: the rows of ``kinds`` that say so, and those behind them."""
    marks, (first, *_) = rows(path, "评分明细", "单位代码"), rows(path, sheet, head, formulas=True)
    found = {}
    for title, word in WORDS.items():
        shown = sum(each["状态"] == word and each["类型"] in kinds for each in marks)
        hidden = re.search(r"\+(\d+)$", first[title])
        found[title] = shown + (int(hidden[1]) if hidden else 0)
    return found


@pytest.mark.parametrize(
    ("typed", "waiting", "silent"),
    [
        ({}, (2, 4), (0, 0)), ({"1.1": {"考核分": 7}}, (1, 3), (1, 1)), ({"1.1": {"考核分": "七分"}}, (2, 4), (0, 0)),
        ({"1.2": {"考核分": 3}}, (2, 3), (0, 1)), ({"1.1": {"考核分": 7, "核实": "不知"}}, (1, 3), (1, 1)),
    ],
)  # fmt: skip
def test_departments_and_the_whole_are_counted_alike(
    office: Office, tmp_path: Path, typed: dict[str, dict[str, Any]], waiting: tuple[int, int], silent: tuple[int, int]
) -> None:
    """By hand: first what the department judges, then that and what the office fills in (手填)."""
    with Edit(office.path) as edit:
        for id, cells in typed.items():
            edit.judge("U1", id, **cells)
    ledger = replace(office.score()[0], departments={"1": "综合处"})
    office.path.write_bytes(workbook.ledger_workbook(SCHEME, ledger))
    (one,) = reminders.standings(SCHEME, ledger)
    assert (one.due, one.waiting, one.unreasoned) == (2, waiting[0], silent[0])
    copy = tmp_path / "综合处.xlsx"
    copy.write_bytes(judging.judging_workbook(SCHEME, ledger, "综合处"))
    counts = [
        rows(path, sheet, head)[0]
        for path, sheet, head in (
            (office.path, "催办", "责任处室"), (copy, judging.COVER, "项目"), (office.path, "进度", "项目"),
        )
    ]  # fmt: skip
    assert [(each["待评"], each["待写理由"]) for each in counts] == [
        (waiting[0], silent[0]), (waiting[0], silent[0]), (waiting[1], silent[1]),
    ]  # fmt: skip
    assert counts[2]["已评"] == 4 - waiting[1]
    assert tuple(live(office.path, "催办", "责任处室", {"评议"}).values()) == (waiting[0], silent[0])
    assert tuple(live(office.path, "进度", "项目", {"评议", "手填"}).values()) == (waiting[1], silent[1])
