"""This year beside last year: units and items are known again, what is unknown stays unknown, all of it is shown."""

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import any_scheme
import openpyxl
import ranking_samples as samples
from msgspec.structs import replace
from test_result import report

from kaohe_cli.extent import width
from kaohe_cli.model import Ranking, Source, Unit
from kaohe_cli.paper.provenance import LAST_LEDGER, PREVIOUS
from kaohe_cli.result.last_result import read_previous_result
from kaohe_cli.result.page import PREVIOUS as SHEET
from kaohe_cli.result.previous import Beside, LastYear, Previous, PreviousUnit, beside, contradictions_said
from kaohe_cli.result.workbook import result_workbook
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

SCHEME = load()
CASES = samples.usual(SCHEME)
RANKING = samples.ranked(SCHEME, CASES)
SOURCE = Source(PREVIOUS, "上年考核结果.xlsx", 10, "ab" * 32)


def previous(units: Mapping[str, PreviousUnit], **more: object) -> Previous:
    return Previous(SOURCE, True, units, **more)  # type: ignore[arg-type]


def stood(place: int | None, total: str | None = None, **points: str) -> PreviousUnit:
    held = {(id.replace("_", "."), title): Decimal(value) for id, value in points.items() for title in ["甲"]}
    return PreviousUnit(place, "优秀", None if total is None else Decimal(total), held)


def of(last: LastYear | Previous, scheme: Scheme = SCHEME, ranking: Ranking = RANKING) -> Beside:
    return beside(scheme, ranking, CASES, last if isinstance(last, LastYear) else LastYear(last))


def sheet_of(found: Beside) -> list[list[object]]:
    data = result_workbook(report(CASES, SCHEME, beside=found))
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(data))[SHEET].iter_rows()]


# ── units and items are known again ─────────────────────────────────────────────────────────────────────


def test_a_unit_is_known_by_its_name_and_else_by_the_code_it_had() -> None:
    units = [Unit("330109", "萧山区", "区"), Unit("330108", "滨江区（高新区）", "区"), Unit("330110", "余杭区", "区")]
    names = {name: stood(1) for name in ("萧山市", "滨江区", "余杭区", "海宁市")}
    assert LastYear(previous(names)).of(units) == {"330108": "滨江区", "330110": "余杭区"}
    codes = {"萧山市": "330109", "余杭区": "330110", "海宁市": "330110"}
    found = LastYear(previous(names), codes=codes)
    assert found.of(units) == {"330108": "滨江区", "330110": "余杭区", "330109": "萧山市"}
    assert of(found).gone == ("海宁市",)


def test_an_item_is_known_by_its_title_and_its_id_only_tells_namesakes_apart() -> None:
    panel = any_scheme.scheme(
        *(any_scheme.item(id, any_scheme.criterion(f"{id}.1", "10", 'kind = "judged"')) for id in ("1", "2", "3"))
    )
    titles = [item.title for item in panel.items]
    ranking = samples.ranked(panel, [any_scheme.case(unit) for unit in panel.units])
    name = ranking.units[0].score.unit.name
    full: dict[tuple[str, str], Decimal | None] = {
        ("9", titles[0]): Decimal(20), ("2", titles[1]): Decimal(10), ("7", titles[1]): None,
        ("4", "从前的"): Decimal(5),
    }  # fmt: skip
    points = {("9", titles[0]): Decimal(7), ("4", "从前的"): Decimal(3)}
    last = previous({name: PreviousUnit(1, "", Decimal(10), points)}, full=full)
    items = of(last, panel, ranking).units[0].items
    assert [(each.id, each.title, each.now, each.before, each.full, each.points) for each in items] == [
        ("1", titles[0], True, True, (10, 20), (None, 7)),
        ("2", titles[1], True, True, (10, 10), (None, None)),
        ("3", titles[2], True, False, (10, None), (None, None)),
        ("7", titles[1], False, True, (None, None), (None, None)),
        ("4", "从前的", False, True, (None, 5), (None, 3)),
    ]


# ── a result is read again ──────────────────────────────────────────────────────────────────────────────


def test_what_a_result_says_is_read_again_as_it_was_written(tmp_path: Path) -> None:
    ledger = Source("底稿", "评分底稿.xlsx", 1234, "ab" * 32)
    (tmp_path / "r.xlsx").write_bytes(result_workbook(report(CASES, SCHEME)))
    found, problems = read_previous_result(tmp_path / "r.xlsx", SOURCE)
    assert found is not None, problems
    assert (found.final, found.ledger, found.source) == (True, ledger, SOURCE)
    assert [title for _, title in found.full] == [item.title for item in SCHEME.items]
    assert [*found.full.values()] == [item.points for item in SCHEME.items]
    for each in RANKING.units:
        held = found.units[each.score.unit.name]
        assert (held.place, held.grade, held.total) == (each.place, each.grade, each.score.total)
        assert [held.points[item.id, item.title] for item in SCHEME.items] == [item.points for item in each.score.items]
    same = of(found)
    assert {each.risen for each in same.units} == {0, None}, "the one vetoed has no place"
    assert same.said == "与上年比：名次上升 0 个单位，下降 0 个，不变 13 个。"
    assert all(item.points[0] == item.points[1] for each in same.units for item in each.items)


