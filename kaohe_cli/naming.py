"""Names of units, in print and plain; of files: the usual ones, what a unit's must be to be one, how any is shown."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePath

# what files and folders of the year are called where nothing else is said
SETTINGS_FILE, ISSUED_FOLDER, RETURNED_FOLDER, MEND_FOLDER = "考核设置.xlsx", "下发", "回收", "退回"
LEDGER_FILE, JUDGED_FOLDER = "评分底稿.xlsx", "评审"
RESULT_FILE, FEEDBACK_FOLDER, CIRCULAR_FILE, REPLY_FOLDER = "考核结果.xlsx", "反馈", "通报.docx", "答复"
RECTIFY_FOLDER = "整改"
# what the office makes, where it stands in the folder in which it works
OWN_FOLDERS = frozenset((ISSUED_FOLDER, MEND_FOLDER, JUDGED_FOLDER, FEEDBACK_FOLDER, REPLY_FOLDER, RECTIFY_FOLDER))
OWN_FILES = frozenset((SETTINGS_FILE, LEDGER_FILE, RESULT_FILE, CIRCULAR_FILE))

ROOM = 10  # bytes that are left for a number
LONGEST = 180  # bytes in UTF-8, 60 Chinese characters: a file system takes 255, and copies have longer names
LISTED = re.compile(r"[、，,；;\s]+")  # what stands between things that people list in one cell
FORBIDDEN = '\\/:*?"<>|[]'  # what Windows and Excel do not take
DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"]
    + [f"{port}{number}" for port in ("COM", "LPT") for number in range(10)]
)
# letters that a name in GB18030 is believed to have: ASCII, and what Chinese text is made of
_CHINESE = ((0x20, 0x7E), (0x2010, 0x2642), (0x3000, 0x303F), (0x4E00, 0x9FFF), (0xFF01, 0xFFEE), (0xB7, 0xB7))
_WIDE, _PLAIN = str.maketrans("()", "（）"), str.maketrans("（）", "()")


def printed_name(name: str) -> str:
    """``name`` as people read it: in Chinese the brackets are full-width, 滨江区（高新区）."""
    return name.translate(_WIDE) if any("\u4e00" <= letter <= "\u9fff" for letter in name) else name


def plain_name(name: str) -> str:
    """``name`` as files and programs have it, with brackets of ASCII: 滨江区(高新区)."""
    return name.translate(_PLAIN)


def bare_name(name: str) -> str:
    """The plain ``name`` without what stands in brackets: 滨江区; the whole where nothing else would be left."""
    name = plain_name(name)
    return re.sub(r"\([^()]*\)", "", name).strip() or name


def spellings(names: Mapping[str, str]) -> dict[str, str]:
    """Every plain spelling by which a person may mean one unit of ``names`` (code → name), with its code.

    A unit is called by its code, by its name, or by its bare name where no other unit shares that.
    """
    bare = Counter(map(bare_name, names.values()))
    return {
        **{bare_name(name): code for code, name in names.items() if bare[bare_name(name)] == 1},
        **{plain_name(name): code for code, name in names.items()},
        **{plain_name(code): code for code in names},
    }


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


@lru_cache(4096)
def alike(name: str) -> str:
    """``name`` as a file system may see it that tells neither case nor width apart: no two units may share it."""
    return unicodedata.normalize("NFKC", name).casefold()


def fitting(names: Iterable[str]) -> dict[str, str]:
    """Names of files for any ``names``, as like them as can be, and no two alike."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        letters = ("·" if letter in FORBIDDEN or unicodedata.category(letter)[0] in "CZ" else letter for letter in name)
        said = "".join(letters).strip("·. ~-")
        while len(said.encode("utf-8", "surrogatepass")) > LONGEST - ROOM:
            said = said[:-1]
        said = said if said and not unfit(said) else "处室"
        count, first = 1, said
        while alike(said) in taken:
            count += 1
            said = f"{first}（{count}）"
        taken.add(alike(said))
        found[name] = said
    return found


def file_name(unit: str, suffix: str = ".xlsx") -> str:
    """The plain name of a unit's file; ValueError where it is :func:`unfit`, which settings and ledger refuse."""
    name = plain_name(unit)
    if wrong := unfit(name):
        raise ValueError(f"{unit!r}: {wrong}")
    return name + suffix


def listed(names: Sequence[str], most: int) -> str:
    """Names in one line, at most so many of them: 上城区、下城区、江干区等 5 个."""
    said = "、".join(names[:most])
    return f"{said}等 {len(names)} 个" if len(names) > most else said


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
