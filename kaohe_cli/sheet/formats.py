"""What a number format makes of a number: nothing, a percentage, a date, or a time."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.bounds import clock, dated


class Shown(Enum):
    """How a cell shows its number."""

    NUMBER = 0
    PERCENT = 1
    DATE = 2
    TIME = 3


# The formats that have a number and no code in the file; 27–36 and 50–58 as in Chinese editions.
BUILT_IN: Mapping[int, Shown] = (
    dict.fromkeys((9, 10), Shown.PERCENT)
    | dict.fromkeys((14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), Shown.DATE)
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), Shown.TIME)
)

_LITERAL = re.compile(r'"[^"]*"?|[\\_*].|\[(?![hmsHMS]+\])[^\]]*\]|AM/PM|A/P|General|[eE][+-]', re.IGNORECASE)


@lru_cache(1_000)
def shown(code: str) -> Shown:
    """How a number format shows a number: its first section, without literals, decides."""
    bare = _LITERAL.sub("", code[:255]).partition(";")[0].lower()
    if "%" in bare:
        return Shown.PERCENT
    clockwork = "h" in bare or "s" in bare
    if any(letter in bare for letter in "yde") or "aaa" in bare or ("m" in bare and not clockwork and "[" not in bare):
        return Shown.DATE
    return Shown.TIME if clockwork or "m" in bare else Shown.NUMBER


def numeric(value: Decimal, how: Shown, epoch_1904: bool, formula: bool) -> Cell | None:
    """The cell of a number under its format; None where the format asks for a date that there is not."""
    if how is Shown.NUMBER:
        return Cell(CellKind.NUMBER, value, formula)
    if how is Shown.PERCENT:
        return Cell(CellKind.NUMBER, value, formula, True)
    if how is Shown.TIME and value >= 0:
        return Cell(CellKind.TEXT, clock(value), formula)
    cell = dated(value, epoch_1904)
    return cell if cell is None else Cell(cell.kind, cell.value, formula)
