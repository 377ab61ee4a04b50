"""How people write a day: 07.11.12, 2007年11月12日 15:30, 二○○七年十一月十二日, 20071112, a day number. Pure."""

import re
from datetime import date, timedelta
from decimal import Decimal

from kaohe_cli.scheme.limit import DAY_ZERO

CENTURY = 2000  # in which a year of two digits is meant
SERIALS = range(36526, 73051)  # 2000 to 2099
AS_ASCII = str.maketrans("〇○零OＯ一二三四五六七八九０１２３４５６７８９", "00000123456789" + "0123456789")  # digits

TENS = re.compile(r"(\d?)([十廿卅])(\d?)", re.ASCII)
BASES = {"十": 1, "廿": 2, "卅": 3}
# the time of day beside a day says nothing here
HALF_DAY = "(?:上午|中午|下午|晚上)"
HOURS = r"\d{1,2}[时点][整半]?|\d{1,2}(?:[:时点]\d{1,2}){1,2}分?(?:\.\d+)?秒?"
CLOCK = rf"[T ]?{HALF_DAY}?(?:{HOURS})?"
DAY = re.compile(rf"(\d{{4}}|\d\d)(?:年|[-./])(\d{{1,2}})(?:月|[-./])(\d{{1,2}})[日号]?{CLOCK}", re.ASCII)
DIGITS_DAY = re.compile(r"((?:19|20)\d{2})([01]\d)([0-3]\d)", re.ASCII)


def day_in(text: str) -> date | None:
    """The day that a ``text`` without needless spaces means; None where it is not certainly one.

    A year of two digits is one of this century (CENTURY); a time of day is left out.
    """
    plain = TENS.sub(_tens, text.translate(AS_ASCII))
    compact = re.sub(r" ?([年月日号./:-]|[上下]午|[时点分秒]) ?", r"\1", plain)
    return _calendar(DAY.fullmatch(compact) or DIGITS_DAY.fullmatch(compact))


def day_of(number: Decimal) -> date | None:
    """The day that a number means: one counted as spreadsheets do, with a time or not, or written as 20071112."""
    if not 0 < number.adjusted() < 8:
        return None
    whole = int(number)
    if whole in SERIALS:
        return DAY_ZERO + timedelta(whole)
    return _calendar(DIGITS_DAY.fullmatch(str(whole))) if whole == number else None


def _tens(found: re.Match[str]) -> str:
    before, tens, after = found.groups()
    return f"{int(before or 1) * BASES[tens]}{after or 0}"


def _calendar(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    try:
        return date(year if year > 99 else CENTURY + year, month, day)
    except ValueError:
        return None
