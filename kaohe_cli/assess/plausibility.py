"""What is so odd that somebody has to confirm it (核实): figures, awards, totals, each with what rides on it. Pure.

A figure is held against the bands of the scheme (scheme/plausible.py), against the other units, against what all units
together are to come to, and against its neighbour in the form. It is the figure in force that is looked at: a 核定值
where there is one. Nothing is refused here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import exp, log
from statistics import median
from typing import TypeAlias

from msgspec import Struct

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.influence import NONE, Standings, awarded, standings, without
from kaohe_cli.assess.score import score
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Case, Entry, Influence, Origin, Query, QueryState, Settings, UnitScore
from kaohe_cli.points import CENTS, DECIMALS, HUNDRED, ZERO, fixed, half_up, plain
from kaohe_cli.scheme.fields import confirmation
from kaohe_cli.scheme.normalise import said
from kaohe_cli.scheme.plausible import Against, ExpectationKind
from kaohe_cli.scheme.records import Measure, Total
from kaohe_cli.scheme.scheme import Scheme

PEERS = 8  # units from which on one of them can be told from the others
SIGMA = 1.4826  # of a normal distribution to the median distance
DISTANCE = 3.0  # such deviations from the median that are odd
LEAST_DEVIATION = 0.05  # of a multiple, by its logarithm
LEAST_POINTS = 1.0  # of percentage points
LEAST_TOTAL = 8.0  # of totals, 分: a bonus without limit moves an honest one by twenty
LARGEST = 15  # digits before the point
FAR_ITEM = 3  # times its full points that an item may earn
EXCHANGED = 0.12  # how far two figures may be from each other's rows, by the logarithm, to look exchanged
GAIN = 0.04  # and how much nearer than to their own
GAIN_OF_UNITS = 0.1  # the same of two units, which are often of like size

CODES: Mapping[ExpectationKind, str] = {
    "growth": "KH260", "target": "KH261", "plan": "KH262", "range": "KH263", "part": "KH264", "same": "KH265",
}  # fmt: skip

Key: TypeAlias = tuple[str, str]  # unit code, figure


class Doubt(Struct, frozen=True):
    """One reason why a value is odd."""

    code: str
    why: str
    instead: Decimal | None = None  # what would not be odd; None: nothing tells


Doubts: TypeAlias = dict[Key, list[Doubt]]


class Known(Struct, frozen=True):
    """The numbers in force of one unit."""

    case: Case
    held: Mapping[str, Decimal]  # by figure

    def pair(self, pair: Against) -> tuple[Decimal, Decimal] | None:
        """The two figures of a pair; None where one is not known or nothing can be said against the other."""
        value, base = self.held.get(pair.figure), self.held.get(pair.base)
        return None if value is None or base is None or (base <= 0 and not pair.points) else (value, base)


def known_numbers(case: Case) -> Known:
    """The numbers of ``case`` that are known, 核定值 in the place of what was reported."""
    settled = case.settled
    return Known(case, {name: each.value for name, each in settled.items() if isinstance(each.value, Decimal)})


def queries(scheme: Scheme, cases: Sequence[Case], scores: Sequence[UnitScore] | None = None) -> tuple[Query, ...]:
    """All that has to be confirmed, what most rides on first; ``scores`` None: they are worked out.

    What was confirmed, or verified to be the same, is among them as confirmed for as long as its value stands.
    """
    if scores is None:
        cases = compare(scheme, cases)
        scores = [score(scheme, case) for case in cases]
    by_code = {case.unit.code: (case, each) for case, each in zip(cases, scores, strict=True)}
    standing = standings(scheme, scores)
    found = [
        _figure(scheme, standing, cases, *by_code[code], name, each)
        for (code, name), each in doubts(scheme, cases).items()
    ]
    found += _awards(scheme, standing, by_code.values())
    found.sort(key=_weight)
    # totals come after what they are made of
    return (*found, *sorted(_totals(standing, by_code.values()), key=_weight))


def _weight(query: Query) -> tuple[Decimal, int]:
    return -query.influence.points, -query.influence.places


def settings_doubts(scheme: Scheme, settings: Settings) -> tuple[Problem, ...]:
    """What is odd about the figures that the office gives: among themselves, among the units, against city totals."""
    cases = [Case(unit, "missing", scheme.given(unit, settings), file=settings.file) for unit in settings.units]
    by_code = {case.unit.code: case for case in cases}
    return tuple(
        each
        for (code, name), found in doubts(scheme, cases).items()
        for each in _said(scheme, by_code[code], name, found)
    )


def doubts(scheme: Scheme, cases: Iterable[Case]) -> Doubts:
    """Every figure that is odd, with all the reasons."""
    units = [known_numbers(case) for case in cases]
    found: Doubts = {}
    peers = {name: _Peers.of(pair, units) for name, pair in _pairs(scheme).items()}
    for key, doubt in _exchanged_units(units, peers):
        found.setdefault(key, []).append(doubt)
    for unit in units:
        for measure in scheme.content.measure:
            for name, doubt in _odd(scheme, measure, unit, peers):
                found.setdefault((unit.case.unit.code, name), []).append(doubt)
        for name, doubt in (*_exchanged(scheme, unit, peers), *_last_year(unit)):
            found.setdefault((unit.case.unit.code, name), []).append(doubt)
    for total in scheme.content.total:
        for key, doubt in _summed(scheme, total, units, peers):
            found.setdefault(key, []).append(doubt)
    return found


# ── one unit ────────────────────────────────────────────────────────────────────────────────────────────


def _odd(scheme: Scheme, measure: Measure, unit: Known, peers: Mapping[Key, "_Peers"]) -> Iterator[tuple[str, Doubt]]:
    """What the figures of one measure say to each other, and to those of the other units."""
    found: list[tuple[tuple[str, ...], Doubt]] = []
    for each in scheme.expectations[measure.id]:
        if not unit.held.keys() >= {*each.figures}:
            continue
        if not each.met(unit.held):
            found.append(
                (each.figures, Doubt(CODES[each.kind], each.words(unit.held, scheme.names), each.edge(unit.held)))
            )
        if isinstance(each, Against) and (far := peers[measure.id, each.kind].odd(unit)):
            found.append((each.figures, far))
    blamed = _blamed([figures for figures, _ in found if len(figures) > 1])
    for figures, doubt in found:
        if blamed in figures[1:]:
            # what is said, and what would not be odd, is of the figure that the pair is about
            yield blamed, Doubt(doubt.code, f"{scheme.names[figures[0]].label}{doubt.why}")
        else:
            yield figures[0], doubt


def _blamed(pairs: Sequence[tuple[str, ...]]) -> str:
    """The one figure that all odd pairs have in common, where there are two or more of them; empty: there is none."""
    common = [name for name in pairs[0] if all(name in pair for pair in pairs)] if pairs else []
    return common[0] if len({*pairs}) > 1 and len(common) == 1 else ""


def _exchanged(scheme: Scheme, unit: Known, peers: Mapping[Key, "_Peers"]) -> Iterator[tuple[str, Doubt]]:
    """Two figures of this year, one below the other in the form, each of which fits the other's row.

    Where neither earns points, that two are alike says too little.
    """
    expected = {}
    for measure in scheme.content.measure:
        if measure.actual is not None:
            expected[measure.id] = _expected(measure.id, unit, peers)
    for (first, one), (second, other) in pairwise(expected.items()):
        values = [unit.held.get(f"{id}.actual") for id in (first, second)]
        earns = f"{first}.actual" in scheme.scoring or f"{second}.actual" in scheme.scoring
        if not earns or one is None or other is None or not all(value and value > 0 for value in values):
            continue
        own, turned = (_misfit(pair, (one, other)) for pair in (values, values[::-1]))
        if turned < EXCHANGED and own - turned > GAIN:
            for id, beside, value in ((first, second, values[1]), (second, first, values[0])):
                yield f"{id}.actual", Doubt("KH272", f"像是与“{scheme.measures[beside].title}”填反了", value)


def _misfit(values: Sequence[Decimal | None], expected: Sequence[Decimal]) -> float:
    pairs = zip(values, expected, strict=True)
    return sum(abs(log(value / each)) if value and each > 0 else EXCHANGED for value, each in pairs)


def _expected(measure: str, unit: Known, peers: Mapping[Key, "_Peers"]) -> Decimal | None:
    """What this year's figure would be, if it stood to the target, or to last year's, as that of most units does."""
    for kind in ("target", "growth"):
        group = peers.get((measure, kind))
        if group and (base := unit.held.get(group.pair.base)) and base > 0:
            return group.usual(base)
    return None


def _last_year(unit: Known) -> Iterator[tuple[str, Doubt]]:
    """Last year's figure that is not what was settled then."""
    for name, settled in unit.case.last_year.items():
        if (value := unit.held.get(name)) is not None and value != settled:
            yield name, Doubt("KH271", f"上年考核核定的是 {plain(settled)}", settled)


