"""Each item left out in turn, against entering the same points for all and ranking anew."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random

import any_scheme as any_
import pytest
from msgspec.structs import replace
from ranking_samples import usual
from sample_cases import sample_cases

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.omission import Omission, leave_out, omission_words
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Case, Change, Ranked, Veto
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

NAMES = tuple("甲乙丙丁戊己庚辛")
VETO = Veto("某局", "某〔2010〕1号", "2010-02-20")
GROUPS = '[[group]]\ntitle = "一组"\nkinds = ["区"]\n[[group]]\ntitle = "二组"\nkinds = ["县"]\n'
FRAMES = {
    "sum": ("", ""),
    "weighted": ('combine = "weighted"\n', "weight = 0.3\n"),
    "mean": ('combine = "mean"\n', ""),
    "least": ('combine = "least"\n', ""),
    "capped": ("cap = 20\n", ""),
}


def scheme_of(how: str, more: str = "") -> Scheme:
    """Four items in two sections that come together as ``how`` says."""
    own, weight = FRAMES[how]
    items = [any_.item(f"{number}", section="aabb"[number - 1], more=weight) for number in range(1, 5)]
    sections = [any_.section(id, more=own) for id in "ab"]
    kinds = dict.fromkeys(NAMES[5:], "县")
    return any_.scheme(*items, *sections, more, units=NAMES, kinds=kinds if more else None)


def cases_of(scheme: Scheme, seed: int) -> list[Case]:
    """Marks from 6 to 10, so that there are ties; one unit is vetoed."""
    random = Random(seed)
    return [
        any_.case(
            unit, {f"{number}.1": random.randint(6, 10) for number in range(1, 5)}, VETO if unit.code == "U3" else None
        )
        for unit in scheme.units
    ]


def places(units: tuple[Ranked, ...]) -> Mapping[str, int | None]:
    return {each.score.unit.code: each.place for each in units}


@pytest.mark.parametrize("how", FRAMES)
@pytest.mark.parametrize("more", ["", GROUPS], ids=["together", "groups"])
def test_it_is_what_full_points_for_all_give(how: str, more: str) -> None:
    scheme, moved = scheme_of(how, more), 0
    for seed in range(15):
        cases = cases_of(scheme, seed)
        before = any_.ranked(scheme, cases).units
        found = leave_out(scheme, {case.unit.code: case for case in cases}, before)
        assert [each.item for each in found] == ["1", "2", "3", "4"]
        for each in found:
            full = {f"{each.item}.1": Award(Decimal(10))}
            same = [replace(case, awards={**case.awards, **full}) for case in cases]
            was, now = places(before), places(any_.ranked(scheme, same).units)
            expected = {code: (was[code], now[code]) for code in was if was[code] != now[code]}
            assert {change.code: change.place for change in each.changes} == expected
            assert [change.code for change in each.changes] == [code for code in was if code in expected]
            assert "U3" not in expected
            moved += len(expected)
    assert moved > 30


def test_an_item_without_full_points_gives_all_what_the_best_has() -> None:
    scheme = any_.scheme(any_.item("1"), any_.item("2", any_.criterion("2.1", None)))
    given = (("9", "0"), ("8", "3"), ("7", "1"), ("6", "0"))
    cases = [any_.case(unit, {"1.1": own, "2.1": more}) for unit, (own, more) in zip(scheme.units, given, strict=True)]
    own, award = leave_out(scheme, {case.unit.code: case for case in cases}, any_.ranked(scheme, cases).units)
    assert [(each.unit, each.place) for each in award.changes] == [("乙", (1, 2)), ("甲", (2, 1))]
    assert {each.unit: each.total for each in award.changes} == {"乙": (11, 11), "甲": (9, 12)}
    assert [(each.unit, each.place) for each in own.changes] == [("甲", (2, 3)), ("丙", (3, 2)), ("丁", (4, 3))]


KIND = '[[kind]]\nname = "县"\n[kind.change.criterion."1.1"]\npoints = 6\n[kind.change.item."1"]\npoints = 6\n'


@pytest.mark.parametrize(("groups", "last", "total"), [("", 3, 15), (GROUPS, 2, 11)], ids=["together", "groups"])
def test_units_that_can_get_unlike_points_get_the_same_within_their_group(groups: str, last: int, total: int) -> None:
    made = any_.scheme(
        KIND,
        groups,
        any_.item("1", more="points = 10"),
        any_.item("2"),
        units="甲乙丙",
        kinds=dict.fromkeys("乙丙", "县"),
    )
    given = ((4, 6), (6, 5), (3, 7))
    cases = [any_.case(unit, {"1.1": one, "2.1": two}) for unit, (one, two) in zip(made.units, given, strict=True)]
    before = any_.ranked(made, cases).units
    first, _ = leave_out(made, {case.unit.code: case for case in cases}, before)
    # without the first item it is 6, 5 and 7
    assert [(each.unit, each.place, each.total[1]) for each in first.changes] == [
        ("乙", (1, last), total), ("丙", (2, 1), total + 2),
    ]  # fmt: skip


def test_ties_are_parted_as_the_scheme_says() -> None:
    scheme = any_.scheme(any_.item("1"), any_.item("2"), any_.item("3"), '[policy]\ntie = ["1"]\n')
    given = (("10", "6", "9"), ("6", "10", "9"), ("7", "5", "5"), ("5", "7", "5"))
    cases = [
        any_.case(unit, dict(zip(("1.1", "2.1", "3.1"), points, strict=True)))
        for unit, points in zip(scheme.units, given, strict=True)
    ]
    before = any_.ranked(scheme, cases).units
    assert [each.place for each in before] == [1, 2, 3, 4]
    first, second, third = leave_out(scheme, {case.unit.code: case for case in cases}, before)
    assert [(each.unit, each.place) for each in first.changes] == [
        ("甲", (1, 2)), ("乙", (2, 1)), ("丙", (3, 4)), ("丁", (4, 3)),
    ]  # fmt: skip
    assert second.changes == third.changes == ()


def test_a_unit_without_a_total_stays_without() -> None:
    scheme = scheme_of("sum")
    cases = cases_of(scheme, 1)
    awards = {id: award for id, award in cases[0].awards.items() if id != "2.1"}
    cases[0] = Case(cases[0].unit, "received", {}, awards=awards)
    before = any_.ranked(scheme, cases).units
    found = leave_out(scheme, {case.unit.code: case for case in cases}, before)
    assert all(change.code != "U1" for each in found for change in each.changes)
    assert any(each.changes for each in found)


def test_rules_are_left_out_as_well_as_marks() -> None:
    scheme = load()
    cases = compare(scheme, list(sample_cases(scheme)))
    before = rank(scheme, [score(scheme, case) for case in cases]).units
    found = {each.item: each for each in leave_out(scheme, {case.unit.code: case for case in cases}, before)}
    assert list(found) == [item.id for item in scheme.items]
    assert len(found["1.1"].changes) == 11, "the item of figures that decides most"
    assert omission_words(found["1.3"]) == "名次都不变"
    assert omission_words(found["1.5"]) == "临安市由第9名变为第10名，江干区由第10名变为第9名"


def test_of_many_units_some_are_told() -> None:
    change = Change("U", "甲区", (1, 2), ("", ""), (None, None))
    told = omission_words(Omission("1", (change,) * 10))
    assert told == "，".join(["甲区由第1名变为第2名"] * 8) + "，另有 2 个单位名次变动"


def test_nobody_is_ranked() -> None:
    assert [each.changes for each in leave_out(load(), {}, ())] == [()] * len(load().items)


def test_a_common_year_names_everybody_who_moves() -> None:
    scheme = load()
    cases = usual(scheme)
    before = rank(scheme, [score(scheme, case) for case in cases]).units
    for each in leave_out(scheme, {case.unit.code: case for case in cases}, before):
        assert all(change.place[0] != change.place[1] for change in each.changes)
