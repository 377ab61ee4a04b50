"""``kaohe rank --previous`` and ``kaohe verify`` of what it wrote: last year's files at hand, changed, gone."""

import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from command import Ran, kaohe
from edits import Edit

from kaohe_cli.commands.demo import sample_year
from kaohe_cli.scheme.load import load

pytestmark = pytest.mark.slow

RESULT, LEDGER = "考核结果.xlsx", "评分底稿.xlsx"
XIAOSHAN, YUHANG = "330109", "330110"
SALES = ("工业销售产值", "本年实绩")
LABEL = "工业销售产值·上年实绩"
SCHEME = load()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This year, and in 上年 one in which 萧山区 sold what this year has of it, and 余杭区 one 亿元 more."""
    folder = tmp_path_factory.mktemp("years")
    sample_year(folder)
    last = folder / "上年"
    sample_year(last)
    prior = {}
    with Edit(last / LEDGER) as edit:
        for code, more in ((XIAOSHAN, 0), (YUHANG, 1)):
            prior[code] = edit.said("数据核定", (code, SALES[0], "上年实绩"), "填报值")
            edit.verify(code, *SALES, 核定值=prior[code] + more, 核定依据="年报")
    assert kaohe("rank", last / LEDGER, "--output", last / RESULT).code in (0, 1)
    return folder


@pytest.fixture
def years(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "years")
    return tmp_path / "years"


def ranked(folder: Path, *more: str | Path) -> Ran:
    given = ("--previous", folder / "上年" / RESULT)
    return kaohe("rank", folder / LEDGER, "--output", folder / RESULT, *given, "--force", *more)


def told(ran: Ran, *codes: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return [
        (each["code"], each["unit"], each["found"], each["expected"])
        for each in ran.json["problems"]
        if each["code"] in codes and (each["code"] != "KH415" or LABEL in each["message"])
    ]


def test_both_years_stand_beside_each_other_and_contradictions_are_problems(years: Path) -> None:
    ran = ranked(years, "--json")
    assert ran.code == 1
    contradicting = {unit: (found, expected) for _, unit, found, expected in told(ran, "KH415")}
    assert "萧山区" not in contradicting
    found, expected = (Decimal(str(text).removesuffix(" 亿元").replace(",", "")) for text in contradicting["余杭区"])
    assert expected - found == 1
    units = {each["code"]: each for each in ran.json["units"]}
    previous = units[XIAOSHAN]["previous"]
    assert previous["unit"] == "萧山区"
    assert [*previous["items"]] == [each["id"] for each in units[XIAOSHAN]["items"]]
    assert previous["items"]["1.4"] == units[XIAOSHAN]["items"][3]["points"]
    assert previous["total"] is None or previous["total"] > 0
    assert openpyxl.load_workbook(years / RESULT).sheetnames[4:6] == ["评分分析", "与上年比较"]
    assert "与上年比：" in ranked(years).out


def test_a_result_that_stands_beside_no_other_year_any_more_says_so(years: Path) -> None:
    """What kept the last one from being final is not looked for any more."""
    assert kaohe("rank", years / LEDGER, "--output", years / RESULT, "--force").code == 0
    ran = ranked(years, "--json")
    assert "KH418" not in {each["code"] for each in ran.json["problems"]}
    alone = kaohe("rank", years / LEDGER, "--output", years / RESULT, "--json").json
    (said,) = [each for each in alone["problems"] if each["code"] == "KH418"]
    assert (said["severity"], said["file"], said["found"]) == ("warning", RESULT, RESULT)
    again = kaohe("rank", years / LEDGER, "--output", years / RESULT, "--json").json
    assert "KH418" not in {each["code"] for each in again["problems"]}  # it was said once


def test_what_the_office_confirmed_or_verified_contradicts_nothing(years: Path) -> None:
    with Edit(years / LEDGER) as edit:
        edit.verify(YUHANG, SALES[0], "上年实绩", 核实="属实")
    assert "余杭区" not in {unit for _, unit, *_ in told(ranked(years, "--json"), "KH415")}


def test_a_contradiction_on_which_points_ride_keeps_the_result_from_being_final(years: Path) -> None:
    assert kaohe("rank", years / LEDGER, "--output", years / RESULT, "--force", "--json").json["final"]
    ran = ranked(years, "--json")
    opened = [each for each in ran.json["open"] if each["unit"] == "余杭区" and LABEL in each["said"]]
    assert (ran.json["final"], [each["item"] for each in opened]) == (False, ["1.1"])
    shown = ranked(years)
    assert "下一步：在底稿中定下待核实" in shown.err
    assert kaohe("verify", years / RESULT).code == 0
    said = {(each["unit"], each["field"]) for each in ran.json["problems"] if each["code"] == "KH415"}
    names = {each["unit"]: each["code"] for each in ran.json["units"]}
    with Edit(years / LEDGER) as edit:
        for unit, figure in said:
            named = SCHEME.names[figure]
            edit.verify(names[unit], named.title, named.label, 核实="属实")
    ran = ranked(years, "--json")
    assert (ran.json["final"], ran.json["open"]) == (True, [])


def test_verify_makes_the_sheet_anew_and_finds_a_cell_that_was_changed(years: Path) -> None:
    ranked(years)
    ran = kaohe("verify", years / RESULT)
    assert ran.code == 0, ran.err
    for line in ("上年结果：考核结果.xlsx 与当时相同", "上年底稿：评分底稿.xlsx 与当时相同", "考核结果：10 张工作表"):
        assert line in ran.out
    book = openpyxl.load_workbook(years / RESULT)
    sheet = book["与上年比较"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "不变")
    place, cell.value = cell.coordinate, "上升 3"
    book.save(years / RESULT)
    ran = kaohe("verify", years / RESULT)
    assert ran.code == 1
    assert f"与上年比较!{place}" in ran.err


def test_what_is_elsewhere_is_given_and_what_is_gone_is_told_and_not_compared(years: Path, tmp_path: Path) -> None:
    ranked(years)
    away = tmp_path / "别处"
    (years / "上年").rename(away)
    ran = kaohe("verify", years / RESULT)
    assert ran.code == 1
    assert "KH940 错误  材料不在手边（2 处）" in ran.err
    assert "KH941" not in ran.err
    assert "KH944" not in ran.err
    assert "与上年比较：上年的材料不在手边或不能用，没有核对。" in ran.out
    assert "考核结果：9 张工作表" in ran.out
    ran = kaohe("verify", years / RESULT, "--previous", away / RESULT)
    assert ran.code == 0, ran.err
    assert "考核结果：10 张工作表" in ran.out


def test_a_ledger_of_last_year_is_known_by_its_content_whatever_it_is_called(years: Path) -> None:
    (years / "上年" / LEDGER).rename(years / "上年" / "2006年底稿.xlsx")
    ran = ranked(years, "--json")
    codes = {each["code"] for each in ran.json["problems"]}
    assert ("KH415" in codes, "KH416" in codes) == (True, False)
    assert kaohe("verify", years / RESULT).code == 0


def test_a_folder_is_no_result(years: Path) -> None:
    ran = kaohe("rank", years / LEDGER, "--output", years / "新.xlsx", "--previous", years / "上年")
    assert ran.code == 1
    assert "KH017 错误  文件无法打开" in ran.err
    assert "写不进去" not in ran.err


def test_a_ledger_of_last_year_that_changed_or_is_gone_is_not_compared(years: Path) -> None:
    (years / "上年" / LEDGER).write_bytes(b"changed")
    ran = ranked(years, "--json")
    assert [each["message"] for each in ran.json["problems"] if each["code"] in ("KH415", "KH416")] == [
        "今年的上年实绩没有与上年核定的数据核对：上年的评分底稿“评分底稿.xlsx”不在上年考核结果旁边，或者已有改动"
    ]
    (years / "上年" / LEDGER).unlink()
    ran = ranked(years, "--json")
    assert ["不在上年考核结果旁边" in each["message"] for each in ran.json["problems"] if each["code"] == "KH416"] == [
        True
    ]
    ran = kaohe("verify", years / RESULT)
    assert ran.code == 0, ran.err


def test_a_provisional_result_is_told_as_such(years: Path) -> None:
    with Edit(years / "上年" / LEDGER) as edit:
        edit.judge(XIAOSHAN, "1.4.1", 考核分=None)
    kaohe("rank", years / "上年" / LEDGER, "--output", years / "上年" / RESULT, "--force")
    assert told(ranked(years, "--json"), "KH417") == [("KH417", None, None, None)]


def test_a_file_that_is_no_result_stops_before_anything_is_written(years: Path) -> None:
    for path, code in ((years / LEDGER, 1), (years / "没有.xlsx", 2)):
        ran = kaohe("rank", years / LEDGER, "--output", years / "试.xlsx", "--previous", path)
        assert ran.code == code
        assert not (years / "试.xlsx").exists()
    same = kaohe("rank", years / LEDGER, "--output", years / "上年" / RESULT, "--previous", years / "上年" / RESULT)
    assert same.code == 2
    assert "KH908" in same.err
