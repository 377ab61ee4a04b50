"""Hostile files, each made from scratch and named by what it tries.

``python tests/hostile.py FOLDER`` writes them all there. The tests make them as they need them: some are large.
"""

import io
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACK = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MIB = 1 << 20

Part = str | bytes


def zipped(parts: Iterable[tuple[str, Part]]) -> bytes:
    """A zip container of these parts, in this order, also where a name comes twice."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as container:
        warnings.simplefilter("ignore")
        for name, content in parts:
            container.writestr(zipfile.ZipInfo(name, (2007, 11, 15, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def relations(entries: Iterable[tuple[str, str]]) -> str:
    """A part that names others: (kind, path) of each; they are called rId1, rId2 …"""
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{REL}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(entries, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACK}">{links}</Relationships>'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """A sheet's part with these rows."""
    return f'{HEAD}{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def row(cells: str, number: int = 1) -> str:
    return f'<row r="{number}">{cells}</row>'


STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>'
    "</styleSheet>"
)


LINKS = (("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"))


def workbook_parts(rows: str | None = None, **replaced: Part) -> dict[str, Part]:
    """The parts of a workbook of one sheet 表一 with these rows; a part may be replaced by its short name."""
    parts: dict[str, tuple[str, Part]] = {
        "types": (
            "[Content_Types].xml",
            f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        ),
        "root": ("_rels/.rels", relations([("officeDocument", "xl/workbook.xml")])),
        "workbook": (
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
            '<sheet name="表一" sheetId="1" r:id="rId1"/></sheets></workbook>',
        ),
        "links": (
            "xl/_rels/workbook.xml.rels",
            relations([("worksheet", "worksheets/sheet1.xml"), *LINKS]),
        ),
        "styles": ("xl/styles.xml", STYLES),
        "strings": ("xl/sharedStrings.xml", f'{HEAD}<sst xmlns="{MAIN}"><si><t>甲</t></si><si><t>乙</t></si></sst>'),
        "sheet": ("xl/worksheets/sheet1.xml", sheet(rows if rows is not None else row('<c r="A1"><v>1</v></c>'))),
    }
    return {name: replaced.get(short, content) for short, (name, content) in parts.items()}


def workbook(rows: str | None = None, **replaced: Part) -> bytes:
    """As :func:`workbook_parts`, packed."""
    return zipped(workbook_parts(rows, **replaced).items())


def cell(content: str, place: str = "B2") -> str:
    """Two rows: a healthy 1 in A1, and then the cell in question."""
    return row('<c r="A1"><v>1</v></c>') + row(content, int(place.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))


def patched(data: bytes, name: str, at: int, layout: str, value: int) -> bytes:
    """``data`` with a number in the directory entry of ``name`` replaced."""
    entry = -1
    while (entry := data.find(b"PK\x01\x02", entry + 1)) >= 0:
        if data[entry + 46 :].startswith(name.encode()):
            made = bytearray(data)
            struct.pack_into(layout, made, entry + at, value)
            return bytes(made)
    raise LookupError(name)


def bomb(size: int, filler: bytes = b" ") -> bytes:
    """A workbook whose sheet unpacks to ``size`` bytes."""
    return workbook(sheet=sheet("").encode() + filler * size)


def flood(element: str, count: int) -> bytes:
    """A workbook whose sheet is one element over and over."""
    return workbook(row(element * count))


def directory_flood(count: int) -> bytes:
    """A zip container with a directory of many entries for one byte."""
    made = zipped([("x", b"x")])
    start = made.index(b"PK\x01\x02")
    end = made.index(b"PK\x05\x06")
    entry = made[start:end] * count
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entry), start, 0)
    return made[:start] + entry + tail


