"""Inputs of the ledger as earlier versions had them → as they are now. Pure."""

from collections.abc import Mapping

from kaohe_cli.naming import LISTED
from kaohe_cli.points import number
from kaohe_cli.scheme.rule.judged import JUDGES, MOST_JUDGES
from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.table import written

REASON, REASON_ONCE = "评分理由", "调整理由"
MARKS_ONCE = "评委评分"  # all marks of several judges in one cell: 8、9、7.5


def as_now(cells: Mapping[str, Cell], *, judges: bool = True) -> dict[str, Cell]:
    """``cells`` by the titles of now; marks of ``judges`` that stood in one cell each in a cell of its own."""
    held = {_now_called(title): cell for title, cell in cells.items()}
    if judges and MARKS_ONCE in held:
        parts = [part for part in LISTED.split(written(held[MARKS_ONCE])) if part]
        if len(parts) <= MOST_JUDGES:
            del held[MARKS_ONCE]
            held |= {title: _cell(part) for title, part in zip(JUDGES, parts, strict=False) if title not in held}
    return held


def _now_called(title: str) -> str:
    name, dot, rest = title.partition("·")
    return f"{REASON if name == REASON_ONCE else name}{dot}{rest}"


def _cell(text: str) -> Cell:
    value = number(text)
    return Cell(CellKind.TEXT, text) if value is None else Cell(CellKind.NUMBER, value)
