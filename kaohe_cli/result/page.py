"""What the sheets of 考核结果.xlsx share: what they tell, their names, their head, their rows and their foot."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from msgspec import Struct

from kaohe_cli.assess.appeal import ReviewEffect
from kaohe_cli.assess.judging import judges
from kaohe_cli.assess.margin import Margin
from kaohe_cli.assess.omission import Omission
from kaohe_cli.assess.sensitivity import Alternative
from kaohe_cli.diagnostic import Problem
from kaohe_cli.extent import USUAL, height, lines, width
from kaohe_cli.ledger.record import COMPARISON
from kaohe_cli.model import Case, Publicity, Ranked, Ranking, Review, Source
from kaohe_cli.paper.workbook import Column, Content, Contents, Paper, Styled
from kaohe_cli.points import ZERO
from kaohe_cli.result.previous import Beside
from kaohe_cli.scheme.frame import Section
from kaohe_cli.scheme.scheme import Scheme

RANKING, ITEMS, SELF, REASONS = "排名", "分项得分", "自评与考核", "得分依据"
READINGS, NOTES, SOURCES = "口径与敏感性", "问题与说明", "来源"
JUDGING, REVIEWED, PREVIOUS, HONOURS = "评分分析", "复核情况", "与上年比较", "表彰名单"
SHEETS = (RANKING, ITEMS, SELF, REASONS, READINGS, NOTES, SOURCES)  # of every result; others beside them

UNKNOWN = "—"
PROVISIONAL = "（暂定）"  # follows every title while the ranking is not final
SIGNATURES = "制表：　　　　　　　　复核：　　　　　　　　审定：　　　　　　　　"
MOST_SECTIONS = 6  # that are shown side by side on an upright page
ROW = 20.0  # height of a row that nothing sets, in points
TITLE_SIZE, TITLE_HEIGHT, HEADER_LINE = 16, 40.0, 18.0  # in points, of a line
BESIDE_MARK = 22  # characters of the head of an upright page that have room beside the mark in its middle
PRINTED = 523.0, 737.0  # width and height of an upright page within the margins, in points
LEAST_PRINT = 8.0  # points that print has at least


class Report(Struct, frozen=True):
    """All that the result workbook tells."""

    scheme: Scheme
    ranking: Ranking
    cases: Mapping[str, Case]  # by unit code: the figures that the points rest on
    trials: Sequence[Alternative] | None = None  # None: the sensitivity of the ranking was not tried
    problems: Sequence[Problem] = ()
    sources: Sequence[Source] = ()
    approvals: Mapping[str, tuple[str, str]] = {}  # reading → approver, date as written
    resting: Sequence[str] = ()  # what points rest on that nobody verified, in sentences
    margins: Sequence[Margin] = ()  # how firm the places are; none where no unit has one, or it was not looked at
    departments: Mapping[str, str] = {}  # item → 责任处室, as far as named
    omissions: Sequence[Omission] | None = None  # None: no item was left out in turn
    publicity: Publicity = Publicity()
    beside: Beside | None = None  # None: last year's result was not given
    reviews: Sequence[Review] = ()
    effects: Sequence[ReviewEffect] = ()  # of the reviews that adjusted points
    version: int = 0  # 版次; 0: it has none

    @property
    def units(self) -> tuple[Ranked, ...]:
        """The units in order."""
        return self.ranking.units

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets of the workbook, in order."""
        after = SHEETS.index(REASONS)
        judging = (JUDGING,) if judges(self.scheme) else ()
        comparison = (COMPARISON,) if self.scheme.subjects else ()
        previous = (PREVIOUS,) if self.beside else ()
        reviewed = (REVIEWED,) if self.reviews else ()
        honours = (HONOURS,) if any(each.rewarded for each in self.scheme.content.grade) else ()
        extra = (*reviewed, *judging, *comparison, *previous)
        return (*SHEETS[:1], *honours, *SHEETS[1:after], *extra, *SHEETS[after:])

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that have columns of their own beside the total: those at the top, if not too many."""
        tops = self.scheme.tops
        return tops if len(tops) <= MOST_SECTIONS else ()

    @property
    def lowest(self) -> Decimal:
        """The lowest total, 分, or 0 where none is below."""
        return min((each.score.total for each in self.units if each.score.total is not None), default=ZERO)

    @property
    def graded(self) -> bool:
        """Whether units get grades, or one is vetoed though the notice knows no veto."""
        return bool(self.scheme.grades or self.scheme.content.veto) or any(each.grade for each in self.units)

    @property
    def grouped(self) -> bool:
        """Whether units are ranked in groups."""
        return self.scheme.groups != ("",)

    @property
    def title(self) -> str:
        """The name of the assessment: ……工作目标责任制考核."""
        return self.scheme.content.title.removesuffix("表")

    @property
    def capping(self) -> bool:
        """Whether there is a cap that may take points away."""
        return self.scheme.capping

    @property
    def standing(self) -> str:
        """Whether the ranking is final, in one sentence."""
        if self.ranking.final:
            resting = "".join(f"{each}。" for each in self.resting)
            number, grouped = self.scheme.content.notice.number, "分组" if self.grouped else ""
            return f"{f'依据{number}；' if number else ''}以考核分{grouped}排名。{resting}"
        waiting = sum(each.score.total is None for each in self.units)
        left = f"还有 {waiting} 个单位总分未定" if waiting else "评分底稿中还有待核的事项"
        return f"暂定：{left}，名次和等次以定稿为准。"

    @property
    def provisional(self) -> str:
        """What follows a title while the ranking is not final."""
        return "" if self.ranking.final else PROVISIONAL


class Page(Struct, frozen=True):
    """A sheet of the result workbook being written; rows and columns count from 0."""

    paper: Paper
    report: Report
    sheet: Any  # the XlsxWriter worksheet

    def put(self, row: int, column: int, content: Content | Styled, look: str = "text") -> None:
        """Write one cell."""
        self.paper.put(self.sheet, row, column, content, look)

    def merge(self, row: int, first: int, last: int, content: str, look: str = "text") -> None:
        """Write one text across the columns from ``first`` to ``last``."""
        self.paper.merge(self.sheet, row, first, last, content, look)

    def row(self, row: int, contents: Contents, columns: Sequence[Column], look: str = "") -> None:
        """Write one row, with ``look`` in place of the columns' own; what is not known stands in the middle."""
        for index, (content, column) in enumerate(zip(contents, columns, strict=True)):
            self.put(row, index, content, look or (f"{column.look} centre" if content == UNKNOWN else column.look))

    def whole(self, row: int, contents: Contents, columns: Sequence[Column]) -> float:
        """Write one row that shows the texts of columns that wrap whole; returns its height in points."""
        self.row(row, contents, columns)
        wrapped = [each for each in zip(contents, columns, strict=True) if each[1].look.startswith("wrap")]
        tall = height((str(text), column.width) for text, column in wrapped if not isinstance(text, Styled))
        self.sheet.set_row(row, tall)
        return tall

    def unit(self, row: int, ranked: Ranked, contents: Contents, columns: Sequence[Column], grounds: int) -> float:
        """As :meth:`whole`, for a unit, after its name and its place, which is linked to the row of its ``grounds``."""
        # the cell's own content is written over the link's text
        self.sheet.write_url(row, 0, f"internal:'{REASONS}'!A{grounds + 1}", self.paper.look("text"), "-")
        return self.whole(row, (shown(ranked.place), ranked.score.unit.name, *contents), columns)

    def sign(self, row: int, across: int) -> None:
        """Leave room for the signatures below a table of ``across`` columns."""
        self.sheet.set_row(row, 24)
        self.merge(row, 0, across - 1, SIGNATURES, "bare right")

    def head(self, title: str, columns: Sequence[Column], tall: float = 36, *, whole: bool = False) -> int:
        """Write title, standing, links and header, at least ``tall`` points high; returns the row of the header.

        ``whole`` as :meth:`top`.
        """
        self.top(title, columns, whole=whole)
        self.paper.header(self.sheet, 2, columns, self._heights(title, columns, tall)[1], freeze=2)
        return 2

    def top(self, title: str, columns: Sequence[Column], *, whole: bool = False) -> None:
        """Write title, standing and links across ``columns``, in two rows; ``whole``: however long the standing is."""
        last = len(columns) - 1
        said, (titled, _) = self._titled(title), self._heights(title, columns)
        self.sheet.set_row(0, titled)
        self.merge(0, 0, last, said, "title" if titled == TITLE_HEIGHT else "title wrap middle")
        home = self.sheet.get_name() == RANKING
        mood = "bare quiet" if self.report.ranking.final else "bare alert"
        standing = self._standing(columns) if whole else ROW
        mood = mood if standing == ROW else f"{mood} wrap middle"
        edition = f"第{self.report.version}版。" if home and self.report.version else ""
        self.merge(1, 0, last if home else last - 2, f"{edition}{self.report.standing}", mood)
        self.sheet.set_row(1, standing)
        if not home:
            look = self.paper.look("bare right link")
            self.sheet.merge_range(1, last - 1, 1, last, "", look)
            self.sheet.write_url(1, last - 1, f"internal:'{RANKING}'!A1", look, "返回排名")

    def used_by_head(self, title: str, columns: Sequence[Column]) -> float:
        """How high all is that :meth:`head` writes, in points."""
        return sum(self._heights(title, columns)) + ROW

    def used_by_top(self, title: str, columns: Sequence[Column]) -> float:
        """How high all is that :meth:`top` writes whole, in points."""
        return self._heights(title, columns)[0] + self._standing(columns)

    def repeated(self, title: str, columns: Sequence[Column]) -> float:
        """How high the title is, in points, where it alone is repeated on each page."""
        return self._heights(title, columns)[0]

    def _standing(self, columns: Sequence[Column]) -> float:
        """How high the row of the standing is, so that it shows whole beside the link, in points."""
        beside = sum(column.width for column in columns[:-2])
        return ROW if lines(self.report.standing, beside) == 1 else height([(self.report.standing, beside)])

    def _titled(self, title: str) -> str:
        return f"{self.report.title}{title if title == '结果' else f'结果——{title}'}{self.report.provisional}"

    def _heights(self, title: str, columns: Sequence[Column], tall: float = 36) -> tuple[float, float]:
        """Of the row of the title, and of that of the header, so that both show whole."""
        across = sum(column.width for column in columns)
        titled = height([(self._titled(title), across)], size=TITLE_SIZE, least=TITLE_HEIGHT)
        return titled, max(tall, HEADER_LINE * max(map(_header_lines, columns)))


