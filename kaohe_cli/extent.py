"""The room that text takes: the width of its characters, its lines in a cell, the height of its row. Pure."""

from collections.abc import Iterable
from math import ceil

USUAL = 11.0  # size in points of the font in which columns are counted
OF_NUMBERS = "0123456789.,%+- "
TALLEST = 409.0  # points that a row can have


def full(text: str) -> int:
    """How many characters of ``text`` are as wide as a Chinese one."""
    return sum(letter > "\xff" for letter in text)


def width(text: str) -> int:
    """Columns of half width that ``text`` takes: a Chinese character counts 2."""
    return len(text) + full(text)


def cut(text: str, room: int) -> str:
    """``text`` in ``room`` columns, its end marked where it is cut: never within a number, nor behind one."""
    if width(text) <= room:
        return text
    used, end = 2, 0
    while end < len(text) and (used := used + width(text[end])) <= room:
        end += 1
    return text[:end].rstrip(OF_NUMBERS) + ".."


def lines(text: str, columns: float, *, size: float = USUAL) -> int:
    """Lines that ``text`` takes at font ``size`` (points) in a cell ``columns`` wide beside its indent.

    Enough for any office suite: the cell's padding and one character of each line are kept free, since suites wrap
    differently before punctuation, and a column may be as narrow as 7 pixels.
    """
    ems = max(columns * 7 / (size * 96 / 72) - 1.4, 1)
    parts = [(len(part), full(part)) for part in text.split("\n")]
    return sum(max(ceil((wide + 0.55 * (count - wide)) / ems), 1) for count, wide in parts)


def height(texts: Iterable[tuple[str, float]], *, size: float = USUAL, least: float = 0) -> float:
    """Points, ``least`` to TALLEST, that a row needs to show texts whole in cells of the columns beside them."""
    most = max((lines(text, columns, size=size) for text, columns in texts), default=0)
    return round(min(max(most * size * 1.38 + 7, least), TALLEST), 1)
