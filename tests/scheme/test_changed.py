"""What is another in one scheme than in an older one: 1 nothing goes untold  2 what is one and the same  3 in words."""

import contextlib
import copy
import types
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from any_scheme import criterion, item, measure
from any_scheme import scheme as any_scheme
from msgspec.structs import replace
from notices import FOLDER
from reference import records

from kaohe_cli.scheme import frame as frame_module
from kaohe_cli.scheme import records as records_module
from kaohe_cli.scheme.changed import Difference, differences
from kaohe_cli.scheme.load import FOLDER as FOLDER_OF_SCHEMES
from kaohe_cli.scheme.load import _settled, load, parse
from kaohe_cli.scheme.records import SchemeContent
from kaohe_cli.scheme.scheme import Scheme

# ── 1 nothing goes untold ───────────────────────────────────────────────────────────────────────────────

MARKS = 'kind = "judged", marks = [{ label = "优", points = 10 }, { label = "良", points = 8 }]'
PLACES = 'kind = "place", left = "a.actual", right = "a.prior", gap = true, points = [5, 3], rest = 1'
LEAST = 'kind = "when", parts = [{ left = "a.actual", compare = ">=", number = 3, points = 4 }]'
BAND = 'kind = "band", left = "a.actual", marks = [{ at = 5, points = 9 }], below = { at = 5, points = 2 }'
LOW = ", ".join(f'{{ left = "{id}.actual", compare = "<", number = 1 }}' for id in "ab")
MORE = any_scheme(
    item(
        "1", criterion("1.1", "10", MARKS), criterion("1.2", "5", PLACES), criterion("1.3", "4", LEAST),
        criterion("1.4", "9", BAND),
    ),
    measure("a", "1", "prior", "actual"), measure("b", "1", "prior", "actual"),
    measure("c", "1", "prior", "target", "actual"), measure("d", "1", "done").replace("min = 0, max = 1000, ", ""),
    '[[grade]]\ntitle = "一等"\nshare = 0.5\n[[grade]]\ntitle = "二等"\n',
    f'[[ceiling]]\nid = "a"\ngrade = "二等"\nclause = "原文"\ntest = {{ any = [{LOW}] }}\n',
    '[[group]]\ntitle = "一组"\nkinds = ["区"]\n[[group]]\ntitle = "二组"\nkinds = ["县"]\n',
    '[[trial]]\nname = "甲"\nkind = "区"\nfigure = { "a.actual" = 3 }\nmark = { "1.1" = 8 }\npoints = { "1.3" = 4 }\n'
    'total = 10\ngrade = "一等"\nplace = 1\n',
    kinds={"丁": "县"},
)  # fmt: skip
SCHEMES = (
    MORE, load(), *(load(str(path)) for path in sorted(FOLDER.glob("*.toml")) if ".year." not in path.name),
)  # fmt: skip
RECORDS = {record.__name__: record for record, _ in records()}
# what names something else has to name another thing of its kind; the rest is of a few words that are legal
OTHER: dict[str, Any] = {
    "Item.section": "section", "Section.of": "section", "Measure.item": "item", "Evidence.measure": "measure",
    "Total.measure": "measure", "Bands.part_of": "measure", "Criterion.needs": "criterion", "Ceiling.grade": "grade",
    "Basis.figure": "figure", "Figure.at_most": "figure", "Counted.figure": "figure", "Part.left": "figure",
    "Condition.left": "figure", "Step.left": "figure", "Linear.left": "figure", "Band.left": "figure",
    "Placing.left": "figure", "Peer.left": "figure", "Part.right": "figure", "Condition.right": "figure",
    "Step.right": "figure", "Linear.right": "figure", "Band.right": "figure", "Placing.right": "figure",
    "Peer.right": "figure", "Policy.tie": "item",
}  # fmt: skip
ONE_VALUE = {"SchemeContent.format"}  # there is no other


def holds_records(type_: Any) -> bool:
    return (isinstance(type_, type) and issubclass(type_, msgspec.Struct)) or any(map(holds_records, get_args(type_)))


# what holds records is told where these are, and where there are none
FIELDS = [
    f"{name}.{each.name}"
    for name, record in RECORDS.items()
    for each in msgspec.structs.fields(record)
    if f"{name}.{each.name}" not in ONE_VALUE
    and not (each.default not in (None, ()) and holds_records(get_type_hints(record)[each.name]))
]


def tables(scheme: Scheme) -> Mapping[str, Any]:
    """The scheme as tables, every key of every record written out."""
    built: Mapping[str, Any] = msgspec.to_builtins(scheme.content, builtin_types=(Decimal, date))
    return built


