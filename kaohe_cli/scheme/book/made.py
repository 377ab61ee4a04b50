"""方案.xlsx made from a scheme, or empty, with a page that says how to fill it in and one of worked lines."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from kaohe_cli.points import HUNDRED, plain
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.choices import prepared
from kaohe_cli.scheme.book.door import read
from kaohe_cli.scheme.book.rows import SchemeRow, rows_of, trial_names
from kaohe_cli.scheme.book.words import figure_names, write
from kaohe_cli.scheme.book.writer import Example, workbook
from kaohe_cli.scheme.load import parse, under
from kaohe_cli.scheme.records import SchemeContent
from kaohe_cli.scheme.scheme import Scheme

EXAMPLE = Path(__file__).parent / "example.toml"
TITLE = "考核方案"
GUIDE = (
    ("考核方案　填写说明", "title"),
    ("把通知写成程序能照着算的方案。浅黄色的格子可以填写；表头下一行是说明；有下拉列表的从列表中选。", "wrap bare"),
    ("一、“基本”：照通知写文号、日期、正文和总的规定，怎样填写在右边。通知没有说的一律空着，不要替它说。", "wrap bare"),
    ("二、“单位”：被考核单位，一行一个。分类、分组的另填“类别”。", "wrap bare"),
    (
        "三、“项目”：把通知所附的考核表（序、内容、标准、分值）整块贴进来，合并的单元格、换行照样可以；类别占一整行的也认得。",
        "wrap bare",
    ),
    ("四、“指标”：要填报、要下达的数，一行一个数：上年实绩、下达目标、本年实绩，或者完成情况。", "wrap bare"),
    (
        "五、“细则”：标准中的每一句给分、扣分，写成一行：照抄原话，写分值，选计分方式，再填这种方式用到的各格（用不到的会变灰）。"
        "一行写不下的各档写在“档”中，几个条件合在一起的写在“条件”中。每种方式怎样填，见“例”。",
        "wrap bare",
    ),
    ("六、“等次”：优秀、合格等由高到低各占一行，写明要多少分、取前几名；一票否决也写在这里。", "wrap bare"),
    (
        "七、“口径”：通知没有说清的，写成一问，可选的办法各占一行，第一个是默认。选用别的办法时哪一行怎样改，"
        "在那张表中另起一行，“适用”写“口径编号=选项编号”，只填与原来不同的格。",
        "wrap bare",
    ),
    ("八、“试算”：虚拟几个单位，写上数据和你认为应得的分，核对时程序算一遍，看是否相符。", "wrap bare"),
    (
        "写好（写到一半也可以）后运行 kaohe scheme check 方案.xlsx：各处差错一次列出，并生成一份核对过的方案，"
        "每行写明对不对，以及程序怎样读这一条，请与原文逐条对照。",
        "wrap bare",
    ),
    ("编号都可以不写，由程序顺编。可以增加自己的列和工作表；请不要改动表头的文字。", "wrap bare"),
)


def empty() -> bytes:
    """A workbook with nothing in it but what explains it."""
    return _workbook(rows_of({}), {}, "")


def made_from(raw: Mapping[str, Any], text: str = "") -> bytes:
    """A workbook of the scheme of ``raw``; with the TOML ``text`` that it comes from, whose comments it carries."""
    return _workbook(rows_of(raw), raw, text)


def tables_again(text: str) -> Mapping[str, Any]:
    """The tables of the TOML ``text`` as a workbook made from it has them; none where it is no TOML."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):  # what was kept in a workbook may be anything
        return {}
    return read(made_from(raw), "方案.xlsx")[0] or {}


def _workbook(rows: Mapping[str, list[SchemeRow]], raw: Mapping[str, Any], text: str) -> bytes:
    names = figure_names(raw.get("measure", ()))
    title = str(raw.get("title") or TITLE)
    return workbook(
        prepared(dict(rows), names), names, title, units=trial_names(raw), original=text, guide=GUIDE,
        examples=tuple(examples()),
    )  # fmt: skip


def examples() -> Iterator[Example]:
    """How a line of each kind of rule is written, in the words of the sheets, and how the program reads it."""
    raw = tomllib.loads(EXAMPLE.read_text("utf-8"), parse_float=Decimal)
    rows, names = rows_of(raw), figure_names(raw["measure"])
    scheme = parse(EXAMPLE.read_bytes(), EXAMPLE.name)
    own = ("项目", "编号", "名称", "原文", sheets.APPLIES)

    def said(sheet: sheets.SchemeSheet, row: SchemeRow, *without: str) -> str:
        cells = ((column, row[column.title]) for column in sheet.columns if column.title in row)
        told = [(column.title, write(column, value, names)) for column, value in cells if column.title not in without]
        return "，".join(f"{title} {shown(sheet, title, value)}" for title, value in told)

    for row in rows[sheets.RULES.name]:
        id = str(row["编号"])
        below = [said(sheets.MARKS, each, sheets.OF) for each in rows[sheets.MARKS.name] if each[sheets.OF] == id]
        below += [said(sheets.CONDITIONS, each, "用于") for each in rows[sheets.CONDITIONS.name] if each["用于"] == id]
        where = "条件" if any(each["用于"] == id for each in rows[sheets.CONDITIONS.name]) else "档"
        lines = "\n".join(f"“{where}”第{number}行：{each}" for number, each in enumerate(below, 1))
        criterion = scheme.criteria[id]
        rule = criterion.worked
        verb = "加" if criterion.bonus else "得"
        read = rule.terms(scheme.names, verb) if rule else criterion.rule.judging(criterion.points)  # type: ignore[union-attr]
        yield Example(sheets.KINDS[row["计分方式"]], str(row["原文"]), said(sheets.RULES, row, *own), lines, read)


def shown(sheet: sheets.SchemeSheet, title: str, value: object) -> str:
    """A value as people would type it."""
    percent = sheet.column(title).sort == "share" or title == "界限"
    if isinstance(value, Decimal):
        return f"{plain(value * HUNDRED)}%" if percent else plain(value)
    return str(value)


def alike(one: Scheme, other: Scheme) -> bool:
    """Whether both say the same, whatever is decided, and for whatever kind of units."""
    if _plain(one.content) != _plain(other.content):
        return False
    options = [(each.id, option.id) for each in one.content.reading for option in each.option[1:]]
    pairs = [(one, other), *((under(one, {id: option}), under(other, {id: option})) for id, option in options)]
    return all(
        _plain(first.content) == _plain(second.content)
        and {name: _plain(each.content) for name, each in first.kinds.items()}
        == {name: _plain(each.content) for name, each in second.kinds.items()}
        for first, second in pairs
    )


def _plain(content: SchemeContent) -> SchemeContent:
    """``content`` without how changes are written, which may be done in several ways."""
    readings = tuple(
        replace(each, option=tuple(replace(option, change={}) for option in each.option)) for each in content.reading
    )
    trials = tuple(
        replace(each, mark={id: held for id, held in each.mark.items() if held != ()}) for each in content.trial
    )
    return replace(content, reading=readings, kind=(), trial=trials)
