"""OpenDocument spreadsheets (.ods): a bounded streaming reader."""

import re
from collections.abc import Collection
from decimal import Decimal

from kaohe_cli.sheet.book import Cell, CellKind, Sheet
from kaohe_cli.sheet.bounds import LONGEST_TEXT, Budget, CellCollector, Refused, damaged, extend, too_much
from kaohe_cli.sheet.formats import clock, exact, written_date
from kaohe_cli.sheet.parts import DEEPEST, Attributes, Package

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{_OASIS}{part}:1.0 " for part in ("office", "table", "text", "style"))
_SHOWN_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"

_VALUES = frozenset(f"{_OFFICE}{name}value" for name in ("", "date-", "time-", "boolean-"))

_TAGS = {
    f"{_OFFICE}spreadsheet": "sheets", f"{_TABLE}table": "table", f"{_TABLE}table-row": "row",
    f"{_TABLE}table-cell": "cell", f"{_TABLE}covered-table-cell": "cell", f"{_TEXT}p": "p", f"{_TEXT}s": "s",
    f"{_TEXT}tab": "tab", f"{_TEXT}line-break": "break", f"{_STYLE}style": "style",
    f"{_STYLE}table-properties": "properties", f"{_OFFICE}annotation": "aside", f"{_TEXT}ruby-text": "aside",
}  # fmt: skip
_TIME = re.compile(r"PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,12})?)S)?", re.ASCII)
_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:\d+", re.ASCII)


def encrypted(package: Package) -> bool:
    """Whether the manifest says that parts of the document need a password."""
    found = False

    def start(tag: str, _: Attributes) -> None:
        nonlocal found
        found = found or tag.endswith(" encryption-data")

    if "meta-inf/manifest.xml" in package:
        package.parse("META-INF/manifest.xml", start)
    return found


def document_sheets(
    package: Package, file: str, wanted: Collection[str] | None = None
) -> list[tuple[Sheet, CellCollector]]:
    """The sheets, of all or those wanted, each with its cells and what was wrong; raises Refused."""
    if encrypted(package):
        raise Refused("KH004")
    reading = _Reading(file, package.budget, wanted)
    for _ in package.feed("content.xml", reading.start, reading.end, reading.text):
        pass
    if len(set(reading.names)) != len(reading.names):
        raise damaged("工作表重名")
    return reading.found


