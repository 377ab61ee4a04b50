"""``kaohe score``."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kaohe_cli.commands import contract
from kaohe_cli.commands.desk import Places, of_ledger, to_mend
from kaohe_cli.commands.inputs import changes, read_forms, read_previous
from kaohe_cli.commands.next import next_step
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Unreadable, Watch
from kaohe_cli.commands.returns import Collected, arrivals_in, collect, ledger_sources
from kaohe_cli.commands.targets import apart, clear, held, said_dry, said_kept, said_written
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.ledger.settle import assemble
from kaohe_cli.model import Case, Query
from kaohe_cli.naming import readable
from kaohe_cli.paper.batch import Batch
from kaohe_cli.paper.press import Press
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.folder import find_files

if TYPE_CHECKING:
    from kaohe_cli.form.blank import Blank
    from kaohe_cli.ledger.last_year import Settled

UNMERGED = "KH358"  # a copy that holds what the ledger does not have
DIFFERENCE = "KH233"  # a note, and yet what the unit has to settle


def score(
    scheme_name: str,
    *,
    settings_path: Path | None,
    paths: Sequence[Path],
    output: Path,
    return_dir: Path | None,
    prefer: Sequence[Path],
    template_path: Path | None,
    received: date | None = None,
    last_year: Path | None = None,
    judge_dir: Path | None = None,
    issued: date | None = None,
    force: bool = False,
    dry: bool = False,
    watch: Watch = UNWATCHED,
) -> Outcome:
    """Read and check the returns, score them, and write the ledger anew with everything that was typed into it.

    ``received`` is the day on which the files arrived that were not there at the last run (收到日期); None: not known.
    ``last_year`` is the ledger of last year, against which 上年实绩 is held; None, or nothing to be read there: as in
    the ledger that was there. ``judge_dir`` takes a judging copy for each department, issued on the day ``issued``.
    ``dry``: nothing is written, but told of each file.
    """
    from kaohe_cli.ledger import book, judging, materials, reminders
    from kaohe_cli.ledger.tally import tally

    if last_year is not None and not last_year.exists():
        raise Stop((problem("KH955", file=last_year.name),))
    press = Press(dry=dry)
    with held(output, press) as target:
        watch.now("读原来的评分底稿")
        try:
            previous, problems = read_previous(load(scheme_name), output if output.exists() else target)
        except Unreadable:  # no wonder, where it is one of the files that are read
            apart([target], settings_path, template_path, last_year, *(each.path for each in find_files(paths)[0]))
            raise
        came = arrivals_in(previous, received)
        got = collect(
            scheme_name, settings_path=settings_path, paths=paths, prefer=prefer, arrivals=came, watch=watch
        )  # fmt: skip
        cases, told = _with_last_year(got, last_year, previous)
        problems += told
        made_from = ledger_sources(got, settings_path=settings_path, template_path=template_path)
        watch.now("评分")
        ledger, odd = assemble(got.scheme, got.settings, cases, got.problems, made_from, previous, got.materials)
        ledger = replace(ledger, aside=got.aside)
        wrong = to_mend(ledger.cases, got.problems, ledger.queries) if return_dir else ()
        copies = Batch(judge_dir or Path(), "处室评分表", press=press)
        departments, kept_back = _to_judge(got.scheme, ledger, copies, force=force) if judge_dir else ({}, ())
        problems += kept_back
        if issued is not None:
            ledger = reminders.noted(ledger, departments, reminders.ISSUED, issued, first=True)
        batch = Batch(return_dir or Path(), "待更正的考核表", press=press)
        forms = read_forms(got.scheme, template_path) if wrong else None
        sent = dict.fromkeys(case.unit.name for case in wrong)
        if forms:
            clear(batch.ready([*sent], force=force, titles=[forms.title(case.unit) for case in wrong]))
        # nor is a folder of returns one of forms to mend, even where none has to be mended this time
        mended = [batch.path(case.unit.name) for case in got.cases] if return_dir else []
        mended += map(copies.path, departments.values())
        apart([target, *mended], settings_path, template_path, last_year, *got.files)
        apart(mended, target)
        changed = changes(scheme_name, got.scheme, previous, ledger)
        became = tally(got.scheme, previous, ledger, problems)
        watch.now("写评分底稿")
        problems = (*got.problems, *problems, *odd)
        data = book.ledger_workbook(got.scheme, ledger, problems, changed)
        made = press.put(target, data, keep=True)
    notes = [f"已读 {got.found} 个文件，{said_written('评分底稿', made)}"]
    notes += () if made.problems else said_kept(made.copy, given=output, written=target)
    notes += materials.said(got.scheme, ledger)
    if return_dir:
        if forms:
            _send_back(got, forms, wrong, ledger.queries, batch, watch)
        notes.append(batch.said if wrong else "没有需要退回的考核表。")
        others = (case.unit.name for case in got.cases if case.unit.name not in sent)
        old = [name for name in others if batch.path(name).exists()]
        if old:
            notes.append(f"{readable(return_dir)} 中以前生成的{'、'.join(old)}的表已不需要更正，请勿再发。")
    if judge_dir:
        for department, name in watch.each(departments.items(), "生成处室评分表", len(departments)):
            with copies.attempt():
                copies.write(name, judging.judging_workbook(got.scheme, ledger, department), keep=True)
        notes.append(copies.said if departments else "没有处室评分表可以生成。")
    else:
        notes += reminders.said(reminders.standings(got.scheme, ledger))
    scored = {each.unit.code: each for each in ledger.scores}
    told = (*problems, *made.problems, *batch.problems, *copies.problems)
    answers = partial(contract.scores, got.scheme, ledger.cases, scored, ledger.queries, changed, ledger.materials)
    notes += said_dry(press, became)
    places = Places(scheme_name, ledger=target, prefer=tuple(prefer), template=template_path).beside(
        target, settings=settings_path, returned=tuple(paths), mend=return_dir, judged=judge_dir
    )
    files = tuple(path for path in (target, return_dir, judge_dir) if path)
    full = tuple(each.file or "" for each in kept_back if each.code == UNMERGED)
    step = None if made.problems else next_step(of_ledger(got.scheme, ledger, places, unmerged=full))
    return Outcome(
        told, tuple(notes), answers, ledger.scores, ledger.queries, changed, files=files, next=step, press=press,
        entries=became,
    )  # fmt: skip


def _with_last_year(
    got: Collected, path: Path | None, previous: Ledger | None
) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """The cases with what last year's ledger settled, or else with what ``previous`` had of it."""
    settled: Settled = {}
    marks: Settled = {}
    problems: tuple[Problem, ...] = ()
    if path is not None:
        from kaohe_cli.ledger.last_year import read_last_marks, read_last_year

        units = [case.unit for case in got.cases]
        settled, problems = read_last_year(got.scheme, path, units)
        marks = read_last_marks(got.scheme, path, units)
    if not settled and previous:
        settled = {case.unit.code: case.last_year for case in previous.cases}
    if not marks and previous:
        marks = {case.unit.code: case.last_marks for case in previous.cases}
    cases = (
        replace(case, last_year=settled.get(case.unit.code, {}), last_marks=marks.get(case.unit.code, {}))
        for case in got.cases
    )
    return tuple(cases), problems


