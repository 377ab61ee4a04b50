"""Unit scores → places and grades, with the reasons for each. Pure."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from kaohe_cli.model import Grade, Ranked, Ranking, UnitScore
from kaohe_cli.points import ZERO, fixed, plain
from kaohe_cli.scheme.scheme import Scheme

SortKey = tuple[Decimal, ...]


def rank(scheme: Scheme, scores: Iterable[UnitScore]) -> Ranking:
    """All units in their places by total, equal totals sharing a place (1, 2, 3, 3, 5).

    A unit without a final total, or vetoed, has no place. The ranking is final when every unit has its total.
    """
    order = {unit.code: index for index, unit in enumerate(scheme.units)}
    scores = sorted(scores, key=lambda score: (order.get(score.unit.code, len(order)), score.unit.code))
    ranked = [replace(each, reasons=tuple(_reasons(scheme, each))) for each in places_and_grades(scheme, scores)]
    return Ranking(tuple(sorted(ranked, key=_order)), all(score.total is not None for score in scores))


def places_and_grades(scheme: Scheme, scores: Sequence[UnitScore]) -> Iterator[Ranked]:
    """Each unit among ``scores`` with its place and grade, without the reasons, in their order."""
    keys = [None if score.total is None else _key(scheme, score) for score in scores]
    placed = [key for key, score in zip(keys, scores, strict=True) if key is not None and not score.veto]
    vacant = scheme.policy.veto == "vacant"
    contenders = sorted(key for key in keys if key is not None) if vacant else sorted(placed)
    sharing = Counter(placed)
    for key, score in zip(keys, scores, strict=True):
        if score.veto:
            yield Ranked(score, None, False, "一票否决")
        elif key is None:
            yield Ranked(score, None, False, "未定")
        else:
            place = 1 + len(contenders) - bisect_right(contenders, key)
            yield Ranked(score, place, sharing[key] > 1, grade_of(scheme, key[0], place))


def _key(scheme: Scheme, score: UnitScore) -> SortKey:
    """What decides between two units: the total, and by the reading class one and item 1.1 after it."""
    assert score.total is not None
    if scheme.policy.tie == "share":
        return (score.total,)
    first, *_ = score.items
    assert score.class_one is not None
    assert first.points is not None
    return (score.total, score.class_one, first.points)


def _order(ranked: Ranked) -> tuple[int, int, Decimal]:
    if ranked.place is not None:
        return 0, ranked.place, ZERO
    return (1 if ranked.grade == "一票否决" else 2), 0, -(ranked.score.total or ZERO)


def grade_of(scheme: Scheme, total: Decimal, place: int) -> Grade:
    """The grade of a unit that is not vetoed, by its ``total`` (分) and its place."""
    grades = scheme.content.grades
    passed = total >= grades.passing.points
    if place <= grades.excellent.places and (passed or scheme.policy.excellent == "top_three"):
        return "优秀"
    return "达标" if passed else "未达标"


def _reasons(scheme: Scheme, ranked: Ranked) -> Iterator[str]:
    score, total, grades = ranked.score, ranked.score.total, scheme.content.grades
    if score.veto:
        basis = "".join(part for part in (score.veto.authority, score.veto.document) if part)
        yield f"党风廉政一票否决{f'（{basis}）' if basis else ''}，保留得分，不列名次，不授称号"
        return
    if total is None or ranked.place is None:
        pending = [each.id for item in score.items for each in item.criteria if each.points is None]
        listed = f"{'、'.join(pending[:6])}{'等' if len(pending) > 6 else ''}"
        yield f"尚有 {len(pending)} 条细则未定分（{listed}），总分未定"
        return
    places, pass_mark = grades.excellent.places, plain(grades.passing.points)
    yield f"总分 {fixed(total)} 分，列第 {ranked.place} 名{'（并列）' if ranked.tied else ''}"
    if ranked.grade == "优秀":
        yield f"在前{places}名之内，为优秀单位"
        if total < grades.passing.points:
            yield f"总分不足 {pass_mark} 分，请核定是否授予优秀"
    elif ranked.grade == "达标":
        yield f"总分在 {pass_mark} 分以上（含），为达标单位"
    else:
        first = f"虽在前{places}名之内，" if ranked.place <= places else ""
        yield f"{first}总分不足 {pass_mark} 分，差 {fixed(grades.passing.points - total)} 分"
