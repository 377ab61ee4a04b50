"""Exact numbers: how a number comes in, is rounded, shared out, and shown."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

DECIMALS = 6  # most decimals of a figure
CENTS = 2  # decimals of points (分)
DUST = 8  # decimals at which what binary arithmetic leaves behind is nothing
MOST_DIGITS = 27  # that a number may have before and after the point together to be rounded at all
ZERO = Decimal(0)
HUNDRED = Decimal(100)
FURTHEST = 15  # digits before the point, and after it, beyond which no number of a notice comes near


def number(given: int | float | str | Decimal) -> Decimal | None:
    """The exact number a person typed, or None where it is no finite number.

    A float is taken at 15 significant digits, as spreadsheets show it: 0.1 + 0.2 is 0.3.
    """
    try:
        value = Decimal(format(given, ".15g")) if isinstance(given, float) else Decimal(given)
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return value if value.is_finite() else None


def is_of_this_world(value: Decimal) -> bool:
    """Whether a notice may have that number: nothing is worked out with others."""
    return value.is_finite() and (not value or (value.adjusted() < FURTHEST and value == round(value, FURTHEST)))


def half_up(value: Decimal, places: int = CENTS) -> Decimal:
    """``value`` at so many decimals, halves away from zero, as ROUND does in a spreadsheet; points (分) at two."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def settled(value: Decimal, places: int) -> Decimal:
    """A quotient at so many decimals, halves away from zero; as it is where it is too great for any of them."""
    return value if value.adjusted() + places >= MOST_DIGITS else half_up(value, places)


def decimals(value: Decimal) -> int:
    """How many decimals ``value`` has, without zeros at its end."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def digits(value: Decimal) -> int:
    """How many digits ``value`` has before the point."""
    return max(1, value.adjusted() + 1)


def add(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None where any of them is not known."""
    total = ZERO
    for value in values:
        if value is None:
            return None
        total += value
    return total


def minus(value: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The difference, or None where one of both is not known."""
    return None if value is None or other is None else value - other


def shared_out(whole: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """``whole`` (分, two decimals at most) by ``weights``, in parts of two decimals that add up to it exactly.

    Largest remainder, ties by order.
    """
    cents, total = whole.scaleb(CENTS), sum(weights, ZERO)
    parts = [divmod(cents * weight, total) for weight in weights]
    left = int(cents - sum((part for part, _ in parts), ZERO))
    first = sorted(range(len(parts)), key=lambda place: -parts[place][1])[:left]
    return tuple((part + (place in first)).scaleb(-CENTS) for place, (part, _) in enumerate(parts))


def plain(value: Decimal) -> str:
    """``value`` for running text: thousands separated, no trailing zeros (2,677.5)."""
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed(value: Decimal | None) -> str:
    """Points for a table: two decimals, or a dash where they are unknown."""
    return "—" if value is None else format(half_up(value), "f")
