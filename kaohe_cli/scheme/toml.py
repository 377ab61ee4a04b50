"""The tables of a scheme → TOML text: anew, or put into a text that exists, whose comments and order are kept."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kaohe_cli.scheme.lines import NAMES
from kaohe_cli.scheme.records import SchemeContent

LONG = 60  # characters from which a text of several lines is written over several lines


def text_of(raw: Mapping[str, Any]) -> str:
    """``raw`` as a text of its own, in the order of docs/SCHEME.md."""
    import tomlkit

    document = tomlkit.document()
    known = SchemeContent.__struct_fields__
    keys = sorted(raw, key=lambda key: known.index(key) if key in known else len(known))
    for key in (*(each for each in keys if not _is_table(raw[each])), *(each for each in keys if _is_table(raw[each]))):
        document.add(key, _made(raw[key], key))
    return document.as_string()


def merged(text: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """``text`` with what is other in ``new`` than in ``old``, its tables as the workbook made from it has them.

    All else stays as it is written. Raises ValueError where it cannot be put into the text.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        _merge(document, old, new)
        made = document.as_string()
        tomllib.loads(made)
    except (TOMLKitError, TypeError, KeyError, IndexError) as error:
        raise ValueError(str(error)) from error
    return made


def _merge(into: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for key in [key for key in old if key not in new and key in into]:
        del into[key]
    for key, value in new.items():
        if key in old and old[key] == value:
            continue
        held = into.get(key)
        if isinstance(value, Mapping) and isinstance(held, Mapping):
            _merge(held, old.get(key, {}), value)
        elif _names(value) and _names(held) and key in old:
            into[key] = _entries(held, old[key], value, key)
        else:
            into[key] = _made(value, key)


def _entries(held: Any, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], key: str) -> Any:
    """A list with what is other in ``new``: entries are told apart by their names."""
    import tomlkit

    name = _names(new)
    written = {each[name]: each for each in held}
    before = {each[name]: each for each in old}
    made = tomlkit.aot() if type(held).__name__ == "AoT" else tomlkit.array()
    for each in new:
        entry = written.get(each[name])
        if entry is None:
            made.append(_table(each) if type(held).__name__ == "AoT" else _inline(each))
        else:
            _merge(entry, before.get(each[name], {}), each)
            made.append(entry)
    return made


def _names(value: Any) -> str:
    """What the entries of a list are told apart by; empty: nothing, or it is no list of tables."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        return ""
    for name in NAMES:
        called = [each.get(name) for each in value if isinstance(each, Mapping)]
        if len(called) == len(value) and None not in called and len(set(map(str, called))) == len(called):
            return name
    return ""


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _made(value: Any, key: str = "") -> Any:
    """``value`` as it stands under a key of the file or of a list of it."""
    import tomlkit

    if isinstance(value, Mapping):
        return _table(value) if key in ("notice", "deadline", "policy", "whole") else _inline(value)
    if isinstance(value, list) and value and isinstance(value[0], Mapping) and key not in _INLINE:
        listed = tomlkit.aot()
        for each in value:
            listed.append(_table(each))
        return listed
    return _inline(value)


_INLINE = ("parts", "also", "marks", "counts", "all", "any")


def _table(value: Mapping[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.table()
    lists = [key for key in value if isinstance(value[key], list) and _is_table(value[key]) and key not in _INLINE]
    first = [key for key in NAMES if key in value]
    rest = (each for each in value if each not in lists and each not in first)
    for key in (*first, *rest, *lists):
        table.add(key, _made(value[key], key))
    return table


def _inline(value: Any) -> Any:
    import tomlkit

    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for key, each in value.items():
            table.append(key, _inline(each))
        return table
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        array.extend(map(_inline, value))
        return array.multiline(len(value) > 1 and any(isinstance(each, Mapping) for each in value))
    if isinstance(value, Decimal):
        written = f"{value:f}"
        return tomlkit.float_(written) if "." in written else tomlkit.integer(written)
    if isinstance(value, str):
        return tomlkit.string(value, multiline="\n" in value and len(value) > LONG)
    return tomlkit.date(value.isoformat()) if isinstance(value, date) else value
