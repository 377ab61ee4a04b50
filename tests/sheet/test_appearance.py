"""What people set by hand in a workbook, read back: looks of cells, widths, what is hidden, within bounds."""

from pathlib import Path

import openpyxl
import pytest
from hostile import HEAD, MAIN, relations, row, sheet, workbook, zipped
from openpyxl.comments import Comment
from openpyxl.styles import Font, GradientFill, PatternFill
from openpyxl.styles.colors import COLOR_INDEX, Color
from openpyxl.worksheet.worksheet import Worksheet

from kaohe_cli.diagnostic import Problem
from kaohe_cli.sheet import appearance, compound, looks
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.bounds import LARGE_LIMITS
from kaohe_cli.sheet.looks import Look
from kaohe_cli.sheet.reader import read_appearance

PLAIN = Look(font="Calibri")  # what openpyxl gives a cell


def read(path: Path, *sheets: str, usual: frozenset[Look] = frozenset({PLAIN})) -> dict[str, Appearance]:
    found, problems = read_appearance(path, sheets or ("表",), usual)
    assert problems == ()
    assert found is not None
    return dict(found)


def saved(tmp_path: Path, page: Worksheet) -> Path:
    path = tmp_path / "表.xlsx"
    page.parent.save(path)
    return path


@pytest.fixture
def page() -> Worksheet:
    book = openpyxl.Workbook()
    book.remove(book.active)
    made = book.create_sheet("表")
    for at in range(1, 7):
        made.cell(at, 1).value = at
    return made


def test_looks_are_told_where_they_are_not_usual(tmp_path: Path, page: Worksheet) -> None:
    page["A1"].fill = PatternFill("solid", fgColor="FFFF00")
    page["B2"].font = Font("黑体", 14.5, bold=True, italic=True, underline="double", strike=True, color="FFC00000")
    page["C3"].font = Font("Calibri", 11, color=Color(auto=True))
    page["A4"].comment = Comment("只有批注", "某人")
    page["A5"].number_format = "0.00"
    assert read(saved(tmp_path, page))["表"].looks == {
        1: {1: Look("FFFF00", font="Calibri")},
        2: {2: Look(None, "C00000", "黑体", 14.5, True, True, "double", True)},  # of a blank cell too
    }


@pytest.mark.parametrize(
    ("colour", "shown"),
    [
        (Color(rgb="80FFE3A3"), "FFE3A3"),
        (Color(indexed=13), "FFFF00"),
        (Color(theme=0), "FFFFFF"),
        (Color(theme=1), "000000"),
        (Color(theme=3), "1F497D"),  # dark and light come the other way round than in the theme
        (Color(theme=4), "4F81BD"),
        (Color(theme=4, tint=0.5999938962981048), "B8CCE4"),
        (Color(theme=0, tint=-0.249977111117893), "BFBFBF"),
        (Color(theme=9, tint=-0.249977111117893), "E26B0A"),
    ],
)
def test_colours_of_theme_palette_and_tint_are_as_shown(
    tmp_path: Path, page: Worksheet, colour: Color, shown: str
) -> None:
    page["A1"].fill = PatternFill("solid", fgColor=colour)
    fill = read(saved(tmp_path, page))["表"].looks[1][1].fill
    assert fill is not None
    for at in (0, 2, 4):  # spreadsheet programs themselves differ by as much in rounding
        assert abs(int(fill[at : at + 2], 16) - int(shown[at : at + 2], 16)) <= 2, fill


def test_the_palette_is_the_one_that_programs_share() -> None:
    assert tuple(colour[2:] for colour in COLOR_INDEX[:64]) == looks.PALETTE


def test_patterns_and_gradients_are_told_by_their_leading_colour(tmp_path: Path, page: Worksheet) -> None:
    page["A1"].fill = PatternFill("lightUp", fgColor="FF0000", bgColor="00FF00")
    page["A2"].fill = PatternFill("gray125", fgColor=Color(auto=True), bgColor="00FF00")
    page["A3"].fill = GradientFill(stop=("0000FF", "FFFFFF"))
    found = read(saved(tmp_path, page))["表"].looks
    assert [found[at][1].fill for at in (1, 2, 3)] == ["FF0000", "00FF00", "0000FF"]


def test_the_workbooks_own_palette_and_theme_count(tmp_path: Path) -> None:
    styles = (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts><font><color indexed="1"/><name val="宋体"/></font></fonts>'
        '<fills><fill/><fill><patternFill patternType="solid"><fgColor theme="5"/></patternFill></fill></fills>'
        '<cellXfs><xf fontId="0" fillId="1"/><xf fontId="7" fillId="x"/></cellXfs>'
        '<dxfs><dxf><font><b/></font><fill><patternFill patternType="solid"/></fill></dxf></dxfs>'
        '<colors><indexedColors><rgbColor rgb="00111111"/><rgbColor rgb="00ABCDEF"/></indexedColors></colors>'
        "</styleSheet>"
    )
    theme = (
        f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme>'
        '<a:accent2><a:srgbClr val="123456"/></a:accent2></a:clrScheme></a:themeElements></a:theme>'
    )
    links = relations(
        [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("theme", "sharedStrings.xml")]
    )
    path = tmp_path / "表.xlsx"
    cells = '<c r="A1"/><c r="C1"/><c s="1"/><c s="9"/>'  # a cell without an address stands beside the one before
    path.write_bytes(workbook(row(cells), styles=styles, links=links, strings=theme))
    found = read(path, "表一")["表一"]
    assert found.looks == {1: {1: Look("123456", "ABCDEF", "宋体"), 3: Look("123456", "ABCDEF", "宋体"), 4: Look()}}
    assert found.look(1, 3) == Look("123456", "ABCDEF", "宋体")
    assert found.look(1, 2) is None


