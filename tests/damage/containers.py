"""Damage to a zip container: its streams, its headers, its directory, its bytes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from random import Random

Damage = Callable[[Random, bytes], bytes]


@dataclass(frozen=True)
class Member:
    """A file within a zip container, as it is written."""

    name: bytes
    content: bytes  # as it was before any damage
    method: int = 8
    payload: bytes = b""  # as it is packed
    crc: int = 0
    size: int = 0
    flags: int = 0
    local: Mapping[str, int | bytes] = field(default_factory=dict)  # what the local header says instead
    listed: Mapping[str, int | bytes] = field(default_factory=dict)  # what the directory says instead
    extra: bytes = b""
    behind: bytes = b""  # what follows the packed bytes


def deflated(content: bytes, level: int = 6, memory: int = 8, strategy: int = 0) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, memory, strategy)
    return packer.compress(content) + packer.flush()


def member(name: bytes, content: bytes) -> Member:
    return Member(name, content, 8, deflated(content), zlib.crc32(content), len(content))


def taken_apart(data: bytes) -> list[Member]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return [
            member(name.encode(), container.read(name))
            for name in container.namelist()
            if not name.endswith("/") and container.getinfo(name).file_size
        ]


def put_together(members: Iterable[Member], **end: int) -> bytes:
    """A zip container; ``end`` replaces numbers of its last record."""
    body, directory, count = b"", b"", 0
    for each in members:
        said: dict[str, int | bytes] = {
            "version": 20, "flags": each.flags, "method": each.method, "time": 0, "day": 0x3721, "crc": each.crc,
            "packed": len(each.payload), "size": each.size, "name": each.name, "extra": each.extra, "at": len(body),
        }  # fmt: skip
        own, listed = {**said, **each.local}, {**said, **each.listed}
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *_numbers(own))
        body += _bytes(own, "name") + _bytes(own, "extra") + each.payload + each.behind
        directory += struct.pack("<4sH5H3I2HHHHII", b"PK\1\2", 20, *_numbers(listed), 0, 0, 0, 0, _whole(listed, "at"))
        directory += _bytes(listed, "name") + _bytes(listed, "extra")
        count += 1
    last = {"disk": 0, "first": 0, "here": count, "count": count, "size": len(directory), "at": len(body), **end}
    last["comment"] = last.get("comment", 0)
    return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", *(last[name] for name in last))


def _whole(said: Mapping[str, int | bytes], name: str) -> int:
    value = said[name]
    assert isinstance(value, int)
    return value & (0xFFFFFFFF if name in ("crc", "packed", "size", "at") else 0xFFFF)


def _bytes(said: Mapping[str, int | bytes], name: str) -> bytes:
    value = said[name]
    assert isinstance(value, bytes)
    return value


def _numbers(said: Mapping[str, int | bytes]) -> tuple[int, ...]:
    fixed = (_whole(said, name) for name in ("version", "flags", "method", "time", "day", "crc", "packed", "size"))
    return (*fixed, len(_bytes(said, "name")), len(_bytes(said, "extra")))


def one(chance: Random, members: list[Member]) -> int:
    """One of the members, those that hold values more often than others."""
    weights = [9 if b"sheet" in each.name or each.name == b"content.xml" else 3 if b".rels" in each.name else 2
               for each in members]  # fmt: skip
    return chance.choices(range(len(members)), weights)[0]


def _changing(change: Callable[[Random, Member], Member]) -> Damage:
    """Damage to one member."""

    def damage(chance: Random, data: bytes) -> bytes:
        members = taken_apart(data)
        at = one(chance, members)
        members[at] = change(chance, members[at])
        return put_together(members)

    return damage


# ── streams ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ends_early(chance: Random, each: Member) -> Member:
    part = each.content[: chance.randrange(len(each.content) + 1)]
    behind = chance.choice([b"\0", b"\0" * 70_000, chance.randbytes(9), deflated(each.content), each.payload[-20:]])
    honest = chance.random() < 0.5
    crc, size = (zlib.crc32(part), len(part)) if honest else (each.crc, each.size)
    return replace(each, payload=deflated(part) + behind, crc=crc, size=size)


def _ends_and_goes_on(_: Random, each: Member) -> Member:
    """All of the content, and after the end of its stream there is more."""
    return replace(each, payload=each.payload + deflated(b"<!-- -->"))


def _pieces(chance: Random, content: bytes) -> Iterable[bytes]:
    at = 0
    while at < len(content):
        step = chance.randint(1, 1 + len(content) // 3)
        yield content[at : at + step]
        at += step


def _many_blocks(chance: Random, each: Member) -> Member:
    packer = zlib.compressobj(chance.randint(0, 9), zlib.DEFLATED, -15)
    packed = b""
    for piece in _pieces(chance, each.content):
        packed += packer.compress(piece)
        how = [zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH, zlib.Z_BLOCK, zlib.Z_PARTIAL_FLUSH]
        packed += packer.flush(chance.choice(how))
    return replace(each, payload=packed + packer.flush())


def _stored_blocks(chance: Random, each: Member) -> Member:
    """Blocks that are not packed, of lengths down to none at all, and a last one that is empty."""
    packed = b""
    for piece in _pieces(chance, each.content):
        for at in range(0, len(piece), 0xFFFF):
            part = piece[at : at + 0xFFFF]
            packed += b"\0" + struct.pack("<HH", len(part), len(part) ^ 0xFFFF) + part
        packed += b"\0\0\0\xff\xff" * chance.randint(0, 3)
    return replace(each, payload=packed + b"\1\0\0\xff\xff")


def _packed_otherwise(chance: Random, each: Member) -> Member:
    return replace(
        each, payload=deflated(each.content, chance.randint(0, 9), chance.randint(1, 9), chance.randint(0, 4))
    )


def _stored(_: Random, each: Member) -> Member:
    return replace(each, method=0, payload=each.content)


def _method_turned(chance: Random, each: Member) -> Member:
    other = chance.choice([0, 8, 9, 12, 14, 93, 99, 0xFFFF])
    where = chance.choice(["both", "local", "listed"])
    if where == "both":
        payload = each.content if chance.random() < 0.3 else each.payload
        return replace(each, method=other, payload=payload)
    own = _stored(chance, each) if chance.random() < 0.5 else each
    return replace(own, **{where: {"method": other}})  # type: ignore[arg-type]


def _stream_touched(chance: Random, each: Member) -> Member:
    made = bytearray(each.payload)
    for _ in range(chance.choice([1, 1, 2, 30])):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return replace(each, payload=bytes(made))


def _stream_cut(chance: Random, each: Member) -> Member:
    first, last = sorted(chance.randrange(len(each.payload) + 1) for _ in range(2))
    return replace(each, payload=each.payload[:first] + each.payload[last:])


# ── headers and directory ───────────────────────────────────────────────────────────────────────────────────────────


def _odd(chance: Random, value: int) -> int:
    return chance.choice([0, 1, value - 1, value + 1, value ^ 1 << chance.randrange(32), 0xFFFFFFFF, 0x7FFFFFFF,
                          value * 2, chance.randrange(1 << 32)])  # fmt: skip


def _header_number(chance: Random, each: Member) -> Member:
    name = chance.choice(["crc", "size", "packed", "flags", "version", "time"])
    value = {"crc": each.crc, "size": each.size, "packed": len(each.payload)}.get(name, 0)
    odd: dict[str, int | bytes] = {name: _odd(chance, value)}
    where = chance.choice(["local", "listed", "both"])
    return replace(each, local=odd if where != "listed" else {}, listed=odd if where != "local" else {})


def _encrypted(chance: Random, each: Member) -> Member:
    odd: dict[str, int | bytes] = {"flags": chance.choice([1, 0x41, 0x2001, 0x801, 9])}
    return replace(each, **{chance.choice(["local", "listed"]): odd})  # type: ignore[arg-type]


def _local_offset(chance: Random, data: bytes) -> bytes:
    members = taken_apart(data)
    at, other = one(chance, members), chance.randrange(len(members))
    places, place = [], 0
    for each in members:
        places.append(place)
        place += 30 + len(each.name) + len(each.payload)
    odd = chance.choice([places[other], places[at] + 1, max(places[at] - 1, 0), 0, place, 0xFFFFFFF0])
    members[at] = replace(members[at], listed={"at": odd})
    return put_together(members)


def _other_name(chance: Random, each: Member) -> Member:
    name = bytearray(each.name)
    name[chance.randrange(len(name))] ^= 1 << chance.randrange(8)
    other = chance.choice(
        [
            bytes(name),
            each.name + b"/",
            b"/" + each.name,
            each.name.upper(),
            b"",
            b"../" + each.name,
            each.name.replace(b"/", b"\\"),
            each.name + b"\0",
            b"\xff" + each.name,
            each.name * 400,
        ]
    )
    where = chance.choice(["both", "local", "listed"])
    if where == "both":
        return replace(each, name=other)
    return replace(each, **{where: {"name": other}})  # type: ignore[arg-type]


def _described(chance: Random, each: Member) -> Member:
    """Checksum and sizes behind the packed bytes, as they are written where they are not known beforehand."""
    sign = b"PK\7\x08" if chance.random() < 0.7 else b""
    behind = sign + struct.pack("<III", each.crc, len(each.payload), each.size)
    return replace(each, flags=8, local={"crc": 0, "packed": 0, "size": 0}, behind=behind)


def _described_wrongly(chance: Random, each: Member) -> Member:
    made = _described(chance, each)
    if chance.random() < 0.4:
        return replace(made, behind=b"")
    made = replace(made, behind=chance.randbytes(16))
    return made if chance.random() < 0.5 else replace(made, listed={"crc": 0, "packed": 0, "size": 0})


def _long_sizes(chance: Random, each: Member, right: bool = True) -> Member:
    """Sizes in the extra field of large files."""
    sizes = [each.size, len(each.payload)]
    if not right:
        sizes = [_odd(chance, value) & 0xFFFFFFFFFFFFFFFF for value in sizes]
    body = struct.pack("<QQ", *sizes)
    if not right and chance.random() < 0.5:
        body = body[: chance.randrange(len(body))]
    extra = struct.pack("<HH", 1, len(body) + (chance.choice([0, 0, 4, -4]) if not right and body else 0) & 0xFFFF)
    said: dict[str, int | bytes] = {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "extra": extra + body}
    where = chance.choice(["both", "listed"]) if right else chance.choice(["both", "local", "listed"])
    return replace(each, local=said if where != "listed" else {}, listed=said if where != "local" else {})


def _extra_field(chance: Random, each: Member) -> Member:
    extra = chance.choice([struct.pack("<HHB4s", 0x5455, 5, 1, b"abcd"), b"\x55", chance.randbytes(11),
                           struct.pack("<HHB", 0x7075, 9, 1) + b"\0" * 8, struct.pack("<HH", 1, 0)])  # fmt: skip
    return replace(each, extra=extra)


def _doubled_member(chance: Random, data: bytes) -> bytes:
    members = taken_apart(data)
    each = members[one(chance, members)]
    content = chance.choice([each.content, each.content.replace(b"1", b"7"), b"", each.content[:-1]])
    name = chance.choice([each.name, each.name, each.name.swapcase(), b"/" + each.name, each.name.replace(b"/", b"\\")])
    members.insert(chance.randrange(len(members) + 1), member(name, content))
    return put_together(members)


def _hidden_member(chance: Random, data: bytes) -> bytes:
    """Another local entry of the same name that the directory does not list."""
    members = taken_apart(data)
    each = members[one(chance, members)]
    other = member(each.name, each.content.replace(b"1", b"7"))
    prefix = put_together([other])
    prefix = prefix[: prefix.index(b"PK\1\2")]
    whole = put_together(members)
    return prefix + whole


def _member_lost(chance: Random, data: bytes) -> bytes:
    members = taken_apart(data)
    del members[one(chance, members)]
    return put_together(members)


def _members_mixed(chance: Random, data: bytes) -> bytes:
    members = taken_apart(data)
    chance.shuffle(members)
    return put_together(members)


def _directory_mixed(chance: Random, data: bytes) -> bytes:
    """Two members under each other's name."""
    members = taken_apart(data)
    first, second = one(chance, members), one(chance, members)
    where = chance.choice(["local", "listed"])
    for at, other in ((first, members[second].name), (second, members[first].name)):
        members[at] = replace(members[at], **{where: {"name": other}})  # type: ignore[arg-type]
    return put_together(members)


