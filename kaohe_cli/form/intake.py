"""One returned workbook → what its unit reported, and what was odd about it."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.annotations import annotated, remarks
from kaohe_cli.form.layout import COLUMN_LABELS, MEASURES, SCORECARD, identity, unspaced
from kaohe_cli.form.oddities import oddities
from kaohe_cli.form.own import content, copied, own_sheets
from kaohe_cli.form.spots import Form, FormSheet, Spot, claimed_spots, form_sheets
from kaohe_cli.form.whose import other_headings, recognise
from kaohe_cli.model import Entry, Mark, Return, Settings
from kaohe_cli.points import number
from kaohe_cli.scheme.days import AS_ASCII
from kaohe_cli.scheme.fields import DATE, INFORMATION, form_fields, label, settings_fields
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.normalise import CellFault, quoted, take
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, CellKind

MANY = 200  # problems of one kind in one sheet that are told one by one: more than a form has fields
A_COLUMN = 3  # numbers stored as text in one column that are told in one note
HEADING_YEAR = re.compile(r"(\d{4})年度", re.ASCII)  # how a heading begins
HEADINGS = {key: heading for heading, key in COLUMN_LABELS.items()}
NOT_A_FORM = "KH211"
NO_FORM = "文件里没有考核表或指标填报表"

Taking = tuple[Return | None, tuple[Problem, ...]]


def intake(scheme: Scheme, settings: Settings, book: Book) -> Taking:
    """What the form in ``book`` reports, and what was odd about it; None where no unit of the settings is meant.

    A form of another scheme or year, or one of which it is not certain whose it is or which sheets are its own, is a
    Return without entries, rejected. Limits and blanks are not looked at here (assess/check.py): a blank is an Entry of
    None at its cell, a field whose cell is gone has no Entry.
    """
    claim, sheets = identity(book), own_sheets(scheme, form_sheets(scheme, book))
    if claim is None and not _asks(scheme, (*sheets.own, *sheets.unsure)):
        return None, (problem("KH211", file=book.file, found=NO_FORM),)
    unit, problems = recognise(settings, book, sheets)
    if unit is None:
        return None, problems
    given, settled = scheme.given(unit, settings), any(settings.given.values())
    spots = claimed_spots(scheme, sheets.own)
    form = Form(scheme, book, claim, sheets.own, sheets.copies, spots, unit, given, settled)
    unread = _refused(form, sheets.unsure)
    if refused := (unread,) if unread is not None else tuple(other_headings(form, settings)):
        return Return(unit, {}, book.file, book.sha256, book.size, status="rejected"), (*problems, *refused)
    entries, odd = _entries(form)
    told = tuple(_told(form, chain(oddities(form), copied(form), annotated(form), odd)))
    day = entries[DATE.name].value if DATE.name in entries else None
    filled = day if isinstance(day, date) and not broken(DATE, day, scheme) else None
    noted = remarks(told).get(unit.name, {})
    return Return(unit, entries, book.file, book.sha256, book.size, filled, remarks=noted), (*problems, *told)


def _asks(scheme: Scheme, sheets: Iterable[FormSheet]) -> bool:
    """Whether any sheet is left that a unit fills in."""
    return any(not each.located.rows.keys().isdisjoint(rows) for rows in _rows(scheme).values() for each in sheets)


def _rows(scheme: Scheme) -> Mapping[str, Collection[str]]:
    """The sheets that units fill in, with the keys of their rows."""
    return {MEASURES: scheme.measures, SCORECARD: [f"item.{item.id}" for item in scheme.items]}


def _refused(form: Form, unsure: Iterable[FormSheet]) -> Problem | None:
    """Why a form whose unit is known is not read: of another year or scheme, or its sheets gone or not to be told."""
    claim, own = form.claim, str(form.scheme.content.year)
    if claim is None:
        texts = (unspaced(text).translate(AS_ASCII) for each in form.sheets for text in each.heading())
        years = {found[1] for text in texts if (found := HEADING_YEAR.match(text))}
        if years and own not in years:
            return form.says("KH212", found="、".join(sorted(years)), expected=own)
    elif claim.year != own:
        return form.says("KH212", found=quoted(claim.year) or "空白", expected=own)
    elif claim.scheme != form.scheme.id:
        return form.says("KH211", found=f"表内的方案标识是 {quoted(claim.scheme) or '空白'}")
    if names := "、".join(dict.fromkeys(f"“{quoted(each.sheet.name)}”" for each in unsure)):
        return form.says("KH245", found=names)
    return None if _asks(form.scheme, form.sheets) else form.says("KH211", found=NO_FORM)


def _told(form: Form, problems: Iterable[Problem]) -> Iterator[Problem]:
    """``problems``, of one kind in one sheet as many as anyone reads, and how many more there are."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in problems:
        counts[each.code, each.sheet] += 1
        if counts[each.code, each.sheet] <= MANY:
            yield each
    for (code, sheet), count in counts.items():
        if count > MANY:
            yield form.says("KH035", sheet=sheet, found=f"{count - MANY:,}", expected=code)


