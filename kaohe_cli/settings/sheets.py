"""The columns of the settings workbook (考核设置), of each of its sheets in order."""

from functools import partial

from msgspec import Struct

from kaohe_cli.extent import width
from kaohe_cli.model import CONTACT, FIRST_DAY, LAST_DAY, Entry, Field, Settings, Unit
from kaohe_cli.paper.column import TableColumn, TableColumns, printed
from kaohe_cli.paper.workbook import Content
from kaohe_cli.scheme.fields import settings_fields
from kaohe_cli.scheme.records import Basis, Item, Reading
from kaohe_cli.scheme.scheme import Scheme

SHEETS = UNITS, TARGETS, READINGS, DEPARTMENTS, PUBLICITY = "单位", "下达目标", "口径", "责任处室", "公示"

# ── 单位、下达目标 ──────────────────────────────────────────────────────────────────────────────────────


class UnitRow(Struct, frozen=True):
    """A unit and what the office gave to it."""

    unit: Unit
    settings: Settings

    def given(self, name: str) -> Entry | None:
        """What was given for a figure or a basis; None where nothing was."""
        return self.settings.given.get(self.unit.code, {}).get(name)


UnitColumn = TableColumn[UnitRow, str]
CODE: UnitColumn = TableColumn("单位代码", 12, "centre", write=lambda row: row.unit.code, needed=True)
NAME: UnitColumn = TableColumn("单位", 26, write=lambda row: row.unit.name, read=printed, needed=True)
KIND: UnitColumn = TableColumn("类别", 12, "centre", input=True, write=lambda row: row.unit.kind, read=printed)
BUREAU: UnitColumn = TableColumn("主管局名称", 26, input=True, write=lambda row: row.unit.bureau, read=printed)
HEAD: UnitColumn = TableColumn("行政正职", 14, "centre", input=True, write=lambda row: row.unit.head)


def unit_columns(scheme: Scheme) -> TableColumns[UnitRow]:
    """单位: who they are, and the basis chosen for each."""
    return TableColumns(UNITS, (CODE, NAME, KIND, BUREAU, HEAD, *basis_columns(scheme).values()))


def basis_columns(scheme: Scheme) -> dict[str, UnitColumn]:
    """By basis: the column in which the office chooses one for each unit: 综合能耗下降率考核依据."""
    return {
        basis.id: TableColumn(
            f"{scheme.names[basis.figure].title}考核依据", 30, input=True, write=partial(_chosen, basis)
        )
        for basis in scheme.content.basis
    }


def _chosen(basis: Basis, row: UnitRow) -> str:
    entry = row.given(basis.id)
    option = str(entry.value) if entry and entry.value else basis.usual(row.unit.kind)
    return basis.choose(option).label if option else ""


# its titles are in a hidden row; what people see above the figures is written beside
TARGET_CODE: UnitColumn = CODE
TARGET_NAME: UnitColumn = TableColumn("单位", 24, write=NAME.write, read=printed)


def target_columns(scheme: Scheme) -> TableColumns[UnitRow]:
    """下达目标: the figures that the office may give, by their names."""
    figures = []
    for field in settings_fields(scheme, ""):
        figure = field.name.removeprefix(".")
        wide = max(12, *(width(text) + 2 for text in (scheme.names[figure].label, field.unit)))
        look = "number" if field.type == "number" else "centre"
        figures.append(TableColumn[UnitRow, str](figure, wide, look, input=True, write=partial(_given, figure)))
    return TableColumns(TARGETS, (TARGET_CODE, TARGET_NAME, *figures))


def _given(figure: str, row: UnitRow) -> Content:
    entry = row.given(figure)
    return None if entry is None else entry.value


# ── 口径 ────────────────────────────────────────────────────────────────────────────────────────────────


class ReadingRow(Struct, frozen=True):
    """A reading and what the office decided on it."""

    reading: Reading
    settings: Settings

    @property
    def approval(self) -> tuple[str, str]:
        """Who approved it, and when."""
        return self.settings.approvals.get(self.reading.id, ("", ""))


def _asked(row: ReadingRow) -> str:
    """The question, and why its default is what it is."""
    reading = row.reading
    return f"{reading.question}\n（默认办法的理由：{reading.reason}）" if reading.reason else reading.question


