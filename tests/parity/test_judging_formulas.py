"""What judging sheets, the ledger and 催办 count as people type: LibreOffice works out what the program wrote."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from any_scheme import case as a_case
from any_scheme import criterion, item, measure, scheme
from command import ROOT
from msgspec.structs import replace
from openpyxl import load_workbook

from kaohe_cli.assess.reasons import NO_DEPARTMENT
from kaohe_cli.ledger import judging, register
from kaohe_cli.ledger.book import Ledger, ledger_workbook
from kaohe_cli.ledger.record import DETAIL, TypedRow
from kaohe_cli.ledger.settle import assemble
from kaohe_cli.model import Incident, Settings
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind

pytestmark = pytest.mark.office
Convert = Callable[[Path, str, Path], Path]

WHEN = 'kind = "when", parts = [{ left = "a.actual", compare = ">=", right = "a.target", points = 10 }]'
GOOD = '{ label = "优", points = 10 }, { label = "良", points = 8.5 }'
PANEL = scheme(
    item("1", criterion("1.1", "10", 'kind = "judged", judges = 3')),
    item("2", criterion("2.1", "10", 'kind = "judged", judges = 5, drop = true')),
    item("3", criterion("3.1", "8"), criterion("3.2", "2", more="bonus = true")),
    item("4", criterion("4.1", "0", 'kind = "judged", least = -5')),
    item("5", criterion("5.1", "10", 'kind = "judged", from_unit = true')),
    item("6", criterion("6.1", "10", 'kind = "judged", full_or_none = true'), criterion("6.2", "5", 'kind = "given"')),
    item("7", criterion("7.1", "8", 'kind = "judged", judges = 3, full_or_none = true')),
    measure("a", "8", "target", "actual"), item("8", criterion("8.1", "10", WHEN)),
    item("9", criterion("9.1", "10", f'kind = "judged", marks = [{GOOD}]')),
    units=("甲", "乙", "丙", "丁"),
)  # fmt: skip
MARKS = {
    ("U1", "1.1"): (8, 9, 9), ("U2", "1.1"): (10, 10, 10), ("U3", "1.1"): (7, None, 6),
    ("U1", "2.1"): (1, 8, 9, 10, 10), ("U2", "2.1"): (10, 10, 10, 10, 3), ("U3", "2.1"): (9.01, 9.02, 9, 10, 0),
    ("U4", "1.1"): (8, 8, 8), ("U4", "2.1"): (9, 9, 9, 9, 9), ("U1", "7.1"): ("√", "√", "×"),
    ("U2", "7.1"): ("√", "√", "√"), ("U3", "7.1"): (8, 8, 0), ("U4", "7.1"): ("√", None, 0),
}  # fmt: skip
POINTS: dict[tuple[str, str], tuple[float | str, str]] = {
    ("U1", "3.1"): (8, ""), ("U2", "3.1"): (6, "材料不全"), ("U3", "3.1"): (5.5, ""), ("U1", "3.2"): (0, ""),
    ("U2", "3.2"): (1, ""), ("U3", "3.2"): (2, "市里表彰"), ("U1", "4.1"): (0, ""), ("U2", "4.1"): (-2, ""),
    ("U2", "1.1"): (7, ""), ("U4", "1.1"): (7, "超时"), ("U4", "2.1"): (10, ""),
    ("U2", "5.1"): (7, ""), ("U3", "5.1"): (10, ""), ("U1", "6.1"): ("×", ""), ("U2", "6.1"): (0, "未达标"),
    ("U3", "6.1"): ("√", ""), ("U1", "6.2"): (3, ""), ("U2", "6.2"): ("4 分", ""),
    ("U4", "3.1"): ("七分", ""), ("U4", "3.2"): (1, ""), ("U4", "6.1"): (0, ""),
    ("U1", "8.1"): (8, ""), ("U2", "8.1"): (10, ""), ("U3", "8.1"): ("4", "弄虚作假"),
}  # fmt: skip
# rest on something else than what the rows show now, and so have to be looked at again
RESTED = {("U4", "3.2"): "自评分 1", ("U4", "7.1"): "自评分 1", ("U2", "3.1"): "自评分 1"}
FIGURES = {
    "U1": {"a_target": 4, "a_actual": 5, "5_self": 9}, "U2": {"a_target": 4, "a_actual": 4, "5_self": 8},
    "U3": {"a_target": 4, "a_actual": 5, "5_self": 10}, "U4": {},
}  # fmt: skip
NOTED = tuple(
    Incident(code, id, day, facts, Decimal(points))
    for code, id, day, facts, points in (
        ("U1", "3.1", "2007-03-05", "漏报", "-0.5"), ("U1", "3.1", "2007-04-05", "又漏", "-9"),
        ("U2", "3.2", "2007-05-05", "表彰", "0.75"), ("U3", "4.1", "2007-06-05", "事故", "-3"),
        ("U4", "6.1", "2007-06-05", "漏报", "-3"), ("U3", "9.1", "2007-06-05", "漏报", "-1.5"),
        ("U4", "9.1", "2007-06-05", "漏报", "-3"), ("U4", "8.1", "2007-06-07", "迟报", "-2"),
        ("U4", "2.1", "2007-06-06", "迟报", "-1"), ("U1", "8.1", "2007-06-07", "迟报", "-2"),
    )
)  # fmt: skip


def cell(value: float | str) -> Cell:
    return Cell(CellKind.TEXT, value) if isinstance(value, str) else Cell(CellKind.NUMBER, Decimal(str(value)))


@pytest.fixture
def judged() -> Ledger:
    cells: dict[tuple[str, str], dict[str, Cell]] = {}
    for key, marks in MARKS.items():
        cells[key] = {f"评委{at}": cell(mark) for at, mark in enumerate(marks, 1) if mark is not None}
    for key, (points, reason) in POINTS.items():
        cells[key] = {**cells.get(key, {}), "考核分": cell(points)} | ({"评分理由": cell(reason)} if reason else {})
    typed = {(DETAIL, *key): TypedRow((DETAIL, *key), held, basis=RESTED.get(key)) for key, held in cells.items()}
    cases = tuple(a_case(unit, **FIGURES[unit.code]) for unit in PANEL.units)
    names = {unit.code: unit.name for unit in PANEL.units}
    settings = Settings(PANEL.units, {}, {}, dict(zip("12346", ("评审组", "评审组", *["综合处"] * 3), strict=True)))
    bare, _ = assemble(PANEL, settings, cases, (), PANEL.sources)
    held = replace(bare, typed=typed, sheets=(register.filled(NOTED, names),))
    return assemble(PANEL, settings, cases, (), PANEL.sources, held)[0]


def compared(path: Path, office: Convert, *sheets: str) -> int:
    """How many cells of ``sheets`` LibreOffice works out to what was written in them."""
    written = load_workbook(path, data_only=True)
    bare = path.with_name(f"空{path.name}")
    load_workbook(path).save(bare)  # without the values, so that they must be worked out
    shown, count = load_workbook(office(bare, "xlsx", path.parent / "out"), data_only=True), 0
    formulas = load_workbook(path)
    for name in sheets or written.sheetnames:
        for row in written[name].iter_rows():
            for cell in row:
                if str(formulas[name][cell.coordinate].value).startswith("="):
                    held = shown[name][cell.coordinate].value
                    assert (held or "") == (cell.value or "") or held == cell.value, (name, cell.coordinate, held)
                    count += 1
    return count


def test_copies_and_ledger_count_as_the_program_does(judged: Ledger, office: Convert, tmp_path: Path) -> None:
    for department in ("评审组", "综合处", NO_DEPARTMENT):
        path = tmp_path / f"{department}.xlsx"
        path.write_bytes(judging.judging_workbook(PANEL, judged, department))
        assert compared(path, office) > 10
    path = tmp_path / "评分底稿.xlsx"
    path.write_bytes(ledger_workbook(PANEL, judged))
    assert compared(path, office, "进度", "催办", "评分明细") > 60
    states = [row[12].value for row in load_workbook(path, data_only=True)["评分明细"].iter_rows(min_row=2)]
    assert {"待评", "已评", "已评，待写理由", "已计分", "已调整"} <= set(states)
    # besides “七分”, and 7 in place of a mean of 10 without a word why
    assert sum(str(each).startswith(("需复核", "填写有误")) for each in states) == len(RESTED) + 2


def test_the_ledger_of_the_sample_year_counts_as_the_program_does(office: Convert, tmp_path: Path) -> None:
    path = tmp_path / "评分底稿.xlsx"
    path.write_bytes((ROOT / "samples" / "评分底稿.xlsx").read_bytes())
    assert compared(path, office, "进度", "催办", "评分明细") > 900
    assert isinstance(PANEL, Scheme)
