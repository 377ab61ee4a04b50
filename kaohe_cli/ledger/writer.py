"""The ledger → its workbook: one department judges one item across all units side by side."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kaohe_cli.assess.evidence import evidence_beside
from kaohe_cli.catalogue import SEVERITY_WORDS
from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger import heading
from kaohe_cli.ledger.entries import (
    INVALID,
    NOT_FILLED,
    STANDING_WORDS,
    UNDECIDED,
    Ledger,
    Open,
    RowKey,
    TypedRow,
    basis,
    effect,
    is_known,
    pending_words,
    rows_in,
    shown,
)
from kaohe_cli.model import STATUS_WORDS, Case, CriterionScore, Entry, Mark, Origin
from kaohe_cli.paper.workbook import (
    FAR,
    GOOD,
    REVIEW,
    WAITING,
    Column,
    Content,
    Contents,
    Formula,
    Paper,
    Styled,
    Table,
    height,
)
from kaohe_cli.points import DECIMALS, half_up
from kaohe_cli.scheme.fields import finer
from kaohe_cli.scheme.rule import Named
from kaohe_cli.scheme.scheme import PERIOD, Item, Scheme
from kaohe_cli.sheet.book import Cell, CellKind, Sheet, address
from kaohe_cli.sheet.table import NO_RESULT, rows_of, written

LONG = 70  # width of running text

COLUMNS: Mapping[str, Column] = {
    column.title: column
    for column in (
        Column(heading.CODE, 10, "centre"),
        Column(heading.NAME, 20),
        Column(heading.ITEM, 7, "centre"),
        Column(heading.CRITERION, 8, "centre"),
        Column("名称", 26),
        Column("满分", 7, "number"),
        Column("类型", 7, "centre"),
        Column(heading.SELF, 9, "points"),
        Column(heading.RULED, 9, "points"),
        Column(heading.POINTS, 9, "points input", "inputs"),
        Column(heading.REASON, 20, "text input", "inputs"),
        Column(heading.JUDGE, 10, "text input", "inputs"),
        Column(heading.STATE, 14, "shrink"),
        Column(heading.BASIS, LONG, "wrap middle small"),
        Column(heading.STATEMENT, 36, "wrap middle small quiet"),
        Column(heading.DEPARTMENT, 16),
        Column(heading.MEASURE, 30),
        Column(heading.FIGURE, 20),
        Column("计量单位", 10, "centre"),
        Column(heading.REPORTED, 14, "number"),
        Column(heading.VERIFIED, 14, "number input", "inputs"),
        Column(heading.GROUNDS, 28, "text input", "inputs"),
        Column(heading.GAP, 12, "number"),
        Column(heading.EFFECT, 26),
        Column(heading.MATERIAL, 34),
        Column(heading.ORIGIN, 34, "text quiet"),
        Column(heading.STATUS, 10, "centre"),
        Column(heading.RETURN, 26),
        Column(heading.FILLED, 12, "date"),
        Column(heading.VETO, 10, "centre input", "inputs"),
        Column(heading.AUTHORITY, 20, "text input", "inputs"),
        Column(heading.DOCUMENT, 20, "text input", "inputs"),
        Column(heading.DECIDED, 14, "date input", "inputs"),
        Column(heading.REMARK, 26, "text input", "inputs"),
        Column(heading.KIND, 10, "centre"),
        Column(heading.BUREAU, 24),
        Column(heading.FILER, 10),
        Column(heading.PHONE, 18),
        Column(heading.PERIOD, 14, "centre"),
        Column(heading.RESTS, 30, "", hidden=True),
        Column(heading.RESTED, 30, "", hidden=True),
        Column(heading.ENTERED, 30, "", hidden=True),
    )
}
PROBLEM_COLUMNS = (
    Column("编号", 8, "centre"),
    Column("程度", 7, "centre"),
    Column(heading.NAME, 20),
    Column("文件", 26),
    Column("工作表", 12),
    Column("单元格", 8, "centre"),
    Column("问题", 60),
    Column("实填", 20),
    Column("应为", 20),
    Column("改法", 60),
    Column("代号", 16, hidden=True),
)
SOURCE_COLUMNS = (
    Column("来源", 10),
    Column("名称", 36),
    Column("大小（字节）", 14, "whole"),
    Column("SHA-256", 68, "text quiet"),
    Column("内容", 20),
    Column("核定人", 12),
    Column("核定日期", 14),
)
HOMELESS_COLUMNS = (
    Column("工作表", 12),
    Column(heading.CODE, 10, "centre"),
    Column(heading.NAME, 20),
    Column("代号", 18),
    Column("栏目", 14),
    Column("内容", 40),
    Column("说明", 44),
    Column(heading.RESTED, 60, "text quiet"),
)


def build(scheme: Scheme, ledger: Ledger, problems: Sequence[Problem] = ()) -> bytes:
    """The workbook of a settled ledger; ``problems`` are those of the ledger itself, told after the returns'."""
    with Paper("评分底稿", scheme.created, lean=True) as paper:
        # 进度 comes first and counts what the others show
        progress = paper.sheet(heading.PROGRESS, landscape=False, colour="#4F81BD")
        tables = {sheet: write(paper, scheme, ledger) for sheet, write in WRITERS.items()}
        _write_progress(paper, progress, scheme, ledger, tables)
        _write_homeless(paper, scheme, ledger)
        _write_problems(paper, tuple(dict.fromkeys((*ledger.problems, *problems))))
        _write_sources(paper, ledger)
        for sheet in ledger.sheets:
            _write_added(paper, sheet)
        tables[heading.DETAIL].sheet.activate()
        return paper.finish()


