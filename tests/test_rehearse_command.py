"""``kaohe scheme rehearse``: the same figures for people and programs, whatever the scheme."""

from decimal import Decimal

import pytest
from command import kaohe
from msgspec.structs import replace
from ranking_samples import case, ranked

from kaohe_cli.assess import rehearsal
from kaohe_cli.extent import width
from kaohe_cli.model import Settings
from kaohe_cli.scheme.load import load

pytestmark = pytest.mark.slow

FEW = ("scheme", "rehearse", "--years", "12")


def test_it_tells_what_a_scheme_does() -> None:
    ran = kaohe(*FEW)
    assert ran.code == 0
    assert "1.1.3 绝对值每增长50亿元：最多得到" in ran.out
    assert "试算 12 个年度，每年 14 个单位" in ran.out
    assert "前 3 名有并列而超出名额的" in ran.out
    assert "2.11 企业信用体系" in ran.out
    assert kaohe(*FEW).out == ran.out
    assert kaohe(*FEW, "--seed", "8").out != ran.out


def test_programs_get_the_same() -> None:
    told = kaohe(*FEW, "--json").json
    assert (told["scheme"], told["years"], told["seed"], told["units"]) == ("hangzhou_2007", 12, 2007, 14)
    total, *rest = told["reach"]
    assert (total["id"], total["title"], total["full"]) == (None, "总分", 100)
    assert total["least"] < total["middle"] < total["most"]
    assert len(rest) == 2 + 17
    assert [each["id"] for each in told["unbounded"]] == ["1.1.3"]
    assert told["passing"]["least"] <= told["passing"]["mean"] <= told["passing"]["most"] <= 14
    assert told["problems"] == []
    assert len(told["readings"]) == 20
    grades = [each["grades"] for each in told["readings"]]
    assert grades == sorted(grades, reverse=True)
    assert max(each["years"] for each in told["readings"]) <= 12


def test_another_scheme_and_settings_of_an_office() -> None:
    ran = kaohe("scheme", "rehearse", "tests/schemes/townships_2015.toml", "--years", "5")
    assert ran.code == 0
    assert "A1 财政收入" in ran.out
    given = kaohe("scheme", "rehearse", "--settings", "samples/考核设置.xlsx", "--years", "5", "--json")
    assert given.code == 0
    assert given.json["units"] == 14


@pytest.mark.parametrize("wrong", [("--years", "0"), ("没有这个方案",), ("--years", "很多")])
def test_wrong_use_is_explained(wrong: tuple[str, ...]) -> None:
    assert kaohe("scheme", "rehearse", *wrong).code == 2


def test_no_line_is_wider_than_a_terminal() -> None:
    table = [line for line in kaohe(*FEW).out.splitlines() if line.endswith("0")]
    assert len(table) > 15
    assert max(map(width, table)) <= 80


def test_counts_are_those_of_the_years_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two years worked out by hand: three units tie for the third place in the one, in the other nobody does."""
    scheme = load()
    units = scheme.units[:5]
    shares = {"1 0": ("0.98", "0.95", "0.9", "0.9", "0.5"), "1 1": ("0.98", "0.95", "0.9", "0.8", "0.7")}
    years = {
        seed: tuple(case(scheme, unit, share=share) for unit, share in zip(units, held, strict=True))
        for seed, held in shares.items()
    }
    monkeypatch.setattr(rehearsal, "draw", lambda scheme, settings, seed: years[seed])
    found = rehearsal.rehearse(scheme, Settings(units, {}, {}, {}), 2, 1)
    assert found.shared == 1
    totals = [each.score.total for cases in years.values() for each in ranked(scheme, cases).units]
    passed = [sum((each.score.total or 0) >= 80 for each in ranked(scheme, cases).units) for cases in years.values()]
    assert found.passing == (min(passed), Decimal(sum(passed)) / 2, max(passed))
    assert (found.reach[0].least, found.reach[0].most) == (min(filter(None, totals)), max(filter(None, totals)))
    alike = {each.id: (each.points, each.share) for each in found.alike}
    assert alike["1.1.1"] == (4, 1), "everybody met the target in both years"
    (unbounded,) = found.unbounded
    assert (unbounded.id, unbounded.most) == ("1.1.3", 0)
    one = replace(years["1 0"][0], awards={})
    monkeypatch.setattr(rehearsal, "draw", lambda scheme, settings, seed: (one, *years["1 0"][1:]))
    assert rehearsal.rehearse(scheme, Settings(units, {}, {}, {}), 1, 1).reach[0].most < 100, "what is open is left out"
