"""Returned workbooks named by their defect, each made from one sound return: what was done, and what is to be said.

Run ``python tests/corpus/defects.py FOLDER`` to have them all as files. Nothing here knows a cell address: a defect
names fields, and finds their cells as the form itself does.
"""

import copy
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from msgspec import Struct

from kaohe_cli.form import package
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.layout import IDENTITY, INSTRUCTIONS, MEASURES, SCORECARD, locate
from kaohe_cli.form.spots import claimed_spots, form_sheets
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Entry, Mark, Settings, Value
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load
from kaohe_cli.sheet import reader

SCHEME = load()
UNIT = SCHEME.units[0]
FILE = f"{UNIT.name}.xlsx"
TARGETS = {name: Entry(Decimal(100)) for name, figure in SCHEME.figures.items() if figure.by == "office"}
TARGETS["bulkcement.target"] = Entry(Decimal(60))
del TARGETS["kilns.target"]  # 未下达
SETTINGS = Settings(
    SCHEME.units,
    {UNIT.code: {**TARGETS, "loans.prior": Entry(Decimal(90)), "plants.done": Entry(Mark.NO_TASK)}},
    {},
    {},
)
FIELDS = {field.name: field for field in form_fields(SCHEME, SCHEME.given(UNIT, SETTINGS))}


def sound() -> dict[str, Value]:
    """What the unit filled in: nothing in it is worth a word."""
    values: dict[str, Value] = {"filer": "王伟", "phone": "0571-87012345", "date": date(2007, 11, 10)}
    for name, field in FIELDS.items():
        if field.type == "number":
            values[name] = Decimal(62) if field.unit == "%" else Decimal(110)
        elif field.type == "score":
            values[name] = Decimal("3.5")
        elif field.type == "done":
            values[name] = Mark.DONE
        elif field.choices:
            values[name] = field.choices[-1]
        elif name.endswith(".evidence"):
            values[name] = "见附件"
        elif name.endswith(".confirm"):
            values[name] = "统计范围未变"
    return values


SOUND = sound()


class Form:
    """A sound return as an openpyxl workbook, with its cells by their names."""

    def __init__(self, data: bytes) -> None:
        self.book: Any = package.open_workbook(data)
        read, problems = reader.read_bytes(data, FILE)
        assert read is not None
        assert problems == ()
        self.places = claimed_spots(SCHEME, form_sheets(SCHEME, read))
        self.rows = {sheet.name: locate(SCHEME, sheet).rows for sheet in read.sheets}
        self.columns = {sheet.name: locate(SCHEME, sheet).columns for sheet in read.sheets}

    def at(self, name: str) -> Any:
        """The cell of that name: sales.actual, 2.8.exam, filer."""
        spot = self.places[name][0]
        return self.book[spot.sheet.name].cell(spot.row, spot.column)

    def where(self, name: str) -> str:
        """Sheet!cell of that name."""
        cell = self.at(name)
        return f"{cell.parent.title}!{cell.coordinate}"


Edit = Callable[[Form], None]
Finish = Callable[[Form, bytes], bytes]


class Defect(Struct, frozen=True):
    """One workbook of the corpus."""

    name: str  # of its file, and what is wrong with it
    edit: Edit
    expected: tuple[tuple[str, str], ...]  # code and the name of its field, Sheet!cell, or nothing
    values: Mapping[str, Value | None] = {}  # what is read otherwise than in the sound return
    lost: tuple[str, ...] = ()  # fields that cannot be read at all
    finish: Finish | None = None  # a change to the saved file
    file: str = ""  # name of the file as handed in; empty: the name of the unit
    status: str = "received"
    asked: tuple[str, ...] = ()  # codes of what has to be confirmed in the cell of its first value


def fill(values: Mapping[str, Any]) -> Edit:
    """Put raw values into cells."""

    def edit(form: Form) -> None:
        for name, value in values.items():
            cell = form.at(name)
            cell.value = value
            if isinstance(value, str) and not value.startswith(("=", "#")):
                cell.data_type = "s"

    return edit


