"""The shapes of what ``--json`` prints, each command's by its name in ``ANSWERS``: docs/schema/ is made from them.

The comment beside a field is its description there. A field that may be null says what null means; points (分) are
numbers of two decimals; units have their plain names, as their files have.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from kaohe_cli.assess.attached import MaterialKind
from kaohe_cli.assess.explain import LineKind
from kaohe_cli.catalogue import Severity
from kaohe_cli.commands.differing import DifferingKind, FileKind
from kaohe_cli.ledger.changes import ChangeKind
from kaohe_cli.ledger.record import OpenReason
from kaohe_cli.model import Decision, FieldType, QueryState, Status
from kaohe_cli.paper.press import FileState
from kaohe_cli.result.verdict import VerdictKind
from kaohe_cli.scheme.changed import DifferenceKind

Told: TypeAlias = Mapping[str, Any]  # any answer, when it is not known which

MaterialState = Literal["same", "changed", "missing"]

# undecided is pending for a program: there are no points yet
CriterionState = Literal["scored", "pending", "no_task", "no_target", "invalid"]


# ── what every answer has ───────────────────────────────────────────────────────────────────────────────


class ProblemShape(TypedDict):
    """Something that is wrong, and where."""

    code: str  # KH103; `kaohe explain KH103` and docs/PROBLEMS.md say what it means
    severity: Severity
    unit: str | None  # null: of no unit, or not known of which
    file: str | None  # name of the file, without its folder; null: in none
    sheet: str | None  # null: in none
    cell: str | None  # null: in no single cell
    field: str | None  # sales.actual; null: of no field
    message: str
    found: str | None  # what stands there; null: the message says all
    expected: str | None  # null: as found
    fix: str  # what to do


class EveryAnswer(TypedDict):
    """What every answer has, whatever the exit code."""

    problems: Sequence[ProblemShape]
    fault: NotRequired[str]  # the program itself is at fault (exit code 3): what was said of it
    stopped: NotRequired[str]  # a person stopped the program (exit code 130)


class SchemeProblemShape(TypedDict):
    """A fault of a scheme: by the key, and the line of a text or the cell of a workbook."""

    code: str
    severity: Severity
    key: str | None  # criterion.1.1.2.points; null: of no key
    line: int | None  # null: not of a file of text
    sheet: str | None  # null: not of a workbook
    cell: str | None  # null: not of a workbook, or of no single cell
    message: str
    found: str | None  # null: the message says all
    expected: str | None  # null: as found
    fix: str


class WrittenFileShape(TypedDict):
    """A file that was written, or, in a dry run, would be."""

    file: str  # with its folder, as it was asked for
    state: FileState
    kept: bool  # whether what was there before stays beside it as a dated copy


class EntriesShape(TypedDict):
    """How much of what people typed into a ledger stays where it is written anew, cell by cell."""

    kept: int
    added: int
    replaced: int
    gone: int
    apart: int  # of those that there will be: without a place (已无对应)
    undecided: int  # beside them: what contradicts an entry (不一致)
    uncarried: int  # what else cannot be carried over: problems say each


class WritingEveryAnswer(EveryAnswer):
    """What the answer of a command has that knows --dry-run, whatever the exit code."""

    dry_run: bool | None  # whether it was one, and nothing was written; null: it did not come to that
    files: Sequence[WrittenFileShape]
    entries: EntriesShape | None  # null: no ledger is written


class SchemeCheckEveryAnswer(TypedDict):
    """What the answer of ``scheme check`` has, whatever the exit code."""

    problems: Sequence[SchemeProblemShape]
    fault: NotRequired[str]  # the program itself is at fault (exit code 3): what was said of it
    stopped: NotRequired[str]  # a person stopped the program (exit code 130)


# ── forms: init, blank ──────────────────────────────────────────────────────────────────────────────────


class FileAnswer(TypedDict):
    """The one file that was written."""

    scheme: str | None  # of which, or as which; null: nothing was written, or an empty workbook
    file: str | None  # null: nothing was written


class CellShape(TypedDict):
    """An input cell of a workbook."""

    sheet: str
    cell: str
    type: FieldType
    unit: str | None  # 计量单位; null: none applies


class FieldShape(CellShape):
    """An input cell of a form, and what may stand there."""

    required: bool  # whether a blank is an error
    min: Decimal | None  # null: unbounded
    max: Decimal | None  # null: unbounded, or given by another field


class InitAnswer(TypedDict):
    """Every input cell of the settings workbook."""

    scheme: str | None  # null: nothing was written
    file: str | None  # null: nothing was written
    fields: Mapping[str, CellShape]  # by name: 330102.sales.target, reading.over5


class UnitShape(TypedDict):
    """A unit under assessment (被考核单位)."""

    code: str
    unit: str  # its plain name: 滨江区(高新区)


class FormShape(UnitShape):
    """A blank form of one unit."""

    file: str
    fields: Mapping[str, FieldShape]  # by name: sales.actual, sales.evidence, sales.confirm, 1.4.self, filer


class BlankAnswer(TypedDict):
    """Every form with every input cell."""

    scheme: str | None  # null: nothing was written
    forms: Sequence[FormShape]


# ── points: check, score, rank ──────────────────────────────────────────────────────────────────────────


class CriterionShape(TypedDict):
    """Points of one criterion (评分细则)."""

    id: str
    points: Decimal | None  # null: not known yet
    full: Decimal | None  # 满分 in force, of a bonus what it can be at most; null: no limit
    bonus: bool
    state: CriterionState
    self: Decimal | None  # 自评分; null: not known
    steps: Sequence[str]  # how the points came about, in sentences


class ItemShape(TypedDict):
    """Points of one item (考核项目); those of its criteria that are no bonuses + ``bonus`` - ``capped``."""

    id: str
    points: Decimal | None  # null: something is pending
    full: Decimal | None  # 满分 in force; null: none is given
    bonus: Decimal | None  # the sum of its bonuses, before any cap; null: one is not known
    capped: Decimal | None  # what its limits took away, less what they left; null: a point is not known
    self: Decimal | None  # 自评分; null: not known
    criteria: Sequence[CriterionShape]


class RankedItemShape(ItemShape):
    """Points of one item in the result."""

    exam: Decimal | None  # the same as points, under its name of old (考核分); null: something is pending


class AttachmentShape(TypedDict):
    """A file that came beside a return; it is never opened."""

    file: str  # with its folders, or the archive that it is in, where its name is not the only one
    size: int  # bytes
    sha256: str | None  # hexadecimal; null: it could not be read
    kind: MaterialKind
    title: str | None  # of what the notice asks for: 年度工作总结; null: none of that
    fields: Sequence[str]  # whose entries certainly mean it: sales.evidence


class EvidenceShape(TypedDict):
    """What a unit names as evidence of one measure (佐证材料)."""

    field: str  # sales.evidence
    said: str  # as it is written
    found: bool  # whether some file is certainly meant
    missing: Sequence[str]  # files that are named with their ending, and are not there


class ScoredShape(UnitShape):
    """A unit with its points."""

    status: Status
    file: str | None  # the return it came from; null: none came
    self_total: Decimal | None  # null: not known
    items: Sequence[ItemShape]
    materials: Sequence[AttachmentShape]  # files that came beside the return
    lacking: Sequence[str]  # what the notice asks for beside the form and has not come: 年度工作总结
    evidence: Sequence[EvidenceShape]  # what the unit names as evidence


class InfluenceShape(TypedDict):
    """What rides on a figure or a mark, against what else it could be."""

    points: Decimal  # the largest difference that it makes for its unit
    places: int  # by which its unit would stand elsewhere
    grade: bool  # whether its unit would have another grade


class QueryShape(UnitShape):
    """Something so odd that it has to be confirmed (核实)."""

    field: str | None  # figure or criterion; null: the total
    label: str  # what people call it
    value: str  # as it is shown
    codes: Sequence[str]  # of the catalogue, one for each reason
    why: str
    influence: InfluenceShape
    state: QueryState
    answer: str | None  # 核实说明 of the unit; null: none


LedgerValues = TypedDict("LedgerValues", {
    # what was held there before: points and places are numbers; null: nothing
    "from": Decimal | str | None,
    # what is held there now; null: nothing
    "to": Decimal | str | None,
})  # fmt: skip


class LedgerChangeShape(LedgerValues):
    """What a run changed in the ledger (本次变动)."""

    kind: ChangeKind
    code: str | None  # of the unit; null: of no one unit
    unit: str | None  # null: of no one unit
    item: str  # 工业销售产值·本年实绩; 1.4.1 产业发展与招商引资·考核分
    why: str  # 填报表更正：上城区.xlsx


class ScoreAnswer(TypedDict):
    """Points of every unit, and what has to be confirmed; `check` changes no ledger, and its `changes` are empty."""

    scheme: str | None  # null: nothing was read
    units: Sequence[ScoredShape]
    queries: Sequence[QueryShape]
    changes: Sequence[LedgerChangeShape]  # since the last run


class OpenShape(TypedDict):
    """What keeps a result from being final."""

    code: str | None  # of the unit; null: of none
    unit: str | None  # null: of none
    sheet: str  # of the ledger, in which the row stands
    id: str | None  # criterion or figure; null: the unit itself
    item: str | None  # null: of none
    department: str | None  # 责任处室; null: none was named
    standing: OpenReason
    said: str | None  # 待评; 填报值 100 → 120; null: nothing more


class ClassesShape(TypedDict, total=False):
    """The points of two sections under their names of old, where the scheme has two."""

    class_one: Decimal | None  # null: something in it is pending
    class_two: Decimal | None  # null: something in it is pending


class PreviousShape(TypedDict):
    """The same unit in last year's result."""

    unit: str  # its name then
    place: int | None  # null: it had none
    grade: str | None  # null: it had none
    total: Decimal | None  # null: not known
    items: Mapping[str, Decimal | None]  # points by item of this year that was there then; null: not known


