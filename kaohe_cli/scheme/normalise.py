"""What stands in a cell → the value it certainly means. Whatever is not certain is a problem and never a guess."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Entry, Field, Mark, Origin, Value
from kaohe_cli.points import DUST, HUNDRED, half_up, number, plain
from kaohe_cli.scheme.days import day_in, day_of
from kaohe_cli.scheme.fields import expected
from kaohe_cli.scheme.limit import broken
from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.formats import unformatted

LONGEST = 15  # digits: spreadsheets hold no more, and no figure of this world needs them
QUOTED = 40  # characters of a text that a message repeats

WORDS: Mapping[str, Mark] = {
    **dict.fromkeys(("完成", "已完成", "全部完成", "已全部完成", "是", "√", "✓", "✔"), Mark.DONE),
    **dict.fromkeys(("未完成", "没有完成", "没完成", "尚未完成", "否", "×", "✗", "✘"), Mark.NOT_DONE),
    **dict.fromkeys(("无", "没有", "不适用", "无此项", "不涉及"), Mark.NOT_APPLICABLE),
    "无任务": Mark.NO_TASK,
}

TICKS = {  # of a mark that is given in full or not at all: the place of its number among the legal ones
    **dict.fromkeys(("√", "✓", "✔", "是", "得"), 0),
    **dict.fromkeys(("×", "✗", "✘", "否", "不得"), -1),
}

POWERS = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
SAME = {("㎡", "平方米"), ("m2", "平方米"), ("m²", "平方米"), ("平米", "平方米"), ("户", "家")}  # written, meant
SAME |= {("个", counted) for counted in ("家", "项", "座")}
UNSURE = re.compile(r"[\d~?+(]|左右|以上|以下|以内|上下|不到|多|余|约|近|计")

# characters that look like others: full-width forms, and the several minus signs, percent signs and spaces
HALF: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
HALF |= {ord(sign): "-" for sign in "−﹣"} | {ord("﹪"): "%"}
HALF |= {ord(space): " " for space in "\u00a0\u2002\u2003\u2007\u2009\u202f\u205f\u3000\t\r\n"}
HALF |= dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None)

NUMBER = re.compile(
    r"(?P<number>[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|\.\d+)) ?"
    r"(?P<unit>(?:[^\d\s.,/+-].*)?)",
    re.ASCII,
)
SUFFIX = re.compile(r"(?P<power>百万|千万|万亿|[百千万亿]?)(?P<base>.*)")
DASHES = re.compile(r"[-—–―─/\\_]+")


class CellFault(Struct, frozen=True):
    """Something to say about a cell: a code of the catalogue and its words."""

    code: str
    found: str  # what a person sees in the cell
    expected: str = ""
    taken: str = ""  # what it counts as


class Taken(Struct, frozen=True):
    """What a cell counts as."""

    value: Value | None = None  # None: blank, or not readable (then invalid is true)
    invalid: bool = False
    faults: tuple[CellFault, ...] = ()


def take(field: Field, cell: Cell | None) -> Taken:
    """The value of ``cell`` (None: blank) as ``field`` asks for it, and what there is to say about it.

    Numbers are in the unit of the field. Limits are not looked at here (assess/check.py), but for numbers too long
    to work with.
    """
    if cell is None:
        return Taken()
    found = shown(cell)
    if cell.kind is CellKind.TEXT and not tidy(found):
        return Taken()
    if field.choices:
        return _choice(field, found)
    if field.type == "text":
        return _text(field, cell, found)
    if field.type == "date":
        return _marked(field, cell, _day(cell, found))
    if cell.kind in UNREADABLE and cell.number is None:
        return _not_taken(UNREADABLE[cell.kind], found, expected(field))
    return _marked(field, cell, _done(field, cell, found) if field.type == "done" else _number(field, cell, found))


UNREADABLE = {CellKind.UNCOMPUTED: "KH107", CellKind.ERROR: "KH108", CellKind.LOGICAL: "KH110"}


def tidy(text: str) -> str:
    """``text`` in half-width characters, without the blanks around it."""
    return " ".join(text.translate(HALF).split())


def shown(cell: Cell) -> str:
    """What a person sees in ``cell``, cut to what a message can repeat."""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal) and cell.percent:
        return f"{said(value * HUNDRED)}%"
    return "公式" if value is None else said(value)


def quoted(text: str, most: int = QUOTED) -> str:
    """``text`` on one line, its end left out where it is longer than ``most`` characters."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split(" ")).strip()
    return line if len(line) <= most else f"{line[:most]}…"