def cell(name: str, field: str, raw: Any, *codes: str, value: Value | None = None, shown_as: str = "") -> Defect:
    """One cell holds ``raw``, in a format of its own where one is given: these codes, and ``value`` is what it counts
    as.
    """

    def edit(form: Form) -> None:
        fill({field: raw})(form)
        if shown_as:
            form.at(field).number_format = shown_as

    return Defect(name, edit, tuple((code, field) for code in codes), {field: value})


def odd(name: str, field: str, value: str, *codes: str) -> Defect:
    """One cell holds a number that is read as it is, and asked about for these reasons."""
    return Defect(name, fill({field: float(value)}), (), {field: Decimal(value)}, asked=codes)


def undated(name: str, raw: Any, code: str, value: Value | None = None) -> Defect:
    """The date holds ``raw``, from which nobody can tell whether the form came in time."""
    return Defect(name, fill({"date": raw}), ((code, "date"), ("KH254", "")), {"date": value})


def stored(name: str, field: str, formula: str, kind: str, result: str, *codes: str, value: Value | None) -> Defect:
    """One cell is a formula with a stored result, as a spreadsheet program saves it."""

    def finish(form: Form, data: bytes) -> bytes:
        place = form.at(field)
        index = form.book.sheetnames.index(place.parent.title) + 1
        old = f'<c r="{place.coordinate}"'

        def mend(text: str) -> str:
            start = text.index(old)
            end = min(found for found in (text.find("</c>", start), text.find("/>", start)) if found > 0)
            style = text[start:end].split(' s="')[1].split('"')[0]
            end += 4 if text.startswith("</c>", end) else 2
            fresh = f'{old} s="{style}" t="{kind}"><f>{formula}</f><v>{result}</v></c>'
            return text[:start] + fresh + text[end:]

        return repacked(data, {f"xl/worksheets/sheet{index}.xml": mend})

    return Defect(name, fill({field: None}), tuple((code, field) for code in codes), {field: value}, finish=finish)


