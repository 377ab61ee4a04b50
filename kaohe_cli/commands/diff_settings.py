"""Two settings workbooks against each other: units, targets, readings, departments, and whatever else stands there."""

from collections.abc import Mapping
from pathlib import Path

from kaohe_cli.commands.differing import Differing, DifferingKind, FileDiff, by_unit
from kaohe_cli.commands.outcome import Unreadable
from kaohe_cli.ledger.changes import ABSENT, BLANK, NOT_ISSUED
from kaohe_cli.scheme.load import load
from kaohe_cli.settings.changed import SettingChange, changed
from kaohe_cli.settings.sheets import DEPARTMENTS, PUBLICITY, READINGS, TARGETS, UNITS
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book

KINDS: Mapping[str, DifferingKind] = {
    UNITS: "unit", TARGETS: "issued", READINGS: "scheme", DEPARTMENTS: "department", PUBLICITY: "publicity",
}  # fmt: skip
OF_UNITS = (UNITS, TARGETS)


def settings(scheme_name: str, before_path: Path, now_path: Path) -> FileDiff:
    """What is another in a settings workbook than in an earlier one; raises Stop where one cannot be read."""
    scheme, (before, now) = load(scheme_name), (_book(path) for path in (before_path, now_path))
    questions = {each.id: each.question for each in scheme.content.reading}
    groups: dict[str, list[str]] = {}
    rows = []
    for each in changed(scheme, before, now):
        about = questions.get(each.key, each.about) if each.sheet == READINGS else each.about
        row = _row(each, about)
        rows.append(row)
        groups.setdefault(each.sheet, []).append(f"{row.unit} {row.said}" if row.unit else row.said)
    return FileDiff(tuple(rows), tuple(by_unit(groups)))


def _book(path: Path) -> Book:
    book, told = reader.read_workbook(path)
    if book is None:
        raise Unreadable(told)
    return book


def _row(each: SettingChange, about: str) -> Differing:
    kind: DifferingKind = KINDS[each.sheet]
    nothing = NOT_ISSUED if each.sheet == TARGETS else BLANK if each.title else ABSENT
    pair = each.before or nothing, each.now or nothing
    if each.sheet in OF_UNITS:
        return Differing(kind, each.title or UNITS, *pair, "", about, each.key, each.cells)
    key = each.key if each.sheet == DEPARTMENTS else ""
    item = " ".join(filter(None, (key, about)))
    return Differing(kind, "·".join(filter(None, (item, each.title))) or each.sheet, *pair, cells=each.cells)
