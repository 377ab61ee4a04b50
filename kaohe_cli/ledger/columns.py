"""What the sheets of the ledger share: the row to be written, what people typed into it, and what a run has seen."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.record import OPEN_WORDS, Ledger, Open, TypedRow, rows_in
from kaohe_cli.model import Case, UnitScore
from kaohe_cli.paper.column import TableColumn, TableColumns, printed
from kaohe_cli.paper.workbook import Column, Content, Contents, Paper, Styled, Table
from kaohe_cli.points import half_up
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind
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

    def state(self, usual: Content) -> Content:
        """How the row stands: ``usual``, but where it has to be looked at again."""
        return f"{OPEN_WORDS[self.open.standing]}：{self.open.said}" if self.open else usual


LedgerColumn = TableColumn[LedgerRow, str]
CODE: LedgerColumn = TableColumn("单位代码", 10, "centre", write=lambda row: row.case.unit.code, needed=True)
NAME: LedgerColumn = TableColumn("单位", 20, write=lambda row: row.case.unit.name, read=printed)
# Hidden: what an entry under review rested on, and the entry as the last run has seen it.
RESTED: LedgerColumn = TableColumn("原依据数据", 30, "", hidden=True, write=lambda row: row.rested)
ENTERED: LedgerColumn = TableColumn("原填内容", 30, "", hidden=True, write=lambda row: row.entered)


class LedgerColumns(TableColumns[LedgerRow], frozen=True, kw_only=True):
    """The columns of a sheet with rows for each unit, in which people work."""

    asked: tuple[Column, ...] = ()  # inputs that are asked again where what they rest on has changed

    def entered(self, typed: TypedRow | None) -> str:
        """What was typed as one text, which tells whether it was entered anew; empty where nothing was."""
        cells = [typed.cells.get(column.title) for column in self.asked] if typed else []
        said = [written(cell) or ("？" if stands(cell) else "") for cell in cells]
        return "｜".join(said) if any(said) else ""

    def write_units(self, paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder, **how: Any) -> Table:
        """Write the sheet: the program's columns, then those that people added; ``how`` as :meth:`Paper.table`."""
        recorder.head(self.sheet, (column.title for column in self.own))
        added = (Column(title, 16) for title in ledger.columns.get(self.sheet, ()))
        columns = (*self.columns, *added)
        return paper.table(paper.sheet(self.sheet), columns, self._rows(scheme, ledger, recorder), **how)

    def _rows(self, scheme: Scheme, ledger: Ledger, recorder: Recorder) -> Iterator[Contents]:
        opened = {each.key: each for each in ledger.open if each.standing != "pending"}
        review = {each.key for each in ledger.open if each.standing == "review"}
        added = ledger.columns.get(self.sheet, ())
        number = 1
        for id in rows_in(scheme, self.sheet):
            for case, score in zip(ledger.cases, ledger.scores, strict=True):
                number += 1
                key = (self.sheet, case.unit.code, id)
                held = ledger.typed.get(key)
                open = opened.get(key) if held else None
                rested = held.basis if held and key in review else None
                row = LedgerRow(scheme, ledger, case, score, id, number, open, self.entered(held), rested)
                cells: Mapping[str, Cell] = held.cells if held else {}
                contents = [
                    typed(cells[column.title], column.cell_look)
                    if column.input and column.title in cells
                    else column.write(row)
                    for column in self.columns
                ]
                own = [content for content, column in zip(contents, self.columns, strict=True) if not column.input]
                recorder.row(self.sheet, case.unit.code, id, own, cells)
                yield [*contents, *(typed(cells[title], "text") if title in cells else None for title in added)]


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
