"""``kaohe blank``."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from kaohe_cli.assess.plausibility import settings_doubts
from kaohe_cli.commands import contract
from kaohe_cli.commands.desk import USUAL, Desk, Places
from kaohe_cli.commands.inputs import named_units, read_forms, read_settings
from kaohe_cli.commands.next import next_step
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Watch
from kaohe_cli.commands.targets import apart, clear
from kaohe_cli.naming import readable
from kaohe_cli.paper.batch import Batch


def blank(
    scheme_name: str,
    *,
    settings_path: Path | None,
    units: Sequence[str],
    template_path: Path | None,
    output: Path,
    force: bool,
    watch: Watch = UNWATCHED,
) -> Outcome:
    """Write one blank form per unit."""
    from kaohe_cli.settings.workbook import unassigned

    scheme, settings, problems = read_settings(scheme_name, settings_path)
    chosen = named_units(settings.units, units)
    batch = Batch(output, "考核表")
    clear(batch.ready([unit.name for unit in chosen], force=force))
    apart((batch.path(unit.name) for unit in chosen), settings_path, template_path)
    forms = read_forms(scheme, template_path)
    issued = []
    for unit in watch.each(chosen, "生成考核表", len(chosen)):
        with batch.attempt():
            data, places = forms.issue(unit, settings)
            if batch.write(unit.name, data):
                issued.append((unit, readable(batch.path(unit.name)), places))
    unclaimed = unassigned(scheme, settings)
    odd = settings_doubts(scheme, settings)
    at = Places(scheme_name, settings_path or USUAL.settings, output)
    step = None if batch.problems else next_step(Desk(at, issued=len(issued)))
    made = partial(contract.forms, scheme, issued)
    return Outcome((*problems, *unclaimed, *odd, *batch.problems), (batch.said,), made, files=(output,), next=step)
