"""线性 and 分档: points by a figure, or by its share of a base (按完成率计分; 达到 90% 得 36 分)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.points import DECIMALS, HUNDRED, ZERO, decimals, plain, settled
from kaohe_cli.scheme.condition import (
    Addresses,
    Condition,
    Figures,
    Names,
    literal,
    must_be,
    number_of,
    percent_of,
)
from kaohe_cli.scheme.rule.kind import (
    MOST_ROWS,
    RuleKind,
    decided,
    more,
    points_faults,
    quotient_places,
    table_formula,
    within,
    within_faults,
    within_formula,
    within_terms,
    within_words,
)
from kaohe_cli.scheme.rule.subject import Subject

Edge: TypeAlias = Literal[">=", ">", "<=", "<"]

COMPARES: Mapping[tuple[bool, bool], Edge] = {  # falling, strict → how a figure is held against a mark
    (False, False): ">=", (False, True): ">", (True, False): "<=", (True, True): "<",
}  # fmt: skip


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a share, or a figure, earns so many points."""

    at: Decimal  # a share: 0.9 for 90%
    points: Decimal


class Threshold(Point, frozen=True, kw_only=True):
    """From where a band reaches."""

    strict: bool = False  # the mark itself does not belong to the band


class Measuring(RuleKind, frozen=True, kw_only=True):
    """What rules by a figure, or by its share of a base, have in common."""

    left: str
    right: str | None = None  # the base; None: the figure itself

    @cached_property
    def subject(self) -> Subject:
        """What is measured."""
        return Subject(self.left, self.right)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        return self.subject.figures

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """What a share is asked of."""
        return (self.subject.base,) if self.subject.base else ()

    @cached_property
    def beaten(self) -> tuple[str, ...]:
        """The same: were it 0, it would be reached by doing nothing."""
        return self.bases

    def _at(self, at: Decimal, names: Names) -> str:
        """A mark in words: 90%; 90 万元."""
        return f"{plain(at * HUNDRED)}%" if self.right else names[self.left].amount(at)

    def _asked(self, names: Names) -> str:
        """What is measured, as the beginning of what is asked."""
        return f"按{self.subject.called(names)}计分："


