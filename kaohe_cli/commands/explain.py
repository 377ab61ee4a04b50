"""``kaohe explain``."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from kaohe_cli.catalogue import CATALOGUE
from kaohe_cli.commands.inputs import named_units, read_ledger
from kaohe_cli.commands.outcome import Outcome, Stop
from kaohe_cli.diagnostic import problem


def explain(scheme_name: str, *, ledger_path: Path, unit_name: str, id: str, readings: Mapping[str, str]) -> Outcome:
    """Say how a unit's points and place came about; ``id`` is of an item or a criterion, empty: all."""
    from kaohe_cli.assess.explain import explain as explained
    from kaohe_cli.assess.explain import place
    from kaohe_cli.result.report import ranked

    ledger, scheme, problems = read_ledger(scheme_name, ledger_path, readings)
    ranking = ranked(scheme, ledger)
    (unit,) = named_units([case.unit for case in ledger.cases], [unit_name])
    case = next(each for each in ledger.cases if each.unit == unit)
    score = next(each.score for each in ranking.units if each.score.unit == unit)
    known = [*(item.id for item in scheme.items), *scheme.criteria]
    if id and id not in known:
        raise Stop((problem("KH953", found=id, expected="、".join(item.id for item in scheme.items)),))
    lines = explained(scheme, case, score, id, ledger.approvals) + (() if id else place(scheme, ranking, unit.code))
    said = tuple(f"{line.label}：{line.text}" for line in lines)
    return Outcome(tuple(each for each in problems if each.severity == "error"), lines=said)


def explain_code(code: str) -> Outcome:
    """The catalogue's entry for a problem code."""
    kind = CATALOGUE.get(code.upper())
    if kind is None:
        meant = get_close_matches(code.upper(), CATALOGUE, 3, 0.5) or [f"{min(CATALOGUE)} 至 {max(CATALOGUE)}"]
        raise Stop((problem("KH954", found=code, expected="、".join(meant)),))
    return Outcome(kind=kind)
