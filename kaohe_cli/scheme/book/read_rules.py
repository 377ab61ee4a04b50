"""方案.xlsx → the rules of a scheme: 细则, 档, 条件."""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from kaohe_cli.scheme.book import pasted, sheets
from kaohe_cli.scheme.book.growing import Growing, plain
from kaohe_cli.scheme.book.line import SheetLine
from kaohe_cli.scheme.book.reading import BookReading, Target, held_by, listed
from kaohe_cli.scheme.book.rows import found
from kaohe_cli.scheme.book.sheets import (
    ALSO,
    APPLIES,
    CONDITION,
    EITHER,
    INSTEAD,
    JOIN,
    OF,
    REST,
    SchemeColumn,
    SchemeSheet,
)
from kaohe_cli.scheme.book.words import Percent
from kaohe_cli.scheme.lines import Node

_USED = {  # kind of rule → the list that its rows in 档 make
    "band": "marks", "judged": "marks", "count": "counts", "place": "points", "line": "",
}  # fmt: skip


def read_criteria(reader: BookReading) -> None:
    """The criteria and what is required without points, and what is other of them."""
    last, count = "", dict[str, int]()
    id_column, item_column = (sheets.RULES.by_path[key,].title for key in ("id", "item"))
    lines = list(reader.lines(sheets.RULES))
    own = Counter(accumulate((str(line.get(item_column) or "") for line in lines if not line.get(APPLIES)), held_by))
    given = {str(line.get(id_column)) for line in lines if line.get(id_column) and not line.get(APPLIES)}
    for line in lines:
        applies, kind = line.get(APPLIES), line.get(sheets.METHOD)
        if applies:
            _varied(reader, line, str(applies), kind)
            continue
        last = str(line.get(item_column) or last)
        item = reader.items.get(last)
        if item is None:
            reader.mark_wrong(
                "KH977" if last else "KH974",
                line,
                item_column,
                found=last or "项目",
                expected=listed(reader.items),
            )
            continue
        if kind == "evidence":
            _evidence(reader, line, item.entry("evidence", line.at(id_column)), str(line.get(id_column) or ""))
            continue
        id = line.get(id_column)
        while id is None or (line.get(id_column) is None and id in given):
            count[last] = count.get(last, 0) + 1
            id = f"{last}.{count[last]}" if f"{last}.{count[last]}" not in reader.items else f"{last}-{count[last]}"
        made = item.entry("criterion", line.at(id_column))
        reader.call(made, line, id_column, str(id))
        _own(reader, line, made)
        reader.means(line, "criterion", id)
        if "title" not in made.raw and made.raw.get("clause"):
            alone = own[last] == 1 and item.raw.get("title")
            made.put(("title",), alone or pasted.short(made.raw["clause"]), line.at("名称"))
        _quote(made, item)
        target = Target(made, ("rule",), str(kind or ""), {})
        reader.targets.setdefault((str(id), ""), target)
        made.table(("rule",), line.at(sheets.METHOD))
        _rule(reader, line, target)


def _quote(made: Growing, item: Growing | None) -> None:
    """The clause of a criterion as the texts of its item have it."""
    if item is not None and isinstance(made.raw.get("clause"), str):
        texts = (str(item.raw.get(key, "")) for key in ("content", "standard"))
        made.raw["clause"] = pasted.as_in(made.raw["clause"], "\n".join(texts))


def _own(reader: BookReading, line: SheetLine, into: Growing) -> None:
    own = ("title", "clause", "points", "bonus", "needs")
    reader.fill(line, into, tuple(sheets.RULES.by_path[key,] for key in own))


