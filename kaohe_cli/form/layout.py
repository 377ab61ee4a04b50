"""Where everything stands in a form, and how it is found again: by key, never by position. Pure.

A hidden column names the row (a measure, an item, a criterion), a hidden row names the column (a figure). Sorting,
inserting and moving leave both beside what they name. What a person saw when typing goes first: where the printed
title of a row belongs to another key than the hidden one, the title wins.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import asdict

from kaohe_cli.scheme.fields import CONFIRM_LABEL, PERIOD_LABEL
from kaohe_cli.scheme.frame import Section
from kaohe_cli.scheme.records import FIGURE_LABELS, FIGURES, PERIOD, Criterion
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, CellKind, Sheet

SCORECARD = "考核表"
MEASURES = "指标填报"
SCORES = "得分测算"
INSTRUCTIONS = "填表说明"
MEND = "需改事项"
MENDING = "改法："  # how the second line of a comment begins in a form to mend, below what is wrong
IDENTITY = "_kaohe"
FORM_VERSION = "3"  # of the form; a form of another version is read all the same, and noted
IDENTITY_MARK = "kaohe"  # the first key of the identity sheet
READING = "reading."  # how the key of a reading begins there

ALONE = {"filer": "填表人", "phone": "联系电话", "date": "填报日期"}  # fields that have a row to themselves
ABOVE = {PERIOD: PERIOD_LABEL}  # those over the table
FIELD_AT = {**dict.fromkeys(ALONE, "self"), **dict.fromkeys(ABOVE, "title")}  # the column in which such a field is

RowKind = Literal[
    "keys",
    "title",
    "subtitle",
    "header",
    "class",
    "item",
    "mark",
    "total",
    "foot",
    "panel",
    "choice",
    "measure",
    "rule",
]


class FormColumn(Struct, frozen=True):
    """A column of a form sheet."""

    key: str
    label: str  # what its heading says
    width: float  # characters of the usual font
    hidden: bool = False

    @property
    def room(self) -> float:
        """Its width without the indent of a text, which is 9 pixels of 7 to the character."""
        return self.width - 9 / 7


class FormRow(Struct, frozen=True):
    """A row of a form sheet; its number follows from its place."""

    key: str  # empty: the row is never looked for
    kind: RowKind
    id: str = ""  # of the class, item, measure or criterion that it shows


class Grid(Struct, frozen=True):
    """A form sheet: rows times columns, with the keys in the first row and the first column, both hidden."""

    sheet: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]

    def numbered(self) -> Iterable[tuple[int, FormRow]]:
        """Its rows with their numbers."""
        return enumerate(self.rows, start=1)

    def column(self, key: str) -> int:
        """The number of a column, the key column being the first; StopIteration where there is none such."""
        return next(number for number, column in enumerate(self.columns, start=2) if column.key == key)


COUNTS = {"missing": "缺项", "wrong": "需改", "open": "选填未填"}  # of the fields in a row
HELPERS = tuple(FormColumn(key, label, 6, hidden=True) for key, label in COUNTS.items())

SCORECARD_COLUMNS = (
    FormColumn("number", "序", 4.5),
    FormColumn("title", "考核内容及达到的要求", 47),
    FormColumn("standard", "评分标准", 27),
    FormColumn("self", "自评分", 9),
    FormColumn("exam", "考核分", 9),
    *HELPERS,
)

MEASURE_COLUMNS = (
    FormColumn("number", "序", 5),
    FormColumn("item", "项目", 14),
    FormColumn("title", "指标", 30),
    FormColumn("unit", "计量单位", 9),
    FormColumn("prior", FIGURE_LABELS["prior"], 11),
    FormColumn("target", FIGURE_LABELS["target"], 11),
    FormColumn("actual", FIGURE_LABELS["actual"], 11),
    FormColumn("done", FIGURE_LABELS["done"], 10),
    FormColumn("confirm", CONFIRM_LABEL, 19),
    FormColumn("evidence", "佐证材料", 18),
    FormColumn("points", "得分或\n达标情况", 10),
    FormColumn("state", "状态", 26),
    *HELPERS,
    FormColumn("why", "疑点", 6, hidden=True),
    FormColumn("query", "待核", 6, hidden=True),
)

SCORES_COLUMNS = (
    FormColumn("number", "细则", 8),
    FormColumn("item", "项目", 20),
    FormColumn("criterion", "名称", 26),
    FormColumn("most", "满分", 8),
    FormColumn("terms", "计分办法", 52),
    FormColumn("points", "得分", 9),
    FormColumn("state", "状态", 12),
)

COLUMN_KEYS = frozenset(column.key for column in (*SCORECARD_COLUMNS, *MEASURE_COLUMNS, *SCORES_COLUMNS))
LABELLED = (*FIGURES, "confirm", "evidence", "self", "exam", "title")  # columns that are found by their headings too
COLUMN_LABELS = {each.label: each.key for each in (*SCORECARD_COLUMNS, *MEASURE_COLUMNS) if each.key in LABELLED}


def scorecard_grid(scheme: Scheme) -> Grid:
    """The official table (考核表): section by section, item by item, then the total and who filled it in.

    Below an item that rules and marks share, or several marks, each mark has a line of its own.
    """
    rows = [FormRow("", "keys"), FormRow("", "title"), FormRow("unit", "subtitle"), FormRow("", "header")]
    for _, node in ((each.depth, each.node) for each in scheme.outline):
        if isinstance(node, Section):
            rows.append(FormRow(f"class.{node.id}", "class", node.id))
        else:
            rows.append(FormRow(f"item.{node.id}", "item", node.id))
            own = node.entered if not node.judged else ()
            rows += [FormRow(f"criterion.{each.id}", "mark", each.id) for each in own]
    rows.append(FormRow("total", "total"))
    rows += [FormRow(key, "foot", key) for key in ALONE]
    return Grid(SCORECARD, SCORECARD_COLUMNS, tuple(rows))


def measures_grid(scheme: Scheme) -> Grid:
    """The figures (指标填报): a panel, then one row for each measure."""
    rows = [FormRow("", "keys"), FormRow("", "title"), FormRow("unit", "subtitle")]
    rows += [FormRow("progress", "panel", "progress"), FormRow("scores", "panel", "scores")]
    rows += [FormRow(PERIOD, "choice", PERIOD)] if scheme.content.period else []
    rows.append(FormRow("", "header"))
    rows += [FormRow(measure, "measure", measure) for measure in scheme.measures]
    return Grid(MEASURES, MEASURE_COLUMNS, tuple(rows))


def scores_grid(scheme: Scheme) -> Grid:
    """What each criterion that a rule scores comes to (得分测算): one row for each."""
    rows = [FormRow("", "keys"), FormRow("", "title"), FormRow("unit", "subtitle"), FormRow("", "header")]
    rows += [FormRow(f"criterion.{each.id}", "rule", each.id) for each in scheme.criteria.values() if not each.judged]
    return Grid(SCORES, SCORES_COLUMNS, tuple(rows))


def grids(scheme: Scheme) -> tuple[Grid, ...]:
    """The sheets whose cells are found by key, in the order of the form."""
    ruled = any(not each.judged for each in scheme.criteria.values())
    return scorecard_grid(scheme), measures_grid(scheme), *([scores_grid(scheme)] if ruled else [])


def titles(scheme: Scheme) -> Mapping[str, str]:
    """What is printed in the title column of each row → its key, without spaces."""
    measures = {unspaced(measure.title): measure.id for measure in scheme.measures.values()}
    marks = {unspaced(mark_title(each)): f"criterion.{each.id}" for each in scheme.claimed}
    return measures | {unspaced(item.content): f"item.{item.id}" for item in scheme.items} | marks


def mark_title(criterion: Criterion) -> str:
    """What stands in the line of a judged criterion of its own."""
    return f"{criterion.id}　{criterion.title}"


# ── finding ─────────────────────────────────────────────────────────────────────────────────────────────


class Located(Struct, frozen=True):
    """What was found on one sheet."""

    rows: Mapping[str, int]  # row key → row
    columns: Mapping[str, int]  # column key → column
    by_label: bool = False  # the hidden keys were gone, and the printed titles and headings were used
    moved: tuple[str, ...] = ()  # row keys taken from the printed title against the hidden key
    doubled: tuple[tuple[str, int], ...] = ()  # key and row of every further row with a key that was there before

    def places(self, scheme: Scheme) -> Mapping[str, tuple[int, int]]:
        """Field or cell name → (row, column): sales.actual, sales.points, 1.4.self, 1.1.1.points, filer."""
        found: dict[str, tuple[int, int]] = {}
        for key, row in self.rows.items():
            name = key.removeprefix("item.").removeprefix("criterion.")
            for column, number in self.columns.items():
                found[key if column == FIELD_AT.get(key) else f"{name}.{column}"] = (row, number)
        return found


NOT_A_FORM = Located({}, {})


def row_keys(scheme: Scheme) -> frozenset[str]:
    """Every key that the hidden columns of a form may hold."""
    return frozenset(row.key for grid in grids(scheme) for row in grid.rows if row.key)


def locate(scheme: Scheme, sheet: Sheet) -> Located:
    """Rows and columns of ``sheet`` by their keys, wherever they have been moved to; NOT_A_FORM where it is none.

    The key column is the first with three known keys or more (two, where a sheet has no more), the key row the first
    with two. Where either was
    deleted, the printed titles and headings stand in for it.
    """
    typed = ((place, cell.value) for place, cell in sheet.cells.items() if cell.kind is CellKind.TEXT)
    texts = {place: text.strip() for place, text in typed if isinstance(text, str)}
    keys, rows_by_title = row_keys(scheme), titles(scheme)
    fewest = min(sum(bool(row.key) for row in grid.rows) for grid in grids(scheme))
    key_column = _first_line(texts, 1, keys, min(3, fewest))
    key_row = _first_line(texts, 0, COLUMN_KEYS, 2)
    label_row = key_row or _first_line(texts, 0, COLUMN_LABELS, 2)
    if label_row is None:
        return NOT_A_FORM
    columns: dict[str, int] = {}
    for (row, column), text in sorted(texts.items()):
        key = (text if key_row else COLUMN_LABELS.get(unspaced(text), "")) if row == label_row else ""
        if key in COLUMN_KEYS:
            columns.setdefault(key, column)
    printed = {
        (row, column): rows_by_title[unspaced(first)]
        for (row, column), text in texts.items()
        if unspaced(first := text.splitlines()[0] if text else "") in rows_by_title
    }
    counts = Counter(column for _, column in printed)
    title_column = columns.get("title") if key_row else max(sorted(counts), key=counts.__getitem__, default=None)
    by_title = {row: key for (row, column), key in sorted(printed.items()) if column == title_column}
    moved: tuple[str, ...] = ()
    if key_column is not None:
        by_key = {row: text for (row, column), text in sorted(texts.items()) if column == key_column and text in keys}
        moved = tuple(key for row, key in by_title.items() if by_key.get(row) != key)
        rows = by_key | by_title
    elif len(by_title) >= 3:
        labels = ALONE | ABOVE
        named = ((row, key, text) for (row, _), text in sorted(texts.items()) for key in labels)
        rows = by_title | {row: key for row, key, text in named if unspaced(text).startswith(labels[key])}
    else:
        return NOT_A_FORM
    found: dict[str, int] = {}
    for row, key in sorted(rows.items()):
        found.setdefault(key, row)
    doubled = tuple((key, row) for row, key in sorted(rows.items()) if found[key] != row)
    return Located(found, columns, not (key_column and key_row), moved, doubled)


def _first_line(texts: Mapping[tuple[int, int], str], axis: int, known: Container[str], least: int) -> int | None:
    """The first row (axis 0) or column (axis 1) that holds so many different known texts."""
    lines: dict[int, set[str]] = {}
    for place, text in texts.items():
        if unspaced(text) in known:
            lines.setdefault(place[axis], set()).add(unspaced(text))
    return min((line for line, seen in lines.items() if len(seen) >= least), default=None)


def unspaced(text: str) -> str:
    """``text`` without any space, so that wrapping and padding do not matter."""
    return "".join(text.split())


# ── identity ────────────────────────────────────────────────────────────────────────────────────────────


class Identity(Struct, frozen=True):
    """What a form says of itself on its hidden sheet."""

    scheme: str
    year: str
    code: str  # of the unit
    unit: str  # its name
    version: str  # of the form
    scheme_digest: str  # SHA-256 of the scheme file
    readings: Mapping[str, str]  # in force when it was issued
    digest: str  # of all that was issued with it: unit, readings, given figures

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Its rows on the hidden sheet, key and value."""
        lines = [(IDENTITY_MARK, "form")]
        for name, told in asdict(self).items():
            lines += [(name, told)] if name in CLAIMS else [(READING + each, option) for each, option in told.items()]
        return tuple(lines)


