"""方案.xlsx → the tables of a scheme, as TOML has them, and where each part stands. What is wrong is told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.scheme.book import pasted, sheets
from kaohe_cli.scheme.book.growing import Growing
from kaohe_cli.scheme.book.line import CellSpot, RowMeaning, SheetLine
from kaohe_cli.scheme.book.rows import KIND_APPLIES, found
from kaohe_cli.scheme.book.sheets import (
    ALSO,
    APPLIES,
    CHECK,
    CONDITION,
    EITHER,
    INSTEAD,
    JOIN,
    OF,
    READ_AS,
    REST,
    SchemeColumn,
    SchemeSheet,
)
from kaohe_cli.scheme.book.words import FigureNames, Percent, Unread, figure_names, read
from kaohe_cli.scheme.lines import Node
from kaohe_cli.scheme.records import FIGURE_LABELS
from kaohe_cli.sheet.book import Book, Cell, address
from kaohe_cli.sheet.table import SheetRow, Tabular, find, rows_of, stands, written

ALIKE = 0.5  # of difflib, from which on one title is taken for a slip of another
MOST_NAMED = 12  # names that a message lists
_USED = {  # kind of rule → the list that its rows in 档 make
    "band": "marks", "judged": "marks", "count": "counts", "place": "points", "line": "",
}  # fmt: skip


class Target(Struct):
    """A criterion that rows of 档 and 条件 belong to."""

    of: Growing  # the criterion, or what is changed of it
    rule: tuple[str, ...]  # where its rule is
    kind: str
    base: Mapping[str, Any]  # the rule that it changes; empty: none
    inline: SheetLine | None = None  # its row, where that holds a condition


class WorkbookReader:
    """Reads one workbook; its tables are in ``root``, what was wrong in ``problems``."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.spots: list[CellSpot] = [CellSpot("", "")]
        self.problems: list[Problem] = []
        self.without: tuple[Problem, ...] = ()  # sheets, and columns, that are not there
        self.root = Growing()
        self.names = FigureNames({}, {})
        self.options: dict[str, Growing] = {}
        self.changed: dict[str, Growing] = {}  # 适用 → what is changed
        self.kinds: dict[str, int] = {}  # kind of units → the cell of its group
        self.items: dict[str, Growing] = {}
        self.targets: dict[tuple[str, str], Target] = {}  # criterion, 适用
        self.bars: dict[str, Growing] = {}
        self.tables: dict[str, Tabular | None] = {}
        self.rows: dict[str, tuple[SheetRow, ...]] = {}  # of each table, without the one that explains its columns
        self.meanings: dict[tuple[str, int], RowMeaning] = {}
        self.derived: dict[tuple[str, int, str], str] = {}  # sheet, row, title → the id given there
        self.trials: dict[int, tuple[str, ...]] = {}  # row of 试算 → keys of what it tells

    # cells ------------------------------------------------------------------------------------------------

    def mark_wrong(self, code: str, line: SheetLine, title: str, **words: str) -> None:
        """Tell what is wrong in a cell."""
        spot = self.spots[line.at(title) - 1]
        self.problems.append(problem(code, file=self.book.file, sheet=spot.sheet, cell=spot.cell, **words))

    def table_of(self, sheet: SchemeSheet) -> Tabular | None:
        """The table of a sheet; None where there is none, which is told where it must be there."""
        if sheet.name in self.tables:
            return self.tables[sheet.name]
        found, table, told = self.book.sheet(sheet.name), None, tuple[Problem, ...]()
        if found is not None:
            needed = [each.title for each in sheet.columns if each.needed]
            known = [each.title for each in sheet.columns]
            table, told = find(self.book.file, sheet.name, rows_of(found), needed, known)
            told = told or tuple(self._misspelt(sheet, table))
        elif sheet.needed:
            told = (problem("KH971", file=self.book.file, found=sheet.name),)
        self.without += told
        self.tables[sheet.name] = table
        return table

    def _misspelt(self, sheet: SchemeSheet, table: Tabular | None) -> Iterator[Problem]:
        """Columns with something in them whose title is none of the sheet's, and like one that is not there."""
        from difflib import get_close_matches

        if table is None:
            return
        self.rows[sheet.name] = tuple(each for each in table.rows if not _is_help(each[1]))
        lacking = [each.title for each in sheet.columns if each.title not in table.head.columns]
        for title, at in table.head.others:
            near = get_close_matches(title, lacking, 1, ALIKE)
            if near and any(stands(cells.get(at)) for _, cells in self.rows[sheet.name]):
                cell = address(table.head.row, at)
                said = f"{near[0]}（{cell} 写的是“{title}”）"
                yield problem(
                    "KH301", file=self.book.file, sheet=sheet.name, cell=cell, found=said, expected=near[0]
                )  # fmt: skip

    def lines(self, sheet: SchemeSheet) -> Iterator[SheetLine]:
        """The rows of a sheet that are not blank."""
        table = self.table_of(sheet)
        for number, cells in self.rows.get(sheet.name, ()) if table else ():
            line = SheetLine(sheet, number, table.head.columns if table else {}, {}, self.spots)
            for column in sheet.columns:
                if (at := line.columns.get(column.title)) and stands(cells.get(at)):
                    self.take(line, column, cells[at])
            if line.values:
                yield line

    def call(self, made: Growing, line: SheetLine, title: str, id: str, key: str = "id") -> None:
        """Give what a row makes its id, which its author may have left to the program."""
        made.put((key,), id, line.at(title))
        if line.get(title) is None:
            self.derived[line.sheet.name, line.number, title] = id

    def means(self, line: SheetLine, room: str, id: object, place: int = 0, detail: object = "") -> None:
        """Note what a row is about."""
        applies = self.key(str(line.get(APPLIES) or ""))
        self.meanings[line.sheet.name, line.number] = RowMeaning(room, str(id), applies, place, str(detail))

    def take(self, line: SheetLine, column: SchemeColumn, cell: Cell | None) -> None:
        """Take what stands in a cell into ``line``; what cannot be read is told, and stands there as it is written."""
        value = read(column, cell, self.names)
        if isinstance(value, Unread):
            code = "KH973" if column.listed or column.sort == "figure" else "KH972"
            self.mark_wrong(code, line, column.title, found=value.found, expected=value.expected)
            value = value.found
        if value is not None:
            line.values[column.title] = value

    def fill(
        self, line: SheetLine, into: Growing, columns: tuple[SchemeColumn, ...], base: tuple[str, ...] = ()
    ) -> None:
        """Put what stands under ``columns`` where it belongs; a blank is noted for what may be said of it."""
        for column in columns:
            if not column.path:
                continue
            path, value = (*base, *column.path), line.get(column.title)
            if value is None and column.blank is not None and not line.get(APPLIES):
                value = column.blank
            if value is None:
                if len(column.path) == 1:
                    into.seen(path, line.at(column.title))
            elif line.get(APPLIES) and found(into.raw, path) is not None:
                self._twice(line, column)
            elif path[-1].isdecimal():
                into.end(path[:-1], int(path[-1]), value, line.at(column.title))
            else:
                into.put(path, value, line.at(column.title))

    def _twice(self, line: SheetLine, column: SchemeColumn) -> None:
        """Tell that another row of the same 适用 has changed what this cell changes."""
        self.mark_wrong("KH975", line, column.title, found=column.title, expected="上面已有一行改了它")

    def change(self, line: SheetLine, said: str) -> Growing | None:
        """What a row changes that applies only to some; None, told, where that is not known."""
        key = "=".join(part.strip() for part in said.replace("＝", "=").split("=", 1))
        if key in self.changed:
            return self.changed[key]
        at, (name, _, value) = line.at(APPLIES), key.partition("=")
        if key in self.options:
            self.changed[key] = self.options[key].table(("change",), at)
        elif name == KIND_APPLIES and (value in self.kinds or not self.kinds):
            kind = self.root.entry("kind", at)
            kind.put(("name",), value, at)
            self.changed[key] = kind.table(("change",), at)
        else:
            known = (*self.options, *(f"{KIND_APPLIES}={each}" for each in self.kinds))
            self.mark_wrong("KH973", line, APPLIES, found=said, expected=_listed(known) if known else "空着")
            return None
        return self.changed[key]

    # sheets -----------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read every sheet."""
        self.root.put(("format",), 2, 1)
        self._measure_names()
        self._units()
        self._readings()
        self._facts()
        self._items()
        self._measures()
        self._grades()
        self._criteria()
        self._marks()
        self._conditions()
        self._bases()
        for line in self.lines(sheets.PERIODS):
            self.fill(line, self.root.entry("period", line.at(sheets.PERIODS.columns[0].title)), sheets.PERIODS.columns)
        self._trials()
        for key, sheet in (("unit", sheets.UNITS), ("item", sheets.TABLE)):
            if key not in self.root.raw:
                self.root.raw[key] = []
                self.spots.append(CellSpot(sheet.name, "A1"))
                self.root.seen((key,), len(self.spots))
        if "kind" in self.root.raw:
            order = [*self.kinds]
            pairs = zip(self.root.raw["kind"], self.root.node.parts["kind"].entries, strict=True)
            ordered = sorted(pairs, key=lambda each: order.index(each[0]["name"]) if each[0]["name"] in order else 0)
            self.root.raw["kind"] = [raw for raw, _ in ordered]
            self.root.node.parts["kind"].entries = [node for _, node in ordered]

    def _measure_names(self) -> None:
        """What the figures are called, and an id for each measure: other sheets, and this one, speak of them."""
        id, title, figure = (
            each.title
            for each in (
                sheets.MEASURED.by_path["id",],
                sheets.MEASURED.by_path["title",],
                sheets.MEASURED.column(sheets.FIGURE),
            )
        )
        label, kept = sheets.MEASURED.by_path["label",].title, len(self.problems)
        measures: list[dict[str, Any]] = []
        for line in self.lines(sheets.MEASURED):
            if line.get(APPLIES):
                continue
            if line.get(id) or line.get(title) or not measures:
                measures.append({"id": line.get(id), "title": line.get(title) or ""})
            if line.get(figure) in FIGURE_LABELS:
                measures[-1][str(line.get(figure))] = {"label": line.get(label) or ""}
        del self.problems[kept:]
        self.measure_ids = _numbered([each["id"] for each in measures], "m")
        self.names = figure_names([{**each, "id": id} for each, id in zip(measures, self.measure_ids, strict=True)])

    def _facts(self) -> None:
        facts = {fact.title: fact for fact in sheets.FACTS}
        said: dict[tuple[str, ...], int] = {}
        table = self.table_of(sheets.BASIC)
        for number, cells in self.rows.get(sheets.BASIC.name, ()) if table else ():
            line = SheetLine(sheets.BASIC, number, table.head.columns if table else {}, {}, self.spots)
            at = {title: cells.get(line.columns.get(title, 0)) for title in (sheets.FACT, sheets.CONTENT, APPLIES)}
            title = written(at[sheets.FACT])
            if not title:
                if stands(at[sheets.CONTENT]):
                    self.mark_wrong("KH974", line, sheets.FACT, found="事项")
                continue
            if title not in facts:
                self.mark_wrong("KH973", line, sheets.FACT, found=title, expected=_listed(facts))
                continue
            fact, applies = facts[title], written(at[APPLIES])
            line.values = {APPLIES: applies} if applies else {}
            self.means(line, "fact", ".".join(fact.path))
            value = read(fact, at[sheets.CONTENT], self.names)
            into = self.change(line, applies) if applies else self.root
            spot = line.at(sheets.CONTENT)
            if isinstance(value, Unread):
                code = "KH973" if fact.listed else "KH972"
                self.mark_wrong(code, line, sheets.CONTENT, found=value.found, expected=value.expected)
                value = value.found
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
        self._usual_facts(said)

    def _usual_facts(self, said: Mapping[tuple[str, ...], int]) -> None:
        """What a notice goes without saying where its author left it blank."""
        raw = self.root.raw
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
                self.root.put(path, value, said.get(path, 1))
        notice.setdefault("paragraphs", [])
        if "deadline" in raw:
            raw["deadline"].setdefault("clause", "")

    def _units(self) -> None:
        found: list[tuple[SheetLine, Growing]] = []
        for line in self.lines(sheets.UNITS):
            unit = self.root.entry("unit", line.at("名称"))
            self.fill(line, unit, sheets.UNITS.columns)
            found.append((line, unit))
        codes = _numbered([unit.raw.get("code") for _, unit in found], "U", 2)
        for (line, unit), code in zip(found, codes, strict=True):
            self.call(unit, line, "代码", code, "code")
            unit.raw.setdefault("kind", "单位")
        groups: dict[str, Growing] = {}
        for line in self.lines(sheets.UNIT_KINDS_SHEET):
            kind, group, at = line.get(sheets.KIND), line.get(sheets.GROUP), line.at(sheets.KIND)
            if not kind:
                self.mark_wrong("KH974", line, sheets.KIND, found="类别")
                continue
            self.kinds[kind] = line.at(sheets.GROUP)
            if group:
                if group not in groups:
                    groups[group] = self.root.entry("group", line.at(sheets.GROUP))
                    groups[group].put(("title",), group, line.at(sheets.GROUP))
                groups[group].raw.setdefault("kinds", []).append(kind)
                groups[group].node.parts.setdefault("kinds", Node(at)).entries.append(Node(at))

    def _readings(self) -> None:
        own, rest = sheets.READ.columns[: sheets.READ_OWN], sheets.READ.columns[sheets.READ_OWN :]
        readings: list[tuple[SheetLine, Growing, list[tuple[SheetLine, Growing]]]] = []
        for line in self.lines(sheets.READ):
            if any(line.get(each.title) is not None for each in own) or not readings:
                made = self.root.entry("reading", line.at(own[0].title))
                self.fill(line, made, tuple(each for each in own if each.sort != "list"))
                for said in line.get(own[-1].title) or ():
                    other, _, option = said.replace("＝", "=").partition("=")
                    made.put(("within", other.strip()), option.strip(), line.at(own[-1].title))
                readings.append((line, made, []))
            if any(line.get(each.title) is not None for each in rest):
                option = readings[-1][1].entry("option", line.at(rest[0].title))
                self.fill(line, option, rest)
                readings[-1][2].append((line, option))
        ids = _numbered([made.raw.get("id") for _, made, _ in readings], "口径")
        for id, (line, made, options) in zip(ids, readings, strict=True):
            self.call(made, line, own[0].title, id)
            made.raw.setdefault("option", [])
            names = _numbered([option.raw.get("id") for _, option in options], "办法")
            for name, (row, option) in zip(names, options, strict=True):
                self.call(option, row, rest[0].title, name)
                self.options[f"{id}={name}"] = option
                self.means(row, "option", id, detail=name)

    def _items(self) -> None:
        table = self.book.sheet(sheets.TABLE.name)
        nodes, second = pasted.nodes(list(self.lines(sheets.TABLE)), table)
        for line in second:
            self.mark_wrong("KH982", line, pasted.POINTS, found=str(line.get(pasted.POINTS)))
        cells = dict(self.rows.get(sheets.TABLE.name, ()))
        for node in nodes:
            for title in (pasted.ID, pasted.OF, pasted.TITLE):
                at = node.line.columns.get(title, 0)
                if node.line.get(title) is not None and not stands(cells.get(node.line.number, {}).get(at)):
                    self.derived[sheets.TABLE.name, node.line.number, title] = str(node.line.get(title))
            self.means(node.line, sheets.SECTION if node.section else sheets.ITEM, node.line.get("编号") or "")
            if node.applies:
                into = self.change(node.line, node.applies)
                if into is not None:
                    path = (sheets.SECTION if node.section else sheets.ITEM, str(node.line.get("编号") or ""))
                    columns = (each for each in sheets.TABLE.columns if each.path not in (("id",), ("section",)))
                    self.fill(node.line, into.table(path, node.line.at("编号")), tuple(columns))
                continue
            made = self.root.entry(sheets.SECTION if node.section else sheets.ITEM, node.line.at("编号"))
            columns = (each for each in sheets.TABLE.columns if each.path != ("section",))
            self.fill(node.line, made, tuple(columns))
            if node.line.get("所在类别"):
                of = "of" if node.section else "section"
                made.put((of,), node.line.get("所在类别"), node.line.at("所在类别"))
            if node.section:
                for key in ("number", "content", "standard"):
                    made.raw.pop(key, None)
            else:
                made.raw.setdefault("standard", "")
                made.raw.setdefault("criterion", [])
                self.items.setdefault(made.raw["id"], made)

    def _measures(self) -> None:
        own = tuple(each for each in sheets.MEASURED.columns if each.path in sheets.MEASURED_PATHS)
        mine = tuple(each for each in own if each.path[0] != "total")
        figured = tuple(each for each in sheets.MEASURED.columns if each.path in sheets.FIGURED_PATHS)
        id, title = (sheets.MEASURED.by_path[key,].title for key in ("id", "title"))
        ids, made, raw_id = iter(self.measure_ids), None, ""
        for line in self.lines(sheets.MEASURED):
            applies, name = line.get(APPLIES), line.get(sheets.FIGURE)
            self._percents(line, figured + own)
            into: Growing | None
            if applies:
                change = self.change(line, applies)
                if change is None:
                    continue
                into = change.table(("measure", str(line.get(id) or raw_id)), line.at(id))
                self.fill(line, into, tuple(each for each in mine if each.path != ("id",)))
            else:
                if line.get(id) or line.get(title) or made is None:
                    raw_id = next(ids)
                    made = self.root.entry("measure", line.at(id))
                    self.fill(line, made, mine)
                    self.call(made, line, id, raw_id)
                    self._total(line, raw_id, tuple(each for each in own if each.path[0] == "total"))
                elif any(line.get(each.title) is not None for each in own):
                    extra = next(each for each in own if line.get(each.title) is not None)
                    self.mark_wrong("KH975", line, extra.title, found=extra.title, expected="同一指标的第一行")
                into = made
            self.means(line, "measure", line.get(id) or raw_id, detail=name or "")
            if name in FIGURE_LABELS:
                if not applies and name in into.raw:
                    self.mark_wrong("KH976", line, sheets.FIGURE, found=FIGURE_LABELS[name])
                self.fill(line, into.table((name,), line.at(sheets.FIGURE)), figured, ())
            elif name is None and any(line.get(each.title) is not None for each in figured):
                self.mark_wrong("KH974", line, sheets.FIGURE, found=sheets.FIGURE)

    def _percents(self, line: SheetLine, columns: tuple[SchemeColumn, ...]) -> None:
        """What was written in per cent of what is measured in per cent, as the number before the sign."""
        for column in columns:
            value = line.get(column.title)
            if isinstance(value, Percent) and (
                column.sort == "percent" or (line.get("计量单位") == "%" and column.path[0] == "band")
            ):
                line.values[column.title] = value * 100

    def _total(self, line: SheetLine, id: str, columns: tuple[SchemeColumn, ...]) -> None:
        if any(line.get(each.title) is not None for each in columns):
            total = self.root.entry("total", line.at(columns[0].title))
            total.put(("measure",), id, line.at(columns[0].title))
            holder = Growing(1, {"total": total.raw}, Node(1, parts={"total": total.node}))
            self.fill(line, holder, columns)
            total.raw.setdefault("clause", "")

    def _grades(self) -> None:
        made: dict[str, list[tuple[SheetLine, Growing]]] = {sheets.CEILING: [], sheets.VETO: []}
        for line in self.lines(sheets.GRADED):
            level, applies = line.get(sheets.LEVEL), line.get(APPLIES)
            if level not in sheets.GRADED.column(sheets.LEVEL).choices:
                if level is None:
                    self.mark_wrong("KH974", line, sheets.LEVEL, found=sheets.LEVEL)
                continue
            used = tuple(
                each for each in sheets.GRADED.columns if each.path and (not each.kinds or level in each.kinds)
            )
            self._unused(line, sheets.GRADED.columns, used, sheets.GRADED.column(sheets.LEVEL).choices[level])
            self.means(line, level, line.get("名称") or "")
            if applies:
                change = self.change(line, applies)
                if change is not None and level == sheets.GRADE:
                    into = change.table((level, str(line.get("名称") or "")), line.at("名称"))
                    self.fill(line, into, tuple(each for each in used if each.path != ("title",)))
                continue
            grown = self.root.entry(level, line.at("名称"))
            self.fill(line, grown, used)
            if level in made:
                made[level].append((line, grown))
        for level, prefix in ((sheets.CEILING, "限定"), (sheets.VETO, "否决")):
            ids = _numbered(
                [each.raw.get("id") for _, each in made[level]], prefix, first="veto" if level == sheets.VETO else ""
            )
            for place, (id, (line, grown)) in enumerate(zip(ids, made[level], strict=True), 1):
                self.call(grown, line, "编号", id)
                self.means(line, level, id)
                self.bars.setdefault(id, grown)
                self.bars.setdefault(f"{prefix}{place}", grown)
                if level == sheets.CEILING:
                    grown.table(("test",), line.at("编号"))

    def _unused(
        self, line: SheetLine, columns: tuple[SchemeColumn, ...], used: tuple[SchemeColumn, ...], what: str
    ) -> None:
        for column in columns:
            if column.path and column not in used and line.get(column.title) is not None:
                self.mark_wrong("KH975", line, column.title, found=column.title, expected=what)
                del line.values[column.title]

    # 细则 -------------------------------------------------------------------------------------------------

    def _criteria(self) -> None:
        last, count = "", dict[str, int]()
        id_column, item_column = (sheets.RULES.by_path[key,].title for key in ("id", "item"))
        lines = list(self.lines(sheets.RULES))
        own = Counter(accumulate((str(line.get(item_column) or "") for line in lines if not line.get(APPLIES)), _held))
        given = {str(line.get(id_column)) for line in lines if line.get(id_column) and not line.get(APPLIES)}
        for line in lines:
            applies, kind = line.get(APPLIES), line.get(sheets.METHOD)
            if applies:
                self._varied(line, str(applies), kind)
                continue
            last = str(line.get(item_column) or last)
            item = self.items.get(last)
            if item is None:
                self.mark_wrong(
                    "KH977" if last else "KH974",
                    line,
                    item_column,
                    found=last or "项目",
                    expected=_listed(self.items),
                )
                continue
            if kind == "evidence":
                self._evidence(line, item.entry("evidence", line.at(id_column)), str(line.get(id_column) or ""))
                continue
            id = line.get(id_column)
            while id is None or (line.get(id_column) is None and id in given):
                count[last] = count.get(last, 0) + 1
                id = f"{last}.{count[last]}" if f"{last}.{count[last]}" not in self.items else f"{last}-{count[last]}"
            made = item.entry("criterion", line.at(id_column))
            self.call(made, line, id_column, str(id))
            self._own(line, made)
            self.means(line, "criterion", id)
            if "title" not in made.raw and made.raw.get("clause"):
                alone = own[last] == 1 and item.raw.get("title")
                made.put(("title",), alone or pasted.short(made.raw["clause"]), line.at("名称"))
            if isinstance(made.raw.get("clause"), str):
                texts = (item.raw.get("content", ""), item.raw.get("standard", ""))
                made.raw["clause"] = pasted.as_in(made.raw["clause"], "\n".join(map(str, texts)))
            target = Target(made, ("rule",), str(kind or ""), {})
            self.targets.setdefault((str(id), ""), target)
            made.table(("rule",), line.at(sheets.METHOD))
            self._rule(line, target)

    def _own(self, line: SheetLine, into: Growing) -> None:
        own = ("title", "clause", "points", "bonus", "needs")
        self.fill(line, into, tuple(sheets.RULES.by_path[key,] for key in own))

    def _varied(self, line: SheetLine, applies: str, kind: str | None) -> None:
        """A row that says what is other of a criterion, or of an evidence."""
        change, id = self.change(line, applies), str(line.get("编号") or "")
        if change is None:
            return
        at = line.at("编号")
        base = self.targets.get((id, ""))
        measures = {each.get("measure") for item in self.items.values() for each in item.raw.get("evidence", ())}
        if base is None and (kind == "evidence" or id in measures):
            self._evidence(line, change.table(("evidence", id), at), "")
            return
        made = change.table(("criterion", id), at)
        self.means(line, "criterion", id)
        self._own(line, made)
        if isinstance(made.raw.get("clause"), str) and base is not None:
            item = next((each for each in self.items.values() if base.of.raw in each.raw.get("criterion", ())), None)
            texts = (item.raw.get("content", ""), item.raw.get("standard", "")) if item else ()
            made.raw["clause"] = pasted.as_in(made.raw["clause"], "\n".join(map(str, texts)))
        rule = ("replace", "rule") if kind else ("rule",)
        held = base.of.raw.get("rule", {}) if base and not kind else {}
        target = Target(made, rule, str(kind or (base.kind if base else "")), held)
        self.targets.setdefault((id, self.key(applies)), target)
        self._rule(line, target)

    def key(self, applies: str) -> str:
        """适用 as it is kept."""
        return "=".join(part.strip() for part in applies.replace("＝", "=").split("=", 1))

    def _evidence(self, line: SheetLine, into: Growing, measure: str) -> None:
        self.means(line, "evidence", self._measure_id(measure or str(line.get("编号") or "")))
        if measure:
            into.put(("measure",), self._measure_id(measure), line.at("编号"))
        self.fill(line, into, (sheets.RULES.by_path["clause",],))
        used = tuple(sheets.RULES.by_path[key,] for key in CONDITION)
        self._fixed(line, used)
        self.fill(line, into, used, ("test",))
        own = {"item", "id", "title", "clause", "kind"}
        rest = tuple(each for each in sheets.RULES.columns if each.path and each.path[0] in own)
        self._unused(line, sheets.RULES.columns, (*used, *rest), sheets.KINDS["evidence"])

    def _measure_id(self, said: str) -> str:
        """The measure that is meant by its id or its title."""
        titles = {str(each.get("title")): str(each.get("id")) for each in self.root.raw.get("measure", ())}
        return said if said in titles.values() else titles.get(said, said)

    def _fixed(self, line: SheetLine, columns: tuple[SchemeColumn, ...], *, share: bool = False) -> None:
        """Percentages as the number that they are here: of a share 0.9, else what stands before the sign."""
        for column in columns:
            value = line.get(column.title)
            if isinstance(value, Percent) and column.sort == "percent" and not share:
                line.values[column.title] = value * 100

    def _rule(self, line: SheetLine, target: Target) -> None:
        """The rule of a row of 细则, as far as it stands in the row."""
        kind, at = target.kind, line.at(sheets.METHOD)
        columns = tuple(each for each in sheets.RULES.columns if each.kinds)
        filled = tuple(each for each in columns if line.get(each.title) is not None)
        if line.get(sheets.METHOD):
            target.of.put((*target.rule, "kind"), kind, at)
        elif not line.get(APPLIES):
            self.mark_wrong("KH974", line, sheets.METHOD, found=sheets.METHOD)
        if kind not in sheets.KINDS:
            return
        used = tuple(each for each in filled if kind in each.kinds)
        self._unused(line, columns, tuple(each for each in columns if kind in each.kinds), sheets.KINDS[kind])
        self._fixed(line, used)
        if kind == "when":
            if used:
                target.inline = line
                rule = target.of.table(target.rule, at)
                rule.raw["parts"], rule.node.parts["parts"] = [], Node(at)
                self._part(line, rule.entry("parts", line.at("数据")), used, target)
            return
        for column in columns:
            if kind in column.kinds:
                key = sheets.KEYS.get(column.path[0], column.path[0])
                value = line.get(column.title)
                if value is None:
                    if not line.get(APPLIES):
                        target.of.seen((*target.rule, key), line.at(column.title))
                elif line.get(APPLIES) and found(target.of.raw, (*target.rule, key)) is not None:
                    self._twice(line, column)
                else:
                    target.of.put((*target.rule, key), value, line.at(column.title))

    def _part(self, line: SheetLine, part: Growing, used: tuple[SchemeColumn, ...], target: Target) -> None:
        for column in used:
            key = "points" if column.path == ("given",) else column.path[0]
            part.put((key,), line.get(column.title), line.at(column.title))
        if "points" not in part.raw:
            points = target.of.raw.get("points", target.base.get("points"))
            if points is not None:
                part.put(("points",), points, line.at("得分"))
        for key in ("left", "compare", "right", "number"):
            if key not in part.raw:
                part.seen((key,), line.at(sheets.RULES.by_path[key,].title))

    # 档、条件 ---------------------------------------------------------------------------------------------

    def _target(self, line: SheetLine, id: str, applies: str) -> Target | None:
        """The criterion that a row belongs to, or what it changes of it; None, told, where there is none."""
        base = self.targets.get((id, ""))
        if not applies or base is None:
            return base
        key = self.key(applies)
        if (id, key) not in self.targets:
            change = self.change(line, applies)
            if change is None:
                return None
            made = change.table(("criterion", id), line.at(APPLIES))
            self.targets[id, key] = Target(made, ("rule",), base.kind, base.of.raw.get("rule", {}))
        return self.targets[id, key]

    def _rows_of(self, sheet: SchemeSheet, of: str) -> Iterator[tuple[SheetLine, str, str]]:
        """The rows with what they belong to, which a row may leave to the one above it."""
        id, before = "", ""
        for line in self.lines(sheet):
            applies = self.key(str(line.get(APPLIES) or ""))
            if line.get(of) is not None:
                id = str(line.get(of))
            elif applies != before:
                id = ""
            before = applies
            if id:
                yield line, id, applies
            else:
                self.mark_wrong("KH974", line, of, found=of)

    def _marks(self) -> None:
        groups: dict[tuple[str, str], list[SheetLine]] = {}
        for line, id, applies in self._rows_of(sheets.MARKS, OF):
            target = self._target(line, id, applies)
            if target is None:
                if (id, "") not in self.targets:
                    self.mark_wrong(
                        "KH977", line, OF, found=id, expected=_listed(sorted({each for each, _ in self.targets}))
                    )
            elif target.kind not in _USED:
                if target.kind in sheets.KINDS:
                    self.mark_wrong("KH975", line, OF, found="档", expected=sheets.KINDS[target.kind])
            else:
                groups.setdefault((id, applies), []).append(line)
        # of a criterion some of whose rows went elsewhere it is not told that they are too few
        whole = not any(
            each.sheet == sheets.MARKS.name and each.code in ("KH973", "KH974", "KH977") for each in self.problems
        )
        for key, lines in groups.items():
            self._marked(key[0], self.targets[key], lines, whole=whole)

    def _marked(self, line_id: str, target: Target, lines: list[SheetLine], *, whole: bool) -> None:
        kind, rule = target.kind, target.of.table(target.rule, lines[0].at("得分"))
        share = bool({**target.base, **rule.raw}.get("right"))
        by_path = sheets.MARKS.by_path
        used = tuple(
            each for each in sheets.MARKS.columns if kind in each.kinds or each.path in (("points",), ("label",))
        )
        for line in lines:
            self._unused(line, sheets.MARKS.columns, used, sheets.KINDS[kind])
            at = line.get("界限")
            if share and at is not None and not isinstance(at, Percent | str) and at > 5:
                self.mark_wrong("KH978", line, "界限", found=f"{at}", expected=f"{at}%")
                line.values["界限"] = Percent(at / 100)
            self._fixed(line, sheets.MARKS.columns, share=share)
        if kind == "line":
            self._line(line_id, rule, lines, whole=whole)
            return
        name = _USED[kind]
        rule.raw[name], rule.node.parts[name] = [], Node(lines[0].at(OF))
        for number, line in enumerate(lines, 1):
            self.means(line, "mark", line_id, number - 1)
            label, at = str(line.get("档名") or ""), line.at("得分")
            if kind == "place":
                digits = "".join(each for each in label if each.isdecimal())
                if whole and digits and int(digits) != number:
                    self.mark_wrong("KH972", line, "档名", found=label, expected=f"第{number}名")
                rule.raw[name].append(_plain_number(line.get("得分")))
                rule.node.parts[name].entries.append(Node(at))
                continue
            if kind == "band" and label == REST:
                below = rule.table(("below",), at)
                self.fill(line, below, (by_path["at",], by_path["points",]))
                if "at" not in below.raw and rule.raw["marks"]:
                    below.put(("at",), rule.raw["marks"][-1].get("at"), line.at("界限"))
                continue
            mark = rule.entry(name, line.at("界限") if kind == "band" else at)
            keys = {"band": ("at", "points", "strict"), "judged": ("label", "points"), "count": ("figure",)}[kind]
            self.fill(line, mark, tuple(by_path[key,] for key in keys))
            if kind == "count":
                mark.seen(("each",), at)
                if line.get("得分") is not None:
                    mark.put(("each",), line.get("得分"), at)

    def _line(self, line_id: str, rule: Growing, lines: list[SheetLine], *, whole: bool) -> None:
        if len(lines) != 2 and whole:
            self.mark_wrong("KH979", lines[-1], OF, found=f"{len(lines)}")
        marks = (*(sheets.MARKS.by_path[key,] for key in ("at", "points")),)
        known = [line for line in lines if not isinstance(line.get("界限"), str | None)]
        ordered = sorted(known, key=lambda line: line.get("界限")) if len(known) == len(lines) else lines
        for edge, line in zip(("low", "high"), (ordered[0], ordered[-1]), strict=True):
            if edge == "low" or len(ordered) > 1:
                self.means(line, "mark", line_id, int(edge == "high"))
                self.fill(line, rule.table((edge,), line.at("界限")), marks)

    def _conditions(self) -> None:
        used = tuple(each for each in sheets.CONDITIONS.columns if each.path)
        begun: dict[tuple[str, str], Growing] = {}
        count: dict[tuple[str, str], int] = {}
        for line, id, applies in self._rows_of(sheets.CONDITIONS, "用于"):
            self._fixed(line, used)
            join, target = line.get(JOIN), self._target(line, id, applies)
            if join != INSTEAD:
                self.means(line, "condition", id, count.get((id, applies), 0))
                count[id, applies] = count.get((id, applies), 0) + 1
            if target is None and (id, "") not in self.targets:
                self._barred(line, id, join)
                continue
            if target is None:
                continue
            if target.kind != "when":
                if target.kind in sheets.KINDS:  # what is none was told where it stands
                    self.mark_wrong("KH975", line, "用于", found="条件", expected=sheets.KINDS[target.kind])
                continue
            if target.inline is not None:
                self.mark_wrong("KH980", line, "用于", found=id, expected=f"{target.inline.number}")
                continue
            rule = target.of.table(target.rule, line.at("用于"))
            if join == INSTEAD:
                left = str(line.get("数据") or "")
                patch = rule.table(("part", left), line.at("数据"))
                self.fill(line, patch, tuple(each for each in used if each.path != ("left",)))
                continue
            key = (id, applies)
            if join in (ALSO, EITHER) and key in begun:
                part = begun[key]
                if join == EITHER:
                    part.put(("any",), True, line.at(JOIN))
                self.fill(
                    line, part.entry("also", line.at("数据")), tuple(each for each in used if each.path[0] in CONDITION)
                )
                continue
            if key not in begun:
                rule.raw["parts"] = []
            begun[key] = rule.entry("parts", line.at("数据"))
            self.fill(line, begun[key], used)
            if "points" not in begun[key].raw and (points := target.of.raw.get("points")) is not None:
                begun[key].put(("points",), points, line.at("得分"))

    def _barred(self, line: SheetLine, id: str, join: str | None) -> None:
        """A condition of a ceiling, or of a veto."""
        bar = self.bars.get(id)
        if bar is None:
            known = (*self.bars, *sorted({each for each, _ in self.targets}))
            self.mark_wrong("KH977", line, "用于", found=id, expected=_listed(known))
            return
        used = tuple(each for each in sheets.CONDITIONS.columns if each.path and each.path[0] in CONDITION)
        test = bar.table(("test",), line.at("用于"))
        self.fill(line, test.entry("any" if join == EITHER else "all", line.at("数据")), used)

    def _bases(self) -> None:
        own, rest = sheets.BASED.columns[: sheets.BASED_OWN], sheets.BASED.columns[sheets.BASED_OWN :]
        made: list[tuple[SheetLine, Growing, list[tuple[SheetLine, Growing]]]] = []
        for line in self.lines(sheets.BASED):
            if any(line.get(each.title) is not None for each in own) or not made:
                made.append((line, self.root.entry("basis", line.at(own[0].title)), []))
                self.fill(line, made[-1][1], own)
            if any(line.get(each.title) is not None for each in rest):
                option = made[-1][1].entry("option", line.at(rest[0].title))
                self.fill(line, option, tuple(each for each in rest if each.sort != "list"))
                made[-1][2].append((line, option))
        ids = _numbered([each.raw.get("id") for _, each, _ in made], "依据")
        for id, (line, basis, options) in zip(ids, made, strict=True):
            self.call(basis, line, own[0].title, id)
            basis.raw.setdefault("option", [])
            basis.table(("default",), line.at(rest[-1].title))
            names = _numbered([option.raw.get("id") for _, option in options], "办法")
            for name, (row, option) in zip(names, options, strict=True):
                self.call(option, row, rest[0].title, name)
                self.means(row, "basis", id, detail=name)
                for kind in row.get(rest[-1].title) or ():
                    basis.put(("default", kind), name, row.at(rest[-1].title))

    # 试算 -------------------------------------------------------------------------------------------------

    def _trials(self) -> None:
        table = self.table_of(sheets.TRIALS)
        if table is None:
            return
        units = {at: title for title, at in table.head.others if title not in ("", CHECK, READ_AS)}
        columns = {**table.head.columns, **{title: at for at, title in units.items()}}
        trials: dict[int, Growing] = {}
        told = {at for _, cells in self.rows[sheets.TRIALS.name] for at, cell in cells.items() if stands(cell)}
        for at, title in sorted(units.items()):
            if at in told:
                head = SheetLine(sheets.TRIALS, table.head.row, columns, {}, self.spots).at(title)
                trials[at] = self.root.entry("trial", head)
                trials[at].put(("name",), title, head)
        for number, cells in self.rows[sheets.TRIALS.name]:
            line = SheetLine(sheets.TRIALS, number, columns, {}, self.spots)
            if not any(map(stands, cells.values())):
                continue
            for column in sheets.TRIALS.columns:
                self.take(line, column, cells.get(columns[column.title]))
            what, of = line.get(sheets.TRIED), str(line.get(sheets.TRIED_OF) or "")
            if what not in sheets.TRY:
                if what is None:
                    self.mark_wrong("KH974", line, sheets.TRIED, found=sheets.TRIED)
                continue
            path = self._tried(line, what, of)
            for at, title in units.items():
                if path is not None and stands(cells.get(at)):
                    trials[at].put(path, self._tried_value(line, what, path, title, cells[at]), line.at(title))
                    said = f"trial.{title}.{'.'.join(path)}"
                    self.trials[number] = (*self.trials.get(number, ()), said)

    def _tried(self, line: SheetLine, what: str, of: str) -> tuple[str, ...] | None:
        """Where what a row of 试算 tells stands in a trial; None, told, where it says nothing that is known."""
        if what not in (sheets.TRY_FIGURE, sheets.TRY_MARK, sheets.TRY_POINTS):
            return (what,)
        if not of:
            self.mark_wrong("KH974", line, sheets.TRIED_OF, found=sheets.TRIED_OF)
            return None
        if what == sheets.TRY_FIGURE:
            found = self.names.find(of)
            bases = {str(each.get("id")): str(each.get("id")) for each in self.root.raw.get("basis", ())}
            if found is None and of not in bases:
                self.mark_wrong("KH973", line, sheets.TRIED_OF, found=of, expected="“指标”中的数据项")
                return None
            return (what, found or of)
        return (what, of)

    def _tried_value(self, line: SheetLine, what: str, path: tuple[str, ...], title: str, cell: Cell) -> Any:
        """What is said of one unit tried."""
        sort: dict[str, Any] = {
            sheets.TRY_FIGURE: "any", sheets.TRY_KIND: "text", sheets.TRY_GRADE: "text", sheets.TRY_VETO: "yes",
        }  # fmt: skip
        column = SchemeColumn(title, sort=sort.get(what, "number"))
        if what == sheets.TRY_MARK and isinstance(written(cell), str) and any(each in written(cell) for each in "；;"):
            column = SchemeColumn(title, sort="list")
        value = read(column, cell, self.names)
        if isinstance(value, Unread):
            self.mark_wrong("KH972", line, title, found=value.found, expected=value.expected)
            return value.found
        if what == sheets.TRY_FIGURE and path[1] in self.names.by_id:
            number = read(SchemeColumn(title, sort="percent"), cell, self.names)  # text that says one is one too
            if isinstance(number, Percent) and self._in_percent(path[1]):
                number = number * 100
            return value if isinstance(number, Unread) else number
        return value

    def _in_percent(self, figure: str) -> bool:
        measures = {str(each.get("id")): each for each in self.root.raw.get("measure", ())}
        return bool(measures.get(figure.partition(".")[0], {}).get("unit") == "%")


