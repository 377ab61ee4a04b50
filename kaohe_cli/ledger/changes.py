"""本次变动: what a run changed in the ledger, as records and as the sheet that lists them."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from kaohe_cli.ledger.basis import NOT_FILLED
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.record import CHANGES
from kaohe_cli.model import Change
from kaohe_cli.paper.column import TableColumn, TableColumns
from kaohe_cli.paper.workbook import Paper

ChangeKind = Literal[
    "restored", "scheme", "department", "unit", "return", "issued", "reported", "stated", "situation", "verified",
    "award", "noted", "appeal", "publicity", "material", "total", "place", "grade",
]  # fmt: skip
KIND_WORDS: Mapping[ChangeKind, str] = {
    "restored": "已恢复", "scheme": "方案和口径改动", "department": "责任处室改动", "unit": "单位名单改动",
    "return": "收表", "issued": "下达目标改动", "reported": "填报表更正", "stated": "填报表更正",
    "situation": "单位情况", "verified": "数据核定", "award": "评分", "noted": "台账", "appeal": "复核",
    "publicity": "公示安排改动", "material": "材料",
    "total": "总分", "place": "名次", "grade": "等次",
}  # fmt: skip
OUTCOMES: Sequence[ChangeKind] = ("total", "place", "grade")  # what follows from the others
BLANK, ABSENT, NOT_ISSUED = "空", "—", "未下达"
NOTHING_THERE = (BLANK, ABSENT, NOT_ISSUED, NOT_FILLED)  # what a blank is called


class LedgerChange(Struct, frozen=True):
    """Something that is not what it was."""

    kind: ChangeKind
    item: str  # 工业销售产值·本年实绩; 1.4.1 产业发展与招商引资·考核分
    before: str  # as the ledger shows it
    now: str
    why: str  # 填报表更正：上城区.xlsx
    unit: str = ""  # its name; empty: of no one unit
    code: str = ""
    about: str = ""  # the figure, field or criterion whose value it is; empty: of none


class Changes(Struct, frozen=True):
    """All that changed between two runs."""

    since: str  # the file that held what was before; empty: there was none
    rows: tuple[LedgerChange, ...] = ()  # restored first, then by unit, what follows for points and places last
    moved: tuple[Change, ...] = ()  # units whose total, place or grade changed

    @property
    def said(self) -> str:
        """With what is compared, in a sentence."""
        if not self.since:
            return "首次评分，没有可比的上一次。"
        return f"与上一次（{self.since}）相比{'：' if self.rows else '，没有变动。'}"

    @property
    def causes(self) -> int:
        """How many of the rows are more than what follows from others."""
        return sum(each.kind not in OUTCOMES for each in self.rows)


FIRST = Changes("")  # where there is nothing to compare with


def restored(*, item: str, found: str, now: str, unit: str = "", code: str = "") -> LedgerChange:
    """A cell of the program's, or a row, that someone changed: ``found`` there, and ``now`` as it was again."""
    return LedgerChange("restored", item, found or BLANK, now or BLANK, "不是填写栏，程序已恢复原来的内容", unit, code)


ChangeColumn = TableColumn[LedgerChange, str]
CODE: ChangeColumn = TableColumn("单位代码", 10, "centre", write=lambda each: each.code)
UNIT: ChangeColumn = TableColumn("单位", 18, "wrap middle", write=lambda each: each.unit)
ITEM: ChangeColumn = TableColumn("事项", 34, "wrap middle", write=lambda each: each.item, needed=True)
BEFORE: ChangeColumn = TableColumn("原为", 26, "wrap middle", write=lambda each: each.before, needed=True)
NOW: ChangeColumn = TableColumn("现为", 26, "wrap middle", write=lambda each: each.now)
WHY: ChangeColumn = TableColumn("原因", 30, "wrap middle", write=lambda each: each.why, needed=True)
COLUMNS = TableColumns(CHANGES, (CODE, UNIT, ITEM, BEFORE, NOW, WHY))


def write_changes(paper: Paper, changes: Changes, recorder: Recorder) -> None:
    """The sheet: with what is compared, then a row for each change."""
    recorder.listed(COLUMNS, changes.rows)
    sheet = paper.sheet(CHANGES)
    paper.put(sheet, 0, 0, changes.said, "bare")
    rows = map(COLUMNS.contents, changes.rows)
    paper.table(sheet, COLUMNS.columns, rows, top=1, freeze=2, tall=COLUMNS.tall)