class RankedShape(UnitShape, ClassesShape):
    """A unit in its place."""

    group: str | None  # in which it is ranked; null: among all
    place: int | None  # null: vetoed, or no total yet
    tied: bool
    grade: str | None  # as the scheme calls it, what stands for a veto, or 未定; null: no grade is for it
    total: Decimal | None  # null: something is pending
    sections: Mapping[str, Decimal | None]  # points by section; null: something in it is pending
    bonus: Decimal | None  # the sum of all bonuses, before any cap; null: one is not known
    capped: Decimal | None  # what all limits took away, less what they left; null: the total is not known
    self_total: Decimal | None  # null: not known
    items: Sequence[RankedItemShape]
    reasons: Sequence[str]  # why this place and grade, in sentences
    previous: PreviousShape | None  # null: last year's result was not given, or says nothing of the unit


class StandingChangeShape(TypedDict):
    """What is another for one unit; of each pair the first is before, the second now."""

    code: str
    place: tuple[int | None, int | None]  # null: none
    grade: tuple[str, str]  # empty: none
    total: tuple[Decimal | None, Decimal | None]  # null: not known


class AlternativeShape(TypedDict):
    """One or two other readings in force, all else as decided."""

    reading: str  # over5; over5+tie for a pair
    option: str  # strict; strict+class_one
    changes: Sequence[StandingChangeShape]  # empty: nothing changes


