"""The sheet 评分分析 of 考核结果.xlsx: whether judging was fair, and which items decided the ranking."""

from collections.abc import Sequence

from kaohe_cli.assess.omission import omission_words
from kaohe_cli.extent import height
from kaohe_cli.paper.workbook import Column, Contents
from kaohe_cli.result import charts
from kaohe_cli.result.judging import DepartmentHeld, ItemHeld, judging_of, reading_of
from kaohe_cli.result.page import JUDGING, ROW, UNKNOWN, Page, shown

WIDTHS = (7, 20, 18, 7, 7, 9, 9, 8, 8, 8, 9, 18, 7, 7)  # all tables of the sheet stand in these columns
POINTS, GAP, WHOLE, WORDS = "points", "points centre", "whole centre", "wrap middle"
GRID = tuple(Column("", width, WORDS) for width in WIDTHS)
LAST = len(GRID) - 1
FEW = 3  # rows of a table that are not parted from its header
TITLED, HEAD = 28.0, 40.0  # heights of the title and the header of a table, in points
SIGNED, CHART = 44.0, 250.0  # heights of the signatures with the row above them, and of a chart, in points

Across = tuple[int, int]  # the first and the last column of a cell
Spanned = tuple[str, Across, str]  # the title of a column, where it stands, its look

DEPARTMENTS: Sequence[Spanned] = (
    ("责任处室", (0, 1), WORDS), ("评分的项目", (2, 2), WORDS), ("评分数", (3, 3), WHOLE), ("满分数", (4, 4), WHOLE),
    ("考核\n占满分%", (5, 5), POINTS), ("自评\n占满分%", (6, 6), POINTS), ("最低单位\n占满分%", (7, 7), POINTS),
    ("最高单位\n占满分%", (8, 8), POINTS), ("平均考核\n减自评", (9, 9), GAP), ("说明", (10, LAST), WORDS),
)  # fmt: skip
ITEMS: Sequence[Spanned] = (
    ("项目", (0, 0), "centre"), ("名称", (1, 1), WORDS), ("责任处室", (2, 2), WORDS), ("已评\n单位数", (3, 3), WHOLE),
    ("满分\n单位数", (4, 4), WHOLE), ("考核\n占满分%", (5, 5), POINTS), ("自评\n占满分%", (6, 6), POINTS),
    ("平均分", (7, 7), POINTS), ("最低分", (8, 8), POINTS), ("最高分", (9, 9), POINTS),
    ("平均考核\n减自评", (10, 10), GAP), ("说明", (11, LAST), WORDS),
)  # fmt: skip
OMISSIONS: Sequence[Spanned] = (
    ("项目", (0, 0), "centre"), ("名称", (1, 1), WORDS), ("名次变动的单位数", (2, 2), WHOLE),
    ("谁的名次变动", (3, LAST), WORDS),
)  # fmt: skip


class Flow:
    """Where the next row of a sheet stands, and what room its printed page has left."""

    def __init__(self, page: Page, row: int, used: float, again: float) -> None:
        self.page = page
        self.row = row
        self.room = charts.room(GRID)  # of a page, in points
        self.used = used  # of it
        self.again = again  # what each further page repeats
        self.breaks: list[int] = []

    def line(self, tall: float) -> int:
        """The next row, so many points high."""
        self.page.sheet.set_row(self.row, tall)
        self.row, self.used = self.row + 1, self.used + tall
        return self.row - 1

    def keep(self, tall: float) -> bool:
        """Turn the page where it has no room for so many points; returns whether it was turned."""
        full = self.used + tall > self.room and self.used > self.again
        if full:
            self.breaks.append(self.row)
            self.used = self.again
        return full


