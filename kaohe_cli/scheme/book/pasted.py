"""An official table as it comes from a document or a web page: merged cells, numbering, rows that go on, quotes."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from msgspec import Struct

from kaohe_cli.scheme.book.line import SheetLine
from kaohe_cli.scheme.book.sheets import APPLIES, NODE, SECTION
from kaohe_cli.sheet.book import Area, Sheet

ID, OF, NUMBER, TITLE, TEXT, STANDARD, POINTS = "编号", "所在类别", "序", "标题", "内容", "标准", "分值"
LONGEST_TITLE = 16  # characters of a title that is made from a text
_HEADING = re.compile(
    r"\s*(?:第?(?P<number>[一二三四五六七八九十\d]+)(?:部分|类)?|[(（](?P<bracketed>[一二三四五六七八九十\d]+)[)）])?[、.．:：\s]*"
    r"(?P<title>.+?)\s*(?:[(（]\s*(?:共|计|满分|总分)?\s*(?P<points>\d+(?:\.\d+)?)\s*分\s*[)）])?\s*", re.S,
)  # fmt: skip
_WIDTHS = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？", "%": "％"})


class TableNode(Struct, frozen=True):
    """A row of the table: a section or an item, or what is other of one."""

    line: SheetLine
    section: bool
    applies: str = ""


def nodes(lines: Sequence[SheetLine], sheet: Sheet | None) -> tuple[list[TableNode], list[SheetLine]]:
    """The sections and items of 项目 in their order, each with an id and a title.

    Beside them the rows that go on with the item above, and have points all the same.
    """
    merged = sheet.merged if sheet else ()
    found, second = list[TableNode](), list[SheetLine]()
    sections: dict[str, str] = {}  # how a section is called → its id
    taken: set[str] = set()
    above = ""  # the section whose heading stands above
    given = {str(line.get(ID)) for line in lines if line.get(ID) and not line.get(APPLIES)}
    for line in lines:
        if applies := str(line.get(APPLIES) or ""):
            found.append(TableNode(line, line.get(NODE) == SECTION, applies))
            continue
        if heading := _heading(line, merged):
            line.values = {NODE: SECTION, **heading}
        if _goes_on(line, merged) and found:
            _add(found[-1].line, line)
            second += [line] if line.get(POINTS) is not None else []
            continue
        section = line.get(NODE) == SECTION
        of = str(line.get(OF) or "")
        if not of and (spread := _spread(line, merged, sheet)):
            of = _opened(line, spread, sections, found, taken)
        elif of and of not in sections and _is_merged(line, merged, OF):
            of = _opened(line, of, sections, found, taken)
        of = sections.get(of, of) or ("" if section else above)
        if of:
            line.values[OF] = of
        id = str(line.get(ID) or "") or _id(line, of, taken | given, len(found))
        line.values[ID] = id
        taken.add(id)
        if line.get(TITLE) is None and (text := line.get(TEXT)):
            line.values[TITLE] = short(str(text))
        if section:
            sections |= {id: id, str(line.get(TITLE) or id): id}
            above = id if heading else above
        found.append(TableNode(line, section))
    return found, second


def short(text: str) -> str:
    """What a text may be called: all of it where it is short, else its beginning, to the first stop."""
    bare = re.sub(r"^[\s（(]*[\d一二三四五六七八九十①-⑳]+[）)、.．\s]+", "", text.strip()).rstrip("。；;，, ")
    if len(bare) <= LONGEST_TITLE and "\n" not in bare:
        return bare
    return re.split(r"[，。；：;:\n（(]", bare, maxsplit=1)[0][:LONGEST_TITLE] or bare[:LONGEST_TITLE]


def as_in(quote: str, text: str) -> str:
    """``quote`` as ``text`` has it, where it differs from it in blanks, line breaks and the width of marks alone."""
    if quote in text:
        return quote
    letters = [re.escape(letter) for letter in _alike(quote) if not letter.isspace()]
    found = re.search(r"\s*".join(letters), _alike(text)) if letters else None
    return text[found.start() : found.end()] if found else quote


def _alike(text: str) -> str:
    """``text`` with marks of one width, letter by letter."""
    return "".join(
        normalize("NFKC", letter) if letter.isalnum() and len(normalize("NFKC", letter)) == 1 else letter
        for letter in text.translate(_WIDTHS)
    )


# ── merged cells ────────────────────────────────────────────────────────────────────────────────────────


def _area(line: SheetLine, merged: tuple[Area, ...], title: str) -> Area | None:
    """The merged area that the cell under ``title`` is in."""
    column = line.columns.get(title)
    return next((area for area in merged if column and area.holds(line.number, column)), None)


def _is_merged(line: SheetLine, merged: tuple[Area, ...], title: str) -> bool:
    return _area(line, merged, title) is not None


def _goes_on(line: SheetLine, merged: tuple[Area, ...]) -> bool:
    """Whether a row belongs to the item above: some cell of that one reaches down into it."""
    if line.get(NODE) is not None or any(line.get(title) is not None for title in (ID, NUMBER, TITLE)):
        return False
    areas = (_area(line, merged, title) for title in (NUMBER, ID, TITLE, TEXT, STANDARD, POINTS))
    return any(area is not None and area.top < line.number for area in areas)


def _add(item: SheetLine, line: SheetLine) -> None:
    """Add the texts of a row to those of the item above it."""
    for title in (TEXT, STANDARD):
        if line.get(title) is not None:
            held = item.get(title)
            item.values[title] = f"{held}\n{line.get(title)}" if held is not None else line.get(title)


def _heading(line: SheetLine, merged: tuple[Area, ...]) -> Mapping[str, Any]:
    """What a row says that is one cell across the table: a section; nothing where it is none."""
    said = [title for title in line.values if title not in (APPLIES, NODE)]
    area = _area(line, merged, said[0]) if len(said) == 1 else None
    across = area is not None and area.top == area.bottom and _holds(line, area, TEXT) and area.right - area.left > 1
    return _parsed(str(line.get(said[0]))) if across else {}


def _holds(line: SheetLine, area: Area, title: str) -> bool:
    return area.holds(line.number, line.columns.get(title, 0))


def _parsed(text: str) -> dict[str, Any]:
    """The number, title and points of a heading: 一、经济发展（60分）."""
    match = _HEADING.fullmatch(text)
    if match is None:
        return {TITLE: text}
    number = match["number"] or match["bracketed"]
    held = {ID: number, TITLE: match["title"], POINTS: Decimal(match["points"]) if match["points"] else None}
    return {title: value for title, value in held.items() if value is not None}


def _spread(line: SheetLine, merged: tuple[Area, ...], sheet: Sheet | None) -> str:
    """The section in a cell that is merged down to this row; empty where there is none."""
    area = _area(line, merged, OF)
    cell = sheet.cells.get((area.top, area.left)) if area is not None and sheet is not None else None
    return str(cell.value).strip() if cell is not None and area is not None and area.top < line.number else ""


def _opened(line: SheetLine, text: str, sections: dict[str, str], found: list[TableNode], taken: set[str]) -> str:
    """The id of the section that ``text`` names, which begins here where it is new."""
    if text in sections:
        return sections[text]
    held = _parsed(text)
    id = str(held.get(ID) or held[TITLE])
    while id in taken:
        id = f"{id}-"
    values = {**held, NODE: SECTION, ID: id}
    found.append(TableNode(SheetLine(line.sheet, line.number, line.columns, values, line.spots), True))
    taken.add(id)
    sections |= {id: id, text: id, held[TITLE]: id}
    return id


def _id(line: SheetLine, of: str, taken: set[str], count: int) -> str:
    """An id from the number that the table gives."""
    said = normalize("NFKC", str(line.get(NUMBER) or ""))
    number = "".join(re.findall(r"[\w.]+", said)).strip(".") or str(count + 1)
    made = number if number not in taken else f"{of}.{number}"
    extra = 1
    while made in taken:
        extra += 1
        made = f"{number}-{extra}"
    return made
