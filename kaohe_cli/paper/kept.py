"""What people set by hand in a workbook, as XlsxWriter takes it when the workbook is written anew."""

import re
from collections.abc import Mapping
from typing import Any

from kaohe_cli.extent import height
from kaohe_cli.sheet.looks import BLACK, Look, Underline

UNDERLINES: Mapping[Underline, int] = {
    "": 0, "single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34,
}  # fmt: skip
_COMMENT_SIZE = 9  # of its font, in points
_COMMENT_WIDE = 30  # characters of half width
_UNWANTED = re.compile("[\0-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def look_of(properties: Mapping[str, Any]) -> Look:
    """The look that XlsxWriter gives a cell by ``properties``."""
    fill = properties.get("bg_color")
    codes = {code: name for name, code in UNDERLINES.items()}
    return Look(
        _digits(fill) if fill else None,
        _digits(properties.get("font_color", BLACK)),
        properties["font_name"],
        properties.get("font_size", 11),
        properties.get("bold", False),
        properties.get("italic", False),
        codes[properties.get("underline", 0)],
        properties.get("font_strikeout", False),
    )


def under(own: Look, properties: Mapping[str, Any]) -> dict[str, Any]:
    """``properties`` with all that makes up a look replaced by ``own``: borders, alignment, numbers stay."""
    fill = {"bg_color": f"#{own.fill}"} if own.fill else {}
    kept = {name: value for name, value in properties.items() if name != "bg_color"}
    return (
        kept
        | fill
        | {
            "font_color": f"#{own.colour}",
            "font_name": own.font or properties["font_name"],
            "font_size": int(own.size) if own.size == int(own.size) else own.size,
            "bold": own.bold,
            "italic": own.italic,
            "underline": UNDERLINES[own.underline],
            "font_strikeout": own.strike,
        }
    )


def comment(text: str) -> tuple[str, dict[str, Any]]:
    """A comment (批注) as a cell can have it, and its options: as large as it takes to show it whole."""
    shown = _UNWANTED.sub("", text)
    tall = height([(shown, _COMMENT_WIDE)], size=_COMMENT_SIZE, least=40)
    box = {"width": _COMMENT_WIDE * 7, "height": round(tall * 4 / 3)}  # pixels
    return shown, {"font_name": "宋体", "font_size": _COMMENT_SIZE, **box}


def _digits(colour: str) -> str:
    return colour.removeprefix("#").upper()
