"""Where people left empty what a sentence names, the sentence says so; conftest.py holds it for every other test."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe_cli.ledger import book
from kaohe_cli.scheme.load import load
from kaohe_cli.settings import workbook

SAMPLES = Path(__file__).parent.parent / "samples"

Told = Callable[[str, Mapping[tuple[str, str, int], Any]], dict[str, str]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """The messages of a sample workbook, by code, in which cells (sheet, title, row) were typed over."""

    def read(file: str, typed: Mapping[tuple[str, str, int], Any]) -> dict[str, str]:
        made = openpyxl.load_workbook(SAMPLES / file)
        for (sheet, title, row), value in typed.items():
            head = next(cell for cell in made[sheet][1] if cell.value == title)
            made[sheet].cell(row, head.column).value = value
        if file == "评分底稿.xlsx":  # with its record what was typed over is not read at all
            del made["程序记录"]
        made.save(tmp_path / file)
        door = book.read_previous if file == "评分底稿.xlsx" else workbook.read
        return {each.code: each.message for each in door(load(), tmp_path / file)[1]}

    return read


def test_an_error_where_a_reported_figure_stood_is_named(told: Told) -> None:
    messages = told("评分底稿.xlsx", {("数据核定", "填报值", 2): "#REF!"})
    assert messages["KH314"].endswith("的填报值“#REF!”无法读取")


def test_a_unit_without_a_name_is_told(told: Told) -> None:
    messages = told("评分底稿.xlsx", {("单位情况", "单位", 2): None, ("单位情况", "回收状态", 2): None})
    assert messages["KH316"] == "单位名称“空白”不合要求：不能空着"
    assert messages["KH314"] == "330102的回收状态“空白”无法读取"


def test_a_ledger_that_names_no_scheme_is_told(told: Told) -> None:
    messages = told("评分底稿.xlsx", {("来源", "名称", 18): None})
    assert "是按考核方案 （未写明） 编制的" in messages["KH310"]


def test_a_department_without_an_item_is_told(told: Told) -> None:
    typed = {("责任处室", "项目", 2): None, ("责任处室", "名称", 2): None, ("责任处室", "责任处室", 2): "综合处"}
    assert told("考核设置.xlsx", typed)["KH922"] == "没有项目“空白”，它的责任处室没有采用"
