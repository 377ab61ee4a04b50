"""名次 and 相对: points by how a unit compares with the others of its group.

Both read pseudo figures (scheme/rule/subject.py) beside the unit's own.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Literal

from kaohe_cli.points import ZERO, plain, settled
from kaohe_cli.scheme.condition import Addresses, Figures, Names, literal, must_be, number_of
from kaohe_cli.scheme.rule.kind import (
    MOST_ROWS,
    RuleKind,
    decided,
    more,
    points_faults,
    quotient_places,
    table_formula,
    within,
    within_formula,
)
from kaohe_cli.scheme.rule.subject import RATIO, Subject


class Comparing(RuleKind, frozen=True, kw_only=True):
    """What rules that compare units have in common."""

    left: str
    right: str | None = None  # the base of a share; None: the figure itself
    gap: bool = False  # by how much it is beyond the right, and not its share of it

    @cached_property
    def subject(self) -> Subject:
        """What is compared."""
        return Subject(self.left, self.right, self.gap)

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What of all units it compares."""
        return (self.subject,)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """What a share is asked of."""
        return (self.subject.base,) if self.subject.base else ()

    def _stat(self, figures: Figures, stat: str) -> Decimal:
        return number_of(figures, self.subject.pseudo(stat))

    def _own(self, figures: Figures) -> Decimal:
        value = self.subject.value(figures)
        assert value is not None, self.subject.name
        return value

    def _amount(self, value: Decimal, figures: Figures, names: Names) -> str:
        """``value`` with its unit; a share at a precision that tells the extremes and the unit's own apart."""
        own, most, least = self._own(figures), self._stat(figures, "max"), self._stat(figures, "min")
        alike = len({own, most, least})
        apart = (
            places for places in range(2, RATIO) if len({settled(x, places + 2) for x in (own, most, least)}) == alike
        )
        return self.subject.amount(value, names, next(apart, RATIO))

    def _said(self, figures: Figures, names: Names) -> str:
        """The unit's own, and the extremes of its group."""
        own, most, least = (
            self._amount(each, figures, names)
            for each in (self._own(figures), self._stat(figures, "max"), self._stat(figures, "min"))
        )
        said = self.subject.said(figures, names, own if self.right else "")
        return f"{said}，同组 {plain(self._stat(figures, 'count'))} 个单位中最高 {most}、最低 {least}"


