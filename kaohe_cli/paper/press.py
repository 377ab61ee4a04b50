"""Through here goes what a command writes: whole or not at all, or, in a dry run, only told of each file."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from kaohe_cli.diagnostic import Problem
from kaohe_cli.paper import files

FileState = Literal["new", "replaced", "unchanged"]
STATE_WORDS: Mapping[FileState, str] = {"new": "新", "replaced": "替换", "unchanged": "不变"}
KEPT = "，原有的留作带日期的副本"


class Pressed(Struct, frozen=True):
    """A file that was written, or, in a dry run, would be."""

    path: Path
    state: FileState
    kept: bool = False  # whether what was there before stays beside it as a dated copy
    copy: Path | None = None  # that copy; None: there is none, or none yet
    problems: tuple[Problem, ...] = ()  # why it is not there; all else says nothing then
    dry: bool = False


class Press:
    """What one command writes, in order."""

    def __init__(self, *, dry: bool = False) -> None:
        """``dry``: nothing is written, no folder made."""
        self.dry = dry
        self.files: list[Pressed] = []

    def put(self, path: Path, data: bytes, *, keep: bool = False, folder: Path | None = None) -> Pressed:
        """Put ``data`` in ``path`` as :func:`files.write` does, or tell what would become of it."""
        state = _state(path, data)
        if self.dry:
            copy, problems, kept = None, files.ready(path, folder=folder), keep and state == "replaced"
        else:
            copy, problems = files.write(path, data, keep=keep, folder=folder)
            kept = copy is not None
        made = Pressed(path, state, kept, copy, problems, self.dry)
        if not problems:
            self.files.append(made)
        return made


def tally(made: Iterable[Pressed], counter: str) -> str:
    """How many of them are new, take the place of another, or stay, and if the others are kept: 新 2 份，替换 11 份."""
    made = tuple(made)
    counts = Counter(each.state for each in made)
    said = "，".join(f"{word} {counts[state]} {counter}" for state, word in STATE_WORDS.items() if counts[state])
    return f"{said}{KEPT}" if any(each.kept for each in made) else said


def _state(path: Path, data: bytes) -> FileState:
    try:
        if not path.exists():
            return "new"
        return "unchanged" if path.is_file() and path.read_bytes() == data else "replaced"
    except OSError:  # which writing it tells
        return "replaced"
