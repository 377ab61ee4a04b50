"""What stands in a sheet of the ledger, compared row by row with what the program wrote (original.py).

What the program wrote is what counts wherever the two differ, and every such place is told.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.changes import LedgerChange, restored
from kaohe_cli.ledger.columns import CODE, NAME, LedgerColumns
from kaohe_cli.ledger.original import Original, WrittenRow, mark
from kaohe_cli.ledger.record import CONFIRMED, Altered, RowKey
from kaohe_cli.naming import alike
from kaohe_cli.paper.column import TableColumns, TableRow
from kaohe_cli.paper.workbook import Column
from kaohe_cli.points import number
from kaohe_cli.scheme.normalise import quoted
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind, address
from kaohe_cli.sheet.table import Head, Tabular, as_seen, written

BLANK = "空白"
MOST_STRAYS = 300  # rows of which it is looked for whose they may be
BEYOND = 100_000  # where columns are placed that are no longer there
OVER = "KH317"
GONE = "KH318"
DOUBLED = "KH319"
STRANGE = "KH320"
COLUMN = "KH321"
RESTORED = "KH325"


class Authentic(Struct, frozen=True):
    """A row of the ledger: what the program wrote, and what people typed."""

    id: str  # criterion or figure; empty for the unit itself
    row: TableRow
    seen: TableRow  # as it stands there, before people
    doubtful: bool = False  # it is not certain whose row it is
    gone: bool = False  # it does not stand there


class Authenticity(Struct):
    """The rows of one sheet as they are to be taken, and what was found altered meanwhile."""

    columns: LedgerColumns
    original: Original
    table: Tabular  # its head with the columns that are gone, beyond all others
    keys: tuple[Column, ...]  # the columns that tell one row of a unit from another
    id: Callable[[TableRow], str]  # of a row, as it stands there
    codes: Mapping[str, str]  # name of a unit, as names are compared → code
    altered: list[Altered]  # grows as rows are taken

    def rows(self, found: Iterable[TableRow]) -> Iterator[Authentic]:
        """Those that were ``found``, with what the program wrote in them, and those that are gone."""
        known = self.original.sheets[self.columns.sheet]
        live = {each.title for each in self.columns.columns if each.live}
        at = {title: self.table.head.columns[title] for title in known.titles}
        fixed, kept_up = ([at[title] for title in at if (title in live) is wanted] for wanted in (False, True))
        left = dict.fromkeys(known.rows)
        apart: dict[tuple[str, str], TableRow] = {}
        strays: list[TableRow] = []
        doubled: list[tuple[tuple[str, str], TableRow]] = []
        for each in found:
            row = replace(each, table=self.table)
            key = self._key(row)
            if key is None:
                strays.append(row)
            elif key not in left:
                doubled.append((key, row))
            else:
                del left[key]
                same = mark(as_seen(row.cells.get(place)) for place in fixed) == known.rows[key]
                if same and all(_kept_up(row.cells.get(place)) for place in kept_up):
                    yield Authentic(key[1], row, row)
                else:
                    apart[key] = row
        stood = {key: row for row, key in enumerate(known.rows, self.table.head.row + 1)} if left else {}
        for line in self.original.lines(self.columns.sheet, apart.keys() | left.keys()):
            key = line.code, line.id
            here = apart.get(key) or self._stray(strays, line)
            yield self._gone(line, stood[key]) if here is None else self._restored(line, here)
        for key, row in doubled:
            self._differs(DOUBLED, key, address(row.number, self.table.head.columns[CODE.title]), "", _said(row), "")
            yield Authentic(key[1], self._named(row, key[0]), row)
        yield from map(self._strange, strays)

    def placed(self, found: Iterable[TableRow]) -> Iterator[Authentic]:
        """Those that were ``found``, as they stand, where ``original`` says no more than which rows there are."""
        for each in found:
            row = replace(each, table=self.table)
            key = self._key(row)
            yield self._strange(row) if key is None else Authentic(key[1], self._named(row, key[0]), row)

    def _key(self, row: TableRow) -> tuple[str, str] | None:
        """Unit and id of ``row``; None where its code and its name disagree, or there is no such row."""
        code, named = self._claims(row)
        key = code or named, self.id(row)
        known = key in self.original.sheets[self.columns.sheet].rows
        return key if known and (not code or not named or code == named) else None

    def _claims(self, row: TableRow) -> tuple[str, str]:
        """The unit that ``row`` is of by its code, and by its name; empty: of none that is known."""
        return (row[CODE] if row[CODE] in self.original.names else "", self.codes.get(alike(row[NAME]), ""))

    def _stray(self, strays: list[TableRow], line: WrittenRow) -> TableRow | None:
        """The only stray that is what ``line`` was, but for its unit and its id."""
        keys = {each.title for each in (CODE, NAME, *self.keys)}
        if len(strays) > MOST_STRAYS:  # of so many nobody can tell
            return None
        fitting = [
            row
            for row in strays
            if (line.code in (claims := self._claims(row)) or not any(claims))
            and all(title in keys or self._is(row, title, text) for title, text in self._texts(line))
        ]
        if len(fitting) != 1:
            return None
        strays.remove(fitting[0])
        return fitting[0]

    def _restored(self, line: WrittenRow, row: TableRow) -> Authentic:
        """``row`` with what the program wrote; every cell that differed is told."""
        cells = dict(row.cells)
        for title, text in self._texts(line):
            place = self.table.head.columns[title]
            if not self._is(row, title, text):
                if place < BEYOND:
                    found = as_seen(row.cells.get(place))
                    self._differs(OVER, (line.code, line.id), address(row.number, place), title, found, text)
                cells[place] = _text(text)
        return Authentic(line.id, replace(row, cells=cells), row)

    def _is(self, row: TableRow, title: str, text: str) -> bool:
        """Whether the cell under ``title`` is still what the program wrote there."""
        cell = row.cells.get(self.table.head.columns[title])
        column = next((each for each in self.columns.columns if each.title == title), None)
        if column is None:  # of another version
            return _same(as_seen(cell), text)
        return (column.live and _kept_up(cell)) or (column.fillable and not text) or _same(as_seen(cell), text)

    def _gone(self, line: WrittenRow, position: int) -> Authentic:
        """The row of ``line`` as the last run had it; it is told, at the ``position`` that it had."""
        head = self.table.head
        places = {**dict(head.others), **head.columns}
        cells = {places[title]: _text(text) for title, text in self._texts(line) if text}
        cells |= {places[title]: cell for title, cell in line.cells.items() if title in places}
        row = TableRow(self.table, position, cells)
        self._differs(GONE, (line.code, line.id), address(position, head.columns[CODE.title]), "", "", _said(row))
        return Authentic(line.id, row, row, gone=True)

    def _strange(self, row: TableRow) -> Authentic:
        """A row of which it is not certain whose it is, which is told; one that claims to be nobody's is not."""
        code, named = self._claims(row)
        if not code and not named:  # of a unit that is not assessed any more, or nobody's
            return Authentic(self.id(row), row, row)
        column = CODE if code and named and code != named else (*self.keys, CODE)[0]
        code = named or code
        cell = address(row.number, self.table.head.columns[column.title])
        self._differs(STRANGE, (code, self.id(row)), cell, column.title, as_seen(row.cell(column)), "原来的内容")
        return Authentic(self.id(row), self._named(row, code), row, doubtful=True)

    def _named(self, row: TableRow, code: str) -> TableRow:
        """``row`` with the code of its unit."""
        return replace(row, cells={**row.cells, self.table.head.columns[CODE.title]: _text(code)})

    def _texts(self, line: WrittenRow) -> Iterable[tuple[str, str]]:
        return zip(self.original.sheets[self.columns.sheet].titles, line.texts, strict=False)

    def _differs(self, code: str, key: tuple[str, str], cell: str, title: str, found: str, expected: str) -> None:
        unit = self.original.names.get(key[0], "")
        self.altered.append(Altered(code, (self.columns.sheet, *key), unit, cell, title, found, expected))


