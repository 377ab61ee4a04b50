"""How many slips of the pen are noticed, and how many honest figures are asked about: docs/PLAUSIBILITY.md.

``python benchmarks/slips.py --write`` or ``--check``. Every slip of a kind is made in every figure of every unit of the
synthetic year, one at a time; the random years are those of honest.py. Deterministic; no workbook is read or written.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from honest import Year
from msgspec.structs import replace

from kaohe_cli.assess.plausibility import doubts, queries
from kaohe_cli.assess.score import read_by, score
from kaohe_cli.commands import sample
from kaohe_cli.model import Case, Entry, Query, UnitScore
from kaohe_cli.points import ZERO, half_up, plain
from kaohe_cli.scheme.fields import figure_field
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

PAGE = Path(__file__).parent.parent / "docs" / "PLAUSIBILITY.md"
YEARS = 200  # random ones
HALF = Decimal("0.5")  # points from which on a slip must be noticed

Hand: TypeAlias = Literal["form", "open", "settings"]
HANDS: Mapping[Hand, str] = {
    "form": "In the form, filled in by the unit",
    "open": "In the form, where last year's figures too are left to the unit: slips that touch one of them",
    "settings": "In the settings, typed by the office",
}
Cell: TypeAlias = tuple[int, str]  # which unit, figure
Changes: TypeAlias = Mapping[Cell, Decimal]

FACTORS = {"×10": "10", "×100": "100", "×1000": "1000", "÷10": "0.1", "÷100": "0.01", "sign": "-1"}
FINE = ("亿元", "万平方米")  # units in whose place 万元 and 平方米 would be a ten-thousandth


class Slip(NamedTuple):
    """One slip of one hand."""

    kind: str
    hand: Hand
    changes: Changes  # what stands there in place of what is right


class Found(NamedTuple):
    """What became of a slip."""

    slip: Slip
    refused: bool  # as an error, by the limits of a field
    queried: bool  # a figure of a measure that it fell into
    early: bool  # while the settings are read, before any form goes out
    moved: Decimal  # 分, of the criterion that it moves most
    covered: bool  # every criterion that it moves by more than half a point has a queried figure

    @property
    def weighs(self) -> bool:
        """Whether it must be noticed."""
        return not self.refused and self.moved > HALF


class Trial:
    """The synthetic year, and what slips in it lead to."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.year = sample.load(scheme)
        units = {unit.code: unit for unit in self.year.settings.units}
        self.cases = [
            Case(
                units[each.code],
                "received",
                {**each.entries, **scheme.given(units[each.code], self.year.settings)},
                awards=each.awards,
                veto=each.veto,
            )
            for each in self.year.units
        ]
        self.scores = [score(scheme, case) for case in self.cases]
        # the order of the form, row by row
        self.order = [f"{each.id}.{name}" for each in scheme.content.measure for name, _ in each.figures()]
        self.fields = {name: figure_field(scheme, name) for name in self.order}

    def number(self, cell: Cell) -> Decimal | None:
        """What stands in a cell; None where it is no number."""
        return _number(self.cases[cell[0]], cell[1])

    def said(self, cell: Cell, value: Decimal) -> str:
        """A slip of one cell: 拱墅区 限额以上工业投资·本年实绩 6 for 5.59."""
        right = plain(self.number(cell) or ZERO)
        return f"{self.cases[cell[0]].unit.name} {self.fields[cell[1]].label} {plain(value)} for {right}"

    @cached_property
    def cells(self) -> Mapping[Hand, Sequence[Cell]]:
        """Every cell that holds a number, by the hand that fills it in; what follows from a choice is in none."""
        held: dict[Hand, list[Cell]] = {hand: [] for hand in HANDS}
        for index, case in enumerate(self.cases):
            given = self.year.settings.given[case.unit.code]
            for name in self.order:
                if self.number((index, name)) is not None and self.scheme.figures[name].by != "basis":
                    held["settings" if name in given else "form"].append((index, name))
                    if name not in given or self.scheme.figures[name].by == "either":
                        held["open"].append((index, name))
        return held

    def slips(self) -> Iterator[Slip]:
        """Every slip of every kind."""
        for slip in self._slips():
            touched = any(name.endswith(".prior") for _, name in slip.changes)
            if slip.changes and (touched or slip.hand != "open"):
                yield slip

    def _slips(self) -> Iterator[Slip]:
        for hand, cells in self.cells.items():
            for cell in cells:
                value = self.number(cell)
                assert value is not None
                for kind, factor in FACTORS.items():
                    yield Slip(kind, hand, {cell: value * Decimal(factor)})
                if self.scheme.names[cell[1]].unit in FINE:
                    yield Slip("万元 for 亿元, 平方米 for 万平方米", hand, {cell: value * 10_000})
                measure, _, name = cell[1].partition(".")
                last = self.number((cell[0], f"{measure}.prior"))
                if last is not None and name == ("target" if hand == "settings" else "actual"):
                    yield Slip(
                        f"last year's figure as this year's{' target' if hand == 'settings' else ''}",
                        hand,
                        {cell: last},
                    )
            for kind, line in self._lines(hand, cells):
                for one, other in pairwise(line):
                    yield self._moved(f"two cells exchanged, in the {kind}", hand, {one: other, other: one})
                if kind == "column":
                    for begin in range(len(line) - 1):
                        down = {below: above for above, below in pairwise(line[begin:])}
                        yield self._moved("column shifted by a row", hand, down)
        figures = [{name for at, name in self.cells["settings"] if at == index} for index in range(len(self.cases))]
        for upper, lower in pairwise(range(len(self.cases))):
            both = figures[upper] & figures[lower]
            pairs = [((upper, name), (lower, name)) for name in self.order if name in both]
            yield self._moved(
                "two units' rows exchanged", "settings", {**dict(pairs), **{below: above for above, below in pairs}}
            )

    def _lines(self, hand: Hand, cells: Sequence[Cell]) -> Iterator[tuple[str, Sequence[Cell]]]:
        """Cells next to each other, by what they form; settings have a row for each unit, a form for each measure."""
        lines: dict[tuple[str, str], list[Cell]] = {}
        for index, name in cells:
            measure, _, figure = name.partition(".")
            if hand != "settings":
                lines.setdefault(("column", f"{index} {figure}"), []).append((index, name))
                lines.setdefault(("row", f"{index} {measure}"), []).append((index, name))
            else:
                lines.setdefault(("column", name), []).append((index, name))
                lines.setdefault(("row", str(index)), []).append((index, name))
        for (kind, _), line in lines.items():
            yield kind, line

    def _moved(self, kind: str, hand: Hand, taken: Mapping[Cell, Cell]) -> Slip:
        """The slip by which each cell holds what belongs into another; equal numbers are none."""
        changes = {}
        for cell, source in taken.items():
            value = self.number(source)
            if value is not None and value != self.number(cell):
                changes[cell] = value
        return Slip(kind, hand, changes)

    def found(self, slip: Slip) -> Found:
        """What becomes of ``slip``."""
        cases, touched = list(self.cases), dict.fromkeys(index for index, _ in slip.changes)
        for index in touched:
            told = {name: Entry(value) for (at, name), value in slip.changes.items() if at == index}
            cases[index] = replace(cases[index], reported={**cases[index].reported, **told})
        if any(self._refused(cases[index], {name for at, name in slip.changes if at == index}) for index in touched):
            return Found(slip, refused=True, queried=False, early=False, moved=ZERO, covered=True)
        asked = set(doubts(self.scheme, cases))
        held = {(cases[at].unit.code, name.partition(".")[0]) for at, name in slip.changes}
        moved, covered = ZERO, True
        for index in touched:
            for id, gap in self._gaps(score(self.scheme, cases[index]), self.scores[index]):
                moved = max(moved, gap)
                read = {(cases[index].unit.code, each) for each in read_by(self.scheme, self.scheme.criteria[id])}
                covered = covered and (gap <= HALF or bool(read & asked))
        early = slip.hand == "settings" and self._hit(set(doubts(self.scheme, self._issued(cases))), held)
        return Found(slip, False, self._hit(asked, held), early, moved, covered)

    def _refused(self, case: Case, changed: Set[str]) -> bool:
        """Whether one of the figures that were ``changed``, or a part of one, is beyond its limits."""
        for name, field in self.fields.items():
            if not {name, field.at_most} & changed:
                continue
            total = _number(case, field.at_most) if field.at_most else None
            if broken(field, _number(case, name), self.scheme, total):
                return True
        return False

    def _issued(self, cases: Sequence[Case]) -> list[Case]:
        given = self.year.settings.given
        return [
            replace(
                case, reported={name: each for name, each in case.reported.items() if name in given[case.unit.code]}
            )
            for case in cases
        ]

    @staticmethod
    def _hit(asked: set[tuple[str, str]], held: set[tuple[str, str]]) -> bool:
        return any((code, name.partition(".")[0]) in held for code, name in asked)

    @staticmethod
    def _gaps(now: UnitScore, was: UnitScore) -> Iterator[tuple[str, Decimal]]:
        for item, before in zip(now.items, was.items, strict=True):
            for each, other in zip(item.criteria, before.criteria, strict=True):
                yield each.id, abs((each.points or ZERO) - (other.points or ZERO))


