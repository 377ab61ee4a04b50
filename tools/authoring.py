"""Makes the pictures of docs/AUTHORING.md with LibreOffice and pdftoppm: ``python tools/authoring.py``.

An invented notice is typed into the empty 方案.xlsx as its author would, the commands are run, and what comes of it
is printed.
"""

import io
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from msgspec import Struct
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from pictures import FOLDER, ROOT, svg
from rich.console import Console
from rich.text import Text

from kaohe_cli.extent import height

Row: TypeAlias = Mapping[str, Any]  # title of a column → what is typed under it

HEADING = "关于开展2026年度人居环境整治工作考核的通知"
PARAGRAPHS = (
    "为扎实推进人居环境整治，决定对各乡镇2026年度工作进行考核，考核项目和评分标准见附表。",
    "各乡镇请于2027年1月10日前报送考核表。县整治办会同有关部门评定考核分。",
    "总分90分以上的评为优秀，75分以上的评为合格。发生较大环境污染责任事件的，实行一票否决。",
)
HEAD = ("序", "考核内容", "评分标准", "分值")
# the table of the notice, a row as it stands there; one cell across the table begins a section
LISTED: tuple[tuple[str, ...], ...] = (
    ("一、整治任务（60分）",),
    ("1.", "垃圾分类：完成县下达的垃圾分类示范村创建任务。", "完成任务得20分，未完成的按完成比例得分。", "20"),
    ("2.", "农村改厕：完成县下达的户厕改造任务。",
     "完成率达到100%得15分，达到90%得10分，达到80%得5分，不足80%不得分。", "15"),
    ("3.", "污水治理：污水处理设施出水达标率不低于95%。", "达到95%得15分，每低1个百分点扣1.5分，扣完为止。", "15"),
    ("4.", "河道保洁：辖区内无黑臭水体。", "未发现黑臭水体得10分，发现的不得分。", "10"),
    ("二、长效管理（40分）",),
    ("5.", "保洁制度：建立村庄保洁制度，落实保洁人员和经费。",
     "由县整治办评定，优15分，良10分，中5分，差0分。", "15"),
    ("6.", "督查整改：督查发现的问题按期整改。", "全部按期整改得15分，每有一处未按期整改扣2分，扣完为止。", "15"),
    ("7.", "群众满意：群众满意度测评达到85%。", "满意度达到85%得10分，达不到的不得分。", "10"),
    ("三、加分",),
    ("8.", "经验推广：整治工作经验得到推广。", "经验被省级推广每件加3分，市级每件加1分，最多加5分。", ""),
)  # fmt: skip

