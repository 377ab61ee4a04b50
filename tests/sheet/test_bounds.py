"""Numbers, times and texts as cells hold them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_cli.points import number
from kaohe_cli.sheet.book import Cell, CellKind, address, column_name
from kaohe_cli.sheet.bounds import LONGEST_TEXT, USUAL_LIMITS, Budget, CellCollector, extend
from kaohe_cli.sheet.formats import Display, clock, dated, display_of, exact, numeric, written_date


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**17), max_value=10**17, places=8))
def test_a_number_as_text_is_the_number_as_float(value: Decimal) -> None:
    for text in (format(value, "f"), format(value.normalize(), "f"), str(value), repr(float(value))):
        assert exact(text) == number(float(text))


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_a_short_number_is_taken_as_typed(whole: int, places: int) -> None:
    typed = format(Decimal(whole).scaleb(-places), "f")
    assert exact(typed) == Decimal(typed)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.30000000000000004", "0.3"), ("-0", "0"), ("-0.0", "0"), ("1.50", "1.5"), ("12.", "12"), (".5", "0.5"),
     ("+7", "7"), ("1E3", "1000"), ("1e-7", "1E-7"), ("1234567890123456789", "1234567890123460000"), ("007", "7")],
)  # fmt: skip
def test_numbers_as_files_write_them(text: str, value: str) -> None:
    assert exact(text) == Decimal(value)
    assert not str(exact(text)).startswith("-0")


@pytest.mark.parametrize(
    "text", ["", " ", "NaN", "inf", "1E400", "1_0", "１２", "0x10", "1,000", "--1", "1e", "12\n", "٣"]
)
def test_what_is_no_number(text: str) -> None:
    assert exact(text) is None


@pytest.mark.parametrize(
    ("serial", "epoch_1904", "day"),
    [
        ("1", False, date(1900, 1, 1)),
        ("59", False, date(1900, 2, 28)),
        ("61", False, date(1900, 3, 1)),
        ("39401.75", False, date(2007, 11, 15)),
        ("37939", True, date(2007, 11, 15)),
        ("0", False, None),
        ("0", True, date(1904, 1, 1)),
        ("0.75", False, None),
        ("2958465", False, date(9999, 12, 31)),
        ("2958466", False, None),
        ("2958000", True, None),
        ("-1", False, None),
    ],
)
def test_dates(serial: str, epoch_1904: bool, day: date | None) -> None:
    assert dated(Decimal(serial), epoch_1904) == day


def test_clock() -> None:
    assert [clock(Decimal(days)) for days in ("0", "0.5", "0.354166666666667", "0.999999", "0.5000115741")] == [
        "0:00", "12:00", "8:30", "", "12:00:01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("General", Display.NUMBER), ("0.00", Display.NUMBER), ("#,##0.00_);[Red](#,##0.00)", Display.NUMBER),
        ('0.00"年度"', Display.NUMBER), ('0"m"', Display.NUMBER), ("0.00E+00", Display.NUMBER), ("@", Display.NUMBER),
        ('_ "￥"* #,##0.00_ ', Display.NUMBER), ("[$-804]General", Display.NUMBER), ("0\\d", Display.NUMBER),
        ("", Display.NUMBER), ('0.00"%"', Display.NUMBER), ("[DBNum1]0", Display.NUMBER),
        ("0%", Display.PERCENT), ("0.00%;[Red]-0.00%", Display.PERCENT),
        ("yyyy-mm-dd", Display.DATE), ('yyyy"年"m"月"d"日";@', Display.DATE), ('m"月"', Display.DATE),
        ("mmm", Display.DATE), ("[$-804]aaaa", Display.DATE), ("yyyy/m/d h:mm", Display.DATE),
        ("[$-F800]dddd, mmmm dd, yyyy", Display.DATE),
        ("h:mm", Display.TIME), ("[h]:mm:ss", Display.TIME), ("mm:ss.0", Display.TIME), ("[mm]", Display.TIME),
        ("h:mm AM/PM", Display.TIME), ('上午/下午h"时"mm"分"', Display.TIME),
    ],
)  # fmt: skip
def test_formats(code: str, how: Display) -> None:
    assert display_of(code) is how


def test_a_number_under_its_format() -> None:
    half = Decimal("0.5")
    assert numeric(half, Display.NUMBER, False, False) == Cell(CellKind.NUMBER, half)
    assert numeric(half, Display.PERCENT, False, True) == Cell(CellKind.NUMBER, half, True, True)
    assert numeric(half, Display.TIME, False, False) == Cell(CellKind.TEXT, "12:00", number=half, format="时间")


@pytest.mark.parametrize(
    ("serial", "display", "said"),
    [
        ("2677.5", Display.TIME, "数值 2677.5"), ("1", Display.TIME, "数值 1"), ("-0.5", Display.TIME, "数值 -0.5"),
        ("0.9999999", Display.TIME, "数值 0.9999999"), ("1E+300", Display.TIME, "数值 1.000000e+300"),
        ("0", Display.DATE, "数值 0"), ("0.5", Display.DATE, "数值 0.5"), ("-3", Display.DATE, "数值 -3"),
        ("2958466", Display.DATE, "数值 2958466"),
    ],
)  # fmt: skip
def test_a_number_that_is_no_such_date_or_time_is_told_as_it_is(serial: str, display: Display, said: str) -> None:
    number, format = Decimal(serial), "时间" if display is Display.TIME else "日期"
    assert numeric(number, display, False, True) == Cell(CellKind.ERROR, said, True, False, number, format)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("2007-11-15", Cell(CellKind.DATE, date(2007, 11, 15))),
        ("2007-11-15T08:30:00", Cell(CellKind.DATE, date(2007, 11, 15))),
        ("9999-12-31", Cell(CellKind.DATE, date(9999, 12, 31))),
        ("10113-09-19", Cell(CellKind.ERROR, "数值 3000000", number=Decimal(3_000_000), format="日期")),
        ("10000-01-01", Cell(CellKind.ERROR, "数值 2958466", number=Decimal(2_958_466), format="日期")),
        ("10113-09-19T12:00:00", None), ("2007-02-29", None), ("0000-01-01", None), ("207-01-01", None),
        ("10001-02-29", None), ("2007-1-1", None), ("20071115", None),
    ],
)  # fmt: skip
def test_written_dates(text: str, cell: Cell | None) -> None:
    assert written_date(text, False) == cell


@given(st.text(max_size=50))
def test_texts_come_out_without_what_cannot_be_seen(text: str) -> None:
    cells = CellCollector("表", "f", Budget(USUAL_LIMITS))
    cleaned = cells.text(1, 1, text)
    assert cells.text(1, 1, cleaned) == cleaned
    assert not any(ord(sign) < 32 and sign not in "\t\n" for sign in cleaned)
    cleaned.encode()  # nothing is left that no file can hold
    if text.isprintable():
        assert cleaned == text


@given(st.lists(st.text(max_size=2_000), max_size=200))
def test_a_text_in_pieces_is_whole_up_to_what_a_cell_holds(pieces: list[str]) -> None:
    parts: list[str] = []
    for piece in pieces:
        extend(parts, piece)
    whole = "".join(pieces)
    assert "".join(parts)[:LONGEST_TEXT] == whole[:LONGEST_TEXT]
    assert (len("".join(parts)) > LONGEST_TEXT) is (len(whole) > LONGEST_TEXT)


def test_addresses() -> None:
    assert [column_name(column) for column in (1, 26, 27, 256, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "IV",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert address(12, 6) == "F12"
