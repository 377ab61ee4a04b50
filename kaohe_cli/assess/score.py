"""Figures, self-scores and awards → points, by the rules in force. Pure."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from kaohe_cli.model import Case, CriterionScore, Entry, ItemScore, Mark, State, UnitScore
from kaohe_cli.points import ZERO, plain, points
from kaohe_cli.scheme.rule import Award, Figures, Judged, Named, Names
from kaohe_cli.scheme.scheme import Criterion, Item, Scheme

Outcome = tuple[Decimal | None, State, tuple[str, ...]]  # points, how they stand, sentences


def score(scheme: Scheme, case: Case) -> UnitScore:
    """The points of one unit: self-scores on what it reported, points on the verified figures and the awards."""
    settled = {**case.reported, **case.verified}
    return unit_score(
        scheme,
        case,
        tuple(
            item_score(scheme, item, tuple(criterion_score(scheme, each, case, settled) for each in item.criterion))
            for item in scheme.items
        ),
    )


def unit_score(scheme: Scheme, case: Case, items: tuple[ItemScore, ...]) -> UnitScore:
    """The points of one unit from those of its items."""
    first = scheme.content.class_[0].id
    ones = [score.points for item, score in zip(scheme.items, items, strict=True) if item.class_ == first]
    twos = [score.points for item, score in zip(scheme.items, items, strict=True) if item.class_ != first]
    total = _capped(scheme, add(item.points for item in items))
    return UnitScore(
        case.unit,
        case.status,
        items,
        total,
        add(ones),
        add(twos),
        _bonus(scheme, items, total),
        _capped(scheme, add(item.self for item in items)),
        case.veto,
    )


def rule_points(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]) -> Outcome:
    """What the rule of ``criterion`` gives on ``entries``; None where a figure it needs is not known.

    An award override, and a judged criterion's points, are not its matter.
    """
    waived = [name for name in criterion.rule.figures if _is_waived(entries, name)]
    if waived:
        return _waived(scheme, criterion, waived[0])
    names = called(scheme, entries)
    if criterion.needs:
        needed = scheme.criteria[criterion.needs]
        if not _is_any_waived(entries, needed):
            figures, state, missing = _figures(scheme, needed, entries)
            if state != "scored":
                return None, state, missing
            assert isinstance(needed.rule, Award)
            if not all(part.met(figures) for part in needed.rule.parts):
                return ZERO, "scored", (f"{needed.rule.words(figures, names)}，未达到“{needed.title}”，不加分",)
    figures, state, missing = _figures(scheme, criterion, entries)
    if state != "scored":
        return None, state, missing
    assert not isinstance(criterion.rule, Judged)
    raw = criterion.rule.value(figures)
    share = _share(scheme, criterion, entries)
    value = points(raw * share)
    said = f"{criterion.rule.words(figures, names)}，{given(criterion, points(raw))}"
    if share != 1 and value:
        said += f"，分担无任务细则的分值后得 {plain(value)} 分"
    return value, "scored", (said,)


def called(scheme: Scheme, entries: Mapping[str, Entry]) -> Names:
    """What people call each figure of this unit: the measure that its basis chose goes by that name."""
    own: dict[str, Named] = {}
    for basis in scheme.content.basis:
        entry = entries.get(basis.figure)
        chosen = [option.label for option in basis.option if entry and option.value == entry.value]
        if len(chosen) == 1:
            measure = basis.figure.partition(".")[0]
            for figure, _ in scheme.measures[measure].figures():
                name = f"{measure}.{figure}"
                own[name] = _renamed(scheme.names[name], chosen[0])
    return {**scheme.names, **own} if own else scheme.names


@cache
def _renamed(named: Named, title: str) -> Named:
    return replace(named, title=title, phrase=f"{title}{named.label}")


def given(criterion: Criterion, value: Decimal) -> str:
    """``value`` as a decision: 得 4 分, 加 1 分, 扣 2 分, 不得分."""
    if value == 0:
        return "不加分" if criterion.bonus else "不得分"
    if value < 0:
        return f"扣 {plain(-value)} 分"
    return f"{'加' if criterion.bonus else '得'} {plain(value)} 分"


def add(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None where any of them is not known."""
    total = ZERO
    for value in values:
        if value is None:
            return None
        total += value
    return total


def item_score(scheme: Scheme, item: Item, criteria: tuple[CriterionScore, ...]) -> ItemScore:
    """The points of one item from those of its criteria."""
    total, self = add(each.points for each in criteria), add(each.self for each in criteria)
    if scheme.policy.cap == "item":
        total, self = _at_most(total, item.points), _at_most(self, item.points)
    return ItemScore(item.id, total, self, criteria)


def grounds(scheme: Scheme, criterion: Criterion) -> Hashable:
    """What of a scheme the points of ``criterion`` follow from: on equal grounds they are equal."""
    needed = scheme.criteria[criterion.needs] if criterion.needs else None
    shared = tuple((scheme.full(each), each.rule.figures) for each in _sharing(scheme, criterion))
    return criterion, needed, scheme.policy.no_task, shared


