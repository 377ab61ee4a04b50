"""What the formats of cells in Office Open XML say: how each shows a number, and which strike their cells out."""

from msgspec import Struct

from kaohe_cli.sheet.bounds import damaged, too_much
from kaohe_cli.sheet.formats import MOST_FORMATS, Display, display_by, display_of
from kaohe_cli.sheet.parts import Attributes, Enough, Package
from kaohe_cli.sheet.worksheet import Struck, short_names

_TAGS = short_names("numFmt", "fonts", "font", "strike", "cellXfs", "xf")


class Styles(Struct, frozen=True):
    """The formats of cells, by their number as cells name it."""

    displays: dict[str, Display]  # the first is there in any case
    struck: Struck = frozenset()


NO_STYLES = Styles({"0": Display.NUMBER})


def read_styles(package: Package, path: str) -> Styles:
    """The formats of the cells of a workbook; raises Refused."""
    reading = _Reading()
    package.parse(path, reading.start, reading.end)
    displays = {str(index): display for index, display in enumerate(reading.displays or [Display.NUMBER])}
    return Styles(displays, frozenset(reading.struck))


def is_on(attributes: Attributes) -> bool:
    """Whether an element as ``strike`` or ``b`` says so: without a value it does."""
    return attributes.get("val", "1") in ("1", "true", "on")


class _Reading:
    """What has been read of the formats so far."""

    def __init__(self) -> None:
        self.displays: list[Display] = []
        self.struck: set[str] = set()
        self._codes: dict[int, Display] = {}
        self._striking: set[str] = set()  # fonts, by their number
        self._fonts = -1
        self._in_fonts = self._in_formats = self._in_format = False

    def start(self, tag: str, attributes: Attributes) -> None:
        name = _TAGS.get(tag)
        if name == "xf" and self._in_formats:
            self._format(attributes)
        elif name == "cellXfs":
            self._in_formats = True
        elif name == "numFmt":
            number = attributes.get("numFmtId", "")
            if number.isdecimal() and len(number) < 10 and len(self._codes) < MOST_FORMATS:
                self._codes[int(number)] = display_of(attributes.get("formatCode", ""))
        elif name == "fonts":
            self._in_fonts = True
        elif name == "font":
            self._fonts += 1
        elif name == "strike" and self._in_fonts and is_on(attributes) and len(self._striking) < MOST_FORMATS:
            self._striking.add(str(self._fonts))

    def _format(self, attributes: Attributes) -> None:
        if self._in_format:  # those that follow would be counted wrong
            raise damaged("格式表不合格式")
        self._in_format = True
        number = attributes.get("numFmtId", "0")
        key = int(number) if number.isdecimal() and len(number) < 10 else 0
        if attributes.get("fontId", "0") in self._striking:
            self.struck.add(str(len(self.displays)))
        self.displays.append(display_by(key, self._codes))
        if len(self.displays) > MOST_FORMATS:
            raise too_much("单元格格式", MOST_FORMATS)

    def end(self, tag: str) -> None:
        name = _TAGS.get(tag)
        if name == "cellXfs":
            raise Enough
        if name == "xf":
            self._in_format = False
        elif name == "fonts":
            self._in_fonts = False
