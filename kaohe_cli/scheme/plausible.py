"""What a figure may be expected to be, each expectation with its readings side by side: value, Excel formula, words.

A figure beyond an expectation is no error: it is queried (核实) until someone confirms it. Expectations come from the
bands of the scheme, and where it gives none from the kind of the measure. They see figures that are known numbers.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.points import DECIMALS, HUNDRED, ZERO, decimals, half_up, plain
from kaohe_cli.scheme.condition import Addresses, Names, literal

Span: TypeAlias = tuple[Decimal, Decimal]  # least and most
Numbers: TypeAlias = Mapping[str, Decimal]

ExpectationKind: TypeAlias = Literal["growth", "target", "plan", "range", "part", "same"]

COUNTED = Decimal(5)  # things by which a count may always differ: two firms instead of one are no slip
MANY = Decimal(30)  # counts below it are often the same in two years

BASES = {"growth": "上年", "target": "目标", "plan": "上年"}


class Bands(Struct, frozen=True, forbid_unknown_fields=True):
    """The bands of a measure (合理范围), each least and most; None: the usual one of its kind.

    ``growth``, ``target`` and ``plan`` are multiples; of a measure in % differences in percentage points.
    """

    range: Span | None = None  # every figure of the measure
    growth: Span | None = None  # this year's against last year's
    target: Span | None = None  # this year's against the target
    plan: Span | None = None  # the target against last year's
    part_of: str = ""  # measure of which this one is a part, figure by figure; empty: of none
    slack: Decimal | None = None  # a difference that is never odd


class Against(Struct, frozen=True):
    """A figure against another one of its measure, as a multiple, or in percentage points."""

    kind: ExpectationKind
    figure: str
    base: str
    least: Decimal
    most: Decimal
    points: bool
    slack: Decimal = ZERO
    whole: bool = False  # it is counted

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, its own first."""
        return (self.figure, self.base)

    def met(self, numbers: Numbers) -> bool:
        """Whether the figure is as it may be expected; nothing is expected of a multiple of less than nought."""
        value, base = numbers[self.figure], numbers[self.base]
        if self.points:
            return self.least <= value - base <= self.most
        within = base * self.least <= value <= base * self.most
        return base < 0 or within or (self.slack > 0 and abs(value - base) <= self.slack)

    def beyond(self, cells: Addresses) -> str:
        """Whether the figure is beyond it, for cells known to hold numbers."""
        value, base = cells(self.figure), cells(self.base)
        if self.points:
            gap = f"ROUND({value}-{base},{DECIMALS})"
            return f"OR({gap}<{literal(self.least)},{gap}>{literal(self.most)})"
        low, high = (
            f"ROUND({value}-{base}*{literal(edge)},{DECIMALS + decimals(edge)})" for edge in (self.least, self.most)
        )
        slack = f",ROUND(MAX({value}-{base},{base}-{value}),{DECIMALS})>{literal(self.slack)}" if self.slack else ""
        return f"AND({base}>=0,OR({low}<0,{high}>0){slack})"

    def words(self, numbers: Numbers, names: Names) -> str:
        """How the figure stands to the other: 是上年的 10 倍; 只有目标的 8%; 大于上年的 0; 比上年高 40 个百分点."""
        value, base = numbers[self.figure], numbers[self.base]
        if self.points:
            gap = half_up(value - base, DECIMALS)
            return f"比{BASES[self.kind]}{'高' if gap > 0 else '低'} {literal(abs(gap))} 个百分点"
        if not base:
            return f"大于{BASES[self.kind]}的 0"
        times = value / base
        if times >= 1:
            return f"是{BASES[self.kind]}的 {literal(half_up(times, 0 if times >= 10 else 2))} 倍"
        return f"只有{BASES[self.kind]}的 {literal(half_up(times * HUNDRED, 1))}%"

    def said(self, cells: Addresses, names: Names) -> str:
        """The same words as an expression of a spreadsheet."""
        value, base, against = cells(self.figure), cells(self.base), BASES[self.kind]
        if self.points:
            gap = f"ROUND({value}-{base},{DECIMALS})"
            return f'"比{against}"&IF({gap}>0,"高 ","低 ")&MAX({gap},-{gap})&" 个百分点"'
        many = f'"是{against}的 "&IF({value}>={base}*10,ROUND({value}/{base},0),ROUND({value}/{base},2))&" 倍"'
        few = f'"只有{against}的 "&ROUND({value}/{base}*100,1)&"%"'
        return f'IF({base}=0,"大于{against}的 0",IF({value}>={base},{many},{few}))'

    def terms(self, names: Names) -> str:
        """What is expected: 为上年实绩的 0.5 至 2 倍，相差 3 以内的不问; 与上年实绩相差不超过 15 个百分点."""
        base, slack = names[self.base].label, f"，相差 {plain(self.slack)} 以内的不问" if self.slack else ""
        if not self.points:
            return f"为{base}的 {plain(self.least)} 至 {plain(self.most)} 倍{slack}"
        if self.least == -self.most:
            return f"与{base}相差不超过 {plain(self.most)} 个百分点"
        lowest, highest = (f"{'高' if edge > 0 else '低'} {plain(abs(edge))}" for edge in (self.least, self.most))
        return f"比{base}{lowest} 至{highest} 个百分点"

    def edge(self, numbers: Numbers) -> Decimal:
        """The figure next to the one there that is still as may be expected."""
        value, base = numbers[self.figure], numbers[self.base]
        low, high = (base + edge if self.points else base * edge for edge in (self.least, self.most))
        return min(max(value, low), high)


