"""SchemeRows → 方案.xlsx: dropdowns, help under the heads, what a kind of rule has no use for greyed out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.extent import height
from kaohe_cli.paper.workbook import Column, Content, Formula, Paper, Styled
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.rows import SchemeRow, SchemeRows
from kaohe_cli.scheme.book.sheets import APPLIES, CHECK, READ_AS, SchemeColumn, SchemeSheet
from kaohe_cli.scheme.book.words import JOINT, FigureNames, write
from kaohe_cli.scheme.records import FIGURE_LABELS
from kaohe_cli.sheet.book import Sheet, column_name
from kaohe_cli.sheet.table import as_seen

GUIDE, EXAMPLES, LISTS = "说明", "例", "词表"
HELP_HEIGHT = 44.0
TALLEST = 150.0  # points of a row: what is longer is read in its cell
FIRST = datetime(2000, 1, 1)
_HELPERS = ("（指标）", "（数据项）")  # hidden columns of 指标 from which figures are chosen
_COLOURS = {
    "基本": "#7F9DB9",
    "单位": "#7F9DB9",
    "项目": "#5B8C5A",
    "细则": "#5B8C5A",
    "档": "#5B8C5A",
    "条件": "#5B8C5A",
    "指标": "#B08D3C",
}
LISTED = {  # list of names → where they stand: the sheet, the title
    sheets.ITEMS: (sheets.TABLE, "编号"),
    sheets.CRITERIA: (sheets.RULES, "编号"),
    sheets.MEASURES: (sheets.MEASURED, "编号"),
    sheets.GRADES: (sheets.GRADED, "名称"),
    sheets.UNIT_KINDS: (sheets.UNIT_KINDS_SHEET, sheets.KIND),
}  # fmt: skip


KEPT_OUT = (GUIDE, EXAMPLES, LISTS, sheets.ORIGINAL)  # sheets that are made anew


class Marked(Struct, frozen=True):
    """What was found in a sheet."""

    above: str  # of its head; empty: nothing
    rows: Mapping[int, tuple[str, str]]  # place of a row → what was found in it, how the program reads it


class Example(Struct, frozen=True):
    """How a line of a kind of rule is written, and how the program reads it."""

    kind: str  # 计分方式
    clause: str
    row: str  # what stands in 细则
    below: str  # what stands in 档 or 条件; empty: nothing
    read: str


def workbook(
    rows: SchemeRows, names: FigureNames, title: str, *, units: Sequence[str] = (), original: str = "",
    marks: Mapping[str, Marked] | None = None, others: Mapping[str, Sequence[str]] = {},
    guide: Sequence[tuple[str, str]] = (), examples: Sequence[Example] = (), sheets_kept: Sequence[Sheet] = (),
) -> bytes:  # fmt: skip
    """A workbook with ``rows``; ``units`` are tried, ``original`` is the TOML text that it comes from.

    ``marks`` has, by sheet, what was found in it; None: it was not checked. ``others`` are the columns that people
    added, by sheet, ``sheets_kept`` the sheets.
    """
    with Paper(title, FIRST) as paper:
        _guide(paper, guide)
        written = {}
        for sheet in sheets.SHEETS:
            columns = columns_of(sheet, units, others.get(sheet.name, ()), marks is not None)
            mark = None if marks is None else marks.get(sheet.name, Marked("", {}))
            written[sheet.name] = _Sheet(paper, sheet, names, columns, mark)
            written[sheet.name].write(rows.get(sheet.name, []))
        for name, (sheet, column) in (*LISTED.items(), (sheets.FIGURES, (sheets.MEASURED, _HELPERS[1]))):
            letter = column_name(written[sheet.name].place[column] + 1)
            paper.book.define_name(name, f"='{sheet.name}'!${letter}$3:${letter}$400")
        _examples(paper, examples)
        for kept in sheets_kept:
            _keep(paper, kept)
        _options(paper, rows)
        if original:
            page = paper.sheet(sheets.ORIGINAL)
            for number, line in enumerate(original.split("\n")):
                paper.put(page, number, 0, line, "code bare")
            page.very_hidden()
        paper.book.worksheets()[1 if guide else 0].activate()
        return paper.finish()


def columns_of(
    sheet: SchemeSheet, units: Sequence[str], others: Sequence[str], checked: bool
) -> tuple[Column, ...]:  # fmt: skip
    """The columns of a sheet as they are written; what was found stands after those that a row needs."""
    columns: list[Column] = [*sheet.columns]
    if checked:
        last = max(at for at, each in enumerate(sheet.columns) if each.needed) + 1
        columns[last:last] = [Column(CHECK, 30, "wrap middle"), Column(READ_AS, 48, "wrap middle")]
    if sheet is sheets.TRIALS:
        tried = [*units, *TRIED_UNITS[len(units) :]]
        columns += [SchemeColumn(name, 14, "code", input=True, sort="any") for name in tried]
    columns += [SchemeColumn(name, 18, "code", input=True, sort="any") for name in others if name not in _HELPERS]
    if sheet is sheets.MEASURED:
        columns += [Column(name, 20, "text", hidden=True) for name in _HELPERS]
    return tuple(columns)


TRIED_UNITS = ("甲单位", "乙单位", "丙单位")


def _keep(paper: Paper, sheet: Sheet) -> None:
    """A sheet that people added, as it stands."""
    page = paper.sheet(sheet.name)
    for (row, column), cell in sheet.cells.items():
        value = cell.value if isinstance(cell.value, Decimal) else as_seen(cell)
        paper.put(page, row - 1, column - 1, value, "wrap")
    if sheet.hidden:
        page.hide()


class _Sheet:
    """Writes one sheet."""

    def __init__(
        self, paper: Paper, sheet: SchemeSheet, names: FigureNames, columns: tuple[Column, ...], marks: Marked | None
    ) -> None:  # fmt: skip
        self.paper, self.sheet, self.names, self.marks, self.columns = paper, sheet, names, marks, columns
        self.place = {column.title: at for at, column in enumerate(columns)}

    def write(self, rows: Sequence[SchemeRow]) -> None:
        """Write the head, what explains it, the rows, and what may be filled in below."""
        page = self.paper.sheet(self.sheet.name, colour=_COLOURS.get(self.sheet.name, "#BBBBBB"))
        frozen = self.place[next(each.title for each in self.sheet.columns if each.needed)] + 1
        if self.sheet is sheets.RULES:
            frozen = self.place["名称"] + 1
        self.paper.header(page, 0, self.columns, 32, freeze=min(frozen, 6))
        page.freeze_panes(2, min(frozen, 6))
        for at, column in enumerate(self.columns):
            said = column.help if isinstance(column, SchemeColumn) else self._explained(column)
            alarm = column.title == CHECK and self.marks is not None and self.marks.above
            self.paper.put(
                page,
                1,
                at,
                f"{sheets.HELP}{said}" if said else "",
                "wrap small alert" if alarm else "wrap small quiet band",
            )
        texts = [(each.help, each.width * 11 / 9) for each in self.sheet.columns]
        page.set_row(1, min(max(height(texts, size=9), HELP_HEIGHT), 120))
        last = len(rows) + self.sheet.spare
        for number in range(last):
            self._row(page, number, rows[number] if number < len(rows) else {})
        for at, column in enumerate(self.columns):
            if isinstance(column, SchemeColumn) and last:
                self._choose(page, column, at, last + 1)
        if self.sheet.key:
            self._grey(page, last + 1)
        codes = [each for each in self.columns if "code" in each.look.split()]
        if codes and last:
            page.ignore_errors({"number_stored_as_text": f"A3:{column_name(len(self.columns))}{last + 2}"})

    def _explained(self, column: Column) -> str:
        if column.title == CHECK:
            return (self.marks.above if self.marks else "") or "✔ 无误；有误的写明错在哪里"
        return "这一行程序怎样读，请与原文对照" if column.title == READ_AS else ""

    def _row(self, page: Any, number: int, row: SchemeRow) -> None:
        contents: list[Content | Styled] = []
        for column in self.columns:
            if isinstance(column, SchemeColumn):
                contents.append(self._cell(column, row))
            elif column.title in _HELPERS:
                contents.append(self._helper(column.title, number + 2, row))
            else:
                contents.append(self._said(number, column))
        if row:
            wraps = [
                (str(each.content if isinstance(each, Styled) else each or ""), column.width)
                for each, column in zip(contents, self.columns, strict=True)
                if "wrap" in column.look.split() or (self.sheet is sheets.BASIC and column.title == sheets.CONTENT)
            ]
            page.set_row(number + 2, min(height(wraps, least=20), TALLEST))
        self.paper.row(page, number + 2, contents, [column.cell_look for column in self.columns])

    def _cell(self, column: SchemeColumn, row: SchemeRow) -> Styled:
        held, value = self._column(column, row), row.get(column.title)
        given = value if isinstance(value, Styled) else Styled(value, "")
        content = write(held, given.content, self.names)
        return replace(given, content=content, look=given.look or f"{self._look(held, column, row)} input")

    def _column(self, column: SchemeColumn, row: SchemeRow) -> SchemeColumn:
        """What a cell holds: in 基本, and in 试算, the row says."""
        if self.sheet is sheets.BASIC and column.title == sheets.CONTENT:
            return next((fact for fact in sheets.FACTS if fact.title == row.get(sheets.FACT)), column)
        if (
            self.sheet is sheets.TRIALS
            and column.title == sheets.TRIED_OF
            and row.get(sheets.TRIED) == sheets.TRY_FIGURE
        ):
            return SchemeColumn(column.title, column.width, sort="figure")
        if self.sheet is sheets.TRIALS and row.get(sheets.TRIED) == sheets.TRY_VETO and column.sort == "any":
            return SchemeColumn(column.title, column.width, sort="yes")
        return column

    def _look(self, held: SchemeColumn, column: SchemeColumn, row: SchemeRow) -> str:
        if self.sheet is sheets.BASIC and column.title == sheets.CONTENT:
            return {"date": "date text", "number": "number text"}.get(held.sort, "wrap middle code")
        if row.get(sheets.NODE) in (sheets.SECTION, "类别") and held.sort == "text":
            return f"{column.look} strong"
        if held.title == "界限" and self.sheet is sheets.MARKS and row.get(SHARED):
            return "percent"
        if held.sort == "share" and (held.title == "本数倍数" or row.get("计量单位") == "%" or row.get(IN_PERCENT)):
            return "number"
        if held.sort == "any" and not isinstance(row.get(column.title), str):
            return "number"
        return column.look

    def _said(self, number: int, column: Column) -> Styled:
        wrong, read = self.marks.rows.get(number, ("", "")) if self.marks else ("", "")
        if column.title == CHECK:
            return Styled(wrong, f"wrap {'alert' if wrong != '✔' else 'good'}" if wrong else "wrap")
        return Styled(read, "wrap")

    def _helper(self, title: str, row: int, cells: SchemeRow) -> Formula:
        """The title of the measure that a row is of, and what its figure is called, kept up as people type."""
        letters = {name: column_name(at + 1) for name, at in self.place.items()}
        own, at = letters[title], row + 1
        name, figure, label = (f"{letters[each]}{at}" for each in ("名称", sheets.FIGURE, "称呼"))
        if title == _HELPERS[0]:
            above = f"{own}{at - 1}" if row > 2 else '""'
            return Formula(f'=IF({name}="",{above},{name})', cells.get(_TITLE, ""))
        measure = f"{letters[_HELPERS[0]]}{at}"
        said = f'{measure}&"{JOINT}"&IF({label}="",{figure},{label})'
        return Formula(f'=IF({figure}="","",{said})', cells.get(_CALLED, ""))

    def _choose(self, page: Any, column: SchemeColumn, at: int, last: int) -> None:
        area = (2, at, last, at)
        if self.sheet is sheets.BASIC:
            if column.title == sheets.CONTENT:
                for number, fact in enumerate(sheets.FACTS, 2):
                    if fact.listed:
                        page.data_validation(number, at, number, at, _list(list(fact.listed)))
            return
        if column.listed:
            page.data_validation(*area, _list(list(column.listed)))
        elif column.source:
            page.data_validation(*area, {"validate": "list", "source": f"={column.source}", "show_error": False})

    def _grey(self, page: Any, last: int) -> None:
        """What is not used by what was chosen in the column that decides it."""
        key, words = f"${column_name(self.place[self.sheet.key] + 1)}3", self.sheet.column(self.sheet.key).choices
        grey = self.paper.book.add_format({"bg_color": "#D9D9D9", "font_color": "#808080", "pattern": 1})
        for at, column in enumerate(self.columns):
            if isinstance(column, SchemeColumn) and column.kinds:
                used = ",".join(f'{key}="{words[kind]}"' for kind in sorted(column.kinds))
                page.conditional_format(
                    2, at, last, at,
                    {"type": "formula", "criteria": f'=AND({key}<>"",NOT(OR({used})))', "format": grey},
                )  # fmt: skip


SHARED, IN_PERCENT, _TITLE, _CALLED = "\0share", "\0percent", "\0title", "\0called"  # of a row, in no column


def prepared(rows: SchemeRows, names: FigureNames) -> SchemeRows:
    """``rows`` with what the look of a row depends on, which stands in others."""
    rules = {(str(row.get("编号")), row.get(APPLIES)): row for row in rows[sheets.RULES.name]}

    def shared(row: SchemeRow) -> bool:
        """Whether the marks of a row are shares: the rule that it is of compares two figures."""
        id, applies = str(row.get(sheets.OF)), row.get(APPLIES)
        own, base = rules.get((id, applies), {}), rules.get((id, None), {})
        held = own if own.get(sheets.METHOD) else {**base, **own}
        return held.get("与哪个数据比") is not None

    marks = [{**row, SHARED: shared(row)} for row in rows[sheets.MARKS.name]]
    measured: list[SchemeRow] = []
    title, unit = "", ""
    for row in rows[sheets.MEASURED.name]:
        if row.get("名称") is not None and not row.get(APPLIES):
            title, unit = str(row["名称"]), str(row.get("计量单位") or "")
        figure = str(row.get(sheets.FIGURE) or "")
        label = row.get("称呼") or FIGURE_LABELS.get(figure, figure)
        measured.append(
            {**row, IN_PERCENT: unit == "%", _TITLE: title, _CALLED: f"{title}{JOINT}{label}" if label else ""}
        )
    return {**rows, sheets.MARKS.name: marks, sheets.MEASURED.name: measured}


def _list(words: list[str]) -> Mapping[str, Any]:
    return {"validate": "list", "source": words, "error_title": "请核对", "error_message": "请从下拉列表中选择。"}


def _options(paper: Paper, rows: SchemeRows) -> None:
    """What 适用 may say: the options of the readings, and the kinds of units."""
    listed, reading = list[str](), ""
    for row in rows.get(sheets.READ.name, []):
        reading = str(row.get("口径编号") or reading)
        listed.append(f"{reading}={row.get('选项编号') or ''}")
    listed += [f"类别={row.get(sheets.KIND)}" for row in rows.get(sheets.UNIT_KINDS_SHEET.name, [])]
    page = paper.sheet(LISTS)
    for number, said in enumerate(chain([sheets.OPTIONS], listed)):
        paper.put(page, number, 0, said, "code")
    page.set_column(0, 0, 40)
    page.hide()
    paper.book.define_name(sheets.OPTIONS, f"='{LISTS}'!$A$2:$A${max(len(listed), 1) + 1}")


def _examples(paper: Paper, examples: Sequence[Example]) -> None:
    """The worked lines."""
    if not examples:
        return
    columns = (
        Column("计分方式", 10, "centre"), Column("原文", 34, "wrap"), Column("“细则”中填", 44, "wrap"),
        Column("“档”“条件”中填", 44, "wrap"), Column(READ_AS, 44, "wrap"),
    )  # fmt: skip
    page = paper.sheet(EXAMPLES, colour="#BBBBBB")
    texts = [(each.kind, each.clause, each.row, each.below, each.read) for each in examples]
    wide = [column.width for column in columns]
    paper.table(page, columns, texts, tall=lambda row: height(zip(map(str, row), wide, strict=True), least=34))


def _guide(paper: Paper, guide: Iterable[tuple[str, str]]) -> None:
    said = list(guide)
    if not said:
        return
    page = paper.sheet(GUIDE, landscape=False)
    page.set_column(0, 0, 96)
    for row, (text, look) in enumerate(said):
        paper.put(page, row, 0, text, look)
        page.set_row(row, 34 if "title" in look else height([(text, 96)], least=20))
