"""Points of a unit: what replaces what, what is not known, and what is said of it."""

from datetime import date
from decimal import Decimal

import any_scheme as any_
import pytest
from msgspec.structs import replace

from kaohe_cli.assess.score import called, earned_words, read_by, rule_points, score
from kaohe_cli.model import Award, Case, Entry, Mark, Veto
from kaohe_cli.points import add
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme


def number(value: object) -> Entry:
    return Entry(Decimal(str(value)))


def a_case(scheme: Scheme, verified: dict[str, Entry] | None = None, awards: dict[str, Award] | None = None,
           **reported: Entry) -> Case:  # fmt: skip
    entries = {name.replace("__", "."): entry for name, entry in reported.items()}
    return Case(scheme.units[0], "received", entries, verified or {}, awards or {})


SALES = {"sales__target": number(2520), "sales__actual": number(2600), "sales__prior": number(2500)}


def test_a_verified_figure_replaces_the_reported_one_in_the_rules_and_not_in_the_self_score() -> None:
    scheme = load()
    found = score(scheme, a_case(scheme, {"sales.actual": number(2500)}, **SALES)).criterion("1.1.1")
    assert (found.points, found.self, found.rule_points) == (0, 4, 0)
    assert found.steps == ("按核定数：全年工业销售产值 2,500 亿元，低于下达目标 2,520 亿元 0.79%，不得分",)


def test_a_verified_figure_that_says_the_same_is_not_mentioned() -> None:
    scheme = load()
    found = score(scheme, a_case(scheme, {"sales.actual": number(2600)}, **SALES)).criterion("1.1.1")
    assert found.steps == ("全年工业销售产值 2,600 亿元，超过下达目标 2,520 亿元 3.17%，得 4 分",)


def test_a_verified_target_counts_for_the_bonus_that_needs_it() -> None:
    scheme = load()
    found = score(scheme, a_case(scheme, {"sales.target": number(2700)}, **SALES)).criterion("1.1.3")
    assert (found.points, found.self) == (0, 2)
    assert found.steps[0].startswith("按核定数：")


def test_a_verified_figure_fills_what_was_not_reported() -> None:
    scheme = load()
    found = score(scheme, a_case(scheme, {"land.actual": number(15)}, land__target=number(14))).criterion("1.2.4")
    assert (found.points, found.self, found.state) == (2, None, "scored")


def test_an_award_replaces_what_the_rule_gives_and_says_why() -> None:
    scheme = load()
    awards = {"1.1.1": Award(Decimal("3.5"), "统计局核减", "综合处")}
    found = score(scheme, a_case(scheme, awards=awards, **SALES)).criterion("1.1.1")
    assert (found.points, found.rule_points, found.self) == (Decimal("3.5"), 4, 4)
    assert found.steps == (
        "全年工业销售产值 2,600 亿元，超过下达目标 2,520 亿元 3.17%，得 4 分",
        "考核调整为 3.5 分：统计局核减",
    )


def test_an_award_settles_what_was_pending() -> None:
    scheme = load()
    found = score(scheme, a_case(scheme, awards={"1.1.1": Award(Decimal(4))})).criterion("1.1.1")
    assert (found.points, found.state, found.rule_points) == (4, "scored", None)
    assert found.steps[-1] == "考核调整为 4 分"


def test_an_award_left_blank_adopts_the_rule() -> None:
    scheme = load()
    found = score(scheme, a_case(scheme, awards={"1.1.1": Award(None, "待议")}, **SALES)).criterion("1.1.1")
    assert (found.points, len(found.steps)) == (4, 1)


def test_no_points_are_awarded_is_not_the_same_as_nothing_awarded() -> None:
    scheme = load()
    none = score(scheme, a_case(scheme)).criterion("1.4.1")
    zero = score(scheme, a_case(scheme, awards={"1.4.1": Award(Decimal(0))})).criterion("1.4.1")
    assert (none.points, none.state) == (None, "pending")
    assert (zero.points, zero.state) == (0, "scored")


