"""项目 as an official table is pasted: merged cells, headings across it, numbering, rows that go on, quotes."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from kaohe_cli.scheme.book.made import empty
from kaohe_cli.scheme.book.pasted import as_in, short
from kaohe_cli.scheme.load import Examined, examine

EMPTY = empty()


def pasted(rows: list[dict[str, Any]], merged: tuple[str, ...] = (), rules: Sequence[dict[str, Any]] = ()) -> Examined:
    """What is made of a table pasted from row 3 on, with rules quoting it."""
    book = openpyxl.load_workbook(BytesIO(EMPTY))
    for sheet, table in (("项目", rows), ("细则", rules)):
        head = {cell.value: cell.column for cell in book[sheet][1]}
        for number, row in enumerate(table, 3):
            for title, value in row.items():
                book[sheet].cell(number, head[title]).value = value
    for area in merged:
        book["项目"].merge_cells(area)
    basics = {"年度": 2020, "标题": "考核表", "名称": "考核", "发文机关": "某局"}
    for row in book["基本"].iter_rows(min_row=3):
        if row[0].value in basics:
            row[1].value = basics[row[0].value]
    book["单位"]["B3"].value = "甲镇"
    data = BytesIO()
    book.save(data)
    return examine(data.getvalue(), "方案.xlsx")


def judged(item: str, clause: str, points: int) -> dict[str, Any]:
    return {"项目": item, "原文": clause, "分值": points, "计分方式": "评定"}


def test_headings_across_the_table_are_sections() -> None:
    found = pasted(
        [
            {"序": "一、经济发展（60分）"}, {"序": "1.", "内容": "工业产值", "标准": "完成得60分。", "分值": "60分"},
            {"序": "二、社会事业（共40分）"}, {"序": "1.", "内容": "教育", "标准": "完成得 40 分。", "分值": "４０"},
        ],
        ("E3:H3", "E5:H5"), [judged("1", "完成得60分", 60), judged("二.1", "完成得 40 分", 40)],
    )  # fmt: skip
    assert found.problems == ()
    assert found.content is not None
    assert [(each.id, each.title, each.points) for each in found.content.section] == [
        ("一", "经济发展", 60), ("二", "社会事业", 40),
    ]  # fmt: skip
    items = [(each.id, each.section, each.number, each.title, each.points) for each in found.content.item]
    assert items == [("1", "一", "1.", "工业产值", 60), ("二.1", "二", "1.", "教育", 40)]


def test_a_section_beside_the_items_reaches_down() -> None:
    found = pasted(
        [
            {"所在类别": "经济（50分）", "序": "（1）", "内容": "产值", "标准": "完成得30分。", "分值": 30},
            {"序": "（2）", "内容": "投资", "标准": "完成得20分。", "分值": 20},
            {"所在类别": "其他", "序": "①", "内容": "信访", "标准": "完成得5分。", "分值": 5},
        ],
        ("D3:D4",), [judged("1", "完成得30分", 30), judged("2", "完成得20分", 20), judged("其他.1", "完成得5分", 5)],
    )  # fmt: skip
    assert found.content is not None
    assert [(each.id, each.title) for each in found.content.section] == [("经济", "经济")]
    assert [(each.code, each.sheet, each.cell) for each in found.problems][:1] == [("KH983", "项目", "D5")]
    assert [(each.id, each.section) for each in found.content.item] == [
        ("1", "经济"),
        ("2", "经济"),
        ("其他.1", "其他"),
    ]


def test_rows_that_go_on_belong_to_the_item_above() -> None:
    found = pasted(
        [
            {"序": "1", "内容": "节能", "标准": "完成目标得6分。", "分值": 10}, {"标准": "报送材料得4分。"},
            {"序": "2", "内容": "安全", "标准": "得5分。", "分值": 5},
        ],
        ("E3:E4", "F3:F4", "H3:H4"),
        [judged("1", "完成目标得6分", 6), judged("", "报送材料得4分", 4), judged("2", "得5分", 5)],
    )  # fmt: skip
    assert [each for each in found.problems if each.severity == "error"] == []
    assert found.content is not None
    assert [each.standard for each in found.content.item] == ["完成目标得6分。\n报送材料得4分。", "得5分。"]
    assert [each.id for item in found.content.item for each in item.criterion] == ["1.1", "1.2", "2.1"]


def test_a_row_that_goes_on_with_points_of_its_own_is_told() -> None:
    found = pasted([{"序": "1", "内容": "节能", "分值": 6}, {"标准": "另得4分", "分值": 4}], ("E3:E4",))
    assert ("KH982", "项目", "H4") in [(each.code, each.sheet, each.cell) for each in found.problems]


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("完成得 5 分", "完成得5分"), ("完成得5分;未完成不得分", "完成得5分；未完成\n不得分"),
        ("完成得５分", "完成得5分"), ("完成得6分", "完成得6分"), ("", ""),
    ],
)  # fmt: skip
def test_a_quote_is_found_whatever_its_blanks_and_marks(quote: str, expected: str) -> None:
    assert as_in(quote, "（一）完成得5分；未完成\n不得分。") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.法律、法规执行情况", "法律、法规执行情况"),
        ("（一）做好节能工作，落实责任，按月上报，年终总结", "做好节能工作"),
        ("确保工业经济平稳较快增长。工业综合经济效益好于上年", "确保工业经济平稳较快增长"),
    ],
)  # fmt: skip
def test_a_title_is_the_beginning_of_the_text(text: str, expected: str) -> None:
    assert short(text) == expected
