"""``kaohe verify``: the result is made anew from its originals and held against what is at hand."""

from collections.abc import Sequence
from functools import partial
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.commands import contract
from kaohe_cli.commands.desk import Places
from kaohe_cli.commands.next import adopted, verified
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Watch
from kaohe_cli.commands.returns import arrivals_in, settled_cases
from kaohe_cli.diagnostic import Problem, any_error, problem
from kaohe_cli.form.returns import read_returns
from kaohe_cli.form.shipped import shipped_template
from kaohe_cli.model import SCHEME, Case, Settings, Unit
from kaohe_cli.naming import CIRCULAR_FILE, FEEDBACK_FOLDER, REPLY_FOLDER
from kaohe_cli.paper.provenance import (
    LAST_LEDGER,
    LEDGER,
    PREVIOUS,
    RETURN,
    SETTINGS,
    TEMPLATE,
    file_source,
    sources,
)
from kaohe_cli.scheme.load import SchemeError, load, under
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book

if TYPE_CHECKING:
    from kaohe_cli.ledger.record import Ledger
    from kaohe_cli.result.material import Found, Material
    from kaohe_cli.result.originals import Originals
    from kaohe_cli.result.page import Report
    from kaohe_cli.result.previous import LastYear
    from kaohe_cli.result.recorded import Recorded
    from kaohe_cli.result.verdict import Verdict

OTHER_SCHEME = "KH311"  # the ledger's own word for it
NO_SETTINGS = "KH950"


