"""This year's result beside last year's: places, totals, grades and items of each unit. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.prior import Contradiction, contradictions, weighing
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.extent import width
from kaohe_cli.ledger.last_year import Settled
from kaohe_cli.ledger.record import FIGURES, Ledger, Open, item_of
from kaohe_cli.model import Case, Ranked, Ranking, Source, Unit
from kaohe_cli.naming import plain_name, spellings
from kaohe_cli.paper.provenance import LAST_LEDGER
from kaohe_cli.scheme.scheme import Scheme

LONGEST_LINE = 78  # columns of a line on the terminal
PreviousItem = tuple[str, str]  # id and title, as they were then


class PreviousUnit(Struct, frozen=True):
    """What last year's result says of one unit."""

    place: int | None  # None: it had none
    grade: str
    total: Decimal | None  # 分; None: not known
    points: Mapping[PreviousItem, Decimal] = {}  # of its items, 分; not there: not known


class Previous(Struct, frozen=True):
    """What last year's result says."""

    source: Source
    final: bool
    units: Mapping[str, PreviousUnit]  # by name
    full: Mapping[PreviousItem, Decimal | None] = {}  # the items in order; None: without full points
    ledger: Source | None = None  # that it was made from; None: it does not say


class LastYear(Struct, frozen=True):
    """What is known of last year: its result, and what its ledger settled."""

    previous: Previous
    settled: Settled | None = None  # None: its ledger is not at hand; empty: nothing of it is to be read there
    codes: Mapping[str, str] = {}  # plain name of a unit then → its code then; none without its ledger

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that it was read from."""
        previous, ledger = self.previous.source, self.previous.ledger
        return (previous, replace(ledger, role=LAST_LEDGER)) if ledger and self.settled is not None else (previous,)

    def of(self, units: Iterable[Unit]) -> Mapping[str, str]:
        """Code of each of ``units`` → its name then: known by its name, else by its code then."""
        here = {unit.code: unit.name for unit in units}
        known, found = spellings(here), dict[str, str]()
        for name in self.previous.units:
            if code := known.get(plain_name(name)):
                found.setdefault(code, name)
        for name in self.previous.units:
            code = self.codes.get(plain_name(name), "")
            if code in here and name not in found.values():
                found.setdefault(code, name)
        return found


class ItemBeside(Struct, frozen=True):
    """An item of one unit in both years."""

    id: str  # of this year, or else of then
    title: str
    now: bool  # whether this year has it
    before: bool
    full: tuple[Decimal | None, Decimal | None]  # 分, this year and then; None: not there, or without full points
    points: tuple[Decimal | None, Decimal | None]  # None: not there, or not known


class UnitBeside(Struct, frozen=True):
    """A unit in both years."""

    ranked: Ranked
    name: str  # then; empty: it was not assessed
    before: PreviousUnit | None  # None: it was not assessed
    items: tuple[ItemBeside, ...]

    @property
    def risen(self) -> int | None:
        """By how many places it rose, below 0 where it fell; None where a place is not known."""
        before, now = self.before.place if self.before else None, self.ranked.place
        return None if before is None or now is None else before - now


class Beside(Struct, frozen=True):
    """This year beside last year."""

    previous: Previous
    units: tuple[UnitBeside, ...]  # in the order of this year
    gone: tuple[str, ...]  # units of last year alone, by name
    contradictions: tuple[Contradiction, ...] | None  # None: what last year's ledger settled was not compared
    weighing: tuple[Contradiction, ...] = ()  # those that keep the result from being final

    @property
    def said(self) -> str:
        """How places changed, in one line."""
        moves = [(each.risen, each.ranked.score.unit.name) for each in self.units]
        known = [(risen, name) for risen, name in moves if risen is not None]
        if not known:
            return "与上年比：没有两年都有名次的单位。"
        up, down = (sum(sign * risen > 0 for risen, _ in known) for sign in (1, -1))
        line = f"与上年比：名次上升 {up} 个单位，下降 {down} 个，不变 {len(known) - up - down} 个"
        ends = [("升", *max(known, key=_risen))] if up else []
        ends += [("降", *min(known, key=_risen))] if down else []
        most = [f"{name}{word} {abs(risen)} 名" for word, risen, name in ends]
        while most and width(told := f"{line}；最大：{'、'.join(most)}。") > LONGEST_LINE:
            most.pop()
        return told if most else f"{line}。"


def _risen(each: tuple[int, str]) -> int:
    return each[0]


# ── both years ──────────────────────────────────────────────────────────────────────────────────────────


def beside(scheme: Scheme, ranking: Ranking, cases: Sequence[Case], last: LastYear) -> Beside:
    """``ranking``, which ``cases`` gave, beside last year's."""
    previous = last.previous
    names = last.of(each.score.unit for each in ranking.units)
    units = tuple(_unit(scheme, each, names.get(each.score.unit.code, ""), previous) for each in ranking.units)
    gone = tuple(name for name in previous.units if name not in names.values())
    found = tuple(contradictions(scheme, cases, last.settled)) if last.settled else None
    scores = {each.score.unit.code: each.score for each in ranking.units}
    return Beside(previous, units, gone, found, tuple(weighing(scheme, cases, scores, found or ())))


