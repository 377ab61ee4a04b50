"""The sheet 表彰名单 of 考核结果.xlsx: the heads of the units whose grade the notice rewards."""

from collections.abc import Iterator, Mapping

from kaohe_cli.extent import height
from kaohe_cli.model import Ranked
from kaohe_cli.paper.workbook import Column, Content, Styled
from kaohe_cli.result.page import REASONS, ROW, UNKNOWN, Page, Report, shown

NAMELESS = "waiting centre"  # a name that people have to fill in


def honoured(page: Page, anchors: Mapping[str, int]) -> None:
    """Write the sheet, each unit linked to its row in ``anchors``; nobody is named where no grade is known yet."""
    report = page.report
    columns = _columns(report)
    row = top = page.head("表彰名单", columns, whole=True)
    for row, each in enumerate(_rewarded(report), top + 1):
        # the cell's own content is written over the link's text
        place = f"internal:'{REASONS}'!A{anchors[each.score.unit.code] + 1}"
        page.sheet.write_url(row, 1, place, page.paper.look("text"), "-")
        page.whole(row, _contents(report, each), columns)
    for said in _remarks(report):
        row += 1
        page.merge(row, 0, len(columns) - 1, said, "wrap middle bare")
        page.sheet.set_row(row, height([(said, sum(column.width for column in columns))], least=ROW))
    page.sign(row + 2, len(columns))


def _columns(report: Report) -> tuple[Column, ...]:
    return (
        Column("等次", 12, "centre"),
        Column("名次", 8, "centre link"),
        *([Column("组别", 12, "wrap middle")] if report.grouped else []),
        Column("单位", 26, "wrap middle"),
        Column("主管局", 28, "wrap middle"),
        Column("行政正职", 14, "centre"),
        Column("总分", 10, "points strong"),
    )


def _rewarded(report: Report) -> Iterator[Ranked]:
    """The units of a grade that is rewarded, the best grade first, in their order."""
    for level in report.scheme.content.grade:
        if level.rewarded:
            yield from (each for each in report.units if each.grade == level.title)


def _contents(report: Report, each: Ranked) -> list[Content | Styled]:
    unit = each.score.unit
    return [
        each.grade, shown(each.place), *([each.score.group] if report.grouped else []), unit.name,
        unit.bureau or UNKNOWN, unit.head or Styled(None, NAMELESS), shown(each.score.total),
    ]  # fmt: skip


def _remarks(report: Report) -> Iterator[str]:
    rewarded = [level.title for level in report.scheme.content.grade if level.rewarded]
    units = [*_rewarded(report)]
    yield f"按通知，{'、'.join(rewarded)}等次单位的领导班子行政正职列入表彰名单，共 {len(units)} 名。"
    if not report.ranking.final:
        yield "名次和等次尚未定稿，本名单不作表彰依据。"
    if lacking := sum(not each.score.unit.head for each in units):
        yield (
            f"有 {lacking} 个单位没有行政正职的姓名，以底色标出："
            "请在考核设置的“单位”表中填写，重新评分、排名；或在打印件上填写。"
        )
