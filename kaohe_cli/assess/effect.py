"""The points of a unit before and now → the criteria that give others, and what these rest on. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.assess.score import read_by
from kaohe_cli.model import UnitScore
from kaohe_cli.points import fixed
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule.subject import is_pseudo
from kaohe_cli.scheme.scheme import Scheme


class Effect(Struct, frozen=True):
    """A criterion (评分细则) that gives a unit other points than before."""

    id: str
    title: str
    points: tuple[Decimal | None, Decimal | None]  # before and now, 分; None: not known
    rests: frozenset[str]  # figures, the claim, the criterion itself: what its points rest on
    compared: bool  # whether they rest on other units as well

    @property
    def said(self) -> str:
        """In words: 1.1.1 工业投资 得分 4.50 → 4.70."""
        before, now = map(fixed, self.points)
        return f"{self.id} {self.title} 得分 {before} → {now}"


def effects(scheme: Scheme, before: UnitScore, now: UnitScore) -> Iterator[Effect]:
    """The criteria of a unit of which the points differ, in the order of the scheme."""
    own = scheme.of(now.unit.kind)
    was = {each.id: each.points for item in before.items for each in item.criteria}
    held = {each.id: each.points for item in now.items for each in item.criteria}
    for id, criterion in own.criteria.items():
        pair = was.get(id), held.get(id)
        if pair[0] != pair[1]:
            yield Effect(id, criterion.title, pair, rests(own, criterion), bool(criterion.rule.subjects))


def rests(scheme: Scheme, criterion: Criterion) -> frozenset[str]:
    """What the points of ``criterion`` rest on, by name: what it reads, what shares its points, the claim, itself."""
    together = (criterion, *scheme.sharing(criterion))
    figures = {name for each in together for name in read_by(scheme, each) if not is_pseudo(name)}
    figures |= {name for each in together for subject in each.rule.subjects for name in subject.figures}
    claim = {scheme.claim(criterion)} if criterion.judged else set()
    return frozenset({criterion.id, *claim, *figures})
