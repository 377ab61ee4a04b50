"""What of a scheme has no fault of shape, so that faults of other kinds are told in one go with those of shape."""

import re
import types
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from kaohe_cli.scheme.lines import NAMES
from kaohe_cli.scheme.shape import NAMES as IDS
from kaohe_cli.scheme.shape import ShapeFault

_UNSOUND = object()
# what stands for a value that is asked for and wrong, where nothing is checked against it
_STANDING = {str: "", int: 0, date: date.min}
_ROOMS = {"section": "section", "of": "section", "figure": "measure"}  # key of an entry → the list that it names one of


class Dropped(msgspec.Struct, frozen=True):
    """What was left out: an entry of a list, or a key of one that stays."""

    room: str  # the list, or the key: criterion
    entry: object
    within: tuple[tuple[str, object], ...] = ()  # the lists and entries that it stood in

    @property
    def spoilt(self) -> Iterator[object]:
        """What others cannot rely on: itself, its own entries, the entry that lost a key."""
        yield from (entry for _, entry in _entries(self.room, self.entry))
        for _, above in self.within[-1:]:
            if isinstance(above, Mapping) and above.get(self.room) is self.entry:
                yield above


def sound(raw: object, type_: Any) -> tuple[Any, tuple[Dropped, ...]]:
    """``raw`` without what is not as ``type_`` asks for, and what was left out; None: nothing is left."""
    dropped: list[Dropped] = []
    kept = _sound(raw, type_, "", (), dropped)
    return (None if kept is _UNSOUND else kept), tuple(dropped)


def follow(faults: Iterable[ShapeFault], dropped: tuple[Dropped, ...]) -> Iterator[ShapeFault]:
    """``faults`` without those that may come only of what was ``dropped``."""
    rooms = {each.room for each in dropped}
    keys = {name for each in dropped for name in _concerned(each)}
    words = {word for each in dropped for word in _words(each.entry)}
    spoilt = [entry for each in dropped for entry in each.spoilt]
    # 1 is no part of 1.1, but sales.actual is one of sales
    named = {rf"(?<![\w.]){re.escape(id)}(?!\w|\.\d)" for entry in spoilt for id in _called(entry, IDS)}
    nameless = any(isinstance(entry, Mapping) and not [*_called(entry, IDS)] for entry in spoilt)
    for key, reason in faults:
        if (key.startswith("trial.") and dropped) or (key.startswith("kind.") and "unit" in rooms):
            continue  # trials rest upon all that stands above them, kinds upon the units
        parts = key.split(": ")
        touched = any(_led(part, name) for part in parts for name in keys)
        touched |= any(f".change.{name}" in key for name in keys) or key in rooms  # criterion.1.1.2, unit
        touched |= any(re.search(each, reason) for each in named)
        if reason.startswith("没有"):  # what is left out may be the one that is missed
            changed = key.partition(".change.")[2].partition(".")[2]
            missed = (*(part.partition(".")[2] for part in parts), changed, changed.partition(".part.")[2])
            touched |= nameless or any(re.match(each, one) for one in missed for each in named)
        quoted = re.match("“(.*)”不", reason, re.S)
        if not touched and not (quoted and any("原文" in reason and quoted[1] in word for word in words)):
            yield key, reason


def _led(key: str, name: str) -> bool:
    return key == name or key.startswith(f"{name}.")


def _concerned(dropped: Dropped) -> Iterator[str]:
    """The keys of what ``dropped`` is, holds and stands in."""
    for room, entry in (*dropped.within, *_entries(dropped.room, dropped.entry)):
        yield from (f"{room}.{name}" for name in _called(entry, NAMES))
        for key, above in _ROOMS.items():
            named = [*_called(entry, (key,))]
            yield from (f"{above}.{name}" for name in named)
            if isinstance(entry, Mapping) and key in entry and not named and room != "trial":
                yield above  # it may stand in any


def _called(entry: object, keys: Iterable[str]) -> Iterator[str]:
    """What ``entry`` is called under ``keys``."""
    names = (entry.get(key) for key in keys) if isinstance(entry, Mapping) else ()
    return (name for name in names if isinstance(name, str))


def _entries(room: str, entry: object) -> Iterator[tuple[str, object]]:
    yield room, entry
    for name, value in entry.items() if isinstance(entry, Mapping) else ():
        yield from ((name, each) for each in value) if isinstance(value, list) else ()


def _words(value: object) -> Iterator[str]:
    """Every text in ``value``."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _sound(value: object, type_: Any, room: str, within: tuple[tuple[str, object], ...], dropped: list[Dropped]) -> Any:
    try:
        msgspec.convert(value, type_, strict=False)
    except msgspec.ValidationError:
        options = get_args(type_) if get_origin(type_) in (Union, types.UnionType) else (type_,)
        records = [each for each in options if isinstance(each, type) and issubclass(each, msgspec.Struct)]
        if len(records) == 1 and isinstance(value, Mapping):
            return _sound_record(value, records[0], room, within, dropped)
        if get_origin(type_) is tuple and isinstance(value, list) and get_args(type_)[1:] == (...,):
            kept = [(each, _sound(each, get_args(type_)[0], room, (*within, (room, each)), dropped)) for each in value]
            dropped += [Dropped(room, each, within) for each, left in kept if left is _UNSOUND]
            return [left for _, left in kept if left is not _UNSOUND]
        return _UNSOUND
    return value


def _sound_record(
    value: Mapping[str, object], record: Any, room: str, within: tuple[tuple[str, object], ...], dropped: list[Dropped]
) -> Any:
    hints, kept = get_type_hints(record), {}
    fields = {field.encode_name for field in msgspec.structs.fields(record)}
    dropped += [Dropped(name, value[name], within) for name in value if name not in fields]
    for field in msgspec.structs.fields(record):
        name, type_ = field.encode_name, hints[field.name]
        left = _sound(value[name], type_, name, within, dropped) if name in value else _UNSOUND
        if left is _UNSOUND and field.required:
            if within and (room, name) != ("section", "title"):  # a section would take its items along
                return _UNSOUND
            left = get_args(type_)[0] if get_origin(type_) is Literal else _STANDING.get(type_, _UNSOUND)
            if left is _UNSOUND:
                return _UNSOUND
        if left is not _UNSOUND:
            kept[name] = left
        elif name in value:
            dropped.append(Dropped(name, value[name], within))
    return kept
