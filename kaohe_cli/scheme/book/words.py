"""A value of a record and the cell that holds it, either way: numbers, yes or no, choices, names of figures, lists."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from kaohe_cli.paper.workbook import Content
from kaohe_cli.points import HUNDRED, is_of_this_world, number, plain
from kaohe_cli.scheme.book.sheets import EMPTY, SEPARATORS, YES, SchemeColumn
from kaohe_cli.scheme.days import day_in, day_of
from kaohe_cli.scheme.normalise import quoted, tidy
from kaohe_cli.scheme.records import FIGURE_LABELS
from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.table import NO_RESULT, as_seen, written

JOINT = "·"  # between a measure and the label of its figure
_NUMBER = re.compile(r"([+-]?\d+(?:,\d{3})*(?:\.\d+)?|[+-]?\.\d+)\s*(%|[^\d\s%].*)?", re.S)
_COUNTED = ("分", "倍", "名", "位", "个百分点", "起", "项", "个", "家", "件", "次", "万元", "亿元", "年", "成")
_TICKS = {**{said: value for value, said in YES.items()}, "√": True, "✓": True, "✔": True, "×": False, "y": True}


# what a formula leaves behind where its result was pasted as text, or written into a checked copy
_NO_VALUES = (NO_RESULT, "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


class Unread(Struct, frozen=True):
    """A cell that is not what its column asks for."""

    found: str
    expected: str


class Percent(Decimal):
    """A number that was written as a percentage, as the fraction that it is."""


class FigureNames(Struct, frozen=True):
    """What people call the figures of a scheme: 工业销售产值·本年实绩."""

    by_id: Mapping[str, str]  # sales.actual → what it is called, where no other is called so
    by_name: Mapping[str, str]

    def find(self, said: str) -> str | None:
        """The figure that is meant by its name or its id; None where none is, or it is not certain which."""
        bare = "".join(tidy(said).split())
        return said if said in self.by_id else self.by_name.get(bare)


def figure_names(measures: Sequence[Mapping[str, Any]]) -> FigureNames:
    """The names of the figures of ``measures``, tables as a scheme has them."""
    called, alone = list[tuple[str, str]](), list[tuple[str, str]]()
    for measure in measures:
        own = [
            (f"{measure.get('id')}.{key}", measure[key])
            for key in FIGURE_LABELS
            if isinstance(measure.get(key), Mapping)
        ]
        title = "".join(str(measure.get("title", "")).split())
        for id, figure in own:
            label = figure.get("label") or FIGURE_LABELS[id.rpartition(".")[2]]
            called.append((id, f"{title}{JOINT}{label}"))
            if len(own) == 1:
                alone.append((id, title))
    count = Counter(name for _, name in called)
    sure = [(id, name) for id, name in called if count[name] == 1]
    lone = Counter(name for _, name in alone)
    names = {"".join(tidy(name).split()): id for id, name in (*(each for each in alone if lone[each[1]] == 1), *sure)}
    return FigureNames({id: id for id, _ in called} | dict(sure), names)


def split(text: str) -> list[str]:
    """The parts of a list as people write it."""
    return [part for each in re.split(f"[{SEPARATORS}]", text) if (part := each.strip())]


# ── a cell as a value ───────────────────────────────────────────────────────────────────────────────────


def read(column: SchemeColumn, cell: Cell | None, names: FigureNames) -> Any:
    """What stands in ``cell``: None where it is blank, Unread where it is not what ``column`` asks for."""
    if cell is None or (cell.kind is CellKind.TEXT and not str(cell.value).strip()):
        return None
    if cell.kind in (CellKind.ERROR, CellKind.UNCOMPUTED) or cell.value in _NO_VALUES:
        return Unread(as_seen(cell), expected(column))
    if column.sort in ("number", "share", "percent"):
        return _read_number(column, cell)
    if column.sort == "date":
        return _read_date(cell)
    if column.sort == "any":
        return _read_any(cell)
    text = written(cell) if cell.kind is not CellKind.TEXT else _lines(str(cell.value))
    if column.sort == "yes":
        said = _TICKS.get(tidy(text).lower()) if cell.kind is not CellKind.LOGICAL else bool(cell.value)
        return Unread(quoted(text), expected(column)) if said is None else said
    if column.sort == "choice":
        bare = tidy(text)
        found = [key for key, said in column.choices.items() if bare in (said, key)]
        return found[0] if found else Unread(quoted(text), expected(column))
    if column.sort == "list":
        return split(text)
    if column.sort == "figure":
        found_one = names.find(text)
        return found_one or Unread(quoted(text), "、".join(_near(text, names)) or "“指标”中的数据项")
    return "" if text == EMPTY else text


def expected(column: SchemeColumn) -> str:
    """What ``column`` asks for, in words."""
    if column.listed:
        return "、".join(column.listed)
    return {"number": "数", "share": "数，或百分数", "percent": "数，或百分数", "date": "日期"}.get(column.sort, "文字")


def _lines(text: str) -> str:
    """``text`` without what a web page or a document leaves around its lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\xa0", " ").split("\n")
    return "\n".join(kept for line in lines if (kept := line.strip(" \t\u3000")))


