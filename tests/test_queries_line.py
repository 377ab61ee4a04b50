"""The issue's slip through the whole line: told first, asked of the unit, confirmed by the office, only then final."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import Ran, kaohe
from edits import Edit
from form_cells import fill, find_fields
from openpyxl import load_workbook

from kaohe_cli.commands.demo import sample_year
from kaohe_cli.extent import width
from kaohe_cli.scheme.load import load
from kaohe_cli.sheet import reader

pytestmark = pytest.mark.slow

SCHEME = load()
UNIT = "萧山区"
FIGURE = ("330109", "工业销售产值", "本年实绩")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    sample_year(folder)
    return folder


@pytest.fixture
def office(year: Path, tmp_path: Path) -> Path:
    """The year judged and confirmed, with one figure of one return typed with its point one place too far right."""
    for name in ("考核设置.xlsx", "评分底稿.xlsx"):
        shutil.copy(year / name, tmp_path)
    shutil.copytree(year / "回收", tmp_path / "回收")
    fill(SCHEME, tmp_path / "回收" / f"{UNIT}.xlsx", {"sales.actual": 26775})
    return tmp_path


def score(folder: Path, *options: str | Path) -> Ran:
    paths = ("--settings", folder / "考核设置.xlsx", "--output", folder / "评分底稿.xlsx")
    return kaohe("score", folder / "回收", *paths, *options)


def rank(folder: Path) -> Any:
    paths = (folder / "评分底稿.xlsx", "--output", folder / "考核结果.xlsx", "--force")
    return kaohe("rank", *paths, "--json").json


def test_a_slip_of_the_pen_does_not_win_the_year(office: Path) -> None:
    told = score(office, "--json").json
    first, *_ = told["queries"]
    assert (first["unit"], first["field"], first["value"], first["state"]) == (UNIT, "sales.actual", "26,775", "open")
    assert first["influence"]["points"] == 495
    assert "是上年的 12 倍" in first["why"] or "11.9 倍" in first["why"]
    assert "14 个单位的中位数" in first["why"]
    assert first["answer"] is None
    confirmed = [each["field"] for each in told["queries"] if each["state"] == "confirmed"]
    assert sorted(confirmed) == ["energy.actual", "energy.actual", "land.actual"]
    result = rank(office)
    assert result["final"] is False
    assert {each["id"] for each in result["open"]} >= {"sales.actual", "1.1.3"}
    assert {each["standing"] for each in result["open"]} == {"query"}
    ran = kaohe("rank", office / "评分底稿.xlsx", "--output", office / "考核结果.xlsx", "--force")
    said, step = ran.out, ran.err.splitlines()[-1]
    assert step.startswith("下一步：给萧山区生成待更正的考核表，运行 kaohe score ")
    assert (
        "待核实 3 处，见评分底稿的“核实清单”，首先是 萧山区 工业销售产值·本年实绩（亿元） 26,775，牵涉 495 分" in said
    )

    # the unit mends it, and the year is final as it was
    fill(SCHEME, office / "回收" / f"{UNIT}.xlsx", {"sales.actual": 2677.5})
    told = score(office, "--json").json
    assert [each["state"] for each in told["queries"]] == ["confirmed"] * 3
    assert rank(office)["final"] is True


def test_what_is_confirmed_counts_and_says_so(office: Path) -> None:
    fill(SCHEME, office / "回收" / f"{UNIT}.xlsx", {"sales.confirm": "并入两家集团"})
    told = score(office, "--return-dir", office / "退回", "--json").json
    assert (told["queries"][0]["state"], told["queries"][0]["answer"]) == ("answered", "并入两家集团")
    assert not (office / "退回").exists(), "what was explained waits for the office, not for the unit"
    ledger = ("--ledger", office / "评分底稿.xlsx")
    waits = [line for line in kaohe("explain", UNIT, "1.1.3", *ledger).out.splitlines() if line.startswith("核实：")]
    assert [line.rpartition("；")[2] for line in waits] == ["待核实（单位已说明）", "待核实"]
    with Edit(office / "评分底稿.xlsx") as edit:
        assert edit.said("数据核定", FIGURE, "单位核实说明") == "并入两家集团"
        edit.verify(*FIGURE, 核实="属实")
        edit.judge("330109", "1.1.3", 核实="属实")
        for row in edit.book["单位情况"].iter_rows():
            if row[1].value == UNIT:
                place = next(cell.column for cell in edit.book["单位情况"][1] if cell.value == "核实")
                edit.book["单位情况"].cell(row[0].row, place).value = "属实"
    score(office)
    told = kaohe("explain", UNIT, "1.1.1", *ledger).out
    assert "核实：工业销售产值·本年实绩（亿元） 26,775，" in told
    assert told.splitlines()[-1].endswith("已核实")
    assert "核实：" not in kaohe("explain", UNIT, "1.2.1", *ledger).out
    result = rank(office)
    assert result["final"] is True, result["open"]
    assert result["units"][0]["unit"] == UNIT


def test_the_terminal_tells_it_first_and_in_eighty_columns(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = score(office, "--return-dir", office / "退回").out
    head, first, *_ = said.splitlines()
    assert head == "待核实 3 处（牵涉得分的，经考核办核实后方可定稿）："
    assert first.startswith("1. 萧山区 工业销售产值·本年实绩（亿元） 26,775，牵涉 495 分")
    assert said.index("待核实") < said.index("自评总分")
    assert [path.name for path in (office / "退回").iterdir()] == [f"{UNIT}.xlsx"]
    mend = load_workbook(office / "退回" / f"{UNIT}.xlsx")["需改事项"]
    texts = [str(cell.value) for row in mend.iter_rows() for cell in row if cell.value]
    assert any(text == "核实" for text in texts)
    assert any("核实说明" in text for text in texts)
    assert width(head) <= 80


def test_one_return_alone_is_looked_at_too(office: Path) -> None:
    path = office / "回收" / f"{UNIT}.xlsx"
    settings = ("--settings", office / "考核设置.xlsx")
    ran = kaohe("check", path, *settings)
    assert ran.code == 0
    assert "没有需要更正的地方" not in ran.err
    assert "有 1 处请核对，填错的请改正，无误的请在“核实说明”栏说明" in ran.err
    told = kaohe("check", path, *settings, "--json").json
    assert [each["field"] for each in told["queries"]] == ["sales.actual", "1.1.3"]
    fill(SCHEME, path, {"sales.confirm": "并入两家集团"})
    ran = kaohe("check", path, *settings)
    assert ran.out.startswith("待核实 2 处，其中 1 处单位已说明")
    assert "待核实的由考核办核实。" in ran.err
    right = office / "回收" / "余杭区.xlsx"
    assert "没有需要更正的地方" in kaohe("check", right, *settings).err


def test_last_years_ledger_tells_what_was_settled(office: Path, tmp_path: Path) -> None:
    last = tmp_path / "上年评分底稿.xlsx"
    shutil.copy(office / "评分底稿.xlsx", last)
    with Edit(last) as edit:
        edit.verify("330110", "工业销售产值", "本年实绩", 核定值=700, 核定依据="统计局")
    told = score(office, "--last-year", last, "--json").json
    contradicted = [each for each in told["queries"] if "KH271" in each["codes"]]
    here = next(each for each in contradicted if (each["unit"], each["field"]) == ("余杭区", "sales.prior"))
    assert (here["value"], here["why"].split("；")[-1]) == ("740", "上年考核核定的是 700")
    # it is kept, and told again without the file
    again = score(office, "--json").json
    assert [each["field"] for each in again["queries"] if "KH271" in each["codes"]] == [
        each["field"] for each in contradicted
    ]
    # one that is not there, or is to be written itself
    for path, code in ((tmp_path / "没有.xlsx", "KH955"), (office / "评分底稿.xlsx", "KH908")):
        refused = score(office, "--last-year", path, "--json")
        assert (refused.code, [each["code"] for each in refused.json["problems"]]) == (2, [code])
    # a workbook that is none, which says nothing against what is known
    other = score(office, "--last-year", office / "考核设置.xlsx", "--json")
    assert [each["code"] for each in other.json["problems"] if each["file"] == "考核设置.xlsx"] == ["KH036"]
    assert [each["field"] for each in other.json["queries"] if "KH271" in each["codes"]] == [
        each["field"] for each in contradicted
    ]
    empty = tmp_path / "空白底稿.xlsx"
    kaohe("score", office / "回收" / "余杭区.xlsx", "--output", empty)
    with Edit(empty) as edit:
        for row in edit.book["数据核定"].iter_rows(min_row=2):
            row[5].value = row[6].value = None
    told = score(office, "--last-year", empty, "--json").json
    assert "KH353" in [each["code"] for each in told["problems"]]


def test_odd_settings_are_told_before_anything_is_issued(office: Path, tmp_path: Path) -> None:
    settings = office / "考核设置.xlsx"
    book = load_workbook(settings)
    page = book["下达目标"]
    column = next(cell.column for cell in page[1] if cell.value == "invest.target")
    row = next(row[0].row for row in page.iter_rows(min_row=5) if row[1].value == UNIT)
    place = page.cell(row, column)
    assert Decimal(str(place.value)) == Decimal("184.8")
    place.value = 1848
    book.save(settings)
    told = kaohe("blank", UNIT, "--settings", settings, "--output", tmp_path / "下发", "--json").json["problems"]
    odd = {(each["code"], each["cell"], each["unit"]) for each in told}
    assert {
        ("KH262", place.coordinate, UNIT),
        ("KH266", place.coordinate, UNIT),
        ("KH267", place.coordinate, UNIT),
    } <= odd
    assert {each["severity"] for each in told} == {"warning"}


def test_a_column_of_texts_is_one_note(office: Path) -> None:
    path = office / "回收" / "余杭区.xlsx"
    book, _ = reader.read_workbook(path)
    assert book is not None
    spots = find_fields(SCHEME, book)
    edited = load_workbook(path)
    typed = 0
    for name, (sheet, row, column) in spots.items():
        cell = edited[sheet].cell(row, column)
        if name.endswith(".actual") and isinstance(cell.value, int | float):
            cell.value, cell.number_format = str(cell.value), "@"
            typed += 1
    edited.save(path)
    told = json.loads(kaohe("check", path, "--settings", office / "考核设置.xlsx", "--json").out)["problems"]
    assert typed > 20
    (note,) = (each for each in told if each["code"] in ("KH120", "KH129"))
    assert (note["code"], note["severity"], note["sheet"]) == ("KH129", "note", "指标填报")
    assert note["message"] == f"“本年实绩”一列有 {typed} 格的数字存成了文字，已按数值读取"
