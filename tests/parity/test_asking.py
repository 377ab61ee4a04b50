"""Whole forms with odd figures, computed by LibreOffice: what each row asks, against what the program asks of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pytest
from form_cells import find_fields
from msgspec import Struct

from kaohe_cli.assess.check import check_case
from kaohe_cli.assess.plausibility import doubts
from kaohe_cli.commands import sample
from kaohe_cli.diagnostic import Problem
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.gather import gather
from kaohe_cli.form.intake import intake
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Case, Entry, Field, Settings, Unit
from kaohe_cli.scheme.fields import confirmation, form_fields
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.plausible import Against, Expectation, NotSame, PartOf, Within
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.reader import read_workbook

ConvertAll = Callable[[Sequence[Path], str, Path], list[Path]]

pytestmark = pytest.mark.office

YEARS = 4  # of fourteen units
HAIR = Decimal("0.000001")
SLIPS = [Decimal(text) for text in ("10", "100", "1000", "0.1", "0.01", "-1")]
ALONE = {"KH260", "KH261", "KH262", "KH263", "KH264", "KH265"}  # what a form can ask without the other units
ASKS, ANSWERED = "，请核对；无误请说明", "已说明："


class Filled(Struct):
    """A form, what was in force when it was issued, and its file."""

    settings: Settings
    unit: Unit
    path: Path


@cache
def scheme() -> Scheme:
    return load()


# ── odd years ───────────────────────────────────────────────────────────────────────────────────────────


def year(number: int, folder: Path) -> list[Filled]:
    """The forms of the synthetic year, some figures of each odd, or on the edge of it; in odd years wrong."""
    rng, made, whole = Random(number), [], sample.load(scheme())
    press = open_template(scheme(), template_workbook(scheme()))
    for each in whole.units:
        unit = next(unit for unit in whole.settings.units if unit.code == each.code)
        given = {name: slipped(rng, entry) for name, entry in whole.settings.given.get(each.code, {}).items()}
        settings = Settings(whole.settings.units, {each.code: given}, {}, {})
        known = dict(scheme().given(unit, settings))
        fields = form_fields(scheme(), known)
        entries = odd(rng, fields, {**each.entries, **known}, number % 2 == 1)
        path = folder / f"{number}{unit.code}.xlsx"
        path.write_bytes(press.issue(unit, settings, entries)[0])
        made.append(Filled(settings, unit, path))
    return made


def slipped(rng: Random, entry: Entry) -> Entry:
    """A figure of the office, odd by itself now and then."""
    odd = isinstance(entry.value, Decimal) and entry.value > 0 and rng.random() < 0.1
    return Entry(abs(rng.choice(SLIPS)) * entry.value) if odd and isinstance(entry.value, Decimal) else entry


def odd(rng: Random, fields: Sequence[Field], usual: Mapping[str, Entry], wrong: bool) -> dict[str, Entry]:
    """What a unit fills in: row by row as usual, on an edge, a slip, or last year's; if ``wrong``, blank too."""
    entries, asked = dict(usual), {field.name: field for field in fields if field.type == "number"}
    for measure, held in scheme().expectations.items():
        names = [name for name in asked if name.partition(".")[0] == measure]
        if not names:
            continue
        known = {name: entry.value for name, entry in entries.items() if isinstance(entry.value, Decimal)}
        name, way = rng.choice(names), rng.random()
        value = known.get(name)
        if way < 0.1:
            entries[name] = Entry(value and value * rng.choice(SLIPS))
        elif way < 0.5 and (at := [edge for each in held for edge in edges(each, known) if edge[0] in asked]):
            name, edge = rng.choice(at)
            entries[name] = Entry(rounded(edge + rng.choice((-HAIR, Decimal(0), HAIR)), asked[name].whole))
        elif way < 0.6 and wrong:
            entries[name] = Entry(rng.choice((None, Decimal("12.3456781"))))
        if not wrong and any(beyond(asked[each], entries) for each in names):
            entries |= {each: usual[each] for each in names if each in usual}
        if held and rng.random() < 0.3:
            entries[confirmation(measure)] = Entry("并入两家企业")
    return entries


def beyond(field: Field, entries: Mapping[str, Entry]) -> bool:
    entry, total = entries.get(field.name), entries.get(field.at_most or "")
    bound = total.value if total is not None and isinstance(total.value, Decimal) else None
    return entry is not None and bool(broken(field, entry.value, scheme(), bound))


def rounded(value: Decimal, whole: bool) -> Decimal:
    return value.to_integral_value() if whole else round(value, 6)


def edges(each: Expectation, known: Mapping[str, Decimal]) -> Iterator[tuple[str, Decimal]]:
    """Figures and what they would be on the very edge of what may be expected."""
    name = each.figures[0]
    if isinstance(each, Within):
        yield from ((name, edge) for edge in (each.least, each.most))
    elif isinstance(each, Against) and each.base in known:
        base = known[each.base]
        yield from ((name, base + edge if each.points else base * edge) for edge in (each.least, each.most))
        yield from ((name, base + slack) for slack in (-each.slack, each.slack))
    elif isinstance(each, PartOf | NotSame) and each.figures[1] in known:
        yield name, known[each.figures[1]]


