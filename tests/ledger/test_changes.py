"""本次变动: 1 nothing that did not change  2 each kind of change, from, to and why  3 places follow  4 the sheet."""

import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import any_scheme
import openpyxl
import pytest
from edits import Edit
from msgspec.structs import replace
from ranking_samples import usual
from test_ledger import SCHEME, Office, bare, half

from kaohe_cli.ledger.changes import CHANGES, Changes, LedgerChange, restored, write_changes
from kaohe_cli.ledger.compare import compare
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.record import DETAIL, Ledger, TypedRow
from kaohe_cli.ledger.settle import settle
from kaohe_cli.model import Case, Entry, Origin, Publicity, Unit
from kaohe_cli.paper.workbook import Paper
from kaohe_cli.scheme.load import under
from kaohe_cli.sheet.book import Cell, CellKind

pytestmark = pytest.mark.slow

SHANGCHENG = "330102"


@pytest.fixture(params=[half()], ids=["half"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    made = Office(tmp_path / "评分底稿.xlsx", request.param)
    made.cases = tuple(replace(case, file=f"{case.unit.name}.xlsx" if case.reported else "") for case in made.cases)
    made.score()
    return made


def judged(office: Office) -> Ledger:
    """The ledger with every mark there is to give, so that there are totals."""
    ledger = office.read()[0]
    rows = {
        (DETAIL, case.unit.code, id): TypedRow(
            (DETAIL, case.unit.code, id), {"考核分": Cell(CellKind.NUMBER, Decimal(4)), "评分人": cell("李")}
        )
        for case in ledger.cases
        for id, criterion in SCHEME.criteria.items()
        if criterion.judged
    }
    return settle(SCHEME, replace(ledger, typed=rows))[0]


def cell(text: str) -> Cell:
    return Cell(CellKind.TEXT, text)


def again(office: Office, before: Ledger) -> Changes:
    """What a further run changes."""
    return compare(office.scheme, before, office.score()[0])


def told(found: Changes, *, code: str = SHANGCHENG) -> list[tuple[str, str, str, str]]:
    return [(each.item, each.before, each.now, each.why) for each in found.rows if each.code == code]


# ── 1 nothing that did not change ───────────────────────────────────────────────────────────────────────


def test_the_first_run_has_nothing_to_be_compared_with(office: Office) -> None:
    found = compare(SCHEME, None, office.read()[0])
    assert (found.rows, found.moved, found.said) == ((), (), "首次评分，没有可比的上一次。")


def test_what_is_written_and_read_is_the_same(office: Office) -> None:
    office.change(
        SHANGCHENG, {"sales.evidence": "统计局\n盖章  证明", "1.4.self": Decimal("7.25"), "invest.actual": None}
    )
    office.score()
    with Edit(office.path) as edit:
        edit.judge(SHANGCHENG, "1.4.1", 考核分=6.5, 评分人="李")
        edit.verify(SHANGCHENG, "工业投资", "本年实绩", 核定值=99, 核定依据="统计公报")
    office.score()
    found = again(office, office.read()[0])
    assert found.rows == ()
    assert found.said == "与上一次（评分底稿.xlsx）相比，没有变动。"


# ── 2 each kind of change ───────────────────────────────────────────────────────────────────────────────


def test_a_corrected_return(office: Office) -> None:
    before = office.read()[0]
    office.report(SHANGCHENG, sales_actual=Decimal(120), self_1_4=Decimal(8), sales_evidence="见附件")
    was = next(case for case in before.cases if case.unit.code == SHANGCHENG)
    found = told(again(office, before))
    figure, self = was.reported["sales.actual"].value, was.reported["1.4.self"].value
    assert found == [
        ("工业销售产值·本年实绩", format(figure, ",f"), "120", "填报表更正：上城区.xlsx"),
        ("工业销售产值·佐证材料", "未填", "见附件", "填报表更正：上城区.xlsx"),
        (f"{SCHEME.item_of['1.4.1'].title}·自评分", str(self), "8", "填报表更正：上城区.xlsx"),
    ]


def test_a_target_that_was_changed(office: Office) -> None:
    before = office.read()[0]
    given = Entry(Decimal(777), Origin("考核设置.xlsx", "下达目标", "C5"))
    office.cases = tuple(
        replace(case, reported={**case.reported, "sales.target": given}) if case.unit.code == SHANGCHENG else case
        for case in office.cases
    )
    ((item, _, now, why),) = told(again(office, before))
    assert (item, now, why) == ("工业销售产值·下达目标", "777", "下达目标改动：考核设置.xlsx")


def test_a_return_that_came_and_one_that_went(office: Office) -> None:
    changed = {SHANGCHENG: ("", "missing"), "330103": ("", "missing")}

    def without(case: Case) -> Case:
        return replace(case, file="", status="missing", filled=None, reported={})

    whole = office.cases
    office.cases = tuple(without(case) if case.unit.code == SHANGCHENG else case for case in whole)
    office.score()
    before = office.read()[0]
    office.cases = tuple(without(case) if case.unit.code == "330103" else case for case in whole)
    found = again(office, before)
    shown = {code: [each for each in told(found, code=code) if each[0] == "填报表"] for code in changed}
    assert shown[SHANGCHENG] == [("填报表", "未报", "已收", "收表：新收到 上城区.xlsx")]
    assert shown["330103"] == [("填报表", "已收", "未报", "收表：这次没有读到 下城区.xlsx")]
    assert not [each for each in found.rows if each.kind == "reported"]


def test_another_file_day_and_status(office: Office) -> None:
    before = office.read()[0]
    later = {"file": "上城区（更正）.xlsx", "filled": date(2007, 12, 3), "status": "late"}
    office.cases = tuple(replace(case, **later) if case.unit.code == SHANGCHENG else case for case in office.cases)
    assert told(again(office, before)) == [
        ("回收状态", "已收", "迟报", "收表：上城区（更正）.xlsx"),
        ("回收文件", "上城区.xlsx", "上城区（更正）.xlsx", "收表"),
        ("填报日期", "2007-11-10", "2007-12-03", "填报表更正：上城区（更正）.xlsx"),
    ]


def test_what_people_entered_and_who(office: Office) -> None:
    before = office.read()[0]
    with Edit(office.path) as edit:
        edit.judge(SHANGCHENG, "1.4.1", 考核分=6.5, 评分人="李", 评分理由="材料齐全")
        edit.judge(SHANGCHENG, "1.5.1", 考核分=7)
        edit.verify(SHANGCHENG, "工业投资", "本年实绩", 核定值=99, 核定依据="统计公报")
        edit.situation(SHANGCHENG, 一票否决="是", 认定机关="市纪委", 文号="杭纪〔2007〕3号", 备注="已送达")
    rows = told(again(office, before))
    titles = {id: f"{id} {SCHEME.criteria[id].title}·考核分" for id in ("1.4.1", "1.5.1")}
    assert rows[:4] == [
        ("一票否决", "否", "是", "单位情况：认定机关“市纪委”；文号“杭纪〔2007〕3号”；备注“已送达”"),
        ("工业投资·本年实绩·核定值", "空", "99", "数据核定：核定依据“统计公报”"),
        (titles["1.4.1"], "空", "6.5", "评分：评分理由“材料齐全”；评分人“李”"),
        (titles["1.5.1"], "空", "7", "评分：未写评分人"),
    ]
    office.score()
    before = office.read()[0]
    with Edit(office.path) as edit:
        edit.judge(SHANGCHENG, "1.4.1", 考核分=None, 评分人="王", 评分理由=None)
        edit.judge(SHANGCHENG, "1.5.1", 评分人="赵")
        edit.verify(SHANGCHENG, "工业投资", "本年实绩", 核定值="3.96 家")
    rows = told(again(office, before))
    assert ("工业投资·本年实绩·核定值", "99", "3.96 家", "数据核定：核定依据“统计公报”") in rows
    assert (titles["1.4.1"], "6.5", "空", "评分：评分人“王”") in rows
    assert (titles["1.4.1"].replace("考核分", "评分理由"), "材料齐全", "空", "评分") in rows, "nothing is lost"
    assert (titles["1.5.1"].replace("考核分", "评分人"), "空", "赵", "评分") in rows


def test_the_list_of_units(office: Office) -> None:
    before = office.read()[0]
    first, second, third, *rest = office.cases
    new = replace(third, unit=Unit("330199", "钱江新城", "开发区"))
    renamed = replace(first, unit=replace(first.unit, name="上城新区", bureau="经济局", head="张三"))
    moved = replace(second, unit=replace(second.unit, code="330203"))
    office.cases = (renamed, moved, *rest, new)
    found = again(office, before)
    settings = "单位名单改动：考核设置.xlsx"
    assert told(found)[:3] == [
        ("单位名称", "上城区", "上城新区", settings),
        ("主管局名称", "空", "经济局", settings),
        ("行政正职", "空", "张三", settings),
    ]
    assert ("单位代码", "330103", "330203", settings) in told(found, code="330203")
    assert told(found, code="330199") == [("单位", "—", "列入考核", settings)]
    assert told(found, code=third.unit.code) == [("单位", "列入考核", "—", settings)]
    assert [each.unit for each in found.rows if each.item == "单位"] == ["钱江新城", third.unit.name]


def test_readings_departments_and_the_scheme(office: Office) -> None:
    before = replace(office.read()[0], digest="0" * 64, departments={"1.4": "综合处", "1.5": "投资处"})
    office.scheme = under(SCHEME, {"over5": "strict"})
    found = again(office, before)
    (reading,) = (each for each in SCHEME.content.reading if each.id == "over5")
    labels = [option.label for option in reading.option if option.id in (reading.default, "strict")]
    item = next(item for item in SCHEME.items if item.id == "1.5")
    assert [(each.item, each.before, each.now, each.why) for each in found.rows if not each.unit] == [
        ("考核方案", "改动以前的", "改动以后的", "方案和口径改动"),
        (f"口径 {reading.question}", *labels, "方案和口径改动：王五、2007-07-20"),
        (f"1.5 {item.title}·责任处室", "投资处", "空", "责任处室改动"),
    ]


def test_publicity_is_carried_restored_and_told_when_it_changes(office: Office) -> None:
    office.publicity = Publicity(date(2007, 12, 10), date(2007, 12, 16), "综合处")
    first = replace(office.cases[0], unit=replace(office.cases[0].unit, head="张三"))
    office.cases = (first, *office.cases[1:])
    office.score()
    before, problems = office.read()
    assert (before.publicity, before.cases[0].unit.head, problems) == (office.publicity, "张三", ())
    assert not [each for each in before.sources if each.role == "公示"]
    office.publicity = replace(office.publicity, last=date(2007, 12, 17), contact="")
    assert told(again(office, before), code="") == [
        ("公示截止日期", "2007-12-16", "2007-12-17", "公示安排改动"),
        ("受理复核的处室和电话", "综合处", "空", "公示安排改动"),
    ]


# ── 3 places follow ─────────────────────────────────────────────────────────────────────────────────────


def test_judges_who_change_places_take_each_others_marks_and_that_is_told(tmp_path: Path) -> None:
    panel = any_scheme.scheme(any_scheme.item("1", any_scheme.criterion("1.1", "10", 'kind = "judged", judges = 3')))
    office = Office(tmp_path / "评分底稿.xlsx", tuple(any_scheme.case(unit) for unit in panel.units), panel)
    office.judges = {"1": ("张三", "李四", "王五")}
    before, _ = office.score()
    office.judges = {"1": ("李四", "张三", "王五")}
    assert [(each.item, each.before, each.now, each.why) for each in again(office, before).rows] == [
        ("1 项目1·评委", "张三、李四、王五", "李四、张三、王五", "责任处室改动：各栏评分照原来的位置，改属现在的评委")
    ]


@pytest.mark.parametrize("office", [bare(usual(SCHEME))], ids=["whole"], indirect=True)
def test_points_places_and_grades_before_and_after(office: Office) -> None:
    before = judged(office)
    key = (DETAIL, SHANGCHENG, "1.4.1")
    row = replace(before.typed[key], cells={**before.typed[key].cells, "考核分": Cell(CellKind.NUMBER, Decimal(0))})
    now = settle(SCHEME, replace(before, typed={**before.typed, key: row}))[0]
    found = compare(SCHEME, before, now)
    totals = [(each.code, each.before, each.now, each.why) for each in found.rows if each.kind == "total"]
    was, held = ({score.unit.code: score.total for score in each.scores} for each in (before, now))
    assert held[SHANGCHENG] == was[SHANGCHENG] - 4
    assert totals == [(SHANGCHENG, f"{was[SHANGCHENG]:.2f}", f"{held[SHANGCHENG]:.2f}", "评分")]
    places = {each.code: each for each in found.rows if each.kind == "place"}
    assert len(places) > 1, "others move up"
    assert {each.why for code, each in places.items() if code != SHANGCHENG} == {"其他单位的总分有变"}
    assert int(places[SHANGCHENG].now) > int(places[SHANGCHENG].before)
    kinds = [each.kind for each in found.rows]
    first = kinds.index("total")
    assert set(kinds[:first]) == {"award"}
    assert set(kinds[first:]) <= {"total", "place", "grade"}
    assert {change.code for change in found.moved} == places.keys()
    assert found.causes == first == 1


def test_a_total_that_is_not_known_is_a_dash_and_never_0(office: Office) -> None:
    now = judged(office)
    before = settle(SCHEME, replace(now, typed={}))[0]
    found = compare(SCHEME, before, now)
    totals = [each for each in found.rows if each.kind == "total"]
    assert totals
    assert {each.before for each in totals} == {"—"}
    assert "0.00" not in {each.now for each in totals}
    assert {each.before for each in found.rows if each.kind == "grade"} == {"未定"}


def test_a_reading_of_before_decides_on_the_places_of_before(office: Office) -> None:
    ledger = judged(office)
    scheme = under(SCHEME, {"tie": "class_one"})
    before = replace(ledger, readings=scheme.readings)
    assert compare(scheme, before, before).moved == ()
    found = compare(SCHEME, before, ledger)
    assert all(each.kind in ("scheme", "place", "grade") for each in found.rows)


def test_what_was_restored_comes_first(office: Office) -> None:
    before = judged(office)
    now = settle(SCHEME, replace(before, typed={}))[0]
    first = restored(item="规则得分", found="5", now="4", unit="上城区", code=SHANGCHENG)
    found = compare(SCHEME, before, now, [first])
    assert found.rows[0] == first
    assert (first.why, first.kind) == ("不是填写栏，程序已恢复原来的内容", "restored")
    assert found.rows[1].kind == "award"
    assert {each.why for each in found.rows if each.kind == "total"} == {"评分"}, "what is restored moves no points"


def test_many_units_take_no_time(office: Office) -> None:
    ledger = judged(office)
    many = [
        replace(case, unit=replace(case.unit, code=f"{case.unit.code}{number}", name=f"{case.unit.name}{number}"))
        for number in range(300 // len(ledger.cases) + 1)
        for case in ledger.cases
    ]
    now = settle(SCHEME, replace(ledger, cases=tuple(many), typed={}))[0]
    before = replace(now, cases=tuple(replace(case, reported={}) for case in many))
    begun = time.process_time()
    found = compare(SCHEME, before, now)
    assert time.process_time() - begun < 3
    assert len(found.rows) > 10_000


# ── 4 the sheet ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_sheet_says_with_what_is_compared_and_lists_every_change(tmp_path: Path) -> None:
    rows = (
        LedgerChange("award", "1.4.1 甲·考核分", "空", "=1+1", "评分：评分人“李”", "上城区", SHANGCHENG),
        LedgerChange("scheme", "考核方案", "改动以前的", "改动以后的", "方案和口径改动"),
    )
    with Paper("评分底稿", SCHEME.created, lean=True) as paper, Recorder() as recorder:
        write_changes(paper, Changes("评分底稿.xlsx", rows), recorder)
        (tmp_path / "变动.xlsx").write_bytes(paper.finish())
    page = openpyxl.load_workbook(tmp_path / "变动.xlsx")[CHANGES]
    assert [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()] == [
        ["与上一次（评分底稿.xlsx）相比："],
        ["单位代码", "单位", "事项", "原为", "现为", "原因"],
        [SHANGCHENG, "上城区", "1.4.1 甲·考核分", "空", "=1+1", "评分：评分人“李”"],
        ["考核方案", "改动以前的", "改动以后的", "方案和口径改动"],
    ]
    assert page["E3"].data_type == "s"
