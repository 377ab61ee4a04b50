"""1 the contract of sheets and columns  2 what is written is read  3 what people type counts, or is named
4 nothing typed is lost  5 a changed basis is marked and keeps the result open  6 people may sort, move and add.
"""

import random
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from amounts import amount
from edits import Edit
from msgspec.structs import replace
from ranking_samples import usual

import kaohe_cli.scheme
from kaohe_cli.assess.score import full_points, read_by
from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.ledger.detail import award_field
from kaohe_cli.model import Case, Entry, Mark, Origin, Publicity, Settings, Source, Unit, Value
from kaohe_cli.naming import plain_name
from kaohe_cli.paper.provenance import sources
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

SCHEME = load()


def bare(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Cases as they come from the returns, before anyone judged."""
    day = date(2007, 11, 10)
    return tuple(
        replace(
            case, awards={}, verified={}, veto=None, filled=day if case.reported else None,
            reported={**case.reported, "date": Entry(day)} if case.reported else {},
        )
        for case in cases
    )  # fmt: skip


def another(folder: Path) -> Scheme:
    """The scheme from another file that says the same."""
    source = Path(kaohe_cli.scheme.__file__).parent / "hangzhou_2007.toml"
    copy = folder / source.name
    copy.write_bytes(source.read_bytes() + b"# changed since")
    return load(str(copy))


def codes(problems: Iterable[Problem]) -> list[str]:
    return [each.code for each in problems]


def half() -> tuple[Case, ...]:
    """Half the units of a year."""
    return bare(usual(SCHEME))[:7]


@dataclass
class Office:
    """The office at work: returns come in, ``score`` runs, people type, ``score`` runs again."""

    path: Path
    cases: tuple[Case, ...] = field(default_factory=lambda: bare(usual(SCHEME)))
    scheme: Scheme = SCHEME
    problems: tuple[Problem, ...] = ()
    judges: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    publicity: Publicity = field(default_factory=Publicity)

    def confirm(self) -> Ledger:
        """Confirm all that is odd, as the office would; the ledger as it is then."""
        ledger, _ = self.score()
        with Edit(self.path) as edit:
            for each in ledger.queries:
                code, named = each.unit.code, self.scheme.names.get(each.field)
                if named is not None:
                    edit.verify(code, named.title, named.label, 核实="属实")
                elif each.field:
                    edit.judge(code, each.field, 核实="属实")
                else:
                    edit.situation(code, 核实="属实")
        return self.score()[0]

    def score(self) -> tuple[Ledger, tuple[Problem, ...]]:
        previous = None
        told: tuple[Problem, ...] = ()
        if self.path.exists():
            previous, told = workbook.read_previous(self.scheme, self.path)
            assert previous is not None, told
        units = tuple(case.unit for case in self.cases)
        settings = Settings(units, {}, {}, {"1.4": "综合处"}, {"over5": ("王五", "2007-07-20")}, "考核设置.xlsx")
        settings = replace(settings, judges=self.judges, publicity=self.publicity)
        files = [Source("设置", "考核设置.xlsx", 10, "ab"), Source("填报表", "上城区.xlsx", 1, "cd")]
        made = sources(self.scheme.sources, files)
        ledger, wrong = workbook.assemble(self.scheme, settings, self.cases, self.problems, made, previous)
        self.path.write_bytes(workbook.ledger_workbook(self.scheme, ledger, (*told, *wrong)))
        return ledger, (*told, *wrong)

    def read(self) -> tuple[Ledger, tuple[Problem, ...]]:
        return self.read_by(self.scheme)

    def read_by(self, scheme: Scheme) -> tuple[Ledger, tuple[Problem, ...]]:
        ledger, problems = workbook.read(scheme, self.path)
        assert ledger is not None, problems
        return ledger, problems

    def report(self, code: str, **figures: Value | None) -> None:
        """Have a unit send a new return; ``sales_actual`` is sales.actual, ``self_1_4`` its 自评分 of 1.4."""
        names = {
            name: f"{name[5:].replace('_', '.')}.self" if name.startswith("self_") else name.replace("_", ".")
            for name in figures
        }
        self.change(code, {names[name]: value for name, value in figures.items()})

    def change(self, code: str, figures: Mapping[str, Value | None]) -> None:
        changed = {name: Entry(value, Origin("新表.xlsx", "指标填报", "F9")) for name, value in figures.items()}
        self.cases = tuple(
            replace(case, reported={**case.reported, **changed}) if case.unit.code == code else case
            for case in self.cases
        )


@pytest.fixture
def whole(tmp_path: Path) -> Office:
    """An office with all its units."""
    made = Office(tmp_path / "评分底稿.xlsx")
    made.score()
    return made


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with half its units."""
    made = Office(tmp_path / "评分底稿.xlsx", half())
    made.score()
    return made


def case_of(ledger: Ledger, code: str) -> Case:
    return next(case for case in ledger.cases if case.unit.code == code)


def points(ledger: Ledger, code: str, criterion: str) -> Decimal | None:
    return next(score for score in ledger.scores if score.unit.code == code).criterion(criterion).points


def standing(ledger: Ledger, key: tuple[str, str, str]) -> list[str]:
    return [open.standing for open in ledger.open if open.key == key]


def review(ledger: Ledger) -> dict[tuple[str, str, str], str]:
    return {open.key: open.said for open in ledger.open if open.standing == "review"}


# ── 1 the contract ──────────────────────────────────────────────────────────────────────────────────────

CONTRACT = {
    "评分明细": "单位代码, 单位, 项目, 细则, 名称, 满分, 类型, 自评分, 规则得分, "
    "考核分, 评分理由, 评分人, 状态, 评分依据",
    "数据核定": "单位代码, 单位, 指标, 数据项, 计量单位, 填报值, 核定值, 核定依据, 核实, 状态",
    "单位情况": "单位代码, 单位, 回收状态, 回收文件, 收到日期, 填报日期, 一票否决, 认定机关, 文号, 认定日期, 备注",
}


def test_sheets_and_columns_are_the_contract(whole: Office) -> None:
    book = openpyxl.load_workbook(whole.path)
    assert {*CONTRACT, "问题清单", "来源"} <= set(book.sheetnames)
    for sheet, titles in CONTRACT.items():
        found = [cell.value for cell in book[sheet][1]]
        assert ", ".join(found[: titles.count(",") + 1]) == titles
        assert len(found) == len(set(found))
        assert book[sheet].freeze_panes
        assert book[sheet].auto_filter.ref
    assert book["评分明细"].max_row == 1 + 14 * 32
    assert book["数据核定"].max_row == 1 + 14 * len(SCHEME.figures)
    assert book["单位情况"].max_row == 1 + 14
    assert len(book["评分明细"].data_validations.dataValidation) == 2


@pytest.mark.slow
def test_one_item_stands_together_across_all_units(whole: Office) -> None:
    page = openpyxl.load_workbook(whole.path)["评分明细"]
    criteria = [row[3].value for row in page.iter_rows(min_row=2)]
    assert criteria == [criterion for criterion in SCHEME.criteria for _ in range(14)]


def test_measures_and_figures_have_names_of_their_own() -> None:
    names = [(each.title, each.label) for each in SCHEME.names.values()]
    assert len(names) == len(set(names)) > 50


# ── 2 what is written is read ───────────────────────────────────────────────────────────────────────────


def known(case: Case) -> dict[str, tuple[Any, bool]]:
    return {
        name: (entry.value, entry.invalid)
        for name, entry in case.reported.items()
        if entry.value is not None or entry.invalid
    }


def test_the_ledger_alone_gives_every_score(tmp_path: Path) -> None:
    odd = {
        "sales.actual": Entry(None, Origin("乱.xlsx", "指标填报", "F8"), invalid=True),
        "invest.actual": Entry(None),
        "tech.target": Entry(Mark.NO_TASK),
        "plants.done": Entry(Mark.NO_TASK),
        "chemicals.actual": Entry(Mark.NOT_APPLICABLE),
        "loans.actual": Entry(Decimal("0.12345678901234567")),
        "credit.actual": Entry(Decimal("0.1") + Decimal("0.2")),
        "1.4.self": Entry(None, None, invalid=True),
        "sales.evidence": Entry('=HYPERLINK("http://x")'),
        "filer": Entry("+8613800000000"),
    }
    first, *rest = bare(usual(SCHEME))
    office = Office(tmp_path / "底稿.xlsx", (replace(first, reported={**first.reported, **odd}), *rest))
    written, _ = office.score()
    read, problems = office.read()
    assert problems == ()
    assert [known(case) for case in read.cases[1:]] == [known(case) for case in office.cases[1:]]
    assert {name: known(read.cases[0])[name] for name in odd if odd[name].value is not None or odd[name].invalid} == {
        name: (entry.value, entry.invalid) for name, entry in odd.items() if entry.value is not None or entry.invalid
    }
    for before, after in zip(office.cases, read.cases, strict=True):
        assert (after.unit, after.status, after.file, after.filled) == (
            before.unit, before.status, before.file, before.filled,
        )  # fmt: skip
        for name, entry in before.reported.items():
            if entry.value is not None and name in SCHEME.figures:
                assert after.reported[name].origin == entry.origin
    assert read.scores == written.scores
    assert read.open == written.open
    assert (read.readings, read.departments, read.approvals, read.sources, read.settings) == (
        written.readings, written.departments, written.approvals, written.sources, written.settings,
    )  # fmt: skip


@pytest.mark.slow
def test_the_same_returns_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = Office(tmp_path / "1.xlsx"), Office(tmp_path / "2.xlsx")
    one.score()
    two.score()
    assert one.path.read_bytes() == two.path.read_bytes()
    one.score()
    assert one.path.read_bytes() == two.path.read_bytes(), "scoring again without any change must change nothing"


@pytest.mark.slow
def test_the_returns_problems_stay_in_the_ledger_and_its_own_are_told_anew(office: Office) -> None:
    from kaohe_cli.diagnostic import problem

    office.problems = (problem("KH101", unit="上城区", file="上城区.xlsx", sheet="指标填报", cell="F8", label="销售"),)
    with Edit(office.path) as edit:
        edit.judge("330102", "1.1.1", 考核分=3)
    office.score()
    read, problems = office.read()
    assert read.problems == office.problems
    assert codes(problems) == ["KH304"]
    listed = [row[0].value for row in openpyxl.load_workbook(office.path)["问题清单"].iter_rows(min_row=2)]
    assert listed == ["KH101", "KH304"]


@pytest.mark.slow
def test_brackets_of_ascii_in_an_older_ledger_are_read_full_width(tmp_path: Path) -> None:
    from kaohe_cli.diagnostic import problem

    now = Office(tmp_path / "now.xlsx")
    older = Office(tmp_path / "older.xlsx")
    older.cases = tuple(
        replace(case, unit=Unit(*(plain_name(text) for text in (unit.code, unit.name, unit.kind, f"{unit.name}局"))))
        for case in now.cases
        for unit in [case.unit]
    )
    older.problems = (problem("KH101", unit="滨江区(高新区)", file="滨江区(高新区).xlsx", label="销售"),)
    older.score()
    with Edit(older.path) as edit:
        assert edit.said("单位情况", ("330108",), "单位") == "滨江区(高新区)"
        assert edit.said("单位情况", ("330122",), "类别") == "县(市)"
        edit.judge("330108", "1.4.1", 考核分=99)
        edit.judge("330108", "1.5.1", 考核分=7)
    ledger, problems = older.read()
    assert [(case.unit.name, case.unit.kind) for case in ledger.cases] == [
        (case.unit.name, case.unit.kind) for case in now.cases
    ]
    assert case_of(ledger, "330108").unit.bureau == "滨江区（高新区）局"
    assert [each.unit for each in ledger.problems] == ["滨江区（高新区）"]
    assert [each.unit for each in problems] == ["滨江区（高新区）"]
    assert {work.name for work in ledger.typed.values()} == {"滨江区（高新区）"}
    assert points(ledger, "330108", "1.5.1") == 7
    now_again = Office(older.path)  # the returns come in again, by the scheme of today
    now_again.score()
    with Edit(older.path) as edit:
        assert edit.said("单位情况", ("330108",), "单位") == "滨江区（高新区）"
        assert edit.said("评分明细", ("330108", "1.5.1"), "单位") == "滨江区（高新区）"
        assert edit.said("评分明细", ("330108", "1.5.1"), "考核分") == 7


@pytest.mark.slow
def test_an_entry_without_a_home_is_of_a_unit_in_print(tmp_path: Path) -> None:
    office = Office(tmp_path / "评分底稿.xlsx")
    office.score()
    with Edit(office.path) as edit:
        edit.judge("330108", "1.4.1", 考核分=5)
    office.cases = tuple(case for case in office.cases if case.unit.code != "330108")
    office.score()
    with Edit(office.path) as edit:
        edit.book["已无对应"].cell(2, edit.column("已无对应", "单位")).value = "滨江区(高新区)"
    ledger, problems = office.read()
    assert {work.name for work in ledger.typed.values()} == {"滨江区（高新区）"}
    assert [(each.code, each.unit) for each in problems] == [("KH307", "滨江区（高新区）")]


def test_a_reading_in_force_goes_with_the_ledger(tmp_path: Path) -> None:
    office = Office(tmp_path / "底稿.xlsx", scheme=load("hangzhou_2007", {"remainder": "benefit"}))
    office.score()
    read, problems = workbook.read(load(), office.path)
    assert problems == ()
    assert read is not None
    assert read.readings["remainder"] == "benefit"


# ── 3 what people type counts, or is named ──────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_department_awards_points(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6.5, 评分人="李处长", 评分理由="规划完整")
        edit.judge("330103", "1.4.1", 考核分="７．５分")
        edit.judge("330104", "1.4.1", 考核分=0)
    ledger, problems = office.read()
    assert points(ledger, "330102", "1.4.1") == Decimal("6.5")
    assert points(ledger, "330103", "1.4.1") == Decimal("7.5")
    assert points(ledger, "330104", "1.4.1") == 0
    assert points(ledger, "330105", "1.4.1") is None
    award = case_of(ledger, "330102").awards["1.4.1"]
    assert (award.by, award.reason, award.origin.cell[0] if award.origin else "") == ("李处长", "规划完整", "J")
    assert standing(ledger, ("评分明细", "330105", "1.4.1")) == ["pending"]
    assert codes(problems) == ["KH120"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "code"),
    [(8.01, "KH103"), (-1, "KH103"), (7.125, "KH112"), ("优", "KH104"), ("约7", "KH105"), (True, "KH110"),
     ("=A1", "KH107"), ("#DIV/0!", "KH108"), (date(2007, 3, 5), "KH109")],
)  # fmt: skip
def test_what_cannot_be_points_is_named_kept_and_not_counted(office: Office, value: Any, code: str) -> None:
    key = ("评分明细", "330102", "1.4.1")
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=value)
        row = edit.row("评分明细", ("330102", "1.4.1"), ("单位代码", "细则"))
        if value == "#DIV/0!":
            edit.book["评分明细"].cell(row, 10).data_type = "e"
    ledger, problems = office.read()
    assert [(each.code, each.cell, each.unit) for each in problems] == [(code, f"J{row}", "上城区")]
    assert points(ledger, "330102", "1.4.1") is None
    assert standing(ledger, key) == ["unreadable"]
    office.score()
    with Edit(office.path) as edit:
        shown = edit.said("评分明细", ("330102", "1.4.1"), "考核分")
        assert edit.said("评分明细", ("330102", "1.4.1"), "状态").startswith("填写有误")
    assert shown is not None
    ledger, problems = office.read()
    assert standing(ledger, key) == ["unreadable"], "what was wrong must stay wrong after scoring again"


