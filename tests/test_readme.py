"""What the README says a newcomer types is run as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import ROOT

pytestmark = pytest.mark.slow

READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.S)


@pytest.mark.parametrize("name", READMES)
def test_the_samples_command_works_as_written(name: str, tmp_path: Path) -> None:
    command = next(block for block in blocks(name) if "kaohe rank" in block).strip()
    _, *steps = [step.strip() for step in command.split("&&") if "pip install" not in step]
    assert len(steps) == 3
    for made in ("samples", "templates"):
        (tmp_path / made).symlink_to(ROOT / made)
    for step in steps:
        program, _, arguments = step.partition(" ")
        assert program == ".venv/bin/kaohe"
        ran = subprocess.run(
            f"{sys.executable} -m kaohe_cli {arguments}",
            shell=True,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
    assert len(list((tmp_path / "try" / "下发").glob("*.xlsx"))) == 14
    assert (tmp_path / "try" / "考核结果.xlsx").stat().st_size > 10_000


@pytest.mark.parametrize("name", READMES)
def test_the_test_command_is_the_one_that_ci_runs(name: str) -> None:
    command = next(block for block in blocks(name) if "pytest" in block).strip()
    test = command.split("&&")[-1].strip().removeprefix(".venv/bin/")
    assert test in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_file_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    commands = set(re.findall(r"kaohe ([a-z]+)", text))
    known = {"init", "blank", "check", "score", "merge", "rank", "explain", "verify", "demo", "template", "scheme",
             "status", "diff"}  # fmt: skip
    assert commands <= known
    assert len(commands) >= 9
    linked = set(re.findall(r"\]\(([^)]+)\)", text)) | set(re.findall(r"docs/[A-Za-z0-9-]+\.md", text))
    assert len(linked) >= 5
    for link in linked:
        assert (ROOT / link).exists(), link
