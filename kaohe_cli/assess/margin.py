"""How firm the places are: what it would take to turn the order of neighbours, or the bound of a grade. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.turning import Brink, FigureTurn, MarkTurn, Search
from kaohe_cli.model import Case, Ranked, Ranking
from kaohe_cli.points import HUNDRED, ZERO, decimals, fixed, half_up, plain
from kaohe_cli.scheme.frame import GradeLevel
from kaohe_cli.scheme.scheme import Scheme

MOST = 40  # units of a group up to which figures are tried between all of its neighbours
HALF = "一半以内"  # as people say how far a figure is moved
SMALL = Decimal("0.1")  # percent below which a change is not told more exactly


class Margin(Struct, frozen=True):
    """How firm the order of two neighbours is, or that a unit reaches a bound or does not."""

    group: str  # empty: all units are ranked together
    units: tuple[Ranked, ...]  # the upper and the lower of two neighbours; one: it and a bound
    gap: Decimal  # 分 between their totals, or from the total to the bound; 0 or more
    seats: str = ""  # the grade whose places end between the two; empty: none
    level: GradeLevel | None = None  # whose bound it is; None: of two neighbours
    marks: tuple[MarkTurn, ...] = ()  # of whom and in which direction the smallest change does; empty: none is enough
    figure: FigureTurn | None = None  # None: none is enough, or none was tried
    tried: bool = True  # whether figures were tried

    @property
    def tied(self) -> bool:
        """Whether two neighbours share their place."""
        places = [each.place for each in self.units]
        return self.level is None and places[0] == places[-1]


def margins(scheme: Scheme, cases: Sequence[Case], ranking: Ranking) -> tuple[Margin, ...]:
    """Of each group the neighbours in order, then the units nearest to each bound of a grade, on either side of it.

    ``ranking`` is that of ``cases`` by ``scheme``. Units without a place are in none. In a group of more than ``MOST``
    units figures are tried only where the places of a grade end, and at bounds.
    """
    search = Search(scheme, {case.unit.code: case for case in compare(scheme, cases)}, {}, {}, {}, {})
    return tuple(each for group, units in ranking.groups.items() for each in _of_group(search, group, units))


def _of_group(search: Search, group: str, units: Sequence[Ranked]) -> Iterator[Margin]:
    scheme, placed = search.scheme, [each for each in units if each.place is not None]
    for upper, lower in pairwise(placed):
        sharing = sum(each.place == upper.place for each in placed)
        seats = _seats_end(scheme, upper, lower, sharing, len(units))
        gap = _total(upper) - _total(lower)
        brink = Brink(scheme, (upper.score, lower.score), None)
        ways = [(lower.score, 1), (upper.score, -1)]
        if upper.place == lower.place:
            ways += [(lower.score, -1), (upper.score, 1)]
        tried = len(placed) <= MOST or bool(seats)
        marks, figure = search.marks(brink, ways, gap), search.figure(brink) if tried else None
        yield Margin(group, (upper, lower), gap, seats, None, marks, figure, tried)
    bounds = {(level.least, level.above): level for level in reversed(scheme.content.grade) if level.mark is not None}
    for level in reversed(bounds.values()):
        for each, sign in _nearest(level, placed):
            gap, brink = abs(_total(each) - (level.mark or ZERO)), Brink(scheme, (each.score,), level)
            marks = search.marks(brink, [(each.score, sign)], gap)
            yield Margin(group, (each,), gap, "", level, marks, search.figure(brink))


def _seats_end(scheme: Scheme, upper: Ranked, lower: Ranked, sharing: int, units: int) -> str:
    """The first grade whose places end between two neighbours, or among those that share their place; empty: none."""
    assert upper.place is not None
    assert lower.place is not None
    beyond = lower.place if lower.place > upper.place else upper.place + sharing - 1
    seats = ((level, level.seats(units)) for level in scheme.content.grade)
    return next((level.title for level, end in seats if end is not None and upper.place <= end < beyond), "")


def _nearest(level: GradeLevel, units: Sequence[Ranked]) -> Iterator[tuple[Ranked, int]]:
    """The units nearest to a bound on either side, and whether more points (1) or fewer (-1) would bring them over."""
    above = [each for each in units if level.reached(_total(each))]
    below = [each for each in units if not level.reached(_total(each))]
    lowest, highest = min(map(_total, above), default=ZERO), max(map(_total, below), default=ZERO)
    yield from ((each, -1) for each in above if _total(each) == lowest)
    yield from ((each, 1) for each in below if _total(each) == highest)


def _total(ranked: Ranked) -> Decimal:
    assert ranked.score.total is not None
    return ranked.score.total


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────


def margin_words(scheme: Scheme, margin: Margin) -> str:
    """All that is said of ``margin`` in one sentence, without its full stop.

    第3名甲与第4名乙相差 0.29 分：任一评议项目改动 0.30 分即易位；甲“产值”由 12.3 亿元改为 12.4 亿元也会易位.
    """
    turned = _turned(margin)
    mark, figure = (f"{said}即{turned}" if said else "" for said in (mark_words(margin), figure_words(scheme, margin)))
    if mark and figure:
        figure = f"{figure.removesuffix(f'即{turned}')}也会{turned}"
    short = "" if mark and figure else _not_enough(scheme, margin, mark=bool(mark), figure=bool(figure))
    said = "；".join(filter(None, (mark, short, figure)))
    return f"{margin.group}{_apart(margin)}{'：' if said else ''}{said}"


def summary(scheme: Scheme, found: Iterable[Margin]) -> tuple[str, ...]:
    """At most three sentences: the least gap where the places of a grade end, at a bound, and of all neighbours.

    Each margin once; nothing where no unit has a place.
    """
    found = tuple(found)
    pairs = [each for each in found if each.level is None]
    kinds = ([each for each in pairs if each.seats], [each for each in found if each.level is not None], pairs)
    narrowest = [min(each, key=lambda margin: margin.gap) for each in kinds if each]
    told = {id(each): each for each in narrowest}.values()
    return tuple(f"{margin_words(scheme, each)}。" for each in told)


def between_words(margin: Margin) -> str:
    """What ``margin`` is between: 第3名西湖区与第4名上城区（优秀名额线）; 江干区与达标线（80 分）."""
    if margin.level is not None:
        return f"{margin.units[0].score.unit.name}与{_line(margin.level)}"
    upper, lower = ((f"第{each.place}名", each.score.unit.name) for each in margin.units)
    named = f"并列{upper[0]}的{upper[1]}与{lower[1]}" if margin.tied else f"{''.join(upper)}与{''.join(lower)}"
    return f"{named}{f'（{margin.seats}名额线）' if margin.seats else ''}"


def mark_words(margin: Margin) -> str:
    """The smallest change of a mark that turns it: 任一评议项目改动 0.30 分; empty: none does."""
    if not margin.marks:
        return ""
    every = [turn for turn in margin.marks if turn.every]
    turn = (every or margin.marks)[0]
    codes = {each.unit.code for each in every}
    signs = {each.change > 0 for each in every if each.unit == turn.unit} or {turn.change > 0}
    way = "改动" if len(signs) > 1 or len(codes) > 1 else "多" if turn.change > 0 else "少"
    whose = turn.unit.name if len(margin.units) > 1 and len(codes) < 2 else ""
    alike = f"等 {turn.alike} 项中任何一项" if turn.alike > 1 else ""
    what = "任一评议项目" if every else f"“{turn.title}”{alike}"
    return f"{whose}{what}{way} {fixed(abs(turn.change))} 分"


def figure_words(scheme: Scheme, margin: Margin) -> str:
    """The smallest change of a figure that turns it: 西湖区“…”由 12.3 亿元改为 12.4 亿元（0.8%）; empty: none does."""
    turn = margin.figure
    if turn is None:
        return ""
    named = scheme.names[turn.figure]
    share = abs(turn.after - turn.before) / abs(turn.before or HUNDRED) * HUNDRED
    said = f"不到 {plain(SMALL)}%" if share < SMALL else f"{plain(half_up(share, decimals(SMALL)))}%"
    percent = f"（{said}）" if turn.before and named.unit != "%" else ""
    whose = turn.unit.name if len(margin.units) > 1 else ""
    before, after = map(named.amount, (turn.before, turn.after))
    return f"{whose}“{named.title}·{named.label}”由 {before}{' ' if before.endswith('%') else ''}改为 {after}{percent}"


def _not_enough(scheme: Scheme, margin: Margin, *, mark: bool, figure: bool) -> str:
    """What was tried and is not enough, where nothing is; of figures only where no mark is enough either."""
    tried = ["任何一项评议分的改动"] if has_marks(scheme) and not mark else []
    if has_figures(scheme) and margin.tried and not mark and not figure:
        tried.append(f"任何一项数据增减{HALF}")
    return f"{'，或者'.join(tried)}{'，' if len(tried) > 1 else ''}都不足以{_turned(margin)}" if tried else ""


def has_marks(scheme: Scheme) -> bool:
    """Whether some points are judged, so that a mark may change; what is judged is so for units of any kind."""
    return any(each.claimable for each in scheme.criteria.values())


def has_figures(scheme: Scheme) -> bool:
    """Whether some points follow from figures that units report, so that one may change."""
    return any(not scheme.issued(name) and not name.endswith(".done") for name in scheme.scoring)


def _turned(margin: Margin) -> str:
    """What comes about: 易位, 分先后, 低于达标线."""
    level = margin.level
    if level is None:
        return "分先后" if margin.tied else "易位"
    reached = level.reached(_total(margin.units[0]))
    ways = ("达到", "低于") if level.above is None else ("高于", "降到")
    return f"{ways[reached]}{level.title}线"


def _line(level: GradeLevel) -> str:
    """A bound as people call it: 达标线（80 分）; 超额完成线（须高于 90 分）."""
    return f"{level.title}线（{'' if level.above is None else '须高于 '}{plain(level.mark or ZERO)} 分）"


def _apart(margin: Margin) -> str:
    """What is how far from what: 第3名西湖区与第4名上城区相差 0.29 分; 江干区总分恰为达标线（80 分）."""
    if margin.level is None:
        return between_words(margin) + (f"相差 {fixed(margin.gap)} 分" if margin.gap else "总分相同")
    score, line = margin.units[0].score, _line(margin.level)
    if not margin.gap:
        return f"{score.unit.name}总分恰为{line}"
    gap = f"{'高出' if _total(margin.units[0]) > (margin.level.mark or ZERO) else '尚差'} {fixed(margin.gap)} 分"
    return f"{score.unit.name}总分 {fixed(score.total)} 分，比{line}{gap}"