def _held(above: str, said: str) -> str:
    """What a cell says, or the one above it where it is blank."""
    return said or above


def _listed(words: Iterable[str]) -> str:
    """``words``, as many as can be read at a glance."""
    said = list(words)
    if not said:
        return "（一个也没有）"
    return "、".join(said) if len(said) <= MOST_NAMED else f"{'、'.join(said[:MOST_NAMED])}等 {len(said)} 个"


def _plain_number(value: Any) -> Any:
    """A number as TOML has it."""
    return (
        value
        if value is None or isinstance(value, str)
        else int(value)
        if value == value.to_integral_value()
        else value
    )


def _numbered(ids: list[Any], prefix: str, digits: int = 1, first: str = "") -> list[str]:
    """``ids`` with one of its own for each that has none."""
    taken, count, made = {str(each) for each in ids if each}, 0, list[str]()
    for number, id in enumerate(ids):
        if id:
            made.append(str(id))
            continue
        if first and number == 0 and first not in taken:
            made.append(first)
            taken.add(first)
            continue
        count += 1
        while f"{prefix}{count:0{digits}}" in taken:
            count += 1
        made.append(f"{prefix}{count:0{digits}}")
    return made


def _is_help(cells: Mapping[int, Cell]) -> bool:
    """Whether a row explains the columns; a remark that begins with the same mark makes none."""
    said = [text.startswith(sheets.HELP) for cell in cells.values() if (text := written(cell))]
    return sum(said) * 2 > len(said)
