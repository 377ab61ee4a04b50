"""Another notice, other items, points, thresholds and units: the same program, no change to it."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from kaohe_cli.assess.explain import explain, place
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.assess.sensitivity import try_readings
from kaohe_cli.model import Award, Case, Entry, Mark, UnitScore
from kaohe_cli.scheme.load import load

PATH = Path(__file__).with_name("townships_2015.toml")
FIGURES = (
    "revenue.prior revenue.target revenue.actual tax.actual deaths.target deaths.actual power.prior power.actual "
    "launched.actual park.done schools.target schools.actual petitions.target petitions.actual"
)

# unit: figures in that order; points of A1a–A1d, A2a, A2b, A3a, A3b, B2a worked out by hand; awards for B1a, B3a
UNITS = {
    "T01": ("10000 11000 13500 10800 2 2 100 97 3 完成 500 500 20 19", "12 8 5 1.5 10 5 12 8 10", "14 13.5"),
    "T02": ("10000 10800 10800 8639 2 5 100 97.01 2 未完成 500 499.9 20 18", "12 8 0 0 2.5 0 0 0 0", "15 15"),
    "T03": ("10000 11000 10799.99 9000 0 7 100 90 9 无任务 无任务 0 0 0", "0 0 5 0 0 5 12 0 0", "12 11"),
}
RULED = ("A1a", "A1b", "A1c", "A1d", "A2a", "A2b", "A3a", "A3b", "B2a")
# no_task = rescale: T03's 12 points of A3a bear the 8 of A3b
RESCALED = {("T03", "A3a"): Decimal(20)}
# B2 is B2a alone, so that nothing can bear its points where it is waived: the office decides
DECIDED = {"T03": {"B2a": Award(Decimal(0), "没有校舍加固任务，不计分")}}


def entry(text: str) -> Entry:
    marks = {mark.value: mark for mark in Mark}
    return Entry(marks[text] if text in marks else Decimal(text))


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    units = {unit.code: unit for unit in load(str(PATH)).units}
    return tuple(
        Case(
            units[code],
            "received",
            dict(zip(FIGURES.split(), map(entry, figures.split()), strict=True)),
            awards={id: Award(Decimal(given)) for id, given in zip(("B1a", "B3a"), awards.split(), strict=True)}
            | DECIDED.get(code, {}),
        )
        for code, (figures, _, awards) in UNITS.items()
    )


@pytest.fixture(scope="module")
def scores(cases: tuple[Case, ...]) -> dict[str, UnitScore]:
    return {case.unit.code: score(load(str(PATH)), case) for case in cases}


@pytest.mark.parametrize("code", UNITS)
def test_points_worked_out_by_hand(code: str, scores: dict[str, UnitScore]) -> None:
    for id, points in zip(RULED, UNITS[code][1].split(), strict=True):
        assert scores[code].criterion(id).points == RESCALED.get((code, id), Decimal(points)), id


def test_an_item_waived_whole_waits_for_the_office(cases: tuple[Case, ...]) -> None:
    found = score(load(str(PATH)), replace(cases[2], awards={}))
    held = found.criterion("B2a")
    assert (held.points, held.state, held.full, found.total) == (None, "undecided", 10, None)
    assert held.steps == ("第 B2 项“校舍加固”的细则都注明无任务，分值没有其余细则可以分担，待考核办定分",)
    assert (found.criterion("A3a").full, found.criterion("A3b").full) == (20, 0)


def test_totals_places_and_grades(scores: dict[str, UnitScore]) -> None:
    found = rank(load(str(PATH)), scores.values())
    told = [(each.score.unit.name, each.score.total, each.place, each.grade) for each in found.units]
    assert told == [
        ("东山镇", Decimal("99.00"), 1, "先进"),
        ("南坪乡", Decimal("53.00"), 2, ""),
        ("西河镇", Decimal("52.50"), 3, ""),
    ]


def test_less_can_be_better(scores: dict[str, UnitScore]) -> None:
    said = {code: scores[code].criterion("A2a").steps[0] for code in UNITS}
    assert said == {
        "T01": "全年生产安全事故死亡人数 2 人，与控制指标 2 人持平，得 10 分",
        "T02": "全年生产安全事故死亡人数 5 人，超过控制指标 2 人 3 人，扣 7.5 分，得 2.5 分",
        "T03": "全年生产安全事故死亡人数 7 人，超过控制指标 0 人 7 人，扣 17.5 分，扣完为止，不得分",
    }
    assert scores["T02"].criterion("A2b").steps == (
        "全年单位产值电耗 97.01 千瓦时/万元，比上年实绩 100 千瓦时/万元减少 2.99%，未达到下降3%以上，不得分",
    )


def test_two_measures_against_each_other(scores: dict[str, UnitScore]) -> None:
    assert scores["T02"].criterion("A1c").steps == (
        "全年税收收入 8,639 万元，为全年财政收入 10,800 万元的 79.99%，未达到80%以上，不得分",
    )


def test_a_step_of_a_thousand_is_one_number_in_a_formula() -> None:
    rule = load(str(PATH)).criteria["A1d"].rule
    assert rule.formula(lambda name: f"<{name}>", {}) == (  # type: ignore[union-attr]
        "MIN(0.5*(INT(ROUND(ROUND(MAX(<revenue.actual>-<revenue.prior>,0),6)/1000,11))),3)"
    )


def test_explanation_and_readings_work_as_they_are(cases: tuple[Case, ...], scores: dict[str, UnitScore]) -> None:
    scheme = load(str(PATH))
    lines = explain(scheme, cases[1], scores["T02"])
    assert sum(line.kind == "criterion" for line in lines) == len(scheme.criteria) == 11
    assert [line.text for line in lines if line.kind == "wanted"] == [
        "全年税收收入须不低于 8,640 万元，方可得 5 分",
        "全年财政收入须不低于 11,000 万元，方可加 0.5 分",
        "全年生产安全事故死亡人数须不高于 2 人，方可不扣分",
        "全年单位产值电耗须不高于 97 千瓦时/万元，方可得 5 分",
        "全年新开工重点项目须不低于 3 项，方可得 12 分",
        "工业园区道路建设须完成，方可得 8 分",
        "全年校舍加固须不低于 500 平方米，方可得 10 分",
    ]
    assert place(scheme, rank(scheme, scores.values()), "T01")
    trials = try_readings(scheme, cases)
    assert [trial.choice for trial in trials] == [(("revenue.steps", "started"),), (("revenue.gate", "required"),)]
    assert [(change.code, change.total) for change in trials[0].changes] == [
        ("T01", (Decimal("99.00"), Decimal("99.50"))),
        ("T03", (Decimal("53.00"), Decimal("53.50"))),
        ("T02", (Decimal("52.50"), Decimal("53.00"))),
    ]
    assert trials[1].changes == ()