# ── among the units ─────────────────────────────────────────────────────────────────────────────────────


def _pairs(scheme: Scheme) -> dict[Key, Against]:
    """Every pair of figures, by measure and kind."""
    return {
        (measure, each.kind): each
        for measure, held in scheme.expectations.items()
        for each in held
        if isinstance(each, Against)
    }


class _Peers(Struct, frozen=True):
    """How two figures stand to each other in all units."""

    pair: Against
    count: int  # units that have both
    middle: float  # median, by the logarithm of the multiple or in percentage points
    deviation: float

    @classmethod
    def of(cls, pair: Against, units: Iterable[Known]) -> "_Peers":
        """Those of ``units`` that have both figures."""
        held = [at for unit in units if (at := _at(pair, unit)) is not None]
        middle = median(held) if held else 0.0
        least = LEAST_POINTS if pair.points else LEAST_DEVIATION
        deviation = max(least, SIGMA * median(abs(at - middle) for at in held)) if held else least
        return cls(pair, len(held), middle, deviation)

    def usual(self, base: Decimal) -> Decimal:
        """What stands to ``base`` as in most units; ``base`` itself where there are too few to tell."""
        if self.count < PEERS:
            return base
        if self.pair.points:
            return base + Decimal(repr(self.middle))
        usual = base * Decimal(repr(exp(self.middle)))
        return half_up(usual, 0) if self.pair.whole else usual

    def odd(self, unit: Known) -> Doubt | None:
        """That a unit stands far from the others; None: it does not, or there are too few to tell."""
        at = _at(self.pair, unit)
        if at is None or self.count < PEERS or abs(at - self.middle) <= DISTANCE * self.deviation:
            return None
        value, base = unit.held[self.pair.figure], unit.held[self.pair.base]
        usual = self.usual(base)
        if abs(value - usual) <= self.pair.slack:
            return None
        own, others = (_stands(self.pair, each) for each in (at, self.middle))
        stands = "相当于" if self.pair.kind == "target" and not self.pair.points else ""
        return Doubt("KH266", f"{stands}{own}，{self.count} 个单位的中位数是{others}", usual)


