"""Faulty 方案.xlsx, each made from a sound one by a small edit, as an author would type it, and named by its defect."""

import io
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from kaohe_cli.scheme.book import made

FILE = "方案.xlsx"
ADDED = Path(__file__).parent / "sound_book.toml"
KEYS = {  # sheet → the columns that a row is called by
    "基本": ("事项",), "单位": ("名称",), "类别": ("类别",), "项目": ("编号",), "细则": ("编号",), "档": ("细则",),
    "条件": ("用于",), "指标": ("编号", "数据项"), "等次": ("名称", "编号"), "口径": ("口径编号", "选项编号"),
    "单位口径": ("编号", "选项编号"), "数据口径": ("称呼",), "试算": ("内容", "数据项或编号"),
}  # fmt: skip
GOES_ON = ("指标", "口径", "单位口径")  # whose rows leave the first column to the one above
LEFT_OUT = ("说明", "例", "词表")

Place = tuple[str, str, str] | tuple[str, str] | tuple[str] | tuple[()]  # sheet, row, title; sheet, cell; sheet; none
Told = tuple[str, Place]  # code, where


class Author:
    """A workbook that someone types into; its cells are called by sheet, row and title of the column.

    A row is called by its own key, the second of that name by 1.4#2; what is added below by +1, +2; the head by 表头.
    """

    def __init__(self) -> None:
        self.book = sound()
        self._columns = {sheet.title: {str(cell.value): cell.column for cell in sheet[1]} for sheet in self.book}
        self._rows = {sheet.title: dict(self._called(sheet)) for sheet in self.book if sheet.title in KEYS}

    def _called(self, sheet: Worksheet) -> Iterator[tuple[str, int]]:
        columns, above = self._columns[sheet.title], ""
        count: dict[str, int] = {}
        for row in range(3, sheet.max_row + 1):
            said = [str(sheet.cell(row, columns[title]).value or "") for title in KEYS[sheet.title]]
            if sheet.title in GOES_ON:
                above = said[0] = said[0] or above
            name = " ".join(filter(None, said))
            count[name] = count.get(name, 0) + 1
            yield (name if count[name] == 1 else f"{name}#{count[name]}"), row
        yield from (("表头", 1), ("说明", 2), *((f"+{more}", sheet.max_row + more) for more in range(1, 4)))

    def __getitem__(self, place: Place) -> Cell:
        sheet, row, *title = place
        held = self.book[sheet]
        return held.cell(self._rows[sheet][row], self._columns[sheet][title[0]]) if title else held[row]

    def type(self, place: Place, value: Any, look: str = "") -> None:
        """Type ``value``, in the number format ``look`` where one is named; None clears the cell."""
        cell = self[place]
        cell.value = value
        if look:
            cell.number_format = look

    def add(self, sheet: str, row: str, **cells: Any) -> None:
        """Type into several cells of one row."""
        for title, value in cells.items():
            self.type((sheet, row, title), value)

    def row(self, sheet: str, row: str) -> int:
        """The number of a row."""
        return self._rows[sheet][row]

    def where(self, place: Place) -> str:
        """Sheet!cell of a place; empty: it has none."""
        return "" if not place else place[0] if len(place) == 1 else f"{place[0]}!{self[place].coordinate}"

    def data(self) -> bytes:
        """The workbook."""
        made = io.BytesIO()
        self.book.save(made)
        return made.getvalue()


class Defect(Struct, frozen=True):
    """A faulty workbook."""

    name: str
    edit: Callable[[Author], object]
    told: tuple[Told, ...]  # none: it is legal
    says: tuple[str, ...] = ()  # what the messages hold between them


DEFECTS: list[Defect] = []


def defect(*told: Told, says: tuple[str, ...] = ()) -> Callable[[Callable[[Author], object]], Callable[..., object]]:
    """Name a faulty workbook by the function that makes it."""

    def kept(edit: Callable[[Author], object]) -> Callable[..., object]:
        DEFECTS.append(Defect(edit.__name__, edit, told, says))
        return edit

    return kept


def typed(
    name: str, place: Place, value: Any, *codes: str, look: str = "", says: tuple[str, ...] = (),
    told: tuple[Told, ...] = (),
) -> None:  # fmt: skip
    """A workbook with one cell typed wrong, told there by ``codes``, and by ``told`` elsewhere; legal without any."""

    def edit(author: Author) -> None:
        author.type(place, value, look)

    DEFECTS.append(Defect(name, edit, (*((code, place) for code in codes), *told), says))


