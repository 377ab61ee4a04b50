"""The charts of 考核结果.xlsx, each placed so that it prints whole."""

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, Decimal
from functools import partial
from typing import Any

from kaohe_cli.model import UnitScore
from kaohe_cli.paper.workbook import Column
from kaohe_cli.points import ZERO, add, minus, plain
from kaohe_cli.result.page import JUDGING, PRINTED, RANKING, ROW, SELF, Page, is_upright, wide
from kaohe_cli.scheme.scheme import Scheme

BONUS, MARK, OWN = "#E3A23C", "#C00000", "#B9C0C9"
SECTIONS = ("#4472A8", "#8FB2D9", "#6A9F58", "#B5CF8F", "#8E6BA8", "#C9B3DA")  # colours of sections in a stack
FONT = {"name": "宋体", "size": 9}
PER_CHART = 34  # units in one chart, so that their names stay legible
STEPS = (1, 2, 5, 20, 50, 100, 200, 500, 1000, 5000, 20000)  # 分 from line to line: ten at most
TALL, LOW, LEAST = 380.0, 300.0, 220.0  # heights of charts, in points
LONGEST_LABEL = 12  # characters of a name in a chart
SMALL = 8  # size of the names in points
PLOTTED = 0.85  # of a chart's width that its axis takes


def of_totals(page: Page, columns: Sequence[Column], rows: tuple[int, int], used: float) -> None:
    """Charts of the totals below the table at ``rows``, of data that stand to the right of the printed columns.

    ``used`` is the height of what stands above, in points.
    """
    (first, last), scheme = rows, page.report.scheme
    mark = next((level.mark for level in reversed(scheme.content.grade) if level.mark is not None), None)
    sections = page.report.sections if scheme.adds_up else ()
    # points that do not simply add up are shown as one
    names = [f"{each.title}（不含加分）" for each in sections] or ["得分（不含加分）" if scheme.adds_up else "考核得分"]
    bonus = ["加分"] if scheme.adds_up else []
    data = ("图中名称", *names, *bonus, *([f"{plain(mark)}分线"] if mark is not None else []))
    column = len(columns) + 1
    page.sheet.set_column(column - 1, column - 1, 3)
    page.sheet.set_column(column, column + len(data) - 1, 18)
    page.merge(first - 2, column, column + len(data) - 1, "制图数据（不打印）", "quiet bare")
    for offset, said in enumerate(data):
        page.put(first - 1, column + offset, said, "header quiet")
    for row, unit in enumerate(page.report.units, first):
        extra = minus(unit.score.bonus, unit.score.capped)  # what a cap took away made no part of the total
        base = [_base(scheme, unit.score, each.id) for each in sections]
        base = base or [minus(unit.score.total, extra) if scheme.adds_up else unit.score.total]
        values: list[Decimal | None] = [*base, *([extra] if bonus else []), *([mark] if mark is not None else [])]
        if unit.score.total is None:
            values = [None] * len(values)
        page.put(row, column, _label(unit.score.unit.name), "quiet")
        for offset, value in enumerate(values, 1):
            page.put(row, column + offset, value, "points quiet")
    placed = [each.score.total for each in page.report.units if each.score.total is not None]
    below = last + 4

    def draw(begin: int, end: int) -> Any:
        area = begin, end, column
        chart = page.paper.book.add_chart({"type": "column", "subtype": "stacked"})
        for offset, colour in enumerate((*SECTIONS[: len(names)], *([BONUS] if bonus else [])), 1):
            name = [RANKING, first - 1, column + offset]
            chart.add_series(_series(name, RANKING, column + offset, area, fill={"color": colour}, gap=60))
        if mark is not None:
            line = page.paper.book.add_chart({"type": "line"})
            look, at = {"color": MARK, "width": 1.5, "dash_type": "dash"}, column + len(data) - 1
            line.add_series(_series([RANKING, first - 1, at], RANKING, at, area, line=look))
            chart.combine(line)
        return chart

    if placed:
        title = "总分构成" + page.report.provisional
        units = (first, first + len(placed) - 1)
        below = _charts(page, columns, units, below, used, draw, title, max(placed), TALL)
    else:
        page.merge(below, 0, len(columns) - 1, "各单位总分均未定，暂不作图。", "quiet bare")
        below += 1
    page.sheet.print_area(0, 0, below - 1, len(columns) - 1)


def of_selves(page: Page, columns: Sequence[Column], rows: tuple[int, int], below: int, used: float, names: int) -> int:
    """Charts of self-scored and scored totals, from row ``below`` on; returns the first row below them.

    ``names`` is the column of the names in charts, on the sheet of the ranking; ``used`` is the height of what stands
    above, in points.
    """

    def draw(begin: int, end: int) -> Any:
        chart = page.paper.book.add_chart({"type": "column"})
        total = len(columns) - 3  # the last three columns: as claimed, as scored, the difference
        for column, name, colour in ((total, "自评总分", OWN), (total + 1, "考核总分", SECTIONS[0])):
            chart.add_series(_series(name, SELF, column, (begin, end, names), fill={"color": colour}, gap=60))
        return chart

    totals = [value for each in page.report.units for value in (each.score.self_total, each.score.total) if value]
    title = "自评总分与考核总分" + page.report.provisional
    return _charts(page, columns, rows, below, used, draw, title, max(totals, default=ZERO), LOW)


