"""``kaohe merge``."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path, PurePath

from kaohe_cli.commands import contract
from kaohe_cli.commands.desk import Places, of_ledger
from kaohe_cli.commands.inputs import changes, find_copies, read_kept
from kaohe_cli.commands.next import next_step
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Unreadable, Watch
from kaohe_cli.commands.targets import held, said_dry, said_kept, said_where
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import merge as merging
from kaohe_cli.ledger.issued import unmerged
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.ledger.remit import whose_copy
from kaohe_cli.naming import JUDGED_FOLDER, alike, readable
from kaohe_cli.paper import files
from kaohe_cli.paper.press import Press

ALL = "全部"  # in place of a file's name


def merge(
    scheme_name: str, *, ledger_path: Path, copies: Sequence[Path], accept: Sequence[str] = (),
    received: date | None = None, dry: bool = False, watch: Watch = UNWATCHED,
) -> Outcome:  # fmt: skip
    """Bring the entries of departments' copies into the office's ledger.

    ``accept``: names of copies of which everything is taken, though it is not for their departments to enter.
    ``received`` is the day on which the copies came back (交回日期); None: not noted.
    ``dry``: nothing is written, but told what would be.
    """
    from kaohe_cli.ledger import book, reminders
    from kaohe_cli.ledger.copies import read_copy
    from kaohe_cli.ledger.tally import tally

    press = Press(dry=dry)
    with held(ledger_path, press) as target:
        watch.now("读评分底稿")
        ledger, scheme, problems = read_kept(scheme_name, ledger_path)
        there = find_copies(copies)
        problems += there.problems
        others, lost = [], []
        for each in watch.each(there.found, "读返回的底稿", len(there.found)):
            if files.real(each.path) in (files.real(ledger_path), files.real(target)):
                continue
            other, odd = read_copy(scheme, each.path, ledger, each.name)
            problems += odd
            if other is None:
                lost.append(each.name)
            else:
                others.append(book.with_looks(other, each.path, [sheet.name for sheet in other.sheets])[0])
        if not others:
            if lost:  # beside the ledger itself, which is none
                raise Unreadable(problems)
            raise Stop((*problems, problem("KH951", found="、".join(str(copy) for copy in copies))))
        accepted = _accepted(accept, others)
        watch.now("写评分底稿")
        merged = merging.merge(scheme, ledger, others, accepted)
        problems += merged.problems
        now = merged.ledger
        if received is not None:
            # a copy of which nothing is new has not been handed in
            came = dict.fromkeys(whose_copy(ledger, each) for each in others if unmerged(scheme, ledger, each))
            came.pop("", None)
            now = reminders.noted(now, came, reminders.RETURNED, received, first=False)
        changed, became = changes(scheme_name, scheme, ledger, now), tally(scheme, ledger, now, problems)
        made = press.put(target, book.ledger_workbook(scheme, now, problems, changed), keep=True)
    if made.problems:
        return Outcome((*problems, *made.problems), (f"已读 {len(others)} 份返回的底稿，没有并入。",))
    said = f"{'可' if dry else '已'}并入 {len(others)} 份底稿，{said_where(made)}。"
    left = reminders.said(reminders.standings(scheme, now))
    aside = (f"以前的旧表 {len(there.aside)} 份没有读。",) if there.aside else ()
    notes = (said, *said_kept(made.copy, given=ledger_path, written=target), *aside, *left, *said_dry(press, became))
    places = Places(scheme_name, ledger=target).beside(target, judged=_folder(copies))
    step = next_step(of_ledger(scheme, now, places))
    answer = partial(
        contract.merged, scheme, readable(target), merged.accounts, unread=lost, aside=len(there.aside), changed=changed
    )
    lines = (*(each.said for each in merged.accounts), *(f"{name}：没有并入。" for name in lost))
    return Outcome(
        problems, notes, answer, lines=lines, changes=changed, files=(target,), next=step, press=press, entries=became,
    )  # fmt: skip


def _folder(copies: Sequence[Path]) -> Path | None:
    """Where copies come in: the folder that was given, or that of a file where it is called as usual.

    None: it is not known; any other folder of a file holds what is none of our business.
    """
    there = [each if each.is_dir() else each.parent for each in copies]
    return next((each for each in there if each in copies or each.name == JUDGED_FOLDER), None)


def _accepted(named: Sequence[str], copies: Sequence[Ledger]) -> frozenset[str]:
    """The files that ``named`` means, by their whole name or without its ending; raises Stop where one means none."""
    files = [copy.file for copy in copies]
    meant: dict[str, list[str]] = {alike(ALL): files}
    for file in files:
        name = PurePath(file).name
        for spelling in {file, name, PurePath(name).stem}:
            meant.setdefault(alike(spelling), []).append(file)
    unknown: list[Problem] = [
        problem("KH347", found=name, expected="、".join(files)) for name in named if alike(name) not in meant
    ]
    if unknown:
        raise Stop(unknown)
    return frozenset(file for name in named for file in meant[alike(name)])
