"""How the cells of an Open XML workbook look: fill and font of each cell format, all colours as red, green, blue."""

import re
from collections.abc import Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from typing import Literal, cast, get_args

from msgspec import Struct

from kaohe_cli.sheet.bounds import too_much
from kaohe_cli.sheet.formats import MOST_FORMATS
from kaohe_cli.sheet.parts import Attributes, Enough, Package
from kaohe_cli.sheet.styles import is_on
from kaohe_cli.sheet.worksheet import short_names

BLACK = "000000"
LONGEST_FONT = 31  # characters that the name of a font has in every spreadsheet program
LARGEST_FONT = 409.0  # points

Underline = Literal["", "single", "double", "singleAccounting", "doubleAccounting"]


class Look(Struct, frozen=True):
    """How a cell looks, as far as people set it to mark something. Colours are six hexadecimal digits: FFE3A3."""

    fill: str | None = None  # None: no fill; of a pattern or gradient it is the leading colour
    colour: str = BLACK  # of the text
    font: str = ""  # its name; empty: none is given
    size: float = 11  # of the text, in points
    bold: bool = False
    italic: bool = False
    underline: Underline = ""
    strike: bool = False


_ITEMS = ("fonts", "fills", "cellXfs")  # the lists of a part of styles that make up a look
_NAMES = short_names(
    *_ITEMS, "rgbColor", "patternFill", "gradientFill", "fgColor", "bgColor", "color", "b", "i", "u", "strike", "sz",
    "name",
)  # fmt: skip
_KEPT = ("rgb", "theme", "indexed", "tint", "val", "patternType", "fontId", "fillId")
_HEX = re.compile("(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,20})?(?:[eE]-?\d{1,2})?", re.ASCII)

# as cells name the colours of a theme by number, and what they are where there is none
_THEME = {
    "lt1": "FFFFFF", "dk1": BLACK, "lt2": "EEECE1", "dk2": "1F497D", "accent1": "4F81BD", "accent2": "C0504D",
    "accent3": "9BBB59", "accent4": "8064A2", "accent5": "4BACC6", "accent6": "F79646", "hlink": "0000FF",
    "folHlink": "800080",
}  # fmt: skip
_BRIGHT = "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF"
# the colours that have a number in every spreadsheet program, six digits each; the first ones have two
_NUMBERED = (
    f"{_BRIGHT}{_BRIGHT}"
    "800000008000000080808000800080008080C0C0C08080809999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF"
    "000080FF00FFFFFF0000FFFF8000808000000080800000FF00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC99"
    "3366FF33CCCC99CC00FFCC00FF9900FF6600666699969696003366339966003300333300993300993366333399333333"
)
PALETTE = tuple(_NUMBERED[at : at + 6] for at in range(0, len(_NUMBERED), 6))

_Item = dict[str, Attributes]  # what one entry of a list holds: element → its attributes, "" for the entry itself


def cell_looks(package: Package, styles: str | None, theme: str | None) -> dict[str, Look]:
    """The look of each cell format, by the number that cells name it by; ``styles`` and ``theme`` are parts.

    Raises Refused. What is missing or cannot be read is as if it had not been set.
    """
    if styles is None:
        return {"0": Look()}
    reading = _Styles()
    package.parse(styles, reading.start, reading.end)
    colours = _Colours((*reading.palette, *PALETTE[len(reading.palette) :]), _theme(package, theme))
    fonts, fills, formats = (reading.lists[name] for name in _ITEMS)
    made: dict[tuple[str, str], Look] = {}
    found: dict[str, Look] = {}
    for number, item in enumerate(formats):
        key = item[""].get("fontId", "0"), item[""].get("fillId", "0")
        if key not in made:
            made[key] = _look(_entry(fonts, key[0]), _entry(fills, key[1]), colours)
        found[str(number)] = made[key]
    return found or {"0": Look()}


