"""评分明细: one department judges one item across all units side by side."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.evidence import evidence_beside
from kaohe_cli.assess.reasons import NO_AWARD, lacks_reason
from kaohe_cli.extent import height
from kaohe_cli.ledger import former, register
from kaohe_cli.ledger.basis import INVALID, UNDECIDED, pending_words, points_basis
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
from kaohe_cli.ledger.queries import CHECK, WHY, checks, confirming
from kaohe_cli.ledger.queries import RESTS as CHECKED
from kaohe_cli.ledger.record import DETAIL, Ledger
from kaohe_cli.model import CriterionScore, Field, Incident
from kaohe_cli.paper.column import TableColumn
from kaohe_cli.paper.workbook import FAR, REVIEW, WAITING, Content, Contents, Formula, Paper, Styled, Table, text_of
from kaohe_cli.points import CENTS, DECIMALS, HUNDRED, ZERO
from kaohe_cli.scheme.condition import literal
from kaohe_cli.scheme.records import Criterion, Item
from kaohe_cli.scheme.rule import Judged, Supplied
from kaohe_cli.scheme.rule.judged import JUDGES as CALLED
from kaohe_cli.scheme.rule.kind import within
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Sheet

LONG = 70  # width of running text
JUDGED, SUPPLIED = "评议", "手填"  # who enters points: a department, or the office
NOTHING = "—"  # there are entries in the register, and yet no points that could be given
WAITS, MARKED, UNREASONED, COUNTED = "待评", "已评", "已评，待写理由", "已计分"
UNEXPLAINED = "缺评分理由"  # of points that are others than the rule, or the judges, gave


def _criterion(row: LedgerRow) -> Criterion:
    return row.scheme.of(row.case.unit.kind).criteria[row.id]


def judges(criterion: Criterion | None) -> int:
    """How many judge a criterion, each for himself; 0: it is not judged so, or there is none."""
    return criterion.rule.judges if criterion is not None and isinstance(criterion.rule, Judged) else 0


def judge_names(ledger: Ledger, item: str, count: int) -> tuple[str, ...]:
    """What each of ``count`` judges of an item is called: by name, or by the title of his column."""
    named = ledger.judges.get(item, ())
    return tuple(named[at] if at < len(named) else CALLED[at] for at in range(count))


def mark_field(criterion: Criterion, name: str) -> Field:
    """What one of several judges may give, whose ``name`` is told."""
    rule = criterion.rule
    assert isinstance(rule, Judged)
    field = award_field(criterion, criterion.points)
    return replace(field, label=f"{criterion.title}·{name}", legal=rule.legal(criterion.points))


def columns_of(scheme: Scheme) -> LedgerColumns:
    """The columns of the sheet that ``scheme`` has a use for; others of the same titles are people's own."""
    return replace(COLUMNS, columns=COLUMNS.used(scheme))


def _several(count: int, scheme: Scheme) -> bool:
    """Whether there is a criterion that so many judge."""
    return scheme.most_judges >= count


def _blank(count: int, row: LedgerRow) -> Styled | None:
    """The cell of judge ``count`` before he types: no input where fewer judge the criterion."""
    return None if count <= judges(_criterion(row)) else Styled(None, "points")


def _item(row: LedgerRow) -> Item:
    return row.scheme.item_of[row.id]


def _named(row: LedgerRow) -> str:
    return "、".join(row.ledger.judges.get(_item(row).id, ()))


def _score(row: LedgerRow) -> CriterionScore:
    return row.score.criterion(row.id)


def _kind(row: LedgerRow) -> str:
    criterion = _criterion(row)
    if isinstance(criterion.rule, Supplied):
        return SUPPLIED
    return JUDGED if criterion.judged else "加分" if criterion.bonus else "规则"


def _self(row: LedgerRow) -> Content:
    criterion = _criterion(row)
    entry = row.case.reported.get(row.scheme.claim(criterion)) if criterion.claimable else None
    return INVALID if entry is not None and entry.invalid else _score(row).self


