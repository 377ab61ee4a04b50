"""Many files of one kind, one a unit: here alone names of units become names of files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kaohe_cli.diagnostic import Problem
from kaohe_cli.naming import file_name, readable
from kaohe_cli.paper.files import is_dated, ready, refusal
from kaohe_cli.paper.press import Press, Pressed, tally

FEW = 4  # files that a line names one by one


class Batch:
    """Files of units in one folder, counted as they come to be."""

    def __init__(self, folder: Path, kind: str, suffix: str = ".xlsx", press: Press | None = None) -> None:
        """``kind`` is what people call them: 考核表; ``suffix`` is that of all their names; ``press`` writes them."""
        self.folder = folder
        self.kind = kind
        self.suffix = suffix
        self.press = press or Press()
        self.made: list[Pressed] = []
        self.problems: list[Problem] = []

    @property
    def written(self) -> list[Path]:
        """The files that are there now, or would be."""
        return [each.path for each in self.made]

    def path(self, unit: str) -> Path:
        """The file of a unit."""
        return self.folder / file_name(unit, self.suffix)

    def ready(self, units: Sequence[str], *, force: bool = True, titles: Sequence[str] = ()) -> tuple[Problem, ...]:
        """What stands in the way of the files of ``units``, as :func:`ready`; ``titles`` are those of our own files."""
        known: Sequence[str | None] = titles or [None] * len(units)
        return tuple(
            each
            for unit, title in zip(units, known, strict=True)
            for each in ready(self.path(unit), force=force, title=title, folder=self.folder)
        )

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Make and write one file: making it may take temporary files, and what the system refuses stops no other."""
        try:
            yield
        except OSError as error:
            self.problems.append(refusal(error))

    def write(self, unit: str, data: bytes, *, keep: bool = False) -> bool:
        """Write the file of a unit; whether it is there now."""
        made = self.press.put(self.path(unit), data, keep=keep, folder=self.folder)
        self.problems += made.problems
        if not made.problems:
            self.made.append(made)
        return not made.problems

    @property
    def said(self) -> str:
        """How many there are, and how many there should be and are not; of a dry run, what would become of them."""
        count, failed = len(self.made), len(self.problems)
        done, not_done = ("将", "写不成") if self.press.dry else ("已", "未写")
        said = f"{done}在 {readable(self.folder)} 生成 {count} 份{self.kind}"
        if self.press.dry and count:
            said = f"{said}（{tally(self.made, '份')}）"
        said = f"{said}，其余 {failed} 份{not_done}。" if failed else f"{said}。"
        left = self._left() if self.press.dry else []
        named = "、".join(left[:FEW]) + (f"等 {len(left)} 份" if left[FEW:] else "")
        return f"{said}原有的{named}不动。" if left else said

    def _left(self) -> list[str]:
        """The files of that folder that are none of these, but for dated copies and what other programs keep there."""
        there = sorted(self.folder.glob(f"*{self.suffix}")) if self.folder.is_dir() else []
        others = (each for each in there if each not in self.written and not is_dated(each))
        return [readable(each.name) for each in others if not each.name.startswith((".", "~"))]
