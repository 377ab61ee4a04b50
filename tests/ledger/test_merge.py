"""1 what departments typed comes together  2 contradictions are decided by nobody  3 order does not matter."""

import shutil
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from edits import Edit
from test_ledger import SCHEME, TOGETHER, Office, award, case_of, codes, correct, points, review, standing

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.ledger.merge import merge

Outcome = tuple[Ledger, tuple[Problem, ...]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path / "评分底稿.xlsx")
    made.score()
    return made


def copy(office: Office, name: str) -> Path:
    return Path(shutil.copy(office.path, office.path.with_name(name)))


def merged(office: Office, *copies: Path) -> Outcome:
    others = []
    for path in copies:
        ledger, problems = workbook.read(SCHEME, path)
        assert ledger is not None, problems
        others.append(ledger)
    result, problems = merge(SCHEME, office.read()[0], others)
    office.path.write_bytes(workbook.ledger_workbook(SCHEME, result, problems))
    return office.read()[0], problems


@pytest.mark.slow
def test_what_departments_typed_comes_together(office: Office) -> None:
    one, two = copy(office, "综合处.xlsx"), copy(office, "高新处.xlsx")
    with Edit(office.path) as edit:
        edit.situation("330105", 备注="办公室所记")
        edit.judge("330102", "1.6.1", 考核分=5)
    with Edit(one) as edit:
        edit.judge("330102", "1.4.1", 考核分=6, 评分人="李")
        edit.add_column("评分明细", "综合处意见", lambda row: "好" if row == 7 else None)
        edit.shuffle("评分明细", 3)
    with Edit(two) as edit:
        edit.judge("330102", "1.5.1", 考核分=7)
        edit.verify("330103", "工业投资", "本年实绩", 核定值=99)
        edit.book.create_sheet("高新处附记")["A1"] = "附记"
    ledger, problems = merged(office, one, two)
    assert problems == ()
    assert [points(ledger, "330102", each) for each in ("1.4.1", "1.5.1", "1.6.1")] == [6, 7, 5]
    assert case_of(ledger, "330102").awards["1.4.1"].by == "李"
    assert case_of(ledger, "330103").verified["invest.actual"].value == 99
    assert ledger.columns["评分明细"] == ("综合处意见",)
    assert [sheet.name for sheet in ledger.sheets] == ["高新处附记"]
    assert not [open for open in ledger.open if open.standing != "pending"]


@pytest.mark.slow
def test_a_contradiction_is_named_cell_by_cell_and_keeps_the_result_open(office: Office) -> None:
    key = ("评分明细", "330102", "1.4.1")
    one, two = copy(office, "综合处.xlsx"), copy(office, "投资处.xlsx")
    with Edit(office.path) as edit:
        edit.judge("330103", "1.4.1", 考核分=5)
    with Edit(one) as edit:
        edit.judge("330102", "1.4.1", 考核分=6, 评分人="李")
        edit.judge("330103", "1.4.1", 考核分=5)
    with Edit(two) as edit:
        edit.judge("330102", "1.4.1", 考核分=7, 评分人="李")
        edit.judge("330103", "1.4.1", 考核分=4)
    ledger, problems = merged(office, one, two)
    assert [(each.code, each.unit) for each in problems] == [("KH312", "下城区"), ("KH312", "上城区")]
    assert "综合处.xlsx“6”、投资处.xlsx“7”" in problems[1].message
    assert problems[0].cell.startswith("J")
    assert points(ledger, "330102", "1.4.1") is None, "nobody decides between two departments"
    assert points(ledger, "330103", "1.4.1") == 5, "what the office has stays"
    assert standing(ledger, ("评分明细", "330103", "1.4.1")) == ["unreadable"]
    assert standing(ledger, key) == ["unreadable", "unreadable"]
    office.score()
    ledger, told = office.read()
    assert len(ledger.contradicting) == 3, "a contradiction survives scoring again"
    assert [(each.code, each.unit, each.sheet) for each in told] == [
        ("KH315", "下城区", "已无对应"), ("KH315", "上城区", "已无对应"), ("KH315", "上城区", "已无对应"),
    ]  # fmt: skip
    assert {each.cell for each in told} == {"F2", "F3", "F4"}
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=7)
        edit.judge("330103", "1.4.1", 考核分=5)
        page = edit.book["已无对应"]
        for row in range(page.max_row, 1, -1):
            if page.cell(row, edit.column("已无对应", "内容")).value in (6, 4):
                page.delete_rows(row)
    ledger, told = office.read()
    assert (ledger.contradicting, standing(ledger, key), told) == ((), [], ())
    assert points(ledger, "330102", "1.4.1") == 7


