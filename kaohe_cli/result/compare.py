"""Two workbooks held against each other, cell by cell: the one at hand, and the one made anew. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.naming import printed_name
from kaohe_cli.points import DUST, number
from kaohe_cli.scheme.normalise import LONGEST, quoted
from kaohe_cli.sheet.book import Book, Cell, CellKind, Sheet, address
from kaohe_cli.sheet.table import as_seen, stands, written

MOST = 20  # differences of one sheet that are told one by one
FEW = 5  # cells that a line names
BEFORE = 8  # letters that are told before the first that differs
BLANK = "空白"
DUSTY = Decimal(1).scaleb(-DUST)  # a difference below this is what binary arithmetic leaves behind


class Compared(Struct, frozen=True):
    """What came of holding two workbooks against each other."""

    sheets: int  # that both have
    cells: int  # with content in either, of these sheets
    differing: int  # of these cells
    problems: tuple[Problem, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        return not self.problems


def compare(found: Book, expected: Book, unit: str = "") -> Compared:
    """``found`` held against ``expected``, whose owner is ``unit`` where it is one.

    Sheets that lack, are too many or stand in another order are KH944, cells that differ KH941, formulas without a
    result KH942, one for a sheet.
    """
    problems: list[Problem] = []
    names, wanted = ([sheet.name for sheet in book.sheets] for book in (found, expected))
    if names != wanted:
        said, should = ("、".join(each) or "没有" for each in (names, wanted))
        problems.append(problem("KH944", unit=unit, file=found.file, found=quoted(said), expected=should))
    cells = differing = sheets = 0
    for sheet in expected.sheets:
        held = found.sheet(sheet.name)
        if held is None:
            continue
        sheets += 1
        places = differing_cells(held, sheet)
        cells += sum(map(stands, sheet.cells.values()))
        cells += sum(place not in sheet.cells for place in places)
        differing += len(places)
        problems += _told(found.file, unit, held, sheet, places)
    return Compared(sheets, cells, differing, tuple(problems))


def differing_cells(found: Sheet, expected: Sheet) -> list[tuple[int, int]]:
    """The cells, by row and column, that do not say the same in both."""
    places = {**dict.fromkeys(expected.cells), **dict.fromkeys(found.cells)}
    return sorted(place for place in places if not alike(found.cells.get(place), expected.cells.get(place)))


def alike(found: Cell | None, expected: Cell | None) -> bool:
    """Whether two cells say the same.

    Numbers are the same however they are stored, and but for binary dust; text but for spaces, breaks and the width of
    brackets. A formula says what its result is, but none may stand where there was none: its result could be anything.
    """
    if found is None or expected is None or not stands(found) or not stands(expected):
        return stands(found) == stands(expected)
    if CellKind.ERROR in (found.kind, expected.kind) or found.kind is CellKind.UNCOMPUTED:
        return (found.kind, found.value) == (expected.kind, expected.value)
    if found.formula and not expected.formula:
        return False
    if expected.kind is CellKind.NUMBER:
        held, wanted = exact(written(found)), exact(written(expected))
        return held is not None and wanted is not None and abs(held - wanted) < DUSTY
    return _bare(written(found)) == _bare(written(expected))


def exact(text: str) -> Decimal | None:
    """The number that ``text`` is; None where it is none, or of a size that nobody works with."""
    value = number(text)
    return value if value is not None and (not value or -LONGEST <= value.adjusted() < LONGEST) else None


def _bare(text: str) -> str:
    return " ".join(printed_name(text).split())


def _told(file: str, unit: str, found: Sheet, expected: Sheet, places: list[tuple[int, int]]) -> Iterator[Problem]:
    """The differences at ``places``, those of a kind together or no more of them than anyone reads."""
    empty = [place for place in places if (held := found.cells.get(place)) and held.kind is CellKind.UNCOMPUTED]
    if empty:
        named = "、".join(address(*place) for place in empty[:FEW]) + ("等" if len(empty) > FEW else "")
        yield problem(
            "KH942", unit=unit, file=file, sheet=found.name, cell=address(*empty[0]), found=named, count=str(len(empty))
        )
    others = [place for place in places if place not in set(empty)]
    for place in others[:MOST]:
        held, wanted = found.cells.get(place), expected.cells.get(place)
        formula = "公式，结果 " if held and held.formula and not (wanted and wanted.formula) else ""
        said, should = clipped(formula + (as_seen(held) or BLANK), as_seen(wanted) or BLANK)
        yield problem(
            "KH941", unit=unit, file=file, sheet=found.name, cell=address(*place), found=said, expected=should
        )
    if len(others) > MOST:
        left = f"{len(others) - MOST:,}"
        yield problem("KH035", unit=unit, file=file, sheet=found.name, found=left, expected="KH941")


def clipped(found: str, expected: str) -> tuple[str, str]:
    """Two texts on one line each; of long ones what comes before and after their first difference is left out."""
    if max(len(found), len(expected)) > 2 * BEFORE + FEW:
        same = next((at for at, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]), None)
        same = min(len(found), len(expected)) if same is None else same
        if same > BEFORE:
            found, expected = (f"…{text[same - BEFORE :]}" for text in (found, expected))
    return quoted(found), quoted(expected)
