"""The settings workbook (考核设置) → the settings. What is wrong is told and left out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Entry, Publicity, Settings, Unit
from kaohe_cli.naming import LISTED, alike, plain_name, spellings, unfit
from kaohe_cli.paper.column import TableColumns, TableRow, table_rows
from kaohe_cli.paper.workbook import Column
from kaohe_cli.scheme.fields import settings_fields
from kaohe_cli.scheme.normalise import accept
from kaohe_cli.scheme.records import BasisOption, Option
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.settings import sheets
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.table import Tabular, rows_of, stands

GivenByUnit = dict[str, dict[str, Entry]]  # unit code → figure or basis → entry


def read(scheme: Scheme, path: Path) -> tuple[Settings | None, tuple[Problem, ...]]:
    """The settings in the workbook at ``path``, and what is wrong there; None where it is no settings workbook.

    What is wrong is left out: an unknown option leaves the default in force, an invalid target counts as invalid.
    """
    book, told = reader.read_workbook(path)
    if book is None:
        return None, told
    if not any(book.sheet(name) for name in sheets.SHEETS):
        return None, (*told, problem("KH915", file=book.file, expected="、".join(sheets.SHEETS)))
    units, bases, wrong_units = _units(scheme, book)
    usual = units or {unit.code: unit for unit in scheme.units}
    targets, wrong_targets = _targets(scheme, book, usual)
    readings, approvals, wrong_readings = _readings(scheme, book)
    departments, judges, wrong_departments = _departments(scheme, book)
    publicity, wrong_days = _publicity(book)
    given = {code: {**bases.get(code, {}), **targets.get(code, {})} for code in (*bases, *targets)}
    settings = Settings(
        tuple(usual.values()), given, readings, departments, approvals, book.file, book.sha256, judges, publicity
    )
    wrong = (*wrong_units, *wrong_targets, *wrong_readings, *wrong_departments, *wrong_days)
    return settings, (*told, *wrong, *_lacking(scheme, settings))


def _table(book: Book, columns: TableColumns[Any]) -> tuple[Tabular | None, list[Problem]]:
    """The table of a sheet, None where there is none, and what is wrong with it."""
    sheet = book.sheet(columns.sheet)
    if sheet is None:
        needed = columns.sheet in (sheets.UNITS, sheets.TARGETS)
        return None, [problem("KH916", file=book.file, found=columns.sheet)] if needed else []
    table, problems = columns.find(book.file, rows_of(sheet))
    return table, list(problems)


def _units(scheme: Scheme, book: Book) -> tuple[dict[str, Unit], GivenByUnit, list[Problem]]:
    """The units, and the basis chosen for each."""
    table, problems = _table(book, sheets.unit_columns(scheme))
    columns = sheets.basis_columns(scheme)
    known = {unit.code: unit.kind for unit in scheme.units}
    named = {unit.code: unit.name for unit in scheme.units}
    owners = spellings(named)
    kinds = list(dict.fromkeys(unit.kind for unit in scheme.units))
    units: dict[str, Unit] = {}
    given: GivenByUnit = {}
    names: set[str] = set()
    for row in table_rows(table):
        code, name = row[sheets.CODE], row[sheets.NAME]
        if not code and not name:
            continue
        kind, called = row[sheets.KIND] or known.get(code, ""), name or code
        if code in named and code not in units and owners.get(plain_name(called), code) != code:
            called = named[code]  # nothing goes on with it, and no row of the other sheets is wrong for that
            problems.append(problem("KH926", found=name, expected=called, unit=called, **_where(row, sheets.NAME)))
        where = {**_where(row, sheets.CODE), "unit": called}
        if not code:
            problems.append(problem("KH917", **where))
        elif code in units or alike(called) in names:
            problems.append(problem("KH918", found=code if code in units else called, **where))
        elif wrong := unfit(plain_name(called)):
            where["cell"] = row.origin(sheets.NAME if name else sheets.CODE).cell
            problems.append(problem("KH925", found=called, expected=wrong, **where))
        elif kind not in kinds:
            problems.append(problem("KH919", found=kind or "空白", expected="、".join(kinds), **where))
        else:
            names.add(alike(called))
            units[code] = Unit(code, called, kind, row[sheets.BUREAU], row[sheets.HEAD])
            for basis in scheme.content.basis:
                column = columns[basis.id]
                option = _option(basis.option, row[column])
                if option:
                    given.setdefault(code, {})[basis.id] = Entry(option, row.origin(column))
                elif row[column]:
                    where = {**_where(row, column), "unit": called, "field": f"{code}.{basis.id}"}
                    problems.append(_not_an_option(basis.option, row[column], where))
    return units, given, problems


def _targets(scheme: Scheme, book: Book, units: Mapping[str, Unit]) -> tuple[GivenByUnit, list[Problem]]:
    """The figures that the office gives, by unit."""
    own = sheets.target_columns(scheme)
    table, problems = _table(book, own)
    columns = {column.title: column for column in own.inputs}
    codes = spellings({code: unit.name for code, unit in units.items()})
    known = spellings({unit.code: unit.name for unit in scheme.units})  # as a unit was called before
    given: GivenByUnit = {}
    seen: set[str] = set()
    for row in table_rows(table):
        code, name = row[sheets.TARGET_CODE], row[sheets.TARGET_NAME]
        if {code, name} <= {sheets.TARGET_CODE.title, sheets.TARGET_NAME.title, ""}:
            continue  # the header that people see
        code = code or codes.get(plain_name(name), "")
        where = {**_where(row, sheets.TARGET_CODE), "unit": name or code}
        if code not in units:
            if any(row.cell(column) for column in columns.values()):
                problems.append(problem("KH920", found=code or name, **where))
            continue
        if name and codes.get(plain_name(name), known.get(plain_name(name))) != code:
            where |= {"cell": row.origin(sheets.TARGET_NAME).cell, "unit": units[code].name}
            problems.append(problem("KH927", found=name, expected=units[code].name, **where))
            continue
        if code in seen:
            problems.append(problem("KH918", found=code, **where))
            continue
        seen.add(code)
        for field in settings_fields(scheme, code):
            figure = field.name.removeprefix(f"{code}.")
            if figure in row.table.head.columns:
                column = columns[figure]
                entry, wrong = accept(field, row.cell(column), row.origin(column), units[code].name)
                problems += wrong
                if entry is not None:
                    given.setdefault(code, {})[figure] = entry
    unknown = [title for title, _ in table.head.others if "." in title] if table else []
    if table and unknown:
        problems.append(problem("KH921", file=table.file, sheet=sheets.TARGETS, found="、".join(unknown)))
    return given, problems


def unassigned(scheme: Scheme, settings: Settings) -> tuple[Problem, ...]:
    """The items for which no department was named (责任处室), in one line; none where each has one."""
    items = "、".join(item.id for item in scheme.items if item.id not in settings.departments)
    return (problem("KH928", file=settings.file, sheet=sheets.DEPARTMENTS, found=items),) if items else ()


def _readings(scheme: Scheme, book: Book) -> tuple[dict[str, str], dict[str, tuple[str, str]], list[Problem]]:
    """What was decided on the readings, and who approved it, and when."""
    table, problems = _table(book, sheets.reading_columns(scheme))
    known = {reading.id: reading for reading in scheme.content.reading}
    readings: dict[str, str] = {}
    approvals: dict[str, tuple[str, str]] = {}
    for row in table_rows(table):
        id, said = row[sheets.READING], row[sheets.CHOSEN]
        if not id:
            continue
        if id not in known:
            problems.append(problem("KH902", found=id, expected="、".join(known), **_where(row, sheets.READING)))
            continue
        if row[sheets.APPROVER] or row[sheets.APPROVED]:
            approvals[id] = row[sheets.APPROVER], row[sheets.APPROVED]
        if not said:
            continue
        chosen = _option(known[id].option, said)
        if not chosen:
            where = {**_where(row, sheets.CHOSEN), "field": f"reading.{id}"}
            problems.append(_not_an_option(known[id].option, said, where))
        elif readings.setdefault(id, chosen) != chosen:
            problems.append(problem("KH918", found=id, **_where(row, sheets.READING)))
    return readings, approvals, problems


def _departments(scheme: Scheme, book: Book) -> tuple[dict[str, str], dict[str, tuple[str, ...]], list[Problem]]:
    """Who judges which item, and the names of the judges where several do."""
    columns = sheets.department_columns(scheme)
    table, problems = _table(book, columns)
    items = {item.id for item in scheme.items}
    named = {item.id: item.title for item in scheme.items}
    titles = {title: id for id, title in named.items()}
    departments: dict[str, str] = {}
    judges: dict[str, tuple[str, ...]] = {}
    asked = {item.id: scheme.judges(item) for item in scheme.items}
    for row in table_rows(table):
        # 2.10 typed anew becomes the number 2.1; the title beside it tells
        id = row[sheets.ITEM]
        if named.get(id) != row[sheets.TITLE]:
            id = titles.get(row[sheets.TITLE], id)
        names = tuple(filter(None, LISTED.split(row[sheets.JUDGES])))
        if names and asked.get(id, 0) != len(names):
            words = {"found": str(len(names)), "expected": str(asked.get(id, 0)), "what": f"{id} {row[sheets.TITLE]}"}
            problems.append(problem("KH929", **words, **_where(row, sheets.JUDGES)))
        elif names:
            judges[id] = names
        if not row[sheets.DEPARTMENT]:
            continue
        if id in items:
            departments[id] = row[sheets.DEPARTMENT]
        else:
            problems.append(problem("KH922", found=row[sheets.ITEM] or "空白", **_where(row, sheets.ITEM)))
    return departments, judges, problems


def _publicity(book: Book) -> tuple[Publicity, list[Problem]]:
    """When the result is shown to the public, and who takes objections: the first row that says anything of it."""
    table, problems = _table(book, sheets.PUBLICITY_COLUMNS)
    filled = [row for row in table_rows(table) if any(stands(row.cell(each)) for each in sheets.PUBLICITY_FIELDS)]
    if not filled:
        return Publicity(), problems
    row, *others = filled
    problems += (problem("KH918", found=sheets.PUBLICITY, **_where(each, sheets.FIRST)) for each in others)
    days: list[date | None] = []
    for column in (sheets.FIRST, sheets.LAST):
        entry, wrong = accept(sheets.PUBLICITY_FIELDS[column], row.cell(column), row.origin(column))
        problems += wrong
        days.append(entry.value if entry is not None and isinstance(entry.value, date) else None)
    first, last = days
    if first and last and last < first:
        words = {"found": last.isoformat(), "expected": first.isoformat()}
        problems.append(problem("KH935", **words, **_where(row, sheets.LAST)))
    elif stands(row.cell(sheets.FIRST)) != stands(row.cell(sheets.LAST)):
        lacking = sheets.LAST if stands(row.cell(sheets.FIRST)) else sheets.FIRST
        problems.append(problem("KH936", expected=lacking.title, **_where(row, lacking)))
    return Publicity(first, last, row[sheets.OBJECTIONS]), problems


def _where(row: TableRow, column: Column) -> dict[str, str]:
    origin = row.origin(column)
    return {"file": origin.file, "sheet": origin.sheet, "cell": origin.cell}


def _option(options: Iterable[Option | BasisOption], said: str) -> str | None:
    """The option that is meant by its label, or by its name in the scheme; None where none is."""
    return next((option.id for option in options if said in (option.id, option.label)), None) if said else None


def _not_an_option(options: Iterable[Option | BasisOption], said: str, where: Mapping[str, str]) -> Problem:
    return problem("KH902", found=said, expected="、".join(option.label for option in options), **where)


def _lacking(scheme: Scheme, settings: Settings) -> Iterator[Problem]:
    """Targets that earn points and are not issued: all of them, or those of single units."""
    names = {unit.code: unit.name for unit in settings.units}
    # how units compare is no figure that anyone gives
    issued = [figure for figure in scheme.scoring if figure in scheme.figures and scheme.figures[figure].by == "office"]
    missing = {code: [figure for figure in issued if figure not in settings.given.get(code, {})] for code in names}
    if issued and all(len(figures) == len(issued) for figures in missing.values()):
        yield problem("KH923", file=settings.file, sheet=sheets.TARGETS)
        return
    for code, figures in missing.items():
        if figures:
            titles = "、".join(scheme.names[figure].title for figure in figures)
            yield problem("KH924", unit=names[code], file=settings.file, sheet=sheets.TARGETS, found=titles)