def _at(pair: Against, unit: Known) -> float | None:
    """Where a unit stands; None where nothing can be said."""
    figures = unit.pair(pair)
    if figures is None:
        return None
    value, base = figures
    if pair.points:
        return float(value - base)
    return log(value / base) if value > 0 else None


def _stands(pair: Against, at: float) -> str:
    """A multiple or a difference in words: 增长 900%; 目标的 104%; 高 1.2 个百分点."""
    if pair.points:
        gap = half_up(Decimal(repr(at)), CENTS)
        return f"{'高' if gap >= 0 else '低'} {plain(abs(gap))} 个百分点"
    share = half_up(Decimal(repr(exp(at))) * HUNDRED, 1)
    if pair.kind == "target":
        return f"目标的 {plain(share)}%"
    change = share - HUNDRED
    return f"{'增长' if change >= 0 else '下降'} {plain(abs(change))}%"


def _exchanged_units(units: Sequence[Known], peers: Mapping[Key, _Peers]) -> Iterator[tuple[Key, Doubt]]:
    """A target, or last year's figure, of two units one below the other in a table, each of which fits the other."""
    for (_, kind), group in peers.items():
        base = group.pair.base
        if kind == "plan" or group.pair.points or group.count < PEERS:
            continue
        for one, other in pairwise(units):
            at = [_at(group.pair, each) for each in (one, other)]
            if at[0] is None or at[1] is None or not _same_table(one.case, other.case, base):
                continue
            apart = log(one.held[base] / other.held[base])
            own = abs(at[0] - group.middle) + abs(at[1] - group.middle)
            turned = abs(at[0] + apart - group.middle) + abs(at[1] - apart - group.middle)
            if turned < EXCHANGED and own - turned > GAIN_OF_UNITS:
                for unit, beside in ((one, other), (other, one)):
                    said = f"像是与“{beside.case.unit.name}”填反了"
                    yield (unit.case.unit.code, base), Doubt("KH272", said, beside.held[base])


