"""整改通知: to whom it goes, that it tells every point that was lost once, and what is left to the office."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import ranking_samples as samples
from command import kaohe
from docx import Document
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.loss import losses, summed
from kaohe_cli.model import Award, Case, Incident, Ranking
from kaohe_cli.points import ZERO
from kaohe_cli.result.circular import Dating
from kaohe_cli.result.page import Report
from kaohe_cli.result.rectify import Rectification, rectifications, rectify_document, title
from kaohe_cli.scheme.load import load

SCHEME = load()
CASES = sample_cases(SCHEME)
RANKING = samples.ranked(SCHEME, CASES)


def each_of(cases: tuple[Case, ...] = CASES, ranking: Ranking = RANKING) -> list[Rectification]:
    return [*rectifications(Report(SCHEME, ranking, {case.unit.code: case for case in cases}))]


def opened(each: Rectification, *, final: bool = True) -> "Document":  # type: ignore[valid-type]
    return Document(BytesIO(rectify_document(SCHEME, each, final=final)))


def texts(document: "Document") -> list[str]:  # type: ignore[valid-type]
    return [paragraph.text for paragraph in document.paragraphs]  # type: ignore[attr-defined]


def rows(document: "Document") -> list[list[list[str]]]:  # type: ignore[valid-type]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]  # type: ignore[attr-defined]


def marked(document: "Document") -> list[str]:  # type: ignore[valid-type]
    runs = (run for paragraph in document.paragraphs for run in paragraph.runs)  # type: ignore[attr-defined]
    return [run.text for run in runs if run.font.highlight_color]


def test_every_point_that_was_lost_is_told_once_and_the_sums_agree() -> None:
    found = each_of()
    assert len(found) == 14
    for each in found:
        first, *tables = rows(opened(each))
        lost = losses(SCHEME, each.case, each.ranked.score)
        total = sum(summed(lost).values(), ZERO)
        assert first[-1][0] == "合计"
        assert Decimal(first[-1][2]) == total == sum((Decimal(row[2]) for row in first[1:-1]), ZERO)
        assert sum((Decimal(table[-1][2]) for table in tables), ZERO) == total
        told = [row for table in tables for row in table[1:-1]]
        assert [row[0] for row in told] == [loss.criterion for cause in ("unmet", "lacking", "judged", "register")
                                            for loss in lost if loss.cause == cause]  # fmt: skip
        for row in told:
            assert SCHEME.criteria[row[0]].clause in row[1]
            assert row[3] not in ("", "—")


def test_a_criterion_that_lost_for_two_causes_is_one_of_the_total() -> None:
    held = samples.case(SCHEME, SCHEME.units[0])
    noted = Incident(held.unit.code, "1.4.1", "2007-03-05", "未按时报送", Decimal("-0.5"))
    held = replace(held, awards={**held.awards, "1.4.1": Award(Decimal(6), "材料不全", incidents=(noted,))})
    (each,) = each_of((held,), samples.ranked(SCHEME, [held]))
    (_, *causes, total), *_ = rows(opened(each))
    assert sum(loss.criterion == "1.4.1" for loss in each.losses) == 2
    assert int(total[1]) == len({loss.criterion for loss in each.losses}) == sum(int(row[1]) for row in causes) - 1


def test_what_it_would_have_taken_stands_beside_what_was_reached() -> None:
    each = next(each for each in each_of() if any(loss.wanted for loss in each.losses))
    loss = next(loss for loss in each.losses if loss.wanted)
    row = next(row for table in rows(opened(each)) for row in table if row[0] == loss.criterion)
    assert row[3] == f"{loss.why}\n应达到：{loss.wanted}"


def test_what_only_the_office_knows_is_marked() -> None:
    each = next(each for each in each_of() if not each.ranked.score.veto)
    found = marked(opened(each))
    assert found[0] == "市经委〔文号待填〕"
    assert found[1].startswith("整改情况报送期限：")
    assert found[-1].endswith("年　月　日")
    assert len(found) == 3
    dated = Document(BytesIO(rectify_document(SCHEME, each, Dating(date(2007, 12, 30), "1999"), final=True)))
    assert texts(dated)[-1] == "二○○七年十二月三十日"
    assert marked(dated) == found[:2]
    vetoed = next(each for each in each_of() if each.ranked.score.veto)
    assert "〔一票否决事项的整改要求，由市经委核定后填写或删去本段〕" in marked(opened(vetoed))
    assert "杭纪" not in "".join(texts(opened(vetoed)))
    provisional = opened(each, final=False)
    assert marked(provisional)[0] == "【暂定稿：考核结果没有定稿以前不发】"


def test_how_a_return_came_in_is_told_where_it_was_not_in_time() -> None:
    cases = (samples.case(SCHEME, SCHEME.units[0], status="late"), samples.case(SCHEME, SCHEME.units[1]),
             samples.case(SCHEME, SCHEME.units[2], status="missing"))  # fmt: skip
    said = {each.case.unit.name: "".join(texts(opened(each))) for each in each_of(cases, samples.ranked(SCHEME, cases))}
    late, usual, missing = (said[unit.name] for unit in SCHEME.units[:3])
    assert "填报表迟于期限报送" in late
    assert "填报表须在规定期限内报送" in late
    assert "期限内报送" not in usual
    assert "没有报送填报表" in missing
    assert "材料或数据缺失" in missing


def test_what_leads_to_a_table_stands_on_its_page() -> None:
    """A heading, and the line beneath it, are never the last of a page."""
    for each in each_of():
        body = opened(each).element.body  # type: ignore[attr-defined]
        above = [table.getprevious() for table in body.iterchildren("{*}tbl")]
        leads = [paragraph for paragraph in above if "".join(paragraph.itertext()).endswith("：")]
        assert leads
        assert all(paragraph.find("{*}pPr/{*}keepNext") is not None for paragraph in leads)


def test_it_names_the_unit_and_no_other() -> None:
    each = each_of()[0]
    document = opened(each)
    name = each.case.unit.name
    assert document.core_properties.title == title(SCHEME, name)  # type: ignore[attr-defined]
    said = "".join(texts(document))
    assert title(SCHEME, name) == f"杭州市经济委员会关于{name}2007年度工作目标责任制考核整改的通知"
    assert not [unit.name for unit in SCHEME.units if unit.name != name and unit.name in said]


def test_a_unit_that_lost_nothing_gets_none() -> None:
    best = samples.case(SCHEME, SCHEME.units[0], share="1", figures={"benefit.actual": Decimal(200)})
    ranking = samples.ranked(SCHEME, [best])
    if losses(SCHEME, best, ranking.units[0].score):  # whatever a rule of the scheme still withheld
        best = replace(best, awards={**best.awards, **_full(best, ranking)})
        ranking = samples.ranked(SCHEME, [best])
    assert each_of((best,), ranking) == []


def _full(best: Case, ranking: Ranking) -> dict[str, object]:
    short = losses(SCHEME, best, ranking.units[0].score)
    return {each.criterion: Award(SCHEME.criteria[each.criterion].points, "核定") for each in short}


@pytest.mark.slow
def test_rank_writes_one_for_each_unit_and_verify_is_not_disturbed(tmp_path: Path) -> None:
    from kaohe_cli.commands.demo import sample_year

    sample_year(tmp_path)
    result, folder = tmp_path / "考核结果.xlsx", tmp_path / "整改"
    ran = kaohe("rank", tmp_path / "评分底稿.xlsx", "--output", result, "--rectify-dir", folder)
    assert ran.code == 0, ran.err
    assert len([*folder.glob("*.docx")]) == 14
    assert "生成 14 份整改通知" in ran.err
    assert kaohe("verify", result).code == 0
    # what the office filled into an earlier one stays beside it
    assert kaohe("rank", tmp_path / "评分底稿.xlsx", "--output", result, "--rectify-dir", folder).code == 0
    dry = kaohe("rank", tmp_path / "评分底稿.xlsx", "--output", result, "--rectify-dir", tmp_path / "试", "--dry-run")
    assert dry.code == 0
    assert not (tmp_path / "试").exists()
