"""The form's own formulas, laid out in bulk and computed by LibreOffice, against the program, to the cent.

Every rule by every reading, units of each kind, blanks, texts, 无任务 and figures beyond their limits, thresholds
and steps hit exactly and missed by a hair. Mutated formulas go through the same comparison and must fail it.
"""

import csv
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
import xlsxwriter
from msgspec import Struct

from kaohe_cli.assess.evidence import evidence_of
from kaohe_cli.assess.score import rule_points
from kaohe_cli.form import live, package
from kaohe_cli.form.book import address
from kaohe_cli.form.fields import form_fields
from kaohe_cli.model import Entry, Field, Mark, Settings, Unit
from kaohe_cli.points import fixed
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.rule import Award, Condition, Steps
from kaohe_cli.scheme.scheme import Criterion, Scheme

Convert = Callable[[Path, str, Path], Path]

pytestmark = pytest.mark.office

LEAST = 10_000
HAIRS = tuple(Decimal(text) for text in ("0", "0.01", "-0.01", "0.0001", "-0.0001", "0.000001", "-0.000001", "1", "-1"))
JUNK = ("约12", "abc", " ", "12亿", "/", "未完成呢", "无")
SIX = Decimal("0.000001")


class Case(Struct):
    """One formula and what it must come to."""

    formula: Callable[[live.Cells], str]
    figures: tuple[str, ...]
    typed: Mapping[str, Decimal | str]  # what stands in the cells; a blank is not there
    expected: str
    told: str  # for messages


def schemes() -> Iterator[Scheme]:
    """Every option of every reading, and all combinations of those that change the same criterion."""
    base = load()
    options = {reading.id: [option.id for option in reading.option] for reading in base.content.reading}
    together = (
        ("over5", "growth50.base", "growth50.steps", "sales.gate", "no_task"),
        ("energy.short", "energy.short.steps", "energy.bonus.steps"),
        ("remainder", "no_task"),
    )
    for group in together:
        for chosen in product(*(options[reading] for reading in group)):
            yield under(base, dict(zip(group, chosen, strict=True)))


class Setting(Struct):
    """A scheme in force and what one unit was given."""

    scheme: Scheme
    given: Mapping[str, Entry]
    asked: Mapping[str, Field]


def setting(scheme: Scheme, unit: Unit, given: Mapping[str, Entry]) -> Setting:
    known = scheme.given(unit, Settings(scheme.units, {unit.code: given}, {}, {}))
    return Setting(scheme, known, {field.name: field for field in form_fields(scheme, known)})


def near(rng: random.Random, condition: Condition, base: Decimal) -> Decimal:
    """A left figure at its threshold or a hair beside it, or anywhere."""
    if rng.random() < 0.25:
        return Decimal(rng.randint(0, 400_000)) / 100
    exact = base * condition.right_times / condition.left_times
    return (exact + rng.choice(HAIRS)).quantize(SIX)


def amount(rng: random.Random) -> Decimal:
    return Decimal(rng.randint(1, 10 ** rng.randint(2, 7))) / 10 ** rng.randint(0, 4)


def figures(rng: random.Random, rule: Award | Steps) -> dict[str, Decimal | str]:
    """Figures that come near to what decides."""
    typed: dict[str, Decimal | str] = {}
    if isinstance(rule, Steps):
        small = rule.step <= 1
        right = Decimal(rng.randint(-300, 900)) / 100 if small else amount(rng)
        steps = Decimal(rng.randint(-3, 9)) + rng.choice((Decimal(0), Decimal("0.5"), Decimal("0.333333")))
        typed[rule.right] = right
        typed[rule.left] = (right + steps * rule.step + rng.choice(HAIRS)).quantize(SIX)
        return typed
    for part in rule.parts:
        typed |= around(rng, part)
    return typed


def around(rng: random.Random, condition: Condition) -> dict[str, Decimal | str]:
    if condition.compare == "done":
        return {condition.left: rng.choice(("完成", "未完成"))}
    if condition.right is None:
        return {condition.left: Decimal(rng.randint(0, 4))}
    base = amount(rng) if rng.random() < 0.7 else Decimal(rng.randint(1, 400))
    return {condition.right: base, condition.left: near(rng, condition, base)}