def _not_taken(code: str, found: str, expected: str = "") -> Taken:
    return Taken(None, True, (CellFault(code, found, expected),))


def _read(value: Value, found: str, said: str) -> Taken:
    """``value``, noting how it was written where that is not how it is said."""
    return Taken(value, False, () if found == said else (CellFault("KH120", found, taken=said),))


def _marked(field: Field, cell: Cell, taken: Taken) -> Taken:
    """``taken``, noting that it is the result of a formula."""
    if not cell.formula or taken.value is None:
        return taken
    noted = CellFault("KH121", shown(cell), taken=said(taken.value, field))
    return Taken(taken.value, taken.invalid, (*taken.faults, noted))


def said(value: Value, field: Field | None = None) -> str:
    """``value`` for a message, in the words of ``field``."""
    if isinstance(value, Mark):
        return field.word(value) if field else value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value) if abs(value.adjusted()) <= LONGEST else f"{value:.6e}"
    return quoted(value)


def _choice(field: Field, found: str) -> Taken:
    """One of the texts that are legal; what is none of them is told and not taken."""
    alike = {_bare(choice): choice for choice in field.choices}
    chosen = alike.get(_bare(found))
    if chosen is None:
        return Taken(None, False, (CellFault("KH125", found, expected(field)),))
    return _read(chosen, found, chosen)


def _bare(text: str) -> str:
    """``text`` without spaces, its dashes alike."""
    return DASHES.sub("-", tidy(text)).replace(" ", "")


def _text(field: Field, cell: Cell, found: str) -> Taken:
    if cell.kind is CellKind.TEXT:
        assert isinstance(cell.value, str)
        return _marked(field, cell, Taken(cell.value.strip()))
    if cell.kind in (CellKind.UNCOMPUTED, CellKind.ERROR):
        return Taken(None, False, (CellFault("KH119", found, "文字"),))
    # a telephone number typed as a number is shown without separators
    value, short = cell.value, len(found) <= 2 * LONGEST
    return _marked(field, cell, Taken(format(value, "f") if isinstance(value, Decimal) and short else found))


def _word(field: Field, text: str, found: str) -> Taken | None:
    """A mark, where ``text`` is the word for one; legal or not."""
    if DASHES.fullmatch(text):
        return Taken(None, False, (CellFault("KH115", found),))
    bare, (done, not_done) = text.rstrip("。."), map(tidy, field.words)
    # the words of the clause are taken also without the 已 that says that it is done
    own = {done.removeprefix("已"): Mark.DONE, done: Mark.DONE, not_done: Mark.NOT_DONE}
    mark = own.get(bare) or WORDS.get(bare)
    if mark in field.marks:
        return _read(mark, found, field.word(mark))
    if mark is Mark.NO_TASK:
        return _not_taken("KH118", found)
    return _not_taken("KH114", found, expected(field)) if mark is Mark.NOT_APPLICABLE else None


def ticked(field: Field, text: str) -> Decimal | None:
    """The higher of two legal numbers where ``text`` is a tick, the lower where it is a cross; None: it is neither."""
    place = TICKS.get(tidy(text).rstrip("。.")) if len(field.legal) == 2 else None
    return None if place is None else field.legal[place]


def _unit(field: Field) -> str:
    if field.unit == "%":
        return "百分号前面的数值"
    return f"以{field.unit}为单位的数值" if field.unit else "不带单位的数值"


def _done(field: Field, cell: Cell, found: str) -> Taken:
    taken = _word(field, tidy(found), found) if cell.kind is CellKind.TEXT else None
    return taken or _not_taken("KH113", found, expected(field))


