"""Workbooks of before 2007 (.xls, WPS .et): a stream of BIFF records, as Excel 5 to 2003 write it.

Nothing in such a stream is checked by sums. Reading stops at the limits, whatever the file says of itself.
"""

import re
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.sheet.biff import Lettering, encoding_of, logical, rk_number, shared_texts
from kaohe_cli.sheet.book import Cell, CellKind, Sheet
from kaohe_cli.sheet.bounds import Budget, CellCollector, Refused, damaged, too_much
from kaohe_cli.sheet.formats import MOST_FORMATS, Display, display_by, display_of, exact, numeric
from kaohe_cli.sheet.objects import OBJECTS, Objects

_CONTINUE, _EOF, _BOF, _STRING, _BLANK, _MULBLANK = 0x3C, 0x0A, 0x809, 0x207, 0x201, 0xBE
_WORKSHEET = 0x10  # what the BOF of one says it is
# of cells that are always equally long; some programs write zeros behind a number or a logical value
_LENGTHS = {0x203: (14, 18), 0x27E: (10,), 0xFD: (10,), 0x205: (8, 9)}
_CELLS = frozenset((0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6, 0x205, 0x006, 0x206, 0x406))
_OLD_SIZE = 10  # length of the oldest record of a sheet's size, which some programs still write before its cells
_COLUMNS = 256  # that a sheet has
_LAST_KIND = 0x10FF  # of all records, those of charts included
_OLD = (0x009, 0x209, 0x409)  # BOF of BIFF 2, 3 and 4

# what no name of a sheet may hold, and what a text becomes whose letters its code page does not have
_LOST = re.compile("[?\ufffd]")

# nor half a letter, which no other file can hold either
_UNFIT = re.compile("[\x00-\x1f\ud800-\udfff]")

_SHORT, _PAIR, _PLACE, _FLOAT = (struct.Struct(layout).unpack_from for layout in ("<H", "<HH", "<HHH", "<d"))


class Globals(Struct, frozen=True):
    """What stands before the sheets: which there are, and what all of them refer to."""

    sheets: Sequence[tuple[str, bool, int]]  # name, whether hidden, where in the stream it begins
    lettering: Lettering
    epoch_1904: bool
    displays: Mapping[int, Display]  # by the number of a cell format
    texts: list[str]  # shared ones, by their number
    struck: Set[int]  # cell formats with a font that strikes out, by their number


def stream_sheets(
    data: bytes, file: str, budget: Budget, wanted: Collection[str] | None = None
) -> Iterator[tuple[Sheet, CellCollector]]:
    """The worksheets of a stream, of all or those wanted, each with its cells and what was wrong; raises Refused."""
    try:
        shared = _globals(data, budget)
        for name, hidden, offset in shared.sheets:
            if wanted is None or name in wanted:
                cells = CellCollector(name, file, budget)
                _Reading(shared, cells).read(_records(data, offset, budget, _WORKSHEET))
                yield cells.sheet(hidden), cells
    except (struct.error, IndexError) as error:  # a record is shorter than its kind demands
        raise damaged("记录不完整") from error


