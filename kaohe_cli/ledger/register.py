"""扣分加分台账: single deductions and awards with date, facts and evidence, as they are noted through the year.

The sheet is people's own: it is carried over as it stands. Its sum is offered as the mark, and stands in explanations.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.reasons import OFFICE
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.extent import height
from kaohe_cli.ledger.columns import typed, write_found
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.original import Original, Recorder
from kaohe_cli.ledger.record import REGISTER, Ledger
from kaohe_cli.model import Field, Incident, Unit
from kaohe_cli.naming import plain_name, spellings
from kaohe_cli.paper.column import TableColumn, TableColumns, TableRow, table_rows
from kaohe_cli.paper.workbook import Content, Paper, Styled
from kaohe_cli.points import CENTS, ZERO, half_up, number
from kaohe_cli.scheme.days import day_in
from kaohe_cli.scheme.normalise import accept, quoted
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.book import Cell, CellKind, Sheet, address
from kaohe_cli.sheet.table import rows_of, stands, written

LONGEST_LIST = 255  # characters that a list of choices can have
SPARE = 20  # rows that are laid out below the last entry
FAR_DOWN = 1_000  # rows that the sum reads, so that what is added below counts too
POINTS_FIELD = Field("register", "score", "扣分、加分", unit="分", minimum=ZERO, decimals=CENTS)
DAY_FIELD = Field("register.date", "date", "日期")


def _input(title: str, width: float, look: str = "text", *, needed: bool = False) -> TableColumn[Incident, str]:
    return TableColumn(title, width, look, input=True, needed=needed)


UNIT = _input("单位", 15, "wrap middle", needed=True)
CRITERION = _input("细则", 9, needed=True)
DAY = _input("日期", 12, "date")
FACTS = _input("事由", 32, "wrap middle", needed=True)
OFF, GIVEN = _input("扣分", 7, "points", needed=True), _input("加分", 7, "points", needed=True)
EVIDENCE = _input("依据材料", 20, "wrap middle")
BY = _input("登记人", 9, "wrap middle")
FROM = _input("登记处室", 11, "wrap middle")  # whose word it is: a department, or the office
COLUMNS = TableColumns[Incident](REGISTER, (UNIT, CRITERION, DAY, FACTS, OFF, GIVEN, EVIDENCE, BY, FROM))
PROOF = (DAY, FACTS, EVIDENCE)
EMPTY = Sheet(REGISTER, False, {(1, at): Cell(CellKind.TEXT, each.title) for at, each in enumerate(COLUMNS.columns, 1)})


class Register(Struct, frozen=True):
    """The entries of a register, and what is wrong with it."""

    incidents: tuple[Incident, ...] = ()
    rows: tuple[int, ...] = ()  # in which they stand
    problems: tuple[Problem, ...] = ()


def sheet_of(sheets: Iterable[Sheet]) -> Sheet | None:
    """The register among ``sheets``; None where there is none."""
    return next((each for each in sheets if each.name == REGISTER), None)


def read(scheme: Scheme, units: Iterable[Unit], sheet: Sheet | None, file: str) -> Register:
    """What stands in the register: rows that cannot be taken are KH355, those without their proof KH356."""
    table, problems = COLUMNS.find(file, rows_of(sheet)) if sheet else (None, ())
    named = {unit.code: unit.name for unit in units}
    known, found, told = spellings(named), dict[int, Incident](), list(problems)
    for row in table_rows(table):
        cells = [row.cell(column) for column in COLUMNS.columns[:-1]]
        if not any(map(stands, cells)):
            continue
        incident, wrong = _incident(scheme, known, named, row)
        told += wrong
        if incident is not None:
            found[row.number] = incident
    return Register(tuple(found.values()), tuple(found), tuple(told))


def _incident(
    scheme: Scheme, known: Mapping[str, str], names: Mapping[str, str], row: TableRow
) -> tuple[Incident | None, list[Problem]]:
    """The entry of a row; None, with the reasons, where it cannot be taken."""
    code, criterion = known.get(plain_name(row[UNIT]), ""), _criterion(scheme, row)
    unit = names.get(code, row[UNIT])
    points, told = _points(row, unit)
    entry, wrong = accept(DAY_FIELD, row.cell(DAY), row.origin(DAY), unit) if DAY.title in row.table.head.columns else (
        None, (),
    )  # fmt: skip
    told += wrong
    for column, value, expected in (
        (UNIT, code, "参加考核的单位名称"), (CRITERION, criterion, "方案中的细则编号，如 1.4.1"),
    ):  # fmt: skip
        if not value:
            told.append(_wrong(row, column, unit, expected))
    if not code or not criterion or points is None:
        return None, told
    lacking = [each.title for each in PROOF if not stands(row.cell(each))]
    if lacking:
        where = row.origin(UNIT)
        words = {"file": where.file, "sheet": where.sheet, "cell": where.cell, "field": criterion}
        told.append(problem("KH356", unit=unit, what=f"{unit} {criterion}", found="、".join(lacking), **words))
    day = written(row.cell(DAY)) if entry is None or entry.invalid else str(entry.value)
    return Incident(code, criterion, day, row[FACTS], points, row[EVIDENCE], row[BY], row[FROM]), told


def _criterion(scheme: Scheme, row: TableRow) -> str:
    """The criterion that is meant by its number, by its title, or by both; empty where it is not certain."""
    cell, said = row.cell(CRITERION), row[CRITERION]
    if cell is not None and cell.kind is CellKind.NUMBER:  # 2.10 typed anew becomes the number 2.1
        meant = [id for id in scheme.criteria if number(id) == cell.value]
        return meant[0] if len(meant) == 1 else ""
    if said in scheme.criteria:
        return said
    first, _, rest = said.partition(" ")
    if first in scheme.criteria and scheme.criteria[first].title.startswith(rest.strip()):
        return first
    titled = [id for id, each in scheme.criteria.items() if each.title == said]
    return titled[0] if len(titled) == 1 else ""


def _points(row: TableRow, unit: str) -> tuple[Decimal | None, list[Problem]]:
    """What is taken off, below 0, or given; None where neither stands there, or both, or nothing that can be read."""
    columns = [column for column in (OFF, GIVEN) if stands(row.cell(column))]
    if len(columns) != 1:
        return None, [_wrong(row, OFF, unit, "扣分、加分两栏中填一栏，写几分，不写负号")]
    (column,) = columns
    entry, told = accept(POINTS_FIELD, row.cell(column), row.origin(column), unit)
    if entry is None or not isinstance(entry.value, Decimal):
        return None, list(told)
    return -entry.value if column is OFF else entry.value, list(told)


def _wrong(row: TableRow, column: TableColumn[Incident, str], unit: str, expected: str) -> Problem:
    where = row.origin(column)
    words = {"file": where.file, "sheet": where.sheet, "cell": where.cell}
    found = quoted(row[column]) or "空白"
    return problem("KH355", unit=unit, title=column.title, found=found, expected=expected, **words)


def by_criterion(incidents: Iterable[Incident], code: str) -> Mapping[str, tuple[Incident, ...]]:
    """The entries about one unit, by criterion."""
    found: dict[str, tuple[Incident, ...]] = {}
    for each in incidents:
        if each.code == code:
            found[each.criterion] = (*found.get(each.criterion, ()), each)
    return found


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────


def write(paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder) -> None:
    """The sheet as people left it, with room for more, and what it comes to in the record."""
    record(recorder, ledger.incidents)
    names = {case.unit.code: case.unit.name for case in ledger.cases}
    sheet = sheet_of(ledger.sheets) or EMPTY
    write_sheet(paper, scheme, names, sheet, ledger.layouts.get(REGISTER, SheetLayout()))


def write_sheet(
    paper: Paper, scheme: Scheme, names: Mapping[str, str], sheet: Sheet, layout: SheetLayout,
    criteria: Sequence[str] = (),
) -> None:  # fmt: skip
    """``sheet`` as it was found, its table in the looks of one to be filled in.

    ``names`` of units by code and ``criteria`` (none: all) can be chosen from.
    """
    table, _ = COLUMNS.find("", rows_of(sheet))
    page = paper.sheet(REGISTER)
    if table is None:  # not a register any more: it stays as it is
        head, own = 0, dict[int, TableColumn[Incident, str]]()
    else:
        titles = {each.title: each for each in COLUMNS.columns}
        head, own = table.head.row, {at: titles[title] for title, at in table.head.columns.items()}
    found, cells, comments = layout.appearance, dict(rows_of(sheet)), sheet.comments_by_row
    found = found or Appearance()
    page.grows_from = head
    for at in sorted({*own, *found.widths, *found.hidden_columns}):
        width = found.widths.get(at, own[at].width if at in own else None)
        page.set_column(at - 1, at - 1, width, None, {"hidden": at in found.hidden_columns})
    if sheet.hidden:
        page.hide()
    last = max((row for row, _ in sheet.cells), default=head)
    for row in range(1, (last + SPARE if own else last) + 1):
        here, looks, notes = cells.get(row, {}), layout.looks(row), comments.get(row, {})
        if row < head or not own:
            write_found(paper, page, row - 1, here, looks, notes, hidden=layout.hides(row))
            continue
        shows = [(written(here[at]), each.width) for at, each in own.items() if at in here and "wrap" in each.look]
        page.set_row(row - 1, height(shows, least=22), None, {"hidden": layout.hides(row)})
        for at in sorted({*own, *here, *looks, *notes}):
            shown = own.get(at)
            look = "bare" if shown is None else shown.head_look if row == head else shown.cell_look
            content = typed(here[at], look) if at in here else Styled(None, look)
            if row == head and shown is not None:
                content = Styled(written(here[at]), look)
            paper.put(page, row - 1, at - 1, replace(content, own=looks.get(at), comment=notes.get(at, "")))
    if own:
        page.freeze_panes(head, 0)
        page.repeat_rows(head - 1)
        _checks(page, head, last + SPARE, {column.title: at for at, column in own.items()}, names.values(),
                criteria or tuple(scheme.criteria))  # fmt: skip


def _checks(
    page: Any, head: int, last: int, places: Mapping[str, int], units: Iterable[str], criteria: Sequence[str]
) -> None:
    """The entry checks: units and criteria from lists, as far as a list can hold them, and points above 0."""
    said = {"error_title": "请核对", "error_message": "请从下拉列表中选择。"}
    checks: dict[str, dict[str, Any]] = {
        title: {"validate": "list", "source": [*words], **said}
        for title, words in ((UNIT.title, [*units]), (CRITERION.title, criteria))
        if len(",".join(words)) <= LONGEST_LIST
    }
    said = {"error_title": "请核对", "error_message": "写几分，不写负号；扣分、加分只填一栏。"}
    for column in (OFF, GIVEN):
        checks[column.title] = {"validate": "decimal", "criteria": ">=", "value": 0, **said}
    for title, check in checks.items():
        if title in places:
            page.data_validation(head, places[title] - 1, last - 1, places[title] - 1, check)


def sum_formula(sheet: Sheet, unit: Unit, criterion: str) -> tuple[str, str]:
    """Expressions of a spreadsheet: how many entries there are about a criterion of a unit, and their sum; both empty
    where ``sheet`` is no register any more."""
    table, _ = COLUMNS.find("", rows_of(sheet))
    if table is None:
        return "", ""
    row = table.head.row + 1

    def cells(column: TableColumn[Incident, str]) -> str:
        letters = address(1, table.head.columns[column.title])[:-1]
        return f"{REGISTER}!${letters}${row}:${letters}${FAR_DOWN}"

    who, what = cells(UNIT), cells(CRITERION)
    name, id = unit.name.replace('"', '""'), criterion
    mine = f'((({who}="{name}")+({who}="{unit.code}")>0)*(({what}="{id}")+(LEFT({what},{len(id) + 1})="{id} ")>0))'
    return f"SUMPRODUCT({mine})", f"SUMPRODUCT({mine},{cells(GIVEN)})-SUMPRODUCT({mine},{cells(OFF)})"


# ── what the last run had ───────────────────────────────────────────────────────────────────────────────

TITLES = ("单位代码", "细则", "日期", "事由", "加减分", "依据材料", "登记人", "登记处室")


def _texts(each: Incident) -> tuple[Content, ...]:
    return each.code, each.criterion, each.day, each.facts, each.points, each.evidence, each.by, each.source


def record(recorder: Recorder, incidents: Iterable[Incident]) -> None:
    """Take down the entries that are written."""
    recorder.head(REGISTER, TITLES)
    for count, each in enumerate(incidents):
        recorder.row(REGISTER, "", str(count), _texts(each), {})


def recorded(original: Original | None) -> tuple[Incident, ...]:
    """The entries that ``original`` took down; none where there is none."""
    return tuple(
        Incident(code, criterion, day, facts, half_up(number(points) or ZERO), evidence, by, source)
        for code, criterion, day, facts, points, evidence, by, source in (
            original.lists.get(REGISTER, ()) if original else ()
        )
    )


# ── copies ──────────────────────────────────────────────────────────────────────────────────────────────


def part(incidents: Iterable[Incident], criteria: Sequence[str]) -> tuple[Incident, ...]:
    """The entries about ``criteria``, each with whose word it is."""
    return tuple(replace(each, source=each.source or OFFICE) for each in incidents if each.criterion in criteria)


def filled(incidents: Sequence[Incident], names: Mapping[str, str]) -> Sheet:
    """A register of ``incidents``; ``names`` of units by code."""
    return with_rows(EMPTY, [], incidents, names)


def with_rows(sheet: Sheet, dropped: Sequence[int], more: Sequence[Incident], names: Mapping[str, str]) -> Sheet:
    """``sheet`` without the rows ``dropped``, with ``more`` entries below."""
    table, _ = COLUMNS.find("", rows_of(sheet))
    if table is None:
        return sheet
    left = set(dropped)
    cells = {
        (row - sum(each < row for each in dropped), column): cell
        for (row, column), cell in sheet.cells.items()
        if row not in left
    }
    comments = {
        (row - sum(each < row for each in dropped), column): text
        for (row, column), text in sheet.comments.items()
        if row not in left
    }
    last = max((row for row, _ in cells), default=table.head.row)
    for row, each in enumerate(more, last + 1):
        for title, cell in _cells(each, names).items():
            if title in table.head.columns:
                cells[row, table.head.columns[title]] = cell
    return replace(sheet, cells=cells, comments=comments)


def _cells(each: Incident, names: Mapping[str, str]) -> dict[str, Cell]:
    """An entry as cells, by title."""
    texts = {
        UNIT: names.get(each.code, each.code), CRITERION: each.criterion, FACTS: each.facts, EVIDENCE: each.evidence,
        BY: each.by, FROM: each.source,
    }  # fmt: skip
    cells = {column.title: Cell(CellKind.TEXT, text) for column, text in texts.items() if text}
    cells[(OFF if each.points < 0 else GIVEN).title] = Cell(CellKind.NUMBER, abs(each.points))
    if each.day:
        day = day_in(each.day)
        cells[DAY.title] = Cell(CellKind.TEXT, each.day) if day is None else Cell(CellKind.DATE, day)
    return cells