def _number(field: Field, cell: Cell, found: str) -> Taken:
    value = cell.value
    if cell.number is not None:
        return _not_taken("KH127" if cell.format == "时间" else "KH128", unformatted(cell.number), expected(field))
    if cell.kind is CellKind.DATE:
        return _not_taken("KH109", found, expected(field))
    if isinstance(value, Decimal):
        if cell.percent and field.unit != "%":
            return _not_taken("KH106", found, _unit(field))
        if cell.percent:
            value *= HUNDRED
        typed = _undusted(field, value)
        noted = (CellFault("KH120", found, taken=said(typed)),) if cell.percent or typed != value else ()
        return _sized(typed, found, noted)
    assert isinstance(value, str)
    text = tidy(value)
    if (mark := ticked(field, text)) is not None:
        return _read(mark, found, said(mark))
    if (taken := _word(field, text, found)) is not None:
        return taken
    match = NUMBER.fullmatch(text)
    digits = number(re.sub("[ ,]", "", match["number"])) if match and len(text) <= QUOTED else None
    if match is None or digits is None:
        return _not_taken("KH105" if re.search(r"\d", text) else "KH104", found, expected(field))
    factor = times(match["unit"], field.unit)
    if factor is None:
        unsure = UNSURE.search(match["unit"])
        return _not_taken("KH105", found, expected(field)) if unsure else _not_taken("KH106", found, _unit(field))
    value = digits * factor if digits.adjusted() < LONGEST else digits
    return _sized(value, found, (CellFault("KH120", found, taken=said(value)),))


def _undusted(field: Field, value: Decimal) -> Decimal:
    """``value`` without what sums and products of a spreadsheet leave behind: 99.9999999999986 for 100."""
    if field.decimals is None or value.adjusted() >= LONGEST:
        return value
    near = half_up(value, field.decimals)
    return value if half_up(value - near, DUST) else near


def _sized(value: Decimal, found: str, faults: tuple[CellFault, ...]) -> Taken:
    if value and not (-LONGEST <= value.adjusted() < LONGEST and len(value.as_tuple().digits) <= LONGEST):
        return _not_taken("KH103", found, f"{LONGEST} 位以内的数值")
    # 12.50 and 12.5 are one figure, and a file saved elsewhere may hold either
    return Taken(value.normalize() + 0 if value else Decimal(0), False, faults)


def times(suffix: str, unit: str) -> Decimal | None:
    """By what a number written with ``suffix`` is multiplied to be in ``unit``; None where that is not certain."""
    if suffix in ("", unit):
        return Decimal(1)
    if unit == "%":
        return None
    power, base = _parts(unit)
    own, own_base = _parts(suffix)
    if not base or (own_base not in ("", base) and (own_base, base) not in SAME):
        return None
    if not own_base and power == 1:  # "12万" of things counted one by one is as likely a slip
        return None
    return Decimal(own) / Decimal(power)


def _parts(unit: str) -> tuple[int, str]:
    """A unit as its power of ten and its base: 万平方米 → 10000, 平方米."""
    match = SUFFIX.fullmatch(unit)
    assert match is not None
    return POWERS[match["power"]], match["base"]


def _day(cell: Cell, found: str) -> Taken:
    value = cell.value
    if isinstance(value, date):
        return Taken(value)
    day: date | None = None
    if isinstance(value, Decimal):
        day = day_of(value)
    elif cell.kind is CellKind.TEXT and isinstance(value, str):
        text = tidy(value)
        if DASHES.fullmatch(text):
            return Taken(None, False, (CellFault("KH115", found),))
        day = day_in(text)
    if day is None:
        return _not_taken("KH116", found, "形如 2007-11-10 的日期")
    return _read(day, found, day.isoformat())


# ── a cell that the office filled in ────────────────────────────────────────────────────────────────────


def accept(field: Field, cell: Cell | None, origin: Origin, unit: str = "") -> tuple[Entry | None, tuple[Problem, ...]]:
    """What ``cell`` counts as for ``field``, and what is wrong with it; None where it is blank."""
    taken = take(field, cell)
    value, invalid, faults = taken.value, taken.invalid, taken.faults
    if isinstance(value, Decimal) and (limit := next(iter(broken(field, value)), None)):
        fault = CellFault(limit.code, said(value), limit.expected)
        value, invalid, faults = None, True, (*faults, fault)
    where = {"unit": unit, "file": origin.file, "sheet": origin.sheet, "cell": origin.cell, "field": field.name}
    problems = tuple(
        problem(fault.code, found=fault.found, expected=fault.expected, taken=fault.taken, label=field.label, **where)
        for fault in faults
    )
    return (None if value is None and not invalid else Entry(value, origin, invalid)), problems