class AtHand(Struct, frozen=True):
    """The material that is named; what is not is looked for beside the result."""

    ledger: Path | None = None
    settings: Path | None = None
    returns: Sequence[Path] = ()  # files, folders, archives
    feedback_dir: Path | None = None
    notice: Path | None = None
    previous: Path | None = None
    reply_dir: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All that is named."""
        named = (
            self.ledger,
            self.settings,
            *self.returns,
            self.feedback_dir,
            self.notice,
            self.previous,
            self.reply_dir,
        )
        return tuple(path for path in named if path is not None)


def verify(scheme_name: str, *, result_path: Path, at_hand: AtHand = AtHand(), watch: Watch = UNWATCHED) -> Outcome:  # noqa: B008
    """Read returns, settings and ledger again, make the result, the feedback and the circular anew, and compare.

    Nothing is wrong only where all was at hand and all is the same.
    """
    from kaohe_cli.result.material import material
    from kaohe_cli.result.recorded import recorded

    for path in (result_path, *at_hand.paths):
        if not path.exists():
            raise Stop((problem("KH951", file=path.name, found=str(path)),))
    watch.now("读考核结果")
    book, unread = reader.read_workbook(result_path, reader.LARGE_LIMITS)
    if book is None:
        return Outcome(unread)
    was, no_result = recorded(book)
    if was is None:
        return Outcome((*unread, *no_result))
    scheme = load(scheme_name)
    watch.now("查找材料")
    files = {
        LEDGER: at_hand.ledger, SETTINGS: at_hand.settings, TEMPLATE: shipped_template(scheme),
        PREVIOUS: at_hand.previous,
    }  # fmt: skip
    found = material(scheme, was, result_path, files, at_hand.returns)
    verifying = Verifying(scheme, result_path, book, was, found, at_hand, watch)
    verifying.problems += found.problems()
    verifying.run()
    problems = tuple(verifying.problems)
    places = Places(scheme_name, result=result_path, previous=verifying.called(PREVIOUS)).beside(
        result_path, settings=at_hand.settings or verifying.called(SETTINGS), returned=tuple(at_hand.returns),
        ledger=at_hand.ledger or verifying.called(LEDGER), feedback=at_hand.feedback_dir, circular=at_hand.notice,
        replies=at_hand.reply_dir,
    )  # fmt: skip
    sound = not any_error(problems)
    if sound and verifying.trial:
        step = adopted(places)
    else:
        step = verified(
            places, sound=sound, final=was.final, published=verifying.published, replied=verifying.replied
        )  # fmt: skip
    made = partial(contract.verified, scheme, was, found.found, verifying.verdicts, problems)
    named = (result_path, *at_hand.paths)
    return Outcome(problems, made=made, lines=tuple(verifying.lines), files=named, next=step)


class Verifying(Struct):
    """A result being verified: what is said of it, and what was found wrong."""

    scheme: Scheme
    path: Path  # of the result
    book: Book
    was: "Recorded"
    material: "Material"
    at_hand: AtHand
    watch: Watch
    lines: list[str] = []
    verdicts: list["Verdict"] = []
    problems: list[Problem] = []
    published: bool = False  # whether feedback and circular were there to be compared
    replied: bool = False  # whether replies were
    trial: bool = False  # whether the result is by other readings than its ledger

    def run(self) -> None:
        """Everything in turn, as far as there is material for it."""
        from kaohe_cli.result.edition import in_edition, recorded_edition
        from kaohe_cli.result.material import CHANGED, SAME
        from kaohe_cli.result.page import PREVIOUS as BESIDE
        from kaohe_cli.result.recorded import sources_shown
        from kaohe_cli.result.report import report_of

        self.lines += self.material.lines(self.was)
        try:
            scheme = under(self.scheme, self.was.readings)
        except SchemeError as error:
            self.problems += error.problems
            return
        kept = CHANGED if self._scheme_changed else SAME
        readings = "、".join(f"{name}={option}" for name, option in self.was.readings.items())
        self.lines.append(f"方案：{scheme.id} {kept}；口径按考核结果所记：{readings}")
        place = self._ledger_place()
        read = self._ledger(place) if place else None
        if place is None or read is None:
            return
        ledger, told = read
        self.watch.now("重新排名，试用其他口径")
        made_from = replace(file_source(LEDGER, place[1]), name=place[0])
        last = self._last_year(scheme, [case.unit for case in ledger.cases])
        unseen = last is None and bool(self._of_last_year)  # it may have kept the result from being final
        report = report_of(scheme, ledger, made_from, told, last, provisional=unseen and not self.was.final)
        if unseen:  # what is recorded of it stands there all the same
            held = sources(scheme.sources, [*report.sources, *(each.source for each in self._of_last_year)])
            report = replace(report, sources=held)
            self.book = replace(self.book, sheets=tuple(each for each in self.book.sheets if each.name != BESIDE))
            self.lines.append(f"{BESIDE}：上年的材料不在手边或不能用，没有核对。")
        report = replace(report, sources=sources_shown(self.was, report.sources, self.material.changed))
        report = in_edition(report, recorded_edition(self.was))
        self.trial = scheme.readings != ledger.readings
        self._compare(report, usual=not self.trial)

    @property
    def _scheme_changed(self) -> bool:
        """Whether the scheme is another one than then; that is told once, and not again by all that notice it."""
        return any(each.role == SCHEME for each in self.material.changed)

    def called(self, role: str) -> Path | None:
        """The only file of a ``role`` as it is called from here; None: it is not at hand, or there is none."""
        found = next((each.file for each in self.material.of(role) if each.file), None)
        return Path(relpath(found.path)) if found else None

    @property
    def _of_last_year(self) -> "tuple[Found, ...]":
        """Last year's result and its ledger, as far as the result was made from them."""
        return (*self.material.of(PREVIOUS), *self.material.of(LAST_LEDGER))

    def _last_year(self, scheme: Scheme, units: Sequence[Unit]) -> "LastYear | None":
        """Last year, as it was for the result; None where it was not given, or not all of it is at hand."""
        from kaohe_cli.result.last_result import read_previous_result, with_ledger

        result, ledger = (next(iter(self.material.of(role)), None) for role in (PREVIOUS, LAST_LEDGER))
        if result is None or result.file is None or (ledger is not None and ledger.file is None):
            return None
        previous, unread = read_previous_result(result.file.path, result.source)
        if previous is None:
            self.problems += unread
            return None
        return with_ledger(previous, scheme, units, ledger.file.path if ledger and ledger.file else None)[0]

    def _compare(self, report: "Report", *, usual: bool) -> None:
        """Make everything anew and hold it against what is at hand.

        What lies beside a result of other readings than the ``usual`` ones is another result's.
        """
        from kaohe_cli.result import anew

        self._found(anew.standings_again(self.was, report))
        self.watch.now("逐格核对考核结果")
        self._found(anew.result_again(self.book, report))
        units = self.watch.each(report.units, "核对反馈表", len(report.units))
        feedback = self.at_hand.feedback_dir or self._beside(FEEDBACK_FOLDER, usual)
        self._found(anew.feedback_again(feedback, report, units))
        self.watch.now("核对通报")
        circular = self.at_hand.notice or self._beside(CIRCULAR_FILE, usual)
        self._found(anew.circular_again(circular, report))
        if report.reviews:
            replies = self.at_hand.reply_dir or self._beside(REPLY_FOLDER, usual)
            self._found(anew.replies_again(replies, report))
            self.replied = replies is not None
        self.published = None not in (feedback, circular)

    def _found(self, verdict: "Verdict") -> None:
        self.verdicts.append(verdict)
        self.lines += (verdict.said, *verdict.more)
        self.problems += verdict.problems

    def _beside(self, name: str, usual: bool) -> Path | None:
        path = self.path.absolute().parent / name
        return path if usual and path.exists() else None

    def _ledger_place(self) -> tuple[str, Path] | None:
        """The name that the ledger had, and where it is; None, and told, where it is not at hand."""
        for each in self.material.of(LEDGER):
            if each.file:
                return each.source.name, each.file.path
        name = next((each.source.name for each in self.material.of(LEDGER)), "评分底稿")
        self.problems.append(problem("KH906", file=self.path.name, found=name))
        return None

    def _ledger(self, place: tuple[str, Path]) -> "tuple[Ledger, Sequence[Problem]] | None":
        """The ledger with what the originals say, and what is wrong in it; None where it cannot be read."""
        from kaohe_cli.ledger import book as ledger_book
        from kaohe_cli.ledger.settle import settle

        name, path = place
        self.watch.now("读评分底稿")
        held, told = ledger_book.read(self.scheme, path)
        if held is None:
            self.problems += told
            return None
        self.problems += (each for each in told if each.severity == "error")
        # its entries are cited by the name that it had
        ledger = replace(held, file=name)
        told = tuple(replace(each, file=ledger.file) if each.file == held.file else each for each in told)
        self._materials(ledger)
        ledger = self._against_originals(ledger)
        if self._scheme_changed:
            told = tuple(each for each in told if each.code != OTHER_SCHEME)
        return settle(under(self.scheme, ledger.readings), ledger)[0], told

    def _materials(self, ledger: "Ledger") -> None:
        """What became of the files that were registered beside the returns."""
        from kaohe_cli.result.material import attachments_again

        self.watch.now("核对材料")
        names = {case.unit.code: case.unit.name for case in ledger.cases}
        files = (each.file for each in self.material.of(RETURN) if each.file)
        homes = {each.path if each.member else each.path.parent for each in files}
        verdict = attachments_again(ledger.materials, self.at_hand.returns or sorted(homes), names)
        if ledger.materials:
            self._found(verdict)

    def _against_originals(self, ledger: "Ledger") -> "Ledger":
        """The ledger with what the originals say, as far as these are at hand."""
        from kaohe_cli.result.originals import against
        from kaohe_cli.result.verdict import Verdict

        originals = self._originals(ledger)
        if originals is None:
            said = "原件：考核设置不在手边或不能用，没有重读填报表；以下按评分底稿所记重算。"
            self._found(Verdict("originals", said))
            return ledger
        compared = against(ledger, originals)
        there = sum(each.file is not None for each in self.material.of(RETURN))
        settings = f"、{originals.settings.file}" if originals.settings.file else ""
        different = len(compared.problems)
        found = f"其中 {different} 处不符" if different else "与评分底稿全部一致"
        said = f"原件：重读填报表 {there} 份{settings}，{compared.entries:,} 项数据{found}。"
        self._found(Verdict("originals", said, compared.problems, there, compared.entries, different))
        return compared.ledger

    def _originals(self, ledger: "Ledger") -> "Originals | None":
        """Settings and returns, read and checked as they were for the ledger; None without the settings.

        A unit whose return is not at hand is left out.
        """
        from kaohe_cli.result.originals import Originals

        place = next(iter(self.material.of(SETTINGS)), None)
        if place is not None and place.file is None:
            return None
        settings, doubts = self._settings(place)
        if settings is None:
            return None
        scheme = under(self.scheme, settings.readings)
        files = [each.file for each in self.material.of(RETURN) if each.file]
        takings = tuple(self.watch.each(read_returns(scheme, settings, files), "读取考核表", len(files)))
        came = arrivals_in(ledger, None)
        cases, told = settled_cases(scheme, settings, takings, arrivals=came, watch=self.watch)
        gone = self._without_return(ledger)
        there = tuple(each for each in cases if each.unit.code not in gone)
        brought = (*doubts, *(each for each in told if each.unit not in gone.values()))
        return Originals(scheme, settings, there, () if self._scheme_changed else brought, gone.keys())

    def _without_return(self, ledger: "Ledger") -> dict[str, str]:
        """The units, code → name, that the ledger has a return of which is not at hand."""
        there = {each.source.name for each in self.material.of(RETURN) if each.file}
        away = (case.unit for case in ledger.cases if case.file and not _all_there(case, there))
        return {unit.code: unit.name for unit in away}

    def _settings(self, place: "Found | None") -> tuple[Settings | None, Sequence[Problem]]:
        """The settings under the name that they had, and what is doubtful in them; what cannot be used is told."""
        from kaohe_cli.settings import workbook

        if place is None or place.file is None:
            return workbook.default(self.scheme), (problem(NO_SETTINGS),)
        settings, doubts = workbook.read(self.scheme, place.file.path)
        if settings is None or any_error(doubts):
            self.problems += doubts
            return None, ()
        then, now = place.source.name, settings.file
        if then == now:
            return settings, doubts
        given = {
            code: {
                name: replace(entry, origin=replace(entry.origin, file=then)) if entry.origin else entry
                for name, entry in entries.items()
            }
            for code, entries in settings.given.items()
        }
        return replace(settings, file=then, given=given), [
            replace(each, file=then) if each.file == now else each for each in doubts
        ]


def _all_there(case: Case, names: set[str]) -> bool:
    """Whether the return that a case came from is among ``names``; of several that contradict, all."""
    return case.file in names or all(name in names for name in case.file.split("、"))
