"""Cases for parity, and LibreOffice for many files at a time."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

Convert = Callable[[Path, str, Path], Path]
ConvertAll = Callable[[Sequence[Path], str, Path], list[Path]]
TypeIn = Callable[[Path, Mapping[str, Any]], Path]
TYPIST = Path(__file__).parent / "typist.py"


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


@pytest.fixture(scope="session")
def type_in(uno_python: str) -> TypeIn:
    """LibreOffice at the keyboard: ``type_in(workbook, plan)``, as typist.py says, gives the folder it saved in."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None

    def run(path: Path, plan: Mapping[str, Any]) -> Path:
        folder, script = path.parent / "out", path.parent / "plan.json"
        script.write_text(json.dumps(plan), encoding="utf-8")
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        accept = f"--accept=socket,host=127.0.0.1,port={port};urp;"
        profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
        office = subprocess.Popen([program, profile, "--headless", "--norestore", accept], stderr=subprocess.DEVNULL)
        try:
            command = [uno_python, str(TYPIST), port, str(path), str(folder), str(script)]
            subprocess.run(command, check=True, timeout=180)
            office.wait(60)
        finally:
            office.kill()
            office.wait()
        return folder

    return run
