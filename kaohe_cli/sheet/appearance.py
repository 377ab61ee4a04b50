"""What may have been set by hand in the sheets of an Open XML workbook, apart from what its cells hold."""

import re
from collections.abc import Collection, Mapping, Set

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.extent import TALLEST
from kaohe_cli.sheet.book import address
from kaohe_cli.sheet.bounds import Budget, too_much
from kaohe_cli.sheet.looks import Look, cell_looks
from kaohe_cli.sheet.ooxml import main_part, open_workbook
from kaohe_cli.sheet.parts import DEEPEST, Attributes, Package, relations
from kaohe_cli.sheet.worksheet import area_of, column_at, next_place, short_names, whole

MOST_LOOKS = 1_000  # different ones that are taken from a workbook: many more make one that programs cannot open
WIDEST = 256.0  # characters, with the room beside them, that a column can have
MOST_STYLED = 200_000  # cells with such a look in a sheet; rows that look alike count once

_TAGS = short_names("row", "c", "col", "sheetFormatPr", "autoFilter", "filterColumn")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,20})?", re.ASCII)
_YES = ("1", "true", "on")
_DIGIT, _PADDING = 7, 5  # pixels of a digit in a column, and of what is kept free beside it


class Appearance(Struct, frozen=True):
    """How a sheet looks where its cells, rows or columns may have been set by hand. Rows and columns count from 1."""

    looks: Mapping[int, Mapping[int, Look]] = {}  # row → column → look, those that are not usual, of blank cells too
    widths: Mapping[int, float] = {}  # of columns, in characters of half width
    heights: Mapping[int, float] = {}  # of rows that are not as tall as most, in points
    hidden_columns: Set[int] = frozenset()
    hidden_rows: Set[int] = frozenset()  # by hand: not those that a filter leaves out

    def look(self, row: int, column: int) -> Look | None:
        """The look of a cell; None where it is a usual one."""
        return self.looks.get(row, {}).get(column)


def read_sheets(
    package: Package, file: str, sheets: Collection[str], usual: Collection[Look]
) -> tuple[dict[str, Appearance], tuple[Problem, ...]]:
    """The appearance of those of ``sheets`` that there are, without looks that are ``usual``; raises Refused.

    Told are looks that are too many to be taken (KH051, KH053), and filters at work (KH052).
    """
    named = dict(relations(package, main_part(package)).values())
    looks = cell_looks(package, named.get("styles"), named.get("theme"))
    own = [*dict.fromkeys(look for look in looks.values() if look not in usual)]
    kept = set(own[:MOST_LOOKS])
    told: list[Problem] = []
    if len(own) > MOST_LOOKS:
        told.append(problem("KH053", file=file, found=f"{len(own):,}", expected=f"{MOST_LOOKS:,}"))
    unusual = {number: look for number, look in looks.items() if look in kept}
    found: dict[str, Appearance] = {}
    for part in open_workbook(package, file).sheets:
        if part.name not in sheets:
            continue
        layout = _Layout(package.budget, unusual)
        for _ in package.feed(part.path, layout.start, layout.end):
            pass
        found[part.name] = layout.appearance()
        where = {"file": file, "sheet": part.name}
        if layout.left is not None:
            words = {"row": str(layout.left), "cell": address(layout.left, 1), "expected": f"{MOST_STYLED:,}"}
            told.append(problem("KH051", **words, **where))
        if layout.filter is not None:
            told.append(problem("KH052", **where))
    return found, tuple(told)


