"""Two settings workbooks, cell by cell."""

import io

from msgspec.structs import replace
from openpyxl import load_workbook

from kaohe_cli.scheme.load import load
from kaohe_cli.settings.changed import SettingChange, changed
from kaohe_cli.settings.workbook import default, settings_workbook
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.reader import read_bytes

SCHEME = load()
ITEM = SCHEME.items[0].title
DATA = settings_workbook(SCHEME, default(SCHEME))[0]


def book(data: bytes) -> Book:
    found, _ = read_bytes(data, "考核设置.xlsx")
    assert found is not None
    return found


def edited(**typed: dict[str, object]) -> Book:
    """The usual settings with these cells, by sheet."""
    made = load_workbook(io.BytesIO(DATA))
    for sheet, cells in typed.items():
        for cell, value in cells.items():
            made[sheet][cell] = value
    kept = io.BytesIO()
    made.save(kept)
    return book(kept.getvalue())


def test_what_is_alike_is_not_told() -> None:
    assert [*changed(SCHEME, book(DATA), edited())] == []


def test_a_cell_of_any_column_is_told_where_it_stands() -> None:
    now = edited(单位={"B2": "上城新区"}, 下达目标={"C5": 100}, 责任处室={"E2": "某处", "J1": "电话", "J2": "8700"})
    assert [*changed(SCHEME, book(DATA), now)] == [
        SettingChange("单位", "330102", "上城新区", "单位", "上城区", "上城新区", ("单位!B2", "单位!B2")),
        SettingChange(
            "下达目标", "330102", "上城区", "工业综合经济效益·上年实绩", "", "100", ("下达目标!C5", "下达目标!C5")
        ),
        SettingChange("责任处室", "1.1", ITEM, "责任处室", "", "某处", ("责任处室!E2", "责任处室!E2")),
        SettingChange("责任处室", "1.1", ITEM, "电话", "", "8700", ("", "责任处室!J2")),
    ]  # fmt: skip


def test_a_row_with_another_key_is_known_by_its_name() -> None:
    now = edited(单位={"A2": "330199", "C2": "县（市）"}, 下达目标={"A5": "330199"}, 责任处室={"A2": "9.9"})
    assert [(each.sheet, each.key, each.title, each.before, each.now) for each in changed(SCHEME, book(DATA), now)] == [
        ("单位", "330199", "单位代码", "330102", "330199"),
        ("单位", "330199", "类别", "区", "县（市）"),
        ("下达目标", "330199", "单位代码", "330102", "330199"),
        ("责任处室", "9.9", "项目", "1.1", "9.9"),
    ]


def test_a_sheet_of_one_row() -> None:
    (found,) = changed(SCHEME, book(DATA), edited(公示={"A2": "2008-01-10"}))
    assert (found.sheet, found.before, found.now) == ("公示", "", "2008-01-10")


def test_units_come_and_go_once() -> None:
    fewer = default(SCHEME)
    fewer = replace(fewer, units=fewer.units[1:])
    less = book(settings_workbook(SCHEME, fewer)[0])
    assert [*changed(SCHEME, book(DATA), less)] == [SettingChange("单位", "330102", "上城区", "", "上城区", "")]
    assert [*changed(SCHEME, less, book(DATA))] == [SettingChange("单位", "330102", "上城区", "", "", "上城区")]
