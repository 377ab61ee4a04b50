"""核实: the columns in which the office confirms what is odd, and 核实清单, which lists it by what rides on it."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from kaohe_cli.ledger.columns import LedgerColumn, LedgerRow, coloured
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.record import QUERIES, Ledger, TypedRow, row_key
from kaohe_cli.model import Query, QueryState
from kaohe_cli.paper.column import TableColumn, TableColumns
from kaohe_cli.paper.workbook import WAITING, Content, Formula, Paper, Table
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind

TRUE, FALSE = "属实", "有误"  # what is chosen as 核实
CONFIRMING = (TRUE, "无误", "已核实", "确认", "是", "√")  # what is understood as the first
UNCONFIRMED, SETTLED = "待核实", "已核实"
STATE_WORDS: Mapping[QueryState, str] = {"open": UNCONFIRMED, "answered": "待核实（单位已说明）", "confirmed": SETTLED}


def _why(row: LedgerRow) -> Content:
    """Why the row has to be confirmed, and what rides on it."""
    query = row.query
    return f"{query.why}；{query.influence.said}" if query else None


def _rests(row: LedgerRow) -> Content:
    return row.query.rests if row.query else row.checked or None


CHECK: LedgerColumn = TableColumn("核实", 9, "centre", input=True)
WHY: LedgerColumn = TableColumn("核实事项", 40, write=_why)
# hidden: what a 核实 in this row speaks of
RESTS: LedgerColumn = TableColumn("核实所据", 30, "", hidden=True, write=_rests)


def confirming(row: LedgerRow, check: str, usual: Content) -> Content:
    """How a row with a query stands, kept up as people type; ``check`` is its cell of 核实, ``usual`` how else."""
    query = row.query
    if query is None or not isinstance(usual, Formula):
        return usual
    # points, and a 核定值 that is odd itself, are settled by nothing else
    verified = row.id in row.case.verified or row.id not in row.scheme.names
    if query.state == "confirmed":
        return usual if verified else Formula(usual.text.replace(f'"{usual.value}"', f'"{SETTLED}"'), SETTLED)
    word, otherwise = STATE_WORDS[query.state], usual.text.removeprefix("=")
    waiting = f'"{word}"' if verified else f'IF({otherwise}="{usual.value}","{word}",{otherwise})'
    return Formula(f'=IF({check}="{TRUE}","{SETTLED}",{waiting})', word)


def checks(paper: Paper, table: Table) -> None:
    """The entry check of 核实, and its colour where something is still to be confirmed."""
    table.sheet.data_validation(
        *table.area(CHECK.title),
        {
            "validate": "list", "source": [TRUE, FALSE], "error_title": "请核对",
            "error_message": f"数据、得分没有错的选“{TRUE}”，有错的选“{FALSE}”并填核定值。",
        },
    )  # fmt: skip
    check, why = (table.cells(each.title, fixed=False) for each in (CHECK, WHY))
    coloured(paper, table, ((table.area(CHECK.title), f'AND({check}="",${why}<>"")', WAITING),))


# ── 核实清单 ────────────────────────────────────────────────────────────────────────────────────────────


class Listed(Struct, frozen=True):
    """A query, and the cell in which it is confirmed."""

    query: Query
    place: str  # 数据核定 I64


QueryColumn = TableColumn[Listed, str]
COLUMNS = TableColumns[Listed](
    QUERIES,
    (
        TableColumn("单位代码", 10, "centre", write=lambda each: each.query.unit.code),
        TableColumn("单位", 18, "wrap middle", write=lambda each: each.query.unit.name, needed=True),
        TableColumn("核实事项", 30, "wrap middle", write=lambda each: each.query.label, needed=True),
        TableColumn("数值", 12, "wrap middle", write=lambda each: each.query.value),
        TableColumn("疑点", 40, "wrap middle", write=lambda each: each.query.why, needed=True),
        TableColumn("牵涉", 16, "wrap middle", write=lambda each: each.query.influence.said),
        TableColumn("单位说明", 30, "wrap middle", write=lambda each: each.query.answer),
        TableColumn("状态", 12, "wrap middle", write=lambda each: STATE_WORDS[each.query.state]),
        TableColumn("填写处", 14, "wrap middle", write=lambda each: each.place),
    ),
)
SAID = "按牵涉得分多少排列。属实的，在“填写处”所指的格里选“属实”；有误的填核定值。牵涉得分而没有核实的，排名只能暂定。"


def write_queries(
    paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder, placed: Callable[[TypedRow], TypedRow]
) -> None:
    """The sheet: what has to be confirmed, or was, which comes last. ``placed`` tells where an entry stands."""
    rows = []
    for each in ledger.queries:
        row = placed(TypedRow(row_key(scheme, each), {CHECK.title: Cell(CellKind.TEXT, TRUE)}))
        rows.append(Listed(each, f"{row.key[0]} {row.places.get(CHECK.title, '')}".strip()))
    rows.sort(key=lambda each: each.query.state == "confirmed")
    recorder.listed(COLUMNS, rows)
    sheet = paper.sheet(QUERIES)
    paper.put(sheet, 0, 0, SAID, "bare")
    paper.table(sheet, COLUMNS.columns, map(COLUMNS.contents, rows), top=1, freeze=2, tall=COLUMNS.tall)
