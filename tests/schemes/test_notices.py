"""Nine real notices as schemes, each with a year of its units worked out by hand (NAME.toml, NAME.year.toml)."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from notices import award, entry

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Case, Ranked, Veto
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.scheme import Scheme

FOLDER = Path(__file__).parent
NAMES = (
    "energy_2007", "henan_2011", "investment_quarter", "jinhua_2011", "lvliang_2010", "ruian_2012", "shicheng_2018",
    "towers_2008", "towns_2009",
)  # fmt: skip
PAGE = FOLDER.parents[1] / "docs" / "NOTICES.md"
KINDS = {
    "when": "条件", "count": "计件", "step": "每级", "line": "线性", "band": "分档", "place": "名次", "peer": "相对",
    "judged": "评定", "given": "手填",
}  # fmt: skip
HOW = ("直接", "变通", "不能")
Year = Mapping[str, Any]


@cache
def year_of(name: str) -> Year:
    found: Year = tomllib.loads((FOLDER / f"{name}.year.toml").read_text("utf-8"), parse_float=Decimal)
    return found


def scheme_of(name: str, readings: Mapping[str, str] | None = None) -> Scheme:
    return load(str(FOLDER / f"{name}.toml"), readings)


def case_of(scheme: Scheme, unit: Year) -> Case:
    found = {each.code: each for each in scheme.units}[unit["code"]]
    entered = {**unit.get("marks", {}), **unit.get("given", {})}
    return Case(
        found,
        "received",
        {name: entry(value) for name, value in unit["figures"].items()},
        awards={id: award(given) for id, given in entered.items()},
        veto=Veto(unit["veto"], "示安〔2010〕1号", "2010-12-30") if "veto" in unit else None,
    )


@cache
def ranked(name: str, *readings: tuple[str, str]) -> Mapping[str, Ranked]:
    scheme = scheme_of(name, dict(readings))
    cases = compare(scheme, [case_of(scheme, unit) for unit in year_of(name)["unit"]])
    found = rank(scheme, [score(scheme, case) for case in cases])
    assert found.final
    return {each.score.unit.code: each for each in found.units}


def entered(criterion: Criterion, unit: Year) -> object:
    """What people gave for a criterion that no working is written down for: one number, which counts as it is."""
    return {**unit.get("marks", {}), **unit.get("given", {})}[criterion.id]


def differences(name: str) -> Iterator[tuple[str, object, object]]:
    """Everything that is worked out by hand: what it is, what was found, what is expected."""
    scheme = scheme_of(name)
    for unit in year_of(name)["unit"]:
        found, code = ranked(name)[unit["code"]], unit["code"]
        for item in found.score.items:
            for each in item.criteria:
                hand = unit["points"].get(each.id)
                expected = entered(scheme.criteria[each.id], unit) if hand is None else hand
                yield f"{code} {each.id}", each.points, Decimal(str(expected))
        items = {each.id: each.points for each in found.score.items}
        for id, points in unit.get("items", {}).items():
            yield f"{code} 第 {id} 项", items[id], Decimal(str(points))
        for id, points in unit.get("sections", {}).items():
            yield f"{code} {id}", found.score.section(id).points, Decimal(str(points))
        yield f"{code} 总分", found.score.total, Decimal(str(unit["total"]))
        yield f"{code} 名次", found.place, unit.get("place")
        yield f"{code} 等次", found.grade, unit.get("grade", "")


@pytest.mark.parametrize("name", NAMES)
def test_everything_comes_out_as_worked_out_by_hand(name: str) -> None:
    assert [each for each in differences(name) if each[1] != each[2]] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_working_is_written_down_for_every_rule_and_every_unit(name: str) -> None:
    scheme, units = scheme_of(name), year_of(name)["unit"]
    assert {unit["code"] for unit in units} == {unit.code for unit in scheme.units}
    worked = {id for id, criterion in scheme.criteria.items() if criterion.worked}
    assert [unit["code"] for unit in units if not worked <= set(unit["points"])] == []
    sections = {section.id for section in scheme.sections.values()}
    assert [unit["code"] for unit in units if sections != set(unit.get("sections", {}))] == []


@pytest.mark.parametrize("name", NAMES)
def test_other_readings_come_out_as_worked_out_by_hand(name: str) -> None:
    wrong: list[tuple[str, object, object]] = []
    for reading in year_of(name).get("reading", ()):
        found = ranked(name, *reading["choose"].items())
        for key, points in reading.get("points", {}).items():
            code, _, id = key.partition(".")
            wrong.append((key, found[code].score.criterion(id).points, Decimal(str(points))))
        for code, total in reading.get("totals", {}).items():
            wrong.append((code, found[code].score.total, Decimal(str(total))))
        wrong += [(code, found[code].place, place) for code, place in reading.get("places", {}).items()]
        wrong += [(code, found[code].grade, grade) for code, grade in reading.get("grades", {}).items()]
    assert [each for each in wrong if each[1] != each[2]] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_option_that_is_no_default_is_worked_out_too(name: str) -> None:
    options = {(reading.id, option.id) for reading in scheme_of(name).content.reading for option in reading.option[1:]}
    assert {pair for each in year_of(name).get("reading", ()) for pair in each["choose"].items()} == options


def test_together_they_use_the_whole_frame() -> None:
    contents = [scheme_of(name).content for name in NAMES]
    items = [item for content in contents for item in content.item]
    sections = [section for content in contents for section in content.section]
    assert {_kind(each) for item in items for each in item.criterion} == {*KINDS}
    frames = [*items, *sections, *(content.whole for content in contents)]
    assert {frame.combine for frame in frames} == {"sum", "weighted", "mean", "least"}
    bonus = [each for each in sections if each.points is None]
    assert {each.title for each in bonus} == {"加分", "奖分", "扣分"}
    ceilings = [ceiling for content in contents for ceiling in content.ceiling]
    vetoes = [veto for content in contents for veto in content.veto]
    assert (len(ceilings), [veto.test is None for veto in vetoes]) == (1, [False, True])
    assert sum(bool(content.kind) for content in contents) == 1


def test_what_a_notice_does_not_say_is_absent() -> None:
    contents = [scheme_of(name).content for name in NAMES]
    assert [content.id for content in contents if content.deadline] == []
    graded = {content.id for content in contents if content.grade}
    assert graded == {"energy_2007", "henan_2011", "lvliang_2010", "towers_2008"}
    assert sum(not content.section for content in contents) == 6


def test_so_much_was_seen() -> None:
    seen = Counter(
        {
            "units": sum(len(year_of(name)["unit"]) for name in NAMES),
            "criteria": sum(len(scheme_of(name).criteria) for name in NAMES),
            "figures": sum(len(list(differences(name))) for name in NAMES),
            "readings": sum(len(scheme_of(name).content.reading) for name in NAMES),
        }
    )
    assert seen == {"units": 43, "criteria": 150, "figures": 921, "readings": 17}


def test_an_explanation_is_there_for_every_rule_of_every_unit() -> None:
    silent = [
        (name, code, each.id)
        for name in NAMES
        for code, found in ranked(name).items()
        for item in found.score.items
        for each in item.criteria
        if not each.steps or not all(each.steps)
    ]
    assert silent == []


def test_the_page_counts_what_it_lists() -> None:
    rows, sums = _tables()
    counted = {
        notice: Counter(row[3] for row in rows if row[0] == notice) for notice in dict.fromkeys(r[0] for r in rows)
    }
    told = {row[0]: dict(zip(HOW, map(int, row[3:]), strict=True)) for row in sums[:-2]}
    assert {notice: {how: found[how] for how in HOW} for notice, found in counted.items()} == told
    total = Counter(row[3] for row in rows)
    assert sums[-2][2:] == [str(len(rows)), *(str(total[how]) for how in HOW)]
    assert sums[-1][2:] == ["100%", *(f"{Decimal(100 * total[how]) / len(rows):.1f}%" for how in HOW)]
    assert [row for row in sums[:-2] if int(row[2]) != sum(map(int, row[3:]))] == []
    assert [row for row in rows if row[3] not in HOW or (row[3] != "直接" and not row[4])] == []


def test_the_page_names_the_kinds_that_the_schemes_use() -> None:
    rows, sums = _tables()
    names = {row[0]: row[1].strip("`").removesuffix(".toml") for row in sums[:-2]}
    assert sorted(names.values()) == sorted(NAMES)
    for notice, name in names.items():
        listed = {row[2] for row in rows if row[0] == notice} & {*KINDS.values()}
        criteria = scheme_of(name).criteria.values()
        assert listed == {KINDS[_kind(each)] for each in criteria}, notice


def _tables() -> tuple[list[list[str]], list[list[str]]]:
    """The rows of the page: one a rule, then one a notice and two for all."""
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("|") and not line.startswith("|---") and not line.startswith("| 通知 ")
    ]
    return [line for line in lines if len(line) == 5], [line for line in lines if len(line) == 6]


def _kind(criterion: Criterion) -> str:
    return str(criterion.rule.__struct_config__.tag)
