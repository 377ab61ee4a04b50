"""Layout → the blank template: the look of the form, without anything that belongs to one unit.

The result is kept as templates/scorecard_2007.xlsx and may be restyled by hand: a form finds its way in it by the
hidden keys alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from openpyxl.worksheet.pagebreak import Break

from kaohe_cli.form import guide, package, style
from kaohe_cli.form.layout import ABOVE, ALONE, INSTRUCTIONS, Grid, grids, mark_title
from kaohe_cli.form.style import BODY, BODY_SIZE, GIVEN, GROUP, HEAD, HEADING, INPUT, SMALL, TITLE, lock
from kaohe_cli.points import plain
from kaohe_cli.scheme.records import FIGURES, Criterion, Item, Measure
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import column_name

FULL_PAGE = 5  # items from which on a section begins a page of its own
# column → font, size, how it stands, colour, where they are not those of any text
LOOKS: Mapping[str, tuple[Any, ...]] = {
    "number": (BODY, BODY_SIZE, "center"),
    "item": (BODY, SMALL),
    "unit": (BODY, SMALL, "center"),
    "confirm": (BODY, SMALL, "left", INPUT),
    "evidence": (BODY, SMALL, "left", INPUT),
    "points": (BODY, BODY_SIZE, "center", GIVEN),
    "state": (BODY, SMALL, "center", GIVEN),
    "most": (BODY, BODY_SIZE, "center"),
    "terms": (BODY, SMALL),
}


def template_workbook(scheme: Scheme) -> bytes:
    """The template of ``scheme`` as .xlsx; the same bytes for the same scheme."""
    book = package.empty_workbook()
    for grid, draw in zip(grids(scheme), (_scorecard, _measures, _scores), strict=False):
        draw(_Drawing(book.create_sheet(grid.sheet), grid), scheme)
    _guide(book.create_sheet(INSTRUCTIONS), scheme)
    return package.save(book, scheme.content.title, scheme.content.notice.issuer, scheme.created)


class _Drawing(Struct, frozen=True):
    """A sheet and its grid."""

    sheet: Any
    grid: Grid

    def put(self, row: int, key: str, text: str = "", *look: Any) -> Any:
        """Text and look of one cell, by default its column's; returns it."""
        cell = self.sheet.cell(row, self.grid.column(key))
        style.put_text(cell, text, *(look or LOOKS.get(key, ())))
        return cell

    def score(self, row: int, key: str, font: str = BODY, colour: str = "") -> Any:
        """A cell for points."""
        cell = self.put(row, key, "", font, 11, "center", colour)
        cell.number_format = "0.00"
        return cell

    def line(self, row: int, **texts: str) -> None:
        """The cells of a row by their columns."""
        for key, text in texts.items():
            self.put(row, key, text)

    def span(self, row: int, first: str, last: str, *look: Any) -> None:
        """Text and look of the cells from one column to another."""
        style.span_text(self.sheet, row, self.grid.column(first), self.grid.column(last), *look)

    def tall(self, row: int, height: float) -> None:
        """How tall a row is."""
        self.sheet.row_dimensions[row].height = height

    def head(self, title: str, tall: float, left: str, right: str, legend: str, size: float) -> None:
        """What the table is, and below it whose it is, up to a column, and a legend, from a column on."""
        first, *_, last = (column.key for column in self.grid.columns if not column.hidden)
        self.span(2, first, last, title, TITLE, 20)
        self.tall(2, tall)
        self.span(3, first, left, "考核单位：", BODY, 12, "left")
        self.span(3, right, last, legend, BODY, size, "right")
        self.tall(3, 22)

    def frame(self, *, landscape: bool, freeze: str) -> None:
        """Hidden keys, widths, protection, paper."""
        sheet, grid = self.sheet, self.grid
        sheet.column_dimensions["A"].hidden = sheet.row_dimensions[1].hidden = True
        for number, row in grid.numbered():
            sheet.cell(number, 1).value = row.key or None
        header = next(number for number, row in grid.numbered() if row.kind == "header")
        for number, column in enumerate(grid.columns, start=2):
            sheet.cell(1, number).value = column.key
            dimension = sheet.column_dimensions[column_name(number)]
            dimension.width, dimension.hidden = column.width, column.hidden
            if not column.hidden:
                self.put(header, column.key, column.label, HEADING, 11, "center", HEAD)
                last = column_name(number)
        self.tall(header, 32)
        style.finish(sheet, head=header, landscape=landscape)
        sheet.print_area = f"B2:{last}{len(grid.rows)}"
        sheet.freeze_panes = sheet.cell(header + 1, grid.column(freeze))


