"""Damage to the XML in a zip container, its checksums put right again."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from containers import Damage, bytes_changed, cut, deflated, doubled, member, overwritten, put_together, taken_apart

Change = Callable[[Random, bytes], bytes]

TAG = re.compile(rb"<[^!?][^<>]*>")
OPENING = re.compile(rb"<[^!?/][^<>]*>")
CLOSING = re.compile(rb"</[^<>]*>")
ATTRIBUTE = re.compile(rb'\s[\w:.]+="[^"]*"')
TEXT = re.compile(rb">([^<>]+)<")
# elements that hold a value or its place, from their opening to their closing tag
ELEMENT = re.compile(
    rb"<(c|row|v|si|t|xf|numFmt|sheet|Relationship|f|is|table:table-cell|table:table-row|text:p|style:style)\b"
    rb"(?:[^<>]*/>|[^<>]*[^/]>.*?</\1>|>.*?</\1>)",
    re.DOTALL,
)
LARGE = 300 << 10  # more than is unpacked in one go


def readable(name: bytes) -> int:
    """How often a part is worth damaging: those that hold values most."""
    if b"worksheets/sheet" in name or name == b"content.xml":
        return 12
    if b"sharedStrings" in name:
        return 8
    if b"styles" in name and name.startswith(b"xl/"):
        return 6
    return 3 if name.endswith((b".rels", b"workbook.xml", b"manifest.xml")) or name == b"mimetype" else 0


def _in_a_part(change: Change) -> Damage:
    def damage(chance: Random, data: bytes) -> bytes:
        members = taken_apart(data)
        at = chance.choices(range(len(members)), [readable(each.name) for each in members])[0]
        members[at] = member(members[at].name, change(chance, members[at].content))
        return put_together(members)

    return damage


def _spot(chance: Random, pattern: re.Pattern[bytes], text: bytes) -> re.Match[bytes] | None:
    """A random match: the first one behind a random place, or else the first of all."""
    return pattern.search(text, chance.randrange(len(text) + 1)) or pattern.search(text)


def _replacing(pattern: re.Pattern[bytes], other: Callable[[Random, bytes], bytes]) -> Change:
    """Puts something else in the place of one match."""

    def change(chance: Random, text: bytes) -> bytes:
        found = _spot(chance, pattern, text)
        if found is None:
            return text
        return text[: found.start()] + other(chance, found[0]) + text[found.end() :]

    return change


def _exchanged(pattern: re.Pattern[bytes]) -> Change:
    """Puts two matches in each other's place."""

    def change(chance: Random, text: bytes) -> bytes:
        first = _spot(chance, pattern, text)
        second = first and pattern.search(text, first.end() + (chance.choice([0, 0, 200, 5_000])))
        if first is None or second is None:
            return text
        a, b, c, d = first.start(), first.end(), second.start(), second.end()
        return text[:a] + second[0] + text[b:c] + first[0] + text[d:]

    return change


def _renamed(chance: Random, tag: bytes) -> bytes:
    names = [b"c", b"row", b"v", b"t", b"is", b"f", b"si", b"rPh", b"x", b"sheetData", b"xf", b"table:table-cell",
             b"table:table-row", b"table:table", b"text:p", b"text:s", b"office:annotation"]  # fmt: skip
    return re.sub(rb"[\w:]+", lambda _: chance.choice(names), tag, count=1)


def _all_renamed(chance: Random, element: bytes) -> bytes:
    return re.sub(rb"(?<=[</])[\w:]+", chance.choice([b"v", b"x", b"is", b"t", b"f"]), element)


ODD = [b"", b"0", b"-1", b"1", b"99999999", b"4294967297", b"zz", b"A0", b"ZZZ9999999", b"B2", b"a1", b"1e3", b"true",
       b"NaN", b" 3 ", b"+5", b"007", b"s", b"n", b"str", b"inlineStr", b"b", b"e", b"d", b"\xef\xbc\x91",
       b"x" * 70_000, b"2007-11-31", b"20071110", b"2007-W46-4", b"percentage", b"float", b"string",
       b"date", b"boolean", b"time", b"5000000"]  # fmt: skip
VALUED = re.compile(
    rb"\s(?:r|s|t|min|numFmtId|name|state|Id|Type|Target|date1904|count|xml:space|"
    rb"table:number-\w+-repeated|office:[\w-]*value|office:value-type|calcext:value-type|text:c|table:name|"
    rb'table:formula)="[^"]*"'
)


def _odd_attribute(chance: Random, attribute: bytes) -> bytes:
    return attribute[: attribute.index(b'"') + 1] + chance.choice(ODD) + b'"'


def _attribute_swapped(chance: Random, text: bytes) -> bytes:
    name = chance.choice([b"r", b"s", b"t", b"numFmtId", b"office:value", b"office:value-type"])
    return _exchanged(re.compile(rb"\s" + name + rb'="[^"]*"'))(chance, text)


