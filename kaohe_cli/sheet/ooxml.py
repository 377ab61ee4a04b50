"""Office Open XML workbooks (.xlsx, .xlsm, strict ones too): a bounded streaming reader.

Only what is needed for values is read: no styles but number formats, no drawings, no macros, no formula's text.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from kaohe_cli.sheet.book import Cell, CellKind, Sheet, column_name
from kaohe_cli.sheet.bounds import LONGEST_TEXT, CellCollector, damaged, exact, extend, too_much
from kaohe_cli.sheet.formats import BUILT_IN, Shown, numeric, shown
from kaohe_cli.sheet.parts import DEEPEST, Attributes, Enough, Package

_SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)


def _tags(*names: str) -> dict[str, str]:
    """Names as they come from the parser → short names; whatever else there is has none."""
    return {f"{space} {name}": name for space in _SPACES for name in names}


_WORKBOOK = _tags("workbookPr", "sheet")
_STYLES = _tags("numFmt", "cellXfs", "xf")
_STRINGS = _tags("si", "t", "rPh")
_SHEET = _tags("sheetData", "row", "c", "v", "f", "is", "t", "rPh")

_COLUMNS = {
    first + second: (26 * (ord(first) - 64) if first else 0) + ord(second) - 64
    for first in ("", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ") for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
}  # fmt: skip
_MOST_FORMATS = 65_536
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*)?", re.ASCII)


Strings = Mapping[str, Cell | str]  # shared texts by their number; a bare one must be looked at again


class SheetPart(Struct, frozen=True):
    """A sheet by its entry in the workbook."""

    name: str
    hidden: bool
    path: str


def document(package: Package) -> str:
    """The path of the main part: xl/workbook.xml, xl/workbook.bin, word/document.xml …; empty where none is named."""
    if "_rels/.rels" not in package:
        return ""
    return next((path for kind, path in _relations(package, "").values() if kind == "officeDocument"), "")


class Workbook:
    """An opened workbook, sheets not yet read; everything raises Refused."""

    def __init__(self, package: Package, file: str) -> None:
        """Read what says which sheets there are."""
        self._package = package
        self._file = file
        self._epoch_1904 = False
        path = document(package)
        relations = _relations(package, path)
        entries: list[tuple[str, bool, str]] = []

        def start(tag: str, attributes: Attributes) -> None:
            name = _WORKBOOK.get(tag)
            if name == "sheet":
                link = attributes.get(_ID[0]) or attributes.get(_ID[1]) or ""
                hidden = attributes.get("state", "visible") != "visible"
                entries.append((attributes.get("name", ""), hidden, link))
            elif name == "workbookPr":
                self._epoch_1904 = attributes.get("date1904") in ("1", "true", "on")

        package.parse(path, start)
        if any(link not in relations for _, _, link in entries):
            raise damaged("工作表与目录不符")
        if len({name for name, _, _ in entries}) != len(entries):
            raise damaged("工作表重名")
        self.sheets = tuple(
            SheetPart(name, hidden, relations[link][1])
            for name, hidden, link in entries if relations[link][0] == "worksheet"
        )  # fmt: skip
        named = dict(relations.values())
        self._formats = _formats(package, named["styles"]) if "styles" in named else {"0": Shown.NUMBER}
        self._strings_at = named.get("sharedStrings")
        self._strings: Strings | None = None

    def empty(self, part: SheetPart) -> CellCollector:
        """The cells of a sheet before any is read."""
        return CellCollector(part.name, self._file, self._package.budget)

    def sheet(self, part: SheetPart) -> tuple[Sheet, CellCollector]:
        """A whole sheet, and its cells with what was wrong."""
        cells = self.empty(part)
        for _ in self._feed(part, cells):
            pass
        return Sheet(part.name, part.hidden, cells.cells), cells

    def rows(self, part: SheetPart, cells: CellCollector) -> Iterator[tuple[int, dict[int, Cell]]]:
        """The rows of a sheet in their order; those without a value are left out.

        The part is read to its end beforehand, so that no row of a damaged one is handed on.
        """
        self._package.check(part.path)
        last = 0
        for row in self._feed(part, cells):
            done: dict[int, dict[int, Cell]] = {}
            for (number, column), cell in cells.cells.items():
                done.setdefault(number, {})[column] = cell
            held = done.pop(row, {})  # it may go on in the next piece
            cells.cells.clear()
            cells.cells.update(((row, column), cell) for column, cell in held.items())
            for number, found in done.items():
                if number <= last:
                    raise damaged("行的次序不对")
                last = number
                yield number, found

    def _feed(self, part: SheetPart, cells: CellCollector) -> Iterator[int]:
        if self._strings is None:
            self._strings = _strings(self._package, self._strings_at) if self._strings_at else {}
        return _read(self._package, part.path, cells, self._strings, self._formats, self._epoch_1904)


def _read(
    package: Package,
    path: str,
    cells: CellCollector,
    strings: Mapping[str, Cell | str],
    formats: dict[str, Shown],
    epoch_1904: bool,
) -> Iterator[int]:
    """Read a sheet's part into ``cells``; yields, piece by piece, the row that may not be complete, 0 at the end."""
    limits, taken, budget = cells.limits, cells.cells, cells.budget
    number_kind, text_kind, as_such = (
        CellKind.NUMBER,
        CellKind.TEXT,
        Shown.NUMBER,
    )  # each look-up costs as much as a cell
    row = depth = blanks = 0
    digits = place = ""  # the row as addresses write it, and the address of the last cell
    there = in_row = taking = phonetic = formula = False
    cell: Attributes | None = None  # None: not within a cell
    given = ""  # the element that held a value
    parts: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal row, depth, digits, place, there, in_row, taking, phonetic, formula, cell, given
        depth += 1
        name = _SHEET.get(tag)
        if name == "c":
            if depth != 4 or not in_row:  # worksheet, sheetData, row
                raise damaged("单元格的位置不对")
            cell, given, formula = attributes, "", False
        elif name == "v" or name == "is":
            if given or cell is None or depth != 5:
                raise damaged("同一单元格有两个值" if given else "值的位置不对")
            given, taking = name, name == "v"
        elif name == "t":
            taking = given == "is" and not phonetic and cell is not None
        elif name == "f":
            formula = True
        elif name == "row":
            if depth != 3 or not there:
                raise damaged("行的位置不对")
            row = _whole(attributes["r"]) if "r" in attributes else row + 1
            if row < 1:
                raise damaged("行的位置不对")
            in_row, digits, place = True, str(row), ""
        elif name == "rPh":
            phonetic = True
        elif name == "sheetData":
            there = depth == 2
        if depth > DEEPEST:
            raise too_much("层次", DEEPEST)

    def end(tag: str) -> None:
        nonlocal depth, place, in_row, taking, phonetic, cell, blanks
        depth -= 1
        name = _SHEET.get(tag)
        if name == "c" and cell is not None:
            place = cell.get("r") or _next(place, digits)
            kind = cell.get("t", "n")
            style = cell.get("s") or "0"
            cell = None
            if not given and not formula:
                blanks += 1
                return
            value = "".join(parts)
            parts.clear()
            column = (_COLUMNS.get(place[: -len(digits)]) if place.endswith(digits) else None) or _column(place, digits)
            if row > limits.row or column > limits.column:
                cells.fault("KH030", row, column)
                return
            made: Cell | None
            if given == "is" and kind != "inlineStr" and kind != "str":
                raise damaged("单元格的类型不明")
            if kind == "s" and value:
                shared = strings.get(value)
                if shared is None:
                    raise damaged("文字与文字表不符")
                if isinstance(shared, str):
                    made = Cell(text_kind, cells.text(row, column, shared), formula)
                else:
                    made = Cell(text_kind, shared.value, True) if formula else shared
            elif kind == "n" and (value := value.strip()):
                number = exact(value)
                how = formats.get(style)
                if how is None:  # without it 0.95 and 95% are one
                    raise damaged("单元格的格式不在格式表中")
                if number is None:
                    made = cells.unreadable(row, column, value)
                elif how is as_such:
                    made = Cell(number_kind, number, formula)
                else:
                    made = numeric(number, how, epoch_1904, formula) or cells.unreadable(row, column, value)
            elif given and (kind == "str" or kind == "inlineStr"):
                if "_x" in value or len(value) > LONGEST_TEXT or not value.isprintable():
                    value = cells.text(row, column, _unescape(value))
                else:
                    budget.characters -= len(value)
                made = Cell(text_kind, value, formula)
            else:
                made = _other(kind, value, formula, cells, row, column)
                if made is None:
                    blanks += 1
                    return
            if (row, column) in taken:
                raise damaged("同一单元格有两个值")
            taken[row, column] = made
            budget.cells -= 1
        elif name == "v" or name == "t":
            taking = False
        elif name == "row":
            in_row = False
            budget.settle()
        elif name == "rPh":
            phonetic = False
        elif name == "sheetData":
            raise Enough  # what follows lays out the sheet

    def text(data: str) -> None:
        if taking:
            if parts:
                extend(parts, data)
            else:
                parts.append(data)

    for _ in package.feed(path, start, end, text):
        yield row
    if not there:  # a part of another kind is not a sheet without cells
        raise damaged("工作表没有内容")
    cells.blanks += blanks
    yield 0


