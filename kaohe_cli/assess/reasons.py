"""Marks that cost points, or gave extra ones, without a word why (评分理由). Pure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from kaohe_cli.model import Award, Case, CriterionScore, UnitScore
from kaohe_cli.points import ZERO
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Supplied
from kaohe_cli.scheme.scheme import Scheme

NO_AWARD = Award()
OFFICE = "考核办"  # enters what comes from elsewhere


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


def unreasoned(
    scheme: Scheme, cases: Iterable[Case], scores: Mapping[str, UnitScore], departments: Mapping[str, str]
) -> Iterator[Unreasoned]:
    """All such marks, criterion by criterion; ``scores`` by unit code, ``departments`` by item."""
    units = [(case, scores[case.unit.code], scheme.of(case.unit.kind)) for case in cases]
    for id, criterion in scheme.criteria.items():
        names = tuple(
            case.unit.name
            for case, score, own in units
            if lacks_reason(own.criteria[id], score.criterion(id), case.awards.get(id))
        )
        if names:
            given = isinstance(criterion.rule, Supplied)
            department = OFFICE if given else departments.get(scheme.item_of[id].id, "")
            yield Unreasoned(id, criterion.title, department, names)
