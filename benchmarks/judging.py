"""How often judging is told to be unfair, where it was and where it was not: docs/JUDGING.md.

``python benchmarks/judging.py --write`` or ``--check``. Random years of marks in steps, as departments give them; the
seed is fixed, so that equal years come out. Grounds:

- In the synthetic year the means of units scatter by 6 points of the full ones, those of items by 1, and what neither
  explains by 2.3; here units scatter by 6, departments by 2, items of one by 1.5, the rest by 3 of each mark.
- Marks are given in steps of 0.1, every third department's in steps of 0.5 (of 8) and 0.2 (of 4), and
  never above full points.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

from kaohe_cli.assess.judging import (
    ALIKE,
    CELL_APART,
    CELL_SPREADS,
    FEWEST_DEPARTMENTS,
    FEWEST_UNITS,
    LEVEL_APART,
    LEVEL_SPREADS,
    SEVERAL_APART,
    Calibration,
    MarkGiven,
    calibrate,
)
from kaohe_cli.points import HUNDRED, ZERO, plain

PAGE = Path(__file__).parent.parent / "docs" / "JUDGING.md"
YEARS = 2000  # fair ones of each size
PLANTED = 500  # of each kind and size in which something was planted, and as many as fair ones with few departments
FEW = 3  # departments
SEED = 2007

GENERAL, OF_UNITS, OF_DEPARTMENTS, OF_ITEMS, REST = 0.82, 0.06, 0.02, 0.015, 0.03
LENIENT, GRUDGE, CONSTANT = 0.15, 0.25, 0.85


class Size(NamedTuple):
    """How many take part."""

    departments: int
    units: int
    items: int
    rest: float = REST  # how far marks scatter that nothing explains


class Kind(NamedTuple):
    """What is planted."""

    title: str
    lenient: float = 0.0  # of the first department
    unit: float = 0.0  # of the first unit, by the first department
    alike: bool = False  # the first department


SIZES = (Size(10, 14, 14), Size(5, 30, 14), Size(3, 6, 9))
NOISES = (0.02, 0.04, 0.05)
FAIR = Kind("nothing")
KINDS = (
    Kind("a lenient department, +15 points", lenient=LENIENT),
    Kind("a strict department, −15 points", lenient=-LENIENT),
    Kind("a department that marks all alike", alike=True),
    Kind("a grudge: −25 points for one unit", unit=-GRUDGE),
    Kind("a favour: +25 points for one unit", unit=GRUDGE),
)


def year(random: Random, size: Size, kind: Kind) -> list[MarkGiven]:
    """The marks of a year."""
    departments = [random.gauss(0, OF_DEPARTMENTS) for _ in range(size.departments)]
    units = [random.gauss(0, OF_UNITS) for _ in range(size.units)]
    if kind.unit > 0:
        units[0] = -abs(units[0]) - 0.08  # nobody favours the best: a mark cannot be above full points
    marks = []
    for item in range(size.items):
        department = item % size.departments
        full = Decimal(8 if item < 3 else 4)
        step = Decimal("0.1") if department % 3 < 2 else Decimal("0.5") if full == 8 else Decimal("0.2")
        own = random.gauss(0, OF_ITEMS)
        for unit, quality in enumerate(units):
            rate = GENERAL + departments[department] + own + quality + random.gauss(0, size.rest)
            if department == 0:
                rate = CONSTANT if kind.alike else rate + kind.lenient + (kind.unit if unit == 0 else 0.0)
            points = min(max(round(Decimal(rate) * full / step) * step, ZERO), full)
            marks.append(MarkGiven(f"U{unit}", f"D{department}", f"I{item}", f"I{item}", points, full, None))
    return marks


def told(found: Calibration) -> list[tuple[str, ...]]:
    """What is told, and of whom."""
    return [
        *(("alike", each.department) for each in found.uniform),
        *(("level", each.department) for each in found.levels),
        *(("unit", each.department, each.unit) for each in found.outlying),
    ]


def right(kind: Kind) -> list[tuple[str, ...]]:
    """What is to be told."""
    if kind.alike:
        return [("alike", "D0")]
    return [("level", "D0")] if kind.lenient else [("unit", "D0", "U0")]


class Score(NamedTuple):
    """What became of the years of a kind."""

    years: int
    named: int  # in which what was planted was told
    more: int  # in which something else was told
    kinds: Counter[str]  # of what else


def tried(size: Size, kind: Kind, years: int) -> Score:
    """Years with what ``kind`` plants."""
    random, named, more, kinds = Random(SEED), 0, 0, Counter[str]()
    expected = right(kind) if kind != FAIR else []
    for _ in range(years):
        said = told(calibrate(year(random, size, kind)))
        others = [each for each in said if each not in expected]
        named += len(others) < len(said)
        more += bool(others)
        kinds.update(each[0] for each in others)
    return Score(years, named, more, kinds)


def page() -> str:
    """The page of what was found."""
    rows, noisy = [], []
    for size in SIZES:
        fair = tried(size, FAIR, YEARS)
        rows.append(_row(size, "nothing", fair, ""))
        for kind in KINDS:
            found = tried(size, kind, PLANTED if size.departments > FEW else YEARS)
            rows.append(_row(size, kind.title, found, _share(found.named, found.years)))
    for rest in NOISES:
        size = SIZES[0]._replace(rest=rest)
        fair, grudge = tried(size, FAIR, PLANTED), tried(size, KINDS[3], PLANTED)
        named = _share(grudge.named, grudge.years)
        noisy.append(
            f"| {rest * 100:g} | {_share(fair.more, fair.years)} | {named} | {_share(grudge.more, grudge.years)} |"
        )
    return TEXT.format(
        level=plain(LEVEL_APART * HUNDRED), level_spreads=plain(LEVEL_SPREADS),
        several=plain(SEVERAL_APART * HUNDRED), cell=plain(CELL_APART * HUNDRED),
        cell_spreads=plain(CELL_SPREADS), alike=plain(ALIKE * HUNDRED), years=f"{YEARS:,}", planted=f"{PLANTED:,}",
        rows="\n".join(rows), noisy="\n".join(noisy), departments=FEWEST_DEPARTMENTS, units=FEWEST_UNITS,
        few=FEW,
    )  # fmt: skip


def _row(size: Size, planted: str, found: Score, named: str) -> str:
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(found.kinds.items()))
    more = f"{_share(found.more, found.years)}{f' ({kinds})' if kinds else ''}"
    return f"| {size.departments} × {size.units}, {size.items} items | {planted} | {named} | {more} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}"


def main(given: Sequence[str] | None = None) -> int:
    """Write the page, or tell whether it is as it stands."""
    parser = argparse.ArgumentParser(description=__doc__)
    either = parser.add_mutually_exclusive_group(required=True)
    either.add_argument("--write", action="store_true")
    either.add_argument("--check", action="store_true")
    text = page()
    if parser.parse_args(given).write:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        return 0
    same = PAGE.read_text("utf-8") == text
    print("" if same else f"{PAGE} is not what is found now", file=sys.stderr)
    return 0 if same else 1


TEXT = """# How often judging is told to be unfair