@pytest.mark.slow
@pytest.mark.parametrize("value", [1e300, -1e300, 1e-300, "1e300", "9" * 32_767, "1," + "111," * 6_000 + "111"])
def test_a_figure_beyond_all_that_can_be_worked_with_is_told(office: Office, value: Any) -> None:
    with Edit(office.path) as edit:
        edit.forget()
        for sheet, title in (("数据核定", "填报值"), ("评分明细", "自评分")):
            column = edit.column(sheet, title)
            for row in range(2, 122):
                edit.book[sheet].cell(row, column).value = value
    read, problems = workbook.read_previous(SCHEME, office.path)
    assert read is not None
    told = [each for each in problems if each.code == "KH314"]
    assert len(told) > 50
    assert all(len(each.found) < 50 for each in told)
    figure = case_of(read, "330102").reported["sales.actual"]
    assert (figure.value, figure.invalid) == (None, True)


@pytest.mark.slow
def test_a_size_of_endless_digits_is_no_size(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.forget()
        edit.book["来源"].cell(2, edit.column("来源", "大小（字节）")).value = "9" * 32_767
    read, _ = workbook.read_previous(SCHEME, office.path)
    assert read is not None
    assert read.sources[0].size is None


@pytest.mark.slow
def test_an_override_needs_a_reason(office: Office) -> None:
    assert points(office.read()[0], "330102", "1.2.1") == 2
    with Edit(office.path) as edit:
        edit.judge("330102", "1.2.1", 考核分=0)
        edit.judge("330103", "1.2.1", 考核分=0, 评分理由="项目未开工")
        edit.judge("330104", "1.2.1", 考核分=2)
    ledger, problems = office.read()
    assert [(each.code, each.unit) for each in problems] == [("KH304", "上城区")]
    assert "1.2.1 工业投资目标" in problems[0].message
    assert points(ledger, "330102", "1.2.1") == 2
    assert points(ledger, "330103", "1.2.1") == 0
    assert "项目未开工" in ledger.scores[1].criterion("1.2.1").steps[-1]
    assert standing(ledger, ("评分明细", "330102", "1.2.1")) == ["unreadable"]
    assert standing(ledger, ("评分明细", "330104", "1.2.1")) == []


@pytest.mark.slow
@pytest.mark.parametrize("value", ["=A1&B1", "#REF!"])
def test_what_is_no_reason_does_not_become_one_when_scored_again(office: Office, value: str) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.2.1", 考核分=1, 评分理由=value)
    office.report("330102", invest_actual=Decimal(90))
    for _ in range(3):
        ledger, problems = office.score()
        assert codes(problems) == ["KH304", "KH306"]
        assert points(ledger, "330102", "1.2.1") == 0, "by the rule"
        assert standing(ledger, ("评分明细", "330102", "1.2.1")) == ["unreadable", "review"]


@pytest.mark.slow
def test_a_bonus_may_be_overridden_within_reason(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.1.3", 考核分=12, 评分理由="核定增长")
        edit.judge("330103", "1.1.3", 考核分=101, 评分理由="笔误")
        edit.judge("330104", "1.1.2", 考核分=1.5, 评分理由="笔误")
    ledger, problems = office.read()
    assert points(ledger, "330102", "1.1.3") == 12
    assert [(each.code, each.unit) for each in problems] == [("KH103", "下城区"), ("KH103", "江干区")]


@pytest.mark.slow
def test_a_verified_figure_replaces_the_reported_one_in_the_rules_alone(office: Office) -> None:
    office.report("330102", sales_actual=Decimal(210), sales_target=Decimal(200), sales_prior=Decimal(150))
    office.score()
    with Edit(office.path) as edit:
        edit.verify("330102", "工业销售产值", "本年实绩", 核定值=199, 核定依据="统计局")
        edit.verify("330103", "“工业项目推进年”活动", "完成情况", 核定值="未完成")
    ledger, problems = office.read()
    assert problems == ()
    score = ledger.scores[0].criterion("1.1.1")
    assert (score.points, score.self) == (0, 4)
    assert points(ledger, "330103", "1.2.3") == 0
    office.score()
    with Edit(office.path) as edit:
        key = ("330102", "工业销售产值", "本年实绩")
        assert edit.said("数据核定", key, "填报值") == 210
        assert edit.said("数据核定", key, "核定值") == 199
        assert edit.said("数据核定", key, "差额") == -11
        assert edit.said("数据核定", key, "对得分的影响").startswith("1.1.1 得分 4 → 0")
    assert office.read()[0].scores == ledger.scores


@pytest.mark.slow
def test_a_verified_figure_of_four_digits_and_more_needs_no_review_at_once(office: Office) -> None:
    office.report("330102", sales_actual=Decimal("2677.5"), sales_target=Decimal(2520))
    office.score()
    with Edit(office.path) as edit:
        edit.verify("330102", "工业销售产值", "本年实绩", 核定值=2600, 核定依据="统计局")
    assert office.read()[1] == ()
    _, told = office.score()
    assert "KH306" not in {each.code for each in told}
    office.report("330102", sales_actual=Decimal("2677.6"))
    ledger, told = office.score()
    assert standing(ledger, ("数据核定", "330102", "sales.actual")) == ["review"]
    assert [each.found for each in told if each.code == "KH306"] == ["填报值 2,677.5 → 2,677.6"]


@pytest.mark.slow
def test_what_is_expected_in_the_ledger_is_said_whole(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6.333)
        edit.verify("330103", "清洁生产审核企业数", "本年实绩", 核定值=3.5)
    _, problems = office.read()
    assert {each.code: each.expected for each in problems} == {"KH111": "整数", "KH112": "最多 2 位小数"}


@pytest.mark.slow
def test_a_verified_figure_goes_through_the_same_door(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.verify("330102", "工业销售产值", "本年实绩", 核定值="12,000万元")
        edit.verify("330103", "工业销售产值", "本年实绩", 核定值="约200")
        edit.verify("330104", "工业销售产值", "本年实绩", 核定值=-3)
        edit.verify("330105", "工业销售产值", "本年实绩", 核定值=200.0000001)
        edit.verify("330106", "工业销售产值", "下达目标", 核定值=0)
        edit.verify("330108", "工业销售产值", "上年实绩", 核定值=0)
    ledger, problems = office.read()
    assert case_of(ledger, "330102").verified["sales.actual"].value == Decimal("1.2")
    told = [(each.code, each.unit) for each in problems]
    assert told == [
        ("KH120", "上城区"), ("KH105", "下城区"), ("KH103", "江干区"), ("KH112", "拱墅区"), ("KH126", "西湖区"),
    ]  # fmt: skip
    assert case_of(ledger, "330103").verified["sales.actual"].invalid
    assert case_of(ledger, "330103").reported["sales.actual"].value is not None
    assert [points(ledger, "330103", each) for each in ("1.1.1", "1.1.2")] == [None, None], "unreadable is unknown"
    assert case_of(ledger, "330108").verified["sales.prior"].value == 0
    unreadable = {open.unit for open in ledger.open if open.standing == "unreadable"}
    assert unreadable == {"下城区", "江干区", "拱墅区", "西湖区"}


@pytest.mark.slow
def test_a_verified_word_is_the_clauses_own_and_an_older_one_is_understood(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.verify("330103", "技术改造“双千工程”", "完成情况", 核定值="未实施")
        edit.verify("330104", "技术改造“双千工程”", "完成情况", 核定值="未完成")
        edit.verify("330105", "技术改造“双千工程”", "完成情况", 核定值="实施了一部分")
    ledger, problems = office.read()
    assert [(each.code, each.unit) for each in problems] == [("KH120", "江干区"), ("KH113", "拱墅区")]
    for code in ("330103", "330104"):
        assert case_of(ledger, code).verified["double.done"].value is Mark.NOT_DONE
        held = next(each for each in ledger.scores if each.unit.code == code).criterion("1.2.5")
        assert held.steps == ("按核定数：技术改造“双千工程”未实施，不得分",)


@pytest.mark.slow
def test_what_figures_are_of_stands_with_the_unit_and_is_read_back(tmp_path: Path) -> None:
    first, *rest = bare(usual(SCHEME))
    said = {**first.reported, "period": Entry("1—10月累计")}
    office = Office(tmp_path / "底稿.xlsx", (replace(first, reported=said), *rest))
    office.score()
    with Edit(office.path) as edit:
        edit.verify("330102", "工业投资", "本年实绩", 核定值=101, 核定依据="年报")
    ledger, problems = office.read()
    assert problems == ()
    assert case_of(ledger, "330102").reported["period"].value == "1—10月累计"
    score = next(each for each in ledger.scores if each.unit.code == "330102")
    assert score.criterion("1.1.1").steps[0].startswith("1—10月工业销售产值 200 亿元，与下达目标")
    # a verified figure is one of the whole year
    assert score.criterion("1.2.1").steps[0].startswith("按核定数：全年工业投资 101 亿元，超过下达目标")


@pytest.mark.slow
def test_what_no_rule_can_say_waits_for_an_award_with_its_reason(tmp_path: Path) -> None:
    first, *rest = bare(usual(SCHEME))
    nothing = {**first.reported, "invest_large.prior": Entry(Decimal(0))}
    office = Office(tmp_path / "底稿.xlsx", (replace(first, reported=nothing), *rest))
    office.score()
    ledger, _ = office.read()
    key = ("评分明细", "330102", "1.1.4")
    assert [(each.standing, each.said) for each in ledger.open if each.key == key] == [("pending", "待定分")]
    with Edit(office.path) as edit:
        edit.judge("330102", "1.1.4", 考核分=4)
    assert codes(office.read()[1]) == ["KH304"]
    with Edit(office.path) as edit:
        edit.judge("330102", "1.1.4", 考核分=4, 评分理由="上年没有投资，本年有，经委务会议定")
    ledger, problems = office.read()
    assert problems == ()
    assert not [each for each in ledger.open if each.key == key]
    held = next(each for each in ledger.scores if each.unit.code == "330102").criterion("1.1.4")
    assert (held.points, held.state, held.rule_points) == (4, "scored", None)


def test_points_in_force_bound_what_may_be_awarded(office: Office) -> None:
    scheme = load(readings={"no_task": "rescale"})
    waived = replace(case_of(office.read()[0], "330102"), verified={"land.target": Entry(Mark.NO_TASK)})
    for id, full in (("1.2.1", "2.5"), ("1.2.4", "0"), ("1.4.1", "8"), ("1.1.2", "1")):
        criterion = scheme.criteria[id]
        field = award_field(criterion, full_points(scheme, criterion, waived.settled))
        assert field.maximum == Decimal(full)
    assert award_field(scheme.criteria["1.1.3"], None).maximum == 100


@pytest.mark.slow
def test_a_veto_counts_and_one_without_its_basis_is_flagged(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.situation("330102", 一票否决="是", 认定机关="市纪委", 文号="杭纪〔2007〕1号", 认定日期=date(2007, 10, 9))
        edit.situation("330103", 一票否决="是", 备注="待补")
        edit.situation("330104", 一票否决="待定")
    ledger, problems = office.read()
    veto = case_of(ledger, "330102").veto
    assert veto is not None
    assert (veto.authority, veto.document, veto.decided) == ("市纪委", "杭纪〔2007〕1号", "2007-10-09")
    assert case_of(ledger, "330103").veto is not None
    assert case_of(ledger, "330104").veto is None
    assert [(each.code, each.severity, each.unit) for each in problems] == [
        ("KH305", "warning", "下城区"),
        ("KH303", "error", "江干区"),
    ]
    assert problems[0].found == "认定机关、文号、认定日期"
    assert [open.unit for open in ledger.open if open.standing == "unreadable"] == ["江干区"]
    assert [open.unit for open in ledger.open if open.standing == "lacking"] == ["下城区"]
    office.score()
    again, _ = office.read()
    assert [case.veto for case in again.cases] == [case.veto for case in ledger.cases]


@pytest.mark.slow
def test_text_of_a_unit_is_never_a_formula(office: Office) -> None:
    office.report("330102", sales_evidence="=cmd|'/C calc'!A0", phone="-0571", filer="@x")
    office.score()
    book = openpyxl.load_workbook(office.path)
    live = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and "cmd" in str(cell.value)
    ]
    assert live == []
    texts = [cell.value for row in book["数据核定"].iter_rows() for cell in row if "cmd" in str(cell.value)]
    assert len(texts) == 1


# ── 4 nothing typed is lost ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_what_was_typed_stays_on_its_key_when_scored_again(whole: Office) -> None:
    with Edit(whole.path) as edit:
        edit.judge("330109", "2.10.1", 考核分=3.25, 评分人="李（代）")
        edit.judge("330109", "2.11.1", 评分理由="尚待材料")
        edit.verify("HEDA", "能源利用监测审计任务", "完成情况", 核定值="已完成", 核定依据="现场核查")
        edit.situation("330122", 备注="已电话核对")
    before, _ = whole.read()
    for _ in range(3):
        whole.score()
        after, problems = whole.read()
        assert problems == ()
        assert {key: work.cells for key, work in after.typed.items()} == {
            key: work.cells for key, work in before.typed.items()
        }
    assert len(after.typed) == 4
    assert points(after, "330109", "2.10.1") == Decimal("3.25")


@pytest.mark.slow
def test_columns_and_sheets_that_people_added_go_along(whole: Office) -> None:
    with Edit(whole.path) as edit:
        edit.add_column("评分明细", "初评", lambda row: f"第{row}行" if row % 3 == 0 else None, at=4)
        edit.add_column("数据核定", "核对人", lambda row: "张" if row == 5 else None)
        notes = edit.book.create_sheet("会议记录")
        notes["B2"], notes["C3"], notes["D4"] = "11月20日", 3.5, date(2007, 11, 20)
        notes["B5"] = "=SUM(1,2)"
        expected = {
            (edit.book["评分明细"].cell(row, 1).value, edit.book["评分明细"].cell(row, 5).value): f"第{row}行"
            for row in range(3, edit.book["评分明细"].max_row + 1, 3)
        }
    for _ in range(2):
        whole.score()
    with Edit(whole.path) as edit:
        page, column = edit.book["评分明细"], edit.column("评分明细", "初评")
        found = {
            (page.cell(row, 1).value, page.cell(row, 4).value): page.cell(row, column).value
            for row in range(2, page.max_row + 1)
            if page.cell(row, column).value
        }
        assert found == expected
        assert len(found) == 149
        notes = edit.book["会议记录"]
        assert (notes["B2"].value, notes["C3"].value, notes["D4"].value.date()) == ("11月20日", 3.5, date(2007, 11, 20))
        checked = edit.book["数据核定"]
        at = edit.column("数据核定", "核对人")
        assert [row for row in range(2, checked.max_row + 1) if checked.cell(row, at).value] == [5]


@pytest.mark.slow
def test_a_formula_in_an_added_column_becomes_its_value_and_is_told_once(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.add_column("评分明细", "初评", lambda row: "=1+1" if row in (3, 4) else None)
    _, problems = office.score()
    assert [(each.sheet, each.found) for each in problems if each.code == "KH313"] == [("评分明细", "初评")]


@pytest.mark.slow
def test_a_scheme_that_changed_since_is_told(office: Office) -> None:
    office.scheme = another(office.path.parent)
    office.score()
    ledger, problems = office.read_by(SCHEME)
    assert codes(problems).count("KH311") == 1
    assert len(ledger.cases) == len(office.cases)


@pytest.mark.slow
def test_entries_without_a_home_are_kept_told_and_come_home_again(whole: Office) -> None:
    with Edit(whole.path) as edit:
        edit.judge("330185", "1.4.1", 考核分=6.6, 评分人="李")
        edit.verify("330185", "工业投资", "本年实绩", 核定值=88)
    everyone = whole.cases
    whole.cases = tuple(case for case in everyone if case.unit.code != "330185")
    for _ in range(2):
        ledger, problems = whole.score()
        assert codes(problems) == ["KH307", "KH307"]
        told = "".join(problem.message for problem in problems)
        assert "临安市 1.4.1 已不在考核之内，原填考核分“6.6”、评分人“李”" in told
        assert "临安市 工业投资·本年实绩 已不在考核之内，原填核定值“88”" in told
    assert "已无对应" in openpyxl.load_workbook(whole.path).sheetnames
    whole.cases = everyone
    ledger, problems = whole.score()
    assert problems == ()
    assert points(ledger, "330185", "1.4.1") == Decimal("6.6")
    assert case_of(ledger, "330185").verified["invest.actual"].value == 88
    assert "已无对应" not in openpyxl.load_workbook(whole.path).sheetnames


@pytest.mark.slow
def test_a_row_copied_with_another_entry_is_told_and_neither_is_lost(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=7)
        page = edit.book["评分明细"]
        row = edit.row("评分明细", ("330102", "1.4.1"), ("单位代码", "细则"))
        page.append([cell.value for cell in page[row]])
        number = page.max_row
        page.cell(number, edit.column("评分明细", "考核分")).value = 6
    ledger, problems = office.read()
    assert [(each.code, each.cell) for each in problems] == [("KH308", f"J{number}"), ("KH319", f"A{number}")]
    assert points(ledger, "330102", "1.4.1") == 7
    assert standing(ledger, ("评分明细", "330102", "1.4.1")) == ["altered", "unreadable"]
    office.score()
    ledger, problems = office.read()
    assert [written.cells["考核分"].value for written in ledger.contradicting] == [6]
    assert standing(ledger, ("评分明细", "330102", "1.4.1")) == ["unreadable"]
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
    ledger, problems = office.read()
    assert (ledger.contradicting, standing(ledger, ("评分明细", "330102", "1.4.1"))) == ((), [])


# ── 5 a changed basis ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_an_entry_whose_basis_changed_is_marked_with_old_and_new(office: Office) -> None:
    office.report("330102", self_1_4=Decimal("7.2"), invest_actual=Decimal(100))
    office.score()
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
        edit.judge("330102", "1.2.1", 考核分=1, 评分理由="一项未竣工")
        edit.verify("330102", "工业投资", "本年实绩", 核定值=101)
        edit.judge("330103", "1.4.1", 考核分=6)
    office.score()
    assert review(office.read()[0]) == {}
    with Edit(office.path) as edit:
        edit.verify("330102", "工业投资", "本年实绩", 核定值=102)
    office.score()
    assert review(office.read()[0]) == {("评分明细", "330102", "1.2.1"): "工业投资本年实绩 101 → 102"}
    with Edit(office.path) as edit:
        edit.judge("330102", "1.2.1", 状态="已复核")
    office.score()
    assert standing(office.read()[0], ("评分明细", "330102", "1.2.1")) == []
    office.report("330102", self_1_4=Decimal("7.9"), invest_actual=Decimal(90))
    _, problems = office.score()
    ledger, again = office.read()
    marked = review(ledger)
    assert marked == {
        ("数据核定", "330102", "invest.actual"): "填报值 100 → 90",
        ("评分明细", "330102", "1.4.1"): "自评分 7.2 → 7.9",
    }
    assert codes(problems) == codes(again) == ["KH306", "KH306"]
    assert points(ledger, "330102", "1.4.1") == 6, "a marked entry stays in force"
    for _ in range(2):  # and stays marked, however often it is scored again
        office.score()
        assert review(office.read()[0]) == marked
    with Edit(office.path) as edit:
        assert edit.said("评分明细", ("330102", "1.4.1"), "状态") == "需复核：自评分 7.2 → 7.9"
        edit.judge("330102", "1.4.1", 考核分=6.4)
        edit.verify("330102", "工业投资", "本年实绩", 状态="已复核")
    ledger, problems = office.read()
    assert review(ledger) == {}
    office.score()
    ledger, problems = office.read()
    assert problems == ()
    assert points(ledger, "330102", "1.4.1") == Decimal("6.4")


@pytest.mark.slow
def test_a_figure_that_changes_back_needs_no_confirmation(office: Office) -> None:
    office.report("330102", self_1_4=Decimal(7))
    office.score()
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
    for self, marks in ((8, ["review"]), (7, [])):
        office.report("330102", self_1_4=Decimal(self))
        office.score()
        assert standing(office.read()[0], ("评分明细", "330102", "1.4.1")) == marks


@pytest.mark.slow
def test_evidence_that_changes_under_an_award_marks_it(office: Office) -> None:
    office.report("330102", monthly_actual=Decimal(0))
    office.score()
    with Edit(office.path) as edit:
        edit.judge("330102", "2.2.1", 考核分=3)
    office.report("330102", monthly_actual=Decimal(2))
    office.score()
    (open,) = [open for open in office.read()[0].open if open.key == ("评分明细", "330102", "2.2.1")]
    assert open.said == "每月报送信息报送最少月份的条数 0 → 2"


TOGETHER = ("评分明细", "330102", "1.2.1"), ("评分明细", "330102", "1.5.1")
VERIFIED = {TOGETHER[0]: "工业投资本年实绩 100 → 90", TOGETHER[1]: "高新技术产业销售产值增幅本年实绩 100 → 80"}


def award(edit: Edit) -> None:
    """Type an override, and points that a department judges by figures."""
    edit.judge("330102", "1.2.1", 考核分=2, 评分理由="项目跨年")
    edit.judge("330102", "1.5.1", 考核分=6)


def correct(edit: Edit) -> None:
    """Type a 核定值 for a figure that each of the two reads."""
    edit.verify("330102", "工业投资", "本年实绩", 核定值=90)
    edit.verify("330102", "高新技术产业销售产值增幅", "本年实绩", 核定值=80)


@pytest.mark.slow
def test_points_and_verified_figures_of_one_session_belong_together(office: Office) -> None:
    with Edit(office.path) as edit:
        award(edit)
        correct(edit)
    for _ in range(2):
        assert review(office.read()[0]) == {}, "rank, which writes no ledger"
    for _ in range(3):
        office.score()
        assert review(office.read()[0]) == {}
    with Edit(office.path) as edit:  # another session, in which one is taken back and the points are given anew
        edit.verify("330102", "工业投资", "本年实绩", 核定值=None)
        edit.judge("330102", "1.2.1", 考核分=1)
    assert review(office.read()[0]) == {}
    office.score()
    office.report("330102", invest_actual=Decimal(70))
    office.score()
    assert review(office.read()[0]) == {TOGETHER[0]: "规则得分 2 → 0；工业投资本年实绩 100 → 70"}


@pytest.mark.slow
def test_a_verified_figure_that_came_after_a_run_asks_until_somebody_answers(office: Office) -> None:
    with Edit(office.path) as edit:
        award(edit)
    office.score()
    with Edit(office.path) as edit:
        correct(edit)
    for _ in range(2):
        found = {key: said.split("；")[-1] for key, said in review(office.read()[0]).items()}
        assert found == VERIFIED, "rank, which writes no ledger"
    for _ in range(3):
        office.score()
        assert review(office.read()[0]).keys() == VERIFIED.keys()
    with Edit(office.path) as edit:
        award(edit)  # the same again answers nothing
    office.score()
    assert review(office.read()[0]).keys() == VERIFIED.keys()
    with Edit(office.path) as edit:
        edit.judge("330102", "1.2.1", 评分理由="项目跨年，已核对")
        edit.judge("330102", "1.5.1", 状态="已复核")
        edit.verify("330102", "工业投资", "本年实绩", 核定值=95)
    for _ in range(2):
        office.score()
        assert review(office.read()[0]) == {}


@pytest.mark.slow
def test_a_return_that_came_while_the_office_typed_still_asks(office: Office) -> None:
    with Edit(office.path) as edit:
        award(edit)
        correct(edit)
    office.change("330102", {"invest.actual": Decimal(91), "hitech_profit.actual": Decimal(60)})
    office.score()
    assert review(office.read()[0]) == {
        ("数据核定", "330102", "invest.actual"): "填报值 100 → 91",  # 1.2.1 reads the 核定值 alone
        TOGETHER[1]: "高新技术产业实现利润增幅本年实绩 100 → 60",
    }


@pytest.mark.slow
def test_a_scheme_that_changed_meanwhile_asks_as_before(office: Office) -> None:
    office.scheme = another(office.path.parent)
    office.score()
    with Edit(office.path) as edit:
        award(edit)
        correct(edit)
    assert review(office.read_by(SCHEME)[0]).keys() == VERIFIED.keys()


@pytest.mark.slow
def test_a_contradiction_does_not_answer_a_review(office: Office) -> None:
    key = ("评分明细", "330102", "1.4.1")
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6)
    office.score()
    office.report("330102", self_1_4=Decimal(7))
    office.score()
    with Edit(office.path) as edit:
        page = edit.book["评分明细"]
        page.append([cell.value for cell in page[edit.row("评分明细", key[1:], ("单位代码", "细则"))]])
        page.cell(page.max_row, edit.column("评分明细", "考核分")).value = 5
    for _ in range(2):
        office.score()
        assert standing(office.read()[0], key) == ["review", "unreadable"]
    with Edit(office.path) as edit:
        edit.book.remove(edit.book["不一致"])
    assert standing(office.read()[0], key) == ["review"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_what_a_run_has_seen_moves_with_its_row(office: Office, seed: int) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.2.1", 考核分=2, 评分理由="项目跨年")
    office.score()
    with Edit(office.path) as edit:
        edit.judge("330102", "1.5.1", 考核分=6)
        correct(edit)
        for sheet in CONTRACT:
            edit.shuffle(sheet, seed)
    assert review(office.read()[0]).keys() == {TOGETHER[0]}


@pytest.mark.slow
@pytest.mark.parametrize("sheets", [["评分明细"], ["数据核定"], ["评分明细", "数据核定"]])
def test_without_the_column_that_tells_what_a_run_has_seen_more_is_asked(office: Office, sheets: list[str]) -> None:
    with Edit(office.path) as edit:
        award(edit)
        correct(edit)
        edit.forget()
        for sheet in sheets:
            edit.book[sheet].delete_cols(edit.column(sheet, "原填内容"))
    office.score()
    assert review(office.read()[0]).keys() == VERIFIED.keys()


@pytest.mark.slow
def test_a_ledger_of_an_earlier_version_says_nothing_of_what_was_seen(office: Office) -> None:
    with Edit(office.path) as edit:
        award(edit)
    office.score()
    with Edit(office.path) as edit:  # earlier versions kept 原填内容 of entries under review alone, and no record
        edit.forget()
        for sheet in ("评分明细", "数据核定"):
            for row in range(2, edit.book[sheet].max_row + 1):
                edit.book[sheet].cell(row, edit.column(sheet, "原填内容")).value = None
    office.change("330102", {"hitech_profit.actual": Decimal(60)})
    ledger, problems = office.score()
    assert codes(problems) == ["KH054", "KH324", "KH306"]
    assert review(ledger) == {TOGETHER[1]: "高新技术产业实现利润增幅本年实绩 100 → 60"}
    with Edit(office.path) as edit:
        correct(edit)
    assert review(office.read()[0]).keys() == VERIFIED.keys()


@pytest.mark.slow
def test_in_many_years_only_what_a_run_has_seen_with_other_figures_is_asked(tmp_path: Path) -> None:
    blank = Office(tmp_path / "评分底稿.xlsx", bare(usual(SCHEME))[2:3])
    blank.score()
    code = blank.cases[0].unit.code
    evidence = [(item.id, each.test.figures) for item, each in SCHEME.evidence.values()]
    reads = {
        id: {figure for item, figures in evidence if item == SCHEME.item_of[id].id for figure in figures}
        if criterion.judged else set(read_by(SCHEME, criterion))
        for id, criterion in SCHEME.criteria.items()
    }  # fmt: skip
    reading = [id for id, figures in reads.items() if figures]
    touched = 0
    years = amount(15, 50)
    for seed in range(years):
        chance = random.Random(seed)
        office = Office(Path(shutil.copy(blank.path, tmp_path / f"{seed}.xlsx")), blank.cases)
        chosen = chance.sample(reading, 6)
        seen, new = chosen[:3], chosen[3:]
        verified = set(chance.sample(sorted(set().union(*(reads[id] for id in chosen))), 3))
        with Edit(office.path) as edit:
            for id in seen:
                edit.judge(code, id, 考核分=chance.randint(0, 2) / 2, 评分理由="复核")
        office.score()
        with Edit(office.path) as edit:
            for id in new:
                edit.judge(code, id, 考核分=chance.randint(0, 2) / 2, 评分理由="复核")
            for figure in sorted(verified):  # the unit reported 100 and more, 5 or 完成
                named = SCHEME.names[figure]
                value = "未完成" if figure.endswith(".done") else chance.randint(10, 99)
                edit.verify(code, named.title, named.label, 核定值=value)
        ledger, _ = office.score()
        assert {open.standing for open in ledger.open} <= {"pending", "review", "query"}
        wanted = {("评分明细", code, id) for id in seen if reads[id] & verified}
        assert review(ledger).keys() == wanted, seed
        assert review(office.read()[0]).keys() == wanted, seed
        touched += any(reads[id] & verified for id in new)
    assert touched > amount(7, 25), touched


def test_what_is_open_is_named_by_department_and_unit(office: Office) -> None:
    ledger, _ = office.read()
    found = {(open.unit, open.item, open.department) for open in ledger.open if open.item == "1.4"}
    assert found == {(case.unit.name, "1.4", "综合处") for case in ledger.cases}


# ── 6 people may sort, move and add ─────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_sorted_rows_and_moved_columns_change_nothing(office: Office, seed: int) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6.5, 评分人="李")
        edit.verify("330102", "工业销售产值", "本年实绩", 核定值=250)
        edit.situation("330105", 一票否决="是", 认定机关="甲", 文号="乙", 认定日期="2007-10-09")
    plain, _ = office.read()
    with Edit(office.path) as edit:
        for sheet in CONTRACT:
            edit.shuffle(sheet, seed)
    shuffled, problems = office.read()
    assert problems == ()
    by_code = {case.unit.code: case for case in shuffled.cases}
    for case in plain.cases:
        assert known(by_code[case.unit.code]) == known(case)
        assert by_code[case.unit.code].veto == case.veto
    assert sorted(score.total or 0 for score in shuffled.scores) == sorted(score.total or 0 for score in plain.scores)
    assert {open.key for open in shuffled.open} == {open.key for open in plain.open}
    office.score()
    assert office.read()[0].scores == plain.scores


@pytest.mark.slow
def test_codes_that_became_numbers_are_still_codes(office: Office) -> None:
    with Edit(office.path) as edit:
        edit.judge("330102", "1.4.1", 考核分=6.5)
        for sheet in CONTRACT:
            for row in edit.book[sheet].iter_rows(min_row=2, max_col=1):
                if str(row[0].value).isdigit():
                    row[0].value = int(row[0].value)
    ledger, problems = office.read()
    assert problems == ()
    assert points(ledger, "330102", "1.4.1") == Decimal("6.5")


BROKEN: dict[str, tuple[str, Callable[[Edit], None]]] = {
    "KH036": ("a sheet is gone", lambda edit: edit.book.remove(edit.book["评分明细"])),
    "KH309": ("another sheet is gone", lambda edit: edit.book.remove(edit.book["单位情况"])),
    "KH301": ("a title is gone", lambda edit: setattr(edit.book["评分明细"]["J1"], "value", "得分")),
    "KH302": ("a title stands twice", lambda edit: setattr(edit.book["评分明细"]["W1"], "value", "考核分")),
    "KH323": ("the record is gone", Edit.forget),
}
UNRECORDED: dict[str, tuple[str, Callable[[Edit], None]]] = {
    "KH310": ("another scheme", lambda edit: _replace(edit, "来源", "hangzhou_2007", "hangzhou_2006")),
    "KH902": ("an unknown reading", lambda edit: _replace(edit, "来源", "over5", "over6")),
    "KH314": ("an unknown status", lambda edit: _replace(edit, "单位情况", "已收", "收了")),
}


def _replace(edit: Edit, sheet: str, old: str, new: str) -> None:
    cells = [cell for row in edit.book[sheet].iter_rows() for cell in row if cell.value == old]
    assert cells
    for cell in cells:
        cell.value = new


@pytest.mark.slow
@pytest.mark.parametrize("code", BROKEN)
def test_a_ledger_that_cannot_be_read_whole_is_not_read_at_all(office: Office, code: str) -> None:
    with Edit(office.path) as edit:
        BROKEN[code][1](edit)
    ledger, problems = workbook.read(SCHEME, office.path)
    assert ledger is None
    assert codes(problems)[:1] == [code]


@pytest.mark.slow
@pytest.mark.parametrize("code", UNRECORDED)
def test_without_a_record_what_cannot_be_read_whole_is_not_written_anew(office: Office, code: str) -> None:
    with Edit(office.path) as edit:
        edit.forget()
        UNRECORDED[code][1](edit)
    ledger, problems = workbook.read_previous(SCHEME, office.path)
    assert ledger is None
    assert codes(problems)[:1] == [code]


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "评分底稿.xlsx").write_bytes(b"not a workbook")
    ledger, problems = workbook.read(SCHEME, tmp_path / "评分底稿.xlsx")
    assert ledger is None
    assert len(problems) == 1


@pytest.mark.slow
def test_a_reported_figure_that_someone_overtyped_is_told_and_never_used(office: Office) -> None:
    written, _ = office.read()
    with Edit(office.path) as edit:
        key = ("330102", "工业销售产值", "本年实绩")
        was = edit.said("数据核定", key, "填报值")
        edit.verify(*key, 填报值="见附件")
        row = edit.row("数据核定", key, ("单位代码", "指标", "数据项"))
    ledger, problems = office.read()
    assert [(each.code, each.severity, each.cell, each.found, each.expected) for each in problems] == [
        ("KH317", "error", f"F{row}", "见附件", str(was)),
    ]  # fmt: skip
    assert ledger.scores == written.scores
    assert standing(ledger, ("数据核定", "330102", "sales.actual")) == ["altered"]
    ledger, problems = office.score()
    assert [(each.code, each.severity, each.cell) for each in problems] == [("KH325", "warning", f"F{row}")]
    assert office.read()[1] == ()
    with Edit(office.path) as edit:
        assert edit.said("数据核定", key, "填报值") == was
