"""The office's desk: where the year stands, as far as is known. Facts alone; their words are told by others."""

import shlex
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from os import name as system
from os.path import relpath
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli import naming
from kaohe_cli.assess.reasons import MarkOf
from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.record import Ledger, Open
from kaohe_cli.ledger.reminders import Standing, standings
from kaohe_cli.model import Case, Publicity, Query, Source
from kaohe_cli.paper.provenance import SETTINGS
from kaohe_cli.scheme.load import DEFAULT
from kaohe_cli.scheme.scheme import Scheme

OF_THE_OFFICE = "KH3"  # and on: problems that are no unit's to mend
SPECIAL = frozenset(" \t\n\r'\"$`!*?[](){}<>|&;#~^%")  # letters that a shell takes for something else


class Places(Struct, frozen=True):
    """Where the files of the year are, as their user calls them."""

    scheme: str = DEFAULT
    settings: Path = Path(naming.SETTINGS_FILE)
    issued: Path = Path(naming.ISSUED_FOLDER)
    returned: tuple[Path, ...] = (Path(naming.RETURNED_FOLDER),)
    mend: Path = Path(naming.MEND_FOLDER)
    judged: Path = Path(naming.JUDGED_FOLDER)
    ledger: Path = Path(naming.LEDGER_FILE)
    result: Path = Path(naming.RESULT_FILE)
    feedback: Path = Path(naming.FEEDBACK_FOLDER)
    circular: Path = Path(naming.CIRCULAR_FILE)
    replies: Path = Path(naming.REPLY_FOLDER)
    previous: Path | None = None  # last year's result; None: this one stands alone
    prefer: tuple[Path, ...] = ()  # returns that count among several of a unit
    template: Path | None = None  # of forms to mend; None: that of the scheme

    @property
    def named(self) -> tuple[Path, ...]:
        """Those that are not called as usual."""
        ours = (*self.returned, self.settings, self.issued, self.mend, self.judged, self.ledger, self.result)
        usual = (*USUAL.returned, USUAL.settings, USUAL.issued, USUAL.mend, USUAL.judged, USUAL.ledger, USUAL.result)
        return tuple(path for path in ours if path not in usual)

    def beside(self, path: Path, **known: Path | tuple[Path, ...] | None) -> "Places":
        """These; what has its usual name is that of the folder of ``path``, a file of the year, where it is there.

        What is ``known`` is as it is known (None: it is not).
        """

        def there(usual: Path) -> Path:
            near = path.parent / usual
            return near if near.exists() else usual

        fields = ("settings", "issued", "mend", "judged", "ledger", "result", "feedback", "circular", "replies")
        usual = [each for each in fields if getattr(self, each) == getattr(USUAL, each)]
        returned = tuple(map(there, self.returned)) if self.returned == USUAL.returned else self.returned
        near = {each: there(getattr(USUAL, each)) for each in usual}
        return replace(self, **{"returned": returned, **near, **{name: said for name, said in known.items() if said}})

    def call(self, *words: str | Path, settings: bool = False) -> str:
        """A command as it is typed here, with the scheme, and with the ``settings``, where they are not the usual."""
        given: list[str | Path] = ["kaohe", *words]
        if settings and self.settings != USUAL.settings:
            given += ["--settings", self.settings]
        if self.scheme != USUAL.scheme:
            given += ["--scheme", self.scheme]
        return typed(given)

    def init(self) -> str:
        """Settings to fill in."""
        return self.call("init", *_other("--output", self.settings, USUAL.settings))

    def blank(self) -> str:
        """Forms for all units."""
        return self.call("blank", *_other("--output", self.issued, USUAL.issued), settings=True)

    def score(self, *, mend: bool = False, judge: bool = False) -> str:
        """The ledger from what came back; forms to ``mend``, copies for departments to ``judge`` in."""
        returned = self.returned if self.returned != USUAL.returned else ()
        more = [*(("--return-dir", self.mend) if mend else ()), *(("--judge-dir", self.judged) if judge else ())]
        more += [word for path in self.prefer for word in ("--prefer", path)]
        more += ("--template", self.template) if self.template and mend else ()
        return self.call("score", *returned, *_other("--output", self.ledger, USUAL.ledger), *more, settings=True)

    def merge(self) -> str:
        """Copies of departments into the ledger."""
        return self.call("merge", self.ledger, self.judged)

    def rank(self, *, publish: bool = False, reply: bool = False) -> str:
        """The result, with what goes out with it where it is to ``publish``, and to ``reply`` to reviews."""
        ledger = (self.ledger,) if self.ledger != USUAL.ledger else ()
        more = [*(("--feedback-dir", self.feedback, "--notice", self.circular) if publish else ())]
        more += ("--reply-dir", self.replies) if reply else ()
        more += ("--previous", self.previous) if self.previous else ()
        return self.call("rank", *ledger, *_other("--output", self.result, USUAL.result), *more)

    def verify(self) -> str:
        """The result held against its originals, those named that are there and would not be found beside it."""
        folder = self.result.parent
        named = (
            ("--ledger", self.ledger), ("--settings", self.settings), *(("--returns", each) for each in self.returned)
        )  # fmt: skip
        away = [each for each in named if each[1].parent != folder]
        away += (
            (option, path)
            for option, path, usual in (
                ("--feedback-dir", self.feedback, USUAL.feedback), ("--notice", self.circular, USUAL.circular),
                ("--reply-dir", self.replies, USUAL.replies),
            )
            if path != folder / usual
        )  # fmt: skip
        return self.call("verify", self.result, *(word for each in away if each[1].exists() for word in each))

    def status(self) -> str:
        """Where the year stands."""
        returned = () if self.returned == USUAL.returned else self.returned
        more = [word for path in returned for word in ("--returns", path)]
        more += [*_other("--ledger", self.ledger, USUAL.ledger), *_other("--result", self.result, USUAL.result)]
        return self.call("status", *more, settings=True)