def of(raw: Mapping[str, Any]) -> Scheme:
    content = msgspec.convert(raw, SchemeContent, strict=False)
    return _settled(raw, "某年", "", {reading.id: reading.default for reading in content.reading})


def found(scheme: Scheme, record: str) -> Iterator[tuple[Any, ...]]:
    """Where the records of that name stand in the tables of a scheme."""

    def walk(held: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if isinstance(held, msgspec.Struct):
            if type(held).__name__ == record:
                yield path
            for each in msgspec.structs.fields(type(held)):
                yield from walk(getattr(held, each.name), (*path, each.name))
        elif isinstance(held, tuple):
            for place, each in enumerate(held):
                yield from walk(each, (*path, place))

    return walk(scheme.content, ())


def other(scheme: Scheme, field: str, type_: Any, held: Any) -> Iterator[Any]:
    """Values that are another than ``held``."""
    content = scheme.content
    rooms: Mapping[str, list[str]] = {
        "section": [each.id for each in content.section], "item": [each.id for each in content.item],
        "measure": [each.id for each in content.measure], "criterion": list(scheme.criteria),
        "grade": [each.title for each in content.grade],
        "figure": [name for name in scheme.figures if not name.endswith(".done")],
    }  # fmt: skip
    if field in OTHER:
        choices = [each for each in rooms[OTHER[field]] if each != held]
        yield from ([each] for each in choices) if field.endswith(".tie") else choices
        return
    origin, inner = get_origin(type_), [each for each in get_args(type_) if each not in (types.NoneType, ...)]
    if holds_records(type_):
        yield from ([held[:-1]] if isinstance(held, list | tuple) and held else [None, []])
    elif origin in (Union, types.UnionType):
        yield from (value for each in inner for value in other(scheme, field, each, held))
    elif origin is Literal:
        yield from (each for each in inner if each != held)
    elif type_ is bool:
        yield not held
    elif type_ is str:
        yield f"{held or ''}改"
    elif type_ in (int, Decimal):
        yield (held or 0) + 1
    elif type_ is date:
        yield (held or date(2007, 1, 1)) + timedelta(1)
    elif origin is tuple:
        yield [value for part in inner for value in other(scheme, "", part, held[0] if held else None)]
    else:
        assert isinstance(held, Mapping)
        yield {}


def put(raw: Mapping[str, Any], path: tuple[Any, ...], value: Any) -> Mapping[str, Any]:
    changed = copy.deepcopy(raw)
    held: Any = changed
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = value
    return changed


def trials(field: str) -> Iterator[tuple[Difference, ...]]:
    """What is told of schemes in which that field alone is another."""
    record, _, name = field.partition(".")
    type_ = get_type_hints(RECORDS[record])[name]
    for scheme in SCHEMES:
        raw = tables(scheme)
        for path in found(scheme, record):
            held: Any = raw
            for step in path:
                held = held[step]
            for value in other(scheme, field, type_, held.get(name)):
                # what does not fit, or what others rest on, is no trial
                with contextlib.suppress(msgspec.ValidationError, KeyError, AttributeError):
                    yield differences(scheme, of(put(raw, (*path, name), value)))


def test_the_fields_are_those_of_the_records() -> None:
    own = {
        each.__name__ for module in (records_module, frame_module) for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, msgspec.Struct) and each.__module__ == module.__name__
    }  # fmt: skip
    assert own - {"Frame"} <= RECORDS.keys(), "and those of a frame are those of what is one"


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_told(field: str) -> None:
    assert any(islice(trials(field), 40))


# ── 2 what is one and the same ──────────────────────────────────────────────────────────────────────────

HANGZHOU = (FOLDER_OF_SCHEMES / "hangzhou_2007.toml").read_text("utf-8")


def changed(*changes: tuple[str, str]) -> Scheme:
    """The scheme of 2007 with some of its text replaced, wherever it stands."""
    text = HANGZHOU
    for was, becomes in changes:
        assert was in text, was
        text = text.replace(was, becomes)
    return parse(text.encode(), "某年.toml")


def told(*changes: tuple[str, str]) -> list[tuple[str, str, str, str, str]]:
    found = differences(load(), changed(*changes))
    return [(each.kind, each.called, each.what, each.before, each.now) for each in found]


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
def test_a_scheme_is_no_other_than_itself(scheme: Scheme) -> None:
    assert differences(scheme, scheme) == ()


