"""The settings workbook (考核设置): units, issued targets, readings, departments. Written by init, read by the rest."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Entry, Field, Mark, Place, Settings, Unit
from kaohe_cli.naming import alike, plain_name, printed_name, spellings, unfit
from kaohe_cli.paper.workbook import Column, Content, Paper, Table, height, width
from kaohe_cli.points import plain
from kaohe_cli.scheme.fields import finer, settings_fields
from kaohe_cli.scheme.normalise import accept
from kaohe_cli.scheme.scheme import Basis, Reading, Scheme
from kaohe_cli.sheet.book import Book, Cell, address
from kaohe_cli.sheet.table import Tabular, find, rows_of, written

GUIDE, UNITS, TARGETS, READINGS, DEPARTMENTS = "说明", "单位", "下达目标", "口径", "责任处室"
CODE, NAME, KIND, BUREAU = "单位代码", "单位", "类别", "主管局名称"
READING, QUESTION, CHOSEN, APPROVER, APPROVED = "代号", "问题", "选定办法", "核定人", "核定日期"
ITEM, DEPARTMENT = "项目", "责任处室"
GUIDE_WIDTH = 74  # columns of half width that A4 holds upright
SPARE = 40  # rows below the units that take validations too


def default(scheme: Scheme) -> Settings:
    """The settings where the office gave none: the scheme's own units, no targets, the default readings."""
    return Settings(scheme.units, {}, {}, {})


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────


def build(scheme: Scheme, settings: Settings | None = None) -> tuple[bytes, tuple[Place, ...]]:
    """A settings workbook, filled with ``settings`` as far as given, and the place of each of its inputs."""
    settings = settings or default(scheme)
    places: list[Place] = []
    with Paper("考核设置", scheme.created) as paper:
        _write_guide(paper, scheme)
        places += _write_units(paper, scheme, settings)
        places += _write_targets(paper, scheme, settings)
        places += _write_readings(paper, scheme, settings)
        places += _write_departments(paper, scheme, settings)
        paper.book.worksheets()[1].activate()
        return paper.finish(), tuple(places)


def _write_guide(paper: Paper, scheme: Scheme) -> None:
    sheet = paper.sheet(GUIDE, landscape=False)
    # a column wider than the paper is cut and not made smaller: there is no second one to break at
    sheet.set_column(0, 0, GUIDE_WIDTH)
    said = (
        (f"{scheme.content.title}　考核设置", "title"),
        ("下发填报表以前，先在这里定下四件事。浅黄色的格子可以填写，填好后保存即可。", "wrap bare"),
        (f"一、“{UNITS}”：被考核单位。可以增减，新增的写在下面各行；单位代码是各表对应的依据，不能重复。", "wrap bare"),
        (
            f"二、“{TARGETS}”：市里下达的目标和已经掌握的上年实绩，每个单位一行。没有这项任务的填“{Mark.NO_TASK.value}”；"
            "上年实绩空着的，由单位填报；下达目标空着的，有关细则暂不计分。",
            "wrap bare",
        ),
        (f"三、“{READINGS}”：通知没有写明的地方怎样理解，从下拉列表中选定，并写明核定人和日期。", "wrap bare"),
        (f"四、“{DEPARTMENTS}”：每个项目由哪个处室评分，评分底稿按此分送。", "wrap bare"),
        ("各表可以排序、筛选，也可以增加自己的列；请不要改动表头的文字。", "wrap bare"),
    )
    for row, (text, look) in enumerate(said):
        paper.put(sheet, row, 0, text, look)
        sheet.set_row(row, 36 if look == "title" else height([(text, GUIDE_WIDTH)], least=22))


