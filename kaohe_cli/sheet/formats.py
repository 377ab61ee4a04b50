"""What the content of a cell stands for: exact numbers, percentages, dates and times, by its digits and its format."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Literal

from kaohe_cli.points import ZERO, number
from kaohe_cli.sheet.book import Cell, CellKind

MOST_FORMATS = 65_536  # that the cells of a workbook may have
_LONGEST = 15  # digits that spreadsheets keep


class Display(Enum):
    """How a cell shows its number."""

    NUMBER = 0
    PERCENT = 1
    DATE = 2
    TIME = 3


# The formats that have a number and no code in the file; 27–36 and 50–58 as in Chinese editions.
_BUILT_IN: Mapping[int, Display] = (
    dict.fromkeys((9, 10), Display.PERCENT)
    | dict.fromkeys((14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), Display.DATE)
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), Display.TIME)
)

_LITERAL = re.compile(r'"[^"]*"?|[\\_*].|\[(?![hmsHMS]+\])[^\]]*\]|AM/PM|A/P|General|[eE][+-]', re.IGNORECASE)


@lru_cache(1_000)
def display_of(code: str) -> Display:
    """How a number format shows a number: its first section, without literals, decides."""
    bare = _LITERAL.sub("", code[:255]).partition(";")[0].lower()
    if "%" in bare:
        return Display.PERCENT
    clockwork = "h" in bare or "s" in bare
    if any(letter in bare for letter in "yde") or "aaa" in bare or ("m" in bare and not clockwork and "[" not in bare):
        return Display.DATE
    return Display.TIME if clockwork or "m" in bare else Display.NUMBER


def display_by(key: int, own: Mapping[int, Display]) -> Display:
    """How the format of number ``key`` shows a number: one of the workbook's ``own``, or one that every program has."""
    return own.get(key) or _BUILT_IN.get(key, Display.NUMBER)


def numeric(value: Decimal, display: Display, epoch_1904: bool, formula: bool) -> Cell:
    """The cell of a number under its format."""
    if display is Display.NUMBER:
        return Cell(CellKind.NUMBER, value, formula)
    if display is Display.PERCENT:
        return Cell(CellKind.NUMBER, value, formula, True)
    if display is Display.TIME:
        return timed(value, formula)
    day = dated(value, epoch_1904)
    return _misshown(value, "日期", formula) if day is None else Cell(CellKind.DATE, day, formula)


def timed(days: Decimal, formula: bool) -> Cell:
    """The cell of a number under a format of times: a time of day is text (8:30), neither a date nor a number."""
    if 0 <= days < 1 and (text := clock(days)):
        return Cell(CellKind.TEXT, text, formula, False, days, "时间")
    return _misshown(days, "时间", formula)


def _misshown(value: Decimal, format: Literal["时间", "日期"], formula: bool) -> Cell:
    """The cell of a number that is no such date or time: programs show part of it, or none."""
    return Cell(CellKind.ERROR, f"数值 {unformatted(value)}", formula, False, value, format)


def unformatted(value: Decimal) -> str:
    """A number as a cell without a format shows it."""
    return f"{value:f}" if abs(value.adjusted()) <= _LONGEST else f"{value:.6e}"


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_SHORT = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?", re.ASCII)
_DAY = re.compile(r"(\d{4,6})-(\d\d-\d\d)(T.*)?", re.ASCII)
_CYCLE = 400, 146_097  # years after which the calendar begins anew, and the days of these
_DAY_ZERO = date(1899, 12, 30)


def exact(given: str | float) -> Decimal | None:
    """The number a spreadsheet stores, at the 15 digits it shows; None where it is no finite number."""
    if isinstance(given, str):
        if len(given) < 16 and _SHORT.fullmatch(given):
            return Decimal(given) or ZERO  # no more digits than a float keeps: it need not become one
        if not _NUMBER.fullmatch(given):
            return None
        given = float(given)
    value = number(given)
    return value if value is None else value or ZERO  # never a minus zero


def written_date(text: str, formula: bool) -> Cell | None:
    """The cell of a date as 2007-11-15, perhaps with a time of day behind it; None where there is no such day."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    cycles = max(int(found[1]) - 9_999 + _CYCLE[0] - 1, 0) // _CYCLE[0]
    try:
        day = date.fromisoformat(f"{int(found[1]) - cycles * _CYCLE[0]:04}-{found[2]}")
    except ValueError:
        return None
    if not cycles:
        return Cell(CellKind.DATE, day, formula)
    serial = (day - _DAY_ZERO).days + cycles * _CYCLE[1]
    return None if found[3] else _misshown(Decimal(serial), "日期", formula)


def dated(serial: Decimal, epoch_1904: bool) -> date | None:
    """The date of a serial number; None where the calendar of spreadsheets has no such day."""
    if serial < (0 if epoch_1904 else 1) or serial >= 2_958_466:
        return None
    days = int(serial)
    # 1900 is taken for a leap year: the days before its 29 February count from one day later
    start = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 31) if days < 60 else _DAY_ZERO
    try:
        return start + timedelta(days)
    except OverflowError:
        return None


def clock(days: Decimal) -> str:
    """A part of a day as a clock shows it: 0.5 is 12:00; empty where it is rounded to a whole day."""
    minutes, seconds = divmod(int((days * 86_400).to_integral_value()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 24:
        return ""
    return f"{hours}:{minutes:02}:{seconds:02}" if seconds else f"{hours}:{minutes:02}"
