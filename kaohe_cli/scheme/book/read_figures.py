"""方案.xlsx → the figures of a scheme, and the units that are tried: 指标, 试算."""

from typing import Any

from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.growing import Growing
from kaohe_cli.scheme.book.line import SheetLine
from kaohe_cli.scheme.book.reading import BookReading, numbered
from kaohe_cli.scheme.book.sheets import (
    APPLIES,
    CHECK,
    READ_AS,
    SchemeColumn,
)
from kaohe_cli.scheme.book.words import Percent, Unread, figure_names, read
from kaohe_cli.scheme.lines import Node
from kaohe_cli.scheme.records import FIGURE_LABELS
from kaohe_cli.sheet.book import Cell
from kaohe_cli.sheet.table import stands, written


def name_measures(reader: BookReading) -> None:
    """What the figures are called, and an id for each measure: other sheets, and this one, speak of them."""
    id, title, label = (sheets.MEASURED.by_path[key,].title for key in ("id", "title", "label"))
    figure, kept = sheets.FIGURE, len(reader.problems)
    measures: list[dict[str, Any]] = []
    for line in reader.lines(sheets.MEASURED):
        if line.get(APPLIES):
            continue
        if line.get(id) or line.get(title) or not measures:
            measures.append({"id": line.get(id), "title": line.get(title) or ""})
        if line.get(figure) in FIGURE_LABELS:
            measures[-1][str(line.get(figure))] = {"label": line.get(label) or ""}
    del reader.problems[kept:]
    reader.measure_ids = numbered([each["id"] for each in measures], "m")
    reader.names = figure_names([{**each, "id": id} for each, id in zip(measures, reader.measure_ids, strict=True)])


def read_measures(reader: BookReading) -> None:
    """The measures, a row for each of their figures, and the totals of all units."""
    own = tuple(each for each in sheets.MEASURED.columns if each.path in sheets.MEASURED_PATHS)
    mine = tuple(each for each in own if each.path[0] != "total")
    figured = tuple(each for each in sheets.MEASURED.columns if each.path in sheets.FIGURED_PATHS)
    id, title = (sheets.MEASURED.by_path[key,].title for key in ("id", "title"))
    ids, made, raw_id = iter(reader.measure_ids), None, ""
    for line in reader.lines(sheets.MEASURED):
        applies, name = line.get(APPLIES), line.get(sheets.FIGURE)
        _percents(reader, line, figured + own)
        into: Growing | None
        if applies:
            change = reader.change(line, applies)
            if change is None:
                continue
            into = change.table(("measure", str(line.get(id) or raw_id)), line.at(id))
            reader.fill(line, into, tuple(each for each in mine if each.path != ("id",)))
        else:
            if line.get(id) or line.get(title) or made is None:
                raw_id = next(ids)
                made = reader.root.entry("measure", line.at(id))
                reader.fill(line, made, mine)
                reader.call(made, line, id, raw_id)
                _total(reader, line, raw_id, tuple(each for each in own if each.path[0] == "total"))
            elif any(line.get(each.title) is not None for each in own):
                extra = next(each for each in own if line.get(each.title) is not None)
                reader.mark_wrong("KH975", line, extra.title, found=extra.title, expected="同一指标的第一行")
            into = made
        reader.means(line, "measure", line.get(id) or raw_id, detail=name or "")
        if name in FIGURE_LABELS:
            if not applies and name in into.raw:
                reader.mark_wrong("KH976", line, sheets.FIGURE, found=FIGURE_LABELS[name])
            reader.fill(line, into.table((name,), line.at(sheets.FIGURE)), figured, ())
        elif name is None and any(line.get(each.title) is not None for each in figured):
            reader.mark_wrong("KH974", line, sheets.FIGURE, found=sheets.FIGURE)


def _percents(reader: BookReading, line: SheetLine, columns: tuple[SchemeColumn, ...]) -> None:
    """What was written in per cent of what is measured in per cent, as the number before the sign."""
    for column in columns:
        value = line.get(column.title)
        if isinstance(value, Percent) and (
            column.sort == "percent" or (line.get("计量单位") == "%" and column.path[0] == "band")
        ):
            line.values[column.title] = value * 100


