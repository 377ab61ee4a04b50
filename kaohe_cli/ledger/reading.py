"""The sheets of the ledger that have rows for each unit, read row by row: what the program wrote, what people typed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import detail, figures, former, situation
from kaohe_cli.ledger.authentic import Authentic, authenticity
from kaohe_cli.ledger.basis import INVALID, figure_basis
from kaohe_cli.ledger.columns import CODE, NAME, LedgerColumns
from kaohe_cli.ledger.entries import SheetEntries, sheet_entries
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.original import Original
from kaohe_cli.ledger.record import DETAIL, FIGURES, SITUATION, Altered, RowKey, TypedRow, rows_in
from kaohe_cli.model import Case, Entry, Mark, Origin, Unit, Value
from kaohe_cli.naming import alike, plain_name, unfit
from kaohe_cli.paper.column import TableColumns, TableRow, table_rows
from kaohe_cli.paper.workbook import Column
from kaohe_cli.points import number, plain
from kaohe_cli.scheme import fields
from kaohe_cli.scheme.normalise import LONGEST, accept, quoted, shown
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Area, Book, CellKind, Sheet, address
from kaohe_cli.sheet.table import Tabular, rows_of, stands, written

EMPTY = "KH034"  # many cells with a format and nothing else: the ledger is made that way

Reported = dict[str, dict[str, Entry]]  # unit code → field → entry


class NotWhole(Exception):
    """A ledger that cannot be read whole: what is missing or doubtful in its frame is never guessed."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def small(book: Book, columns: TableColumns[Any]) -> Tabular:
    """The table of a sheet that was read whole."""
    sheet = book.sheet(columns.sheet)
    if sheet is None:
        raise NotWhole(problem("KH309", file=book.file, reason=f"没有工作表“{columns.sheet}”"))
    table, problems = columns.find(book.file, rows_of(sheet))
    if table is None:
        raise NotWhole(*problems)
    return table


def large(book: Book, columns: LedgerColumns, rows: reader.SheetRows) -> Tabular:
    """The table of a sheet that is read row by row."""
    table, problems = columns.find(book.file, iter(rows))
    if table is None:
        # where the sheet could not be read at all, that no header was found follows from it
        kept = [each for each in problems if each.code != "KH301" or not rows.problems]
        raise NotWhole(*kept, *rows.problems)
    return table


def whole(entries: SheetEntries, problems: Iterable[Problem], merged: Iterable[Area]) -> None:
    """Nothing of a sheet is taken where not all of it could be read, or merged cells hide what rows hold."""
    told = [found for found in problems if found.code != EMPTY]
    table, places = entries.table, {entries.table.head.columns.get(each.title) for each in entries.inputs}
    for area in merged:
        if area.bottom > table.head.row and any(area.holds(area.top, place) for place in places if place):
            where = {"file": table.file, "sheet": table.sheet, "cell": address(area.top, area.left)}
            told.append(problem("KH322", found=area.address(), **where))
    entries.problems += told
    if any(found.severity == "error" for found in told):
        raise NotWhole(*entries.problems)


class Awarded(Struct, frozen=True):
    """What 评分明细 holds."""

    selves: Reported  # self-scores
    departments: dict[str, str]  # item → 责任处室
    judges: dict[str, tuple[str, ...]]  # item that several judge → their names
    last_marks: dict[str, dict[str, Decimal]]  # unit code → criterion → 考核分 of last year
    entries: SheetEntries


