"""条件: points for each condition that holds (达到即得分, 两项都达到, 出现即不得分)."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from kaohe_cli.points import ZERO, half_up, plain
from kaohe_cli.scheme.condition import Addresses, Condition, Figures, Names, Part, literal
from kaohe_cli.scheme.rule.kind import RuleKind, decided


class When(RuleKind, frozen=True, tag_field="kind", tag="when", forbid_unknown_fields=True):
    """Points for each condition that holds."""

    parts: tuple[Part, ...]

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All its conditions."""
        return tuple(each for part in self.parts for each in part.conditions)

    @property
    def most(self) -> Decimal:
        """What it gives where the better of each part comes about."""
        return sum((max(part.points, part.otherwise) for part in self.parts), ZERO)

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        return sum((part.earned(figures) for part in self.parts), ZERO)

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        return "+".join(
            f"IF({part.formula(cells, names)},{literal(part.points)},{literal(part.otherwise)})" for part in self.parts
        )

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        if len(self.parts) == 1:
            return self.parts[0].words(figures, names)
        told = ((part.words(figures, names), part.earned(figures)) for part in self.parts)
        return "；".join(f"{said}（{plain(points)} 分）" for said, points in told)

    def terms(self, names: Names, verb: str = "得") -> str:
        """What the points are given for; ``verb`` is 加 for a bonus."""
        return "；".join(
            f"{part.terms(names)}的，{decided(part.points, verb)}"
            + (f"，否则{decided(part.otherwise, verb)}" if part.otherwise else "")
            for part in self.parts
        )

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned the points that were not; empty where all were."""
        lacking = (part for part in self.parts if not part.met(figures) and part.points > part.otherwise)
        return "；".join(part.wanted(figures, names) for part in lacking)

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What more there would be, of the full points in force."""
        had, own = self.value(figures), self.most
        if own <= 0:
            return "方可不扣分"
        shared = own if full is None else full
        more = shared - half_up(had * shared / own)
        return f"方可{'再' if had else ''}{verb} {plain(more)} 分"

    def faults(self) -> Iterator[tuple[str, str]]:
        """Parts that are not there, or decide nothing."""
        if not self.parts:
            yield "", "没有条件"
        for part in self.parts:
            if part.points == part.otherwise:
                yield "", f"成立与不成立都得 {plain(part.points)} 分，条件不起作用"