def _last_record(chance: Random, data: bytes) -> bytes:
    members = taken_apart(data)
    name = chance.choice(["disk", "first", "here", "count", "size", "at", "comment"])
    odd = chance.choice([0, 1, 2, len(members) - 1, len(members) + 1, 0x7FFF, 0xFFFF])
    if name in ("size", "at"):
        odd = chance.choice([0, 1, odd, len(data), len(data) * 2, 0xFFFFFFFF])
    return put_together(members, **{name: odd})


def _last_record_again(chance: Random, data: bytes) -> bytes:
    end = data[data.rindex(b"PK\5\6") :]
    made = bytearray(end)
    if chance.random() < 0.5:
        made[chance.randrange(4, len(made))] ^= 1 << chance.randrange(8)
    return data + chance.choice([b"", b"\0" * 9, chance.randbytes(30)]) + bytes(made)


# ── bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def bytes_changed(chance: Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 100])):
        made[chance.randrange(len(made))] = chance.choice([0, 0xFF, chance.randrange(256)])
    return bytes(made)


def directory_bytes_changed(chance: Random, data: bytes) -> bytes:
    start = data.find(b"PK\1\2")
    made = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5])):
        made[chance.randrange(start, len(made))] = chance.choice([0, 0xFF, chance.randrange(256)])
    return bytes(made)