def _number(case: Case, name: str) -> Decimal | None:
    entry = case.reported.get(name)
    return entry.value if entry is not None and isinstance(entry.value, Decimal) else None


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────


HOW = (
    "Every slip of a kind is made in every figure of every unit of the synthetic year, one at a time. *Refused*: "
    "beyond the limits of the field, an error, so that the figure does not count. *Queried*: somebody has to confirm a "
    "figure of the measure that the slip fell into; that an award or a total is odd as well is not counted here. "
    "*Moves*: the points of a criterion are others, though nothing was refused. *Elsewhere*: queried, though of the "
    "criterion whose points move by more than 0.5 no figure is."
)
WHY = (
    "Why: where the figures of two rows are nearly equal, each may fit the other's row better than its own. Asking "
    "about all such rows would make twice as many queries in an honest year."
)
WHERE = (
    "Rows are passed over where the column holds no number. In the form a row is a measure and a column the figures "
    "of last year, the target, this year; in the settings a row is a unit. A shifted column begins at each of its "
    "cells in turn, and each cell from there on holds what belongs one above. *Early*: told from the settings alone, "
    "before a form goes out."
)


def page(years: int) -> str:
    """docs/PLAUSIBILITY.md."""
    scheme = load()
    trial = Trial(scheme)
    found = [trial.found(slip) for slip in trial.slips()]
    missed = [each for each in found if each.weighs and not each.queried]
    uncovered = [
        each for each in found if each.weighs and each.queried and not each.covered and len(each.slip.changes) < 3
    ]
    raised = [queries(scheme, Year(scheme, trial.cases, seed).cases()) for seed in range(years)]
    honest = [[each for each in year if each.field in scheme.figures] for year in raised]
    shares = sorted(Decimal(len(each)) * 100 / _numbers(scheme, trial.cases) for each in honest)
    own = [each for each in queries(scheme, trial.cases) if each.field in scheme.figures]
    points = sum(bool(each.field) for year in raised for each in year) - sum(map(len, honest))
    totals = sum(not each.field for year in raised for each in year)
    weighing = sum(each.weighs for each in found)
    goals = [
        ("slips that move a point of a criterion by more than 0.5, neither refused nor queried", "0",
         f"{len(missed)} of {weighing:,}"),
        ("honest figures queried, synthetic year", "≤ 3%", _share(len(own), _numbers(scheme, trial.cases))),
        (f"honest figures queried, {years} random years, on average", "≤ 5%",
         f"{half_up(sum(shares, ZERO) / len(shares))}%"),
        ("the same, in the worst of these years", "≤ 5%", f"{half_up(shares[-1])}%"),
    ]  # fmt: skip
    blocks = [
        "# How many slips of the pen are noticed",
        "Made by `python benchmarks/slips.py --write`; not to be edited. What is looked at, and how, is in "
        "kaohe_cli/assess/plausibility.py; the bands, with their grounds, in the scheme.",
        "## What must be reached",
        _table("target | limit | reached", goals),
        "## Slips",
        HOW,
        *(block for hand in HANDS for block in _by_hand(hand, [each for each in found if each.slip.hand == hand])),
        WHERE,
        "## What is missed",
        *([_told(trial, missed), WHY] if missed else ["Nothing that moves more than half a point."]),
        *(
            ["Elsewhere, of one or two cells (of more, somebody looks at the whole column):", _told(trial, uncovered)]
            if uncovered
            else []
        ),
        "## Honest figures that are queried",
        "In the synthetic year, whose oddities are meant:",
        "\n".join(f"- {each.unit.name} {each.label} {each.value}: {each.why}" for each in own),
        f"In {years} random years (benchmarks/honest.py: how they scatter, and on what grounds), by what is asked:",
        _reasons(honest),
        "By measure, those most asked about:",
        _measures(honest),
        f"In these years {points} awards and {totals} totals are queried.",
    ]
    return "\n\n".join(blocks) + "\n"