def _decided(row: ReadingRow) -> str:
    reading = row.reading
    return reading.choose(row.settings.readings.get(reading.id, reading.default)).label


ReadingColumn = TableColumn[ReadingRow, str]
READING: ReadingColumn = TableColumn("代号", 10, hidden=True, write=lambda row: row.reading.id, needed=True)
CLAUSE: ReadingColumn = TableColumn("通知原文", 30, "wrap", write=lambda row: row.reading.source)
QUESTION: ReadingColumn = TableColumn("问题", 44, "wrap", write=_asked)
CHOSEN: ReadingColumn = TableColumn("选定办法", 30, "wrap", input=True, write=_decided, needed=True)
APPROVER: ReadingColumn = TableColumn("核定人", 12, "centre", input=True, write=lambda row: row.approval[0])
APPROVED: ReadingColumn = TableColumn("核定日期", 14, "date", input=True, write=lambda row: row.approval[1])


def reading_columns(scheme: Scheme) -> TableColumns[ReadingRow]:
    """口径: the questions, what was decided, and what there was to choose from."""
    most = max((len(reading.option) for reading in scheme.content.reading), default=1)
    options = (
        TableColumn[ReadingRow, str](
            f"可选办法{count + 1}{'' if count else '（默认）'}", 24, "wrap quiet", write=partial(_option, count)
        )
        for count in range(most)
    )
    return TableColumns(READINGS, (READING, CLAUSE, QUESTION, CHOSEN, APPROVER, APPROVED, *options))


def _option(count: int, row: ReadingRow) -> str:
    options = row.reading.option
    return options[count].label if count < len(options) else ""


# ── 责任处室 ────────────────────────────────────────────────────────────────────────────────────────────


class ItemRow(Struct, frozen=True):
    """An item and who judges it."""

    item: Item
    settings: Settings


def _manner(row: ItemRow) -> str:
    if all(each.judged for each in row.item.criterion):
        return "处室评分"
    return "按数据计分，另有处室评分" if row.item.entered else "按数据计分，处室复核"


ItemColumn = TableColumn[ItemRow, str]
ITEM: ItemColumn = TableColumn("项目", 8, "centre", write=lambda row: row.item.id, needed=True)
TITLE: ItemColumn = TableColumn("名称", 30, write=lambda row: row.item.title)
FULL: ItemColumn = TableColumn("满分", 8, "whole", write=lambda row: row.item.points)
MANNER: ItemColumn = TableColumn("评分方式", 24, write=_manner)
DEPARTMENT: ItemColumn = TableColumn(
    "责任处室", 26, input=True, write=lambda row: row.settings.departments.get(row.item.id, ""), needed=True
)
JUDGES: ItemColumn = TableColumn(  # by name, apart by 、, for items that several judge
    "评委", 40, input=True, write=lambda row: "、".join(row.settings.judges.get(row.item.id, ()))
)


def department_columns(scheme: Scheme) -> TableColumns[ItemRow]:
    """责任处室: who judges each item, and the judges by name where several do."""
    columns = (ITEM, TITLE, FULL, MANNER, DEPARTMENT)
    return TableColumns(DEPARTMENTS, (*columns, JUDGES) if scheme.most_judges else columns)


# ── 公示 ────────────────────────────────────────────────────────────────────────────────────────────────

PublicityColumn = TableColumn[Settings, str]
FIRST: PublicityColumn = TableColumn(
    FIRST_DAY, 18, "date", input=True, write=lambda each: each.publicity.first, needed=True
)
LAST: PublicityColumn = TableColumn(
    LAST_DAY, 18, "date", input=True, write=lambda each: each.publicity.last, needed=True
)
OBJECTIONS: PublicityColumn = TableColumn(
    CONTACT, 50, input=True, write=lambda each: each.publicity.contact, needed=True
)
PUBLICITY_COLUMNS = TableColumns(PUBLICITY, (FIRST, LAST, OBJECTIONS))
PUBLICITY_FIELDS = {
    FIRST: Field("publicity.first", "date", FIRST_DAY),
    LAST: Field("publicity.last", "date", LAST_DAY),
    OBJECTIONS: Field("publicity.contact", "text", CONTACT),
}