FACTS: Mapping[str, Any] = {
    "编号": "qinghe_2026",
    "年度": 2026,
    "标题": "2026年度人居环境整治工作考核表",
    "名称": "人居环境整治工作考核",
    "文号": "青整治办〔2026〕3号",
    "发文机关": "青禾县人居环境整治工作办公室",
    "发文机关简称": "县整治办",
    "通知标题": HEADING,
    "主送": "各乡镇人民政府：",
    "正文": PARAGRAPHS,
    "发文日期": date(2026, 3, 2),
    "落款日期": "2026年3月2日",
    "报送截止": date(2027, 1, 10),
    "截止原文": "各乡镇请于2027年1月10日前报送考核表",
    "总分": 100,
}
TARGETS = (("东川镇", 4, 200), ("西岭镇", 5, 300), ("南桥乡", 3, 120))  # a unit and what it is to do
UNITS = tuple(name for name, *_ in TARGETS)
TRIED = ("甲镇", "乙镇")
TYPED: Mapping[str, tuple[Row, ...]] = {
    "指标": (
        {"项目": "1", "名称": "垃圾分类示范村", "计量单位": "个", "数据项": "下达目标", "由谁提供": "考核办下达",
         "最小": 0, "整数": "是"},
        {"数据项": "本年实绩", "最小": 0, "整数": "是"},
        {"项目": "2", "名称": "户厕改造", "计量单位": "户", "数据项": "下达目标", "由谁提供": "考核办下达",
         "最小": 0, "整数": "是"},
        {"数据项": "本年实绩", "最小": 0, "整数": "是"},
        {"项目": "3", "名称": "出水达标率", "计量单位": "%", "数据项": "本年实绩", "最小": 0, "最大": 100},
        {"项目": "4", "名称": "黑臭水体", "计量单位": "处", "数据项": "本年实绩", "最小": 0, "整数": "是"},
        {"项目": "6", "名称": "未按期整改问题", "计量单位": "处", "数据项": "本年实绩", "最小": 0, "整数": "是"},
        {"项目": "7", "名称": "群众满意度", "计量单位": "%", "数据项": "本年实绩", "由谁提供": "考核办下达",
         "最小": 0, "最大": 100},
        {"项目": "8", "名称": "省级推广经验", "计量单位": "件", "数据项": "本年实绩", "最小": 0, "整数": "是"},
        {"项目": "8", "名称": "市级推广经验", "计量单位": "件", "数据项": "本年实绩", "最小": 0, "整数": "是"},
    ),
    "细则": (
        {"项目": "1", "编号": "1.1", "原文": "完成任务得20分，未完成的按完成比例得分", "分值": 20, "计分方式": "线性",
         "数据": "垃圾分类示范村·本年实绩", "与哪个数据比": "垃圾分类示范村·下达目标", "最少": 0, "最多": 20},
        {"项目": "2", "编号": "2.1", "原文": "完成率达到100%得15分，达到90%得10分，达到80%得5分，不足80%不得分",
         "分值": 15, "计分方式": "分档", "数据": "户厕改造·本年实绩", "与哪个数据比": "户厕改造·下达目标"},
        {"项目": "3", "编号": "3.1", "原文": "达到95%得15分，每低1个百分点扣1.5分，扣完为止", "分值": 15,
         "计分方式": "每级", "数据": "出水达标率·本年实绩", "定数": 95, "每多少": 1, "每级得分": -1.5,
         "不足一级": "按比例计", "起始分": 15, "低于才算": "是", "最少": 0},
        {"项目": "4", "编号": "4.1", "原文": "未发现黑臭水体得10分，发现的不得分", "分值": 10, "计分方式": "条件",
         "数据": "黑臭水体·本年实绩", "比较": "等于", "定数": 0},
        {"项目": "5", "编号": "5.1", "原文": "由县整治办评定，优15分，良10分，中5分，差0分", "分值": 15,
         "计分方式": "评定"},
        {"项目": "6", "编号": "6.1", "原文": "全部按期整改得15分，每有一处未按期整改扣2分，扣完为止", "分值": 15,
         "计分方式": "计件", "起始分": 15, "最少": 0},
        {"项目": "7", "编号": "7.1", "原文": "满意度达到85%得10分，达不到的不得分", "分值": 10, "计分方式": "条件",
         "数据": "群众满意度·本年实绩", "比较": "不低于", "定数": 85},
        {"项目": "8", "编号": "8.1", "原文": "经验被省级推广每件加3分，市级每件加1分，最多加5分", "分值": 5,
         "加分": "是", "计分方式": "计件", "最多": 5},
        {"适用": "零头=不计", "编号": "3.1", "不足一级": "不计"},
    ),
    "档": (
        {"细则": "1.1", "界限": "0%", "得分": 0},
        {"细则": "1.1", "界限": "100%", "得分": 20},
        {"细则": "2.1", "界限": "100%", "得分": 15},
        {"细则": "2.1", "界限": "90%", "得分": 10},
        {"细则": "2.1", "界限": "80%", "得分": 5},
        {"细则": "2.1", "档名": "其余", "得分": 0},
        {"细则": "5.1", "档名": "优", "得分": 15},
        {"细则": "5.1", "档名": "良", "得分": 10},
        {"细则": "5.1", "档名": "中", "得分": 5},
        {"细则": "5.1", "档名": "差", "得分": 0},
        {"细则": "6.1", "数据项": "未按期整改问题", "得分": -2},
        {"细则": "8.1", "数据项": "省级推广经验", "得分": 3},
        {"细则": "8.1", "数据项": "市级推广经验", "得分": 1},
    ),
    "等次": (
        {"种类": "等次", "名称": "优秀", "原文": "总分90分以上的评为优秀", "总分不低于": 90},
        {"种类": "等次", "名称": "合格", "原文": "75分以上的评为合格", "总分不低于": 75},
        {"种类": "否决", "名称": "环境污染责任事件", "原文": "发生较大环境污染责任事件的，实行一票否决"},
    ),
    "口径": (
        {"口径编号": "零头", "原文": "每低1个百分点扣1.5分", "问题": "低得不足1个百分点的，怎样扣分？",
         "选项编号": "按比例", "办法": "按比例扣，低0.4个百分点扣0.6分"},
        {"选项编号": "不计", "办法": "不足1个百分点的不扣"},
    ),
    "试算": (
        {"内容": "填报", "数据项或编号": "垃圾分类示范村·下达目标", "甲镇": 4, "乙镇": 5},
        {"内容": "填报", "数据项或编号": "垃圾分类示范村·本年实绩", "甲镇": 4, "乙镇": 4},
        {"内容": "填报", "数据项或编号": "户厕改造·下达目标", "甲镇": 200, "乙镇": 300},
        {"内容": "填报", "数据项或编号": "户厕改造·本年实绩", "甲镇": 210, "乙镇": 276},
        {"内容": "填报", "数据项或编号": "出水达标率", "甲镇": 96.2, "乙镇": 93.4},
        {"内容": "填报", "数据项或编号": "黑臭水体", "甲镇": 0, "乙镇": 1},
        {"内容": "评分", "数据项或编号": "5.1", "甲镇": 15, "乙镇": 10},
        {"内容": "填报", "数据项或编号": "未按期整改问题", "甲镇": 0, "乙镇": 2},
        {"内容": "填报", "数据项或编号": "群众满意度", "甲镇": 91, "乙镇": 85},
        {"内容": "填报", "数据项或编号": "省级推广经验", "甲镇": 1, "乙镇": 0},
        {"内容": "填报", "数据项或编号": "市级推广经验", "甲镇": 3, "乙镇": 1},
        {"内容": "应得分", "数据项或编号": "2.1", "甲镇": 15, "乙镇": 10},
        {"内容": "应得分", "数据项或编号": "3.1", "甲镇": 15, "乙镇": 12.6},
        {"内容": "应得分", "数据项或编号": "8.1", "甲镇": 5, "乙镇": 1},
        {"内容": "应得总分", "甲镇": 105, "乙镇": 70.6},
        {"内容": "应评等次", "甲镇": "优秀"},
        {"内容": "应列名次", "甲镇": 1, "乙镇": 2},
    ),
}  # fmt: skip
# what a hurried author types: where, and under which title, instead of what stands above
SLIP = ("细则", 2, "每级得分", 1.5)


