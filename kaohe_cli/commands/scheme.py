"""``kaohe scheme check``, ``kaohe scheme new`` and ``kaohe scheme print``."""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from kaohe_cli.assess.trial import Tried, missed, tried
from kaohe_cli.commands import contract
from kaohe_cli.commands.next import rules_printed, scheme_begun, scheme_read
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import DOCUMENT, SCHEME_FILE, WORKBOOK, apart, ready, said_kept, write, written
from kaohe_cli.diagnostic import Problem
from kaohe_cli.misuse import WrongUse
from kaohe_cli.naming import readable
from kaohe_cli.paper import files
from kaohe_cli.scheme.leftovers import leftovers
from kaohe_cli.scheme.load import DEFAULT, FOLDER, TOML, Examined, examine, load, scheme_bytes
from kaohe_cli.scheme.new import id_of, new, renamed
from kaohe_cli.scheme.scheme import Scheme

CHECKED = re.compile(r"（核对(\d*)）$")  # at the end of the name of a checked copy
COPY = "考核方案（核对）"  # its title, by which it is told from what people wrote


def scheme_check(path: Path, *, output: Path | None = None) -> Outcome:
    """Look for every fault of a scheme file, and for what was copied and forgotten.

    Of a workbook a copy is written that says so in each row, and how the program reads it.
    """
    copy = _copy_of(path, output)
    found, file = examine(scheme_bytes(str(path)), path.name), readable(path.name)
    problems = found.problems
    faulty = {each.field for each in problems}
    if found.content is not None and "year" not in faulty:
        along = [load(each.stem).content for each in sorted(FOLDER.glob("*.toml"))]
        likely = leftovers(found.content, found.wording, path.name, along)
        problems += tuple(each for each in likely if each.field not in faulty)
    trials = tried(found.scheme) if found.scheme is not None else ()
    problems += tuple(missed(trials, found.wording, path.name))
    made = partial(contract.checked, found.scheme, file, problems, trials)
    notes = _usable(found.scheme, file, trials) if found.scheme is not None else ()
    if copy is not None and (words := _checked(found, problems, trials)) is not None:
        kept, unwritten = files.write(copy, words, keep=files.saved_by_people(copy))
        problems += unwritten
        told = f"已生成 {readable(copy)}：每行写明对不对，程序怎样读，请与原文对照。"
        notes += () if unwritten else (told, *said_kept(kept))
    step = scheme_read(path, sound=found.scheme is not None and all(each.met for each in trials))
    return Outcome(problems, notes, made, files=(copy or path, path), next=step)


def _copy_of(path: Path, output: Path | None) -> Path | None:
    """Where the checked copy of a workbook goes, beside it where nothing is said; None: it is no workbook."""
    if path.suffix.lower() == TOML:
        if output is not None:
            raise WrongUse("“--output”只用于方案工作簿；.toml 文件的差错列在屏幕上")
        return None
    before = CHECKED.search(path.stem)  # a copy that was worked on is checked into a further one
    number = "" if before is None else int(before[1] or 1) + 1
    copy = output or path.with_name(f"{CHECKED.sub('', path.stem)}（核对{number}）{WORKBOOK}")
    ready(copy, WORKBOOK, force=False, title=COPY)
    apart((copy,), path)
    return copy


def _checked(found: Examined, problems: Sequence[Problem], trials: Sequence[Tried]) -> bytes | None:
    """The checked copy; None where so little could be read that there is none."""
    from kaohe_cli.scheme.book.checked import checked_copy
    from kaohe_cli.scheme.book.door import reading_of

    if (reading := reading_of(found.wording)) is None:
        return None
    told = {each.key: f"{each.name}：{each.said(each.found)}。{'；'.join(each.steps)}" for each in trials}
    return checked_copy(reading, problems, found.draft, COPY, told)


def _usable(scheme: Scheme, file: str, trials: Sequence[Tried]) -> tuple[str, ...]:
    content = scheme.content
    counts = f"{len(content.item)} 个项目、{len(scheme.criteria)} 条细则、{len(content.unit)} 个单位"
    met = "可以使用" if all(each.met for each in trials) else "可以使用，但试算不符"
    said = f"{file} {met}：{counts}、{len(content.reading)} 个口径。{_trials_said(len(content.trial), trials)}"
    return (said,)


def _trials_said(units: int, trials: Sequence[Tried]) -> str:
    """How many trials there are and whether they are met; empty where there are none."""
    if not units:
        return ""
    wrong = sum(not each.met for each in trials)
    return f"试算 {units} 个单位、{len(trials)} 处，{f'{wrong} 处不符' if wrong else '全部相符'}。"


def scheme_new(source: str | None, *, output: Path, force: bool) -> Outcome:
    """Copy a scheme as the start of another; as a workbook, an empty one where none is copied."""
    text = output.suffix.lower() == TOML
    ready(output, WORKBOOK, SCHEME_FILE, force=force)
    if source is not None:
        apart((output,), Path(source))
    problems = write(output, new(source or DEFAULT, output).encode() if text else _workbook(source, output))
    how = "照文件开头的说明改编" if text else "照“说明”一页填写" if source is None else "照新的通知改编"
    id = None if source is None and not text else id_of(output)
    return written(id, output, problems, f"已生成 {readable(output)}。", next=scheme_begun(output, how))


def _workbook(source: str | None, output: Path) -> bytes:
    from kaohe_cli.scheme.book import made

    return made.empty() if source is None else made.made_from(renamed(load(source).raw, output))


def scheme_print(scheme_name: str, *, output: Path, force: bool) -> Outcome:
    """Write the rules of a scheme as the program reads them, for departments to sign."""
    from kaohe_cli.scheme.printed import printed, title

    scheme = load(scheme_name)
    ready(output, DOCUMENT, force=force, title=title(scheme))
    problems = write(output, printed(scheme))
    counts = f"{len(scheme.criteria)} 条细则、{len(scheme.content.reading)} 个口径"
    said = f"已生成 {readable(output)}：{counts}，供各处室签认。"
    return written(scheme.id, output, problems, said, next=rules_printed(scheme_name))
