"""处室评分表: one workbook for each 责任处室, a sheet per item, the requirement on top and the units side by side.

Nothing else of the ledger is in it. Its rows are those of 评分明细, found again by unit and criterion.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.evidence import evidence_beside
from kaohe_cli.assess.reasons import NO_DEPARTMENT, awaited, wordless
from kaohe_cli.extent import height, width
from kaohe_cli.ledger import columns as shared
from kaohe_cli.ledger import detail, register, situation
from kaohe_cli.ledger.columns import (
    LedgerColumn,
    LedgerColumns,
    LedgerRow,
    codes_are_text,
    coloured,
    counted,
    opened_rows,
)
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.record import DETAIL, REGISTER, SITUATION, Ledger, cell_text
from kaohe_cli.model import STATUS_WORDS
from kaohe_cli.naming import fitting
from kaohe_cli.paper.column import TableColumn
from kaohe_cli.paper.workbook import REVIEW, WAITING, Column, Content, Contents, Formula, Paper, Table, text_of
from kaohe_cli.points import plain
from kaohe_cli.scheme.records import Criterion, Item
from kaohe_cli.scheme.rule import Judged
from kaohe_cli.scheme.rule.judged import JUDGES
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.table import written

COVER = "填写说明"
DEPARTMENT_FACT, SCHEME_FACT, ASKED_FACT = "责任处室", "方案", "曾不一致"
# points that columns take together: of 770 between the margins of a landscape A4 page, so that where the house's font
# is missing, and columns come out wider, print at 11 points is still no smaller than 9
ACROSS = 672.0
FLEXIBLE = 46.0  # characters that running texts take together at least, beside the marks of judges
PER_PAGE = 14  # judges whose marks fit on a page beside the units
NARROW = 9.0  # of a column of texts at least
USUAL_REASON, LONGEST = 60, 150  # characters of half width, of a reason and of the longest text that widens a column
SIGNED = "评分人：　　　　　　　　　处室负责人：　　　　　　　　　日期：　　　　年　　月　　日"
LONGEST_SHEET, UNFIT = 31, re.compile(r"[\\/*?:\[\]']")
PARAGRAPH = 380.0  # points that a row of the requirement is high at most


def judged_items(scheme: Scheme) -> tuple[Item, ...]:
    """The items in which departments judge something."""
    return tuple(item for item in scheme.items if item.entered)


def items_by_department(scheme: Scheme, ledger: Ledger) -> Mapping[str, tuple[Item, ...]]:
    """The judged items of each 责任处室, in the order of the scheme."""
    found: dict[str, tuple[Item, ...]] = {}
    for item in judged_items(scheme):
        department = ledger.departments.get(item.id, "") or NO_DEPARTMENT
        found[department] = (*found.get(department, ()), item)
    return found


def file_names(scheme: Scheme, ledger: Ledger) -> Mapping[str, str]:
    """What the file of each department is called, without its ending."""
    return fitting(items_by_department(scheme, ledger))


def sheet_name(item: Item) -> str:
    """The name of the sheet of an item: 1.4 产业发展与招商引资."""
    return UNFIT.sub("", f"{item.id} {item.title}")[:LONGEST_SHEET].strip()


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────


def _met(row: LedgerRow) -> str:
    """How far the measurable requirements beside a mark were met."""
    criterion = row.scheme.of(row.case.unit.kind).criteria[row.id]
    return "\n".join(
        f"【{each.result}】{each.said}" for each in evidence_beside(row.scheme, criterion, row.case.settled)
    )


def _notes(row: LedgerRow) -> str:
    """What the office remarked on the unit, how its return stands, and what of its figures is queried."""
    held = row.ledger.typed.get((SITUATION, row.case.unit.code, ""))
    remark = written(held.cells.get(situation.REMARK.title)) if held else ""
    item = row.scheme.item_of[row.id]
    own = {name for name, measure in row.scheme.measures.items() if measure.item == item.id}
    queried = (
        f"{each.label} {each.value}：{each.why}{f'（单位说明：{each.answer}）' if each.answer else ''}"
        for each in row.ledger.queries
        if each.unit == row.case.unit and (each.field.partition(".")[0] in own or each.field == row.id)
    )
    status = STATUS_WORDS[row.case.status] if row.case.status != "received" else ""
    return "\n".join(filter(None, (status, remark, *queried)))


UNIT: LedgerColumn = replace(shared.NAME, width=13, look="wrap middle")
CODE = replace(shared.CODE, hidden=True)
CRITERION = replace(detail.CRITERION, width=7)
MET: LedgerColumn = TableColumn("达到情况", 24, "wrap middle", write=_met)
NOTES: LedgerColumn = TableColumn("提示", 16, "wrap middle", write=_notes)
REASON = replace(detail.REASON, width=24, look="wrap middle")
MEAN = "平均分"  # kept up by a formula


class Judging(Struct, frozen=True):
    """What the sheet of an item shows."""

    item: Item
    columns: LedgerColumns
    judges: int  # several, each for himself; 0: the department as one
    wide: bool  # the marks of judges have a page of their own


def judging(scheme: Scheme, ledger: Ledger, item: Item, *, every: bool = False) -> Judging:
    """The columns of the sheet of ``item``, so wide that they print at full size; ``every``: what may be there too."""
    own, count = item.entered, scheme.judges(item)
    several = len(own) > 1
    fulls = several or any(len({score.criterion(each.id).full for score in ledger.scores}) > 1 for each in own)
    last = every or any(each.id in case.last_marks for case in ledger.cases for each in own)
    noted = any(each.criterion in {one.id for one in own} for each in ledger.incidents)
    before: list[TableColumn[LedgerRow, Any]] = [
        CODE, UNIT, replace(CRITERION, hidden=not several), replace(detail.FULL, width=6, hidden=not fulls),
        replace(detail.SELF, width=7),
    ]  # fmt: skip
    if last:
        before.append(replace(detail.LAST_YEAR, width=7))
    texts: list[LedgerColumn] = [MET, replace(detail.STATEMENT, width=27, look="wrap middle"), NOTES]
    offered: LedgerColumn = replace(detail.OFFERED, width=7, hidden=not noted)
    marks = [replace(each, width=6.5) for each in detail.JUDGES[:count]]
    mean: list[LedgerColumn] = [replace(detail.RULED, title=MEAN, width=7, live=True)] if count else []
    points, judge, state = (
        replace(detail.POINTS, width=8),
        replace(detail.JUDGE, width=10, look="wrap middle"),
        replace(detail.STATE, width=9),
    )
    hidden = (detail.RESTS, shared.RESTED, shared.ENTERED, *((detail.COUNT,) if count else ()))
    fixed = [*before, offered, *marks, *mean, points, judge, state]
    room = _room(fixed)
    wide = room < FLEXIBLE
    if wide:
        room = _room([*before, offered, *mean, points, judge, state])
    met, said, notes, reason = _shared(room, (*texts, REASON), () if every else _rows(scheme, ledger, own))
    shown = [*before, met, said, notes, offered, *mean, points, reason, judge, state, *marks]
    if not wide:
        shown = [*before, met, said, notes, offered, *marks, *mean, points, reason, judge, state]
    columns = (*shown, *hidden)
    at = {each.title: columns[place] for place, each in enumerate(columns)}
    made = LedgerColumns(
        sheet_name(item), columns, asked=(detail.POINTS, detail.REASON), asked_too=detail.JUDGES[:count], of=DETAIL
    )
    main = (detail.POINTS, detail.REASON, detail.FULL, detail.OFFERED)
    said_at, why_at, full_at, noted_at = (made.letters(at[each.title]) for each in main)
    judges = tuple(made.letters(at[each.title]) for each in detail.JUDGES[:count])
    letters = detail.Letters(said_at, why_at, full_at, noted_at, judges)
    live = {
        detail.STATE.title: lambda row: row.state(detail.mark_state(row, letters)),
        MEAN: lambda row: _mean(row, letters),
        detail.OFFERED.title: lambda row: detail.offered_formula(row, register.EMPTY),  # the register of the copy
    }
    columns = tuple(replace(each, write=live[each.title]) if each.title in live else each for each in columns)
    return Judging(item, replace(made, columns=columns), count, wide)


def _rows(scheme: Scheme, ledger: Ledger, criteria: Sequence[Criterion]) -> tuple[LedgerRow, ...]:
    """The rows of ``criteria``, as far as their texts ask."""
    units = list(zip(ledger.cases, ledger.scores, strict=True))
    return tuple(
        LedgerRow(scheme, ledger, case, score, each.id, 0, None, "", None, None, "")
        for each in criteria
        for case, score in units
    )


def _shared(room: float, columns: Sequence[LedgerColumn], rows: Sequence[LedgerRow]) -> Iterator[LedgerColumn]:
    """``columns`` of texts, sharing ``room``: each by the longest text of its own, reasons as people write them."""
    longest = [
        USUAL_REASON if each.input else min(max((width(text_of(each.write(row))) for row in rows), default=0), LONGEST)
        for each in columns
    ]
    left = room - NARROW * len(columns)
    for each, long in zip(columns, longest, strict=True):
        yield replace(each, width=round(NARROW + left * long / sum(longest) - 0.05, 1))


def _room(columns: Sequence[Column]) -> float:
    """Characters that are left on a page beside ``columns`` for four texts."""
    taken = sum(each.width * 5.25 + 3.75 for each in columns if not each.hidden)
    return (ACROSS - taken - 4 * 3.75) / 5.25


def _mean(row: LedgerRow, letters: detail.Letters) -> Content:
    """The mean of the judges' marks, kept up as they are typed; blank until all are there."""
    criterion, score = row.scheme.of(row.case.unit.kind).criteria[row.id], row.score.criterion(row.id)
    if not detail.judges(criterion):
        return None
    complete, mean = detail.mean_of(row, letters)
    return Formula(f'=IF({complete},{mean},"")', score.rule_points if score.rule_points is not None else "")


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────


