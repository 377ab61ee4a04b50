"""Results of notices unlike the first: titles and headers whole, columns that are of use, print that can be read."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from notices import NAMES, scheme_of, units_of

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.extent import USUAL, width
from kaohe_cli.model import Case
from kaohe_cli.result.analysis import GRID
from kaohe_cli.result.page import JUDGING, Report
from kaohe_cli.result.workbook import result_workbook

LEAST = 8  # points of print
OWN = ["细则", "名称", "单位", "数据", "比较的数", "同组最高", "同组最低"]


def cases(name: str) -> Iterator[Case]:
    """The year of a notice, every award a point above what was entered."""
    for year in units_of(name):
        case = year.case()
        awards = {
            id: each if each.points is None else replace(each, points=each.points + 1)
            for id, each in case.awards.items()
        }
        yield replace(case, awards=awards)


@cache
def book_of(name: str) -> Any:
    """The provisional result of that year."""
    scheme = scheme_of(name)
    settled = compare(scheme, list(cases(name)))
    ranking = replace(rank(scheme, [score(scheme, case) for case in settled]), final=False)
    report = Report(scheme, ranking, {case.unit.code: case for case in settled})
    return openpyxl.load_workbook(BytesIO(result_workbook(report)))


def headers(page: Any) -> list[str]:
    """Of the table on a page, which ends before a blank column; no text where tables of several kinds share columns."""
    if page.title == JUDGING:
        return [""] * len(GRID)
    found = [cell.value for cell in page[3]]
    return found[: found.index(None)] if None in found else found


def widths(page: Any) -> list[float]:
    """Of the columns of the table."""
    found: dict[int, float] = {}
    for dimension in page.column_dimensions.values():
        found |= dict.fromkeys(range(dimension.min, dimension.max + 1), dimension.width)
    return [found[column] for column in range(1, len(headers(page)) + 1)]


@pytest.mark.parametrize("name", NAMES)
def test_titles_and_headers_show_whole(name: str) -> None:
    for page in book_of(name):
        title, across = page["A1"], widths(page)
        lines = -(-width(title.value) * 16 / USUAL // sum(across))
        assert lines == 1 or (title.alignment.wrap_text and page.row_dimensions[1].height >= 22 * lines), page.title
        for header, wide in zip(headers(page), across, strict=True):
            lines = sum(-(-width(part) // (wide + 1)) for part in header.split("\n"))
            assert page.row_dimensions[3].height >= 15 * lines or lines == 1, (page.title, header)
        left = page.oddHeader.left.text
        assert all(len(line) <= 22 for line in left.split("\n"))
        assert left.replace("\n", "") == f"{scheme_of(name).content.title.removesuffix('表')}结果"


@pytest.mark.parametrize("name", NAMES)
def test_tables_print_legibly_and_nothing_stands_beside_them(name: str) -> None:
    book = book_of(name)
    assert ("同组比较" in book.sheetnames) == bool(scheme_of(name).subjects)
    for page in (book[sheet] for sheet in ("排名", "自评与考核", JUDGING, "同组比较") if sheet in book.sheetnames):
        across = widths(page)
        printed = 523 if page.page_setup.orientation == "portrait" else 737
        assert USUAL * printed / (sum(each * 7 + 5 for each in across) * 0.75) >= LEAST, page.title
        beside = [*page.iter_rows(min_row=3, min_col=len(across) + 1, values_only=True)]
        assert page.title in ("排名", JUDGING) or not any(any(row) for row in beside), page.title


def test_what_is_compared_has_the_columns_that_the_rules_go_by() -> None:
    found = {name: headers(book_of(name)["同组比较"]) for name in NAMES if scheme_of(name).subjects}
    share = [*OWN[:4], "分母", *OWN[4:]]
    assert found == {
        "jinhua_2011": [*OWN, "同组平均", "同组单位数", "规则得分"],
        "ruian_2012": [*OWN, "由高到低名次", "同组单位数", "规则得分"],
        "towers_2008": [*share, "同组单位数", "规则得分"],
    }


def test_the_largest_differences_stand_under_the_table() -> None:
    found = {}
    for name in NAMES:
        page, across = book_of(name)["自评与考核"], len(headers(book_of(name)["自评与考核"]))
        rows = {str(page.cell(row, 1).value): row for row in range(4, page.max_row)}
        if (top := next((row for said, row in rows.items() if said.startswith("差额最大")), None)) is None:
            continue
        found[name] = [cell.value for cell in page[top + 1] if cell.value]
        own, exam, gap = (page.cell(top + 2, column).value for column in range(across - 2, across + 1))
        assert Decimal(str(gap)) == Decimal(str(exam)) - Decimal(str(own)) != 0
    beside = {tuple(each) for each in found.values()}
    assert beside == {
        ("单位", "考核项目", "满分", "自评分", "考核分", "考核减自评"),
        ("单位和考核项目", "自评分", "考核分", "考核减自评"),
    }, found
    assert len(found) >= 4
