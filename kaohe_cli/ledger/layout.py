"""How people left a sheet of the ledger, so that it is written anew as they left it. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.paper.workbook import Column, Content, Contents, Styled
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.book import Cell
from kaohe_cli.sheet.looks import Look
from kaohe_cli.sheet.table import HEADER_WITHIN, written

SheetKey = tuple[str, str]  # unit code; criterion or figure, empty for the unit itself
HEADER: SheetKey = "", ""
T = TypeVar("T")


class SheetLayout(Struct, frozen=True):
    """How a sheet was found. Rows and columns count from 1."""

    head: int = 1  # row of the header
    columns: Mapping[str, int] = {}  # title → column
    rows: Mapping[SheetKey, int] = {}  # from the top down; of a row that stood twice the first
    comments: Mapping[SheetKey, Mapping[str, str]] = {}  # row → title → comment (批注)
    outside: Mapping[int, Mapping[int, Cell]] = {}  # row → column → what people wrote above and below the table
    notes: Mapping[int, Mapping[int, str]] = {}  # row → column → comment there
    appearance: Appearance | None = None  # None: it was not read
    pictures: int = 0

    @property
    def top(self) -> int:
        """How many rows stand above the header."""
        return self.head - 1 if self.head <= HEADER_WITHIN else len(self._rows_outside(1, self.head))

    def order(self, own: Sequence[SheetKey]) -> Sequence[SheetKey]:
        """``own`` in the order of people; in its own where they follow it, so that what is new comes in its place."""
        place = {key: at for at, key in enumerate(own)}
        found = [key for key in self.rows if key in place]
        if all(place[one] < place[other] for one, other in pairwise(found)):
            return own
        return [*found, *(key for key in own if key not in self.rows)]

    def column(self, column: Column) -> Column:
        """``column`` as it was found."""
        comment, at = self.comments.get(HEADER, {}).get(column.title, ""), self.columns.get(column.title)
        if self.appearance is None or at is None:
            return replace(column, comment=comment)
        return column.as_found(self.appearance, self.head, at, comment)

    def contents(self, key: SheetKey, columns: Sequence[Column], contents: Contents) -> Contents:
        """``contents`` of the row of ``key`` with the looks and comments that people gave to its cells."""
        looks, comments = self.looks(self.rows.get(key, 0)), self.comments.get(key, {})
        if not looks and not comments:
            return contents
        return [
            _styled(content, column, looks.get(self.columns.get(column.title, 0)), comments.get(column.title, ""))
            for column, content in zip(columns, contents, strict=True)
        ]

    def looks(self, row: int) -> Mapping[int, Look]:
        """The looks that people gave to the cells of a row."""
        return self.appearance.looks.get(row, {}) if self.appearance else {}

    def hides(self, row: int | None) -> bool:
        """Whether people hid a row."""
        return self.appearance is not None and row in self.appearance.hidden_rows

    def above(self) -> Iterator[tuple[int, int]]:
        """The rows above the header: where each is written, from 0, and where it was found."""
        rows = self._rows_outside(1, self.head)
        return ((row - 1, row) for row in rows) if self.head <= HEADER_WITHIN else iter(enumerate(rows))

    def below(self, last: int) -> Iterator[tuple[int, int]]:
        """As :meth:`above`, the rows that belong to no unit, a blank one after the ``last`` of the table, from 0."""
        return enumerate(sorted(row for row in {*self.outside, *self.notes} if row > self.head), last + 2)

    def _rows_outside(self, first: int, end: int) -> list[int]:
        looks = self.appearance.looks if self.appearance else {}
        return sorted(row for row in {*self.outside, *self.notes, *looks} if first <= row < end)


def _styled(content: Content | Styled, column: Column, own: Look | None, comment: str) -> Content | Styled:
    if own is None and not comment:
        return content
    styled = content if isinstance(content, Styled) else Styled(content, column.cell_look)
    return replace(styled, own=own, comment=comment)


# ── several into one ────────────────────────────────────────────────────────────────────────────────────


def joined(office: SheetLayout, copies: Iterable[tuple[str, SheetLayout]]) -> SheetLayout:
    """The layout of the office with the comments and texts of ``copies``, by name of file, that it does not have."""
    comments = {key: dict(said) for key, said in office.comments.items()}
    outside: dict[int, Mapping[int, Cell]] = dict(office.outside)
    notes: dict[int, Mapping[int, str]] = dict(office.notes)
    last = max((office.head, *office.rows.values(), *outside, *notes))
    for file, copy in copies:
        for key, said in copy.comments.items():
            mine = comments.setdefault(key, {})
            for title, text in said.items():
                mine[title] = with_comment(mine.get(title, ""), text, file)
        places = {at: office.columns[title] for title, at in copy.columns.items() if title in office.columns}
        for row in sorted({*copy.outside, *copy.notes}):
            cells, remarks = _moved(copy.outside.get(row, {}), places), _moved(copy.notes.get(row, {}), places)
            if not _among(cells, remarks, outside, notes):
                last += 1
                outside[last], notes[last] = cells, remarks
    return replace(office, comments=comments, outside=outside, notes=notes)


def with_comment(held: str, more: str, file: str = "") -> str:
    """One comment out of two; what is there already is not said again, what is added says its ``file``."""
    if not held or more in held:
        return held or more
    return f"{held}\n{file}：{more}" if file else f"{held}\n{more}"


def _moved(row: Mapping[int, T], places: Mapping[int, int]) -> Mapping[int, T]:
    return {places.get(column, column): each for column, each in row.items()}


def _among(
    cells: Mapping[int, Cell],
    notes: Mapping[int, str],
    outside: Mapping[int, Mapping[int, Cell]],
    others: Mapping[int, Mapping[int, str]],
) -> bool:
    """Whether a row says nothing that another one does not say."""
    said = {written(cell) for cell in cells.values()}
    return any(
        said <= {written(cell) for cell in outside.get(row, {}).values()}
        and {*notes.values()} <= {*others.get(row, {}).values()}
        for row in {*outside, *others}
    )
