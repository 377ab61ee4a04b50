"""Laws of scoring and ranking, on random data."""

import random
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe_cli.assess.explain import explain
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import (
    Award,
    Case,
    CriterionScore,
    Entry,
    ItemScore,
    Mark,
    Ranking,
    SectionScore,
    UnitScore,
    Value,
    Veto,
)
from kaohe_cli.points import half_up
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

pytestmark = pytest.mark.slow

SCHEME = load()
CHOICES = {reading.id: [option.id for option in reading.option] for reading in SCHEME.content.reading}

readings = st.fixed_dictionaries({name: st.sampled_from(options) for name, options in CHOICES.items()})
amounts = st.decimals(0, 5000, places=2, allow_nan=False)
rates = st.decimals(-20, 20, places=2, allow_nan=False)
awarded = st.decimals(0, 4, places=2, allow_nan=False)


def figure(name: str) -> st.SearchStrategy[Value | None]:
    """What may stand for a figure; now and then nothing, or 无任务."""
    if name.endswith(".done"):
        return st.sampled_from([Mark.DONE, Mark.DONE, Mark.NOT_DONE, Mark.NO_TASK, None])
    if name == "energy.target":
        return st.sampled_from([Decimal(4), Decimal(5)])
    numbers: st.SearchStrategy[Value | None] = rates if name == "energy.actual" else amounts
    marks = [None, Mark.NO_TASK] if SCHEME.figures[name].waivable else [None]
    return st.one_of(numbers, numbers, numbers, numbers, st.sampled_from(marks))


reported = st.fixed_dictionaries({name: figure(name) for name in SCHEME.figures})
awards = st.fixed_dictionaries({id: st.none() | awarded for id, each in SCHEME.criteria.items() if each.judged})


@st.composite
def cases(draw: st.DrawFn, complete: bool = False) -> Case:
    values = draw(reported)
    given = draw(awards)
    verified = draw(st.dictionaries(st.sampled_from(["sales.actual", "energy.actual", "land.actual"]), rates | amounts))
    if complete:
        values = {name: Decimal(3) if value is None else value for name, value in values.items()}
        values |= {name: Mark.DONE for name in values if name.endswith(".done")}
        values |= {name: Decimal(3) for name in BASES if values[name] == 0}
        given = {id: Decimal(3) if points is None else points for id, points in given.items()}
    return Case(
        SCHEME.units[0],
        "received",
        {name: Entry(value) for name, value in values.items() if value is not None},
        {name: Entry(value) for name, value in verified.items()},
        {id: Award(points, by="某处") for id, points in given.items() if points is not None},
    )


BASES = {base for criterion in SCHEME.criteria.values() for base in criterion.rule.bases}
LAWS = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def explained(scheme: Scheme, case: Case, found: UnitScore) -> Mapping[str, Decimal | None]:
    """The points of each criterion as the explanation tells them."""
    told: dict[str, Decimal | None] = {}
    for line in explain(scheme, case, found):
        if line.kind == "criterion":
            id, _, points = line.text.partition(" ")[0], *line.text.rpartition("：")[1:]
            told[id] = None if points.startswith("未定分") else Decimal(points.partition(" ")[0])
    return told


@LAWS
@given(cases() | cases(complete=True), readings)
def test_explained_points_add_up_to_the_total(case: Case, chosen: Mapping[str, str]) -> None:
    scheme = load(readings={**chosen, "cap": "none"})
    found = score(scheme, case)
    told = explained(scheme, case, found)
    assert list(told) == list(scheme.criteria)
    if None in told.values():
        assert found.total is None
    else:
        assert sum(points for points in told.values() if points is not None) == found.total
        assert found.total == sum(each.points or 0 for each in found.sections)


@LAWS
@given(cases(), readings)
def test_the_unknown_is_never_a_number(case: Case, chosen: Mapping[str, str]) -> None:
    found = score(load(readings=chosen), case)
    for item in found.items:
        for each in item.criteria:
            assert (each.points is None) == (each.state in ("pending", "no_target", "invalid", "undecided"))
            assert each.steps
        assert (item.points is None) == any(each.points is None for each in item.criteria)
    assert (found.total is None) == any(item.points is None for item in found.items)


