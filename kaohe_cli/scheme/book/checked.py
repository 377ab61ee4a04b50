"""A copy of 方案.xlsx in which each row says what is wrong in it, and how the program reads it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kaohe_cli.diagnostic import Problem
from kaohe_cli.paper.workbook import Styled
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.choices import prepared
from kaohe_cli.scheme.book.door import original_of
from kaohe_cli.scheme.book.made import GUIDE, examples
from kaohe_cli.scheme.book.reading import BookReading
from kaohe_cli.scheme.book.rows import SchemeRow
from kaohe_cli.scheme.book.sheets import CHECK, MEANT, READ_AS, SchemeSheet
from kaohe_cli.scheme.book.told import read_as
from kaohe_cli.scheme.book.writer import KEPT_OUT, Marked, workbook
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind, Sheet, column_name
from kaohe_cli.sheet.table import SheetRow, Tabular, as_seen

GOOD = "✔"
_OWN = (*(each.name for each in sheets.SHEETS), *KEPT_OUT)


def checked_copy(
    reader: BookReading, problems: Sequence[Problem], scheme: Scheme | None, title: str, tried: Mapping[str, str]
) -> bytes:  # fmt: skip
    """The workbook that was read once more, with what is wrong in each row and, where nothing is, how it is read.

    ``tried`` has what the program comes to for each key of a trial.
    """
    book, given = reader.book, dict[tuple[str, int], SchemeRow]()
    for (name, row, column), id in reader.derived.items():
        given.setdefault((name, row), {})[column] = id
    wrong: dict[tuple[str, int], list[Problem]] = {}
    for each in problems:
        match = re.fullmatch(r"[A-Z]+(\d+)", each.cell)  # what stands nowhere is said at the head
        wrong.setdefault((each.sheet or sheets.BASIC.name, int(match[1]) if match else 1), []).append(each)
    rows: dict[str, list[SchemeRow]] = {}
    marks: dict[str, Marked] = {}
    others: dict[str, tuple[str, ...]] = {}
    for sheet in sheets.SHEETS:
        table, held = reader.tables.get(sheet.name), book.sheet(sheet.name)
        if table is None or held is None:
            continue
        first, found = table.head.row + 1, reader.rows[sheet.name]
        first += bool(found) and found[0][0] > first  # below what explains the columns
        own = {column.title for column in sheet.columns} | {CHECK, READ_AS, MEANT}
        others[sheet.name] = tuple(title for title, _ in table.head.others if title and title not in own)
        made: dict[int, SchemeRow] = {}
        told: dict[int, tuple[str, str]] = {}
        for number, cells in found:
            own_row = _row(sheet, table, held, (number, cells))
            made[number - first] = {**given.get((sheet.name, number), {}), **own_row}
            said = wrong.get((sheet.name, number), [])
            meaning = reader.meanings.get((sheet.name, number))
            read = ""
            if scheme is not None and meaning is not None and not _faulty(said):
                read = read_as(scheme, meaning, sound=not _faulty(problems))
            read = read or "\n".join(
                tried[key] for key in reader.trials.get(number, ()) if sheet is sheets.TRIALS and key in tried
            )
            told[number - first] = ("\n".join(_said(table, each) for each in said) or GOOD, read)
        rows[sheet.name] = [made.get(place, {}) for place in range(max(made, default=-1) + 1)]
        above = [_said(table, each) for row in range(1, first) for each in wrong.get((sheet.name, row), ())]
        marks[sheet.name] = Marked("\n".join(above), told)
    return workbook(
        prepared({**{each.name: [] for each in sheets.SHEETS}, **rows}, reader.names), reader.names, title,
        units=others.pop(sheets.TRIALS.name, ()), original=original_of(book), marks=marks, others=others, guide=GUIDE,
        examples=tuple(examples()), sheets_kept=tuple(each for each in book.sheets if each.name not in _OWN),
    )  # fmt: skip


def _faulty(problems: Sequence[Problem]) -> bool:
    """Whether something is wrong with the scheme itself, and not with what was expected of a trial."""
    return any(each.severity == "error" and each.code != "KH934" for each in problems)


def _row(own: SchemeSheet, table: Tabular, sheet: Sheet, row: SheetRow) -> SchemeRow:
    """A row as it stands there, by the titles of its columns."""
    number, cells = row
    columns = {**table.head.columns, **{title: at for title, at in table.head.others if title}}
    found = ((title, cells.get(at), sheet.comments.get((number, at), "")) for title, at in columns.items())
    shares = {column.title for column in own.columns if column.sort in ("share", "percent")}
    return {
        title: _content(cell, comment, share=title in shares)
        for title, cell, comment in found
        if cell is not None or comment
    }


def _content(cell: Cell | None, comment: str, *, share: bool) -> Any:
    value: Any = None
    look = ""
    if cell is not None:
        value = as_seen(cell) if cell.kind in (CellKind.ERROR, CellKind.UNCOMPUTED) else cell.value
        value = ("是" if value else "否") if isinstance(value, bool) else value
        if isinstance(value, Decimal) and (cell.percent or share):  # 90 is not shown as 9000%
            look = "percent input" if cell.percent else "number input"
        elif isinstance(value, date):
            look = "date input"
    return Styled(value, look, comment=comment) if look or comment else value


def _said(table: Tabular, problem: Problem) -> str:
    """What is wrong, under the title of its column."""
    letters = re.sub(r"\d", "", problem.cell)
    columns = {**table.head.columns, **dict(table.head.others)}
    title = next((each for each, at in columns.items() if column_name(at) == letters), "")
    return f"{title}：{problem.message}" if title else problem.message
