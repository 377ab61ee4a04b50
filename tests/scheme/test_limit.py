"""Each kind of limit as a test, as a formula and in words, and all that takes its limits from there.

What the formulas come to in a spreadsheet is tested in tests/parity/test_limits.py.
"""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from unbounded import without

from kaohe_cli.assess.check import check_case
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.template import template_workbook
from kaohe_cli.ledger.figures import verified_field
from kaohe_cli.model import Case, Entry, Field, Origin, Settings
from kaohe_cli.scheme.fields import DATE, expected, form_fields, settings_fields
from kaohe_cli.scheme.limit import broken, limits, phrases, span
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.normalise import accept
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.settings import workbook, writer
from kaohe_cli.sheet.book import Cell, CellKind

SCHEME = load()
FIELDS = {field.name: field for field in form_fields(SCHEME, {})}
OPEN = {"no least": ("min",), "no greatest": ("max",), "neither": ("min", "max")}
HUGE = Decimal(123456789)


def number(**limited: object) -> Field:
    return Field("invest.actual", "number", "工业投资·本年实绩", unit="亿元", **limited)  # type: ignore[arg-type]


KINDS = [
    # field, what keeps to its limits, what does not, code, what is expected, formula of what does not, in a sentence
    (number(minimum=Decimal(-100)), "-100", "-100.1", "KH103", "-100 以上的数值", "C5<-100", ""),
    (number(maximum=Decimal(100000)), "100000", "100000.1", "KH103", "100,000 以下的数值", "C5>100000", ""),
    (number(whole=True), "12.0", "12.5", "KH111", "整数", "INT(C5)<>C5", ""),
    (number(decimals=2), "1.250", "1.251", "KH112", "最多 2 位小数", "ROUND(C5-ROUND(C5,2),8)<>0", "最多 2 位小数"),
    (number(above_zero=True), "-1", "0", "KH126", "", "C5=0", "不能为 0"),
    (number(at_most="centers.target"), "40", "41", "KH103", "40 以下的数值（参加考核数）",
     "IF(COUNT(B5)=1,C5>B5,FALSE)", "不超过参加考核数"),
]  # fmt: skip


@pytest.mark.parametrize("case", KINDS, ids=[case[3] + case[5] for case in KINDS])
def test_each_kind_is_a_test_a_formula_and_words(case: tuple[Field, str, str, str, str, str, str]) -> None:
    field, kept, beyond, code, said, formula, phrase = case
    total = Decimal(40)
    assert broken(field, Decimal(kept), SCHEME, total) == ()
    (limit,) = broken(field, Decimal(beyond), SCHEME, total)
    assert (limit.code, limit.expected, limit.outside("C5", "B5"), limit.phrase) == (code, said, formula, phrase)
    assert phrases([limit], limit.kind) == (phrase,)


def test_a_formula_of_what_keeps_to_a_limit_is_the_opposite() -> None:
    field = number(minimum=Decimal(0), maximum=Decimal(5), whole=True, decimals=2, above_zero=True)
    assert [limit.inside("C5") for limit in limits(field)] == [
        "C5>=0", "C5<=5", "INT(C5)=C5", "ROUND(C5-ROUND(C5,2),8)=0", "C5<>0",
    ]  # fmt: skip


def test_a_day_is_one_of_the_year_or_of_the_month_after_it() -> None:
    for day in (date(2007, 1, 1), date(2008, 1, 31)):
        assert broken(DATE, day, SCHEME) == ()
    for day in (date(2006, 12, 31), date(2008, 2, 1)):
        (limit,) = broken(DATE, day, SCHEME)
        assert (limit.code, limit.expected) == ("KH117", "2007-01-01 至 2008-01-31")
        assert limit.phrase == "2007年1月1日至2008年1月31日之间的日期"
    assert [limit.outside("C5") for limit in limits(DATE, SCHEME)] == ["C5<39083", "C5>=39479"]


