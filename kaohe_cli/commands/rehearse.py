"""``kaohe scheme rehearse``."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from kaohe_cli.assess.rehearsal import SECTION, Rehearsal, rehearse
from kaohe_cli.commands import contract
from kaohe_cli.commands.inputs import read_settings
from kaohe_cli.commands.next import scheme_tried
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Watch
from kaohe_cli.points import HUNDRED, fixed, plain

MOST = 8  # readings that are told


def scheme_rehearse(
    scheme_name: str, *, settings_path: Path | None, years: int, seed: int, watch: Watch = UNWATCHED
) -> Outcome:
    """Try a scheme on random years, with the units and targets of the settings where they are given."""
    scheme, settings, problems = read_settings(scheme_name, settings_path)
    found = rehearse(scheme, settings, years, seed, lambda work: watch.each(work, "试算各年", years))
    told, made = tuple(_told(found)), partial(contract.rehearsal, scheme, found)
    # without settings nothing is amiss here
    told_of = problems if settings_path else ()
    return Outcome(told_of, made=made, lines=told, table=tuple(_reach(found)), next=scheme_tried(scheme_name))


def _reach(found: Rehearsal) -> Iterator[tuple[str, ...]]:
    """What units had, a row each, the headings first."""
    yield "得分", "满分", "最低", "居中", "最高"
    for each in found.reach:
        title = f"{each.id} {each.title}" if each.id and not each.id.startswith(SECTION) else each.title
        yield title, *(fixed(value) for value in (each.full, each.least, each.middle, each.most))


def _told(found: Rehearsal) -> Iterator[str]:
    """What came of it, line by line."""
    yield f"试算 {found.years} 个年度，每年 {found.units} 个单位，数据在合理范围以内随机取得（--seed {found.seed}）。"
    least, mean, most = found.passing
    if found.mark is not None:
        yield f"达到 {plain(found.mark)} 分的单位：平均 {plain(mean)} 个，最少 {least} 个，最多 {most} 个。"
    if found.places is not None:
        yield f"前 {found.places} 名有并列而超出名额的：{found.shared} 年。"
    if found.alike:
        yield "几乎不起作用的规则："
        for alike in found.alike:
            yield f"  {alike.id} {alike.title}：{plain(alike.share * HUNDRED)}% 的单位同得 {plain(alike.points)} 分。"
    if found.unbounded:
        yield "没有上限的加分："
        yield from (f"  {each.id} {each.title}：最多得到 {plain(each.most)} 分。" for each in found.unbounded)
    if weighing := [each for each in found.deciding if each.years]:
        yield "最起作用的口径（改用以后，有单位名次、等次变动的年数）："
        for other in weighing[:MOST]:
            yield f"  {other.question}——{other.label}：{other.years} 年，其中等次变动 {other.grades} 年。"
    if idle := len(found.deciding) - len(weighing):
        yield f"另有 {idle} 种口径改用以后，名次和等次从不变动。"
