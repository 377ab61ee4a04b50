"""方案.xlsx on the command line: new, convert, check and its copy, and every command that takes a scheme."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from command import kaohe

from kaohe_cli.scheme.book.made import EXAMPLE, alike, made_from
from kaohe_cli.scheme.load import FOLDER, examine, load

HANGZHOU = FOLDER / "hangzhou_2007.toml"


@pytest.fixture(scope="module")
def example() -> bytes:
    """The workbook of the scheme of the worked lines."""
    return made_from(load(str(EXAMPLE)).raw)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def altered(data: bytes, sheet: str, **cells: object) -> bytes:
    """The workbook with other contents of single cells."""
    book = openpyxl.load_workbook(BytesIO(data))
    for cell, value in cells.items():
        book[sheet][cell].value = value
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def column(page: object, title: str, row: int) -> object:
    head = [cell.value for cell in page[1]]  # type: ignore[index]
    return page.cell(row, head.index(title) + 1).value  # type: ignore[attr-defined]


def test_a_new_workbook_is_empty_or_a_copy() -> None:
    ran = kaohe("scheme", "new", "方案.xlsx")
    assert (ran.code, "照“说明”一页填写" in ran.err) == (0, True), ran.err
    again = kaohe("scheme", "new", "方案.xlsx")
    assert (again.code, "KH912" in again.err) == (2, True)
    assert kaohe("scheme", "new", "2008.xlsx", "--from", "hangzhou_2007").code == 0
    assert load("2008.xlsx").id == "2008"
    assert kaohe("scheme", "new", "2009.toml", "--from", "2008.xlsx").code == 0
    assert load("2009.toml").content.unit == load().content.unit
    assert kaohe("scheme", "new", "2010.docx").code == 2


def test_what_is_converted_is_the_same_and_keeps_its_comments() -> None:
    assert kaohe("scheme", "convert", HANGZHOU, "方案.xlsx").code == 0
    ran = kaohe("scheme", "convert", "方案.xlsx", "方案.toml")
    assert (ran.code, "内容相同" in ran.err) == (0, True)
    assert Path("方案.toml").read_bytes() == HANGZHOU.read_bytes()
    assert kaohe("scheme", "convert", "方案.xlsx", "方案.toml").code == 2, "it is there"
    assert kaohe("scheme", "convert", "方案.toml", "另.toml").code == 2
    assert kaohe("scheme", "convert", "没有.xlsx", "另.toml").code == 2


def test_comments_that_cannot_be_kept_are_told() -> None:
    kaohe("scheme", "convert", HANGZHOU, "方案.xlsx")
    Path("方案.xlsx").write_bytes(altered(Path("方案.xlsx").read_bytes(), "原文本", A3="这不是 TOML"))
    ran = kaohe("scheme", "convert", "方案.xlsx", "方案.toml")
    assert (ran.code, "KH985" in ran.err) == (0, True), ran.err
    assert alike(load("方案.toml"), load())


def test_a_conversion_that_would_say_another_thing_is_not_written(
    example: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    Path("方案.xlsx").write_bytes(example)
    monkeypatch.setattr("kaohe_cli.scheme.toml.text_of", lambda raw: HANGZHOU.read_text("utf-8"))
    ran = kaohe("scheme", "convert", "方案.xlsx", "方案.toml")
    assert (ran.code, "KH984" in ran.err) == (1, True)
    assert not Path("方案.toml").exists()


def test_a_faulty_workbook_is_not_converted(example: bytes) -> None:
    Path("方案.xlsx").write_bytes(altered(example, "细则", I3="阶梯"))
    ran = kaohe("scheme", "convert", "方案.xlsx", "方案.toml")
    assert (ran.code, "KH973" in ran.err, Path("方案.toml").exists()) == (1, True, False)


def test_a_check_writes_a_copy_that_says_how_each_row_is_read(example: bytes) -> None:
    Path("方案.xlsx").write_bytes(example)
    ran = kaohe("scheme", "check", "方案.xlsx")
    assert (ran.code, "方案.xlsx 可以使用" in ran.err) == (0, True), ran.err
    page = openpyxl.load_workbook("方案（核对）.xlsx")["细则"]
    told = [(column(page, "核对", row), column(page, "程序读作", row)) for row in range(3, 14)]
    assert [mark for mark, _ in told] == ["✔"] * 11
    assert told[0][1] == "1.1（10 分）：全年工业产值不低于下达目标的，得 10 分。"
    assert str(told[2][1]).startswith(
        "1.3（20 分）：按全年工业投资与下达目标之比计分：100% 得 20 分，60% 不得分，其余按比例计"
    )
    assert kaohe("scheme", "check", "方案.xlsx").code == 0, "the copy is the program's own"
    assert kaohe("scheme", "check", "方案（核对）.xlsx").code == 0
    assert load("方案（核对2）.xlsx").content == load("方案.xlsx").content
    assert kaohe("scheme", "check", "方案.xlsx", "--output", "方案.xlsx").code == 2
    assert kaohe("scheme", "check", HANGZHOU, "--output", "另.xlsx").code == 2


def test_what_is_wrong_is_told_in_its_cell_and_in_the_copy(example: bytes) -> None:
    Path("方案.xlsx").write_bytes(altered(example, "细则", F3=9, I5="阶梯", J6="工业产量·本年实绩"))
    ran = kaohe("scheme", "check", "方案.xlsx", "--json")
    assert ran.code == 1
    told = [(each["code"], each["sheet"], each["cell"]) for each in ran.json["problems"] if each["severity"] == "error"]
    assert told == [("KH973", "细则", "I5"), ("KH973", "细则", "J6"), ("KH983", "细则", "I3")]
    page = openpyxl.load_workbook("方案（核对）.xlsx")["细则"]
    assert "没有“阶梯”，可选：条件、计件" in str(column(page, "核对", 5))
    assert "工业产值·本年实绩" in str(column(page, "核对", 6))
    assert "细则分值为 9 分" in str(column(page, "核对", 3))
    assert (column(page, "核对", 4), column(page, "程序读作", 5)) == ("✔", None)
    assert column(page, "计分方式", 5) == "阶梯"


def test_what_people_added_is_in_the_copy(example: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(example))
    book["细则"].cell(1, 60).value, book["细则"].cell(4, 60).value = "谁来定", "王科长"
    book["细则"]["D4"].comment = openpyxl.comments.Comment("再问一下", "王")
    book.create_sheet("会议记录")["B2"] = "=1+1"
    book["会议记录"]["A1"] = "三月二日"
    book.save("方案.xlsx")
    assert kaohe("scheme", "check", "方案.xlsx").code == 0
    made = openpyxl.load_workbook("方案（核对）.xlsx")
    assert column(made["细则"], "谁来定", 4) == "王科长"
    assert "再问一下" in made["细则"]["D4"].comment.text
    assert made["会议记录"]["A1"].value == "三月二日"
    own = ("指标", "口径", "词表")
    assert not [cell for page in made if page.title not in own for row in page for cell in row if cell.data_type == "f"]


def test_trials_are_tried_and_told_in_their_cells(example: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(example))
    page, head = book["试算"], {cell.value: cell.column for cell in book["试算"][1]}
    rows = (
        ("类别", None, "镇", "乡"), ("填报", "工业产值·下达目标", 10, 10), ("填报", "工业产值·本年实绩", 11, 9),
        ("应得分", "1.1", 10, 10), ("应得分", "1.2", 2, 0),
    )  # fmt: skip
    for number, (what, of, *values) in enumerate(rows, 3):
        page.cell(number, head["内容"]).value, page.cell(number, head["数据项或编号"]).value = what, of
        page.cell(number, head["甲单位"]).value, page.cell(number, head["乙单位"]).value = values
    book.save("方案.xlsx")
    ran = kaohe("scheme", "check", "方案.xlsx", "--json")
    (told,) = (each for each in ran.json["problems"] if each["severity"] == "error")
    assert (ran.code, told["code"], told["sheet"], told["cell"]) == (1, "KH934", "试算", "D6")
    assert (told["found"], told["expected"]) == ("0 分", "10 分")
    copy = openpyxl.load_workbook("方案（核对）.xlsx")["试算"]
    assert "乙单位：0 分。全年工业产值 9 亿元，低于下达目标 10 亿元 10%" in str(column(copy, "程序读作", 6))


@pytest.mark.parametrize(
    "command",
    [
        ("init",), ("blank",), ("template", "样张.xlsx"), ("scheme", "rehearse", "方案.xlsx", "--years", "2"),
        ("scheme", "print", "方案.xlsx", "规则.docx"), ("scheme", "diff", "hangzhou_2007", "方案.xlsx"),
    ],
)  # fmt: skip
def test_commands_take_a_workbook_for_a_scheme(example: bytes, command: tuple[str, ...]) -> None:
    Path("方案.xlsx").write_bytes(example)
    ran = kaohe(*command, *(() if command[0] == "scheme" else ("--scheme", "方案.xlsx")))
    assert ran.code == 0, ran.err


def test_what_people_typed_into_a_copy_is_kept_and_a_foreign_file_is_not_written_over(example: bytes) -> None:
    Path("方案.xlsx").write_bytes(example)
    assert kaohe("scheme", "check", "方案.xlsx").code == 0
    book = openpyxl.load_workbook("方案（核对）.xlsx")
    book["单位"]["B3"].value = "在核对的一份里改的镇"
    book.save("方案（核对）.xlsx")
    ran = kaohe("scheme", "check", "方案.xlsx")
    (kept,) = Path().glob("方案（核对）.2*.xlsx")
    assert (ran.code, kept.name in ran.err) == (0, True)
    assert openpyxl.load_workbook(kept)["单位"]["B3"].value == "在核对的一份里改的镇"
    assert kaohe("scheme", "check", "方案.xlsx").code == 0
    assert [*Path().glob("方案（核对）.2*.xlsx")] == [kept], "the program's own is none to keep"
    Path("别的.xlsx").write_bytes(example)
    other = kaohe("scheme", "check", "方案.xlsx", "--output", "别的.xlsx")
    assert (other.code, "KH912" in other.err, Path("别的.xlsx").read_bytes() == example) == (2, True, True)


@pytest.mark.parametrize("number", [1e300, -1e200, 1e-300, 10**15, "9" * 400])
@pytest.mark.parametrize(("sheet", "cell"), [("细则", "F3"), ("指标", "J3"), ("等次", "G3"), ("基本", "B4")])
def test_nothing_is_worked_out_with_a_number_that_no_notice_has(
    example: bytes, sheet: str, cell: str, number: object
) -> None:
    found = examine(altered(example, sheet, **{cell: number}), "方案.xlsx")
    assert ("KH972", sheet, cell) in [(each.code, each.sheet, each.cell) for each in found.problems]
    assert found.scheme is None


def test_nor_is_a_trial_tried_with_one(example: bytes) -> None:
    typed = {"A3": "填报", "B3": "工业产值·本年实绩", "C3": 1e300}
    found = examine(altered(example, "试算", **typed), "方案.xlsx")
    assert [(each.code, each.sheet, each.cell) for each in found.problems] == [("KH972", "试算", "C3")]