@pytest.mark.parametrize(
    ("total", "value", "said"),
    [
        ("40", "41", ["0–40（参加考核数）"]),
        ("40", "-1", ["0–40（参加考核数）"]),
        ("40", "10001", ["0–40（参加考核数）"]),
        ("10000", "10001", ["0–10,000"]),
        ("20000", "10001", ["0–10,000"]),
        ("-5", "3", []),
        (None, "3", []),
    ],
)
def test_a_total_limits_its_parts_where_it_is_within_range_itself(
    total: str | None, value: str, said: list[str]
) -> None:
    found = broken(FIELDS["centers.actual"], Decimal(value), SCHEME, None if total is None else Decimal(total))
    assert [limit.expected for limit in found] == said


def test_a_range_is_said_by_what_is_known_of_it() -> None:
    least, most = Decimal(0), Decimal(10000)
    assert [span(least, most), span(-most, most), span(least, most, " 的整数")] == [
        "0–10,000", "-10,000 至 10,000", "0–10,000 的整数",
    ]  # fmt: skip
    assert [span(least, None), span(None, most), span(None, None)] == ["0 以上的数值", "10,000 以下的数值", "数值"]
    assert [span(least, None, " 的整数"), span(None, most, "的整数"), span(None, None, " 的数")] == [
        "0 以上的整数", "10,000 以下的整数", "数",
    ]  # fmt: skip


# ── figures without a least value, without a greatest one, without either ───────────────────────────────

AND_SO_ON = 'ROUND(C5-ROUND(C5,6),8)=0,C5<>0),C5="无任务")'
SETTINGS = {
    "no least": (f"=IF(ISNUMBER(C5),AND(ISNUMBER(C5),C5<=100000,{AND_SO_ON}", "应为 100000 以下的数值（亿元）"),
    "no greatest": (f"=IF(ISNUMBER(C5),AND(ISNUMBER(C5),C5>=0,{AND_SO_ON}", "应为 0 以上的数值（亿元）"),
    "neither": (f"=IF(ISNUMBER(C5),AND(ISNUMBER(C5),{AND_SO_ON}", "应为 数值（亿元）"),
}


@pytest.mark.parametrize("name", OPEN)
def test_the_settings_ask_for_what_is_known(name: str) -> None:
    scheme = without(*OPEN[name])
    sheet = load_workbook(io.BytesIO(workbook.settings_workbook(scheme)[0]))["下达目标"]
    column = next(cell.column_letter for cell in sheet[1] if cell.value == "sales.target")
    (check,) = [check for check in sheet.data_validations.dataValidation if f"{column}5" in check.sqref]
    formula, said = SETTINGS[name]
    assert f"={check.formula1}".replace(f"{column}5", "C5").replace("==", "=") == formula
    assert check.error == f"{said}，不能为 0，最多 6 位小数，没有这项任务的填“无任务”。"


def test_the_settings_ask_for_whole_numbers_by_what_is_known() -> None:
    said = {}
    for name, keys in OPEN.items():
        field = next(each for each in settings_fields(without(*keys), "") if each.name == ".clean.target")
        said[name] = writer._validation(field, "C5")["error_message"]
    assert said == {
        "no least": "应为 100000 以下的整数（家），不能为 0，没有这项任务的填“无任务”。",
        "no greatest": "应为 0 以上的整数（家），不能为 0，没有这项任务的填“无任务”。",
        "neither": "应为 整数（家），不能为 0，没有这项任务的填“无任务”。",
    }


