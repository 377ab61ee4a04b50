"""The rule kinds, each with its three readings side by side: value, Excel formula, words.

A rule sees figures that are all known numbers or 完成/未完成; what is missing, waived (无任务) or closed by
another criterion is settled before it is asked (assess/score.py) and guarded in its formula (form/live.py).
Formulas compare, count and round over ROUND(x, 6), and the values settle at the same points, so that a
spreadsheet's binary arithmetic and the program's decimal arithmetic agree.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.model import Mark
from kaohe_cli.points import HUNDRED, ZERO, half_up, plain, settle

Figures: TypeAlias = Mapping[str, Decimal | Mark]
Cells: TypeAlias = Callable[[str], str]  # figure → the cell that holds it, in A1 notation

ONE = Decimal(1)


class Named(Struct, frozen=True):
    """What people call a figure."""

    title: str  # of its measure: 工业销售产值
    label: str  # of the figure within the measure: 本年实绩
    unit: str  # 计量单位; empty where none applies
    whole: bool = False  # counted, so that a wanted figure is a whole one
    phrase: str = ""  # in running text: 全年工业销售产值; empty: title and label

    def amount(self, value: Decimal) -> str:
        """``value`` with its unit: 2,677.5 亿元; 5.3%."""
        if self.unit == "%":
            return f"{plain(value)}%"
        return f"{plain(value)} {self.unit}".rstrip()

    def said(self, value: Decimal, called: str = "") -> str:
        """The figure and its value in running text: 全年工业销售产值 2,677.5 亿元."""
        name = called or self.called
        return f"{name}{'' if name.endswith('）') else ' '}{self.amount(value)}"

    def near(self, other: "Named") -> str:
        """What it is called beside ``other``: its label alone within one measure."""
        return self.label if self.title == other.title else self.called

    @property
    def called(self) -> str:
        """The figure in running text, without its value."""
        return self.phrase or f"{self.title}{self.label}"


Names: TypeAlias = Mapping[str, Named]


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """A comparison of two figures, of a figure with a number, or 完成."""

    left: str  # figure
    compare: Literal[">=", ">", "done"]
    right: str | None = None  # figure; None: compared with number, or done
    number: Decimal | None = None
    left_times: Decimal = ONE
    right_times: Decimal = ONE

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        return (self.left,) if self.right is None else (self.left, self.right)

    def _bound(self, figures: Figures) -> Decimal:
        return (_number(figures, self.right) if self.right else self.number or ZERO) * self.right_times

    # value, formula, words --------------------------------------------------------------------------------

    def met(self, figures: Figures) -> bool:
        """Whether it holds."""
        if self.compare == "done":
            return figures[self.left] is Mark.DONE
        gap = settle(_number(figures, self.left) * self.left_times - self._bound(figures))
        return gap >= 0 if self.compare == ">=" else gap > 0

    def formula(self, cells: Cells) -> str:
        """The same as a logical expression of a spreadsheet, for cells known to hold numbers or 完成/未完成."""
        left = cells(self.left)
        if self.compare == "done":
            return f'{left}="{Mark.DONE.value}"'
        right = cells(self.right) if self.right else _literal(self.number or ZERO)
        return f"ROUND({_times(left, self.left_times)}-{_times(right, self.right_times)},6){self.compare}0"

    def words(self, figures: Figures, names: Names) -> str:
        """The figures and how they compare, in one sentence without its full stop."""
        if self.compare == "done":
            return f"{names[self.left].called}{'已完成' if self.met(figures) else '未完成'}"
        verdict = "达到" if self.met(figures) else "未达到"
        if self.right is None:
            said = names[self.left].said(_number(figures, self.left))
            return f"{said}，{verdict}{self.demand()}{names[self.left].amount(self.number or ZERO)}的要求"
        pair = _Pair(figures, names, self.left, self.right)
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
            return "不低于 " if self.compare == ">=" else "高于 "
        ratio, swapped, including = self._ratio, _is_swapped(self.left, self.right), self.compare == ">="
        if ratio == 1:
            return ""
        edge = "以上" if including else "以上（不含本数）"
        if self._by_share:
            return f"{'不超过' if including else '低于'}{self._share}" if swapped else f"{self._share}{edge}"
        change = plain(abs(ratio - 1) * HUNDRED)
        if swapped:
            return f"{'下降' if self.left.endswith('.prior') else '低'}{change}%{edge}"
        return f"{change}%{edge}"

    def terms(self, names: Names) -> str:
        """What is asked, without the figures of a unit: 全年工业销售产值超过下达目标5%以上."""
        left = names[self.left]
        if self.compare == "done":
            return f"{left.called}{Mark.DONE.value}"
        demand, including = self.demand(), self.compare == ">="
        if self.right is None:
            return f"{left.called}{demand}{left.amount(self.number or ZERO)}"
        swapped = _is_swapped(self.left, self.right)
        subject, other = (names[self.right], left) if swapped else (left, names[self.right])
        base, since = other.near(subject), self.right.endswith(".prior")
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
            return f"{names[self.left].called}须{Mark.DONE.value}"
        if self.right is None or not _is_swapped(self.left, self.right):
            bound = self._bound(figures) / self.left_times
            return _at_least(names[self.left], bound, including=self.compare == ">=")
        bound = _number(figures, self.left) * self.left_times / self.right_times
        return _at_most(names[self.right], bound, including=self.compare == ">=")

    @property
    def _ratio(self) -> Decimal:
        """What the subject is to be of the other figure: at least, or at most where less is better."""
        if self.right is not None and _is_swapped(self.left, self.right):
            return self.left_times / self.right_times
        return self.right_times / self.left_times

    @property
    def _by_share(self) -> bool:
        """Whether a part or multiple of the other figure is asked (85%, 2/3), and not a change against it (5%以上)."""
        assert self.right is not None
        if _is_swapped(self.left, self.right):
            return self._ratio > 1 or self.right_times != 1
        return self._ratio < 1 or self.left_times != 1

    @property
    def _share(self) -> str:
        """The part or multiple that is asked: 85%, 2/3."""
        assert self.right is not None
        many, few = self.right_times, self.left_times
        if _is_swapped(self.left, self.right):
            many, few = few, many
        return f"{plain(many * HUNDRED)}%" if few == 1 else f"{plain(many)}/{plain(few)}"

    def _distance(self, figures: Figures, pair: "_Pair") -> str:
        """How far the subject is from the other figure, at a precision that does not hide on which side it is."""
        if pair.other_value <= 0 or (pair.name.unit == "%" and self._ratio == 1):
            return pair.relation(_span(pair.name, abs(pair.gap)))
        left, right = _number(figures, self.left) * self.left_times, self._bound(figures)
        side = _sign(settle(left - right))
        share = pair.value / pair.other_value
        if self._by_share:
            return f"为{pair.other_said}的 {_percent(share, self._ratio, -side if pair.swapped else side)}%"
        merit = 1 - share if pair.swapped else share - 1
        shown = _percent(merit, abs(self._ratio - 1), side).lstrip("-")
        return pair.relation(f"{shown}%")


class Part(Condition, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition and the points it earns."""

    points: Decimal


