"""What people set by hand is written so that it is read again as it was, and costs nothing where there is none."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kaohe_cli.paper.kept import look_of, under
from kaohe_cli.paper.workbook import BASE, INPUT, LOOKS, Column, Formula, Paper, Styled, usual_looks
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.looks import Look, Underline
from kaohe_cli.sheet.reader import read_appearance, read_workbook

Convert = Callable[[Path, str, Path], Path]

COLUMNS = (
    Column("单位代码", 10, "centre"),
    Column("考核分", 9, "points", input=True),
    Column("评分依据", 30, "wrap small quiet"),
    Column("原填内容", 30, "", hidden=True),
)
USUAL = usual_looks(COLUMNS)
CONTENTS = ("330102", Decimal("7.5"), "＝", None), ("330103", None, Formula("=1+1", 2), ""), ("=1", "-", None, "文")

colours = st.from_regex("[0-9A-F]{6}", fullmatch=True)
looks = st.builds(
    Look, st.none() | colours, colours, st.sampled_from(["宋体", "仿宋_GB2312", "A & <B>"]),
    st.integers(2, 818).map(lambda size: size / 2), st.booleans(), st.booleans(),
    st.sampled_from(get_args(Underline)), st.booleans(),
)  # fmt: skip
places = st.tuples(st.integers(1, len(CONTENTS) + 1), st.integers(1, len(COLUMNS)))
appearances = st.builds(
    lambda looks, widths, columns, rows: Appearance(by_row(looks), widths, {}, columns, rows),
    st.dictionaries(places, looks.filter(lambda look: look not in USUAL)),
    st.fixed_dictionaries(dict.fromkeys(range(1, 5), st.integers(1, 1_780).map(lambda pixels: characters(pixels)))),
    st.frozensets(st.integers(1, 4)),
    st.frozensets(st.integers(2, 4)),
)


def by_row(looks: Mapping[tuple[int, int], Look]) -> dict[int, dict[int, Look]]:
    found: dict[int, dict[int, Look]] = {}
    for (row, column), look in looks.items():
        found.setdefault(row, {})[column] = look
    return found


def characters(pixels: int) -> float:
    return round((pixels - 5) / 7 if pixels >= 12 else pixels / 12, 2)


def written(appearance: Appearance, comments: Mapping[tuple[int, int], str] | None = None, lean: bool = True) -> bytes:
    """A table as people left it: by ``appearance``, with these comments."""
    said = comments or {}
    columns = [column.as_found(appearance, 1, at, said.get((1, at), "")) for at, column in enumerate(COLUMNS, 1)]
    rows = [
        [
            Styled(content, columns[at - 1].cell_look, appearance.look(row, at), said.get((row, at), ""))
            for at, content in enumerate(contents, 1)
        ]
        for row, contents in enumerate(CONTENTS, 2)
    ]
    with Paper("评分底稿", datetime(2007, 11, 15), lean=lean) as paper:
        paper.table(paper.sheet("表"), columns, rows, hidden={row - 1 for row in appearance.hidden_rows})
        return paper.finish()


def read(path: Path) -> Appearance:
    found, problems = read_appearance(path, ("表",), USUAL)
    assert problems == ()
    assert found is not None
    return replace(found["表"], heights={})  # the program's own


@given(appearances)
def test_what_was_set_is_read_again_as_it_was(tmp_path_factory: pytest.TempPathFactory, appearance: Appearance) -> None:
    path = tmp_path_factory.mktemp("kept") / "底稿.xlsx"
    path.write_bytes(written(appearance))
    assert read(path) == appearance


def test_nothing_is_found_where_nothing_was_set(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    with Paper("评分底稿", datetime(2007, 11, 15), lean=True) as paper:
        paper.table(paper.sheet("表"), COLUMNS, CONTENTS)
        path.write_bytes(paper.finish())
    assert read(path) == Appearance({}, {1: 10, 2: 9, 3: 30, 4: 30}, {}, {4}, set())


def test_every_look_of_the_house_is_known_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "底稿.xlsx"
    with Paper("评分底稿", datetime(2007, 11, 15)) as paper:
        sheet = paper.sheet("表")
        for row, name in enumerate(("", *LOOKS)):
            paper.put(sheet, row, 0, "=文", name)
        path.write_bytes(paper.finish())
    found, _ = read_appearance(path, ("表",), usual_looks((), LOOKS))
    assert found is not None
    assert found["表"].looks == {}


def test_a_look_goes_over_the_houses_and_leaves_numbers_and_borders(tmp_path: Path) -> None:
    own = Look("00FF00", "C00000", "黑体", 14.5, bold=True, underline="double")
    path = tmp_path / "底稿.xlsx"
    path.write_bytes(written(Appearance({2: {2: own}})))
    cell = openpyxl.load_workbook(path)["表"]["B2"]
    assert (cell.value, cell.number_format, cell.border.left.style, cell.protection.locked) == (
        7.5,
        "0.00",
        "thin",
        False,
    )
    assert (cell.font.name, cell.font.sz, cell.font.b, cell.font.u) == ("黑体", 14.5, True, "double")
    assert cell.fill.fgColor.rgb == "FF00FF00"


def test_a_fill_that_was_taken_away_stays_away() -> None:
    house = {**BASE, **LOOKS["input"]}
    assert look_of(house).fill == INPUT[1:]
    assert look_of(under(Look(colour="123456", font="宋体"), house)) == Look(colour="123456", font="宋体")


COMMENTS = {(1, 2): "表头", (2, 2): "张三：\n此数为预计数", (3, 4): "空白格\x01" + "长" * 400, (4, 1): "<&>\ud800"}


@pytest.mark.parametrize("lean", [True, False])
def test_comments_are_written_without_an_author_and_large_enough(tmp_path: Path, lean: bool) -> None:
    path = tmp_path / "底稿.xlsx"
    path.write_bytes(written(Appearance(), COMMENTS, lean))
    book, _ = read_workbook(path)
    assert book is not None
    assert book.sheets[0].comments == {**COMMENTS, (3, 4): "空白格" + "长" * 400, (4, 1): "<&>"}
    with ZipFile(path) as parts:
        assert b"<authors><author></author></authors>" in parts.read("xl/comments1.xml")
        boxes = re.findall(r";height:([\d.]+)pt", parts.read("xl/drawings/vmlDrawing1.vml").decode())
    first, second, long, last = map(float, boxes)
    assert 30 <= first == last <= second < long / 5


def test_the_same_content_gives_the_same_bytes() -> None:
    appearance = Appearance({2: {1: Look("FF0000")}}, hidden_rows={3})
    assert written(appearance, COMMENTS) == written(appearance, dict(reversed(COMMENTS.items())))


@pytest.mark.office
def test_what_was_set_survives_libreoffice(tmp_path: Path, office: Convert) -> None:
    own = Look("FFC7CE", "9C0006", "宋体", 14.5, italic=True, underline="single", strike=True)
    appearance = Appearance(
        {1: {2: own}, 3: {1: own, 3: Look("FFFF00", font="宋体")}}, {1: 22, 2: 9, 3: 30, 4: 30}, {}, {3}, {4}
    )
    path = tmp_path / "底稿.xlsx"
    path.write_bytes(written(appearance, COMMENTS))
    saved = office(path, "xlsx", tmp_path / "out")
    assert nameless(read(saved)) == nameless(appearance)
    page = openpyxl.load_workbook(saved)["表"]
    assert page["B2"].comment.text == COMMENTS[2, 2]
    again = tmp_path / "又一.xlsx"
    again.write_bytes(written(read(saved)))
    assert read(again) == read(saved)


def nameless(found: Appearance) -> Appearance:
    """Without the names of fonts: LibreOffice puts another one where it has not the one named."""
    usual = {replace(look, font="") for look in USUAL}
    rows = {
        row: {column: replace(look, font="") for column, look in looks.items() if replace(look, font="") not in usual}
        for row, looks in found.looks.items()
    }
    return replace(found, looks={row: looks for row, looks in rows.items() if looks})
