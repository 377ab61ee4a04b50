"""What came of holding one thing against what was made anew."""

from typing import Literal

from msgspec import Struct

from kaohe_cli.diagnostic import Problem

VerdictKind = Literal["attachments", "originals", "standings", "result", "feedback", "circular", "replies"]


class Verdict(Struct, frozen=True):
    """What was held, how much of it, and what was found wrong."""

    what: VerdictKind
    said: str  # in one line
    problems: tuple[Problem, ...] = ()
    parts: int | None = None  # returns, units, sheets, files, circulars that were held; None: nothing was
    cells: int | None = None  # entries, cells, figures that were compared; None: none are counted
    differing: int = 0  # what of them is not the same
    more: tuple[str, ...] = ()  # lines that are said below