def _total(reader: BookReading, line: SheetLine, id: str, columns: tuple[SchemeColumn, ...]) -> None:
    if any(line.get(each.title) is not None for each in columns):
        total = reader.root.entry("total", line.at(columns[0].title))
        total.put(("measure",), id, line.at(columns[0].title))
        holder = Growing(1, {"total": total.raw}, Node(1, parts={"total": total.node}))
        reader.fill(line, holder, columns)
        total.raw.setdefault("clause", "")


def read_trials(reader: BookReading) -> None:
    """The units that are tried, a column for each."""
    table = reader.table_of(sheets.TRIALS)
    if table is None:
        return
    units = {at: title for title, at in table.head.others if title not in ("", CHECK, READ_AS)}
    columns = {**table.head.columns, **{title: at for at, title in units.items()}}
    trials: dict[int, Growing] = {}
    told = {at for _, cells in reader.rows[sheets.TRIALS.name] for at, cell in cells.items() if stands(cell)}
    for at, title in sorted(units.items()):
        if at in told:
            head = SheetLine(sheets.TRIALS, table.head.row, columns, {}, reader.spots).at(title)
            trials[at] = reader.root.entry("trial", head)
            trials[at].put(("name",), title, head)
    for number, cells in reader.rows[sheets.TRIALS.name]:
        line = SheetLine(sheets.TRIALS, number, columns, {}, reader.spots)
        if not any(map(stands, cells.values())):
            continue
        for column in sheets.TRIALS.columns:
            reader.take(line, column, cells.get(columns[column.title]))
        what, of = line.get(sheets.TRIED), str(line.get(sheets.TRIED_OF) or "")
        if what not in sheets.TRY:
            if what is None:
                reader.mark_wrong("KH974", line, sheets.TRIED, found=sheets.TRIED)
            continue
        path = _tried(reader, line, what, of)
        for at, title in units.items():
            if path is not None and stands(cells.get(at)):
                trials[at].put(path, _tried_value(reader, line, what, path, title, cells[at]), line.at(title))
                said = f"trial.{title}.{'.'.join(path)}"
                reader.trials[number] = (*reader.trials.get(number, ()), said)


def _tried(reader: BookReading, line: SheetLine, what: str, of: str) -> tuple[str, ...] | None:
    """Where what a row of 试算 tells stands in a trial; None, told, where it says nothing that is known."""
    if what not in (sheets.TRY_FIGURE, sheets.TRY_MARK, sheets.TRY_POINTS):
        return (what,)
    if not of:
        reader.mark_wrong("KH974", line, sheets.TRIED_OF, found=sheets.TRIED_OF)
        return None
    if what == sheets.TRY_FIGURE:
        found = reader.names.find(of)
        bases = {str(each.get("id")): str(each.get("id")) for each in reader.root.raw.get("basis", ())}
        if found is None and of not in bases:
            reader.mark_wrong("KH973", line, sheets.TRIED_OF, found=of, expected="“指标”中的数据项")
            return None
        return (what, found or of)
    return (what, of)


def _tried_value(reader: BookReading, line: SheetLine, what: str, path: tuple[str, ...], title: str, cell: Cell) -> Any:
    """What is said of one unit tried."""
    sort: dict[str, Any] = {
        sheets.TRY_FIGURE: "any", sheets.TRY_KIND: "text", sheets.TRY_GRADE: "text", sheets.TRY_VETO: "yes",
    }  # fmt: skip
    column = SchemeColumn(title, sort=sort.get(what, "number"))
    if what == sheets.TRY_MARK and isinstance(written(cell), str) and any(each in written(cell) for each in "；;"):
        column = SchemeColumn(title, sort="list")
    value = reader.understood(line, column, cell, title)
    if what == sheets.TRY_FIGURE and path[1] in reader.names.by_id:
        number = read(SchemeColumn(title, sort="percent"), cell, reader.names)  # text that says one is one too
        if isinstance(number, Percent) and _in_percent(reader, path[1]):
            number = number * 100
        return value if isinstance(number, Unread) else number
    return value


def _in_percent(reader: BookReading, figure: str) -> bool:
    measures = {str(each.get("id")): each for each in reader.root.raw.get("measure", ())}
    return bool(measures.get(figure.partition(".")[0], {}).get("unit") == "%")
