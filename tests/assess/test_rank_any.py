"""Places, grades and what is told of them in any frame: groups, shares, ceilings, vetoes by figures."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import pytest
from any_scheme import case, criterion, item, measure, ranked, scheme, section

from kaohe_cli.assess.review import review
from kaohe_cli.assess.sensitivity import near
from kaohe_cli.model import Mark, Ranking, Veto
from kaohe_cli.scheme.scheme import Scheme

ONE = item("1", criterion("1.1", "100"))
UNITS = tuple("甲乙丙丁戊己庚辛壬癸")
GROUPS = '[[group]]\ntitle = "城区组"\nkinds = ["区"]\n[[group]]\ntitle = "县组"\nkinds = ["县"]\n'
FIRST_TWO = '[[grade]]\ntitle = "优秀"\nplaces = 1\n[[grade]]\ntitle = "良好"\nplaces = 3\n'
MARKS = '[[grade]]\ntitle = "优秀"\nplaces = 1\nleast = 90\n[[grade]]\ntitle = "良好"\nplaces = 3\nleast = 80\n'
CEILING = (
    '[[grade]]\ntitle = "优秀"\nabove = 90\n[[grade]]\ntitle = "良好"\nabove = 80\n[[grade]]\ntitle = "未完成"\n'
    '[[ceiling]]\nid = "c"\ngrade = "未完成"\nclause = "按原文办"\n'
    'test = { any = [{ left = "a.actual", compare = "<", right = "a.target" }] }\n'
)
BY_FIGURES = (
    '[[veto]]\nid = "v"\ntitle = "安全一票否决"\nclause = "按原文办"\n'
    'test = { all = [{ left = "a.actual", compare = ">=", number = 3 }] }\n'
)
PLACES = measure("a", "1", "target", "actual")


def totals(made: Scheme, *points: object, vetoed: Iterable[str] = (), **figures: object) -> Ranking:
    """The ranking of so many points; vetoed units by name, figures the same for all."""
    cases = [
        case(unit, {} if each is None else {"1.1": each}, Veto("某委") if unit.name in vetoed else None, **figures)
        for unit, each in zip(made.units, points, strict=False)
    ]
    return ranked(made, cases)


def told(ranking: Ranking) -> list[tuple[str, int | None, str]]:
    return [(each.score.unit.name, each.place, each.grade) for each in ranking.units]


def reasons(ranking: Ranking) -> Mapping[str, tuple[str, ...]]:
    return {each.score.unit.name: each.reasons for each in ranking.units}


def codes(made: Scheme, ranking: Ranking) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in review(made, ranking)]


def test_each_group_has_its_places_in_the_order_of_the_notice() -> None:
    made = scheme(ONE, GROUPS, FIRST_TWO, units=UNITS[:5], kinds={"甲": "县", "丙": "县"})
    ranking = totals(made, 70, 90, 80, 60, 90)
    assert told(ranking) == [
        ("乙", 1, "优秀"), ("戊", 1, "优秀"), ("丁", 3, "良好"), ("丙", 1, "优秀"), ("甲", 2, "良好"),
    ]  # fmt: skip
    assert reasons(ranking)["乙"] == ("总分 90.00 分，在城区组列第 1 名（并列）", "在前1名之内，为优秀等次")
    assert codes(made, ranking) == [
        ("KH404", "因名次并列，城区组优秀等次有 2 个，名额为 1 个：乙、戊"),
    ], "who shares the first place takes one of the second grade; the group of two cannot have two of it"


def test_a_ranking_knows_its_groups_and_how_each_grade_stands() -> None:
    made = scheme(ONE, GROUPS, MARKS + '[[grade]]\ntitle = "其他"\n', units=UNITS[:6], kinds={"甲": "县", "丙": "县"})
    ranking = totals(made, 95, 95, 85, 85, 70, None, vetoed=["甲"])
    assert {title: [each.score.unit.name for each in units] for title, units in ranking.groups.items()} == {
        "城区组": ["乙", "丁", "戊", "己"], "县组": ["丙", "甲"],
    }  # fmt: skip
    assert {each.score.unit.name: ranking.graded(each) for each in ranking.units} == {
        "乙": "best", "丁": "between", "戊": "last", "己": "open", "丙": "between", "甲": "vetoed",
    }  # fmt: skip


@pytest.mark.parametrize(("rounding", "excellent"), [("down", 1), ("half", 2), ("up", 2)])
def test_a_share_of_ten_units(rounding: str, excellent: int) -> None:
    grades = (
        f'[[grade]]\ntitle = "优秀"\nshare = 0.15\nrounding = "{rounding}"\n[[grade]]\ntitle = "良好"\nshare = 0.5\n'
    )
    ranking = totals(scheme(ONE, grades, units=UNITS), *range(99, 89, -1))
    counted = [[each.grade for each in ranking.units].count(grade) for grade in ("优秀", "良好", "")]
    assert counted == [excellent, 5 - excellent, 5], "the second share counts from the top"


def test_a_tie_on_the_last_place_is_told() -> None:
    made = scheme(ONE, FIRST_TWO, units=UNITS[:5])
    ranking = totals(made, 95, 90, 85, 85, 85)
    assert [each.grade for each in ranking.units] == ["优秀", "良好", "良好", "良好", "良好"]
    assert codes(made, ranking) == [("KH404", "因名次并列，良好等次有 4 个，名额为 2 个：乙、丙、丁、戊")]
    assert near(made, ranking) == ("第 1 名以内最低的甲（95.00 分）与其后的乙（90.00 分）相差 5.00 分。",)


def test_near_in_groups_and_about_marks() -> None:
    made = scheme(ONE, GROUPS, MARKS, kinds={"丙": "县", "丁": "县"})
    assert near(made, totals(made, "90.5", "79.5", 90, 50)) == (
        "城区组：第 1 名以内最低的甲（90.50 分）与其后的乙（79.50 分）相差 11.00 分。",
        "县组：第 1 名以内最低的丙（90.00 分）与其后的丁（50.00 分）相差 40.00 分。",
        "甲总分 90.50 分，比 90 分线高出 0.50 分。",
        "丙总分 90.00 分，恰为 90 分。",
        "乙总分 79.50 分，比 80 分线尚差 0.50 分。",
    )


def test_why_one_of_the_first_lacks_the_grade() -> None:
    made = scheme(ONE, MARKS)
    assert {name: said[1:] for name, said in reasons(totals(made, 85, 75, 74, 60)).items()} == {
        "甲": ("在前3名之内，总分在 80 分以上（含），为良好等次",),
        "乙": ("虽在前3名之内，总分不足 80 分，差 5.00 分",),
        "丙": ("虽在前3名之内，总分不足 80 分，差 6.00 分",),
        "丁": ("总分不足 80 分，差 20.00 分",),
    }


def test_no_grades_and_no_grade_reached() -> None:
    none, some = scheme(ONE), scheme(ONE, MARKS)
    assert told(totals(none, 90, 80))[:2] == [("甲", 1, ""), ("乙", 2, "")]
    assert reasons(totals(none, 90))["甲"] == ("总分 90.00 分，列第 1 名",)
    assert told(totals(some, 10)) == [("甲", 1, "")]
    assert codes(none, totals(none, 90, 80, 70, 60)) == []


def test_a_total_that_is_just_the_bound_it_has_to_exceed_lacks_nothing() -> None:
    made = scheme(ONE, '[[grade]]\ntitle = "超额完成"\nabove = 90\n[[grade]]\ntitle = "完成"\n')
    assert reasons(totals(made, 90, "89.99"))["甲"][1:] == ("总分未超过 90 分",)
    assert reasons(totals(made, 90, "89.99"))["乙"][1:] == ("总分未超过 90 分，差 0.01 分",)


@pytest.mark.parametrize(
    ("figures", "grade", "final", "said"),
    [
        ({"a_target": 5, "a_actual": 5}, "优秀", True, "总分高于 90 分，为优秀等次"),
        ({"a_target": 5, "a_actual": 4}, "未完成", True, "等次不高于未完成"),
        ({"a_target": 5, "a_actual": None}, "未定", False, "“按原文办”所依据的数据未定，等次未定"),
        ({"a_target": 5}, "未定", False, "“按原文办”所依据的数据未定，等次未定"),
        ({"a_target": Mark.NO_TASK, "a_actual": 0}, "优秀", True, "总分高于 90 分，为优秀等次"),
    ],
)
def test_a_ceiling_is_hit_or_not_or_open(figures: Mapping[str, object], grade: str, final: bool, said: str) -> None:
    made = scheme(ONE, CEILING, PLACES, units=["甲"])
    ranking = totals(made, 95, **figures)
    assert (ranking.units[0].grade, ranking.final) == (grade, final)
    assert said in ranking.units[0].reasons[1]
    assert [code for code, _ in codes(made, ranking)] == ([] if final else ["KH408"])


def test_a_veto_by_figures() -> None:
    made = scheme(ONE, FIRST_TWO, BY_FIGURES, PLACES, units=["甲", "乙"])
    cases = [case(made.units[0], {"1.1": 95}, a_actual=3), case(made.units[1], {"1.1": 90}, a_actual=2)]
    ranking = ranked(made, cases)
    assert told(ranking) == [("乙", 1, "优秀"), ("甲", None, "一票否决")]
    (said,) = reasons(ranking)["甲"]
    assert said.startswith("安全一票否决（")
    assert said.endswith("），保留得分，不列名次，不授称号")
    assert "本可列入优秀名次" in dict(codes(made, ranking))["KH406"]
    unknown = ranked(made, [case(made.units[0], {"1.1": 95}), cases[1]])
    assert not unknown.final


def test_a_vetoed_place_stays_vacant() -> None:
    veto = '[[veto]]\nclause = "按原文办"\n'
    vacant = scheme(ONE, FIRST_TWO, veto, '[policy]\nveto = "vacant"\n')
    assert told(totals(vacant, 95, 90, 85, 80, vetoed="甲"))[:2] == [("乙", 2, "良好"), ("丙", 3, "良好")]
    up = scheme(ONE, FIRST_TWO, veto)
    assert told(totals(up, 95, 90, 85, 80, vetoed="甲"))[:2] == [("乙", 1, "优秀"), ("丙", 2, "良好")]


def test_what_a_veto_took_away_is_told_only_where_the_total_would_have_been_enough() -> None:
    made = scheme(ONE, MARKS, '[[veto]]\nclause = "按原文办"\n')
    ranking = totals(made, 85, 84, 70, 60, vetoed=("乙", "丙"))
    lost = {each.unit: each.message for each in review(made, ranking) if each.code == "KH406"}
    assert list(lost) == ["乙"], "丙 would be third, but 70 分 are too few for any grade"
    assert "良好" in lost["乙"]


def test_grades_by_places_below_the_mark_of_the_next_are_asked_about() -> None:
    grades = '[[grade]]\ntitle = "优秀"\nplaces = 2\n[[grade]]\ntitle = "合格"\nleast = 60\n'
    made = scheme(ONE, grades, GROUPS, units=UNITS[:3], kinds={"丙": "县"})
    found = [(each.code, each.unit) for each in review(made, totals(made, 70, 50, 40))]
    assert found == [("KH403", "乙"), ("KH403", "丙")]


def test_ties_are_decided_by_sections_then_items() -> None:
    made = scheme(
        section("A"), section("B"), item("1", section="A"), item("2", section="A"), item("3", section="B"),
        '[policy]\ntie = ["A", "2"]\n',
    )  # fmt: skip
    points = [(5, 5, 5), (9, 1, 5), (4, 7, 4), (6, 4, 5)]
    cases = [
        case(unit, {f"{n}.1": each for n, each in enumerate(given, 1)})
        for unit, given in zip(made.units, points, strict=True)
    ]
    found = {each.score.unit.name: (each.place, each.tied) for each in ranked(made, cases).units}
    assert found == {"丙": (1, False), "甲": (2, False), "丁": (3, False), "乙": (4, False)}
    assert {each.score.total for each in ranked(made, cases).units} == {Decimal(15)}