class _Layout:
    """What has been read of a sheet's part so far."""

    def __init__(self, budget: Budget, looks: Mapping[str, Look]) -> None:
        self.left: int | None = None  # first row whose looks were too many; None: all were taken
        self.filter: tuple[int, int] | None = None  # rows of a filter that is at work
        self._budget, self._limits, self._own = budget, budget.limits, looks
        self._depth = self._row = self._count = 0
        self._digits = self._place = ""
        self._usual_height = 0.0
        self._styled: list[tuple[int, Look]] = []  # of the row at hand
        self._alike: dict[tuple[tuple[int, int], ...], Mapping[int, Look]] = {}
        self._looks: dict[int, Mapping[int, Look]] = {}
        self._widths: dict[int, float] = {}
        self._heights: dict[int, float] = {}
        self._columns: set[int] = set()
        self._rows: set[int] = set()
        self._area = ""  # of the filter, whether it is at work or not

    def start(self, tag: str, attributes: Attributes) -> None:
        depth = self._depth = self._depth + 1
        name = _TAGS.get(tag)
        if name == "c":
            if depth == 4 and self._own:
                place = self._place = attributes.get("r") or next_place(self._place, self._digits)
                look = self._own.get(attributes.get("s", "0"))
                if look is not None:
                    self._styled.append((column_at(place, self._digits), look))
        elif name is not None:
            self._frame(name, depth, attributes)
        if depth > DEEPEST:
            raise too_much("层次", DEEPEST)

    def _frame(self, name: str, depth: int, attributes: Attributes) -> None:
        """What is not a cell."""
        if name == "row" and depth == 3:
            self._begin(attributes)
        elif name == "col" and depth == 3:
            self._column(attributes)
        elif name == "sheetFormatPr":
            self._usual_height = _float(attributes.get("defaultRowHeight", "")) or 0
        elif name == "autoFilter" and depth == 2:
            self._area = attributes.get("ref", "")
        elif name == "filterColumn" and depth == 3 and (area := area_of(self._area)):
            self.filter = area.top, area.bottom

    def end(self, tag: str) -> None:
        self._depth -= 1
        if self._styled and self._depth == 2 and _TAGS.get(tag) == "row":
            self._finish()

    def _begin(self, attributes: Attributes) -> None:
        self._row = whole(attributes["r"]) if "r" in attributes else self._row + 1
        self._digits, self._place = str(self._row), ""
        if not 0 < self._row <= self._limits.row:
            return
        if attributes.get("hidden") in _YES:
            self._rows.add(self._row)
        height = _float(attributes.get("ht", ""))
        by_hand = attributes.get("customHeight") in _YES and height != self._usual_height
        if height and by_hand and height <= TALLEST:
            self._heights[self._row] = height

    def _finish(self) -> None:
        """Take the looks of the row that ends; rows that look alike share one mapping."""
        row = {column: look for column, look in self._styled if column <= self._limits.column}
        self._styled.clear()
        if self.left is not None or self._row > self._limits.row:
            return
        alike = tuple((column, id(look)) for column, look in row.items())
        if alike not in self._alike:
            self._count += len(row)
            if self._count > MOST_STYLED:
                self.left = self._row
                return
            self._alike[alike] = row
        self._looks[self._row] = self._alike[alike]

    def _column(self, attributes: Attributes) -> None:
        first, last = (whole(attributes.get(name, "")) for name in ("min", "max"))
        columns = range(max(first, 1), min(last, self._limits.column) + 1)
        self._budget.step(len(columns))
        width = _float(attributes.get("width", ""))
        if attributes.get("hidden") in _YES or width == 0:
            self._columns.update(columns)
        # where a program does not say whether a width was set by hand, it was
        if width and width <= WIDEST and attributes.get("customWidth", "1") in _YES:
            self._widths.update(dict.fromkeys(columns, _characters(width)))

    def appearance(self) -> Appearance:
        first, last = self.filter or (0, -1)
        hidden = frozenset(row for row in self._rows if not first <= row <= last)
        return Appearance(self._looks, self._widths, self._heights, frozenset(self._columns), hidden)


def _characters(width: float) -> float:
    """A width in characters, as people set it: without the room beside them, to the pixel."""
    pixels = round(width * _DIGIT)
    return round((pixels - _PADDING) / _DIGIT if pixels >= _DIGIT + _PADDING else pixels / (_DIGIT + _PADDING), 2)


def _float(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None
