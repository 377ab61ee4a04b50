"""The records of a scheme: a notice as data. docs/SCHEME.md, the reference of the format, is made from them."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from msgspec import Struct, field

from kaohe_cli.model import Entry, Settings, Unit
from kaohe_cli.naming import printed_name
from kaohe_cli.scheme.rule import Condition, Judged, Named, Names, Rule

FIGURES = ("prior", "target", "actual", "done")
FIGURE_LABELS = {"prior": "上年实绩", "target": "下达目标", "actual": "本年实绩", "done": "完成情况"}

PHRASES = {"prior": "上年{}", "target": "{}下达目标", "actual": "全年{}", "done": "{}"}


class Notice(Struct, frozen=True, forbid_unknown_fields=True):
    """The document that orders the assessment."""

    number: str  # 发文字号
    date: date
    issuer: str
    issuer_short: str
    heading: str
    addressees: str
    paragraphs: tuple[str, ...]
    signed: str  # date as the notice writes it


class Deadline(Struct, frozen=True, forbid_unknown_fields=True):
    """The last day for returns, that whole day included."""

    clause: str
    date: date


class Excellent(Struct, frozen=True, forbid_unknown_fields=True):
    """优秀: the first so many places."""

    clause: str
    places: int


class Pass(Struct, frozen=True, forbid_unknown_fields=True):
    """达标: so many points or more."""

    clause: str
    points: Decimal


class VetoClause(Struct, frozen=True, forbid_unknown_fields=True):
    """一票否决: the score stays visible, the unit gets no place and no title."""

    clause: str


class Grades(Struct, frozen=True, forbid_unknown_fields=True):
    """What totals and places lead to."""

    excellent: Excellent
    # "pass" is a word of Python
    passing: Pass = field(name="pass")
    veto: VetoClause


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """General terms that readings may set."""

    cap: Literal["none", "item", "total"]
    no_task: Literal["full", "zero", "rescale"]
    tie: Literal["share", "class_one"]
    excellent: Literal["top_three", "also_pass"]
    veto: Literal["move_up", "vacant"]


class Class(Struct, frozen=True, forbid_unknown_fields=True):
    """A class of items (一类目标, 二类目标)."""

    id: str
    title: str
    points: Decimal


class SchemeUnit(Struct, frozen=True, forbid_unknown_fields=True):
    """A unit as the scheme names it; the settings may change it."""

    code: str
    name: str
    kind: str


class BasisOption(Struct, frozen=True, forbid_unknown_fields=True):
    """One basis and the figure it sets."""

    id: str
    label: str
    value: Decimal


class Basis(Struct, frozen=True, forbid_unknown_fields=True):
    """A choice made for each unit that sets one of its figures."""

    id: str  # energy.basis
    figure: str
    clause: str
    question: str
    default: Mapping[str, str]  # kind of unit → option
    option: tuple[BasisOption, ...]

    def usual(self, kind: str) -> str | None:
        """The option of units of ``kind`` where the office chose none; None where none is named."""
        return {printed_name(each): option for each, option in self.default.items()}.get(printed_name(kind))

    def choose(self, id: str) -> BasisOption:
        """The option named ``id``; KeyError where there is none such."""
        for option in self.option:
            if option.id == id:
                return option
        raise KeyError(id)


class Figure(Struct, frozen=True, forbid_unknown_fields=True):
    """One figure of a measure."""

    by: Literal["unit", "office", "either", "basis"] = "unit"  # who gives it
    label: str = ""  # empty: the usual name (上年实绩, 下达目标, 本年实绩, 完成情况)
    min: Decimal | None = None
    max: Decimal | None = None
    at_most: str | None = None  # figure that this one may not exceed
    whole: bool = False
    waivable: bool = False  # 无任务 is legal


class Measure(Struct, frozen=True, forbid_unknown_fields=True):
    """What a unit reports (指标): up to three figures, or 完成/未完成."""

    id: str
    item: str
    title: str
    unit: str = ""
    note: str = ""  # how to fill it in, where the title does not say it all
    prior: Figure | None = None
    target: Figure | None = None
    actual: Figure | None = None
    done: Figure | None = None

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Its figures in the order of the form, by name (prior, target, actual, done)."""
        for name in FIGURES:
            figure: Figure | None = getattr(self, name)
            if figure is not None:
                yield name, figure


class Criterion(Struct, frozen=True, forbid_unknown_fields=True):
    """The smallest thing that earns points (评分细则)."""

    id: str
    title: str
    clause: str  # verbatim from the notice
    rule: Rule
    points: Decimal | None = None  # 分 at most; None: a bonus without limit
    bonus: bool = False
    needs: str = ""  # criterion that must be met first; empty: none

    @property
    def judged(self) -> bool:
        """Whether a department awards its points."""
        return isinstance(self.rule, Judged)


