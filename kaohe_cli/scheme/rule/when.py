"""条件: points for each condition that holds (达到即得分, 两项都达到, 出现即不得分)."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from kaohe_cli.points import ZERO, half_up, plain
from kaohe_cli.scheme.condition import Addresses, Comparison, Condition, Figures, Names, literal
from kaohe_cli.scheme.rule.kind import RuleKind, decided


class Part(Comparison, frozen=True, kw_only=True, dict=True):
    """A condition, others beside it, and the points that they earn together."""

    points: Decimal
    otherwise: Decimal = ZERO  # 分 where they do not hold
    also: tuple[Condition, ...] = ()
    any: bool = False  # one of them is enough

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All that must hold."""
        own = (getattr(self, name) for name in Comparison.__struct_fields__)
        return (Condition(*own), *self.also)

    def earned(self, figures: Figures) -> Decimal:
        """The points on ``figures``."""
        return self.points if self.met(figures) else self.otherwise

    def met(self, figures: Figures) -> bool:
        """Whether all of them hold, or one where that is enough."""
        return (any if self.any else all)(each.met(figures) for each in self.conditions)

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as a logical expression of a spreadsheet."""
        tests = [each.formula(cells, names) for each in self.conditions]
        return tests[0] if len(tests) == 1 else f"{'OR' if self.any else 'AND'}({','.join(tests)})"

    def words(self, figures: Figures, names: Names) -> str:
        """What the figures are, and whether they hold where there are several."""
        said, count = "；".join(each.words(figures, names) for each in self.conditions), len(self.conditions)
        if count == 1:
            return said
        failing = sum(not each.met(figures) for each in self.conditions)
        if self.any:
            return f"{said}；{count} 项中{f'有 {count - failing} 项达到' if failing < count else '没有一项达到'}"
        return f"{said}；{f'{count} 项中有 {failing} 项未达到' if failing else f'{count} 项都达到'}"

    def terms(self, names: Names) -> str:
        """What is asked, without the figures of a unit."""
        return ("，或者" if self.any else "，并且").join(each.terms(names) for each in self.conditions)

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have met those that do not hold."""
        joined = "，或者" if self.any else "，并且"
        return joined.join(each.wanted(figures, names) for each in self.conditions if not each.met(figures))

    def met_by(self, figures: Figures, names: Names) -> Figures:
        """``figures`` as far as it takes to meet all of them, or the first where one is enough, and no further."""
        if self.any and self.met(figures):
            return figures
        for each in self.conditions[:1] if self.any else self.conditions:
            figures = each.met_by(figures, names)
        return figures


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
