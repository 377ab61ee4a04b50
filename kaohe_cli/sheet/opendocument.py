"""OpenDocument spreadsheets (.ods): a bounded streaming reader."""

import re
from bisect import bisect_left
from collections.abc import Collection
from decimal import Decimal

from kaohe_cli.points import ZERO
from kaohe_cli.sheet.book import Area, Cell, CellKind, Sheet
from kaohe_cli.sheet.bounds import LONGEST_TEXT, Budget, CellCollector, Refused, damaged, extend, too_much
from kaohe_cli.sheet.formats import exact, timed, written_date
from kaohe_cli.sheet.parts import DEEPEST, Attributes, Package

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{_OASIS}{part}:1.0 " for part in ("office", "table", "text", "style"))
_SHOWN_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"

_VALUES = frozenset(f"{_OFFICE}{name}value" for name in ("", "date-", "time-", "boolean-"))

_TAGS = {
    f"{_OFFICE}spreadsheet": "sheets", f"{_TABLE}table": "table", f"{_TABLE}table-row": "row",
    f"{_TABLE}table-cell": "cell", f"{_TABLE}covered-table-cell": "cell", f"{_TEXT}p": "p", f"{_TEXT}s": "s",
    f"{_TEXT}tab": "tab", f"{_TEXT}line-break": "break", f"{_STYLE}style": "style",
    f"{_STYLE}table-properties": "properties", f"{_STYLE}text-properties": "letters",
    f"{_OFFICE}annotation": "comment", f"{_TEXT}ruby-text": "aside", f"{_TABLE}shapes": "shapes",
    f"{_TABLE}table-column": "column",
}  # fmt: skip
_DRAWING = f"{_OASIS}drawing:1.0 "
_STYLE_NAME, _USUAL_STYLE = f"{_TABLE}style-name", f"{_TABLE}default-cell-style-name"
_LINE_THROUGH = f"{_STYLE}text-line-through-style", f"{_STYLE}text-line-through-type"
_TIME = re.compile(r"(-?)PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,12})?)S)?", re.ASCII)
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
        self._striking: set[str] = set()  # styles of cells whose text is struck out
        self._style = ""
        self._of_cells = False  # that style
        self._tables = 0  # a table within a table is no sheet
        self._cells: CellCollector | None = None  # None: not within a sheet that is wanted
        self._hidden = False  # that sheet
        self._sheets_depth = 0  # of the element that holds the sheets; 0: not within it
        self._row_depth = 0  # 0: not within a row
        self._row = self._column = 0
        self._cell: Attributes | None = None
        self._cell_depth = self._shapes_depth = 0  # 0: not within such
        self._columns: list[tuple[int, str]] = []  # last column, and style that its cells have without one of their own
        self._row_style = ""
        self._taken: list[tuple[int, int, Attributes, str | None]] = []  # column, repeated, attributes, text
        self._repeated = 1
        self._depth = self._paragraph = self._aside = 0
        self._comment = 0  # how deep the comment is that is being read; 0: none
        self._remark: list[str] = []
        self._remarking = False
        self._paragraphs = 0
        self._parts: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise too_much("层次", DEEPEST)
        name = _TAGS.get(tag)
        if name is None:
            upon = self._depth in (self._cell_depth + 1, self._shapes_depth + 1)
            if upon and tag.startswith(_DRAWING) and self._cells is not None and self._tables == 1:
                self._cells.pictures += 1
            return
        if name == "style":
            self._style = attributes.get(f"{_STYLE}name", "")
            self._of_cells = attributes.get(f"{_STYLE}family") == "table-cell"
        elif name == "letters":
            if self._of_cells and any(attributes.get(name, "none") != "none" for name in _LINE_THROUGH):
                self._striking.add(self._style)
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
            self._start_within(self._cells, name, attributes)
        elif not self._tables and name in ("row", "cell"):
            raise damaged("行的位置不对" if name == "row" else "单元格的位置不对")

    def _start_within(self, cells: CellCollector, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element in a sheet that is wanted."""
        if name == "cell":
            if not self._row_depth or self._depth != self._row_depth + 1:
                raise damaged("单元格的位置不对")
            self._cell, self._cell_depth, self._paragraphs = attributes, self._depth, 0
            self._column += 1
            across, down = (_times(attributes.get(f"{_TABLE}number-{way}-spanned")) for way in ("columns", "rows"))
            if across > 1 or down > 1:
                top, left = self._row, self._column
                cells.merged.append(Area(top, left, top + down - 1, left + across - 1))
        elif name == "row":
            if self._row_depth or self._aside:
                raise damaged("行的位置不对")
            self._row_depth = self._depth
            self._row += 1
            self._column = 0
            self._row_style = attributes.get(_USUAL_STYLE, "")
            self._repeated = _times(attributes.get(f"{_TABLE}number-rows-repeated"))
        elif name == "column":
            last = self._columns[-1][0] if self._columns else 0
            times = _times(attributes.get(f"{_TABLE}number-columns-repeated"))
            self._columns.append((last + times, attributes.get(_USUAL_STYLE, "")))
        elif name == "shapes":
            self._shapes_depth = self._depth
        elif name == "comment":
            self._aside += 1
            if self._cell is not None and self._depth == self._cell_depth + 1:
                self._comment = self._depth
        elif name == "aside":
            self._aside += 1
        elif self._comment:
            self._remarking = self._remarking or name == "p"  # before that it says who wrote it, and when
            if self._remarking:
                extend(self._remark, {"p": "\n", "s": " ", "tab": "\t", "break": "\n"}.get(name, ""))
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
        elif self._remarking:
            extend(self._remark, data)

    def end(self, tag: str) -> None:
        name = _TAGS.get(tag)
        depth, self._depth = self._depth, self._depth - 1
        if name is None:
            return
        if name == "sheets":
            self._sheets_depth = 0
        elif name == "table":
            self._tables -= 1
            if not self._tables and self._cells is not None:
                self.found.append((self._cells.sheet(self._hidden), self._cells))
                self._cells = None
        elif self._cells is None or self._tables > 1:
            return
        elif name == "p":
            self._remarking = False
            if depth == self._paragraph:
                self._paragraph = 0
        elif name == "aside":
            self._aside -= 1
        elif name == "comment":
            self._aside -= 1
            if depth == self._comment:
                self._comment = 0
                self._cells.remark((self._row, self._column), "".join(self._remark))
                self._remark.clear()
        elif name == "shapes":
            self._shapes_depth = 0
        elif name == "cell" and self._cell is not None:
            times = _times(self._cell.get(f"{_TABLE}number-columns-repeated"))
            near = self._column <= self._limits.column  # what stands further off is told of, not kept
            text = "".join(self._parts if near else ()) if self._paragraphs else None
            self._parts.clear()
            if text is not None or len(self._cell) > 0:
                self._taken.append((self._column, times, self._cell, text))
            self._column += times - 1
            self._cell, self._cell_depth = None, 0
        elif name == "row":
            self._row_depth = 0
            self._settle(self._cells)
            self._row += self._repeated - 1

    def _open(self, attributes: Attributes) -> None:
        sheet = attributes.get(f"{_TABLE}name", "")
        self.names.append(sheet)
        self._row = 0
        self._columns.clear()
        if self._wanted is None or sheet in self._wanted:
            self._cells = CellCollector(sheet, self._file, self._budget)
            self._hidden = attributes.get(_STYLE_NAME) in self._hiding

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
                    cells.add(row, place, cell, bool(self._striking) and self._is_struck(attributes, place))
        self._taken.clear()

    def _is_struck(self, attributes: Attributes, column: int) -> bool:
        """Whether the text of a cell is struck out by its style, or by that of its row or column."""
        style = attributes.get(_STYLE_NAME) or self._row_style
        if not style:
            at = bisect_left(self._columns, (column, ""))
            style = self._columns[at][1] if at < len(self._columns) else ""
        return style in self._striking


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
        return Cell(CellKind.NUMBER, value, formula, kind == "percentage" or _is_percentage(value, text))
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
        if time is None or not any(time.groups()[1:]):
            return cells.unreadable(row, column, given)
        hours, minutes, seconds = (Decimal(part or 0) for part in time.groups()[1:])
        days = exact(float((hours * 3600 + minutes * 60 + seconds) / 86_400)) or ZERO
        return timed(-days if time[1] else days, formula)
    if kind not in ("", "string") or (not kind and not _VALUES.isdisjoint(attributes)):
        raise damaged("单元格的类型不明")
    if text is not None and (attributes.get(_SHOWN_TYPE) == "error" or (formula and _ERROR.fullmatch(text))):
        return Cell(CellKind.ERROR, cells.text(row, column, text)[:40], formula)
    # what is shown stands for the value only where that is not given by itself
    text = attributes.get(f"{_OFFICE}string-value", "" if text is None and kind == "string" else text)
    if text is None:
        return Cell(CellKind.UNCOMPUTED, None, True) if formula else None
    return Cell(CellKind.TEXT, cells.text(row, column, text), formula)


def _is_percentage(value: Decimal, shown: str | None) -> bool:
    """Whether a number is shown as a percentage, which some programs say by its style alone: 0.95 as 95%."""
    said = (shown or "").strip().replace(",", "").replace("\N{MINUS SIGN}", "-")
    number = exact(said[:-1]) if said.endswith("%") else None
    return number is not None and abs(number - value * 100) < abs(number - value)


def _times(text: str | None) -> int:
    """How often something is repeated: once where nothing is said."""
    if text is None:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise damaged("重复次数不是整数")
    return max(int(text), 1)
