"""1 what departments typed comes together  2 contradictions are decided by nobody  3 order does not matter
4 part of a copy will do  5 a department speaks for its own items  6 what came of each copy is told.
"""

import shutil
from collections.abc import Callable
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from command import kaohe
from edits import Edit
from msgspec.structs import replace
from openpyxl import load_workbook
from openpyxl.comments import Comment
from test_ledger import SCHEME, TOGETHER, Office, award, case_of, codes, correct, half, points, review, standing

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.ledger.copies import read_copy
from kaohe_cli.ledger.merge import Merged, merge
from kaohe_cli.ledger.record import ORIGINAL

Outcome = tuple[Ledger, tuple[Problem, ...]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path / "评分底稿.xlsx", half())
    made.score()
    return made


def copy(office: Office, name: str) -> Path:
    return Path(shutil.copy(office.path, office.path.with_name(name)))


def joined(office: Office, *copies: Path, accepted: tuple[str, ...] = ()) -> tuple[Merged, tuple[Problem, ...]]:
    """What a merge came to, and what was wrong with the copies themselves."""
    ledger, others, told = office.read()[0], [], []
    for path in copies:
        copied, problems = read_copy(SCHEME, path, ledger)
        assert copied is not None, problems
        others.append(copied)
        told += problems
    result = merge(SCHEME, ledger, others, accepted)
    office.path.write_bytes(workbook.ledger_workbook(SCHEME, result.ledger, result.problems))
    return result, tuple(told)


def merged(office: Office, *copies: Path) -> Outcome:
    problems = joined(office, *copies)[0].problems
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
    assert [sheet.name for sheet in ledger.sheets] == ["扣分加分台账", "复核登记", "高新处附记"]
    assert not [open for open in ledger.open if open.standing not in ("pending", "query")]


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
    assert [each.cell for each in problems] == ["J129", "J128"]
    assert points(ledger, "330102", "1.4.1") is None, "nobody decides between two departments"
    assert points(ledger, "330103", "1.4.1") == 5, "what the office has stays"
    assert standing(ledger, ("评分明细", "330103", "1.4.1")) == ["unreadable"]
    assert standing(ledger, key) == ["unreadable", "unreadable"]
    office.score()
    ledger, told = office.read()
    assert len(ledger.contradicting) == 3, "a contradiction survives scoring again"
    assert [(each.code, each.unit, each.sheet) for each in told] == [
        ("KH315", "下城区", "不一致"), ("KH315", "上城区", "不一致"), ("KH315", "上城区", "不一致"),
    ]  # fmt: skip
    assert {each.cell for each in told} == {"H2", "H3", "H4"}
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=7)
        edit.judge("330103", "1.4.1", 考核分=5)
        page = edit.book["不一致"]
        for row in range(page.max_row, 1, -1):
            if page.cell(row, edit.column("不一致", "另有内容")).value in (6, 4):
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
def test_merging_twice_changes_nothing_and_order_does_not_matter(small: Office) -> None:
    names = ("甲.xlsx", "乙.xlsx", "丙.xlsx")
    copies = [copy(small, name) for name in names]
    for path, criterion in zip(copies, ("1.4.1", "1.5.1", "1.6.1"), strict=True):
        with Edit(path) as edit:
            edit.judge("330102", criterion, 考核分=6)
            edit.judge("330104", "2.1.1", 考核分=2)
    blank = small.path.read_bytes()
    found = set()
    for order in permutations(copies):
        small.path.write_bytes(blank)
        ledger, problems = merged(small, *order)
        assert problems == ()
        found.add(small.path.read_bytes())
        merged(small, *order)
        found.add(small.path.read_bytes())
    assert len(found) == 1
    assert points(ledger, "330104", "2.1.1") == 2


# ── 2 what becomes of a contradiction ───────────────────────────────────────────────────────────────────

KEY = ("评分明细", "330102", "1.4.1")
PARTS = ["评分明细", ORIGINAL], ["评分明细"]