class Placing(Comparing, frozen=True, kw_only=True, tag_field="kind", tag="place", forbid_unknown_fields=True):
    """Points by the place within the group; equal figures share a place."""

    low_first: bool = False  # the lowest is the first
    points: tuple[Decimal, ...]  # of the first, the second and so on
    drop: Decimal | None = None  # 分 less for each place beyond them; None: the rest
    floor: Decimal | None = None  # no less by dropping
    rest: Decimal = ZERO  # 分 beyond them, where nothing is dropped

    @property
    def _stat_of_place(self) -> str:
        return "place_low" if self.low_first else "place"

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        stats = (self._stat_of_place, "count", "max", "min")
        return (*self.subject.figures, *map(self.subject.pseudo, stats))

    @property
    def most(self) -> Decimal:
        """What the first gets."""
        return max((*self.points, self.rest), default=ZERO)

    def _place(self, figures: Figures) -> int:
        return int(self._stat(figures, self._stat_of_place))

    def _at(self, place: int) -> Decimal:
        """The points of a place."""
        if place <= len(self.points):
            return self.points[place - 1]
        if self.drop is None:
            return self.rest
        return within(self.points[-1] - self.drop * (place - len(self.points)), self.floor, None)

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        return self._at(self._place(figures))

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        cell, count = cells(self.subject.pseudo(self._stat_of_place)), len(self.points)
        rest = literal(self.rest)
        if self.drop is not None:
            dropped = f"{literal(self.points[-1])}-{literal(self.drop)}*({cell}-{count})"
            rest = within_formula(dropped, self.floor, None)
        return table_formula(((f"{cell}={place}", each) for place, each in enumerate(self.points, 1)), rest)

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        order = "由低到高" if self.low_first else "由高到低"
        return f"{self._said(figures, names)}，{order}列第 {self._place(figures)} 名"

    def terms(self, names: Names, verb: str = "得") -> str:
        """What the points are given for; ``verb`` is 加 for a bonus."""
        order = "由低到高" if self.low_first else "由高到低"
        places = "，".join(self.listed(names, verb))
        if self.drop is None:
            rest = f"其余{decided(self.rest, verb)}"
        else:
            rest = f"此后每降 1 名减 {plain(self.drop)} 分"
            rest += "" if self.floor is None else f"，最少{decided(self.floor, verb)}"
        return f"按{self.subject.called(names)}在同组中{order}排列，{places}，{rest}"

    def listed(self, names: Names, verb: str = "得") -> tuple[str, ...]:
        """The points of each place."""
        return tuple(f"第 {place} 名{decided(each, verb)}" for place, each in enumerate(self.points, 1))

    def _next(self, figures: Figures) -> int | None:
        """The nearest better place that gives more."""
        place, had = self._place(figures), self.value(figures)
        return next((each for each in range(place - 1, 0, -1) if self._at(each) > had), None)

    def wanted(self, figures: Figures, names: Names) -> str:
        """What place would have earned more; empty where none."""
        place = self._next(figures)
        return "" if place is None else f"{self.subject.called(names)}须列同组第 {place} 名"

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What more that place gives."""
        had, place = self.value(figures), self._next(figures)
        return more(had, had if place is None else self._at(place), self.most, verb, full)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Places that do not go down, and keys that decide nothing."""
        if not self.points:
            yield "points", "没有写各名次的分"
            return
        if len(self.points) > MOST_ROWS:
            yield "points", f"最多 {MOST_ROWS} 个名次，其后的用 drop"
        yield from points_faults("points", *self.points)
        if any(better < worse for better, worse in zip(self.points, self.points[1:], strict=False)):
            yield "points", "后一名的分不能多于前一名"
        yield from points_faults("rest", self.rest)
        if self.drop is None:
            if self.rest > self.points[-1]:
                yield "rest", "不能多于最后一个名次的分"
            if self.rest == self.points[0]:
                yield "rest", "各名次的分都相同，名次不起作用"
            if self.floor is not None:
                yield "floor", "没有 drop，不需要最低分"
            return
        yield from points_faults("drop", self.drop)
        if self.drop <= 0:
            yield "drop", "须大于 0"
        if self.rest:
            yield "rest", "写了 drop 的不写 rest"
        if self.floor is not None:
            yield from points_faults("floor", self.floor)
            if self.floor >= self.points[-1]:
                yield "floor", "须少于最后一个名次的分"


