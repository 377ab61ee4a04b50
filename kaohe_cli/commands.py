"""What each command does: stages put in order, files in and out. Returns what was made and what was wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.catalogue import CATALOGUE, ProblemKind
from kaohe_cli.diagnostic import Problem, any_error, problem
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import Case, Ranking, Settings, Source, Unit, UnitScore
from kaohe_cli.naming import bare_name, plain_name, readable, spellings
from kaohe_cli.paper import files
from kaohe_cli.scheme.load import DEFAULT, SchemeError, load, under
from kaohe_cli.scheme.scheme import Scheme

if TYPE_CHECKING:
    from kaohe_cli.form.blank import Blank
    from kaohe_cli.sheet.reader import FoundFile

Element = TypeVar("Element")


class Outcome(Struct, frozen=True):
    """What a command made, and what was wrong."""

    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()  # what was made, for people
    made: Callable[[], dict[str, Any]] | None = None  # makes the machine-readable contract; None: nothing was made
    scores: tuple[UnitScore, ...] = ()
    ranking: Ranking | None = None
    title: str = ""
    advice: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()  # an explanation
    stopped: bool = False  # wrong use or settings: nothing was done

    @property
    def exit_code(self) -> int:
        """0 nothing wrong, 1 problems in the data, 2 wrong use or settings."""
        return 2 if self.stopped else 1 if any_error(self.problems) else 0


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

    def each(self, work: Iterable[Element], label: str, total: int) -> Iterator[Element]:
        """``work`` itself, counted as it is done."""


class Nobody:
    """Where nobody watches."""

    def now(self, label: str) -> None:
        """Say nothing."""

    def each(self, work: Iterable[Element], label: str, total: int) -> Iterator[Element]:
        """``work`` itself."""
        return iter(work)


NOBODY = Nobody()


def run(command: Callable[..., Outcome], *given: Any, **also: Any) -> Outcome:
    """What ``command`` made; or, where it was stopped, why. What the system refuses is told as a problem (KH913)."""
    try:
        return command(*given, **also)
    except (Stop, SchemeError) as error:
        return Outcome(error.problems, stopped=not isinstance(error, Unreadable))
    except BrokenPipeError:  # nobody reads what is printed any more
        raise
    except OSError as error:
        return Outcome((files.refusal(error),))


# ── prepare ─────────────────────────────────────────────────────────────────────────────────────────────


def init(scheme_name: str, output: Path, force: bool) -> Outcome:
    """Write a blank settings workbook."""
    from kaohe_cli import contract
    from kaohe_cli.settings import workbook as settings

    _ready(output, WORKBOOK, force=force)
    scheme = load(scheme_name)
    data, places = settings.build(scheme)
    kept, problems = files.write(output, data, keep=True)
    if problems:
        return Outcome(problems)
    notes = (f"已生成 {readable(output)}，请填写单位、下达目标、口径和责任处室。", *_kept(kept))
    return Outcome((), notes, partial(contract.settings_form, scheme, readable(output), places))


def blank(
    scheme_name: str,
    settings_path: Path | None,
    units: Sequence[str],
    template_path: Path | None,
    output: Path,
    force: bool,
    watch: Watch = NOBODY,
) -> Outcome:
    """Write one blank form per unit."""
    from kaohe_cli import contract

    scheme, settings, problems = _settings(scheme_name, settings_path)
    chosen = _units(settings.units, units)
    batch = files.Batch(output, "考核表")
    _clear(batch.ready([unit.name for unit in chosen], force=force))
    _apart((batch.path(unit.name) for unit in chosen), settings_path, template_path)
    forms = _forms(scheme, template_path)
    issued = []
    for unit in watch.each(chosen, "生成考核表", len(chosen)):
        with batch.attempt():
            data, places = forms.issue(unit, settings)
            if batch.write(unit.name, data):
                issued.append((unit.code, unit.name, readable(batch.path(unit.name)), places))
    return Outcome((*problems, *batch.problems), (batch.said,), partial(contract.forms, scheme, issued))


def template(scheme_name: str, output: Path, force: bool) -> Outcome:
    """Write the template of a scheme."""
    from kaohe_cli.form import template as maker

    _ready(output, WORKBOOK, force=force)
    problems = _write(output, maker.build(load(scheme_name)))
    return Outcome(problems, () if problems else (f"已生成模板 {readable(output)}；改样式时不要删去隐藏的行和列。",))


def _forms(scheme: Scheme, path: Path | None) -> "Blank":
    """Forms from the template given, else the one of the scheme, else one made from the scheme; raises Stop."""
    from kaohe_cli.form import template as maker
    from kaohe_cli.form.blank import Blank, TemplateError
    from kaohe_cli.form.shipped import shipped_template

    if path is None:
        path = shipped_template(scheme)
    else:
        _sound(path)
    try:
        data = maker.build(scheme) if path is None else path.read_bytes()
        return Blank(scheme, data, path.name if path else "")
    except TemplateError as error:
        raise Stop(error.problems) from error


def _sound(path: Path) -> None:
    """Raise Stop where the template at ``path`` cannot be read within what a workbook may cost."""
    from kaohe_cli.sheet import reader

    book, told = reader.read(path)
    if book is None:
        raise Stop(problem("KH963", file=path.name, reason=each.message) for each in told)


# ── collect and score ───────────────────────────────────────────────────────────────────────────────────


class Collected(Struct, frozen=True):
    """What came back, read and checked."""

    scheme: Scheme
    settings: Settings
    cases: tuple[Case, ...]
    problems: tuple[Problem, ...]
    found: int  # files that were read
    sources: tuple[Source, ...]  # the returns that count
    files: tuple[Path, ...]  # on disk, of which something was read as a return


def collect(
    scheme_name: str,
    settings_path: Path | None,
    paths: Sequence[Path],
    prefer: Sequence[Path] = (),
    *,
    as_printed: bool = False,
    watch: Watch = NOBODY,
) -> Collected:
    """Read and check every return among ``paths``; raises Stop where there is nothing to read.

    ``as_printed``: where there are no settings, a form is checked against the targets that are printed on it.
    """
    from kaohe_cli.assess.check import check as checked
    from kaohe_cli.form.intake import gather
    from kaohe_cli.form.returns import take
    from kaohe_cli.sheet import reader

    scheme, settings, problems = _settings(scheme_name, settings_path)
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise Stop(problem("KH957", found=str(path)) for path in missing)
    found, unread = reader.collect(paths)
    if as_printed and settings_path is None:
        settings, problems = _as_printed(scheme, settings, found), (problem("KH958"),)
    takings = tuple(watch.each(take(scheme, settings, found), "读取考核表", len(found)))
    if not any(returned for returned, _ in takings):
        told = [each for _, wrong in takings for each in wrong]
        nothing = (*unread, *told, problem("KH951", found="、".join(str(path) for path in paths)))
        raise Unreadable(nothing) if found else Stop(nothing)
    cases, odd = gather(scheme, settings, takings, [readable(path.as_posix()) for path in prefer])
    problems += (*unread, *odd)
    settled = []
    for case in watch.each(cases, "核对", len(cases)):
        struck, wrong = checked(scheme, settings, case)
        settled.append(struck)
        problems += wrong
    counted = {case.file for case in cases}
    sources = tuple(
        Source("填报表", returned.file, returned.size, returned.sha256)
        for returned, _ in takings
        if returned is not None and returned.file in counted
    )
    taken = tuple(each.path for each, (returned, _) in zip(found, takings, strict=True) if returned is not None)
    return Collected(scheme, settings, tuple(settled), problems, len(found), sources, taken)


def _as_printed(scheme: Scheme, settings: Settings, found: "Sequence[FoundFile]") -> Settings:
    """``settings`` with what is printed on the forms themselves: all that a unit's helper has at hand."""
    from kaohe_cli.form.intake import printed
    from kaohe_cli.sheet.reader import open_found

    books = (open_found(each)[0] for each in found)
    return replace(settings, given=dict(each for book in books if book and (each := printed(scheme, book))))