def _columns(ledger: Ledger, sheet: str) -> tuple[Column, ...]:
    """The columns of a sheet: the program's, then those that people added, then the hidden ones."""
    own = [COLUMNS[title] for title in heading.TITLES[sheet]]
    added = [Column(title, 16) for title in ledger.columns.get(sheet, ())]
    return (*own, *added)


class RowWriter:
    """What the rows of one sheet need to know about all units."""

    def __init__(self, scheme: Scheme, ledger: Ledger, sheet: str) -> None:
        self.scheme = scheme
        self.ledger = ledger
        self.sheet = sheet
        self.units = tuple(zip(ledger.cases, ledger.scores, strict=True))
        self.open: dict[RowKey, Open] = {each.key: each for each in ledger.open if each.standing != "pending"}
        self.review = {each.key for each in ledger.open if each.standing == "review"}
        self.added = ledger.columns.get(sheet, ())
        self.columns = {title: index for index, title in enumerate(heading.TITLES[sheet])}

    def finish(self, row: list[Content | Styled], key: RowKey) -> list[Content | Styled]:
        """``row`` with what people typed into it."""
        work = self.ledger.work.get(key)
        if work is None:
            row.extend([None] * len(self.added))
            return row
        for title in heading.INPUTS[self.sheet]:
            if title in work.cells:
                row[self.columns[title]] = typed(work.cells[title], COLUMNS[title].look)
        open = self.open.get(key)
        if open is not None and heading.STATE in self.columns:
            word = STANDING_WORDS[open.standing]
            row[self.columns[heading.STATE]] = f"{word}：{open.said}"
        if work.mark:
            row[self.columns[heading.ENTERED]] = work.mark  # by which the next reading knows that a run has seen it
        if key in self.review:
            row[self.columns[heading.RESTED]] = work.basis
        row.extend(typed(work.cells[title], "text") if title in work.cells else None for title in self.added)
        return row


def typed(cell: Cell, look: str) -> Styled:
    """What a person typed, to be written again as it was."""
    value = cell.value
    if cell.kind is CellKind.UNCOMPUTED:
        return Styled(NO_RESULT, look)
    if cell.percent and isinstance(value, Decimal):
        return Styled(value, f"{look} percent")
    if isinstance(value, bool):
        return Styled(written(cell), look)
    if not isinstance(value, str | Decimal | None):
        return Styled(value, f"{look} date")
    # points of too many decimals must be seen as they were typed
    rounded = "points" in look.split() and isinstance(value, Decimal) and value == half_up(value)
    return Styled(value, f"{look} number" if isinstance(value, Decimal) and not rounded else look)


