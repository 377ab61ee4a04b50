"""What else two workbooks do not say alike, row by row, wherever the row stands. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from kaohe_cli.commands.differing import Differing, RowPlace
from kaohe_cli.sheet.book import Book, Sheet
from kaohe_cli.sheet.table import as_seen

FORMULA = "="  # its result follows from what is told
_Row = tuple[tuple[int, str], ...]  # what stands in its columns, and the comments there


def rest(before: Book, now: Book, told: Sequence[Differing]) -> tuple[RowPlace, ...]:
    """The rows of shown sheets that only one of both has, but for those of which something was ``told`` already.

    A row that was changed is there once, where it stands in ``now``.
    """
    known = (frozenset(each.cells[side] for each in told) for side in (0, 1))
    was, held = ({each.name: each for each in book.sheets if not each.hidden} for book in (before, now))
    gone, come = known
    places: dict[RowPlace, None] = {}
    for name in dict.fromkeys((*held, *was)):
        first, second = (_rows(sheets[name]) if name in sheets else {} for sheets in (was, held))
        for own, others, cells in ((second, first, come), (first, second, gone)):
            rows = _told_rows(name, cells)
            places |= dict.fromkeys((name, row) for row in _alone(own, others) if row not in rows)
    return tuple(places)


def _rows(sheet: Sheet) -> Mapping[int, _Row]:
    held: dict[int, list[tuple[int, str]]] = {}
    for (row, column), cell in sheet.cells.items():
        text = FORMULA if cell.formula else " ".join(as_seen(cell).split())
        if text:
            held.setdefault(row, []).append((column, text))
    for (row, column), text in sheet.comments.items():
        held.setdefault(row, []).append((-column, " ".join(text.split())))
    return {row: tuple(sorted(each)) for row, each in sorted(held.items())}


def _alone(own: Mapping[int, _Row], others: Mapping[int, _Row]) -> Iterator[int]:
    """The rows of ``own`` that are not among the ``others``, each of which stands for one."""
    left = Counter(others.values())
    for number, row in own.items():
        if left[row]:
            left[row] -= 1
        else:
            yield number


def _told_rows(sheet: str, cells: Collection[str]) -> frozenset[int]:
    """The rows of ``sheet`` in which ``cells`` stand: 指标填报!D5."""
    own = (cell.removeprefix(f"{sheet}!") for cell in cells if cell.startswith(f"{sheet}!"))
    return frozenset(int("".join(filter(str.isdecimal, each))) for each in own if any(map(str.isdecimal, each)))
