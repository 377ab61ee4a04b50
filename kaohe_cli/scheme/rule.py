"""The rule kinds, each with its three readings side by side: value, Excel formula, words.

A rule sees figures that are all known numbers or done or not; what is missing, waived (无任务), closed by another
criterion or a rate against nothing is settled before it is asked (assess/score.py) and guarded in its formula
(form/live.py). Values are exact. A figure has six decimals at most (``DECIMALS``); formulas round what a spreadsheet's
binary arithmetic makes of a gap or a quotient at the first place where one millionth of a figure cannot be lost.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.model import Mark
from kaohe_cli.points import DECIMALS, HUNDRED, ZERO, decimals, digits, half_up, plain

Figures: TypeAlias = Mapping[str, Decimal | Mark]
Addresses: TypeAlias = Callable[[str], str]  # figure, or name of a cell → its address, as its formula sees it

ONE = Decimal(1)
TIE = 3  # decimals of half a cent, where points are rounded one way or the other
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
        if self.unit == "%":
            return f"{plain(value)}%"
        return f"{plain(value)} {self.unit}".rstrip()

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


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """A comparison of two figures, of a figure with a number, or whether something was done."""

    left: str  # figure
    compare: Literal[">=", ">", "done"]
    right: str | None = None  # figure; None: compared with number, or done
    number: Decimal | None = None
    left_times: Decimal = ONE
    right_times: Decimal = ONE
    share: bool = False  # a share of the other figure is asked also where both count once: 100%

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads."""
        return _read(self)

    @property
    def bases(self) -> tuple[str, ...]:
        """The figures that a growth, a share or an excess is asked of: against nothing there is none."""
        return _bases(self)

    @property
    def places(self) -> int:
        """Decimals of the smallest difference that the two sides can have."""
        right = DECIMALS if self.right else decimals(self.number or ZERO)
        return max(DECIMALS + decimals(self.left_times), right + decimals(self.right_times))

    def _bound(self, figures: Figures) -> Decimal:
        return (_number(figures, self.right) if self.right else self.number or ZERO) * self.right_times

    # value, formula, words --------------------------------------------------------------------------------

    def met(self, figures: Figures) -> bool:
        """Whether it holds."""
        if self.compare == "done":
            return figures[self.left] is Mark.DONE
        gap = _number(figures, self.left) * self.left_times - self._bound(figures)
        return gap >= 0 if self.compare == ">=" else gap > 0

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
        verdict = "达到" if self.met(figures) else "未达到"
        if self.right is None:
            said = names[self.left].said(_number(figures, self.left))
            return f"{said}，{verdict}{self.demand()}{names[self.left].amount(self.number or ZERO)}的要求"
        pair = _pair(figures, names, self.left, self.right)
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
        left = names[self.left]
        if self.compare == "done":
            return f"{left.called}{left.word(Mark.DONE)}"
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
            return f"{names[self.left].called}须{names[self.left].word(Mark.DONE).removeprefix('已')}"
        subject, bound, way = self._asked(figures)
        said = _at_least if way > 0 else _at_most
        return said(names[subject], bound, including=self.compare == ">=")

    def met_by(self, figures: Figures, names: Names) -> Figures:
        """``figures`` with the unit's own one as far as it takes to meet it, and no further."""
        if self.met(figures):
            return figures
        if self.compare == "done":
            return {**figures, self.left: Mark.DONE}
        subject, bound, way = self._asked(figures)
        figure, reached = _nearest(names[subject], bound, self.compare == ">=", way)
        return {**figures, subject: figure if reached else figure + way * _tick(names[subject])}

    def _asked(self, figures: Figures) -> tuple[str, Decimal, Literal[1, -1]]:
        """The unit's own figure, the bound it is held against, and whether more or less is asked."""
        if self.right is None or not _is_swapped(self.left, self.right):
            return self.left, self._bound(figures) / self.left_times, 1
        return self.right, _number(figures, self.left) * self.left_times / self.right_times, -1

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
        if self.share:
            return True
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
        if pair.other_value <= 0 or (pair.name.unit == "%" and self._ratio == 1 and not self.share):
            return pair.relation(_span(pair.name, abs(pair.gap)))
        left, right = _number(figures, self.left) * self.left_times, self._bound(figures)
        side = _sign(left - right)
        share = pair.value / pair.other_value
        if self._by_share:
            return f"为{pair.other_said}的 {_percent(share, self._ratio, -side if pair.swapped else side)}%"
        merit = 1 - share if pair.swapped else share - 1
        shown = _percent(merit, abs(self._ratio - 1), side).lstrip("-")
        return pair.relation(f"{shown}%")