# ── 评分明细 ────────────────────────────────────────────────────────────────────────────────────────────


def _write_detail(paper: Paper, scheme: Scheme, ledger: Ledger) -> Table:
    sheet = paper.sheet(heading.DETAIL)
    columns = _columns(ledger, heading.DETAIL)
    texts = [(index, column.width * 1.35) for index, column in enumerate(columns) if "small" in column.look]

    def tall(row: Contents) -> float:
        return height(((str(row[index] or ""), wide) for index, wide in texts), line=12)

    table = paper.table(sheet, columns, _detail_rows(scheme, ledger), freeze=5, tall=tall)
    sheet.print_area(0, 0, table.last, table.columns[heading.BASIS])
    titles = (heading.POINTS, "满分", heading.SELF, heading.STATE)
    points, most, self, state = (table.cells(title, fixed=False) for title in titles)
    sheet.data_validation(
        *table.area(heading.POINTS),
        {
            "validate": "custom",
            "value": f'=AND(ISNUMBER({points}),{points}>=0,OR({most}="",{points}<={most}),ROUND({points},2)={points})',
            "error_title": "请核对", "error_message": "考核分为 0 至满分，最多两位小数。", "error_type": "stop",
        },
    )  # fmt: skip
    for area, rule, colour in (
        (table.area(heading.CODE, heading.STATE), f'LEFT(${state},3)="需复核"', REVIEW),
        (table.area(heading.CODE, heading.STATE), f'LEFT(${state},4)="填写有误"', REVIEW),
        (table.area(heading.CODE, heading.STATE), f'LEFT(${state},1)="缺"', REVIEW),
        (
            table.area(heading.POINTS),
            f'AND(${points}="",OR(${state}="待评",${state}="待填报",${state}="未下达目标",${state}="{UNDECIDED}"))',
            WAITING,
        ),
        (
            table.area(heading.SELF, heading.POINTS),
            f'AND(ISNUMBER(${points}),ISNUMBER(${self}),ISNUMBER(${most}),ABS(${points}-${self})>0.2*${most})',
            FAR,
        ),
    ):  # fmt: skip
        sheet.conditional_format(
            *area, {"type": "formula", "criteria": f"={rule}", "format": paper.book.add_format({"bg_color": colour})}
        )
    _ignore(table, heading.CODE, heading.CRITERION)
    return table


def _ignore(table: Table, first: str, last: str) -> None:
    """Spare people the green corners of codes that look like numbers."""
    (begin, _), (_, end) = (table.cells(title).replace("$", "").split(":") for title in (first, last))
    table.sheet.ignore_errors({"number_stored_as_text": f"{begin}:{end}"})


def _detail_rows(scheme: Scheme, ledger: Ledger) -> Iterator[Contents]:
    rows = RowWriter(scheme, ledger, heading.DETAIL)
    column, number = rows.columns, 1
    points, reason = (_letter(column[title]) for title in (heading.POINTS, heading.REASON))
    for item in scheme.items:
        department = ledger.departments.get(item.id, "")
        for criterion in item.criterion:
            kind = "评议" if criterion.judged else "加分" if criterion.bonus else "规则"
            for case, score in rows.units:
                number += 1
                held = score.criterion(criterion.id)
                state = _state(scheme, held, f"{points}{number}", f"{reason}{number}")
                row: list[Content | Styled] = [
                    case.unit.code, case.unit.name, item.id, criterion.id, criterion.title, held.full, kind,
                    _self(case, item, held) if criterion.judged else held.self, held.rule_points, None, None, None,
                    state, _basis(scheme, case, held),
                    _statement(scheme, item, criterion.rule.figures, case), department,
                    basis(scheme, case, criterion), None, None,
                ]  # fmt: skip
                yield rows.finish(row, (heading.DETAIL, case.unit.code, criterion.id))


def _self(case: Case, item: Item, score: CriterionScore) -> Content:
    entry = case.reported.get(f"{item.id}.self")
    return INVALID if entry is not None and entry.invalid else score.self