@pytest.mark.slow
def test_a_copy_from_before_a_change_is_marked(office: Office) -> None:
    old = copy(office, "综合处.xlsx")
    with Edit(old) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
    office.report("330102", self_1_4=1)
    office.score()
    ledger, problems = merged(office, old)
    assert codes(problems) == ["KH306"]
    assert standing(ledger, ("评分明细", "330102", "1.4.1")) == ["review"]
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 状态="已复核")
    office.score()
    ledger, problems = merged(office, old)
    assert problems == ()
    assert standing(ledger, ("评分明细", "330102", "1.4.1")) == []


@pytest.mark.slow
def test_a_confirmation_in_a_copy_counts(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
    office.report("330102", self_1_4=1)
    office.score()
    one = copy(office, "综合处.xlsx")
    with Edit(one) as edit:
        edit.judge("330102", "1.4.1", 状态="已复核")
    ledger, problems = merged(office, one)
    assert (problems, standing(ledger, ("评分明细", "330102", "1.4.1"))) == ((), [])


@pytest.mark.slow
def test_points_and_verified_figures_of_one_copy_belong_together(office: Office) -> None:
    one = copy(office, "综合处.xlsx")
    with Edit(one) as edit:
        award(edit)
        correct(edit)
    for _ in range(2):
        ledger, problems = merged(office, one)
        assert (problems, review(ledger)) == ((), {})
    office.score()
    assert review(office.read()[0]) == {}


@pytest.mark.slow
@pytest.mark.parametrize("here", [award, correct])
def test_points_and_verified_figures_of_two_copies_are_asked(office: Office, here: Callable[[Edit], None]) -> None:
    one = copy(office, "综合处.xlsx")
    with Edit(office.path) as edit:
        here(edit)
    with Edit(one) as edit:
        (correct if here is award else award)(edit)
    for _ in range(2):
        ledger, problems = merged(office, one)
        assert codes(problems) == ["KH306", "KH306"]
        assert review(ledger).keys() == {*TOGETHER}


@pytest.mark.slow
def test_of_the_same_points_those_given_on_the_merged_figures_count_in_whatever_order(office: Office) -> None:
    one, two = copy(office, "综合处.xlsx"), copy(office, "统计处.xlsx")
    with Edit(one) as edit:
        award(edit)
    with Edit(two) as edit:
        award(edit)
        correct(edit)
    blank = office.path.read_bytes()
    for order in permutations((one, two)):
        office.path.write_bytes(blank)
        ledger, problems = merged(office, *order)
        assert (problems, review(ledger)) == ((), {})


@pytest.mark.slow
def test_points_that_were_merged_before_their_figures_are_asked(office: Office) -> None:
    one = copy(office, "综合处.xlsx")
    with Edit(one) as edit:
        award(edit)
    merged(office, one)
    with Edit(one) as edit:
        correct(edit)
    for _ in range(2):
        ledger, _ = merged(office, one)
        assert review(ledger).keys() == {*TOGETHER}


@pytest.mark.slow
def test_merging_twice_changes_nothing_and_order_does_not_matter(office: Office) -> None:
    names = ("甲.xlsx", "乙.xlsx", "丙.xlsx")
    copies = [copy(office, name) for name in names]
    for path, criterion in zip(copies, ("1.4.1", "1.5.1", "1.6.1"), strict=True):
        with Edit(path) as edit:
            edit.judge("330102", criterion, 考核分=6)
            edit.judge("330104", "2.1.1", 考核分=2)
    blank = office.path.read_bytes()
    found = set()
    for order in permutations(copies):
        office.path.write_bytes(blank)
        ledger, problems = merged(office, *order)
        assert problems == ()
        found.add(office.path.read_bytes())
        merged(office, *order)
        found.add(office.path.read_bytes())
    assert len(found) == 1
    assert points(ledger, "330104", "2.1.1") == 2
