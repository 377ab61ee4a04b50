"""What a file may cost, and how a container says that it cannot be taken."""

import re
from collections.abc import Iterator
from time import monotonic

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.sheet.book import Area, Cell, CellKind, Sheet, address

LONGEST_TEXT = 32_767  # characters a cell holds in every spreadsheet program
MANY_BLANKS = 100_000  # cells with nothing but a format, from which on a sheet is remarked upon
MANY_PARTS = 64  # pieces that a text may come in before they are joined
LONG_PART = 1_000  # characters from which on pieces are joined at once
MOST_TOLD = 20  # problems of one kind told one by one in a sheet

_MIB = 1 << 20


class Limits(Struct, frozen=True):
    """The most that a file may hold."""

    file: int = 20 * _MIB  # bytes
    inflated: int = 64 * _MIB  # bytes of all parts that are read, unpacked
    parts: int = 500
    cells: int = 200_000  # cells with a value
    row: int = 5_000
    column: int = 256
    steps: int = 1_500_000  # tags, records, pieces: what reading costs, blank cells included
    seconds: float = 30.0  # by the clock; thousands of times what a usual workbook takes

    @property
    def characters(self) -> int:
        """The most characters that all texts may have: in memory each may take as much as four bytes."""
        return self.inflated // 4

    def within(self, size: int) -> "Limits":
        """These limits for a file of ``size`` bytes: a small one may cost no more than usual, however it is packed.

        Large workbooks unpack to 10 to 31 times their size and hold less than a cell and a tag for every byte.
        """
        return replace(
            self,
            inflated=min(self.inflated, max(USUAL_LIMITS.inflated, 100 * size)),
            cells=min(self.cells, max(USUAL_LIMITS.cells, size)),
            steps=min(self.steps, max(USUAL_LIMITS.steps, 5 * size)),
        )


USUAL_LIMITS = Limits()
LARGE_LIMITS = Limits(
    file=256 * _MIB, inflated=1024 * _MIB, cells=8_000_000, row=1_048_576, column=1_024, steps=60_000_000,
    seconds=600.0,
)  # fmt: skip


class Refused(Exception):
    """A container cannot be taken; carries the code and words of the problem to tell. Caught in reader only."""

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def damaged(reason: str) -> Refused:
    """The container contradicts itself: nothing in it can be relied on."""
    return Refused("KH013", found=reason)


def too_much(what: str, limit: int) -> Refused:
    """The container holds more than a file may."""
    return Refused("KH003", found=what, expected=f"{limit:,}")


class Budget:
    """What one file may still cost. Whatever loops over the content of a file spends from it at every turn."""

    __slots__ = ("_deadline", "_inflated", "_steps", "cells", "characters", "limits")

    def __init__(self, limits: Limits) -> None:
        """Nothing is spent yet; the clock runs from now."""
        self.limits = limits
        self.cells = limits.cells  # still to be had, as the next one; whoever takes of them looks whether any are left
        self.characters = limits.characters
        self._inflated = limits.inflated
        self._steps = limits.steps
        self._deadline = monotonic() + limits.seconds

    def step(self, count: int = 1, what: str = "标记") -> None:
        """Spend steps; Refused where they, or the time, run out."""
        self._steps -= count
        if self._steps < 0:
            raise too_much(what, self.limits.steps)
        if monotonic() > self._deadline:
            raise Refused("KH019", expected=f"{self.limits.seconds:,.0f}")

    def inflate(self, size: int) -> None:
        """Spend unpacked bytes; Refused where they, or the time, run out."""
        self._inflated -= size
        if self._inflated < 0:
            raise too_much("解压后的字节", self.limits.inflated)
        self.step()

    def settle(self) -> None:
        """Refused where more cells or characters were taken than there were."""
        if self.cells < 0:
            raise too_much("单元格", self.limits.cells)
        if self.characters < 0:
            raise too_much("字", self.limits.characters)


