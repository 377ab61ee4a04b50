"""A notice as the program works with it: its records, what follows from them, its readings settled."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.model import READING, SCHEME, Entry, Settings, Source, Unit
from kaohe_cli.naming import printed_name
from kaohe_cli.points import ZERO, shared_out
from kaohe_cli.scheme.condition import Condition, Named, Names
from kaohe_cli.scheme.frame import ONE, Conditions, Frame, GradeLevel, Section, VetoGround
from kaohe_cli.scheme.plausible import Expectation, Measured
from kaohe_cli.scheme.records import (
    FIGURE_LABELS,
    PHRASES,
    Criterion,
    Evidence,
    Figure,
    Item,
    Measure,
    SchemeContent,
    Whole,
)
from kaohe_cli.scheme.rule import Judged, Supplied
from kaohe_cli.scheme.rule.subject import Subject

CALLED = ("names", "names_by_period")  # what a scheme knows of what figures are called


class Sum(Struct, frozen=True):
    """How a section, or the whole, comes of what stands right in it."""

    id: str  # empty: the whole
    node: Section | Whole
    cap: Decimal | None  # of the general terms
    parts: tuple[str, ...]
    weights: tuple[Decimal, ...]


class Outlined(Struct, frozen=True):
    """A row of the official table."""

    depth: int
    node: Section | Item


class Scheme:
    """A checked scheme with its readings settled: no rule in it asks which reading is in force."""

    def __init__(
        self, content: SchemeContent, raw: Mapping[str, Any], digest: str, readings: Mapping[str, str],
        kinds: Mapping[str, "Scheme"] | None = None,
    ) -> None:  # fmt: skip
        self.content = content
        self.kinds = kinds or {}  # kind of unit, as it is printed → the scheme for its units, where that is another
        self.id = content.id  # hangzhou_2007
        self.policy = content.policy  # general terms in force
        self.raw = raw  # the tables of the file, for putting other readings in force
        self.digest = digest  # SHA-256 of the file, hexadecimal
        self.readings = readings  # every reading → the option in force

    def of(self, kind: str) -> "Scheme":
        """The scheme for units of ``kind``."""
        return self.kinds.get(kind, self)

    @property
    def variants(self) -> tuple["Scheme", ...]:
        """Itself, and those for units of a kind."""
        return (self, *self.kinds.values())

    @cached_property
    def outline(self) -> tuple[Outlined, ...]:
        """Sections and items in the order of the official table, each with how deep it stands, from 0."""
        return tuple(self._below("", 0))

    def _below(self, id: str, depth: int) -> Iterator[Outlined]:
        for node in self.parts_of(id):
            yield Outlined(depth, node if node.points is not None else replace(node, points=self.full_of(node)))
            if isinstance(node, Section):
                yield from self._below(node.id, depth + 1)

    def parts_of(self, id: str) -> tuple[Section | Item, ...]:
        """What stands right in section ``id``, items first; at the top where it is empty."""
        return self._parts.get(id, ())

    @cached_property
    def _parts(self) -> Mapping[str, tuple[Section | Item, ...]]:
        found: dict[str, tuple[Section | Item, ...]] = {}
        for item in self.content.item:
            found[item.section] = (*found.get(item.section, ()), item)
        for section in self.content.section:
            found[section.of] = (*found.get(section.of, ()), section)
        return found

    @cached_property
    def sections(self) -> Mapping[str, Section]:
        """All sections in the order of the official table, by id."""
        return {each.node.id: each.node for each in self.outline if isinstance(each.node, Section)}

    @cached_property
    def tops(self) -> tuple[Section, ...]:
        """The sections that are in no other."""
        return tuple(each for each in self.sections.values() if not each.of)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the official table."""
        return tuple(each.node for each in self.outline if isinstance(each.node, Item))

    @cached_property
    def points(self) -> Decimal | None:
        """满分 of the whole, 分; None where there is none."""
        whole = self.content.whole
        return self.worth(whole, "") if whole.points is None else whole.points

    @cached_property
    def _frames(self) -> tuple[Frame, ...]:
        """The whole and all that is in it, for units of any kind."""
        return tuple(
            node
            for each in self.variants
            for node in (each.content.whole, *(outlined.node for outlined in each.outline))
        )

    @cached_property
    def adds_up(self) -> bool:
        """Whether points simply add up, from criteria to the total."""
        return all(each.combine == "sum" for each in self._frames)

    @cached_property
    def claimed(self) -> tuple[Criterion, ...]:
        """The judged criteria with a line of their own in the official table: those not alone in their item."""
        return tuple(each for item in self.items if not item.judged for each in item.entered)

    def later(self, criteria: Iterable[Criterion]) -> bool:
        """Whether some points of ``criteria`` are not for the unit to work out: compared with others, or given."""
        return any(each.rule.subjects or (isinstance(each.rule, Supplied) and not each.unclaimed) for each in criteria)

    def within(self, id: str) -> Iterator[Item]:
        """All items in section ``id``, however deep; all where it is empty."""
        for node in self.parts_of(id):
            if isinstance(node, Section):
                yield from self.within(node.id)
            else:
                yield node

    def flat(self, id: str) -> tuple[Section | Item, ...]:
        """The parts of section ``id`` (empty: of the whole), those of plain sums in it in their place."""
        found: list[Section | Item] = []
        adds = (self.sections[id] if id else self.content.whole).combine == "sum"
        for node in self.parts_of(id):
            plain = isinstance(node, Section) and node.combine == "sum" and not node.bounded
            found += self.flat(node.id) if adds and plain else (node,)
        return tuple(found)

    def top_of(self, item: Item) -> str:
        """The id of the section at the top that ``item`` is in; empty: none."""
        id = item.section
        while id and (above := self.sections[id].of):
            id = above
        return id

    def full_of(self, node: Section | Item) -> Decimal | None:
        """满分 of a section or an item, 分, as the notice gives it or its parts have it; None where they have none."""
        if node.points is not None:
            return node.points
        return self.worth(node, node.id) if isinstance(node, Section) else self.earned(node)

    def worth(self, frame: Frame, id: str) -> Decimal | None:
        """What section ``id`` (empty: the whole) comes to in full, without its limits, 分; None: it has no points."""
        known = [(full, each.weight) for each in self.parts_of(id) if (full := self.full_of(each)) is not None]
        return frame.raw(known) if known else None

    def earned(self, item: Item) -> Decimal | None:
        """What the criteria of ``item`` come to in full, without bonuses; None where none has points."""
        known = [(full, ONE) for each in item.criterion if (full := self.full(each))]
        return item.raw(known) if known else None

    def cap(self, node: Section | Item | Whole) -> Decimal | None:
        """What the general terms limit the points of ``node`` to; None: nothing."""
        kind = "item" if isinstance(node, Item) else "total" if isinstance(node, Whole) else ""
        if self.policy.cap != kind:
            return None
        return self.points if isinstance(node, Whole) else node.points

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """How sections come of what is in them, from within, and the whole last."""
        nodes: list[tuple[str, Section | Whole]] = [*[*self.sections.items()][::-1], ("", self.content.whole)]
        return tuple(
            Sum(id, node, self.cap(node), tuple(each.id for each in parts), tuple(each.weight for each in parts))
            for id, node in nodes
            for parts in [self.parts_of(id)]
        )

    @cached_property
    def capping(self) -> bool:
        """Whether some limit may take points away, or leave some."""
        general = any(each.policy.cap != "none" for each in self.variants)
        return general or any(each.bounded for each in self._frames)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The titles of the groups in order; one without a title where all are ranked together."""
        return tuple(each.title for each in self.content.group) or ("",)

    def group_of(self, unit: Unit) -> str:
        """The group that ``unit`` is ranked in; empty: among all, or no group is for its kind."""
        return self._groups.get(unit.kind, "") if self.content.group else ""

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        """The group of each kind of units."""
        return {printed_name(kind): each.title for each in self.content.group for kind in each.kinds}

    @cached_property
    def grades(self) -> tuple[str, ...]:
        """The titles of the grades, best first."""
        return tuple(each.title for each in self.content.grade)

    @cached_property
    def finding(self) -> VetoGround | None:
        """The veto by the finding of an authority; None where the notice has none such."""
        return next((each for each in self.content.veto if each.test is None), None)

    def veto_of(self, bars: Mapping[str, str | None], *, by_figures: bool) -> VetoGround:
        """The veto of a unit: the first that its figures bring about (``bars``), or that by a finding."""
        found = (each for each in self.content.veto if each.test is not None and bars.get(each.id))
        return (next(found, None) if by_figures else self.finding) or VetoGround("")

    def mark_after(self, level: GradeLevel) -> Decimal | None:
        """The total that the next lower grade with such a bound asks for, 分; None: none does."""
        lower = self.content.grade[self.grades.index(level.title) + 1 :]
        return next((each.mark for each in lower if each.mark is not None), None)

    @cached_property
    def bars(self) -> Mapping[str, Conditions]:
        """The tests of ceilings, and of vetoes by figures, by id."""
        vetoes = {each.id: each.test for each in self.content.veto if each.test is not None}
        return {each.id: each.test for each in self.content.ceiling} | vetoes

    @cached_property
    def barring(self) -> frozenset[str]:
        """The figures that ceilings, and vetoes by figures, rest on."""
        return frozenset(name for test in self.bars.values() for name in test.figures)

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """What of each unit is compared with the others of its group, each once."""
        return tuple(dict.fromkeys(subject for scheme in self.variants for subject in scheme.compares))

    @cached_property
    def compares(self) -> tuple[Subject, ...]:
        """What its own rules compare."""
        return tuple(dict.fromkeys(subject for each in self.criteria.values() for subject in each.rule.subjects))

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """All criteria in order, by id."""
        return {criterion.id: criterion for item in self.items for criterion in item.criterion}

    def judges(self, item: Item) -> int:
        """How many judge ``item``, each for himself, in whatever kind of units; 0: it is not judged so."""
        ids = {each.id for each in item.criterion}
        rules = (each.rule for own in self.variants for id, each in own.criteria.items() if id in ids)
        return max((rule.judges for rule in rules if isinstance(rule, Judged)), default=0)

    @cached_property
    def most_judges(self) -> int:
        """How many judge an item at most, each for himself; 0: none is judged so."""
        return max(map(self.judges, self.items), default=0)

    @cached_property
    def item_of(self) -> Mapping[str, Item]:
        """The item of each criterion."""
        return {criterion.id: item for item in self.items for criterion in item.criterion}

    @property
    def sources(self) -> tuple[Source, ...]:
        """The file of the scheme and the readings in force, as a result records what it was made from."""
        read = (Source(READING, name, value=option) for name, option in self.readings.items())
        return (Source(SCHEME, self.id, None, self.digest), *read)

    @property
    def created(self) -> datetime:
        """What workbooks and documents of the scheme carry in place of the clock: the date of the notice.

        Where it has none, the first day of its year.
        """
        return datetime.combine(self.content.notice.date or date(self.content.year, 1, 1), datetime.min.time())

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """All measures in the order of the form, by id."""
        return {measure.id: measure for measure in self.content.measure}

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """All figures, by full name (sales.actual)."""
        return {f"{each.id}.{name}": figure for each in self.content.measure for name, figure in each.figures()}

    @cached_property
    def expectations(self) -> Mapping[str, tuple[Expectation, ...]]:
        """What the figures of each measure may be expected to be."""
        return {each.id: tuple(self._measured(each).expectations()) for each in self.content.measure}

    def _measured(self, measure: Measure) -> Measured:
        numbers = {name: figure for name, figure in measure.figures() if name != "done"}
        actual, held = measure.actual or Figure(), numbers.values()
        return Measured(
            measure.id, measure.unit, tuple(numbers), any(each.whole for each in held),
            actual.at_most == f"{measure.id}.target",
            tuple(name for name in numbers if f"{measure.band.part_of}.{name}" in self.figures),
            all(each.min is not None and each.min >= 0 for each in held), actual.max, measure.band,
        )  # fmt: skip

    def call_as(self, other: "Scheme") -> None:
        """Take what figures are called from ``other``, as far as it knows, where measures and periods are the same."""
        known = {name: held for name in CALLED if (held := other.__dict__.get(name)) is not None}
        if known and (self.content.measure, self.content.period) == (other.content.measure, other.content.period):
            self.__dict__.update(known)

    @cached_property
    def names(self) -> Names:
        """What people call each figure of the whole year."""
        return dict(self._named("全年"))

    @cached_property
    def names_by_period(self) -> Mapping[str, Names]:
        """What people call each figure, by the label of the period that this year's are of."""
        return {each.label: dict(self._named(each.said)) for each in self.content.period}

    def _named(self, period: str) -> Iterator[tuple[str, Named]]:
        for measure in self.content.measure:
            for name, figure in measure.figures():
                title, label = measure.title, figure.label or FIGURE_LABELS[name]
                usual = "{title}（{label}）" if figure.label else PHRASES[name]
                usual = "{title}" if title.endswith(label) else usual
                phrase = figure.phrase or usual.format(title=title, label=label, period=period)
                yield f"{measure.id}.{name}", Named(title, label, measure.unit, figure.whole, phrase, figure.words)

    @cached_property
    def scoring(self) -> Mapping[str, tuple[str, ...]]:
        """Each figure that earns points → the criteria it earns them for."""
        read: dict[str, tuple[str, ...]] = {}
        for scheme in self.variants:
            for criterion in scheme.criteria.values():
                own = (name for name in criterion.rule.figures if name in self.figures)
                read[criterion.id] = (*read.get(criterion.id, ()), *own)
        return {name: tuple(id for id in read if name in read[id]) for names in read.values() for name in names}

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition of the rules in force."""
        rules = (each for criterion in self.criteria.values() for each in criterion.rule.conditions)
        return (*rules, *(each for test in self.bars.values() for each in test.conditions))

    @cached_property
    def evidence(self) -> Mapping[str, tuple[Item, Evidence]]:
        """Each evidence in force, by measure: those that no rule in force gives points for."""
        earning = {each.figures for each in self.conditions}
        written = ((item, each) for item in self.items for each in item.evidence)
        return {each.measure: (item, each) for item, each in written if each.test.figures not in earning}

    @cached_property
    def above_zero(self) -> frozenset[str]:
        """The issued targets that cannot be 0: to do nothing would meet them."""
        tests = (evidence.test for item in self.items for evidence in item.evidence)
        read = {name for test in tests for name in (test.right, *test.bases)}
        read |= {name for criterion in self.criteria.values() for name in criterion.rule.beaten}
        return frozenset(name for name, figure in self.figures.items() if figure.by == "office" and name in read)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units of the scheme, named as they are printed."""
        return tuple(Unit(unit.code, printed_name(unit.name), printed_name(unit.kind)) for unit in self.content.unit)

    def given(self, unit: Unit, settings: Settings) -> Mapping[str, Entry]:
        """The figures that the unit does not fill in: issued, known beforehand, waived, or set by its basis."""
        entries = dict(settings.given.get(unit.code, {}))
        for basis in self.content.basis:
            chosen = entries.pop(basis.id, None)
            option = str(chosen.value) if chosen and chosen.value else basis.usual(unit.kind)
            if option is not None:
                entries[basis.figure] = Entry(basis.choose(option).value, chosen.origin if chosen else None)
        return entries

    def issued(self, figure: str) -> bool:
        """Whether the office alone gives ``figure``, so that a unit is never asked for it."""
        return self.figures[figure].by in ("office", "basis")

    @property
    def last_day(self) -> date | None:
        """The last day on which a return is not late (迟报); None where the notice sets none."""
        if self.content.deadline is None:
            return None
        day = self.content.deadline.date
        return day if self.policy.deadline == "inclusive" else day - timedelta(1)

    @property
    def asked_materials(self) -> tuple[str, ...]:
        """What units hand in beside the form (随表材料); nothing where the notice asks for nothing."""
        return self.content.materials.titles if self.content.materials else ()

    def full(self, criterion: Criterion) -> Decimal:
        """Points that 无任务 earns in full: none for a bonus."""
        return ZERO if criterion.bonus or criterion.points is None else criterion.points

    def claim(self, criterion: Criterion) -> str:
        """The field in which a unit claims points of a criterion that people enter: 1.4.self of a lone one."""
        item = self.item_of[criterion.id]
        return f"{item.id if item.judged else criterion.id}.self"

    def sharing(self, criterion: Criterion) -> tuple[Criterion, ...]:
        """The criteria, ``criterion`` among them, that share the points of those that are waived; none in most schemes.

        Judged criteria neither give nor take: what a department awards stands as it is.
        """
        if self.policy.no_task != "rescale" or criterion.judged or not self.full(criterion):
            return ()
        return tuple(each for each in self.item_of[criterion.id].criterion if not each.judged and self.full(each))

    def full_points(self, criterion: Criterion, waived: Callable[[Criterion], bool]) -> Decimal | None:
        """满分 in force of ``criterion``, 分: its own, or its part of the item's where others of it are waived.

        Of a bonus what it can be at most; None: no limit. The parts add up to the points of the item exactly.
        """
        sharing = self.sharing(criterion)
        left = [each for each in sharing if not waived(each)]
        if len(left) in (0, len(sharing)):
            return criterion.points
        parts = shared_out(sum(map(self.full, sharing), ZERO), [self.full(each) for each in left])
        return dict(zip((each.id for each in left), parts, strict=True)).get(criterion.id, ZERO)
