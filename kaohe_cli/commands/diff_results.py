"""Two results against each other: places, points and sources as the workbooks say, and why where that can be told."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from kaohe_cli.commands.diff_ledgers import Between, between
from kaohe_cli.commands.differing import Differing, FileDiff, in_order, standing_pairs
from kaohe_cli.commands.inputs import read_ledger
from kaohe_cli.commands.outcome import Stop, Unreadable
from kaohe_cli.ledger.changes import ABSENT, OUTCOMES
from kaohe_cli.ledger.settle import settle
from kaohe_cli.model import READING, Change
from kaohe_cli.paper.provenance import LEDGER
from kaohe_cli.points import fixed
from kaohe_cli.result.changed import Points, moved, points_moved, sources_moved
from kaohe_cli.result.material import same_file
from kaohe_cli.result.recorded import Recorded, points, recorded
from kaohe_cli.scheme.load import SchemeError
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book

MADE_FROM = "来源"
FINAL = {True: "定稿", False: "暂定"}
NO_LEDGERS = "两份考核结果所用的底稿不都在旁边，只比较了结果本身，没有说明是哪一处改动引起的。"


def results(scheme_name: str, before_path: Path, now_path: Path) -> FileDiff:
    """What is another in a result than in an earlier one; raises Stop where one cannot be read as a result."""
    (was_book, was), (book, now) = _read(before_path), _read(now_path)
    found = tuple(moved(was, now))
    sources = (*_final(was, now), *_sources(was, now))
    causes = _causes(scheme_name, (was, before_path), (now, now_path))
    items = tuple(_points(points(was_book, was.units), points(book, now.units)))
    rows = (*sources, *_ledger_rows(causes), *items, *_standings(found, causes))
    lines = (*_lines(found, items, sources, causes),)
    return FileDiff(rows, (*lines, NO_LEDGERS) if rows and causes is None else lines, found)


def _read(path: Path) -> tuple[Book, Recorded]:
    book, told = reader.read_workbook(path, reader.LARGE_LIMITS)
    if book is None:
        raise Unreadable(told)
    said, wrong = recorded(book)
    if said is None:
        raise Unreadable(wrong)
    return book, said


def _causes(scheme_name: str, *sides: tuple[Recorded, Path]) -> Between | None:
    """What is another in the ledgers of both; None where one is not at hand, or cannot be read."""
    found = []
    for said, path in sides:
        source = next(iter(said.of(LEDGER)), None)
        place = same_file(source, path) if source else None
        if place is None:
            return None
        try:
            ledger, scheme, _ = read_ledger(scheme_name, place, said.readings)
        except (Stop, SchemeError):
            return None
        # a result by other readings has other points than the ledger that it was made from
        found.append((settle(scheme, replace(ledger, readings=scheme.readings))[0], scheme))
    (before, _), (now, scheme) = found
    return between(scheme, before, now)


def _final(was: Recorded, now: Recorded) -> Iterator[Differing]:
    """Whether a result is final, where the other is not."""
    if was.final != now.final:
        before, after = (FINAL[each.final] for each in (was, now))
        yield Differing("final", "考核结果", before, after)


def _sources(was: Recorded, now: Recorded) -> Iterator[Differing]:
    for each in sources_moved(was, now):
        item = f"{MADE_FROM}·{each.role} {each.name}"
        yield Differing("source", item, each.before or ABSENT, each.now or ABSENT)


def _ledger_rows(causes: Between | None) -> Iterator[Differing]:
    """What changed in the ledger, and what that made of the points of criteria."""
    return (each for each in (causes.rows if causes else ()) if each.kind not in OUTCOMES)


def _points(before: Points, now: Points) -> Iterator[Differing]:
    """Points of items and sections, as the results show them."""
    for unit, title, first, second in points_moved(before, now):
        yield Differing("points", title, fixed(first), fixed(second), "", unit)


def _standings(found: Sequence[Change], causes: Between | None) -> Iterator[Differing]:
    """Total, place and grade of each unit, and the criteria whose points moved."""
    own: dict[str, list[str]] = {}
    for each in causes.rows if causes else ():
        if each.kind == "points":
            own.setdefault(each.unit, []).append(each.item)
    for unit in found:
        for kind, what, was, now in standing_pairs(unit):
            yield Differing(kind, what, was, now, "", unit.unit, causes=tuple(own.get(unit.unit, ())))


def _lines(
    found: Sequence[Change], items: Sequence[Differing], sources: Sequence[Differing], causes: Between | None
) -> Iterator[str]:
    """What both were made from, then unit by unit: what changed in the ledger, and the points of items."""
    groups: dict[str, list[str]] = {}
    if causes:
        groups |= {unit: [*lines] for unit, lines in causes.units.items()}
    for each in items:
        groups.setdefault(each.unit, []).append(f"{each.item} 得分 {each.pair}")
    # of a reading the ledgers say the question and the options in words
    plain = [each for each in sources if causes is None or not each.item.startswith(f"{MADE_FROM}·{READING} ")]
    general = [each.said for each in plain] + [*(causes.general if causes else ())]
    yield from in_order(general, groups, found)
