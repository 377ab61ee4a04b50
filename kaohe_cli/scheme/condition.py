"""Conditions on figures, each with its three readings side by side: value, Excel formula, words.

A condition sees figures that are all known numbers or done or not (scheme/rule.py). A figure has six decimals at most
(``DECIMALS``); formulas round what a spreadsheet's binary arithmetic makes of a gap at the first place where one
millionth of a figure cannot be lost.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from operator import eq, ge, gt, le, lt
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.model import Mark
from kaohe_cli.points import CENTS, DECIMALS, HUNDRED, ZERO, decimals, half_up, plain

Figures: TypeAlias = Mapping[str, Decimal | Mark]
Addresses: TypeAlias = Callable[[str], str]  # figure, or name of a cell → its address, as its formula sees it

ONE = Decimal(1)
HOLDS = {">=": ge, ">": gt, "<=": le, "<": lt, "=": eq}
ASKED = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于"}
TURNED = {  # what a figure below nought is called
    "下降": "上升", "上升": "下降", "减少": "增加", "增加": "减少", "降低": "提高", "提高": "降低", "增长": "下降",
}  # fmt: skip


class Named(Struct, frozen=True):
    """What people call a figure."""

    title: str  # of its measure: 工业销售产值
    label: str  # of the figure within the measure: 本年实绩
    unit: str  # 计量单位; empty where none applies
    whole: bool = False  # counted, so that a wanted figure is a whole one
    phrase: str = ""  # in running text: 全年工业销售产值; empty: title and label
    done: tuple[str, str] = ("已完成", "未完成")  # the clause's own words for done and not done

    def word(self, mark: Mark) -> str:
        """``mark`` in the clause's own words: 已实施."""
        return mark.said(self.done)

    def amount(self, value: Decimal) -> str:
        """``value`` with its unit: 2,677.5 亿元; 5.3%."""
        return f"{plain(value)}%" if self.unit == "%" else f"{plain(value)} {self.unit}".rstrip()

    def said(self, value: Decimal, called: str = "") -> str:
        """The figure and its value in running text: 全年工业销售产值 2,677.5 亿元; a fall of -1.2% is 实际上升 1.2%."""
        name = called or self.called
        if self.turns(value):
            before, way, after = name.rpartition(self.label[-2:])
            name, value = f"{before}{TURNED[way]}{after}", -value
        return f"{name}{'' if name.endswith('）') else ' '}{self.amount(value)}"

    def turns(self, value: Decimal) -> bool:
        """Whether ``value`` goes the other way than the figure's name says: a fall below nought."""
        return value < 0 and self.label[-2:] in TURNED and self.label[-2:] in self.called

    def near(self, other: "Named") -> str:
        """What it is called beside ``other``: its label alone within one measure."""
        return self.label if self.title == other.title else self.called

    @property
    def called(self) -> str:
        """The figure in running text, without its value."""
        return self.phrase or f"{self.title}{self.label}"


Names: TypeAlias = Mapping[str, Named]


class Comparison(Struct, frozen=True, forbid_unknown_fields=True):
    """How a condition is written down."""

    left: str  # figure
    compare: Literal[">=", ">", "<=", "<", "=", "done"]
    right: str | None = None  # figure; None: compared with number, or done
    number: Decimal | None = None
    left_times: Decimal = ONE
    right_times: Decimal = ONE
    share: bool = False  # a share of the other figure is asked also where both count once: 100%