def test_a_unit_that_is_renamed_is_neither_gone_nor_new() -> None:
    assert told(('name = "上城区"', 'name = "上城新区"')) == [("changed", "上城新区", "名称", "上城区", "上城新区")]
    assert told(('code = "330102"', 'code = "330199"')) == [("changed", "上城区", "代码", "330102", "330199")]
    was = 'code = "330102"\nname = "上城区"'
    assert [each[:2] for each in told((was, 'code = "330199"\nname = "某区"'))] == [
        ("added", "某区"), ("gone", "上城区"),
    ]  # fmt: skip


def test_a_criterion_is_known_by_its_clause_where_its_number_is_another() -> None:
    first, *rest = told(('"1.1.3"', '"1.1.9"'))
    assert first == ("changed", "1.1.9 绝对值每增长50亿元", "编号", "1.1.3", "1.1.9")
    assert {each[2] for each in rest} == {"改动"}, "the options that reach into it"


def test_what_a_renamed_measure_is_called_in_rules_is_no_change_of_them() -> None:
    assert told(('title = "工业销售产值"', 'title = "工业总产值"')) == [
        ("changed", "工业总产值", "名称", "工业销售产值", "工业总产值"),
    ]  # fmt: skip


def test_of_long_texts_only_the_sentences_that_differ_are_told() -> None:
    found = told(("本办法适用于2007年，由市经委负责具体解释。", "本办法适用于2008年，由市经委负责具体解释。"))
    assert found == [
        ("changed", "通知", "正文", "本办法适用于2007年，由市经委负责具体解释。",
         "本办法适用于2008年，由市经委负责具体解释。"),
    ]  # fmt: skip


# ── 3 in words ──────────────────────────────────────────────────────────────────────────────────────────


def test_rules_grades_terms_and_readings_are_told_in_words() -> None:
    found = told(
        ('right_times = "1.05"', 'right_times = "1.1"'), ("least = 80", "least = 85"),
        ("80分以上（含）", "85分以上（含）"),
        ('cap = "none"', 'cap = "item"'), ('id = "strict"\nlabel = "须超过5%"', 'id = "strict"\nlabel = "须高于5%"'),
        ('change = { policy = { cap = "item" } }', 'change = { policy = { cap = "none" } }'),
    )  # fmt: skip
    what = {(called, what): (before, now) for _, called, what, before, now in found}
    assert what["1.1.2 超额完成5%以上", "计分"] == (
        "全年工业销售产值超过下达目标5%以上的，加 1 分", "全年工业销售产值超过下达目标10%以上的，加 1 分",
    )  # fmt: skip
    assert what["达标", "条件"] == ("总分 80 分以上（含）；列入表彰名单", "总分 85 分以上（含）；列入表彰名单")
    assert what["总则", "超分"] == ("不设上限", "项目以满分为限")
    assert what["“5%以上”是否包括恰好5%？——须高于5%", "名称"] == ("须超过5%", "须高于5%")
    assert ("超分", "项目以满分为限") not in what
    capped = [pair for (_, said), pair in what.items() if said == "改动" and "超分" in pair[0]]
    assert capped == [("总则：超分改为“项目以满分为限”", "总则：超分改为“不设上限”")]


def test_what_is_so_for_units_of_a_kind_alone_says_so() -> None:
    kind = '[[kind]]\nname = "县（市）"\n[kind.change.criterion."1.1.2"]\npoints = 2\n'
    part = 'points = 2, left = "sales.actual", compare = ">=", right = "sales.target", right_times = "1.05"'
    more = f"{kind}rule = {{ parts = [{{ {part} }}] }}\n"
    found = differences(load(), parse((HANGZHOU + more).encode(), "某年.toml"))
    assert {(each.kind, each.room, each.what, each.only) for each in found} == {
        ("added", "各类单位", "", ""), ("changed", "细则", "分值", "县（市）"), ("changed", "细则", "计分", "县（市）"),
    }  # fmt: skip
    back = differences(parse((HANGZHOU + more).encode(), "某年.toml"), load())
    assert {(each.kind, each.what, each.only) for each in back} >= {("gone", "", ""), ("changed", "计分", "县（市）")}


def test_grades_in_another_order_are_told() -> None:
    scheme, content = load(), load().content
    turned = replace(content, grade=content.grade[::-1])
    (found,) = differences(scheme, Scheme(turned, scheme.raw, "", scheme.readings))
    assert (found.room, found.what, found.before, found.now) == (
        "等次",
        "次序",
        "优秀、达标、未达标",
        "未达标、达标、优秀",
    )