@pytest.fixture(scope="module")
def forms(office_all: ConvertAll, tmp_path_factory: pytest.TempPathFactory) -> list[Filled]:
    """Forms as units would return them, each saved once by LibreOffice so that it holds what the form calculates."""
    folder = tmp_path_factory.mktemp("asking")
    with ProcessPoolExecutor(2) as pool:
        made = [form for forms in pool.map(year, range(YEARS), [folder] * YEARS) for form in forms]
    back = office_all([each.path for each in made], "xlsx", folder / "computed")
    return [Filled(each.settings, each.unit, path) for each, path in zip(made, back, strict=True)]


# ── what the form says, and what the program says ───────────────────────────────────────────────────────


def opened(form: Filled) -> Book:
    book, problems = read_workbook(form.path)
    assert book is not None, problems
    return book


def shown(book: Book) -> tuple[Mapping[str, str], str]:
    """The state of each row by its measure, and what the panel says."""
    places = find_fields(scheme(), book)
    sheet = book.sheet(places["progress.title"][0])
    assert sheet is not None

    def said(name: str) -> str:
        return str(sheet.cells[places[name][1:]].value)

    return {measure: said(f"{measure}.state") for measure in scheme().expectations}, said("progress.title")


def checked(form: Filled, book: Book) -> tuple[Case, list[Problem]]:
    """The unit's case, figures beyond their limits struck out, and all errors of its form."""
    returned, told = intake(scheme(), form.settings, book)
    assert returned is not None
    cases, _ = gather(scheme(), form.settings, [(returned, ())])
    case, problems = check_case(scheme(), form.settings, next(case for case in cases if case.unit == form.unit))
    return case, [each for each in (*told, *problems) if each.severity == "error"]


def first_said(case: Case, measure: str) -> str:
    """The first expectation that the figures of a measure do not meet, in words; empty: they meet all.

    A figure that is not this year's is named.
    """
    known = {name: each.value for name, each in case.settled.items() if isinstance(each.value, Decimal)}
    held = (each for each in scheme().expectations[measure] if known.keys() >= {*each.figures})
    for each in held:
        if not each.met(known):
            whose = "" if each.figures[0].endswith(".actual") else scheme().names[each.figures[0]].label
            return whose + each.words(known, scheme().names)
    return ""


def test_every_row_asks_what_the_program_asks(forms: list[Filled]) -> None:
    apart, seen = [], Counter[str]()
    for form in forms:
        book = opened(form)
        states, (case, errors) = shown(book)[0], checked(form, book)
        queried = {name.partition(".")[0] for name, why in asked_alone(case) if why}
        for measure, held in scheme().expectations.items():
            state, said = states[measure], first_said(case, measure)
            assert bool(said) == (measure in queried), (form.path.name, measure)
            answer = case.reported.get(confirmation(measure))
            wrong = any(each.field.partition(".")[0] == measure for each in errors)
            if wrong:
                right, kind = state.startswith(("需改", "待填")), "wrong"
            elif said and not (answer and answer.value):
                right, kind = state == said + ASKS, "asked"
            elif said:
                # what may stay blank is told even where the odd figure is explained
                right, kind = state == ANSWERED + said or state.startswith("未填"), "answered"
            else:
                right, kind = ASKS not in state and not state.startswith(ANSWERED), "silent" if held else "nothing"
            seen[kind] += 1
            if not right:
                apart.append(f"{form.path.name} {measure}: {state!r}, program {said!r} {kind}")
    assert apart == []
    assert all(seen[kind] > 80 for kind in ("asked", "answered", "silent", "wrong")), seen
    assert sum(seen.values()) - seen["nothing"] > 1400


def asked_alone(case: Case) -> Iterator[tuple[str, list[str]]]:
    """What the program asks of the unit by itself: the figures, and the words of each reason."""
    for (_, name), found in doubts(scheme(), [case]).items():
        yield name, [each.why for each in found if each.code in ALONE]


def test_the_panel_counts_what_is_asked(forms: list[Filled]) -> None:
    sent = Counter[bool]()
    for form in forms:
        book = opened(form)
        states, panel = shown(book)
        rows = sum(state.endswith(ASKS) for state in states.values())
        told = f"有 {rows} 处请核对，无误的请在“核实说明”栏说明"
        assert (told in panel) if rows else ("请核对" not in panel), (form.path.name, panel)
        ready = panel.startswith("可以上报")
        assert ready == (not checked(form, book)[1]), (form.path.name, panel)
        if ready and rows:
            assert panel.endswith(f"；{told}"), panel
        sent[ready] += bool(rows)
    assert all(sent[ready] > 3 for ready in (True, False)), sent
