"""材料登记: what came beside the returns, what is still to come, and what units name as evidence."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from kaohe_cli.assess.attached import AttachedFile, MaterialKind, Mention, counted, registrations
from kaohe_cli.ledger.original import Recorder
from kaohe_cli.ledger.record import MATERIALS, Ledger
from kaohe_cli.ledger.situation import CAME
from kaohe_cli.model import Attachment, Unit
from kaohe_cli.paper.column import TableColumn, TableColumns, table_rows
from kaohe_cli.paper.workbook import Paper
from kaohe_cli.scheme.normalise import LONGEST
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell
from kaohe_cli.sheet.table import Tabular, written

EVIDENCE = "佐证材料"
KINDS: Mapping[MaterialKind, str] = {"evidence": EVIDENCE, "other": "其他"}  # of what the notice does not ask for
MATCHED, UNMATCHED, ABSENT, UNREAD, EMPTY = "已对应", "未对应", "缺", "未能读取", "空文件"
SAID = (
    "随考核表收到的文件，只登记，不打开；大小和 SHA-256 用来核对以后拿出的是不是同一份。"
    "“缺”的请向单位催要；“未对应”的请人工核对。"
)


class MaterialRow(Struct, frozen=True):
    """A file that came, or something that did not."""

    unit: Unit
    kind: str
    state: str
    attachment: Attachment | None = None  # None: no file
    file: str = ""  # as the unit names one that is not there
    said: str = ""  # 佐证材料 that mean it, in words


def _size(cell: Cell | None) -> int | None:
    text = written(cell)
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None


MaterialColumn = TableColumn[MaterialRow, str]
CODE: MaterialColumn = TableColumn("单位代码", 10, "centre", write=lambda each: each.unit.code, needed=True)
NAME: MaterialColumn = TableColumn("单位", 18, "wrap middle", write=lambda each: each.unit.name)
KIND: MaterialColumn = TableColumn("类别", 14, "wrap middle", write=lambda each: each.kind)
FILE: MaterialColumn = TableColumn(
    "文件", 40, "wrap middle", write=lambda each: each.attachment.file if each.attachment else each.file, needed=True
)
STATE: MaterialColumn = TableColumn("状态", 10, "centre", write=lambda each: each.state)
MENTIONS: MaterialColumn = TableColumn("“佐证材料”栏所填", 44, "wrap middle", write=lambda each: each.said)
SIZE: TableColumn[MaterialRow, int | None] = TableColumn(
    "大小（字节）",
    14,
    "whole",
    write=lambda each: each.attachment.size if each.attachment else None,
    read=_size,
    needed=True,
)
DIGEST: MaterialColumn = TableColumn(
    "SHA-256", 36, "wrap quiet", write=lambda each: each.attachment.sha256 if each.attachment else None, needed=True
)
COLUMNS = TableColumns(MATERIALS, (CODE, NAME, KIND, FILE, STATE, MENTIONS, SIZE, DIGEST))


def rows(scheme: Scheme, ledger: Ledger) -> Iterator[MaterialRow]:
    """All that is to be told, unit by unit: what the notice asks for, files, evidence without one."""
    for held in registrations(scheme, ledger.cases, ledger.materials).values():
        unit = held.unit
        said = {each.measure: f"{scheme.measures[each.measure].title}：{each.said}" for each in held.mentions}
        files = sorted(held.files, key=lambda each: _rank(scheme, each))
        yield from (MaterialRow(unit, title, ABSENT) for title in held.lacking)
        for each in files:
            words = "\n".join(said[measure] for measure in each.measures)
            kind = each.title or KINDS[each.kind]
            yield MaterialRow(unit, kind, _state(each), each.attachment, said=words)
        for mention in held.mentions:
            yield from _without_file(unit, mention, said[mention.measure])


def _rank(scheme: Scheme, each: AttachedFile) -> tuple[int, bool]:
    """What the notice asks for comes first, then what is evidence."""
    asked = scheme.asked_materials
    return asked.index(each.title) if each.title in asked else len(asked), not each.measures


def _state(each: AttachedFile) -> str:
    if not each.attachment.sha256:
        return UNREAD
    if not each.attachment.size:
        return EMPTY
    return CAME if each.title else MATCHED if each.measures else UNMATCHED


def _without_file(unit: Unit, mention: Mention, said: str) -> Iterator[MaterialRow]:
    for file in mention.missing:
        yield MaterialRow(unit, EVIDENCE, ABSENT, file=file, said=said)
    if not mention.missing and not mention.found:
        yield MaterialRow(unit, EVIDENCE, UNMATCHED, said=said)


def write(paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder) -> None:
    """The sheet; none where there is nothing to list, and nothing was asked for."""
    listed = tuple(rows(scheme, ledger))
    if not listed and not scheme.asked_materials:
        return
    recorder.listed(COLUMNS, listed)
    sheet = paper.sheet(MATERIALS)
    paper.put(sheet, 0, 0, SAID, "bare")
    paper.table(sheet, COLUMNS.columns, map(COLUMNS.contents, listed), top=1, freeze=2, tall=COLUMNS.tall)


def said(scheme: Scheme, ledger: Ledger) -> tuple[str, ...]:
    """What came, in a sentence; none where nothing did."""
    return tuple(f"另{each}。" for each in counted(scheme, ledger.cases, ledger.materials))


def read(table: Tabular) -> tuple[Attachment, ...]:
    """The files that were registered."""
    return tuple(
        Attachment(row[CODE], row[FILE], size, row[DIGEST])
        for row in table_rows(table)
        if (size := row[SIZE]) is not None and row[FILE]
    )
