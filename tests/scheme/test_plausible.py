"""What a figure may be expected to be: edges, slack, what holds where a scheme says nothing, words."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st

from kaohe_cli.points import DECIMALS
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.plausible import (
    COUNTED,
    MANY,
    USUAL,
    Against,
    Expectation,
    ExpectationKind,
    NotSame,
    PartOf,
    Within,
)
from kaohe_cli.scheme.scheme import Scheme

SCHEME = load()
TOWNSHIPS = load(str(Path(__file__).parent.parent / "schemes" / "townships_2015.toml"))
MILLIONTH = Decimal(1).scaleb(-DECIMALS)


def expected(scheme: Scheme, measure: str, kind: ExpectationKind, figure: str = "") -> Expectation:
    (found,) = [
        each
        for each in scheme.expectations[measure]
        if each.kind == kind and (not figure or each.figures[0] == f"{measure}.{figure}")
    ]
    return found


def met(scheme: Scheme, measure: str, kind: ExpectationKind, *numbers: str | Decimal) -> bool:
    """Whether figures meet what is expected of them; its own figure first."""
    each = expected(scheme, measure, kind)
    return each.met(dict(zip(each.figures, map(Decimal, numbers), strict=True)))


def words(scheme: Scheme, measure: str, kind: ExpectationKind, *numbers: str, figure: str = "") -> str:
    each = expected(scheme, measure, kind, figure)
    return each.words(dict(zip(each.figures, map(Decimal, numbers), strict=True)), scheme.names)


# measure, kind, what it is held against, least and most that are no query
EDGES: list[tuple[str, ExpectationKind, str, str, str]] = [
    ("sales", "growth", "200", "180", "280"),
    ("sales", "target", "200", "170", "250"),
    ("sales", "plan", "200", "204", "260"),
    ("newproduct", "growth", "20", "15", "25"),
    ("energy", "target", "5", "2", "9"),
    ("hitech_sales", "target", "-4", "-14", "16"),
]


@pytest.mark.parametrize(("measure", "kind", "base", "least", "most"), EDGES)
def test_the_edges_belong_to_it_and_a_millionth_beside_does_not(
    measure: str, kind: ExpectationKind, base: str, least: str, most: str
) -> None:
    for edge, out in ((Decimal(least), -MILLIONTH), (Decimal(most), MILLIONTH)):
        assert met(SCHEME, measure, kind, edge, base)
        assert not met(SCHEME, measure, kind, edge + out, base)
        assert met(SCHEME, measure, kind, edge - out, base)
        each = expected(SCHEME, measure, kind)
        assert each.edge(dict(zip(each.figures, (edge + out, Decimal(base)), strict=True))) == edge


def test_a_range_holds_for_every_figure_of_its_measure() -> None:
    for name in ("prior", "actual"):
        each = expected(SCHEME, "benefit", "range", name)
        for number, good in (("80", True), ("79.999999", False), ("600", True), ("600.000001", False)):
            assert each.met({f"benefit.{name}": Decimal(number)}) == good
        assert each.edge({f"benefit.{name}": Decimal(1000)}) == 600


@pytest.mark.parametrize(
    ("measure", "base", "least", "most"),
    [
        # where a scheme says nothing: a third to three times, and always five more or less
        (TOWNSHIPS.measures["deaths"].id, "2", "0", "7"),
        (TOWNSHIPS.measures["deaths"].id, "20", "6", "60"),
        (TOWNSHIPS.measures["deaths"].id, "0", "0", "5"),
    ],
)
def test_a_count_may_always_differ_by_a_few(measure: str, base: str, least: str, most: str) -> None:
    assert met(TOWNSHIPS, measure, "target", least, base)
    assert met(TOWNSHIPS, measure, "target", most, base)
    assert not met(TOWNSHIPS, measure, "target", Decimal(most) + 1, base)
    assert least == "0" or not met(TOWNSHIPS, measure, "target", Decimal(least) - 1, base)


def test_the_slack_of_the_scheme_comes_before_the_usual_one() -> None:
    assert expected(SCHEME, "clean", "target").slack == 1  # type: ignore[union-attr]
    assert met(SCHEME, "clean", "target", "1", "2")
    assert met(SCHEME, "clean", "target", "2", "1")
    assert not met(SCHEME, "clean", "target", "4", "2")
    assert expected(SCHEME, "kilns", "target").slack == COUNTED  # type: ignore[union-attr]
    assert expected(SCHEME, "sales", "plan").slack == 0  # type: ignore[union-attr]
    assert not met(SCHEME, "sales", "plan", "200", "200"), "a slack of nought excuses nothing"


def test_a_base_of_nought_and_below() -> None:
    assert met(SCHEME, "sales", "growth", "0", "0")
    assert not met(SCHEME, "sales", "growth", "0.01", "0")
    assert met(SCHEME, "sales", "growth", "100", "-1"), "of a multiple of less than nought nothing can be said"
    assert met(SCHEME, "upscale", "growth", "5", "0")
    assert not met(SCHEME, "upscale", "growth", "6", "0")


def test_what_holds_where_a_scheme_says_nothing_by_kind() -> None:
    found = {
        (each.figures, (each.least, each.most))
        for measure in ("revenue", "power", "deaths")
        for each in TOWNSHIPS.expectations[measure]
        if isinstance(each, Against)
    }
    assert found == {
        (("revenue.actual", "revenue.prior"), USUAL["amount"]["growth"]),
        (("revenue.actual", "revenue.target"), USUAL["amount"]["target"]),
        (("revenue.target", "revenue.prior"), USUAL["amount"]["plan"]),
        (("power.actual", "power.prior"), USUAL["amount"]["growth"]),
        (("deaths.actual", "deaths.target"), USUAL["count"]["target"]),
    }
    # of itself a part may be any part, and one figure alone any number
    assert [each.kind for each in TOWNSHIPS.expectations["petitions"]] == []
    assert [each.kind for each in TOWNSHIPS.expectations["launched"]] == []
    assert [each.kind for each in TOWNSHIPS.expectations["park"]] == []
    assert [each.kind for each in TOWNSHIPS.expectations["revenue"]] == ["growth", "target", "plan", "same"]


def test_a_percentage_below_one_is_odd_where_it_cannot_fall_below_nought(tmp_path: Path) -> None:
    text = Path(__file__).parent.parent.joinpath("schemes", "townships_2015.toml").read_text("utf-8")
    rate = text.replace('unit = "千瓦时/万元"', 'unit = "%"').replace(
        'prior = { by = "either", min = 0, max = 100000 }', 'prior = { by = "either", min = 0, max = 100 }'
    )
    assert rate != text
    for least, most, span in (("0", "80", (1, 80)), ("-100", "80", None)):
        file = tmp_path / f"{least}.toml"
        file.write_text(
            rate.replace("actual = { min = 0, max = 100000 }", f"actual = {{ min = {least}, max = {most} }}", 1),
            "utf-8",
        )
        found = load(str(file)).expectations["power"]
        within = [each for each in found if isinstance(each, Within)]
        assert [(each.least, each.most) for each in within] == ([span] * 2 if span else [])
        assert [(each.least, each.most) for each in found if isinstance(each, Against)] == [USUAL["percent"]["growth"]]
        assert not any(isinstance(each, NotSame) for each in found), "a rate is often the same"


def test_a_part_is_held_against_its_whole_figure_by_figure() -> None:
    parts = [each for each in SCHEME.expectations["tech"] if isinstance(each, PartOf)]
    assert [each.figures for each in parts] == [
        ("tech.prior", "invest.prior"), ("tech.target", "invest.target"), ("tech.actual", "invest.actual"),
    ]  # fmt: skip
    large = [each for each in SCHEME.expectations["invest_large"] if isinstance(each, PartOf)]
    assert [each.figure for each in large] == ["invest_large.prior", "invest_large.actual"], "it has no target"
    for number, good in (("10", True), ("10.000001", False), ("9.999999", True)):
        assert parts[0].met({"tech.prior": Decimal(number), "invest.prior": Decimal(10)}) == good
    assert parts[0].edge({"tech.prior": Decimal(11), "invest.prior": Decimal(10)}) == 10


def test_the_same_again() -> None:
    assert not met(SCHEME, "sales", "same", "200", "200")
    assert met(SCHEME, "sales", "same", "200.000001", "200")
    assert met(SCHEME, "sales", "same", "0", "0")
    assert met(SCHEME, "upscale", "same", MANY, MANY), "a count that is not large is often the same"
    assert not met(SCHEME, "upscale", "same", MANY + 1, MANY + 1)


WORDS: list[tuple[str, ExpectationKind, str, tuple[str, ...], str]] = [
    ("sales", "growth", "", ("26775", "2250"), "是上年的 12 倍"),
    ("sales", "growth", "", ("3150.1", "2250"), "是上年的 1.4 倍"),
    ("sales", "growth", "", ("2250", "2250"), "是上年的 1 倍"),
    ("sales", "growth", "", ("225", "2250"), "只有上年的 10%"),
    ("sales", "growth", "", ("225", "0"), "大于上年的 0"),
    ("sales", "target", "", ("3", "2520"), "只有目标的 0.1%"),
    ("sales", "plan", "", ("225000", "225"), "是上年的 1000 倍"),
    ("energy", "target", "", ("10.5", "5"), "比目标高 5.5 个百分点"),
    ("energy", "target", "", ("-5", "5"), "比目标低 10 个百分点"),
    ("newproduct", "growth", "", ("0.219", "20"), "比上年低 19.781 个百分点"),
    ("energy", "range", "actual", ("0.9",), "一般在 1–12% 之间"),
    ("hitech_sales", "range", "target", ("90",), "一般在 -20 至 60% 之间"),
    ("factory", "range", "actual", ("749",), "一般在 0–120 之间"),
    ("tech", "part", "actual", ("380", "350"), "大于工业投资"),
    ("sales", "same", "", ("2250", "2250"), "与上年完全相同"),
]


@pytest.mark.parametrize(("measure", "kind", "figure", "numbers", "said"), WORDS, ids=[each[4] for each in WORDS])
def test_words(measure: str, kind: ExpectationKind, figure: str, numbers: tuple[str, ...], said: str) -> None:
    assert words(SCHEME, measure, kind, *numbers, figure=figure) == said


figures = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=DECIMALS)


@given_that(st.sampled_from([each for held in SCHEME.expectations.values() for each in held]), figures, figures)
def test_what_is_beyond_it_has_words_and_an_edge_that_is_not(each: Expectation, value: Decimal, other: Decimal) -> None:
    numbers = dict(zip(each.figures, (value, other), strict=False))
    if not each.met(numbers):
        assert each.words(numbers, SCHEME.names)
        assert each.met({**numbers, each.figures[0]: each.edge(numbers)}) != isinstance(each, NotSame)
