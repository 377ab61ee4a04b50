"""The sheets of the ledger that list things: 问题清单, 来源, 不一致, 已无对应."""

from collections.abc import Container, Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.catalogue import CATALOGUE, SEVERITY_WORDS, Severity
from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.authentic import row_said
from kaohe_cli.ledger.columns import typed
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.record import (
    CONFLICTS,
    DECIDED,
    PROBLEMS,
    SOURCES,
    UNDECIDED,
    UNPLACED,
    Ledger,
    RowKey,
    TypedRow,
    is_known,
)
from kaohe_cli.model import CONTACT, FIRST_DAY, LAST_DAY, READING, Publicity, Source
from kaohe_cli.paper.column import TableColumn, TableColumns, printed, table_rows
from kaohe_cli.paper.workbook import Paper
from kaohe_cli.scheme.normalise import LONGEST
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell
from kaohe_cli.sheet.table import Tabular, written

# ── 问题清单 ────────────────────────────────────────────────────────────────────────────────────────────

SEVERITIES = {word: severity for severity, word in SEVERITY_WORDS.items()}


def _severity(cell: Cell | None) -> Severity | None:
    return SEVERITIES.get(written(cell))


ProblemColumn = TableColumn[Problem, str]
PROBLEM_CODE: ProblemColumn = TableColumn("编号", 8, "centre", write=lambda each: each.code, needed=True)
PROBLEM_SEVERITY: TableColumn[Problem, Severity | None] = TableColumn(
    "程度", 7, "centre", write=lambda each: SEVERITY_WORDS[each.severity], read=_severity
)
# in the order of the sheet; each stands for the part of a problem beside it
PROBLEM_TEXTS: dict[str, ProblemColumn] = {
    "unit": TableColumn("单位", 20, write=lambda each: each.unit, read=printed),
    "file": TableColumn("文件", 26, write=lambda each: each.file),
    "sheet": TableColumn("工作表", 12, write=lambda each: each.sheet),
    "cell": TableColumn("单元格", 8, "centre", write=lambda each: each.cell),
    "message": TableColumn("问题", 60, write=lambda each: each.message),
    "found": TableColumn("实填", 20, write=lambda each: each.found),
    "expected": TableColumn("应为", 20, write=lambda each: each.expected),
    "fix": TableColumn("改法", 60, write=lambda each: each.fix),
    "field": TableColumn("代号", 16, write=lambda each: each.field, hidden=True),
}
PROBLEM_COLUMNS = TableColumns(PROBLEMS, (PROBLEM_CODE, PROBLEM_SEVERITY, *PROBLEM_TEXTS.values()))


def write_problems(paper: Paper, problems: Sequence[Problem], recorder: Recorder) -> None:
    """Every problem, a row each."""
    recorder.listed(PROBLEM_COLUMNS, problems)
    PROBLEM_COLUMNS.write(paper, problems, freeze=3)


def read_problems(table: Tabular) -> tuple[Problem, ...]:
    """Those of the returns; those of the ledger itself are told anew."""
    return tuple(
        Problem(row[PROBLEM_CODE], severity, line=None, **{part: row[column] for part, column in PROBLEM_TEXTS.items()})
        for row in table_rows(table)
        if row[PROBLEM_CODE] in CATALOGUE
        and (severity := row[PROBLEM_SEVERITY]) is not None
        and not row[PROBLEM_CODE].startswith("KH3")
    )


# ── 来源 ────────────────────────────────────────────────────────────────────────────────────────────────


class Approved(Struct, frozen=True):
    """A source, and who approved it."""

    source: Source
    approval: tuple[str, str]  # approver and date as written; both empty: nobody


def _size(cell: Cell | None) -> int | None:
    text = written(cell)
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None


