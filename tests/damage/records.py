"""Damage to workbooks of before 2007: the compound file, and the records in it. Nothing in either has a checksum."""

import struct
from collections.abc import Callable, Mapping, Sequence
from random import Random

from containers import Damage, bytes_changed, cut, doubled, junk_behind, overwritten, truncated, zeroes_inside
from hostile import compound

Record = tuple[int, bytes]
Change = Callable[[Random, list[Record]], list[Record]]

BOF, EOF, CONTINUE, BOUNDSHEET, SST = 0x809, 0x0A, 0x3C, 0x85, 0xFC
END, NOTHING = 0xFFFFFFFE, 0xFFFFFFFF
VALUES = (0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6, 0x205, 0x006, 0x207)
KINDS = (*VALUES, BOF, EOF, CONTINUE, BOUNDSHEET, SST, 0xE0, 0x41E, 0x22, 0x42, 0x2F, 0x201, 0xBE, 0x809, 0x1FF, 0x0C)


# ── the compound file ───────────────────────────────────────────────────────────────────────────────────────────────


def sector(number: int) -> int:
    return (number + 1) * 512


def table_of(data: bytes) -> list[int]:
    """Where each link of the sector table stands in the file."""
    blocks = [number for number in struct.unpack_from("<109I", data, 76) if number != NOTHING]
    return [sector(block) + 4 * at for block in blocks for at in range(128)]


def chain(data: bytes, start: int) -> list[int]:
    table = table_of(data)
    found = []
    while start < len(table):
        found.append(start)
        start = struct.unpack_from("<I", data, table[start])[0]
    return found


def directory(data: bytes) -> list[int]:
    """Where each entry of the directory stands."""
    sectors = chain(data, struct.unpack_from("<I", data, 48)[0])
    return [sector(number) + at for number in sectors for at in range(0, 512, 128)]


def stream(data: bytes) -> bytes:
    """The records of a workbook."""
    for entry in directory(data):
        length = struct.unpack_from("<H", data, entry + 64)[0]
        if data[entry : entry + max(length - 2, 0)].decode("utf-16-le") == "Workbook":
            start, size = struct.unpack_from("<II", data, entry + 116)
            return b"".join(data[sector(each) : sector(each) + 512] for each in chain(data, start))[:size]
    raise LookupError("Workbook")


