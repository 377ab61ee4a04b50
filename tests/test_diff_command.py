"""``kaohe diff``: two files of one kind against each other.

1 ledgers  2 results  3 returns  4 settings  5 schemes  6 what cannot be compared; nothing is written by any
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, Ran, kaohe
from edits import Edit
from folders import snapshot
from form_cells import fill
from openpyxl import Workbook, load_workbook

from kaohe_cli.scheme.load import FOLDER, load

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "samples"
SCHEME = load()
LEDGER, NOW = "评分底稿.20071201-101010.xlsx", "评分底稿.xlsx"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two ledgers of the year with some changes between them, and the result of each."""
    folder = tmp_path_factory.mktemp("year")
    for name in (LEDGER, NOW):
        shutil.copy(SAMPLES / "评分底稿.xlsx", folder / name)
    with Edit(folder / NOW) as edit:
        edit.verify("330109", "工业销售产值", "本年实绩", 核定值=2000, 核定依据="统计年鉴")
        edit.judge("330102", "1.4.1", 考核分=7, 评分理由="缺一项")
        edit.situation("330103", 一票否决="是")
    for ledger, result in ((LEDGER, "旧.xlsx"), (NOW, "新.xlsx")):
        kaohe("rank", folder / ledger, "--output", folder / result)
    return folder


