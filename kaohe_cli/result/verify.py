"""Does a result still stand? The same material is scored and ranked again and compared, place by place."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.shipped import shipped_template
from kaohe_cli.ledger import book as ledger_book
from kaohe_cli.model import READING, SCHEME, Case, Source
from kaohe_cli.naming import printed_name, readable
from kaohe_cli.paper.provenance import VERSION, version_sources
from kaohe_cli.points import fixed, half_up, number
from kaohe_cli.result.page import RANKING, SOURCES
from kaohe_cli.scheme.load import SchemeError, load, under
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.table import Tabular, find, rows_of

RANKING_TITLES = ("名次", "单位", "总分", "等次")
SOURCE_TITLES = ("种类", "名称", "大小（字节）", "采用值", "SHA-256")
LEDGER, TEMPLATE = "底稿", "模板"
DEPTH = 2  # folders below the result in which its material is looked for
SAME, CHANGED, MISSING = "与当时相同", "已改变", "不在手边"

Verified: TypeAlias = tuple[tuple[str, ...], tuple[Problem, ...]]  # what is said in lines, and what is wrong
Near: TypeAlias = Mapping[str, Sequence[Path]]  # name of a file → where such files are, the nearest first


class RecordedUnit(Struct, frozen=True):
    """What a result says of one unit."""

    place: int | None  # None: no place
    grade: str
    total: Decimal | None  # None: not known

    @property
    def said(self) -> str:
        """In words: 第3名、优秀、95.50 分."""
        place = "无名次" if self.place is None else f"第{self.place}名"
        return f"{place}、{self.grade}、{'总分未定' if self.total is None else f'{fixed(self.total)} 分'}"


class Recorded(Struct, frozen=True):
    """What a result workbook says: the units in their places, and what it was made from."""

    file: str
    units: Mapping[str, RecordedUnit]  # by name
    sources: tuple[Source, ...]

    def of(self, role: str) -> tuple[Source, ...]:
        """The sources of one role."""
        return tuple(each for each in self.sources if each.role == role)


def verify(scheme_name: str, result: Path, *, ledger: Path | None = None) -> Verified:
    """What became of the material of ``result``, and whether every place, grade and total comes out the same.

    The material is looked for beside the result and in the folders below; ``ledger`` names the one to use. The readings
    are those that the result records. Differences are KH905, changed material KH904.
    """
    recorded, problems = read(result)
    if recorded is None:
        return (), problems
    near = beside(result)
    lines, told = material(recorded, near, {LEDGER: ledger, TEMPLATE: shipped_template(load(scheme_name))})
    scheme, wrong = _scheme(scheme_name, recorded)
    readings = [f"{each.name}={each.value}" for each in recorded.of(READING)]
    lines += (f"方案：{scheme_name} {CHANGED if wrong else SAME}；口径按考核结果所记：{'、'.join(readings)}",)
    path = ledger or next((_locate(near, each)[0] for each in recorded.of(LEDGER)), None)
    if path is None or scheme is None:
        name = next((each.name for each in recorded.of(LEDGER) if each.name), "评分底稿")
        missing = () if path else (problem("KH906", file=result.name, found=name),)
        return lines, (*problems, *told, *wrong, *missing)
    held, unread = ledger_book.read(load(scheme_name), path)
    if held is None:
        return lines, (*problems, *told, *wrong, *unread)
    differences = tuple(differing(recorded, standings(scheme, held.cases)))
    found = f"中，{len(differences)} 个与考核结果不一致" if differences else "的名次、等次、总分与考核结果全部一致"
    last = f"重算：{len(recorded.units)} 个单位{found}。"
    return (*lines, last, *(each.message for each in differences)), (*problems, *told, *wrong, *differences)


def standings(scheme: Scheme, cases: Sequence[Case]) -> Mapping[str, RecordedUnit]:
    """Place, grade and total of every unit, by name."""
    units = rank(scheme, [score(scheme, case) for case in cases]).units
    return {each.score.unit.name: RecordedUnit(each.place, each.grade, each.score.total) for each in units}


def differing(recorded: Recorded, now: Mapping[str, RecordedUnit]) -> Iterator[Problem]:
    """A KH905 for every unit that stands otherwise now, or that only one of both has."""
    for name in dict.fromkeys((*recorded.units, *now)):
        was, became = recorded.units.get(name), now.get(name)
        if was != became:
            found = became.said if became else "没有这个单位"
            expected = was.said if was else "没有这个单位"
            yield problem("KH905", unit=name, file=recorded.file, sheet=RANKING, found=found, expected=expected)


# ── material ────────────────────────────────────────────────────────────────────────────────────────────


def beside(result: Path) -> Near:
    """The files beside ``result`` and in the folders below it, by their names as people read them."""
    folder, found = result.absolute().parent, dict[str, list[Path]]()
    for depth in range(DEPTH + 1):
        for path in sorted(folder.glob("*/" * depth + "*")):
            found.setdefault(readable(path.name), []).append(path)
    return found


def material(recorded: Recorded, near: Near, at_hand: Mapping[str, Path | None]) -> Verified:
    """A line for each role of files, for the scheme and the versions, and a KH904 for each that has changed.

    ``at_hand`` says for a role which file to compare; others are looked for ``near`` the result.
    """
    lines, problems = [], []
    roles: dict[str, list[tuple[str, str]]] = {}  # the files of each, and what became of them
    for each in recorded.sources:
        if each.sha256 and each.role != SCHEME:
            given = at_hand.get(each.role)
            if given is not None and each.role == TEMPLATE and given.name != each.name:
                given = None
            same = given is not None and _digest(given) == each.sha256
            state = _locate(near, each)[1] if given is None else SAME if same else CHANGED
            roles.setdefault(each.role, []).append((each.name, state))
    for role, found in roles.items():
        states = [state for _, state in found]
        parts = [f"{state} {states.count(state)} 份" for state in (SAME, CHANGED, MISSING) if state in states]
        if len(found) == 1:
            parts = [f"{name} {state}" for name, state in found]
        lines.append(f"{role}：{'，'.join(parts)}")
        problems += [problem("KH904", file=name, found=role) for name, state in found if state == CHANGED]
    then = {each.name: each.value for each in recorded.of(VERSION)}
    moved = [
        f"{each.name} {then[each.name]} → {each.value}"
        for each in version_sources()
        if each.name in then and then[each.name] != each.value
    ]
    lines.append(f"版本：{'、'.join(moved) or SAME}")
    return tuple(lines), tuple(problems)


def _locate(near: Near, source: Source) -> tuple[Path | None, str]:
    """The file of that name, rather one whose content is the same, and what became of it."""
    found = [path for path in near.get(source.name.replace("\\", "/").rpartition("/")[2], ()) if path.is_file()]
    same = next((path for path in found if _digest(path) == source.sha256), None)
    return (same, SAME) if same else (found[0], CHANGED) if found else (None, MISSING)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return ""


def _scheme(name: str, recorded: Recorded) -> tuple[Scheme | None, tuple[Problem, ...]]:
    """The scheme by the readings that the result records; None where it does not know them."""
    scheme = load(name)
    problems = [
        problem("KH904", file=each.name, found=SCHEME)
        for each in recorded.of(SCHEME)
        if (each.name, each.sha256) != (scheme.id, scheme.digest)
    ]
    try:
        return under(scheme, {each.name: each.value for each in recorded.of(READING)}), tuple(problems)
    except SchemeError as error:
        return None, (*problems, *error.problems)


# ── the result as it was written ────────────────────────────────────────────────────────────────────────


def read(path: Path) -> tuple[Recorded | None, tuple[Problem, ...]]:
    """What the result workbook at ``path`` says; None, with the reason, where it is no result workbook (KH903)."""
    book, problems = reader.read_workbook(path, reader.LARGE_LIMITS, (RANKING, SOURCES))
    if book is None:
        return None, problems
    ranking = _table(book, RANKING, RANKING_TITLES)
    sources = _table(book, SOURCES, SOURCE_TITLES)
    if ranking is None or sources is None:
        return None, (*problems, problem("KH903", file=book.file, expected=f"{RANKING}、{SOURCES}"))
    return Recorded(book.file, dict(_units(ranking)), tuple(_sources(sources))), problems


def _table(book: Book, sheet: str, titles: Sequence[str]) -> Tabular | None:
    held = book.sheet(sheet)
    return find(book.file, sheet, rows_of(held), titles)[0] if held else None


def _units(table: Tabular) -> Iterator[tuple[str, RecordedUnit]]:
    """The rows of the ranking, down to the first that is not one of a unit."""
    for _, cells in table.rows:
        name, grade = table.head.text(cells, "单位"), table.head.text(cells, "等次")
        if not name or not grade:
            return
        place, total = (number(table.head.text(cells, title)) for title in ("名次", "总分"))
        standing = RecordedUnit(None if place is None else int(place), grade, None if total is None else half_up(total))
        yield printed_name(name), standing


def _sources(table: Tabular) -> Iterator[Source]:
    for _, cells in table.rows:
        role, name, size, value, sha256 = (table.head.text(cells, title) for title in SOURCE_TITLES)
        if not name:
            return
        yield Source(role, name, int(size) if size.isdigit() else None, sha256, value)
