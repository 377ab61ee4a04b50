"""What rides on a figure: held against scoring the year again with the other figure in its place."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.influence import NONE, awarded, standings, without
from kaohe_cli.assess.plausibility import queries
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Case, Entry, Influence, Ranking, UnitScore
from kaohe_cli.scheme.load import load

SCHEME = load()
CASES = sample_cases(SCHEME)
SCORES = [score(SCHEME, case) for case in CASES]
XIAOSHAN = 6  # 萧山区


def reporting(case: Case, figure: str, number: str | None) -> Case:
    return replace(
        case, reported={**case.reported, figure: Entry(None if number is None else Decimal(number))}, verified={}
    )


def ranked(scores: list[UnitScore]) -> Ranking:
    return rank(SCHEME, scores)


def place(ranking: Ranking, code: str) -> int:
    (found,) = [each.place for each in ranking.units if each.score.unit.code == code]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("figure", "number"),
    [
        ("sales.actual", "2520"), ("sales.actual", None), ("sales.prior", "225"), ("sales.target", "25200"),
        ("energy.actual", "-3"), ("invest.actual", "184.79"), ("loans.actual", "3"), ("credit.target", "1"),
    ],
)  # fmt: skip
def test_the_score_with_another_figure_is_that_of_scoring_it(figure: str, number: str | None) -> None:
    for case, held in zip(CASES, SCORES, strict=True):
        instead = None if number is None else Decimal(number)
        assert (
            without(SCHEME, case, held, figure, instead).decided == score(SCHEME, _gone(case, figure, number)).decided
        )


def _gone(case: Case, figure: str, number: str | None) -> Case:
    if number is not None:
        return reporting(case, figure, number)
    return replace(case, reported={name: each for name, each in case.reported.items() if name != figure})


def test_a_verified_figure_is_replaced_and_the_others_stay() -> None:
    verified = {"sales.actual": Entry(Decimal(2520)), "invest.actual": Entry(Decimal(1))}
    case = replace(CASES[XIAOSHAN], verified=verified)
    held = score(SCHEME, case)
    assert without(SCHEME, case, held, "sales.actual", Decimal(26775)).criterion("1.1.3").points == 490
    assert without(SCHEME, case, held, "sales.actual", Decimal(26775)).criterion("1.2.1").points == 0
    assert without(SCHEME, case, held, "loans.actual", Decimal(0)) is held, "it earns no points"


def test_an_award_stays_as_it_is_whatever_the_figure() -> None:
    given = {**CASES[XIAOSHAN].awards, "1.1.3": Award(Decimal(7), "口径调整", "王伟")}
    case = replace(CASES[XIAOSHAN], awards=given)
    assert without(SCHEME, case, score(SCHEME, case), "sales.actual", Decimal(2520)).criterion("1.1.3").points == 7


def test_other_points_for_one_criterion() -> None:
    held = SCORES[XIAOSHAN]
    other = awarded(SCHEME, CASES[XIAOSHAN], held, "1.1.3", Decimal(0))
    assert other.criterion("1.1.3").points == 0
    assert other.total is not None
    assert held.total is not None
    assert held.total - other.total == held.criterion("1.1.3").points


@pytest.mark.parametrize("unit", range(len(CASES)))
def test_places_are_those_of_ranking_the_year_again(unit: int) -> None:
    held = SCORES[unit]
    if held.veto:
        assert standings(SCHEME, SCORES).moved(held, Decimal(0)) == 0
        return
    before = place(ranked(SCORES), held.unit.code)
    for points in map(Decimal, (0, 60, 84, 90, 500)):
        assert held.total is not None
        other = replace(held, total=points)
        after = ranked([*SCORES[:unit], other, *SCORES[unit + 1 :]])
        assert standings(SCHEME, SCORES).moved(held, points) == abs(place(after, held.unit.code) - before), points


def test_most_of_what_could_be_instead_counts() -> None:
    standing, held = standings(SCHEME, SCORES), SCORES[XIAOSHAN]
    assert standing.ride(held, []) == NONE
    assert standing.ride(held, [held]) == NONE
    lower, higher = (replace(held, items=_moved(held, gap), total=None) for gap in (Decimal(-30), Decimal(20)))
    assert standing.ride(held, [lower, higher]).points == 30
    assert standing.ride(held, [higher, lower]).grade, "from 优秀 or 达标 to none"


def _moved(held: UnitScore, gap: Decimal):  # type: ignore[no-untyped-def]
    first = held.items[0].criteria[0]
    assert first.points is not None
    moved = replace(first, points=first.points + gap)
    return (replace(held.items[0], criteria=(moved, *held.items[0].criteria[1:])), *held.items[1:])


def test_the_slip_of_the_issue_is_asked_first_with_what_rides_on_it() -> None:
    slip = reporting(CASES[XIAOSHAN], "sales.actual", "26775")
    found = queries(SCHEME, (*CASES[:XIAOSHAN], slip, *CASES[XIAOSHAN + 1 :]))[0]
    assert (found.unit.name, found.field) == ("萧山区", "sales.actual")
    # without the figure none of its criteria earns anything: 4 for the target, 1 for 5% more, 490 for growth
    assert found.influence == Influence(Decimal("495.00"), 4, grade=True)
    assert found.influence.said == "牵涉 495 分、4 个名次"
    assert place(ranked([*SCORES[:XIAOSHAN], score(SCHEME, slip), *SCORES[XIAOSHAN + 1 :]]), slip.unit.code) == 1


def test_a_figure_that_earns_nothing_has_nothing_riding_on_it() -> None:
    odd = reporting(CASES[0], "loans.actual", "514")
    (found,) = [each for each in queries(SCHEME, (odd, *CASES[1:])) if each.field == "loans.actual"]
    assert found.influence == NONE
    assert found.influence.said == "不牵涉得分"
