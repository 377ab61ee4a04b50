"""What a cell counts as: each line of a table is one thing that people really type."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kaohe_cli.model import Field, Mark, Origin
from kaohe_cli.scheme.normalise import accept, take, times
from kaohe_cli.sheet.book import Cell, CellKind

MONEY = Field("invest.actual", "number", "工业投资·本年实绩", unit="亿元")
AREA = Field("land.actual", "number", "土地盘活·本年实绩", unit="万平方米")
SHARE = Field("bulkcement.actual", "number", "水泥散装率·本年实绩", unit="%", marks=(Mark.NOT_APPLICABLE,))
COUNT = Field("clean.actual", "number", "清洁生产审核企业数·本年实绩", unit="家", whole=True)
INDEX = Field("benefit.actual", "number", "工业综合经济效益·本年实绩", unit="综合指数")
DONE = Field("projects.done", "done", "“工业项目推进年”活动", marks=(Mark.DONE, Mark.NOT_DONE))
SCORE = Field("1.4.self", "score", "产业发展与招商引资·自评分", unit="分")
WAYS = (
    "07-11-12", "07.11.12", "07年11月12日", "2007.11.12", "2007年11月12号", "20071112",
    "二○○七年十一月十二日", "二〇〇七年十一月十二日", "二零零七年十一月十二号", "二OO七年十一月十二日",
    "２００７－１１－１２", "2007-11-12 15:30", "2007-11-12 15:30:07", "2007-11-12T15:30:00", "2007/11/12 下午3:30",
    "2007年11月12日15时30分", "2007年11月12日 上午9点半", "2007年11月12日下午",
)  # fmt: skip
NO_DAYS = ("7-11-12", "07.13.12", "二○○七年十三月一日", "2007-11-12 到 13", "071112")
DAY = Field("date", "date", "填报日期")
TEXT = Field("filer", "text", "填表人")
WAIVED = Field("330102.sales.target", "number", "工业销售产值·下达目标", unit="亿元", marks=(Mark.NO_TASK,))


def text(value: str, formula: bool = False) -> Cell:
    return Cell(CellKind.TEXT, value, formula)


def num(value: str, percent: bool = False, formula: bool = False) -> Cell:
    return Cell(CellKind.NUMBER, Decimal(value), formula, percent)


def name_of(part: object) -> str:
    return part.name if isinstance(part, Field) else str(part.value)[:20] if isinstance(part, Cell) else str(part)


SURE = [
    # field, cell, value, codes
    (MONEY, num("12.5"), "12.5", []),
    (MONEY, num("12.50"), "12.5", []),
    (MONEY, num("1E+2"), "100", []),
    (MONEY, num("0"), "0", []),
    (MONEY, num("-0.0"), "0", []),
    (MONEY, num("12.5", formula=True), "12.5", ["KH121"]),
    (MONEY, text("12.5"), "12.5", ["KH120"]),
    (MONEY, text("１２．５"), "12.5", ["KH120"]),
    (MONEY, text("\u00a0 12.5\u3000"), "12.5", ["KH120"]),
    (MONEY, text("\ufeff12.5\u200b"), "12.5", ["KH120"]),
    (MONEY, text("1,234.5"), "1234.5", ["KH120"]),
    (MONEY, text("1，234，567"), "1234567", ["KH120"]),
    (MONEY, text("1 234.5"), "1234.5", ["KH120"]),
    (MONEY, text("+12"), "12", ["KH120"]),
    (MONEY, text("－５"), "-5", ["KH120"]),
    (MONEY, text("−5"), "-5", ["KH120"]),
    (MONEY, text(".5"), "0.5", ["KH120"]),
    (MONEY, text("12亿元"), "12", ["KH120"]),
    (MONEY, text("12 亿元"), "12", ["KH120"]),
    (MONEY, text("12亿"), "12", ["KH120"]),
    (MONEY, text("263500万元"), "26.35", ["KH120"]),
    (MONEY, text("263500万"), "26.35", ["KH120"]),
    (MONEY, text("2,635,000,000元"), "26.35", ["KH120"]),
    (MONEY, text("12.5", formula=True), "12.5", ["KH120", "KH121"]),
    (AREA, text("12万平方米"), "12", ["KH120"]),
    (AREA, text("120000㎡"), "12", ["KH120"]),
    (AREA, text("120000m2"), "12", ["KH120"]),
    (AREA, text("12万"), "12", ["KH120"]),
    (SHARE, num("0.95", percent=True), "95", ["KH120"]),
    (SHARE, num("95"), "95", []),
    (SHARE, text("９５％"), "95", ["KH120"]),
    (SHARE, text("95﹪"), "95", ["KH120"]),
    (COUNT, text("12家"), "12", ["KH120"]),
    (COUNT, text("12个"), "12", ["KH120"]),
    (COUNT, text("1.2万家"), "12000", ["KH120"]),
    (SCORE, text("7.5分"), "7.5", ["KH120"]),
    (SHARE, text("无"), Mark.NOT_APPLICABLE, []),
    (SHARE, text("不适用"), Mark.NOT_APPLICABLE, ["KH120"]),
    (WAIVED, text("无任务"), Mark.NO_TASK, []),
    (DONE, text("完成"), Mark.DONE, []),
    (DONE, text(" 已完成 "), Mark.DONE, ["KH120"]),
    (DONE, text("是"), Mark.DONE, ["KH120"]),
    (DONE, text("√"), Mark.DONE, ["KH120"]),
    (DONE, text("完成。"), Mark.DONE, ["KH120"]),
    (DONE, text("未完成"), Mark.NOT_DONE, []),
    (DONE, text("否"), Mark.NOT_DONE, ["KH120"]),
    (DAY, Cell(CellKind.DATE, date(2007, 11, 10)), date(2007, 11, 10), []),
    (DAY, text("2007-11-10"), date(2007, 11, 10), []),
    (DAY, text("2007.11.10"), date(2007, 11, 10), ["KH120"]),
    (DAY, text("2007/11/1"), date(2007, 11, 1), ["KH120"]),
    (DAY, text("２００７年１１月１０日"), date(2007, 11, 10), ["KH120"]),
    (DAY, text("2007 年 11 月 10 日"), date(2007, 11, 10), ["KH120"]),
    (DAY, text("2007-11-10 00:00:00"), date(2007, 11, 10), ["KH120"]),
    (DAY, num("39396"), date(2007, 11, 10), ["KH120"]),
    (DAY, num("39396.65"), date(2007, 11, 10), ["KH120"]),
    *((DAY, text(said), date(2007, 11, 12), ["KH120"]) for said in WAYS),
    *((DAY, text(said), date(2007, 11, 22), ["KH120"]) for said in ("二〇〇七年十一月二十二日", "07年11月廿二号")),
    (DAY, text("二○○七年十月三十日"), date(2007, 10, 30), ["KH120"]),
    (DAY, num("20071110"), date(2007, 11, 10), ["KH120"]),
    (TEXT, text(" 王 伟 "), "王 伟", []),
    (TEXT, text("=1+1"), "=1+1", []),
    (TEXT, num("87012345"), "87012345", []),
    (TEXT, Cell(CellKind.DATE, date(2007, 11, 10)), "2007-11-10", []),
]

UNSURE = [
    # field, cell, code
    (MONEY, text("约12"), "KH105"),
    (MONEY, text("12左右"), "KH105"),
    (MONEY, text("12余"), "KH105"),
    (MONEY, text("12-15"), "KH105"),
    (MONEY, text("12~15"), "KH105"),
    (MONEY, text("12+3"), "KH105"),
    (MONEY, text("12(预计)"), "KH105"),
    (MONEY, text("2/3"), "KH105"),
    (MONEY, text("1,23"), "KH105"),
    (MONEY, text("1,2345"), "KH105"),
    (MONEY, text("1.2.3"), "KH105"),
    (MONEY, text("12。5"), "KH105"),
    (MONEY, text("12,5"), "KH105"),
    (MONEY, text("12 5"), "KH105"),
    (MONEY, text("1e5"), "KH105"),
    (MONEY, text("1E400"), "KH105"),
    (MONEY, text("下降5.2"), "KH105"),
    (MONEY, text("1" * 5000), "KH105"),
    (MONEY, text("①"), "KH104"),
    (MONEY, text("二十"), "KH104"),
    (MONEY, text("见附件"), "KH104"),
    (MONEY, text("NaN"), "KH104"),
    (MONEY, text("Infinity"), "KH104"),
    (MONEY, text("12%"), "KH106"),
    (MONEY, text("12吨"), "KH106"),
    (MONEY, num("12.5", percent=True), "KH106"),
    (AREA, text("12亩"), "KH106"),
    (COUNT, text("12万"), "KH106"),
    (COUNT, text("12亿元"), "KH106"),
    (INDEX, text("210%"), "KH106"),
    (SHARE, text("5个百分点"), "KH106"),
    (MONEY, num("1E+400"), "KH103"),
    (MONEY, num("1E-400"), "KH103"),
    (MONEY, text("0." + "1" * 35), "KH103"),
    (MONEY, text("无"), "KH114"),
    (DONE, text("无"), "KH114"),
    (DONE, text("无任务"), "KH118"),
    (SHARE, text("无任务"), "KH118"),
    (MONEY, Cell(CellKind.DATE, date(2007, 3, 5)), "KH109"),
    (MONEY, Cell(CellKind.TEXT, "12:00", number=Decimal("0.5"), format="时间"), "KH127"),
    (SCORE, Cell(CellKind.ERROR, "数值 2677.5", number=Decimal("2677.5"), format="时间"), "KH127"),
    (MONEY, Cell(CellKind.ERROR, "数值 -5", number=Decimal(-5), format="日期"), "KH128"),
    (DONE, Cell(CellKind.ERROR, "数值 2677.5", number=Decimal("2677.5"), format="时间"), "KH113"),
    (DAY, Cell(CellKind.ERROR, "数值 2677.5", number=Decimal("2677.5"), format="时间"), "KH116"),
    (MONEY, Cell(CellKind.LOGICAL, True), "KH110"),
    (MONEY, Cell(CellKind.ERROR, "#DIV/0!"), "KH108"),
    (MONEY, Cell(CellKind.UNCOMPUTED, None, formula=True), "KH107"),
    (DONE, text("基本完成"), "KH113"),
    (DONE, num("1"), "KH113"),
    (DONE, Cell(CellKind.LOGICAL, True), "KH110"),
    (DONE, Cell(CellKind.UNCOMPUTED, None, formula=True), "KH107"),
    (WAIVED, text("无"), "KH114"),
    (DAY, text("11月10日"), "KH116"),
    *((DAY, text(said), "KH116") for said in NO_DAYS),
    (DAY, text("2007-02-30"), "KH116"),
    (DAY, num("12.5"), "KH116"),
    (DAY, num("1E+300"), "KH116"),
    (DAY, Cell(CellKind.ERROR, "#VALUE!"), "KH116"),
    (DAY, Cell(CellKind.LOGICAL, False), "KH116"),
    (SCORE, text("优"), "KH104"),
]


@pytest.mark.parametrize(("field", "cell", "value", "codes"), SURE, ids=name_of)
def test_what_is_certain_counts(field: Field, cell: Cell, value: object, codes: list[str]) -> None:
    taken = take(field, cell)
    expected = Decimal(value) if isinstance(value, str) and field.type in ("number", "score") else value
    assert (taken.value, taken.invalid, [fault.code for fault in taken.faults]) == (expected, False, codes)


@pytest.mark.parametrize(("field", "cell", "code"), UNSURE, ids=name_of)
def test_what_is_not_certain_is_a_problem_and_no_value(field: Field, cell: Cell, code: str) -> None:
    taken = take(field, cell)
    assert (taken.value, taken.invalid, [fault.code for fault in taken.faults]) == (None, True, [code])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Cell(CellKind.ERROR, "数值 2677.5", number=Decimal("2677.5"), format="时间"), "是时间格式，数值 2677.5，"),
        (Cell(CellKind.TEXT, "12:00", number=Decimal("0.5"), format="时间"), "是时间格式，数值 0.5，"),
        (Cell(CellKind.ERROR, "数值 -5", number=Decimal(-5), format="日期"), "是日期格式，数值 -5 不在日历之内，"),
    ],
)
def test_a_number_under_another_format_is_told_with_what_to_change(value: Cell, said: str) -> None:
    entry, (told,) = accept(MONEY, value, Origin("表.xlsx", "填报", "E5"))
    assert entry is not None
    assert (entry.value, entry.invalid) == (None, True)
    assert said in told.message
    assert "把单元格格式改为“常规”" in told.fix
    assert told.cell == "E5"


@pytest.mark.parametrize("dash", ["-", "－", "—", "——", "/", "／", "--"])
@pytest.mark.parametrize("field", [MONEY, SHARE, DONE, DAY, SCORE])
def test_a_dash_is_a_blank_that_is_mentioned(field: Field, dash: str) -> None:
    taken = take(field, text(dash))
    assert (taken.value, taken.invalid, [fault.code for fault in taken.faults]) == (None, False, ["KH115"])


@pytest.mark.parametrize("field", [MONEY, SHARE, DONE, DAY, SCORE, TEXT])
@pytest.mark.parametrize("cell", [None, text(""), text(" \u3000\u00a0")])
def test_a_blank_is_nothing_at_all(field: Field, cell: Cell | None) -> None:
    taken = take(field, cell)
    assert (taken.value, taken.invalid, taken.faults) == (None, False, ())


def test_the_seven_kinds_of_cell_stay_seven_things() -> None:
    cells: list[Cell | None] = [
        None,
        num("12"),
        text("见附件"),
        Cell(CellKind.DATE, date(2007, 3, 5)),
        Cell(CellKind.LOGICAL, True),
        Cell(CellKind.ERROR, "#N/A"),
        Cell(CellKind.UNCOMPUTED, None, formula=True),
    ]
    seen = [(str(take(MONEY, cell).value), *(fault.code for fault in take(MONEY, cell).faults)) for cell in cells]
    assert len(set(seen)) == 7
    assert {cell.kind for cell in cells if cell} == set(CellKind)


def test_the_note_says_from_what_to_what() -> None:
    fault = take(SHARE, text("１２．５％")).faults[0]
    assert (fault.found, fault.taken) == ("１２．５％", "12.5")
    fault = take(SHARE, num("0.95", percent=True)).faults[0]
    assert (fault.found, fault.taken) == ("95%", "95")


def test_factors_only_where_the_unit_makes_them_certain() -> None:
    assert times("万元", "亿元") == Decimal("0.0001")
    assert times("千元", "亿元") == Decimal("0.00001")
    assert times("百万元", "亿元") == Decimal("0.01")
    assert times("平方米", "万平方米") == Decimal("0.0001")
    assert times("万", "家") is None
    assert times("家", "") is None
    assert times("亿", "%") is None


numbers = st.decimals(min_value=-99999, max_value=99999, places=3, allow_nan=False)


@given(numbers)
def test_every_way_to_write_a_number_is_the_same_number(value: Decimal) -> None:
    plain, grouped = format(value, "f"), format(value, ",f")
    full = grouped.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789,.-"})
    for written in (plain, grouped, full, f" {grouped}亿元", f"{full}亿"):
        assert take(MONEY, text(written)).value == value
    assert take(MONEY, num(plain)).value == value
    assert take(SHARE, Cell(CellKind.NUMBER, value / 100, percent=True)).value == value


cells = st.one_of(
    st.none(),
    st.builds(text, st.text(max_size=60), st.booleans()),
    st.builds(text, st.from_regex(r"\A[0-9０-９,，.．eE+%％约-]{1,12}[万亿元家]{0,2}\Z"), st.booleans()),
    st.builds(
        Cell, st.just(CellKind.NUMBER), st.decimals(allow_nan=False, allow_infinity=False), st.booleans(), st.booleans()
    ),
    st.builds(Cell, st.just(CellKind.DATE), st.dates(), st.booleans()),
    st.builds(Cell, st.just(CellKind.LOGICAL), st.booleans(), st.booleans()),
    st.builds(Cell, st.just(CellKind.ERROR), st.sampled_from(["#DIV/0!", "#N/A", "#坏值"]), st.booleans()),
    st.just(Cell(CellKind.UNCOMPUTED, None, formula=True)),
)


@pytest.mark.slow
@given(st.sampled_from([MONEY, AREA, SHARE, COUNT, INDEX, DONE, SCORE, DAY, TEXT, WAIVED]), cells)
def test_any_cell_ends_as_a_value_of_its_type_or_as_a_problem(field: Field, cell: Cell | None) -> None:
    taken = take(field, cell)
    kinds = {"number": Decimal | Mark, "score": Decimal, "done": Mark, "date": date, "text": str}
    assert taken.value is None or isinstance(taken.value, kinds[field.type])
    assert not (taken.invalid and taken.value is not None)
    assert not taken.invalid or taken.faults
    assert not isinstance(taken.value, Mark) or taken.value in field.marks
    for fault in taken.faults:
        assert len(fault.found) <= 60
        assert fault.found.isprintable()


@pytest.mark.parametrize(
    ("typed", "value"),
    [("√", 8), ("✓", 8), (" ✔ ", 8), ("是", 8), ("得", 8), ("得。", 8), ("×", 0), ("✗", 0), ("✘", 0), ("否", 0),
     ("不得", 0)],
)  # fmt: skip
def test_a_tick_is_the_higher_of_two_marks_and_a_cross_the_lower(typed: str, value: int) -> None:
    either = replace(SCORE, legal=(Decimal(8), Decimal(0)))
    taken = take(either, text(typed))
    assert (taken.value, taken.invalid) == (value, False)
    assert [(each.code, each.taken) for each in taken.faults] == [("KH120", str(value))]
    entry, (told,) = accept(either, text(typed), Origin("底稿.xlsx", "评分明细", "J2"), "上城区")
    assert entry is not None
    assert entry.value == value
    assert told.message == f"产业发展与招商引资·自评分填报 {told.found}，按 {value} 计"


def test_a_tick_means_nothing_among_other_marks() -> None:
    deduction = replace(SCORE, legal=(Decimal(0), Decimal(-2)))
    assert [take(deduction, text(each)).value for each in ("√", "×")] == [0, -2]
    for legal in ((), (Decimal(8),), (Decimal(8), Decimal(4), Decimal(0))):
        assert [each.code for each in take(replace(SCORE, legal=legal), text("√")).faults] == ["KH104"]
    either = replace(SCORE, legal=(Decimal(8), Decimal(0)))
    assert [take(either, text(each)).invalid for each in ("完成", "得分", "√√", "半")] == [True] * 4
    assert take(DONE, text("√")).value is Mark.DONE