# ── 考核表 ──────────────────────────────────────────────────────────────────────────────────────────────


def _scorecard(drawing: _Drawing, scheme: Scheme) -> None:
    items = {item.id: item for item in scheme.items}
    drawing.head(scheme.content.title, 38, "standard", "self", "单位：分", 12)
    place = 0
    for number, row in drawing.grid.numbered():
        if row.kind == "class":
            coming = sum(1 for _ in scheme.within(row.id))
            if min(place, coming) >= FULL_PAGE and not scheme.sections[row.id].of:  # a page of its own
                drawing.sheet.row_breaks.append(Break(id=number - 1))
                place = 0
            _sum(drawing, number, section_title(scheme, row.id), "left")
        elif row.kind == "item":
            place += 1
            _item(drawing, number, items[row.id])
        elif row.kind == "mark":
            _mark(drawing, number, scheme.criteria[row.id])
        elif row.kind == "total":
            _sum(drawing, number, section_title(scheme, ""), "center")
        elif row.kind == "foot":
            _foot(drawing, number, row.id)
    drawing.frame(landscape=False, freeze="number")


def _sum(drawing: _Drawing, number: int, text: str, across: str) -> None:
    """The row of a class, or of all of them."""
    drawing.span(number, "number", "standard", text, HEADING, 12, across, GROUP, True)
    for key in ("self", "exam"):
        drawing.score(number, key, HEADING, GROUP)
    drawing.tall(number, 27)


def section_title(scheme: Scheme, id: str) -> str:
    """What the row of section ``id`` says (empty: of all): 一类目标（56分）."""
    title, points = (scheme.sections[id].title, scheme.sections[id].points) if id else ("合计", scheme.points)
    return title if points is None else f"{title}（{plain(points)}分）"


def _mark(drawing: _Drawing, number: int, criterion: Criterion) -> None:
    """The line of a judged criterion that has its item not to itself."""
    texts = {"title": mark_title(criterion), "standard": criterion.clause}
    drawing.line(number, number="", **texts)
    lock(drawing.score(number, "self", BODY, INPUT), False)
    drawing.score(number, "exam")
    drawing.tall(number, style.fitting(drawing.grid.columns, BODY_SIZE, 24, **texts))


def _item(drawing: _Drawing, number: int, item: Item) -> None:
    texts = {"title": item.content, "standard": item.standard}
    drawing.line(number, number=item.number or item.id, **texts)
    lock(drawing.score(number, "self", BODY, INPUT if item.judged else GIVEN), not item.judged)
    drawing.score(number, "exam")
    drawing.tall(number, style.fitting(drawing.grid.columns, BODY_SIZE, 36, **texts))


def _foot(drawing: _Drawing, number: int, key: str) -> None:
    """Who filled the form in: labels for the stamp and the signature, and a field each."""
    left = {"filer": "填报单位（盖章）：", "phone": "单位负责人（签字）："}.get(key, "")
    drawing.span(number, "number", "title", left, BODY, 12, "left")
    drawing.put(number, "standard", f"{ALONE[key]}：", BODY, 12, "right", "", False)
    drawing.span(number, "self", "exam", "", BODY, 11, "center", INPUT, True)
    cell = drawing.sheet.cell(number, drawing.grid.column("self"))
    lock(cell, False)
    cell.number_format = 'yyyy"年"m"月"d"日"' if key == "date" else "@"
    drawing.tall(number, 30)