def authenticity(
    columns: LedgerColumns, original: Original, table: Tabular, keys: tuple[Column, ...], id: Callable[[TableRow], str],
    altered: list[Altered],
) -> Authenticity:  # fmt: skip
    """That of a sheet whose rows are still to be compared; a column that is gone is told.

    What is found altered, then and as rows are taken, is added to ``altered``.
    """
    head, titles = table.head, original.sheets[columns.sheet].titles
    gone = {title: BEYOND + place for place, title in enumerate(titles) if title not in head.columns}
    altered += (Altered(COLUMN, (columns.sheet, "", ""), "", address(head.row, 1), title, "", title) for title in gone)
    whole = replace(table, head=replace(head, columns={**head.columns, **gone}))
    codes = {alike(name): code for code, name in original.names.items()}
    return Authenticity(columns, original, whole, keys, id, codes, altered)


def typed_over(key: RowKey, unit: str, cell: str, column: Column, found: str, expected: str) -> Altered:
    """A cell of the program's in a sheet that is people's own, which was typed over."""
    return Altered(OVER, key, unit, cell, column.title, found, expected)


def _text(text: str) -> Cell:
    return Cell(CellKind.TEXT, text)


def _same(found: str, text: str) -> bool:
    """Whether two texts say the same, however they are spaced, how wide, and however a number is written."""
    if found == text or alike(" ".join(found.split())) == alike(" ".join(text.split())):
        return True
    value = number(found) if found else None
    return value is not None and value == number(text)


