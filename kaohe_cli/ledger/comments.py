"""Comments (批注): one whose row is no more is kept as an entry is, until the row is there again. Pure."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from kaohe_cli.ledger.layout import HEADER, SheetLayout, joined, with_comment
from kaohe_cli.ledger.record import Ledger, TypedRow, is_known
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.table import written

OF_CELL = "·批注"  # after the title of the column, where a comment is kept as an entry


def placed(scheme: Scheme, ledger: Ledger, names: Mapping[str, str]) -> Ledger:
    """``ledger`` with comments of rows that are no more among the entries; ``names`` are those of units by code."""
    codes = {case.unit.code for case in ledger.cases}
    typed, layouts = dict(ledger.typed), dict(ledger.layouts)
    for sheet, layout in ledger.layouts.items():
        for key, said in layout.comments.items():
            full = sheet, *key
            if key != HEADER and not is_known(scheme, codes, full):
                held = typed.get(full) or TypedRow(full, {}, names.get(key[0], ""))
                kept = {f"{title}{OF_CELL}": Cell(CellKind.TEXT, text) for title, text in said.items()}
                typed[full] = replace(held, cells={**held.cells, **kept})
    for full, held in ledger.typed.items():
        back = {title.removesuffix(OF_CELL): cell for title, cell in held.cells.items() if title.endswith(OF_CELL)}
        if back and is_known(scheme, codes, full):
            layout = layouts.get(full[0], SheetLayout())
            there = layout.comments.get(full[1:], {})
            again = {title: with_comment(there.get(title, ""), written(cell)) for title, cell in back.items()}
            layouts[full[0]] = replace(layout, comments={**layout.comments, full[1:]: {**there, **again}})
            left = {title: cell for title, cell in held.cells.items() if not title.endswith(OF_CELL)}
            typed[full] = replace(held, cells=left)
    return replace(ledger, typed={key: row for key, row in typed.items() if row.cells}, layouts=layouts)


def with_copies(scheme: Scheme, ledger: Ledger, copies: Iterable[Ledger]) -> Ledger:
    """``ledger``, which has the entries and sheets of ``copies``, with what they say beside those.

    The layout of ``ledger`` stays. A sheet that a copy brought along has that of the copy.
    """
    copies = tuple(copies)
    layouts = {
        sheet: joined(layout, ((each.file, each.layouts[sheet]) for each in copies if sheet in each.layouts))
        for sheet, layout in ledger.layouts.items()
    }
    for copy in copies:
        for theirs in copy.sheets:
            # one of the same name and other content has got a name of its own
            name = next((sheet.name for sheet in ledger.sheets if sheet.cells == theirs.cells), theirs.name)
            if theirs.name in copy.layouts:
                layouts.setdefault(name, copy.layouts[theirs.name])
    names = {case.unit.code: case.unit.name for case in ledger.cases}
    return placed(scheme, replace(ledger, layouts=layouts), names)
