"""Last year's ledger: what was settled of whom, however it looks, and never more than is certain."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kaohe_cli.ledger.last_year import read_last_marks, read_last_year
from kaohe_cli.model import Unit
from kaohe_cli.scheme.load import load

SCHEME = load()
UNITS = (Unit("330109", "萧山区", "区"), Unit("330108", "滨江区（高新区）", "区"), Unit("330110", "余杭区", "区"))
TITLES = ("单位代码", "单位", "指标", "数据项", "计量单位", "填报值", "核定值", "核定依据")
SALES = ("工业销售产值", "本年实绩", "亿元")


def ledger(path: Path, *rows: tuple[Any, ...], titles: tuple[str, ...] = TITLES, sheet: str = "数据核定") -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    page.append(titles)
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def told(path: Path) -> tuple[dict[str, dict[str, Decimal]], list[str]]:
    found, problems = read_last_year(SCHEME, path, UNITS)
    return {code: dict(figures) for code, figures in found.items()}, [each.code for each in problems]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "上年评分底稿.xlsx"


@pytest.mark.parametrize(
    ("reported", "verified", "settled"),
    [
        (740, None, "740"),
        (740, 700, "700"),
        (740.5, "７００．２５", "700.25"),
        ("740", None, "740"),
        ("填写有误", 700, "700"),
        # what nobody can read is not what was reported either
        (740, "待定", None),
        (740, "#REF!", None),
        ("未填", None, None),
        (None, None, None),
    ],
)
def test_what_was_verified_goes_before_what_was_reported(
    path: Path, reported: Any, verified: Any, settled: str | None
) -> None:
    ledger(path, ("330109", "萧山区", *SALES, reported, verified))
    expected = ({"330109": {"sales.prior": Decimal(settled)}}, []) if settled else ({}, ["KH353"])
    assert told(path) == expected


@pytest.mark.parametrize(
    ("code", "name", "here"),
    [
        ("330109", "萧山区", "330109"),
        ("330109", "萧山市", "330109"),
        ("339999", "萧山区", "330109"),
        (330108, "滨江区(高新区)", "330108"),
        ("", "滨江区（高新区）", "330108"),
        # a code that has gone to another unit since
        ("330109", "余杭区", "330110"),
        ("339999", "海宁市", None),
    ],
)
def test_a_unit_is_known_by_its_name_or_else_by_its_code(path: Path, code: Any, name: str, here: str | None) -> None:
    ledger(path, (code, name, *SALES, 740, None))
    assert told(path)[0] == ({here: {"sales.prior": Decimal(740)}} if here else {})


def test_only_the_figure_of_the_year_and_of_a_measure_that_has_a_prior_counts(path: Path) -> None:
    ledger(
        path,
        ("330109", "萧山区", "工业销售产值", "上年实绩", "亿元", 600, None),
        ("330109", "萧山区", "工业销售产值", "下达目标", "亿元", 650, None),
        ("330109", "萧山区", "工业销售产值", "本年实绩", "万元", 7400000, None),
        ("330109", "萧山区", "综合能耗下降率", "实际下降", "%", 5, None),
        ("330109", "萧山区", "从前的指标", "本年实绩", "亿元", 1, None),
    )
    assert told(path) == ({}, ["KH353"])


def test_columns_are_found_wherever_they_stand(path: Path) -> None:
    row = ("330109", "萧山区", *SALES, 740, 700, "统计局")
    ledger(path, tuple(reversed(row)), titles=tuple(reversed(TITLES)))
    assert told(path) == ({"330109": {"sales.prior": Decimal(700)}}, [])


def test_a_workbook_that_is_no_ledger_says_so_once(path: Path, tmp_path: Path) -> None:
    row = ("330109", "萧山区", *SALES, 740, 700)
    assert told(ledger(path, row, sheet="下达目标")) == ({}, ["KH036"])
    assert told(ledger(path, row, titles=("代码", *TITLES[1:5], "数值"))) == ({}, ["KH301"])
    path.write_bytes(b"PK\x03\x04 damaged")
    assert told(path) == ({}, ["KH013"])
    path.write_text("330109,萧山区", encoding="utf-8")
    assert told(path) == ({}, ["KH008"])
    assert told(tmp_path) == ({}, ["KH017"])
    assert told(tmp_path / "没有.xlsx") == ({}, ["KH017"])


MARKS = ("单位代码", "单位", "细则", "名称", "规则得分", "考核分")


@pytest.mark.parametrize(
    ("ruled", "entered", "given"),
    [
        (10, None, "10"),
        (10, 8.5, "8.5"),
        (0, None, "0"),
        # a rule's points that the office took away, and a mark of nothing
        (10, 0, "0"),
        (None, 0, "0"),
        (None, "０", "0"),
        # what nobody can read is not what the rule gave either
        (10, "待定", None),
        (None, None, None),
    ],
)
def test_a_mark_goes_before_what_the_rule_gave_and_0_is_a_mark(
    path: Path, ruled: Any, entered: Any, given: str | None
) -> None:
    id, criterion = next(iter(SCHEME.criteria.items()))
    ledger(path, ("330109", "萧山区", id, criterion.title, ruled, entered), titles=MARKS, sheet="评分明细")
    expected = {"330109": {id: Decimal(given)}} if given else {}
    assert read_last_marks(SCHEME, path, UNITS) == expected
