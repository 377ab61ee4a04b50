"""A copy against what it was issued with and what the office has by now: nothing is lost, undone or doubled unsaid.

1 a mark that was contradicted  2 a copy that was merged before  3 what a copy has and the office has not
4 what was erased  5 what a mark rests on  6 the register  7 several judges in copies of their own
8 what cannot be told whose it is, or is struck out.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from any_scheme import case as a_case
from edits import Edit
from openpyxl import load_workbook
from openpyxl.styles import Font
from test_judging_copies import PANEL, SHEET, UNIT, WHOSE, Copy, Desk, desk, typed_of
from test_ledger import Office, codes

from kaohe_cli.ledger.copies import read_copy
from kaohe_cli.ledger.issued import unmerged
from kaohe_cli.ledger.merge import Merged
from kaohe_cli.ledger.record import DETAIL, Ledger

__all__ = ["desk"]

KEY = (DETAIL, UNIT, "1.4.1")
ONE = ("上城区", "1.4.1", date(2007, 3, 5), "迟报一", 2, None, "通报一")
TWO = ("上城区", "1.4.1", date(2007, 4, 5), "迟报二", 1, None, "通报二")


def mark(ledger: Ledger) -> object:
    return typed_of(ledger, UNIT, "1.4.1").get("考核分")


def apart(ledger: Ledger) -> list[object]:
    return [cell.value for row in ledger.contradicting for title, cell in row.cells.items() if title == "考核分"]


def office_judges(desk: Desk, points: float | None) -> None:
    with Edit(desk.office.path) as edit:
        edit.judge(UNIT, "1.4.1", 考核分=points)
    desk.office.score()


def office_notes(desk: Desk, *entries: tuple[object, ...]) -> None:
    with Edit(desk.office.path) as edit:
        for row, entry in enumerate(entries, 2):
            for column, value in enumerate(entry, 1):
                edit.book["扣分加分台账"].cell(row, column).value = value
    desk.office.score()


def returned(desk: Desk, name: str, points: float | None, **typed: object) -> tuple[Path, Merged]:
    """A copy that is issued now, comes back with a mark, and is merged."""
    path = desk.issue("综合处", name)
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=points, **typed)
    return path, desk.merge(path)[0]


def contradicted(desk: Desk) -> None:
    """The department gives 6 while the office types 4."""
    path = desk.issue("综合处", "甲.xlsx")
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=6, 评分人="李")
    office_judges(desk, 4)
    result, _ = desk.merge(path)
    assert (codes(result.problems), mark(result.ledger), apart(result.ledger)) == (["KH312"], 4, [6])
    desk.office.score()


def decide(desk: Desk) -> None:
    with Edit(desk.office.path) as edit:
        page = edit.book["不一致"]
        for row in range(2, page.max_row + 1):
            page.cell(row, edit.column("不一致", "状态")).value = "已定"
    desk.office.score()


# ── 1 ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("says", "told", "beside"), [(5, ["KH312"], [6, 5]), (6, [], [6])])
def test_what_is_contradicted_stays_until_the_office_decides(
    desk: Desk, says: int, told: list[str], beside: list[int]
) -> None:
    contradicted(desk)
    _, result = returned(desk, "乙.xlsx", says)
    assert (codes(result.problems), mark(result.ledger), apart(result.ledger)) == (told, 4, beside)


def test_a_department_that_saw_the_decision_and_says_otherwise_is_heard(desk: Desk) -> None:
    contradicted(desk)
    decide(desk)
    _, result = returned(desk, "乙.xlsx", 6)
    assert (codes(result.problems), mark(result.ledger), apart(result.ledger)) == ([], 6, [])


def test_a_department_settles_what_it_contradicted_itself(desk: Desk) -> None:
    paths = [desk.issue("综合处", name) for name in ("甲.xlsx", "乙.xlsx")]
    for path, points in zip(paths, (7.2, 1), strict=True):
        with Copy(path) as copy:
            copy.judge(UNIT, 考核分=points)
    result, _ = desk.merge(*paths)
    assert (codes(result.problems), mark(result.ledger), apart(result.ledger)) == (
        ["KH312"], None, [Decimal("7.2"), 1],
    )  # fmt: skip
    desk.office.score()
    _, result = returned(desk, "丙.xlsx", 7.2)
    assert (codes(result.problems), mark(result.ledger), apart(result.ledger)) == ([], Decimal("7.2"), [])
    ledger, told = desk.office.read()
    assert (codes(told), mark(ledger), apart(ledger)) == ([], Decimal("7.2"), [])


def test_a_copy_from_before_a_contradiction_does_not_decide_it(desk: Desk) -> None:
    paths = [desk.issue("综合处", name) for name in ("甲.xlsx", "乙.xlsx", "丙.xlsx")]
    for path, points in zip(paths, (7, 1, 5), strict=True):
        with Copy(path) as copy:
            copy.judge(UNIT, 考核分=points)
    desk.merge(*paths[:2])
    result, _ = desk.merge(paths[2])
    assert (codes(result.problems), mark(result.ledger), apart(result.ledger)) == (["KH312"], None, [7, 1, 5])


def test_what_two_have_changed_in_different_ways_stays_as_it_was(desk: Desk) -> None:
    returned(desk, "甲.xlsx", 6)
    paths = [desk.issue("综合处", name) for name in ("乙.xlsx", "丙.xlsx")]
    for path, points in zip(paths, (7, 8), strict=True):
        with Copy(path) as copy:
            copy.judge(UNIT, 考核分=points)
    result, _ = desk.merge(*paths)
    assert [(each.code, each.found) for each in result.problems] == [
        ("KH312", "评分底稿.xlsx“6”、乙.xlsx“7”、丙.xlsx“8”")
    ]
    assert (mark(result.ledger), apart(result.ledger)) == (6, [7, 8])


def test_what_one_erases_and_another_changes_is_told(desk: Desk) -> None:
    returned(desk, "甲.xlsx", 6)
    paths = [desk.issue("综合处", name) for name in ("乙.xlsx", "丙.xlsx")]
    for path, points in zip(paths, (7, None), strict=True):
        with Copy(path) as copy:
            copy.judge(UNIT, 考核分=points)
    for order in (paths, paths[::-1]):
        before = desk.office.path.read_bytes()
        result, _ = desk.merge(*order)
        assert [(each.code, each.file, each.found) for each in result.problems] == [("KH359", "丙.xlsx", "7")]
        assert mark(result.ledger) == 7
        desk.office.path.write_bytes(before)


def test_a_mark_that_cannot_be_given_yields_to_the_next_of_its_department(desk: Desk) -> None:
    path = desk.issue("综合处")
    for points, told in ((88, ["KH103"]), ("七分", ["KH104"]), (7, [])):
        with Copy(path) as copy:
            copy.judge(UNIT, 考核分=points, 评分理由="两次未报")
        result, _ = desk.merge(path)
        assert (codes(result.problems), mark(result.ledger)) == (told, points)
        desk.office.score()


# ── 2, 3 ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_withdrawn_does_not_come_back_with_an_old_file(desk: Desk) -> None:
    first, result = returned(desk, "初稿.xlsx", 7, 评分理由="迟报")
    assert mark(result.ledger) == 7
    desk.office.score()
    _, result = returned(desk, "二稿.xlsx", None, 评分理由=None)
    assert mark(result.ledger) is None
    assert result.accounts[0].said == "二稿.xlsx：删去 2 处。"
    for accepted, told, points in (((), ["KH360"], None), (("初稿.xlsx",), [], 7)):
        result, _ = desk.merge(first, accepted=accepted)
        assert (codes(result.problems), mark(result.ledger)) == (told, points)
        if told:
            assert result.problems[0].found == "2"


@pytest.mark.parametrize("now", [None, 7])
def test_an_old_file_beside_its_successor_undoes_nothing(desk: Desk, now: int | None) -> None:
    first, _ = returned(desk, "初稿.xlsx", 6)
    desk.office.score()
    full = desk.folder / "高新处.xlsx"
    full.write_bytes(desk.office.path.read_bytes())  # a whole ledger that another department was given
    path = desk.issue("综合处", "二稿.xlsx")
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=now)
    before = desk.office.path.read_bytes()
    for files in ((first, path), (path, first), (full, path)):
        desk.office.path.write_bytes(before)
        result, _ = desk.merge(*files)
        assert (codes(result.problems), mark(result.ledger), apart(result.ledger)) == ([], now, [])


def test_what_is_blank_in_a_file_that_people_went_on_with_is_told(desk: Desk) -> None:
    path, _ = returned(desk, "甲.xlsx", 6)
    desk.office.score()
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=None)
        copy.judge("330103", 考核分=5)
    result, _ = desk.merge(path)
    assert [(each.code, each.file, each.found) for each in result.problems] == [("KH363", "甲.xlsx", "1")]
    assert (mark(result.ledger), typed_of(result.ledger, "330103", "1.4.1")) == (6, {"考核分": 5})


def test_a_file_in_which_a_cell_was_altered_is_done_with_all_the_same(desk: Desk) -> None:
    path = desk.issue("综合处", "甲.xlsx")
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=6)
        copy.cell("330103", "自评分").value = 1
    result, told = desk.merge(path)
    assert (codes(told), mark(result.ledger)) == (["KH317"], 6)
    returned(desk, "乙.xlsx", None)
    result, _ = desk.merge(path)
    assert (codes(result.problems), mark(result.ledger)) == (["KH360"], None)


def test_a_judging_copy_with_a_sheet_of_the_ledger_in_it_is_one_still(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=6)
        page = copy.book.create_sheet("单位情况")
        for row in load_workbook(desk.office.path)["单位情况"].iter_rows(values_only=True):
            page.append(row)
    result, told = desk.merge(path)
    assert (codes((*told, *result.problems)), mark(result.ledger)) == ([], 6)


def test_what_was_issued_and_the_office_has_not_is_told_and_not_lost(desk: Desk) -> None:
    before = desk.office.path.read_bytes()
    returned(desk, "初稿.xlsx", 7, 评分人="李", 评分理由="迟报")
    desk.office.score()
    path = desk.issue("综合处", "二稿.xlsx")
    with Copy(path) as copy:
        copy.judge("330103", 考核分=5)
    desk.office.path.write_bytes(before)
    result, _ = desk.merge(path)
    assert [(each.code, each.file, each.found) for each in result.problems] == [("KH361", "二稿.xlsx", "3")]
    assert (mark(result.ledger), typed_of(result.ledger, "330103", "1.4.1")["考核分"]) == (None, 5)
    result, _ = desk.merge(path, accepted=("二稿.xlsx",))
    assert codes(result.problems) == []
    assert typed_of(result.ledger, UNIT, "1.4.1") == {"考核分": 7, "评分人": "李", "评分理由": "迟报"}


def test_a_merged_file_holds_nothing_whatever_the_office_does_then(desk: Desk) -> None:
    path, _ = returned(desk, "甲.xlsx", 6)
    again, _ = returned(desk, "乙.xlsx", None)
    office_judges(desk, 4)
    ledger = desk.ledger()
    for each in (path, again):
        held, _ = read_copy(desk.scheme, each, ledger)
        assert held is not None
        assert unmerged(desk.scheme, ledger, held) == 0
    with Copy(path) as copy:
        copy.judge(UNIT, 评分理由="迟报")
    held, _ = read_copy(desk.scheme, path, ledger)
    assert held is not None
    assert unmerged(desk.scheme, ledger, held) == 2, "another file now: 6 against 4, and the reason"


def test_a_file_of_which_something_was_not_taken_is_not_done_with(desk: Desk) -> None:
    path = desk.issue("综合处")
    desk.departments = {**WHOSE, "1.4": "高新处"}
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=6)
    result, _ = desk.merge(path)
    (told,) = result.problems
    assert (told.code, told.sheet) == ("KH345", SHEET)
    assert told.cell == Copy(path).cell(UNIT, "考核分").coordinate
    held, _ = read_copy(desk.scheme, path, desk.ledger())
    assert held is not None
    assert unmerged(desk.scheme, desk.ledger(), held) == 1
    result, _ = desk.merge(path)
    assert [(each.code, each.found) for each in result.problems] == [("KH360", "1")]
    result, _ = desk.merge(path, accepted=("综合处.xlsx",))
    assert (mark(result.ledger), len(result.ledger.merged)) == (6, 1)


# ── 4 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_department_erases_and_the_office_changed_stays_and_is_told(desk: Desk) -> None:
    returned(desk, "甲.xlsx", 6, 评分人="李")
    path = desk.issue("综合处", "乙.xlsx")
    office_judges(desk, 4)
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=None, 评分人=None)
    result, _ = desk.merge(path)
    (told,) = result.problems
    assert (told.code, told.unit, told.found, told.field) == ("KH359", "上城区", "4", "1.4.1")
    assert typed_of(result.ledger, UNIT, "1.4.1") == {"考核分": 4}


def test_an_error_and_a_formula_without_a_result_are_no_blanks(desk: Desk) -> None:
    for value, code in (("#DIV/0!", "KH108"), ("=1/0", "KH107")):
        path = desk.issue("综合处")
        with Copy(path) as copy:
            copy.judge(UNIT, 考核分=value)
        result, _ = desk.merge(path)
        assert [(each.code, each.unit) for each in result.problems] == [(code, "上城区")]
        ledger, told = desk.office.read()
        assert codes(told) == [code]
        assert [each.standing for each in ledger.open if each.key == KEY] == ["unreadable"]
        office_judges(desk, None)


# ── 5 ───────────────────────────────────────────────────────────────────────────────────────────────────


def standing(ledger: Ledger) -> list[str]:
    return [each.standing for each in ledger.open if each.key == KEY and each.standing != "pending"]


def judged_before(desk: Desk) -> None:
    """The department gives 6 to a unit that claims 5."""
    desk.office.report(UNIT, self_1_4=Decimal(5))
    desk.office.score()
    returned(desk, "初稿.xlsx", 6, 评分人="李", 评分理由="迟报")
    desk.office.score()


def test_who_did_not_see_the_change_is_asked_again(desk: Desk) -> None:
    judged_before(desk)
    old = desk.issue("综合处", "旧.xlsx")
    desk.office.report(UNIT, self_1_4=Decimal(8))
    assert standing(desk.office.score()[0]) == ["review"]
    with Edit(desk.office.path) as edit:
        edit.judge(UNIT, "1.4.1", 状态="已复核", 评分理由="迟报两次")
    assert standing(desk.office.score()[0]) == []
    with Copy(old) as copy:
        copy.judge(UNIT, 考核分=5)
    result, _ = desk.merge(old)
    assert codes(result.problems) == ["KH306"]
    assert typed_of(result.ledger, UNIT, "1.4.1") == {"考核分": 5, "评分人": "李", "评分理由": "迟报两次"}
    assert standing(result.ledger) == ["review"]


def test_who_saw_the_change_is_not_asked_again(desk: Desk) -> None:
    judged_before(desk)
    desk.office.report(UNIT, self_1_4=Decimal(8))
    assert standing(desk.office.score()[0]) == ["review"]
    _, result = returned(desk, "新.xlsx", 7)
    assert (codes(result.problems), standing(result.ledger)) == ([], [])
    assert standing(desk.office.score()[0]) == []


# ── 6 ───────────────────────────────────────────────────────────────────────────────────────────────────


def noted(ledger: Ledger) -> list[tuple[str, Decimal, str]]:
    return [(each.facts, each.points, each.source) for each in ledger.incidents]


def test_two_people_of_a_department_note_in_copies_of_their_own(desk: Desk) -> None:
    paths = [desk.issue("综合处", f"综合处-{name}.xlsx") for name in "甲乙"]
    for path, entry in zip(paths, (ONE, TWO), strict=True):
        with Copy(path) as copy:
            copy.note(entry)
        result, _ = desk.merge(path)
        assert result.accounts[0].said == f"{path.name}：扣分加分台账 1 处。"
    assert noted(result.ledger) == [("迟报一", -2, "综合处"), ("迟报二", -1, "综合处")]
    result, _ = desk.merge(*paths)
    assert len(noted(result.ledger)) == 2, "once, however often it is merged"


def corrected(desk: Desk) -> Path:
    """A copy issued with an entry that the office has corrected since."""
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.note(ONE)
    desk.merge(path)
    desk.office.score()
    old = desk.issue("综合处", "旧.xlsx")
    with Edit(desk.office.path) as edit:
        edit.book["扣分加分台账"].cell(2, 5).value = 0.5
    desk.office.score()
    return old


def test_an_old_register_undoes_nothing(desk: Desk) -> None:
    old = corrected(desk)
    result, told = desk.merge(old)
    assert (codes((*told, *result.problems)), noted(result.ledger)) == ([], [("迟报一", Decimal("-0.5"), "综合处")])


def test_what_both_have_changed_in_the_register_is_told(desk: Desk) -> None:
    old = corrected(desk)
    with Copy(old) as copy:
        copy.book["扣分加分台账"].cell(2, 5).value = 1
    result, _ = desk.merge(old)
    (told,) = result.problems
    assert (told.code, told.sheet, told.unit) == ("KH359", "扣分加分台账", "上城区")
    assert "扣 0.5 分" in told.found


def test_two_corrections_of_one_entry_take_neither(desk: Desk) -> None:
    first = desk.issue("综合处", "初稿.xlsx")
    with Copy(first) as copy:
        copy.note(ONE)
    desk.merge(first)
    desk.office.score()
    paths = [desk.issue("综合处", f"{name}.xlsx") for name in "甲乙丙"]
    for path, points in zip(paths[:2], (1, 1.5), strict=True):
        with Copy(path) as copy:
            copy.book["扣分加分台账"].cell(2, 5).value = points
    with Copy(paths[2]) as copy:
        copy.book["扣分加分台账"].delete_rows(2)
    before = desk.office.path.read_bytes()
    for pair in (paths[:2], paths[1:]):
        result, _ = desk.merge(*pair)
        assert (codes(result.problems), noted(result.ledger)) == (["KH359"] * 2, [("迟报一", -2, "综合处")])
        desk.office.path.write_bytes(before)
    result, _ = desk.merge(paths[0])
    assert (codes(result.problems), noted(result.ledger)) == ([], [("迟报一", -1, "综合处")])
    result, _ = desk.merge(paths[0], accepted=("甲.xlsx",))
    assert (codes(result.problems), noted(result.ledger)) == ([], [("迟报一", -1, "综合处")]), "taken before"


def test_a_correction_of_what_the_office_has_corrected_is_not_added_to_it(desk: Desk) -> None:
    path = desk.issue("综合处", "甲.xlsx")
    with Copy(path) as copy:
        copy.note(ONE)
    desk.merge(path)
    desk.office.score()
    old = desk.issue("综合处", "乙.xlsx")
    with Copy(old) as copy:
        copy.book["扣分加分台账"].cell(2, 5).value = 1
    with Copy(path) as copy:  # the file that it went on with
        copy.book["扣分加分台账"].cell(2, 5).value = 1.5
    office = desk.office.path.read_bytes()
    for change in ({4: "迟报第一次"}, {1: "下城区"}, None):
        desk.office.path.write_bytes(office)
        with Edit(desk.office.path) as edit:
            page = edit.book["扣分加分台账"]
            for column, value in (change or {}).items():
                page.cell(2, column).value = value
            if change is None:
                page.delete_rows(2)
        desk.office.score()
        held = noted(desk.ledger())
        result, _ = desk.merge(old)
        assert (codes(result.problems), noted(result.ledger)) == (["KH359"], held)
    desk.office.path.write_bytes(office)
    result, _ = desk.merge(path)
    assert (codes(result.problems), noted(result.ledger)) == (["KH359"], [("迟报一", -2, "综合处")])


def test_of_entries_alike_each_is_corrected_by_its_own(desk: Desk) -> None:
    early, late = (("上城区", "1.4.1", date(2007, month, 5), "迟报", 1, None, "通报") for month in (1, 2))
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.note(early, late)
    desk.merge(path)
    desk.office.score()
    path = desk.issue("综合处", "二.xlsx")
    with Copy(path) as copy:
        page = copy.book["扣分加分台账"]
        for row, entry in ((2, (*late[:4], 2)), (3, (*early[:4], 3))):  # sorted the other way, and both corrected
            for column, value in enumerate(entry, 1):
                page.cell(row, column).value = value
    result, _ = desk.merge(path)
    assert codes(result.problems) == []
    assert sorted((each.day, each.points) for each in result.ledger.incidents) == [
        ("2007-01-05", -3), ("2007-02-05", -2),
    ]  # fmt: skip


def test_a_correction_that_is_not_for_a_department_leaves_the_entry(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.note(ONE)
    desk.merge(path)
    desk.office.score()
    path = desk.issue("综合处", "二.xlsx")
    with Copy(path) as copy:
        copy.book["扣分加分台账"].cell(2, 5).value = 1
    desk.departments = {**WHOSE, "1.4": "高新处"}
    result, _ = desk.merge(path)
    assert (codes(result.problems), noted(result.ledger)) == (["KH345"], [("迟报一", -2, "综合处")])


def test_a_ledger_of_nobody_in_particular_deletes_no_entry(desk: Desk) -> None:
    office_notes(desk, ONE)
    full = desk.folder / "底稿副本.xlsx"
    full.write_bytes(desk.office.path.read_bytes())
    with Edit(full) as edit:
        edit.book["扣分加分台账"].delete_rows(2)
    result, _ = desk.merge(full)
    assert (codes(result.problems), noted(result.ledger)) == (["KH359"], [("迟报一", -2, "")])


def test_the_offices_entry_that_a_department_deletes_stays_and_is_told(desk: Desk) -> None:
    office_notes(desk, ONE)
    path = desk.issue("综合处")
    with Copy(path) as copy:
        assert copy.book["扣分加分台账"].cell(2, 9).value == "考核办"
        copy.book["扣分加分台账"].delete_rows(2)
    result, _ = desk.merge(path)
    assert (codes(result.problems), noted(result.ledger)) == (["KH359"], [("迟报一", -2, "")])


def test_a_department_of_the_offices_name_doubles_nothing(desk: Desk) -> None:
    desk.departments = {**WHOSE, "1.4": "考核办"}
    office_notes(desk, ONE)
    for _ in range(2):
        result, _ = desk.merge(desk.issue("考核办"))
        assert noted(result.ledger) == [("迟报一", -2, "")]


def test_an_entry_is_its_departments_whatever_stands_beside_it(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.note((*ONE, "李", "市府办"))
    result, _ = desk.merge(path)
    assert (codes(result.problems), noted(result.ledger)) == ([], [("迟报一", -2, "综合处")])
    held, _ = read_copy(desk.scheme, path, result.ledger)
    assert held is not None
    assert unmerged(desk.scheme, result.ledger, held) == 0


def test_an_entry_about_anothers_item_is_told_and_not_taken(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.note(("上城区", "1.5.1", date(2007, 3, 5), "迟报", 2, None, "通报"))
    for accepted, told, count in (((), ["KH345"], 0), (("综合处.xlsx",), [], 1)):
        result, _ = desk.merge(path, accepted=accepted)
        assert (codes(result.problems), len(noted(result.ledger))) == (told, count)


@pytest.mark.parametrize("gone", [True, False])
def test_without_its_register_a_copy_says_nothing_of_it(desk: Desk, gone: bool) -> None:
    office_notes(desk, ONE, ("上城区", "1.5.1", *TWO[2:]))
    path = desk.issue("综合处")
    with Copy(path) as copy:
        if gone:
            del copy.book["扣分加分台账"]
        else:
            copy.book["扣分加分台账"].title = "台账"
        copy.judge(UNIT, 考核分=6)
    result, told = desk.merge(path)
    assert codes((*told, *result.problems)) == []
    assert (mark(result.ledger), len(noted(result.ledger))) == (6, 2)


def test_a_row_that_cannot_be_read_any_more_is_not_withdrawn(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.note(ONE)
    desk.merge(path)
    desk.office.score()
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.book["扣分加分台账"].cell(2, 5).value = "两分"
    result, told = desk.merge(path)
    assert (codes(told), noted(result.ledger)) == (["KH104"], [("迟报一", -2, "综合处")])


# ── 7 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_judges_who_sign_copies_of_their_own_do_not_contradict(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", tuple(a_case(unit) for unit in PANEL.units), PANEL)
    office.score()
    desk = Desk(office, tmp_path, {"1": "评审组", "2": "评审组"})
    paths = []
    for at, name in enumerate(("张一", "李二", "王三"), 1):
        path = desk.issue("评审组", f"评审组-{name}.xlsx")
        with Copy(path, "1 项目1") as copy:
            copy.judge("U1", **{f"评委{at}": 6 + at, "评分人": name})
        paths.append(path)
    result, _ = desk.merge(*paths)
    assert codes(result.problems) == []
    held = {"评委1": 7, "评委2": 8, "评委3": 9, "评分人": "张一、李二、王三"}
    assert typed_of(result.ledger, "U1", "1.1") == held
    assert result.accounts[0].said == "评审组-张一.xlsx：评委评分 1 处。"
    office.score()
    for path in paths:
        result, _ = desk.merge(path)
        assert (codes(result.problems), result.ledger.contradicting) == ([], ())
    assert typed_of(result.ledger, "U1", "1.1") == held


def test_a_judge_who_signs_a_copy_issued_later_leaves_the_others_names(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", tuple(a_case(unit) for unit in PANEL.units), PANEL)
    office.score()
    desk = Desk(office, tmp_path, {"1": "评审组", "2": "评审组"})
    for at, name in enumerate(("张一", "李二"), 1):
        path = desk.issue("评审组", f"评审组-{name}.xlsx")
        with Copy(path, "1 项目1") as copy:
            copy.judge("U1", **{f"评委{at}": 6 + at, "评分人": name})
        result, _ = desk.merge(path)
        office.score()
        assert codes(result.problems) == []
    assert typed_of(result.ledger, "U1", "1.1") == {"评委1": 7, "评委2": 8, "评分人": "张一、李二"}
    with Copy(tmp_path / "评审组-张一.xlsx", "1 项目1") as copy:
        copy.judge("U2", 评委1=9)
    result, _ = desk.merge(tmp_path / "评审组-张一.xlsx")
    assert codes(result.problems) == [], "who goes on in a file of his own is not asked about the marks of others"


# ── 8 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mark_in_no_units_row_is_named_with_its_cell(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        place = copy.cell(UNIT, "考核分").column
        last = copy.page.max_row
        copy.page.cell(last + 2, place).value = 7
        copy.page.cell(last + 2, 2).value = "钱塘新区"
        copy.page.cell(last + 4, 2).value = "以上由张三汇总"
    _, told = desk.merge(path)
    (strange,) = told
    assert (strange.code, strange.sheet, strange.found) == ("KH362", SHEET, "7")
    assert strange.cell == Copy(path).page.cell(last + 2, place).coordinate


def test_a_mark_that_is_struck_out_counts_and_is_told(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=7, 评分理由="迟报")
        copy.cell(UNIT, "考核分").font = Font(strike=True)
    result, told = desk.merge(path)
    (struck,) = told
    assert (struck.code, struck.unit, struck.found) == ("KH251", "上城区", "7")
    assert struck.cell == Copy(path).cell(UNIT, "考核分").coordinate
    assert mark(result.ledger) == 7