@pytest.fixture
def desk(year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(year, tmp_path, dirs_exist_ok=True)
    shutil.copy(SAMPLES / "考核设置.xlsx", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def diff(desk: Path, *files: str | Path) -> tuple[Ran, Any]:
    """What it says to people, who have 80 columns, and to programs; nothing is written."""
    before = snapshot(desk)
    ran, told = kaohe("diff", *files), kaohe("diff", *files, "--json")
    assert snapshot(desk) == before
    assert ran.code == told.code
    return ran, told.json


def rows(told: Any, **wanted: str) -> list[Any]:
    return [each for each in told["differences"] if wanted.items() <= each.items()]


# ── 1 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_ledgers_by_unit_from_cause_to_consequence(desk: Path) -> None:
    ran, told = diff(desk, LEDGER, NOW)
    assert ran.code == 0
    assert ran.out.splitlines()[2:14] == [
        "萧山区：总分 100.50 → 87.50，名次 1 → 5，等次 优秀 → 达标",
        "  工业销售产值·本年实绩·核定值：空 → 2000（数据核定：核定依据“统计年鉴”）",
        "    → 1.1.1 完成销售产值目标 得分 4.00 → 0.00",
        "    → 1.1.2 超额完成5%以上 得分 1.00 → 0.00",
        "    → 1.1.3 绝对值每增长50亿元 得分 8.00 → 0.00",
        "下城区：名次 13 → —，等次 未达标 → 一票否决",
        "  一票否决：否 → 是（单位情况：未写认定机关）",
        "上城区：总分 87.00 → 87.40",
        "  1.4.1 产业发展与招商引资·考核分：6.6 → 7（评分：评分理由“缺一项”；评分人“产业发展处”）",
        "    → 1.4.1 产业发展与招商引资 得分 6.60 → 7.00",
        "  1.4.1 产业发展与招商引资·评分理由：工业发展规划没有报市里备案，引资项目跟踪记录不全 → 缺一项（评分）",
        "因其他单位变动：",
    ]
    assert (told["kind"], told["before"]["file"], told["now"]["file"]) == ("ledger", LEDGER, NOW)
    (mark,) = rows(told, kind="award", item="1.4.1 产业发展与招商引资·考核分")
    assert (mark["code"], mark["unit"], mark["from"], mark["to"]) == ("330102", "上城区", "6.6", "7")
    (points,) = rows(told, kind="points", code="330109", item="1.1.3 绝对值每增长50亿元")
    assert (points["from"], points["to"], points["causes"]) == (8, 0, ["工业销售产值·本年实绩·核定值"])
    (total,) = rows(told, kind="total", code="330109")
    assert len(total["causes"]) == 3
    places = {each["unit"]: each["place"] for each in told["moved"]}
    assert places["余杭区"] == [2, 1]
    (place,) = rows(told, kind="place", unit="余杭区")
    assert (place["why"], place["causes"]) == ("其他单位的总分有变", [])


def test_ledgers_of_other_readings(desk: Path) -> None:
    with Edit(desk / "考核设置.xlsx") as edit:
        page = edit.book["口径"]
        head = {cell.value: cell.column for cell in page[1]}
        row = next(row for row in range(2, page.max_row + 1) if page.cell(row, head["代号"]).value == "over5")
        page.cell(row, head["选定办法"]).value = page.cell(row, head["可选办法2"]).value
    kaohe("score", SAMPLES / "回收", "--output", "改.xlsx")
    shutil.copy(SAMPLES / "考核设置.xlsx", desk)
    kaohe("score", SAMPLES / "回收", "--output", "原.xlsx")
    ran, told = diff(desk, "原.xlsx", "改.xlsx")
    assert ran.code == 0
    assert "全部单位\n  口径 " in ran.out
    reading = rows(told, kind="scheme")[0]
    moved = rows(told, kind="points")
    assert moved
    assert all(each["causes"] == [reading["item"]] for each in moved)
    assert reading["item"] in ran.out
    assert "over5" not in ran.out, "a reading is told by its question, and not by its id as well"


def test_what_is_not_shown_is_counted(desk: Path) -> None:
    with Edit(desk / NOW) as edit:
        for code in ("330102", "330103", "330104"):
            for row in [id for item in SCHEME.items for id in (each.id for each in item.criterion if each.judged)]:
                edit.judge(code, row, 考核分=0, 评分理由="重评")
    ran, _ = diff(desk, LEDGER, NOW)
    assert "处，加 --json 全部列出。" in ran.out


# ── 2 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_results_with_what_caused_them(desk: Path) -> None:
    ran, told = diff(desk, "旧.xlsx", "新.xlsx")
    assert ran.code == 0
    assert (
        "萧山区：总分 100.50 → 87.50，名次 1 → 5，等次 优秀 → 达标\n  工业销售产值·本年实绩·核定值：空 → 2000"
        in ran.out
    )
    assert "  1.1 工业经济平稳较快增长 得分 21.00 → 8.00\n" in ran.out
    assert "全部单位\n  考核结果：定稿 → 暂定\n" in ran.out  # the veto lacks its authority
    (final,) = rows(told, kind="final")
    assert (final["from"], final["to"]) == ("定稿", "暂定")
    (source,) = rows(told, kind="source")
    assert source["item"] == f"来源·底稿 {NOW}"
    assert rows(told, kind="verified", code="330109")
    (item,) = rows(told, kind="points", item="1.1 工业经济平稳较快增长")
    assert (item["unit"], item["from"], item["to"]) == ("萧山区", 21, 8)
    assert {each["unit"]: each["total"] for each in told["moved"]}["上城区"] == [87, 87.4]


def test_results_of_one_ledger_by_other_readings(desk: Path) -> None:
    kaohe("rank", NOW, "--output", "按其他口径.xlsx", "--reading", "over5=strict")
    ran, told = diff(desk, "新.xlsx", "按其他口径.xlsx")
    assert ran.code == 0
    (reading,) = rows(told, kind="scheme")
    moved = rows(told, kind="points", item="1.1.2 超额完成5%以上")
    assert moved
    assert all(each["causes"] == [reading["item"]] for each in moved)


def test_results_without_their_ledgers(desk: Path) -> None:
    (desk / LEDGER).unlink()
    ran, told = diff(desk, "旧.xlsx", "新.xlsx")
    assert "没有说明是哪一处改动引起的" in ran.out
    assert not rows(told, kind="verified")
    assert rows(told, kind="total", unit="萧山区")


# ── 3 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_returns_field_by_field(desk: Path) -> None:
    again = desk / "重报.xlsx"
    shutil.copy(SAMPLES / "回收" / "萧山区.xlsx", again)
    fill(SCHEME, again, {"sales.actual": 2000, "invest.actual": "约三亿", "1.4.self": 7, "filer": "王五"})
    ran, told = diff(desk, SAMPLES / "回收" / "萧山区.xlsx", again)
    assert ran.code == 0
    assert ran.out.splitlines()[2:] == [
        "萧山区",
        "  工业销售产值·本年实绩（亿元）[指标填报!H9]：2,677.5 → 2,000",
        "    → 1.1.1 完成销售产值目标 得分 4.00 → 0.00",
        "    → 1.1.2 超额完成5%以上 得分 1.00 → 0.00",
        "    → 1.1.3 绝对值每增长50亿元 得分 8.00 → 0.00",
        "  工业投资·本年实绩（亿元）[指标填报!H12]：192.3 → “约三亿”（填报有误）",
        "    → 1.2.1 工业投资目标 得分 2.00 → —",
        "  产业发展与招商引资·自评分[考核表!E9]：8 → 7",
        "  填表人[考核表!E25]：张晓燕 → 王五",
        "  自评总分：108.40 → —",
        "须更正的错误：原有 0 处，现有 1 处。",
    ]
    (figure,) = rows(told, kind="reported", item="工业销售产值·本年实绩（亿元）")
    assert figure["cells"] == ["指标填报!H9", "指标填报!H9"]
    (points,) = rows(told, kind="points", item="1.2.1 工业投资目标")
    assert (points["from"], points["to"], points["causes"]) == (2, None, ["工业投资·本年实绩（亿元）"])


def test_returns_of_two_units_are_told(desk: Path) -> None:
    (desk / "考核设置.xlsx").unlink()  # each by the targets that are printed on it
    ran, told = diff(desk, SAMPLES / "回收" / "萧山区.xlsx", SAMPLES / "回收" / "下城区.xlsx")
    assert ran.code == 0
    assert [each["code"] for each in told["problems"]] == ["KH966"]
    assert rows(told, kind="issued")


# ── 4 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_settings_cell_by_cell(desk: Path) -> None:
    shutil.copy("考核设置.xlsx", "现.xlsx")
    with Edit(desk / "现.xlsx") as edit:
        edit.book["单位"]["B3"] = "下城新区"
        edit.book["单位"].append(["330999", "新区", "区"])
        edit.book["下达目标"]["C5"] = 999
        edit.book["口径"]["E2"] = "张三"
        edit.book["责任处室"]["E2"] = "某处"
        edit.book["责任处室"]["I1"] = "电话"
        edit.book["责任处室"]["I2"] = "8700"
    ran, told = diff(desk, "考核设置.xlsx", "现.xlsx")
    assert ran.code == 0
    for line in (
        "下城新区 单位[单位!B3]：下城区 → 下城新区",
        "新区 单位：— → 新区",
        "上城区 工业综合经济效益·上年实绩[下达目标!C5]：236.3 → 999",
        "·核定人[口径!E2]：空 → 张三",
        "1.1 工业经济平稳较快增长·责任处室[责任处室!E2]：经济运行处 → 某处",
        "1.1 工业经济平稳较快增长·电话[责任处室!I2]：空 → 8700",
    ):
        assert line in ran.out
    (target,) = rows(told, kind="issued")
    assert (target["code"], target["unit"], target["from"], target["to"]) == ("330102", "上城区", "236.3", "999")
    assert {each["kind"] for each in told["differences"]} == {"unit", "issued", "scheme", "department"}


# ── 5 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_schemes_as_scheme_diff_tells(desk: Path) -> None:
    text = (FOLDER / "hangzhou_2007.toml").read_text("utf-8")
    (desk / "原.toml").write_text(text, "utf-8")
    (desk / "现.toml").write_text(text.replace("year = 2007", "year = 2008"), "utf-8")
    ran, told = diff(desk, "原.toml", "现.toml")
    alone = kaohe("scheme", "diff", "原.toml", "现.toml")
    assert ran.code == 0
    assert alone.out in ran.out
    assert {each["kind"] for each in told["differences"]} == {"scheme"}
    assert any((each["from"], each["to"]) == ("2007", "2008") for each in told["differences"])


# ── 6 ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_goes_out_is_not_compared(desk: Path) -> None:
    kaohe("rank", NOW, "--output", "又.xlsx", "--feedback-dir", "反馈")
    kaohe("score", SAMPLES / "回收", "--output", "又底.xlsx", "--judge-dir", "评审")
    for file in (next((desk / "反馈").iterdir()), next((desk / "评审").iterdir())):
        assert [each["code"] for each in diff(desk, file, file)[1]["problems"]] == ["KH964", "KH964"]


def test_what_is_no_file_of_the_year(desk: Path) -> None:
    book = Workbook()
    book.create_sheet("通讯录")["A1"] = "姓名"
    book.save("通讯录.xlsx")
    ran, told = diff(desk, "通讯录.xlsx", NOW)
    assert ran.code == 2
    assert [each["code"] for each in told["problems"]] == ["KH964"]
    assert told["kind"] is None


def test_documents_and_scans_are_not_compared(desk: Path) -> None:
    kaohe("rank", NOW, "--output", "又.xlsx", "--notice", "通报.docx")
    (desk / "扫描件.pdf").write_bytes(b"%PDF-1.4\n")
    for name in ("通报.docx", "扫描件.pdf"):
        for other in (NOW, name):
            ran, told = diff(desk, name, other)
            assert ran.code == 2
            assert {each["code"] for each in told["problems"]} == {"KH964"}
    assert [each["code"] for each in diff(desk, "没有.xlsx", "没有.xlsx")[1]["problems"]] == ["KH957"]


def test_two_kinds(desk: Path) -> None:
    ran, told = diff(desk, "考核设置.xlsx", NOW)
    assert ran.code == 2
    assert [each["code"] for each in told["problems"]] == ["KH965"]
    assert f"考核设置.xlsx 是考核设置，{NOW} 是评分底稿" in ran.err


def test_files_that_are_not_there_or_cannot_be_read(desk: Path) -> None:
    assert [each["code"] for each in diff(desk, "没有.xlsx", NOW)[1]["problems"]] == ["KH957"]
    (desk / "坏.xlsx").write_bytes(b"PK\x03\x04")
    for folder in ("夹", "夹.toml"):
        (desk / folder).mkdir()
        assert [each["code"] for each in diff(desk, folder, NOW)[1]["problems"]] == ["KH017"], "it is there"
    ran, told = diff(desk, "坏.xlsx", NOW)
    assert ran.code == 1
    assert told["problems"][0]["code"].startswith("KH0")


def test_the_same_file(desk: Path) -> None:
    shutil.copy(NOW, "副本.xlsx")
    ran, told = diff(desk, NOW, "副本.xlsx")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "两份文件完全相同。"
    assert ran.err.splitlines()[-1] == "下一步：不必因此改动，看做到了哪一步，运行 kaohe status"
    assert told["differences"] == []


def test_the_same_content_saved_by_another_program(desk: Path) -> None:
    with Edit(desk / "考核设置.xlsx"):
        pass
    ran, told = diff(desk, SAMPLES / "考核设置.xlsx", "考核设置.xlsx")
    assert (ran.code, told["differences"]) == (0, [])
    assert ran.out.splitlines()[-1] == "内容没有不同。"


def test_what_is_not_compared_item_by_item_is_counted(desk: Path) -> None:
    source, other = SAMPLES / "回收" / "萧山区.xlsx", desk / "重报.xlsx"
    shutil.copy(source, other)
    book = load_workbook(other)
    book["指标填报"]["D9"] = "工业增加值"
    book["考核表"]["D8"] = "完成目标20分。"
    book.save(other)
    ran, told = diff(desk, source, other)
    assert ran.out.splitlines()[2:] == [
        "比较的各项没有不同。另有 2 行不同，没有逐项比较：考核表第 8 行、指标填报第 9 行。"
    ]
    assert (told["differences"], told["rest"]) == ([], [{"sheet": "考核表", "row": 8}, {"sheet": "指标填报", "row": 9}])
    book["指标填报"]["H12"] = 190
    book.save(other)
    ran, told = diff(desk, source, other)
    assert ran.out.splitlines()[-1] == "另有 2 行不同，没有逐项比较：考核表第 8 行、指标填报第 9 行。"


def test_rows_in_another_order_are_the_same_and_what_people_added_is_counted(desk: Path) -> None:
    shutil.copy(LEDGER, "排过序.xlsx")
    with Edit(desk / "排过序.xlsx") as edit:
        sheet = edit.book["单位情况"]
        first, second = ([cell.value for cell in sheet[row]] for row in (2, 3))
        for column, pair in enumerate(zip(first, second, strict=True), 1):
            sheet.cell(3, column).value, sheet.cell(2, column).value = pair
    ran, told = diff(desk, LEDGER, "排过序.xlsx")
    assert (ran.out.splitlines()[-1], told["rest"]) == ("内容没有不同。", [])
    with Edit(desk / "排过序.xlsx") as edit:
        edit.book["单位情况"].cell(4, 30).value = "卷号 12"
    ran, told = diff(desk, LEDGER, "排过序.xlsx")
    assert ran.out.splitlines()[-1] == "比较的各项没有不同。另有 1 行不同，没有逐项比较：单位情况第 4 行。"
    _, told = diff(desk, LEDGER, NOW)
    assert told["differences"]
    assert told["rest"] == []
