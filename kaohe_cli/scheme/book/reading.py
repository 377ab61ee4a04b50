"""What is shared in reading 方案.xlsx: its tables row by row, where cells stand, what is wrong, what is changed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.growing import Growing
from kaohe_cli.scheme.book.line import CellSpot, RowMeaning, SheetLine
from kaohe_cli.scheme.book.rows import KIND_APPLIES, found
from kaohe_cli.scheme.book.sheets import APPLIES, SchemeColumn, SchemeSheet
from kaohe_cli.scheme.book.words import FigureNames, Unread, read
from kaohe_cli.sheet.book import Book, Cell, address
from kaohe_cli.sheet.table import SheetRow, Tabular, find, rows_of, stands, written

ALIKE = 0.5  # of difflib, from which on one title is taken for a slip of another
MOST_NAMED = 12  # names that a message lists


class Target(Struct):
    """A criterion that rows of 档 and 条件 belong to."""

    of: Growing  # the criterion, or what is changed of it
    rule: tuple[str, ...]  # where its rule is
    kind: str
    base: Mapping[str, Any]  # the rule that it changes; empty: none
    inline: SheetLine | None = None  # its row, where that holds a condition


class Nested(Struct):
    """Something with options, and the rows that they stand in."""

    line: SheetLine
    made: Growing
    options: list[tuple[SheetLine, Growing]]


class BookReading:
    """One workbook as far as it was read: its tables in ``root``, what was wrong in ``problems``."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.spots: list[CellSpot] = [CellSpot("", "")]
        self.problems: list[Problem] = []
        self.without: tuple[Problem, ...] = ()  # sheets, and columns, that are not there
        self.root = Growing()
        self.names = FigureNames({}, {})
        self.measure_ids: list[str] = []  # in the order of 指标
        self.options: dict[str, Growing] = {}
        self.changed: dict[str, Growing] = {}  # 适用 → what is changed
        self.kinds: dict[str, int] = {}  # kind of units → the cell of its group
        self.items: dict[str, Growing] = {}
        self.targets: dict[tuple[str, str], Target] = {}  # criterion, 适用
        self.bars: dict[str, Growing] = {}
        self.tables: dict[str, Tabular | None] = {}
        self.rows: dict[str, tuple[SheetRow, ...]] = {}  # of each table, without the one that explains its columns
        self.meanings: dict[tuple[str, int], RowMeaning] = {}
        self.derived: dict[tuple[str, int, str], str] = {}  # sheet, row, title → the id given there
        self.trials: dict[int, tuple[str, ...]] = {}  # row of 试算 → keys of what it tells

    def mark_wrong(self, code: str, line: SheetLine, title: str, **words: str) -> None:
        """Tell what is wrong in a cell."""
        spot = self.spots[line.at(title) - 1]
        self.problems.append(problem(code, file=self.book.file, sheet=spot.sheet, cell=spot.cell, **words))

    def table_of(self, sheet: SchemeSheet) -> Tabular | None:
        """The table of a sheet; None where there is none, which is told where it must be there."""
        if sheet.name in self.tables:
            return self.tables[sheet.name]
        found, table, told = self.book.sheet(sheet.name), None, tuple[Problem, ...]()
        if found is not None:
            needed = [each.title for each in sheet.columns if each.needed]
            known = [each.title for each in sheet.columns]
            table, told = find(self.book.file, sheet.name, rows_of(found), needed, known)
            if table is not None:
                self.rows[sheet.name] = tuple(each for each in table.rows if not _is_help(each[1]))
                told = tuple(self._misspelt(sheet, table))
        elif sheet.needed:
            told = (problem("KH971", file=self.book.file, found=sheet.name),)
        self.without += told
        self.tables[sheet.name] = table
        return table

    def _misspelt(self, sheet: SchemeSheet, table: Tabular) -> Iterator[Problem]:
        """Columns with something in them whose title is none of the sheet's, and like one that is not there."""
        from difflib import get_close_matches

        lacking = [each.title for each in sheet.columns if each.title not in table.head.columns]
        for title, at in table.head.others:
            near = get_close_matches(title, lacking, 1, ALIKE)
            if near and any(stands(cells.get(at)) for _, cells in self.rows[sheet.name]):
                cell = address(table.head.row, at)
                said = f"{near[0]}（{cell} 写的是“{title}”）"
                yield problem(
                    "KH301", file=self.book.file, sheet=sheet.name, cell=cell, found=said, expected=near[0]
                )  # fmt: skip

    def lines(self, sheet: SchemeSheet) -> Iterator[SheetLine]:
        """The rows of a sheet that are not blank."""
        table = self.table_of(sheet)
        for number, cells in self.rows.get(sheet.name, ()) if table else ():
            line = SheetLine(sheet, number, table.head.columns if table else {}, {}, self.spots)
            for column in sheet.columns:
                if (at := line.columns.get(column.title)) and stands(cells.get(at)):
                    self.take(line, column, cells[at])
            if line.values:
                yield line

    def nested(self, sheet: SchemeSheet, own: int, room: str, prefix: str) -> list[Nested]:
        """What a sheet holds a row for each option of, each with its options; what has no id is numbered.

        ``own`` columns are about the thing itself, the rest about an option; a list among them is left to the caller.
        """
        mine, rest = sheet.columns[:own], sheet.columns[own:]
        found: list[Nested] = []
        for line in self.lines(sheet):
            if any(line.get(each.title) is not None for each in mine) or not found:
                found.append(Nested(line, self.root.entry(room, line.at(mine[0].title)), []))
                self.fill(line, found[-1].made, tuple(each for each in mine if each.sort != "list"))
            if any(line.get(each.title) is not None for each in rest):
                option = found[-1].made.entry("option", line.at(rest[0].title))
                self.fill(line, option, tuple(each for each in rest if each.sort != "list"))
                found[-1].options.append((line, option))
        for each, id in zip(found, numbered([each.made.raw.get("id") for each in found], prefix), strict=True):
            self.call(each.made, each.line, mine[0].title, id)
            each.made.raw.setdefault("option", [])
            names = numbered([option.raw.get("id") for _, option in each.options], "办法")
            for name, (row, option) in zip(names, each.options, strict=True):
                self.call(option, row, rest[0].title, name)
                self.means(row, "option" if room == "reading" else room, id, detail=name)
        return found

    def call(self, made: Growing, line: SheetLine, title: str, id: str, key: str = "id") -> None:
        """Give what a row makes its id, which its author may have left to the program."""
        made.put((key,), id, line.at(title))
        if line.get(title) is None:
            self.derived[line.sheet.name, line.number, title] = id

    def means(self, line: SheetLine, room: str, id: object, place: int = 0, detail: object = "") -> None:
        """Note what a row is about."""
        applies = self.key(str(line.get(APPLIES) or ""))
        self.meanings[line.sheet.name, line.number] = RowMeaning(room, str(id), applies, place, str(detail))

    def take(self, line: SheetLine, column: SchemeColumn, cell: Cell | None) -> None:
        """Take what stands in a cell into ``line``."""
        value = self.understood(line, column, cell, column.title)
        if value is not None:
            line.values[column.title] = value

    def understood(self, line: SheetLine, column: SchemeColumn, cell: Cell | None, title: str) -> Any:
        """What stands in the cell under ``title``; what cannot be read is told, and is as it is written."""
        value = read(column, cell, self.names)
        if not isinstance(value, Unread):
            return value
        code = "KH973" if column.listed or column.sort == "figure" else "KH972"
        self.mark_wrong(code, line, title, found=value.found, expected=value.expected)
        return value.found

    def fill(
        self, line: SheetLine, into: Growing, columns: tuple[SchemeColumn, ...], base: tuple[str, ...] = ()
    ) -> None:
        """Put what stands under ``columns`` where it belongs; a blank is noted for what may be said of it."""
        for column in columns:
            if not column.path:
                continue
            path, value = (*base, *column.path), line.get(column.title)
            if value is None and column.blank is not None and not line.get(APPLIES):
                value = column.blank
            if value is None:
                if len(column.path) == 1:
                    into.seen(path, line.at(column.title))
            elif line.get(APPLIES) and found(into.raw, path) is not None:
                self.twice(line, column)
            elif path[-1].isdecimal():
                into.end(path[:-1], int(path[-1]), value, line.at(column.title))
            else:
                into.put(path, value, line.at(column.title))

    def twice(self, line: SheetLine, column: SchemeColumn) -> None:
        """Tell that another row of the same 适用 has changed what this cell changes."""
        self.mark_wrong("KH975", line, column.title, found=column.title, expected="上面已有一行改了它")

    def change(self, line: SheetLine, said: str) -> Growing | None:
        """What a row changes that applies only to some; None, told, where that is not known."""
        key = self.key(said)
        if key in self.changed:
            return self.changed[key]
        at, (name, _, value) = line.at(APPLIES), key.partition("=")
        if key in self.options:
            self.changed[key] = self.options[key].table(("change",), at)
        elif name == KIND_APPLIES and (value in self.kinds or not self.kinds):
            kind = self.root.entry("kind", at)
            kind.put(("name",), value, at)
            self.changed[key] = kind.table(("change",), at)
        else:
            known = (*self.options, *(f"{KIND_APPLIES}={each}" for each in self.kinds))
            self.mark_wrong("KH973", line, APPLIES, found=said, expected=listed(known) if known else "空着")
            return None
        return self.changed[key]

    def key(self, applies: str) -> str:
        """适用 as it is kept."""
        return "=".join(part.strip() for part in applies.replace("＝", "=").split("=", 1))

    def unused(
        self, line: SheetLine, columns: tuple[SchemeColumn, ...], used: tuple[SchemeColumn, ...], what: str
    ) -> None:
        """Tell of what stands under a column that ``what`` does not use, and leave it out."""
        for column in columns:
            if column.path and column not in used and line.get(column.title) is not None:
                self.mark_wrong("KH975", line, column.title, found=column.title, expected=what)
                del line.values[column.title]


def held_by(above: str, said: str) -> str:
    """What a cell says, or the one above it where it is blank."""
    return said or above


def listed(words: Iterable[str]) -> str:
    """``words``, as many as can be read at a glance."""
    said = list(words)
    if not said:
        return "（一个也没有）"
    return "、".join(said) if len(said) <= MOST_NAMED else f"{'、'.join(said[:MOST_NAMED])}等 {len(said)} 个"


def numbered(ids: list[Any], prefix: str, digits: int = 1, first: str = "") -> list[str]:
    """``ids`` with one of its own for each that has none."""
    taken, count, made = {str(each) for each in ids if each}, 0, list[str]()
    for number, id in enumerate(ids):
        if id:
            made.append(str(id))
            continue
        if first and number == 0 and first not in taken:
            made.append(first)
            taken.add(first)
            continue
        count += 1
        while f"{prefix}{count:0{digits}}" in taken:
            count += 1
        made.append(f"{prefix}{count:0{digits}}")
    return made


def _is_help(cells: Mapping[int, Cell]) -> bool:
    """Whether a row explains the columns; a remark that begins with the same mark makes none."""
    said = [text.startswith(sheets.HELP) for cell in cells.values() if (text := written(cell))]
    return sum(said) * 2 > len(said)
