"""Unit scores → places and grades, group by group, with the reasons for each. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from kaohe_cli.model import OPEN, Ranked, Ranking, UnitScore
from kaohe_cli.points import ZERO, fixed, plain
from kaohe_cli.scheme.frame import GradeLevel, VetoGround
from kaohe_cli.scheme.scheme import Scheme

SortKey = tuple[Decimal, ...]


def rank(scheme: Scheme, scores: Iterable[UnitScore]) -> Ranking:
    """All units in their places by total, each within its group, equal totals sharing a place (1, 2, 3, 3, 5).

    A unit without a final total, or vetoed, has no place. The ranking is final when every unit has its total, and all
    that bars it from grades is known.
    """
    order = {unit.code: index for index, unit in enumerate(scheme.units)}
    scores = sorted(scores, key=lambda score: (order.get(score.unit.code, len(order)), score.unit.code))
    sizes = Counter(score.group for score in scores)
    ranked = [
        replace(each, reasons=tuple(_reasons(scheme, each, sizes[each.score.group])))
        for each in places_and_grades(scheme, scores)
    ]
    groups = {title: number for number, title in enumerate(scheme.groups)}
    ranked.sort(key=lambda each: (groups.get(each.score.group, len(groups)), *_order(each)))
    settled = all(score.total is not None and None not in score.bars.values() for score in scores)
    return Ranking(tuple(ranked), settled, tuple((each.id, each.title) for each in scheme.tops), scheme.grades)


def places_and_grades(scheme: Scheme, scores: Sequence[UnitScore]) -> Iterator[Ranked]:
    """Each unit among ``scores`` with its place and grade, without the reasons, in their order."""
    groups: dict[str, list[UnitScore]] = {}
    for score in scores:
        groups.setdefault(score.group, []).append(score)
    placed = {group: _placed(scheme, members) for group, members in groups.items()}
    return (next(placed[score.group]) for score in scores)


def _placed(scheme: Scheme, scores: Sequence[UnitScore]) -> Iterator[Ranked]:
    """The units of one group."""
    keys = [None if score.total is None else sort_key(scheme, score) for score in scores]
    placed = [key for key, score in zip(keys, scores, strict=True) if key is not None and not score.veto]
    vacant = scheme.policy.veto == "vacant"
    contenders = sorted(key for key in keys if key is not None) if vacant else sorted(placed)
    sharing = Counter(placed)
    for key, score in zip(keys, scores, strict=True):
        if score.veto:
            yield Ranked(score, None, False, vetoed(scheme, score))
        elif key is None:
            yield Ranked(score, None, False, OPEN)
        else:
            place = 1 + len(contenders) - bisect_right(contenders, key)
            grade = grade_of(scheme, key[0], place, len(scores), score.bars)
            yield Ranked(score, place, sharing[key] > 1, grade)


def vetoed(scheme: Scheme, score: UnitScore) -> str:
    """What stands as the grade of a vetoed unit."""
    return _ground(scheme, score).grade


def _ground(scheme: Scheme, score: UnitScore) -> VetoGround:
    return scheme.veto_of(score.bars, by_figures=bool(score.veto and score.veto.figures))


def sort_key(scheme: Scheme, score: UnitScore) -> SortKey:
    """What decides between two units that have totals: the total, and by the reading what is compared after it."""
    assert score.total is not None
    if not scheme.policy.tie:
        return (score.total,)
    points = {each.id: each.points for each in score.sections} | {each.id: each.points for each in score.items}
    return (score.total, *(points[id] or ZERO for id in scheme.policy.tie))


def _order(ranked: Ranked) -> tuple[int, int, Decimal]:
    if ranked.place is not None:
        return 0, ranked.place, ZERO
    return (1 if ranked.score.veto else 2), 0, -(ranked.score.total or ZERO)


def grade_of(scheme: Scheme, total: Decimal, place: int, units: int, bars: Mapping[str, str | None]) -> str:
    """The grade of a unit that is not vetoed: the first that is open to it all of whose conditions it fulfils.

    ``total`` in 分, ``place`` among the ``units`` of its group; 未定 where a ceiling is open, empty: none is for it.
    """
    best = 0
    if scheme.content.ceiling:
        if any(bars.get(each.id, "") is None for each in scheme.content.ceiling):
            return OPEN
        best = _best(scheme, bars)
    for level in scheme.content.grade[best:]:
        seats = level.seats(units)
        if level.reached(total) and (seats is None or place <= seats):
            return level.title
    return ""


def _best(scheme: Scheme, bars: Mapping[str, str | None]) -> int:
    """The number of the best grade that ceilings leave."""
    return max((scheme.grades.index(each.grade) for each in scheme.content.ceiling if bars.get(each.id)), default=0)


def _reasons(scheme: Scheme, ranked: Ranked, units: int) -> Iterator[str]:
    score, total = ranked.score, ranked.score.total
    if score.veto:
        ground = _ground(scheme, score)
        basis = score.veto.figures or "".join(part for part in (score.veto.authority, score.veto.document) if part)
        yield f"{ground.title}{f'（{basis}）' if basis else ''}，保留得分，不列名次，不授称号"
        return
    if total is None or ranked.place is None:
        pending = [each.id for item in score.items for each in item.criteria if each.points is None]
        listed = f"{'、'.join(pending[:6])}{'等' if len(pending) > 6 else ''}"
        yield f"尚有 {len(pending)} 条细则未定分（{listed}），总分未定"
        return
    where = f"在{score.group}" if score.group else ""
    yield f"总分 {fixed(total)} 分，{where}列第 {ranked.place} 名{'（并列）' if ranked.tied else ''}"
    for ceiling in scheme.content.ceiling:
        said = score.bars.get(ceiling.id, "")
        if said is None:
            yield f"“{ceiling.clause}”所依据的数据未定，等次未定"
        elif said:
            yield f"{said}，等次不高于{ceiling.grade}"
    yield from _grade_reasons(scheme, ranked.grade, total, ranked.place, units)


def _grade_reasons(scheme: Scheme, grade: str, total: Decimal, place: int, units: int) -> Iterator[str]:
    """Why this grade, and what kept the unit from a better one."""
    levels = {level.title: level for level in scheme.content.grade}
    own = levels.get(grade)
    met = _met(own, units) if own else ""
    if own and met:
        yield f"{met}，为{own.named}"
        if own.mark is None and (below := scheme.mark_after(own)) is not None and total < below:
            yield f"总分不足 {plain(below)} 分，请核定是否授予{own.title}"
    elif grade != OPEN:
        better = scheme.content.grade[: scheme.grades.index(grade)] if own else scheme.content.grade
        missed = [each for each in better if each.mark is not None and not each.reached(total)]
        if missed:
            mark = missed[-1].mark or ZERO
            within = (seats for each in missed if (seats := each.seats(units)) is not None and place <= seats)
            first = f"虽在前{seats}名之内，" if (seats := next(within, 0)) else ""
            short = "不足" if missed[-1].above is None else "未超过"
            gap = f"，差 {fixed(mark - total)} 分" if mark != total else ""
            yield f"{first}总分{short} {plain(mark)} 分{gap}"
        elif own:
            yield f"为{own.named}"


def _met(level: GradeLevel, units: int) -> str:
    """What a unit of that grade fulfils; empty where nothing is asked."""
    seats = level.seats(units)
    said = [f"在前{seats}名之内"] if seats is not None else []
    said += [f"总分在 {plain(level.least)} 分以上（含）"] if level.least is not None else []
    said += [f"总分高于 {plain(level.above)} 分"] if level.above is not None else []
    return "，".join(said)
