"""Last year's figures against what was settled then: told, unless the office decided on them."""

from decimal import Decimal

from msgspec.structs import replace
from ranking_samples import case

from kaohe_cli.assess.plausibility import figures_rest
from kaohe_cli.assess.prior import contradictions, weighing
from kaohe_cli.assess.score import score
from kaohe_cli.model import Case, Entry, Mark
from kaohe_cli.scheme.load import load

SCHEME = load()
UNIT = SCHEME.units[0]
CASE = case(SCHEME, UNIT)  # 上年 200 亿元
PRIOR = "sales.prior"


def told(held: Case, settled: str) -> list[tuple[str, str, str]]:
    found = contradictions(SCHEME, [held], {UNIT.code: {PRIOR: Decimal(settled)}})
    return [(each.figure, str(each.settled), str(each.held)) for each in found]


def test_a_figure_that_is_not_what_was_settled_is_told_with_where_it_stands() -> None:
    assert told(CASE, "200") == told(CASE, "200.00") == []
    assert told(CASE, "201") == [(PRIOR, "201", "200")]
    (found,) = contradictions(SCHEME, [CASE], {UNIT.code: {PRIOR: Decimal(201)}})
    assert found.unit == UNIT
    assert found.origin == CASE.reported[PRIOR].origin


def test_what_is_not_known_or_is_no_number_contradicts_nothing() -> None:
    for entry in (None, Entry(None), Entry(None, invalid=True), Entry(Mark.NO_TASK)):
        reported = {name: held for name, held in CASE.reported.items() if name != PRIOR}
        assert told(replace(CASE, reported={**reported, **({PRIOR: entry} if entry else {})}), "201") == []
    assert [*contradictions(SCHEME, [CASE], {})] == []
    assert [*contradictions(SCHEME, [CASE], {"339999": {PRIOR: Decimal(201)}})] == []


def test_the_office_decides_by_a_verified_figure_or_by_confirming_what_stands_there() -> None:
    assert told(replace(CASE, verified={PRIOR: Entry(Decimal(199))}), "201") == []
    rests = figures_rest(SCHEME, CASE.settled, "sales")
    assert told(replace(CASE, confirmed={PRIOR: rests}), "201") == []
    # what was confirmed was another value
    assert told(replace(CASE, confirmed={PRIOR: rests.replace("200", "190")}), "201") == [(PRIOR, "201", "200")]


def test_those_on_which_points_ride_weigh() -> None:
    settled = {UNIT.code: {PRIOR: Decimal(150), "benefit.prior": Decimal(150)}}
    found = [*contradictions(SCHEME, [CASE], settled)]
    assert [each.figure for each in found] == [PRIOR, "benefit.prior"]
    scores = {UNIT.code: score(SCHEME, CASE)}
    assert [each.figure for each in weighing(SCHEME, [CASE], scores, found)] == [PRIOR]
