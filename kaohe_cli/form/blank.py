"""Template + unit + settings → the form that a unit fills in, or mends.

The template may have been restyled by hand: every cell is found by its keys, and only what belongs to the unit or to
the readings in force is written. No text from people becomes a formula.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form import guide, live, package
from kaohe_cli.form.layout import FORM_VERSION, IDENTITY, SCORECARD, SCORES_COLUMNS, Identity, grids
from kaohe_cli.form.mend import mark_problems, shortened
from kaohe_cli.form.spots import FormSheet, Spot, claimed_spots, form_sheets
from kaohe_cli.form.style import BODY_SIZE, DONE, GIVEN, MISSING, SMALL, WRONG, clean, fill, fitting, lock, write_value
from kaohe_cli.form.template import section_title
from kaohe_cli.model import Entry, Field, Mark, Place, Query, Settings, Unit, Value
from kaohe_cli.naming import bare_name
from kaohe_cli.points import plain
from kaohe_cli.scheme.condition import Addresses, literal
from kaohe_cli.scheme.fields import expected, form_fields
from kaohe_cli.scheme.limit import LimitKind, date_limits, limits, phrases, serial
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.stated import terms
from kaohe_cli.sheet.book import Book, Cell, CellKind, Sheet, address

MOST_ROWS = 2000  # rows of a template that are looked at


class TemplateError(Exception):
    """A template that no form can be made from, and why (KH961, KH962)."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(found.message for found in problems))
        self.problems = problems