def _write_units(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    sheet = paper.sheet(UNITS, landscape=False)
    bases = scheme.content.basis
    columns = [
        Column(CODE, 12, "centre"),
        Column(NAME, 26),
        Column(KIND, 12, "centre input", "inputs"),
        Column(BUREAU, 26, "text input", "inputs"),
        *(Column(basis_title(scheme, basis), 30, "text input", "inputs") for basis in bases),
    ]
    table = paper.table(
        sheet, columns, [_unit_row(scheme, settings, unit) for unit in settings.units], freeze=2, head_height=32
    )
    kinds = list(dict.fromkeys(unit.kind for unit in scheme.units))
    _choices(table, KIND, kinds)
    for basis in bases:
        _choices(table, basis_title(scheme, basis), [option.label for option in basis.option])
    sheet.ignore_errors({"number_stored_as_text": table.cells(CODE).replace("$", "")})
    for row, unit in enumerate(settings.units, table.head + 1):
        for name, title in (("name", NAME), ("kind", KIND), ("bureau", BUREAU)):
            yield _place(Field(f"{unit.code}.{name}", "text", f"{unit.name}·{title}"), table, row, title)
        for basis in bases:
            title = basis_title(scheme, basis)
            yield _place(Field(f"{unit.code}.{basis.id}", "text", f"{unit.name}·{title}"), table, row, title)


def basis_title(scheme: Scheme, basis: Basis) -> str:
    """The heading of the column in which the office chooses a basis for each unit: 综合能耗下降率考核依据."""
    return f"{scheme.names[basis.figure].title}考核依据"


def _unit_row(scheme: Scheme, settings: Settings, unit: Unit) -> list[Content]:
    given = settings.given.get(unit.code, {})
    chosen = []
    for basis in scheme.content.basis:
        entry = given.get(basis.id)
        option = str(entry.value) if entry and entry.value else basis.usual(unit.kind)
        chosen.append(basis.choose(option).label if option else "")
    return [unit.code, unit.name, unit.kind, unit.bureau, *chosen]


def _write_targets(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    sheet = paper.sheet(TARGETS)
    fields = settings_fields(scheme, "")
    figures = [field.name.removeprefix(".") for field in fields]
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 24)
    for column, field in enumerate(fields, 2):
        sheet.set_column(column, column, max(12, *(width(text) + 2 for text in _label(scheme, field))))
    sheet.set_row(0, 12, None, {"hidden": True})
    for row, points in ((1, 48), (2, 20), (3, 20)):
        sheet.set_row(row, points)
    for column, title in enumerate((CODE, NAME)):
        paper.put(sheet, 0, column, title, "header")
        sheet.merge_range(1, column, 3, column, "", paper.look("header"))
        paper.put(sheet, 1, column, title, "header")
    spans: dict[str, list[int]] = {}
    for column, (field, figure) in enumerate(zip(fields, figures, strict=True), 2):
        label, measured = _label(scheme, field)
        paper.put(sheet, 0, column, figure, "header")
        paper.put(sheet, 2, column, label, "header")
        paper.put(sheet, 3, column, measured or "—", "header")
        spans.setdefault(scheme.names[figure].title, []).append(column)
    for title, columns in spans.items():
        paper.merge(sheet, 1, columns[0], columns[-1], title, "header")
    first, last = 4, 4 + max(len(settings.units), 1) - 1
    looks = ["centre", "text", *("number input" if field.type == "number" else "centre input" for field in fields)]
    for row, unit in enumerate(settings.units, first):
        given = settings.given.get(unit.code, {})
        paper.row(sheet, row, [unit.code, unit.name, *(_value(given.get(figure)) for figure in figures)], looks)
        for column, field in enumerate(settings_fields(scheme, unit.code), 2):
            yield Place(field, TARGETS, address(row + 1, column + 1))
    for column, field in enumerate(fields, 2):
        sheet.data_validation(first, column, last + SPARE, column, _validation(field, address(first + 1, column + 1)))
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{last + 1}"})
    sheet.freeze_panes(first, 2)
    sheet.repeat_rows(1, 3)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(0, 0)
    sheet.set_print_scale(60)
    sheet.autofilter(3, 0, last, len(fields) + 1)


def _label(scheme: Scheme, field: Field) -> tuple[str, str]:
    return scheme.names[field.name.removeprefix(".")].label, field.unit


def _value(entry: Entry | None) -> Content:
    return None if entry is None else entry.value


def _validation(field: Field, cell: str) -> Mapping[str, object]:
    words = [mark.value for mark in field.marks]
    if field.type == "done":
        return _listed(words, "只在没有这项任务时填“无任务”，其余空着。")
    low, high = plain(field.minimum or Decimal(0)).replace(",", ""), plain(field.maximum or Decimal(0)).replace(",", "")
    number = f"ISNUMBER({cell}),{cell}>={low},{cell}<={high}"
    if field.whole:
        number += f",INT({cell})={cell}"
    if field.decimals is not None:
        number += f",{finer(cell, field.decimals)}=0"
    if field.above_zero:
        number += f",{cell}<>0"
    legal = ",".join([*(f'{cell}="{word}"' for word in words), f"AND({number})"])
    said = f"应为 {low}–{high}{'的整数' if field.whole else ''}（{field.unit}）"
    said += "，不能为 0" if field.above_zero else ""
    said += f"，最多 {field.decimals} 位小数" if field.decimals is not None else ""
    said += f"，没有这项任务的填“{words[0]}”。" if words else "。"
    return {
        "validate": "custom", "value": f"=OR({legal})" if words else f"=AND({number})",
        "error_title": "请核对", "error_message": said,
    }  # fmt: skip


def _write_readings(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    sheet = paper.sheet(READINGS)
    most = max((len(reading.option) for reading in scheme.content.reading), default=1)
    columns = [
        Column(READING, 10, "text", hidden=True),
        Column("通知原文", 30, "wrap"),
        Column(QUESTION, 44, "wrap"),
        Column(CHOSEN, 30, "wrap input", "inputs"),
        Column(APPROVER, 12, "centre input", "inputs"),
        Column(APPROVED, 14, "date input", "inputs"),
        Column("可选办法1（默认）", 24, "wrap quiet"),
        *(Column(f"可选办法{count}", 24, "wrap quiet") for count in range(2, most + 1)),
    ]
    rows = []
    for reading in scheme.content.reading:
        chosen = reading.choose(settings.readings.get(reading.id, reading.default)).label
        approver, approved = settings.approvals.get(reading.id, ("", ""))
        labels = [option.label for option in reading.option]
        rows.append(
            [reading.id, reading.clause, _asked(reading), chosen, approver, approved]
            + labels + [""] * (most - len(labels))
        )  # fmt: skip
    table = paper.table(sheet, columns, rows, freeze=3)
    row, column, last, _ = table.area(CHOSEN)
    options = [f"${address(row + 1, 7 + number)}" for number in (0, most - 1)]
    sheet.data_validation(
        row, column, last, column,
        {"validate": "list", "source": f"={options[0]}:{options[1]}", "error_title": "请核对",
         "error_message": "请从下拉列表中选定。"},
    )  # fmt: skip
    for row, (reading, texts) in enumerate(zip(scheme.content.reading, rows, strict=True), table.head + 1):
        pairs = [(str(text or ""), column.width) for text, column in zip(texts, columns, strict=True)]
        sheet.set_row(row, height(pairs[1:], least=48))
        name = f"reading.{reading.id}"
        yield _place(Field(name, "text", reading.question), table, row, CHOSEN)
        yield _place(Field(f"{name}.approver", "text", f"{reading.question}·{APPROVER}"), table, row, APPROVER)
        yield _place(Field(f"{name}.date", "date", f"{reading.question}·{APPROVED}"), table, row, APPROVED)


def _asked(reading: Reading) -> str:
    """The question, and why its default is what it is."""
    return f"{reading.question}\n（默认办法的理由：{reading.reason}）" if reading.reason else reading.question


def _write_departments(paper: Paper, scheme: Scheme, settings: Settings) -> Iterator[Place]:
    sheet = paper.sheet(DEPARTMENTS, landscape=False)
    columns = [
        Column(ITEM, 8, "centre"),
        Column("名称", 30),
        Column("满分", 8, "whole"),
        Column("评分方式", 24),
        Column(DEPARTMENT, 26, "text input", "inputs"),
    ]
    table = paper.table(
        sheet,
        columns,
        [
            [item.id, item.title, item.points, "处室评分" if item.judged else "按数据计分，处室复核",
             settings.departments.get(item.id, "")]
            for item in scheme.items
        ],
        freeze=2,
    )  # fmt: skip
    sheet.ignore_errors({"number_stored_as_text": table.cells(ITEM).replace("$", "")})
    for row, item in enumerate(scheme.items, table.head + 1):
        yield _place(Field(f"{item.id}.department", "text", f"{item.title}·{DEPARTMENT}"), table, row, DEPARTMENT)


def _place(field: Field, table: Table, row: int, title: str) -> Place:
    return Place(field, table.sheet.name, address(row + 1, table.columns[title] + 1))


def _choices(table: Table, title: str, words: list[str]) -> None:
    row, column, last, _ = table.area(title)
    table.sheet.data_validation(row, column, last + SPARE, column, _listed(words, "请从下拉列表中选择。"))


def _listed(words: list[str], said: str) -> Mapping[str, object]:
    return {"validate": "list", "source": words, "error_title": "请核对", "error_message": said}


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────


class _Found(Struct):
    """What was read so far; filled in by one sheet after the other."""

    units: dict[str, Unit] = {}
    given: dict[str, dict[str, Entry]] = {}
    readings: dict[str, str] = {}
    approvals: dict[str, tuple[str, str]] = {}
    departments: dict[str, str] = {}
    problems: list[Problem] = []


def read(scheme: Scheme, path: Path) -> tuple[Settings | None, tuple[Problem, ...]]:
    """The settings in the workbook at ``path``, and what is wrong there; None where it is no settings workbook.

    What is wrong is left out: an unknown option leaves the default in force, an invalid target counts as invalid.
    """
    from kaohe_cli.sheet import reader

    book, problems = reader.read(path)
    if book is None:
        return None, problems
    found = _Found(problems=list(problems))
    readers = {
        UNITS: _read_units, TARGETS: _read_targets, READINGS: _read_readings, DEPARTMENTS: _read_departments,
    }  # fmt: skip
    known = [name for name in readers if book.sheet(name)]
    if not known:
        return None, (*found.problems, problem("KH915", file=book.file, expected="、".join(readers)))
    for name, take in readers.items():
        if name in known:
            take(scheme, book, found)
        elif name in (UNITS, TARGETS):
            found.problems.append(problem("KH916", file=book.file, found=name))
    if not found.units:
        found.units = {unit.code: unit for unit in scheme.units}
    found.problems += _lacking(scheme, found, book.file)
    return (
        Settings(
            tuple(found.units.values()), found.given, found.readings, found.departments, found.approvals,
            book.file, book.sha256,
        ),
        tuple(found.problems),
    )  # fmt: skip


def _tabular(book: Book, sheet: str, needed: tuple[str, ...], also: tuple[str, ...], found: _Found) -> Tabular | None:
    held = book.sheet(sheet)
    assert held is not None
    table, problems = find(book.file, sheet, rows_of(held), needed, also)
    found.problems += problems
    return table


def _read_units(scheme: Scheme, book: Book, found: _Found) -> None:
    bases = {basis_title(scheme, basis): basis for basis in scheme.content.basis}
    table = _tabular(book, UNITS, (CODE, NAME), (KIND, BUREAU, *bases), found)
    if table is None:
        return
    known = {unit.code: unit for unit in scheme.units}
    kinds = list(dict.fromkeys(unit.kind for unit in scheme.units))
    names: set[str] = set()
    for row, cells in table.rows:
        code = table.head.text(cells, CODE)
        name, kind, bureau = (printed_name(table.head.text(cells, title)) for title in (NAME, KIND, BUREAU))
        if not code and not name:
            continue
        where = {"file": book.file, "sheet": UNITS, "cell": table.origin(row, CODE).cell, "unit": name or code}
        kind = kind or (known[code].kind if code in known else "")
        if not code:
            found.problems.append(problem("KH917", **where))
        elif code in found.units or alike(name or code) in names:
            found.problems.append(problem("KH918", found=code if code in found.units else name or code, **where))
        elif wrong := unfit(plain_name(name or code)):
            where["cell"] = table.origin(row, NAME if name else CODE).cell
            found.problems.append(problem("KH925", found=name or code, expected=wrong, **where))
        elif kind not in kinds:
            found.problems.append(problem("KH919", found=kind or "空白", expected="、".join(kinds), **where))
        else:
            names.add(alike(name or code))
            found.units[code] = Unit(code, name or code, kind, bureau)
            for title, basis in bases.items():
                _read_basis(table, row, cells.get(table.head.columns.get(title, 0)), title, basis, code, found)


def _read_basis(
    table: Tabular, row: int, cell: Cell | None, title: str, basis: Basis, code: str, found: _Found
) -> None:
    said = written(cell)
    if not said:
        return
    origin = table.origin(row, title)
    option = next((option.id for option in basis.option if said in (option.id, option.label)), None)
    if option is None:
        found.problems.append(
            problem(
                "KH902", unit=found.units[code].name, file=origin.file, sheet=origin.sheet, cell=origin.cell,
                field=f"{code}.{basis.id}", found=said, expected="、".join(option.label for option in basis.option),
            )
        )  # fmt: skip
        return
    found.given.setdefault(code, {})[basis.id] = Entry(option, origin)


def _read_targets(scheme: Scheme, book: Book, found: _Found) -> None:
    figures = {field.name.removeprefix(".") for field in settings_fields(scheme, "")}
    table = _tabular(book, TARGETS, (CODE,), (NAME, *figures), found)
    if table is None:
        return
    units = found.units or {unit.code: unit for unit in scheme.units}
    codes = spellings({code: unit.name for code, unit in units.items()})
    seen: set[str] = set()
    for row, cells in table.rows:
        code, name = table.head.text(cells, CODE), printed_name(table.head.text(cells, NAME))
        if {code, name} <= {CODE, NAME, ""}:
            continue  # the header that people see
        code = code or codes.get(plain_name(name), "")
        where = {"file": book.file, "sheet": TARGETS, "cell": table.origin(row, CODE).cell, "unit": name or code}
        if code not in units:
            if any(column in cells for title, column in table.head.columns.items() if title in figures):
                found.problems.append(problem("KH920", found=code or name, **where))
            continue
        if code in seen:
            found.problems.append(problem("KH918", found=code, **where))
            continue
        seen.add(code)
        for field in settings_fields(scheme, code):
            figure = field.name.removeprefix(f"{code}.")
            if figure in table.head.columns:
                cell = cells.get(table.head.columns[figure])
                entry, problems = accept(field, cell, table.origin(row, figure), units[code].name)
                found.problems += problems
                if entry is not None:
                    found.given.setdefault(code, {})[figure] = entry
    unknown = [title for title, _ in table.head.others if "." in title]
    if unknown:
        found.problems.append(problem("KH921", file=book.file, sheet=TARGETS, found="、".join(unknown)))


def _read_readings(scheme: Scheme, book: Book, found: _Found) -> None:
    table = _tabular(book, READINGS, (READING, CHOSEN), (APPROVER, APPROVED), found)
    if table is None:
        return
    readings = {reading.id: reading for reading in scheme.content.reading}
    for row, cells in table.rows:
        id, said = table.head.text(cells, READING), table.head.text(cells, CHOSEN)
        origin = table.origin(row, READING)
        where = {"file": origin.file, "sheet": origin.sheet}
        if not id:
            continue
        if id not in readings:
            found.problems.append(problem("KH902", cell=origin.cell, found=id, expected="、".join(readings), **where))
            continue
        approver, approved = table.head.text(cells, APPROVER), table.head.text(cells, APPROVED)
        if approver or approved:
            found.approvals[id] = approver, approved
        if not said:
            continue
        options = readings[id].option
        chosen = next((option.id for option in options if said in (option.id, option.label)), None)
        if chosen is None:
            cell, allowed = table.origin(row, CHOSEN).cell, "、".join(option.label for option in options)
            found.problems.append(
                problem("KH902", cell=cell, field=f"reading.{id}", found=said, expected=allowed, **where)
            )
        elif found.readings.setdefault(id, chosen) != chosen:
            found.problems.append(problem("KH918", cell=origin.cell, found=id, **where))


def _read_departments(scheme: Scheme, book: Book, found: _Found) -> None:
    table = _tabular(book, DEPARTMENTS, (ITEM, DEPARTMENT), (), found)
    if table is None:
        return
    items = {item.id for item in scheme.items}
    titles = {item.title: item.id for item in scheme.items}
    named = dict(table.head.others).get("名称", 0)
    for row, cells in table.rows:
        said, department = table.head.text(cells, ITEM), table.head.text(cells, DEPARTMENT)
        # 2.10 typed anew becomes the number 2.1; the title beside it tells
        id = titles.get(written(cells.get(named)), said)
        if not department:
            continue
        if id not in items:
            origin = table.origin(row, ITEM)
            found.problems.append(problem("KH922", file=origin.file, sheet=origin.sheet, cell=origin.cell, found=said))
        else:
            found.departments[id] = department


def _lacking(scheme: Scheme, found: _Found, file: str) -> Iterator[Problem]:
    """Targets that earn points and are not issued: all of them, or those of single units."""
    issued = [figure for figure in scheme.scoring if scheme.figures[figure].by == "office"]
    missing = {code: [figure for figure in issued if figure not in found.given.get(code, {})] for code in found.units}
    if issued and all(len(figures) == len(issued) for figures in missing.values()):
        yield problem("KH923", file=file, sheet=TARGETS)
        return
    for code, figures in missing.items():
        if figures:
            titles = "、".join(scheme.names[figure].title for figure in figures)
            yield problem("KH924", unit=found.units[code].name, file=file, sheet=TARGETS, found=titles)
