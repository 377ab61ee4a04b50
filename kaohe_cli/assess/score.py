"""Figures, self-scores and awards → points, by the rules in force. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from kaohe_cli.model import Award, Case, CriterionScore, Entry, ItemScore, Mark, State, Status, UnitScore
from kaohe_cli.points import ZERO, add, half_up, plain
from kaohe_cli.scheme.condition import Figures, Named, Names
from kaohe_cli.scheme.rule import Judged, When
from kaohe_cli.scheme.scheme import PERIOD, Criterion, Item, Scheme

ScoredRule = tuple[Decimal | None, State, tuple[str, ...]]  # points, how they stand, sentences

NOT_JUDGED: ScoredRule = (None, "pending", ("待处室评分",))
MISSING: Mapping[State, str] = {"invalid": "填报有误，待更正", "no_target": "未下达", "pending": "未填报"}


def score(scheme: Scheme, case: Case) -> UnitScore:
    """The points of one unit: self-scores on what it reported, points on the verified figures and the awards."""
    settled = case.settled
    items = (
        item_score(scheme, item, tuple(criterion_score(scheme, each, case, settled) for each in item.criterion))
        for item in scheme.items
    )
    return unit_score(scheme, case, tuple(items))


def unit_score(scheme: Scheme, case: Case, items: tuple[ItemScore, ...]) -> UnitScore:
    """The points of one unit from those of its items."""
    first = scheme.content.class_[0].id
    ones = [score.points for item, score in zip(scheme.items, items, strict=True) if item.class_ == first]
    twos = [score.points for item, score in zip(scheme.items, items, strict=True) if item.class_ != first]
    most = sum((each.points for each in scheme.content.class_), ZERO)
    total = _capped(scheme, "total", add(item.points for item in items), most=most)
    self = _capped(scheme, "total", add(item.self for item in items), most=most)
    return UnitScore(case.unit, _status(scheme, case), items, total, add(ones), add(twos), self, case.veto)


def rule_points(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]) -> ScoredRule:
    """What the rule of ``criterion`` gives on ``entries``; None where a figure it needs is not known.

    An award override, and a judged criterion's points, are not its matter.
    """
    if waived := _waived(criterion, entries):
        return _without_task(scheme, criterion, waived, entries)
    names = called(scheme, entries)
    if criterion.needs:
        needed = scheme.criteria[criterion.needs]
        if not _waived(needed, entries):
            figures, state, missing = _figures(scheme, needed, entries, names)
            if state != "scored":
                return None, state, missing
            assert isinstance(needed.rule, When)
            if not all(part.met(figures) for part in needed.rule.parts):
                return ZERO, "scored", (f"{needed.rule.words(figures, names)}，未达到“{needed.title}”，不加分",)
    figures, state, missing = _figures(scheme, criterion, entries, names)
    if state != "scored":
        return None, state, missing
    assert not isinstance(criterion.rule, Judged)
    raw = criterion.rule.value(figures)
    exact, shared = raw, ""
    own, full = criterion.points, full_points(scheme, criterion, entries)
    if raw and own and full is not None and full != own:
        exact = raw * full / own
        shared = f"{earned_words(criterion, raw)}；分担无任务细则的分值，满分由 {plain(own)} 分调为 {plain(full)} 分，"
    value = half_up(exact)
    rounded = "" if value == exact else "四舍五入后"
    said = f"{criterion.rule.words(figures, names)}，{shared}{rounded}{earned_words(criterion, value)}"
    return value, "scored", (said,)


def called(scheme: Scheme, entries: Mapping[str, Entry]) -> Names:
    """What people call each figure of this unit: of the period it gave, and by the measure that its basis chose.

    A verified figure is one of the whole year.
    """
    period = entries.get(PERIOD)
    names = scheme.names_by_period.get(str(period.value), scheme.names) if period else scheme.names
    own: dict[str, Named] = {}
    if names is not scheme.names:
        own = {name: scheme.names[name] for name, entry in entries.items() if entry.verified}
    for basis in scheme.content.basis:
        entry = entries.get(basis.figure)
        chosen = [option.label for option in basis.option if entry and option.value == entry.value]
        if len(chosen) == 1:
            measure = basis.figure.partition(".")[0]
            read = [f"{measure}.{figure}" for figure, _ in scheme.measures[measure].figures()]
            own |= {name: _renamed(scheme.names[name], chosen[0]) for name in read}
    return {**names, **own} if own else names


@cache
def _renamed(named: Named, title: str) -> Named:
    return replace(named, title=title, phrase=f"{title}{named.label}")


def earned_words(criterion: Criterion, value: Decimal) -> str:
    """``value`` as a decision: 得 4 分, 加 1 分, 扣 2 分, 不得分."""
    if value == 0:
        return "不加分" if criterion.bonus else "不得分"
    if value < 0:
        return f"扣 {plain(-value)} 分"
    return f"{'加' if criterion.bonus else '得'} {plain(value)} 分"


def item_score(scheme: Scheme, item: Item, criteria: tuple[CriterionScore, ...]) -> ItemScore:
    """The points of one item from those of its criteria."""
    total = _capped(scheme, "item", add(each.points for each in criteria), most=item.points)
    self = _capped(scheme, "item", add(each.self for each in criteria), most=item.points)
    return ItemScore(item.id, total, self, criteria)


def grounds(scheme: Scheme, criterion: Criterion) -> Hashable:
    """What of a scheme the points of ``criterion`` follow from: on equal grounds they are equal."""
    needed = scheme.criteria[criterion.needs] if criterion.needs else None
    shared = tuple((scheme.full(each), each.rule.figures) for each in scheme.sharing(criterion))
    return criterion, needed, scheme.policy.no_task, shared


def criterion_score(scheme: Scheme, criterion: Criterion, case: Case, settled: Mapping[str, Entry]) -> CriterionScore:
    """The points of one criterion; ``settled`` are the reported entries with the verified ones in their place."""
    award = case.awards.get(criterion.id, Award())
    points, reason = award.points, f"：{award.reason}" if award.reason else ""
    if criterion.judged:
        entry = case.reported.get(f"{scheme.item_of[criterion.id].id}.self")
        self = entry.value if entry and isinstance(entry.value, Decimal) else None
        ruled, state, steps = NOT_JUDGED
        if points is not None:
            steps = (f"{award.by or '责任处室'}评 {plain(points)} 分{reason}",)
    else:
        ruled, state, steps = rule_points(scheme, criterion, settled)
        self = ruled if not case.verified else rule_points(scheme, criterion, case.reported)[0]
        if any(_is_corrected(case, name) for name in read_by(scheme, criterion)):
            steps = tuple(f"按核定数：{step}" for step in steps)
        if points is not None:
            steps += (f"考核调整为 {plain(points)} 分{reason}",)
    full = full_points(scheme, criterion, settled)
    held, state = (ruled, state) if points is None else (points, "scored")
    if award.unreadable:
        held, state, steps = None, "invalid", (*steps, "考核分填写有误，待更正")
    return CriterionScore(criterion.id, criterion.bonus, held, state, self, steps, ruled, full)


def read_by(scheme: Scheme, criterion: Criterion) -> tuple[str, ...]:
    """The figures that decide on ``criterion``: its own, then those of the criterion it needs."""
    needed = scheme.criteria[criterion.needs].rule.figures if criterion.needs else ()
    return tuple(dict.fromkeys((*criterion.rule.figures, *needed)))


def _is_corrected(case: Case, name: str) -> bool:
    """Whether another figure than the reported one stands in the rules."""
    verified, reported = case.verified.get(name), case.reported.get(name)
    return verified is not None and verified.value != (reported.value if reported else None)


def known(entries: Mapping[str, Entry], names: Sequence[str]) -> dict[str, Decimal | Mark]:
    """The figures among ``names`` that a rule can read: numbers, and whether something was done."""
    found = {name: entries[name].value for name in names if name in entries}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, Mark if name.endswith(".done") else Decimal) and value is not Mark.NO_TASK
    }


def _figures(
    scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry], names: Names
) -> tuple[Figures, State, tuple[str, ...]]:
    """The figures that ``criterion`` reads; where no points can be worked out, how it stands and why."""
    figures = known(entries, criterion.rule.figures)
    missing: dict[State, list[str]] = {}
    for name in criterion.rule.figures:
        if name not in figures:
            entry = entries.get(name)
            # 无 is legal where a figure is evidence, but gives no ground for points
            wrong = entry is not None and (entry.invalid or entry.value is not None)
            state: State = "invalid" if wrong else "no_target" if scheme.issued(name) else "pending"
            told = "的核定值" if entry is not None and entry.verified else ""
            missing.setdefault(state, []).append(f"“{scheme.names[name].title}·{scheme.names[name].label}”{told}")
    for state, said in MISSING.items():
        if state in missing:
            return figures, state, (f"{'、'.join(missing[state])}{said}，暂不计分",)
    if nothing := "，".join(names[name].said(ZERO) for name in criterion.rule.bases if figures[name] == 0):
        return figures, "undecided", (f"{nothing}，以零为基数的比例无从计算，待考核办定分",)
    return figures, "scored", ()


def _waived(criterion: Criterion, entries: Mapping[str, Entry]) -> str:
    """The first figure of ``criterion`` that stands for 无任务; empty: none."""
    waived = (name for name in criterion.rule.figures if name in entries and entries[name].value is Mark.NO_TASK)
    return next(waived, "")


def _without_task(scheme: Scheme, criterion: Criterion, name: str, entries: Mapping[str, Entry]) -> ScoredRule:
    title, how, item = scheme.names[name].title, scheme.policy.no_task, scheme.item_of[criterion.id]
    if criterion.bonus or how == "zero":
        return ZERO, "no_task", (f"{title}注明无任务，{earned_words(criterion, ZERO)}",)
    if how == "full":
        value = scheme.full(criterion)
        return value, "no_task", (f"{title}注明无任务，按满分计，{earned_words(criterion, value)}",)
    if all(_waived(each, entries) for each in scheme.sharing(criterion)):
        said = f"第 {item.id} 项“{item.title}”的细则都注明无任务，分值没有其余细则可以分担，待考核办定分"
        return None, "undecided", (said,)
    return ZERO, "no_task", (f"{title}注明无任务，分值由同项其余细则分担",)


def full_points(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]) -> Decimal | None:
    """满分 in force of ``criterion`` on ``entries``, as :meth:`Scheme.full_points`."""
    return scheme.full_points(criterion, lambda each: bool(_waived(each, entries)))


def _capped(scheme: Scheme, cap: str, points: Decimal | None, *, most: Decimal) -> Decimal | None:
    return points if points is None or scheme.policy.cap != cap else min(points, most)


def _status(scheme: Scheme, case: Case) -> Status:
    """How the return stands by the reading of the deadline in force."""
    if case.filled is None or case.status not in ("received", "late"):
        return case.status
    return "late" if case.filled > scheme.last_day else "received"
