"""The one door: what is read, what is refused and in which words, and what a hostile file may cost."""

import io
import json
import os
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from amounts import slowness
from hostile import (
    HOSTILE,
    STRANGERS,
    biff,
    compound,
    number_record,
    opendocument,
    opendocument_number,
    opendocument_parts,
    record,
    row,
    workbook,
    workbook_parts,
    zipped,
)

from kaohe_cli.catalogue import CATALOGUE
from kaohe_cli.sheet import parts, reader
from kaohe_cli.sheet.book import Book, Cell, CellKind

ONE = Cell(CellKind.NUMBER, Decimal(1))

MEASURE = """
import json, sys, time
from pathlib import Path
from kaohe_cli.sheet import reader
start = time.process_time()
book, problems = reader.read_workbook(Path(sys.argv[1]))
spent = time.process_time() - start
try:
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
except OSError:
    peak = 0
cell = book.sheets[0].cells.get((1, 1)) if book else None
print(json.dumps({
    "codes": sorted({problem.code for problem in problems}), "seconds": spent, "mebibytes": int(peak) / 1024,
    "read": book is not None, "first": str(cell.value) if cell else None,
}))
"""

# Files of which something is read, whose first cell is not the healthy 1.
FIRST_CELL = {
    "repeated_rows.ods": "7", "spaces.ods": None, "spaces_in_many_cells.ods": None, "number_NaN.ods": "NaN",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_ends_in_its_message_within_time_and_memory(name: str, tmp_path: Path) -> None:
    make, codes = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, timeout=60, check=False,
        cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert tuple(seen["codes"]) == codes
    assert seen["seconds"] < 5 * slowness()
    assert seen["mebibytes"] < 300
    refused = any(CATALOGUE[code].severity == "error" and code != "KH031" for code in codes)
    assert seen["read"] is not refused
    if not refused and FIRST_CELL.get(name, "1") is not None:
        assert seen["first"] == FIRST_CELL.get(name, "1")


@pytest.mark.parametrize("name", STRANGERS)
def test_file_that_is_no_readable_workbook_is_told_what_it_is(name: str, tmp_path: Path) -> None:
    make, code = STRANGERS[name]
    path = tmp_path / name
    path.write_bytes(make())
    book, problems = reader.read_workbook(path)
    assert book is None
    assert [problem.code for problem in problems] == [code]
    assert problems[0].file == name
    assert problems[0].fix


def test_every_code_of_files_is_shown_by_a_file() -> None:
    shown = {code for _, codes in HOSTILE.values() for code in codes} | {code for _, code in STRANGERS.values()}
    elsewhere = {
        "KH017",
        "KH019",
        "KH020",
        "KH021",
        "KH022",
        "KH023",
        "KH024",
        "KH025",
        "KH026",
        "KH027",
        "KH028",
        "KH029",
        "KH036",
        "KH038",
        "KH039",
        "KH040",
        "KH050",
        "KH051",
        "KH052",
        "KH053",
        "KH054",
        "KH055",
    }  # by tests of their own
    listed = {code for code in CATALOGUE if code.startswith("KH0")}
    assert len(listed) > 25
    assert shown | elsewhere == listed


def test_extension_does_not_matter(tmp_path: Path) -> None:
    for data, container in (
        (workbook(), "xlsx"),
        (biff(number_record(0, 0, 1)), "xls"),
        (compound({"Workbook": biff(number_record(0, 0, 1))}), "xls"),
        (opendocument(f"<table:table-row>{opendocument_number('1')}</table:table-row>"), "ods"),
    ):
        for name in ("表.xlsx", "表.xls", "表.et", "表.ods", "表", "表.txt"):
            path = tmp_path / name
            path.write_bytes(data)
            book, problems = reader.read_workbook(path)
            assert (book and book.container, problems) == (container, ())
            assert book is not None
            assert book.sheets[0].cells == {(1, 1): ONE}
            assert (book.file, book.size) == (name, len(data))


def test_only_the_sheets_asked_for_are_read() -> None:
    parts = workbook_parts(
        workbook=str(workbook_parts()["xl/workbook.xml"]).replace(
            "</sheets>", '<sheet name="表二" sheetId="2" state="veryHidden" r:id="rId1"/></sheets>'
        )
    )
    data = zipped(parts.items())
    both, _ = reader.read_bytes(data, "表.xlsx")
    assert both is not None
    assert [(sheet.name, sheet.hidden) for sheet in both.sheets] == [("表一", False), ("表二", True)]
    one, _ = reader.read_bytes(data, "表.xlsx", sheets=["表二"])
    assert one is not None
    assert [sheet.name for sheet in one.sheets] == ["表二"]
    none, problems = reader.read_bytes(data, "表.xlsx", sheets=["表三"])
    assert none is not None
    assert (none.sheets, problems) == ((), ())


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.xlsx", tmp_path):
        book, problems = reader.read_workbook(path)
        assert book is None
        assert [problem.code for problem in problems] == ["KH017"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道.xlsx")
    assert [problem.code for problem in reader.read_workbook(tmp_path / "管道.xlsx")[1]] == ["KH017"]


def test_many_alike_problems_are_told_twenty_times_and_counted() -> None:
    rows = "".join(row(f'<c r="B{n}"><v>NaN</v></c>', n) for n in range(1, 101))
    book, problems = reader.read_bytes(workbook(rows), "表.xlsx")
    assert book is not None
    assert len(book.sheets[0].cells) == 100
    assert [problem.code for problem in problems] == ["KH031"] * 20 + ["KH035"]
    assert problems[0].where == "表.xlsx 表一!B1"
    assert problems[-1].found == "80"
    assert {cell.kind for cell in book.sheets[0].cells.values()} == {CellKind.ERROR}


# ── Never for ever ──────────────────────────────────────────────────────────────────────────────────────────────────


def ended_early(data: bytes, behind: bytes, name: str) -> bytes:
    """``data`` whose part ``name`` has ``behind`` behind the end of its stream; its directory tells of one piece."""
    members = {member.name: member for member in parts.directory(io.BytesIO(data), 500)}
    member = members[name]
    start = member.offset + 30 + len(member.raw)
    tail = data.index(b"PK\1\2")
    made = bytearray(data[: start + member.packed] + behind + data[start + member.packed : tail])
    shift = len(behind)
    struct.pack_into("<I", made, member.offset + 18, member.packed + shift)
    listed = bytearray(data[tail:])
    at = 0
    while listed[at : at + 4] == b"PK\1\2":
        length, extra, comment = struct.unpack_from("<HHH", listed, at + 28)
        packed, offset = struct.unpack_from("<I", listed, at + 20)[0], struct.unpack_from("<I", listed, at + 42)[0]
        if bytes(listed[at + 46 : at + 46 + length]) == member.raw:
            struct.pack_into("<I", listed, at + 20, packed + shift)
        elif offset > member.offset:
            struct.pack_into("<I", listed, at + 42, offset + shift)
        at += 46 + length + extra + comment
    struct.pack_into("<I", listed, at + 16, tail + shift)
    return bytes(made + listed)


LARGE = "".join(row(f'<c r="A{n}"><v>{n * 7919 % 9973}</v></c>', n) for n in range(1, 5_001)) + " " * 400_000
LARGE_ODS = "".join(f"<table:table-row>{opendocument_number(str(n))}</table:table-row>" for n in range(3_000))


@pytest.mark.parametrize("behind", [b"x", b"\0" * 10, bytes(range(256)) * 2_000])
@pytest.mark.parametrize(
    ("data", "name"),
    [(workbook(LARGE), "xl/worksheets/sheet1.xml"), (opendocument(LARGE_ODS + " " * 400_000), "content.xml")],
    ids=["xlsx", "ods"],
)
def test_a_stream_that_ends_before_its_bytes_do_is_damaged(data: bytes, name: str, behind: bytes) -> None:
    """Its part unpacks to more than is handed on in one go: unpacking went on for ever."""
    made = ended_early(data, behind, name)
    assert zipfile.ZipFile(io.BytesIO(made)).getinfo(name).file_size > 1 << 18
    book, problems = reader.read_bytes(made, "表")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]
    assert reader.read_bytes(data, "表")[0] is not None


@pytest.mark.parametrize(
    "data",
    [
        workbook(LARGE), opendocument(LARGE_ODS), biff(number_record(0, 0, 1) + record(1) * 300),
        compound({"Workbook": biff(number_record(0, 0, 1))}),
    ],
    ids=["xlsx", "ods", "stream", "xls"],
)  # fmt: skip
def test_a_file_that_takes_too_long_is_given_up(data: bytes) -> None:
    book, problems = reader.read_bytes(data, "表", reader.Limits(seconds=-1.0))
    assert book is None
    assert [(problem.code, problem.file) for problem in problems] == [("KH019", "表")]


def test_a_part_without_a_name_is_passed_over() -> None:
    made = zipped([*workbook_parts().items(), ("x", "")])
    at = made.rindex(b"PK\1\2")
    nameless = bytearray(made[: at + 46] + made[at + 47 :])
    struct.pack_into("<H", nameless, at + 28, 0)
    struct.pack_into("<I", nameless, len(nameless) - 10, len(nameless) - 22 - made.index(b"PK\1\2"))
    book, problems = reader.read_bytes(bytes(nameless), "表.xlsx")
    assert not problems
    assert book is not None
    assert book.sheets[0].cells == {(1, 1): ONE}


def test_every_turn_of_unpacking_costs_even_where_nothing_comes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second line: were there a way to unpack nothing for ever, the budget would end it."""

    def nothing(*_: object) -> Iterator[bytes]:
        while True:
            yield b""

    monkeypatch.setattr(parts, "_inflated", nothing)
    book, problems = reader.read_bytes(workbook(), "表", reader.Limits(steps=1_000))
    assert book is None
    assert [problem.code for problem in problems] == ["KH003"]


def test_a_small_file_may_cost_no_more_than_a_return_whatever_it_is_read_as() -> None:
    small, large = reader.LARGE_LIMITS.within(100_000), reader.LARGE_LIMITS.within(100 << 20)
    returned = reader.USUAL_LIMITS
    assert (small.inflated, small.cells, small.steps) == (returned.inflated, returned.cells, returned.steps)
    assert (large.inflated, large.cells, large.steps) == (1024 << 20, 8_000_000, 60_000_000)
    assert returned.within(20 << 20) == returned


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_are_those_of_the_whole(tmp_path: Path) -> None:
    body = "".join(
        row(f'<c r="A{n}"><v>{n}</v></c><c r="C{n}" t="s"><v>{n % 2}</v></c>', n) for n in range(1, 20_001) if n % 7
    )
    path = tmp_path / "底稿.xlsx"
    path.write_bytes(workbook(body))
    rows = reader.SheetRows(path, "表一")
    seen = {(number, column): cell for number, found in rows for column, cell in found.items()}
    book, _ = reader.read_workbook(path, reader.LARGE_LIMITS)
    assert book is not None
    assert len(seen) > 30_000
    assert seen == book.sheets[0].cells
    assert list(seen) == sorted(seen)
    assert rows.problems == ()


@pytest.mark.parametrize(
    "data",
    [
        biff(number_record(1, 0, 1)),
        opendocument(f"<table:table-row/><table:table-row>{opendocument_number('1')}</table:table-row>"),
    ],
    ids=["xls", "ods"],
)
def test_rows_of_other_workbooks(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "底稿"
    path.write_bytes(data)
    book, _ = reader.read_workbook(path)
    assert book is not None
    assert list(reader.SheetRows(path, book.sheets[0].name)) == [(2, {1: ONE})]


def test_rows_of_a_damaged_sheet_are_not_handed_on(tmp_path: Path) -> None:
    body = "".join(row(f'<c r="A{n}"><v>{n}</v></c>', n) for n in range(1, 20_001))
    data = bytearray(workbook(body))
    at = data.rindex(b"PK\x01\x02")
    data[at + 16] ^= 1  # the checksum of the last part, which is the sheet
    path = tmp_path / "底稿.xlsx"
    path.write_bytes(data)
    rows = reader.SheetRows(path, "表一")
    assert list(rows) == []
    assert [problem.code for problem in rows.problems] == ["KH013"]


def test_rows_out_of_order_are_told(tmp_path: Path) -> None:
    body = "".join(row(f'<c r="A{n}"><v>{n}</v></c>', n) for n in range(20_000, 0, -1))
    path = tmp_path / "底稿.xlsx"
    path.write_bytes(workbook(body))
    rows = reader.SheetRows(path, "表一")
    assert len(list(rows)) < 20_000
    assert [problem.code for problem in rows.problems] == ["KH013"]


def test_rows_of_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    for name, data in (("a.xlsx", workbook()), ("a.xls", biff(b"")), ("a.ods", opendocument(""))):
        path = tmp_path / name
        path.write_bytes(data)
        rows = reader.SheetRows(path, "评分明细")
        assert list(rows) == []
        assert [problem.code for problem in rows.problems] == ["KH036"]


# ── Damage ──────────────────────────────────────────────────────────────────────────────────────────────────────────

CELLS = (
    row('<c r="A1" t="s"><v>0</v></c><c r="B1"><v>12.5</v></c><c r="C1" s="1"><v>0.95</v></c>')
    + row('<c r="A2" t="s"><v>1</v></c><c r="B2" s="2"><v>39400</v></c><c r="C2"><f>1+1</f><v>2</v></c>', 2)
    + row('<c r="A3" t="inlineStr"><is><r><t>丙</t></r><rPh><t>x</t></rPh></is></c><c r="B3" t="b"><v>1</v></c>', 3)
    + row('<c r="A4" t="e"><v>#N/A</v></c><c r="B4"><f>1</f></c>', 4)
)
ODS_CELLS = "".join(
    f"<table:table-row>{opendocument_number(str(n))}"
    f'<table:table-cell office:value-type="string"><text:p>文字{n}</text:p></table:table-cell>'
    '<table:table-cell office:value-type="date" office:date-value="2007-11-15"/></table:table-row>'
    for n in range(12)
)


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """``data`` with a few bytes changed, a stretch cut out, doubled or overwritten, or its end lost."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5, 20))):
        at, length = chance.randrange(len(made)), chance.randrange(1, 64)
        how = chance.randrange(8)
        if how < 4:
            made[at] = chance.randrange(256)
        elif how == 4:
            del made[max(at, 8) : at + length]
        elif how == 5:
            made[at:at] = made[at : at + length]
        elif how == 6:
            made[at : at + length] = chance.randbytes(length)
        else:
            del made[max(at, 8) :]
    return bytes(made)


def values(book: Book | None) -> list[tuple[str, dict[tuple[int, int], Cell]]] | None:
    return book and [(sheet.name, dict(sheet.cells)) for sheet in book.sheets]


@pytest.mark.parametrize(
    ("name", "data"), [("表.xlsx", workbook(CELLS)), ("表.ods", opendocument(ODS_CELLS))], ids=["xlsx", "ods"]
)
def test_a_damaged_container_never_yields_a_wrong_value(name: str, data: bytes) -> None:
    chance = random.Random(2007)
    whole, problems = reader.read_bytes(data, name)
    right = values(whole)
    assert right
    assert not problems
    refused = 0
    for _ in range(2_000):
        book, problems = reader.read_bytes(spoiled(data, chance), name)
        if book is None:
            refused += 1
            assert problems
            assert problems[0].severity == "error"
        else:
            assert values(book) == right
    assert 500 < refused < 2_000


def test_a_damaged_older_workbook_never_fails_the_program() -> None:
    texts = b"".join(
        struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in ("上城区", "工业销售产值", "长" * 300)
    )
    strings = record(0xFC, struct.pack("<II", 3, 3) + texts[:401]) + record(0x3C, b"\1" + texts[401:])
    cells = b"".join(
        number_record(n, 0, n * 1.5) + record(0xFD, struct.pack("<HHHI", n, 1, 0, n % 3)) for n in range(40)
    )
    data = compound({"Workbook": biff(cells, strings=strings), "Other": b"x" * 5000})
    whole, problems = reader.read_bytes(data, "表.xls")
    assert whole is not None
    assert len(whole.sheets[0].cells) == 80
    assert not problems
    chance = random.Random(2007)
    refused = 0
    for _ in range(2_000):
        book, problems = reader.read_bytes(spoiled(data, chance), "表.xls")
        refused += book is None
        assert book is not None or problems
    assert 200 < refused < 2_000


@pytest.mark.parametrize("parts", [workbook_parts(CELLS), opendocument_parts(ODS_CELLS)], ids=["xlsx", "ods"])
def test_spoiled_parts_with_right_checksums_never_fail_the_program(parts: dict[str, str | bytes]) -> None:
    chance = random.Random(2007)
    refused = 0
    for _ in range(1_000):
        name = chance.choice([*parts])
        content = parts[name]
        raw = content.encode() if isinstance(content, str) else content
        book, problems = reader.read_bytes(zipped({**parts, name: spoiled(raw, chance)}.items()), "表")
        refused += book is None
        assert book is not None or problems
    assert 300 < refused < 1_000
