"""What a scheme must be consistent in: each check a plain function that yields what is wrong."""

import re
from collections.abc import Iterator, Sequence

from kaohe_cli.model import Mark
from kaohe_cli.naming import alike, plain_name, printed_name, unfit
from kaohe_cli.points import DECIMALS, ZERO, decimals, half_up, plain
from kaohe_cli.scheme.rule import AwardRule, Condition, Judged, Steps
from kaohe_cli.scheme.scheme import Reading, Scheme
from kaohe_cli.scheme.shape import ShapeFault

_LONGEST = 30  # letters of a word that is chosen from a list, of which a spreadsheet takes 255
_SPECIAL = ',"*?~=<>'  # what lists and counts of a spreadsheet read otherwise
_RESERVED = (Mark.NO_TASK.value, Mark.NOT_APPLICABLE.value)
_WORDS = f"各词须互不相同，不与“{_RESERVED[0]}”“{_RESERVED[1]}”相同，不含 {' '.join(_SPECIAL)}，不超过 {_LONGEST} 个字"


def faults(scheme: Scheme) -> Iterator[ShapeFault]:
    """Every fault of a scheme: its key, what is wrong there."""
    for check in (
        _no_duplicates, _names_serve, _clauses_are_verbatim, _items_refer, _measures_refer, _bases_refer, _options,
    ):  # fmt: skip
        yield from check(scheme)
    yield from settled_faults(scheme)


def settled_faults(scheme: Scheme) -> Iterator[ShapeFault]:
    """Faults that an option could bring in as well."""
    for check in (_points_add_up, _rules_read_figures, _needs_are_met_or_not):
        yield from check(scheme)


def _no_duplicates(scheme: Scheme) -> Iterator[ShapeFault]:
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
        **{f"reading.{each.id}.option": [option.id for option in each.option] for each in content.reading},
        **{f"basis.{each.id}.option": [option.id for option in each.option] for each in content.basis},
        **{f"basis.{each.id}.default": [printed_name(kind) for kind in each.default] for each in content.basis},
    }
    for table, ids in tables.items():
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            yield f"{table}.{id}", "重复"


def _names_serve(scheme: Scheme) -> Iterator[ShapeFault]:
    """Names become names of fields (sales.actual, 330102.sales.target) and of files."""
    content = scheme.content
    named = [(f"unit.{each.code}.code", each.code) for each in content.unit]
    named += [(f"measure.{each.id}.id", each.id) for each in content.measure]
    for key, name in named:
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            yield key, "只能用字母、数字和下划线"
    for unit in content.unit:
        wrong = unfit(plain_name(unit.name))
        if wrong:
            yield f"unit.{unit.code}.name", f"单位名称用作文件名，{wrong}"
    if unfit(content.template):
        yield "template", f"模板只写文件名，{unfit(content.template)}"
    if not 1 <= len(content.class_) <= 2:
        yield "class", "类别为一类或两类"
    for item in content.item:
        if sum(criterion.judged for criterion in item.criterion) > 1:
            yield f"item.{item.id}", "一个项目只填一个自评分，最多一条评议细则"
        elif item.judged and len(item.criterion) > 1:
            yield f"item.{item.id}", "自评分或者由单位填写，或者按规则算出，评议细则不与其他细则同在一个项目"


def _clauses_are_verbatim(scheme: Scheme) -> Iterator[ShapeFault]:
    content, grades = scheme.content, scheme.content.grades
    body = "\n".join(content.notice.paragraphs)
    texts = [f"{item.content}\n{item.standard}" for item in content.item]
    whole = "\n".join([body, *texts])
    said = "不是通知原文"
    # key, clause, the text that it is quoted from, what to say where it does not stand there
    quoted = [("deadline", content.deadline.clause, body, said)]
    quoted += [("grades.excellent", grades.excellent.clause, body, said)]
    quoted += [("grades.pass", grades.passing.clause, body, said), ("grades.veto", grades.veto.clause, body, said)]
    for item, text in zip(content.item, texts, strict=True):
        missing = f"不在项目 {item.id} 的原文中"
        quoted += [(f"criterion.{each.id}", each.clause, text, missing) for each in item.criterion]
        quoted += [(f"evidence.{each.measure}", each.clause, text, missing) for each in item.evidence]
    quoted += [(each.id, each.clause, whole, said) for each in content.reading]
    quoted += [(each.id, each.clause, whole, said) for each in content.basis]
    for key, clause, text, missing in quoted:
        if clause not in text:
            yield f"{key}.clause", f"“{clause}”{missing}"


