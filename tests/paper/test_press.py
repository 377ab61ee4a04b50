"""The press: what becomes of each file, and in a dry run nothing does."""

from pathlib import Path

import pytest
from folders import snapshot

from kaohe_cli.paper.batch import Batch
from kaohe_cli.paper.press import Press, tally


@pytest.mark.parametrize("dry", [False, True])
def test_what_becomes_of_each_file(tmp_path: Path, dry: bool) -> None:
    for name in ("旧.xlsx", "同.xlsx", "留.xlsx"):
        (tmp_path / name).write_bytes(b"old")
    before = snapshot(tmp_path)
    press = Press(dry=dry)
    made = [
        press.put(tmp_path / "甲" / "新.xlsx", b"new", keep=True),
        press.put(tmp_path / "旧.xlsx", b"new"),
        press.put(tmp_path / "同.xlsx", b"old", keep=True),
        press.put(tmp_path / "留.xlsx", b"new", keep=True),
        press.put(tmp_path / "旧.xlsx" / "下.xlsx", b"new"),
    ]
    assert [(each.state, each.kept) for each in made[:4]] == [
        ("new", False), ("replaced", False), ("unchanged", False), ("replaced", True),
    ]  # fmt: skip
    assert [problem.code for problem in made[4].problems] == ["KH913"]
    assert press.files == made[:4]
    assert tally(press.files, "份") == "新 1 份，替换 2 份，不变 1 份，原有的留作带日期的副本"
    assert tally(press.files[:3], "份") == "新 1 份，替换 1 份，不变 1 份"
    if dry:
        assert snapshot(tmp_path) == before
        assert all(each.copy is None and each.dry for each in made)
    else:
        assert (tmp_path / "甲" / "新.xlsx").read_bytes() == b"new"
        assert made[3].copy is not None
        assert made[3].copy.read_bytes() == b"old"


def test_a_dry_batch_says_what_would_become_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "反馈"
    folder.mkdir()
    for name in ("甲区.xlsx", "乙区.xlsx", "旧区.xlsx", "甲区.20071201-101010.xlsx", "~$甲区.xlsx"):
        (folder / name).write_bytes(b"old")
    before = snapshot(tmp_path)
    batch = Batch(folder, "反馈表", press=Press(dry=True))
    for unit, data in (("甲区", b"new"), ("乙区", b"old"), ("丙区", b"new")):
        with batch.attempt():
            batch.write(unit, data)
    assert "生成 2 份反馈表（新 1 份，不变 1 份），其余 1 份写不成。原有的旧区.xlsx、甲区.xlsx不动。" in batch.said
    assert [each.code for each in batch.problems] == ["KH911"]  # 甲区 is open elsewhere
    assert snapshot(tmp_path) == before
