"""``kaohe diff``: two files of one kind against each other, whatever that kind is; nothing is written."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from kaohe_cli.commands import contract
from kaohe_cli.commands.diff_rest import rest
from kaohe_cli.commands.differing import FILE_WORDS, Differing, FileDiff, FileKind, RowPlace
from kaohe_cli.commands.kinds import KnownFile, known
from kaohe_cli.commands.next import file_compared, nothing_differs
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Unreadable, Watch
from kaohe_cli.commands.scheme_diff import scheme_lines
from kaohe_cli.diagnostic import problem
from kaohe_cli.ledger.changes import ABSENT
from kaohe_cli.naming import listed, readable
from kaohe_cli.scheme.changed import Difference, differences
from kaohe_cli.scheme.load import load
from kaohe_cli.sheet import reader

SAME, ALIKE, COMPARED = "两份文件完全相同。", "内容没有不同。", "比较的各项没有不同。"
FEW = 3  # rows that are named one by one


def diff(
    scheme_name: str, before_path: Path, now_path: Path, *, settings_path: Path | None, watch: Watch = UNWATCHED
) -> Outcome:
    """Tell what is another in a file than in an earlier one of its kind; raises Stop where they are of no one kind.

    ``settings_path``: settings by which returns are read; None: by the targets that are printed on them.
    """
    paths = before_path, now_path
    missing = [path for path in dict.fromkeys(paths) if not path.exists()]
    if missing:
        raise Stop(problem("KH957", file=path.name, found=readable(path)) for path in missing)
    watch.now("辨认文件")
    scheme = load(scheme_name)
    before, now = (known(scheme, path) for path in paths)
    kind = _one_kind(before, now)
    watch.now(f"比较两份{FILE_WORDS[kind]}")
    if before.sha256 == now.sha256:
        found = FileDiff((), (SAME,))
    else:
        found = _compared(kind, scheme_name, before_path, now_path, settings_path)
        found = replace(found, rest=_rest(kind, before_path, now_path, found.rows))
    lines = (*_named(kind, before, now), *_said(found))
    made = partial(contract.differing, kind, (before, now), found)
    step = file_compared(scheme_name, kind, now_path) if found.rows else nothing_differs(scheme_name)
    return Outcome(found.problems, made=made, lines=lines, next=step)


def _one_kind(before: KnownFile, now: KnownFile) -> FileKind:
    """The kind of both; raises Stop where there is no such kind."""
    unread = [told for each in (before, now) for told in each.problems]
    if unread:
        raise Unreadable(unread)
    kinds = "、".join(FILE_WORDS.values())
    strange = [each.path for each in (before, now) if each.kind is None]
    if strange:
        raise Stop(problem("KH964", file=path.name, expected=kinds) for path in strange)
    assert before.kind is not None
    assert now.kind is not None
    if before.kind != now.kind:
        said = {"found": FILE_WORDS[before.kind], "expected": FILE_WORDS[now.kind]}
        raise Stop((problem("KH965", file=now.path.name, other=before.path.name, **said),))
    return now.kind


def _compared(kind: FileKind, scheme_name: str, before: Path, now: Path, settings: Path | None) -> FileDiff:
    if kind == "return":
        from kaohe_cli.commands.diff_returns import returns

        return returns(scheme_name, before, now, settings)
    if kind == "settings":
        from kaohe_cli.commands import diff_settings

        return diff_settings.settings(scheme_name, before, now)
    if kind == "ledger":
        from kaohe_cli.commands.diff_ledgers import ledgers

        return ledgers(scheme_name, before, now)
    if kind == "result":
        from kaohe_cli.commands.diff_results import results

        return results(scheme_name, before, now)
    return _schemes(before, now)


def _rest(kind: FileKind, before: Path, now: Path, rows: Sequence[Differing]) -> tuple[RowPlace, ...]:
    """The rows that differ beside all that was told; of ledgers and results most follow from that."""
    if kind == "scheme" or (rows and kind in ("ledger", "result")):
        return ()
    was, held = (reader.read_workbook(path, reader.LARGE_LIMITS)[0] for path in (before, now))
    return rest(was, held, rows) if was and held else ()


def _said(found: FileDiff) -> Iterator[str]:
    """What differs, and how much else does that was not compared."""
    yield from found.lines
    if found.rest:
        named = listed([f"{sheet}第 {row} 行" for sheet, row in found.rest], FEW)
        yield f"{'' if found.lines else COMPARED}另有 {len(found.rest)} 行不同，没有逐项比较：{named}。"
    elif not found.lines:
        yield ALIKE


def _schemes(before_path: Path, now_path: Path) -> FileDiff:
    """What ``kaohe scheme diff`` tells."""
    before, now = load(str(before_path)), load(str(now_path))
    found = differences(before, now)
    return FileDiff(tuple(map(_row, found)), (*scheme_lines(before, now, found),))


def _row(each: Difference) -> Differing:
    item = f"{each.room} {each.called}" if not each.what else each.place
    return Differing("scheme", item, each.before or ABSENT, each.now or ABSENT)


def _named(kind: FileKind, before: KnownFile, now: KnownFile) -> Iterator[str]:
    """Which file is which."""
    yield f"原{FILE_WORDS[kind]}：{readable(before.path)}"
    yield f"现{FILE_WORDS[kind]}：{readable(now.path)}"