@pytest.fixture
def small(tmp_path: Path) -> Office:
    """An office with three units, where 1.4 is of 综合处 and 1.5 of 投资处."""
    made = Office(tmp_path / "评分底稿.xlsx")
    made.cases = made.cases[:3]
    return scored(made)


def scored(office: Office) -> Office:
    ledger, problems = office.score()
    assert problems == ()
    whose = {"1.4": "综合处", "1.5": "投资处", "1.1": "统计处"}
    office.path.write_bytes(workbook.ledger_workbook(SCHEME, replace(ledger, departments=whose)))
    return office


def keep(path: Path, *sheets: str) -> None:
    """Leave no more than these sheets in a workbook."""
    with Edit(path) as edit:
        for name in set(edit.book.sheetnames) - {*sheets}:
            del edit.book[name]
        edit.book[edit.book.sheetnames[0]].sheet_state = "visible"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sheet", "key", "titles", "title"),
    [
        ("评分明细", ("330102", "1.4.1"), ("单位代码", "细则"), "考核分"),
        ("单位情况", ("330102",), ("单位代码",), "备注"),
    ],
)
def test_a_comment_on_a_sheet_that_was_sent_alone_is_not_lost(
    small: Office, sheet: str, key: tuple[str, ...], titles: tuple[str, ...], title: str
) -> None:
    one = copy(small, "综合处.xlsx")
    with Edit(one) as edit:
        cell = edit.book[sheet].cell(edit.row(sheet, key, titles), edit.column(sheet, title))
        cell.comment = Comment("材料还差一份", "李")
    keep(one, sheet)
    joined(small, one)
    edit = Edit(small.path)
    comment = edit.book[sheet].cell(edit.row(sheet, key, titles), edit.column(sheet, title)).comment
    assert comment is not None
    assert comment.text == "材料还差一份"


def listed(office: Office) -> list[tuple[object, ...]]:
    """What stands in 不一致: unit, row, column, both values, file, state."""
    titles = ("单位", "代号", "栏目", "本底稿现有内容", "另有内容", "来自", "状态")
    book = load_workbook(office.path)
    if "不一致" not in book.sheetnames:
        return []
    head, *rows = book["不一致"].iter_rows(values_only=True)
    return [tuple(row[head.index(title)] for title in titles) for row in rows]


def disputed(office: Office) -> tuple[Path, Path]:
    one, two = copy(office, "甲.xlsx"), copy(office, "乙.xlsx")
    for path, value in ((one, 6), (two, 7)):
        with Edit(path) as edit:
            edit.judge("330102", "1.4.1", 考核分=value)
    return one, two


@pytest.mark.slow
@pytest.mark.parametrize("decision", [6, 7, 6.5])
def test_the_row_itself_decides_and_is_not_asked_again(small: Office, decision: float) -> None:
    one, two = disputed(small)
    _, problems = merged(small, one, two)
    assert codes(problems) == ["KH312"]
    assert "甲.xlsx“6”、乙.xlsx“7”" in problems[0].message
    assert listed(small) == [
        ("上城区", "1.4.1", "考核分", None, 6, "甲.xlsx", "待定"),
        ("上城区", "1.4.1", "考核分", None, 7, "乙.xlsx", "待定"),
    ]
    ledger, told = small.read()
    assert [(each.code, each.sheet, each.cell, each.found) for each in told] == [
        ("KH315", "不一致", "H2", "考核分“6”（甲.xlsx）"), ("KH315", "不一致", "H3", "考核分“7”（乙.xlsx）"),
    ]  # fmt: skip
    with Edit(small.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=decision)
    for _ in range(2):
        ledger, problems = merged(small, two, one)
        assert (problems, standing(ledger, KEY), ledger.contradicting) == ((), [], ())
        assert points(ledger, "330102", "1.4.1") == Decimal(str(decision))
        assert {row[-1] for row in listed(small)} == {"已定"}


