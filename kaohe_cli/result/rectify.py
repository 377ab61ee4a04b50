"""整改通知: to each unit that lost points, what it lost for which cause, and what it would have taken.

In the form of official documents, as the circular. What only the office knows is marked in yellow: number, deadline,
and what is to be said of a veto.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from msgspec import Struct

from kaohe_cli.assess.loss import CAUSE_WORDS, Loss, LossCause, losses, summed
from kaohe_cli.model import Case, Ranked, Status
from kaohe_cli.paper.document import (
    ALIGN,
    HEAD,
    TABLE_SIZE,
    add_paragraph,
    add_row,
    add_table,
    blank_document,
    saved,
)
from kaohe_cli.points import ZERO, fixed
from kaohe_cli.result.circular import UNDATED, Dating, begin, counted, sign
from kaohe_cli.result.page import Report
from kaohe_cli.scheme.scheme import Scheme

SMALL = 10.5  # points, 5号
UNSETTLED = "未定"
WIDTHS = (16, 52, 18, 70)  # mm, of the 156 between the margins
# what the last column tells, by cause, and what stands above the table
TOLD: dict[LossCause, tuple[str, str]] = {
    "unmet": ("完成情况和应达到的要求", "下列细则的完成情况没有达到评分标准："),
    "lacking": ("缺什么", "下列细则因没有报送、报送不全或者填报有误而没有得分，补报、更正并经核定以前不能得分："),
    "judged": ("评分理由", "下列细则由责任处室评定，没有评为满分："),
    "register": ("扣分事由", "下列扣分记入扣分加分台账："),
    "no_task": ("说明", "下列细则因没有下达任务，按口径不计分，不需整改："),
}
RETURNS: dict[Status, str] = {
    "late": "填报表迟于期限报送", "missing": "没有报送填报表", "rejected": "填报表退回后没有重报",
}  # fmt: skip
TO_MEND: dict[LossCause, str] = {
    "unmet": "没有达到要求的，逐项对照评分标准查找差距，提出追赶或者改进的措施",
    "lacking": "材料、数据缺失的，尽快补报、更正，并查明没有及时、如实报送的原因",
    "judged": "评定扣分的，按评分理由逐条改进",
    "register": "台账扣分的，查清责任，防止再次发生",
}


class Rectification(Struct, frozen=True):
    """What is to be put right by one unit."""

    ranked: Ranked
    case: Case
    losses: tuple[Loss, ...]


def rectifications(report: Report) -> tuple[Rectification, ...]:
    """One for each unit that lost points, or for want of something has not got them yet, in order."""
    cases = ((each, report.cases[each.score.unit.code]) for each in report.units)
    found = (Rectification(each, case, losses(report.scheme, case, each.score)) for each, case in cases)
    return tuple(each for each in found if any(loss.cause != "no_task" for loss in each.losses))


def title(scheme: Scheme, unit: str) -> str:
    """The title of the notice to a unit in one line, which its properties carry too."""
    return "".join(_heading(scheme, unit))


def rectify_document(scheme: Scheme, each: Rectification, dating: Dating = UNDATED, *, final: bool) -> bytes:
    """The notice to one unit; the same arguments give the same bytes. ``final``: whether the ranking is."""
    own, unit = scheme.of(each.case.unit.kind), each.case.unit
    document = blank_document(title(scheme, unit.name), scheme.created)
    name, provisional = each.case.unit.name, "" if final else "考核结果没有定稿以前不发"
    begin(document, scheme, _heading(scheme, name), f"{name}：", provisional)
    _opening(document, scheme, each)
    numbers = map(counted, count(1))
    add_paragraph(document, f"{next(numbers)}、失分情况", font=HEAD)
    _sums(document, each)
    for cause in CAUSE_WORDS:
        own_losses = [loss for loss in each.losses if loss.cause == cause]
        if own_losses:
            add_paragraph(document, f"{next(numbers)}、{CAUSE_WORDS[cause]}", font=HEAD)
            _table(document, own, cause, own_losses)
    if each.ranked.score.veto:
        add_paragraph(document, f"{next(numbers)}、一票否决", font=HEAD)
        said = f"〔一票否决事项的整改要求，由{scheme.content.notice.issuer_short}核定后填写或删去本段〕"
        add_paragraph(document, said, mark=True)
    add_paragraph(document, f"{next(numbers)}、整改要求", font=HEAD)
    _demands(document, scheme, each)
    sign(document, scheme.content.notice.issuer, dating)
    return saved(document)


def _heading(scheme: Scheme, unit: str) -> tuple[str, str]:
    """Two lines, neither of which breaks a word."""
    return f"{scheme.content.notice.issuer}关于{unit}", f"{scheme.content.year}年度{scheme.content.name}整改的通知"


def _opening(document: Any, scheme: Scheme, each: Rectification) -> None:
    notice, score, content = scheme.content.notice, each.ranked.score, scheme.content
    told = [RETURNS[score.status]] if score.status in RETURNS else []
    told += [f"总分{fixed(score.total)}分" if score.total is not None else "总分尚未确定"]
    told += [f"列{score.group}第{each.ranked.place}名"] if each.ranked.place is not None else []
    told += [f"等次为{each.ranked.grade}"] if each.ranked.grade and not score.veto else []
    number = f"（{notice.number}）" if notice.number else ""
    basis = f"根据《{notice.issuer}{notice.heading}》{number}" if notice.heading else "根据考核办法"
    add_paragraph(
        document,
        f"{basis}，对你单位{content.year}年度{content.name.removesuffix('考核')}执行情况进行了考核，{'，'.join(told)}。"
        "现将各项失分情况和整改要求通知如下：",
    )


def _sums(document: Any, each: Rectification) -> None:
    """What was lost for each cause, and what is not among it."""
    sums = summed(each.losses)
    heads, widths = ("失分原因", "涉及细则（条）", "失分（分）"), (70, 43, 43)
    centred = (ALIGN.CENTER,) * 3
    table = add_table(document, heads, widths)
    for cause, said in CAUSE_WORDS.items():
        if criteria := {loss.criterion for loss in each.losses if loss.cause == cause}:
            add_row(table, (said, str(len(criteria)), fixed(sums.get(cause, ZERO))), widths, centred)
    every = {loss.criterion for loss in each.losses}  # one may have lost for two causes
    add_row(table, ("合计", str(len(every)), fixed(sum(sums.values(), ZERO))), widths, centred)
    unsettled = sum(loss.points is None for loss in each.losses)
    score = each.ranked.score
    notes = ["失分是各细则满分与考核分之差，加分和封顶扣减不在其内"]
    notes += [f"另得加分 {fixed(score.bonus)} 分"] if score.bonus else []
    notes += [f"因封顶扣减 {fixed(score.capped)} 分"] if score.capped and score.capped > 0 else []
    notes += [f"有 {unsettled} 条细则未定分，失分暂不计入"] if unsettled else []
    add_paragraph(document, f"注：{'；'.join(notes)}。", size=TABLE_SIZE, indent=False)


def _table(document: Any, scheme: Scheme, cause: LossCause, found: Sequence[Loss]) -> None:
    told, above = TOLD[cause]
    add_paragraph(document, above).paragraph_format.keep_with_next = True
    table = add_table(document, ("细则", "名称和评分标准原文", "失分", told), WIDTHS, SMALL)
    aligned = (ALIGN.CENTER, ALIGN.LEFT, ALIGN.CENTER, ALIGN.LEFT)
    for each in found:
        criterion = scheme.criteria[each.criterion]
        why = f"{each.why}\n应达到：{each.wanted}" if each.wanted else each.why
        points = UNSETTLED if each.points is None else fixed(each.points)
        clause = "\n".join(dict.fromkeys((criterion.title, criterion.clause)))
        row = (each.criterion, clause, points, why or "—")
        add_row(table, row, WIDTHS, aligned, SMALL)
    total: Decimal = sum((each.points or ZERO for each in found), ZERO)
    add_row(table, ("小计", "", fixed(total), ""), WIDTHS, aligned, SMALL)


def _demands(document: Any, scheme: Scheme, each: Rectification) -> None:
    causes = [cause for cause in TO_MEND if any(loss.cause == cause for loss in each.losses)]
    asked = [TO_MEND[cause] for cause in causes]
    asked += ["填报表须在规定期限内报送"] if each.ranked.score.status in RETURNS else []
    add_paragraph(document, f"{'；'.join(asked)}。")
    issuer = scheme.content.notice.issuer_short
    add_paragraph(document, f"请制定整改方案，写明各项措施、责任人和完成时间，并将整改情况书面报{issuer}。")
    add_paragraph(document, "整改情况报送期限：〔　　　　年　　月　　日前〕", mark=True)
