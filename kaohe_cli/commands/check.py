"""``kaohe check``."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from kaohe_cli.assess.attached import counted
from kaohe_cli.assess.plausibility import queries
from kaohe_cli.assess.score import score as scored
from kaohe_cli.commands import contract
from kaohe_cli.commands.desk import USUAL, Places
from kaohe_cli.commands.next import checked
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Watch
from kaohe_cli.commands.returns import collect
from kaohe_cli.diagnostic import any_error
from kaohe_cli.scheme.fields import CONFIRM_LABEL

MISSING = "KH240"  # a unit whose return has not come


def check(scheme_name: str, *, settings_path: Path | None, paths: Sequence[Path], watch: Watch = UNWATCHED) -> Outcome:
    """Read and check returns, and write nothing."""
    got = collect(scheme_name, settings_path=settings_path, paths=paths, as_printed=True, watch=watch)
    cases = [case for case in got.cases if case.status != "missing"]
    problems = tuple(each for each in got.problems if each.code != MISSING)
    points = {case.unit.code: scored(got.scheme, case) for case in got.cases}
    shown = {case.unit.code for case in cases}
    queried = tuple(each for each in queries(got.scheme, got.cases, [*points.values()]) if each.unit.code in shown)
    clean = all(each.severity == "note" for each in problems)
    files = {case.file for case in cases}
    # points and totals are odd by a figure, and what the office gave is not for the unit to explain
    asked = [each for each in queried if each.state == "open" and each.origin and each.origin.file in files]
    said = "待核实的由考核办核实" if queried else "没有需要更正的地方"
    if asked:
        said = f"有 {len(asked)} 处请核对，填错的请改正，无误的请在“{CONFIRM_LABEL}”栏说明"
    notes: tuple[str, ...] = (f"已核对 {len(cases)} 份填报表，{said}。",) if clean or asked else ()
    notes += tuple(f"另{each}。" for each in counted(got.scheme, cases, got.materials))
    made = partial(contract.scores, got.scheme, cases, points, queried, None, got.materials)
    listed = "用 kaohe score 评分后见评分底稿的“核实清单”"
    places, sound = Places(scheme_name, settings_path or USUAL.settings), not (asked or any_error(problems))
    step = checked(places, paths, sound=sound)
    return Outcome(problems, notes, made, queries=queried, listed=listed, next=step)