def _kept_up(cell: Cell | None) -> bool:
    """Whether a formula is still there, or what a person confirms with."""
    return cell is not None and (cell.formula or cell.kind is CellKind.UNCOMPUTED or CONFIRMED in written(cell))


def _said(row: TableRow) -> str:
    """A row in the words of its first columns."""
    return " ".join(text for column in (CODE, NAME) if (text := written(row.cell(column))))


# ── sheets that belong to no unit ───────────────────────────────────────────────────────────────────────


def listed(columns: TableColumns[Any], original: Original, table: Tabular) -> tuple[Tabular, list[Altered]]:
    """The table of such a sheet as the program wrote it, and what of ``table`` was altered."""
    sheet, titles = columns.sheet, original.sheets[columns.sheet].titles
    places = [table.head.columns.get(title, 0) for title in titles]
    written_ = [tuple(" ".join(text.split()) for text in row) for row in original.lists.get(sheet, ())]
    found = [(row, [" ".join(as_seen(cells.get(place)).split()) for place in places]) for row, cells in table.rows]
    altered = [
        Altered(COLUMN, (sheet, "", ""), "", address(table.head.row, 1), title, "", title)
        for title, place in zip(titles, places, strict=True)
        if not place
    ]
    left, more = Counter(written_), []
    for row, texts in found:
        if left[tuple(texts)] > 0:
            left[tuple(texts)] -= 1
        elif any(texts):
            more.append((row, texts))
    for here, wanted in zip_longest(more, left.elements()):
        row, texts = here or (table.head.row, [])
        cell, first = address(row, max(1, places[0])), next(filter(None, wanted or texts), "")
        if not wanted:
            altered.append(Altered(DOUBLED, (sheet, "", ""), "", cell, "", first, ""))
        elif not texts:
            altered.append(Altered(GONE, (sheet, "", ""), "", cell, "", "", first))
        else:
            altered += (
                Altered(OVER, (sheet, "", ""), "", address(row, place), title, is_, was)
                for title, place, is_, was in zip(titles, places, texts, wanted, strict=True)
                if place and not _same(is_, was)
            )
    head = Head(table.head.row, {title: place for place, title in enumerate(titles, 1)}, ())
    rows = ((2 + at, {place: _text(text) for place, text in enumerate(row, 1) if text})
            for at, row in enumerate(original.lists.get(sheet, ())))  # fmt: skip
    return Tabular(table.file, sheet, head, rows), altered


# ── what is told ────────────────────────────────────────────────────────────────────────────────────────


def altered_said(scheme: Scheme, file: str, altered: Iterable[Altered], *, mended: bool = False) -> Iterator[Problem]:
    """A problem for each that was altered; where the ledger is written anew, that it is ``mended`` (KH325)."""
    for each in altered:
        sheet, _, id = each.key
        what = f"{each.unit} {row_said(scheme, sheet, id)}".strip() or sheet
        found, expected = (quoted(text) or BLANK for text in (each.found, each.expected))
        words = {"unit": each.unit, "file": file, "sheet": sheet, "cell": each.cell, "field": id}
        told = problem(each.code, what=what, title=each.title or what, found=found, expected=expected, **words)
        yield problem(RESTORED, said=told.message, found=found, expected=expected, **words) if mended else told


def restorations(scheme: Scheme, altered: Iterable[Altered]) -> Iterator[LedgerChange]:
    """What a run that writes the ledger anew makes good, for 本次变动."""
    for each in altered:
        sheet, code, id = each.key
        item = "·".join(filter(None, (sheet, row_said(scheme, sheet, id), each.title)))
        yield restored(item=item, found=each.found, now=each.expected, unit=each.unit, code=code)


def row_said(scheme: Scheme, sheet: str, id: str) -> str:
    """What a row of a unit is about."""
    if id in scheme.criteria:
        return f"{id} {scheme.criteria[id].title}"
    named = scheme.names.get(id)
    return f"{named.title}·{named.label}" if named else id
