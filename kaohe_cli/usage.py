"""Help texts: laid out for 80 columns where a Chinese character counts two. Plain text, so that help is quick."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kaohe_cli.extent import full, width

WIDTH = 80
INDENT = 2
# closing punctuation never begins a line
CLOSING = "，。；：、！？）》”』】％%"

HelpRow = tuple[str, str]  # what is typed, what it does


def overview(usage: str, purpose: str, groups: Mapping[str, Sequence[HelpRow]], closing: Iterable[str]) -> str:
    """The help of the program: its commands in groups, each with what it does."""
    column = max((width(name) for rows in groups.values() for name, _ in rows), default=0)
    lines = [f"用法：{usage}", "", *wrapped(purpose, WIDTH)]
    for title, rows in groups.items():
        lines += ["", f"{title}：", *_rows(rows, column)]
    lines += ["", *(line for text in closing for line in wrapped(text, WIDTH))]
    return "\n".join(lines)


def command(usage: str, purpose: str, tables: Mapping[str, Sequence[HelpRow]]) -> str:
    """The help of one command: what it does, with examples, then its arguments and options."""
    lines = [f"用法：{usage}", ""]
    for paragraph in purpose.strip().split("\n"):
        lines += list(wrapped(paragraph.strip(), WIDTH, INDENT if paragraph.startswith("  ") else 0)) or [""]
    column = max((width(name) for rows in tables.values() for name, _ in rows), default=0)
    for title, rows in tables.items():
        if rows:
            lines += ["", f"{title}：", *_rows(rows, min(column, 26))]
    return "\n".join(lines)


def wrapped(text: str, most: int, indent: int = 0) -> Iterator[str]:
    """``text`` in lines of at most ``most`` columns, broken between words and Chinese characters."""
    line, used = " " * indent, indent
    for word in _words(text):
        size = width(word)
        if used + size > most and line.strip() and word[0] not in CLOSING:
            yield line.rstrip()
            line, used = " " * indent, indent
            if word == " ":
                continue
        line, used = line + word, used + size
    if line.strip():
        yield line.rstrip()


def _rows(rows: Sequence[HelpRow], column: int) -> Iterator[str]:
    left = INDENT + column + 2
    for name, text in rows:
        lines = [line.strip() for line in wrapped(text, WIDTH - left)]
        head = " " * INDENT + name
        if width(head) + 2 > left:
            yield head
            head = ""
        for number, line in enumerate(lines or [""]):
            before = head if number == 0 else ""
            yield (before + " " * (left - width(before)) + line).rstrip()


def _words(text: str) -> Iterator[str]:
    """Pieces that stay on one line: words of Latin letters, single Chinese characters."""
    word = ""
    for letter in text:
        if letter == " " or full(letter):
            if word:
                yield word
            word = ""
            yield letter
        else:
            word += letter
    if word:
        yield word