ENCODINGS = [b"gbk", b"gb18030", b"iso-8859-1", b"windows-1252", b"us-ascii", b"utf-16", b"UTF-16LE", b"utf-7",
             b"ucs-4", b"koi8-r", b"idna", b"cp037", b"nonsense", b""]  # fmt: skip
HEAD = re.compile(rb'<\?xml version="1.0"[^?]*\?>')


def _declared(chance: Random, text: bytes) -> bytes:
    return HEAD.sub(b'<?xml version="1.0" encoding="' + chance.choice(ENCODINGS) + b'"?>', text, count=1)


def _recoded(chance: Random, text: bytes) -> bytes:
    name = chance.choice(["gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037", "utf-8-sig"])
    said = name.split("-")[0] + "-" + name.split("-")[1] if name.startswith("utf") else name
    head = f'<?xml version="1.0" encoding="{said}"?>'.encode()
    return (HEAD.sub(head, text, count=1) if chance.random() < 0.7 else text).decode().encode(name, "replace")


def _in_two_bytes(_: Random, text: bytes) -> bytes:
    if not text.startswith(b"<?xml"):
        return text
    return HEAD.sub(b'<?xml version="1.0" encoding="UTF-16"?>', text, count=1).decode().encode("utf-16")


def _text_changed(chance: Random, text: bytes) -> bytes:
    said = text[1:-1].decode("utf-8", "replace")
    at = chance.randrange(len(said) + 1)
    made = chance.choice([
        said[:at], said[at:], said[:at] + "\0" + said[at:], said[:at] + "\x0b" + said[at:], "9" * 400, said * 2,
        said[:at] + "_x0001_" + said[at:], said[:at] + "_xD83D_" + said[at:], said[:at] + "\n \t" + said[at:],
        said[:at] + "&#0;" + said[at:], said[:at] + "&#xD800;" + said[at:], said[:at] + "&#13;" + said[at:],
        said[:at] + "&nbsp;" + said[at:], "1E400", "-0", "0x1F", "1,000", "٣", "１２", "=1+1", "  ", "#N/A", "1e-400",
        said[:at] + "<![CDATA[" + said[at:].replace("&", "") + "]]>", said[:at] + "<!-- 7 -->" + said[at:],
        said[:at] + "<?x 7?>" + said[at:], said[:at] + "<b>7</b>" + said[at:], said[:at] + "\ufffe" + said[at:],
        "长" * 40_000, "99999999999999999999", "0.30000000000000004", said[:at] + "&lt;" + said[at:],
    ])  # fmt: skip
    return b">" + made.encode("utf-8", "surrogatepass") + b"<"


def _nested(chance: Random, element: bytes) -> bytes:
    depth = chance.choice([1, 2, 30, 150, 5_000])
    opening = OPENING.match(element)
    assert opening is not None
    bare = re.sub(rb"/>$", b">", opening[0])
    name = re.match(rb"<([\w:]+)", bare)
    assert name is not None
    inner = element if chance.random() < 0.5 else re.sub(rb'r="([A-Z]+)', rb'r="Z\1', element)
    return bare * depth + inner + b"</" + name[1] + b">" * 1 + (b"</" + name[1] + b">") * (depth - 1)


def _wrapped(chance: Random, element: bytes) -> bytes:
    outer = chance.choice([b"x", b"v", b"is", b"t", b"row", b"c", b"f", b"rPh", b"table:table-row", b"text:p",
                           b"office:annotation", b"text:span", b"table:table-row-group"])  # fmt: skip
    return b"<" + outer + b">" + element + b"</" + outer + b">"


def _doubled_otherwise(chance: Random, element: bytes) -> bytes:
    return element + re.sub(rb"\d", lambda _: str(chance.randrange(10)).encode(), element, count=chance.choice([1, 9]))


def _moved(chance: Random, text: bytes) -> bytes:
    """An element taken from its place and put in front of another tag."""
    found = _spot(chance, ELEMENT, text)
    if found is None:
        return text
    rest = text[: found.start()] + text[found.end() :]
    tag = _spot(chance, TAG, rest)
    return rest if tag is None else rest[: tag.start()] + found[0] + rest[tag.start() :]


def _entities(chance: Random, text: bytes) -> bytes:
    root = OPENING.search(text)
    if root is None:
        return text
    kind = chance.choice(
        [
            b'<!DOCTYPE x [<!ENTITY a "7">]>',
            b"<!DOCTYPE x>",
            b'<!DOCTYPE x SYSTEM "x.dtd">',
            b'<!DOCTYPE x [<!ENTITY % a "7"> %a;]>',
            b'<!DOCTYPE x [<!ATTLIST c s CDATA "2">]>',
        ]
    )
    text = text[: root.start()] + kind + text[root.start() :]
    return _replacing(TEXT, lambda _, found: b">&a;<")(chance, text) if chance.random() < 0.5 else text