class LedgerReading(Struct):
    """The sheets of rows for each unit being read."""

    scheme: Scheme
    path: Path
    book: Book
    original: Original | None  # None: what stands there has to be taken for what the program wrote
    altered: list[Altered] = []
    roster: Original | None = None  # the rows that there are, where there is no record
    alone: bool = False  # not all sheets are there
    layouts: dict[str, SheetLayout] = {}

    @property
    def seen(self) -> dict[RowKey, TypedRow]:
        """What the last run had of what was typed."""
        if self.original is None:
            return {}
        names = self.original.names
        return {key: TypedRow(key, cells, names.get(key[1], "")) for key, cells in self.original.typed.items()}

    def rows(
        self, columns: LedgerColumns, table: Tabular, id: Callable[[TableRow], str], keys: tuple[Column, ...] = (),
        shows: Callable[[TableRow], str] | None = None, verified: Set[str] = frozenset(),
        cases: Mapping[str, Case] = {},
    ) -> tuple[Iterator[Authentic], SheetEntries]:  # fmt: skip
        """The rows of a sheet as they are to be taken, and what is to be taken from them."""
        if self.original is None:
            entries = sheet_entries(columns, table, shows, verified, alone=self.alone)
            names = {code: case.unit.name for code, case in cases.items()}
            found = self._of_units(entries, id, names)
            if self.roster is not None:
                return authenticity(columns, self.roster, table, keys, id, self.altered).placed(found), entries
            return (Authentic(id(row), row, row) for row in found), entries
        checked = authenticity(columns, self.original, table, keys, id, self.altered)
        entries = sheet_entries(columns, checked.table, shows, verified, self.original.typed, alone=self.alone)
        return checked.rows(self._of_units(entries, id, self.original.names)), entries

    def _of_units(
        self, entries: SheetEntries, id: Callable[[TableRow], str], names: Mapping[str, str]
    ) -> Iterator[TableRow]:
        """The rows that may be a unit's, whose ``names`` are given by code; the others are text that people wrote."""
        known, alike_names = rows_in(self.scheme, entries.columns.home), {alike(name) for name in names.values()}

        def is_entry(row: TableRow) -> bool:
            if entries.columns.sheet == SITUATION:
                return row[situation.STATUS] is not None if names else bool(row[CODE])
            return id(row) in known

        for above, cells in entries.table.above:
            entries.leave(above, cells)
        for row in table_rows(entries.table):
            if row[CODE] in names or alike(row[NAME]) in alike_names or is_entry(row):
                yield row
            else:
                entries.leave(row.number, row.cells)

    def _close(self, entries: SheetEntries, sheet: Sheet | reader.SheetRows, problems: Iterable[Problem] = ()) -> None:
        """All rows were taken; as :func:`whole`."""
        whole(entries, problems, sheet.merged)
        self.layouts[entries.columns.sheet] = entries.layout(sheet.comments, sheet.pictures)

    def units(self) -> SheetEntries:
        """What was typed beside the units."""
        columns = self._of_situation()
        rows, entries = self.rows(columns, small(self.book, columns), lambda _: "")
        for each in rows:
            entries.take(each)
        self._close(entries, next(sheet for sheet in self.book.sheets if sheet.name == SITUATION))
        return entries

    def _of_situation(self) -> LedgerColumns:
        sheets = self.original.sheets if self.original else {}
        return situation.columns_of(self.scheme, sheets[SITUATION].titles if SITUATION in sheets else ())

    def situation(self) -> tuple[dict[str, Case], Reported, SheetEntries]:
        """The units and how they stand."""
        columns = self._of_situation()
        rows, entries = self.rows(columns, small(self.book, columns), lambda _: "")
        kinds = {unit.code: unit.kind for unit in self.scheme.units}
        cases: dict[str, Case] = {}
        reported: Reported = {}
        wrong: list[Problem] = []
        taken: set[str] = set()  # names
        for each in rows:
            row = each.row
            code = row[CODE]
            if code and code not in cases:
                wrong += (unfitting := tuple(_unfitting(row, taken)))
                taken.add(alike(row[NAME]))
                if not unfitting and (status := row[situation.STATUS]) is not None:
                    kind = row[situation.KIND] or kinds.get(code, "")
                    unit = Unit(code, row[NAME], kind, row[situation.BUREAU], row[situation.HEAD])
                    filled = row[situation.FILLED]
                    received = row[situation.RECEIVED]
                    cases[code] = Case(unit, status, {}, file=row[situation.RETURN], filled=filled, received=received)
                    said = {field: Entry(row[column]) for field, column in situation.SAID.items() if row[column]}
                    reported[code] = {**said, **({fields.DATE.name: Entry(filled)} if filled is not None else {})}
            cell = each.seen.cell(situation.RECEIVED)
            if stands(cell) and row[situation.RECEIVED] is None:
                where = each.seen.origin(situation.RECEIVED)
                entries.problems += accept(situation.RECEIVED_FIELD, cell, where, row[NAME])[1]
            entries.take(each)
        self._close(entries, next(sheet for sheet in self.book.sheets if sheet.name == SITUATION))
        if not cases and not wrong:
            wrong.append(problem("KH309", file=self.book.file, sheet=SITUATION, reason="“单位情况”中没有单位"))
        if wrong:
            raise NotWhole(*entries.problems, *wrong)
        if self.original is not None:  # in the order in which they were, whatever was sorted
            cases = {code: cases[code] for code in self.original.names if code in cases} | cases
        return cases, reported, entries

    def figures(self, cases: Mapping[str, Case]) -> tuple[Reported, dict[str, dict[str, Decimal]], SheetEntries]:
        """What was reported, what was settled last year, and what was verified."""
        named = {(each.title, each.label): name for name, each in self.scheme.names.items()}

        def id(row: TableRow) -> str:
            said = row[figures.MEASURE], row[figures.FIGURE]
            return named.get(said, "") or "·".join(said).strip("·")

        sheet = reader.SheetRows(self.path, FIGURES)
        table = large(self.book, figures.COLUMNS, sheet)
        keys = (figures.MEASURE, figures.FIGURE)
        rows, entries = self.rows(figures.COLUMNS, table, id, keys, _shown_figure, cases=cases)
        reported: Reported = {code: {} for code in cases}
        last_year: dict[str, dict[str, Decimal]] = {}
        texts: dict[str, str] = {}  # one text for each name of file or sheet, however often it is told
        for each in rows:
            mine = reported.get(entries.take(each))
            if mine is None or each.id not in self.scheme.names or each.doubtful:
                continue
            row = each.row
            entry = _figure(self.scheme, row, each.id, cases[row[CODE]].unit.name, entries.problems, texts)
            if entry is not None:
                mine.setdefault(each.id, entry)
            if row[figures.ANSWER]:
                mine.setdefault(fields.confirmation(each.id.partition(".")[0]), Entry(row[figures.ANSWER]))
            if (settled := row[figures.LAST_YEAR]) is not None:
                last_year.setdefault(row[CODE], {})[each.id] = settled
            if row[figures.MATERIAL]:
                mine.setdefault(f"{each.id.partition('.')[0]}.evidence", Entry(row[figures.MATERIAL]))
        self._close(entries, sheet, sheet.problems)
        return reported, last_year, entries

    def detail(self, cases: Mapping[str, Case], anew: Set[str]) -> "Awarded":
        """What stands beside the criteria, and what was awarded."""
        sheet = reader.SheetRows(self.path, DETAIL)
        columns = detail.columns_of(self.scheme)
        table = large(self.book, columns, sheet)
        self._there(columns, table)
        rows, entries = self.rows(
            columns, table, lambda row: row[detail.CRITERION], (detail.CRITERION,), lambda row: row[detail.RESTS], anew,
            cases,
        )  # fmt: skip
        found = Awarded({code: {} for code in cases}, {}, {}, {}, entries)
        for each in rows:
            code, row, criterion = entries.take(each), each.row, self.scheme.criteria.get(each.id)
            if criterion is None or each.doubtful:
                continue
            item = self.scheme.item_of[each.id].id
            if row[detail.DEPARTMENT]:
                found.departments.setdefault(item, row[detail.DEPARTMENT])
            if row[detail.NAMES]:
                found.judges.setdefault(item, tuple(row[detail.NAMES].split("、")))
            if (mark := row[detail.LAST_YEAR]) is not None:
                found.last_marks.setdefault(code, {})[each.id] = mark
            if code in found.selves and criterion.claimable and row[detail.SELF]:
                value = number(row[detail.SELF])
                value = value if value is not None and _workable(value) else None
                found.selves[code].setdefault(self.scheme.claim(criterion), Entry(value, None, value is None))
        self._close(entries, sheet, sheet.problems)
        return found

    def _there(self, columns: LedgerColumns, table: Tabular) -> None:
        """Raises NotWhole where a column is gone of marks that the last run had, which would be gone without a word."""
        head = {*table.head.columns, *(title for title, _ in table.head.others)}
        if former.MARKS_ONCE in head:
            return
        had = {title for each in self.seen.values() for title, cell in each.cells.items() if stands(cell)}
        gone = [each.title for each in columns.asked_too if each.title in had and each.title not in head]
        if gone:
            where = {"file": self.book.file, "sheet": columns.sheet, "cell": address(table.head.row, 1)}
            raise NotWhole(problem("KH301", found=gone[0], expected="、".join(gone), **where))


