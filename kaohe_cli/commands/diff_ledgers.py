"""Two ledgers against each other: figures, marks, places, and which change caused which."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from kaohe_cli.commands.differing import Differing, FileDiff, in_order, standing_pairs
from kaohe_cli.commands.inputs import read_ledger
from kaohe_cli.ledger.changes import OUTCOMES, Changes, LedgerChange
from kaohe_cli.ledger.compare import compare
from kaohe_cli.ledger.consequence import Consequence, consequences
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import Change
from kaohe_cli.points import fixed
from kaohe_cli.scheme.scheme import Scheme

Follows = Mapping[str, Sequence[Consequence]]  # unit code → points that moved


class Between(Struct, frozen=True):
    """What is another in one ledger than in another."""

    rows: tuple[Differing, ...]
    general: tuple[str, ...]  # lines of what concerns all units
    units: Mapping[str, Sequence[str]]  # name → each cause, and what it made of the points
    moved: tuple[Change, ...]  # units whose total, place or grade is another


def ledgers(scheme_name: str, before_path: Path, now_path: Path) -> FileDiff:
    """What is another in a ledger than in an earlier one, as both stand; raises Stop where one cannot be read."""
    before, _, wrong = read_ledger(scheme_name, before_path)
    now, scheme, also = read_ledger(scheme_name, now_path)
    told = tuple(each for each in (*wrong, *also) if each.severity == "error")
    found = between(scheme, before, now)
    return FileDiff(found.rows, (*in_order(found.general, found.units, found.moved),), found.moved, told)


def between(scheme: Scheme, before: Ledger, now: Ledger) -> Between:
    """What is another in ``now`` than in ``before``; both are settled, and ``scheme`` has the readings of ``now``."""
    changed = compare(scheme, before, now)
    follows = consequences(scheme, before, now, changed.rows)
    names = {case.unit.code: case.unit.name for case in now.cases}
    causes: dict[str, list[LedgerChange]] = {}
    for each in changed.rows:
        if each.kind not in OUTCOMES:
            causes.setdefault(each.code, []).append(each)
            names.setdefault(each.code, each.unit)
    general = tuple(_row(each).said for each in causes.pop("", []))
    codes = dict.fromkeys((*causes, *(code for code, found in follows.items() if found)))
    units = {names[code]: (*_unit_lines(causes.get(code, []), follows.get(code, ())),) for code in codes}
    return Between((*_rows(changed, follows, names),), general, units, changed.moved)


def _rows(changed: Changes, follows: Follows, names: Mapping[str, str]) -> Iterator[Differing]:
    """Causes first, then the points that follow from them, then totals, places and grades."""
    yield from (_row(each) for each in changed.rows if each.kind not in OUTCOMES)
    for code, found in follows.items():
        for each in found:
            title, (before, now) = _title(each), map(fixed, each.effect.points)
            causes = tuple(cause.item for cause in each.causes)
            yield Differing("points", title, before, now, each.why, names[code], code, causes=causes)
    for moved in changed.moved:
        causes = tuple(_title(each) for each in follows.get(moved.code, ()))
        for kind, what, before, now in standing_pairs(moved):
            said = next((each.why for each in changed.rows if (each.code, each.kind) == (moved.code, kind)), "")
            yield Differing(kind, what, before, now, said, moved.unit, moved.code, causes=causes)


def _row(each: LedgerChange) -> Differing:
    return Differing(each.kind, each.item, each.before, each.now, each.why, each.unit, each.code)


def _title(each: Consequence) -> str:
    return f"{each.effect.id} {each.effect.title}"


def _unit_lines(causes: Sequence[LedgerChange], found: Sequence[Consequence]) -> Iterator[str]:
    """Each cause of one unit, and after the last that it follows from each criterion whose points are others."""
    left = [*found]
    for count, cause in enumerate(causes, 1):
        yield _row(cause).said
        rest = causes[count:]
        for each in [each for each in left if cause in each.causes and not any(other in rest for other in each.causes)]:
            left.remove(each)
            yield f"  → {each.effect.said}"
    for each in left:
        why = each.why or "、".join(dict.fromkeys(cause.item for cause in each.causes))
        yield f"{each.effect.said}（{why}）"
