"""TOML → Scheme. A scheme is checked before it is used; every fault names its file and key."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Mark
from kaohe_cli.naming import alike, plain_name, printed_name, unfit
from kaohe_cli.points import DECIMALS, ZERO, decimals, half_up, plain
from kaohe_cli.scheme.rule import AwardRule, Condition, Judged, Steps
from kaohe_cli.scheme.scheme import Reading, Scheme, SchemeContent
from kaohe_cli.scheme.shape import ShapeFault, shape_faults

DEFAULT = "hangzhou_2007"
FOLDER = Path(__file__).parent
LARGEST = 4 << 20  # bytes of a scheme; the largest notice known takes a fortieth
LONGEST_WORD = 30  # letters of what is chosen from a list, of which a spreadsheet takes 255
SPECIAL = ',"*?~=<>'  # what lists and counts of a spreadsheet read otherwise
RESERVED = (Mark.NO_TASK.value, Mark.NOT_APPLICABLE.value)
WORDS = f"各词须互不相同，不与“{RESERVED[0]}”“{RESERVED[1]}”相同，不含 {' '.join(SPECIAL)}，不超过 {LONGEST_WORD} 个字"
FURTHEST = Decimal(10) ** 15  # no number of a notice comes near it


class SchemeError(Exception):
    """A scheme that cannot be used, with every fault that was found (KH901, KH902)."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(found.message for found in problems))
        self.problems = problems


def load(name: str = DEFAULT, readings: Mapping[str, str] | None = None) -> Scheme:
    """The scheme of that name or file, with ``readings`` in force; the others are at their defaults.

    Raises SchemeError where the file is missing or wrong, or a reading or option is unknown.
    """
    scheme = _load(str(FOLDER / f"{name}.toml") if not name.endswith(".toml") else name)
    return under(scheme, readings) if readings else scheme


@cache
def _load(path: str) -> Scheme:
    return parse(read(path), Path(path).name)


def read(path: str) -> bytes:
    """The bytes of the scheme file at ``path``; raises SchemeError (KH901)."""
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise OSError(f"{path} is no file")  # a pipe would be waited for
        with open(path, "rb") as source:
            data = source.read(LARGEST + 1)
    except FileNotFoundError as error:
        known = "、".join(sorted(each.stem for each in FOLDER.glob("*.toml")))
        raise SchemeError((_fault(Path(path).name, "", f"没有这个文件；自带的方案：{known}"),)) from error
    except OSError as error:
        raise SchemeError((_fault(Path(path).name, "", "这个文件读不了"),)) from error
    if len(data) > LARGEST:
        raise SchemeError((_fault(Path(path).name, "", f"文件超过 {LARGEST >> 20} MB，不像考核方案"),))
    return data


def parse(data: bytes, file: str) -> Scheme:
    """The scheme written in ``data``, by its default readings; raises SchemeError."""
    try:
        raw: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise SchemeError((_fault(file, "", "不是 UTF-8 编码的文本"),)) from error
    except tomllib.TOMLDecodeError as error:
        raise SchemeError((_fault(file, *_toml_fault(str(error))),)) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, tables within tables for ever
        raise SchemeError((_fault(file, "", "有过长的数或过深的表"),)) from error
    beyond = list(_beyond(raw))
    if beyond:
        raise SchemeError(tuple(_fault(file, *fault) for fault in beyond))
    content = _content(raw, file)
    digest = hashlib.sha256(data).hexdigest()
    scheme = Scheme(content, raw, digest, {reading.id: reading.default for reading in content.reading})
    faults = list(_faults(scheme))
    if not faults:
        # every option must give a sound scheme too, or a decision of the office could break the assessment
        for reading in content.reading:
            for option in reading.option[1:]:
                key = f"reading.{reading.id}.{option.id}"
                try:
                    changed = under(scheme, {reading.id: option.id})
                    faults += [(f"{key}: {where}", why) for where, why in _sound(changed)]
                except SchemeError as error:
                    faults += [(key, found.found or found.message) for found in error.problems]
    if faults:
        raise SchemeError(tuple(_fault(file, key, reason) for key, reason in faults))
    return scheme


