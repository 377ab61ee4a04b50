"""What every rule kind offers: value, Excel formula, sentence, terms, wanted figure and check, side by side.

A rule sees figures that are all known numbers or done or not; what is missing, waived (无任务), closed by another
criterion or a rate against nothing is settled before it is asked (assess/score.py) and guarded in its formula
(form/live.py). Values are exact; formulas round a quotient as conditions do a gap (scheme/condition.py).
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from kaohe_cli.points import DECIMALS, plain
from kaohe_cli.scheme.condition import Condition, Figures, Names
from kaohe_cli.scheme.rule.subject import Subject


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
