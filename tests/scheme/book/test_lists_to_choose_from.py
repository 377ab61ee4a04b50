"""The hidden columns from which people choose: their formulas computed by LibreOffice, against what was written."""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe_cli.scheme.book.choices import ALL, LISTS
from kaohe_cli.scheme.book.made import made_from
from kaohe_cli.scheme.load import load

Convert = Callable[[Path, str, Path], Path]


def unnamed() -> dict[str, Any]:
    """The 2007 scheme, its readings and their options without names but for one."""
    raw = tomllib.loads(Path("kaohe_cli/scheme/hangzhou_2007.toml").read_text("utf-8"), parse_float=Decimal)
    for number, reading in enumerate(raw["reading"]):
        if number != 3:
            reading["id"] = ""
        for place, option in enumerate(reading["option"]):
            if place != 1:
                option["id"] = ""
    return raw


@pytest.mark.office
def test_what_is_chosen_from_is_kept_up_by_formulas(office: Convert, tmp_path: Path) -> None:
    seen = 0
    for name, data in {
        "named": made_from(load().raw), "unnamed": made_from(unnamed()),
        "kinds": made_from(load("tests/schemes/jinhua_2011.toml").raw),
    }.items():  # fmt: skip
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        written = openpyxl.load_workbook(path, data_only=True)
        bare = openpyxl.load_workbook(path)
        bare.save(tmp_path / f"{name}.bare.xlsx")  # without the values that were written
        computed = openpyxl.load_workbook(
            office(tmp_path / f"{name}.bare.xlsx", "xlsx", tmp_path / "out"), data_only=True
        )
        for page in bare:
            titles = {cell.column for cell in page[1] if cell.value in ALL} if page.title != LISTS else {1}
            for row in page.iter_rows():
                for cell in (cell for cell in row if cell.column in titles and cell.data_type == "f"):
                    values = [(book[page.title][cell.coordinate].value or "") for book in (written, computed)]
                    assert values[0] == values[1], (name, page.title, cell.coordinate)
                    seen += bool(values[0])
        options = [cell.value for cell in written[LISTS]["A"] if cell.value]
        assert options[:2] == {"unnamed": ["口径1=办法1", "口径1=both"]}.get(name, options[:2])
    assert seen > 400, seen