def title(scheme: Scheme, department: str) -> str:
    """The title in the properties of the copy of a department."""
    return f"{scheme.content.title.removesuffix('表')}评分表（{department}）"


def judging_workbook(scheme: Scheme, ledger: Ledger, department: str, issued: Ledger | None = None) -> bytes:
    """The workbook of a department: what it judges, and nothing else of the ledger.

    ``issued``: with whose entries it was issued, where those of ``ledger`` were filled in since; None: with its own.
    """
    issued = issued or ledger
    items = items_by_department(scheme, ledger)[department]
    with Paper(title(scheme, department), scheme.created) as paper, Recorder() as recorder:
        recorder.fact(DEPARTMENT_FACT, (department,))
        recorder.fact(SCHEME_FACT, (scheme.id, ledger.digest))
        recorder.fact(ASKED_FACT, sorted(map(cell_text, issued.told)))
        recorder.head(SITUATION, (shared.CODE.title, shared.NAME.title))
        for case in ledger.cases:
            recorder.row(SITUATION, case.unit.code, "", (case.unit.code, case.unit.name), {})
        cover = paper.sheet(COVER, landscape=False)
        pages = [judging(scheme, ledger, item) for item in items]
        tables = [_write_item(paper, scheme, ledger, issued, recorder, each, department) for each in pages]
        _write_cover(paper, cover, scheme, ledger, department, list(zip(pages, tables, strict=True)))
        own = [criterion.id for item in items for criterion in item.entered]
        names = {case.unit.code: case.unit.name for case in ledger.cases}
        register.record(recorder, register.part(issued.incidents, own))
        noted = register.filled(register.part(ledger.incidents, own), names)
        register.write_sheet(paper, scheme, names, noted, SheetLayout(), own)
        recorder.write(paper)
        return paper.finish()


