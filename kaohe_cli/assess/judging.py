"""Was judging fair? What each department gave, held against what the others gave the same units. Pure.

What counts is the rate: points over full points. A unit that all departments mark low is a weak one, and a department
that marks all units low is a strict one; only what neither explains is told. docs/JUDGING.md says how often that is
right, and benchmarks/judging.py finds it out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import gcd
from statistics import median
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.model import Ranked
from kaohe_cli.points import CENTS, ZERO
from kaohe_cli.scheme.frame import ONE
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Judged
from kaohe_cli.scheme.scheme import Scheme

FEWEST_DEPARTMENTS, FEWEST_UNITS = 3, 5  # that are compared
FEWEST_ALIKE = 3  # units that are marked alike by no chance
ALIKE = Decimal("0.01")  # of full points: so near to each other, marks tell no unit from another
LEVEL_APART, LEVEL_SPREADS = Decimal("0.095"), Decimal(2)  # how far a department is from the others to be named
SEVERAL, SEVERAL_APART = 2, Decimal("0.085")  # marks for each unit that are steadier than one, and how far then
CELL_APART, CELL_SPREADS = Decimal("0.14"), Decimal("4.5")  # how far a mark is from what is to be expected
COARSEST = Decimal("0.125")  # of full points: marks farther apart are not taken for steps of a scale
SPREAD = Decimal("1.4826")  # × median distance: how far values scatter, whatever a few of them do
MOST_ROUNDS = 20  # of taking levels away, until nothing is left to take

NOTHING = Decimal("0.0001")

_Thing = TypeVar("_Thing")
_Key = TypeVar("_Key")


class MarkGiven(Struct, frozen=True):
    """Points that a unit was given for a criterion."""

    unit: str  # code
    department: str  # 责任处室; where none was named the item stands for itself: 第 1.4 项
    item: str
    criterion: str
    points: Decimal
    full: Decimal  # 满分 in force, above 0
    self: Decimal | None  # 自评分; None: not known
    step: Decimal = ZERO  # 分 between neighbouring marks where only some can be given

    @property
    def rate(self) -> Decimal:
        """The part of full points."""
        return self.points / self.full


class Dealt(Struct, frozen=True):
    """All that a department gave a unit."""

    unit: str  # code
    department: str
    points: Decimal
    full: Decimal
    usual: Decimal  # the rate of a usual unit, for the same criteria
    marks: int
    step: Decimal  # between neighbouring marks, where only some can be given; like the next one a part of full points
    grain: Decimal  # the step in which its marks were given

    @property
    def rate(self) -> Decimal:
        """The part of full points."""
        return self.points / self.full


class Uniform(Struct, frozen=True):
    """A department that tells no unit from another."""

    department: str
    units: int
    lowest: Decimal  # rate
    highest: Decimal


class Level(Struct, frozen=True):
    """A department that is more lenient, or stricter, than the others."""

    department: str
    units: int  # the weaker ones, among which it was measured
    gap: Decimal  # how much more of full points it usually gave them than the others did; below 0: less


class Outlying(Struct, frozen=True):
    """A unit that one department marks unlike all the others."""

    unit: str  # code
    department: str
    rate: Decimal
    expected: Decimal  # by what the department gives other units, and the unit gets from other departments
    points: Decimal  # 分 above what is expected; below where negative


class Calibration(Struct, frozen=True):
    """What is noticed of the marks of a year."""

    departments: int  # that gave marks
    units: int  # that got some
    uniform: tuple[Uniform, ...] = ()
    levels: tuple[Level, ...] = ()
    outlying: tuple[Outlying, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether there are enough of both to hold departments against each other."""
        return self.departments >= FEWEST_DEPARTMENTS and self.units >= FEWEST_UNITS


def judges(scheme: Scheme) -> bool:
    """Whether departments mark anything in ``scheme``."""
    return any(item.marked for own in scheme.variants for item in own.items)