def of_rates(
    page: Page, columns: Sequence[Column], rates: Sequence[tuple[str, Decimal | None, Decimal | None]], what: str
) -> Sequence[Callable[[int, float], None]]:
    """Charts of ``rates``: who marked, what it gave and what units claimed, both in % of full points.

    The data stand to the right of the printed columns, from the third row on. Returns how to draw each chart, from a
    row on and so many points high. ``what``: what who marked is called, 处室.
    """
    top, column = 2, len(columns) + 1
    page.sheet.set_column(column - 1, column - 1, 3)
    page.sheet.set_column(column, column + 2, 18)
    page.merge(top, column, column + 2, "制图数据（不打印）", "quiet bare")
    for offset, head in enumerate(("图中名称", "考核占满分", "自评占满分")):
        page.put(top + 1, column + offset, head, "header quiet")
    for row, (name, given, claimed) in enumerate(rates, top + 2):
        page.put(row, column, _label(name), "quiet")
        page.put(row, column + 1, given, "points quiet")
        page.put(row, column + 2, claimed, "points quiet")
    last = top + 1 + len(rates)
    longest, across = max(len(_label(name)) for name, _, _ in rates), wide(columns) * PLOTTED
    label = {**FONT, "size": SMALL, "rotation": 0 if longest * SMALL * len(rates) <= across else -45}

    def drawn(first: int, below: int, tall: float) -> None:
        end = min(last, first + PER_CHART - 1)
        chart = page.paper.book.add_chart({"type": "column"})
        for offset, colour in ((1, SECTIONS[0]), (2, OWN)):
            categories, values = ([JUDGING, first, at, end, at] for at in (column, column + offset))
            name, look = [JUDGING, top + 1, column + offset], {"fill": {"color": colour}, "gap": 60}
            chart.add_series({"name": name, "categories": categories, "values": values, **look})
        title = f"各{what}评分与单位自评{page.report.provisional}"
        chart.set_title({"name": title, "name_font": {"name": "黑体", "size": 12}})
        chart.set_x_axis({"name": what, "name_font": FONT, "num_font": label})
        chart.set_y_axis({
            "name": "%", "name_font": {**FONT, "rotation": 0}, "num_font": FONT, "min": 0, "max": 100,
            "major_unit": 20, "num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#E3E6EA"}},
        })  # fmt: skip
        _insert(page, columns, chart, below, tall, title, down=4)

    return [partial(drawn, first) for first in range(top + 2, last + 1, PER_CHART)]


def _label(name: str) -> str:
    """``name`` as a chart has room for it."""
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def room(columns: Sequence[Column]) -> float:
    """How high a page is that prints ``columns``, in points of the sheet."""
    page_width, page_height = PRINTED if is_upright(columns) else PRINTED[::-1]
    return page_height / min(1.0, page_width / wide(columns)) * 0.97


def _insert(page: Page, columns: Sequence[Column], chart: Any, row: int, tall: float, said: str, down: int = 0) -> None:
    """Place ``chart`` over ``columns``, ``tall`` points high, from ``row`` on and so many pixels ``down``."""
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_size({"width": wide(columns) / 0.75 - 4, "height": tall / 0.75})
    place = {"object_position": 1, "x_offset": 2, "y_offset": down}
    page.sheet.insert_chart(row, 0, chart, {**place, "description": said})


def _series(name: Any, sheet: str, column: int, units: tuple[int, int, int], **look: Any) -> dict[str, Any]:
    """A series of the values in ``column``; ``units``: first and last row, and the column of their names in charts."""
    begin, end, names = units
    categories, values = [RANKING, begin, names, end, names], [sheet, begin, column, end, column]
    return {"name": name, "categories": categories, "values": values, **look}


def _base(scheme: Scheme, score: UnitScore, top: str) -> Decimal | None:
    """Points of a section at the top without its bonuses."""
    return add(
        criterion.points
        for item, scored in zip(scheme.items, score.items, strict=True)
        for criterion in scored.criteria
        if scheme.top_of(item) == top and not criterion.bonus
    )


def _charts(
    page: Page,
    columns: Sequence[Column],
    rows: tuple[int, int],
    below: int,
    used: float,
    draw: Callable[[int, int], Any],
    title: str,
    longest: Decimal,
    tall: float,
) -> int:
    """Charts over ``rows``, so many units each, none across a page's edge; returns the first row below them."""
    first, last = rows
    longest = max(longest, page.report.scheme.points or ZERO)
    step = next((each for each in STEPS if longest <= 10 * each), STEPS[-1])
    high = room(columns)
    breaks, count = [], -(-(last - first + 1) // PER_CHART)
    used %= high
    # one chart takes the room that the page has left, several are low
    tall = max(LOW, min(tall, high - used - ROW)) if count == 1 else LOW
    for part in range(count):
        begin, end = first + part * PER_CHART, min(last, first + (part + 1) * PER_CHART - 1)
        if used + tall + ROW > high:
            breaks.append(below)
            used = 55
        chart = draw(begin, end)
        span = "" if count == 1 else f"（第 {begin - first + 1}—{end - first + 1} 个单位）"
        chart.set_title({"name": title + span, "name_font": {"name": "黑体", "size": 12}})
        label = {**FONT, "size": 8, "rotation": -45}
        chart.set_x_axis({"name": "单位（按名次）", "name_font": FONT, "num_font": label})
        floor = 0 if page.report.lowest >= 0 else None
        chart.set_y_axis({
            "name": "分", "name_font": {**FONT, "rotation": 0}, "num_font": FONT, "min": floor,
            "max": int((longest / step).to_integral_value(ROUND_CEILING)) * step, "major_unit": step,
            "num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#E3E6EA"}},
        })  # fmt: skip
        _insert(page, columns, chart, below, tall, title + span)
        below += int(tall // ROW) + 1
        used += tall + ROW
    if breaks:
        page.sheet.set_h_pagebreaks(breaks)
    return below
