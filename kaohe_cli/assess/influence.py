"""What rides on a figure or an award: points, places and grade of its unit, were it something else. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.rank import grade_of, vetoed
from kaohe_cli.assess.score import criterion_score, item_score, read_by, unit_score
from kaohe_cli.model import Case, CriterionScore, Entry, Influence, UnitScore
from kaohe_cli.points import ZERO
from kaohe_cli.scheme.scheme import Scheme

NONE = Influence(ZERO, 0)


class Standings(Struct, frozen=True):
    """What all units have so far, to tell in which place one of them would be."""

    scheme: Scheme
    decided: Mapping[str, Sequence[Decimal]]  # group → points of its units not vetoed, as far as known; in order
    units: Mapping[str, int]  # group → how many units it has

    def ride(self, now: UnitScore, others: Iterable[UnitScore]) -> Influence:
        """What lies between the score ``now`` and any of the ``others`` that its unit could have."""
        held, rides = now.decided or ZERO, NONE
        for other in others:
            points = other.decided or ZERO
            gap = abs(points - held)
            graded = (
                now.total is not None
                and not now.veto
                and self._grade(other, points, held) != self._grade(now, held, held)
            )
            rides = Influence(max(rides.points, gap), max(rides.places, self.moved(now, points)), rides.grade or graded)
        return rides

    def moved(self, now: UnitScore, points: Decimal) -> int:
        """How many places away the unit of the score ``now`` would be with so many ``points``."""
        held = now.decided or ZERO
        return 0 if now.veto else abs(self._place(now, points, held) - self._place(now, held, held))

    def _place(self, now: UnitScore, points: Decimal, own: Decimal) -> int:
        """The place of so many points; ``own`` are those of the unit itself among all."""
        decided = self.decided[now.group]
        return 1 + len(decided) - bisect_right(decided, points) - (own > points)

    def _grade(self, score: UnitScore, points: Decimal, own: Decimal) -> str:
        place, units = self._place(score, points, own), self.units[score.group]
        return vetoed(self.scheme, score) if score.veto else grade_of(self.scheme, points, place, units, score.bars)


def standings(scheme: Scheme, scores: Sequence[UnitScore]) -> Standings:
    """The standings of all units."""
    decided: dict[str, list[Decimal]] = {each.group: [] for each in scores}
    for each in scores:
        if not each.veto:
            decided[each.group].append(each.decided or ZERO)
    return Standings(
        scheme, {group: sorted(points) for group, points in decided.items()}, Counter(each.group for each in scores)
    )


def without(
    scheme: Scheme, case: Case, score: UnitScore, figure: str, instead: Decimal | None, cases: Sequence[Case] = ()
) -> UnitScore:
    """``score`` with another number ``instead`` of the figure, or (None) without it; an award stays as it is.

    ``cases`` are those of all units, among whom this one is compared anew.
    """
    settled = {name: entry for name, entry in {**case.reported, **case.verified}.items() if name != figure}
    if instead is not None:
        settled[figure] = Entry(instead)
    other = replace(case, reported=settled, verified={})
    if any(figure in subject.figures for subject in scheme.subjects):
        group = [each if each.unit != case.unit else other for each in cases]
        other = next((each for each in compare(scheme, group) if each.unit == case.unit), other)
    scheme, settled = scheme.of(case.unit.kind), {**other.settled}
    reads = (each for each in scheme.criteria.values() if figure in read_by(scheme, each))
    changed = {each.id: criterion_score(scheme, each, other, settled) for each in reads}
    return rescored(scheme, other, score, changed) if changed or figure in scheme.barring else score


def awarded(scheme: Scheme, case: Case, score: UnitScore, criterion: str, instead: Decimal) -> UnitScore:
    """``score`` with other points ``instead`` for one criterion."""
    return rescored(scheme, case, score, {criterion: replace(score.criterion(criterion), points=instead)})


def rescored(scheme: Scheme, case: Case, score: UnitScore, changed: Mapping[str, CriterionScore]) -> UnitScore:
    """``score`` with those criteria ``changed``, by id."""
    scheme = scheme.of(case.unit.kind)
    items = (
        item_score(scheme, item, tuple(changed.get(each.id, each) for each in was.criteria))
        if any(each.id in changed for each in was.criteria)
        else was
        for item, was in zip(scheme.items, score.items, strict=True)
    )
    return unit_score(scheme, case, tuple(items))
