"""``kaohe rank``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kaohe_cli.assess import appeal, margin
from kaohe_cli.assess.sensitivity import grades_summary, near, pairs_summary
from kaohe_cli.commands import contract
from kaohe_cli.commands.desk import Places, ResultState, of_ledger
from kaohe_cli.commands.inputs import read_ledger
from kaohe_cli.commands.next import adopted, next_step
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Unreadable, Watch
from kaohe_cli.commands.papers import Making, Wanted, papers_of
from kaohe_cli.commands.targets import WORKBOOK, apart, ready, said_dry, said_kept, said_written
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.ledger.settle import waiting
from kaohe_cli.model import Query
from kaohe_cli.paper.press import Press
from kaohe_cli.paper.provenance import PREVIOUS, file_source
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

if TYPE_CHECKING:
    from kaohe_cli.result.previous import LastYear

FEW = 3  # lines of one kind on the terminal


def rank(
    scheme_name: str,
    *,
    ledger_path: Path,
    output: Path,
    readings: Mapping[str, str],
    wanted: Wanted = Wanted(),  # noqa: B008
    previous: Path | None = None,
    force: bool = False,
    dry: bool = False,
    watch: Watch = UNWATCHED,
) -> Outcome:
    """Rank the units by the ledger and write the result, and what else is asked for.

    ``previous`` is last year's result, beside which this one stands; None: it stands alone. What is there already is
    written over where it is an earlier one of its kind, or with ``force``. ``dry``: nothing is written, but told of
    each file.
    """
    from kaohe_cli.result import judging, workbook
    from kaohe_cli.result.edition import edition_of, in_edition
    from kaohe_cli.result.report import report_of

    press = Press(dry=dry)
    scheme = load(scheme_name)
    ready(output, WORKBOOK, force=force, title=workbook.title(scheme))
    apart([output], ledger_path, previous)
    watch.now("读评分底稿")
    ledger, scheme, problems = read_ledger(scheme_name, ledger_path, readings)
    papers = papers_of(Making(wanted, scheme, ledger, press, watch, force), ledger_path, output, previous)
    last, doubts = _last_year(scheme, ledger, previous) if previous else (None, ())
    watch.now("排名，试用其他口径")
    report = report_of(scheme, ledger, file_source("底稿", ledger_path), problems, last)
    problems = tuple(report.problems[len(ledger.problems) :])  # those of the returns were told when these were scored
    if report.beside:
        from kaohe_cli.result.previous import contradictions_open, contradictions_said

        problems += (*doubts, *contradictions_said(scheme, report.beside))
        ledger = replace(ledger, open=(*ledger.open, *contradictions_open(scheme, ledger, report.beside)))
    named = {case.unit.code: case.unit.name for case in ledger.cases}
    version = edition_of(output, report)
    report = in_edition(report, version)
    if version.alone:
        problems += (problem("KH418", file=output.name, found=version.alone),)
    watch.now("写考核结果")
    result = press.put(output, workbook.result_workbook(report), keep=version.keeps)
    written = [Outcome(result.problems, (said_written("考核结果", result), *said_kept(result.copy)))]
    written += (paper.write(report) for paper in papers)
    problems += tuple(refused for each in written for refused in each.problems)
    notes = (*(note for each in written for note in each.notes), *said_dry(press))
    trials = report.trials or ()
    reviewed = contract.Reviewed(report.version, report.reviews, report.effects)
    made = partial(
        contract.ranking, scheme, report.ranking, trials, ledger.open, report.margins, report.beside, reviewed
    )  # fmt: skip
    decide = (*_unconfirmed(ledger.queries), *waiting(ledger.open))
    weighing = grades_summary(scheme, report.ranking, trials)
    placed = any(each.place for each in report.units)
    advice = (
        *appeal.summary(scheme, named, report.reviews, report.effects),
        *([report.beside.said] if report.beside else ()),
        *margin.summary(scheme, report.margins), *_noticed(judging.noticed(report)),
        *((*pairs_summary(trials), *near(scheme, report.ranking)) if placed else ()),
    )  # fmt: skip
    places = Places(scheme_name, ledger=ledger_path, previous=previous).beside(
        ledger_path, result=output, feedback=wanted.feedback, circular=wanted.circular, replies=wanted.replies
    )
    desk = of_ledger(scheme, ledger, places, ResultState(output.name, report.ranking.final, version=report.version))
    step = adopted(places) if scheme.readings != ledger.readings else next_step(desk)
    return Outcome(
        problems, notes, made, ranking=report.ranking, title=f"{report.title}　第{report.version}版", decide=decide,
        weighing=weighing, advice=advice, files=(output, *wanted.places), press=press,
        next=None if result.problems else step,
    )  # fmt: skip


def _unconfirmed(queries: Iterable[Query]) -> Iterator[str]:
    """How much that moves a point is not confirmed, and what of it most rides on; nothing where all is."""
    asked = [each for each in queries if each.state != "confirmed" and each.influence.points]
    if asked:
        first, *_ = asked
        most = f"{first.unit.name} {first.label} {first.value}，{first.influence.said}"
        yield f"待核实 {len(asked)} 处，见评分底稿的“核实清单”，首先是 {most}。"


def _noticed(found: Sequence[str]) -> Iterator[str]:
    """The first of what is noticed of the marks, and where the rest stands."""
    yield from found[:FEW]
    if found[FEW:]:
        yield f"评分另有 {len(found) - FEW} 处须核对，见考核结果的“评分分析”。"


def _last_year(scheme: Scheme, ledger: Ledger, path: Path) -> "tuple[LastYear, tuple[Problem, ...]]":
    """Last year, by its result at ``path`` and the ledger beside it, and what is to be known of them; raises Stop."""
    from kaohe_cli.result.last_result import read_previous_result, with_ledger
    from kaohe_cli.result.material import SAME, ledger_at_hand

    if not path.exists():
        raise Stop((problem("KH951", file=path.name, found=str(path)),))
    if not path.is_file():
        raise Unreadable((problem("KH017", file=path.name, found="不是普通文件"),))
    previous, unread = read_previous_result(path, file_source(PREVIOUS, path))
    if previous is None:
        raise Unreadable(unread)
    doubts = [] if previous.final else [problem("KH417", file=path.name)]
    there, reason = None, "上年考核结果没有写明依据哪份评分底稿"
    if previous.ledger:
        found = ledger_at_hand(path, previous.ledger)
        there = found.file.path if found.file and found.state == SAME else None
        reason = f"上年的评分底稿“{previous.ledger.name}”不在上年考核结果旁边，或者已有改动"
    if there is None:
        doubts.append(problem("KH416", file=path.name, reason=reason))
    last, wrong = with_ledger(previous, scheme, [case.unit for case in ledger.cases], there)
    return last, (*doubts, *wrong)
