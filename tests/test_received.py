"""收到日期: recorded for each file as it arrives, kept while the file stays as it is, open where nobody said."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from command import ROOT, Ran, kaohe
from edits import Edit
from openpyxl import load_workbook
from openpyxl.comments import Comment

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "samples"


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    folder = tmp_path / "回收"
    folder.mkdir()
    shutil.copy(SAMPLES / "回收" / "上城区.xlsx", folder)
    return folder


def score(folder: Path, *options: str) -> Ran:
    ledger = folder.parent / "评分底稿.xlsx"
    return kaohe("score", folder, "--settings", SAMPLES / "考核设置.xlsx", "--output", ledger, *options)


def situation(folder: Path) -> dict[str, tuple[str, date | None]]:
    """回收状态 and 收到日期 of each unit that sent something."""
    with Edit(folder.parent / "评分底稿.xlsx") as edit:
        rows = list(edit.book["单位情况"].iter_rows(values_only=True))
    head = rows[0]
    assert head[2:6] == ("回收状态", "回收文件", "收到日期", "填报日期")
    days = {row[1]: row[4].date() if isinstance(row[4], datetime) else row[4] for row in rows[1:]}
    return {row[1]: (row[2], days[row[1]]) for row in rows[1:] if row[3]}


def test_the_day_is_that_of_the_run_in_which_a_file_arrived(returned: Path) -> None:
    assert score(returned, "--received", "2007年11月16日").code in (0, 1)
    assert situation(returned) == {"上城区": ("迟报", date(2007, 11, 16))}
    shutil.copy(SAMPLES / "回收" / "萧山区.xlsx", returned)
    score(returned, "--received", "07-11-12")
    late = {"上城区": ("迟报", date(2007, 11, 16))}
    assert situation(returned) == {**late, "萧山区": ("已收", date(2007, 11, 12))}

    book = load_workbook(returned / "萧山区.xlsx")
    book.save(returned / "萧山区.xlsx")
    score(returned)
    assert situation(returned) == {**late, "萧山区": ("已收", None)}
    with Edit(returned.parent / "评分底稿.xlsx") as edit:
        edit.situation("330109", 收到日期="2007.11.20")
    score(returned, "--received", "2007-11-30")
    assert situation(returned) == {**late, "萧山区": ("迟报", date(2007, 11, 20))}


def test_what_is_no_day_is_wrong_use(returned: Path) -> None:
    ran = score(returned, "--received", "昨天")
    assert ran.code == 2
    assert "--received" in ran.err
    assert not (returned.parent / "评分底稿.xlsx").exists()


def test_a_remark_on_a_figure_stands_before_its_judge_and_stays(returned: Path) -> None:
    issued = kaohe(
        "blank", "上城区", "--settings", SAMPLES / "考核设置.xlsx", "--output", returned.parent / "下发", "--json"
    )
    place = issued.json["forms"][0]["fields"]["sales.actual"]
    book = load_workbook(returned / "上城区.xlsx")
    book[place["sheet"]][place["cell"]].comment = Comment("此数为预计数", "王伟")
    book.save(returned / "上城区.xlsx")
    ran = score(returned, "--json")
    (told,) = [each for each in ran.json["problems"] if each["code"] == "KH249"]
    assert (told["sheet"], told["cell"], told["found"]) == (place["sheet"], place["cell"], "此数为预计数")
    ledger, copy = returned.parent / "评分底稿.xlsx", returned.parent / "处室.xlsx"

    def said() -> str:
        with Edit(ledger) as edit:
            return str(edit.said("评分明细", ("330102", "1.1.1"), "单位说明"))

    assert "工业销售产值·本年实绩：批注“此数为预计数”" in said()
    shutil.copy(ledger, copy)
    with Edit(copy) as edit:
        edit.judge("330102", "2.8.1", 考核分=3, 评分人="李处长")
    kaohe("merge", ledger, copy)
    assert "工业销售产值·本年实绩：批注“此数为预计数”" in said()