class Blank(Struct, frozen=True):
    """A template, opened once, from which any number of forms are issued."""

    scheme: Scheme
    book: Any
    homes: Mapping[str, FormSheet]  # by what the layout calls the sheet
    spots: Mapping[str, Spot]  # by name

    def issue(
        self, unit: Unit, settings: Settings, entries: Mapping[str, Entry] | None = None,
        problems: Sequence[Problem] = (), queries: Sequence[Query] = (),
    ) -> tuple[bytes, tuple[Place, ...]]:  # fmt: skip
        """The form of ``unit`` as .xlsx, and where each of its input fields stands.

        ``entries`` are filled in beforehand, by field name. ``problems``, and ``queries`` of the unit, make it a form
        to mend: their cells are coloured and commented, and a first sheet lists them. The same arguments give the same
        bytes.
        """
        scheme, book = self.scheme.of(unit.kind), package.fork(self.book)
        form, given = replace(self, scheme=scheme, book=book), scheme.given(unit, settings)
        fields = form_fields(scheme, given)
        form._head(unit)
        for name, issued in _issued(scheme, given):
            cell = form._cell(name)
            lock(cell, True)
            fill(cell, GIVEN)
            write_value(cell, issued)
        for name, formula in live.formulas(scheme, given, fields, form._seen_from).items():
            form._cell(name).value = formula
        form._words(given)
        _guide(scheme, book)
        for sheet in book.worksheets:
            sheet.conditional_formatting = type(sheet.conditional_formatting)()
            sheet.data_validations = type(sheet.data_validations)()
        for field in fields:
            form._ask(field)
            entry = (entries or {}).get(field.name)
            value = entry.value if entry is not None and entry.value is not None else field.usual
            if value is not None:
                write_value(form._cell(field.name), field.word(value) if isinstance(value, Mark) else value)
        form._colour_panel()
        _identify(book, identity_of(scheme, unit, given))
        places = tuple(Place(field, self.spots[field.name].sheet.name, self._address(field.name)) for field in fields)
        at = {place.field.name: place for place in places}
        # what the unit does not fill in is not for it to answer, and what it has answered waits for the office
        asked = [each for each in queries if each.field in at and each.state == "open"]
        if problems or asked:
            mark_problems(book, at, problems, asked)
        book.active = 0
        for sheet in book.worksheets:
            sheet.sheet_view.tabSelected = sheet is book.worksheets[0]
        return package.save(book, self.title(unit), scheme.content.notice.issuer, scheme.created), places

    def title(self, unit: Unit) -> str:
        """The title in the properties of the form of a unit."""
        return f"{self.scheme.content.title}（{clean(unit.name)}）"

    def _cell(self, name: str) -> Any:
        spot = self.spots[name]
        return self.book[spot.sheet.name].cell(spot.row, spot.column)

    def _address(self, name: str, sheet: str = "") -> str:
        """Where ``name`` stands, with its sheet where that is another than ``sheet``."""
        spot = self.spots[name]
        local, home = address(spot.row, spot.column), spot.sheet.name.replace("'", "''")
        return local if sheet in ("", spot.sheet.name) else f"'{home}'!{local}"

    def _seen_from(self, sheet: str) -> Addresses:
        """The addresses of cells as a sheet of the layout writes them in its formulas."""
        return lambda name: self._address(name, self.homes[sheet].sheet.name)

    def _head(self, unit: Unit) -> None:
        for home in self.homes.values():
            rows, columns = home.located.rows, home.located.columns
            if "unit" in rows and "number" in columns:
                cell = self.book[home.sheet.name].cell(rows["unit"], columns["number"])
                write_value(cell, f"考核单位：{unit.name}")
        named = unit.bureau.startswith((unit.name, bare_name(unit.name)))
        bureau = unit.bureau if named else f"{unit.name}{unit.bureau}"
        filer, first = self._cell("filer"), self.homes[SCORECARD].located.columns["number"]
        write_value(filer.parent.cell(filer.row, first), f"填报单位（盖章）：{bureau}")

    def _words(self, given: Mapping[str, Entry]) -> None:
        """What each criterion is called and given for, by the readings in force and what is waived."""
        if self.scheme.content.kind:  # what they come to may be another for units of this kind
            for id in ("", *self.scheme.sections):
                write_value(self._cell(f"class.{id}.number" if id else "total.number"), section_title(self.scheme, id))
        for criterion in self.scheme.criteria.values():
            if criterion.judged:
                continue
            if self.scheme.content.kind and criterion.points and not criterion.bonus:
                write_value(self._cell(f"{criterion.id}.most"), criterion.points)
            full = self.scheme.full_points(criterion, lambda each: live.waived(each, given))
            asked = f"{terms(self.scheme, criterion)}。"
            if full is not None and full != criterion.points:
                asked += f"按口径分担无任务细则的分值，满分为 {plain(full)} 分，得分按比例折算。"
                write_value(self._cell(f"{criterion.id}.most"), full)
            write_value(self._cell(f"{criterion.id}.criterion"), criterion.title)
            cell = self._cell(f"{criterion.id}.terms")
            write_value(cell, asked)
            title = fitting(SCORES_COLUMNS, BODY_SIZE, criterion=criterion.title)
            cell.parent.row_dimensions[cell.row].height = max(title, fitting(SCORES_COLUMNS, SMALL, 32, terms=asked))

    def _ask(self, field: Field) -> None:
        """An input cell: open, with its entry check and its colours."""
        cell = self._cell(field.name)
        lock(cell, False)
        check = DataValidation(**_check(self.scheme, field, self._address), allow_blank=True)
        check.promptTitle, check.prompt = shortened(field.label, 32), shortened(_prompt(self.scheme, field), 250)
        check.errorTitle, check.error = "请核对", shortened(_refusal(self.scheme, field), 220)
        check.showInputMessage = check.showErrorMessage = True
        check.add(cell.coordinate)
        cell.parent.add_data_validation(check)
        if field.type != "text" or field.choices:
            _colour(cell, f"{live.flawed(self.scheme, field, self._address)}=1", WRONG)
        measure = field.name.partition(".")[0]
        if self.scheme.expectations.get(measure) and not field.name.endswith(".evidence"):
            _colour(cell, f"{self._address(f'{measure}.query')}=1", MISSING)
        if field.required == "error":
            _colour(cell, live.is_blank(cell.coordinate), MISSING)

    def _colour_panel(self) -> None:
        """How far the form is, row by row and on the whole."""
        for pattern, colour in (("*需改*", WRONG), ("*还缺*", MISSING), ("*请核对*", MISSING), ("可以上报*", DONE)):
            _colour_where(self._cell("progress.title"), colour, pattern)
        for measure in self.scheme.measures:
            _colour_where(self._cell(f"{measure}.state"), WRONG, "需改*")
            _colour_where(self._cell(f"{measure}.state"), MISSING, "待填*", "*请核对*")
            _colour_where(self._cell(f"{measure}.points"), MISSING, "未达到")


def open_template(scheme: Scheme, template: bytes, file: str = "") -> Blank:
    """The .xlsx in ``template`` as one that forms are issued from; without the name of a ``file``, the scheme's own.

    Raises TemplateError where it is no workbook, or lacks keys that a form needs.
    """
    file = file or scheme.content.template
    try:
        book = package.open_workbook(template)
    except Exception as error:  # openpyxl raises whatever it meets
        raise TemplateError((problem("KH961", file=file, found=type(error).__name__),)) from error
    sheets = form_sheets(scheme, Book(file, "", 0, "xlsx", tuple(_sheet(sheet) for sheet in book.worksheets)))
    homes = {
        grid.sheet: each
        for grid in grids(scheme)
        for each in sheets
        if any(row.id and row.key in each.located.rows for row in grid.rows)
    }
    lacking = tuple(dict.fromkeys(_lacking(scheme, homes)))
    if lacking:
        raise TemplateError((problem("KH962", file=file, found="；".join(lacking)),))
    spots = claimed_spots(scheme, tuple(homes.values()))
    return Blank(scheme, book, homes, {name: first for name, (first, *_) in spots.items()})