def _varied(reader: BookReading, line: SheetLine, applies: str, kind: str | None) -> None:
    """A row that says what is other of a criterion, or of an evidence."""
    change, id = reader.change(line, applies), str(line.get("编号") or "")
    if change is None:
        return
    at = line.at("编号")
    base = reader.targets.get((id, ""))
    measures = {each.get("measure") for item in reader.items.values() for each in item.raw.get("evidence", ())}
    if base is None and (kind == "evidence" or id in measures):
        _evidence(reader, line, change.table(("evidence", id), at), "")
        return
    made = change.table(("criterion", id), at)
    reader.means(line, "criterion", id)
    _own(reader, line, made)
    if base is not None:
        item = next((each for each in reader.items.values() if base.of.raw in each.raw.get("criterion", ())), None)
        _quote(made, item)
    rule = ("replace", "rule") if kind else ("rule",)
    held = base.of.raw.get("rule", {}) if base and not kind else {}
    target = Target(made, rule, str(kind or (base.kind if base else "")), held)
    reader.targets.setdefault((id, reader.key(applies)), target)
    _rule(reader, line, target)


def _evidence(reader: BookReading, line: SheetLine, into: Growing, measure: str) -> None:
    reader.means(line, "evidence", _measure_id(reader, measure or str(line.get("编号") or "")))
    if measure:
        into.put(("measure",), _measure_id(reader, measure), line.at("编号"))
    reader.fill(line, into, (sheets.RULES.by_path["clause",],))
    used = tuple(sheets.RULES.by_path[key,] for key in CONDITION)
    _fixed(reader, line, used)
    reader.fill(line, into, used, ("test",))
    own = {"item", "id", "title", "clause", "kind"}
    rest = tuple(each for each in sheets.RULES.columns if each.path and each.path[0] in own)
    reader.unused(line, sheets.RULES.columns, (*used, *rest), sheets.KINDS["evidence"])


def _measure_id(reader: BookReading, said: str) -> str:
    """The measure that is meant by its id or its title."""
    titles = {str(each.get("title")): str(each.get("id")) for each in reader.root.raw.get("measure", ())}
    return said if said in titles.values() else titles.get(said, said)


def _fixed(reader: BookReading, line: SheetLine, columns: tuple[SchemeColumn, ...], *, share: bool = False) -> None:
    """Percentages as the number that they are here: of a share 0.9, else what stands before the sign."""
    for column in columns:
        value = line.get(column.title)
        if isinstance(value, Percent) and column.sort == "percent" and not share:
            line.values[column.title] = value * 100


def _rule(reader: BookReading, line: SheetLine, target: Target) -> None:
    """The rule of a row of 细则, as far as it stands in the row."""
    kind, at = target.kind, line.at(sheets.METHOD)
    columns = tuple(each for each in sheets.RULES.columns if each.kinds)
    filled = tuple(each for each in columns if line.get(each.title) is not None)
    if line.get(sheets.METHOD):
        target.of.put((*target.rule, "kind"), kind, at)
    elif not line.get(APPLIES):
        reader.mark_wrong("KH974", line, sheets.METHOD, found=sheets.METHOD)
    if kind not in sheets.KINDS:
        return
    used = tuple(each for each in filled if kind in each.kinds)
    reader.unused(line, columns, tuple(each for each in columns if kind in each.kinds), sheets.KINDS[kind])
    _fixed(reader, line, used)
    if kind == "when":
        if used:
            target.inline = line
            rule = target.of.table(target.rule, at)
            rule.raw["parts"], rule.node.parts["parts"] = [], Node(at)
            _part(reader, line, rule.entry("parts", line.at("数据")), used, target)
        return
    for column in columns:
        if kind in column.kinds:
            key = sheets.KEYS.get(column.path[0], column.path[0])
            value = line.get(column.title)
            if value is None:
                if not line.get(APPLIES):
                    target.of.seen((*target.rule, key), line.at(column.title))
            elif line.get(APPLIES) and found(target.of.raw, (*target.rule, key)) is not None:
                reader.twice(line, column)
            else:
                target.of.put((*target.rule, key), value, line.at(column.title))


def _part(reader: BookReading, line: SheetLine, part: Growing, used: tuple[SchemeColumn, ...], target: Target) -> None:
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


