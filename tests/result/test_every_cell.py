"""Every single cell of a finished year, changed in turn: caught, or nothing that anyone relies on.

Each cell is given other content (a number one more, a text one letter more) and, in turn, none. What is looked at is
what ``kaohe verify`` looks at: the sheets one against the other, and the originals against the ledger. That a file has
other bytes than then would give every one of these away (KH904); here it does not count.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kaohe_cli.commands import rank as ranking
from kaohe_cli.commands.demo import sample_year
from kaohe_cli.commands.returns import settled_cases
from kaohe_cli.diagnostic import any_error
from kaohe_cli.form.intake import intake
from kaohe_cli.form.shipped import shipped_template
from kaohe_cli.form.spots import claimed_spots, form_sheets
from kaohe_cli.ledger import book as ledger_book
from kaohe_cli.ledger import detail, figures
from kaohe_cli.ledger.authentic import authenticity, listed
from kaohe_cli.ledger.original import Broken, Original, SheetOriginal, WrittenRow, _lines, read_original
from kaohe_cli.ledger.reader import LISTS, LIVE, NEEDED
from kaohe_cli.ledger.record import DETAIL, FIGURES, ORIGINAL, SITUATION, Altered, Ledger
from kaohe_cli.ledger.settle import COLUMNS
from kaohe_cli.model import Settings, Source
from kaohe_cli.naming import printed_name
from kaohe_cli.paper.column import TableColumns, TableRow
from kaohe_cli.paper.provenance import LEDGER, TEMPLATE, file_source
from kaohe_cli.paper.workbook import Column
from kaohe_cli.result.anew import as_read
from kaohe_cli.result.compare import differing_cells
from kaohe_cli.result.edition import Edition, in_edition, recorded_edition
from kaohe_cli.result.material import material
from kaohe_cli.result.originals import Originals, against
from kaohe_cli.result.page import RANKING, SOURCES, Report
from kaohe_cli.result.recorded import Recorded, recorded, sources_shown
from kaohe_cli.result.report import report_of
from kaohe_cli.result.workbook import result_workbook
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import SchemeError, load, under
from kaohe_cli.settings import reader as settings_reader
from kaohe_cli.settings import workbook as settings_workbook
from kaohe_cli.sheet.book import Book, Cell, CellKind, Sheet, address
from kaohe_cli.sheet.reader import LARGE_LIMITS, SheetRows, read_workbook
from kaohe_cli.sheet.table import rows_of, stands, written

pytestmark = pytest.mark.slow

NAME = "hangzhou_2007"
Place = tuple[str, int, int]  # sheet, row, column


class Tally:
    """Cells that were changed: how many, how many changes were caught, and why the others do no harm."""

    def __init__(self) -> None:
        self.cells = self.caught = 0
        self.harmless: Counter[str] = Counter()

    def take(self, book: Book, place: Place, caught: Callable[[Book], bool], reason: Callable[[Place], str]) -> None:
        """Change one cell in every way, and look whether that is caught; ``reason`` says why it need not be."""
        self.cells += 1
        for changed in changes(cell_at(book, place)):
            if caught(with_cell(book, place, changed)):
                self.caught += 1
            else:
                self.harmless[reason(place)] += 1

    @property
    def counts(self) -> tuple[int, int, dict[str, int]]:
        return self.cells, self.caught, dict(self.harmless)


def changes(cell: Cell) -> Iterator[Cell | None]:
    """Other content, and none."""
    if isinstance(cell.value, Decimal):
        yield replace(cell, value=cell.value + 1)
    else:
        yield Cell(CellKind.TEXT, f"{written(cell)}改")
    yield None


def cell_at(book: Book, place: Place) -> Cell:
    sheet = book.sheet(place[0])
    assert sheet is not None
    return sheet.cells[place[1:]]


def with_cell(book: Book, place: Place, cell: Cell | None) -> Book:
    """``book`` with other content in one cell."""
    name, *at = place

    def changed(sheet: Sheet) -> Sheet:
        cells = {key: held for key, held in sheet.cells.items() if key != tuple(at)}
        return replace(sheet, cells={**cells, **({(at[0], at[1]): cell} if cell else {})})

    return replace(book, sheets=tuple(changed(sheet) if sheet.name == name else sheet for sheet in book.sheets))


def places(book: Book) -> list[Place]:
    """Every cell with content."""
    return [(sheet.name, *at) for sheet in book.sheets for at, cell in sheet.cells.items() if stands(cell)]


def read(path: Path) -> Book:
    book, _ = read_workbook(path, LARGE_LIMITS)
    assert book is not None
    return book


class Year:
    """A finished year, as it lies in ``folder``, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scheme = load(NAME)
        held, problems = ledger_book.read(self.scheme, folder / "评分底稿.xlsx")
        assert held is not None
        self.ledger: Ledger = held
        made_from = file_source(LEDGER, folder / "评分底稿.xlsx")
        self.report: Report = in_edition(report_of(self.scheme, held, made_from, problems), Edition())
        self.result = read(folder / "考核结果.xlsx")
        settings, self.doubts = settings_workbook.read(self.scheme, folder / "考核设置.xlsx")
        assert settings is not None
        self.settings: Settings = settings
        self.returns = {printed_name(path.stem): read(path) for path in sorted((folder / "回收").glob("*.xlsx"))}
        self._sources: dict[tuple[Source, ...], Sheet] = {}

    @cached_property
    def anew(self) -> Book:
        return as_read(result_workbook(self.report), self.result.file)

    def sources_anew(self, sources: tuple[Source, ...]) -> Sheet:
        if sources not in self._sources:
            made = as_read(result_workbook(replace(self.report, sources=sources)), self.result.file)
            sheet = made.sheet(SOURCES)
            assert sheet is not None
            self._sources[sources] = sheet
        return self._sources[sources]

    def originals_of(self, unit: str, book: Book, settings: Settings | None = None) -> Originals:
        """What one return says, and nothing of the others."""
        settings = settings or self.settings
        (own,) = (each for each in settings.units if each.name == unit)
        alone = replace(settings, units=(own,))
        cases, told = settled_cases(self.scheme, alone, [intake(self.scheme, settings, book)])
        others = {case.unit.code for case in self.ledger.cases} - {own.code}
        return Originals(self.scheme, settings, cases, told, others)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    sample_year(folder)
    ranking.rank(NAME, ledger_path=folder / "评分底稿.xlsx", output=folder / "考核结果.xlsx", readings={})
    return Year(folder)


