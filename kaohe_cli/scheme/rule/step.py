"""每级: points for each step by which one figure exceeds another (每超1个百分点加0.5分, 每低1%扣1分)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from kaohe_cli.points import DECIMALS, ZERO, decimals, digits, half_up, plain
from kaohe_cli.scheme import condition
from kaohe_cli.scheme.condition import Addresses, Figures, Names, literal
from kaohe_cli.scheme.rule.kind import RuleKind

TIE = 3  # decimals of half a cent, where points are rounded one way or the other


class Step(RuleKind, frozen=True, tag_field="kind", tag="step", forbid_unknown_fields=True):
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

    @property
    def places(self) -> int:
        """Decimals at which a formula rounds its value before the cent, so that nothing else becomes half a cent."""
        if self.count != "prorata":
            return DECIMALS
        finest = max(DECIMALS + decimals(self.each), max(TIE, decimals(self.start)) + decimals(self.step))
        return finest + digits(self.step) + 1

    @property
    def beaten(self) -> tuple[str, ...]:
        """What it starts from, where more than that earns points."""
        return (self.right,) if self.each > 0 else ()

    @property
    def most(self) -> Decimal | None:
        """Its cap where steps earn points, and what it starts with where they lose them."""
        return self.cap if self.each > 0 else self.start

    def faults(self) -> Iterator[tuple[str, str]]:
        """Steps that cannot be counted, or count nothing."""
        if self.step <= 0 or decimals(self.step) > DECIMALS:
            yield "step", f"须大于 0，最多 {DECIMALS} 位小数"
        if self.each == 0:
            yield "each", "不能为 0"

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What the next step would bring."""
        if self.each < 0:
            return "方可不扣分"
        if self.count == "prorata":
            return f"方可再按比例{verb}分"
        return f"方可{'再' if self.steps(figures) else ''}{verb} {plain(self.each)} 分"

    def _gap(self, figures: Figures) -> Decimal:
        return max(condition.number_of(figures, self.left) - condition.number_of(figures, self.right), ZERO)

    def steps(self, figures: Figures) -> Decimal:
        """How many steps count; a part of one is exact to 28 digits."""
        gap = self._gap(figures)
        if self.count == "prorata":
            return gap / self.step
        whole, rest = divmod(gap, self.step)
        return whole + 1 if self.count == "started" and rest else whole

    def _counted(self, figures: Figures) -> Decimal:
        """The points of all steps that count, exact where they can be written down."""
        if self.count == "prorata":
            return self.each * self._gap(figures) / self.step
        return self.each * self.steps(figures)

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        total = self.start + self._counted(figures)
        if self.floor is not None:
            total = max(total, self.floor)
        return total if self.cap is None else min(total, self.cap)

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        count = f"ROUND(MAX({cells(self.left)}-{cells(self.right)},0),{DECIMALS})/{literal(self.step)}"
        # one millionth of a figure shows in the quotient, which is a whole number or clear of one
        settled = f"ROUND({count},{DECIMALS + digits(self.step) + 1})"
        if self.count == "whole":
            count = f"INT({settled})"
        elif self.count == "started":
            count = f"-INT(-{settled})"
        sign = "-" if self.each < 0 else "+" if self.start else ""
        total = f"{literal(self.start) if self.start else ''}{sign}{literal(abs(self.each))}*({count})"
        if self.floor is not None:
            total = f"MAX({total},{literal(self.floor)})"
        return total if self.cap is None else f"MIN({total},{literal(self.cap)})"

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        pair = condition.pair_of(figures, names, self.left, self.right)
        said = f"{pair.subject_said}，{pair.relation(condition.gap_said(pair.name, abs(pair.gap)))}"
        count = self.steps(figures)
        if pair.gap == 0 or (pair.gap > 0) == pair.swapped:
            return said
        step = condition.gap_said(pair.name, self.step)
        exact = count * self.step == abs(pair.gap)
        if self.count == "prorata":
            said += "，按比例计" if self.step == 1 else f"，按比例合{self._told(count)} 个 {step}"
        elif self.count == "started" and not exact:
            said += f"，不足 {step}的按 {step}计"
        elif self.count == "whole" and not (exact and self.step == 1):
            counted = step.replace(plain(self.step), plain(count), 1) if self.step == 1 else f"{plain(count)} 个 {step}"
            said += f"，满 {counted}" if count else f"，不满 {step}"
        earned = self._counted(figures)
        if self.each < 0 and self.start and count:
            said += f"，扣{self._told(-earned)} 分"
        if self.floor is not None and self.start + earned < self.floor:
            said += f"，扣到 {plain(self.floor)} 分为止" if self.floor else "，扣完为止"
        if self.cap is not None and self.start + earned > self.cap:
            said += f"，限加 {plain(self.cap)} 分"
        return said

    def _told(self, value: Decimal) -> str:
        """A count or its points, whole, or near enough to tell it from half a cent."""
        return f" {plain(value)}" if decimals(value) <= self.places else f"约 {plain(half_up(value, self.places))}"

    def terms(self, names: Names, verb: str = "加") -> str:
        """What the points are given for, or taken off for; ``verb`` is 加 for a bonus."""
        swapped, (subject, other) = condition.is_swapped(self.left, self.right), condition.sides(self.left, self.right)
        own, base, step = (
            names[subject],
            names[other].near(names[subject]),
            condition.gap_said(names[subject], self.step),
        )
        counted = {
            "whole": f"不足 {step}的不计", "started": f"不足 {step}的按 {step}计", "prorata": "按比例折算",
        }[self.count]  # fmt: skip
        if self.each > 0:
            more = "少" if swapped else "多"
            said = f"{own.called}比{base}每{more} {step}，{verb} {plain(self.each)} 分（{counted}）"
            return said if self.cap is None else f"{said}，最多{verb} {plain(self.cap)} 分"
        keep, lose = ("不低于", "低") if swapped else ("不高于", "超")
        said = f"{own.called}{keep}{base}的，得 {plain(self.start)} 分"
        said += f"；每{lose} {step}扣 {plain(-self.each)} 分（{counted}）"
        return f"{said}，扣完为止" if self.floor == 0 else said

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned the next step, or lost none; empty where nothing more could be had."""
        left, right, count = (
            condition.number_of(figures, self.left),
            condition.number_of(figures, self.right),
            self.steps(figures),
        )
        swapped, loses, whole = condition.is_swapped(self.left, self.right), self.each < 0, self.count == "whole"
        complete = count == 0 if loses else self.cap is not None and self.value(figures) >= self.cap
        if complete:
            return ""
        away = self.step if whole else ZERO  # a part of a step is not taken off, nor does it count
        if not loses:
            away += self._gap(figures) if self.count == "prorata" else count * self.step
        subject, bound = (self.right, left - away) if swapped else (self.left, right + away)
        return condition.must_be(names[subject], bound, whole != loses, 1 if swapped == loses else -1)
