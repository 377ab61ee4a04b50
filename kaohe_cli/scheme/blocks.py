"""A TOML text as the tables that its headers begin, each with the lines above it; what is not touched stays."""

import tomllib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from kaohe_cli.scheme.lines import TOKEN


class Block:
    """A table of the text: the lines above its header, the header, its own keys; the tables within it."""

    def __init__(self, path: tuple[str, ...] = (), lead: str = "", head: str = "", own: str = "") -> None:
        self.path, self.lead, self.head, self._own = path, lead, head, own
        self.tables: dict[str, Block] = {}
        self.entries: dict[str, list[Block]] = {}

    @cached_property
    def body(self) -> Any:
        """Its own keys, as tables that keep how they are written."""
        import tomlkit

        return tomlkit.parse(self._own)

    @property
    def text(self) -> str:
        """As it is written."""
        own = str(self.body.as_string()) if "body" in self.__dict__ else self._own
        return f"{self.lead}{self.head}{own}"

    def within(self) -> "Iterator[Block]":
        """It and all that is in it."""
        yield self
        for table in self.tables.values():
            yield from table.within()
        for entries in self.entries.values():
            for entry in entries:
                yield from entry.within()


class Blocks:
    """A text in blocks."""

    def __init__(self, text: str) -> None:
        self.root = Block()
        self._order = [self.root]
        self._tail = ""
        self._split(text)

    @property
    def text(self) -> str:
        """As it is written."""
        return "".join(each.text for each in self._order) + self._tail

    def table(self, above: Block, key: str) -> Block:
        """A new table under ``key``."""
        path = (*above.path, key)
        block = Block(path, "\n", f"[{_dotted(path)}]\n")
        self._order.insert(self._end(above), block)
        above.tables[key] = block
        return block

    def entry(self, above: Block, key: str, after: Block | None = None, *, first: bool = False) -> Block:
        """A new entry of the list under ``key``, below ``after``; ``first``: above the others."""
        path, entries = (*above.path, key), above.entries.setdefault(key, [])
        block = Block(path, "\n", f"[[{_dotted(path)}]]\n")
        if after is not None:
            place, at = entries.index(after) + 1, self._end(after)
        elif first and entries:
            place, at = 0, self._order.index(entries[0])
            block.lead, entries[0].lead = entries[0].lead, "\n"  # what stands above a list
        else:
            place, at = len(entries), self._end(entries[-1] if entries else above)
        entries.insert(place, block)
        self._order.insert(at, block)
        return block

    def drop(self, above: Block, key: str) -> None:
        """Take away what stands under headers of ``key``."""
        for entry in [*above.entries.get(key, ())]:
            self.remove(above, key, entry)
        above.entries.pop(key, None)
        if (table := above.tables.pop(key, None)) is not None:
            self._take(table)

    def remove(self, above: Block, key: str, entry: Block) -> None:
        """Take away an entry; the comment above the first of several stays, which may be about them all."""
        entries = above.entries[key]
        if entry is entries[0] and len(entries) > 1:
            entries[1].lead = entry.lead + entries[1].lead.lstrip("\n") if "#" in entry.lead else entries[1].lead
            entry.lead = ""
        entries.remove(entry)
        self._take(entry)

    def move(self, above: Block, key: str, entry: Block, after: Block) -> None:
        """Put an entry below another one."""
        taken = [each for each in self._order if each in set(entry.within())]
        self._order = [each for each in self._order if each not in taken]
        at = self._end(after)
        self._order[at:at] = taken
        entries = above.entries[key]
        entries.remove(entry)
        entries.insert(entries.index(after) + 1, entry)

    def _take(self, block: Block) -> None:
        """Take a block out with all that is in it, but for comments above it that stand apart."""
        within = set(block.within())
        at = next((place for place, each in enumerate(self._order) if each in within), len(self._order))
        apart = _apart(block.lead)
        self._order = [each for each in self._order if each not in within]
        if at < len(self._order):
            self._order[at].lead = apart + self._order[at].lead
        else:
            self._tail = apart + self._tail

    def _end(self, block: Block) -> int:
        """The place below a block and all that is in it."""
        within = set(block.within())
        if block is self.root:
            return len(self._order)
        return 1 + max(place for place, each in enumerate(self._order) if each in within)

    # ── reading ────────────────────────────────────────────────────────────────────────────────────────

    def _split(self, text: str) -> None:
        block, begun, ended = self.root, 0, 0  # where its own keys begin and end
        for start, stop, last in _headers(text):
            ended = max(last, begun)
            block._own = text[begun:ended]
            block = self._headed(text[start:stop])
            block.lead = text[ended:start]
            begun = stop
        ended = max(_content_end(text[begun:]) + begun, begun)
        block._own = text[begun:ended]
        self._tail = text[ended:]

    def _headed(self, head: str) -> Block:
        """The block that a header begins."""
        path, listed = _path(head)
        above = self.root
        for number, name in enumerate(path[:-1], 1):
            if above.entries.get(name):
                above = above.entries[name][-1]
            else:
                above = above.tables.setdefault(name, Block(path[:number]))
        block = Block(path, "", head)
        if listed:
            above.entries.setdefault(path[-1], []).append(block)
        elif path[-1] in above.tables:  # a table within it came before
            held = above.tables[path[-1]]
            held.head = head
            block = held
        else:
            above.tables[path[-1]] = block
        self._order.append(block)
        return block


def _headers(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each header begins, where its line ends, and where the content above it ends."""
    depth, fresh, content, ended = 0, True, False, 0
    start = -1
    for token in TOKEN.finditer(text):
        kind, found = token.lastgroup, token[0]
        if kind == "line":
            if start >= 0:
                yield start, token.end(), ended
                start, ended = -1, token.end()
            elif content and not depth:
                ended = token.end()
            fresh, content = (True, False) if not depth else (fresh, content)
        elif start >= 0 or kind == "comment":
            continue
        elif fresh and not depth and found == "[":
            start = token.start()
        else:
            fresh, content = False, True
            depth += (found in ("[", "{")) - (found in ("]", "}"))
    if start >= 0:
        yield start, len(text), ended


def _content_end(text: str) -> int:
    """Where the last line ends that has more than a comment."""
    ended, depth, content = 0, 0, False
    for token in TOKEN.finditer(text):
        if token.lastgroup == "line":
            if content and not depth:
                ended, content = token.end(), False
        elif token.lastgroup != "comment":
            content = True
            depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
    return len(text) if content else ended


def _path(head: str) -> tuple[tuple[str, ...], bool]:
    """What a header names, and whether it is an entry of a list."""
    table, path = tomllib.loads(head), list[str]()
    while table:
        (name,) = table
        path.append(name)
        held = table[name]
        if isinstance(held, list):
            return tuple(path), True
        table = held
    return tuple(path), False


def _dotted(path: tuple[str, ...]) -> str:
    import tomlkit

    return ".".join(tomlkit.key(each).as_string() for each in path)


def _apart(lead: str) -> str:
    """Of the lines above a header the comments that a blank line parts from it."""
    lines = lead.splitlines(keepends=True)
    while lines and lines[-1].strip():
        lines.pop()
    while lines and not lines[-1].strip():
        lines.pop()
    return "".join(lines)
