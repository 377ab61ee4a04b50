"""A form filled in through LibreOffice as a unit would, saved in each of its formats: every field comes back intact."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from form_cells import find_fields

from kaohe_cli.assess.check import check_case
from kaohe_cli.assess.score import score
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.gather import gather
from kaohe_cli.form.intake import intake
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Entry, Field, Mark, Settings, Unit, Value
from kaohe_cli.points import fixed
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, CellKind
from kaohe_cli.sheet.reader import read_workbook

pytestmark = pytest.mark.office

TypeIn = Callable[[Path, Mapping[str, Any]], Path]

FORMATS = ("xlsx", "xls", "ods")
TARGETS = {
    "sales.target": "250", "sales.prior": "230.5", "invest.target": "37.5", "tech.target": "28", "land.target": "12.5",
    "clean.target": "14", "factory.target": "20", "netcourse.target": "600", "kilns.target": "3",
    "bulkcement.target": "62", "training.target": "80",
}  # fmt: skip
# typed otherwise than as a plain number, and what it must come back as
SPECIAL: dict[str, tuple[str, Value]] = {
    "sales.actual": ("290.75", Decimal("290.75")),
    "energy.actual": ("6.3", Decimal("6.3")),
    "bulkcement.actual": ("64.5%", Decimal("64.5")),
    "hitech_sales.actual": ("12.5%", Decimal("12.5")),
    "hitech_sales.target": ("9.75", Decimal("9.75")),
    "chemicals.target": ("无", Mark.NOT_APPLICABLE),
    "chemicals.actual": ("无", Mark.NOT_APPLICABLE),
    "date": ("2007-11-09", date(2007, 11, 9)),
    "filer": ("王伟", "王伟"),
    "phone": ("0571-87012345", "0571-87012345"),
    "sales.evidence": ("杭统〔2007〕58号，见附件1", "杭统〔2007〕58号，见附件1"),
    "period": ("1—10月累计", "1—10月累计"),
    "obsolete.done": ("未淘汰", Mark.NOT_DONE),
}


def typed(field: Field) -> tuple[str, Value]:
    if field.name in SPECIAL:
        return SPECIAL[field.name]
    if field.type == "done":
        return field.word(Mark.DONE), Mark.DONE
    if field.type == "score":
        return "3.75", Decimal("3.75")
    if field.type == "text":
        return "附件2", "附件2"
    value = Decimal(15) if field.whole else Decimal("40.125")
    return str(value), value


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load()


@pytest.fixture(scope="module")
def unit(scheme: Scheme) -> Unit:
    return scheme.units[4]


@pytest.fixture(scope="module")
def settings(scheme: Scheme, unit: Unit) -> Settings:
    given = {name: Entry(Decimal(value)) for name, value in TARGETS.items()} | {"plants.done": Entry(Mark.NO_TASK)}
    return Settings(scheme.units, {unit.code: given}, {}, {})


@pytest.fixture(scope="module")
def returned(
    scheme: Scheme, unit: Unit, settings: Settings, type_in: TypeIn, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Value], dict[str, Path]]:
    """What was typed, by field, and the saved form in each format."""
    folder = tmp_path_factory.mktemp("typed")
    data, places = open_template(scheme, template_workbook(scheme)).issue(unit, settings)
    form = folder / f"{unit.name}.xlsx"
    form.write_bytes(data)
    saved = type_in(form, {"typed": [[p.sheet, p.cell, typed(p.field)[0]] for p in places], "formats": FORMATS})
    made = {each: saved / f"{form.stem}.{each}" for each in FORMATS}
    return {place.field.name: typed(place.field)[1] for place in places}, made


@pytest.fixture(params=FORMATS)
def opened(request: pytest.FixtureRequest, returned: tuple[dict[str, Value], dict[str, Path]]) -> Book:
    book, problems = read_workbook(returned[1][request.param])
    assert book is not None, problems
    return book


def test_every_field_comes_back_intact(
    opened: Book, returned: tuple[dict[str, Value], dict[str, Path]], scheme: Scheme, settings: Settings, unit: Unit
) -> None:
    back, problems = intake(scheme, settings, opened)
    assert back is not None
    assert back.unit == unit
    assert {name: entry.value for name, entry in back.entries.items()} == returned[0]
    assert len(returned[0]) > 90
    # percentages typed with their sign are taken with a note, and nothing else is odd
    assert {problem.severity for problem in problems} <= {"note"}


def test_the_form_shows_the_points_that_the_program_gives(
    opened: Book, scheme: Scheme, settings: Settings, unit: Unit
) -> None:
    taking = intake(scheme, settings, opened)
    cases, _ = gather(scheme, settings, [taking])
    checked, _ = check_case(scheme, settings, next(case for case in cases if case.unit == unit))
    result = score(scheme, checked)
    assert result.self_total is not None
    places = find_fields(scheme, opened)
    for name, points in [(f"{item.id}.self", item.self) for item in result.items] + [("total.self", result.self_total)]:
        sheet_name, row, column = places[name]
        sheet = opened.sheet(sheet_name)
        assert sheet is not None
        cell = sheet.cells[row, column]
        assert cell.kind is CellKind.NUMBER, (name, cell)
        assert isinstance(cell.value, Decimal)
        assert fixed(cell.value) == fixed(points), name
