"""单位情况: how each unit's return stands, and vetoes."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from kaohe_cli.assess.attached import Registration, registrations
from kaohe_cli.ledger.basis import entry_text
from kaohe_cli.ledger.columns import CODE, NAME, LedgerColumn, LedgerColumns, LedgerRow, codes_are_text, coloured
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.queries import CHECK, RESTS, WHY, checks
from kaohe_cli.ledger.record import SITUATION, Ledger
from kaohe_cli.model import STATUS_WORDS, Field, Status
from kaohe_cli.paper.column import TableColumn, printed
from kaohe_cli.paper.workbook import REVIEW, WAITING, Paper, Table
from kaohe_cli.scheme.fields import DATE
from kaohe_cli.scheme.fields import FILER as FILER_FIELD
from kaohe_cli.scheme.fields import PHONE as PHONE_FIELD
from kaohe_cli.scheme.normalise import take
from kaohe_cli.scheme.records import PERIOD as PERIOD_FIELD
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell
from kaohe_cli.sheet.table import written

NOT_VETOED = "否"
CAME, LACKING = "已收到", "未收到"  # of a material that the notice asks for
STATUSES = {word: status for status, word in STATUS_WORDS.items()}


def _status(cell: Cell | None) -> Status | None:
    return STATUSES.get(written(cell))


def _day(cell: Cell | None) -> date | None:
    text = written(cell)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _received(cell: Cell | None) -> date | None:
    """The day as the office may write it too; None where nothing is there, or no day."""
    day = take(DATE, cell).value
    return day if isinstance(day, date) else None


def _reported(title: str, width: float, field: str, look: str = "text") -> LedgerColumn:
    """A column of what the unit said of its form."""
    return TableColumn(title, width, look, write=lambda row: entry_text(row.case.reported.get(field)))


UNIT = replace(NAME, needed=True)
STATUS: TableColumn[LedgerRow, Status | None] = TableColumn(
    "回收状态", 10, "centre", write=lambda row: STATUS_WORDS[row.case.status], read=_status, needed=True
)
RETURN: LedgerColumn = TableColumn("回收文件", 26, write=lambda row: row.case.file)
RECEIVED: TableColumn[LedgerRow, date | None] = TableColumn(
    "收到日期", 12, "date", write=lambda row: row.case.received, read=_received, fillable=True
)
FILLED: TableColumn[LedgerRow, date | None] = TableColumn(
    "填报日期", 12, "date", write=lambda row: row.case.filled, read=_day
)
VETO: LedgerColumn = TableColumn("一票否决", 10, "centre", write=lambda _: NOT_VETOED, input=True, needed=True)
AUTHORITY: LedgerColumn = TableColumn("认定机关", 20, input=True)
DOCUMENT: LedgerColumn = TableColumn("文号", 20, input=True)
DECIDED: LedgerColumn = TableColumn("认定日期", 14, "date", input=True)
RECEIVED_FIELD = Field("received", "date", "收到日期")
DECIDED_FIELD = Field("veto.date", "date", "认定日期")
PROOF = (AUTHORITY, DOCUMENT, DECIDED)  # without which a veto is not final
REMARK: LedgerColumn = TableColumn("备注", 26, input=True)
KIND: LedgerColumn = TableColumn("类别", 10, "centre", write=lambda row: row.case.unit.kind, read=printed)
BUREAU: LedgerColumn = TableColumn("主管局名称", 24, write=lambda row: row.case.unit.bureau, read=printed)
HEAD: LedgerColumn = TableColumn("行政正职", 12, "centre", write=lambda row: row.case.unit.head)
FILER = _reported("填表人", 10, FILER_FIELD.name)
PHONE = _reported("联系电话", 18, PHONE_FIELD.name)
PERIOD = _reported("数据口径", 14, PERIOD_FIELD, "centre")
SAID = {FILER_FIELD.name: FILER, PHONE_FIELD.name: PHONE, PERIOD_FIELD: PERIOD}  # field of the form → its column
# the contract first, in its order; then what is beyond it
COLUMNS = LedgerColumns(
    SITUATION,
    (
        CODE, UNIT, STATUS, RETURN, RECEIVED, FILLED, VETO, AUTHORITY, DOCUMENT, DECIDED, REMARK,
        CHECK, WHY, KIND, BUREAU, HEAD, FILER, PHONE, PERIOD, RESTS,
    ),
)  # fmt: skip


def columns_of(scheme: Scheme, known: Iterable[str] = (), ledger: Ledger | None = None) -> LedgerColumns:
    """The columns of the sheet with one for each material that ``scheme`` asks for beside the form.

    ``known`` are the titles that the last run had: what it asked for is no column of people's own. ``ledger`` is the
    one that is written; None: one is read.
    """
    came = registrations(scheme, ledger.cases, ledger.materials) if ledger else {}
    own = {column.title for column in COLUMNS.columns}
    titles = dict.fromkeys(title for title in (*scheme.asked_materials, *known) if title not in own)
    asked = tuple(_asked(title, came) for title in titles if ledger is None or title in scheme.asked_materials)
    *first, last = COLUMNS.columns
    return replace(COLUMNS, columns=(*first, *asked, last))


def _asked(title: str, came: Mapping[str, Registration]) -> LedgerColumn:
    """Whether a material has come."""
    return TableColumn(
        title, 14, "centre", write=lambda row: LACKING if title in came[row.case.unit.code].lacking else CAME
    )


def write(paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder) -> Table:
    """The sheet, with its entry check and its colours."""
    columns = columns_of(scheme, ledger=ledger)
    table = columns.write_units(paper, scheme, ledger, recorder, freeze=2)
    table.sheet.data_validation(
        *table.area(VETO.title),
        {"validate": "list", "source": ["否", "是"], "error_title": "请核对", "error_message": "应为“是”或“否”。"},
    )
    asked = [each.title for each in columns.columns if each not in COLUMNS.columns]
    status, veto, authority = (table.cells(each.title, fixed=False) for each in (STATUS, VETO, AUTHORITY))
    coloured(
        paper,
        table,
        (
            (table.area(STATUS.title), f'OR(${status}="未报",${status}="退回")', WAITING),
            (table.area(CODE.title, VETO.title), f'${veto}="是"', REVIEW),
            *((table.area(title), f'${table.cells(title, fixed=False)}="{LACKING}"', WAITING) for title in asked),
            (table.area(AUTHORITY.title, DECIDED.title), f'AND(${veto}="是",{authority}="")', WAITING),
        ),
    )
    checks(paper, table)
    codes_are_text(table, CODE, CODE)
    return table
