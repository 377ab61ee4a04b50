"""What is another in one scheme than in an older one, clause by clause, in words."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.scheme.load import SchemeError, under
from kaohe_cli.scheme.records import Option, Reading
from kaohe_cli.scheme.said import (
    CRITERION,
    IN,
    IN_ORDER,
    ITEM,
    NUMBER,
    POLICY,
    SCHEME,
    TITLE,
    Said,
    everything,
    readings,
)
from kaohe_cli.scheme.scheme import Scheme

DifferenceKind = Literal["changed", "added", "gone"]
ORDER = "次序"
QUOTED = ("考核内容", "评分标准", "正文")  # texts of several sentences, of which only those that differ are told

# what tells that two things are one, the surest first; what has none of it is told by the next
_SAME: tuple[Callable[[Said], Sequence[str]], ...] = (
    lambda each: (each.id, each.title), lambda each: (each.id, each.clause), lambda each: (each.title, each.clause),
    lambda each: (each.clause,), lambda each: (each.title,), lambda each: (each.id,),
)  # fmt: skip


class Difference(Struct, frozen=True):
    """Something that is another in the newer scheme, or is in one of both alone."""

    kind: DifferenceKind
    heading: str  # under which it is told: 1.1 工业经济; 等次
    room: str  # what kind of thing: 细则
    id: str  # in the newer scheme, where it is in it
    called: str  # 1.1.2 超额加分
    what: str  # 分值; empty: the whole thing
    before: str  # empty: nothing
    now: str
    only: str = ""  # kind of units for which alone it is so; empty: for all

    @property
    def place(self) -> str:
        """Where it is, in few words: 1.1.2 计分; 等次“优秀”条件."""
        alone = {SCHEME: self.called, POLICY: self.called, ITEM: self.id, CRITERION: self.id}.get(self.room)
        where = f"{self.room}“{self.called}”" if alone is None else f"{alone} "
        return f"{where}{self.what}{f'（{self.only}）' if self.only else ''}"


def differences(before: Scheme, now: Scheme) -> tuple[Difference, ...]:
    """All that is another in ``now`` than in ``before``, in the order of ``now``."""
    return (*_for_all(before, now), *compared(_readings(before), _readings(now)))


def for_kind(scheme: Scheme, kind: str) -> tuple[Difference, ...]:
    """All that is another for units of ``kind`` than for the others."""
    return compared(everything(scheme), everything(scheme.of(kind)))


def changed_by(scheme: Scheme, reading: Reading, option: Option) -> tuple[Difference, ...]:
    """What taking ``option`` would change, where the reading has a meaning."""
    base = under(scheme, _needed(scheme, reading))
    return tuple(_for_all(base, under(base, {reading.id: option.id})))


def _needed(scheme: Scheme, reading: Reading) -> Mapping[str, str]:
    """The options of other readings under which alone ``reading`` has a meaning, and theirs under which they have."""
    known = {each.id: each for each in scheme.content.reading}
    further = (_needed(scheme, known[id]) for id in reading.within)
    return {id: option for each in (*further, reading.within) for id, option in each.items()}


def same(before: Scheme, now: Scheme, room: str) -> Mapping[str, str]:
    """The things of ``room`` that are in both, by their ids in ``now``: their ids in ``before``."""
    olds, news = ([each for each in everything(scheme) if each.room == room] for scheme in (before, now))
    return {new.id: old.id for old, new in _pairs(olds, news)}


def _for_all(before: Scheme, now: Scheme) -> Iterator[Difference]:
    """All but the readings, for units of every kind, then what is so for those of one kind alone."""
    common = compared(everything(before), everything(now))
    yield from common
    for kind in dict.fromkeys((*before.kinds, *now.kinds)):
        own = compared(everything(before.of(kind)), everything(now.of(kind)))
        yield from (replace(each, only=kind) for each in own if each not in common)


def _readings(scheme: Scheme) -> Iterator[Said]:
    changes = {
        (reading.id, option.id): _effect(scheme, reading, option)
        for reading in scheme.content.reading
        for option in reading.option
        if option.change
    }
    return readings(scheme, changes)


def _effect(scheme: Scheme, reading: Reading, option: Option) -> str:
    """What an option makes another, in one sentence."""
    try:
        found = changed_by(scheme, reading, option)
    except SchemeError:  # an option that another one rules out
        return ""
    told = (
        f"{each.called}：{each.what}{f'（{each.only}）' if each.only else ''}改为“{each.now or '无'}”" for each in found
    )
    return "；".join(told)


def compared(before: Iterable[Said], now: Iterable[Said]) -> tuple[Difference, ...]:
    """All that is another ``now``: of what is in both, fact by fact; what is new; what is gone."""
    olds, news = list(before), list(now)
    pairs = _pairs(olds, news)
    was = {(new.room, new.id): old for old, new in pairs}
    kept = {(old.room, old.id): new for old, new in pairs}
    found = []
    for each in news:
        heading, old = _heading(each, news), was.get((each.room, each.id))
        if old is None:
            found.append(Difference("added", heading, each.room, each.id, each.called, "", "", summary(each)))
        else:
            found += _facts(heading, old, each)
    for each in olds:
        if (each.room, each.id) not in kept:
            item = kept.get((ITEM, each.item))
            heading = item.called if item else _heading(each, olds)
            found.append(Difference("gone", heading, each.room, each.id, each.called, "", summary(each), ""))
    return (*found, *_orders(olds, pairs))


def summary(each: Said) -> str:
    """What is said of a thing, in one sentence."""
    return "；".join(
        f"{what}：{words}" for what, words in each.facts.items() if words and what not in (NUMBER, TITLE, IN)
    )


def _heading(each: Said, others: Iterable[Said]) -> str:
    """Under what a thing is told: its item, or what kind of thing it is."""
    items = (other.called for other in others if other.room == ITEM and other.id == each.item)
    return next(items, each.under or each.room)


def _pairs(olds: Sequence[Said], news: Sequence[Said]) -> Sequence[tuple[Said, Said]]:
    """What of ``olds`` and ``news`` is one and the same thing, in the order of ``news``."""
    left, found = list(olds), dict[int, Said]()
    for key in _SAME:
        held: dict[Hashable, list[Said]] = {}
        for old in left:
            if all(key(old)):
                held.setdefault((old.room, *key(old)), []).append(old)
        for place, new in enumerate(news):
            if place not in found and all(key(new)) and (others := held.get((new.room, *key(new)))):
                found[place] = others.pop(0)
        left = [old for old in left if not any(old is each for each in found.values())]
    return [(found[place], new) for place, new in enumerate(news) if place in found]


def _orders(olds: Sequence[Said], pairs: Sequence[tuple[Said, Said]]) -> Iterator[Difference]:
    """Of what stands in an order that says something, those that stand in another."""
    places = {(old.room, old.id): place for place, old in enumerate(olds)}
    for room in IN_ORDER:
        both = [pair for pair in pairs if pair[1].room == room]
        before = sorted(both, key=lambda pair: places[room, pair[0].id])
        if before != both:
            was, is_ = ("、".join(new.title for _, new in order) for order in (before, both))
            yield Difference("changed", room, room, "", room, ORDER, was, is_)


def _facts(heading: str, old: Said, new: Said) -> Iterator[Difference]:
    """What is said of one thing now and was not before."""
    for what in dict.fromkeys((*new.facts, *old.facts)):
        was, is_ = old.facts.get(what, ""), new.facts.get(what, "")
        if was == is_ or (what in new.grounds and old.grounds.get(what) == new.grounds[what]):
            continue
        for part, other in _apart(was, is_) if what in QUOTED else [(was, is_)]:
            yield Difference("changed", heading, new.room, new.id, new.called, what, part, other)


def _apart(before: str, now: str) -> Iterator[tuple[str, str]]:
    """The sentences of two texts that differ, side by side."""
    olds, news = (re.findall(r"[^。；;\n]+[。；;]?", text) for text in (before, now))
    for tag, start, end, begin, stop in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag != "equal":
            yield "".join(olds[start:end]), "".join(news[begin:stop])
