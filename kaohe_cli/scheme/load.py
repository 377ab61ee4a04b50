"""TOML or 方案.xlsx → Scheme. A scheme is checked before it is used; every fault names its file, and key or cell."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, any_error, problem
from kaohe_cli.naming import printed_name
from kaohe_cli.points import is_of_this_world
from kaohe_cli.scheme.consistency import changes_refer, faults
from kaohe_cli.scheme.lines import TextWording, Wording
from kaohe_cli.scheme.records import SchemeContent
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.shape import ShapeFault, entry_key, shape_faults
from kaohe_cli.scheme.sound import Dropped, follow, sound
from kaohe_cli.scheme.workable import settled_faults

DEFAULT = "hangzhou_2007"
TOML = ".toml"
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")  # in which a scheme may have been saved
FOLDER = Path(__file__).parent
_MOST = 20 << 20  # bytes that are read of any file
_LARGEST = 4 << 20  # bytes of a scheme; the largest notice known takes a fortieth
# what options and kinds of units may change, by what its entries are told apart: lists of the file, of an item, tables
LISTS = {"item": "id", "section": "id", "measure": "id", "grade": "title"}
WITHIN = {"criterion": "id", "evidence": "measure"}
TABLES = ("policy", "whole")
_Change: TypeAlias = tuple[str, Mapping[str, Mapping[str, object]]]  # by what, and what it changes


class SchemeError(Exception):
    """A scheme that cannot be used, with every fault that was found (KH901, KH902)."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(found.message for found in problems))
        self.problems = problems


def load(name: str = DEFAULT, readings: Mapping[str, str] | None = None) -> Scheme:
    """The scheme of that name or file, with ``readings`` in force; the others are at their defaults.

    Raises SchemeError where the file is missing or wrong, or a reading or option is unknown.
    """
    path = name if is_file(name) else str(FOLDER / f"{name}{TOML}")
    scheme = _parsed(scheme_bytes(path), Path(path).name)
    return under(scheme, readings) if readings else scheme


def is_file(name: str) -> bool:
    """Whether ``name`` is that of a file, and not of a scheme that comes along."""
    return Path(name).suffix.lower() in (TOML, *WORKBOOKS)


def scheme_bytes(path: str) -> bytes:
    """The bytes of the scheme file at ``path``; raises SchemeError (KH901)."""
    file = Path(path)
    try:
        if file.exists() and not file.is_file():
            raise OSError(f"{path} is no file")  # a pipe would be waited for
        with file.open("rb") as source:
            data = source.read(_MOST + 1)
    except FileNotFoundError as error:
        known = "、".join(sorted(each.stem for each in FOLDER.glob("*.toml")))
        raise _error(file.name or path, ("", f"没有这个文件；自带的方案：{known}")) from error
    except OSError as error:
        raise _error(file.name or path, ("", "这个文件读不了")) from error
    if len(data) > _LARGEST and file.suffix.lower() == TOML:  # of a workbook its reader knows the limits
        raise _error(file.name or path, ("", f"文件超过 {_LARGEST >> 20} MB，不像考核方案"))
    return data


class Examined(msgspec.Struct, frozen=True):
    """A file, what could be made of it, and everything that is wrong with it."""

    wording: Wording
    content: SchemeContent | None  # as far as its shape is right; None: so little is that there is none
    problems: tuple[Problem, ...]
    scheme: Scheme | None = None  # None: it has faults
    draft: Scheme | None = None  # what could be made of it in spite of its faults


def parse(data: bytes, file: str) -> Scheme:
    """The scheme written in ``data``, by its default readings; raises SchemeError."""
    found = examine(data, file)
    if found.scheme is None:
        raise SchemeError(found.problems)
    return found.scheme


_parsed = lru_cache(32)(parse)  # by what the file holds: another may be at its path when it is asked for again


