"""程序记录: in a very hidden sheet, row by row, all that the program wrote, and what people had typed by then.

It is what counts: what stands in the sheets that people work in is compared with it (authentic.py).
"""

import hashlib
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Self, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.ledger.former import as_now
from kaohe_cli.ledger.record import ORIGINAL, SITUATION, RowKey
from kaohe_cli.paper.column import TableColumns
from kaohe_cli.paper.workbook import LONGEST_TEXT, Contents, Paper, text_of
from kaohe_cli.points import number
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.table import SheetRow

R = TypeVar("R")

NOTE = "本表由程序写入，用来核对各表有无改动。请勿改动、删除。"
HEAD, FACT, END = "表头", "记事", "校验"
ROSTER, LOOKS = "单位名单", "格式"  # facts that belong to no sheet
MERGED, MERGED_TITLES = "已并入", ("SHA-256", "文件", "评分")  # a list that is in no sheet
ASIDE, ASIDE_TITLES = "未采用", ("SHA-256", "文件")  # files of which nothing counts; a list only where there are any
IN_MEMORY = 1 << 22  # bytes of lines until they go to a file
UNSEEN = re.compile("[^\u0020-\u007e\u3000-\u303f\u4e00-\u9fff\uff01-\uffee]")  # what a program may drop or change


class Kept(Struct, frozen=True, array_like=True):
    """A cell that a person filled in."""

    kind: str  # name of its CellKind
    text: str
    percent: bool = False


class WrittenRow(Struct, frozen=True, array_like=True):
    """One row as it was written."""

    sheet: str
    code: str  # of the unit; empty: of none
    id: str  # criterion or figure; the number of a row in a list; HEAD: the titles of the columns
    texts: tuple[str, ...]  # of the program's columns, in the order of their titles
    typed: dict[str, Kept] = {}  # by title: what people had filled in

    @property
    def cells(self) -> dict[str, Cell]:
        """What people had filled in."""
        return as_now({title: _cell(kept) for title, kept in self.typed.items()})


class SheetOriginal(Struct, frozen=True):
    """One sheet as it was written."""

    titles: tuple[str, ...]
    rows: dict[tuple[str, str], int]  # code and id → :func:`mark`, in the order in which they were written


class Original(Struct, frozen=True):
    """The ledger as it was written: marks of its rows, whose texts are read again where they are asked for."""

    path: Path
    sheets: Mapping[str, SheetOriginal]
    names: Mapping[str, str]  # code of each unit → name, in the order of the roster
    typed: Mapping[RowKey, Mapping[str, Cell]]
    lists: Mapping[str, tuple[tuple[str, ...], ...]]  # sheets that belong to no unit, and facts → their rows

    def lines(self, sheet: str, keys: Collection[tuple[str, str]]) -> Iterator[WrittenRow]:
        """The rows of ``sheet`` with these codes and ids."""
        if keys:
            for line in _lines(reader.SheetRows(self.path, ORIGINAL)):
                if line.sheet == sheet and (line.code, line.id) in keys:
                    yield line

    def fact(self, name: str) -> tuple[str, ...]:
        """What was taken down under ``name``; nothing where it was not."""
        return next(iter(self.lists.get(name, ())), ())


def mark(texts: Iterable[str]) -> int:
    """What tells one row of texts from another, as long as the program runs."""
    return hash(tuple(texts))


class Recorder:
    """Takes down what is written into the sheets, and writes it as a sheet of its own. Used in a with block."""

    def __init__(self) -> None:
        self._lines = tempfile.SpooledTemporaryFile(IN_MEMORY, prefix="kaohe-")  # noqa: SIM115  # closed on exit
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def head(self, sheet: str, titles: Iterable[str]) -> None:
        """Begin a sheet with the titles of the program's columns."""
        self._add(WrittenRow(sheet, "", HEAD, tuple(titles)))

    def row(self, sheet: str, code: str, id: str, own: Contents, typed: Mapping[str, Cell]) -> None:
        """A row: what the program writes into its columns, and what was typed beside it."""
        kept = {title: _kept(cell) for title, cell in typed.items()}
        self._add(WrittenRow(sheet, code, id, tuple(map(text_of, own)), kept))

    def listed(self, columns: TableColumns[R], records: Iterable[R]) -> None:
        """A whole sheet that belongs to no unit."""
        self.head(columns.sheet, (column.title for column in columns.columns))
        for count, record in enumerate(records):
            self.row(columns.sheet, "", str(count), columns.contents(record), {})

    def fact(self, name: str, texts: Iterable[str]) -> None:
        """Something that belongs to no sheet."""
        self._add(WrittenRow(name, "", FACT, tuple(texts)))

    def write(self, paper: Paper) -> None:
        """Write the sheet; nothing can be taken down after it."""
        sheet = paper.sheet(ORIGINAL)
        sheet.very_hidden()
        paper.put(sheet, 0, 0, NOTE, "")
        self._lines.seek(0)
        row = 0
        for row, line in enumerate(self._lines, 1):
            _put(paper, sheet, row, line.decode())
        end = msgspec.json.encode(WrittenRow("", "", END, (self._digest.hexdigest(),)))
        _put(paper, sheet, row + 1, end.decode())

    def _add(self, line: WrittenRow) -> None:
        said = UNSEEN.sub(_escaped, msgspec.json.encode(line).decode()).encode() + b"\n"
        self._digest.update(said)
        self._lines.write(said)