class Condition(Comparison, frozen=True):
    """A comparison of two figures, of a figure with a number, or whether something was done."""

    @property
    def _told(self) -> "Condition":
        """The same as sentences tell it: of two figures, the one that is to be greater goes first."""
        if self.right is None or self.compare not in ("<=", "<") or not is_swapped(self.right, self.left):
            return self
        greater: Literal[">=", ">"] = ">=" if self.compare == "<=" else ">"
        return Condition(self.right, greater, self.left, None, self.right_times, self.left_times, self.share)

    @property
    def _asks_less(self) -> bool:
        """Whether the left one of two figures is to be less, and neither is what a unit is measured by."""
        return self.right is not None and self.compare in ("<=", "<") and self._told is self

    @property
    def _part(self) -> str:
        """The part or multiple of the right figure that is meant: 的60%; empty: all of it."""
        ratio = self.right_times / self.left_times
        return "" if ratio == 1 and not self.share else f"的{plain(ratio * HUNDRED)}%"

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        return (self.left,) if self.right is None else (self.left, self.right)

    @property
    def bases(self) -> tuple[str, ...]:
        """The figures that a growth, a share or an excess is asked of: against nothing there is none."""
        if self._told is not self:
            return self._told.bases
        if self.right is None or (self.left_times == self.right_times and not self.share):
            return ()
        return (self.left if self._swapped and not self._asks_less else self.right,)

    @property
    def places(self) -> int:
        """Decimals of the smallest difference that the two sides can have."""
        right = DECIMALS if self.right else decimals(self.number or ZERO)
        return max(DECIMALS + decimals(self.left_times), right + decimals(self.right_times))

    def _bound(self, figures: Figures) -> Decimal:
        return (number_of(figures, self.right) if self.right else self.number or ZERO) * self.right_times

    def edge(self, figure: str, figures: Figures) -> Decimal | None:
        """What ``figure``, one of its own, is where both sides are equal; None: the other side is not known."""
        sides = (self.left, self.left_times), (self.right, self.right_times)
        (_, own), (name, times) = sides if figure == self.left else reversed(sides)
        other = figures.get(name) if name else self.number
        return other * times / own if isinstance(other, Decimal) else None

    # value, formula, words --------------------------------------------------------------------------------

    def met(self, figures: Figures) -> bool:
        """Whether it holds."""
        if self.compare == "done":
            return figures[self.left] is Mark.DONE
        gap = number_of(figures, self.left) * self.left_times - self._bound(figures)
        return bool(HOLDS[self.compare](gap, ZERO))

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as a logical expression of a spreadsheet, for cells known to hold numbers or one of two words."""
        left = cells(self.left)
        if self.compare == "done":
            return f'{left}="{names[self.left].word(Mark.DONE)}"'
        right = cells(self.right) if self.right else literal(self.number or ZERO)
        gap = f"{_times(left, self.left_times)}-{_times(right, self.right_times)}"
        return f"ROUND({gap},{self.places}){self.compare}0"

    def words(self, figures: Figures, names: Names) -> str:
        """The figures and how they compare, in one sentence without its full stop."""
        if self.compare == "done":
            named = names[self.left]
            return f"{named.called}{named.word(Mark.DONE if self.met(figures) else Mark.NOT_DONE)}"
        if self._told is not self:
            return self._told.words(figures, names)
        if self._asks_less:
            said = (
                f"{names[self.left].said(number_of(figures, self.left))}，{'符合' if self.met(figures) else '不符合'}"
            )
            other = names[self.right or ""].said(number_of(figures, self.right or ""))
            return f"{said}{ASKED[self.compare]}{other}{self._part}的要求"
        verdict = "达到" if self.met(figures) else "未达到"
        if self.right is None:
            said = names[self.left].said(number_of(figures, self.left))
            if self.compare not in (">=", ">"):
                verdict = "符合" if self.met(figures) else "不符合"
            return f"{said}，{verdict}{self.demand()}{names[self.left].amount(self.number or ZERO)}的要求"
        pair = pair_of(figures, names, self.left, self.right)
        said = f"{pair.subject_said}，{self._distance(figures, pair)}"
        if demand := self.demand():
            if pair.swapped and self._by_share:
                return f"{said}，{'符合' if self.met(figures) else '不符合'}{demand}的要求"
            return f"{said}，{verdict}{demand}"
        if self.compare == ">" and pair.gap == 0:
            return f"{said}，{'未低于' if pair.swapped else '未超过'}"
        return said

    def demand(self) -> str:
        """What is asked beyond the plain comparison of two figures: 5%以上, 2/3以上; empty where nothing is."""
        if self.right is None:
            return f"{ASKED[self.compare]} "
        if self.compare == "=":
            return ""
        ratio, swapped, including = self._ratio, self._swapped, self.compare == ">="
        if ratio == 1 and not self.share:
            return ""
        edge = "以上" if including else "以上（不含本数）"
        if self._by_share:
            if swapped:
                return f"{'不超过' if including else '低于'}{self._share}"
            return self._share if self.share and including and ratio == 1 else f"{self._share}{edge}"
        change = plain(abs(ratio - 1) * HUNDRED)
        if swapped:
            return f"{'下降' if self.left.endswith('.prior') else '低'}{change}%{edge}"
        return f"{change}%{edge}"

    def terms(self, names: Names) -> str:
        """What is asked, without the figures of a unit: 全年工业销售产值超过下达目标5%以上."""
        if self._told is not self:
            return self._told.terms(names)
        if self._asks_less:
            base = names[self.right or ""].near(names[self.left])
            return f"{names[self.left].called}{ASKED[self.compare]}{base}{self._part}"
        left = names[self.left]
        if self.compare == "done":
            return f"{left.called}{left.word(Mark.DONE)}"
        demand, including = self.demand(), self.compare == ">="
        if self.right is None:
            return f"{left.called}{demand}{left.amount(self.number or ZERO)}"
        subject, other = (names[each] for each in sides(self.left, self.right))
        base, since, swapped = other.near(subject), self.right.endswith(".prior"), self._swapped
        if self.compare == "=":
            return f"{subject.called}等于{base}"
        if not demand:
            verb = ("不高于" if including else "低于") if swapped else ("不低于" if including else "高于")
            return f"{subject.called}{verb}{base}"
        if self._by_share:
            most = "不超过" if including else "低于"
            return f"{subject.called}{f'{most}{base}的{self._share}' if swapped else f'达到{base}的{demand}'}"
        if swapped:
            return f"{subject.called}比{base}{demand}"
        return f"{subject.called}{f'比{base}增长' if since else f'超过{base}'}{demand}"

    def wanted(self, figures: Figures, names: Names) -> str:
        """The figure that would have met it: 全年工业销售产值须不低于 2,646 亿元."""
        if self.compare == "done":
            return f"{names[self.left].called}须{names[self.left].word(Mark.DONE).removeprefix('已')}"
        subject, bound, way = self._asked(figures)
        if self.compare == "=":
            return f"{names[subject].called}须等于 {names[subject].amount(bound)}"
        return must_be(names[subject], bound, self.compare in (">=", "<="), way)

    def met_by(self, figures: Figures, names: Names) -> Figures:
        """``figures`` with the unit's own one as far as it takes to meet it, and no further."""
        if self.met(figures):
            return figures
        if self.compare == "done":
            return {**figures, self.left: Mark.DONE}
        subject, bound, way = self._asked(figures)
        if self.compare == "=":
            return {**figures, subject: bound}
        figure, reached = _nearest(names[subject], bound, self.compare in (">=", "<="), way)
        return {**figures, subject: figure if reached else figure + way * _tick(names[subject])}

    def _asked(self, figures: Figures) -> tuple[str, Decimal, Literal[1, -1]]:
        """The unit's own figure, the bound it is held against, and whether more or less is asked."""
        if self._told is not self:
            return self._told._asked(figures)
        if self._asks_less:
            return self.left, self._bound(figures) / self.left_times, -1
        if self.right is None or not self._swapped:
            less = self.right is None and self.compare in ("<=", "<")
            return self.left, self._bound(figures) / self.left_times, -1 if less else 1
        return self.right, number_of(figures, self.left) * self.left_times / self.right_times, -1

    @property
    def _swapped(self) -> bool:
        return self.right is not None and is_swapped(self.left, self.right)

    @property
    def _multiples(self) -> tuple[Decimal, Decimal]:
        """How many times the other figure, and the subject, count."""
        return (self.left_times, self.right_times) if self._swapped else (self.right_times, self.left_times)

    @property
    def _ratio(self) -> Decimal:
        """What the subject is to be of the other figure: at least, or at most where less is better."""
        many, few = self._multiples
        return many / few

    @property
    def _by_share(self) -> bool:
        """Whether a part or multiple of the other figure is asked (85%, 2/3), and not a change against it (5%以上)."""
        less = self._ratio > 1 if self._swapped else self._ratio < 1
        return self.share or less or self._multiples[1] != 1

    @property
    def _share(self) -> str:
        """The part or multiple that is asked: 85%, 2/3."""
        many, few = self._multiples
        return f"{plain(many * HUNDRED)}%" if few == 1 else f"{plain(many)}/{plain(few)}"

    def _distance(self, figures: Figures, pair: "Pair") -> str:
        """How far the subject is from the other figure, at a precision that does not hide on which side it is."""
        if pair.other_value <= 0 or (pair.name.unit == "%" and self._ratio == 1 and not self.share):
            return pair.relation(gap_said(pair.name, abs(pair.gap)))
        left, right = number_of(figures, self.left) * self.left_times, self._bound(figures)
        side = _sign(left - right)
        share = pair.value / pair.other_value
        if self._by_share:
            return f"为{pair.other_said}的 {percent_of(share, self._ratio, -side if pair.swapped else side)}%"
        merit = 1 - share if pair.swapped else share - 1
        shown = percent_of(merit, abs(self._ratio - 1), side).lstrip("-")
        return pair.relation(f"{shown}%")