SourceColumn = TableColumn[Approved, str]
ROLE: SourceColumn = TableColumn("来源", 10, write=lambda each: each.source.role, needed=True)
SOURCE: SourceColumn = TableColumn("名称", 36, write=lambda each: each.source.name, needed=True)
SIZE: TableColumn[Approved, int | None] = TableColumn(
    "大小（字节）", 14, "whole", write=lambda each: each.source.size, read=_size
)
DIGEST: SourceColumn = TableColumn("SHA-256", 68, "text quiet", write=lambda each: each.source.sha256)
VALUE: SourceColumn = TableColumn("内容", 20, write=lambda each: each.source.value)
APPROVER: SourceColumn = TableColumn("核定人", 12, write=lambda each: each.approval[0])
APPROVED: SourceColumn = TableColumn("核定日期", 14, write=lambda each: each.approval[1])
SOURCE_COLUMNS = TableColumns(SOURCES, (ROLE, SOURCE, SIZE, DIGEST, VALUE, APPROVER, APPROVED))


PUBLICITY = "公示"  # what the settings say of it is no file, and yet what a result tells


def write_sources(paper: Paper, ledger: Ledger, recorder: Recorder) -> None:
    """What the ledger was made from, and when its result is shown to the public."""
    told = (Source(PUBLICITY, title, value=said) for title, said in ledger.publicity.facts.items())
    rows = [
        Approved(each, ledger.approvals.get(each.name, ("", "")) if each.role == READING else ("", ""))
        for each in (*ledger.sources, *told)
    ]
    recorder.listed(SOURCE_COLUMNS, rows)
    SOURCE_COLUMNS.write(paper, rows, freeze=2)


def read_sources(table: Tabular) -> tuple[tuple[Source, ...], dict[str, tuple[str, str]], Publicity]:
    """What the ledger was made from, who approved which reading, and when, and when its result is shown."""
    rows = list(table_rows(table))
    told = [Source(row[ROLE], row[SOURCE], row[SIZE], row[DIGEST], row[VALUE]) for row in rows if row[ROLE]]
    approvals = {row[SOURCE]: (row[APPROVER], row[APPROVED]) for row in rows if row[ROLE] == READING}
    said = {each.name: each.value for each in told if each.role == PUBLICITY}
    shown = Publicity(_day(said.get(FIRST_DAY, "")), _day(said.get(LAST_DAY, "")), said.get(CONTACT, ""))
    approved = {name: approval for name, approval in approvals.items() if any(approval)}
    return tuple(each for each in told if each.role != PUBLICITY), approved, shown


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# ── 不一致、已无对应 ────────────────────────────────────────────────────────────────────────────────────────────


class Unplaced(Struct, frozen=True):
    """One cell of an entry that has no place among the others."""

    typed: TypedRow
    title: str
    cell: Cell
    said: str = ""  # why, and what to do; of what contradicts an entry, whether that was decided
    about: str = ""  # the row, in words
    held: str = ""  # what stands in the row itself

    def decided(self, now: str) -> bool:
        """Whether what stands in the row ``now`` shows that it was decided, or somebody said so."""
        return DECIDED in self.said or (now != "" and (now != self.held or now == written(self.cell)))


def _as_is(cell: Cell | None) -> Cell | None:
    return cell


