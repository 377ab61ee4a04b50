"""Where the cells of a form stand, for tests that type into them or look at them."""

from collections.abc import Mapping

from kaohe_cli.form.spots import claimed_spots, form_sheets
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book


def find_fields(scheme: Scheme, book: Book) -> Mapping[str, tuple[str, int, int]]:
    """Every name of a form → sheet, row and column, on whatever sheets of ``book`` they are; the first counts."""
    spots = claimed_spots(scheme, form_sheets(scheme, book))
    return {name: (first.sheet.name, first.row, first.column) for name, (first, *_) in spots.items()}
