"""Random years within the bands of a scheme, and at their edges: what figures and marks units might have. Pure.

A year follows from the scheme and its seed alone.
"""

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import exp
from random import Random

from msgspec import Struct

from kaohe_cli.model import Award, Case, Entry, Mark, Settings
from kaohe_cli.points import CENTS, HUNDRED, ZERO
from kaohe_cli.scheme.plausible import Against, Within
from kaohe_cli.scheme.records import Criterion, Measure
from kaohe_cli.scheme.rule import Judged
from kaohe_cli.scheme.scheme import Scheme

EDGE = 0.1  # of the figures stand exactly on the edge of a band
THRESHOLD = 0.1  # of the figures are exactly what a rule asks for
DONE = 0.92  # of what is to be done is done
WAIVED = 0.03  # of the tasks that may be waived are
USUAL = Decimal(500)  # a figure of which nothing tells the size
COUNTED = Decimal(3)  # of what is only counted
PART = Decimal("0.75")  # of the whole is a part of it
GROWN = Decimal("1.15")  # times last year's is the target
LEAST_MARK = 0.6  # of the full points of what is judged
TENTH = Decimal("0.1")


class Year(Struct):
    """A year as it is drawn."""

    scheme: Scheme
    chance: Random
    share: float  # of the unit in all of them
    held: dict[str, Decimal]  # numbers of the unit, by figure

    def figures(self, given: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
        """All figures of a unit to which ``given`` was given."""
        measures = self.scheme.content.measure
        for measure in sorted(measures, key=lambda each: bool(each.band.part_of)):  # wholes before their parts
            yield from self._measure(measure, given)

    def _measure(self, measure: Measure, given: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
        if measure.done is not None:
            word = Mark.DONE if self.chance.random() < DONE else Mark.NOT_DONE
            waived = measure.done.waivable and self.chance.random() < WAIVED
            yield f"{measure.id}.done", Entry(Mark.NO_TASK if waived else word)
            return
        for name, figure in measure.figures():
            full = f"{measure.id}.{name}"
            if full in given:
                entry = given[full]
            elif figure.waivable and self.chance.random() < WAIVED:
                entry = Entry(Mark.NO_TASK)
            else:
                entry = Entry(self._number(measure, name))
            if isinstance(entry.value, Decimal):
                self.held[full] = entry.value
            yield full, entry

    def _number(self, measure: Measure, name: str) -> Decimal:
        """A figure within all the bands that hold for it."""
        full = f"{measure.id}.{name}"
        figure, held = self.scheme.figures[full], self.scheme.expectations[measure.id]
        lows = [figure.min if figure.min is not None else -HUNDRED]
        highs = [figure.max] if figure.max is not None else []
        size, centre = self._size(measure, name), None
        for each in held:
            if isinstance(each, Within) and each.figure == full:
                least, most = each.least, each.most
            elif isinstance(each, Against) and each.figure == full and each.base in self.held:
                base = self.held[each.base]
                least, most = (base + edge if each.points else base * edge for edge in (each.least, each.most))
                centre = base if each.kind == "target" else (least + most) / 2
            else:
                continue
            lows.append(least)
            highs.append(most)
        highs += [self.held[each] for each in (figure.at_most, f"{measure.band.part_of}.{name}") if each in self.held]
        if centre is None and size is not None:
            lows.append(size * Decimal("0.8"))
            highs.append(size * Decimal("1.2"))
            centre = size
        least, most = max(lows), min(highs, default=HUNDRED)
        return self._drawn(full, min(least, most), most, (least + most) / 2 if centre is None else centre)

    def _size(self, measure: Measure, name: str) -> Decimal | None:
        """About what a figure is of which no other of its measure tells; None where it has a range of its own."""
        part = self.held.get(f"{measure.band.part_of}.{name}")
        if part is not None:
            return part * PART
        share = Decimal(str(round(self.share, 6)))
        for total in self.scheme.content.total:
            if total.measure == measure.id:
                return share * total.number / (GROWN if name == "prior" else 1)
        if any(isinstance(each, Within) for each in self.scheme.expectations[measure.id]):
            return None
        if self.scheme.figures[f"{measure.id}.{name}"].whole and len(list(measure.figures())) == 1:
            return share * COUNTED * len(self.scheme.units)  # what happens, or is done, some times a year
        return share * USUAL * len(self.scheme.units)

    def _drawn(self, full: str, least: Decimal, most: Decimal, centre: Decimal) -> Decimal:
        """A number from ``least`` to ``most``, most often about ``centre``; now and then on an edge."""
        at, step = self.chance.random(), Decimal(1) if self.scheme.figures[full].whole else Decimal(1).scaleb(-CENTS)
        least = max(least, step) if full in self.scheme.above_zero else least
        low, high = least.quantize(step, ROUND_CEILING), most.quantize(step, ROUND_FLOOR)
        if low >= high:
            return min(low, high) if high > 0 else low
        if at < EDGE:
            return low if self.chance.random() < 0.5 else high
        asked = self._asked(full)
        if asked is not None and at < EDGE + THRESHOLD and low <= asked <= high:
            return asked.quantize(step, ROUND_CEILING)
        drawn = self.chance.triangular(float(low), float(high), float(min(max(centre, low), high)))
        return min(max(Decimal(str(round(drawn, 4))).quantize(step), low), high)

    def _asked(self, full: str) -> Decimal | None:
        """What the first rule that reads a figure asks it to be; None where none does."""
        for condition in self.scheme.conditions:
            if condition.left == full and condition.right in self.held:
                return self.held[condition.right] * condition.right_times / condition.left_times
        return None


def draw(scheme: Scheme, settings: Settings, seed: str) -> tuple[Case, ...]:
    """The cases of a random year of the units of ``settings``, with what is given there; the same for the same seed."""
    chance = Random(seed)
    sizes = [exp(chance.gauss(0, 0.9)) for _ in settings.units]
    cases = []
    for unit, size in zip(settings.units, sizes, strict=True):
        given = scheme.given(unit, settings)
        year = Year(scheme, chance, size / sum(sizes), {})
        reported = dict(year.figures(given))
        able = chance.uniform(LEAST_MARK + 0.1, 1)  # a unit that does well does so in most items
        awards = {}
        for criterion in scheme.of(unit.kind).criteria.values():
            if criterion.judged:
                share = min(1.0, max(LEAST_MARK, chance.gauss(able, 0.06)))
                awards[criterion.id] = Award(_mark(criterion, Decimal(str(round(share, 4))), chance), by="责任处室")
        cases.append(Case(unit, "received", reported, awards=awards))
    return tuple(cases)


def _mark(criterion: Criterion, share: Decimal, chance: Random) -> Decimal:
    """A mark of about that ``share`` of the full points; none off, and none added without limit, in a usual year."""
    rule, most = criterion.rule, criterion.points or ZERO
    legal = rule.legal(most) if isinstance(rule, Judged) and most else ()
    if len(legal) == 2:  # it is done, or it is not
        return legal[chance.random() > DONE]
    if legal:
        return min(legal, key=lambda each: abs(each - most * share))
    return min((most * share).quantize(TENTH), most)
