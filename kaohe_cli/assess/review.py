"""What a ranking asks the office to look at before it is issued (KH4xx). Pure."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Case, Ranking
from kaohe_cli.points import ZERO, fixed, plain
from kaohe_cli.scheme.scheme import PERIOD, Scheme

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
    places = scheme.content.grades.excellent.places
    names = [each.score.unit.name for each in ranking.units if each.grade == "优秀"]
    if len(names) > places:
        yield problem("KH404", found=_names(names), expected=str(places), count=str(len(names)))
    elif ranking.final and len(names) < min(places, len(ranking.units)):
        yield problem("KH405", found=_names(names) or "无", expected=str(places), count=str(len(names)))


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


def _units(scheme: Scheme, ranking: Ranking) -> Iterator[Problem]:
    mark, full = scheme.content.grades.passing.points, sum((each.points for each in scheme.content.class_), ZERO)
    for each in ranking.units:
        score, name = each.score, each.score.unit.name
        if score.total is None:
            open_ = [criterion.id for item in score.items for criterion in item.criteria if criterion.points is None]
            yield problem("KH402", unit=name, found=_names(open_), count=str(len(open_)))
            continue
        if each.grade == "优秀" and score.total < mark:
            yield problem("KH403", unit=name, found=fixed(score.total), expected=plain(mark))
        if score.veto and _would_lead(scheme, ranking, score.total):
            left = "由后面的单位依次递补" if scheme.policy.veto == "move_up" else "名次空缺，不递补"
            yield problem("KH406", unit=name, found=fixed(score.total), expected=left)
        if score.total > full:
            yield problem("KH407", unit=name, found=fixed(score.total), expected=plain(full), bonus=fixed(score.bonus))


def _would_lead(scheme: Scheme, ranking: Ranking, total: Decimal) -> bool:
    """Whether a vetoed unit of that total would else have been among the first."""
    ahead = sum(each.place is not None and (each.score.total or 0) > total for each in ranking.units)
    return ahead < scheme.content.grades.excellent.places


def _names(names: list[str]) -> str:
    return "、".join(names[:SHOWN]) + ("等" if len(names) > SHOWN else "")
