"""What lies upon a sheet in Office Open XML: comments and drawings, in parts of their own.

No value depends on them. They are read at their own cost, and where one is damaged or costs too much the sheet is told
to have more than was read.
"""

from collections.abc import Callable, Mapping

from kaohe_cli.sheet.bounds import Budget, CellCollector, Limits, Refused, extend, legible
from kaohe_cli.sheet.parts import Attributes, Package, relations, relations_path
from kaohe_cli.sheet.worksheet import place_of, short_names

# for all sheets of a workbook: a thousand times what comments and a few pictures take
_LIMITS = Limits(inflated=16 << 20, steps=400_000, seconds=10.0)

_TAGS = short_names("comment", "t", "rPh")
_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments "
_ANCHORS = tuple(
    f"{space} {kind}Anchor"
    for space in (
        "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
        "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
    )
    for kind in ("twoCell", "oneCell", "absolute")
)


def aside(package: Package) -> Package:
    """The container at a cost of its own, for :func:`read_overlay` of all its sheets."""
    return Package(package.members, package.source, Budget(_LIMITS))


def read_overlay(package: Package, path: str, cells: CellCollector) -> None:
    """Put what lies upon the sheet of that part into ``cells``."""
    if relations_path(path) not in package:
        return
    try:
        named = relations(package, path).values()
    except Refused:
        cells.unseen = True
        return
    for kind, read in _READERS.items():
        for target in (target for own, target in named if own == kind):
            try:
                read(package, target, cells)
            except Refused:
                cells.unseen = True


def _comments(package: Package, path: str, cells: CellCollector) -> None:
    place: tuple[int, int] | None = None
    taking = phonetic = False
    parts: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal place, taking, phonetic
        name = _TAGS.get(tag)
        if name == "comment":
            place = place_of(attributes.get("ref", ""))
        elif name == "t":
            taking = not phonetic
        elif name == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal place, taking, phonetic
        name = _TAGS.get(tag)
        if name == "comment":
            cells.remark(place, "".join(parts))
            parts.clear()
            place = None
        elif name == "t":
            taking = False
        elif name == "rPh":
            phonetic = False

    package.parse(path, start, end, lambda data: extend(parts, data) if taking else None)


def _threads(package: Package, path: str, cells: CellCollector) -> None:
    """Comments that were answered; in the other part a hint at them stands for each."""
    place: tuple[int, int] | None = None
    taking = False
    parts: list[str] = []
    found: dict[tuple[int, int] | None, list[str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal place, taking
        if tag == f"{_THREADS}threadedComment":
            place = place_of(attributes.get("ref", ""))
        taking = tag == f"{_THREADS}text"

    def end(tag: str) -> None:
        nonlocal taking
        taking = False
        if tag == f"{_THREADS}threadedComment":
            thread = found.setdefault(place, [])
            extend(thread, ("\n" if thread else "") + legible("".join(parts)).strip())
            parts.clear()

    try:
        package.parse(path, start, end, lambda data: extend(parts, data) if taking else None)
    finally:
        for where, thread in found.items():
            cells.remark(where, "".join(thread))


def _drawings(package: Package, path: str, cells: CellCollector) -> None:
    def start(tag: str, _: Attributes) -> None:
        cells.pictures += tag in _ANCHORS

    package.parse(path, start)


_READERS: Mapping[str, Callable[[Package, str, CellCollector], None]] = {
    "comments": _comments, "threadedComment": _threads, "drawing": _drawings,
}  # fmt: skip