class Part(Condition, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition, others that must hold with it, and the points that all of them earn."""

    points: Decimal
    also: tuple[Condition, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All that must hold."""
        own = (getattr(self, name) for name in Condition.__struct_fields__)
        return (Condition(*own), *self.also)

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures they read."""
        return sum(map(_read, self.also), _read(self))

    @property
    def bases(self) -> tuple[str, ...]:
        """The figures that a growth, a share or an excess is asked of."""
        return sum(map(_bases, self.also), _bases(self))

    def met(self, figures: Figures) -> bool:
        """Whether all of them hold."""
        return Condition.met(self, figures) and all(each.met(figures) for each in self.also)

    def formula(self, cells: Addresses, names: Names) -> str:
        """The same as a logical expression of a spreadsheet."""
        tests = [each.formula(cells, names) for each in self.conditions]
        return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"

    def words(self, figures: Figures, names: Names) -> str:
        """What the figures are, and whether all hold where there are several."""
        if not self.also:
            return Condition.words(self, figures, names)
        said = "；".join(each.words(figures, names) for each in self.conditions)
        failing = sum(not each.met(figures) for each in self.conditions)
        count = len(self.conditions)
        return f"{said}；{f'{count} 项中有 {failing} 项未达到' if failing else f'{count} 项都达到'}"

    def terms(self, names: Names) -> str:
        """What is asked, without the figures of a unit."""
        return "，并且".join(each.terms(names) for each in self.conditions)

    def wanted(self, figures: Figures, names: Names) -> str:
        """What would have met those that do not hold."""
        return "，并且".join(each.wanted(figures, names) for each in self.conditions if not each.met(figures))

    def met_by(self, figures: Figures, names: Names) -> Figures:
        """``figures`` as far as it takes to meet all of them, and no further."""
        for each in self.conditions:
            figures = each.met_by(figures, names)
        return figures


class RuleKind(Struct, frozen=True):
    """What a rule kind reads and asks where it does not say otherwise: nothing."""

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, each once."""
        return ()

    @property
    def bases(self) -> tuple[str, ...]:
        """The figures that a growth, a share or an excess is asked of, each once."""
        return ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All its conditions."""
        return ()

    @property
    def places(self) -> int:
        """Decimals at which a formula rounds its value before the cent."""
        return DECIMALS


class AwardRule(RuleKind, frozen=True, tag_field="kind", tag="award", forbid_unknown_fields=True):
    """Points for each condition that holds."""

    parts: tuple[Part, ...]

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, each once."""
        return tuple(dict.fromkeys(sum([part.figures for part in self.parts], ())))

    @property
    def bases(self) -> tuple[str, ...]:
        """The figures that a growth, a share or an excess is asked of, each once."""
        return tuple(dict.fromkeys(sum([part.bases for part in self.parts], ())))

    @property
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
        return max(_number(figures, self.left) - _number(figures, self.right), ZERO)

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
        pair = _pair(figures, names, self.left, self.right)
        said = f"{pair.subject_said}，{pair.relation(_span(pair.name, abs(pair.gap)))}"
        count = self.steps(figures)
        if pair.gap == 0 or (pair.gap > 0) == pair.swapped:
            return said
        step = _span(pair.name, self.step)
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
        counted = self._gap(figures) if self.count == "prorata" else count * self.step
        ahead = counted + self.step if whole else counted
        if swapped:
            return _at_most(names[self.right], left - ahead, including=whole)
        return _at_least(names[self.left], right + ahead, including=whole)


class Judged(RuleKind, frozen=True, tag_field="kind", tag="judged", forbid_unknown_fields=True):
    """Points that a department awards (处室评分), from 0 to the criterion's."""


Rule: TypeAlias = AwardRule | Steps | Judged


class _Pair(Struct, frozen=True):
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


def _pair(figures: Figures, names: Names, left: str, right: str) -> _Pair:
    swapped = _is_swapped(left, right)
    subject, other = (right, left) if swapped else (left, right)
    name, of, value, other_value = names[subject], names[other], _number(figures, subject), _number(figures, other)
    turned, since = name.turns(value) or of.turns(other_value), other.endswith(".prior")
    said = name.said(value), of.said(other_value, of.near(name))
    return _Pair(swapped, name, value, other_value, since, turned, *said)


def _read(condition: Condition) -> tuple[str, ...]:
    return (condition.left,) if condition.right is None else (condition.left, condition.right)


def _bases(condition: Condition) -> tuple[str, ...]:
    if condition.right is None or (condition.left_times == condition.right_times and not condition.share):
        return ()
    return (condition.left if _is_swapped(condition.left, condition.right) else condition.right,)


def _is_swapped(left: str, right: str) -> bool:
    """Whether the unit's own figure stands on the right: less of it meets a condition, or has fewer steps."""
    return right.endswith(".actual") and not left.endswith(".actual")


def _number(figures: Figures, figure: str) -> Decimal:
    value = figures[figure]
    assert isinstance(value, Decimal), figure
    return value


def literal(value: Decimal) -> str:
    """``value`` within a formula, where a comma would part two arguments."""
    return plain(value).replace(",", "")


def _times(cell: str, factor: Decimal) -> str:
    return cell if factor == 1 else f"{cell}*{literal(factor)}"


def _span(name: Named, gap: Decimal) -> str:
    """A difference with its unit: 1.3 个百分点; 50 亿元."""
    return f"{plain(gap)} 个百分点" if name.unit == "%" else f"{plain(gap)} {name.unit}".rstrip()


def _at_least(name: Named, bound: Decimal, including: bool) -> str:
    figure, reached = _nearest(name, bound, including, 1)
    return f"{name.called}须{'不低于' if reached else '高于'} {name.amount(figure)}"


def _at_most(name: Named, bound: Decimal, including: bool) -> str:
    figure, reached = _nearest(name, bound, including, -1)
    return f"{name.called}须{'不高于' if reached else '低于'} {name.amount(figure)}"


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


def _percent(share: Decimal, edge: Decimal, side: int) -> str:
    """``share`` in percent: two decimals, or as many as show on which side of ``edge`` it is.

    Nor is 4.996% shown as 5%: another clause, or the reader, may hold it against a whole number.
    """
    exact, edge = share * HUNDRED, edge * HUNDRED
    if side == 0:
        return plain(half_up(exact))
    shown = half_up(exact)
    for places in range(3, 25):
        if _sign(shown - edge) == side and (shown != shown.to_integral_value() or shown == exact):
            break
        shown = half_up(exact, places)
    return plain(shown)
