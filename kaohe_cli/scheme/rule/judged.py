"""评定 and 手填: points that people enter in the ledger, a department or several judges, or the office itself."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.points import CENTS, ZERO, decimals, half_up, plain
from kaohe_cli.scheme.condition import Names
from kaohe_cli.scheme.rule.kind import RuleKind, decided

FEWEST = 3  # judges where the highest and the lowest mark are dropped
MOST_JUDGES = 30  # who have a column each
JUDGES = tuple(f"评委{count}" for count in range(1, MOST_JUDGES + 1))  # what each is called who has no name


class NamedMark(Struct, frozen=True, forbid_unknown_fields=True):
    """A mark that a judge may give, by its name (优 10 分)."""

    label: str
    points: Decimal


class Judged(RuleKind, frozen=True, tag_field="kind", tag="judged", forbid_unknown_fields=True):
    """Points that a department awards (处室评分), within the limits of its criterion."""

    full_or_none: bool = False  # 得 or 不得: full points or the least
    marks: tuple[NamedMark, ...] = ()  # the only ones that can be given; empty: any
    least: Decimal = ZERO  # 分, negative where points are taken off
    judges: int = 0  # how many judge, each in a column of its own; 0: the department as one
    drop: bool = False  # the highest and the lowest of their marks do not count
    from_unit: bool = False  # what the unit claims counts until the office enters something else

    def legal(self, most: Decimal | None) -> tuple[Decimal, ...]:
        """The only marks that can be given, highest first; empty: any from the least to ``most``."""
        if self.full_or_none and most is not None:
            return tuple(sorted({most, self.least}, reverse=True)) if most != self.least else (most,)
        return tuple(sorted((each.points for each in self.marks), reverse=True))

    def mean(self, given: Sequence[Decimal | None]) -> Decimal | None:
        """The mean of what the judges gave, exact to the cent (halves up); None until all have given theirs."""
        known = sorted(each for each in given if each is not None)
        if not self.judges or len(known) < self.judges:
            return None
        counted = known[1:-1] if self.drop else known
        return half_up(sum(counted, ZERO) / len(counted))

    def demand(self, most: Decimal | None) -> str:
        """What can be given, in words: 0–8 分; 8 分或 0 分; 优 10 分、良 8 分."""
        if self.marks:
            return "、".join(f"{each.label} {plain(each.points)} 分" for each in self.marks)
        if only := self.legal(most):
            return "或 ".join(f"{plain(each)} 分" for each in only)
        if most is None:
            return f"{plain(self.least)} 分以上"
        return f"{plain(self.least)}{' 至 ' if self.least < 0 else '–'}{plain(most)} 分"

    def listed(self, names: Names, verb: str = "得") -> tuple[str, ...]:
        """Each mark that can be given, by its name."""
        return tuple(f"评为“{each.label}”的，{decided(each.points, verb)}" for each in self.marks)

    def judging(self, most: Decimal | None) -> str:
        """Who gives how many points, in words."""
        said = f"{self.demand(most)}"
        if self.from_unit:
            return f"按单位自评计，{said}，由考核办核定"
        if not self.judges:
            return f"由责任处室评定，{said}"
        how = "去掉一个最高分和一个最低分后取平均" if self.drop else "取平均"
        return f"由 {self.judges} 位评委评定，{said}，{how}"

    def faults(self) -> Iterator[tuple[str, str]]:
        """Marks that cannot be told apart, judges too few to drop two."""
        if self.marks and self.full_or_none:
            yield "marks", "得或不得（full_or_none）的不另列分档"
        if len({each.label for each in self.marks}) < len(self.marks):
            yield "marks", "各档的名称须互不相同"
        if any(decimals(each.points) > CENTS for each in self.marks):
            yield "marks", f"各档的分最多 {CENTS} 位小数"
        if self.judges < 0 or self.judges == 1:
            yield "judges", "评委至少两位；只由一个处室评的不写"
        if self.judges > MOST_JUDGES:
            yield "judges", f"评委最多 {MOST_JUDGES} 位"
        if self.drop and self.judges < FEWEST:
            yield "drop", f"去掉最高、最低分的，评委至少 {FEWEST} 位"
        if self.from_unit and self.judges:
            yield "from_unit", "按单位自评计的不设评委"
        if self.least > 0 or decimals(self.least) > CENTS:
            yield "least", f"不大于 0，最多 {CENTS} 位小数"


class Supplied(RuleKind, frozen=True, tag_field="kind", tag="given", forbid_unknown_fields=True):
    """Points from elsewhere (折算并入, 难度系数), entered by the office with their source."""

    least: Decimal = ZERO

    def judging(self, most: Decimal | None) -> str:
        """Who gives how many points, in words."""
        upper = "" if most is None else f"，最多 {plain(most)} 分"
        lower = f"，最少 {plain(self.least)} 分" if self.least else ""
        return f"由考核办按所注出处填入{upper}{lower}"
