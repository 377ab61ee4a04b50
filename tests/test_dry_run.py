"""``--dry-run``: everything is done but writing, and it says what would be.

1 nothing is touched  2 what it says is what the run itself does  3 what of the entries would stay
"""

import ast
import shutil
from pathlib import Path

import pytest
from command import ROOT, Ran, kaohe
from edits import Edit
from folders import snapshot
from form_cells import fill

from kaohe_cli.scheme.load import load

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "samples"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the office, with what the sample year has come to."""
    for name in ("考核设置.xlsx", "评分底稿.xlsx"):
        shutil.copy(SAMPLES / name, tmp_path)
    shutil.copytree(SAMPLES / "回收", tmp_path / "回收")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dry(desk: Path, *arguments: str) -> Ran:
    """A dry run, of which nothing is left."""
    before = snapshot(desk)
    ran = kaohe(*arguments, "--dry-run")
    assert snapshot(desk) == before
    return ran


def test_scoring(desk: Path) -> None:
    fill(load(), desk / "回收" / "萧山区.xlsx", {"sales.actual": "约三亿"})
    options = ("score", "--return-dir", "退回", "--judge-dir", "评审")
    ran = dry(desk, *options)
    assert "评分底稿将写在 评分底稿.xlsx（替换原有的，原有的留作带日期的副本）" in ran.err
    assert "将在 退回 生成 1 份待更正的考核表（新 1 份）" in ran.err
    assert "填写的内容：保留 " in ran.err
    assert "没有写任何文件" in ran.err
    told = kaohe(*options)
    assert told.code == ran.code
    assert told.out == ran.out
    assert "没有写任何文件" not in told.err
    written = [*(desk / "评审").iterdir()]
    assert f"将在 评审 生成 {len(written)} 份处室评分表（新 {len(written)} 份）" in ran.err
    fill(load(), desk / "回收" / "萧山区.xlsx", {"sales.actual": "约四亿"})
    again = dry(desk, *options)
    assert "将在 退回 生成 1 份待更正的考核表（替换 1 份，原有的留作带日期的副本）" in again.err
    assert again.err.splitlines()[-1].startswith("下一步：照此写，运行 kaohe score --return-dir")


def test_merging(desk: Path) -> None:
    kaohe("score", "--judge-dir", "评审")
    copy = sorted((desk / "评审").iterdir())[0]
    with Edit(copy) as edit:
        edit.book.create_sheet("处室备忘")["A1"] = "会议记录"
    ran = dry(desk, "merge", "评分底稿.xlsx", str(copy))
    assert "可并入 1 份底稿，将写在 评分底稿.xlsx（" in ran.err
    assert "没有写任何文件" in ran.err
    itself = dry(desk, "merge", "评分底稿.xlsx", "评分底稿.xlsx")
    assert (itself.code, "KH951" in itself.err) == (2, True), "a ledger is no copy of itself"


def test_ranking(desk: Path) -> None:
    options = ("rank", "--feedback-dir", "反馈", "--notice", "通报.docx", "--csv", "表")
    ran = dry(desk, *options)
    for said in (
        "考核结果将写在 考核结果.xlsx（新文件）", "将在 反馈 生成 14 份反馈表（新 14 份）",
        "将在 表 写出 3 个文本表格（新 3 个）", "通报草稿将写在 通报.docx（新文件）",
    ):  # fmt: skip
        assert said in ran.err
    told = kaohe(*options)
    assert (told.code, told.out) == (ran.code, ran.out)
    again = dry(desk, *options)
    for said in (
        "考核结果将写在 考核结果.xlsx（与原有的相同，不改动）", "（不变 14 份）", "（不变 3 个）",
        "通报.docx（与原有的相同，不改动）",
    ):  # fmt: skip
        assert said in again.err
    with Edit(desk / "评分底稿.xlsx") as edit:
        edit.situation("330109", 备注="已电话联系")
    assert "考核结果.xlsx（替换原有的）" in dry(desk, *options).err


def test_programs_are_told_the_same(desk: Path) -> None:
    told = dry(desk, "score", "--json").json
    assert told["dry_run"] is True
    assert told["files"] == [{"file": "评分底稿.xlsx", "state": "replaced", "kept": True}]
    assert told["entries"]["kept"] > 100
    assert {name: count for name, count in told["entries"].items() if count} == {"kept": told["entries"]["kept"]}
    ranked = dry(desk, "rank", "--csv", "表", "--json").json
    assert ranked["entries"] is None
    assert [(each["file"], each["state"]) for each in ranked["files"]] == [
        ("考核结果.xlsx", "new"), ("表/排名.csv", "new"), ("表/分项得分.csv", "new"), ("表/得分依据.csv", "new"),
    ]  # fmt: skip
    made = kaohe("rank", "--csv", "表", "--json").json
    assert (made["dry_run"], made["files"]) == (False, ranked["files"])
    stopped = dry(desk, "rank", "没有.xlsx", "--json")
    assert (stopped.json["dry_run"], stopped.json["files"]) == (None, [])


def test_what_stands_in_the_way_stands_in_the_way_of_a_dry_run(desk: Path) -> None:
    shutil.copy(desk / "考核设置.xlsx", desk / "考核结果.xlsx")
    ran = dry(desk, "rank")
    assert ran.code == 2
    assert "KH912" in ran.err
    assert ran.err.splitlines()[-1] == "下一步：照所列处理以后，运行 kaohe rank --dry-run"
    (desk / "~$评分底稿.xlsx").write_bytes(b"")
    assert "KH911" in dry(desk, "score").err


@pytest.mark.parametrize("command", ["score", "merge", "rank"])
def test_a_command_that_knows_a_dry_run_writes_through_its_press_alone(command: str) -> None:
    module = ast.parse((ROOT / "kaohe_cli" / "commands" / f"{command}.py").read_text("utf-8"))
    calls = [each for each in ast.walk(module) if isinstance(each, ast.Call)]
    called = {ast.unparse(each.func) for each in calls}
    assert "press.put" in called
    assert called.isdisjoint({"write", "files.write"})
    batches = [each for each in calls if ast.unparse(each.func) == "Batch"]
    assert all("press" in {word.arg for word in each.keywords} for each in batches)
