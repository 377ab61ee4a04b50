"""Which criteria give other points than before, and what they rest on."""

from decimal import Decimal

from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.effect import effects, rests
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Entry, Mark
from kaohe_cli.scheme.load import load

SCHEME = load()
CASE = sample_cases(SCHEME)[7]


def test_a_figure_moves_the_criteria_that_read_it() -> None:
    low = replace(CASE, reported={**CASE.reported, "sales.actual": Entry(Decimal(1))})
    found = list(effects(SCHEME, score(SCHEME, CASE), score(SCHEME, low)))
    assert found
    assert {each.id for each in found} <= {*SCHEME.scoring["sales.actual"]}
    assert all("sales.actual" in each.rests for each in found)
    assert found[0].said == f"1.1.1 {found[0].title} 得分 4.00 → 0.00"
    unread = replace(CASE, reported={**CASE.reported, "sales.actual": Entry(None, invalid=True)})
    assert next(effects(SCHEME, score(SCHEME, CASE), score(SCHEME, unread))).points == (4, None)


def test_a_mark_moves_its_own_criterion() -> None:
    judged = replace(CASE, awards={**CASE.awards, "1.4.1": Award(Decimal(1))})
    (found,) = effects(SCHEME, score(SCHEME, CASE), score(SCHEME, judged))
    assert (found.id, found.points[1]) == ("1.4.1", 1)
    assert found.rests >= {"1.4.1", "1.4.self"}


def test_points_that_others_share_rest_on_their_figures_too() -> None:
    scheme = load(readings={"no_task": "rescale"})
    item = next(each for each in scheme.items if len(scheme.sharing(each.criterion[0])) > 1)
    first, *others = scheme.sharing(item.criterion[0])
    figure = next(name for name in others[0].rule.figures if name not in first.rule.figures)
    assert figure in rests(scheme, first)
    waived = replace(CASE, reported={**CASE.reported, figure: Entry(Mark.NO_TASK)})
    moved = {each.id for each in effects(scheme, score(scheme, CASE), score(scheme, waived))}
    assert first.id in moved
