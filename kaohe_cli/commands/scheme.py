"""``kaohe scheme check``, ``kaohe scheme new`` and ``kaohe scheme print``."""

from functools import partial
from pathlib import Path

from kaohe_cli.commands import contract
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import DOCUMENT, SCHEME_FILE, apart, ready, write
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
    made = partial(contract.checked, found.scheme, file, problems)
    if found.scheme is None:
        return Outcome(problems, made=made)
    content, criteria = found.scheme.content, found.scheme.criteria
    counts = f"{len(content.item)} 个项目、{len(criteria)} 条细则、{len(content.unit)} 个单位"
    note = f"{file} 可以使用：{counts}、{len(content.reading)} 个口径。"
    return Outcome(problems, (note,), made)


def scheme_new(source: str, *, output: Path, force: bool) -> Outcome:
    """Copy a scheme as the start of another."""
    ready(output, SCHEME_FILE, force=force)
    apart((output,), Path(source))
    problems = write(output, new(source, output).encode())
    name = readable(output)
    said = f"已生成 {name}，照文件开头的说明改编，改完运行 kaohe scheme check {name}。"
    return Outcome(problems, () if problems else (said,))


def scheme_print(scheme_name: str, *, output: Path, force: bool) -> Outcome:
    """Write the rules of a scheme as the program reads them, for departments to sign."""
    from kaohe_cli.scheme.printed import printed, title

    scheme = load(scheme_name)
    ready(output, DOCUMENT, force=force, title=title(scheme))
    problems = write(output, printed(scheme))
    counts = f"{len(scheme.criteria)} 条细则、{len(scheme.content.reading)} 个口径"
    said = f"已生成 {readable(output)}：{counts}，供各处室签认。"
    return Outcome(problems, () if problems else (said,))