def _state(scheme: Scheme, score: CriterionScore, points: str, reason: str) -> Formula:
    """How a row stands, kept up as people type."""
    if scheme.criteria[score.id].judged:
        return Formula(f'=IF({points}="","待评","已评")', "待评" if score.points is None else "已评")
    if score.rule_points is None:
        word = pending_words(scheme, score)
    else:
        word = "无任务" if score.state == "no_task" else "已计分"
    adjusted = score.points is not None and score.points != score.rule_points
    return Formula(f'=IF({points}="","{word}",IF({reason}="","缺调整理由","已调整"))', "已调整" if adjusted else word)


def _basis(scheme: Scheme, case: Case, score: CriterionScore) -> str:
    """What the points rest on: the measurable requirements beside a mark as they were met, and how it came about."""
    criterion = scheme.criteria[score.id]
    tested = [f"【{each.result}】{each.said}" for each in evidence_beside(scheme, criterion, case.settled)]
    if criterion.judged:
        return "\n".join((*tested, *(score.steps if score.points is not None else ())))
    return "\n".join(("；".join(score.steps), *tested))


def _statement(scheme: Scheme, item: Item, figures: Sequence[str], case: Case) -> str:
    """What the unit wrote about the measures that a row is judged by."""
    read = dict.fromkeys(figure.partition(".")[0] for figure in figures)
    measures = read or [measure.id for measure in scheme.measures.values() if measure.item == item.id]
    said = []
    for measure in measures:
        entry = case.reported.get(f"{measure}.evidence")
        if entry is not None and entry.value:
            said.append(f"{scheme.measures[measure].title}：{entry.value}")
    return "；".join(said)


# ── 数据核定 ────────────────────────────────────────────────────────────────────────────────────────────


def _write_figures(paper: Paper, scheme: Scheme, ledger: Ledger) -> Table:
    sheet = paper.sheet(heading.FIGURES)
    table = paper.table(sheet, _columns(ledger, heading.FIGURES), _figure_rows(scheme, ledger), freeze=4)
    sheet.print_area(0, 0, table.last, table.columns[heading.STATE])
    verified, state = (table.cells(title, fixed=False) for title in (heading.VERIFIED, heading.STATE))
    count = max(1, len(ledger.cases))
    for index, figure in enumerate(rows_in(scheme, heading.FIGURES)):
        first, column = table.head + 1 + index * count, table.columns[heading.VERIFIED]
        if figure.endswith(".done"):
            words = [scheme.names[figure].word(mark) for mark in (Mark.DONE, Mark.NOT_DONE, Mark.NO_TASK)]
            listed = "".join(f"“{word}”" for word in words[:2])
            check = {"validate": "list", "source": words, "error_message": f"应为{listed}或“{words[2]}”。"}
        else:
            # the same for all, since rows are sorted and another figure may come to stand here
            cell = address(first + 1, column + 1)
            legal = f"=IF(ISNUMBER({cell}),{finer(cell, DECIMALS)}=0,TRUE)"
            check = {"validate": "custom", "value": legal, "error_message": f"数据最多 {DECIMALS} 位小数。"}
        told = {"error_type": "warning", "error_title": "请核对"}
        sheet.data_validation(first, column, first + count - 1, column, {**check, **told})
    for area, rule, colour in (
        (table.area(heading.CODE, heading.STATE), f'OR(LEFT(${state},3)="需复核",LEFT(${state},4)="填写有误")', REVIEW),
        (table.area(heading.REPORTED), f'OR(${state}="未填",${state}="填报有误",${state}="未下达")', WAITING),
        (table.area(heading.VERIFIED), f'${verified}<>""', GOOD),
    ):
        sheet.conditional_format(
            *area, {"type": "formula", "criteria": f"={rule}", "format": paper.book.add_format({"bg_color": colour})}
        )
    _ignore(table, heading.CODE, heading.CODE)
    return table