@pytest.mark.parametrize(
    ("rule", "award", "step"),
    [
        ("judges = 3", Award(None, "材料不全", marks=(Decimal(8),) * 3), "3 位评委评分，平均 8 分：材料不全"),
        ("judges = 3", Award(None, "", marks=(Decimal(8),) * 3), "3 位评委评分，平均 8 分"),
        ("judges = 3", Award(Decimal(7), "材料不全", marks=(Decimal(8),) * 3), "责任处室评 7 分：材料不全"),
        ("from_unit = true", Award(None, "附证书"), "按单位自评计 5 分：附证书"),
        # there is nothing to give a reason for yet
        ("judges = 3", Award(None, "材料不全", marks=(Decimal(8), None, None)), "待评委评分，评委2、评委3未评"),
        ("least = 0", Award(None, "材料不全"), "待处室评分"),
    ],
)
def test_the_reason_of_a_mark_is_told_whoever_gave_it(rule: str, award: Award, step: str) -> None:
    judged = any_.scheme(any_.item("1", any_.criterion("1.1", "10", f'kind = "judged", {rule}')))
    case = Case(judged.units[0], "received", {"1.self": number(5)}, awards={"1.1": award})
    assert score(judged, case).criterion("1.1").steps == (step,)


def test_the_self_score_of_a_judged_item_is_what_the_unit_typed() -> None:
    scheme = load()
    case = Case(scheme.units[0], "received", {"1.4.self": number("7.5"), "1.5.self": Entry(None, invalid=True)})
    found = score(scheme, case)
    items = {item.id: item for item in found.items}
    assert (items["1.4"].self, items["1.5"].self, items["1.6"].self) == (Decimal("7.5"), None, None)
    assert found.self_total is None


def test_every_missing_figure_is_named_by_how_it_is_missing() -> None:
    scheme = load()
    criterion = scheme.criteria["1.1.3"]
    free = load(readings={"sales.gate": "free"})
    assert rule_points(free, free.criteria["1.1.3"], {}) == (
        None, "pending", ("“工业销售产值·本年实绩”、“工业销售产值·上年实绩”未填报，暂不计分",),
    )  # fmt: skip
    assert rule_points(scheme, criterion, {})[:2] == (None, "no_target")
    wrong = {"sales.actual": Entry(None, invalid=True)}
    assert rule_points(scheme, criterion, wrong) == (
        None, "invalid", ("“工业销售产值·本年实绩”填报有误，待更正，暂不计分",),
    )  # fmt: skip


@pytest.mark.parametrize("value", [Mark.DONE, Mark.NOT_APPLICABLE])
def test_a_word_where_a_number_is_needed_gives_no_points_and_no_fault(value: Mark) -> None:
    scheme = load()
    figures = {"land.actual": Entry(value), "land.target": number(14)}
    assert rule_points(scheme, scheme.criteria["1.2.4"], figures)[:2] == (None, "invalid")


def test_a_number_where_a_word_is_needed() -> None:
    scheme = load()
    assert rule_points(scheme, scheme.criteria["1.2.3"], {"projects.done": number(1)})[:2] == (None, "invalid")


@pytest.mark.parametrize(("basis", "title"), [(5, "万元工业增加值综合能耗"), (4, "万元GDP综合能耗")])
def test_a_unit_is_told_of_its_own_basis(basis: int, title: str) -> None:
    scheme = load()
    names = called(scheme, {"energy.target": number(basis)})
    assert names["energy.actual"].title == title
    assert names["energy.actual"].called == f"{title}实际下降"
    assert names["sales.actual"] == scheme.names["sales.actual"]


def test_a_basis_that_is_not_known_keeps_the_usual_name() -> None:
    scheme = load()
    assert called(scheme, {}) is scheme.names
    assert called(scheme, {"energy.target": number(6)}) is scheme.names


def test_figures_that_decide() -> None:
    scheme = load()
    assert read_by(scheme, scheme.criteria["1.1.3"]) == ("sales.actual", "sales.prior", "sales.target")
    assert read_by(scheme, scheme.criteria["1.1.2"]) == ("sales.actual", "sales.target")
    assert read_by(scheme, scheme.criteria["1.4.1"]) == ()


def test_what_a_value_is_called() -> None:
    criteria = load().criteria
    award, bonus = criteria["1.1.1"], criteria["1.1.2"]
    assert [earned_words(award, Decimal(value)) for value in ("4.00", "0", "-2")] == ["得 4 分", "不得分", "扣 2 分"]
    assert [earned_words(bonus, Decimal(value)) for value in ("0.50", "0")] == ["加 0.5 分", "不加分"]


def test_a_sum_with_something_unknown_is_unknown() -> None:
    assert add([Decimal(1), None, Decimal(2)]) is None
    assert add([Decimal(1), Decimal("2.5")]) == Decimal("3.5")
    assert add([]) == 0


