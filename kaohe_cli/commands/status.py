"""``kaohe status``: where the year stands. It reads what is there, holds nothing and writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.attached import counted
from kaohe_cli.commands import contract
from kaohe_cli.commands.beside import unregistered
from kaohe_cli.commands.desk import (
    CameBack,
    Desk,
    Places,
    Prepared,
    ResultState,
    came_back,
    found_again,
    ledger_state,
    lost_settings,
    published,
    sent_back,
    settings_of,
    with_settings,
)
from kaohe_cli.commands.inputs import find_copies
from kaohe_cli.commands.next import next_step
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Watch
from kaohe_cli.commands.returns import came_in, collect, is_of
from kaohe_cli.commands.standing import rows
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import SCHEME, Attachment, Settings
from kaohe_cli.naming import file_name, readable
from kaohe_cli.paper.provenance import LEDGER, PREVIOUS, RETURN
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.digest import digest
from kaohe_cli.sheet.folder import FoundFile

if TYPE_CHECKING:
    from kaohe_cli.result.recorded import Recorded

ALL_TARGETS, TARGETS = "KH923", "KH924"


def status(places: Places, *, today: date, watch: Watch = UNWATCHED) -> Outcome:
    """Say where the year stands on the day ``today``, and what comes next."""
    if missing := [path for path in places.named if not path.exists()]:
        raise Stop(problem("KH951", file=path.name, found=str(path)) for path in missing)
    scheme, places = load(places.scheme), places.beside(places.ledger).beside(places.result)
    desk = Looking(scheme, places, watch).desk(today)
    step = next_step(desk)
    title, at = scheme.content.title.removesuffix("表"), desk.places
    made, facts = partial(contract.status, scheme, desk, step), tuple(rows(desk))
    return Outcome(
        desk.unreadable,
        made=made,
        title=title,
        facts=facts,
        files=(at.settings, at.ledger, at.result),
        next=step,
        open=desk.open,
    )


class Looking(Struct):
    """Looks at one thing after another; what cannot be read is told, and as if it were not there."""

    scheme: Scheme
    places: Places
    watch: Watch
    unreadable: list[Problem] = []

    def desk(self, today: date) -> Desk:
        """All there is to see."""
        was = self._recorded()
        ledger = self._ledger(was)
        at = self.places
        settings, prepared = self._settings()
        scheme = under(self.scheme, settings.readings) if settings else self.scheme
        units = [unit.name for unit in (settings.units if settings else scheme.units)]
        there = came_in([path for path in at.returned if path.exists()])
        found = there.files
        digests = {each: digest(each).sha256 for each in self.watch.each(found, "核对交回的文件", len(found))}
        back = (
            self._without_ledger(digests, prepared) if ledger is None else self._compared(ledger, digests, there.papers)
        )
        state = None
        if ledger is not None:
            outdated = tuple(self._outdated(ledger))
            state = ledger_state(
                under(scheme, ledger.readings), ledger, readable(at.ledger.name), outdated, lost_settings(at, ledger)
            )  # fmt: skip
        result, previous = self._result(was, ledger) if was else (None, None)
        issued = sum((at.issued / file_name(name)).exists() for name in units)
        order = {at.ledger.name: 1, at.result.name: 2}  # that of the year, in which they are told
        return Desk(
            replace(at, previous=previous), today, scheme.last_day, prepared, issued,
            back, state, self._unmerged(ledger) if ledger else (), result,
            published(at, ledger), tuple(sorted(self.unreadable, key=lambda each: order.get(each.file, 0))),
        )  # fmt: skip

    def _settings(self) -> tuple[Settings | None, Prepared | None]:
        from kaohe_cli.settings import workbook

        path = self.places.settings
        if not path.exists():
            return None, None
        settings, told = workbook.read(self.scheme, path)
        if settings is None:
            self.unreadable += told
            return None, None
        names = tuple(unit.name for unit in settings.units)
        lacking = tuple(each.unit for each in told if each.code == TARGETS)
        named = {id for id, (approver, _) in settings.approvals.items() if approver}
        prepared = Prepared(
            readable(path.name), len(names), tuple(each for each in told if each.severity == "error"),
            names if any(each.code == ALL_TARGETS for each in told) else lacking,
            tuple(item.id for item in self.scheme.items if item.id not in settings.departments),
            tuple(each.id for each in self.scheme.content.reading if each.id not in named),
            tuple(unit.name for unit in settings.units if not unit.head), settings.publicity,
        )  # fmt: skip
        self.unreadable += prepared.errors
        return settings, prepared

    def _ledger(self, was: "Recorded | None") -> Ledger | None:
        """The ledger, or else the one that the result was made from; where it lies, and its settings, is noted."""
        from kaohe_cli.ledger import book

        if not self.places.ledger.exists():
            found = next((found_again(self.places.result, each) for each in was.of(LEDGER)), None) if was else None
            if found is None:
                return None
            self.places = replace(self.places, ledger=found)
        self.watch.now("读评分底稿")
        ledger, told = book.read(self.scheme, self.places.ledger)
        if ledger is None:
            self.unreadable += told
            return None
        self.places = with_settings(self.places, ledger)
        return ledger

    def _without_ledger(self, digests: Mapping[FoundFile, str], prepared: Prepared | None) -> CameBack:
        """What came back, read and checked anew; all of it is for a ledger to read."""
        if not digests or (prepared and prepared.errors):
            return CameBack(unread=tuple(each.name for each in digests))
        at = self.places
        try:
            got = collect(
                at.scheme, settings_path=at.settings if prepared else None, watch=self.watch,
                paths=[path for path in at.returned if path.exists()],
            )  # fmt: skip
        except Stop as stop:
            self.unreadable += stop.problems
            return CameBack(unread=tuple(each.name for each in digests))
        back = came_back(got.cases, got.problems, (), sent_back(at, got.cases))
        return replace(back, unread=tuple(each.name for each in digests))

    def _compared(
        self, ledger: Ledger, digests: Mapping[FoundFile, str], papers: Sequence[FoundFile]
    ) -> CameBack:  # fmt: skip
        """How the returns stand in ``ledger``, and what in the folder of returns is another by now."""
        read = {each.sha256: each.name for each in ledger.sources if each.role == RETURN}
        # under whatever name a return lies there now
        units = {name: case.unit for name in read.values() for case in ledger.cases if is_of(name, case)}
        owned = [(each, units[name]) for each, digest in digests.items() if (name := read.get(digest)) in units]
        known = {**ledger.aside, **read}
        others = [each.name for each, digest in digests.items() if digest not in known]
        names, there = {*known.values()}, {*digests.values()}
        here = {each.name for each in digests}
        sent = sent_back(self.places, ledger.cases)
        back = came_back(ledger.cases, ledger.problems, ledger.queries, sent)
        return replace(
            back,
            materials=counted(under(self.scheme, ledger.readings), ledger.cases, ledger.materials),
            unregistered=unregistered(
                [case.unit for case in ledger.cases], papers, owned, self.places.returned, ledger.materials
            ),
            unread=tuple(name for name in others if name not in names),
            changed=tuple(name for name in others if name in names),
            gone=(
                *(name for digest, name in read.items() if digest not in there and name not in here),
                *_gone(ledger.materials, here, there, papers),
            ),
        )

    def _outdated(self, ledger: Ledger) -> Iterator[str]:
        """What the ledger was made from and is another by now, beside the returns."""
        if ledger.digest != self.scheme.digest:
            yield "考核方案"
        path, then = self.places.settings, settings_of(ledger)
        if path.exists() and (then is None or _digest(path) != then.sha256):
            yield "考核设置"

    def _unmerged(self, ledger: Ledger) -> tuple[str, ...]:
        """The copies in which people put what the ledger does not have; one that was merged as it is says nothing."""
        from kaohe_cli.ledger.copies import read_copy
        from kaohe_cli.ledger.issued import unmerged

        if not self.places.judged.exists():
            return ()
        scheme = under(self.scheme, ledger.readings)
        found = find_copies([self.places.judged]).found
        names = []
        for each in self.watch.each(found, "核对处室评分表", len(found)):
            if digest(each).sha256 not in ledger.heard:
                copy, told = read_copy(scheme, each.path, ledger, each.name)
                self.unreadable += told if copy is None else ()
                names += [each.name] if copy is not None and unmerged(scheme, ledger, copy) else []
        return tuple(names)

    def _recorded(self) -> "Recorded | None":
        """What the result says of itself."""
        from kaohe_cli.result.page import RANKING, SOURCES
        from kaohe_cli.result.recorded import recorded

        path = self.places.result
        if not path.exists():
            return None
        self.watch.now("读考核结果")
        book, told = reader.read_workbook(path, reader.LARGE_LIMITS, (RANKING, SOURCES))
        was, wrong = recorded(book) if book else (None, told)
        if was is None:
            self.unreadable += wrong
        return was

    def _result(self, was: "Recorded", ledger: Ledger | None) -> tuple[ResultState, Path | None]:
        """Whether the result stands, and where last year's is that it stands beside; None: none, or not at hand."""
        from kaohe_cli.result.edition import recorded_edition
        from kaohe_cli.result.material import SAME, at_hand

        beside = next((at_hand(self.places.result, each) for each in was.of(PREVIOUS)), None)
        previous = Path(relpath(beside.file.path)) if beside and beside.file else None
        outdated = (*self._since(was, ledger), *((PREVIOUS,) if beside and beside.state != SAME else ()))
        state = ResultState(was.file, was.final, outdated, recorded_edition(was).number)
        return state, previous

    def _since(self, was: "Recorded", ledger: Ledger | None) -> Iterator[str]:
        """What a result was made from and is another by now."""
        if ledger is None:
            yield "评分底稿"
            return
        if all(each.sha256 != _digest(self.places.ledger) for each in was.of(LEDGER)):
            yield "评分底稿"
        if all(each.sha256 != self.scheme.digest for each in was.of(SCHEME)):
            yield "考核方案"
        if was.readings != ledger.readings:
            yield "口径"


def _gone(materials: Sequence[Attachment], names: set[str], there: set[str], papers: Sequence[FoundFile]) -> list[str]:
    """The names of ``materials`` that lie there no more, under no name; ``names`` and digests are those of forms."""
    here = names | {each.name for each in papers}
    left = [each for each in materials if each.file not in here]
    held = there | {digest(each).sha256 for each in papers} if left else set()
    return [each.file for each in left if each.sha256 not in held]


def _digest(path: Path) -> str:
    return digest(FoundFile(path, path.name)).sha256
