"""Fixtures that every test may use."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from msgspec.structs import replace

from kaohe_cli.catalogue import CATALOGUE

# how long an example takes says nothing on a busy machine; in CI the same examples are tried every time
settings.register_profile("kaohe", deadline=None, derandomize=os.environ.get("CI", "") not in ("", "false", "0"))
settings.load_profile("kaohe")

ROOT = Path(__file__).parent.parent

Convert = Callable[[Path, str, Path], Path]


@pytest.fixture(scope="session", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where reports of faults go: no test writes one to the home of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("state")
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder


class WholeSentence(str):
    """A sentence of the catalogue in which no place may be filled with nothing."""

    def format(self, *args: object, **words: object) -> str:
        told = str(super().format(*args, **words))  # where nothing is filled in, it would be this very object
        empty = [name for name, word in words.items() if not str(word or "").strip() and f"{{{name}}}" in self]
        assert not empty, f"{self} has no {empty}"
        return told


@pytest.fixture(scope="session", autouse=True)
def whole_sentences() -> Iterator[None]:
    """Whatever problem a test brings about is told in whole sentences."""
    told = {
        code: replace(kind, message=WholeSentence(kind.message), fix=WholeSentence(kind.fix))
        for code, kind in CATALOGUE.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kaohe_cli.diagnostic.CATALOGUE", told)
        yield


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """LibreOffice as an oracle: ``office(path, "pdf", folder)`` converts and returns the new file.

    Skips where LibreOffice is missing; fails there where KAOHE_REQUIRE_OFFICE=1.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("KAOHE_REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice is required here (KAOHE_REQUIRE_OFFICE=1) and was not found")
        pytest.skip("LibreOffice was not found: install libreoffice-calc to run this test")
    profile = tmp_path_factory.mktemp("office") / "profile"

    def convert(path: Path, target: str, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", target]
        subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=180)
        made = folder / f"{path.stem}.{target.split(':')[0]}"
        assert made.exists(), f"LibreOffice made no {made.name}"
        return made

    return convert
