"""1 whole or not at all  2 the predecessor kept  3 never over an open file  4 one run at a time."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from kaohe_cli.paper import files
from kaohe_cli.paper.batch import Batch
from kaohe_cli.paper.lock import locked


def codes(problems: tuple) -> list[str]:
    return [each.code for each in problems]


def test_a_file_is_written_into_folders_that_do_not_exist_yet(tmp_path: Path) -> None:
    path = tmp_path / "一" / "二" / "评分底稿.xlsx"
    assert files.ready(path) == ()
    assert files.write(path, b"new") == (None, ())
    assert path.read_bytes() == b"new"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_predecessor_stays_as_a_dated_copy_and_no_copy_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "评分底稿.xlsx"
    copies = []
    for content in (b"1", b"2", b"3", b"4"):
        kept, problems = files.write(path, content, keep=True)
        assert problems == ()
        copies.append(kept)
    assert copies[0] is None
    assert [copy.read_bytes() for copy in copies[1:] if copy] == [b"1", b"2", b"3"]
    assert all(copy.name.startswith("评分底稿.20") and copy.suffix == ".xlsx" for copy in copies[1:] if copy)
    assert len(list(tmp_path.iterdir())) == 4


def test_the_same_content_makes_no_copy_and_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "评分底稿.xlsx"
    files.write(path, b"same", keep=True)
    before = path.stat()
    assert files.write(path, b"same", keep=True) == (None, ())
    assert path.stat() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_copy_is_made_also_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "评分底稿.xlsx"
    for content in (b"1", b"2", b"3"):
        files.write(path, content, keep=True)
    assert sorted(each.read_bytes() for each in tmp_path.iterdir()) == [b"1", b"2", b"3"]


@pytest.mark.parametrize(
    ("lock", "content", "who"),
    [
        ("~$评分底稿.xlsx", b"\x04\xd5\xc5\xc8\xfd" + b" " * 50, "张三"),
        ("~$评分底稿.xlsx", b"", "Excel"),
        (".~lock.评分底稿.xlsx#", ",王五,pc,20.11.2007 15:30,file:///x;".encode(), "王五"),
        (".~评分底稿.xlsx", b"", "WPS"),
    ],
)
def test_an_open_workbook_is_an_explained_error_before_any_work(
    tmp_path: Path, lock: str, content: bytes, who: str
) -> None:
    path = tmp_path / "评分底稿.xlsx"
    path.write_bytes(b"old")
    (tmp_path / lock).write_bytes(content)
    (problem,) = files.ready(path)
    assert problem.code == "KH911"
    assert who in problem.message
    assert "正由的" not in problem.message, "nobody is named where the lock names nobody"
    assert lock in problem.fix
    assert path.read_bytes() == b"old"


def test_an_existing_file_needs_force(tmp_path: Path) -> None:
    path = tmp_path / "考核设置.xlsx"
    path.write_bytes(b"old")
    assert codes(files.ready(path, force=False)) == ["KH912"]
    assert files.ready(path, force=True) == ()


def test_what_cannot_be_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "file").write_bytes(b"")
    assert codes(files.ready(tmp_path / "folder.xlsx")) == ["KH913"]
    assert codes(files.ready(tmp_path / "file" / "x.xlsx")) == ["KH913"]
    assert codes(files.write(tmp_path / "file" / "x.xlsx", b"")[1]) == ["KH913"]


@pytest.mark.skipif("sys.platform == 'win32'", reason="names are measured otherwise there")
@pytest.mark.parametrize("path", ["长" * 90 + ".xlsx", f"还没有/{'长' * 82}.xlsx", f"还没有/{'长' * 90}/a.xlsx"])
def test_a_name_too_long_to_be_written_is_told_before_any_work(tmp_path: Path, path: str) -> None:
    assert "文件名过长" in files.ready(tmp_path / path)[0].message
    assert codes(files.write(tmp_path / path, b"")[1]) == ["KH913"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "评分底稿.xlsx"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    kept, (problem,) = files.write(path, b"new", keep=True)
    assert kept is None
    assert problem.code == "KH913"
    assert "磁盘空间不足" in problem.message
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(path.name, b"old")]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs fork")
def test_200_kills_at_random_moments_leave_the_old_or_the_new_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "评分底稿.xlsx"
    contents = [bytes([number]) * 300_000 for number in (1, 2)]
    files.write(path, contents[0])
    chance, seen, left = random.Random(20071115), set(), 0
    for _ in range(200):
        child = os.fork()
        if child == 0:
            while True:
                for content in reversed(contents):
                    files.write(path, content, keep=True)
        time.sleep(chance.uniform(0.0005, 0.008))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        whole = path.read_bytes()
        assert whole in contents
        seen.add(whole)
        for copy in tmp_path.glob("评分底稿.*-*.xlsx"):
            assert copy.read_bytes() in contents, copy.name
            copy.unlink()
        left += len(list(tmp_path.glob(".*.tmp")))
    assert len(seen) == 2
    assert left > 0, "no kill ever hit a write: the moments are not random enough to prove anything"
    files.write(path, b"last")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


HOLD = "import sys,time,pathlib\nfrom kaohe_cli.paper.lock import locked\n" + (
    "with locked(pathlib.Path(sys.argv[1])) as problems:\n    print(len(problems), flush=True)\n    time.sleep(60)\n"
)


def test_two_runs_at_once_do_not_both_get_the_ledger_and_a_dead_run_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "评分底稿.xlsx"
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "0"
        with locked(path) as problems:
            assert codes(problems) == ["KH914"]
            assert str(other.pid) in problems[0].message
    finally:
        other.kill()
        other.communicate()
    assert list(tmp_path.glob(".*.lock")), "the dead run must have left its lock file behind"
    with locked(path) as problems:
        assert problems == ()
    assert list(tmp_path.iterdir()) == []


def test_who_holds_the_ledger_is_told_however_often_it_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "评分底稿.xlsx"
    with locked(path):
        for _ in range(2):
            with locked(path) as problems:
                assert f"计算机 {socket.gethostname()} 上的另一次运行（进程 {os.getpid()}）" in problems[0].message
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_ours_is_known_by_its_title_in_either_brackets(tmp_path: Path) -> None:
    from kaohe_cli.paper.workbook import Paper

    path = tmp_path / "滨江区(高新区).xlsx"
    with Paper("考核表反馈（滨江区(高新区)）", datetime(2007, 7, 6)) as paper:
        paper.sheet("甲")
        path.write_bytes(paper.finish())
    assert files.ready(path, force=False, title="考核表反馈（滨江区（高新区））") == ()
    assert codes(files.ready(path, force=False, title="考核表反馈（上城区）")) == ["KH912"]


def test_files_of_units_have_plain_names(tmp_path: Path) -> None:
    batch = Batch(tmp_path, "反馈表")
    assert batch.write("滨江区（高新区）", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["滨江区(高新区).xlsx"]
