"""Template + unit + settings → the form that a unit fills in, or mends.

The template may have been restyled by hand: every cell is found by its keys, and only what belongs to the unit or to
the readings in force is written. No text from people becomes a formula.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.extent import height
from kaohe_cli.form import guide, live, package
from kaohe_cli.form.layout import (
    FORM_VERSION,
    IDENTITY,
    SCORECARD,
    SCORES_COLUMNS,
    FormCell,
    Identity,
    Located,
    grids,
    locate,
)
from kaohe_cli.form.mend import mark_problems, shortened
from kaohe_cli.form.style import BODY_SIZE, DONE, GIVEN, MISSING, SMALL, WRONG, clean, fill, lock, write_value
from kaohe_cli.form.template import guide_height
from kaohe_cli.model import Entry, Field, Mark, Place, Settings, Unit, Value
from kaohe_cli.naming import bare_name
from kaohe_cli.points import plain
from kaohe_cli.scheme.fields import expected, form_fields
from kaohe_cli.scheme.limit import LimitKind, date_limits, limits, phrases, serial
from kaohe_cli.scheme.rule import Addresses, literal
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind, Sheet, address

MOST_ROWS = 2000  # rows of a template that are looked at


class TemplateError(Exception):
    """A template that no form can be made from, and why (KH961, KH962)."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(found.message for found in problems))
        self.problems = problems


class Home(Struct, frozen=True):
    """A sheet of the layout as the template has it."""

    title: str
    located: Located


class Blank(Struct, frozen=True):
    """A template, opened once, from which any number of forms are issued."""

    scheme: Scheme
    book: Any
    homes: Mapping[str, Home]  # by what the layout calls the sheet
    cells: Mapping[str, FormCell]

    def issue(
        self, unit: Unit, settings: Settings, entries: Mapping[str, Entry] | None = None,
        problems: Sequence[Problem] = (),
    ) -> tuple[bytes, tuple[Place, ...]]:  # fmt: skip
        """The form of ``unit`` as .xlsx, and where each of its input fields stands.

        ``entries`` are filled in beforehand, by field name. ``problems`` make it a form to mend: their cells are
        coloured and commented, and a first sheet lists them. The same arguments give the same bytes.
        """
        scheme, book = self.scheme, package.fork(self.book)
        given = scheme.given(unit, settings)
        fields = form_fields(scheme, given)
        pen = _Pen(scheme, book, self.homes, self.cells)
        self._head(book, unit)
        for name, text in _issued(scheme, given):
            pen.give(name, text)
        for name, formula in live.formulas(scheme, given, fields, pen.seen_from).items():
            pen.cell(name).value = formula
        _words(pen, given)
        _guide(scheme, book)
        for sheet in book.worksheets:
            sheet.conditional_formatting = type(sheet.conditional_formatting)()
            sheet.data_validations = type(sheet.data_validations)()
        for field in fields:
            pen.ask(field)
        _colour_panel(pen)
        for field in fields:
            entry = (entries or {}).get(field.name)
            value = entry.value if entry is not None and entry.value is not None else field.usual
            if value is not None:
                write_value(pen.cell(field.name), field.word(value) if isinstance(value, Mark) else value)
        _identify(book, identity_of(scheme, unit, given))
        places = tuple(pen.place(field) for field in fields)
        if problems:
            mark_problems(book, {place.field.name: place for place in places}, problems)
        book.active = 0
        for sheet in book.worksheets:
            sheet.sheet_view.tabSelected = sheet is book.worksheets[0]
        issuer = scheme.content.notice.issuer
        return package.save(book, self.title(unit), issuer, scheme.created), places

    def title(self, unit: Unit) -> str:
        """The title in the properties of the form of a unit."""
        return f"{self.scheme.content.title}（{clean(unit.name)}）"

    def _head(self, book: Any, unit: Unit) -> None:
        for home in self.homes.values():
            rows, columns = home.located.rows, home.located.columns
            if "unit" in rows and "number" in columns:
                write_value(book[home.title].cell(rows["unit"], columns["number"]), f"考核单位：{unit.name}")
        filer, first = self.cells["filer"], self.homes[SCORECARD].located.columns["number"]
        named = unit.bureau.startswith((unit.name, bare_name(unit.name)))
        bureau = unit.bureau if named else f"{unit.name}{unit.bureau}"
        write_value(book[filer.sheet].cell(filer.row, first), f"填报单位（盖章）：{bureau}")