class Award(Struct, frozen=True, tag_field="kind", tag="award", forbid_unknown_fields=True):
    """Points for each condition that holds."""

    parts: tuple[Part, ...]

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, each once."""
        return tuple(dict.fromkeys(figure for part in self.parts for figure in part.figures))

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        return sum((part.points for part in self.parts if part.met(figures)), ZERO)

    def formula(self, cells: Cells) -> str:
        """The same as an expression of a spreadsheet."""
        return "+".join(f"IF({part.formula(cells)},{_literal(part.points)},0)" for part in self.parts)

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        said = [part.words(figures, names) for part in self.parts]
        if len(said) == 1:
            return said[0]
        earned = [part.points if part.met(figures) else ZERO for part in self.parts]
        return "；".join(f"{each}（{plain(value)} 分）" for each, value in zip(said, earned, strict=True))

    def terms(self, names: Names, verb: str = "得") -> str:
        """What the points are given for; ``verb`` is 加 for a bonus."""
        return "；".join(f"{part.terms(names)}的，{verb} {plain(part.points)} 分" for part in self.parts)

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned the points that were not; empty where all were."""
        return "；".join(part.wanted(figures, names) for part in self.parts if not part.met(figures))


class Steps(Struct, frozen=True, tag_field="kind", tag="steps", forbid_unknown_fields=True):
    """Points for each step by which the left figure exceeds the right one."""

    left: str
    right: str
    step: Decimal
    each: Decimal  # 分 for each step; negative where points are taken off
    count: Literal["whole", "started", "prorata"]
    start: Decimal = ZERO  # 分 where there is no step at all
    floor: Decimal | None = None
    cap: Decimal | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        return (self.left, self.right)

    def steps(self, figures: Figures) -> Decimal:
        """How many steps count."""
        gap = max(_number(figures, self.left) - _number(figures, self.right), ZERO)
        count = settle(gap / self.step)
        if self.count == "whole":
            return count.to_integral_value(ROUND_FLOOR)
        return count.to_integral_value(ROUND_CEILING) if self.count == "started" else count

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        total = self.start + self.each * self.steps(figures)
        if self.floor is not None:
            total = max(total, self.floor)
        return total if self.cap is None else min(total, self.cap)

    def formula(self, cells: Cells) -> str:
        """The same as an expression of a spreadsheet."""
        count = f"ROUND(MAX({cells(self.left)}-{cells(self.right)},0)/{_literal(self.step)},6)"
        if self.count == "whole":
            count = f"INT({count})"
        elif self.count == "started":
            count = f"-INT(-{count})"
        sign = "-" if self.each < 0 else "+" if self.start else ""
        total = f"{_literal(self.start) if self.start else ''}{sign}{_literal(abs(self.each))}*({count})"
        if self.floor is not None:
            total = f"MAX({total},{_literal(self.floor)})"
        return total if self.cap is None else f"MIN({total},{_literal(self.cap)})"

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        pair = _Pair(figures, names, self.left, self.right)
        said = f"{pair.subject_said}，{pair.relation(_span(pair.name, abs(pair.gap)))}"
        count = self.steps(figures)
        if pair.gap == 0 or (pair.gap > 0) == pair.swapped:
            return said
        step = _span(pair.name, self.step)
        counted = step.replace(plain(self.step), plain(count), 1) if self.step == 1 else f"{plain(count)} 个 {step}"
        exact = settle(count * self.step) == abs(pair.gap)
        if self.count == "prorata":
            said += "，按比例计" if self.step == 1 else f"，按比例合 {counted}"
        elif self.count == "started" and not exact:
            said += f"，不足 {step}的按 {step}计"
        elif self.count == "whole" and not (exact and self.step == 1):
            said += f"，满 {counted}" if count else f"，不满 {step}"
        total = self.start + self.each * count
        if self.each < 0 and self.start and count:
            said += f"，扣 {plain(settle(-self.each * count))} 分"
        if self.floor is not None and total < self.floor:
            said += f"，扣到 {plain(self.floor)} 分为止" if self.floor else "，扣完为止"
        if self.cap is not None and total > self.cap:
            said += f"，限加 {plain(self.cap)} 分"
        return said

    def terms(self, names: Names, verb: str = "加") -> str:
        """What the points are given for, or taken off for; ``verb`` is 加 for a bonus."""
        swapped = _is_swapped(self.left, self.right)
        subject, other = (names[self.right], names[self.left]) if swapped else (names[self.left], names[self.right])
        base, step = other.near(subject), _span(subject, self.step)
        counted = {
            "whole": f"不足 {step}的不计", "started": f"不足 {step}的按 {step}计", "prorata": "按比例折算",
        }[self.count]  # fmt: skip
        if self.each > 0:
            more = "少" if swapped else "多"
            said = f"{subject.called}比{base}每{more} {step}，{verb} {plain(self.each)} 分（{counted}）"
            return said if self.cap is None else f"{said}，最多{verb} {plain(self.cap)} 分"
        keep, lose = ("不低于", "低") if swapped else ("不高于", "超")
        said = f"{subject.called}{keep}{base}的，得 {plain(self.start)} 分"
        said += f"；每{lose} {step}扣 {plain(-self.each)} 分（{counted}）"
        return f"{said}，扣完为止" if self.floor == 0 else said

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned the next step, or lost none; empty where nothing more could be had."""
        left, right, count = _number(figures, self.left), _number(figures, self.right), self.steps(figures)
        swapped, whole = _is_swapped(self.left, self.right), self.count == "whole"
        if self.each < 0:
            if count == 0:
                return ""
            allowed = self.step if whole else ZERO  # a part of a step is not taken off
            if swapped:
                return _at_least(names[self.right], left - allowed, including=not whole)
            return _at_most(names[self.left], right + allowed, including=not whole)
        if self.cap is not None and self.value(figures) >= self.cap:
            return ""
        ahead = settle((count + 1 if whole else count) * self.step)
        if swapped:
            return _at_most(names[self.right], left - ahead, including=whole)
        return _at_least(names[self.left], right + ahead, including=whole)


class Judged(Struct, frozen=True, tag_field="kind", tag="judged", forbid_unknown_fields=True):
    """Points that a department awards (处室评分), from 0 to the criterion's."""

    @property
    def figures(self) -> tuple[str, ...]:
        """None: a person judges."""
        return ()


