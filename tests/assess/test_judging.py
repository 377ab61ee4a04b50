"""Was judging fair? Years in which something was planted, and years in which nothing was."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random

import any_scheme as any_
import pytest
from msgspec.structs import replace

from kaohe_cli.assess.judging import Level, MarkGiven, calibrate, judges, marks_of
from kaohe_cli.model import Ranked

YEARS = range(12)
Change = Callable[[int, int, float], float]  # department, unit, rate → rate


def year(
    seed: int, change: Change = lambda _d, _u, rate: rate, departments: int = 8, units: int = 12
) -> list[MarkGiven]:
    """A fair year in marks of 0.1, two items for each department, with ``change`` on top."""
    random = Random(seed)
    strict = [random.gauss(0, 0.02) for _ in range(departments)]
    good = [random.gauss(0, 0.06) for _ in range(units)]
    return [
        mark(f"D{department}", f"U{unit}", f"{department}.{number}", change(department, unit, rate), full)
        for department in range(departments)
        for number, full in enumerate((4, 8))
        for unit in range(units)
        for rate in [0.8 + strict[department] + good[unit] + random.gauss(0, 0.03)]
    ]


def mark(department: str, unit: str, item: str, rate: float, full: int, step: str = "0") -> MarkGiven:
    points = min(max(Decimal(round(rate * full * 10)) / 10, Decimal(0)), Decimal(full))
    return MarkGiven(unit, department, item, item, points, Decimal(full), None, Decimal(step))


def named(marks: list[MarkGiven]) -> list[tuple[str, ...]]:
    """All that is told of anybody."""
    found = calibrate(marks)
    assert found.compared
    return [
        *(("alike", each.department) for each in found.uniform),
        *(("lenient" if each.gap > 0 else "strict", each.department) for each in found.levels),
        *(("favour" if each.points > 0 else "grudge", each.department, each.unit) for each in found.outlying),
    ]


@pytest.mark.parametrize("seed", YEARS)
def test_of_a_fair_year_nothing_is_told(seed: int) -> None:
    assert named(year(seed)) == []


@pytest.mark.parametrize("seed", YEARS)
def test_a_lenient_department_is_named_and_nobody_else(seed: int) -> None:
    marks = year(seed, lambda department, _, rate: rate + 0.18 * (department == 3))
    assert any(each.points == each.full for each in marks), "some of its marks are cut off at full points"
    assert named(marks) == [("lenient", "D3")]


@pytest.mark.parametrize("seed", YEARS)
def test_a_strict_department_is_named_and_nobody_else(seed: int) -> None:
    assert named(year(seed, lambda department, _, rate: rate - 0.18 * (department == 3))) == [("strict", "D3")]


@pytest.mark.parametrize("by", ["0.2", "-0.2"])
def test_the_gap_is_that_of_the_weaker_units_whatever_the_others_got(by: str) -> None:
    usual = (0.5, 0.52, 0.54, 0.56, 0.58, 0.6, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75)
    marks = [
        mark(f"D{department}", f"U{unit}", f"{department}", rate + way * float(by), 100)
        for department in range(5)
        for unit, rate in enumerate(usual)
        for way in [0 if department else 1 if unit < 6 else -1.2]
    ]
    assert calibrate(marks).levels == (Level("D0", 6, Decimal(by)),)


@pytest.mark.parametrize(("items", "told"), [(1, []), (2, [("lenient", "D0")])])
def test_a_department_with_several_marks_for_each_unit_is_named_sooner(items: int, told: list[tuple[str, ...]]) -> None:
    marks = [
        mark(f"D{department}", f"U{unit}", f"{department}.{item}", rate + 0.09 * (department == 0), 100)
        for department in range(3)
        for item in range(items)
        for unit, rate in enumerate((0.501, 0.532, 0.573, 0.614, 0.655, 0.696))
    ]
    assert named(marks) == told


@pytest.mark.parametrize("seed", YEARS)
def test_a_department_that_marks_all_alike_is_named_and_favours_nobody(seed: int) -> None:
    weak = {1: 0.2}  # whom such a department seems to favour
    marks = year(seed, lambda department, unit, rate: 0.85 if department == 3 else rate - weak.get(unit, 0))
    assert named(marks) == [("alike", "D3")]


@pytest.mark.parametrize("seed", YEARS)
@pytest.mark.parametrize(("by", "kind"), [(-0.25, "grudge"), (0.25, "favour")])
def test_a_unit_that_one_department_marks_unlike_all_others_is_named(seed: int, by: float, kind: str) -> None:
    def planted(department: int, unit: int, rate: float) -> float:
        return rate - 0.2 * (unit == 5) + by * (department == 3 and unit == 5)

    marks = year(seed, planted)
    assert named(marks) == [(kind, "D3", "U5")]
    (told,) = calibrate(marks).outlying
    own = [each for each in marks if (each.department, each.unit) == ("D3", "U5")]
    assert told.rate == sum(each.points for each in own) / 12
    assert told.points == (told.rate - told.expected) * 12
    assert abs(told.rate - told.expected - Decimal(str(by))) < Decimal("0.1")


def test_what_two_departments_say_alike_is_told_of_neither() -> None:
    assert named(year(4, lambda department, unit, rate: rate - 0.25 * (department in (3, 6) and unit == 5))) == []


def test_nearly_alike_is_alike_and_two_units_are_too_few_to_tell() -> None:
    def told(*rates: str) -> int:
        given = [
            MarkGiven(f"U{unit}", "D", "1", "1", Decimal(rate) * 10, Decimal(10), None)
            for unit, rate in enumerate(rates)
        ]
        return len(calibrate(given).uniform)

    assert told("0.80", "0.80", "0.80") == told("0.80", "0.81", "0.80") == 1
    assert told("0.80", "0.811", "0.80") == told("0.80", "0.80") == 0


@pytest.mark.parametrize(("departments", "units", "compared"), [(3, 5, True), (2, 5, False), (3, 4, False)])
def test_few_are_not_compared(departments: int, units: int, compared: bool) -> None:
    def planted(department: int, _: int, rate: float) -> float:
        return rate - 0.4 * (department == 0)

    found = calibrate(year(1, planted, departments, units))
    assert (found.departments, found.units, found.compared) == (departments, units, compared)
    assert [each.department for each in found.levels] == (["D0"] if compared else [])


def test_a_mark_a_step_away_is_not_told_where_only_some_can_be_given() -> None:
    def marks(step: str) -> Iterator[MarkGiven]:
        yield from year(2)
        for unit in range(12):
            yield mark("D8", f"U{unit}", "8.0", 1.0 if unit != 5 else 0.5, 4, step)

    assert named([*marks("0")]) == [("lenient", "D8"), ("grudge", "D8", "U5")]
    assert ("grudge", "D8", "U5") not in named([*marks("2")])


def test_a_year_of_nothing() -> None:
    found = calibrate([])
    assert (found.departments, found.units, found.compared, found.uniform) == (0, 0, False, ())


# what counts as a mark ─────────────────────────────────────────────────────────────────────────────────

SCHEME = any_.scheme(
    any_.item("1"),
    any_.item("2", any_.criterion("2.1", "6"), any_.criterion("2.2", "4", 'kind = "judged", full_or_none = true')),
    any_.item("3", any_.criterion("3.1", "5", 'kind = "judged", from_unit = true')),
    any_.item("4", any_.criterion("4.1", None)),
    any_.item("5", any_.criterion("5.1", "5", 'kind = "given"')),
    any_.item("6", any_.criterion("6.1", "0", 'kind = "judged", least = -5')),
)
ALL = {"1.1": "8.5", "2.1": "5", "2.2": "4", "3.1": "5", "4.1": "1", "5.1": "3", "6.1": "0"}


def units(*awards: dict[str, str]) -> tuple[Ranked, ...]:
    cases = [any_.case(unit, given) for unit, given in zip(SCHEME.units, awards, strict=False)]
    return any_.ranked(SCHEME, cases).units


def test_departments_mark_for_points_in_full_and_not_by_claim() -> None:
    marks = marks_of(SCHEME, units(ALL), {"1": "甲处", "2": "乙处", "3": "丙处"})
    assert [(each.department, each.criterion, each.points, each.full, each.step) for each in marks] == [
        ("甲处", "1.1", Decimal("8.5"), 10, 0), ("乙处", "2.1", 5, 6, 0), ("乙处", "2.2", 4, 4, 4),
    ]  # fmt: skip
    assert judges(SCHEME)
    assert not judges(any_.scheme(any_.item("1", any_.criterion("1.1", None))))


def test_an_item_without_a_department_stands_for_itself() -> None:
    marks = marks_of(SCHEME, units(ALL), {"2": ""})
    assert [each.department for each in marks] == ["第 1 项", "第 2 项", "第 2 项"]


def test_of_an_item_that_is_not_wholly_marked_nothing_counts() -> None:
    partly = {id: points for id, points in ALL.items() if id != "2.2"}
    assert [each.criterion for each in marks_of(SCHEME, units(partly), {})] == ["1.1"]
    assert marks_of(SCHEME, units({}), {}) == ()


def test_an_overfull_mark_counts_as_it_is() -> None:
    (first, *_) = marks_of(SCHEME, units({**ALL, "1.1": "11"}), {})
    assert first.rate == Decimal("1.1")
    assert replace(first, points=Decimal(5)).rate == Decimal("0.5")
