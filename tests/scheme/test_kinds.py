"""The rule kinds that are worked out from figures, beyond conditions and steps: worked out by hand, and in words."""

import random
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import msgspec
import pytest
from test_rule import NAMES, figures

from kaohe_cli.points import half_up
from kaohe_cli.scheme.condition import Figures, Named
from kaohe_cli.scheme.rule import Band, Count, Linear, Peer, Placing, Rule, Step, Worked
from kaohe_cli.scheme.rule.count import Counted
from kaohe_cli.scheme.rule.share import Point, Threshold
from kaohe_cli.scheme.rule.subject import Subject, compared

SAID = {
    **NAMES,
    "g.actual": Named("标准", "国家级", "项", True, "国家级标准"),
    "p.actual": Named("标准", "省级", "项", True, "省级标准"),
    "s.actual": Named("事故", "本年实绩", "起", True, "生产安全事故"),
}


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def count(*counts: tuple[str, str], start: str = "0", least: str | None = None, most: str | None = None) -> Count:
    made = tuple(Counted(f"{name}.actual", Decimal(each)) for name, each in counts)
    return Count(made, Decimal(start), number(least), number(most))


def line(
    *marks: str, left: str = "m.actual", right: str | None = "m.target", least: str | None = None,
    most: str | None = None,
) -> Linear:  # fmt: skip
    at, low, upper, high = map(Decimal, marks)
    return Linear(
        left=left, right=right, low=Point(at, low), high=Point(upper, high), floor=number(least), cap=number(most)
    )


def band(
    marks: Iterable[tuple[str, str]], below: tuple[str, str] | None = None, *, left: str = "m.actual",
    right: str | None = "m.target", falling: bool = False, strict: bool = False,
) -> Band:  # fmt: skip
    made = tuple(Threshold(at=Decimal(at), points=Decimal(points), strict=strict) for at, points in marks)
    last = below and Point(Decimal(below[0]), Decimal(below[1]))
    return Band(left=left, right=right, marks=made, below=last, falling=falling)


def percent(left: str, right: str, step: str, each: str, how: str, **more: str) -> Step:
    limits = {name: Decimal(value) for name, value in more.items()}
    return Step(left=left, right=right, step=Decimal(step), each=Decimal(each), count=how, percent=True, **limits)  # type: ignore[arg-type]


def placing(*points: str, right: str | None = None, low_first: bool = False, **more: str) -> Placing:
    limits = {name: Decimal(value) for name, value in more.items()}
    return Placing(left="m.actual", right=right, low_first=low_first, points=tuple(map(Decimal, points)), **limits)  # type: ignore[arg-type]


def peer(
    against: str, high: str, low: str = "0", *, right: str | None = None, falling: bool = False, same: str | None = None
) -> Peer:
    return Peer(
        left="m.actual", right=right, against=against, high=Decimal(high), low=Decimal(low), falling=falling,
        same=number(same),
    )  # type: ignore[arg-type]  # fmt: skip


def among(subject: Subject, own: str, *others: str) -> Figures:
    """The figures of the unit that has ``own`` beside units that have ``others``, all with a target of 100."""
    units = {code: figures(m_actual=value, m_target=100) for code, value in enumerate((own, *others))}
    values = {str(code): value for code, each in units.items() if (value := subject.value(each)) is not None}
    stats = compared(values)["0"]
    return {**units[0], **{subject.pseudo(stat): value for stat, value in stats.items()}}


AWARDS = count(("g", "3"), ("p", "2"), most="5")
ACCIDENTS = count(("s", "-2"), start="10", least="0")
ENERGY = band((("1", "40"), ("0.9", "36"), ("0.8", "32")), ("0.8", "0"))
FEW = band((("0", "4"), ("2", "2")), ("2", "-1"), left="s.actual", right=None, falling=True)
RATE = line("0.6", "0", "1", "15", least="0", most="15")
FIT = line("0", "0", "1", "20", left="i.actual", right=None)
OVER = percent("m.actual", "m.target", "1", "0.5", "whole", cap="10")
SHORT = percent("m.target", "m.actual", "2", "-1", "started", start="10", floor="0")
BELOW = Step(
    left="m.actual", number=Decimal(95), falling=True, step=Decimal(1), each=Decimal(-1), count="started",
    start=Decimal(10), floor=Decimal(0),
)  # fmt: skip
ABOVE = Step(left="m.actual", number=Decimal(500), step=Decimal(100), each=Decimal(1), count="whole")

