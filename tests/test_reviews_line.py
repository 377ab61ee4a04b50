"""A year with reviews, by the commands: what each changed for whom, the version, the replies, and that all verifies."""

import hashlib
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, Ran, kaohe
from docx import Document
from edits import Edit
from openpyxl import load_workbook

from kaohe_cli.commands.verify import verify
from kaohe_cli.scheme.load import DEFAULT

TITLES = ("单位", "项目", "申请事项", "申请理由", "收到日期", "复核结论", "结论说明", "复核人", "复核日期", "原得分")
BINJIANG, XIHU, HEDA = "滨江区（高新区）", "西湖区", "杭州经济技术开发区"
RAISED = {
    "单位": BINJIANG, "项目": "1.4.1", "申请事项": "项目用地协调未计分", "申请理由": "有市政府会议纪要",
    "收到日期": date(2007, 12, 25),
}  # fmt: skip
TOTAL = {"单位": XIHU, "申请事项": "总分偏低", "收到日期": date(2007, 12, 26)}
SIGNED = {"复核人": "王五", "复核日期": date(2007, 12, 28)}


class Desk:
    """The office's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "samples" / "回收", folder / "回收")
        for name in ("考核设置.xlsx", "评分底稿.xlsx"):
            shutil.copy(ROOT / "samples" / name, folder / name)
        self.ledger, self.result = folder / "评分底稿.xlsx", folder / "考核结果.xlsx"

    def rank(self, *more: str | Path) -> Ran:
        return kaohe("rank", self.ledger, "--output", self.result, *more)

    def json(self) -> Any:
        return self.rank("--json").json

    def register(self, *rows: Mapping[str, Any], mark: float | None = None) -> None:
        with Edit(self.ledger) as edit:
            for number, row in enumerate(rows, 2):
                for title, value in row.items():
                    edit.book["复核登记"].cell(number, TITLES.index(title) + 1).value = value
            if mark is not None:
                edit.judge("330108", "1.4.1", 考核分=mark)

    def kept(self) -> list[Path]:
        return sorted(self.folder.glob("考核结果.2*.xlsx"))

    def cells(self, sheet: str) -> list[tuple[Any, ...]]:
        return [*load_workbook(self.result, data_only=True)[sheet].iter_rows(values_only=True)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    assert made.json()["version"] == 1
    return made


def decided(desk: Desk) -> None:
    """One review adjusts a mark, which changes a place; one is upheld."""
    desk.register(
        {**RAISED, **SIGNED, "复核结论": "调整", "结论说明": "会议纪要属实"},
        {**TOTAL, **SIGNED, "复核结论": "维持", "结论说明": "各项得分无误"},
        mark=7.6,
    )


def test_the_year(desk: Desk) -> None:
    first = desk.result.read_bytes()
    mark = next(
        each["points"]
        for unit in desk.json()["units"] if unit["code"] == "330108"
        for item in unit["items"] for each in item["criteria"] if each["id"] == "1.4.1"
    )  # fmt: skip
    desk.register(RAISED, TOTAL)
    told = desk.json()
    assert (told["final"], told["version"]) == (False, 1)
    assert [(each["standing"], each["id"], each["said"]) for each in told["open"]] == [
        ("appeal", "1.4.1", "未作结论"), ("appeal", None, "未作结论"),
    ]  # fmt: skip
    assert [each["found"] for each in told["problems"] if each["code"] == "KH411"] == [f"{BINJIANG}、{XIHU}"]
    (final,) = desk.kept()
    assert final.read_bytes() == first, "what was final stays beside what reopens it"
    assert kaohe("verify", desk.result).code == 0

    desk.register(
        {**RAISED, **SIGNED, "复核结论": "调整", "结论说明": "会议纪要属实"},
        {**TOTAL, **SIGNED, "复核结论": "维持", "结论说明": "各项得分无误"},
        mark=mark + 0.5,
    )
    ran = desk.rank()
    assert "二○○七年度工作目标责任制考核　第2版" in ran.out
    assert "复核 2 件：维持 1 件、调整 1 件。" in ran.out
    (copy,) = (each for each in desk.kept() if each != final)
    assert load_workbook(copy)["排名"]["A2"].value.startswith("第1版。暂定")
    told = desk.json()
    assert (told["final"], told["version"], {*desk.kept()}) == (True, 2, {copy, final})
    raised, upheld = told["reviews"]
    assert (raised["before"], raised["after"], raised["decision"]) == (mark, mark + 0.5, "adjusted")
    assert raised["changes"] == [
        {"code": "330108", "place": [3, 3], "grade": ["优秀", "优秀"], "total": [95.5, 96]},
        {"code": "HEDA", "place": [3, 4], "grade": ["优秀", "达标"], "total": [95.5, 95.5]},
    ]
    assert told["reviewed"] == raised["changes"]
    assert (upheld["id"], upheld["before"], upheld["after"], upheld["changes"]) == (None, 92.8, 92.8, [])

    rows = desk.cells("复核情况")
    assert rows[3][:2] == (BINJIANG, rows[3][1])
    assert rows[3][8:] == (
        mark, mark + 0.5,
        f"{BINJIANG}总分由 95.50 分变为 96.00 分；{HEDA}由第3名变为第4名，由优秀变为达标",
    )  # fmt: skip
    assert rows[4][:3] == (XIHU, "总分", "总分偏低")
    assert rows[4][8:] == (92.8, 92.8, "不变")
    assert desk.cells("排名")[1][0].startswith("第2版。依据")
    sources = {row[0]: row for row in desk.cells("来源")}
    assert sources["版次"][3] == "第2版"
    assert sources["上一版"][1:5] == ("考核结果.xlsx", len(first), "第1版", hashlib.sha256(first).hexdigest())
    verified = kaohe("verify", desk.result)
    assert verified.code == 0, verified.out

    # the ledger written anew says the same, and so does the result of it
    scored = kaohe("score", desk.folder / "回收", "--settings", desk.folder / "考核设置.xlsx", "--output", desk.ledger)
    assert scored.code == 0, scored.err
    again = desk.json()
    assert (again["version"], again["reviews"], again["units"]) == (2, told["reviews"], told["units"])
    assert kaohe("verify", desk.result).code == 0


@pytest.mark.parametrize("cell", ["A4", "C5", "I4", "J4", "K4", "K5"])
def test_a_falsified_cell_is_named(desk: Desk, cell: str) -> None:
    decided(desk)
    desk.rank()
    book = load_workbook(desk.result)
    book["复核情况"][cell].value = 1
    book.save(desk.result)  # and drops the results of formulas
    problems = verify(DEFAULT, result_path=desk.result).problems
    assert [(each.code, each.sheet, each.cell) for each in problems if each.code == "KH941"] == [
        ("KH941", "复核情况", cell)
    ]


def test_a_falsified_version_is_named(desk: Desk) -> None:
    book = load_workbook(desk.result)
    sheet = book["来源"]
    row = next(row for row in range(1, 9) if sheet.cell(row, 1).value == "版次")
    sheet.cell(row, 4).value = "第7版"
    book.save(desk.result)  # and drops the results of formulas
    problems = verify(DEFAULT, result_path=desk.result).problems
    assert [(each.code, each.sheet, each.cell) for each in problems if each.code == "KH941"] == [
        ("KH941", "排名", "A2")
    ]


def test_the_version_stays_while_standings_do(desk: Desk) -> None:
    desk.register({**TOTAL, **SIGNED, "复核结论": "维持"})
    assert (desk.json()["version"], desk.kept()) == (1, [])


def test_another_final_result_is_another_version(desk: Desk) -> None:
    desk.register(mark=6)
    assert (desk.json()["version"], len(desk.kept())) == (2, 1)
    desk.register(mark=5.5)
    assert (desk.json()["version"], len(desk.kept())) == (3, 2)
    newest = {path.stat().st_size for path in desk.kept()}
    assert next(row[2] for row in desk.cells("来源") if row[0] == "上一版") in newest
    assert desk.json()["version"] == 3, "and stays with its predecessor named"
    assert [row[0] for row in desk.cells("来源")].count("上一版") == 1


@pytest.mark.parametrize("decision", ["调整", None])
def test_what_reopens_a_final_result_counts_by_what_it_comes_to(desk: Desk, decision: str | None) -> None:
    """The decision is entered first, or the mark, and the other only later."""
    first = desk.result.read_bytes()
    desk.register({**RAISED, **SIGNED, "复核结论": decision})
    assert (desk.json()["version"], desk.json()["final"]) == (1, False)
    desk.register({"复核结论": None, "原得分": 7}, mark=7.6)
    assert (desk.json()["version"], desk.json()["final"]) == (2, False)
    desk.register({"复核结论": "调整"})
    assert (desk.json()["version"], desk.json()["final"]) == (2, True)
    sources = {row[0]: row for row in desk.cells("来源")}
    assert sources["上一版"][2:5] == (len(first), "第1版", hashlib.sha256(first).hexdigest())


def test_a_draft_is_worked_on_without_a_version_each_time(desk: Desk) -> None:
    with Edit(desk.ledger) as edit:
        edit.judge("330108", "1.5.1", 考核分=None)
    desk.result.unlink()
    assert (desk.json()["version"], desk.json()["final"]) == (1, False)
    desk.register(mark=6)
    assert (desk.json()["version"], desk.kept()) == (1, [])


# ── the replies ─────────────────────────────────────────────────────────────────────────────────────────


def letter(desk: Desk, unit: str) -> list[str]:
    return [each.text for each in Document(str(desk.folder / "答复" / f"{unit}.docx")).paragraphs if each.text]


def test_a_unit_gets_a_reply(desk: Desk) -> None:
    decided(desk)
    ran = desk.rank("--reply-dir", desk.folder / "答复", "--notice-date", "2007-12-30", "--notice-style", "1999")
    assert "生成 2 份复核答复。文号、落款日期等标出的地方请填写。" in ran.err
    assert letter(desk, "滨江区(高新区)") == [
        "市经委〔文号待填〕",
        "杭州市经济委员会关于", "滨江区（高新区）复核申请的答复",
        "滨江区（高新区）：",
        "我委于2007年12月25日收到你单位的复核申请。经复核，现答复如下：",
        "一、关于1.4.1 产业发展与招商引资",
        "申请事项：项目用地协调未计分。",
        "申请理由：有市政府会议纪要。",
        "通知原文：“完成目标8分。”",
        "查核情况：1.4.1 产业发展与招商引资：7.6 分（满分 8 分）；"
        "计分：产业发展处评 7.6 分：招商项目落地进度落后于年初计划。",
        "复核结论：调整。会议纪要属实。",
        "得分：由7.00分调整为7.60分。",
        "二、复核后的结果",
        "你单位总分96.10分，列第3名，等次为优秀。",
        "特此答复。",
        "杭州市经济委员会", "二○○七年十二月三十日",
    ]  # fmt: skip
    text = letter(desk, XIHU)
    assert "你单位总分92.80分，列第5名，等次为达标。" in text
    assert any(each.startswith("查核情况：工业经济平稳较快增长15.00分、") for each in text)
    assert not any(HEDA in each for each in text), "what changed for others is not told"
    verified = kaohe("verify", desk.result)
    assert verified.code == 0, verified.err
    assert "复核答复：2 份，其中的单位、数字、等次" in verified.out

    desk.rank("--reply-dir", desk.folder / "答复", "--notice-date", "2007-12-31")
    assert len([*(desk.folder / "答复").glob("西湖区.2*.docx")]) == 1, "the earlier draft is kept"


def test_a_reply_tells_the_points_of_each_review_and_of_what_changed_them_since(desk: Desk) -> None:
    upheld = {**RAISED, **SIGNED, "复核结论": "维持", "结论说明": "材料不足"}
    whole = {**TOTAL, **SIGNED, "单位": BINJIANG, "复核结论": "维持"}
    more = {**upheld, "申请事项": "补报会议纪要", "收到日期": date(2007, 12, 27), "复核结论": "调整"}
    desk.register(upheld, whole, more, mark=7.6)
    desk.rank("--reply-dir", desk.folder / "答复")
    text = [each for each in letter(desk, "滨江区(高新区)") if each.startswith("得分：")]
    assert text == [
        "得分：仍为7.00分；因另一件复核调整，现为7.60分。",
        "得分：仍为95.50分；因另一件复核调整，现为96.10分。",
        "得分：由7.00分调整为7.60分。",
    ]


def test_what_is_not_settled_gets_no_reply(desk: Desk) -> None:
    desk.register({**RAISED, **SIGNED, "复核结论": "维持"}, {**TOTAL, "项目": "1.1"})
    ran = desk.rank("--reply-dir", desk.folder / "答复")
    assert "另有 1 件复核未结，没有答复：西湖区。" in ran.err
    assert [each.name for each in (desk.folder / "答复").iterdir()] == ["滨江区(高新区).docx"]
    text = letter(desk, "滨江区(高新区)")
    assert text[0] == "【暂定稿：名次和等次以定稿为准】"
    assert "复核结论：维持。〔理由由市经委填写〕" in text
    assert "得分：仍为7.00分。" in text


def test_an_item_is_told_criterion_by_criterion_and_a_vetoed_unit_has_no_place(desk: Desk) -> None:
    desk.register({**TOTAL, **SIGNED, "单位": "富阳市", "项目": "1.1", "复核结论": "不予受理", "收到日期": None})
    desk.rank("--reply-dir", desk.folder / "答复")
    text = letter(desk, "富阳市")
    assert sum(each.startswith("通知原文") for each in text) == sum(each.startswith("查核情况") for each in text) == 6
    assert "我委于〔日期待填〕收到你单位的复核申请。经复核，现答复如下：" in text
    assert "你单位总分97.00分。〔一票否决事项是否写入、如何表述，由市经委核定〕" in text


def test_a_reply_that_says_otherwise_is_named(desk: Desk) -> None:
    decided(desk)
    desk.rank("--reply-dir", desk.folder / "答复")
    path = desk.folder / "答复" / "西湖区.docx"
    document = Document(str(path))
    for each in document.paragraphs:
        for run in each.runs:
            run.text = run.text.replace("列第5名", "列第4名").replace("市经委〔文号待填〕", "杭经〔2007〕300号")
    document.save(str(path))
    problems = verify(DEFAULT, result_path=desk.result).problems
    assert [(each.code, each.file) for each in problems if each.severity == "error"] == [("KH412", "西湖区.docx")]
    path.unlink()
    problems = verify(DEFAULT, result_path=desk.result).problems
    assert [(each.code, each.unit) for each in problems if each.severity == "error"] == [("KH940", XIHU)]


def test_without_reviews_there_is_no_reply(desk: Desk) -> None:
    ran = desk.rank("--reply-dir", desk.folder / "答复")
    assert "没有可以答复的复核。" in ran.err
    assert not (desk.folder / "答复").exists()
