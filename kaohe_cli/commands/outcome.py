"""What a command made and what was wrong, what stops one, and who may watch it at work."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from kaohe_cli.catalogue import ProblemKind
from kaohe_cli.diagnostic import Problem, any_error
from kaohe_cli.ledger.changes import Changes
from kaohe_cli.ledger.tally import Tally
from kaohe_cli.model import Query, Ranking, UnitScore
from kaohe_cli.paper.files import refusal
from kaohe_cli.paper.press import Press
from kaohe_cli.scheme.load import SchemeError

Watched = TypeVar("Watched")


class NextStep(Struct, frozen=True):
    """What is to be done next."""

    why: str  # what people do first, or what calls for it
    command: str  # as it is typed

    @property
    def said(self) -> str:
        """In a sentence without its end, so that the command can be taken from it."""
        return f"下一步：{self.why}，运行 {self.command}"


class Outcome(Struct, frozen=True):
    """What a command made, and what was wrong."""

    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()  # what was made, for people
    made: Callable[[], Mapping[str, Any]] | None = None  # makes the machine-readable contract; None: nothing was made
    scores: tuple[UnitScore, ...] = ()
    queries: tuple[Query, ...] = ()  # what has to be confirmed, or was
    changes: Changes | None = None  # None: the command changes no ledger
    ranking: Ranking | None = None
    title: str = ""
    decide: tuple[str, ...] = ()  # what people have to decide before the ranking is final
    weighing: tuple[str, ...] = ()  # what else would have given other grades
    advice: tuple[str, ...] = ()  # what else there is to look at, as far as there is room
    lines: tuple[str, ...] = ()  # an explanation
    table: tuple[tuple[str, ...], ...] = ()  # of words, then numbers; the headings first
    facts: tuple[tuple[str, str], ...] = ()  # a heading, what is said; an empty heading goes on with the one above
    kind: ProblemKind | None = None  # explained itself
    listed: str = "见评分底稿的“核实清单”"  # where those queries are that a screen has no room for
    files: tuple[Path, ...] = ()  # that are named
    press: Press | None = None  # by which it wrote; None: it knows no dry run
    entries: Tally | None = None  # what became of those of the ledger; None: it wrote none
    next: NextStep | None = None  # None: what is wrong says what to do
    open: bool = False  # whether something is left to be done, of a command that is asked for that
    stopped: bool = False  # wrong use or settings: nothing was done

    @property
    def exit_code(self) -> int:
        """0 nothing wrong, 1 problems in the data or something left to be done, 2 wrong use or settings."""
        return 2 if self.stopped else 1 if self.open or any_error(self.problems) else 0


class Stop(Exception):
    """Wrong use or settings: the command does nothing, and says why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


class Unreadable(Stop):
    """Data that must be read before anything can be done, and cannot be."""


class Watch(Protocol):
    """Someone who wants to know what is being done."""

    def now(self, label: str) -> None:
        """Say what is done now."""

    def each(self, work: Iterable[Watched], label: str, total: int) -> Iterator[Watched]:
        """``work`` itself, counted as it is done."""
        return iter(work)


class Unwatched(Watch):
    """Where nobody watches."""

    def now(self, label: str) -> None:
        """Say nothing."""


UNWATCHED = Unwatched()


def run(command: Callable[[], Outcome]) -> Outcome:
    """What ``command`` made; or, where it was stopped, why. What the system refuses is told as a problem (KH913)."""
    try:
        return command()
    except (Stop, SchemeError) as error:
        return Outcome(error.problems, stopped=not isinstance(error, Unreadable))
    except BrokenPipeError:  # nobody reads what is printed any more
        raise
    except OSError as error:
        return Outcome((refusal(error),))