class Evidence(Struct, frozen=True, forbid_unknown_fields=True):
    """A measurable requirement that carries no points of its own."""

    measure: str
    clause: str
    test: Condition


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """A numbered row of the official table (考核项目)."""

    id: str
    # "class" is a word of Python
    class_: str = field(name="class")
    title: str
    points: Decimal
    content: str  # 考核内容及达到的要求, verbatim
    standard: str  # 评分标准, verbatim
    criterion: tuple[Criterion, ...]
    evidence: tuple[Evidence, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether its 自评分 is typed by the unit: some criterion is judged."""
        return any(criterion.judged for criterion in self.criterion)


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to read a clause, and what it changes in the scheme."""

    id: str
    label: str
    change: Mapping[str, Mapping[str, object]] = {}


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """A question that the notice leaves open (口径); its first option is the default."""

    id: str
    clause: str
    question: str
    option: tuple[Option, ...]
    within: Mapping[str, str] = {}  # reading → option under which this one has a meaning

    @property
    def default(self) -> str:
        """The option taken where the office decides nothing."""
        return self.option[0].id

    def choose(self, id: str) -> Option:
        """The option named ``id``; KeyError where there is none such."""
        for option in self.option:
            if option.id == id:
                return option
        raise KeyError(id)


class Content(Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written."""

    format: Literal[1]
    id: str
    year: int
    title: str
    template: str  # file name of its template
    notice: Notice
    deadline: Deadline
    grades: Grades
    policy: Policy
    class_: tuple[Class, ...] = field(name="class")
    unit: tuple[SchemeUnit, ...]
    measure: tuple[Measure, ...]
    item: tuple[Item, ...]
    reading: tuple[Reading, ...] = ()
    basis: tuple[Basis, ...] = ()


class Scheme:
    """A checked scheme with its readings settled: no rule in it asks which reading is in force."""

    def __init__(self, content: Content, raw: Mapping[str, Any], digest: str, readings: Mapping[str, str]) -> None:
        self.content = content
        self.raw = raw  # the tables of the file, for putting other readings in force
        self.digest = digest  # SHA-256 of the file, hexadecimal
        self.readings = readings  # every reading → the option in force

    @property
    def id(self) -> str:
        """Name of the scheme: hangzhou_2007."""
        return self.content.id

    @property
    def policy(self) -> Policy:
        """General terms in force."""
        return self.content.policy

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in order."""
        return self.content.item

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """All criteria in order, by id."""
        return {criterion.id: criterion for item in self.items for criterion in item.criterion}

    @cached_property
    def item_of(self) -> Mapping[str, Item]:
        """The item of each criterion."""
        return {criterion.id: item for item in self.items for criterion in item.criterion}

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """All measures in the order of the form, by id."""
        return {measure.id: measure for measure in self.content.measure}

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """All figures, by full name (sales.actual)."""
        return {
            f"{measure.id}.{name}": figure for measure in self.content.measure for name, figure in measure.figures()
        }

    @cached_property
    def names(self) -> Names:
        """What people call each figure."""
        return {
            f"{measure.id}.{name}": Named(
                measure.title,
                figure.label or FIGURE_LABELS[name],
                measure.unit,
                figure.whole,
                f"{measure.title}（{figure.label}）" if figure.label else PHRASES[name].format(measure.title),
            )
            for measure in self.content.measure
            for name, figure in measure.figures()
        }

    @cached_property
    def scoring(self) -> Mapping[str, tuple[str, ...]]:
        """Each figure that earns points → the criteria it earns them for."""
        found: dict[str, list[str]] = {}
        for criterion in self.criteria.values():
            for figure in criterion.rule.figures:
                found.setdefault(figure, []).append(criterion.id)
        return {figure: tuple(ids) for figure, ids in found.items()}

    @cached_property
    def evidence(self) -> Mapping[str, tuple[Item, Evidence]]:
        """Each evidence in force, by measure: those that no rule in force gives points for."""
        return {
            evidence.measure: (item, evidence)
            for item in self.items
            for evidence in item.evidence
            if not any(figure in self.scoring for figure in evidence.test.figures)
        }

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

    def full(self, criterion: Criterion) -> Decimal:
        """Points that 无任务 earns in full: none for a bonus."""
        return Decimal(0) if criterion.bonus or criterion.points is None else criterion.points
