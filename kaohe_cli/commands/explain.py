"""``kaohe explain``."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe_cli.catalogue import CATALOGUE
from kaohe_cli.commands.desk import Places, of_ledger
from kaohe_cli.commands.inputs import named_units, read_ledger
from kaohe_cli.commands.next import answered, looked_up, next_step
from kaohe_cli.commands.outcome import UNWATCHED, Outcome, Stop, Watch
from kaohe_cli.diagnostic import problem

if TYPE_CHECKING:
    from kaohe_cli.commands.shapes import Told


def explain(
    scheme_name: str, *, ledger_path: Path, unit_name: str, id: str, readings: Mapping[str, str],
    watch: Watch = UNWATCHED,
) -> Outcome:  # fmt: skip
    """Say how a unit's points and place came about; ``id`` is of an item or a criterion, empty: all."""
    from kaohe_cli.assess.explain import explain as explained
    from kaohe_cli.assess.explain import place
    from kaohe_cli.assess.score import read_by
    from kaohe_cli.commands import contract
    from kaohe_cli.ledger.queries import STATE_WORDS
    from kaohe_cli.result.report import ranked

    watch.now("读评分底稿")
    ledger, scheme, problems = read_ledger(scheme_name, ledger_path, readings)
    watch.now("排名")
    ranking = ranked(scheme, ledger)
    (unit,) = named_units([case.unit for case in ledger.cases], [unit_name])
    case = next(each for each in ledger.cases if each.unit == unit)
    own = next(each for each in ranking.units if each.score.unit == unit)
    known = [*(item.id for item in scheme.items), *scheme.criteria]
    if id and id not in known:
        raise Stop((problem("KH953", found=id, expected="、".join(item.id for item in scheme.items)),))
    chosen = [criterion for criterion, item in scheme.item_of.items() if id in ("", criterion, item.id)]
    lines = explained(scheme, case, own.score, id, ledger.approvals)
    placed = () if id else place(scheme, ranking, unit.code)
    about = {each: read_by(scheme, scheme.criteria[each]) for each in chosen}
    asked = {*about, *(name for names in about.values() for name in names), *([] if id else [""])}
    queried = [each for each in ledger.queries if each.unit == unit and each.field in asked]
    said = (
        *(f"{line.label}：{line.text}" for line in (*lines, *placed)),
        *(f"核实：{each.label} {each.value}，{each.why}；{STATE_WORDS[each.state]}" for each in queried),
    )
    places = Places(scheme_name, ledger=ledger_path).beside(ledger_path)
    ranked_before = places.result.exists() and not ledger.open
    step = answered(places) if ranked_before else next_step(of_ledger(scheme, ledger, places))
    made = partial(contract.explained, scheme, ranking, own, id, lines=lines, queries=queried, placed=placed)
    return Outcome(tuple(each for each in problems if each.severity == "error"), made=made, lines=said, next=step)


def explain_code(code: str) -> Outcome:
    """The catalogue's entry for a problem code."""
    kind = CATALOGUE.get(code.upper())
    if kind is None:
        meant = get_close_matches(code.upper(), CATALOGUE, 3, 0.5) or [f"{min(CATALOGUE)} 至 {max(CATALOGUE)}"]
        raise Stop((problem("KH954", found=code, expected="、".join(meant)),))

    def made() -> "Told":
        from kaohe_cli.commands import contract

        return contract.problem_kind(kind)

    return Outcome(made=made, kind=kind, next=looked_up())
