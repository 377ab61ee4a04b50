"""The bytes of 方案.xlsx → the tables of a scheme, within bounds; the wording in which its faults are told."""

import re
from collections.abc import Mapping
from typing import Any

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.line import CellSpot
from kaohe_cli.scheme.book.reader import WorkbookReader
from kaohe_cli.scheme.book.words import FigureNames
from kaohe_cli.scheme.lines import Node, Position, TextWording, Wording, line_of
from kaohe_cli.sheet.reader import read_bytes

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
MISSING = "缺少这个键"
_ELSEWHERE = {  # keys that no column is called by, as reasons name them
    "parts": "条件", "marks": "档", "counts": "档", "rule": "计分方式", "below": sheets.REST, "test": "条件",
    "kinds": "类别", "default": "默认用于", "section": "所在类别", "weighted": "按权重相加",
    "low": "起点", "high": "终点",
    "points": "分值", "period.label": "称呼", "basis": "单位口径", "replace": "改动", "change": sheets.APPLIES,
    "item": "项目", "criterion": "细则", "unit": "单位", "measure": "指标", "option": "办法", "reading": "口径",
    "part": "改为",
}  # fmt: skip


class BookWording:
    """A workbook, told by its cells and the titles of its columns."""

    keyed = False

    def __init__(self, root: Node, spots: list[CellSpot], names: FigureNames) -> None:
        self._root, self._spots, self._names = root, spots, names

    def at(self, key: str) -> Position:
        """The cell of ``key``."""
        place = line_of(self._root, key)
        spot = self._spots[place - 1] if place else CellSpot("", "")
        said = f"“{spot.sheet}”表 {spot.cell} " if spot.sheet else "有一处"
        return Position(said, None, spot.sheet, spot.cell)

    def said(self, reason: str, position: Position, key: str) -> str:
        """``reason`` with titles of columns in place of keys, and names of figures."""
        sheet = sheets.BY_NAME.get(position.sheet)
        own = sheets.titles(sheet.columns) if sheet else {}
        titles = {**_TITLES, **_ELSEWHERE, **own, "falling": "低于才算"}  # of which only 每级 has a fault

        if reason == MISSING:
            facts = {".".join(fact.path): fact.title for fact in sheets.FACTS}
            last = key.rpartition(".")[2]
            return f"没有填“{facts.get(key) or titles.get(last, last)}”"

        def told(found: re.Match[str]) -> str:
            key = found[0].rstrip(".")
            name = self._names.by_id.get(key) or titles.get(key) or titles.get(key.rpartition(".")[2])
            choice = next((each.choices[key] for each in (sheet.columns if sheet else ()) if key in each.choices), None)
            return found[0] if name is None and choice is None else f"“{choice or name}”"

        return _KEY.sub(told, reason).replace("““", "“").replace("””", "”")


_TITLES: Mapping[str, str] = {
    **sheets.titles(column for sheet in sheets.SHEETS for column in sheet.columns), **sheets.titles(sheets.FACTS),
}  # fmt: skip


def read(data: bytes, file: str) -> tuple[dict[str, Any] | None, Wording, tuple[Problem, ...]]:
    """The tables of the scheme in a workbook, and what is wrong in it; None where it is no scheme."""
    book, told = read_bytes(data, file)
    if book is None or not any(book.sheet(each.name) for each in sheets.SHEETS if each.needed):
        known = "、".join(each.name for each in sheets.SHEETS if each.needed)
        return None, TextWording(""), told if book is None else (*told, problem("KH970", file=file, expected=known))
    made = WorkbookReader(book)
    made.read()
    return made.root.raw, BookWording(made.root.node, made.spots, made.names), (*told, *made.problems)


def original_of(data: bytes, file: str) -> str:
    """The TOML text that a workbook was made from; empty where it was made from none."""
    book, _ = read_bytes(data, file)
    sheet = book.sheet(sheets.ORIGINAL) if book else None
    if sheet is None:
        return ""
    lines = {row: cell.value for (row, column), cell in sheet.cells.items() if column == 1}
    said = (value if isinstance(value := lines.get(row), str) else "" for row in range(1, max(lines, default=0) + 1))
    return "".join(f"{line}\n" for line in said)
