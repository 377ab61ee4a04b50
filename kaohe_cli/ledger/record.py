"""The ledger (评分底稿) as records: what was reported, what people typed, and what both come to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.layout import SheetKey, SheetLayout
from kaohe_cli.model import Attachment, Case, Incident, Publicity, Query, Review, Source, UnitScore
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, Sheet

# the sheets by name: a contract, since people and programs find them by it
DETAIL, FIGURES, SITUATION, PROBLEMS, SOURCES = "评分明细", "数据核定", "单位情况", "问题清单", "来源"
PROGRESS, CONFLICTS, UNPLACED, CHANGES, QUERIES = "进度", "不一致", "已无对应", "本次变动", "核实清单"
COMPARISON = "同组比较"
REGISTER, REVIEWS = "扣分加分台账", "复核登记"  # people's own, and read
REMINDERS = "催办"
MATERIALS = "材料登记"
ORIGINAL = "程序记录"  # very hidden
OWN = (
    PROGRESS, REMINDERS, QUERIES, DETAIL, FIGURES, SITUATION, COMPARISON, CONFLICTS, UNPLACED, CHANGES, MATERIALS,
    PROBLEMS, SOURCES, ORIGINAL,
)  # fmt: skip

CONFIRMED = "已复核"  # typed into 状态
UNDECIDED, DECIDED = "待定", "已定"  # of what contradicts an entry

RowKey = tuple[str, str, str]  # sheet, unit code, criterion or figure (empty for the unit itself)
CellKey = tuple[RowKey, str]  # a row and a title

OpenReason = Literal["pending", "review", "unreadable", "lacking", "altered", "query", "appeal"]
OPEN_WORDS: Mapping[OpenReason, str] = {
    "pending": "未定", "review": "需复核", "unreadable": "填写有误", "lacking": "依据不全", "altered": "与记录不符",
    "query": "待核实", "appeal": "复核未结",
}  # fmt: skip


class TypedRow(Struct, frozen=True):
    """What people typed into one row."""

    key: RowKey
    cells: Mapping[str, Cell]  # by title: inputs, and columns that people added
    name: str = ""  # of the unit, as the row says
    places: Mapping[str, str] = {}  # title → cell
    basis: str | None = None  # what it rests on; None: what the row shows now
    together: bool = False  # entered between the same two runs as a 核定值 of its unit, and so resting on it
    file: str = ""  # that says so, of what contradicts an entry
    sheet: str = ""  # of a judging copy: in which it stands; empty: in that of its key
    checked: str | None = None  # what its 核实 speaks of; None: what the row shows now, or there is none


class Altered(Struct, frozen=True):
    """Something that the program wrote and that is no longer there as it was."""

    code: str  # of the problem that it is
    key: RowKey
    unit: str  # name; empty: of none
    cell: str
    title: str  # of the column; empty: of the row or the sheet as a whole
    found: str  # as it stands there, whole; empty: nothing does
    expected: str


class Open(Struct, frozen=True):
    """Something that keeps a result from being final."""

    key: RowKey
    standing: OpenReason
    unit: str  # name
    item: str
    department: str  # 责任处室; empty: none was named
    said: str  # 待评; 填报值 100 → 120


class MergedCopy(Struct, frozen=True):
    """A copy that was merged."""

    sha256: str
    file: str
    marks: frozenset[CellKey] = frozenset()  # that people had filled in


class Ledger(Struct, frozen=True):
    """The ledger: what was reported, what was typed, and what both come to."""

    scheme: str  # id
    digest: str  # of the scheme's file
    readings: Mapping[str, str]
    approvals: Mapping[str, tuple[str, str]]  # reading → approver, date as written
    departments: Mapping[str, str]  # item → 责任处室
    settings: str  # file name of the settings; empty: none were given
    cases: tuple[Case, ...]  # with everything typed that counts
    problems: tuple[Problem, ...] = ()  # of the returns
    sources: tuple[Source, ...] = ()
    typed: Mapping[RowKey, TypedRow] = {}
    contradicting: tuple[TypedRow, ...] = ()  # another entry of their key, or had none to stand beside
    decided: tuple[TypedRow, ...] = ()  # contradicted an entry, until the office decided
    seen: Mapping[RowKey, TypedRow] = {}  # what the last run had of what was typed
    altered: tuple[Altered, ...] = ()  # what is no longer as the last run wrote it
    judges: Mapping[str, tuple[str, ...]] = {}  # item that several judge → their names in order
    recorded: bool = True  # whether there is a record of what the last run wrote
    columns: Mapping[str, tuple[str, ...]] = {}  # sheet → titles of the columns that people added
    sheets: tuple[Sheet, ...] = ()  # sheets that people added
    layouts: Mapping[str, SheetLayout] = {}  # sheet → how people left it
    looks: str = ""  # what tells the looks by which it was written; empty: it is not known
    scores: tuple[UnitScore, ...] = ()
    incidents: tuple[Incident, ...] = ()  # of the register
    noted: tuple[Incident, ...] = ()  # those that the last run had; of a copy: that it was issued with
    reviews: tuple[Review, ...] = ()  # of 复核登记, in its order
    reviewed: tuple[Review, ...] = ()  # those that the last run had
    filled: frozenset[int] = frozenset()  # rows of 复核登记 in which the program filled in 原得分
    open: tuple[Open, ...] = ()
    queries: tuple[Query, ...] = ()  # what has to be confirmed, or was; what most rides on first
    reminders: Mapping[str, Mapping[str, Cell]] = {}  # 责任处室 → title → what is noted in 催办
    department: str = ""  # of a copy: whose it is; empty: not known
    erased: frozenset[CellKey] = frozenset()  # of a copy: what it was issued with and is blank now
    sha256: str = ""  # of a copy: its file's
    merged: tuple[MergedCopy, ...] = ()
    aside: Mapping[str, str] = {}  # SHA-256 → name of what was read for it and does not count
    materials: tuple[Attachment, ...] = ()  # that came beside the returns
    asked: frozenset[CellKey] = frozenset()  # of a copy: what was contradicted when it was issued
    publicity: Publicity = Publicity()
    file: str = ""  # empty: not written yet

    @property
    def heard(self) -> frozenset[str]:
        """SHA-256 of the copies that were merged."""
        return frozenset(each.sha256 for each in self.merged)

    @property
    def told(self) -> frozenset[CellKey]:
        """The cells in which copies contradicted each other or the office."""
        return frozenset((row.key, title) for row in (*self.contradicting, *self.decided) for title in row.cells)

    def cells(self, key: RowKey) -> Mapping[str, Cell]:
        """What was typed into a row, by title."""
        return self.typed[key].cells if key in self.typed else {}


def cell_text(cell: CellKey) -> str:
    """A cell as one text, for a record."""
    return "|".join((*cell[0], cell[1]))


def cell_of(text: str) -> CellKey:
    """The cell that ``text`` tells of; ValueError where it tells of none."""
    sheet, code, id, title = text.split("|", 3)
    return (sheet, code, id), title


def row_key(scheme: Scheme, query: Query) -> RowKey:
    """The row in which ``query`` is confirmed."""
    sheet = FIGURES if query.field in scheme.names else DETAIL if query.field in scheme.criteria else SITUATION
    return sheet, query.unit.code, query.field


def item_of(scheme: Scheme, key: RowKey) -> str:
    """The item that a row is about; empty: of none."""
    sheet, _, id = key
    if sheet == DETAIL:
        return scheme.item_of[id].id if id in scheme.item_of else ""
    measure = scheme.measures.get(id.partition(".")[0]) if sheet == FIGURES else None
    return measure.item if measure else ""


def is_known(scheme: Scheme, codes: Iterable[str], key: RowKey) -> bool:
    """Whether there is a row for ``key``."""
    return key[1] in codes and key[2] in rows_in(scheme, key[0])


def rows_in(scheme: Scheme, sheet: str) -> Collection[str]:
    """The rows of one unit in ``sheet``, by criterion or figure, in the order of the ledger."""
    if sheet == DETAIL:
        return scheme.criteria.keys()
    return scheme.figures.keys() if sheet == FIGURES else ("",)


def laid_out(scheme: Scheme, ledger: Ledger, sheet: str) -> tuple[SheetLayout, Sequence[SheetKey]]:
    """How people left ``sheet``, and its rows in the order in which they are written."""
    layout = ledger.layouts.get(sheet, SheetLayout())
    return layout, layout.order([(case.unit.code, id) for id in rows_in(scheme, sheet) for case in ledger.cases])