def _figure_rows(scheme: Scheme, ledger: Ledger) -> Iterator[Contents]:
    rows = RowWriter(scheme, ledger, heading.FIGURES)
    verified = _letter(rows.columns[heading.VERIFIED])
    number = 1
    for figure in rows_in(scheme, heading.FIGURES):
        named = scheme.names[figure]
        measure = figure.partition(".")[0]
        closing = [name for name in scheme.figures if name.startswith(f"{measure}.")][-1] == figure
        for case, score in rows.units:
            number += 1
            entry = case.reported.get(figure)
            word = _word(scheme, ledger, figure, entry)
            held = case.verified.get(figure)
            state = Formula(f'=IF({verified}{number}="","{word}","已核定")', word if held is None else "已核定")
            material = case.reported.get(f"{measure}.evidence") if closing else None
            row: list[Content | Styled] = [
                case.unit.code, case.unit.name, named.title, named.label, named.unit, _content(entry, named),
                None, None, state, _gap(entry, held),
                effect(scheme, score, figure) if held is not None else None,
                shown(material) if material else None, _where(entry.origin) if entry else None, None, None,
            ]  # fmt: skip
            yield rows.finish(row, (heading.FIGURES, case.unit.code, figure))


def _word(scheme: Scheme, ledger: Ledger, figure: str, entry: Entry | None) -> str:
    """How a figure stands before anyone verified it."""
    if entry is None or (entry.value is None and not entry.invalid):
        return "未下达" if scheme.issued(figure) else NOT_FILLED
    if entry.invalid:
        return INVALID
    if entry.value is Mark.NO_TASK:
        return Mark.NO_TASK.value
    given = entry.origin is None or (bool(ledger.settings) and entry.origin.file == ledger.settings)
    return "下达" if given else "已填"


def _content(entry: Entry | None, named: Named) -> Content:
    """A figure as it is shown: its value as a number, else in words."""
    return entry.value if entry is not None and isinstance(entry.value, Decimal) else shown(entry, named) or None


def _gap(entry: Entry | None, held: Entry | None) -> Content:
    """核定值 less 填报值; None where one of them is no number."""
    before, after = (each.value if each is not None else None for each in (entry, held))
    return after - before if isinstance(before, Decimal) and isinstance(after, Decimal) else None


def _where(origin: Origin | None) -> str:
    return "" if origin is None else f"{origin.file}|{origin.sheet}!{origin.cell}"


# ── 单位情况 ────────────────────────────────────────────────────────────────────────────────────────────


def _write_situation(paper: Paper, scheme: Scheme, ledger: Ledger) -> Table:
    sheet = paper.sheet(heading.SITUATION)
    table = paper.table(sheet, _columns(ledger, heading.SITUATION), _situation_rows(scheme, ledger), freeze=2)
    sheet.data_validation(
        *table.area(heading.VETO),
        {"validate": "list", "source": ["否", "是"], "error_title": "请核对", "error_message": "应为“是”或“否”。"},
    )
    titles = (heading.STATUS, heading.VETO, heading.AUTHORITY)
    status, veto, authority = (table.cells(title, fixed=False) for title in titles)
    lacking = f'AND(${veto}="是",${authority}="")'
    for area, rule, colour in (
        (table.area(heading.STATUS), f'OR(${status}="未报",${status}="退回")', WAITING),
        (table.area(heading.CODE, heading.VETO), f'${veto}="是"', REVIEW),
        (table.area(heading.AUTHORITY, heading.DECIDED), lacking.replace(f"${authority}", authority), WAITING),
    ):
        sheet.conditional_format(
            *area, {"type": "formula", "criteria": f"={rule}", "format": paper.book.add_format({"bg_color": colour})}
        )
    _ignore(table, heading.CODE, heading.CODE)
    return table


def _situation_rows(scheme: Scheme, ledger: Ledger) -> Iterator[Contents]:
    rows = RowWriter(scheme, ledger, heading.SITUATION)
    for case in ledger.cases:
        unit = case.unit
        row: list[Content | Styled] = [
            unit.code, unit.name, STATUS_WORDS[case.status], case.file, case.filled, "否", None, None, None, None,
            unit.kind, unit.bureau, shown(case.reported.get("filer")), shown(case.reported.get("phone")),
            shown(case.reported.get(PERIOD)),
        ]  # fmt: skip
        yield rows.finish(row, (heading.SITUATION, unit.code, ""))