def identity_of(scheme: Scheme, unit: Unit, given: Mapping[str, Entry]) -> Identity:
    """What the form of ``unit`` says of itself; its digest covers all that was issued with it."""
    issued = [f"{name}={_shown(entry.value)}" for name, entry in sorted(given.items())]
    read = [f"{name}={option}" for name, option in scheme.readings.items()]
    told = "\n".join([scheme.digest, unit.code, unit.name, unit.kind, FORM_VERSION, *read, *issued])
    digest = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
    whose = (scheme.id, str(scheme.content.year), unit.code, unit.name)
    return Identity(*whose, FORM_VERSION, scheme.digest, scheme.readings, digest)


# ── the template ────────────────────────────────────────────────────────────────────────────────────────


def _texts(sheet: Any, columns: int) -> Iterator[Any]:
    """The cells of a template's sheet that hold a text, among its first rows and so many columns."""
    for row in sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, columns)):
        yield from (cell for cell in row if isinstance(cell.value, str) and cell.data_type != "f")


def _sheet(sheet: Any) -> Sheet:
    """The texts of a template's sheet, for locating."""
    cells = {(cell.row, cell.column): Cell(CellKind.TEXT, cell.value) for cell in _texts(sheet, 256)}
    return Sheet(sheet.title, sheet.sheet_state != "visible", cells)


def _lacking(scheme: Scheme, homes: Mapping[str, FormSheet]) -> Iterator[str]:
    """The keys that a form needs and the template has not, as people would name them."""
    for grid in grids(scheme):
        name, found = grid.sheet, homes.get(grid.sheet)
        if found is None:
            yield f"整张“{name}”"
            continue
        rows, columns = found.located.rows, [each for each in grid.columns if each.key not in found.located.columns]
        yield from (f"“{name}”中标识为 {row.key} 的行" for row in grid.rows if row.id and row.key not in rows)
        yield from (f"“{name}”中标识为 {each.key} 的列（{each.label}）" for each in columns)


# ── what is issued ──────────────────────────────────────────────────────────────────────────────────────


def _issued(scheme: Scheme, given: Mapping[str, Entry]) -> Iterator[tuple[str, Value]]:
    """What the office gives: its figures, 无任务, and 未下达 where it owes one."""
    for name in scheme.figures:
        entry = given.get(name)
        if entry is not None and entry.value is not None:
            yield name, entry.value
        elif scheme.issued(name) or entry is not None:
            yield name, live.NOT_ISSUED


def _guide(scheme: Scheme, book: Any) -> None:
    """The lines of the instructions that follow from the readings in force, wherever they stand."""
    lines = {line.key: line for line in guide.instructions(scheme) if line.key}
    for sheet in book.worksheets:
        for cell in _texts(sheet, 20):
            if line := lines.get(cell.value):
                write_value(sheet.cell(cell.row, cell.column + 1), line.title)
                write_value(sheet.cell(cell.row, cell.column + 2), line.text)
                tall = fitting(guide.INSTRUCTION_COLUMNS, BODY_SIZE, 22, title=line.title, text=line.text)
                sheet.row_dimensions[cell.row].height = tall


# ── entry checks and colours ────────────────────────────────────────────────────────────────────────────


def _check(scheme: Scheme, field: Field, cells: Addresses) -> dict[str, Any]:
    """The kind of entry check: a plain one where spreadsheets have it, else the expression of the form itself."""
    words = [field.word(mark) for mark in field.marks] if field.type == "done" else list(field.choices)
    words = words or [plain(each) for each in field.legal]
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
    return {"type": "custom", "formula1": f"{live.flawed(scheme, field, cells)}=0"}


def _prompt(scheme: Scheme, field: Field) -> str:
    if field.choices:
        return f"所填的本年实绩是什么数，请从列表中选{expected(field)}。"
    if field.type == "text":
        if field.name.endswith(".confirm"):
            return "状态栏提示请核对的数据，没有填错的，请写明原因，如并入两家企业、统计范围调整。"
        return "材料名称、文号或附件编号。" if field.name.endswith(".evidence") else f"请填写{field.label}。"
    if field.type == "date":
        return f"请填日期，例如 {scheme.content.year}-11-10。"
    if field.type == "done" or field.legal:
        return f"请从列表中选{' ' if field.legal else ''}{expected(field)}。"
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
    look = PatternFill("solid", bgColor=colour, fgColor=colour)
    rule: Any = FormulaRule(formula=[test], fill=look, stopIfTrue=True)  # type: ignore[no-untyped-call]
    cell.parent.conditional_formatting.add(cell.coordinate, rule)


def _colour_where(cell: Any, colour: str, *patterns: str) -> None:
    """``colour`` where the text in ``cell`` is like one of ``patterns``."""
    _colour(cell, "+".join(f'COUNTIF({cell.coordinate},"{pattern}")' for pattern in patterns) + ">0", colour)


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