def _items_refer(scheme: Scheme) -> Iterator[ShapeFault]:
    classes = {each.id for each in scheme.content.class_}
    for item in scheme.content.item:
        if item.class_ not in classes:
            yield f"item.{item.id}.class", f"没有类别 {item.class_}"
        for evidence in item.evidence:
            if evidence.measure not in scheme.measures:
                yield f"evidence.{evidence.measure}", "没有这个指标"
            yield from _condition(scheme, f"evidence.{evidence.measure}.test", evidence.test)


def _measures_refer(scheme: Scheme) -> Iterator[ShapeFault]:
    items = {item.id for item in scheme.content.item}
    by_basis = {each.figure for each in scheme.content.basis}
    for measure in scheme.content.measure:
        figures = list(measure.figures())
        if measure.item not in items:
            yield f"measure.{measure.id}.item", f"没有项目 {measure.item}"
        if not figures:
            yield f"measure.{measure.id}", "没有数据项"
        if measure.done and len(figures) > 1:
            yield f"measure.{measure.id}.done", "完成情况不与其他数据项并列"
        for name, figure in figures:
            key = f"measure.{measure.id}.{name}"
            if (figure.by == "basis") != (f"{measure.id}.{name}" in by_basis):
                yield f"{key}.by", "“basis”与按单位选定的口径（basis）须互相对应"
            if figure.at_most is not None and figure.at_most not in scheme.figures:
                yield f"{key}.at_most", f"没有数据项 {figure.at_most}"
            if name == "done" and not _listable((*figure.words, *_RESERVED)):
                yield f"{key}.words", _WORDS
    if not _listable([each.label for each in scheme.content.period]):
        yield "period.label", _WORDS


def _bases_refer(scheme: Scheme) -> Iterator[ShapeFault]:
    kinds = {unit.kind for unit in scheme.units}
    for basis in scheme.content.basis:
        options = {each.id for each in basis.option}
        if basis.figure not in scheme.figures:
            yield f"basis.{basis.id}.figure", f"没有数据项 {basis.figure}"
        for each in basis.option:
            if decimals(each.value) > DECIMALS:
                yield f"basis.{basis.id}.{each.id}.value", f"数据最多 {DECIMALS} 位小数"
        for kind in sorted(kinds - set(map(printed_name, basis.default))):
            yield f"basis.{basis.id}.default", f"没有写明“{kind}”用哪个选项"
        for kind, option in basis.default.items():
            if option not in options:
                yield f"basis.{basis.id}.default.{kind}", f"没有选项 {option}"


def _listable(words: Sequence[str]) -> bool:
    """Whether ``words`` can be told apart in a list of a spreadsheet."""
    return len(set(words)) == len(words) and all(
        word.strip() == word and 0 < len(word) <= _LONGEST and not set(word) & set(_SPECIAL) for word in words
    )


def _options(scheme: Scheme) -> Iterator[ShapeFault]:
    readings: dict[str, Reading] = {reading.id: reading for reading in scheme.content.reading}
    for reading in scheme.content.reading:
        if not reading.option:
            yield f"reading.{reading.id}", "没有选项"
        elif reading.option[0].change:
            yield f"reading.{reading.id}.{reading.option[0].id}", "第一个选项是默认，不应有 change"
        for other, option in reading.within.items():
            if other not in readings or option not in {each.id for each in readings[other].option}:
                yield f"reading.{reading.id}.within", f"没有口径 {other}={option}"
        for each in reading.option:
            for room, patch in each.change.items():
                key = f"reading.{reading.id}.{each.id}.change.{room}"
                if room not in ("criterion", "evidence", "policy"):
                    yield key, "change 只能改 criterion、evidence 和 policy"
                elif room == "evidence":
                    known = {evidence.measure for item in scheme.items for evidence in item.evidence}
                    yield from ((f"{key}.{measure}", "没有这条佐证要求") for measure in patch if measure not in known)
                elif room == "criterion":
                    for id, change in patch.items():
                        yield from _criterion_change(scheme, f"{key}.{id}", id, change)


