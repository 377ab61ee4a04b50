"""The nine schemes of tests/schemes and a year of each: what the office gave, what the units filled in."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.model import Award, Case, Entry, Mark, Settings, Unit, Veto
from kaohe_cli.points import half_up
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

FOLDER = Path(__file__).parent / "schemes"
NAMES = tuple(sorted(path.name.removesuffix(".year.toml") for path in FOLDER.glob("*.year.toml")))
MARKS = {mark.value: mark for mark in Mark}


class Year(Struct):
    """A unit in the year of a scheme: what was settled beforehand, and what it fills in."""

    scheme: Scheme  # for units of its kind
    settings: Settings
    unit: Unit
    filled: Mapping[str, Entry]
    awards: Mapping[str, Award]
    veto: str

    def case(self) -> Case:
        """The unit as its form and the office leave it."""
        found = Veto(self.veto, "示安〔2010〕1号", "2010-12-30") if self.veto else None
        given = self.scheme.given(self.unit, self.settings)
        return Case(self.unit, "received", {**self.filled, **given}, awards=dict(self.awards), veto=found)


@cache
def scheme_of(name: str, chosen: tuple[tuple[str, str], ...] = ()) -> Scheme:
    """The scheme with readings in force."""
    return load(str(FOLDER / f"{name}.toml"), dict(chosen))


@cache
def limited(name: str, chosen: tuple[tuple[str, str], ...] = ()) -> Scheme:
    """The scheme with limits that no notice of the nine sets: items, sections and the whole are cut at both ends.

    That of a notice that makes units of a kind different stays as it is.
    """
    scheme = scheme_of(name, chosen)
    if scheme.kinds:
        return scheme
    item = tuple(replace(each, floor=Decimal("0.5"), cap=_most(each.points, "0.6")) for each in scheme.content.item)
    section = tuple(replace(each, floor=Decimal(2), cap=_most(each.points, "0.5")) for each in scheme.content.section)
    whole = replace(scheme.content.whole, floor=Decimal("7.25"), cap=_most(scheme.points, "0.45"))
    return Scheme(
        replace(scheme.content, item=item, section=section, whole=whole), scheme.raw, scheme.digest, scheme.readings
    )


def _most(points: Decimal | None, share: str) -> Decimal:
    return half_up((points or Decimal(8)) * Decimal(share))


@cache
def units_of(name: str) -> tuple[Year, ...]:
    """Every unit of the scheme in its year."""
    return tuple(year_of(scheme_of(name), each) for each in written_year(name)["unit"])


@cache
def written_year(name: str) -> Mapping[str, Any]:
    """The year of the scheme as it is written down."""
    found: Mapping[str, Any] = tomllib.loads((FOLDER / f"{name}.year.toml").read_text("utf-8"), parse_float=Decimal)
    return found


def year_of(scheme: Scheme, written: Mapping[str, Any]) -> Year:
    unit = next(each for each in scheme.units if each.code == written["code"])
    own, figures = scheme.of(unit.kind), {id: entry(value) for id, value in written["figures"].items()}
    office = {id: value for id, value in figures.items() if own.figures[id].by != "unit" or value.value is Mark.NO_TASK}
    settings = Settings(scheme.units, {unit.code: office}, dict(scheme.readings), {})
    asked = {field.name for field in form_fields(own, own.given(unit, settings))}
    entered = {**written.get("marks", {}), **written.get("given", {})}
    claims = {
        own.claim(criterion): Entry(Decimal(str(entered[criterion.id])))
        for item in own.items
        for criterion in item.entered
        if not isinstance(entered.get(criterion.id, []), list)
    }
    filled = {id: value for id, value in {**figures, **claims}.items() if id in asked}
    awards = {id: award(value) for id, value in entered.items()}
    return Year(own, settings, unit, filled, awards, written.get("veto", ""))


def entry(value: object) -> Entry:
    return Entry(MARKS[value] if isinstance(value, str) else Decimal(str(value)))


def award(given: object) -> Award:
    """What one department gave, or each of several judges."""
    if isinstance(given, list):
        return Award(marks=tuple(Decimal(each) for each in given))
    return Award(Decimal(str(given)))
