"""The frame's formulas by themselves, computed by LibreOffice, against what the program works out, to the cent.

How parts come together within every limit (合计办法), and conditions of which all hold, or one is enough.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from bulk import Row, compute, setting
from msgspec.structs import replace

from kaohe_cli.assess.score import rule_points
from kaohe_cli.form import live
from kaohe_cli.model import Entry, Field, Mark
from kaohe_cli.points import DECIMALS, ZERO, fixed
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.frame import ONE, Frame
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.rule import When
from kaohe_cli.scheme.rule.when import Part

Convert = Callable[[Path, str, Path], Path]

pytestmark = pytest.mark.office

CENT = Decimal("0.01")
LIMITS = tuple(
    tuple(each and Decimal(each) for each in pair)
    for pair in ((None, None), ("0", None), ("-2.5", None), (None, "10"), (None, "0"), ("5.01", "5.01"), ("0", "100"))
)
CAPS = (None, Decimal("9.99"))
WEIGHTS = (
    ("1",), ("0.25",), ("0.5", "0.5"), ("0.005", "0.995"), ("0.333333", "0.333333", "0.333334"), ("1", "-1", "0.5"),
    ("0.15", "0.35", "0.5"), ("0.1",) * 10,
)  # fmt: skip
MANY = (1, 2, 3, 7, 30)


class FrameCase(Row):
    """A formula and what it must come to."""

    expected: str
    told: str


# ── parts and limits ────────────────────────────────────────────────────────────────────────────────────


def together() -> Iterator[FrameCase]:
    rng = random.Random(1703)
    for combine, (floor, cap), further in product(("sum", "mean", "least", "weighted"), LIMITS, CAPS):
        frame = Frame(combine=combine, floor=floor, cap=cap)  # type: ignore[arg-type]
        if combine == "weighted":
            shapes = [tuple(map(Decimal, weights)) for weights in WEIGHTS]
        else:
            shapes = [(ONE,) * many for many in MANY]
        for weights in shapes:
            for values in points(rng, frame, weights):
                yield together_case(frame, further, list(zip(values, weights, strict=True)))


def points(rng: random.Random, frame: Frame, weights: Sequence[Decimal]) -> Iterator[list[Decimal]]:
    """Points of as many parts as there are weights: nought, below nought, at the limits, half a cent from the next."""
    many = len(weights)
    yield [ZERO] * many
    yield [-CENT] * many
    yield [Decimal("-100")] * many
    yield [Decimal(rng.randint(-500, 3_000)) / 100 for _ in weights]
    yield [Decimal(rng.randint(0, 100)) for _ in weights]
    yield [Decimal(rng.randint(0, 1_000_000)) / 100 for _ in weights]
    for edge in {each for each in (frame.floor, frame.cap, Decimal("0.01"), Decimal("7.5")) if each is not None}:
        for hair in (-CENT, ZERO, CENT):
            values = [Decimal(rng.randint(-300, 900)) / 100 for _ in weights]
            # the last part takes it to the edge, where its weight allows, and half a cent is met there or next to it
            rest = sum((value * weight for value, weight in zip(values[1:], weights[1:], strict=True)), ZERO)
            goal = edge * many if frame.combine == "mean" else edge
            values[0] = ((goal - rest) / weights[0]).quantize(CENT) + hair
            yield values


def together_case(frame: Frame, further: Decimal | None, parts: list[tuple[Decimal, Decimal]]) -> FrameCase:
    names = tuple(f"p{place}" for place in range(len(parts)))
    weights = [weight for _, weight in parts]
    return FrameCase(
        lambda cells: frame.formula([(cells(name), each) for name, each in zip(names, weights, strict=True)], further),
        names,
        dict(zip(names, (value for value, _ in parts), strict=True)),
        fixed(frame.limited(frame.raw(parts), further) + 0),  # no nought below nought
        f"{frame} {further} {parts}",
    )


def as_range() -> Iterator[FrameCase]:
    """Parts in a row, named by their first and last cell."""
    rng = random.Random(1704)
    for combine, (floor, cap) in product(("sum", "mean", "least"), LIMITS):
        frame = Frame(combine=combine, floor=floor, cap=cap)  # type: ignore[arg-type]
        for many in MANY[1:]:
            names = tuple(f"p{place}" for place in range(many))
            values = [Decimal(rng.randint(-300, 1_500)) / 100 for _ in names]
            expected = frame.limited(frame.raw([(value, ONE) for value in values]))
            yield FrameCase(
                lambda cells, frame=frame, last=names[-1]: frame.formula(  # type: ignore[misc]
                    [(f"{cells('p0')}:{cells(last)}", ONE)]
                ),
                names, dict(zip(names, values, strict=True)), fixed(expected + 0), f"range {frame} {values}",
            )  # fmt: skip


# ── conditions ──────────────────────────────────────────────────────────────────────────────────────────

SCHEME = load()
COMPARES = (">=", ">", "<=", "<", "=")
TICK = Decimal(1).scaleb(-DECIMALS)
JUNK = ("约12", "无任务", "")


def conditioned() -> Iterator[FrameCase]:
    """Parts of one to three conditions, all or any, with points for where they do not hold, behind a form's guards."""
    rng = random.Random(1705)
    numbers = [each for each in SCHEME.figures if not each.endswith(".done") and not SCHEME.figures[each].whole]
    lefts = [name for name in numbers if name.endswith(".actual") and SCHEME.figures[name].at_most is None]
    dones = [name for name in SCHEME.figures if name.endswith(".done")]
    criterion = next(each for each in SCHEME.criteria.values() if not each.judged and not each.needs)
    at = setting(SCHEME, SCHEME.units[0], {})
    for compare, any_, many, otherwise in product(COMPARES, (False, True), (1, 2, 3), ("0", "-1.5")):
        for _ in range(12):
            names = rng.sample(lefts, many + 1)
            also = [condition(rng, rng.choice(COMPARES), name, dones) for name in names[1:many]]
            first = condition(rng, compare, names[0], [])
            own = {name: getattr(first, name) for name in Condition.__struct_fields__}
            also_first, *rest = (*also, first)
            part = Part(points=Decimal("3.5"), otherwise=Decimal(otherwise), any=any_, also=tuple(also), **own)
            second = as_part(also_first, Decimal("-2"), tuple(rest[:1]))
            rule = When(parts=(part, second) if rng.random() < 0.3 else (part,))
            yield conditioned_case(rng, at, replace(criterion, rule=rule))


