"""The other notice through the whole line: settings, forms, returns, ledger, ranking, reasons, check."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import kaohe
from openpyxl import load_workbook
from test_second_scheme import FIGURES, PATH, RESCALED, RULED, UNITS

ISSUED = ("revenue.prior", "revenue.target", "deaths.target", "power.prior", "schools.target")
NAMES = {"T01": "东山镇", "T02": "西河镇", "T03": "南坪乡"}


def fill(path: Path, fields: dict[str, Any], values: dict[str, Any]) -> None:
    book = load_workbook(path)
    for name, value in values.items():
        book[fields[name]["sheet"]][fields[name]["cell"]] = value
    book.save(path)


def typed(text: str) -> Any:
    return float(text) if text.replace(".", "").isdigit() else text


def figures(code: str) -> dict[str, Any]:
    return {name: typed(text) for name, text in zip(FIGURES.split(), UNITS[code][0].split(), strict=True)}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("townships")
    scheme = ("--scheme", PATH)
    settings = folder / "考核设置.xlsx"
    made = kaohe("init", *scheme, "--output", settings, "--json")
    assert made.code == 0, made.err
    given = {f"{code}.{name}": figures(code)[name] for code in UNITS for name in ISSUED}
    waived = {f"{code}.park.done": "无任务" for code in UNITS if figures(code)["park.done"] == "无任务"}
    fill(settings, made.json["fields"], given | waived)
    issued = kaohe("blank", *scheme, "--settings", settings, "--output", folder / "下发", "--json")
    assert issued.code == 0, issued.err
    (folder / "回收").mkdir()
    for form in issued.json["forms"]:
        values = {name: value for name, value in figures(form["code"]).items() if name in form["fields"]}
        values |= {"B1.self": 12, "B3.self": 11, "filer": "某人", "phone": "1", "date": datetime.date(2015, 12, 20)}
        assert set(form["fields"]) - set(values) == {f"{measure}.evidence" for measure in (
            "revenue", "tax", "deaths", "power", "launched", "park", "petitions", "schools")} | {
            f"{measure}.confirm" for measure in ("revenue", "deaths", "power", "schools")}  # fmt: skip
        copy = folder / "回收" / Path(form["file"]).name
        copy.write_bytes(Path(form["file"]).read_bytes())
        fill(copy, form["fields"], values)
    return folder


@pytest.fixture(scope="module")
def scored(year: Path) -> Any:
    ran = kaohe("score", year / "回收", "--scheme", PATH, "--settings", year / "考核设置.xlsx",
                "--output", year / "评分底稿.xlsx", "--json")  # fmt: skip
    assert ran.code in (0, 1), ran.err
    return ran.json


def test_no_return_has_an_error(scored: Any) -> None:
    assert [unit["status"] for unit in scored["units"]] == ["received"] * 3
    assert [each for each in scored["problems"] if each["severity"] == "error"] == []


@pytest.mark.parametrize("code", UNITS)
def test_returns_score_as_worked_out_by_hand(code: str, scored: Any) -> None:
    unit = next(each for each in scored["units"] if each["code"] == code)
    found = {each["id"]: each for item in unit["items"] for each in item["criteria"]}
    for id, points in zip(RULED, UNITS[code][1].split(), strict=True):
        expected = RESCALED.get((code, id), Decimal(points))
        decided = None if (code, id) == ("T03", "B2a") else float(expected)
        assert found[id]["points"] == found[id]["self"] == decided, id
        assert (found[id]["state"] == "pending") == (decided is None)
    assert found["B3a"]["state"] == "pending"


def test_ranking_explaining_and_verifying(year: Path, scored: Any) -> None:
    ledger = year / "评分底稿.xlsx"
    book = load_workbook(ledger)
    sheet = book["评分明细"]
    header = next(row for row in sheet.iter_rows() if "考核分" in [cell.value for cell in row])
    columns = {cell.value: cell.column - 1 for cell in header}
    written = 0
    for row in sheet.iter_rows(min_row=header[0].row + 1):
        code, id = str(row[columns["单位代码"]].value), row[columns["细则"]].value
        if code in UNITS and id in ("B1a", "B3a"):
            row[columns["考核分"]].value = float(UNITS[code][2].split()[("B1a", "B3a").index(id)])
            row[columns["评分人"]].value = "教育局"
            written += 1
        if (code, id) == ("T03", "B2a"):
            assert row[columns["状态"]].value
            row[columns["考核分"]].value, row[columns["评分理由"]].value = 0, "没有校舍加固任务，不计分"
    assert written == 6
    # seven deaths where none were to be are no slip: the office confirms them
    figures = book["数据核定"]
    places = {cell.value: cell.column - 1 for cell in figures[1]}
    (odd,) = (row for row in figures.iter_rows(min_row=2) if str(row[places["状态"]].value).startswith("=IF(I"))
    assert [odd[places[title]].value for title in ("单位", "数据项", "填报值")] == ["南坪乡", "本年实绩", 7]
    odd[places["核实"]].value = "属实"
    book.save(ledger)
    result = year / "考核结果.xlsx"
    ran = kaohe("rank", ledger, "--scheme", PATH, "--output", result, "--feedback-dir", year / "反馈",
                "--csv", year / "表", "--notice", year / "通报.docx", "--json")  # fmt: skip
    assert ran.code == 0, ran.err
    assert [(each["unit"], each["total"], each["place"], each["grade"]) for each in ran.json["units"]] == [
        ("东山镇", 99.0, 1, "先进"),
        ("南坪乡", 53.0, 2, None),
        ("西河镇", 52.5, 3, None),
    ]
    assert ran.json["final"]
    assert [each["reading"] for each in ran.json["sensitivity"]] == ["revenue.steps", "revenue.gate"]
    told = kaohe("explain", "西河镇", "A2a", "--scheme", PATH, "--ledger", ledger)
    assert told.code == 0
    assert "超过控制指标 2 人 3 人，扣 7.5 分，得 2.5 分" in told.out.replace("\n", "")
    assert kaohe("verify", result, "--scheme", PATH).code == 0


def test_its_file_is_checked(year: Path) -> None:
    ran = kaohe("scheme", "check", PATH)
    assert ran.code == 0
    assert "6 个项目、11 条细则、3 个单位" in (ran.out + ran.err)
