"""同组比较: what is compared among the units of a group, and the points for it, live; of ledger and result alike."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from msgspec import Struct

from kaohe_cli.assess.compare import is_compared
from kaohe_cli.assess.score import known
from kaohe_cli.ledger import figures
from kaohe_cli.ledger.columns import CODE
from kaohe_cli.ledger.record import COMPARISON, FIGURES, Ledger
from kaohe_cli.model import Case, UnitScore
from kaohe_cli.paper.column import TableColumn, TableColumns
from kaohe_cli.paper.workbook import Content, Formula, Paper, Table
from kaohe_cli.points import CENTS
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule.subject import Subject, compared_formulas
from kaohe_cli.scheme.scheme import Scheme

Fetch: TypeAlias = Callable[[Case, str], Content]  # unit, figure → its number, or the formula that fetches it


class ComparedRow(Struct, frozen=True):
    """A unit beside the others of its group, for one criterion."""

    criterion: Criterion
    case: Case
    group: str
    left: Content
    right: Content
    value: Content
    stats: Mapping[str, Content]  # by stat, as subject.compared has them
    points: Content


ComparedColumn = TableColumn[ComparedRow, str]
CRITERION: ComparedColumn = TableColumn("细则", 8, "centre", write=lambda row: row.criterion.id, needed=True)
TITLE: ComparedColumn = TableColumn("名称", 22, "wrap middle", write=lambda row: row.criterion.title)
GROUP: ComparedColumn = TableColumn("组别", 12, write=lambda row: row.group, used=lambda scheme: scheme.groups != ("",))
UNIT: ComparedColumn = TableColumn("单位", 18, write=lambda row: row.case.unit.name, needed=True)
LEFT: ComparedColumn = TableColumn("数据", 13, "number", write=lambda row: row.left)
RIGHT: ComparedColumn = TableColumn(
    "分母", 13, "number", write=lambda row: row.right,
    used=lambda scheme: any(each.right for each in scheme.subjects),
)  # fmt: skip
VALUE: ComparedColumn = TableColumn("比较的数", 13, "number", write=lambda row: row.value)


def _stat(title: str, stat: str) -> ComparedColumn:
    """A column of how a unit stands among the others, where some rule goes by it."""
    return TableColumn(title, 12, "number", write=lambda row: row.stats[stat], used=partial(_goes_by, stat))


def _goes_by(stat: str, scheme: Scheme) -> bool:
    rules = (criterion.rule for own in scheme.variants for criterion in own.criteria.values())
    return any(subject.pseudo(stat) in rule.figures for rule in rules for subject in rule.subjects)


MOST, LEAST, MEAN = _stat("同组最高", "max"), _stat("同组最低", "min"), _stat("同组平均", "mean")
HIGH, LOW, COUNT = _stat("由高到低名次", "place"), _stat("由低到高名次", "place_low"), _stat("同组单位数", "count")
POINTS: ComparedColumn = TableColumn("规则得分", 10, "points strong", write=lambda row: row.points)
COLUMNS = TableColumns(
    COMPARISON, (CRITERION, TITLE, GROUP, UNIT, LEFT, RIGHT, VALUE, MOST, LEAST, MEAN, HIGH, LOW, COUNT, POINTS)
)
_STATS = {"max": MOST, "min": LEAST, "mean": MEAN, "place": HIGH, "place_low": LOW, "count": COUNT}


def columns_of(scheme: Scheme) -> TableColumns[ComparedRow]:
    """The columns of the sheet for ``scheme``."""
    return TableColumns(COMPARISON, COLUMNS.used(scheme))


def rows(
    scheme: Scheme, cases: Sequence[Case], scores: Mapping[str, UnitScore], source: Fetch, first: int
) -> Iterator[ComparedRow]:
    """A row for each criterion that compares and each unit, group by group, from row ``first`` on, from 1.

    ``scores`` by unit code. A unit that has no such task is not among them.
    """
    at, columns = first, columns_of(scheme)
    for criterion in scheme.criteria.values():
        for group in scheme.groups:
            own = (
                (case, scheme.of(case.unit.kind).criteria[criterion.id])
                for case in cases
                if scheme.group_of(case.unit) == group
            )
            members = [
                (case, each)
                for case, each in own
                for subject in each.rule.subjects
                if is_compared(subject, case.settled)
            ]
            for number, (case, each) in enumerate(members):
                lines = at, at + len(members) - 1
                yield _row(scheme, columns, case, each, scores[case.unit.code], group, source, at + number, lines)
            at += len(members)


def _row(
    scheme: Scheme, columns: TableColumns[ComparedRow], case: Case, criterion: Criterion, score: UnitScore, group: str,
    source: Fetch, at: int, lines: tuple[int, int],
) -> ComparedRow:  # fmt: skip
    (subject,) = criterion.rule.subjects
    left = source(case, subject.left)
    right = source(case, subject.right) if subject.right else None
    cells = {
        each: f"{columns.letters(column)}{at}"
        for each, column in _cells_of(subject).items()
        if column in columns.columns
    }
    value = subject.value(known(case.settled, subject.figures))
    asked = [cells[name] for name in subject.figures]
    fetched = subject.formula(cells.__getitem__)
    nought = f'IF({cells[subject.base]}=0,"",{fetched})' if subject.base else fetched
    shown = Formula(f'=IF(COUNT({",".join(asked)})={len(asked)},{nought},"")', "" if value is None else value)
    column = columns.letters(VALUE)
    begin, end = lines
    area, whole = f"${column}${begin}:${column}${end}", end - begin + 1
    stats: dict[str, Content] = {}
    for stat, formula in compared_formulas(f"{column}{at}", area).items():
        entry = case.compared.get(subject.pseudo(stat))
        held = entry.value if entry is not None and isinstance(entry.value, Decimal) else ""
        stats[stat] = Formula(f'=IF(COUNT({area})={whole},{formula},"")', held)
    return ComparedRow(criterion, case, group, left, right, shown, stats, _points(scheme, criterion, score, cells))


def _cells_of(subject: Subject) -> Mapping[str, TableColumn[ComparedRow, str]]:
    """Where each figure of a subject, and how it stands, is shown."""
    own = {subject.left: LEFT, **({subject.right: RIGHT} if subject.right else {})}
    return own | {subject.pseudo(stat): column for stat, column in _STATS.items()}


def _points(scheme: Scheme, criterion: Criterion, score: UnitScore, cells: Mapping[str, str]) -> Content:
    """The points that the rule gives, live where nothing but the comparison decides on them."""
    held, rule = score.criterion(criterion.id), criterion.worked
    assert rule is not None
    if criterion.needs or held.full != criterion.points or held.state == "no_task":
        return held.rule_points
    read = [cells[name] for name in rule.figures]
    points = rule.formula(cells.__getitem__, scheme.names)
    formula = f'=IF(COUNT({",".join(read)})={len(read)},ROUND(ROUND({points},{rule.places}),{CENTS}),"")'
    return Formula(formula, "" if held.rule_points is None else held.rule_points)


def of_figures(table: Table, codes: str, names: tuple[str, str], scheme: Scheme) -> Fetch:
    """Where the number of a figure stands in ``table`` (数据核定), the verified one in the place of the reported.

    ``codes`` is the title of its column of unit codes, ``names`` those that name a figure.
    """
    code, title, label, reported, verified = (
        f"{FIGURES}!{table.cells(each)}" for each in (codes, *names, figures.REPORTED.title, figures.VERIFIED.title)
    )

    def source(case: Case, figure: str) -> Content:
        entry, named = case.settled.get(figure), scheme.names[figure]
        value = entry.value if entry is not None and isinstance(entry.value, Decimal) else None
        row = f'({code}="{case.unit.code}")*({title}="{_quoted(named.title)}")*({label}="{_quoted(named.label)}")'
        own, held = (f"SUMPRODUCT({row}*ISNUMBER({each}))" for each in (verified, reported))
        # a verified value that is no number holds, so that the reported one does not come back in its place
        typed = f"SUMPRODUCT({row}*(LEN(TRIM({verified}))>0))"
        otherwise = f'IF(({typed}>0)+({held}=0)>0,"",SUMPRODUCT({row},{reported}))'
        number = f"IF({own}>0,SUMPRODUCT({row},{verified}),{otherwise})"
        return Formula(f"={number}", "" if value is None else value)

    return source


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def write_comparison(paper: Paper, scheme: Scheme, ledger: Ledger, table: Table) -> None:
    """The sheet in the ledger, its numbers fetched from ``table`` (数据核定); none where nothing is compared."""
    if scheme.subjects:
        source = of_figures(table, CODE.title, (figures.MEASURE.title, figures.FIGURE.title), scheme)
        scores = {case.unit.code: score for case, score in zip(ledger.cases, ledger.scores, strict=True)}
        columns, held = columns_of(scheme), rows(scheme, ledger.cases, scores, source, 2)
        columns.write(paper, held, freeze=1 + columns.columns.index(UNIT))
