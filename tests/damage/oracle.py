"""What a workbook says, read without any of the program's own readers: by ElementTree from .xlsx and .ods, by xlrd from
.xls. Where a file is not what its format prescribes, the oracle gives up with ``Unreadable``.
"""

import io
import os
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from xml.etree import ElementTree

import xlrd
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from kaohe_cli.sheet.book import Book, Cell, CellKind

Place = tuple[int, int]


class Unreadable(Exception):
    """The oracle cannot say what stands in the file."""


class Said(NamedTuple):
    """What stands in a cell."""

    kind: str  # number, text, logical, error, date, uncomputed
    value: Decimal | str | bool | date | None
    shown: str = ""  # of a number: percent, date; empty: as such; ?: the oracle does not see it
    formula: bool | None = None  # None: the oracle does not see it


Cells = dict[Place, Said]
Sheets = list[tuple[str, Cells]]

CHINESE_DAYS = {*range(27, 37), *range(50, 59)}  # date formats of Chinese editions, which have no code in the file
MOST_ROWS, MOST_COLUMNS = 5_000, 256  # beyond them the program says that it leaves cells out
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LITERAL = re.compile(r'"[^"]*"?|\[[^\]]*\]|[\\_*].')


def read(data: bytes, unread: Collection[str] = ()) -> tuple[Sheets, bool]:
    """The sheets of a workbook but those of the names ``unread``, and whether its days count from 1904."""
    if not data.startswith(b"PK"):
        return _xls(data, unread)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = {name.lower().lstrip("/"): container.read(name) for name in _needed(container)}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise Unreadable(str(error)) from error
    return (_ods(parts, unread), False) if "mimetype" in parts else _xlsx(parts, unread)


def _needed(container: zipfile.ZipFile) -> list[str]:
    return [name for name in container.namelist() if not name.lower().endswith((".png", "/", "theme1.xml"))]


def _tree(parts: Mapping[str, bytes], name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(parts[name.lower()])
    except (ElementTree.ParseError, ValueError, LookupError, KeyError, UnicodeError) as error:
        raise Unreadable(f"{name}: {error}") from error


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text, re.ASCII):
        raise Unreadable(f"number {text[:20]!r}")
    return Decimal(format(float(text), ".15g"))


def _shown(code: str) -> str:
    first = LITERAL.sub("", code).split(";")[0]
    return "percent" if "%" in first else "date" if is_date_format(code) or "aaa" in first.lower() else ""


# ── Office Open XML ─────────────────────────────────────────────────────────────────────────────────────────────────

SPACES = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
LINKS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
INNER = {
    "sheetData": "worksheet",
    "row": "sheetData",
    "c": "row",
    "v": "c",
    "is": "c",
}  # element → the only one that may hold it


def _bare(element: ElementTree.Element) -> str:
    """The name of an element without its namespace; empty where it is of another vocabulary."""
    space, brace, name = element.tag.rpartition("}")
    return name if space + brace in SPACES else ""


def _named(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if _bare(child) == name)


def _linked(parts: Mapping[str, bytes], path: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(path)
    found = {}
    for element in _tree(parts, posixpath.join(folder, "_rels", f"{name}.rels")):
        if element.tag.endswith("}Relationship") and element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
            found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], target)
    return found


def _xlsx(parts: Mapping[str, bytes], unread: Collection[str]) -> tuple[Sheets, bool]:
    path = next((path for kind, path in _linked(parts, "").values() if kind == "officeDocument"), "")
    links = _linked(parts, path)
    main = _tree(parts, path)
    named = dict(links.values())
    strings = _strings(_tree(parts, named["sharedStrings"])) if "sharedStrings" in named else []
    styles = _styles(_tree_until(parts, named["styles"], "cellXfs")) if "styles" in named else None
    sheets: Sheets = []
    for entry in main.iter():  # an entry that slipped into another element names its sheet all the same
        if _bare(entry) != "sheet":
            continue
        link = entry.get(LINKS[0]) or entry.get(LINKS[1]) or ""
        if link not in links:
            raise Unreadable(f"link {link!r}")
        kind, target = links[link]
        if kind == "worksheet" and entry.get("name") in unread:
            sheets.append((entry.get("name", ""), {}))
        elif kind == "worksheet":
            root = _tree_until(parts, target, "sheetData")
            sheets.append((entry.get("name", ""), dict(_cells(root, strings, styles))))
    if len({name for name, _ in sheets}) < len(sheets):
        raise Unreadable("two sheets of one name")
    epoch = any(each.get("date1904") in ("1", "true", "on") for each in _named(main, "workbookPr"))
    return sheets, epoch