def typed(path: Path, *, slip: bool = False) -> str:
    """Type the notice into the empty workbook at ``path``; with ``slip``, one cell wrong, whose place is returned."""
    book = load_workbook(path)
    _facts(book["基本"])
    _fill(book["单位"], [{"名称": name} for name in UNITS])
    _paste(book["项目"])
    for column, name in zip("CD", TRIED, strict=True):
        book["试算"][f"{column}1"] = name
    for sheet, rows in TYPED.items():
        _fill(book[sheet], rows)
    place = _slip(book) if slip else ""
    book.save(path)
    return place


def _slip(book: Workbook) -> str:
    sheet, row, title, value = SLIP
    cell = book[sheet].cell(row + 3, _columns(book[sheet])[title], value)
    return f"{sheet}!{cell.coordinate}"


def _columns(page: Worksheet) -> Mapping[str, int]:
    return {str(cell.value): cell.column for cell in page[1] if cell.value is not None}


def _fill(page: Worksheet, rows: Sequence[Row]) -> None:
    """Type rows below what explains the columns."""
    columns = _columns(page)
    for number, row in enumerate(rows, 3):
        for title, value in row.items():
            page.cell(number, columns[title], value)


def _facts(page: Worksheet) -> None:
    """Type what the notice itself says, a paragraph of it in each row of its body."""
    rows: dict[str, list[int]] = {}
    for cell in page["A"]:
        rows.setdefault(str(cell.value), []).append(cell.row)
    for title, value in FACTS.items():
        for number, each in zip(rows[title], value if isinstance(value, tuple) else (value,), strict=title != "正文"):
            page.cell(number, 2, each)


def _paste(page: Worksheet) -> None:
    """The table of the notice as it comes out of Word: a section is one cell across it."""
    first = _columns(page)["序"]
    for number, row in enumerate(LISTED, 3):
        for column, text in enumerate(row, first):
            page.cell(number, column, int(text) if text.isdecimal() else text or None)
        if len(row) == 1:
            page.merge_cells(start_row=number, end_row=number, start_column=first, end_column=first + len(HEAD) - 1)


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────


class Shown(Struct, frozen=True):
    """Some columns of a sheet, down to a row, as a picture shows them."""

    file: str
    sheet: str
    columns: str  # titles, parted by blanks
    last: int
    wide: float = 1.0  # of the width of a page
    only: tuple[int, ...] = ()  # rows below the head; empty: all


class Pixels(Struct, frozen=True):
    """A picture: three bytes a pixel."""

    width: int
    rows: tuple[bytes, ...]


