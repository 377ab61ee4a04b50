"""进度: how many marks are there, how many are still to come, counted live as people type."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from kaohe_cli.assess.reasons import MarkOf, awaited, wordless
from kaohe_cli.extent import height
from kaohe_cli.ledger.basis import INVALID, UNDECIDED
from kaohe_cli.ledger.columns import counted, opened_rows, urgent_rows
from kaohe_cli.ledger.detail import DEPARTMENT, ITEM, REASON, STATE, UNREASONED, WAITS
from kaohe_cli.ledger.queries import CHECK, TRUE, UNCONFIRMED
from kaohe_cli.ledger.record import (
    CONFIRMED,
    DETAIL,
    FIGURES,
    OPEN_WORDS,
    QUERIES,
    REVIEWS,
    Ledger,
    OpenReason,
    row_key,
)
from kaohe_cli.paper.workbook import REVIEW, WAITING, Formula, Paper, Table
from kaohe_cli.scheme.scheme import Scheme

HEADS = (
    ("项目", 6, "centre"), ("名称", 26, "text"), (DEPARTMENT.title, 18, "text"), ("应评", 9, "whole"),
    ("已评", 9, "whole"), ("待评", 9, "whole"), ("待写理由", 9, "whole"), ("需复核", 9, "whole"),
    ("规则待定", 10, "whole"),
)  # fmt: skip
GUIDE = (
    (f"“{DETAIL}”填考核分：评议项目由责任处室评定；规则、加分项目空着即按规则得分，调整须写理由。", "input"),
    (f"“{FIGURES}”填核定值（如统计部门的数据）：填了就以核定值计分；自评分仍按单位填报的数据。", "input"),
    ("尚未定分，或数据未填、有误。", "waiting"),
    (f"待写理由：少于满分（加分的则有得分）而“{REASON.title}”空着，排名时逐项列出。", "waiting"),
    (f"需复核：填写之后依据有变动。核对后重新填写，或在“{STATE.title}”栏写“{CONFIRMED}”。", "review"),
    (f"待核实：数据或得分反常。属实的在“{CHECK.title}”栏选“{TRUE}”，有误的填核定值。", "waiting"),
    (f"“{REVIEWS}”登记公示以后各单位的复核申请和结论；原得分可以空着，由程序填写。", "input"),
    ("与自评分相差超过满分的五分之一，请再看一看。", "far"),
    ("可以排序、筛选，也可以增加自己的列和工作表；请不要改动表头的文字和单位代码、细则编号。", ""),
)
AGAIN: tuple[OpenReason, ...] = ("review", "unreadable")  # what is counted as 需复核
AGAIN_WORDS = tuple(OPEN_WORDS[each] for each in AGAIN)
FIRST = 5  # row of the first item, from 0


def write(paper: Paper, sheet: Any, scheme: Scheme, ledger: Ledger, *, marks: Table, verified: Table) -> None:
    """Fill in the sheet that counts the rows of ``marks`` (评分明细) and of ``verified`` (数据核定)."""
    items, states = (f"{DETAIL}!{marks.cells(each.title)}" for each in (ITEM, STATE))
    others = f"{FIGURES}!{verified.cells(STATE.title)}"
    waiting, silent = (_by_item(scheme, found(scheme, ledger.cases, ledger.scores)) for found in (awaited, wordless))
    urgent = urgent_rows(scheme, ledger)
    review, unready = _counted(scheme, ledger)
    late = sum(map(len, waiting.values()))
    total = counted(f'COUNTIF({states},"{WAITS}")', chain(*waiting.values()), urgent).text.removeprefix("=")
    judged = sum(criterion.judged for criterion in scheme.criteria.values()) * len(ledger.cases)
    last = FIRST + len(scheme.items)
    opened = opened_rows(ledger)
    checks = sum(each.standing in AGAIN and key[0] in (DETAIL, FIGURES) for key, each in opened.items())
    open_queries = [each for each in ledger.queries if each.state != "confirmed"]
    for index, (_, width, _) in enumerate(HEADS):
        sheet.set_column(index, index, width)
    paper.merge(sheet, 0, 0, len(HEADS) - 1, "评分进度", "title")
    sheet.set_row(0, 34)
    again = "+".join(f'COUNTIF({each},"{word}*")' for each in (states, others) for word in AGAIN_WORDS)
    unseen = sum(each.field == "" or row_key(scheme, each) in opened for each in open_queries)
    unconfirmed = "+".join([*(f'COUNTIF({each},"{UNCONFIRMED}*")' for each in (states, others)), str(unseen)])
    lines = (
        (f'="待评 "&({total})&" 项（共 {judged} 项）"', f"待评 {late} 项（共 {judged} 项）"),
        (f'="需复核、填写有误 "&({again})&" 处"', f"需复核、填写有误 {checks} 处"),
        (f'="待核实 "&({unconfirmed})&" 处，见“{QUERIES}”"', f"待核实 {len(open_queries)} 处，见“{QUERIES}”"),
    )
    for row, (formula, value) in enumerate(lines, 1):
        paper.put(sheet, row, 0, Formula(formula, value), "bare large")
        sheet.set_row(row, 24)
    paper.row(sheet, 4, [head for head, _, _ in HEADS], ["header"] * len(HEADS))
    sheet.set_row(4, 28)
    looks = [look for _, _, look in HEADS]
    lacking = "+".join(f'({states}="{word}")' for word in ("待填报", "未下达目标", INVALID, UNDECIDED))
    checking = "+".join(f'(LEFT({states},{len(word)})="{word}")' for word in AGAIN_WORDS)
    for row, item in enumerate(scheme.items, FIRST):
        due = sum(criterion.judged for criterion in item.criterion) * len(ledger.cases)
        here = f"({items}=$A{row + 1})"
        contents = (
            item.id, item.title, ledger.departments.get(item.id, ""), due,
            Formula(f"=D{row + 1}-F{row + 1}", due - len(waiting[item.id])),
            counted(f'SUMPRODUCT({here}*({states}="{WAITS}"))', waiting[item.id], urgent),
            counted(f'SUMPRODUCT({here}*({states}="{UNREASONED}"))', silent[item.id], urgent),
            Formula(f"=SUMPRODUCT({here}*({checking}))", review[item.id]),
            Formula(f"=SUMPRODUCT({here}*({lacking}))", unready[item.id]),
        )  # fmt: skip
        paper.row(sheet, row, contents, looks)
    sums = {
        "D": judged, "E": judged - late, "F": late, "G": sum(map(len, silent.values())), "H": sum(review.values()),
        "I": sum(unready.values()),
    }  # fmt: skip
    summed = (Formula(f"=SUM({at}{FIRST + 1}:{at}{last})", value) for at, value in sums.items())
    paper.row(sheet, last, ("", "合计", "", *summed), [f"{look} strong band" for look in looks])
    for column, colour in ((5, WAITING), (6, WAITING), (7, REVIEW), (8, WAITING)):
        rule = {"type": "cell", "criteria": ">", "value": 0, "format": paper.book.add_format({"bg_color": colour})}
        sheet.conditional_format(FIRST, column, last, column, rule)
    sheet.ignore_errors({"number_stored_as_text": f"A{FIRST + 1}:A{last}"})
    for row, (text, look) in enumerate(GUIDE, last + 2):
        if look:
            paper.put(sheet, row, 0, "", look)
        paper.merge(sheet, row, 1, len(HEADS) - 1, text, "bare wrap middle")
        sheet.set_row(row, height([(text, sum(width for _, width, _ in HEADS[1:]))]))


def _by_item(scheme: Scheme, marks: Iterable[MarkOf]) -> Mapping[str, Sequence[MarkOf]]:
    """``marks`` by their item."""
    found: dict[str, list[MarkOf]] = {item.id: [] for item in scheme.items}
    for case, id in marks:
        found[scheme.item_of[id].id].append((case, id))
    return found


def _counted(scheme: Scheme, ledger: Ledger) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """By item: the rows to be looked at again, and the rules that lack figures."""
    review, unready = ({item.id: 0 for item in scheme.items} for _ in range(2))
    for each in opened_rows(ledger).values():
        if each.key[0] == DETAIL and each.standing in AGAIN:
            review[each.item] += 1
    for each in ledger.open:
        sheet, _, id = each.key
        if sheet == DETAIL and each.standing == "pending" and not scheme.criteria[id].judged:
            unready[each.item] += 1
    return review, unready
