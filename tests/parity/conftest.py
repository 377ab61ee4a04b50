"""Cases for parity, and LibreOffice for many files at a time."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

Convert = Callable[[Path, str, Path], Path]
ConvertAll = Callable[[Sequence[Path], str, Path], list[Path]]


@pytest.fixture(scope="session")
def office_all(office: Convert, tmp_path_factory: pytest.TempPathFactory) -> ConvertAll:
    """LibreOffice over many files, two runs side by side: ``office_all(paths, "xlsx", folder)`` gives the new files."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None
    profiles = [tmp_path_factory.mktemp("office_all") / "profile" for _ in range(2)]

    def run(profile: Path, paths: Sequence[Path], target: str, folder: Path) -> None:
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", target]
        names = [str(path) for path in paths]
        subprocess.run([*command, "--outdir", str(folder), *names], check=True, capture_output=True, timeout=540)

    def convert(paths: Sequence[Path], target: str, folder: Path) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor() as pool:
            for job in [
                pool.submit(run, profile, paths[half::2], target, folder) for half, profile in enumerate(profiles)
            ]:
                job.result()
        made = [folder / f"{path.stem}.{target.split(':')[0]}" for path in paths]
        assert all(path.exists() for path in made)
        return made

    return convert


@pytest.fixture(scope="session")
def uno_python(office: Convert) -> str:
    """A Python that speaks to LibreOffice; skips where there is none, fails there where KAOHE_REQUIRE_OFFICE=1."""
    for python in ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", "/opt/libreoffice/program/python"):
        if shutil.which(python) and subprocess.run([python, "-c", "import uno"], capture_output=True).returncode == 0:
            return python
    if os.environ.get("KAOHE_REQUIRE_OFFICE") == "1":
        pytest.fail("python3-uno is required here (KAOHE_REQUIRE_OFFICE=1) and was not found")
    pytest.skip("python3-uno was not found: install it to run this test")