def _target(reader: BookReading, line: SheetLine, id: str, applies: str) -> Target | None:
    """The criterion that a row belongs to, or what it changes of it; None, told, where there is none."""
    base = reader.targets.get((id, ""))
    if not applies or base is None:
        return base
    key = reader.key(applies)
    if (id, key) not in reader.targets:
        change = reader.change(line, applies)
        if change is None:
            return None
        made = change.table(("criterion", id), line.at(APPLIES))
        reader.targets[id, key] = Target(made, ("rule",), base.kind, base.of.raw.get("rule", {}))
    return reader.targets[id, key]


def _rows_of(reader: BookReading, sheet: SchemeSheet, of: str) -> Iterator[tuple[SheetLine, str, str]]:
    """The rows with what they belong to, which a row may leave to the one above it."""
    id, before = "", ""
    for line in reader.lines(sheet):
        applies = reader.key(str(line.get(APPLIES) or ""))
        if line.get(of) is not None:
            id = str(line.get(of))
        elif applies != before:
            id = ""
        before = applies
        if id:
            yield line, id, applies
        else:
            reader.mark_wrong("KH974", line, of, found=of)


def read_marks(reader: BookReading) -> None:
    """The marks of the rules."""
    groups: dict[tuple[str, str], list[SheetLine]] = {}
    for line, id, applies in _rows_of(reader, sheets.MARKS, OF):
        target = _target(reader, line, id, applies)
        if target is None:
            if (id, "") not in reader.targets:
                reader.mark_wrong(
                    "KH977", line, OF, found=id, expected=listed(sorted({each for each, _ in reader.targets}))
                )
        elif target.kind not in _USED:
            if target.kind in sheets.KINDS:
                reader.mark_wrong("KH975", line, OF, found="档", expected=sheets.KINDS[target.kind])
        else:
            groups.setdefault((id, applies), []).append(line)
    # of a criterion some of whose rows went elsewhere it is not told that they are too few
    whole = not any(
        each.sheet == sheets.MARKS.name and each.code in ("KH973", "KH974", "KH977") for each in reader.problems
    )
    for key, lines in groups.items():
        _marked(reader, key[0], reader.targets[key], lines, whole=whole)


def _marked(reader: BookReading, line_id: str, target: Target, lines: list[SheetLine], *, whole: bool) -> None:
    kind, rule = target.kind, target.of.table(target.rule, lines[0].at("得分"))
    share = bool({**target.base, **rule.raw}.get("right"))
    by_path = sheets.MARKS.by_path
    used = tuple(each for each in sheets.MARKS.columns if kind in each.kinds or each.path in (("points",), ("label",)))
    for line in lines:
        reader.unused(line, sheets.MARKS.columns, used, sheets.KINDS[kind])
        at = line.get("界限")
        if share and at is not None and not isinstance(at, Percent | str) and at > 5:
            reader.mark_wrong("KH978", line, "界限", found=f"{at}", expected=f"{at}%")
            line.values["界限"] = Percent(at / 100)
        _fixed(reader, line, sheets.MARKS.columns, share=share)
    if kind == "line":
        _line(reader, line_id, rule, lines, whole=whole)
        return
    name = _USED[kind]
    rule.raw[name], rule.node.parts[name] = [], Node(lines[0].at(OF))
    for number, line in enumerate(lines, 1):
        reader.means(line, "mark", line_id, number - 1)
        label, at = str(line.get("档名") or ""), line.at("得分")
        if kind == "place":
            digits = "".join(each for each in label if each.isdecimal())
            if whole and digits and int(digits) != number:
                reader.mark_wrong("KH972", line, "档名", found=label, expected=f"第{number}名")
            rule.raw[name].append(plain(line.get("得分")))
            rule.node.parts[name].entries.append(Node(at))
            continue
        if kind == "band" and label == REST:
            below = rule.table(("below",), at)
            reader.fill(line, below, (by_path["at",], by_path["points",]))
            if "at" not in below.raw and rule.raw["marks"]:
                below.put(("at",), rule.raw["marks"][-1].get("at"), line.at("界限"))
            continue
        mark = rule.entry(name, line.at("界限") if kind == "band" else at)
        keys = {"band": ("at", "points", "strict"), "judged": ("label", "points"), "count": ("figure",)}[kind]
        reader.fill(line, mark, tuple(by_path[key,] for key in keys))
        if kind == "count":
            mark.seen(("each",), at)
            if line.get("得分") is not None:
                mark.put(("each",), line.get("得分"), at)