Made by `python benchmarks/judging.py --write`; not to be edited. What is looked at, and how, is in
kaohe_cli/assess/judging.py; where it is told, in the sheet 评分分析 of 考核结果.xlsx.

## What is told

All is measured in points of a hundred full ones.

- *Alike*: a department whose marks for three units or more lie within {alike} point of each other. It is told so and
  nothing else of it.
- *Level*: a department that is {level} points or more from what the others usually gave the same units ({several} where
  it gives each unit two marks or more), and {level_spreads} times as far as the others usually are from each other.
  It is measured among the weaker half of the units, since no mark goes above full points; the middle half of the gaps
  there is averaged.
- *Unit*: a unit that one department marks {cell} points or more away from what it gives others and the unit gets from
  others, {cell_spreads} times as far as such gaps usually are, in that department too, and twice as far as any other
  department the same way. The levels of units and departments are found by taking medians away in turn, so that the
  odd mark does not hide itself.
- Marks in coarse steps are given half a step more; where only some can be given, no gap within a step is told of a
  unit.
- Fewer than {departments} departments or {units} units are not compared, and the sheet says so. Where no department is
  named, each item stands for itself. Bonuses, deductions, points by the unit's own claim and those the office fills in
  (手填) do not count, nor does an item of which something is still to be marked.

## What was found

Random years: {years} fair ones of each size, and {planted} of each kind with something planted in one department
({years} where there are {few} departments). Units scatter by 6 points, departments by 2, items of one by 1.5, the rest
by 3 for each mark (in the synthetic year: units by 6, items by 0.5, the rest by 2.3). *Told*: what was planted. *Else*:
years in which something else was told of anybody.

| departments × units | planted | told | else |
| --- | --- | --- | --- |
{rows}

Where marks scatter otherwise than by 3 points, 10 departments, 14 units, {planted} years of each kind:

| scatter | fair years in which something is told | grudges told | else |
| --- | --- | --- | --- |
{noisy}

With three departments there are only two others to go by, and more of what is told is wrong: where one is lenient, both
others may look strict, and where one marks all at full points it is told to mark alike.
"""

if __name__ == "__main__":
    sys.exit(main())