Rule: TypeAlias = Award | Steps | Judged


class _Pair:
    """Two figures as a sentence tells of them: what the unit achieved, then what it is measured by."""

    def __init__(self, figures: Figures, names: Names, left: str, right: str) -> None:
        self.swapped = _is_swapped(left, right)
        subject, other = (right, left) if self.swapped else (left, right)
        self.name, self.value, self.other_value = names[subject], _number(figures, subject), _number(figures, other)
        self.gap = settle(self.value - self.other_value)
        self.since = other.endswith(".prior")
        self.subject_said = self.name.said(self.value)
        self.other_said = names[other].said(self.other_value, names[other].near(self.name))

    def relation(self, distance: str) -> str:
        """The subject against the other figure: 超过下达目标 2,520 亿元 6.25%; 比上年实绩 105 亿元增长 12%."""
        if self.gap == 0:
            return f"与{self.other_said}持平"
        if not self.since:
            return f"{'超过' if self.gap > 0 else '低于'}{self.other_said} {distance}"
        up, down = ("提高", "降低") if self.name.unit == "%" else ("增长", "减少")
        return f"比{self.other_said}{up if self.gap > 0 else down} {distance}"


def _is_swapped(left: str, right: str) -> bool:
    """Whether the unit's own figure stands on the right: less of it meets a condition, or has fewer steps."""
    return right.endswith(".actual") and not left.endswith(".actual")