class Fixed(Struct, frozen=True):
    """An expectation whose words are the same whatever the numbers."""

    def words(self, numbers: Numbers, names: Names) -> str:
        """How the figure stands."""
        raise NotImplementedError

    def said(self, cells: Addresses, names: Names) -> str:
        """The same words as an expression of a spreadsheet."""
        return f'"{self.words({}, names)}"'


class Within(Fixed, frozen=True):
    """A figure within the range that such figures have."""

    figure: str
    least: Decimal
    most: Decimal

    kind: ExpectationKind = "range"

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        return (self.figure,)

    def met(self, numbers: Numbers) -> bool:
        """Whether the figure is as it may be expected."""
        return self.least <= numbers[self.figure] <= self.most

    def beyond(self, cells: Addresses) -> str:
        """Whether the figure is beyond it, for a cell known to hold a number."""
        cell = cells(self.figure)
        return f"OR({cell}<{literal(self.least)},{cell}>{literal(self.most)})"

    def words(self, numbers: Numbers, names: Names) -> str:
        """What such figures usually are: 一般在 1–12% 之间."""
        to, unit = " 至 " if self.least < 0 else "–", "%" if names[self.figure].unit == "%" else ""
        return f"一般在 {literal(self.least)}{to}{literal(self.most)}{unit} 之间"

    def terms(self, names: Names) -> str:
        """What is expected: 在 1 至 100% 之间."""
        unit = "%" if names[self.figure].unit == "%" else ""
        return f"在 {plain(self.least)} 至 {plain(self.most)}{unit} 之间"

    def edge(self, numbers: Numbers) -> Decimal:
        """The figure next to the one there that is still as may be expected."""
        return min(max(numbers[self.figure], self.least), self.most)


