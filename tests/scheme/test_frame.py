"""The frame of a scheme: how parts become the whole, what grades take, what bars them; by hand."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from any_scheme import criterion, item, measure, scheme, section
from msgspec.structs import replace
from test_rule import NAMES, figures

from kaohe_cli.model import Unit
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.frame import Combine, Conditions, Frame, GradeLevel, Section, VetoGround, points_odd
from kaohe_cli.scheme.load import under
from kaohe_cli.scheme.records import Item
from kaohe_cli.scheme.scheme import Scheme


def parts(*given: tuple[str, str]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(points), Decimal(weight)) for points, weight in given]


@pytest.mark.parametrize(
    ("combine", "given", "points"),
    [
        ("sum", parts(("1.25", "1"), ("-3", "1")), "-1.75"),
        ("sum", [], "0"),
        ("weighted", parts(("90", "0.25"), ("80.3", "0.75")), "82.73"),  # 22.5 + 60.225 = 82.725
        ("weighted", parts(("-0.1", "0.25"), ("0", "1")), "-0.03"),  # halves away from zero
        ("mean", parts(("10", "1"), ("0", "1"), ("0", "1")), "3.33"),
        ("mean", parts(("0.01", "1"), ("0", "1")), "0.01"),  # 0.005
        ("mean", [], "0"),
        ("least", parts(("7", "1"), ("-2", "1"), ("0", "1")), "-2"),
        ("least", [], "0"),
    ],
)  # fmt: skip
def test_parts_come_together(combine: Combine, given: Sequence[tuple[Decimal, Decimal]], points: str) -> None:
    assert Frame(combine=combine).raw(given) == Decimal(points)


@pytest.mark.parametrize(
    ("floor", "cap", "further", "points", "held"),
    [
        (None, None, None, "12", "12"),
        (None, "10", None, "12", "10"),
        (None, "10", "8", "12", "8"),
        (None, "8", "10", "12", "8"),
        (None, None, "10", "12", "10"),
        ("0", None, None, "-3", "0"),
        ("-5", "10", None, "-3", "-3"),
        ("5", "10", "3", "4", "5"),  # the least that the notice says stands above general terms
    ],
)  # fmt: skip
def test_points_are_held_within_limits(
    floor: str | None, cap: str | None, further: str | None, points: str, held: str
) -> None:
    limits = [None if each is None else Decimal(each) for each in (floor, cap, further)]
    frame = Frame(floor=limits[0], cap=limits[1])
    assert frame.limited(Decimal(points), limits[2]) == Decimal(held)


def test_formulas_say_the_same() -> None:
    cells = [("A1", Decimal(1)), ("B2:B4", Decimal(1))]
    half = Decimal("0.5")
    assert Frame().formula(cells) == "ROUND(SUM(A1,B2:B4),2)"
    assert Frame(combine="weighted").formula([("A1", half), ("B1", Decimal(1))]) == "ROUND(ROUND(A1*0.5+B1,10),2)"
    assert Frame(combine="mean").formula(cells) == "ROUND(ROUND(AVERAGE(A1,B2:B4),10),2)"
    assert Frame(combine="least").formula(cells) == "MIN(A1,B2:B4)"
    limited = Frame(floor=Decimal(-2), cap=Decimal(8))
    assert limited.formula(cells) == "MAX(MIN(ROUND(SUM(A1,B2:B4),2),8),-2)"
    assert limited.formula(cells, Decimal(5)) == "MAX(MIN(ROUND(SUM(A1,B2:B4),2),5),-2)"


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (Frame(), ""),
        (Frame(combine="weighted", weight=Decimal("0.3")), "按权重相加"),
        (Frame(combine="mean", cap=Decimal("7.5")), "取平均，最多 7.5 分"),
        (Frame(combine="least", floor=Decimal(0)), "取最低，扣完为止"),
        (Frame(floor=Decimal(-5), cap=Decimal(10)), "最多 10 分，最少 -5 分"),
    ],
)
def test_frames_are_said(frame: Frame, words: str) -> None:
    assert frame.words() == words


# ── grades, ceilings, vetoes ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rounding", "units", "seats"),
    [("down", 10, 1), ("half", 10, 2), ("up", 10, 2), ("down", 9, 1), ("half", 9, 1), ("up", 9, 2),
     ("down", 20, 3), ("half", 20, 3), ("up", 20, 3), ("down", 6, 0), ("half", 3, 0), ("up", 1, 1), ("up", 0, 0)],
)  # fmt: skip
def test_a_share_of_the_units_is_rounded_as_the_notice_is_read(rounding: str, units: int, seats: int) -> None:
    assert GradeLevel("优秀", share=Decimal("0.15"), rounding=rounding).seats(units) == seats  # type: ignore[arg-type]


def test_places_and_a_share_together_take_the_fewer() -> None:
    both = GradeLevel("优秀", places=2, share=Decimal("0.5"))
    assert [both.seats(units) for units in (2, 3, 4, 10)] == [1, 1, 2, 2]
    assert GradeLevel("优秀", places=5).seats(2) == 5
    assert GradeLevel("优秀", least=Decimal(90)).seats(10) is None


def test_a_bound_is_included_or_not() -> None:
    least, above = GradeLevel("优", least=Decimal(90)), GradeLevel("优", above=Decimal(90))
    totals = [Decimal(each) for each in ("89.99", "90", "90.01")]
    assert [least.reached(each) for each in totals] == [False, True, True]
    assert [above.reached(each) for each in totals] == [False, False, True]
    assert GradeLevel("差").reached(Decimal(-100))
    assert (least.mark, above.mark, GradeLevel("差").mark) == (90, 90, None)


def test_what_a_grade_takes_and_is_called() -> None:
    asked = GradeLevel("优秀", places=3, share=Decimal("0.15"), least=Decimal("80.5"), called="优秀单位")
    assert asked.terms() == "前 3 名，前 15%，总分 80.5 分以上（含）"
    assert (asked.named, GradeLevel("超额完成", above=Decimal(100)).named) == ("优秀单位", "超额完成等次")
    assert GradeLevel("超额完成", above=Decimal(100)).terms() == "总分高于 100 分"
    assert GradeLevel("未完成").terms() == ""


UNDER = Condition(left="m.actual", compare="<", right="m.target")
SLOW = Condition(left="s.actual", compare=">=", number=Decimal(3))
FEW = Condition(left="m.actual", compare="<", number=Decimal(50))


@pytest.mark.parametrize(
    ("every", "one", "held"),
    [
        ((), (), True), ((UNDER,), (), True), ((UNDER, SLOW), (), False), ((), (UNDER, SLOW), True),
        ((), (SLOW, FEW), False), ((UNDER,), (SLOW, FEW), False), ((UNDER,), (UNDER, SLOW), True),
    ],
)  # fmt: skip
def test_all_conditions_hold_and_one_of_any(
    every: tuple[Condition, ...], one: tuple[Condition, ...], held: bool
) -> None:
    assert Conditions(every, one).holds(figures(m_actual=90, m_target=100, s_actual=0)) is held


def test_conditions_name_their_figures_once_and_are_said() -> None:
    names = {**NAMES, "s.actual": replace(NAMES["m.actual"], title="事故", phrase="事故")}
    test = Conditions((UNDER,), (SLOW, FEW))
    assert test.conditions == (UNDER, SLOW, FEW)
    assert test.figures == ("m.actual", "m.target", "s.actual")
    told = test.words(figures(m_actual=90, m_target=100, s_actual=3), names)
    assert told == "；".join(
        each.words(figures(m_actual=90, m_target=100, s_actual=3), names) for each in (UNDER, SLOW)
    )
    assert test.terms(names) == f"{UNDER.terms(names)}，并且{SLOW.terms(names)}或者{FEW.terms(names)}"
    assert Conditions((UNDER,)).terms(names) == UNDER.terms(names)


def test_points_have_two_decimals_at_most() -> None:
    odd = [points_odd(each) for each in (None, Decimal("1.25"), Decimal("1.250"), Decimal("1.255"))]
    assert odd == [False, False, False, True]


# ── the scheme as a tree ────────────────────────────────────────────────────────────────────────────────

DEEP = (
    section("I"), section("I-1", "I"), section("I-1-a", "I-1"), section("I-2", "I", 'combine = "mean"'),
    section("加", more="cap = 5"),
    item("1", section="I-1-a"), item("2", section="I-1-a"), item("3", section="I-1"), item("4", section="I-2"),
    item("5", section="I-2"), item("6", criterion("6.1", None), section="加"), item("7"),
)  # fmt: skip


@pytest.fixture(scope="module")
def deep() -> Scheme:
    return scheme(*DEEP)


def test_the_outline_goes_down_each_section_items_first(deep: Scheme) -> None:
    assert [(each.depth, each.node.id) for each in deep.outline] == [
        (0, "7"), (0, "I"), (1, "I-1"), (2, "3"), (2, "I-1-a"), (3, "1"), (3, "2"), (1, "I-2"), (2, "4"), (2, "5"),
        (0, "加"), (1, "6"),
    ]  # fmt: skip
    assert [*deep.sections] == ["I", "I-1", "I-1-a", "I-2", "加"]
    assert [each.id for each in deep.tops] == ["I", "加"]
    assert [each.id for each in deep.items] == ["7", "3", "1", "2", "4", "5", "6"]
    assert [*deep.criteria] == ["7.1", "3.1", "1.1", "2.1", "4.1", "5.1", "6.1"]


def test_points_that_are_not_written_come_of_the_parts(deep: Scheme) -> None:
    full = {each.node.id: each.node.points for each in deep.outline}
    tens = dict.fromkeys("1234567", Decimal(10))
    assert full == {**tens, "6": None, "I-1-a": 20, "I-1": 30, "I-2": 10, "I": 40, "加": None}
    assert deep.points == 50
    assert [deep.full_of(node) for node in deep.parts_of("")] == [10, 40, None]
    awards = scheme(item("1", criterion("1.1", None)))
    assert (awards.points, awards.worth(awards.content.whole, "")) == (None, None)


def test_points_of_weighted_means_and_leasts() -> None:
    weighted = scheme(
        '[whole]\ncombine = "weighted"\n', section("甲类", more="weight = 0.3"), section("乙类", more="weight = 0.7"),
        item("1", criterion("1.1", "100"), section="甲类"), item("2", criterion("2.1", "50"), section="乙类"),
        item("3", criterion("3.1", "50"), section="乙类"),
    )  # fmt: skip
    assert weighted.points == 100
    two = (criterion("1.1", "10"), criterion("1.2", "6"))
    assert [scheme(item("1", *two, more=f'combine = "{how}"')).points for how in ("sum", "mean", "least")] == [16, 8, 6]
    assert not weighted.adds_up


def test_what_is_within_flat_and_above(deep: Scheme) -> None:
    assert [each.id for each in deep.within("I")] == ["3", "1", "2", "4", "5"]
    assert [each.id for each in deep.within("")] == [each.id for each in deep.items]
    assert [each.id for each in deep.flat("")] == ["7", "3", "1", "2", "I-2", "加"]
    assert [each.id for each in deep.flat("I-2")] == ["4", "5"]
    assert [deep.top_of(each) for each in deep.items] == ["", "I", "I", "I", "I", "I", "加"]
    assert deep.parts_of("没有") == ()


def test_nothing_within_a_mean_is_put_in_its_place() -> None:
    made = scheme(
        section("A", more='combine = "mean"'), section("B", "A"), item("1", section="B"), item("2", section="A")
    )
    assert [each.id for each in made.flat("A")] == ["2", "B"]
    assert [each.id for each in made.flat("")] == ["A"]


def test_whether_limits_may_take_points_away() -> None:
    held = [
        scheme(item("1")), scheme(item("1", more="cap = 8")), scheme(item("1", more="floor = 0")),
        scheme("[whole]\ncap = 100\n", item("1")), scheme('[policy]\ncap = "total"\n', item("1")),
        scheme(section("A", more="floor = -5"), item("1", section="A")),
        scheme(item("1"), '[[kind]]\nname = "区"\n[kind.change.item."1"]\ncap = 8\n'),
    ]  # fmt: skip
    assert [each.capping for each in held] == [False, True, True, True, True, True, True]


def test_general_terms_limit_items_or_the_whole() -> None:
    parts = (item("1", criterion("1.1", "10"), criterion("1.2", None)), item("2", criterion("2.1", None)))
    none, items, total = (scheme(*parts, f'[policy]\ncap = "{each}"\n') for each in ("none", "item", "total"))
    for made, limits in ((none, [None, None, None]), (items, [10, None, None]), (total, [None, None, 10])):
        assert [made.cap(each) for each in (*made.items, made.content.whole)] == limits


def test_points_add_up_where_every_frame_is_a_sum() -> None:
    two = (criterion("1.1", "10"), criterion("1.2", "10"))
    mean = '[[kind]]\nname = "区"\n[kind.change.item."1"]\ncombine = "mean"\n'
    assert scheme(item("1", *two)).adds_up
    assert not scheme(item("1", *two, more='combine = "mean"')).adds_up
    assert not scheme(item("1", *two), mean).adds_up
    assert not scheme('[whole]\ncombine = "least"\n', item("1"), item("2")).adds_up


def test_units_of_a_kind_have_their_own_terms() -> None:
    made = scheme(
        item("1"), measure("a", "1", "actual"),
        '[[kind]]\nname = "县（市）"\n[kind.change.item."1"]\ncap = 8\n[kind.change.section]\n'
        '[kind.change.criterion."1.1"]\npoints = 6\n[kind.change.measure.a]\nunit = "个"\n',
        kinds={"丁": "县（市）"},
    )  # fmt: skip
    county = made.of("县（市）")
    assert (county is made, made.of("区") is made, county.points, made.points) == (False, True, 6, 10)
    assert (county.content.item[0].cap, county.measures["a"].unit) == (8, "个")


def test_an_option_changes_the_terms_of_a_kind_too() -> None:
    made = scheme(
        item("1", criterion("1.1", "10"), criterion("1.2", "4")),
        '[[kind]]\nname = "区"\n[kind.change.criterion."1.1"]\npoints = 6\n',
        '[[reading]]\nid = "r"\nclause = ""\nquestion = "取平均？"\n[[reading.option]]\nid = "no"\nlabel = "否"\n'
        '[[reading.option]]\nid = "yes"\nlabel = "是"\n[reading.option.change.item."1"]\ncombine = "mean"\n',
    )  # fmt: skip
    assert [under(made, {"r": each}).of("区").points for each in ("no", "yes")] == [10, 5]


def test_an_option_changes_a_section_and_a_measure() -> None:
    made = scheme(
        section("A"), item("1", section="A"), measure("a", "1", "actual"),
        '[[reading]]\nid = "r"\nclause = ""\nquestion = "封顶？"\n[[reading.option]]\nid = "no"\nlabel = "否"\n'
        '[[reading.option]]\nid = "yes"\nlabel = "是"\n[reading.option.change.section.A]\ncap = 5\n'
        '[reading.option.change.measure.a]\nunit = "个"\n',
    )  # fmt: skip
    found = [(each.sections["A"].cap, each.measures["a"].unit) for each in (made, under(made, {"r": "yes"}))]
    assert found == [(None, "家"), (5, "个")]


def test_units_are_ranked_in_their_group() -> None:
    groups = '[[group]]\ntitle = "城区组"\nkinds = ["区"]\n[[group]]\ntitle = "县市组"\nkinds = ["县(市)", "市"]\n'
    made = scheme(item("1"), groups, kinds={"丙": "县（市）", "丁": "市"})
    assert made.groups == ("城区组", "县市组")
    assert [made.group_of(each) for each in made.units] == ["城区组", "城区组", "县市组", "县市组"]
    assert made.group_of(Unit("X", "新", "开发区")) == ""
    alone = scheme(item("1"))
    assert (alone.groups, alone.group_of(alone.units[0])) == (("",), "")


def test_which_criteria_have_a_line_of_their_own() -> None:
    made = scheme(
        item("1"), item("2", criterion("2.1", "5"), criterion("2.2", "5")),
        item("3", criterion("3.1", "5"), criterion("3.2", "5", 'kind = "given"')),
    )  # fmt: skip
    assert [each.id for each in made.claimed] == ["2.1", "2.2", "3.1"]
    assert [made.claim(each) for each in made.criteria.values()] == [
        "1.self",
        "2.1.self",
        "2.2.self",
        "3.1.self",
        "3.2.self",
    ]
    assert [each.judged for each in made.items] == [True, False, False]


def test_what_others_have_to_say_comes_later() -> None:
    made = scheme(
        item(
            "1", criterion("1.1", "5", 'kind = "given"'), criterion("1.2", "5"),
            criterion("1.3", "5", 'kind = "place", left = "a.actual", points = [5]'),
            criterion("1.4", "5", 'kind = "count", counts = [{ figure = "a.actual", each = 1 }], cap = 5'),
        ),
        measure("a", "1", "actual"),
    )  # fmt: skip
    criteria = made.criteria
    assert [made.later([criteria[id]]) for id in criteria] == [True, False, True, False]
    assert made.later(criteria.values())
    assert not made.later([])


def test_no_veto_is_found_where_there_is_none() -> None:
    assert scheme(item("1")).veto_of({}, by_figures=False) == VetoGround("")
    assert scheme(item("1")).finding is None


def test_sections_and_items_are_frames() -> None:
    assert issubclass(Section, Frame)
    assert issubclass(Item, Frame)
    assert Section(id="1", title="甲", weight=Decimal("0.3")).limits == ("sum", Decimal("0.3"), None, None)
