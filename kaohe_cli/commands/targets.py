"""Where a command may write, asked before any work is done, and what is said of what it wrote."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe_cli.commands import contract
from kaohe_cli.commands.outcome import NextStep, Outcome, Stop
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.naming import readable
from kaohe_cli.paper import files
from kaohe_cli.paper.lock import locked
from kaohe_cli.paper.press import KEPT, FileState, Press, Pressed

if TYPE_CHECKING:
    from kaohe_cli.ledger.tally import Tally

WORKBOOK, DOCUMENT, SCHEME_FILE = ".xlsx", ".docx", ".toml"
OTHER_LEDGERS = (".xls", ".et", ".ods", ".xlsm")  # in which programs of others keep a ledger
WOULD: Mapping[FileState, str] = {"new": "新文件", "replaced": "替换原有的", "unchanged": "与原有的相同，不改动"}


def ready(path: Path, *suffixes: str, force: bool = True, title: str | None = None) -> None:
    """Raise Stop where ``path`` does not end as what is written, or something stands in the way of writing it."""
    if path.suffix.lower() not in suffixes:
        raise Stop((problem("KH907", file=path.name, found=str(path), expected=" 或 ".join(suffixes)),))
    clear(files.ready(path, force=force, title=title))


def clear(problems: Sequence[Problem]) -> None:
    """Raise Stop where there are any."""
    if problems:
        raise Stop(problems)


def apart(outputs: Iterable[Path], *inputs: Path | None) -> None:
    """Raise Stop where a file that is read would be written."""
    clear(files.apart(outputs=outputs, inputs=[path for path in inputs if path]))


@contextmanager
def held(path: Path, press: Press) -> Iterator[Path]:
    """Hold the ledger of ``path`` for this run: where it is written, as .xlsx beside one kept in another format.

    Raises Stop where it is open elsewhere, another run holds it, or there is such a workbook already. A dry run, which
    reads what is there whole in any case, holds nothing: it leaves no lock.
    """
    target = path
    if path.suffix.lower() in OTHER_LEDGERS and path.exists():
        target = path.with_suffix(WORKBOOK)
        if target.exists():
            raise Stop((problem("KH909", file=path.name, found=str(path), expected=target.name),))
    ready(target, WORKBOOK)
    if press.dry:
        yield target
        return
    with locked(target) as problems:
        clear(problems)
        yield target


def write(path: Path, data: bytes) -> tuple[Problem, ...]:
    """Put ``data`` in ``path``, whole or not at all; what the system refuses is KH913."""
    return files.write(path, data)[1]


def written(
    scheme: str | None, path: Path, unwritten: Sequence[Problem], said: str, problems: Sequence[Problem] = (), *,
    next: NextStep,
) -> Outcome:  # fmt: skip
    """What a command comes to that writes the one file ``path``, of ``scheme``: what is ``said``, if it was written.

    ``problems`` are those that did not keep it from being written.
    """
    if unwritten:
        return Outcome((*problems, *unwritten))
    return Outcome((*problems,), (said,), partial(contract.one_file, scheme, readable(path)), files=(path,), next=next)


def said_written(what: str, made: Pressed) -> str:
    """Whether ``what`` is there now; of a dry run, what would become of it."""
    if made.problems:
        return f"{what}写不成。" if made.dry else f"{what}没有写成。"
    return f"{what}{said_where(made)}。"


def said_where(made: Pressed) -> str:
    """Where it is: 写在 评分底稿.xlsx; of a dry run, what would become of what is there."""
    if not made.dry:
        return f"写在 {readable(made.path)}"
    return f"将写在 {readable(made.path)}（{WOULD[made.state]}{KEPT if made.kept else ''}）"


def said_kept(kept: Path | None, *, given: Path = Path(), written: Path = Path()) -> tuple[str, ...]:
    """Where what was there before is now, if anything was; ``given`` stays as it is where another is ``written``."""
    if given != written:
        return (f"{readable(given)} 没有改动，以后请用 {readable(written)}。",)
    return (f"原来的留在 {readable(kept.name)}。",) if kept else ()


def said_dry(press: Press, entries: "Tally | None" = None) -> tuple[str, ...]:
    """Of a dry run, what would become of the ``entries`` of a ledger, and that nothing was written."""
    if not press.dry:
        return ()
    told = (entries.said,) if entries and entries.said else ()
    return *told, "以上只是说明，没有写任何文件；去掉 --dry-run 再运行，才写。"
