"""A form to mend (退回): the cells that are wrong coloured and commented, and a first sheet that lists the problems."""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.comments import Comment

from kaohe_cli.catalogue import SEVERITY_WORDS
from kaohe_cli.diagnostic import Problem
from kaohe_cli.extent import height
from kaohe_cli.form.layout import MEND, MENDING, FormColumn
from kaohe_cli.form.style import (
    BODY_SIZE,
    HEAD,
    HEADING,
    MISSING,
    TITLE,
    WRONG,
    clean,
    fill,
    finish,
    put_text,
    span_text,
)
from kaohe_cli.model import Place, Query
from kaohe_cli.scheme.fields import CONFIRM_LABEL
from kaohe_cli.sheet.book import column_name

MEND_COLUMNS = (
    FormColumn("number", "序", 5),
    FormColumn("severity", "程度", 7),
    FormColumn("label", "哪一项", 26),
    FormColumn("where", "位置", 17),
    FormColumn("found", "现填", 18),
    FormColumn("expected", "应填", 22),
    FormColumn("fix", "怎样改", 42),
)
ASKED = "核实"
ALARMS = {SEVERITY_WORDS["error"]: WRONG, ASKED: MISSING}
EXPLAIN = f"填错的请改正；没有填错的，请在“{CONFIRM_LABEL}”栏写明原因。"
CENTRED = ("number", "severity", "where")


def mark_problems(
    book: Any, places: Mapping[str, Place], problems: Sequence[Problem], queries: Sequence[Query] = ()
) -> None:
    """Colour and comment the cells of ``book`` that ``problems`` and ``queries`` name, and list all on a first sheet.

    Each of ``queries`` has its place.
    """
    said: dict[str, list[str]] = {}
    for each in problems:
        said.setdefault(each.field, []).append(f"{each.message}\n{MENDING}{each.fix}")
    for query in queries:
        said.setdefault(query.field, []).append(f"{query.label}填报 {query.value}，{query.why}\n{MENDING}{EXPLAIN}")
    wrong = {each.field for each in problems if each.severity == "error"}
    for name, texts in said.items():
        if name in places:
            cell = book[places[name].sheet][places[name].cell]
            if name in wrong or any(query.field == name for query in queries):
                fill(cell, WRONG if name in wrong else MISSING)
            text = shortened(clean("\n".join(texts)), 1000)
            cell.comment = Comment(text, "考核办", height=60 + 45 * len(texts), width=320)
    _list(book.create_sheet(MEND, 0), places, problems, queries)


def shortened(text: str, most: int) -> str:
    """``text``, its end left out where it is longer than ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _list(sheet: Any, places: Mapping[str, Place], problems: Sequence[Problem], queries: Sequence[Query]) -> None:
    errors = sum(each.severity == "error" for each in problems)
    count = len(problems) + len(queries)
    mend, asked = bool(errors or not queries), bool(queries)
    counts = [f"须改正 {errors} 条"] * mend + [f"请核对或说明 {len(queries)} 条"] * asked
    todo = ["改正标红的格"] * mend + ["核对标黄的格"] * asked
    said = (
        f"共 {count} 条，其中{'，'.join(counts)}。原来能用的数据已经填好；"
        f"请在后面各表中{'、'.join(todo)}，改好后保存本文件，重新上报。"
    )
    # what has to be mended comes first, then what has to be explained
    ordered = sorted(problems, key=lambda each: each.severity != "error")
    rows = [_row(each, places.get(each.field)) for each in ordered]
    rows[errors:errors] = [_asked(each, places[each.field]) for each in queries]
    span_text(sheet, 1, 1, len(MEND_COLUMNS), MEND, TITLE, 20)
    span_text(sheet, 2, 1, len(MEND_COLUMNS), said, across="left")
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 38, 36
    for number, column in enumerate(MEND_COLUMNS, start=1):
        put_text(sheet.cell(3, number), column.label, HEADING, 11, "center", HEAD)
        sheet.column_dimensions[column_name(number)].width = column.width
    sheet.row_dimensions[3].height = 26
    for index, row in enumerate(rows, start=1):
        texts = (str(index), *row)
        for number, (column, text) in enumerate(zip(MEND_COLUMNS, texts, strict=True), start=1):
            alarm = ALARMS.get(text, "") if column.key == "severity" else ""
            across = "center" if column.key in CENTRED else "left"
            put_text(sheet.cell(index + 3, number), text, across=across, colour=alarm)
        rooms = (column.room for column in MEND_COLUMNS)
        sheet.row_dimensions[index + 3].height = height(zip(texts, rooms, strict=True), size=BODY_SIZE, least=26)
    finish(sheet, head=3, landscape=True)
    sheet.freeze_panes = "A4"


def _row(problem: Problem, place: Place | None) -> tuple[str, ...]:
    """A problem as the columns want it; one without a place in the form says its whole message."""
    found, expected = shortened(clean(problem.found), 200), shortened(clean(problem.expected), 200)
    label, where, fix = problem.headline, problem.sheet, f"{problem.message}。{problem.fix}"
    if place is not None:
        label, where, fix = f"{place.field.label}：{label}", f"{place.sheet} {place.cell}", problem.fix
    severity = SEVERITY_WORDS[problem.severity]
    return severity, label, where, found, expected, shortened(clean(fix), 500)


def _asked(query: Query, place: Place) -> tuple[str, ...]:
    """A query as the columns want it."""
    where, why = f"{place.sheet} {place.cell}", shortened(clean(query.why), 300)
    return ASKED, place.field.label, where, shortened(clean(query.value), 200), "", f"{why}。{EXPLAIN}"
