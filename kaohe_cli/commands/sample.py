"""The synthetic year of samples/data.toml: what fourteen units might have filled in, and what was awarded."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.ledger import detail, register, situation
from kaohe_cli.ledger.queries import CHECK
from kaohe_cli.ledger.record import DETAIL, FIGURES, SITUATION, Ledger, RowKey, TypedRow
from kaohe_cli.model import Award, Entry, Incident, Mark, Publicity, Settings, Unit, Value, Veto
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind

NAME = "data.toml"
PACKAGE = Path(__file__).parent.parent
# in an installed package, and in a checkout
FOLDERS = (PACKAGE / "samples", PACKAGE.parent / "samples")
text = partial(Cell, CellKind.TEXT)  # a cell in which something was typed


class SampleUnit(Struct, frozen=True):
    """What one unit filled in, and what it was awarded."""

    code: str
    date: date  # 填报日期
    entries: Mapping[str, Entry]  # by field name, as the unit filled them in
    awards: Mapping[str, Award]  # by judged criterion
    checks: Mapping[str, str]  # by figure: 核实 of the office
    veto: Veto | None


class Sample(Struct, frozen=True):
    """The whole year."""

    settings: Settings
    units: tuple[SampleUnit, ...]
    incidents: tuple[Incident, ...]  # of the register


def load(scheme: Scheme) -> Sample:
    """The sample data that ships with the program, for the 2007 scheme."""
    path = next(folder / NAME for folder in FOLDERS if (folder / NAME).exists())
    raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    kinds = {unit.code: unit.kind for unit in scheme.units}
    departments: dict[str, str] = raw["departments"]
    settings = Settings(
        units=tuple(
            Unit(each["code"], each["name"], kinds[each["code"]], each["bureau"], each.get("head", ""))
            for each in raw["unit"]
        ),
        given={each["code"]: _entries(each["given"]) for each in raw["unit"]},
        readings={},
        departments=departments,
        publicity=Publicity(**raw["publicity"]),
    )
    units = tuple(_unit(scheme, raw, each, place) for place, each in enumerate(raw["unit"]))
    return Sample(settings, units, tuple(_incident(scheme, each, departments) for each in raw["incident"]))


def _unit(scheme: Scheme, year: dict[str, Any], raw: dict[str, Any], place: int) -> SampleUnit:
    """The unit at ``place`` of the ``year``, whose reasons are given in turn."""
    veto, departments, reasons = year["veto"], year["departments"], year["reason"]
    judged = [item for item in scheme.items if item.judged]
    entries = {
        **_entries(raw["form"]),
        **{f"{item.id}.self": Entry(_value(self)) for item, self in zip(judged, raw["self"], strict=True)},
        **{name: Entry(raw[name]) for name in ("filer", "phone", "date")},
    }
    awards = {
        criterion.id: Award(
            Decimal(points), _reason(criterion, points, reasons[item.id], place), by=departments[item.id]
        )
        for item, points in zip(judged, raw["award"], strict=True)
        for criterion in item.criterion
        if criterion.judged
    }
    vetoed = Veto(veto["authority"], veto["document"], veto["decided"], "虚构情形，仅供演示")
    held = vetoed if raw["code"] == veto["unit"] else None
    return SampleUnit(raw["code"], raw["date"], entries, awards, raw.get("check", {}), held)


def _reason(criterion: Criterion, points: Decimal, reasons: Sequence[str], place: int) -> str:
    return "" if points == criterion.points else reasons[place % len(reasons)]


def _incident(scheme: Scheme, raw: dict[str, Any], departments: Mapping[str, str]) -> Incident:
    points, department = -Decimal(raw["off"]), departments[scheme.item_of[raw["criterion"]].id]
    day = raw["date"].isoformat()
    return Incident(raw["unit"], raw["criterion"], day, raw["facts"], points, raw["evidence"], source=department)


def _entries(raw: Mapping[str, Any]) -> Mapping[str, Entry]:
    return {name: Entry(value if name.endswith(".confirm") else _value(value)) for name, value in raw.items()}


def _value(raw: int | Decimal | str) -> Value:
    return Mark(raw) if isinstance(raw, str) else Decimal(raw)


def work(scheme: Scheme, sample: Sample, ledger: Ledger) -> Ledger:
    """``ledger`` as the departments and the office would have filled it in."""
    typed: dict[RowKey, TypedRow] = {}
    for unit in sample.units:
        for id, award in unit.awards.items():
            key = (DETAIL, unit.code, id)
            written = {detail.JUDGE: award.by, detail.REASON: award.reason}
            cells = {column.title: text(each) for column, each in written.items() if each}
            cells[detail.POINTS.title] = Cell(CellKind.NUMBER, award.points)
            typed[key] = TypedRow(key, cells)
        for figure, checked in unit.checks.items():
            key = (FIGURES, unit.code, figure)
            typed[key] = TypedRow(key, {CHECK.title: text(checked)})
        if unit.veto:
            key = (SITUATION, unit.code, "")
            said = "是", unit.veto.authority, unit.veto.document, unit.veto.decided, unit.veto.remark
            columns = (situation.VETO, *situation.PROOF, situation.REMARK)
            cells = {column.title: text(each) for column, each in zip(columns, said, strict=True)}
            typed[key] = TypedRow(key, cells)
    names = {unit.code: unit.name for unit in sample.settings.units}
    return replace(ledger, typed=typed, sheets=(register.filled(sample.incidents, names),))