def marks_of(scheme: Scheme, units: Iterable[Ranked], departments: Mapping[str, str]) -> tuple[MarkGiven, ...]:
    """The marks that are known of ``units``, unit by unit; ``departments`` are those of the items, as far as named.

    Of an item of which something is still to be marked nothing counts: a part of it is no measure of the whole.
    """
    found: list[MarkGiven] = []
    for ranked in units:
        unit, own = ranked.score.unit, scheme.of(ranked.score.unit.kind)
        for item, held in zip(own.items, ranked.score.items, strict=True):
            name = department_of(item.id, departments)
            asked = [pair for pair in zip(item.criterion, held.criteria, strict=True) if pair[0].marked]
            marks = [
                MarkGiven(unit.code, name, item.id, each.id, scored.points, full, scored.self, _step(each))
                for each, scored in asked
                for full in [scored.full]
                if scored.points is not None and full is not None and full > 0
            ]
            found += marks if len(marks) == len(asked) else ()
    return tuple(found)


def asked_of(scheme: Scheme, units: Iterable[Ranked]) -> int:
    """How many items are to be marked, of all ``units`` together."""
    kinds = [scheme.of(each.score.unit.kind) for each in units]
    return sum(item.marked for own in kinds for item in own.items)


def department_of(item: str, departments: Mapping[str, str]) -> str:
    """What is called the department of ``item``: where none was named each item stands for itself."""
    return departments.get(item, "") or f"第 {item} 项"


def _step(criterion: Criterion) -> Decimal:
    legal = criterion.rule.legal(criterion.points) if isinstance(criterion.rule, Judged) else ()
    return max((more - less for more, less in pairwise(legal)), default=ZERO)


def calibrate(marks: Sequence[MarkGiven]) -> Calibration:
    """What is noticed of ``marks``, by department in the order in which they come.

    A department that marks all alike is told so, and nothing else of it: its marks say nothing of any unit.
    """
    dealt = _dealt(marks)
    by_department = _grouped(dealt, _department)
    alike = {name: each for name, cells in by_department.items() if (each := _uniform(name, cells))}
    found = Calibration(len(by_department), len({each.unit for each in dealt}), tuple(alike.values()))
    if not found.compared:
        return found
    levels = tuple(each for each in _levels(dealt) if each.department not in alike)
    telling = [each for each in dealt if each.department not in alike]
    return replace(found, levels=levels, outlying=tuple(_outlying(telling)))


def _dealt(marks: Sequence[MarkGiven]) -> list[Dealt]:
    """What each department gave each unit, department by department."""
    usual = {id: median(each.rate for each in of) for id, of in _grouped(marks, lambda each: each.criterion).items()}
    grains = {id: _grain(of) for id, of in _grouped(marks, lambda each: each.criterion).items()}
    found = []
    for (department, unit), held in _grouped(marks, lambda each: (each.department, each.unit)).items():
        points, full = sum((each.points for each in held), ZERO), sum((each.full for each in held), ZERO)
        expected = sum((usual[each.criterion] * each.full for each in held), ZERO)
        step, grain = max(each.step for each in held), max(grains[each.criterion] for each in held)
        found.append(Dealt(unit, department, points, full, expected / full, len(held), step / full, grain / full))
    return found


def _grain(marks: Sequence[MarkGiven]) -> Decimal:
    """The step that all ``marks`` are multiples of, 分, as far as it is one: that of 0.5 where nobody gave 3.2."""
    step = Decimal(gcd(*(int(each.points.scaleb(CENTS)) for each in marks))).scaleb(-CENTS)
    return min(step, min(each.full for each in marks) * COARSEST)


def _uniform(department: str, cells: Sequence[Dealt]) -> Uniform | None:
    """That ``department`` gave all the same rate, or nearly so; None where it did not, or marked one unit alone."""
    rates = [each.rate for each in cells]
    if len(cells) < FEWEST_ALIKE or max(rates) - min(rates) > ALIKE:
        return None
    return Uniform(department, len(cells), min(rates), max(rates))