@pytest.mark.slow
def test_an_open_cell_is_for_the_office_to_fill_and_not_for_the_next_copy(small: Office) -> None:
    one, two = disputed(small)
    merged(small, one, two)
    third = copy(small, "丙.xlsx")
    with Edit(third) as edit:
        edit.judge("330102", "1.4.1", 考核分=7)
        del edit.book["不一致"]
    ledger, _ = merged(small, third)
    assert points(ledger, "330102", "1.4.1") is None
    with Edit(third) as edit:
        edit.judge("330102", "1.4.1", 考核分=5)
    result, _ = joined(small, third)
    assert [(each.code, each.found) for each in result.problems] == [("KH312", "评分底稿.xlsx空白、丙.xlsx“5”")]
    assert [row[4:6] for row in listed(small)] == [(6, "甲.xlsx"), (7, "乙.xlsx"), (5, "丙.xlsx")]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["say so", "delete"])
def test_the_office_may_stay_with_what_it_has(small: Office, how: str) -> None:
    one, _ = disputed(small)
    with Edit(small.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=5)
    _, problems = merged(small, one)
    assert [(each.code, each.cell, each.found) for each in problems] == [
        ("KH312", problems[0].cell, "评分底稿.xlsx“5”、甲.xlsx“6”")
    ]
    assert listed(small) == [("上城区", "1.4.1", "考核分", "5", 6, "甲.xlsx", "待定")]
    small.score()
    assert standing(small.read()[0], KEY) == ["unreadable"]
    with Edit(small.path) as edit:
        page = edit.book["不一致"]
        if how == "delete":
            page.delete_rows(2)
        else:
            page.cell(2, edit.column("不一致", "状态")).value = "已定"
    ledger, told = small.read()
    assert (standing(ledger, KEY), told) == ([], ())
    assert codes(merged(small, one)[1]) == ([] if how == "say so" else ["KH312"])


@pytest.mark.slow
def test_a_contradiction_within_a_copy_comes_to_the_office(small: Office) -> None:
    """A department that merged its own people's copies sends what they could not agree on."""
    whole = small.path
    theirs = Office(copy(small, "综合处.xlsx"), small.cases)
    one, two = disputed(theirs)
    merged(theirs, one, two)
    small.path = whole
    result, told = joined(small, theirs.path)
    assert told == ()
    assert [(each.code, each.found) for each in result.problems] == [
        ("KH312", "评分底稿.xlsx空白、甲.xlsx“6”"), ("KH312", "评分底稿.xlsx空白、乙.xlsx“7”"),
    ]  # fmt: skip
    assert [row[4:] for row in listed(small)] == [(6, "甲.xlsx", "待定"), (7, "乙.xlsx", "待定")]
    assert codes(merged(small, theirs.path)[1]) == []
    assert len(listed(small)) == 2


# ── 4 part of a copy ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("sheets", PARTS)
def test_a_copy_with_points_alone_is_taken(small: Office, sheets: list[str]) -> None:
    one = copy(small, "综合处.xlsx")
    with Edit(one) as edit:
        edit.judge("330102", "1.4.1", 考核分=6, 评分人="李")
        edit.shuffle("评分明细", 3)
    keep(one, *sheets)
    result, told = joined(small, one)
    assert (codes(told), result.problems) == ([] if ORIGINAL in sheets else ["KH349"], ())
    ledger, _ = small.read()
    assert points(ledger, "330102", "1.4.1") == 6
    assert case_of(ledger, "330102").awards["1.4.1"].by == "李"
    assert result.accounts[0].said == "综合处.xlsx：考核分 1 处（李 1）。"
    assert standing(ledger, KEY) == []


@pytest.mark.slow
@pytest.mark.parametrize("sheets", PARTS)
@pytest.mark.parametrize("confirmed", [None, "已复核"])
def test_points_alone_rest_on_what_their_row_shows(small: Office, sheets: list[str], confirmed: str | None) -> None:
    one = copy(small, "综合处.xlsx")
    with Edit(one) as edit:
        edit.judge("330102", "1.4.1", 考核分=6, **({"状态": confirmed} if confirmed else {}))
    keep(one, *sheets)
    small.report("330102", self_1_4=1)
    scored(small)
    ledger, problems = merged(small, one)
    assert codes(problems) == ["KH306"]
    assert standing(ledger, KEY) == ["review"]


