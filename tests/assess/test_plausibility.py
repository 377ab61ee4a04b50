"""What has to be confirmed: each test makes the honest year odd by what its name says and looks for that alone."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.plausibility import Doubt, doubts, points_rest, queries, settings_doubts
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Case, Entry, Mark, Origin, Query, Settings, Unit
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

SCHEME = load()
TOWNSHIPS = Path(__file__).parent.parent / "schemes" / "townships_2015.toml"
CASES = sample_cases(SCHEME)
CODES = {case.unit.name: case.unit.code for case in CASES}
HONEST = doubts(SCHEME, CASES)
SLIP = {"sales.actual": "26775"}  # 萧山区, for 2,677.5


def filled(case: Case, figures: Mapping[str, str | Mark | None]) -> Case:
    """``case`` with other numbers."""
    told = {name: Entry(Decimal(each) if isinstance(each, str) else each) for name, each in figures.items()}
    return replace(case, reported={**case.reported, **told})


def year(unit: str, figures: Mapping[str, str | Mark | None], cases: tuple[Case, ...] = CASES) -> tuple[Case, ...]:
    return tuple(filled(case, figures) if case.unit.name == unit else case for case in cases)


def asked(cases: tuple[Case, ...]) -> list[tuple[str, str, str]]:
    """Code, figure and reason of all that is not asked in the honest year, in any unit."""
    return [
        (each.code, name, each.why)
        for (code, name), found in doubts(SCHEME, cases).items()
        for each in found
        if (code, name) not in HONEST
    ]


def query(cases: tuple[Case, ...], field: str = "sales.actual", unit: str = "萧山区") -> Query:
    (found,) = [each for each in queries(SCHEME, cases) if (each.unit.name, each.field) == (unit, field)]
    return found


ODD: list[tuple[str, str, dict[str, str | Mark | None], list[tuple[str, str, str]]]] = [
    ("a tenth of last year and of the target", "西湖区", {"sales.actual": "26"}, [
        ("KH260", "sales.actual", "只有上年的 12.4%"),
        ("KH266", "sales.actual", "下降 87.6%，14 个单位的中位数是增长 17.2%"),
        ("KH261", "sales.actual", "只有目标的 11.1%"),
        ("KH266", "sales.actual", "相当于目标的 11.1%，14 个单位的中位数是目标的 103.3%"),
    ]),
    ("nought after something", "西湖区", {"sales.actual": "0"}, [
        ("KH260", "sales.actual", "只有上年的 0%"), ("KH261", "sales.actual", "只有目标的 0%"),
    ]),
    ("something after nought", "余杭区", {"sales.prior": "0"}, [
        ("KH260", "sales.prior", "本年实绩大于上年的 0"), ("KH262", "sales.prior", "下达目标大于上年的 0"),
    ]),
    ("a tenth as last year: it is what all pairs have in common", "萧山区", {"sales.prior": "225"}, [
        ("KH260", "sales.prior", "本年实绩是上年的 12 倍"),
        ("KH266", "sales.prior", "本年实绩增长 1,090%，14 个单位的中位数是增长 18.8%"),
        ("KH262", "sales.prior", "下达目标是上年的 11 倍"),
        ("KH266", "sales.prior", "下达目标增长 1,020%，14 个单位的中位数是增长 12.5%"),
    ]),
    ("a tenth as the target", "萧山区", {"sales.target": "252"}, [
        ("KH261", "sales.target", "本年实绩是目标的 11 倍"),
        ("KH266", "sales.target", "本年实绩相当于目标的 1,062.5%，14 个单位的中位数是目标的 104.5%"),
        ("KH262", "sales.target", "只有上年的 11.2%"),
        ("KH266", "sales.target", "下降 88.8%，14 个单位的中位数是增长 12.1%"),
    ]),
    ("last year's figure as the target", "萧山区", {"sales.target": "2250"}, [
        ("KH262", "sales.target", "是上年的 1 倍"),
    ]),
    ("a fall typed as a share of one", "西湖区", {"energy.actual": "0.05"}, [
        ("KH263", "energy.actual", "一般在 1–12% 之间"),
        ("KH261", "energy.actual", "比目标低 4.95 个百分点"),
        ("KH266", "energy.actual", "低 4.95 个百分点，14 个单位的中位数是高 0.4 个百分点"),
    ]),
    ("both typed as shares of one", "西湖区", {"newproduct.prior": "0.155", "newproduct.actual": "0.172"}, [
        ("KH263", "newproduct.prior", "一般在 2–60% 之间"), ("KH263", "newproduct.actual", "一般在 2–60% 之间"),
    ]),
    ("growth that no other unit has, within the bands", "上城区", {"hitech_tax.actual": "0.189"}, [
        ("KH266", "hitech_tax.actual", "低 15.51 个百分点，14 个单位的中位数是高 3.9 个百分点"),
    ]),
    ("a part that is more than the whole", "淳安县", {"invest_large.prior": "5.9", "invest_large.actual": "6.6"}, [
        ("KH264", "invest_large.actual", "大于工业投资"),
    ]),
    ("so was it last year", "富阳市", {"invest_large.prior": "42.01", "invest_large.actual": "47.5"}, [
        ("KH264", "invest_large.prior", "大于工业投资"),
    ]),
    ("the same as last year", "萧山区", {"sales.actual": "2250"}, [("KH265", "sales.actual", "与上年完全相同")]),
    ("a small count that is the same", "淳安县", {"upscale.actual": "9"}, []),
    ("one firm more than two", "下城区", {"clean.actual": "3"}, []),
    ("what was typed into each other's row", "萧山区", {"factory.actual": "66.7", "land.actual": "74.9"}, [
        ("KH272", "factory.actual", "像是与“土地盘活”填反了"), ("KH272", "land.actual", "像是与“标准厂房建设”填反了"),
    ]),
    ("one of two rows is blank", "萧山区", {"factory.actual": "66.7", "land.actual": None}, []),
    ("what is no number", "萧山区", {"sales.prior": None, "sales.target": Mark.NO_TASK}, []),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "figures", "found"), [each[1:] for each in ODD], ids=[each[0] for each in ODD])
def test_what_is_odd_is_asked_and_nothing_else(
    unit: str, figures: dict[str, str | Mark | None], found: list[tuple[str, str, str]]
) -> None:
    assert asked(year(unit, figures)) == found


def test_the_honest_year_has_its_three_oddities_and_no_other() -> None:
    assert set(HONEST) == {
        (CODES["滨江区（高新区）"], "energy.actual"),
        (CODES["淳安县"], "energy.actual"),
        (CODES["下城区"], "land.actual"),
    }
    assert {each.field for each in queries(SCHEME, CASES)} == {"energy.actual", "land.actual"}, "no points, no totals"


def test_a_unit_whose_figure_in_force_was_verified_is_asked_about_that_one() -> None:
    cases = year("萧山区", SLIP)
    right = {"sales.actual": Entry(Decimal("2677.5"))}
    mended = tuple(replace(each, verified=right) if each.unit.name == "萧山区" else each for each in cases)
    assert asked(mended) == []
    odd = {"sales.actual": Entry(Decimal(267750))}
    worse = tuple(replace(each, verified=odd) if each.unit.name == "萧山区" else each for each in CASES)
    assert ("KH260", "sales.actual", "是上年的 119 倍") in asked(worse)
    assert query(worse).value == "267,750"


# ── among the units ─────────────────────────────────────────────────────────────────────────────────────


def test_two_units_whose_figures_were_typed_into_each_others_row() -> None:
    one, other = (dict(case.reported) for case in CASES[3:5])
    one["invest_large.prior"], other["invest_large.prior"] = other["invest_large.prior"], one["invest_large.prior"]
    cases = (*CASES[:3], replace(CASES[3], reported=one), replace(CASES[4], reported=other), *CASES[5:])
    assert asked(cases) == [
        ("KH272", "invest_large.prior", "像是与“西湖区”填反了"),
        ("KH272", "invest_large.prior", "像是与“拱墅区”填反了"),
    ]
    # each unit filled in a form of its own
    for case, held in zip(CASES[3:5], (one, other), strict=True):
        at = Origin(f"{case.unit.name}.xlsx", "指标填报", "D9")
        held["invest_large.prior"] = replace(held["invest_large.prior"], origin=at)
    assert asked(cases) == []


@pytest.mark.parametrize(("count", "compared"), [(7, False), (8, True)])
def test_a_unit_is_told_from_the_others_where_there_are_eight(count: int, compared: bool) -> None:
    cases = year("上城区", {"hitech_tax.actual": "0.189"})[:count]
    found = doubts(SCHEME, cases).get((CODES["上城区"], "hitech_tax.actual"), [])
    assert [each.code for each in found] == (["KH266"] if compared else [])


def test_a_unit_that_has_no_such_figure_is_not_among_the_others() -> None:
    lacking = tuple(filled(case, {"hitech_tax.target": None}) for case in CASES[1:8])
    odd = doubts(SCHEME, (*year("上城区", {"hitech_tax.actual": "0.189"})[:1], *lacking))
    assert (CODES["上城区"], "hitech_tax.actual") not in odd


SUMS = [
    ({"invest.target": "1848"}, "14 个单位合计 2,139.2，是全市 476 的 4.49 倍", "184.80"),
    ({"invest.target": "18.48"}, "14 个单位合计 309.68，是全市 476 的 0.65 倍", "184.80"),
]


@pytest.mark.parametrize(("figures", "why", "instead"), SUMS)
def test_a_sum_beyond_its_bounds_is_asked_of_the_unit_that_it_is_due_to(
    figures: dict[str, str], why: str, instead: str
) -> None:
    found = doubts(SCHEME, year("萧山区", figures))
    assert Doubt("KH267", why, Decimal(instead)) in found[CODES["萧山区"], "invest.target"]
    assert [name for (code, name), held in found.items() if "KH267" in {each.code for each in held}] == [
        "invest.target"
    ]


def test_a_sum_of_some_units_can_be_too_much_and_never_too_little() -> None:
    def summed(cases: tuple[Case, ...]) -> bool:
        return any(each.code == "KH267" for held in doubts(SCHEME, cases).values() for each in held)

    few = year("萧山区", {"invest.target": "18.48"})
    assert summed(few)
    assert not summed(few[:-1])
    assert not summed(year("杭州经济技术开发区", {"invest.target": None}, few))
    assert summed(year("杭州经济技术开发区", {"invest.target": Mark.NO_TASK}, few)), "nothing is still to come from it"
    assert summed(year("萧山区", {"invest.target": "1848"})[:-1])


def test_last_year_is_held_against_what_was_settled_then() -> None:
    settled = {"sales.prior": Decimal(2310), "invest.prior": Decimal(165)}
    cases = tuple(replace(each, last_year=settled) if each.unit.name == "萧山区" else each for each in CASES)
    assert asked(cases) == [("KH271", "sales.prior", "上年考核核定的是 2,310")]
    assert asked(year("萧山区", {"sales.prior": None}, cases)) == []


# ── points ──────────────────────────────────────────────────────────────────────────────────────────────


def test_points_far_above_those_of_the_item_and_a_total_far_from_the_others() -> None:
    found = {each.field: each for each in queries(SCHEME, year("萧山区", SLIP)) if each.unit.name == "萧山区"}
    assert {name: each.codes for name, each in found.items()} == {
        "sales.actual": ("KH260", "KH266", "KH261"), "": ("KH270",), "1.1.3": ("KH268", "KH269"),
    }  # fmt: skip
    assert found["1.1.3"].why == "第 1.1 项得 503 分，是满分 12 分的 41.9 倍；一条加分 490 分，超过“二类目标”的 44 分"
    assert found["1.1.3"].label == "1.1.3 绝对值每增长50亿元"
    assert found[""].why == "总分 582.5 分，14 个单位的中位数是 84.73 分"


def test_points_are_odd_whoever_awarded_them() -> None:
    given = {**CASES[6].awards, "1.1.3": Award(Decimal(60), "口径调整", "王伟")}
    cases = (*CASES[:6], replace(CASES[6], awards=given), *CASES[7:])
    assert query(cases, "1.1.3").codes == ("KH268", "KH269")
    confirmed = replace(cases[6], confirmed={"1.1.3": points_rest(Decimal(60))})
    assert query((*CASES[:6], confirmed, *CASES[7:]), "1.1.3").state == "confirmed"
    other = replace(confirmed, awards={**given, "1.1.3": Award(Decimal(61), "口径调整", "王伟")})
    assert query((*CASES[:6], other, *CASES[7:]), "1.1.3").state == "open"


def test_a_total_is_held_against_no_fewer_than_seven_others() -> None:
    cases = year("萧山区", SLIP)
    assert "KH270" in {code for each in queries(SCHEME, cases[:8]) for code in each.codes}
    assert "KH270" not in {code for each in queries(SCHEME, cases[:7]) for code in each.codes}


# ── the life of a query ─────────────────────────────────────────────────────────────────────────────────


def with_confirmation(cases: tuple[Case, ...], rests: str) -> tuple[Case, ...]:
    held = {"sales.actual": rests}
    return tuple(replace(each, confirmed=held) if each.unit.name == "萧山区" else each for each in cases)


def test_open_answered_confirmed() -> None:
    cases = year("萧山区", SLIP)
    found = query(cases)
    assert (found.state, found.answer, found.value) == ("open", "", "26,775")
    assert found.label == "工业销售产值·本年实绩（亿元）"
    explained = tuple(
        replace(each, reported={**each.reported, "sales.confirm": Entry("并入两家集团")}) for each in cases
    )
    assert (query(explained).state, query(explained).answer) == ("answered", "并入两家集团")
    confirmed = with_confirmation(explained, found.rests)
    assert (query(confirmed).state, query(confirmed).answer) == ("confirmed", "并入两家集团")


@pytest.mark.parametrize("figures", [{"sales.actual": "26776"}, {"sales.prior": "2251"}, {"sales.target": "2521"}])
def test_a_confirmation_belongs_to_its_value_and_to_what_that_was_held_against(figures: dict[str, str]) -> None:
    cases = year("萧山区", SLIP)
    confirmed = with_confirmation(cases, query(cases).rests)
    assert query(confirmed).state == "confirmed"
    assert query(year("萧山区", figures, confirmed)).state == "open"
    assert query(year("萧山区", {"loans.actual": "33"}, confirmed)).state == "confirmed", (
        "what it has nothing to do with"
    )


def test_verified_to_be_what_was_reported_is_confirmed() -> None:
    cases = year("萧山区", SLIP)
    for number, state in (("26775", "confirmed"), ("26775.0", "confirmed"), ("26776", "open")):
        verified = {"sales.actual": Entry(Decimal(number))}
        again = tuple(replace(each, verified=verified) if each.unit.name == "萧山区" else each for each in cases)
        assert query(again).state == state


def test_what_most_rides_on_comes_first_and_totals_after_what_they_are_made_of() -> None:
    found = queries(SCHEME, year("萧山区", SLIP))
    named = [(each.unit.name, each.field) for each in found]
    assert named[:3] == [("萧山区", "sales.actual"), ("萧山区", "1.1.3"), ("滨江区（高新区）", "energy.actual")]
    assert named[-1] == ("萧山区", "")
    assert found == queries(SCHEME, year("萧山区", SLIP), [score(SCHEME, each) for each in year("萧山区", SLIP)])
    points = [each.influence.points for each in found if each.field]
    assert points == sorted(points, reverse=True)


# ── the settings ────────────────────────────────────────────────────────────────────────────────────────


def settings(changes: Mapping[str, str]) -> Settings:
    """The settings of the synthetic year, with other figures for 萧山区."""
    given: dict[str, Mapping[str, Entry]] = {}
    for case in CASES:
        named = dict(case.reported)
        if case.unit.name == "萧山区":
            at = Origin("考核设置.xlsx", "下达目标", "E11")
            named |= {name: Entry(Decimal(each), at) for name, each in changes.items()}
        given[case.unit.code] = {
            name: entry for name, entry in named.items() if name.endswith((".prior", ".target")) and name in ISSUED
        }
    return Settings(tuple(case.unit for case in CASES), given, {}, {}, file="考核设置.xlsx")


ISSUED = {name for name, figure in SCHEME.figures.items() if figure.by in ("office", "either")}


def test_the_settings_are_looked_at_before_a_form_goes_out() -> None:
    assert settings_doubts(SCHEME, settings({})) == ()
    found = settings_doubts(SCHEME, settings({"invest.target": "1848"}))
    assert [(each.code, each.field, each.cell) for each in found] == [
        ("KH262", "invest.target", "E11"), ("KH266", "invest.target", "E11"), ("KH267", "invest.target", "E11"),
    ]  # fmt: skip
    assert found[0].message == "工业投资·下达目标（亿元）填报 1,848，是上年的 11 倍"
    assert (found[0].unit, found[0].file, found[0].sheet) == ("萧山区", "考核设置.xlsx", "下达目标")


# ── whatever stands there ───────────────────────────────────────────────────────────────────────────────

numbers = st.one_of(
    st.none(),
    st.sampled_from(list(Mark)),
    st.sampled_from([Decimal(0), Decimal("-0.5"), Decimal("1E+14"), Decimal("0.000001"), Decimal("0.02")]),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=6),
)
figures = [name for name in SCHEME.figures if not name.endswith(".done")]


@given_that(st.dictionaries(st.sampled_from(figures), numbers), st.booleans())
def test_nothing_that_may_stand_there_breaks_it(changes: Mapping[str, Decimal | Mark | None], invalid: bool) -> None:
    told = {name: Entry(each, invalid=invalid and each is None) for name, each in changes.items()}
    cases = tuple(replace(each, reported={**each.reported, **told}) for each in CASES[:9])
    for each in queries(SCHEME, cases):
        assert each.why
        assert each.influence.points >= 0
    assert doubts(SCHEME, (replace(cases[0], reported=told, status="missing"),)) is not None


def test_every_figure_that_is_asked_about_has_a_number() -> None:
    for (code, name), held in doubts(SCHEME, year("萧山区", SLIP)).items():
        case = next(each for each in CASES if each.unit.code == code)
        assert isinstance(case.settled[name].value, Decimal)
        assert held


@pytest.mark.slow
def test_three_thousand_units_are_looked_at() -> None:
    many = tuple(
        replace(case, unit=Unit(f"{number:03}{case.unit.code}", f"{case.unit.name}{number}", case.unit.kind))
        for number in range(215)
        for case in year("萧山区", SLIP)
    )
    found = [each for each in queries(SCHEME, many) if each.field == "sales.actual"]
    assert len(many) > 3000
    assert len(found) == 215


def _nine_towns() -> tuple[Scheme, tuple[Case, ...]]:
    """Another scheme without bands: nine towns that differ little."""
    scheme = load(str(TOWNSHIPS))
    held = {"deaths.target": "20", "revenue.prior": "100", "revenue.target": "110"}
    return scheme, tuple(
        filled(
            Case(Unit(f"T{number}", f"{number}镇", "镇"), "received", {}),
            {**held, "deaths.actual": str(16 + number % 4), "revenue.actual": str(110 + number)},
        )
        for number in range(9)
    )


def test_where_less_is_better_to_do_far_better_is_asked_too_and_one_more_or_less_is_not() -> None:
    scheme, towns = _nine_towns()
    assert doubts(scheme, towns) == {}
    for deaths, codes in (("14", []), ("2", ["KH261", "KH266"]), ("170", ["KH261", "KH266"])):
        found = doubts(scheme, (filled(towns[0], {"deaths.actual": deaths}), *towns[1:]))
        assert [each.code for each in found.get(("T0", "deaths.actual"), [])] == codes
