"""The tables of a scheme → TOML text: anew, or put into a text that exists, whose comments and order are kept."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from kaohe_cli.scheme.blocks import Block, Blocks
from kaohe_cli.scheme.lines import NAMES
from kaohe_cli.scheme.records import SchemeContent

LONG = 60  # characters from which a text of several lines is written over several lines
_HEADED = ("notice", "deadline", "policy", "whole")  # tables of the file that have a header of their own
_INLINE = ("parts", "also", "marks", "counts", "all", "any")


def text_of(raw: Mapping[str, Any]) -> str:
    """``raw`` as a text of its own, in the order of docs/SCHEME.md."""
    known = SchemeContent.__struct_fields__
    keys = sorted(raw, key=lambda key: known.index(key) if key in known else len(known))
    blocks = Blocks("")
    _write(blocks, blocks.root, {key: raw[key] for key in keys})
    return blocks.text


def merged(text: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """``text`` with what is other in ``new`` than in ``old``, its tables as the workbook made from it has them.

    All else stays as it is written. Raises ValueError where it cannot be put into the text.
    """
    from tomlkit.exceptions import TOMLKitError

    if old == new:
        return text
    try:
        blocks = Blocks(text)
        _merge(blocks, blocks.root, old, new)
        tomllib.loads(blocks.text)
    except (TOMLKitError, TypeError, KeyError, IndexError) as error:
        raise ValueError(str(error)) from error
    return blocks.text


# ── tables with a header ────────────────────────────────────────────────────────────────────────────────


def _opens(key: str, value: Any) -> bool:
    """Whether ``value`` is written under headers of its own."""
    return key in _HEADED if isinstance(value, Mapping) else _is_tables(value) and key not in _INLINE


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _write(blocks: Blocks, block: Block, table: Mapping[str, Any]) -> None:
    """Put ``table`` into a block that is new: its names first, what has headers of its own last."""
    first = [key for key in NAMES if key in table and block.path]
    rest = [key for key in table if key not in first]
    for key in (*first, *(each for each in rest if not _opens(each, table[each]))):
        block.body[key] = _inline(table[key])
    for key in rest:
        if _opens(key, table[key]):
            _add(blocks, block, key, table[key])


def _add(blocks: Blocks, block: Block, key: str, value: Any) -> None:
    """Put what has headers of its own below what is in ``block``."""
    if isinstance(value, Mapping):
        _write(blocks, blocks.table(block, key), value)
    else:
        for each in value:
            _write(blocks, blocks.entry(block, key), each)


def _merge(blocks: Blocks, block: Block, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for key in old:
        if key not in new:
            blocks.drop(block, key)
            if key in block.body:
                del block.body[key]
    for key, value in new.items():
        before, table, entries = old.get(key), block.tables.get(key), block.entries.get(key)
        if key in old and before == value:
            continue
        if entries and _is_tables(value) and isinstance(before, list):
            _entries(blocks, block, key, before, value)
        elif table is not None and isinstance(value, Mapping):
            _merge(blocks, table, before if isinstance(before, Mapping) else {}, value)
        elif entries and value == []:
            blocks.drop(block, key)
        elif _opens(key, value) and not block.body.get(key):
            blocks.drop(block, key)
            if key in block.body:
                del block.body[key]
            _add(blocks, block, key, value)
        else:
            blocks.drop(block, key)
            _set(block.body, key, before, value)


def _entries(blocks: Blocks, block: Block, key: str, old: Sequence[Any], new: Sequence[Any]) -> None:
    """What is other in a list of tables with headers."""
    held = _held(block.entries[key], old)
    found = _aligned(old, new)
    for place, entry in enumerate(held):
        if place not in found:
            blocks.remove(block, key, entry)
    moved, above = _moved(found), None
    for number, table in zip(found, new, strict=True):
        if number is None:
            entry = blocks.entry(block, key, above, first=above is None)
            _write(blocks, entry, table)
        else:
            entry = held[number]
            if moved and above is not None:
                blocks.move(block, key, entry, above)
            _merge(blocks, entry, old[number], table)
        above = entry


def _held(entries: Sequence[Block], old: Sequence[Any]) -> list[Block]:
    """The entries of the text, as ``old`` has them: in an order of its own where they have names."""
    name = _names(old)
    if name and all(name in each.body for each in entries):
        written = {str(each.body[name]): each for each in entries}
        return [written[str(each[name])] for each in old]
    if len(entries) != len(old):
        raise ValueError("it is not known which entry is which")
    return list(entries)


# ── values ──────────────────────────────────────────────────────────────────────────────────────────────


def _set(into: Any, key: Any, old: Any, new: Any) -> None:
    """Put a value into a table or an array of the text, within the one that stands there so far as it can be."""
    from tomlkit.items import Array

    held: Any = into.get(key) if hasattr(into, "get") else into[key]
    if isinstance(old, Mapping) and isinstance(new, Mapping) and isinstance(held, dict):
        for each in old:
            if each not in new and each in held:
                del held[each]
        for each, value in new.items():
            if each not in old or old[each] != value:
                _set(held, each, old.get(each), value)
    elif isinstance(held, Array) and isinstance(old, list) and isinstance(new, list) and len(held) == len(old):
        _set_array(held, old, new)
    else:
        into[key] = _inline(new)


def _set_array(held: Any, old: Sequence[Any], new: Sequence[Any]) -> None:
    found = _aligned(old, new)
    if _moved(found):
        held.clear()
        held.extend(map(_inline, new))
        return
    for gone in sorted(set(range(len(old))).difference(each for each in found if each is not None), reverse=True):
        del held[gone]
    for place, (number, value) in enumerate(zip(found, new, strict=True)):
        if number is None:
            held.insert(place, _inline(value))
        elif old[number] != value:
            _set(held, place, old[number], value)


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


# ── which entry is which ────────────────────────────────────────────────────────────────────────────────


def _names(value: Sequence[Any]) -> str:
    """What the entries of a list are told apart by; empty: nothing, or it is no list of tables."""
    for name in NAMES:
        called = [each.get(name) for each in value if isinstance(each, Mapping)]
        if called and len(called) == len(value) and None not in called and len(set(map(str, called))) == len(called):
            return name
    return ""


def _aligned(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """For each entry of ``new`` the place of the one of ``old`` that it is, with other contents or another name."""
    name = _names(old)
    name = name if name and name == _names(new) else ""
    before, after = ([str(each[name]) if name else repr(each) for each in listed] for listed in (old, new))
    found: list[int | None] = [None] * len(new)
    for kind, *(first, end, at, last) in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal" or end - first == last - at:
            found[at:last] = range(first, end)
    for at in (at for at, number in enumerate(found) if number is None):
        free = (number for number, said in enumerate(before) if said == after[at] and number not in found)
        found[at] = next(free, None)
    return found


def _moved(found: Sequence[int | None]) -> bool:
    """Whether entries stand in another order."""
    known: Iterator[int] = (each for each in found if each is not None)
    numbers = list(known)
    return numbers != sorted(numbers)
