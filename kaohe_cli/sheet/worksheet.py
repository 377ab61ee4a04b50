"""The cells of a worksheet in Office Open XML: the loop in which large workbooks are read."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from kaohe_cli.sheet.book import Area, Cell, CellKind, column_name
from kaohe_cli.sheet.bounds import LONGEST_TEXT, CellCollector, damaged, extend, too_much
from kaohe_cli.sheet.formats import Display, exact, numeric, written_date
from kaohe_cli.sheet.parts import DEEPEST, Attributes, Enough, Package

_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)


def short_names(*names: str) -> dict[str, str]:
    """Names as they come from the parser → short names; whatever else there is has none."""
    return {f"{space} {name}": name for space in _SPACES for name in names}


# what may follow the merged areas: from there on a part but lays out the sheet
_BEHIND = frozenset((
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "drawing", "legacyDrawing", "tableParts", "extLst",
))  # fmt: skip
_TAGS = short_names("sheetData", "row", "c", "v", "f", "is", "t", "rPh", "mergeCells", "mergeCell", *_BEHIND)
_COLUMNS = {
    first + second: (26 * (ord(first) - 64) if first else 0) + ord(second) - 64
    for first in ("", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ") for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
}  # fmt: skip
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_NUMBER, _TEXT, _AS_SUCH = CellKind.NUMBER, CellKind.TEXT, Display.NUMBER  # a look-up of one costs as much as a cell


Struck = frozenset[str]


class Shared(Struct, frozen=True):
    """What the cells of all sheets refer to."""

    texts: Mapping[str, Cell | str]  # by their number; a bare one must be looked at again
    displays: Mapping[str, Display]  # by the number of a cell format
    epoch_1904: bool
    struck: Struck = frozenset()  # cell formats with a font that strikes out, by their number
    struck_texts: Struck = frozenset()  # texts that are struck out from end to end


def read_cells(package: Package, path: str, shared: Shared, cells: CellCollector) -> Iterator[int]:
    """Read a sheet's part into ``cells``; yields, piece by piece, the row that may not be complete, 0 at the end."""
    reading = _Reading(shared, cells)
    for _ in package.feed(path, reading.start, reading.end, reading.text):
        yield reading.row
    if not reading.there:  # a part of another kind is not a sheet without cells
        raise damaged("工作表没有内容")
    cells.blanks += reading.blanks
    yield 0


