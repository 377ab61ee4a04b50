"""The sheet 评分分析: its figures by hand, what it says in words, and where it stands."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any

import any_scheme as any_
import openpyxl
import pytest
from msgspec.structs import replace
from result_dump import charts

from kaohe_cli.assess.omission import leave_out
from kaohe_cli.extent import USUAL, height, lines
from kaohe_cli.ledger.record import COMPARISON
from kaohe_cli.model import Case, Entry, Ranking
from kaohe_cli.result.analysis import GRID, WIDTHS
from kaohe_cli.result.judging import MarksHeld, judging_of, noticed
from kaohe_cli.result.page import JUDGING, LEAST_PRINT, PRINTED, SELF, Report, wide
from kaohe_cli.result.workbook import result_workbook
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

RULE = 'kind = "when", parts = [{ left = "a.actual", compare = ">=", number = 1, points = 5 }]'
TWO = any_.scheme(
    any_.item("1"),
    any_.item("2", any_.criterion("2.1", "6"), any_.criterion("2.2", "2")),
    any_.item("3", any_.criterion("3.1", "5", RULE)),
    any_.measure("a", "3", "actual"),
)
MARKS = {
    "甲": ("8.5", "6", "2", "1"), "乙": ("9", "5", "2", "1"), "丙": ("10", "4.5", "1", "1"), "丁": ("7", "6", "2", "1"),
}  # fmt: skip
CLAIMS = {"甲": ("10", "6", "2"), "乙": ("9", "6", "2"), "丙": ("10", "6", "2"), "丁": ("10", "6", None)}


def cases_of(scheme: Scheme = TWO, marks: Mapping[str, Sequence[str | None]] = MARKS) -> list[Case]:
    """What the units were given and what they claimed."""
    found = []
    for unit in scheme.units:
        first, second, third, actual = marks[unit.name]
        own = dict(zip(("1.self", "2.1.self", "2.2.self"), CLAIMS[unit.name], strict=True))
        given = {id: points for id, points in zip(("1.1", "2.1", "2.2"), (first, second, third), strict=True) if points}
        case = any_.case(unit, given, a_actual=actual)
        claims = {name: Entry(Decimal(value)) for name, value in own.items() if value}
        found.append(replace(case, reported={**case.reported, **claims}))
    return found


def report(scheme: Scheme, cases: Sequence[Case], departments: Mapping[str, str] = {}) -> Report:
    by_code = {case.unit.code: case for case in cases}
    ranking = any_.ranked(scheme, cases)
    return Report(
        scheme, ranking, by_code, departments=departments, omissions=leave_out(scheme, by_code, ranking.units)
    )


def sheet_of(made: Report) -> Any:
    return openpyxl.load_workbook(BytesIO(result_workbook(made)))[JUDGING]


def texts(sheet: Any) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def d(*values: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def test_figures_of_items_and_departments_are_those_worked_out_by_hand() -> None:
    found = judging_of(report(TWO, cases_of(), {"1": "甲处", "2": "甲处", "3": "乙处"}))
    first, second = (each.held for each in found.items)
    # 8.5 + 9 + 10 + 7 = 34.5 of 40; claimed 39 of 40
    assert first == MarksHeld(4, *d("8.63", "86.25", "7", "10"), 1, *d("97.5", "-1.13"))
    # 8 + 7 + 5.5 + 8 = 28.5 of 32; claimed 8 + 8 + 8 of 24, where 20.5 were given
    assert second == MarksHeld(4, *d("7.13", "89.06", "5.5", "8"), 2, *d("100", "-1.17"))
    (department,) = found.departments
    assert (department.name, department.items) == ("甲处", ("1", "2"))
    # 63 of 72; by unit 16.5, 16, 15.5, 15 of 18; claimed 63 of 64, where 55 were given
    assert department.held == MarksHeld(8, *d("7.88", "87.5", "83.33", "91.67"), 3, *d("98.44", "-1.14"))
    assert [each.remark for each in found.items] == ["最高：丙；最低：丁", "最高：甲、丁；最低：丙"]
    assert department.remark == "最高：甲；最低：丁"


@pytest.mark.parametrize(
    ("points", "remark"),
    [
        (("9", "6", "7"), "按占满分的比重，最高：乙；最低：丙"),
        (("9", "5.4", "9"), "按占满分的比重，各单位同分"),
        (("6", "6", "6"), "按占满分的比重，最高：乙；最低：甲、丙"),
    ],
)
def test_where_units_of_a_kind_can_get_less_it_is_the_share_that_is_most_or_least(
    points: tuple[str, ...], remark: str
) -> None:
    kind = '[[kind]]\nname = "县"\n[kind.change.criterion."1.1"]\npoints = 6\n'
    made = any_.scheme(kind, any_.item("1"), units=("甲", "乙", "丙"), kinds={"乙": "县"})
    cases = [any_.case(unit, {"1.1": given}) for unit, given in zip(made.units, points, strict=True)]
    (item,) = judging_of(report(made, cases)).items
    assert item.remark == remark
    assert item.held is not None
    assert (item.held.lowest, item.held.highest) == (min(d(*points)), max(d(*points)))


def test_what_all_got_alike_decides_nothing() -> None:
    alike = {name: ("10", "5", "1", actual) for name, (*_, actual) in MARKS.items()}
    findings = judging_of(report(TWO, cases_of(marks=alike), {"1": "甲处", "2": "乙处"})).findings
    assert findings == (
        "甲处给 4 个单位评的分都一样（占满分的 100%），各单位分不出高下。",
        "乙处给 4 个单位评的分都一样（占满分的 75%），各单位分不出高下。",
        "已评分的有 2 个处室、4 个单位；不足 3 个处室或不足 5 个单位的，不作宽严比较。",
        "第 1 项“项目1”，4 个单位同为满分，对名次不起作用。",
        "第 2 项“项目2”，4 个单位同得 6.00 分，对名次不起作用。",
        "按数据计分的第 3 项“项目3”，4 个单位同为满分，对名次不起作用。",
    )


def test_only_items_without_points_that_people_enter_are_called_those_of_figures() -> None:
    many = any_.scheme(
        any_.item("1", any_.criterion("1.1", "5", any_.JUDGED, "bonus = true")),
        any_.item("2", any_.criterion("2.1", "4", 'kind = "given"')),
        any_.item("3", any_.criterion("3.1", "5", RULE), any_.criterion("3.2", "2")),
        any_.item("4", any_.criterion("4.1", "5", 'kind = "judged", from_unit = true')),
        any_.item("5", any_.criterion("5.1", "5", RULE)),
        any_.measure("a", "3", "actual"),
    )
    cases = [any_.case(unit, {"1.1": 0, "2.1": 4, "3.2": 2, "4.1": 5}, a_actual=1) for unit in many.units]
    assert [each for each in judging_of(report(many, cases)).findings if "对名次" in each] == [
        "第 1 项“项目1”，4 个单位同得 0.00 分，对名次不起作用。",
        "第 2 项“项目2”、第 3 项“项目3”、第 4 项“项目4”，4 个单位同为满分，对名次不起作用。",
        "按数据计分的第 5 项“项目5”，4 个单位同为满分，对名次不起作用。",
    ]


@pytest.mark.parametrize(
    ("more", "does"),
    [
        ("", "对名次不起作用"),
        ("[whole]\ncap = 12\n", "没有拉开差距"),
        ('[policy]\ncap = "total"\n', "没有拉开差距"),
        ('[whole]\ncombine = "least"\n', "没有拉开差距"),
    ],
)
def test_what_all_got_alike_decides_nothing_only_where_points_add_up_without_a_limit(more: str, does: str) -> None:
    made = any_.scheme(more, any_.item("1"), any_.item("2", any_.criterion("2.1", "5")))
    cases = [any_.case(unit, {"1.1": 9 - place, "2.1": 5}) for place, unit in enumerate(made.units)]
    said = [each for each in judging_of(report(made, cases)).findings if "同为满分" in each]
    assert said == [f"第 2 项“项目2”，4 个单位同为满分，{does}。"]


def test_only_what_is_known_counts_and_that_is_said() -> None:
    partly = {**MARKS, "甲": (None, "6", None, "1"), "乙": (None, "6", "2", "1")}
    made = report(TWO, cases_of(marks=partly), {"1": "甲处"})
    found = judging_of(made)
    assert found.findings[0] == "评分尚未完成：应评 8 个（每个单位的每一项为一个），已评 5 个，以下只计已评的。"
    assert [each.held.marks if each.held else 0 for each in found.items] == [2, 3]
    assert [each.name for each in found.departments] == ["甲处", "第 2 项"]
    said = texts(sheet_of(made))
    assert said[0].endswith("评分分析（暂定）")
    assert said[1].startswith("暂定：")
    assert any(each.endswith("评分与单位自评（暂定） 处室 %") for each in charts(result_workbook(made)))


def test_before_anything_is_marked_there_are_no_figures() -> None:
    none = dict.fromkeys(MARKS, (None, None, None, "1"))
    made = report(TWO, cases_of(marks=none), {"1": "甲处"})
    found = judging_of(made)
    assert [each.held for each in (*found.items, *found.departments)] == [None] * 4
    assert {each.remark for each in (*found.items, *found.departments)} == {"尚未评分"}
    assert not any("各处室评分与单位自评" in each for each in charts(result_workbook(made)))


def test_items_stand_for_themselves_where_no_department_is_named() -> None:
    made = report(TWO, cases_of())
    found = judging_of(made)
    assert [(each.name, each.items) for each in found.departments] == [("第 1 项", ("1",)), ("第 2 项", ("2",))]
    said = texts(sheet_of(made))
    assert "各处室评分" not in said, "it would say what the table of items says"
    assert "各项评分" in said
    assert any("考核设置没有写责任处室，每一项单独作为一方" in each for each in said)
    assert any("已评分的有 2 个项目、4 个单位" in each for each in said)


MANY = any_.scheme(*(any_.item(str(number)) for number in range(1, 7)), units=tuple("甲乙丙丁戊己庚"))
WHOSE = {str(number): f"{'子丑寅卯辰巳'[number - 1]}处" for number in range(1, 7)}


def planted(changes: Mapping[tuple[str, int], str]) -> Report:
    """Units that are given what they are worth, a little more or less by unit and item, but for ``changes``."""
    cases = []
    for place, unit in enumerate(MANY.units):
        usual = {number: Decimal(7) + Decimal(place * 7 + number * 5 % 6) / 20 for number in range(1, 7)}
        own = {f"{number}.1": changes.get((unit.name, number), points) for number, points in usual.items()}
        cases.append(any_.case(unit, own))
    return report(MANY, cases, WHOSE)


def test_a_grudge_a_lenient_and_an_undecided_department_are_told_with_their_figures() -> None:
    assert judging_of(planted({})).findings == (
        "各处室评分的宽严没有明显差别，也没有哪个单位在某一处室的评分与其他各处室明显不同。",
    )
    assert noticed(planted({})) == ()
    grudge = judging_of(planted({("丁", 3): "5"}))
    assert noticed(planted({("丁", 3): "5"})) == grudge.findings, "the terminal tells the same"
    assert grudge.findings == (
        "寅处给丁评的分占满分的 50%，按该处室对各单位、各处室对丁评分的一般水平约为 82%，低 3.2 分。",
    )
    lenient = judging_of(planted({(unit.name, 2): "9.6" if unit.name in "甲乙" else "10" for unit in MANY.units}))
    assert lenient.findings == (
        "在其他各处室评分较低的 5 个单位中，丑处评的分占满分的比重一般比其他各处室高 20.7 个百分点，明显偏宽。",
    )
    assert [each.remark for each in lenient.departments if "偏" in each.remark] == [
        "最高：庚、己等 5 个单位；最低：乙、甲；明显偏宽"
    ]
    alike = judging_of(planted({(unit.name, 2): "8.5" for unit in MANY.units}))
    assert alike.findings[0] == "丑处给 7 个单位评的分都一样（占满分的 85%），各单位分不出高下。"
    assert alike.findings[1:] == ("第 2 项“项目2”，7 个单位同得 8.50 分，对名次不起作用。",)


def test_who_is_lenient_with_the_weaker_units_is_told_so_though_all_its_marks_are_lower_than_those_of_others() -> None:
    many = any_.scheme(*(any_.item(str(number)) for number in range(1, 6)), units=[f"单位{n}" for n in range(1, 13)])
    usual = d("6", "6.2", "6.4", "6.6", "6.8", "7", "9.8", "9.9", "10", "10", "10", "10")
    own = d("8", "8.1", "7.9", "8.2", "8", "8.1", "8", "8.2", "8.1", "7.9", "8", "8.1")
    assert sum(own) < sum(usual)
    cases = [
        any_.case(unit, {"1.1": mine, **{f"{number}.1": theirs for number in range(2, 6)}})
        for unit, mine, theirs in zip(many.units, own, usual, strict=True)
    ]
    found = judging_of(report(many, cases, WHOSE))
    # 2, 1.9, 1.5, 1.6, 1.2, 1.1: of the middle four the mean
    assert (
        "在其他各处室评分较低的 6 个单位中，子处评的分占满分的比重一般比其他各处室高 15.5 个百分点，明显偏宽。"
        in found.findings
    )
    assert found.departments[0].remark.endswith("；明显偏宽")
    assert not any("偏严" in each for each in found.findings)


# the sheet ─────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_there_where_departments_judge() -> None:
    made = report(TWO, cases_of())
    sheets = made.sheets
    assert sheets[sheets.index(SELF) + 1] == JUDGING
    by_rules = any_.scheme(any_.item("1", any_.criterion("1.1", None)))
    assert JUDGING not in report(by_rules, [any_.case(unit, {"1.1": 1}) for unit in by_rules.units]).sheets
    assert JUDGING in Report(load(), Ranking((), True), {}).sheets
    assert COMPARISON not in sheets


def test_its_tables_hold_what_was_found() -> None:
    sheet = sheet_of(report(TWO, cases_of(), {"1": "甲处", "2": "甲处"}))
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(max_col=len(GRID), values_only=True)]
    assert ["甲处", "1、2", 8, 3, 87.5, 98.44, 83.33, 91.67, -1.14, "最高：甲；最低：丁"] in rows
    assert ["1", "项目1", "甲处", 4, 1, 86.25, 97.5, 8.63, 7, 10, -1.13, "最高：丙；最低：丁"] in rows
    assert ["1", "项目1", 2, "乙由第2名变为第3名，丁由第4名变为第1名"] not in rows
    left_out = {row[0]: row[2:] for row in rows if len(row) == 4 and row[0] in ("1", "2", "3")}
    assert left_out["3"] == [0, "名次都不变"]
    assert left_out["1"][0] == str(left_out["1"][1]).count("由第")


def test_what_the_ranking_rests_on_shows_whole() -> None:
    made = report(TWO, cases_of())
    assert made.ranking.final
    for resting, rows in (((), 1), (("很长的一句话" * 25,), 3)):
        sheet = sheet_of(replace(made, resting=resting))
        across = sum(WIDTHS[:-2])
        assert lines(sheet["A2"].value, across) == rows
        assert rows == 1 or sheet.row_dimensions[2].height >= height([(sheet["A2"].value, across)]) - 1
        assert bool(sheet["A2"].alignment.wrap_text) == (rows > 1)


def test_items_are_not_left_out_where_that_was_not_tried() -> None:
    made = replace(report(TWO, cases_of()), omissions=None)
    assert not any(each.startswith("去掉一项") for each in texts(sheet_of(made)))


@pytest.mark.parametrize("count", [3, 60])
def test_it_prints_legibly_and_nothing_is_cut(count: int) -> None:
    many = any_.scheme(*(any_.item(str(number)) for number in range(1, count)), units=[f"单位{n}" for n in range(40)])
    cases = [
        any_.case(unit, {f"{number}.1": 5 + (place * number) % 5 for number in range(1, count)})
        for place, unit in enumerate(many.units)
    ]
    departments = {str(number): f"负责这一项考核工作的第{number}处室" * 2 for number in range(1, count)}
    sheet = sheet_of(report(many, cases, departments))
    assert sheet.page_setup.orientation == "landscape"
    assert USUAL * PRINTED[1] / wide(GRID) >= 9 > LEAST_PRINT
    spans = {(area.min_row, area.min_col): area.max_col for area in sheet.merged_cells.ranges}
    for row in sheet.iter_rows(min_row=3, max_col=len(GRID)):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith(("最高：", "负责", "单位", "说明", "第 ")):
                across = sum(WIDTHS[cell.column - 1 : spans.get((cell.row, cell.column), cell.column)])
                assert sheet.row_dimensions[cell.row].height >= height([(cell.value, across)]) - 1, cell.value
    heads = [cell.row for cell in sheet["A"] if cell.value in ("责任处室", "项目")]
    breaks = [each.id for each in sheet.row_breaks.brk]
    assert len(heads) == 3 + sum(str(cell.value).endswith("（续）") for cell in sheet["A"])
    assert (len(breaks) > 10) == (count == 60)
    assert len(sheet._charts) == (1 if count == 3 else 2)
    edges = [0, *breaks, sheet.max_row]
    for chart in sheet._charts:
        first, last = chart.anchor._from.row, chart.anchor.to.row
        assert sum(begin <= first and last <= end for begin, end in pairwise(edges)) == 1