def as_part(condition: Condition, points: Decimal, also: tuple[Condition, ...]) -> Part:
    own = {name: getattr(condition, name) for name in Condition.__struct_fields__}
    return Part(points=points, also=also, **own)


def condition(rng: random.Random, compare: str, left: str, dones: list[str]) -> Condition:
    if dones and rng.random() < 0.2:
        return Condition(left=rng.choice(dones), compare="done")
    times = rng.choice(("1", "1.05", "3", "0.85"))
    other = left.replace(".actual", ".prior")
    if other in SCHEME.figures and rng.random() < 0.6:
        return Condition(left=left, compare=compare, right=other, right_times=Decimal(times))  # type: ignore[arg-type]
    return Condition(left=left, compare=compare, number=Decimal(rng.randint(0, 9_000)) / 100)  # type: ignore[arg-type]


def conditioned_case(rng: random.Random, at: Any, criterion: Any) -> FrameCase:
    typed: dict[str, Decimal | str] = {}
    for each in criterion.rule.conditions:
        if each.compare == "done":
            typed.setdefault(each.left, rng.choice(SCHEME.names[each.left].done))
            continue
        base = each.number
        if each.right is not None:
            base = Decimal(rng.randint(1, 90_00)) / 100
            base = typed.setdefault(each.right, base)
        bound = base * each.right_times / each.left_times
        value = (bound + rng.choice((ZERO, ZERO, TICK, -TICK, Decimal(1), Decimal(-1)))).quantize(TICK)
        typed.setdefault(each.left, max(value, ZERO))
    for name in list(typed):
        if rng.random() < 0.02:
            typed[name] = rng.choice(JUNK)
    entries = {name: entry(value, at.asked.get(name)) for name, value in typed.items()}
    value, state, _ = rule_points(at.scheme, criterion, entries)
    return FrameCase(
        lambda cells: live.points(at.scheme, criterion, at.given, at.asked, cells),
        criterion.rule.figures,
        typed,
        "" if value is None else fixed(value + 0),
        f"{criterion.rule} {state} {typed}",
    )


