"""A ledger that was worked on in LibreOffice: what it shows, and that it reads back whole."""

import os
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from test_ledger import SCHEME, Office, codes, points

from kaohe_cli.ledger import book as workbook

pytestmark = pytest.mark.office
SYSTEM_PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).parent / "edit_in_libreoffice.py"

Convert = Callable[[Path, str, Path], Path]


@pytest.fixture
def ledger(tmp_path: Path) -> Office:
    made = Office(tmp_path / "评分底稿.xlsx")
    made.score()
    return made


def test_live_progress_says_in_libreoffice_what_the_program_says(ledger: Office, office: Convert) -> None:
    written = openpyxl.load_workbook(ledger.path, data_only=True)
    openpyxl.load_workbook(ledger.path).save(ledger.path)  # without the values, so that they must be worked out
    shown = openpyxl.load_workbook(office(ledger.path, "xlsx", ledger.path.parent / "out"), data_only=True)
    compared = 0
    for name in ("进度", "评分明细", "数据核定"):
        for row in written[name].iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert shown[name][cell.coordinate].value == cell.value, (name, cell.coordinate)
                    compared += 1
    assert compared > 10_000
    assert "待评 196 项（共 196 项）" in [cell.value for cell in shown["进度"]["A"]]


@pytest.mark.parametrize("target", ["ods", "xls"])
def test_a_ledger_saved_in_another_format_reads_back_whole(ledger: Office, office: Convert, target: str) -> None:
    plain, _ = ledger.read()
    read, problems = workbook.read(SCHEME, office(ledger.path, target, ledger.path.parent / "out"))
    assert [each for each in problems if each.severity == "error"] == []
    assert read is not None
    assert read.scores == plain.scores
    assert {open.key for open in read.open} == {open.key for open in plain.open}


def test_a_ledger_edited_in_libreoffice_reads_back_whole(ledger: Office, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    has_uno = os.path.exists(SYSTEM_PYTHON) and (
        subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True).returncode == 0
    )
    if program is None or not has_uno:
        if os.environ.get("KAOHE_REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice with its Python is required here (KAOHE_REQUIRE_OFFICE=1): install python3-uno")
        pytest.skip("LibreOffice with its Python was not found: install python3-uno to run this test")
    plain, _ = ledger.read()
    pipe, profile = f"kaohe{os.getpid()}", (tmp_path / "profile").as_uri()
    running = subprocess.Popen(
        [program, "--headless", "--norestore", f"-env:UserInstallation={profile}",
         f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        done = subprocess.run(
            [SYSTEM_PYTHON, str(SCRIPT), pipe, ledger.path.as_uri()], capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stderr
        running.wait(60)
    finally:
        running.kill()
        running.wait()
    page = openpyxl.load_workbook(ledger.path)["评分明细"]
    assert page["D1"].value == "初评"
    own = [row[0] for row in page.iter_rows(min_row=2, min_col=9, max_col=9, values_only=True) if row[0] is not None]
    assert own == sorted(own, reverse=True), "it was sorted by 自评分"
    assert page.row_dimensions[6].height > 80
    read, problems = ledger.read()
    assert [each for each in problems if each.severity == "error"] == []
    assert codes(problems) == ["KH121"], "a formula counts by its value, with a note"
    assert points(read, "330102", "1.4.1") == Decimal("6.25")
    assert points(read, "HEDA", "2.10.1") == Decimal("3.5")
    changed = {("330102", "1.4.1"), ("HEDA", "2.10.1")}
    for before, after in zip(plain.scores, read.scores, strict=True):
        for id in SCHEME.criteria:
            if (before.unit.code, id) not in changed and not id.startswith("1.1"):
                assert after.criterion(id) == before.criterion(id)
    assert [(key, work.cells["初评"].value) for key, work in read.typed.items() if "初评" in work.cells] == [
        (("评分明细", "330103", "1.5.1"), "良")
    ]
    assert len([work for work in read.typed.values() if work.key[0] == "数据核定"]) == 1
    ledger.score()
    again, problems = ledger.read()
    assert again.scores == read.scores
    assert {key: work.cells for key, work in again.typed.items() if key[0] == "数据核定"} == {
        key: work.cells for key, work in read.typed.items() if key[0] == "数据核定"
    }