def _numbers(scheme: Scheme, cases: Sequence[Case]) -> int:
    return sum(_number(case, name) is not None for case in cases for name in scheme.figures)


def _by_hand(hand: Hand, found: Sequence[Found]) -> Iterator[str]:
    yield f"### {HANDS[hand]}"
    early = " | early" if hand == "settings" else ""
    head = (
        f"kind | slips | refused | queried{early} | neither | moves | by more than 0.5 | of these neither | elsewhere"
    )
    kinds = {
        kind: [each for each in found if each.slip.kind == kind]
        for kind in dict.fromkeys(each.slip.kind for each in found)
    }
    yield _table(head, [_row(hand, kind, held) for kind, held in {**kinds, "together": found}.items()])


def _row(hand: Hand, kind: str, found: Sequence[Found]) -> Sequence[str]:
    weighing = [each for each in found if each.weighs]
    counts = [
        len(found),
        sum(each.refused for each in found),
        sum(each.queried for each in found),
        *([sum(each.early for each in found)] if hand == "settings" else []),
        sum(not each.refused and not each.queried for each in found),
        sum(each.moved > 0 for each in found),
        len(weighing),
        sum(not each.queried for each in weighing),
        sum(each.queried and not each.covered for each in weighing),
    ]
    return (kind, *(f"{count:,}" for count in counts))


