"""What the smallest change is of one mark, or of one figure, that turns a place or a bound. Pure.

Marks are exact: points never fall as a mark rises, so that the first cent that turns something is found by halving.
Rules are steps, and may go either way: a figure is moved outwards by ever wider paces, and on its way to either side of
all that it is held against; the first pace that turns something is halved. What a figure moves is worked out from its
own rules; what was found is proven on a whole score.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from math import ceil, floor

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.compare import by_group, compare
from kaohe_cli.assess.influence import rescored, without
from kaohe_cli.assess.rank import SortKey, sort_key
from kaohe_cli.assess.score import criterion_score, known, read_by, waived_figure
from kaohe_cli.model import Case, CriterionScore, Entry, Unit, UnitScore
from kaohe_cli.points import CENTS, DECIMALS, ZERO, decimals, half_up
from kaohe_cli.scheme.condition import Figures
from kaohe_cli.scheme.fields import figure_field
from kaohe_cli.scheme.frame import GradeLevel
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Judged, When
from kaohe_cli.scheme.rule.subject import Subject, compared
from kaohe_cli.scheme.scheme import Scheme

CENT = Decimal(1).scaleb(-CENTS)
UNBOUNDED = 1_000_000  # cents that a mark without limit is moved at most
NEAREST, FURTHEST, PACES = Decimal("0.001"), Decimal("0.5"), 20  # of its value, by which a figure is moved
PACE = (FURTHEST / NEAREST) ** (Decimal(1) / (PACES - 1))
SHARES = tuple(round(NEAREST * PACE**number, DECIMALS) for number in range(PACES))
OF_NOTHING = Decimal(20)  # what these are shares of where the figure is 0


class MarkTurn(Struct, frozen=True):
    """The smallest change of one judged mark of a unit that turns something."""

    unit: Unit
    criterion: str  # the first of those that do with it
    title: str  # what people call it
    change: Decimal  # 分, two decimals; negative: fewer
    alike: int  # how many criteria of the unit do with it
    every: bool  # whether these are all that are judged, several


class FigureTurn(Struct, frozen=True):
    """The smallest change of one figure that a unit reports which turns something."""

    unit: Unit
    figure: str
    before: Decimal  # in force
    after: Decimal


class Brink(Struct, frozen=True):
    """What is to turn: the order of two, or that one reaches a bound."""

    scheme: Scheme
    scores: tuple[UnitScore, ...]  # of the upper and the lower, or of one
    level: GradeLevel | None

    def turns(self, changed: Mapping[str, UnitScore]) -> bool:
        """Whether it would with these scores (by unit code) instead."""
        now = [changed.get(each.unit.code, each) for each in self.scores]
        if any(each.total is None for each in now):
            return False
        if self.level is not None:
            return self._reached(now[0]) != self._reached(self.scores[0])
        (upper, lower), (was, below) = map(self._key, now), map(self._key, self.scores)
        return upper != lower if was == below else lower > upper

    def _reached(self, score: UnitScore) -> bool:
        return self.level is not None and self.level.reached(score.total or ZERO)

    def _key(self, score: UnitScore) -> SortKey:
        return () if score.veto else sort_key(self.scheme, score)  # who is vetoed stands below all


class Search(Struct, frozen=True):
    """What is worked out once of each unit, for all that it stands beside."""

    scheme: Scheme
    cases: Mapping[str, Case]  # by unit code
    judged: dict[str, tuple["_JudgedMark", ...]]  # by unit code, as all below, once it was asked for
    figures: dict[str, tuple["_Figure", ...]]  # by unit code
    read: dict[tuple[str, str], tuple["_Read", ...]]  # by unit code and figure
    compared: dict[Subject, tuple[Mapping[str, Decimal], ...]]  # by what is compared, each group by unit code

    def marks(self, brink: Brink, ways: Iterable[tuple[UnitScore, int]], gap: Decimal) -> tuple[MarkTurn, ...]:
        """Of each unit and direction (1: more points) the smallest change of a mark, where none is smaller.

        ``gap`` in 分 is what lies between. Empty: no mark is enough.
        """
        cents = int(gap.scaleb(CENTS).to_integral_value())
        turns = [turn for score, sign in ways if (turn := self._mark(brink, score, sign, cents))]
        least = min((abs(turn.change) for turn in turns), default=ZERO)
        return tuple(turn for turn in turns if abs(turn.change) == least)

    def _mark(self, brink: Brink, score: UnitScore, sign: int, cents: int) -> MarkTurn | None:
        judged = self._judged(score)
        found = [(abs(change), change, each) for each in judged if (change := each.turning(brink, sign, cents))]
        if not found:
            return None
        size, change, best = min(found, key=lambda each: each[0])
        alike = sum(each[0] == size for each in found)
        every = len(judged) == alike > 1
        return MarkTurn(score.unit, best.scored.id, best.title, change, alike, every)

    def _judged(self, score: UnitScore) -> tuple["_JudgedMark", ...]:
        if score.unit.code not in self.judged:
            case = self.cases[score.unit.code]
            self.judged[score.unit.code] = tuple(_marks(self.scheme, case, score))
        return self.judged[score.unit.code]

    def figure(self, brink: Brink) -> FigureTurn | None:
        """The smallest change of a figure, by its share of the value; of one that is 0 only where no other is enough.

        None: none is, within half of its value and its limits.
        """
        best: tuple[bool, Decimal] = (True, OF_NOTHING)
        found: FigureTurn | None = None
        for score in brink.scores:
            for each in self._figures(score):
                for sign in (1, -1):
                    steps = each.turning(brink, sign, best)
                    if steps is not None and each.proven(brink, steps):
                        best, found = each.size(steps), FigureTurn(score.unit, each.name, each.held, each.at(steps))
        return found

    def _figures(self, score: UnitScore) -> tuple["_Figure", ...]:
        if score.unit.code not in self.figures:
            self.figures[score.unit.code] = tuple(_figures(self, self.cases[score.unit.code], score))
        return self.figures[score.unit.code]

    def reads(self, score: UnitScore, figure: str) -> tuple["_Read", ...]:
        """The criteria of a unit that are moved with a figure, its own or that of another unit."""
        key = score.unit.code, figure
        if key not in self.read:
            self.read[key] = tuple(_reads(self.scheme, self.cases[score.unit.code], score, figure))
        return self.read[key]

    def groups(self, subject: Subject) -> tuple[Mapping[str, Decimal], ...]:
        """What is compared, of all units, group by group."""
        if subject not in self.compared:
            self.compared[subject] = tuple(by_group(self.scheme, subject, tuple(self.cases.values())))
        return self.compared[subject]


# ── marks ───────────────────────────────────────────────────────────────────────────────────────────────


class _JudgedMark(Struct, frozen=True):
    """A judged criterion of one unit with its points, and what these may be."""

    rescored: Callable[[Mapping[str, CriterionScore]], UnitScore]
    unit: Unit
    title: str
    scored: CriterionScore
    held: Decimal
    least: Decimal
    most: Decimal | None  # None: no limit
    legal: tuple[Decimal, ...]  # the only ones, lowest first; empty: any

    def turning(self, brink: Brink, sign: int, cents: int) -> Decimal | None:
        """The smallest change of that sign with which ``brink`` turns, 分; None: there is none.

        ``cents`` is what lies between; where points add up it is that, or one more.
        """
        turns = partial(self._turns, brink)
        if self.legal:
            found = (each - self.held for each in (self.legal if sign > 0 else reversed(self.legal)))
            return next((change for change in found if change * sign > 0 and turns(change)), None)
        end = self.least if sign < 0 else self.most
        room = UNBOUNDED if end is None else int((end - self.held).scaleb(CENTS).to_integral_value() * sign)

        def enough(count: int) -> bool:
            return turns(sign * count * CENT)

        low, high = 0, room
        for guess in (cents, cents + 1):
            if low < guess < high:
                low, high = (low, guess) if enough(guess) else (guess, high)
        if high <= low or (high == room and not enough(room)):
            return None
        return sign * _first(enough, low, high) * CENT

    def _turns(self, brink: Brink, change: Decimal) -> bool:
        other = replace(self.scored, points=self.held + change)
        return brink.turns({self.unit.code: self.rescored({other.id: other})})


def _marks(scheme: Scheme, case: Case, score: UnitScore) -> Iterator[_JudgedMark]:
    """The judged criteria of a unit whose points are known; of several judges it is their mean that may change."""
    own, changed = scheme.of(case.unit.kind), partial(rescored, scheme, case, score)
    for item in score.items:
        for each in item.criteria:
            criterion = own.criteria[each.id]
            rule, full = criterion.rule, each.full
            if not isinstance(rule, Judged) or each.points is None:
                continue
            legal = rule.legal(full)[::-1]
            least, most = (legal[0], legal[-1]) if legal else (rule.least, full)
            of_item = own.item_of[criterion.id]
            title = of_item.title if of_item.judged else criterion.title
            yield _JudgedMark(changed, case.unit, title, each, each.points, least, most, () if rule.judges else legal)


def _first(enough: Callable[[int], bool], low: int, high: int) -> int:
    """The first count after ``low`` that is enough, by halving; ``high`` is."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────────


