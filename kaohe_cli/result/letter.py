"""A circular or a reply held against the one made anew, by its figures: its words are the office's. Pure.

What has to be the same: every cell of the table of points and places; and in each paragraph that says such things the
numbers, grades and names of units in their order. Paragraphs may be joined, parted, added and worded anew.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.naming import plain_name, readable
from kaohe_cli.result.compare import MOST
from kaohe_cli.scheme.normalise import quoted
from kaohe_cli.sheet.bounds import LARGE_LIMITS, Budget, Refused
from kaohe_cli.sheet.parts import Attributes, open_package

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
DOCUMENT = "word/document.xml"
PROVISIONAL = "暂定"
LEFT_OPEN = "—"  # in the column of grades: left to the office

Row = tuple[str, ...]  # the texts of its cells
Facts = tuple[str, ...]  # numbers, grades, names of units


class Letter(Struct, frozen=True):
    """The texts of a document."""

    file: str
    paragraphs: tuple[str, ...]  # outside its tables
    tables: tuple[tuple[Row, ...], ...]


class ComparedLetters(Struct, frozen=True):
    """What came of holding two circulars against each other."""

    cells: int
    facts: int
    problems: tuple[Problem, ...]


def read_letter(path: Path) -> tuple[Letter | None, tuple[Problem, ...]]:
    """The texts of the document at ``path``; None, with the reason, where it cannot be read."""
    try:
        if not path.is_file():  # opening a pipe would wait for ever
            return None, (problem("KH017", file=path.name, found="不是普通文件"),)
        with path.open("rb") as file:
            data = file.read(LARGE_LIMITS.file + 1)
    except OSError as error:
        return None, (problem("KH017", file=path.name, found=error.strerror or "读取失败"),)
    if len(data) > LARGE_LIMITS.file:
        limit = f"{LARGE_LIMITS.file / (1 << 20):,.0f}"
        return None, (problem("KH002", file=path.name, found=f"{len(data) / (1 << 20):,.1f}", expected=limit),)
    return letter(data, readable(path.name))


def letter(data: bytes, file: str) -> tuple[Letter | None, tuple[Problem, ...]]:
    """The texts of the document whose bytes are ``data``; None, with the reason, where it cannot be read."""
    reading = _Reading()
    try:
        package = open_package(BytesIO(data), Budget(LARGE_LIMITS.within(len(data))))
        package.parse(DOCUMENT, reading.start, reading.end, reading.text)
    except Refused as refused:
        return None, (problem(refused.code, file=file, **refused.words),)
    return Letter(file, tuple(reading.paragraphs), tuple(map(tuple, reading.tables))), ()


class _Reading:
    """The texts of a document as they are met; what is nested in a cell or a paragraph counts by itself or with it."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.tables: list[list[Row]] = []
        self._row: list[str] = []
        self._open: list[list[str]] = []  # texts of the cells and paragraphs around
        self._deep = 0  # tables around
        self._said = False

    def start(self, tag: str, _: Attributes) -> None:
        name = tag.removeprefix(WORD)
        self._said = name == "t"
        if name == "tbl":
            self._deep += 1
            if self._deep == 1:
                self.tables.append([])
        elif name == "tr" and self._deep == 1:
            self._row = []
        elif self._is_text(name):
            self._open.append([])

    def end(self, tag: str) -> None:
        name = tag.removeprefix(WORD)
        self._said = False
        if name == "tbl":
            self._deep -= 1
        elif name == "tr" and self._deep == 1:
            self.tables[-1].append(tuple(self._row))
        elif self._is_text(name):
            (self.paragraphs if name == "p" else self._row).append("".join(self._open.pop()))

    def text(self, data: str) -> None:
        if self._said and self._open:
            self._open[-1].append(data)

    def _is_text(self, name: str) -> bool:
        return (name == "tc" and self._deep == 1) or (name == "p" and not self._deep)


def compare_letters(
    found: Letter, expected: Letter, units: Collection[str], grades: Collection[str]
) -> ComparedLetters:
    """``found`` held against ``expected``, a draft made anew that tells of ``units`` and ``grades`` by name.

    Differences are KH946. How a veto is told is for the office to say.
    """
    table = expected.tables[0]
    same = next((each for each in found.tables if each[:1] == table[:1]), None)
    cells = [*_cells(found, same or next(iter(found.tables), ()), table)]
    wanted, held = (_facts(each, units, grades) for each in (expected, found))
    problems = [*cells, *_sentences("KH946", found.file, held, wanted)]
    more = len(problems) - MOST
    told = (problem("KH035", file=found.file, found=f"{more:,}", expected="KH946"),) if more > 0 else ()
    return ComparedLetters(sum(map(len, table)), sum(map(len, wanted)), (*problems[:MOST], *told))


def compare_replies(
    found: Letter, expected: Letter, units: Collection[str], grades: Collection[str]
) -> ComparedLetters:
    """As :func:`compare_letters`, a reply, which has no table; differences are KH412."""
    wanted, held = (_facts(each, units, grades) for each in (expected, found))
    return ComparedLetters(0, sum(map(len, wanted)), tuple(_sentences("KH412", found.file, held, wanted)))


def _cells(found: Letter, held: Sequence[Row], wanted: Sequence[Row]) -> Iterator[Problem]:
    for row in range(max(len(held), len(wanted))):
        own, should = (table[row] if row < len(table) else () for table in (held, wanted))
        for column in range(max(len(own), len(should))):
            text, expected = (line[column] if column < len(line) else "" for line in (own, should))
            if expected == LEFT_OPEN and column == len(should) - 1:
                continue
            if _bare(text) != _bare(expected):
                where = f"附件表第 {row + 1} 行第 {column + 1} 列"
                yield problem(
                    "KH946",
                    file=found.file,
                    what=where,
                    found=quoted(text) or "空白",
                    expected=quoted(expected) or "空白",
                )


def _facts(letter: Letter, units: Collection[str], grades: Collection[str]) -> list[Facts]:
    """What each paragraph that says any such thing says."""
    names = sorted({_bare(name) for name in (*units, *grades, PROVISIONAL)}, key=len, reverse=True)
    pattern = re.compile("|".join((*map(re.escape, names), r"\d+(?:\.\d+)?")))
    return [facts for each in letter.paragraphs if (facts := tuple(pattern.findall(_bare(each))))]


def _sentences(code: str, file: str, held: Sequence[Facts], wanted: Sequence[Facts]) -> Iterator[Problem]:
    for kind, first, last, begin, end in SequenceMatcher(None, held, wanted, autojunk=False).get_opcodes():
        if kind in ("equal", "delete"):  # what people added is theirs
            continue
        own = [fact for facts in held[first:last] for fact in facts]
        for facts in wanted[begin:end]:
            if not any(tuple(own[at : at + len(facts)]) == facts for at in range(len(own) - len(facts) + 1)):
                said = quoted(" ".join(own)) or "没有"
                yield problem(code, file=file, what="正文", found=said, expected=quoted(" ".join(facts)))


def _bare(text: str) -> str:
    """A text without spaces, and its letters and brackets those of ASCII where there are such."""
    return plain_name("".join(unicodedata.normalize("NFKC", text).split()))