def sound_text() -> str:
    """The scheme that all are made of."""
    text = made.EXAMPLE.read_text("utf-8").replace(
        "actual = { min = 0 }\n", "actual = { min = 0 }\nband = { growth = [0.5, 2] }\n", 1
    )
    return text + ADDED.read_text("utf-8")


@cache
def full() -> bytes:
    """The sound workbook as it is written."""
    return made.made_from(tomllib.loads(sound_text(), parse_float=Decimal))


@cache
def _cells() -> tuple[tuple[str, int, int, Any, str], ...]:
    """What stands in it, without what explains it: sheet, row, column, value, number format."""
    return tuple(
        (sheet.title, cell.row, cell.column, cell.value, cell.number_format)
        for sheet in load_workbook(io.BytesIO(full()))
        for row in sheet.iter_rows()
        for cell in row
        if sheet.title not in LEFT_OUT and cell.value is not None and cell.data_type != "f"
    )


def sound() -> Workbook:
    """The same without the rows that are left to fill in, and what explains it: made and read in no time."""
    book = Workbook()
    book.remove(book.active)
    for sheet, row, column, value, look in _cells():
        page = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
        page.cell(row, column, value).number_format = look
    return book


# ── 工作表、表头 ────────────────────────────────────────────────────────────────────────────────────────


def _without(sheet: str) -> None:
    def edit(author: Author) -> None:
        del author.book[sheet]

    DEFECTS.append(Defect(f"no_sheet_{sheet}", edit, (("KH971", ()),), (f"“{sheet}”",)))


for _sheet in ("基本", "单位", "项目", "细则", "指标"):
    _without(_sheet)


@defect(("KH971", ()), says=("“细则”",))
def rules_renamed(author: Author) -> None:
    author.book["细则"].title = "评分细则"


@defect(("KH970", ()))
def every_sheet_renamed(author: Author) -> None:
    for sheet in author.book:
        sheet.title = f"{sheet.title}表"


@defect()
def sheets_that_may_be_left_out(author: Author) -> None:
    for name in ("数据口径", "试算"):
        del author.book[name]


typed("needed_title_gone", ("档", "表头", "得分"), None, told=(("KH301", ("档",)),))
typed("needed_title_misspelt", ("细则", "表头", "原文"), "原话", told=(("KH301", ("细则",)),))
typed("title_doubled", ("细则", "表头", "都相同得"), "最多", told=(("KH302", ("细则", "表头", "最多")),))
typed("kind_title_misspelt", ("细则", "表头", "计分方式"), "记分方式", "KH301")
typed("points_title_misspelt", ("细则", "表头", "分值"), "分数", "KH301")
typed("optional_title_misspelt", ("细则", "表头", "每级得分"), "每级得", "KH301", says=("每级得分",))
typed("title_of_limit_misspelt", ("细则", "表头", "最多"), "最高", "KH301", says=("最多",))
typed("remark_with_the_mark_of_help", ("指标", "plan 完成情况", "填报说明"), "※ 以回执为准")
typed("title_with_an_addition", ("细则", "表头", "分值"), "* 分 值（填）")


@defect()
def rows_above_the_head(author: Author) -> None:
    for name in ("基本", "细则", "指标", "试算"):
        author.book[name].insert_rows(1, 2)
        author.book[name]["A1"] = "二〇二五年方案（讨论稿）"


@defect()
def row_of_help_deleted(author: Author) -> None:
    for sheet in author.book:
        sheet.delete_rows(2)


@defect()
def columns_of_ones_own(author: Author) -> None:
    for name in ("细则", "指标", "项目"):
        sheet = author.book[name]
        sheet.cell(1, sheet.max_column + 1, "责任处室")
        sheet.cell(3, sheet.max_column, "综合处")


# ── 数、日期、选项 ──────────────────────────────────────────────────────────────────────────────────────

