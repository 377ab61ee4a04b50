"""Whole forms, filled with random values and computed by LibreOffice, against the program that reads them back."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from amounts import amount
from form_cells import find_fields
from msgspec import Struct

from kaohe_cli.assess.check import check_case
from kaohe_cli.assess.score import score
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.gather import gather
from kaohe_cli.form.intake import intake
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Entry, Field, Mark, Settings, Unit, UnitScore
from kaohe_cli.points import fixed
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, CellKind
from kaohe_cli.sheet.reader import read_workbook

ConvertAll = Callable[[Sequence[Path], str, Path], list[Path]]

pytestmark = pytest.mark.office

FORMS = 14 * amount(6, 11)  # years of fourteen units
MILLIONTH = Decimal("0.000001")
HAIRS = (Decimal(0), Decimal(50), Decimal("0.01"), Decimal("-0.01"), MILLIONTH, -MILLIONTH)

POINTS_BESIDE = (*(Decimal(text) for text in ("0", "0.5", "1", "-1.5", "2.25")), MILLIONTH, -MILLIONTH)

STATES = ("scored", "pending", "no_task", "no_target", "invalid", "undecided")


class Filled(Struct):
    """A form, what was in force when it was issued, and its file."""

    settings: Settings
    unit: Unit
    path: Path

    @property
    def scheme(self) -> Scheme:
        return in_force(tuple(self.settings.readings.items()))


@cache
def in_force(chosen: tuple[tuple[str, str], ...]) -> Scheme:
    return load(readings=dict(chosen))


def readings(scheme: Scheme, rng: random.Random, number: int) -> dict[str, str]:
    """Any option of some readings, and by turns those that are read together with others.

    Options that cannot stand together are never drawn together.
    """
    chosen = {}
    for reading in rng.sample(scheme.content.reading, rng.choice((0, 1, 3, 6))):
        if not reading.within:
            chosen[reading.id] = rng.choice(reading.option).id
    turns = {"remainder": number // 2, "over12": number // 3, "no_task": number, "deadline": number // 4}
    for reading in scheme.content.reading:
        if reading.id in turns:
            chosen[reading.id] = reading.option[turns[reading.id] % len(reading.option)].id
    return chosen


def given(scheme: Scheme, rng: random.Random, sparse: bool) -> dict[str, Entry]:
    """Issued targets, some priors, some 无任务; where ``sparse``, some targets were forgotten."""
    made = {}
    for name, figure in scheme.figures.items():
        chance = {"office": 0.8 if sparse else 1.0, "either": 0.5}.get(figure.by, 0.0)
        if rng.random() < chance:
            made[name] = Entry(figure_value(rng, scheme.names[name].unit, figure.whole))
            if figure.by == "either" and rng.random() < 0.2:
                made[name] = Entry(Decimal(0))  # a growth over nothing is for the office to decide
        if figure.waivable and rng.random() < 0.06:
            made[name] = Entry(Mark.NO_TASK)
    return made


def figure_value(rng: random.Random, unit: str, whole: bool) -> Decimal:
    if unit == "%":
        return Decimal(rng.randint(10, 950)) / 10
    value = Decimal(rng.randint(100, 900_00)) / 100
    return value.to_integral_value() if whole else value


def filled(rng: random.Random, fields: Sequence[Field], known: dict[str, Entry], sparse: bool) -> dict[str, Entry]:
    """Values near what decides; where ``sparse``, with gaps and figures beyond their limits."""
    made: dict[str, Entry] = {}
    given_to = {measure_of(name) for name in known}
    measures = sorted({measure_of(field.name) for field in fields} - given_to)
    absent = {measure for measure in measures if rng.random() < 0.1}
    for field in fields:
        if sparse and rng.random() < 0.03:
            continue
        if field.type == "done":
            made[field.name] = Entry(rng.choice((Mark.DONE, Mark.DONE, Mark.NOT_DONE)))
        elif field.type == "date":
            made[field.name] = Entry(date(2007, 11, rng.randint(12, 15)))
        elif field.choices:
            made[field.name] = Entry(rng.choice((*field.choices, "快报数") if sparse else field.choices))
        elif field.type == "text":
            made[field.name] = Entry(rng.choice(("杭统〔2007〕58号", "=1+1", "0571-87654321", "附件3")))
        elif field.type == "score":
            assert field.maximum is not None
            made[field.name] = Entry(Decimal(rng.randint(0, int(field.maximum) * 100)) / 100)
        else:
            made[field.name] = Entry(number(rng, field, {**known, **made}))
            if sparse and rng.random() < 0.03:
                made[field.name] = Entry(Decimal("-777.5"))
            if sparse and not field.whole and rng.random() < 0.03:
                made[field.name] = Entry(Decimal("12.3456781"))  # a figure has six decimals at most
            if field.marks and (measure_of(field.name) in absent or (sparse and rng.random() < 0.01)):
                made[field.name] = Entry(Mark.NOT_APPLICABLE)
    return made


def measure_of(name: str) -> str:
    return name.partition(".")[0]


def number(rng: random.Random, field: Field, known: dict[str, Entry]) -> Decimal:
    measure = measure_of(field.name)
    near = [
        entry.value
        for other in ("target", "prior")
        if (entry := known.get(f"{measure}.{other}")) is not None and isinstance(entry.value, Decimal)
    ]
    if not near or field.name.endswith((".prior", ".target")):
        return figure_value(rng, field.unit, field.whole)
    base = rng.choice(near)
    if field.unit == "%":
        value = base + rng.choice(
            (Decimal(0), Decimal("0.5"), Decimal(1), Decimal("-1.5"), Decimal("2.25"), -MILLIONTH)
        )
        return min(value, Decimal(100))
    times = rng.choice((Decimal("0.9"), Decimal(1), Decimal("1.05"), Decimal("1.12"), Decimal("1.3")))
    value = (base * times + rng.choice(HAIRS)).max(Decimal(0))
    if field.at_most is not None:
        value = min(value, base)
    return value.to_integral_value() if field.whole else value.quantize(MILLIONTH)


@pytest.fixture(scope="module")
def forms(office_all: ConvertAll, tmp_path_factory: pytest.TempPathFactory) -> list[Filled]:
    """Forms as units would return them, each saved once by LibreOffice so that it holds what the form calculates."""
    folder = tmp_path_factory.mktemp("forms")
    with ProcessPoolExecutor(2) as pool:
        years = pool.map(year, range(FORMS // 14), [folder] * (FORMS // 14))
        made = [form for forms in years for form in forms]
    back = office_all([each.path for each in made], "xlsx", folder / "computed")
    return [Filled(each.settings, each.unit, path) for each, path in zip(made, back, strict=True)]


def year(number: int, folder: Path) -> list[Filled]:
    """The forms of all units in one year, filled in; every second year with gaps and slips."""
    rng, base, made = random.Random(number), load(), []
    sparse, chosen = number % 2 == 1, readings(base, rng, number)
    scheme = under(base, chosen)
    press = open_template(scheme, template_workbook(base))
    for unit in base.units:
        settings = Settings(base.units, {unit.code: given(scheme, rng, sparse)}, chosen, {})
        known = dict(scheme.given(unit, settings))
        data, _ = press.issue(unit, settings, filled(rng, form_fields(scheme, known), known, sparse))
        path = folder / f"{number}{unit.code}.xlsx"
        path.write_bytes(data)
        made.append(Filled(settings, unit, path))
    return made


def opened(form: Filled) -> Book:
    book, problems = read_workbook(form.path)
    assert book is not None, problems
    return book


def program(form: Filled, book: Book) -> UnitScore:
    """What the program makes of the form."""
    returned, _ = intake(form.scheme, form.settings, book)
    assert returned is not None
    assert returned.unit == form.unit
    cases, _ = gather(form.scheme, form.settings, [(returned, ())])
    case = next(case for case in cases if case.unit == form.unit)
    checked, _ = check_case(form.scheme, form.settings, case)
    return score(form.scheme, checked)


def spreadsheet(form: Filled, book: Book) -> dict[str, str]:
    """What the form itself shows: points of criteria, 自评分 of items, classes and the whole."""
    shown = {}
    for name, (sheet_name, row, column) in find_fields(form.scheme, book).items():
        sheet = book.sheet(sheet_name)
        assert sheet is not None
        cell = sheet.cells.get((row, column))
        if cell is not None and cell.kind is CellKind.NUMBER:
            assert isinstance(cell.value, Decimal)
            shown[name] = fixed(cell.value)
        else:
            shown[name] = "—"
            assert cell is None or cell.kind is not CellKind.ERROR, (form.path.name, name)
    return shown


def test_forms_agree_with_the_program_to_the_cent(forms: list[Filled]) -> None:
    wrong, known, unknown = [], 0, 0
    states: Counter[str] = Counter()
    for form in forms:
        book = opened(form)
        shown, result = spreadsheet(form, book), program(form, book)
        expected = {f"{item.id}.self": item.self for item in result.items} | {
            "class.1.self": add(form.scheme, result, "1"),
            "class.2.self": add(form.scheme, result, "2"),
            "total.self": result.self_total,
        }
        expected |= {
            f"{each.id}.points": each.self
            for item in result.items
            for each in item.criteria
            if not form.scheme.criteria[each.id].judged
        }
        states.update(each.state for item in result.items for each in item.criteria if f"{each.id}.points" in expected)
        for name, value in expected.items():
            if shown[name] != fixed(value) and not beyond(form.scheme, name, value):
                wrong.append(f"{form.path.name} {name}: form {shown[name]}, program {fixed(value)}")
        known += result.self_total is not None
        unknown += result.self_total is None
    assert wrong == []
    assert len(forms) == FORMS
    assert known > amount(30, 60)
    assert unknown > amount(20, 40)
    assert all(states[each] > amount(4, 10) for each in STATES), states


def beyond(scheme: Scheme, name: str, value: Decimal | None) -> bool:
    """A typed 自评分 that the program struck still stands in its own cell."""
    return value is None and name.endswith(".self") and any(f"{i.id}.self" == name and i.judged for i in scheme.items)


def add(scheme: Scheme, result: UnitScore, section: str) -> Decimal | None:
    total = Decimal(0)
    for item, scored in zip(scheme.items, result.items, strict=True):
        if item.section == section:
            if scored.self is None:
                return None
            total += scored.self
    return total


def test_the_panel_says_whether_the_form_may_be_sent(forms: list[Filled]) -> None:
    seen = {"可以上报": 0, "还缺": 0, "需改": 0}
    codes: Counter[str] = Counter()
    for form in forms:
        book = opened(form)
        sheet_name, row, column = find_fields(form.scheme, book)["progress.title"]
        sheet = book.sheet(sheet_name)
        assert sheet is not None
        said = str(sheet.cells[row, column].value)
        returned, odd = intake(form.scheme, form.settings, book)
        assert returned is not None
        cases, _ = gather(form.scheme, form.settings, [(returned, ())])
        _, problems = check_case(form.scheme, form.settings, next(case for case in cases if case.unit == form.unit))
        errors = [found.code for found in (*odd, *problems) if found.severity == "error"]
        assert said.startswith("可以上报") == (not errors), (form.path.name, said, errors)
        codes.update(errors)
        for word in seen:
            seen[word] += word in said
    assert all(count > amount(10, 20) for count in seen.values()), seen
    assert codes["KH112"] > amount(10, 20), "hardly any figure of seven decimals was typed"


def test_the_last_day_is_late_by_the_strict_reading_alone(forms: list[Filled]) -> None:
    late: Counter[tuple[str, bool]] = Counter()
    for form in forms:
        returned, _ = intake(form.scheme, form.settings, opened(form))
        assert returned is not None
        cases, _ = gather(form.scheme, form.settings, [(returned, ())])
        case = next(case for case in cases if case.unit == form.unit)
        strict = form.scheme.policy.deadline == "strict"
        expected = strict and case.filled == date(2007, 11, 15)
        assert (score(form.scheme, case).status == "late") == expected, (form.path.name, case.filled)
        late[form.scheme.policy.deadline, case.filled == date(2007, 11, 15)] += 1
    assert set(late) == set(product(("inclusive", "strict"), (True, False)))
    assert min(late.values()) > amount(2, 5), late
