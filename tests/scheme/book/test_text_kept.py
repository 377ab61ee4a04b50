"""TOML → 方案.xlsx → TOML: not a letter is other; what an author changes in the workbook changes its lines alone."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import ndiff
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from command import kaohe
from notices import FOLDER, NAMES
from openpyxl import load_workbook

from kaohe_cli.scheme.book.door import original_of, read
from kaohe_cli.scheme.book.made import made_from, tables_again
from kaohe_cli.scheme.load import DEFAULT, load
from kaohe_cli.scheme.load import FOLDER as SHIPPED
from kaohe_cli.scheme.toml import merged, text_of
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.reader import read_bytes

ALL = (DEFAULT, *NAMES, "townships_2015")
FAST = ("ruian_2012",)
LANES = [name if name in FAST else pytest.param(name, marks=pytest.mark.slow) for name in ALL]


def opened(data: bytes, name: str) -> Book:
    book, _ = read_bytes(data, name)
    assert book is not None
    return book


def path_of(name: str) -> Path:
    return (SHIPPED if name == DEFAULT else FOLDER) / f"{name}.toml"


@cache
def text_of_file(name: str) -> str:
    return path_of(name).read_text("utf-8")


@cache
def made(name: str) -> bytes:
    return made_from(load(str(path_of(name))).raw, text_of_file(name))


@cache
def before(name: str) -> Any:
    return tables_again(text_of_file(name))


class Editing:
    """A workbook in the hands of its author."""

    def __init__(self, data: bytes) -> None:
        self.book = load_workbook(BytesIO(data))

    def cell(self, sheet: str, row: int, title: str) -> Any:
        column = next(cell.column for cell in self.book[sheet][1] if cell.value == title)
        return self.book[sheet].cell(row, column)

    def rows(self, sheet: str, title: str) -> Iterator[int]:
        """The rows in which something stands under ``title``, but for what applies only to some."""
        applies = any(cell.value == "适用" for cell in self.book[sheet][1])
        for row in range(3, self.book[sheet].max_row + 1):
            if self.cell(sheet, row, title).value is not None and not (applies and self.cell(sheet, row, "适用").value):
                yield row

    def write(self, sheet: str, row: int, **cells: Any) -> None:
        for title, value in cells.items():
            self.cell(sheet, row, title).value = value

    def text(self, name: str) -> str:
        """The TOML with what was changed."""
        saved = BytesIO()
        self.book.save(saved)
        raw, _, _ = read(saved.getvalue(), "方案.xlsx")
        assert raw is not None
        return merged(original_of(opened(saved.getvalue(), "方案.xlsx")), before(name), raw)


Change = Callable[[Editing], tuple[list[str], list[str]]]  # lines that go, lines that come; a last … stands for others
NEW = ['id = "new"', 'title = "新加的一条"', 'clause = "新加的原话"', "points = 2", 'rule = {kind = "judged"}']


def a_point(book: Editing) -> tuple[list[str], list[str]]:
    row = next(row for row in book.rows("项目", "标题"))
    cell = book.cell("项目", row, "分值")
    was, cell.value = cell.value, (cell.value or 0) + 1
    return ([] if was is None else [f"points = {was}"]), [f"points = {cell.value}"]


def a_title(book: Editing) -> tuple[list[str], list[str]]:
    cell = book.cell("项目", next(book.rows("项目", "标题")), "标题")
    was, cell.value = cell.value, f"{cell.value}甲"
    return [f'title = "{was}"'], [f'title = "{was}甲"']


def a_clause(book: Editing) -> tuple[list[str], list[str]]:
    cell = book.cell("细则", next(book.rows("细则", "计分方式")), "原文")
    was, cell.value = cell.value, "另一句原话"
    return [f'clause = "{was}"'], ['clause = "另一句原话"']


def a_unit(book: Editing) -> tuple[list[str], list[str]]:
    last = max(book.rows("单位", "名称"))
    kind = book.cell("单位", last, "类别").value
    book.write("单位", last + 1, 代码="ZZ", 名称="新县", 类别=kind)
    return [], ["[[unit]]", 'code = "ZZ"', 'name = "新县"', f'kind = "{kind}"']


def a_criterion(book: Editing) -> tuple[list[str], list[str]]:
    row = next(book.rows("细则", "计分方式"))
    item = book.cell("细则", row, "项目").value
    book.book["细则"].insert_rows(row + 1)
    book.write("细则", row + 1, 项目=item, 编号="new", 名称="新加的一条", 原文="新加的原话", 分值=2, 计分方式="评定")
    return [], ["[[item.criterion]]", *NEW]


def removed(book: Editing) -> tuple[list[str], list[str]]:
    """A criterion that is judged is gone, or one that is ruled with its conditions and marks."""
    rows = [row for row in book.rows("细则", "计分方式") if book.cell("细则", row, "计分方式").value != "不计分"]
    row = next((row for row in rows if book.cell("细则", row, "计分方式").value == "评定"), rows[-1])
    id = book.cell("细则", row, "编号").value
    book.book["细则"].delete_rows(row)
    for sheet, title in (("档", "细则"), ("条件", "用于")):
        for each in [*range(book.book[sheet].max_row, 2, -1)]:
            if book.cell(sheet, each, title).value == id:
                book.book[sheet].delete_rows(each)
    return [f'id = "{id}"', "…"], []


CHANGES: tuple[Change, ...] = (a_point, a_title, a_clause, a_unit, a_criterion, removed)
QUICK = (a_point, a_criterion)


@pytest.mark.parametrize("name", LANES)
def test_nothing_changed_is_not_a_letter_other(name: str) -> None:
    raw, _, problems = read(made(name), "方案.xlsx")
    assert raw == before(name)
    assert problems == ()
    assert merged(original_of(opened(made(name), "方案.xlsx")), before(name), raw) == text_of_file(name)


@pytest.mark.parametrize(
    "change",
    [each if each in QUICK else pytest.param(each, marks=pytest.mark.slow) for each in CHANGES],
    ids=lambda change: change.__name__,
)
@pytest.mark.parametrize("name", LANES)
def test_what_is_changed_changes_its_lines_alone(name: str, change: Change) -> None:
    book = Editing(made(name))
    gone, come = change(book)
    found = book.text(name)
    lines = [each for each in ndiff(text_of_file(name).splitlines(), found.splitlines()) if each[:2] in ("- ", "+ ")]
    less, more = ([each[2:] for each in lines if each[0] == sign and each[2:].strip()] for sign in "-+")
    if gone[-1:] == ["…"]:
        assert gone[0] in less
        assert all("#" not in each for each in less if "=" not in each)
    else:
        assert sorted(less) == sorted(gone)
    assert sorted(more) == sorted(come)
    blank = [each for each in lines if not each[2:].strip()]
    assert len(blank) <= (0 if gone and come else 1)
    assert "\n\n\n" not in found or "\n\n\n" in text_of_file(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_a_row_that_is_moved_takes_its_lines_along(name: str) -> None:
    book = Editing(made(name))
    rows = [*book.rows("单位", "名称")]
    own = {title: book.cell("单位", rows[0], title).value for title in ("代码", "名称", "类别")}
    book.book["单位"].delete_rows(rows[0])
    book.write("单位", rows[-1], **own)
    found, codes = book.text(name), [each["code"] for each in before(name)["unit"]]
    assert Counter(found.splitlines()) == Counter(text_of_file(name).splitlines())
    assert [each["code"] for each in tomllib.loads(found)["unit"]] == [*codes[1:], codes[0]]


@pytest.mark.slow
def test_by_the_commands_comments_stay(tmp_path: Path) -> None:
    source, back = path_of("ruian_2012"), tmp_path / "back.toml"
    assert kaohe("scheme", "convert", source, tmp_path / "方案.xlsx").code == 0
    with_more = Editing((tmp_path / "方案.xlsx").read_bytes())
    a_unit(with_more)
    with_more.book.save(tmp_path / "方案.xlsx")
    ran = kaohe("scheme", "convert", tmp_path / "方案.xlsx", back)
    assert ran.code == 0, ran.err
    was, now = source.read_text("utf-8").splitlines(), back.read_text("utf-8").splitlines()
    assert [each for each in now if "#" in each] == [each for each in was if "#" in each]
    assert len(now) == len(was) + 5


@pytest.mark.slow
def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    text = text_of_file("ruian_2012")
    (tmp_path / "a.toml").write_bytes(text.replace("\n", "\r\n").encode())
    assert kaohe("scheme", "convert", tmp_path / "a.toml", tmp_path / "方案.xlsx").code == 0
    assert kaohe("scheme", "convert", tmp_path / "方案.xlsx", tmp_path / "b.toml").code == 0
    assert (tmp_path / "b.toml").read_bytes() == text.encode()


OLD = """# 开头
a = 1  # 一