def only(book: Book, sheet: str) -> Sheet:
    found = book.sheet(sheet)
    assert found is not None
    return found


# ── the result ──────────────────────────────────────────────────────────────────────────────────────────


def test_every_cell_of_the_result(year: Year) -> None:
    tally = Tally()
    for place in places(year.result):
        sheet, *at = place
        if sheet == SOURCES:
            tally.take(year.result, place, lambda book: sources_caught(year, book), version_only(year.result))
            continue
        # the cell alone: cells are compared one by one, and what is made anew does not come from these sheets
        alone = Book("", "", 0, "xlsx", (Sheet(sheet, False, {(at[0], at[1]): cell_at(year.result, place)}),))
        made = only(year.anew, sheet)
        expected = Sheet(sheet, False, {key: cell for key, cell in made.cells.items() if key == tuple(at)})
        tally.take(alone, place, lambda book, sheet=sheet, expected=expected: bool(
            differing_cells(only(book, sheet), expected)
        ), lambda place: f"{place}: no reason")  # fmt: skip
    assert tally.counts == (
        RESULT_CELLS,
        RESULT_CAUGHT,
        {OTHER_VERSION: VERSIONS * 2},
    )


RESULT_CELLS, RESULT_CAUGHT, VERSIONS = 7397, 7397 * 2 - 14, 7
OTHER_VERSION = "a version says what the result was written with, and another one writes the same"


def sources_caught(year: Year, book: Book) -> bool:
    """Whether ``verify`` catches what was changed in 来源, by which it finds the material and the readings."""
    was, problems = recorded(book)
    if was is None:
        return any_error(problems)
    found = material(year.scheme, was, year.folder / "考核结果.xlsx", {TEMPLATE: shipped_template(year.scheme)})
    if any_error(tuple(found.problems())) or not found.of(LEDGER):
        return True
    try:
        scheme = under(year.scheme, was.readings)
    except SchemeError:
        return True
    assert scheme.readings == year.scheme.readings, "another reading: the whole result is another one"
    expected = year.sources_anew(sources_again(year, was, found.changed))
    return bool(differing_cells(only(book, SOURCES), expected))


def sources_again(year: Year, was: Recorded, changed: tuple[Source, ...]) -> tuple[Source, ...]:
    """来源 as verify makes it anew: of which version the result is, it says itself."""
    unnumbered = replace(year.report, sources=sources_shown(was, year.report.sources[1:], changed))
    return tuple(in_edition(unnumbered, recorded_edition(was)).sources)


def version_only(book: Book) -> Callable[[Place], str]:
    """The reason why a version may be another one; no other cell has any."""
    cells = only(book, SOURCES).cells

    def reason(place: Place) -> str:
        _, row, column = place
        if written(cells.get((row, 1))) == "版本" and column == 4:
            return OTHER_VERSION
        return f"{place}: no reason"

    return reason


