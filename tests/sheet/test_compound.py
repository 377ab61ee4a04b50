"""Compound files whose short streams stand at their end, as some programs write them."""

import struct
from decimal import Decimal

import pytest
from hostile import biff, number_record

from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Cell, CellKind

END, NOTHING, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
WORKBOOK = biff(b"".join(number_record(line, 0, line) for line in range(60)))


def short_at_the_end(content: bytes, order: list[int] | None = None) -> bytes:
    """A sector of links, one of the directory, one of links between short pieces, and then these; nothing fills the
    last sector up. With ``order`` the sectors of the short pieces are linked in that order.
    """
    pieces, count = -(-len(content) // 64), -(-len(content) // 512)
    order = order or [*range(count)]
    following = dict(zip(order, [*order[1:], END - 3], strict=True))
    links = [TABLE, END, END, *(following[number] + 3 for number in range(count))]
    short = [*range(1, pieces), END]
    root, stream = (order[0] + 3, 512 * count), (0, len(content))
    entries = b"".join(
        struct.pack(
            "<64sHBBIII16sIQQIQ", name.encode("utf-16-le"), 2 * len(name) + 2, kind, 1, NOTHING, NOTHING, child, b"",
            0, 0, 0, *place,
        )
        for name, kind, child, place in (("Root Entry", 5, 1, root), ("Workbook", 2, NOTHING, stream))
    )  # fmt: skip
    head = struct.pack(
        "<8s16sHHHHH6s9I109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, 1, 0, 4096,
        2, 1, END, 0, 0, *[NOTHING] * 108,
    )  # fmt: skip
    filled = (struct.pack(f"<{len(each)}I", *each).ljust(512, b"\xff") for each in (links, short))
    table, between = filled
    return head + table + entries.ljust(512, b"\0") + between + content


def test_the_last_sector_may_be_short() -> None:
    data = short_at_the_end(WORKBOOK)
    assert len(data) % 512
    book, problems = reader.read_bytes(data, "表.xls")
    assert book is not None, problems
    assert problems == ()
    assert book.sheets[0].cells == {(line + 1, 1): Cell(CellKind.NUMBER, Decimal(line)) for line in range(60)}


@pytest.mark.parametrize("missing", [1, 40, 500])
def test_a_stream_that_the_file_does_not_hold_whole_is_damage(missing: int) -> None:
    book, problems = reader.read_bytes(short_at_the_end(WORKBOOK)[:-missing], "表.xls")
    assert book is None
    assert [problem.code for problem in problems] == ["KH013"]


def test_a_short_sector_within_a_chain_is_damage() -> None:
    """What follows it would stand elsewhere than it says."""
    count = -(-len(WORKBOOK) // 512)
    book, problems = reader.read_bytes(short_at_the_end(WORKBOOK, [count - 1, *range(count - 1)]), "表.xls")
    assert book is None
    assert [problem.found for problem in problems] == ["扇区超出文件"]
