"""Every faulty 方案.xlsx: the exact codes and cells, in words that an official knows; its checked copy."""

import io
import re
import zipfile
from functools import cache
from pathlib import Path
from time import monotonic

import pytest
from amounts import part
from faulty import DEFECTS, FILE, Author, Defect, full
from hostile import HOSTILE, STRANGERS, zipped
from openpyxl import Workbook, load_workbook

from kaohe_cli.commands.scheme import scheme_check
from kaohe_cli.diagnostic import Problem
from kaohe_cli.scheme.load import examine

# what an author of these calls things, as ids of readings, options and measures
OWN = {
    "pace", "with", "without", "honour", "five", "six", "seven", "end", "never", "late", "safe", "fraud", "output",
    "invest", "energy", "national", "provincial", "accident", "plan", "quota", "quota.basis", "large", "small", "gdp",
    "tax", "U01", "U02", "REF",
}  # fmt: skip
CELL = re.compile(r"(?<=[（!])[A-Z]{1,2}\d+")
PROGRAM = ("缺少这个键", "“”", "Decimal", "None", "basis", "['")


NAMED = {each.name: each for each in DEFECTS}
# every eighth in the fast lane
MARKED = [
    pytest.param(each, id=each.name, marks=() if place % 8 == 0 else pytest.mark.slow)
    for place, each in enumerate(DEFECTS)
]


def read(data: bytes) -> tuple[Problem, ...]:
    return examine(data, FILE).problems


def where(problem: Problem) -> str:
    return f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet


@pytest.fixture(scope="module")
def before() -> Author:
    return Author()


@cache
def written(defect: Defect) -> bytes:
    """The faulty workbook."""
    author = Author()
    defect.edit(author)
    return author.data()


def test_what_all_are_made_of_is_sound() -> None:
    assert [each.message for each in (*read(full()), *read(Author().data()))] == []
    assert len({each.name for each in DEFECTS}) == len(DEFECTS) > 150


@pytest.mark.parametrize("defect", MARKED)
def test_the_defect_is_told_in_its_cell_and_no_other(defect: Defect, before: Author) -> None:
    problems = read(written(defect))
    told = sorted((each.code, where(each)) for each in problems)
    meant = sorted((code, before.where(place)) for code, place in defect.told)
    assert told == meant, [each.message for each in problems]
    assert all(each.severity == "error" for each in problems)
    text = "\n".join(f"{each.message}\n{each.fix}" for each in problems)
    assert [said for said in defect.says if said not in text] == []
    for each in problems:
        assert_understood(each)


def assert_understood(problem: Problem) -> None:
    """An official understands it: no word of the program, nothing empty between quotes."""
    said = CELL.sub("", problem.message).replace(FILE, "文件")
    assert [word for word in PROGRAM if word in said.replace("quota.basis", "")] == [], said
    words = set(re.findall(r"[A-Za-z_][A-Za-z0-9_.]*", said))
    assert words - OWN == set(), said
    assert re.search("[一-鿿]", said)


# ── the checked copy ────────────────────────────────────────────────────────────────────────────────────

OWN_FORMULAS = ("指标", "口径", "词表")  # the sheets with formulas of the program
SOME = ("points_about", "figure_misspelt", "trial_of_an_unknown_criterion", "points_by_a_formula_without_result",
        "columns_of_ones_own", "two_trials_of_one_name")  # fmt: skip


def checked(data: bytes, folder: Path) -> tuple[tuple[Problem, ...], Workbook | None]:
    """What ``scheme check`` tells, and the copy that it writes; None: it writes none."""
    path, copy = folder / FILE, folder / "方案（核对）.xlsx"
    path.write_bytes(data)
    problems = scheme_check(path).problems
    assert path.read_bytes() == data
    return problems, load_workbook(copy) if copy.exists() else None


def assert_copied(problems: tuple[Problem, ...], copy: Workbook, folder: Path) -> None:
    """The copy says in its row what is wrong, holds no formula of the author's, and is read as the original is."""
    for each in problems:
        sheet = copy[each.sheet or "基本"]
        column = next(cell.column for cell in sheet[1] if cell.value == "核对")
        row = int(re.sub(r"\D", "", each.cell) or 1)
        assert each.message in str(sheet.cell(max(row, 2), column).value)
    formulas = [(sheet.title, cell.value) for sheet in copy for row in sheet for cell in row if cell.data_type == "f"]
    assert [
        each for each in formulas if each[0] not in OWN_FORMULAS or not each[1].startswith(("=IF(", "='口径"))
    ] == []
    again = examine((folder / "方案（核对）.xlsx").read_bytes(), FILE).problems
    told = [each for each in problems if each.severity == "error" and each.code != "KH934"]
    assert sorted((each.code, each.message) for each in again) == sorted((each.code, each.message) for each in told)