def test_another_reading_in_the_sources_is_another_result(year: Year) -> None:
    tried = 0
    for reading in year.scheme.content.reading:
        for option in reading.option:
            if option.id == year.scheme.readings[reading.id]:
                continue
            scheme = under(year.scheme, {**year.scheme.readings, reading.id: option.id})
            made_from = file_source(LEDGER, year.folder / "评分底稿.xlsx")
            other = as_read(result_workbook(report_of(scheme, year.ledger, made_from, ())), year.result.file)
            assert differing_cells(only(year.result, "口径与敏感性"), only(other, "口径与敏感性"))
            tried += 1
    assert tried == 20


def test_every_row_that_is_gone_from_the_ranking_is_missed(year: Year) -> None:
    cells = only(year.result, RANKING).cells
    for row in {row for row, _ in cells}:
        left = {at: cell for at, cell in cells.items() if at[0] != row}
        assert differing_cells(Sheet(RANKING, False, left), only(year.anew, RANKING))


# ── the returns ─────────────────────────────────────────────────────────────────────────────────────────


def test_every_entry_of_the_returns(year: Year) -> None:
    """What units fill in, and the targets that are printed for them; all else is print, and locked."""
    tally = Tally()
    units = {unit.name: unit for unit in year.settings.units}
    for name, book in year.returns.items():

        def caught(changed: Book, name: str = name) -> bool:
            return any_error(against(year.ledger, year.originals_of(name, changed)).problems)

        assert not caught(book)
        given = year.scheme.given(units[name], year.settings)
        asked = {*(field.name for field in form_fields(year.scheme, given)), *given}
        for field, spots in claimed_spots(year.scheme, form_sheets(year.scheme, book)).items():
            for spot in spots if field in asked else ():
                if stands(spot.cell):
                    place = spot.sheet.name, spot.row, spot.column
                    tally.take(book, place, caught, lambda _, field=field: field)
    assert tally.counts == (1119, 1119 * 2 - 14, {"period": 14})  # 数据口径: a blank stands for what is usual


# ── the settings ────────────────────────────────────────────────────────────────────────────────────────