def entry(value: Decimal | str, field: Field | None) -> Entry:
    """What the program makes of what was typed, within the limits of its field."""
    if isinstance(value, Decimal):
        beyond = field is not None and (
            (field.minimum is not None and value < field.minimum)
            or (field.maximum is not None and value > field.maximum)
        )
        return Entry(None if beyond else value, invalid=beyond)
    if field is not None and value in field.words:
        return Entry((Mark.DONE, Mark.NOT_DONE)[field.words.index(value)])
    return Entry(None, invalid=bool(value))


# ── all ─────────────────────────────────────────────────────────────────────────────────────────────────

MAKERS: tuple[Callable[[], Iterator[FrameCase]], ...] = (together, as_range, conditioned)
SLIPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("mean", lambda formula: formula.replace("AVERAGE(", "MEDIAN(")),
    ("limit", lambda formula: formula.replace(",9.99)", ",9.98)")),
    ("weight", lambda formula: formula.replace("*0.25", "*0.2").replace("*0.35", "*0.3")),
    ("either", lambda formula: formula.replace("OR(", "AND(") if "IF(OR(" in formula else formula),
    ("equal", lambda formula: formula.replace(",6)<0", ",6)<=0").replace(",8)<0", ",8)<=0")),
)


@pytest.fixture(scope="module")
def cases() -> list[FrameCase]:
    return [each for made in MAKERS for each in made()]


@pytest.fixture(scope="module")
def computed(cases: list[FrameCase], office: Convert, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What LibreOffice makes of each case: its formula, then each slip in it."""
    return compute(cases, [change for _, change in SLIPS], office, tmp_path_factory.mktemp("frame"))


def differing(cases: list[FrameCase], computed: list[list[str]], column: int) -> list[str]:
    return [
        f"{each.told}: {line[column]!r}, program {each.expected!r}"
        for each, line in zip(cases, computed, strict=True)
        if line[column].replace("-0.00", "0.00") != each.expected
    ]


def test_the_frame_agrees_with_the_program_to_the_cent(cases: list[FrameCase], computed: list[list[str]]) -> None:
    assert differing(cases, computed, 0) == []


def test_every_way_and_limit_is_tried_often(cases: list[FrameCase]) -> None:
    frames = [each for each in cases if each.told.startswith(("Frame", "range"))]
    assert len(frames) >= 4_000
    assert len(cases) - len(frames) == 5 * 2 * 3 * 2 * 12
    for combine in ("sum", "weighted", "mean", "least"):
        assert sum(f"combine='{combine}'" in each.told for each in frames) >= 800, combine
    conditions = cases[len(frames) :]
    assert {each.expected for each in conditions} >= {"", "3.50", "0.00", "-1.50", "1.50"}
    assert sum(each.expected == "" for each in conditions) >= 20


@pytest.mark.parametrize("slip", range(len(SLIPS)), ids=[name for name, _ in SLIPS])
def test_a_slip_in_the_frame_is_found_out(slip: int, cases: list[FrameCase], computed: list[list[str]]) -> None:
    assert 5 < len(differing(cases, computed, 1 + slip)) < len(cases) / 2
