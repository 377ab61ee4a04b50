"""Limits as tests of values against limits as formulas, computed by LibreOffice: every field of every scheme here."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from bulk import Row, compute
from unbounded import without

from kaohe_cli.form import live
from kaohe_cli.model import Field, Mark
from kaohe_cli.scheme.condition import Addresses
from kaohe_cli.scheme.fields import DATE, form_fields, settings_fields
from kaohe_cli.scheme.limit import broken, date_limits
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.settings import writer

Convert = Callable[[Path, str, Path], Path]

pytestmark = pytest.mark.office

HAIR = Decimal("0.000001")
ODD = tuple(Decimal(text) for text in ("0", "0.5", "1", "-1", "7.25", "3.125", "12.3456781", "-0.0000001", "123456789"))
TOTALS = (None, Decimal(40), Decimal(20000))


class Case(Row):
    """A formula that is 1 where a value is beyond its limits, and whether the program says so."""

    what: str
    wrong: bool


def schemes() -> Iterator[tuple[str, Scheme]]:
    yield "2007", load()
    yield "2015", load("tests/schemes/townships_2015.toml")
    for keys in (("min",), ("max",), ("min", "max")):
        yield f"2007 without {'and'.join(keys)}", without(*keys)


def numbers(field: Field, total: Decimal | None = None) -> Iterator[Decimal]:
    """Odd numbers, and the edges of the range and what is a hair beside them."""
    yield from ODD
    for edge in (field.minimum, field.maximum, total):
        if edge is not None:
            yield from (edge - 1, edge - HAIR, edge, edge + HAIR, edge + 1)


def cases() -> Iterator[Case]:
    seen = set()
    for name, scheme in schemes():
        for field in (*form_fields(scheme, {}), *settings_fields(scheme, "")):
            issued = field.name.startswith(".")
            limited = (field.minimum, field.maximum, field.at_most, field.whole, field.decimals, field.above_zero)
            alike = (issued, *limited, field.marks)
            if field.type in ("number", "score") and alike not in seen:
                seen.add(alike)
                yield from (typed_in if issued else filled_in)(name, scheme, field)
        yield from days(name, scheme)


def filled_in(name: str, scheme: Scheme, field: Field) -> Iterator[Case]:
    """A number in a form, beside the total that it may not exceed."""
    measure = field.name.partition(".")[0]
    read = (field.name, *(f"{measure}.{each}" for each in ("prior", "target", "actual")))
    for total in TOTALS if field.at_most else (None,):
        for value in numbers(field, total):
            typed = {field.name: value} | ({field.at_most: total} if field.at_most and total is not None else {})
            figures = tuple(dict.fromkeys((*read, *typed, *([field.at_most] if field.at_most else []))))
            wrong = bool(broken(field, value, scheme, total))
            yield Case(partial(live.flawed, scheme, field), figures, typed, f"{name} {field.name} {typed}", wrong)


def typed_in(name: str, scheme: Scheme, field: Field) -> Iterator[Case]:
    """A number or a word in the settings."""
    for value in (*numbers(field), Mark.NO_TASK, Mark.NOT_APPLICABLE):
        what = f"{name} {field.name} {value}"
        wrong = value not in field.marks if isinstance(value, Mark) else bool(broken(field, value))
        typed = {"it": value.value if isinstance(value, Mark) else value}
        yield Case(partial(refused, field), ("it",), typed, what, wrong)


def refused(field: Field, cells: Addresses) -> str:
    """An entry check that ends in an error refuses too."""
    return f"IF(ISERROR({(legal := str(writer._validation(field, cells('it'))['value'])[1:])}),1,IF({legal},0,1))"


def days(name: str, scheme: Scheme) -> Iterator[Case]:
    for edge in date_limits(scheme):
        for day in (edge - timedelta(1), edge, edge + timedelta(1)):
            typed = {"date": Decimal((day - date(1899, 12, 30)).days)}
            wrong = bool(broken(DATE, day, scheme))
            yield Case(partial(live.flawed, scheme, DATE), ("date",), typed, f"{name} {day}", wrong)


def test_what_the_program_takes_a_spreadsheet_takes_and_nothing_else(office: Convert, tmp_path: Path) -> None:
    rows = list(cases())
    told = [said for (said,) in compute(rows, [], office, tmp_path)]
    assert [f"{row.what}: {said}" for row, said in zip(rows, told, strict=True) if (said == "1.00") != row.wrong] == []
    assert set(told) == {"0.00", "1.00"}
    assert 1000 < sum(row.wrong for row in rows) < len(rows) - 500
