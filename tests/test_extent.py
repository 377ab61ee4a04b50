"""One measure of text: every row of every workbook is as tall as it says."""

import pytest

from kaohe_cli.extent import TALLEST, cut, full, height, lines, width

LINE = "确保工业经济平稳较快增长。"
INDENT = 9 / 7  # of the forms, in columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("Aa 9%", 5), ("完成率", 6), ("（A）", 5), ("“—”…○", 10), ("2007年", 6), ("\U00020000", 2), ("é·×", 3)],
)
def test_a_chinese_character_counts_two(text: str, columns: int) -> None:
    assert width(text) == columns
    assert full(text) == columns - len(text)


@pytest.mark.parametrize(
    ("columns", "size", "holds"), [(10, 11, 3), (20, 11, 8), (34, 11, 14), (70, 11, 32), (70, 9, 39), (20, 9, 10)]
)
def test_chinese_characters_wrap_where_a_line_is_full_but_for_one(columns: float, size: float, holds: int) -> None:
    most = columns * 7 / (size * 96 / 72)  # characters between the edges
    assert most - 2.5 < holds < most - 1
    assert lines("字" * holds, columns, size=size) == 1
    assert lines("字" * (holds + 1), columns, size=size) == 2
    assert lines("字" * holds * 7, columns, size=size) <= 7


def test_half_width_characters_take_little_more_than_half_the_room() -> None:
    assert lines("字" * 14, 34) == lines("a" * 26, 34) == 1
    assert lines("字" * 28, 34) == lines("a" * 28, 34) == 2


def test_every_line_break_begins_a_line() -> None:
    assert [lines(text, 80) for text in ("", "\n", "甲\n乙", "甲\n\n乙\n")] == [1, 2, 2, 4]
    assert lines(f"{LINE * 4}\n甲", 34) == lines(LINE * 4, 34) + 1


def test_a_cell_narrower_than_a_character_still_holds_one_a_line() -> None:
    assert lines("一二三", 1) == lines("一二三", 0) == lines("一二三", -1) == 3


@pytest.mark.parametrize("part", ["字", "字a", "9", "字，\n"])
def test_more_text_narrower_cells_and_larger_type_never_need_less(part: str) -> None:
    by_text = [lines(part * count, 34) for count in range(80)]
    by_columns = [lines(part * 40, columns) for columns in range(80, 0, -1)]
    by_size = [height([(part * 20, 34)], size=size / 2) for size in range(12, 50)]
    for found in (by_text, by_columns, by_size):
        assert found == sorted(found)
        assert found[0] < found[-1]


def test_a_row_holds_the_longest_of_its_texts() -> None:
    assert height([("甲", 20), (LINE * 3, 20), (LINE, 20)]) == height([(LINE * 3, 20)]) > height([(LINE, 20)])
    assert height([("甲", 20)], least=48) == 48
    assert height([(LINE * 20, 20)], least=48) == height([(LINE * 20, 20)])
    assert height([], least=20) == 20


def test_longer_text_and_larger_type_need_more_room() -> None:
    assert height([(LINE * 9, 40)], size=10.5) > height([(LINE * 3, 40)], size=10.5) > height([(LINE, 80)], size=10.5)
    assert height([(LINE * 9, 40)], size=12) > height([(LINE * 9, 40)], size=10.5)
    assert height([(f"{LINE}\n{LINE}", 200)], size=10.5) > height([(LINE, 200)], size=10.5)
    assert height([(LINE * 1000, 10)], size=12) == TALLEST == 409  # the most that a row can have


@pytest.mark.parametrize(
    ("text", "columns", "size", "points"),
    [
        ("", 47, 10.5, 21.5),
        (LINE, 80, 10.5, 21.5),
        (LINE * 3, 47, 10.5, 36.0),
        (LINE * 9, 40, 10.5, 108.4),
        (LINE * 9, 40, 12, 139.5),
        (f"{LINE}\n{LINE}", 200, 10.5, 36.0),
        (LINE * 1000, 10, 12, 409),
        ("GDP 增长 12.5%，", 9, 10, 62.2),
        ("万元", 9, 10, 20.8),
        ("a" * 60, 27, 10.5, 50.5),
        ("“三个一批”工程—2007年" * 4, 26, 10, 76.0),
        ("\n\n", 16, 10, 48.4),
    ],
)
def test_the_rows_of_forms_keep_the_heights_that_office_suites_were_seen_with(
    text: str, columns: float, size: float, points: float
) -> None:
    assert height([(text, columns - INDENT)], size=size) == points


@pytest.mark.parametrize(
    ("text", "room", "left"),
    [
        ("杭州经济技术开发区", 18, "杭州经济技术开发区"),
        ("杭州经济技术开发区", 12, "杭州经济技.."),
        ("第1项共12分", 9, "第1项共.."),
        ("增长50.25%", 8, "增长.."),
        ("甲" * 100_000, 10, "甲甲甲甲.."),
        ("123456789", 5, ".."),
        ("", 0, ""),
    ],
)
def test_what_is_cut_ends_with_no_number(text: str, room: int, left: str) -> None:
    assert cut(text, room) == left
    assert width(left) <= room
