"""Two files of one kind, told against each other: what differs as records, and how that is said in lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.changes import ChangeKind
from kaohe_cli.model import Change
from kaohe_cli.points import fixed

FileKind = Literal["return", "settings", "ledger", "result", "scheme"]
FILE_WORDS: Mapping[FileKind, str] = {
    "return": "填报表", "settings": "考核设置", "ledger": "评分底稿", "result": "考核结果", "scheme": "考核方案",
}  # fmt: skip
DifferingKind: TypeAlias = ChangeKind | Literal["points", "source", "final"]
RowPlace = tuple[str, int]  # sheet and row, from 1
ALL = "全部单位"
MOST_UNITS, MOST_LINES = 12, 12  # units that are shown, and lines of one of many


class Differing(Struct, frozen=True):
    """Something that two files do not say alike."""

    kind: DifferingKind
    item: str  # 工业销售产值·本年实绩; 1.1.2 超额加分
    before: str  # as people see it: 26.8; 空
    now: str
    why: str = ""
    unit: str = ""  # its name; empty: of no one unit
    code: str = ""
    cells: tuple[str, str] = ("", "")  # 指标!D5 in each of both; empty: in none
    causes: tuple[str, ...] = ()  # what it follows from, where that is among the differences: their items

    @property
    def pair(self) -> str:
        """What was and what is: 26.8 → 27.1."""
        return f"{self.before} → {self.now}"

    @property
    def said(self) -> str:
        """In one line, with the cell where there is one and the reason."""
        here, there = self.cells
        cell = here if here == there else " → ".join(filter(None, self.cells))
        place = f"[{cell}]" if cell else ""
        return f"{self.item}{place}：{self.pair}{f'（{self.why}）' if self.why else ''}"


class FileDiff(Struct, frozen=True):
    """Two files that were compared."""

    rows: tuple[Differing, ...]
    lines: tuple[str, ...]  # for people
    moved: tuple[Change, ...] = ()  # units whose total, place or grade is another
    problems: tuple[Problem, ...] = ()
    rest: tuple[RowPlace, ...] = ()  # rows that differ beside that, where it was looked for


def standing_pairs(change: Change) -> Iterator[tuple[DifferingKind, str, str, str]]:
    """Total, place and grade of a unit, those that are others: the kind, what it is called, before and now."""
    places = tuple("—" if each is None else str(each) for each in change.place)
    pairs: Mapping[DifferingKind, tuple[str, tuple[str, ...]]] = {
        "total": ("总分", tuple(map(fixed, change.total))), "place": ("名次", places), "grade": ("等次", change.grade),
    }  # fmt: skip
    for kind, (what, (was, now)) in pairs.items():
        if was != now:
            yield kind, what, was or "—", now or "—"


def standing_words(change: Change) -> str:
    """What moved for a unit: 总分 86.50 → 87.00，名次 5 → 4，等次 达标 → 优秀."""
    return "，".join(f"{what} {was} → {now}" for _, what, was, now in standing_pairs(change))


def by_unit(
    groups: Mapping[str, Iterable[str]], behind: Sequence[Change] = (), most: int = MOST_LINES
) -> Iterator[str]:  # fmt: skip
    """Lines of units under their headings, as many as anyone reads; ``behind`` are units that others alone moved.

    ``most`` lines of each unit are shown.
    """
    left = 0
    for count, (heading, own) in enumerate(groups.items()):
        lines = [*own]
        if count >= MOST_UNITS:
            left += 1
            continue
        yield heading
        yield from (f"  {line}" for line in lines[:most])
        if lines[most:]:
            yield f"  其余 {len(lines) - most} 处，加 --json 全部列出。"
    if left:
        yield f"其余 {left} 个单位，加 --json 全部列出。"
    if behind:
        yield "因其他单位变动："
        yield from (f"  {each.unit}：{standing_words(each)}" for each in behind[:MOST_UNITS])
        if behind[MOST_UNITS:]:
            yield f"  其余 {len(behind) - MOST_UNITS} 个单位，加 --json 全部列出。"


def in_order(general: Sequence[str], units: Mapping[str, Sequence[str]], moved: Sequence[Change]) -> Iterator[str]:
    """What concerns all, then unit by unit under how it stands what weighs most, then those that others alone moved."""
    known = {each.unit: each for each in moved}
    groups = {ALL: general} if general else {}
    for name in sorted(units, key=lambda name: _weight(known.get(name))):
        standing = standing_words(known[name]) if name in known else "总分、名次、等次没有变动"
        groups[f"{name}：{standing}"] = units[name]
    yield from by_unit(groups, [each for each in moved if each.unit not in units])


def _weight(moved: Change | None) -> tuple[bool, bool, bool]:
    """Units first whose grade moved, then those whose place, then those whose total did."""
    if moved is None:
        return True, True, True
    return len({*moved.grade}) == 1, len({*moved.place}) == 1, len({*moved.total}) == 1
