"""What points, rules and grades of a scheme must be so that a year can be worked out, by whatever option. Pure."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from kaohe_cli.model import OPEN
from kaohe_cli.points import DECIMALS, decimals, half_up, plain
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.frame import Frame, points_odd
from kaohe_cli.scheme.records import Criterion, SchemeContent
from kaohe_cli.scheme.rule import Judged, Step, Supplied, When
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.shape import ShapeFault

_DEEPEST = 3  # sections within sections

Faulty: TypeAlias = tuple[bool, str, str]  # whether something is wrong, where, what it is


def settled_faults(scheme: Scheme, sound: Scheme | None = None) -> Iterator[ShapeFault]:
    """Faults that an option, or the terms of a kind of unit, could bring in as well.

    Criteria that are as in ``sound``, which was looked at before, are not looked at again.
    """
    usual = tuple(_settled(scheme, sound))
    yield from usual
    known = {key for key, _ in usual}  # what is wrong for all is not told again of each kind
    for kind, other in scheme.kinds.items():
        found = (*_settled(other, scheme), *failed(other, partial(_entered_alike, scheme)))
        yield from ((f"kind.{kind}: {key}", reason) for key, reason in found if key not in known)


def _settled(scheme: Scheme, sound: Scheme | None) -> Iterator[ShapeFault]:
    yield from failed(scheme, _frame, _points_add_up, _needs_are_met_or_not, _grades, _bars_read_figures)
    same = sound is not None and scheme.content.measure == sound.content.measure
    for criterion in scheme.criteria.values():
        if not (same and sound and sound.criteria.get(criterion.id) == criterion):
            found = (*_rule_earns_points(criterion), *_rule_reads_figures(scheme, criterion))
            yield from ((key, reason) for wrong, key, reason in found if wrong)


def _entered_alike(scheme: Scheme, other: Scheme) -> Iterator[Faulty]:
    """Every unit has the same rows in its form, and its ledger the same columns to fill in."""
    for id, criterion in other.criteria.items():
        own, usual = (type(each.rule) if each.judged else None for each in (criterion, scheme.criteria[id]))
        yield own != usual, f"criterion.{id}.rule.kind", "由人评定、手填还是按数据计分，各类单位须一致"


def failed(scheme: Scheme, *checks: Callable[[Scheme], Iterator[Faulty]]) -> Iterator[ShapeFault]:
    """What ``checks`` find to be wrong."""
    return ((key, reason) for check in checks for wrong, key, reason in check(scheme) if wrong)


def _frame(scheme: Scheme) -> Iterator[Faulty]:
    """Sections that are there, no deeper than three, whose parts can come together."""
    content = scheme.content
    of = {each.id: each.of for each in content.section}
    for each in content.section:
        above, depth = each.of, 1
        while above in of and depth <= _DEEPEST:
            above, depth = of[above], depth + 1
        yield bool(above) and above not in of, f"section.{each.id}.of", f"没有类别 {above}"
        yield depth > _DEEPEST, f"section.{each.id}.of", f"类别绕回到自身，或超过 {_DEEPEST} 层"
        yield not scheme.parts_of(each.id), f"section.{each.id}", "其中没有项目"
    for item in content.item:
        lost = bool(item.section) and item.section not in of
        yield lost, f"item.{item.id}.section", f"没有类别 {item.section}"
        yield item.combine == "weighted", f"item.{item.id}.combine", "细则没有权重，不能按权重相加"
    for key, node, _ in _nodes(content):
        yield node.weight <= 0 or decimals(node.weight) > DECIMALS, f"{key}.weight", "权重须大于 0，最多 6 位小数"
        crossed = node.floor is not None and node.cap is not None and node.floor > node.cap
        yield crossed, f"{key}.floor", "下限大于上限"
        yield points_odd(node.floor) or points_odd(node.cap), key, "上限、下限最多两位小数"


def _nodes(content: SchemeContent) -> Iterator[tuple[str, Frame, str]]:
    """Every frame of a scheme: its key, itself, the section that it is in."""
    yield from ((f"section.{each.id}", each, each.of) for each in content.section)
    yield from ((f"item.{each.id}", each, each.section) for each in content.item)
    yield "whole", content.whole, ""


def weights_count(scheme: Scheme) -> Iterator[Faulty]:
    """No weights where nothing is weighted; an option may do away with what weighs them."""
    content = scheme.content
    sections = {each.id: each for each in content.section}
    for key, node, above in _nodes(content):
        parent = sections.get(above, content.whole)
        loose = node.weight != 1 and (parent.combine != "weighted" or node is content.whole)
        yield loose, f"{key}.weight", "上一级不是按权重（weighted）相加，权重不起作用"


def _points_add_up(scheme: Scheme) -> Iterator[Faulty]:
    content = scheme.content
    for each in content.section:
        worth = scheme.worth(each, each.id)
        said = f"各项合计 {shown_points(worth)}，类别为 {shown_points(each.points)}"
        yield each.points not in (None, worth), f"section.{each.id}.points", said
        yield points_odd(each.points), f"section.{each.id}.points", "最多两位小数"
    whole = scheme.worth(content.whole, "")
    said = f"各项合计 {shown_points(whole)}，总分为 {shown_points(content.whole.points)}"
    yield content.whole.points not in (None, whole), "whole.points", said
    for item in content.item:
        own = scheme.earned(item)
        said = f"各细则分值合计 {shown_points(own)}，项目为 {shown_points(item.points)}"
        yield item.points not in (None, own), f"item.{item.id}.points", said


def _rule_earns_points(criterion: Criterion) -> Iterator[Faulty]:
    """Points of a criterion that its rule can give, and no others."""
    key, points, rule = f"criterion.{criterion.id}", criterion.points, criterion.rule
    yield points is None and not criterion.bonus, f"{key}.points", "非加分细则须有分值，只扣分的写 0"
    odd = points is not None and (points < 0 or half_up(points) != points)
    yield odd, f"{key}.points", "分值不为负，最多两位小数"
    yield from ((True, f"{key}.rule{f'.{where}' if where else ''}", why) for where, why in rule.faults())
    if isinstance(rule, Judged | Supplied):
        marks = rule.legal(points) if isinstance(rule, Judged) else ()
        yield bool(marks) and marks[0] != points, f"{key}.rule", "各档中最高的分与细则分值不符"
        yield bool(marks) and marks[-1] < rule.least, f"{key}.rule", "各档中有低于下限（least）的分"
        yield points == 0 and rule.least >= 0, f"{key}.rule.least", "只扣分的细则须写明最多扣几分"
    else:
        endless = rule.most is None  # most often a loss that was written without its sign
        where = ".each" if endless and isinstance(rule, Step) else ""
        worth = f"细则分值为 {shown_points(points)}"
        most = f"规则最多可得 {shown_points(rule.most)}，{worth}"
        said = f"{worth}，规则的得分却没有上限；扣分的须写负数" if endless else most
        yield rule.most != points, f"{key}.rule{where}", said


def _rule_reads_figures(scheme: Scheme, criterion: Criterion) -> Iterator[Faulty]:
    """Figures that are there, and are what the rule takes them for."""
    key, rule = f"criterion.{criterion.id}.rule", criterion.rule
    for condition in rule.conditions:
        yield from condition_faults(scheme, key, condition)
    looked_at = {name for condition in rule.conditions for name in condition.figures}
    looked_at |= {name for subject in rule.subjects for name in subject.pseudos}  # of these nobody gives any
    for figure in rule.figures:
        if figure not in looked_at:
            yield from _numeric(scheme, key, figure)
    for figure in rule.bases if not isinstance(rule, When) else ():
        held = scheme.figures.get(figure)
        below = held is not None and (held.min is None or held.min < 0)
        yield below, key, f"{figure} 用作基数，须写明最小值（min）不小于 0"


def _needs_are_met_or_not(scheme: Scheme) -> Iterator[Faulty]:
    for criterion in scheme.criteria.values():
        if criterion.needs:
            needed = scheme.criteria.get(criterion.needs)
            key = f"criterion.{criterion.id}.needs"
            yield needed is None, key, f"没有细则 {criterion.needs}"
            unsuited = needed is not None and (not isinstance(needed.rule, When) or bool(needed.needs))
            yield criterion.judged, key, "评定、手填的细则不设前提"
            yield unsuited, key, f"细则 {criterion.needs} 须是无前提的“达到即得分”细则"


def _bars_read_figures(scheme: Scheme) -> Iterator[Faulty]:
    for id, test in scheme.bars.items():
        key = f"ceiling.{id}.test"
        yield not test.conditions, key, "没有条件"
        for condition in test.conditions:
            yield from condition_faults(scheme, key, condition)


def _grades(scheme: Scheme) -> Iterator[Faulty]:
    marks: list[Decimal] = []
    for each in scheme.content.grade:
        key = f"grade.{each.title}"
        yield each.title in ("", OPEN), f"{key}.title", f"等次须有名称，不能叫“{OPEN}”"
        yield each.least is not None and each.above is not None, f"{key}.above", "least 与 above 只写一个"
        yield each.places is not None and each.places < 1, f"{key}.places", "须是 1 以上的整数"
        yield each.share is not None and not 0 < each.share <= 1, f"{key}.share", "须大于 0，不超过 1"
        yield points_odd(each.mark), key, "分数最多两位小数"
        if each.mark is not None:
            rises = bool(marks) and each.mark > marks[-1]
            yield rises, key, "等次由高到低排列，后面的等次所要求的分数不能更高"
            marks.append(each.mark)
    for ceiling in scheme.content.ceiling:
        yield ceiling.grade not in scheme.grades, f"ceiling.{ceiling.id}.grade", f"没有等次 {ceiling.grade}"
    for id in scheme.policy.tie:
        known = id in scheme.sections or id in {item.id for item in scheme.items}
        yield not known, "policy.tie", f"没有类别或项目 {id}"


def shown_points(points: Decimal | None) -> str:
    """So many points in words, or that there are none."""
    return "无分值" if points is None else f"{plain(points)} 分"


def condition_faults(scheme: Scheme, key: str, condition: Condition) -> Iterator[Faulty]:
    """What may be wrong with a condition: its figures, what it compares."""
    left, right, number = condition.left, condition.right, condition.number
    if condition.compare == "done":
        yield right is not None or number is not None or condition.share, key, "完成情况不与数值比较"
        yield left not in scheme.figures, key, f"没有数据项 {left}"
        yield left in scheme.figures and not left.endswith(".done"), key, f"{left} 不是完成情况"
        return
    yield (right is None) == (number is None), key, "right 与 number 须写且只写一个"
    yield condition.share and right is None, key, "share 须与另一数据项（right）相比"
    scaled = condition.left_times != condition.right_times or condition.share
    yield condition.compare == "=" and scaled, key, "等于（=）不乘倍数"
    yield condition.left_times <= 0 or condition.right_times <= 0, key, "倍数须大于 0"
    for name in condition.figures:
        yield from _numeric(scheme, key, name)


def _numeric(scheme: Scheme, key: str, figure: str) -> Iterator[Faulty]:
    yield figure not in scheme.figures, key, f"没有数据项 {figure}"
    yield figure in scheme.figures and figure.endswith(".done"), key, f"{figure} 不是数值"
