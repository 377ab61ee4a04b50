"""Every cell of a form is found by its keys, whatever was done to the workbook."""

import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from form_cells import find_fields
from openpyxl import Workbook, load_workbook

from kaohe_cli.form import layout
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.layout import IDENTITY, INSTRUCTIONS, MEASURES, SCORECARD, SCORES, identity, locate
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Field, Settings
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, Cell, CellKind, Sheet, address
from kaohe_cli.sheet.reader import read_bytes

Change = Callable[[Workbook], None]


@pytest.fixture(scope="module")
def issued(scheme: Scheme, settings: Settings) -> tuple[bytes, tuple[Field, ...]]:
    """A form in which every input cell holds the name of its own field."""
    data, places = open_template(scheme, template_workbook(scheme)).issue(scheme.units[0], settings)
    book = load_workbook(io.BytesIO(data))
    for place in places:
        book[place.sheet][place.cell] = f"<{place.field.name}>"
    return saved(book), tuple(place.field for place in places)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(data: bytes) -> Book:
    book, problems = read_bytes(data, "form.xlsx")
    assert book is not None, problems
    return book


def table(sheet: Any) -> tuple[int, int]:
    """First and last row of the measures."""
    rows = [cell.row for cell in sheet["A"] if cell.value and "." not in str(cell.value)]
    return rows[4], rows[-1]


def reorder(sheet: Any, first: int, last: int, order: list[int], start: int = 1) -> None:
    """Put the values of rows first…last in another order, columns before ``start`` left as they are."""
    held = [[sheet.cell(row, column).value for column in range(start, 20)] for row in range(first, last + 1)]
    for row, source in zip(range(first, last + 1), order, strict=True):
        for column, value in enumerate(held[source], start=start):
            cell = sheet.cell(row, column)
            if type(cell).__name__ != "MergedCell":
                cell.value = value


def sorted_backwards(book: Any) -> None:
    first, last = table(book[MEASURES])
    reorder(book[MEASURES], first, last, list(range(last - first, -1, -1)))


def sorted_without_the_hidden_column(book: Any) -> None:
    first, last = table(book[MEASURES])
    order = list(range(last - first + 1))
    random.Random(1).shuffle(order)
    reorder(book[MEASURES], first, last, order, start=2)


def rows_inserted(book: Any) -> None:
    book[MEASURES].insert_rows(10, 3)
    book[SCORECARD].merged_cells.ranges.clear()
    book[SCORECARD].insert_rows(6, 2)


def row_moved(book: Any) -> None:
    sheet = book[MEASURES]
    first, last = table(sheet)
    reorder(sheet, first, last, [*range(1, last - first + 1), 0])


def column_inserted(book: Any) -> None:
    for name in (MEASURES, SCORECARD):
        book[name].merged_cells.ranges.clear()
        book[name].insert_cols(4, 2)


def column_inserted_before_the_keys(book: Any) -> None:
    book[MEASURES].merged_cells.ranges.clear()
    book[MEASURES].insert_cols(1)


def renamed(book: Any) -> None:
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"Sheet{number + 1}"


def sheets_shuffled(book: Any) -> None:
    book._sheets.reverse()


def key_column_deleted(book: Any) -> None:
    for name in (MEASURES, SCORECARD):
        book[name].merged_cells.ranges.clear()
        book[name].delete_cols(1)


def key_row_deleted(book: Any) -> None:
    for name in (MEASURES, SCORECARD):
        book[name].merged_cells.ranges.clear()
        book[name].delete_rows(1)


def all_keys_deleted(book: Any) -> None:
    key_column_deleted(book)
    key_row_deleted(book)


CHANGES: tuple[Change, ...] = (
    sorted_backwards, sorted_without_the_hidden_column, rows_inserted, row_moved, column_inserted,
    column_inserted_before_the_keys, renamed, sheets_shuffled, key_column_deleted, key_row_deleted, all_keys_deleted,
)  # fmt: skip


