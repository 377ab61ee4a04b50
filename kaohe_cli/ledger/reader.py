"""The ledger's workbook → the ledger: everything is found by its header and its key, whatever people did to it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.annotations import remarks
from kaohe_cli.ledger import changes, lists, materials, queries, record, register, reminders, reviews
from kaohe_cli.ledger.apart import Apart, Telling
from kaohe_cli.ledger.authentic import altered_said, listed
from kaohe_cli.ledger.carried import carried
from kaohe_cli.ledger.original import ASIDE, LOOKS, MERGED, Original, read_original
from kaohe_cli.ledger.reading import EMPTY, LedgerReading, NotWhole, small
from kaohe_cli.ledger.record import DETAIL, FIGURES, Altered, Ledger, MergedCopy, RowKey, TypedRow, cell_of
from kaohe_cli.ledger.settle import COLUMNS, last_written, settle
from kaohe_cli.model import READING, SCHEME, Source
from kaohe_cli.paper.column import TableColumns
from kaohe_cli.scheme.load import SchemeError, under
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book, Cell
from kaohe_cli.sheet.table import Head, Tabular, rows_of

LISTS: Sequence[TableColumns[Any]] = (
    lists.SOURCE_COLUMNS, lists.PROBLEM_COLUMNS, changes.COLUMNS, queries.COLUMNS, materials.COLUMNS,
)  # fmt: skip
LIVE = frozenset(each.title for own in COLUMNS.values() for each in own.columns if each.live)
# the sheets that a record tells of; not every ledger has something to list as 材料登记
NEEDED = (*COLUMNS, *(each.sheet for each in LISTS if each is not materials.COLUMNS))

ReadLedger = tuple[Ledger | None, tuple[Problem, ...]]


class EveryNameBut(Collection[str]):
    """All names but those given."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __contains__(self, name: object) -> bool:
        return name not in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read(scheme: Scheme, path: Path) -> ReadLedger:
    """The ledger at ``path``, settled by the readings that it names, and what is wrong in it.

    None where it cannot be read whole, or has no record of what the program wrote.
    """
    ledger, framed, wrong = _read(scheme, path)
    if ledger is None:
        return None, framed
    if not ledger.recorded:
        return None, (*framed, problem("KH323", file=ledger.file, sheet=record.ORIGINAL))
    return ledger, (*framed, *altered_said(scheme, ledger.file, ledger.altered), *wrong)


def read_previous(scheme: Scheme, path: Path) -> ReadLedger:
    """As :func:`read`, for a ledger to be written anew, by which what was altered is restored, as is told.

    It is with all that can be carried over of how people left it. What is wrong with its entries is told then, and not
    here. One without a record is taken as it stands (KH324).
    """
    ledger, framed, _ = _read(scheme, path)
    if ledger is None:
        return None, framed
    ledger, left = carried(ledger, path)
    unproved = () if ledger.recorded else (problem("KH324", file=ledger.file, sheet=record.ORIGINAL),)
    return ledger, (*framed, *left, *unproved, *altered_said(scheme, ledger.file, ledger.altered, mended=True))


def _read(scheme: Scheme, path: Path) -> tuple[Ledger | None, tuple[Problem, ...], tuple[Problem, ...]]:
    """The ledger, what is wrong with its frame, and what is wrong with its entries."""
    # what is large is read row by row, and what can be worked out again not at all
    book, problems = reader.read_workbook(
        path, reader.LARGE_LIMITS, EveryNameBut(DETAIL, FIGURES, record.PROGRESS, record.COMPARISON, record.ORIGINAL)
    )
    if book is None:
        return None, problems, ()
    told = [found for found in problems if found.code != EMPTY]
    try:
        scheme, ledger = framed(scheme, path, book, read_original(path, NEEDED, LIVE), told)
    except NotWhole as error:
        return None, (*told, *error.problems), ()
    settled, wrong = settle(scheme, ledger)
    filled = reviews.with_points_before(scheme, settled, lambda: last_written(scheme, ledger))
    if filled is not settled:
        settled, wrong = settle(scheme, replace(ledger, sheets=filled.sheets, filled=filled.filled))
    return settled, tuple(told), wrong