CASES = [
    # rule, figures, value, words, wanted, gain (得)
    (BELOW, figures(m_actual="92.5"), "7",
     "全年产值 92.5 万元，低于规定的 95 万元 2.5 万元，不足 1 万元的按 1 万元计，扣 3 分",
     "全年产值须不低于 95 万元", "方可不扣分"),
    (BELOW, figures(m_actual="95.1"), "10", "全年产值 95.1 万元，超过规定的 95 万元 0.1 万元", "", ""),
    (AWARDS, figures(g_actual=1, p_actual=0), "3", "国家级标准 1 项，计 3 分；省级标准 0 项；合计 3 分",
     "国家级标准须不低于 2 项", "方可再得 2 分"),
    (AWARDS, figures(g_actual=2, p_actual=1), "5",
     "国家级标准 2 项，计 6 分；省级标准 1 项，计 2 分；合计 8 分，以 5 分为限",
     "", ""),
    (ACCIDENTS, figures(s_actual=0), "10", "基础分 10 分；生产安全事故 0 起；合计 10 分", "", ""),
    (ACCIDENTS, figures(s_actual=2), "6", "基础分 10 分；生产安全事故 2 起，扣 4 分；合计 6 分",
     "生产安全事故须不高于 0 起", "方可不扣分"),
    (ACCIDENTS, figures(s_actual=7), "0", "基础分 10 分；生产安全事故 7 起，扣 14 分；合计 -4 分，不足 0 分，按 0 分计",
     "生产安全事故须不高于 0 起", "方可不扣分"),
    (ENERGY, figures(m_actual=100, m_target=100), "40",
     "全年产值 100 万元，为下达目标 100 万元的 100%，属“达到 100%”一档",
     "", ""),
    (ENERGY, figures(m_actual="89.99999", m_target=100), "32",
     "全年产值 89.99999 万元，为下达目标 100 万元的 89.99999%，属“达到 80%”一档", "全年产值须不低于 90 万元",
     "方可再得 4 分"),
    (ENERGY, figures(m_actual=10, m_target=100), "0", "全年产值 10 万元，为下达目标 100 万元的 10%，未达到 80%",
     "全年产值须不低于 80 万元", "方可得 32 分"),
    (FEW, figures(s_actual=1), "2", "生产安全事故 1 起，属“不高于 2 起”一档", "生产安全事故须不高于 0 起",
     "方可再得 2 分"),
    (FEW, figures(s_actual=3), "-1", "生产安全事故 3 起，高于 2 起", "生产安全事故须不高于 2 起", "方可得 2 分"),
    (RATE, figures(m_actual=90, m_target=100), "11.25", "全年产值 90 万元，为下达目标 100 万元的 90%，按比例计",
     "全年产值须不低于 100 万元", "方可再得 3.75 分"),
    (RATE, figures(m_actual=59, m_target=100), "0",
     "全年产值 59 万元，为下达目标 100 万元的 59%，按比例计，不足 0 分，按 0 分计",
     "全年产值须不低于 100 万元", "方可得 15 分"),
    (RATE, figures(m_actual=110, m_target=100), "15",
     "全年产值 110 万元，为下达目标 100 万元的 110%，按比例计，以 15 分为限",
     "", ""),
    (FIT, figures(i_actual="0.835"), "16.7", "全年指数 0.835，按比例计", "全年指数须不低于 1", "方可再得 3.3 分"),
    (OVER, figures(m_actual="105.5", m_target=100), "2.5", "全年产值 105.5 万元，超过下达目标 100 万元 5.5%，满 5%",
     "全年产值须不低于 106 万元", "方可再得 0.5 分"),
    (OVER, figures(m_actual="105.999999", m_target=100), "2.5",
     "全年产值 105.999999 万元，超过下达目标 100 万元 5.999999%，满 5%", "全年产值须不低于 106 万元",
     "方可再得 0.5 分"),
    (OVER, figures(m_actual=95, m_target=100), "0", "全年产值 95 万元，低于下达目标 100 万元 5%",
     "全年产值须不低于 101 万元", "方可得 0.5 分"),
    (SHORT, figures(m_actual="95.5", m_target=100), "7",
     "全年产值 95.5 万元，低于下达目标 100 万元 4.5%，不足 2%的按 2%计，扣 3 分", "全年产值须不低于 100 万元",
     "方可不扣分"),
    (ABOVE, figures(m_actual=755), "2", "全年产值 755 万元，超过规定的 500 万元 255 万元，满 2 个 100 万元",
     "全年产值须不低于 800 万元", "方可再得 1 分"),
    (ABOVE, figures(m_actual=400), "0", "全年产值 400 万元，低于规定的 500 万元 100 万元",
     "全年产值须不低于 600 万元", "方可得 1 分"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "given", "value", "words", "wanted", "gain"), CASES)