def _escaped(found: re.Match[str]) -> str:
    """A letter as JSON writes it in letters that no program drops."""
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _put(paper: Paper, sheet: object, row: int, line: str) -> None:
    """Write one line over as many cells as it needs."""
    line, most = line.rstrip("\n"), LONGEST_TEXT // 2
    for column, start in enumerate(range(0, len(line), most)):
        paper.put(sheet, row, column, line[start : start + most], "")


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────


def read_original(path: Path, needed: Collection[str], live: Collection[str]) -> Original | None:
    """What the program wrote into the ledger at ``path``; None where there is no record of it, or not as it was.

    It must tell of the sheets ``needed``. Columns of the titles ``live`` are not among what rows are told apart by.
    """
    sheets: dict[str, SheetOriginal] = {}
    names: dict[str, str] = {}
    typed: dict[RowKey, Mapping[str, Cell]] = {}
    lists: dict[str, list[tuple[str, ...]]] = {}
    fixed: Sequence[int] = ()
    rows = reader.SheetRows(path, ORIGINAL)
    try:
        for line in _lines(rows):
            if line.id == HEAD:
                sheets[line.sheet] = SheetOriginal(line.texts, {})
                fixed = [at for at, title in enumerate(line.texts) if title not in live]
            elif line.id == FACT:
                lists[line.sheet] = [line.texts]
            elif len(line.texts) != len(sheets[line.sheet].titles):
                raise Broken
            elif not line.code:
                lists.setdefault(line.sheet, []).append(line.texts)
            else:
                if line.sheet == SITUATION:
                    names[line.code] = line.texts[sheets[SITUATION].titles.index("单位")]
                sheets[line.sheet].rows[line.code, line.id] = mark(line.texts[at] for at in fixed)
                if line.typed:
                    typed[line.sheet, line.code, line.id] = line.cells
    except (Broken, LookupError, ValueError):
        return None
    if any(each.severity == "error" for each in rows.problems) or not (names and sheets.keys() >= {*needed}):
        return None
    original = Original(path, sheets, names, typed, {name: tuple(found) for name, found in lists.items()})
    roster = {code: names[code] for code in original.fact(ROSTER) if code in names}
    return replace(original, names=roster | names)  # whatever the order of the rows


class Broken(Exception):
    """The record is not as it was written."""


def _lines(rows: Iterable[SheetRow]) -> Iterator[WrittenRow]:
    """The lines of the record; raises Broken where they are not those that were written."""
    decode, digest = msgspec.json.Decoder(WrittenRow).decode, hashlib.sha256()
    last = None
    for row, cells in rows:
        if row == 1:
            continue
        text = "".join(str(cell.value) for _, cell in sorted(cells.items())).encode("utf-8", "replace")
        if last is not None:
            raise Broken
        try:
            line = decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise Broken from error
        if line.id == END and not line.sheet:
            last = line
        else:
            digest.update(text + b"\n")
            yield line
    if last is None or last.texts != (digest.hexdigest(),):
        raise Broken


def _kept(cell: Cell) -> Kept:
    value = cell.value
    if isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, Decimal):
        text = format(value, "f")
    else:
        text = "" if value is None else str(value)
    return Kept(cell.kind.name, text.encode("utf-8", "replace").decode(), cell.percent)


def _cell(kept: Kept) -> Cell:
    """The cell as it was; ValueError or LookupError where no cell can be that."""
    kind = CellKind[kept.kind]
    value: Decimal | str | date | bool | None = kept.text
    if kind is CellKind.NUMBER:
        value = number(kept.text)
        if value is None:
            raise ValueError(kept.text)
    elif kind is CellKind.DATE:
        value = date.fromisoformat(kept.text)
    elif kind is CellKind.LOGICAL:
        value = kept.text == "True"
    elif kind is CellKind.UNCOMPUTED:
        value = None
    return Cell(kind, value, percent=kept.percent)