@pytest.mark.slow
def test_figures_or_vetoes_alone_are_taken(small: Office) -> None:
    one, two = copy(small, "甲.xlsx"), copy(small, "乙.xlsx")
    with Edit(one) as edit:
        edit.verify("330103", "工业投资", "本年实绩", 核定值=99)
    with Edit(two) as edit:
        edit.situation("330102", 备注="来电说明")
    keep(one, "数据核定")
    keep(two, "单位情况", ORIGINAL)
    result, told = joined(small, one, two)
    assert (codes(told), result.problems) == (["KH349"], ())
    ledger, _ = small.read()
    assert case_of(ledger, "330103").verified["invest.actual"].value == 99
    assert ledger.typed["单位情况", "330102", ""].cells["备注"].value == "来电说明"
    assert [each.said for each in result.accounts] == ["甲.xlsx：核定值 1 处。", "乙.xlsx：其他 1 处。"]


@pytest.mark.slow
@pytest.mark.parametrize("sheets", PARTS)
def test_a_row_is_found_by_its_name_and_one_of_two_units_is_not_taken(small: Office, sheets: list[str]) -> None:
    one = copy(small, "综合处.xlsx")
    with Edit(one) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
        edit.judge("330103", "1.4.1", 考核分=5)
        edit.judge("330104", "1.4.1", 考核分=3)
        odd = f"A{edit.row('评分明细', ('330103', '1.4.1'), ('单位代码', '细则'))}"
        edit.judge("330102", "1.4.1", 单位代码=None)
        edit.judge("330103", "1.4.1", 单位代码="330104", 单位="上城区", 名称="别的")
    keep(one, *sheets)
    result, told = joined(small, one)
    assert [(each.file, each.cell) for each in told if each.code == "KH320"] == [("综合处.xlsx", odd)]
    ledger, _ = small.read()
    assert [points(ledger, code, "1.4.1") for code in ("330102", "330103", "330104")] == [6, None, 3]
    assert [(each.code, each.found) for each in result.problems] == [("KH312", "评分底稿.xlsx空白、综合处.xlsx“5”")]
    assert listed(small) == [("上城区", "1.4.1", "考核分", "6", 5, "综合处.xlsx", "待定")]


@pytest.mark.slow
def test_what_was_altered_in_a_copy_is_told_and_its_entries_are_taken(small: Office) -> None:
    one = copy(small, "统计处.xlsx")
    with Edit(one) as edit:
        edit.verify("330102", "工业销售产值", "本年实绩", 填报值=1, 核定值=99)
        cell = f"F{edit.row('数据核定', ('330102', '工业销售产值', '本年实绩'), ('单位代码', '指标', '数据项'))}"
    result, told = joined(small, one)
    assert [(each.code, each.file, each.sheet, each.cell, each.found) for each in told] == [
        ("KH317", "统计处.xlsx", "数据核定", cell, "1")
    ]
    assert [(each.code, each.file, each.found) for each in result.problems] == [
        ("KH306", "评分底稿.xlsx", "填报值 1 → 200")
    ], "who verified it saw another figure"
    case = case_of(small.read()[0], "330102")
    assert (case.verified["sales.actual"].value, case.reported["sales.actual"].value) == (99, 200)


