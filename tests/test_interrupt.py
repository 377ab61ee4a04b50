"""Ctrl-C: the program stops at once, says so, and leaves nothing half-written."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from command import kaohe

SAMPLES = Path(__file__).parent.parent / "samples"
SAID = "已停止，没有写到一半的文件。"
MANY = 300  # returns, more than two processes read while a person reaches for the keys
LATEST = 60.0  # seconds to wait for what should happen at once

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent another way there")


def stopped(folder: Path, begun: Callable[[], bool], *arguments: str) -> str:
    """Run a command, stop it once ``begun``, as a terminal would; what it said."""
    # the whole group is told, as a terminal does it
    running = subprocess.Popen(
        [sys.executable, "-m", "kaohe_cli", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONIOENCODING": "utf-8"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not begun():
        assert running.poll() is None, running.communicate()
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate(timeout=LATEST)[1].decode()
    assert running.returncode == 130, said
    return said


def children(folder: Path) -> int:
    """How many processes work in ``folder``."""
    count = 0
    for each in Path("/proc").iterdir():
        try:
            count += each.name.isdigit() and (each / "cwd").resolve() == folder.resolve()
        except OSError:
            continue
    return count


def await_none(folder: Path) -> None:
    """Wait until no process works in ``folder``; fails where one stays."""
    deadline = time.monotonic() + LATEST
    while children(folder):
        assert time.monotonic() < deadline, "a process was left behind"
        time.sleep(0.05)


@pytest.fixture
def returns(tmp_path: Path) -> Path:
    """A folder with very many returns in 回收."""
    assert kaohe("blank", "上城区", "--output", tmp_path / "下发").code == 0
    (form,) = (tmp_path / "下发").iterdir()
    (tmp_path / "回收").mkdir()
    for number in range(MANY):
        shutil.copy(form, tmp_path / "回收" / f"{number}.xlsx")
    return tmp_path


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs to see the processes at work")
def test_while_many_returns_are_read(returns: Path) -> None:
    ledger = returns / "评分底稿.xlsx"
    as_it_was = (SAMPLES / "评分底稿.xlsx").read_bytes()
    ledger.write_bytes(as_it_was)
    before = sorted(path.relative_to(returns) for path in returns.rglob("*"))
    said = stopped(returns, lambda: children(returns) > 2, "score")
    assert said.strip() == SAID
    await_none(returns)
    assert ledger.read_bytes() == as_it_was
    assert sorted(path.relative_to(returns) for path in returns.rglob("*")) == before, "no lock, no temporary file"


def test_while_forms_are_made(tmp_path: Path) -> None:
    forms = tmp_path / "下发"
    said = stopped(tmp_path, lambda: forms.exists() and len(list(forms.glob("*.xlsx"))) > 1, "blank")
    assert said.strip() == SAID
    made = sorted(forms.iterdir())
    assert 2 <= len(made) < 14
    for form in made:
        assert form.suffix == ".xlsx", "no temporary file"
        assert zipfile.ZipFile(form).testzip() is None