def repacked(data: bytes, mend: Mapping[str, Callable[[str], str]]) -> bytes:
    """The package with some of its parts changed."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, mend[part](content.decode()).encode() if part in mend else content)
    return made.getvalue()


# ── what is done to whole forms ─────────────────────────────────────────────────────────────────────────


def delete_row(key: str, sheet: str = MEASURES) -> Edit:
    return lambda form: form.book[sheet].delete_rows(form.rows[sheet][key])


def delete_column(key: str, sheet: str) -> Edit:
    return lambda form: form.book[sheet].delete_cols(form.columns[sheet][key])


def rewrite(order: Callable[[list[list[Any]]], list[list[Any]]], sheet: str = MEASURES) -> Edit:
    """Put the rows of measures in another order, as people sort, cut and insert."""

    def edit(form: Form) -> None:
        rows = form.rows[sheet]
        used = sorted(rows[measure] for measure in SCHEME.measures)
        page = form.book[sheet]
        width = page.max_column
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
        lines = [[page.cell(row, column).value for column in range(1, width + 1)] for row in used]
        for row, line in zip(used, order(lines), strict=True):
            for column, value in enumerate(line, start=1):
                page.cell(row, column).value = value

    return edit


def copy_row(key: str, changes: Mapping[str, Any]) -> Edit:
    """Put a copy of a row below the table."""

    def edit(form: Form) -> None:
        page, row = form.book[MEASURES], form.rows[MEASURES][key]
        below = max(form.rows[MEASURES].values()) + 1
        for column in range(1, page.max_column + 1):
            page.cell(below, column).value = page.cell(row, column).value
        for name, value in changes.items():
            page.cell(below, form.columns[MEASURES][name]).value = value

    return edit


def insert_row(before: str, remark: str) -> Edit:
    """An empty row with a remark, before that of a measure."""

    def edit(form: Form) -> None:
        row = form.rows[MEASURES][before]
        form.book[MEASURES].insert_rows(row)
        form.book[MEASURES].cell(row, form.columns[MEASURES]["item"]).value = remark

    return edit


def insert_column(before: str, row: str, remark: str) -> Edit:
    """A new column with a remark in the row of a measure."""

    def edit(form: Form) -> None:
        column = form.columns[MEASURES][before]
        for merged in list(form.book[MEASURES].merged_cells.ranges):
            form.book[MEASURES].unmerge_cells(str(merged))
        form.book[MEASURES].insert_cols(column)
        form.book[MEASURES].cell(form.rows[MEASURES][row], column).value = remark

    return edit


def hide_keys(form: Form) -> None:
    for sheet in (SCORECARD, MEASURES):
        for merged in list(form.book[sheet].merged_cells.ranges):
            form.book[sheet].unmerge_cells(str(merged))
        form.book[sheet].delete_cols(1)


def delete_key_row(form: Form) -> None:
    for sheet in (SCORECARD, MEASURES):
        for merged in list(form.book[sheet].merged_cells.ranges):
            form.book[sheet].unmerge_cells(str(merged))
        form.book[sheet].delete_rows(1)


def rename_sheets(form: Form) -> None:
    form.book[SCORECARD].title, form.book[MEASURES].title = "Sheet1", "表二"


def remove_sheet(name: str) -> Edit:
    return lambda form: form.book.remove(form.book[name])


def claim(**lines: str) -> Edit:
    """Change what the form says of itself."""

    def edit(form: Form) -> None:
        for row in form.book[IDENTITY].iter_rows(min_col=1, max_col=2):
            if row[0].value in lines:
                row[1].value = lines[row[0].value]

    return edit


def extra_sheet(form: Form) -> None:
    form.book.create_sheet("情况说明")["A1"] = "今年情况特殊"


COPY = f"{MEASURES} (2)"


def copied_sheet(changes: Mapping[str, Any] = {}, hidden: bool = False) -> Edit:
    """A copy of the figures, on which the unit went on."""

    def edit(form: Form) -> None:
        copied = form.book.copy_worksheet(form.book[MEASURES])
        copied.title = COPY
        copied.sheet_state = "hidden" if hidden else "visible"
        for name, value in changes.items():
            copied[form.at(name).coordinate] = value

    return edit


def headed(name: str, *sheets: str) -> Edit:
    """The heading of these sheets names another unit."""

    def edit(form: Form) -> None:
        for sheet in sheets:
            like = MEASURES if sheet == COPY else sheet
            form.book[sheet].cell(form.rows[like]["unit"], form.columns[like]["number"]).value = f"考核单位：{name}"

    return edit


def second_identity(form: Form) -> None:
    """Another unit's form moved into the same workbook, as people collect several in one."""
    other = form.book.copy_worksheet(form.book[IDENTITY])
    for row in other.iter_rows(min_col=1, max_col=2):
        row[1].value = {"code": "330103", "unit": "下城区"}.get(row[0].value, row[1].value)
    form.book.copy_worksheet(form.book[MEASURES]).title = COPY
    headed("下城区", COPY)(form)


def commented(text: str, *names: str) -> Edit:
    from openpyxl.comments import Comment

    def edit(form: Form) -> None:
        for name in names:
            form.at(name).comment = Comment(text, "王伟")

    return edit


def struck(name: str) -> Edit:
    from openpyxl.styles import Font

    def edit(form: Form) -> None:
        form.at(name).font = Font(strike=True)

    return edit


def write(sheet: str, address: str, text: str) -> Edit:
    def edit(form: Form) -> None:
        form.book[sheet][address] = text

    return edit


def unhide(form: Form) -> None:
    for page in form.book.worksheets:
        page.sheet_state = "visible"
        page.protection.sheet = False
        for line in (*page.column_dimensions.values(), *page.row_dimensions.values()):
            line.hidden = False


