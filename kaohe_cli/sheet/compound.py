"""Compound files (OLE), which hold workbooks of before 2007: streams by name, each in a chain of sectors.

Nothing in such a file is checked by sums, so every length and link in it is held against the file itself.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from kaohe_cli.sheet.bounds import Budget, damaged

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END_OF_CHAIN = 0xFFFFFFFE
_NOTHING = 0xFFFFFFFF


class _Sectors(Struct, frozen=True):
    """The sectors that a compound file is cut into."""

    data: bytes
    shift: int  # a sector has 1 << shift bytes
    count: int  # its head, which is no sector of a stream, included
    budget: Budget

    def sector(self, number: int) -> bytes:
        if number + 1 >= self.count:
            raise damaged("扇区超出文件")
        return self.data[(number + 1) << self.shift : (number + 2) << self.shift]

    def chain(self, following: Sequence[int], start: int) -> Iterator[int]:
        """The numbers of the sectors from ``start`` on, where ``following`` says which one follows each."""
        for _ in range(len(following)):
            if start == _END_OF_CHAIN:
                return
            if start >= len(following):
                break
            self.budget.step(what="扇区")
            yield start
            start = following[start]
        if start != _END_OF_CHAIN:
            raise damaged("扇区链断裂")

    def whole(self, following: Sequence[int], start: int) -> bytes:
        return _joined(map(self.sector, self.chain(following, start)), 1 << self.shift)


class CompoundFile(Struct, frozen=True):
    """A compound file whose directory was read; everything raises Refused."""

    sectors: _Sectors
    following: Sequence[int]  # the sector behind each in its chain
    entries: Mapping[str, bytes]  # of the streams at the top, by their names in lower case
    root: bytes  # the entry of the stream in which the short ones stand
    cutoff: int  # bytes of the shortest stream that stands by itself
    short_start: int  # of the table of which piece follows each in the short streams

    def stream(self, entry: bytes) -> bytes:
        """The bytes of the stream of an entry."""
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= self.cutoff or entry is self.root:
            found = self.sectors.whole(self.following, start)
        else:
            short = self.stream(self.root)
            if self.short_start in (_END_OF_CHAIN, _NOTHING):
                raise damaged("扇区链断裂")
            links = _numbers(self.sectors.whole(self.following, self.short_start))
            found = _joined((short[at << 6 : (at + 1) << 6] for at in self.sectors.chain(links, start)), 64)
        if len(found) < length and entry is not self.root:  # a file may end with the last of its short streams
            raise damaged("数据流不完整")
        return found[:length]


def open_compound(data: bytes, budget: Budget) -> CompoundFile:
    """Read the directory of a compound file; raises Refused."""
    if len(data) < 512 or data[28:30] != b"\xfe\xff":
        raise damaged("文件头不完整")
    shift, short_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or short_shift != 6:
        raise damaged("文件头有误")
    sectors = _Sectors(data, shift, (len(data) - 1 >> shift) + 1, budget)  # the last one may be short
    start, cutoff, short_start, tables_start = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60, 68))
    tables = _tables(sectors, tables_start)
    following = [number for table in tables for number in _numbers(sectors.sector(table))][: sectors.count]
    directory = sectors.whole(following, start)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    if not entries:
        raise damaged("目录不完整")
    return CompoundFile(sectors, following, _at_the_top(entries), entries[0], cutoff, short_start)


def _joined(pieces: Iterable[bytes], size: int) -> bytes:
    """The pieces of a chain, each of ``size`` bytes but the last, with which the file may end."""
    found = list(pieces)
    if any(len(piece) < size for piece in found[:-1]):
        raise damaged("扇区超出文件")
    return b"".join(found)


def _tables(sectors: _Sectors, start: int) -> list[int]:
    """The sectors of the table of which sector follows each: the head names the first ones, a chain the others."""
    found = [number for number in struct.unpack_from("<109I", sectors.data, 76) if number != _NOTHING]
    for _ in range(sectors.count):
        if start in (_END_OF_CHAIN, _NOTHING):
            break
        more = _numbers(sectors.sector(start))
        if not more:
            raise damaged("扇区表不完整")
        start = more[-1]
        found.extend(number for number in more[:-1] if number != _NOTHING)
    if len(found) > sectors.count:
        raise damaged("扇区表过长")
    return found


def _at_the_top(entries: Sequence[bytes]) -> dict[str, bytes]:
    """The entries that do not stand in a folder, by their names in lower case."""
    found: dict[str, bytes] = {}
    waiting, seen = [struct.unpack_from("<I", entries[0], 76)[0]], set[int]()
    while waiting:
        number = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        waiting += struct.unpack_from("<II", entry, 68)  # its neighbours
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: min(length, 64)].decode("utf-16-le", "replace").rstrip("\0").lower()
        found[name] = entry
    return found


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])