class _Reading:
    """What has been read of a sheet's part so far."""

    def __init__(self, shared: Shared, cells: CellCollector) -> None:
        self.row = self.blanks = self._depth = 0
        self.there = self._over = self._in_row = self._taking = self._phonetic = self._formula = False
        self._digits = self._place = ""  # the row as addresses write it, and the address of the last cell
        self._cell: Attributes | None = None  # None: not within a cell
        self._given = ""  # the element that held a value
        self._parts: list[str] = []
        self._cells, self._budget, self._limits = cells, cells.budget, cells.limits
        self._texts, self._displays, self._epoch_1904 = shared.texts, shared.displays, shared.epoch_1904
        self._shared, self._strikes = shared, bool(shared.struck or shared.struck_texts)

    def start(self, tag: str, attributes: Attributes) -> None:
        depth = self._depth = self._depth + 1
        name = _TAGS.get(tag)
        if name == "c":
            if depth != 4 or not self._in_row:  # worksheet, sheetData, row
                raise damaged("单元格的位置不对")
            self._cell, self._given, self._formula = attributes, "", False
        elif name == "v" or name == "is":
            if self._cell is None or depth != 5:
                raise damaged("值的位置不对")
            if self._given:
                self._second(name, self._cell)
            else:
                self._given, self._taking = name, name == "v"
        elif name == "t":
            self._taking = self._given == "is" and not self._phonetic and self._cell is not None
        elif name == "f":
            self._formula = True
        elif name == "row":
            if depth != 3 or not self.there:
                raise damaged("行的位置不对")
            self.row = whole(attributes["r"]) if "r" in attributes else self.row + 1
            if self.row < 1:
                raise damaged("行的位置不对")
            self._in_row, self._digits, self._place = True, str(self.row), ""
        elif name == "rPh":
            self._phonetic = True
        elif name == "sheetData":
            if self._over:
                raise damaged("工作表不合格式")
            self.there = depth == 2
        elif self._over and name == "mergeCell":
            area = area_of(attributes.get("ref", ""))
            if area is not None:
                self._cells.merged.append(area)
        elif self._over and depth == 2 and name in _BEHIND:
            raise Enough
        if depth > DEEPEST:
            raise too_much("层次", DEEPEST)

    def _second(self, name: str, attributes: Attributes) -> None:
        """Of a value and a text within the cell the text is shown, in whichever order a program wrote them."""
        if name == self._given or attributes.get("t") != "inlineStr":
            raise damaged("同一单元格有两个值")
        if name == "is":
            self._parts.clear()
            self._given = "is"

    def text(self, data: str) -> None:
        if self._taking:
            if self._parts:
                extend(self._parts, data)
            else:
                self._parts.append(data)

    def end(self, tag: str) -> None:
        self._depth -= 1
        name = _TAGS.get(tag)
        if name == "c" and (attributes := self._cell) is not None:
            digits = self._digits
            place = self._place = attributes.get("r") or next_place(self._place, digits)
            self._cell = None
            if not self._given and not self._formula:
                self.blanks += 1
                return
            value = "".join(self._parts)
            self._parts.clear()
            row, cells, limits = self.row, self._cells, self._limits
            column = (_COLUMNS.get(place[: -len(digits)]) if place.endswith(digits) else None) or column_at(
                place, digits
            )
            if row > limits.row or column > limits.column:
                cells.fault("KH030", row, column)
                return
            made = self._made(attributes, value, column)
            if made is None:
                self.blanks += 1
                return
            spot = (row, column)
            if spot in cells.cells:
                raise damaged("同一单元格有两个值")
            cells.cells[spot] = made
            self._budget.cells -= 1
            if self._strikes and self._is_struck(attributes, value):
                cells.struck.add(spot)
        elif name == "v" or name == "t":
            self._taking = False
        elif name == "row":
            self._in_row = False
            self._budget.settle()
        elif name == "rPh":
            self._phonetic = False
        elif name == "mergeCells" or (name == "sheetData" and not self.there):
            raise Enough
        elif name == "sheetData":
            self._over = True

    def _is_struck(self, attributes: Attributes, value: str) -> bool:
        """Whether the cell that ends is struck out, by its font or by those of all of its text."""
        by_text = attributes.get("t") == "s" and value in self._shared.struck_texts
        return by_text or (attributes.get("s") or "0") in self._shared.struck

    def _made(self, attributes: Attributes, value: str, column: int) -> Cell | None:
        """The cell that ends, which has a value or a formula; None where it is blank all the same."""
        kind, formula, cells = attributes.get("t", "n"), self._formula, self._cells
        if self._given == "is" and kind != "inlineStr" and kind != "str":
            raise damaged("单元格的类型不明")
        if kind == "s" and value:
            shared = self._texts.get(value)
            if shared is None:
                raise damaged("文字与文字表不符")
            if isinstance(shared, str):
                return Cell(_TEXT, cells.text(self.row, column, shared), formula)
            return Cell(_TEXT, shared.value, True) if formula else shared
        if kind == "n" and (value := value.strip()):
            number = exact(value)
            display = self._displays.get(attributes.get("s") or "0")
            if display is None:  # without it 0.95 and 95% are one
                raise damaged("单元格的格式不在格式表中")
            if number is None:
                return cells.unreadable(self.row, column, value)
            if display is _AS_SUCH:
                return Cell(_NUMBER, number, formula)
            return numeric(number, display, self._epoch_1904, formula)
        if self._given and (kind == "str" or kind == "inlineStr"):
            if "_x" in value or len(value) > LONGEST_TEXT or not value.isprintable():
                value = cells.text(self.row, column, unescaped(value))
            else:
                self._budget.characters -= len(value)
            return Cell(_TEXT, value, formula)
        return self._rare(kind, value, column)

    def _rare(self, kind: str, value: str, column: int) -> Cell | None:
        """The cell of a kind that is not common; None where it is blank."""
        if not value or value.isspace():
            return Cell(CellKind.UNCOMPUTED, None, True) if self._formula else None
        if kind == "b" and value in ("0", "1", "true", "false"):
            return Cell(CellKind.LOGICAL, value in ("1", "true"), self._formula)
        if kind == "e":
            return Cell(CellKind.ERROR, value[:40], self._formula)
        if kind == "d":
            return written_date(value, self._formula) or self._cells.unreadable(self.row, column, value)
        raise damaged("单元格的类型不明")


def next_place(place: str, digits: str) -> str:
    """The address to the right of ``place`` in the row of these ``digits``; its first where ``place`` is empty."""
    return column_name(column_at(place, digits) + 1 if place else 1) + digits


def column_at(place: str, digits: str) -> int:
    """The column of an address in the row of these ``digits``, from 1; Refused where it is none."""
    found = _ADDRESS.fullmatch(place)
    if found is None or found[2] != digits:
        raise damaged("单元格的位置不对")
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return column


def place_of(address: str) -> tuple[int, int] | None:
    """Row and column of an address; None where it is none."""
    found = _ADDRESS.fullmatch(address)
    return None if found is None else (int(found[2]), column_at(address, found[2]))


def area_of(reference: str) -> Area | None:
    """The area of a reference as A1:C3; None where it is none."""
    first, _, last = reference.partition(":")
    one, other = place_of(first), place_of(last)
    if one is None or other is None:
        return None
    (top, bottom), (left, right) = (sorted(pair) for pair in zip(one, other, strict=True))
    return Area(top, left, bottom, right)


def whole(text: str) -> int:
    """A number in the frame of a part; Refused where it is no whole one of at most nine digits."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise damaged("编号不是整数")
    return int(text)


def unescaped(text: str) -> str:
    """``text`` with _x000D_ and the like turned into the characters that they stand for."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
