"""What the sheets of the ledger share: the row to be written, what people typed into it, and what a run has seen."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.reasons import MarkOf
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.record import DETAIL, OPEN_WORDS, Ledger, Open, RowKey, TypedRow, laid_out, row_key
from kaohe_cli.model import Case, Query, UnitScore
from kaohe_cli.paper.column import TableColumn, TableColumns, printed
from kaohe_cli.paper.workbook import Column, Content, Contents, Formula, Paper, Styled, Table
from kaohe_cli.points import half_up, number
from kaohe_cli.scheme.normalise import LONGEST
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.looks import Look
from kaohe_cli.sheet.table import NO_RESULT, stands, written


class LedgerRow(Struct, frozen=True):
    """A row of the ledger to be written."""

    scheme: Scheme
    ledger: Ledger
    case: Case
    score: UnitScore
    id: str  # criterion or figure; empty for the unit itself
    number: int  # of the row, from 1
    open: Open | None  # why it has to be looked at again; None: it has not
    entered: str  # the entry as one text
    rested: str | None  # what an entry under review rested on
    query: Query | None  # what has to be confirmed in it, or was; None: nothing
    checked: str  # what a 核实 in it speaks of; empty: there is none

    def state(self, usual: Content) -> Content:
        """How the row stands: ``usual``, but where it has to be looked at again."""
        return f"{OPEN_WORDS[self.open.standing]}：{self.open.said}" if self.open else usual


def opened_rows(ledger: Ledger) -> Mapping[RowKey, Open]:
    """The rows with entries that have to be looked at again, and why: their 状态 says so until the next run."""
    told = (each for each in ledger.open if each.standing not in ("pending", "query"))
    return {each.key: each for each in told if each.key in ledger.typed}


def urgent_rows(scheme: Scheme, ledger: Ledger) -> frozenset[RowKey]:
    """The rows of the ledger whose 状态 says something more urgent than how their points stand, until the next run."""
    queried = (row_key(scheme, each) for each in ledger.queries if each.state != "confirmed")
    return frozenset((*opened_rows(ledger), *queried))


def counted(shown: str, marks: Iterable[MarkOf], urgent: Container[RowKey]) -> Formula:
    """How many ``marks`` there are: ``shown`` counts those that 状态 tells, as people type.

    Those whose rows say something more urgent are no others until the next run.
    """
    keys = [(DETAIL, case.unit.code, id) for case, id in marks]
    hidden = sum(key in urgent for key in keys)
    return Formula(f"={shown}{f'+{hidden}' if hidden else ''}", len(keys))


LedgerColumn = TableColumn[LedgerRow, str]
CODE: LedgerColumn = TableColumn("单位代码", 10, "centre", write=lambda row: row.case.unit.code, needed=True)
NAME: LedgerColumn = TableColumn("单位", 20, write=lambda row: row.case.unit.name, read=printed)
# Hidden: what an entry under review rested on, and the entry as the last run has seen it.
RESTED: LedgerColumn = TableColumn("原依据数据", 30, "", hidden=True, write=lambda row: row.rested)
ENTERED: LedgerColumn = TableColumn("原填内容", 30, "", hidden=True, write=lambda row: row.entered)


class LedgerColumns(TableColumns[LedgerRow], frozen=True, kw_only=True):
    """The columns of a sheet with rows for each unit, in which people work."""

    asked: tuple[Column, ...] = ()  # inputs that are asked again where what they rest on has changed
    asked_too: tuple[Column, ...] = ()  # those that not every scheme has
    of: str = ""  # the sheet of the ledger whose rows these are too; empty: they are its own

    @property
    def home(self) -> str:
        """The sheet to whose rows the entries belong."""
        return self.of or self.sheet

    def entered(self, typed: TypedRow | None) -> str:
        """What was typed as one text, which tells whether it was entered anew; empty where nothing was."""
        cells = [typed.cells.get(column.title) for column in self.asked] if typed else []
        cells += [cell for column in self.asked_too if typed and (cell := typed.cells.get(column.title))]
        said = [written(cell) or ("？" if stands(cell) else "") for cell in cells]
        return "｜".join(said) if any(said) else ""

    def as_found(self, scheme: Scheme, ledger: Ledger) -> tuple[Column, ...]:
        """The program's columns, then those that people added, as people left them."""
        layout = ledger.layouts.get(self.sheet, SheetLayout())
        added = (Column(title, 16) for title in ledger.columns.get(self.sheet, ()))
        return tuple(layout.column(column) for column in (*self.used(scheme), *added))

    def write_units(
        self, paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder, *, prints: Column | None = None,
        **how: Any,
    ) -> Table:  # fmt: skip
        """Write the sheet as people left it, what stood above and below the table too; ``how`` as :meth:`Paper.table`.

        It prints up to the column ``prints``, or whole.
        """
        recorder.head(self.sheet, (column.title for column in self.used(scheme) if not column.input))
        sheet, columns = paper.sheet(self.sheet), self.as_found(scheme, ledger)
        layout, keys = laid_out(scheme, ledger, self.sheet)
        self._outside(paper, sheet, layout, columns, layout.above())
        hidden = {layout.top + at for at, key in enumerate(keys, 1) if layout.hides(layout.rows.get(key))}
        rows = self._rows(scheme, ledger, recorder, columns)
        table = paper.table(sheet, columns, rows, top=layout.top, hidden=hidden, **how)
        below = [*layout.below(table.last)]
        self._outside(paper, sheet, layout, columns, below)
        if prints is not None:
            sheet.print_area(0, 0, below[-1][0] if below else table.last, table.columns[prints.title])
        return table

    def _outside(
        self, paper: Paper, sheet: Any, layout: SheetLayout, columns: Sequence[Column],
        places: Iterable[tuple[int, int]],
    ) -> None:  # fmt: skip
        """Write what stood outside the table; each of ``places`` is where a row is written, from 0, and was found."""
        moved = {layout.columns[each.title]: at for at, each in enumerate(columns, 1) if each.title in layout.columns}
        for at, row in places:
            cells, notes = layout.outside.get(row, {}), layout.notes.get(row, {})
            write_found(paper, sheet, at, cells, layout.looks(row), notes, moved, hidden=layout.hides(row))

    def _rows(
        self, scheme: Scheme, ledger: Ledger, recorder: Recorder, columns: Sequence[Column]
    ) -> Iterator[Contents]:
        added = ledger.columns.get(self.sheet, ())
        layout, keys = laid_out(scheme, ledger, self.sheet)
        rows = self.unit_rows(scheme, ledger, recorder, keys, layout.top + 2)
        for key, (contents, cells) in zip(keys, rows, strict=True):
            contents += (typed(cells[title], "text") if title in cells else None for title in added)
            yield layout.contents(key, columns, contents)

    def unit_rows(
        self,
        scheme: Scheme,
        ledger: Ledger,
        recorder: Recorder,
        keys: Iterable[tuple[str, str]],
        first: int,
        issued: Ledger | None = None,
    ) -> Iterator[tuple[list[Content | Styled], Mapping[str, Cell]]]:
        """The rows of ``keys`` (unit code; criterion, figure or nothing), recorded; row ``first`` comes first.

        Each with all that was typed into it; recorded is what ``issued`` has of that, None: ``ledger``.
        """
        opened = opened_rows(ledger)
        queried = {row_key(scheme, each): each for each in ledger.queries}
        review = {each.key for each in ledger.open if each.standing == "review"}
        units = {case.unit.code: (case, score) for case, score in zip(ledger.cases, ledger.scores, strict=True)}
        used = self.used(scheme)
        inputs = {column.title for column in used if column.input}
        for at, (code, id) in enumerate(keys, first):
            case, score = units[code]
            key = (self.home, code, id)
            held = ledger.typed.get(key)
            open = opened.get(key)
            rested = held.basis if held and key in review else None
            checked = (held.checked if held else None) or ""
            entered, query = self.entered(held), queried.get(key)
            row = LedgerRow(scheme, ledger, case, score, id, at, open, entered, rested, query, checked)
            cells: Mapping[str, Cell] = held.cells if held else {}
            contents = [
                typed(cells[column.title], column.cell_look)
                if column.input and column.title in cells
                else column.write(row)
                for column in used
            ]
            own = [content for content, column in zip(contents, used, strict=True) if not column.input]
            # what people added to the ledger is not in the copies of others
            was = (issued or ledger).cells(key)
            kept = {title: cell for title, cell in was.items() if title in inputs} if self.of else was
            recorder.row(self.sheet, code, id, own, kept)
            yield contents, cells