class MarkTurnShape(TypedDict):
    """The smallest change of a judged mark with which the order turns."""

    item: str
    criterion: str
    code: str  # of the unit
    change: Decimal  # below 0: fewer points
    any: bool  # whether it does with any judged mark of the unit


FigureValues = TypedDict("FigureValues", {
    # in force
    "from": Decimal,
    # with which the order turns
    "to": Decimal,
})  # fmt: skip


class FigureTurnShape(FigureValues):
    """The smallest change of a figure with which the order turns."""

    figure: str  # sales.actual
    code: str  # of the unit


class MarginShape(TypedDict):
    """How firm the order of two neighbours is, or that a unit reaches the bound of a grade."""

    group: str | None  # null: all units are ranked together
    codes: Sequence[str]  # the upper and the lower unit; one: it and a bound
    places: Sequence[int]  # of the same
    grade: str | None  # whose places end between the two, or whose bound it is; null: none
    line: Decimal | None  # the bound; null: of two neighbours
    gap: Decimal  # points between the two, or to the bound
    mark: MarkTurnShape | None  # null: no mark is enough
    figure: FigureTurnShape | None  # null: no figure is enough, or none was tried


class ReviewShape(UnitShape):
    """An objection of a unit after publication."""

    id: str | None  # item or criterion; null: the total
    claim: str | None  # null: left blank
    ground: str | None  # null: left blank
    received: str | None  # 2007-12-25; null: left blank
    decision: Decision  # open: none yet
    why: str | None  # null: left blank
    by: str | None  # null: left blank
    decided: str | None  # null: left blank
    before: Decimal | None  # the points before; null: not known
    after: Decimal | None  # the points after it; null: not known
    changes: Sequence[StandingChangeShape]  # what it changed, for whom: from the points before to those after


