"""``kaohe merge``."""

from collections.abc import Sequence
from pathlib import Path

from kaohe_cli.commands.inputs import read_ledger
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Unreadable, Watch
from kaohe_cli.commands.targets import held, said_kept
from kaohe_cli.diagnostic import problem
from kaohe_cli.ledger import merge as merging
from kaohe_cli.naming import readable
from kaohe_cli.paper import files
from kaohe_cli.sheet.folder import find_files


def merge(scheme_name: str, *, ledger_path: Path, copies: Sequence[Path], watch: Watch = UNWATCHED) -> Outcome:
    """Bring the entries of departments' copies into the office's ledger."""
    from kaohe_cli.ledger import book

    with held(ledger_path) as target:
        watch.now("读评分底稿")
        ledger, scheme, problems = read_ledger(scheme_name, ledger_path)
        found, unread = find_files(copies)
        problems += unread
        others = []
        for each in watch.each(found, "读返回的底稿", len(found)):
            if files.real(each.path) in (files.real(ledger_path), files.real(target)):
                continue
            other, odd = book.read(scheme, each.path)
            problems += odd
            if other is not None:
                others.append(other)
        if not others:
            nothing = (*problems, problem("KH951", found="、".join(str(copy) for copy in copies)))
            raise Unreadable(nothing) if found else Stop(nothing)
        watch.now("写评分底稿")
        merged, conflicts = merging.merge(scheme, ledger, others)
        problems += conflicts
        kept, unwritten = files.write(target, book.ledger_workbook(scheme, merged, problems), keep=True)
    if unwritten:
        return Outcome((*problems, *unwritten), (f"已读 {len(others)} 份返回的底稿，没有并入。",))
    said = f"已并入 {len(others)} 份底稿，写在 {readable(target)}。"
    return Outcome(problems, (said, *said_kept(kept, given=ledger_path, written=target)))
