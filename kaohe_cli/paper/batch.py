"""Many files of one kind, one a unit: here alone names of units become names of files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kaohe_cli.diagnostic import Problem
from kaohe_cli.naming import file_name, readable
from kaohe_cli.paper.files import ready, refusal, write


class Batch:
    """Files of units in one folder, counted as they come to be."""

    def __init__(self, folder: Path, kind: str, suffix: str = ".xlsx") -> None:
        """``kind`` is what people call them: 考核表; ``suffix`` is that of all their names."""
        self.folder = folder
        self.kind = kind
        self.suffix = suffix
        self.written: list[Path] = []
        self.problems: list[Problem] = []

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
        _, problems = write(self.path(unit), data, keep=keep, folder=self.folder)
        self.problems += problems
        if not problems:
            self.written.append(self.path(unit))
        return not problems

    @property
    def said(self) -> str:
        """How many there are, and how many there should be and are not."""
        failed = len(self.problems)
        said = f"已在 {readable(self.folder)} 生成 {len(self.written)} 份{self.kind}"
        return f"{said}，其余 {failed} 份未写。" if failed else f"{said}。"
