"""A header is found by what its titles say, and where one is lacking, what to write is named."""

import pytest

from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.sheet.table import Tabular, find

NEEDED = ("单位代码", "考核分", "评分人")


def table(*titles: str, also: tuple[str, ...] = ()) -> tuple[Tabular | None, list[tuple[str, str, str, str]]]:
    row = {column: Cell(CellKind.TEXT, title) for column, title in enumerate(titles, 1)}
    found, problems = find("底稿.xlsx", "评分明细", [(1, {}), (2, row), (3, {})], NEEDED, also)
    return found, [(each.code, each.cell, each.found, each.expected) for each in problems]


@pytest.mark.parametrize(
    "title",
    [
        "考核分（填）", "考核分(填)", "考核分 （填）", "考核分\n（0—满分）", "考 核 分", "*考核分", "＊考核分：",
        "考核分【必填】", "考核分（填）（0—8）", "考核分（填）*",
    ],
)  # fmt: skip
def test_a_title_with_an_addition_is_taken_for_it(title: str) -> None:
    found, problems = table("单位代码", title, "评分人", "备注")
    assert problems == []
    assert found is not None
    assert found.head.row == 2
    assert found.head.columns == {"单位代码": 1, "考核分": 2, "评分人": 3}
    assert found.head.others == (("备注", 4),)


def test_full_and_half_width_are_alike() -> None:
    found, problems = table(
        "单位代码", "考核分", "评分人", "大小(字节)", "ＳＨＡ－２５６", also=("大小（字节）", "SHA-256")
    )
    assert problems == []
    assert found is not None
    assert (found.head.columns["大小（字节）"], found.head.columns["SHA-256"]) == (4, 5)


def test_the_exact_title_comes_first_and_the_other_stays_what_it_is() -> None:
    found, problems = table("单位代码", "考核分（初评）", "考核分", "评分人")
    assert problems == []
    assert found is not None
    assert found.head.columns["考核分"] == 3
    assert found.head.others == (("考核分（初评）", 2),)


def test_two_that_may_be_meant_are_told_and_none_is_taken() -> None:
    assert table("单位代码", "考核分（初评）", "考核分（复评）", "评分人") == (None, [("KH302", "C2", "考核分", "")])
    assert table("单位代码", "考核分", "考核分", "评分人") == (None, [("KH302", "C2", "考核分", "")])


@pytest.mark.parametrize("title", ["（考核分）", "考核分数", "初评考核分", "考核分（填"])
def test_what_only_resembles_a_title_is_not_taken_but_named(title: str) -> None:
    assert table("单位代码", title, "评分人") == (
        None,
        [("KH301", "B2", f"考核分（B2 写的是“{title}”）", "考核分")],
    )


def test_what_to_write_is_named_where_nothing_resembles_it() -> None:
    assert table("单位代码", "甲", "乙") == (None, [("KH301", "", "考核分、评分人", "考核分、评分人")])
    ((code, cell, said, expected),) = table("序号", "甲")[1]
    assert (code, cell, said, expected) == ("KH301", "", "、".join(NEEDED), "、".join(NEEDED))


def test_a_long_text_is_no_title() -> None:
    assert table("单位代码", "考核分" + "（填）" * 10_000, "评分人")[0] is None
