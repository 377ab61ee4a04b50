"""The whole line as its users walk it: settings, forms, returns, ledger, ranking; cells known from --json alone."""

import datetime
import json
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, Ran, kaohe
from openpyxl import load_workbook

from kaohe_cli.naming import plain_name

sys.path.insert(0, str(Path(__file__).parent / "samples"))
from by_hand import PLACES, TOTALS, rule_points

pytestmark = pytest.mark.slow

DATA: dict[str, Any] = tomllib.loads((ROOT / "samples" / "data.toml").read_text("utf-8"), parse_float=Decimal)
UNITS = {unit["code"]: unit for unit in DATA["unit"]}
JUDGED = [f"1.{n}" for n in (4, 5, 6)] + [f"2.{n}" for n in range(1, 12)]


def fill(path: Path, fields: dict[str, Any], values: dict[str, Any]) -> None:
    """Type ``values`` into the cells that the field map names."""
    book = load_workbook(path)
    for name, value in values.items():
        place = fields[name]
        book[place["sheet"]][place["cell"]] = float(value) if isinstance(value, Decimal) else value
    book.save(path)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the year was done through the commands and the field maps."""
    folder = tmp_path_factory.mktemp("year")
    settings = folder / "考核设置.xlsx"
    made = kaohe("init", "--output", settings, "--json")
    assert made.code == 0
    targets = {f"{code}.{name}": value for code, unit in UNITS.items() for name, value in unit["given"].items()}
    fill(settings, made.json["fields"], targets)
    issued = kaohe("blank", "--settings", settings, "--output", folder / "下发", "--json")
    assert issued.code == 0, issued.err
    assert len(issued.json["forms"]) == 14
    (folder / "回收").mkdir()
    for form in issued.json["forms"]:
        unit = UNITS[form["code"]]
        values = {
            **unit["form"],
            **{f"{item}.self": points for item, points in zip(JUDGED, unit["self"], strict=True)},
            **{name: unit[name] for name in ("filer", "phone", "date")},
        }
        path = folder / "回收" / Path(form["file"]).name
        path.write_bytes(Path(form["file"]).read_bytes())
        fill(path, form["fields"], values)
    return folder


@pytest.fixture(scope="module")
def scored(year: Path) -> Ran:
    return kaohe(
        "score", year / "回收", "--settings", year / "考核设置.xlsx", "--output", year / "评分底稿.xlsx", "--json"
    )


@pytest.fixture(scope="module")
def ranked(year: Path, scored: Ran) -> Ran:
    judge(year / "评分底稿.xlsx")
    return kaohe("rank", year / "评分底稿.xlsx", "--output", year / "考核结果.xlsx", "--json")


def judge(path: Path) -> None:
    """Enter what the departments award, the veto, and what the office confirms, by the names of the columns."""
    book = load_workbook(path)
    sheet = book["评分明细"]
    columns = {cell.value: cell.column for cell in sheet[header(sheet, "单位代码")]}
    entered = 0
    for row in sheet.iter_rows(min_row=header(sheet, "单位代码") + 1):
        code, item = row[columns["单位代码"] - 1].value, row[columns["项目"] - 1].value
        if code in UNITS and item in JUDGED:
            row[columns["考核分"] - 1].value = float(UNITS[code]["award"][JUDGED.index(item)])
            row[columns["评分人"] - 1].value = "处室"
            entered += 1
    assert entered == 14 * 14
    sheet = book["单位情况"]
    columns = {cell.value: cell.column for cell in sheet[header(sheet, "单位代码")]}
    veto = DATA["veto"]
    for row in sheet.iter_rows(min_row=header(sheet, "单位代码") + 1):
        if row[columns["单位代码"] - 1].value == veto["unit"]:
            for title, value in (
                ("一票否决", "是"),
                ("认定机关", veto["authority"]),
                ("文号", veto["document"]),
                ("认定日期", veto["decided"]),
            ):
                row[columns[title] - 1].value = value
    sheet = book["数据核定"]
    columns = {cell.value: cell.column for cell in sheet[header(sheet, "单位代码")]}
    asked = [row for row in sheet.iter_rows(min_row=2) if row[columns["核实事项"] - 1].value]
    for row in asked:
        row[columns["核实"] - 1].value = "属实"
    assert len(asked) == 3
    book.save(path)


def header(sheet: Any, title: str) -> int:
    return next(cell.row for row in sheet.iter_rows(max_row=30) for cell in row if cell.value == title)


def test_filling_by_the_field_map_gives_the_points_worked_out_by_hand(scored: Ran) -> None:
    assert scored.code == 0, scored.err
    units = json.loads(scored.out, parse_float=Decimal, parse_int=Decimal)["units"]
    seen = 0
    for unit in units:
        points = {criterion["id"]: criterion["points"] for item in unit["items"] for criterion in item["criteria"]}
        for id, expected in rule_points(unit["code"]).items():
            assert points[id] == expected, (unit["unit"], id)
            seen += 1
        assert all(points[f"{item}.1"] is None for item in JUDGED)
    assert seen == 14 * 18
    assert {unit["code"]: unit["status"] for unit in units if unit["status"] != "received"} == {"330127": "late"}


def test_the_ranking_is_the_one_worked_out_by_hand(ranked: Ran) -> None:
    assert ranked.code == 0, ranked.err
    found = json.loads(ranked.out, parse_float=Decimal, parse_int=Decimal)
    assert found["final"] is True
    assert {unit["code"]: (unit["place"], unit["grade"]) for unit in found["units"]} == PLACES
    for unit in found["units"]:
        assert [unit["class_one"], unit["class_two"], unit["bonus"], unit["total"]] == list(
            map(Decimal, TOTALS[unit["code"]])
        )
    assert len(found["readings"]) == 15
    assert [each["message"] for each in found["problems"] if each["code"] == "KH409"] == [
        "14 个单位的得分依据全年预计数，尚未核定：上城区、下城区、江干区、拱墅区、西湖区、滨江区（高新区）等"
    ]


def test_the_same_through_the_committed_samples(tmp_path: Path) -> None:
    samples = ROOT / "samples"
    scored = kaohe(
        "score",
        samples / "回收",
        "--settings",
        samples / "考核设置.xlsx",
        "--output",
        tmp_path / "评分底稿.xlsx",
        "--json",
    )
    assert scored.code == 0
    units = json.loads(scored.out, parse_float=Decimal, parse_int=Decimal)["units"]
    for unit in units:
        points = {criterion["id"]: criterion["points"] for item in unit["items"] for criterion in item["criteria"]}
        assert {id: points[id] for id in rule_points(unit["code"])} == rule_points(unit["code"])
    ranked = kaohe("rank", samples / "评分底稿.xlsx", "--output", tmp_path / "考核结果.xlsx", "--json")
    assert {unit["code"]: (unit["place"], unit["grade"]) for unit in ranked.json["units"]} == PLACES


def test_a_ranking_before_everything_is_in_is_provisional(year: Path, scored: Ran, tmp_path: Path) -> None:
    kaohe("score", year / "回收", "--settings", year / "考核设置.xlsx", "--output", tmp_path / "未评.xlsx")
    found = kaohe("rank", tmp_path / "未评.xlsx", "--output", tmp_path / "暂定.xlsx", "--json")
    assert found.json["final"] is False
    assert {each["standing"] for each in found.json["open"]} == {"pending", "query"}
    assert {"code", "unit", "sheet", "id", "item", "department", "standing", "said"} == found.json["open"][0].keys()
    assert {unit["total"] for unit in found.json["units"]} == {None}
    assert {unit["grade"] for unit in found.json["units"]} == {"未定"}
    book = load_workbook(tmp_path / "暂定.xlsx")
    for sheet in book:
        printed = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert any("暂定" in text for text in [*printed, str(sheet.oddHeader.right.text)]), sheet.title


def test_scoring_again_keeps_what_was_judged(year: Path, ranked: Ran) -> None:
    again = kaohe(
        "score", year / "回收", "--settings", year / "考核设置.xlsx", "--output", year / "评分底稿.xlsx", "--json"
    )
    assert again.code == 0
    totals = kaohe("rank", year / "评分底稿.xlsx", "--output", year / "考核结果.xlsx", "--json").json["units"]
    assert {unit["code"]: unit["total"] for unit in totals} == {
        unit["code"]: unit["total"] for unit in ranked.json["units"]
    }


def test_a_unit_checks_its_own_form_without_the_settings(
    year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = kaohe("check", year / "回收" / "上城区.xlsx", "--json")
    assert ran.code == 0
    assert {found["code"] for found in ran.json["problems"]} == {"KH958", "KH120"}
    noted = [found["message"] for found in ran.json["problems"] if found["code"] == "KH120"]
    assert "技术改造“双千工程”·完成情况填报 完成，按 已实施 计" in noted
    (unit,) = ran.json["units"]
    points = {criterion["id"]: criterion["points"] for item in unit["items"] for criterion in item["criteria"]}
    assert {id: points[id] for id in rule_points("330102")} == {id: float(p) for id, p in rule_points("330102").items()}
    scored = kaohe("score", year / "回收" / "上城区.xlsx", "--json")
    (unit,) = (unit for unit in scored.json["units"] if unit["code"] == "330102")
    assert unit["items"][0]["criteria"][0]["state"] == "no_target", "a printed target is never scored on"


# ── wrong use: one clear message each, nothing overwritten or lost ──────────────────────────────────────


def test_a_folder_without_forms(tmp_path: Path) -> None:
    (tmp_path / "回收").mkdir()
    ran = kaohe("score", tmp_path / "回收", "--output", tmp_path / "评分底稿.xlsx")
    assert ran.code == 2
    assert "KH951" in ran.err
    assert not (tmp_path / "评分底稿.xlsx").exists()


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    ran = kaohe("score", tmp_path / "回收", "--output", tmp_path / "评分底稿.xlsx")
    assert ran.code == 2
    assert "KH957" in ran.err
    assert not (tmp_path / "评分底稿.xlsx").exists()


def test_a_folder_with_nothing_but_other_files(tmp_path: Path) -> None:
    (tmp_path / "通讯录.xlsx").write_bytes(b"PK\x03\x04 and nothing else")
    ran = kaohe("score", tmp_path, "--output", tmp_path / "评分底稿.xlsx", "--json")
    assert ran.code == 1, "an unreadable file is data"
    assert [found["code"] for found in ran.json["problems"]] == ["KH013", "KH951"]
    assert "通讯录.xlsx" in ran.err
    assert not (tmp_path / "评分底稿.xlsx").exists()


def test_a_file_that_is_no_form_does_not_stop_the_others(year: Path, scored: Ran, tmp_path: Path) -> None:
    (tmp_path / "通讯录.xlsx").write_bytes(b"PK\x03\x04 and nothing else")
    ran = kaohe(
        "score",
        year / "回收",
        tmp_path,
        "--settings",
        year / "考核设置.xlsx",
        "--output",
        tmp_path / "底稿.xlsx",
        "--json",
    )
    assert ran.code == 1
    assert any(found["file"] == "通讯录.xlsx" for found in ran.json["problems"])
    assert sum(unit["status"] in ("received", "late") for unit in ran.json["units"]) == 14


def test_a_unit_twice_is_named_and_not_decided(year: Path, scored: Ran, tmp_path: Path) -> None:
    other = tmp_path / "上城区(改).xlsx"
    book = load_workbook(year / "回收" / "上城区.xlsx")
    issued = kaohe("blank", "上城区", "--settings", year / "考核设置.xlsx", "--output", tmp_path / "b", "--json").json
    place = issued["forms"][0]["fields"]["sales.actual"]
    book[place["sheet"]][place["cell"]] = 300
    book.save(other)
    ran = kaohe(
        "score",
        year / "回收",
        other,
        "--settings",
        year / "考核设置.xlsx",
        "--output",
        tmp_path / "底稿.xlsx",
        "--json",
    )
    assert ran.code == 1
    assert {"KH232", "KH233"} <= {found["code"] for found in ran.json["problems"]}
    unit = next(unit for unit in ran.json["units"] if unit["code"] == "330102")
    assert unit["items"][0]["criteria"][0]["points"] is None
    chosen = kaohe(
        "score",
        year / "回收",
        other,
        "--prefer",
        other,
        "--settings",
        year / "考核设置.xlsx",
        "--output",
        tmp_path / "底稿.xlsx",
        "--json",
    )
    unit = next(unit for unit in chosen.json["units"] if unit["code"] == "330102")
    assert unit["items"][0]["criteria"][0]["points"] == 0


def test_an_unknown_unit_names_those_that_may_be_meant(year: Path, tmp_path: Path) -> None:
    ran = kaohe("blank", "肖山区", "--settings", year / "考核设置.xlsx", "--output", tmp_path / "下发")
    assert ran.code == 2
    assert "KH952" in ran.err
    assert "萧山区" in ran.err
    assert not (tmp_path / "下发").exists()


SPELLINGS = ("滨江区（高新区）", "滨江区(高新区)", "滨江区", "330108")


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_form_is_asked_for_in_any_spelling(year: Path, tmp_path: Path, name: str) -> None:
    ran = kaohe("blank", name, "--settings", year / "考核设置.xlsx", "--output", tmp_path, "--json")
    assert ran.code == 0, ran.err
    (form,) = ran.json["forms"]
    assert (form["code"], form["unit"]) == ("330108", "滨江区(高新区)")
    assert [each.name for each in tmp_path.iterdir()] == [Path(form["file"]).name] == ["滨江区(高新区).xlsx"]
    book = load_workbook(form["file"])
    printed = [str(cell.value) for sheet in book.worksheets[:2] for row in sheet.iter_rows() for cell in row]
    assert "考核单位：滨江区（高新区）" in printed
    assert not any("(高新区)" in text for text in printed)


def test_all_spellings_of_a_unit_are_one(year: Path, tmp_path: Path) -> None:
    ran = kaohe("blank", *SPELLINGS, "--settings", year / "考核设置.xlsx", "--output", tmp_path, "--json")
    assert [form["code"] for form in ran.json["forms"]] == ["330108"]


def test_a_point_is_explained_for_a_unit_in_any_spelling(year: Path, ranked: Ran) -> None:
    said = [kaohe("explain", name, "--ledger", year / "评分底稿.xlsx") for name in SPELLINGS]
    assert said[0].code == 0, said[0].err
    assert "名次" in said[0].out
    assert all(each == said[0] for each in said)


@pytest.mark.parametrize(("name", "meant"), [("滨江去(高新区)", "滨江区（高新区）"), ("滨江", "滨江区（高新区）")])
def test_the_units_that_may_be_meant_are_told_as_they_are_printed(
    year: Path, tmp_path: Path, name: str, meant: str
) -> None:
    ran = kaohe("blank", name, "--settings", year / "考核设置.xlsx", "--output", tmp_path, "--json")
    (told,) = [each for each in ran.json["problems"] if each["code"] == "KH952"]
    assert told["expected"].split("、")[0] == meant


def test_a_bare_name_of_two_units_names_both(year: Path, tmp_path: Path) -> None:
    settings = tmp_path / "考核设置.xlsx"
    book = load_workbook(year / "考核设置.xlsx")
    (cell,) = [cell for row in book["单位"].iter_rows() for cell in row if cell.value == "西湖区"]
    cell.value = "滨江区(老城)"
    book.save(settings)
    ran = kaohe("blank", "滨江区", "--settings", settings, "--output", tmp_path / "下发", "--json")
    assert ran.code == 2
    (told,) = [each for each in ran.json["problems"] if each["code"] == "KH952"]
    assert {"滨江区（老城）", "滨江区（高新区）"} <= set(told["expected"].split("、"))


def test_a_year_begun_with_brackets_of_ascii_is_finished_with_full_width_ones(
    year: Path, ranked: Ran, tmp_path: Path
) -> None:
    """Settings and ledger of an earlier version; programs go on with the plain names."""
    for name in ("考核设置.xlsx", "评分底稿.xlsx"):
        book = load_workbook(year / name)
        for cell in (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row):
            if cell.value in ("滨江区（高新区）", "县（市）"):
                cell.value = plain_name(cell.value)
        book.save(tmp_path / name)
    settings, ledger = tmp_path / "考核设置.xlsx", tmp_path / "评分底稿.xlsx"
    out = tmp_path / "成果"
    more = ("--csv", out, "--feedback-dir", out, "--notice", out / "通报.docx")
    ran = kaohe("rank", ledger, "--output", out / "考核结果.xlsx", *more, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["units"] == ranked.json["units"]
    assert "滨江区(高新区)" in [unit["unit"] for unit in ran.json["units"]]
    assert (out / "滨江区(高新区).xlsx").exists()
    printed = [str(cell.value) for row in load_workbook(out / "考核结果.xlsx")["排名"].iter_rows() for cell in row]
    assert "滨江区（高新区）" in printed
    tables = [path.read_text("utf-8-sig") for path in out.glob("*.csv")]
    assert any("滨江区（高新区）" in text for text in tables)
    assert not any("(高新区)" in text for text in (*printed, *tables))

    scored = kaohe("score", year / "回收", "--settings", settings, "--output", ledger, "--json")
    assert scored.code == 0, scored.err
    assert "滨江区(高新区)" in [unit["unit"] for unit in scored.json["units"]]
    assert "（高新区）" not in "".join(str(each["unit"]) for each in scored.json["problems"])
    book = load_workbook(ledger)
    held = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert {"滨江区（高新区）", "县（市）", "滨江区(高新区).xlsx"} <= held
    assert not held & {"滨江区(高新区)", "县(市)"}


def test_settings_without_targets_are_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bare = kaohe("blank", "--output", "没有设置")
    kaohe("init", "--output", "考核设置.xlsx")
    ran = kaohe("blank", "--settings", "考核设置.xlsx", "--output", "空设置")
    assert (bare.code, ran.code) == (0, 0)
    assert "KH950" in bare.err
    assert "KH923" in ran.err
    assert bare.err.count("KH928") == ran.err.count("KH928") == 1
    forms = {path.name: path.read_bytes() for path in Path("没有设置").iterdir()}
    assert {path.name: path.read_bytes() for path in Path("空设置").iterdir()} == forms


def test_an_unreadable_ledger_is_not_written_over(year: Path, scored: Ran, tmp_path: Path) -> None:
    ledger = tmp_path / "评分底稿.xlsx"
    ledger.write_bytes(b"PK\x03\x04 damaged")
    ran = kaohe("score", year / "回收", "--settings", year / "考核设置.xlsx", "--output", ledger)
    assert ran.code == 1
    assert ledger.read_bytes() == b"PK\x03\x04 damaged"
    ran = kaohe("rank", ledger, "--output", tmp_path / "考核结果.xlsx")
    assert ran.code == 1
    assert not (tmp_path / "考核结果.xlsx").exists()


def test_an_output_that_is_open_in_excel(year: Path, scored: Ran, tmp_path: Path) -> None:
    (tmp_path / "~$评分底稿.xlsx").write_bytes(b"\x04Wang")
    ran = kaohe("score", year / "回收", "--settings", year / "考核设置.xlsx", "--output", tmp_path / "评分底稿.xlsx")
    assert ran.code == 2
    assert "KH911" in ran.err
    assert not (tmp_path / "评分底稿.xlsx").exists()


def test_forms_are_never_written_over_without_force(year: Path, tmp_path: Path) -> None:
    arguments = ("blank", "上城区", "--settings", year / "考核设置.xlsx", "--output", tmp_path)
    assert kaohe(*arguments).code == 0
    before = (tmp_path / "上城区.xlsx").read_bytes()
    again = kaohe(*arguments)
    assert again.code == 2
    assert "KH912" in again.err
    assert kaohe(*arguments, "--force").code == 0
    assert (tmp_path / "上城区.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("scroe",), "score"),
        (("score", "--outptu", "x"), "--output"),
        (("explain",), "单位或编号"),
        (("explain", "KH1O3"), "KH103"),
        (("explain", "KHZZZZZZ"), "KH001 至 KH"),
        (("rank", "--reading", "over5"), "口径=选项"),
        (("rank", "没有这个文件.xlsx"), "KH955"),
        (("explain", "KH1003"), "KH954"),
        (("explain", "上城区", "3.1", "--ledger", ROOT / "samples" / "评分底稿.xlsx"), "KH953"),
        (("demo", ROOT / "samples"), "KH956"),
        (("blank", "--template", "没有这个模板.xlsx"), "KH963"),
    ],
)
def test_wrong_use_says_what_was_meant(arguments: tuple[str | Path, ...], said: str) -> None:
    ran = kaohe(*arguments)
    assert ran.code == 2
    assert said in ran.err


def test_forms_without_settings_are_made_and_what_they_lack_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = kaohe("blank", "上城区", "--output", "下发")
    assert ran.code in (0, 1)
    assert ran.err.count("KH950") == 1
    assert Path("下发", "上城区.xlsx").exists()


def test_a_reading_that_is_unknown_names_the_allowed_ones() -> None:
    ran = kaohe("rank", ROOT / "samples" / "评分底稿.xlsx", "--reading", "over5=loose", "--output", "不会写.xlsx")
    assert ran.code == 2
    assert "inclusive、strict" in ran.err
    assert not Path("不会写.xlsx").exists()


def test_the_date_of_the_samples_is_in_the_year() -> None:
    assert all(unit["date"] < datetime.date(2007, 12, 1) for unit in UNITS.values())
