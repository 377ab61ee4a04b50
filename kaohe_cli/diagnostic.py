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

    @property
    def headline(self) -> str:
        """What it is called."""
        return CATALOGUE[self.code].headline

    @property
    def where(self) -> str:
        """File, sheet and cell in one line, as far as they are known."""
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return " ".join(part for part in (self.file, place) if part)


def problem(
    code: str,
    *,
    unit: str = "",
    file: str = "",
    sheet: str = "",
    cell: str = "",
    field: str = "",
    found: str = "",
    expected: str = "",
    **words: str,
) -> Problem:
    """A problem of the catalogue with its words filled in; KeyError for a code that is not in it.

    Names of files are told in letters that can be shown, whatever they are made of.
    """
    kind = CATALOGUE[code]
    file, found, expected = map(readable, (file, found, expected))
    said = {
        "unit": unit, "file": file, "sheet": sheet, "cell": cell, "field": field, "found": found,
        "expected": expected, **words,
    }  # fmt: skip
    return Problem(
        code, kind.severity, kind.message.format(**said), kind.fix.format(**said),
        unit, file, sheet, cell, field, found, expected,
    )  # fmt: skip


def any_error(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error."""
    return any(found.severity == "error" for found in problems)
