"""复核登记: rows are read, points before are kept, and what is not settled keeps the result from being final."""

import shutil
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from any_scheme import case, criterion, item, scheme
from edits import Edit
from openpyxl import load_workbook
from openpyxl.comments import Comment
from test_ledger import Office

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.ledger.compare import compare
from kaohe_cli.ledger.copies import read_copy
from kaohe_cli.ledger.merge import merge
from kaohe_cli.ledger.settle import last_written, waiting

SCHEME = scheme(
    item("1", criterion("1.1", "10")), item("2", criterion("2.1", "10"), criterion("2.2", "10")), units=("甲", "乙")
)
REVIEWS = "复核登记"
TITLES = (
    "单位", "项目", "申请事项", "申请理由", "收到日期", "复核结论", "结论说明", "复核人", "复核日期", "原得分",
    "复核后得分",
)  # fmt: skip
SIGNED = {"复核人": "王五", "复核日期": date(2010, 12, 28)}
CLAIM = {"单位": "甲", "项目": "1.1", "申请事项": "计分有误", "收到日期": date(2010, 12, 20)}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two units, all marks given: 甲 8, 8, 8 and 乙 7, 7, 7."""
    made = Office(tmp_path / "评分底稿.xlsx", tuple(case(unit) for unit in SCHEME.units), SCHEME)
    made.score()
    with Edit(made.path) as edit:
        for code, points in (("U1", 8), ("U2", 7)):
            for id in SCHEME.criteria:
                edit.judge(code, id, 考核分=points, 评分理由="略有不足")
    made.score()
    return made


def register(office: Office, *rows: Mapping[str, Any], marks: Mapping[str, float] = {}) -> None:
    """Type ``rows`` into the register of reviews, and other ``marks`` of 甲 into 评分明细."""
    with Edit(office.path) as edit:
        for number, row in enumerate(rows, 2):
            for title, value in row.items():
                edit.book[REVIEWS].cell(number, TITLES.index(title) + 1).value = value
        for id, points in marks.items():
            edit.judge("U1", id, 考核分=points)


def shown(office: Office, row: int = 2) -> dict[str, Any]:
    """A row of the sheet as the program left it."""
    page = load_workbook(office.path, data_only=True)[REVIEWS]
    return {title: page.cell(row, at).value for at, title in enumerate(TITLES, 1)}


def appeals(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(each.unit, each.key[2], each.said) for each in ledger.open if each.standing == "appeal"]


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(each.code, each.cell, each.found) for each in problems if each.sheet == REVIEWS]


def test_a_fresh_ledger_has_room_for_reviews(office: Office) -> None:
    page = load_workbook(office.path)[REVIEWS]
    assert tuple(cell.value for cell in page[1]) == TITLES
    lists = {str(each.sqref): each.formula1 for each in page.data_validations.dataValidation}
    assert lists == {"A2:A21": '"甲,乙"', "B2:B21": '"总分,1,2,1.1,2.1,2.2"', "F2:F21": '"维持,调整,不予受理"'}
    ledger, problems = office.read()
    assert (ledger.reviews, appeals(ledger), problems) == ((), [], ())


@pytest.mark.parametrize(
    ("row", "about", "points"),
    [
        ({}, "1.1", 8), ({"单位": "U1", "项目": Decimal("1.1")}, "1.1", 8), ({"项目": "2 项目2"}, "2", 16),
        ({"项目": "细则2.2"}, "2.2", 8), ({"项目": "总分"}, "", 24), ({"项目": None}, "", 24),
    ],
)  # fmt: skip
def test_an_open_review_keeps_the_result_open_and_its_points(
    office: Office, row: dict[str, Any], about: str, points: int
) -> None:
    register(office, {**CLAIM, **row})
    for ledger in (office.read()[0], office.score()[0]):
        (review,) = ledger.reviews
        assert (review.code, review.about, review.decision) == ("U1", about, "open")
        assert (review.before, review.after, review.filled) == (points, points, True)
        assert appeals(ledger) == [("甲", about, "未作结论")]
    assert (shown(office)["原得分"], shown(office)["复核后得分"]) == (points, points)
    assert waiting(ledger.open) == (f"考核办：复核未结 1 处{'，项目 ' + about[0] if about else ''}，甲。",)


DECIDED = {**CLAIM, **SIGNED, "结论说明": "材料属实"}


def test_points_before_are_those_of_the_ledger_last_written(office: Office) -> None:
    """The office registers, decides and changes the mark in one sitting."""
    register(office, {**DECIDED, "复核结论": "调整"}, marks={"1.1": 9})
    ledger, problems = office.read()
    assert (ledger.reviews[0].before, ledger.reviews[0].after) == (8, 9), "rank sees what score will write"
    assert (told(problems), appeals(ledger)) == ([], [])
    ledger, problems = office.score()
    assert (shown(office)["原得分"], shown(office)["复核后得分"]) == (8, 9)
    assert (told(problems), appeals(ledger)) == ([], [])
    ledger, problems = office.score()
    assert (ledger.reviews[0].before, told(problems)) == (8, []), "and stay so"


@pytest.mark.parametrize(
    ("row", "marks", "code", "why"),
    [
        ({"复核结论": "维持"}, {}, "", ""),
        ({"复核结论": "不予受理"}, {}, "", ""),
        ({"复核结论": "调整", "原得分": 8}, {}, "KH367", "结论为调整，得分没有变动"),
        ({"复核结论": "调整"}, {}, "KH368", "结论为调整，原得分未填"),
        ({"复核结论": "维持"}, {"1.1": 9}, "KH367", "结论为维持，得分由 8 分变为 9 分"),
        ({"复核结论": "不予受理"}, {"1.1": 9}, "KH367", "结论为不予受理，得分由 8 分变为 9 分"),
        ({"复核结论": "维持", "复核人": None}, {}, "KH365", "结论缺复核人"),
        ({"复核结论": "维持", "复核日期": None}, {}, "KH365", "结论缺复核日期"),
        ({"复核结论": "同意"}, {}, "KH364", "未作结论"),
        ({"复核结论": "调整", "原得分": "八分"}, {"1.1": 9}, "KH368", "结论为调整，原得分未填"),
    ],
)  # fmt: skip
def test_a_decision_has_to_agree_with_the_points(
    office: Office, row: dict[str, Any], marks: dict[str, float], code: str, why: str
) -> None:
    register(office, {**DECIDED, **row}, marks=marks)
    for ledger, problems in (office.read(), office.score()):
        assert appeals(ledger) == ([("甲", "1.1", why)] if why else [])
        assert code in [each[0] for each in told(problems)] if code else told(problems) == []


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"单位": "丙"}, ("KH364", "A2", "丙")), ({"项目": "3.1"}, ("KH364", "B2", "3.1")),
        ({"单位": None}, ("KH364", "A2", "空白")), ({"复核结论": "#N/A"}, ("KH364", "F2", "#N/A")),
        ({"收到日期": "去年冬天"}, ("KH116", "E2", "去年冬天")),
        ({**SIGNED, "复核结论": "维持", "复核日期": date(2010, 12, 1)}, ("KH366", "I2", "2010-12-01")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_its_cell(office: Office, row: dict[str, Any], found: tuple[str, ...]) -> None:
    register(office, {**CLAIM, **row})
    ledger, problems = office.read()
    assert told(problems) == [found]
    assert appeals(ledger) or row.get("复核结论") == "维持"


def test_a_row_that_cannot_be_taken_keeps_the_result_open(office: Office) -> None:
    register(office, {**CLAIM, "单位": "丙"})
    assert appeals(office.read()[0]) == [("丙", "", "第 2 行不能采用")]
    with Edit(office.path) as edit:
        edit.book[REVIEWS].cell(1, 6).value = "意见"
    ledger, problems = office.read()
    assert [each.code for each in problems] == ["KH301"]
    assert appeals(ledger) == [("", "", "表头不全，读不出")]


@pytest.mark.parametrize(("title", "typed"), [("复核后得分", 9.5), ("原得分", 5), ("原得分", None)])
def test_what_the_program_wrote_is_told_where_it_was_typed_over(office: Office, title: str, typed: Any) -> None:
    register(office, CLAIM)
    office.score()
    register(office, {title: typed})
    ledger, problems = office.read()
    place = f"{'J' if title == '原得分' else 'K'}2"
    assert told(problems) == [("KH317", place, "空白" if typed is None else f"{typed:g}")]
    assert (ledger.reviews[0].before, ledger.reviews[0].after) == (8, 8)
    assert "altered" in {each.standing for each in ledger.open}
    assert [each[0] for each in told(office.score()[1])] == ["KH325"]
    assert (shown(office)["原得分"], shown(office)["复核后得分"]) == (8, 8)


def test_points_that_people_typed_stay_theirs(office: Office) -> None:
    register(office, {**DECIDED, "复核结论": "调整", "原得分": 6.5})
    office.score()
    register(office, {"原得分": 6})
    ledger, problems = office.score()
    assert (told(problems), ledger.reviews[0].before, ledger.reviews[0].filled) == ([], 6, False)


def test_rows_are_known_wherever_they_are_moved(office: Office) -> None:
    other = {"单位": "乙", "项目": "总分", "申请事项": "总分偏低", "收到日期": date(2010, 12, 21)}
    register(office, CLAIM, other)
    office.score()
    with Edit(office.path) as edit:
        page = edit.book[REVIEWS]
        page.move_range("A2:K2", rows=3)
        page.cell(5, 3).value = "1.1 计分有误，申请重新核定"
        edit.judge("U1", "1.1", 考核分=9)
    ledger, problems = office.score()
    assert told(problems) == []
    assert [(each.code, each.before, each.after) for each in ledger.reviews] == [("U2", 21, 21), ("U1", 8, 9)]
    assert (shown(office, 5)["原得分"], shown(office, 3)["原得分"]) == (8, 21)


def test_a_review_that_is_gone_is_told_until_the_ledger_is_written(office: Office) -> None:
    register(office, CLAIM)
    office.score()
    with Edit(office.path) as edit:
        edit.book[REVIEWS].delete_rows(2)
    assert told(office.read()[1]) == [("KH370", "", "计分有误")]
    ledger, _ = office.read()
    rows = compare(SCHEME, last_written(SCHEME, ledger), ledger).rows
    assert [(each.item, each.before, each.now) for each in rows] == [("1.1 细则1.1·复核登记", "未作结论", "空")]
    office.score()
    assert told(office.score()[1]) == []


def test_a_later_review_of_the_same_explains_the_points(office: Office) -> None:
    """What was upheld and then adjusted, as a part or once more, is settled."""
    first = {**DECIDED, "复核结论": "维持"}
    whole = {**first, "项目": "总分", "申请事项": "总分偏低"}
    again = {**DECIDED, "收到日期": date(2010, 12, 26), "复核结论": "调整", "申请事项": "补充材料"}
    register(office, first, whole, again, marks={"1.1": 9})
    ledger, problems = office.score()
    assert (told(problems), appeals(ledger)) == ([], [])
    assert [(each.before, each.after) for each in ledger.reviews] == [(8, 9), (24, 25), (8, 9)]


def test_a_second_adjustment_has_to_have_its_own_effect(office: Office) -> None:
    first = {**DECIDED, "复核结论": "调整"}
    again = {**first, "收到日期": date(2010, 12, 26), "申请事项": "补充材料"}
    register(office, first, marks={"1.1": 9})
    office.score()
    register(office, first, again)
    for ledger in (office.read()[0], office.score()[0]):
        assert appeals(ledger) == [("甲", "1.1", "结论为调整，原得分未填")]
    register(office, first, {**again, "原得分": 9})
    for ledger, problems in (office.read(), office.score()):
        assert appeals(ledger) == [("甲", "1.1", "结论为调整，得分没有变动")]
        assert told(problems) == [("KH367", "F3", "结论为调整，得分没有变动")]
    register(office, first, again, marks={"1.1": 8})  # put back, which is an adjustment of its own
    ledger, problems = office.score()
    assert (told(problems), appeals(ledger)) == ([], [])
    assert [(each.before, each.after) for each in ledger.reviews] == [(8, 9), (9, 8)]
    assert [shown(office, row)["复核后得分"] for row in (2, 3)] == [9, 8]


def test_the_sheet_is_carried_over_as_people_left_it(office: Office) -> None:
    register(office, CLAIM)
    with Edit(office.path) as edit:
        page = edit.book[REVIEWS]
        page.cell(1, 12).value, page.cell(2, 12).value, page.cell(24, 1).value = "卷号", "复-1", "以上已核"
        page.column_dimensions["C"].width = 44
        page.cell(2, 4).comment = Comment("电话补充说明", "王五")
    office.score()
    office.score()
    page = load_workbook(office.path)[REVIEWS]
    assert (page["L1"].value, page["L2"].value, page["A24"].value) == ("卷号", "复-1", "以上已核")
    assert page["D2"].comment.text == "电话补充说明"
    assert page.column_dimensions["C"].width == pytest.approx(44, abs=1)


def test_what_was_reviewed_is_among_the_changes(office: Office) -> None:
    register(office, CLAIM)
    ledger, _ = office.read()
    rows = compare(SCHEME, last_written(SCHEME, ledger), ledger).rows
    assert [(each.item, each.before, each.now, each.why) for each in rows] == [
        ("1.1 细则1.1·复核登记", "空", "未作结论", "复核：计分有误")
    ]
    office.score()
    register(office, {**DECIDED, "复核结论": "维持"})
    ledger, _ = office.read()
    rows = compare(SCHEME, last_written(SCHEME, ledger), ledger).rows
    assert [(each.before, each.now) for each in rows] == [("未作结论", "维持")]


def test_what_is_corrected_beside_a_conclusion_is_among_the_changes(office: Office) -> None:
    register(office, {**DECIDED, "复核结论": "维持"})
    office.score()
    ledger, _ = office.read()
    assert compare(SCHEME, last_written(SCHEME, ledger), ledger).rows == ()
    with Edit(office.path) as edit:
        page = edit.book[REVIEWS]
        titles = {cell.value: cell.column for cell in page[1]}
        for title, value in (("申请理由", "漏计一项"), ("复核人", "赵六"), ("复核日期", None)):
            page.cell(2, titles[title]).value = value
    ledger, _ = office.read()
    rows = compare(SCHEME, last_written(SCHEME, ledger), ledger).rows
    assert [(each.kind, each.item, each.before, each.now) for each in rows] == [
        ("appeal", "1.1 细则1.1·复核登记·申请理由", DECIDED.get("申请理由", "空"), "漏计一项"),
        ("appeal", "1.1 细则1.1·复核登记·复核人", DECIDED["复核人"], "赵六"),
        ("appeal", "1.1 细则1.1·复核登记·复核日期", "2010-12-28", "空"),
    ]


def test_what_a_copy_says_of_reviews_is_not_taken(tmp_path: Path, office: Office) -> None:
    register(office, CLAIM)
    office.score()
    path = tmp_path / "副本.xlsx"
    shutil.copy(office.path, path)
    with Edit(path) as copy:
        copy.book[REVIEWS].cell(2, 6).value = "调整"
        copy.judge("U2", "1.1", 评分理由="另有不足")
    ledger, _ = office.read()
    copied, _ = read_copy(SCHEME, path, ledger)
    assert copied is not None
    merged = merge(SCHEME, ledger, (copied,))
    assert [(each.code, each.found) for each in merged.problems if each.sheet == REVIEWS] == [("KH369", "1")]
    assert [each.decision for each in merged.ledger.reviews] == ["open"]
    assert [each.name for each in merged.ledger.sheets] == ["扣分加分台账", REVIEWS]