def _read_number(column: SchemeColumn, cell: Cell) -> Any:
    value = cell.value
    if cell.kind is CellKind.NUMBER and isinstance(value, Decimal):
        found, percent = value, cell.percent
    else:
        match = _NUMBER.fullmatch(tidy(written(cell))) if cell.kind is CellKind.TEXT else None
        unit = (match[2] or "").strip() if match else ""
        exact = number(match[1].replace(",", "")) if match else None
        if exact is None or not (unit in ("", "%") or unit in _COUNTED):
            return Unread(quoted(as_seen(cell)), expected(column))
        percent = unit == "%"
        found = exact / HUNDRED if percent else exact / 10 if unit == "成" else exact
    if not is_of_this_world(found):
        return Unread(quoted(as_seen(cell)), "通知里会有的数")
    if percent and column.sort == "number":
        return Unread(f"{plain(found * HUNDRED)}%", expected(column))
    found = found.normalize() + 0 if found else Decimal(0)
    return Percent(found) if percent else found


def _read_any(cell: Cell) -> Any:
    value = cell.value
    if isinstance(value, Decimal) and not is_of_this_world(value):
        return Unread(quoted(as_seen(cell)), "通知里会有的数")
    stands = cell.kind is CellKind.TEXT or isinstance(value, date) or (isinstance(value, Decimal) and not cell.percent)
    return value if stands else written(cell)


def _read_date(cell: Cell) -> Any:
    value = cell.value
    if isinstance(value, date):
        return value
    day = day_of(value) if isinstance(value, Decimal) else day_in(tidy(str(value)))
    return day or Unread(quoted(as_seen(cell)), "日期，如 2008-11-15")


def _near(text: str, names: FigureNames) -> Iterator[str]:
    from difflib import get_close_matches

    yield from get_close_matches(text, [each for each in names.by_id.values() if each[:1] != JOINT], 3, 0.3)


# ── a value as a cell ───────────────────────────────────────────────────────────────────────────────────


def write(column: SchemeColumn, value: Any, names: FigureNames) -> Content:
    """``value`` of a record as it stands in a cell."""
    if value is None or isinstance(value, date):
        return value
    if column.sort in ("number", "share", "percent"):
        exact = number(value) if not isinstance(value, bool) else None
        return str(value) if exact is None else exact
    if column.sort == "yes":
        return YES.get(value, str(value))
    if column.sort == "choice":
        return column.choices.get(str(value), str(value))
    if column.sort == "figure":
        return names.by_id.get(str(value), str(value))
    if isinstance(value, list | tuple):
        alone = column.sort == "any" and len(value) < 2  # told from one that is no list
        return "；".join(map(str, value)) + ("；" if alone else "")
    if isinstance(value, date | Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return str(value) or EMPTY
