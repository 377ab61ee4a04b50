"""A scheme in the making: its tables as TOML would have them, and the cell that each part of them stands in."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kaohe_cli.scheme.book.words import Percent
from kaohe_cli.scheme.lines import Node


class Growing:
    """A table that is filled in part by part; ``at`` numbers the cells where parts stand, from 1."""

    def __init__(self, at: int = 1, raw: dict[str, Any] | None = None, node: Node | None = None) -> None:
        self.raw: dict[str, Any] = {} if raw is None else raw
        self.node = node or Node(at)

    def table(self, path: Iterable[str], at: int) -> "Growing":
        """The table under ``path``, new where there is none."""
        made = self
        for name in path:
            held = made.raw.setdefault(name, {})
            made = Growing(at, held, made.node.parts.setdefault(name, Node(at)))
        return made

    def entry(self, name: str, at: int) -> "Growing":
        """A new entry of the list ``name``."""
        made = Growing(at)
        self.raw.setdefault(name, []).append(made.raw)
        self.node.parts.setdefault(name, Node(at)).entries.append(made.node)
        return made

    def put(self, path: tuple[str, ...], value: Any, at: int) -> None:
        """Set what stands under ``path``."""
        above = self.table(path[:-1], at)
        above.raw[path[-1]] = plain(value)
        above.node.parts[path[-1]] = Node(at, text=value if isinstance(value, str) else "")

    def seen(self, path: tuple[str, ...], at: int) -> None:
        """Note where ``path`` would stand, where nothing does: that is where a fault of it is."""
        node = self.node
        for name in path[:-1]:
            node = node.parts.setdefault(name, Node(at))
        node.parts.setdefault(path[-1], Node(at))

    def end(self, path: tuple[str, ...], place: int, value: Any, at: int) -> None:
        """Set one end of a span, its least (0) or its most (1)."""
        above = self.table(path[:-1], at)
        span = above.raw.setdefault(path[-1], ["", ""])
        span[place] = plain(value)
        above.node.parts.setdefault(path[-1], Node(at)).entries.append(Node(at))


def plain(value: Any) -> Any:
    """A number as TOML has it: whole ones as such."""
    if isinstance(value, Percent):
        value = Decimal(value)
    if isinstance(value, Decimal) and value == value.to_integral_value() and value.adjusted() < 15:
        return int(value)
    return [plain(each) for each in value] if isinstance(value, list) else value
