"""What a ranking asks the office to look at."""

from decimal import Decimal

import ranking_samples as samples
from msgspec.structs import replace

from kaohe_cli.assess.review import review, unsettled
from kaohe_cli.model import Case, Entry, Veto
from kaohe_cli.scheme.load import load


def found(cases: list[Case], **readings: str) -> list[tuple[str, str]]:
    scheme = load(readings=readings)
    return [(each.code, each.unit) for each in review(scheme, samples.ranked(scheme, cases))]


def units(*shares: str, veto: int | None = None) -> list[Case]:
    scheme = load()
    return [
        samples.case(scheme, unit, share=share, veto=Veto("市纪委") if index == veto else None)
        for index, (unit, share) in enumerate(zip(scheme.units, shares, strict=False))
    ]


def test_a_common_ranking_asks_nothing() -> None:
    assert found(units("0.95", "0.94", "0.93", "0.9")) == []


def test_units_without_a_total_make_it_provisional() -> None:
    codes = found(samples.pending())
    assert codes[0] == ("KH401", "")
    assert [code for code, _ in codes[1:]] == ["KH402"] * 14


def test_a_ranking_open_for_other_reasons() -> None:
    scheme = load()
    ranking = replace(samples.ranked(scheme, units("0.95", "0.94", "0.93")), final=False)
    assert [each.code for each in review(scheme, ranking)] == ["KH408"]


def test_excellent_below_the_pass_mark() -> None:
    low = units("0.95", "0.94", "0.3", "0.2")
    assert found(low) == [("KH403", low[2].unit.name)]
    assert found(low, excellent="also_pass") == [("KH405", "")]


def test_a_tie_at_the_last_place_makes_too_many() -> None:
    assert found(units("0.95", "0.94", "0.93", "0.93")) == [("KH404", "")]
    assert found(units("0.95", "0.95", "0.93", "0.9")) == []


def test_a_veto_among_the_first() -> None:
    cases = units("0.95", "0.94", "0.93", "0.9", veto=1)
    assert found(cases) == [("KH406", cases[1].unit.name)]
    assert found(cases, veto="vacant") == [("KH405", ""), ("KH406", cases[1].unit.name)]
    assert found(units("0.95", "0.94", "0.93", "0.9", veto=3)) == []


def test_totals_beyond_the_full_points() -> None:
    scheme = load()
    cases = units("0.95", "0.94", "0.93")
    cases[0] = samples.case(scheme, scheme.units[0], share="1", growth=50)
    assert found(cases) == [("KH407", cases[0].unit.name)]
    assert found(cases, cap="total") == []
    (said,) = review(scheme, samples.ranked(scheme, cases))
    assert Decimal(said.found) == 102
    assert "超过满分 100 分，其中加分 2.00 分" in said.message


def test_points_that_rest_on_figures_that_nobody_settled() -> None:
    scheme, cases = load(), units("0.95", "0.94", "0.93", "0.9", "0.9")
    unsaid = unsettled(scheme, cases)  # nobody says what they are of
    assert [each.message for each in unsaid] == [
        "5 个单位的得分依据未注明口径的数，尚未核定：上城区、下城区、江干区、拱墅区、西湖区"
    ]
    assert unsettled(scheme, samples.pending()[-1:]) == ()  # nothing was reported

    def of(case: Case, period: str) -> Case:
        return replace(case, reported={**case.reported, "period": Entry(period)})

    told = [
        of(each, period)
        for each, period in zip(cases, ("全年预计", "全年实绩", "1—10月累计", "全年预计"), strict=False)
    ]
    scoring = [name for name in scheme.scoring if name.endswith(".actual")]
    settled = replace(told[3], verified={name: told[3].reported[name] for name in scoring})
    found = unsettled(scheme, [*told[:3], settled])
    assert [(each.code, each.severity, each.message) for each in found] == [
        ("KH409", "warning", "1 个单位的得分依据全年预计数，尚未核定：上城区"),
        ("KH409", "warning", "1 个单位的得分依据1—10月累计数，尚未核定：江干区"),
    ]
    # a word that the scheme does not know proves nothing
    assert [each.found for each in unsettled(scheme, [of(told[1], "快报")])] == ["快报数"]
    partly = replace(told[0], verified={name: told[0].reported[name] for name in scoring[1:]})
    assert len(unsettled(scheme, [partly])) == 1
    assert unsettled(load("tests/schemes/townships_2015.toml"), told) == ()