class Letters(Struct, frozen=True):
    """The columns of a sheet that say how a mark stands."""

    points: str
    reason: str
    full: str
    offered: str
    judges: tuple[str, ...]


def _state(row: LedgerRow) -> Content:
    """How the row stands, kept up as people type."""
    usual = mark_state(row, _LETTERS) if _criterion(row).judged else _rule_state(row)
    return row.state(confirming(row, f"{_CHECK}{row.number}", usual))


def _rule_state(row: LedgerRow) -> Formula:
    """How points stand that a rule gives: as it gives them, adjusted, or adjusted without a word why."""
    score, at = _score(row), row.number
    points, reason, offered = (f"{each}{at}" for each in (_LETTERS.points, _LETTERS.reason, _LETTERS.offered))
    word, same, ruled = "无任务" if score.state == "no_task" else COUNTED, f'{points}=""', score.rule_points
    if ruled is None:
        word = pending_words(row.scheme, score)
    else:  # points that the rule gives anyhow adjust nothing
        same = f"OR({same},{_as_read(row, POINTS, points, score.points)}={literal(ruled)})"
    adjusted = score.points is not None and score.points != ruled
    why = f'IF(AND({reason}="",{offered}=""),"{UNEXPLAINED}","已调整")'
    return Formula(f'=IF({same},"{word}",{why})', "已调整" if adjusted else word)


def mark_state(row: LedgerRow, letters: Letters) -> Formula:
    """How a mark stands: 待评, 已评, without its reason, or 已计分 by what the unit claims; kept up as people type.

    What the register says is a reason.
    """
    score, criterion, at = _score(row), _criterion(row), row.number
    award = row.case.awards.get(row.id, NO_AWARD)
    points, reason, full, offered = (
        f"{each}{at}" for each in (letters.points, letters.reason, letters.full, letters.offered)
    )
    mark, there, blank = _as_read(row, POINTS, points, award.points), f'{points}<>""', WAITS
    given, adjusts = award.points is not None, ""
    if judges(criterion):
        complete, mean = mean_of(row, letters)
        adjusts = f'IF({points}="",FALSE,IF({complete},AND({reason}="",{offered}="",ROUND({mark}-{mean},2)<>0),FALSE))'
        mark, there, given = f'IF({points}="",{mean},{mark})', f"OR({there},{complete})", score.points is not None
    elif score.rule_points is not None:
        blank = COUNTED
    lacks = lacks_reason(criterion, score, row.case.awards.get(row.id))
    short = f"{mark}>0" if criterion.bonus else f"{mark}<{full}" if score.full is not None else ""
    said = f'IF(AND({reason}="",{offered}="",{short}),"{UNREASONED}","{MARKED}")' if short else f'"{MARKED}"'
    said = f'IF({adjusts},"{UNEXPLAINED}",{said})' if adjusts else said
    return Formula(f'=IF({there},{said},"{blank}")', UNREASONED if lacks else MARKED if given else blank)


def mean_of(row: LedgerRow, letters: Letters) -> tuple[str, str]:
    """Whether all judges of a row have given their marks, and the mean of those, as expressions of a spreadsheet."""
    criterion, score, count = _criterion(row), _score(row), judges(_criterion(row))
    marks = f"{letters.judges[0]}{row.number}:{letters.judges[count - 1]}{row.number}"
    complete, mean = f"COUNT({marks})={count}", mean_formula(criterion, marks)
    if score.rule_points is None or not any(_is_text(row, each) for each in JUDGES[:count]):
        return complete, mean
    return f"COUNTA({marks})={count}", f"IF({complete},{mean},{literal(score.rule_points)})"


