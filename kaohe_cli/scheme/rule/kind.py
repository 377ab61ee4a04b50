"""What every rule kind offers: value, Excel formula, sentence, terms, wanted figure and check, side by side.

A rule sees figures that are all known numbers or done or not; what is missing, waived (无任务), closed by another
criterion or a rate against nothing is settled before it is asked (assess/score.py) and guarded in its formula
(form/live.py). Values are exact; formulas round a quotient as conditions do a gap (scheme/condition.py). Where one
figure divides another, so that no double tells every quotient apart, program and formula round at the same place.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from kaohe_cli.points import CENTS, DECIMALS, ZERO, decimals, digits, half_up, plain
from kaohe_cli.scheme.condition import Condition, Figures, Names, literal
from kaohe_cli.scheme.rule.subject import Subject

EXACT = 14  # digits that a quotient has in a spreadsheet, whatever is added to it and taken from it on the way
MOST_ROWS = 40  # marks or places that a formula can ask for one within the other (Excel: 64, guards included)


class RuleKind(Struct, frozen=True, dict=True):
    """What a rule kind reads and asks: all that its conditions do, of which it has none unless it says otherwise."""

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All its conditions."""
        return ()

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, each once."""
        return tuple(dict.fromkeys(name for each in self.conditions for name in each.figures))

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The figures that a growth, a share or an excess is asked of, each once."""
        return tuple(dict.fromkeys(name for each in self.conditions for name in each.bases))

    @cached_property
    def beaten(self) -> tuple[str, ...]:
        """The figures that, were they 0, would be reached by doing nothing."""
        return tuple(name for each in self.conditions for name in (each.right, *each.bases) if name)

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What of all units it compares, and so cannot be known from one unit alone."""
        return ()

    @property
    def places(self) -> int:
        """Decimals at which a formula rounds its value before the cent."""
        return DECIMALS

    @property
    def most(self) -> Decimal | None:
        """The most that it can give, 分; None: no limit, or what the criterion says."""
        return None

    def listed(self, names: Names, verb: str = "得") -> tuple[str, ...]:
        """What it asks mark by mark, where it is a list of them; ``verb`` is 加 for a bonus."""
        return ()

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong in it by itself: the key below the rule (empty: the rule), and what it is."""
        yield from ()

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What more there would be had the wanted figure been reached; ``full`` is 满分 in force."""
        return f"方可多{verb}分"


def decided(points: Decimal, verb: str = "得") -> str:
    """So many points as a decision: 得 4 分, 加 1 分, 扣 2 分, 不得分."""
    if points == 0:
        return f"不{verb}分"
    return f"扣 {plain(-points)} 分" if points < 0 else f"{verb} {plain(points)} 分"


def more(had: Decimal, aim: Decimal, most: Decimal | None, verb: str, full: Decimal | None) -> str:
    """What more ``aim`` would be than ``had``, of the full points in force instead of ``most`` of the rule's own."""
    if aim <= 0:
        return "方可不扣分" if aim == 0 else f"方可少扣 {plain(half_up(aim - had))} 分"
    share = full / most if full is not None and most else Decimal(1)
    return f"方可{'再' if had > 0 else ''}{verb} {plain(half_up(aim * share) - max(half_up(had * share), ZERO))} 分"


def within(points: Decimal, floor: Decimal | None, cap: Decimal | None) -> Decimal:
    """``points``, at least the floor and at most the cap."""
    if floor is not None:
        points = max(points, floor)
    return points if cap is None else min(points, cap)


def within_formula(points: str, floor: Decimal | None, cap: Decimal | None) -> str:
    """The same as an expression of a spreadsheet."""
    if floor is not None:
        points = f"MAX({points},{literal(floor)})"
    return points if cap is None else f"MIN({points},{literal(cap)})"


def within_words(points: Decimal, floor: Decimal | None, cap: Decimal | None) -> str:
    """What a floor or a cap made of ``points``, as the end of a sentence; empty where nothing."""
    if floor is not None and points < floor:
        return f"，不足 {plain(floor)} 分，按 {plain(floor)} 分计"
    return f"，以 {plain(cap)} 分为限" if cap is not None and points > cap else ""


def within_terms(floor: Decimal | None, cap: Decimal | None, verb: str) -> str:
    """The floor and the cap as the end of what is asked; empty where there is neither."""
    most = "" if cap is None else f"，最多{decided(cap, verb) if cap else ' 0 分'}"
    least = "" if floor is None else f"，最少{decided(floor, verb) if floor else ' 0 分'}"
    return f"{most}{least}"


def within_faults(floor: Decimal | None, cap: Decimal | None) -> Iterator[tuple[str, str]]:
    """A floor and a cap that cannot both be kept, or are no points."""
    for key, value in (("floor", floor), ("cap", cap)):
        if value is not None:
            yield from points_faults(key, value)
    if floor is not None and cap is not None and cap <= floor:
        yield "cap", "须大于 floor"


def points_faults(key: str, *points: Decimal) -> Iterator[tuple[str, str]]:
    """Points of more decimals than points have."""
    if any(decimals(each) > CENTS for each in points):
        yield key, f"分最多 {CENTS} 位小数"


def quotient_places(most: Decimal) -> int:
    """Decimals of points up to ``most`` that a quotient of two figures gives, in the program as in a spreadsheet."""
    return EXACT - max(CENTS, digits(most))


def table_formula(rows: Iterable[tuple[str, Decimal]], rest: str) -> str:
    """The points of the first row whose test holds, else ``rest``, as an expression of a spreadsheet."""
    rows = tuple(rows)
    return f"{''.join(f'IF({test},{literal(points)},' for test, points in rows)}{rest}{')' * len(rows)}"
