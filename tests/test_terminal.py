"""Every command as a terminal shows it: within its columns, numbers whole, in letters that GBK has, files led to."""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from command import ROOT, kaohe
from rich.cells import cell_len
from rich.console import Console

from kaohe_cli import console

SAMPLES = ROOT / "samples"
LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\")
ESCAPE = re.compile(rf"{LINK.pattern}|\x1b\[[0-9;?]*[A-Za-z]")
CUT = re.compile(r"\d(?:…|\.\.(?!\.))|…\d")  # a number that is not whole

# what is typed in a year that is done, and in one that has begun
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("status",),
    ("status", "--today", "2007-11-10"),
    ("init", "--output", "新的设置.xlsx"),
    ("blank", "--output", "再发"),
    ("blank", "没有这个单位"),
    ("check", "回收"),
    ("score", "--output", "新的底稿.xlsx"),
    ("score", "--output", "新的底稿.xlsx", "--return-dir", "退回", "--judge-dir", "再评"),
    ("score", "--dry-run"),
    ("merge", "评分底稿（未评）.xlsx", "评审"),
    ("rank",),
    ("rank", "评分底稿（未评）.xlsx", "--output", "暂定.xlsx"),
    ("rank", "--feedback-dir", "反馈", "--notice", "通报.docx", "--csv", "文本"),
    ("rank", "--reading", "over5=strict", "--output", "试算.xlsx"),
    ("rank", "没有.xlsx"),
    ("explain", "萧山区"),
    ("explain", "KH103"),
    ("diff", "评分底稿（未评）.xlsx", "评分底稿.xlsx"),
    ("diff", "评分底稿.xlsx", "评分底稿.xlsx"),
    ("diff", "暂定.xlsx", "考核结果.xlsx"),
    ("diff", "下发/萧山区.xlsx", "回收/萧山区.xlsx"),
    ("diff", "回收/萧山区.xlsx", "回收/余杭区.xlsx"),
    ("diff", "新的设置.xlsx", "考核设置.xlsx"),
    ("diff", "考核设置.xlsx", "评分底稿.xlsx"),
    ("diff", "考核结果.xlsx", "通报.docx"),
    ("diff", "没有.xlsx", "评分底稿.xlsx"),
    ("verify",),
    ("verify", "评分底稿.xlsx"),
    ("template", "模板.xlsx"),
    ("demo", "再一年"),
    ("scheme", "new", "方案.xlsx", "--from", "hangzhou_2007"),
    ("scheme", "new", "方案.toml"),
    ("scheme", "check", "方案.toml"),
    ("scheme", "convert", "方案.toml", "方案二.xlsx"),
    ("scheme", "check", "方案二.xlsx"),
    ("scheme", "print", "hangzhou_2007", "规则.docx"),
    ("diff", "方案.toml", "方案二.xlsx"),
    ("scheme", "rehearse", "--years", "3"),
    ("scheme", "diff", "hangzhou_2007", "hangzhou_2007", "--ledger", "评分底稿.xlsx"),
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A year that is done, in the current folder; what commands leave there, the next ones find."""
    folder = tmp_path_factory.mktemp("terminal") / "演示"
    assert kaohe("demo", folder).code == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str], None]:
    """Makes of both streams a terminal of so many columns and that encoding."""

    def made(columns: int, encoding: str) -> None:
        def of(stream: io.StringIO) -> Console:
            class Shown(io.StringIO):
                def write(self, text: str) -> int:
                    ESCAPE.sub("", text).encode(encoding)  # strictly
                    return stream.write(text)

            Shown.encoding = encoding  # type: ignore[misc]
            return Console(
                file=Shown(), force_terminal=True, legacy_windows=False, width=columns, height=30,
                color_system="standard", highlight=False, markup=False, emoji=False,
            )  # fmt: skip

        monkeypatch.setattr(console, "_console", of)

    return made


def bare(text: str) -> str:
    return ESCAPE.sub("", text)


def torn(text: str, columns: int) -> list[tuple[str, str]]:
    """Lines that were broken within a number, and those that follow."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [
        (line, after)
        for line, after in pairwise(lines)
        if cell_len(line) > columns - 8 and re.search(r"[0-9][.,]?$", line) and re.match(r"[.,]?[0-9]", after.strip())
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "encoding"), [(80, "utf-8"), (60, "utf-8"), (80, "gbk")])
@pytest.mark.usefixtures("year")
def test_every_command_stays_within_its_columns(
    columns: int, encoding: str, terminal: Callable[[int, str], None]
) -> None:
    terminal(columns, encoding)
    for words in COMMANDS:
        forced = ("--force",) if words[0] in ("init", "template", "demo") or words[:2] in FORCED else ()
        ran = kaohe(*words, *forced)
        for shown in (bare(ran.out), bare(ran.err)):
            wide = [line for line in shown.splitlines() if cell_len(line) > columns]
            assert not wide, (words, wide)
            assert not CUT.search(shown), (words, CUT.search(shown))
            assert not torn(shown, columns), (words, torn(shown, columns))
        if words[0] == "status":
            assert len(bare(ran.out).splitlines()) <= 24
        last = bare(ran.err if words[0] != "status" else ran.out).rstrip("\n").splitlines()[-2:]
        assert "下一步：" in "".join(last), (words, last)
        assert "kaohe " in last[-1], (words, last)