def check(scheme_name: str, settings_path: Path | None, paths: Sequence[Path], watch: Watch = NOBODY) -> Outcome:
    """Read and check returns, and write nothing."""
    from kaohe_cli import contract
    from kaohe_cli.assess.score import score as scored

    got = collect(scheme_name, settings_path, paths, as_printed=True, watch=watch)
    cases = [case for case in got.cases if case.status != "missing"]
    problems = tuple(each for each in got.problems if each.code != MISSING)
    points = {case.unit.code: scored(got.scheme, case) for case in cases}
    clean = all(each.severity == "note" for each in problems)
    notes = (f"已核对 {len(cases)} 份填报表，没有需要更正的地方。",) if clean else ()
    return Outcome(problems, notes, partial(contract.scores, got.scheme, cases, points))


def score(
    scheme_name: str,
    settings_path: Path | None,
    paths: Sequence[Path],
    output: Path,
    return_dir: Path | None,
    prefer: Sequence[Path],
    template_path: Path | None,
    force: bool = False,
    watch: Watch = NOBODY,
) -> Outcome:
    """Read and check the returns, score them, and write the ledger anew with everything that was typed into it."""
    from kaohe_cli import contract
    from kaohe_cli.ledger import book
    from kaohe_cli.ledger.settle import assemble

    target = _as_written(output)
    with _held(target):
        got = collect(scheme_name, settings_path, paths, prefer, watch=watch)
        wrong = _to_mend(got) if return_dir else ()
        batch = files.Batch(return_dir or Path(), "待更正的考核表")
        forms = _forms(got.scheme, template_path) if wrong else None
        names = [case.unit.name for case in wrong]
        if forms:
            _clear(batch.ready(names, force=force, titles=[forms.title(case.unit) for case in wrong]))
        # nor is a folder of returns one of forms to mend, even where none has to be mended this time
        mended = [batch.path(case.unit.name) for case in got.cases] if return_dir else []
        _apart([target, *mended], settings_path, template_path, *got.files)
        _apart(mended, target)
        watch.now("读原来的评分底稿")
        previous, problems = _previous(got.scheme, output if output.exists() else target)
        made_from = _made_from(got, settings_path, template_path)
        watch.now("评分")
        ledger, odd = assemble(got.scheme, got.settings, got.cases, got.problems, made_from, previous)
        watch.now("写评分底稿")
        problems = (*got.problems, *problems, *odd)
        data = book.build(got.scheme, ledger, (*problems,))
        kept, unwritten = files.write(target, data, keep=True)
    notes = [f"已读 {got.found} 个文件，{_said_written('评分底稿', target, unwritten)}"]
    notes += () if unwritten else _kept(kept, output, target)
    if return_dir:
        if forms:
            _send_back(got, forms, wrong, batch, watch)
        notes.append(batch.said if wrong else "没有需要退回的考核表。")
        earlier = [case.unit.name for case in got.cases if case.unit.name not in names]
        old = [name for name in earlier if batch.path(name).exists()]
        if old:
            notes.append(f"{readable(return_dir)} 中以前生成的{'、'.join(old)}的表已不需要更正，请勿再发。")
    problems += (*unwritten, *batch.problems)
    points = {each.unit.code: each for each in ledger.scores}
    made = partial(contract.scores, got.scheme, ledger.cases, points)
    return Outcome(problems, tuple(notes), made, ledger.scores)


