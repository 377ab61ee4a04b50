"""What a scheme does with random years, told before it is issued: reach of points, ties, rules and readings. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from statistics import median

from msgspec import Struct

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.assess.sensitivity import try_each
from kaohe_cli.assess.years import draw
from kaohe_cli.model import Ranking, Settings
from kaohe_cli.points import ZERO, add, half_up
from kaohe_cli.scheme.scheme import Scheme

CLASS = "class."  # how the id of a class begins
ALIKE = Decimal("0.95")  # of all units, that have the same points where a rule hardly decides


class Reach(Struct, frozen=True):
    """Points, 分, as units had them."""

    id: str  # of the item or class; empty: the total
    title: str
    full: Decimal
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
    reach: tuple[Reach, ...]  # total, classes, items
    shared: int  # years in which more units than meant are among the first places
    passing: tuple[int, Decimal, int]  # units that reach the pass mark: least, mean, most
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
    weighed: Counter[tuple[str, str]] = Counter()
    graded: Counter[tuple[str, str]] = Counter()
    for year in watch(range(years)):
        cases = draw(scheme, settings, f"{seed} {year}")
        ranking = rank(scheme, [score(scheme, case) for case in cases])
        _collect(scheme, ranking, points)
        excellent = scheme.content.grades.excellent.places
        shared += sum(each.place is not None and each.place <= excellent for each in ranking.units) > excellent
        mark = scheme.content.grades.passing.points
        passing.append(sum((each.score.total or ZERO) >= mark for each in ranking.units))
        for trial in try_each(scheme, cases, ranking):
            key = trial.reading, trial.option
            weighed[key] += trial.weighs
            graded[key] += any(each.grade[0] != each.grade[1] for each in trial.changes)
    return Rehearsal(
        years, seed, len(settings.units), tuple(_reach(scheme, points)), shared,
        (min(passing), half_up(Decimal(sum(passing)) / len(passing), 1), max(passing)), tuple(_alike(scheme, points)),
        tuple(_unbounded(scheme, points)), tuple(_deciding(scheme, weighed, graded)),
    )  # fmt: skip


def _collect(scheme: Scheme, ranking: Ranking, points: dict[str, list[Decimal]]) -> None:
    """Keep what each unit had: in all, by class, item and criterion."""
    for each in ranking.units:
        held = [("", each.score.total)]
        for item, found in zip(scheme.items, each.score.items, strict=True):
            held.append((item.id, found.points))
            held += [(criterion.id, criterion.points) for criterion in found.criteria]
        for group in scheme.content.class_:
            own = [found.points for item, found in zip(scheme.items, each.score.items, strict=True)
                   if item.class_ == group.id]  # fmt: skip
            held.append((f"{CLASS}{group.id}", add(own)))
        for id, value in held:
            if value is not None:
                points.setdefault(id, []).append(value)


def _reach(scheme: Scheme, points: dict[str, list[Decimal]]) -> Iterable[Reach]:
    classes = scheme.content.class_
    rows = [("", "总分", sum((each.points for each in classes), ZERO))]
    rows += [(f"{CLASS}{each.id}", each.title, each.points) for each in classes]
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
