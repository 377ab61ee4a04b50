"""Texts and values as the records of a workbook of before 2007 (BIFF) hold them.

No length that a record gives is believed before the bytes are there; where they are not, damaged or struct.error is
raised.
"""

import codecs
import struct
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.bounds import Budget, damaged, too_much

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_INTEGER, _SHORT, _LETTERS = (struct.Struct(layout).unpack_from for layout in ("<i", "<H", "<HB"))


class Lettering(Struct, frozen=True):
    """How a workbook writes its texts."""

    wide: bool  # in Unicode, as since Excel 97
    encoding: str = "gb18030"  # before that

    def text(self, body: bytes, at: int, short: bool = False) -> str:
        """The text that begins with its length at ``at``; a length in one byte is short."""
        return self._text_to(body, at, short)[0]

    def last_text(self, body: bytes, at: int, formatted: bool = False) -> str:
        """The text that begins at ``at`` and, with its formats where it has such, ends with the record."""
        text, end = self._text_to(body, at)
        if formatted:
            end += 2 + 4 * _SHORT(body, end)[0] if self.wide else 1 + 2 * body[end]
        if end > len(body) or body[end:].strip(b"\0"):  # some programs end a text with a zero
            raise damaged("记录的长度不对")
        return text

    def plain(self, raw: bytes) -> str:
        """The text of bytes in the workbook's encoding, as before Excel 97."""
        return raw.decode(self.encoding, "replace")

    def result(self, body: bytes, rest: Iterator[bytes]) -> str:
        """The text of a formula's result, which begins with ``body``; a long one goes on in those of ``rest``."""
        if not self.wide or len(body) < 3 or len(body) - 3 >= _SHORT(body, 0)[0] << (body[2] & 1):
            return self.last_text(body, 0)
        run = Run(body, rest)
        text = run.text()
        run.finish()
        return text

    def format_code(self, body: bytes, at: int) -> str:
        """The code of a number format; where its length is said to be greater than the record, it is what is there."""
        size = 2 if self.wide else 1
        there = len(body) - at - size
        if self.wide:
            there = there - 1 >> (body[at + size] & 1) if there else 0
        length = min(int.from_bytes(body[at : at + size], "little"), there)
        return self.text(body[:at] + length.to_bytes(size, "little") + body[at + size :], at, short=not self.wide)

    def _text_to(self, body: bytes, at: int, short: bool = False) -> tuple[str, int]:
        """As :meth:`text`, and where what belongs to it ends."""
        length = body[at] if short else _SHORT(body, at)[0]
        at += 1 if short else 2
        if not self.wide:
            return self.plain(_whole(body[at : at + length], length)), at + length
        if not length and len(body) == at:
            return "", at
        flags = body[at]
        at, behind = _letters(body, at + 1, flags)
        end = at + (length << (flags & 1))
        return _decode(_whole(body[at:end], length << (flags & 1)), flags), end + behind


def shared_texts(blocks: Sequence[bytes], budget: Budget) -> list[str]:
    """The shared texts; one that runs over the end of a block goes on in the next after a byte of flags."""
    count = struct.unpack_from("<I", blocks[0], 4)[0]
    if count > budget.limits.cells:
        raise too_much("文字", budget.limits.cells)
    found: list[str] = []
    rest = iter(blocks)
    run = Run(next(rest), rest, 8)
    for _ in range(count):
        budget.step(what="文字")
        if run.ended():  # fewer than were announced: a cell that needs a missing one will tell
            break
        found.append(run.text())
    return found


class Run:
    """Texts in a record, and in the bodies of the records that go on with it."""

    def __init__(self, block: bytes, rest: Iterator[bytes], at: int = 0) -> None:
        """The first text begins at ``at``; of ``rest`` no more is taken than the texts need."""
        self._block, self._rest, self._at = block, rest, at

    def text(self) -> str:
        """The next text, without its formats and readings; damaged where it is not whole."""
        length, flags = _LETTERS(self._block, self._at)
        self._at, behind = _letters(self._block, self._at + 3, flags)
        text = self.letters(length, flags)
        while behind > len(self._block) - self._at:
            behind -= len(self._block) - self._at
            self._following()
        self._at += behind
        return text

    def letters(self, left: int, flags: int) -> str:
        """So many letters from here on."""
        parts: list[str] = []
        while True:
            wide = flags & 1
            piece = self._block[self._at : self._at + (left << wide)]
            taken = len(piece) >> wide
            parts.append(_decode(piece[: taken << wide], flags))
            self._at += taken << wide
            left -= taken
            if not left:
                return "".join(parts)
            self._following()
            flags, self._at = self._block[0], 1

    def finish(self) -> None:
        """Refused where anything but zeros follows in the block at hand."""
        if self._block[self._at :].strip(b"\0"):
            raise damaged("记录的长度不对")

    def ended(self) -> bool:
        """Whether no text follows, in this block or in another."""
        if self._at < len(self._block):
            return False
        more = next(self._rest, None)
        if more is not None:
            self._block, self._at = more, 0
        return more is None

    def _following(self) -> None:
        more = next(self._rest, None)
        if more is None:
            raise damaged("文字不完整")
        self._block, self._at = more, 0


def _letters(block: bytes, at: int, flags: int) -> tuple[int, int]:
    """Where the letters of a text begin after its flags, and how many bytes of formats and readings follow them."""
    behind = 0
    if flags & 8:
        behind += 4 * _SHORT(block, at)[0]
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


def rk_number(body: bytes, at: int) -> Decimal | float:
    """An RK number: an integer or the upper half of a float, perhaps times 100."""
    raw = _INTEGER(body, at)[0]
    value: float = raw >> 2 if raw & 2 else struct.unpack("<d", struct.pack("<iI", 0, raw & 0xFFFFFFFC))[0]
    if raw & 1:
        value /= 100
    return Decimal(value) if isinstance(value, int) else value


def logical(value: int, error: bool, formula: bool) -> Cell:
    """The cell of a logical value, or of an error by its number."""
    if error:
        return Cell(CellKind.ERROR, _ERRORS.get(value, "#VALUE!"), formula)
    return Cell(CellKind.LOGICAL, value != 0, formula)


def encoding_of(page: int) -> str:
    """The encoding of a code page; that of Chinese where there is no such page."""
    name = {1200: "utf-16-le", 32768: "mac-roman", 32769: "cp1252", 936: "gb18030"}.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "gb18030"
