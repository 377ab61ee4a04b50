"""A copy of the ledger that somebody filled in and sent back, whole or some of its sheets → what was typed into it.

What it says of units and figures serves to tell what its entries rest on; where it does not say, the office's do.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import judging, lists, reader, record, register
from kaohe_cli.ledger.apart import Apart
from kaohe_cli.ledger.authentic import GONE, altered_said, listed
from kaohe_cli.ledger.judged import read_judged
from kaohe_cli.ledger.original import Original, SheetOriginal, read_original
from kaohe_cli.ledger.reading import EMPTY, LedgerReading, NotWhole
from kaohe_cli.ledger.record import DETAIL, FIGURES, SITUATION, Ledger, rows_in
from kaohe_cli.ledger.settle import COLUMNS, settle
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.reader import LARGE_LIMITS, SheetRows, read_workbook
from kaohe_cli.sheet.table import Head, Tabular

LARGE = (DETAIL, FIGURES)  # sheets that are read row by row
NOT_OF_ENTRIES = ("KH314", "KH315")  # of what a copy shows beside them, and of what :func:`merge.merge` tells


def read_copy(scheme: Scheme, path: Path, office: Ledger, name: str = "") -> tuple[Ledger | None, tuple[Problem, ...]]:
    """What was typed into the copy at ``path``: by its sheets 评分明细, 数据核定 and 单位情况, or its judging sheets.

    ``name``: as people know the file; empty: as it is called. What was altered of what the program wrote is told and
    not taken; rows that are gone say nothing (KH348). Without a record of that, rows are found by unit and criterion
    or figure (KH349). None where it is no copy, or a sheet of it cannot be read whole. ``scheme`` has the readings of
    ``office`` in force.
    """
    kept = reader.EveryNameBut(*LARGE, record.PROGRESS, record.COMPARISON, record.ORIGINAL)
    book, problems = read_workbook(path, LARGE_LIMITS, kept)
    if book is None:
        return None, problems
    book = replace(book, file=name or book.file)
    told = [found for found in problems if found.code != EMPTY]
    original = read_original(path, reader.NEEDED, reader.LIVE)
    judged = None
    there = [sheet for sheet in COLUMNS if (_has(path, sheet) if sheet in LARGE else book.sheet(sheet))]
    try:
        # a record of its own tells a judging copy, whatever sheets were put into it
        marks = read_original(path, (), reader.LIVE | {judging.MEAN}) if original is None else None
        if not there or (marks is not None and marks.fact(judging.DEPARTMENT_FACT)):
            judged = read_judged(scheme, path, book, marks, office, told)
            if judged is None:
                reason = f"没有工作表“{'”“'.join(COLUMNS)}”，也没有处室评分表"
                raise NotWhole(problem("KH309", file=book.file, reason=reason))
        if judged is not None:
            copy = judged
        elif original is not None and len(there) == len(COLUMNS) and book.sheet(record.SOURCES):
            scheme, copy = reader.framed(scheme, path, book, original, told)
        else:
            copy = _part(scheme, path, book, original, there, office, told)
    except NotWhole as error:
        return None, _named(path, book, (*told, *error.problems))
    settled, _ = settle(scheme, copy)  # what is wrong with entries is told once they are merged
    gone = {each.key for each in copy.altered if each.code == GONE}
    typed = {key: row for key, row in settled.typed.items() if key not in gone}
    told = [found for found in told if found.code not in NOT_OF_ENTRIES]
    altered = (each for each in copy.altered if each.code != GONE)
    said = (*altered_said(scheme, book.file, altered), *told, *_lacking(copy))
    return replace(settled, typed=typed, sha256=book.sha256), _named(path, book, said)


def _has(path: Path, sheet: str) -> bool:
    rows = SheetRows(path, sheet)
    next(iter(rows), None)
    return all(found.code != "KH036" for found in rows.problems)


def _part(
    scheme: Scheme, path: Path, book: Book, original: Original | None, there: list[str], office: Ledger,
    told: list[Problem],
) -> Ledger:  # fmt: skip
    """What was typed into the sheets that are ``there``; units and figures are the office's. Raises NotWhole."""
    digest = office.digest
    if original is None:
        told.append(problem("KH349", file=book.file))
    elif record.SOURCES in original.sheets:
        table, _ = listed(lists.SOURCE_COLUMNS, original, Tabular(book.file, record.SOURCES, Head(1, {}, ()), iter(())))
        _, digest = reader.made_by(scheme, book.file, lists.read_sources(table)[0], told)
    cases = {case.unit.code: case for case in office.cases}
    reading = LedgerReading(scheme, path, book, original, roster=_roster(scheme, path, office), alone=True)
    sheets = []
    for sheet in there:
        if sheet == DETAIL:
            sheets.append(reading.detail(cases, frozenset()).entries)
        else:
            sheets.append(reading.units() if sheet == SITUATION else reading.figures(cases)[2])
    told += (found for each in sheets for found in each.problems)
    typed = {key: row for each in sheets for key, row in each.typed.items()}
    apart = Apart([replace(row, file=book.file) for each in sheets for row in each.contradicting])
    told += reader.stand_apart(scheme, book, cases, typed, apart)
    return replace(
        office, digest=digest, problems=(), typed=typed, contradicting=tuple(apart.contradicting),
        decided=tuple(apart.decided), seen=reading.seen, altered=tuple(reading.altered),
        incidents=(), noted=register.recorded(original), recorded=original is not None, layouts=reading.layouts,
        columns={each.columns.sheet: each.added for each in sheets},
        sheets=tuple(sheet for sheet in book.sheets if sheet.name not in record.OWN and sheet.cells),
        scores=(), open=(), file=book.file,
    )  # fmt: skip


def _roster(scheme: Scheme, path: Path, office: Ledger) -> Original:
    """The rows that the office's ledger has."""
    names = {case.unit.code: case.unit.name for case in office.cases}
    sheets = {
        sheet: SheetOriginal((), {(code, id): 0 for id in rows_in(scheme, sheet) for code in names})
        for sheet in COLUMNS
    }
    return Original(path, sheets, names, {}, {})


def _lacking(copy: Ledger) -> Iterator[Problem]:
    """How many rows are gone from each sheet."""
    for sheet, count in Counter(each.key[0] for each in copy.altered if each.code == GONE).items():
        yield problem("KH348", file=copy.file, sheet=sheet, found=str(count))


def _named(path: Path, book: Book, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """``problems`` with the file as people know it."""
    return tuple(replace(each, file=book.file) if each.file == path.name else each for each in problems)
