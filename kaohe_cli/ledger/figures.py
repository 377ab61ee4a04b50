"""数据核定: what was reported, and what the office verified."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from msgspec.structs import replace

from kaohe_cli.ledger.basis import INVALID, NOT_FILLED, effect, entry_text
from kaohe_cli.ledger.columns import (
    CODE,
    ENTERED,
    NAME,
    RESTED,
    LedgerColumn,
    LedgerColumns,
    LedgerRow,
    as_number,
    codes_are_text,
    coloured,
)
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.queries import CHECK, RESTS, WHY, checks, confirming
from kaohe_cli.ledger.record import FIGURES, Ledger, laid_out
from kaohe_cli.model import Entry, Field, Mark
from kaohe_cli.paper.column import TableColumn
from kaohe_cli.paper.workbook import GOOD, REVIEW, WAITING, Content, Formula, Paper, Table
from kaohe_cli.points import DECIMALS
from kaohe_cli.scheme.condition import Named
from kaohe_cli.scheme.fields import confirmation, figure_field
from kaohe_cli.scheme.limit import finest
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import address


def _named(row: LedgerRow) -> Named:
    return row.scheme.names[row.id]


def _entry(row: LedgerRow) -> Entry | None:
    return row.case.reported.get(row.id)


def _reported(row: LedgerRow) -> Content:
    """A figure as it is shown: its value as a number, else in words."""
    entry = _entry(row)
    held = entry is not None and isinstance(entry.value, Decimal)
    return entry.value if entry is not None and held else entry_text(entry, _named(row)) or None


def _unverified(row: LedgerRow) -> str:
    """How a figure stands before anyone verified it."""
    entry, settings = _entry(row), row.ledger.settings
    if entry is None or (entry.value is None and not entry.invalid):
        return "未下达" if row.scheme.issued(row.id) else NOT_FILLED
    if entry.invalid:
        return INVALID
    if entry.value is Mark.NO_TASK:
        return Mark.NO_TASK.value
    given = entry.origin is None or (bool(settings) and entry.origin.file == settings)
    return "下达" if given else "已填"


def _state(row: LedgerRow) -> Content:
    word = _unverified(row)
    formula = f'=IF({_VERIFIED}{row.number}="","{word}","已核定")'
    usual = Formula(formula, word if row.id not in row.case.verified else "已核定")
    return row.state(confirming(row, f"{_CHECK}{row.number}", usual))


def _gap(row: LedgerRow) -> Content:
    """核定值 less 填报值; None where one of them is no number."""
    before, after = (each.value if each is not None else None for each in (_entry(row), row.case.verified.get(row.id)))
    return after - before if isinstance(before, Decimal) and isinstance(after, Decimal) else None


def _effect(row: LedgerRow) -> Content:
    return effect(row.scheme, row.score, row.id) if row.id in row.case.verified else None


def _answer(row: LedgerRow) -> Content:
    """核实说明 of a measure, beside what it is about, and beside the last of its figures."""
    measure = row.id.partition(".")[0]
    said = row.case.reported.get(confirmation(measure))
    *_, (last, _) = row.scheme.measures[measure].figures()
    return entry_text(said) or None if row.query or row.id == f"{measure}.{last}" else None


def _material(row: LedgerRow) -> Content:
    """佐证材料 of a measure, beside the last of its figures."""
    measure = row.id.partition(".")[0]
    *_, (last, _) = row.scheme.measures[measure].figures()
    material = row.case.reported.get(f"{measure}.evidence") if row.id == f"{measure}.{last}" else None
    return entry_text(material) if material else None


def _origin(row: LedgerRow) -> Content:
    entry = _entry(row)
    if entry is None:
        return None
    return f"{entry.origin.file}|{entry.origin.sheet}!{entry.origin.cell}" if entry.origin else ""


MEASURE: LedgerColumn = TableColumn("指标", 30, write=lambda row: _named(row).title, needed=True)
FIGURE: LedgerColumn = TableColumn("数据项", 20, write=lambda row: _named(row).label, needed=True)
UNIT: LedgerColumn = TableColumn("计量单位", 10, "centre", write=lambda row: _named(row).unit)
REPORTED: LedgerColumn = TableColumn("填报值", 14, "number", write=_reported, needed=True)
VERIFIED: LedgerColumn = TableColumn("核定值", 14, "number", input=True, needed=True)
GROUNDS: LedgerColumn = TableColumn("核定依据", 28, input=True, needed=True)
STATE: LedgerColumn = TableColumn("状态", 14, "shrink", write=_state, live=True)
ANSWER: LedgerColumn = TableColumn("单位核实说明", 30, write=_answer)
LAST_YEAR: TableColumn[LedgerRow, Decimal | None] = TableColumn(
    "上年核定数", 14, "number", write=lambda row: row.case.last_year.get(row.id), read=as_number
)
GAP: LedgerColumn = TableColumn("差额", 12, "number", write=_gap)
EFFECT: LedgerColumn = TableColumn("对得分的影响", 26, write=_effect)
MATERIAL: LedgerColumn = TableColumn("佐证材料", 34, write=_material)
ORIGIN: LedgerColumn = TableColumn("出处", 34, "text quiet", write=_origin)
# the contract first, in its order; then what is beyond it
COLUMNS = LedgerColumns(
    FIGURES,
    (
        CODE, NAME, MEASURE, FIGURE, UNIT, REPORTED, VERIFIED, GROUNDS, CHECK, STATE, WHY, ANSWER, GAP, EFFECT,
        LAST_YEAR, MATERIAL, ORIGIN, RESTS, RESTED, ENTERED,
    ),
    asked=(VERIFIED, GROUNDS),
)  # fmt: skip
_VERIFIED, _CHECK = COLUMNS.letters(VERIFIED), COLUMNS.letters(CHECK)


def verified_field(scheme: Scheme, figure: str) -> Field:
    """What may be typed as 核定值 of ``figure``."""
    field, done = figure_field(scheme, figure), figure.endswith(".done")
    marks = [Mark.DONE, Mark.NOT_DONE] if done else []
    if scheme.figures[figure].waivable:
        marks.append(Mark.NO_TASK)
    if not done and figure not in scheme.scoring:
        marks.append(Mark.NOT_APPLICABLE)
    return replace(field, label=f"{field.label}（{VERIFIED.title}）", marks=tuple(marks), at_most=None)


def write(paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder) -> Table:
    """The sheet, with its entry checks and its colours."""
    table = COLUMNS.write_units(paper, scheme, ledger, recorder, freeze=4, prints=STATE)
    verified, state = (table.cells(each.title, fixed=False) for each in (VERIFIED, STATE))
    _checks(scheme, table, [figure for _, figure in laid_out(scheme, ledger, FIGURES)[1]])
    whole = table.area(CODE.title, STATE.title)
    coloured(
        paper,
        table,
        (
            (whole, f'OR(LEFT(${state},3)="需复核",LEFT(${state},4)="填写有误")', REVIEW),
            (table.area(REPORTED.title), f'OR(${state}="未填",${state}="填报有误",${state}="未下达")', WAITING),
            (table.area(VERIFIED.title), f'${verified}<>""', GOOD),
        ),
    )
    checks(paper, table)
    codes_are_text(table, CODE, CODE)
    return table


def _checks(scheme: Scheme, table: Table, figures: Iterable[str]) -> None:
    """What may be typed as 核定值 in the rows of ``figures``, from the top down."""
    column, first = table.columns[VERIFIED.title], table.head + 1
    words = {  # those of a figure that is chosen from a list; none where it is typed
        figure: tuple(scheme.names[figure].word(mark) for mark in (Mark.DONE, Mark.NOT_DONE, Mark.NO_TASK))
        if figure.endswith(".done")
        else ()
        for figure in scheme.figures
    }
    areas: dict[tuple[str, ...], list[list[int]]] = {}
    for listed, rows in groupby(enumerate(figures, first), lambda each: words[each[1]]):
        numbers = [number for number, _ in rows]
        areas.setdefault(listed, []).append([numbers[0], column, numbers[-1], column])
    for listed, (area, *others) in (areas or {(): [[first, column, first, column]]}).items():
        if listed:
            yes, no, none = listed
            told = f"应为“{yes}”“{no}”或“{none}”。"
            check = {"validate": "list", "source": [*listed], "error_message": told}
        else:
            # the same for all, since rows are sorted and another figure may come to stand here
            cell, fine = address(area[0] + 1, column + 1), finest(DECIMALS)
            legal = f"=IF(ISNUMBER({cell}),{fine.inside(cell)},TRUE)"
            check = {"validate": "custom", "value": legal, "error_message": f"数据{fine.phrase}。"}
        more = {"error_type": "warning", "error_title": "请核对", "other_cells": others}
        table.sheet.data_validation(*area, {**check, **more})