POINTS, SHARE, TRIED = ("细则", "2.4", "分值"), ("档", "1.4", "界限"), "甲试点"
ITEM_1, ITEM_2 = ("项目", "1", "分值"), ("项目", "2", "分值")
typed("points_about", POINTS, "约15分", "KH972", says=("约15分", "应为数"))
typed("points_in_words", POINTS, "十五分", "KH972", says=("十五分",))
typed("points_as_a_span", POINTS, "10-15", "KH972")
typed("points_with_their_unit", POINTS, "15分")
typed("points_in_full_width", POINTS, "１５．０")
typed("points_with_an_apostrophe", POINTS, "'15", "KH972")
typed("points_as_a_share", POINTS, 0.15, "KH972", look="0%", says=("15%",))
typed("points_as_a_date", POINTS, datetime(2025, 1, 15), "KH972", look="m月d日")
typed("points_as_an_error", POINTS, "#REF!", "KH972", says=("#REF!",))
typed("clause_as_an_error", ("细则", "2.4", "原文"), "#REF!", "KH972")
typed("title_pasted_from_a_formula", ("项目", "1", "标题"), "（公式没有结果）", "KH972")
typed("points_by_a_formula_without_result", POINTS, "=10+5", "KH972")
typed(
    "points_below_nought", POINTS, -15, "KH983", told=(("KH983", ITEM_2), ("KH983", ("试算", "评分 2.4", TRIED)))
)  # fmt: skip
typed(
    "points_of_three_decimals", ("细则", "1.3", "分值"), "19.999", "KH983",
    told=(("KH983", ITEM_1), ("KH983", ("细则", "1.3", "计分方式"))),
)  # fmt: skip
typed("points_blank", POINTS, None, "KH983", says=("分值",), told=(("KH983", ITEM_2),))
typed("yes_as_perhaps", ("细则", "1.2", "加分"), "大概", "KH973", says=("是、否",))
typed("yes_by_a_tick", ("细则", "1.2", "加分"), "√")
typed("yes_as_a_logical_value", ("细则", "1.2", "加分"), True)
typed("mark_as_ninety", SHARE, 90, "KH978", look="General", says=("90%",))
typed("mark_as_a_percentage", SHARE, "110%")
typed("mark_in_words", SHARE, "一成以上", "KH972")
typed("step_in_per_cent_of_a_measure_in_per_cent", ("细则", "2.1", "每多少"), 0.01, look="0%")
typed("weight_where_nothing_is_weighted", ("项目", "1", "权重"), "60%", "KH983")
typed("date_unreadable", ("基本", "报送截止", "内容"), "十一月中旬", "KH972")
typed("date_that_is_none", ("基本", "报送截止", "内容"), "2025-11-31", "KH972")
typed("date_in_chinese", ("基本", "报送截止", "内容"), "2025年11月15日")
typed("year_blank", ("基本", "年度", "内容"), None, "KH983", says=("“年度”",))
typed("year_in_words", ("基本", "年度", "内容"), "二〇二五", "KH972")
typed("year_with_its_unit", ("基本", "年度", "内容"), "2025年")
typed("row_of_the_title_gone", ("基本", "标题", "事项"), None, "KH974", told=(("KH983", ("基本",)),))
typed("fact_unknown", ("基本", "否决后的名次", "事项"), "否决后名次", "KH973")
typed("fact_blank", ("基本", "总分", "事项"), None, "KH974")
typed("choice_of_a_fact_unknown", ("基本", "超分", "内容"), "封顶", "KH973", says=("不设上限",))
typed("kind_misspelt", ("细则", "1.4", "计分方式"), "阶梯", "KH973", says=("分档",))
typed("kind_blank", ("细则", "1.3", "计分方式"), None, "KH974")
typed("kind_blank_of_one_with_conditions", ("细则", "2.3", "计分方式"), None, "KH974")
typed("kind_blank_of_one_with_places", ("细则", "1.5", "计分方式"), None, "KH974")
typed("comparison_misspelt", ("细则", "1.1", "比较"), "大于等于", "KH973", says=("不低于",))
typed("against_misspelt", ("细则", "1.6", "与谁比"), "最佳", "KH973", says=("最好的",))
typed("figure_misspelt", ("细则", "1.3", "数据"), "工业投资·本年实际", "KH973", says=("工业投资·本年实绩",))
typed("figure_of_no_measure", ("细则", "1.3", "数据"), "税收", "KH973")
typed("figure_ambiguous", ("细则", "1.3", "数据"), "工业投资", "KH973", says=("工业投资·本年实绩",))
typed("figure_of_a_lone_measure", ("档", "2.2", "数据项"), "国家级荣誉")
typed("figure_by_its_id", ("细则", "1.3", "数据"), "invest.actual")
typed("number_where_a_figure_stands", ("细则", "1.3", "与哪个数据比"), 100, "KH973")


