"""What a scheme does with random years, told before it is issued: reach of points, ties, rules and readings. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from statistics import median

from msgspec import Struct

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.assess.sensitivity import try_each
from kaohe_cli.assess.years import draw
from kaohe_cli.model import Ranked, Ranking, Settings
from kaohe_cli.points import ZERO, half_up
from kaohe_cli.scheme.scheme import Scheme

SECTION = "section."  # how the id of a section begins
ALIKE = Decimal("0.95")  # of all units, that have the same points where a rule hardly decides


class Reach(Struct, frozen=True):
    """Points, 分, as units had them."""

    id: str  # of the item or section; empty: the total
    title: str
    full: Decimal | None  # None: none is given
    least: Decimal
    middle: Decimal
    most: Decimal


class Alike(Struct, frozen=True):
    """A rule that gives nearly everybody the same."""

    id: str
    title: str
    points: Decimal  # 分, that most units have
    share: Decimal  # of all units in all years


class Unbounded(Struct, frozen=True):
    """A bonus without a ceiling."""

    id: str
    title: str
    most: Decimal  # 分, that a unit reached


class Deciding(Struct, frozen=True):
    """Another option of a reading."""

    reading: str
    option: str
    question: str
    label: str
    years: int  # in which it changes a place or a grade
    grades: int  # in which it changes a grade


class Rehearsal(Struct, frozen=True):
    """What came of the years."""

    years: int
    seed: int
    units: int
    reach: tuple[Reach, ...]  # total, sections, items
    places: int | None  # of the first grade for first places; None: there is none such
    shared: int  # years in which more units than meant are among them
    mark: Decimal | None  # 分, of the lowest grade with such a bound; None: there is none such
    passing: tuple[int, Decimal, int]  # units that reach it: least, mean, most
    alike: tuple[Alike, ...]
    unbounded: tuple[Unbounded, ...]
    deciding: tuple[Deciding, ...]  # what decides most first


def rehearse(
    scheme: Scheme, settings: Settings, years: int, seed: int, watch: Callable[[Iterable[int]], Iterable[int]] = iter
) -> Rehearsal:
    """What ``scheme`` does with so many random ``years``; the same for the same ``seed``. ``watch`` sees them pass.

    What ``settings`` give is the same in all of them.
    """
    points: dict[str, list[Decimal]] = {}
    shared, passing = 0, list[int]()
    places = next((each.places for each in scheme.content.grade if each.places is not None), None)
    mark = next((each.mark for each in reversed(scheme.content.grade) if each.mark is not None), None)
    weighed: Counter[tuple[str, str]] = Counter()
    graded: Counter[tuple[str, str]] = Counter()
    for year in watch(range(years)):
        cases = compare(scheme, draw(scheme, settings, f"{seed} {year}"))
        ranking = rank(scheme, [score(scheme, case) for case in cases])
        _collect(scheme, ranking, points)
        shared += any(
            each.tied and each.place is not None and _crosses(ranking, each, places) for each in ranking.units
        )
        passing.append(sum(mark is not None and (each.score.total or ZERO) >= mark for each in ranking.units))
        for trial in try_each(scheme, cases, ranking):
            key = trial.reading, trial.option
            weighed[key] += trial.weighs
            graded[key] += any(each.grade[0] != each.grade[1] for each in trial.changes)
    return Rehearsal(
        years, seed, len(settings.units), tuple(_reach(scheme, points)), places, shared, mark,
        (min(passing), half_up(Decimal(sum(passing)) / len(passing), 1), max(passing)), tuple(_alike(scheme, points)),
        tuple(_unbounded(scheme, points)), tuple(_deciding(scheme, weighed, graded)),
    )  # fmt: skip


def _crosses(ranking: Ranking, ranked: Ranked, places: int | None) -> bool:
    """Whether those that share the place of a unit are more than the places that are left."""
    if places is None or ranked.place is None or ranked.place > places:
        return False
    group = ranking.groups[ranked.score.group]
    return sum(each.place is not None and each.place <= ranked.place for each in group) > places


def _collect(scheme: Scheme, ranking: Ranking, points: dict[str, list[Decimal]]) -> None:
    """Keep what each unit had: in all, by section, item and criterion."""
    for each in ranking.units:
        held = [("", each.score.total)]
        for item, found in zip(scheme.items, each.score.items, strict=True):
            held.append((item.id, found.points))
            held += [(criterion.id, criterion.points) for criterion in found.criteria]
        held += [(f"{SECTION}{section.id}", section.points) for section in each.score.sections]
        for id, value in held:
            if value is not None:
                points.setdefault(id, []).append(value)


def _reach(scheme: Scheme, points: dict[str, list[Decimal]]) -> Iterable[Reach]:
    rows = [("", "总分", scheme.points)]
    rows += [(f"{SECTION}{each.id}", each.title, each.points) for each in scheme.sections.values()]
    rows += [(each.id, each.title, each.points) for each in scheme.items]
    for id, title, full in rows:
        if held := points.get(id):
            yield Reach(id, title, full, min(held), half_up(median(held)), max(held))


def _alike(scheme: Scheme, points: dict[str, list[Decimal]]) -> Iterable[Alike]:
    for criterion in scheme.criteria.values():
        held = Counter(points.get(criterion.id, ()))
        if held and not criterion.judged:
            usual, count = held.most_common(1)[0]
            share = Decimal(count) / held.total()
            if share >= ALIKE:
                yield Alike(criterion.id, criterion.title, usual, half_up(share, 3))


def _unbounded(scheme: Scheme, points: dict[str, list[Decimal]]) -> Iterable[Unbounded]:
    for criterion in scheme.criteria.values():
        if criterion.bonus and criterion.points is None:
            yield Unbounded(criterion.id, criterion.title, max(points.get(criterion.id, [ZERO])))


def _deciding(
    scheme: Scheme, weighed: Counter[tuple[str, str]], graded: Counter[tuple[str, str]]
) -> Sequence[Deciding]:
    found = [
        Deciding(each.id, option.id, each.question, option.label, weighed[key], graded[key])
        for each in scheme.content.reading
        for option in each.option
        if (key := (each.id, option.id)) in weighed
    ]
    return sorted(found, key=lambda each: (-each.grades, -each.years))
