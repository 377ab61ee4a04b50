"""Help texts: laid out for 80 columns where a Chinese character counts two. Plain text, so that help is quick."""

import re
from collections.abc import Iterator, Mapping, Sequence

from kaohe_cli.extent import width

WIDTH = 80
INDENT = 2
WIDEST = 26  # columns of what is typed that others are lined up with
WORD = re.compile("[^ \u0100-\U0010ffff]+|.")  # what stays on one line: a Latin word, a Chinese character
# closing punctuation never begins a line
CLOSING = "，。；：、！？）》”』】％%"

HelpRow = tuple[str, str]  # what is typed, what it does


def help_text(usage: str, purpose: str, tables: Mapping[str, Sequence[HelpRow]], closing: Sequence[str] = ()) -> str:
    """The help of the program or of a command: what it does, tables of what may be typed, and what is said at last."""
    lines = [f"用法：{usage}", ""]
    for paragraph in purpose.strip().split("\n"):
        lines += list(wrapped(paragraph.strip(), WIDTH, INDENT if paragraph.startswith("  ") else 0)) or [""]
    column = min(max((width(name) for rows in tables.values() for name, _ in rows), default=0), WIDEST)
    for title, rows in tables.items():
        if rows:
            lines += ["", f"{title}：", *_rows(rows, column)]
    if closing:
        lines += ["", *(line for text in closing for line in wrapped(text, WIDTH))]
    return "\n".join(lines)


def wrapped(text: str, most: int, indent: int = 0) -> Iterator[str]:
    """``text`` in lines of at most ``most`` columns, broken between words and Chinese characters."""
    line, used = " " * indent, indent
    for word in WORD.findall(text):
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
        for line in lines or [""]:
            yield (head + " " * (left - width(head)) + line).rstrip()
            head = ""
