"""方案.xlsx → the tables of a scheme, as TOML has them, and where each part stands. What is wrong is told."""

from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.line import CellSpot
from kaohe_cli.scheme.book.read_figures import name_measures, read_measures, read_trials
from kaohe_cli.scheme.book.read_frame import read_bases, read_facts, read_grades, read_items, read_readings, read_units
from kaohe_cli.scheme.book.read_rules import read_conditions, read_criteria, read_marks
from kaohe_cli.scheme.book.reading import BookReading
from kaohe_cli.sheet.book import Book

_EACH = (
    name_measures, read_units, read_readings, read_facts, read_items, read_measures, read_grades, read_criteria,
    read_marks, read_conditions, read_bases,
)  # fmt: skip


def read_book(book: Book) -> BookReading:
    """A workbook, its sheets read each after those that it speaks of."""
    reader = BookReading(book)
    reader.root.put(("format",), 2, 1)
    for read in _EACH:
        read(reader)
    for line in reader.lines(sheets.PERIODS):
        reader.fill(line, reader.root.entry("period", line.at(sheets.PERIODS.columns[0].title)), sheets.PERIODS.columns)
    read_trials(reader)
    for key, sheet in (("unit", sheets.UNITS), ("item", sheets.TABLE)):
        if key not in reader.root.raw:
            reader.root.raw[key] = []
            reader.spots.append(CellSpot(sheet.name, "A1"))
            reader.root.seen((key,), len(reader.spots))
    _order_kinds(reader)
    return reader


def _order_kinds(reader: BookReading) -> None:
    """What is other for some kinds of units, in the order of 类别."""
    if "kind" not in reader.root.raw:
        return
    order, node = [*reader.kinds], reader.root.node.parts["kind"]
    pairs = zip(reader.root.raw["kind"], node.entries, strict=True)
    ordered = sorted(pairs, key=lambda each: order.index(each[0]["name"]) if each[0]["name"] in order else 0)
    reader.root.raw["kind"], node.entries = [raw for raw, _ in ordered], [entry for _, entry in ordered]