def open_template(scheme: Scheme, template: bytes, file: str = "") -> Blank:
    """The .xlsx in ``template`` as one that forms are issued from; without the name of a ``file``, the scheme's own.

    Raises TemplateError where it is no workbook, or lacks keys that a form needs.
    """
    file = file or scheme.content.template
    try:
        book = package.open_workbook(template)
    except Exception as error:  # openpyxl raises whatever it meets
        raise TemplateError((problem("KH961", file=file, found=type(error).__name__),)) from error
    seen = {sheet.title: locate(scheme, _sheet(sheet)) for sheet in book.worksheets}
    homes = {
        grid.sheet: Home(title, found)
        for grid in grids(scheme)
        for title, found in seen.items()
        if any(row.id and row.key in found.rows for row in grid.rows)
    }
    lacking = tuple(dict.fromkeys(_lacking(scheme, homes)))
    if lacking:
        raise TemplateError((problem("KH962", file=file, found="；".join(lacking)),))
    cells: dict[str, FormCell] = {}
    for home in homes.values():
        for name, (row, column) in home.located.places(scheme).items():
            cells.setdefault(name, FormCell(home.title, row, column))
    return Blank(scheme, book, homes, cells)


def identity_of(scheme: Scheme, unit: Unit, given: Mapping[str, Entry]) -> Identity:
    """What the form of ``unit`` says of itself; its digest covers all that was issued with it."""
    issued = [f"{name}={_shown(entry.value)}" for name, entry in sorted(given.items())]
    read = [f"{name}={option}" for name, option in scheme.readings.items()]
    told = "\n".join([scheme.digest, unit.code, unit.name, unit.kind, FORM_VERSION, *read, *issued])
    digest = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
    year = str(scheme.content.year)
    return Identity(scheme.id, year, unit.code, unit.name, FORM_VERSION, scheme.digest, scheme.readings, digest)


# ── the template ────────────────────────────────────────────────────────────────────────────────────────


def _sheet(sheet: Any) -> Sheet:
    """The texts of a template's sheet, for locating."""
    cells = {
        (cell.row, cell.column): Cell(CellKind.TEXT, cell.value)
        for row in sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, 256))
        for cell in row
        if isinstance(cell.value, str) and cell.data_type != "f"
    }
    return Sheet(sheet.title, sheet.sheet_state != "visible", cells)


def _lacking(scheme: Scheme, homes: Mapping[str, Home]) -> Iterator[str]:
    """The keys that a form needs and the template has not, as people would name them."""
    for grid in grids(scheme):
        if grid.sheet not in homes:
            yield f"整张“{grid.sheet}”"
            continue
        found = homes[grid.sheet].located
        rows = (row.key for row in grid.rows if row.id and row.key not in found.rows)
        yield from (f"“{grid.sheet}”中标识为 {key} 的行" for key in rows)
        columns = (each for each in grid.columns if each.key not in found.columns)
        yield from (f"“{grid.sheet}”中标识为 {each.key} 的列（{each.label}）" for each in columns)


# ── the pen ─────────────────────────────────────────────────────────────────────────────────────────────


