"""表彰名单: whom the notice rewards, by name where the settings have it, and never as final while it is not."""

from io import BytesIO

import any_scheme
import openpyxl
import ranking_samples as samples
from msgspec.structs import replace
from test_result import report

from kaohe_cli.model import Case
from kaohe_cli.paper.workbook import WAITING
from kaohe_cli.result.page import HONOURS, Report
from kaohe_cli.result.workbook import result_workbook
from kaohe_cli.scheme.load import load

SCHEME = load()


def named(cases: list[Case]) -> list[Case]:
    """``cases`` with a bureau and a head for each unit but the second."""
    return [
        case if at == 1 else replace(case, unit=replace(case.unit, bureau=f"{case.unit.name}局", head=f"张{at}"))
        for at, case in enumerate(cases)
    ]


def sheet_of(made: Report) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(BytesIO(result_workbook(made)))[HONOURS]


def test_the_heads_of_rewarded_units_stand_by_grade_and_place() -> None:
    cases = named(samples.usual(SCHEME))
    made = report(cases, SCHEME)
    rows = [[cell.value for cell in row] for row in sheet_of(made).iter_rows()]
    assert rows[2] == ["等次", "名次", "单位", "主管局", "行政正职", "总分"]
    rewarded = [each for each in made.units if each.grade in ("优秀", "达标")]
    assert [row[:3] for row in rows[3 : 3 + len(rewarded)]] == [
        [each.grade, each.place, each.score.unit.name] for each in rewarded
    ]
    assert [row[4] for row in rows[3 : 3 + len(rewarded)]] == [each.score.unit.head or None for each in rewarded]
    assert (
        rows[3 + len(rewarded)][0]
        == f"按通知，优秀、达标等次单位的领导班子行政正职列入表彰名单，共 {len(rewarded)} 名。"
    )
    # neither who failed nor who was vetoed
    assert {each.score.unit.name for each in made.units} - {row[2] for row in rows} == {
        each.score.unit.name for each in made.units if each.grade in ("未达标", "一票否决")
    }


def test_a_name_that_is_lacking_is_marked_to_be_filled_in() -> None:
    cases = [replace(case, unit=replace(case.unit, head="")) for case in samples.usual(SCHEME)]
    sheet = sheet_of(report(cases, SCHEME))
    blank = [row[4] for row in sheet.iter_rows(min_row=4) if row[0].value in ("优秀", "达标")]
    assert {cell.value for cell in blank} == {None}
    assert {cell.fill.fgColor.rgb for cell in blank} == {f"FF{WAITING.removeprefix('#')}"}
    said = [row[0].value for row in sheet.iter_rows() if row[0].value]
    assert any(str(text).startswith(f"有 {len(blank)} 个单位没有行政正职的姓名") for text in said)


def test_a_provisional_list_says_that_it_is_none() -> None:
    sheet = sheet_of(report(samples.pending(SCHEME), SCHEME))
    said = [str(row[0].value) for row in sheet.iter_rows() if row[0].value]
    assert "（暂定）" in said[0]
    assert "名次和等次尚未定稿，本名单不作表彰依据。" in said
    assert any("共 0 名" in text for text in said)
    assert "暂　定" in (sheet.oddHeader.center.text or "")


def test_a_scheme_that_rewards_nobody_has_no_such_sheet() -> None:
    silent = load("tests/schemes/towers_2008.toml")
    assert silent.grades
    cases = [any_scheme.case(unit) for unit in silent.units]
    made = report(cases, silent)
    assert HONOURS not in made.sheets
    assert HONOURS not in openpyxl.load_workbook(BytesIO(result_workbook(made))).sheetnames
    assert HONOURS in report(samples.usual(SCHEME), SCHEME).sheets
