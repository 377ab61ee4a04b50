"""1 the official table with both scores  2 a reason for every point not awarded  3 no formula, no other unit's data."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace
from ranking_samples import ranked, usual

from kaohe_cli.model import Case, Entry, Publicity, Ranked, Ranking, Status
from kaohe_cli.points import plain
from kaohe_cli.result import feedback
from kaohe_cli.scheme.load import load

SCHEME = load()
CASES = usual(SCHEME)
RANKING = ranked(SCHEME, CASES)


def open_feedback(path: Path, each: Ranked, ranking: Ranking = RANKING) -> openpyxl.Workbook:
    path.write_bytes(feedback.feedback_workbook(SCHEME, each, case_of(each), ranking))
    return openpyxl.load_workbook(path)


def case_of(each: Ranked) -> Case:
    return next(case for case in CASES if case.unit == each.score.unit)


@pytest.mark.slow
@pytest.mark.parametrize("each", RANKING.units, ids=lambda each: each.score.unit.name)
def test_the_official_table_holds_both_scores_and_every_reason(tmp_path: Path, each: Ranked) -> None:
    book = open_feedback(tmp_path / "反馈.xlsx", each)
    rows = {row[0].value: [cell.value for cell in row] for row in book["考核表"].iter_rows() if row[0].value}
    for item, score in zip(SCHEME.items, each.score.items, strict=True):
        _, content, standard, own, given = rows[item.id][:5]
        assert (content, standard) == (item.content, item.standard)
        assert own == ("未定" if score.self is None else float(score.self))
        assert given == ("未定" if score.points is None else float(score.points))
    total = each.score.total
    assert rows["合计"][4] == ("未定" if total is None else float(total))
    reasons = {row[0].value: [cell.value for cell in row] for row in book["得分说明"].iter_rows()}
    seen = 0
    for criterion in SCHEME.criteria.values():
        held = each.score.criterion(criterion.id)
        row = reasons[criterion.id]
        assert criterion.clause in row[1]
        for step in held.steps:
            assert step in row[6]
        if held.points is not None and not criterion.bonus and criterion.points is not None:
            assert row[5] == float(criterion.points - held.points)
            if held.points < criterion.points:
                seen += 1
                assert row[6], "a point not given needs its reason"
    assert seen > 10 or total is None
    assert plain(SCHEME.items[0].points) in str(reasons)


@pytest.mark.parametrize(("status", "said"), [("missing", "尚未收到"), ("received", "尚未定分")])
def test_a_unit_without_any_points_is_not_told_that_it_has_them_all(tmp_path: Path, status: Status, said: str) -> None:
    bare = replace(CASES[0], status=status, reported={}, awards={}, veto=None)
    (each,) = ranked(SCHEME, [bare]).units
    data = feedback.feedback_workbook(SCHEME, each, bare, Ranking((each,), False))
    (tmp_path / "反馈.xlsx").write_bytes(data)
    book = openpyxl.load_workbook(tmp_path / "反馈.xlsx")
    assert said in book["得分说明"]["A3"].value
    shown = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert 0 not in shown
    assert not [text for text in shown if isinstance(text, str) and "0.00" in text]


def test_a_provisional_ranking_says_so_on_every_sheet(tmp_path: Path) -> None:
    provisional = Ranking(RANKING.units, False)
    book = open_feedback(tmp_path / "反馈.xlsx", RANKING.units[0], provisional)
    for sheet in book:
        assert "暂定" in str(sheet.oddHeader.right.text)
        assert "暂定" in sheet["A1"].value
    final = open_feedback(tmp_path / "反馈.xlsx", RANKING.units[0], Ranking(RANKING.units, True))
    assert all("暂定" not in str(cell.value) for sheet in final for row in sheet.iter_rows() for cell in row)


def test_what_a_cap_took_away_and_what_points_rest_on_are_told(tmp_path: Path) -> None:
    scheme = load(readings={"cap": "item", "no_task": "rescale"})
    ranking = ranked(scheme, CASES)
    each = next(each for each in ranking.units if each.score.unit.name == "萧山区")
    case = case_of(each)
    case = replace(case, reported={**case.reported, "period": Entry("全年预计")})
    (tmp_path / "反馈.xlsx").write_bytes(feedback.feedback_workbook(scheme, each, case, ranking))
    told = [row[0].value for row in openpyxl.load_workbook(tmp_path / "反馈.xlsx")["考核表"].iter_rows()]
    assert "其中加分 11.00 分，按加分的上限扣减 11.00 分。" in told
    assert "本单位的得分依据全年预计数，尚未核定。" in told


def test_objections_are_asked_for_within_the_days_of_publicity(tmp_path: Path) -> None:
    each = RANKING.units[0]
    last = [cell.value for cell in open_feedback(tmp_path / "反馈.xlsx", each)["考核表"]["A"] if cell.value][-1]
    assert last == "对考核分有异议的，请写明细则编号和理由，附佐证材料，加盖公章后报市经委复核。"
    shown = Publicity(date(2007, 12, 10), date(2007, 12, 16), "经济运行处")
    data = feedback.feedback_workbook(SCHEME, each, case_of(each), RANKING, shown)
    (tmp_path / "反馈.xlsx").write_bytes(data)
    sheet = openpyxl.load_workbook(tmp_path / "反馈.xlsx")["考核表"]
    assert [cell.value for cell in sheet["A"] if cell.value][-1] == (
        "公示时间：2007年12月10日至12月16日。对考核分有异议的，请在公示期内写明细则编号和理由，"
        "附佐证材料，加盖公章后报经济运行处复核。"
    )


def test_full_points_are_those_in_force(tmp_path: Path) -> None:
    scheme = load(readings={"no_task": "rescale"})
    ranking = ranked(scheme, CASES)
    each = next(each for each in ranking.units if each.score.unit.name == "上城区")  # 土地盘活 waived
    (tmp_path / "反馈.xlsx").write_bytes(feedback.feedback_workbook(scheme, each, case_of(each), ranking))
    sheet = openpyxl.load_workbook(tmp_path / "反馈.xlsx")["得分说明"]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows()}
    assert [rows[f"1.2.{number}"][2] for number in range(1, 6)] == [2.5, 2.5, 2.5, 0, 2.5]
    assert rows["1.2.1"][4] + rows["1.2.1"][5] == 2.5


def test_nothing_in_it_is_a_formula_or_belongs_to_another_unit(tmp_path: Path) -> None:
    each = RANKING.units[1]
    book = open_feedback(tmp_path / "反馈.xlsx", each)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 300
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    text = "".join(str(cell.value) for cell in cells)
    others = [unit.name for unit in SCHEME.units if unit != each.score.unit and unit.name not in each.score.unit.name]
    assert not [name for name in others if name in text]


def test_it_prints_on_a4_with_page_numbers_and_its_header_on_every_page(tmp_path: Path) -> None:
    book = open_feedback(tmp_path / "反馈.xlsx", RANKING.units[0])
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows
        assert "第 &P 页 共 &N 页" in sheet.oddFooter.center.text