def _other(kind: str, value: str, formula: bool, cells: CellCollector, row: int, column: int) -> Cell | None:
    """The cell of a kind that is not common; None where it is blank."""
    if not value or value.isspace():
        return Cell(CellKind.UNCOMPUTED, None, True) if formula else None
    if kind == "b" and value in ("0", "1", "true", "false"):
        return Cell(CellKind.LOGICAL, value in ("1", "true"), formula)
    if kind == "e":
        return Cell(CellKind.ERROR, value[:40], formula)
    if kind == "d":
        day = _DAY.fullmatch(value)
        try:
            return Cell(CellKind.DATE, date.fromisoformat(day[1] if day else ""), formula)
        except ValueError:
            return cells.unreadable(row, column, value)
    raise damaged("单元格的类型不明")


def _strings(package: Package, path: str) -> Strings:
    """The shared texts; those that no cell can hold as they are stay bare, so that their cells tell of it."""
    limits = package.budget.limits
    strings: dict[str, Cell | str] = {}
    parts: list[str] = []
    taking = phonetic = inside = False
    characters = depth = 0

    def start(tag: str, _: Attributes) -> None:
        nonlocal taking, phonetic, inside, depth
        depth += 1
        if depth > DEEPEST:
            raise too_much("层次", DEEPEST)
        name = _STRINGS.get(tag)
        if name == "t":
            taking = inside and not phonetic
        elif name == "si":
            if inside:
                raise damaged("文字表不合格式")
            inside = True
        elif name == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal taking, phonetic, inside, characters, depth
        depth -= 1
        name = _STRINGS.get(tag)
        if name == "t":
            taking = False
        elif name == "si":
            inside = False
            made = _unescape("".join(parts))
            parts.clear()
            characters += len(made)
            fine = made.isprintable() and len(made) <= LONGEST_TEXT
            strings[str(len(strings))] = Cell(CellKind.TEXT, made) if fine else made
            if len(strings) > limits.cells:
                raise too_much("文字", limits.cells)
            if characters > limits.characters:
                raise too_much("字", limits.characters)
        elif name == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if taking:
            extend(parts, data)

    for _ in package.feed(path, start, end, text):
        pass
    return strings