WRITERS = {heading.DETAIL: _write_detail, heading.FIGURES: _write_figures, heading.SITUATION: _write_situation}


# ── 进度 ────────────────────────────────────────────────────────────────────────────────────────────────


def _write_progress(paper: Paper, sheet: Any, scheme: Scheme, ledger: Ledger, tables: Mapping[str, Table]) -> None:
    detail, figures = tables[heading.DETAIL], tables[heading.FIGURES]
    items, points, kinds, states = (
        f"{heading.DETAIL}!{detail.cells(title)}" for title in (heading.ITEM, heading.POINTS, "类型", heading.STATE)
    )  # fmt: skip
    judged = sum(criterion.judged for criterion in scheme.criteria.values()) * len(ledger.cases)
    waiting = {item.id: 0 for item in scheme.items}
    review = dict(waiting)
    unready = dict(waiting)
    for open in ledger.open:
        if open.key[0] == heading.DETAIL:
            judged_one = scheme.criteria[open.key[2]].judged
            kind = review if open.standing != "pending" else waiting if judged_one else unready
            kind[open.item] += 1
    columns = (6, 26, 18, 9, 9, 9, 9, 12)
    for index, width in enumerate(columns):
        sheet.set_column(index, index, width)
    paper.merge(sheet, 0, 0, 7, "评分进度", "title")
    sheet.set_row(0, 34)
    total = sum(waiting.values())
    checks = sum(open.standing != "pending" for open in ledger.open)
    lines = (
        (f'="待评 "&COUNTIF({states},"待评")&" 项（共 {judged} 项）"', f"待评 {total} 项（共 {judged} 项）"),
        (
            f'="需复核、填写有误 "&(COUNTIF({states},"需复核*")+COUNTIF({states},"填写有误*")'
            f'+COUNTIF({heading.FIGURES}!{figures.cells(heading.STATE)},"需复核*")+COUNTIF({heading.FIGURES}!{figures.cells(heading.STATE)},"填写有误*"))'
            f'&" 处"',
            f"需复核、填写有误 {checks} 处",
        ),
    )
    for row, (formula, value) in enumerate(lines, 1):
        paper.put(sheet, row, 0, Formula(formula, value), "bare large")
        sheet.set_row(row, 24)
    heads = (heading.ITEM, "名称", heading.DEPARTMENT, "应评", "已评", "待评", "需复核", "规则待定")
    paper.row(sheet, 4, heads, ["header"] * len(heads))
    sheet.set_row(4, 28)
    looks = ("centre", "text", "text", "whole", "whole", "whole", "whole", "whole")
    first = 5
    for row, item in enumerate(scheme.items, first):
        due = sum(criterion.judged for criterion in item.criterion) * len(ledger.cases)
        here = f"({items}=$A{row + 1})"
        open_items = Formula(f'=SUMPRODUCT({here}*({kinds}="评议")*({points}=""))', waiting[item.id])
        marked = Formula(
            f'=SUMPRODUCT({here}*((LEFT({states},3)="需复核")+(LEFT({states},4)="填写有误")))', review[item.id]
        )
        lacking = "+".join(f'({states}="{word}")' for word in ("待填报", "未下达目标", INVALID, UNDECIDED))
        unready_items = Formula(f"=SUMPRODUCT({here}*({lacking}))", unready[item.id])
        paper.row(
            sheet, row,
            (item.id, item.title, ledger.departments.get(item.id, ""), due,
             Formula(f"=D{row + 1}-F{row + 1}", due - waiting[item.id]), open_items, marked, unready_items),
            looks,
        )  # fmt: skip
    last = first + len(scheme.items)
    sums = {"D": judged, "E": judged - total, "F": total, "G": sum(review.values()), "H": sum(unready.values())}
    paper.row(
        sheet, last,
        ("", "合计", "", *(Formula(f"=SUM({at}{first + 1}:{at}{last})", value) for at, value in sums.items())),
        [f"{look} strong band" for look in looks],
    )  # fmt: skip
    for column, colour in ((5, WAITING), (6, REVIEW), (7, WAITING)):
        sheet.conditional_format(
            first, column, last, column,
            {"type": "cell", "criteria": ">", "value": 0, "format": paper.book.add_format({"bg_color": colour})},
        )  # fmt: skip
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{last}"})
    for row, (text, look) in enumerate(GUIDE, last + 2):
        if look:
            paper.put(sheet, row, 0, "", look)
        paper.merge(sheet, row, 1, 7, text, "bare wrap middle")
        sheet.set_row(row, 36 if len(text) > 45 else 20)