def top_lines(scheme: Scheme, ledger: Ledger, item: Item, department: str) -> tuple[tuple[str, str], ...]:
    """What stands above the units: a heading, empty where there is none, and its text."""
    own, names, points = item.entered, ledger.judges.get(item.id, ()), _points(scheme, ledger, item)
    # where kinds of units have other points, each row says its own
    full = f"（满分 {plain(points[0])} 分）" if len(points) == 1 else ""
    how = "；".join(
        f"{f'{each.id} {each.title}：' if len(own) > 1 else ''}{_how(scheme, ledger, each)}" for each in own
    )
    said = [("责任处室", department), ("评分办法", how)]
    if names:
        said.append(("评委", "、".join(f"{place} {name}" for place, name in zip(JUDGES, names, strict=False))))
    if len(own) > 1 or own[0].clause not in f"{item.content}\n{item.standard}":
        said += [(f"{each.id} {each.title}", each.clause) for each in own]
    return (
        ("", f"{item.id}　{item.title}{full}评分表"),
        ("考核内容及达到的要求", item.content), ("评分标准", item.standard), *said,
    )  # fmt: skip


def _kinds(scheme: Scheme, ledger: Ledger) -> Mapping[str, Scheme]:
    """The kinds of the units, each with the scheme for its units."""
    return {case.unit.kind: scheme.of(case.unit.kind) for case in ledger.cases}