def _made_from(got: Collected, settings_path: Path | None, template_path: Path | None) -> tuple[Source, ...]:
    """What a ledger of these returns is made from."""
    from kaohe_cli.form.shipped import shipped_template
    from kaohe_cli.paper.provenance import file_source, sources

    used = {"设置": settings_path, "模板": template_path or shipped_template(got.scheme)}
    return sources(
        got.scheme.sources, [*got.sources, *(file_source(role, path) for role, path in used.items() if path)]
    )


def _to_mend(got: Collected) -> tuple[Case, ...]:
    """The units that get their form back: those with an error."""
    wrong = {problem.unit for problem in got.problems if problem.severity == "error"}
    return tuple(case for case in got.cases if case.unit.name in wrong and case.status != "missing")


def _send_back(got: Collected, forms: "Blank", units: Sequence[Case], batch: files.Batch, watch: Watch) -> None:
    """Write the forms to mend, with everything readable filled in; one that was there stays as a dated copy."""
    for case in watch.each(units, "生成待更正的考核表", len(units)):
        own = [
            problem
            for problem in got.problems
            if problem.unit == case.unit.name and (problem.severity != "note" or problem.code == DIFFERENCE)
        ]
        with batch.attempt():
            batch.write(case.unit.name, forms.issue(case.unit, got.settings, case.reported, own)[0], keep=True)


