"""评分规则.docx: the rules of a scheme as the program reads them, each beside its clause, for departments to sign.

A4, text in 仿宋 of 12 points, tables of 10.5; a table's header is on each of its pages, and no page breaks a row.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kaohe_cli.paper.document import (
    ALIGN,
    HEAD,
    SIZE_2,
    SIZE_4,
    TITLE,
    add_paragraph,
    add_row,
    add_table,
    blank_document,
    saved,
)
from kaohe_cli.points import DECIMALS
from kaohe_cli.scheme import stated
from kaohe_cli.scheme.changed import changed_by, for_kind
from kaohe_cli.scheme.frame import Section
from kaohe_cli.scheme.records import UNSAID, Criterion, Reading
from kaohe_cli.scheme.scheme import Scheme

MARGINS, FOOT = (25, 20, 27, 25), 15  # mm: top, right, bottom, left; from the edge to the page number
TEXT, CELL, LINE = 12, 10.5, 22  # points: size of text and of cells, from line to line
SIGNED = ("签认", 23)
# columns with their widths in mm, 165 together
Columns = Sequence[tuple[str, int]]
OFFICIAL: Columns = (("序", 12), ("考核内容及达到的要求", 80), ("评分标准", 58), ("分值", 15))
CRITERIA: Columns = (("编号", 28), ("原文", 50), ("程序读作", 64), SIGNED)
REQUIRED: Columns = (("工作要求", 28), ("原文", 57), ("程序读作达到的条件", 57), SIGNED)
STANDINGS: Columns = (("名称", 28), ("原文", 52), ("程序读作", 62), SIGNED)
KINDS: Columns = (("改动之处", 28), ("一般单位", 57), ("这类单位", 57), SIGNED)
MEASURES: Columns = (("项目", 14), ("指标", 41), ("数据", 60), ("合理范围", 50))
FREE: Columns = (("项目", 14), ("指标", 61), ("数据", 90))  # measures of which nothing is expected
TOTALS: Columns = (("指标", 28), ("原文", 52), ("程序读作", 85))
BASES: Columns = (("办法", 85), ("数值", 30), ("未另选的，用于", 50))
OPTIONS: Columns = (("另外的办法", 40), ("改动之处", 25), ("现在的读法", 50), ("改用后的读法", 50))
NARROW = 15  # mm: what is in such a column is centred
NUMERALS = "一二三四五六七八九"
READ = (
    "本件逐条列出通知原文和程序据以计分的读法。请责任处室核对：读法符合原文的，在“签认”栏签名；"
    "不符的，写明应当怎样读。",
    "计分所用的数据未填或不是数的，有关细则未定分，不当作 0；有细则未定分的单位，没有总分和名次。"
    f"数据最多 {DECIMALS} 位小数，比较时不先舍入；细则得分四舍五入到两位小数，评定的分最多两位小数。",
)
NONE = "—"  # where nothing is said
LINE_TO_SIGN = "＿＿＿＿＿＿＿＿"
ENDING = (
    f"编制人：{LINE_TO_SIGN}　　审核人：{LINE_TO_SIGN}",
    f"批准人：{LINE_TO_SIGN}　　日　期：　　　　年　　月　　日",
)


def title(scheme: Scheme) -> str:
    """The title in one line, which the properties of the document carry too."""
    return "".join(_heading(scheme))


def _heading(scheme: Scheme) -> tuple[str, str]:
    return f"{scheme.content.year}年度{scheme.content.name}", "评分规则（程序读法）"


def printed(scheme: Scheme) -> bytes:
    """The document; the same scheme gives the same bytes."""
    document = blank_document(title(scheme), scheme.created, MARGINS, FOOT)
    for line in _heading(scheme):
        add_paragraph(document, line, align=ALIGN.CENTER, font=TITLE, size=SIZE_2, pitch=36)
    _text(document, f"依据：{stated.issued_by(scheme)}", indent=False, align=ALIGN.CENTER)
    for line in READ:
        _text(document, line)
    content = scheme.content
    chapters = (
        ("合计和总则", _terms, True),
        ("评分细则", _items, True),
        ("各类单位的不同规定", _kinds, scheme.kinds),
        ("等次和否决", _standings, stated.standings(scheme)),
        ("指标", _measures, content.measure),
        ("全市总数", _totals, content.total),
        ("按单位选定的口径", _bases, content.basis),
        ("口径", _readings, content.reading),
    )
    held = ((heading, write) for heading, write, holds in chapters if holds)
    for numeral, (heading, write) in zip(NUMERALS, held, strict=False):
        _head(document, f"{numeral}、{heading}", 1)
        write(document, scheme)
    _ending(document)
    return saved(document)


# the chapters ────────────────────────────────────────────────────────────────────────────────────────────


def _terms(document: Any, scheme: Scheme) -> None:
    said = [*stated.sums(scheme).values(), stated.groups(scheme), *stated.sourced(scheme)]
    for number, each in enumerate(filter(None, said), 1):
        _text(document, f"{number}．{each}。")


def _items(document: Any, scheme: Scheme) -> None:
    otherwise = {each.id for kind in scheme.kinds for each in for_kind(scheme, kind)}
    for node in (each.node for each in scheme.outline):
        if isinstance(node, Section):
            _head(document, stated.headed(node.title, stated.worth(node)), 2)
            continue
        points = stated.worth(node)
        _head(document, stated.headed(stated.numbered(node), points), 3)
        row = (node.number or node.id, node.content, node.standard, points.removesuffix(" 分") or NONE)
        _table(document, OFFICIAL, [row])
        add_paragraph(document, "", size=4, pitch=6)  # keeps two tables apart
        _table(document, CRITERIA, [_criterion(scheme, each, otherwise) for each in node.criterion])
        if required := stated.required(scheme, node):
            _head(document, "不计分但须填报、供评议参考的工作要求", 0)
            _table(document, REQUIRED, [(each.label, each.source, each.read, "") for each in required])


def _criterion(scheme: Scheme, criterion: Criterion, otherwise: Iterable[str]) -> Sequence[str]:
    numbers = [scheme.content.reading.index(each) + 1 for each in stated.readings_of(scheme, criterion)]
    read = stated.referred(stated.terms(scheme, criterion), numbers)
    label = f"{criterion.id}\n{criterion.title}\n（{stated.worth(criterion)}）"
    return label, criterion.clause, read + ("\n（有的单位另有规定，见三）" if criterion.id in otherwise else ""), ""


def _kinds(document: Any, scheme: Scheme) -> None:
    for kind in scheme.kinds:
        _head(document, kind, 2)
        rows = [(each.place, each.before or NONE, each.now or NONE, "") for each in for_kind(scheme, kind)]
        _table(document, KINDS, rows)


def _standings(document: Any, scheme: Scheme) -> None:
    rows = [(each.label, each.source, each.read, "") for each in stated.standings(scheme)]
    if scheme.grades:
        _text(document, "等次由高到低排列，单位得第一个各项要求都达到的等次。", keep=True)
    _table(document, STANDINGS, rows)


def _measures(document: Any, scheme: Scheme) -> None:
    measures = stated.measures(scheme)
    banded = any(each.bands for each in measures)
    said = stated.periods(scheme) + ("数据超出合理范围的列为待核实，由考核办确认，不算错。" if banded else "")
    if said:
        _text(document, said, keep=True)
    if banded:
        rows = [(each.item, each.title, each.figures, each.bands or NONE) for each in measures]
        _table(document, MEASURES, rows)
    else:
        _table(document, FREE, [(each.item, each.title, each.figures) for each in measures])


def _totals(document: Any, scheme: Scheme) -> None:
    rows = [(each.label, each.source, each.read) for each in stated.totals(scheme)]
    _table(document, TOTALS, rows)


def _bases(document: Any, scheme: Scheme) -> None:
    for basis in scheme.content.basis:
        _head(document, basis.question, 3)
        said = f"原文：{_quoted(basis.clause)}。决定的数据：{stated.figure_said(scheme, basis.figure)}。"
        _text(document, said, keep=True)
        rows = [(each.label, amount, kinds or NONE) for each, amount, kinds in stated.choices(scheme, basis)]
        _table(document, BASES, rows)


def _readings(document: Any, scheme: Scheme) -> None:
    _text(document, "通知没有写明之处，由考核办选定一种办法；以上各条都按所采用的办法读。", keep=True)
    for number, reading in enumerate(scheme.content.reading, 1):
        _head(document, f"{number}．{reading.question}", 3)
        taken = reading.choose(scheme.readings[reading.id])
        _text(document, f"原文：{_quoted(reading.clause)}。", keep=True)
        if within := stated.within(scheme, reading):
            _text(document, f"{within}。", keep=True)
        reason = f"理由：{reading.reason.rstrip('。')}。" if reading.reason and taken.id == reading.default else ""
        _text(document, f"采用：{taken.label}。{reason}", keep=True)
        _table(document, OPTIONS, [*_others(scheme, reading)], keep=True)
        _text(document, f"签认：{LINE_TO_SIGN}", align=ALIGN.RIGHT, keep=number == len(scheme.content.reading))


def _others(scheme: Scheme, reading: Reading) -> Iterator[Sequence[str]]:
    """The options that are not taken, a row for each thing that one changes, the first with its name."""
    for option in reading.option:
        if option.id == scheme.readings[reading.id]:
            continue
        changes = changed_by(scheme, reading, option)
        if not changes:
            yield option.label, NONE, "读法不变", "读法不变"
        for place, each in enumerate(changes):
            yield option.label if place == 0 else "", each.place, each.before or NONE, each.now or NONE


def _ending(document: Any) -> None:
    for line in ENDING:
        paragraph = add_paragraph(document, line, size=TEXT, pitch=32, before=12)
        paragraph.paragraph_format.keep_with_next = line != ENDING[-1]


# Word ────────────────────────────────────────────────────────────────────────────────────────────────────


def _quoted(clause: str) -> str:
    return f"“{clause}”" if clause else UNSAID


def _head(document: Any, text: str, level: int) -> None:
    """A heading; that of level 1 is a chapter."""
    size = SIZE_4 if level == 1 else TEXT
    before = 12 if level == 1 else 8
    add_paragraph(document, text, font=HEAD, size=size, pitch=LINE, indent=False, level=level, before=before)


def _text(document: Any, text: str, *, align: ALIGN = ALIGN.JUSTIFY, indent: bool = True, keep: bool = False) -> None:
    paragraph = add_paragraph(document, text, align=align, size=TEXT, pitch=LINE, indent=indent)
    paragraph.paragraph_format.keep_with_next = keep


def _table(document: Any, columns: Columns, rows: Iterable[Sequence[str]], *, keep: bool = False) -> None:
    """A table; a row whose first cell is empty goes on with what the row above tells of."""
    widths = [wide for _, wide in columns]
    aligned = [ALIGN.CENTER if wide <= NARROW else ALIGN.LEFT for wide in widths]
    table = add_table(document, [heading for heading, _ in columns], widths, CELL)
    for row in rows:
        add_row(table, row, widths, aligned, CELL, keep=keep, joined=not row[0])
