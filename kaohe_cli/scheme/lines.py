"""Where a key of a scheme stands: its line, found by reading the text a second time, whatever is wrong with it."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from msgspec import Struct, field

# what an entry of a list may be told apart by in the key of a fault
NAMES = ("id", "code", "measure", "name", "title")
# lists that a key names without what they stand in: criterion.1.1.2, tie.clause
_INNER = ("criterion", "evidence")
_BARE = ("reading", "basis")
_IDENTIFIED = ("section", "item")

TOKEN = re.compile(
    r"""
    (?P<comment> \#[^\n]* )
  | (?P<long> \"\"\"(?:\\[\s\S]?|[^\\])*?(?:"{3,5}|\Z) | '''[\s\S]*?(?:'{3,5}|\Z) )
  | (?P<text> "(?:\\[^\n]|[^"\\\n])*"? | '[^'\n]*'? )
  | (?P<line> \n )
  | (?P<mark> [][{}=,.] )
  | (?P<bare> [^][{}=,.\s"'\#]+ )
    """,
    re.X,
)
_PLACE = re.compile(r"第 (\d+) 行第 \d+ 列")  # how a fault of the text itself is named


class Node(Struct):
    """What the text has under a key: where it begins, its keys, its entries where it is a list, its words."""

    line: int  # from 1
    parts: dict[str, "Node"] = field(default_factory=dict)
    entries: list["Node"] = field(default_factory=list)
    text: str = ""  # empty: it is no text

    def named(self, key: str) -> str:
        """What it is called under ``key``; empty: it has no such name."""
        return self.parts[key].text if key in self.parts else ""

    def at(self, path: list[str], line: int) -> "Node":
        """What stands under ``path``, in the last entry of every list on the way; new where there is nothing."""
        node = self
        for name in path:
            node = node.parts.setdefault(name, Node(line))
            node = node.entries[-1] if node.entries else node
        return node


class Position(Struct, frozen=True):
    """Where a key stands, and how a sentence goes on after the name of the file."""

    said: str  # 第 213 行的“item.1.1.points”; of a workbook 项目!I5
    line: int | None = None  # of a text
    sheet: str = ""  # of a workbook
    cell: str = ""


class Wording(Protocol):
    """A scheme as its author wrote it: where a key stands, and in what words a fault of it is told."""

    keyed: bool  # by keys of a text, and not by cells

    def at(self, key: str, reason: str = "") -> Position:
        """Where ``key`` stands, or the nearest that does; with what is wrong there perhaps a part of it."""
        ...

    def follows(self, key: str, reason: str) -> bool:
        """Whether a fault may come only of what could not be read, and is not told."""
        ...

    def said(self, reason: str, position: Position, key: str) -> str:
        """``reason`` in the author's words, of what is wrong with ``key``."""
        ...


class TextWording:
    """A text, told by its keys."""

    keyed = True

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _root(self) -> Node:
        return outline(self._text)

    def at(self, key: str, reason: str = "") -> Position:
        """The line of ``key``."""
        line = line_of(self._root, key)
        return Position(placed(key, line), line)

    def follows(self, key: str, reason: str) -> bool:
        """No: a text is read whole, or not at all."""
        return False

    def said(self, reason: str, position: Position, key: str) -> str:
        """As it is."""
        return reason


def outline(text: str) -> Node:
    """The keys of ``text`` with their lines; as much as can be made out where it is no TOML."""
    root = Node(1)
    table, path, value = root, list[str](), False
    header = 0  # brackets that a header began with
    open_: list[Node] = []  # the lists and inline tables that are not yet closed, the inmost last
    line = 1
    for token in TOKEN.finditer(text):
        kind, found = token.lastgroup, token[0]
        within = open_[-1] if open_ else table
        listed = bool(open_) and found != "=" and not value and within.text == "["
        if kind == "line" and not open_:
            if header and path:
                table = _headed(root, path, line, listed=header > 1)
            path, value, header = [], False, 0
        elif header:
            if found == "[":
                header += not path
            elif kind in ("bare", "text"):
                path.append(_unquoted(found))
        elif found == "[" and not open_ and not path and not value:
            header = 1
        elif found in ("[", "{") and (value or listed):
            node = _placed(within, path, line, listed=listed)
            node.text = found
            open_.append(node)
            path, value = [], False
        elif found in ("]", "}") and open_:
            open_.pop().text = ""
            path, value = [], False
        elif found == "=":
            value = True
        elif found == ",":
            path, value = [], False
        elif kind in ("bare", "text", "long") and (value or listed):
            node = _placed(within, path, line, listed=listed)
            node.text = _unquoted(found) if kind == "text" else ""
            path, value = [], False
        elif kind in ("bare", "text"):
            path.append(_unquoted(found))
        line += found.count("\n")
    if header and path:
        _headed(root, path, line, listed=header > 1)
    return root


def line_of(root: Node, key: str) -> int | None:
    """The line of ``key`` as a fault names it, or of the nearest that stands there around it; None: it has none."""
    if place := _PLACE.match(key):
        return int(place[1])
    node = node_of(root, key)
    return None if node is None else node.line


def node_of(root: Node, key: str) -> Node | None:
    """What ``key`` leads to, or the nearest that stands there around it; None: nothing does."""
    node = root
    for part in key.split(": "):  # reading.over5.strict: criterion.1.1.2.rule
        node = _nearest(node.parts.get("change", node), part) or node
    return None if node is root else node


def placed(key: str, line: int | None) -> str:
    """Where a fault is, as a sentence goes on after the name of the file: 第 213 行的“item.1.1.points”."""
    if _PLACE.match(key):
        return key
    return f"的“{key}”" if line is None else f"第 {line} 行的“{key}”"


def _nearest(root: Node, key: str) -> Node | None:
    """What ``key`` leads to from ``root``, or as far as it leads; None where it leads nowhere."""
    best, least = None, len(key)
    waiting = [(root, key)]
    seen: set[tuple[int, str]] = set()
    while waiting:
        node, rest = waiting.pop()
        # of entries of the same name the last is the one too many
        if len(rest) < least or (not rest and best is not None and node.line > best.line):
            best, least = node, len(rest)
        for step, left in _steps(node, rest, first=node is root):
            if left is not None and (id(step), left) not in seen:
                seen.add((id(step), left))
                waiting.append((step, left))
    return best


def _steps(node: Node, key: str, *, first: bool) -> Iterator[tuple[Node, str | None]]:
    """Each part of ``node`` that ``key`` may lead to, with what is then left of the key; None: it does not."""
    if first:
        for item in node.parts["item"].entries if "item" in node.parts else ():
            yield from ((item.parts[name], _after(key, name)) for name in _INNER if name in item.parts)
            if key.startswith("id.") and "criterion" in item.parts:
                yield item.parts["criterion"], key
        rooms = _BARE + (_IDENTIFIED if key.startswith("id.") else ())
        yield from ((node.parts[name], key) for name in rooms if name in node.parts)
    yield from ((part, _after(key, name)) for name, part in node.parts.items())
    if "option" in node.parts and key:
        yield node.parts["option"], key
    for number, entry in enumerate(node.entries, 1):
        yield entry, _after(key, f"第 {number} 个")
        for name in NAMES:
            if called := entry.named(name):
                yield entry, _after(key, called)
                yield entry, _after(key, f"{name}.{called}")  # unit.name.上城区, of two that are called so


def _after(key: str, name: str) -> str | None:
    """What is left of ``key`` after ``name``; None where it does not begin with it."""
    left = key.removeprefix(name)
    if len(left) == len(key):
        return None
    return left[1:] if left[:1] in ("", ".") or left.startswith(" 第 ") else None


def _headed(root: Node, path: list[str], line: int, *, listed: bool) -> Node:
    """The table that a header begins."""
    above = root.at(path[:-1], line)
    node = above.parts.setdefault(path[-1], Node(line))
    if listed:
        node.entries.append(Node(line))
    return node.entries[-1] if node.entries else node


def _placed(within: Node, path: list[str], line: int, *, listed: bool) -> Node:
    """A new value in a table under ``path``, or in a list."""
    node = Node(line)
    if listed:
        within.entries.append(node)
    elif path:
        within.at(path[:-1], line).parts[path[-1]] = node
    return node


def _unquoted(token: str) -> str:
    return token[1:].removesuffix(token[0]) if token[0] in "\"'" else token