def _told(trial: Trial, found: Sequence[Found]) -> str:
    """Slips by name: 拱墅区 限额以上工业投资·本年实绩 6 for 5.59."""
    lines = []
    for each in found:
        cells = "; ".join(trial.said(cell, value) for cell, value in list(each.slip.changes.items())[:4])
        more = f" and {len(each.slip.changes) - 4} more" if len(each.slip.changes) > 4 else ""
        lines.append(f"- {each.slip.kind}: {cells}{more}; {plain(each.moved)} points.")
    return "\n".join(lines)


def _reasons(honest: Sequence[Sequence[Query]]) -> str:
    counts = Counter(code for year in honest for each in year for code in each.codes)
    return _table("code | queries a year", [(code, _mean(count, honest)) for code, count in sorted(counts.items())])


def _measures(honest: Sequence[Sequence[Query]]) -> str:
    counts = Counter(each.label for year in honest for each in year)
    return _table("figure | queries a year", [(label, _mean(count, honest)) for label, count in counts.most_common(10)])


def _mean(count: int, honest: Sequence[object]) -> str:
    return str(half_up(Decimal(count) / len(honest)))


def _share(count: int, of: int) -> str:
    return f"{half_up(Decimal(count) * 100 / of)}% ({count} of {of})"


def _table(head: str, rows: Sequence[Sequence[str]]) -> str:
    lines = [head, " | ".join("---" for _ in head.split(" | ")), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)


def main() -> int:
    """Write the page, or say whether it is what the program does."""
    arguments = argparse.ArgumentParser(description=__doc__)
    what = arguments.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true")
    what.add_argument("--check", action="store_true")
    asked = arguments.parse_args()
    text = page(YEARS)
    if asked.write:
        PAGE.write_text(text, "utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text("utf-8") != text:
        print(f"{PAGE.name} is not up to date: python benchmarks/slips.py --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
