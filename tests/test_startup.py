"""What each command loads: a library that it does not need costs everybody who waits for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kaohe_cli import __version__

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
HEAVY = frozenset({
    "openpyxl", "pandas", "numpy", "xlsxwriter", "xlrd", "docx", "lxml", "PIL", "rich", "msgspec", "tomllib",
    "filelock", "platformdirs", "pydantic",
})  # fmt: skip
SHOWS = frozenset({"rich", "msgspec"})  # what every command that does something needs
SCHEME = SHOWS | {"tomllib"}
OPENPYXL = frozenset({"openpyxl", "numpy", "lxml", "PIL"})  # it takes along whichever of these is there

# command, with folders of the samples in braces → the heavy libraries that it may load
COMMANDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("", frozenset()),
    ("--help", frozenset()),
    ("--version", frozenset()),
    ("score --help", frozenset()),
    ("scheme --help", frozenset()),
    ("explain KH103", SCHEME),
    ("init --output {out}/设置.xlsx", SCHEME | {"xlsxwriter"}),
    ("blank 上城区 --output {out}", SCHEME | OPENPYXL),
    ("blank 上城区 --output {out} --settings {made}/考核设置.xlsx", SCHEME | OPENPYXL),
    ("check {made}/回收/上城区.xlsx", SCHEME),
    ("score {made}/回收 --output {out}/底稿.xlsx", SCHEME | {"xlsxwriter", "filelock"}),
    ("rank {made}/评分底稿.xlsx --output {out}/结果.xlsx", SCHEME | {"xlsxwriter", "pandas", "numpy"}),
    ("explain 萧山区 --ledger {made}/评分底稿.xlsx", SCHEME | {"xlsxwriter"}),
    ("scheme check {scheme}", SCHEME),
)
NEEDED = {"blank": "openpyxl", "score": "xlsxwriter", "rank": "pandas", "init": "xlsxwriter"}


def loaded(arguments: list[str], folder: Path) -> set[str]:
    """The heavy libraries that the command loads."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kaohe_cli", *arguments],
        cwd=folder,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
    lines = told.stderr.decode().splitlines()
    assert told.returncode in (0, 1), told.stderr.decode()
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines if line.startswith("import time:")}
    assert {"kaohe_cli", "typer"} <= names, "nothing was seen"
    return names & HEAVY


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings, returns and a ledger."""
    from kaohe_cli.commands.demo import sample_year

    folder = tmp_path_factory.mktemp("made")
    sample_year(folder)
    return folder


@pytest.mark.parametrize(("command", "allowed"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_command_loads_what_it_needs(command: str, allowed: frozenset[str], made: Path, tmp_path: Path) -> None:
    scheme = ROOT / "kaohe_cli" / "scheme" / "hangzhou_2007.toml"
    words = [word.format(made=made, out=tmp_path, scheme=scheme) for word in command.split(" ") if word]
    found = loaded(words, tmp_path)
    assert found <= allowed
    if "--help" not in words and words and words[0] in NEEDED:
        assert NEEDED[words[0]] in found, "the command did its work"


def test_the_version_is_told(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "kaohe_cli", "--version"],
        cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    assert told.stdout.decode().strip() == f"kaohe {__version__}"


def test_what_is_watched_is_installed() -> None:
    from importlib.util import find_spec

    missing = {name for name in HEAVY if find_spec(name) is None}
    # pydantic: releases of typer that load it with every command are not used
    assert missing <= {"lxml", "PIL", "pydantic"}, "a library that is not there is never seen"
