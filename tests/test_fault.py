"""A fault of the program: what is said of it, and the report of it in the user's own folder."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from command import ROOT, kaohe

from kaohe_cli import __version__, fault

LEDGER = ROOT / "samples" / "评分底稿.xlsx"


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """The reports in a state folder that does not exist yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own" / "state"))
    return lambda: sorted((tmp_path / "own" / "state" / "kaohe").iterdir())


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program whose ranking is at fault."""

    def rank(*_: object, **__: object) -> None:
        raise ZeroDivisionError("名次")

    monkeypatch.setattr("kaohe_cli.commands.rank.rank", rank)


@pytest.mark.usefixtures("broken")
def test_two_faults_leave_two_reports_and_each_names_its_own(reports: Callable[[], list[Path]]) -> None:
    for number in (1, 2):
        ran = kaohe("rank", LEDGER, stop_at=3)
        assert ran.code == 3
        assert len(reports()) == number
        assert f"详情记在 {reports()[-1]}，请连同有关文件转给维护人员。" in ran.err
        assert "Traceback" not in ran.err
    for report in reports():
        text = report.read_text("utf-8")
        assert text.startswith(f"kaohe {__version__} · Python ")
        assert f"\nrank {LEDGER}\n" in text
        assert "ZeroDivisionError: 名次" in text
        assert f"-{os.getpid()}.log" in report.name


@pytest.mark.skipif(os.name != "posix", reason="rights are another thing there")
def test_only_the_user_reads_a_report(reports: Callable[[], list[Path]]) -> None:
    before = os.umask(0)
    try:
        fault.told(ValueError())
    finally:
        os.umask(before)
    (report,) = reports()
    assert report.stat().st_mode & 0o777 == 0o600
    assert report.parent.stat().st_mode & 0o777 == 0o700


def test_the_newest_reports_are_kept_and_nothing_else_is_touched(reports: Callable[[], list[Path]]) -> None:
    fault.told(ValueError("0"))
    (first,) = reports()
    other = first.with_name("other.log")
    other.touch()
    for number in range(1, 23):
        fault.told(ValueError(str(number)))
    kept = [path for path in reports() if path != other]
    assert len(kept) == fault.MOST == 20
    assert [path.read_text("utf-8").splitlines()[-1] for path in kept] == [f"ValueError: {n}" for n in range(3, 23)]
    assert other.exists()


@pytest.mark.usefixtures("broken")
def test_where_no_report_can_be_written_the_cause_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    ran = kaohe("rank", LEDGER, stop_at=3)
    assert ran.code == 3
    assert ran.err.strip() == "程序出错，与填报的数据无关，没有写到一半的文件。原因：ZeroDivisionError。"


def test_a_user_without_a_home_is_told_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(fault, "user_state_path", nowhere)
    assert fault.told(KeyError("x")).endswith("原因：KeyError。")
