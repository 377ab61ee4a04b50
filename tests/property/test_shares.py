"""What 无任务 leaves to the others keeps the whole: every set of waived criteria, and the sums under every cap."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Case, Entry, Mark, UnitScore, Value
from kaohe_cli.points import shared_out
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.records import Item
from kaohe_cli.scheme.scheme import Scheme

TEN = Decimal("10.00")
CENT = Fraction(1, 100)
SHARED = [item for item in load().items if item.id in ("1.2", "1.3")]


@cache
def in_force(cap: str) -> Scheme:
    return load(readings={"no_task": "rescale", "cap": cap})


def subsets(item: Item) -> Iterator[tuple[str, ...]]:
    """Every set of criteria of ``item`` but the empty one; the whole comes last."""
    ids = [each.id for each in item.criterion]
    for count in range(1, len(ids) + 1):
        yield from combinations(ids, count)


def waivable(scheme: Scheme, id: str) -> str:
    """The figure by which criterion ``id`` is waived."""
    return next(name for name in scheme.criteria[id].rule.figures if scheme.figures[name].waivable)


def year(scheme: Scheme, waived: Sequence[str] = (), failed: Sequence[str] = (), more: Decimal = Decimal(0)) -> Case:
    """A unit that did everything but ``failed``; ``more``: by how much it went beyond what earns a bonus."""
    values: dict[str, Value] = {name: Mark.DONE if name.endswith(".done") else Decimal(80) for name in scheme.figures}
    values |= {"energy.target": Decimal(5), "energy.actual": 5 + more / 50, "sales.actual": 80 + more}
    values |= {"invest_large.actual": Decimal(100)}
    for id in failed:
        name = next(name for name in scheme.criteria[id].rule.figures if name.endswith((".done", ".actual")))
        values[name] = Mark.NOT_DONE if name.endswith(".done") else Decimal(1)
    values |= {waivable(scheme, id): Mark.NO_TASK for id in waived}
    awards = {id: Award(each.points) for id, each in scheme.criteria.items() if each.judged}
    return Case(scheme.units[0], "received", {name: Entry(value) for name, value in values.items()}, awards=awards)


def parts(whole: Fraction, weights: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
    """Cents by largest remainder, those of equal remainder in order: worked out anew."""
    exact = {id: whole / CENT * weight / sum(weights.values()) for id, weight in weights.items()}
    cents = {id: floor(each) for id, each in exact.items()}
    for _ in range(int(whole / CENT) - sum(cents.values())):
        # max gives the first of equals
        next_ = max(exact, key=lambda id: exact[id] - cents[id])
        cents[next_] += 1
    return {id: each * CENT for id, each in cents.items()}


@pytest.mark.parametrize("item", SHARED, ids=[item.id for item in SHARED])
def test_every_set_of_waived_criteria_leaves_the_points_of_the_item_whole(item: Item) -> None:
    scheme = in_force("none")
    tried = list(subsets(item))[:-1]
    for waived in tried:
        found = score(scheme, year(scheme, waived))
        scored = next(each for each in found.items if each.id == item.id)
        own = {each.id: Fraction(each.points or 0) for each in item.criterion if each.id not in waived}
        expected = parts(Fraction(item.points), own)
        assert scored.points == TEN, waived
        assert scored.self == TEN, waived
        assert sum(each.full or 0 for each in scored.criteria) == TEN, waived
        for each in scored.criteria:
            full, points = each.full, each.points
            assert full is not None
            assert points is not None
            if each.id in waived:
                assert full == points == 0, (waived, each.id)
                assert each.state == "no_task"
                continue
            assert points == full == expected[each.id] > 0, (waived, each.id)
            exact = Fraction(item.points) * own[each.id] / sum(own.values())
            assert abs(Fraction(full) - exact) < CENT, (waived, each.id)
        left = [(own[each.id], each.full or 0) for each in scored.criteria if each.id in own]
        for (weight, before), (other, after) in pairwise(left):
            assert weight != other or before >= after, f"{waived}: of equal parts the first has the odd cent"
        assert found.total is not None
    assert len(tried) == 2 ** len(item.criterion) - 2


def test_all_sets_were_tried() -> None:
    assert sum(len(list(subsets(item))) - 1 for item in SHARED) == 156


@pytest.mark.parametrize("item", SHARED, ids=[item.id for item in SHARED])
def test_an_item_waived_whole_waits_for_the_office(item: Item) -> None:
    scheme = in_force("none")
    found = score(scheme, year(scheme, [each.id for each in item.criterion]))
    scored = next(each for each in found.items if each.id == item.id)
    for each in scored.criteria:
        assert (each.points, each.self, each.state) == (None, None, "undecided")
        assert f"第 {item.id} 项“{item.title}”" in each.steps[0]
        assert "待考核办定分" in each.steps[0]
    assert (scored.points, scored.self) == (None, None)
    assert (found.total, found.self_total) == (None, None)


WAIVABLE = [each.id for item in SHARED for each in item.criterion]
FAILABLE = ["1.1.1", "1.1.4", "1.1.5", *WAIVABLE]


@given(
    st.sets(st.sampled_from(["1.1.1", *WAIVABLE])),
    st.sets(st.sampled_from(FAILABLE)),
    st.sampled_from(["none", "item", "total"]),
    st.decimals(0, 2000, places=6),
)
def test_criteria_and_bonuses_less_what_a_cap_takes_are_the_total(
    waived: set[str], failed: set[str], cap: str, more: Decimal
) -> None:
    scheme = in_force(cap)
    for item in SHARED:
        waived -= {item.criterion[0].id} if waived >= {each.id for each in item.criterion} else set()
    found = score(scheme, year(scheme, sorted(waived), sorted(failed - waived), more))
    plain = sum(each.points or 0 for item in found.items for each in item.criteria if not each.bonus)
    bonus = sum(each.points or 0 for item in found.items for each in item.criteria if each.bonus)
    assert all(each.points is not None for item in found.items for each in item.criteria)
    assert found.bonus == bonus
    assert found.capped is not None
    assert found.capped >= 0
    assert plain + bonus - found.capped == found.total == capped(scheme, found, cap)
    for item, scored in zip(scheme.items, found.items, strict=True):
        assert scored.points is not None
        assert scored.capped is not None
        assert sum(each.points or 0 for each in scored.criteria) - scored.capped == scored.points
        full = [each.full for each in scored.criteria if not each.bonus]
        assert sum(each or 0 for each in full) == item.points
        assert all(0 <= (each.points or 0) <= (each.full or 0) for each in scored.criteria if not each.bonus)


def capped(scheme: Scheme, found: UnitScore, cap: str) -> Decimal:
    """The total, from the criteria alone."""
    sums = [sum((each.points or Decimal(0) for each in item.criteria), Decimal(0)) for item in found.items]
    if cap == "item":
        sums = [min(made, item.points) for made, item in zip(sums, scheme.items, strict=True)]
    total = sum(sums, Decimal(0))
    return min(total, Decimal(100)) if cap == "total" else total


weights = st.lists(st.decimals("0.01", 100, places=2), min_size=1, max_size=12)


@given(st.decimals(0, 100, places=2), weights)
def test_shares_add_up_and_are_fair(whole: Decimal, weights: list[Decimal]) -> None:
    shares = shared_out(whole, weights)
    assert sum(shares) == whole
    assert len(shares) == len(weights)
    total = sum(map(Fraction, weights))
    for share, weight in zip(shares, weights, strict=True):
        assert share >= 0
        assert share == share.quantize(Decimal("0.01"))
        assert abs(Fraction(share) - Fraction(whole) * Fraction(weight) / total) < CENT
    ordered = sorted(zip(weights, range(len(weights), 0, -1), shares, strict=True))
    for (_, _, less), (_, _, more) in pairwise(ordered):
        assert less <= more, "a greater weight has no less, and of equal ones the first"
    numbered = {str(number): Fraction(weight) for number, weight in enumerate(weights)}
    assert [Fraction(share) for share in shares] == list(parts(Fraction(whole), numbered).values())
