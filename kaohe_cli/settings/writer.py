"""The settings workbook (考核设置): units, targets, readings, departments, publicity. Written by init."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kaohe_cli.extent import height
from kaohe_cli.model import Field, Mark, Place, Settings
from kaohe_cli.paper.column import TableColumns
from kaohe_cli.paper.workbook import Column, Paper, Table
from kaohe_cli.scheme.fields import settings_fields
from kaohe_cli.scheme.limit import limits, phrases, span
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.settings import sheets
from kaohe_cli.sheet.book import address

GUIDE = "说明"
GUIDE_LINES = (
    "下发填报表以前，先在这里定下以下各事。浅黄色的格子可以填写，填好后保存即可。",
    f"一、“{sheets.UNITS}”：被考核单位。可以增减，新增的写在下面各行；单位代码是各表对应的依据，不能重复。"
    f"“{sheets.HEAD.title}”是领导班子行政正职的姓名，用于表彰名单。",
    f"二、“{sheets.TARGETS}”：市里下达的目标和已经掌握的上年实绩，每个单位一行。没有这项任务的填“{Mark.NO_TASK.value}”；"
    "上年实绩空着的，由单位填报；下达目标空着的，有关细则暂不计分。",
    f"三、“{sheets.READINGS}”：通知没有写明的地方怎样理解，从下拉列表中选定，并写明核定人和日期。",
    f"四、“{sheets.DEPARTMENTS}”：每个项目由哪个处室评分，评分底稿按此分送。",
    f"五、“{sheets.PUBLICITY}”：结果公示的起止日期和受理复核的处室、电话；还没有定的先空着，排名以前补上。",
    "各表可以排序、筛选，也可以增加自己的列；请不要改动表头的文字。",
)
GUIDE_WIDTH = 74  # columns of half width that A4 holds upright
SPARE = 40  # rows below the units that take validations too


def default(scheme: Scheme) -> Settings:
    """The settings where the office gave none: the scheme's own units, no targets, the default readings."""
    return Settings(scheme.units, {}, {}, {})


def settings_workbook(scheme: Scheme, settings: Settings | None = None) -> tuple[bytes, tuple[Place, ...]]:
    """A settings workbook, filled with ``settings`` as far as given, and the place of each of its inputs."""
    settings = settings or default(scheme)
    with Paper("考核设置", scheme.created) as paper:
        _write_guide(paper, scheme)
        parts = (_write_units, _write_targets, _write_readings, _write_departments, _write_publicity)
        places = tuple(place for part in parts for place in part(paper, scheme, settings))
        paper.book.worksheets()[1].activate()
        return paper.finish(), places


def _write_guide(paper: Paper, scheme: Scheme) -> None:
    sheet = paper.sheet(GUIDE, landscape=False)
    # a column wider than the paper is cut and not made smaller: there is no second one to break at
    sheet.set_column(0, 0, GUIDE_WIDTH)
    said = (
        (f"{scheme.content.title}　考核设置", "title"),
        *((text, "wrap bare") for text in GUIDE_LINES),
    )
    for row, (text, look) in enumerate(said):
        paper.put(sheet, row, 0, text, look)
        sheet.set_row(row, 36 if look == "title" else height([(text, GUIDE_WIDTH)]))


