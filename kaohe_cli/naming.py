"""Names of files: what a unit's name must be so that it can be one, and any name in letters that people can read."""

import os
import unicodedata
from pathlib import PurePath

LONGEST = 180  # bytes in UTF-8, 60 Chinese characters: a file system takes 255, and copies have longer names
FORBIDDEN = '\\/:*?"<>|[]'  # what Windows and Excel do not take
DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"]
    + [f"{port}{number}" for port in ("COM", "LPT") for number in range(10)]
)
# letters that a name in GB18030 is believed to have: ASCII, and what Chinese text is made of
_CHINESE = ((0x20, 0x7E), (0x2010, 0x2642), (0x3000, 0x303F), (0x4E00, 0x9FFF), (0xFF01, 0xFFEE), (0xB7, 0xB7))


def unfit(name: str) -> str:
    """Why ``name`` cannot be the name of a file on every system, in words that follow “名称”; empty where it can."""
    if not name.strip():
        return "不能空着"
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST:
        return f"不能超过 {LONGEST // 3} 个汉字"
    if any(letter in FORBIDDEN for letter in name):
        return f"不能有 {' '.join(FORBIDDEN)}"
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for letter in name):
        return "不能有看不见的字符"
    if name != name.strip() or name[0] in ".~-" or name[-1] == ".":
        return "不能以“.”“~”“-”或空格开头，也不能以“.”或空格结尾"
    if alike(name).partition(".")[0].strip().upper() in DEVICES:
        return "不能是 CON、NUL、COM1 之类系统保留的名称"
    return ""


def alike(name: str) -> str:
    """``name`` as a file system may see it that tells neither case nor width apart: no two units may share it."""
    return unicodedata.normalize("NFKC", name).casefold()


def file_name(unit: str, suffix: str = ".xlsx") -> str:
    """The name of the file of a unit; ValueError for a name that is :func:`unfit`, which settings and ledger refuse."""
    wrong = unfit(unit)
    if wrong:
        raise ValueError(f"{unit!r}: {wrong}")
    return unit + suffix


def readable(name: str | PurePath) -> str:
    """``name``, or a path, in letters that can be shown: those that are not UTF-8 are read as GB18030 or spelled out.

    An archive of Chinese Windows, unpacked elsewhere, leaves names of files in GB18030.
    """
    name = str(name)
    try:
        name.encode()
    except UnicodeEncodeError:
        return "/".join(map(_decoded, name.split("/")))
    return name


def _decoded(name: str) -> str:
    try:
        raw = os.fsencode(name)
    except UnicodeEncodeError:  # half of a pair, as only Windows lets stand
        return name.encode("utf-8", "backslashreplace").decode()
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(any(first <= ord(letter) <= last for first, last in _CHINESE) for letter in text):
            return text
    return raw.decode("utf-8", "backslashreplace")