@defect(
    ("KH973", ("细则", "1.3", "数据")), ("KH973", ("细则", "1.6", "数据")), ("KH973", ("细则", "1.3", "与哪个数据比")),
    ("KH983", ("指标", "output 上年实绩", "名称")), ("KH983", ("指标", "invest 下达目标", "名称")),
)  # fmt: skip
def two_measures_of_one_name(author: Author) -> None:
    author.type(("指标", "output 上年实绩", "名称"), "工业投资")
    for row in ("1.1", "1.2", "1.4", "1.5"):
        author.type(("细则", row, "数据"), "output.actual")
    for row, figure in (("1.1", "target"), ("1.2", "target"), ("1.4", "prior")):
        author.type(("细则", row, "与哪个数据比"), f"output.{figure}")
    del author.book["试算"]


# ── 编号 ────────────────────────────────────────────────────────────────────────────────────────────────

typed("unit_code_doubled", ("单位", "乙乡", "代码"), "U01", "KH983")
typed("unit_code_of_other_letters", ("单位", "乙乡", "代码"), "乙-02", "KH983")
typed("unit_name_doubled", ("单位", "乙乡", "名称"), "甲镇", "KH983")
typed("unit_name_unfit_for_a_file", ("单位", "乙乡", "名称"), "乙/乡", "KH983")
typed("unit_name_blank", ("单位", "乙乡", "名称"), None, "KH983")
typed("measure_doubled", ("指标", "plan 完成情况", "编号"), "accident", "KH983")
typed("measure_of_other_letters", ("指标", "quota 下达目标", "编号"), "定额", "KH983")
typed("figure_of_a_measure_blank", ("指标", "quota 本年实绩", "数据项"), None, "KH974")
typed("item_unknown", ("细则", "2.1", "项目"), "3", "KH977", says=("1、2",))
typed("criterion_of_marks_unknown", ("档", "1.3", "细则"), "1.9", "KH977")
typed("measure_item_unknown", ("指标", "plan 完成情况", "项目"), "7", "KH983")
typed("needs_unknown", ("细则", "1.2", "前提"), "1.9", "KH983")
typed("needs_judged", ("细则", "1.2", "前提"), "2.4", "KH983")
typed("applies_to_an_unknown_option", ("细则", "2.2#2", "适用"), "honour=seven", "KH973")
typed("applies_to_an_unknown_kind", ("档", "1.5#3", "适用"), "类别=村", "KH973")
typed("criterion_doubled", ("细则", "1.6", "编号"), "1.3", "KH983", says=("重复",))
typed("criterion_that_a_spreadsheet_made_a_number", ("细则", "1.6", "编号"), 1.30, "KH983", says=("重复",))


@defect(("KH983", ("项目", "+1", "编号")), ("KH983", ("项目", "+1", "编号")), says=("重复", "没有细则"))
def item_doubled(author: Author) -> None:
    author.add("项目", "+1", 编号="2", 内容="做好别的工作。")


@defect(("KH976", ("指标", "+1", "数据项")), says=("本年实绩",))
def figure_of_a_measure_doubled(author: Author) -> None:
    author.add("指标", "+1", 数据项="本年实绩")


@defect(("KH983", ("口径", "+1", "选项编号")), says=("重复",))
def option_doubled(author: Author) -> None:
    author.add("口径", "+1", 选项编号="six", 办法="七分")


@defect(("KH983", ("口径", "+1", "口径编号")), says=("重复",))
def reading_doubled(author: Author) -> None:
    author.add("口径", "+1", 口径编号="pace", 问题="算到哪一天？", 选项编号="end", 办法="年底")


@defect(("KH983", ("等次", "+1", "名称")), says=("重复",))
def grade_doubled(author: Author) -> None:
    author.add("等次", "+1", 种类="等次", 名称="合格", 总分不低于=50)


# ── 档 ──────────────────────────────────────────────────────────────────────────────────────────────────


@defect(("KH979", ("档", "1.3", "细则")))
def line_of_one_mark(author: Author) -> None:
    author.add("档", "1.3#2", 细则=None, 界限=None, 得分=None)


@defect(("KH979", ("档", "+1", "细则")))
def line_of_three_marks(author: Author) -> None:
    author.add("档", "+1", 细则="1.3", 界限="80%", 得分=10)