def _points(scheme: Scheme, ledger: Ledger, item: Item) -> tuple[Decimal, ...]:
    """满分 of ``item``, 分: one, or as many as kinds of units have others; none where it has none."""
    own = (each for kind in _kinds(scheme, ledger).values() for each in kind.items if each.id == item.id)
    return tuple(dict.fromkeys(each.points for each in own if each.points is not None))


def _how(scheme: Scheme, ledger: Ledger, criterion: Criterion) -> str:
    """Who gives how many points for ``criterion``, told of each kind of units where that is not the same."""
    said: dict[str, list[str]] = {}
    for kind, own in _kinds(scheme, ledger).items():
        here = own.criteria[criterion.id]
        if isinstance(here.rule, Judged):
            said.setdefault(here.rule.judging(here.points), []).append(kind)
    return "；".join(f"{'、'.join(kinds)}{how}" if len(said) > 1 else how for how, kinds in said.items())


def _write_item(
    paper: Paper, scheme: Scheme, ledger: Ledger, issued: Ledger, recorder: Recorder, page: Judging, department: str
) -> Table:  # fmt: skip
    columns, item = page.columns, page.item
    sheet = paper.sheet(columns.sheet)
    shown = [at for at, each in enumerate(columns.columns) if not each.hidden]
    first, last = shown[0], shown[-1]
    if page.wide:  # beside the units, which stand on both pages, and on the first page alone
        first, last = shown[1], next(at for at in shown if columns.columns[at].title == detail.REASON.title)
    across = sum(columns.columns[at].width for at in shown if first <= at <= last)
    (_, titled), *lines = top_lines(scheme, ledger, item, department)
    paper.merge(sheet, 0, first, last, titled, "title")
    sheet.set_row(0, 30)
    row = 0
    for heading, text in lines:
        for part in _parts(f"{heading}：{text}", across):
            row += 1
            paper.merge(sheet, row, first, last, part, "wrap middle bare")
            sheet.set_row(row, height([(part, across)], least=18))
    running = [(at, each.width) for at, each in enumerate(columns.columns) if "wrap" in each.look]

    def tall(contents: Contents) -> float:
        return height([(text_of(contents[at]), wide) for at, wide in running], least=26)

    keys = [(case.unit.code, each.id) for each in item.entered for case in ledger.cases]
    recorder.head(columns.sheet, (each.title for each in columns.own))

    rows = (contents for contents, _ in columns.unit_rows(scheme, ledger, recorder, keys, row + 3, issued))
    sheet.grows_from = row + 2  # reasons are typed later
    table = paper.table(sheet, columns.columns, rows, top=row + 1, tall=tall, head_height=32)
    sheet.freeze_panes(0, shown[0] + 1)
    foot = table.last + 2
    paper.merge(sheet, foot, first, last, SIGNED, "bare")
    sheet.set_row(foot, 30)
    hidden = next(at for at, each in enumerate(columns.columns) if each.title == detail.RESTS.title)
    sheet.print_area(0, 0, foot, hidden - 1)
    if page.wide:
        sheet.fit_to_pages(2 + (page.judges - 1) // PER_PAGE, 0)
        sheet.repeat_columns(shown[0])
    _checks(paper, scheme, table, page)
    return table


def _parts(text: str, across: float) -> Iterator[str]:
    """``text`` in as many rows as it needs."""
    while height([(text, across)]) > PARAGRAPH:
        cut = len(text) // 2
        at = max((text.rfind(mark, 0, cut + 1) for mark in "\n。；"), default=-1)
        at = at if at > 0 else cut
        yield from _parts(text[: at + 1].strip("\n"), across)
        text = text[at + 1 :].strip("\n")
    yield text


def _checks(paper: Paper, scheme: Scheme, table: Table, page: Judging) -> None:
    """Entry checks and colours."""
    detail.mark_check(table, scheme, [each.id for each in page.item.entered])
    state = table.cells(detail.STATE.title, fixed=False)
    # each row asks for the marks of its own judges, wherever it is sorted to, or for 考核分 where none judge it so
    asked = {detail.POINTS.title: ""}
    if page.judges:
        count = f"${table.cells(detail.COUNT.title, fixed=False)}"
        asked = {detail.POINTS.title: f",{count}=0"}
        asked |= {each: f",{count}>={at}" for at, each in enumerate(JUDGES[: page.judges], 1)}
    coloured(
        paper,
        table,
        (
            *(
                (table.area(each), f'AND({table.cells(each, fixed=False)}="",${state}="{detail.WAITS}"{own})', WAITING)
                for each, own in asked.items()
            ),
            (table.area(detail.REASON.title), f'${state}="{detail.UNREASONED}"', WAITING),
            (table.area(detail.STATE.title), f'OR(LEFT(${state},3)="需复核",LEFT(${state},4)="填写有误")', REVIEW),
        ),
    )
    codes_are_text(table, shared.CODE, detail.CRITERION)


def _write_cover(
    paper: Paper, sheet: Any, scheme: Scheme, ledger: Ledger, department: str, tables: Sequence[tuple[Judging, Table]]
) -> None:
    """What is to be judged and how far it is, counted as people type; how to fill it in."""
    columns = [
        Column("项目", 7, "centre"), Column("名称", 34, "wrap middle"), Column("满分", 8, "number"),
        Column("应评", 8, "whole"), Column("待评", 8, "whole"), Column("待写理由", 10, "whole"),
    ]  # fmt: skip
    across = len(columns) - 1
    paper.merge(sheet, 0, 0, across, title(scheme, department), "title wrap middle")
    sheet.set_row(0, 44)
    paper.header(sheet, 2, columns, 28)
    told = opened_rows(ledger)
    late = tuple(awaited(scheme, ledger.cases, ledger.scores))
    silent = tuple(wordless(scheme, ledger.cases, ledger.scores))
    row = 2
    for row, (page, table) in enumerate(tables, 3):
        states = f"'{page.columns.sheet}'!{table.cells(detail.STATE.title)}"
        ids = [each.id for each in page.item.entered]
        points = _points(scheme, ledger, page.item)
        counts = [
            counted(f'COUNTIF({states},"{word}")', (each for each in marks if each[1] in ids), told)
            for word, marks in ((detail.WAITS, late), (detail.UNREASONED, silent))
        ]
        contents: list[Content] = [
            page.item.id,
            page.item.title,
            points[0] if len(points) == 1 else " 或 ".join(map(plain, points)),
            len(ids) * len(ledger.cases),
            *counts,
        ]
        paper.row(sheet, row, contents, [each.look for each in columns])
    guide = (
        ("每个项目一张表，表上方是通知的要求和评分标准，下面是各单位。黄色的格由处室填写。", ""),
        (
            "考核分：0 分至满分，最多两位小数。由几位评委评的，各位的分填在各自的栏里，平均分自动算出，考核分空着。",
            "input",
        ),
        ("评分理由：少于满分的写明为什么；加分的写明凭什么。还没有写的标出底色。", "waiting"),
        (f"“{REGISTER}”：平时记下的扣分、加分一笔一行，写明日期、事由、依据；合计供评分时参考。", ""),
        ("可以排序、筛选，可以只交回其中一张表；请不要改动表头的文字，不要增删单位。", ""),
        ("填好后打印，评分人、处室负责人签字，连同本文件一并交考核办。", ""),
    )
    for at, (text, look) in enumerate(guide, row + 2):
        if look:
            paper.put(sheet, at, 0, "", look)
        paper.merge(sheet, at, 1, across, text, "bare wrap middle")
        sheet.set_row(at, height([(text, sum(each.width for each in columns[1:]))], least=22))
    sheet.ignore_errors({"number_stored_as_text": f"A4:A{row + 1}"})
