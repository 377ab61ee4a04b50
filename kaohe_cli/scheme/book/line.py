"""A row of 方案.xlsx as it was read, and where its cells stand."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from kaohe_cli.scheme.book.sheets import SchemeSheet
from kaohe_cli.sheet.book import address


class CellSpot(Struct, frozen=True):
    """A cell of the workbook."""

    sheet: str
    cell: str


class RowMeaning(Struct, frozen=True):
    """What a row is about."""

    room: str  # criterion, item, fact …
    id: str
    applies: str = ""  # 适用
    place: int = 0  # among the marks or conditions of a criterion, from 0
    detail: str = ""  # figure of a measure, option of a reading


class SheetLine(Struct):
    """A row of a sheet, as it was read."""

    sheet: SchemeSheet
    number: int
    columns: Mapping[str, int]  # title → column
    values: dict[str, Any]  # title → value; what is blank is not there
    spots: list[CellSpot]

    def at(self, title: str) -> int:
        """The number of the cell under ``title``, from 1; of the row's first cell where there is no such column."""
        column = self.columns.get(title) or min(self.columns.values(), default=1)
        self.spots.append(CellSpot(self.sheet.name, address(self.number, column)))
        return len(self.spots)

    def get(self, title: str) -> Any:
        """What stands under ``title``; None where nothing does."""
        return self.values.get(title)
