"""Whatever is done to the cells of a form, reading and checking it ends in values and problems, and in nothing else."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parent.parent / "corpus"))
from defects import FILE, SCHEME, SETTINGS, Form, settled

from kaohe_cli.assess.check import check_case
from kaohe_cli.catalogue import CATALOGUE
from kaohe_cli.form.gather import gather
from kaohe_cli.form.intake import intake
from kaohe_cli.form.layout import COLUMN_KEYS, row_keys
from kaohe_cli.points import number
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book, Cell, CellKind

pytestmark = pytest.mark.slow

DATA = settled()
BOOK = reader.read_bytes(DATA, FILE)[0]
assert BOOK is not None
TITLES = [measure.title for measure in SCHEME.measures.values()]
WORDS = st.sampled_from([*sorted(row_keys(SCHEME)), *sorted(COLUMN_KEYS), *TITLES, "kaohe", "form", "无", "-", "=1+1"])

cells = st.one_of(
    st.none(),
    st.builds(Cell, st.just(CellKind.TEXT), WORDS | st.text(max_size=20), st.booleans()),
    st.builds(
        Cell, st.just(CellKind.NUMBER), st.decimals(allow_nan=False, allow_infinity=False), st.booleans(), st.booleans()
    ),
    st.builds(
        Cell, st.just(CellKind.NUMBER), st.floats(allow_nan=False, allow_infinity=False).map(number), st.booleans()
    ),
    st.builds(Cell, st.just(CellKind.DATE), st.dates(), st.booleans()),
    st.builds(Cell, st.just(CellKind.LOGICAL), st.booleans(), st.booleans()),
    st.builds(Cell, st.just(CellKind.ERROR), st.just("#REF!"), st.booleans()),
    st.just(Cell(CellKind.UNCOMPUTED, None, formula=True)),
)
changes = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 60), st.integers(1, 16), cells), max_size=25)


def changed(book: Book, edits: list[tuple[int, int, int, Cell | None]]) -> Book:
    sheets = [dict(sheet.cells) for sheet in book.sheets]
    for which, row, column, cell in edits:
        cells = sheets[which % len(sheets)]
        if cell is None:
            cells.pop((row, column), None)
        else:
            cells[row, column] = cell
    pairs = zip(book.sheets, sheets, strict=True)
    return replace(book, sheets=tuple(replace(sheet, cells=cells) for sheet, cells in pairs))


@settings(max_examples=150, deadline=None)
@given(changes)
def test_any_form_ends_in_values_and_problems(edits: list[tuple[int, int, int, Cell | None]]) -> None:
    assert BOOK is not None
    taking = intake(SCHEME, SETTINGS, changed(BOOK, edits))
    cases, problems = gather(SCHEME, SETTINGS, [taking, intake(SCHEME, SETTINGS, BOOK)])
    assert len(cases) == len(SETTINGS.units)
    case, more = check_case(SCHEME, SETTINGS, cases[0])
    for each in (*problems, *more):
        assert each.code in CATALOGUE
    for name, entry in SCHEME.given(case.unit, SETTINGS).items():
        assert case.reported[name] == entry


def test_the_form_itself_is_sound() -> None:
    assert settled() == DATA
    assert Form(DATA).places
