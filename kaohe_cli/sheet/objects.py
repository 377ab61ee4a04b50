"""What lies upon a sheet in a workbook of before 2007: comments, pictures and merged areas, by their records.

No value depends on them: where such a record is damaged, the sheet is told to have more than was read.
"""

import struct

from kaohe_cli.sheet.biff import Lettering
from kaohe_cli.sheet.book import Area
from kaohe_cli.sheet.bounds import CellCollector, extend

_CONTINUE, _NOTE, _OBJECT, _TEXT, _MERGED = 0x3C, 0x1C, 0x5D, 0x1B6, 0xE5
OBJECTS = frozenset((_CONTINUE, _NOTE, _OBJECT, _TEXT, _MERGED))
_NO_PICTURES = (0x14, 0x19)  # kinds of objects that are the arrow of a list, and the box of a comment
_PAIR, _PLACE, _FOUR = (struct.Struct(layout).unpack_from for layout in ("<HH", "<HHH", "<HHHH"))


class Objects:
    """What has been read of the objects of a sheet so far."""

    def __init__(self, lettering: Lettering, cells: CellCollector) -> None:
        self._lettering, self._cells = lettering, cells
        self._places: dict[int, tuple[int, int]] = {}  # object → the cell that it is a comment on
        self._texts: dict[int, list[str]] = {}  # object → the pieces of its text
        self._object = self._left = 0  # the last object, and how many letters of its text are yet to come

    def take(self, kind: int, body: bytes) -> None:
        """Take a record of one of the kinds ``OBJECTS``."""
        try:
            self._take(kind, body)
        except (struct.error, IndexError):
            self._cells.unseen = True

    def _take(self, kind: int, body: bytes) -> None:
        if kind == _CONTINUE:
            if self._left:
                self._text(body)
            return
        self._left = 0
        if kind == _OBJECT:
            shape, self._object = _PAIR(body, 4)
            self._cells.pictures += shape not in _NO_PICTURES
        elif kind == _TEXT:
            self._left = _PAIR(body, 10)[0]
        elif kind == _MERGED:
            self._merged(body)
        elif self._lettering.wide:
            row, column, _, number = _FOUR(body)
            self._places[number] = (row + 1, column + 1)
        else:
            row, column, length = _PLACE(body)
            if row != 0xFFFF:  # that is the rest of a long one
                self._cells.remark((row + 1, column + 1), self._lettering.plain(body[6 : 6 + length]))

    def _text(self, body: bytes) -> None:
        wide = body[0] & 1
        piece = body[1 : 1 + (self._left << wide)]
        self._left -= len(piece) >> wide
        extend(self._texts.setdefault(self._object, []), piece.decode("utf-16-le" if wide else "latin-1", "replace"))

    def _merged(self, body: bytes) -> None:
        for at in range(_PAIR(body)[0]):
            self._cells.budget.step(what="记录")
            top, bottom, left, right = _FOUR(body, 2 + 8 * at)
            if top <= bottom and left <= right:
                self._cells.merged.append(Area(top + 1, left + 1, bottom + 1, right + 1))

    def finish(self) -> None:
        """Put the comments into place, once all records have come."""
        for number, place in self._places.items():
            self._cells.remark(place, "".join(self._texts.get(number, ())))
