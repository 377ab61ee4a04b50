"""What is measured: a figure, or its share of another. And how units compare in it, as pseudo figures of each.

A rule sees one unit. What it must know of the others a stage that sees them all adds to the figures of each, by the
names given here; numbers and the formulas of a sheet beside each other.
"""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.model import Mark
from kaohe_cli.points import CENTS, HUNDRED, ZERO, plain, settled
from kaohe_cli.scheme.condition import Addresses, Figures, Names, gap_said, number_of

RATIO = 8  # decimals of a share, and of a mean
MARK = "@"  # in the name of a pseudo figure, and in no other
STATS = ("max", "min", "mean", "count", "place", "place_low")


class Subject(Struct, frozen=True):
    """A figure, its share of another, or by how much it is beyond another."""

    left: str
    right: str | None = None
    gap: bool = False  # how far it is beyond the other, and not its share of it

    @property
    def name(self) -> str:
        """What it is called among figures: a.actual, a.actual/a.prior, a.actual-a.prior."""
        return f"{self.left}{'-' if self.gap else '/'}{self.right}" if self.right else self.left

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures it is made of."""
        return (self.left, self.right) if self.right else (self.left,)

    @property
    def base(self) -> str | None:
        """What a share is asked of; None: it is no share."""
        return None if self.gap else self.right

    def pseudo(self, stat: str) -> str:
        """The name of a pseudo figure: a.actual/a.prior@max; the stats are those of :func:`compared`."""
        return f"{self.name}{MARK}{stat}"

    @property
    def pseudos(self) -> tuple[str, ...]:
        """The names of all its pseudo figures."""
        return tuple(map(self.pseudo, STATS))

    def value(self, figures: Mapping[str, Decimal | Mark]) -> Decimal | None:
        """The figure, the gap, the share at eight decimals (halves up); None: a figure is not known, the base is 0."""
        left = figures.get(self.left)
        if not isinstance(left, Decimal) or self.right is None:
            return left if isinstance(left, Decimal) else None
        right = figures.get(self.right)
        if self.gap:
            return left - right if isinstance(right, Decimal) else None
        return settled(left / right, RATIO) if isinstance(right, Decimal) and right else None

    def formula(self, cells: Addresses) -> str:
        """The same as an expression of a spreadsheet."""
        if self.right is None:
            return cells(self.left)
        return f"ROUND({cells(self.left)}{'-' if self.gap else '/'}{cells(self.right)},{RATIO})"

    def exact(self, figures: Figures) -> Decimal:
        """The figure, or the share to 28 digits."""
        left = number_of(figures, self.left)
        if self.gap and self.right:
            return left - number_of(figures, self.right)
        return left / number_of(figures, self.right) if self.right else left

    def bound(self, figures: Figures, share: Decimal) -> Decimal:
        """What the left figure is where it, or its share of another, comes to ``share``."""
        return share * number_of(figures, self.right) if self.right else share

    def called(self, names: Names) -> str:
        """What it is, in running text: 全年产值; 全年产值与下达目标之比."""
        left = names[self.left]
        if self.gap and self.right:
            return f"{left.called}比{names[self.right].near(left)}的增量"
        return f"{left.called}与{names[self.right].near(left)}之比" if self.right else left.called

    def amount(self, value: Decimal, names: Names, places: int = CENTS) -> str:
        """``value`` of it with its unit: 90 万元; a share in percent, at so many decimals."""
        if self.gap:
            return gap_said(names[self.left], value)
        return f"{plain(settled(value * HUNDRED, places))}%" if self.right else names[self.left].amount(value)

    def said(self, figures: Figures, names: Names, shown: str = "") -> str:
        """What it comes to, in running text: 全年产值 90 万元，为下达目标 100 万元的 90%, or as ``shown``."""
        left, told = names[self.left], number_of(figures, self.left)
        if self.right is None:
            return left.said(told)
        right = names[self.right]
        other = right.said(number_of(figures, self.right), right.near(left))
        if self.gap:
            return f"{left.said(told)}，比{other}增加 {gap_said(left, self.exact(figures))}"
        return f"{left.said(told)}，为{other}的 {shown or self.amount(self.exact(figures), names)}"


def is_pseudo(figure: str) -> bool:
    """Whether that is the name of a pseudo figure."""
    return MARK in figure


def compared(values: Mapping[str, Decimal]) -> Mapping[str, Mapping[str, Decimal]]:
    """How each unit (by code) stands among ``values``, all that are known: its pseudo figures by stat.

    ``max``, ``min``, ``mean`` (eight decimals, halves up), ``count``, and its place from the highest (``place``) and
    from the lowest (``place_low``); equal ones share a place.
    """
    if not values:
        return {}
    known = sorted(values.values())
    count = len(known)
    common = {
        "max": known[-1], "min": known[0], "count": Decimal(count),
        "mean": settled(sum(known, ZERO) / count, RATIO),
    }  # fmt: skip
    higher = {value: Decimal(count - place) for place, value in enumerate(known)}  # the last of equals is the highest
    lower = {value: Decimal(count - place) for place, value in enumerate(reversed(known))}
    return {code: {**common, "place": higher[value], "place_low": lower[value]} for code, value in values.items()}


def compared_formulas(cell: str, cells: str) -> Mapping[str, str]:
    """The same over the range ``cells``, of which ``cell`` is one, as expressions of a spreadsheet, by stat."""
    return {
        "max": f"MAX({cells})",
        "min": f"MIN({cells})",
        "count": f"COUNT({cells})",
        "mean": f"ROUND(AVERAGE({cells}),{RATIO})",
        "place": f'COUNTIF({cells},">"&{cell})+1',
        "place_low": f'COUNTIF({cells},"<"&{cell})+1',
    }
