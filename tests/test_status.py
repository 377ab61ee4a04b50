"""``kaohe status``: what it sees of a year at each of its steps, by the files alone, and that it leaves no trace."""

import hashlib
import shutil
from pathlib import Path

import pytest
from command import ROOT, Ran, kaohe
from edits import Edit
from form_cells import fill

from kaohe_cli.scheme.load import load

SAMPLES = ROOT / "samples"
DAY = ("--today", "2007-11-10")
AFTER = ("--today", "2007-12-20")  # 公示


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year that is done."""
    folder = tmp_path_factory.mktemp("closed") / "演示"
    assert kaohe("demo", folder).code == 0
    return folder


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def year(closed: Path, desk: Path) -> Path:
    """A year that is done, to be changed."""
    shutil.copytree(closed, desk, dirs_exist_ok=True)
    return desk


def look(*arguments: str | Path) -> Ran:
    return kaohe("status", *DAY, *arguments)


def said(ran: Ran, heading: str) -> str:
    """What stands beneath a heading."""
    lines = ran.out.splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith(heading))
    rest = (line for line in lines[at + 1 :])
    more = []
    for line in rest:
        if not line.startswith(" "):
            break
        more.append(line.strip())
    return "\n".join([lines[at].removeprefix(heading).strip(), *more])


def command(ran: Ran) -> str:
    return ran.out.splitlines()[-1].rpartition("，运行 ")[2]


def saved(path: Path) -> None:
    """Saved again by another program."""
    with Edit(path):
        pass


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_nothing_has_begun(desk: Path) -> None:
    ran = look()
    assert ran.code == 1
    assert "还有 5 天" in said(ran, "今天")
    assert all(said(ran, what) == "还没有" for what in ("考核设置", "下发", "评分底稿", "考核结果"))
    assert command(ran) == "kaohe init"
    assert list(desk.iterdir()) == []


def test_a_year_that_is_done_is_closed_and_leaves_no_trace(year: Path) -> None:
    before = files(year)
    ran = kaohe("status", *AFTER)
    assert ran.code == 0, ran.out
    assert "公示      2007年12月10日至12月16日，已经结束" in ran.out
    assert said(ran, "回收") == "已收 13 个，迟报 1 个（淳安县）"
    assert said(ran, "考核结果") == "考核结果.xlsx：第1版，已定稿"
    assert command(ran) == "kaohe verify 考核结果.xlsx"
    assert len(ran.out.splitlines()) <= 24
    assert ran.err == ""
    assert files(year) == before
    told = kaohe("status", *AFTER, "--json")
    assert (told.code, told.json["open"], told.json["result"]["final"]) == (0, False, True)
    assert told.json["deadline"] == {"date": "2007-11-15", "days_left": -35}
    assert told.json["settings"]["publicity"] == {"first": "2007-12-10", "last": "2007-12-16"}
    assert told.json["next"]["command"] == command(ran)
    assert told.err.strip() == ran.out.splitlines()[-1]


def test_the_year_step_by_step(closed: Path, desk: Path) -> None:
    kaohe("init")
    ran = look()
    assert said(ran, "考核设置") == (
        "考核设置.xlsx：14 个单位，没有填：下达目标（14 个单位）、责任处室（17 个项目）、口径的核定人（15 个口径）、"
        "行政正职（14 个单位）、公示时间"
    )
    assert command(ran) == "kaohe blank"
    shutil.copy(SAMPLES / "考核设置.xlsx", desk)
    kaohe("blank")
    ran = look()
    assert said(ran, "下发") == "下发 中有 14 个单位的考核表"
    assert command(ran) == "kaohe score --return-dir 退回"
    shutil.copytree(SAMPLES / "回收", desk / "回收")
    (desk / "回收" / "桐庐县.xlsx").unlink()
    ran = look()
    assert said(ran, "回收").splitlines()[0] == "已收 12 个，迟报 1 个（淳安县），未报 1 个（桐庐县）"
    assert "等待评分的 13 份" in said(ran, "回收")
    kaohe("score")
    ran = look()
    assert "未报 1 个（桐庐县）" in said(ran, "回收")
    assert "还有 5 天截止，催桐庐县交表" in ran.out
    assert said(ran, "待核实").splitlines()[0].startswith("3 处")
    assert said(ran, "处室评分").splitlines()[0] == "9 个处室待评 196 个分"
    assert said(ran, "其余未定") == "未定 18 处"
    assert len(ran.out.splitlines()) <= 24
    shutil.copy(SAMPLES / "回收" / "桐庐县.xlsx", desk / "回收")
    (desk / "回收" / "无关.xlsx").write_bytes(b"PK\x03\x04 damaged")
    assert "没有读入底稿的 2 份" in said(look(), "回收")
    kaohe("score")
    ran = look()
    assert said(ran, "回收") == "已收 13 个，迟报 1 个（淳安县）", (
        "what was read and is no return is not asked for again"
    )
    assert command(ran) == "kaohe score --judge-dir 评审"
    kaohe("score", "--judge-dir", "评审", "--issued", "2007-11-20")
    ran = look()
    assert "未交（2007-11-20 发出）" in said(ran, "处室评分")
    assert "没有并入" not in ran.out, "copies as they were issued are nothing to merge"
    shutil.copytree(closed / "评审", desk / "评审", dirs_exist_ok=True)
    ran = look()
    assert said(ran, "评审").startswith("没有并入的评分表 9 份：")
    assert command(ran) == "kaohe merge 评分底稿.xlsx 评审"
    merged = kaohe("merge", "评分底稿.xlsx", "评审")
    ran = look()
    assert "没有并入" not in ran.out
    assert said(ran, "处室评分") == "各处室都已评完"
    assert command(ran) == "kaohe rank"
    assert merged.err.splitlines()[-1] == ran.out.splitlines()[-1], "the command itself says what status says"
    kaohe("rank")
    assert said(look(), "考核结果") == "考核结果.xlsx：第1版，暂定"


def test_what_is_another_since(year: Path) -> None:
    saved(year / "回收" / "上城区.xlsx")
    (year / "回收" / "萧山区.xlsx").unlink()
    shutil.copy(year / "回收" / "西湖区.xlsx", year / "回收" / "西湖区另一份.xlsx")
    ran = look()
    assert ran.code == 1
    assert said(ran, "回收").splitlines()[1:] == [
        "读入以后有改动的 1 份：上城区.xlsx", "读入以后不见的 1 份：萧山区.xlsx",
    ], "a copy of what was read says nothing new"  # fmt: skip
    assert command(ran) == "kaohe status"
    told = look("--json").json
    assert (told["returns"]["changed"], told["returns"]["gone"]) == (["上城区.xlsx"], ["萧山区.xlsx"])


@pytest.mark.parametrize(
    ("file", "what", "where"),
    [
        ("考核设置.xlsx", "评分底稿", "写成以后考核设置有改动"),
        ("评分底稿.xlsx", "考核结果", "写成以后评分底稿有改动"),
    ],
)
def test_a_book_that_was_saved_since_is_told(year: Path, file: str, what: str, where: str) -> None:
    saved(year / file)
    ran = look()
    assert ran.code == 1
    assert where in said(ran, what)


def test_a_year_without_the_settings_it_was_scored_by_is_open(year: Path) -> None:
    (year / "考核设置.xlsx").unlink()
    ran = kaohe("status", *AFTER)
    assert ran.code == 1
    assert said(ran, "评分底稿") == "评分底稿.xlsx：依据的考核设置.xlsx不见了"
    assert kaohe("status", "--json").json["ledger"]["lost"] == "考核设置.xlsx"
    assert command(ran) == "kaohe status"


def test_a_return_handed_in_again_by_another_name_is_for_the_ledger(year: Path) -> None:
    file = year / "回收" / "萧山区.xlsx"
    saved(file)
    file.rename(year / "回收" / "萧山区（更正）.xlsx")
    ran = look()
    assert command(ran) == "kaohe score --return-dir 退回"
    kaohe("score", "--return-dir", "退回")
    assert said(look(), "回收") == "已收 13 个，迟报 1 个（淳安县）"


def test_copies_that_are_full_are_merged_before_others_are_issued(year: Path) -> None:
    shutil.copy(year / "评分底稿（未评）.xlsx", year / "评分底稿.xlsx")
    ran = kaohe("score", "--judge-dir", "评审")
    assert ran.err.count("KH358") == 1
    assert ran.err.splitlines()[-1].endswith("处室评分表有 9 份没有并入，运行 kaohe merge 评分底稿.xlsx 评审")


def test_a_result_by_other_readings_is_not_the_years(year: Path) -> None:
    ran = kaohe("rank", "--reading", "over5=strict")
    assert "这是试算" in ran.err.splitlines()[-1]
    assert "写成以后口径有改动" in said(look(), "考核结果")


def test_what_cannot_be_read_is_told(year: Path) -> None:
    for name in ("考核设置.xlsx", "评分底稿.xlsx", "考核结果.xlsx"):
        (year / name).write_bytes(b"PK\x03\x04 damaged")
    ran = look()
    assert ran.code == 1
    assert ran.err.count("KH013") >= 1
    assert "照所列更正考核设置.xlsx、评分底稿.xlsx、考核结果.xlsx" in ran.out.replace("\n", "")
    assert {each["code"] for each in look("--json").json["problems"]} == {"KH013"}


def test_files_of_other_names(year: Path) -> None:
    for old, new in (
        ("评分底稿.xlsx", "底稿 定.xlsx"),
        ("考核结果.xlsx", "结果.xlsx"),
        ("回收", "收"),
        ("考核设置.xlsx", "设.xlsx"),
    ):
        (year / old).rename(year / new)
    ran = look("--ledger", "底稿 定.xlsx", "--result", "结果.xlsx", "--returns", "收", "--settings", "设.xlsx")
    assert command(ran) == "kaohe verify 结果.xlsx", ran.out
    assert (ran.code, said(ran, "公示")) == (1, "2007年12月10日至12月16日，还有 36 天")
    assert look("--ledger", "没有.xlsx").code == 2
    assert kaohe("status", "--today", "昨天").code == 2


def test_reviews_that_are_open(year: Path) -> None:
    with Edit(year / "评分底稿.xlsx") as edit:
        page = edit.book["复核登记"]
        titles = {cell.value: cell.column for cell in page[1]}
        for title, value in (("单位", "萧山区"), ("项目", "1.4.1"), ("申请事项", "计分有误")):
            page.cell(2, titles[title]).value = value
    ran = kaohe("status", *AFTER)
    assert ran.code == 1
    assert said(ran, "复核") == "登记 1 件，没有了结 1 件\n萧山区 1.4.1 未作结论"
    assert command(ran) == "kaohe rank --feedback-dir 反馈 --notice 通报.docx"
    (told,) = kaohe("status", *AFTER, "--json").json["reviews"]
    assert told == {"code": "330109", "unit": "萧山区", "id": "1.4.1", "said": "未作结论"}
    with Edit(year / "评分底稿.xlsx") as edit:  # about the total, about nothing that there is
        for item, value in ((titles["项目"], "总分"), (titles["申请事项"], "总分有误")):
            edit.book["复核登记"].cell(2, item).value = value
        for title, value in (("单位", "富阳市"), ("项目", "3.1"), ("申请事项", "取消否决")):
            edit.book["复核登记"].cell(3, titles[title]).value = value
    told_now = "登记 1 件，没有了结 2 件\n富阳市 第 3 行不能采用\n萧山区 总分 未作结论"
    assert said(kaohe("status", *AFTER), "复核") == told_now


def test_a_mark_that_the_office_corrects_sends_nobody_back_to_what_was_merged(year: Path) -> None:
    with Edit(year / "评分底稿.xlsx") as edit:
        page = edit.book["评分明细"]
        titles = {cell.value: cell.column for cell in page[1]}
        row = next(row for row in range(2, page.max_row + 1) if page.cell(row, titles["考核分"]).value is not None)
        page.cell(row, titles["考核分"]).value = 0
        page.cell(row, titles["评分理由"]).value = "复核改定"
    ran = kaohe("status", *AFTER)
    assert "评审" not in ran.out
    assert command(ran) == "kaohe rank --feedback-dir 反馈 --notice 通报.docx"


def test_last_years_result_goes_along_with_the_command(year: Path) -> None:
    (year / "上年").mkdir()
    shutil.copy(year / "考核结果.xlsx", year / "上年" / "考核结果2006.xlsx")
    ran = kaohe("rank", "--previous", "上年/考核结果2006.xlsx")
    assert ran.err.splitlines()[-1].endswith("运行 kaohe verify 考核结果.xlsx")
    saved(year / "评分底稿.xlsx")
    assert command(look()).endswith("--notice 通报.docx --previous 上年/考核结果2006.xlsx")


def test_materials_that_changed_or_are_gone(year: Path) -> None:
    scan = year / "回收" / "上城区盖章件.pdf"
    scan.write_bytes(b"%PDF")
    (year / "回收" / "不知谁的.pdf").write_bytes(b"%PDF-1")
    assert "没有登记的材料 1 份：上城区盖章件.pdf" in said(look(), "回收")
    kaohe("score")
    assert "没有登记的" not in look().out, "what is nobody's is not asked for"
    scan.rename(scan.with_stem("上城区（盖章）"))
    assert "不见" not in look().out, "it is there under another name"
    scan.with_stem("上城区（盖章）").unlink()
    ran = look()
    assert "读入以后不见的 1 份：上城区盖章件.pdf" in said(ran, "回收")
    assert "找回不见的文件上城区盖章件.pdf" in ran.out


def test_a_return_of_another_name_has_its_materials_beside_it(year: Path) -> None:
    own = year / "回收" / "第二批"
    own.mkdir()
    (year / "回收" / "桐庐县.xlsx").rename(own / "甲、乙.xlsx")
    kaohe("score")
    (own / "照片.jpg").write_bytes(b"scan")
    assert "没有登记的材料 1 份：照片.jpg" in said(look(), "回收")
    (own / "甲、乙.xlsx").rename(own / "考核表.xlsx")
    assert "没有登记的材料 1 份：照片.jpg" in said(look(), "回收"), "as scoring would register it"
    assert "登记材料 14 份" in kaohe("score").err


def test_what_the_office_verified_is_not_to_be_mended(year: Path) -> None:
    scheme = load()
    fill(scheme, year / "回收" / "萧山区.xlsx", {"sales.actual": "约三亿"})
    ran = kaohe("score", "--return-dir", "退回")
    assert "把“退回”中萧山区的考核表发还更正" in ran.err
    assert "待更正 1 个（萧山区）" in said(look(), "回收")
    figure = scheme.names["sales.actual"]
    with Edit(year / "评分底稿.xlsx") as edit:
        edit.verify("330109", figure.title, figure.label, 核定值=3000)
    ran = kaohe("status", *AFTER)
    assert "待更正" not in said(ran, "回收")
    assert command(ran) == "kaohe rank --feedback-dir 反馈 --notice 通报.docx"
    assert "没有需要退回的考核表" in kaohe("score", "--return-dir", "退回").err


def test_a_copy_that_came_alone_is_no_folder(year: Path) -> None:
    shutil.copy(year / "评分底稿（未评）.xlsx", year / "评分底稿.xlsx")
    alone, beside = (year / "评审" / f"{name}.xlsx" for name in ("中小企业处", "产业发展处"))
    ran = kaohe("merge", "评分底稿.xlsx", alone.relative_to(year))
    assert ran.err.splitlines()[-1].endswith("运行 kaohe score --judge-dir 评审")
    beside.rename(year / "产业发展处.xlsx")
    ran = kaohe("merge", "评分底稿.xlsx", "产业发展处.xlsx")
    assert ran.err.splitlines()[-1].endswith("运行 kaohe score --judge-dir 评审")


def test_a_year_of_another_folder(year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(year.parent)
    at = Path(year.name)
    ran = kaohe("status", *AFTER, "--ledger", at / "评分底稿.xlsx")
    assert (ran.code, command(ran)) == (0, f"kaohe verify {at}/考核结果.xlsx")
    assert kaohe(*command(ran).split()[1:]).code == 0
    ran = kaohe("explain", "萧山区", "1.1", "--ledger", at / "评分底稿.xlsx")
    named = f"--returns {at}/回收 --ledger {at}/评分底稿.xlsx --result {at}/考核结果.xlsx --settings {at}/考核设置.xlsx"
    assert ran.err.splitlines()[-1].strip().endswith(f"kaohe status {named}")


def test_a_result_apart_from_its_originals_is_verified_with_them(year: Path) -> None:
    (year / "归档").mkdir()
    ran = kaohe("rank", "--output", "归档/考核结果.xlsx")
    step = ran.err.splitlines()[-1].strip().rpartition("kaohe ")[2].split()
    assert kaohe(*step).code == 0, step


def test_last_years_result_that_changed_or_is_gone_is_told(year: Path) -> None:
    (year / "上年").mkdir()
    last = year / "上年" / "考核结果2006.xlsx"
    shutil.copy(year / "考核结果.xlsx", last)
    kaohe("rank", "--previous", "上年/考核结果2006.xlsx")
    assert kaohe("status", *AFTER).code == 0
    saved(last)
    ran = kaohe("status", *AFTER)
    assert (ran.code, said(ran, "考核结果")) == (1, "考核结果.xlsx：第1版，已定稿，写成以后上年结果有改动")
    assert command(ran).endswith("--previous 上年/考核结果2006.xlsx")
    last.unlink()
    assert kaohe("status", *AFTER).code == 1


def test_a_ledger_without_settings_agrees_with_none(year: Path) -> None:
    (year / "考核设置.xlsx").unlink()
    (year / "评分底稿.xlsx").unlink()
    kaohe("score")
    assert said(look(), "评分底稿") == "评分底稿.xlsx：与考核方案相符"


def test_a_ledger_without_its_record_is_scored_again(year: Path) -> None:
    with Edit(year / "评分底稿.xlsx") as edit:
        edit.forget()
    ran = look()
    assert command(ran) == "kaohe score"
    assert kaohe("score").code == 0
    assert "没有程序记录" not in look().out


def test_the_ledger_and_the_settings_of_a_result_are_found_by_what_it_records(year: Path) -> None:
    (year / "设").mkdir()
    (year / "考核设置.xlsx").rename(year / "设" / "本年.xlsx")
    (year / "评分底稿.xlsx").rename(year / "底稿 定.xlsx")
    kaohe("score", "--settings", "设/本年.xlsx", "--output", "底稿 定.xlsx")
    ran = kaohe("rank", "底稿 定.xlsx", "--feedback-dir", "反馈", "--notice", "通报.docx")
    assert ran.err.splitlines()[-1].endswith("运行 kaohe verify 考核结果.xlsx --settings 设/本年.xlsx")
    ran = kaohe("status", *AFTER)
    assert (ran.code, said(ran, "评分底稿")) == (0, "底稿 定.xlsx：与考核设置、考核方案相符")
    step = kaohe("verify").err.splitlines()[-1]
    assert step.strip().endswith("kaohe status --ledger '底稿 定.xlsx' --settings 设/本年.xlsx")
    (year / "回收" / "桐庐县.xlsx").unlink()
    kaohe("score", "--settings", "设/本年.xlsx", "--output", "底稿 定.xlsx")
    ran = kaohe("rank", "底稿 定.xlsx")
    again = "kaohe score --output '底稿 定.xlsx' --return-dir 退回 --settings 设/本年.xlsx"
    assert ran.err.splitlines()[-1].strip().endswith(again), "scored without its settings it would have no targets"
    (year / "设" / "本年.xlsx").unlink()
    ran = kaohe("rank", "底稿 定.xlsx")
    assert "找回底稿依据的本年.xlsx" in ran.err


def test_a_trial_that_was_verified_is_not_for_publishing(year: Path) -> None:
    kaohe("rank", "--reading", "over5=strict", "--output", "试算.xlsx")
    ran = kaohe("verify", "试算.xlsx")
    assert ran.code == 0
    assert ran.err.splitlines()[-1].endswith("在考核设置的“口径”中改定，运行 kaohe score")


def test_copies_in_an_archive_are_told_once_and_not_merged(year: Path) -> None:
    shutil.copy(year / "评分底稿（未评）.xlsx", year / "评分底稿.xlsx")
    shutil.make_archive("送来", "zip", year / "评审")
    for path in (year / "评审").iterdir():
        path.unlink()
    (year / "送来.zip").rename(year / "评审" / "送来.zip")
    ran = look("--json")
    assert [(each["code"], each["file"]) for each in ran.json["problems"]] == [("KH018", "送来.zip")]
    ran = kaohe("merge", "评分底稿.xlsx", "评审")
    assert (ran.code, ran.err.count("送来.zip")) == (1, 1)
    assert "解压以后" in ran.err


def test_what_a_command_wrote_itself_is_not_taken_for_what_lies_beside_its_ledger(year: Path) -> None:
    (year / "归档").mkdir()
    for name in ("评分底稿.xlsx", "考核结果.xlsx", "考核设置.xlsx"):
        shutil.copy(year / name, year / "归档" / name)
    ran = kaohe("rank", "归档/评分底稿.xlsx", "--feedback-dir", "反馈", "--notice", "通报.docx")
    assert "运行 kaohe verify 考核结果.xlsx " in ran.err.splitlines()[-1]
    with Edit(year / "归档" / "评分底稿.xlsx") as edit:
        edit.judge("330109", "1.4.1", 考核分=None)
    ran = kaohe("score", "--settings", "考核设置.xlsx", "--output", "归档/评分底稿.xlsx")
    assert ran.err.splitlines()[-1].endswith("kaohe score --output 归档/评分底稿.xlsx --judge-dir 评审")
