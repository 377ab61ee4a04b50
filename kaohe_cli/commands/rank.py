"""``kaohe rank``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from kaohe_cli.assess import appeal, margin
from kaohe_cli.assess.sensitivity import grades_summary, near, pairs_summary
from kaohe_cli.commands import contract
from kaohe_cli.commands.desk import USUAL, Places, ResultState, of_ledger
from kaohe_cli.commands.inputs import read_ledger
from kaohe_cli.commands.next import adopted, next_step
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Unreadable, Watch
from kaohe_cli.commands.targets import DOCUMENT, WORKBOOK, apart, clear, ready, said_dry, said_kept, said_written
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.ledger.settle import waiting
from kaohe_cli.model import Query
from kaohe_cli.naming import readable
from kaohe_cli.paper.batch import Batch
from kaohe_cli.paper.press import Press, tally
from kaohe_cli.paper.provenance import PREVIOUS, file_source
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

if TYPE_CHECKING:
    from kaohe_cli.result.page import Report
    from kaohe_cli.result.previous import LastYear


FEW = 3  # lines of one kind on the terminal


class Draft(Struct, frozen=True):
    """The circular that is asked for."""

    path: Path
    number: str = ""  # 文号; empty: marked in the draft
    day: date | None = None  # 落款日期; None: marked in the draft
    style: Literal["1999", "2012"] = "2012"  # of GB/T 9704


class Replies(Struct, frozen=True):
    """The replies to reviews that are asked for."""

    folder: Path
    day: date | None = None  # 落款日期; None: marked in the drafts
    style: Literal["1999", "2012"] = "2012"  # of GB/T 9704


def rank(
    scheme_name: str,
    *,
    ledger_path: Path,
    output: Path,
    feedback_dir: Path | None,
    csv: Path | None,
    draft: Draft | None,
    readings: Mapping[str, str],
    previous: Path | None = None,
    replies: Replies | None = None,
    rectify_dir: Path | None = None,
    force: bool = False,
    dry: bool = False,
    watch: Watch = UNWATCHED,
) -> Outcome:
    """Rank the units by the ledger and write the result, and what else is asked for.

    ``previous`` is last year's result, beside which this one stands; None: it stands alone. ``rectify_dir`` takes a
    notice for each unit that lost points. What is there already is written over where it is an earlier one of its kind,
    or with ``force``. ``dry``: nothing is written, but told of each file.
    """
    from kaohe_cli.result import feedback, judging, tables, workbook
    from kaohe_cli.result.edition import edition_of, in_edition
    from kaohe_cli.result.report import report_of

    press = Press(dry=dry)
    scheme = load(scheme_name)
    ready(output, WORKBOOK, force=force, title=workbook.title(scheme))
    if draft:
        from kaohe_cli.result import circular

        ready(draft.path, DOCUMENT, force=force, title=circular.title(scheme))
    apart([output, *([draft.path] if draft else [])], ledger_path, previous)
    watch.now("读评分底稿")
    ledger, scheme, problems = read_ledger(scheme_name, ledger_path, readings)
    named = {case.unit.code: case.unit.name for case in ledger.cases}
    names = [*named.values()]
    batch = Batch(feedback_dir, "反馈表", press=press) if feedback_dir else None
    if batch:
        clear(batch.ready(names, force=force, titles=[feedback.title(scheme, name) for name in names]))
        apart(map(batch.path, names), ledger_path, output, previous)
    if csv:
        clear(tables.ready(csv, force=force))
    letters = Batch(replies.folder, "复核答复", ".docx", press=press) if replies else None
    if letters:
        from kaohe_cli.result import reply

        due = [*dict.fromkeys(named[each.code] for each in ledger.reviews)]
        clear(letters.ready(due, force=force, titles=[reply.title(scheme, name) for name in due]))
        apart(map(letters.path, due), ledger_path, output, previous, draft.path if draft else None)
    notices = Batch(rectify_dir, "整改通知", DOCUMENT, press=press) if rectify_dir else None
    if notices:
        from kaohe_cli.result import rectify

        clear(notices.ready(names, force=force, titles=[rectify.title(scheme, name) for name in names]))
        others = map(letters.path, due) if letters else ()
        apart(map(notices.path, names), ledger_path, output, previous, draft.path if draft else None, *others)
    last, doubts = _last_year(scheme, ledger, previous) if previous else (None, ())
    watch.now("排名，试用其他口径")
    report = report_of(scheme, ledger, file_source("底稿", ledger_path), problems, last)
    problems = tuple(report.problems[len(ledger.problems) :])  # those of the returns were told when these were scored
    if report.beside:
        from kaohe_cli.result.previous import contradictions_said

        problems += (*doubts, *contradictions_said(scheme, report.beside))
    version = edition_of(output, report)
    report = in_edition(report, version)
    watch.now("写考核结果")
    result = press.put(output, workbook.result_workbook(report), keep=version.keeps)
    written = [Outcome(result.problems, (said_written("考核结果", result), *said_kept(result.copy)))]
    if batch:
        written.append(_feedback(report, batch, watch))
    if csv:
        written.append(_tables(report, csv, press))
    if draft:
        written.append(_circular(report, draft, press))
    if replies and letters:
        written.append(_replies(report, replies, letters))
    if notices:
        written.append(_notices(report, notices, watch))
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
    files = tuple(
        path
        for path in (output, feedback_dir, csv, draft and draft.path, replies and replies.folder, rectify_dir)
        if path
    )
    places = Places(
        scheme_name, ledger=ledger_path, result=output, feedback=feedback_dir or USUAL.feedback,
        circular=draft.path if draft else USUAL.circular, previous=previous,
    )  # fmt: skip
    desk = of_ledger(scheme, ledger, places, ResultState(output.name, report.ranking.final, version=report.version))
    step = adopted(places) if scheme.readings != ledger.readings else next_step(desk)
    return Outcome(
        problems, notes, made, ranking=report.ranking, title=f"{report.title}　第{report.version}版", decide=decide,
        weighing=weighing, advice=advice, files=files, press=press,
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
    from kaohe_cli.result.material import SAME, at_hand

    if not path.exists():
        raise Stop((problem("KH951", file=path.name, found=str(path)),))
    previous, unread = read_previous_result(path, file_source(PREVIOUS, path))
    if previous is None:
        raise Unreadable(unread)
    doubts = [] if previous.final else [problem("KH417", file=path.name)]
    there, reason = None, "上年考核结果没有写明依据哪份评分底稿"
    if previous.ledger:
        found = at_hand(path, previous.ledger)
        there = found.file.path if found.file and found.state == SAME else None
        reason = f"上年的评分底稿“{previous.ledger.name}”不在上年考核结果旁边，或者已有改动"
    if there is None:
        doubts.append(problem("KH416", file=path.name, reason=reason))
    last, wrong = with_ledger(previous, scheme, [case.unit for case in ledger.cases], there)
    return last, (*doubts, *wrong)


def _feedback(report: "Report", batch: Batch, watch: Watch) -> Outcome:
    """One feedback per unit."""
    from kaohe_cli.result import feedback

    for each in watch.each(report.units, "生成反馈表", len(report.units)):
        unit = each.score.unit
        with batch.attempt():
            data = feedback.feedback_workbook(
                report.scheme, each, report.cases[unit.code], report.ranking, report.publicity
            )
            batch.write(unit.name, data)
    return Outcome(tuple(batch.problems), (batch.said,))


def _notices(report: "Report", batch: Batch, watch: Watch) -> Outcome:
    """What is to be put right, to each unit that lost points; what was filled into an earlier one stays beside it."""
    from kaohe_cli.result import rectify

    found = rectify.rectifications(report)
    for each in watch.each(found, "生成整改通知", len(found)):
        with batch.attempt():
            data = rectify.rectify_document(report.scheme, each, final=report.ranking.final)
            batch.write(each.case.unit.name, data, keep=True)
    left = len(report.units) - len(found)
    return Outcome(tuple(batch.problems), (batch.said, *([f"{left} 个单位没有失分，不发整改通知。"] if left else [])))


def _tables(report: "Report", folder: Path, press: Press) -> Outcome:
    """The result as plain tables."""
    from kaohe_cli.result import tables

    made = tables.write(folder, report.scheme, report.ranking, press)
    refused = tuple(each for table in made for each in table.problems)
    written = [table for table in made if not table.problems]
    rest = f"，其余 {len(made) - len(written)} 个{'写不成' if press.dry else '未写'}" if refused else ""
    done, each = ("将", f"（{tally(written, '个')}）" if written else "") if press.dry else ("已", "")
    return Outcome(refused, (f"{done}在 {readable(folder)} 写出 {len(written)} 个文本表格{each}{rest}。",))


def _circular(report: "Report", draft: Draft, press: Press) -> Outcome:
    """The draft of the circular; what the office filled into an earlier one stays beside it."""
    from kaohe_cli.result import circular

    facts = circular.Circular(draft.style, draft.number, draft.day, resting=report.resting, publicity=report.publicity)
    made = press.put(draft.path, circular.circular_document(report.scheme, report.ranking, facts), keep=True)
    said = () if made.problems or made.dry else ("文号、落款日期等标出的地方请填写。", *said_kept(made.copy))
    return Outcome(made.problems, (said_written("通报草稿", made), *said))


def _replies(report: "Report", replies: Replies, batch: Batch) -> Outcome:
    """A draft of a reply to each unit whose reviews are settled; what the office filled in stays beside it."""
    from kaohe_cli.result import reply

    due = reply.answered(report.scheme, report.reviews)
    for each in report.units:
        unit = each.score.unit
        if unit.code in due:
            with batch.attempt():
                dating = reply.Dating(replies.day, replies.style)
                batch.write(unit.name, reply.reply_document(report, each, dating), keep=True)
    settled = sum(map(len, due.values()))
    units = dict.fromkeys(
        report.cases[each.code].unit.name for each in report.reviews if each not in due.get(each.code, ())
    )
    said = f"{batch.said}文号、落款日期等标出的地方请填写。" if due else "没有可以答复的复核。"
    left = f"另有 {len(report.reviews) - settled} 件复核未结，没有答复：{'、'.join(units)}。" if units else ""
    return Outcome(tuple(batch.problems), tuple(filter(None, (said, left))))