class _Styles:
    """What has been read of a part of styles so far."""

    def __init__(self) -> None:
        self.lists: dict[str, list[_Item]] = {name: [] for name in _ITEMS}
        self.palette: list[str] = []  # the workbook's own, where it has one
        self._depth = 0
        self._list: list[_Item] | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        self._depth += 1
        name = _NAMES.get(tag, "")
        if self._depth == 2:
            self._list = self.lists.get(name)
        elif self._depth == 3 and self._list is not None:
            self._list.append({"": _kept(attributes)})
            if len(self._list) > MOST_FORMATS:
                raise too_much("单元格格式", MOST_FORMATS)
        elif name and self._list:
            self._list[-1].setdefault(name, _kept(attributes))
        elif name == "rgbColor" and len(self.palette) < len(PALETTE):
            given = _HEX.fullmatch(attributes.get("rgb", ""))
            self.palette.append(given[1].upper() if given else PALETTE[len(self.palette)])

    def end(self, _tag: str) -> None:
        self._depth -= 1


def _kept(attributes: Attributes) -> Attributes:
    return {name: attributes[name] for name in _KEPT if name in attributes}


def _theme(package: Package, path: str | None) -> Sequence[str]:
    """The colours of a theme in the order of their numbers."""
    found: dict[str, str] = dict(_THEME)
    place = ""

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal place
        name = tag.rpartition(" ")[2]
        if name in _THEME:
            place = name
        elif place and name in ("srgbClr", "sysClr"):
            given = _HEX.fullmatch(attributes.get("lastClr") or attributes.get("val", ""))
            if given:
                found[place] = given[1].upper()
            place = ""

    def end(tag: str) -> None:
        if tag.endswith(" clrScheme"):
            raise Enough

    if path is not None:
        package.parse(path, start, end)
    return tuple(found.values())


class _Colours(Struct, frozen=True):
    """What the colours of a workbook refer to."""

    palette: Sequence[str]
    theme: Sequence[str]

    def of(self, given: Attributes | None) -> str | None:
        """A colour as it is shown; None where there is none, or the program's own is meant."""
        given = given or {}
        named = _HEX.fullmatch(given.get("rgb", ""))
        theme = _whole(given.get("theme", ""), len(self.theme))
        number = _whole(given.get("indexed", ""), len(self.palette))
        if named:
            colour = named[1].upper()
        elif theme is not None:
            colour = self.theme[theme]
        elif number is not None:
            colour = self.palette[number]
        else:
            return None
        return _tinted(colour, _float(given.get("tint", "")) or 0)


def _tinted(colour: str, tint: float) -> str:
    """``colour`` darker by a tint from -1 to 0, lighter by one from 0 to 1."""
    if not tint or abs(tint) > 1:
        return colour
    hue, light, full = rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(255 * part):02X}" for part in hls_to_rgb(hue, light, full))


def _look(font: _Item, fill: _Item, colours: _Colours) -> Look:
    size = _float(font.get("sz", {}).get("val", ""))
    underline = font["u"].get("val", "single") if "u" in font else ""
    return Look(
        _fill(fill, colours),
        colours.of(font.get("color")) or BLACK,
        font.get("name", {}).get("val", "")[:LONGEST_FONT],
        size if size is not None and 1 <= size <= LARGEST_FONT else Look().size,
        _on(font, "b"),
        _on(font, "i"),
        cast(Underline, underline if underline in get_args(Underline) else ""),
        _on(font, "strike"),
    )


def _on(font: _Item, name: str) -> bool:
    return name in font and is_on(font[name])


def _fill(item: _Item, colours: _Colours) -> str | None:
    if "gradientFill" in item:
        return colours.of(item.get("color"))
    pattern = item.get("patternFill", {}).get("patternType", "none")
    if pattern == "none":
        return None
    return colours.of(item.get("fgColor")) or (None if pattern == "solid" else colours.of(item.get("bgColor")))


def _entry(items: Sequence[_Item], number: str) -> _Item:
    """The entry of that number; one in which nothing is set where there is none."""
    index = _whole(number, len(items))
    return {} if index is None else items[index]


def _whole(text: str, below: int) -> int | None:
    """A number from 0 on, less than ``below``; None for whatever else stands there."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else below
    return number if number < below else None


def _float(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None
