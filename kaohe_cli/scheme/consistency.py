"""What a scheme must be consistent in: each check a plain function that yields what may be wrong, and whether it is."""

import re
from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor
from typing import TypeAlias

from kaohe_cli.model import Mark
from kaohe_cli.naming import alike, plain_name, printed_name, unfit
from kaohe_cli.points import DECIMALS, ZERO, decimals, half_up, plain
from kaohe_cli.scheme.condition import Condition
from kaohe_cli.scheme.limit import span
from kaohe_cli.scheme.plausible import PAIRS, Against, Span
from kaohe_cli.scheme.rule import Step, When
from kaohe_cli.scheme.scheme import FIGURE_LABELS, Scheme
from kaohe_cli.scheme.shape import ShapeFault

_LONGEST = 30  # letters of a word that is chosen from a list, of which a spreadsheet takes 255
_SPECIAL = ',"*?~=<>'  # what lists and counts of a spreadsheet read otherwise
_RESERVED = (Mark.NO_TASK.value, Mark.NOT_APPLICABLE.value)
_WORDS = f"各词须互不相同，不与“{_RESERVED[0]}”“{_RESERVED[1]}”相同，不含 {' '.join(_SPECIAL)}，不超过 {_LONGEST} 个字"
_Finding: TypeAlias = tuple[bool, str, str]  # whether something is wrong, where, what it is


def faults(scheme: Scheme) -> Iterator[ShapeFault]:
    """Every fault of a scheme: its key, what is wrong there."""
    yield from _failed(scheme, _no_duplicates, _names_serve, _clauses_are_verbatim)
    yield from _failed(scheme, _items_refer, _measures_refer, _bases_refer, _options)
    yield from _failed(scheme, _bands_can_be_met, _bands_agree, _parts_refer, _totals)
    yield from settled_faults(scheme)


def settled_faults(scheme: Scheme) -> Iterator[ShapeFault]:
    """Faults that an option could bring in as well."""
    return _failed(scheme, _points_add_up, _rules_read_figures, _needs_are_met_or_not)


def _failed(scheme: Scheme, *checks: Callable[[Scheme], Iterator[_Finding]]) -> Iterator[ShapeFault]:
    return ((key, reason) for check in checks for wrong, key, reason in check(scheme) if wrong)


