"""What people choose from in 方案.xlsx: names of figures, options and ids, kept up by formulas as they are typed."""

from collections.abc import Mapping

from kaohe_cli.paper.workbook import Formula, Paper
from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.rows import KIND_APPLIES, SchemeRow, SchemeRows
from kaohe_cli.scheme.book.sheets import APPLIES
from kaohe_cli.scheme.book.words import JOINT, FigureNames
from kaohe_cli.scheme.records import FIGURE_LABELS
from kaohe_cli.sheet.book import column_name

LISTS = "词表"
# hidden columns: of which measure, of which reading a row is, and what people choose it by
MEASURE, FIGURE, READING, OPTION = "（指标）", "（数据项）", "（口径）", "（适用）"
HELPERS = {sheets.MEASURED.name: (MEASURE, FIGURE), sheets.READ.name: (READING, OPTION)}
KEPT_UP = (MEASURE, READING)  # which a row takes from the one above it
ALL = frozenset(title for titles in HELPERS.values() for title in titles)
LISTED = {  # list of names → where they stand: the sheet, the title
    sheets.ITEMS: (sheets.TABLE, "编号"),
    sheets.CRITERIA: (sheets.RULES, "编号"),
    sheets.MEASURES: (sheets.MEASURED, "编号"),
    sheets.GRADES: (sheets.GRADED, "名称"),
    sheets.UNIT_KINDS: (sheets.UNIT_KINDS_SHEET, sheets.KIND),
    sheets.FIGURES: (sheets.MEASURED, FIGURE),
}
SHARED, IN_PERCENT = "\0share", "\0percent"  # of a row, in no column: what its look depends on
READINGS, OPTIONS_NAMED = "口径", "办法"  # what is not named is called so, and numbered


def helper(title: str, place: Mapping[str, int], row: int, cells: SchemeRow) -> Formula:
    """What a hidden column says in a row, from 1, with its value."""
    letter = {name: column_name(at + 1) for name, at in place.items()}
    at = {name: f"{each}{row}" for name, each in letter.items()}

    def down(name: str) -> str:
        return f"${letter[name]}$3:{at[name]}"

    above = f"{letter[title]}{row - 1}" if row > 3 else '""'
    if title == MEASURE:
        said = f'IF({at["名称"]}="",{above},{at["名称"]})'
    elif title == FIGURE:
        called = f'IF({at["称呼"]}="",{at[sheets.FIGURE]},{at["称呼"]})'
        said = f'IF({at[sheets.FIGURE]}="","",{at[MEASURE]}&"{JOINT}"&{called})'
    elif title == READING:
        id, count = at["口径编号"], f'SUMPRODUCT(({down("问题")}<>"")*({down("口径编号")}=""))'
        said = f'IF({at["问题"]}="",{above},IF({id}="","{READINGS}"&{count},{id}))'
    else:
        id, own = at["选项编号"], f"({down(READING)}={at[READING]})"
        count = f'SUMPRODUCT({own}*({down("办法")}<>"")*({down("选项编号")}=""))'
        said = f'IF({at["办法"]}="","",{at[READING]}&"="&IF({id}="","{OPTIONS_NAMED}"&{count},{id}))'
    return Formula(f"={said}", str(cells.get(title, "")))


def prepared(rows: SchemeRows, names: FigureNames) -> SchemeRows:
    """``rows`` with what the look of a row depends on, which stands in others."""
    rules = {(str(row.get("编号")), row.get(APPLIES)): row for row in rows[sheets.RULES.name]}

    def shared(row: SchemeRow) -> bool:
        """Whether the marks of a row are shares: the rule that it is of compares two figures."""
        id, applies = str(row.get(sheets.OF)), row.get(APPLIES)
        own, base = rules.get((id, applies), {}), rules.get((id, None), {})
        held = own if own.get(sheets.METHOD) else {**base, **own}
        return held.get("与哪个数据比") is not None

    marks = [{**row, SHARED: shared(row)} for row in rows[sheets.MARKS.name]]
    measured: list[SchemeRow] = []
    title, unit = "", ""
    for row in rows[sheets.MEASURED.name]:
        if row.get("名称") is not None and not row.get(APPLIES):
            title, unit = str(row["名称"]), str(row.get("计量单位") or "")
        figure = str(row.get(sheets.FIGURE) or "")
        label = row.get("称呼") or FIGURE_LABELS.get(figure, figure)
        measured.append(
            {**row, IN_PERCENT: unit == "%", MEASURE: title, FIGURE: f"{title}{JOINT}{label}" if label else ""}
        )
    read = _read(rows[sheets.READ.name])
    return {**rows, sheets.MARKS.name: marks, sheets.MEASURED.name: measured, sheets.READ.name: read}


def _read(rows: list[SchemeRow]) -> list[SchemeRow]:
    """The rows of 口径 with what their options are chosen by."""
    made, reading, unnamed, options = list[SchemeRow](), "", 0, 0
    for row in rows:
        if row.get("问题"):
            unnamed += not row.get("口径编号")
            reading, options = str(row.get("口径编号") or f"{READINGS}{unnamed}"), 0
        options += bool(row.get("办法")) and not row.get("选项编号")
        option = f"{reading}={row.get('选项编号') or f'{OPTIONS_NAMED}{options}'}" if row.get("办法") else ""
        made.append({**row, READING: reading, OPTION: option})
    return made


def write_options(paper: Paper, place: Mapping[str, int], rows: SchemeRows) -> None:
    """Write what 适用 may say: the options of the readings, and the kinds of units."""
    page, letter, number = paper.sheet(LISTS), column_name(place[OPTION] + 1), 0
    for sheet in (sheets.READ, sheets.UNIT_KINDS_SHEET):
        held = rows.get(sheet.name, [])
        for at in range(len(held) + sheet.spare):
            row = held[at] if at < len(held) else {}
            cell = f"'{sheet.name}'!{letter if sheet is sheets.READ else 'A'}{at + 3}"
            if sheet is sheets.READ:
                said = Formula(f"={cell}", str(row.get(OPTION, "")))
            else:
                kind = row.get(sheets.KIND)
                said = Formula(f'=IF({cell}="","","{KIND_APPLIES}="&{cell})', f"{KIND_APPLIES}={kind}" if kind else "")
            paper.put(page, number, 0, said)
            number += 1
    page.set_column(0, 0, 40)
    page.hide()
    paper.book.define_name(sheets.OPTIONS, f"='{LISTS}'!$A$1:$A${number}")