def examine(data: bytes, file: str) -> Examined:
    """Everything that is wrong with the scheme written in ``data``, so far as one fault lets others be seen (KH901).

    A fault of a workbook is told in its cell (KH970 to KH983).
    """
    try:
        raw, wording, told = _tables(data, file)
    except SchemeError as error:
        return Examined(TextWording(""), None, error.problems)
    kept, dropped = raw, tuple[Dropped, ...]()
    found: list[ShapeFault] = []
    try:
        content = msgspec.convert(raw, SchemeContent, strict=False)
    except msgspec.ValidationError:
        found += shape_faults(raw, SchemeContent)
        kept, dropped = sound(raw, SchemeContent)
        if kept is None:
            return Examined(wording, None, (*told, *_problems(file, found, wording, told)))
        content = msgspec.convert(kept, SchemeContent, strict=False)
    digest = hashlib.sha256(data).hexdigest()
    by_default = {reading.id: reading.default for reading in content.reading if reading.option}
    scheme, wrong = Scheme(content, kept, digest, by_default), list(changes_refer(content))
    if not wrong:
        try:
            scheme = _settled(kept, file, digest, by_default)
        except SchemeError as error:
            wrong += ((each.field, each.found) for each in error.problems)
    wrong += faults(scheme)
    found += follow([*wrong, *_option_faults(scheme, wrong)], dropped)
    problems = (*told, *_problems(file, found, wording, told))
    return Examined(wording, content, problems, None if any_error(problems) else scheme, scheme)


def _tables(data: bytes, file: str) -> tuple[dict[str, Any], Wording, tuple[Problem, ...]]:
    """The tables of a file, its wording, and what is wrong in single cells; raises SchemeError where it has none."""
    if Path(file).suffix.lower() in WORKBOOKS:
        from kaohe_cli.scheme.book.door import read

        tables, wording, told = read(data, file)
        if tables is None:
            raise SchemeError(told)
        return tables, wording, told
    return *_toml_tables(data, file), ()


def _toml_tables(data: bytes, file: str) -> tuple[dict[str, Any], Wording]:
    """The tables and the text of a file; raises SchemeError where they cannot be told or worked with."""
    try:
        text = data.decode("utf-8-sig")
        raw: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise _error(file, ("", "不是 UTF-8 编码的文本")) from error
    except tomllib.TOMLDecodeError as error:
        raise _error(file, _toml_fault(str(error))) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, tables within tables for ever
        raise _error(file, ("", "有过长的数或过深的表")) from error
    wording = TextWording(text)
    if beyond := list(_beyond(raw)):
        raise SchemeError(_problems(file, beyond, wording))
    return raw, wording


def _option_faults(scheme: Scheme, wrong: Sequence[ShapeFault]) -> Iterator[ShapeFault]:
    """Every option must give a sound scheme too, or a decision of the office could break the assessment.

    What is ``wrong`` whatever is decided is not told again, and no option is tried that cannot be.
    """
    known = {key for key, _ in wrong}
    changes = [f"reading.{reading.id}.{option.id}.change." for reading in scheme.content.reading
               for option in reading.option[1:]]  # fmt: skip
    spoilt = {key: [each for each in changes if key.startswith(each)] for key in known if key.startswith("reading.")}
    if not all(spoilt.values()) or any(key.startswith("kind.") for key in known):
        return
    for reading in scheme.content.reading:
        for option in reading.option[1:]:
            key = f"reading.{reading.id}.{option.id}"
            if any(f"{key}.change." in each for each in spoilt.values()):
                continue
            try:
                changed = under(scheme, {reading.id: option.id})
                yield from (
                    (f"{key}: {where}", why) for where, why in settled_faults(changed, scheme) if where not in known
                )
            except SchemeError as error:
                for each in error.problems:  # one that meets another is of no key
                    yield key if each.field.startswith("reading.") else f"{key}: {each.field}", each.found


def under(scheme: Scheme, readings: Mapping[str, str]) -> Scheme:
    """``scheme`` with ``readings`` in force beside those it already has; raises SchemeError for unknown ones."""
    chosen = {**scheme.readings, **check_readings(scheme, readings)}
    if chosen == scheme.readings:
        return scheme
    changes = [
        (reading.id, reading.choose(chosen[reading.id]).change)
        for reading in scheme.content.reading
        if reading.applies(chosen)
    ]
    made = _settled(scheme.raw, scheme.id, scheme.digest, chosen, changes)
    made.call_as(scheme)
    return made


def _settled(
    raw: Mapping[str, Any], file: str, digest: str, readings: Mapping[str, str], changes: Sequence[_Change] = ()
) -> Scheme:
    """The scheme of ``raw`` with ``changes`` made, and beside it what kinds of units change further."""
    changed = _changed(raw, file, changes)
    content = _content(changed, file)
    kinds = {
        printed_name(each.name): Scheme(
            _content(_changed(changed, file, [(each.name, each.change)]), file), raw, digest, readings
        )
        for each in content.kind
    }
    return Scheme(content, raw, digest, readings, kinds)


