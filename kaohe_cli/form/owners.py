"""Whose a file is that came beside the returns: by the folder in which it lies, or by its name. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath

from kaohe_cli.model import Unit
from kaohe_cli.naming import alike, plain_name, spellings
from kaohe_cli.sheet.folder import ARCHIVES, FoundFile

Folder = tuple[str, ...]
_BEFORE = re.compile(r"[\W\d_]*")  # what may stand before a name that a file's name begins with


def owners(
    units: Sequence[Unit], files: Iterable[FoundFile], returned: Iterable[tuple[FoundFile, Unit]], given: Iterable[Path]
) -> list[Unit | None]:
    """The unit of each of ``files``; None where that is not certain.

    A folder, or an archive, is a unit's where its name names that unit alone, or where returns of no other unit lie in
    it. The folders and archives that were ``given`` hold what comes in, and may have the return of one unit alone
    because the others are still to come: there the name of the file goes first.
    """
    names, by_code = _Names(units), {unit.code: unit for unit in units}
    there: dict[Folder, set[str]] = {}
    for file, unit in returned:
        for length in range(len(file.folder) + 1):
            there.setdefault(file.folder[:length], set()).add(unit.code)
    tops = frozenset(path.parts for path in given)
    return [by_code.get(_owner(names, there, tops, each)) for each in files]


def _owner(names: "_Names", there: Mapping[Folder, set[str]], tops: frozenset[Folder], file: FoundFile) -> str:
    """The code of the unit that ``file`` is of; empty: it is not certain."""
    stem = PurePath(file.name.rpartition("/")[2]).stem
    own = names.only(stem)
    for folder in _folders(file.folder, tops):
        held = there.get(folder, set())
        called = names.only(_called(folder[-1])) if folder else ""
        if called and held <= {called}:
            break
        if held:
            called = next(iter(held)) if len(held) == 1 else ""
            if folder in tops or not called:
                return own or ("" if names.found(stem) else called)
            break
    else:
        return own
    first = names.first(stem)
    return "" if first and first != called else called  # the file of one unit in the folder of another


def _folders(folder: Folder, tops: frozenset[Folder]) -> Iterator[Folder]:
    """The folders in which something lies, from the innermost to the one that was given; none beyond that."""
    lengths = [length for length in range(len(folder), -1, -1) if folder[:length] in tops]
    for length in range(len(folder), lengths[0] - 1 if lengths else len(folder), -1):
        yield folder[:length]


def _called(folder: str) -> str:
    """The name of a folder; of an archive that without its ending."""
    return PurePath(folder).stem if folder.lower().endswith(ARCHIVES) else folder


class _Names:
    """The units by all their spellings."""

    def __init__(self, units: Iterable[Unit]) -> None:
        meant = spellings({unit.code: unit.name for unit in units})
        self._codes = {_plain(spelling): code for spelling, code in meant.items()}
        # of two names of which one is within the other the longer one is meant
        longest = sorted(filter(None, self._codes), key=len, reverse=True)
        self._any = re.compile("|".join(map(_whole, longest)) or r"(?!)")

    def found(self, text: str) -> dict[str, int]:
        """The units that ``text`` names, by code, with where each is first."""
        places: dict[str, int] = {}
        for each in self._any.finditer(_plain(text)):
            places.setdefault(self._codes[each[0]], each.start())
        return places

    def only(self, text: str) -> str:
        """The only unit that ``text`` names; empty where it names none, or several."""
        found = self.found(text)
        return next(iter(found)) if len(found) == 1 else ""

    def first(self, text: str) -> str:
        """The unit whose name ``text`` begins with; empty where it begins with none."""
        begins = _BEFORE.match(_plain(text))
        at = begins.end() if begins else 0
        return next((code for code, place in self.found(text).items() if place <= at), "")


def _plain(text: str) -> str:
    """``text`` as names are compared."""
    return "".join(alike(plain_name(text)).split())


def _whole(spelling: str) -> str:
    """A pattern for ``spelling``; a code is no part of a longer number or word."""
    letters = re.escape(spelling)
    return rf"(?<![A-Za-z0-9]){letters}(?![A-Za-z0-9])" if spelling.isascii() else letters