def _no_duplicates(scheme: Scheme) -> Iterator[_Finding]:
    content = scheme.content
    tables: dict[str, list[str]] = {
        "class": [each.id for each in content.class_],
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
    yield not 1 <= len(content.class_) <= 2, "class", "类别为一类或两类"
    for item in content.item:
        key, judged = f"item.{item.id}", sum(criterion.judged for criterion in item.criterion)
        yield judged > 1, key, "一个项目只填一个自评分，最多一条评议细则"
        mixed = judged == 1 and len(item.criterion) > 1
        yield mixed, key, "自评分或者由单位填写，或者按规则算出，评议细则不与其他细则同在一个项目"


def _clauses_are_verbatim(scheme: Scheme) -> Iterator[_Finding]:
    content, grades = scheme.content, scheme.content.grades
    body = whole = "\n".join(content.notice.paragraphs)
    said = "不是通知原文"
    general = [("deadline", content.deadline.clause), ("grades.excellent", grades.excellent.clause)]
    general += [("grades.pass", grades.passing.clause), ("grades.veto", grades.veto.clause)]
    # key, clause, the text that it is quoted from, what to say where it does not stand there
    quoted = [(key, clause, body, said) for key, clause in general]
    for item in content.item:
        text, missing = f"{item.content}\n{item.standard}", f"不在项目 {item.id} 的原文中"
        whole += f"\n{text}"
        quoted += [(f"criterion.{each.id}", each.clause, text, missing) for each in item.criterion]
        quoted += [(f"evidence.{each.measure}", each.clause, text, missing) for each in item.evidence]
    quoted += [(each.id, each.clause, whole, said) for each in content.reading]
    quoted += [(each.id, each.clause, whole, said) for each in content.basis]
    quoted += [(f"total.{each.measure}", each.clause, whole, said) for each in content.total]
    for key, clause, text, missing in quoted:
        yield clause not in text, f"{key}.clause", f"“{clause}”{missing}"


def _items_refer(scheme: Scheme) -> Iterator[_Finding]:
    classes = {each.id for each in scheme.content.class_}
    for item in scheme.content.item:
        yield item.class_ not in classes, f"item.{item.id}.class", f"没有类别 {item.class_}"
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
    evidence = {each.measure for item in scheme.items for each in item.evidence}
    for reading in scheme.content.reading:
        of = f"reading.{reading.id}"
        yield not reading.option, of, "没有选项"
        for each in reading.option[:1]:
            yield bool(each.change), f"{of}.{each.id}", "第一个选项是默认，不应有 change"
        for other, option in reading.within.items():
            yield option not in options.get(other, ()), f"{of}.within", f"没有口径 {other}={option}"
        for each in reading.option:
            for room, patch in each.change.items():
                key = f"{of}.{each.id}.change.{room}"
                known = room in ("criterion", "evidence", "policy")
                yield not known, key, "change 只能改 criterion、evidence 和 policy"
                for id, change in patch.items():
                    if room == "evidence":
                        yield id not in evidence, f"{key}.{id}", "没有这条佐证要求"
                    elif room == "criterion":
                        yield from _criterion_change(scheme, f"{key}.{id}", id, change)


def _criterion_change(scheme: Scheme, key: str, id: str, change: object) -> Iterator[_Finding]:
    if id not in scheme.criteria:
        yield True, key, "没有这条细则"
    elif not isinstance(change, dict):
        yield True, key, "应为一张表"
    elif "id" in change:
        yield True, f"{key}.id", "选项不能改细则的编号"
    elif not isinstance(change.get("replace", {}), dict):
        yield True, f"{key}.replace", "应为一张表"
    else:
        rule = change.get("rule", {})
        parts = rule.get("part", {}) if isinstance(rule, dict) else {}
        if not isinstance(parts, dict) or not all(isinstance(patch, dict) for patch in parts.values()):
            yield True, f"{key}.rule.part", "应为一张表"
        else:
            yield from ((name not in scheme.figures, f"{key}.rule.part.{name}", "没有这个数据项") for name in parts)


def _points_add_up(scheme: Scheme) -> Iterator[_Finding]:
    for each in scheme.content.class_:
        total = sum((item.points for item in scheme.items if item.class_ == each.id), ZERO)
        said = f"各项合计 {plain(total)} 分，类别为 {plain(each.points)} 分"
        yield total != each.points, f"class.{each.id}.points", said
    for item in scheme.items:
        total = sum((scheme.full(criterion) for criterion in item.criterion), ZERO)
        said = f"各细则分值合计 {plain(total)} 分，项目为 {plain(item.points)} 分"
        yield total != item.points, f"item.{item.id}.points", said
    for criterion in scheme.criteria.values():
        key, points, rule = f"criterion.{criterion.id}", criterion.points, criterion.rule
        yield points is None and not criterion.bonus, f"{key}.points", "非加分细则须有分值"
        yield points == 0 and not criterion.bonus, f"{key}.points", "非加分细则的分值须大于 0"
        odd = points is not None and (points < 0 or half_up(points) != points)
        yield odd, f"{key}.points", "分值不为负，最多两位小数"
        if isinstance(rule, When):
            total = sum((part.points for part in rule.parts), ZERO)
            yield total != points, f"{key}.rule", f"各条件合计 {plain(total)} 分，与细则分值不符"
        elif isinstance(rule, Step):
            most = rule.cap if rule.each > 0 else rule.start
            yield most != points, f"{key}.rule", "规则最多可得的分与细则分值不符"
        else:
            yield criterion.bonus, f"{key}.bonus", "评议细则不作加分"


def _rules_read_figures(scheme: Scheme) -> Iterator[_Finding]:
    for criterion in scheme.criteria.values():
        key, rule = f"criterion.{criterion.id}.rule", criterion.rule
        if isinstance(rule, When):
            yield not rule.parts, key, "没有条件"
            for condition in rule.conditions:
                yield from _condition(scheme, key, condition)
        elif isinstance(rule, Step):
            for figure in rule.figures:
                yield from _numeric(scheme, key, figure)
            odd = rule.step <= 0 or decimals(rule.step) > DECIMALS
            yield odd, f"{key}.step", f"须大于 0，最多 {DECIMALS} 位小数"
            yield rule.each == 0, f"{key}.each", "不能为 0"


def _needs_are_met_or_not(scheme: Scheme) -> Iterator[_Finding]:
    for criterion in scheme.criteria.values():
        if criterion.needs:
            needed = scheme.criteria.get(criterion.needs)
            key = f"criterion.{criterion.id}.needs"
            yield needed is None, key, f"没有细则 {criterion.needs}"
            unsuited = needed is not None and (not isinstance(needed.rule, When) or bool(needed.needs))
            yield unsuited, key, f"细则 {criterion.needs} 须是无前提的“达到即得分”细则"


def _condition(scheme: Scheme, key: str, condition: Condition) -> Iterator[_Finding]:
    left, right, number = condition.left, condition.right, condition.number
    if condition.compare == "done":
        compared = right is not None or number is not None or condition.share
        yield compared, key, "完成情况不与数值比较"
        yield left not in scheme.figures, key, f"没有数据项 {left}"
        yield left in scheme.figures and not left.endswith(".done"), key, f"{left} 不是完成情况"
        return
    yield (right is None) == (number is None), key, "right 与 number 须写且只写一个"
    yield condition.share and right is None, key, "share 须与另一数据项（right）相比"
    yield condition.left_times <= 0 or condition.right_times <= 0, key, "倍数须大于 0"
    for name in condition.figures:
        yield from _numeric(scheme, key, name)


def _numeric(scheme: Scheme, key: str, figure: str) -> Iterator[_Finding]:
    yield figure not in scheme.figures, key, f"没有数据项 {figure}"
    yield figure in scheme.figures and figure.endswith(".done"), key, f"{figure} 不是数值"
