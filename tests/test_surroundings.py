"""Odd surroundings: each ends in its exit code and in a message that says what was done and what was not.

1 a full disk  2 read-only  3 a limit on files  4 no temporary folder  5 names that are not UTF-8  6 closed streams
7 letters that the terminal lacks  8 the contract at every exit code
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from amounts import part
from command import ROOT, kaohe

from kaohe_cli.commands.contract import NOTHING
from kaohe_cli.paper import files

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "samples"
SETTINGS = ("--settings", str(SAMPLES / "考核设置.xlsx"))
LEDGER = str(SAMPLES / "评分底稿.xlsx")

posix = pytest.mark.skipif(os.name != "posix", reason="the system has no such thing")


def run(
    *arguments: str | Path | bytes,
    cwd: Path,
    before: Callable[[], None] | None = None,
    through: tuple[str, ...] = (),
    **environment: str,
) -> "subprocess.CompletedProcess[bytes]":
    """The program in a process of its own."""
    command = [*through, sys.executable, "-W", "error", "-m", "kaohe_cli", *(os.fspath(each) for each in arguments)]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(
        command, cwd=cwd, capture_output=True, env=surroundings, preexec_fn=before, timeout=120, check=False
    )


def shell(line: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """A line of bash in which ``kaohe`` is the program; its exit code is that of the first command of a pipe."""
    program = f'kaohe() {{ {sys.executable} -W error -m kaohe_cli "$@"; }}; '
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(
        ["bash", "-c", program + line + '; exit ${PIPESTATUS[0]}'], cwd=cwd, capture_output=True, env=surroundings,
        timeout=120, check=False,
    )  # fmt: skip


def left(folder: Path) -> list[str]:
    """What is in a folder that the program should not leave there."""
    return [path.name for path in folder.rglob("*") if path.name.startswith(".") or path.suffix == ".tmp"]


# ── 1 a full disk ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def full_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A disk that takes so many files and no more."""

    def fill(count: int) -> None:
        synced = 0
        sync = os.fsync

        def full(handle: int) -> None:
            nonlocal synced
            synced += 1
            if synced > 2 * count:  # a file and its folder
                raise OSError(28, "No space left on device")
            sync(handle)

        monkeypatch.setattr(os, "fsync", full)

    return fill


def test_forms_that_exist_are_counted(full_after: Callable[[int], None], tmp_path: Path) -> None:
    full_after(3)
    ran = kaohe("blank", *SETTINGS, "--output", tmp_path / "下发", "--json")
    assert ran.code == 1
    assert f"已在 {tmp_path / '下发'} 生成 3 份考核表，其余 11 份未写。" in ran.err
    made = sorted(path.name for path in (tmp_path / "下发").iterdir())
    assert len(made) == 3
    assert sorted(Path(form["file"]).name for form in ran.json["forms"]) == made
    told = [each for each in ran.json["problems"] if each["code"] == "KH913"]
    assert len(told) == 11
    assert all("磁盘空间不足" in each["message"] and str(tmp_path) in each["message"] for each in told)


@pytest.mark.parametrize(
    ("arguments", "count", "said", "unsaid"),
    [
        (("init", "--output", "设置.xlsx"), 0, "磁盘空间不足", "已生成"),
        (("template", "模板.xlsx"), 0, "磁盘空间不足", "已生成"),
        (("scheme", "new", "方案.toml"), 0, "磁盘空间不足", "已生成"),
        (("rank", LEDGER), 0, "考核结果没有写成。", "考核结果写在"),
        (("rank", LEDGER, "--feedback-dir", "反馈"), 1, "已在 反馈 生成 0 份反馈表，其余 14 份未写。", "没有写成"),
        (("rank", LEDGER, "--feedback-dir", "反馈"), 4, "已在 反馈 生成 3 份反馈表，其余 11 份未写。", "没有写成"),
        (("rank", LEDGER, "--csv", "文本"), 2, "已在 文本 写出 1 个文本表格，其余 2 个未写。", "没有写成"),
        (("rank", LEDGER, "--notice", "通报.docx"), 1, "通报草稿没有写成。", "文号、落款日期"),
        (("score", str(SAMPLES / "回收"), *SETTINGS), 0, "评分底稿没有写成。", "评分底稿写在"),
        (("demo", "演示"), 5, "没有做完，演示 里的文件不全。", "一套完整的文件"),
        (("demo", "演示"), 20, "没有做完，演示 里的文件不全。", "一套完整的文件"),
        (("demo", "演示"), 50, "没有做完，演示 里的文件不全。", "一套完整的文件"),
    ],
)
def test_only_what_was_done_is_said(
    arguments: tuple[str, ...], count: int, said: str, unsaid: str, full_after: Callable[[int], None], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    full_after(count)
    ran = kaohe(*arguments)
    assert ran.code == 1
    assert "KH913" in ran.err
    assert said in ran.err
    assert unsaid not in ran.err
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) == count
    assert left(tmp_path) == []


