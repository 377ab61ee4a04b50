"""What a ranking asks the office to look at before it is issued (KH4xx). Pure."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from kaohe_cli.assess.rank import grade_of
from kaohe_cli.assess.reasons import Unreasoned
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Case, Ranking, UnitScore
from kaohe_cli.points import ZERO, fixed, plain
from kaohe_cli.scheme.frame import GradeLevel
from kaohe_cli.scheme.records import PERIOD
from kaohe_cli.scheme.scheme import Scheme

SHOWN = 6  # names in one message
UNSAID = "未注明口径的数"  # figures that nobody says what they are of


def review(scheme: Scheme, ranking: Ranking) -> tuple[Problem, ...]:
    """All that is open or out of the common in ``ranking``, the ranking as a whole first."""
    return (*_whole(scheme, ranking), *_units(scheme, ranking))


def _whole(scheme: Scheme, ranking: Ranking) -> Iterator[Problem]:
    """Totals that are open, 优秀 beyond or short of its places; a provisional ranking is not yet short of any."""
    if waiting := [each.score.unit.name for each in ranking.units if each.score.total is None]:
        yield problem("KH401", found=_names(waiting), count=str(len(waiting)))
    elif not ranking.final:
        yield problem("KH408")
    for group, units in ranking.groups.items():
        taken = 0
        for level in scheme.content.grade:
            names = [each.score.unit.name for each in units if each.grade == level.title]
            if (seats := level.seats(len(units))) is not None:
                yield from _seats(level, group, names, max(seats - taken, 0), len(units) - taken, final=ranking.final)
            taken += len(names)


def _seats(
    level: GradeLevel, group: str, names: list[str], seats: int, units: int, *, final: bool
) -> Iterator[Problem]:
    """More units of a grade than the better ones leave places, or fewer; ``units`` of the group are left for it."""
    words = {"grade": f"{group}{level.named}", "expected": str(seats), "count": str(len(names))}
    if len(names) > seats:
        yield problem("KH404", found=_names(names), **words)
    elif final and len(names) < min(seats, units):
        yield problem("KH405", found=_names(names) or "无", **words)


def unsettled(scheme: Scheme, cases: Iterable[Case]) -> tuple[Problem, ...]:
    """Points that rest on figures not known to be of the whole year, and that nobody verified (KH409)."""
    final = {each.label: each.final for each in scheme.content.period}
    units: dict[str, list[str]] = {}
    for case in cases:
        period = case.reported.get(PERIOD)
        label = str(period.value) if period else ""
        # neither silence nor a word that the scheme does not know says that a figure is final
        if not final or final.get(label, False):
            continue
        figures = (name for name in scheme.scoring if name.endswith(".actual") and name not in case.verified)
        if any((entry := case.reported.get(name)) and isinstance(entry.value, Decimal) for name in figures):
            units.setdefault(f"{label}数" if label else UNSAID, []).append(case.unit.name)
    return tuple(
        problem("KH409", found=found, expected=_names(names), count=str(len(names))) for found, names in units.items()
    )


def without_reasons(found: Iterable[Unreasoned]) -> Iterator[Problem]:
    """Marks that nobody said the reason of, a line for each criterion (KH410)."""
    for each in found:
        words = {"what": f"{each.criterion} {each.title}", "expected": each.department or "责任处室"}
        yield problem(
            "KH410", field=each.criterion, found=_names([*each.units]), count=str(len(each.units)), **words
        )  # fmt: skip


def _units(scheme: Scheme, ranking: Ranking) -> Iterator[Problem]:
    levels = {level.title: level for level in scheme.content.grade}
    for each in ranking.units:
        score, name = each.score, each.score.unit.name
        full, level = scheme.of(score.unit.kind).points, levels.get(each.grade)
        if score.total is None:
            open_ = [criterion.id for item in score.items for criterion in item.criteria if criterion.points is None]
            yield problem("KH402", unit=name, found=_names(open_), count=str(len(open_)))
            continue
        mark = scheme.mark_after(level) if level and level.mark is None else None
        if level and mark is not None and score.total < mark:
            words = {"grade": level.title, "expected": plain(mark)}
            yield problem("KH403", unit=name, found=fixed(score.total), **words)
        if score.veto and (lost := _would_have(scheme, ranking, score)):
            left = "由后面的单位依次递补" if scheme.policy.veto == "move_up" else "名次空缺，不递补"
            yield problem("KH406", unit=name, found=fixed(score.total), grade=lost, expected=left)
        if full is not None and score.total > full:
            yield problem("KH407", unit=name, found=fixed(score.total), expected=plain(full), bonus=fixed(score.bonus))


def _would_have(scheme: Scheme, ranking: Ranking, score: UnitScore) -> str:
    """The grade for first places that a vetoed unit of that total would else have had; empty: none."""
    units = ranking.groups[score.group]
    ahead = sum(each.place is not None and (each.score.total or ZERO) > (score.total or ZERO) for each in units)
    grade = grade_of(scheme, score.total or ZERO, ahead + 1, len(units), score.bars)
    seated = {level.title for level in scheme.content.grade if level.seats(len(units)) is not None}
    return grade if grade in seated else ""


def _names(names: list[str]) -> str:
    return "、".join(names[:SHOWN]) + ("等" if len(names) > SHOWN else "")
