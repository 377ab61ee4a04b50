"""The sheet 复核情况: each review with its decision, the points before and now, and what it changed for whom."""

from kaohe_cli.assess.appeal import about_words, effect_words
from kaohe_cli.extent import height
from kaohe_cli.model import Review
from kaohe_cli.paper.workbook import Column, Styled
from kaohe_cli.result.page import REVIEWED, UNKNOWN, Page, Report, shown

CLAIMANT, ABOUT, CLAIM, DECISION = "单位", "项目", "申请事项", "复核结论"
COLUMNS = (
    Column(CLAIMANT, 15, "wrap middle"),
    Column(ABOUT, 18, "wrap middle"),
    Column(CLAIM, 24, "wrap middle"),
    Column("收到日期", 12, "date"),
    Column(DECISION, 10, "centre"),
    Column("结论说明", 26, "wrap middle"),
    Column("复核人", 10, "wrap middle"),
    Column("复核日期", 12, "date"),
    Column("原得分", 9, "points"),
    Column("复核后得分", 11, "points strong"),
    Column("引起的变化", 37, "wrap middle"),
)
UNCHANGED = "不变"


def told(report: Report, review: Review) -> tuple[str, str, str, str]:
    """By what a review is known in a result, in the order of the columns that say it."""
    unit = report.cases[review.code].unit.name
    return unit, about_words(report.scheme, review.about), " ".join(review.claim.split()), review.conclusion


def reviewed(page: Page) -> None:
    """Write the sheet; what several reviews changed together stands below."""
    report = page.report
    row = top = page.head(REVIEWED, COLUMNS, whole=True)
    single = {each.reviews[0]: effect_words(each) for each in report.effects if len(each.reviews) == 1}
    for row, each in enumerate(report.reviews, top + 1):
        unit, about, claim, decision = told(report, each)
        said = Styled(decision, "centre") if decision else Styled("未作结论", "centre waiting")
        changed = single.get(each, UNCHANGED if decision else UNKNOWN)
        page.whole(
            row,
            (unit, about, claim, each.received, said, each.why, each.by, each.decided, shown(each.before),
             shown(each.after), changed),
            COLUMNS,
        )  # fmt: skip
    page.sheet.autofilter(top, 0, row, len(COLUMNS) - 1)
    for effect in report.effects:
        if len(effect.reviews) > 1:
            row += 2
            text = f"{len(effect.reviews)} 件调整合计引起的变化：{effect_words(effect)}。"
            page.merge(row, 0, len(COLUMNS) - 1, text, "wrap middle bare")
            page.sheet.set_row(row, height([(text, sum(column.width for column in COLUMNS))]))
    note = "引起的变化：这一件所涉的得分由原得分改为复核后得分，其余照现在的，改前改后的总分、名次、等次相比。"
    page.merge(row + 1, 0, len(COLUMNS) - 1, note, "quiet bare")
    page.sign(row + 3, len(COLUMNS))
