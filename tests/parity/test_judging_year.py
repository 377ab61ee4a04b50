"""A year judged by ten departments in LibreOffice, from copies: issued, filled in, sorted, one sheet sent back alone,
merged. Every mark, reason and judge is where it belongs, and nothing is anywhere else.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, kaohe
from openpyxl import load_workbook

from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger.book import Ledger
from kaohe_cli.scheme.load import load

pytestmark = [pytest.mark.office, pytest.mark.slow]

TypeIn = Callable[[Path, Mapping[str, Any]], Path]
SCHEME = load()
JUDGED = [item for item in SCHEME.items if item.judged]
DEPARTMENTS = ("综合处", "高新处", "中小企业处", "运行处", "服务处", "技术处", "规划处", "节约处", "市场处", "行业处")
ALONE, OLD, OPEN = "高新处", "运行处", "服务处"  # sends one sheet back alone, as .xls, as .ods
TITLES = ("考核分", "评分理由", "评分人")
REASONS = ("材料不全", "进度落后于计划，\n两项没有完成", "“386”培训人数不足，见附件3", "迟报两次（4月、9月）")


@dataclass
class Year:
    """What the departments typed, and the ledger after the merge."""

    ledger: Ledger
    typed: Mapping[tuple[str, str], tuple[Decimal, str, str]]  # unit and criterion → 考核分, 评分理由, 评分人
    said: str  # by the merge


def department_of(place: int) -> str:
    """Whose the judged item at ``place`` is; four of the ten have two."""
    return DEPARTMENTS[place % len(DEPARTMENTS)]


def rows_of(path: Path, sheet: str) -> tuple[int, Mapping[str, int], Mapping[str, int]]:
    """The header's row, the columns by title, and the rows by unit."""
    page = load_workbook(path)[sheet]
    head = next(row for row in range(1, 30) if any(cell.value == "考核分" for cell in page[row]))
    columns = {str(cell.value): cell.column for cell in page[head] if cell.value}
    rows = {
        str(page.cell(row, columns["单位代码"]).value): row
        for row in range(head + 1, page.max_row + 1)
        if page.cell(row, columns["细则"]).value
    }
    return head, columns, rows


def letters(column: int) -> str:
    return chr(64 + column)


@pytest.fixture(scope="module")
def year(type_in: TypeIn, tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder, rng = tmp_path_factory.mktemp("year"), random.Random(19)
    settings = load_workbook(ROOT / "samples" / "考核设置.xlsx")
    for row in settings["责任处室"].iter_rows(min_row=2):
        places = {item.id: place for place, item in enumerate(JUDGED)}
        if str(row[0].value) in places:
            row[4].value = department_of(places[str(row[0].value)])
    settings.save(folder / "考核设置.xlsx")
    ledger, given = folder / "评分底稿.xlsx", ("--settings", folder / "考核设置.xlsx")
    ran = kaohe("score", ROOT / "samples" / "回收", *given, "--output", ledger, "--judge-dir", folder / "评审",
                "--issued", "2007-11-20")  # fmt: skip
    assert ran.code == 0, ran.err
    assert sorted(path.stem for path in (folder / "评审").iterdir()) == sorted(DEPARTMENTS)
    back = folder / "交回"
    back.mkdir()
    typed: dict[tuple[str, str], tuple[Decimal, str, str]] = {}
    for department in DEPARTMENTS:
        here = folder / department
        here.mkdir()
        copy = here / f"{department}.xlsx"
        copy.write_bytes((folder / "评审" / copy.name).read_bytes())
        sheets = [name for name in load_workbook(copy).sheetnames if name[0].isdigit()]
        if department == ALONE:
            sheets = sheets[:1]
        plan: dict[str, Any] = {"typed": [], "sorted": [], "formats": ["xlsx"]}
        for sheet in sheets:
            item = next(item for item in JUDGED if item.id == sheet.split()[0])
            head, columns, rows = rows_of(copy, sheet)
            for code, row in rows.items():
                full = item.points or Decimal(0)
                mark = full if rng.random() < 0.2 else full * rng.randint(12, 19) / 20
                reason = "" if mark == full else rng.choice(REASONS)
                typed[code, f"{item.id}.1"] = mark, reason, f"{department}李"
                for title, text in (("考核分", str(mark)), ("评分理由", reason), ("评分人", f"{department}李")):
                    plan["typed"].append([sheet, f"{letters(columns[title])}{row}", text])
            last = letters(max(columns.values()))
            cells = f"A{head}:{last}{max(rows.values())}"
            plan["sorted"].append([sheet, cells, columns["考核分"] - 1])
        if department == "综合处":
            for cell, text in zip(
                "ABCDEG", ("西湖区", "1.4.1", "2007-03-05", "漏报一次", "0.4", "催报单"), strict=True
            ):
                plan["typed"].append(["扣分加分台账", f"{cell}2", text])
        if department in (OLD, OPEN):
            plan["formats"] = ["xls" if department == OLD else "ods"]
        out = next(type_in(copy, plan).iterdir())
        if department == ALONE:
            book = load_workbook(out)
            for name in book.sheetnames:
                if name != sheets[0]:
                    del book[name]
            book.active.title = "发来的表"
            book.save(back / "单独一张.xlsx")
        else:
            (back / out.name).write_bytes(out.read_bytes())
    ran = kaohe("merge", ledger, back, "--received", "2007-11-28")
    assert ran.code == 0, (ran.out, ran.err)
    read, problems = workbook.read(SCHEME, ledger)
    assert read is not None
    assert [each for each in problems if each.severity == "error"] == []
    return Year(read, typed, ran.out + ran.err)


def test_every_mark_reason_and_judge_is_where_it_belongs(year: Year) -> None:
    waiting = {item.id for place, item in enumerate(JUDGED) if department_of(place) == ALONE} - {"1.5"}
    assert len(year.typed) == 14 * (len(JUDGED) - len(waiting))
    found = {
        (code, id): tuple(row.cells[title].value if title in row.cells else "" for title in TITLES)
        for (sheet, code, id), row in year.ledger.typed.items()
        if sheet == "评分明细"
    }  # fmt: skip
    assert found == year.typed
    awards = {(case.unit.code, id): award for case in year.ledger.cases for id, award in case.awards.items()}
    assert {
        key: (award.points, award.reason, award.by) for key, award in awards.items() if award.points is not None
    } == (year.typed)


def test_the_register_came_home(year: Year) -> None:
    (one,) = year.ledger.incidents
    assert (one.code, one.criterion, one.day, one.facts, one.points, one.source) == (
        "330106", "1.4.1", "2007-03-05", "漏报一次", Decimal("-0.4"), "综合处",
    )  # fmt: skip


def test_who_has_not_handed_in_is_listed(year: Year) -> None:
    noted = {
        department: {title: str(cell.value) for title, cell in cells.items()}
        for department, cells in year.ledger.reminders.items()
    }
    came = {"发出日期": "2007-11-20", "交回日期": "2007-11-28"}
    assert {name: cells for name, cells in noted.items() if name != ALONE} == {
        name: came for name in DEPARTMENTS if name != ALONE
    }
    (left,) = [line for line in year.said.splitlines() if "待评 14 个分" in line]
    assert left.startswith(ALONE), "its other item is still to come"
