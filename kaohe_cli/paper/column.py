"""A column of a table that people work in, told once: its writer, its reader and what it needs follow from it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from kaohe_cli.diagnostic import Problem
from kaohe_cli.extent import height
from kaohe_cli.model import Origin
from kaohe_cli.naming import printed_name
from kaohe_cli.paper.workbook import Column, Content, Contents, Paper, Styled, Table, text_of
from kaohe_cli.sheet.book import Cell, address
from kaohe_cli.sheet.table import SheetRow, Tabular, find, written

R = TypeVar("R", contravariant=True)  # what a row shows
T = TypeVar("T", covariant=True)  # what a cell is read as


def printed(cell: Cell | None) -> str:
    """A cell as the name that it is in print."""
    return printed_name(written(cell))


class TableColumn(Column, Generic[R, T], frozen=True, kw_only=True):
    """A column that is written from a record and read as a value."""

    write: Callable[[R], Content | Styled] = lambda _: None  # what the program writes there
    read: Callable[[Cell | None], T] = written  # type: ignore[assignment]  # as a text, where nothing else is said
    needed: bool = False  # a table without it is not this one
    live: bool = False  # a formula keeps it up as people type
    fillable: bool = False  # people may fill it in where the program left it blank
    used: Callable[[Any], bool] = lambda _: True  # whether a scheme has a use for it
    former: tuple[str, ...] = ()  # titles that it had in earlier versions


class TableRow(Struct, frozen=True):
    """One row of a table as it was found."""

    table: Tabular
    number: int
    cells: Mapping[int, Cell]

    def cell(self, column: Column) -> Cell | None:
        """What stands under ``column``; None where nothing does, or there is no such column."""
        return self.cells.get(self.table.head.columns.get(column.title, 0))

    def __getitem__(self, column: TableColumn[Any, T]) -> T:
        return column.read(self.cell(column))

    def origin(self, column: Column) -> Origin:
        """Where the entry under ``column`` stands."""
        return self.table.origin(self.number, column.title)


class TableColumns(Struct, Generic[R], frozen=True):
    """The columns of one sheet, in order."""

    sheet: str
    columns: tuple[TableColumn[R, Any], ...]

    @property
    def inputs(self) -> tuple[TableColumn[R, Any], ...]:
        """Those that people fill in."""
        return tuple(column for column in self.columns if column.input)

    @property
    def own(self) -> tuple[TableColumn[R, Any], ...]:
        """Those that the program fills in."""
        return tuple(column for column in self.columns if not column.input)

    def used(self, scheme: Any) -> tuple[TableColumn[R, Any], ...]:
        """Those that ``scheme`` has a use for."""
        return tuple(column for column in self.columns if column.used(scheme))

    def find(self, file: str, rows: Iterator[SheetRow]) -> tuple[Tabular | None, tuple[Problem, ...]]:
        """The table among ``rows``; None, with the reason, where a needed column is missing (KH301) or doubled."""
        needed = [column.title for column in self.columns if column.needed]
        former = {title: column.title for column in self.columns for title in column.former}
        return find(file, self.sheet, rows, needed, [column.title for column in self.columns], former)

    def contents(self, record: R) -> list[Content | Styled]:
        """The row that shows ``record``."""
        return [column.write(record) for column in self.columns]

    def write(self, paper: Paper, records: Iterable[R], *, landscape: bool = True, **how: Any) -> Table:
        """Write the sheet, a row for each record; ``how`` as :meth:`Paper.table`."""
        sheet = paper.sheet(self.sheet, landscape=landscape)
        return paper.table(sheet, self.columns, map(self.contents, records), tall=self.tall, **how)

    @property
    def tall(self) -> Callable[[Contents], float] | None:
        """Tells the height of a row, in points, that shows the texts of columns that wrap whole; None: none wraps."""
        wraps = [(at, column.width) for at, column in enumerate(self.columns) if "wrap" in column.look.split()]
        return (lambda row: height(((text_of(row[at]), wide) for at, wide in wraps), least=20)) if wraps else None

    def letters(self, column: Column) -> str:
        """The letters of ``column`` in a sheet that is written: J."""
        return address(1, 1 + self.columns.index(column))[:-1]


def table_rows(table: Tabular | None) -> Iterator[TableRow]:
    """The rows of ``table`` from the top down; none where there is no table."""
    return (TableRow(table, number, cells) for number, cells in table.rows) if table else iter(())
