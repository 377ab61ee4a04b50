"""A problem (诊断) is a value: it is returned beside what could be done all the same. Its words are the catalogue's."""

from collections.abc import Iterable

from msgspec import Struct

from kaohe_cli.catalogue import CATALOGUE, Severity
from kaohe_cli.naming import readable


class Problem(Struct, frozen=True):
    """Something that is wrong, and where."""

    code: str
    severity: Severity
    message: str
    fix: str
    unit: str = ""  # name of the unit; empty: of none, or not known
    file: str = ""  # name of the file, without its folder
    sheet: str = ""
    cell: str = ""
    field: str = ""  # contract name of the field
    found: str = ""
    expected: str = ""
    line: int | None = None  # of a file of text, from 1

    @property
    def headline(self) -> str:
        """What it is called."""
        return CATALOGUE[self.code].headline

    @property
    def where(self) -> str:
        """File, sheet and cell in one line, as far as they are known."""
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return " ".join(part for part in (self.file, place) if part)


KEPT = ("unit", "file", "sheet", "cell", "field", "found", "expected")  # words that a Problem holds besides


def problem(code: str, **words: str) -> Problem:
    """A problem of the catalogue with its words filled in: those that it keeps (unit … expected) and others.

    KeyError for a code that is not in the catalogue, and for a word of its message or fix that is not among ``words``.
    Names of files are told in letters that can be shown, whatever they are made of.
    """
    kind = CATALOGUE[code]
    words |= {name: readable(words[name]) for name in ("file", "found", "expected") if name in words}
    kept = {name: word for name, word in words.items() if name in KEPT}
    return Problem(code, kind.severity, kind.message.format(**words), kind.fix.format(**words), line=None, **kept)


def any_error(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error."""
    return any(found.severity == "error" for found in problems)
