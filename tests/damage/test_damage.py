"""Thousands of damaged workbooks: no hang, no fault, no flood of memory, and no wrong value that passes for a good one.

Returns, settings, ledgers and a workbook of every kind of cell, as .xlsx, .ods and .xls. Damage to the container must
be refused or change nothing; where checksums are right, or there are none, the file may say something else, and an
oracle says what.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from amounts import amount

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
KINDS = ("return", "settings", "ledger", "mixed")
FORMATS = ("xlsx", "ods", "xls")
COUNT = amount(255, 350)  # cases of each kind and format
SEED = 2007
SECONDS = 5  # that a case may take
MEMORY = 300  # MiB that a batch may take


def run(kind: str, form: str, count: int, *more: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(map(str, HERE.parents[:2]))
    return subprocess.run(
        [sys.executable, str(HERE / "cases.py"), kind, form, str(SEED), str(count), *more],
        capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


@cache
def summary(kind: str, form: str, count: int, *more: str) -> dict[str, Any]:
    done = run(kind, form, count, *more)
    assert done.returncode == 0, done.stderr[-2_000:]  # its last lines name the case
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_there_are_thousands_of_cases() -> None:
    assert COUNT * len(KINDS) * len(FORMATS) >= 3_000


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_refused_or_told_or_changes_nothing(kind: str, form: str) -> None:
    seen = summary(kind, form, COUNT)
    assert not seen["wrong"], "\n".join(seen["wrong"])
    assert seen.get("traceback", 0) == 0
    assert seen["slowest"] < SECONDS, seen["slowest_case"]
    assert seen["peak"] < MEMORY
    # neither does it refuse whatever it is given, nor was there nothing to see
    assert seen["cases"] == COUNT
    assert seen["refused"] > COUNT / 5
    assert seen["identical"] > COUNT / 5
    assert all(sum(outcomes.values()) >= 3 for outcomes in seen["families"].values())
    assert all(set(outcomes) == {"identical"} for name, outcomes in seen["families"].items() if name[:8] == "harmless")
    if form != "xls":
        assert seen["large"] > COUNT / 10


@pytest.mark.parametrize("fault", ["sleeps", "hangs"])
@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_a_case_that_hangs_is_seen(form: str, fault: str) -> None:
    done = run("mixed", form, 3, fault)
    assert done.returncode != 0
    assert "Timeout" in done.stderr
    assert f"mixed {form} 0" in done.stderr


def test_a_fault_of_the_program_is_seen() -> None:
    seen = summary("mixed", "xlsx", 9, "raises")
    assert seen["traceback"] > 5
    assert "on purpose" in seen["wrong"][0]


def test_a_flood_of_memory_is_seen() -> None:
    assert summary("mixed", "xlsx", 3, "grows")["peak"] > MEMORY


@pytest.mark.parametrize("form", FORMATS)
def test_wrong_values_are_seen(form: str) -> None:
    """A reading with every number one off is found wrong at every level."""
    seen = summary("mixed", form, 84, "lies")
    assert len(seen["wrong"]) > 20
    assert any("cells differ" in wrong for wrong in seen["wrong"])
    assert any("harmless, but" in wrong for wrong in seen["wrong"])
    if form != "xls":
        assert any("passed as good" in wrong for wrong in seen["wrong"])
