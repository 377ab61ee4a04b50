"""What commands are given: settings, ledger, template, names of units. Raises Stop where it is wrong."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from kaohe_cli.commands.outcome import Stop, Unreadable
from kaohe_cli.diagnostic import Problem, any_error, problem
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import Settings, Unit
from kaohe_cli.naming import bare_name, plain_name, readable, spellings
from kaohe_cli.paper.files import is_dated
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.folder import FoundFile, find_files

if TYPE_CHECKING:
    from kaohe_cli.form.blank import Blank
    from kaohe_cli.ledger.changes import Changes


def read_settings(name: str, path: Path | None) -> tuple[Scheme, Settings, tuple[Problem, ...]]:
    """The scheme with the office's readings in force, the settings, and what is doubtful in them; raises Stop."""
    from kaohe_cli.settings import workbook

    scheme = load(name)
    if path is None:
        return scheme, workbook.default(scheme), (problem("KH950"),)
    settings, problems = workbook.read(scheme, path)
    if settings is None or any_error(problems):
        raise Stop(problems)
    return under(scheme, settings.readings), settings, problems


def read_ledger(name: str, path: Path, readings: Mapping[str, str] = {}) -> tuple[Ledger, Scheme, tuple[Problem, ...]]:
    """The ledger, its scheme with the readings it was made under and ``readings`` in force; raises Stop."""
    from kaohe_cli.ledger import book

    if not path.exists():
        raise Stop((problem("KH955", file=path.name),))
    ledger, problems = book.read(load(name), path)
    if ledger is None:
        raise Unreadable(problems)
    return ledger, under(load(name), {**ledger.readings, **readings}), problems


def read_kept(name: str, path: Path) -> tuple[Ledger, Scheme, tuple[Problem, ...]]:
    """As :func:`read_ledger`, for a ledger that is written anew out of itself: what was altered is mended, as is told.

    What is wrong with its entries is not told yet. One without a record of what the program wrote is not taken (KH323).
    """
    scheme = load(name)
    ledger, problems = read_previous(scheme, path)
    if ledger is None:
        raise Stop((problem("KH955", file=path.name),))
    if not ledger.recorded:
        raise Unreadable((problem("KH323", file=ledger.file),))
    return ledger, under(scheme, ledger.readings), problems


def read_previous(scheme: Scheme, path: Path) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """The ledger that is about to be written anew; one that cannot be read must not be written over."""
    from kaohe_cli.ledger import book

    if not path.exists():
        return None, ()
    ledger, problems = book.read_previous(scheme, path)
    if ledger is None:
        raise Unreadable(problems)
    return ledger, problems


class FoundCopies(Struct, frozen=True):
    """Ledgers and judging copies that departments sent back."""

    found: tuple[FoundFile, ...]  # to be read
    aside: tuple[FoundFile, ...]  # older ones, kept beside a newer one that says all they say
    problems: tuple[Problem, ...]


def find_copies(paths: Sequence[Path]) -> FoundCopies:
    """The copies in the files and folders given; one that was kept aside is read where it is given itself."""
    found, problems = find_files(paths)
    # an archive is not looked into for copies: read as one, it is told once
    each_file = {
        each.path: each if each.member is None else FoundFile(each.path, readable(each.path.name)) for each in found
    }
    aside = tuple(each for path, each in each_file.items() if is_dated(path) and path not in paths)
    return FoundCopies(tuple(each for each in each_file.values() if each not in aside), aside, problems)


def changes(name: str, scheme: Scheme, previous: Ledger | None, now: Ledger) -> "Changes":
    """What is other in a ledger that is about to be written than in the one that it takes the place of."""
    from kaohe_cli.ledger.authentic import restorations
    from kaohe_cli.ledger.compare import compare
    from kaohe_cli.ledger.settle import last_written

    if previous is None:
        return compare(scheme, None, now)
    before = last_written(under(load(name), previous.readings), previous)
    return compare(scheme, before, now, restorations(scheme, previous.altered))


def read_forms(scheme: Scheme, path: Path | None) -> "Blank":
    """Forms from the template given, else the one of the scheme, else one made from the scheme; raises Stop."""
    from kaohe_cli.form import template as maker
    from kaohe_cli.form.blank import TemplateError, open_template
    from kaohe_cli.form.shipped import shipped_template
    from kaohe_cli.sheet import reader

    if path is None:
        path = shipped_template(scheme)
    else:
        sound, told = reader.read_workbook(path)  # within what a workbook may cost
        if sound is None:
            raise Stop(problem("KH963", file=path.name or str(path), reason=each.message) for each in told)
    try:
        data = maker.template_workbook(scheme) if path is None else path.read_bytes()
        return open_template(scheme, data, path.name if path else "")
    except TemplateError as error:
        raise Stop(error.problems) from error


def named_units(units: Sequence[Unit], names: Sequence[str]) -> tuple[Unit, ...]:
    """The units called by name, bare name or code, all where none is; raises Stop naming those that may be meant."""
    from difflib import get_close_matches

    if not names:
        return tuple(units)
    by_code = {unit.code: unit for unit in units}
    known = spellings({unit.code: unit.name for unit in units})
    candidates: dict[str, list[str]] = {code: [code] for code in by_code}  # what may be meant → how it is shown
    for unit in units:
        for key in dict.fromkeys((plain_name(unit.name), bare_name(unit.name))):
            candidates.setdefault(key, []).append(unit.name)
    wrong = []
    for name in names:
        if plain_name(name) not in known:
            close = get_close_matches(plain_name(name), candidates, 3, 0.4)
            meant = dict.fromkeys(shown for key in close for shown in candidates[key]) or [unit.name for unit in units]
            wrong.append(problem("KH952", found=name, expected="、".join(meant)))
    if wrong:
        raise Stop(wrong)
    return tuple(dict.fromkeys(by_code[known[plain_name(name)]] for name in names))
