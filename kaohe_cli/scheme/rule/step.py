"""每级: points for each step by which one figure exceeds another (每超1个百分点加0.5分, 每低1%扣1分)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from kaohe_cli.points import DECIMALS, HUNDRED, ZERO, decimals, digits, plain, settled
from kaohe_cli.scheme import condition
from kaohe_cli.scheme.condition import Addresses, Figures, Names, literal
from kaohe_cli.scheme.rule.kind import (
    RuleKind,
    points_faults,
    quotient_places,
    within,
    within_faults,
    within_formula,
    within_terms,
)

TEN = Decimal(10)  # steps that a percentage may well make without a cap
TIE = 3  # decimals of half a cent, where points are rounded one way or the other


class Step(RuleKind, frozen=True, kw_only=True, tag_field="kind", tag="step", forbid_unknown_fields=True):
    """Points for each step by which the left figure exceeds the right one, or a number."""

    left: str
    right: str | None = None
    number: Decimal | None = None  # in place of a right figure
    falling: bool = False  # steps below the number, and not above it; of two figures the greater stands on the left
    step: Decimal
    each: Decimal  # 分 for each step; negative where points are taken off
    count: Literal["whole", "started", "prorata"]
    percent: bool = False  # a step is so many per cent of what the unit is measured by
    start: Decimal = ZERO  # 分 where there is no step at all
    floor: Decimal | None = None
    cap: Decimal | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        return (self.left, self.right) if self.right else (self.left,)

    @property
    def bases(self) -> tuple[str, ...]:
        """What a step is so many per cent of."""
        return (self.sides[1],) if self.percent and self.sides[1] else ()

    @property
    def sides(self) -> tuple[str, str]:
        """The unit's own figure, then the one that it is measured by, empty where it is a number."""
        return condition.sides(self.left, self.right) if self.right else (self.left, "")

    @property
    def _swapped(self) -> bool:
        return self.falling or (self.right is not None and condition.is_swapped(self.left, self.right))

    @property
    def places(self) -> int:
        """Decimals at which a formula rounds its value before the cent, so that nothing else becomes half a cent."""
        if self.count != "prorata":
            return DECIMALS
        if self.percent:
            known = (self.each * TEN, self.start, self.floor or ZERO, self.cap or ZERO)
            return quotient_places(max(map(abs, known)))
        finest = max(DECIMALS + decimals(self.each), max(TIE, decimals(self.start)) + decimals(self.step))
        return finest + digits(self.step) + 1

    @property
    def beaten(self) -> tuple[str, ...]:
        """What it starts from, where more than that earns points."""
        return (self.right,) if self.right and self.each > 0 else self.bases

    @property
    def most(self) -> Decimal | None:
        """Its cap where steps earn points, and what it starts with where they lose them."""
        return self.cap if self.each > 0 else self.start

    def faults(self) -> Iterator[tuple[str, str]]:
        """Steps that cannot be counted, or count nothing."""
        if (self.right is None) == (self.number is None):
            yield "right", "right 与 number 须写一个，只写一个"
        if self.falling and self.right is not None:
            yield "falling", "两个数据项相比的，应当更大的写在左边，不写 falling"
        if self.number is not None and decimals(self.number) > DECIMALS:
            yield "number", f"最多 {DECIMALS} 位小数"
        if self.percent and self.number is not None and self.number <= 0:
            yield "number", "须大于 0，才能算百分之几"
        if self.step <= 0 or decimals(self.step) > DECIMALS:
            yield "step", f"须大于 0，最多 {DECIMALS} 位小数"
        if self.each == 0:
            yield "each", "不能为 0"
        if decimals(self.each) > DECIMALS:
            yield "each", f"最多 {DECIMALS} 位小数"
        yield from points_faults("start", self.start)
        yield from within_faults(self.floor, self.cap)
        if self.each > 0 and self.cap is not None and self.cap <= self.start:
            yield "cap", "须大于 start，否则加不上分"
        if self.each < 0 and self.floor is not None and self.floor >= self.start:
            yield "floor", "须小于 start，否则扣不了分"

    def gain(self, figures: Figures, names: Names, verb: str, full: Decimal | None) -> str:
        """What the next step would bring."""
        if self.each < 0:
            return "方可不扣分"
        if self.count == "prorata":
            return f"方可再按比例{verb}分"
        return f"方可{'再' if self.steps(figures) else ''}{verb} {plain(self.each)} 分"

    def _of(self, figures: Figures, name: str) -> Decimal:
        """What a side is: a figure, or the number in its place."""
        return condition.number_of(figures, name) if name else self.number or ZERO

    def _gap(self, figures: Figures) -> Decimal:
        gap = self._of(figures, self.left) - self._of(figures, self.right or "")
        return max(-gap if self.falling else gap, ZERO)

    def _size(self, figures: Figures) -> Decimal:
        """How much of the figure makes a step."""
        return self._of(figures, self.sides[1]) * self.step / HUNDRED if self.percent else self.step

    def steps(self, figures: Figures) -> Decimal:
        """How many steps count; a part of one is exact to 28 digits."""
        gap, size = self._gap(figures), self._size(figures)
        if self.count == "prorata":
            return gap / size
        whole, rest = divmod(gap, size)
        return whole + 1 if self.count == "started" and rest else whole

    def _counted(self, figures: Figures) -> Decimal:
        """The points of all steps that count, exact where they can be written down, or where percents can be told."""
        if self.count == "prorata":
            points = self.each * self._gap(figures) / self._size(figures)
            return settled(points, self.places) if self.percent else points
        return self.each * self.steps(figures)

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        return within(self.start + self._counted(figures), self.floor, self.cap)

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        right = cells(self.right) if self.right else literal(self.number or ZERO)
        more, less = (right, cells(self.left)) if self.falling else (cells(self.left), right)
        gap = f"ROUND(MAX({more}-{less},0),{DECIMALS})"
        each, sign = literal(abs(self.each)), "-" if self.each < 0 else "+" if self.start else ""
        if self.percent:
            counted = self._percents(gap, each, cells)
        else:
            count = f"{gap}/{literal(self.step)}"
            # one millionth of a figure shows in the quotient, which is a whole number or clear of one
            settled = f"ROUND({count},{DECIMALS + digits(self.step) + 1})"
            if self.count == "whole":
                count = f"INT({settled})"
            elif self.count == "started":
                count = f"-INT(-{settled})"
            counted = f"{each}*({count})"
        total = f"{literal(self.start) if self.start else ''}{sign}{counted}"
        return within_formula(total, self.floor, self.cap)

    def _percents(self, gap: str, each: str, cells: Addresses) -> str:
        """The points of steps in per cent.

        No decimal tells every quotient of two figures from a whole number: the nearest whole number of steps is held
        against the gap, multiplied out.
        """
        base = self.sides[1]
        size = f"{cells(base)}*{literal(self.step)}" if base else literal((self.number or ZERO) * self.step)
        if self.count == "prorata":
            return f"ROUND({each}*{gap}*100/({size}),{self.places})"
        near = f"ROUND({gap}*100/({size}),0)"
        places = DECIMALS + decimals(self.step) + (0 if base else decimals(self.number or ZERO))
        beyond = f"ROUND({gap}*100-{near}*{size},{places})"
        return f"{each}*({near}{f'-IF({beyond}<0,1,0)' if self.count == 'whole' else f'+IF({beyond}>0,1,0)'})"

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        pair = self._pair(figures, names)
        distance = self._percent_said(figures) if self.percent else condition.gap_said(pair.name, abs(pair.gap))
        said = f"{pair.subject_said}，{pair.relation(distance)}"
        count, size = self.steps(figures), self._size(figures)
        if pair.gap == 0 or (pair.gap > 0) == pair.swapped:
            return said
        step = self._step_said(pair.name)
        exact = count * size == abs(pair.gap)
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

    def _pair(self, figures: Figures, names: Names) -> condition.Pair:
        """The two sides as a sentence tells of them."""
        if self.right:
            return condition.pair_of(figures, names, self.left, self.right)
        name, value, number = names[self.left], condition.number_of(figures, self.left), self.number or ZERO
        said, base = name.said(value), f"规定的 {name.amount(number)}"
        return condition.Pair(self.falling, name, value, number, False, name.turns(value), said, base)

    def _step_said(self, name: condition.Named) -> str:
        """A step with its unit: 1 个百分点; 50 亿元; 5%."""
        return f"{plain(self.step)}%" if self.percent else condition.gap_said(name, self.step)

    def _percent_said(self, figures: Figures) -> str:
        """The gap in per cent, at a precision that does not hide how many steps it is."""
        own, other = (self._of(figures, name) for name in self.sides)
        share = abs(own - other) / other
        nearest = (share * HUNDRED / self.step).to_integral_value() * self.step / HUNDRED
        gap = abs(own - other) - nearest * other
        return f"{condition.percent_of(share, nearest, (gap > 0) - (gap < 0))}%"

    def _told(self, value: Decimal) -> str:
        """A count or its points, whole, or near enough to tell it from half a cent."""
        places = self.places - self.percent  # what fills all of them was rounded to them
        return f" {plain(value)}" if decimals(value) <= places else f"约 {plain(settled(value, self.places))}"

    def terms(self, names: Names, verb: str = "加") -> str:
        """What the points are given for, or taken off for; ``verb`` is 加 for a bonus."""
        swapped, (subject, other) = self._swapped, self.sides
        own, step = names[subject], self._step_said(names[subject])
        base = names[other].near(own) if other else f" {own.amount(self.number or ZERO)}"
        counted = {
            "whole": f"不足 {step}的不计", "started": f"不足 {step}的按 {step}计", "prorata": "按比例折算",
        }[self.count]  # fmt: skip
        if self.each > 0:
            more = "少" if swapped else "多"
            start = f"基础分 {plain(self.start)} 分，" if self.start else ""
            said = f"{start}{own.called}比{base}每{more} {step}，{verb} {plain(self.each)} 分（{counted}）"
            return said if self.cap is None else f"{said}，最多{verb} {plain(self.cap)} 分"
        keep, lose = ("不低于", "低") if swapped else ("不高于", "超")
        said = f"{own.called}{keep}{base}的，得 {plain(self.start)} 分"
        said += f"；每{lose} {step}扣 {plain(-self.each)} 分（{counted}）"
        return f"{said}，扣完为止" if self.floor == 0 else f"{said}{within_terms(self.floor, None, '得')}"

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned the next step, or lost none; empty where nothing more could be had."""
        left, right = self._of(figures, self.left), self._of(figures, self.right or "")
        if self.falling:
            left, right = right, left
        count, size = self.steps(figures), self._size(figures)
        swapped, loses, whole = self._swapped, self.each < 0, self.count == "whole"
        complete = count == 0 if loses else self.cap is not None and self.value(figures) >= self.cap
        if complete:
            return ""
        away = size if whole else ZERO  # a part of a step is not taken off, nor does it count
        if not loses:
            away += self._gap(figures) if self.count == "prorata" else count * size
        bound = left - away if swapped else right + away
        return condition.must_be(names[self.sides[0]], bound, whole != loses, 1 if swapped == loses else -1)