BOOK, WRONG, CHECKED, SIGNED = "方案.xlsx", "错.xlsx", "方案（核对）.xlsx", "规则.docx"
# picture → the parts of it, one below the other
PARTS: Mapping[str, tuple[Shown, ...]] = {
    "basic": (Shown(BOOK, "基本", "事项 内容 怎样填", 22), Shown(BOOK, "单位", "代码 名称 类别", 6, wide=0.6)),
    "items": (Shown(BOOK, "项目", "编号 所在类别 序 内容 标准 分值", 13),),
    "measures": (Shown(BOOK, "指标", "编号 项目 名称 计量单位 数据项 由谁提供 最小 最大 整数", 12),),
    "rules": (
        Shown(BOOK, "细则", "项目 编号 原文 分值 加分 计分方式 数据 与哪个数据比", 10),
        Shown(BOOK, "细则", "计分方式 比较 定数 得分 否则得 每多少 每级得分 不足一级 起始分 低于才算 最少 最多", 10),
    ),
    "marks": (Shown(BOOK, "档", "细则 档名 数据项 界限 不含本数 得分", 15, wide=0.8),),
    "grades": (
        Shown(BOOK, "等次", "种类 名称 评为 原文 总分不低于 总分高于 前几名", 5),
        Shown(BOOK, "口径", "口径编号 原文 问题 选项编号 办法", 4),
        Shown(BOOK, "细则", "适用 编号 原文 分值 计分方式 每多少 每级得分 不足一级", 11, only=(5, 11)),
    ),
    "trials": (Shown(BOOK, "试算", "内容 数据项或编号 甲镇 乙镇", 19, wide=0.65),),
    "wrong": (Shown(WRONG, "细则", "项目 编号 原文 核对 程序读作", 6),),
    "checked": (Shown(CHECKED, "细则", "适用 编号 原文 核对 程序读作", 11),),
}
PAGES: Mapping[str, tuple[str, int, float]] = {  # picture → its document, the page, how much of its height
    "notice": ("通知.docx", 1, 1.0), "signed": (SIGNED, 1, 1.0), "form": ("东川镇.xlsx", 2, 0.5),
}  # fmt: skip
MOST_COLOURS = 64