@defect(("KH983", ("细则", "1.3", "计分方式")), says=("“档”",))
def line_without_marks(author: Author) -> None:
    for row in ("1.3", "1.3#2"):
        author.add("档", row, 细则=None, 界限=None, 得分=None)


@defect(("KH983", ("细则", "1.5", "计分方式")), says=("“档”",))
def places_without_marks(author: Author) -> None:
    for row in ("1.5", "1.5#2", "1.5#3", "1.5#4"):
        author.add("档", row, 适用=None, 细则=None, 档名=None, 得分=None)


@defect(("KH975", ("档", "+1", "细则")), says=("手填",))
def marks_of_a_kind_without(author: Author) -> None:
    author.add("档", "+1", 细则="2.5", 档名="优", 得分=5)


@defect(("KH983", ("档", "1.4", "细则")), says=("110%", "105%"))
def marks_out_of_order(author: Author) -> None:
    author.type(("档", "1.4", "界限"), "105%")
    author.type(("档", "1.4#2", "界限"), "110%")


@defect(("KH983", ("档", "+1", "界限")))
def gap_between_marks_and_the_rest(author: Author) -> None:
    author.add("档", "+1", 细则="1.4", 档名="其余", 界限="100%", 得分=0)


@defect()
def rest_without_a_limit(author: Author) -> None:
    author.add("档", "+1", 细则="1.4", 档名="其余", 得分=0)


@defect(("KH972", ("档", "1.5", "档名")), ("KH972", ("档", "1.5#2", "档名")))
def places_out_of_order(author: Author) -> None:
    author.type(("档", "1.5", "档名"), "第2名")
    author.type(("档", "1.5#2", "档名"), "第1名")


typed("points_of_a_mark_in_words", ("档", "1.5", "得分"), "拾分", "KH972")
typed("points_of_a_mark_blank", ("档", "1.4#2", "得分"), None, "KH983", says=("“得分”",))
typed("cell_of_marks_not_used", ("档", "1.5", "界限"), "90%", "KH975")
typed("mark_of_no_criterion", ("档", "1.3", "细则"), None, "KH974")
typed(
    "better_mark_for_fewer_points", ("档", "1.4#2", "得分"), 12,
    told=(("KH983", ("档", "1.4", "细则")), ("KH983", ("细则", "1.4", "计分方式"))),
)  # fmt: skip

# ── 条件 ────────────────────────────────────────────────────────────────────────────────────────────────


@defect(("KH980", ("条件", "+1", "用于")))
def condition_written_twice(author: Author) -> None:
    author.add("条件", "+1", 用于="1.1", 数据="安全事故", 比较="等于", 定数=0)


@defect(("KH975", ("条件", "+1", "用于")))
def condition_of_another_kind(author: Author) -> None:
    author.add("条件", "+1", 用于="1.4", 数据="安全事故", 比较="等于", 定数=0)


RIGHT = ("细则", "1.1", "与哪个数据比")
typed("condition_of_nothing_known", ("条件", "safe", "用于"), "安全", "KH977")
typed("condition_without_its_other_side", RIGHT, None, "KH983", says=("“定数”",))
typed("condition_with_both_other_sides", ("细则", "1.1", "定数"), 100, "KH983")
typed("condition_without_comparison", ("细则", "1.1", "比较"), None, "KH983", says=("“比较”",))
typed("done_compared_with_a_number", ("条件", "2.3", "定数"), 1, "KH983")
typed("number_compared_as_done", ("细则", "1.1", "比较"), "完成", told=(
    ("KH983", ("细则", "1.1", "数据")), ("KH983", RIGHT),
))  # fmt: skip
typed("word_compared_as_a_number", ("条件", "2.3", "比较"), "不低于", told=(
    ("KH983", ("条件", "2.3", "数据")), ("KH983", ("条件", "2.3", "与哪个数据比")),
))  # fmt: skip
typed("join_misspelt", ("条件", "2.3#2", "关系"), "和", "KH973")

# ── 细则 ────────────────────────────────────────────────────────────────────────────────────────────────

