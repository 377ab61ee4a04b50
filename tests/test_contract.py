"""What ``--json`` says of points: what is full in force, bonuses and what a cap took away, apart and adding up."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.commands import contract
from kaohe_cli.model import Entry
from kaohe_cli.scheme.load import load


def told(**readings: str) -> list[dict[str, Any]]:
    scheme = load(readings=readings)
    cases = sample_cases(scheme)
    ranked = contract.ranking(scheme, rank(scheme, [score(scheme, case) for case in cases]), ())
    return list(ranked["units"])


@pytest.mark.parametrize("cap", ["none", "item", "total"])
@pytest.mark.parametrize("no_task", ["full", "zero", "rescale"])
def test_points_bonuses_and_caps_add_up(cap: str, no_task: str) -> None:
    capped = 0
    for unit in told(cap=cap, no_task=no_task):
        base = Decimal(0)
        for item in unit["items"]:
            own = sum(each["points"] for each in item["criteria"] if not each["bonus"])
            assert own + item["bonus"] - item["capped"] == item["points"] == item["exam"]
            assert sum(each["full"] for each in item["criteria"] if not each["bonus"]) == item["full"]
            base += own
        assert unit["bonus"] == sum(item["bonus"] for item in unit["items"])
        assert base + unit["bonus"] - unit["capped"] == unit["total"]
        assert unit["capped"] >= 0
        capped += unit["capped"] > 0
    assert (capped > 0) == (cap != "none")


def test_full_points_are_those_in_force() -> None:
    unit = next(each for each in told(no_task="rescale") if each["code"] == "330102")
    full = {each["id"]: each["full"] for item in unit["items"] for each in item["criteria"]}
    assert [full[f"1.2.{number}"] for number in range(1, 6)] == [Decimal("2.5")] * 3 + [0, Decimal("2.5")]
    assert (full["1.1.2"], full["1.1.3"], full["1.1.6"]) == (1, None, 2)
    assert {item["id"]: item["full"] for item in unit["items"]}["1.2"] == 10


def test_a_bonus_is_known_before_the_total_is() -> None:
    scheme = load()
    (first, *_) = sample_cases(scheme)
    unknown = contract.ranking(scheme, rank(scheme, [score(scheme, replace(first, awards={}))]), ())["units"][0]
    assert unknown["total"] is None
    assert unknown["capped"] is None
    assert unknown["bonus"] == 0
    assert all(item["full"] is not None for item in unknown["items"])


def test_what_the_office_has_to_decide_is_pending_for_a_program() -> None:
    scheme = load()
    (first, *_) = sample_cases(scheme)
    nothing = {**first.reported, "invest_large.prior": Entry(Decimal(0))}
    found = contract.scores(scheme, [first], {first.unit.code: score(scheme, replace(first, reported=nothing))})
    held = next(each for each in found["units"][0]["items"][0]["criteria"] if each["id"] == "1.1.4")
    assert (held["points"], held["state"], held["full"]) == (None, "pending", 4)
