"""``kaohe scheme check`` and ``kaohe scheme new``."""

from pathlib import Path

from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import SCHEME_FILE, apart, ready, write
from kaohe_cli.naming import readable
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.new import check, new


def scheme_check(path: Path) -> Outcome:
    """Look for every fault of a scheme file."""
    problems = check(path)
    if problems:
        return Outcome(problems, stopped=True)
    scheme = load(str(path))
    counts = f"{len(scheme.items)} 个项目、{len(scheme.criteria)} 条细则、{len(scheme.units)} 个单位"
    return Outcome(notes=(f"{readable(path.name)} 可以使用：{counts}、{len(scheme.content.reading)} 个口径。",))


def scheme_new(source: str, *, output: Path, force: bool) -> Outcome:
    """Copy a scheme as the start of another."""
    ready(output, SCHEME_FILE, force=force)
    apart((output,), Path(source))
    problems = write(output, new(source, output).encode())
    name = readable(output)
    said = f"已生成 {name}，照文件开头的说明改编，改完运行 kaohe scheme check {name}。"
    return Outcome(problems, () if problems else (said,))
