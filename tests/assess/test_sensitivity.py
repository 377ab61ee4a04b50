"""Did a reading decide the ranking? The trials against scoring every option from scratch."""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations
from time import perf_counter

import pytest
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.assess.sensitivity import (
    Alternative,
    Change,
    change_words,
    choice_title,
    grades_summary,
    near,
    readings_summary,
    surprising,
    try_readings,
)
from kaohe_cli.extent import width
from kaohe_cli.model import Case, Ranking, SectionScore, UnitScore
from kaohe_cli.scheme.load import DEFAULT, FOLDER, load, parse, scheme_bytes, under
from kaohe_cli.scheme.scheme import Scheme

Standing = Mapping[str, tuple[int | None, Decimal | None]]  # code → place, grade, total

# options other than the default, each tried by itself
SINGLE = sum(len(reading.option) - 1 for reading in load().content.reading)


def standing(readings: Mapping[str, str], cases: tuple[Case, ...]) -> Standing:
    """The ranking under ``readings``, with nothing reused."""
    scheme = load(readings=readings)
    found = rank(scheme, [score(scheme, case) for case in cases])
    return {each.score.unit.code: (each.place, each.grade, each.score.total) for each in found.units}


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return sample_cases(load())


@pytest.fixture(scope="module")
def trials(cases: tuple[Case, ...]) -> tuple[Alternative, ...]:
    return try_readings(load(), cases)


def others(scheme: Scheme) -> list[tuple[str, str]]:
    return [
        (reading.id, option.id)
        for reading in scheme.content.reading
        for option in reading.option
        if scheme.readings[reading.id] != option.id
    ]


@pytest.mark.slow
@pytest.mark.parametrize("decided", [{}, {"over5": "strict", "tie": "class_one"}, {"energy.short": "all_or_nothing"}])
def test_every_trial_is_what_scoring_from_scratch_gives(decided: dict[str, str], cases: tuple[Case, ...]) -> None:
    scheme = load(readings=decided)
    found = try_readings(scheme, cases)
    before = standing(decided, cases)
    assert len(found) > 30
    for trial in found:
        after = standing({**decided, **dict(trial.choice)}, cases)
        expected = {code: (before[code], after[code]) for code in before if before[code] != after[code]}
        told = {
            each.code: (
                (each.place[0], each.grade[0], each.total[0]),
                (each.place[1], each.grade[1], each.total[1]),
            )
            for each in trial.changes
        }
        assert told == expected, trial.choice


def test_an_option_also_changes_what_needs_the_criterion_that_it_changes(cases: tuple[Case, ...]) -> None:
    text = scheme_bytes(str(FOLDER / f"{DEFAULT}.toml")).decode()
    assert text.count('id = "1.2.1"\n') == 1
    scheme = parse(text.replace('id = "1.2.1"\n', 'id = "1.2.1"\nneeds = "1.1.4"\n').encode(), "needs.toml")
    trial = next(each for each in try_readings(scheme, cases) if each.choice == (("remainder", "benefit"),))
    tried = under(scheme, {"remainder": "benefit"})
    before, after = ([score(each, case) for case in cases] for each in (scheme, tried))
    pairs = list(zip(before, after, strict=True))
    expected = {was.unit.code: (was.total, now.total) for was, now in pairs if was.total != now.total}
    assert any(was.items[1].points != now.items[1].points for was, now in pairs)
    assert {each.code: each.total for each in trial.changes if each.total[0] != each.total[1]} == expected


def test_all_single_options_come_first_also_those_that_change_nothing(trials: tuple[Alternative, ...]) -> None:
    singles = [trial.choice[0] for trial in trials if len(trial.choice) == 1]
    assert singles == others(load())
    assert len(singles) == SINGLE
    assert [len(trial.choice) for trial in trials] == sorted(len(trial.choice) for trial in trials)
    assert any(not trial.changes for trial in trials)


