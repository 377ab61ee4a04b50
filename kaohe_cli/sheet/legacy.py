"""Workbooks of before 2007 (.xls, WPS .et): an OLE compound file that holds a stream of BIFF records.

Nothing in such a file is checked by sums, so every length and link in it is held against the file itself. Reading stops
at the limits, whatever the file says of itself: no length that it gives is believed before the bytes are there.
"""

import codecs
import re
import struct
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal

from kaohe_cli.sheet.book import Cell, CellKind, Sheet
from kaohe_cli.sheet.bounds import Budget, CellCollector, Refused, damaged, exact, too_much
from kaohe_cli.sheet.formats import BUILT_IN, Shown, numeric, shown

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END_OF_CHAIN = 0xFFFFFFFE
_NOTHING = 0xFFFFFFFF

_CONTINUE, _EOF, _BOF = 0x3C, 0x0A, 0x809
_WORKSHEET = 0x10  # what the BOF of one says it is
# of cells that are always equally long; some programs write a logical value with a byte to spare
_LENGTHS = {0x203: (14,), 0x27E: (10,), 0xFD: (10,), 0x205: (8, 9)}
_CELLS = frozenset((0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6, 0x205, 0x006, 0x206, 0x406))
_OLD_SIZE = 10  # length of the oldest record of a sheet's size, which some programs still write before its cells
_COLUMNS = 256  # that a sheet has
_LAST_KIND = 0x10FF  # of all records, those of charts included
_OLD = (0x009, 0x209, 0x409)  # BOF of BIFF 2, 3 and 4
_MOST_FORMATS = 65_536

# what no name of a sheet may hold, and what a text becomes whose letters its code page does not have
_LOST = re.compile("[?\ufffd]")

# nor half a letter, which no other file can hold either
_UNFIT = re.compile("[\x00-\x1f\ud800-\udfff]")

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def streams(data: bytes, budget: Budget) -> dict[str, Callable[[], bytes]]:
    """The streams at the top of a compound file: name in lower case → its bytes, read when called."""
    if len(data) < 512 or data[28:30] != b"\xfe\xff":
        raise damaged("文件头不完整")
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise damaged("文件头有误")
    sectors = (len(data) - 1 >> shift) + 1  # the last one may be short
    directory_start, cutoff, mini_table_start, difat = (
        struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60, 68)
    )  # fmt: skip

    def sector(number: int) -> bytes:
        if number + 1 >= sectors:
            raise damaged("扇区超出文件")
        return data[(number + 1) << shift : (number + 2) << shift]

    def numbers(raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def chain(table: list[int], start: int) -> Iterator[int]:
        for _ in range(len(table)):
            if start == _END_OF_CHAIN:
                return
            if start >= len(table):
                break
            budget.step(what="扇区")
            yield start
            start = table[start]
        if start != _END_OF_CHAIN:
            raise damaged("扇区链断裂")

    blocks = [number for number in struct.unpack_from("<109I", data, 76) if number != _NOTHING]
    for _ in range(sectors):
        if difat in (_END_OF_CHAIN, _NOTHING):
            break
        more = numbers(sector(difat))
        if not more:
            raise damaged("扇区表不完整")
        difat = more[-1]
        blocks.extend(number for number in more[:-1] if number != _NOTHING)
    if len(blocks) > sectors:
        raise damaged("扇区表过长")
    table: list[int] = []
    for number in blocks:
        table.extend(numbers(sector(number)))
    del table[sectors:]

    def whole(start: int) -> bytes:
        return b"".join(map(sector, chain(table, start)))

    directory = whole(directory_start)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    if not entries:
        raise damaged("目录不完整")

    def follow(entry: bytes) -> bytes:
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= cutoff or entry is entries[0]:
            found = whole(start)
        else:
            mini = follow(entries[0])
            if mini_table_start in (_END_OF_CHAIN, _NOTHING):
                raise damaged("扇区链断裂")
            links = list(numbers(whole(mini_table_start)))
            found = b"".join(mini[number << 6 : (number + 1) << 6] for number in chain(links, start))
        if len(found) < length:
            raise damaged("数据流不完整")
        return found[:length]

    top: dict[str, Callable[[], bytes]] = {}
    waiting, seen = [struct.unpack_from("<I", entries[0], 76)[0]], set[int]()
    while waiting:
        number = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        left, right = struct.unpack_from("<II", entry, 68)
        waiting += (left, right)
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: min(length, 64)].decode("utf-16-le", "replace").rstrip("\0").lower()
        top[name] = lambda entry=entry: follow(entry)  # type: ignore[misc]
    return top