class _Read(Struct, frozen=True):
    """A criterion whose points follow from figures that are moved while all others stay."""

    criterion: Criterion
    scored: CriterionScore
    figures: Figures  # all that it reads, and the criterion that it needs
    needed: Criterion | None

    def points(self, moved: Mapping[str, Decimal]) -> Decimal | None:
        """Its points with these figures instead; None: not known, against a base of 0."""
        figures, rule = {**self.figures, **moved}, self.criterion.worked
        bases = (*self.criterion.rule.bases, *(self.needed.rule.bases if self.needed else ()))
        if rule is None or any(figures[name] == 0 for name in bases):
            return None
        gate = self.needed.rule.parts if self.needed and isinstance(self.needed.rule, When) else ()
        if not all(part.met(figures) for part in gate):
            return ZERO
        raw, own, full = rule.value(figures), self.criterion.points, self.scored.full
        return half_up(raw * full / own if own and full is not None and full != own else raw)


class _Figure(Struct, frozen=True):
    """A figure of one unit: how far it may be moved, and what it then comes to."""

    search: Search
    case: Case
    score: UnitScore
    name: str
    held: Decimal
    step: Decimal  # the least by which it is moved
    paces: Mapping[int, tuple[int, ...]]  # direction → numbers of steps, ever more
    groups: tuple[tuple[Subject, Mapping[str, Decimal]], ...]  # what of it is compared, with whom: by unit code
    scores: dict[tuple[str, int], UnitScore]  # unit code, number of steps
    alike: dict[tuple[str, tuple[Decimal | None, ...]], UnitScore]  # unit code, points of what is moved

    def at(self, steps: int) -> Decimal:
        """The figure so many steps away."""
        return self.held + steps * self.step

    def size(self, steps: int) -> tuple[bool, Decimal]:
        """How large a change of so many steps is: a share of the figure, or where that is 0 itself."""
        return not self.held, abs(steps * self.step / (self.held or 1))

    def turning(self, brink: Brink, sign: int, best: tuple[bool, Decimal]) -> int | None:
        """The first number of steps in one direction with which ``brink`` turns; None: none, or none below ``best``."""
        before = 0

        def enough(count: int) -> bool:
            return brink.turns({each.unit.code: self._moved(each, sign * count) for each in brink.scores})

        for count in self.paces[sign]:
            if self.size(before + 1) >= best:
                return None
            if enough(count):
                found = sign * _first(enough, before, count)
                return found if self.size(found) < best else None
            before = count
        return None

    def _moved(self, score: UnitScore, steps: int) -> UnitScore:
        """The score of this unit, or of another that may be compared with it, with the figure so many steps away."""
        code, scheme = score.unit.code, self.search.scheme
        if code != self.case.unit.code and not self.groups:
            return score
        if (code, steps) not in self.scores:
            value, case, reads = self.at(steps), self.search.cases[code], self.search.reads(score, self.name)
            moved = {self.name: value} if code == self.case.unit.code else {}
            for subject, values in self.groups:
                own = subject.value({**known(self.case.settled, subject.figures), self.name: value})
                if code in values and own is not None:
                    standing = compared({**values, self.case.unit.code: own})[code]
                    moved |= {subject.pseudo(stat): held for stat, held in standing.items()}
            points = tuple(each.points(moved) for each in reads)
            barring = bool(moved) and self.name in scheme.of(case.unit.kind).barring
            if barring or (code, points) not in self.alike:
                changed = {
                    each.scored.id: replace(each.scored, points=now) for each, now in zip(reads, points, strict=True)
                }
                case = _reporting(case, self.name, value) if barring else case
                self.alike[code, points] = rescored(scheme, case, score, changed)
            self.scores[code, steps] = self.alike[code, points]
        return self.scores[code, steps]

    def proven(self, brink: Brink, steps: int) -> bool:
        """Whether ``brink`` turns by all that a whole score takes into account, within the limits of the figure."""
        value, scheme, own = self.at(steps), self.search.scheme, self.case.unit.code
        cases = tuple(self.search.cases.values())
        scores = {own: without(scheme, self.case, self.score, self.name, value, cases)}
        if self.groups:
            moved = {**self.search.cases, own: _reporting(self.case, self.name, value)}
            again = {each.unit.code: each for each in compare(scheme, tuple(moved.values()))}
            others = ((each.unit.code, each) for each in brink.scores if each.unit.code != own)
            scores |= {code: _compared_anew(scheme, again[code], each, self.name) for code, each in others}
        field = figure_field(scheme.of(self.case.unit.kind), self.name)
        return not broken(field, value) and brink.turns(scores)


