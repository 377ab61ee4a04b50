"""Where everything stands in a form, by its name."""

from collections.abc import Mapping

from kaohe_cli.form.layout import FormCell, locate
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book


def find_fields(scheme: Scheme, book: Book) -> Mapping[str, FormCell]:
    """Every name of a form → its cell, on whatever sheets of ``book`` they are; the first sheet counts."""
    found: dict[str, FormCell] = {}
    for sheet in book.sheets:
        for name, (row, column) in locate(scheme, sheet).places(scheme).items():
            found.setdefault(name, FormCell(sheet.name, row, column))
    return found