def stretch(chance: Random, data: bytes) -> tuple[int, int]:
    length = min(chance.choice([1, 16, 512, 4096, len(data) // 3]), len(data) - 1)
    start = chance.randrange(len(data) - length)
    return start, start + length


def cut(chance: Random, data: bytes) -> bytes:
    start, end = stretch(chance, data)
    return data[:start] + data[end:]


def doubled(chance: Random, data: bytes) -> bytes:
    start, end = stretch(chance, data)
    return data[:end] + data[start:]


def overwritten(chance: Random, data: bytes) -> bytes:
    start, end = stretch(chance, data)
    other = chance.randrange(len(data) - (end - start))
    filler = chance.choice([b"\0" * (end - start), data[other : other + end - start], chance.randbytes(end - start)])
    return data[:start] + filler + data[end:]


def truncated(chance: Random, data: bytes) -> bytes:
    return data[: chance.choice([chance.randrange(len(data)), len(data) - chance.randint(1, 60)])]


def junk_behind(chance: Random, data: bytes) -> bytes:
    return data + chance.choice([b"\0", b"\0" * 512, chance.randbytes(99), b"PK\5\6", b"\r\n", data, data[:70]])


def junk_before(chance: Random, data: bytes) -> bytes:
    return chance.choice([b"\0", b"PK", b"PK\3\4" + b"\0" * 26, b"\r\n", b"\xef\xbb\xbf", chance.randbytes(40)]) + data


def zeroes_inside(chance: Random, data: bytes) -> bytes:
    """Sectors that a disk or a download never wrote."""
    start = chance.randrange(0, len(data), 512)
    end = min(start + 512 * chance.choice([1, 1, 8]), len(data))
    return data[:start] + b"\0" * (end - start) + data[end:]


HARMLESS: Mapping[str, Damage] = {
    "blocks": _changing(_many_blocks),
    "stored blocks": _changing(_stored_blocks),
    "packed otherwise": _changing(_packed_otherwise),
    "stored": _changing(_stored),
    "described": _changing(_described),
    "long sizes": _changing(_long_sizes),
    "members mixed": _members_mixed,
}

CONTAINER: Mapping[str, Damage] = {
    "stream ends early": _changing(_ends_early),
    "stream goes on": _changing(_ends_and_goes_on),
    "stream touched": _changing(_stream_touched),
    "stream cut": _changing(_stream_cut),
    "method": _changing(_method_turned),
    "header number": _changing(_header_number),
    "encrypted": _changing(_encrypted),
    "offset": _local_offset,
    "name": _changing(_other_name),
    "described wrongly": _changing(_described_wrongly),
    "long sizes wrong": _changing(lambda chance, each: _long_sizes(chance, each, right=False)),
    "extra field": _changing(_extra_field),
    "member doubled": _doubled_member,
    "member hidden": _hidden_member,
    "member lost": _member_lost,
    "names exchanged": _directory_mixed,
    "last record": _last_record,
    "last record again": _last_record_again,
    "bytes": bytes_changed,
    "directory bytes": directory_bytes_changed,
    "cut": cut,
    "doubled": doubled,
    "overwritten": overwritten,
    "truncated": truncated,
    "junk behind": junk_behind,
    "junk before": junk_before,
    "zeroes": zeroes_inside,
}