def _reporting(case: Case, figure: str, value: Decimal) -> Case:
    """``case`` with another value of a figure in force."""
    verified = {name: entry for name, entry in case.verified.items() if name != figure}
    return replace(case, reported={**case.reported, figure: Entry(value)}, verified=verified)


def _compared_anew(scheme: Scheme, case: Case, score: UnitScore, figure: str) -> UnitScore:
    """The score of a unit that is compared with another one whose ``figure`` is moved."""
    settled = case.settled
    changed = {
        each.id: criterion_score(scheme, each, case, settled)
        for each in scheme.of(case.unit.kind).criteria.values()
        if any(figure in subject.figures for subject in each.rule.subjects)
    }
    return rescored(scheme, case, score, changed) if changed else score


def _figures(search: Search, case: Case, score: UnitScore) -> Iterator[_Figure]:
    """The figures that a unit reports, that are numbers in force, and that some points or a veto follow from."""
    scheme, own, settled = search.scheme, search.scheme.of(case.unit.kind), case.settled
    for name in scheme.scoring:
        entry = settled.get(name)
        if scheme.issued(name) or entry is None or not isinstance(entry.value, Decimal):
            continue
        if search.reads(score, name) or name in own.barring:
            groups = (
                (subject, values)
                for subject in scheme.subjects
                if name in subject.figures
                for values in search.groups(subject)
                if case.unit.code in values
            )
            step, paces = _paces(own, settled, name, entry.value)
            yield _Figure(search, case, score, name, entry.value, step, paces, tuple(groups), {}, {})


