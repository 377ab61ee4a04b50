"""Exact numbers: how a number comes in, is rounded, and is shown."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
SETTLE = Decimal("0.000001")
ZERO = Decimal(0)
HUNDRED = Decimal(100)


def number(given: int | float | str | Decimal) -> Decimal | None:
    """The exact number a person typed, or None where it is no finite number.

    A float is taken at 15 significant digits, as spreadsheets show it: 0.1 + 0.2 is 0.3.
    """
    try:
        value = Decimal(format(given, ".15g")) if isinstance(given, float) else Decimal(given)
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return value if value.is_finite() else None


def half_up(value: Decimal, step: Decimal = CENT) -> Decimal:
    """``value`` rounded to ``step``, halves away from zero, as ROUND does in a spreadsheet."""
    return value.quantize(step, ROUND_HALF_UP)


def settle(value: Decimal) -> Decimal:
    """``value`` at six decimals: where formulas and the program compare and count."""
    return value.quantize(SETTLE, ROUND_HALF_UP)


def points(value: Decimal) -> Decimal:
    """Points (分) at two decimals, rounded half up over a settled value."""
    return half_up(settle(value))


def plain(value: Decimal) -> str:
    """``value`` for running text: thousands separated, no trailing zeros (2,677.5)."""
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed(value: Decimal | None) -> str:
    """Points for a table: two decimals, or a dash where they are unknown."""
    return "—" if value is None else format(half_up(value), "f")