def _formats(package: Package, path: str) -> dict[str, Shown]:
    """Cell format, as cells name it → how it shows a number; the first is there in any case."""
    codes: dict[int, Shown] = {}
    found: list[Shown] = []
    inside = within = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside, within
        name = _STYLES.get(tag)
        if name == "xf" and inside:
            if within:  # those that follow would be counted wrong
                raise damaged("格式表不合格式")
            within = True
            number = attributes.get("numFmtId", "0")
            key = int(number) if number.isdecimal() and len(number) < 10 else 0
            found.append(codes.get(key) or BUILT_IN.get(key, Shown.NUMBER))
            if len(found) > _MOST_FORMATS:
                raise too_much("单元格格式", _MOST_FORMATS)
        elif name == "cellXfs":
            inside = True
        elif name == "numFmt":
            number = attributes.get("numFmtId", "")
            if number.isdecimal() and len(number) < 10 and len(codes) < _MOST_FORMATS:
                codes[int(number)] = shown(attributes.get("formatCode", ""))

    def end(tag: str) -> None:
        nonlocal within
        name = _STYLES.get(tag)
        if name == "cellXfs":
            raise Enough
        if name == "xf":
            within = False

    package.parse(path, start, end)
    return {str(index): how for index, how in enumerate(found or [Shown.NUMBER])}


def _relations(package: Package, path: str) -> dict[str, tuple[str, str]]:
    """The parts that a part names: id → (kind, path)."""
    folder, name = posixpath.split(path)
    relations: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes.get("Id", "")] = (kind, target)

    package.parse(posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return relations


def _next(place: str, digits: str) -> str:
    """The address to the right of another; the first of its row where there is none."""
    return column_name(_column(place, digits) + 1 if place else 1) + digits


def _column(place: str, digits: str) -> int:
    """The column of an address that is not among the common ones."""
    found = _ADDRESS.fullmatch(place)
    if found is None or found[2] != digits:
        raise damaged("单元格的位置不对")
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return column


def _whole(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise damaged("编号不是整数")
    return int(text)


def _unescape(text: str) -> str:
    """``text`` with _x000D_ and the like turned into the characters that they stand for."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