class Peer(Comparing, frozen=True, kw_only=True, tag_field="kind", tag="peer", forbid_unknown_fields=True):
    """Points by the distance to the best, between the worst and the best, or on which side of the mean."""

    against: Literal["best", "range", "mean"]
    high: Decimal  # 分 of the best, or of those better than the mean
    low: Decimal = ZERO  # 分 of the worst, or of the others; no less against the best
    falling: bool = False  # the less the better
    same: Decimal | None = None  # 分 where all are equal; None: high, and low against a mean that none is better than

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        stats = ("max", "min", "count", *(("mean",) if self.against == "mean" else ()))
        return (*self.subject.figures, *map(self.subject.pseudo, stats))

    @property
    def places(self) -> int:
        """Decimals at which the program and a formula round its value before the cent."""
        return quotient_places(max(abs(self.high), abs(self.low), abs(self._equal)))

    @property
    def most(self) -> Decimal:
        """What the best gets."""
        return max(self.high, self._equal)

    @property
    def _equal(self) -> Decimal:
        if self.same is not None:
            return self.same
        return self.low if self.against == "mean" else self.high

    @property
    def _extremes(self) -> tuple[str, str]:
        """The stats of the best and of the worst."""
        return ("min", "max") if self.falling else ("max", "min")

    def value(self, figures: Figures) -> Decimal:
        """Points, as exact as a spreadsheet can tell them."""
        own = self._own(figures)
        best, worst = (self._stat(figures, each) for each in self._extremes)
        if best == worst:
            return self._equal
        if self.against == "mean":
            mean = self._stat(figures, "mean")
            return self.high if (own < mean if self.falling else own > mean) else self.low
        if self.against == "range":
            part = (own - worst) * (self.high - self.low) / (best - worst)
            return settled(self.low + part, self.places)
        if own == best:
            return self.high
        upper, lower = (best, own) if self.falling else (own, best)
        # nothing is so many times of what is not above nought
        return max(settled(self.high * upper / lower, self.places), self.low) if lower > 0 else self.low

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        own, high, low = self.subject.formula(cells), literal(self.high), literal(self.low)
        best, worst = (cells(self.subject.pseudo(each)) for each in self._extremes)
        if self.against == "mean":
            mean = cells(self.subject.pseudo("mean"))
            said = f"IF(ROUND({own}-{mean},{RATIO}){'<' if self.falling else '>'}0,{high},{low})"
        elif self.against == "range":
            start = f"{low}+" if self.low else ""
            said = f"({own}-{worst})*{literal(self.high - self.low)}/({best}-{worst})"
            said = f"ROUND({start}{said},{self.places})"
        else:
            upper, lower = (best, own) if self.falling else (own, best)
            part = f"MAX(ROUND({high}*{upper}/{lower},{self.places}),{low})"
            said = f"IF({lower}>0,{part},{low})"
            said = f"IF(ROUND({own}-{best},{RATIO})=0,{high},{said})"
        return f"IF(ROUND({best}-{worst},{RATIO})=0,{literal(self._equal)},{said})"

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        said, own = self._said(figures, names), self._own(figures)
        best, worst = (self._stat(figures, each) for each in self._extremes)
        if best == worst:
            return f"{said}，各单位相同"
        if self.against == "mean":
            mean = self._stat(figures, "mean")
            way = "等于" if own == mean else "高于" if own > mean else "低于"
            shown = self.subject.amount(mean, names, RATIO - 2)
            return f"{said}，{way}平均 {shown}"
        if own in (best, worst):
            way = "最高" if own == self._stat(figures, "max") else "最低"
            if own == best or self.against == "range":
                return f"{said}，为同组{way}"
        if self.against == "range":
            return f"{said}，按最高数与最低数之间的位置计"
        least = self.low and self.value(figures) == self.low
        said += f"，按与同组{self._best_word}数之比计"
        return f"{said}，最少 {plain(self.low)} 分" if least else said

    @property
    def _best_word(self) -> str:
        return "最低" if self.falling else "最高"

    def terms(self, names: Names, verb: str = "得") -> str:
        """What the points are given for; ``verb`` is 加 for a bonus."""
        called, high, low = self.subject.called(names), decided(self.high, verb), decided(self.low, verb)
        if self.against == "mean":
            said = f"{called}{'低于' if self.falling else '高于'}同组平均数的，{high}，其余{low}"
        elif self.against == "range":
            worst = "最高" if self.falling else "最低"
            said = f"{called}同组{self._best_word}的，{high}，{worst}的，{low}，其余按比例在两者之间计分"
        else:
            said = f"{called}同组{self._best_word}的，{high}，其余按与{self._best_word}数之比计分"
            said += f"，最少{low}" if self.low else ""
        return f"{said}；各单位相同的，{decided(self._equal, verb)}" if self._equal != self._usual else said

    @property
    def _usual(self) -> Decimal:
        return self.low if self.against == "mean" else self.high

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned all that it gives; empty where it is had."""
        if self.value(figures) >= self.high or self._stat(figures, "max") == self._stat(figures, "min"):
            return ""
        mean = self.against == "mean"
        bound = self._stat(figures, "mean" if mean else self._extremes[0])
        if self.right is None:
            return must_be(names[self.left], bound, not mean, -1 if self.falling else 1)
        beyond, at = ("低于", "不高于") if self.falling else ("高于", "不低于")
        return f"{self.subject.called(names)}须{beyond if mean else at} {self.subject.amount(bound, names, RATIO - 2)}"

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What more there would be."""
        return more(self.value(figures), self.high, self.most, verb, full)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Points that do not rise from the worst to the best, a best of gaps that may be nought."""
        if self.gap and self.against == "best":
            yield "gap", "增量可能不大于 0，不能按与最好的之比计分"
        for key, points in (("high", self.high), ("low", self.low), ("same", self._equal)):
            yield from points_faults(key, points)
        if self.high <= self.low:
            yield "high", "须大于 low"
        if self.same is not None and not self.low <= self.same <= self.high:
            yield "same", "须在 low 与 high 之间"