def _records(data: bytes, offset: int, budget: Budget, part: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Records from one BOF, of this kind of part where one is meant, to its EOF, without those of a chart."""
    level, nothing, filled = 0, False, False
    while True:
        kind, length = _PAIR(data, offset)
        offset += 4
        body = data[offset : offset + length]
        if len(body) < length:
            raise damaged("记录不完整")
        offset += length
        budget.step(what="记录")
        # nothing after nothing was never written; beyond the last kind no record starts any longer
        if kind > _LAST_KIND or (kind == 0 and (filled or length != _OLD_SIZE if length else nothing)):
            raise damaged("记录的类型不明")
        nothing = kind == length == 0
        filled = filled or kind in _CELLS
        if kind == _BOF:
            if level == 0 and part not in (None, _SHORT(body, 2)[0]):
                raise damaged("工作表的位置不对")
            level += 1
        elif level == 0:
            raise damaged("工作表的位置不对")
        elif kind == _EOF:
            level -= 1
            if not level:
                return
        elif level == 1:
            yield kind, body


def _globals(data: bytes, budget: Budget) -> Globals:
    """What stands before the sheets; raises Refused."""
    lettering = Lettering(_is_wide(data))
    epoch_1904 = False
    entries: list[bytes] = []
    own: dict[int, Display] = {}
    keys: list[tuple[int, int]] = []  # of each cell format: its font, its number format
    fonts: list[bool] = []  # whether it strikes out
    table: list[bytes] = []
    last = 0
    for kind, body in _records(data, 0, budget):
        if kind == 0x2F:  # FILEPASS
            raise Refused("KH004")
        if kind == 0x85:  # BOUNDSHEET
            entries.append(body)
        elif kind == 0xFC or (kind == _CONTINUE and last == 0xFC):  # SST
            table.append(body)
            kind = 0xFC
        elif kind == 0xE0:  # XF
            keys.append(_PAIR(body))
            if len(keys) > MOST_FORMATS:
                raise too_much("单元格格式", MOST_FORMATS)
        elif kind == 0x31:  # FONT
            fonts.append(len(body) > 2 and body[2] & 8 != 0)
        elif kind == 0x41E:  # FORMAT
            own[_SHORT(body)[0]] = display_of(lettering.format_code(body, 2))
        elif kind == 0x22:  # DATEMODE
            epoch_1904 = body[:1] == b"\x01"
        elif kind == 0x42:  # CODEPAGE
            lettering = Lettering(lettering.wide, encoding_of(_SHORT(body)[0]))
        last = kind
    displays = dict(enumerate(display_by(key, own) for _, key in keys)) or {0: Display.NUMBER}
    texts = shared_texts(table, budget) if table else []
    # there is no font of number 4
    striking = {number if number < 4 else number + 1 for number, strikes in enumerate(fonts) if strikes}
    struck = frozenset(number for number, (font, _) in enumerate(keys) if font in striking)
    return Globals(_sheets(entries, lettering), lettering, epoch_1904, displays, texts, struck)


def _is_wide(data: bytes) -> bool:
    """Whether texts are in Unicode; Refused where the stream is of a version that is not read, or is none."""
    kind, length = _PAIR(data)
    if kind in _OLD:
        raise Refused("KH016")
    if kind != _BOF or length < 4:
        raise damaged("文件头有误")
    version: int = _SHORT(data, 4)[0]
    if version not in (0x500, 0x600):
        raise Refused("KH016")
    return version == 0x600


def _sheets(entries: Iterable[bytes], lettering: Lettering) -> Sequence[tuple[str, bool, int]]:
    """Name, whether hidden, and offset of each worksheet; Refused where a name is not one."""
    found: list[tuple[str, bool, int]] = []
    for body in entries:
        offset, state, kind = struct.unpack_from("<IBB", body)
        if kind == 0:  # a worksheet; others are macros and charts
            found.append((lettering.text(body, 6, short=True), state & 3 != 0, offset))
    names = [name for name, _, _ in found]
    lost = next((name for name in names if not lettering.wide and _LOST.search(name)), None)
    if lost is not None:
        raise Refused("KH038", found=lost[:40])
    if any(map(_UNFIT.search, names)):
        raise damaged("工作表的名称有误")
    if len(set(names)) != len(names):
        raise damaged("工作表重名")
    return found


def _continued(records: Iterator[tuple[int, bytes]]) -> Iterator[bytes]:
    """The bodies of the records that go on with the one before; Refused at the first of another kind."""
    for kind, body in records:
        if kind != _CONTINUE:
            raise damaged("文字不完整")
        yield body


class _Reading:
    """What has been read of a worksheet so far."""

    def __init__(self, shared: Globals, cells: CellCollector) -> None:
        self._shared = shared
        self._cells = cells
        self._waiting: tuple[int, int] | None = None  # a formula whose text comes in a record of its own
        self._strikes = False  # whether the format of that formula does
        self._objects = Objects(shared.lettering, cells)

    def read(self, records: Iterable[tuple[int, bytes]]) -> None:
        """Take the cells from the records of a sheet."""
        records = iter(records)
        for kind, body in records:
            if kind in _CELLS:
                if self._waiting is not None:
                    raise damaged("公式的结果缺失")
                lengths = _LENGTHS.get(kind)
                if lengths and (len(body) not in lengths or body[lengths[0] :].strip(b"\0")):
                    raise damaged("记录的长度不对")
                row, column, style = _PLACE(body)
                row, column = row + 1, column + 1
                if column > _COLUMNS:
                    raise damaged("单元格的位置不对")
                made = self._made(kind, body, row, column, style)
                if made is not None:
                    self._cells.add(row, column, made, style in self._shared.struck)
            elif kind == _STRING and self._waiting is not None:
                text = self._cells.text(*self._waiting, self._shared.lettering.result(body, _continued(records)))
                self._cells.add(*self._waiting, Cell(CellKind.TEXT, text, True), self._strikes)
                self._waiting = None
            elif kind in (_BLANK, _MULBLANK):
                self._blank(kind, body)
            elif kind in OBJECTS:
                self._objects.take(kind, body)
        if self._waiting is not None:
            raise damaged("公式的结果缺失")
        self._objects.finish()

    def _blank(self, kind: int, body: bytes) -> None:
        row, column = _PAIR(body)
        last = column if kind == _BLANK else _SHORT(body, len(body) - 2)[0]
        count = last - column + 1
        if count < 1 or len(body) != (6 if kind == _BLANK else 6 + 2 * count):
            raise damaged("记录的长度不对")
        self._cells.blanks += count
        if any((row + 1, place + 1) in self._cells.cells for place in range(column, column + count)):
            raise damaged("同一单元格有两个值")

    def _made(self, kind: int, body: bytes, row: int, column: int, style: int) -> Cell | None:
        """The cell that a record holds; None where it holds several, or the value is yet to come."""
        if kind == 0xFD:  # LABELSST
            index = struct.unpack_from("<I", body, 6)[0]
            if index >= len(self._shared.texts):
                raise damaged("文字与文字表不符")
            return Cell(CellKind.TEXT, self._cells.text(row, column, self._shared.texts[index]))
        if kind == 0x203:  # NUMBER
            return self._number(_FLOAT(body, 6)[0], row, column, style)
        if kind == 0x27E:  # RK
            return self._number(rk_number(body, 6), row, column, style)
        if kind == 0xBD:  # MULRK: first column, then format and number of each, then last column
            if _SHORT(body, len(body) - 2)[0] != column - 2 + (len(body) - 6) / 6:
                raise damaged("记录的长度不对")
            for at in range(4, len(body) - 7, 6):
                style = _SHORT(body, at)[0]
                cell = self._number(rk_number(body, at + 2), row, column, style)
                self._cells.add(row, column, cell, style in self._shared.struck)
                column += 1
            return None
        if kind in (0x204, 0xD6):  # LABEL, RSTRING
            text = self._shared.lettering.last_text(body, 6, formatted=kind == 0xD6)
            return Cell(CellKind.TEXT, self._cells.text(row, column, text))
        if kind == 0x205:  # BOOLERR
            return logical(body[6], bool(body[7]), False)
        return self._result(body, row, column, style)

    def _result(self, body: bytes, row: int, column: int, style: int) -> Cell | None:
        """The cell of a formula; None where its text comes in a record of its own."""
        if body[12:14] != b"\xff\xff":
            return self._number(_FLOAT(body, 6)[0], row, column, style, True)
        if body[6] == 0:
            self._waiting, self._strikes = (row, column), style in self._shared.struck
            return None
        if body[6] in (1, 2):
            return logical(body[8], body[6] == 2, True)
        if body[6] == 3:
            return Cell(CellKind.TEXT, "", True)
        raise damaged("公式的结果不明")

    def _number(self, given: float | Decimal, row: int, column: int, style: int, formula: bool = False) -> Cell:
        value = given if isinstance(given, Decimal) else exact(given)
        display = self._shared.displays.get(style)
        if display is None:  # without it 0.95 and 95% are one
            raise damaged("单元格的格式不在格式表中")
        if value is None:
            return self._cells.unreadable(row, column, str(given))
        return numeric(value, display, self._shared.epoch_1904, formula)