def _as_read(row: LedgerRow, column: LedgerColumn, cell: str, value: Decimal | None) -> str:
    """The number in ``cell``, which stands under ``column``, as an expression: ``value`` where it is text (√, 8 分)."""
    return f"IF(ISNUMBER({cell}),{cell},{literal(value)})" if value is not None and _is_text(row, column) else cell


def _is_text(row: LedgerRow, column: LedgerColumn) -> bool:
    """Whether what people typed under ``column`` is no number to a formula, whatever the program makes of it."""
    typed = row.ledger.typed.get((DETAIL, row.case.unit.code, row.id))
    cell = typed.cells.get(column.title) if typed else None
    return cell is not None and not isinstance(cell.value, Decimal)


def mean_formula(criterion: Criterion, marks: str) -> str:
    """The mean of the cells ``marks``, as :meth:`Judged.mean` has it, as an expression of a spreadsheet."""
    rule = criterion.rule
    assert isinstance(rule, Judged)
    total, count = f"SUM({marks})", rule.judges
    if rule.drop:
        total, count = f"({total}-MAX({marks})-MIN({marks}))", count - 2
    return f"ROUND(ROUND({total}/{count},{DECIMALS}),{CENTS})"


def _offered(row: LedgerRow) -> Content:
    return offered_formula(row, register.sheet_of(row.ledger.sheets) or register.EMPTY)


def offered_formula(row: LedgerRow, sheet: Sheet) -> Formula:
    """What the register ``sheet`` comes to; kept up where people enter the points."""
    criterion, score = _criterion(row), _score(row)
    incidents = row.case.awards.get(row.id, NO_AWARD).incidents
    value = offered(criterion, score.full, score.rule_points, incidents)
    known: Decimal | str = (NOTHING if incidents else "") if value is None else value
    count, total = register.sum_formula(sheet, row.case.unit, row.id) if criterion.judged else ("", "")
    if not count:  # a formula all the same, by which a cell typed over is known
        shown = f'"{known}"' if value is None else literal(value)
        return Formula(f'=IF(TRUE,{shown},"")', known)
    field = award_field(criterion, score.full)
    points = f"{literal(_base(criterion, score.full, None) or ZERO)}+{total}"
    points = points if field.maximum is None else f"MIN({literal(field.maximum)},{points})"
    points = points if field.minimum is None else f"MAX({literal(field.minimum)},{points})"
    points = f"ROUND({points},{CENTS})"
    if field.legal:
        legal = ",".join(map(literal, field.legal))
        points = f'IF(SUMPRODUCT(1*({{{legal}}}={points}))>0,{points},"{NOTHING}")'
    # a sheet that is sent on alone has no register beside it
    return Formula(f'=IF(ISNUMBER({count}),IF({count}=0,"",{points}),"")', known)


def _basis(row: LedgerRow) -> str:
    """What the points rest on: the measurable requirements beside a mark as they were met, and how it came about."""
    criterion, score = _criterion(row), _score(row)
    tested = [f"【{each.result}】{each.said}" for each in evidence_beside(row.scheme, criterion, row.case.settled)]
    if criterion.judged:
        return "\n".join((*tested, *(score.steps if score.points is not None else ())))
    return "\n".join(("；".join(score.steps), *tested))


def _statement(row: LedgerRow) -> str:
    """What the unit wrote about the measures that a row is judged by, and put upon their cells."""
    measures, item, names = row.scheme.measures, _item(row), row.scheme.names
    read = dict.fromkeys(figure.partition(".")[0] for figure in _criterion(row).rule.figures)
    said = []
    for measure in read or [measure.id for measure in measures.values() if measure.item == item.id]:
        entry = row.case.reported.get(f"{measure}.evidence")
        if entry is not None and entry.value:
            said.append(f"{measures[measure].title}：{entry.value}")
        for name, remark in row.case.remarks.items():
            if name.startswith(f"{measure}."):
                said.append(f"{measures[measure].title}·{names[name].label if name in names else '佐证材料'}：{remark}")
    if _criterion(row).judged and (remark := row.case.remarks.get(row.scheme.claim(_criterion(row)), "")):
        said.append(f"自评分：{remark}")
    return "；".join(said)


