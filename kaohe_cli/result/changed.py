"""What two result workbooks say of themselves → what differs: places, grades, totals, points, sources. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.model import SCHEME, Change, Source
from kaohe_cli.paper.provenance import FOLLOWED, LEDGER, SETTINGS
from kaohe_cli.result.recorded import Recorded, RecordedUnit

Points = Mapping[str, Mapping[str, Decimal | None]]  # unit → title of the column → points
NOWHERE = RecordedUnit(None, "", None)
BY_ROLE = (LEDGER, SETTINGS, SCHEME, FOLLOWED)  # of which there is one, whatever it is called
DIGITS = 8  # of a digest that people are shown


class SourceChange(Struct, frozen=True):
    """Something that both results were not made from alike."""

    role: str  # 底稿
    name: str  # 评分底稿.xlsx; of a reading; of a library
    before: str  # the value, or the beginning of the digest; empty: it was not among them
    now: str


def moved(before: Recorded, now: Recorded) -> Iterator[Change]:
    """The units that stand otherwise ``now``, or that only one of both has, in their order there."""
    for name in dict.fromkeys((*now.units, *before.units)):
        was, held = (each.units.get(name, NOWHERE) for each in (before, now))
        if was != held:
            yield Change("", name, (was.place, held.place), (was.grade, held.grade), (was.total, held.total))


def points_moved(before: Points, now: Points) -> Iterator[tuple[str, str, Decimal | None, Decimal | None]]:
    """Unit, item or section, and its points before and ``now``, where these differ."""
    for name in now.keys() & before.keys():
        for title in dict.fromkeys((*now[name], *before[name])):
            pair = before[name].get(title), now[name].get(title)
            if pair[0] != pair[1]:
                yield name, title, *pair


def sources_moved(before: Recorded, now: Recorded) -> Iterator[SourceChange]:
    """What the results were not made from alike."""
    was, held = _by_name(before.sources), _by_name(now.sources)
    for key in dict.fromkeys((*held, *was)):
        old, new = was.get(key), held.get(key)
        if old is None or new is None or (old.sha256, old.value) != (new.sha256, new.value):
            role, name = key
            yield SourceChange(role, name or (new or old or Source(role, "")).name, _said(old), _said(new))


def _by_name(sources: Iterable[Source]) -> Mapping[tuple[str, str], Source]:
    return {(each.role, "" if each.role in BY_ROLE else each.name): each for each in sources}


def _said(source: Source | None) -> str:
    if source is None:
        return ""
    return f"{source.name} {source.sha256[:DIGITS]}" if source.sha256 else source.value