def test_forms_to_mend_that_exist_are_counted(full_after: Callable[[int], None], tmp_path: Path) -> None:
    returned = tmp_path / "回收"
    kaohe("blank", *SETTINGS, "--output", returned)
    full_after(3)
    ran = kaohe(
        "score", returned, *SETTINGS, "--output", tmp_path / "底稿.xlsx", "--return-dir", tmp_path / "退回", "--json"
    )
    assert ran.code == 1
    assert "生成 2 份待更正的考核表，其余 12 份未写。" in ran.err
    assert len(list((tmp_path / "退回").iterdir())) == 2
    assert len(ran.json["units"]) == 14


def test_a_full_disk_leaves_the_ledger_as_it_was(full_after: Callable[[int], None], tmp_path: Path) -> None:
    ledger = tmp_path / "评分底稿.xlsx"
    assert kaohe("score", SAMPLES / "回收", *SETTINGS, "--output", ledger).code == 0
    data = ledger.read_bytes()
    full_after(0)
    one = SAMPLES / "回收" / "上城区.xlsx"
    for arguments in (("score", one, *SETTINGS, "--output", ledger), ("merge", ledger, LEDGER)):
        ran = kaohe(*arguments)
        assert ran.code == 1
        assert "磁盘空间不足" in ran.err
        assert "已并入" not in ran.err
        assert ledger.read_bytes() == data
        assert [path.name for path in tmp_path.iterdir()] == [ledger.name]


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 KiB, where one can be had."""
    disk = tmp_path / "盘"
    disk.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_really_full(tiny: Path, tmp_path: Path) -> None:
    done = run("blank", *SETTINGS, "--output", tiny / "下发", "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr.decode()
    forms = json.loads(done.stdout)["forms"]
    made = sorted((tiny / "下发").iterdir())
    assert 0 < len(made) < 14
    assert f"生成 {len(made)} 份考核表，其余 {14 - len(made)} 份未写。" in done.stderr.decode()
    assert sorted(Path(form["file"]) for form in forms) == made
    assert all(zipfile.ZipFile(path).testzip() is None for path in made)
    assert left(tiny) == []
    done = run("rank", LEDGER, "--output", tiny / "结果.xlsx", cwd=tmp_path)
    assert done.returncode == 1
    assert "磁盘空间不足" in done.stderr.decode()


# ── 2 read-only ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def bound() -> tuple[str, ...]:
    """What makes a command bound by the rights of files, also where the tests are not."""
    if os.name != "posix":
        pytest.skip("rights are another thing there")
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        pytest.skip("the administrator is bound by no rights")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", "--output", "锁/设置.xlsx"),
        ("blank", *SETTINGS, "--output", "锁"),
        ("blank", *SETTINGS, "--output", "锁/深/下发"),
        ("score", str(SAMPLES / "回收"), *SETTINGS, "--output", "锁/底稿.xlsx"),
        ("rank", LEDGER, "--output", "锁/结果.xlsx"),
        ("rank", LEDGER, "--output", "结果.xlsx", "--feedback-dir", "锁"),
        ("rank", LEDGER, "--output", "结果.xlsx", "--csv", "锁/文本"),
        ("rank", LEDGER, "--output", "结果.xlsx", "--notice", "锁/通报.docx"),
        ("template", "锁/模板.xlsx"),
        ("scheme", "new", "锁/方案.toml"),
    ],
)
def test_a_folder_that_cannot_be_written_to(arguments: tuple[str, ...], bound: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "锁").mkdir()
    (tmp_path / "锁").chmod(0o555)
    done = run(*arguments, cwd=tmp_path, through=bound)
    said = done.stderr.decode()
    assert done.returncode == 2, said
    assert "KH913" in said
    assert "文件夹没有写入权限" in said
    assert [path.name for path in tmp_path.rglob("*")] == ["锁"], "before any work is done"


@pytest.mark.parametrize("mode", [0o444])
def test_a_ledger_that_may_not_be_written(mode: int, bound: tuple[str, ...], tmp_path: Path) -> None:
    ledger = tmp_path / "评分底稿.xlsx"
    shutil.copy(LEDGER, ledger)
    ledger.chmod(mode)
    done = run("score", SAMPLES / "回收", *SETTINGS, cwd=tmp_path, through=bound)
    assert done.returncode == 2
    assert "文件是只读的" in done.stderr.decode()
    assert "正由" not in done.stderr.decode(), "nobody has it open"


def test_an_existing_ledger_that_cannot_be_read_is_a_problem_of_data(bound: tuple[str, ...], tmp_path: Path) -> None:
    ledger = tmp_path / "评分底稿.xlsx"
    shutil.copy(LEDGER, ledger)
    ledger.chmod(0o200)
    for arguments in (
        ("score", str(SAMPLES / "回收"), *SETTINGS),
        ("rank",),
        ("explain", "上城区"),
        ("merge", ledger, LEDGER),
    ):
        done = run(*arguments, cwd=tmp_path, through=bound)
        assert done.returncode == 1, done.stderr.decode()
        assert "KH017" in done.stderr.decode()
        assert "没有权限" in done.stderr.decode()
        assert "用法" not in done.stderr.decode()
    ledger.chmod(0o600)
    assert ledger.read_bytes() == Path(LEDGER).read_bytes()


@pytest.mark.parametrize("content", [b"", b"PK\3\4 damaged", b"%PDF-1.4", b"\0" * 900])
def test_an_existing_ledger_that_is_damaged_is_a_problem_of_data(content: bytes, tmp_path: Path) -> None:
    ledger = tmp_path / "评分底稿.xlsx"
    ledger.write_bytes(content)
    for arguments in (
        ("score", SAMPLES / "回收", *SETTINGS, "--output", ledger, "--json"),
        ("rank", ledger, "--output", tmp_path / "结果.xlsx", "--json"),
        ("merge", ledger, LEDGER),
        ("explain", "上城区", "--ledger", ledger),
    ):
        ran = kaohe(*arguments)
        assert ran.code == 1
        assert "用法" not in ran.err
        if "--json" in arguments:
            assert ran.json["units"] == []
            assert ran.json["problems"][0]["file"] == ledger.name
    assert ledger.read_bytes() == content
    assert list(tmp_path.iterdir()) == [ledger]


# ── 3 a limit on files ──────────────────────────────────────────────────────────────────────────────────


@posix
@pytest.mark.parametrize(
    ("arguments", "most", "said"),
    [
        (("blank", *SETTINGS, "--json"), 20_000, "生成 0 份考核表，其余 14 份未写。"),
        (("rank", LEDGER), 30_000, "考核结果没有写成。"),
        (("score", str(SAMPLES / "回收"), *SETTINGS), 60_000, "KH913"),
    ],
)
def test_a_limit_on_the_size_of_files(arguments: tuple[str, ...], most: int, said: str, tmp_path: Path) -> None:
    import resource

    done = run(*arguments, cwd=tmp_path, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
    text = done.stderr.decode()
    assert done.returncode == 1, text
    assert "KH913" in text
    assert "文件超过系统允许的大小" in text
    assert said in text
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# ── 4 no temporary folder ───────────────────────────────────────────────────────────────────────────────


def test_no_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", none)
    ran = kaohe("score", SAMPLES / "回收", *SETTINGS, "--output", tmp_path / "底稿.xlsx", "--json")
    assert ran.code == 1
    assert [(each["code"], each["message"]) for each in ran.json["problems"]] == [
        ("KH913", f"“临时文件”写不进去：{files.NO_TEMPORARY}")
    ]
    assert list(tmp_path.iterdir()) == []
    assert kaohe("rank", LEDGER, "--output", tmp_path / "结果.xlsx").code == 0, "it needs none"


# ── 5 names that are not UTF-8 ──────────────────────────────────────────────────────────────────────────


def spelled(name: str) -> bytes:
    """A name as Chinese Windows writes it."""
    return name.encode("gb18030")


@posix
def test_names_as_chinese_windows_writes_them(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/" + spelled("回收")
    os.mkdir(folder)
    for path in (SAMPLES / "回收").iterdir():
        shutil.copy(path, folder + b"/" + spelled(path.name))
    with open(folder + b"/" + spelled("坏表.xlsx"), "wb") as bad:
        bad.write(b"PK\3\4")
    with open(folder + b"/\xff\xfe.xlsx", "wb") as odd:
        odd.write(b"%PDF-1.4")
    shutil.copy(SAMPLES / "考核设置.xlsx", os.fsencode(tmp_path) + b"/" + spelled("设置.xlsx"))
    ledger = os.fsencode(tmp_path) + b"/" + spelled("底稿.xlsx")
    given = ("--settings", spelled("设置.xlsx"), "--output", spelled("底稿.xlsx"))
    done = run("score", spelled("回收"), *given, "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr.decode()
    found = json.loads(done.stdout)
    assert {unit["file"] for unit in found["units"]} == {path.name for path in (SAMPLES / "回收").glob("*.xlsx")}
    assert {each["file"] for each in found["problems"] if each["severity"] == "error"} == {
        "坏表.xlsx",
        "\\xff\\xfe.xlsx",
    }
    assert "评分底稿写在 底稿.xlsx" in done.stderr.decode()
    done = run("rank", spelled("底稿.xlsx"), "--output", spelled("结果.xlsx"), "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert os.path.exists(ledger)
    done = run("verify", spelled("结果.xlsx"), cwd=tmp_path)
    assert "底稿：底稿.xlsx 与当时相同" in done.stdout.decode()
    assert "设置：设置.xlsx 与当时相同" in done.stdout.decode()
    done = run(
        "blank", "上城区", "--settings", spelled("设置.xlsx"), "--output", spelled("下发"), "--json", cwd=tmp_path
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["forms"][0]["file"] == "下发/上城区.xlsx"
    done = run("rank", spelled("没有.xlsx"), cwd=tmp_path)
    assert done.returncode == 2
    assert "没有找到评分底稿 没有.xlsx" in done.stderr.decode()


@posix
def test_one_of_two_returns_is_chosen_by_such_a_name(tmp_path: Path) -> None:
    one = SAMPLES / "回收" / "上城区.xlsx"
    other = spelled("上城区改.xlsx")
    from openpyxl import load_workbook

    book = load_workbook(one)
    field = kaohe("blank", "上城区", *SETTINGS, "--output", tmp_path / "下发", "--json").json["forms"][0]["fields"]
    book[field["sales.actual"]["sheet"]][field["sales.actual"]["cell"]] = 300
    with open(os.fsencode(tmp_path) + b"/" + other, "wb") as target:
        book.save(target)
    done = run("score", one, other, "--prefer", other, *SETTINGS, "--json", cwd=tmp_path)
    unit = next(each for each in json.loads(done.stdout)["units"] if each["code"] == "330102")
    assert unit["file"] == "上城区改.xlsx"
    assert unit["items"][0]["criteria"][0]["points"] == 0


# ── 6 closed streams ────────────────────────────────────────────────────────────────────────────────────


@posix
@pytest.mark.parametrize(
    "line",
    [
        f"kaohe rank '{LEDGER}' | true",
        f"kaohe rank '{LEDGER}' --json | true",
        f"kaohe rank '{LEDGER}' --json | head -c 100",
        f"kaohe rank '{LEDGER}' 2>&1 >/dev/null | true",
        f"kaohe explain 萧山区 --ledger '{LEDGER}' | head -1",
        "kaohe --help | true",
        "kaohe score --help | true",
        "kaohe explain KH103 | true",
        "kaohe scroe 2>&1 | true",
        "kaohe rank nowhere.xlsx --json 2>&1 | true",
    ],
)
def test_a_pipe_that_nobody_reads_ends_with_0(line: str, tmp_path: Path) -> None:
    done = shell(line, tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@posix
@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"kaohe rank '{LEDGER}' --output a.xlsx >&-", 0),
        (f"kaohe rank '{LEDGER}' --output a.xlsx --json 2>&-", 0),
        (f"kaohe rank '{LEDGER}' --output a.xlsx <&- >&- 2>&-", 0),
        ("kaohe rank nowhere.xlsx >&- 2>&-", 2),
        ("kaohe --help >&-", 0),
        ("kaohe scroe 2>&-", 2),
    ],
)
def test_streams_that_were_closed(line: str, code: int, tmp_path: Path) -> None:
    done = shell(line, tmp_path)
    assert done.returncode == code, done.stderr.decode()
    assert b"Traceback" not in done.stdout + done.stderr
    if "--json" in line:
        assert len(json.loads(done.stdout)["units"]) == 14, "messages do not go astray to where the contract is"
    if "a.xlsx" in line:
        assert zipfile.ZipFile(tmp_path / "a.xlsx").testzip() is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
@pytest.mark.parametrize("option", ["", "--json"])
def test_an_output_that_takes_nothing(option: str, tmp_path: Path) -> None:
    done = shell(f"kaohe rank '{LEDGER}' {option} >/dev/full", tmp_path)
    assert done.returncode == 1
    assert "KH913 错误  “屏幕输出”写不进去：磁盘空间不足" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


# ── 7 letters that the terminal lacks ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", part(["ascii", "latin-1", "cp437", "cp1252"], every=2))
@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",), ("score", "--help"), ("scroe",), ("rank", "nowhere.xlsx"), ("explain", "KH103"), ("rank", LEDGER),
        ("score", str(SAMPLES / "回收"), *SETTINGS), ("blank", *SETTINGS),
        ("explain", "330109", "1.1", "--ledger", LEDGER),
    ],
)  # fmt: skip
def test_no_line_is_of_question_marks_alone(encoding: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path, PYTHONIOENCODING=encoding)
    lines = (done.stdout + b"\n" + done.stderr).decode(encoding).splitlines()
    assert sum(map(bool, lines)) > 1
    assert [line for line in lines if "?" in line and not re.search("[0-9A-Za-z]", line)] == []
    assert not any("??" in line for line in lines)
    hint = [line for line in lines if "no Chinese letters" in line]
    assert len(hint) == 1, "it says once why"


def test_the_contract_is_whole_in_any_encoding(tmp_path: Path) -> None:
    outputs = {}
    for encoding in ("utf-8", "ascii", "gbk", "latin-1"):
        (tmp_path / encoding).mkdir()  # a file that is there already would be told otherwise
        done = run("rank", LEDGER, "--json", cwd=tmp_path / encoding, PYTHONIOENCODING=encoding)
        outputs[encoding] = json.loads(done.stdout.decode(encoding))
    assert outputs["utf-8"]["units"][0]["unit"] == "萧山区"
    assert all(output == outputs["utf-8"] for output in outputs.values())


# ── 8 the contract at every exit code ───────────────────────────────────────────────────────────────────

# the names of old, which stay; what came to them since, the schemas know
SHAPES = {
    "init": {"scheme", "file", "fields", "problems"},
    "blank": {"scheme", "forms", "problems"},
    "check": {"scheme", "units", "queries", "changes", "problems"},
    "score": {"scheme", "units", "queries", "changes", "problems"},
    "rank": {"scheme", "final", "open", "units", "readings", "sensitivity", "margins", "problems"},
}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("init", "--output", "设置.xlsx"), 0, ""),
        (("init", "--output", "设置.xls"), 2, "KH907"),
        (("init", "--scheme", "没有"), 2, "KH901"),
        (("blank", *SETTINGS), 0, ""),
        (("blank", "肖山区", *SETTINGS), 2, "KH952"),
        (("blank", "--template", "没有.xlsx"), 2, "KH963"),
        (("check", str(SAMPLES / "回收" / "上城区.xlsx")), 0, "KH958"),
        (("check", "坏.xlsx"), 1, "KH009"),
        (("check", "没有.xlsx"), 2, "KH957"),
        (("check",), 2, "KH959"),
        (("score", str(SAMPLES / "回收"), *SETTINGS), 0, "KH241"),
        (("score", "坏.xlsx", *SETTINGS), 1, "KH951"),
        (("score", "没有"), 2, "KH957"),
        (("score", "--outptu", "x"), 2, "KH959"),
        (("rank", LEDGER), 0, "KH404"),
        (("rank", "坏.xlsx"), 1, "KH009"),
        (("rank", "没有.xlsx"), 2, "KH955"),
        (("rank", LEDGER, "--reading", "over5=loose"), 2, "KH902"),
        (("rank", LEDGER, "--reading", "over5"), 2, "KH959"),
        (("rank", LEDGER, "--notice-style", "1988"), 2, "KH959"),
        (("rank", LEDGER, "--notice-date", "昨天"), 2, "KH959"),
    ],
)
def test_the_object_is_always_there(
    arguments: tuple[str, ...], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "坏.xlsx").write_bytes(b"%PDF-1.4")
    ran = kaohe(*arguments, "--json")
    assert ran.code == code, ran.err
    assert set(ran.json) >= SHAPES[arguments[0]]
    assert set(ran.json) == {*NOTHING[arguments[0]], "problems"}
    assert told in {"", *(each["code"] for each in ran.json["problems"])}