def under(scheme: Scheme, readings: Mapping[str, str]) -> Scheme:
    """``scheme`` with ``readings`` in force beside those it already has; raises SchemeError for unknown ones."""
    chosen = {**scheme.readings, **check_readings(scheme, readings)}
    if chosen == scheme.readings:
        return scheme
    # the tables that options may change are fresh; what stands in them is shared until it is changed
    raw: dict[str, Any] = {**scheme.raw, "policy": {**scheme.raw["policy"]}}
    raw["item"] = [
        {**item, **{room: [{**each} for each in item[room]] for room in ("criterion", "evidence") if room in item}}
        for item in scheme.raw["item"]
    ]
    rooms = {
        "criterion": {each["id"]: each for item in raw["item"] for each in item["criterion"]},
        "evidence": {each["measure"]: each for item in raw["item"] for each in item.get("evidence", ())},
    }
    settled: dict[str, str] = {}  # path that a reading changed → that reading
    for reading in scheme.content.reading:
        if any(chosen[other] != option for other, option in reading.within.items()):
            continue
        change = reading.choose(chosen[reading.id]).change
        for room, patch in change.items():
            for key, value in patch.items():
                target, fresh = (rooms[room][key], value) if room in rooms else (raw[room], {key: value})
                for path in _merge(target, fresh, f"{room}.{key}"):
                    clash = next((done for done in settled if _within(done, path) or _within(path, done)), path)
                    if settled.setdefault(clash, reading.id) != reading.id:
                        reason = f"口径 {settled[clash]} 与 {reading.id} 都要改 {path}，请只选其一"
                        raise SchemeError((_fault(scheme.id, f"reading.{reading.id}", reason),))
                    settled[path] = reading.id
    return Scheme(_content(raw, scheme.id), scheme.raw, scheme.digest, chosen)


def check_readings(scheme: Scheme, readings: Mapping[str, str]) -> Mapping[str, str]:
    """``readings`` themselves; raises SchemeError (KH902) naming the allowed ones where one is unknown."""
    known = {reading.id: [option.id for option in reading.option] for reading in scheme.content.reading}
    wrong = []
    for name, option in readings.items():
        if name not in known:
            wrong.append(problem("KH902", found=name, expected="、".join(known)))
        elif option not in known[name]:
            wrong.append(problem("KH902", found=f"{name}={option}", expected="、".join(known[name])))
    if wrong:
        raise SchemeError(tuple(wrong))
    return readings


def _merge(target: dict[str, Any], change: Any, path: str) -> Iterator[str]:
    """Put ``change`` into ``target``, table by table; yields each path that it settled. Inner tables are not shared."""
    for key, value in change.items():
        if key == "replace":
            target.update(value)
            yield from (f"{path}.{name}" for name in value)
        elif key == "part":
            # conditions are told by the figure that they begin with, whichever option brought them in
            for name, patch in value.items():
                target["parts"] = _patched(target["parts"], name, patch)
                yield from (f"{path}.part.{name}.{each}" for each in patch)
        elif isinstance(value, dict) and isinstance(target.get(key), dict):
            target[key] = {**target[key]}
            yield from _merge(target[key], value, f"{path}.{key}")
        else:
            target[key] = value
            yield f"{path}.{key}"