def _same_table(one: Case, other: Case, figure: str) -> bool:
    """Whether a figure of two units was typed into one table: forms are a file for each unit."""
    first, second = (case.settled[figure].origin for case in (one, other))
    return first == second or (first is not None and second is not None and first.file == second.file)


def _summed(
    scheme: Scheme, total: Total, units: Sequence[Known], peers: Mapping[Key, _Peers]
) -> Iterator[tuple[Key, Doubt]]:
    """The figure that most of a sum beyond its bounds is due to."""
    for name, span in (("target", total.target), ("actual", total.actual)):
        figure = f"{total.measure}.{name}"
        held = [(unit, unit.held[figure]) for unit in units if figure in unit.held]
        if span is None or not held:
            continue
        summed = sum((value for _, value in held), ZERO)
        low, high = (total.number * edge for edge in span)
        known = [unit for unit in units if (entry := unit.case.settled.get(figure)) and entry.value is not None]
        whole = len(known) == len(units) >= len(scheme.units)
        # a sum of some of the units can be too much, but never too little
        if summed <= high and (summed >= low or not whole):
            continue
        unit, _ = max(held, key=lambda each: abs(each[1] - (_usual(total.measure, name, each[0], peers) or ZERO)))
        times = plain(half_up(summed / total.number))
        said = f"{len(held)} 个单位合计 {plain(summed)}，是全市 {plain(total.number)} 的 {times} 倍"
        yield (unit.case.unit.code, figure), Doubt("KH267", said, _usual(total.measure, name, unit, peers))


def _usual(measure: str, name: str, unit: Known, peers: Mapping[Key, _Peers]) -> Decimal | None:
    if name == "actual":
        return _expected(measure, unit, peers)
    group = peers.get((measure, "plan"))
    base = unit.held.get(group.pair.base) if group else None
    return group.usual(base) if group and base else None


# ── queries ─────────────────────────────────────────────────────────────────────────────────────────────


def _figure(
    scheme: Scheme, standing: Standings, cases: Sequence[Case], case: Case, held: UnitScore, figure: str,
    found: Sequence[Doubt],
) -> Query:  # fmt: skip
    settled, measure = case.settled, figure.partition(".")[0]
    entry = settled[figure]
    rests = figures_rest(scheme, settled, measure)
    confirmed = case.confirmed.get(figure) == rests or _same_verified(case, figure)
    answer = case.reported.get(confirmation(measure))
    ride = NONE
    if figure in scheme.scoring or figure in scheme.barring:
        target = settled.get(f"{measure}.target")
        instead = {_as_figure(each.instead) for each in found} | {None}
        if figure.endswith(".actual") and target is not None and isinstance(target.value, Decimal):
            instead.add(target.value)
        ride = standing.ride(held, (without(scheme, case, held, figure, each, cases) for each in instead))
    return _query(
        case, figure, label_of(scheme, figure), said(entry.value) if entry.value is not None else "", found, ride,
        confirmed, str(answer.value) if answer and answer.value else "", rests, entry.origin,
    )  # fmt: skip


def _as_figure(number: Decimal | None) -> Decimal | None:
    """``number`` with as many decimals as a figure has; None where no figure is so large."""
    return None if number is None or number.adjusted() >= LARGEST else half_up(number, DECIMALS)


def _query(
    case: Case, field: str, label: str, value: str, found: Sequence[Doubt], ride: Influence, confirmed: bool,
    answer: str, rests: str, origin: Origin | None = None,
) -> Query:  # fmt: skip
    state: QueryState = "confirmed" if confirmed else "answered" if answer else "open"
    why, codes = "；".join(dict.fromkeys(each.why for each in found)), tuple(dict.fromkeys(each.code for each in found))
    return Query(case.unit, field, label, value, codes, why, ride, state, answer, rests, origin)


def _same_verified(case: Case, figure: str) -> bool:
    """Whether the office typed the very number that was reported, as its own finding."""
    verified, reported = case.verified.get(figure), case.reported.get(figure)
    return verified is not None and reported is not None and verified.value == reported.value is not None