class PartOf(Fixed, frozen=True):
    """A figure that is a part of another one."""

    figure: str
    whole: str

    kind: ExpectationKind = "part"

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, its own first."""
        return (self.figure, self.whole)

    def met(self, numbers: Numbers) -> bool:
        """Whether the figure is as it may be expected."""
        return numbers[self.figure] <= numbers[self.whole]

    def beyond(self, cells: Addresses) -> str:
        """Whether the figure is beyond it, for cells known to hold numbers."""
        return f"{cells(self.figure)}>{cells(self.whole)}"

    def words(self, numbers: Numbers, names: Names) -> str:
        """That the part is larger: 大于工业投资."""
        return f"大于{names[self.whole].title}"

    def terms(self, names: Names) -> str:
        """What is expected: 不大于工业投资的同一数据."""
        return f"不大于{names[self.whole].title}的同一数据"

    def edge(self, numbers: Numbers) -> Decimal:
        """The figure next to the one there that is still as may be expected."""
        return min(numbers[self.figure], numbers[self.whole])


class NotSame(Fixed, frozen=True):
    """A figure of this year that is not that of last year again."""

    figure: str
    base: str
    least: Decimal = ZERO  # figures below it are often the same

    kind: ExpectationKind = "same"

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, its own first."""
        return (self.figure, self.base)

    def met(self, numbers: Numbers) -> bool:
        """Whether the figure is as it may be expected."""
        value = numbers[self.figure]
        return value != numbers[self.base] or value <= self.least

    def beyond(self, cells: Addresses) -> str:
        """Whether the figure is beyond it, for cells known to hold numbers."""
        cell = cells(self.figure)
        return f"AND({cell}={cells(self.base)},{cell}>{literal(self.least)})"

    def words(self, numbers: Numbers, names: Names) -> str:
        """That it is the same."""
        return "与上年完全相同"

    def terms(self, names: Names) -> str:
        """What is expected: 不与上年实绩完全相同."""
        few = f"（不超过 {plain(self.least)} 的不问）" if self.least else ""
        return f"不与{names[self.base].label}完全相同{few}"

    def edge(self, numbers: Numbers) -> Decimal:
        """The figure itself: nothing tells what it would be."""
        return numbers[self.figure]


Expectation: TypeAlias = Against | Within | PartOf | NotSame


def _span(least: str, most: str) -> Span:
    return Decimal(least), Decimal(most)


# what is expected where a scheme says nothing: wide enough for an odd year, too narrow for a slip by ten
USUAL: Mapping[str, Mapping[str, Span]] = {
    "amount": {"growth": _span("0.5", "2"), "target": _span("0.5", "2"), "plan": _span("0.8", "1.5")},
    "count": {"growth": _span("0.3", "3"), "target": _span("0.3", "3"), "plan": _span("0.5", "2")},
    "percent": {"growth": _span("-15", "15"), "target": _span("-20", "20"), "plan": _span("-15", "15")},
}
PAIRS: tuple[tuple[ExpectationKind, str, str], ...] = (
    ("growth", "actual", "prior"), ("target", "actual", "target"), ("plan", "target", "prior"),
)  # fmt: skip


class Measured(Struct, frozen=True):
    """What expectations of a measure follow from."""

    id: str
    unit: str
    figures: tuple[str, ...]  # names of its numbers: prior, target, actual
    whole: bool  # it is counted
    share: bool  # this year's figure is a part of the target
    shared: tuple[str, ...]  # names of those numbers that the measure it is a part of has too
    positive: bool  # no figure of it is below nought
    most: Decimal | None  # the greatest that the figure of this year may be; None: unbounded
    bands: Bands

    @property
    def points(self) -> bool:
        """Whether its figures differ in percentage points."""
        return self.unit == "%"

    def expectations(self) -> Iterator[Expectation]:
        """All that may be expected of its figures."""
        bands, id = self.bands, self.id
        usual = USUAL["percent" if self.points else "count" if self.whole else "amount"]
        slack = bands.slack if bands.slack is not None else COUNTED if self.whole else ZERO
        if span := bands.range or self._usual_range():
            yield from (Within(f"{id}.{name}", *span) for name in self.figures)
        for kind, figure, base in PAIRS:
            given: Span | None = getattr(bands, kind)
            # a part may be any part of its whole, unless the scheme says what it usually is
            span = given or (None if kind == "target" and self.share else usual[kind])
            if span and {figure, base} <= {*self.figures}:
                yield Against(kind, f"{id}.{figure}", f"{id}.{base}", *span, self.points, slack, self.whole)
        if {"actual", "prior"} <= {*self.figures} and not self.points:
            yield NotSame(f"{id}.actual", f"{id}.prior", MANY if self.whole else ZERO)
        yield from (PartOf(f"{id}.{name}", f"{bands.part_of}.{name}") for name in self.shared)

    def _usual_range(self) -> Span | None:
        """Of a percentage that cannot be below nought: one below 1 is more likely a share of one, 0.62 for 62%."""
        return (Decimal(1), self.most or HUNDRED) if self.points and self.positive else None
