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

    def amount(self, value: Decimal) -> str:
        """``value`` with its unit: 2,677.5 亿元; 5.3%."""
        if self.unit == "%":
            return f"{plain(value)}%"
        return f"{plain(value)} {self.unit}".rstrip()


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
        right = cells(self.right) if self.right else plain(self.number or ZERO)
        return f"ROUND({_times(left, self.left_times)}-{_times(right, self.right_times)},6){self.compare}0"

    def words(self, figures: Figures, names: Names) -> str:
        """The figures and how they compare, in one sentence without its full stop."""
        name = names[self.left]
        if self.compare == "done":
            return f"{name.title}{figures[self.left].value}"  # type: ignore[union-attr]
        left = _number(figures, self.left)
        said = f"{name.title}{name.label} {name.amount(left)}"
        if self.right is None:
            verb = "达到" if self.met(figures) else "未达到"
            return f"{said}，{verb} {name.amount(self.number or ZERO)}的要求"
        right, base = names[self.right], _number(figures, self.right)
        said += f"，{_distance(left, base, name, right, self)}"
        demand = self.demand()
        if demand:
            said += f"，{'达到' if self.met(figures) else '未达到'}{demand}"
        return said

    def demand(self) -> str:
        """What is asked beyond the plain comparison: 5%以上; empty where nothing is."""
        ratio = self.right_times / self.left_times
        if ratio == 1:
            return ""
        edge = "以上" if self.compare == ">=" else "以上（不含本数）"
        if ratio > 1:
            return f"{plain((ratio - 1) * HUNDRED)}%{edge}"
        if self.left_times != 1:
            return f"{plain(self.right_times)}/{plain(self.left_times)}{edge}"
        return f"{plain(ratio * HUNDRED)}%{edge}"

    def wanted(self, figures: Figures, names: Names) -> str:
        """The figure of the left side that would have met it: 不低于 2,646 亿元."""
        name = names[self.left]
        if self.compare == "done":
            return f"{name.title}须为{Mark.DONE.value}"
        bound = self._bound(figures) / self.left_times
        if name.whole:
            least = bound.to_integral_value(ROUND_CEILING)
            if self.compare == ">" and least == bound:
                least += 1
            return f"{name.title}{name.label}须不少于 {name.amount(least)}"
        verb = "不低于" if self.compare == ">=" else "高于"
        return f"{name.title}{name.label}须{verb} {name.amount(_shown(bound))}"


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
        return "+".join(f"IF({part.formula(cells)},{plain(part.points)},0)" for part in self.parts)

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        return "；".join(part.words(figures, names) for part in self.parts)

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
        count = f"ROUND(MAX({cells(self.left)}-{cells(self.right)},0)/{plain(self.step)},6)"
        if self.count == "whole":
            count = f"INT({count})"
        elif self.count == "started":
            count = f"-INT(-{count})"
        sign = "-" if self.each < 0 else "+" if self.start else ""
        total = f"{plain(self.start) if self.start else ''}{sign}{plain(abs(self.each))}*({count})"
        if self.floor is not None:
            total = f"MAX({total},{plain(self.floor)})"
        return total if self.cap is None else f"MIN({total},{plain(self.cap)})"

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        left, right = names[self.left], names[self.right]
        gap = _number(figures, self.left) - _number(figures, self.right)
        said = (
            f"{left.title}{left.label} {left.amount(_number(figures, self.left))}，"
            f"{right.label} {right.amount(_number(figures, self.right))}"
        )
        if gap <= 0:
            return f"{said}，{'未超过' if self.each > 0 else '已达到要求'}"
        points = f"{'每' if self.each > 0 else '每低'} {_span(left, self.step)}{'加' if self.each > 0 else '扣'} {plain(abs(self.each))} 分"
        count = {"whole": "不足一级的不计", "started": "不足一级的按一级计", "prorata": "按比例折算"}[self.count]
        said += f"，{'超过' if self.each > 0 else '相差'} {_span(left, gap)}，{points}（{count}），计 {plain(_shown(self.steps(figures)))} 级"
        raw = self.start + self.each * self.steps(figures)
        if self.cap is not None and raw > self.cap:
            said += f"，最多加 {plain(self.cap)} 分"
        if self.floor is not None and raw < self.floor:
            said += "，扣完为止"
        return said

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned the next step, or lost none; empty where nothing more could be had."""
        left, right = names[self.left], names[self.right]
        if self.each < 0:
            if self.steps(figures) == 0:
                return ""
            return f"{right.title}{right.label}须不低于 {right.amount(_number(figures, self.left))}"
        if self.count == "prorata" or (self.cap is not None and self.value(figures) >= self.cap):
            return ""
        next_step = _number(figures, self.right) + (self.steps(figures) + 1) * self.step
        return f"{left.title}{left.label}须不低于 {left.amount(_shown(next_step))}"


class Judged(Struct, frozen=True, tag_field="kind", tag="judged", forbid_unknown_fields=True):
    """Points that a department awards (处室评分), from 0 to the criterion's."""

    @property
    def figures(self) -> tuple[str, ...]:
        """None: a person judges."""
        return ()


Rule: TypeAlias = Award | Steps | Judged


def _number(figures: Figures, figure: str) -> Decimal:
    value = figures[figure]
    assert isinstance(value, Decimal), figure
    return value


def _times(cell: str, factor: Decimal) -> str:
    return cell if factor == 1 else f"{cell}*{plain(factor)}"


def _shown(value: Decimal) -> Decimal:
    """A computed figure for people: at most four decimals."""
    return half_up(value, Decimal("0.0001"))


def _span(name: Named, gap: Decimal) -> str:
    """A difference with its unit: 1.3 个百分点; 50 亿元."""
    return f"{plain(_shown(gap))} 个百分点" if name.unit == "%" else f"{plain(_shown(gap))} {name.unit}".rstrip()


def _distance(left: Decimal, base: Decimal, name: Named, right: Named, condition: Condition) -> str:
    """How far the left figure is from the right one, at a precision that does not hide on which side it is."""
    said = f"{right.label} {right.amount(base)}"
    if condition.right_times / condition.left_times < 1:
        return f"占{said}的 {_percent(left / base, condition)}%" if base else said
    gap = left - base
    if gap == 0:
        return f"与{said}持平"
    verb = "超过" if gap > 0 else "低于"
    if name.unit == "%" or not base:
        return f"{verb}{said} {_span(name, abs(gap))}"
    return f"{verb}{said} {_percent(abs(gap) / abs(base), condition)}%"


def _percent(share: Decimal, condition: Condition) -> str:
    """``share`` in percent: two decimals, or as many as show that it is not the threshold itself."""
    exact = share * HUNDRED
    ratio = condition.right_times / condition.left_times
    threshold = abs(ratio - 1) * HUNDRED if ratio >= 1 else ratio * HUNDRED
    for places in ("0.01", "0.0001", "0.000001", "0.00000001"):
        rounded = half_up(exact, Decimal(places))
        if rounded == exact or rounded != threshold:
            return plain(rounded)
    return plain(half_up(exact, Decimal("1e-12")))