class RankAnswer(TypedDict):
    """The result: all units in their places."""

    scheme: str | None  # null: nothing was ranked
    final: bool  # false: 暂定
    open: Sequence[OpenShape]  # what keeps it from being final
    units: Sequence[RankedShape]  # in their order
    readings: Mapping[str, str]  # in force
    sensitivity: Sequence[AlternativeShape]  # every other reading, tried
    margins: Sequence[MarginShape]
    version: int  # 版次 of the result, from 1; 0: there is none
    reviews: Sequence[ReviewShape]  # of 复核登记, in its order
    reviewed: Sequence[StandingChangeShape]  # what all reviews that adjusted points changed together


# ── the year: status ────────────────────────────────────────────────────────────────────────────────────


class DeadlineShape(TypedDict):
    """The last day on which a return is not late."""

    date: str | None  # 2007-11-15; null: the notice sets none
    days_left: int | None  # below 0: it has passed; null: no day is set


class PublicityShape(TypedDict):
    """In which days the result is shown to the public."""

    first: str  # 2007-12-10
    last: str


class PreparedShape(TypedDict):
    """The settings, and what in them is still empty."""

    file: str
    units: int
    errors: int
    without_targets: Sequence[str]  # units that have not all targets that earn points
    without_department: Sequence[str]  # items
    without_approver: Sequence[str]  # readings
    without_head: Sequence[str]  # units whose 行政正职 is not given
    publicity: PublicityShape | None  # 公示; null: its days are not decided


class CameBackShape(TypedDict):
    """The returns: units by how theirs stands, and files that the ledger does not stand for."""

    issued: int  # forms in the folder of those that go out
    received: Sequence[str]  # units
    late: Sequence[str]
    missing: Sequence[str]
    mend: Sequence[str]  # of those that came, the units that have something to correct or to explain
    unread: Sequence[str]  # files that the ledger has not read
    changed: Sequence[str]  # files that are another since
    unregistered: Sequence[str]  # names of files beside the returns that the ledger does not list
    gone: Sequence[str]  # files that were read and are not there


class DepartmentShape(TypedDict):
    """How far a department (责任处室) is with its marks."""

    department: str
    items: Sequence[str]
    state: str  # 未交; 已交回，未评完; 已评完
    due: int  # marks
    waiting: int  # marks still to come
    issued: str | None  # when its copy was issued, as it is written; null: not known
    returned: str | None  # when it last came back; null: not yet


class AppealShape(TypedDict):
    """A review (复核登记) that is not settled."""

    code: str | None  # of the unit; null: it cannot be told whose it is
    unit: str | None  # null: it cannot be told whose it is
    id: str | None  # item or criterion; null: the total
    said: str  # 未作结论


class LedgerStateShape(TypedDict):
    """How far the ledger is."""

    file: str
    outdated: Sequence[str]  # what is another since it was written: 考核设置
    lost: str | None  # the settings it was made by, which are not there any more; null: they are, or it had none
    altered: int  # cells that the program wrote and somebody changed
    unmerged: Sequence[str]  # copies of departments that say what the ledger does not have
    open: Sequence[OpenShape]  # what keeps a result from being final


class ResultStateShape(TypedDict):
    """The result that is there."""

    file: str
    final: bool  # false: 暂定
    version: int  # 版次, from 1; 0: it says none
    outdated: Sequence[str]  # what is another since it was written: 评分底稿


class NextStepShape(TypedDict):
    """What is to be done next."""

    command: str  # as it is typed
    why: str  # what people do first, or what calls for it