def _levels(dealt: Sequence[Dealt]) -> Iterator[Level]:
    """The departments far from what the others gave the same units."""
    by_unit = _grouped(dealt, _unit)
    for department, cells in _grouped(dealt, _department).items():
        beside = {
            code: rates
            for code in (each.unit for each in cells)
            if len(rates := {each.department: each.rate for each in by_unit[code] if each.department != department})
            >= FEWEST_DEPARTMENTS - 1
        }
        if len(beside) < FEWEST_UNITS:
            continue
        usual = {code: median(rates.values()) for code, rates in beside.items()}
        own = {each.unit: each.rate for each in cells}
        # among the weaker units, for what is given the others cannot be above full points
        weaker = sorted(usual, key=lambda code: usual[code])[: max(FEWEST_UNITS, -(-len(usual) // 2))]
        gap = _middle(own[code] - usual[code] for code in weaker)
        gaps: dict[str, list[Decimal]] = {}
        for code in weaker:
            for other, rate in beside[code].items():
                gaps.setdefault(other, []).append(rate - usual[code])
        spread, grain = _spread(map(median, gaps.values())), max(each.grain for each in cells)
        apart = SEVERAL_APART if all(each.marks >= SEVERAL for each in cells) else LEVEL_APART
        if abs(gap) >= max(apart, LEVEL_SPREADS * spread) + grain / 2:
            yield Level(department, len(weaker), gap)


def _outlying(dealt: Sequence[Dealt]) -> Iterator[Outlying]:
    """What is far from what the levels of its unit and of its department together let expect."""
    dealt = _enough(dealt)
    fitted = [(each, rate, each.rate - rate) for each, rate in zip(dealt, _expected(dealt), strict=True)]
    spread = _spread(gap for _, _, gap in fitted)
    scattered = {
        name: _spread(gap for _, _, gap in of) for name, of in _grouped(fitted, lambda each: each[0].department).items()
    }
    rows = _grouped(fitted, lambda each: each[0].unit)
    for each, rate, gap in fitted:
        apart = max(CELL_APART, CELL_SPREADS * max(spread, scattered[each.department]), each.step) + each.grain / 2
        # unlike all others: none of them went half as far the same way
        alike = sum(2 * (other if gap > 0 else -other) >= abs(gap) for _, _, other in rows[each.unit])
        if abs(gap) > apart and alike == 1:
            yield Outlying(each.unit, each.department, each.rate, rate, gap * each.full)


def _enough(dealt: Sequence[Dealt]) -> Sequence[Dealt]:
    """Those of units with enough departments, and of departments with enough units."""
    while True:
        units, departments = _grouped(dealt, _unit), _grouped(dealt, _department)
        kept = [
            each
            for each in dealt
            if len(units[each.unit]) >= FEWEST_DEPARTMENTS and len(departments[each.department]) >= FEWEST_UNITS
        ]
        if len(kept) == len(dealt):
            return kept
        dealt = kept


def _expected(dealt: Sequence[Dealt]) -> list[Decimal]:
    """The rates that fit unit and department: medians are taken away in turn until none is left, from 0 to 1.

    A few odd marks do not move a median; they would move a mean, and then others would look odd.
    """
    left = [each.rate - each.usual for each in dealt]
    numbered = range(len(dealt))
    departments = _grouped(numbered, lambda at: dealt[at].department).values()
    lines = [*departments, *_grouped(numbered, lambda at: dealt[at].unit).values()]
    for _ in range(MOST_ROUNDS):
        moved = ZERO
        for line in lines:
            level = median(left[at] for at in line)
            moved = max(moved, abs(level))
            for at in line:
                left[at] -= level
        if moved < NOTHING:
            break
    return [min(max(each.rate - gap, ZERO), ONE) for each, gap in zip(dealt, left, strict=True)]


def _mean(values: Iterable[Decimal]) -> Decimal:
    held = list(values)
    return sum(held, ZERO) / len(held)


def _middle(values: Iterable[Decimal]) -> Decimal:
    """The mean of the middle half: steadier than a median of few, and the odd ones do not move it."""
    held = sorted(values)
    odd = len(held) // 4
    return _mean(held[odd : len(held) - odd])


def _spread(values: Iterable[Decimal]) -> Decimal:
    """How far ``values`` scatter about 0, whatever a few of them do."""
    return SPREAD * median([abs(each) for each in values] or [ZERO])


def _department(each: Dealt) -> str:
    return each.department


def _unit(each: Dealt) -> str:
    return each.unit


def _grouped(values: Iterable[_Thing], key: Callable[[_Thing], _Key]) -> dict[_Key, list[_Thing]]:
    found: dict[_Key, list[_Thing]] = {}
    for each in values:
        found.setdefault(key(each), []).append(each)
    return found