def judging(page: Page) -> None:
    """Write 评分分析: what is noticed of the marks, figures by department and item, and each item left out in turn."""
    found, omissions = judging_of(page.report), page.report.omissions
    named = any(page.report.departments.values())
    page.top(JUDGING, GRID, whole=True)
    for index, column in enumerate(GRID):
        page.sheet.set_column(index, index, column.width)
    page.sheet.freeze_panes(2, 0)
    page.sheet.repeat_rows(0)
    flow = Flow(page, 2, page.used_by_top(JUDGING, GRID), page.repeated(JUDGING, GRID))
    for number, said in enumerate(found.findings, 1):
        _paragraph(flow, f"{number}．{said}", f"{WORDS} bare")
    _paragraph(flow, f"说明：{reading_of(named=named)}", f"{WORDS} bare quiet")
    if named:
        _table(flow, "各处室评分", DEPARTMENTS, [_of_department(each) for each in found.departments])
    _charts(flow, found.departments, "处室" if named else "项目")
    _table(flow, "各项评分", ITEMS, [_of_item(each) for each in found.items])
    if omissions is not None:
        titles = {each.id: each.title for each in page.report.scheme.items}
        told = [(each.item, titles[each.item], len(each.changes), omission_words(each)) for each in omissions]
        _table(flow, "去掉一项，名次怎样变", OMISSIONS, told)
        said = (
            "说明：逐项试算，该项同组各单位都按满分计（满分不同的，都按最高的满分计；没有满分的，都按得分最高的单位计），"
            "其余不变，按方案的合计办法和排名办法重新排名。名次变动多的项目，对结果起的作用大。总分未定的单位不参加试算。"
        )
        _paragraph(flow, said, f"{WORDS} bare quiet")
    flow.keep(SIGNED)
    page.sheet.set_h_pagebreaks(flow.breaks)
    page.sheet.print_area(0, 0, flow.row + 1, LAST)
    page.sign(flow.row + 1, len(GRID))


def _charts(flow: Flow, departments: Sequence[DepartmentHeld], what: str) -> None:
    """Charts of what departments gave, each as high as the page has room for."""
    rates = [(each.name, each.held.rate, each.held.self_rate) for each in departments if each.held]
    for draw in charts.of_rates(flow.page, GRID, rates, what) if rates else ():
        flow.line(ROW)
        flow.keep(charts.LEAST)
        tall = min(CHART, flow.room - flow.used - ROW)
        draw(flow.row, tall)
        for _ in range(int(tall // ROW) + 1):
            flow.line(ROW)


def _paragraph(flow: Flow, said: str, look: str) -> None:
    """Write ``said`` across the sheet."""
    tall = height([(said, sum(WIDTHS))])
    flow.keep(tall)
    flow.page.merge(flow.line(tall), 0, LAST, said, look)


def _table(flow: Flow, title: str, columns: Sequence[Spanned], rows: Sequence[Contents]) -> None:
    """Write a table under its title, its header again on each page."""
    wide = [sum(WIDTHS[first : last + 1]) for _, (first, last), _ in columns]
    tall = [
        height((each, width) for each, width in zip(row, wide, strict=True) if isinstance(each, str)) for row in rows
    ]
    flow.line(ROW)
    flow.keep(TITLED + HEAD + sum(tall[:FEW]))
    _headed(flow, title, columns)
    for contents, own in zip(rows, tall, strict=True):
        if flow.keep(own):
            _headed(flow, f"{title}（续）", columns)
        row = flow.line(own)
        for content, (_, span, look) in zip(contents, columns, strict=True):
            if span[0] != span[1]:
                flow.page.merge(row, *span, str(content), look)
            else:
                flow.page.put(row, span[0], content, f"{look} centre" if content == UNKNOWN else look)


def _headed(flow: Flow, title: str, columns: Sequence[Spanned]) -> None:
    flow.page.merge(flow.line(TITLED), 0, LAST, title, "large strong bare")
    row = flow.line(HEAD)
    for head, span, _ in columns:
        flow.page.merge(row, *span, head, "header")


def _of_department(each: DepartmentHeld) -> Contents:
    held, items = each.held, "、".join(each.items)
    if held is None:
        return (each.name, items, 0, 0, *(UNKNOWN,) * 5, each.remark)
    rates = map(shown, (held.rate, held.self_rate, held.lowest, held.highest, held.gap))
    return (each.name, items, held.marks, held.full, *rates, each.remark)


def _of_item(each: ItemHeld) -> Contents:
    held, said = each.held, (each.id, each.title, each.department or UNKNOWN)
    if held is None:
        return (*said, 0, 0, *(UNKNOWN,) * 6, each.remark)
    points = map(shown, (held.rate, held.self_rate, held.points, held.lowest, held.highest, held.gap))
    return (*said, held.marks, held.full, *points, each.remark)
