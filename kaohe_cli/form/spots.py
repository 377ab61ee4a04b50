"""A workbook as a form: its sheets, and every cell that claims to be a field. Nothing it prints is trusted."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.layout import Identity, Located, locate, unspaced
from kaohe_cli.model import Entry, Origin, Unit
from kaohe_cli.scheme.normalise import shown
from kaohe_cli.scheme.records import PERIOD
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, Cell, Sheet, address

WHOSE = "考核单位"  # how the heading begins that names the unit
OVER = ("unit", "progress", "scores", PERIOD)  # rows over the table


class Spot(Struct, frozen=True):
    """One cell of a form."""

    sheet: Sheet
    row: int
    column: int

    @property
    def cell(self) -> Cell | None:
        """What stands there; None: blank."""
        return self.sheet.cells.get((self.row, self.column))

    @property
    def text(self) -> str:
        """What a person sees there; empty: nothing."""
        return shown(self.cell) if self.cell is not None else ""

    @property
    def where(self) -> str:
        """Sheet and cell for a message."""
        return f"{self.sheet.name}!{address(self.row, self.column)}"

    def origin(self, file: str) -> Origin:
        """Where it is, for an entry."""
        return Origin(file, self.sheet.name, address(self.row, self.column))


class FormSheet(Struct, frozen=True):
    """A sheet of a form, with the rows and columns that were found on it."""

    sheet: Sheet
    located: Located

    @property
    def top(self) -> int:
        """The first row of the table itself."""
        rows = self.located.rows
        return min((row for key, row in rows.items() if key not in OVER), default=max(rows.values()))

    def heading(self) -> Iterator[str]:
        """The texts above the table."""
        top = self.top
        return (cell.value for (row, _), cell in self.sheet.cells.items() if row < top and isinstance(cell.value, str))

    def named(self) -> Iterator[Spot]:
        """The cells above the table that say whose form it is."""
        top, own = self.top, self.located.rows.get("unit")
        for (row, column), cell in self.sheet.cells.items():
            if row < top and (row == own or unspaced(str(cell.value)).startswith(WHOSE)):
                yield Spot(self.sheet, row, column)


class Form(Struct, frozen=True):
    """A workbook in which a form was found."""

    scheme: Scheme
    book: Book
    claim: Identity | None  # what it says of itself
    sheets: tuple[FormSheet, ...]  # its own
    copies: tuple[FormSheet, ...]  # others that hold the same fields, and are never read
    spots: Mapping[str, tuple[Spot, ...]]  # name → every cell of its own sheets that claims to be it
    unit: Unit
    given: Mapping[str, Entry]
    settled: bool  # whether the settings give any figure at all

    def says(self, code: str, spot: Spot | None = None, **words: str) -> Problem:
        """A problem of this form, at ``spot`` where one is meant."""
        if spot is not None:
            words |= {"sheet": spot.sheet.name, "cell": address(spot.row, spot.column)}
        return problem(code, unit=self.unit.name, file=self.book.file, **words)


def form_sheets(scheme: Scheme, book: Book) -> tuple[FormSheet, ...]:
    """The sheets of ``book`` on which rows of a form were found."""
    return tuple(FormSheet(sheet, found) for sheet in book.sheets if (found := locate(scheme, sheet)).rows)


def claimed_spots(scheme: Scheme, sheets: tuple[FormSheet, ...]) -> Mapping[str, tuple[Spot, ...]]:
    """Every cell that claims to be a field, by its name, copied rows and copied sheets included."""
    spots: dict[str, list[Spot]] = {}
    for each in sheets:
        for rows in (each.located.rows, *({key: row} for key, row in each.located.doubled)):
            for name, (row, column) in replace(each.located, rows=rows).places(scheme).items():
                spots.setdefault(name, []).append(Spot(each.sheet, row, column))
    return {name: tuple(found) for name, found in spots.items()}