def test_classes_and_totals_are_unknown_apart() -> None:
    scheme = load()
    awards = {id: Award(Decimal(1)) for id, each in scheme.criteria.items() if id.startswith("2.")}
    found = score(scheme, a_case(scheme, awards=awards))
    assert (*(each.points for each in found.sections), found.total, found.bonus) == (None, 11, None, None)


def test_an_unknown_criterion_is_not_silently_nothing() -> None:
    scheme = load()
    with pytest.raises(KeyError):
        score(scheme, a_case(scheme)).criterion("3.1.1")


def everything(scheme: Scheme) -> Case:
    """A unit with all known: bonuses of 8.5, points in full."""
    entries = {name: Entry(Mark.DONE) if name.endswith(".done") else number(100) for name in scheme.figures}
    entries |= {"sales.target": number(2520), "sales.actual": number("2677.5"), "sales.prior": number(2310)}
    entries |= {"invest_large.actual": number(112), "energy.target": number(5), "energy.actual": number("6.3")}
    entries |= {f"{item.id}.self": number(2) for item in scheme.items if item.judged}
    awards = {id: Award(each.points) for id, each in scheme.criteria.items() if each.judged}
    return Case(scheme.units[3], "late", entries, awards=awards, veto=Veto("甲"))


@pytest.mark.parametrize(
    ("cap", "total", "one", "self_total", "first"),
    [
        ("none", "108.5", "64.5", "68.5", "20.5"),
        ("item", "100", "56", "60", "12"),
        ("total", "100", "64.5", "68.5", "20.5"),
    ],
)
def test_a_unit_from_its_items(cap: str, total: str, one: str, self_total: str, first: str) -> None:
    scheme = load(readings={"cap": cap})
    case = everything(scheme)
    found = score(scheme, case)
    assert (found.unit, found.status, found.veto) == (case.unit, "late", Veto("甲"))
    assert (found.total, *(each.points for each in found.sections)) == (Decimal(total), Decimal(one), 44)
    assert found.self_total == Decimal(self_total)
    assert found.items[0].points == found.items[0].self == Decimal(first)
    assert (found.bonus, found.capped) == (Decimal("8.5"), Decimal("108.5") - Decimal(total))
    assert found.items[0].bonus == Decimal("8.5")
    assert found.items[0].capped == Decimal("20.5") - Decimal(first)


@pytest.mark.parametrize(
    ("reading", "filled", "status"),
    [("inclusive", 15, "received"), ("strict", 15, "late"), ("strict", 14, "received"), ("inclusive", 16, "late")],
)
def test_lateness_follows_the_reading_in_force(reading: str, filled: int, status: str) -> None:
    scheme = load(readings={"deadline": reading})
    for was in ("received", "late"):
        case = replace(everything(scheme), status=was, filled=date(2007, 11, filled))
        assert score(scheme, case).status == status
    for was in ("missing", "rejected"):
        assert score(scheme, replace(case, status=was)).status == was
    assert score(scheme, replace(case, status="late", filled=None)).status == "late"


def test_figures_are_told_by_what_they_are_of() -> None:
    scheme = load()
    case = everything(scheme)
    told = {
        period: score(scheme, replace(case, reported={**case.reported, "period": Entry(period)})).criterion("1.2.1")
        for period in ("全年预计", "1—10月累计", "全年实绩", "从未有过")
    }
    said = {period: each.steps[0].partition(" ")[0] for period, each in told.items()}
    assert said == {
        "全年预计": "全年预计工业投资", "1—10月累计": "1—10月工业投资", "全年实绩": "全年工业投资",
        "从未有过": "全年工业投资",
    }  # fmt: skip
    assert len({each.points for each in told.values()}) == 1


def test_a_self_total_is_capped_as_the_total_is() -> None:
    scheme = load(readings={"cap": "total"})
    case = everything(scheme)
    full = {f"{item.id}.self": number(item.points) for item in scheme.items if item.judged}
    found = score(scheme, Case(case.unit, "received", {**case.reported, **full}, awards=case.awards))
    assert found.self_total == 100


def test_what_is_a_bonus_is_marked_as_one_and_nothing_else() -> None:
    scheme = load()
    for case in (everything(scheme), a_case(scheme), a_case(scheme, awards={"1.1.1": Award(Decimal(1))})):
        found = score(scheme, case)
        bonuses = {each.id: each.bonus for item in found.items for each in item.criteria}
        assert bonuses == {id: each.bonus for id, each in scheme.criteria.items()}
        assert all(value is True or value is False for value in bonuses.values())
    assert [id for id, bonus in bonuses.items() if bonus] == ["1.1.2", "1.1.3", "1.1.6"]
