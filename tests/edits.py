"""What people do to a workbook between two runs: type, sort, move and add, as openpyxl does it."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Key = tuple[str, ...]


class Edit:
    """A workbook opened for editing; saved at the end of the with block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def __enter__(self) -> "Edit":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.book.save(self.path)

    def forget(self) -> None:
        """Drop the record of what the program wrote, as some programs do."""
        del self.book["程序记录"]

    def column(self, sheet: str, title: str) -> int:
        return next(cell.column for cell in self.book[sheet][1] if cell.value == title)

    def row(self, sheet: str, key: Key, titles: Sequence[str]) -> int:
        """The only row whose cells under ``titles`` say ``key``."""
        page = self.book[sheet]
        columns = [self.column(sheet, title) for title in titles]
        found = [
            row
            for row in range(2, page.max_row + 1)
            if tuple(str(page.cell(row, column).value or "") for column in columns) == key
        ]
        assert len(found) == 1, (sheet, key, found)
        return found[0]

    def judge(self, code: str, criterion: str, **typed: Any) -> None:
        """Type into 评分明细: judge("330102", "1.4.1", 考核分=7)."""
        self._type("评分明细", (code, criterion), ("单位代码", "细则"), typed)

    def verify(self, code: str, measure: str, figure: str, **typed: Any) -> None:
        self._type("数据核定", (code, measure, figure), ("单位代码", "指标", "数据项"), typed)

    def situation(self, code: str, **typed: Any) -> None:
        self._type("单位情况", (code,), ("单位代码",), typed)

    def _type(self, sheet: str, key: Key, titles: Sequence[str], typed: dict[str, Any]) -> None:
        row = self.row(sheet, key, titles)
        for title, value in typed.items():
            self.book[sheet].cell(row, self.column(sheet, title)).value = value

    def said(self, sheet: str, key: Key, title: str) -> Any:
        titles = ("单位代码", *{"评分明细": ("细则",), "数据核定": ("指标", "数据项"), "单位情况": ()}[sheet])
        return self.book[sheet].cell(self.row(sheet, key, titles), self.column(sheet, title)).value

    def add_column(self, sheet: str, title: str, value: Callable[[int], Any], at: int | None = None) -> None:
        """Insert a column with a value for each row."""
        page = self.book[sheet]
        at = at or page.max_column + 1
        self.arrange(sheet, lambda rows: [[*row[: at - 1], None, *row[at - 1 :]] for row in rows])
        page.cell(1, at).value = title
        for row in range(2, page.max_row + 1):
            page.cell(row, at).value = value(row)

    def shuffle(self, sheet: str, seed: int) -> None:
        """Sort the rows anyhow and move the columns about."""
        chance = random.Random(seed)

        def shuffled(rows: list[list[Any]]) -> list[list[Any]]:
            head, *entries = rows
            chance.shuffle(entries)
            order = list(range(len(head)))
            chance.shuffle(order)
            return [[row[column] for column in order] for row in (head, *entries)]

        self.arrange(sheet, shuffled)

    def arrange(self, sheet: str, change: Callable[[list[list[Any]]], list[list[Any]]]) -> None:
        page: Worksheet = self.book[sheet]
        rows = change([[cell.value for cell in row] for row in page.iter_rows()])
        page.delete_rows(1, page.max_row)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                cell = page.cell(number, column)
                cell.value = value
                if isinstance(value, str) and value.startswith("=") and not value.startswith("=IF("):
                    cell.data_type = "s"