def restyle(form: Form) -> None:
    from openpyxl.styles import Font, PatternFill

    for row in form.book[MEASURES].iter_rows():
        for place in row:
            place.font, place.fill = Font(name="Arial", sz=20), PatternFill("solid", fgColor="FF0000")
    form.book[MEASURES].conditional_formatting = type(form.book[MEASURES].conditional_formatting)()
    form.book[MEASURES].data_validations.dataValidation = []


def both(*edits: Edit) -> Edit:
    def edit(form: Form) -> None:
        for each in edits:
            each(form)

    return edit


def no_heading(form: Form) -> None:
    for page in (form.book[SCORECARD], form.book[MEASURES]):
        for row in page.iter_rows(max_row=6):
            for place in row:
                if isinstance(place.value, str) and UNIT.name in place.value:
                    place.value = None


def last_year(form: Form) -> None:
    for page in form.book.worksheets:
        for row in page.iter_rows(max_row=4):
            for place in row:
                if isinstance(place.value, str):
                    place.value = place.value.replace("二○○七", "二○○六")


def no_name(form: Form) -> None:
    for page in form.book.worksheets:
        for row in page.iter_rows():
            for place in row:
                if isinstance(place.value, str) and UNIT.name in place.value:
                    place.value = None


EMPTY: dict[str, Value | None] = dict.fromkeys(FIELDS)
N_A = Mark.NOT_APPLICABLE