def _unfitting(row: TableRow, taken: Collection[str]) -> Iterator[Problem]:
    """Why the unit of ``row`` of 单位情况 cannot be one; ``taken`` are the names of others."""
    name, where = row[NAME], {"file": row.table.file, "sheet": SITUATION}
    same = "不能与别的单位相同（大小写、全角半角不同也算相同）" if alike(name) in taken else ""
    if unfitting := same or unfit(plain_name(name)):
        cell = row.origin(NAME).cell
        yield problem("KH316", unit=name, cell=cell, found=name or "空白", expected=unfitting, **where)
    if row[situation.STATUS] is None:
        words = {"title": situation.STATUS.title, "found": written(row.cell(situation.STATUS)) or "空白"}
        yield problem("KH314", cell=row.origin(situation.STATUS).cell, what=name or row[CODE], **words, **where)


def _figure(
    scheme: Scheme, row: TableRow, figure: str, unit: str, problems: list[Problem], texts: dict[str, str]
) -> Entry | None:
    cell = row.cell(figures.REPORTED)
    text = written(cell)
    if cell is None or (not text and cell.kind is CellKind.TEXT):
        return None
    value: Value | None
    if isinstance(cell.value, Decimal):
        value = cell.value
    else:
        value = _marks(scheme.names[figure].done).get(text) or (number(text.replace(",", "")) if text else None)
    if isinstance(value, Decimal) and not _workable(value):
        value, text = None, quoted(text)
    if value is None and text != INVALID:
        place, named = row.origin(figures.REPORTED), scheme.names[figure]
        problems.append(
            problem(
                "KH314", unit=unit, file=place.file, sheet=place.sheet, cell=place.cell, field=figure,
                found=text or shown(cell),
                what=f"{unit} {named.title}·{named.label}", title=figures.REPORTED.title,
            )
        )  # fmt: skip
    return Entry(value, _origin(row[figures.ORIGIN], texts), value is None)


def _origin(text: str, texts: dict[str, str]) -> Origin | None:
    file, bar, place = text.rpartition("|")
    if not bar:
        return None
    sheet, _, cell = place.rpartition("!")
    return Origin(texts.setdefault(file, file), texts.setdefault(sheet, sheet), cell)


def _shown_figure(row: TableRow) -> str:
    """What a 核定值 rests on: the figure beside it, a number as bases write it (2,677.5)."""
    cell = row.cell(figures.REPORTED)
    grouped = plain(cell.value) if cell is not None and isinstance(cell.value, Decimal) else ""
    return figure_basis(grouped or row[figures.REPORTED])


def _workable(value: Decimal) -> bool:
    """Whether a number is of a size that points can be worked out from."""
    return not value or -LONGEST <= value.adjusted() < LONGEST


@cache
def _marks(done: tuple[str, str]) -> Mapping[str, Mark]:
    """The words that a figure may hold, those of its clause and the older ones."""
    return {mark.value: mark for mark in Mark} | {mark.said(done): mark for mark in Mark}
