"""Figures, self-scores and awards → points, by the rules in force. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kaohe_cli.model import Case, CriterionScore, Entry, ItemScore, Mark, State, UnitScore
from kaohe_cli.points import HUNDRED, ZERO, plain, points
from kaohe_cli.scheme.rule import Award, Figures, Judged
from kaohe_cli.scheme.scheme import Criterion, Item, Scheme

Outcome = tuple[Decimal | None, State, tuple[str, ...]]  # points, how they stand, sentences


def score(scheme: Scheme, case: Case) -> UnitScore:
    """The points of one unit: self-scores on what it reported, points on the verified figures and the awards."""
    settled = {**case.reported, **case.verified}
    items = tuple(_item(scheme, item, case, settled) for item in scheme.items)
    first = scheme.content.class_[0].id
    ones = [score for item, score in zip(scheme.items, items, strict=True) if item.class_ == first]
    total = _capped(scheme, add(item.points for item in items))
    return UnitScore(
        case.unit,
        case.status,
        items,
        total,
        add(item.points for item in ones),
        add(score.points for item, score in zip(scheme.items, items, strict=True) if item.class_ != first),
        _bonus(scheme, items, total),
        _capped(scheme, add(item.self for item in items)),
        case.veto,
    )


def rule_points(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]) -> Outcome:
    """What the rule of ``criterion`` gives on ``entries``; None where a figure it needs is not known."""
    waived = [name for name in criterion.rule.figures if _is_waived(entries, name)]
    if waived:
        return _waived(scheme, criterion, waived[0])
    if criterion.needs:
        needed = scheme.criteria[criterion.needs]
        if not any(_is_waived(entries, name) for name in needed.rule.figures):
            figures, state, missing = _figures(scheme, needed, entries)
            if state != "scored":
                return None, state, missing
            assert isinstance(needed.rule, Award)
            if not all(part.met(figures) for part in needed.rule.parts):
                said = f"{needed.rule.words(figures, scheme.names)}，未达到“{needed.title}”，不加分"
                return ZERO, "scored", (said,)
    figures, state, missing = _figures(scheme, criterion, entries)
    if state != "scored":
        return None, state, missing
    assert not isinstance(criterion.rule, Judged)
    share = _share(scheme, scheme.item_of[criterion.id], entries)
    value = points(criterion.rule.value(figures) * (Decimal(1) if criterion.bonus else share))
    said = f"{criterion.rule.words(figures, scheme.names)}，{given(criterion, value)}"
    return value, "scored", (said,)


def given(criterion: Criterion, value: Decimal) -> str:
    """``value`` as a decision: 得 4 分, 加 1 分, 不得分."""
    if value == 0:
        return "不加分" if criterion.bonus else "不得分"
    return f"{'加' if criterion.bonus else '得'} {plain(value)} 分"


def add(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None where any of them is not known."""
    total = ZERO
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _item(scheme: Scheme, item: Item, case: Case, settled: Mapping[str, Entry]) -> ItemScore:
    criteria = tuple(_criterion(scheme, item, criterion, case, settled) for criterion in item.criterion)
    total, self = add(each.points for each in criteria), add(each.self for each in criteria)
    if scheme.policy.cap == "item":
        total, self = _at_most(total, item.points), _at_most(self, item.points)
    return ItemScore(item.id, total, self, criteria)


def _criterion(
    scheme: Scheme, item: Item, criterion: Criterion, case: Case, settled: Mapping[str, Entry]
) -> CriterionScore:
    award = case.awards.get(criterion.id)
    awarded = award.points if award else None
    if criterion.judged:
        entry = case.reported.get(f"{item.id}.self")
        self = entry.value if entry and isinstance(entry.value, Decimal) else None
        if awarded is None:
            return CriterionScore(criterion.id, False, None, "pending", self, ("待处室评分",))
        said = f"{award.by if award and award.by else '责任处室'}评 {plain(awarded)} 分"
        if award and award.reason:
            said += f"：{award.reason}"
        return CriterionScore(criterion.id, False, awarded, "scored", self, (said,))
    ruled, state, steps = rule_points(scheme, criterion, settled)
    self = ruled if not case.verified else rule_points(scheme, criterion, case.reported)[0]
    if award is None or awarded is None:
        return CriterionScore(criterion.id, criterion.bonus, ruled, state, self, steps, ruled)
    steps += (f"考核调整为 {plain(awarded)} 分：{award.reason}",)
    return CriterionScore(criterion.id, criterion.bonus, awarded, "scored", self, steps, ruled)


def _figures(
    scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]
) -> tuple[Figures, State, tuple[str, ...]]:
    """The figures that ``criterion`` reads, or how it stands where one of them is not known."""
    figures: dict[str, Decimal | Mark] = {}
    missing: dict[State, list[str]] = {}
    for name in criterion.rule.figures:
        entry = entries.get(name)
        if entry is not None and isinstance(entry.value, Decimal | Mark):
            figures[name] = entry.value
        elif entry is not None and entry.invalid:
            missing.setdefault("invalid", []).append(name)
        else:
            missing.setdefault("no_target" if scheme.issued(name) else "pending", []).append(name)
    words: dict[State, str] = {"invalid": "填报有误，待更正", "no_target": "未下达", "pending": "未填报"}
    for state, said in words.items():
        if state in missing:
            labels = "、".join(f"{scheme.names[name].title}{scheme.names[name].label}" for name in missing[state])
            return figures, state, (f"{labels}{said}，暂不计分",)
    return figures, "scored", ()


def _is_waived(entries: Mapping[str, Entry], name: str) -> bool:
    entry = entries.get(name)
    return entry is not None and entry.value is Mark.NO_TASK


def _waived(scheme: Scheme, criterion: Criterion, name: str) -> Outcome:
    title = scheme.names[name].title
    if scheme.policy.no_task == "full":
        value = scheme.full(criterion)
        return value, "no_task", (f"{title}注明无任务，按满分计，{given(criterion, value)}",)
    if scheme.policy.no_task == "zero":
        return ZERO, "no_task", (f"{title}注明无任务，不计分",)
    return ZERO, "no_task", (f"{title}注明无任务，分值由同项其余细则分担",)


def _share(scheme: Scheme, item: Item, entries: Mapping[str, Entry]) -> Decimal:
    """By what the points of an item's criteria are multiplied where some of them were waived."""
    if scheme.policy.no_task != "rescale":
        return Decimal(1)
    waived = ZERO
    for criterion in item.criterion:
        if any(_is_waived(entries, name) for name in criterion.rule.figures):
            waived += scheme.full(criterion)
    return item.points / (item.points - waived) if waived < item.points else Decimal(1)


def _at_most(value: Decimal | None, most: Decimal) -> Decimal | None:
    return None if value is None else min(value, most)


def _capped(scheme: Scheme, total: Decimal | None) -> Decimal | None:
    return _at_most(total, HUNDRED) if scheme.policy.cap == "total" else total


def _bonus(scheme: Scheme, items: tuple[ItemScore, ...], total: Decimal | None) -> Decimal | None:
    """What bonuses added to the total, after the cap in force."""
    if total is None:
        return None
    base = add(each.points for item in items for each in item.criteria if not each.bonus)
    assert base is not None
    return total - base
