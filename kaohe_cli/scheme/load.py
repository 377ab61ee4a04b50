"""TOML → Scheme. A scheme is checked before it is used; every fault names its file and key."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.scheme.consistency import faults, settled_faults
from kaohe_cli.scheme.scheme import Scheme, SchemeContent
from kaohe_cli.scheme.shape import ShapeFault, shape_faults

DEFAULT = "hangzhou_2007"
FOLDER = Path(__file__).parent
_LARGEST = 4 << 20  # bytes of a scheme; the largest notice known takes a fortieth
_FURTHEST = Decimal(10) ** 15  # no number of a notice comes near it


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
    return parse(scheme_bytes(path), Path(path).name)


def scheme_bytes(path: str) -> bytes:
    """The bytes of the scheme file at ``path``; raises SchemeError (KH901)."""
    name = Path(path).name or path
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise OSError(f"{path} is no file")  # a pipe would be waited for
        with open(path, "rb") as source:
            data = source.read(_LARGEST + 1)
    except FileNotFoundError as error:
        known = "、".join(sorted(each.stem for each in FOLDER.glob("*.toml")))
        raise SchemeError((_fault(name, "", f"没有这个文件；自带的方案：{known}"),)) from error
    except OSError as error:
        raise SchemeError((_fault(name, "", "这个文件读不了"),)) from error
    if len(data) > _LARGEST:
        raise SchemeError((_fault(name, "", f"文件超过 {_LARGEST >> 20} MB，不像考核方案"),))
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
    found = list(faults(scheme))
    if not found:
        # every option must give a sound scheme too, or a decision of the office could break the assessment
        for reading in content.reading:
            for option in reading.option[1:]:
                key = f"reading.{reading.id}.{option.id}"
                try:
                    changed = under(scheme, {reading.id: option.id})
                    found += [(f"{key}: {where}", why) for where, why in settled_faults(changed)]
                except SchemeError as error:
                    found += [(key, each.found or each.message) for each in error.problems]
    if found:
        raise SchemeError(tuple(_fault(file, key, reason) for key, reason in found))
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
    return number.is_finite() and number.copy_abs() < _FURTHEST and number == round(number, 15)


def _toml_fault(error: str) -> ShapeFault:
    """Where the text is no TOML."""
    where = re.search(r"at line (\d+), column (\d+)", error)
    return (f"第 {where[1]} 行第 {where[2]} 列", "这里的写法不合 TOML") if where else ("", "写到一半，不合 TOML")


def _fault(file: str, key: str, reason: str) -> Problem:
    return problem("KH901", file=file, field=key or "文件", key=key or "文件", reason=reason, found=reason)
