"""方案.xlsx as other programs save it: the same scheme, and the text that it was made from."""

import os
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from amounts import part
from openpyxl import load_workbook
from test_text_kept import made, text_of_file
from test_typed_schemes import original, said, typed

from kaohe_cli.scheme.book.door import original_of
from kaohe_cli.scheme.load import DEFAULT, examine
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.reader import read_bytes

Convert = Callable[[Path, str, Path], Path]

NAMES = (DEFAULT, "energy_2007", "ruian_2012")  # with percentages, options, trials
GNUMERIC = {"xlsx": "Gnumeric_Excel:xlsx2", "xls": "Gnumeric_Excel:excel_biff8", "ods": "Gnumeric_OpenCalc:odf"}


def opened(data: bytes, name: str) -> Book:
    book, _ = read_bytes(data, name)
    assert book is not None
    return book


def same(data: bytes, file: str, name: str) -> None:
    found = examine(data, file)
    assert found.problems == ()
    assert found.scheme is not None
    assert said(found.scheme.content) == said(original(name).content)


def written(folder: Path, name: str) -> tuple[Path, Path]:
    """The workbook that was typed, and the one that was made from a text."""
    typed_, made_ = folder / f"{name}.xlsx", folder / f"{name}-made.xlsx"
    typed_.write_bytes(typed(name)[0])
    made_.write_bytes(made(name))
    return typed_, made_


@pytest.mark.office
@pytest.mark.parametrize(("target", "name"), part(product(("xlsx", "ods", "xls"), NAMES), every=4))
def test_libreoffice_saves_the_same_scheme(name: str, target: str, office: Convert, tmp_path: Path) -> None:
    typed_, made_ = (office(each, target, tmp_path / "out") for each in written(tmp_path, name))
    same(typed_.read_bytes(), typed_.name, name)
    assert original_of(opened(made_.read_bytes(), made_.name)) == text_of_file(name)


@pytest.mark.office
@pytest.mark.parametrize("target", [*GNUMERIC])
@pytest.mark.parametrize("name", NAMES)
def test_gnumeric_saves_the_same_scheme(name: str, target: str, tmp_path: Path) -> None:
    program = shutil.which("ssconvert")
    if program is None:
        pytest.skip("ssconvert was not found: install gnumeric to run this test")
    out = tmp_path / "out"
    out.mkdir()
    saved = []
    for path in written(tmp_path, name):
        saved.append(out / f"{path.stem}.{target}")
        command = [program, "-T", GNUMERIC[target], str(path), str(saved[-1])]
        subprocess.run(command, check=True, capture_output=True, timeout=180, env={**os.environ, "LC_ALL": "C.UTF-8"})
    same(saved[0].read_bytes(), saved[0].name, name)
    assert original_of(opened(saved[1].read_bytes(), saved[1].name)) == text_of_file(name)


@pytest.mark.parametrize("inline", [False, True])
def test_texts_may_be_shared_or_stand_in_their_cells(inline: bool) -> None:
    name, saved = "ruian_2012", BytesIO()
    book = load_workbook(BytesIO(typed(name)[0]))
    for cell in (cell for page in book for row in page.iter_rows() for cell in row) if inline else ():
        if cell.data_type == "s":
            cell.data_type = "inlineStr"
    book.save(saved)
    same(saved.getvalue(), "方案.xlsx", name)
