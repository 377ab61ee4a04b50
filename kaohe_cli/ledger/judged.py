"""处室评分表 that came back, whole or some of its sheets → what was typed into it, by the rows of 评分明细."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import detail, judging, record, register
from kaohe_cli.ledger.entries import SheetEntries
from kaohe_cli.ledger.layout import SheetKey, SheetLayout, with_comment
from kaohe_cli.ledger.original import Original, SheetOriginal
from kaohe_cli.ledger.reading import LedgerReading, NotWhole, whole
from kaohe_cli.ledger.record import DETAIL, REGISTER, SITUATION, Altered, CellKey, Ledger, RowKey, TypedRow
from kaohe_cli.scheme.records import Item
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, Cell, Sheet, address
from kaohe_cli.sheet.table import Tabular, as_seen, rows_of

OTHERS = (judging.COVER, *record.OWN)
FAR_BELOW = 100_000  # of rows that stood below the tables


class JudgedSheet(Struct, frozen=True):
    """One sheet that came back."""

    sheet: Sheet
    entries: SheetEntries
    altered: tuple[Altered, ...]


def read_judged(
    scheme: Scheme, path: Path, book: Book, original: Original | None, office: Ledger, told: list[Problem]
) -> Ledger | None:
    """What was typed into the judging sheets in ``book``; None where it has none. Raises NotWhole.

    ``original`` is its record; without one rows are found by unit and criterion (KH349). What stands there as it was
    issued says nothing.
    """
    items = {sheet.name: item for sheet in book.sheets if (item := _item(scheme, office, sheet)) is not None}
    made = original.fact(judging.SCHEME_FACT) if original is not None else ()
    if made and made[0] != scheme.id:
        raise NotWhole(problem("KH310", file=book.file, found=made[0], expected=scheme.id))
    issued_as = original.sheets.keys() - {REGISTER, SITUATION} if original else ()
    lost = [each for each in book.sheets if each.name in issued_as and each.name not in items]
    if wrong := [found for each in lost for found in _table(scheme, office, each, book.file)[1]]:
        raise NotWhole(*wrong)
    if not items:
        return None
    if original is None:
        told.append(problem("KH349", file=book.file))
    elif made and made[1] != scheme.digest:
        told.append(problem("KH311", file=book.file))
    sheets = (each for each in book.sheets if each.name in items)
    read = [_read(scheme, path, book, original, office, each, items[each.name]) for each in sheets]
    issued = _issued(original, read)
    typed: dict[RowKey, TypedRow] = {}
    contradicting = [replace(row, file=book.file) for each in read for row in each.entries.contradicting]
    for each in read:
        told += each.entries.problems
        for key, row in each.entries.typed.items():
            row = replace(row, sheet=each.sheet.name)
            first = typed.setdefault(key, row)
            if first is not row and _adds(row.cells, first.cells):  # an item in two sheets of one file
                contradicting.append(replace(row, file=book.file))
    noted = register.read(scheme, [case.unit for case in office.cases], register.sheet_of(book.sheets), book.file)
    told += noted.problems
    return replace(
        office, digest=made[1] if made else office.digest, problems=(), typed=dict(_new(typed, issued)),
        contradicting=tuple(contradicting), decided=(), seen=issued,
        altered=tuple(altered for each in read for altered in each.altered), recorded=original is not None,
        layouts={DETAIL: _layout(read)},
        columns={DETAIL: tuple(dict.fromkeys(title for each in read for title in each.entries.added))},
        sheets=tuple(each for each in book.sheets if each.name not in (*items, *OTHERS) and each.cells),
        scores=(), open=(), department=next(iter(original.fact(judging.DEPARTMENT_FACT) if original else ()), ""),
        erased=frozenset(_erased(typed, issued)), asked=frozenset(_asked(original)),
        incidents=noted.incidents, noted=register.recorded(original),
        file=book.file,
    )  # fmt: skip


def _item(scheme: Scheme, office: Ledger, sheet: Sheet) -> Item | None:
    """The item that a sheet is about, whatever it is called now; None where it is no judging sheet."""
    if sheet.name in OTHERS or not judging.judged_items(scheme):
        return None
    table, _ = _table(scheme, office, sheet, "")
    if table is None:
        return None
    ids = Counter(table.head.text(cells, detail.CRITERION.title) for _, cells in table.rows)
    known = [(count, id) for id, count in ids.items() if id in scheme.criteria]
    return scheme.item_of[max(known)[1]] if known else None


def _table(
    scheme: Scheme, office: Ledger, sheet: Sheet, file: str
) -> tuple[Tabular | None, tuple[Problem, ...]]:  # fmt: skip
    """The table of a judging sheet of whatever item; None, with the reason, where there is none."""
    columns = judging.judging(scheme, office, judging.judged_items(scheme)[0], every=True).columns
    return replace(columns, sheet=sheet.name).find(file, rows_of(sheet))


def _read(
    scheme: Scheme, path: Path, book: Book, original: Original | None, office: Ledger, sheet: Sheet, item: Item
) -> JudgedSheet:
    """What was typed into one sheet, and what was altered of what the program wrote there."""
    columns = judging.judging(scheme, office, item, every=True).columns
    table, problems = columns.find(book.file, rows_of(sheet))
    if table is None:
        raise NotWhole(*problems)
    names = {case.unit.code: case.unit.name for case in office.cases}
    keys = {(code, each.id): 0 for each in item.entered for code in names}
    reading = LedgerReading(
        scheme, path, book, original if original is not None and columns.sheet in original.sheets else None,
        roster=Original(path, {columns.sheet: SheetOriginal((), keys)}, names, {}, {}), alone=True,
    )  # fmt: skip
    rows, entries = reading.rows(
        columns, Tabular(book.file, sheet.name, table.head, table.rows), lambda row: row[detail.CRITERION],
        (detail.CRITERION,), lambda row: row[detail.RESTS], cases={case.unit.code: case for case in office.cases},
    )  # fmt: skip
    for each in rows:
        if not each.gone:
            entries.take(each)
    # the text above and below the table is merged, as the program wrote it
    whole(entries, (), [area for area in sheet.merged if any(area.top <= row <= area.bottom for row in entries.rows)])
    entries.problems += _doubtful(scheme, entries, sheet, names)
    altered = tuple(replace(each, key=(sheet.name, *each.key[1:])) for each in reading.altered)
    return JudgedSheet(sheet, entries, altered)


def _doubtful(
    scheme: Scheme, entries: SheetEntries, sheet: Sheet, names: Mapping[str, str]
) -> Iterator[Problem]:  # fmt: skip
    """What is struck out (KH251), and what stands below the heads of inputs in no row of a unit (KH362)."""
    table = entries.table
    titles = {table.head.columns[each.title]: each.title for each in entries.inputs if each.title in table.head.columns}
    for row, place in sorted(sheet.struck):
        if row in entries.rows and place in titles:
            code, id = entries.rows[row]
            label = f"{names[code]} {id} {titles[place]}"
            where = {"file": table.file, "sheet": sheet.name, "cell": address(row, place), "field": id}
            yield problem("KH251", unit=names[code], label=label, found=as_seen(sheet.cells[row, place]), **where)
    for row in sorted(entries.outside):
        for place, cell in entries.outside[row].items() if row > table.head.row else ():
            if place in titles:
                where = {"file": table.file, "sheet": sheet.name, "cell": address(row, place)}
                yield problem("KH362", title=titles[place], found=as_seen(cell), **where)


def _issued(original: Original | None, read: Iterable[JudgedSheet]) -> dict[RowKey, TypedRow]:
    """What stood in the input cells that came back when the copy was issued; a column that is gone says nothing."""
    held = original.typed if original else {}
    found: dict[RowKey, TypedRow] = {}
    for each in read:
        columns = each.entries.table.head.columns
        for code, id in each.entries.first:
            cells = held.get((each.entries.columns.sheet, code, id), {})
            key = DETAIL, code, id
            found[key] = TypedRow(key, {title: cell for title, cell in cells.items() if title in columns})
    return found


def _asked(original: Original | None) -> Iterator[CellKey]:
    """The cells that were contradicted when the copy was issued."""
    return map(record.cell_of, original.fact(judging.ASKED_FACT) if original else ())


def _new(typed: Mapping[RowKey, TypedRow], issued: Mapping[RowKey, TypedRow]) -> Iterable[tuple[RowKey, TypedRow]]:
    """The entries without what is as it was issued."""
    for key, row in typed.items():
        was = issued[key].cells if key in issued else {}
        cells = {title: cell for title, cell in row.cells.items() if as_seen(cell) != as_seen(was.get(title))}
        if cells:
            yield key, replace(row, cells=cells)


def _erased(typed: Mapping[RowKey, TypedRow], issued: Mapping[RowKey, TypedRow]) -> Iterable[CellKey]:
    """The cells that were issued with something and are blank now."""
    for key, row in issued.items():
        now = typed[key].cells if key in typed else {}
        yield from ((key, title) for title, cell in row.cells.items() if as_seen(cell) and title not in now)


def _adds(more: Mapping[str, Cell], held: Mapping[str, Cell]) -> bool:
    """Whether ``more`` says something that ``held`` does not say."""
    return any(as_seen(cell) != as_seen(held.get(title)) for title, cell in more.items())


def _layout(read: Iterable[JudgedSheet]) -> SheetLayout:
    """The comments beside the rows, and what people wrote below the tables."""
    comments: dict[SheetKey, dict[str, str]] = {}
    outside: dict[int, Mapping[int, Cell]] = {}
    for each in read:
        layout = each.entries.layout(each.sheet.comments, each.sheet.pictures)
        for key, texts in layout.comments.items():
            here = comments.setdefault(key, {})
            here.update({title: with_comment(here.get(title, ""), text) for title, text in texts.items()})
        for row in sorted(layout.outside):
            cells = {at: cell for at, cell in layout.outside[row].items() if as_seen(cell) != judging.SIGNED}
            if cells:
                outside[FAR_BELOW + len(outside)] = cells
    return SheetLayout(comments=comments, outside=outside)