def test_a_target_beyond_the_bounds_of_others_is_read_from_the_settings(tmp_path: Path) -> None:
    scheme = without("max")
    data, places = workbook.settings_workbook(scheme)
    book = load_workbook(io.BytesIO(data))
    for figure, value in (("sales.target", int(HUGE)), ("invest.target", -1)):
        place = next(place for place in places if place.field.name == f"330102.{figure}")
        book[place.sheet][place.cell].value = value
    book.save(tmp_path / "考核设置.xlsx")
    read, problems = workbook.read(scheme, tmp_path / "考核设置.xlsx")
    assert read is not None
    assert read.given["330102"]["sales.target"].value == HUGE
    assert [(each.code, each.expected) for each in problems if each.severity == "error"] == [("KH103", "0 以上的数值")]


FORM = {
    # entry check of sales.actual and of clean.actual, what is expected there
    "no least": ("OR(C5>100000,ROUND", "OR(C5>100000,INT(", "100,000 以下的数（亿元）", "100,000 以下的整数（家）"),
    "no greatest": ("OR(C5<0,ROUND", "OR(C5<0,INT(", "0 以上的数（亿元）", "0 以上的整数（家）"),
    "neither": ("IF(ROUND", "IF(INT(", "数（亿元）", "整数（家）"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", OPEN)
def test_the_form_asks_for_what_is_known(name: str) -> None:
    scheme = without(*OPEN[name])
    data, places = open_template(scheme, template_workbook(scheme)).issue(
        scheme.units[0], Settings(scheme.units, {}, {}, {})
    )
    book = load_workbook(io.BytesIO(data))
    formula, counted, said, whole = FORM[name]
    for figure, tested, asked, finer in (
        ("sales.actual", formula, said, "，最多 6 位小数"),
        ("clean.actual", counted, whole, ""),
    ):
        place = next(place for place in places if place.field.name == figure)
        checks = book[place.sheet].data_validations.dataValidation
        (check,) = [check for check in checks if str(check.sqref) == place.cell]
        assert check.type == "custom"
        assert tested in check.formula1.replace(place.cell, "C5")
        assert check.prompt == f"请填 {asked}。"
        assert check.error == f"应填 {asked}{finer}。不要带单位和其他文字。"
        assert expected(place.field) == asked


RETURNED = {
    "no least": (-HUGE, [], HUGE, ["100,000 以下的数值"]),
    "no greatest": (HUGE, [], -HUGE, ["0 以上的数值"]),
    "neither": (HUGE, [], -HUGE, []),
}


@pytest.mark.parametrize("name", OPEN)
def test_a_return_and_a_verified_figure_are_held_against_what_is_known(name: str) -> None:
    scheme = without(*OPEN[name])
    unit, origin = scheme.units[0], Origin("上城区.xlsx", "指标填报", "G7")
    kept, nothing, beyond, said = RETURNED[name]
    for value, told in ((kept, nothing), (beyond, said)):
        reported = {field.name: Entry(None, origin) for field in form_fields(scheme, {})}
        case = Case(unit, "received", {**reported, "sales.actual": Entry(value, origin)})
        checked, problems = check_case(scheme, Settings(scheme.units, {}, {}, {}), case)
        assert [each.expected for each in problems if each.code == "KH103"] == told
        assert checked.reported["sales.actual"].value == (None if told else value)
        typed = Cell(CellKind.NUMBER, value)
        entry, problems = accept(verified_field(scheme, "sales.actual"), typed, origin, unit.name)
        assert [(each.code, each.expected) for each in problems] == [("KH103", each) for each in told]
        assert entry is not None
        assert (entry.value, entry.invalid) == (None if told else value, bool(told))


@pytest.mark.parametrize("name", OPEN)
def test_a_part_is_no_more_than_its_total_whatever_else_is_known(name: str) -> None:
    scheme: Scheme = without(*OPEN[name])
    field = next(field for field in form_fields(scheme, {}) if field.name == "centers.actual")
    found = broken(field, Decimal(41), scheme, Decimal(40))
    said = "0–40" if name == "no greatest" else "40 以下的数值"
    assert [limit.expected for limit in found] == [f"{said}（参加考核数）"]
    assert broken(replace(field, at_most=None), Decimal(41), scheme) == ()
