"""Each clause below, at and above each threshold, by every reading: the cases are the TOML files beside this one."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import rule_points, score
from kaohe_cli.model import Award, Case, CriterionScore, Entry, ItemScore, Mark, SectionScore, UnitScore, Veto
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

FOLDER = Path(__file__).parent
WORDS = [(mark, figure.words[mark is Mark.NOT_DONE])
         for figure in load().figures.values() for mark in (Mark.DONE, Mark.NOT_DONE)]  # fmt: skip
MARKS = {mark.value: mark for mark in Mark} | {word: mark for mark, word in WORDS}
NOT_CRITERIA = ("judged", "total", "ranking")


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)


def entry(value: object) -> Entry:
    if value == "填报有误":
        return Entry(None, invalid=True)
    return Entry(MARKS[value] if isinstance(value, str) and value in MARKS else Decimal(str(value)))


CLAUSES = [
    pytest.param(file["criterion"], case, id=f"{file['criterion']} {case['name']}")
    for path in sorted(FOLDER.glob("*.toml"))
    if path.stem not in NOT_CRITERIA
    for file in [read(path.stem)]
    for case in file["case"]
]


@pytest.mark.parametrize(("id", "case"), CLAUSES)
def test_points_and_explanation(id: str, case: Mapping[str, Any]) -> None:
    scheme = load(readings=case.get("readings"))
    figures = {name: entry(value) for name, value in case["figures"].items()}
    points, state, steps = rule_points(scheme, scheme.criteria[id], figures)
    assert (points, state) == (case.get("points"), case.get("state", "scored"))
    assert steps == (case["explained"],)


JUDGED = [id for id, criterion in load().criteria.items() if criterion.judged]


@pytest.mark.parametrize("id", JUDGED)
@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in read("judged")["case"]])
def test_judged(id: str, case: Mapping[str, Any]) -> None:
    scheme = load()
    most = scheme.criteria[id].points
    points = most if case.get("points") == "most" else case.get("points")
    given = most if case.get("award") == "most" else case.get("award")
    awards = {} if given is None else {id: Award(Decimal(given), case.get("reason", ""), case.get("by", ""))}
    found = score(scheme, Case(scheme.units[0], "received", {}, awards=awards)).criterion(id)
    assert (found.points, found.state) == (points, case.get("state", "scored"))
    assert found.steps == (case["explained"].format(most=most),)


def everything_met(scheme: Scheme, figures: Mapping[str, object]) -> Case:
    """A unit that has met each requirement without any bonus, but for ``figures``."""
    reported = {name: entry("完成" if name.endswith(".done") else 100) for name in scheme.figures}
    reported |= {name: entry(value) for name, value in (("sales.target", 2520), ("sales.actual", 2520))}
    reported |= {name: entry(value) for name, value in (("sales.prior", 2500), ("invest_large.actual", 112))}
    reported |= {name: entry(value) for name, value in (("energy.target", 5), ("energy.actual", 5))}
    reported |= {name: entry(value) for name, value in figures.items()}
    awards = {id: Award(each.points) for id, each in scheme.criteria.items() if each.judged}
    return Case(scheme.units[0], "received", reported, awards=awards)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in read("total")["case"]])
def test_items_and_total(case: Mapping[str, Any]) -> None:
    scheme = load(readings=case.get("readings"))
    found = score(scheme, everything_met(scheme, case["figures"]))
    assert {item.id: item.points for item in found.items if item.id in case["items"]} == case["items"]
    assert (found.total, found.bonus, found.capped) == (case.get("total"), case["bonus"], case.get("capped"))
    states = {each.state for item in found.items for each in item.criteria if each.points is None}
    assert states == ({case["state"]} if "state" in case else set())


def unit_score(scheme: Scheme, line: list[Any], veto: Veto | None) -> UnitScore:
    code, total, class_one, first = line
    unit = next(each for each in scheme.units if each.code == code)
    known = None if total == "" else Decimal(total)
    state = "pending" if known is None else "scored"
    criterion = CriterionScore("1.4.1", False, known, state, None, ())
    items = (ItemScore("1.1", Decimal(first), None, (criterion,)),)
    class_two = None if known is None else known - Decimal(class_one)
    sections = SectionScore("1", Decimal(class_one), None), SectionScore("2", class_two, None)
    return UnitScore(unit, "received", items, known, sections, None, veto)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in read("ranking")["case"]])
def test_places_and_grades(case: Mapping[str, Any]) -> None:
    scheme = load(readings=case.get("readings"))
    vetoed = case.get("veto", [])
    scores = [unit_score(scheme, line, Veto() if line[0] in vetoed else None) for line in case["units"]]
    found = rank(scheme, scores)
    assert [[each.score.unit.code, each.place or 0, each.grade] for each in found.units] == case["places"]
    assert found.final == case.get("final", True)
    places = [place for _, place, _ in case["places"] if place]
    shared = [code for code, place, _ in case["places"] if place and places.count(place) > 1]
    assert [each.score.unit.code for each in found.units if each.tied] == case.get("tied", shared)
    if "reason" in case:
        told = next(each for each in found.units if each.score.unit.code == case["reason"]["unit"])
        assert case["reason"]["said"] in told.reasons


def test_nothing_is_left_out() -> None:
    scheme = load()
    files = [read(path.stem) for path in FOLDER.glob("*.toml")]
    cases = [case for file in files for case in file["case"]]
    assert len(cases) >= 250, "case files went missing"

    tried = {file["criterion"] for file in files if "criterion" in file}
    ruled = {id for id, criterion in scheme.criteria.items() if not criterion.judged}
    assert tried == ruled
    assert len(ruled) == 18
    assert len(JUDGED) == 14

    chosen = {(name, option) for case in cases for name, option in case.get("readings", {}).items()}
    options = {(reading.id, option.id) for reading in scheme.content.reading for option in reading.option}
    assert chosen == options
    assert len(options) >= 35

    kinds = {type(load(readings=case.get("readings")).criteria[file["criterion"]].rule).__name__
             for file in files if "criterion" in file for case in file["case"]}  # fmt: skip
    assert kinds == {"When", "Step"}
    for file in files:
        if "criterion" in file:
            points = {case.get("points", "unknown") for case in file["case"]}
            assert len(points) >= 3, f"{file['criterion']}: a case earned, one not earned, one unknown"
