"""方案.xlsx → what frames a scheme: 基本, 单位, 项目, 等次, 口径."""

from collections.abc import Mapping
from typing import Any

from kaohe_cli.scheme.book import pasted, sheets
from kaohe_cli.scheme.book.growing import Growing
from kaohe_cli.scheme.book.line import SheetLine
from kaohe_cli.scheme.book.reading import BookReading, listed, numbered
from kaohe_cli.scheme.book.sheets import APPLIES
from kaohe_cli.scheme.lines import Node
from kaohe_cli.sheet.table import stands, written


def read_facts(reader: BookReading) -> None:
    """The notice and the general terms, a row for each."""
    facts = {fact.title: fact for fact in sheets.FACTS}
    said: dict[tuple[str, ...], int] = {}
    table = reader.table_of(sheets.BASIC)
    for number, cells in reader.rows.get(sheets.BASIC.name, ()) if table else ():
        line = SheetLine(sheets.BASIC, number, table.head.columns if table else {}, {}, reader.spots)
        at = {title: cells.get(line.columns.get(title, 0)) for title in (sheets.FACT, sheets.CONTENT, APPLIES)}
        title = written(at[sheets.FACT])
        if not title:
            if stands(at[sheets.CONTENT]):
                reader.mark_wrong("KH974", line, sheets.FACT, found="事项")
            continue
        if title not in facts:
            reader.mark_wrong("KH973", line, sheets.FACT, found=title, expected=listed(facts))
            continue
        fact, applies = facts[title], written(at[APPLIES])
        line.values = {APPLIES: applies} if applies else {}
        reader.means(line, "fact", ".".join(fact.path))
        value = reader.understood(line, fact, at[sheets.CONTENT], sheets.CONTENT)
        into = reader.change(line, applies) if applies else reader.root
        spot = line.at(sheets.CONTENT)
        if into is None:
            continue
        if fact.path == sheets.PARAGRAPHS:
            if value is not None:
                notice = into.table(("notice",), spot)
                notice.raw.setdefault("paragraphs", []).append(value)
                notice.node.parts.setdefault("paragraphs", Node(spot)).entries.append(Node(spot))
        elif value is not None:
            into.put(fact.path, value, spot)
        elif not applies:
            said[fact.path] = spot
            into.seen(fact.path, spot)
    _usual_facts(reader, said)


def _usual_facts(reader: BookReading, said: Mapping[tuple[str, ...], int]) -> None:
    """What a notice goes without saying where its author left it blank."""
    raw = reader.root.raw
    notice = raw.setdefault("notice", {})
    id = raw.get("id") or (f"scheme_{raw['year']}" if "year" in raw else "scheme")
    usual: list[tuple[tuple[str, ...], Any]] = [
        *((fact.path, fact.blank) for fact in sheets.FACTS if fact.blank is not None),
        (("id",), id),
        (("template",), f"{id}.xlsx"),
        (("notice", "issuer_short"), notice.get("issuer", "")),
    ]
    for path, value in usual:
        held = raw if len(path) == 1 else notice
        if path[-1] not in held:
            reader.root.put(path, value, said.get(path, 1))
    notice.setdefault("paragraphs", [])
    for room in ("deadline", "materials"):
        if room in raw:
            raw[room].setdefault("clause", "")


def read_units(reader: BookReading) -> None:
    """The units, their kinds, and the groups of kinds."""
    found: list[tuple[SheetLine, Growing]] = []
    for line in reader.lines(sheets.UNITS):
        unit = reader.root.entry("unit", line.at("名称"))
        reader.fill(line, unit, sheets.UNITS.columns)
        found.append((line, unit))
    codes = numbered([unit.raw.get("code") for _, unit in found], "U", 2)
    for (line, unit), code in zip(found, codes, strict=True):
        reader.call(unit, line, "代码", code, "code")
        unit.raw.setdefault("kind", "单位")
    groups: dict[str, Growing] = {}
    for line in reader.lines(sheets.UNIT_KINDS_SHEET):
        kind, group, at = line.get(sheets.KIND), line.get(sheets.GROUP), line.at(sheets.KIND)
        if not kind:
            reader.mark_wrong("KH974", line, sheets.KIND, found="类别")
            continue
        reader.kinds[kind] = line.at(sheets.GROUP)
        if group:
            if group not in groups:
                groups[group] = reader.root.entry("group", line.at(sheets.GROUP))
                groups[group].put(("title",), group, line.at(sheets.GROUP))
            groups[group].raw.setdefault("kinds", []).append(kind)
            groups[group].node.parts.setdefault("kinds", Node(at)).entries.append(Node(at))


