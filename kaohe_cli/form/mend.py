"""A form to mend (退回): the cells that are wrong coloured and commented, and a first sheet that lists the problems."""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.comments import Comment

from kaohe_cli.catalogue import SEVERITY_WORDS
from kaohe_cli.diagnostic import Problem
from kaohe_cli.extent import height
from kaohe_cli.form.layout import MEND, MENDING, FormColumn
from kaohe_cli.form.style import BODY_SIZE, HEAD, HEADING, TITLE, WRONG, clean, fill, finish, put_text, span_text
from kaohe_cli.model import Place
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
CENTRED = ("number", "severity", "where")


def mark_problems(book: Any, places: Mapping[str, Place], problems: Sequence[Problem]) -> None:
    """Colour and comment the cells of ``book`` that ``problems`` name, and list all problems on a first sheet."""
    for name in dict.fromkeys(each.field for each in problems if each.field in places):
        mine = [each for each in problems if each.field == name]
        cell = book[places[name].sheet][places[name].cell]
        if any(each.severity == "error" for each in mine):
            fill(cell, WRONG)
        text = clean("\n".join(f"{each.message}\n{MENDING}{each.fix}" for each in mine))
        cell.comment = Comment(shortened(text, 1000), "考核办", height=60 + 45 * len(mine), width=320)
    _list(book.create_sheet(MEND, 0), places, problems)


def shortened(text: str, most: int) -> str:
    """``text``, its end left out where it is longer than ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _list(sheet: Any, places: Mapping[str, Place], problems: Sequence[Problem]) -> None:
    errors = sum(each.severity == "error" for each in problems)
    said = (
        f"共 {len(problems)} 条，其中须改正 {errors} 条。原来能用的数据已经填好；"
        "请在后面各表中改正标红的格，改好后保存本文件，重新上报。"
    )
    span_text(sheet, 1, 1, len(MEND_COLUMNS), MEND, TITLE, 20)
    span_text(sheet, 2, 1, len(MEND_COLUMNS), said, across="left")
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 38, 36
    for number, column in enumerate(MEND_COLUMNS, start=1):
        put_text(sheet.cell(3, number), column.label, HEADING, 11, "center", HEAD)
        sheet.column_dimensions[column_name(number)].width = column.width
    sheet.row_dimensions[3].height = 26
    for index, each in enumerate(problems, start=1):
        texts = _row(index, each, places.get(each.field))
        for number, (column, text) in enumerate(zip(MEND_COLUMNS, texts, strict=True), start=1):
            alarm = WRONG if column.key == "severity" and each.severity == "error" else ""
            across = "center" if column.key in CENTRED else "left"
            put_text(sheet.cell(index + 3, number), text, across=across, colour=alarm)
        rooms = (column.room for column in MEND_COLUMNS)
        sheet.row_dimensions[index + 3].height = height(zip(texts, rooms, strict=True), size=BODY_SIZE, least=26)
    finish(sheet, head=3, landscape=True)
    sheet.freeze_panes = "A4"


def _row(index: int, problem: Problem, place: Place | None) -> tuple[str, ...]:
    """A problem as the columns want it; one without a place in the form says its whole message."""
    found, expected = shortened(clean(problem.found), 200), shortened(clean(problem.expected), 200)
    label, where, fix = problem.headline, problem.sheet, f"{problem.message}。{problem.fix}"
    if place is not None:
        label, where, fix = f"{place.field.label}：{label}", f"{place.sheet} {place.cell}", problem.fix
    severity = SEVERITY_WORDS[problem.severity]
    return str(index), severity, label, where, found, expected, shortened(clean(fix), 500)