FORCED = (("scheme", "new"), ("scheme", "convert"), ("scheme", "print"))


def test_files_are_led_to(year: Path, terminal: Callable[[int, str], None]) -> None:
    terminal(80, "utf-8")
    ran = kaohe("rank")
    result = (year / "考核结果.xlsx").absolute().as_uri()
    assert LINK.findall(ran.err) == [result, ""]
    assert "考核结果写在 考核结果.xlsx。" in bare(ran.err)
    looked = kaohe("status")
    assert set(LINK.findall(looked.out)) == {
        "", *((year / name).absolute().as_uri() for name in ("考核设置.xlsx", "评分底稿.xlsx", "考核结果.xlsx")),
    }  # fmt: skip


def test_names_that_look_like_marks_are_but_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: Callable[[int, str], None]
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal(80, "utf-8")
    ran = kaohe("init", "--output", "[link=x][red]a.xlsx")
    assert "已生成 [link=x][red]a.xlsx" in bare(ran.err)
    assert LINK.findall(ran.err) == [(tmp_path / "[link=x][red]a.xlsx").as_uri(), ""]


def test_nothing_is_led_to_elsewhere(year: Path) -> None:
    ran = kaohe("status")
    assert "\x1b" not in ran.out + ran.err
    assert (year / "评分底稿.xlsx").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there are no such terminals there")
@pytest.mark.parametrize(("columns", "environment"), [(80, {}), (60, {"NO_COLOR": "1"}), (60, {"TERM": "dumb"})])
def test_a_real_terminal(year: Path, columns: int, environment: dict[str, str]) -> None:
    import fcntl
    import pty
    import struct
    import termios

    for words in (["status"], ["rank"], ["explain", "萧山区", "1.1"]):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        known = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES", "NO_COLOR")}
        known |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", **environment}
        with subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "kaohe_cli", *words], cwd=year, env=known, stdin=theirs,
            stdout=theirs, stderr=theirs,
        ) as run:  # fmt: skip
            os.close(theirs)
            told = b"".join(iter(partial(read, ours), b""))
        os.close(ours)
        lines = bare(re.sub(r"[^\n]*\x1b\[2K", "", told.decode().replace("\r", ""))).splitlines()
        assert run.returncode == 0, lines
        assert max(map(cell_len, lines)) <= columns, (words, [line for line in lines if cell_len(line) > columns])
        assert not CUT.search("\n".join(lines))
        assert (b"\x1b" in told) == ("TERM" not in environment)
        assert "kaohe " in lines[-1]


def read(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except OSError:  # nobody writes there any more
        return b""


def test_what_is_shown_of_a_ranking_is_whole_wherever_there_is_room(year: Path) -> None:
    shutil.rmtree(year / "退回", ignore_errors=True)
    out = kaohe("rank").out
    assert len([line for line in out.splitlines() if line.endswith(("变为达标", "变为未达标"))]) >= 5
    assert max(cell_len(line) for line in out.splitlines() if "变为" in line) <= 78
