"""What a form asks to be looked at, computed by LibreOffice, against what the program asks of one unit alone."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

import pytest
from bulk import Row, compute

from kaohe_cli.assess.check import check_case
from kaohe_cli.assess.plausibility import doubts
from kaohe_cli.form import live
from kaohe_cli.model import Case, Entry, Settings
from kaohe_cli.scheme.condition import Addresses
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.plausible import Against, Expectation, PartOf, Within
from kaohe_cli.scheme.scheme import Scheme

Convert = Callable[[Path, str, Path], Path]

pytestmark = pytest.mark.office

HAIR = Decimal("0.000001")
ALONE = ("KH260", "KH261", "KH262", "KH263", "KH264", "KH265")  # what a form can ask without the other units
SLIPS = [Decimal(text) for text in ("1", "10", "100", "1000", "0.1", "0.01", "-1", "10000", "0")]


class Asked(Row):
    """The formula of one measure, what it is about, and what the program says."""

    what: str
    said: str


def schemes() -> Iterator[Scheme]:
    yield load()
    yield load("tests/schemes/townships_2015.toml")


def figure_sets(scheme: Scheme, measure: str) -> Iterator[Mapping[str, Decimal]]:
    """Numbers of a measure and of what it is held against: on every edge, a hair beside it, and slips of the pen."""
    held = scheme.expectations[measure]
    names = list(dict.fromkeys(name for each in held for name in each.figures))
    for number in range(6):
        chance = Random(f"{measure} {number}")
        base = Decimal(chance.choice((3, 40, 97, 1250))) + Decimal(chance.randrange(100)) / 100
        usual = {name: base if scheme.figures[name].whole is False else base.to_integral_value() for name in names}
        usual = {name: _within(scheme, held, name, value) for name, value in usual.items()}
        for name in names:
            yield from ({**usual, name: usual[name] * slip} for slip in SLIPS)
        for each in held:
            for edge in _edges(each, usual):
                yield from ({**usual, each.figures[0]: edge + hair} for hair in (-HAIR, Decimal(0), HAIR))
        yield {name: value for name, value in usual.items() if name != names[-1]}


def _within(scheme: Scheme, held: tuple[Expectation, ...], name: str, value: Decimal) -> Decimal:
    spans = [each for each in held if isinstance(each, Within) and each.figure == name]
    return min(max(value, spans[0].least), spans[0].most) if spans else value


def _edges(each: Expectation, numbers: Mapping[str, Decimal]) -> Iterator[Decimal]:
    if isinstance(each, Within):
        yield from (each.least, each.most)
    elif isinstance(each, Against):
        base = numbers[each.base]
        yield from (base + edge if each.points else base * edge for edge in (each.least, each.most))
        yield from (base - each.slack, base + each.slack)
    else:
        yield numbers[each.whole if isinstance(each, PartOf) else each.base]


def first_said(scheme: Scheme, measure: str, figures: Mapping[str, Decimal]) -> str:
    """What the program says first of the figures of one unit alone, which are all its own; empty: nothing."""
    unit = scheme.units[0]
    entries = {name: Entry(round(value, 6).normalize()) for name, value in figures.items()}
    case, _ = check_case(scheme, Settings(scheme.units, {}, {}, {}), Case(unit, "received", entries))
    known = {name: each.value for name, each in case.reported.items() if isinstance(each.value, Decimal)}
    found = (each for each in scheme.expectations[measure] if known.keys() >= {*each.figures})
    first = next((each for each in found if not each.met(known)), None)
    said = first.words(known, scheme.names) if first else ""
    whose = scheme.names[first.figures[0]].label if first and not first.figures[0].endswith(".actual") else ""
    odd = doubts(scheme, [case])
    asked = [
        each.why
        for (_, name), why in odd.items()
        for each in why
        if name.partition(".")[0] == measure and each.code in ALONE
    ]
    assert bool(said) == bool(asked)
    assert not said or any(each.endswith(said) for each in asked)
    return f"{whose}{said}"


def cases() -> Iterator[Asked]:
    for scheme in schemes():
        fields = {field.name: field for field in form_fields(scheme, {})}
        for measure in scheme.content.measure:
            if not scheme.expectations[measure.id]:
                continue
            for figures in figure_sets(scheme, measure.id):
                rounded = {name: round(value, 6) for name, value in figures.items()}
                asked = {name: field for name, field in fields.items() if name in scheme.figures}
                names = tuple(dict.fromkeys((*scheme.figures,)))
                formula = partial(live.odd_words, scheme, measure, asked)
                yield Asked(formula, names, rounded, f"{measure.id} {figures}", first_said(scheme, measure.id, rounded))


def test_a_form_asks_what_the_program_asks(office: Convert, tmp_path: Path) -> None:
    rows = list(cases())
    told = [said for (said,) in compute(rows, [], office, tmp_path)]
    assert [
        f"{row.what}: {said!r}, not {row.said!r}" for row, said in zip(rows, told, strict=True) if said != row.said
    ] == []
    asked = sum(bool(row.said) for row in rows)
    assert len(rows) > 5000
    assert 1500 < asked < len(rows) - 1500


def test_the_comparison_would_show_a_difference(office: Convert, tmp_path: Path) -> None:
    """Formulas that take an edge for beyond it, or forget the slack, are found out."""
    rows = [row for row in cases() if row.what.startswith(("sales", "clean"))]
    stricter = [
        sum(said != row.said for row, said in zip(rows, column, strict=True))
        for column in zip(*(line[1:] for line in compute(rows, [
            lambda text: text.replace(">0)", ">=0)"), lambda text: text.replace("<0,", "<=0,"),
        ], office, tmp_path)), strict=True)
    ]  # fmt: skip
    assert all(stricter), stricter


def test_addresses_are_asked_for_as_they_are_named() -> None:
    seen: list[str] = []

    def cells(name: str) -> str:
        seen.append(name)
        return "A1"

    addresses: Addresses = cells
    scheme = load()
    live.odd_words(scheme, scheme.measures["tech"], {}, addresses)
    assert {"tech.actual", "tech.prior", "tech.target", "invest.actual"} <= {*seen}