def _to_judge(
    scheme: Scheme, ledger: Ledger, copies: Batch, *, force: bool
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The departments that get a copy, with its name; one whose copy holds what the ledger does not have keeps it.

    That is told (KH358). Raises Stop where something else stands in the way.
    """
    from kaohe_cli.ledger import judging
    from kaohe_cli.ledger.copies import read_copy
    from kaohe_cli.ledger.issued import unmerged

    named = judging.file_names(scheme, ledger)
    titles = [judging.title(scheme, each) for each in named]
    clear(copies.ready([*named.values()], force=force, titles=titles))
    due, problems = dict[str, str](), list[Problem]()
    for department, name in named.items():
        path = copies.path(name)
        held, told = read_copy(scheme, path, ledger) if path.exists() else (None, ())
        left = unmerged(scheme, ledger, held) if held is not None else 0
        if path.exists() and held is None and not force:
            problems += told  # whatever is in it, it is not written over
        elif left:
            problems.append(problem("KH358", file=path.name, found=str(left)))
        else:
            due[department] = name
    return due, tuple(problems)


def _send_back(
    got: Collected, forms: "Blank", units: Sequence[Case], queries: Sequence[Query], batch: Batch, watch: Watch
) -> None:
    """Write the forms to mend, with everything readable filled in; one that was there stays as a dated copy."""
    for case in watch.each(units, "生成待更正的考核表", len(units)):
        told = (found for found in got.problems if found.unit == case.unit.name)
        own = [found for found in told if found.severity != "note" or found.code == DIFFERENCE]
        with batch.attempt():
            asked = [each for each in queries if each.unit == case.unit]
            form, _ = forms.issue(case.unit, got.settings, case.reported, own, asked)
            batch.write(case.unit.name, form, keep=True)
