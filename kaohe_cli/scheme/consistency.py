"""What a scheme must be consistent in: each check a plain function that yields what may be wrong, and whether it is."""

import re
from collections.abc import Iterator, Sequence
from math import ceil, floor

from kaohe_cli.model import OPEN, Mark
from kaohe_cli.naming import alike, plain_name, printed_name, unfit
from kaohe_cli.points import DECIMALS, decimals, plain
from kaohe_cli.scheme.limit import span
from kaohe_cli.scheme.plausible import PAIRS, Against, Span
from kaohe_cli.scheme.records import FIGURE_LABELS, SchemeContent
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.shape import ShapeFault
from kaohe_cli.scheme.trial import trial_faults
from kaohe_cli.scheme.workable import Faulty, condition_faults, failed, settled_faults, weights_count

_LONGEST = 30  # letters of a word that is chosen from a list, of which a spreadsheet takes 255
_SPECIAL = ',"*?~=<>'  # what lists and counts of a spreadsheet read otherwise
_RESERVED = (Mark.NO_TASK.value, Mark.NOT_APPLICABLE.value)
_WORDS = f"各词须互不相同，不与“{_RESERVED[0]}”“{_RESERVED[1]}”相同，不含 {' '.join(_SPECIAL)}，不超过 {_LONGEST} 个字"
_FIXED = ("of", "section", "item", "criterion", "evidence")  # what stands where is the same for all
_ROOMS = {
    "criterion": "细则", "evidence": "佐证要求", "item": "项目", "section": "类别", "measure": "指标", "grade": "等次",
}  # fmt: skip
_A_MATERIAL = re.compile(r"[^\s；;、]{1,20}")  # title of a material: it heads a column, and stands in lists
_IDS = r"[\w.（）()、—-]+"


def faults(scheme: Scheme) -> Iterator[ShapeFault]:
    """Every fault of a scheme: its key, what is wrong there."""
    yield from failed(scheme, weights_count)
    yield from failed(scheme, _no_duplicates, _names_serve, _clauses_are_verbatim)
    yield from failed(scheme, _items_refer, _measures_refer, _bases_refer, _options, _kinds_and_groups, _general)
    yield from failed(scheme, _bands_can_be_met, _bands_agree, _parts_refer, _totals)
    yield from settled_faults(scheme)
    yield from failed(scheme, trial_faults)


def _no_duplicates(scheme: Scheme) -> Iterator[Faulty]:
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
        "trial": [each.name for each in content.trial],
        **{f"reading.{each.id}.option": [option.id for option in each.option] for each in content.reading},
        **{f"basis.{each.id}.option": [option.id for option in each.option] for each in content.basis},
        **{f"basis.{each.id}.default": [printed_name(kind) for kind in each.default] for each in content.basis},
    }
    named = [*tables["section"], *tables["item"], *tables["criterion"]]
    apart = (set(tables[table]) for table in ("section", "item", "criterion"))
    tables["id"] = [id for ids in apart for id in ids if named.count(id) > 1]
    for table, ids in tables.items():
        yield from ((ids.count(id) > 1, f"{table}.{id}", "重复") for id in sorted(set(ids)))


def _names_serve(scheme: Scheme) -> Iterator[Faulty]:
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
        yield (
            bool(text) and texts.count(text) > 1,
            key,
            "与另一项指标的名称、另一个项目的内容相同，考核表中分不清，请写得有所区别",
        )


def _clauses_are_verbatim(scheme: Scheme) -> Iterator[Faulty]:
    content = scheme.content
    body = whole = "\n".join(content.notice.paragraphs)
    said = "不是通知原文，正文和各项目中都没有这句话"
    # key, clause, the text that it is quoted from, what to say where it does not stand there
    quoted = [("deadline", content.deadline.clause, body, said)] if content.deadline else []
    quoted += [("materials", content.materials.clause, body, said)] if content.materials else []
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


def _items_refer(scheme: Scheme) -> Iterator[Faulty]:
    for item in scheme.content.item:
        for evidence in item.evidence:
            yield evidence.measure not in scheme.measures, f"evidence.{evidence.measure}", "没有这个指标"
            yield from condition_faults(scheme, f"evidence.{evidence.measure}.test", evidence.test)


def _measures_refer(scheme: Scheme) -> Iterator[Faulty]:
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
            crossed = figure.min is not None and figure.max is not None and figure.min > figure.max
            yield crossed, f"{of}.{name}.max", "最大小于最小，没有能填的数"
            if name == "done":
                yield not _listable((*figure.words, *_RESERVED)), f"{of}.{name}.words", _WORDS
    yield not _listable([each.label for each in scheme.content.period]), "period.label", _WORDS


def _bases_refer(scheme: Scheme) -> Iterator[Faulty]:
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


def _bands_can_be_met(scheme: Scheme) -> Iterator[Faulty]:
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


def _span(key: str, given: Span, *, multiple: bool) -> Iterator[Faulty]:
    yield given[0] > given[1], key, f"下限 {plain(given[0])} 大于上限 {plain(given[1])}"
    yield multiple and given[0] < 0, key, "倍数不能小于 0"
    yield any(decimals(each) > DECIMALS for each in given), key, f"最多 {DECIMALS} 位小数"


def _bands_agree(scheme: Scheme) -> Iterator[Faulty]:
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
            apart = growth.least <= growth.most and (most < growth.least or least > growth.most)
            yield apart, f"measure.{measure}.band.growth", said


def _parts_refer(scheme: Scheme) -> Iterator[Faulty]:
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


def _totals(scheme: Scheme) -> Iterator[Faulty]:
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


def _options(scheme: Scheme) -> Iterator[Faulty]:
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


def _parts_named(scheme: Scheme, key: str, change: object) -> Iterator[Faulty]:
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


def _general(scheme: Scheme) -> Iterator[Faulty]:
    found = [each.id for each in scheme.content.veto if each.test is None]
    yield len(found) > 1, "veto", "由机关认定的一票否决合写为一条"
    for each in scheme.content.veto:
        taken = each.grade in (*scheme.grades[:-1], OPEN, "")
        yield taken, f"veto.{each.id}.grade", "一票否决的等次不能与其他等次混同，可以是最低的一等"
    if (asked := scheme.content.materials) is not None:
        fit = all(_A_MATERIAL.fullmatch(title) for title in asked.titles) and bool(asked.titles)
        yield not fit, "materials.titles", "写各份材料的名称，每份不超过 20 个字，没有空格和分号"
        yield len({*asked.titles}) < len(asked.titles), "materials.titles", "重复"


def _kinds_and_groups(scheme: Scheme) -> Iterator[Faulty]:
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
