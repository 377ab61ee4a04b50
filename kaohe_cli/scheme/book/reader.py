"""方案.xlsx → the tables of a scheme, as TOML has them, and where each part stands. What is wrong is told."""

from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.line import CellSpot
from kaohe_cli.scheme.book.read_figures import name_measures, read_measures, read_trials
from kaohe_cli.scheme.book.read_frame import read_bases, read_facts, read_grades, read_items, read_readings, read_units
from kaohe_cli.scheme.book.read_rules import read_conditions, read_criteria, read_marks
from kaohe_cli.scheme.book.reading import BookReading


class WorkbookReader(BookReading):
    """Reads a workbook sheet by sheet, each after those that it speaks of."""

    def read(self) -> None:
        """Read every sheet."""
        self.root.put(("format",), 2, 1)
        name_measures(self)
        read_units(self)
        read_readings(self)
        read_facts(self)
        read_items(self)
        read_measures(self)
        read_grades(self)
        read_criteria(self)
        read_marks(self)
        read_conditions(self)
        read_bases(self)
        for line in self.lines(sheets.PERIODS):
            self.fill(line, self.root.entry("period", line.at(sheets.PERIODS.columns[0].title)), sheets.PERIODS.columns)
        read_trials(self)
        for key, sheet in (("unit", sheets.UNITS), ("item", sheets.TABLE)):
            if key not in self.root.raw:
                self.root.raw[key] = []
                self.spots.append(CellSpot(sheet.name, "A1"))
                self.root.seen((key,), len(self.spots))
        if "kind" in self.root.raw:
            order = [*self.kinds]
            pairs = zip(self.root.raw["kind"], self.root.node.parts["kind"].entries, strict=True)
            ordered = sorted(pairs, key=lambda each: order.index(each[0]["name"]) if each[0]["name"] in order else 0)
            self.root.raw["kind"] = [raw for raw, _ in ordered]
            self.root.node.parts["kind"].entries = [node for _, node in ordered]
