"""The rules against the table worked out by hand: no workbook between them."""

from decimal import Decimal

import pytest
from by_hand import PLACES, TOTALS, rule_points
from sample_cases import sample_cases

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Ranking, UnitScore
from kaohe_cli.scheme.load import load


@pytest.fixture(scope="module")
def scores() -> dict[str, UnitScore]:
    scheme = load()
    return {case.unit.code: score(scheme, case) for case in sample_cases(scheme)}


@pytest.fixture(scope="module")
def ranking(scores: dict[str, UnitScore]) -> Ranking:
    return rank(load(), scores.values())


@pytest.mark.parametrize("code", TOTALS)
def test_each_rule_scored_criterion_has_the_points_worked_out_by_hand(code: str, scores: dict[str, UnitScore]) -> None:
    expected = rule_points(code)
    assert len(expected) == 18
    assert {id: scores[code].criterion(id).points for id in expected} == expected


@pytest.mark.parametrize("code", TOTALS)
def test_classes_bonus_and_total(code: str, scores: dict[str, UnitScore]) -> None:
    found = scores[code]
    assert (*(each.points for each in found.sections), found.bonus, found.total) == tuple(map(Decimal, TOTALS[code]))


def test_places_and_grades(ranking: Ranking) -> None:
    assert {each.score.unit.code: (each.place, each.grade) for each in ranking.units} == PLACES
    assert [each.score.unit.code for each in ranking.units if each.tied] == ["330108", "HEDA"]
    assert ranking.final
