"""Where the cells of a form stand, for tests that type into them or look at them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from kaohe_cli.form.spots import claimed_spots, form_sheets
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book


def find_fields(scheme: Scheme, book: Book) -> Mapping[str, tuple[str, int, int]]:
    """Every name of a form → sheet, row and column, on whatever sheets of ``book`` they are; the first counts."""
    spots = claimed_spots(scheme, form_sheets(scheme, book))
    return {name: (first.sheet.name, first.row, first.column) for name, (first, *_) in spots.items()}


def fill(scheme: Scheme, path: Path, values: Mapping[str, Any]) -> None:
    """Type ``values`` into the fields of the form at ``path``."""
    book, _ = reader.read_workbook(path)
    assert book is not None
    spots = find_fields(scheme, book)
    edited = load_workbook(path)
    for name, value in values.items():
        sheet, row, column = spots[name]
        edited[sheet].cell(row, column).value = value
    edited.save(path)
