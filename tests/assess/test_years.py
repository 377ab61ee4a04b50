"""Random years: the same for the same seed, within all limits, and within the bands that they are drawn from."""

from decimal import Decimal

import pytest

from kaohe_cli.assess.check import check_case
from kaohe_cli.assess.plausibility import doubts
from kaohe_cli.assess.years import draw
from kaohe_cli.model import Entry, Mark, Settings
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

SCHEMES = [load(), load("tests/schemes/townships_2015.toml")]
AMONG = ("KH266", "KH267", "KH272", "KH265")  # what is held against other units, or may well be so by chance


def nothing(scheme: Scheme) -> Settings:
    return Settings(scheme.units, {}, {}, {})


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda each: each.id)
def test_a_year_is_within_its_limits_and_bands(scheme: Scheme) -> None:
    settings = nothing(scheme)
    counted = 0
    for year in range(10):
        cases = draw(scheme, settings, f"7 {year}")
        for case in cases:
            _, problems = check_case(scheme, settings, case)
            beyond = [each for each in problems if each.code in ("KH103", "KH111", "KH112", "KH126")]
            assert beyond == []
            counted += sum(isinstance(each.value, Decimal) for each in case.reported.values())
        odd = [each.code for found in doubts(scheme, cases).values() for each in found if each.code not in AMONG]
        assert odd == []
    assert counted > 200


def test_the_same_seed_gives_the_same_year_and_another_gives_another() -> None:
    scheme = SCHEMES[0]
    first, again, other = (draw(scheme, nothing(scheme), seed) for seed in ("1", "1", "2"))
    assert first == again
    assert first != other
    # and so it does wherever it runs
    assert first[0].reported["sales.target"].value == Decimal("280.70")


def test_what_the_settings_give_stands() -> None:
    scheme = SCHEMES[0]
    code = scheme.units[0].code
    given = {code: {"sales.target": Entry(Mark.NO_TASK), "invest.target": Entry(Decimal(20))}}
    case, *_ = draw(scheme, Settings(scheme.units[:2], given, {}, {}), "1")
    assert case.reported["sales.target"].value is Mark.NO_TASK
    assert case.reported["invest.target"].value == 20


def test_edges_and_thresholds_come_up() -> None:
    scheme = SCHEMES[0]
    cases = [case for year in range(10) for case in draw(scheme, nothing(scheme), f"{year}")]
    pairs = [(each.reported["sales.actual"].value, each.reported["sales.target"].value) for each in cases]
    exact = sum(actual == target for actual, target in pairs)
    assert exact > 5, "a target that is just met decides as often as any"
    least = {"区": Decimal(2), "开发区": Decimal(2), "县（市）": Decimal(1)}  # three points below what is asked
    low = sum(each.reported["energy.actual"].value == least[each.unit.kind] for each in cases)
    assert low > 1, "the edge of the band"
