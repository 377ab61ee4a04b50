"""Figures, self-scores and awards → points, by the rules in force. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from kaohe_cli.model import (
    Award,
    Case,
    CriterionScore,
    Entry,
    ItemScore,
    Mark,
    SectionScore,
    State,
    Status,
    UnitScore,
    Veto,
)  # fmt: skip
from kaohe_cli.points import ZERO, add, half_up, plain
from kaohe_cli.scheme.condition import Figures, Named, Names
from kaohe_cli.scheme.frame import ONE, Conditions, Frame
from kaohe_cli.scheme.records import PERIOD, Criterion, Item
from kaohe_cli.scheme.rule import Judged, Supplied, When
from kaohe_cli.scheme.rule.judged import JUDGES
from kaohe_cli.scheme.rule.kind import decided
from kaohe_cli.scheme.rule.subject import is_pseudo
from kaohe_cli.scheme.scheme import Scheme

ScoredRule = tuple[Decimal | None, State, tuple[str, ...]]  # points, how they stand, sentences

NOT_JUDGED: ScoredRule = (None, "pending", ("待处室评分",))
MISSING: Mapping[State, str] = {"invalid": "填报有误，待更正", "no_target": "未下达", "pending": "未填报"}


def score(scheme: Scheme, case: Case) -> UnitScore:
    """The points of one unit: self-scores on what it reported, points on the verified figures and the awards."""
    scheme, settled = scheme.of(case.unit.kind), case.settled
    items = (
        item_score(scheme, item, tuple(criterion_score(scheme, each, case, settled) for each in item.criterion))
        for item in scheme.items
    )
    return unit_score(scheme, case, tuple(items))


def item_score(scheme: Scheme, item: Item, criteria: tuple[CriterionScore, ...]) -> ItemScore:
    """The points of one item from those of its criteria."""
    cap, weights = scheme.cap(item), (ONE,) * len(criteria)
    points, capped = _together(item, cap, [each.points for each in criteria], weights)
    self, _ = _together(item, cap, [each.self for each in criteria], weights)
    return ItemScore(item.id, points, self, criteria, capped)


def unit_score(scheme: Scheme, case: Case, items: tuple[ItemScore, ...]) -> UnitScore:
    """The points of one unit from those of its items."""
    scheme = scheme.of(case.unit.kind)
    points = {each.id: each.points for each in items}
    selves = {each.id: each.self for each in items}
    capped = [each.capped for each in items]
    for each in scheme.sums:
        points[each.id], taken = _together(each.node, each.cap, [points[id] for id in each.parts], each.weights)
        selves[each.id], _ = _together(each.node, each.cap, [selves[id] for id in each.parts], each.weights)
        capped.append(taken)
    sections = tuple(SectionScore(id, points[id], selves[id]) for id in scheme.sections)
    bars = {id: _bar(scheme, test, case) for id, test in scheme.bars.items()}
    veto = case.veto or (_vetoed(scheme, bars) if bars else None)
    return UnitScore(
        case.unit, _status(scheme, case), items, points[""], sections, selves[""], veto, add(capped), bars,
        scheme.group_of(case.unit),
    )  # fmt: skip


def _together(
    node: Frame, cap: Decimal | None, parts: Sequence[Decimal | None], weights: Sequence[Decimal]
) -> tuple[Decimal | None, Decimal | None]:
    """The points of ``node`` from those of its parts, and what its limits took away; None: not known."""
    if node.combine == "sum":
        raw = add(parts)
    else:
        known = [(each, weight) for each, weight in zip(parts, weights, strict=True) if each is not None]
        raw = node.raw(known) if len(known) == len(parts) else None
    if raw is None:
        return None, None
    if cap is None and not node.bounded:
        return raw, ZERO
    points = node.limited(raw, cap)
    return points, raw - points


def _bar(scheme: Scheme, test: Conditions, case: Case) -> str | None:
    """What the settled figures are that bring ``test`` about; empty where it does not come about, None: not known."""
    entries = case.settled
    figures = known(entries, test.figures)
    if any(entries[name].value is Mark.NO_TASK for name in test.figures if name in entries):
        return ""
    if len(figures) < len(test.figures):
        return None
    return test.words(figures, called(scheme, entries)) if test.holds(figures) else ""


def _vetoed(scheme: Scheme, bars: Mapping[str, str | None]) -> Veto | None:
    """The first veto that figures bring about; None: there is none."""
    found = (bars.get(each.id) for each in scheme.content.veto if each.test is not None)
    figures = next((said for said in found if said), "")
    return Veto(figures=figures) if figures else None


def rule_points(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]) -> ScoredRule:
    """What the rule of ``criterion`` gives on ``entries``; None where a figure it needs is not known.

    An award override, and a judged criterion's points, are not its matter.
    """
    if waived := waived_figure(criterion, entries):
        return _without_task(scheme, criterion, waived, entries)
    names, rule = called(scheme, entries), criterion.worked
    assert rule is not None
    if criterion.needs:
        needed = scheme.criteria[criterion.needs]
        if not waived_figure(needed, entries):
            figures, state, missing = _figures(scheme, needed, entries, names)
            if state != "scored":
                return None, state, missing
            assert isinstance(needed.rule, When)
            if not all(part.met(figures) for part in needed.rule.parts):
                return ZERO, "scored", (f"{needed.rule.words(figures, names)}，未达到“{needed.title}”，不加分",)
    figures, state, missing = _figures(scheme, criterion, entries, names)
    if state != "scored":
        return None, state, missing
    raw = rule.value(figures)
    exact, shared = raw, ""
    own, full = criterion.points, full_points(scheme, criterion, entries)
    if raw and own and full is not None and full != own:
        exact = raw * full / own
        shared = f"{earned_words(criterion, raw)}；分担无任务细则的分值，满分由 {plain(own)} 分调为 {plain(full)} 分，"
    value = half_up(exact)
    rounded = "" if value == exact else "四舍五入后"
    said = f"{rule.words(figures, names)}，{shared}{rounded}{earned_words(criterion, value)}"
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
    if value == 0 and criterion.points == 0 and not criterion.bonus:
        return "不扣分"
    return decided(value, "加" if criterion.bonus else "得")


def grounds(scheme: Scheme, criterion: Criterion) -> Hashable:
    """What of a scheme the points of ``criterion`` follow from: on equal grounds they are equal."""
    needed = scheme.criteria[criterion.needs] if criterion.needs else None
    shared = tuple((scheme.full(each), each.rule.figures) for each in scheme.sharing(criterion))
    others = tuple(grounds(other, other.criteria[criterion.id]) for other in scheme.kinds.values())
    return criterion, needed, scheme.policy.no_task, shared, others


def criterion_score(scheme: Scheme, criterion: Criterion, case: Case, settled: Mapping[str, Entry]) -> CriterionScore:
    """The points of one criterion; ``settled`` are the reported entries with the verified ones in their place."""
    scheme = scheme.of(case.unit.kind)
    criterion = scheme.criteria[criterion.id]
    award = case.awards.get(criterion.id, Award())
    points, reason = award.points, f"：{award.reason}" if award.reason else ""
    noted = tuple(f"台账：{each.said}" for each in award.incidents)
    if criterion.judged:
        self = claim(scheme, criterion, case)
        ruled, state, steps = _entered(criterion, award, self)
        if ruled is not None:
            steps = tuple(f"{step}{reason}" for step in steps)
        if points is not None:
            given = isinstance(criterion.rule, Supplied)
            said = "填入" if given else "评"
            steps = (f"{award.by or ('考核办' if given else '责任处室')}{said} {plain(points)} 分{reason}",)
    else:
        ruled, state, steps = rule_points(scheme, criterion, settled)
        self = ruled if not case.verified else rule_points(scheme, criterion, {**case.reported, **case.compared})[0]
        if criterion.rule.subjects and state == "scored" and (group := scheme.group_of(case.unit)):
            steps = tuple(f"{group}：{step}" for step in steps)
        if any(_is_corrected(case, name) for name in read_by(scheme, criterion)):
            steps = tuple(f"按核定数：{step}" for step in steps)
        if points is not None:
            steps += (f"考核调整为 {plain(points)} 分{reason}",)
    full = full_points(scheme, criterion, settled)
    held, state = (ruled, state) if points is None else (points, "scored")
    steps += noted
    if award.unreadable:
        held, state, steps = None, "invalid", (*steps, "考核分填写有误，待更正")
    return CriterionScore(criterion.id, criterion.bonus, held, state, self, steps, ruled, full)


def judged_by(award: Award, judges: int) -> tuple[tuple[str, Decimal | None], ...]:
    """What each of several ``judges`` is called, and gave; None: nothing yet."""
    names = (*award.judges, *JUDGES[len(award.judges) :])
    return tuple(zip(names[:judges], (*award.marks, *[None] * judges), strict=False))


def claim(scheme: Scheme, criterion: Criterion, case: Case) -> Decimal | None:
    """What the unit claims for a criterion that people enter, 分; None: nothing that can be read."""
    if criterion.unclaimed:
        return ZERO
    entry = case.reported.get(scheme.claim(criterion))
    return entry.value if entry and isinstance(entry.value, Decimal) else None


def _entered(criterion: Criterion, award: Award, claimed: Decimal | None) -> ScoredRule:
    """What a criterion that people enter comes to before the office enters points: of its judges, or by the claim."""
    rule = criterion.rule
    if isinstance(rule, Supplied):
        return None, "pending", ("待考核办按出处填入",)
    assert isinstance(rule, Judged)
    if rule.judges:
        mean = rule.mean(award.marks)
        if mean is None:
            left = [name for name, mark in judged_by(award, rule.judges) if mark is None]
            waits = f"{'、'.join(left)}未评" if len(left) < rule.judges else f"{rule.judges} 位都未评"
            return None, "pending", (f"待评委评分，{waits}",)
        how = "去掉一个最高分和一个最低分后平均" if rule.drop else "平均"
        # what each of them gave is for the office alone
        return mean, "scored", (f"{rule.judges} 位评委评分，{how} {plain(mean)} 分",)
    if rule.from_unit and claimed is not None:
        return claimed, "scored", (f"按单位自评计 {plain(claimed)} 分",)
    return NOT_JUDGED


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
    own = [name for name in criterion.rule.figures if not is_pseudo(name)]
    missing: dict[State, list[str]] = {}
    for name in own:
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
    if len(figures) < len(criterion.rule.figures):
        return figures, "pending", ("待全部单位核定后计算",)
    return figures, "scored", ()


def waived_figure(criterion: Criterion, entries: Mapping[str, Entry]) -> str:
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
    if all(waived_figure(each, entries) for each in scheme.sharing(criterion)):
        said = f"第 {item.id} 项“{item.title}”的细则都注明无任务，分值没有其余细则可以分担，待考核办定分"
        return None, "undecided", (said,)
    return ZERO, "no_task", (f"{title}注明无任务，分值由同项其余细则分担",)


def full_points(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]) -> Decimal | None:
    """满分 in force of ``criterion`` on ``entries``, as :meth:`Scheme.full_points`."""
    return scheme.full_points(criterion, lambda each: bool(waived_figure(each, entries)))


def _status(scheme: Scheme, case: Case) -> Status:
    """How the return stands by the reading of the deadline in force."""
    if case.filled is None or scheme.last_day is None or case.status not in ("received", "late"):
        return case.status
    return "late" if case.filled > scheme.last_day else "received"
