"""``kaohe init``."""

from functools import partial
from pathlib import Path

from kaohe_cli.commands import contract
from kaohe_cli.commands.desk import Desk, Places, Prepared
from kaohe_cli.commands.next import next_step
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import WORKBOOK, ready, said_kept
from kaohe_cli.naming import readable
from kaohe_cli.paper import files
from kaohe_cli.scheme.load import load


def init(scheme_name: str, *, output: Path, force: bool) -> Outcome:
    """Write a blank settings workbook."""
    from kaohe_cli.settings import workbook as settings

    ready(output, WORKBOOK, force=force)
    scheme = load(scheme_name)
    data, places = settings.settings_workbook(scheme)
    kept, problems = files.write(output, data, keep=True)
    if problems:
        return Outcome(problems)
    notes = (f"已生成 {readable(output)}，请填写单位、下达目标、口径、责任处室和公示。", *said_kept(kept))
    units = tuple(unit.name for unit in scheme.units)
    step = next_step(Desk(Places(scheme_name, output), settings=Prepared(output.name, len(units), targets=units)))
    return Outcome(
        (), notes, partial(contract.settings_form, scheme, readable(output), places), files=(output,), next=step
    )