def _write_units(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    columns, bases = sheets.unit_columns(scheme), sheets.basis_columns(scheme)
    rows = (sheets.UnitRow(unit, settings) for unit in settings.units)
    table = columns.write(paper, rows, landscape=False, freeze=2, head_height=32)
    _choices(table, sheets.KIND, list(dict.fromkeys(unit.kind for unit in scheme.units)))
    for basis in scheme.content.basis:
        _choices(table, bases[basis.id], [option.label for option in basis.option])
    table.sheet.ignore_errors({"number_stored_as_text": table.cells(sheets.CODE.title).replace("$", "")})
    for row, unit in enumerate(settings.units, table.head + 1):
        own = {"name": sheets.NAME, "kind": sheets.KIND, "bureau": sheets.BUREAU, "head": sheets.HEAD}
        for name, column in {**own, **bases}.items():
            yield _place(Field(f"{unit.code}.{name}", "text", f"{unit.name}·{column.title}"), table, row, column)


def _write_targets(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    sheet, columns = paper.sheet(sheets.TARGETS), sheets.target_columns(scheme)
    fields = settings_fields(scheme, "")
    for index, column in enumerate(columns.columns):
        sheet.set_column(index, index, column.width)
        paper.put(sheet, 0, index, column.title, "header")
    sheet.set_row(0, 12, None, {"hidden": True})
    for row, points in ((1, 48), (2, 20), (3, 20)):
        sheet.set_row(row, points)
    _write_heads(paper, sheet, scheme, columns, fields)
    first, last = 4, 4 + max(len(settings.units), 1) - 1
    looks = [column.cell_look for column in columns.columns]
    for row, unit in enumerate(settings.units, first):
        paper.row(sheet, row, columns.contents(sheets.UnitRow(unit, settings)), looks)
        for index, field in enumerate(settings_fields(scheme, unit.code), 3):
            yield Place(field, sheets.TARGETS, address(row + 1, index))
    for index, field in enumerate(fields, 2):
        sheet.data_validation(first, index, last + SPARE, index, _validation(field, address(first + 1, index + 1)))
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{last + 1}"})
    sheet.freeze_panes(first, 2)
    sheet.repeat_rows(1, 3)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(0, 0)
    sheet.set_print_scale(60)
    sheet.autofilter(3, 0, last, len(fields) + 1)


def _write_heads(
    paper: Paper, sheet: Any, scheme: Scheme, columns: TableColumns[sheets.UnitRow], fields: Iterable[Field]
) -> None:
    """What people see above the figures: measure, figure, unit."""
    spans: dict[str, list[int]] = {}
    for index, column in enumerate(columns.columns[:2]):
        sheet.merge_range(1, index, 3, index, "", paper.look("header"))
        paper.put(sheet, 1, index, column.title, "header")
    for index, (column, field) in enumerate(zip(columns.columns[2:], fields, strict=True), 2):
        named = scheme.names[column.title]
        paper.put(sheet, 2, index, named.label, "header")
        paper.put(sheet, 3, index, field.unit or "—", "header")
        spans.setdefault(named.title, []).append(index)
    for title, indices in spans.items():
        paper.merge(sheet, 1, indices[0], indices[-1], title, "header")


def _validation(field: Field, cell: str) -> Mapping[str, object]:
    marks = [mark.value for mark in field.marks]
    if field.type == "done":
        return _listed(marks, "只在没有这项任务时填“无任务”，其余空着。")
    held = tuple(limits(field))
    number = f"AND({','.join((f'ISNUMBER({cell})', *(limit.inside(cell) for limit in held)))})"
    # a word is no number to be looked at: a formula that counts with it is an error, and the entry refused
    word = "".join(f'{cell}="{word}"' for word in marks)
    # bounds as they are typed, without separators
    within = span(field.minimum, field.maximum, "的整数" if field.whole else "").replace(",", "")
    measured = f"应为 {within}（{field.unit}）" if field.unit else f"应为 {within}"
    said = (measured, *phrases(held, "above_zero", "decimals"), *(f"没有这项任务的填“{word}”" for word in marks))
    return {
        "validate": "custom", "value": f"=IF(ISNUMBER({cell}),{number},{word})" if word else f"={number}",
        "error_title": "请核对", "error_message": f"{'，'.join(said)}。",
    }  # fmt: skip


def _write_readings(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    columns = sheets.reading_columns(scheme)
    rows = [sheets.ReadingRow(reading, settings) for reading in scheme.content.reading]
    table = columns.write(paper, rows, freeze=3)
    top, column, last, _ = table.area(sheets.CHOSEN.title)
    first, most = table.columns[sheets.APPROVED.title] + 2, len(columns.columns)
    options = f"=${address(top + 1, first)}:${address(top + 1, most)}"
    table.sheet.data_validation(
        top, column, last, column,
        {"validate": "list", "source": options, "error_title": "请核对", "error_message": "请从下拉列表中选定。"},
    )  # fmt: skip
    for number, row in enumerate(rows, table.head + 1):
        pairs = [(str(each.write(row) or ""), each.width) for each in columns.columns if not each.hidden]
        table.sheet.set_row(number, height(pairs, least=48))
        name, question = f"reading.{row.reading.id}", row.reading.question
        yield _place(Field(name, "text", question), table, number, sheets.CHOSEN)
        approver, approved = (f"{question}·{each.title}" for each in (sheets.APPROVER, sheets.APPROVED))
        yield _place(Field(f"{name}.approver", "text", approver), table, number, sheets.APPROVER)
        yield _place(Field(f"{name}.date", "date", approved), table, number, sheets.APPROVED)


def _write_departments(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    rows = (sheets.ItemRow(item, settings) for item in scheme.items)
    columns = sheets.department_columns(scheme)
    table = columns.write(paper, rows, landscape=False, freeze=2)
    table.sheet.ignore_errors({"number_stored_as_text": table.cells(sheets.ITEM.title).replace("$", "")})
    for row, item in enumerate(scheme.items, table.head + 1):
        field = Field(f"{item.id}.department", "text", f"{item.title}·{sheets.DEPARTMENT.title}")
        yield _place(field, table, row, sheets.DEPARTMENT)
        if sheets.JUDGES in columns.columns and scheme.judges(item):
            field = Field(f"{item.id}.judges", "text", f"{item.title}·{sheets.JUDGES.title}")
            yield _place(field, table, row, sheets.JUDGES)


def _write_publicity(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    table = sheets.PUBLICITY_COLUMNS.write(paper, [settings], landscape=False)
    for column, field in sheets.PUBLICITY_FIELDS.items():
        yield _place(field, table, table.head + 1, column)


def _place(field: Field, table: Table, row: int, column: Column) -> Place:
    return Place(field, table.sheet.name, address(row + 1, table.columns[column.title] + 1))


def _choices(table: Table, column: Column, words: list[str]) -> None:
    row, index, last, _ = table.area(column.title)
    table.sheet.data_validation(row, index, last + SPARE, index, _listed(words, "请从下拉列表中选择。"))


def _listed(words: list[str], said: str) -> Mapping[str, object]:
    return {"validate": "list", "source": words, "error_title": "请核对", "error_message": said}
