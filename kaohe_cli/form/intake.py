"""Returned workbooks → what each unit reported, and what was odd about it. Nothing that a form prints is trusted."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.layout import (
    GUIDE,
    IDENTITY,
    MEASURES,
    MEND,
    SCORECARD,
    VERSION,
    Identity,
    Located,
    identity,
    locate,
)
from kaohe_cli.form.live import NOT_ISSUED
from kaohe_cli.model import Case, Entry, Field, Mark, Origin, Return, Settings, Status, Unit, Value
from kaohe_cli.naming import bare_name
from kaohe_cli.scheme.fields import DATE, INFORMATION, form_fields, label, settings_fields, unfilled
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.normalise import Taken, quoted, said, shown, take, tidy
from kaohe_cli.scheme.scheme import FIGURES, PERIOD, Measure, Scheme
from kaohe_cli.sheet.book import Book, Cell, Sheet, address

MANY = 200  # problems of one kind in one sheet that are told one by one: more than a form has fields
OVER = ("unit", "progress", "scores", PERIOD)  # rows over the table
YEAR = re.compile(r"(\d{4})年度", re.ASCII)  # how a heading begins
DIGITS = str.maketrans("〇○零OＯ一二三四五六七八九０１２３４５６７８９", "00000123456789" + "0123456789")

Taking = tuple[Return | None, tuple[Problem, ...]]


class Spot(Struct, frozen=True):
    """One cell of a form."""

    sheet: Sheet
    row: int
    column: int

    @property
    def cell(self) -> Cell | None:
        """What stands there; None: blank."""
        return self.sheet.cells.get((self.row, self.column))

    @property
    def where(self) -> str:
        """Sheet and cell for a message."""
        return f"{self.sheet.name}!{address(self.row, self.column)}"

    def origin(self, file: str) -> Origin:
        """Where it is, for an entry."""
        return Origin(file, self.sheet.name, address(self.row, self.column))


class Form(Struct, frozen=True):
    """A workbook in which a form was found."""

    scheme: Scheme
    book: Book
    sheets: tuple[tuple[Sheet, Located], ...]
    spots: Mapping[str, tuple[Spot, ...]]  # name → every cell that claims to be it
    unit: Unit
    given: Mapping[str, Entry]
    settled: bool  # whether the settings give any figure at all

    def says(self, code: str, spot: Spot | None = None, **words: str) -> Problem:
        """A problem of this form, at ``spot`` where one is meant."""
        if spot is not None:
            words |= {"sheet": spot.sheet.name, "cell": address(spot.row, spot.column)}
        return problem(code, unit=self.unit.name, file=self.book.file, **words)


# ── one file ────────────────────────────────────────────────────────────────────────────────────────────


def intake(scheme: Scheme, settings: Settings, book: Book) -> Taking:
    """What the form in ``book`` reports, and what was odd about it; None where no unit of the settings is meant.

    A form of another scheme or year is a Return without entries, rejected. Limits and blanks are not looked at here
    (assess/check.py): a blank is an Entry of None at its cell, a field whose cell is gone has no Entry.
    """
    claim = identity(book)
    sheets = tuple((sheet, found) for sheet in book.sheets if (found := locate(scheme, sheet)).rows)
    asked = any(not found.rows.keys().isdisjoint(rows) for rows in _rows(scheme).values() for _, found in sheets)
    if claim is None and not asked:
        return None, (problem("KH211", file=book.file, found="文件里没有考核表或指标填报表"),)
    unit, problems = _recognise(settings, book, claim, sheets)
    if unit is None:
        return None, problems
    refused = _refused(scheme, claim, asked) or (_other_year(scheme, sheets) if claim is None else None)
    if refused:
        code, words = refused
        blank = Return(unit, {}, book.file, book.sha256, book.size, status="rejected")
        return blank, (*problems, problem(code, unit=unit.name, file=book.file, **words))
    given, settled = scheme.given(unit, settings), any(settings.given.values())
    form = Form(scheme, book, sheets, _spots(scheme, sheets), unit, given, settled)
    entries, odd = _entries(form)
    problems += tuple(_told(form, chain((each for look in LOOKS for each in look(form, claim)), odd)))
    day = entries[DATE.name].value if DATE.name in entries else None
    filled = day if isinstance(day, date) and not broken(DATE, day, scheme) else None
    return Return(unit, entries, book.file, book.sha256, book.size, filled), problems


def _refused(scheme: Scheme, claim: Identity | None, asked: bool) -> tuple[str, dict[str, str]] | None:
    """Why a form whose unit is known is not read: another year, another scheme, or no sheet left that asks anything."""
    if claim is not None and claim.year != str(scheme.content.year):
        return "KH212", {"found": quoted(claim.year), "expected": str(scheme.content.year)}
    if claim is not None and claim.scheme != scheme.id:
        return "KH211", {"found": f"表内的方案标识是 {quoted(claim.scheme)}"}
    if not asked:
        return "KH211", {"found": "文件里没有考核表或指标填报表"}
    return None


def _other_year(scheme: Scheme, sheets: Sequence[tuple[Sheet, Located]]) -> tuple[str, dict[str, str]] | None:
    """Why a form that has lost its identity is not read: its heading names another year."""
    headings = (YEAR.match(_close(text).translate(DIGITS)) for each in sheets for text in _heading(*each))
    years, own = {found[1] for found in headings if found}, str(scheme.content.year)
    return ("KH212", {"found": "、".join(sorted(years)), "expected": own}) if years and own not in years else None


def _told(form: Form, problems: Iterable[Problem]) -> Iterator[Problem]:
    """``problems``, of one kind in one sheet as many as anyone reads, and how many more there are."""
    counts: dict[tuple[str, str], int] = {}
    for each in problems:
        key = each.code, each.sheet
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= MANY:
            yield each
    for (code, sheet), count in counts.items():
        if count > MANY:
            yield form.says("KH035", sheet=sheet, found=f"{count - MANY:,}", expected=code)


def _recognise(
    settings: Settings, book: Book, claim: Identity | None, sheets: Sequence[tuple[Sheet, Located]]
) -> tuple[Unit | None, tuple[Problem, ...]]:
    """Whose form it is: by its own identity, else by the unit printed on it, else by the name of the file."""
    by_file = _named(settings.units, book.file)
    problems: tuple[Problem, ...] = ()
    if claim is not None:
        unit = next((unit for unit in settings.units if unit.code == claim.code), None)
        if unit is None:
            return None, (problem("KH224", file=book.file, found=quoted(f"{claim.unit}（{claim.code}）")),)
    else:
        printed = {unit for sheet, located in sheets for unit in _printed(settings.units, sheet, located)}
        unit, by = (printed.pop(), "表头") if len(printed) == 1 else (by_file, "文件名")
        if unit is None:
            return None, (problem("KH210", file=book.file),)
        problems = (problem("KH215", unit=unit.name, file=book.file, found=by, expected=unit.name),)
    if by_file is not None and by_file != unit:
        words = {"found": by_file.name, "expected": unit.name}
        problems += (problem("KH214", unit=unit.name, file=book.file, **words),)
    return unit, problems


def _printed(units: Iterable[Unit], sheet: Sheet, located: Located) -> Iterator[Unit]:
    """Units named above the table of a form sheet."""
    for text in _heading(sheet, located):
        unit = _named(units, text)
        if unit is not None:
            yield unit


def _heading(sheet: Sheet, located: Located) -> Iterator[str]:
    """The texts above the table of a form sheet."""
    top = _top(located)
    return (cell.value for (row, _), cell in sheet.cells.items() if row < top and isinstance(cell.value, str))


def _top(located: Located) -> int:
    """The first row of the table itself."""
    return min((row for key, row in located.rows.items() if key not in OVER), default=max(located.rows.values()))


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


def _spots(scheme: Scheme, sheets: Sequence[tuple[Sheet, Located]]) -> Mapping[str, tuple[Spot, ...]]:
    """Every cell that claims to be a field, copied rows and copied sheets included."""
    spots: dict[str, list[Spot]] = {}
    for sheet, located in sheets:
        for rows in (located.rows, *({key: row} for key, row in located.doubled)):
            for name, (row, column) in replace(located, rows=rows).places(scheme).items():
                spots.setdefault(name, []).append(Spot(sheet, row, column))
    return {name: tuple(found) for name, found in spots.items()}


def printed(scheme: Scheme, book: Book) -> tuple[str, Mapping[str, Entry]] | None:
    """The code of the unit that a form says it is of, and the targets and 无任务 that are printed on it.

    They are no proof of what was issued, and serve only where no settings are at hand. None where no form is there.
    """
    claim = identity(book)
    if claim is None:
        return None
    spots = _spots(scheme, [(sheet, found) for sheet in book.sheets if (found := locate(scheme, sheet)).rows])
    entries = {}
    for field in settings_fields(scheme, claim.code):
        name = field.name.removeprefix(f"{claim.code}.")
        value = take(field, spots[name][0].cell).value if name in spots else None
        if value is Mark.NO_TASK or (value is not None and scheme.issued(name)):
            entries[name] = Entry(value, spots[name][0].origin(book.file))
    return claim.code, entries


def _entries(form: Form) -> tuple[dict[str, Entry], tuple[Problem, ...]]:
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    there = {row for _, located in form.sheets for row in located.rows}
    gone = [name for name, rows in _rows(form.scheme).items() if there.isdisjoint(rows)]
    problems += [form.says("KH217", sheet=name, label=f"“{name}”表") for name in gone]
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
        if len({_content(taken) for _, taken in filled}) > 1:
            where = "、".join(other.where for other, _ in filled)
            problems.append(form.says("KH218", spot, field=field.name, label=label(field), found=where))
            entries[field.name] = Entry(None, origin, invalid=True)
            continue
        problems += _said(form, field, spot, taken)
        value = field.usual if taken.value is None else taken.value
        entries[field.name] = Entry(value, origin, taken.invalid)
    return entries, tuple(problems)


def _rows(scheme: Scheme) -> Mapping[str, Collection[str]]:
    """The sheets that units fill in, with the keys of their rows."""
    return {MEASURES: scheme.measures, SCORECARD: [f"item.{item.id}" for item in scheme.items]}


def _content(taken: Taken) -> Value | tuple[str, ...]:
    """What two cells must have in common to be one: the value, or what was found wrong."""
    return tuple(fault.found for fault in taken.faults) if taken.value is None else taken.value


def _said(form: Form, field: Field, spot: Spot, taken: Taken) -> Iterator[Problem]:
    for fault in taken.faults:
        yield form.says(
            fault.code,
            spot,
            field=field.name,
            label=label(field),
            found=fault.found,
            expected=fault.expected,
            taken=fault.taken,
        )


# ── what is odd about a form: each a plain function over it and what it claims to be ──────────────────────


def _version(form: Form, claim: Identity | None) -> Iterator[Problem]:
    if claim is not None and (claim.version, claim.scheme_digest) != (VERSION, form.scheme.digest):
        yield form.says("KH213")


def _keys(form: Form, claim: Identity | None) -> Iterator[Problem]:
    for sheet, located in form.sheets:
        if located.by_label:
            yield form.says("KH216", sheet=sheet.name)
        for key in () if located.by_label else located.moved:
            title = located.columns.get("title", 1)
            yield form.says("KH225", Spot(sheet, located.rows[key], title), label=_row_label(form.scheme, key))


def _settled(form: Form, claim: Identity | None) -> Iterator[Problem]:
    """Figures that the office gives: what a form has there is compared and never used.

    Without any settings nothing is known of what was issued, which is said once for the whole run (KH950).
    """
    for name, named in form.scheme.names.items():
        settled = form.given.get(name)
        if settled is None and not (form.scheme.issued(name) and form.settled):
            continue
        # 无任务 is printed in the form where it was issued
        asked = Field(
            name, "done" if name.endswith(".done") else "number", named.title, unit=named.unit, marks=tuple(Mark),
            words=named.done,
        )  # fmt: skip
        for spot in form.spots.get(name, ()):
            taken = take(asked, spot.cell)
            value = settled.value if settled else None
            expected = NOT_ISSUED if value is None else said(value, asked)
            found = shown(spot.cell) if spot.cell else "空白"
            # 未下达 is what a form says that was issued before the figure was
            if found in (expected, NOT_ISSUED) or (taken.value == value and not taken.invalid):
                continue
            words = {"label": f"{named.title}·{named.label}", "found": found, "expected": expected}
            yield form.says("KH222", spot, field=name, **words)


def _exam(form: Form, claim: Identity | None) -> Iterator[Problem]:
    for item in form.scheme.items:
        for spot in form.spots.get(f"{item.id}.exam", ()):
            if spot.cell is not None and not spot.cell.formula and tidy(shown(spot.cell)):
                yield form.says(
                    "KH221", spot, field=f"{item.id}.exam", label=f"{item.title}·考核分", found=shown(spot.cell)
                )


def _printing(form: Form, claim: Identity | None) -> Iterator[Problem]:
    """Units of measurement and texts that are not as they were issued."""
    for measure in form.scheme.measures.values():
        for spot in form.spots.get(f"{measure.id}.unit", ()):
            found = shown(spot.cell) if spot.cell else ""
            if measure.unit and _close(found) != _close(measure.unit):
                words = {"found": found or "空白", "expected": measure.unit, "label": measure.title}
                yield form.says("KH226", spot, **words)
        yield from _text(form, f"{measure.id}.title", measure.title, f"“{measure.title}”的名称")
    for item in form.scheme.items:
        yield from _text(form, f"{item.id}.title", item.content, f"第{item.id}项考核内容")
        yield from _text(form, f"{item.id}.standard", item.standard, f"第{item.id}项评分标准")


def _text(form: Form, name: str, issued: str, named: str) -> Iterator[Problem]:
    for spot in form.spots.get(name, ()):
        value = spot.cell.value if spot.cell else ""
        text = value if isinstance(value, str) else ""
        if not _close(text).startswith(_close(issued)):
            yield form.says("KH223", spot, label=named, found=quoted(text) or "空白")


def _remarks(form: Form, claim: Identity | None) -> Iterator[Problem]:
    """What was written beside, between and below the rows, in cells that ask nothing, and on sheets of its own."""
    known = {sheet.name for sheet, _ in form.sheets} | {GUIDE, MEND, IDENTITY}
    for sheet in form.book.sheets:
        if sheet.name not in known and sheet.cells and not _is_identity(sheet):
            yield form.says("KH219", sheet=sheet.name, found=quoted(sheet.name))
    for sheet, located in form.sheets:
        if located.by_label:  # where the table ends is not known
            continue
        rows = {*located.rows.values(), *(row for _, row in located.doubled)}
        columns = frozenset(located.columns.values())
        first = _top(located)
        unasked = _unasked(form.scheme, located)
        for (row, column), cell in sorted(sheet.cells.items()):
            between = row >= first and (row not in rows or column not in columns) and cell.value not in located.rows
            stray = between or column > max(columns) or (row, column) in unasked
            if stray and not cell.formula and tidy(shown(cell)):
                yield form.says("KH220", Spot(sheet, row, column), found=shown(cell))


def _unasked(scheme: Scheme, located: Located) -> frozenset[tuple[int, int]]:
    """The cells of a sheet in the columns of figures that their measures do not have."""
    return frozenset(
        (row, located.columns[name])
        for key, row in located.rows.items()
        for name in FIGURES
        if key in scheme.measures and name in located.columns and f"{key}.{name}" not in scheme.figures
    )


LOOKS = (_version, _keys, _settled, _exam, _printing, _remarks)


def _is_identity(sheet: Sheet) -> bool:
    return identity(Book("", "", 0, "xlsx", (sheet,))) is not None


def _row_label(scheme: Scheme, key: str) -> str:
    measure: Measure | None = scheme.measures.get(key)
    if measure is not None:
        return measure.title
    return next((item.title for item in scheme.items if key == f"item.{item.id}"), key)


def _close(text: str) -> str:
    return "".join(text.split())


# ── several files ───────────────────────────────────────────────────────────────────────────────────────


def gather(
    scheme: Scheme, settings: Settings, takings: Iterable[Taking], prefer: Collection[str] = ()
) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """One case for each unit of the settings, from what ``intake`` gave for every file, with all problems.

    Of several files of a unit one counts: the one in ``prefer`` (names or paths of files), else the one with the newest
    填报日期. Where that does not decide, the figures that differ are invalid until the office has decided. Of files
    that do not count only the differences are reported.
    """
    takings = tuple(takings)
    problems = [each for returned, found in takings if returned is None for each in found]
    returns = [returned for returned, _ in takings if returned is not None]
    for name in prefer:
        if not any(_preferred(returned, (name,)) for returned in returns):
            problems.append(problem("KH234", found=name))
    own: dict[Unit, list[tuple[Return, tuple[Problem, ...]]]] = {}
    for returned, told in takings:
        if returned is not None:
            own.setdefault(returned.unit, []).append((returned, told))
    cases = []
    for unit in settings.units:
        case, found = _case(scheme, settings, unit, own.get(unit, ()), prefer)
        cases.append(case)
        problems += found
    return tuple(cases), tuple(problems)


def _case(
    scheme: Scheme, settings: Settings, unit: Unit, takings: Sequence[tuple[Return, tuple[Problem, ...]]],
    prefer: Collection[str],
) -> tuple[Case, list[Problem]]:  # fmt: skip
    given = scheme.given(unit, settings)
    if not takings:
        return Case(unit, "missing", given), [problem("KH240", unit=unit.name)]
    returns, problems = _candidates(scheme, given, [returned for returned, _ in takings], prefer)
    for returned, found in takings:
        if returned in returns:
            problems += found
        elif returned.status == "rejected":
            reasons = "；".join(each.message for each in found)
            problems.append(problem("KH236", unit=unit.name, file=returned.file, found=reasons))
    chosen = returns[0] if len(returns) == 1 else _merged(returns)
    if chosen.status == "rejected":
        return Case(unit, "rejected", given, file=chosen.file), problems
    late = chosen.filled is not None and chosen.filled > scheme.last_day
    if late:
        assert chosen.filled is not None
        day, last = chosen.filled.isoformat(), scheme.last_day.isoformat()
        problems.append(problem("KH241", unit=unit.name, file=chosen.file, field=DATE.name, found=day, expected=last))
    reported = {**chosen.entries, **given}
    status: Status = "late" if late else "received"
    return Case(unit, status, reported, file=chosen.file, filled=chosen.filled), problems


def _candidates(
    scheme: Scheme, given: Mapping[str, Entry], returns: list[Return], prefer: Collection[str]
) -> tuple[list[Return], list[Problem]]:
    """Those of a unit's returns that may count (one, or several that cannot be told apart), and why not the others."""
    problems: list[Problem] = []

    def says(code: str, returned: Return, **words: str) -> None:
        problems.append(problem(code, unit=returned.unit.name, file=returned.file, **words))

    readable = [returned for returned in returns if returned.status != "rejected"] or returns[:1]
    left = [returned for returned in readable if not unfilled(returned.entries)] or readable[:1]
    for returned in readable:
        if returned not in left:
            says("KH235", returned)
    distinct: list[Return] = []
    for returned in sorted(left, key=lambda each: not _preferred(each, prefer)):
        same = next((other for other in distinct if not differing([other, returned])), None)
        if same is None:
            distinct.append(returned)
        else:
            says("KH230", returned, found=same.file)
    if len(distinct) == 1:
        return distinct, problems
    named = [returned for returned in distinct if _preferred(returned, prefer)]
    chosen = named or _newest(distinct)
    fields = {field.name: field for field in form_fields(scheme, given)}
    differences = differing(distinct)
    files = "、".join(returned.file for returned in distinct)
    if len(chosen) == 1:
        others = "、".join(returned.file for returned in distinct if returned is not chosen[0])
        reason = "考核办指定" if named else "填报日期较新"
        words = {"found": others, "expected": chosen[0].file, "reason": reason, "count": str(len(differences))}
        says("KH231", chosen[0], **words)
    else:
        chosen = distinct
        says("KH232", distinct[0], found=files)
    for name in differences:
        field = fields.get(name)
        values = "，".join(f"{returned.file} {_said_entry(returned.entries.get(name), field)}" for returned in distinct)
        says("KH233", chosen[0], field=name, label=label(field) if field else name, found=values)
    return chosen, problems