def small_compound(content: bytes) -> bytes:
    """A compound file with one stream so short that it stands among the short ones."""
    pieces = -(-len(content) // 64)
    mini = content.ljust(-(-pieces * 64 // 512) * 512, b"\0")
    sectors = [mini[at : at + 512] for at in range(0, len(mini), 512)]
    links = [*range(1, len(sectors)), END]
    short = struct.pack("<128I", *range(1, pieces), END, *[NOTHING] * (128 - pieces))
    head = (("Root Entry", 5, 1, 0, pieces * 64), ("Workbook", 2, NOTHING, 0, len(content)))
    entries = b"".join(
        struct.pack(
            "<64sHBBIII16sIQQIQ", name.encode("utf-16-le") + b"\0\0", 2 * len(name) + 2, kind, 1, NOTHING, NOTHING,
            child, b"", 0, 0, 0, start, size,
        )
        for name, kind, child, start, size in head
    ).ljust(512, b"\0")  # fmt: skip
    at = len(sectors)
    table = struct.pack("<128I", *links, END, END, 0xFFFFFFFD, *[NOTHING] * (125 - len(links)))
    front = struct.pack(
        "<8s16sHHHHH6s9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, at, 0, 4096,
        at + 1, 1, END, 0,
    )  # fmt: skip
    front += struct.pack("<109I", at + 2, *[NOTHING] * 108)
    return front + b"".join(sectors) + entries + short + table


def _number_at(places: Callable[[bytes], Sequence[int]], layout: str = "<I") -> Damage:
    """Another number at one of these places."""

    def damage(chance: Random, data: bytes) -> bytes:
        made = bytearray(data)
        for _ in range(chance.choice([1, 1, 1, 4])):
            at = chance.choice(places(data))
            value = struct.unpack_from(layout, made, at)[0]
            odd = [0, 1, value + 1, value - 1, value ^ 1 << chance.randrange(16), END, NOTHING, 0xFFFFFFFD, 0x7FFFFFFF,
                   chance.randrange(len(data) // 512 + 2)]  # fmt: skip
            struct.pack_into(layout, made, at, chance.choice(odd) & (0xFFFF if layout == "<H" else 0xFFFFFFFF))
        return bytes(made)

    return damage


def _used_links(data: bytes) -> Sequence[int]:
    return table_of(data)[: len(data) // 512]


def _loop(chance: Random, data: bytes) -> bytes:
    """A chain that comes back to a sector it had been at."""
    made, places = bytearray(data), _used_links(data)
    at = chance.randrange(1, len(places))
    struct.pack_into("<I", made, places[at], chance.randrange(at))
    return bytes(made)


def _sectors_exchanged(chance: Random, data: bytes) -> bytes:
    count = len(data) // 512 - 1
    one, two = sector(chance.randrange(count)), sector(chance.randrange(count))
    made = bytearray(data)
    made[one : one + 512], made[two : two + 512] = data[two : two + 512], data[one : one + 512]
    return bytes(made)


def _entry_changed(chance: Random, data: bytes) -> bytes:
    made, at = bytearray(data), chance.choice(directory(data))
    for _ in range(chance.choice([1, 1, 5])):
        far = chance.choice([0, 2, 64, 66, 67, 68, 72, 76, 116, 117, 120, 121, chance.randrange(128)])
        made[at + far] = chance.choice([0, 1, 2, 0xFF, chance.randrange(256)])
    return bytes(made)


def _entries_exchanged(chance: Random, data: bytes) -> bytes:
    places = directory(data)
    one, two = chance.choice(places), chance.choice(places)
    made = bytearray(data)
    made[one : one + 128], made[two : two + 128] = data[two : two + 128], data[one : one + 128]
    return bytes(made)


def _header_byte(chance: Random, data: bytes) -> bytes:
    made = bytearray(data)
    made[chance.randrange(8, 84)] = chance.choice([0, 1, 0xFF, chance.randrange(256)])
    return bytes(made)


COMPOUND: Mapping[str, Damage] = {
    "header number": _number_at(lambda data: range(44, 80, 4)),
    "header size": _number_at(lambda data: (28, 30, 32, 24, 26), "<H"),
    "header byte": _header_byte,
    "sector link": _number_at(_used_links),
    "sector loop": _loop,
    "sectors exchanged": _sectors_exchanged,
    "entry": _entry_changed,
    "entry link": _number_at(lambda data: [at + far for at in directory(data)[:4] for far in (68, 72, 76)]),
    "entry start": _number_at(lambda data: [at + far for at in directory(data)[:4] for far in (116, 120)]),
    "entries exchanged": _entries_exchanged,
    "bytes": bytes_changed,
    "cut": cut,
    "doubled": doubled,
    "overwritten": overwritten,
    "truncated": truncated,
    "junk behind": junk_behind,
    "zeroes": zeroes_inside,
}


# ── the records ─────────────────────────────────────────────────────────────────────────────────────────────────────


def split(raw: bytes) -> list[Record]:
    found, at = [], 0
    while at + 4 <= len(raw):
        kind, length = struct.unpack_from("<HH", raw, at)
        found.append((kind, raw[at + 4 : at + 4 + length]))
        at += 4 + length
        if kind == EOF and raw[at : at + 4] in (b"", b"\0\0\0\0"):
            break
    return found


def joined(records: Sequence[Record], lengths: Mapping[int, int] | None = None) -> bytes:
    """The records as a stream; ``lengths`` gives some another length than they have."""
    return b"".join(
        struct.pack("<HH", kind, (lengths or {}).get(at, len(body)) & 0xFFFF) + body
        for at, (kind, body) in enumerate(records)
    )


def found_again(records: list[Record]) -> list[Record]:
    """The records with the places of the sheets put right, as far as there are as many sheets as entries."""
    begins, at, level = [], 0, 0
    for kind, body in records:
        if kind == BOF:
            if level == 0:
                begins.append(at)
            level += 1
        elif kind == EOF:
            level = max(level - 1, 0)
        at += 4 + len(body)
    places = iter(begins[1:])
    return [
        (kind, struct.pack("<I", next(places, 0)) + body[4:]) if kind == BOUNDSHEET else (kind, body)
        for kind, body in records
    ]


def packed(chance: Random, raw: bytes) -> bytes:
    """The stream in a compound file, or now and then bare, as it may also come."""
    return raw if chance.random() < 0.2 else compound({"Workbook": raw})


def _records(change: Change, again: bool | None = True) -> Damage:
    """Damage to records; ``again``: the places of the sheets are put right afterwards (None: now and then)."""

    def damage(chance: Random, data: bytes) -> bytes:
        made = change(chance, split(stream(data)))
        if again or (again is None and chance.random() < 0.5):
            made = found_again(made)
        return packed(chance, joined(made))

    return damage


def _any(chance: Random, records: Sequence[Record], kinds: Sequence[int] = ()) -> int:
    """One of the records, of one of these kinds where there is such."""
    found = [at for at, (kind, _) in enumerate(records) if kind in kinds] if kinds else []
    return chance.choice(found or range(len(records)))


def _lost(chance: Random, records: list[Record]) -> list[Record]:
    at = _any(chance, records, chance.choice([VALUES, (BOF, EOF), (SST, CONTINUE), (0xE0, 0x41E), ()]))
    return records[:at] + records[at + 1 :]


def _twice(chance: Random, records: list[Record]) -> list[Record]:
    at = _any(chance, records, chance.choice([VALUES, (BOF, EOF), (SST, CONTINUE), (BOUNDSHEET,), ()]))
    return records[: at + 1] + records[at:]


def _exchanged(chance: Random, records: list[Record]) -> list[Record]:
    kinds = chance.choice([VALUES, {kind for kind, _ in records}.difference(VALUES)])
    one, two = _any(chance, records, tuple(kinds)), _any(chance, records, tuple(kinds))
    made = list(records)
    made[one], made[two] = made[two], made[one]
    return made


def _other_kind(chance: Random, records: list[Record]) -> list[Record]:
    at = _any(chance, records, chance.choice([VALUES, ()]))
    return [*records[:at], (chance.choice(KINDS), records[at][1]), *records[at + 1 :]]


def _body(change: Callable[[Random, bytes], bytes], *kinds: int) -> Change:
    def damage(chance: Random, records: list[Record]) -> list[Record]:
        at = _any(chance, records, kinds)
        return [*records[:at], (records[at][0], change(chance, records[at][1])), *records[at + 1 :]]

    return damage


def _bytes(chance: Random, body: bytes) -> bytes:
    return bytes_changed(chance, body) if body else b"\1"


def _one_byte(chance: Random, body: bytes) -> bytes:
    made = bytearray(body or b"\0")
    made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _shorter(chance: Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _longer(chance: Random, body: bytes) -> bytes:
    return body + chance.choice([b"\0", b"\0" * 6, chance.randbytes(12), body])


def _place(chance: Random, body: bytes) -> bytes:
    """A cell at another row and column."""
    line, across = chance.choice([(0, 0), (1, 1), (65_535, 255), (0, 0x4000), (5_000, 0), (0, 256), (7, 3)])
    return struct.pack("<HH", line, across) + body[4:]


def _format(chance: Random, body: bytes) -> bytes:
    return body[:4] + struct.pack("<H", chance.choice([0, 1, 15, 20, 60, 0x0FFF, 0xFFFF])) + body[6:]


def _double(chance: Random, body: bytes) -> bytes:
    odd = [float("nan"), float("inf"), -0.0, 1e308, 1e-320, 0.1 + 0.2, -1.0, 99999999.0, 39401.5, 0.5]
    return body[:6] + struct.pack("<d", chance.choice(odd)) + body[14:]


def _result(chance: Random, body: bytes) -> bytes:
    """The result of a formula that is no number."""
    kind = chance.choice([0, 1, 2, 3, 4, 255])
    return body[:6] + bytes([kind, 0, chance.choice([0, 1, 7, 42, 99]), 0, 0, 0]) + b"\xff\xff" + body[14:]


def _index(chance: Random, body: bytes) -> bytes:
    return body[:6] + struct.pack("<I", chance.choice([0, 1, 50, 100_000, 0xFFFFFFFF])) + body[10:]


def _count(chance: Random, body: bytes) -> bytes:
    count = struct.unpack_from("<I", body, 4)[0] if len(body) >= 8 else 0
    odd = chance.choice([0, 1, count - 1, count + 1, count * 2, 0xFFFFFFFF, 0x7FFFFFFF])
    return body[:4] + struct.pack("<I", odd & 0xFFFFFFFF) + body[8:]


def _texts_resplit(chance: Random, records: list[Record]) -> list[Record]:
    """The table of texts broken where it may not be broken."""
    at = _any(chance, records, (SST,))
    body = records[at][1]
    if len(body) < 20:
        return records
    where = chance.randrange(8, len(body))
    middle = chance.choice([b"", b"\0", b"\1"])
    return [*records[:at], (SST, body[:where]), (CONTINUE, middle + body[where:]), *records[at + 1 :]]


Text = tuple[bytes, bytes, bytes]  # letters, formats within, and what else belongs to it


def _texts(records: Sequence[Record]) -> list[Text]:
    """The texts of the table as they are written."""
    at = next(at for at, (kind, _) in enumerate(records) if kind == SST)
    blocks = [records[at][1]]
    for kind, body in records[at + 1 :]:
        if kind != CONTINUE:
            break
        blocks.append(body)
    count, place, block, found = struct.unpack_from("<I", blocks[0], 4)[0], 8, 0, []
    for _ in range(count):
        if place >= len(blocks[block]):
            block, place = block + 1, 0
        left, flags = struct.unpack_from("<HB", blocks[block], place)
        place += 3
        runs = struct.unpack_from("<H", blocks[block], place)[0] * 4 if flags & 8 else 0
        place += 2 if flags & 8 else 0
        more = struct.unpack_from("<I", blocks[block], place)[0] if flags & 4 else 0
        place += 4 if flags & 4 else 0
        letters = ""
        while left:
            wide = flags & 1
            taken = min(left, (len(blocks[block]) - place) >> wide)
            raw = blocks[block][place : place + (taken << wide)]
            letters += raw.decode("utf-16-le" if wide else "latin-1")
            left, place = left - taken, place + (taken << wide)
            if left:
                block, place = block + 1, 1
                flags = blocks[block][0]
        behind = b""
        while len(behind) < runs + more:
            if place >= len(blocks[block]):
                block, place = block + 1, 0
            piece = blocks[block][place : place + runs + more - len(behind)]
            behind, place = behind + piece, place + len(piece)
        found.append((letters.encode("utf-16-le"), behind[:runs], behind[runs:]))
    return found


def _texts_in_blocks(chance: Random, records: list[Record]) -> list[Record]:
    """The same texts in blocks of any length, broken between two letters as the format allows."""
    texts = _texts(records)
    total = struct.unpack_from("<I", next(body for kind, body in records if kind == SST))[0]
    blocks = [struct.pack("<II", total, len(texts))]
    room = chance.choice([40, 300, 8_000])
    for raw, runs, more in texts:
        if len(blocks[-1]) + 11 > room:
            blocks.append(b"")
        blocks[-1] += struct.pack("<HB", len(raw) // 2, 1 | (8 if runs else 0) | (4 if more else 0))
        blocks[-1] += struct.pack("<H", len(runs) // 4) if runs else b""
        blocks[-1] += struct.pack("<I", len(more)) if more else b""
        while raw:
            free = max(room - len(blocks[-1]), 0) // 2 * 2
            blocks[-1] += raw[:free]
            raw = raw[free:]
            if raw:
                blocks.append(b"\1")
        for behind in (runs, more):
            if behind and len(blocks[-1]) + len(behind) > room:
                blocks.append(b"")
            blocks[-1] += behind
    at = next(at for at, (kind, _) in enumerate(records) if kind == SST)
    end = at + 1
    while records[end][0] == CONTINUE:
        end += 1
    made = [(SST if number == 0 else CONTINUE, block) for number, block in enumerate(blocks)]
    return records[:at] + made + records[end:]


def _unknown_between(chance: Random, records: list[Record]) -> list[Record]:
    """Records of a kind that nobody knows between those of a sheet."""
    made = []
    for record in records:
        if record[0] in (0x203, 0xFD, 0xBD, 0x27E) and chance.random() < 0.3:
            made.append((0x1FF, chance.randbytes(chance.randrange(30))))
        made.append(record)
    return made


def _lengths(chance: Random, data: bytes) -> bytes:
    """A record that says that it is longer or shorter than it is."""
    records = split(stream(data))
    at = _any(chance, records, chance.choice([VALUES, ()]))
    length = len(records[at][1])
    odd = chance.choice([0, 1, length - 1, length + 1, length + 4, 8_225, 0xFFFF, length ^ 1 << chance.randrange(14)])
    return packed(chance, joined(records, {at: odd}))


def _stream_bytes(damage: Damage) -> Damage:
    return lambda chance, data: packed(chance, damage(chance, stream(data)))


HARMLESS: Mapping[str, Damage] = {
    "packed otherwise": lambda chance, data: compound({"Extra": b"x", "Workbook": stream(data), "Other": b"y" * 9_000}),
    "bare": lambda chance, data: stream(data),
    "texts in blocks": _records(_texts_in_blocks),
    "unknown records": _records(_unknown_between),
}

CONTENT: Mapping[str, Damage] = {
    "record lost": _records(_lost),
    "record lost, places kept": _records(_lost, again=False),
    "record doubled": _records(_twice),
    "records exchanged": _records(_exchanged),
    "record kind": _records(_other_kind, again=None),
    "record length": _lengths,
    "record bytes": _records(_body(_bytes), again=None),
    "value byte": _records(_body(_one_byte, *VALUES)),
    "value bytes": _records(_body(_bytes, *VALUES)),
    "value shorter": _records(_body(_shorter, *VALUES)),
    "value longer": _records(_body(_longer, *VALUES)),
    "cell place": _records(_body(_place, *VALUES[:-1])),
    "cell format": _records(_body(_format, *VALUES[:-1])),
    "number": _records(_body(_double, 0x203, 0x006)),
    "formula result": _records(_body(_result, 0x006)),
    "text index": _records(_body(_index, 0xFD)),
    "sheet entry": _records(_body(_bytes, BOUNDSHEET), again=False),
    "begin": _records(_body(_bytes, BOF)),
    "text table count": _records(_body(_count, SST)),
    "text table byte": _records(_body(_one_byte, SST, CONTINUE)),
    "text table bytes": _records(_body(_bytes, SST, CONTINUE)),
    "text table shorter": _records(_body(_shorter, SST, CONTINUE)),
    "text table broken": _records(_texts_resplit),
    "formats": _records(_body(_bytes, 0xE0, 0x41E, 0x22, 0x42)),
    "stream bytes": _stream_bytes(bytes_changed),
    "stream cut": _stream_bytes(cut),
    "stream doubled": _stream_bytes(doubled),
    "stream overwritten": _stream_bytes(overwritten),
    "stream truncated": _stream_bytes(truncated),
}
