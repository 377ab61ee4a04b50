"""The notice of docs/AUTHORING.md, typed into the empty workbook: it checks clean, and a slip is told where it is."""

import re
from pathlib import Path
from typing import Any

import authoring
import pytest
from command import ROOT
from openpyxl import load_workbook

from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.scheme import scheme_check, scheme_new
from kaohe_cli.scheme.load import load

PAGES = ("docs/AUTHORING.md", "docs/编写方案.md")
EMPTY: list[bytes] = []


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / authoring.BOOK
    if not EMPTY:
        scheme_new(None, output=path, force=False)
        EMPTY.append(path.read_bytes())
    path.write_bytes(EMPTY[0])
    return path


def edited(path: Path, *cells: tuple[str, str, Any]) -> Outcome:
    """What a check says after ``cells`` were typed over."""
    held = load_workbook(path)
    for sheet, cell, value in cells:
        held[sheet][cell].value = value
    held.save(path)
    return scheme_check(path)


def copy_of(path: Path, sheet: str, column: str) -> list[Any]:
    """What stands in a column of the checked copy, below its head."""
    page = load_workbook(path.with_name(authoring.CHECKED))[sheet]
    at = next(cell.column for cell in page[1] if cell.value == column)
    return [page.cell(row, at).value for row in range(3, page.max_row + 1)]


def test_the_story_checks_clean_and_its_trials_are_met(book: Path) -> None:
    assert authoring.typed(book) == ""
    outcome = scheme_check(book)
    assert outcome.problems == ()
    assert "8 个项目、8 条细则、3 个单位、1 个口径。试算 2 个单位、11 处，全部相符。" in outcome.notes[0]
    assert set(copy_of(book, "细则", "核对")) - {None} == {"✔"}
    assert copy_of(book, "细则", "程序读作")[2] == (
        "3.1（15 分）：全年出水达标率不低于 95%的，得 15 分；每低 1 个百分点扣 1.5 分（按比例折算），扣完为止。"
    )


def test_the_slip_of_the_story_is_told_in_its_cell(book: Path) -> None:
    place = authoring.typed(book, slip=True)
    (problem,) = scheme_check(book).problems
    assert f"{problem.sheet}!{problem.cell}" == place == "细则!U5"
    assert problem.message == "细则分值为 15 分，规则的得分却没有上限；扣分的须写负数"
    assert copy_of(book, "细则", "核对")[2] == f"每级得分：{problem.message}"
    assert copy_of(book, "细则", "程序读作")[2] is None


def test_a_trial_tells_what_contradicts_nothing(book: Path) -> None:
    authoring.typed(book)
    problem = edited(book, ("细则", "X5", None)).problems[0]
    assert (problem.code, problem.sheet, problem.cell) == ("KH934", "试算", "C15")
    said = "超过规定的 95% 1.2 个百分点，按比例计，扣 1.8 分，得 13.2 分"
    assert said in f"{problem.message}{problem.found}"


def blank_numbers(path: Path) -> None:
    held = load_workbook(path)
    for row in range(3, 11):
        held["细则"].cell(row, 3).value = None
    held.save(path)


def test_numbers_left_out_are_those_that_other_sheets_speak_of(book: Path) -> None:
    authoring.typed(book)
    blank_numbers(book)
    assert scheme_check(book).problems == ()
    assert list(load(str(book)).criteria) == [f"{number}.1" for number in range(1, 9)]


def test_the_only_rule_of_an_item_is_called_as_the_item(book: Path) -> None:
    authoring.typed(book)
    scheme = load(str(book))
    assert scheme.criteria["1.1"].title == "垃圾分类"


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        ("C11", "9.9", "没有细则 9.9"),  # what the row would change is not there
        ("J4", "户厕·本年实绩", "没有“户厕·本年实绩”，可选：户厕改造·本年实绩"),  # other rows are read beside it
    ],
)
def test_a_name_that_is_not_there_is_told_and_the_copy_written(book: Path, cell: str, value: str, told: str) -> None:
    authoring.typed(book)
    outcome = edited(book, ("细则", cell, value))
    assert any(each.cell == cell and each.message.startswith(told) for each in outcome.problems)
    assert copy_of(book, "细则", "程序读作")[0].startswith("1.1（20 分）")


@pytest.mark.parametrize("sheet", ["项目", "细则"])
def test_rows_grow_with_what_is_typed(book: Path, sheet: str) -> None:
    page = load_workbook(book)[sheet]
    assert page.row_dimensions[3].height is None
    assert not page.sheet_format.customHeight


def test_each_line_of_the_basic_terms_says_how_it_is_filled_in(book: Path) -> None:
    page = load_workbook(book)["基本"]
    said = {page.cell(row, 1).value: page.cell(row, 3).value for row in range(3, page.max_row + 1)}
    assert said["名称"] == "这项考核叫什么，不带年度，如 工作目标责任制考核"
    assert all(value for fact, value in said.items() if fact)


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_show_every_picture_and_no_other(page: str) -> None:
    names = {f"authoring-{name}.png" for name in (*authoring.PARTS, *authoring.PAGES)} | {"authoring-terminal.svg"}
    assert set(re.findall(r"\(pictures/(authoring-[a-z]+\.\w+)\)", (ROOT / page).read_text("utf-8"))) == names
    assert all((ROOT / "docs" / "pictures" / name).stat().st_size < 120_000 for name in names)
