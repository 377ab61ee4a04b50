"""Formulas in bulk: laid out one case a row, beside the figures that they read, and computed by LibreOffice."""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from msgspec import Struct

from kaohe_cli.form import live, package
from kaohe_cli.model import Entry, Field, Settings, Unit
from kaohe_cli.paper.archive import packed
from kaohe_cli.points import fixed
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import address

Convert = Callable[[Path, str, Path], Path]
AS_IT_IS = "as it is"  # in place of a mutation that changes nothing


class Setting(Struct):
    """A scheme in force and what one unit was given."""

    scheme: Scheme
    given: Mapping[str, Entry]
    asked: Mapping[str, Field]


class Row(Struct):
    """A formula, and what stands in the cells that it reads."""

    formula: Callable[[live.Addresses], str]
    figures: tuple[str, ...]
    typed: Mapping[str, Decimal | str]  # a blank is not there


def setting(scheme: Scheme, unit: Unit, given: Mapping[str, Entry]) -> Setting:
    """What is in force for ``unit`` where the settings give it ``given``."""
    known = scheme.given(unit, Settings(scheme.units, {unit.code: given}, {}, {}))
    return Setting(scheme, known, {field.name: field for field in form_fields(scheme, known)})


def compute(
    rows: Sequence[Row], mutations: Sequence[Callable[[str], str]], office: Convert, folder: Path
) -> list[list[str]]:
    """What LibreOffice makes of each formula, then of each mutation of it; numbers at two decimals."""
    path, first = folder / "bulk.xlsx", 1 + len(mutations)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        cells = {}
        for column, name in enumerate(row.figures, first):
            cells[name] = address(number + 1, column + 1)
            value = row.typed.get(name)
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, float(value))
        formula = row.formula(cells.__getitem__)
        for column, changed in enumerate((formula, *(mutate(formula) for mutate in mutations))):
            if not column or changed != formula:  # what leaves it as it is comes to the same
                sheet.write_formula(number, column, f"={changed}", None, "not computed")
            else:
                sheet.write_string(number, column, AS_IT_IS)
    book.close()
    # without the name of a program whose results LibreOffice would take over unseen
    path.write_bytes(packed(package.canonical(path.read_bytes(), datetime(2007, 7, 6))))
    made = office(path, "csv:Text - txt - csv (StarCalc):44,34,76", folder / "out")
    with made.open(encoding="utf-8", newline="") as lines:
        computed = [
            [shown(line[0] if text == AS_IT_IS else text) for text in line[:first]] for line in csv.reader(lines)
        ]
    assert len(computed) == len(rows)
    assert all(text != "not computed" for line in computed for text in line)
    return computed


def shown(text: str) -> str:
    """A number as points are told; what is none as it is."""
    return fixed(Decimal(text)) if text.removeprefix("-").replace(".", "").isdigit() else text