WHOLE, KIND_16 = ("基本", "总分", "内容"), ("细则", "1.6", "计分方式")
typed("item_does_not_add_up", ITEM_1, 61, "KH983", says=("60 分", "61 分"), told=(("KH983", WHOLE),))
typed("whole_does_not_add_up", WHOLE, 110, "KH983", says=("100 分", "110 分"))
typed("clause_not_in_the_standard", ("细则", "2.5", "原文"), "上级考核得分折算10分", "KH983")
typed("clause_blank", ("细则", "2.5", "原文"), None, "KH983", says=("“原文”",))
typed("clause_in_other_widths", ("细则", "1.3", "原文"), "按投资目标完成率计分, 完成得20分,\n完成60%以下不得分")
typed("cell_that_the_kind_does_not_use", ("细则", "1.1", "每多少"), 1, "KH975", says=("“每多少”", "条件"))
typed("step_blank", ("细则", "2.1", "每多少"), None, "KH983", says=("“每多少”",))
typed("points_of_the_rule_beyond", ("细则", "1.6", "最好得"), 12, told=(("KH983", KIND_16),), says=("12 分",))
typed("judges_of_what_is_given", ("细则", "2.5", "评委人数"), 5, "KH975")
typed("one_judge", ("细则", "2.4", "评委人数"), 1, "KH983")
typed("factor_of_nought", ("细则", "1.2", "对方倍数"), 0, "KH983")


@defect()
def bonus_without_limit(author: Author) -> None:
    for title in ("分值", "最多"):
        author.type(("细则", "2.2", title), None)


# ── 等次 ────────────────────────────────────────────────────────────────────────────────────────────────

typed("grades_in_the_wrong_order", ("等次", "合格", "总分不低于"), 95, told=(("KH983", ("等次", "合格", "名称")),))
typed("grade_bound_twice", ("等次", "优秀", "总分高于"), 90, "KH983", says=("“总分不低于”与“总分高于”",))
typed("share_of_nought", ("等次", "优秀", "前百分之几"), 0, "KH983")
typed("share_of_ninety", ("等次", "优秀", "前百分之几"), 90, "KH983")
typed("ceiling_of_an_unknown_grade", ("等次", "safe", "评为"), "良好", "KH983")
typed("level_unknown", ("等次", "合格", "种类"), "档次", "KH973")
typed("level_blank", ("等次", "合格", "种类"), None, "KH974")
typed("grade_with_what_only_a_ceiling_has", ("等次", "优秀", "评为"), "合格", "KH975")
typed("veto_to_the_best_grade", ("等次", "弄虚作假 fraud", "评为"), "优秀", "KH983")


@defect(("KH983", ("等次", "弄虚作假 fraud", "名称")))
def two_vetoes_by_finding(author: Author) -> None:
    author.add("等次", "+1", 种类="否决", 名称="被通报批评")


@defect(("KH983", ("等次", "+1", "编号")))
def ceiling_without_a_condition(author: Author) -> None:
    author.add("等次", "+1", 种类="限定", 评为="合格", 编号="late")


# ── 口径、适用 ──────────────────────────────────────────────────────────────────────────────────────────


@defect(("KH983", ("口径", "+1", "口径编号")))
def reading_without_options(author: Author) -> None:
    author.add("口径", "+1", 口径编号="late", 问题="迟报怎样计？")


typed("reading_without_a_question", ("口径", "pace with", "问题"), None, "KH983", says=("“问题”",))
typed("within_an_unknown_option", ("口径", "honour five", "何时才问"), "pace=never", "KH983")
typed("change_that_does_not_add_up", ("细则", "2.2#2", "分值"), 7, told=(("KH983", ("细则", "2.2#2", "最多")),))


@defect(("KH975", ("细则", "+1", "最多")))
def option_that_changes_one_cell_twice(author: Author) -> None:
    author.add("细则", "+1", 适用="honour=six", 编号="2.2", 最多=5)


@defect(("KH983", ("细则", "+1", "编号")))
def change_of_an_unknown_criterion(author: Author) -> None:
    author.add("细则", "+1", 适用="pace=without", 编号="2.9", 分值=5)


# ── 指标、类别 ──────────────────────────────────────────────────────────────────────────────────────────


@defect(("KH983", ("指标", "+1", "编号")))
def measure_without_figures(author: Author) -> None:
    author.add("指标", "+1", 编号="tax", 项目="1", 名称="税收", 计量单位="万元")


@defect(("KH983", ("指标", "+1", "数据项")))
def done_beside_numbers(author: Author) -> None:
    author.add("指标", "+1", 数据项="完成情况")