def _header_lines(column: Column) -> int:
    return sum(ceil(width(part) / (column.width + 1)) for part in column.title.split("\n"))


def wide(columns: Sequence[Column]) -> float:
    """How wide ``columns`` are, in points."""
    return sum(column.width * 7 + 5 for column in columns) * 0.75


def is_upright(columns: Sequence[Column]) -> bool:
    """Whether ``columns`` are legible on an upright page."""
    return wide(columns) * LEAST_PRINT <= PRINTED[0] * USUAL


def open_page(paper: Paper, report: Report, name: str) -> Page:
    """A new sheet of the workbook, marked as provisional where the ranking is not final."""
    landscape = name not in (RANKING, HONOURS, SELF)
    mark = "" if report.ranking.final else "暂　定"
    sheet = paper.sheet(name, landscape=landscape, mark=mark)
    sheet.set_default_row(ROW)
    if mark:
        title = f"{report.title}结果"
        parts = (title[at : at + BESIDE_MARK] for at in range(0, len(title), BESIDE_MARK))
        left = "\n".join(parts).replace("&", "&&")
        sheet.set_header(f"&L{left}&C&16&KC00000{mark}&R{name}")
    return Page(paper, report, sheet)


def shown(value: Decimal | int | None) -> Content:
    """``value``, or the sign for what is not known yet."""
    return UNKNOWN if value is None else value