def _reads(scheme: Scheme, case: Case, score: UnitScore, figure: str) -> Iterator[_Read]:
    """The criteria whose points a figure moves: not those that an award overrides, or that are waived."""
    own, settled = scheme.of(case.unit.kind), case.settled
    scored = {each.id: each for item in score.items for each in item.criteria}
    for each in own.criteria.values():
        award, names = case.awards.get(each.id), read_by(own, each)
        if figure not in names or each.worked is None or (award is not None and award.points is not None):
            continue
        needed = own.criteria[each.needs] if each.needs else None
        if not waived_figure(each, settled):
            needed = None if needed is None or waived_figure(needed, settled) else needed
            yield _Read(each, scored[each.id], known(settled, names), needed)


def _paces(
    scheme: Scheme, settled: Mapping[str, Entry], figure: str, held: Decimal
) -> tuple[Decimal, Mapping[int, tuple[int, ...]]]:
    """The step of a figure, and how many of them it is moved up and down within its limits."""
    field = figure_field(scheme, figure)
    shown = [decimals(each) for each in (held, field.minimum, field.maximum) if each is not None]
    step = Decimal(1) if field.whole else Decimal(1).scaleb(-min(max(CENTS, *shown), DECIMALS))
    total = settled.get(field.at_most or "", Entry(None)).value
    most = [each for each in (field.maximum, total) if isinstance(each, Decimal)]
    ends = {1: min(most) if most else None, -1: field.minimum}
    wider = {1, *(int(abs(held or OF_NOTHING) * share / step) for share in SHARES)}
    edges, furthest = tuple(_edges(scheme, settled, figure)), max(wider)
    paces: dict[int, tuple[int, ...]] = {}
    for sign, end in ends.items():
        room = furthest if end is None else min(furthest, int((end - held) * sign / step))
        beside = (count for edge in edges for count in _beside((edge - held) * sign / step))
        paces[sign] = tuple(sorted(count for count in {*wider, *beside, room} if 0 < count <= room))
    return step, paces


def _edges(scheme: Scheme, settled: Mapping[str, Entry], figure: str) -> Iterator[Decimal]:
    """What the conditions in force hold a figure against, as the others are."""
    for each in scheme.conditions:
        if figure in each.figures:
            edge = each.edge(figure, known(settled, each.figures))
            if edge is not None:
                yield edge


def _beside(edge: Decimal) -> tuple[int, ...]:
    """The whole numbers before, at and after ``edge``."""
    return ceil(edge) - 1, floor(edge), ceil(edge), floor(edge) + 1
