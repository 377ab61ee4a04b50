"""Whose form a workbook is: by its own identity, the unit printed on it, the name of the file. Pure."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import PurePath

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.layout import identities
from kaohe_cli.form.own import OwnSheets
from kaohe_cli.form.spots import Form, FormSheet, Spot
from kaohe_cli.model import Settings, Unit
from kaohe_cli.naming import bare_name
from kaohe_cli.scheme.normalise import quoted, tidy
from kaohe_cli.sheet.book import Book

Recognised = tuple[Unit | None, tuple[Problem, ...]]


def recognise(settings: Settings, book: Book, sheets: OwnSheets) -> Recognised:
    """The unit whose form it is, and what is doubtful about that; None where it is nobody's, or of several units."""
    claims = tuple({(each.year, each.scheme, each.code): each for each in identities(book)}.values())
    claimed = "、".join(f"{each.unit}（{each.code}）" for each in claims)
    if len(claims) > 1:
        return None, (problem("KH246", file=book.file, found=quoted(claimed)),)
    unit, problems = _claimed(settings, book, claimed, claims[0].code) if claims else _unclaimed(settings, book, sheets)
    if unit is None:
        return None, problems
    others = sorted({other.name for each in sheets.copies for _, other in _strangers(settings, each, unit)})
    if others:
        return None, (problem("KH246", file=book.file, found="、".join((unit.name, *others))),)
    by_file = _named(settings.units, book.file)
    if by_file is not None and by_file != unit:
        problems += (problem("KH214", unit=unit.name, file=book.file, found=by_file.name, expected=unit.name),)
    return unit, problems


def other_headings(form: Form, settings: Settings) -> Iterator[Problem]:
    """Where a form names another unit of the settings than the one that it was issued to."""
    unit = form.unit
    if form.claim is not None and _named(settings.units, form.claim.unit) not in (None, unit):
        yield form.says("KH247", found=quoted(form.claim.unit), expected=unit.name)
    for each in form.sheets:
        for spot, _ in _strangers(settings, each, unit):
            yield form.says("KH247", spot, found=spot.text, expected=unit.name)


def _claimed(settings: Settings, book: Book, claimed: str, code: str) -> Recognised:
    """The unit of the ``code`` that a form claims to be of."""
    unit = next((unit for unit in settings.units if unit.code == code), None)
    return unit, () if unit else (problem("KH224", file=book.file, found=quoted(claimed)),)


def _unclaimed(settings: Settings, book: Book, found: OwnSheets) -> Recognised:
    """The unit of a form that has lost its identity."""
    sheets = (*found.own, *found.unsure)
    heads = [spot.text for each in sheets for spot in each.named()]
    printed = {unit for text in heads if (unit := _named(settings.units, text))}
    if len(printed) > 1:
        names = "、".join(unit.name for unit in settings.units if unit in printed)
        return None, (problem("KH246", file=book.file, found=names),)
    if not printed:
        texts = (text for each in sheets for text in each.heading())
        printed = {unit for text in texts if (unit := _named(settings.units, text))}
    unit, by = (printed.pop(), "表头") if len(printed) == 1 else (_named(settings.units, book.file), "文件名")
    if unit is None:
        return None, (problem("KH210", file=book.file),)
    return unit, (problem("KH215", unit=unit.name, file=book.file, found=by, expected=unit.name),)


def _strangers(settings: Settings, sheet: FormSheet, unit: Unit) -> Iterator[tuple[Spot, Unit]]:
    """Where the heading of ``sheet`` names another unit than ``unit``, and which."""
    for spot in sheet.named():
        other = _named(settings.units, spot.text)
        if other is not None and other != unit:
            yield spot, other


def _named(units: Iterable[Unit], text: str) -> Unit | None:
    """The one unit that ``text`` names, by its whole name or the bare one; or that has nothing but its code there."""
    units, plain = tuple(units), tidy(text).replace(" ", "")
    found = {unit.code: unit for unit in units for name in _names(unit) if name in plain}
    if not found:
        stem = PurePath(plain.rpartition(":")[2]).stem
        found = {unit.code: unit for unit in units if unit.code == stem}
    return next(iter(found.values())) if len(found) == 1 else None


@cache
def _names(unit: Unit) -> tuple[str, str]:
    name = tidy(unit.name).replace(" ", "")
    return name, bare_name(name)