def test_pairs_are_those_of_which_one_already_weighs(trials: tuple[Alternative, ...]) -> None:
    scheme = load()
    weighing = {trial.choice[0] for trial in trials if len(trial.choice) == 1 and trial.weighs}
    meaningless = {("energy.short", "all_or_nothing")}
    expected = [
        (one, other)
        for one, other in combinations(others(scheme), 2)
        if one[0] != other[0]
        and weighing & {one, other}
        and not (meaningless & {one, other} and "energy.short.steps" in (one[0], other[0]))
    ]
    assert [trial.choice for trial in trials if len(trial.choice) == 2] == expected
    assert len(expected) > 80


def test_an_option_without_meaning_is_not_tried(cases: tuple[Case, ...]) -> None:
    decided = load(readings={"energy.short": "all_or_nothing"})
    choices = [trial.choice for trial in try_readings(decided, cases)]
    assert not any(choice == (("energy.short.steps", "whole"),) for choice in choices)
    graduated = (("energy.short", "graduated"), ("energy.short.steps", "whole"))
    assert graduated in choices, "with its condition fulfilled by the other of the pair it has a meaning"


def test_it_takes_less_than_a_second_or_so(cases: tuple[Case, ...]) -> None:
    start = perf_counter()
    try_readings(load(), cases)
    assert perf_counter() - start < 5


def test_units_without_a_total_take_part(cases: tuple[Case, ...]) -> None:
    scheme = load()
    unfinished = (Case(cases[0].unit, "missing", {}), *cases[1:])
    found = try_readings(scheme, unfinished)
    changes = [change for trial in found for change in trial.changes]
    assert changes
    assert all(change.code != cases[0].unit.code for change in changes)
    nothing = tuple(Case(case.unit, "missing", {}) for case in cases)
    assert all(trial.changes == () for trial in try_readings(scheme, nothing))
    assert len(try_readings(scheme, nothing)) == SINGLE


def test_names_of_a_pair_are_joined() -> None:
    pair = Alternative("over5+tie", "strict+class_one", ())
    assert pair.choice == (("over5", "strict"), ("tie", "class_one"))
    assert choice_title(load(), pair) == (
        "“5%以上”是否包括恰好5%？——须超过5%；总分相同的怎样排名？——先比一类目标得分，再比第1项得分，仍相同的并列"
    )
    assert not pair.weighs


def change(place: tuple[int | None, int | None], grade: tuple[str, str], total: tuple[str, str]) -> Change:
    return Change("330109", "萧山区", place, grade, (Decimal(total[0]), Decimal(total[1])))


def test_a_change_in_words() -> None:
    assert change_words(change((3, 4), ("优秀", "达标"), ("92", "91"))) == (
        "萧山区由第3名变为第4名，由优秀变为达标，总分由 92.00 分变为 91.00 分"
    )
    assert change_words(change((3, None), ("优秀", "未定"), ("92", "92"))) == "萧山区由第3名变为无名次，由优秀变为未定"
    assert change_words(change((3, 3), ("优秀", "优秀"), ("92", "92.5"))) == "萧山区总分由 92.00 分变为 92.50 分"


def test_a_total_alone_does_not_weigh() -> None:
    assert not change((3, 3), ("优秀", "优秀"), ("92", "92.5")).weighs
    assert change((3, 4), ("达标", "达标"), ("92", "92")).weighs
    assert change((3, 3), ("达标", "优秀"), ("92", "92")).weighs


def test_a_pair_surprises_where_neither_option_alone_does_the_same() -> None:
    one = Alternative("a", "x", (change((3, 4), ("优秀", "达标"), ("92", "91")),))
    none = Alternative("b", "y", ())
    same = Alternative("a+b", "x+y", (change((3, 4), ("优秀", "达标"), ("92", "91")),))
    more = Alternative("a+b", "x+y", (change((3, 5), ("优秀", "达标"), ("92", "90")),))
    assert surprising([one, none, same]) == ()
    assert surprising([one, none, more]) == (more,)
    assert surprising([one, none]) == ()


def ranking(*totals: str | None) -> Ranking:
    scheme = load()
    scores = []
    for unit, total in zip(scheme.units, totals, strict=False):
        items = score(scheme, Case(unit, "received", {})).items
        known = None if total is None else Decimal(total)
        scores.append(UnitScore(unit, "received", items, known, (SectionScore("1", known, None),), None))
    return rank(scheme, scores)


