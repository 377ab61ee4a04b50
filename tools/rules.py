"""docs/RULES-*.md: the rules of a scheme in words and formulas, with examples that the program itself works out."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal

from kaohe_cli.assess.score import read_by, rule_points
from kaohe_cli.model import Entry, Mark
from kaohe_cli.points import CENTS, DECIMALS, HUNDRED, ZERO, fixed, half_up
from kaohe_cli.scheme import stated
from kaohe_cli.scheme.changed import changed_by
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.frame import Section
from kaohe_cli.scheme.load import under
from kaohe_cli.scheme.records import Criterion, Item, Reading
from kaohe_cli.scheme.rule import Judged, Step, Supplied, When
from kaohe_cli.scheme.scheme import Scheme

MOST_ROWS = 6  # of examples of one reading


STATS = {
    "max": "同组最高", "min": "同组最低", "mean": "同组平均", "count": "同组单位数", "place": "由高到低的名次",
    "place_low": "由低到高的名次",
}  # fmt: skip


def page(blocks: Iterable[str]) -> str:
    """``blocks`` of Markdown (headings, paragraphs, tables) as a page."""
    return "\n\n".join(blocks) + "\n"


def table(headings: str, rows: Iterable[str]) -> str:
    """A table of Markdown, the cells of each row as of the headings apart by `` | ``."""
    rule = "---|" * len(headings.split(" | "))
    return "\n".join((f"| {headings} |", f"|{rule}", *(f"| {row} |" for row in rows)))


def rules_page(scheme: Scheme) -> str:
    """docs/RULES-2007.md: each clause, its rule in words, its formula, and examples about each threshold."""
    notice = scheme.content.notice
    blocks = [
        f"# 评分规则：{scheme.content.title}",
        f"依据：{notice.number}《{notice.heading}》。本页由程序按考核方案 `{scheme.id}` 生成，不要手工修改；"
        "例中的得分都是程序算出的。",
        "公式中的方括号是数据项，如 [工业销售产值·本年实绩]；任何一个未填或不是数，该细则不计分，不当作 0。"
        f"数据最多 {DECIMALS} 位小数，比较和计数都分得清其中最小的差别，不先舍入；细则得分四舍五入到两位小数。"
        "公式中的 ROUND 只为消去电子表格二进制运算的误差。",
    ]
    for depth, node in ((each.depth, each.node) for each in scheme.outline):
        if isinstance(node, Section):
            blocks.append(f"{'#' * min(depth + 2, 3)} {stated.headed(node.title, stated.worth(node))}")
        else:
            blocks += _item_section(scheme, node)
    blocks += ["## 合计、名次和等次", "\n".join(f"- {each}。" for each in _totals(scheme))]
    if standings := stated.standings(scheme):
        blocks.append(table("名称 | 原文 | 规则", map(_row, standings)))
    blocks += _measures(scheme)
    blocks += ["## 口径", "通知没有写明之处，每处的第一种办法为默认，由考核办在考核设置中选定。"]
    for number, reading in enumerate(scheme.content.reading, 1):
        blocks += _reading_section(scheme, number, reading)
    for basis in scheme.content.basis:
        rows = [
            f"`{choice.id}` | {choice.label} | {amount} | {kinds}"
            for choice, amount, kinds in stated.choices(scheme, basis)
        ]
        blocks += [f"### `{basis.id}` {basis.question}", f"> {basis.clause}", "按单位在考核设置中选定。"]
        blocks.append(table("选项 | 办法 | 数值 | 默认用于", rows))
    return page(blocks)


def _row(each: stated.Stated) -> str:
    return f"{each.label} | {each.source} | {each.read}".replace("\n", "")


def _measures(scheme: Scheme) -> Iterator[str]:
    """Who gives the figures, within what limits, and what they may be expected to be."""
    if not scheme.content.measure:
        return
    yield "## 指标"
    yield stated.periods(scheme) + "数据超出合理范围的列为待核实，由考核办确认，不算错。"
    rows = (" | ".join((each.item, each.title, each.figures, each.bands)) for each in stated.measures(scheme))
    yield table("项目 | 指标 | 数据 | 合理范围", (row.replace("\n", "<br>") for row in rows))
    if totals := stated.totals(scheme):
        yield table("全市总数 | 原文 | 规则", map(_row, totals))


def _item_section(scheme: Scheme, item: Item) -> Iterator[str]:
    yield from (f"### {stated.headed(stated.numbered(item), stated.worth(item))}", f"> {item.standard}")
    for criterion in item.criterion:
        yield f"#### {stated.headed(f'{criterion.id} {criterion.title}', stated.worth(criterion))}"
        yield f"> {criterion.clause}"
        yield from _criterion_section(scheme, criterion)
    if required := stated.required(scheme, item):
        yield "不计分但须填报、供评议参考的工作要求："
        yield table("原文 | 达到的条件", (f"{each.source} | {each.read}" for each in required))


def _criterion_section(scheme: Scheme, criterion: Criterion) -> Iterator[str]:
    rule, said = criterion.rule, stated.terms(scheme, criterion)
    if isinstance(rule, Judged | Supplied):
        yield f"{said}，最多两位小数。未评的不是 0 分，总分未定。"
        return
    formula = rule.formula(lambda figure: f"[{_label(scheme, figure)}]", scheme.names)
    lines = [f"- 规则：{said}。", f"- 公式：`{formula}`"]
    if bearing := stated.readings_of(scheme, criterion):
        lines.append(f"- 口径：{'、'.join(f'`{each.id}`' for each in bearing)}")
    yield "\n".join(lines)
    told = (rule_points(scheme, criterion, figures) for figures in examples(scheme, criterion))
    yield table("例 | 得分", (f"{steps[0]} | {fixed(points)}" for points, _, steps in told))


def _reading_section(scheme: Scheme, number: int, reading: Reading) -> Iterator[str]:
    yield from (f"### {number}. `{reading.id}` {reading.question}", f"> {reading.source}")
    if within := stated.within(scheme, reading):
        yield f"{within}。"
    default = {reading.default: "（默认）"}
    yield table("选项 | 办法", (f"`{each.id}`{default.get(each.id, '')} | {each.label}" for each in reading.option))
    if reading.reason:
        yield f"默认办法的理由：{reading.reason}"
    rows = [
        f"`{option.id}` | {each.place} | {each.before or '—'} | {each.now or '—'}".replace("\n", "<br>")
        for option in reading.option
        for each in changed_by(scheme, reading, option)
    ]
    if rows:
        yield table("选项 | 改动之处 | 现在的读法 | 改用后的读法", rows)
    yield from _reading_examples(scheme, reading)


def _reading_examples(scheme: Scheme, reading: Reading) -> Iterator[str]:
    """Where the options of a reading part: the same figures by each of them."""
    schemes = [under(scheme, {**reading.within, reading.id: option.id}) for option in reading.option]
    for id in dict.fromkeys(id for option in reading.option for id in option.change.get("criterion", {})):
        if any(scheme.later([each.criteria[id]]) or each.criteria[id].judged for each in schemes):
            continue  # what people enter, and how units compare, follows from no figures of one unit
        read = list(dict.fromkeys(name for each in schemes for name in read_by(each, each.criteria[id])))
        rows: dict[str, None] = {}
        for settled in schemes:
            for figures in _both_sides_of_needs(settled, settled.criteria[id]):
                outcomes = [rule_points(each, each.criteria[id], figures)[0] for each in schemes]
                if len(set(outcomes)) > 1:
                    shown = "；".join(f"{_label(scheme, name)} {_amount(scheme, name, figures)}" for name in read)
                    rows[" | ".join((shown, *map(fixed, outcomes)))] = None
        if rows:
            yield f"{id} 在各选项下的得分："
            yield table(" | ".join(("例", *(f"`{option.id}`" for option in reading.option))), list(rows)[:MOST_ROWS])


def _both_sides_of_needs(scheme: Scheme, criterion: Criterion) -> Iterator[dict[str, Entry]]:
    """The examples of a criterion, and the same with what it needs not met."""
    for figures in examples(scheme, criterion):
        yield figures
        for figure in _needed(scheme, criterion):
            yield {**figures, figure: Entry(_base_value(scheme, figure) * Decimal("1.2"))}


def _amount(scheme: Scheme, figure: str, figures: Mapping[str, Entry]) -> str:
    value = figures[figure].value
    return scheme.names[figure].amount(value) if isinstance(value, Decimal) else str(value)


def _totals(scheme: Scheme) -> Iterator[str]:
    """How the total comes about, and the general terms."""
    yield from stated.sums(scheme).values()
    yield "未定分的细则不当作 0；有细则未定分的单位没有总分和名次"
    yield from filter(None, (stated.groups(scheme), *stated.sourced(scheme)))


def examples(scheme: Scheme, criterion: Criterion) -> Iterator[dict[str, Entry]]:
    """Figures just below, at and just above each threshold of a rule, chosen so that only it decides."""
    rule = criterion.rule
    if isinstance(rule, When):
        for condition in rule.conditions:
            yield from ({**_all_known(scheme), **given} for given in _about(scheme, condition))
    elif isinstance(rule, Step):
        subject, other = rule.sides
        base = _base_value(scheme, other) if other else rule.number or ZERO
        size = base * rule.step / HUNDRED if rule.percent else rule.step
        sign = -1 if other == rule.left else 1
        limit = rule.cap if rule.each > 0 else rule.start - (rule.floor or ZERO)
        ends = ZERO if limit is None else (limit / abs(rule.each)).to_integral_value(ROUND_CEILING)
        for count in dict.fromkeys((ZERO, Decimal(1), Decimal("1.5"), ends)):
            for nudge in (-1, 0, 1) if count == count.to_integral_value() else (0,):
                value = base + sign * (count * size + nudge * _tick(scheme, subject))
                found = {**_all_known(scheme), subject: Entry(value)}
                yield {**found, other: Entry(base)} if other else found


def _about(scheme: Scheme, condition: Condition) -> Iterator[dict[str, Entry]]:
    if condition.compare == "done":
        yield from ({condition.left: Entry(mark)} for mark in (Mark.NOT_DONE, Mark.DONE))
        return
    swapped = condition.right is not None and condition.right.endswith(".actual") and ".actual" not in condition.left
    subject = condition.right if swapped and condition.right else condition.left
    other = condition.left if swapped else condition.right
    base = _base_value(scheme, other) if other else condition.number or ZERO
    times = condition.left_times / condition.right_times if swapped else condition.right_times / condition.left_times
    threshold = half_up(base * times, 0 if scheme.names[subject].whole else CENTS)
    for nudge in (-1, 0, 1):
        found = {subject: Entry(threshold + nudge * _tick(scheme, subject))}
        yield {**found, other: Entry(base)} if other else found


def _all_known(scheme: Scheme) -> dict[str, Entry]:
    """Figures that meet what a bonus needs, and leave nothing unknown; examples replace those that matter."""
    known = {name: Entry(Mark.DONE if name.endswith(".done") else _base_value(scheme, name)) for name in scheme.figures}
    for criterion in scheme.criteria.values():
        for figure in _needed(scheme, criterion):
            if figure not in criterion.rule.figures:
                known[figure] = Entry(_base_value(scheme, figure) * Decimal("0.9"))
    return known


def _needed(scheme: Scheme, criterion: Criterion) -> list[str]:
    """The figures that those of what ``criterion`` needs are compared with."""
    needed = scheme.criteria.get(criterion.needs)
    parts = needed.rule.parts if needed and isinstance(needed.rule, When) else ()
    return [part.right for part in parts if part.right is not None]


def _base_value(scheme: Scheme, figure: str) -> Decimal:
    """A round figure to compare with: what a basis sets, 60 for a percentage, 100 or 1,000 otherwise."""
    named = scheme.names[figure]
    usual = Decimal(60) if named.unit == "%" else Decimal(100) if named.whole else Decimal(1000)
    return next((basis.option[0].value for basis in scheme.content.basis if basis.figure == figure), usual)


def _tick(scheme: Scheme, figure: str) -> Decimal:
    """The least that tells two figures apart in practice."""
    return Decimal(1) if scheme.names[figure].whole else Decimal("0.01")


def _label(scheme: Scheme, figure: str) -> str:
    figure, _, stat = figure.partition("@")  # how units compare is told of what is compared
    said = "÷".join(f"{scheme.names[name].title}·{scheme.names[name].label}" for name in figure.split("/"))
    return f"{said}·{STATS[stat]}" if stat else said
