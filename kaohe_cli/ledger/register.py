"""扣分加分台账: single deductions and awards with date, facts and evidence, as they are noted through the year.

The sheet is people's own: it is carried over as it stands. Its sum is offered as the mark, and stands in explanations.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.reasons import OFFICE
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import people
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.original import Original, Recorder
from kaohe_cli.ledger.record import REGISTER, Ledger
from kaohe_cli.model import Field, Incident, Unit
from kaohe_cli.naming import plain_name, spellings
from kaohe_cli.paper.column import TableColumn, TableColumns, TableRow, table_rows
from kaohe_cli.paper.workbook import Content, Paper
from kaohe_cli.points import CENTS, ZERO, half_up, number
from kaohe_cli.scheme.days import day_in
from kaohe_cli.scheme.normalise import accept, quoted
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind, Sheet, address
from kaohe_cli.sheet.table import rows_of, stands, written

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
EMPTY = people.empty(COLUMNS)


class Register(Struct, frozen=True):
    """The entries of a register, and what is wrong with it."""

    incidents: tuple[Incident, ...] = ()
    rows: tuple[int, ...] = ()  # in which they stand
    problems: tuple[Problem, ...] = ()


def sheet_of(sheets: Iterable[Sheet]) -> Sheet | None:
    """The register among ``sheets``; None where there is none."""
    return people.sheet_of(sheets, REGISTER)


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
    code = known.get(plain_name(row[UNIT]), "")
    criterion = people.meant(row.cell(CRITERION), {id: each.title for id, each in scheme.criteria.items()})
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
    """``sheet`` as it was found; ``names`` of units by code and ``criteria`` (none: all) can be chosen from."""
    lists = {UNIT: [*names.values()], CRITERION: criteria or tuple(scheme.criteria)}
    checks = {column.title: check for column, words in lists.items() if (check := people.chosen(words))}
    said = {"error_title": "请核对", "error_message": "写几分，不写负号；扣分、加分只填一栏。"}
    for column in (OFF, GIVEN):
        checks[column.title] = {"validate": "decimal", "criteria": ">=", "value": 0, **said}
    people.write(paper, COLUMNS, sheet, layout, checks)


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
