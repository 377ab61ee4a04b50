"""A workbook as it was handed in: bounded cells with their kind, what lies upon them, and nothing that could be run."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Literal

from msgspec import Struct


class CellKind(Enum):
    """What stands in a cell. A blank cell is not in the sheet at all: that is the seventh kind."""

    NUMBER = "数值"
    TEXT = "文字"
    DATE = "日期"
    LOGICAL = "逻辑值"
    ERROR = "错误值"
    UNCOMPUTED = "没有结果的公式"


class Cell(Struct, frozen=True, gc=False):
    """One cell that is not blank."""

    kind: CellKind
    value: Decimal | str | date | bool | None  # an error value is its text (#DIV/0!); UNCOMPUTED has None
    formula: bool = False  # the value is the stored result of a formula
    percent: bool = False  # a number shown as a percentage: 0.95 appears as 95%
    number: Decimal | None = None  # what is stored, of a time of day (TEXT) and of a date or time there is not (ERROR)
    format: Literal["", "时间", "日期"] = ""  # by which such a number does not show as one


class Area(Struct, frozen=True):
    """A rectangle of cells; rows and columns from 1, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies within."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def address(self) -> str:
        """A1 notation: A1:C3."""
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"


class Sheet(Struct, frozen=True):
    """One sheet."""

    name: str
    hidden: bool  # hidden or very hidden
    cells: Mapping[tuple[int, int], Cell]  # (row, column), both from 1
    comments: Mapping[tuple[int, int], str] = {}  # (row, column) → what people remarked there
    merged: tuple[Area, ...] = ()
    struck: frozenset[tuple[int, int]] = frozenset()  # cells with a value that is struck out
    pictures: int = 0  # pictures and shapes that lie upon the sheet; comments' own are none

    @property
    def comments_by_row(self) -> dict[int, dict[int, str]]:
        """Row → column → comment."""
        found: dict[int, dict[int, str]] = {}
        for (row, column), text in self.comments.items():
            found.setdefault(row, {})[column] = text
        return found


class Book(Struct, frozen=True):
    """A workbook that was read whole."""

    file: str  # name of the file, without its folder; for a workbook within an archive, archive/name
    sha256: str
    size: int  # bytes
    container: Literal["xlsx", "xls", "ods"]
    sheets: tuple[Sheet, ...]  # those that were asked for, in the workbook's order

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def column_name(column: int) -> str:
    """The letters of a column given from 1: 28 is AB."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def address(row: int, column: int) -> str:
    """A1 notation of a cell given by row and column from 1."""
    return f"{column_name(column)}{row}"
