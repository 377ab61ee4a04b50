"""What a result workbook says of itself: the units in their places, and what it was made from. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import DECISION_WORDS, READING, SCHEME, Ranking, Source
from kaohe_cli.naming import printed_name
from kaohe_cli.paper.provenance import LEDGER, VERSION
from kaohe_cli.points import fixed, half_up
from kaohe_cli.result.compare import exact
from kaohe_cli.result.page import ITEMS, PROVISIONAL, RANKING, REVIEWED, SOURCES, UNKNOWN
from kaohe_cli.scheme.normalise import LONGEST
from kaohe_cli.sheet.book import Book, CellKind
from kaohe_cli.sheet.table import Tabular, find, rows_of, stands, written

RANKING_TITLES = ("名次", "单位", "总分")
REVIEW_TITLES = ("单位", "项目", "申请事项", "复核结论")  # by which a review is known
GRADE = "等次"  # where the scheme has grades
SOURCE_TITLES = ("种类", "名称", "大小（字节）", "采用值", "SHA-256")


class RecordedUnit(Struct, frozen=True):
    """What a result says of one unit."""

    place: int | None  # None: no place
    grade: str
    total: Decimal | None  # None: not known, or not there to be read
    computed: bool = True  # False: the total is a formula without a result

    @property
    def said(self) -> str:
        """In words: 第3名、优秀、95.50 分."""
        place = "无名次" if self.place is None else f"第{self.place}名"
        total = "总分未定" if self.total is None else f"{fixed(self.total)} 分"
        return f"{place}{f'、{self.grade}' if self.grade else ''}、{total if self.computed else '总分的公式没有结果'}"


class Recorded(Struct, frozen=True):
    """What a result workbook says: the units in their places, and what it was made from."""

    file: str
    units: Mapping[str, RecordedUnit]  # by name
    sources: tuple[Source, ...]
    final: bool = True  # False: 暂定
    reviews: frozenset[tuple[str, ...]] = frozenset()  # those decided: unit, what about, claim, decision

    def of(self, role: str) -> tuple[Source, ...]:
        """The sources of one role."""
        return tuple(each for each in self.sources if each.role == role)

    @property
    def readings(self) -> Mapping[str, str]:
        """The readings that it was ranked by."""
        return {each.name: each.value for each in self.of(READING)}


def recorded(book: Book) -> tuple[Recorded | None, tuple[Problem, ...]]:
    """What the result in ``book`` says; None, with the reason, where it is no result workbook (KH903)."""
    ranking = _table(book, RANKING, RANKING_TITLES)
    sources = _table(book, SOURCES, SOURCE_TITLES)
    if ranking is None or sources is None:
        return None, (problem("KH903", file=book.file, expected=f"{RANKING}、{SOURCES}"),)
    return Recorded(book.file, dict(_units(ranking)), tuple(_sources(sources)), _is_final(book), _reviews(book)), ()


def points(book: Book, units: Collection[str]) -> Mapping[str, Mapping[str, Decimal | None]]:
    """What 分项得分 gives the ``units``, by name and by title of the column: 1.1 工业经济; None: not known."""
    table = _table(book, ITEMS, RANKING_TITLES)
    if table is None:
        return {}
    columns = {" ".join(title.split()): column for title, column in table.head.others}
    found: dict[str, dict[str, Decimal | None]] = {}
    for _, cells in table.rows:
        name = printed_name(table.head.text(cells, "单位"))
        if name in units:
            known = {title: exact(written(cells.get(column))) for title, column in columns.items()}
            found.setdefault(name, {title: None if value is None else half_up(value) for title, value in known.items()})
    return found


def standings(ranking: Ranking) -> Mapping[str, RecordedUnit]:
    """Place, grade and total of every unit, by name."""
    return {each.score.unit.name: RecordedUnit(each.place, each.grade, each.score.total) for each in ranking.units}


def differing(was: Recorded, now: Mapping[str, RecordedUnit]) -> Iterator[Problem]:
    """A KH905 for every unit that stands otherwise ``now``, or that only one of both has."""
    for name in dict.fromkeys((*was.units, *now)):
        then, became = was.units.get(name), now.get(name)
        # a formula without a result is told of its sheet, and says nothing of the unit
        seen = replace(became, total=None, computed=False) if then and became and not then.computed else became
        if then != seen:
            found = became.said if became else "没有这个单位"
            expected = then.said if then else "没有这个单位"
            yield problem("KH905", unit=name, file=was.file, sheet=RANKING, found=found, expected=expected)


def sources_shown(was: Recorded, now: Iterable[Source], changed: Iterable[Source]) -> tuple[Source, ...]:
    """``now`` as the sheet 来源 has to show it.

    Two things differ by right, and are told beside it: the versions of the program and its libraries, and what stands
    there of the ``changed`` sources, of ledger and scheme. All else has to be as it is ``now``.
    """
    versions = {each.name: each.value for each in was.of(VERSION)}
    others = {each.role: each for each in changed if each.role in (LEDGER, SCHEME)}

    def shown(each: Source) -> Source:
        if each.role == VERSION:
            return replace(each, value=versions.get(each.name, each.value))
        return others.get(each.role, each)

    return tuple(map(shown, now))


def _table(book: Book, sheet: str, titles: Sequence[str]) -> Tabular | None:
    held = book.sheet(sheet)
    return find(book.file, sheet, rows_of(held), titles, (*titles, GRADE))[0] if held else None


def _reviews(book: Book) -> frozenset[tuple[str, ...]]:
    """The reviews with a decision, where there is a sheet of them."""
    held = book.sheet(REVIEWED)
    table = find(book.file, REVIEWED, rows_of(held), REVIEW_TITLES)[0] if held else None
    rows = table.rows if table else iter(())
    found = (tuple(table.head.text(cells, title) for title in REVIEW_TITLES) for _, cells in rows) if table else ()
    return frozenset(each for each in found if each[-1] in DECISION_WORDS.values())


def _is_final(book: Book) -> bool:
    """Whether the title of the ranking, its first cell, does not say 暂定."""
    held = book.sheet(RANKING)
    title = next((cells[min(cells)] for _, cells in rows_of(held) if cells), None) if held else None
    return not written(title).endswith(PROVISIONAL)


def _units(table: Tabular) -> Iterator[tuple[str, RecordedUnit]]:
    """The rows of the ranking, down to the first that is not one of a unit."""
    graded = GRADE in table.head.columns
    for _, cells in table.rows:
        name, grade = table.head.text(cells, "单位"), table.head.text(cells, GRADE) if graded else ""
        if not name or not stands(cells.get(table.head.columns["总分"])):
            return
        place, total = (exact(table.head.text(cells, title)) for title in ("名次", "总分"))
        held = cells.get(table.head.columns["总分"])
        number, known = (None if place is None else int(place)), (None if total is None else half_up(total))
        yield printed_name(name), RecordedUnit(
            number, "" if grade == UNKNOWN else grade, known,
            held is None or held.kind is not CellKind.UNCOMPUTED,
        )  # fmt: skip


def _sources(table: Tabular) -> Iterator[Source]:
    for _, cells in table.rows:
        role, name, size, value, sha256 = (table.head.text(cells, title) for title in SOURCE_TITLES)
        if not name:
            return
        yield Source(role, name, int(size) if size.isdecimal() and len(size) <= LONGEST else None, sha256, value)
