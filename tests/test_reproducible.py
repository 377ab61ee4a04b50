"""What a result says can be had again: reading by reading through the command line, and byte by byte anywhere."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from amounts import part
from command import ROOT, kaohe

from kaohe_cli.commands.demo import sample_year
from kaohe_cli.scheme.load import load

pytestmark = pytest.mark.slow

SINGLES = [
    (reading.id, option.id) for reading in load().content.reading for option in reading.option[1:]
]  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    sample_year(folder)
    return folder / "评分底稿.xlsx"


def standing(result: Any) -> dict[str, tuple[Any, ...]]:
    return {each["code"]: (each["place"], each["grade"], each["total"]) for each in result["units"]}


@pytest.fixture(scope="module")
def decided(ledger: Path) -> Any:
    ran = kaohe("rank", ledger, "--output", ledger.with_name("考核结果.xlsx"), "--json")
    assert ran.code == 0, ran.err
    return ran.json


@pytest.mark.parametrize(("name", "option"), part(SINGLES))
def test_each_trial_is_what_ranking_by_that_option_gives(name: str, option: str, ledger: Path, decided: Any) -> None:
    ran = kaohe("rank", ledger, "--reading", f"{name}={option}", "--output", ledger.with_name("试算.xlsx"), "--json")
    assert ran.code == 0, ran.err
    assert ran.json["readings"] == {**decided["readings"], name: option}
    before, after = standing(decided), standing(ran.json)
    expected = {code: [list(pair) for pair in zip(before[code], after[code], strict=True)] for code in before
                if before[code] != after[code]}  # fmt: skip
    trial = next(each for each in decided["sensitivity"] if (each["reading"], each["option"]) == (name, option))
    assert {each["code"]: [each["place"], each["grade"], each["total"]] for each in trial["changes"]} == expected


def test_every_single_option_is_in_the_table(decided: Any) -> None:
    told = [(each["reading"], each["option"]) for each in decided["sensitivity"] if "+" not in each["reading"]]
    assert told == SINGLES
    assert len(told) == 20


def test_same_inputs_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    surroundings = {
        "a": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "PYTHONUTF8": "1"},
        "又一处/较深": {"PYTHONHASHSEED": "4242", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
    }
    seen: list[dict[str, str]] = []
    for place, environment in surroundings.items():
        folder = tmp_path / place
        folder.mkdir(parents=True)
        done = subprocess.run(
            [sys.executable, "-m", "kaohe_cli", "demo", "演示"],
            cwd=folder, env={**os.environ, **environment, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        seen.append({str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert seen[0] == seen[1]
    assert len(seen[0]) > 45
    assert sum(name.endswith(".xlsx") for name in seen[0]) == 14 * 3 + 9 + 4