def test_near_things() -> None:
    scheme = load()
    assert near(scheme, ranking("95", "90", "85.25", "85", "80.5", "80", "79.5", "79.49", None)) == (
        "第 3 名以内最低的江干区（85.25 分）与其后的拱墅区（85.00 分）相差 0.25 分。",
        "西湖区总分 80.50 分，比 80 分线高出 0.50 分。",
        "滨江区（高新区）总分 80.00 分，恰为 80 分。",
        "萧山区总分 79.50 分，比 80 分线尚差 0.50 分。",
    )
    assert near(scheme, ranking("95", "90", "90", "85", "85")) == (
        "第 3 名以内最低的下城区、江干区（90.00 分）与其后的拱墅区、西湖区（85.00 分）相差 5.00 分。",
    )
    assert near(scheme, ranking("95", "90")) == ()


def test_the_summary_tells_what_weighs(cases: tuple[Case, ...], trials: tuple[Alternative, ...]) -> None:
    scheme = load()
    found = rank(scheme, [score(scheme, case) for case in cases])
    told = readings_summary(scheme, found, trials)
    assert told[0] == f"逐一改用其他口径（{SINGLE} 种），其中 11 种会改变名次或等次："
    assert (
        "总分相同的怎样排名？——先比一类目标得分，再比第1项得分，仍相同的并列：滨江区（高新区）由第3名变为第4名，由优秀变为达标。"
    ) in told
    assert told[12].startswith("两种口径同时改用的，另试 147 组，其中 ")
    assert told[13].startswith("第 3 名以内最低的滨江区（高新区）、杭州经济技术开发区（95.50 分）")


def test_the_summary_where_nothing_weighs(cases: tuple[Case, ...]) -> None:
    scheme = load()
    one = cases[:1]
    found = rank(scheme, [score(scheme, case) for case in one])
    assert (
        readings_summary(scheme, found, try_readings(scheme, one))[0]
        == f"逐一改用其他口径（{SINGLE} 种），名次和等次都不变。"
    )


def test_a_line_for_each_option_that_changes_a_grade(cases: tuple[Case, ...], trials: tuple[Alternative, ...]) -> None:
    scheme = load()
    found = rank(scheme, [score(scheme, case) for case in cases])
    told = grades_summary(scheme, found, trials)
    singles = [each for each in trials if len(each.choice) == 1]
    grading = [each for each in singles if any(change.regrades for change in each.changes)]
    assert (
        told[0] == f"逐一改用其他口径（{SINGLE} 种），{len(grading)} 种会改变等次，{11 - len(grading)} 种只改变名次："
    )
    assert len(told) == 1 + len(grading) > 5
    assert max(map(width, told)) <= 78
    assert not any(re.search(r"\d\.\.", line) for line in told)
    assert "“12%以上”是否包括恰好12%？——须超过12%：江干区由达标变为未达标" in told
    for line, trial in zip(told[1:], grading, strict=True):
        assert next(each.unit for each in trial.changes if each.regrades) in line
        assert line.endswith(("标", "秀", "单位"))


def test_many_units_and_long_names_stay_in_their_line(cases: tuple[Case, ...]) -> None:
    scheme = load()
    found = rank(scheme, [score(scheme, case) for case in cases])
    changes = tuple(
        Change(f"{number}", f"{number}{'长' * 40}", (1, 2), ("优秀", "一票否决" * 9), (None, None))
        for number in range(99)
    )
    _, line = grades_summary(scheme, found, (Alternative("over5", "strict", changes),))
    assert width(line) <= 78
    assert line.endswith("，共 99 个单位")
    assert "变为" in line


def test_where_no_grade_changes(cases: tuple[Case, ...]) -> None:
    scheme = load()
    found = rank(scheme, [score(scheme, case) for case in cases])
    moved = (Change("1", "甲", (1, 2), ("优秀", "优秀"), (None, None)),)
    assert grades_summary(scheme, found, (Alternative("over5", "strict", moved),)) == (
        "逐一改用其他口径（1 种），等次都不变，1 种只改变名次。",
    )
    assert grades_summary(scheme, found, (Alternative("over5", "strict", ()),)) == (
        "逐一改用其他口径（1 种），名次和等次都不变。",
    )
    assert grades_summary(scheme, replace(found, units=()), ()) == ()