ITEM: LedgerColumn = TableColumn("项目", 7, "centre", write=lambda row: _item(row).id)
CRITERION: LedgerColumn = TableColumn("细则", 8, "centre", write=lambda row: row.id, needed=True)
TITLE: LedgerColumn = TableColumn("名称", 26, write=lambda row: _criterion(row).title)
FULL: LedgerColumn = TableColumn("满分", 7, "number", write=lambda row: _score(row).full)
KIND: LedgerColumn = TableColumn("类型", 7, "centre", write=_kind)
SELF: LedgerColumn = TableColumn("自评分", 9, "points", write=_self, needed=True)
RULED: LedgerColumn = TableColumn("规则得分", 9, "points", write=lambda row: _score(row).rule_points)
POINTS: LedgerColumn = TableColumn("考核分", 9, "points", input=True, needed=True)
REASON: LedgerColumn = TableColumn(former.REASON, 20, input=True, needed=True, former=(former.REASON_ONCE,))
JUDGES: tuple[LedgerColumn, ...] = tuple(  # one for each where several judge
    TableColumn(title, 8, "points", input=True, write=partial(_blank, count), used=partial(_several, count))
    for count, title in enumerate(CALLED, 1)
)
JUDGE: LedgerColumn = TableColumn("评分人", 10, input=True, needed=True)
STATE: LedgerColumn = TableColumn("状态", 14, "shrink", write=_state, live=True)
BASIS: LedgerColumn = TableColumn("评分依据", LONG, "wrap middle small", write=_basis)
STATEMENT: LedgerColumn = TableColumn("单位说明", 36, "wrap middle small quiet", write=_statement)
DEPARTMENT: LedgerColumn = TableColumn("责任处室", 16, write=lambda row: row.ledger.departments.get(_item(row).id, ""))
LAST_YEAR: TableColumn[LedgerRow, Decimal | None] = TableColumn(
    "上年考核分", 10, "points", write=lambda row: row.case.last_marks.get(row.id), read=as_number
)
NAMES: LedgerColumn = TableColumn("评委", 24, "small", write=_named, used=partial(_several, 1))
OFFERED: LedgerColumn = TableColumn("台账得分", 9, "points", write=_offered, live=True)
COUNT: LedgerColumn = TableColumn(  # hidden: how many judge the row
    "评委人数", 8, "whole", hidden=True, write=lambda row: judges(_criterion(row))
)
RESTS: LedgerColumn = TableColumn(  # hidden: what the row shows
    "依据数据", 30, "", hidden=True, write=lambda row: points_basis(row.scheme, row.case, _criterion(row))
)
# the contract first, in its order; then what is beyond it
COLUMNS = LedgerColumns(
    DETAIL,
    (
        CODE, NAME, ITEM, CRITERION, TITLE, FULL, KIND, SELF, RULED, POINTS, REASON, JUDGE, STATE, BASIS,
        CHECK, WHY, STATEMENT, DEPARTMENT, RESTS, CHECKED, RESTED, ENTERED, OFFERED, LAST_YEAR, NAMES, *JUDGES,
    ),
    asked=(POINTS, REASON), asked_too=JUDGES,
)  # fmt: skip
_LETTERS = Letters(
    COLUMNS.letters(POINTS), COLUMNS.letters(REASON), COLUMNS.letters(FULL), COLUMNS.letters(OFFERED),
    tuple(map(COLUMNS.letters, JUDGES)),
)  # fmt: skip
_CHECK = COLUMNS.letters(CHECK)


def _base(criterion: Criterion, full: Decimal | None, ruled: Decimal | None) -> Decimal | None:
    """The points from which those of the register are taken, or to which they are added; None: not known."""
    return ruled if not criterion.judged else ZERO if criterion.bonus else full or ZERO


