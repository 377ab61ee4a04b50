"""Whatever is done to a finished year: it gives the same result, or every touched cell is told.

And the next run has the year again as it was, or refuses to write.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from amounts import amount
from edits import Edit
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from ranking_samples import usual
from test_ledger import SCHEME, Office, bare
from test_meddling import KEYS, entries, finished

from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.record import ORIGINAL
from kaohe_cli.ledger.settle import COLUMNS
from kaohe_cli.result.report import ranked

pytestmark = pytest.mark.slow

OFFICE = Office(Path("评分底稿.xlsx"), bare(usual(SCHEME))[:3])
PHASES = [phase for phase in Phase if phase is not Phase.shrink]  # minutes of shrinking tell little more
MARK = "行标"  # a column of people's own, by which a row is known wherever it is moved
SHEET = some.sampled_from(list(KEYS))
ROW, SEED = some.integers(0, 500), some.integers(0, 99)
WORD = some.sampled_from(["改", 987654, "", "未定", "#REF!"])
STEP = some.one_of(
    some.tuples(some.just("delete"), SHEET, ROW),
    some.tuples(some.just("type"), SHEET, ROW, some.integers(0, 30), WORD),
    some.tuples(some.just("type"), SHEET, ROW, some.integers(0, 30), WORD),
    some.tuples(some.just("sort"), SHEET, SEED),
    some.tuples(some.just("merge"), SHEET, ROW, some.integers(0, 30)),
    some.tuples(
        some.just("save"),
    ),
)


class Hand:
    """Someone at work in the ledger, and what they touched of the program's cells."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.gone: dict[str, set[int]] = {sheet: set() for sheet in KEYS}
        self.typed: dict[str, set[tuple[int, str]]] = {sheet: set() for sheet in KEYS}
        self.merged: set[str] = set()
        self.edit = Edit(path)
        self.first: dict[str, dict[int, dict[str, Any]]] = {}
        for sheet in KEYS:
            page = self.edit.book[sheet]
            column = page.max_column + 1
            page.cell(1, column).value = MARK
            for row in range(2, page.max_row + 1):
                page.cell(row, column).value = row
            titles = [cell.value for cell in page[1]]
            rows = ((row, [cell.value for cell in page[row]]) for row in range(2, page.max_row + 1))
            self.first[sheet] = {row: dict(zip(titles, values, strict=True)) for row, values in rows}

    def take(self, step: tuple[Any, ...]) -> None:
        kind, *rest = step
        if kind == "save":
            self.edit.book.save(self.path)
            self.edit = Edit(self.path)
            return
        sheet, number, *more = rest
        page = self.edit.book[sheet]
        if kind == "sort":
            if not page.merged_cells.ranges:
                self.edit.shuffle(sheet, number)
            return
        row = 2 + number % max(1, page.max_row - 1)
        mark = page.cell(row, self.edit.column(sheet, MARK)).value
        used = COLUMNS[sheet].used(SCHEME)
        own = [each.title for each in used if not each.input and not each.live and not each.fillable]
        title = own[more[0] % len(own)] if more else ""
        match kind:
            case "delete" if page.max_row > 2 and not page.merged_cells.ranges:
                page.delete_rows(row)
                self.gone[sheet].add(mark)
            case "type" if not page.merged_cells.ranges:
                cell = page.cell(row, self.edit.column(sheet, title))
                if str(more[1]) != str(cell.value or ""):
                    cell.value = more[1] or None
                    self.typed[sheet].add((mark, title))
            case "merge" if row < page.max_row:
                columns = [column.title for column in COLUMNS[sheet].used(SCHEME) if column.input]
                letter = page.cell(1, self.edit.column(sheet, columns[more[0] % len(columns)])).column_letter
                page.merge_cells(f"{letter}{row}:{letter}{row + 1}")
                self.merged.add(sheet)

    def touched(self) -> tuple[set[str], set[str]]:
        """The cells that do not say any more what they said, as they stand now, and the rows of those."""
        cells, rows = set(), set()
        for sheet, typed in self.typed.items():
            column = self.edit.column(sheet, MARK)
            page = self.edit.book[sheet]
            now = {page.cell(row, column).value: row for row in range(2, page.max_row + 1)}
            for mark, title in typed:
                if mark in now:
                    cell = page.cell(now[mark], self.edit.column(sheet, title))
                    if str(cell.value or "") != str(self.first[sheet][mark][title] or ""):
                        cells.add(f"{sheet}!{cell.coordinate}")
                        rows.add(f"{sheet}!{cell.row}")
        return cells, rows


@settings(max_examples=amount(16, 40), deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(some.lists(STEP, min_size=1, max_size=7))
def test_the_result_is_the_same_or_every_touched_cell_is_told(steps: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        office = Office(Path(folder) / "评分底稿.xlsx", OFFICE.cases)
        office.path.write_bytes(finished())
        before, _ = office.read()
        hand = Hand(office.path)
        for step in steps:
            hand.take(step)
        cells, _ = hand.touched()
        hand.edit.book.save(office.path)
        ledger, problems = workbook.read(SCHEME, office.path)
        told = {f"{each.sheet}!{each.cell}" for each in problems if each.severity == "error"}
        if hand.merged:
            assert ledger is None
            assert {each.sheet for each in problems if each.code == "KH322"} <= hand.merged
            return
        assert ledger is not None, problems
        gone = {(sheet, mark) for sheet, marks in hand.gone.items() for mark in marks}
        lost = {(each.sheet, int(each.cell[1:])) for each in problems if each.code == "KH318"}
        # a row of which hardly anything is left as it was is told as one that is gone
        strange = {f"{sheet}!{row}" for sheet, row in lost - gone}
        assert gone <= lost
        untold = cells - told
        assert len(untold) <= 3 * len(strange), (untold, strange)
        assert ledger.scores == before.scores, "what was altered is never used"
        assert ranked(SCHEME, ledger).final == (not gone and not cells)
        again, _ = office.score()
        assert again.scores == before.scores
        assert entries(again) == entries(before), "nothing is lost"
        assert ORIGINAL in Edit(office.path).book.sheetnames
        _, problems = office.read()
        assert [each.code for each in problems if each.severity == "error"] == []