def _changed(raw: Mapping[str, Any], file: str, changes: Sequence[_Change]) -> Mapping[str, Any]:
    """``raw`` with what each of ``changes`` puts in other words; raises SchemeError where two of them meet."""
    if not any(change for _, change in changes):
        return raw
    # the tables that may be changed are fresh; what stands in them is shared until it is changed
    fresh: dict[str, Any] = {**raw}
    touched = {room for _, change in changes for room in change}
    for room in touched.intersection(TABLES):
        fresh[room] = {**raw.get(room, {})}
    for room in {"item" if room in WITHIN else room for room in touched}.intersection(LISTS):
        fresh[room] = [{**each} for each in raw.get(room, ())]
    for item in fresh["item"] if touched.intersection(WITHIN) else ():
        item.update({room: [{**each} for each in item[room]] for room in WITHIN if room in item})
    rooms = {room: {each[name]: each for each in fresh[room]} for room, name in LISTS.items() if room in touched}
    for room in touched.intersection(WITHIN):
        rooms[room] = {each[WITHIN[room]]: each for item in fresh["item"] for each in item.get(room, ())}
    settled: dict[str, str] = {}  # path that was changed → by what
    for by, change in changes:
        for room, patch in change.items():
            for key, value in patch.items():
                if key not in rooms.get(room, {key: None}):
                    raise _error(file, (f"reading.{by}", f"没有 {key}"))  # of a draft, whose faults are told elsewhere
                target, fresh_value = (rooms[room][key], value) if room in rooms else (fresh[room], {key: value})
                for path in _merge(target, fresh_value, f"{room}.{key}"):
                    clash = next((done for done in settled if _within(done, path) or _within(path, done)), path)
                    if settled.setdefault(clash, by) != by:
                        reason = f"口径 {settled[clash]} 与 {by} 都要改 {path}，请只选其一"
                        raise _error(file, (f"reading.{by}", reason))
                    settled[path] = by
    return {room: value for room, value in fresh.items() if value or room in raw}


def check_readings(scheme: Scheme, readings: Mapping[str, str]) -> Mapping[str, str]:
    """``readings`` themselves; raises SchemeError (KH902) naming the allowed ones where one is unknown."""
    known = {reading.id: [option.id for option in reading.option] for reading in scheme.content.reading}
    wrong = []
    for name, option in readings.items():
        if option not in known.get(name, ()):
            found = f"{name}={option}" if name in known else name
            wrong.append(problem("KH902", found=found, expected="、".join(known.get(name, known))))
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
        raise _error(file, *shape_faults(raw, SchemeContent)) from error


def _beyond(raw: Mapping[str, Any]) -> Iterator[ShapeFault]:
    """Numbers that no notice has, told before anything is worked out with them."""
    waiting: list[tuple[str, Any]] = list(raw.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(f"{key}.{name}", each) for name, each in value.items()]
        elif isinstance(value, list):
            waiting += [(entry_key(key, each, number), each) for number, each in enumerate(value, 1)]
        elif isinstance(value, int | Decimal) and not is_of_this_world(Decimal(value)):
            yield key, "不是通知里会有的数"


def _toml_fault(error: str) -> ShapeFault:
    """Where the text is no TOML."""
    where = re.search(r"at line (\d+), column (\d+)", error)
    return (f"第 {where[1]} 行第 {where[2]} 列", "这里的写法不合 TOML") if where else ("", "写到一半，不合 TOML")


def _error(file: str, *faults: ShapeFault) -> SchemeError:
    """Each of ``faults`` as a problem, of a text that is not at hand."""
    return SchemeError(_problems(file, faults, TextWording("")))


def _problems(
    file: str, faults: Iterable[ShapeFault], wording: Wording, told: Iterable[Problem] = ()
) -> tuple[Problem, ...]:
    """Each of ``faults`` as a problem, where it stands, but for those in a cell of which something is ``told``."""
    known = {(each.sheet, each.cell) for each in told if each.severity == "error"}
    found, once = [], set[tuple[str, str, str]]()
    for key, reason in dict.fromkeys((key or "文件", reason) for key, reason in faults):
        at = wording.at(key, reason)
        if at.line is not None or not ((at.sheet, at.cell) in known or wording.follows(key, reason)):
            said = wording.said(reason, at, key)
            if at.cell and (at.sheet, at.cell, said) in once:
                continue
            once.add((at.sheet, at.cell, said))
            where = {"file": file, "sheet": at.sheet, "cell": at.cell, "field": key, "found": said}
            if wording.keyed:
                made = problem("KH901", place=at.said, reason=said, **where)
            else:
                made = problem("KH983", reason=said, **where)
            found.append(replace(made, line=at.line))
    return tuple(found)