@pytest.mark.slow
def test_rows_that_a_copy_lacks_say_nothing(small: Office) -> None:
    with Edit(small.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=4)
    scored(small)
    one = copy(small, "综合处.xlsx")
    with Edit(one) as edit:
        edit.judge("330103", "1.4.1", 考核分=5)
        edit.book["评分明细"].delete_rows(edit.row("评分明细", ("330102", "1.4.1"), ("单位代码", "细则")))
    with Edit(small.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
    result, told = joined(small, one)
    assert [(each.code, each.file, each.sheet, each.found) for each in told] == [
        ("KH348", "综合处.xlsx", "评分明细", "1")
    ]
    assert result.problems == ()
    assert points(small.read()[0], "330102", "1.4.1") == 6
    assert points(small.read()[0], "330103", "1.4.1") == 5


@pytest.mark.slow
def test_what_is_no_copy_is_told(small: Office) -> None:
    one = copy(small, "别的.xlsx")
    keep(one, "问题清单")
    copied, problems = read_copy(SCHEME, one, small.read()[0])
    assert copied is None
    assert [(each.code, each.file) for each in problems] == [("KH309", "别的.xlsx")]


@pytest.mark.slow
@pytest.mark.parametrize("sheets", [["评分明细"], ["评分明细", "数据核定", "单位情况", "来源", ORIGINAL]])
def test_a_copy_with_merged_entries_is_named_and_left_out(small: Office, sheets: list[str]) -> None:
    folder = small.path.parent / "返回"
    folder.mkdir()
    for name in ("甲.xlsx", "乙.xlsx"):
        shutil.copy(small.path, folder / name)
        with Edit(folder / name) as edit:
            edit.judge("330102", "1.4.1", 考核分=6)
            if name == "甲.xlsx":
                edit.book["评分明细"].merge_cells("J2:J4")
        keep(folder / name, *sheets)
    ran = kaohe("merge", small.path, folder)
    assert ran.code == 1
    assert "KH322" in ran.err
    assert "甲.xlsx 评分明细!J2" in ran.err
    assert ran.out.splitlines()[:2] == ["乙.xlsx：考核分 1 处（未写评分人 1）。", "甲.xlsx：没有并入。"]
    assert points(small.read()[0], "330102", "1.4.1") == 6


# ── 5 a department speaks for its own items ─────────────────────────────────────────────────────────────


def strangers(office: Office, name: str) -> Path:
    """A copy of 综合处 with points of another, a figure of a third, and a veto."""
    one = copy(office, name)
    with Edit(one) as edit:
        for code in ("330102", "330103", "330104"):
            edit.judge(code, "1.4.1", 考核分=6, 评分人="李")
        edit.judge("330102", "1.5.1", 考核分=7, 评分人="李")
        edit.judge("330102", "1.6.1", 考核分=5, 评分人="王")
        edit.verify("330102", "工业销售产值", "本年实绩", 核定值=99)
        edit.situation("330103", 一票否决="是", 认定机关="市环保局", 备注="见文")
    return one


@pytest.mark.slow
@pytest.mark.parametrize("name", ["返回.xlsx", "综合处（李）.xlsx"])
def test_what_is_not_a_departments_is_listed_and_not_taken(small: Office, name: str) -> None:
    one = strangers(small, name)
    result, told = joined(small, one)
    assert told == ()
    assert [(each.code, each.file, each.sheet, each.cell[:1], each.expected) for each in result.problems] == [
        ("KH346", name, "单位情况", "G", ""), ("KH346", name, "单位情况", "H", ""),
        ("KH345", name, "数据核定", "G", "统计处"),
        ("KH345", name, "评分明细", "J", "投资处"), ("KH345", name, "评分明细", "L", "投资处"),
    ]  # fmt: skip
    assert all(f"--accept {name}" in each.fix for each in result.problems)
    ledger, _ = small.read()
    assert [points(ledger, "330102", each) for each in ("1.4.1", "1.5.1", "1.6.1")] == [6, None, 5]
    assert (case_of(ledger, "330103").veto, case_of(ledger, "330102").verified) == (None, {})
    assert ledger.typed["单位情况", "330103", ""].cells.keys() == {"备注"}
    assert result.accounts[0].said == f"{name}：考核分 4 处（李 3、王 1），其他 1 处；未采用 3 处。"
    assert not [open for open in ledger.open if open.standing not in ("pending", "query")]


@pytest.mark.slow
def test_what_the_office_accepts_is_taken(small: Office) -> None:
    one = strangers(small, "综合处.xlsx")
    result, _ = joined(small, one, accepted=("综合处.xlsx",))
    assert codes(result.problems) == ["KH305"]
    ledger, _ = small.read()
    assert points(ledger, "330102", "1.5.1") == 7
    assert case_of(ledger, "330103").veto is not None
    assert case_of(ledger, "330102").verified["sales.actual"].value == 99
    assert result.accounts[0].said == "综合处.xlsx：考核分 5 处（李 4、王 1），核定值 1 处，一票否决 1 处。"


@pytest.mark.slow
def test_a_copy_of_nobody_in_particular_speaks_for_no_department(small: Office) -> None:
    one = copy(small, "返回.xlsx")
    with Edit(one) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
        edit.judge("330102", "1.5.1", 考核分=7)
    result, _ = joined(small, one)
    assert [(each.code, each.expected) for each in result.problems] == [("KH345", "综合处"), ("KH345", "投资处")]
    assert result.accounts[0].said == "返回.xlsx：没有新填的内容；未采用 2 处。"


@pytest.mark.slow
def test_where_no_department_is_set_everything_but_a_veto_is_taken(small: Office) -> None:
    ledger = small.read()[0]
    small.path.write_bytes(workbook.ledger_workbook(SCHEME, replace(ledger, departments={})))
    result, _ = joined(small, strangers(small, "综合处.xlsx"))
    assert codes(result.problems) == ["KH346", "KH346"]
    assert case_of(result.ledger, "330103").veto is None
    assert case_of(result.ledger, "330102").verified


# ── 6 what came of each copy ────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_two_copies_with_the_same_entry_do_not_contradict(small: Office) -> None:
    with Edit(small.path) as edit:
        edit.judge("330104", "1.4.1", 考核分=1)
        edit.judge("330103", "1.4.1", 考核分=2)
    scored(small)
    one, two = copy(small, "甲.xlsx"), copy(small, "乙.xlsx")
    for path in (one, two):
        with Edit(path) as edit:
            edit.judge("330102", "1.4.1", 考核分=6, 评分人="张三")
            edit.judge("330102", "1.6.1", 考核分=6 if path is one else 5)
    with Edit(two) as edit:
        edit.judge("330103", "1.4.1", 考核分=3)
    result, told = joined(small, one, two)
    assert told == ()
    assert [(each.code, each.unit, each.field) for each in result.problems] == [
        ("KH312", "下城区", "1.4.1"), ("KH312", "上城区", "1.6.1")
    ]  # fmt: skip
    assert points(small.read()[0], "330102", "1.4.1") == 6
    assert [each.said for each in result.accounts] == [
        "甲.xlsx：考核分 1 处（张三 1）；与底稿相同 2 处；不一致 1 处。",
        "乙.xlsx：考核分 1 处（张三 1）；与底稿相同 1 处；不一致 2 处。",
    ]


@pytest.mark.slow
def test_the_command_accounts_for_every_copy(small: Office) -> None:
    folder = small.path.parent / "返回"
    for name in ("综合处", "投资处"):
        (folder / name).mkdir(parents=True)
        shutil.copy(strangers(small, "返回.xlsx"), folder / name / "评分底稿.xlsx")
    before = small.path.read_bytes()
    ran = kaohe("merge", small.path, folder, "--accept", "投资出")
    assert ran.code == 2
    assert "KH347" in ran.err
    assert small.path.read_bytes() == before
    ran = kaohe("merge", small.path, folder, "--accept", "综合处/评分底稿.xlsx")
    assert ran.code == 1
    assert "投资处/评分底稿.xlsx：考核分 2 处（李 1、王 1），其他 1 处；未采用 5 处。" in ran.out.splitlines()
    assert "综合处/评分底稿.xlsx：考核分 5 处（李 4、王 1），核定值 1 处，一票否决 1 处。" in ran.out.splitlines()
    assert "KH345" in ran.err
    assert kaohe("merge", small.path, folder, "--accept", "全部").code == 0