def _line(reader: BookReading, line_id: str, rule: Growing, lines: list[SheetLine], *, whole: bool) -> None:
    if len(lines) != 2 and whole:
        reader.mark_wrong("KH979", lines[-1], OF, found=f"{len(lines)}")
    marks = (*(sheets.MARKS.by_path[key,] for key in ("at", "points")),)
    known = [line for line in lines if not isinstance(line.get("界限"), str | None)]
    ordered = sorted(known, key=lambda line: line.get("界限")) if len(known) == len(lines) else lines
    for edge, line in zip(("low", "high"), (ordered[0], ordered[-1]), strict=True):
        if edge == "low" or len(ordered) > 1:
            reader.means(line, "mark", line_id, int(edge == "high"))
            reader.fill(line, rule.table((edge,), line.at("界限")), marks)


def read_conditions(reader: BookReading) -> None:
    """The conditions of rules, ceilings and vetoes."""
    used = tuple(each for each in sheets.CONDITIONS.columns if each.path)
    begun: dict[tuple[str, str], Growing] = {}
    count: dict[tuple[str, str], int] = {}
    for line, id, applies in _rows_of(reader, sheets.CONDITIONS, "用于"):
        _fixed(reader, line, used)
        join, target = line.get(JOIN), _target(reader, line, id, applies)
        if join != INSTEAD:
            reader.means(line, "condition", id, count.get((id, applies), 0))
            count[id, applies] = count.get((id, applies), 0) + 1
        if target is None and (id, "") not in reader.targets:
            _barred(reader, line, id, join)
            continue
        if target is None:
            continue
        if target.kind != "when":
            if target.kind in sheets.KINDS:  # what is none was told where it stands
                reader.mark_wrong("KH975", line, "用于", found="条件", expected=sheets.KINDS[target.kind])
            continue
        if target.inline is not None:
            reader.mark_wrong("KH980", line, "用于", found=id, expected=f"{target.inline.number}")
            continue
        rule = target.of.table(target.rule, line.at("用于"))
        if join == INSTEAD:
            left = str(line.get("数据") or "")
            patch = rule.table(("part", left), line.at("数据"))
            reader.fill(line, patch, tuple(each for each in used if each.path != ("left",)))
            continue
        key = (id, applies)
        if join in (ALSO, EITHER) and key in begun:
            part = begun[key]
            if join == EITHER:
                part.put(("any",), True, line.at(JOIN))
            reader.fill(
                line, part.entry("also", line.at("数据")), tuple(each for each in used if each.path[0] in CONDITION)
            )
            continue
        if key not in begun:
            rule.raw["parts"] = []
        begun[key] = rule.entry("parts", line.at("数据"))
        reader.fill(line, begun[key], used)
        if "points" not in begun[key].raw and (points := target.of.raw.get("points")) is not None:
            begun[key].put(("points",), points, line.at("得分"))


def _barred(reader: BookReading, line: SheetLine, id: str, join: str | None) -> None:
    """A condition of a ceiling, or of a veto."""
    bar = reader.bars.get(id)
    if bar is None:
        known = (*reader.bars, *sorted({each for each, _ in reader.targets}))
        reader.mark_wrong("KH977", line, "用于", found=id, expected=listed(known))
        return
    used = tuple(each for each in sheets.CONDITIONS.columns if each.path and each.path[0] in CONDITION)
    test = bar.table(("test",), line.at("用于"))
    reader.fill(line, test.entry("any" if join == EITHER else "all", line.at("数据")), used)
