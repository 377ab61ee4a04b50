"""1 a copy holds what its department judges and nothing else  2 what is typed into it comes home by key
3 one sheet alone, sorted, renamed, without its record  4 what was altered, or is another's, is told and not taken
5 who changes what since it was issued  6 the register comes home  7 who has not handed in is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from any_scheme import case as a_case
from any_scheme import criterion, item, scheme
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from test_ledger import SCHEME, Office, codes, half, points

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger import judging, reminders
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.ledger.copies import read_copy
from kaohe_cli.ledger.merge import Merged, merge
from kaohe_cli.scheme.scheme import Scheme

WHOSE = {"1.4": "综合处", "1.5": "高新处", "1.6": "综合处", "2.1": "高新处"}
SHEET = "1.4 产业发展与招商引资"
UNIT = "330102"


@dataclass
class Desk:
    """An office that issues judging copies, departments that fill them in, and the merge."""

    office: Office
    folder: Path
    departments: Mapping[str, str] = field(default_factory=lambda: WHOSE)

    @property
    def scheme(self) -> Scheme:
        return self.office.scheme

    def ledger(self) -> Ledger:
        return replace(self.office.read()[0], departments=self.departments)

    def issue(self, department: str, name: str = "") -> Path:
        path = self.folder / (name or f"{department}.xlsx")
        path.write_bytes(judging.judging_workbook(self.scheme, self.ledger(), department))
        return path

    def merge(self, *copies: Path, accepted: tuple[str, ...] = ()) -> tuple[Merged, tuple[Problem, ...]]:
        ledger, others, told = self.ledger(), [], []
        for path in copies:
            copied, problems = read_copy(self.scheme, path, ledger)
            assert copied is not None, problems
            others.append(copied)
            told += problems
        result = merge(self.scheme, ledger, others, accepted)
        self.office.path.write_bytes(workbook.ledger_workbook(self.scheme, result.ledger, result.problems))
        return result, tuple(told)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(Office(tmp_path / "评分底稿.xlsx", half()), tmp_path)
    made.office.score()
    return made


class Copy:
    """A judging copy opened for editing; saved at the end of the with block."""

    def __init__(self, path: Path, sheet: str = SHEET) -> None:
        self.path, self.book = path, load_workbook(path)
        self.page = self.book[sheet]

    def __enter__(self) -> "Copy":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.book.save(self.path)

    @property
    def head(self) -> int:
        return next(row for row in range(1, 30) if any(cell.value == "考核分" for cell in self.page[row]))

    def cell(self, code: str, title: str, id: str = "") -> Any:
        columns = {cell.value: cell.column for cell in self.page[self.head] if cell.value}
        for row in range(self.head + 1, self.page.max_row + 1):
            here = [str(self.page.cell(row, columns[each]).value) for each in ("单位代码", "细则")]
            if here[0] == code and id in ("", here[1]):
                return self.page.cell(row, columns[title])
        raise AssertionError((code, id))

    def judge(self, code: str, id: str = "", **typed: Any) -> None:
        for title, value in typed.items():
            self.cell(code, title, id).value = value

    def note(self, *entries: tuple[Any, ...]) -> None:
        page = self.book["扣分加分台账"]
        for entry in entries:
            row = next(row for row in range(2, 200) if page.cell(row, 1).value is None)
            for column, value in enumerate(entry, 1):
                page.cell(row, column).value = value


def typed_of(ledger: Ledger, code: str, id: str) -> dict[str, Any]:
    row = ledger.typed.get(("评分明细", code, id))
    return {title: cell.value for title, cell in row.cells.items()} if row else {}


# ── 1 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_holds_what_its_department_judges_and_nothing_else(desk: Desk) -> None:
    book = load_workbook(desk.issue("综合处"))
    assert [sheet.title for sheet in book] == [
        "填写说明", SHEET, "1.6 中小企业成长", "扣分加分台账", "程序记录",
    ]  # fmt: skip
    page = book[SHEET]
    texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    item = SCHEME.item_of["1.4.1"]
    assert any(item.content in text for text in texts), "the requirement stands on top as the notice has it"
    assert any(item.standard in text for text in texts)
    assert {page.cell(row, 1).value for row in range(6, page.max_row - 1)} >= {each.unit.code for each in half()}
    everything = "".join(
        str(cell.value) for sheet in book if sheet.title != "程序记录" for row in sheet.iter_rows() for cell in row
    )
    assert "1.5.1" not in everything, "nothing of another department's items"
    assert "销售产值" not in everything


def test_what_departments_judge_is_shared_out_whole(desk: Desk) -> None:
    found = judging.items_by_department(SCHEME, desk.ledger())
    assert {each.id for items in found.values() for each in items} == {
        each.id for each in SCHEME.items if any(one.judged for one in each.criterion)
    }
    assert [each.id for each in found["综合处"]] == ["1.4", "1.6"]
    assert len(found["未定责任处室"]) == 10, "what nobody was named for is not lost"


def test_the_copy_shows_what_the_unit_wrote_and_what_the_office_remarked(desk: Desk) -> None:
    desk.office.report(UNIT, small_evidence="佐证见附件")
    desk.office.score()
    from edits import Edit

    with Edit(desk.office.path) as edit:
        edit.situation(UNIT, 备注="班子年中调整")
    desk.office.score()
    with Copy(desk.issue("综合处")) as copy:
        assert copy.cell(UNIT, "提示").value == "班子年中调整"
        assert copy.cell(UNIT, "自评分").value == float(case_self(desk, "1.4"))


def case_self(desk: Desk, item: str) -> Decimal:
    case = next(each for each in desk.ledger().cases if each.unit.code == UNIT)
    value = case.reported[f"{item}.self"].value
    assert isinstance(value, Decimal)
    return value


# ── 2, 3 ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_typed_into_a_copy_comes_home_by_key(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=6.5, 评分理由="规划未报市里备案", 评分人="李")
        copy.cell("330103", "考核分").comment = Comment("再议", "王")
    result, told = desk.merge(path)
    assert told == ()
    assert codes(result.problems) == []
    ledger = desk.office.read()[0]
    assert typed_of(ledger, UNIT, "1.4.1") == {"考核分": Decimal("6.5"), "评分理由": "规划未报市里备案", "评分人": "李"}
    assert points(ledger, UNIT, "1.4.1") == Decimal("6.5")
    assert ledger.layouts["评分明细"].comments["330103", "1.4.1"] == {"考核分": "再议"}
    assert [each.said for each in result.accounts] == ["综合处.xlsx：考核分 1 处（李 1）。"]


def test_sorted_renamed_and_alone_a_sheet_comes_home_all_the_same(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        for at, each in enumerate(half()):
            copy.judge(each.unit.code, 考核分=at / 2, 评分理由=f"理由{at}", 评分人="李")
        head, page = copy.head, copy.page
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=head, max_row=head + len(half()))]
        title, *entries = rows
    book = Workbook()  # one sheet alone, without its record, its rows upside down
    sheet = book.active
    sheet.title = "产业"
    for number, row in enumerate([title, *entries[::-1]], 3):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value if not str(value).startswith("=") else None
    alone = desk.folder / "来件.xlsx"
    book.save(alone)
    result, told = desk.merge(alone)
    assert codes(told) == ["KH349"]
    assert codes(result.problems) == []
    ledger = desk.office.read()[0]
    for at, each in enumerate(half()):
        assert typed_of(ledger, each.unit.code, "1.4.1") == {
            "考核分": Decimal(at) / 2, "评分理由": f"理由{at}", "评分人": "李",
        }  # fmt: skip


def test_a_row_that_is_gone_says_nothing(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.judge("330103", 考核分=5, 评分人="李")
        copy.page.delete_rows(copy.cell(UNIT, "考核分").row)
    result, told = desk.merge(path)
    assert [(each.code, each.sheet, each.found) for each in told] == [("KH348", SHEET, "1")]
    assert points(desk.office.read()[0], "330103", "1.4.1") == 5
    assert codes(result.problems) == []


def test_a_sheet_that_was_copied_within_its_file_is_told_where_it_says_otherwise(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=6, 评分人="李")
        copy.judge("330103", 考核分=5, 评分人="李")
        copy.book.copy_worksheet(copy.page).title = "留底"
    with Copy(path, "留底") as copy:
        copy.judge(UNIT, 考核分=7)
        copy.judge("330103", 考核分=None, 评分人=None)
    result, _ = desk.merge(path)
    assert [(each.code, each.unit) for each in result.problems] == [("KH312", "上城区")]
    ledger = desk.office.read()[0]
    assert points(ledger, "330103", "1.4.1") == 5


# ── 4 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_the_program_wrote_in_a_copy_and_is_typed_over_is_told(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        cell = copy.cell(UNIT, "自评分")
        cell.value = 1
        at = cell.coordinate
        copy.judge(UNIT, 考核分=6, 评分人="李")
    result, told = desk.merge(path)
    assert [(each.code, each.sheet, each.cell) for each in told] == [("KH317", SHEET, at)]
    ledger = desk.office.read()[0]
    assert points(ledger, UNIT, "1.4.1") == 6
    held = next(each for each in ledger.scores if each.unit.code == UNIT)
    assert held.criterion("1.4.1").self == case_self(desk, "1.4")
    assert codes(result.problems) == []


@pytest.mark.parametrize("title", ["考核分", "评分理由", "单位代码"])
def test_a_copy_whose_column_is_gone_is_not_taken_and_says_which(desk: Desk, title: str) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.page.delete_cols(copy.cell(UNIT, title).column)
    copied, (told,) = read_copy(SCHEME, path, desk.ledger())
    assert (copied, told.code, told.sheet, told.expected) == (None, "KH301", SHEET, title)


def test_a_unit_whose_code_was_swapped_is_doubtful(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=6, 评分人="李")
        copy.cell(UNIT, "单位代码").value = "330104"
    _, told = desk.merge(path)
    assert codes(told) == ["KH317"]
    ledger = desk.office.read()[0]
    assert [points(ledger, code, "1.4.1") for code in (UNIT, "330104")] == [6, None], "they go to no other unit"


def test_the_copy_of_another_scheme_is_not_taken(desk: Desk) -> None:
    other = scheme(item("1"), units=("甲", "乙"))
    elsewhere = Office(desk.folder / "另.xlsx", tuple(a_case(unit) for unit in other.units), other)
    elsewhere.score()
    path = desk.folder / "别处.xlsx"
    path.write_bytes(judging.judging_workbook(other, elsewhere.read()[0], "未定责任处室"))
    copied, told = read_copy(SCHEME, path, desk.ledger())
    assert (copied, codes(told)) == (None, ["KH310"])


# ── 5 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_department_may_change_its_mind(desk: Desk) -> None:
    first = desk.issue("综合处")
    with Copy(first) as copy:
        copy.judge(UNIT, 考核分=6, 评分理由="一", 评分人="李")
        copy.judge("330103", 考核分=5, 评分理由="二", 评分人="李")
    desk.merge(first)
    again = desk.issue("综合处")
    with Copy(again) as copy:
        assert copy.cell(UNIT, "考核分").value == 6, "it is issued with what it said"
        copy.judge(UNIT, 考核分=7, 评分理由="重新核对")
        copy.judge("330103", 考核分=None, 评分理由=None, 评分人=None)
    result, told = desk.merge(again)
    assert (codes(told), codes(result.problems)) == ([], [])
    ledger = desk.office.read()[0]
    assert typed_of(ledger, UNIT, "1.4.1") == {"考核分": Decimal(7), "评分理由": "重新核对", "评分人": "李"}
    assert typed_of(ledger, "330103", "1.4.1") == {}


def test_what_the_office_changed_meanwhile_is_not_undone_by_an_old_copy(desk: Desk) -> None:
    from edits import Edit

    first = desk.issue("综合处")
    with Copy(first) as copy:
        copy.judge(UNIT, 考核分=6, 评分人="李")
    desk.merge(first)
    again = desk.issue("综合处")
    with Edit(desk.office.path) as edit:
        edit.judge(UNIT, "1.4.1", 考核分=4)
    desk.office.score()
    result, _ = desk.merge(again)
    assert codes(result.problems) == []
    assert points(desk.office.read()[0], UNIT, "1.4.1") == 4, "the copy says nothing new"
    with Copy(again) as copy:
        copy.judge(UNIT, 考核分=7)
    result, _ = desk.merge(again)
    assert codes(result.problems) == ["KH312"], "both changed it: the office decides"
    assert points(desk.office.read()[0], UNIT, "1.4.1") == 4


def test_a_copy_judges_no_items_of_others(desk: Desk) -> None:
    path = desk.issue("综合处")
    desk.departments = {**WHOSE, "1.4": "高新处"}
    with Copy(path) as copy:
        copy.judge(UNIT, 考核分=6, 评分人="李")
    result, _ = desk.merge(path)
    assert codes(result.problems) == ["KH345", "KH345"]
    assert points(desk.office.read()[0], UNIT, "1.4.1") is None


# ── 6 ───────────────────────────────────────────────────────────────────────────────────────────────────

LATE = ("上城区", "1.4.1", date(2007, 3, 5), "未按时报送规划", 2, None, "市府办通报")
HELPED = ("上城区", "1.4.1", "2007年6月1日", "招商经验全市推广", None, 0.5, "市府简报第8期")


def test_single_deductions_are_summed_and_offered(desk: Desk) -> None:
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.note(LATE, HELPED)
    result, told = desk.merge(path)
    assert (codes(told), codes(result.problems)) == (["KH120"], []), "a day written out is taken, with a note"
    ledger = desk.office.read()[0]
    assert [(each.points, each.source) for each in ledger.incidents] == [
        (Decimal(-2), "综合处"), (Decimal("0.5"), "综合处"),
    ]  # fmt: skip
    held = next(each for each in ledger.scores if each.unit.code == UNIT).criterion("1.4.1")
    assert held.points is None, "it is offered, and not given"
    assert held.steps[1:] == (
        "台账：2007-03-05 未按时报送规划，扣 2 分（市府办通报）",
        "台账：2007-06-01 招商经验全市推广，加 0.5 分（市府简报第8期）",
    )
    with Copy(desk.issue("综合处")) as copy:
        assert copy.cell(UNIT, "台账得分").value is not None
    with Copy(desk.issue("综合处", "再.xlsx")) as copy:
        copy.judge(UNIT, 考核分=7, 评分人="李")
    result, _ = desk.merge(desk.folder / "再.xlsx")
    (odd,) = result.problems
    assert (odd.code, odd.found, odd.expected) == ("KH357", "7", "6.5")
    office = desk.office.score()[0]
    assert points(office, UNIT, "1.4.1") == 7
    assert len(office.incidents) == 2, "the register is carried over"


def test_what_a_department_withdraws_is_gone_and_the_offices_stays(desk: Desk) -> None:
    book = load_workbook(desk.office.path)
    for column, value in enumerate(("下城区", "1.6.1", None, "统计差错", 1, None, None), 1):
        book["扣分加分台账"].cell(2, column).value = value
    book.save(desk.office.path)
    _, told = desk.office.score()
    assert codes(told) == ["KH356"], "a date and a proof are lacking"
    path = desk.issue("综合处")
    with Copy(path) as copy:
        copy.note(LATE, HELPED)
    desk.merge(path)
    again = desk.issue("综合处")
    with Copy(again) as copy:
        page = copy.book["扣分加分台账"]
        facts = {page.cell(row, 4).value: row for row in range(2, 8)}
        page.delete_rows(facts["未按时报送规划"])
    result, _ = desk.merge(again)
    held = [(each.facts, each.source) for each in result.ledger.incidents]
    assert held == [("统计差错", ""), ("招商经验全市推广", "综合处")]
    result, _ = desk.merge(again)
    assert len(result.ledger.incidents) == 2, "merged twice, noted once"


@pytest.mark.parametrize(
    ("entry", "code", "cell"),
    [
        (("没有的区", "1.4.1", None, "甲", 1), "KH355", "A2"), (("上城区", "9.9", None, "甲", 1), "KH355", "B2"),
        (("上城区", "1.4.1", None, "甲", 1, 1), "KH355", "E2"), (("上城区", "1.4.1", None, "甲"), "KH355", "E2"),
        (("上城区", "1.4.1", None, "甲", -1), "KH103", "E2"), (("上城区", "1.4.1", None, "甲", "半"), "KH104", "E2"),
        (("上城区", "1.4.1", None, "甲", 0.125), "KH112", "E2"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_taken_is_named_with_its_cell(
    desk: Desk, entry: tuple[Any, ...], code: str, cell: str
) -> None:
    book = load_workbook(desk.office.path)
    for column, value in enumerate(entry, 1):
        book["扣分加分台账"].cell(2, column).value = value
    book.save(desk.office.path)
    ledger, told = desk.office.score()
    assert [(each.code, each.sheet, each.cell) for each in told] == [(code, "扣分加分台账", cell)]
    assert ledger.incidents == ()


# ── 7 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_has_not_handed_in_is_known(desk: Desk) -> None:
    ledger = reminders.noted(desk.ledger(), ["综合处", "高新处"], reminders.ISSUED, date(2007, 11, 20), first=True)
    desk.office.path.write_bytes(workbook.ledger_workbook(SCHEME, ledger))
    path = desk.issue("综合处")
    with Copy(path) as copy:
        for each in half():
            copy.judge(each.unit.code, 考核分=8)
    result, _ = desk.merge(path)
    now = reminders.noted(result.ledger, ["综合处"], reminders.RETURNED, date(2007, 11, 28), first=False)
    found = {each.department: each for each in reminders.standings(SCHEME, now)}
    assert (found["综合处"].waiting, found["综合处"].state) == (7, "已交回，未评完")
    assert (found["高新处"].waiting, found["高新处"].state) == (14, "未交")
    assert found["未定责任处室"].state == "未评"
    assert reminders.said(found.values()) == (
        "高新处：未交（2007-11-20 发出），待评 14 个分，全部 7 个单位。",
        "综合处：已交回，未评完（2007-11-20 发出，2007-11-28 交回），待评 7 个分，全部 7 个单位。",
    )
    desk.office.path.write_bytes(workbook.ledger_workbook(SCHEME, now))
    ledger, _ = desk.office.score()
    assert ledger.reminders == now.reminders, "the dates are carried over"


# ── several judges ──────────────────────────────────────────────────────────────────────────────────────


PANEL = scheme(
    item("1", criterion("1.1", "10", 'kind = "judged", judges = 3')),
    item("2", criterion("2.1", "10", 'kind = "judged", judges = 5, drop = true')),
    units=("甲", "乙", "丙"),
)  # fmt: skip


def test_judges_fill_in_copies_of_their_own(tmp_path: Path) -> None:
    """By hand: 甲 8, 9, 9 → 8.67; 乙 7, 7, 7 → 7; 丙 lacks its third judge."""
    office = Office(tmp_path / "评分底稿.xlsx", tuple(a_case(unit) for unit in PANEL.units), PANEL)
    office.score()
    desk = Desk(office, tmp_path, {"1": "评审组", "2": "评审组"})
    marks = {"评委1": {"U1": 8, "U2": 7, "U3": 10}, "评委2": {"U1": 9, "U2": 7, "U3": 10}, "评委3": {"U1": 9, "U2": 7}}
    paths = []
    for judge, given in marks.items():
        path = desk.issue("评审组", f"评审组-{judge}.xlsx")
        with Copy(path, "1 项目1") as copy:
            for unit, mark in given.items():
                copy.judge(unit, **{judge: mark})
        paths.append(path)
    result, told = desk.merge(*paths)
    assert (codes(told), codes(result.problems)) == ([], [])
    ledger = office.read()[0]
    assert [points(ledger, unit, "1.1") for unit in ("U1", "U2", "U3")] == [Decimal("8.67"), 7, None]
    assert ledger.scores[2].criterion("1.1").steps == ("待评委评分，评委3未评",)


def test_a_judge_whose_column_is_gone_has_withdrawn_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", tuple(a_case(unit) for unit in PANEL.units), PANEL)
    office.score()
    desk = Desk(office, tmp_path, {"1": "评审组", "2": "评审组"})
    path = desk.issue("评审组")
    with Copy(path, "1 项目1") as copy:
        copy.judge("U1", 评委1=8, 评委2=9, 评委3=9)
    desk.merge(path)
    again = desk.issue("评审组", "再.xlsx")
    with Copy(again, "1 项目1") as copy:
        copy.page.delete_cols(copy.cell("U1", "评委2").column)
        copy.judge("U1", 评委1=None)
    desk.merge(again)
    assert typed_of(office.read()[0], "U1", "1.1") == {"评委2": Decimal(9), "评委3": Decimal(9)}


MIXED = scheme(
    '[[kind]]\nname = "县"\n[kind.change.criterion."1.3"]\nrule = { kind = "judged", judges = 2 }\n',
    item(
        "1", criterion("1.1", "10", 'kind = "judged", judges = 5'), criterion("1.2", "5"),
        criterion("1.3", "5", 'kind = "judged", judges = 3'),
    ),
    units=("甲", "乙"), kinds={"乙": "县"},
)  # fmt: skip


def test_a_row_asks_for_the_marks_of_its_own_judges(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", tuple(a_case(unit) for unit in MIXED.units), MIXED)
    office.score()
    desk = Desk(office, tmp_path, {"1": "评审组"})
    path, judged = desk.issue("评审组"), {"1.1": (5, 5), "1.2": (0, 0), "1.3": (3, 2)}
    with Copy(path, "1 项目1") as copy:
        colours = {
            str(area.sqref).split(":")[0][0]: rule.formula[0]
            for area, rules in copy.page.conditional_formatting._cf_rules.items()
            for rule in rules
            if rule.formula[0].startswith("AND(")
        }
        letters = {title: copy.cell("U1", title).column_letter for title in ("状态", "考核分", "评委人数", "评委3")}
        first, (state, mark, count, third) = copy.head + 1, letters.values()
        assert colours[mark] == f'AND({mark}{first}="",${state}{first}="待评",${count}{first}=0)'
        assert colours[third] == f'AND({third}{first}="",${state}{first}="待评",${count}{first}>=3)'
        assert copy.page.column_dimensions[count].hidden
        assert len(colours) == 6, "考核分, and each of five judges"
        for id, counts in judged.items():
            for code, own in zip(("U1", "U2"), counts, strict=True):
                cells = [copy.cell(code, f"评委{at}", id) for at in range(1, 6)]
                yellow = [cell for cell in cells if cell.fill.fgColor.rgb == "FFFFF9D6"]
                assert (yellow, copy.cell(code, "评委人数", id).value) == (cells[:own], own)
                assert [cell.protection.locked for cell in cells] == [at >= own for at in range(5)]
                for cell in yellow or [copy.cell(code, "考核分", id)]:
                    cell.value = 5
    result, told = desk.merge(path)
    assert (codes(told), codes(result.problems)) == ([], []), "what a colour asks for is taken"
    ledger, told = office.score()
    assert told == ()
    assert {points(ledger, unit, id) for unit in ("U1", "U2") for id in judged} == {Decimal(5)}
    page = load_workbook(office.path)["评分明细"]
    at = {cell.value: cell.column for cell in page[1]}
    shades = {
        (page.cell(row, at["单位代码"]).value, page.cell(row, at["细则"]).value): sum(
            page.cell(row, at[f"评委{count}"]).fill.fgColor.rgb == "FFFFF9D6" for count in range(1, 6)
        )
        for row in range(2, page.max_row + 1)
    }
    assert shades == {(code, id): counts[at] for id, counts in judged.items() for at, code in enumerate(("U1", "U2"))}


LESS = '[[kind]]\nname = "县"\n[kind.change.criterion."1.1"]\npoints = 6\n'
DROP = 'rule = { kind = "judged", judges = 3, drop = true }\n'
BELOW = 'rule = { kind = "judged", least = -5 }\n'


@pytest.mark.parametrize(
    ("kind", "titled", "shown", "how", "covered", "below"),
    [
        ("", "1　项目1（满分 10 分）评分表", False, "由责任处室评定，0–10 分", 10, False),
        (LESS, "1　项目1评分表", True, "区由责任处室评定，0–10 分；县由责任处室评定，0–6 分", "10 或 6", False),
        (
            LESS.replace("points = 6\n", DROP), "1　项目1（满分 10 分）评分表", False,
            "区由责任处室评定，0–10 分；县由 3 位评委评定，0–10 分，去掉一个最高分和一个最低分后取平均", 10, False,
        ),
        (
            LESS.replace("points = 6\n", BELOW), "1　项目1（满分 10 分）评分表", False,
            "区由责任处室评定，0–10 分；县由责任处室评定，-5 至 10 分", 10, True,
        ),
    ],
)  # fmt: skip
def test_a_sheet_tells_each_kind_of_units_its_own_points(
    tmp_path: Path, kind: str, titled: str, shown: bool, how: str, covered: Any, below: bool
) -> None:
    made = scheme(kind, item("1"), units=("甲", "乙"), kinds={"乙": "县"})
    office = Office(tmp_path / "评分底稿.xlsx", tuple(a_case(unit) for unit in made.units), made)
    office.score()
    path = Desk(office, tmp_path, {"1": "综合处"}).issue("综合处")
    with Copy(path, "1 项目1") as copy:
        texts = [str(cell.value) for row in copy.page.iter_rows(max_row=copy.head - 1) for cell in row if cell.value]
        assert (texts[0], f"评分办法：{how}" in texts) == (titled, True), texts
        full = copy.cell("U2", "满分")
        assert full.value == (6 if shown else 10)
        assert copy.page.column_dimensions[full.column_letter].hidden is not shown
        assert copy.book["填写说明"].cell(4, 3).value == covered
        (check,) = copy.page.data_validations.dataValidation
        assert (">=0" not in check.formula1) is below
