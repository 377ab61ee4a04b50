"""The tables of a scheme, as TOML has them, as the rows of 方案.xlsx. Pure; what the reader reads, it reads back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from kaohe_cli.scheme.book import sheets
from kaohe_cli.scheme.book.sheets import (
    ALSO,
    APPLIES,
    EITHER,
    INSTEAD,
    JOIN,
    OF,
    REST,
    SchemeColumn,
    SchemeSheet,
)
from kaohe_cli.scheme.records import FIGURE_LABELS

SchemeTable: TypeAlias = Mapping[str, Any]
SchemeRow: TypeAlias = dict[str, Any]  # title of a column → value, as the record has it
SchemeRows: TypeAlias = dict[str, list[SchemeRow]]  # name of a sheet → its rows
KIND_APPLIES = "类别"
BODY_ROWS = 3  # rows for the body of a notice that has none yet

_RULE = sheets.RULES.by_path
_PART = {"points": "given"}  # key of a part → path of its column in 细则
_MARKED = {"band": "marks", "judged": "marks", "count": "counts", "place": "points"}  # kind of rule → its list


def rows_of(raw: SchemeTable) -> SchemeRows:
    """The rows of each sheet for the scheme of ``raw``."""
    rows: SchemeRows = {each.name: [] for each in sheets.SHEETS}
    rows[sheets.BASIC.name] = list(_facts(raw, ""))
    rows[sheets.UNITS.name] = [_row(sheets.UNITS, each) for each in _list(raw, "unit")]
    rows[sheets.UNIT_KINDS_SHEET.name] = list(_kinds(raw))
    rows[sheets.TABLE.name] = list(_table(raw))
    for item in _list(raw, "item"):
        for criterion in _list(item, "criterion"):
            _criterion(rows, {**criterion, "item": item.get("id", "")}, "")
        for evidence in _list(item, "evidence"):
            rows[sheets.RULES.name].append(_evidence(evidence, str(item.get("id", "")), ""))
    totals = {each.get("measure"): each for each in _list(raw, "total")}
    for measure in _list(raw, "measure"):
        rows[sheets.MEASURED.name] += _measure({**measure, "total": totals.get(measure.get("id"), {})}, "")
    for kind in (sheets.GRADE, sheets.CEILING, sheets.VETO):
        for each in _list(raw, kind):
            rows[sheets.GRADED.name].append({sheets.LEVEL: kind, **_row(sheets.GRADED, each)})
            rows[sheets.CONDITIONS.name] += _bar(str(each.get("id", sheets.VETO)), each.get("test", {}))
    rows[sheets.READ.name] = [row for each in _list(raw, "reading") for row in _reading(each)]
    rows[sheets.BASED.name] = [row for each in _list(raw, "basis") for row in _basis(each)]
    rows[sheets.PERIODS.name] = [_row(sheets.PERIODS, each) for each in _list(raw, "period")]
    for applies, change in changes(raw):
        _changed(rows, raw, applies, change)
    rows[sheets.TRIALS.name] = list(_trials(_list(raw, "trial")))
    return rows


def trial_names(raw: SchemeTable) -> list[str]:
    """The units tried, whose names head the columns of 试算."""
    return [str(each.get("name", "")) for each in _list(raw, "trial")]


def changes(raw: SchemeTable) -> Iterator[tuple[str, SchemeTable]]:
    """What applies only under an option, or to a kind of units, with what 适用 says of it."""
    for reading in _list(raw, "reading"):
        for option in _list(reading, "option"):
            if option.get("change"):
                yield f"{reading.get('id', '')}={option.get('id', '')}", option["change"]
    for kind in _list(raw, "kind"):
        yield f"{KIND_APPLIES}={kind.get('name', '')}", kind.get("change", {})


def _list(table: SchemeTable, key: str) -> Sequence[SchemeTable]:
    return [each for each in table.get(key, ()) if isinstance(each, Mapping)]


def found(table: SchemeTable, path: Iterable[str]) -> Any:
    """What stands under ``path``; None where nothing does."""
    value: Any = table
    for name in path:
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list | tuple) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def _filled(columns: Iterable[SchemeColumn], table: SchemeTable, applies: str) -> SchemeRow:
    """The cells of ``columns`` for ``table``; in a row that changes another one, nothing is said to be nothing."""
    cells = ((each.title, found(table, each.path)) for each in columns if each.path)
    row = {title: value for title, value in cells if value is not None and (value != "" or applies)}
    return {**({APPLIES: applies} if applies else {}), **row}


def _row(sheet: SchemeSheet, table: SchemeTable, applies: str = "") -> SchemeRow:
    return _filled(sheet.columns, table, applies)


def _facts(raw: SchemeTable, applies: str) -> Iterator[SchemeRow]:
    only = {APPLIES: applies} if applies else {}
    for fact in sheets.FACTS:
        value = found(raw, fact.path)
        if fact.path == sheets.PARAGRAPHS:
            for each in value or ([""] * BODY_ROWS if not applies else []):
                yield {sheets.FACT: fact.title, sheets.CONTENT: each or None}
        elif not applies or value is not None:
            yield {sheets.FACT: fact.title, sheets.CONTENT: None if value == fact.blank else value, **only}


def _kinds(raw: SchemeTable) -> Iterator[SchemeRow]:
    """The kinds in the order of the groups, then of what is other for some, then of the units."""
    group = {str(kind): each.get("title") for each in _list(raw, "group") for kind in each.get("kinds", ())}
    others = [str(each.get("name", "")) for each in _list(raw, "kind")]
    units = [] if not (group or others) else [str(each.get("kind", "")) for each in _list(raw, "unit")]
    for kind in dict.fromkeys((*group, *others, *units)):
        yield {sheets.KIND: kind, **({sheets.GROUP: group[kind]} if kind in group else {})}


def _table(raw: SchemeTable) -> Iterator[SchemeRow]:
    """The official table: the items in their order, each section above the first item in it."""
    waiting = {str(each.get("id", "")): each for each in _list(raw, "section")}

    def opened(id: str) -> Iterator[SchemeRow]:
        if (section := waiting.pop(id, None)) is not None:
            yield from opened(str(section.get("of", "")))
            yield _node(sheets.SECTION, section, "")

    for item in _list(raw, "item"):
        yield from opened(str(item.get("section", "")))
        yield _node(sheets.ITEM, item, "")
    for id in [*waiting]:
        yield from opened(id)


def _node(node: str, table: SchemeTable, applies: str) -> SchemeRow:
    if node == sheets.SECTION:
        table = {**{key: value for key, value in table.items() if key != "of"}, "section": table.get("of")}
    row = _row(sheets.TABLE, table, applies)
    return {**row, sheets.NODE: node} if node == sheets.SECTION or applies else row


# ── 细则 ────────────────────────────────────────────────────────────────────────────────────────────────


def _criterion(rows: SchemeRows, criterion: SchemeTable, applies: str, kind: str = "") -> None:
    """The rows of a criterion: its own, its marks, its conditions. ``kind`` is that of its rule, where that is kept."""
    rule = criterion.get("rule", {})
    stated = str(rule.get("kind", ""))
    kind = stated or kind
    flat: SchemeRow = {**criterion, "kind": stated or None, **_of_rule(rule, kind)}
    parts = [each for each in rule.get("parts", ()) if isinstance(each, Mapping)]
    of = str(criterion.get("id", ""))
    if len(parts) == 1 and not parts[0].get("also"):
        flat |= {_PART.get(str(name), str(name)): value for name, value in parts[0].items()}
    else:
        rows[sheets.CONDITIONS.name] += _parts(of, parts, applies)
    for figure, patch in rule.get("part", {}).items():
        rows[sheets.CONDITIONS.name].append(_condition(of, {"left": figure, **patch}, INSTEAD, applies))
    row = _row(sheets.RULES, flat, applies)
    if not applies or set(row) - {APPLIES, _RULE[("id",)].title, _RULE[("item",)].title}:
        rows[sheets.RULES.name].append(row)
    rows[sheets.MARKS.name] += _marks(of, rule, kind, applies)


def _of_rule(rule: SchemeTable, kind: str) -> SchemeRow:
    """What of a rule stands in a cell of 细则."""
    taken = {_MARKED.get(kind, ""), "kind", "parts", "part", "below"} | ({"low", "high"} if kind == "line" else set())
    return {sheets.OWN_COLUMNS.get((kind, name), name): value for name, value in rule.items() if name not in taken}


def _evidence(evidence: SchemeTable, item: str, applies: str) -> SchemeRow:
    own = {"item": item or None, "id": evidence.get("measure"), "kind": None if applies else "evidence"}
    clause = {"clause": evidence["clause"]} if "clause" in evidence else {}
    return _row(sheets.RULES, {**own, **clause, **evidence.get("test", {})}, applies)


def _marks(of: str, rule: SchemeTable, kind: str, applies: str) -> Iterator[SchemeRow]:
    def row(**cells: Any) -> SchemeRow:
        known = {each.path[0]: each.title for each in sheets.MARKS.columns if each.path}
        held = {known[name]: value for name, value in cells.items() if value is not None and name in known}
        return {**({APPLIES: applies} if applies else {}), OF: of, **held}

    if kind == "line":
        yield from (row(**rule[edge]) for edge in ("low", "high") if isinstance(rule.get(edge), Mapping))
    elif kind == "place":
        yield from (row(label=f"第{at}名", points=points) for at, points in enumerate(rule.get("points", ()), 1))
    elif kind == "count":
        yield from (row(figure=each.get("figure"), points=each.get("each")) for each in _list(rule, "counts"))
    elif kind in ("band", "judged"):
        yield from (row(**each) for each in _list(rule, "marks"))
    if isinstance(below := rule.get("below"), Mapping):
        yield row(label=REST, **below)


def _parts(of: str, parts: Sequence[SchemeTable], applies: str) -> Iterator[SchemeRow]:
    for part in parts:
        yield _condition(of, part, "", applies)
        for each in _list(part, "also"):
            yield _condition(of, each, EITHER if part.get("any") else ALSO, applies)


def _bar(of: str, test: SchemeTable) -> Iterator[SchemeRow]:
    """The conditions of a ceiling or a veto: all of some, and one of others."""
    yield from (_condition(of, each, ALSO, "") for each in _list(test, "all"))
    yield from (_condition(of, each, EITHER, "") for each in _list(test, "any"))


def _condition(of: str, condition: SchemeTable, join: str, applies: str) -> SchemeRow:
    row = _row(sheets.CONDITIONS, condition, applies)
    return {**row, sheets.CONDITIONS.columns[1].title: of, **({JOIN: join} if join else {})}


# ── 指标、口径、试算 ────────────────────────────────────────────────────────────────────────────────────


def _measure(measure: SchemeTable, applies: str) -> Iterator[SchemeRow]:
    """A row for each figure, the first with what is said of the measure; one where it has none."""
    own = _filled((each for each in sheets.MEASURED.columns if each.path in sheets.MEASURED_PATHS), measure, applies)
    id = sheets.MEASURED.by_path[("id",)].title
    for name in (name for name in FIGURE_LABELS if isinstance(measure.get(name), Mapping)):
        figured = (each for each in sheets.MEASURED.columns if each.path in sheets.FIGURED_PATHS)
        yield {**own, sheets.FIGURE: name, **_filled(figured, measure[name], applies)}
        own = {APPLIES: applies, id: measure.get("id")} if applies else {}
    if set(own) - {APPLIES, id} or (own and not applies):
        yield own


def _reading(reading: SchemeTable) -> Iterator[SchemeRow]:
    within = [f"{other}={option}" for other, option in reading.get("within", {}).items()]
    own = _filled(sheets.READ.columns[: sheets.READ_OWN], {**reading, "within": within or None}, "")
    for option in _list(reading, "option"):
        yield {**own, **_filled(sheets.READ.columns[sheets.READ_OWN :], option, "")}
        own = {}
    if own:
        yield own


def _basis(basis: SchemeTable) -> Iterator[SchemeRow]:
    own = _filled(sheets.BASED.columns[: sheets.BASED_OWN], basis, "")
    for option in _list(basis, "option"):
        used = [kind for kind, chosen in basis.get("default", {}).items() if chosen == option.get("id")]
        yield {**own, **_filled(sheets.BASED.columns[sheets.BASED_OWN :], {**option, "default": used or None}, "")}
        own = {}
    if own:
        yield own


def _trials(trials: Sequence[SchemeTable]) -> Iterator[SchemeRow]:
    """A row for each thing that is said of some unit tried, a column for each of them."""
    names = [str(each.get("name", "")) for each in trials]
    for what in sheets.TRY:
        told = [each.get(what) for each in trials]
        if all(each is None for each in told):
            continue
        held = [each if isinstance(each, Mapping) else {"": each} for each in told]
        for key in dict.fromkeys(key for each in held for key in each):
            cells = ((name, each.get(key)) for name, each in zip(names, held, strict=True))
            row: SchemeRow = {name: value for name, value in cells if value is not None}
            if row:
                yield {sheets.TRIED: what, sheets.TRIED_OF: key or None, **row}


# ── 适用 ────────────────────────────────────────────────────────────────────────────────────────────────


def _changed(rows: SchemeRows, raw: SchemeTable, applies: str, change: SchemeTable) -> None:
    """The rows that say what is other under an option, or for a kind of units."""
    items = {each.get("id"): (item, each) for item in _list(raw, "item") for each in _list(item, "criterion")}
    rows[sheets.BASIC.name] += _facts({key: change.get(key, {}) for key in ("policy", "whole")}, applies)
    for node, room in ((sheets.SECTION, "section"), (sheets.ITEM, "item")):
        for id, patch in change.get(room, {}).items():
            rows[sheets.TABLE.name].append(_node(node, {"id": id, **_plain(patch)}, applies))
    for id, patch in change.get("criterion", {}).items():
        rule = items[id][1].get("rule", {}) if id in items else {}
        _criterion(rows, {"id": id, **_plain(patch)}, applies, str(rule.get("kind", "")))
    for id, patch in change.get("evidence", {}).items():
        rows[sheets.RULES.name].append(_evidence({"measure": id, **_plain(patch)}, "", applies))
    for id, patch in change.get("measure", {}).items():
        rows[sheets.MEASURED.name] += _measure({"id": id, **_plain(patch)}, applies)
    for title, patch in change.get("grade", {}).items():
        row = _row(sheets.GRADED, {"title": title, **_plain(patch)}, applies)
        rows[sheets.GRADED.name].append({sheets.LEVEL: sheets.GRADE, **row})


def _plain(patch: SchemeTable) -> SchemeTable:
    """``patch`` with what it replaces whole among what it sets."""
    return {**{key: value for key, value in patch.items() if key != "replace"}, **patch.get("replace", {})}