def spoil(rng: random.Random, typed: dict[str, Decimal | str], at: Setting) -> None:
    """Now and then something that is no figure, or one beyond all limits; what is given stays as it was given."""
    for name in list(typed):
        entry = at.given.get(name)
        if entry is not None:
            assert entry.value is not None
            typed[name] = entry.value if isinstance(entry.value, Decimal) else str(entry.value.value)  # type: ignore
        elif rng.random() < 0.05:
            del typed[name]
        elif name not in at.asked:
            continue  # issued: a figure, or not there at all
        elif rng.random() < 0.04:
            typed[name] = rng.choice(JUNK)
        elif rng.random() < 0.03 and not isinstance(typed[name], str):
            typed[name] = rng.choice((Decimal(-1), Decimal(200_000), Decimal("-250.5"), Decimal("33.3333")))


def entries(typed: Mapping[str, Decimal | str], at: Setting) -> dict[str, Entry]:
    """What the program makes of it: unreadable is invalid, and so is what is beyond the limits."""
    made: dict[str, Entry] = dict(at.given)
    for name, value in typed.items():
        field = at.asked.get(name)
        if name in at.given:
            continue
        if isinstance(value, str):
            mark = {"完成": Mark.DONE, "未完成": Mark.NOT_DONE, "无": Mark.NOT_APPLICABLE}.get(value)
            legal = mark is not None and field is not None and mark in field.marks
            made[name] = Entry(mark if legal else None, invalid=not legal)
            continue
        most = typed.get(field.at_most or "") if field is not None else None
        inside = field is None or not (
            (field.minimum is not None and value < field.minimum)
            or (field.maximum is not None and value > field.maximum)
            or (field.whole and value != value.to_integral_value())
            or (isinstance(most, Decimal) and value > most)
        )
        made[name] = Entry(value if inside else None, invalid=not inside)
    return made


def point_cases(rng: random.Random) -> Iterator[Case]:
    seen = set()
    kinds = {"区": "330102", "县（市）": "330122", "开发区": "HEDA"}
    for scheme in schemes():
        units = {unit.code: unit for unit in scheme.units}
        for criterion in scheme.criteria.values():
            if criterion.judged:
                continue
            key = (criterion, scheme.criteria.get(criterion.needs), scheme.policy.no_task)
            if key in seen:
                continue
            seen.add(key)
            for kind, code in kinds.items():
                for given in waivers(scheme, criterion):
                    at = setting(scheme, units[code], given)
                    many = 24 if isinstance(criterion.rule, Steps) or criterion.needs else 7
                    yield from (point_case(rng, at, criterion, kind) for _ in range(many))


def waivers(scheme: Scheme, criterion: Criterion) -> Iterator[dict[str, Entry]]:
    """Nothing waived; each figure that may be; another criterion of the item, so that points are shared out."""
    yield {}
    task = Entry(Mark.NO_TASK)
    needed = scheme.criteria.get(criterion.needs)
    for name in (*criterion.rule.figures, *(needed.rule.figures if needed else ())):
        if scheme.figures[name].waivable:
            yield {name: task}
    others = [each for each in scheme.item_of[criterion.id].criterion if each.id != criterion.id]
    free = [name for each in others for name in each.rule.figures if scheme.figures[name].waivable]
    if free and scheme.policy.no_task == "rescale":
        yield {free[-1]: task}
        yield dict.fromkeys(free, task)


def point_case(rng: random.Random, at: Setting, criterion: Criterion, kind: str) -> Case:
    needed = at.scheme.criteria.get(criterion.needs)
    typed = figures(rng, needed.rule) if needed and isinstance(needed.rule, Award) else {}
    fresh = figures(rng, criterion.rule)  # type: ignore[arg-type]
    typed = {**fresh, **typed} if rng.random() < 0.5 else {**typed, **fresh}
    spoil(rng, typed, at)
    value, state, steps = rule_points(at.scheme, criterion, entries(typed, at))
    names = tuple(dict.fromkeys([*typed, *criterion.rule.figures, *(needed.rule.figures if needed else ())]))
    return Case(
        lambda cells: live.points(at.scheme, criterion, at.given, at.asked, cells),
        names,
        typed,
        "" if value is None else fixed(value),
        f"{kind} {criterion.id} {state} {steps} {typed}",
    )


