"""Office Open XML workbooks (.xlsx, .xlsm, strict ones too): their sheets, and what these share.

Only what is needed is read: no styles but number formats and struck-out fonts, no macros, no formula's text.
"""

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from kaohe_cli.sheet.book import Cell, CellKind, Sheet
from kaohe_cli.sheet.bounds import LONGEST_TEXT, CellCollector, Limits, damaged, extend, too_much
from kaohe_cli.sheet.overlay import aside, read_overlay
from kaohe_cli.sheet.parts import DEEPEST, Attributes, Package, relations
from kaohe_cli.sheet.styles import NO_STYLES, Styles, is_on, read_styles
from kaohe_cli.sheet.worksheet import Shared, read_cells, short_names, unescaped

_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_WORKBOOK = short_names("workbookPr", "sheet")
_TEXTS = short_names("si", "r", "strike", "t", "rPh")


class SheetPart(Struct, frozen=True):
    """A sheet by its entry in the workbook."""

    name: str
    hidden: bool
    path: str


def main_part(package: Package) -> str:
    """The path of the main part: xl/workbook.xml, xl/workbook.bin, word/document.xml …; empty where none is named."""
    if "_rels/.rels" not in package:
        return ""
    return next((path for kind, path in relations(package, "").values() if kind == "officeDocument"), "")


def open_workbook(package: Package, file: str) -> "Workbook":
    """Read what says which sheets there are; raises Refused."""
    path = main_part(package)
    links = relations(package, path)
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
    if any(link not in links for _, _, link in entries):
        raise damaged("工作表与目录不符")
    if len({name for name, _, _ in entries}) != len(entries):
        raise damaged("工作表重名")
    sheets = tuple(
        SheetPart(name, hidden, links[link][1])
        for name, hidden, link in entries if links[link][0] == "worksheet"
    )  # fmt: skip
    named = dict(links.values())
    styles = read_styles(package, named["styles"]) if "styles" in named else NO_STYLES
    return Workbook(package, file, sheets, styles, named.get("sharedStrings"), epoch_1904)


class Workbook(Struct, frozen=True, dict=True):
    """An opened workbook, sheets not yet read; everything raises Refused."""

    package: Package
    file: str
    sheets: tuple[SheetPart, ...]
    styles: Styles
    texts_path: str | None  # of the shared texts; None: there are none
    epoch_1904: bool

    @cached_property
    def _shared(self) -> Shared:
        reading = _Texts(self.package.budget.limits)
        if self.texts_path:
            for _ in self.package.feed(self.texts_path, reading.start, reading.end, reading.text):
                pass
        struck = frozenset(reading.struck)
        return Shared(reading.found, self.styles.displays, self.epoch_1904, self.styles.struck, struck)

    @cached_property
    def _aside(self) -> Package:
        return aside(self.package)

    def empty(self, part: SheetPart) -> CellCollector:
        """The cells of a sheet before any is read."""
        return CellCollector(part.name, self.file, self.package.budget)

    def sheet(self, part: SheetPart) -> tuple[Sheet, CellCollector]:
        """A whole sheet, and its cells with what was wrong."""
        cells = self.empty(part)
        for _ in read_cells(self.package, part.path, self._shared, cells):
            pass
        read_overlay(self._aside, part.path, cells)
        return cells.sheet(part.hidden), cells

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
        read_overlay(self._aside, part.path, cells)


class _Texts:
    """What has been read of the shared texts so far.

    Those that no cell can hold as they are stay bare, so that their cells tell of it.
    """

    def __init__(self, limits: Limits) -> None:
        self.found: dict[str, Cell | str] = {}
        self.struck: set[str] = set()  # those that are struck out from end to end
        self._limits = limits
        self._parts: list[str] = []
        self._taking = self._phonetic = self._inside = self._in_run = self._striking = False
        self._strikes: set[bool] = set()  # whether what is written in runs is struck out
        self._characters = self._depth = 0

    def start(self, tag: str, attributes: Attributes) -> None:
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
        elif name == "r":
            self._in_run, self._striking = True, False
        elif name == "strike":
            self._striking = self._in_run and is_on(attributes)
        elif name == "rPh":
            self._phonetic = True

    def text(self, data: str) -> None:
        if self._taking:
            extend(self._parts, data)
            if self._in_run and data.strip():
                self._strikes.add(self._striking)

    def end(self, tag: str) -> None:
        self._depth -= 1
        name = _TEXTS.get(tag)
        if name == "t":
            self._taking = False
        elif name == "si":
            self._inside = False
            made = unescaped("".join(self._parts))
            self._parts.clear()
            if self._strikes == {True}:
                self.struck.add(str(len(self.found)))
            self._strikes.clear()
            self._characters += len(made)
            fine = made.isprintable() and len(made) <= LONGEST_TEXT
            self.found[str(len(self.found))] = Cell(CellKind.TEXT, made) if fine else made
            if len(self.found) > self._limits.cells:
                raise too_much("文字", self._limits.cells)
            if self._characters > self._limits.characters:
                raise too_much("字", self._limits.characters)
        elif name == "r":
            self._in_run = False
        elif name == "rPh":
            self._phonetic = False
