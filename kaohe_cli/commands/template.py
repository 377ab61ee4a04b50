"""``kaohe template``."""

from pathlib import Path

from kaohe_cli.commands.desk import Places
from kaohe_cli.commands.next import styled
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import WORKBOOK, ready, write
from kaohe_cli.naming import readable
from kaohe_cli.scheme.load import load


def template(scheme_name: str, *, output: Path, force: bool) -> Outcome:
    """Write the template of a scheme."""
    from kaohe_cli.form import template as maker

    ready(output, WORKBOOK, force=force)
    problems = write(output, maker.template_workbook(load(scheme_name)))
    if problems:
        return Outcome(problems)
    said = f"已生成模板 {readable(output)}；改样式时不要删去隐藏的行和列。"
    return Outcome((), (said,), files=(output,), next=styled(Places(scheme_name), output))