_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """``text`` without control characters, its lines ended as usual."""
    if text.isprintable():
        return text
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class CellCollector:
    """The cells of one sheet as they come in, with what was wrong with them."""

    def __init__(self, sheet: str, file: str, budget: Budget) -> None:
        """All sheets of a workbook share its ``budget``."""
        self.cells: dict[tuple[int, int], Cell] = {}
        self.comments: dict[tuple[int, int], str] = {}
        self.merged: list[Area] = []
        self.struck: set[tuple[int, int]] = set()
        self.pictures = 0
        self.unseen = False  # whether comments or pictures could not all be read
        self.blanks = 0
        self._sheet = sheet
        self._file = file
        self.limits = budget.limits
        self.budget = budget
        self._faults: dict[str, list[tuple[str, str]]] = {}  # code → (cell, found)
        self._counts: dict[str, int] = {}

    def add(self, row: int, column: int, cell: Cell, struck: bool = False) -> None:
        """Take a cell that is not blank; what lies beyond the limits is told and dropped."""
        if row > self.limits.row or column > self.limits.column:
            self.fault("KH030", row, column)
            return
        place = (row, column)
        if place in self.cells:
            raise damaged("同一单元格有两个值")
        self.cells[place] = cell
        if struck:
            self.struck.add(place)
        self.budget.cells -= 1
        self.budget.settle()

    def remark(self, place: tuple[int, int] | None, text: str) -> None:
        """Take a comment; one of nothing, or at no place, is none."""
        text = legible(text[:LONGEST_TEXT]).strip()
        if text and place is not None:
            self.comments[place] = text

    def fault(self, code: str, row: int, column: int, found: str = "") -> None:
        """Remember a problem with one cell."""
        count = self._counts[code] = self._counts.get(code, 0) + 1
        if count <= MOST_TOLD:
            self._faults.setdefault(code, []).append((address(row, column), found))

    def unreadable(self, row: int, column: int, found: str) -> Cell:
        """The cell of a number that is none, told as a problem."""
        self.fault("KH031", row, column, found[:40] or "空白")
        return Cell(CellKind.ERROR, found[:40])

    def text(self, row: int, column: int, text: str) -> str:
        """``text`` as a cell can hold it: cut at 32,767 characters, without control characters."""
        if len(text) > LONGEST_TEXT:
            self.fault("KH032", row, column, f"{len(text):,}")
            text = text[:LONGEST_TEXT]
        self.budget.characters -= len(text)
        self.budget.settle()
        cleaned = legible(text)
        if len(cleaned) < len(text) - text.count("\r\n"):
            self.fault("KH033", row, column)
        return cleaned

    def sheet(self, hidden: bool) -> Sheet:
        """The sheet, once all of it has come in."""
        return Sheet(
            self._sheet, hidden, self.cells, self.comments, tuple(self.merged), frozenset(self.struck), self.pictures
        )

    def problems(self) -> Iterator[Problem]:
        """What was wrong, cell by cell, and how many more there were."""
        for code, faults in self._faults.items():
            count = self._counts[code]
            if code == "KH030":  # one line for all of them: where the first is tells enough
                furthest = address(self.limits.row, self.limits.column)
                yield self._tell("KH030", cell=faults[0][0], found=f"{count:,}", expected=furthest)
                continue
            yield from (self._tell(code, cell=cell, found=found) for cell, found in faults)
            if count > MOST_TOLD:
                yield self._tell("KH035", found=f"{count - MOST_TOLD:,}", expected=code)
        if self.blanks >= MANY_BLANKS:
            yield self._tell("KH034", found=f"{self.blanks:,}")
        if self.unseen:
            yield self._tell("KH039")

    def _tell(self, code: str, **words: str) -> Problem:
        return problem(code, file=self._file, sheet=self._sheet, **words)


def extend(parts: list[str], more: str) -> None:
    """Add to the pieces of a text, and let go of what no cell can hold."""
    if len(parts) > MANY_PARTS or len(more) > LONG_PART:
        parts[:] = ["".join(parts)[: LONGEST_TEXT + 1]]
    if not parts or len(parts[0]) <= LONGEST_TEXT:
        parts.append(more)