def _number(figures: Figures, figure: str) -> Decimal:
    value = figures[figure]
    assert isinstance(value, Decimal), figure
    return value


def _literal(value: Decimal) -> str:
    """``value`` within a formula, where a comma would part two arguments."""
    return plain(value).replace(",", "")


def _times(cell: str, factor: Decimal) -> str:
    return cell if factor == 1 else f"{cell}*{_literal(factor)}"


def _span(name: Named, gap: Decimal) -> str:
    """A difference with its unit: 1.3 个百分点; 50 亿元."""
    return f"{plain(settle(gap))} 个百分点" if name.unit == "%" else f"{plain(settle(gap))} {name.unit}".rstrip()


def _at_least(name: Named, bound: Decimal, including: bool) -> str:
    least = _enough(name, bound, including, ROUND_CEILING)
    return f"{name.called}须{'不低于' if including or name.whole else '高于'} {name.amount(least)}"


def _at_most(name: Named, bound: Decimal, including: bool) -> str:
    most = _enough(name, bound, including, ROUND_FLOOR)
    return f"{name.called}须{'不高于' if including or name.whole else '低于'} {name.amount(most)}"


def _enough(name: Named, bound: Decimal, including: bool, rounding: str) -> Decimal:
    """``bound`` as a figure that people can report and that is enough: whole where things are counted."""
    bound = settle(bound)
    if not name.whole:
        return bound.quantize(Decimal("0.0001"), rounding)
    whole = bound.to_integral_value(rounding)
    if including or whole != bound:
        return whole
    return whole + 1 if rounding == ROUND_CEILING else whole - 1


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


def _percent(share: Decimal, edge: Decimal, side: int) -> str:
    """``share`` in percent: two decimals, or as many as show on which side of ``edge`` it is.

    Nor is 4.996% shown as 5%: another clause, or the reader, may hold it against a whole number.
    """
    exact, edge = share * HUNDRED, edge * HUNDRED
    if side == 0:
        return plain(half_up(exact))
    shown = half_up(exact)
    for places in range(3, 13):
        if _sign(shown - edge) == side and (shown != shown.to_integral_value() or shown == exact):
            break
        shown = half_up(exact, Decimal(1).scaleb(-places))
    return plain(shown)