# ── what it reports ─────────────────────────────────────────────────────────────────────────────────────


def _entries(form: Form) -> tuple[dict[str, Entry], tuple[Problem, ...]]:
    entries: dict[str, Entry] = {}
    texts: dict[tuple[str, int], list[tuple[Spot, Problem]]] = {}  # sheet and column → numbers stored as text
    there = {row for each in form.sheets for row in each.located.rows}
    gone = [name for name, rows in _rows(form.scheme).items() if there.isdisjoint(rows)]
    problems = [form.says("KH217", sheet=name, label=f"“{name}”表") for name in gone]
    for field in form_fields(form.scheme, form.given):
        spots = form.spots.get(field.name, ())
        if not spots:
            home = SCORECARD if field.type == "score" or field.name in INFORMATION else MEASURES
            if field.type != "text" and home not in gone:
                problems.append(form.says("KH217", field=field.name, label=label(field)))
            continue
        takings = [(spot, take(field, spot.cell)) for spot in spots]
        filled = [(spot, taken) for spot, taken in takings if taken.value is not None or taken.invalid]
        spot, taken = (filled or takings)[0]
        origin = spot.origin(form.book.file)
        if len({content(taken) for _, taken in filled}) > 1:
            where = "、".join(other.where for other, _ in filled)
            problems.append(form.says("KH218", spot, field=field.name, label=label(field), found=where))
            entries[field.name] = Entry(None, origin, invalid=True)
            continue
        for fault in taken.faults:
            told = form.says(
                fault.code, spot, field=field.name, label=label(field), found=fault.found, expected=fault.expected,
                taken=fault.taken,
            )  # fmt: skip
            if field.type in ("number", "score") and _is_text(spot, fault):
                texts.setdefault((spot.sheet.name, spot.column), []).append((spot, told))
            else:
                problems.append(told)
        value = field.usual if taken.value is None else taken.value
        entries[field.name] = Entry(value, origin, taken.invalid)
    return entries, (*problems, *_text_columns(form, texts.values()))


def _is_text(spot: Spot, fault: CellFault) -> bool:
    """Whether all that is odd about a number is that it is stored as a text."""
    if fault.code != "KH120" or spot.cell is None or spot.cell.kind is not CellKind.TEXT:
        return False
    return fault.found.isascii() and number(fault.found) is not None


def _text_columns(form: Form, texts: Iterable[list[tuple[Spot, Problem]]]) -> Iterator[Problem]:
    """Numbers stored as text: many in one column are one note, at the first of them."""
    for found in texts:
        if len(found) < A_COLUMN:
            yield from (told for _, told in found)
        else:
            spot, first = found[0]
            heading = HEADINGS[first.field.rpartition(".")[2]]
            yield form.says("KH129", spot, label=heading, count=str(len(found)))


def printed(scheme: Scheme, book: Book) -> tuple[str, Mapping[str, Entry]] | None:
    """The code of the unit that a form says it is of, and the targets and 无任务 that are printed on it.

    They are no proof of what was issued, and serve only where no settings are at hand. None where no form is there.
    """
    if (claim := identity(book)) is None:
        return None
    spots = claimed_spots(scheme, own_sheets(scheme, form_sheets(scheme, book)).own)
    entries = {}
    for field in settings_fields(scheme, claim.code):
        name = field.name.removeprefix(f"{claim.code}.")
        for spot in spots.get(name, ())[:1]:
            value = take(field, spot.cell).value
            if value is Mark.NO_TASK or (value is not None and scheme.issued(name)):
                entries[name] = Entry(value, spot.origin(book.file))
    return claim.code, entries
