"""The rule kinds by themselves: the formula of each, computed by LibreOffice, against its value, to the cent.

Every kind with every option, at each of its boundaries and the last unit that a figure can have to either side, on
bases from a millionth to a million. A slip in the formulas of any kind must be found out.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal
from itertools import product
from pathlib import Path

import pytest
from bulk import Row, compute

from kaohe_cli.points import ZERO, fixed, half_up
from kaohe_cli.scheme.condition import Named
from kaohe_cli.scheme.rule import Band, Count, Linear, Peer, Placing, Step
from kaohe_cli.scheme.rule.count import Counted
from kaohe_cli.scheme.rule.share import Point, Threshold
from kaohe_cli.scheme.rule.subject import Subject, compared, compared_formulas

Convert = Callable[[Path, str, Path], Path]
Compared = Count | Linear | Band | Step | Placing | Peer

pytestmark = pytest.mark.office

LEAST = 30_000
TICK = Decimal("0.000001")
AROUND = (-TICK, ZERO, TICK)
BASES = tuple(
    Decimal(text)
    for text in ("0.000001", "0.000007", "0.3", "1", "3", "7", "99.99", "333.333333", "12345.678901", "99999.999983",
                 "100000", "1000000")
)  # fmt: skip
NAMES = {name: Named(name, "实绩", "", False, name) for name in ("a.actual", "a.target", "b.actual", "c.actual")}
LEFT, RIGHT = "a.actual", "a.target"


class KindCase(Row):
    """One formula and what it must come to."""

    kind: str
    expected: str
    told: str


def number(text: str) -> Decimal:
    return Decimal(text)


def limits(*texts: str) -> tuple[Decimal | None, ...]:
    return (None, *map(Decimal, texts))


def case(rule: Compared, figures: Mapping[str, Decimal]) -> KindCase:
    tag = str(type(rule).__struct_config__.tag)
    value = half_up(rule.value(figures)) + 0  # no nought below nought
    return KindCase(
        lambda cells: f"ROUND(ROUND({rule.formula(cells, NAMES)},{rule.places}),2)",
        tuple(figures), dict(figures), tag, fixed(value), f"{rule} {dict(figures)}",
    )  # fmt: skip


def down(value: Decimal) -> Decimal:
    return value.quantize(TICK, ROUND_FLOOR)


def some(rng: random.Random) -> Decimal:
    return Decimal(rng.randint(1, 10 ** rng.randint(2, 11))).scaleb(-6)


# ── count ───────────────────────────────────────────────────────────────────────────────────────────────


def counts(rng: random.Random) -> Iterator[KindCase]:
    pairs = (("3", "2"), ("0.5", "0.25"), ("-2", "-0.5"), ("1", "-0.3"), ("0.01", "0.02"), ("-0.01", "10"))
    for pair, start, floor, cap in product(pairs, ("0", "10", "-0.25"), limits("0", "-1"), limits("5", "12.5")):
        each = [Decimal(text) for text in pair]
        rule = Count((Counted("b.actual", each[0]), Counted("c.actual", each[1])), Decimal(start), floor, cap)
        edges = {ZERO, Decimal(1), Decimal(7)}
        edges |= {(edge - rule.start) / each[0] for edge in (floor, cap) if edge is not None}
        edges |= {(Decimal(rng.randint(-50, 50)) / 100 + Decimal("0.005")) / each[0]}
        for edge, hair in product(sorted(edges), AROUND):
            for other in (ZERO, Decimal(rng.randint(0, 9)), some(rng)):
                own = down(edge - other * each[1] / each[0]) + hair
                yield case(rule, {"b.actual": max(own, ZERO), "c.actual": other})


# ── line and band ───────────────────────────────────────────────────────────────────────────────────────


def lines(rng: random.Random) -> Iterator[KindCase]:
    marks = (("0", "0", "1", "40"), ("0.6", "0", "1", "15"), ("0", "0", "3", "0.1"), ("0.8", "50", "1.2", "100"),
             ("0", "10", "0.35", "0"), ("0.5", "-3", "1", "-0.5"), ("0", "0", "1", "600"))  # fmt: skip
    for texts, (floor, cap) in product(marks, product(limits("0", "2"), limits("9.99", "120"))):
        at, low, upper, high = map(Decimal, texts)
        for right in (None, RIGHT):
            rule = Linear(left=LEFT, right=right, low=Point(at, low), high=Point(upper, high), floor=floor, cap=cap)
            slope = (high - low) / (upper - at)
            targets = {low, high, *(each for each in (floor, cap) if each is not None)}
            targets |= {low + slope * Decimal(rng.randint(0, 12_000)) / 10_000 for _ in range(2)}
            halves = [Decimal(rng.randint(int(min(low, high) * 100), int(max(low, high) * 100))) for _ in range(3)]
            targets |= {each / 100 + Decimal("0.005") for each in halves}
            for target, base in product(sorted(targets), rng.sample(BASES, 3) if right else (Decimal(1),)):
                own = down((at + (target - low) / slope) * base)
                for hair in AROUND:
                    yield case(rule, {LEFT: own + hair, **({RIGHT: base} if right else {})})


def bands(rng: random.Random) -> Iterator[KindCase]:
    for falling, strict, right, ends in product((False, True), (False, True), (None, RIGHT), (False, True)):
        for texts in (("1", "0.9", "0.8"), ("1.123456", "0.333333", "0.000001"), ("60", "50.5", "7")):
            ats = sorted(map(Decimal, texts), reverse=not falling)
            marks = tuple(
                Threshold(at=at, points=Decimal(points), strict=strict)
                for at, points in zip(ats, ("40", "36.5", "28"), strict=True)
            )
            below = Point(ats[-1], Decimal("-2.5")) if ends else None
            rule = Band(left=LEFT, right=right, marks=marks, below=below, falling=falling)
            for at, base in product(ats, [*BASES, *(some(rng) for _ in range(8))] if right else (Decimal(1),)):
                for hair in AROUND:
                    yield case(rule, {LEFT: down(at * base) + hair, **({RIGHT: base} if right else {})})


# ── step ────────────────────────────────────────────────────────────────────────────────────────────────

DOWN = (RIGHT, LEFT)  # the unit's own figure on the right: short of it costs


def steps(rng: random.Random) -> Iterator[KindCase]:
    for count, percent, side, step in product(
        ("whole", "started", "prorata"), (False, True), ("figure", "number", "down", "below"), ("1", "0.1", "2.5", "10")
    ):
        for each, start, floor, cap in (("0.5", "0", None, "10"), ("-1", "20", "0", None), ("0.015", "1", None, None),
                                        ("-0.3", "0", "-5", None)):  # fmt: skip
            bounds = {"floor": floor and Decimal(floor), "cap": cap and Decimal(cap)}
            for base in rng.sample(BASES, 2):
                left, right = DOWN if side == "down" else (LEFT, RIGHT if side == "figure" else None)
                rule = Step(
                    left=left,
                    right=right,
                    number=None if right else base,
                    falling=side == "below",
                    step=Decimal(step),
                    each=Decimal(each),
                    count=count,
                    percent=percent,
                    start=Decimal(start),
                    **bounds,
                )  # type: ignore[arg-type]
                size = base * rule.step / 100 if percent else rule.step
                way = -1 if side in ("down", "below") else 1
                for many in (0, 1, 2, rng.randint(3, 40), Decimal(rng.randint(1, 4000)) / 200):
                    for hair in AROUND:
                        own = down(base + way * many * size) + hair
                        yield case(rule, {LEFT: own, **({RIGHT: base} if right else {})})


# ── place and peer ──────────────────────────────────────────────────────────────────────────────────────


def groups(rng: random.Random) -> Iterator[Mapping[str, dict[str, Decimal]]]:
    """Units by code, each with its own figures."""
    for base in (*BASES, *(some(rng) for _ in range(12))):
        values = [some(rng) for _ in range(rng.randint(1, 6))]
        near = down(base * Decimal("0.9"))
        values += [near, near, near + TICK]
        yield {f"U{place}": {LEFT: value, RIGHT: base} for place, value in enumerate(values)}
        yield {f"U{place}": {LEFT: near, RIGHT: base} for place in range(3)}  # all alike
        yield {f"U{place}": {LEFT: value, RIGHT: base} for place, value in enumerate((ZERO, near, ZERO))}
        yield {"U0": {LEFT: near, RIGHT: base}}


def seen(subject: Subject, group: Mapping[str, dict[str, Decimal]]) -> Iterator[dict[str, Decimal]]:
    """The figures of each unit, with its pseudo figures."""
    values = {code: value for code, own in group.items() if (value := subject.value(own)) is not None}
    for code, stats in compared(values).items():
        yield {**group[code], **{subject.pseudo(stat): value for stat, value in stats.items()}}


def comparing(rng: random.Random, rules: Iterable[Placing | Peer]) -> Iterator[KindCase]:
    rules = list(rules)
    for group in groups(rng):
        for rule in rules:
            for figures in seen(rule.subject, group):
                yield case(rule, {name: value for name, value in figures.items() if name in rule.figures})


def places(rng: random.Random) -> Iterator[KindCase]:
    made = [
        Placing(left=LEFT, right=right, low_first=low, points=tuple(map(Decimal, points)), drop=drop, floor=floor,
                rest=Decimal(rest))
        for right, low in product((None, RIGHT), (False, True))
        for points, drop, floor, rest in (
            (("10", "8", "6"), None, None, "0"), (("10", "8.5"), None, None, "1.25"),
            (("200",), Decimal(4), None, "0"), (("10", "7"), Decimal("2.5"), Decimal(3), "0"),
        )
    ]  # fmt: skip
    yield from comparing(rng, made)


def peers(rng: random.Random) -> Iterator[KindCase]:
    made = [
        Peer(left=LEFT, right=right, against=against, high=Decimal(high), low=Decimal(low), falling=falling, same=same)
        for right, against, falling in product((None, RIGHT), ("best", "range", "mean"), (False, True))
        for high, low, same in (("100", "50", None), ("600", "0", Decimal(300)), ("1", "0", None))
    ]  # type: ignore[arg-type]
    yield from comparing(rng, made)


# ── all ─────────────────────────────────────────────────────────────────────────────────────────────────

KINDS: Mapping[str, Callable[[random.Random], Iterator[KindCase]]] = {
    "count": counts, "line": lines, "band": bands, "step": steps, "place": places, "peer": peers,
}  # fmt: skip
# what a slip in a formula might look like: by kind
SLIPS: Mapping[str, Callable[[str], str]] = {
    "count": lambda formula: formula.replace("MIN(", "MAX("),
    "line": lambda formula: formula.replace("*40,", "*39.99,").replace("*15/0.4", "*15/0.5"),
    "band": lambda formula: formula.replace(">=0", ">0").replace("<=0", "<0"),
    "step": lambda formula: formula.replace("<0,1,0)", "<0,0,0)").replace("-INT(-", "INT("),
    "place": lambda formula: formula.replace("=2,", "=3,").replace("-4*", "-5*"),
    "peer": lambda formula: formula.replace("=0,100,", "=0,50,").replace(")*50/", ")*49/"),
}


@pytest.fixture(scope="module")
def cases() -> list[KindCase]:
    rng = random.Random(17)
    return [each for made in KINDS.values() for each in made(rng)]


@pytest.fixture(scope="module")
def computed(cases: list[KindCase], office: Convert, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """What LibreOffice makes of each case: its formula, then each slip in it."""
    return compute(cases, list(SLIPS.values()), office, tmp_path_factory.mktemp("kinds"))


def differing(cases: list[KindCase], computed: list[list[str]], column: int, kind: str = "") -> list[str]:
    return [
        f"{each.told}: {line[column]!r}, program {each.expected!r}"
        for each, line in zip(cases, computed, strict=True)
        if line[column].replace("-0.00", "0.00") != each.expected and kind in ("", each.kind)
    ]


def test_every_kind_is_tried_at_its_boundaries(cases: list[KindCase]) -> None:
    tried = Counter(each.kind for each in cases)
    assert set(tried) == set(KINDS)
    assert min(tried.values()) >= 1_000, tried
    assert len(cases) >= LEAST, tried


def test_formulas_agree_with_the_values_to_the_cent(cases: list[KindCase], computed: list[list[str]]) -> None:
    assert differing(cases, computed, 0) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_in_the_formulas_of_a_kind_is_found_out(
    kind: str, cases: list[KindCase], computed: list[list[str]]
) -> None:
    assert len(differing(cases, computed, 1 + list(SLIPS).index(kind), kind)) > 20


def test_a_sheet_compares_units_as_the_program_does(office: Convert, tmp_path: Path) -> None:
    rng, rows = random.Random(18), []
    for _ in range(150):
        finer = rng.randint(0, 6)
        values = {f"u{place}": Decimal(rng.randint(0, 400)).scaleb(-finer) for place in range(rng.randint(1, 8))}
        last = f"u{len(values) - 1}"
        for stat, expected in compared(values)["u0"].items():
            rows.append(KindCase(
                lambda cells, stat=stat, last=last: (  # type: ignore[misc]
                    f"ROUND(({compared_formulas(cells('u0'), cells('u0') + ':' + cells(last))[stat]})*1000000,2)"
                ),
                tuple(values), values, stat, fixed(expected * 1_000_000), f"{stat} {values}",
            ))  # fmt: skip
    assert differing(rows, compute(rows, [], office, tmp_path), 0) == []