class _Reading:
    """What has been read of content.xml so far."""

    def __init__(self, file: str, budget: Budget, wanted: Collection[str] | None) -> None:
        self.found: list[tuple[Sheet, CellCollector]] = []
        self.names: list[str] = []
        self._file = file
        self._budget = budget
        self._limits = budget.limits
        self._wanted = wanted
        self._hiding: set[str] = set()  # styles of sheets that are not displayed
        self._style = ""
        self._tables = 0  # a table within a table is no sheet
        self._cells: CellCollector | None = None  # None: not within a sheet that is wanted
        self._sheets_depth = 0  # of the element that holds the sheets; 0: not within it
        self._row_depth = 0  # 0: not within a row
        self._row = self._column = 0
        self._cell: Attributes | None = None
        self._cell_depth = 0
        self._taken: list[tuple[int, int, Attributes, str | None]] = []  # column, repeated, attributes, text
        self._repeated = 1
        self._depth = self._paragraph = self._aside = 0
        self._paragraphs = 0
        self._parts: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise too_much("层次", DEEPEST)
        name = _TAGS.get(tag)
        if name is None:
            return
        if name == "style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif name == "properties":
            if attributes.get(f"{_TABLE}display") == "false":
                self._hiding.add(self._style)
        elif name == "sheets":
            self._sheets_depth = self._depth
        elif name == "table":
            self._tables += 1
            if self._tables == 1 and self._depth == self._sheets_depth + 1 > 1:
                self._open(attributes)
        elif self._cells is not None and self._tables == 1:
            self._start_within(name, attributes)
        elif not self._tables and name in ("row", "cell"):
            raise damaged("行的位置不对" if name == "row" else "单元格的位置不对")

    def _start_within(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element in a sheet that is wanted."""
        if name == "cell":
            if not self._row_depth or self._depth != self._row_depth + 1:
                raise damaged("单元格的位置不对")
            self._cell, self._cell_depth, self._paragraphs = attributes, self._depth, 0
            self._column += 1
        elif name == "row":
            if self._row_depth or self._aside:
                raise damaged("行的位置不对")
            self._row_depth = self._depth
            self._row += 1
            self._column = 0
            self._repeated = _times(attributes.get(f"{_TABLE}number-rows-repeated"))
        elif name == "aside":
            self._aside += 1
        elif self._aside or self._cell is None:
            return
        elif name == "p":
            if self._depth == self._cell_depth + 1:  # others belong to drawings
                self._paragraph = self._depth
                if self._paragraphs:
                    extend(self._parts, "\n")
                self._paragraphs += 1
        elif self._paragraph:
            times = min(_times(attributes.get(f"{_TEXT}c")), LONGEST_TEXT)
            self.text(" " * times if name == "s" else "\t" if name == "tab" else "\n")

    def text(self, data: str) -> None:
        if self._paragraph and not self._aside:
            extend(self._parts, data)

    def end(self, tag: str) -> None:
        name = _TAGS.get(tag)
        depth, self._depth = self._depth, self._depth - 1
        if name is None:
            return
        if name == "sheets":
            self._sheets_depth = 0
        elif name == "table":
            self._tables -= 1
            if not self._tables:
                self._cells = None
        elif self._cells is None or self._tables > 1:
            return
        elif name == "p":
            if depth == self._paragraph:
                self._paragraph = 0
        elif name == "aside":
            self._aside -= 1
        elif name == "cell" and self._cell is not None:
            times = _times(self._cell.get(f"{_TABLE}number-columns-repeated"))
            near = self._column <= self._limits.column  # what stands further off is told of, not kept
            text = "".join(self._parts if near else ()) if self._paragraphs else None
            self._parts.clear()
            if text is not None or len(self._cell) > 0:
                self._taken.append((self._column, times, self._cell, text))
            self._column += times - 1
            self._cell = None
        elif name == "row":
            self._row_depth = 0
            self._settle(self._cells)
            self._row += self._repeated - 1

    def _open(self, attributes: Attributes) -> None:
        sheet = attributes.get(f"{_TABLE}name", "")
        self.names.append(sheet)
        self._row = 0
        if self._wanted is None or sheet in self._wanted:
            self._cells = CellCollector(sheet, self._file, self._budget)
            hidden = attributes.get(f"{_TABLE}style-name") in self._hiding
            self.found.append((Sheet(sheet, hidden, self._cells.cells), self._cells))

    def _settle(self, cells: CellCollector) -> None:
        """Put the cells of the row that ends into place, as often as it says."""
        first, last = self._row, self._row + self._repeated - 1
        limits = self._limits
        for column, times, attributes, text in self._taken:
            cell = _cell(attributes, text, cells, first, column)
            if cell is None:
                continue
            end = column + times - 1
            if last > limits.row or end > limits.column:
                cells.fault("KH030", min(last, max(first, limits.row + 1)), min(end, max(column, limits.column + 1)))
            for row in range(first, min(last, limits.row) + 1):
                for place in range(column, min(end, limits.column) + 1):
                    cells.add(row, place, cell)
        self._taken.clear()


def _cell(attributes: Attributes, text: str | None, cells: CellCollector, row: int, column: int) -> Cell | None:
    """One cell; None where it is blank."""
    kind = attributes.get(f"{_OFFICE}value-type", "")
    formula = f"{_TABLE}formula" in attributes
    if kind in ("float", "percentage", "currency"):
        given = attributes.get(f"{_OFFICE}value", "").strip()
        if formula and text is not None and _ERROR.fullmatch(text):
            return Cell(CellKind.ERROR, text, True)
        value = exact(given)
        if value is None:
            return cells.unreadable(row, column, given)
        return Cell(CellKind.NUMBER, value, formula, kind == "percentage")
    if kind == "date":
        given = attributes.get(f"{_OFFICE}date-value", "")
        return written_date(given, formula) or cells.unreadable(row, column, given)
    if kind == "boolean":
        given = attributes.get(f"{_OFFICE}boolean-value", "")
        if given not in ("true", "false"):
            return cells.unreadable(row, column, given)
        return Cell(CellKind.LOGICAL, given == "true", formula)
    if kind == "time":
        given = attributes.get(f"{_OFFICE}time-value", "")
        time = _TIME.fullmatch(given)
        if time is None or not any(time.groups()):
            return cells.unreadable(row, column, given)
        hours, minutes, seconds = (Decimal(part or 0) for part in time.groups())
        return Cell(CellKind.TEXT, clock((hours * 3600 + minutes * 60 + seconds) / 86_400), formula)
    if kind not in ("", "string") or (not kind and not _VALUES.isdisjoint(attributes)):
        raise damaged("单元格的类型不明")
    if text is not None and (attributes.get(_SHOWN_TYPE) == "error" or (formula and _ERROR.fullmatch(text))):
        return Cell(CellKind.ERROR, cells.text(row, column, text)[:40], formula)
    # what is shown stands for the value only where that is not given by itself
    text = attributes.get(f"{_OFFICE}string-value", "" if text is None and kind == "string" else text)
    if text is None:
        return Cell(CellKind.UNCOMPUTED, None, True) if formula else None
    return Cell(CellKind.TEXT, cells.text(row, column, text), formula)


def _times(text: str | None) -> int:
    """How often something is repeated: once where nothing is said."""
    if text is None:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise damaged("重复次数不是整数")
    return max(int(text), 1)