SPACE = re.compile(rb'xmlns(?::\w+)?="[^"]*"')


def _space_changed(chance: Random, space: bytes) -> bytes:
    name = space[: space.index(b'"') + 1]
    return name + chance.choice([b"urn:x", b"", b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://x/"]) + b'"'


def _emptied(chance: Random, text: bytes) -> bytes:
    return chance.choice([b"", b" ", b"<x/>", text[: len(text) // 2], b"\0" * 500, text + text, text + b"<x/>", b"<"])


def _parts_exchanged(chance: Random, data: bytes) -> bytes:
    members = taken_apart(data)
    places = [at for at, each in enumerate(members) if readable(each.name)]
    first, second = chance.choice(places), chance.choice(places)
    one, two = members[first], members[second]
    members[first], members[second] = member(one.name, two.content), member(two.name, one.content)
    return put_together(members)


def swollen(chance: Random, data: bytes) -> bytes:
    """The same workbook with a part that is larger than what is unpacked in one go; no value is another."""
    members = taken_apart(data)
    chosen = [at for at, each in enumerate(members) if readable(each.name) >= 8]
    at = chance.choice(chosen)
    content = members[at].content
    spots = [found.start() for found in re.finditer(rb"<(?:row|table:table-row|si)\b", content)]
    where = chance.choice(spots) if spots else content.index(b">", content.index(b"?>") + 2) + 1
    letters = b"abcdefghij0123456789"
    filler = b"".join(b"<!--%s-->" % bytes(chance.choices(letters, k=1_000)) for _ in range(LARGE // 1_000))
    made = content[:where] + filler + content[where:]
    members[at] = replace(member(members[at].name, made), payload=deflated(made, 1))
    return put_together(members)


def _larger(damage: Damage) -> Damage:
    return lambda chance, data: damage(chance, swollen(chance, data))


CONTENT: Mapping[str, Damage] = {
    name: _in_a_part(change)
    for name, change in {
        "closing tag lost": _replacing(CLOSING, lambda _, tag: b""),
        "opening tag lost": _replacing(OPENING, lambda _, tag: b""),
        "tag doubled": _replacing(TAG, lambda _, tag: tag * 2),
        "tag closed": _replacing(OPENING, lambda _, tag: tag[:-1].rstrip(b"/") + b"/>"),
        "tags exchanged": _exchanged(TAG),
        "elements exchanged": _exchanged(ELEMENT),
        "element lost": _replacing(ELEMENT, lambda _, element: b""),
        "element doubled": _replacing(ELEMENT, lambda _, element: element * 2),
        "element doubled otherwise": _replacing(ELEMENT, _doubled_otherwise),
        "element many times": _replacing(ELEMENT, lambda chance, element: element * chance.choice([30, 3_000])),
        "element nested": _replacing(ELEMENT, _nested),
        "element wrapped": _replacing(ELEMENT, _wrapped),
        "element moved": _moved,
        "tag renamed": _replacing(TAG, _renamed),
        "element renamed": _replacing(ELEMENT, _all_renamed),
        "attribute lost": _replacing(ATTRIBUTE, lambda _, attribute: b""),
        "value attribute lost": _replacing(VALUED, lambda _, attribute: b""),
        "attribute odd": _replacing(VALUED, _odd_attribute),
        "attribute doubled": _replacing(ATTRIBUTE, lambda _, attribute: attribute * 2),
        "attributes exchanged": _attribute_swapped,
        "text changed": _replacing(TEXT, _text_changed),
        "text lost": _replacing(TEXT, lambda _, text: b"><"),
        "texts exchanged": _exchanged(TEXT),
        "encoding declared": _declared,
        "encoded otherwise": _recoded,
        "mark before": lambda chance, text: chance.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\n", b"\0", b"x"]) + text,
        "entities": _entities,
        "namespace": _replacing(SPACE, _space_changed),
        "part emptied": _emptied,
        "bytes in a part": bytes_changed,
        "part cut": cut,
        "part doubled": doubled,
        "part overwritten": overwritten,
    }.items()
} | {"parts exchanged": _parts_exchanged}

LARGER: Mapping[str, Damage] = {
    f"large, {name}": _larger(CONTENT[name])
    for name in ("closing tag lost", "part cut", "attribute odd", "text changed", "element doubled otherwise")
}

HARMLESS: Mapping[str, Damage] = {"large": swollen, "two bytes each": _in_a_part(_in_two_bytes)}


def larger(damages: Mapping[str, Damage]) -> Mapping[str, Damage]:
    """The same damages, each to a workbook with a large part."""
    return {f"large, {name}": _larger(damage) for name, damage in damages.items()}
