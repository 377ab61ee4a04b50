"""考核结果.xlsx: the ranking, and beside it all that it rests on."""

from kaohe_cli.paper.workbook import Paper
from kaohe_cli.result import scores as result_points
from kaohe_cli.result import text as result_text
from kaohe_cli.result.page import (
    ITEMS,
    NOTES,
    RANKING,
    READINGS,
    REASONS,
    SELF,
    SHEETS,
    SOURCES,
    Report,
    open_page,
)
from kaohe_cli.scheme.scheme import Scheme

__all__ = ["SHEETS", "Report", "build", "title"]


def title(scheme: Scheme) -> str:
    """The title in the properties of the result of ``scheme``."""
    return f"{scheme.content.title.removesuffix('表')}结果"


def build(report: Report) -> bytes:
    """The result workbook (考核结果.xlsx); the same report gives the same bytes."""
    with Paper(title(report.scheme), report.scheme.created) as paper:
        pages = {name: open_page(paper, report, name) for name in SHEETS}
        frame = result_points.frame_of(report)
        anchors = result_text.reasons(pages[REASONS])
        result_points.ranking(pages[RANKING], anchors)
        result_points.items(pages[ITEMS], anchors, frame)
        result_points.selves(pages[SELF], anchors, frame)
        result_text.readings(pages[READINGS])
        result_text.notes(pages[NOTES])
        result_text.sources(pages[SOURCES])
        pages[RANKING].sheet.activate()
        return paper.finish()
