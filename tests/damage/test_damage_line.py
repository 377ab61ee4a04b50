"""Damaged files through the whole command line: no fault of the program, and no healthy file suffers for them."""

from pathlib import Path
from random import Random

import pytest
from cases import BASES, SAMPLES, SCHEME, base, families
from command import kaohe

from kaohe_cli.ledger import book as ledger
from kaohe_cli.model import Case

pytestmark = pytest.mark.slow

FORMATS = ("xlsx", "ods", "xls")
RETURNS, LEDGERS, SETTINGS = 24, 12, 8  # damaged files of each format
HEALTHY = "330103"
FINE = (0, 1, 2)  # exit codes; 3 is a fault of the program


def damaged(kind: str, form: str, count: int) -> list[tuple[str, bytes]]:
    """So many files, each by another family."""
    known = families(form)
    chosen = Random(f"line {kind} {form}").sample(known, count)
    return [(name, damage(Random(f"line {kind} {form} {name}"), base(kind, form))) for name, _, damage in chosen]


def case_of(path: Path, code: str) -> Case:
    held, problems = ledger.read(SCHEME, path)
    assert held is not None, problems
    return next(case for case in held.cases if case.unit.code == code)


def score(folder: Path, settings: Path, output: Path) -> int:
    return kaohe("score", folder, "--settings", settings, "--output", output).code


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """What comes of the healthy return by itself."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "回收").mkdir()
    (folder / "回收" / "下城区.xlsx").write_bytes((SAMPLES / "回收" / "下城区.xlsx").read_bytes())
    assert score(folder / "回收", BASES / "settings.xlsx", folder / "底稿.xlsx") in FINE
    found = case_of(folder / "底稿.xlsx", HEALTHY)
    assert found.status == "received"
    assert len(found.reported) > 50
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_a_damaged_return_never_stops_the_healthy_one_beside_it(form: str, alone: Case, tmp_path: Path) -> None:
    folder = tmp_path / "回收"
    folder.mkdir()
    (folder / "下城区.xlsx").write_bytes((SAMPLES / "回收" / "下城区.xlsx").read_bytes())
    statuses = set()
    for number, (name, data) in enumerate(damaged("return", form, RETURNS)):
        (folder / f"上城区.{form}").write_bytes(data)
        output = tmp_path / f"{number}.xlsx"
        assert score(folder, BASES / "settings.xlsx", output) in FINE, name
        assert case_of(output, HEALTHY) == alone, name
        statuses.add(case_of(output, "330102").status)
    assert statuses >= {"received", "missing"}


@pytest.mark.parametrize("form", FORMATS)
def test_a_damaged_ledger_is_ranked_or_refused(form: str, tmp_path: Path) -> None:
    path, seen = tmp_path / f"底稿.{form}", set()
    for number, (name, data) in enumerate(damaged("ledger", form, LEDGERS)):
        path.write_bytes(data)
        output = tmp_path / f"{number}.xlsx"
        code = kaohe("rank", path, "--output", output).code
        assert code in FINE, name
        seen.add(output.exists())
    assert seen == {True, False}


@pytest.mark.parametrize("form", FORMATS)
def test_damaged_settings_are_taken_or_refused(form: str, tmp_path: Path) -> None:
    path, folder = tmp_path / f"设置.{form}", tmp_path / "回收"
    folder.mkdir()
    (folder / "下城区.xlsx").write_bytes((SAMPLES / "回收" / "下城区.xlsx").read_bytes())
    for number, (name, data) in enumerate(damaged("settings", form, SETTINGS)):
        path.write_bytes(data)
        assert score(folder, path, tmp_path / f"{number}.xlsx") in FINE, name