USUAL = Places()


def _other(option: str, path: Path, usual: Path) -> Sequence[str | Path]:
    return () if path == usual else (option, path)


def typed(words: Iterable[str | Path]) -> str:
    """``words`` as a line that a shell takes apart into them again."""
    return " ".join(_quoted(naming.readable(_no_option(word))) for word in words)


def _no_option(word: str | Path) -> str:
    return f"./{word}" if isinstance(word, Path) and str(word).startswith("-") else str(word)


def _quoted(word: str) -> str:
    if word and SPECIAL.isdisjoint(word) and (system == "nt" or "\\" not in word):
        return word
    return f'"{word}"' if system == "nt" else shlex.quote(word)


class Prepared(Struct, frozen=True):
    """The settings, and what in them is still empty."""

    file: str
    units: int
    errors: tuple[Problem, ...] = ()
    targets: tuple[str, ...] = ()  # names of the units that have not all targets that earn points
    departments: tuple[str, ...] = ()  # items that no department judges
    approvals: tuple[str, ...] = ()  # readings without approver
    heads: tuple[str, ...] = ()  # names of the units whose 行政正职 is not given
    publicity: Publicity = Publicity()

    @property
    def lacking(self) -> bool:
        """Whether anything is empty that the forms rest on, or the marks."""
        return bool(self.targets or self.departments or self.approvals)


class CameBack(Struct, frozen=True):
    """The returns: the units by how theirs stands, and the files that the ledger does not stand for."""

    received: tuple[str, ...] = ()  # names of units
    late: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    mend: tuple[str, ...] = ()  # of those that came, the units that have something to correct or to explain
    sent: tuple[str, ...] = ()  # of those, the units for which a form to mend was written
    unread: tuple[str, ...] = ()  # names of files
    changed: tuple[str, ...] = ()  # since they were read
    gone: tuple[str, ...] = ()
    unregistered: tuple[str, ...] = ()  # names of files that came beside the returns
    materials: tuple[str, ...] = ()  # what of those came, in a sentence; empty: nothing did


class LedgerState(Struct, frozen=True):
    """How far the ledger is."""

    file: str
    outdated: tuple[str, ...] = ()  # what is another since: roles of its sources
    lost: str = ""  # the name of the settings it was made by, where they are not there any more
    altered: int = 0  # cells that the program wrote and somebody changed
    queries: tuple[Query, ...] = ()  # that nobody confirmed, what most rides on first
    departments: tuple[Standing, ...] = ()
    open: tuple[Open, ...] = ()  # what keeps a result from being final
    reviews: int = 0  # that are registered

    @property
    def appeals(self) -> tuple[Open, ...]:
        """The reviews that are not settled."""
        return tuple(each for each in self.open if each.standing == "appeal")

    @property
    def weighing(self) -> tuple[Query, ...]:
        """The queries that keep a result from being final."""
        return tuple(each for each in self.queries if each.influence.points or each.influence.grade)

    @property
    def judging(self) -> tuple[Standing, ...]:
        """The departments that have marks to come."""
        return tuple(each for each in self.departments if each.waiting)

    @property
    def awaited(self) -> tuple[MarkOf, ...]:
        """The marks to come."""
        return tuple(mark for each in self.departments for mark in each.awaited)


class ResultState(Struct, frozen=True):
    """Whether there is a result that stands."""

    file: str
    final: bool
    outdated: tuple[str, ...] = ()  # what is another since, or stands otherwise: roles of its sources
    version: int = 0  # 版次; 0: it says none


class Desk(Struct, frozen=True):
    """Where the year stands; what was not looked at is as if there were none of it."""

    places: Places = USUAL
    today: date | None = None
    deadline: date | None = None  # None: the notice sets none
    settings: Prepared | None = None
    issued: int = 0  # forms of units
    back: CameBack = CameBack()
    ledger: LedgerState | None = None
    unmerged: tuple[str, ...] = ()  # names of copies
    result: ResultState | None = None
    published: bool = False  # whether feedback and circular are there, and the replies where there are reviews
    unreadable: tuple[Problem, ...] = ()  # what could not be looked at

    @property
    def left(self) -> int | None:
        """Days until returns are late, below 0 where they are; None where no day is set, or today is not known."""
        return (self.deadline - self.today).days if self.deadline and self.today else None

    @property
    def publicity_left(self) -> int | None:
        """Days that the result is still shown (公示), below 0 where it was; None where they are not decided."""
        last = self.settings.publicity.last if self.settings else None
        return (last - self.today).days if last and self.today else None

    @property
    def stands(self) -> bool:
        """Whether there is a final result of what is there now."""
        return self.result is not None and self.result.final and not self.result.outdated

    @property
    def open(self) -> bool:
        """Whether anything is left to be done until the year is closed."""
        back, ledger = self.back, self.ledger
        if self.unreadable or ledger is None or not self.stands or (self.settings and self.settings.errors):
            return True
        if self.publicity_left is not None and self.publicity_left >= 0:
            return True
        files = (back.unread, back.changed, back.gone, back.unregistered, self.unmerged)
        return any(files) or bool(ledger.outdated or ledger.lost or ledger.altered or ledger.open)


