"""Last year's result and ledger, read again: what they tell of units, items and figures."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.last_year import read_last_codes, read_last_year
from kaohe_cli.model import Source, Unit
from kaohe_cli.naming import plain_name
from kaohe_cli.paper.provenance import LEDGER
from kaohe_cli.points import half_up
from kaohe_cli.result.compare import exact
from kaohe_cli.result.page import ITEMS
from kaohe_cli.result.previous import LastYear, Previous, PreviousItem, PreviousUnit
from kaohe_cli.result.recorded import recorded
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.reader import LARGE_LIMITS, read_workbook
from kaohe_cli.sheet.table import find, rows_of, written

NUMBERED = re.compile(r"(\S+)\s+(.+)", re.DOTALL)  # 1.1 and the title of an item, in the head of its column
FULL = "满分"  # in the place of a unit's name


def read_previous_result(path: Path, source: Source) -> tuple[Previous | None, tuple[Problem, ...]]:
    """What the result at ``path`` says, which ``source`` records; None, with the reason, where it is none."""
    book, problems = read_workbook(path, LARGE_LIMITS)
    if book is None:
        return None, problems
    was, wrong = recorded(book)
    if was is None:
        return None, (*problems, *wrong)
    full, points = _items(book, was.units)
    units = {
        name: PreviousUnit(each.place, each.grade, each.total, points.get(name, {})) for name, each in was.units.items()
    }
    made_from = next((each for each in was.of(LEDGER) if each.sha256), None)
    return Previous(source, was.final, units, full, made_from), problems


def _items(
    book: Book, names: Iterable[str]
) -> tuple[dict[PreviousItem, Decimal | None], dict[str, dict[PreviousItem, Decimal]]]:
    """The items with their full points, and the points of each of the units ``names``."""
    held = book.sheet(ITEMS)
    table = find(book.file, ITEMS, rows_of(held), ("名次", "单位"))[0] if held else None
    if table is None:
        return {}, {}
    columns = {
        (found[1], " ".join(found[2].split())): column
        for title, column in table.head.others
        if (found := NUMBERED.fullmatch(title))
    }
    full: dict[PreviousItem, Decimal | None] = dict.fromkeys(columns)
    points: dict[str, dict[PreviousItem, Decimal]] = {}
    known = {plain_name(name): name for name in names}
    for _, cells in table.rows:
        name = table.head.text(cells, "单位")
        read = {item: value for item, at in columns.items() if (value := exact(written(cells.get(at)))) is not None}
        if name == FULL:
            full |= read
        elif plain_name(name) in known:
            points.setdefault(known[plain_name(name)], {item: half_up(value) for item, value in read.items()})
    return full, points


def with_ledger(
    previous: Previous, scheme: Scheme, units: Sequence[Unit], ledger: Path | None
) -> tuple[LastYear, tuple[Problem, ...]]:
    """``previous`` with what its ``ledger`` settled for ``units``; None: it is not at hand."""
    if ledger is None:
        return LastYear(previous), ()
    settled, problems = read_last_year(scheme, ledger, units)
    return LastYear(previous, settled, read_last_codes(ledger)), problems
