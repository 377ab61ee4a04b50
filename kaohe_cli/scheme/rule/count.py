"""计件: points for each of what is counted (国家级每项 3 分、省级每项 2 分, 每起扣 2 分), within limits."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from kaohe_cli.points import CENTS, DECIMALS, ZERO, decimals, plain
from kaohe_cli.scheme.condition import Addresses, Figures, Named, Names, literal, must_be, number_of
from kaohe_cli.scheme.rule.kind import (
    RuleKind,
    decided,
    more,
    points_faults,
    within,
    within_faults,
    within_formula,
    within_terms,
    within_words,
)


class Counted(Struct, frozen=True, forbid_unknown_fields=True):
    """A figure, and the points for each of what it counts."""

    figure: str
    each: Decimal  # 分, negative where points are taken off


class Count(RuleKind, frozen=True, tag_field="kind", tag="count", forbid_unknown_fields=True):
    """Points for each of what is counted, added up."""

    counts: tuple[Counted, ...]
    start: Decimal = ZERO  # 分 where nothing is counted
    floor: Decimal | None = None
    cap: Decimal | None = None

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, each once."""
        return tuple(dict.fromkeys(each.figure for each in self.counts))

    @property
    def places(self) -> int:
        """Decimals of the smallest difference that its figures can make."""
        return DECIMALS + max((decimals(each.each) for each in self.counts), default=CENTS)

    @property
    def most(self) -> Decimal | None:
        """Its cap where something earns points, and what it starts with where all lose them."""
        return self.cap if any(each.each > 0 for each in self.counts) else self._within(self.start)

    def _within(self, points: Decimal) -> Decimal:
        return within(points, self.floor, self.cap)

    def _total(self, figures: Figures) -> Decimal:
        return self.start + sum((each.each * number_of(figures, each.figure) for each in self.counts), ZERO)

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        return self._within(self._total(figures))

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        terms = "".join(
            f"{'-' if each.each < 0 else '+'}{cells(each.figure)}*{literal(abs(each.each))}" for each in self.counts
        )
        total = f"{literal(self.start)}{terms}" if self.start else terms.removeprefix("+")
        # what binary arithmetic adds to a floor or a cap is cut off by it
        return within_formula(f"ROUND({total},{self.places})", self.floor, self.cap)

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        happened = [(each, number_of(figures, each.figure)) for each in self.counts]
        told = [
            names[each.figure].said(number) + (f"，{decided(each.each * number, '计')}" if number else "")
            for each, number in happened
        ]
        said = "；".join(told) if len(told) > 1 else told[0]
        if self.start:
            said = f"基础分 {plain(self.start)} 分；{said}"
        if len(told) > 1 or self.start:
            said += f"；合计 {plain(self._total(figures))} 分"
        return said + within_words(self._total(figures), self.floor, self.cap)

    def terms(self, names: Names, verb: str = "加") -> str:
        """What the points are given for, or taken off for; ``verb`` is 加 for a bonus."""
        each = "，".join(self.listed(names, verb))
        start = f"基础分 {plain(self.start)} 分，" if self.start else ""
        ended = "，扣完为止" if self.floor == 0 and any(each.each < 0 for each in self.counts) else ""
        return f"{start}{each}{within_terms(None if ended else self.floor, self.cap, verb)}{ended}"

    def listed(self, names: Names, verb: str = "加") -> tuple[str, ...]:
        """The points for each of what is counted."""
        return tuple(
            f"{names[each.figure].called}每 {self._one(names[each.figure])}{decided(each.each, verb)}"
            for each in self.counts
        )

    @staticmethod
    def _one(name: Named) -> str:
        return f"1 {name.unit}" if name.unit else "1 "

    def _better(self, figures: Figures) -> dict[str, Decimal]:
        """What figures would have earned more: none that loses, else one more of what earns most."""
        loses = {each.figure: ZERO for each in self.counts if each.each < 0 and number_of(figures, each.figure) > 0}
        if loses:
            return loses
        best = max((each for each in self.counts if each.each > 0), key=lambda each: each.each, default=None)
        return {best.figure: number_of(figures, best.figure) + 1} if best else {}

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned more: nothing that costs, or one more of what earns most; empty where nothing."""
        better = self._better(figures)
        if self.value({**figures, **better}) <= self.value(figures):
            return ""
        return "，".join(must_be(names[name], bound, True, 1 if bound else -1) for name, bound in better.items())

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What more there would be with the wanted figures."""
        if all(each.each < 0 for each in self.counts):
            return "方可不扣分"
        aim = self.value({**figures, **self._better(figures)})
        return more(self.value(figures), aim, self.most, verb, full)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Nothing that is counted, or counted for nothing; limits that cannot be kept."""
        if not self.counts:
            yield "counts", "没有计件的数据项"
        if len(self.figures) < len(self.counts):
            yield "counts", "同一数据项只写一次"
        if any(each.each == 0 for each in self.counts):
            yield "counts", "每件的分不能为 0"
        yield from points_faults("counts", *(each.each for each in self.counts))
        yield from points_faults("start", self.start)
        yield from within_faults(self.floor, self.cap)
        if self.start != self._within(self.start):
            yield "start", "须在 floor 与 cap 之间"
        if self.floor is not None and self.start >= self.floor and not any(each.each < 0 for each in self.counts):
            yield "floor", "没有扣分，不需要最低分"
        if self.cap is not None and self.start <= self.cap and not any(each.each > 0 for each in self.counts):
            yield "cap", "没有加分，不需要最高分"
