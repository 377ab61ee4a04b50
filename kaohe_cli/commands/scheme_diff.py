"""``kaohe scheme diff``."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from kaohe_cli.assess.transfer import Both, MovedPoints, by_both
from kaohe_cli.commands import contract
from kaohe_cli.commands.inputs import read_ledger
from kaohe_cli.commands.next import scheme_compared
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.diagnostic import Problem
from kaohe_cli.extent import width
from kaohe_cli.points import fixed
from kaohe_cli.scheme.changed import QUOTED, Difference, DifferenceKind, differences
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.said import OPTION
from kaohe_cli.scheme.scheme import Scheme

QUOTE = "原文"
KINDS: dict[DifferenceKind, str] = {"changed": "改动", "added": "新增", "gone": "取消"}
ONE_LINE = 72  # columns
MOST_UNITS = 6  # that a line names


def scheme_diff(before_name: str, now_name: str, *, ledger_path: Path | None) -> Outcome:
    """Tell what is another in a scheme than in an older one, and what its year would have been by the newer."""
    before, now = load(before_name), load(now_name)
    found, both, problems, table = differences(before, now), None, tuple[Problem, ...](), tuple[tuple[str, ...], ...]()
    lines = [*scheme_lines(before, now, found)]
    if ledger_path is not None:
        ledger, settled, problems = read_ledger(before_name, ledger_path)
        both = by_both(settled, now, ledger.cases)
        lines += ["", *_by_both(both)]
        table = tuple(_standings(both))
    made = partial(contract.difference, before, now, found, both)
    return Outcome(problems, made=made, lines=tuple(lines), table=table, next=scheme_compared(now_name))


def scheme_lines(before: Scheme, now: Scheme, found: Sequence[Difference]) -> Iterator[str]:
    """What is another, by items, line by line."""
    shown = list(_once(found))
    counts = Counter(each.kind for each in shown)
    said = "，".join(f"{word} {counts[kind]} 处" for kind, word in KINDS.items() if counts[kind])
    yield f"原：{before.content.title}（{before.id}，{before.content.year} 年）"
    yield f"现：{now.content.title}（{now.id}，{now.content.year} 年）"
    yield f"{said}。" if said else "没有不同。"
    by_heading: dict[str, dict[tuple[str, str, str], list[Difference]]] = {}
    for each in shown:
        things = by_heading.setdefault(each.heading, {})
        things.setdefault((each.kind if each.what == "" else "", each.room, each.called), []).append(each)
    for heading, things in by_heading.items():
        yield ""
        yield heading
        for (kind, room, called), of in things.items():
            name = called if room in (heading, OPTION) or called == room else f"{room} {called}"
            name = "" if called == heading else name
            if kind:
                yield f"  {KINDS[of[0].kind]}：{name}{_only(of[0])}"
                yield from (f"    {part}" for part in of[0].now.split("；") if part)
                continue
            yield from [f"  {name}"] if name else ()
            for each in of:
                yield from (f"{'    ' if name else '  '}{line}" for line in _changed(each))


def _once(found: Iterable[Difference]) -> Iterator[Difference]:
    """``found`` without the quotes that stand in a sentence which is told itself."""
    found = tuple(found)
    sentences = [each for each in found if each.what in QUOTED]
    for each in found:
        told = (each.before in other.before and each.now in other.now for other in sentences)
        if each.what != QUOTE or not each.before or not each.now or not any(told):
            yield each


def _changed(each: Difference) -> Iterator[str]:
    """What was said and what is, on one line where both are short."""
    before, now = (f"“{words}”" if words else "无" for words in (each.before, each.now))
    line = f"{each.what}{_only(each)}：原{before}，现{now}"
    if width(line) <= ONE_LINE:
        yield line
    else:
        yield f"{each.what}{_only(each)}"
        yield f"  原：{each.before or '无'}"
        yield f"  现：{each.now or '无'}"


def _only(each: Difference) -> str:
    return f"（{each.only}）" if each.only else ""


def _by_both(both: Both) -> Iterator[str]:
    """What the points of the older year are by the newer scheme, line by line."""
    yield "上年底稿按两份方案分别计分："
    if both.uncarried:
        yield "  没有沿用的（缺的数据、评分待定，不当作 0）："
        yield from (f"    {each.what}：{each.why}，{each.units} 个单位" for each in both.uncarried)
    moved: dict[tuple[str, str], list[MovedPoints]] = {}
    for each in both.moved:
        moved.setdefault((each.ids[1] or each.ids[0], each.title), []).append(each)
    yield "  得分有变动的细则：" if moved else "  各条细则的得分都没有变动。"
    for (id, title), units in moved.items():
        named = "，".join(
            f"{each.unit} {fixed(each.points[0])} 改为 {fixed(each.points[1])}" for each in units[:MOST_UNITS]
        )
        yield f"    {id} {title}：{named}{f'，等 {len(units)} 个单位' if len(units) > MOST_UNITS else ''}"
    weighing = sum(each.weighs for each in both.standings)
    yield f"  名次、等次有变动的单位 {weighing} 个。" if weighing else "  名次和等次都没有变动。"
    yield ""


def _standings(both: Both) -> Iterator[tuple[str, ...]]:
    """Total, place and grade of every unit by both, the headings first."""
    yield "单位", "原总分", "现总分", "原名次", "现名次", "原等次", "现等次"
    for each in both.standings:
        places = ("—" if place is None else str(place) for place in each.place)
        yield each.unit, *map(fixed, each.total), *places, *(grade or "—" for grade in each.grade)
