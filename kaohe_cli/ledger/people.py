"""Sheets of the ledger that are people's own and yet are read: found by their header, carried over as they stand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from kaohe_cli.extent import height
from kaohe_cli.ledger.columns import typed, write_found
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.paper.column import TableColumn, TableColumns
from kaohe_cli.paper.workbook import Paper, Styled
from kaohe_cli.points import number
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.book import Cell, CellKind, Sheet
from kaohe_cli.sheet.table import rows_of, written

LONGEST_LIST = 255  # characters that a list of choices can have
SPARE = 20  # rows that are laid out below the last entry

Check = Mapping[str, Any]  # an entry check, as XlsxWriter takes it


def sheet_of(sheets: Iterable[Sheet], name: str) -> Sheet | None:
    """The sheet called ``name``; None where there is none."""
    return next((each for each in sheets if each.name == name), None)


def empty(columns: TableColumns[Any]) -> Sheet:
    """Such a sheet with nothing in it but its header."""
    titles = enumerate((each.title for each in columns.columns), 1)
    return Sheet(columns.sheet, False, {(1, at): Cell(CellKind.TEXT, title) for at, title in titles})


def meant(cell: Cell | None, titles: Mapping[str, str]) -> str:
    """The id among ``titles`` that is meant by its number, by its title, or by both; empty where it is not certain."""
    said = written(cell)
    if cell is not None and cell.kind is CellKind.NUMBER:  # 2.10 typed anew becomes the number 2.1
        alike = [id for id in titles if number(id) == cell.value]
        return alike[0] if len(alike) == 1 else ""
    if said in titles:
        return said
    first, _, rest = said.partition(" ")
    if first in titles and titles[first].startswith(rest.strip()):
        return first
    titled = sorted((id for id, title in titles.items() if title == said), key=len)
    # of an item and its criterion by the same title, the item
    return titled[0] if titled and all(f"{id}.".startswith(f"{titled[0]}.") for id in titled) else ""


def chosen(words: Sequence[str]) -> Check | None:
    """The check that a word is chosen from a list; None where no list can hold them."""
    if len(",".join(words)) > LONGEST_LIST:
        return None
    said = {"error_title": "请核对", "error_message": "请从下拉列表中选择。"}
    return {"validate": "list", "source": [*words], **said}


def write(
    paper: Paper, columns: TableColumns[Any], sheet: Sheet, layout: SheetLayout, checks: Mapping[str, Check]
) -> None:
    """``sheet`` as it was found, its table in the looks of ``columns``, with room for more rows.

    ``checks`` of what is entered, by title.
    """
    table, _ = columns.find("", rows_of(sheet))
    page = paper.sheet(columns.sheet)
    if table is None:  # not such a sheet any more: it stays as it is
        head, own = 0, dict[int, TableColumn[Any, Any]]()
    else:
        titles = {each.title: each for each in columns.columns}
        head, own = table.head.row, {at: titles[title] for title, at in table.head.columns.items()}
    found, cells, comments = layout.appearance, dict(rows_of(sheet)), sheet.comments_by_row
    found = found or Appearance()
    page.grows_from = head
    for at in sorted({*own, *found.widths, *found.hidden_columns}):
        width = found.widths.get(at, own[at].width if at in own else None)
        page.set_column(at - 1, at - 1, width, None, {"hidden": at in found.hidden_columns})
    if sheet.hidden:
        page.hide()
    last = max((row for row, _ in sheet.cells), default=head)
    for row in range(1, (last + SPARE if own else last) + 1):
        here, looks, notes = cells.get(row, {}), layout.looks(row), comments.get(row, {})
        if row < head or not own:
            write_found(paper, page, row - 1, here, looks, notes, hidden=layout.hides(row))
            continue
        shows = [(written(here[at]), each.width) for at, each in own.items() if at in here and "wrap" in each.look]
        page.set_row(row - 1, height(shows, least=22), None, {"hidden": layout.hides(row)})
        for at in sorted({*own, *here, *looks, *notes}):
            shown = own.get(at)
            look = "bare" if shown is None else shown.head_look if row == head else shown.cell_look
            content = typed(here[at], look) if at in here else Styled(None, look)
            if row == head and shown is not None:
                content = Styled(written(here[at]), look)
            paper.put(page, row - 1, at - 1, replace(content, own=looks.get(at), comment=notes.get(at, "")))
    if own:
        page.freeze_panes(head, 0)
        page.repeat_rows(head - 1)
        places = {column.title: at - 1 for at, column in own.items()}
        for title, check in checks.items():
            if title in places:
                page.data_validation(head, places[title], last + SPARE - 1, places[title], dict(check))
