"""A table in a workbook that people work in: found by its header, whatever was sorted, moved or added."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from unicodedata import normalize

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Origin
from kaohe_cli.points import plain
from kaohe_cli.sheet.book import Cell, CellKind, Sheet, address

SheetRow = tuple[int, Mapping[int, Cell]]  # row number from 1, cells by column from 1

NO_RESULT = "（公式没有结果）"  # what is kept of a formula without a result
HEADER_WITHIN = 30  # rows in which a header is looked for
LONGEST_TITLE = 60  # characters; what is longer is no title
MARKS = "*:※"  # beside a title, which ask for attention
ADDITION = re.compile(r"\([^()]*\)$|【[^【】]*】$")  # 考核分（填）
ALIKE = 0.4  # of difflib, from which on one title is worth naming for another


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
    above: tuple[SheetRow, ...] = ()  # what stands above the header

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
    file: str, sheet: str, rows: Iterable[SheetRow], needed: Sequence[str], also: Sequence[str] = (),
    former: Mapping[str, str] = {},
) -> tuple[Tabular | None, tuple[Problem, ...]]:  # fmt: skip
    """The table whose header holds all titles of ``needed``, and may hold those of ``also``.

    A title may be written with spaces, in other widths, with marks, with an addition in brackets (考核分（填）) or as
    an earlier one that ``former`` gives for it, where no other column is called by it. None, with the reason, where
    there is no such header (KH301) or one of these titles stands there twice (KH302).
    """
    rows = iter(rows)
    first = list(islice(rows, HEADER_WITHIN + 1))
    known = {**former, **{next(_spellings(title), title): title for title in (*also, *needed)}}
    row, cells, lacking = _header(first, needed, known)
    if lacking:
        near = _nearest(lacking, row, cells, known)
        said = "、".join(f"{title}{f'（{cell} 写的是“{text}”）' if text else ''}" for title, cell, text in near)
        cell = next((cell for _, cell, _ in near if cell), "")
        return None, (problem("KH301", file=file, sheet=sheet, cell=cell, found=said, expected="、".join(lacking)),)
    called = _called(cells, known)
    twice = [(column, title) for title, columns in called.items() for column in columns[1:]]
    if twice:
        where = {"file": file, "sheet": sheet}
        return None, tuple(problem("KH302", cell=address(row, column), found=title, **where) for column, title in twice)
    taken = {title: columns[0] for title, columns in called.items()}
    others = ((written(cell), column) for column, cell in sorted(cells.items()) if column not in taken.values())
    above = tuple(each for each in first if each[0] < row)
    rest = chain(first[len(above) + 1 :], rows)
    return Tabular(file, sheet, Head(row, taken, tuple(others)), rest, above), ()


def _header(
    rows: Iterable[SheetRow], needed: Sequence[str], known: Mapping[str, str]
) -> tuple[int, Mapping[int, Cell], list[str]]:
    """The first row with all titles of ``needed``, else the one with most; with it those that are lacking there."""
    best: tuple[int, Mapping[int, Cell], list[str]] = 0, {}, list(needed)
    for row, cells in rows:
        called = _called(cells, known)
        lacking = [title for title in needed if title not in called]
        if not lacking:
            return row, cells, lacking
        if len(lacking) < len(best[2]):
            best = row, cells, lacking
    return best


def _called(cells: Mapping[int, Cell], known: Mapping[str, str]) -> dict[str, list[int]]:
    """The columns that each title of ``known`` (spelling → title) may mean: those it names exactly, if any."""
    exact: dict[str, list[int]] = {}
    meant: dict[str, list[int]] = {}
    titles = {*known.values()}
    for column, cell in sorted(cells.items()):
        text = written(cell)
        if text in titles:
            exact.setdefault(text, []).append(column)
        elif title := next((known[spelling] for spelling in _spellings(text) if spelling in known), ""):
            meant.setdefault(title, []).append(column)
    return {**meant, **exact}


def _spellings(text: str) -> Iterator[str]:
    """What a title is taken for: without spaces, widths and marks; then without what stands in brackets at its end."""
    if len(text) > LONGEST_TITLE:
        return
    said = "".join(normalize("NFKC", text).split()).strip(MARKS)
    yield said
    while (shorter := ADDITION.sub("", said).strip(MARKS)) != said:
        said = shorter
        yield said


def _nearest(
    lacking: Sequence[str], row: int, cells: Mapping[int, Cell], known: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Each title that is lacking, with the cell and the text of the header most like it; both empty where none is."""
    from difflib import get_close_matches

    taken = {column for columns in _called(cells, known).values() for column in columns}
    texts = {written(cell)[:LONGEST_TITLE]: column for column, cell in cells.items() if column not in taken}
    found = []
    for title in lacking:
        near = next(iter(get_close_matches(title, texts, 1, ALIKE)), "")
        found.append((title, address(row, texts[near]) if near else "", near))
    return found


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


def as_seen(cell: Cell | None) -> str:
    """What stands in a cell, for people: an error as it shows, and that a formula has no result; empty for a blank."""
    if cell is not None and cell.kind is CellKind.UNCOMPUTED:
        return NO_RESULT
    return str(cell.value) if cell is not None and cell.kind is CellKind.ERROR else written(cell)


def stands(cell: Cell | None) -> bool:
    """Whether anything stands in a cell; an error or a formula without a result is something too."""
    return cell is not None and (cell.kind in (CellKind.ERROR, CellKind.UNCOMPUTED) or bool(written(cell)))
