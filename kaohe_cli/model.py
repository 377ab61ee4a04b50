"""The vocabulary: immutable records, a comment per field. Nothing here knows a file or a rule."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.points import ZERO, add, plain


class Mark(Enum):
    """An entry that is a word and not a number."""

    DONE = "完成"  # the words of a clause are the scheme's (已实施); these are understood everywhere
    NOT_DONE = "未完成"
    NO_TASK = "无任务"  # the commission gave the unit no such task
    NOT_APPLICABLE = "无"  # the unit has no such thing; shown as 不适用

    def said(self, done: tuple[str, str]) -> str:
        """The mark in words, ``done`` being those of a clause for done and not done: 已实施."""
        return done[self is Mark.NOT_DONE] if self in (Mark.DONE, Mark.NOT_DONE) else self.value


Value: TypeAlias = Decimal | Mark | date | str

FieldType = Literal["number", "done", "text", "date", "score"]

Status = Literal["received", "late", "missing", "rejected"]

# undecided: everything is known, and yet no rule can say what it gives
State = Literal["scored", "pending", "no_task", "no_target", "invalid", "undecided"]

OPEN = "未定"  # in place of a grade: it cannot be told yet

STATUS_WORDS: Mapping[Status, str] = {"received": "已收", "late": "迟报", "missing": "未报", "rejected": "退回"}


class Origin(Struct, frozen=True):
    """Where a value was found."""

    file: str  # the name of the file as people know it, without its folder
    sheet: str
    cell: str  # A1 notation; empty where a whole sheet or file is meant


class Entry(Struct, frozen=True):
    """One field as it was handed in, or as it was verified."""

    value: Value | None  # None: blank, or unreadable (then invalid is true)
    origin: Origin | None = None  # None: set by the scheme itself
    invalid: bool = False  # something stood there that could not be taken
    verified: bool = False  # 核定值, a figure of the whole year whatever the return gave


class Unit(Struct, frozen=True):
    """A unit under assessment (被考核单位)."""

    code: str  # GB/T 2260 of the year, or a code of the scheme's own
    name: str  # as it is printed: 滨江区（高新区）
    kind: str  # 区, 县（市）, 开发区
    bureau: str = ""  # name of its bureau; empty: not given in the settings
    head: str = ""  # name of the head of its leadership (领导班子行政正职); empty: not given


class Field(Struct, frozen=True):
    """An input cell as the scheme asks for it, wherever it may stand."""

    name: str  # contract name: sales.actual, sales.evidence, 1.4.self, filer, 330102.sales.target
    type: FieldType
    label: str  # what people call it: 工业销售产值·本年实绩
    unit: str = ""  # 计量单位: 亿元, %, 家; empty where none applies
    required: Literal["error", "warning", "optional"] = "error"  # what a blank is
    minimum: Decimal | None = None  # None: unbounded
    maximum: Decimal | None = None  # None: unbounded, or given by another field
    at_most: str | None = None  # name of the field that this one may not exceed
    whole: bool = False  # things that are counted
    decimals: int | None = None  # most decimals allowed; None: any
    legal: tuple[Decimal, ...] = ()  # the only numbers that are legal, highest first; empty: any
    above_zero: bool = False  # 0 would be met by doing nothing, and means that there is no such task
    marks: tuple[Mark, ...] = ()  # the words that are legal here
    words: tuple[str, str] = (Mark.DONE.value, Mark.NOT_DONE.value)  # how the clause says done and not done
    choices: tuple[str, ...] = ()  # the texts that are legal, the usual one first; empty: any
    criteria: tuple[str, ...] = ()  # criteria that its value earns points for

    def word(self, mark: Mark) -> str:
        """``mark`` as it is written here: 已实施."""
        return mark.said(self.words)

    @property
    def usual(self) -> str | None:
        """What counts where nothing was chosen; None where nothing is to be chosen."""
        return self.choices[0] if self.choices else None


class Place(Struct, frozen=True):
    """Where a field stands in a workbook that this program wrote."""

    field: Field
    sheet: str
    cell: str


class Return(Struct, frozen=True):
    """A form as it came back (填报表)."""

    unit: Unit
    entries: Mapping[str, Entry]  # by field name; a field that is not there was not found
    file: str  # name of the file, without its folder; empty: no form came back
    sha256: str = ""
    size: int = 0  # bytes
    filled: date | None = None  # 填报日期; None: unknown
    status: Status = "received"
    remarks: Mapping[str, str] = {}  # by field name: what was put upon its cell beside the value: 批注“此数为预计数”


class Attachment(Struct, frozen=True):
    """A file that came beside a return (材料), as it was registered; what is in it is not looked at."""

    code: str  # of the unit that it is of
    file: str  # its name as people know it
    size: int  # bytes
    sha256: str  # hexadecimal; empty: it could not be read


class Veto(Struct, frozen=True):
    """A one-vote veto (一票否决) and what it rests on."""

    authority: str = ""  # 认定机关
    document: str = ""  # 文号
    decided: str = ""  # 认定日期 as written
    remark: str = ""
    figures: str = ""  # what the figures are that bring it about; empty: it rests on a finding

    @property
    def complete(self) -> bool:
        """Whether authority, document and date are all given."""
        return bool(self.figures or (self.authority and self.document and self.decided))


class Incident(Struct, frozen=True):
    """A single deduction or award, as it was noted in the register (扣分加分台账)."""

    code: str  # of the unit
    criterion: str
    day: str  # ISO, or as it is written; empty: not given
    facts: str
    points: Decimal  # 分, below 0 where points are taken off
    evidence: str = ""
    by: str = ""  # 登记人
    source: str = ""  # whose word it is: a department; empty: of the office

    @property
    def said(self) -> str:
        """The same in a sentence: 2007-03-05 未按时报送报表，扣 2 分（市统计局通报）."""
        how = "扣" if self.points < 0 else "加"
        proof = f"（{self.evidence}）" if self.evidence else ""
        return f"{' '.join(filter(None, (self.day, self.facts)))}，{how} {plain(abs(self.points))} 分{proof}"


Decision = Literal["open", "upheld", "adjusted", "refused"]

DECISION_WORDS: Mapping[Decision, str] = {"upheld": "维持", "adjusted": "调整", "refused": "不予受理"}


class Review(Struct, frozen=True):
    """An objection of a unit to what was published, and what became of it (复核)."""

    code: str  # of the unit
    about: str  # item or criterion; empty: the total
    claim: str
    ground: str = ""
    received: date | None = None  # None: not given
    decision: Decision = "open"
    why: str = ""
    by: str = ""
    decided: date | None = None  # None: not given
    before: Decimal | None = None  # 原得分, 分; None: not known
    after: Decimal | None = None  # 复核后得分, 分; None: not known
    filled: bool = False  # whether the program filled in 原得分

    @property
    def conclusion(self) -> str:
        """The decision in a word; empty where there is none yet."""
        return DECISION_WORDS.get(self.decision, "")

    @property
    def adjusts(self) -> bool:
        """Whether it was decided that the points change, and they did."""
        known = self.before is not None and self.after is not None
        return self.decision == "adjusted" and known and self.before != self.after


class Award(Struct, frozen=True):
    """What an office entered for one criterion of one unit in the ledger."""

    points: Decimal | None = None  # 考核分; None: left blank
    reason: str = ""  # 评分理由
    by: str = ""  # 评分人
    marks: tuple[Decimal | None, ...] = ()  # what each judge gave, where several do; None: nothing yet
    judges: tuple[str, ...] = ()  # what each of them is called: 李四, 评委3
    origin: Origin | None = None
    incidents: tuple[Incident, ...] = ()  # of the register
    unreadable: bool = False  # something stands as 考核分 that cannot be taken: there are no points until it is mended


class Case(Struct, frozen=True):
    """All that is known of one unit when its points are worked out."""

    unit: Unit
    status: Status
    reported: Mapping[str, Entry]  # by field name: what the unit filled in, and what was given to it
    verified: Mapping[str, Entry] = {}  # by figure: 核定值, which replaces the reported figure in the rules
    awards: Mapping[str, Award] = {}  # by criterion
    veto: Veto | None = None  # None: not vetoed
    file: str = ""  # the return it came from; empty: none
    filled: date | None = None  # 填报日期; None: unknown
    received: date | None = None  # 收到日期, of the office; None: unknown
    remarks: Mapping[str, str] = {}  # by field name: what was put upon its cell beside the value
    confirmed: Mapping[str, str] = {}  # by figure, criterion, empty for the total: what a 核实 rests on
    last_year: Mapping[str, Decimal] = {}  # by figure: what was settled in last year's assessment
    last_marks: Mapping[str, Decimal] = {}  # by criterion: 考核分 of last year's assessment
    compared: Mapping[str, Entry] = {}  # by pseudo figure: how it stands among the units of its group

    @property
    def settled(self) -> Mapping[str, Entry]:
        """What the rules go by: the reported entries with the verified ones in their place."""
        verified = {name: replace(entry, verified=True) for name, entry in self.verified.items()}
        return {**self.reported, **verified, **self.compared}


QueryState = Literal["open", "answered", "confirmed"]


class Influence(Struct, frozen=True):
    """What rides on a figure or an award, against what else it could be."""

    points: Decimal  # 分, the largest difference that it makes for its unit
    places: int  # by which its unit would stand elsewhere, by the points known so far
    grade: bool = False  # whether its unit would have another grade

    @property
    def said(self) -> str:
        """The same in words: 牵涉 570 分、12 个名次."""
        if not self.points:
            return "牵涉等次" if self.grade else "不牵涉得分"
        return f"牵涉 {plain(self.points)} 分{f'、{self.places} 个名次' if self.places else ''}"


class Query(Struct, frozen=True):
    """Something so odd that it has to be confirmed (核实); it belongs to its value."""

    unit: Unit
    field: str  # figure or criterion; empty: the total
    label: str  # what people call it: 工业销售产值·本年实绩（亿元）
    value: str  # as it is shown
    codes: tuple[str, ...]  # of the catalogue, one for each reason
    why: str  # the reasons in words
    influence: Influence
    state: QueryState
    answer: str  # 核实说明 of the unit; empty: none
    rests: str  # what a confirmation of it rests on
    origin: Origin | None = None  # where the value was found


# what the settings call the parts of it
PUBLICITY_TITLES = FIRST_DAY, LAST_DAY, CONTACT = "公示开始日期", "公示截止日期", "受理复核的处室和电话"


class Publicity(Struct, frozen=True):
    """In which days a result is shown to the public (公示), and who takes objections."""

    first: date | None = None  # None: not decided yet
    last: date | None = None
    contact: str = ""  # 受理复核的处室和电话; empty: not given

    @property
    def facts(self) -> Mapping[str, str]:
        """What was decided of it, by title."""
        days = {FIRST_DAY: self.first, LAST_DAY: self.last}
        said = {title: day.isoformat() for title, day in days.items() if day}
        return {**said, CONTACT: self.contact} if self.contact else said

    @property
    def time(self) -> str:
        """The days in words: 2007年12月10日至12月16日; empty while they are not both decided."""
        if self.first is None or self.last is None:
            return ""
        first, last = (f"{day.month}月{day.day}日" for day in (self.first, self.last))
        year = "" if self.last.year == self.first.year else f"{self.last.year}年"
        until = "" if self.last == self.first else f"至{year}{last}"
        return f"{self.first.year}年{first}{until}"

    def said(self, issuer: str) -> str:
        """When, and to whom objections go, ``issuer`` where nobody else is named; empty while it is not decided."""
        to = self.contact or issuer
        return f"公示时间：{self.time}；有异议的，请在公示期内向{to}书面提出。" if self.time else ""


class Settings(Struct, frozen=True):
    """What the office decided before issuing the forms (考核设置)."""

    units: tuple[Unit, ...]
    given: Mapping[str, Mapping[str, Entry]]  # unit code → figure → issued target, prior, 无任务
    readings: Mapping[str, str]  # reading → option; only those that differ from no answer
    departments: Mapping[str, str]  # item → 责任处室; empty where none was named
    approvals: Mapping[str, tuple[str, str]] = {}  # reading → (approver, date as written)
    file: str = ""  # empty: no settings workbook was given
    sha256: str = ""
    judges: Mapping[str, tuple[str, ...]] = {}  # item that several judge → their names in order
    publicity: Publicity = Publicity()


SCHEME, READING = "方案", "口径"  # roles of sources that are no file


class Source(Struct, frozen=True):
    """Something a result was made from (来源); equal sources give equal results."""

    role: str  # 底稿, 填报表, 设置, 方案, 模板; for facts without a file: 口径, 版本
    name: str  # name of the file without its folder; of a reading; of a library
    size: int | None = None  # bytes; None: no file
    sha256: str = ""  # hexadecimal; empty: no file
    value: str = ""  # option in force, version; empty for files


class CriterionScore(Struct, frozen=True):
    """Points of one criterion (评分细则) of one unit."""

    id: str
    bonus: bool
    points: Decimal | None  # 分, two decimals; None: not known yet
    state: State
    self: Decimal | None  # 自评分; None: not known
    steps: tuple[str, ...]  # how the points came about, in sentences
    rule_points: Decimal | None = None  # what the rule alone gives; None for judged criteria
    full: Decimal | None = None  # 满分 in force, 分; of a bonus what it can be at most, None: no limit


class ItemScore(Struct, frozen=True):
    """Points of one item (考核项目) of one unit."""

    id: str
    points: Decimal | None
    self: Decimal | None
    criteria: tuple[CriterionScore, ...]
    capped: Decimal | None = ZERO  # what its limits took away, less what they left; None where a point is not known

    @property
    def bonus(self) -> Decimal | None:
        """The sum of its bonuses, before any cap; None where one is not known."""
        return add(each.points for each in self.criteria if each.bonus)


class SectionScore(Struct, frozen=True):
    """Points of one section (类别) of one unit."""

    id: str
    points: Decimal | None  # None: something in it is pending
    self: Decimal | None


class UnitScore(Struct, frozen=True):
    """Points of one unit."""

    unit: Unit
    status: Status
    items: tuple[ItemScore, ...]
    total: Decimal | None  # None: something is pending
    sections: tuple[SectionScore, ...]  # in the order of the official table
    self_total: Decimal | None
    veto: Veto | None = None
    capped: Decimal | None = ZERO  # what limits of items, sections and the whole took away, less what they left
    bars: Mapping[str, str | None] = {}  # ceiling or veto by figures → what brings it about; empty: nothing; None: open
    group: str = ""  # in which it is ranked; empty: among all

    @property
    def bonus(self) -> Decimal | None:
        """The sum of all bonuses, before any cap; None where one is not known."""
        return add(item.bonus for item in self.items)

    def section(self, id: str) -> SectionScore:
        """The score of section ``id``; KeyError where the scheme has none such."""
        return {each.id: each for each in self.sections}[id]

    @property
    def decided(self) -> Decimal | None:
        """The sum of what is known so far; None where nothing is.

        That a unit has no such task says nothing of one whose return is not there.
        """
        if self.total is not None:
            return self.total
        absent = self.status in ("missing", "rejected")
        criteria = (each for item in self.items for each in item.criteria)
        known = [
            each.points for each in criteria if each.points is not None and not (absent and each.state == "no_task")
        ]
        return sum(known, ZERO) if known else None

    def criterion(self, id: str) -> CriterionScore:
        """The score of criterion ``id``; KeyError where the scheme has none such."""
        return {each.id: each for item in self.items for each in item.criteria}[id]


class Ranked(Struct, frozen=True):
    """A unit in its place."""

    score: UnitScore
    place: int | None  # None: vetoed, or no final total
    tied: bool
    grade: str  # a title of the scheme, or what stands for a veto; 未定; empty: no grade is for it
    reasons: tuple[str, ...] = ()  # why this place and grade, in sentences


class Change(Struct, frozen=True):
    """What is another for one unit, from before to now: another reading in force, or what came in since."""

    code: str
    unit: str
    place: tuple[int | None, int | None]
    grade: tuple[str, str]
    total: tuple[Decimal | None, Decimal | None]

    @property
    def standings(self) -> tuple[tuple[int | None, str], ...]:
        """Place and grade before, then now."""
        return tuple(zip(self.place, self.grade, strict=True))

    @property
    def weighs(self) -> bool:
        """Whether the place or the grade changes, and not the total alone."""
        before, now = self.standings
        return before != now

    @property
    def regrades(self) -> bool:
        """Whether the grade changes."""
        before, now = self.grade
        return before != now


GradeStanding = Literal["best", "between", "last", "vetoed", "open"]  # open: none yet, or none is for it


class Ranking(Struct, frozen=True, dict=True):
    """All units group by group, in order: placed ones first, then vetoed, then those without a total."""

    units: tuple[Ranked, ...]
    final: bool  # False: 暂定
    sections: tuple[tuple[str, str], ...] = ()  # id and title of those at the top
    grades: tuple[str, ...] = ()  # titles, best first

    @cached_property
    def groups(self) -> Mapping[str, tuple[Ranked, ...]]:
        """The units of each group, by its title, in order; one without a title where all are ranked together."""
        found: dict[str, list[Ranked]] = {}
        for each in self.units:
            found.setdefault(each.score.group, []).append(each)
        return {title: tuple(members) for title, members in found.items()}

    def graded(self, ranked: Ranked) -> GradeStanding:
        """How the grade of a unit stands among all: the best, the last, one between them."""
        if ranked.score.veto:
            return "vetoed"
        if ranked.grade not in self.grades:
            return "open"
        place = self.grades.index(ranked.grade)
        return "best" if place == 0 else "last" if place == len(self.grades) - 1 else "between"
