"""How units stand among those of their group: who is compared, and when nobody is yet."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from any_scheme import case, criterion, item, measure, scheme
from msgspec.structs import replace

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.influence import without
from kaohe_cli.assess.score import score
from kaohe_cli.assess.sensitivity import try_readings
from kaohe_cli.model import Case, Entry, Mark
from kaohe_cli.scheme.load import SchemeError
from kaohe_cli.scheme.rule.subject import STATS, Subject, compared, compared_formulas, is_pseudo
from kaohe_cli.scheme.scheme import Scheme

PLACE = 'kind = "place", left = "a.actual", points = [10, 8, 6]'
OWN = 'kind = "count", counts = [{ figure = "a.actual", each = 1 }], cap = 10'
BASE = item("1", criterion("1.1", "10", PLACE)) + measure("a", "1", "prior", "actual")
GROUPS = '[[group]]\ntitle = "城区组"\nkinds = ["区"]\n[[group]]\ntitle = "县组"\nkinds = ["县"]\n'


def option(change: str) -> str:
    return (
        '[[reading]]\nid = "r"\nclause = ""\nquestion = "怎样比？"\n[[reading.option]]\nid = "a"\nlabel = "甲"\n'
        f'[[reading.option]]\nid = "b"\nlabel = "乙"\n{change}'
    )


def cases(made: Scheme, *values: object) -> list[Case]:
    return [case(unit, a_prior=10, a_actual=each) for unit, each in zip(made.units, values, strict=True)]


def places(made: Scheme, given: list[Case]) -> Mapping[str, object]:
    found = compare(made, given)
    return {each.unit.name: each.compared["a.actual@place"].value for each in found if each.compared}


def test_each_is_compared_with_its_group() -> None:
    together, apart = scheme(BASE), scheme(BASE, GROUPS, kinds={"乙": "县", "丁": "县"})
    assert places(together, cases(together, 4, 9, 4, 1)) == {"乙": 1, "甲": 2, "丙": 2, "丁": 4}
    assert places(apart, cases(apart, 4, 9, 4, 1)) == {"甲": 1, "丙": 1, "乙": 1, "丁": 2}


def test_the_figures_of_a_comparison_are_all_that_are_made() -> None:
    subject, values = Subject("a.actual", "a.prior"), {"U1": Decimal(1), "U2": Decimal(2)}
    assert all(set(found) == set(STATS) for found in (*compared(values).values(), compared_formulas("A1", "A1:A2")))
    assert subject.pseudos == tuple(f"a.actual/a.prior@{stat}" for stat in STATS)
    assert all(map(is_pseudo, subject.pseudos))
    assert not any(map(is_pseudo, (*subject.figures, subject.name)))


@pytest.mark.parametrize("rule", [PLACE, OWN])
@pytest.mark.parametrize("left", ["a.actual@max", "a.actual@", "@place"])
def test_no_rule_names_the_figure_of_a_comparison(rule: str, left: str) -> None:
    with pytest.raises(SchemeError, match=f"没有数据项 {left}"):
        scheme(BASE.replace(PLACE, rule.replace("a.actual", left)))


def test_a_missing_figure_leaves_its_group_open_and_no_other() -> None:
    made = scheme(BASE, GROUPS, kinds={"乙": "县", "丁": "县"})
    given = cases(made, 4, 9, None, 1)
    assert places(made, given) == {"乙": 1, "丁": 2}
    open_ = score(made, compare(made, given)[0]).criterion("1.1")
    assert (open_.points, open_.state, open_.steps) == (None, "pending", ("待全部单位核定后计算",))


def test_who_has_no_such_task_is_not_compared() -> None:
    made = scheme(BASE)
    given = cases(made, 4, Mark.NO_TASK, 9, 1)
    assert places(made, given) == {"丙": 1, "甲": 2, "丁": 3}
    found = score(made, compare(made, given)[1]).criterion("1.1")
    assert (found.points, found.state) == (10, "no_task")


def test_kinds_whose_rule_compares_nothing_stand_aside() -> None:
    made = scheme(
        BASE, f'[[kind]]\nname = "县"\n[kind.change.criterion."1.1".replace]\nrule = {{ {OWN} }}\n', kinds={"乙": "县"}
    )
    assert places(made, cases(made, 4, 9, 5, 1)) == {"丙": 1, "甲": 2, "丁": 3}
    assert score(made, compare(made, cases(made, 4, 9, 5, 1))[1]).criterion("1.1").points == 9


def test_verified_figures_are_compared_and_old_comparisons_replaced() -> None:
    made = scheme(BASE)
    first = compare(made, cases(made, 4, 9, 5, 1))
    again = [replace(first[0], verified={"a.actual": Entry(Decimal(20))}), *first[1:]]
    assert places(made, again) == {"甲": 1, "乙": 2, "丙": 3, "丁": 4}
    gone = [replace(first[0], reported={}), *first[1:]]
    assert [each.compared for each in compare(made, gone)] == [{}, {}, {}, {}]
    assert compare(made, first) == first
    assert all(now is was for now, was in zip(compare(made, first), first, strict=True))


def test_nothing_is_compared_where_no_rule_asks() -> None:
    made = scheme(item("1", criterion("1.1", "10", OWN)), measure("a", "1", "actual"))
    given = [case(unit, a_actual=1) for unit in made.units]
    assert compare(made, given) == tuple(given)


def test_another_figure_moves_its_unit_among_the_others() -> None:
    made = scheme(BASE)
    given = compare(made, cases(made, 4, 9, 5, 1))
    held = score(made, given[0])
    assert held.total == 6
    found = [without(made, given[0], held, "a.actual", Decimal(each), given).total for each in (20, 9, 6, 3)]
    assert found == [10, 10, 8, 6]
    assert without(made, given[0], held, "a.actual", None, given).total is None


def test_an_option_that_compares_another_figure_is_tried() -> None:
    other = '[reading.option.change.criterion."1.1"]\nrule = { left = "a.prior" }\n'
    made = scheme(BASE, option(other))
    given = [
        case(unit, a_prior=prior, a_actual=now)
        for unit, prior, now in zip(made.units, (9, 7, 5, 3), (1, 2, 3, 4), strict=True)
    ]
    (trial,) = try_readings(made, given)
    assert [(each.unit, *each.place) for each in trial.changes] == [
        ("丁", 1, 4),
        ("丙", 2, 3),
        ("乙", 3, 2),
        ("甲", 4, 1),
    ]


def test_an_option_after_which_fewer_are_compared_is_tried() -> None:
    kind = f'[[kind]]\nname = "县"\n[kind.change.criterion."1.1".replace]\nrule = {{ {PLACE} }}\n'
    alone = f'[reading.option.change.criterion."1.1".replace]\nrule = {{ {OWN} }}\n'
    made = scheme(BASE, kind, option(alone), kinds={"丁": "县"})
    (trial,) = try_readings(made, cases(made, 4, 9, 5, 1))
    now = {each.unit: each.total for each in trial.changes}
    assert now["丁"] == (0, 10), "among units of its kind it is the first"