def merge(scheme_name: str, path: Path, copies: Sequence[Path], watch: Watch = NOBODY) -> Outcome:
    """Bring the entries of departments' copies into the office's ledger."""
    from kaohe_cli.ledger import book
    from kaohe_cli.ledger import merge as merging
    from kaohe_cli.sheet import reader

    target = _as_written(path)
    with _held(target):
        watch.now("读评分底稿")
        ledger, scheme, problems = _ledger(scheme_name, path)
        found, unread = reader.collect(copies)
        problems += unread
        others = []
        for each in watch.each(found, "读返回的底稿", len(found)):
            if files.real(each.path) in (files.real(path), files.real(target)):
                continue
            other, odd = book.read(scheme, each.path)
            problems += odd
            if other is not None:
                others.append(other)
        if not others:
            nothing = (*problems, problem("KH951", found="、".join(str(copy) for copy in copies)))
            raise Unreadable(nothing) if found else Stop(nothing)
        watch.now("写评分底稿")
        merged, conflicts = merging.merge(scheme, ledger, others)
        problems += conflicts
        kept, unwritten = files.write(target, book.build(scheme, merged, problems), keep=True)
    if unwritten:
        return Outcome((*problems, *unwritten), (f"已读 {len(others)} 份返回的底稿，没有并入。",))
    notes = (f"已并入 {len(others)} 份底稿，写在 {readable(target)}。", *_kept(kept, path, target))
    return Outcome(problems, notes)


# ── publish ─────────────────────────────────────────────────────────────────────────────────────────────


class Draft(Struct, frozen=True):
    """The circular that is asked for."""

    path: Path
    number: str = ""  # 文号; empty: marked in the draft
    day: date | None = None  # 落款日期; None: marked in the draft
    style: Literal["1999", "2012"] = "2012"  # of GB/T 9704


def rank(
    scheme_name: str,
    path: Path,
    output: Path,
    feedback_dir: Path | None,
    csv: Path | None,
    draft: Draft | None,
    readings: Mapping[str, str],
    force: bool = False,
    watch: Watch = NOBODY,
) -> Outcome:
    """Rank the units by the ledger and write the result, and what else is asked for.

    What is there already is written over where it is an earlier one of its kind, or with ``force``.
    """
    from kaohe_cli import contract
    from kaohe_cli.assess.review import review, unsettled
    from kaohe_cli.assess.sensitivity import summary, try_readings
    from kaohe_cli.ledger.settle import waiting
    from kaohe_cli.paper.provenance import file_source, sources
    from kaohe_cli.result import circular, feedback, tables
    from kaohe_cli.result import workbook as result

    scheme = load(scheme_name)
    _ready(output, WORKBOOK, force=force, title=result.title(scheme))
    if draft:
        _ready(draft.path, DOCUMENT, force=force, title=circular.title(scheme))
    _apart([output, *([draft.path] if draft else [])], path)
    watch.now("读评分底稿")
    ledger, scheme, problems = _ledger(scheme_name, path, readings)
    names = [case.unit.name for case in ledger.cases]
    batch = files.Batch(feedback_dir or Path(), "反馈表")
    if feedback_dir:
        _clear(batch.ready(names, force=force, titles=[feedback.title(scheme, name) for name in names]))
        _apart(map(batch.path, names), path, output)
    if csv:
        _clear(tables.ready(csv, force=force))
    ranking = ranked(scheme, ledger)
    watch.now("试用其他口径")
    trials = try_readings(scheme, ledger.cases, ranking)
    cases = {case.unit.code: case for case in ledger.cases}
    unverified = unsettled(scheme, ledger.cases)
    resting = tuple(each.message for each in unverified)
    problems += (*review(scheme, ranking), *unverified)
    made_from = sources(scheme.sources, [file_source("底稿", path), *(each for each in ledger.sources if each.sha256)])
    report = result.Report(
        scheme,
        ranking,
        cases,
        trials,
        (*ledger.problems, *problems),
        made_from,
        ledger.approvals,
        resting,
    )
    watch.now("写考核结果")
    unwritten = _write(output, result.build(report))
    notes = [_said_written("考核结果", output, unwritten)]
    if feedback_dir:
        for each in watch.each(ranking.units, "生成反馈表", len(ranking.units)):
            unit = each.score.unit
            with batch.attempt():
                batch.write(unit.name, feedback.build(scheme, each, cases[unit.code], ranking))
        unwritten += tuple(batch.problems)
        notes.append(batch.said)
    if csv:
        written, failed = tables.write(csv, scheme, ranking)
        unwritten += failed
        rest = f"，其余 {len(failed)} 个未写" if failed else ""
        notes.append(f"已在 {readable(csv)} 写出 {len(written)} 个文本表格{rest}。")
    if draft:
        facts = circular.Circular(draft.style, draft.number, draft.day, resting=resting)
        # what the office filled in stays beside it
        kept, failed = files.write(draft.path, circular.build(scheme, ranking, facts), keep=True)
        unwritten += failed
        said = () if failed else ("文号、落款日期等标出的地方请填写。", *_kept(kept))
        notes += [_said_written("通报草稿", draft.path, failed), *said]
    problems += unwritten
    made = partial(contract.ranking, scheme, ranking, trials)
    advice = (*waiting(ledger.open), *summary(scheme, ranking, trials))
    return Outcome(problems, tuple(notes), made, ranking=ranking, title=report.title, advice=advice)


