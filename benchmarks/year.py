"""A synthetic year of any size: settings, filled returns and a judged ledger for so many units.

``python benchmarks/year.py FOLDER COUNT`` makes one. The fourteen units of the samples are repeated under names and
codes of their own, with figures that differ from unit to unit. Equal arguments give equal files.
"""

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from kaohe_cli.commands import sample as synthetic
from kaohe_cli.commands.inputs import read_forms
from kaohe_cli.form.blank import Blank
from kaohe_cli.ledger import book
from kaohe_cli.ledger.settle import settle
from kaohe_cli.model import Award, Entry, Settings, Unit
from kaohe_cli.points import half_up
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.settings import workbook

SETTINGS, RETURNS, LEDGER = "考核设置.xlsx", "回收", "评分底稿.xlsx"
DONE = "done"
SPREAD = 101  # so many different sizes of figures


def make(folder: Path, count: int) -> None:
    """Write the settings and ``count`` filled returns into ``folder``; what is there already is kept."""
    if (folder / DONE).exists():
        return
    scheme = load()
    year = sample(scheme, count)
    (folder / RETURNS).mkdir(parents=True, exist_ok=True)
    (folder / SETTINGS).write_bytes(workbook.settings_workbook(scheme, year.settings)[0])
    with ProcessPoolExecutor(initializer=_begin, initargs=(count, folder / RETURNS)) as pool:
        for _ in pool.map(_fill_in, range(count), chunksize=8):
            pass
    (folder / DONE).touch()


def judge(folder: Path, count: int) -> None:
    """Enter what departments would award into the ledger that stands in ``folder``."""
    scheme = load()
    year = sample(scheme, count)
    ledger, problems = book.read(scheme, folder / LEDGER)
    assert ledger is not None, problems
    judged, odd = settle(scheme, synthetic.work(scheme, year, ledger))
    (folder / LEDGER).write_bytes(book.ledger_workbook(scheme, judged, odd))


def sample(scheme: Scheme, count: int) -> synthetic.Sample:
    """The sample year with ``count`` units."""
    year = synthetic.load(scheme)
    units, given, filled = [], {}, []
    for index in range(count):
        like, was = year.settings.units[index % len(year.units)], year.units[index % len(year.units)]
        unit = Unit(f"U{index:04}", f"{like.kind}{index:04}".replace("(市)", ""), like.kind, like.bureau)
        size = Decimal(50 + index * 37 % SPREAD) / 100
        units.append(unit)
        given[unit.code] = dict(_sized(scheme, year.settings.given[like.code], size))
        awards = {id: _lower(award, index) for id, award in was.awards.items()}
        entries = dict(_sized(scheme, was.entries, size))
        veto = was.veto if index < 14 else None
        filled.append(synthetic.SampleUnit(unit.code, was.date, entries, awards, was.checks, veto))
    settings = Settings(tuple(units), given, year.settings.readings, year.settings.departments)
    return synthetic.Sample(settings, tuple(filled), ())


def _sized(scheme: Scheme, entries: Mapping[str, Entry], size: Decimal) -> Iterator[tuple[str, Entry]]:
    """The same figures for a unit of another size; shares, counts and words stay."""
    for name, entry in entries.items():
        measure = scheme.measures.get(name.partition(".")[0])
        if isinstance(entry.value, Decimal) and measure is not None and measure.unit in ("亿元", "万平方米"):
            entry = replace(entry, value=half_up(entry.value * size))
        yield name, entry


def _lower(award: Award, index: int) -> Award:
    assert award.points is not None
    return replace(award, points=max(award.points - Decimal(index % 41) / 100, Decimal(0)))


_forms: Blank
_year: synthetic.Sample
_folder: Path


def _begin(count: int, folder: Path) -> None:
    global _forms, _year, _folder
    scheme = load()
    _forms, _year, _folder = read_forms(scheme, None), sample(scheme, count), folder


def _fill_in(index: int) -> None:
    unit, filled = _year.settings.units[index], _year.units[index]
    data, _ = _forms.issue(unit, _year.settings, filled.entries)
    (_folder / f"{unit.name}.xlsx").write_bytes(data)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