def sheets(
    data: bytes, file: str, budget: Budget, wanted: Collection[str] | None = None
) -> Iterator[tuple[Sheet, CellCollector]]:
    """The worksheets of a BIFF stream, of all or those wanted, each with its cells and what was wrong."""
    try:
        yield from _Stream(data, file, budget).sheets(wanted)
    except (struct.error, IndexError) as error:  # a record is shorter than its kind demands
        raise damaged("记录不完整") from error


class _Stream:
    """A BIFF stream of Excel 5 to 2003."""

    def __init__(self, data: bytes, file: str, budget: Budget) -> None:
        self._data = data
        self._file = file
        self._budget = budget
        self._epoch_1904 = False
        self._encoding = "gb18030"
        self._formats: dict[int, Shown] = {}
        self._strings: list[str] = []
        self._wide = True

    def sheets(self, wanted: Collection[str] | None) -> Iterator[tuple[Sheet, CellCollector]]:
        kind, length = struct.unpack_from("<HH", self._data)
        if kind in _OLD:
            raise Refused("KH016")
        if kind != _BOF or length < 4:
            raise damaged("文件头有误")
        version = struct.unpack_from("<H", self._data, 4)[0]
        if version not in (0x500, 0x600):
            raise Refused("KH016")
        self._wide = version == 0x600
        entries = list(self._globals())
        lost = next((name for name, _, _ in entries if not self._wide and _LOST.search(name)), None)
        if lost is not None:
            raise Refused("KH038", found=lost[:40])
        if any(_UNFIT.search(name) for name, _, _ in entries):
            raise damaged("工作表的名称有误")
        if len({name for name, _, _ in entries}) != len(entries):
            raise damaged("工作表重名")
        for name, hidden, offset in entries:
            if wanted is None or name in wanted:
                cells = CellCollector(name, self._file, self._budget)
                self._sheet(offset, cells)
                yield Sheet(name, hidden, cells.cells), cells

    def _records(self, offset: int, part: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Records from one BOF, of this kind of part where one is meant, to its EOF, without those of a chart."""
        data, level, nothing, filled = self._data, 0, False, False
        while True:
            kind, length = struct.unpack_from("<HH", data, offset)
            offset += 4
            body = data[offset : offset + length]
            if len(body) < length:
                raise damaged("记录不完整")
            offset += length
            self._budget.step(what="记录")
            # nothing after nothing was never written; beyond the last kind no record starts any longer
            nothing, before = kind == length == 0, nothing
            filled = filled or kind in _CELLS
            old_size = kind == 0 and length == _OLD_SIZE and not filled
            if kind > _LAST_KIND or (nothing and before) or (kind == 0 and not nothing and not old_size):
                raise damaged("记录的类型不明")
            if kind == _BOF:
                if level == 0 and part not in (None, struct.unpack_from("<H", body, 2)[0]):
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

    def _globals(self) -> Iterator[tuple[str, bool, int]]:
        """Name, whether hidden, and offset of each worksheet; formats and texts are kept."""
        entries: list[bytes] = []
        codes: dict[int, Shown] = {}
        keys: list[int] = []
        table: list[bytes] = []
        last = 0
        for kind, body in self._records(0):
            if kind == 0x2F:  # FILEPASS
                raise Refused("KH004")
            if kind == 0x85:  # BOUNDSHEET
                entries.append(body)
            elif kind == 0xFC or (kind == _CONTINUE and last == 0xFC):  # SST
                table.append(body)
                kind = 0xFC
            elif kind == 0xE0:  # XF
                keys.append(struct.unpack_from("<H", body, 2)[0])
                if len(keys) > _MOST_FORMATS:
                    raise too_much("单元格格式", _MOST_FORMATS)
            elif kind == 0x41E:  # FORMAT
                codes[struct.unpack_from("<H", body)[0]] = shown(self._text(body, 2, short=not self._wide))
            elif kind == 0x22:  # DATEMODE
                self._epoch_1904 = body[:1] == b"\x01"
            elif kind == 0x42:  # CODEPAGE
                self._encoding = _encoding(struct.unpack_from("<H", body)[0])
            last = kind
        found = (codes.get(key) or BUILT_IN.get(key, Shown.NUMBER) for key in keys)
        self._formats = dict(enumerate(found)) or {0: Shown.NUMBER}
        self._strings = _strings(table, self._budget) if table else []
        for body in entries:
            offset, state, kind = struct.unpack_from("<IBB", body)
            if kind == 0:  # a worksheet; others are macros and charts
                yield self._text(body, 6, short=True), state & 3 != 0, offset

    def _sheet(self, offset: int, cells: CellCollector) -> None:
        """The cells of the worksheet that begins at ``offset``."""
        waiting: tuple[int, int] | None = None  # a formula whose text comes in a record of its own
        for kind, body in self._records(offset, _WORKSHEET):
            if kind == 0x207:  # STRING
                if waiting is not None:
                    cells.add(*waiting, Cell(CellKind.TEXT, cells.text(*waiting, self._whole_text(body, 0)), True))
                    waiting = None
                continue
            if kind in (0x201, 0xBE):  # BLANK, MULBLANK
                row, column = struct.unpack_from("<HH", body)
                last = column if kind == 0x201 else struct.unpack_from("<H", body, len(body) - 2)[0]
                count = last - column + 1
                if count < 1 or len(body) != (6 if kind == 0x201 else 6 + 2 * count):
                    raise damaged("记录的长度不对")
                cells.blanks += count
                if any((row + 1, place + 1) in cells.cells for place in range(column, column + count)):
                    raise damaged("同一单元格有两个值")
                continue
            if kind not in _CELLS:
                continue
            if waiting is not None:
                raise damaged("公式的结果缺失")
            if kind in _LENGTHS and len(body) not in _LENGTHS[kind]:
                raise damaged("记录的长度不对")
            row, column, form = struct.unpack_from("<HHH", body)
            row, column = row + 1, column + 1
            if column > _COLUMNS:
                raise damaged("单元格的位置不对")
            if kind == 0x203:  # NUMBER
                cells.add(row, column, self._number(struct.unpack_from("<d", body, 6)[0], form, cells, row, column))
            elif kind == 0x27E:  # RK
                cells.add(row, column, self._number(_packed(body, 6), form, cells, row, column))
            elif kind == 0xBD:  # MULRK: first column, then format and number of each, then last column
                if struct.unpack_from("<H", body, len(body) - 2)[0] != column - 2 + (len(body) - 6) / 6:
                    raise damaged("记录的长度不对")
                for at in range(4, len(body) - 7, 6):
                    form = struct.unpack_from("<H", body, at)[0]
                    cells.add(row, column, self._number(_packed(body, at + 2), form, cells, row, column))
                    column += 1
            elif kind == 0xFD:  # LABELSST
                index = struct.unpack_from("<I", body, 6)[0]
                if index >= len(self._strings):
                    raise damaged("文字与文字表不符")
                cells.add(row, column, Cell(CellKind.TEXT, cells.text(row, column, self._strings[index])))
            elif kind in (0x204, 0xD6):  # LABEL, RSTRING
                text = self._whole_text(body, 6, formatted=kind == 0xD6)
                cells.add(row, column, Cell(CellKind.TEXT, cells.text(row, column, text)))
            elif kind == 0x205:  # BOOLERR
                cells.add(row, column, _logical(body[6], bool(body[7]), False))
            elif body[12:14] != b"\xff\xff":  # FORMULA with a number
                value = struct.unpack_from("<d", body, 6)[0]
                cells.add(row, column, self._number(value, form, cells, row, column, True))
            elif body[6] == 0:
                waiting = (row, column)
            elif body[6] in (1, 2):
                cells.add(row, column, _logical(body[8], body[6] == 2, True))
            elif body[6] == 3:
                cells.add(row, column, Cell(CellKind.TEXT, "", True))
            else:
                raise damaged("公式的结果不明")
        if waiting is not None:
            raise damaged("公式的结果缺失")

    def _number(
        self, given: float | Decimal, form: int, cells: CellCollector, row: int, column: int, formula: bool = False
    ) -> Cell:
        value = given if isinstance(given, Decimal) else exact(given)
        how, cell = self._formats.get(form), None
        if how is None:  # without it 0.95 and 95% are one
            raise damaged("单元格的格式不在格式表中")
        if value is not None:
            cell = numeric(value, how, self._epoch_1904, formula)
        return cell or cells.unreadable(row, column, str(given))

    def _whole_text(self, body: bytes, at: int, formatted: bool = False) -> str:
        """The text that begins at ``at`` and, with its formats where it has such, ends with the record."""
        text, end = self._text_to(body, at)
        if formatted:
            wide = self._wide
            end += 2 + 4 * struct.unpack_from("<H", body, end)[0] if wide else 1 + 2 * body[end]
        if end > len(body) or body[end:].strip(b"\0"):  # some programs end a text with a zero
            raise damaged("记录的长度不对")
        return text

    def _text(self, body: bytes, at: int, short: bool = False) -> str:
        """The text that begins with its length at ``at``; a length in one byte is short."""
        return self._text_to(body, at, short)[0]

    def _text_to(self, body: bytes, at: int, short: bool = False) -> tuple[str, int]:
        """As :meth:`_text`, and where what belongs to it ends."""
        length = body[at] if short else struct.unpack_from("<H", body, at)[0]
        at += 1 if short else 2
        if not self._wide:
            return _whole(body[at : at + length], length).decode(self._encoding, "replace"), at + length
        if not length and len(body) == at:
            return "", at
        flags = body[at]
        at, behind = _letters(body, at + 1, flags)
        end = at + (length << (flags & 1))
        return _decode(_whole(body[at:end], length << (flags & 1)), flags), end + behind


def _strings(blocks: list[bytes], budget: Budget) -> list[str]:
    """The shared texts; one that runs over the end of a block goes on in the next after a byte of flags."""
    count = struct.unpack_from("<I", blocks[0], 4)[0]
    if count > budget.limits.cells:
        raise too_much("文字", budget.limits.cells)
    found: list[str] = []
    rest = iter(blocks)
    block, at = next(rest), 8

    def following() -> bytes:
        more = next(rest, None)
        if more is None:
            raise damaged("文字表不完整")
        return more

    for _ in range(count):
        budget.step(what="文字")
        if at >= len(block):
            more = next(rest, None)
            if more is None:  # fewer than were announced: a cell that needs a missing one will tell
                break
            block, at = more, 0
        left, flags = struct.unpack_from("<HB", block, at)
        at, skip = _letters(block, at + 3, flags)
        parts: list[str] = []
        while True:
            wide = flags & 1
            piece = block[at : at + (left << wide)]
            taken = len(piece) >> wide
            parts.append(_decode(piece[: taken << wide], flags))
            at += taken << wide
            left -= taken
            if not left:
                break
            block = following()
            flags, at = block[0], 1
        found.append("".join(parts))
        while skip > len(block) - at:
            skip -= len(block) - at
            block, at = following(), 0
        at += skip
    return found


def _letters(block: bytes, at: int, flags: int) -> tuple[int, int]:
    """Where the letters of a text begin after its flags, and how many bytes of formats and readings follow them."""
    behind = 0
    if flags & 8:
        behind += 4 * struct.unpack_from("<H", block, at)[0]
        at += 2
    if flags & 4:
        behind += struct.unpack_from("<I", block, at)[0]
        at += 4
    return at, behind


def _decode(raw: bytes, flags: int) -> str:
    return raw.decode("utf-16-le", "surrogatepass") if flags & 1 else raw.decode("latin-1")


def _whole(raw: bytes, length: int) -> bytes:
    if len(raw) < length:
        raise damaged("文字不完整")
    return raw


def _packed(body: bytes, at: int) -> Decimal | float:
    """An RK number: an integer or the upper half of a float, perhaps times 100."""
    raw = struct.unpack_from("<i", body, at)[0]
    value: float = raw >> 2 if raw & 2 else struct.unpack("<d", struct.pack("<iI", 0, raw & 0xFFFFFFFC))[0]
    if raw & 1:
        value /= 100
    return Decimal(value) if isinstance(value, int) else value


def _logical(value: int, error: bool, formula: bool) -> Cell:
    if error:
        return Cell(CellKind.ERROR, _ERRORS.get(value, "#VALUE!"), formula)
    return Cell(CellKind.LOGICAL, value != 0, formula)


def _encoding(page: int) -> str:
    name = {1200: "utf-16-le", 32768: "mac-roman", 32769: "cp1252", 936: "gb18030"}.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "gb18030"
