"""The result workbook: what it says, that it prints, and that its sums are right in a spreadsheet too."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import ranking_samples as samples
import result_dump
from msgspec.structs import replace

from kaohe_cli.assess.margin import between_words, margins
from kaohe_cli.assess.review import review, unsettled
from kaohe_cli.assess.sensitivity import try_readings
from kaohe_cli.model import Case, Entry, Publicity, Ranking, Source, Unit
from kaohe_cli.result import text as result_text
from kaohe_cli.result import workbook as result
from kaohe_cli.result.page import HONOURS, JUDGING, SHEETS, Report
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

SOURCES = (Source("底稿", "评分底稿.xlsx", 1234, "ab" * 32), Source("口径", "over5", value="inclusive"))


def report(cases: list[Case], scheme: Scheme | None = None, **more: object) -> Report:
    scheme = scheme or load()
    ranking = samples.ranked(scheme, cases)
    found = {case.unit.code: case for case in cases}
    return Report(scheme, ranking, found, problems=review(scheme, ranking), sources=SOURCES, **more)  # type: ignore[arg-type]


def opened(data: bytes, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data), data_only=values)


def column(sheet: object, title: str) -> list[object]:
    """The entries under a title, by the place of its header."""
    rows = list(sheet.iter_rows(values_only=True))  # type: ignore[attr-defined]
    head = next(index for index, row in enumerate(rows) if "名次" in row or "单位" in row)
    place = [str(cell or "").replace("\n", "") for cell in rows[head]].index(title)
    return [row[place] for row in rows[head + 1 :]]


@pytest.mark.slow
def test_golden_dump_of_a_common_year() -> None:
    scheme = load()
    cases = samples.usual(scheme)
    firm = margins(scheme, cases, samples.ranked(scheme, cases))
    data = result.result_workbook(report(cases, scheme, trials=try_readings(scheme, cases), margins=firm))
    result_dump.agrees("result.txt", result_dump.workbook(data, {"得分依据": 35, "口径与敏感性": 50}))


def test_same_report_same_bytes() -> None:
    assert result.result_workbook(report(samples.usual())) == result.result_workbook(report(samples.usual()))


@pytest.mark.slow
@pytest.mark.parametrize("cases", [samples.usual, samples.pending, partial(samples.many, count=20)])
def test_every_sheet_prints_on_a4_with_pages_header_and_signatures(cases: Callable[[], list[Case]]) -> None:
    made = report(cases())
    book = opened(result.result_workbook(made))
    assert tuple(book.sheetnames) == made.sheets == (*SHEETS[:1], HONOURS, *SHEETS[1:3], JUDGING, *SHEETS[3:])
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert "&P" in sheet.oddFooter.center.text
        texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert sum("制表：" in text and "复核：" in text and "审定：" in text for text in texts) == 1
        provisional = not made.ranking.final
        assert ("暂　定" in (sheet.oddHeader.center.text or "")) == provisional
        assert ("（暂定）" in str(sheet["A1"].value)) == provisional
        assert str(sheet["A2"].value).startswith("暂定：") == provisional


def test_the_days_of_publicity_stand_whole_below_the_ranking() -> None:
    for contact, tall in (("经济运行处（85255555）", 20), ("受理复核的处室" * 20, 40)):
        shown = Publicity(date(2007, 12, 10), date(2007, 12, 16), contact)
        sheet = opened(result.result_workbook(report(samples.usual(), publicity=shown)))["排名"]
        row = 4 + len(samples.usual())
        said = f"公示时间：2007年12月10日至12月16日；有异议的，请在公示期内向{contact}书面提出。"
        assert sheet.cell(row, 1).value == said
        assert (sheet.row_dimensions[row].height or 0) >= tall
        assert f"A{row}:J{row}" in map(str, sheet.merged_cells.ranges)
        assert "制表：" in sheet.cell(row + 1, 1).value


@pytest.mark.slow
@pytest.mark.parametrize("readings", [{}, {"cap": "total"}, {"cap": "item"}])
def test_every_formula_is_a_sum_with_the_value_of_the_ranking(readings: dict[str, str]) -> None:
    scheme = load(readings=readings)
    made = report(samples.usual(scheme), scheme)
    data = result.result_workbook(made)
    book, values = opened(data), opened(data, values=True)
    seen = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    seen += 1
                    assert re.fullmatch(
                        r"=(MIN\(100,)?(SUM\([A-Z]+\d+:[A-Z]+\d+\)|[A-Z]+\d+\+[A-Z]+\d+)\)?", cell.value
                    )
                    assert isinstance(values[sheet.title][cell.coordinate].value, int | float)
    assert seen == 14 + 15 * 3
    totals = [value for value in column(values["排名"], "总分") if isinstance(value, int | float)]
    assert [Decimal(str(value)) for value in totals] == [each.score.total for each in made.units]


@pytest.mark.slow
@pytest.mark.parametrize("cap", ["none", "total"])
def test_a_spreadsheet_calculates_the_same(cap: str, office: Callable[[Path, str, Path], Path], tmp_path: Path) -> None:
    scheme = load(readings={"cap": cap} if cap != "none" else {})
    data = result.result_workbook(report(samples.usual(scheme), scheme))
    written, bare = opened(data, values=True), opened(data)
    bare.save(tmp_path / "result.xlsx")  # openpyxl keeps formulas without their values
    computed = openpyxl.load_workbook(office(tmp_path / "result.xlsx", "xlsx", tmp_path / "out"), data_only=True)
    seen = 0
    for sheet in bare.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    seen += 1
                    wanted = written[sheet.title][cell.coordinate].value
                    assert computed[sheet.title][cell.coordinate].value == pytest.approx(wanted, abs=1e-9), (
                        cell.coordinate
                    )
    assert seen == 59


def test_what_points_rest_on_is_said_on_every_sheet() -> None:
    cases = [replace(case, reported={**case.reported, "period": Entry("全年预计")}) for case in samples.usual()[:2]]
    resting = [each.message for each in unsettled(load(), cases)]
    book = opened(result.result_workbook(report(cases, resting=resting)))
    said = "2 个单位的得分依据全年预计数，尚未核定：上城区、下城区。"
    assert all(said in str(sheet["A2"].value) for sheet in book.worksheets)
    plain = opened(result.result_workbook(report(samples.usual()[:2])))
    assert all("预计" not in str(sheet["A2"].value) for sheet in plain.worksheets)


def chart_ranges(data: bytes) -> list[list[tuple[str, str, int, int]]]:
    """The (sheet, column, first row, last row) of names, labels and values in each chart of totals."""
    found = []
    with zipfile.ZipFile(BytesIO(data)) as file:
        for name in sorted(name for name in file.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)):
            text = file.read(name).decode()
            ranges = re.findall(r"<c:f>'?([^'!]+)'?!\$([A-Z]+)\$(\d+)(?::\$[A-Z]+\$(\d+))?</c:f>", text)
            found.append([(sheet, column, int(first), int(last or first)) for sheet, column, first, last in ranges])
    return [ranges for ranges in found if ranges[0][0] != JUDGING]  # test_analysis.py looks at that one


@pytest.mark.slow
@pytest.mark.parametrize(("cases", "count"), [(samples.usual, 2), (samples.many, 6), (samples.pending, 1)])
def test_charts_show_the_table(cases: Callable[[], list[Case]], count: int) -> None:
    made = report(cases())
    data = result.result_workbook(made)
    book, found = opened(data, values=True), chart_ranges(data)
    assert len(found) == count
    stacked = [ranges for ranges in found if all(sheet == "排名" for sheet, *_ in ranges)]
    with_total = [each for each in made.units if each.score.total is not None]
    sheet, shown = book["排名"], []
    for ranges in stacked:
        parts = [each for each in ranges if each[1] in "MNO" and each[3] > each[2]]
        assert len(parts) == 3
        assert len({(first, last) for _, _, first, last in ranges if last > first}) == 1
        for row in range(parts[0][2], parts[0][3] + 1):
            total = sum(Decimal(str(sheet[f"{column}{row}"].value)) for _, column, *_ in parts)
            assert total == Decimal(str(sheet[f"F{row}"].value))
            assert sheet[f"P{row}"].value == 80
            assert str(sheet[f"L{row}"].value).rstrip("…") in str(sheet[f"B{row}"].value)
            shown.append(sheet[f"B{row}"].value)
    assert shown == [each.score.unit.name for each in with_total]
    compared = [ranges for ranges in found if ranges not in stacked]
    rows = []
    for ranges in compared:
        assert [column for sheet, column, *_ in ranges if sheet == "自评与考核"] == ["I", "J"]
        for _, _, first, last in ranges[1:2]:
            rows += list(range(first, last + 1))
    assert [book["自评与考核"][f"B{row}"].value for row in rows] == [each.score.unit.name for each in made.units]
    labels = [str(book["排名"][f"L{row}"].value).rstrip("…") for row in rows]
    assert all(each.score.unit.name.startswith(label) for each, label in zip(made.units, labels, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("cap", ["item", "total"])
def test_charts_show_the_table_where_a_cap_took_something_away(cap: str) -> None:
    scheme = load(readings={"cap": cap})
    made = report(samples.usual(scheme), scheme)
    data = result.result_workbook(made)
    book, (stacked, compared) = opened(data, values=True), chart_ranges(data)
    sheet = book["排名"]
    assert [cell.value for cell in sheet[3]][4:7] == ["其中\n加分", "封顶\n扣减", "总分"]
    took = 0
    for row, each in enumerate(made.units, 4):
        assert str(sheet[f"M{row}"].value).rstrip("…") in each.score.unit.name
        parts = [Decimal(str(sheet[f"{column}{row}"].value)) for column in "NOP"]
        assert sum(parts) == each.score.total == Decimal(str(sheet[f"G{row}"].value))
        assert Decimal(str(sheet[f"F{row}"].value)) == each.score.capped
        assert each.score.bonus is not None
        assert parts[2] == each.score.bonus - Decimal(str(sheet[f"F{row}"].value)) >= 0
        took += sheet[f"F{row}"].value > 0
    assert took >= 3
    for ranges in (stacked, compared):
        assert "M" in {column for name, column, *_ in ranges if name == "排名"}


def test_charts_name_themselves_and_their_axes_in_chinese() -> None:
    lines = [
        line for line in result_dump.charts(result.result_workbook(report(samples.usual()))) if line.startswith("#")
    ]
    assert lines == [
        "# chart1.xml 总分构成 单位（按名次） 分",
        "# chart2.xml 自评总分与考核总分 单位（按名次） 分",
        "# chart3.xml 各项目评分与单位自评 项目 %",
    ]


def test_links_lead_from_a_place_to_its_grounds_and_back() -> None:
    made = report(samples.usual())
    book = opened(result.result_workbook(made))
    for name in ("排名", "分项得分", "自评与考核"):
        targets = [
            (row[0].hyperlink.location, row[1].value)
            for row in book[name].iter_rows(min_row=4)
            if row[0].hyperlink is not None
        ]
        assert len(targets) == 14
        for target, unit in targets:
            sheet, cell = target.replace("'", "").split("!")
            assert (book[sheet][cell].value, book[sheet][cell].offset(0, 1).value) == (unit, "1.1.1")
    back = [cell.hyperlink.location for sheet in book.worksheets for cell in sheet[2] if cell.hyperlink]
    assert back == ["'排名'!A1"] * 8


def test_an_unknown_is_a_dash_and_never_nought() -> None:
    book = opened(result.result_workbook(report(samples.pending())), values=True)
    assert column(book["排名"], "总分")[:14] == ["—"] * 14
    assert "0" not in {str(value) for value in column(book["排名"], "总分")}
    assert column(book["分项得分"], "一类目标小计")[1:15] == ["—"] * 14


def test_every_criterion_of_every_unit_has_its_grounds() -> None:
    made = report(samples.usual())
    sheet = opened(result.result_workbook(made), values=True)["得分依据"]
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]]
    assert len(rows) == 14 * 32
    for row in rows:
        assert row[7], row
        assert row[9], row
        assert "xlsx" in str(row[8]), row
    first = rows[0]
    assert first[0] == made.units[0].score.unit.name
    assert "萧山区.xlsx 指标填报!F" in str(first[8])
    judged = next(row for row in rows if row[1] == "1.4.1")
    assert "评分底稿.xlsx 评分明细!K" in str(judged[8])


def test_hostile_names_stay_text() -> None:
    scheme = load()
    names = ["=1+1", "+1", "@cmd", "<r>x</r>", '=HYPERLINK("http://x","y")', "&C&K", "[bold]", "a\nb", "长" * 60]
    units = [Unit(f"U{index}", name, "区") for index, name in enumerate(names)]
    data = result.result_workbook(
        report([samples.case(scheme, unit, growth=index) for index, unit in enumerate(units)], scheme)
    )
    book = opened(data)
    shown = {cell.value: cell for cell in book["排名"]["B"] if cell.value}
    for name in names:
        cell = shown.get(name) or shown[f" {name}"]
        assert cell.data_type == "s"
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f" and "HYPERLINK" in str(cell.value)]


def test_heat_follows_the_points_of_each_item() -> None:
    book = opened(result.result_workbook(report(samples.usual())))
    rules = {str(area.sqref): rule[0] for area, rule in book["分项得分"].conditional_formatting._cf_rules.items()}
    assert len(rules) == 17
    most = [float(rule.colorScale.cfvo[2].val) for rule in rules.values()]
    assert sorted(most) == sorted(float(item.points) for item in load().items)


def test_standing_of_the_items() -> None:
    made = report(samples.usual())
    sheet = opened(result.result_workbook(made), values=True)["分项得分"]
    rows = {row[1]: row for row in sheet.iter_rows(min_row=4, values_only=True)}
    first = [each.score.items[0].points for each in made.units]
    assert Decimal(str(rows["最高分"][2])) == max(value for value in first if value is not None)
    assert rows["最高的单位"][2] == "萧山区"
    assert rows["最低的单位"][2] == "下城区"
    mean = sum(value for value in first if value is not None) / 14
    assert Decimal(str(rows["平均分"][2])) == Decimal(mean).quantize(Decimal("0.01"))


def test_readings_in_force_and_who_approved_them() -> None:
    scheme = load(readings={"over5": "strict"})
    made = report(samples.usual(scheme), scheme, approvals={"over5": ("张三", "2007-12-01")})
    rows = list(opened(result.result_workbook(made))["口径与敏感性"].iter_rows(min_row=4, values_only=True))
    over5 = next(row for row in rows if row[0] == "over5")
    assert over5[1:] == ("超额完成5%以上加1分", "“5%以上”是否包括恰好5%？", "须超过5%", "否", "张三", "2007-12-01")
    assert sum(row[4] == "是" for row in rows) == len(scheme.content.reading) - 1


def test_how_firm_the_places_are_stands_before_the_trials() -> None:
    cases, scheme = samples.usual(), load()
    firm = margins(scheme, cases, samples.ranked(scheme, cases))
    sheet = opened(result.result_workbook(report(cases, scheme, margins=firm)))["口径与敏感性"]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "在谁之间")
    assert rows[head] == ("在谁之间", None, "改动评议分", "改动填报的数据", None, None, "相差（分）")
    told = rows[head + 1 : head + 1 + len(firm)]
    assert [row[0] for row in told] == [between_words(each) for each in firm]
    assert [Decimal(str(row[6])) for row in told] == [each.gap for each in firm]
    assert any(row[2] == "任一评议项目改动 0.01 分" for row in told)
    assert rows[head + len(firm) + 2][0] == "本次未作敏感性分析。"
    # each stands whole in its row
    assert all((sheet.row_dimensions[number].height or 0) >= 22 for number in range(head + 2, head + 2 + len(firm)))
    untried = [replace(each, tried=False, figure=None) for each in firm]
    sheet = opened(result.result_workbook(report(cases, scheme, margins=untried)))["口径与敏感性"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert texts.count("未试算") == len(firm)
    assert "所在组超过 40 个单位的，数据只在等次的名额线和分数线处试算。" in texts


@pytest.mark.slow
def test_of_very_many_changes_some_are_listed_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    cases, scheme = samples.usual(), load()
    trials = try_readings(scheme, cases)
    most = max(len(trial.changes) for trial in trials if len(trial.choice) == 1)
    assert most > 3
    monkeypatch.setattr(result_text, "MOST_CHANGES", most - 2)
    texts = column(opened(result.result_workbook(report(cases, trials=trials)))["口径与敏感性"], "单位")
    assert "另有 2 个单位有变化，未列出。" in texts


@pytest.mark.slow
def test_no_page_is_empty(office: Callable[[Path, str, Path], Path], tmp_path: Path) -> None:
    path = tmp_path / "result.xlsx"
    path.write_bytes(result.result_workbook(report(samples.pending())))
    made = office(path, "pdf", tmp_path / "out")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext was not found: install poppler-utils to run this test")
    text = subprocess.run(["pdftotext", "-layout", made, "-"], check=True, capture_output=True).stdout.decode()
    pages = text.split("\f")[:-1]
    assert len(pages) > 20
    for page in pages:
        assert len(page.splitlines()) > 8
        assert "页 共" in page
        assert "暂" in page


def test_a_ranking_of_nobody() -> None:
    scheme = load()
    made = Report(scheme, Ranking((), True), {})
    assert opened(result.result_workbook(made)).sheetnames == list(made.sheets)