def _patched(conditions: list[dict[str, Any]], left: str, patch: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``conditions`` with ``patch`` in each one that begins with ``left``, also in those beside another."""
    return [
        {
            **each,
            **({"also": _patched(each["also"], left, patch)} if "also" in each else {}),
            **(patch if each["left"] == left else {}),
        }
        for each in conditions
    ]


def _within(path: str, room: str) -> bool:
    return path == room or path.startswith(f"{room}.")


def _content(raw: Mapping[str, Any], file: str) -> SchemeContent:
    try:
        return msgspec.convert(raw, SchemeContent, strict=False)
    except msgspec.ValidationError as error:
        faults = shape_faults(raw, SchemeContent)
        raise SchemeError(tuple(_fault(file, key, reason) for key, reason in faults)) from error


def _beyond(raw: Mapping[str, Any]) -> Iterator[ShapeFault]:
    """Numbers that no notice has, told before anything is worked out with them."""
    waiting: list[tuple[str, Any]] = list(raw.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(f"{key}.{name}", each) for name, each in value.items()]
        elif isinstance(value, list):
            waiting += [(key, each) for each in value]
        elif isinstance(value, int | Decimal) and not _usual(Decimal(value)):
            yield key, "不是通知里会有的数"


def _usual(number: Decimal) -> bool:
    return number.is_finite() and number.copy_abs() < FURTHEST and number == round(number, 15)


def _toml_fault(error: str) -> ShapeFault:
    """Where the text is no TOML."""
    where = re.search(r"at line (\d+), column (\d+)", error)
    return (f"第 {where[1]} 行第 {where[2]} 列", "这里的写法不合 TOML") if where else ("", "写到一半，不合 TOML")


def _fault(file: str, key: str, reason: str) -> Problem:
    return problem("KH901", file=file, field=key or "文件", key=key or "文件", reason=reason, found=reason)


# ── checks: each a plain function that yields what is wrong ──────────────────────────────────────────────


def _faults(scheme: Scheme) -> Iterator[ShapeFault]:
    for check in (_no_duplicates, _names_serve, _clauses_are_verbatim, _references, _options):
        yield from check(scheme)
    yield from _sound(scheme)


def _sound(scheme: Scheme) -> Iterator[ShapeFault]:
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
    content = scheme.content
    body = "\n".join(content.notice.paragraphs)
    for key, clause in (
        ("deadline", content.deadline.clause),
        ("grades.excellent", content.grades.excellent.clause),
        ("grades.pass", content.grades.passing.clause),
        ("grades.veto", content.grades.veto.clause),
    ):
        if clause not in body:
            yield f"{key}.clause", f"“{clause}”不是通知原文"
    for item in content.item:
        text = f"{item.content}\n{item.standard}"
        for criterion in item.criterion:
            if criterion.clause not in text:
                yield f"criterion.{criterion.id}.clause", f"“{criterion.clause}”不在项目 {item.id} 的原文中"
        for evidence in item.evidence:
            if evidence.clause not in text:
                yield f"evidence.{evidence.measure}.clause", f"“{evidence.clause}”不在项目 {item.id} 的原文中"
    whole = "\n".join([body, *(f"{item.content}\n{item.standard}" for item in content.item)])
    questions = [(each.id, each.clause) for each in content.reading]
    questions += [(each.id, each.clause) for each in content.basis]
    for id, clause in questions:
        if clause not in whole:
            yield f"{id}.clause", f"“{clause}”不是通知原文"


def _references(scheme: Scheme) -> Iterator[ShapeFault]:
    content = scheme.content
    items, classes = {item.id for item in content.item}, {each.id for each in content.class_}
    kinds = {unit.kind for unit in scheme.units}
    for item in content.item:
        if item.class_ not in classes:
            yield f"item.{item.id}.class", f"没有类别 {item.class_}"
        for evidence in item.evidence:
            if evidence.measure not in scheme.measures:
                yield f"evidence.{evidence.measure}", "没有这个指标"
            yield from _condition(scheme, f"evidence.{evidence.measure}.test", evidence.test)
    for measure in content.measure:
        if measure.item not in items:
            yield f"measure.{measure.id}.item", f"没有项目 {measure.item}"
        if not list(measure.figures()):
            yield f"measure.{measure.id}", "没有数据项"
        if measure.done and len(list(measure.figures())) > 1:
            yield f"measure.{measure.id}.done", "完成情况不与其他数据项并列"
        for name, figure in measure.figures():
            if (figure.by == "basis") != any(each.figure == f"{measure.id}.{name}" for each in content.basis):
                yield f"measure.{measure.id}.{name}.by", "“basis”与按单位选定的口径（basis）须互相对应"
            if figure.at_most is not None and figure.at_most not in scheme.figures:
                yield f"measure.{measure.id}.{name}.at_most", f"没有数据项 {figure.at_most}"
            if name == "done" and not _listable((*figure.words, *RESERVED)):
                yield f"measure.{measure.id}.done.words", WORDS
    if not _listable([each.label for each in content.period]):
        yield "period.label", WORDS
    for basis in content.basis:
        if basis.figure not in scheme.figures:
            yield f"basis.{basis.id}.figure", f"没有数据项 {basis.figure}"
        for each in basis.option:
            if decimals(each.value) > DECIMALS:
                yield f"basis.{basis.id}.{each.id}.value", f"数据最多 {DECIMALS} 位小数"
        for kind in sorted(kinds - set(map(printed_name, basis.default))):
            yield f"basis.{basis.id}.default", f"没有写明“{kind}”用哪个选项"
        for kind, option in basis.default.items():
            if option not in {each.id for each in basis.option}:
                yield f"basis.{basis.id}.default.{kind}", f"没有选项 {option}"


def _listable(words: Sequence[str]) -> bool:
    """Whether ``words`` can be told apart in a list of a spreadsheet."""
    return len(set(words)) == len(words) and all(
        word.strip() == word and 0 < len(word) <= LONGEST_WORD and not set(word) & set(SPECIAL) for word in words
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