def ranked(scheme: Scheme, ledger: Ledger) -> Ranking:
    """The ranking that ``ledger`` gives; final only where nothing in it is open."""
    from kaohe_cli.assess.rank import rank as put
    from kaohe_cli.assess.score import score as scored

    as_read = scheme.readings == ledger.readings
    ranking = put(scheme, ledger.scores if as_read else [scored(scheme, case) for case in ledger.cases])
    return replace(ranking, final=ranking.final and not ledger.open)


def explain(scheme_name: str, path: Path, name: str, id: str, readings: Mapping[str, str]) -> Outcome:
    """Say how a unit's points and place came about."""
    from kaohe_cli.assess.explain import explain as explained
    from kaohe_cli.assess.explain import place

    ledger, scheme, problems = _ledger(scheme_name, path, readings)
    ranking = ranked(scheme, ledger)
    (unit,) = _units([case.unit for case in ledger.cases], [name])
    case = next(each for each in ledger.cases if each.unit == unit)
    score = next(each.score for each in ranking.units if each.score.unit == unit)
    known = [*(item.id for item in scheme.items), *scheme.criteria]
    if id and id not in known:
        raise Stop((problem("KH953", found=id, expected="、".join(item.id for item in scheme.items)),))
    lines = explained(scheme, case, score, id, ledger.approvals) + (() if id else place(scheme, ranking, unit.code))
    said = tuple(f"{line.label}：{line.text}" for line in lines)
    return Outcome(tuple(each for each in problems if each.severity == "error"), lines=said)


def verify(scheme_name: str, result: Path, ledger: Path | None) -> Outcome:
    """Score and rank the material of a result again, and say whether it comes out the same."""
    from kaohe_cli.result.verify import verify as verified

    for path in (result, *([ledger] if ledger else [])):
        if not path.exists():
            raise Stop((problem("KH951", file=path.name, found=str(path)),))
    lines, problems = verified(scheme_name, result, ledger)
    return Outcome(problems, lines=lines)


def explain_code(code: str) -> tuple[ProblemKind | None, Outcome]:
    """The catalogue's entry for a problem code."""
    kind = CATALOGUE.get(code.upper())
    if kind is None:
        from difflib import get_close_matches

        meant = get_close_matches(code.upper(), CATALOGUE, 3, 0.5) or [f"{min(CATALOGUE)} 至 {max(CATALOGUE)}"]
        return None, Outcome((problem("KH954", found=code, expected="、".join(meant)),), stopped=True)
    return kind, Outcome()


# ── schemes ─────────────────────────────────────────────────────────────────────────────────────────────


def scheme_check(path: Path) -> Outcome:
    """Look for every fault of a scheme file."""
    from kaohe_cli.scheme.new import check as faults

    problems = faults(path)
    if problems:
        return Outcome(problems, stopped=True)
    scheme = load(str(path))
    counts = f"{len(scheme.items)} 个项目、{len(scheme.criteria)} 条细则、{len(scheme.units)} 个单位"
    return Outcome(notes=(f"{readable(path.name)} 可以使用：{counts}、{len(scheme.content.reading)} 个口径。",))


def scheme_new(source: str, path: Path, force: bool) -> Outcome:
    """Copy a scheme as the start of another."""
    from kaohe_cli.scheme.new import new

    _ready(path, SCHEME_FILE, force=force)
    _apart((path,), Path(source))
    problems = _write(path, new(source, path).encode())
    name = readable(path)
    said = f"已生成 {name}，照文件开头的说明改编，改完运行 kaohe scheme check {name}。"
    return Outcome(problems, () if problems else (said,))


# ── the worked year ─────────────────────────────────────────────────────────────────────────────────────