def test_every_cell_of_the_settings(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    path = year.folder / "考核设置.xlsx"
    book = read(path)
    cases = {unit: year.originals_of(unit, held) for unit, held in year.returns.items()}

    def caught(changed: Book) -> bool:
        monkeypatch.setattr(settings_reader.reader, "read_workbook", lambda *_: (changed, ()))
        settings, doubts = settings_workbook.read(year.scheme, path)
        if settings is None or any_error(doubts):
            return True
        try:
            scheme = under(year.scheme, settings.readings)
        except SchemeError:
            return True
        known = {unit.name: unit for unit in settings.units}
        if known.keys() != year.returns.keys():
            return True
        was = {unit.code: unit for unit in year.settings.units}
        touched = [
            unit.name
            for unit in settings.units
            if unit != was.get(unit.code) or settings.given.get(unit.code) != year.settings.given.get(unit.code)
        ]
        # a return whose unit and targets are what they were says what it said
        anew = {name: year.originals_of(name, year.returns[name], settings) for name in touched}
        all_of_them = {**cases, **anew}.values()
        originals = Originals(
            scheme, settings, tuple(case for each in all_of_them for case in each.cases),
            (*doubts, *(told for each in all_of_them for told in each.problems)),
        )  # fmt: skip
        return any_error(against(year.ledger, originals).problems)

    assert not caught(book)
    tally = Tally()
    for place in places(book):
        tally.take(book, place, caught, settings_reason)
    assert tally.counts == (685, 831, {HEADS: 185, TWICE: 96, USUAL: 44, SHOWN: 214})


SHOWN = "words for people, which the program does not read"
HEADS = "the head of what is only shown, or of a column in which nothing stands but what is usual"
TWICE = "a unit or an item is known by its number or by its name, whichever is right"
USUAL = "a blank stands for what is usual, and that it was"


def settings_reason(place: Place) -> str:
    """Why a change in the settings may change nothing."""
    sheet, row, column = place
    if sheet != "说明" and (row == 1 or (sheet == "下达目标" and row <= 4)):
        return HEADS
    if sheet in ("下达目标", "责任处室") and column <= 2:
        return TWICE
    return USUAL if (sheet, column) in (("单位", 3), ("口径", 1), ("口径", 4)) else SHOWN


# ── the ledger: what the program wrote into it ──────────────────────────────────────────────────────────


class InMemory(Original, frozen=True):
    """What the program wrote, its rows at hand."""

    held: Mapping[tuple[str, str, str], WrittenRow] = {}

    def lines(self, sheet: str, keys: Collection[tuple[str, str]]) -> Iterator[WrittenRow]:
        return (self.held[(sheet, *key)] for key in keys)

    def only(self, sheet: str, key: tuple[str, str]) -> "InMemory":
        """Of one row alone, so that what is told is told of it."""
        known = self.sheets[sheet]
        return replace(self, sheets={sheet: SheetOriginal(known.titles, {key: known.rows[key]})})


def original_of(year: Year) -> InMemory:
    path = year.folder / "评分底稿.xlsx"
    found = read_original(path, NEEDED, LIVE)
    assert found is not None
    held = {(line.sheet, line.code, line.id): line for line in _lines(SheetRows(path, ORIGINAL))}
    return InMemory(path, found.sheets, found.names, found.typed, found.lists, held)


def test_every_cell_of_the_ledger(year: Year) -> None:
    original, book = original_of(year), read(year.folder / "评分底稿.xlsx")
    named = {(each.title, each.label): name for name, each in year.scheme.names.items()}
    ids: dict[str, tuple[tuple[Column, ...], Callable[[TableRow], str]]] = {
        DETAIL: ((detail.CRITERION,), lambda row: row[detail.CRITERION]),
        FIGURES: (
            (figures.MEASURE, figures.FIGURE), lambda row: named.get((row[figures.MEASURE], row[figures.FIGURE]), ""),
        ),
        SITUATION: ((), lambda _: ""),
    }  # fmt: skip
    cells, caught, harmless = 0, 0, Counter[str]()
    for name, columns in COLUMNS.items():
        table, _ = columns.find("底稿", rows_of(only(book, name)))
        assert table is not None
        keys, id = ids[name]
        for (code, row_id), (number, held) in zip(original.sheets[name].rows, table.rows, strict=True):
            alone = original.only(name, (code, row_id))
            for column in (each for each in columns.used(year.scheme) if not each.input):
                place = table.head.columns[column.title]
                cells += 1
                for changed in changes(held.get(place, Cell(CellKind.TEXT, ""))):
                    if changed == held.get(place):
                        continue
                    found: list[Altered] = []
                    check = authenticity(columns, alone, table, keys, id, found)
                    row = TableRow(table, number, {**held, place: changed} if changed else _without(held, place))
                    (taken,) = check.rows([row])
                    where = address(number, place)
                    if any(each.cell == where for each in found):
                        caught += 1
                        # what the program wrote is taken, whatever stands there
                        assert written(taken.row.cells.get(place)) == written(held.get(place)) or column.live
                    else:
                        harmless[f"{name} {column.title}"] += 1
    # people may fill in the day; a formula that shows nothing may be gone
    assert dict(harmless) == {"单位情况 收到日期": 14, "评分明细 台账得分": 448}
    assert (cells, caught) == (LEDGER_CELLS, LEDGER_CAUGHT)


LEDGER_CELLS, LEDGER_CAUGHT = 23912, 36698


def _without(cells: Mapping[int, Cell], place: int) -> dict[int, Cell]:
    return {at: cell for at, cell in cells.items() if at != place}


def test_every_cell_of_the_lists_of_the_ledger(year: Year) -> None:
    original, book = original_of(year), read(year.folder / "评分底稿.xlsx")
    tally = Tally()
    for columns in LISTS:

        def caught(changed: Book, columns: TableColumns[Any] = columns) -> bool:
            table, told = columns.find("底稿", rows_of(only(changed, columns.sheet)))
            return bool(told) if table is None else bool(listed(columns, original, table)[1])

        assert not caught(book)
        for place in places(book):
            if place[0] == columns.sheet:
                tally.take(book, place, caught, lambda place: place[0])
    assert tally.counts == (
        LIST_CELLS,
        LIST_CELLS * 2 - 6,
        {"本次变动": 2, "材料登记": 2, "核实清单": 2},
    )  # the sentences above the tables


LIST_CELLS = 317


def test_every_line_of_the_record(year: Year) -> None:
    lines = [(number, {1: cells[1]}) for number, cells in SheetRows(year.folder / "评分底稿.xlsx", ORIGINAL)]
    assert len([*_lines(lines)]) == len(lines) - 2
    tried = 0
    for at, (number, cells) in enumerate(lines[1:], 1):
        for changed in changes(cells[1]):
            rest = [*lines[:at], *([(number, {1: changed})] if changed else []), *lines[at + 1 :]]
            with pytest.raises(Broken):
                for _ in _lines(rest):
                    pass
            tried += 1
    assert tried == 2 * (len(lines) - 1)