def test_points_that_were_not_known_are_not_0_now(tmp_path: Path) -> None:
    pending = samples.pending(SCHEME)
    (tmp_path / "r.xlsx").write_bytes(result_workbook(report(pending, SCHEME)))
    found, _ = read_previous_result(tmp_path / "r.xlsx", SOURCE)
    assert found is not None
    assert not found.final
    assert {(each.place, each.total) for each in found.units.values()} == {(None, None)}
    judged = {item.title for item in SCHEME.items if all(each.judged for each in item.criterion)}
    assert not any(title in judged for each in found.units.values() for _, title in each.points)
    assert of(found).said == "与上年比：没有两年都有名次的单位。"


def test_what_is_no_result_is_none(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    found, problems = read_previous_result(tmp_path / "x.xlsx", SOURCE)
    assert found is None
    assert [each.code for each in problems] == ["KH903"]


# ── it is said and shown ────────────────────────────────────────────────────────────────────────────────


def test_the_line_names_who_rose_and_fell_most_as_far_as_it_has_room() -> None:
    names = [each.score.unit.name for each in RANKING.units if each.place]
    order = [names[1], names[2], *names[3:], names[0]]
    found = of(previous({name: stood(place) for place, name in enumerate(order, 1)}))
    assert found.said.startswith("与上年比：名次上升 1 个单位，下降 ")
    assert f"；最大：{names[0]}升 12 名" in found.said
    assert width(found.said) <= 78
    long = replace(found, units=tuple(
        replace(each, ranked=replace(each.ranked, score=replace(
            each.ranked.score, unit=replace(each.ranked.score.unit, name=samples.LONG)
        ))) for each in found.units
    ))  # fmt: skip
    assert long.said == found.said.partition("；")[0] + "。"


def test_the_sheet_shows_both_years_and_what_is_of_one_alone() -> None:
    first, second = (each.score.unit.name for each in RANKING.units[:2])
    item = SCHEME.items[0]
    units = {
        first: PreviousUnit(
            3, "达标", Decimal("81.5"), {(item.id, item.title): Decimal("9.5"), ("8", "从前的"): Decimal(3)}
        ),
        "海宁市": stood(1, "99"),
    }
    found = of(previous(units, full={(item.id, item.title): Decimal(12), ("8", "从前的"): Decimal(4)}))
    rows = sheet_of(replace(found, previous=replace(found.previous, final=False)))
    line = {row[1]: row for row in rows[3:17]}
    total = RANKING.units[0].score.total
    assert total is not None
    assert line[first][2:9] == [3, "上升 2", float(total), 81.5, float(total) - 81.5, "优秀", "达标"]
    assert line[second][2:4] == ["—", "—"]
    assert line[second][5:7] == ["—", "—"]
    assert line[second][8:] == ["—", "上年没有这个单位"]
    texts = [row[0] for row in rows]
    assert "上年考核、今年不考核的单位：海宁市。" in texts
    assert "上年结果是暂定的，比较以上年定稿为准。" in texts
    assert any(str(text).startswith("没有核对：") for text in texts)
    begin = texts.index("逐项比较")
    assert texts[begin + 2] == first
    assert second not in texts[begin:], "who was not there then has nothing to stand beside"
    items = {row[1]: row for row in rows[begin + 3 :]}
    assert items[item.title][2:5] == [12, 12, float(RANKING.units[0].score.items[0].points or 0)]
    assert items[item.title][5] == 9.5
    assert items[SCHEME.items[1].title][2:] == [
        10,
        "未设",
        items[SCHEME.items[1].title][4],
        "未设",
        "—",
        "今年新设",
        None,
        None,
    ]
    assert items["从前的"][2:] == ["未设", 4, "未设", 3, "—", "今年没有这一项", None, None]


def test_contradictions_are_shown_and_told_with_their_words() -> None:
    unit = RANKING.units[0].score.unit
    last = LastYear(
        previous({}, ledger=Source("底稿", "评分底稿.xlsx", 1, "cd")), {unit.code: {"sales.prior": Decimal(201)}}
    )
    assert [each.role for each in last.sources] == [PREVIOUS, LAST_LEDGER]
    found = of(last)
    (told,) = contradictions_said(SCHEME, found)
    assert (told.code, told.unit, told.found, told.expected) == ("KH415", unit.name, "200 亿元", "201 亿元")
    assert told.message == "工业销售产值·上年实绩今年的是 200 亿元，上年考核核定的是 201 亿元"
    assert (told.sheet, told.cell) == ("指标填报", CASES[0].reported["sales.prior"].origin.cell)  # type: ignore[union-attr]
    rows = sheet_of(found)
    assert next(row for row in rows if "201 亿元" in row)[:3] == [unit.name, None, "工业销售产值·上年实绩"]
    agreed = of(LastYear(previous({}), {unit.code: {"sales.prior": Decimal(200)}}))
    assert any("全部一致" in str(row[0]) for row in sheet_of(agreed))
    nothing = of(LastYear(previous({}, ledger=last.previous.ledger), {}))
    assert nothing.contradictions is None, "where nothing was compared, nothing agrees"
