"""How firm the places are: every cent of every mark and every step of every figure, tried through the whole ranking."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from any_scheme import JUDGED, case, criterion, item, measure, ranked, scheme, section
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess import margin as margin_module
from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.margin import Margin, between_words, figure_words, margin_words, margins, mark_words, summary
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.assess.turning import CENT, FigureTurn
from kaohe_cli.model import Award, Case, Entry, Mark, Ranked, Ranking, Unit, Veto
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.rule import Judged
from kaohe_cli.scheme.scheme import Scheme

ENDLESS = Decimal(6)  # 分 that the oracle tries of a mark without limit
MARKS = (
    '[[grade]]\ntitle = "优秀"\nplaces = 2\nleast = 1.5\n[[grade]]\ntitle = "良好"\nabove = 1\n'
    '[[grade]]\ntitle = "差"\n'
)
SEATS = '[[grade]]\ntitle = "优秀"\nplaces = 2\n'
GROUPS = '[[group]]\ntitle = "城区组"\nkinds = ["区"]\n[[group]]\ntitle = "县组"\nkinds = ["县"]\n'
VETO = '[[veto]]\nclause = "按原文办"\n'
TWO = item("1", criterion("1.1", "1"), criterion("1.2", "0.6")) + item("2", criterion("2.1", "0.8"))
WEIGHTED = (
    '[whole]\ncombine = "weighted"\n' + section("A", more="weight = 0.37") + section("B", more="weight = 0.63")
    + item("1", criterion("1.1", "1"), criterion("1.2", "0.8"), section="A")
    + item("2", criterion("2.1", "1"), section="B")
)  # fmt: skip
MIXED = (
    item("1", criterion("1.1", "1"), criterion("1.2", "0.8"), more='combine = "mean"')
    + item("2", criterion("2.1", "0.9"), criterion("2.2", "0.9"), more='combine = "least"')
    + item("3", criterion("3.1", None, JUDGED))
)  # fmt: skip
NAMED = (
    'kind = "judged", marks = [{ label = "优", points = 1 }, { label = "良", points = 0.7 }, '
    '{ label = "差", points = 0 }]'
)
LEGAL = (
    item("1", criterion("1.1", "0.5", 'kind = "judged", full_or_none = true'), criterion("1.2", "1", NAMED))
    + item("2", criterion("2.1", "1", 'kind = "judged", least = -0.5'))
)  # fmt: skip
CAPPED = "[whole]\ncap = 1.6\nfloor = 0.4\n" + TWO.replace("\n[[item.criterion]]", "\ncap = 1.2\n[[item.criterion]]", 1)
TIED = '[policy]\ntie = ["2", "1"]\n' + TWO

SCHEMES = {
    "sum": (TWO, MARKS), "weighted": (WEIGHTED, MARKS.replace("1.5", "0.8").replace("above = 1", "above = 0.5")),
    "mixed": (MIXED, MARKS), "legal": (LEGAL, MARKS), "capped": (CAPPED, MARKS), "tie": (TIED, SEATS),
    "groups": (TWO, MARKS, GROUPS),
}  # fmt: skip


def margins_of(made: Scheme, cases: Sequence[Case]) -> tuple[Margin, ...]:
    return margins(made, cases, ranked(made, cases))


def found_in(ranking: Ranking) -> Mapping[str, Ranked]:
    return {each.score.unit.code: each for each in ranking.units}


def turned(margin: Margin, now: Ranking) -> bool:
    """Whether a ranking made anew has turned what ``margin`` is about."""
    by_code = found_in(now)
    standing = [by_code[each.score.unit.code] for each in margin.units]
    if margin.level is not None:
        was, total = margin.units[0].score.total, standing[0].score.total
        assert was is not None
        return total is not None and margin.level.reached(total) != margin.level.reached(was)
    upper, lower = (each.place for each in standing)
    if margin.tied:
        return upper != lower
    return lower is not None and (upper is None or lower < upper)


def legal_points(own: Scheme, id: str, beyond: Decimal = Decimal(1)) -> list[Decimal]:
    """All that a criterion can be given, so much of one without limit."""
    each = own.criteria[id]
    assert isinstance(each.rule, Judged)
    most = beyond if each.points is None else each.points
    return [*each.rule.legal(each.points)] or [
        number * CENT for number in range(int(each.rule.least / CENT), int(most / CENT) + 1)
    ]


def turning_marks(made: Scheme, cases: Sequence[Case], margin: Margin) -> Mapping[tuple[str, str, bool], Decimal]:
    """Unit, criterion and whether it is more → the smallest change that turns ``margin``, every one tried."""
    scores = {each.unit.code: score(made, each) for each in cases}
    by_code, found = {each.unit.code: each for each in cases}, dict[tuple[str, str, bool], Decimal]()
    for unit in margin.units:
        code = unit.score.unit.code
        held, own = by_code[code], made.of(unit.score.unit.kind)
        for each in own.criteria.values():
            now = unit.score.criterion(each.id).points
            if not isinstance(each.rule, Judged) or now is None:
                continue
            for points in legal_points(own, each.id, now + ENDLESS):
                other = replace(held, awards={**held.awards, each.id: Award(points)})
                key, size = (code, each.id, points > now), abs(points - now)
                if not size or (key in found and size >= found[key]):
                    continue
                if turned(margin, rank(made, list({**scores, code: score(made, other)}.values()))):
                    found[key] = size
    return found


def judged_cases(made: Scheme, seed: int) -> list[Case]:
    """Marks at random, some of them equal, some at their ends."""
    random = Random(seed)
    cases = []
    for unit in made.units:
        own = made.of(unit.kind)
        awards = {
            id: random.choice(legal_points(own, id)) if random.random() < 0.8 else max(legal_points(own, id))
            for id in own.criteria
        }
        cases.append(case(unit, awards, Veto("某委", "1号", "2010-1-1") if random.random() < 0.1 else None))
    if seed % 3 == 0:
        cases[1] = replace(cases[1], awards=cases[0].awards)
    return cases


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", SCHEMES)
def test_the_smallest_change_of_a_mark_is_that_of_trying_every_cent(name: str, seed: int) -> None:
    kinds = {"丙": "县", "丁": "县"} if name == "groups" else None
    made = scheme(*SCHEMES[name], VETO, kinds=kinds)
    cases = judged_cases(made, seed)
    found = margins_of(made, cases)
    assert found
    for each in found:
        tried = turning_marks(made, cases, each)
        if each.level is None and not each.tied:  # the lower one with more, or the upper one with less
            upper, lower = (unit.score.unit.code for unit in each.units)
            tried = {key: size for key, size in tried.items() if (key[0], key[2]) in ((upper, False), (lower, True))}
        least = min(tried.values(), default=None)
        assert [abs(turn.change) for turn in each.marks] == [least] * len(each.marks)
        assert bool(each.marks) == (least is not None)
        alike: dict[tuple[str, bool], list[str]] = {}
        for (code, id, more), size in tried.items():
            if size == least:
                alike.setdefault((code, more), []).append(id)
        told = {(turn.unit.code, turn.change > 0): turn for turn in each.marks}
        assert {key: turn.alike for key, turn in told.items()} == {key: len(ids) for key, ids in alike.items()}
        assert all(turn.criterion == alike[key][0] for key, turn in told.items())
        assert all(turn.every == (turn.alike == len(made.criteria)) for turn in told.values())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", SCHEMES)
def test_the_margins_are_those_of_all_neighbours_and_bounds(name: str, seed: int) -> None:
    kinds = {"丙": "县", "丁": "县"} if name == "groups" else None
    made = scheme(*SCHEMES[name], VETO, kinds=kinds)
    ranking = ranked(made, judged_cases(made, seed))
    found = margins(made, judged_cases(made, seed), ranking)
    pairs = [(each.units[0], each.units[1]) for each in found if each.level is None]
    placed = [[each for each in units if each.place is not None] for units in ranking.groups.values()]
    assert pairs == [pair for units in placed for pair in pairwise(units)]
    assert all(not unit.score.veto for each in found for unit in each.units)
    for level in made.content.grade:
        for units in placed if level.mark is not None else ():
            near = [each.units[0] for each in found if each.level == level and each.units[0] in units]
            for side in (True, False):
                totals = [
                    each.score.total or Decimal(0)
                    for each in units
                    if level.reached(each.score.total or Decimal(0)) == side
                ]
                nearest = (min if side else max)(totals) if totals else None
                assert [each for each in units if each.score.total in totals and each.score.total == nearest] == [
                    each for each in near if level.reached(each.score.total or Decimal(0)) == side
                ]


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────────

REACHED = 'kind = "when", parts = [{ left = "a.actual", compare = ">=", right = "a.target", points = 10 }]'
WINDOW = (
    'kind = "when", parts = [{ left = "a.actual", compare = ">=", number = 1.30, points = 10, '
    'also = [{ left = "a.actual", compare = "<=", number = 1.31 }] }]'
)
EXACT = REACHED.replace('">="', '"="')
TIMES = WINDOW.replace("number = 1.30", 'right = "a.prior", left_times = 4, right_times = 5').replace(
    "number = 1.31", 'right = "a.prior", right_times = 1.26'
)
GROWTH = (
    'kind = "step", left = "a.actual", right = "a.prior", step = 5, each = 1, count = "whole", percent = true, cap = 10'
)
LINE = (
    'kind = "line", left = "a.actual", right = "a.target", low = { at = "0.6", points = 0 }, '
    "high = { at = 1, points = 10 }, cap = 10, floor = 0"
)
PLACE = 'kind = "place", left = "a.actual", points = [10, 8, 6, 5]'
PEER = 'kind = "peer", left = "a.actual", against = "range", high = 10, low = 5'
COUNT = 'kind = "count", counts = [{ figure = "b.actual", each = "0.5" }], cap = 5'
LINES = '[[grade]]\ntitle = "优秀"\nplaces = 2\n[[grade]]\ntitle = "达标"\nleast = 8\n'
OFFICE = (
    '[[measure]]\nid = "a"\nitem = "1"\ntitle = "产值"\nunit = "亿元"\ntarget = { by = "office", min = 0 }\n'
    "prior = { min = 0, max = 1000 }\nactual = { min = 0, max = 1000 }\n"
)
COUNTED = (
    '[[measure]]\nid = "b"\nitem = "2"\ntitle = "项目"\nunit = "个"\nactual = { min = 0, max = 20, whole = true }\n'
)
BY_FIGURES = (
    '[[veto]]\nid = "v"\ntitle = "安全一票否决"\nclause = "按原文办"\n'
    'test = { all = [{ left = "b.actual", compare = ">", number = 4 }] }\n'
)
NEEDING = criterion("1.2", "3", GROWTH.replace("step = 5", "step = 10").replace("cap = 10", "cap = 3"), 'needs = "1.1"')


def rules(first: str, *more: str) -> tuple[str, ...]:
    second = item("2", criterion("2.1", "5", COUNT), criterion("2.2", "3"))
    return item("1", criterion("1.1", "10", first), *more), second, OFFICE, COUNTED, LINES


FIGURES = {
    "reached": rules(REACHED), "growth": rules(GROWTH), "line": rules(LINE), "place": rules(PLACE), "peer": rules(PEER),
    "window": rules(WINDOW), "exact": rules(EXACT), "times": rules(TIMES), "gate": rules(WINDOW, NEEDING),
    "needs": rules(REACHED, NEEDING), "veto": (*rules(GROWTH), BY_FIGURES), "groups": (*rules(PLACE), GROUPS),
    "rescale": ('[policy]\nno_task = "rescale"\n', *rules(GROWTH)),
}  # fmt: skip


def figure_cases(made: Scheme, seed: int) -> list[Case]:
    random = Random(seed)
    return [
        case(
            unit, {"2.2": Decimal(random.randrange(200, 300)) / 100}, a_target=random.randrange(100, 150) * CENT,
            a_prior=random.randrange(75, 125) * CENT, a_actual=random.randrange(90, 160) * CENT,
            b_actual=random.randrange(5),
        )
        for unit in made.units
    ]  # fmt: skip


class Anew:
    """Rankings of the same cases but for a few, of which alone the points are worked out again."""

    def __init__(self, made: Scheme, cases: Sequence[Case]) -> None:
        self.made, self.cases = made, compare(made, cases)
        self.scores = [score(made, each) for each in self.cases]

    def ranked(self, cases: Sequence[Case]) -> Ranking:
        now = zip(compare(self.made, cases), self.cases, self.scores, strict=True)
        return rank(self.made, [known if each == was else score(self.made, each) for each, was, known in now])


def moved(held: Case, figure: str, value: Decimal) -> Case:
    verified = {name: each for name, each in held.verified.items() if name != figure}
    return replace(held, reported={**held.reported, figure: Entry(value)}, verified=verified)


def turning_figures(made: Scheme, cases: Sequence[Case], margin: Margin) -> Iterator[tuple[Decimal, str, str, Decimal]]:
    """Every change of a figure by its steps, up to half, that turns ``margin``: its share, whose, which, to what."""
    anew = Anew(made, cases)
    for unit in margin.units:
        code = unit.score.unit.code
        own = next(each for each in cases if each.unit.code == code)
        for name in ("a.prior", "a.actual", "b.actual"):
            held, step = own.settled[name].value, Decimal(1) if name == "b.actual" else CENT
            assert isinstance(held, Decimal)
            if not held:
                continue
            most = max(int(held / 2 / step), 1)
            for count in range(-most, most + 1):
                value = held + count * step
                others = [moved(each, name, value) if each is own else each for each in cases]
                if 0 <= value <= (20 if step == 1 else 1000) and count and turned(margin, anew.ranked(others)):
                    yield abs(count * step / held), code, name, value


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", FIGURES)
def test_the_smallest_change_of_a_figure_is_that_of_trying_every_step(name: str, seed: int) -> None:
    kinds = {"丙": "县", "丁": "县"} if name == "groups" else None
    made = scheme(*FIGURES[name], kinds=kinds, units="甲乙丙丁")
    cases = figure_cases(made, seed)
    found = margins_of(made, cases)
    assert len(found) >= 3
    for each in found:
        tried = sorted(turning_figures(made, cases, each))
        if not tried:
            assert each.figure is None or not each.figure.before, "one that is 0 counts where no other does"
            continue
        assert each.figure is not None
        turn = each.figure
        assert (abs(turn.after - turn.before) / turn.before, turn.unit.code, turn.figure, turn.after) in tried
        assert abs(turn.after - turn.before) / turn.before == tried[0][0]


def one_group(
    first: str, *points: tuple[str, str], awards: Mapping[str, object] | None = None
) -> tuple[Scheme, list[Case]]:
    """Units of so much (actual, 2.2), against a target of 2 and a prior of 2."""
    made = scheme(*rules(first), units="甲乙丙丁"[: len(points)])
    return made, [
        case(unit, {**(awards or {}), "2.2": judged}, a_target=2, a_prior=2, a_actual=actual, b_actual=0)
        for unit, (actual, judged) in zip(made.units, points, strict=True)
    ]


def test_a_rule_that_an_award_overrides_is_not_moved_by_its_figures() -> None:
    made, cases = one_group(REACHED, ("3", "2"), ("1.99", "2.5"))
    assert margins_of(made, cases)[0].figure == FigureTurn(made.units[1], "a.actual", Decimal("1.99"), Decimal("2.00"))
    held = [
        replace(each, awards={**each.awards, "1.1": Award(score(made, each).criterion("1.1").points)}) for each in cases
    ]
    assert [each.score.total for each in ranked(made, held).units] == [Decimal(12), Decimal("2.5")]
    assert margins_of(made, held)[0].figure is None


def test_what_an_award_overrides_hides_no_other_rule() -> None:
    far = REACHED.replace('right = "a.target", points = 10', "number = 2.2, points = 3")
    made = scheme(*rules(REACHED, criterion("1.2", "3", far)), units="甲乙")
    cases = [
        case(made.units[0], {"2.2": "0.5"}, a_target=2, a_prior=2, a_actual="3.9", b_actual=0),
        case(made.units[1], {"2.2": 1, "1.1": 8}, a_target=2, a_prior=2, a_actual="1.99", b_actual=0),
    ]
    cases[0] = replace(cases[0], awards={**cases[0].awards, "1.2": Award(Decimal(0))})
    turn = margins_of(made, cases)[0].figure
    assert turn == FigureTurn(made.units[1], "a.actual", Decimal("1.99"), Decimal("2.20"))


def test_who_is_vetoed_by_a_figure_stands_below_all() -> None:
    made = scheme(*rules(REACHED), BY_FIGURES.replace("number = 4", "number = 12"), units="甲乙")
    cases = [
        case(unit, {"2.2": judged, "1.1": 5}, a_target=2, a_prior=2, a_actual=2, b_actual=count)
        for unit, judged, count in zip(made.units, (3, 2), (12, 12), strict=True)
    ]
    assert margins_of(made, cases)[0].figure == FigureTurn(made.units[0], "b.actual", Decimal(12), Decimal(13))


def test_points_that_others_without_a_task_left_are_moved_with_their_rule() -> None:
    of_both = item("1", criterion("1.1", "10", REACHED), criterion("1.2", "5", COUNT)) + item(
        "2", criterion("2.1", "9")
    )
    both = measure("a", "1", "target", "actual"), measure("b", "1", "actual")
    made = scheme(of_both, *both, '[policy]\nno_task = "rescale"\n', units="甲乙")
    cases = [
        case(made.units[0], {"2.1": 9}, a_target=2, a_actual="3.9", b_actual=8),
        case(made.units[1], {"2.1": 3}, a_target=2, a_actual="1.99", b_actual=Mark.NO_TASK),
    ]
    assert [each.score.total for each in ranked(made, cases).units] == [Decimal(23), Decimal(3)]
    assert margins_of(made, cases)[0].figure is None, "15 more are not enough for 乙, 10 fewer leave 甲 before it"
    cases[0] = replace(cases[0], awards={"2.1": Award(Decimal(0)), "1.1": Award(Decimal(10))})
    assert margins_of(made, cases)[0].figure == FigureTurn(made.units[1], "a.target", Decimal(2), Decimal("1.99"))


def test_it_is_the_figure_in_force_that_is_moved() -> None:
    made, cases = one_group(REACHED, ("3", "2"), ("3", "2.5"))
    cases[1] = replace(cases[1], verified={"a.actual": Entry(Decimal("1.9"))})
    turn = margins_of(made, cases)[0].figure
    assert turn == FigureTurn(made.units[1], "a.actual", Decimal("1.9"), Decimal("2.00"))


def test_what_the_office_gives_is_not_moved() -> None:
    made, cases = one_group(REACHED, ("4.1", "2"), ("0.5", "2.5"))
    assert margins_of(made, cases)[0].figure is None, "a target of 0.5 would do"


def test_a_figure_stays_within_its_limits_and_has_its_own_decimals() -> None:
    made, cases = one_group(REACHED, ("3", "2"), ("1.999", "2.5"))
    assert margins_of(made, cases)[0].figure == FigureTurn(
        made.units[1], "a.actual", Decimal("1.999"), Decimal("2.000")
    )
    low = "actual = { min = 0, max = 1.999999 }"
    parts = (part.replace("actual = { min = 0, max = 1000 }", low) for part in rules(REACHED))
    short = scheme(*parts, units="甲乙")
    found = margins_of(short, [replace(each, unit=unit) for each, unit in zip(cases, short.units, strict=True)])
    assert found[0].figure is not None
    assert (found[0].figure.unit.code, found[0].figure.after) == ("U1", Decimal("1.999999")), "甲 falls short instead"


def test_a_part_is_not_moved_beyond_its_whole() -> None:
    whole = OFFICE.replace("actual = { min = 0, max = 1000 }", 'actual = { min = 0, at_most = "a.prior" }')
    judged = item("2", criterion("2.1", "5"))
    made = scheme(item("1", criterion("1.1", "10", REACHED)), judged, whole, units="甲乙")
    cases = [
        case(made.units[0], {"2.1": 2}, a_target=2, a_prior=3, a_actual=3),
        case(made.units[1], {"2.1": 3}, a_target=2, a_prior="1.8", a_actual="1.7"),
    ]
    turn = margins_of(made, cases)[0].figure
    assert turn is not None
    assert turn.unit.name == "甲", "乙 would reach the target only beyond its own whole"


def test_a_figure_of_nothing_is_moved_where_no_other_does() -> None:
    made, cases = one_group(REACHED, ("0.5", "2"), ("0.5", "1.5"))
    found = margins_of(made, cases)[0]
    assert found.figure == FigureTurn(made.units[1], "b.actual", Decimal(0), Decimal(2))
    assert figure_words(made, found) == "乙“项目·本年实绩”由 0 个改为 2 个"


# ── marks of several judges, open and vetoed units ──────────────────────────────────────────────────────


def test_of_several_judges_it_is_the_mean_that_changes() -> None:
    made = scheme(item("1", criterion("1.1", "10", 'kind = "judged", judges = 3')), units="甲乙")
    marks = (Decimal(9), Decimal(8), Decimal(8)), (Decimal(8), Decimal(8), Decimal(8))
    cases = [
        Case(unit, "received", {}, awards={"1.1": Award(marks=given)})
        for unit, given in zip(made.units, marks, strict=True)
    ]
    (found,) = margins_of(made, cases)
    assert (found.gap, [turn.change for turn in found.marks]) == (Decimal("0.33"), [Decimal("0.34"), Decimal("-0.34")])
    named = NAMED.replace('kind = "judged"', 'kind = "judged", judges = 3')
    made = scheme(item("1", criterion("1.1", "1", named)), units="甲乙")
    marks = (Decimal(1), Decimal("0.7"), Decimal("0.7")), (Decimal(1), Decimal("0.7"), Decimal(0))
    cases = [
        Case(unit, "received", {}, awards={"1.1": Award(marks=given)})
        for unit, given in zip(made.units, marks, strict=True)
    ]
    (found,) = margins_of(made, cases)
    assert (found.gap, [turn.change for turn in found.marks]) == (Decimal("0.23"), [Decimal("0.24"), Decimal("-0.24")])


def test_units_without_a_place_are_left_out() -> None:
    made = scheme(TWO, MARKS, VETO)
    every = {"1.1": 1, "1.2": "0.5", "2.1": "0.2"}
    cases = [
        case(made.units[0], every), case(made.units[1], every, Veto("某委", "1号", "2010-1-1")),
        case(made.units[2], {"1.1": 1}), case(made.units[3], {**every, "1.1": "0.5"}),
    ]  # fmt: skip
    found = margins_of(made, cases)
    assert [[unit.score.unit.name for unit in each.units] for each in found] == [["甲", "丁"], ["甲"], ["丁"], ["丁"]]
    assert margins_of(made, [case(unit) for unit in made.units]) == ()
    assert summary(made, ()) == ()
    assert margins(made, (), Ranking((), True)) == ()


def test_the_places_of_a_grade_end_between_or_among_those_who_share() -> None:
    made = scheme(item("1", criterion("1.1", "100")), SEATS, units="甲乙丙丁戊")

    def seats(*points: int) -> list[str]:
        cases = [case(unit, {"1.1": each}) for unit, each in zip(made.units, points, strict=True)]
        return [each.seats for each in margins_of(made, cases)]

    assert seats(90, 80, 70, 60, 50) == ["", "优秀", "", ""]
    assert seats(90, 80, 80, 60, 50) == ["", "优秀", "优秀", ""]
    assert seats(90, 90, 70, 60, 50) == ["", "优秀", "", ""]
    assert seats(90, 90, 90, 60, 50) == ["优秀", "优秀", "优秀", ""]


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────


def sentences(made: Scheme, *points: Mapping[str, object]) -> list[str]:
    cases = [case(unit, given) for unit, given in zip(made.units, points, strict=True)]
    return [margin_words(made, each) for each in margins_of(made, cases)]


FIRST = {"1.1": "0.9", "1.2": "0.5", "2.1": "0.2"}
MOST_OF_ALL = {"1.1": 1, "1.2": "0.6", "2.1": "0.8"}


def test_words_of_marks() -> None:
    made = scheme(TWO, MARKS, units="甲乙")
    assert sentences(made, FIRST, {**FIRST, "2.1": "0.1"}) == [
        "第1名甲与第2名乙相差 0.10 分：甲任一评议项目少 0.11 分即易位",
        "乙总分恰为优秀线（1.5 分）：任一评议项目少 0.01 分即低于优秀线",
        "乙总分 1.50 分，比良好线（须高于 1 分）高出 0.50 分：“细则1.1”等 2 项中任何一项少 0.50 分即降到良好线",
    ]
    assert sentences(made, FIRST, FIRST)[0] == "并列第1名的甲与乙总分相同：任一评议项目改动 0.01 分即分先后"
    assert sentences(made, MOST_OF_ALL, {"1.1": 0, "1.2": 0, "2.1": 0}) == [
        "第1名甲与第2名乙相差 2.40 分：任何一项评议分的改动都不足以易位",
        "甲总分 2.40 分，比优秀线（1.5 分）高出 0.90 分：“细则1.1”少 0.91 分即低于优秀线",
        "乙总分 0.00 分，比优秀线（1.5 分）尚差 1.50 分：任何一项评议分的改动都不足以达到优秀线",
        "甲总分 2.40 分，比良好线（须高于 1 分）高出 1.40 分：任何一项评议分的改动都不足以降到良好线",
        "乙总分 0.00 分，比良好线（须高于 1 分）尚差 1.00 分：任何一项评议分的改动都不足以高于良好线",
    ]


def test_words_of_the_lower_one_of_both_and_of_a_tie_that_was_decided() -> None:
    middle = {"1.1": "0.5", "1.2": "0.3", "2.1": "0.4"}
    made = scheme(TWO, SEATS, GROUPS, units="甲乙丙")
    assert sentences(made, middle, {**middle, "1.1": "0.45"}, {**middle, "1.1": "0.2"})[:2] == [
        "城区组第1名甲与第2名乙相差 0.05 分：任一评议项目改动 0.06 分即易位",
        "城区组第2名乙与第3名丙（优秀名额线）相差 0.25 分：任一评议项目改动 0.26 分即易位",
    ]
    assert sentences(made, MOST_OF_ALL, {**MOST_OF_ALL, "1.1": "0.9"}, {})[0] == (
        "城区组第1名甲与第2名乙相差 0.10 分：甲任一评议项目少 0.11 分即易位"
    )
    decided = scheme(TIED, units="甲乙")
    assert sentences(decided, {**middle, "2.1": "0.5"}, {**middle, "1.1": "0.6"}) == [
        "第1名甲与第2名乙总分相同：任一评议项目改动 0.01 分即易位"
    ]


def test_words_of_figures() -> None:
    made, cases = one_group(REACHED, ("3", "2"), ("1.99", "2.5"))
    found = margins_of(made, cases)
    assert [margin_words(made, each) for each in found] == [
        "第1名甲与第2名乙相差 9.50 分：任何一项评议分的改动都不足以易位；"
        "乙“产值·本年实绩”由 1.99 亿元改为 2 亿元（0.5%）即易位",
        "甲总分 12.00 分，比达标线（8 分）高出 4.00 分：任何一项评议分的改动都不足以低于达标线；"
        "“产值·本年实绩”由 3 亿元改为 1.99 亿元（33.7%）即低于达标线",
        "乙总分 2.50 分，比达标线（8 分）尚差 5.50 分：任何一项评议分的改动都不足以达到达标线；"
        "“产值·本年实绩”由 1.99 亿元改为 2 亿元（0.5%）即达到达标线",
    ]
    both, cases = one_group(REACHED, ("2.05", "2"), ("2", "1.9"))
    assert margin_words(both, margins_of(both, cases)[0]) == (
        "第1名甲与第2名乙相差 0.10 分：乙“细则2.2”多 0.11 分即易位；"
        "甲“产值·本年实绩”由 2.05 亿元改为 1.99 亿元（2.9%）也会易位"
    )
    percent = scheme(*(part.replace('"亿元"', '"%"') for part in rules(REACHED)), units="甲乙")
    assert figure_words(percent, found[0]) == "乙“产值·本年实绩”由 1.99% 改为 2%", "no share of a share"
    slight = replace(found[0], figure=FigureTurn(made.units[0], "a.actual", Decimal(2000), Decimal("1999.99")))
    assert figure_words(made, slight) == "甲“产值·本年实绩”由 2,000 亿元改为 1,999.99 亿元（不到 0.1%）"


def test_words_where_nothing_is_enough() -> None:
    made, cases = one_group(REACHED, ("4.1", "2"), ("0.5", "2.5"))
    assert margin_words(made, margins_of(made, cases)[0]) == (
        "第1名甲与第2名乙相差 9.50 分：任何一项评议分的改动，或者任何一项数据增减一半以内，都不足以易位"
    )


# ── of the whole year ───────────────────────────────────────────────────────────────────────────────────


def test_in_a_large_group_figures_are_tried_where_places_end_and_at_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    made = scheme(*rules(REACHED), units="甲乙丙丁")
    cases = figure_cases(made, 1)
    before = margins_of(made, cases)
    assert all(each.tried for each in before)
    monkeypatch.setattr(margin_module, "MOST", 3)
    found = margins_of(made, cases)
    assert [each.tried for each in found] == [False, True, False, True, True]
    assert [bool(each.seats) for each in found] == [False, True, False, False, False]
    pairs = zip(before, found, strict=True)
    assert found == tuple(was if now.tried else replace(was, figure=None, tried=False) for was, now in pairs)
    untried = next(each for each in found if not each.tried)
    assert "数据" not in margin_words(made, replace(untried, marks=())), "nothing is said of what was not tried"


def test_a_rule_that_goes_both_ways() -> None:
    within = REACHED.replace("points = 10", 'points = 10, also = [{ left = "a.actual", compare = "<=", number = 2.2 }]')
    made, cases = one_group(within, ("2.2", "2"), ("1.5", "2.5"))
    found = margins_of(made, cases)[0]
    assert found.figure == FigureTurn(made.units[0], "a.actual", Decimal("2.2"), Decimal("2.21"))
    made, cases = one_group(within, ("2.05", "2"), ("1.9", "2.5"))
    assert margins_of(made, cases)[0].figure == FigureTurn(made.units[0], "a.actual", Decimal("2.05"), Decimal("1.99"))


def test_the_summary_tells_the_least_gaps_each_once() -> None:
    made = scheme(TWO, MARKS, units="甲乙丙丁")

    def told(*totals: str) -> tuple[str, ...]:
        cases = [
            case(unit, {"1.1": Decimal(each) - Decimal("0.7"), "1.2": "0.3", "2.1": "0.4"})
            for unit, each in zip(made.units, totals, strict=True)
        ]
        return tuple(each.partition("：")[0] for each in summary(made, margins_of(made, cases)))

    assert told("1.6", "1.55", "1.3", "1.2") == (
        "第2名乙与第3名丙（优秀名额线）相差 0.25 分",
        "乙总分 1.55 分，比优秀线（1.5 分）高出 0.05 分",
        "第1名甲与第2名乙相差 0.05 分",
    )
    assert told("1.6", "1.31", "1.3", "1.2") == (
        "第2名乙与第3名丙（优秀名额线）相差 0.01 分", "甲总分 1.60 分，比优秀线（1.5 分）高出 0.10 分",
    ), "the least of all is the one where the places end"  # fmt: skip
    assert all(each.endswith("。") for each in summary(made, margins_of(made, judged_cases(made, 1))))


def year(count: int = 14) -> tuple[Scheme, tuple[Case, ...], Ranking]:
    """The sample year, its units repeated with figures of another size."""
    made = load()
    cases = sample_cases(made)
    more = []
    for number in range(14, count):
        each, less = cases[number % 14], Decimal(number % 41) / 100
        awards = {id: Award(max((award.points or Decimal(0)) - less, Decimal(0))) for id, award in each.awards.items()}
        more.append(replace(each, unit=Unit(f"U{number}", f"单位{number}", each.unit.kind), awards=awards))
    cases = compare(made, (*cases, *more))
    return made, cases, rank(made, [score(made, each) for each in cases])


def test_the_sample_year() -> None:
    made, cases, ranking = year()
    found = margins(made, cases, ranking)
    assert len(found) == 14, "twelve pairs of thirteen units, one unit at 80 and one below"
    assert summary(made, found) == (
        "并列第3名的滨江区（高新区）与杭州经济技术开发区（优秀名额线）总分相同：任一评议项目改动 0.01 分即分先后；"
        "滨江区（高新区）“土地盘活·本年实绩”由 21 万平方米改为 20.99 万平方米（不到 0.1%）也会分先后。",
        "江干区总分恰为达标线（80 分）：任一评议项目少 0.01 分即低于达标线；"
        "“限额以上工业投资·本年实绩”由 6.72 亿元改为 6.71 亿元（0.1%）也会低于达标线。",
    )
    last = found[11]
    assert between_words(last) == "第12名淳安县与第13名下城区"
    assert mark_words(last) == "任一评议项目改动 0.61 分"
    by_code = {each.unit.code: each for each in cases}
    for each in found:
        if each.figure is not None:
            own = moved(by_code[each.figure.unit.code], each.figure.figure, each.figure.after)
            again = compare(made, tuple({**by_code, own.unit.code: own}.values()))
            assert turned(each, rank(made, [score(made, case) for case in again]))


@pytest.mark.parametrize("count", [14, 300])
def test_every_pair_is_told_of_however_many_there_are(count: int) -> None:
    assert len(margins(*year(count))) > count * 0.9