class StatusAnswer(TypedDict):
    """Where the year stands."""

    scheme: str | None  # null: nothing was looked at
    today: str | None  # the day by which it is told; null: nothing was looked at
    deadline: DeadlineShape | None  # null: nothing was looked at
    settings: PreparedShape | None  # null: there are none, or they cannot be read
    returns: CameBackShape | None  # null: nothing was looked at
    queries: Sequence[QueryShape]  # that nobody confirmed
    departments: Sequence[DepartmentShape]
    reviews: Sequence[AppealShape]  # that are not settled
    ledger: LedgerStateShape | None  # null: there is none, or it cannot be read
    result: ResultStateShape | None  # null: there is none, or it cannot be read
    open: bool | None  # whether something is left to be done (exit code 1); null: nothing was looked at
    next: NextStepShape | None  # null: nothing was looked at


# ── merge, explain, verify ──────────────────────────────────────────────────────────────────────────────


class MergedCopyShape(TypedDict):
    """How many entries of a copy were taken, and what became of the others."""

    file: str
    judges: Mapping[str, int]  # 评分人 → 考核分 that were taken
    marks: int  # of several judges that were taken
    verified: int  # 核定值 that were taken
    vetoes: int
    noted: int  # entries of the register that were added or withdrawn
    others: int  # rows of which something else was taken
    erased: int  # cells that the office has no more
    same: int  # 考核分, 核定值, 一票否决 that the office has as well
    differing: int  # cells of which the office, or another copy, says otherwise
    left: int  # rows that were not taken
    said: str  # all of it in one line


class MergeAnswer(TypedDict):
    """What came of the copies, and what changed in the ledger."""

    scheme: str | None  # null: nothing was merged
    file: str | None  # the ledger as it was written; null: nothing was merged
    copies: Sequence[MergedCopyShape]
    unread: Sequence[str]  # files of which nothing could be merged: problems say why
    aside: int  # older copies beside newer ones, that say nothing any more
    changes: Sequence[LedgerChangeShape]


class StandingShape(TypedDict):
    """Where a unit stands."""

    place: int | None  # null: vetoed, or no total yet
    tied: bool
    grade: str | None  # null: no grade is for it
    total: Decimal | None  # null: something is pending
    final: bool  # false: 暂定


class LineShape(TypedDict):
    """A line of an explanation."""

    kind: LineKind
    item: str | None  # that it is about; null: the unit as a whole
    criterion: str | None  # that it is about; null: the item as a whole
    label: str  # the kind in words
    text: str


class ExplainAnswer(TypedDict):
    """How the points of a unit came about."""

    scheme: str | None  # null: nothing was explained
    code: str | None  # of the unit; null: nothing was explained
    unit: str | None  # null: nothing was explained
    item: str | None  # item or criterion that was asked for; null: all
    standing: StandingShape | None  # null: nothing was explained
    items: Sequence[ItemShape]  # that are asked for, or hold the criterion
    lines: Sequence[LineShape]
    queries: Sequence[QueryShape]  # of what is asked for
    place: Sequence[str]  # why this place, in sentences; empty where not all is asked for


class ExplainProblemAnswer(TypedDict):
    """What a problem means: `kaohe explain KH103`."""

    code: str | None  # null: there is none such
    severity: Severity | None  # null: there is none such
    headline: str | None  # null: there is none such
    why: str | None  # what it means and what the program does about it; null: there is none such
    fix: str | None  # what to do, in braces what is another each time; null: there is none such
    example: str | None  # null: there is none such


class MaterialShape(TypedDict):
    """Something that a result was made from, and what became of it."""

    role: str  # as the sheet 来源 calls it: 底稿, 填报表, 设置, 模板, 方案
    name: str  # as the result records it
    state: MaterialState


Versions = TypedDict("Versions", {
    # as the result records it
    "from": str,
    # of now
    "to": str,
})  # fmt: skip


class VersionShape(Versions):
    """A program or library of another version than then."""

    name: str


class VerdictShape(TypedDict):
    """One thing held against what was made anew."""

    what: VerdictKind
    parts: int | None  # returns, units, sheets, files, circulars that were held; null: nothing was
    cells: int | None  # entries, cells, figures that were compared; null: none are counted
    differing: int  # what of them is not the same
    said: str