def names_found(scheme: Scheme, book: Book) -> dict[str, str]:
    """Field → the text of the cell where it was found, for texts that name a field."""
    found = {}
    for name, (sheet_name, row, column) in find_fields(scheme, book).items():
        sheet = book.sheet(sheet_name)
        assert sheet is not None
        cell = sheet.cells.get((row, column))
        if cell is not None and str(cell.value).startswith("<"):
            found[name] = str(cell.value)
    return found


def test_a_form_as_issued_is_found_whole(scheme: Scheme, issued: tuple[bytes, tuple[Field, ...]]) -> None:
    found = names_found(scheme, opened(issued[0]))
    assert found == {field.name: f"<{field.name}>" for field in issued[1]}
    assert len(found) > 90


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_lost_or_mistaken_when(
    change: Change, scheme: Scheme, issued: tuple[bytes, tuple[Field, ...]]
) -> None:
    book = load_workbook(io.BytesIO(issued[0]))
    change(book)
    data = saved(book)
    assert data != issued[0]
    assert names_found(scheme, opened(data)) == {field.name: f"<{field.name}>" for field in issued[1]}


def test_a_title_that_contradicts_its_key_is_told(scheme: Scheme, issued: tuple[bytes, tuple[Field, ...]]) -> None:
    book = load_workbook(io.BytesIO(issued[0]))
    first, last = table(book[MEASURES])
    reorder(book[MEASURES], first, last, [1, 0, *range(2, last - first + 1)], start=2)
    sheet = opened(saved(book)).sheet(MEASURES)
    assert sheet is not None
    assert set(locate(scheme, sheet).moved) == set(list(scheme.measures)[:2])


def test_a_row_that_was_copied_is_told_and_the_first_counts(
    scheme: Scheme, issued: tuple[bytes, tuple[Field, ...]]
) -> None:
    book = load_workbook(io.BytesIO(issued[0]))
    sheet = book[MEASURES]
    first, last = table(sheet)
    for column in range(1, 15):
        sheet.cell(last + 5, column).value = sheet.cell(first, column).value
    read = opened(saved(book)).sheet(MEASURES)
    assert read is not None
    located = locate(scheme, read)
    key = next(iter(scheme.measures))
    assert located.doubled == ((key, last + 5),)
    assert located.rows[key] == first


def test_sheets_without_keys_are_no_form_sheets(scheme: Scheme, issued: tuple[bytes, tuple[Field, ...]]) -> None:
    book = opened(issued[0])
    seen = {sheet.name: bool(locate(scheme, sheet).rows) for sheet in book.sheets}
    assert seen == {SCORECARD: True, MEASURES: True, SCORES: True, INSTRUCTIONS: False, IDENTITY: False}
    assert locate(scheme, Sheet("x", False, {(1, 1): Cell(CellKind.TEXT, "sales")})) == layout.NOT_A_FORM


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_identity_is_read_however_hidden_and_whatever_its_name(
    state: str, scheme: Scheme, issued: tuple[bytes, tuple[Field, ...]]
) -> None:
    book = load_workbook(io.BytesIO(issued[0]))
    book[IDENTITY].sheet_state = state
    book[IDENTITY].insert_rows(1, 2)
    book[IDENTITY].title = "Sheet9"
    found = identity(opened(saved(book)))
    assert found is not None
    assert (found.scheme, found.year, found.code, found.unit) == ("hangzhou_2007", "2007", "330102", "上城区")
    assert found.scheme_digest == scheme.digest
    assert found.readings == scheme.readings
    assert len(found.digest) == 64


def test_identity_is_unknown_where_a_line_is_gone(issued: tuple[bytes, tuple[Field, ...]]) -> None:
    book = load_workbook(io.BytesIO(issued[0]))
    rows = [cell.row for cell in book[IDENTITY]["A"] if cell.value == "code"]
    book[IDENTITY].delete_rows(rows[0])
    assert identity(opened(saved(book))) is None


def test_addresses() -> None:
    assert [address(1, column) for column in (1, 26, 27, 703)] == ["A1", "Z1", "AA1", "AAA1"]
