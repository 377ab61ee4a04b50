"""1 what is written is read  2 people may sort, move and add  3 what is wrong is named  4 the field map is enough."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from any_scheme import criterion, item
from any_scheme import scheme as any_scheme
from edits import Edit
from msgspec.structs import replace

from kaohe_cli.model import Entry, Mark, Publicity, Settings, Unit
from kaohe_cli.naming import plain_name
from kaohe_cli.scheme.fields import settings_fields
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.settings import workbook


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load()


@pytest.fixture
def given(scheme: Scheme) -> Settings:
    targets = {}
    for number, unit in enumerate(scheme.units, 1):
        entries: dict[str, Entry] = {}
        for field in settings_fields(scheme, ""):
            figure = field.name.removeprefix(".")
            entries[figure] = Entry(Mark.NO_TASK if field.type == "done" else Decimal(number))
        targets[unit.code] = entries
    targets["330102"]["energy.basis"] = Entry("gdp")
    units = tuple(Unit(unit.code, unit.name, unit.kind, f"{unit.name}经发局") for unit in scheme.units)
    return Settings(units, targets, {"over5": "strict"}, {"1.4": "综合处"}, {"over5": ("王五", "2007-07-20")})


def write(path: Path, scheme: Scheme, settings: Settings | None = None) -> Path:
    path.write_bytes(workbook.settings_workbook(scheme, settings)[0])
    return path


def values(settings: Settings) -> dict[str, dict[str, object]]:
    return {
        code: {name: entry.value for name, entry in entries.items() if not name.endswith(".basis")}
        for code, entries in settings.given.items()
    }


def test_what_is_written_is_read(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    read, problems = workbook.read(scheme, write(tmp_path / "考核设置.xlsx", scheme, given))
    assert problems == ()
    assert read is not None
    assert read.units == given.units
    assert values(read) == values(given)
    assert sum(len(entries) for entries in values(read).values()) > 300
    assert read.given["330102"]["energy.basis"].value == "gdp"
    assert read.departments == given.departments
    assert read.approvals == given.approvals
    assert under(scheme, read.readings).readings == under(scheme, given.readings).readings
    assert read.file == "考核设置.xlsx"
    assert len(read.sha256) == 64


def test_the_same_settings_give_the_same_bytes(scheme: Scheme, given: Settings) -> None:
    assert workbook.settings_workbook(scheme, given)[0] == workbook.settings_workbook(scheme, given)[0]


def test_fresh_settings_lack_targets_and_say_so_once(tmp_path: Path, scheme: Scheme) -> None:
    read, problems = workbook.read(scheme, write(tmp_path / "s.xlsx", scheme))
    assert [each.code for each in problems] == ["KH923"]
    assert read is not None
    assert read.units == scheme.units
    assert under(scheme, read.readings).readings == scheme.readings


def test_the_field_map_is_all_one_needs(tmp_path: Path, scheme: Scheme) -> None:
    data, places = workbook.settings_workbook(scheme)
    path = tmp_path / "s.xlsx"
    path.write_bytes(data)
    names = [place.field.name for place in places]
    assert len(names) == len(set(names))
    wanted = {field.name for unit in scheme.units for field in settings_fields(scheme, unit.code)}
    wanted |= {f"{unit.code}.energy.basis" for unit in scheme.units} | {f"reading.{name}" for name in scheme.readings}
    assert wanted <= set(names)
    book = openpyxl.load_workbook(path)
    at = {place.field.name: book[place.sheet][place.cell] for place in places}
    at["330109.sales.target"].value = 2520
    at["330102.land.target"].value = "无任务"
    at["HEDA.energy.basis"].value = "gdp"
    at["reading.over5"].value = "strict"
    at["330102.bureau"].value = "上城区发改经济局"
    at["1.4.department"].value = "综合处"
    book.save(path)
    read, problems = workbook.read(scheme, path)
    assert read is not None
    assert {each.code for each in problems} == {"KH924"}
    assert read.given["330109"]["sales.target"].value == Decimal(2520)
    assert read.given["330109"]["sales.target"].origin is not None
    assert read.given["330109"]["sales.target"].origin.cell == at["330109.sales.target"].coordinate
    assert read.given["330102"]["land.target"].value is Mark.NO_TASK
    assert scheme.given(read.units[-1], read)["energy.target"].value == 4
    assert read.readings["over5"] == "strict"
    assert read.units[0].bureau == "上城区发改经济局"
    assert read.departments == {"1.4": "综合处"}


def test_people_may_sort_move_and_add(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        for sheet in ("单位", "口径", "责任处室"):
            edit.shuffle(sheet, seed=7)
        page = edit.book["单位"]
        row = page.max_row + 1
        for title, value in (("单位代码", 330199), ("单位", "钱塘区"), ("类别", "区")):
            page.cell(row, edit.column("单位", title)).value = value
        targets = edit.book["下达目标"]
        targets.unmerge_cells("A2:A4")
        targets.unmerge_cells("B2:B4")
        targets.insert_cols(3)
        row = targets.max_row + 1
        targets.cell(row, 2).value, targets.cell(row, 3).value = "钱塘区", "另加"
        targets.cell(row, edit.column("下达目标", "sales.target")).value = 9
    read, problems = workbook.read(scheme, path)
    assert read is not None
    assert [each.code for each in problems if each.severity == "error"] == []
    expected = values(given)
    found = values(read)
    assert found.pop("330199") == {"sales.target": 9}
    assert found == expected
    assert {unit.code for unit in read.units} == {unit.code for unit in scheme.units} | {"330199"}
    assert read.readings["over5"] == "strict"
    assert read.departments == given.departments


CHANGES = {
    "KH902": ("口径", "选定办法", 3, "随便"),
    "KH917": ("单位", "单位代码", 3, None),
    "KH918": ("单位", "单位代码", 3, "330102"),
    "KH919": ("单位", "类别", 3, "度假区"),
    "KH922": ("责任处室", "项目", 5, "9.9"),
}


@pytest.mark.parametrize("code", CHANGES)
def test_what_is_wrong_is_named_with_its_cell(tmp_path: Path, scheme: Scheme, given: Settings, code: str) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    sheet, title, row, value = CHANGES[code]
    with Edit(path) as edit:
        edit.book[sheet].cell(row, edit.column(sheet, title)).value = value
        if code == "KH922":
            edit.book[sheet].cell(row, edit.column(sheet, "名称")).value = "别的"
    read, problems = workbook.read(scheme, path)
    assert read is not None
    found = [each for each in problems if each.code == code]
    assert len(found) == 1, problems
    assert found[0].sheet == sheet
    assert found[0].cell.endswith(str(row))


def test_an_unknown_option_names_the_allowed_ones_and_leaves_the_default(
    tmp_path: Path, scheme: Scheme, given: Settings
) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        row = edit.row("口径", ("over5",), ("代号",))
        edit.book["口径"].cell(row, edit.column("口径", "选定办法")).value = "随便"
    read, problems = workbook.read(scheme, path)
    assert read is not None
    assert "over5" not in read.readings
    (problem,) = problems
    assert problem.found == "随便"
    assert problem.expected == "包括恰好5%、须超过5%"


@pytest.mark.parametrize(
    ("figure", "value", "code"),
    [
        ("sales.target", "约300", "KH105"),
        ("sales.target", -1, "KH103"),
        ("sales.target", 0, "KH126"),
        ("kilns.target", 0, "KH126"),
        ("bulkcement.target", 0, "KH126"),
        ("sales.target", 2520.0000001, "KH112"),
        ("sales.prior", "2520.1234567", "KH112"),
        ("clean.target", 2.5, "KH111"),
        ("sales.prior", "无任务", "KH118"),
        ("sales.target", "=1/0", "KH107"),
    ],
)
def test_a_target_that_cannot_be_taken_is_invalid_and_never_invented(
    tmp_path: Path, scheme: Scheme, given: Settings, figure: str, value: object, code: str
) -> None:
    path = tmp_path / "s.xlsx"
    data, places = workbook.settings_workbook(scheme, given)
    path.write_bytes(data)
    book = openpyxl.load_workbook(path)
    place = next(place for place in places if place.field.name == f"330105.{figure}")
    book[place.sheet][place.cell].value = value
    book.save(path)
    read, problems = workbook.read(scheme, path)
    assert read is not None
    told = [(each.code, each.cell, each.unit) for each in problems if each.severity == "error"]
    assert told == [(code, place.cell, "拱墅区")]
    assert read.given["330105"][figure].invalid
    assert read.given["330105"][figure].value is None


def test_a_year_before_of_nought_is_a_figure_like_others(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = tmp_path / "s.xlsx"
    data, places = workbook.settings_workbook(scheme, given)
    path.write_bytes(data)
    book = openpyxl.load_workbook(path)
    place = next(place for place in places if place.field.name == "330105.invest_large.prior")
    book[place.sheet][place.cell].value = 0
    book.save(path)
    read, problems = workbook.read(scheme, path)
    assert read is not None
    assert problems == ()
    assert read.given["330105"]["invest_large.prior"].value == 0


def test_a_target_that_is_met_by_doing_nothing_may_be_nought_where_less_is_better() -> None:
    scheme = load("tests/schemes/townships_2015.toml")
    assert "deaths.target" not in scheme.above_zero
    assert {"revenue.target", "schools.target"} <= scheme.above_zero


def test_the_reason_of_a_default_stands_beside_its_options(scheme: Scheme) -> None:
    data, _ = workbook.settings_workbook(scheme)
    rows = list(openpyxl.load_workbook(BytesIO(data))["口径"].iter_rows(values_only=True))
    column = rows[0].index("问题")
    told = {row[0]: str(row[column]) for row in rows[1:]}
    assert told["energy.short.steps"].startswith(
        "相差不足一个百分点的怎样扣？\n（默认办法的理由：“完成……的得4分”，下降3.99%没有完成4%，不能仍得4分"
    )
    assert set(told) == set(scheme.readings)
    assert all(each.question in told[each.id] and each.reason in told[each.id] for each in scheme.content.reading)


def test_a_target_for_an_unknown_unit_is_told(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        page = edit.book["下达目标"]
        page.cell(page.max_row + 1, 1).value = "330999"
        page.cell(page.max_row, 3).value = 5
    read, problems = workbook.read(scheme, path)
    assert [each.code for each in problems] == ["KH920"]
    assert read is not None
    assert "330999" not in read.given


def test_a_target_for_an_unknown_measure_is_told(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        page = edit.book["下达目标"]
        (key,) = [cell for row in page.iter_rows() for cell in row if cell.value == "sales.target"]
        key.value = "sale.target"
    read, problems = workbook.read(scheme, path)
    assert "KH921" in [each.code for each in problems]
    assert [each.found for each in problems if each.code == "KH921"] == ["sale.target"]
    assert read is not None
    assert not any("sale.target" in given for given in read.given.values())


def swap(path: Path, sheet: str, title: str, *rows: int) -> None:
    """Swap what two rows say under one title, as a sort of that column alone does."""
    with Edit(path) as edit:
        one, two = (edit.book[sheet].cell(row, edit.column(sheet, title)) for row in rows)
        one.value, two.value = two.value, one.value


@pytest.mark.parametrize("title", ["单位", "单位代码"])
def test_units_whose_codes_and_names_were_swapped_are_told(
    tmp_path: Path, scheme: Scheme, given: Settings, title: str
) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    swap(path, "单位", title, 2, 3)
    _, problems = workbook.read(scheme, path)
    told = [(each.code, each.sheet, each.cell, each.found, each.expected) for each in problems]
    pairs = [("下城区", "上城区"), ("上城区", "下城区")][:: 1 if title == "单位" else -1]
    assert told == [("KH926", "单位", f"B{row}", *pair) for row, pair in zip((2, 3), pairs, strict=True)]


@pytest.mark.parametrize("title", ["单位", "单位代码"])
def test_targets_of_rows_that_were_swapped_are_nobodys(
    tmp_path: Path, scheme: Scheme, given: Settings, title: str
) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        first = edit.row("下达目标", ("330102",), ("单位代码",))
        column = edit.column("下达目标", title)
    swap(path, "下达目标", title, first, first + 1)
    read, problems = workbook.read(scheme, path)
    assert read is not None
    errors = [(each.code, each.sheet, each.cell) for each in problems if each.severity == "error"]
    assert errors == [("KH927", "下达目标", f"B{row}") for row in (first, first + 1)]
    assert {each.found for each in problems if each.code == "KH927"} == {"上城区", "下城区"}
    assert not any(name.endswith(".target") for code in ("330102", "330103") for name in read.given[code])
    assert column in (1, 2)


def test_a_unit_that_was_renamed_or_added_is_let_be(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    units = (replace(given.units[0], name="上城新区"), *given.units[1:], Unit("330199", "钱塘区", "区"))
    read, problems = workbook.read(scheme, write(tmp_path / "s.xlsx", scheme, replace(given, units=units)))
    assert read is not None
    assert [each.code for each in problems if each.severity == "error"] == []
    assert {"上城新区", "钱塘区"} <= {unit.name for unit in read.units}
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        edit.book["单位"].cell(2, edit.column("单位", "单位")).value = "上城新区"
    read, problems = workbook.read(scheme, path)
    assert read is not None
    assert problems == ()
    assert values(read) == values(given)


def test_targets_of_a_name_that_nobody_has_are_nobodys(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        row = edit.row("下达目标", ("330102",), ("单位代码",))
        edit.book["下达目标"].cell(row, edit.column("下达目标", "单位")).value = "钱塘区"
    _, problems = workbook.read(scheme, path)
    told = [(each.code, each.cell, each.found, each.expected) for each in problems if each.severity == "error"]
    assert told == [("KH927", f"B{row}", "钱塘区", "上城区")]


def test_a_unit_that_stands_there_twice_is_told(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        for sheet in ("单位", "下达目标"):
            page = edit.book[sheet]
            row = page.max_row + 1
            page.cell(row, edit.column(sheet, "单位代码")).value = "330102"
            page.cell(row, edit.column(sheet, "单位")).value = "上城区"
    _, problems = workbook.read(scheme, path)
    assert [(each.code, each.sheet) for each in problems] == [("KH918", "单位"), ("KH918", "下达目标")]


def test_items_without_a_department_are_one_line(scheme: Scheme, given: Settings) -> None:
    (told,) = workbook.unassigned(scheme, given)
    assert (told.code, told.sheet, told.severity) == ("KH928", "责任处室", "warning")
    assert told.found.split("、") == [item.id for item in scheme.items if item.id != "1.4"]
    whole = {item.id: "综合处" for item in scheme.items}
    assert workbook.unassigned(scheme, replace(given, departments=whole)) == ()


def test_judges_are_named_where_several_judge(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    assert "评委" not in [cell.value for cell in openpyxl.load_workbook(path)["责任处室"][1]]
    three = 'kind = "judged", judges = 3'
    several = any_scheme(item("1", criterion("1.1", "10", three)), item("2", criterion("2.1", "10", three)), item("3"))
    path = write(tmp_path / "t.xlsx", several, workbook.default(several))
    with Edit(path) as edit:
        page = edit.book["责任处室"]
        for row, names in ((2, "张三、李四,王五"), (3, "张三、李四"), (4, "张三")):
            page.cell(row, edit.column("责任处室", "评委")).value = names
    read, told = workbook.read(several, path)
    assert read is not None
    assert read.judges == {"1": ("张三", "李四", "王五")}
    assert [(each.code, each.cell, each.found, each.expected) for each in told] == [
        ("KH929", "F3", "2", "3"), ("KH929", "F4", "1", "0"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["单位", "下达目标"])
def test_a_sheet_that_is_missing_is_told(tmp_path: Path, scheme: Scheme, given: Settings, name: str) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        del edit.book[name]
    _, problems = workbook.read(scheme, path)
    assert [each.found for each in problems if each.code == "KH916"] == [name]


def test_another_workbook_is_no_settings(tmp_path: Path, scheme: Scheme) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "销售台账"
    book.save(tmp_path / "x.xlsx")
    read, problems = workbook.read(scheme, tmp_path / "x.xlsx")
    assert read is None
    assert [each.code for each in problems] == ["KH915"]


def test_text_is_never_a_formula(tmp_path: Path, scheme: Scheme) -> None:
    units = (
        Unit("1", "=HYPERLINK(1)", "区", "+cmd|' /C calc'!A0"),
        Unit("2", "_x0042_", "区", "<r>富文本</r>"),
        Unit("3", "+1", "区", "_x0041_"),
    )
    path = write(tmp_path / "s.xlsx", scheme, Settings(units, {}, {}, {}))
    cells = [cell for row in openpyxl.load_workbook(path)["单位"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    read, _ = workbook.read(scheme, path)
    assert read is not None
    assert [(unit.name, unit.bureau) for unit in read.units] == [(unit.name, unit.bureau) for unit in units]


def plain(unit: Unit) -> Unit:
    return Unit(*(plain_name(text) for text in (unit.code, unit.name, unit.kind, unit.bureau)))


def test_brackets_of_ascii_in_older_settings_are_read_full_width(
    tmp_path: Path, scheme: Scheme, given: Settings
) -> None:
    older = replace(given, units=tuple(map(plain, given.units)))
    path = write(tmp_path / "s.xlsx", scheme, older)
    with Edit(path) as edit:
        seen = {cell.value for row in edit.book["单位"].iter_rows() for cell in row}
        assert {"滨江区(高新区)", "县(市)", "滨江区(高新区)经发局"} <= seen
        assert not any("（" in str(said) for said in seen)
    read, problems = workbook.read(scheme, path)
    assert problems == ()
    assert read is not None
    assert read.units == given.units
    assert ("滨江区（高新区）", "滨江区（高新区）经发局") in [(unit.name, unit.bureau) for unit in read.units]
    assert "县（市）" in {unit.kind for unit in read.units}
    chosen = [scheme.given(unit, settings)["energy.target"].value for settings in (read, given) for unit in read.units]
    assert chosen[:14] == chosen[14:]
    assert set(chosen) == {4, 5}


def test_a_chosen_basis_or_none_is_the_same_for_a_kind_in_both_brackets(scheme: Scheme) -> None:
    settings = workbook.default(scheme)
    (county,) = [unit for unit in scheme.units if unit.code == "330122"]
    assert scheme.given(plain(county), settings) == scheme.given(county, settings) != {}


@pytest.mark.parametrize("name", ["滨江区（高新区）", "滨江区(高新区)", "滨江区", "330108"])
def test_targets_of_a_unit_called_by_its_name_alone(tmp_path: Path, scheme: Scheme, given: Settings, name: str) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        row = edit.row("下达目标", ("330108",), ("单位代码",))
        edit.book["下达目标"].cell(row, edit.column("下达目标", "单位代码")).value = None
        edit.book["下达目标"].cell(row, edit.column("下达目标", "单位")).value = name
    read, problems = workbook.read(scheme, path)
    assert problems == ()
    assert read is not None
    assert values(read) == values(given)


def test_a_bare_name_of_two_units_is_none_of_them(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    units = tuple(replace(unit, name="滨江区(老城)") if unit.code == "330106" else unit for unit in given.units)
    path = write(tmp_path / "s.xlsx", scheme, replace(given, units=units))
    with Edit(path) as edit:
        row = edit.row("下达目标", ("330108",), ("单位代码",))
        edit.book["下达目标"].cell(row, edit.column("下达目标", "单位代码")).value = None
        edit.book["下达目标"].cell(row, edit.column("下达目标", "单位")).value = "滨江区"
    read, problems = workbook.read(scheme, path)
    assert read is not None
    assert [(each.code, each.found) for each in problems if each.severity == "error"] == [("KH920", "滨江区")]


# ── the head of a unit, 公示 ────────────────────────────────────────────────────────────────────────────

SHOWN = Publicity(date(2007, 12, 10), date(2007, 12, 16), "经济运行处（85255555）")


def shown(path: Path, scheme: Scheme, given: Settings, **typed: object) -> tuple[Publicity, list[tuple[str, str, str]]]:
    """What is read of 公示 when so much was typed there, and what is wrong: code, sheet, cell."""
    data, places = workbook.settings_workbook(scheme, given)
    path.write_bytes(data)
    at = {place.field.name: place for place in places}
    with Edit(path) as edit:
        for name, value in typed.items():
            place = at[f"publicity.{name}"]
            edit.book[place.sheet][place.cell].value = value
    read, problems = workbook.read(scheme, path)
    assert read is not None
    return read.publicity, [(each.code, each.sheet, each.cell) for each in problems if each.severity != "note"]


def test_heads_of_units_and_the_days_of_publicity_are_read_as_written(
    tmp_path: Path, scheme: Scheme, given: Settings
) -> None:
    units = (replace(given.units[0], head="张三"), *given.units[1:])
    full = replace(given, units=units, publicity=SHOWN)
    read, problems = workbook.read(scheme, write(tmp_path / "s.xlsx", scheme, full))
    assert problems == ()
    assert read is not None
    assert (read.units, read.publicity) == (units, SHOWN)
    assert SHOWN.time == "2007年12月10日至12月16日"
    assert replace(SHOWN, last=date(2008, 1, 4)).time == "2007年12月10日至2008年1月4日"
    assert replace(SHOWN, last=SHOWN.first).time == "2007年12月10日"


def test_publicity_is_typed_as_people_write_days(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = tmp_path / "s.xlsx"
    assert shown(path, scheme, given) == (Publicity(), [])
    assert shown(path, scheme, given, contact="经济运行处") == (Publicity(contact="经济运行处"), [])
    typed = {"first": "2007年12月10日", "last": date(2007, 12, 16), "contact": SHOWN.contact}
    assert shown(path, scheme, given, **typed) == (SHOWN, [])


def test_days_of_publicity_that_cannot_be_are_told_with_their_cell(
    tmp_path: Path, scheme: Scheme, given: Settings
) -> None:
    path, first, last = tmp_path / "s.xlsx", date(2007, 12, 10), date(2007, 12, 6)
    assert shown(path, scheme, given, first=first, last=last)[1] == [("KH935", "公示", "B2")]
    assert shown(path, scheme, given, first=first, last="下周")[1] == [("KH116", "公示", "B2")]
    assert shown(path, scheme, given, first=first)[1] == [("KH936", "公示", "B2")]
    assert shown(path, scheme, given, last=last)[1] == [("KH936", "公示", "A2")]
    with Edit(write(path, scheme, replace(given, publicity=SHOWN))) as edit:
        edit.book["公示"]["A3"].value = date(2008, 1, 1)
    read, problems = workbook.read(scheme, path)
    assert read is not None
    assert read.publicity == SHOWN
    assert [(each.code, each.cell) for each in problems] == [("KH918", "A3")]
    with Edit(write(path, scheme, replace(given, publicity=SHOWN))) as edit:
        edit.book["公示"]["A1"].value = "哪天开始"
    assert [(each.code, each.sheet) for each in workbook.read(scheme, path)[1]] == [("KH301", "公示")]


def test_settings_of_earlier_versions_know_neither(tmp_path: Path, scheme: Scheme, given: Settings) -> None:
    path = write(tmp_path / "s.xlsx", scheme, given)
    with Edit(path) as edit:
        del edit.book["公示"]
        edit.book["单位"].delete_cols(edit.column("单位", "行政正职"))
    read, problems = workbook.read(scheme, path)
    assert problems == ()
    assert read is not None
    assert (read.units, read.publicity) == (given.units, Publicity())