def _unit(scheme: Scheme, ranked: Ranked, name: str, previous: Previous) -> UnitBeside:
    own = scheme.of(ranked.score.unit.kind)
    then = _alike([(item.id, item.title) for item in own.items], previous.full)
    before = previous.units.get(name)
    points = before.points if before else {}
    items = [
        ItemBeside(
            item.id, item.title, True, was is not None,
            (item.points, previous.full[was] if was else None), (held.points, points.get(was) if was else None),
        )
        for item, held in zip(own.items, ranked.score.items, strict=True)
        for was in (then.get((item.id, item.title)),)
    ]  # fmt: skip
    items += [
        ItemBeside(id, title, False, True, (None, full), (None, points.get((id, title))))
        for (id, title), full in previous.full.items()
        if (id, title) not in then.values()
    ]
    return UnitBeside(ranked, name, before, tuple(items))


def _alike(now: Iterable[PreviousItem], before: Iterable[PreviousItem]) -> dict[PreviousItem, PreviousItem]:
    """Each item of ``now`` → that of ``before`` of the same title; of several, the one of the same id too."""
    titled: dict[str, tuple[list[PreviousItem], list[PreviousItem]]] = {}
    for side, items in enumerate((now, before)):
        for each in items:
            titled.setdefault(" ".join(each[1].split()), ([], []))[side].append(each)
    return dict(pair for own, were in titled.values() for pair in _pairs(own, were))


def _pairs(own: Sequence[PreviousItem], were: Sequence[PreviousItem]) -> Iterator[tuple[PreviousItem, PreviousItem]]:
    if len(own) == len(were) == 1:
        yield own[0], were[0]
        return
    for each in own:
        yield from ((each, was) for was in were if was[0] == each[0])


def contradictions_said(scheme: Scheme, found: Beside) -> Iterator[Problem]:
    """A KH415 for each contradiction."""
    for each in found.contradictions or ():
        named = scheme.names[each.figure]
        origin = each.origin
        yield problem(
            "KH415", unit=each.unit.name, field=each.figure,
            file=origin.file if origin else "", sheet=origin.sheet if origin else "",
            cell=origin.cell if origin else "", label=f"{named.title}·{named.label}",
            found=named.amount(each.held), expected=named.amount(each.settled),
        )  # fmt: skip


def contradictions_open(scheme: Scheme, ledger: Ledger, found: Beside) -> Iterator[Open]:
    """What of the contradictions keeps the result from being final, beside what is open in ``ledger`` itself."""
    known = {each.key for each in ledger.open}
    for each in found.weighing:
        key, named = (FIGURES, each.unit.code, each.figure), scheme.names[each.figure]
        item = item_of(scheme, key)
        said = f"{named.title}·{named.label} {named.amount(each.held)}，上年考核核定的是 {named.amount(each.settled)}"
        if key not in known:
            yield Open(key, "query", each.unit.name, item, ledger.departments.get(item, ""), said)
