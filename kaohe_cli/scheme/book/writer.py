"""SchemeRows → 方案.xlsx: dropdowns, help under the heads, what a kind of rule has no use for greyed out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.extent import height
from kaohe_cli.paper.workbook import Column, Content, Paper, Styled
from kaohe_cli.scheme.book import choices, sheets
from kaohe_cli.scheme.book.choices import IN_PERCENT, SHARED
from kaohe_cli.scheme.book.rows import SchemeRow, SchemeRows
from kaohe_cli.scheme.book.sheets import CHECK, MEANT, READ_AS, SchemeColumn, SchemeSheet
from kaohe_cli.scheme.book.words import FigureNames, write
from kaohe_cli.sheet.book import Sheet, column_name
from kaohe_cli.sheet.table import as_seen

GUIDE, EXAMPLES = "说明", "例"
HELP_HEIGHT = 44.0
TALLEST = 150.0  # points of a row: what is longer is read in its cell
FIRST = datetime(2000, 1, 1)
_COLOURS = {
    "基本": "#7F9DB9",
    "单位": "#7F9DB9",
    "项目": "#5B8C5A",
    "细则": "#5B8C5A",
    "档": "#5B8C5A",
    "条件": "#5B8C5A",
    "指标": "#B08D3C",
}


KEPT_OUT = (GUIDE, EXAMPLES, choices.LISTS, sheets.ORIGINAL)  # sheets that are made anew


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
        for name, (sheet, column) in choices.LISTED.items():
            letter = column_name(written[sheet.name].place[column] + 1)
            paper.book.define_name(name, f"='{sheet.name}'!${letter}$3:${letter}$400")
        _examples(paper, examples)
        for kept in sheets_kept:
            _keep(paper, kept)
        choices.write_options(paper, written[sheets.READ.name].place, rows)
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
    if sheet is sheets.BASIC:
        columns.insert(2, Column(MEANT, 50, "wrap middle small quiet"))
    if checked:
        last = max(at for at, each in enumerate(sheet.columns) if each.needed) + 1
        columns[last:last] = [Column(CHECK, 26, "wrap middle"), Column(READ_AS, 48, "wrap middle")]
    if sheet is sheets.TRIALS:
        tried = [*units, *TRIED_UNITS[len(units) :]]
        columns += [SchemeColumn(name, 14, "code", input=True, sort="any") for name in tried]
    columns += [SchemeColumn(name, 18, "code", input=True, sort="any") for name in others if name not in choices.ALL]
    columns += [Column(name, 20, "text", hidden=True) for name in choices.HELPERS.get(sheet.name, ())]
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
        self.held: SchemeRow = {}  # what the rows below go on with

    def write(self, rows: Sequence[SchemeRow]) -> None:
        """Write the head, what explains it, the rows, and what may be filled in below."""
        page = self.paper.sheet(self.sheet.name, colour=_COLOURS.get(self.sheet.name, "#BBBBBB"), growing=True)
        frozen = self.place[next(each.title for each in self.sheet.columns if each.needed)] + 1
        if self.sheet is sheets.RULES:
            frozen = self.place["名称"] + 1
        self.paper.header(page, 0, self.columns, 32, freeze=min(frozen, 6))
        page.freeze_panes(2, min(frozen, 6))
        for at, column in enumerate(self.columns):
            said = column.help if isinstance(column, SchemeColumn) else self._explained(column)
            alarm = column.title == CHECK and self.marks is not None and self.marks.above
            look = "wrap small alert" if alarm else "wrap small quiet band"
            self.paper.put(page, 1, at, f"{sheets.HELP}{said}" if said else "", look)
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
            elif column.title in choices.ALL:
                self.held |= {title: row[title] for title in choices.KEPT_UP if title in row}
                contents.append(choices.helper(column.title, self.place, number + 3, {**self.held, **row}))
            else:
                contents.append(self._said(number, column, row))
        if row:
            wraps = [
                (
                    str(each.content if isinstance(each, Styled) else each or ""),
                    column.width * 11 / 9 if "small" in column.look.split() else column.width,
                )
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
            if held.path == ("year",):
                return "text"  # no 2,008
            return {"date": "date text", "number": "number text"}.get(held.sort, "wrap middle code")
        if row.get(sheets.NODE) in (sheets.SECTION, "类别") and held.sort == "text":
            return f"{column.look} strong"
        if held.title == "界限" and self.sheet is sheets.MARKS and row.get(SHARED):
            return "percent"
        if held.sort == "share" and (held.title == "本数倍数" or row.get("计量单位") == "%" or row.get(IN_PERCENT)):
            return "number"
        if held.sort == "any" and not isinstance(row.get(column.title), str):
            return "right"
        return column.look

    def _said(self, number: int, column: Column, row: SchemeRow) -> Styled:
        if column.title == MEANT:
            fact = next((each for each in sheets.FACTS if each.title == row.get(sheets.FACT)), None)
            return Styled(fact.help if fact else None, column.look)
        wrong, read = self.marks.rows.get(number, ("", "")) if self.marks else ("", "")
        if column.title == CHECK:
            return Styled(wrong, f"wrap middle {'alert' if wrong != '✔' else 'good'}" if wrong else "wrap")
        return Styled(read, "wrap middle")

    def _choose(self, page: Any, column: SchemeColumn, at: int, last: int) -> None:
        area = (2, at, last, at)
        if self.sheet is sheets.BASIC:
            if column.title == sheets.FACT:
                page.data_validation(*area, _list([fact.title for fact in sheets.FACTS]))
            if column.title == sheets.CONTENT:
                for number, fact in enumerate(sheets.FACTS, 2):
                    if fact.listed:
                        page.data_validation(number, at, number, at, _list(list(fact.listed)))
            return
        if column.listed:
            page.data_validation(*area, _list(list(column.listed)))
        elif column.source:
            page.data_validation(*area, {"validate": "list", "source": f"={column.source}", "show_error": False})
        elif column.sort in ("number", "share", "percent"):
            page.data_validation(*area, _NUMBER)

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


_NUMBER: Mapping[str, Any] = {  # 8分 is read too, so that it is asked about and not refused
    "validate": "decimal", "criteria": "between", "minimum": -(10**9), "maximum": 10**9, "error_type": "warning",
    "error_title": "请核对", "error_message": "这一格填数，如 4、0.5、90%。",
}  # fmt: skip


def _list(words: list[str]) -> Mapping[str, Any]:
    return {"validate": "list", "source": words, "error_title": "请核对", "error_message": "请从下拉列表中选择。"}


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