BAND = ("指标", "output 上年实绩", "比上年最小")
typed("least_above_most", ("指标", "invest 本年实绩", "最大"), -1, "KH983")
typed("at_most_unknown", ("指标", "invest 本年实绩", "不超过"), "工业投资·计划", "KH973")
typed(
    "band_reversed", ("指标", "output 上年实绩", "比上年最大"), 0.1, told=(("KH983", BAND),), says=("0.5", "0.1")
)  # fmt: skip
typed("band_of_one_end", ("指标", "output 上年实绩", "比上年最大"), None, told=(("KH983", BAND),), says=("最大",))
typed("band_in_words", ("指标", "output 上年实绩", "比上年最大"), "两倍", "KH972")
typed("part_of_an_unknown_measure", ("指标", "invest 下达目标", "是哪项的一部分"), "gdp", "KH983")
typed("total_of_nought", ("指标", "invest 下达目标", "总数"), 0, "KH983")
typed("words_that_are_the_same", ("指标", "plan 完成情况", "词语"), "已报送；已报送", "KH983")
typed("three_words", ("指标", "plan 完成情况", "词语"), "已报送；未报送；迟报", "KH983", says=("两个词",))
typed("what_is_said_of_a_measure_in_its_second_row", ("指标", "output 下达目标", "计量单位"), "万元", "KH975")
typed("measure_title_blank", ("指标", "accident 本年实绩", "名称"), None, "KH983", says=("“名称”",), told=(
    ("KH973", ("条件", "2.3#2", "数据")), ("KH973", ("条件", "safe", "数据")),
))  # fmt: skip
typed("kind_of_unit_that_is_in_no_group", ("单位", "乙乡", "类别"), "村", says=("类别 村",), told=(
    ("KH983", ("类别",)), ("KH983", ("档", "1.5#3", "适用")),
    ("KH983", ("单位口径", "quota.basis large", "默认用于")),
))  # fmt: skip
typed("group_without_all_kinds", ("类别", "乡", "组"), None, "KH983")
typed("kind_of_unit_blank_in_its_sheet", ("类别", "乡", "类别"), None, "KH974", told=(
    ("KH973", ("档", "1.5#3", "适用")), ("KH973", ("档", "1.5#4", "适用")),
))  # fmt: skip
typed("basis_without_a_value", ("单位口径", "quota.basis small", "数值"), None, "KH983", says=("“数值”",))
typed("basis_for_no_kind", ("单位口径", "quota.basis small", "默认用于"), None, says=("“乡”",), told=(
    ("KH983", ("单位口径", "quota.basis large", "默认用于")),
))  # fmt: skip
typed("period_without_words", ("数据口径", "全年预计", "句中怎样说"), None, "KH983", says=("“句中怎样说”",))

# ── 试算 ────────────────────────────────────────────────────────────────────────────────────────────────

OUTPUT, EXPECTED, MARK = "填报 工业产值·本年实绩", "应得分 1.4", "评分 2.4"
WHAT, OF = "内容", "数据项或编号"
typed("trial_of_an_unknown_figure", ("试算", OUTPUT, OF), "工业产量", "KH973")
typed("trial_of_an_unknown_criterion", ("试算", EXPECTED, OF), "1.9", told=(("KH983", ("试算", EXPECTED, TRIED)),))
typed("trial_of_an_unknown_kind", ("试算", "类别", TRIED), "村", "KH983")
typed("trial_with_a_word_for_a_number", ("试算", OUTPUT, TRIED), "很多", "KH983")
typed("trial_with_a_word_for_points", ("试算", EXPECTED, TRIED), "满分", "KH972")
typed("trial_with_a_word_of_another", ("试算", "填报 年度工作计划·完成情况", TRIED), "已完工", "KH983")
typed("trial_of_nothing", ("试算", EXPECTED, WHAT), None, "KH974")
typed("trial_of_an_unknown_thing", ("试算", EXPECTED, WHAT), "得分", "KH973")
typed("trial_without_what_it_is_of", ("试算", EXPECTED, OF), None, "KH974")
typed("trial_of_points_that_are_worked_out", ("试算", MARK, OF), "1.1", told=(("KH983", ("试算", MARK, TRIED)),))
typed("trial_of_more_points_than_there_are", ("试算", MARK, TRIED), 16, "KH983")


@defect(("KH983", ("试算", "表头", "乙单位")), says=("重复",))
def two_trials_of_one_name(author: Author) -> None:
    author.type(("试算", "表头", "乙单位"), TRIED)
    author.type(("试算", OUTPUT, "乙单位"), 100)
