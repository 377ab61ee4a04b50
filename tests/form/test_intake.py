"""What is read from a form, whatever was done to it: pure, on cells; tests/corpus does the same on workbooks."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from time import process_time

import pytest
from msgspec.structs import replace

from kaohe_cli.form.gather import Arrivals, differing_fields, gather
from kaohe_cli.form.intake import intake
from kaohe_cli.form.layout import IDENTITY, MEASURES, SCORECARD, locate
from kaohe_cli.model import Entry, Mark, Return, Settings
from kaohe_cli.scheme.fields import form_fields, unfilled
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, Cell, CellKind, Sheet, address

Make = Callable[..., Book]


def text(value: str) -> Cell:
    return Cell(CellKind.TEXT, value)


def num(value: str | int) -> Cell:
    return Cell(CellKind.NUMBER, Decimal(value))


def change(book: Book, name: str, edit: Callable[[dict[tuple[int, int], Cell]], dict[tuple[int, int], Cell]]) -> Book:
    """``book`` with the cells of one sheet put through ``edit``."""
    return replace(
        book,
        sheets=tuple(
            replace(sheet, cells=edit(dict(sheet.cells))) if sheet.name == name else sheet for sheet in book.sheets
        ),
    )


def values(returned: Return | None) -> dict[str, object]:
    assert returned is not None
    return {name: entry.value for name, entry in returned.entries.items()}


@pytest.fixture
def read(scheme: Scheme, settings: Settings) -> Callable[[Book], tuple[Return, list[tuple[str, str]]]]:
    """The return in a book, and code and cell of each problem."""

    def run(book: Book) -> tuple[Return, list[tuple[str, str]]]:
        returned, problems = intake(scheme, settings, book)
        assert returned is not None
        return returned, [(found.code, found.cell) for found in problems]

    return run


Read = Callable[[Book], tuple[Return, list[tuple[str, str]]]]


def test_a_healthy_form_is_read_whole_and_in_silence(
    form: Make, read: Read, scheme: Scheme, settings: Settings
) -> None:
    returned, problems = read(form())
    asked = {field.name for field in form_fields(scheme, scheme.given(scheme.units[0], settings))}
    assert problems == []
    assert set(returned.entries) == asked
    assert len(asked) > 100
    assert returned.unit.code == "330102"
    assert returned.filled == date(2007, 11, 10)
    origin = returned.entries["sales.actual"].origin
    assert origin is not None
    assert (origin.file, origin.sheet) == ("上城区.xlsx", MEASURES)


def test_what_the_office_gave_is_no_entry_of_the_unit(form: Make, read: Read) -> None:
    returned, _ = read(form())
    assert not {"sales.target", "energy.target", "plants.done"} & set(returned.entries)


def test_rows_may_be_moved_and_the_sheet_renamed(form: Make, read: Read) -> None:
    book = form()
    whole = values(read(book)[0])

    def upside_down(cells: dict[tuple[int, int], Cell]) -> dict[tuple[int, int], Cell]:
        rows = sorted({row for row, _ in cells if row > 7})
        turned = dict(zip(rows, reversed(rows), strict=True))
        return {(turned.get(row, row) + 3, column + 2): cell for (row, column), cell in cells.items()}

    moved = change(book, MEASURES, upside_down)
    moved = replace(
        moved, sheets=tuple(replace(each, name="Sheet9") if each.name == MEASURES else each for each in moved.sheets)
    )
    returned, problems = read(moved)
    assert values(returned) == whole
    assert problems == []


def test_a_deleted_key_column_is_made_up_for_by_the_titles(form: Make, read: Read) -> None:
    book = form()
    whole = values(read(book)[0])
    for sheet in (MEASURES, SCORECARD):
        book = change(book, sheet, lambda cells: {(r, c - 1): cell for (r, c), cell in cells.items() if c > 1})
    returned, problems = read(book)
    assert values(returned) == whole
    assert problems == [("KH216", ""), ("KH216", "")]


def test_a_deleted_row_is_named_and_nothing_else_suffers(form: Make, read: Read, scheme: Scheme) -> None:
    book = form()
    row = locate(scheme, book.sheets[1]).rows["invest"]
    cut = change(book, MEASURES, lambda cells: {place: cell for place, cell in cells.items() if place[0] != row})
    returned, problems = read(cut)
    assert [code for code, _ in problems] == ["KH217", "KH217"]
    assert {"invest.prior", "invest.actual"} & set(returned.entries) == set()
    assert values(returned)["tech.actual"] == 110


def test_a_copied_row_counts_once_where_it_is_the_same(form: Make, read: Read, scheme: Scheme) -> None:
    book = form()
    row = locate(scheme, book.sheets[1]).rows["invest"]

    def copied(cells: dict[tuple[int, int], Cell]) -> dict[tuple[int, int], Cell]:
        return cells | {(99, column): cell for (line, column), cell in cells.items() if line == row}

    double = change(book, MEASURES, copied)
    returned, problems = read(double)
    assert problems == []
    assert values(returned)["invest.actual"] == 110

    column = locate(scheme, book.sheets[1]).columns["actual"]
    torn = change(double, MEASURES, lambda cells: cells | {(99, column): num(120)})
    returned, problems = read(torn)
    assert [code for code, _ in problems] == ["KH218"]
    entry = returned.entries["invest.actual"]
    assert (entry.value, entry.invalid) == (None, True)


def test_a_cell_that_cannot_be_taken_is_invalid_and_named(form: Make, read: Read, scheme: Scheme) -> None:
    returned, problems = read(form(changes={"invest.actual": text("约12"), "tech.actual": text("１２．５")}))
    row, column = locate(scheme, form().sheets[1]).places(scheme)["invest.actual"]
    assert [code for code, _ in problems] == ["KH105", "KH120"]
    assert problems[0][1] == f"{chr(64 + column)}{row}"
    assert returned.entries["invest.actual"].invalid
    assert returned.entries["tech.actual"].value == Decimal("12.5")


def test_a_column_of_numbers_stored_as_text_is_one_line(form: Make, read: Read, scheme: Scheme) -> None:
    names = ("sales.actual", "invest.actual", "tech.actual")
    book = form(changes={name: text("110亿元") for name in names} | {"hitech_tax.actual": text("60%")})
    at = {address(*places(scheme, book, MEASURES)[name]) for name in (*names, "hitech_tax.actual")}
    told = read(book)[1]
    assert Counter(code for code, _ in told) == {"KH120": 4}  # what else is odd about a text is told of each
    assert {cell for _, cell in told} == at
    book = form(changes=dict.fromkeys(names, text("110")) | {"hitech_tax.actual": text("60%")})
    returned, told = read(book)
    assert Counter(code for code, _ in told) == {"KH129": 1, "KH120": 1}
    assert ("KH129", address(*places(scheme, book, MEASURES)["sales.actual"])) in told
    assert {values(returned)[name] for name in names} == {Decimal(110)}
    wide = form(changes=dict.fromkeys(names, text("１１０")))
    assert Counter(code for code, _ in read(wide)[1]) == {"KH120": 3}
    few = form(changes=dict.fromkeys(names[:2], text("110")))
    assert [code for code, _ in read(few)[1]] == ["KH120"] * 2


def test_a_changed_issued_target_does_not_count(form: Make, scheme: Scheme, settings: Settings) -> None:
    book = form(changes={"sales.target": num(50), "energy.target": num(1)})
    returned, problems = intake(scheme, settings, book)
    assert [(found.code, found.field, found.found, found.expected) for found in problems] == [
        ("KH222", "sales.target", "50", "100"),
        ("KH222", "energy.target", "1", "5"),
    ]
    cases, _ = gather(scheme, settings, [(returned, problems)])
    assert cases[0].reported["sales.target"].value == 100


def test_a_target_that_was_never_issued_is_not_the_units_to_give(
    form: Make, scheme: Scheme, settings: Settings
) -> None:
    given = {code: {**own} for code, own in settings.given.items()}
    del given["330102"]["sales.target"]
    fewer = replace(settings, given=given)
    returned, problems = intake(scheme, fewer, form(changes={"sales.target": num(50)}))
    assert [(each.code, each.field, each.expected) for each in problems] == [("KH222", "sales.target", "未下达")]
    cases, _ = gather(scheme, fewer, [(returned, problems)])
    assert "sales.target" not in cases[0].reported


def test_a_target_issued_after_the_form_was_is_no_change_of_the_units(form: Make, read: Read) -> None:
    assert read(form(changes={"sales.target": text("未下达")}))[1] == []


def test_without_settings_a_printed_target_is_neither_used_nor_called_changed(form: Make, scheme: Scheme) -> None:
    bare = Settings(scheme.units, {}, {}, {})
    returned, problems = intake(scheme, bare, form("330103"))
    assert [each.code for each in problems] == []
    cases, _ = gather(scheme, bare, [(returned, problems)])
    assert "sales.target" not in cases[1].reported


def test_what_a_unit_types_as_exam_points_is_ignored_and_said(form: Make, read: Read) -> None:
    returned, problems = read(form(changes={"2.8.exam": num(4)}))
    assert [code for code, _ in problems] == ["KH221"]
    assert "2.8.exam" not in returned.entries


def test_a_changed_unit_of_measurement_and_text_are_said(form: Make, read: Read) -> None:
    _, problems = read(form(changes={"invest.unit": text("万元"), "2.8.standard": text("完成目标40分。")}))
    assert [code for code, _ in problems] == ["KH226", "KH223"]


def test_extra_sheets_and_remarks_are_not_lost(form: Make, read: Read) -> None:
    book = change(form(), MEASURES, lambda cells: cells | {(9, 40): text("含在建项目"), (400, 3): text("另附")})
    book = replace(book, sheets=(*book.sheets, Sheet("情况说明", False, {(1, 1): text("说明")})))
    returned, problems = read(book)
    assert problems == [("KH219", ""), ("KH220", "AN9"), ("KH220", "C400")]
    assert values(returned)["invest.actual"] == 110


# ── whose form it is ────────────────────────────────────────────────────────────────────────────────────


def test_very_many_remarks_are_counted(form: Make, scheme: Scheme, settings: Settings) -> None:
    """A return of 190,000 stray cells would drown what is wrong with all others."""
    stray = {(row, 3): num(row) for row in range(1_000, 1_300)}
    returned, problems = intake(scheme, settings, change(form(), MEASURES, lambda cells: {**cells, **stray}))
    assert returned is not None
    assert [each.code for each in problems] == ["KH220"] * 200 + ["KH035"]
    assert (problems[-1].sheet, problems[-1].found, problems[-1].expected) == (MEASURES, "100", "KH220")


def test_the_form_says_whose_it_is_and_not_the_file_name(form: Make, read: Read) -> None:
    returned, problems = read(form(file="回复：下城区考核表.xlsx"))
    assert returned.unit.name == "上城区"
    assert [code for code, _ in problems] == ["KH214"]
    assert read(form(file="新建工作表(2).xlsx"))[1] == []
    assert read(form(file="上城区与下城区.xlsx"))[1] == []


def without_identity(book: Book) -> Book:
    return replace(book, sheets=tuple(sheet for sheet in book.sheets if sheet.name != IDENTITY))


@pytest.mark.parametrize("name", ["(" * 32_767, "(1" * 16_000])
def test_a_unit_of_endless_brackets_is_looked_for_in_time(
    form: Make, scheme: Scheme, settings: Settings, name: str
) -> None:
    units = tuple(replace(unit, name=name) if unit.code == "330103" else unit for unit in settings.units)
    start = process_time()
    returned, _ = intake(scheme, replace(settings, units=units), form())
    assert process_time() - start < 1
    assert returned is not None


def test_a_lost_identity_is_made_up_for_by_the_heading_or_the_file_name(form: Make, read: Read) -> None:
    book = without_identity(form("330108", file="滨江区.xlsx"))
    returned, problems = read(book)
    assert (returned.unit.code, [code for code, _ in problems]) == ("330108", ["KH215"])

    def headless(cells: dict[tuple[int, int], Cell]) -> dict[tuple[int, int], Cell]:
        return {place: cell for place, cell in cells.items() if "考核单位" not in str(cell.value)}

    for sheet in (SCORECARD, MEASURES):
        book = change(book, sheet, headless)
    returned, problems = read(book)
    assert (returned.unit.code, [code for code, _ in problems]) == ("330108", ["KH215"])


def headed(book: Book, said: str) -> Book:
    """``book`` with ``said`` in the place of its 考核单位."""

    def edit(cells: dict[tuple[int, int], Cell]) -> dict[tuple[int, int], Cell]:
        return {place: text(said) if "考核单位" in str(cell.value) else cell for place, cell in cells.items()}

    for sheet in (SCORECARD, MEASURES):
        book = change(book, sheet, edit)
    return book


SPELLINGS = ("滨江区（高新区）", "滨江区(高新区)", "滨江区（高新区)", "滨江区", "330108")


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("file", ["{}.xlsx", "回收.zip/{}.xls"])
def test_a_unit_is_known_by_a_file_of_any_spelling(form: Make, read: Read, name: str, file: str) -> None:
    book = headed(without_identity(form("330108", file=file.format(name))), "")
    returned, problems = read(book)
    assert (returned.unit.name, [code for code, _ in problems]) == ("滨江区（高新区）", ["KH215"])
    returned, problems = read(form("330102", file=file.format(name)))
    assert (returned.unit.name, [code for code, _ in problems]) == ("上城区", ["KH214"])


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("heading", ["考核单位：{}", "考核单位: {}"])
def test_a_unit_is_known_by_a_heading_of_any_spelling(form: Make, read: Read, name: str, heading: str) -> None:
    book = headed(without_identity(form("330108", file="Book1.xlsx")), heading.format(name))
    returned, problems = read(book)
    assert (returned.unit.name, [code for code, _ in problems]) == ("滨江区（高新区）", ["KH215"])


def test_a_form_of_before_with_brackets_of_ascii_is_read_in_silence(form: Make, read: Read) -> None:
    book = headed(form("330108", file="滨江区(高新区).xlsx", unit="滨江区(高新区)"), "考核单位：滨江区(高新区)")
    returned, problems = read(book)
    assert (returned.unit.name, problems) == ("滨江区（高新区）", [])


def test_what_nobody_can_tell_whose_it_is_does_not_count(form: Make, scheme: Scheme, settings: Settings) -> None:
    book = without_identity(form(file="Book1.xlsx"))
    for sheet in (SCORECARD, MEASURES):
        book = change(book, sheet, lambda cells: {p: c for p, c in cells.items() if "考核单位" not in str(c.value)})
    returned, problems = intake(scheme, settings, book)
    assert returned is None
    assert [found.code for found in problems] == ["KH210"]


def test_a_workbook_of_another_kind_is_no_form(scheme: Scheme, settings: Settings) -> None:
    book = Book("上城区.xlsx", "", 1, "xlsx", (Sheet("Sheet1", False, {(1, 1): text("名单")}),))
    returned, problems = intake(scheme, settings, book)
    assert returned is None
    assert [found.code for found in problems] == ["KH211"]


@pytest.mark.parametrize(
    ("claims", "code"), [({"year": "2006"}, "KH212"), ({"scheme": "ningbo_2007"}, "KH211")], ids=["year", "scheme"]
)
def test_another_scheme_or_year_is_rejected(
    form: Make, scheme: Scheme, settings: Settings, claims: dict[str, str], code: str
) -> None:
    returned, problems = intake(scheme, settings, form(**claims))
    assert returned is not None
    assert (returned.status, returned.entries, [found.code for found in problems]) == ("rejected", {}, [code])
    cases, _ = gather(scheme, settings, [(returned, problems)])
    assert cases[0].status == "rejected"


@pytest.mark.parametrize("claims", [{"scheme_digest": "1" * 64}, {"version": "0"}], ids=["scheme", "form"])
def test_an_older_form_is_read_with_a_note(form: Make, read: Read, claims: dict[str, str]) -> None:
    returned, problems = read(form(**claims))
    assert [code for code, _ in problems] == ["KH213"]
    assert values(returned)["invest.actual"] == 110


def test_a_form_of_before_has_no_column_for_explanations(form: Make, read: Read) -> None:
    whole = values(read(form())[0])
    book = form(version="2")
    confirm = next(place[1] for name, place in places(load(), book, MEASURES).items() if name == "sales.confirm")

    def without(cells: dict[tuple[int, int], Cell]) -> dict[tuple[int, int], Cell]:
        return {(r, c - (c > confirm)): cell for (r, c), cell in cells.items() if c != confirm}

    returned, problems = read(change(book, MEASURES, without))
    assert [code for code, _ in problems] == ["KH213"]
    assert values(returned) == {name: value for name, value in whole.items() if not name.endswith(".confirm")}


def test_an_explanation_is_read_by_key_or_by_heading(form: Make, read: Read) -> None:
    book = form(changes={"sales.confirm": text("并入两家企业")})
    keyless = change(book, MEASURES, lambda cells: {at: cell for at, cell in cells.items() if 1 not in at})
    for each in (book, keyless):
        assert values(read(each)[0])["sales.confirm"] == "并入两家企业"


def test_an_explanation_that_nobody_asked_for_is_not_lost(form: Make, read: Read, scheme: Scheme) -> None:
    measure = next(measure for measure, held in scheme.expectations.items() if not held)
    _, problems = read(form(changes={f"{measure}.confirm": text("已于上月完成")}))
    assert [code for code, _ in problems] == ["KH220"]


def test_a_unit_that_is_not_assessed(form: Make, scheme: Scheme, settings: Settings) -> None:
    fewer = replace(settings, units=settings.units[1:])
    returned, problems = intake(scheme, fewer, form())
    assert returned is None
    assert [found.code for found in problems] == ["KH224"]


def with_sheet(book: Book, name: str, title: str, hidden: bool = False) -> Book:
    """``book`` with a copy of one of its sheets."""
    sheet = book.sheet(name)
    assert sheet is not None
    return replace(book, sheets=(*book.sheets, replace(sheet, name=title, hidden=hidden)))


def places(scheme: Scheme, book: Book, sheet: str) -> dict[str, tuple[int, int]]:
    found = book.sheet(sheet)
    assert found is not None
    return locate(scheme, found).places(scheme)


@pytest.mark.parametrize("hidden", [False, True])
def test_a_blank_is_never_filled_from_another_sheet(
    form: Make, scheme: Scheme, settings: Settings, hidden: bool
) -> None:
    book = with_sheet(form(), MEASURES, "指标填报 (2)", hidden)
    place = places(scheme, book, MEASURES)["invest.actual"]
    book = change(book, MEASURES, lambda cells: {at: cell for at, cell in cells.items() if at != place})
    returned, (told,) = intake(scheme, settings, book)
    assert values(returned)["invest.actual"] is None
    cell = address(*place)
    assert (told.code, told.sheet, told.cell, told.field) == ("KH242", "指标填报 (2)", cell, "invest.actual")
    assert (told.found, told.expected) == ("110", "空白")
    assert f"本表 {MEASURES}!{cell} 是 空白" in told.message


def test_of_renamed_sheets_the_only_visible_one_is_the_forms_own(form: Make, read: Read) -> None:
    book = with_sheet(form(), MEASURES, "旧表", hidden=True)
    book = change(book, "旧表", lambda cells: {at: num(7) if cell == num(110) else cell for at, cell in cells.items()})
    names = {MEASURES: "表二"}
    book = replace(book, sheets=tuple(replace(each, name=names.get(each.name, each.name)) for each in book.sheets))
    returned, problems = read(book)
    assert values(returned)["invest.actual"] == 110
    assert {code for code, _ in problems} == {"KH242"}


def test_two_renamed_sheets_are_not_chosen_between(form: Make, scheme: Scheme, settings: Settings) -> None:
    book = with_sheet(form(), MEASURES, "表三")
    names = {MEASURES: "表二"}
    book = replace(book, sheets=tuple(replace(each, name=names.get(each.name, each.name)) for each in book.sheets))
    returned, problems = intake(scheme, settings, book)
    assert returned is not None
    assert (returned.status, returned.entries) == ("rejected", {})
    assert [(each.code, each.found) for each in problems] == [("KH245", "“表二”、“表三”")]


def test_two_units_in_one_workbook_are_neither_of_them(form: Make, scheme: Scheme, settings: Settings) -> None:
    one, two = form("330102", file="汇总.xlsx"), form("330103")
    both = replace(one, sheets=(*one.sheets, *(replace(each, name=f"{each.name} (2)") for each in two.sheets)))
    returned, problems = intake(scheme, settings, both)
    assert returned is None
    assert [(each.code, each.file, each.found) for each in problems] == [
        ("KH246", "汇总.xlsx", "上城区（330102）、下城区（330103）")
    ]
    nameless = replace(both, sheets=tuple(each for each in both.sheets if not each.name.endswith(f"{IDENTITY} (2)")))
    returned, problems = intake(scheme, settings, nameless)
    assert returned is None
    assert [(each.code, each.found) for each in problems] == [("KH246", "上城区、下城区")]


def test_a_heading_of_another_unit_keeps_the_return_out(form: Make, scheme: Scheme, settings: Settings) -> None:
    taking = intake(scheme, settings, headed(form(), "考核单位：下城区"))
    returned, problems = taking
    assert returned is not None
    assert (returned.status, returned.entries) == ("rejected", {})
    told = [(each.code, each.sheet, each.cell, each.found, each.expected) for each in problems]
    assert told == [("KH247", sheet, "B3", "考核单位：下城区", "上城区") for sheet in (SCORECARD, MEASURES)]
    assert gather(scheme, settings, [taking])[0][0].status == "rejected"


def test_a_heading_that_names_no_unit_or_its_own_is_let_be(form: Make, read: Read) -> None:
    assert read(headed(form(), "考核单位：（盖章）"))[1] == []
    assert read(headed(form(), "考核单位：上城区（原下城区一部分）"))[1] == []


def test_what_a_form_calculates_is_not_taken_from_a_cell_typed_over(
    form: Make, scheme: Scheme, settings: Settings
) -> None:
    book = form(changes={"1.1.self": num(20), "total.self": num(100), "sales.state": text("已核")})
    returned, problems = intake(scheme, settings, book)
    own = places(scheme, book, SCORECARD) | places(scheme, book, MEASURES)
    told = [(each.code, each.field, each.cell, each.found) for each in problems]
    assert sorted(told) == sorted(
        ("KH248", name, address(*own[name]), said)
        for name, said in (("1.1.self", "20"), ("total.self", "100"), ("sales.state", "已核"))
    )
    assert {each.expected for each in problems} == {"由表内公式自动算出"}
    assert not {"1.1.self", "total.self", "sales.state"} & values(returned).keys()
    formula = {name: Cell(CellKind.NUMBER, Decimal(20), formula=True) for name in ("1.1.self", "total.self")}
    assert intake(scheme, settings, form(changes=formula))[1] == ()


def test_a_sheet_that_lost_all_its_formulas_is_one_line(form: Make, read: Read, scheme: Scheme) -> None:
    states = {f"{measure}.state": text("已填") for measure in scheme.measures}
    panel = {"progress.title": text("可以上报"), "scores.title": text("合计")}
    points = {f"{measure}.points": num(1) for measure in scheme.measures}
    assert read(form(changes={**states, **panel, **points}))[1] == [("KH255", "")]


def upon(book: Book, name: str, **what: object) -> Book:
    """``book`` with something put upon the cells of one sheet."""
    return replace(book, sheets=tuple(replace(sheet, **what) if sheet.name == name else sheet for sheet in book.sheets))


def test_what_was_put_upon_cells_is_told_and_shown_to_the_judge(form: Make, scheme: Scheme, settings: Settings) -> None:
    book = form()
    own = places(scheme, book, MEASURES)
    invest, title = own["invest.actual"], own["invest.title"]
    comments = {invest: "王伟:\n此数为预计数", title: "按新口径"}
    book = upon(book, MEASURES, comments=comments, struck=frozenset({invest, title, (90, 9)}), pictures=2)
    returned, problems = intake(scheme, settings, book)
    assert returned is not None
    assert [(each.code, each.cell, each.found) for each in problems if each.code != "KH252"] == [
        ("KH250", address(*title), "按新口径"),
        ("KH249", address(*invest), "王伟: 此数为预计数"),
        ("KH251", address(*invest), "110"),
        ("KH253", "", "2"),
    ]
    assert [each.cell for each in problems if each.code == "KH252"] == [address(*title)]
    assert returned.remarks == {"invest.actual": "批注“王伟: 此数为预计数”，加了删除线"}
    assert values(returned)["invest.actual"] == 110
    cases, _ = gather(scheme, settings, [(returned, problems)])
    assert cases[0].remarks == returned.remarks


def test_the_comments_of_a_form_to_mend_are_not_told_back(form: Make, read: Read, scheme: Scheme) -> None:
    book = form()
    place = places(scheme, book, MEASURES)["invest.actual"]
    ours = "工业投资·本年实绩未填\n改法：填 0 以上的数（亿元）。"
    odd = "工业投资·本年实绩填报 1000，是上年的 10 倍\n改法：填错的请改正；没有填错的，请在“核实说明”栏写明原因。"
    for said in (ours, odd):
        assert read(upon(book, MEASURES, comments={place: said}))[1] == []
    answered = read(upon(book, MEASURES, comments={place: f"{ours}\n已补，为快报数"}))[0]
    assert answered.remarks == {"invest.actual": "批注“已补，为快报数”"}


# ── several files ───────────────────────────────────────────────────────────────────────────────────────


def day(number: int) -> Cell:
    return Cell(CellKind.DATE, date(2007, 11, number))


@pytest.fixture
def case(scheme: Scheme, settings: Settings) -> Callable[..., tuple[object, list[str]]]:
    def run(*books: Book, prefer: tuple[str, ...] = ()) -> tuple[object, list[str]]:
        cases, problems = gather(scheme, settings, [intake(scheme, settings, book) for book in books], prefer)
        assert [each.unit for each in cases] == list(settings.units)
        own = [each for each in problems if each.unit == "上城区" or not each.unit]
        return cases[0], [each.code for each in own]

    return run


Gather = Callable[..., tuple[object, list[str]]]


def test_units_that_sent_nothing_are_missing(scheme: Scheme, settings: Settings) -> None:
    cases, problems = gather(scheme, settings, [])
    assert {case.status for case in cases} == {"missing"}
    assert [found.code for found in problems] == ["KH240"] * 14
    assert cases[0].reported["sales.target"].value == 100


@pytest.mark.parametrize(("number", "status"), [(14, "received"), (15, "received"), (16, "late")])
def test_the_deadline_is_that_whole_day(form: Make, case: Gather, number: int, status: str) -> None:
    found, problems = case(form(changes={"date": day(number)}))
    assert found.status == status  # type: ignore[attr-defined]
    assert problems == (["KH241"] if status == "late" else [])


@pytest.mark.parametrize(("number", "status"), [(13, "received"), (14, "received"), (15, "late")])
def test_by_the_stricter_reading_the_day_before_is_the_last(
    form: Make, settings: Settings, number: int, status: str
) -> None:
    scheme = load(readings={"deadline": "strict"})
    cases, problems = gather(scheme, settings, [intake(scheme, settings, form(changes={"date": day(number)}))])
    assert cases[0].status == status
    late = [(each.found, each.expected) for each in problems if each.code == "KH241"]
    assert late == ([("2007-11-15", "2007-11-14")] if status == "late" else [])


LAST, AFTER = date(2007, 11, 15), date(2007, 11, 16)


@pytest.mark.parametrize(
    ("filled", "received", "status", "code"),
    [
        (day(10), AFTER, "late", "KH241"),
        (day(16), LAST, "received", ""),
        (None, LAST, "received", ""),
        (None, AFTER, "late", "KH241"),
        (None, None, "received", "KH254"),
        (Cell(CellKind.TEXT, "年底"), None, "received", "KH254"),
        (day(16), None, "late", "KH241"),
        (day(10), None, "received", ""),
    ],
)
def test_lateness_rests_on_the_day_of_receipt(
    form: Make, scheme: Scheme, settings: Settings, filled: Cell | None, received: date | None, status: str, code: str
) -> None:
    taking = intake(scheme, settings, form(changes={"date": filled}))
    cases, problems = gather(scheme, settings, [taking], arrivals=Arrivals(today=received))
    assert (cases[0].status, cases[0].received) == (status, received)
    assert [each.code for each in problems if each.code in ("KH241", "KH254")] == ([code] if code else [])
    by = [each.message.split(" ")[0] for each in problems if each.code == "KH241"]
    assert by == ([] if code != "KH241" else ["收到日期" if received else "单位自填的填报日期"])


def test_a_file_keeps_the_day_on_which_it_was_received(form: Make, scheme: Scheme, settings: Settings) -> None:
    arrivals = Arrivals({"0" * 64: LAST, "1" * 64: None}, AFTER)
    for digest, received in (("0" * 64, LAST), ("1" * 64, None), ("2" * 64, AFTER)):
        taking = intake(scheme, settings, replace(form(), sha256=digest))
        assert gather(scheme, settings, [taking], arrivals=arrivals)[0][0].received == received


def test_of_two_that_cannot_be_told_apart_the_later_day_counts(form: Make, scheme: Scheme, settings: Settings) -> None:
    one, two = form(file="a.xlsx"), replace(form(changes={"invest.actual": num(9)}, file="b.xlsx"), sha256="1" * 64)
    takings = [intake(scheme, settings, each) for each in (one, two)]
    for first, second, expected in ((LAST, AFTER, AFTER), (None, AFTER, None)):
        arrivals = Arrivals({"0" * 64: first, "1" * 64: second})
        assert gather(scheme, settings, takings, arrivals=arrivals)[0][0].received == expected


def test_what_figures_are_of_is_the_usual_where_it_was_blanked(form: Make, read: Read) -> None:
    assert values(read(form(changes={"period": None}))[0])["period"] == "全年预计"
    assert values(read(form(changes={"period": Cell(CellKind.TEXT, "全年实绩")}))[0])["period"] == "全年实绩"
    other, problems = read(form(changes={"period": Cell(CellKind.TEXT, " 1–10月 累计")}))
    assert values(other)["period"] == "1—10月累计"
    assert [code for code, _ in problems] == ["KH120"]


def test_a_date_out_of_the_year_says_nothing_about_lateness(form: Make, case: Gather) -> None:
    found, _ = case(form(changes={"date": Cell(CellKind.DATE, date(2070, 11, 10))}))
    assert (found.status, found.filled) == ("received", None)  # type: ignore[attr-defined]


def test_the_same_content_twice_counts_once(form: Make, case: Gather) -> None:
    found, problems = case(form(), form(file="上城区(1).xlsx"))
    assert problems == ["KH230"]
    assert found.file == "上城区.xlsx"  # type: ignore[attr-defined]


def test_the_newer_of_two_counts_and_every_difference_is_listed(form: Make, case: Gather) -> None:
    old = form(changes={"invest.actual": text("约12"), "filer": text("李娜")}, file="a.xlsx")
    new = form(changes={"date": day(12)}, file="b.xlsx")
    for books in ([old, new], [new, old]):
        found, problems = case(*books)
        assert problems == ["KH231", "KH233", "KH233", "KH233"]
        assert found.file == "b.xlsx"  # type: ignore[attr-defined]
        assert found.reported["invest.actual"].value == 110  # type: ignore[attr-defined]


def test_two_of_one_day_wait_for_the_office(form: Make, case: Gather) -> None:
    books = form(file="a.xlsx"), form(changes={"invest.actual": num(120)}, file="b.xlsx")
    found, problems = case(*books)
    assert problems == ["KH232", "KH233"]
    assert found.reported["invest.actual"].invalid  # type: ignore[attr-defined]
    assert found.reported["tech.actual"].value == 110  # type: ignore[attr-defined]
    found, problems = case(*books, prefer=("b.xlsx",))
    assert problems == ["KH231", "KH233"]
    assert found.reported["invest.actual"].value == 120  # type: ignore[attr-defined]


def test_one_without_a_date_cannot_be_the_newer_or_the_older(form: Make, case: Gather) -> None:
    _, problems = case(form(file="a.xlsx"), form(changes={"date": None}, file="b.xlsx"))
    assert problems == ["KH232", "KH233", "KH254"]


def test_a_blank_form_left_in_the_folder_does_no_harm(form: Make, case: Gather) -> None:
    found, problems = case(form(empty=True, file="上城区.xlsx"), form(file="上城区-填.xlsx"))
    assert problems == ["KH235"]
    assert found.file == "上城区-填.xlsx"  # type: ignore[attr-defined]


def test_a_preferred_file_that_is_not_there_is_said(form: Make, case: Gather) -> None:
    _, problems = case(form(), prefer=("别的.xlsx",))
    assert problems == ["KH234"]


def test_a_rejected_file_does_not_stand_in_the_way_of_a_good_one(form: Make, case: Gather) -> None:
    found, problems = case(form(year="2006", file="old.xlsx"), form())
    assert (found.status, found.file) == ("received", "上城区.xlsx")  # type: ignore[attr-defined]
    assert problems == ["KH236"]


def test_unfilled_looks_at_what_is_assessed() -> None:
    assert unfilled({"filer": Entry("王伟"), "sales.evidence": Entry("见附件"), "sales.actual": Entry(None)})
    assert not unfilled({"sales.actual": Entry(None, invalid=True)})
    assert not unfilled({"projects.done": Entry(Mark.NOT_DONE)})
    assert not unfilled({"1.4.self": Entry(Decimal(0))})


def test_differing_takes_a_blank_and_a_lost_cell_for_the_same() -> None:
    from kaohe_cli.model import Unit

    unit = Unit("1", "甲", "区")
    one = Return(unit, {"a": Entry(None), "b": Entry(Decimal("12.50"))}, "a")
    two = Return(unit, {"b": Entry(Decimal("12.5"))}, "b")
    assert differing_fields([one, two]) == ()


@pytest.mark.parametrize(("claims", "message"), [
    ({"year": ""}, "这是 空白 年度的填报表，本次考核为 2007 年度"),
    ({"scheme": ""}, "表内的方案标识是 空白"),
])  # fmt: skip
def test_an_identity_that_was_emptied_is_told(
    claims: dict[str, str], message: str, form: Make, scheme: Scheme, settings: Settings
) -> None:
    assert [each.message for each in intake(scheme, settings, form(**claims))[1]] == [message]


def test_spaces_over_a_figure_of_the_office_are_told_as_a_blank(form: Make, scheme: Scheme, settings: Settings) -> None:
    _, problems = intake(scheme, settings, form(changes={"sales.target": text("  ")}))
    assert [each.message for each in problems] == ["工业销售产值·下达目标由考核办确定（100），表内的 空白 不采用"]