def criterion_score(scheme: Scheme, criterion: Criterion, case: Case, settled: Mapping[str, Entry]) -> CriterionScore:
    """The points of one criterion; ``settled`` are the reported entries with the verified ones in their place."""
    award = case.awards.get(criterion.id)
    awarded = award.points if award else None
    if criterion.judged:
        entry = case.reported.get(f"{scheme.item_of[criterion.id].id}.self")
        self = entry.value if entry and isinstance(entry.value, Decimal) else None
        if awarded is None:
            return CriterionScore(criterion.id, False, None, "pending", self, ("待处室评分",))
        said = f"{award.by if award and award.by else '责任处室'}评 {plain(awarded)} 分"
        if award and award.reason:
            said += f"：{award.reason}"
        return CriterionScore(criterion.id, False, awarded, "scored", self, (said,))
    ruled, state, steps = rule_points(scheme, criterion, settled)
    self = ruled if not case.verified else rule_points(scheme, criterion, case.reported)[0]
    if any(_is_corrected(case, name) for name in read_by(scheme, criterion)):
        steps = tuple(f"按核定数：{step}" for step in steps)
    if award is None or awarded is None:
        return CriterionScore(criterion.id, criterion.bonus, ruled, state, self, steps, ruled)
    steps += (f"考核调整为 {plain(awarded)} 分{f'：{award.reason}' if award.reason else ''}",)
    return CriterionScore(criterion.id, criterion.bonus, awarded, "scored", self, steps, ruled)


def read_by(scheme: Scheme, criterion: Criterion) -> tuple[str, ...]:
    """The figures that decide on ``criterion``: its own, then those of the criterion it needs."""
    needed = scheme.criteria[criterion.needs].rule.figures if criterion.needs else ()
    return tuple(dict.fromkeys((*criterion.rule.figures, *needed)))


def _is_corrected(case: Case, name: str) -> bool:
    """Whether another figure than the reported one stands in the rules."""
    verified, reported = case.verified.get(name), case.reported.get(name)
    return verified is not None and verified.value != (reported.value if reported else None)


def _figures(
    scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]
) -> tuple[Figures, State, tuple[str, ...]]:
    """The figures that ``criterion`` reads, or how it stands where one of them is not known."""
    figures: dict[str, Decimal | Mark] = {}
    missing: dict[State, list[str]] = {}
    for name in criterion.rule.figures:
        entry = entries.get(name)
        value = entry.value if entry is not None else None
        if isinstance(value, Mark if name.endswith(".done") else Decimal):
            figures[name] = value
        elif entry is not None and (entry.invalid or value is not None):
            # 无 is legal where a figure is evidence, but gives no ground for points
            missing.setdefault("invalid", []).append(name)
        else:
            missing.setdefault("no_target" if scheme.issued(name) else "pending", []).append(name)
    words: dict[State, str] = {"invalid": "填报有误，待更正", "no_target": "未下达", "pending": "未填报"}
    for state, said in words.items():
        if state in missing:
            labels = "、".join(f"“{scheme.names[name].title}·{scheme.names[name].label}”" for name in missing[state])
            return figures, state, (f"{labels}{said}，暂不计分",)
    return figures, "scored", ()


def _is_waived(entries: Mapping[str, Entry], name: str) -> bool:
    entry = entries.get(name)
    return entry is not None and entry.value is Mark.NO_TASK


def _waived(scheme: Scheme, criterion: Criterion, name: str) -> Outcome:
    title, how = scheme.names[name].title, scheme.policy.no_task
    if criterion.bonus or how == "zero":
        return ZERO, "no_task", (f"{title}注明无任务，{given(criterion, ZERO)}",)
    if how == "full":
        value = scheme.full(criterion)
        return value, "no_task", (f"{title}注明无任务，按满分计，{given(criterion, value)}",)
    return ZERO, "no_task", (f"{title}注明无任务，分值由同项其余细则分担",)


def _share(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]) -> Decimal:
    """By what the points of ``criterion`` are multiplied where others of its item were waived: 1 for a bonus.

    Judged criteria neither give nor take: what a department awards stands as it is.
    """
    sharing = _sharing(scheme, criterion)
    if not sharing:
        return Decimal(1)
    whole = sum((scheme.full(each) for each in sharing), ZERO)
    left = sum((scheme.full(each) for each in sharing if not _is_any_waived(entries, each)), ZERO)
    return whole / left


def _sharing(scheme: Scheme, criterion: Criterion) -> tuple[Criterion, ...]:
    """The criteria, ``criterion`` among them, that share the points of those that are waived; none in most schemes."""
    if scheme.policy.no_task != "rescale" or criterion.bonus:
        return ()
    return tuple(each for each in scheme.item_of[criterion.id].criterion if not each.judged and not each.bonus)


def _is_any_waived(entries: Mapping[str, Entry], criterion: Criterion) -> bool:
    return any(_is_waived(entries, name) for name in criterion.rule.figures)


def _at_most(value: Decimal | None, most: Decimal) -> Decimal | None:
    return None if value is None else min(value, most)


def _capped(scheme: Scheme, total: Decimal | None) -> Decimal | None:
    most = sum((each.points for each in scheme.content.class_), ZERO)
    return _at_most(total, most) if scheme.policy.cap == "total" else total


def _bonus(scheme: Scheme, items: tuple[ItemScore, ...], total: Decimal | None) -> Decimal | None:
    """What bonuses added to the total, after the cap in force."""
    if total is None:
        return None
    base = add(each.points for item in items for each in item.criteria if not each.bonus)
    assert base is not None
    return total - base