def test_a_rule(rule: Worked, given: Figures, value: str, words: str, wanted: str, gain: str) -> None:
    assert rule.value(given) == Decimal(value)
    assert rule.words(given, SAID) == words
    assert rule.wanted(given, SAID) == wanted
    if wanted:
        assert rule.gain(given, SAID, "得", None) == gain


FIVE = ("90", "95", "70", "80.001")
COMPARED = [
    # rule, own, value, words after the group, wanted, gain
    (placing("10", "8", "6"), "80", "0", "由高到低列第 4 名", "全年产值须列同组第 3 名", "方可得 6 分"),
    (placing("10", "8", "6"), "95", "10", "由高到低列第 1 名", "", ""),
    (placing("200", drop="4", floor="190"), "80", "190", "由高到低列第 4 名", "全年产值须列同组第 3 名",
     "方可再得 2 分"),
    (placing("10", "7", low_first=True, rest="1"), "80", "7", "由低到高列第 2 名", "全年产值须列同组第 1 名",
     "方可再得 3 分"),
    (peer("best", "95"), "80", "80", "按与同组最高数之比计", "全年产值须不低于 95 万元", "方可再得 15 分"),
    (peer("best", "80", "75", falling=True), "80", "75", "按与同组最低数之比计，最少 75 分", "全年产值须不高于 70 万元",
     "方可再得 5 分"),
    (peer("range", "100", "50"), "80", "70", "按最高数与最低数之间的位置计", "全年产值须不低于 95 万元",
     "方可再得 30 分"),
    (peer("range", "100", "50"), "95", "100", "为同组最高", "", ""),
    (peer("mean", "1"), "80", "0", "低于平均 83.0002 万元", "全年产值须高于 83.0002 万元", "方可得 1 分"),
    (peer("mean", "1", falling=True), "80", "1", "低于平均 83.0002 万元", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "own", "value", "words", "wanted", "gain"), COMPARED)
def test_a_rule_that_compares_units(
    rule: Placing | Peer, own: str, value: str, words: str, wanted: str, gain: str
) -> None:
    given = among(rule.subject, own, *FIVE)
    assert set(rule.figures) <= set(given)
    assert rule.value(given) == Decimal(value)
    group = "同组 5 个单位中最高 95 万元、最低 70 万元"
    assert rule.words(given, SAID) == f"全年产值 {own} 万元，{group}，{words}"
    assert rule.wanted(given, SAID) == wanted
    if wanted:
        assert rule.gain(given, SAID, "得", None) == gain


def test_shares_are_compared_and_told_in_per_cent() -> None:
    rule = peer("mean", "1", right="m.target")
    given = among(rule.subject, "80.0001", "80", "80.0002")
    assert rule.subjects == (Subject("m.actual", "m.target"),)
    assert rule.words(given, SAID) == (
        "全年产值 80.0001 万元，为下达目标 100 万元的 80.0001%，同组 3 个单位中最高 80.0002%、最低 80%，"
        "等于平均 80.0001%"
    )
    assert rule.wanted(given, SAID) == "全年产值与下达目标之比须高于 80.0001%"
    assert rule.bases == ("m.target",)


def test_where_all_are_equal() -> None:
    for rule, points in (
        (peer("best", "10", "2"), 10), (peer("range", "10", "2"), 10), (peer("mean", "10", "2"), 2),
        (peer("range", "10", "2", same="6"), 6),
    ):  # fmt: skip
        given = among(rule.subject, "5", "5", "5")
        assert rule.value(given) == points
        assert rule.words(given, SAID).endswith("最高 5 万元、最低 5 万元，各单位相同")
        assert rule.wanted(given, SAID) == ""