class Pair(Struct, frozen=True):
    """Two figures as a sentence tells of them: what the unit achieved, then what it is measured by."""

    swapped: bool
    name: Named
    value: Decimal
    other_value: Decimal
    since: bool
    turned: bool
    subject_said: str
    other_said: str

    @property
    def gap(self) -> Decimal:
        """By how much the subject exceeds the other figure."""
        return self.value - self.other_value

    def relation(self, distance: str) -> str:
        """The subject against the other figure: 超过下达目标 2,520 亿元 6.25%; 比上年实绩 105 亿元增长 12%."""
        if self.gap == 0:
            return f"与{self.other_said}持平"
        if self.turned:
            return f"与{self.other_said} 相差 {distance}"
        if not self.since:
            return f"{'超过' if self.gap > 0 else '低于'}{self.other_said} {distance}"
        up, down = ("提高", "降低") if self.name.unit == "%" else ("增长", "减少")
        return f"比{self.other_said}{up if self.gap > 0 else down} {distance}"


def pair_of(figures: Figures, names: Names, left: str, right: str) -> Pair:
    """The figures ``left`` and ``right`` as a sentence tells of them."""
    subject, other = sides(left, right)
    name, of, value, other_value = names[subject], names[other], number_of(figures, subject), number_of(figures, other)
    turned, since = name.turns(value) or of.turns(other_value), other.endswith(".prior")
    said = name.said(value), of.said(other_value, of.near(name))
    return Pair(is_swapped(left, right), name, value, other_value, since, turned, *said)