def ledger_state(
    scheme: Scheme, ledger: Ledger, file: str, outdated: tuple[str, ...] = (), lost: str = ""
) -> LedgerState:  # fmt: skip
    """How far ``ledger`` is; ``outdated`` is what is another since it was written, ``lost`` what is not there."""
    asked = tuple(each for each in ledger.queries if each.state != "confirmed")
    altered, departments = len(ledger.altered), standings(scheme, ledger)
    return LedgerState(file, outdated, lost, altered, asked, departments, ledger.open, len(ledger.reviews))


def of_ledger(
    scheme: Scheme, ledger: Ledger, places: Places, result: ResultState | None = None, unmerged: tuple[str, ...] = ()
) -> Desk:
    """Where the year stands today by a ledger, which is as it should be, and by the ``result`` made of it, if any.

    ``unmerged`` are the names of copies that are known to hold what it does not have.
    """
    places = with_settings(places, ledger)
    back = came_back(ledger.cases, ledger.problems, ledger.queries, sent_back(places, ledger.cases))
    state = ledger_state(scheme, ledger, places.ledger.name, lost=lost_settings(places, ledger))
    return Desk(
        places, date.today(), scheme.last_day, back=back, ledger=state, unmerged=unmerged, result=result,
        published=published(places, ledger),
    )  # fmt: skip


def settings_of(ledger: Ledger) -> Source | None:
    """The settings by which ``ledger`` was made, as it records them; None: it was made without."""
    return next((each for each in ledger.sources if each.role == SETTINGS), None)


def with_settings(places: Places, ledger: Ledger) -> Places:
    """``places`` with the settings by which ``ledger`` was made, where these lie near it under another name."""
    then = settings_of(ledger)
    found = None if then is None or places.settings.exists() else found_again(places.ledger, then)
    return replace(places, settings=found) if found else places


def found_again(made: Path, source: Source) -> Path | None:
    """Where near ``made`` the very ``source`` lies that it was made from, as it is called from here; None: nowhere."""
    from kaohe_cli.result.material import SAME, at_hand

    found = at_hand(made, source)
    return Path(relpath(found.file.path)) if found.file and found.state == SAME else None


def lost_settings(places: Places, ledger: Ledger) -> str:
    """The name of the settings that ``ledger`` was made by, where there are none; scored anew it had no targets."""
    then = settings_of(ledger)
    return "" if then is None or places.settings.exists() else naming.readable(then.name)


def published(places: Places, ledger: Ledger | None) -> bool:
    """Whether all that goes out with a result is there, however old it may be."""
    out = (places.feedback, places.circular, *((places.replies,) if ledger and ledger.reviews else ()))
    return all(each.exists() for each in out)


def sent_back(places: Places, cases: Iterable[Case]) -> set[str]:
    """The units for which a form to mend lies there."""
    names = (case.unit.name for case in cases)
    return {name for name in names if (places.mend / naming.file_name(name)).exists()}


def came_back(
    cases: Sequence[Case], problems: Iterable[Problem], queries: Iterable[Query], sent: Collection[str] = ()
) -> CameBack:
    """How the returns of ``cases`` stand; ``sent`` are the units for which forms to mend were written."""
    by_status = {
        status: tuple(case.unit.name for case in cases if case.status == status)
        for status in ("received", "late", "missing")
    }
    mend = tuple(case.unit.name for case in to_mend(cases, problems, queries))
    return CameBack(**by_status, mend=mend, sent=tuple(each for each in mend if each in sent))


def to_mend(cases: Iterable[Case], problems: Iterable[Problem], queries: Iterable[Query]) -> tuple[Case, ...]:
    """The units that have something to correct in their returns, or to explain that moves a point."""
    cases = tuple(cases)
    settled = {(case.unit.name, figure) for case in cases for figure in case.verified}  # 核定值, whatever was reported
    wrong = {
        each.unit
        for each in problems
        if each.severity == "error" and each.code < OF_THE_OFFICE and (each.unit, each.field) not in settled
    }
    asked = {
        (each.unit.code, each.origin.file)
        for each in queries
        if each.state == "open" and each.influence.points and each.origin
    }
    return tuple(
        case
        for case in cases
        if case.status == "rejected"
        or (case.status != "missing" and (case.unit.name in wrong or (case.unit.code, case.file) in asked))
    )