class _Pen(Struct, frozen=True):
    """Writes into the cells of one form by their names."""

    scheme: Scheme
    book: Any
    homes: Mapping[str, Home]
    cells: Mapping[str, FormCell]

    def cell(self, name: str) -> Any:
        sheet, row, column = self.cells[name]
        return self.book[sheet].cell(row, column)

    def seen_from(self, sheet: str) -> Addresses:
        """The addresses of cells as a sheet of the layout writes them in its formulas."""
        return lambda name: self.address(name, self.homes[sheet].title)

    def address(self, name: str, sheet: str = "") -> str:
        """Where ``name`` stands, with its sheet where that is another than ``sheet``."""
        home, row, column = self.cells[name]
        local = address(row, column)
        if not sheet or home == sheet:
            return local
        quoted = home.replace("'", "''")
        return f"'{quoted}'!{local}"

    def place(self, field: Field) -> Place:
        sheet, row, column = self.cells[field.name]
        return Place(field, sheet, address(row, column))

    def give(self, name: str, value: Value) -> None:
        """A figure that the office gives: shown and locked."""
        cell = self.cell(name)
        lock(cell, True)
        fill(cell, GIVEN)
        write_value(cell, value)

    def ask(self, field: Field) -> None:
        """An input cell: open, with its entry check and its colours."""
        from openpyxl.worksheet.datavalidation import DataValidation

        cell = self.cell(field.name)
        lock(cell, False)
        check = DataValidation(**_check(self.scheme, field, self.address), allow_blank=True)
        check.promptTitle, check.prompt = shortened(field.label, 32), shortened(_prompt(self.scheme, field), 250)
        check.errorTitle, check.error = "请核对", shortened(_refusal(self.scheme, field), 220)
        check.showInputMessage = check.showErrorMessage = True
        check.add(cell.coordinate)
        cell.parent.add_data_validation(check)
        if field.type != "text" or field.choices:
            _colour(cell, f"{live.flawed(self.scheme, field, self.address)}=1", WRONG)
        if field.required == "error":
            _colour(cell, live.is_blank(cell.coordinate), MISSING)


def _issued(scheme: Scheme, given: Mapping[str, Entry]) -> Iterator[tuple[str, Value]]:
    """What the office gives: its figures, 无任务, and 未下达 where it owes one."""
    for name in scheme.figures:
        entry = given.get(name)
        if entry is not None and entry.value is not None:
            yield name, entry.value
        elif scheme.issued(name) or entry is not None:
            yield name, live.NOT_ISSUED


def _words(pen: _Pen, given: Mapping[str, Entry]) -> None:
    """What each criterion is called and given for, by the readings in force and what is waived."""
    room = {column.key: column.room for column in SCORES_COLUMNS}
    for criterion in pen.scheme.criteria.values():
        if criterion.judged:
            continue
        full = pen.scheme.full_points(criterion, lambda each: live.waived(each, given))
        terms = f"{guide.terms(pen.scheme, criterion)}。"
        if full is not None and full != criterion.points:
            terms += f"按口径分担无任务细则的分值，满分为 {plain(full)} 分，得分按比例折算。"
            write_value(pen.cell(f"{criterion.id}.most"), full)
        write_value(pen.cell(f"{criterion.id}.criterion"), criterion.title)
        cell = pen.cell(f"{criterion.id}.terms")
        write_value(cell, terms)
        tall = height([(terms, room["terms"])], size=SMALL, least=32)
        title = height([(criterion.title, room["criterion"])], size=BODY_SIZE)
        cell.parent.row_dimensions[cell.row].height = max(tall, title)


def _guide(scheme: Scheme, book: Any) -> None:
    """The lines of the instructions that follow from the readings in force, wherever they stand."""
    lines = {line.key: line for line in guide.instructions(scheme) if line.key}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, 20)):
            for cell in row:
                line = lines.get(cell.value) if isinstance(cell.value, str) else None
                if line is not None:
                    write_value(sheet.cell(cell.row, cell.column + 1), line.title)
                    write_value(sheet.cell(cell.row, cell.column + 2), line.text)
                    sheet.row_dimensions[cell.row].height = guide_height(line)


# ── entry checks and colours ────────────────────────────────────────────────────────────────────────────


