"""What last year's assessment settled, out of its ledger: this year's 上年实绩 is held against it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import detail, figures
from kaohe_cli.ledger.columns import CODE, NAME, LedgerRow, as_number
from kaohe_cli.ledger.record import DETAIL, FIGURES, SITUATION
from kaohe_cli.model import Field, Unit
from kaohe_cli.naming import plain_name, spellings
from kaohe_cli.paper.column import TableColumns, TableRow, table_rows
from kaohe_cli.scheme.fields import figure_field
from kaohe_cli.scheme.normalise import accept
from kaohe_cli.scheme.records import FIGURE_LABELS
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.table import stands

UNITS = TableColumns[LedgerRow](SITUATION, (CODE, replace(NAME, needed=True)))
MARKS = TableColumns[LedgerRow](
    DETAIL, (CODE, NAME, detail.CRITERION, replace(detail.TITLE, needed=True), detail.POINTS, detail.RULED)
)
Settled = Mapping[str, Mapping[str, Decimal]]  # unit code → figure of this year's scheme → what was settled


def read_last_year(scheme: Scheme, path: Path, units: Iterable[Unit]) -> tuple[Settled, tuple[Problem, ...]]:
    """What the ledger at ``path`` settled for ``units``, by the 上年实绩 that it is this year (KH353: none of it).

    It may be of another scheme. A measure is known by its title and its unit, a unit by its name or else its code; a
    核定值 goes before what was reported.
    """
    rows = reader.SheetRows(path, FIGURES)
    table, problems = figures.COLUMNS.find(path.name, iter(rows))
    wanted = {
        (measure.title, measure.unit): f"{measure.id}.prior"
        for measure in scheme.content.measure
        if measure.prior is not None
    }
    actual = {FIGURE_LABELS["actual"], *(each.actual.label for each in scheme.content.measure if each.actual)}
    known = spellings({unit.code: unit.name for unit in units})
    found: dict[str, dict[str, Decimal]] = {}
    for row in table_rows(table):
        # codes of a scheme's own may have gone to other units since
        code = known.get(plain_name(row[NAME])) or known.get(plain_name(row[CODE]))
        figure = wanted.get((row[figures.MEASURE], row[figures.UNIT]))
        if code and figure and row[figures.FIGURE] in actual:
            value = _settled(row, figure_field(scheme, figure))
            if value is not None:
                found.setdefault(code, {}).setdefault(figure, value)
    wrong = [each for each in rows.problems if each.severity == "error"]
    # where the sheet could not be read at all, that no header was found follows from it
    if told := (*wrong, *(each for each in problems if each.code != "KH301" or not wrong)):
        return {}, told
    return found, () if found else (problem("KH353", file=path.name, sheet=FIGURES),)


def read_last_marks(scheme: Scheme, path: Path, units: Iterable[Unit]) -> Settled:
    """What the ledger at ``path`` gave ``units``, 分, by the criterion of the same title; nothing where none is alike.

    考核分 goes before what the rule gave: 0 too, and one that nobody can read, which is not what the rule gave either.
    """
    rows = reader.SheetRows(path, DETAIL)
    table, _ = MARKS.find(path.name, iter(rows))
    titled: dict[str, list[str]] = {}
    for id, criterion in scheme.criteria.items():
        titled.setdefault(criterion.title, []).append(id)
    known = spellings({unit.code: unit.name for unit in units})
    found: dict[str, dict[str, Decimal]] = {}
    for row in table_rows(table):
        code = known.get(plain_name(row[NAME])) or known.get(plain_name(row[CODE]))
        meant = titled.get(row[detail.TITLE], [])
        id = row[detail.CRITERION] if row[detail.CRITERION] in meant else meant[0] if len(meant) == 1 else ""
        points = as_number(row.cell(detail.POINTS if stands(row.cell(detail.POINTS)) else detail.RULED))
        if code and id and points is not None:
            found.setdefault(code, {}).setdefault(id, points)
    return found


def read_last_codes(path: Path) -> Mapping[str, str]:
    """The code that each unit, by its plain name, has in the ledger at ``path``; nothing where it cannot be read."""
    table, _ = UNITS.find(path.name, iter(reader.SheetRows(path, SITUATION)))
    return {plain_name(row[NAME]): row[CODE] for row in table_rows(table) if row[NAME] and row[CODE]}


def _settled(row: TableRow, field: Field) -> Decimal | None:
    """The 核定值 of ``row``, or else what was reported, taken as ``field``; None where that is no number."""
    column = figures.VERIFIED if stands(row.cell(figures.VERIFIED)) else figures.REPORTED
    entry, _ = accept(field, row.cell(column), row.origin(column))
    return entry.value if entry is not None and isinstance(entry.value, Decimal) else None
