"""The bytes of 方案.xlsx → the tables of a scheme, within bounds; the wording in which its faults are told."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.line import CellSpot
from kaohe_cli.scheme.book.reader import read_book
from kaohe_cli.scheme.book.reading import BookReading
from kaohe_cli.scheme.book.words import JOINT
from kaohe_cli.scheme.lines import NAMES, Node, Position, TextWording, Wording, line_of, node_of
from kaohe_cli.scheme.records import FIGURE_LABELS
from kaohe_cli.sheet.book import Book
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

    def __init__(self, reader: BookReading) -> None:
        self.reading = reader
        self._root, self._spots, self._names = reader.root, reader.spots, reader.names
        self._kinds = reader.kinds
        told = [each for each in reader.problems if each.severity == "error"]
        self._rows = {(each.sheet, _row(each.cell)) for each in told}
        self._follow = [_FOLLOW[each] for each in dict.fromkeys(each.sheet for each in told) if each in _FOLLOW]

    def at(self, key: str, reason: str = "") -> Position:
        """The cell of ``key``; with the ``reason`` of a fault, where that can be told, the one in it that is wrong."""
        place = self._pinned(key, reason) if reason else line_of(self._root.node, key)
        spot = self._spots[place - 1] if place else CellSpot("", "")
        if not spot.sheet:  # it is about a row that is not there
            room = sheets.UNIT_KINDS_SHEET if _UNGROUPED.fullmatch(reason) else sheets.BASIC if key in _FACTS else None
            spot = CellSpot(room.name if room else "", "")
        said = f"{spot.sheet}!{spot.cell}" if spot.cell else "的一处"
        return Position(said, None, spot.sheet, spot.cell)

    def _pinned(self, key: str, reason: str) -> int | None:
        """The number of the cell that is wrong in what ``key`` leads to."""
        if kind := _UNGROUPED.fullmatch(reason):
            return self._kinds.get(kind[1])
        node = node_of(self._root.node, key)
        if node is None:
            return None
        if reason == "重复":
            name = next((each for each in NAMES if node.named(each) and key.endswith(node.named(each))), "")
            return node.parts[name].line if name else node.line
        raw = self._raw(node)
        for held, within in _tables(raw, node) if isinstance(raw, Mapping) else ():
            for name in _wrong_in(held, reason):
                return within.parts[name].line if name in within.parts else within.line
        return node.line

    def _raw(self, node: Node) -> Any:
        """What ``node`` was made of."""
        return next((raw for raw, each in _tables(self._root.raw, self._root.node) if each is node), None)

    def follows(self, key: str, reason: str) -> bool:
        """Whether a fault may come only of what could not be read."""
        at = self.at(key, reason)
        unread = (at.sheet, _row(at.cell)) in self._rows and reason.endswith("不是可用的值")
        return unread or any(each.search(f"{key} {reason}") for each in self._follow)

    def said(self, reason: str, position: Position, key: str) -> str:
        """``reason`` with titles of columns in place of keys, and names of figures."""
        sheet = sheets.BY_NAME.get(position.sheet)
        own = sheets.titles(sheet.columns) if sheet else {}
        spans = next((held for room, held in _SPANS.items() if room in key), {})
        titles = {**_TITLES, **_ELSEWHERE, **own, "falling": "低于才算"}  # of which only 每级 has a fault

        if reason == MISSING:
            last = key.rpartition(".")[2]
            if key.endswith(_MARKED):
                return "没有写各档，写在“档”中"
            return f"没有填“{_FACTS.get(key) or titles.get(last, last)}”"
        if _LISTED.search(reason):
            return "应写两个词，用分号隔开" if key.endswith(".words") else "最小和最大须都写上"

        def told(found: re.Match[str]) -> str:
            key = found[0].rstrip(".")
            name = spans.get(key) or self._names.by_id.get(key) or titles.get(key) or titles.get(key.rpartition(".")[2])
            choice = next((each.choices[key] for each in (sheet.columns if sheet else ()) if key in each.choices), None)
            choice = None if key in spans else choice
            measure, _, figure = key.rpartition(".")
            if name is choice is None and measure and figure in FIGURE_LABELS:
                name = f"{measure}{JOINT}{FIGURE_LABELS[figure]}"
            return found[0] if name is None and choice is None else f"“{choice or name}”"

        return _SPACED.sub("", _KEY.sub(told, reason).replace("““", "“").replace("””", "”"))


_MARKED = tuple(f".rule.{key}" for key in ("marks", "counts", "points", "low", "high"))  # written in 档
_SPANS: Mapping[str, Mapping[str, str]] = {  # in what → the spans, by what their columns begin with
    ".band.": {"growth": "比上年", "target": "比目标", "plan": "目标比上年", "range": "范围"},
    "total.": {"target": "目标合计", "actual": "实绩合计"},
}
_LISTED = re.compile(r"“\[")  # a list, as a program shows it
_SPACED = re.compile(r"(?<=”) (?=[一-鿿“])|(?<=[一-鿿：]) (?=“)")
_FACTS = {".".join(fact.path): fact.title for fact in sheets.FACTS}
_UNGROUPED = re.compile("类别 (.+) 不在任何组中")
_FOLLOW = {  # sheet in which something could not be read → faults that may come of that
    name: re.compile(pattern)
    for name, pattern in {
        sheets.RULES.name: "合计|没有(这条)?细则| 没有细则|须是无前提",
        sheets.TABLE.name: "合计|没有(项目|类别)|不在项目|不是通知原文",
        sheets.MARKS.name: r"\.rule\b",
        sheets.CONDITIONS.name: r"\.rule\b|\.test\b",
        sheets.GRADED.name: "没有等次",
        sheets.UNIT_KINDS_SHEET.name: "不在任何组中|没有这个类别",
    }.items()
}
_FIGURE = re.compile(r"没有数据项 (?P<one>.+)|(?P<two>\S+) (?:不是完成情况|不是数值|用作基数.*)")


def _row(cell: str) -> str:
    return cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _tables(raw: Any, node: Node) -> Iterator[tuple[Mapping[str, Any], Node]]:
    """Every table in ``raw`` with its node, the outer ones first."""
    if isinstance(raw, Mapping):
        yield raw, node
        for name, value in raw.items():
            if name in node.parts:
                yield from _tables(value, node.parts[name])
    elif isinstance(raw, list):
        for value, entry in zip(raw, node.entries, strict=False):
            yield from _tables(value, entry)


def _wrong_in(raw: Mapping[str, Any], reason: str) -> Iterator[str]:
    """The keys of a table of which ``reason`` may speak."""
    if found := _FIGURE.fullmatch(reason):
        figure = found["one"] or found["two"]
        yield from (name for name, value in raw.items() if value == figure)
    elif "compare" in raw or "left" in raw:
        if reason.startswith("right 与 number") and ("right" in raw) == ("number" in raw):
            yield "number" if "number" in raw else "right"
        elif reason.startswith("完成情况") and raw.get("compare") == "done":
            yield from (name for name in ("number", "right", "share") if name in raw)
        elif reason.startswith("倍数"):
            yield from (name for name in ("left_times", "right_times") if not _above(raw.get(name, 1)))
    elif reason == "least 与 above 只写一个" and "above" in raw:
        yield "above"


def _above(value: Any) -> bool:
    return isinstance(value, int | Decimal) and value > 0


_TITLES: Mapping[str, str] = {
    **sheets.titles(column for sheet in sheets.SHEETS for column in sheet.columns), **sheets.titles(sheets.FACTS),
}  # fmt: skip


def read(data: bytes, file: str) -> tuple[dict[str, Any] | None, Wording, tuple[Problem, ...]]:
    """The tables of the scheme in a workbook, and what is wrong in it; None where it is no scheme."""
    book, told = read_bytes(data, file)
    if book is None or not any(book.sheet(each.name) for each in sheets.SHEETS if each.needed):
        known = "、".join(each.name for each in sheets.SHEETS if each.needed)
        return None, TextWording(""), told if book is None else (*told, problem("KH970", file=file, expected=known))
    made = read_book(book)
    if made.without:  # whatever rests upon what is not there would be told too
        return None, TextWording(""), (*told, *made.without, *(each for each in made.problems if each.code == "KH972"))
    return made.root.raw, BookWording(made), (*told, *made.problems)


def reading_of(wording: Wording) -> BookReading | None:
    """The workbook that a scheme was read from, as far as it was; None: it was read from a text."""
    return wording.reading if isinstance(wording, BookWording) else None


def original_of(book: Book) -> str:
    """The TOML text that a workbook was made from; empty where it was made from none."""
    sheet = book.sheet(sheets.ORIGINAL)
    if sheet is None:
        return ""
    lines = {row: cell.value for (row, column), cell in sheet.cells.items() if column == 1}
    said = (value if isinstance(value := lines.get(row), str) else "" for row in range(1, max(lines, default=0) + 1))
    return "".join(f"{line}\n" for line in said)
