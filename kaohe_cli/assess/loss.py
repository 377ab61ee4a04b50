"""Why points of full marks were not given: which rule was not met, what is lacking, what was judged. Pure.

Bonuses and what limits took away are none of it: lost is what a criterion's points fall short of its full points.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from kaohe_cli.assess.explain import explain
from kaohe_cli.assess.reasons import NO_AWARD
from kaohe_cli.assess.score import known, read_by
from kaohe_cli.model import Award, Case, CriterionScore, UnitScore
from kaohe_cli.points import ZERO, fixed
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule.subject import is_pseudo
from kaohe_cli.scheme.scheme import Scheme

LossCause = Literal["unmet", "lacking", "judged", "register", "no_task"]
CAUSE_WORDS: Mapping[LossCause, str] = {
    "unmet": "未达到要求", "lacking": "材料或数据缺失", "judged": "评定扣分", "register": "台账扣分",
    "no_task": "无任务不计分",
}  # fmt: skip


class Loss(Struct, frozen=True):
    """Points of one criterion that were not given, for one cause; a criterion may have lost some for each of two."""

    criterion: str
    cause: LossCause
    points: Decimal | None  # 分, above 0; None: not settled before what is lacking comes in
    why: str  # what was reached, what is lacking, what was said of the mark
    wanted: str = ""  # what it would have taken; empty: the clause says all


def losses(scheme: Scheme, case: Case, score: UnitScore) -> tuple[Loss, ...]:
    """All that a unit lost, criterion by criterion.

    Those without a cause of the unit's are left out: what waits for marks of a department, for a target, for others.
    """
    own = scheme.of(case.unit.kind)
    return tuple(
        loss
        for item in score.items
        for held in item.criteria
        if not held.bonus
        for loss in _of_criterion(scheme, own.criteria[held.id], case, score, held)
    )


def shortfall(held: CriterionScore) -> Decimal | None:
    """What the points of a criterion fall short of its full points, 分; None: of a bonus, or not known yet.

    Where there are no full points, what was taken off is lost.
    """
    if held.bonus or held.points is None:
        return None
    return max(ZERO, (held.full or ZERO) - held.points)


def summed(found: Sequence[Loss]) -> Mapping[LossCause, Decimal]:
    """How much was lost for each cause, in the order of CAUSE_WORDS; those for which nothing was are left out."""
    sums = {cause: sum((each.points or ZERO for each in found if each.cause == cause), ZERO) for cause in CAUSE_WORDS}
    return {cause: points for cause, points in sums.items() if points}


def sums_said(found: Sequence[Loss]) -> str:
    """The same in words: 未达到要求 8.00 分、评定扣分 4.50 分."""
    return "、".join(f"{CAUSE_WORDS[cause]} {fixed(points)} 分" for cause, points in summed(found).items())


def _of_criterion(
    scheme: Scheme, criterion: Criterion, case: Case, score: UnitScore, held: CriterionScore
) -> Iterator[Loss]:
    short = shortfall(held)
    absent = case.status in ("missing", "rejected")
    steps = "；".join(held.steps)
    if short is None:
        if not criterion.judged and (absent or _lacking(scheme, criterion, case)):
            yield Loss(held.id, "lacking", None, steps)
        return
    if not short:
        return
    award = case.awards.get(held.id, NO_AWARD)
    if absent or (held.rule_points is None and not criterion.judged and _lacking(scheme, criterion, case)):
        yield Loss(held.id, "lacking", short, steps)
        return
    # what the office took off what the rule gives, or a department off full points
    entered = short if criterion.judged else _adjusted(award, held, short)
    noted = min(entered, -sum((each.points for each in award.incidents if each.points < 0), ZERO))
    if ruled := short - entered:
        wanted = [line.text for line in explain(scheme, case, score, held.id) if line.kind == "wanted"]
        raised = award.points is not None and held.rule_points is not None and award.points > held.rule_points
        why = "；".join(held.steps[: 2 if raised else 1])  # what the rule says, and that more was given
        yield Loss(held.id, "no_task" if held.state == "no_task" else "unmet", ruled, why, "；".join(wanted))
    if judged := entered - noted:
        yield Loss(held.id, "judged", judged, award.reason or steps)
    if noted:
        yield Loss(held.id, "register", noted, "；".join(each.said for each in award.incidents))


def _adjusted(award: Award, held: CriterionScore, short: Decimal) -> Decimal:
    """How much of what was ``short`` the office took off, and not the rule."""
    if award.points is None:
        return ZERO
    return short if held.rule_points is None else min(short, max(ZERO, held.rule_points - award.points))


def _lacking(scheme: Scheme, criterion: Criterion, case: Case) -> bool:
    """Whether a figure that the unit gives, and its rule reads, is not there, or cannot be read."""
    names = [name for name in read_by(scheme, criterion) if not is_pseudo(name) and not scheme.issued(name)]
    entries = case.settled
    return any(name not in known(entries, names) for name in names)
