"""``kaohe template``."""

from pathlib import Path

from kaohe_cli.commands.desk import Places
from kaohe_cli.commands.next import styled
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import WORKBOOK, ready, write, written
from kaohe_cli.naming import readable
from kaohe_cli.scheme.load import load


def template(scheme_name: str, *, output: Path, force: bool) -> Outcome:
    """Write the template of a scheme."""
    from kaohe_cli.form import template as maker

    ready(output, WORKBOOK, force=force)
    scheme = load(scheme_name)
    said = f"已生成模板 {readable(output)}；改样式时不要删去隐藏的行和列。"
    unwritten = write(output, maker.template_workbook(scheme))
    return written(scheme.id, output, unwritten, said, next=styled(Places(scheme_name), output))
