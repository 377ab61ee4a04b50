"""Forms as they are issued: what is open, what is locked, what is checked, and that no text becomes a formula."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell

from kaohe_cli.catalogue import SEVERITY_WORDS
from kaohe_cli.diagnostic import problem
from kaohe_cli.form import live
from kaohe_cli.form.blank import Blank, TemplateError, open_template
from kaohe_cli.form.intake import intake
from kaohe_cli.form.layout import IDENTITY, INSTRUCTIONS, MEASURES, MEND, SCORECARD, SCORES
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Entry, Influence, Mark, Place, Query, QueryState, Settings, Unit
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load, under
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import address
from kaohe_cli.sheet.reader import read_bytes

FUNCTIONS = {
    "IF",
    "AND",
    "OR",
    "MIN",
    "MAX",
    "ROUND",
    "INT",
    "ABS",
    "SUM",
    "COUNT",
    "COUNTA",
    "SUMIF",
    "COUNTIF",
    "SUMPRODUCT",
}


@pytest.fixture(scope="module")
def template(scheme: Scheme) -> bytes:
    return template_workbook(scheme)


@pytest.fixture(scope="module")
def forms(scheme: Scheme, template: bytes) -> Blank:
    return open_template(scheme, template)


@pytest.fixture(scope="module")
def unit(scheme: Scheme) -> Unit:
    return scheme.units[0]


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def cell(book: Any, places: tuple[Place, ...], name: str) -> Any:
    place = next(place for place in places if place.field.name == name)
    return book[place.sheet][place.cell]


def formulas(book: Any) -> dict[str, str]:
    return {
        f"{sheet.title}!{each.coordinate}": each.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for each in row
        if each.data_type == "f"
    }


def test_every_field_has_a_place_and_nothing_else_is_open(
    forms: Blank, scheme: Scheme, settings: Settings, unit: Unit
) -> None:
    data, places = forms.issue(unit, settings)
    book = opened(data)
    assert [place.field for place in places] == list(form_fields(scheme, scheme.given(unit, settings)))
    assert len({(place.sheet, place.cell) for place in places}) == len(places) > 90
    open_cells = {
        (sheet.title, each.coordinate)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for each in row
        if not each.protection.locked and not isinstance(each, MergedCell)
    }
    assert open_cells == {(place.sheet, place.cell) for place in places}
    assert all(sheet.protection.sheet for sheet in book.worksheets)


def test_the_same_arguments_give_the_same_bytes_whatever_was_issued_before(
    scheme: Scheme, settings: Settings, template: bytes, unit: Unit
) -> None:
    fresh, _ = open_template(scheme, template).issue(unit, settings)
    forms = open_template(scheme, template)
    wrong = problem("KH101", field="sales.actual", label="x")
    forms.issue(scheme.units[9], settings, {"filer": Entry("=x"), "sales.actual": Entry(Decimal(5))}, [wrong])
    again, _ = forms.issue(unit, settings)
    assert again == fresh


def test_what_the_office_gives_is_shown_and_locked(
    forms: Blank, scheme: Scheme, settings: Settings, unit: Unit
) -> None:
    given = dict(settings.given[unit.code])
    given |= {"sales.prior": Entry(Decimal("97.25")), "land.target": Entry(Mark.NO_TASK)}
    del given["tech.target"]
    mine = replace(settings, given={**settings.given, unit.code: given})
    data, places = forms.issue(unit, mine)
    book = opened(data)
    sheet = book[MEASURES]
    rows = {each.value: each.row for each in sheet["A"]}
    columns = {each.value: each.column for each in sheet[1]}

    def shown(measure: str, figure: str) -> object:
        found = sheet.cell(rows[measure], columns[figure])
        assert found.protection.locked
        return found.value

    assert shown("sales", "target") == 100
    assert shown("sales", "prior") == 97.25
    assert shown("energy", "target") == 5
    assert shown("land", "target") == "无任务"
    assert shown("plants", "done") == "无任务"
    assert shown("tech", "target") == "未下达"
    assert "sales.prior" not in {place.field.name for place in places}
    assert cell(book, places, "tech.prior").value is None


def test_kinds_of_unit_have_their_own_energy_target(forms: Blank, scheme: Scheme, settings: Settings) -> None:
    seen = {}
    for unit in (scheme.units[0], scheme.units[8], scheme.units[13]):
        sheet = opened(forms.issue(unit, settings)[0])[MEASURES]
        row = next(each.row for each in sheet["A"] if each.value == "energy")
        seen[unit.name] = sheet.cell(row, next(each.column for each in sheet[1] if each.value == "target")).value
    assert seen == {"上城区": 5, "桐庐县": 4, "杭州经济技术开发区": 5}


def test_entry_checks_stay_within_what_spreadsheets_take(forms: Blank, settings: Settings, unit: Unit) -> None:
    data, places = forms.issue(unit, settings)
    book = opened(data)
    checks = {
        (sheet.title, str(check.sqref)): check
        for sheet in book.worksheets
        for check in sheet.data_validations.dataValidation
    }
    assert set(checks) == {(place.sheet, place.cell) for place in places}
    for place in places:
        check = checks[place.sheet, place.cell]
        assert len(check.promptTitle) <= 32
        assert 0 < len(check.prompt) <= 255
        assert len(check.errorTitle) <= 32
        assert len(check.error) <= 225
        assert len(check.formula1 or "") <= 255
        kind = "list" if place.field.choices else place.field.type
        known = {"list": "list", "done": "list", "date": "date", "score": "custom", "text": None}
        assert known.get(kind, check.type) == check.type
        if place.field.type == "number":
            assert check.type in ("decimal", "whole", "custom")
            for limit in (place.field.minimum, place.field.maximum):
                assert f"{limit:f}" in f"{check.formula1} {check.formula2}"


def test_only_functions_that_every_suite_has(forms: Blank, scheme: Scheme, settings: Settings, unit: Unit) -> None:
    given = scheme.given(unit, settings)
    texts = [*formulas(opened(forms.issue(unit, settings)[0])).values()]
    for sheet in opened(forms.issue(unit, settings)[0]).worksheets:
        texts += [check.formula1 or "" for check in sheet.data_validations.dataValidation]
        texts += [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules]
    readings = [{each.id: option.id} for each in scheme.content.reading for option in each.option[1:]]
    for chosen in readings:
        other = under(scheme, chosen)
        texts += live.formulas(other, given, form_fields(other, given), lambda sheet: lambda name: "A1").values()
    used = set()
    for text in texts:
        assert len(text) < 8192
        used |= set(re.findall(r"([A-Z][A-Z.]*)\(", re.sub(r'"[^"]*"', "", text)))
    assert used <= FUNCTIONS
    assert {"IF", "COUNT", "ROUND", "MAX", "MIN", "INT"} <= used
    assert len(texts) > 3000


@pytest.mark.slow
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", '=HYPERLINK("x")', "a\x00b\x1f"])
def test_no_text_of_people_becomes_a_formula(
    text: str, forms: Blank, settings: Settings, unit: Unit, scheme: Scheme
) -> None:
    named = Unit(unit.code, text, unit.kind, text)
    entries = {"filer": Entry(text), "phone": Entry(text), "sales.evidence": Entry(text), "sales.actual": Entry(text)}
    wrong = problem("KH101", field="sales.actual", label=text, found=text, expected=text)
    data, places = forms.issue(named, settings, entries, [wrong])
    blank, _ = forms.issue(unit, settings, {}, [wrong])
    book = opened(data)
    assert set(formulas(book)) == set(formulas(opened(blank)))
    clean = text.replace("\x00", "").replace("\x1f", "")
    found = cell(book, places, "sales.evidence")
    assert (found.value, found.data_type) == (clean, "s")
    assert bool(found.quotePrefix) == clean.startswith(tuple("=+-@'\t"))


def test_a_filled_form_reads_back_as_it_was_filled(
    forms: Blank, scheme: Scheme, settings: Settings, unit: Unit
) -> None:
    entries: dict[str, Entry] = {}
    for index, field in enumerate(form_fields(scheme, scheme.given(unit, settings))):
        if field.type == "number":
            entries[field.name] = Entry(Decimal(index) if field.whole else Decimal(index) + Decimal("0.25"))
            if field.marks and index % 3 == 0:
                entries[field.name] = Entry(Mark.NOT_APPLICABLE)
        elif field.type == "done":
            entries[field.name] = Entry(Mark.DONE if index % 2 else Mark.NOT_DONE)
        elif field.type == "score":
            entries[field.name] = Entry(Decimal("3.75"))
        elif field.type == "date":
            entries[field.name] = Entry(date(2007, 11, 9))
        else:
            entries[field.name] = Entry(field.choices[-1] if field.choices else f"=材料{index}")
    data, _ = forms.issue(unit, settings, entries)
    book, problems = read_bytes(data, "上城区.xlsx")
    assert book is not None, problems
    returned, problems = intake(scheme, settings, book)
    assert returned is not None
    assert {name: entry.value for name, entry in returned.entries.items()} == {
        name: entry.value for name, entry in entries.items()
    }
    assert not problems
    assert returned.unit.code == unit.code
    assert len(entries) > 90


def test_a_blank_entry_leaves_its_cell_blank(forms: Blank, settings: Settings, unit: Unit) -> None:
    data, places = forms.issue(unit, settings, {"sales.actual": Entry(None, invalid=True), "filer": Entry("")})
    assert cell(opened(data), places, "sales.actual").value is None
    assert cell(opened(data), places, "filer").value is None


def test_a_form_to_mend_names_and_marks_what_is_wrong(forms: Blank, settings: Settings, unit: Unit) -> None:
    wrong = [
        problem("KH103", field="sales.actual", label="工业销售产值", found="-5", expected="0–100,000"),
        problem("KH102", field="benefit.actual", label="综合指数"),
        problem("KH215", unit=unit.name, file="上城区.xlsx", found="表头", expected=unit.name),
    ]
    data, places = forms.issue(unit, settings, {"sales.actual": Entry(None)}, wrong)
    book = opened(data)
    assert book.sheetnames == [MEND, SCORECARD, MEASURES, SCORES, INSTRUCTIONS, IDENTITY]
    assert book.active.title == MEND
    marked = cell(book, places, "sales.actual")
    assert marked.fill.fgColor.rgb[-6:] == "FFC7CE"
    assert "改法" in marked.comment.text
    assert cell(book, places, "benefit.actual").comment
    assert cell(book, places, "tech.actual").comment is None
    rows = [[each.value for each in row] for row in book[MEND].iter_rows(min_row=4)]
    assert [row[1] for row in rows] == [SEVERITY_WORDS[each.severity] for each in wrong]
    assert rows[0][1] == "错误"
    where = next(place for place in places if place.field.name == "sales.actual")
    assert rows[0][3] == f"{MEASURES} {where.cell}"
    assert rows[0][4:6] == ["-5", "0–100,000"]
    assert wrong[2].message in rows[2][6]
    read, problems = read_bytes(data, "上城区.xlsx")
    assert read is not None, problems


def queried(unit: Unit, field: str, state: QueryState = "open") -> Query:
    """A query as the program raises it of a figure of ``unit``."""
    answer = "并入两家企业" if state == "answered" else ""
    ride = Influence(Decimal(4), 2)
    return Query(unit, field, f"{field} 的名称", "1000", ("KH260",), "是上年的 10 倍", ride, state, answer, "")


def test_a_form_to_mend_asks_for_what_is_odd_too(forms: Blank, settings: Settings, unit: Unit) -> None:
    wrong = problem("KH103", field="sales.actual", label="工业销售产值", found="-5", expected="0–100,000")
    blank = problem("KH102", field="benefit.actual", label="综合指数")
    asked = [queried(unit, name) for name in ("invest.actual", "sales.actual", "sales.target", "1.1.1", "")]
    asked.append(queried(unit, "tech.actual", "answered"))
    data, places = forms.issue(unit, settings, {}, [blank, wrong], asked)
    book = opened(data)
    said = book[MEND]["A2"].value
    assert said.startswith("共 4 条，其中须改正 1 条，请核对或说明 2 条。")
    assert "改正标红的格、核对标黄的格" in said
    # what has to be mended comes first; figures of the office, points and what was answered are not asked of the unit
    rows = [[each.value for each in row] for row in book[MEND].iter_rows(min_row=4)]
    assert [row[1] for row in rows] == ["错误", "核实", "核实", SEVERITY_WORDS[blank.severity]]
    invest = next(place for place in places if place.field.name == "invest.actual")
    assert rows[1][2:6] == ["工业投资·本年实绩", f"{MEASURES} {invest.cell}", "1000", None]
    assert rows[1][6] == "是上年的 10 倍。填错的请改正；没有填错的，请在“核实说明”栏写明原因。"
    colours = {name: cell(book, places, name).fill.fgColor.rgb[-6:] for name in ("invest.actual", "sales.actual")}
    assert colours == {"invest.actual": "FFF2CC", "sales.actual": "FFC7CE"}
    comment = cell(book, places, "invest.actual").comment.text
    assert "填报 1000，是上年的 10 倍\n改法：填错的请改正" in comment
    assert cell(book, places, "tech.actual").comment is None


def test_a_form_to_mend_with_nothing_wrong_speaks_of_yellow_cells_alone(
    forms: Blank, settings: Settings, unit: Unit
) -> None:
    book = opened(forms.issue(unit, settings, {}, (), [queried(unit, "invest.actual")])[0])
    said = book[MEND]["A2"].value
    assert said.startswith("共 1 条，其中请核对或说明 1 条。")
    assert "请在后面各表中核对标黄的格，" in said
    for nothing in (queried(unit, "invest.actual", "answered"), queried(unit, "sales.target")):
        assert MEND not in opened(forms.issue(unit, settings, {}, (), [nothing])[0]).sheetnames


def test_what_is_odd_is_yellow_until_it_is_explained(
    forms: Blank, scheme: Scheme, settings: Settings, unit: Unit
) -> None:
    data, places = forms.issue(unit, settings)
    sheet = opened(data)[MEASURES]
    rules: dict[str, list[tuple[str, str]]] = {}
    for area in sheet.conditional_formatting:
        for rule in sorted(area.rules, key=lambda rule: rule.priority):
            rules.setdefault(str(area.sqref), []).append((rule.formula[0], rule.dxf.fill.bgColor.rgb[-6:]))
    seen = 0
    for place in places:
        measure, _, column = place.field.name.partition(".")
        if place.sheet != MEASURES or measure not in scheme.measures:
            continue
        query = f"{address_of(forms, f'{measure}.query')}=1"
        colours = [colour for test, colour in rules.get(place.cell, []) if test == query]
        asked = bool(scheme.expectations[measure]) and column != "evidence"
        assert colours == (["FFF2CC"] if asked else []), place.field.name
        seen += asked
        if asked and column != "confirm":  # what is wrong is red, odd or not
            assert rules[place.cell][0][1] == "FFC7CE"
    assert seen > 60
    panel = [test for test, _ in rules[address_of(forms, "progress.title")]]
    assert [next(word for word in ("需改", "还缺", "请核对", "可以上报") if word in test) for test in panel] == [
        "需改", "还缺", "请核对", "可以上报",
    ]  # fmt: skip


def address_of(forms: Blank, name: str) -> str:
    spot = forms.spots[name]
    return address(spot.row, spot.column)


def test_nothing_is_to_be_explained_of_what_is_done_or_not(forms: Blank, scheme: Scheme, settings: Settings) -> None:
    book = opened(forms.issue(scheme.units[1], settings)[0])
    for measure, held in scheme.expectations.items():
        confirm = book[MEASURES][address_of(forms, f"{measure}.confirm")]
        assert confirm.protection.locked == (not held), measure
        assert confirm.fill.fgColor.rgb[-6:] == ("E3F1FB" if held else "EDEDED"), measure
    assert {bool(held) for held in scheme.expectations.values()} == {True, False}


def test_a_form_says_what_it_is(forms: Blank, scheme: Scheme, settings: Settings, unit: Unit) -> None:
    sheet = opened(forms.issue(unit, settings)[0])[IDENTITY]
    assert sheet.sheet_state == "veryHidden"
    lines = dict(sheet.iter_rows(values_only=True))
    assert (lines["code"], lines["unit"], lines["year"], lines["version"]) == ("330102", "上城区", "2007", "3")
    assert lines["reading.over5"] == "inclusive"
    other = replace(settings, given={})
    assert dict(opened(forms.issue(unit, other)[0])[IDENTITY].iter_rows(values_only=True))["digest"] != lines["digest"]


def test_readings_in_force_change_the_words_and_the_formulas(
    scheme: Scheme, template: bytes, settings: Settings, unit: Unit
) -> None:
    plain = opened(open_template(scheme, template).issue(unit, settings)[0])
    chosen = under(scheme, {"over5": "strict", "remainder": "split", "cap": "item"})
    changed = opened(open_template(chosen, template).issue(unit, settings)[0])
    rows = {each.value: each.row for each in plain[SCORES]["A"]}
    for criterion in ("criterion.1.1.2", "criterion.1.1.4"):
        for column in ("F", "G"):
            place = f"{column}{rows[criterion]}"
            assert plain[SCORES][place].value != changed[SCORES][place].value
    texts = [each.value for each in changed[INSTRUCTIONS]["C"]]
    assert "须超过5%。" in texts
    assert "须超过5%。" not in [each.value for each in plain[INSTRUCTIONS]["C"]]


# ── templates restyled by hand ──────────────────────────────────────────────────────────────────────────


def restyled(template: bytes) -> Workbook:
    book = opened(template)
    book[MEASURES].title = "数据表"
    book[SCORECARD].merged_cells.ranges.clear()
    book[SCORECARD].insert_rows(3, 2)
    book["数据表"].merged_cells.ranges.clear()
    book["数据表"].insert_cols(5, 1)
    book._sheets.reverse()
    return book


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_restyled_template_works_as_long_as_its_keys_survive(
    scheme: Scheme, template: bytes, settings: Settings, unit: Unit
) -> None:
    data, places = open_template(scheme, saved(restyled(template))).issue(
        unit, settings, {"sales.actual": Entry(Decimal(7))}
    )
    assert {place.sheet for place in places} == {"数据表", SCORECARD}
    book, problems = read_bytes(data, "上城区.xlsx")
    assert book is not None, problems
    returned, _ = intake(scheme, settings, book)
    assert returned is not None
    assert returned.entries["sales.actual"].value == 7
    assert any("'考核表'!" in text for text in formulas(opened(data)).values())


def test_a_template_without_its_keys_is_refused_by_name(scheme: Scheme, template: bytes) -> None:
    book = opened(template)
    sheet = book[MEASURES]
    sheet["A9"].value = sheet["A10"].value = None
    sheet["A9"].offset(0, 3).value = sheet["A10"].offset(0, 3).value = "改了名"
    sheet.cell(1, next(each.column for each in sheet[1] if each.value == "evidence")).value = None
    with pytest.raises(TemplateError) as caught:
        open_template(scheme, saved(book), "样表.xlsx")
    (found,) = caught.value.problems
    assert found.code == "KH962"
    for word in ("样表.xlsx", "sales", "invest_large", "evidence 的列（佐证材料）"):
        assert word in found.message


def test_a_template_without_a_sheet_is_refused(scheme: Scheme, template: bytes) -> None:
    book = opened(template)
    book.remove(book[SCORES])
    with pytest.raises(TemplateError) as caught:
        open_template(scheme, saved(book))
    assert "整张“得分测算”" in caught.value.problems[0].message


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"PK\x03\x04 nothing"])
def test_what_is_no_workbook_is_no_template(data: bytes, scheme: Scheme) -> None:
    with pytest.raises(TemplateError) as caught:
        open_template(scheme, data, "样表.xlsx")
    assert caught.value.problems[0].code == "KH961"


def test_a_name_is_printed_full_width_on_the_form_and_once(forms: Blank, settings: Settings) -> None:
    (unit,) = [unit for unit in settings.units if unit.code == "330108"]
    for bureau, printed in (
        ("经发局", "滨江区（高新区）经发局"),
        ("滨江区（高新区）经发局", "滨江区（高新区）经发局"),
    ):
        book = opened(forms.issue(replace(unit, bureau=bureau), settings)[0])
        texts = [
            str(each.value)
            for name in (SCORECARD, MEASURES)
            for row in book[name].iter_rows()
            for each in row
            if "滨江区" in str(each.value)
        ]
        assert sorted(texts) == [
            "填报单位（盖章）：" + printed,
            "考核单位：滨江区（高新区）",
            "考核单位：滨江区（高新区）",
        ]


def test_full_points_of_a_form_are_those_in_force(template: bytes, unit: Unit) -> None:
    shared = load(readings={"no_task": "rescale"})
    given = {unit.code: {"land.target": Entry(Mark.NO_TASK)}}
    data, _ = open_template(shared, template).issue(unit, Settings(shared.units, given, {}, {}))
    rows = {row[1].value: [each.value for each in row] for row in opened(data)[SCORES].iter_rows() if row[1].value}
    for id, full in (("1.2.1", "2.5"), ("1.2.4", "0"), ("1.2.5", "2.5"), ("1.3.1", "2"), ("1.1.2", "加分")):
        assert str(rows[id][4]) == full
    assert rows["1.2.1"][5].endswith("。按口径分担无任务细则的分值，满分为 2.5 分，得分按比例折算。")
    assert "分担" not in rows["1.3.1"][5]


def test_what_figures_are_of_is_asked_with_the_usual_answer_given(
    forms: Blank, unit: Unit, scheme: Scheme, settings: Settings
) -> None:
    data, places = forms.issue(unit, settings)
    assert cell(opened(data), places, "period").value == "全年预计"
    again, _ = forms.issue(unit, settings, {"period": Entry("全年实绩")})
    assert cell(opened(again), places, "period").value == "全年实绩"
    townships = load("tests/schemes/townships_2015.toml")
    _, others = open_template(townships, template_workbook(townships)).issue(
        townships.units[0], Settings(townships.units, {}, {}, {})
    )
    assert "period" not in {place.field.name for place in others}