# 甲乙

# 甲的
[[unit]]
code = "a"  # 代码
# 中间
name = "甲"

[[unit]]
code = "b"
name = "乙"
more = [
  { id = "x", at = 1 },  # 第一
  { id = "y", at = 2 },
]

[policy]
cap = "none"
# 末尾
"""
TABLES = {
    "a": 1, "policy": {"cap": "none"},
    "unit": [
        {"code": "a", "name": "甲"},
        {"code": "b", "name": "乙", "more": [{"id": "x", "at": 1}, {"id": "y", "at": 2}]},
    ],
}  # fmt: skip
ONE, TWO = TABLES["unit"]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("new", "old", "text"),
    [
        ({"a": 2}, "a = 1", "a = 2"),
        ({"policy": {"cap": "none", "tie": ["1"]}}, 'cap = "none"\n', 'cap = "none"\ntie = ["1"]\n'),
        ({"unit": [ONE, {**TWO, "more": [{"id": "x", "at": 3}, {"id": "y", "at": 2}]}]}, "at = 1", "at = 3"),
        ({"unit": [ONE, {**TWO, "more": [{"id": "x", "at": 1}]}]}, '  { id = "y", at = 2 },\n', ""),
        ({"unit": [{**ONE, "name": "丙"}, TWO]}, '"甲"', '"丙"'),
        ({"unit": [{**ONE, "code": "z"}, TWO]}, '"a"', '"z"'),
        (
            {"unit": [TWO]},
            '# 甲的\n[[unit]]\ncode = "a"  # 代码\n# 中间\nname = "甲"\n\n[[unit]]',
            "# 甲的\n[[unit]]",
        ),
        ({"policy": {}}, 'cap = "none"\n', ""),
        ({"period": [{"label": "全年"}]}, "# 末尾\n", '\n[[period]]\nlabel = "全年"\n# 末尾\n'),
    ],
)
def test_a_text_with_comments_everywhere(new: dict[str, Any], old: str, text: str) -> None:
    assert OLD.count(old) == 1
    assert merged(OLD, TABLES, {**TABLES, **new}) == OLD.replace(old, text)


def test_entries_in_another_order_take_their_comments_along() -> None:
    assert merged(OLD, TABLES, {**TABLES, "unit": [TWO, ONE]}) == OLD.replace(OLD[OLD.index("\n# 甲乙") :], "") + (
        '\n[[unit]]\ncode = "b"\nname = "乙"\nmore = [\n  { id = "x", at = 1 },  # 第一\n  { id = "y", at = 2 },\n]\n'
        '\n# 甲乙\n\n# 甲的\n[[unit]]\ncode = "a"  # 代码\n# 中间\nname = "甲"\n\n[policy]\ncap = "none"\n# 末尾\n'
    )


def test_a_text_anew_is_the_same_when_it_is_put_into_nothing() -> None:
    for name in FAST:
        raw = load(str(path_of(name))).raw
        assert merged("", {}, raw).count("[[") == text_of(raw).count("[[")
