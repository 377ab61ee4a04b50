"""What a number or a day may be in a field: each kind of limit once, as a test, as a formula and in words. Pure.

Forms, settings, the ledger, the check of returns and all that is said of fields take their limits from here.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.model import Field, Value
from kaohe_cli.points import DUST, decimals, plain
from kaohe_cli.scheme.condition import literal
from kaohe_cli.scheme.scheme import Scheme

DAY_ZERO = date(1899, 12, 30)  # what spreadsheets count days from
OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<>": "=", "=": "<>"}

LimitKind: TypeAlias = Literal["minimum", "maximum", "whole", "decimals", "above_zero", "at_most", "day", "legal"]


class Limit(Struct, frozen=True):
    """One limit of a field."""

    code: str  # the problem of a value beyond it
    kind: LimitKind
    expected: str  # what that problem says is expected; empty: nothing
    beyond: Callable[[Decimal], bool]  # whether a number, or the number of a day, is beyond it
    comparison: tuple[str, str, str]  # the same of a cell: left, sign, right; {0} the cell, {1} the one it rests on
    phrase: str = ""  # how a sentence about the field says it; empty: with its range

    def outside(self, cell: str, total: str = "") -> str:
        """Whether a number in ``cell`` is beyond it, for a spreadsheet; ``total``: the cell that it may not exceed."""
        return "".join(self.comparison).format(cell, total)

    def inside(self, cell: str) -> str:
        """Whether a number in ``cell`` keeps to it, where no other cell limits it."""
        left, sign, right = self.comparison
        return f"{left}{OPPOSITE[sign]}{right}".format(cell)


WHOLE = Limit("KH111", "whole", "整数", lambda value: value != value.to_integral_value(), ("INT({0})", "<>", "{0}"))
ABOVE_ZERO = Limit("KH126", "above_zero", "", lambda value: value == 0, ("{0}", "=", "0"), "不能为 0")


def finest(places: int) -> Limit:
    """At most so many decimals, whatever dust a number of a spreadsheet carries beyond them."""
    said, finer = f"最多 {places} 位小数", f"ROUND({{0}}-ROUND({{0}},{places}),{DUST})"
    return Limit("KH112", "decimals", said, lambda value: decimals(value) > places, (finer, "<>", "0"), said)


def among(legal: tuple[Decimal, ...]) -> Limit:
    """One of a few numbers."""
    said = "或".join(map(plain, legal))
    counted = "+".join(f"COUNTIF({{0}},{literal(each)})" for each in legal)
    return Limit("KH103", "legal", said, lambda value: value not in legal, (counted, "=", "0"), f"只能是 {said}")


def limits(field: Field, scheme: Scheme | None = None, total: Decimal | None = None) -> Iterator[Limit]:
    """Every limit of ``field``; without its ``scheme`` those that rest neither on the year nor on another field.

    ``total`` is the number in the field that this one may not exceed, None: no number stands there.
    """
    least, most = field.minimum, field.maximum
    whose = scheme.names[field.at_most].label if scheme is not None and field.at_most is not None else ""
    # a total that is itself out of range says nothing about its parts
    counts = total is not None and (least is None or total >= least) and (most is None or total < most)
    bound = total if whose and counts else None
    expected = span(least, most) if bound is None else f"{span(least, bound)}（{whose}）"
    if least is not None:
        yield Limit("KH103", "minimum", expected, lambda value: value < least, ("{0}", "<", literal(least)))
    if most is not None:
        yield Limit("KH103", "maximum", expected, lambda value: value > most, ("{0}", ">", literal(most)))
    if field.whole:
        yield WHOLE
    if field.decimals is not None:
        yield finest(field.decimals)
    if field.above_zero:
        yield ABOVE_ZERO
    if field.legal:
        yield among(field.legal)
    if whose:
        yield Limit(
            "KH103", "at_most", expected, lambda value: bound is not None and value > bound,
            ("IF(COUNT({1})=1,{0}", ">", "{1},FALSE)"), f"不超过{whose}",
        )  # fmt: skip
    if scheme is not None and field.type == "date":
        days = date_limits(scheme)
        expected = " 至 ".join(day.isoformat() for day in days)
        phrase = "至".join(f"{day.year}年{day.month}月{day.day}日" for day in days) + "之间的日期"
        begin, end = serial(days[0]), serial(days[1]) + 1  # a cell may hold a time of day too
        yield Limit("KH117", "day", expected, lambda value: value < begin, ("{0}", "<", str(begin)), phrase)
        yield Limit("KH117", "day", expected, lambda value: value >= end, ("{0}", ">=", str(end)), phrase)


def broken(
    field: Field, value: Value | None, scheme: Scheme | None = None, total: Decimal | None = None
) -> tuple[Limit, ...]:
    """The limits that a number or a day is beyond, one of each problem; a word is beyond none."""
    number = Decimal(serial(value)) if isinstance(value, date) else value
    if not isinstance(number, Decimal):
        return ()
    return tuple({limit.code: limit for limit in limits(field, scheme, total) if limit.beyond(number)}.values())


def phrases(held: Iterable[Limit], *kinds: LimitKind) -> tuple[str, ...]:
    """What a sentence says of those among ``held`` that are of ``kinds``, in their order: 不能为 0, 最多 6 位小数."""
    said = {limit.kind: limit.phrase for limit in held}
    return tuple(said[kind] for kind in kinds if kind in said)


def span(least: Decimal | None, most: Decimal | None, kind: str = "") -> str:
    """The numbers of a kind from ``least`` to ``most`` (None: unbounded): 0–40; -100 至 100 的整数; 0 以上的数值."""
    alone = kind.strip() or "的数值"
    if least is None:
        return alone.removeprefix("的") if most is None else f"{plain(most)} 以下{alone}"
    if most is None:
        return f"{plain(least)} 以上{alone}"
    return f"{plain(least)}{' 至 ' if least < 0 else '–'}{plain(most)}{kind}"


def date_limits(scheme: Scheme) -> tuple[date, date]:
    """First and last day that a 填报日期 may be: within the year of the assessment or the month after it."""
    return date(scheme.content.year, 1, 1), date(scheme.content.year + 1, 1, 31)


def serial(day: date) -> int:
    """The number that spreadsheets keep for ``day``."""
    return (day - DAY_ZERO).days
