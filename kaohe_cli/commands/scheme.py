"""``kaohe scheme check`` and ``kaohe scheme new``."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from kaohe_cli.assess.trial import Tried, missed, tried
from kaohe_cli.commands import contract
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import SCHEME_FILE, apart, ready, write
from kaohe_cli.naming import readable
from kaohe_cli.scheme.leftovers import leftovers
from kaohe_cli.scheme.load import FOLDER, examine, load, scheme_bytes
from kaohe_cli.scheme.new import new


def scheme_check(path: Path) -> Outcome:
    """Look for every fault of a scheme file, and for what was copied and forgotten."""
    found, file = examine(scheme_bytes(str(path)), path.name), readable(path.name)
    problems = found.problems
    faulty = {each.field for each in problems}
    if found.content is not None and "year" not in faulty:
        along = [load(each.stem).content for each in sorted(FOLDER.glob("*.toml"))]
        likely = leftovers(found.content, found.text, path.name, along)
        problems += tuple(each for each in likely if each.field not in faulty)
    if found.scheme is None:
        return Outcome(problems, made=partial(contract.checked, None, file, problems))
    trials = tried(found.scheme)
    problems += tuple(missed(trials, found.text, path.name))
    made = partial(contract.checked, found.scheme, file, problems, trials)
    content, criteria = found.scheme.content, found.scheme.criteria
    counts = f"{len(content.item)} 个项目、{len(criteria)} 条细则、{len(content.unit)} 个单位"
    note = f"{file} 可以使用：{counts}、{len(content.reading)} 个口径。{_trials_said(len(content.trial), trials)}"
    return Outcome(problems, (note,), made)


def _trials_said(units: int, trials: Sequence[Tried]) -> str:
    """How many trials there are and whether they are met; empty where there are none."""
    if not units:
        return ""
    wrong = sum(not each.met for each in trials)
    return f"试算 {units} 个单位、{len(trials)} 处，{f'{wrong} 处不符' if wrong else '全部相符'}。"


def scheme_new(source: str, *, output: Path, force: bool) -> Outcome:
    """Copy a scheme as the start of another."""
    ready(output, SCHEME_FILE, force=force)
    apart((output,), Path(source))
    problems = write(output, new(source, output).encode())
    name = readable(output)
    said = f"已生成 {name}，照文件开头的说明改编，改完运行 kaohe scheme check {name}。"
    return Outcome(problems, () if problems else (said,))