def is_swapped(left: str, right: str) -> bool:
    """Whether the unit's own figure stands on the right: less of it meets a condition, or has fewer steps."""
    return right.endswith(".actual") and not left.endswith(".actual")


def sides(left: str, right: str) -> tuple[str, str]:
    """The unit's own figure, then the one that it is measured by."""
    return (right, left) if is_swapped(left, right) else (left, right)


def number_of(figures: Figures, figure: str) -> Decimal:
    """The number that ``figure`` is known to be."""
    value = figures[figure]
    assert isinstance(value, Decimal), figure
    return value


def literal(value: Decimal) -> str:
    """``value`` within a formula, where a comma would part two arguments."""
    return plain(value).replace(",", "")


def _times(cell: str, factor: Decimal) -> str:
    return cell if factor == 1 else f"{cell}*{literal(factor)}"


def gap_said(name: Named, gap: Decimal) -> str:
    """A difference with its unit: 1.3 个百分点; 50 亿元."""
    return f"{plain(gap)} 个百分点" if name.unit == "%" else f"{plain(gap)} {name.unit}".rstrip()


def must_be(name: Named, bound: Decimal, including: bool, way: Literal[1, -1]) -> str:
    """What a figure of that name must be to reach ``bound``, or to pass it; ``way`` is 1 where more is asked, or -1."""
    figure, reached = _nearest(name, bound, including, way)
    at, beyond = ("不低于", "高于") if way > 0 else ("不高于", "低于")
    return f"{name.called}须{at if reached else beyond} {name.amount(figure)}"


def _nearest(name: Named, bound: Decimal, including: bool, way: Literal[1, -1]) -> tuple[Decimal, bool]:
    """The figure that people can report next to ``bound``, and whether it is the first that is enough.

    ``way`` is 1 where more is enough. Where things are counted the first one is always named.
    """
    tick = _tick(name)
    enough = bound.quantize(tick, ROUND_CEILING if way > 0 else ROUND_FLOOR)
    if including:
        return enough, True
    if name.whole:
        return (enough + way if enough == bound else enough), True
    return bound.quantize(tick, ROUND_FLOOR if way > 0 else ROUND_CEILING), False


def _tick(name: Named) -> Decimal:
    """The least by which two figures of that name can differ."""
    return ONE if name.whole else ONE.scaleb(-DECIMALS)


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


def percent_of(share: Decimal, edge: Decimal, side: int) -> str:
    """``share`` in percent: two decimals, or as many as show on which side of ``edge`` it is.

    Nor is 4.996% shown as 5%: another clause, or the reader, may hold it against a whole number.
    """
    exact, edge = share * HUNDRED, edge * HUNDRED
    for places in range(CENTS, 25):
        shown = half_up(exact, places)
        if side == 0 or (_sign(shown - edge) == side and (shown != shown.to_integral_value() or shown == exact)):
            break
    return plain(shown)
