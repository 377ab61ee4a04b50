"""Layout → the blank template: the look of the form, without anything that belongs to one unit.

The result is kept as templates/scorecard_2007.xlsx and may be restyled by hand: a form finds its way in it by the
hidden keys alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from kaohe_cli.extent import height
from kaohe_cli.form import guide, package
from kaohe_cli.form.layout import ABOVE, ALONE, INSTRUCTIONS, Grid, measures_grid, scorecard_grid, scores_grid
from kaohe_cli.form.style import (
    BODY,
    BODY_SIZE,
    GIVEN,
    GROUP,
    HEAD,
    HEADING,
    INPUT,
    SMALL,
    TITLE,
    lock,
    page,
    protect,
    put_text,
    span_text,
)
from kaohe_cli.points import ZERO, plain
from kaohe_cli.scheme.scheme import FIGURES, Criterion, Item, Measure, Scheme
from kaohe_cli.sheet.book import column_name


def template_workbook(scheme: Scheme) -> bytes:
    """The template of ``scheme`` as .xlsx; the same bytes for the same scheme."""
    book = package.empty_workbook()
    for draw, grid in ((_scorecard, scorecard_grid), (_measures, measures_grid), (_scores, scores_grid)):
        layout = grid(scheme)
        at = {column.key: number for number, column in enumerate(layout.columns, start=2)}
        room = {column.key: column.room for column in layout.columns}
        draw(_Drawing(book.create_sheet(layout.sheet), layout, at, room), scheme)
    _guide(book.create_sheet(INSTRUCTIONS), scheme)
    return package.save(book, scheme.content.title, scheme.content.notice.issuer, scheme.created)


class _Drawing(Struct, frozen=True):
    """A sheet, its grid, and where each column stands."""

    sheet: Any
    grid: Grid
    at: Mapping[str, int]
    room: Mapping[str, float]

    def put(self, row: int, key: str, *look: Any) -> Any:
        """Text and look of one cell; returns it."""
        cell = self.sheet.cell(row, self.at[key])
        put_text(cell, *look)
        return cell

    def score(self, row: int, key: str, font: str = BODY, colour: str = "") -> Any:
        """A cell for points."""
        cell = self.put(row, key, "", font, 11, "center", colour)
        cell.number_format = "0.00"
        return cell

    def span(self, row: int, first: str, last: str, *look: Any) -> None:
        """Text and look of the cells from one column to another."""
        span_text(self.sheet, row, self.at[first], self.at[last], *look)

    def tall(self, row: int, height: float) -> None:
        """How tall a row is."""
        self.sheet.row_dimensions[row].height = height

    def turn(self, row: int) -> None:
        """Begin a new page with a row."""
        from openpyxl.worksheet.pagebreak import Break

        self.sheet.row_breaks.append(Break(id=row - 1))

    def frame(self, landscape: bool, freeze: str) -> None:
        """Hidden keys, widths, protection, paper."""
        sheet, grid = self.sheet, self.grid
        shown = [column_name(number) for number, column in enumerate(grid.columns, start=2) if not column.hidden]
        sheet.column_dimensions["A"].hidden = True
        sheet.row_dimensions[1].hidden = True
        for number, column in enumerate(grid.columns, start=2):
            sheet.cell(1, number).value = column.key
            dimension = sheet.column_dimensions[column_name(number)]
            dimension.width, dimension.hidden = column.width, column.hidden
        for number, row in grid.numbered():
            sheet.cell(number, 1).value = row.key or None
        header = next(number for number, row in grid.numbered() if row.kind == "header")
        for key, column in zip(self.at, grid.columns, strict=True):
            if not column.hidden:
                self.put(header, key, column.label, HEADING, 11, "center", HEAD)
        self.tall(header, 32)
        protect(sheet)
        page(sheet, landscape)
        sheet.print_area = f"{shown[0]}2:{shown[-1]}{len(grid.rows)}"
        sheet.print_title_rows = f"{header}:{header}"
        sheet.freeze_panes = sheet.cell(header + 1, self.at[freeze])


# ── 考核表 ──────────────────────────────────────────────────────────────────────────────────────────────


def _scorecard(drawing: _Drawing, scheme: Scheme) -> None:
    items = {item.id: item for item in scheme.items}
    classes = {group.id: group for group in scheme.content.class_}
    place = 0
    for number, row in drawing.grid.numbered():
        if row.kind == "title":
            drawing.span(number, "number", "exam", scheme.content.title, TITLE, 20)
            drawing.tall(number, 38)
        elif row.kind == "subtitle":
            drawing.span(number, "number", "standard", "考核单位：", BODY, 12, "left")
            drawing.span(number, "self", "exam", "单位：分", BODY, 12, "right")
            drawing.tall(number, 22)
        elif row.kind == "class":
            if place:
                drawing.turn(number)
            place = 0
            _sum(drawing, number, f"{classes[row.id].title}（{plain(classes[row.id].points)}分）", "left")
        elif row.kind == "item":
            place += 1
            _item(drawing, number, place, items[row.id])
        elif row.kind == "total":
            points = sum((group.points for group in classes.values()), start=ZERO)
            _sum(drawing, number, f"合计（{plain(points)}分）", "center")
        elif row.kind == "foot":
            _foot(drawing, number, row.id)
    drawing.frame(landscape=False, freeze="number")


def _sum(drawing: _Drawing, number: int, text: str, across: str) -> None:
    """The row of a class, or of all of them."""
    drawing.span(number, "number", "standard", text, HEADING, 12, across, GROUP, True)
    for key in ("self", "exam"):
        drawing.score(number, key, HEADING, GROUP)
    drawing.tall(number, 27)


def _item(drawing: _Drawing, number: int, place: int, item: Item) -> None:
    drawing.put(number, "number", str(place), BODY, BODY_SIZE, "center")
    drawing.put(number, "title", item.content)
    drawing.put(number, "standard", item.standard)
    lock(drawing.score(number, "self", BODY, INPUT if item.judged else GIVEN), not item.judged)
    drawing.score(number, "exam")
    texts = ((item.content, drawing.room["title"]), (item.standard, drawing.room["standard"]))
    drawing.tall(number, height(texts, size=BODY_SIZE, least=36))


def _foot(drawing: _Drawing, number: int, key: str) -> None:
    """Who filled the form in: labels for the stamp and the signature, and a field each."""
    left = {"filer": "填报单位（盖章）：", "phone": "单位负责人（签字）："}.get(key, "")
    drawing.span(number, "number", "title", left, BODY, 12, "left")
    drawing.put(number, "standard", f"{ALONE[key]}：", BODY, 12, "right", "", False)
    drawing.span(number, "self", "exam", "", BODY, 11, "center", INPUT, True)
    cell = drawing.sheet.cell(number, drawing.at["self"])
    lock(cell, False)
    cell.number_format = 'yyyy"年"m"月"d"日"' if key == "date" else "@"
    drawing.tall(number, 30)


# ── 指标填报 ────────────────────────────────────────────────────────────────────────────────────────────


PANEL = {"progress": "填报进度", "scores": "自评得分"}
CHOICE = "本表各项“本年实绩”是什么数，请在左边的格里选定；报送时还没有全年数的，填全年预计数"
LEGEND = "蓝色：请填写　　黄色：还没有填　　红色：需要改　　灰色：不必填"


def _measures(drawing: _Drawing, scheme: Scheme) -> None:
    items = {item.id: item for item in scheme.items}
    place = 0
    for number, row in drawing.grid.numbered():
        if row.kind == "title":
            text = f"{scheme.content.title.removesuffix('表')}指标填报表"
            drawing.span(number, "number", "state", text, TITLE, 20)
            drawing.tall(number, 36)
        elif row.kind == "subtitle":
            drawing.span(number, "number", "unit", "考核单位：", BODY, 12, "left")
            drawing.span(number, "prior", "state", LEGEND, BODY, SMALL, "right")
            drawing.tall(number, 22)
        elif row.kind == "panel":
            drawing.span(number, "number", "item", PANEL[row.id], HEADING, 11, "center", HEAD, True)
            drawing.span(number, "title", "state", "", HEADING, 11, "left", "", True)
            drawing.tall(number, 24)
        elif row.kind == "choice":
            drawing.span(number, "number", "item", ABOVE[row.id], HEADING, 11, "center", HEAD, True)
            lock(drawing.put(number, "title", "", HEADING, 11, "left", INPUT), False)
            drawing.span(number, "unit", "state", CHOICE, BODY, SMALL, "left", "", True)
            drawing.tall(number, 24)
        elif row.kind == "measure":
            place += 1
            measure = scheme.measures[row.id]
            _measure(drawing, number, place, measure, items[measure.item], guide.hint(scheme, measure))
    drawing.frame(landscape=True, freeze="unit")


def _measure(drawing: _Drawing, number: int, place: int, measure: Measure, item: Item, hint: Sequence[str]) -> None:
    text = "\n".join((measure.title, *hint))
    belongs = f"{item.id} {item.title}"
    drawing.put(number, "number", str(place), BODY, BODY_SIZE, "center")
    drawing.put(number, "item", belongs, BODY, SMALL)
    drawing.put(number, "title", text)
    drawing.put(number, "unit", measure.unit, BODY, SMALL, "center")
    asked = {name for name, _ in measure.figures()}
    for name in FIGURES:
        lock(
            drawing.put(number, name, "", BODY, BODY_SIZE, "center", INPUT if name in asked else GIVEN),
            name not in asked,
        )
    lock(drawing.put(number, "evidence", "", BODY, SMALL, "left", INPUT), False)
    drawing.put(number, "points", "", BODY, BODY_SIZE, "center", GIVEN)
    drawing.put(number, "state", "", BODY, SMALL, "center", GIVEN)
    tall = height([(text, drawing.room["title"])], size=BODY_SIZE, least=30)
    drawing.tall(number, max(tall, height([(belongs, drawing.room["item"])], size=SMALL)))


# ── 得分测算 ────────────────────────────────────────────────────────────────────────────────────────────


def _scores(drawing: _Drawing, scheme: Scheme) -> None:
    for number, row in drawing.grid.numbered():
        if row.kind == "title":
            drawing.span(number, "number", "state", f"{scheme.content.title.removesuffix('表')}得分测算表", TITLE, 20)
            drawing.tall(number, 36)
        elif row.kind == "subtitle":
            drawing.span(number, "number", "criterion", "考核单位：", BODY, 12, "left")
            drawing.span(number, "most", "state", "本表按所填数据自动算出，不必填写", BODY, SMALL, "right")
            drawing.tall(number, 22)
        elif row.kind == "rule":
            _rule(drawing, number, scheme.criteria[row.id], scheme.item_of[row.id])
    drawing.frame(landscape=True, freeze="most")


def _rule(drawing: _Drawing, number: int, criterion: Criterion, item: Item) -> None:
    """One criterion; its name and terms depend on the readings in force and are written when a form is issued."""
    drawing.put(number, "number", criterion.id, BODY, BODY_SIZE, "center")
    drawing.put(number, "item", f"{item.id} {item.title}", BODY, SMALL)
    drawing.put(number, "criterion")
    most = "加分" if criterion.bonus or criterion.points is None else plain(criterion.points)
    drawing.put(number, "most", most, BODY, BODY_SIZE, "center")
    drawing.put(number, "terms", "", BODY, SMALL)
    drawing.score(number, "points", BODY, GIVEN)
    drawing.put(number, "state", "", BODY, SMALL, "center", GIVEN)
    drawing.tall(number, 32)


# ── 填表说明 ────────────────────────────────────────────────────────────────────────────────────────────


def _guide(sheet: Any, scheme: Scheme) -> None:
    sheet.column_dimensions["A"].hidden = True
    for number, column in enumerate(guide.INSTRUCTION_COLUMNS, start=2):
        sheet.column_dimensions[column_name(number)].width = column.width
    span_text(sheet, 1, 2, 3, "填 表 说 明", TITLE, 20)
    sheet.row_dimensions[1].height = 38
    for number, line in enumerate(guide.instructions(scheme), start=2):
        sheet.cell(number, 1).value = line.key or None
        if not line.text:
            span_text(sheet, number, 2, 3, line.title, HEADING, 12, "left", GROUP, True)
            sheet.row_dimensions[number].height = 26
            continue
        put_text(sheet.cell(number, 2), line.title)
        put_text(sheet.cell(number, 3), line.text)
        sheet.row_dimensions[number].height = guide_height(line)
    protect(sheet)
    page(sheet, landscape=False)
    sheet.print_title_rows = "1:1"


def guide_height(line: guide.Instruction) -> float:
    """Points that a row of the instructions needs."""
    title, text = guide.INSTRUCTION_COLUMNS
    return height(((line.title, title.room), (line.text, text.room)), size=BODY_SIZE, least=22)
