"""催办: how far each department is with its marks, since when it has had them, and whom it still has to judge."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.reasons import NO_DEPARTMENT, MarkOf, awaited, wordless
from kaohe_cli.ledger import detail, judging
from kaohe_cli.ledger.columns import counted, typed, urgent_rows
from kaohe_cli.ledger.record import DETAIL, REMINDERS, Ledger
from kaohe_cli.paper.column import TableColumn, TableColumns, table_rows
from kaohe_cli.paper.workbook import WAITING, Content, Paper, Styled, Table
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.table import Tabular, stands, written

MOST = 6  # units that a line names
NOTE = "发出、交回日期由程序在生成、并入评分表时填写，也可以自己填。待评随“评分明细”变动；待评单位是上次运行时的。"


class Standing(Struct, frozen=True):
    """How far a department is."""

    department: str
    items: tuple[str, ...]
    due: int  # marks
    awaited: tuple[MarkOf, ...]  # marks still to come
    wordless: tuple[MarkOf, ...]  # those that still need 评分理由
    assessed: int  # all units
    noted: Mapping[str, Cell]  # by title

    @property
    def waiting(self) -> int:
        """How many marks are still to come."""
        return len(self.awaited)

    @property
    def unreasoned(self) -> int:
        """How many marks still need 评分理由."""
        return len(self.wordless)

    @property
    def units(self) -> tuple[str, ...]:
        """The names of units with a mark to come."""
        return tuple(dict.fromkeys(case.unit.name for case, _ in self.awaited))

    @property
    def issued(self) -> str:
        """When its copy was issued, as it is written; empty: not known."""
        return written(self.noted.get(ISSUED.title))

    @property
    def returned(self) -> str:
        """When it last came back; empty: not yet."""
        return written(self.noted.get(RETURNED.title))

    @property
    def state(self) -> str:
        """The same in a few words: 未交, 已交回，未评完, 已评完."""
        if not self.due:
            return "没有评议项目"
        if not self.waiting:
            return f"已评完，{self.unreasoned} 个分待写理由" if self.unreasoned else "已评完"
        if self.returned:
            return "已交回，未评完"
        return "未交" if self.issued else "未评" if self.waiting == self.due else "未评完"

    @property
    def since(self) -> str:
        """When it had what, in words; empty where nothing is known."""
        said = ((self.issued, "发出"), (self.returned, "交回"))
        return "，".join(f"{day} {word}" for day, word in said if day)


def standings(scheme: Scheme, ledger: Ledger) -> tuple[Standing, ...]:
    """Those of all departments; those with most still to come first."""
    late = tuple(awaited(scheme, ledger.cases, ledger.scores))
    silent = tuple(wordless(scheme, ledger.cases, ledger.scores))
    found = []
    owners = judging.items_by_department(scheme, ledger)
    for department in dict.fromkeys((*owners, *ledger.reminders)):
        items = owners.get(department, ())  # none: what is noted of it stays all the same
        own = {each.id for item in items for each in item.entered}
        found.append(
            Standing(
                department, tuple(item.id for item in items), len(own) * len(ledger.cases),
                tuple(each for each in late if each[1] in own), tuple(each for each in silent if each[1] in own),
                len(ledger.cases), ledger.reminders.get(department, {}),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: -each.waiting))


def said(found: Iterable[Standing]) -> tuple[str, ...]:
    """A line for each department that has marks to come, of those whose copies were issued."""
    return tuple(
        f"{each.department}：{each.state}（{each.since}），待评 {each.waiting} 个分，{_names(each)}。"
        for each in found
        if each.waiting and each.issued
    )


def noted(ledger: Ledger, departments: Iterable[str], column: "ReminderColumn", day: date, *, first: bool) -> Ledger:
    """``ledger`` with ``day`` noted for ``departments`` in ``column``; ``first``: what is there already stays."""
    reminders = dict(ledger.reminders)
    for each in departments:
        here = reminders.get(each, {})
        if not first or not stands(here.get(column.title)):
            reminders[each] = {**here, column.title: Cell(CellKind.DATE, day)}
    return replace(ledger, reminders=reminders)


def _names(each: Standing) -> str:
    if len(each.units) == each.assessed:
        return f"全部 {each.assessed} 个单位"
    return "、".join(each.units[:MOST]) + (f"等 {len(each.units)} 个单位" if len(each.units) > MOST else "")


def _input(title: str, width: float, look: str = "text") -> "ReminderColumn":
    def held(each: Standing) -> Content | Styled:
        return typed(each.noted[title], f"{look} input") if title in each.noted else None

    return TableColumn(title, width, look, input=True, write=held)


ReminderColumn = TableColumn[Standing, str]
DEPARTMENT: ReminderColumn = TableColumn("责任处室", 18, "wrap middle", write=lambda each: each.department, needed=True)
DUE: ReminderColumn = TableColumn("应评", 7, "whole", write=lambda each: each.due, needed=True)
WAITS: ReminderColumn = TableColumn("待评", 7, "whole", write=lambda each: each.waiting)
UNREASONED: ReminderColumn = TableColumn("待写理由", 9, "whole", write=lambda each: each.unreasoned)
ISSUED, RETURNED, REMINDED = _input("发出日期", 12, "date"), _input("交回日期", 12, "date"), _input("催办记录", 26)
COLUMNS = TableColumns[Standing](
    REMINDERS,
    (
        DEPARTMENT, TableColumn("项目", 16, "wrap middle", write=lambda each: "、".join(each.items)), DUE, WAITS,
        UNREASONED, ISSUED, RETURNED, TableColumn("情况", 18, "wrap middle", write=lambda each: each.state),
        TableColumn("待评单位", 36, "wrap middle", write=lambda each: "、".join(each.units)), REMINDED,
    ),
)  # fmt: skip


def write(paper: Paper, sheet: Any, scheme: Scheme, ledger: Ledger, marks: Table) -> None:
    """Fill in the sheet: a row for each department, counted live in ``marks`` (评分明细)."""
    paper.put(sheet, 0, 0, NOTE, "bare")
    states, departments, kinds = (
        f"{DETAIL}!{marks.cells(each.title)}" for each in (detail.STATE, detail.DEPARTMENT, detail.KIND)
    )

    urgent = urgent_rows(scheme, ledger)

    def row(at: int, each: Standing) -> list[Content | Styled]:
        who = '""' if each.department == NO_DEPARTMENT else f"$A{at}"
        mine = f'({departments}={who})*({kinds}="{detail.JUDGED}")'
        live = {
            column.title: counted(f'SUMPRODUCT({mine}*({states}="{word}"))', marks, urgent)
            for column, word, marks in (
                (WAITS, detail.WAITS, each.awaited), (UNREASONED, detail.UNREASONED, each.wordless),
            )
        }  # fmt: skip
        return [live.get(column.title) or column.write(each) for column in COLUMNS.columns]

    found = standings(scheme, ledger)
    rows = (row(at, each) for at, each in enumerate(found, 3))
    table = paper.table(sheet, COLUMNS.columns, rows, top=1, freeze=1, tall=COLUMNS.tall)
    look = paper.book.add_format({"bg_color": WAITING})
    for column in (WAITS, UNREASONED):
        sheet.conditional_format(
            *table.area(column.title), {"type": "cell", "criteria": ">", "value": 0, "format": look}
        )


def read(table: Tabular) -> dict[str, Mapping[str, Cell]]:
    """What was noted of each department."""
    found: dict[str, Mapping[str, Cell]] = {}
    for row in table_rows(table):
        cells = {
            column.title: cell for column in COLUMNS.inputs if stands(cell := row.cell(column)) and cell is not None
        }
        if row[DEPARTMENT] and cells:
            found[row[DEPARTMENT]] = cells
    return found
