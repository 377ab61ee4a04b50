"""Why points were lost: each has its cause, and what was lost for all causes is what the points fall short."""

from decimal import Decimal

import any_scheme
import pytest
from msgspec.structs import replace
from ranking_samples import case, usual
from sample_cases import sample_cases

from kaohe_cli.assess.loss import CAUSE_WORDS, Loss, losses, shortfall, summed, sums_said
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Case, Entry, Incident, Mark, Veto
from kaohe_cli.points import ZERO, plain
from kaohe_cli.scheme.load import load

SCHEME = load()
UNIT = SCHEME.units[0]


def of(held: Case, **readings: str) -> dict[str, list[Loss]]:
    scheme = load(readings=readings) if readings else SCHEME
    found: dict[str, list[Loss]] = {}
    for each in losses(scheme, held, score(scheme, held)):
        found.setdefault(each.criterion, []).append(each)
    return found


def told(found: list[Loss]) -> list[tuple[str, str]]:
    return [(each.cause, "" if each.points is None else plain(each.points)) for each in found]


@pytest.mark.parametrize("readings", [{}, {"no_task": "zero"}, {"no_task": "rescale"}, {"cap": "item"}])
def test_all_causes_together_are_what_the_points_of_every_sample_unit_fall_short(readings: dict[str, str]) -> None:
    scheme = load(readings=readings)
    cases = (*sample_cases(scheme), *usual(scheme))
    assert len(cases) == 28
    for held in cases:
        scored = score(scheme, held)
        criteria = [each for item in scored.items for each in item.criteria if not each.bonus]
        short = sum(((each.full or ZERO) - each.points for each in criteria if each.points is not None), ZERO)
        found = losses(scheme, held, scored)
        assert sum(summed(found).values(), ZERO) == short == sum((shortfall(each) or ZERO for each in criteria), ZERO)
        for each in criteria:
            own = [loss.points for loss in found if loss.criterion == each.id]
            assert None in own or sum((points or ZERO for points in own), ZERO) == (shortfall(each) or ZERO)
        assert all(loss.points is None or loss.points > 0 for loss in found)
        assert all(loss.why for loss in found)


def test_a_rule_that_is_not_met_says_what_was_reached_and_what_it_would_have_taken() -> None:
    (found,) = of(case(SCHEME, UNIT, figures={"invest.actual": Decimal(90)}))["1.2.1"]
    assert (found.cause, found.points) == ("unmet", Decimal(2))
    assert found.why == "全年工业投资 90 亿元，低于下达目标 100 亿元 10%，不得分"
    assert found.wanted == "全年工业投资须不低于 100 亿元，方可得 2 分"
    assert "1.2.1" not in of(case(SCHEME, UNIT))


def test_a_mark_below_full_points_is_judged_with_its_reason_and_the_register_is_told_apart() -> None:
    held = case(SCHEME, UNIT)
    full = SCHEME.criteria["1.4.1"].points
    assert full is not None
    given = Award(full - 2, "材料不全", "综合处")
    assert told(of(replace(held, awards={**held.awards, "1.4.1": given}))["1.4.1"]) == [("judged", "2")]
    assert of(replace(held, awards={**held.awards, "1.4.1": given}))["1.4.1"][0].why == "材料不全"
    noted = replace(given, incidents=(Incident(UNIT.code, "1.4.1", "2007-03-05", "未按时报送", Decimal("-0.5")),))
    found = of(replace(held, awards={**held.awards, "1.4.1": noted}))["1.4.1"]
    assert told(found) == [("judged", "1.5"), ("register", "0.5")]
    assert found[1].why == "2007-03-05 未按时报送，扣 0.5 分"


def test_what_the_office_took_off_what_a_rule_gave_is_told_apart_from_what_the_rule_did_not_give() -> None:
    held = case(SCHEME, UNIT)
    lowered = replace(held, awards={**held.awards, "1.2.1": Award(Decimal("1.5"), "数据存疑")})
    assert told(of(lowered)["1.2.1"]) == [("judged", "0.5")]
    short = case(SCHEME, UNIT, figures={"invest.actual": Decimal(90)})
    raised = replace(short, awards={**short.awards, "1.2.1": Award(Decimal(1), "核查属实")})
    assert told(of(raised)["1.2.1"]) == [("unmet", "1")]
    ruled = "全年工业投资 90 亿元，低于下达目标 100 亿元 10%，不得分"
    assert [each.why for each in of(raised)["1.2.1"]] == [f"{ruled}；考核调整为 1 分：核查属实"]


def test_what_was_not_reported_or_cannot_be_read_is_lacking_and_unknown_is_never_0() -> None:
    held = case(SCHEME, UNIT)
    for entry in (None, Entry(None), Entry(None, invalid=True)):
        reported = {name: each for name, each in held.reported.items() if name != "invest.actual"}
        reported |= {"invest.actual": entry} if entry else {}
        (found,) = of(replace(held, reported=reported))["1.2.1"]
        assert (found.cause, found.points) == ("lacking", None)
        assert "工业投资" in found.why
    # the office decided what comes of it
    reported.pop("invest.actual", None)
    given = replace(held, reported=reported, awards={**held.awards, "1.2.1": Award(ZERO, "没有报送")})
    assert told(of(given)["1.2.1"]) == [("lacking", "2")]


def test_what_others_have_to_do_first_is_no_loss_of_the_unit() -> None:
    held = case(SCHEME, UNIT, pending=["1.4.1"])
    assert "1.4.1" not in of(held)
    reported = {name: each for name, each in held.reported.items() if name != "invest.target"}
    assert "1.2.1" not in of(replace(held, reported=reported))


def test_of_a_unit_without_a_return_all_is_lacking() -> None:
    found = of(case(SCHEME, UNIT, status="missing", pending=[*SCHEME.criteria]))
    assert {each.cause for own in found.values() for each in own} == {"lacking"}
    judged = {id for id, each in SCHEME.criteria.items() if each.judged or each.bonus}
    assert found.keys() == SCHEME.criteria.keys() - judged


def test_a_task_that_there_is_not_is_no_shortfall_to_be_put_right() -> None:
    held = case(SCHEME, UNIT, figures={"land.target": Mark.NO_TASK})
    assert "1.2.4" not in of(held)
    assert told(of(held, no_task="zero")["1.2.4"]) == [("no_task", "2")]


def test_bonuses_caps_and_a_veto_are_none_of_it() -> None:
    held = case(SCHEME, UNIT, growth=100)
    assert of(held) == of(held, cap="item") == of(replace(held, veto=Veto("市纪委", "1 号", "2007-12-10")))
    assert not {id for id in of(case(SCHEME, UNIT)) if SCHEME.criteria[id].bonus}


def test_points_that_are_taken_off_without_full_points_are_lost() -> None:
    panel = any_scheme.scheme(any_scheme.item("1", any_scheme.criterion("1.1", "0", 'kind = "given", least = -10')))
    held = replace(any_scheme.case(panel.units[0]), awards={"1.1": Award(Decimal(-3), "迟报")})
    (found,) = losses(panel, held, score(panel, held))
    assert (found.cause, found.points, found.why) == ("judged", Decimal(3), "迟报")


def test_sums_are_said_by_cause_in_one_order() -> None:
    found = [
        Loss("1", "judged", Decimal("4.5"), ""),
        Loss("2", "unmet", Decimal(8), ""),
        Loss("3", "lacking", None, ""),
    ]
    assert sums_said(found) == "未达到要求 8.00 分、评定扣分 4.50 分"
    assert [*CAUSE_WORDS][:2] == ["unmet", "lacking"]
