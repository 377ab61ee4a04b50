"""The form's own formulas, laid out in bulk and computed by LibreOffice, against the program, to the cent.

Every rule by every reading, units of each kind, blanks, texts, 无任务, figures beyond their limits or with more than
six decimals, rates against nothing, thresholds and steps hit exactly and missed by a hair. Mutated formulas go
through the same comparison and must fail it.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path

import pytest
from bulk import Row, Setting, compute, setting

from kaohe_cli.assess.evidence import evidence_of
from kaohe_cli.assess.score import rule_points
from kaohe_cli.form import live
from kaohe_cli.model import Entry, Mark
from kaohe_cli.points import fixed
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Step, When
from kaohe_cli.scheme.scheme import Scheme

Convert = Callable[[Path, str, Path], Path]

pytestmark = pytest.mark.office

LEAST = 10_000
HAIRS = tuple(Decimal(text) for text in ("0", "0.01", "-0.01", "0.0001", "-0.0001", "0.000001", "-0.000001", "1", "-1"))
JUNK = ("约12", "abc", " ", "12亿", "/", "未完成呢", "无")
SEVENTH = Decimal("0.0000001")  # beyond the decimals that a figure may have
DUST = Decimal("0.000000001")  # what a sum leaves behind, and what is no figure of its own
SIX = Decimal("0.000001")


class Case(Row):
    """One formula and what it must come to."""

    expected: str
    told: str  # for messages
    group: str = ""  # cases whose results are added up


def schemes() -> Iterator[Scheme]:
    """Every option of every reading, and all combinations of those that change the same criterion."""
    base = load()
    options = {reading.id: [option.id for option in reading.option] for reading in base.content.reading}
    together = (
        ("over5", "growth50.base", "growth50.steps", "sales.gate", "no_task"),
        ("energy.short", "energy.short.steps", "energy.bonus.steps", "no_task"),
        ("remainder", "over12", "no_task", "deadline"),
    )
    for group in together:
        for chosen in product(*(options[reading] for reading in group)):
            yield under(base, dict(zip(group, chosen, strict=True)))


def near(rng: random.Random, condition: Condition, base: Decimal) -> Decimal:
    """A left figure at its threshold or a hair beside it, or anywhere."""
    if rng.random() < 0.25:
        return Decimal(rng.randint(0, 400_000)) / 100
    exact = base * condition.right_times / condition.left_times
    return (exact + rng.choice(HAIRS)).quantize(SIX)


def amount(rng: random.Random) -> Decimal:
    return Decimal(rng.randint(1, 10 ** rng.randint(2, 7))).scaleb(-rng.randint(0, 4))


def figures(rng: random.Random, rule: When | Step, scheme: Scheme) -> dict[str, Decimal | str]:
    """Figures that come near to what decides."""
    typed: dict[str, Decimal | str] = {}
    if isinstance(rule, Step):
        small = rule.step <= 1
        right = Decimal(rng.randint(-300, 900)) / 100 if small else amount(rng)
        steps = Decimal(rng.randint(-3, 9)) + rng.choice((Decimal(0), Decimal("0.5"), Decimal("0.333333")))
        typed[rule.right] = right
        typed[rule.left] = (right + steps * rule.step + rng.choice(HAIRS)).quantize(SIX)
        return typed
    for condition in rule.conditions:
        typed |= around(rng, condition, scheme)
    return typed


def around(rng: random.Random, condition: Condition, scheme: Scheme) -> dict[str, Decimal | str]:
    if condition.compare == "done":
        return {condition.left: rng.choice(scheme.names[condition.left].done)}
    if condition.right is None:
        return {condition.left: Decimal(rng.randint(0, 4))}
    base = amount(rng) if rng.random() < 0.7 else Decimal(rng.randint(1, 400))
    if rng.random() < 0.06:
        base = Decimal(0)
    return {condition.right: base, condition.left: near(rng, condition, base)}


def spoil(rng: random.Random, typed: dict[str, Decimal | str], at: Setting) -> None:
    """Now and then something that is no figure, or one beyond all limits; what is given stays as it was given."""
    for name in list(typed):
        entry = at.given.get(name)
        if entry is not None:
            assert entry.value is not None
            assert isinstance(entry.value, Decimal | Mark)
            typed[name] = entry.value if isinstance(entry.value, Decimal) else entry.value.value
        elif rng.random() < 0.05:
            del typed[name]
        elif name not in at.asked:
            continue  # issued: a figure, or not there at all
        elif rng.random() < 0.04:
            typed[name] = rng.choice(JUNK)
        elif rng.random() < 0.03 and not isinstance(typed[name], str):
            typed[name] = rng.choice((Decimal(-1), Decimal(200_000), Decimal("-250.5"), Decimal("33.3333")))
        elif rng.random() < 0.03 and isinstance(value := typed[name], Decimal):
            typed[name] = value + SEVENTH
        elif at.asked[name].whole:
            continue
        elif rng.random() < 0.03 and isinstance(value := typed[name], Decimal) and value > 1:
            typed[name] = value + rng.choice((DUST, -DUST))


def entries(typed: Mapping[str, Decimal | str], at: Setting) -> dict[str, Entry]:
    """What the program makes of it: unreadable is invalid, and so is what is beyond the limits."""
    words = {"无": Mark.NOT_APPLICABLE}
    made: dict[str, Entry] = dict(at.given)
    for name, value in typed.items():
        field = at.asked.get(name)
        if name in at.given:
            continue
        if isinstance(value, str):
            own = dict(zip(field.words, (Mark.DONE, Mark.NOT_DONE), strict=True)) if field is not None else {}
            mark = {**words, **own}.get(value)
            legal = mark is not None and field is not None and mark in field.marks
            made[name] = Entry(mark if legal else None, invalid=not legal)
            continue
        near = value.quantize(SIX)
        value = near if abs(value - near) == DUST else value
        most = typed.get(field.at_most or "") if field is not None else None
        inside = field is None or not (
            (field.minimum is not None and value < field.minimum)
            or (field.maximum is not None and value > field.maximum)
            or (field.whole and value != value.to_integral_value())
            or (field.decimals is not None and value != value.quantize(Decimal(1).scaleb(-field.decimals)))
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
                    many = 24 if isinstance(criterion.rule, Step) or criterion.needs else 7
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
        own = [name for name in criterion.rule.figures if scheme.figures[name].waivable]
        yield {free[-1]: task}
        yield {free[0]: task, free[-1]: task}
        yield dict.fromkeys(free, task)
        yield dict.fromkeys([*free, *own], task)


def point_case(rng: random.Random, at: Setting, criterion: Criterion, kind: str) -> Case:
    needed = at.scheme.criteria.get(criterion.needs)
    typed = figures(rng, needed.rule, at.scheme) if needed and isinstance(needed.rule, When) else {}
    assert isinstance(criterion.rule, When | Step)
    fresh = figures(rng, criterion.rule, at.scheme)
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


def share_cases() -> Iterator[Case]:
    """Everything done, and every set of criteria of an item waived, so that the others share its points."""
    scheme = load(readings={"no_task": "rescale"})
    for item in (each for each in scheme.items if each.id in ("1.2", "1.3")):
        for count in range(1, len(item.criterion) + 1):
            for waived in combinations(item.criterion, count):
                names = [next(name for name in each.rule.figures if scheme.figures[name].waivable) for each in waived]
                at = setting(scheme, scheme.units[0], {name: Entry(Mark.NO_TASK) for name in names})
                for criterion in item.criterion:
                    typed: dict[str, Decimal | str] = {
                        name: scheme.names[name].done[0] if name.endswith(".done") else Decimal(5)
                        for name in criterion.rule.figures
                        if name not in names
                    }
                    value, _, steps = rule_points(scheme, criterion, entries(typed, at))
                    yield Case(
                        lambda cells, each=criterion, at=at: live.points(  # type: ignore[misc]
                            at.scheme, each, at.given, at.asked, cells
                        ),
                        criterion.rule.figures,
                        typed,
                        "" if value is None else fixed(value),
                        f"{criterion.id} {steps}",
                        f"{item.id} {'、'.join(each.id for each in waived)}",
                    )


def verdict_cases(rng: random.Random) -> Iterator[Case]:
    for chosen in ({}, {"remainder": "benefit"}, {"remainder": "benefit", "over12": "strict"}):
        scheme = load(readings=chosen)
        for item, evidence in scheme.evidence.values():
            given: list[dict[str, Entry]] = [{}]
            target = f"{evidence.measure}.target"
            if target in scheme.figures and scheme.figures[target].waivable:
                given.append({target: Entry(Mark.NO_TASK)})
            for each in given:
                at = setting(scheme, scheme.units[0], each)
                for _ in range(40):
                    typed = around(rng, evidence.test, scheme)
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


# what a slip in a formula might look like: a comparison, a rounding, a cap, a guard that is not there
MUTATIONS: Mapping[str, Callable[[str], str]] = {
    "comparison": lambda formula: formula.replace(",6)>=0", ",6)>0").replace(",8)>=0", ",8)>0"),
    "rounding": lambda formula: formula.replace("INT(ROUND(ROUND(", "(ROUND(ROUND(").replace("/50,9)", "/50,0)"),
    "cap": lambda formula: formula.replace(",2),6),2)", ",2.5),6),2)"),
    "decimals": lambda formula: re.sub(r",ROUND\(([A-Z]+\d+)-ROUND\(\1,6\),8\)<>0", "", formula),
    "nothing": lambda formula: re.sub(r"IF\([A-Z]+\d+=0,", "IF(FALSE,", formula),
}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    rng = random.Random(20070706)
    return [*point_cases(rng), *share_cases(), *verdict_cases(rng)]


@pytest.fixture(scope="module")
def computed(cases: list[Case], office: Convert, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What LibreOffice makes of each case: its formula, then each mutation of it."""
    return compute(cases, list(MUTATIONS.values()), office, tmp_path_factory.mktemp("bulk"))


