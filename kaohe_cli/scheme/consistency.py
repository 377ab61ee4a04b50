"""What a scheme must be consistent in: each check a plain function that yields what may be wrong, and whether it is."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from math import ceil, floor
from typing import TypeAlias

from kaohe_cli.model import OPEN, Mark
from kaohe_cli.naming import alike, plain_name, printed_name, unfit
from kaohe_cli.points import DECIMALS, decimals, half_up, plain
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.frame import Frame, points_odd
from kaohe_cli.scheme.limit import span
from kaohe_cli.scheme.plausible import PAIRS, Against, Span
from kaohe_cli.scheme.rule import Judged, Supplied, When
from kaohe_cli.scheme.scheme import FIGURE_LABELS, Criterion, Scheme, SchemeContent
from kaohe_cli.scheme.shape import ShapeFault

_LONGEST = 30  # letters of a word that is chosen from a list, of which a spreadsheet takes 255
_SPECIAL = ',"*?~=<>'  # what lists and counts of a spreadsheet read otherwise
_RESERVED = (Mark.NO_TASK.value, Mark.NOT_APPLICABLE.value)
_WORDS = f"各词须互不相同，不与“{_RESERVED[0]}”“{_RESERVED[1]}”相同，不含 {' '.join(_SPECIAL)}，不超过 {_LONGEST} 个字"
_FIXED = ("of", "section", "item", "criterion", "evidence")  # what stands where is the same for all
_ROOMS = {
    "criterion": "细则", "evidence": "佐证要求", "item": "项目", "section": "类别", "measure": "指标", "grade": "等次",
}  # fmt: skip
_IDS = r"[\w.（）()、—-]+"
_DEEPEST = 3  # sections within sections
_Finding: TypeAlias = tuple[bool, str, str]  # whether something is wrong, where, what it is


def faults(scheme: Scheme) -> Iterator[ShapeFault]:
    """Every fault of a scheme: its key, what is wrong there."""
    yield from _failed(scheme, _weights_count)
    yield from _failed(scheme, _no_duplicates, _names_serve, _clauses_are_verbatim)
    yield from _failed(scheme, _items_refer, _measures_refer, _bases_refer, _options, _kinds_and_groups, _general)
    yield from _failed(scheme, _bands_can_be_met, _bands_agree, _parts_refer, _totals)
    yield from settled_faults(scheme)


def settled_faults(scheme: Scheme, sound: Scheme | None = None) -> Iterator[ShapeFault]:
    """Faults that an option, or the terms of a kind of unit, could bring in as well.

    Criteria that are as in ``sound``, which was looked at before, are not looked at again.
    """
    yield from _settled(scheme, sound)
    for kind, other in scheme.kinds.items():
        found = (*_settled(other, scheme), *_failed(other, partial(_entered_alike, scheme)))
        yield from ((f"kind.{kind}: {key}", reason) for key, reason in found)


def _settled(scheme: Scheme, sound: Scheme | None) -> Iterator[ShapeFault]:
    yield from _failed(scheme, _frame, _points_add_up, _needs_are_met_or_not, _grades, _bars_read_figures)
    same = sound is not None and scheme.content.measure == sound.content.measure
    for criterion in scheme.criteria.values():
        if not (same and sound and sound.criteria.get(criterion.id) == criterion):
            found = (*_rule_earns_points(criterion), *_rule_reads_figures(scheme, criterion))
            yield from ((key, reason) for wrong, key, reason in found if wrong)


def _entered_alike(scheme: Scheme, other: Scheme) -> Iterator[_Finding]:
    """Every unit has the same rows in its form, and its ledger the same columns to fill in."""
    for id, criterion in other.criteria.items():
        own, usual = (type(each.rule) if each.judged else None for each in (criterion, scheme.criteria[id]))
        yield own != usual, f"criterion.{id}.rule.kind", "由人评定、手填还是按数据计分，各类单位须一致"


def _failed(scheme: Scheme, *checks: Callable[[Scheme], Iterator[_Finding]]) -> Iterator[ShapeFault]:
    return ((key, reason) for check in checks for wrong, key, reason in check(scheme) if wrong)


def _no_duplicates(scheme: Scheme) -> Iterator[_Finding]:
    content = scheme.content
    tables: dict[str, list[str]] = {
        "section": [each.id for each in content.section],
        "grade": [each.title for each in content.grade],
        "ceiling": [*(each.id for each in content.ceiling), *(each.id for each in content.veto)],
        "group": [each.title for each in content.group],
        "kind": [printed_name(each.name) for each in content.kind],
        "unit": [each.code for each in content.unit],
        "unit.name": [alike(each.name) for each in content.unit],
        "measure": [each.id for each in content.measure],
        "item": [each.id for each in content.item],
        "criterion": [criterion.id for item in content.item for criterion in item.criterion],
        "evidence": [evidence.measure for item in content.item for evidence in item.evidence],
        "reading": [each.id for each in content.reading],
        "basis": [each.id for each in content.basis],
        "total": [each.measure for each in content.total],
        **{f"reading.{each.id}.option": [option.id for option in each.option] for each in content.reading},
        **{f"basis.{each.id}.option": [option.id for option in each.option] for each in content.basis},
        **{f"basis.{each.id}.default": [printed_name(kind) for kind in each.default] for each in content.basis},
    }
    named = [*tables["section"], *tables["item"], *tables["criterion"]]
    apart = (set(tables[table]) for table in ("section", "item", "criterion"))
    tables["id"] = [id for ids in apart for id in ids if named.count(id) > 1]
    for table, ids in tables.items():
        yield from ((ids.count(id) > 1, f"{table}.{id}", "重复") for id in sorted(set(ids)))


def _names_serve(scheme: Scheme) -> Iterator[_Finding]:
    """Names become names of fields (sales.actual, 330102.sales.target) and of files."""
    content = scheme.content
    named = [(f"unit.{each.code}.code", each.code) for each in content.unit]
    named += [(f"measure.{each.id}.id", each.id) for each in content.measure]
    for key, name in named:
        yield not re.fullmatch(r"[A-Za-z0-9_]+", name), key, "只能用字母、数字和下划线"
    for unit in content.unit:
        wrong = unfit(plain_name(unit.name))
        yield bool(wrong), f"unit.{unit.code}.name", f"单位名称用作文件名，{wrong}"
    wrong = unfit(content.template)
    yield bool(wrong), "template", f"模板只写文件名，{wrong}"
    yield not content.unit, "unit", "没有被考核单位"
    yield not content.item, "item", "没有考核项目"
    ids = [(f"section.{each.id}.id", each.id) for each in content.section]
    ids += [(f"item.{each.id}.id", each.id) for each in content.item]
    ids += [(f"criterion.{each.id}.id", each.id) for item in content.item for each in item.criterion]
    for key, id in ids:
        fit = re.fullmatch(_IDS, id) and len(id) <= _LONGEST
        yield not fit, key, f"编号只能用文字、数字、点和括号，不超过 {_LONGEST} 个字"
    for item in content.item:
        yield not item.criterion, f"item.{item.id}", "没有细则"
    # what stands in the title column of a form tells its rows apart where the hidden keys are gone
    printed = [("".join(each.title.split()), f"measure.{each.id}.title") for each in content.measure]
    printed += [("".join(each.content.split()), f"item.{each.id}.content") for each in content.item]
    texts = [text for text, _ in printed]
    for text, key in printed:
        yield not text, key, "不能空着"
        yield bool(text) and texts.count(text) > 1, key, "与另一处相同，考核表中分不清"


def _clauses_are_verbatim(scheme: Scheme) -> Iterator[_Finding]:
    content = scheme.content
    body = whole = "\n".join(content.notice.paragraphs)
    said = "不是通知原文"
    # key, clause, the text that it is quoted from, what to say where it does not stand there
    quoted = [("deadline", content.deadline.clause, body, said)] if content.deadline else []
    for item in content.item:
        text, missing = f"{item.content}\n{item.standard}", f"不在项目 {item.id} 的原文中"
        whole += f"\n{text}"
        quoted += [(f"criterion.{each.id}", each.clause, text, missing) for each in item.criterion]
        quoted += [(f"evidence.{each.measure}", each.clause, text, missing) for each in item.evidence]
    quoted += [(each.id, each.clause, whole, said) for each in content.reading]
    quoted += [(each.id, each.clause, whole, said) for each in content.basis]
    quoted += [(f"total.{each.measure}", each.clause, whole, said) for each in content.total]
    quoted += [(f"grade.{each.title}", each.clause, whole, said) for each in content.grade]
    quoted += [(f"ceiling.{each.id}", each.clause, whole, said) for each in content.ceiling]
    quoted += [(f"veto.{each.id}", each.clause, whole, said) for each in content.veto]
    for key, clause, text, missing in quoted:
        yield clause not in text, f"{key}.clause", f"“{clause}”{missing}"


def _items_refer(scheme: Scheme) -> Iterator[_Finding]:
    for item in scheme.content.item:
        for evidence in item.evidence:
            yield evidence.measure not in scheme.measures, f"evidence.{evidence.measure}", "没有这个指标"
            yield from _condition(scheme, f"evidence.{evidence.measure}.test", evidence.test)


def _measures_refer(scheme: Scheme) -> Iterator[_Finding]:
    items = {item.id for item in scheme.content.item}
    by_basis = {each.figure for each in scheme.content.basis}
    for measure in scheme.content.measure:
        figures, of = list(measure.figures()), f"measure.{measure.id}"
        yield measure.item not in items, f"{of}.item", f"没有项目 {measure.item}"
        yield not figures, of, "没有数据项"
        yield measure.done is not None and len(figures) > 1, f"{of}.done", "完成情况不与其他数据项并列"
        for name, figure in figures:
            lone = (figure.by == "basis") != (f"{measure.id}.{name}" in by_basis)
            yield lone, f"{of}.{name}.by", "“basis”与按单位选定的口径（basis）须互相对应"
            unknown = figure.at_most is not None and figure.at_most not in scheme.figures
            yield unknown, f"{of}.{name}.at_most", f"没有数据项 {figure.at_most}"
            if name == "done":
                yield not _listable((*figure.words, *_RESERVED)), f"{of}.{name}.words", _WORDS
    yield not _listable([each.label for each in scheme.content.period]), "period.label", _WORDS


def _bases_refer(scheme: Scheme) -> Iterator[_Finding]:
    kinds = {unit.kind for unit in scheme.units}
    for basis in scheme.content.basis:
        key, options = f"basis.{basis.id}", {each.id for each in basis.option}
        yield basis.figure not in scheme.figures, f"{key}.figure", f"没有数据项 {basis.figure}"
        for each in basis.option:
            yield decimals(each.value) > DECIMALS, f"{key}.{each.id}.value", f"数据最多 {DECIMALS} 位小数"
        for kind in sorted(kinds - set(map(printed_name, basis.default))):
            yield True, f"{key}.default", f"没有写明“{kind}”用哪个选项"
        for kind, option in basis.default.items():
            yield option not in options, f"{key}.default.{kind}", f"没有选项 {option}"


def _bands_can_be_met(scheme: Scheme) -> Iterator[_Finding]:
    for measure in scheme.content.measure:
        key, band, bases = f"measure.{measure.id}.band", measure.band, {str(kind): names for kind, *names in PAIRS}
        figures = {name: figure for name, figure in measure.figures() if name != "done"}
        for name in ("range", *bases):
            given: Span | None = getattr(band, name)
            if given is not None:
                yield from _span(f"{key}.{name}", given, multiple=name != "range" and measure.unit != "%")
                lacking = [FIGURE_LABELS[each] for each in bases.get(name, ()) if each not in figures]
                yield bool(lacking), f"{key}.{name}", f"这项指标没有“{'”“'.join(lacking)}”"
        yield band.range is not None and not figures, f"{key}.range", "这项指标没有数值"
        for name, figure in figures.items() if band.range is not None else ():
            assert band.range is not None
            least, most = band.range
            apart = (figure.min is not None and most < figure.min) or (figure.max is not None and least > figure.max)
            label = figure.label or FIGURE_LABELS[name]
            yield apart, f"{key}.range", f"“{label}”只能填 {span(figure.min, figure.max)}，没有一个数在这个范围之内"
            broken = figure.whole and least <= most and ceil(least) > floor(most)
            yield broken, f"{key}.range", f"“{label}”是整数，这个范围之内没有整数"
        share = measure.actual is not None and measure.actual.at_most == f"{measure.id}.target"
        above = share and band.target is not None and band.target[0] > 1
        yield above, f"{key}.target", "本年实绩是目标的一部分，不会超过 1 倍"
        yield band.slack is not None and band.slack < 0, f"{key}.slack", "不能小于 0"
        yield band.slack is not None and decimals(band.slack) > DECIMALS, f"{key}.slack", f"最多 {DECIMALS} 位小数"


def _span(key: str, given: Span, *, multiple: bool) -> Iterator[_Finding]:
    yield given[0] > given[1], key, f"下限 {plain(given[0])} 大于上限 {plain(given[1])}"
    yield multiple and given[0] < 0, key, "倍数不能小于 0"
    yield any(decimals(each) > DECIMALS for each in given), key, f"最多 {DECIMALS} 位小数"


def _bands_agree(scheme: Scheme) -> Iterator[_Finding]:
    """What the target may be against last year, and this year against the target, leads to this year against last."""
    for measure, held in scheme.expectations.items():
        pairs = {each.kind: each for each in held if isinstance(each, Against)}
        if len(pairs) == len(PAIRS):
            growth, target, plan = (pairs[kind] for kind, *_ in PAIRS)
            least, most = (
                one + other if growth.points else one * other
                for one, other in ((target.least, plan.least), (target.most, plan.most))
            )
            said = (
                f"本年比上年，由 target 和 plan 推得 {span(least, most)}，与 {span(growth.least, growth.most)} 没有重叠"
            )
            yield most < growth.least or least > growth.most, f"measure.{measure}.band.growth", said


def _parts_refer(scheme: Scheme) -> Iterator[_Finding]:
    of = {each.id: each.band.part_of for each in scheme.content.measure if each.band.part_of}
    for id, part_of in of.items():
        key, whole = f"measure.{id}.band.part_of", scheme.measures.get(part_of)
        yield whole is None, key, f"没有指标 {part_of}"
        if whole is not None:
            for each in (scheme.measures[id], whole):
                yield each.actual is None, key, f"指标 {each.id} 没有本年实绩"
            yield scheme.measures[id].unit != whole.unit, key, f"与指标 {part_of} 的计量单位不同"
        passed = [id]
        while (above := of.get(passed[-1])) and above not in passed:
            passed.append(above)
        yield above == id, key, "绕回到了自身"


def _totals(scheme: Scheme) -> Iterator[_Finding]:
    for total in scheme.content.total:
        key, measure = f"total.{total.measure}", scheme.measures.get(total.measure)
        yield measure is None, key, "没有这个指标"
        yield measure is not None and measure.unit == "%", key, "计量单位是 % 的指标不能合计"
        yield total.number <= 0, f"{key}.number", "须大于 0"
        yield decimals(total.number) > DECIMALS, f"{key}.number", f"最多 {DECIMALS} 位小数"
        spans = {name: given for name, given in (("target", total.target), ("actual", total.actual)) if given}
        yield not spans, key, "target 与 actual 至少写一个"
        for name, given in spans.items():
            lacking = measure is not None and f"{measure.id}.{name}" not in scheme.figures
            yield lacking, f"{key}.{name}", f"没有数据项 {total.measure}.{name}"
            yield from _span(f"{key}.{name}", given, multiple=True)


def _listable(words: Sequence[str]) -> bool:
    """Whether ``words`` can be told apart in a list of a spreadsheet."""
    return len(set(words)) == len(words) and all(
        word.strip() == word and 0 < len(word) <= _LONGEST and not set(word) & set(_SPECIAL) for word in words
    )


def _options(scheme: Scheme) -> Iterator[_Finding]:
    options = {reading.id: {each.id for each in reading.option} for reading in scheme.content.reading}
    for reading in scheme.content.reading:
        of = f"reading.{reading.id}"
        yield not reading.option, of, "没有选项"
        for each in reading.option[:1]:
            yield bool(each.change), f"{of}.{each.id}", "第一个选项是默认，不应有 change"
        for other, option in reading.within.items():
            yield option not in options.get(other, ()), f"{of}.within", f"没有口径 {other}={option}"
        for each in reading.option:
            for id, change in each.change.get("criterion", {}).items():
                yield from _parts_named(scheme, f"{of}.{each.id}.change.criterion.{id}", change)


def changes_refer(content: SchemeContent) -> Iterator[ShapeFault]:
    """What options and kinds of units change, and cannot: it is not there, or is what things are told apart by."""
    items = content.item
    known: dict[str, tuple[str, set[str]]] = {  # room → what its entries are told apart by, and which there are
        "criterion": ("id", {criterion.id for item in items for criterion in item.criterion}),
        "evidence": ("measure", {evidence.measure for item in items for evidence in item.evidence}),
        "item": ("id", {item.id for item in items}),
        "section": ("id", {each.id for each in content.section}),
        "measure": ("id", {each.id for each in content.measure}),
        "grade": ("title", {each.title for each in content.grade}),
    }
    changes = [
        (f"reading.{reading.id}.{option.id}", option.change) for reading in content.reading for option in reading.option
    ]
    for by, change in (*changes, *((f"kind.{each.name}", each.change) for each in content.kind)):
        for room, patch in change.items():
            key = f"{by}.change.{room}"
            if room in known:
                name, ids = known[room]
                for id, entry in patch.items():
                    if id not in ids:
                        yield f"{key}.{id}", f"没有{_ROOMS[room]} {id}"
                    elif not isinstance(entry, dict):
                        yield f"{key}.{id}", "应为一张表"
                    for fixed in ({name, *_FIXED} & {*entry}) if id in ids and isinstance(entry, dict) else ():
                        yield f"{key}.{id}.{fixed}", "编号和所属的类别、项目、细则不能改"
            elif room not in ("policy", "whole"):
                yield key, f"change 只能改 {'、'.join((*known, 'policy'))} 和 whole"


def _parts_named(scheme: Scheme, key: str, change: object) -> Iterator[_Finding]:
    if not isinstance(change, dict):  # told of elsewhere
        return
    if not isinstance(change.get("replace", {}), dict):
        yield True, f"{key}.replace", "应为一张表"
    else:
        rule = change.get("rule", {})
        parts = rule.get("part", {}) if isinstance(rule, dict) else {}
        if not isinstance(parts, dict) or not all(isinstance(patch, dict) for patch in parts.values()):
            yield True, f"{key}.rule.part", "应为一张表"
        else:
            yield from ((name not in scheme.figures, f"{key}.rule.part.{name}", "没有这个数据项") for name in parts)


def _frame(scheme: Scheme) -> Iterator[_Finding]:
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


def _weights_count(scheme: Scheme) -> Iterator[_Finding]:
    """No weights where nothing is weighted; an option may do away with what weighs them."""
    content = scheme.content
    sections = {each.id: each for each in content.section}
    for key, node, above in _nodes(content):
        parent = sections.get(above, content.whole)
        loose = node.weight != 1 and (parent.combine != "weighted" or node is content.whole)
        yield loose, f"{key}.weight", "上一级不是按权重（weighted）相加，权重不起作用"


def _points_add_up(scheme: Scheme) -> Iterator[_Finding]:
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


def _rule_earns_points(criterion: Criterion) -> Iterator[_Finding]:
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
        yield rule.most != points, f"{key}.rule", f"规则最多可得 {shown_points(rule.most)}，与细则分值不符"


def shown_points(points: Decimal | None) -> str:
    """So many points in words, or that there are none."""
    return "无分值" if points is None else f"{plain(points)} 分"


def _rule_reads_figures(scheme: Scheme, criterion: Criterion) -> Iterator[_Finding]:
    """Figures that are there, and are what the rule takes them for."""
    key, rule = f"criterion.{criterion.id}.rule", criterion.rule
    for condition in rule.conditions:
        yield from _condition(scheme, key, condition)
    compared = {name for condition in rule.conditions for name in condition.figures}
    for figure in rule.figures:
        if figure not in compared and "@" not in figure:
            yield from _numeric(scheme, key, figure)
    for figure in rule.bases if not isinstance(rule, When) else ():
        held = scheme.figures.get(figure)
        below = held is not None and (held.min is None or held.min < 0)
        yield below, key, f"{figure} 用作基数，须写明最小值（min）不小于 0"


def _bars_read_figures(scheme: Scheme) -> Iterator[_Finding]:
    for id, test in scheme.bars.items():
        key = f"ceiling.{id}.test"
        yield not test.conditions, key, "没有条件"
        for condition in test.conditions:
            yield from _condition(scheme, key, condition)


def _grades(scheme: Scheme) -> Iterator[_Finding]:
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


def _general(scheme: Scheme) -> Iterator[_Finding]:
    found = [each.id for each in scheme.content.veto if each.test is None]
    yield len(found) > 1, "veto", "由机关认定的一票否决合写为一条"
    for each in scheme.content.veto:
        taken = each.grade in (*scheme.grades[:-1], OPEN, "")
        yield taken, f"veto.{each.id}.grade", "一票否决的等次不能与其他等次混同，可以是最低的一等"


def _kinds_and_groups(scheme: Scheme) -> Iterator[_Finding]:
    kinds = {unit.kind for unit in scheme.units}
    for kind in scheme.content.kind:
        yield printed_name(kind.name) not in kinds, f"kind.{kind.name}", "没有这个类别的单位"
    grouped = [printed_name(kind) for group in scheme.content.group for kind in group.kinds]
    for group in scheme.content.group:
        yield not group.title, "group.title", "组须有名称"
        yield not group.kinds, f"group.{group.title}.kinds", "没有写明是哪些类别的单位"
    for kind_name in sorted({each for each in grouped if grouped.count(each) > 1}):
        yield True, "group.kinds", f"类别 {kind_name} 在几个组中"
    for kind_name in sorted(kinds - set(grouped)) if grouped else ():
        yield True, "group.kinds", f"类别 {kind_name} 不在任何组中"


def _needs_are_met_or_not(scheme: Scheme) -> Iterator[_Finding]:
    for criterion in scheme.criteria.values():
        if criterion.needs:
            needed = scheme.criteria.get(criterion.needs)
            key = f"criterion.{criterion.id}.needs"
            yield needed is None, key, f"没有细则 {criterion.needs}"
            unsuited = needed is not None and (not isinstance(needed.rule, When) or bool(needed.needs))
            yield criterion.judged, key, "评定、手填的细则不设前提"
            yield unsuited, key, f"细则 {criterion.needs} 须是无前提的“达到即得分”细则"


def _condition(scheme: Scheme, key: str, condition: Condition) -> Iterator[_Finding]:
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


def _numeric(scheme: Scheme, key: str, figure: str) -> Iterator[_Finding]:
    yield figure not in scheme.figures, key, f"没有数据项 {figure}"
    yield figure in scheme.figures and figure.endswith(".done"), key, f"{figure} 不是数值"