# ── Workbooks of before 2007 ────────────────────────────────────────────────────────────────────────────────────────


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff(
    cells: bytes,
    before: bytes = b"",
    strings: bytes = b"",
    sheets: int = 1,
    version: int = 0x600,
    names: Sequence[bytes] = (),
) -> bytes:
    """A bare stream with ``sheets`` entries, or one for each of ``names``, that all lead to one sheet of these records.

    Names are as they stand in the file.
    """
    begin = record(0x809, struct.pack("<HHHHII", version, 5, 0, 0, 0, 0))
    end = record(0x0A)
    names = names or [f"S{number}".encode() for number in range(1, sheets + 1)]

    def globals_(offset: int) -> bytes:
        wide = b"\0" if version == 0x600 else b""
        entries = b"".join(record(0x85, struct.pack("<IBBB", offset, 0, 0, len(name)) + wide + name) for name in names)
        return begin + before + entries + strings + end

    body = record(0x809, struct.pack("<HHHHII", version, 0x10, 0, 0, 0, 0)) + cells + end
    return globals_(len(globals_(0))) + body


def number_record(line: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", line, column, 0, value))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file with these streams at its top, each at least one sector long."""
    size = 512
    sectors: list[bytes] = []
    links: list[int] = []

    def store(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[at : at + size].ljust(size, b"\0") for at in range(0, len(content), size)] or [b"\0" * size]
        sectors.extend(pieces)
        links.extend([*range(first + 1, first + len(pieces)), 0xFFFFFFFE])
        return first

    starts = {name: (store(content.ljust(4096, b"\0")), max(len(content), 4096)) for name, content in streams.items()}

    def entry(name: str, kind: int, right: int, child: int, start: int, length: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBBIII16sIQQIQ", raw, len(raw), kind, 1, 0xFFFFFFFF, right, child, b"", 0, 0, 0, start, length
        )

    entries = [entry("Root Entry", 5, 0xFFFFFFFF, 1, 0xFFFFFFFE, 0)]
    for index, (name, (start, length)) in enumerate(starts.items(), 1):
        entries.append(entry(name, 2, index + 1 if index < len(starts) else 0xFFFFFFFF, 0xFFFFFFFF, start, length))
    directory = store(b"".join(entries))
    tables = -(-(len(links) + len(links) // 127 + 2) // 128)
    first_table = len(sectors)
    links += [0xFFFFFFFD] * tables
    links += [0xFFFFFFFF] * (tables * 128 - len(links))
    table = struct.pack(f"<{len(links)}I", *links)
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, tables,
        directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0,
    )[:76]  # fmt: skip
    head += struct.pack("<109I", *range(first_table, first_table + tables), *[0xFFFFFFFF] * (109 - tables))
    return head + b"".join(sectors) + table


def circular() -> bytes:
    """A compound file whose stream never ends: its last sector leads to its first."""
    made = bytearray(compound({"Workbook": biff(b"").ljust(8192, b"\0")}))
    table = struct.unpack_from("<I", made, 76)[0]
    end = made.index(struct.pack("<I", 0xFFFFFFFE), (table + 1) * 512)
    struct.pack_into("<I", made, end, 0)
    return bytes(made)


# ── OpenDocument ────────────────────────────────────────────────────────────────────────────────────────────────────

_ODS = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def opendocument_parts(rows: str, manifest: str = "", mimetype: str = "spreadsheet") -> dict[str, Part]:
    """The parts of an OpenDocument file with one sheet 表一 of these rows."""
    content = (
        f'{HEAD}<office:document-content {_ODS}><office:body><office:spreadsheet><table:table table:name="表一">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    listed = f'{HEAD}<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{manifest}</m:manifest>'
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{mimetype}",
        "content.xml": content,
        "META-INF/manifest.xml": listed,
    }


def opendocument(rows: str, manifest: str = "", mimetype: str = "spreadsheet") -> bytes:
    """As :func:`opendocument_parts`, packed."""
    return zipped(opendocument_parts(rows, manifest, mimetype).items())


def opendocument_number(value: str, repeated: str = "") -> str:
    return f'<table:table-cell {repeated} office:value-type="float" office:value="{value}"/>'


# ── All of them ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _laughs() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>'


def _attributes(count: int) -> Iterator[str]:
    for start in range(0, count, 1000):
        yield "<c " + " ".join(f'n{number}=""' for number in range(start, start + 1000)) + "/>"


_BLANKS = "".join(row(f'<c r="A{n}" s="1"/>' + '<c s="1"/>' * 199, n) for n in range(2, 2002))  # 400,000
_WIDE = f"<si><t>{'a' * 32_000}😀</t></si>"
_TEXT = '<c r="B2" t="inlineStr"><is>{}</is></c>'
_ENCRYPTED = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'

# Name → how it is made, and the codes that reading it ends in.
HOSTILE: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    # what expands
    "billion_laughs.xlsx": (
        lambda: workbook(sheet=sheet(row('<c t="str"><v>&l9;</v></c>'), _laughs())), ("KH014",)),
    "quadratic_blow_up.xlsx": (
        lambda: workbook(sheet=sheet(
            row(f'<c t="str"><v>{"&a;" * 50_000}</v></c>'), f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>')),
        ("KH014",)),
    "external_entity.xlsx": (
        lambda: workbook(sheet=sheet(
            row('<c t="str"><v>&a;</v></c>'), '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')), ("KH014",)),
    "external_subset.xlsx": (
        lambda: workbook(sheet=sheet("", '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">')), ("KH014",)),
    "entities_in_strings.xlsx": (
        lambda: workbook(strings=f'{HEAD}{_laughs()}<sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'), ("KH014",)),
    "entities_in_relations.xlsx": (
        lambda: workbook(root=f'{HEAD}{_laughs()}<Relationships xmlns="{PACK}">&l9;</Relationships>'), ("KH014",)),
    "entities.ods": (
        lambda: zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                        ("content.xml", f"{HEAD}{_laughs()}<x>&l9;</x>")]), ("KH014",)),
    "zip_bomb.xlsx": (lambda: bomb(100 * MIB), ("KH003",)),
    "zip_bomb_of_strings.xlsx": (
        lambda: workbook(strings=f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"a" * (100 * MIB)}</t></si></sst>'), ("KH003",)),
    "zip_bomb.ods": (lambda: opendocument(" " * (100 * MIB)), ("KH003",)),
    "size_claimed_small.xlsx": (
        lambda: patched(bomb(100 * MIB), "xl/worksheets/sheet1.xml", 24, "<I", 1000), ("KH003",)),
    "size_claimed_too_small.xlsx": (lambda: patched(workbook(), "xl/worksheets/sheet1.xml", 24, "<I", 40), ("KH013",)),
    "size_claimed_large.xlsx": (
        lambda: patched(workbook(), "xl/worksheets/sheet1.xml", 24, "<I", 1_000_000), ("KH013",)),
    "wrong_checksum.xlsx": (lambda: patched(workbook(), "xl/worksheets/sheet1.xml", 16, "<I", 7), ("KH013",)),
    "wrong_checksum_of_formats.xlsx": (lambda: patched(workbook(), "xl/styles.xml", 16, "<I", 7), ("KH013",)),
    "wrong_checksum_of_strings.xlsx": (lambda: patched(workbook(), "xl/sharedStrings.xml", 16, "<I", 7), ("KH013",)),
    "wrong_offset.xlsx": (lambda: patched(workbook(), "xl/worksheets/sheet1.xml", 42, "<I", 3), ("KH013",)),
    # what is without number
    "parts.xlsx": (
        lambda: zipped([*workbook_parts().items(), *((f"xl/x{n}", "") for n in range(600))]), ("KH003",)),
    "directory.xlsx": (lambda: directory_flood(400_000), ("KH003",)),
    "cells.xlsx": (
        lambda: workbook("".join(row("<c><v>1</v></c>" * 250, n) for n in range(1, 1001))), ("KH003",)),
    "blanks.xlsx": (lambda: workbook(row('<c r="A1"><v>1</v></c>') + _BLANKS), ("KH034",)),
    "blanks_without_number.xlsx": (lambda: flood('<c r="A1"/>', 5_500_000), ("KH003",)),
    "levels.xlsx": (lambda: workbook(row("<a>" * 3_000_000)), ("KH003",)),
    "levels_of_text.xlsx": (lambda: workbook(strings=f'{HEAD}<sst xmlns="{MAIN}">{"<r>" * 3_000_000}'), ("KH003",)),
    "namespaces.xlsx": (
        lambda: workbook(row("".join(f'<c xmlns:n{n}="u{n}"/>' for n in range(1_000_000)))), ("KH003",)),
    "attributes.xlsx": (lambda: workbook(row("".join(_attributes(1_000_000)))), ("KH003",)),
    "names.xlsx": (lambda: workbook(row("".join(f"<n{n}/>" for n in range(1_000_000)))), ("KH003",)),
    "attributes_repeated.xlsx": (
        lambda: workbook(row(("<c " + " ".join(f'n{n}=""' for n in range(3000)) + "/>") * 2_000)), ("KH003",)),
    "endless_tag.xlsx": (lambda: workbook(row(f'<c r="{"A" * (40 * MIB)}"/>')), ("KH003",)),
    "endless_comment.xlsx": (lambda: workbook(row(f"<!--{'a' * (40 * MIB)}-->")), ("KH003",)),
    "comments.xlsx": (lambda: flood("<!---->", 7_000_000), ("KH003",)),
    "strings.xlsx": (
        lambda: workbook(strings=f'{HEAD}<sst xmlns="{MAIN}">{"<si/>" * 3_000_000}</sst>'), ("KH003",)),
    "wide_strings.xlsx": (
        lambda: workbook(strings=f'{HEAD}<sst xmlns="{MAIN}">{_WIDE * 1_900}</sst>'),
        ("KH003",)),
    "runs.xlsx": (lambda: workbook(cell(_TEXT.format("<r><t>a</t></r>" * 350_000))), ("KH032",)),
    "digits.xlsx": (lambda: workbook(cell(f'<c r="B2"><v>{"9" * (30 * MIB)}</v></c>')), ("KH031",)),
    "one_text.xlsx": (lambda: workbook(cell(_TEXT.format(f"<t>😀{'a' * (60 * MIB)}</t>"))), ("KH032",)),
    "file.xlsx": (lambda: workbook().ljust(20 * MIB + 1, b"\0"), ("KH002",)),
    # what is far off, twice there, or no value
    "far_cell.xlsx": (lambda: workbook(cell('<c r="XFD1048576"><v>7</v></c>', "XFD1048576")), ("KH030",)),
    "far_column.xlsx": (lambda: workbook(cell('<c r="IW2"><v>7</v></c>')), ("KH030",)),
    "far_blank.xlsx": (lambda: workbook(cell('<c r="XFD1048576" s="1"/>', "XFD1048576")), ()),
    "dimension.xlsx": (
        lambda: workbook(sheet=sheet(cell("")).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')),
        ()),
    "duplicate_parts.xlsx": (
        lambda: zipped([*workbook_parts().items(), ("xl/worksheets/sheet1.xml", sheet(""))]), ("KH015",)),
    "duplicate_parts_by_case.xlsx": (
        lambda: zipped([*workbook_parts().items(), ("xl/worksheets/Sheet1.xml", sheet(""))]), ("KH015",)),
    "duplicate_cells.xlsx": (lambda: workbook(row('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>')), ("KH013",)),
    "duplicate_values.xlsx": (lambda: workbook(row('<c r="A1"><v>1</v><v>2</v></c>')), ("KH013",)),
    "missing_string.xlsx": (lambda: workbook(cell('<c r="B2" t="s"><v>2</v></c>')), ("KH013",)),
    "negative_string.xlsx": (lambda: workbook(cell('<c r="B2" t="s"><v>-1</v></c>')), ("KH013",)),
    "number_1E400.xlsx": (lambda: workbook(cell('<c r="B2"><v>1E400</v></c>')), ("KH031",)),
    "number_NaN.xlsx": (lambda: workbook(cell('<c r="B2"><v>NaN</v></c>')), ("KH031",)),
    "number_Infinity.xlsx": (lambda: workbook(cell('<c r="B2"><v>-Infinity</v></c>')), ("KH031",)),
    "number_full_width.xlsx": (lambda: workbook(cell('<c r="B2"><v>１２</v></c>')), ("KH031",)),
    "number_with_bar.xlsx": (lambda: workbook(cell('<c r="B2"><v>1_000</v></c>')), ("KH031",)),
    "date_out_of_time.xlsx": (lambda: workbook(cell('<c r="B2" s="2"><v>99999999</v></c>')), ()),
    "control_escaped.xlsx": (lambda: workbook(cell(_TEXT.format("<t>a_x0001_b_x001B_[31m</t>"))), ("KH033",)),
    "control_raw.xlsx": (lambda: workbook(cell(_TEXT.format("<t>a\x01b</t>"))), ("KH013",)),
    "surrogates.xlsx": (lambda: workbook(cell(_TEXT.format("<t>a_xD800_b</t>"))), ("KH033",)),
    "text_too_long.xlsx": (lambda: workbook(cell(_TEXT.format(f"<t>{'长' * 32_768}</t>"))), ("KH032",)),
    "formula_as_text.xlsx": (lambda: workbook(cell(_TEXT.format("<t>=cmd|' /C calc'!A0</t>"))), ()),
    "sheet_outside.xlsx": (
        lambda: workbook(links=relations([("worksheet", "../../../../etc/passwd")])), ("KH013",)),
    "sheet_elsewhere.xlsx": (
        lambda: workbook(links=relations([("worksheet", "http://127.0.0.1/x")]).replace(
            "Target=", 'TargetMode="External" Target=')), ("KH013",)),
    # older workbooks
    "values.xls": (lambda: biff(number_record(0, 0, 1)), ()),
    "far_cell.xls": (lambda: biff(number_record(0, 0, 1) + number_record(65_535, 255, 7)), ("KH030",)),
    "number_NaN.xls": (lambda: biff(number_record(0, 0, 1) + number_record(1, 1, float("nan"))), ("KH031",)),
    "cells.xls": (
        lambda: biff(b"".join(number_record(n >> 8, n & 255, 1) for n in range(210_000))), ("KH003",)),
    "duplicate_cells.xls": (lambda: biff(number_record(0, 0, 1) * 2), ("KH013",)),
    "records.xls": (lambda: biff(record(0x1FF) * 4_000_000), ("KH003",)),
    "sheets_of_one.xls": (lambda: biff(record(0x1FF) * 100_000, sheets=1_000), ("KH003",)),
    "strings.xls": (lambda: biff(b"", strings=record(0xFC, struct.pack("<II", 1, 0xFFFFFFFF))), ("KH003",)),
    "missing_strings.xls": (
        lambda: biff(record(0xFD, struct.pack("<HHHI", 0, 0, 0, 1)), strings=record(0xFC, struct.pack("<II", 9, 9))),
        ("KH013",)),
    "string_of_many_cells.xls": (
        lambda: biff(
            b"".join(record(0xFD, struct.pack("<HHHI", n >> 8, n & 255, 0, 0)) for n in range(100_000)),
            strings=record(0xFC, struct.pack("<IIHB", 1, 1, 8_000, 0) + b"\1" + b"a" * 7_999)), ("KH003",)),
    "cut_string.xls": (
        lambda: biff(b"", strings=record(0xFC, struct.pack("<IIHB", 1, 1, 60_000, 1) + b"a" * 9)), ("KH013",)),
    "circular.xls": (circular, ("KH013",)),
    "password.xls": (lambda: biff(b"", before=record(0x2F, b"\0" * 6)), ("KH004",)),
    "biff4.xls": (lambda: record(0x409, struct.pack("<HHH", 0, 0x10, 0)), ("KH016",)),
    # OpenDocument
    "repeated_rows.ods": (
        lambda: opendocument('<table:table-row table:number-rows-repeated="1048576">' + opendocument_number("7")
                             + "</table:table-row>"), ("KH030",)),
    "repeated_cells.ods": (
        lambda: opendocument('<table:table-row table:number-rows-repeated="5000">' + opendocument_number(
            "7", 'table:number-columns-repeated="256"') + "</table:table-row>"), ("KH003",)),
    "repeated_blanks.ods": (
        lambda: opendocument(f"<table:table-row>{opendocument_number('1')}</table:table-row>"
                             '<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
                             'table:number-columns-repeated="16384"/></table:table-row>'), ()),
    "spaces.ods": (
        lambda: opendocument('<table:table-row><table:table-cell office:value-type="string"><text:p>'
                             + '<text:s text:c="999999999"/>' * 200_000
                             + "</text:p></table:table-cell></table:table-row>"), ("KH032",)),
    "spaces_in_many_cells.ods": (
        lambda: opendocument("<table:table-row>" + ('<table:table-cell office:value-type="string"><text:p>'
                             + '<text:s text:c="999999999"/>' * 66 + "</text:p></table:table-cell>") * 10_000
                             + "</table:table-row>"), ("KH030", "KH032", "KH035")),
    "spaces_in_many_rows.ods": (
        lambda: opendocument(('<table:table-row><table:table-cell office:value-type="string"><text:p>'
                              + '<text:s text:c="999999999"/></text:p></table:table-cell></table:table-row>') * 4_000),
        ("KH003",)),
    "number_NaN.ods": (
        lambda: opendocument(f"<table:table-row>{opendocument_number('NaN')}</table:table-row>"), ("KH031",)),
    "password.ods": (lambda: opendocument("", _ENCRYPTED), ("KH004",)),
}  # fmt: skip

# What is no workbook, or none that can be read.
STRANGERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.xlsx": (lambda: b"", "KH001"),
    "zeros.xlsx": (lambda: b"\0" * 5_000, "KH001"),
    "password.xlsx": (lambda: compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x" * 5000}), "KH004"),
    "binary.xlsb": (lambda: workbook(root=relations([("officeDocument", "xl/workbook.bin")])), "KH005"),
    "page.xls": (lambda: "\ufeff\n<html><body><table><tr><td>1</td></tr></table>".encode(), "KH006"),
    "page_in_gbk.xls": (lambda: "<!DOCTYPE html><html><title>考核表</title>".encode("gbk"), "KH006"),
    "page_in_utf16.xls": (lambda: "<html xmlns:x='x'>考核表".encode("utf-16"), "KH006"),
    "page_as_mail.xls": (lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "KH006"),
    "table.xls": (lambda: b"<table><tr><td>1</td></tr></table>", "KH006"),
    "xml_2003.xls": (
        lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:x"/>', "KH007"),
    "comma.xls": (lambda: "单位,数值\n上城区,12\n".encode(), "KH008"),
    "comma_in_gbk.xlsx": (lambda: "单位,数值\n上城区,12\n".encode("gbk") * 9_000, "KH008"),
    "tabs_in_utf16.xls": (lambda: "单位\t数值\n上城区\t12\n".encode("utf-16"), "KH008"),
    "text_that_begins_like_a_picture.xls": (lambda: b"BM,1,2\n", "KH008"),
    "scan.xlsx": (lambda: b"%PDF-1.4\n", "KH009"),
    "photo.xlsx": (lambda: b"\xff\xd8\xff\xe0\0\x10JFIF", "KH010"),
    "screen.xls": (lambda: b"\x89PNG\r\n\x1a\n", "KH010"),
    "letter.xls": (lambda: compound({"WordDocument": b"x"}), "KH011"),
    "letter.xlsx": (
        lambda: zipped([("_rels/.rels", relations([("officeDocument", "word/document.xml")]))]), "KH011"),
    "letter_rich_text.xls": (lambda: b"{\\rtf1\\ansi}", "KH011"),
    "letter.ods": (lambda: opendocument("", mimetype="text"), "KH011"),
    "slides.xlsx": (
        lambda: zipped([("_rels/.rels", relations([("officeDocument", "ppt/presentation.xml")]))]), "KH012"),
    "layout.xlsx": (lambda: zipped([("OFD.xml", "<x/>")]), "KH012"),
    "program.xlsx": (lambda: b"MZ\x90\0\3\0\0\0\4\0\0\0", "KH012"),
    "noise.xlsx": (lambda: bytes(range(128, 256)) * 9, "KH012"),
    "half.xlsx": (lambda: workbook()[: len(workbook()) // 2], "KH013"),
    "half.xls": (lambda: compound({"Workbook": biff(number_record(0, 0, 1) * 900)})[:6_000], "KH013"),
    "signature.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "KH013"),
    "no_main_part.xlsx": (lambda: zipped([("[Content_Types].xml", "<x/>")]), "KH013"),
    "archive.rar": (lambda: b"Rar!\x1a\7\0", "KH018"),
    "archive.xlsx": (lambda: zipped([("上城区.xlsx", workbook())]), "KH018"),
    "no_sheets.xlsx": (
        lambda: workbook(workbook=f'{HEAD}<workbook xmlns="{MAIN}"><sheets/></workbook>'), "KH037"),
}  # fmt: skip


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (make, _) in {**HOSTILE, **STRANGERS}.items():
        (folder / name).write_bytes(make())
