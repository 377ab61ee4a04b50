"""A fault of shape hides no fault elsewhere, and is told once, at its own line."""

import re

import pytest

from kaohe_cli.scheme.load import FOLDER, examine

TEXT = (FOLDER / "hangzhou_2007.toml").read_text("utf-8")
LINES = TEXT.split("\n")
WRITTEN = [
    number for number, line in enumerate(LINES) if re.fullmatch(r"(?!content)\w+ = (\".*\"|\{.*\}|[\d.-]+)", line)
]
ELSEWHERE = ("number = 476", "number = 0"), ("total.invest.number", "须大于 0")


def broken(number: int) -> str:
    """The scheme with a table in a list in place of what stands on that line."""
    return "\n".join([*LINES[:number], f"{LINES[number].split(' ')[0]} = [[]]", *LINES[number + 1 :]])


def told(text: str) -> list[tuple[str, str, int | None]]:
    return [(each.field, each.found, each.line) for each in examine(text.encode(), "某年.toml").problems]


@pytest.mark.parametrize("first", range(10))
def test_a_fault_of_shape_brings_no_others_along(first: int) -> None:
    """Whatever refers to what is broken, adds it up or quotes it, is not to blame."""
    assert len(WRITTEN) > 500
    for number in WRITTEN[first * 11 :: 110]:
        assert [line for *_, line in told(broken(number))] == [number + 1], LINES[number]


@pytest.mark.parametrize("number", WRITTEN[7::90])
def test_a_fault_of_shape_hides_no_other(number: int) -> None:
    (was, becomes), wrong = ELSEWHERE
    if LINES[number] != was:
        assert wrong in [(key, reason) for key, reason, _ in told(broken(number).replace(was, becomes))]


# what is broken in which place, and what is wrong with the scheme besides
BOTH = [
    (('title = "一类目标"', "title = 1"), ('needs = "1.1.1"', 'needs = "1.1.9"'), "criterion.1.1.2.needs"),
    (('points = 12\n', 'points = "十二"\n'), ("points = 44", "points = 45"), "section.2.points"),
    (('id = "sales"\n', "id = 1\n"), ('left = "land.actual", compare', 'left = "double.done", compare'),
     "criterion.1.2.4.rule"),
    (('date = 2007-07-06', 'date = "夏天"'), ('clause = "于11月15日前', 'clause = "在11月15日前'), "deadline.clause"),
    (('label = "须超过5%"', "label = 5"),
     ('change = { policy = { cap = "item" } }', 'change = { policy = { cap = 1 } }'),
     "reading.cap.item: policy.cap"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "key"), BOTH, ids=[each[2] for each in BOTH])
def test_both_are_told(one: tuple[str, str], other: tuple[str, str], key: str) -> None:
    assert one[0] in TEXT
    assert other[0] in TEXT
    found = told(TEXT.replace(*one, 1).replace(*other, 1))
    assert len(found) == 2
    assert key in [each for each, *_ in found]


def test_a_reading_without_options_is_a_fault_like_others() -> None:
    reading = '\n[[reading]]\nid = "open"\nclause = "共12分"\nquestion = "？"\noption = []\n'
    text = TEXT.replace("points = 56", "points = 57") + reading
    assert {key for key, *_ in told(text)} == {"reading.open", "section.1.points"}


def test_where_little_is_left_the_shape_alone_is_told() -> None:
    keys = {key for key, *_ in told(TEXT.replace("[notice]", "[notices]"))}
    assert keys == {"notices", "notice"}