def _preferred(returned: Return, prefer: Collection[str]) -> bool:
    """Whether the office named this file, with more of its folders or archive, or with less."""
    own = f"/{returned.file}"
    return any(f"/{name}".endswith(own) or own.endswith(f"/{name}") for name in prefer)


def _newest(returns: list[Return]) -> list[Return]:
    """Those with the newest 填报日期; all where one of them has none."""
    days = [returned.filled for returned in returns if returned.filled is not None]
    return [each for each in returns if each.filled == max(days)] if len(days) == len(returns) else returns


def differing(returns: Sequence[Return]) -> tuple[str, ...]:
    """Names of the fields that are not alike in all of ``returns``."""
    names = dict.fromkeys(name for returned in returns for name in returned.entries)
    return tuple(name for name in names if len({_alike(returned.entries.get(name)) for returned in returns}) > 1)


def _alike(entry: Entry | None) -> tuple[Value | None, bool]:
    return (None, False) if entry is None or entry.value == "" else (entry.value, entry.invalid)


def _said_entry(entry: Entry | None, field: Field | None) -> str:
    if entry is None or (entry.value is None and not entry.invalid):
        return "未填"
    return "填报有误" if entry.value is None else said(entry.value, field)


def _merged(returns: Sequence[Return]) -> Return:
    """What all of ``returns`` agree on; what they do not agree on is invalid."""
    first, apart = returns[0], set(differing(returns))
    names = dict.fromkeys(name for returned in returns for name in returned.entries)
    entries = {}
    for name in names:
        entry = next(returned.entries[name] for returned in returns if name in returned.entries)
        entries[name] = replace(entry, value=None, invalid=True) if name in apart else entry
    days = {returned.filled for returned in returns}
    return Return(
        first.unit,
        entries,
        "、".join(returned.file for returned in returns),
        filled=days.pop() if len(days) == 1 else None,
    )