def _check(scheme: Scheme, field: Field, cells: Addresses) -> dict[str, Any]:
    """The kind of entry check: a plain one where spreadsheets have it, else the expression of the form itself."""
    words = [field.word(mark) for mark in field.marks] if field.type == "done" else field.choices
    if words:
        return {"type": "list", "formula1": f'"{",".join(words)}"'}
    if field.type == "text":
        return {"type": None}
    if field.type == "date":
        first, last = (str(serial(day)) for day in date_limits(scheme))
        return {"type": "date", "operator": "between", "formula1": first, "formula2": last}
    least, most = field.minimum, field.maximum
    if field.whole and least is not None and most is not None and field.at_most is None and not field.marks:
        return {"type": "whole", "operator": "between", "formula1": literal(least), "formula2": literal(most)}
    return {"type": "custom", "formula1": live.allowed(scheme, field, cells)}


def _prompt(scheme: Scheme, field: Field) -> str:
    if field.choices:
        return f"所填的本年实绩是什么数，请从列表中选{expected(field)}。"
    if field.type == "text":
        return "材料名称、文号或附件编号。" if field.name.endswith(".evidence") else f"请填写{field.label}。"
    if field.type == "date":
        return f"请填日期，例如 {scheme.content.year}-11-10。"
    if field.type == "done":
        return f"请从列表中选{expected(field)}。"
    said = f"请填 {'，'.join((expected(field), *phrases(limits(field, scheme), 'at_most')))}。"
    return f"{said}只填百分号前面的数，5.3% 填 5.3。" if field.unit == "%" else said


def _refusal(scheme: Scheme, field: Field) -> str:
    if field.type == "date":
        return f"应填 {'，'.join(phrases(limits(field, scheme), 'day'))}。"
    if field.choices:
        return f"请从列表中选{expected(field)}。"
    further: tuple[LimitKind, ...] = ("at_most", "decimals") if field.type == "number" else ()
    said = "，".join((expected(field), *phrases(limits(field, scheme), *further)))
    return f"应填 {said}。不要带单位和其他文字。"


def _colour(cell: Any, test: str, colour: str) -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    look = PatternFill("solid", bgColor=colour, fgColor=colour)
    rule: Any = FormulaRule(formula=[test], fill=look, stopIfTrue=True)  # type: ignore[no-untyped-call]
    cell.parent.conditional_formatting.add(cell.coordinate, rule)


def _colour_panel(pen: _Pen) -> None:
    """How far the form is, row by row and on the whole."""
    progress = pen.cell("progress.title")
    _colour(progress, f'COUNTIF({progress.coordinate},"*需改*")>0', WRONG)
    _colour(progress, f'COUNTIF({progress.coordinate},"*还缺*")>0', MISSING)
    _colour(progress, f'COUNTIF({progress.coordinate},"可以上报*")>0', DONE)
    for measure in pen.scheme.measures:
        state, points = pen.cell(f"{measure}.state"), pen.cell(f"{measure}.points")
        _colour(state, f'COUNTIF({state.coordinate},"需改*")>0', WRONG)
        _colour(state, f'COUNTIF({state.coordinate},"待填*")+COUNTIF({state.coordinate},"请核对*")>0', MISSING)
        _colour(points, f'COUNTIF({points.coordinate},"未达到")>0', MISSING)


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────


def _shown(value: Value | None) -> str:
    if isinstance(value, Mark):
        return value.value
    return plain(value) if isinstance(value, Decimal) else str(value)


def _identify(book: Any, identity: Identity) -> None:
    """The very hidden sheet that says what the form is."""
    if IDENTITY in book.sheetnames:
        book.remove(book[IDENTITY])
    sheet = book.create_sheet(IDENTITY)
    sheet.sheet_state = "veryHidden"
    for number, line in enumerate(identity.lines(), start=1):
        for column, text in enumerate(line, start=1):
            write_value(sheet.cell(number, column), text)
    sheet.protection.sheet = True