def main() -> None:
    """Follow the page step by step, and keep a picture of each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _notice(folder / "通知.docx")
        _run(folder, "scheme", "new", BOOK)
        empty = (folder / BOOK).read_bytes()
        typed(folder / BOOK, slip=True)
        screen = _run(folder, "scheme", "check", BOOK)
        (folder / CHECKED).rename(folder / WRONG)
        (folder / BOOK).write_bytes(empty)
        typed(folder / BOOK)
        _run(folder, "scheme", "check", BOOK)
        _run(folder, "scheme", "print", BOOK, SIGNED)
        _run(folder, "init", "--scheme", BOOK)
        _issued(folder / "考核设置.xlsx")
        _run(folder, "blank", "--scheme", BOOK)
        shutil.copy(folder / "下发" / "东川镇.xlsx", folder)
        framed = {picture: [_framed(folder, each, f"{picture}-{at}") for at, each in enumerate(parts)]
                  for picture, parts in PARTS.items()}  # fmt: skip
        documents = [file for file, _, _ in PAGES.values()]
        _printed(folder, [*documents, *(file for files in framed.values() for file in files)])
        for picture, files in framed.items():
            _write(picture, [_cropped(_page(folder / file, 1)) for file in files])
        for picture, (file, page, share) in PAGES.items():
            found = _page(folder / file, page)
            _write(picture, [_cropped(Pixels(found.width, found.rows[: int(len(found.rows) * share)]))])
    (FOLDER / "authoring-terminal.svg").write_text(screen, encoding="utf-8")


def _issued(path: Path) -> None:
    """Type the targets of the units into the settings."""
    book = load_workbook(path)
    for number, (_, *targets) in enumerate(TARGETS, 5):
        for column, value in enumerate(targets, 3):
            book["下达目标"].cell(number, column, value)
    book.save(path)


def _run(folder: Path, *words: str) -> str:
    """Run a command in ``folder``; what it says, as a picture of the terminal."""
    command = [sys.executable, "-m", "kaohe_cli", *words]
    own = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "COLUMNS": "84", "FORCE_COLOR": "1"}
    ran = subprocess.run(command, cwd=folder, env=own, check=False, capture_output=True, text=True)
    screen = Console(record=True, width=84, force_terminal=True, file=io.StringIO(), highlight=False)
    screen.print(Text(f"$ kaohe {' '.join(words)}", "bold"))
    screen.print(Text.from_ansi((ran.stdout + ran.stderr).strip("\n")))
    return svg(screen, f"kaohe {' '.join(words[:2])}")


def _notice(path: Path) -> None:
    """The notice as a document."""
    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    normal = made.styles["Normal"]
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.1
    normal.font.size = Pt(11)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Noto Serif CJK SC")
    head = made.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(HEADING)
    run.font.size, run.bold = Pt(16), True
    number = made.add_paragraph(str(FACTS["文号"]))
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    made.add_paragraph(str(FACTS["主送"]))
    for each in PARAGRAPHS:
        made.add_paragraph(each).paragraph_format.first_line_indent = Pt(22)
    for each in (FACTS["发文机关"], FACTS["落款日期"]):
        made.add_paragraph(str(each)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_paragraph()
    table = made.add_table(0, len(HEAD), "Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, (1, 7, 7.6, 1.4), strict=True):
        column.width = Cm(width)
    for row in (HEAD, *LISTED):
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[-1])
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
    made.save(str(path))


def _framed(folder: Path, shown: Shown, name: str) -> str:
    """A copy of a workbook that prints what is shown alone, with its letters and numbers of columns and rows."""
    book = load_workbook(folder / shown.file)
    for each in book:
        each.sheet_state = "visible" if each.title == shown.sheet else "hidden"
    page = book[shown.sheet]
    book.active = book.index(page)
    titles = _columns(page)
    kept = [titles[each] for each in shown.columns.split()]
    for dimension in [*page.column_dimensions.values()]:  # one stands for all columns of the same width
        for column in range(dimension.min or 1, (dimension.max or 0) + 1):
            own = page.column_dimensions[get_column_letter(column)]
            own.width, own.hidden, own.min, own.max = dimension.width, column not in kept, column, column
    wraps = [at for at in kept if page.cell(shown.last + 1, at).alignment.wrap_text]
    for number in range(3, shown.last + 1):
        row = page.row_dimensions[number]
        row.hidden = bool(shown.only) and number not in shown.only
        if row.height is None:  # Excel makes room for what is typed
            cells = ((str(page.cell(number, at).value or ""), get_column_letter(at)) for at in wraps)
            row.height = height(((text, page.column_dimensions[at].width) for text, at in cells), least=20)
    page.print_area = f"A1:{get_column_letter(max(kept))}{shown.last}"
    page.print_title_rows = page.print_title_cols = None
    page.print_options.headings = page.print_options.gridLines = True
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 1
    page.page_margins.left = page.page_margins.right = 0.4 + (1 - shown.wide) * 5.5
    page.HeaderFooter = HeaderFooter()
    book.save(folder / f"{name}.xlsx")
    return f"{name}.xlsx"


def _printed(folder: Path, files: Sequence[str]) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", *files]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _page(file: Path, page: int) -> Pixels:
    which = ["-f", str(page), "-l", str(page)]
    command = ["pdftoppm", "-r", "110", *which, str(file.with_suffix(".pdf"))]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    assert head is not None, "a colour picture"
    stride, start = int(head[1]) * 3, head.end()
    return Pixels(int(head[1]), tuple(data[at : at + stride] for at in range(start, len(data), stride)))


def _cropped(found: Pixels) -> Pixels:
    """Without the white around it."""
    inked = [at for at, row in enumerate(found.rows) if row.strip(b"\xff")]
    rows = found.rows[inked[0] : inked[-1] + 1]
    left = min(len(row) - len(row.lstrip(b"\xff")) for row in rows if row.strip(b"\xff")) // 3
    right = max(len(row.rstrip(b"\xff")) for row in rows) // 3 + 1
    return Pixels(right - left, tuple(row[left * 3 : right * 3] for row in rows))


def _write(name: str, parts: Sequence[Pixels]) -> None:
    """Write ``parts`` one below the other, in few colours."""
    width = max(each.width for each in parts) + 16
    white, rows = b"\xff" * 3 * width, list[bytes]()
    for part in parts:
        rows += [white] * 8
        rows += [(b"\xff" * 24 + row).ljust(width * 3, b"\xff") for row in part.rows]
    rows += [white] * 8
    pixels = [[row[at : at + 3] for at in range(0, len(row), 3)] for row in rows]
    count = Counter(each for row in pixels for each in row)
    palette = [colour for colour, _ in sorted(count.items(), key=lambda each: (-each[1], each[0]))[:MOST_COLOURS]]
    place = {colour: _nearest(palette, colour) for colour in count}
    body = b"".join(b"\0" + bytes(place[each] for each in row) for row in pixels)
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(body, 9)), (b"IEND", b""))
    made = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    (FOLDER / f"authoring-{name}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + made)


def _nearest(palette: Sequence[bytes], colour: bytes) -> int:
    return min(range(len(palette)), key=lambda at: sum((a - b) ** 2 for a, b in zip(palette[at], colour, strict=True)))


if __name__ == "__main__":
    main()
