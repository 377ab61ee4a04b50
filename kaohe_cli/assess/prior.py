"""What last year's assessment settled, against what this year goes by as last year's. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.assess.influence import standings, without
from kaohe_cli.assess.plausibility import figures_rest
from kaohe_cli.model import Case, Origin, Unit, UnitScore
from kaohe_cli.scheme.scheme import Scheme


class Contradiction(Struct, frozen=True):
    """A figure of last year that is another one this year than was settled then."""

    unit: Unit
    figure: str
    settled: Decimal  # then
    held: Decimal  # in force now
    origin: Origin | None  # where it was found; None: it is not known


def contradictions(
    scheme: Scheme, cases: Iterable[Case], settled: Mapping[str, Mapping[str, Decimal]]
) -> Iterator[Contradiction]:
    """Every figure that is not what was ``settled`` (unit code → figure → value), unless the office decided on it.

    It did where it verified the figure (核定值), or confirmed what stands there now (核实).
    """
    for case in cases:
        for figure, was in settled.get(case.unit.code, {}).items():
            entry = case.settled.get(figure)
            if entry is None or not isinstance(entry.value, Decimal) or entry.value == was:
                continue
            rests = figures_rest(scheme, case.settled, figure.partition(".")[0])
            if figure not in case.verified and case.confirmed.get(figure) != rests:
                yield Contradiction(case.unit, figure, was, entry.value, entry.origin)


def weighing(
    scheme: Scheme, cases: Sequence[Case], scores: Mapping[str, UnitScore], found: Iterable[Contradiction]
) -> Iterator[Contradiction]:
    """Those of ``found`` on which points or a grade ride, as they would on a query; ``scores`` by unit code."""
    standing = standings(scheme, [*scores.values()])
    held = {case.unit.code: case for case in cases}
    for each in found:
        if each.figure in scheme.scoring or each.figure in scheme.barring:
            case, score = held[each.unit.code], scores[each.unit.code]
            others = (without(scheme, case, score, each.figure, value, cases) for value in (each.settled, None))
            ride = standing.ride(score, others)
            if ride.points or ride.grade:
                yield each
