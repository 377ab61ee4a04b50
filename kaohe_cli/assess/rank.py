"""Unit scores → places and grades, with the reasons for each. Pure."""

from collections.abc import Iterable
from decimal import Decimal

from kaohe_cli.model import Grade, Ranked, Ranking, UnitScore
from kaohe_cli.points import fixed, plain
from kaohe_cli.scheme.scheme import Scheme

Key = tuple[Decimal, ...]


def rank(scheme: Scheme, scores: Iterable[UnitScore]) -> Ranking:
    """All units in their places by total, equal totals sharing a place (1, 2, 3, 3, 5).

    A unit without a final total, or vetoed, has no place. The ranking is final when every unit has its total.
    """
    order = {unit.code: index for index, unit in enumerate(scheme.units)}
    scores = sorted(scores, key=lambda score: (order.get(score.unit.code, len(order)), score.unit.code))
    vacant = scheme.policy.veto == "vacant"
    keys = {score.unit.code: _key(scheme, score) for score in scores if score.total is not None}
    contenders = [keys[score.unit.code] for score in scores if score.total is not None and (vacant or not score.veto)]
    ranked = []
    for score in scores:
        key = keys.get(score.unit.code)
        if key is None or score.veto:
            ranked.append(_unplaced(scheme, score))
            continue
        place = 1 + sum(other > key for other in contenders)
        tied = sum(keys[other.unit.code] == key for other in scores if other.unit.code in keys and not other.veto) > 1
        ranked.append(_placed(scheme, score, place, tied))
    ranked.sort(key=lambda each: _order(each, keys))
    return Ranking(tuple(ranked), all(score.total is not None for score in scores))


def _key(scheme: Scheme, score: UnitScore) -> Key:
    """What decides between two units: the total, and by the reading class one and item 1.1 after it."""
    assert score.total is not None
    if scheme.policy.tie == "share":
        return (score.total,)
    assert score.class_one is not None
    assert score.items[0].points is not None
    return (score.total, score.class_one, score.items[0].points)


def _order(ranked: Ranked, keys: dict[str, Key]) -> tuple[int, int, Decimal]:
    if ranked.place is not None:
        return 0, ranked.place, Decimal(0)
    key = keys.get(ranked.score.unit.code)
    return (1 if ranked.grade == "一票否决" else 2), 0, -key[0] if key else Decimal(0)


def _unplaced(scheme: Scheme, score: UnitScore) -> Ranked:
    if score.veto:
        basis = "".join(part for part in (score.veto.authority, score.veto.document) if part)
        said = f"党风廉政一票否决{f'（{basis}）' if basis else ''}，保留得分，不列名次，不授称号"
        return Ranked(score, None, False, "一票否决", (said,))
    pending = [each.id for item in score.items for each in item.criteria if each.points is None]
    said = f"尚有 {len(pending)} 条细则未定分（{'、'.join(pending[:6])}{'等' if len(pending) > 6 else ''}），总分未定"
    return Ranked(score, None, False, "未定", (said,))


def _placed(scheme: Scheme, score: UnitScore, place: int, tied: bool) -> Ranked:
    total, grades = score.total, scheme.content.grades
    assert total is not None
    passed = total >= grades.passing.points
    first = place <= grades.excellent.places
    pass_mark = plain(grades.passing.points)
    reasons = [f"总分 {fixed(total)} 分，列第 {place} 名{'（并列）' if tied else ''}"]
    grade: Grade
    if first and (passed or scheme.policy.excellent == "top_three"):
        grade = "优秀"
        reasons.append(f"在前{grades.excellent.places}名之内，为优秀单位")
        if not passed:
            reasons.append(f"总分不足 {pass_mark} 分，请核定是否授予优秀")
    elif passed:
        grade = "达标"
        reasons.append(f"总分在 {pass_mark} 分以上（含），为达标单位")
    else:
        grade = "未达标"
        first_said = f"虽在前{grades.excellent.places}名之内，" if first else ""
        reasons.append(f"{first_said}总分不足 {pass_mark} 分，差 {fixed(grades.passing.points - total)} 分")
    return Ranked(score, place, tied, grade, tuple(reasons))