def read_readings(reader: BookReading) -> None:
    """The readings, a row for each option."""
    within = sheets.READ.columns[sheets.READ_OWN - 1].title
    for each in reader.nested(sheets.READ, sheets.READ_OWN, "reading", "口径"):
        for said in each.line.get(within) or ():
            other, _, option = reader.key(said).partition("=")
            each.made.put(("within", other), option, each.line.at(within))
        for _, made in each.options:
            reader.options[f"{each.made.raw['id']}={made.raw['id']}"] = made


def read_items(reader: BookReading) -> None:
    """The sections and items, as the official table has them."""
    table = reader.book.sheet(sheets.TABLE.name)
    nodes, second = pasted.nodes(list(reader.lines(sheets.TABLE)), table)
    for line in second:
        reader.mark_wrong("KH982", line, pasted.POINTS, found=str(line.get(pasted.POINTS)))
    cells = dict(reader.rows.get(sheets.TABLE.name, ()))
    for node in nodes:
        for title in (pasted.ID, pasted.OF, pasted.TITLE):
            at = node.line.columns.get(title, 0)
            if node.line.get(title) is not None and not stands(cells.get(node.line.number, {}).get(at)):
                reader.derived[sheets.TABLE.name, node.line.number, title] = str(node.line.get(title))
        reader.means(node.line, sheets.SECTION if node.section else sheets.ITEM, node.line.get("编号") or "")
        if node.applies:
            into = reader.change(node.line, node.applies)
            if into is not None:
                path = (sheets.SECTION if node.section else sheets.ITEM, str(node.line.get("编号") or ""))
                columns = (each for each in sheets.TABLE.columns if each.path not in (("id",), ("section",)))
                reader.fill(node.line, into.table(path, node.line.at("编号")), tuple(columns))
            continue
        made = reader.root.entry(sheets.SECTION if node.section else sheets.ITEM, node.line.at("编号"))
        columns = (each for each in sheets.TABLE.columns if each.path != ("section",))
        reader.fill(node.line, made, tuple(columns))
        if node.line.get("所在类别"):
            of = "of" if node.section else "section"
            made.put((of,), node.line.get("所在类别"), node.line.at("所在类别"))
        if node.section:
            for key in ("number", "content", "standard"):
                made.raw.pop(key, None)
        else:
            made.raw.setdefault("standard", "")
            made.raw.setdefault("criterion", [])
            reader.items.setdefault(made.raw["id"], made)


def read_grades(reader: BookReading) -> None:
    """The grades, the ceilings and the vetoes."""
    made: dict[str, list[tuple[SheetLine, Growing]]] = {sheets.CEILING: [], sheets.VETO: []}
    for line in reader.lines(sheets.GRADED):
        level, applies = line.get(sheets.LEVEL), line.get(APPLIES)
        if level not in sheets.GRADED.column(sheets.LEVEL).choices:
            if level is None:
                reader.mark_wrong("KH974", line, sheets.LEVEL, found=sheets.LEVEL)
            continue
        used = tuple(each for each in sheets.GRADED.columns if each.path and (not each.kinds or level in each.kinds))
        reader.unused(line, sheets.GRADED.columns, used, sheets.GRADED.column(sheets.LEVEL).choices[level])
        reader.means(line, level, line.get("名称") or "")
        if applies:
            change = reader.change(line, applies)
            if change is not None and level == sheets.GRADE:
                into = change.table((level, str(line.get("名称") or "")), line.at("名称"))
                reader.fill(line, into, tuple(each for each in used if each.path != ("title",)))
            continue
        grown = reader.root.entry(level, line.at("名称"))
        reader.fill(line, grown, used)
        if level in made:
            made[level].append((line, grown))
    for level, prefix in ((sheets.CEILING, "限定"), (sheets.VETO, "否决")):
        ids = numbered(
            [each.raw.get("id") for _, each in made[level]], prefix, first="veto" if level == sheets.VETO else ""
        )
        for place, (id, (line, grown)) in enumerate(zip(ids, made[level], strict=True), 1):
            reader.call(grown, line, "编号", id)
            reader.means(line, level, id)
            reader.bars.setdefault(id, grown)
            reader.bars.setdefault(f"{prefix}{place}", grown)
            if level == sheets.CEILING:
                grown.table(("test",), line.at("编号"))


def read_bases(reader: BookReading) -> None:
    """What is chosen for each unit, a row for each option."""
    usual = sheets.BASED.columns[-1].title
    for each in reader.nested(sheets.BASED, sheets.BASED_OWN, "basis", "依据"):
        each.made.table(("default",), each.line.at(usual))
        for row, option in each.options:
            for kind in row.get(usual) or ():
                each.made.put(("default", kind), option.raw["id"], row.at(usual))