CLAIMS = [name for name in Identity.__struct_fields__ if name != "readings"]


def identities(book: Book) -> tuple[Identity, ...]:
    """What the form says of itself, on whatever sheets it stands; none where no sheet says so or lines are gone.

    It is a claim of the file and no proof: whoever reads it compares it with the settings.
    """
    return tuple(found for sheet in book.sheets if (found := identity_on(sheet)))


def identity(book: Book) -> Identity | None:
    """The first of :func:`identities`; None where there is none."""
    return next(iter(identities(book)), None)


def identity_on(sheet: Sheet) -> Identity | None:
    """What one sheet says of the form; None where it does not say so, or lines are gone."""
    texts = {place: str(cell.value) for place, cell in sheet.cells.items() if cell.kind is not CellKind.UNCOMPUTED}
    top, left = next((place for place, text in sorted(texts.items()) if text == IDENTITY_MARK), (0, 0))
    if texts.get((top, left + 1)) != "form":
        return None
    lines: dict[str, str] = {}
    for (row, column), text in sorted(texts.items()):
        if column == left:
            lines.setdefault(text, texts.get((row, column + 1), ""))
    if not lines.keys() >= set(CLAIMS):
        return None
    read = {name.removeprefix(READING): each for name, each in lines.items() if name.startswith(READING)}
    return Identity(**{name: lines[name] for name in CLAIMS}, readings=read)
