"""考核结果.xlsx: the ranking, and beside it all that it rests on."""

from kaohe_cli.ledger.record import COMPARISON
from kaohe_cli.paper.workbook import Paper
from kaohe_cli.result import analysis, honours, page, reviewed, scores, text, years
from kaohe_cli.scheme.scheme import Scheme


def title(scheme: Scheme) -> str:
    """The title in the properties of the result of ``scheme``."""
    return f"{scheme.content.title.removesuffix('表')}结果"


def result_workbook(report: page.Report) -> bytes:
    """The result workbook (考核结果.xlsx); the same report gives the same bytes."""
    with Paper(title(report.scheme), report.scheme.created) as paper:
        pages = {name: page.open_page(paper, report, name) for name in report.sheets}
        frame = scores.frame_of(report)
        anchors = text.reasons(pages[page.REASONS])
        scores.ranking(pages[page.RANKING], anchors)
        if page.HONOURS in pages:
            honours.honoured(pages[page.HONOURS], anchors)
        scores.items(pages[page.ITEMS], anchors, frame)
        scores.selves(pages[page.SELF], anchors, frame)
        if page.REVIEWED in pages:
            reviewed.reviewed(pages[page.REVIEWED])
        if page.JUDGING in pages:
            analysis.judging(pages[page.JUDGING])
        if COMPARISON in pages:
            scores.comparison(pages[COMPARISON])
        if report.beside:
            years.compared(pages[page.PREVIOUS], report.beside, anchors)
        text.readings(pages[page.READINGS])
        text.notes(pages[page.NOTES])
        text.sources(pages[page.SOURCES])
        pages[page.RANKING].sheet.activate()
        return paper.finish()