def verdict_cases(rng: random.Random) -> Iterator[Case]:
    for chosen in ({}, {"remainder": "benefit"}):
        scheme = load(readings=chosen)
        for item, evidence in scheme.evidence.values():
            given = [{}]
            target = f"{evidence.measure}.target"
            if target in scheme.figures and scheme.figures[target].waivable:
                given.append({target: Entry(Mark.NO_TASK)})
            for each in given:
                at = setting(scheme, scheme.units[0], each)
                for _ in range(40):
                    typed = around(rng, evidence.test)
                    if any(scheme.figures[name].whole for name in typed):
                        typed = {
                            name: value.to_integral_value() if isinstance(value, Decimal) else value
                            for name, value in typed.items()
                        }
                    spoil(rng, typed, at)
                    known = entries(typed, at)
                    result = next(
                        found.result for found in evidence_of(scheme, item, known) if found.measure == evidence.measure
                    )
                    yield Case(
                        lambda cells, test=evidence.test, at=at: live.verdict(  # type: ignore[misc]
                            at.scheme, test, at.given, at.asked, cells
                        ),
                        evidence.test.figures,
                        typed,
                        "" if result == "未填" else result,
                        f"{evidence.measure} {typed}",
                    )


# what a slip in a formula might look like: a comparison, a rounding, a cap
MUTATIONS: Mapping[str, Callable[[str], str]] = {
    "comparison": lambda formula: formula.replace(",6)>=0", ",6)>0"),
    "rounding": lambda formula: formula.replace("INT(ROUND(", "ROUND((").replace("),0)/50,6)", "),0)/50,0)"),
    "cap": lambda formula: formula.replace(",2),6),2)", ",2.5),6),2)"),
}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    rng = random.Random(20070706)
    return [*point_cases(rng), *verdict_cases(rng)]


@pytest.fixture(scope="module")
def computed(cases: list[Case], office: Convert, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What LibreOffice makes of each case: its formula, then each mutation of it."""
    folder = tmp_path_factory.mktemp("bulk")
    path = folder / "bulk.xlsx"
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for row, case in enumerate(cases):
        cells = {name: address(row + 1, 10 + column) for column, name in enumerate(case.figures)}
        for column, name in enumerate(case.figures):
            value = case.typed.get(name)
            if isinstance(value, str):
                sheet.write_string(row, 9 + column, value)
            elif value is not None:
                sheet.write_number(row, 9 + column, float(value))
        formula = case.formula(cells.__getitem__)
        for column, changed in enumerate((formula, *(mutate(formula) for mutate in MUTATIONS.values()))):
            sheet.write_formula(row, column, f"={changed}", None, "not computed")
    book.close()
    # without the name of a program whose results LibreOffice would take over unseen
    path.write_bytes(package.canonical(path.read_bytes(), datetime(2007, 7, 6)))
    made = office(path, "csv:Text - txt - csv (StarCalc):44,34,76", folder / "out")
    with made.open(encoding="utf-8", newline="") as lines:
        return [line[: 1 + len(MUTATIONS)] for line in csv.reader(lines)]


def differences(cases: list[Case], computed: list[list[str]], column: int) -> list[str]:
    """The cases in which the spreadsheet and the program differ."""
    return [
        f"{case.told}: {line[column]!r}, program {case.expected!r}"
        for case, line in zip(cases, computed, strict=True)
        if (line[column] if not line[column].replace(".", "").isdigit() else fixed(Decimal(line[column])))
        != case.expected
    ]


def test_formulas_agree_with_the_program_to_the_cent(cases: list[Case], computed: list[list[str]]) -> None:
    assert len(cases) >= LEAST
    assert differences(cases, computed, 0) == []


def test_the_cases_reach_every_outcome(cases: list[Case]) -> None:
    told = [case.told for case in cases]
    for state in ("scored", "pending", "no_task", "no_target", "invalid"):
        assert sum(f" {state} " in each for each in told) > 50, state
    for criterion in load().criteria.values():
        if not criterion.judged:
            mine = {case.expected for case in cases if f" {criterion.id} " in case.told}
            assert len(mine) >= 3, (criterion.id, mine)
    assert {"达到", "未达到", "不适用", ""} <= {case.expected for case in cases}


@pytest.mark.parametrize("mutation", range(len(MUTATIONS)), ids=list(MUTATIONS))
def test_the_same_comparison_fails_when_a_formula_is_altered(
    mutation: int, cases: list[Case], computed: list[list[str]]
) -> None:
    altered = differences(cases, computed, 1 + mutation)
    assert 5 < len(altered) < len(cases) / 2
    assert all(line[1 + mutation] != "not computed" for line in computed)
