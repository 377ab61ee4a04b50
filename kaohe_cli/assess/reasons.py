"""Marks still to come, and those that cost points, or gave extra ones, without a word why (评分理由). Pure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from kaohe_cli.model import Award, Case, CriterionScore, UnitScore
from kaohe_cli.points import ZERO
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Supplied
from kaohe_cli.scheme.scheme import Scheme

NO_AWARD = Award()
OFFICE = "考核办"  # enters what comes from elsewhere
NO_DEPARTMENT = "未定责任处室"  # judges what none was named for
MarkOf = tuple[Case, str]  # whose it is, and of which criterion


class Unreasoned(Struct, frozen=True):
    """The marks of one criterion without 评分理由."""

    criterion: str
    title: str
    department: str  # 责任处室; empty: none was named
    units: tuple[str, ...]  # names, in the order of the ledger


def lacks_reason(criterion: Criterion, held: CriterionScore, award: Award | None) -> bool:
    """Whether a judged ``criterion`` got less than full points, or of a bonus (加分) some, and nobody wrote why.

    What the unit itself claims, and no office changed, answers for itself.
    """
    award, points = award or NO_AWARD, held.points
    entered = award.points is not None or award.marks
    if not criterion.judged or not entered or points is None or award.reason or award.incidents:
        return False
    return points > ZERO if criterion.bonus else held.full is not None and points < held.full


def awaited(scheme: Scheme, cases: Iterable[Case], scores: Iterable[UnitScore]) -> Iterator[MarkOf]:
    """Every mark that is not there, or cannot be read; ``scores`` are those of ``cases``."""
    for case, score in zip(cases, scores, strict=True):
        held = (each for item in score.items for each in item.criteria)
        yield from ((case, each.id) for each in held if each.points is None and scheme.criteria[each.id].judged)


def wordless(scheme: Scheme, cases: Iterable[Case], scores: Iterable[UnitScore]) -> Iterator[MarkOf]:
    """Every mark that lacks its reason; ``scores`` are those of ``cases``."""
    for case, score in zip(cases, scores, strict=True):
        criteria = scheme.of(case.unit.kind).criteria
        held = (each for item in score.items for each in item.criteria)
        yield from ((case, each.id) for each in held if lacks_reason(criteria[each.id], each, case.awards.get(each.id)))


def unreasoned(
    scheme: Scheme, cases: Iterable[Case], scores: Iterable[UnitScore], departments: Mapping[str, str]
) -> Iterator[Unreasoned]:
    """All such marks, criterion by criterion; ``departments`` by item."""
    units: dict[str, list[str]] = {id: [] for id in scheme.criteria}
    for case, id in wordless(scheme, cases, scores):
        units[id].append(case.unit.name)
    for id, names in units.items():
        criterion = scheme.criteria[id]
        given = isinstance(criterion.rule, Supplied)
        if names:
            department = OFFICE if given else departments.get(scheme.item_of[id].id, "")
            yield Unreasoned(id, criterion.title, department, tuple(names))
