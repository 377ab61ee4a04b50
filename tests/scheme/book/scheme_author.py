"""An author at the workbook that ``kaohe scheme new 方案.xlsx`` gives: types into its input cells, one by one.

What is typed are the words of a notice and plain values, found by the name of a sheet and the title of a column; what
an author may leave blank is left blank.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any, Literal

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from kaohe_cli.points import HUNDRED, plain
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.made import empty
from kaohe_cli.scheme.book.pasted import short
from kaohe_cli.scheme.book.rows import SchemeRow, rows_of, trial_names
from kaohe_cli.scheme.book.sheets import APPLIES, SchemeColumn, SchemeSheet
from kaohe_cli.scheme.book.words import FigureNames, figure_names, write

HEAD, HELP, FIRST = 1, 2, 3  # rows of a sheet: its titles, what explains them, where people begin
LEFT = {  # sheet → column that a row leaves to the one above it
    sheets.RULES.name: "项目", sheets.MARKS.name: sheets.OF, sheets.CONDITIONS.name: "用于",
}  # fmt: skip
TITLED = {sheets.RULES.name: ("名称", "原文"), sheets.TABLE.name: ("标题", "内容")}  # a title that a text begins with
PERCENT = re.compile(r"-?[\d.]+%")
AS_NUMBER = ("本数倍数",)  # shares that are told as so many times


@cache
def blank() -> bytes:
    """The workbook that ``kaohe scheme new 方案.xlsx`` gives."""
    return empty()


class Author:
    """Someone who writes a notice down; ``typed`` counts the cells."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.book = load_workbook(BytesIO(blank()))
        self.columns: dict[str, dict[str, int]] = {}
        self.names: FigureNames = figure_names(raw.get("measure", ()))
        self.rows = rows_of(raw)
        self.typed = 0

    def write(self) -> bytes:
        """The workbook with all of the scheme in it."""
        for sheet in sheets.SHEETS:
            page, rows = self.book[sheet.name], self.rows[sheet.name]
            if sheet is sheets.BASIC:
                self._facts(page, rows)
            elif sheet is sheets.TRIALS:
                self._trials(page, rows)
            else:
                for number, row in enumerate(self._sparing(sheet, rows), FIRST):
                    for title, value in row.items():
                        self._put(page, number, sheet.column(title), value, shared=self._shared(sheet, rows, number))
        made = BytesIO()
        self.book.save(made)
        return made.getvalue()

    # rows -------------------------------------------------------------------------------------------------

    def _sparing(self, sheet: SchemeSheet, rows: list[SchemeRow]) -> Iterator[SchemeRow]:
        """The rows without what is read from the row above, or from the text beside it."""
        left, above = LEFT.get(sheet.name, ""), (None, None)
        title, text = TITLED.get(sheet.name, ("", ""))
        for row in rows:
            held = dict(row)
            own = (row.get(APPLIES), row.get(left))
            if own == above and left:
                held.pop(left, None)
            above = own if row.get(left) is not None else above
            if title in held and text in held and not own[0] and short(str(held[text])) == held[title]:
                del held[title]
            yield held

    def _facts(self, page: Worksheet, rows: list[SchemeRow]) -> None:
        """基本: beside what its first column asks for; a further paragraph, or what is other, in a row of its own."""
        known = {fact.title: fact for fact in sheets.FACTS}
        places = {page.cell(row, 1).value: row for row in range(FIRST, page.max_row + 1) if page.cell(row, 1).value}
        assert set(places) == set(known)
        below, taken = max(places.values()), set[str]()
        for row in rows:
            name = row[sheets.FACT]
            if row.get(sheets.CONTENT) is None:
                continue
            if name in taken or row.get(APPLIES):
                below += 1
                at = below
                self._key(page, at, sheets.FACT, name)
            else:
                at = places[name]
            taken.add(name)
            self._put(page, at, known[name], row[sheets.CONTENT], under=sheets.CONTENT)
            if row.get(APPLIES):
                self._key(page, at, APPLIES, row[APPLIES])

    def _trials(self, page: Worksheet, rows: list[SchemeRow]) -> None:
        """试算: the names of the units over columns of their own, what is said of them below."""
        names = trial_names(self.raw)
        columns = {name: len(sheets.TRIALS.columns) + number for number, name in enumerate(names, 1)}
        for name, column in columns.items():
            head = page.cell(HEAD, column)
            assert str(head.value or "").endswith("单位") or column > len(sheets.TRIALS.columns) + 3
            head.value = name
            self.typed += 1
        percent = {str(each["id"]) for each in self.raw.get("measure", ()) if each.get("unit") == "%"}
        for number, row in enumerate(rows, FIRST):
            what, of = row[sheets.TRIED], str(row.get(sheets.TRIED_OF) or "")
            self._key(page, number, sheets.TRIED, sheets.TRY[what])
            if of:
                self._key(page, number, sheets.TRIED_OF, self.names.by_id.get(of, of))
            for name, column in columns.items():
                if name in row:
                    value = row[name]
                    cell = page.cell(number, column)
                    sort: Literal["yes", "any"] = "yes" if what == sheets.TRY_VETO else "any"
                    said = write(SchemeColumn(name, sort=sort), value, self.names)
                    if isinstance(said, Decimal | int) and of.partition(".")[0] in percent and number % 2:
                        said = f"{plain(Decimal(said))}%"
                    self._type(page, cell, said, added=column > len(sheets.TRIALS.columns) + 3)

    def _shared(self, sheet: SchemeSheet, rows: list[SchemeRow], number: int) -> bool:
        """Whether the marks of a row are shares: the rule that it is of compares two figures."""
        if sheet is not sheets.MARKS:
            return False
        row = rows[number - FIRST]
        own = [each for each in self.rows[sheets.RULES.name] if each.get("编号") == row[sheets.OF]]
        for applies in (row.get(APPLIES), None):
            held = [each for each in own if each.get(APPLIES) == applies and each.get(sheets.METHOD)]
            if held:
                return held[0].get("与哪个数据比") is not None
        return False

    # cells ------------------------------------------------------------------------------------------------

    def _put(
        self, page: Worksheet, row: int, column: SchemeColumn, value: Any, *, under: str = "", shared: bool = False
    ) -> None:
        """Type what the record says, in the words of the sheet; a share as a percentage, one way or the other."""
        if value is None:
            return
        said, cell = write(column, value, self.names), self._cell(page, row, under or column.title)
        points = page.title == sheets.MEASURED.name and self._measured_in_percent(row)
        share = column.sort == "share" and column.title not in AS_NUMBER and not points
        if isinstance(said, Decimal | int) and (share or (shared and column.title == "界限")):
            said = f"{plain(Decimal(said) * HUNDRED)}%"
        self._type(page, cell, said)

    def _measured_in_percent(self, row: int) -> bool:
        rows = self.rows[sheets.MEASURED.name][: row - FIRST + 1]
        unit = next((each.get("计量单位") for each in reversed(rows) if each.get("名称") is not None), None)
        return unit == "%"

    def _key(self, page: Worksheet, row: int, title: str, said: object) -> None:
        self._type(page, self._cell(page, row, title), said)

    def _cell(self, page: Worksheet, row: int, title: str) -> Cell:
        if page.title not in self.columns:
            self.columns[page.title] = {str(cell.value): cell.column for cell in page[HEAD]}
        cell = page.cell(row, self.columns[page.title][title])
        assert isinstance(cell, Cell)
        return cell

    def _type(self, page: Worksheet, cell: Any, said: object, *, added: bool = False) -> None:
        """Type into a cell, which must be one that people may type into; ``added`` columns are the author's own."""
        assert page.sheet_state == "visible"
        assert cell.row > HELP
        assert added or not cell.protection.locked, f"{page.title}!{cell.coordinate}"
        assert not page.column_dimensions[cell.column_letter].hidden
        self.typed += 1
        entered(cell, said)


def entered(cell: Cell, said: object) -> None:
    """What a spreadsheet makes of what is typed: text where a cell is for text, a percentage where one is shown."""
    number = said if isinstance(said, Decimal | int) and not isinstance(said, bool) else None
    if cell.number_format == "@" and said is not None:
        said = plain(Decimal(number)) if number is not None else str(said)
    elif number is not None:
        said = float(number) / 100 if "%" in cell.number_format else float(number)
    elif isinstance(said, str) and PERCENT.fullmatch(said) and cell.row % 2:  # the others are pasted as text
        said = float(said[:-1]) / 100
        cell.number_format = cell.number_format if "%" in cell.number_format else "0.00%"
    cell.value = said  # type: ignore[assignment]
    if isinstance(said, str):
        cell.data_type = "s"