class VerifyAnswer(TypedDict):
    """What became of the material of a result, and whether all is as it was."""

    scheme: str | None  # null: no result could be read
    result: str | None  # null: no result could be read
    ok: bool  # whether all was at hand and all is the same
    readings: Mapping[str, str]  # by which it was ranked
    materials: Sequence[MaterialShape]
    versions: Sequence[VersionShape]  # that are others now
    compared: Sequence[VerdictShape]  # in turn, as far as there was material for it


# ── schemes ─────────────────────────────────────────────────────────────────────────────────────────────


class SchemeCountsShape(TypedDict, total=False):
    """How much there is; empty where nothing was checked, without items to readings where it cannot be used."""

    errors: int
    warnings: int
    items: int
    criteria: int
    measures: int
    units: int
    readings: int


class TrialShape(TypedDict):
    """One thing that is expected of an invented unit (试算), and what the program comes to."""

    name: str  # of the unit
    what: str  # id of a criterion, an item, a section; total, grade, place
    expected: Decimal | int | str
    found: Decimal | int | str | None  # null: not known; of a place also that there is none
    met: bool
    steps: Sequence[str]  # how the program comes to it, in sentences


class SchemeCheckAnswer(TypedDict):
    """Whether a scheme can be used, and what came of its trials."""

    scheme: str | None  # null: it cannot be used
    file: str | None  # null: nothing was read
    ok: bool  # whether it can be used
    counts: SchemeCountsShape
    trials: Sequence[TrialShape]


class PassingShape(TypedDict):
    """How many units reach the mark, over the years."""

    least: int
    mean: Decimal
    most: int


class ReachShape(TypedDict):
    """Points as units had them."""

    id: str | None  # of the item; section.… of a section; null: the total
    title: str
    full: Decimal | None  # null: none is given
    least: Decimal
    middle: Decimal
    most: Decimal


class AlikeShape(TypedDict):
    """A rule that gives nearly everybody the same."""

    id: str
    title: str
    points: Decimal  # that most units have
    share: Decimal  # of all units in all years: 0.95 is 95%


class UnboundedShape(TypedDict):
    """A bonus without a ceiling."""

    id: str
    title: str
    most: Decimal  # that a unit reached


class DecidingShape(TypedDict):
    """Another option of a reading, and in how many years it decides."""

    reading: str
    option: str
    question: str
    label: str
    years: int  # in which it changes a place or a grade
    grades: int  # in which it changes a grade


class SchemeRehearseAnswer(TypedDict):
    """What a scheme does with random years."""

    scheme: str | None  # null: nothing was tried
    years: int
    seed: int
    units: int
    places: int | None  # of the first grade for first places; null: there is none such
    shared: int  # years in which more units than meant are among them
    mark: Decimal | None  # of the lowest grade with such a bound; null: there is none such
    passing: PassingShape | None  # null: nothing was tried
    reach: Sequence[ReachShape]  # total, sections, items
    alike: Sequence[AlikeShape]
    unbounded: Sequence[UnboundedShape]
    readings: Sequence[DecidingShape]  # what decides most first


class SchemeNameShape(TypedDict):
    """A scheme by its name."""

    scheme: str
    year: int
    title: str


Words = TypedDict("Words", {
    # what was said; null: nothing
    "from": str | None,
    # what is said; null: nothing
    "to": str | None,
})  # fmt: skip


class DifferenceShape(Words):
    """Something that is another in the newer scheme, or is in one of both alone."""

    kind: DifferenceKind
    heading: str  # under which it is told: 1.1 工业经济
    room: str  # what kind of thing: 细则
    id: str | None  # in the newer scheme, where it is in it; null: it has none
    called: str  # 1.1.2 超额加分
    what: str | None  # 分值; null: the whole thing
    only: str | None  # kind of units for which alone it is so; null: for all


class TransferredChangeShape(StandingChangeShape):
    """What is another for one unit by the newer scheme."""

    unit: str


class TransferredPointsShape(UnitShape):
    """A criterion that gives a unit other points; of each pair the first is by the older scheme."""

    id: tuple[str | None, str | None]  # null: that scheme has none such
    title: str
    points: tuple[Decimal | None, Decimal | None]  # null: not known, or there is no such criterion