def test_widths_and_what_is_hidden(tmp_path: Path, page: Worksheet) -> None:
    page.column_dimensions["A"].width = 20.7109375
    page.column_dimensions["C"].width = 0.58
    page.column_dimensions["D"].hidden = True
    page.row_dimensions[2].hidden = True
    page.row_dimensions[3].height = 33
    found = read(saved(tmp_path, page))["表"]
    assert found.widths[1] == 20
    assert found.widths[3] == 0.33
    assert found.hidden_columns == {4}
    assert found.hidden_rows == {2}
    assert found.heights == {3: 33}
    assert found.looks == {}


def test_rows_that_a_filter_leaves_out_are_not_hidden_by_hand(tmp_path: Path, page: Worksheet) -> None:
    page.auto_filter.ref = "A2:B4"
    page.row_dimensions[3].hidden = page.row_dimensions[6].hidden = True
    path = saved(tmp_path, page)
    assert read(path)["表"].hidden_rows == {3, 6}  # the filter is not at work
    page.auto_filter.add_filter_column(0, ["1"])
    page.parent.save(path)
    found, problems = read_appearance(path, ("表",), {PLAIN})
    assert found is not None
    assert found["表"].hidden_rows == {6}
    assert [(each.code, each.severity, each.sheet) for each in problems] == [("KH052", "note", "表")]


def test_only_sheets_that_are_asked_for_are_read(tmp_path: Path, page: Worksheet) -> None:
    other = page.parent.create_sheet("又一")
    other["A1"].fill = page["A1"].fill = PatternFill("solid", fgColor="FFFF00")
    assert read(saved(tmp_path, page), "又一", "没有").keys() == {"又一"}


def test_rows_that_look_alike_are_held_once(tmp_path: Path, page: Worksheet) -> None:
    for at in range(1, 7):
        page.cell(at, 2).fill = PatternFill("solid", fgColor="FFFF00")
    found = read(saved(tmp_path, page))["表"].looks
    assert len({id(found[at]) for at in range(1, 7)}) == 1


def many(tmp_path: Path, page: Worksheet) -> tuple[Appearance, list[Problem]]:
    for at in range(1, 7):
        page.cell(at, at).fill = PatternFill("solid", fgColor=f"{at}{at}{at}{at}{at}{at}")
    found, problems = read_appearance(saved(tmp_path, page), ("表",), {PLAIN})
    assert found is not None
    return found["表"], list(problems)


def test_too_many_styled_cells_are_left_from_a_row_on(
    tmp_path: Path, page: Worksheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appearance, "MOST_STYLED", 3)
    found, problems = many(tmp_path, page)
    assert found.looks.keys() == {1, 2, 3}
    assert [(each.code, each.sheet, each.cell) for each in problems] == [("KH051", "表", "A4")]


def test_too_many_looks_are_left(tmp_path: Path, page: Worksheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appearance, "MOST_LOOKS", 2)
    found, problems = many(tmp_path, page)
    assert found.looks.keys() == {1, 2}
    assert [(each.code, each.found, each.expected) for each in problems] == [("KH053", "6", "2")]


def test_other_formats_say_that_they_are_not_taken(tmp_path: Path) -> None:
    made = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<x/>")]
    for name, data in (("表.xls", compound.SIGNATURE + bytes(512)), ("表.ods", zipped(made))):
        (tmp_path / name).write_bytes(data)
        found, problems = read_appearance(tmp_path / name, ("表",), ())
        assert found is None
        assert [(each.code, each.severity, each.file) for each in problems] == [("KH050", "note", name)]


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ("<cols>" + '<col min="1" max="1024" hidden="1"/>' * 3_000 + "</cols>", "KH003"),
        ("<cols>" + "<x>" * 120 + "</x>" * 120 + "</cols>", "KH003"),
        ('<cols><col min="a" max="1"/></cols>', "KH013"),
    ],
)
def test_what_costs_much_is_refused(tmp_path: Path, before: str, code: str) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(workbook(sheet=sheet(row('<c r="A1"/>')).replace("<sheetData>", before + "<sheetData>", 1)))
    found, problems = read_appearance(path, ("表一",), (), LARGE_LIMITS)
    assert found is None
    assert [each.code for each in problems] == [code]


@pytest.mark.parametrize("attributes", ['width="nan"', 'width="1e9"', 'width="-3"', 'width="999"', ""])
def test_widths_that_no_column_has_are_none(tmp_path: Path, attributes: str) -> None:
    path = tmp_path / "表.xlsx"
    columns = f'<cols><col min="0" max="3" {attributes} customWidth="1"/></cols><sheetData>'
    path.write_bytes(workbook(sheet=sheet(row('<c r="A1"/>')).replace("<sheetData>", columns, 1)))
    assert read(path, "表一")["表一"].widths == {}
