"""Two settings workbooks → what the office changed, cell by cell, in whatever columns there are. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from kaohe_cli.naming import alike
from kaohe_cli.paper.column import TableColumns
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.settings import sheets
from kaohe_cli.sheet.book import Book, address
from kaohe_cli.sheet.table import as_seen, rows_of


class SettingChange(Struct, frozen=True):
    """A cell of the settings that is not what it was, or a row that came or went."""

    sheet: str
    key: str  # of its row: unit code, reading, item; empty: there is one row
    about: str  # the row in words: 萧山区
    title: str  # of the column; empty: the whole row
    before: str  # empty: nothing
    now: str
    cells: tuple[str, str] = ("", "")  # in each of both; empty: none


class _Row(Struct, frozen=True):
    """A row of one of the sheets."""

    about: str
    texts: Mapping[str, str]  # by title of the column
    cells: Mapping[str, str]  # by title: 单位!B3


NO_ROW = _Row("", {}, {})


def changed(scheme: Scheme, before: Book, now: Book) -> Iterator[SettingChange]:
    """What is another in ``now`` than in ``before``, sheet by sheet, in the order of ``now``."""
    for columns, key, name in _tables(scheme):
        held = _rows(columns, key, name, now)
        was = _called_alike(_rows(columns, key, name, before), held)
        labels = _labels(scheme) if columns.sheet == sheets.TARGETS else {}
        for id in dict.fromkeys((*held, *was)):
            usual = None if key else NO_ROW
            yield from _row(columns.sheet, id, was.get(id, usual), held.get(id, usual), labels)


def _tables(scheme: Scheme) -> Iterator[tuple[TableColumns[Any], str, str]]:
    """The sheets, each with the titles of the columns that tell its rows apart and name them; empty: it has one row."""
    yield sheets.unit_columns(scheme), sheets.CODE.title, sheets.NAME.title
    yield sheets.target_columns(scheme), sheets.TARGET_CODE.title, sheets.TARGET_NAME.title
    yield sheets.reading_columns(scheme), sheets.READING.title, sheets.QUESTION.title
    yield sheets.department_columns(scheme), sheets.ITEM.title, sheets.TITLE.title
    yield sheets.PUBLICITY_COLUMNS, "", ""


def _labels(scheme: Scheme) -> Mapping[str, str]:
    """What people see above the figures of 下达目标, by their names."""
    return {name: f"{named.title}·{named.label}" for name, named in scheme.names.items()}


def _rows(columns: TableColumns[Any], key: str, name: str, book: Book) -> dict[str, _Row]:
    """The rows of a sheet by their keys; none where the book has no such sheet, or one without its header."""
    sheet = book.sheet(columns.sheet)
    table = columns.find(book.file, rows_of(sheet))[0] if sheet else None
    if table is None:
        return {}
    titles = {**table.head.columns, **{title: column for title, column in table.head.others if title}}
    found: dict[str, _Row] = {}
    for number, cells in table.rows:
        texts = {title: " ".join(as_seen(cells.get(column)).split()) for title, column in titles.items()}
        about = texts.get(name, "")
        id = texts.get(key, "") or about
        headed = key and {id, about} <= {key, name, ""}  # the header that people see
        if any(texts.values()) and not headed:
            places = {title: f"{columns.sheet}!{address(number, column)}" for title, column in titles.items()}
            found.setdefault(id, _Row(about, texts, places))
    return found


def _called_alike(was: Mapping[str, _Row], held: Mapping[str, _Row]) -> dict[str, _Row]:
    """``was``, rows with another key than the one of that name in ``held`` under that key: they were given another."""
    fresh: dict[str, list[str]] = {}
    for id, row in held.items():
        if id not in was and row.about:
            fresh.setdefault(alike(row.about), []).append(id)
    found = {}
    for id, row in was.items():
        keys = fresh.pop(alike(row.about), []) if id not in held else []
        found[keys[0] if len(keys) == 1 else id] = row
    return found


def _row(sheet: str, id: str, was: _Row | None, now: _Row | None, labels: Mapping[str, str]) -> Iterator[SettingChange]:
    if was is None or now is None:
        held = was or now
        if held is not None and sheet != sheets.TARGETS:  # which follows from 单位
            name = held.about or id
            yield SettingChange(sheet, id, name, "", "" if was is None else name, "" if now is None else name)
        return
    for title in dict.fromkeys((*now.texts, *was.texts)):
        before, after = was.texts.get(title, ""), now.texts.get(title, "")
        if before != after:
            cells = was.cells.get(title, ""), now.cells.get(title, "")
            yield SettingChange(sheet, id, now.about, labels.get(title, title), before, after, cells)