def _criterion_change(scheme: Scheme, key: str, id: str, change: object) -> Iterator[ShapeFault]:
    if id not in scheme.criteria:
        yield key, "没有这条细则"
    elif not isinstance(change, dict):
        yield key, "应为一张表"
    elif "id" in change:
        yield f"{key}.id", "选项不能改细则的编号"
    elif not isinstance(change.get("replace", {}), dict):
        yield f"{key}.replace", "应为一张表"
    else:
        rule = change.get("rule", {})
        parts = rule.get("part", {}) if isinstance(rule, dict) else {}
        if not isinstance(parts, dict) or not all(isinstance(patch, dict) for patch in parts.values()):
            yield f"{key}.rule.part", "应为一张表"
        else:
            yield from ((f"{key}.rule.part.{name}", "没有这个数据项") for name in parts if name not in scheme.figures)


def _points_add_up(scheme: Scheme) -> Iterator[ShapeFault]:
    for each in scheme.content.class_:
        total = sum((item.points for item in scheme.items if item.class_ == each.id), ZERO)
        if total != each.points:
            yield f"class.{each.id}.points", f"各项合计 {plain(total)} 分，类别为 {plain(each.points)} 分"
    for item in scheme.items:
        total = sum((scheme.full(criterion) for criterion in item.criterion), ZERO)
        if total != item.points:
            yield f"item.{item.id}.points", f"各细则分值合计 {plain(total)} 分，项目为 {plain(item.points)} 分"
    for criterion in scheme.criteria.values():
        key = f"criterion.{criterion.id}"
        if criterion.points is None and not criterion.bonus:
            yield f"{key}.points", "非加分细则须有分值"
        elif criterion.points == 0 and not criterion.bonus:
            yield f"{key}.points", "非加分细则的分值须大于 0"
        if criterion.points is not None and (criterion.points < 0 or half_up(criterion.points) != criterion.points):
            yield f"{key}.points", "分值不为负，最多两位小数"
        rule = criterion.rule
        if isinstance(rule, AwardRule):
            total = sum((part.points for part in rule.parts), ZERO)
            if total != criterion.points:
                yield f"{key}.rule", f"各条件合计 {plain(total)} 分，与细则分值不符"
        elif isinstance(rule, Steps):
            most = rule.cap if rule.each > 0 else rule.start
            if most != criterion.points:
                yield f"{key}.rule", "规则最多可得的分与细则分值不符"
        elif isinstance(rule, Judged) and criterion.bonus:
            yield f"{key}.bonus", "评议细则不作加分"


def _rules_read_figures(scheme: Scheme) -> Iterator[ShapeFault]:
    for criterion in scheme.criteria.values():
        key, rule = f"criterion.{criterion.id}.rule", criterion.rule
        if isinstance(rule, AwardRule):
            if not rule.parts:
                yield key, "没有条件"
            for condition in rule.conditions:
                yield from _condition(scheme, key, condition)
        elif isinstance(rule, Steps):
            for figure in rule.figures:
                yield from _numeric(scheme, key, figure)
            if rule.step <= 0 or decimals(rule.step) > DECIMALS:
                yield f"{key}.step", f"须大于 0，最多 {DECIMALS} 位小数"
            if rule.each == 0:
                yield f"{key}.each", "不能为 0"


def _needs_are_met_or_not(scheme: Scheme) -> Iterator[ShapeFault]:
    for criterion in scheme.criteria.values():
        if not criterion.needs:
            continue
        needed = scheme.criteria.get(criterion.needs)
        key = f"criterion.{criterion.id}.needs"
        if needed is None:
            yield key, f"没有细则 {criterion.needs}"
        elif not isinstance(needed.rule, AwardRule) or needed.needs:
            yield key, f"细则 {criterion.needs} 须是无前提的“达到即得分”细则"


def _condition(scheme: Scheme, key: str, condition: Condition) -> Iterator[ShapeFault]:
    if condition.compare == "done":
        if condition.right is not None or condition.number is not None or condition.share:
            yield key, "完成情况不与数值比较"
        figure = scheme.figures.get(condition.left)
        if figure is None:
            yield key, f"没有数据项 {condition.left}"
        elif not condition.left.endswith(".done"):
            yield key, f"{condition.left} 不是完成情况"
        return
    if (condition.right is None) == (condition.number is None):
        yield key, "right 与 number 须写且只写一个"
    if condition.share and condition.right is None:
        yield key, "share 须与另一数据项（right）相比"
    if condition.left_times <= 0 or condition.right_times <= 0:
        yield key, "倍数须大于 0"
    for name in condition.figures:
        yield from _numeric(scheme, key, name)


def _numeric(scheme: Scheme, key: str, figure: str) -> Iterator[ShapeFault]:
    if figure not in scheme.figures:
        yield key, f"没有数据项 {figure}"
    elif figure.endswith(".done"):
        yield key, f"{figure} 不是数值"