def figures_rest(scheme: Scheme, settled: Mapping[str, Entry], measure: str) -> str:
    """What a confirmation of a figure of ``measure`` rests on: all figures that it is held against."""
    read = dict.fromkeys(name for each in scheme.expectations[measure] for name in each.figures)
    own = dict.fromkeys(f"{measure}.{name}" for name, _ in scheme.measures[measure].figures())
    held = ((name, settled[name].value) for name in (own | read) if name in settled)
    return "；".join(f"{label_of(scheme, name)} {said(value)}" for name, value in held if value is not None)


def points_rest(points: Decimal | None) -> str:
    """What a confirmation of an award, or of a total, rests on."""
    return f"得分 {fixed(points)}"


def label_of(scheme: Scheme, figure: str) -> str:
    """What people call a figure: 工业销售产值·本年实绩（亿元）."""
    named = scheme.names[figure]
    return f"{named.title}·{named.label}{f'（{named.unit}）' if named.unit else ''}"


def _awards(scheme: Scheme, standing: Standings, units: Iterable[tuple[Case, UnitScore]]) -> Iterator[Query]:
    """Items far above their full points, and bonuses that weigh more than a section of items."""
    tops = [(each.points, each.title) for each in scheme.tops if each.points]
    least, smallest = min(tops, default=(None, ""))
    for case, held in units:
        for item, now in zip(scheme.of(case.unit.kind).items, held.items, strict=True):
            known = [each for each in now.criteria if each.points is not None]
            if not known:
                continue
            most = max(known, key=lambda each: each.points or ZERO)
            points, found = most.points or ZERO, []
            earned = sum((each.points or ZERO for each in known), ZERO)
            if item.combine != "sum":
                earned = now.points or ZERO
            if item.points and earned > FAR_ITEM * item.points:
                times = plain(half_up(earned / item.points, 1))
                found.append(
                    Doubt("KH268", f"第 {item.id} 项得 {plain(earned)} 分，是满分 {plain(item.points)} 分的 {times} 倍")
                )
            if most.bonus and least is not None and points > least:
                found.append(Doubt("KH269", f"一条加分 {plain(points)} 分，超过“{smallest}”的 {plain(least)} 分"))
            if found:
                full, rests = most.full or ZERO, points_rest(points)
                ride = standing.ride(held, [awarded(scheme, case, held, most.id, full)])
                label, confirmed = f"{most.id} {scheme.criteria[most.id].title}", case.confirmed.get(most.id) == rests
                yield _query(case, most.id, label, plain(points), found, ride, confirmed, "", rests)


def _totals(standing: Standings, units: Iterable[tuple[Case, UnitScore]]) -> Iterator[Query]:
    """Totals far from those of the other units."""
    known = [(case, held, float(held.total)) for case, held in units if held.total is not None]
    if len(known) < PEERS:
        return
    middle = median(total for *_, total in known)
    deviation = max(LEAST_TOTAL, SIGMA * median(abs(total - middle) for *_, total in known))
    for case, held, total in known:
        if abs(total - middle) > DISTANCE * deviation:
            said, usual = plain(held.total or ZERO), half_up(Decimal(repr(middle)))
            found = [Doubt("KH270", f"总分 {said} 分，{len(known)} 个单位的中位数是 {plain(usual)} 分")]
            rests = points_rest(held.total)
            ride = Influence(abs((held.total or ZERO) - usual), standing.moved(held, usual))
            yield _query(case, "", "总分", said, found, ride, case.confirmed.get("") == rests, "", rests)


# ── told as problems ────────────────────────────────────────────────────────────────────────────────────


def _said(scheme: Scheme, case: Case, figure: str, found: Iterable[Doubt]) -> Iterator[Problem]:
    """A problem for each reason, at the cell of the figure."""
    entry = case.reported[figure]
    at = entry.origin or Origin(case.file, "", "")
    for doubt in found:
        yield problem(
            doubt.code, unit=case.unit.name, file=at.file, sheet=at.sheet, cell=at.cell, field=figure,
            label=label_of(scheme, figure), found=said(entry.value) if entry.value is not None else "", why=doubt.why,
        )  # fmt: skip