def offered(
    criterion: Criterion, full: Decimal | None, ruled: Decimal | None, incidents: Sequence[Incident]
) -> Decimal | None:
    """What ``incidents`` make of full points, or of those the rule gives, 分.

    None where there are none, where the rule's points are not known, and where no such mark can be given.
    """
    field, points = award_field(criterion, full), _base(criterion, full, ruled)
    if not incidents or points is None:
        return None
    value = within(points + sum((each.points for each in incidents), ZERO), field.minimum, field.maximum)
    return value if not field.legal or value in field.legal else None


def award_field(criterion: Criterion, full: Decimal | None) -> Field:
    """What may be typed as 考核分 of ``criterion``: 0 to ``full`` in force; two decimals.

    Where points are taken off, from as many as the rule says below 0, else from 100; where people enter an award
    without limit, any number, and 100 at most where a rule works one out.
    """
    most, rule = HUNDRED if full is None and not criterion.judged else full, criterion.rule
    least = rule.least if isinstance(rule, Judged | Supplied) else -HUNDRED if most == 0 else ZERO
    legal = rule.legal(full) if isinstance(rule, Judged) and not rule.judges else ()
    label = f"{criterion.title}·{POINTS.title}"
    return Field(criterion.id, "score", label, unit="分", minimum=least, maximum=most, decimals=CENTS, legal=legal)


def mark_check(table: Table, scheme: Scheme, ids: Iterable[str]) -> None:
    """The entry check of 考核分 of the criteria ``ids``; of some it may be below 0."""
    criteria = (own.criteria[id] for id in ids for own in scheme.variants)
    below = any(award_field(each, each.points).minimum != 0 for each in criteria)
    points, most = (table.cells(each.title, fixed=False) for each in (POINTS, FULL))
    at_least, least = ("", "下限") if below else (f",{points}>=0", " 0 ")
    table.sheet.data_validation(
        *table.area(POINTS.title),
        {
            "validate": "custom",
            "value": f'=AND(ISNUMBER({points}){at_least},OR({most}="",{points}<={most}),ROUND({points},2)={points})',
            "error_title": "请核对", "error_message": f"考核分为{least}至满分，最多两位小数。", "error_type": "stop",
        },
    )  # fmt: skip


def write(paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder) -> Table:
    """The sheet, with its entry check and its colours."""

    running = [(at, each.width) for at, each in enumerate(COLUMNS.as_found(scheme, ledger)) if "small" in each.look]

    def tall(row: Contents) -> float:
        return height([(text_of(row[at]), width) for at, width in running], size=9, least=20)

    table = COLUMNS.write_units(paper, scheme, ledger, recorder, freeze=5, tall=tall, prints=BASIS)
    points, most, self, state = (table.cells(each.title, fixed=False) for each in (POINTS, FULL, SELF, STATE))
    mark_check(table, scheme, scheme.criteria)
    whole = table.area(CODE.title, STATE.title)
    waiting = ",".join(f'${state}="{word}"' for word in (WAITS, "待填报", "未下达目标", UNDECIDED))
    coloured(
        paper,
        table,
        (
            (whole, f'LEFT(${state},3)="需复核"', REVIEW),
            (whole, f'LEFT(${state},4)="填写有误"', REVIEW),
            (whole, f'LEFT(${state},1)="缺"', REVIEW),
            (table.area(POINTS.title), f'AND(${points}="",OR({waiting}))', WAITING),
            (table.area(REASON.title), f'${state}="{UNREASONED}"', WAITING),
            (
                table.area(SELF.title, POINTS.title),
                f"AND(ISNUMBER(${points}),ISNUMBER(${self}),ISNUMBER(${most}),ABS(${points}-${self})>0.2*${most})",
                FAR,
            ),
        ),
    )
    checks(paper, table)
    codes_are_text(table, CODE, CRITERION)
    return table