# ── 指标填报 ────────────────────────────────────────────────────────────────────────────────────────────


PANEL = {"progress": "填报进度", "scores": "自评得分"}
CHOICE = "本表各项“本年实绩”是什么数，请在左边的格里选定；报送时还没有全年数的，填全年预计数"
LEGEND = "蓝色：请填写　黄色：还没有填，或请核对　红色：需要改　灰色：不必填"


def _measures(drawing: _Drawing, scheme: Scheme) -> None:
    items = {item.id: item for item in scheme.items}
    place = 0
    drawing.head(f"{scheme.content.title.removesuffix('表')}指标填报表", 36, "unit", "prior", LEGEND, SMALL)
    for number, row in drawing.grid.numbered():
        if row.kind == "panel":
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
    text, belongs = "\n".join((measure.title, *hint)), f"{item.id} {item.title}"
    drawing.line(number, number=str(place), item=belongs, title=text, unit=measure.unit, points="", state="")
    asked = {name for name, _ in measure.figures()}
    for name in FIGURES:
        cell = drawing.put(number, name, "", BODY, BODY_SIZE, "center", INPUT if name in asked else GIVEN)
        lock(cell, name not in asked)
    lock(drawing.put(number, "evidence"), False)
    explained = () if measure.done is None else (BODY, SMALL, "left", GIVEN)  # nothing is asked of what is done or not
    lock(drawing.put(number, "confirm", "", *explained), measure.done is not None)
    columns = drawing.grid.columns
    tall = style.fitting(columns, BODY_SIZE, 30, title=text)
    drawing.tall(number, max(tall, style.fitting(columns, SMALL, item=belongs)))


# ── 得分测算 ────────────────────────────────────────────────────────────────────────────────────────────


def _scores(drawing: _Drawing, scheme: Scheme) -> None:
    title, legend = f"{scheme.content.title.removesuffix('表')}得分测算表", "本表按所填数据自动算出，不必填写"
    drawing.head(title, 36, "criterion", "most", legend, SMALL)
    for number, row in drawing.grid.numbered():
        if row.kind == "rule":
            _rule(drawing, number, scheme.criteria[row.id], scheme.item_of[row.id])
    drawing.frame(landscape=True, freeze="most")


def _rule(drawing: _Drawing, number: int, criterion: Criterion, item: Item) -> None:
    """One criterion; its name and terms depend on the readings in force and are written when a form is issued."""
    most = "加分" if criterion.bonus or criterion.points is None else plain(criterion.points)
    most = "扣分" if criterion.points == 0 else most
    belongs = f"{item.id} {item.title}"
    drawing.line(number, number=criterion.id, item=belongs, criterion="", most=most, terms="", state="")
    drawing.score(number, "points", BODY, GIVEN)
    drawing.tall(number, 32)


# ── 填表说明 ────────────────────────────────────────────────────────────────────────────────────────────


def _guide(sheet: Any, scheme: Scheme) -> None:
    sheet.column_dimensions["A"].hidden = True
    for number, column in enumerate(guide.INSTRUCTION_COLUMNS, start=2):
        sheet.column_dimensions[column_name(number)].width = column.width
    style.span_text(sheet, 1, 2, 3, "填 表 说 明", TITLE, 20)
    sheet.row_dimensions[1].height = 38
    for number, line in enumerate(guide.instructions(scheme), start=2):
        sheet.cell(number, 1).value = line.key or None
        if not line.text:
            style.span_text(sheet, number, 2, 3, line.title, HEADING, 12, "left", GROUP, True)
            sheet.row_dimensions[number].height = 26
            continue
        style.put_text(sheet.cell(number, 2), line.title)
        style.put_text(sheet.cell(number, 3), line.text)
        sheet.row_dimensions[number].height = style.fitting(
            guide.INSTRUCTION_COLUMNS, BODY_SIZE, 22, title=line.title, text=line.text
        )
    style.finish(sheet, head=1, landscape=False)
