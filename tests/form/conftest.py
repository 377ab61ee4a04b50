"""A form as cells, without any workbook: the layout filled in, for tests of what is read from it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest

from kaohe_cli.form.layout import ABOVE, FORM_VERSION, IDENTITY, Grid, Identity, locate, measures_grid, scorecard_grid
from kaohe_cli.model import Entry, Field, Mark, Settings, Unit
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, Cell, CellKind, Sheet

Cells = dict[tuple[int, int], Cell]
MakeForm = Callable[..., Book]


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return load()


@pytest.fixture(scope="session")
def settings(scheme: Scheme) -> Settings:
    """Every issued figure of every unit is 100; 上城区 has no small plants to close."""
    given: dict[str, dict[str, Entry]] = {unit.code: {} for unit in scheme.units}
    for unit in scheme.units:
        for name, figure in scheme.figures.items():
            if figure.by == "office":
                given[unit.code][name] = Entry(Decimal(100 if scheme.names[name].unit != "%" else 60))
    given["330102"]["plants.done"] = Entry(Mark.NO_TASK)
    return Settings(scheme.units, given, {}, {})


def healthy(field: Field) -> Cell | None:
    """A plausible entry."""
    if field.type == "number":
        return Cell(CellKind.NUMBER, Decimal(110 if field.unit != "%" else 62))
    if field.type == "score":
        return Cell(CellKind.NUMBER, Decimal("3.5"))
    if field.type == "date":
        return Cell(CellKind.DATE, date(2007, 11, 10))
    return Cell(CellKind.TEXT, next(iter(field.choices), field.word(Mark.DONE) if field.type == "done" else "王伟"))


def _sheet(grid: Grid, titles: Mapping[str, str], units: Mapping[str, str], unit: Unit) -> Cells:
    cells: Cells = {}

    def put(row: int, column: int, text: str) -> None:
        if text:
            cells[row, column] = Cell(CellKind.TEXT, text)

    for number, row in grid.numbered():
        put(number, 1, row.key)
        if row.kind == "subtitle":
            put(number, 2, f"考核单位：{unit.name}")
        if row.kind == "foot":
            put(number, grid.column("title"), {"filer": "填表人", "phone": "联系电话", "date": "填报日期"}[row.id])
        if row.kind == "choice":
            put(number, grid.column("number"), ABOVE[row.id])
        for place, column in enumerate(grid.columns, start=2):
            if row.kind == "keys":
                put(number, place, column.key)
            if row.kind == "header" and not column.hidden:
                put(number, place, column.label)
            if column.key == "title":
                put(number, place, titles.get(row.key, "") if row.kind in ("measure", "item") else "")
            if column.key == "standard":
                put(number, place, titles.get(f"{row.key}.standard", ""))
            if column.key == "unit" and row.kind == "measure":
                put(number, place, units[row.id])
    return cells


@pytest.fixture(scope="session")
def form(scheme: Scheme, settings: Settings) -> MakeForm:
    """``form(code, changes, file=…)``: the Book of a healthy return; a change of None is a blank cell."""

    def make(
        code: str = "330102",
        changes: Mapping[str, Cell | None] | None = None,
        file: str = "",
        empty: bool = False,
        **claims: str,
    ) -> Book:
        unit = next(unit for unit in settings.units if unit.code == code)
        given = scheme.given(unit, settings)
        titles = {measure.id: measure.title for measure in scheme.measures.values()}
        titles |= {f"item.{item.id}": item.content for item in scheme.items}
        titles |= {f"item.{item.id}.standard": item.standard for item in scheme.items}
        units = {measure.id: measure.unit for measure in scheme.measures.values()}
        sheets = {
            grid.sheet: _sheet(grid, titles, units, unit) for grid in (scorecard_grid(scheme), measures_grid(scheme))
        }
        filled: dict[str, Cell | None] = {
            field.name: None if empty else healthy(field) for field in form_fields(scheme, given)
        }
        for name, entry in given.items():
            value = entry.value
            filled[name] = Cell(CellKind.TEXT, value.value) if isinstance(value, Mark) else Cell(CellKind.NUMBER, value)  # type: ignore[arg-type]
        filled |= changes or {}
        for name, cells in sheets.items():
            places = locate(scheme, Sheet(name, False, cells)).places(scheme)
            for field, place in places.items():
                cell = filled.get(field)
                if cell is not None:
                    cells[place] = cell
        claim = Identity(
            **{
                "scheme": scheme.id,
                "year": str(scheme.content.year),
                "code": code,
                "unit": unit.name,
                "version": FORM_VERSION,
                "scheme_digest": scheme.digest,
                "digest": "0" * 64,
                **claims,
            },
            readings={},
        )
        lines = {
            (row, column): Cell(CellKind.TEXT, text)
            for row, line in enumerate(claim.lines(), start=1)
            for column, text in enumerate(line, start=1)
        }
        return Book(
            file or f"{unit.name}.xlsx",
            "0" * 64,
            1,
            "xlsx",
            (*(Sheet(name, False, cells) for name, cells in sheets.items()), Sheet(IDENTITY, True, lines)),
        )

    return make
