"""What changed in a ledger → which points of which criterion that moved, unit by unit. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from kaohe_cli.assess.effect import Effect, effects
from kaohe_cli.ledger import situation
from kaohe_cli.ledger.changes import LedgerChange
from kaohe_cli.ledger.compare import GROUNDS, OTHERWISE, WHOLE_RETURN
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import UnitScore
from kaohe_cli.naming import alike
from kaohe_cli.scheme.scheme import Scheme

OTHERS = "其他单位的数据有变"
OF_ALL = (("return", WHOLE_RETURN), ("unit", situation.KIND.title))  # what may move every criterion of a unit


class Consequence(Struct, frozen=True):
    """Points of a criterion that are others, and what they follow from."""

    effect: Effect
    causes: tuple[LedgerChange, ...]  # of the unit itself, then those that concern all
    why: str = ""  # where there is no such cause


def consequences(
    scheme: Scheme, before: Ledger, now: Ledger, rows: Iterable[LedgerChange]
) -> Mapping[str, tuple[Consequence, ...]]:
    """By unit code, what ``rows`` made of the points of its criteria from ``before`` to ``now``; both are settled.

    ``scheme`` has the readings of ``now`` in force. A unit that only one of both has is not among them.
    """
    rows, was = tuple(rows), {each.unit.code: each for each in before.scores}
    named = {alike(each.unit.name): each for each in before.scores}
    found = {}
    for score in now.scores:
        old = was.get(score.unit.code) or named.get(alike(score.unit.name))
        if old is not None:
            found[score.unit.code] = tuple(_of(scheme, old, score, rows))
    return found


def _of(scheme: Scheme, was: UnitScore, now: UnitScore, rows: Iterable[LedgerChange]) -> Iterator[Consequence]:
    own = [each for each in rows if each.code == now.unit.code]
    general = [each for each in rows if each.kind == "scheme"]
    whole = [each for each in own if (each.kind, each.item) in OF_ALL]
    for effect in effects(scheme, was, now):
        exact = [each for each in own if each.kind in GROUNDS and each.about in effect.rests]
        causes = (*(exact or whole), *general)
        yield Consequence(effect, causes, "" if causes else OTHERS if effect.compared else OTHERWISE["total"])