UnplacedColumn = TableColumn[Unplaced, str]
SHEET: UnplacedColumn = TableColumn("工作表", 12, write=lambda each: each.typed.key[0], needed=True)
CODE: UnplacedColumn = TableColumn("单位代码", 10, "centre", write=lambda each: each.typed.key[1], needed=True)
UNIT: UnplacedColumn = TableColumn("单位", 20, write=lambda each: each.typed.name, read=printed, needed=True)
ID: UnplacedColumn = TableColumn("代号", 18, write=lambda each: each.typed.key[2], needed=True)
INPUT: UnplacedColumn = TableColumn("栏目", 14, write=lambda each: each.title, needed=True)
CONTENT: TableColumn[Unplaced, Cell | None] = TableColumn(
    "内容", 40, write=lambda each: typed(each.cell, "text"), read=_as_is, needed=True
)
SAID: UnplacedColumn = TableColumn("说明", 44, write=lambda each: each.said, needed=True)
BASIS: UnplacedColumn = TableColumn("原依据数据", 60, "text quiet", write=lambda each: each.typed.basis, needed=True)
UNPLACED_COLUMNS = TableColumns(UNPLACED, (SHEET, CODE, UNIT, ID, INPUT, CONTENT, SAID, BASIS))
ABOUT: UnplacedColumn = TableColumn("细则或数据项", 28, "wrap middle", write=lambda each: each.about)
HELD: UnplacedColumn = TableColumn("本底稿现有内容", 18, "wrap middle", write=lambda each: each.held, needed=True)
FILE: UnplacedColumn = TableColumn("来自", 20, "wrap middle", write=lambda each: each.typed.file, needed=True)
OTHER: TableColumn[Unplaced, Cell | None] = TableColumn(
    "另有内容", 18, "wrap middle", write=lambda each: typed(each.cell, "wrap middle"), read=_as_is, needed=True
)
DECISION: UnplacedColumn = TableColumn("状态", 10, "centre", write=lambda each: each.said, input=True, needed=True)
CONFLICT_COLUMNS = TableColumns(
    CONFLICTS, (SHEET, CODE, UNIT, replace(ID, hidden=True), ABOUT, INPUT, HELD, OTHER, FILE, DECISION)
)


def write_conflicts(paper: Paper, scheme: Scheme, ledger: Ledger) -> None:
    """What contradicts an entry, a row for each cell, and what did until it was decided; no sheet without any."""
    rows = []
    for apart, said in ((ledger.contradicting, UNDECIDED), (ledger.decided, DECIDED)):
        for each in apart:
            here, about = ledger.typed.get(each.key), row_said(scheme, each.key[0], each.key[2])
            for title, cell in each.cells.items():
                held = written(here.cells.get(title)) if here else ""
                rows.append(Unplaced(each, title, cell, said, about, held))
    if rows:
        CONFLICT_COLUMNS.write(paper, rows, freeze=3)


def read_conflicts(table: Tabular, sheets: Container[str]) -> Iterator[Unplaced]:
    """What contradicted an entry when the ledger was written, each cell by itself; those of ``sheets`` alone."""
    for row in table_rows(table):
        cell = row[OTHER]
        if row[SHEET] in sheets and cell is not None:
            key, title, places = (row[SHEET], row[CODE], row[ID]), row[INPUT], {row[INPUT]: row.origin(OTHER).cell}
            held = TypedRow(key, {title: cell}, row[UNIT], places, file=row[FILE])
            yield Unplaced(held, title, cell, row[DECISION], held=row[HELD])


def write_unplaced(paper: Paper, scheme: Scheme, ledger: Ledger) -> None:
    """Entries whose unit, criterion or figure is no more; no sheet without any."""
    codes = {case.unit.code for case in ledger.cases}
    apart = [held for key, held in ledger.typed.items() if not is_known(scheme, codes, key)]
    gone = "不在考核之内，只作保存"
    rows = [Unplaced(held, title, cell, gone) for held in apart for title, cell in held.cells.items()]
    if rows:
        UNPLACED_COLUMNS.write(paper, rows, freeze=3)


def read_unplaced(table: Tabular, sheets: Container[str]) -> Iterator[TypedRow]:
    """The entries that had no place, put together again from their cells; those of ``sheets`` alone."""
    gathered: dict[RowKey, list[TypedRow]] = {}
    for row in table_rows(table):
        key, title, cell = (row[SHEET], row[CODE], row[ID]), row[INPUT], row[CONTENT]
        if row[SHEET] not in sheets or cell is None:
            continue
        found = gathered.setdefault(key, [])
        if not found or title in found[-1].cells:
            found.append(TypedRow(key, {}, row[UNIT], {}, row[BASIS] or None))
        last = found[-1]
        places = {**last.places, title: row.origin(CONTENT).cell}
        found[-1] = replace(last, cells={**last.cells, title: cell}, places=places)
    return (each for found in gathered.values() for each in found)
