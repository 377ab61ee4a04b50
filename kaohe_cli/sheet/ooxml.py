"""Office Open XML workbooks (.xlsx, .xlsm, strict ones too): their sheets, and what these share.

Only what is needed for values is read: no styles but number formats, no drawings, no macros, no formula's text.
"""

import posixpath
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from kaohe_cli.sheet.book import Cell, CellKind, Sheet
from kaohe_cli.sheet.bounds import LONGEST_TEXT, CellCollector, Limits, damaged, extend, too_much
from kaohe_cli.sheet.formats import MOST_FORMATS, Display, display_by, display_of
from kaohe_cli.sheet.parts import DEEPEST, Attributes, Enough, Package
from kaohe_cli.sheet.worksheet import Shared, read_cells, short_names, unescaped

_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_WORKBOOK = short_names("workbookPr", "sheet")
_STYLES = short_names("numFmt", "cellXfs", "xf")
_TEXTS = short_names("si", "t", "rPh")


class SheetPart(Struct, frozen=True):
    """A sheet by its entry in the workbook."""

    name: str
    hidden: bool
    path: str


def main_part(package: Package) -> str:
    """The path of the main part: xl/workbook.xml, xl/workbook.bin, word/document.xml …; empty where none is named."""
    if "_rels/.rels" not in package:
        return ""
    return next((path for kind, path in _relations(package, "").values() if kind == "officeDocument"), "")


def open_workbook(package: Package, file: str) -> "Workbook":
    """Read what says which sheets there are; raises Refused."""
    path = main_part(package)
    relations = _relations(package, path)
    entries: list[tuple[str, bool, str]] = []
    epoch_1904 = False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal epoch_1904
        name = _WORKBOOK.get(tag)
        if name == "sheet":
            link = attributes.get(_ID[0]) or attributes.get(_ID[1]) or ""
            entries.append((attributes.get("name", ""), attributes.get("state", "visible") != "visible", link))
        elif name == "workbookPr":
            epoch_1904 = attributes.get("date1904") in ("1", "true", "on")

    package.parse(path, start)
    if any(link not in relations for _, _, link in entries):
        raise damaged("工作表与目录不符")
    if len({name for name, _, _ in entries}) != len(entries):
        raise damaged("工作表重名")
    sheets = tuple(
        SheetPart(name, hidden, relations[link][1])
        for name, hidden, link in entries if relations[link][0] == "worksheet"
    )  # fmt: skip
    named = dict(relations.values())
    displays = _displays(package, named["styles"]) if "styles" in named else {"0": Display.NUMBER}
    return Workbook(package, file, sheets, displays, named.get("sharedStrings"), epoch_1904)


class Workbook(Struct, frozen=True, dict=True):
    """An opened workbook, sheets not yet read; everything raises Refused."""

    package: Package
    file: str
    sheets: tuple[SheetPart, ...]
    displays: dict[str, Display]  # of cell formats, by their number as cells name it
    texts_path: str | None  # of the shared texts; None: there are none
    epoch_1904: bool

    @cached_property
    def _shared(self) -> Shared:
        texts = _texts(self.package, self.texts_path) if self.texts_path else {}
        return Shared(texts, self.displays, self.epoch_1904)

    def empty(self, part: SheetPart) -> CellCollector:
        """The cells of a sheet before any is read."""
        return CellCollector(part.name, self.file, self.package.budget)

    def sheet(self, part: SheetPart) -> tuple[Sheet, CellCollector]:
        """A whole sheet, and its cells with what was wrong."""
        cells = self.empty(part)
        for _ in read_cells(self.package, part.path, self._shared, cells):
            pass
        return Sheet(part.name, part.hidden, cells.cells), cells

    def rows(self, part: SheetPart, cells: CellCollector) -> Iterator[tuple[int, dict[int, Cell]]]:
        """The rows of a sheet in their order; those without a value are left out.

        The part is read to its end beforehand, so that no row of a damaged one is handed on.
        """
        self.package.check(part.path)
        last = 0
        for row in read_cells(self.package, part.path, self._shared, cells):
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


def _texts(package: Package, path: str) -> dict[str, Cell | str]:
    """The shared texts; those that no cell can hold as they are stay bare, so that their cells tell of it."""
    reading = _Texts(package.budget.limits)
    for _ in package.feed(path, reading.start, reading.end, reading.text):
        pass
    return reading.found


class _Texts:
    """What has been read of the shared texts so far."""

    def __init__(self, limits: Limits) -> None:
        self.found: dict[str, Cell | str] = {}
        self._limits = limits
        self._parts: list[str] = []
        self._taking = self._phonetic = self._inside = False
        self._characters = self._depth = 0

    def start(self, tag: str, _: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise too_much("层次", DEEPEST)
        name = _TEXTS.get(tag)
        if name == "t":
            self._taking = self._inside and not self._phonetic
        elif name == "si":
            if self._inside:
                raise damaged("文字表不合格式")
            self._inside = True
        elif name == "rPh":
            self._phonetic = True

    def text(self, data: str) -> None:
        if self._taking:
            extend(self._parts, data)

    def end(self, tag: str) -> None:
        self._depth -= 1
        name = _TEXTS.get(tag)
        if name == "t":
            self._taking = False
        elif name == "si":
            self._inside = False
            made = unescaped("".join(self._parts))
            self._parts.clear()
            self._characters += len(made)
            fine = made.isprintable() and len(made) <= LONGEST_TEXT
            self.found[str(len(self.found))] = Cell(CellKind.TEXT, made) if fine else made
            if len(self.found) > self._limits.cells:
                raise too_much("文字", self._limits.cells)
            if self._characters > self._limits.characters:
                raise too_much("字", self._limits.characters)
        elif name == "rPh":
            self._phonetic = False


def _displays(package: Package, path: str) -> dict[str, Display]:
    """Cell format, as cells name it → how it shows a number; the first is there in any case."""
    codes: dict[int, Display] = {}
    found: list[Display] = []
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
            found.append(display_by(key, codes))
            if len(found) > MOST_FORMATS:
                raise too_much("单元格格式", MOST_FORMATS)
        elif name == "cellXfs":
            inside = True
        elif name == "numFmt":
            number = attributes.get("numFmtId", "")
            if number.isdecimal() and len(number) < 10 and len(codes) < MOST_FORMATS:
                codes[int(number)] = display_of(attributes.get("formatCode", ""))

    def end(tag: str) -> None:
        nonlocal within
        name = _STYLES.get(tag)
        if name == "cellXfs":
            raise Enough
        if name == "xf":
            within = False

    package.parse(path, start, end)
    return {str(index): display for index, display in enumerate(found or [Display.NUMBER])}


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