@LAWS
@given(cases(complete=True), readings)
def test_points_stay_within_their_limits_and_at_two_decimals(case: Case, chosen: Mapping[str, str]) -> None:
    scheme = load(readings=chosen)
    found = score(scheme, case)
    for id, criterion in scheme.criteria.items():
        points = found.criterion(id).points
        assert points is not None
        assert points == half_up(points)
        assert points >= 0
        full = found.criterion(id).full
        assert (full is None) == (criterion.points is None)
        if full is not None:
            assert points <= full
    assert found.total is not None
    for item, each in zip(scheme.items, found.items, strict=True):
        fulls = [held.full for held in each.criteria if not held.bonus]
        assert sum(full for full in fulls if full is not None) == item.points
    assert found.bonus is not None
    assert found.capped is not None
    base = sum(held.points or 0 for each in found.items for held in each.criteria if not held.bonus)
    assert base + found.bonus - found.capped == found.total
    assert found.capped >= 0
    if scheme.policy.cap == "total":
        assert found.total <= 100
    if scheme.policy.cap == "item":
        assert all(
            item.points <= each.points for item, each in zip(found.items, scheme.items, strict=True) if item.points
        )


@LAWS
@given(cases(complete=True), readings, st.sampled_from(sorted(SCHEME.figures)), amounts)
def test_more_achieved_never_loses_points(case: Case, chosen: Mapping[str, str], name: str, more: Decimal) -> None:
    """No figure of this notice is better for being smaller, once it is the unit's own."""
    was = case.reported.get(name)
    if not name.endswith(".actual") or was is None or not isinstance(was.value, Decimal):
        return
    scheme = load(readings=chosen)
    better = Case(case.unit, case.status, {**case.reported, name: Entry(was.value + more)}, awards=case.awards)
    before = score(scheme, Case(case.unit, case.status, case.reported, awards=case.awards)).total
    after = score(scheme, better).total
    assert before is not None
    assert after is not None
    assert after >= before


@LAWS
@given(cases())
def test_a_self_score_does_not_hear_of_verified_figures(case: Case) -> None:
    plain = Case(case.unit, case.status, case.reported, awards=case.awards)
    assert score(SCHEME, case).self_total == score(SCHEME, plain).self_total


def ranking(scheme: Scheme, rows: list[tuple[Decimal | None, Decimal, bool]], seed: int) -> Ranking:
    scores = []
    for unit, (total, first, veto) in zip(scheme.units, rows, strict=False):
        items = (ItemScore("1.1", first, None, (CriterionScore("1.1.1", False, first, "scored", None, ()),)),)
        second = None if total is None else total - first
        vetoed = Veto("甲") if veto else None
        sections = SectionScore("1", first, None), SectionScore("2", second, None)
        scores.append(UnitScore(unit, "received", items, total, sections, None, vetoed))
    random.Random(seed).shuffle(scores)
    return rank(scheme, scores)


tables = st.lists(
    st.tuples(
        st.none() | st.sampled_from([Decimal(each) for each in ("79.99", "80", "85", "90", "95.5")]),
        st.sampled_from([Decimal(40), Decimal(50)]),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=14,
)


@LAWS
@given(tables, readings, st.integers(0, 1000))
def test_a_place_depends_on_the_points_alone(
    rows: list[tuple[Decimal | None, Decimal, bool]], chosen: Mapping[str, str], seed: int
) -> None:
    scheme = load(readings=chosen)
    assert ranking(scheme, rows, seed) == ranking(scheme, rows, seed + 1)


@LAWS
@given(tables, readings)
def test_places_order_totals(rows: list[tuple[Decimal | None, Decimal, bool]], chosen: Mapping[str, str]) -> None:
    scheme = load(readings=chosen)
    found = ranking(scheme, rows, 0)
    placed = [each for each in found.units if each.place is not None]
    assert len(found.units) == len(rows)
    for one, other in pairwise(placed):
        assert one.place is not None
        assert other.place is not None
        assert one.score.total is not None
        assert other.score.total is not None
        assert one.score.total >= other.score.total
        assert one.place <= other.place
        if not scheme.policy.tie:
            assert (one.place == other.place) == (one.score.total == other.score.total)
    for each in found.units:
        assert (each.place is None) == (each.grade in ("一票否决", "未定"))
        assert (each.grade == "一票否决") == (each.score.veto is not None)
        assert each.reasons
        if each.grade == "达标":
            assert each.score.total is not None
            assert each.score.total >= 80
        if scheme.policy.veto == "move_up" and each.place is not None:
            better = [other for other in placed if other.place is not None and other.place < each.place]
            assert each.place == 1 + len(better), "places are skipped for shared ones and for nothing else"
