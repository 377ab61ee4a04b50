"""Returns come in the same order, and with the same content, however many processes read them."""

import os
import time
from pathlib import Path

import pytest
from command import kaohe

from kaohe_cli.commands.demo import sample_year
from kaohe_cli.form import returns
from kaohe_cli.scheme.load import load
from kaohe_cli.settings import workbook
from kaohe_cli.sheet.folder import find_files

pytestmark = pytest.mark.slow

COUNT = 14


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings and fourteen returns, and one file that is none."""
    folder = tmp_path_factory.mktemp("made")
    sample_year(folder)
    (folder / "回收" / "名单.xlsx").write_text("不是表格")
    return folder


def test_many_processes_read_what_one_reads_in_its_order(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = load()
    settings, problems = workbook.read(scheme, made / "考核设置.xlsx")
    assert settings is not None, problems
    found, _ = find_files([made / "回收"])
    assert len(found) == COUNT + 1
    alone = list(returns.read_returns(scheme, settings, found))
    monkeypatch.setattr(returns, "FEW", 0)
    monkeypatch.setattr(returns, "TOGETHER", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    started = []
    monkeypatch.setattr(returns, "_one", lambda *given: started.append(given))
    together = list(returns.read_returns(scheme, settings, found))
    assert not started, "other processes have read them"
    assert together == alone
    assert [each.file for each, _ in together if each] == [each.name for each in found if each.name != "名单.xlsx"]


def test_a_ledger_is_the_same_by_whatever_processes(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = ("score", made / "回收", "--settings", made / "考核设置.xlsx", "--output")
    assert kaohe(*given, made / "一.xlsx").code == 1
    monkeypatch.setattr(returns, "FEW", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert kaohe(*given, made / "二.xlsx").code == 1
    assert (made / "一.xlsx").read_bytes() == (made / "二.xlsx").read_bytes()


def test_reading_can_be_given_up(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import multiprocessing

    scheme = load()
    settings, _ = workbook.read(scheme, made / "考核设置.xlsx")
    assert settings is not None
    found, _ = find_files([made / "回收"])
    monkeypatch.setattr(returns, "FEW", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    taking = returns.read_returns(scheme, settings, found * 40)
    assert next(taking)
    working = multiprocessing.active_children()
    assert working
    taking.close()
    # the pool reaps its processes itself, so that only the system can say that they are gone
    for process in working:
        assert process.pid is not None
        gone_by = time.monotonic() + 60
        while is_there(process.pid):
            assert time.monotonic() < gone_by
            time.sleep(0.05)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
