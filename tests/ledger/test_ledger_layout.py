"""What people do to the sheets of a ledger beside typing is there again in the next one: comments, fills, fonts,
widths, what is hidden, order of rows, text above, beside and below the tables, added sheets. What is not, is told.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from edits import Edit
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from ranking_samples import usual
from test_ledger import SCHEME, Office, bare
from test_meddling import JUDGED, KEYS, OVERRIDE, D, F, S, finished

from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger import book as workbook
from kaohe_cli.ledger import carried
from kaohe_cli.ledger.layout import SheetLayout, joined, with_comment
from kaohe_cli.ledger.merge import merge

pytestmark = pytest.mark.slow

Convert = Callable[[Path, str, Path], Path]
RED, GREEN = PatternFill("solid", fgColor="FFFF0000"), PatternFill("solid", fgColor="FF00FF00")


@pytest.fixture
def ledger(tmp_path: Path) -> Office:
    made = Office(tmp_path / "评分底稿.xlsx", bare(usual(SCHEME))[:3])
    made.path.write_bytes(finished())
    return made


def spot(edit: Edit, sheet: str, key: tuple[str, ...], title: str) -> Any:
    return edit.book[sheet].cell(edit.row(sheet, key, KEYS[sheet]), edit.column(sheet, title))


def twice(office: Office) -> tuple[Problem, ...]:
    """Have ``score`` run twice: the second time nothing changes any more. What was told the first time."""
    _, problems = office.score()
    once = content(office.path)
    _, again = office.score()
    assert content(office.path) == once
    assert again == ()
    assert office.read()[1] == ()
    return problems


def content(path: Path) -> Any:
    """All that a workbook shows, cell by cell."""
    book = openpyxl.load_workbook(path)
    del book["程序记录"]
    return {
        page.title: (
            {
                cell.coordinate: (
                    cell.value, cell.fill.fgColor.rgb if cell.fill.fill_type else None, cell.font.name, cell.font.sz,
                    cell.font.b, cell.font.color.rgb if cell.font.color else None,
                    cell.comment.text if cell.comment else None,
                )
                for row in page.iter_rows()
                for cell in row
            },
            {name: (each.width, each.hidden) for name, each in page.column_dimensions.items()},
            {row for row, each in page.row_dimensions.items() if each.hidden},
            page.sheet_state, page.freeze_panes, page.auto_filter.ref,
        )
        for page in book
    }  # fmt: skip


# ── the program's three sheets ──────────────────────────────────────────────────────────────────────────


def test_comments_stay_with_their_cells(ledger: Office) -> None:
    places = [(D, OVERRIDE, "考核分"), (D, JUDGED, "评分依据"), (F, ("330103", "工业投资", "本年实绩"), "核定值"),
              (S, ("330104",), "单位")]  # fmt: skip
    with Edit(ledger.path) as edit:
        for count, place in enumerate(places):
            spot(edit, *place).comment = Comment(f"张三：\n请再核 {count}", "张三")
        edit.book[D]["J1"].comment = Comment("只填一位小数", "李四")
    assert twice(ledger) == ()
    after = Edit(ledger.path)
    assert [spot(after, *place).comment.text for place in places] == [f"张三：\n请再核 {at}" for at in range(4)]
    assert after.book[D]["J1"].comment.text == "只填一位小数"
    assert sum(cell.comment is not None for page in after.book for row in page.iter_rows() for cell in row) == 5


def test_fills_and_fonts_stay_with_their_cells(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        spot(edit, D, OVERRIDE, "考核分").fill = RED
        spot(edit, D, JUDGED, "单位说明").fill = GREEN
        spot(edit, F, ("330103", "工业投资", "本年实绩"), "填报值").font = Font("黑体", 14, bold=True, color="FFC00000")
        edit.book[S]["A1"].fill = GREEN
    assert twice(ledger) == ()
    after = Edit(ledger.path)
    assert spot(after, D, OVERRIDE, "考核分").fill.fgColor.rgb == "FFFF0000"
    assert spot(after, D, OVERRIDE, "考核分").value == 0.5
    assert spot(after, D, JUDGED, "单位说明").fill.fgColor.rgb == "FF00FF00"
    font = spot(after, F, ("330103", "工业投资", "本年实绩"), "填报值").font
    assert (font.name, font.sz, font.b, font.color.rgb) == ("黑体", 14, True, "FFC00000")
    assert after.book[S]["A1"].fill.fgColor.rgb == "FF00FF00"
    before = openpyxl.load_workbook(ledger.path)[D]
    assert sum(cell.fill.fgColor.rgb == "FFFF0000" for row in before.iter_rows() for cell in row) == 1


def test_widths_and_what_is_hidden_stay(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        page = edit.book[D]
        page.column_dimensions["E"].width = 51
        page.column_dimensions["G"].hidden = True
        page.column_dimensions["Q"].hidden = False
        row = edit.row(D, OVERRIDE, KEYS[D])
        page.row_dimensions[row].hidden = True
        edit.add_column(D, "初评", lambda row: row)
        page.column_dimensions["T"].width = 33
    assert twice(ledger) == ()
    page = openpyxl.load_workbook(ledger.path)[D]
    assert abs(page.column_dimensions["E"].width - 51) < 0.2
    assert abs(page.column_dimensions["T"].width - 33) < 0.2
    assert page.column_dimensions["G"].hidden
    assert not page.column_dimensions["Q"].hidden
    assert [number for number, each in page.row_dimensions.items() if each.hidden] == [row]


def test_rows_stay_in_the_order_of_people(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        for sheet in (D, F, S):
            edit.arrange(sheet, lambda rows: [rows[0], *reversed(rows[1:])])
        spot(edit, D, OVERRIDE, "考核分").fill = RED
        wanted = {sheet: order(edit, sheet) for sheet in (D, F, S)}
    before, problems = ledger.read()
    assert problems == ()
    assert twice(ledger) == ()
    after = Edit(ledger.path)
    assert {sheet: order(after, sheet) for sheet in (D, F, S)} == wanted
    assert spot(after, D, OVERRIDE, "考核分").fill.fgColor.rgb == "FFFF0000"
    again, _ = ledger.read()
    assert again.scores == before.scores, "units stay in the order of the roster"
    assert [case.unit.code for case in again.cases] == ["330102", "330103", "330104"]


def test_formulas_and_checks_follow_the_order_of_people(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        edit.arrange(F, lambda rows: [rows[0], *sorted(rows[1:], key=lambda row: str(row[0]))])
        edit.arrange(D, lambda rows: [["年底考核"], [], *rows[:1], *reversed(rows[1:])])
    ledger.score()
    book = openpyxl.load_workbook(ledger.path)
    checks = [(each, check) for check in book[F].data_validations.dataValidation for each in check.sqref.ranges]
    held = {row: check.type for area, check in checks for row in range(area.min_row, area.max_row + 1)}
    assert sorted(held) == list(range(2, book[F].max_row + 1))
    chosen = {row for row in held if book[F].cell(row, 4).value in ("完成情况", "是否完成")}
    assert {row for row, kind in held.items() if kind == "list"} >= chosen
    page = book[D]
    for row in range(4, page.max_row + 1):
        state = str(page.cell(row, 13).value)
        assert f"J{row}" in state, (row, state)


def test_a_new_row_comes_in_its_place_where_nobody_sorted_and_else_at_the_end(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        own = order(edit, D)
        edit.book[D].delete_rows(edit.row(D, OVERRIDE, KEYS[D]))
    ledger.score()
    assert order(Edit(ledger.path), D) == own
    with Edit(ledger.path) as edit:
        edit.arrange(D, lambda rows: [rows[0], *reversed(rows[1:])])
        edit.book[D].delete_rows(edit.row(D, OVERRIDE, KEYS[D]))
    ledger.score()
    after = order(Edit(ledger.path), D)
    assert after == [*(key for key in reversed(own) if key != OVERRIDE), OVERRIDE]
    assert ledger.read()[1] == ()


def order(edit: Edit, sheet: str) -> list[tuple[str, ...]]:
    columns = [edit.column(sheet, title) for title in KEYS[sheet]]
    page = edit.book[sheet]
    return [tuple(str(page.cell(row, at).value) for at in columns) for row in range(2, page.max_row + 1)]


def test_problems_tell_where_an_entry_stands_now(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        spot(edit, D, ("330104", "1.1.1"), "考核分").value = 0.25  # without a reason
        edit.arrange(D, lambda rows: [["年底考核"], rows[0], *reversed(rows[1:])])
    _, problems = ledger.score()
    (told,) = (each for each in problems if each.code == "KH304")
    page = openpyxl.load_workbook(ledger.path)[D]
    assert page[told.cell].value == 0.25
    assert told.cell in {each.cell for each in ledger.read()[1]}


# ── beside the tables ───────────────────────────────────────────────────────────────────────────────────


def test_text_above_beside_and_below_a_table_stays(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        page = edit.book[D]
        page.insert_rows(1, 3)
        page["A1"] = "2007 年度评分明细"
        page["A1"].font = Font("黑体", 20, bold=True)
        page["C2"] = "单位：分"
        page["C2"].comment = Comment("以两位小数计", "某")
        row, last, beyond = edit_row(page, OVERRIDE), page.max_row, page.max_column + 2
        page.cell(row, beyond).value = "问过张处"
        page.cell(last + 3, 1).value = "合计"
        page.cell(last + 3, 10).value = "=1+1"
        page.cell(last + 3, 10).fill = GREEN
        page.cell(last + 4, 2).value = "制表：王五"
        page.cell(last + 6, 3).comment = Comment("下面没有了", "某")
    before, problems = ledger.read()
    assert {each.code for each in problems} == {"KH313"}
    problems = ledger.score()[1]
    assert [(each.code, each.cell) for each in problems] == [("KH313", f"J{last + 3}")]
    page = openpyxl.load_workbook(ledger.path)[D]
    assert (page["A1"].value, page["A1"].font.name, page["A1"].font.sz) == ("2007 年度评分明细", "黑体", 20)
    assert (page["C2"].value, page["C2"].comment.text) == ("单位：分", "以两位小数计")
    assert page["A4"].value == "单位代码"
    assert page.auto_filter.ref.startswith("A4:")
    assert page.auto_filter.ref.endswith(str(last))
    texts = {page.cell(4, at).value: at for at in range(1, page.max_column + 1)}
    assert page.cell(edit_row(page, OVERRIDE), max(texts.values())).value == "问过张处"
    assert [page.cell(last + 1, at).value for at in range(1, 20)] == [None] * 19
    assert (page.cell(last + 2, 1).value, page.cell(last + 2, 10).fill.fgColor.rgb) == ("合计", "FF00FF00")
    assert page.cell(last + 3, 2).value == "制表：王五"
    assert page.cell(last + 4, 3).comment.text == "下面没有了"
    assert ledger.read()[0].scores == before.scores
    assert twice(ledger) == ()


def edit_row(page: Any, key: tuple[str, str]) -> int:
    """The row of a unit's criterion, wherever the header is."""
    found = [row for row in range(1, page.max_row + 1) if (page.cell(row, 1).value, page.cell(row, 4).value) == key]
    assert len(found) == 1
    return int(found[0])


