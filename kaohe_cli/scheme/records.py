"""The records of a scheme: a notice as data. docs/SCHEME.md, the reference of the format, is made from them."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.naming import printed_name
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.frame import Ceiling, Frame, GradeLevel, Group, Kind, Section, VetoGround
from kaohe_cli.scheme.plausible import Bands, Span
from kaohe_cli.scheme.rule import Judged, Rule, Supplied, Worked

FIGURE_LABELS = {"prior": "上年实绩", "target": "下达目标", "actual": "本年实绩", "done": "完成情况"}
FIGURES = tuple(FIGURE_LABELS)
# the choices of a notice, as people write them down
PROVIDERS = {"unit": "单位填报", "office": "考核办下达", "either": "考核办或单位", "basis": "随单位口径"}
CAPS = {"none": "不设上限", "item": "项目以满分为限", "total": "总分以满分为限"}
WAIVED = {"full": "计满分", "zero": "不计分", "rescale": "由同项其余细则分担"}
VACANCIES = {"move_up": "递补", "vacant": "空缺"}
LAST_DAYS = {"inclusive": "不算迟报", "strict": "算迟报"}
UNSAID = "通知未规定"
Date: TypeAlias = date  # a record may have a field of that name
PERIOD = "period"  # field: what this year's figures are of (数据口径)
PHRASES = {"prior": "上年{title}", "target": "{title}下达目标", "actual": "{period}{title}", "done": "{title}"}


class Notice(Struct, frozen=True, forbid_unknown_fields=True):
    """The document that orders the assessment."""

    number: str  # 发文字号; empty: it has none
    issuer: str
    issuer_short: str
    heading: str
    addressees: str
    paragraphs: tuple[str, ...]
    date: Date | None = None  # 发文日期; None: it has none
    signed: str = ""  # that date as the notice writes it
    we: str = "本机关"  # how the issuer speaks of itself: 我委


class Deadline(Struct, frozen=True, forbid_unknown_fields=True):
    """The last day for returns; whether that day is included is a general term."""

    clause: str
    date: date


class AskedMaterials(Struct, frozen=True, forbid_unknown_fields=True):
    """What units have to hand in beside the form (随表材料)."""

    clause: str
    titles: tuple[str, ...]  # 年度工作总结


class Period(Struct, frozen=True, forbid_unknown_fields=True):
    """What this year's figures may be of (数据口径) while the year is not over; the first is the default."""

    label: str  # 全年预计
    said: str  # how a sentence begins with such a figure: 全年预计
    final: bool = False  # nothing of the year is missing or estimated


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """General terms that readings may set."""

    cap: Literal["none", "item", "total"] = "none"
    no_task: Literal["full", "zero", "rescale"] = "full"
    tie: tuple[str, ...] = ()  # sections or items whose points decide between equal totals; none: the place is shared
    veto: Literal["move_up", "vacant"] = "move_up"
    deadline: Literal["inclusive", "strict"] = "inclusive"


