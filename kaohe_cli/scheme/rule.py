"""The rule kinds, each with its three readings side by side: value, Excel formula, words.

A rule sees figures that are all known numbers or done or not; what is missing, waived (无任务), closed by another
criterion or a rate against nothing is settled before it is asked (assess/score.py) and guarded in its formula
(form/live.py). Values are exact; formulas round a quotient as conditions do a gap (scheme/condition.py).
"""

from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.points import DECIMALS, ZERO, decimals, digits, half_up, plain
from kaohe_cli.scheme import condition
from kaohe_cli.scheme.condition import Addresses, Condition, Figures, Names, Part, literal

TIE = 3  # decimals of half a cent, where points are rounded one way or the other


class RuleKind(Struct, frozen=True, dict=True):
    """What a rule kind reads and asks: all that its conditions do, of which it has none unless it says otherwise."""

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All its conditions."""
        return ()

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, each once."""
        return tuple(dict.fromkeys(name for each in self.conditions for name in each.figures))

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The figures that a growth, a share or an excess is asked of, each once."""
        return tuple(dict.fromkeys(name for each in self.conditions for name in each.bases))

    @property
    def places(self) -> int:
        """Decimals at which a formula rounds its value before the cent."""
        return DECIMALS


class AwardRule(RuleKind, frozen=True, tag_field="kind", tag="award", forbid_unknown_fields=True):
    """Points for each condition that holds."""

    parts: tuple[Part, ...]

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All its conditions."""
        return tuple(each for part in self.parts for each in part.conditions)

    def value(self, figures: Figures) -> Decimal:
        """Points, exact."""
        return sum((part.points for part in self.parts if part.met(figures)), ZERO)

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as an expression of a spreadsheet."""
        return "+".join(f"IF({part.formula(cells, names)},{literal(part.points)},0)" for part in self.parts)

    def words(self, figures: Figures, names: Names) -> str:
        """How the value came about."""
        if len(self.parts) == 1:
            return self.parts[0].words(figures, names)
        told = ((part.words(figures, names), part.points if part.met(figures) else ZERO) for part in self.parts)
        return "；".join(f"{said}（{plain(points)} 分）" for said, points in told)

    def terms(self, names: Names, verb: str = "得") -> str:
        """What the points are given for; ``verb`` is 加 for a bonus."""
        return "；".join(f"{part.terms(names)}的，{verb} {plain(part.points)} 分" for part in self.parts)

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have earned the points that were not; empty where all were."""
        return "；".join(part.wanted(figures, names) for part in self.parts if not part.met(figures))


class Steps(RuleKind, frozen=True, tag_field="kind", tag="steps", forbid_unknown_fields=True):
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


class Judged(RuleKind, frozen=True, tag_field="kind", tag="judged", forbid_unknown_fields=True):
    """Points that a department awards (处室评分), from 0 to the criterion's."""


Rule: TypeAlias = AwardRule | Steps | Judged