def framed(
    scheme: Scheme, path: Path, book: Book, original: Original | None, wrong: list[Problem]
) -> tuple[Scheme, Ledger]:
    """What stands in the ledger, nothing worked out yet, and the scheme by its readings; adds to ``wrong``.

    Raises NotWhole.
    """
    listed, altered = _lists(book, original)
    sources, approvals, publicity = lists.read_sources(listed[record.SOURCES])
    scheme, digest = made_by(scheme, book.file, sources, wrong)
    reading = LedgerReading(scheme, path, book, original)
    cases, reported, units = reading.situation()
    numbers, last_year, verified = reading.figures(cases)
    # units with a 核定值 that was entered, or erased, since the last run
    anew = verified.anew if digest == scheme.digest else frozenset[str]()
    marks = reading.detail(cases, anew)
    sheets = (units, verified, marks.entries)
    wrong += (each for read in sheets for each in read.problems)
    typed = {key: row for each in sheets for key, row in each.typed.items()}
    apart = Apart([replace(row, file=book.file) for each in sheets for row in each.contradicting])
    wrong += stand_apart(scheme, book, cases, typed, apart)
    told = lists.read_problems(listed[record.PROBLEMS])
    noted = remarks(told)
    people, before = [case.unit for case in cases.values()], reviews.recorded(original)
    added = tuple(sheet for sheet in book.sheets if sheet.name not in record.OWN and (sheet.cells or sheet.comments))
    proven = reviews.authentic(scheme, people, added, book.file, before)
    given = ({**reported[code], **numbers.get(code, {}), **marks.selves.get(code, {})} for code in cases)
    return scheme, Ledger(
        scheme.id, digest, scheme.readings, approvals, marks.departments,
        next((source.name for source in sources if source.role == "设置"), ""),
        tuple(
            replace(
                case,
                reported=own,
                remarks=noted.get(case.unit.name, {}),
                last_year=last_year.get(case.unit.code, {}),
                last_marks=marks.last_marks.get(case.unit.code, {}),
            )
            for case, own in zip(cases.values(), given, strict=True)
        ),
        told, sources, typed, tuple(apart.contradicting), tuple(apart.decided),
        seen=reading.seen, altered=(*altered, *reading.altered, *proven.altered), judges=marks.judges,
        noted=register.recorded(original), reviewed=before, filled=proven.filled, merged=tuple(_merged(original)),
        aside=_aside(original), materials=materials.read(listed[record.MATERIALS]),
        reminders=_reminders(book), recorded=original is not None,
        columns={each.columns.sheet: each.added for each in sheets},
        sheets=proven.sheets, layouts=reading.layouts, looks="".join(original.fact(LOOKS)) if original else "",
        publicity=publicity, file=book.file,
    )  # fmt: skip


def _lists(book: Book, original: Original | None) -> tuple[Mapping[str, Tabular], list[Altered]]:
    """The sheets that list things, as the program wrote them, by name, and what was altered of them."""
    found, altered = dict[str, Tabular](), list[Altered]()
    for columns in LISTS:
        name = columns.sheet
        recorded = original is not None and name in original.sheets
        there = book.sheet(name) is not None or columns is lists.SOURCE_COLUMNS
        if columns is materials.COLUMNS and not recorded:  # what is called so is people's own, of an earlier version
            there = False
        found[name] = small(book, columns) if there else _none(book, columns)
        if original is not None and recorded:
            found[name], told = listed(columns, original, found[name])
            altered += told
    return found, altered


def _reminders(book: Book) -> dict[str, Mapping[str, Cell]]:
    """What is noted in 催办, where it is there and can be read."""
    sheet = book.sheet(record.REMINDERS)
    table, _ = reminders.COLUMNS.find(book.file, rows_of(sheet)) if sheet else (None, ())
    return reminders.read(table) if table else {}


def _merged(original: Original | None) -> Iterator[MergedCopy]:
    """The copies that the last run had merged."""
    for sha256, file, marks in original.lists.get(MERGED, ()) if original else ():
        yield MergedCopy(sha256, file, frozenset(map(cell_of, marks.splitlines())))


def _aside(original: Original | None) -> dict[str, str]:
    """The files that were read for the last run and do not count."""
    rows = original.lists.get(ASIDE, ()) if original else ()
    return {sha256: file for sha256, file in rows if sha256}


def _none(book: Book, columns: TableColumns[Any]) -> Tabular:
    """The table of a sheet that is not there."""
    return Tabular(book.file, columns.sheet, Head(1, {}, ()), iter(()))


def stand_apart(
    scheme: Scheme, book: Book, cases: Collection[str], typed: dict[RowKey, TypedRow], apart: Apart
) -> Iterator[Problem]:
    """Read 已无对应 and 不一致, where they are there; as :class:`Apart` says."""
    tell = Telling(scheme, book.file, cases)
    if book.sheet(record.UNPLACED):
        yield from apart.unplaced(small(book, lists.UNPLACED_COLUMNS), typed, tell)
    if book.sheet(record.CONFLICTS):
        yield from apart.conflicts(small(book, lists.CONFLICT_COLUMNS), typed, tell)


def made_by(scheme: Scheme, file: str, sources: tuple[Source, ...], told: list[Problem]) -> tuple[Scheme, str]:
    """The scheme by the readings that the ledger names, and the digest of the scheme that it was made by.

    Raises NotWhole where it was made by another scheme; adds to ``told`` where that has changed since.
    """
    maker = next((source for source in sources if source.role == SCHEME), None)
    if maker is None or maker.name != scheme.id:
        found = (maker.name if maker else "") or "（未写明）"
        raise NotWhole(problem("KH310", file=file, sheet=record.SOURCES, found=found, expected=scheme.id))
    if maker.sha256 != scheme.digest:
        told.append(problem("KH311", file=file, sheet=record.SOURCES))
    try:
        read = {source.name: source.value for source in sources if source.role == READING}
        return under(scheme, read), maker.sha256
    except SchemeError as error:
        raise NotWhole(*error.problems) from error