class UncarriedShape(TypedDict):
    """Something that the newer scheme asks for and the older year does not give."""

    what: str  # 产能利用率·本年实绩; 1.4.1 产业发展·考核分
    why: str
    units: int  # of how many it is so


class TransferShape(TypedDict):
    """The year of a ledger by both schemes."""

    readings: Mapping[str, str]  # in force in the newer one
    units: Sequence[TransferredChangeShape]  # every unit, in the order by the newer one
    criteria: Sequence[TransferredPointsShape]
    uncarried: Sequence[UncarriedShape]


class SchemeDiffAnswer(TypedDict):
    """What is another in the newer scheme."""

    before: SchemeNameShape | None  # null: nothing was compared
    now: SchemeNameShape | None  # null: nothing was compared
    counts: Mapping[DifferenceKind, int]
    differences: Sequence[DifferenceShape]
    ledger: TransferShape | None  # null: no ledger was given


# ── diff ────────────────────────────────────────────────────────────────────────────────────────────────


class ComparedFileShape(TypedDict):
    """One of two files that were compared."""

    file: str  # its name, without its folder
    sha256: str


DifferingValues = TypedDict("DifferingValues", {
    # null: nothing was there
    "from": Decimal | str | None,
    # null: nothing is there
    "to": Decimal | str | None,
})  # fmt: skip


class DifferingShape(DifferingValues):
    """Something that both files do not say alike: points, totals and places are numbers."""

    kind: DifferingKind
    code: str | None  # of the unit; null: of none, or the files do not say
    unit: str | None  # null: of none
    item: str  # 工业销售产值·本年实绩; 1.1.2 超额加分
    cells: tuple[str | None, str | None]  # 指标填报!D5 in each file; null: in none
    why: str | None  # null: no more is known
    causes: Sequence[str]  # the items that it follows from, of the same unit or of none


class MovedUnitShape(TypedDict):
    """Total, place and grade of a unit that are others; of each pair the first is before, the second now."""

    code: str | None  # null: the files do not say
    unit: str
    place: tuple[int | None, int | None]  # null: none
    grade: tuple[str, str]  # empty: none
    total: tuple[Decimal | None, Decimal | None]  # null: not known


class RestShape(TypedDict):
    """A row that both files do not have alike, and of which no cell is among the differences."""

    sheet: str
    row: int  # in the newer file, where it is there; from 1


class DiffAnswer(TypedDict):
    """What both files do not say alike."""

    kind: FileKind | None  # null: nothing was compared
    before: ComparedFileShape | None  # null: nothing was compared
    now: ComparedFileShape | None  # null: nothing was compared
    differences: Sequence[DifferingShape]  # causes before what follows from them
    moved: Sequence[MovedUnitShape]  # units whose total, place or grade is another
    # beside these; of ledgers and results with differences they are not looked for
    rest: Sequence[RestShape]


class DemoAnswer(TypedDict):
    """What was left in the folder."""

    folder: str | None  # null: it is not complete
    files: Sequence[str]  # in it, with the folders below


PROBLEM_KIND = "explain KH"  # kaohe explain KH103

# command → its answer, beside what every answer has
ANSWERS: Mapping[str, type] = {
    "init": InitAnswer,
    "blank": BlankAnswer,
    "check": ScoreAnswer,
    "score": ScoreAnswer,
    "merge": MergeAnswer,
    "rank": RankAnswer,
    "status": StatusAnswer,
    "diff": DiffAnswer,
    "explain": ExplainAnswer,
    PROBLEM_KIND: ExplainProblemAnswer,
    "verify": VerifyAnswer,
    "demo": DemoAnswer,
    "template": FileAnswer,
    "scheme check": SchemeCheckAnswer,
    "scheme print": FileAnswer,
    "scheme rehearse": SchemeRehearseAnswer,
    "scheme diff": SchemeDiffAnswer,
    "scheme new": FileAnswer,
    "scheme convert": FileAnswer,
}
# where what every answer has is another than EveryAnswer
BESIDE: Mapping[str, type] = {
    "scheme check": SchemeCheckEveryAnswer,
    **dict.fromkeys(("score", "merge", "rank"), WritingEveryAnswer),
}