def demo(folder: Path, force: bool, watch: Watch = NOBODY) -> Outcome:
    """Do the whole year on synthetic data and leave every file in ``folder``."""
    if not force and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop((problem("KH956", found=str(folder)),))
    watch.now("生成虚构的数据")
    settings, returned = folder / "考核设置.xlsx", [folder / "回收"]
    ledger, result, draft = folder / "评分底稿.xlsx", folder / "考核结果.xlsx", Draft(folder / "通报.docx")
    steps: tuple[Callable[[], Outcome], ...] = (
        lambda: Outcome(sample_year(folder)),
        lambda: Outcome(_write(folder / "说明.txt", DEMO_GUIDE.encode("utf-8-sig"))),
        partial(blank, DEFAULT, settings, (), None, folder / "下发", True, watch),
        partial(score, DEFAULT, settings, returned, folder / "评分底稿（未评）.xlsx", None, (), None, True, watch),
        partial(rank, DEFAULT, ledger, result, folder / "反馈", folder / "文本表格", draft, {}, True, watch),
    )
    outcome = Outcome()
    for step in steps:
        outcome = step()
        # what is wrong with the synthetic returns is what the demonstration shows
        unwritten = tuple(each for each in outcome.problems if each.code == UNWRITTEN)
        if unwritten:
            return Outcome(unwritten, (f"没有做完，{readable(folder)} 里的文件不全。",))
    done = f"已在 {readable(folder)} 留下一套完整的文件，先看其中的“说明.txt”。"
    return replace(outcome, problems=(), notes=(done,))


def sample_year(folder: Path) -> tuple[Problem, ...]:
    """Write the settings, the returns and the judged ledger of the synthetic year into ``folder``."""
    from kaohe_cli import demo as synthetic
    from kaohe_cli.ledger import book
    from kaohe_cli.ledger.settle import assemble
    from kaohe_cli.settings import workbook

    scheme = load(DEFAULT)
    sample = synthetic.load(scheme)
    settings_path = folder / "考核设置.xlsx"
    problems = _write(settings_path, workbook.build(scheme, sample.settings)[0])
    forms = _forms(scheme, None)
    batch = files.Batch(folder / "回收", "考核表")
    for unit, filled in zip(sample.settings.units, sample.units, strict=True):
        with batch.attempt():
            batch.write(unit.name, forms.issue(unit, sample.settings, filled.entries)[0])
    problems += tuple(batch.problems)
    if problems:
        return problems
    got = collect(DEFAULT, settings_path, [folder / "回收"])
    made_from = _made_from(got, settings_path, None)
    ledger, _ = assemble(scheme, got.settings, got.cases, got.problems, made_from)
    judged, odd = assemble(
        scheme, got.settings, got.cases, got.problems, made_from, synthetic.work(scheme, sample, ledger)
    )
    return _write(folder / "评分底稿.xlsx", book.build(scheme, judged, (*got.problems, *odd)))


DEMO_GUIDE = """\
这是用虚构数据做完的一套考核，供了解程序之用，不是任何单位的真实数据。

考核设置.xlsx        考核办填写的单位、下达目标、口径、责任处室
下发\\               发给各单位的空白考核表
回收\\               各单位填好交回的考核表
评分底稿（未评）.xlsx  读入考核表以后、处室评分以前的底稿
评分底稿.xlsx        处室已评分、考核办已核定的底稿
考核结果.xlsx        排名、分项得分、得分依据、口径与敏感性
反馈\\               发给各单位的得分和失分理由
通报.docx            考核结果通报草稿
文本表格\\           供其他软件使用的文本表格

可以试一试：
  kaohe explain 萧山区 1.1        萧山区第1项的分是怎样来的
  kaohe rank --reading over5=strict --output 试算.xlsx    换一种口径重排
  改动评分底稿中的一个考核分，再运行 kaohe rank
"""


# ── rooms shared by the commands ────────────────────────────────────────────────────────────────────────

WORKBOOK, DOCUMENT, SCHEME_FILE = ".xlsx", ".docx", ".toml"
OTHER_LEDGERS = (".xls", ".et", ".ods", ".xlsm")  # in which programs of others keep a ledger
MISSING = "KH240"  # a unit whose return has not come
UNWRITTEN = "KH913"
DIFFERENCE = "KH233"  # a note, and yet what the unit has to settle