def _tree_until(parts: Mapping[str, bytes], name: str, last: str) -> ElementTree.Element:
    """A part; where it is not well-formed, as far as the end of the element after which nothing tells of values."""
    try:
        return _tree(parts, name)
    except Unreadable:
        if name.lower() not in parts:
            raise
    parser = ElementTree.XMLPullParser(("start", "end"))
    root: ElementTree.Element | None = None
    try:
        parser.feed(parts[name.lower()])
        for event, element in parser.read_events():
            assert isinstance(element, ElementTree.Element)
            root = element if root is None else root
            if event == "end" and _bare(element) == last:
                return root
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Unreadable(f"{name}: {error}") from error
    raise Unreadable(name)


def _strings(root: ElementTree.Element) -> list[str]:
    found = []
    for element in root.iter():
        if any(_bare(child) == "si" and element is not root for child in element):
            raise Unreadable("si")
    for item in _named(root, "si"):
        found.append(_unescaped(_texts(item)))
    return found


def _texts(element: ElementTree.Element) -> str:
    if _bare(element) == "rPh":
        return ""
    if _bare(element) == "t":
        return "".join(element.itertext())
    return "".join(map(_texts, element))


def _unescaped(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _styles(root: ElementTree.Element) -> list[str]:
    codes = dict(BUILTIN_FORMATS)
    for holder in root:
        if _bare(holder) == "numFmt":
            raise Unreadable("numFmt")
        if _bare(holder) == "cellXfs":
            break
        _straight(holder, {"numFmt": "numFmts"})
    for holder in _named(root, "numFmts"):
        for each in _named(holder, "numFmt"):
            codes[int(each.get("numFmtId", "-1"))] = each.get("formatCode", "")
    found = []
    for holder in _named(root, "cellXfs"):
        _straight(holder, {"xf": "cellXfs"})
        for each in _named(holder, "xf"):
            key = each.get("numFmtId", "0")
            number = int(key) if key.isascii() and key.isdecimal() else 0
            chinese = number in CHINESE_DAYS and number not in codes
            found.append("date" if chinese else _shown(codes.get(number, "General")))
    return found


def _cells(root: ElementTree.Element, strings: list[str], styles: list[str] | None) -> Iterator[tuple[Place, Said]]:
    for holder in _until(root):
        _straight(holder, INNER)
        if INNER.get(_bare(holder), _bare(root)) != _bare(root):
            raise Unreadable(f"{_bare(holder)} in {_bare(root) or root.tag}")
    if not any(True for _ in _named(root, "sheetData")):
        raise Unreadable("no sheetData")
    seen: set[Place] = set()
    for holder in list(_named(root, "sheetData"))[:1]:
        number = 0
        for row in _named(holder, "row"):
            given = row.get("r")
            if given is not None and not re.fullmatch(r"\s*0*[1-9]\d{0,6}\s*", given, re.ASCII):
                raise Unreadable(f"row {given}")
            number = int(given) if given is not None else number + 1
            column = 0
            for cell in _named(row, "c"):
                column = _column(cell.get("r"), number, column + 1)
                said = _cell(cell, strings, styles)
                if said is None:
                    continue
                if (number, column) in seen:
                    raise Unreadable("one place twice")
                seen.add((number, column))
                if said.value != "" or said.formula:
                    yield (number, column), said


def _until(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The elements of ``root`` up to that of its cells; what follows lays out the sheet."""
    for child in root:
        yield child
        if _bare(child) == "sheetData":
            return


def _straight(root: ElementTree.Element, inner: Mapping[str, str]) -> None:
    """Give up where one of the elements ``inner`` stands in another than the one that may hold it."""
    for parent in root.iter():
        for child in parent:
            if inner.get(_bare(child), _bare(parent)) != _bare(parent):
                raise Unreadable(f"{_bare(child)} in {_bare(parent) or parent.tag}")


def _column(place: str | None, row: int, following: int) -> int:
    if place is None:
        return following
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d*)", place, re.ASCII)
    if found is None or int(found[2]) != row:
        raise Unreadable(f"place {place}")
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return column


def _cell(cell: ElementTree.Element, strings: list[str], styles: list[str] | None) -> Said | None:
    kind, style = cell.get("t", "n"), cell.get("s") or "0"
    values, inline = list(_named(cell, "v")), list(_named(cell, "is"))
    formula = any(True for _ in _named(cell, "f"))
    if kind == "inlineStr" and len(inline) == 1:
        values = []  # some programs write one beside the text, which is what is shown
    if len(values) + len(inline) > 1:
        raise Unreadable("two values")
    if inline and kind not in ("inlineStr", "str"):
        raise Unreadable("an inline text that is none")
    if kind in ("str", "inlineStr") and (values or inline):
        return Said("text", _unescaped("".join(values[0].itertext()) if values else _texts(inline[0])), "", formula)
    text = "".join(values[0].itertext()).strip() if values else ""
    if kind == "s" and text:
        if not (text.isascii() and text.isdecimal() and int(text) < len(strings)):
            raise Unreadable(f"string {text[:20]!r}")
        return Said("text", strings[int(text)], "", formula)
    if not text:
        return Said("uncomputed", None, "", True) if formula else None
    if kind == "n":
        if not (style.isascii() and style.isdecimal() and int(style) < len(styles or [""])):
            raise Unreadable(f"style {style[:20]!r}")
        shown = styles[int(style)] if styles else ""
        return Said("number", _number(text), shown, formula)
    if kind == "b" and text in ("0", "1", "true", "false"):
        return Said("logical", text in ("1", "true"), "", formula)
    if kind == "e":
        return Said("error", text, "", formula)
    if kind == "d" and re.match(r"\d{4}-\d\d-\d\d", text):
        return Said("date", date.fromisoformat(text[:10]), "", formula)
    raise Unreadable(f"kind {kind}")


# ── OpenDocument ────────────────────────────────────────────────────────────────────────────────────────────────────

OFFICE, TABLE, TEXT = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text"))
SHOWN_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
GROUPS = {f"{TABLE}table-row-group", f"{TABLE}table-header-rows", f"{TABLE}table-rows"}
CELLS = {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}


def _ods(parts: Mapping[str, bytes], unread: Collection[str]) -> Sheets:
    root = _tree(parts, "content.xml")
    for parent in root.iter():
        for child in parent:
            if child.tag in CELLS and parent.tag != f"{TABLE}table-row":
                raise Unreadable("a cell outside of a row")
            if child.tag == f"{TABLE}table-row" and parent.tag not in {*GROUPS, f"{TABLE}table"}:
                raise Unreadable("a row outside of a table")
    sheets: Sheets = []
    for table in root.iterfind(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table"):
        name = table.get(f"{TABLE}name", "")
        sheets.append((name, {} if name in unread else dict(_placed(table))))
    if sum(1 for _ in root.iter(f"{TABLE}table")) != len(sheets):
        raise Unreadable("a table that is no sheet")
    if len({name for name, _ in sheets}) < len(sheets):
        raise Unreadable("two sheets of one name")
    return sheets


def _rows(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in element:
        if child.tag in GROUPS:
            yield from _rows(child)
        elif child.tag == f"{TABLE}table-row":
            yield child


def _placed(table: ElementTree.Element) -> Iterator[tuple[Place, Said]]:
    row = 1
    for line in _rows(table):
        rows, column = _repeated(line, "rows"), 1
        for cell in line:
            if cell.tag not in CELLS:
                continue
            columns, said = _repeated(cell, "columns"), _content(cell)
            if said is not None and (said.value != "" or said.formula):
                for down in range(row, min(row + rows, MOST_ROWS + 1)):
                    for across in range(column, min(column + columns, MOST_COLUMNS + 1)):
                        yield (down, across), said
            column += columns
        row += rows


def _repeated(element: ElementTree.Element, what: str) -> int:
    given = element.get(f"{TABLE}number-{what}-repeated", "1")
    if not re.fullmatch(r"\d{1,9}", given, re.ASCII):
        raise Unreadable(given)
    return max(int(given), 1)


def _content(cell: ElementTree.Element) -> Said | None:
    kind = cell.get(f"{OFFICE}value-type", "")
    formula = f"{TABLE}formula" in cell.attrib
    paragraphs = [_paragraph(child) for child in cell if child.tag == f"{TEXT}p"]
    text = "\n".join(paragraphs) if paragraphs else None
    fails = text is not None and re.fullmatch(r"#[A-Z0-9/]+[!?]?|Err:\d+", text, re.ASCII)
    if text is not None and ((formula and fails) or cell.get(SHOWN_TYPE) == "error"):
        return Said("error", text, "", formula)
    if kind in ("float", "percentage", "currency"):
        value = _number(cell.get(f"{OFFICE}value", "").strip())
        return Said("number", value, "percent" if kind == "percentage" else "", formula)
    if kind == "date":
        given = re.fullmatch(r"(\d{4}-\d\d-\d\d)(T.*)?", cell.get(f"{OFFICE}date-value", ""), re.ASCII)
        try:
            return Said("date", date.fromisoformat(given[1] if given else ""), "", formula)
        except ValueError as error:
            raise Unreadable("date") from error
    if kind == "boolean":
        given_as = cell.get(f"{OFFICE}boolean-value")
        if given_as not in ("true", "false"):
            raise Unreadable("boolean")
        return Said("logical", given_as == "true", "", formula)
    if kind == "time":
        found = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(\.\d+)?S", cell.get(f"{OFFICE}time-value", ""), re.ASCII)
        if found is None:
            raise Unreadable("time")
        return Said("number", _number(repr(sum(int(found[n]) * 60 ** (3 - n) for n in (1, 2, 3)) / 86_400)), "date")
    if kind not in ("", "string"):
        raise Unreadable(f"kind {kind}")
    if not kind and any(f"{OFFICE}{name}" in cell.attrib for name in ("value", "date-value", "boolean-value")):
        raise Unreadable("a value of no kind")
    text = cell.get(f"{OFFICE}string-value", text if text is not None or not kind else "")
    if text is None:
        return Said("uncomputed", None, "", True) if formula else None
    return Said("text", text, "", formula)


def _paragraph(element: ElementTree.Element) -> str:
    said = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            said += " " * int(child.get(f"{TEXT}c", "1"))
        elif child.tag == f"{TEXT}tab":
            said += "\t"
        elif child.tag == f"{TEXT}line-break":
            said += "\n"
        elif child.tag not in (f"{OFFICE}annotation", f"{TEXT}ruby-text"):
            said += _paragraph(child)
        said += child.tail or ""
    return said


# ── Before 2007 ─────────────────────────────────────────────────────────────────────────────────────────────────────


FAULTS_OF_XLRD = (
    xlrd.XLRDError, xlrd.compdoc.CompDocError, AssertionError, struct.error, LookupError, ValueError, TypeError,
    AttributeError, OverflowError, NotImplementedError, UnboundLocalError, RecursionError,
    xlrd.formula.FormulaError,
)  # fmt: skip


def _letters(raw: bytes, encoding: str) -> str:
    """A text in which half a letter is no reason to give up the file: it cannot be seen, and is left out later."""
    return raw.decode(encoding, "surrogatepass" if encoding.startswith("utf") else "strict")


for module in (xlrd.biffh, xlrd.book, xlrd.sheet, xlrd.formatting):
    if hasattr(module, "unicode"):
        module.unicode = _letters


def _xls(data: bytes, unread: Collection[str]) -> tuple[Sheets, bool]:
    try:
        return _by_xlrd(data, unread, formats=True)
    except FAULTS_OF_XLRD:
        pass
    try:  # what is wrong may be wrong with the looks alone
        return _by_xlrd(data, unread, formats=False)
    except FAULTS_OF_XLRD as error:
        raise Unreadable(repr(error)) from error


def _by_xlrd(data: bytes, unread: Collection[str], formats: bool) -> tuple[Sheets, bool]:
    sheets: Sheets = []
    with open(os.devnull, "w") as nowhere:
        book = xlrd.open_workbook(
            file_contents=data, logfile=nowhere, formatting_info=formats, ragged_rows=True, on_demand=True
        )
        for at, name in enumerate(book.sheet_names()):
            sheets.append((name, {} if name in unread else dict(_xls_cells(book, book.sheet_by_index(at), formats))))
    return sheets, book.datemode == 1


def _xls_cells(book: xlrd.Book, sheet: xlrd.sheet.Sheet, formats: bool) -> Iterator[tuple[Place, Said]]:
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            place = (row + 1, column + 1)
            if cell.ctype == xlrd.XL_CELL_TEXT and cell.value:
                yield place, Said("text", cell.value)
            elif cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str if formats else ""
                day = cell.ctype == xlrd.XL_CELL_DATE or is_date_format(code)
                if cell.value != cell.value or cell.value in (float("inf"), -float("inf")):
                    raise Unreadable("number")
                yield (
                    place,
                    Said("number", _number(repr(cell.value)), "date" if day else _shown(code) if formats else "?"),
                )
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                yield place, Said("logical", bool(cell.value))
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                yield place, Said("error", xlrd.error_text_from_code.get(cell.value, "#VALUE!"))


# ── Comparing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def differences(book: Book, sheets: Sheets, epoch_1904: bool, unread: Collection[str] = ()) -> Iterator[str]:
    """Where the program read something else than the oracle; sheets of the names ``unread`` it passes over."""
    sheets = [(name, cells) for name, cells in sheets if name not in unread]
    if [sheet.name for sheet in book.sheets] != [name for name, _ in sheets]:
        yield f"sheets {[sheet.name for sheet in book.sheets]} / {[name for name, _ in sheets]}"
        return
    for sheet, (name, cells) in zip(book.sheets, sheets, strict=True):
        for place in sheet.cells.keys() | cells.keys():
            mine, said = sheet.cells.get(place), cells.get(place)
            if not _agree(mine, said, epoch_1904):
                yield f"{name} {place}: {mine} / {said}"


def _agree(mine: Cell | None, said: Said | None, epoch_1904: bool) -> bool:
    if mine is None or said is None:
        # a text of nothing, or of what cannot be seen, is as good as none
        return (mine is None or mine.value == "") and (said is None or not UNWANTED.sub("", str(said.value or "")))
    if said.formula is not None and mine.formula != said.formula:
        return False
    if mine.kind is CellKind.NUMBER:
        shown = "?" if said.shown == "?" else "percent" if mine.percent else ""
        return (said.kind, said.value, said.shown) == ("number", mine.value, shown)
    if said.kind == "number" and isinstance(said.value, Decimal):
        if mine.kind is CellKind.ERROR:
            return said.shown == "date" and mine.number == said.value
        return said.shown == "date" and mine.value == _day_or_time(mine, said.value, epoch_1904)
    if mine.kind is CellKind.TEXT:
        return said.kind == "text" and _close(str(mine.value)) == _close(str(said.value))
    if mine.kind is CellKind.ERROR:
        return said.kind == "error" and str(mine.value).strip() == str(said.value)[:40].strip()
    kinds = {CellKind.LOGICAL: "logical", CellKind.DATE: "date", CellKind.UNCOMPUTED: "uncomputed"}
    return said.kind == kinds[mine.kind] and mine.value == said.value


def _day_or_time(mine: Cell, serial: Decimal, epoch_1904: bool) -> date | str:
    if mine.kind is CellKind.DATE:
        shift = 0 if epoch_1904 or serial >= 60 else 1
        return (date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)) + timedelta(int(serial) + shift)
    minutes, seconds = divmod(round(float(serial) * 86_400), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _close(text: str) -> str:
    """A text without what cannot be seen, and with each stretch of blanks as one: formats differ in keeping them."""
    return " ".join(UNWANTED.sub("", text).split())