DEFECTS: tuple[Defect, ...] = (
    Defect("sound", fill({}), ()),
    # ── numbers as they are typed ──
    cell("full-width-digits", "invest.actual", "１１２．５", "KH120", value=Decimal("112.5")),
    cell("spaces-and-nbsp", "invest.actual", "\u00a0 112.5\u3000", "KH120", value=Decimal("112.5")),
    cell("thousands-separators", "invest.actual", "1,112.5", "KH120", value=Decimal("1112.5")),
    cell("full-width-separators", "invest.actual", "1，112．5", "KH120", value=Decimal("1112.5")),
    cell("with-its-unit", "invest.actual", "112.5亿元", "KH120", value=Decimal("112.5")),
    cell("in-another-unit-that-is-named", "invest.actual", "1125000万元", "KH120", value=Decimal("112.5")),
    cell("yi-without-yuan", "invest.actual", "112.5亿", "KH120", value=Decimal("112.5")),
    cell("percent-cell", "bulkcement.actual", 0.95, "KH120", value=Decimal(95), shown_as="0.00%"),
    cell("percent-sign", "bulkcement.actual", "95％", "KH120", value=Decimal(95)),
    cell("number-as-text", "invest.actual", "112.5", "KH120", value=Decimal("112.5")),
    cell("binary-dust", "invest.actual", 0.1 + 0.2 + 112, value=Decimal("112.3")),
    cell("not-applicable-beside-a-known-figure", "loans.actual", "无", "KH202", value=N_A),
    Defect(
        "not-applicable-throughout",
        fill({"chemicals.target": "无", "chemicals.actual": "不适用"}),
        (("KH120", "chemicals.actual"),),
        {"chemicals.target": N_A, "chemicals.actual": N_A},
    ),
    # ── numbers that are none, or not certain ──
    cell("about", "invest.actual", "约112", "KH105"),
    cell("a-range", "invest.actual", "12-15", "KH105"),
    cell("more-than", "invest.actual", "112余", "KH105"),
    cell("a-sum-in-text", "invest.actual", "100+12", "KH105"),
    cell("a-comma-for-the-point", "invest.actual", "112,5", "KH105"),
    cell("words", "invest.actual", "见附件", "KH104"),
    cell("chinese-numerals", "invest.actual", "一百一十二", "KH104"),
    cell("ten-thousands-of-firms", "clean.actual", "12万", "KH106"),
    cell("percent-of-yuan", "invest.actual", "112%", "KH106"),
    cell("percent-cell-of-yuan", "invest.actual", 1.12, "KH106", shown_as="0.00%"),
    cell("none-where-points-are-earned", "invest.actual", "无", "KH114"),
    cell("no-task-claimed", "invest.actual", "无任务", "KH118"),
    cell("a-dash", "invest.actual", "—", "KH115", "KH101"),
    cell("a-slash-for-evidence", "injury.actual", "/", "KH115", "KH102"),
    cell("a-date-for-a-number", "clean.actual", datetime(2007, 3, 5), "KH109"),
    cell("a-number-as-a-time", "clean.actual", Decimal("2677.5"), "KH127", shown_as="h:mm"),
    cell("a-part-as-a-time", "clean.actual", Decimal("0.5"), "KH127", shown_as="h:mm"),
    cell("a-number-below-the-calendar", "clean.actual", Decimal("-5"), "KH128", shown_as="yyyy-mm-dd"),
    cell("a-number-above-the-calendar", "clean.actual", Decimal(3_000_000), "KH128", shown_as="yyyy-mm-dd"),
    cell("true-for-a-number", "invest.actual", True, "KH110"),
    cell("an-error-value", "invest.actual", "#DIV/0!", "KH108"),
    cell("a-formula-without-result", "invest.actual", "=100+12", "KH107"),
    stored("a-formula", "invest.actual", "100+12", "n", "112", "KH121", value=Decimal(112)),
    stored("a-formula-that-gives-text", "invest.actual", "A1", "str", "112亿元", "KH120", "KH121", value=Decimal(112)),
    stored("a-formula-that-fails", "invest.actual", "1/0", "e", "#DIV/0!", "KH108", value=None),
    # ── limits ──
    cell("below-nought", "invest.actual", -1, "KH103"),
    cell("beyond-all-measure", "invest.actual", 1e9, "KH103"),
    cell("too-long-a-number", "invest.actual", 1e300, "KH103"),
    Defect(
        "more-than-the-total",
        fill({"centers.target": 40, "centers.actual": 105}),
        (("KH103", "centers.actual"),),
        {"centers.target": Decimal(40), "centers.actual": None},
    ),
    cell("half-a-firm", "clean.actual", 112.5, "KH111"),
    cell("six-decimals", "invest.actual", 112.000001, value=Decimal("112.000001")),
    cell("seven-decimals", "invest.actual", 112.0000001, "KH112"),
    cell("seven-decimals-as-text", "invest.actual", "112.0000001", "KH112", "KH120"),
    cell("seven-decimals-of-a-percentage", "energy.actual", 0.051234567, "KH112", "KH120", shown_as="0.00%"),
    cell("seven-decimals-of-the-evidence", "benefit.actual", 100.0000001, "KH112"),
    cell("a-sum-of-tenths", "invest.actual", 99.9999999999986, "KH120", value=Decimal(100)),
    cell("ten-decimals", "invest.actual", 112.0000000011, "KH120", value=Decimal(112)),
    cell("eight-decimals", "invest.actual", 112.00000001, "KH112"),
    cell("a-self-score-with-dust", "2.8.self", 3.12000000000001, "KH120", value=Decimal("3.12")),
    # ── 数据口径 ──
    cell("period-blank", "period", None, value="全年预计"),
    cell("period-in-other-dashes", "period", "1-10月累计", "KH120", value="1—10月累计"),
    cell("period-in-other-words", "period", "快报数", "KH125", value="全年预计"),
    cell("blank-figure", "invest.actual", None, "KH101"),
    cell("blank-evidence", "injury.actual", None, "KH102"),
    cell("only-blanks", "invest.actual", "  ", "KH101"),
    # ── figures that say something to each other ──
    odd("a-share-of-one", "bulkcement.actual", "0.62", "KH263", "KH261"),
    odd("ten-thousand-times", "land.actual", "99999", "KH263", "KH261", "KH267"),
    odd("a-ten-thousandth", "land.actual", "0.011", "KH261"),
    odd("nought-this-year", "sales.actual", "0", "KH260", "KH261"),
    odd("a-point-too-far-right", "sales.actual", "1175", "KH260", "KH261"),
    odd("last-years-figure-again", "benefit.actual", "110", "KH265"),
    odd("a-fall-with-its-sign", "energy.actual", "-5.2", "KH263", "KH261"),
    odd("a-consumption-for-a-rate", "energy.actual", "0.85", "KH263", "KH261"),
    odd("a-part-above-its-whole", "tech.actual", "111", "KH264"),
    cell("nought-last-year", "invest_large.prior", 0, "KH203", value=Decimal(0)),
    cell("none-beside-a-number", "chemicals.target", "无", "KH202", value=N_A),
    # ── 完成情况 ──
    cell("done-in-an-older-word", "projects.done", "完成", "KH120", value=Mark.DONE),
    cell("done-otherwise-said", "double.done", "实施", "KH120", value=Mark.DONE),
    cell("not-done-in-an-older-word", "double.done", "未完成", "KH120", value=Mark.NOT_DONE),
    cell("done-in-the-word-of-another-clause", "projects.done", "已实施", "KH113"),
    cell("done-ticked", "projects.done", "√", "KH120", value=Mark.DONE),
    cell("not-done-otherwise-said", "projects.done", "否", "KH120", value=Mark.NOT_DONE),
    cell("half-done", "projects.done", "基本完成", "KH113"),
    cell("done-as-one", "projects.done", 1, "KH113"),
    cell("done-as-true", "projects.done", True, "KH110"),
    cell("done-blank", "projects.done", None, "KH101"),
    # ── self-scores ──
    cell("self-score-blank", "2.8.self", None, "KH122"),
    cell("self-score-too-high", "2.8.self", 4.5, "KH103"),
    cell("self-score-of-three-decimals", "2.8.self", 3.125, "KH112"),
    cell("self-score-in-words", "2.8.self", "满分", "KH104"),
    cell("self-score-with-unit", "2.8.self", "3分", "KH120", value=Decimal(3)),
    # ── who and when ──
    cell("filer-blank", "filer", None, "KH123"),
    cell("filer-an-error-value", "filer", "#REF!", "KH119", "KH123"),
    cell("telephone-as-number", "phone", 87012345, value="87012345"),
    cell("date-as-text", "date", "2007年11月9日", "KH120", value=date(2007, 11, 9)),
    cell("date-with-points", "date", "2007.11.9", "KH120", value=date(2007, 11, 9)),
    undated("date-as-day-number", "39395", "KH116"),
    undated("date-without-year", "11月10日", "KH116"),
    undated("date-blank", None, "KH123"),
    undated("date-of-another-century", datetime(2070, 11, 10), "KH117", value=date(2070, 11, 10)),
    cell("date-with-time", "date", datetime(2007, 11, 9, 15, 30), value=date(2007, 11, 9)),
    cell("date-of-two-digits", "date", "07-11-12", "KH120", value=date(2007, 11, 12)),
    cell("date-in-chinese-digits", "date", "二○○七年十一月十二日", "KH120", value=date(2007, 11, 12)),
    Defect(
        "late", fill({"date": datetime(2007, 11, 16)}), (("KH241", ""),), {"date": date(2007, 11, 16)},
        status="late",
    ),
    # ── what is not the unit's to fill in ──
    cell("exam-points-typed", "2.8.exam", 4, "KH221"),
    cell("issued-target-changed", "sales.target", 50, "KH222"),
    cell("issued-target-emptied", "sales.target", None, "KH222"),
    cell("target-invented", "kilns.target", 5, "KH222"),
    cell("known-figure-of-last-year-changed", "loans.prior", 45, "KH222"),
    cell("no-task-overwritten", "plants.done", "完成", "KH222"),
    cell("unit-of-measurement-changed", "invest.unit", "万元", "KH226"),
    cell("wording-of-a-measure-changed", "invest.title", "工业投入", "KH223"),
    cell("wording-of-the-standard-changed", "2.8.standard", "完成目标40分。", "KH223"),
    cell("sum-typed-over", "total.self", 100, "KH248"),
    cell("self-score-of-a-rule-typed-over", "1.1.self", 20, "KH248"),
    cell("points-typed-over", "1.1.1.points", 9, "KH248"),
    cell("state-typed-over", "sales.state", "已核", "KH248"),
    cell("subtotal-typed-over", "class.1.self", 60, "KH248"),
    cell("progress-typed-over", "progress.title", "可以上报", "KH248"),
    # ── what was put upon cells ──
    Defect("figure-with-a-comment", commented("此数为预计数", "invest.actual"), (("KH249", "invest.actual"),)),
    Defect("text-with-a-comment", commented("按旧标准", "2.8.standard"), (("KH250", "2.8.standard"),)),
    Defect("figure-struck-out", struck("invest.actual"), (("KH251", "invest.actual"),)),
    Defect("standard-struck-out", struck("2.8.standard"), (("KH252", "2.8.standard"),)),
    # ── rows, columns, sheets ──
    Defect(
        "row-deleted", delete_row("invest"), (("KH217", ""), ("KH217", "")),
        lost=("invest.prior", "invest.actual", "invest.confirm", "invest.evidence"),
    ),
    Defect(
        "column-deleted", delete_column("done", MEASURES), tuple(("KH217", "") for n in FIELDS if n.endswith(".done")),
        lost=tuple(name for name in FIELDS if name.endswith(".done")),
    ),
    Defect("rows-sorted-the-other-way", rewrite(lambda lines: lines[::-1]), ()),
    Defect(
        "titles-sorted-without-their-keys",
        rewrite(lambda lines: [[lines[0][0], *lines[1][1:]], [lines[1][0], *lines[0][1:]], *lines[2:]]),
        (("KH225", ""), ("KH225", "")),
    ),
    Defect("row-copied", copy_row("invest", {}), ()),
    Defect(
        "row-copied-and-changed", copy_row("invest", {"actual": 120}), (("KH218", "invest.actual"),),
        {"invest.actual": None},
    ),
    Defect("row-copied-and-emptied", copy_row("invest", dict.fromkeys(("actual", "prior", "confirm", "evidence"))), ()),
    Defect("sheet-copied", copied_sheet(), (("KH244", ""),)),
    Defect("sheet-copied-and-changed", copied_sheet({"invest.actual": 120}), (("KH242", f"{COPY}!invest.actual"),)),
    Defect(
        "filled-in-on-a-hidden-copy", both(copied_sheet(hidden=True), fill({"invest.actual": None})),
        (("KH101", "invest.actual"), ("KH242", f"{COPY}!invest.actual")), {"invest.actual": None},
    ),
    Defect(
        "remark-on-a-copy", copied_sheet({"invest.evidence": "见附件九"}), (("KH243", f"{COPY}!invest.evidence"),)
    ),
    Defect(
        "copied-and-both-renamed", both(copied_sheet(), rename_sheets), (("KH245", ""),), lost=tuple(FIELDS),
        status="rejected",
    ),
    Defect("copied-renamed-and-hidden", both(copied_sheet(hidden=True), rename_sheets), (("KH244", ""),)),
    Defect("sheets-renamed", rename_sheets, ()),
    Defect("key-column-deleted", hide_keys, (("KH216", ""), ("KH216", ""))),
    Defect("key-row-deleted", delete_key_row, (("KH216", ""), ("KH216", ""))),
    Defect("unhidden-and-unprotected", unhide, ()),
    Defect("restyled", restyle, ()),
    Defect("instructions-removed", remove_sheet(INSTRUCTIONS), ()),
    Defect(
        "figures-sheet-removed", remove_sheet(MEASURES), (("KH217", ""),),
        lost=tuple(name for name in FIELDS if name.split(".")[0] in SCHEME.measures or name == "period"),
    ),
    Defect("sheet-added", extra_sheet, (("KH219", ""),)),
    Defect("remark-beside-the-table", write(MEASURES, "Z9", "含在建项目"), (("KH220", f"{MEASURES}!Z9"),)),
    cell("remark-in-a-cell-that-asks-nothing", "hitech_tax.prior", "去年没有统计", "KH220"),
    Defect("row-inserted-with-a-remark", insert_row("invest", "其中：技改"), (("KH220", "invest.item"),)),
    Defect(
        "column-inserted-with-a-remark", insert_column("prior", "invest", "含在建项目"), (("KH220", "invest.prior"),)
    ),
    Defect("remark-below-the-table", write(SCORECARD, "B90", "另附说明"), (("KH220", f"{SCORECARD}!B90"),)),
    # ── whose form it is ──
    Defect("name-of-another-unit", fill({}), (("KH214", ""),), file="下城区考核表.xlsx"),
    Defect("identity-removed", remove_sheet(IDENTITY), (("KH215", ""),)),
    Defect("identity-and-heading-removed", both(remove_sheet(IDENTITY), no_heading), (("KH215", ""),)),
    Defect(
        "two-units-in-one-workbook", second_identity, (("KH246", ""),), lost=tuple(FIELDS), status="missing",
    ),
    Defect(
        "copy-of-another-unit", both(copied_sheet(), headed("下城区", COPY)), (("KH246", ""),), lost=tuple(FIELDS),
        status="missing",
    ),
    Defect(
        "heading-of-another-unit", headed("下城区", MEASURES), (("KH247", f"{MEASURES}!B3"),), lost=tuple(FIELDS),
        status="rejected",
    ),
    Defect(
        "two-headings-and-no-identity", both(remove_sheet(IDENTITY), headed("下城区", SCORECARD)), (("KH246", ""),),
        lost=tuple(FIELDS), status="missing",
    ),
    Defect(
        "identity-with-the-name-of-another-unit", claim(unit="下城区"), (("KH247", ""),), lost=tuple(FIELDS),
        status="rejected",
    ),
    Defect("older-form", claim(scheme_digest="0" * 64), (("KH213", ""),)),
    Defect("form-of-last-year", claim(year="2006"), (("KH212", ""),), lost=tuple(FIELDS), status="rejected"),
    Defect(
        "form-of-last-year-without-identity", both(remove_sheet(IDENTITY), last_year),
        (("KH212", ""), ("KH215", "")), lost=tuple(FIELDS), status="rejected",
    ),
    Defect(
        "form-of-another-city", claim(scheme="ningbo_2007"), (("KH211", ""),), lost=tuple(FIELDS), status="rejected",
    ),
    Defect("unit-that-is-not-assessed", claim(code="330199", unit="某区"), (("KH224", ""),), status="missing"),
    Defect(
        "nobody-knows-whose", both(remove_sheet(IDENTITY), no_name), (("KH210", ""),), file="Book1.xlsx",
        status="missing",
    ),
    Defect(
        "no-form-at-all", both(*(remove_sheet(name) for name in (SCORECARD, MEASURES, IDENTITY))), (("KH211", ""),),
        status="missing",
    ),
    Defect("returned-unfilled", fill(EMPTY), (("KH201", ""),), EMPTY, status="rejected"),
)  # fmt: skip


def settled() -> bytes:
    """The sound return as a workbook."""
    blank = open_template(SCHEME, template_workbook(SCHEME))
    return blank.issue(UNIT, SETTINGS, {name: Entry(value) for name, value in SOUND.items()})[0]


def make(defect: Defect, before: Form) -> bytes:
    """The workbook with the defect, from the sound one, which stays as it is."""
    form = copy.copy(before)
    form.book = package.fork(before.book)
    defect.edit(form)
    saved = BytesIO()
    form.book.save(saved)
    data = saved.getvalue()
    return defect.finish(before, data) if defect.finish else data


def main(folder: Path) -> None:
    """Write the whole corpus into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    before = Form(settled())
    for defect in DEFECTS:
        (folder / f"{defect.name}.xlsx").write_bytes(make(defect, before))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
