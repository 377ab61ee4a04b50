"""What people did to the workbook of a ledger that is about to be written anew: what is carried over, and what is not.

What is not is told before anything is written, cell by cell; the file itself stays as a dated copy.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import changes, comparison, lists, materials, progress, reminders
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.record import CHANGES, MATERIALS, PROGRESS, REMINDERS, Ledger
from kaohe_cli.ledger.settle import COLUMNS
from kaohe_cli.paper.column import TableColumns
from kaohe_cli.paper.workbook import BASE, Column, usual_looks
from kaohe_cli.scheme.normalise import quoted
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.book import Sheet, address
from kaohe_cli.sheet.looks import Look
from kaohe_cli.sheet.table import rows_of, stands, written

# made anew each time, with nothing of what people add to them
LISTS: Mapping[str, TableColumns[Any]] = {
    each.sheet: each
    for each in (
        lists.PROBLEM_COLUMNS,
        lists.SOURCE_COLUMNS,
        lists.UNPLACED_COLUMNS,
        materials.COLUMNS,
        changes.COLUMNS,
        comparison.COLUMNS,
        reminders.COLUMNS,
    )
}
SAID = {CHANGES: "A1", MATERIALS: "A1", REMINDERS: "A1"}  # where a sheet says what it is
OF_LOOKS = ("KH051", "KH053")
UNCARRIED = ("KH050", *OF_LOOKS, "KH054", "KH055", "KH340")  # what is not carried over


def carried(ledger: Ledger, path: Path) -> tuple[Ledger, tuple[Problem, ...]]:
    """``ledger``, as read from ``path``, with all that can be carried over, and what cannot."""
    ledger, problems = with_looks(ledger, path, (*COLUMNS, *(sheet.name for sheet in ledger.sheets)))
    book, _ = reader.read_workbook(path, reader.LARGE_LIMITS, (PROGRESS, *LISTS))
    again = book.sheets if book else ()
    pictures = {name: layout.pictures for name, layout in ledger.layouts.items()}
    pictures |= {sheet.name: sheet.pictures for sheet in (*ledger.sheets, *again)}
    told = [
        problem("KH055", file=ledger.file, sheet=name, found=str(count)) for name, count in pictures.items() if count
    ]
    told += (each for sheet in again for each in _left(ledger.file, sheet))
    return ledger, (*problems, *told)


def with_looks(ledger: Ledger, path: Path, sheets: Collection[str]) -> tuple[Ledger, tuple[Problem, ...]]:
    """``ledger`` with how its ``sheets`` look, as far as people set it by hand, and what of that cannot be read."""
    found, problems = reader.read_appearance(path, sheets, _usual())
    if found is None:
        return ledger, problems
    if ledger.looks != usual_mark():  # what the program itself had set then cannot be told from it
        found = {name: replace(each, looks={}) for name, each in found.items()}
        kept = tuple(each for each in problems if each.code not in OF_LOOKS)
        problems = (*kept, problem("KH054", file=ledger.file))
    if fonts := _stand_ins(ledger, found):
        found = {name: replace(each, looks=_with_the_houses(each.looks, fonts)) for name, each in found.items()}
    layouts = {name: replace(ledger.layouts.get(name, SheetLayout()), appearance=each) for name, each in found.items()}
    return replace(ledger, layouts={**ledger.layouts, **layouts}), problems


def _stand_ins(ledger: Ledger, found: Mapping[str, Appearance]) -> Collection[str]:
    """The fonts that another program put in place of the house's, which it did not have: all headers are in them."""
    fonts = [
        {look.font for look in found[sheet].looks.get(ledger.layouts[sheet].head, {}).values() if _housed(look) is None}
        for sheet in COLUMNS
        if sheet in found
    ]
    return frozenset[str].intersection(*map(frozenset, fonts)) if fonts else ()


def _with_the_houses(looks: Mapping[int, Mapping[int, Look]], fonts: Collection[str]) -> dict[int, Mapping[int, Look]]:
    """``looks`` in the font of the house in place of any of ``fonts``, without those that are usual then."""
    made: dict[int, Mapping[int, Look]] = {}  # rows that look alike share what they look like
    for row in looks.values():
        if id(row) not in made:
            own = ((column, _housed(look) if look.font in fonts else look) for column, look in row.items())
            made[id(row)] = {column: look for column, look in own if look is not None}
    return {number: made[id(row)] for number, row in looks.items() if made[id(row)]}


def _housed(look: Look) -> Look | None:
    """``look`` in the font of the house; None where it is a usual one then."""
    housed = replace(look, font=BASE["font_name"])
    return None if housed in _usual() else housed


@cache
def _usual() -> frozenset[Look]:
    """The looks that the program gives to the cells of the ledger."""
    columns = (column for own in COLUMNS.values() for column in own.columns)
    return usual_looks((*columns, Column("")), ("bare",))


def usual_mark() -> str:
    """What tells these looks from those of another version."""
    looks = sorted(msgspec.json.encode(look) for look in _usual())
    return hashlib.sha256(b"\n".join(looks)).hexdigest()


def _left(file: str, sheet: Sheet) -> Iterator[Problem]:
    """What people put into a sheet that is made anew (KH340): a column of theirs, or a comment, each."""
    told = [[f"{cell} {quoted(text)}" for cell, text in cells] for cells in _beyond(sheet)]
    told += (
        [f"{address(row, column)} 的批注 {quoted(text)}"] for (row, column), text in sorted(sheet.comments.items())
    )
    for said in told:
        cell, found = said[0].partition(" ")[0], "、".join(said)
        yield problem("KH340", file=file, sheet=sheet.name, cell=cell, found=found)


def _beyond(sheet: Sheet) -> Iterable[list[tuple[str, str]]]:
    """Cells and texts in which the program writes nothing, by column."""
    if sheet.name == PROGRESS:
        own, head = frozenset(range(1, len(progress.HEADS) + 1)), 1
    else:
        table, _ = LISTS[sheet.name].find("", rows_of(sheet))
        if table is None and sheet.name != MATERIALS:
            return ()
        # what people called so, before there was such a sheet, is theirs
        own, head = (frozenset(table.head.columns.values()), table.head.row) if table else (frozenset(), 0)
    columns: dict[int, list[tuple[str, str]]] = {}
    for row, cells in rows_of(sheet):
        for column, cell in cells.items():
            place = address(row, column)
            ours = column in own and (row >= head or SAID.get(sheet.name) == place)
            if stands(cell) and not ours:
                columns.setdefault(column, []).append((place, written(cell)))
    return (found for _, found in sorted(columns.items()))
