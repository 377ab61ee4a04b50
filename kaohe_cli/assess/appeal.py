"""What units' reviews came to, and what changed for whom: their points before and after, all else as it is. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.influence import rescored
from kaohe_cli.assess.rank import places_and_grades
from kaohe_cli.assess.score import unit_score
from kaohe_cli.assess.sensitivity import change_words
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import DECISION_WORDS, Case, Change, Ranked, Review, UnitScore
from kaohe_cli.points import plain
from kaohe_cli.scheme.scheme import Scheme

WHOLE = "总分"
UNDECIDED = "未作结论"
MOST = 8  # units that a sentence names
FEW = 3  # reviews on the terminal


class ReviewEffect(Struct, frozen=True):
    """What one review, or several together, changed."""

    reviews: tuple[Review, ...]
    changes: tuple[Change, ...]  # from before to after, in the order of the ranking


def about_words(scheme: Scheme, about: str) -> str:
    """What a review is about: 1.4.1 产业发展, 总分; the id alone where the scheme has none such."""
    if not about:
        return WHOLE
    titles = {id: each.title for id, each in scheme.criteria.items()} | {item.id: item.title for item in scheme.items}
    return f"{about} {titles.get(about, '')}".strip()


def points_of(score: UnitScore, about: str) -> Decimal | None:
    """The points of an item, a criterion or (empty) the whole, 分; None: not known."""
    if not about:
        return score.total
    items = {each.id: each.points for each in score.items}
    return items[about] if about in items else score.criterion(about).points


def come_to(reviews: Sequence[Review], scores: Mapping[str, UnitScore]) -> tuple[Review, ...]:
    """``reviews`` with the points after each: what a later one about the same began with, else those now.

    A later one that began with the same points was taken up beside it. ``scores`` by unit code.
    """
    found = [*reviews]
    turns = sorted(enumerate(reviews), key=lambda turn: _day(turn[1]))
    for turn, (at, each) in enumerate(turns, 1):
        later = (other for _, other in turns[turn:] if (other.code, other.about) == (each.code, each.about))
        begun = (other.before for other in later if other.before not in (None, each.before))
        found[at] = replace(each, after=next(begun, points_of(scores[each.code], each.about)))
    return tuple(found)


def _day(review: Review) -> date:
    """When it came in; one that nobody dated is the last."""
    return review.received or review.decided or date.max


def effects(
    scheme: Scheme, cases: Mapping[str, Case], units: Sequence[Ranked], reviews: Iterable[Review]
) -> tuple[ReviewEffect, ...]:
    """What each of ``reviews`` that adjusted points changed in the ranking of ``units``; ``cases`` by unit code.

    Of several, what they changed together comes last. The points of a unit alone are put back: where a rule compares
    units, what the others get for it stays.
    """
    adjusted = [each for each in reviews if each.adjusts]
    groups = [(each,) for each in adjusted] + ([tuple(adjusted)] if len(adjusted) > 1 else [])
    return tuple(ReviewEffect(each, tuple(_changes(scheme, cases, units, each))) for each in groups)


def _changes(
    scheme: Scheme, cases: Mapping[str, Case], units: Sequence[Ranked], reviews: Sequence[Review]
) -> Iterator[Change]:
    own: dict[str, list[Review]] = {}
    for each in sorted(reviews, key=_day):
        own.setdefault(each.code, []).append(each)
    before, after = (
        places_and_grades(
            scheme,
            [
                made(scheme, cases[each.unit.code], each, own[each.unit.code]) if each.unit.code in own else each
                for each in (unit.score for unit in units)
            ],
        )
        for made in (put_back, _brought)
    )
    for was, now in zip(before, after, strict=True):
        pairs = (was.place, now.place), (was.grade, now.grade), (was.score.total, now.score.total)
        if any(old != new for old, new in pairs):
            yield Change(now.score.unit.code, now.score.unit.name, *pairs)


def put_back(scheme: Scheme, case: Case, score: UnitScore, reviews: Iterable[Review]) -> UnitScore:
    """``score`` with the points that ``reviews`` of its unit were about as they were before the first of them."""
    return _with_points(scheme, case, score, {each.about: each.before for each in sorted(reviews, key=_day)[::-1]})


def _brought(scheme: Scheme, case: Case, score: UnitScore, reviews: Iterable[Review]) -> UnitScore:
    """The same as they were after the last of them: other points than now where a later one changed them again."""
    after = {each.about: each.after for each in sorted(reviews, key=_day)}
    return _with_points(scheme, case, score, {
        about: points for about, points in after.items() if points != points_of(score, about)
    })  # fmt: skip


def _with_points(scheme: Scheme, case: Case, score: UnitScore, points: Mapping[str, Decimal | None]) -> UnitScore:
    """``score`` with other ``points`` of criteria, items and (empty) the whole, 分."""
    criteria = {id: replace(score.criterion(id), points=value) for id, value in points.items() if id in scheme.criteria}
    score = rescored(scheme, case, score, criteria)
    items = (
        replace(each, points=points[each.id]) if each.id in points.keys() - criteria.keys() else each
        for each in score.items
    )
    score = unit_score(scheme, case, tuple(items))
    return replace(score, total=points[""]) if "" in points else score


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────


def open_reviews(names: Mapping[str, str], reviews: Iterable[Review]) -> Iterator[Problem]:
    """That reviews have no decision yet (KH411); ``names`` of units by code."""
    units = dict.fromkeys(names[each.code] for each in reviews if each.decision == "open")
    count = sum(each.decision == "open" for each in reviews)
    if count:
        yield problem("KH411", found="、".join(units), count=str(count))


def points_words(review: Review) -> str:
    """The points before and now: 由 7 分调整为 7.5 分, 维持 7 分."""
    before, after = ("未定" if each is None else plain(each) for each in (review.before, review.after))
    return f"维持 {before} 分" if before == after else f"由 {before} 分调整为 {after} 分"


def effect_words(effect: ReviewEffect) -> str:
    """For whom something changed, in a sentence: 萧山区由第3名变为第2名，总分由 92.00 分变为 92.50 分."""
    said = "；".join(map(change_words, effect.changes[:MOST]))
    left = len(effect.changes) - MOST
    return said + (f"；另有 {left} 个单位有变化" if left > 0 else "") or "总分、名次、等次都不变"


def summary(
    scheme: Scheme, names: Mapping[str, str], reviews: Sequence[Review], found: Iterable[ReviewEffect]
) -> Iterator[str]:
    """How many reviews there are, and what the first of them changed; nothing where there are none."""
    if not reviews:
        return
    counts = {
        word: sum(each.decision == decision for each in reviews)
        for decision, word in {**DECISION_WORDS, "open": UNDECIDED}.items()
    }
    yield f"复核 {len(reviews)} 件：{'、'.join(f'{word} {count} 件' for word, count in counts.items() if count)}。"
    single = [each for each in found if len(each.reviews) == 1]
    for each in single[:FEW]:
        (review,) = each.reviews
        what = f"{names[review.code]} {about_words(scheme, review.about)} {points_words(review)}"
        yield f"{what}：{effect_words(each)}。"
    if single[FEW:]:
        yield f"另有 {len(single) - FEW} 件调整，见考核结果的“复核情况”。"
