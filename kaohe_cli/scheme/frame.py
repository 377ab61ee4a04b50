"""The frame of a scheme: how parts become the whole (合计办法), grades, ceilings, vetoes, groups."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Literal

from msgspec import Struct

from kaohe_cli.points import CENTS, HUNDRED, ZERO, decimals, half_up, plain
from kaohe_cli.scheme.condition import Condition, Figures, Names, literal

ONE = Decimal(1)
VETOED = "一票否决"
Combine = Literal["sum", "weighted", "mean", "least"]
TOGETHER = {"sum": "相加", "weighted": "按权重相加", "mean": "取平均", "least": "取最低"}
ROUNDED = {"down": "舍去", "half": "四舍五入", "up": "进一"}  # of a share of units
EXACT = 10  # decimals at which a formula rounds a mean or a weighted sum before the cent


class Frame(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the points of what stands below come together, and what they count for above."""

    combine: Combine = "sum"
    weight: Decimal = ONE  # 权重, where what stands above is weighted: 0.25
    floor: Decimal | None = None  # 分 at least; None: no limit
    cap: Decimal | None = None  # 分 at most; None: no limit

    @property
    def bounded(self) -> bool:
        """Whether a limit of its own may change the points."""
        return self.floor is not None or self.cap is not None

    @property
    def limits(self) -> tuple[Combine, Decimal, Decimal | None, Decimal | None]:
        """All that it says."""
        return self.combine, self.weight, self.floor, self.cap

    def raw(self, parts: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
        """Points of ``parts`` (points and weight of each) before the limits, in 分 with two decimals, halves up."""
        if self.combine == "sum":
            return sum((points for points, _ in parts), ZERO)
        values = [points for points, _ in parts]
        if self.combine == "weighted":
            return half_up(sum((points * weight for points, weight in parts), ZERO))
        if self.combine == "mean":
            return half_up(sum(values, ZERO) / len(values)) if values else ZERO
        return min(values, default=ZERO)

    def limited(self, points: Decimal, cap: Decimal | None = None) -> Decimal:
        """``points`` within the limits, and under a further ``cap``."""
        most = min((each for each in (self.cap, cap) if each is not None), default=None)
        points = points if most is None else min(points, most)
        return points if self.floor is None else max(points, self.floor)

    def formula(self, parts: Sequence[tuple[str, Decimal]], cap: Decimal | None = None) -> str:
        """The same as an expression of a spreadsheet, of cells or ranges known to hold numbers."""
        listed = ",".join(cell for cell, _ in parts)
        if self.combine == "weighted":
            total = "+".join(cell if weight == 1 else f"{cell}*{literal(weight)}" for cell, weight in parts)
            total = f"ROUND(ROUND({total},{EXACT}),{CENTS})"
        elif self.combine == "mean":
            total = f"ROUND(ROUND(AVERAGE({listed}),{EXACT}),{CENTS})"
        else:
            total = f"MIN({listed})" if self.combine == "least" else f"ROUND(SUM({listed}),{CENTS})"
        most = min((each for each in (self.cap, cap) if each is not None), default=None)
        total = total if most is None else f"MIN({total},{literal(most)})"
        return total if self.floor is None else f"MAX({total},{literal(self.floor)})"

    def words(self) -> str:
        """How the parts come together, and within what limits: 按权重相加, 最多 10 分; empty: they add up."""
        how = "" if self.combine == "sum" else TOGETHER[self.combine]
        most = "" if self.cap is None else f"最多 {plain(self.cap)} 分"
        least = "" if self.floor is None else f"最少 {plain(self.floor)} 分" if self.floor else "扣完为止"
        return "，".join(part for part in (how, most, least) if part)


class Section(Frame, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the official table (一类目标, 加分项目), with sections or items in it."""

    id: str
    title: str
    of: str = ""  # the section that it is in; empty: none
    points: Decimal | None = None  # 分 in full; None: what stands in it has none, or the notice gives none


class Conditions(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """Conditions of which all hold, or one does."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition."""
        return (*self.all, *self.any)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures it reads, each once."""
        return tuple(dict.fromkeys(name for each in self.conditions for name in each.figures))

    def holds(self, figures: Figures) -> bool:
        """Whether it comes about."""
        one = not self.any or any(each.met(figures) for each in self.any)
        return one and all(each.met(figures) for each in self.all)

    def words(self, figures: Figures, names: Names) -> str:
        """What the figures are that bring it about."""
        return "；".join(each.words(figures, names) for each in self.conditions if each.met(figures))

    def terms(self, names: Names) -> str:
        """What is asked, without the figures of a unit."""
        every = [each.terms(names) for each in self.all]
        one = "或者".join(each.terms(names) for each in self.any)
        return "，并且".join((*every, *([one] if one else [])))


class GradeLevel(Struct, frozen=True, forbid_unknown_fields=True):
    """A grade (等次) and what it takes; a unit gets the first in the list all of whose conditions it fulfils."""

    title: str  # in the notice's own words: 优秀, 超额完成
    clause: str = ""  # verbatim from the notice; empty: the notice does not name it
    least: Decimal | None = None  # 总分 of so many points or more
    above: Decimal | None = None  # 总分 above so many points
    places: int | None = None  # among the first so many of the group
    share: Decimal | None = None  # among the first so much of the group: 0.15
    rounding: Literal["down", "half", "up"] = "down"  # of the share of units that is no whole number
    called: str = ""  # what a unit of it is called: 优秀单位; empty: its title and 等次
    said: str = ""  # how a circular says it; empty: 被评为 and what such a unit is called
    rewarded: bool = False  # whether the notice has the heads of its units rewarded (表彰奖励)

    @property
    def named(self) -> str:
        """What a unit of it is called: 优秀单位, 超额完成等次."""
        return self.called or f"{self.title}等次"

    @property
    def mark(self) -> Decimal | None:
        """The total that it asks for, 分; None: none."""
        return self.above if self.least is None else self.least

    def seats(self, units: int) -> int | None:
        """How many places of a group of so many units it is for; None: any."""
        shared = None
        if self.share is not None:
            way = {"down": ROUND_FLOOR, "half": ROUND_HALF_UP, "up": ROUND_CEILING}[self.rounding]
            shared = int((self.share * units).quantize(ONE, way))
        return min((each for each in (self.places, shared) if each is not None), default=None)

    def reached(self, total: Decimal) -> bool:
        """Whether a total is enough."""
        return (self.least is None or total >= self.least) and (self.above is None or total > self.above)

    def terms(self) -> str:
        """What it takes: 前 3 名，总分 80 分以上（含）; empty: nothing."""
        said = [f"前 {self.places} 名"] if self.places is not None else []
        said += [f"前 {plain(self.share * HUNDRED)}%"] if self.share is not None else []
        said += [f"总分 {plain(self.least)} 分以上（含）"] if self.least is not None else []
        said += [f"总分高于 {plain(self.above)} 分"] if self.above is not None else []
        return "，".join(said)


class Ceiling(Struct, frozen=True, forbid_unknown_fields=True):
    """What keeps a unit from any grade above one (否决性指标)."""

    id: str
    grade: str  # the best that is left
    clause: str
    test: Conditions  # where it holds


class VetoGround(Struct, frozen=True, forbid_unknown_fields=True):
    """一票否决: the score stays visible, the unit gets no place and no title."""

    clause: str
    id: str = "veto"
    title: str = VETOED  # what it is for: 党风廉政一票否决
    grade: str = VETOED  # what stands as the grade
    test: Conditions | None = None  # by figures, where it holds; None: by the finding of an authority


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Units that are ranked among themselves (分类考核)."""

    title: str
    kinds: tuple[str, ...]  # of its units


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """What is another for units of a kind."""

    name: str
    change: dict[str, dict[str, object]]  # as an option's


def points_odd(points: Decimal | None) -> bool:
    """Whether ``points`` have more than two decimals."""
    return points is not None and decimals(points) > CENTS