def test_nothing_is_so_many_times_of_nought_or_less() -> None:
    most, least = peer("best", "10"), peer("best", "10", "1", falling=True)
    assert most.value(among(most.subject, "-3", "0", "-1")) == 0
    assert most.value(among(most.subject, "0", "-3", "-1")) == 10
    assert least.value(among(least.subject, "4", "0")) == 1
    assert least.value(among(least.subject, "0", "4")) == 10


def test_how_units_stand() -> None:
    stats = compared({"A": Decimal(3), "B": Decimal(1), "C": Decimal(3), "D": Decimal(2)})
    assert [stats[code]["place"] for code in "ABCD"] == [1, 4, 1, 3]
    assert [stats[code]["place_low"] for code in "ABCD"] == [3, 1, 3, 2]
    assert {(each["max"], each["min"], each["mean"], each["count"]) for each in stats.values()} == {
        (3, 1, Decimal("2.25"), 4)
    }
    assert compared({"A": Decimal(1), "B": Decimal(1), "C": Decimal(0)})["C"]["mean"] == Decimal("0.66666667")
    assert compared({}) == {}


def test_a_share_of_nothing_is_not_known() -> None:
    share = Subject("m.actual", "m.target")
    assert (share.name, share.pseudo("max")) == ("m.actual/m.target", "m.actual/m.target@max")
    assert share.value(figures(m_actual=2, m_target=3)) == Decimal("0.66666667")
    assert share.value(figures(m_actual=2, m_target=0)) is None
    assert share.value(figures(m_target=3)) is None
    assert share.value(figures(m_actual=2)) is None
    assert Subject("m.actual").value(figures(m_actual=2)) == 2
    assert share.formula(str.upper) == "ROUND(M.ACTUAL/M.TARGET,8)"


TERMS = [
    (AWARDS, "加", "国家级标准每 1 项加 3 分，省级标准每 1 项加 2 分，最多加 5 分"),
    (ACCIDENTS, "得", "基础分 10 分，生产安全事故每 1 起扣 2 分，扣完为止"),
    (ENERGY, "得", "按全年产值与下达目标之比计分：达到 100%的得 40 分，达到 90%的得 36 分，达到 80%的得 32 分，"
     "其余不得分"),
    (FEW, "得", "按生产安全事故计分：不高于 0 起的得 4 分，不高于 2 起的得 2 分，其余扣 1 分"),
    (RATE, "得", "按全年产值与下达目标之比计分：100% 得 15 分，60% 不得分，其余按比例计，最多得 15 分，最少 0 分"),
    (OVER, "加", "全年产值比下达目标每多 1%，加 0.5 分（不足 1%的不计），最多加 10 分"),
    (SHORT, "得", "全年产值不低于下达目标的，得 10 分；每低 2%扣 1 分（不足 2%的按 2%计），扣完为止"),
    (ABOVE, "加", "全年产值比 500 万元每多 100 万元，加 1 分（不足 100 万元的不计）"),
    (placing("10", "8"), "得", "按全年产值在同组中由高到低排列，第 1 名得 10 分，第 2 名得 8 分，其余不得分"),
    (placing("200", drop="4", floor="100"), "得",
     "按全年产值在同组中由高到低排列，第 1 名得 200 分，此后每降 1 名减 4 分，最少得 100 分"),
    (peer("best", "10"), "得", "全年产值同组最高的，得 10 分，其余按与最高数之比计分"),
    (peer("range", "100", "50", falling=True), "得",
     "全年产值同组最低的，得 100 分，最高的，得 50 分，其余按比例在两者之间计分"),
    (peer("mean", "1", same="1"), "加", "全年产值高于同组平均数的，加 1 分，其余不加分；各单位相同的，加 1 分"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "verb", "terms"), TERMS)
def test_terms(rule: Worked, verb: str, terms: str) -> None:
    assert rule.terms(SAID, verb) == terms
    assert list(rule.faults()) == []


