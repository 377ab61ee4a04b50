"""The sheet 与上年比较 of 考核结果.xlsx: each unit beside last year, item by item, and what contradicts last year."""

from collections.abc import Sequence
from decimal import Decimal

from kaohe_cli.extent import height
from kaohe_cli.paper.workbook import Column, Content, Contents, Styled
from kaohe_cli.points import minus
from kaohe_cli.result.page import ROW, UNKNOWN, Page, shown
from kaohe_cli.result.previous import Beside, ItemBeside, UnitBeside

ABSENT = "未设"  # of an item that is not of that year
COLUMNS = (
    Column("名次", 8, "centre link"),
    Column("单位", 26, "wrap middle"),
    Column("上年\n名次", 10, "centre"),
    Column("名次\n变化", 10, "centre"),
    Column("总分", 10, "points strong"),
    Column("上年\n总分", 10, "points"),
    Column("总分\n增减", 10, "points"),
    Column("等次", 12, "centre"),
    Column("上年\n等次", 12, "centre"),
    Column("备注", 26, "wrap middle"),
)
# under the same columns; the last takes what is left of them
ITEMS = ("项目", "名称", "满分", "上年满分", "得分", "上年得分", "得分增减", "说明")
ITEM_LOOKS = ("centre", "wrap middle", "number", "number", "points strong", "points", "points", "wrap middle")
FIGURES = (("单位", (0, 1)), ("指标", (2, 4)), ("上年核定", (5, 6)), ("今年的上年实绩", (7, 8)), ("出处", (9, 9)))
LAST = len(COLUMNS) - 1


def compared(page: Page, beside: Beside, anchors: dict[str, int]) -> None:
    """Write the sheet; each unit is linked to its row in ``anchors``."""
    top = page.head("与上年比较", COLUMNS, whole=True)
    for row, each in enumerate(beside.units, top + 1):
        page.unit(row, each.ranked, _unit(each), COLUMNS, anchors[each.ranked.score.unit.code])
    row = top + len(beside.units)
    for said in _remarks(beside):
        row = _said(page, row + 1, said)
    row = _contradicting(page, row + 2, beside)
    page.sheet.set_h_pagebreaks([row + 2])
    row = _items(page, row + 2, beside.units)
    page.sign(row + 2, len(COLUMNS))


def _unit(each: UnitBeside) -> Contents:
    before, ranked = each.before, each.ranked
    total, then = ranked.score.total, before.total if before else None
    return (
        shown(before.place if before else None), _moved(each.risen), shown(total), shown(then),
        shown(minus(total, then)), ranked.grade or UNKNOWN, (before.grade if before else "") or UNKNOWN, _remark(each),
    )  # fmt: skip


def _moved(risen: int | None) -> str:
    if risen is None:
        return UNKNOWN
    return "不变" if risen == 0 else f"{'上升' if risen > 0 else '下降'} {abs(risen)}"


def _remark(each: UnitBeside) -> str:
    if each.before is None:
        return "上年没有这个单位"
    name = each.ranked.score.unit.name
    return f"上年名称：{each.name}" if each.name != name else ""


def _remarks(beside: Beside) -> Sequence[str]:
    """What has to be known to read the table."""
    previous = beside.previous
    said = [f"上年结果：{previous.source.name}。“{UNKNOWN}”表示当年没有，或者没有确定，不是零。{beside.said}"]
    if not previous.final:
        said.append("上年结果是暂定的，比较以上年定稿为准。")
    if beside.gone:
        said.append(f"上年考核、今年不考核的单位：{'、'.join(beside.gone)}。")
    return said


def _said(page: Page, row: int, said: str, look: str = "wrap middle bare") -> int:
    page.merge(row, 0, LAST, said, look)
    page.sheet.set_row(row, height([(said, sum(column.width for column in COLUMNS))], least=ROW))
    return row


def _titled(page: Page, row: int, title: str) -> int:
    page.sheet.set_row(row, 30)
    page.merge(row, 0, LAST, title, "title large")
    return row


def _contradicting(page: Page, row: int, beside: Beside) -> int:
    """The figures that are not what last year settled; returns the last row."""
    row = _titled(page, row, "今年的上年实绩与上年核定的数据")
    found = beside.contradictions
    if found is None:
        return _said(page, row + 1, "没有核对：上年结果所依据的评分底稿不在手边，或者其中没有可以核对的数据。")
    if not found:
        return _said(page, row + 1, "两年都有的数据全部一致，或者已由考核办核实、核定。")
    row = _said(
        page, row + 1, "下列数据两年说法不同，请查明；属实的在评分底稿“数据核定”的“核实”栏核实，不属实的填写核定值。"
    )
    row += 1
    for title, span in FIGURES:
        page.merge(row, *span, title, "header")
    names = page.report.scheme.names
    for each in found:
        row += 1
        named = names[each.figure]
        origin = f"{each.origin.file} {each.origin.sheet}!{each.origin.cell}" if each.origin else ""
        figure = f"{named.title}·{named.label}"
        texts = (each.unit.name, figure, named.amount(each.settled), named.amount(each.held), origin)
        for text, (_, (first, last)) in zip(texts, FIGURES, strict=True):
            page.merge(row, first, last, text, "wrap middle")
        page.sheet.set_row(row, height([(figure, 30), (origin, 26), (each.unit.name, 34)], least=ROW))
    return row


def _items(page: Page, row: int, units: Sequence[UnitBeside]) -> int:
    """Every item of every unit in both years; returns the last row."""
    row = _titled(page, row, "逐项比较") + 1
    for column, title in enumerate(ITEMS[:-1]):
        page.put(row, column, title, "header")
    page.merge(row, len(ITEMS) - 1, LAST, ITEMS[-1], "header")
    page.sheet.set_row(row, 24)
    page.sheet.repeat_rows(row)  # it heads the pages that come after it
    for unit in units:
        if unit.before is None:
            continue
        row += 1
        page.merge(row, 0, LAST, unit.ranked.score.unit.name, "strong band")
        for each in unit.items:
            row += 1
            _item(page, row, each)
    return row


def _item(page: Page, row: int, each: ItemBeside) -> None:
    contents: list[Content | Styled] = [each.id, each.title]
    years = each.now, each.before
    for pair in (each.full, each.points):
        contents += (shown(value) if there else ABSENT for value, there in zip(pair, years, strict=True))
    change: Decimal | None = minus(*each.points)
    contents.append(shown(change))
    remark = "" if each.now and each.before else "今年新设" if each.now else "今年没有这一项"
    if each.now and each.before and each.full[0] != each.full[1]:
        remark = "两年满分不同"
    for column, (content, look) in enumerate(zip(contents, ITEM_LOOKS, strict=False)):
        centred = f"{look} centre" if content in (UNKNOWN, ABSENT) else look
        page.put(row, column, content, centred)
    page.merge(row, len(contents), LAST, remark, ITEM_LOOKS[-1])
    page.sheet.set_row(row, height([(each.title, COLUMNS[1].width)], least=ROW))
