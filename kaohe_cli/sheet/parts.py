"""The parts of a zip container, unpacked within bounds and checked to their last byte."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from struct import Struct as Layout
from typing import BinaryIO
from xml.parsers import expat

from msgspec import Struct

from kaohe_cli.sheet.bounds import Budget, Refused, damaged, too_much

DIRECTORY_ENTRY = b"PK\x01\x02"

_LOCAL = Layout("<4s2xHH16xHH")  # signature, flags, method, length of name, length of extra field
_EXTRA = Layout("<HH")  # kind and length of one piece of an extra field
_SLICE = 1 << 16  # packed bytes taken in one go
_PIECE = 1 << 18  # unpacked bytes handed on in one go
_LONGEST_TAG = 1 << 20  # bytes
DEEPEST = 100  # elements within one another
_ENTRIES = 200_000  # entries of all directories in a file, those of archives within it included
_NAMES = 5_000  # names of elements and attributes in one part

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Enough(Exception):
    """Raised by a handler: what follows in this part is not needed. The part is read to its end all the same."""


class Member(Struct, frozen=True):
    """A file within a zip container, by its entry in the directory."""

    name: str
    raw: bytes  # the name as it is written in the container
    offset: int  # of its local header
    packed: int  # bytes
    size: int  # bytes, as claimed
    crc: int
    method: int  # 0 stored, 8 deflated; others are not taken
    encrypted: bool


def directory(source: BinaryIO, most: int) -> tuple[Member, ...]:
    """All files of a zip container in the order of its directory; Refused where it is damaged or too large."""
    if _entries(source) > min(100 * most, _ENTRIES):  # archives within are counted too: their own bound is kinder
        raise too_much("部件", most)
    try:
        with zipfile.ZipFile(source) as container:
            entries = container.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, OverflowError) as error:
        raise damaged("压缩目录不完整") from error
    if len(entries) > most:
        raise too_much("部件", most)
    return tuple(
        Member(
            _name(entry), _raw(entry), entry.header_offset, entry.compress_size, entry.file_size, entry.CRC,
            entry.compress_type, bool(entry.flag_bits & 0x1),
        )
        for entry in entries if not entry.filename.endswith("/")  # a name may be empty
    )  # fmt: skip


def _entries(source: BinaryIO) -> int:
    """How many entries there may be at most, told before memory is spent on any."""
    found, tail = 0, b""
    source.seek(0)
    while piece := source.read(1 << 20):
        found += (tail + piece).count(DIRECTORY_ENTRY)
        tail = piece[-3:]
    return found


def _raw(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437", "replace")


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the UTF-8 flag it may be UTF-8 all the same, marked as such or not, or GBK."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        raw, marked = name.encode("cp437", "replace"), _marked(entry.extra, _raw(entry))
        for found, encoding in (*([(marked, "utf-8")] if marked else []), (raw, "utf-8"), (raw, "gb18030")):
            try:
                name = found.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _marked(extra: bytes, raw: bytes) -> bytes:
    """The name in UTF-8 that the extra field gives beside ``raw``; empty where it gives none."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        body = extra[at + 4 : at + 4 + length]
        if kind == 0x7075 and body[:1] == b"\1" and body[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return body[5:]
        at += 4 + length
    return b""


def unpack(source: BinaryIO, member: Member, budget: Budget) -> Iterator[bytes]:
    """The bytes of ``member`` piece by piece; Refused at the latest after the last where anything is amiss."""
    if member.encrypted:
        raise Refused("KH004")
    source.seek(max(member.offset, 0))
    header = source.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        raise damaged("部件的位置不对")
    signature, _, method, name, extra = _LOCAL.unpack(header)
    if signature != b"PK\x03\x04" or source.read(name) != member.raw or method != member.method:
        raise damaged("部件的位置不对")
    if method not in (0, 8):
        raise damaged("压缩方式不被支持")
    source.seek(extra, io.SEEK_CUR)
    size = crc = 0
    for piece in _inflated(source, member.packed) if method else _stored(source, member.packed):
        budget.inflate(len(piece))
        size += len(piece)
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != member.size or crc != member.crc:
        raise damaged("内容与校验值不符")


def _stored(source: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0:
        piece = source.read(min(left, _SLICE))
        if not piece:
            raise damaged("部件不完整")
        left -= len(piece)
        yield piece


def _inflated(source: BinaryIO, packed: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in _stored(source, packed):
            # the stream may end before its bytes do: what is behind its end is not taken for more of it
            while piece and not inflater.eof:
                yield inflater.decompress(piece, _PIECE)
                piece = inflater.unconsumed_tail
            if inflater.eof and (piece or inflater.unused_data):
                raise damaged("压缩数据有误")
        while not inflater.eof and (rest := inflater.decompress(b"", _PIECE)):
            yield rest
    except zlib.error as error:
        raise damaged("压缩数据有误") from error
    if not inflater.eof:
        raise damaged("压缩数据有误")


def open_package(source: BinaryIO, budget: Budget) -> "Package":
    """Read the directory of a zip container; raises Refused."""
    members: dict[str, Member] = {}
    for member in directory(source, budget.limits.parts):
        if members.setdefault(member.name.lower().lstrip("/"), member) is not member:
            raise Refused("KH015", found=member.name[:80])
    return Package(members, source, budget)


class Package(Struct, frozen=True):
    """A zip container whose parts are documents in XML; everything raises Refused."""

    members: Mapping[str, Member]  # by their names in lower case, without a leading stroke
    source: BinaryIO
    budget: Budget

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.members

    def _pieces(self, name: str, budget: Budget) -> Iterator[bytes]:
        member = self.members.get(name.lower())
        if member is None:
            raise damaged(f"缺少部件 {name[:80]}")
        return unpack(self.source, member, budget)

    def check(self, name: str) -> None:
        """Read a part to its end, so that what is then read of it piece by piece can be relied on."""
        for _ in self._pieces(name, Budget(self.budget.limits)):  # it will be counted when it is read
            pass

    def read(self, name: str) -> bytes:
        """The whole of a part."""
        return b"".join(self._pieces(name, self.budget))

    def parse(self, name: str, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """Read a part as XML through three handlers; elements may be a hundred deep."""
        depth = 0

        def deeper(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise too_much("层次", DEEPEST)
            start(tag, attributes)

        def shallower(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(tag)

        for _ in self.feed(name, deeper, shallower, text):
            pass

    def feed(self, name: str, start: Start, end: End, text: Text | None = None) -> Iterator[None]:
        """Read a part as XML through three handlers, with a pause after each piece.

        Names come as "namespace name". What makes a small file cost much is refused: declarations of types and
        entities, tags of endless length, and names and elements without number. The handlers see to the depth.
        """
        pieces = self._pieces(name, self.budget)
        first = next(pieces, b"")
        # The two encodings that such parts may have; what the part itself declares could be any codec of Python's, and
        # is never looked up: where it is another one, other programs show other texts.
        encoding = "utf-16" if first.startswith((b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")) else "utf-8"
        names: dict[str, str] = {}
        parser = expat.ParserCreate(encoding, " ", names)
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _no_declarations
        parser.EntityDeclHandler = _no_declarations
        spaces = 0

        def space(_prefix: str | None, _uri: str | None) -> None:
            nonlocal spaces
            spaces += 1
            if spaces > _NAMES:
                raise too_much("命名空间", _NAMES)

        def declared(_version: str, said: str | None, _standalone: int) -> None:
            same = (encoding, encoding.replace("-", ""), *(("us-ascii", "ascii") if encoding == "utf-8" else ()))
            if said is not None and not said.lower().startswith(same):
                raise damaged(f"部件 {name[:80]} 写明的编码不对")

        parser.StartNamespaceDeclHandler = space
        parser.XmlDeclHandler = declared
        fed = 0
        try:
            for piece in chain((first,), pieces):
                self.budget.step(max(piece.count(b"<"), piece.count(b"=") // 2))  # tags, or their attributes
                fed += len(piece)
                parser.Parse(piece, False)
                if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                    raise too_much("标记的长度", _LONGEST_TAG)
                if len(names) > _NAMES:
                    raise too_much("标记的名称", _NAMES)
                yield
            parser.Parse(b"", True)
        except Enough:
            for _ in pieces:
                pass
        except expat.ExpatError as error:
            raise damaged(f"部件 {name[:80]} 第 {error.lineno} 行不合格式") from error
        yield


def relations_path(path: str) -> str:
    """The part in which stands what a part names; for the container itself ``path`` is empty."""
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relations(package: Package, path: str) -> dict[str, tuple[str, str]]:
    """The parts that a part of an Office Open XML document names: id → (kind, path); raises Refused."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            target = posixpath.join("/", posixpath.dirname(path), attributes.get("Target", ""))
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))

    package.parse(relations_path(path), start)
    return found


def _no_declarations(*_: object) -> None:
    raise Refused("KH014")