def as_number(cell: Cell | None) -> Decimal | None:
    """A cell as the number that it shows; None where it shows none."""
    text = written(cell)
    return number(text) if text and len(text) <= LONGEST * 2 else None


def write_found(
    paper: Paper, sheet: Any, at: int, cells: Mapping[int, Cell], looks: Mapping[int, Look],
    comments: Mapping[int, str], moved: Mapping[int, int] = {}, *, hidden: bool = False,
) -> None:  # fmt: skip
    """Write a row of people's own at row ``at``, from 0, by its columns from 1; those of ``moved`` at another one."""
    if hidden:
        sheet.set_row(at, None, None, {"hidden": True})
    taken: set[int] = set()
    for column in sorted({*cells, *looks, *comments}):
        place = moved.get(column, column)
        while place in taken:  # what stood beside the table, and a column of it that people had moved
            place += 1
        taken.add(place)
        found = typed(cells[column], "bare") if column in cells else Styled(None, "bare" if column in comments else "")
        paper.put(sheet, at, place - 1, replace(found, own=looks.get(column), comment=comments.get(column, "")))


def typed(cell: Cell, look: str) -> Styled:
    """What a person typed, to be written again as it was."""
    value = cell.value
    if cell.kind is CellKind.UNCOMPUTED:
        return Styled(NO_RESULT, look)
    if cell.percent and isinstance(value, Decimal):
        return Styled(value, f"{look} percent")
    if isinstance(value, bool):
        return Styled(written(cell), look)
    if not isinstance(value, str | Decimal | None):
        return Styled(value, f"{look} date")
    # points of too many decimals must be seen as they were typed
    rounded = "points" in look.split() and isinstance(value, Decimal) and value == half_up(value)
    return Styled(value, f"{look} number" if isinstance(value, Decimal) and not rounded else look)


def coloured(paper: Paper, table: Table, rules: Iterable[tuple[tuple[int, int, int, int], str, str]]) -> None:
    """Colour areas by rule; each is an area, an expression and a colour."""
    for area, rule, colour in rules:
        look = paper.book.add_format({"bg_color": colour})
        table.sheet.conditional_format(*area, {"type": "formula", "criteria": f"={rule}", "format": look})


def codes_are_text(table: Table, first: Column, last: Column) -> None:
    """Spare people the green corners of codes that look like numbers."""
    (begin, _), (_, end) = (table.cells(column.title).replace("$", "").split(":") for column in (first, last))
    table.sheet.ignore_errors({"number_stored_as_text": f"{begin}:{end}"})
