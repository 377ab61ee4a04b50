"""What a file is, by what is in it."""

import hashlib
from pathlib import Path

from msgspec import Struct

from kaohe_cli.commands.differing import FileKind
from kaohe_cli.diagnostic import Problem
from kaohe_cli.form.layout import identity
from kaohe_cli.form.spots import form_sheets
from kaohe_cli.ledger.reader import EveryNameBut
from kaohe_cli.ledger.record import COMPARISON, DETAIL, FIGURES, ORIGINAL, PROGRESS, SITUATION
from kaohe_cli.ledger.record import SOURCES as LEDGER_SOURCES
from kaohe_cli.result.page import RANKING, SOURCES
from kaohe_cli.scheme.book.sheets import BASIC, RULES
from kaohe_cli.scheme.load import TOML
from kaohe_cli.scheme.records import FIGURES as FIGURE_COLUMNS
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.settings.sheets import SHEETS
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book

LARGE = EveryNameBut(DETAIL, FIGURES, PROGRESS, COMPARISON, ORIGINAL)  # what need not be read to know what it is

NO_WORKBOOK = frozenset(("KH008", "KH009", "KH010", "KH011"))  # text, PDF, pictures, documents: what they are is known


class KnownFile(Struct, frozen=True):
    """A file, and what it is."""

    path: Path
    kind: FileKind | None  # None: none of these, or it cannot be read
    sha256: str = ""
    problems: tuple[Problem, ...] = ()  # why it cannot be read


def known(scheme: Scheme, path: Path) -> KnownFile:
    """What the file at ``path`` is; a form may be of ``scheme`` or of another."""
    if path.suffix.lower() == TOML and path.is_file():
        return KnownFile(path, "scheme", hashlib.sha256(path.read_bytes()).hexdigest())
    book, told = reader.read_workbook(path, reader.LARGE_LIMITS, LARGE)
    if book is None:
        return KnownFile(path, None, "", () if {each.code for each in told} & NO_WORKBOOK else told)
    return KnownFile(path, _kind(scheme, book), book.sha256)


def _kind(scheme: Scheme, book: Book) -> FileKind | None:
    names = {sheet.name for sheet in book.sheets}
    if {BASIC.name, RULES.name} <= names:
        return "scheme"
    if {RANKING, SOURCES} <= names:
        return "result"
    if {SITUATION, LEDGER_SOURCES} <= names:
        return "ledger"
    # what has lost its identity is known by the columns of its figures: feedback has rows of items as well
    if identity(book) is not None or any(
        FIGURE_COLUMNS & each.located.columns.keys() for each in form_sheets(scheme, book)
    ):
        return "return"
    return "settings" if names & {*SHEETS} else None
