"""What rides on a figure or an award: points, places and grade of its unit, were it something else. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.rank import grade_of
from kaohe_cli.assess.score import criterion_score, item_score, read_by, unit_score
from kaohe_cli.model import Case, CriterionScore, Entry, Influence, UnitScore
from kaohe_cli.points import ZERO
from kaohe_cli.scheme.scheme import Scheme

NONE = Influence(ZERO, 0)


class Standings(Struct, frozen=True):
    """What all units have so far, to tell in which place one of them would be."""

    scheme: Scheme
    decided: Sequence[Decimal]  # points of the units that are not vetoed, as far as they are known; in order

    def ride(self, now: UnitScore, others: Iterable[UnitScore]) -> Influence:
        """What lies between the score ``now`` and any of the ``others`` that its unit could have."""
        held, rides = now.decided or ZERO, NONE
        for other in others:
            points = other.decided or ZERO
            gap = abs(points - held)
            graded = now.total is not None and not now.veto and self._grade(points, held) != self._grade(held, held)
            rides = Influence(max(rides.points, gap), max(rides.places, self.moved(now, points)), rides.grade or graded)
        return rides

    def moved(self, now: UnitScore, points: Decimal) -> int:
        """How many places away the unit of the score ``now`` would be with so many ``points``."""
        held = now.decided or ZERO
        return 0 if now.veto else abs(self._place(points, held) - self._place(held, held))

    def _place(self, points: Decimal, own: Decimal) -> int:
        """The place of so many points; ``own`` are those of the unit itself among all."""
        return 1 + len(self.decided) - bisect_right(self.decided, points) - (own > points)

    def _grade(self, points: Decimal, own: Decimal) -> str:
        return grade_of(self.scheme, points, self._place(points, own))


def standings(scheme: Scheme, scores: Iterable[UnitScore]) -> Standings:
    """The standings of all units."""
    return Standings(scheme, sorted(each.decided or ZERO for each in scores if not each.veto))


def without(scheme: Scheme, case: Case, score: UnitScore, figure: str, instead: Decimal | None) -> UnitScore:
    """``score`` with another number ``instead`` of the figure, or (None) without it; an award stays as it is."""
    settled = {name: entry for name, entry in case.settled.items() if name != figure}
    if instead is not None:
        settled[figure] = Entry(instead)
    other = replace(case, reported=settled, verified={})
    reads = (each for each in scheme.criteria.values() if figure in read_by(scheme, each))
    return _changed(scheme, case, score, {each.id: criterion_score(scheme, each, other, settled) for each in reads})


def awarded(scheme: Scheme, case: Case, score: UnitScore, criterion: str, instead: Decimal) -> UnitScore:
    """``score`` with other points ``instead`` for one criterion."""
    return _changed(scheme, case, score, {criterion: replace(score.criterion(criterion), points=instead)})


def _changed(scheme: Scheme, case: Case, score: UnitScore, changed: Mapping[str, CriterionScore]) -> UnitScore:
    """``score`` with those criteria ``changed``, by id; itself where none is."""
    if not changed:
        return score
    items = (
        item_score(scheme, item, tuple(changed.get(each.id, each) for each in was.criteria))
        for item, was in zip(scheme.items, score.items, strict=True)
    )
    return unit_score(scheme, case, tuple(items))