class Linear(Measuring, frozen=True, kw_only=True, tag_field="kind", tag="line", forbid_unknown_fields=True):
    """Points along the line through two marks."""

    low: Point
    high: Point
    floor: Decimal | None = None
    cap: Decimal | None = None

    @property
    def places(self) -> int:
        """Decimals at which the program and a formula round its value before the cent."""
        known = (self.low.points, self.high.points, self.floor or ZERO, self.cap or ZERO)
        return quotient_places(max(map(abs, known)))

    @property
    def most(self) -> Decimal | None:
        """Its cap."""
        return self.cap

    @property
    def _rise(self) -> Decimal:
        return self.high.points - self.low.points

    @property
    def _run(self) -> Decimal:
        return self.high.at - self.low.at

    def _exact(self, figures: Figures) -> Decimal:
        base = number_of(figures, self.right) if self.right else Decimal(1)
        beyond = number_of(figures, self.left) - self.low.at * base
        # divided last: a third of 0.015 is half a cent, though no third can be written down
        return settled(self.low.points + beyond * self._rise / (base * self._run), self.places)

    def value(self, figures: Figures) -> Decimal:
        """Points, as exact as a spreadsheet can tell them."""
        return within(self._exact(figures), self.floor, self.cap)

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        share = f"{cells(self.left)}/{cells(self.right)}" if self.right else cells(self.left)
        if self.low.at:
            share = f"({share}{_signed(-self.low.at)})"
        share += f"*{literal(self._rise)}" + (f"/{literal(self._run)}" if self._run != 1 else "")
        start = f"{literal(self.low.points)}+" if self.low.points else ""
        return within_formula(f"ROUND({start}{share},{self.places})", self.floor, self.cap)

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        exact = self._exact(figures)
        said = self.subject.said(figures, names, self._shown(figures))
        return f"{said}，按比例计{within_words(exact, self.floor, self.cap)}"

    def _shown(self, figures: Figures) -> str:
        """The share, at a precision that does not hide on which side of the nearer mark it is."""
        if self.right is None:
            return ""
        share = self.subject.exact(figures)
        edge = min((self.high.at, self.low.at), key=lambda at: abs(at - share))
        return f"{percent_of(share, edge, (share > edge) - (share < edge))}%"

    def terms(self, names: Names, verb: str = "得") -> str:
        """What the points are given for; ``verb`` is 加 for a bonus."""
        limits = within_terms(self.floor, self.cap, verb)
        return f"{self._asked(names)}{'，'.join(reversed(self.listed(names, verb)))}，其余按比例计{limits}"

    def listed(self, names: Names, verb: str = "得") -> tuple[str, ...]:
        """The two marks, the lower one first."""
        return tuple(f"{self._at(each.at, names)} {decided(each.points, verb)}" for each in (self.low, self.high))

    @property
    def _aim(self) -> Decimal:
        """The points that are wanted: the cap, or what the better mark gives."""
        return max(self.low.points, self.high.points) if self.cap is None else self.cap

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned the cap, or the points of the better mark; empty where they are had."""
        if self.value(figures) >= self._aim:
            return ""
        share = self.low.at + (self._aim - self.low.points) * self._run / self._rise
        return must_be(names[self.left], self.subject.bound(figures, share), True, 1 if self._rise > 0 else -1)

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What more there would be with the wanted figure."""
        return more(self.value(figures), self._aim, self.most, verb, full)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Marks that make no line, and limits that cannot be kept or are never reached."""
        for key, mark in (("low", self.low), ("high", self.high)):
            if decimals(mark.at) > DECIMALS:
                yield f"{key}.at", f"最多 {DECIMALS} 位小数"
            yield from points_faults(f"{key}.points", mark.points)
        if self.high.at <= self.low.at:
            yield "high.at", "须大于 low.at"
        if self.high.points == self.low.points:
            yield "high.points", "与 low.points 相同，不论多少都得一样的分"
        yield from within_faults(self.floor, self.cap)


class Band(Measuring, frozen=True, kw_only=True, tag_field="kind", tag="band", forbid_unknown_fields=True):
    """Points of the first mark that is reached, from the best down."""

    marks: tuple[Threshold, ...]
    below: Point | None = None  # what there is where none is reached, and from where; None: nothing
    falling: bool = False  # the less the better

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What each mark asks, from the best down; times are multiplied, so that no share is rounded."""
        return tuple(map(self._condition, self.marks))

    def _condition(self, mark: Threshold) -> Condition:
        compare = COMPARES[self.falling, mark.strict]
        if self.right is None:
            return Condition(self.left, compare, number=mark.at)
        return Condition(self.left, compare, self.right, right_times=mark.at, share=True)

    @property
    def _rest(self) -> Decimal:
        return self.below.points if self.below else ZERO

    @property
    def most(self) -> Decimal:
        """What the best mark gives."""
        return max((each.points for each in (*self.marks, *([self.below] if self.below else []))), default=ZERO)

    def _reached(self, figures: Figures) -> int:
        """The place of the mark that is reached, from the best down; their number where none is."""
        reached = (place for place, each in enumerate(self.conditions) if each.met(figures))
        return next(reached, len(self.marks))

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        place = self._reached(figures)
        return self.marks[place].points if place < len(self.marks) else self._rest

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        tests = (each.formula(cells, names) for each in self.conditions)
        rows = zip(tests, (each.points for each in self.marks), strict=True)
        return table_formula(rows, literal(self._rest))

    def _edge(self, mark: Threshold, names: Names) -> str:
        """What a mark asks, in words: 达到 90%; 超过 90%; 不高于 5 起."""
        words = ("低于" if mark.strict else "不高于") if self.falling else ("超过" if mark.strict else "达到")
        return f"{words} {self._at(mark.at, names)}"

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        place = self._reached(figures)
        said = self.subject.said(figures, names, self._shown(figures))
        if place < len(self.marks):
            return f"{said}，属“{self._edge(self.marks[place], names)}”一档"
        last = self.marks[-1]
        if self.falling:
            return f"{said}，{'不低于' if last.strict else '高于'} {self._at(last.at, names)}"
        return f"{said}，未{self._edge(last, names)}"

    def _shown(self, figures: Figures) -> str:
        """The share, at a precision that does not hide on which side of the nearest mark it is."""
        if self.right is None:
            return ""
        share, base = self.subject.exact(figures), number_of(figures, self.right)
        edge = min((each.at for each in self.marks), key=lambda at: abs(at - share))
        gap = number_of(figures, self.left) - edge * base
        return f"{percent_of(share, edge, (gap > 0) - (gap < 0))}%"

    def terms(self, names: Names, verb: str = "得") -> str:
        """What the points are given for; ``verb`` is 加 for a bonus."""
        return f"{self._asked(names)}{'，'.join(self.listed(names, verb))}，其余{decided(self._rest, verb)}"

    def listed(self, names: Names, verb: str = "得") -> tuple[str, ...]:
        """Each mark, from the best down."""
        return tuple(f"{self._edge(each, names)}的{decided(each.points, verb)}" for each in self.marks)

    def _better(self, figures: Figures) -> Threshold | None:
        """The next mark that gives more."""
        place, had = self._reached(figures), self.value(figures)
        return next((each for each in reversed(self.marks[:place]) if each.points > had), None)

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have reached the next mark; empty where the best is reached."""
        if (better := self._better(figures)) is None:
            return ""
        way: Literal[1, -1] = -1 if self.falling else 1
        return must_be(names[self.left], self.subject.bound(figures, better.at), not better.strict, way)

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What more the next mark gives."""
        better, had = self._better(figures), self.value(figures)
        return more(had, better.points if better else had, self.most, verb, full)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Marks out of order, gaps between them, and marks that nothing can reach."""
        if not self.marks:
            yield "marks", "没有分档"
            return
        if len(self.marks) > MOST_ROWS:
            yield "marks", f"最多 {MOST_ROWS} 档"
        if any(decimals(each.at) > DECIMALS for each in self.marks):
            yield "marks", f"各档的界限最多 {DECIMALS} 位小数"
        yield from points_faults("marks", *(each.points for each in self.marks))
        for better, worse in pairwise(self.marks):
            over = worse.at - better.at if self.falling else better.at - worse.at
            limit = self._number(worse.at)
            if over < 0:
                yield "marks", f"须从最好的一档写起：{limit}写在了{self._number(better.at)}之后"
            elif over == 0 and not (better.strict and not worse.strict):
                yield "marks", f"{limit}写了两次，后一档永远轮不到"
            if better.points <= worse.points:
                yield "marks", f"{limit}一档的分不少于更好的一档"
        last = self.marks[-1]
        if self.below is None:
            return
        yield from points_faults("below.points", self.below.points)
        if self.below.points >= last.points:
            yield "below.points", "须少于最后一档的分"
        if (gap := self.below.at - last.at) and (gap > 0) == self.falling:
            between = sorted((self.below.at, last.at))
            said = "至".join(map(self._number, between))
            yield "below.at", f"{said}之间得几分没有写明"
        elif gap:
            yield "below.at", f"与最后一档重叠，须为 {plain(last.at)}"

    def _number(self, at: Decimal) -> str:
        return f" {plain(at * HUNDRED)}% " if self.right else f" {plain(at)} "


def _signed(value: Decimal) -> str:
    return f"{'-' if value < 0 else '+'}{literal(abs(value))}"