class Whole(Frame, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the total comes of what stands at the top."""

    points: Decimal | None = None  # 分 in full; None: as the parts have it


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
        return {option.id: option for option in self.option}[id]


class Figure(Struct, frozen=True, forbid_unknown_fields=True):
    """One figure of a measure."""

    by: Literal["unit", "office", "either", "basis"] = "unit"  # who gives it
    label: str = ""  # empty: the usual name (上年实绩, 下达目标, 本年实绩, 完成情况)
    min: Decimal | None = None
    max: Decimal | None = None
    at_most: str | None = None  # figure that this one may not exceed
    whole: bool = False
    waivable: bool = False  # 无任务 is legal
    words: tuple[str, str] = ("已完成", "未完成")  # of what was done or not, as the clause says it: 已实施, 未实施
    phrase: str = ""  # in running text; empty: made from the title


class Measure(Struct, frozen=True, forbid_unknown_fields=True):
    """What a unit reports (指标): up to three figures, or whether something was done."""

    id: str
    item: str
    title: str
    unit: str = ""
    note: str = ""  # how to fill it in, where the title does not say it all
    prior: Figure | None = None
    target: Figure | None = None
    actual: Figure | None = None
    done: Figure | None = None
    band: Bands = Bands()  # 合理范围: what its figures may be expected to be

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Its figures in the order of the form, by name (prior, target, actual, done)."""
        return ((name, figure) for name in FIGURES if (figure := getattr(self, name)) is not None)


class Total(Struct, frozen=True, forbid_unknown_fields=True):
    """What all units together are to come to (全市总数), by the notice."""

    measure: str
    clause: str  # verbatim from the notice
    number: Decimal
    target: Span | None = None  # the sum of the targets as a multiple of it; None: not looked at
    actual: Span | None = None  # the sum of this year's figures


class Criterion(Struct, frozen=True, forbid_unknown_fields=True):
    """The smallest thing that earns points (评分细则)."""

    id: str
    title: str
    clause: str  # verbatim from the notice
    rule: Rule
    points: Decimal | None = None  # 分 at most, 0 of what only takes off; None: a bonus without limit
    bonus: bool = False
    needs: str = ""  # criterion that must be met first; empty: none

    @property
    def judged(self) -> bool:
        """Whether people enter its points, a department or the office."""
        return isinstance(self.rule, Judged | Supplied)

    @property
    def claimable(self) -> bool:
        """Whether a unit types its claim: others judge it."""
        return isinstance(self.rule, Judged)

    @property
    def marked(self) -> bool:
        """Whether it is judged for points in full, and not by the unit's own claim: its marks can be compared."""
        rule = self.rule
        return isinstance(rule, Judged) and not (rule.from_unit or self.bonus) and bool(self.points)

    @property
    def unclaimed(self) -> bool:
        """Whether no unit claims it: an award that the office enters."""
        return self.bonus and isinstance(self.rule, Supplied)

    @property
    def worked(self) -> Worked | None:
        """The rule that works its points out; None where people enter them."""
        return None if isinstance(self.rule, Judged | Supplied) else self.rule


class Evidence(Struct, frozen=True, forbid_unknown_fields=True):
    """A measurable requirement that carries no points of its own."""

    measure: str
    clause: str
    test: Condition


class Item(Frame, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A numbered row of the official table (考核项目)."""

    id: str
    section: str = ""  # that it stands in; empty: none
    number: str = ""  # 序 of the official table; empty: its id
    title: str
    points: Decimal | None = None  # 分 in full; None: only awards or deductions
    content: str  # 考核内容及达到的要求, verbatim
    standard: str  # 评分标准, verbatim
    criterion: tuple[Criterion, ...]
    evidence: tuple[Evidence, ...] = ()

    @property
    def entered(self) -> tuple[Criterion, ...]:
        """The criteria that are judged, for which the unit types its claim."""
        return tuple(criterion for criterion in self.criterion if criterion.claimable)

    @property
    def marked(self) -> bool:
        """Whether some of its criteria are marked."""
        return any(criterion.marked for criterion in self.criterion)

    @property
    def judged(self) -> bool:
        """Whether its 自评分 is typed by the unit in one cell: its one criterion is judged."""
        return len(self.criterion) == 1 and len(self.entered) == 1


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One way to read a clause, and what it changes in the scheme."""

    id: str
    label: str
    change: Mapping[str, Mapping[str, object]] = {}


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """A question that the notice leaves open (口径); its first option is the default."""

    id: str
    clause: str  # empty: the notice says nothing of it
    question: str
    option: tuple[Option, ...]
    within: Mapping[str, str] = {}  # reading → option under which this one has a meaning
    reason: str = ""  # why the default is read out of the clause, where that does not go without saying

    @property
    def source(self) -> str:
        """The clause that leaves it open; that the notice says nothing where there is none."""
        return self.clause or UNSAID

    @property
    def default(self) -> str:
        """The option taken where the office decides nothing."""
        return self.option[0].id

    def applies(self, readings: Mapping[str, str]) -> bool:
        """Whether it has a meaning where ``readings`` are in force."""
        return all(readings[other] == option for other, option in self.within.items())

    def choose(self, id: str) -> Option:
        """The option named ``id``; KeyError where there is none such."""
        return {option.id: option for option in self.option}[id]


class Trial(Struct, frozen=True, forbid_unknown_fields=True):
    """An invented unit (试算): its figures and marks, and what the author of the scheme expects of them."""

    name: str  # 甲单位
    kind: str = ""  # empty: that of the first unit of the scheme
    # figure (sales.actual) → a number or a word (无任务, 已完成); basis (energy.basis) → option
    figure: Mapping[str, object] = {}
    mark: Mapping[str, Decimal | tuple[Decimal, ...]] = {}  # criterion that people enter → 分; several: of its judges
    veto: bool = False  # found by an authority
    points: Mapping[str, Decimal] = {}  # criterion, item or section → 分 expected
    total: Decimal | None = None  # 分 expected; None: not looked at
    grade: str = ""  # expected; empty: not looked at
    place: int | None = None  # expected among the trials of its group; None: not looked at


class SchemeContent(Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written."""

    format: Literal[2]
    id: str
    year: int
    title: str
    name: str  # what the assessment is called, without the year: 工作目标责任制考核
    template: str  # file name of its template
    notice: Notice
    unit: tuple[SchemeUnit, ...]
    item: tuple[Item, ...]
    measure: tuple[Measure, ...] = ()
    section: tuple[Section, ...] = ()
    whole: Whole = Whole()
    deadline: Deadline | None = None
    materials: AskedMaterials | None = None
    grade: tuple[GradeLevel, ...] = ()
    ceiling: tuple[Ceiling, ...] = ()
    veto: tuple[VetoGround, ...] = ()
    group: tuple[Group, ...] = ()
    kind: tuple[Kind, ...] = ()
    policy: Policy = Policy()
    reading: tuple[Reading, ...] = ()
    basis: tuple[Basis, ...] = ()
    period: tuple[Period, ...] = ()
    total: tuple[Total, ...] = ()
    trial: tuple[Trial, ...] = ()