@pytest.mark.parametrize("name", SOME)
def test_the_copy_says_it_in_its_row(name: str, tmp_path: Path) -> None:
    problems, copy = checked(written(NAMED[name]), tmp_path)
    assert copy is not None
    assert_copied(problems, copy, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("defect", DEFECTS[::6], ids=lambda defect: defect.name)
def test_a_sixth_of_the_copies_say_it_in_their_rows(defect: Defect, tmp_path: Path) -> None:
    problems, copy = checked(written(defect), tmp_path)
    if {code for code, _ in defect.told} & {"KH301", "KH302", "KH970", "KH971"}:
        assert copy is None, "it would leave out what could not be found, and look like all there is"
    else:
        assert copy is not None
        assert_copied(problems, copy, tmp_path)


def test_an_expectation_that_is_not_met_is_told_in_its_cell(tmp_path: Path) -> None:
    author = Author()
    place = ("试算", "应得分 1.4", "甲试点")
    author.type(place, 10)
    problems, copy = checked(author.data(), tmp_path)
    assert [(each.code, where(each)) for each in problems] == [("KH934", author.where(place))]
    assert_understood(problems[0])
    assert copy is not None
    assert_copied(problems, copy, tmp_path)


# ── pasted tables ───────────────────────────────────────────────────────────────────────────────────────


def pasted(*rows: dict[str, object], merged: str) -> bytes:
    """The items typed as ``rows`` below one another, with an area merged as it comes from a document."""
    author = Author()
    for number, cells in enumerate(rows, 1):
        author.add("项目", f"+{number}", **cells)
    last = author.row("项目", "+1") - 1
    top, title, bottom = merged.split()
    columns = {str(cell.value): cell.column_letter for cell in author.book["项目"][1]}
    author.book["项目"].merge_cells(f"{columns[title]}{last + int(top)}:{columns[title]}{last + int(bottom)}")
    return author.data()


def test_a_row_that_goes_on_and_has_points_of_its_own() -> None:
    first = {"编号": "3", "内容": "做好信访工作。", "标准": "无越级上访。", "分值": 5}
    without, more = {"标准": "按时办结。"}, {"标准": "按时办结。", "分值": 3}
    rest, told = (
        sorted((each.code, where(each)) for each in read(pasted(first, second, merged="1 内容 2")))
        for second in (without, more)
    )
    assert rest == [("KH983", "基本!B22"), ("KH983", "项目!C5"), ("KH983", "项目!H5")], "it has no criteria yet"
    assert told == [("KH982", "项目!H6"), ("KH983", "项目!C5")], "and whether it adds up is not asked"


# ── hostile ─────────────────────────────────────────────────────────────────────────────────────────────

LINK = "=cmd|' /C calc'!A0"
OUTSIDE = ("='[别处.xlsx]表'!A1", '=WEBSERVICE("http://127.0.0.1/x")', "='\\\\server\\x\\[a.xlsx]b'!A1")


@pytest.mark.parametrize(("name", "made"), [*STRANGERS.items()], ids=[*STRANGERS])
def test_what_is_no_workbook_is_told_as_what_it_is(name: str, made: tuple[object, str]) -> None:
    make, code = made
    problems = read(make())  # type: ignore[operator]
    assert [each.code for each in problems] == [code]
    assert problems[0].cell == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", part(HOSTILE))
def test_a_hostile_file_is_no_scheme(name: str) -> None:
    make, codes = HOSTILE[name]
    told = {each.code for each in read(make())}
    assert told <= {*codes, "KH970"}
    assert told


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    author = Author()
    for place in (("项目", "1", "标题"), ("单位", "甲镇", "名称"), ("口径", "pace with", "办法")):
        author.type(place, LINK)
        author[place].data_type = "s"
    problems, copy = checked(author.data(), tmp_path)
    assert copy is not None
    assert_copied(problems, copy, tmp_path)
    assert [(each.code, where(each)) for each in problems] == [("KH983", author.where(("单位", "甲镇", "名称")))]
    held = [cell for sheet in copy for row in sheet for cell in row if cell.value == LINK]
    assert {cell.data_type for cell in held} == {"s"}
    assert {"项目", "单位", "口径"} <= {cell.parent.title for cell in held}


@pytest.mark.parametrize("formula", OUTSIDE)
def test_a_formula_that_points_outside_is_not_followed(formula: str, tmp_path: Path) -> None:
    author = Author()
    places = (("细则", "2.4", "分值"), ("项目", "1", "标题"))
    for place in places:
        author.type(place, formula)
    problems, copy = checked(author.data(), tmp_path)
    told = {(each.code, where(each)) for each in problems}
    assert told == {("KH972", author.where(each)) for each in places}
    assert copy is not None
    assert_copied(problems, copy, tmp_path)


def test_forty_thousand_characters() -> None:
    author = Author()
    place = ("指标", "plan 完成情况", "填报说明")
    author.type(place, "LONG")
    with zipfile.ZipFile(io.BytesIO(author.data())) as held:
        parts = [(name, held.read(name).replace(b"LONG", ("长" * 40_000).encode())) for name in held.namelist()]
    assert [(each.code, where(each)) for each in read(zipped(parts))] == [("KH032", author.where(place))]


def test_three_thousand_columns() -> None:
    author = Author()
    for column in range(50, 3_050):
        author.book["细则"].cell(1, column, f"列{column}")
    begun = monotonic()
    assert {each.code for each in read(author.data())} == {"KH030"}
    assert monotonic() - begun < 10


@pytest.mark.slow
def test_very_many_rows() -> None:
    """Four thousand rows that belong nowhere are told one by one, in a bounded time."""
    author = Author()
    first = author.row("档", "+1")
    for row in range(first, first + 4_000):
        author.book["档"].cell(row, 2, "9.9")
        author.book["档"].cell(row, 7, 1)
    begun = monotonic()
    assert [each.code for each in read(author.data())] == ["KH977"] * 4_000
    assert monotonic() - begun < 60
