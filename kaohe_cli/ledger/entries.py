"""What people typed into one sheet of the ledger, taken row by row."""

import re
from collections.abc import Callable, Collection, Mapping, Set
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import detail, situation
from kaohe_cli.ledger.authentic import Authentic
from kaohe_cli.ledger.columns import CODE, ENTERED, NAME, RESTED, LedgerColumn, LedgerColumns
from kaohe_cli.ledger.former import MARKS_ONCE, as_now
from kaohe_cli.ledger.layout import HEADER, SheetKey, SheetLayout, with_comment
from kaohe_cli.ledger.queries import CHECK, RESTS
from kaohe_cli.ledger.record import CONFIRMED, RowKey, TypedRow
from kaohe_cli.paper.column import TableRow
from kaohe_cli.scheme.rule.judged import JUDGES
from kaohe_cli.sheet.book import Cell, CellKind, address, column_name
from kaohe_cli.sheet.table import NO_RESULT, Tabular, stands, written

OUTSIDE = "表格上下的文字"
ERROR = re.compile(r"#N/A|#[A-Z0-9/]+[!?]|Err:\d+")  # of Excel and WPS, and of LibreOffice


class SheetEntries(Struct):
    """What people typed into one sheet, as far as its rows were taken."""

    columns: LedgerColumns
    inputs: tuple[LedgerColumn, ...]
    table: Tabular
    own: Collection[int]  # the columns that the program wrote
    titles: dict[int, str]  # of the columns that people added
    shows: Callable[[TableRow], str] | None = None  # tells what a row rests on; None: entries rest on nothing
    verified: Set[str] = frozenset()  # units with a 核定值 that was entered between the same two runs
    typed: dict[RowKey, TypedRow] = {}
    contradicting: list[TypedRow] = []
    problems: list[Problem] = []
    anew: set[str] = set()  # units with an entry that was typed, or erased, since the last run
    formulas: set[int] = set()  # columns with formulas that were told, 0: of what stands outside the table
    rows: dict[int, SheetKey] = {}  # row → whose it is
    first: dict[SheetKey, int] = {}  # the first of the rows of which that is certain
    outside: dict[int, Mapping[int, Cell]] = {}  # rows of no unit
    seen: Mapping[RowKey, Mapping[str, Cell]] = {}  # what the last run had of what was typed
    alone: bool = False  # what rows rest on is not at hand but for what they show themselves

    @property
    def added(self) -> tuple[str, ...]:
        """The titles of the columns that people added."""
        return tuple(title for title in self.titles.values() if title != MARKS_ONCE or not self._judges)

    @property
    def _judges(self) -> bool:
        return any(column.title == JUDGES[0] for column in self.inputs)

    def take(self, authentic: Authentic) -> str:
        """Take what was typed into a row; the code of its unit."""
        row, id = authentic.row, authentic.id
        code = row[CODE]
        if not authentic.gone:
            self.rows[row.number] = code, id
            if not authentic.doubtful:
                self.first.setdefault((code, id), row.number)
        cells, places = {}, {}
        for column in self.inputs:
            cell = row.cell(column)
            usual = column is situation.VETO and written(cell) == situation.NOT_VETOED
            if cell is not None and stands(cell) and not usual:
                cells[column.title] = _as_typed(cell)
                places[column.title] = row.origin(column).cell
        for place, cell in row.cells.items():
            if place in self.own:
                continue
            cells[self._title(place)] = cell
            self._formula(cell, place, row.number, place)
        if MARKS_ONCE in cells:
            cells = as_now(cells, judges=self._judges)
        checked = row[RESTS] or None if CHECK.title in cells else None
        typed = TypedRow((self.columns.home, code, id), cells, row[NAME], places, checked=checked)
        if authentic.doubtful:
            self._doubt(typed)
            return code
        anew = ENTERED.title in self.table.head.columns and row[ENTERED] != self.columns.entered(typed)
        if anew:
            self.anew.add(code)
        if cells:
            self._keep(self._based(authentic, typed, anew))
        return code

    def leave(self, number: int, cells: Mapping[int, Cell]) -> None:
        """Take a row of no unit, above or below the table."""
        found = {place: _as_typed(cell) for place, cell in cells.items() if stands(cell)}
        if found:
            self.outside[number] = found
        for place, cell in found.items():
            self._formula(cell, 0, number, place)

    def layout(self, comments: Mapping[tuple[int, int], str], pictures: int) -> SheetLayout:
        """How people left the sheet, all of whose rows were taken; ``comments`` by row and column."""
        head = self.table.head
        said: dict[SheetKey, dict[str, str]] = {}
        notes: dict[int, dict[int, str]] = {}
        own = {place: title for title, place in head.columns.items()}
        for (row, place), text in sorted(comments.items()):
            key = HEADER if row == head.row else self.rows.get(row)
            if key is None:
                notes.setdefault(row, {})[place] = text
            else:
                here, title = said.setdefault(key, {}), own.get(place) or self._title(place)
                here[title] = with_comment(here.get(title, ""), text)
        columns = {**{title: place for place, title in self.titles.items()}, **head.columns}
        rows = dict(sorted(self.first.items(), key=itemgetter(1)))
        return SheetLayout(head.row, columns, rows, said, self.outside, notes, pictures=pictures)

    def _title(self, place: int) -> str:
        """The title of a column that people added; its letters where it has none."""
        return self.titles.setdefault(place, f"（{column_name(place)}列）")

    def _formula(self, cell: Cell, about: int, row: int, place: int) -> None:
        """Tell of the first formula of a column, or of what stands outside the table."""
        if cell.formula and about not in self.formulas:
            self.formulas.add(about)
            where = {"file": self.table.file, "sheet": self.table.sheet, "cell": address(row, place)}
            self.problems.append(problem("KH313", found=self.titles.get(about, OUTSIDE), **where))

    def _doubt(self, typed: TypedRow) -> None:
        """Keep apart what was typed into a row that may be another's, where the last run does not have it."""
        held = self.seen.get(typed.key, {})
        cells = {title: cell for title, cell in typed.cells.items() if written(cell) != written(held.get(title))}
        if cells:
            self.contradicting.append(replace(typed, cells=cells))

    def _based(self, authentic: Authentic, typed: TypedRow, anew: bool) -> TypedRow:
        """The entry of a row with what it rests on.

        Points and a 核定值 of the unit that were entered between the same two runs belong together, in whatever order
        they were typed. Under a scheme that changed since, what is there now is not what anyone saw.
        """
        row = authentic.row
        confirmed = CONFIRMED in row[detail.STATE]
        if self.shows is None or (confirmed and not self.alone):
            return typed
        basis = self.shows(authentic.seen if anew else row) or None
        if confirmed:
            return replace(typed, basis=basis)
        if not anew:
            return replace(typed, basis=row[RESTED] or basis)
        together = typed.key[1] in self.verified
        return replace(typed, together=True) if together else replace(typed, basis=basis)

    def _keep(self, typed: TypedRow) -> None:
        """Keep an entry; a second one of the same key is kept apart."""
        first = self.typed.setdefault(typed.key, typed)
        differing = [title for title, cell in typed.cells.items() if written(cell) != written(first.cells.get(title))]
        if not differing:
            return
        if all(title not in first.cells for title in differing):
            cells, places = {**first.cells, **typed.cells}, {**first.places, **typed.places}
            self.typed[typed.key] = replace(first, cells=cells, places=places)
            return
        self.contradicting.append(typed)
        title = next(title for title in differing if title in first.cells)
        said = f"{title}“{written(first.cells[title])}”、“{written(typed.cells[title])}”"
        _, _, id = typed.key
        where = {"file": self.table.file, "sheet": self.table.sheet, "cell": typed.places.get(title, ""), "field": id}
        what = f"{typed.name} {id}".strip() or self.table.sheet
        self.problems.append(problem("KH308", unit=typed.name, found=said, what=what, **where))


def sheet_entries(
    columns: LedgerColumns, table: Tabular, shows: Callable[[TableRow], str] | None = None,
    verified: Set[str] = frozenset(), seen: Mapping[RowKey, Mapping[str, Cell]] = {}, *, alone: bool = False,
) -> SheetEntries:  # fmt: skip
    """Those of a sheet, none of whose rows was taken yet; as :class:`SheetEntries` says."""
    titles: dict[int, str] = {}
    for title, column in table.head.others:  # of two alike the second has its letter
        titles[column] = title if title not in titles.values() else f"{title}（{column_name(column)}列）"
    own = frozenset(table.head.columns.values())
    return SheetEntries(columns, columns.inputs, table, own, titles, shows, verified, seen=seen, alone=alone)


def _as_typed(cell: Cell) -> Cell:
    """A cell as a person left it: an error, and a formula without a result, of which a run keeps the words alone."""
    if cell.kind is CellKind.TEXT and cell.value == NO_RESULT:
        return Cell(CellKind.UNCOMPUTED, None)
    error = cell.kind is CellKind.TEXT and ERROR.fullmatch(str(cell.value))
    return Cell(CellKind.ERROR, cell.value) if error else cell