def differences(cases: list[Case], computed: list[list[str]], column: int) -> list[str]:
    """The cases in which the spreadsheet and the program differ."""
    return [
        f"{case.told}: {line[column]!r}, program {case.expected!r}"
        for case, line in zip(cases, computed, strict=True)
        if line[column] != case.expected
    ]


def test_formulas_agree_with_the_program_to_the_cent(cases: list[Case], computed: list[list[str]]) -> None:
    assert len(cases) >= LEAST
    assert differences(cases, computed, 0) == []


def test_the_cases_reach_every_outcome(cases: list[Case]) -> None:
    told = [case.told for case in cases]
    for state in ("scored", "pending", "no_task", "no_target", "invalid", "undecided"):
        assert sum(f" {state} " in each for each in told) > 50, state
    for criterion in load().criteria.values():
        if not criterion.judged:
            mine = {case.expected for case in cases if f" {criterion.id} " in case.told}
            assert len(mine) >= 3, (criterion.id, mine)
    assert {"达到", "未达到", "不适用", ""} <= {case.expected for case in cases}


def test_shares_add_up_to_the_item_in_the_form_too(cases: list[Case], computed: list[list[str]]) -> None:
    shared: dict[str, list[str]] = {}
    for case, line in zip(cases, computed, strict=True):
        if case.group:
            shared.setdefault(case.group, []).append(line[0])
    wholes = [group for group, points in shared.items() if set(points) == {""}]
    assert wholes == ["1.2 1.2.1、1.2.2、1.2.3、1.2.4、1.2.5", "1.3 1.3.1、1.3.2、1.3.3、1.3.4、1.3.5、1.3.6、1.3.7"]
    parts = {group: points for group, points in shared.items() if group not in wholes}
    assert len(parts) == 2**5 - 2 + 2**7 - 2
    assert {group for group, points in parts.items() if sum(map(Decimal, points)) != 10} == set()


def test_the_deadline_changes_no_formula() -> None:
    made = []
    for option in ("inclusive", "strict"):
        at = setting(load(readings={"deadline": option}), load().units[0], {})
        made.append(live.formulas(at.scheme, at.given, at.asked.values(), lambda _: lambda name: f"[{name}]"))
    assert made[0] == made[1]


@pytest.mark.parametrize("mutation", range(len(MUTATIONS)), ids=list(MUTATIONS))
def test_the_same_comparison_fails_when_a_formula_is_altered(
    mutation: int, cases: list[Case], computed: list[list[str]]
) -> None:
    altered = differences(cases, computed, 1 + mutation)
    assert 5 < len(altered) < len(cases) / 2