GUIDE = (
    (f"“{heading.DETAIL}”填考核分：评议项目由责任处室评定；规则、加分项目空着即按规则得分，调整须写理由。", "input"),
    (f"“{heading.FIGURES}”填核定值（如统计部门的数据）：填了就以核定值计分；自评分仍按单位填报的数据。", "input"),
    ("尚未定分，或数据未填、有误。", "waiting"),
    (f"需复核：填写之后依据有变动。核对后重新填写，或在“{heading.STATE}”栏写“{heading.CONFIRMED}”。", "review"),
    ("与自评分相差超过满分的五分之一，请再看一看。", "far"),
    ("可以排序、筛选，也可以增加自己的列和工作表；请不要改动表头的文字和单位代码、细则编号。", ""),
)


# ── 其余 ────────────────────────────────────────────────────────────────────────────────────────────────


def _write_homeless(paper: Paper, scheme: Scheme, ledger: Ledger) -> None:
    codes = {case.unit.code for case in ledger.cases}
    gone = [work for key, work in ledger.work.items() if not is_known(scheme, codes, key)]
    rows = [row for work in gone for row in _homeless_rows(work, "不在考核之内，只作保存")]
    said = "与现有内容不一致：确定以后，把现有内容改正，或删去这一行"
    rows += [row for work in ledger.spare for row in _homeless_rows(work, said)]
    if rows:
        sheet = paper.sheet(heading.HOMELESS)
        paper.table(sheet, HOMELESS_COLUMNS, rows, freeze=3)


def _homeless_rows(work: TypedRow, said: str) -> Iterator[Contents]:
    sheet, code, id = work.key
    for title, cell in work.cells.items():
        yield [sheet, code, work.name, id, title, typed(cell, "text"), said, work.basis]


def _write_problems(paper: Paper, problems: Sequence[Problem]) -> None:
    sheet = paper.sheet(heading.PROBLEMS)
    paper.table(
        sheet,
        PROBLEM_COLUMNS,
        (
            [each.code, SEVERITY_WORDS[each.severity], each.unit, each.file, each.sheet, each.cell, each.message,
             each.found, each.expected, each.fix, each.field]
            for each in problems
        ),
        freeze=3,
    )  # fmt: skip


def _write_sources(paper: Paper, ledger: Ledger) -> None:
    sheet = paper.sheet(heading.SOURCES)
    rows = []
    for each in ledger.sources:
        approver, day = ledger.approvals.get(each.name, ("", "")) if each.role == "口径" else ("", "")
        rows.append([each.role, each.name, each.size, each.sha256, each.value, approver, day])
    paper.table(sheet, SOURCE_COLUMNS, rows, freeze=2)


def _write_added(paper: Paper, sheet: Sheet) -> None:
    """A sheet that people added, by its values."""
    page = paper.book.add_worksheet(sheet.name)
    widths: dict[int, int] = {}
    for row, cells in rows_of(sheet):
        for column, cell in cells.items():
            paper.put(page, row - 1, column - 1, typed(cell, "bare"))
            widths[column] = min(40, max(widths.get(column, 10), 2 * len(written(cell))))
    for column, width in widths.items():
        page.set_column(column - 1, column - 1, width)


def _letter(column: int) -> str:
    """The letters of a column given from 0."""
    return address(1, column + 1)[:-1]
