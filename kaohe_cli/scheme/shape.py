"""What is wrong with the shape of a scheme file, by its record types: each fault with its key, in Chinese."""

import re
import types
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec

ShapeFault: TypeAlias = tuple[str, str]  # key of the file, what is wrong there

# by what the entries of a list are told apart, in this order
NAMES = ("id", "code", "measure", "name")
KINDS = {"str": "文字", "int": "整数", "bool": "true 或 false", "object": "一张表"}
WRITTEN = {Decimal: "数", date: "日期，写法如 2007-07-06"}


def shape_faults(value: object, type_: Any, key: str = "") -> Iterator[ShapeFault]:
    """Every place where ``value`` is not what ``type_`` asks for; none where it is sound."""
    try:
        msgspec.convert(value, type_, strict=False)
    except msgspec.ValidationError as error:
        found = list(_inside(value, type_, key))
        yield from found or [(key, _reason(str(error), type_, value))]


def _inside(value: object, type_: Any, key: str) -> Iterator[ShapeFault]:
    """Faults of the parts of ``value``; none where the fault is its own."""
    record = _record(value, type_)
    if record is not None and isinstance(value, Mapping):
        yield from _record_faults(value, record, key)
    elif get_origin(type_) is tuple and isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from shape_faults(each, get_args(type_)[0], entry_key(key, each, number))
    elif get_origin(type_) is Mapping and isinstance(value, Mapping):
        for name, each in value.items():
            yield from shape_faults(each, get_args(type_)[1], f"{key}.{name}")


def _record_faults(value: Mapping[str, object], record: Any, key: str) -> Iterator[ShapeFault]:
    hints = get_type_hints(record)
    fields = {field.encode_name: field for field in msgspec.structs.fields(record)}
    tag = record.__struct_config__.tag_field
    dot = f"{key}." if key else ""
    for name in value:
        if name not in fields and name != tag:
            yield f"{dot}{name}", f"不认识这个键，可用：{'、'.join([*([tag] if tag else []), *fields])}"
    for name, field in fields.items():
        if name in value:
            yield from shape_faults(value[name], hints[field.name], f"{dot}{name}")
        elif field.required:
            yield f"{dot}{name}", "缺少这个键"


def _record(value: object, type_: Any) -> Any:
    """The record type that ``value`` claims to be; None where it claims none."""
    options = get_args(type_) if get_origin(type_) in (Union, types.UnionType) else (type_,)
    records = [each for each in options if isinstance(each, type) and issubclass(each, msgspec.Struct)]
    if len(records) > 1 and isinstance(value, Mapping):
        records = [
            each for each in records if value.get(each.__struct_config__.tag_field) == each.__struct_config__.tag
        ]
    return records[0] if len(records) == 1 else None


def entry_key(key: str, value: object, number: int) -> str:
    """The key of an entry of a list: criterion.1.1.2; the third by number where it has no name."""
    name = next((value[each] for each in NAMES if each in value), None) if isinstance(value, Mapping) else None
    if not isinstance(name, str):
        return f"{key} 第 {number} 个"
    # what has a name of its own is found without that of its item
    return f"{key.rpartition('.')[2] if key.endswith(('.criterion', '.evidence')) else key}.{name}"


def _reason(error: str, type_: Any, value: object) -> str:
    """What ``msgspec`` says of one value, in Chinese."""
    options = get_args(type_) if get_origin(type_) in (Union, types.UnionType) else (type_,)
    literals = [str(each) for option in options if get_origin(option) is Literal for each in get_args(option)]
    if literals:
        return f"“{_shown(value)}”不在可用的写法之内，可用：{'、'.join(literals)}"
    tags = [each.__struct_config__.tag for each in options if hasattr(each, "__struct_config__")]
    if isinstance(value, Mapping) and any(tags):
        return f"kind 须写明规则的种类，可用：{'、'.join(str(tag) for tag in tags)}"
    kinds = [WRITTEN[option] for option in options if option in WRITTEN]
    if not kinds and (expected := re.match(r"Expected `(\w+)", error)):
        kinds = [KINDS.get(expected[1], "一组")]
    return f"应为{kinds[0]}，写的是“{_shown(value)}”" if kinds else f"“{_shown(value)}”不是可用的值"


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 30 else f"{text[:30]}…"