def _settings(name: str, path: Path | None) -> tuple[Scheme, Settings, tuple[Problem, ...]]:
    """The scheme with the office's readings in force, the settings, and what is doubtful in them; raises Stop."""
    from kaohe_cli.settings import workbook

    scheme = load(name)
    if path is None:
        return scheme, workbook.default(scheme), (problem("KH950"),)
    settings, problems = workbook.read(scheme, path)
    if settings is None or any_error(problems):
        raise Stop(problems)
    return under(scheme, settings.readings), settings, problems


def _ledger(
    name: str, path: Path, readings: Mapping[str, str] | None = None
) -> tuple[Ledger, Scheme, tuple[Problem, ...]]:
    """The ledger, its scheme with the readings it was made under and ``readings`` in force; raises Stop."""
    from kaohe_cli.ledger import book

    if not path.exists():
        raise Stop((problem("KH955", file=path.name),))
    ledger, problems = book.read(load(name), path)
    if ledger is None:
        raise Unreadable(problems)
    return ledger, under(load(name), {**ledger.readings, **(readings or {})}), problems


def _previous(scheme: Scheme, path: Path) -> tuple[Ledger | None, tuple[Problem, ...]]:
    """The ledger that is about to be written anew; one that cannot be read must not be written over."""
    from kaohe_cli.ledger import book

    if not path.exists():
        return None, ()
    ledger, problems = book.read_previous(scheme, path)
    if ledger is None:
        raise Unreadable(problems)
    return ledger, problems


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold ``path`` for this run; raises Stop where it is open elsewhere or another run holds it."""
    _ready(path, WORKBOOK)
    with files.locked(path) as problems:
        _clear(problems)
        yield


def _units(units: Sequence[Unit], names: Sequence[str]) -> tuple[Unit, ...]:
    """The units called by name, bare name or code, all where none is; raises Stop naming those that may be meant."""
    from difflib import get_close_matches

    if not names:
        return tuple(units)
    by_code = {unit.code: unit for unit in units}
    known = spellings({unit.code: unit.name for unit in units})
    candidates: dict[str, list[str]] = {code: [code] for code in by_code}  # what may be meant → how it is shown
    for unit in units:
        for key in dict.fromkeys((plain_name(unit.name), bare_name(unit.name))):
            candidates.setdefault(key, []).append(unit.name)
    wrong = []
    for name in names:
        if plain_name(name) not in known:
            close = get_close_matches(plain_name(name), candidates, 3, 0.4)
            meant = dict.fromkeys(shown for key in close for shown in candidates[key]) or [unit.name for unit in units]
            wrong.append(problem("KH952", found=name, expected="、".join(meant)))
    if wrong:
        raise Stop(wrong)
    return tuple(dict.fromkeys(by_code[known[plain_name(name)]] for name in names))


def _ready(path: Path, suffix: str, *, force: bool = True, title: str | None = None) -> None:
    """Raise Stop where ``path`` does not end as what is written, or something stands in the way of writing it."""
    if path.suffix.lower() != suffix:
        raise Stop((problem("KH907", file=path.name, found=str(path), expected=suffix),))
    _clear(files.ready(path, force=force, title=title))


def _clear(problems: Sequence[Problem]) -> None:
    """Raise Stop where there are any."""
    if problems:
        raise Stop(problems)


def _apart(outputs: Iterable[Path], *inputs: Path | None) -> None:
    """Raise Stop where a file that is read would be written."""
    _clear(files.apart(outputs, [path for path in inputs if path]))


def _as_written(path: Path) -> Path:
    """Where the ledger of ``path`` is written: as .xlsx beside one kept in another format; raises Stop."""
    if path.suffix.lower() not in OTHER_LEDGERS or not path.exists():
        return path
    target = path.with_suffix(WORKBOOK)
    if target.exists():
        raise Stop((problem("KH909", file=path.name, found=str(path), expected=target.name),))
    return target


def _said_written(what: str, path: Path, unwritten: Sequence[Problem]) -> str:
    return f"{what}没有写成。" if unwritten else f"{what}写在 {readable(path)}。"


def _kept(kept: Path | None, given: Path = Path(), written: Path = Path()) -> tuple[str, ...]:
    """Where what was there before is now, if anything was."""
    if given != written:
        return (f"{readable(given)} 没有改动，以后请用 {readable(written)}。",)
    return (f"原来的留在 {readable(kept.name)}。",) if kept else ()


def _write(path: Path, data: bytes) -> tuple[Problem, ...]:
    return files.write(path, data)[1]