FAULTS = [
    (count(), "counts"), (count(("g", "0")), "counts"), (count(("g", "1"), ("g", "2")), "counts"),
    (count(("g", "0.001")), "counts"), (count(("g", "1"), start="9", most="5"), "start"),
    (count(("g", "1"), most="0", least="0"), "cap"), (count(("g", "1"), least="0"), "floor"),
    (count(("g", "-1"), most="3"), "cap"), (count(("g", "1"), start="0.001"), "start"),
    (line("1", "0", "1", "5"), "high.at"), (line("0", "5", "1", "5"), "high.points"),
    (line("0.1234567", "0", "1", "5"), "low.at"), (line("0", "0", "1", "5.001"), "high.points"),
    (line("0", "0", "1", "5", least="3", most="3"), "cap"),
    (band(()), "marks"), (band((("0.8", "2"), ("0.9", "1"))), "marks"), (band((("0.9", "2"), ("0.9", "1"))), "marks"),
    (band((("0.9", "2"), ("0.8", "2"))), "marks"), (band((("0.9", "2.001"),)), "marks"),
    (band((("0.9000001", "2"),)), "marks"), (band((("0.8", "2"),), ("0.7", "0")), "below.at"),
    (band((("0.8", "2"),), ("0.9", "0")), "below.at"), (band((("0.8", "2"),), ("0.8", "2")), "below.points"),
    (band((("1", "2"),), ("3", "0"), falling=True), "below.at"),
    (band(tuple((str(50 - place), str(50 - place)) for place in range(41))), "marks"),
    (percent("m.actual", "m.target", "0", "1", "whole"), "step"),
    (percent("m.actual", "m.target", "0.0000001", "1", "whole"), "step"),
    (percent("m.actual", "m.target", "1", "0", "whole"), "each"),
    (percent("m.actual", "m.target", "1", "1", "whole", cap="0", start="1"), "cap"),
    (percent("m.actual", "m.target", "1", "-1", "whole", floor="0"), "floor"),
    (Step(left="m.actual", step=Decimal(1), each=Decimal(1), count="whole"), "right"),
    (Step(left="m.actual", right="m.target", number=Decimal(1), step=Decimal(1), each=Decimal(1), count="whole"),
     "right"),
    (Step(left="m.actual", number=Decimal(0), percent=True, step=Decimal(1), each=Decimal(1), count="whole"), "number"),
    (placing(), "points"), (placing("1", "2"), "points"), (placing("2", rest="3"), "rest"),
    (placing("2", "2", rest="2"), "rest"), (placing("2", floor="1"), "floor"), (placing("2", drop="0"), "drop"),
    (placing("2", drop="1", rest="1"), "rest"), (placing("2", drop="1", floor="2"), "floor"),
    (peer("best", "1", "1"), "high"), (peer("range", "3", "1", same="4"), "same"), (peer("best", "1.001"), "high"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "key"), FAULTS)
def test_a_fault_is_named_by_its_key(rule: Worked, key: str) -> None:
    found = list(rule.faults())
    assert key in [each for each, _ in found]
    assert all(said and not said.endswith("。") for _, said in found)


WRITTEN = """
[[rule]]
kind = "count"
counts = [{ figure = "g.actual", each = 3 }, { figure = "p.actual", each = "0.5" }]
cap = 5
[[rule]]
kind = "step"
left = "m.actual"
number = 500
step = 100
each = 1
count = "whole"
[[rule]]
kind = "line"
left = "m.actual"
right = "m.target"
low = { at = "0.6", points = 0 }
high = { at = 1, points = 15 }
[[rule]]
kind = "band"
left = "m.actual"
marks = [{ at = 90, points = 10, strict = true }, { at = 80, points = 5 }]
below = { at = 80, points = 0 }
[[rule]]
kind = "place"
left = "m.actual"
points = [10, 8]
[[rule]]
kind = "peer"
left = "m.actual"
against = "range"
high = 100
low = 50
"""


def test_every_kind_can_be_written_down() -> None:
    rules = msgspec.convert(tomllib.loads(WRITTEN)["rule"], tuple[Rule, ...], strict=False)
    assert [type(each) for each in rules] == [Count, Step, Linear, Band, Placing, Peer]
    assert [fault for each in rules for fault in each.faults()] == []
    assert msgspec.convert(msgspec.to_builtins(rules), tuple[Rule, ...], strict=False) == rules


def test_a_gap_between_marks_says_where_it_is() -> None:
    assert list(band((("0.8", "2"),), ("0.7", "0")).faults()) == [("below.at", " 70% 至 80% 之间得几分没有写明")]


