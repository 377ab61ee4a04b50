"""What last year's assessment settled, out of its ledger: this year's 上年实绩 is held against it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import figures
from kaohe_cli.ledger.columns import CODE, NAME
from kaohe_cli.ledger.record import FIGURES
from kaohe_cli.model import Unit
from kaohe_cli.naming import alike
from kaohe_cli.paper.column import TableRow, table_rows
from kaohe_cli.scheme.scheme import FIGURE_LABELS, Scheme
from kaohe_cli.sheet import reader

Settled = Mapping[str, Mapping[str, Decimal]]  # unit code → figure of this year's scheme → what was settled


def read_last_year(scheme: Scheme, path: Path, units: Iterable[Unit]) -> tuple[Settled, tuple[Problem, ...]]:
    """What the ledger at ``path`` settled for ``units``, by the 上年实绩 that it is this year (KH353: none of it).

    It may be of another scheme. A measure is known by its title and its unit, a unit by its code or its name; a 核定值
    goes before what was reported.
    """
    rows = reader.SheetRows(path, FIGURES)
    table, problems = figures.COLUMNS.find(path.name, iter(rows))
    wanted = {
        (measure.title, measure.unit): f"{measure.id}.prior"
        for measure in scheme.content.measure
        if measure.prior is not None
    }
    actual = {FIGURE_LABELS["actual"], *(each.actual.label for each in scheme.content.measure if each.actual)}
    codes = {name: unit.code for unit in units for name in (unit.code, alike(unit.name))}
    found: dict[str, dict[str, Decimal]] = {}
    for row in table_rows(table):
        code = codes.get(row[CODE]) or codes.get(alike(row[NAME]))
        figure = wanted.get((row[figures.MEASURE], row[figures.UNIT]))
        value = _settled(row)
        if code and figure and value is not None and row[figures.FIGURE] in actual:
            found.setdefault(code, {}).setdefault(figure, value)
    told = (*problems, *(each for each in rows.problems if each.severity == "error"))
    return found, told if found or told else (problem("KH353", file=path.name, sheet=FIGURES),)


def _settled(row: TableRow) -> Decimal | None:
    """The 核定值 of ``row``, or else what was reported; None where that is no number."""
    for column in (figures.VERIFIED, figures.REPORTED):
        cell = row.cell(column)
        if cell is not None and isinstance(cell.value, Decimal):
            return cell.value
    return None
