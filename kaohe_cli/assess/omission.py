"""Which items decided the ranking? Each left out in turn, all getting the same for it: who changes place. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.assess.rank import places_and_grades
from kaohe_cli.assess.score import unit_score
from kaohe_cli.model import Case, Change, ItemScore, Ranked, UnitScore
from kaohe_cli.points import ZERO
from kaohe_cli.scheme.scheme import Scheme

MOST = 8  # units that a sentence names


class Omission(Struct, frozen=True):
    """An item left out, all else as it is."""

    item: str
    changes: tuple[Change, ...]  # of the units whose place is another, in the order of the ranking; empty: none


def leave_out(scheme: Scheme, cases: Mapping[str, Case], before: Sequence[Ranked]) -> tuple[Omission, ...]:
    """Each item of ``scheme`` in order, left out of the ranking ``before``; ``cases`` by unit code.

    All units of a group get full points for it, the most that any kind of them can get, or, where the item has none,
    what the best of them got. Totals are then others than they would be by any notice: it is places that tell
    something. A unit without a total stays without.
    """
    return tuple(
        Omission(item.id, tuple(_changes(scheme, cases, before, number))) for number, item in enumerate(scheme.items)
    )


def _changes(scheme: Scheme, cases: Mapping[str, Case], before: Sequence[Ranked], number: int) -> Iterator[Change]:
    groups: dict[str, list[UnitScore]] = {}
    for each in before:
        groups.setdefault(each.score.group, []).append(each.score)
    same = {group: _same(scheme, scores, number) for group, scores in groups.items()}
    scores = [
        _without(scheme, cases[each.score.unit.code], each.score, number, same[each.score.group]) for each in before
    ]
    for was, now in zip(before, places_and_grades(scheme, scores), strict=True):
        if was.place != now.place:
            pairs = (was.place, now.place), (was.grade, now.grade), (was.score.total, now.score.total)
            yield Change(now.score.unit.code, now.score.unit.name, *pairs)


def _same(scheme: Scheme, scores: Sequence[UnitScore], number: int) -> Decimal:
    """What all units of a group get for the item of that number, 分."""
    full = (scheme.of(each.unit.kind).items[number].points for each in scores)
    return _most(full) or _most(each.items[number].points for each in scores)


def _most(points: Iterable[Decimal | None]) -> Decimal:
    return max((each for each in points if each is not None), default=ZERO)


def _without(scheme: Scheme, case: Case, score: UnitScore, number: int, same: Decimal) -> UnitScore:
    """``score`` with what all units of its group get for the item of that number."""
    held = score.items[number]
    if score.total is None or held.points == same:
        return score
    items = (*score.items[:number], ItemScore(held.id, same, same, ()), *score.items[number + 1 :])
    return unit_score(scheme, case, items)


def omission_words(omission: Omission) -> str:
    """Who changes place, in a sentence: 西湖区由第3名变为第4名，余杭区由第4名变为第3名."""
    said = [f"{each.unit}由第{each.place[0]}名变为第{each.place[1]}名" for each in omission.changes[:MOST]]
    left = len(omission.changes) - MOST
    return "，".join(said) + (f"，另有 {left} 个单位名次变动" if left > 0 else "") or "名次都不变"