def test_a_mark_that_does_not_belong_to_its_band() -> None:
    rule = band((("0.9", "5"),), ("0.9", "1"), strict=True)
    assert rule.value(figures(m_actual=90, m_target=100)) == 1
    assert rule.value(figures(m_actual="90.000001", m_target=100)) == 5
    both = Band(left="m.actual", right="m.target", marks=(
        Threshold(at=Decimal("0.9"), points=Decimal(5), strict=True), Threshold(at=Decimal("0.9"), points=Decimal(3)),
    ))  # fmt: skip
    assert list(both.faults()) == []
    assert both.value(figures(m_actual=90, m_target=100)) == 3


def test_no_share_is_rounded_before_it_is_held_against_a_mark() -> None:
    third = band((("0.333333", "1"),))
    assert third.value(figures(m_actual="333333", m_target="1000000")) == 1
    assert third.value(figures(m_actual="333332.999999", m_target="1000000")) == 0


def test_a_third_of_half_a_cent() -> None:
    rule = line("0", "0", "3", "0.015", right=None)
    assert rule.value(figures(m_actual=1)) == Decimal("0.005")


def test_what_is_shared_out_is_gained_in_full() -> None:
    assert RATE.gain(figures(m_actual=80, m_target=100), SAID, "得", Decimal(30)) == "方可再得 15 分"


def test_what_a_rule_is_asked_of() -> None:
    assert (OVER.bases, SHORT.bases, ABOVE.bases) == (("m.target",), ("m.target",), ())
    assert (RATE.bases, FIT.bases, ENERGY.bases, FEW.bases) == (("m.target",), (), ("m.target",), ())
    assert [each.most for each in (AWARDS, ACCIDENTS, ENERGY, RATE, FIT, OVER, SHORT)] == [5, 10, 40, 15, None, 10, 10]
    assert ENERGY.beaten == ("m.target",)
    assert AWARDS.beaten == ()
    assert AWARDS.subjects == ()


@pytest.mark.parametrize("how", ["whole", "started", "prorata"])
def test_steps_in_per_cent_are_counted_in_fractions(how: str) -> None:
    rng, seen = random.Random(7), set()
    for _ in range(3000):
        base = Decimal(rng.randint(1, 10 ** rng.randint(1, 11))).scaleb(-6)
        step = rng.choice(("0.1", "1", "2.5", "10", "0.000003"))
        rule = percent("m.actual", "m.target", step, "0.5", how)
        own = (base * (1 + Decimal(step) * rng.randint(0, 30) / 100)).quantize(Decimal("0.000001"))
        own += rng.choice((-1, 0, 1)) * Decimal("0.000001")
        many = max(Fraction(own) - Fraction(base), Fraction(0)) * 100 / (Fraction(base) * Fraction(step))
        whole = {"whole": floor, "started": ceil, "prorata": Fraction}[how](many)
        value = rule.value(figures(m_actual=own, m_target=base))
        seen.add(value)
        assert abs(Fraction(value) - Fraction(whole) / 2) <= Fraction(1, 10**12)
        assert how == "prorata" or Fraction(value) == Fraction(whole) / 2
    assert len(seen) > 20


def test_points_keep_to_cents_only_at_the_end() -> None:
    value = line("0", "0", "1", "10", most="10").value(figures(m_actual=1, m_target=3))
    assert value == Decimal("3.333333333333")
    assert half_up(value) == Decimal("3.33")


@pytest.mark.parametrize("rule", [rule for rule, *_ in TERMS] + [peer("best", "10", right="m.target")])
def test_absurd_figures_are_worked_out_too(rule: Worked) -> None:
    for own, base in (("1e15", "0.000001"), ("-1e15", "0.000001"), ("0.000001", "1e15"), ("123456789.123457", "7")):
        given = dict.fromkeys(("g.actual", "p.actual", "s.actual", "m.actual"), Decimal(own))
        given["m.target"] = Decimal(base)
        for subject in rule.subjects:
            value = subject.value(given)
            assert value is not None
            stats = compared({"own": value, "more": value * 3, "less": value / 3})["own"]
            given |= {subject.pseudo(stat): each for stat, each in stats.items()}
        assert rule.value(given).is_finite()
        said = rule.words(given, SAID) + rule.wanted(given, SAID) + rule.gain(given, SAID, "得", None)
        assert "E+" not in said
