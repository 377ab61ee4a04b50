"""What reviews changed: points of criteria, items and the whole put back, alone and together."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from any_scheme import case, criterion, item, scheme
from msgspec.structs import replace

from kaohe_cli.assess.appeal import come_to, effect_words, effects, put_back, summary
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Decision, Ranking, Review
from kaohe_cli.points import plain

SCHEME = scheme(
    item("1", criterion("1.1", "10")),
    item("2", criterion("2.1", "10"), criterion("2.2", None), more="cap = 10"),
    units=("甲", "乙", "丙"),
)
POINTS = {"甲": ("8", "8", "1"), "乙": ("8", "8", "0"), "丙": ("8", "7", "0")}
CASES = tuple(
    case(unit, dict(zip(SCHEME.criteria, POINTS[unit.name], strict=True))) for unit in SCHEME.units
)  # fmt: skip
BY_CODE = {each.unit.code: each for each in CASES}


def ranking() -> Ranking:
    return rank(SCHEME, [score(SCHEME, each) for each in CASES])


def review(code: str, about: str, before: str, after: str, decision: Decision = "adjusted") -> Review:
    return Review(code, about, "有误", decision=decision, before=Decimal(before), after=Decimal(after))


def said(*reviews: Review) -> list[str]:
    return [effect_words(each) for each in effects(SCHEME, BY_CODE, ranking().units, reviews)]


def test_each_is_told_alone_and_then_all_together() -> None:
    assert said(review("U1", "2.2", "0", "1"), review("U3", "1.1", "10", "8")) == [
        "甲总分由 16.00 分变为 17.00 分；乙由第1名变为第2名",
        "乙由第3名变为第2名；丙由第1名变为第3名，总分由 17.00 分变为 15.00 分",
        "甲由第2名变为第1名，总分由 16.00 分变为 17.00 分；丙由第1名变为第3名，总分由 17.00 分变为 15.00 分",
    ]


def test_what_was_put_back_is_a_part_the_item_or_the_whole() -> None:
    held: Sequence[tuple[str, str, str, str]] = (
        ("2.2", "0", "8", "16"), ("2", "5", "5", "13"), ("1", "3", "9", "12"), ("", "20", "9", "20"),
    )  # fmt: skip
    for about, before, item_points, total in held:
        made = put_back(SCHEME, CASES[0], score(SCHEME, CASES[0]), [review("U1", about, before, "1")])
        assert (made.items[1].points, made.total) == (Decimal(item_points), Decimal(total))


def test_the_first_of_several_is_what_was_before() -> None:
    several = [review("U1", "1.1", "6", "8"), review("U1", "1.1", "7", "8")]
    made = put_back(SCHEME, CASES[0], score(SCHEME, CASES[0]), several)
    assert made.criterion("1.1").points == 6


def test_each_of_several_about_the_same_changed_what_it_changed() -> None:
    """The later began with 7.5; one beside it began where the first did; another's points are its own."""
    scores = {each.score.unit.code: each.score for each in ranking().units}
    first, beside, later = (
        replace(review("U1", "1.1", before, "0", decision), received=date(2011, 1, day), claim=f"{day}")
        for before, decision, day in (("6", "adjusted", 3), ("6", "upheld", 4), ("7.5", "adjusted", 5))
    )
    undated = review("U1", "1.1", "7.5", "0", "upheld")
    other = replace(review("U2", "1.1", "5", "0"), received=date(2011, 1, 9))
    found = come_to([undated, later, other, beside, first], scores)
    assert [plain(each.after) for each in found if each.after is not None] == ["8", "8", "8", "7.5", "7.5"]
    assert said(*(each for each in found if each.code == "U1")) == [
        "甲总分由 16.50 分变为 17.00 分",
        "甲由第2名变为第1名，总分由 15.00 分变为 16.50 分；乙由第1名变为第2名；丙由第2名变为第3名",
        "甲由第2名变为第1名，总分由 15.00 分变为 17.00 分；乙由第1名变为第2名；丙由第2名变为第3名",
    ]


def test_what_adjusts_nothing_changes_nothing() -> None:
    assert said(review("U1", "1.1", "8", "8"), review("U1", "1.1", "7", "8", "upheld")) == []


def test_the_summary_counts_all_and_tells_the_first() -> None:
    reviews = [review("U2", "2.1", str(points), "8") for points in (3, 4, 5, 6)]
    reviews += [review("U1", "", "17", "17", "upheld"), Review("U3", "", "有误")]
    names = {unit.code: unit.name for unit in SCHEME.units}
    found = effects(SCHEME, BY_CODE, ranking().units, reviews)
    lines = list(summary(SCHEME, names, reviews, found))
    assert lines[0] == "复核 6 件：维持 1 件、调整 4 件、未作结论 1 件。"
    assert lines[1].startswith("乙 2.1 细则2.1 由 3 分调整为 8 分：乙由第3名变为第2名，总分由 11.00 分变为 16.00 分")
    assert lines[4:] == ["另有 1 件调整，见考核结果的“复核情况”。"]
    assert list(summary(SCHEME, names, [], ())) == []