def test_a_row_that_people_added_is_text_in_every_sheet_and_never_an_entry(ledger: Office) -> None:
    before, _ = ledger.read()
    with Edit(ledger.path) as edit:
        edit.book[D].append(["合计", *[None] * 8, 55, "不是理由"])
        edit.book[F].append(["平均", *[None] * 5, 3.5])
        edit.book[S].append([None, "共 3 个单位", *[None] * 7, "材料都在"])
        edit.book[S].append(["说明", "见附件"])
    assert twice(ledger) == ()
    after, problems = ledger.read()
    assert (problems, after.scores, after.typed.keys()) == ((), before.scores, before.typed.keys())
    book = openpyxl.load_workbook(ledger.path)
    assert [cell.value for cell in book[D][book[D].max_row]][:11] == ["合计", *[None] * 8, 55, "不是理由"]
    assert [cell.value for cell in book[F][book[F].max_row]][:7] == ["平均", *[None] * 5, 3.5]
    assert [[cell.value for cell in row][:2] for row in book[S].iter_rows(min_row=5)] == [
        [None, None], [None, "共 3 个单位"], ["说明", "见附件"]
    ]  # fmt: skip


def test_comments_of_a_unit_that_is_no_more_are_kept_and_come_back_with_it(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        spot(edit, D, JUDGED, "考核分").comment = Comment("复核过", "某")
    cases, ledger.cases = ledger.cases, ledger.cases[1:]
    _, problems = ledger.score()
    assert any(each.code == "KH307" and "复核过" in each.found for each in problems)
    page = openpyxl.load_workbook(ledger.path)["已无对应"]
    assert ("考核分·批注", "复核过") in {(row[4].value, row[5].value) for row in page.iter_rows()}
    ledger.cases = cases
    ledger.score()
    assert spot(Edit(ledger.path), D, JUDGED, "考核分").comment.text == "复核过"
    assert spot(Edit(ledger.path), D, JUDGED, "考核分").value == 1.5


# ── sheets that people added, and those that are made anew ──────────────────────────────────────────────


def add_sheet(edit: Edit) -> None:
    page = edit.book.create_sheet("备查")
    page["B2"], page["B2"].fill, page["B2"].font = "已核", RED, Font("楷体", 16, italic=True)
    page["C3"].fill = GREEN
    page["D4"].comment = Comment("空白处的批注", "某")
    page.column_dimensions["B"].width = 44
    page.column_dimensions["E"].hidden = True
    page["A6"], page.row_dimensions[6].hidden = "藏起来的", True


def check_sheet(page: Any) -> None:
    assert (page["B2"].value, page["B2"].fill.fgColor.rgb) == ("已核", "FFFF0000")
    assert (page["B2"].font.name, page["B2"].font.sz, page["B2"].font.i) == ("楷体", 16, True)
    assert page["C3"].fill.fgColor.rgb == "FF00FF00"
    assert page["D4"].comment.text == "空白处的批注"
    assert abs(page.column_dimensions["B"].width - 44) < 0.2
    assert page.column_dimensions["E"].hidden
    assert page.row_dimensions[6].hidden


def test_an_added_sheet_stays_as_it_was(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        add_sheet(edit)
        edit.book.create_sheet("只有批注")["A1"].comment = Comment("见旧档", "某")
        edit.book.create_sheet("藏")["A1"] = "在"
        edit.book["藏"].sheet_state = "hidden"
    assert twice(ledger) == ()
    book = openpyxl.load_workbook(ledger.path)
    check_sheet(book["备查"])
    assert book["只有批注"]["A1"].comment.text == "见旧档"
    assert (book["藏"]["A1"].value, book["藏"].sheet_state) == ("在", "hidden")


def test_what_is_added_to_sheets_that_are_made_anew_is_told(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        edit.book["来源"]["I1"], edit.book["来源"]["I3"] = "归档", "已归档"
        edit.book["来源"]["B2"].comment = Comment("第二稿", "某")
        edit.book["本次变动"]["H2"] = "看过"
        edit.book["问题清单"]["L1"] = "是否通知"
        edit.book["进度"]["K3"] = "抓紧"
    _, problems = ledger.score()
    told = {(each.code, each.sheet, each.cell, each.found) for each in problems}
    assert told == {
        ("KH340", "进度", "K3", "K3 抓紧"),
        ("KH340", "问题清单", "L1", "L1 是否通知"),
        ("KH340", "来源", "I1", "I1 归档、I3 已归档"),
        ("KH340", "来源", "B2", "B2 的批注 第二稿"),
        ("KH340", "本次变动", "H2", "H2 看过"),
    }
    assert ledger.score()[1] == ()


def test_pictures_and_charts_are_told(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        edit.book[D].add_chart(BarChart(), "B3")
    _, problems = ledger.score()
    assert [(each.code, each.sheet, each.found) for each in problems] == [("KH055", D, "1")]


def test_looks_of_another_version_are_not_taken_for_peoples(ledger: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with Edit(ledger.path) as edit:
        spot(edit, D, OVERRIDE, "考核分").fill = RED
        edit.book[D].column_dimensions["E"].width = 51
    monkeypatch.setattr(carried, "usual_mark", lambda: "别的版本")
    _, problems = ledger.score()
    assert [(each.code, each.severity) for each in problems] == [("KH054", "note")]
    after = Edit(ledger.path)
    assert spot(after, D, OVERRIDE, "考核分").fill.fgColor.rgb != "FFFF0000"
    assert abs(after.book[D].column_dimensions["E"].width - 51) < 0.2


# ── merge ───────────────────────────────────────────────────────────────────────────────────────────────


def test_merge_keeps_the_offices_layout_and_adds_comments_texts_and_sheets(ledger: Office) -> None:
    with Edit(ledger.path) as edit:
        spot(edit, D, OVERRIDE, "考核分").fill = RED
        spot(edit, D, OVERRIDE, "考核分").comment = Comment("办公室已核", "某")
        edit.arrange(S, lambda rows: [rows[0], *reversed(rows[1:])])
        edit.book[S].append(["制表：王五"])
    copy = Path(shutil.copy(ledger.path, ledger.path.with_name("综合处.xlsx")))
    with Edit(copy) as edit:
        spot(edit, D, OVERRIDE, "考核分").fill = GREEN
        spot(edit, D, OVERRIDE, "考核分").comment = Comment("尚未开工", "某")
        spot(edit, D, JUDGED, "考核分").comment = Comment("材料齐全", "某")
        edit.book[D].append(["综合处评议完毕"])
        edit.book[D].column_dimensions["E"].width = 60
        add_sheet(edit)
    wide = openpyxl.load_workbook(ledger.path)[D].column_dimensions["E"].width
    for _ in range(2):  # once more brings nothing more
        merged(ledger, copy)
        after = Edit(ledger.path)
        assert spot(after, D, OVERRIDE, "考核分").fill.fgColor.rgb == "FFFF0000"
        assert spot(after, D, OVERRIDE, "考核分").comment.text == "办公室已核\n综合处.xlsx：尚未开工"
        assert spot(after, D, JUDGED, "考核分").comment.text == "材料齐全"
        assert after.book[D].column_dimensions["E"].width == wide
        assert [cell.value for cell in after.book[D]["A"]][-2:] == [None, "综合处评议完毕"]
        assert [cell.value for cell in after.book[S]["A"]][1:] == ["330104", "330103", "330102", None, "制表：王五"]
        check_sheet(after.book["备查"])


def merged(office: Office, copy: Path) -> None:
    ledger, told = workbook.carried(office.read()[0], office.path)
    other, _ = workbook.read(SCHEME, copy)
    assert other is not None
    other, _ = workbook.with_looks(other, copy, [sheet.name for sheet in other.sheets])
    result = merge(SCHEME, ledger, [other])
    assert (told, result.problems) == ((), ())
    office.path.write_bytes(workbook.ledger_workbook(SCHEME, result.ledger, result.problems))


def test_comments_are_joined_once() -> None:
    key = ("330102", "1.4.1")
    mine = SheetLayout(comments={key: {"考核分": "甲"}})
    copies = [("一.xlsx", SheetLayout(comments={key: {"考核分": "乙", "评分人": "丙"}}))] * 2
    assert joined(mine, copies).comments == {key: {"考核分": "甲\n一.xlsx：乙", "评分人": "丙"}}
    assert [with_comment("", "乙", "一.xlsx"), with_comment("甲", "甲"), with_comment("甲", "乙")] == [
        "乙", "甲", "甲\n乙"
    ]  # fmt: skip


# ── other programs and formats ──────────────────────────────────────────────────────────────────────────


@pytest.mark.office
def test_what_people_did_survives_libreoffice(ledger: Office, office: Convert) -> None:
    with Edit(ledger.path) as edit:
        edit.arrange(S, lambda rows: [rows[0], *reversed(rows[1:])])
        spot(edit, D, OVERRIDE, "考核分").fill = RED
        spot(edit, D, JUDGED, "考核分").comment = Comment("材料齐全", "某")
        edit.book[D].append(["合计"])
        edit.book[D].row_dimensions[5].hidden = True
        add_sheet(edit)
    shutil.copy(office(ledger.path, "xlsx", ledger.path.parent / "out"), ledger.path)
    previous, _ = workbook.read_previous(SCHEME, ledger.path)
    assert previous is not None
    marked = {sheet: layout.appearance.looks for sheet, layout in previous.layouts.items() if layout.appearance}
    assert [len(marked[sheet]) for sheet in (D, F, S)] == [1, 0, 0], "the program's own looks are known again"
    ledger.score()
    after = Edit(ledger.path)
    assert [cell.value for cell in after.book[S]["A"]][1:] == ["330104", "330103", "330102"]
    page = after.book[D]
    filled = [cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFF0000"]
    assert filled == [spot(after, D, OVERRIDE, "考核分").coordinate]
    assert spot(after, D, JUDGED, "考核分").comment.text == "材料齐全"
    assert page.cell(page.max_row, 1).value == "合计"
    assert page.row_dimensions[5].hidden
    assert page["A2"].font.name == "宋体"
    assert page["A2"].border.left.style == "thin"
    check = after.book["备查"]
    assert (check["B2"].value, check["B2"].fill.fgColor.rgb, check["D4"].comment.text) == (
        "已核", "FFFF0000", "空白处的批注"
    )  # fmt: skip


@pytest.mark.office
def test_of_another_format_all_but_looks_is_carried(ledger: Office, office: Convert) -> None:
    with Edit(ledger.path) as edit:
        edit.arrange(S, lambda rows: [rows[0], *reversed(rows[1:])])
        spot(edit, D, OVERRIDE, "考核分").fill = RED
        spot(edit, D, JUDGED, "考核分").comment = Comment("材料齐全", "某")
    saved = office(ledger.path, "ods", ledger.path.parent / "out")
    previous, problems = workbook.read_previous(SCHEME, saved)
    assert previous is not None
    assert [each.code for each in problems if each.code.startswith("KH05")] == ["KH050"]
    assert [*previous.layouts[S].rows] == [("330104", ""), ("330103", ""), ("330102", "")]
    assert previous.layouts[D].comments == {JUDGED: {"考核分": "材料齐全"}}
    assert previous.layouts[D].appearance is None
