"""A table in a workbook that people work in: found by its header, whatever was sorted, moved or added."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Origin
from kaohe_cli.points import plain
from kaohe_cli.sheet.book import Cell, CellKind, Sheet, address

SheetRow = tuple[int, Mapping[int, Cell]]  # row number from 1, cells by column from 1

NO_RESULT = "（公式没有结果）"  # what is kept of a formula without a result
HEADER_WITHIN = 30  # rows in which a header is looked for


class Head(Struct, frozen=True):
    """The header of a table."""

    row: int
    columns: Mapping[str, int]  # title → column, those asked for
    others: tuple[tuple[str, int], ...]  # title and column of what people added, in order

    def text(self, cells: Mapping[int, Cell], title: str) -> str:
        """What stands under ``title`` as text; empty where nothing does, or there is no such column."""
        return written(cells.get(self.columns.get(title, 0)))


class Tabular(Struct, frozen=True):
    """A table with its rows yet to be read."""

    file: str
    sheet: str
    head: Head
    rows: Iterator[SheetRow]

    def origin(self, row: int, title: str) -> Origin:
        """Where the entry of ``row`` under ``title`` stands."""
        return Origin(self.file, self.sheet, address(row, self.head.columns[title]))


def rows_of(sheet: Sheet) -> Iterator[SheetRow]:
    """The rows of a sheet that was read whole, from the top down."""
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sheet.cells.items():
        rows.setdefault(row, {})[column] = cell
    return iter(sorted(rows.items()))


def find(
    file: str, sheet: str, rows: Iterable[SheetRow], needed: Sequence[str], also: Sequence[str] = ()
) -> tuple[Tabular | None, tuple[Problem, ...]]:
    """The table whose header holds all titles of ``needed``, and may hold those of ``also``.

    None, with the reason, where there is no such header (KH301) or one of these titles stands there twice (KH302).
    """
    rows = iter(rows)
    best: tuple[int, Mapping[int, Cell]] | None = None
    missing: list[str] = list(needed)
    for count, (row, cells) in enumerate(rows):
        titles = {written(cell) for cell in cells.values()}
        lacking = [title for title in needed if title not in titles]
        if not lacking:
            best = row, cells
            break
        if len(lacking) < len(missing):
            missing = lacking
        if count >= HEADER_WITHIN:
            break
    if best is None:
        return None, (problem("KH301", file=file, sheet=sheet, found="、".join(missing)),)
    row, cells = best
    known, columns, others, twice = {*needed, *also}, {}, [], []
    for column, cell in sorted(cells.items()):
        title = written(cell)
        if title not in known:
            others.append((title, column))
        elif title in columns:
            twice.append(problem("KH302", file=file, sheet=sheet, cell=address(row, column), found=title))
        else:
            columns[title] = column
    if twice:
        return None, tuple(twice)
    return Tabular(file, sheet, Head(row, columns, tuple(others)), rows), ()


def written(cell: Cell | None) -> str:
    """A cell as the text it was meant to be: a code that became a number is its digits."""
    if cell is None or cell.value is None or cell.kind is CellKind.ERROR:
        return ""
    value = cell.value
    if isinstance(value, Decimal):
        return plain(value).replace(",", "")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def stands(cell: Cell | None) -> bool:
    """Whether anything stands in a cell; an error or a formula without a result is something too."""
    return cell is not None and (cell.kind in (CellKind.ERROR, CellKind.UNCOMPUTED) or bool(written(cell)))
