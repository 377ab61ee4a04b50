"""Measurable requirements without points of their own (佐证指标), tested for whoever judges the item. Pure."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from kaohe_cli.assess.score import called, known
from kaohe_cli.model import Entry, Mark
from kaohe_cli.points import ZERO
from kaohe_cli.scheme.records import Criterion, Evidence, Item
from kaohe_cli.scheme.scheme import Scheme

Result = Literal["达到", "未达到", "未填", "不适用"]


class Tested(Struct, frozen=True):
    """One requirement as it stands for one unit."""

    measure: str
    clause: str  # verbatim from the notice
    result: Result
    said: str  # the figures in a sentence: 全年担保贷款总额 5.14 亿元，比上年实绩 4.11 亿元增长 25.06%，达到20%以上


def evidence_of(scheme: Scheme, item: Item, entries: Mapping[str, Entry]) -> tuple[Tested, ...]:
    """Every requirement of ``item`` that no rule in force gives points for, tested on ``entries``."""
    own = (evidence for owner, evidence in scheme.evidence.values() if owner.id == item.id)
    return tuple(Tested(each.measure, each.clause, *_tested(scheme, each, entries)) for each in own)


def evidence_beside(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry]) -> tuple[Tested, ...]:
    """Those requirements that bear on ``criterion``, tested on ``entries``."""
    tested = evidence_of(scheme, scheme.item_of[criterion.id], entries)
    return tuple(each for each in tested if bears_on(criterion, each.measure))


def bears_on(criterion: Criterion, measure: str) -> bool:
    """Whether a requirement on ``measure`` bears on ``criterion`` of its item: where it is judged, or reads it."""
    return criterion.judged or any(name.startswith(f"{measure}.") for name in criterion.rule.figures)


def _tested(scheme: Scheme, evidence: Evidence, entries: Mapping[str, Entry]) -> tuple[Result, str]:
    test, names = evidence.test, called(scheme, entries)
    title = scheme.measures[evidence.measure].title
    values = [entries[name].value for name in test.figures if name in entries]
    for mark, said in ((Mark.NOT_APPLICABLE, f"{title}：无此情况"), (Mark.NO_TASK, f"{title}：无任务")):
        if mark in values:
            return "不适用", said
    figures = known(entries, test.figures)
    if missing := "、".join(names[name].label for name in test.figures if name not in figures):
        return "未填", f"{title}：{missing}未填"
    if nothing := "，".join(names[name].said(ZERO) for name in test.bases if figures[name] == 0):
        return "不适用", f"{nothing}，比例无从计算"
    return "达到" if test.met(figures) else "未达到", test.words(figures, names)
