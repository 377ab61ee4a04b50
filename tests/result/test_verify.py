"""A result is held against its originals: what changed or is gone is named, and what comes out otherwise."""

import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from edits import Edit
from openpyxl import load_workbook

from kaohe_cli.commands import rank as ranking
from kaohe_cli.commands.demo import sample_year
from kaohe_cli.commands.outcome import Stop
from kaohe_cli.commands.papers import Wanted
from kaohe_cli.commands.score import score
from kaohe_cli.commands.verify import AtHand
from kaohe_cli.commands.verify import verify as verified
from kaohe_cli.diagnostic import Problem, any_error
from kaohe_cli.model import Source
from kaohe_cli.paper.provenance import LIBRARIES, sources, version_sources
from kaohe_cli.result.material import Material
from kaohe_cli.result.page import HONOURS, JUDGING, SHEETS
from kaohe_cli.result.recorded import Recorded, RecordedUnit, differing, recorded
from kaohe_cli.scheme.load import load
from kaohe_cli.sheet.reader import read_workbook

pytestmark = pytest.mark.slow

SCHEME = "hangzhou_2007"
STANDS = "重算：14 个单位的名次、等次、总分与考核结果全部一致。"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked year with its result."""
    folder = tmp_path_factory.mktemp("year")
    sample_year(folder)
    rank(folder, "考核结果.xlsx")
    return folder


@pytest.fixture
def copy(year: Path, tmp_path: Path) -> Path:
    shutil.copytree(year, tmp_path / "year")
    return tmp_path / "year"


def verify(scheme: str, result: Path, **given: Any) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The lines that are said and what is wrong, but for what is only remarked of the returns."""
    outcome = verified(scheme, result_path=result, at_hand=AtHand(**given))
    return outcome.lines, outcome.problems


def read(path: Path) -> Recorded:
    book, _ = read_workbook(path)
    assert book is not None
    found, problems = recorded(book)
    assert found is not None, problems
    return found


def rank(folder: Path, output: str, **readings: str) -> None:
    given = {name.replace("__", "."): option for name, option in readings.items()}
    ranking.rank(SCHEME, ledger_path=folder / "评分底稿.xlsx", output=folder / output, readings=given)


def change_award(folder: Path, code: str, criterion: str, points: float) -> None:
    path = folder / "评分底稿.xlsx"
    book = load_workbook(path)
    sheet = book["评分明细"]
    header = next(row for row in sheet.iter_rows() if "考核分" in [cell.value for cell in row])
    columns = {cell.value: cell.column for cell in header}
    changed = 0
    for row in sheet.iter_rows(min_row=header[0].row + 1):
        if str(row[columns["单位代码"] - 1].value) == code and row[columns["细则"] - 1].value == criterion:
            row[columns["考核分"] - 1].value = points
            changed += 1
    assert changed == 1
    book.save(path)


def rewrite(path: Path, old: str, new: str) -> None:
    """Change a text in the parts of a package; the values of its formulas stay."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    changed = {name: part.replace(old.encode(), new.encode()) for name, part in parts.items()}
    assert changed != parts
    with ZipFile(path, "w") as package:
        for name, part in changed.items():
            package.writestr(name, part)


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [each.code for each in problems]


def test_the_same_material_gives_the_same_result(year: Path) -> None:
    lines, problems = verify(SCHEME, year / "考核结果.xlsx")
    assert problems == ()
    assert lines[:4] == (
        "底稿：评分底稿.xlsx 与当时相同",
        "填报表：与当时相同 14 份",
        "设置：考核设置.xlsx 与当时相同",
        "模板：scorecard_2007.xlsx 与当时相同",
    )
    assert lines[4] == "版本：与当时相同"
    assert lines[5].startswith("方案：hangzhou_2007 与当时相同；口径按考核结果所记：remainder=investment、")
    assert lines[6] == "材料：与当时相同 13 份"
    assert lines[7:] == (
        "原件：重读填报表 14 份、考核设置.xlsx，1,960 项数据与评分底稿全部一致。",
        "重算：14 个单位的名次、等次、总分与考核结果全部一致。",
        "考核结果：9 张工作表 7,397 格全部一致。",
        "反馈表：没有给出，没有核对。",
        "通报：没有给出，没有核对。",
    )


def test_the_readings_are_those_of_the_result(copy: Path) -> None:
    rank(copy, "试算.xlsx", growth50__base="target", over5="strict")
    lines, problems = verify(SCHEME, copy / "试算.xlsx")
    assert problems == ()
    assert "growth50.base=target" in lines[5]
    assert "over5=strict" in lines[5]
    assert STANDS in lines
    default, trial = read(copy / "考核结果.xlsx"), read(copy / "试算.xlsx")
    assert len(list(differing(default, trial.units))) > 3


def test_a_changed_ledger_is_named_and_so_is_what_it_changes(copy: Path) -> None:
    change_award(copy, "330109", "1.4.1", 3)
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert lines[0] == "底稿：评分底稿.xlsx 已改变"
    assert lines[8] == "重算：14 个单位中，2 个与考核结果不一致。"
    assert codes(problems)[:3] == ["KH904", "KH905", "KH905"]
    assert problems[0].message == "底稿“评分底稿.xlsx”与生成考核结果时不同"
    assert [each.message for each in problems[1:3]] == list(lines[9:11])
    assert {each.code for each in problems[3:]} == {"KH941", "KH035"}
    assert {each.sheet for each in problems[3:]} == {*SHEETS, HONOURS, JUDGING} - {"来源"}
    assert problems[1].message == "萧山区重算为第2名、优秀、96.60 分，考核结果为第1名、优秀、100.50 分"


def test_a_change_that_changes_nothing_is_a_change_all_the_same(copy: Path) -> None:
    book = load_workbook(copy / "评分底稿.xlsx")
    book.save(copy / "评分底稿.xlsx")
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert codes(problems) == ["KH904"]
    assert any_error(problems)
    assert STANDS in lines


def test_returns_and_settings_that_changed_or_are_gone(copy: Path) -> None:
    with (copy / "回收" / "上城区.xlsx").open("ab") as file:
        file.write(b"x")
    (copy / "回收" / "下城区.xlsx").unlink()
    (copy / "考核设置.xlsx").unlink()
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert lines[1:3] == ("填报表：与当时相同 12 份，已改变 1 份，不在手边 1 份", "设置：考核设置.xlsx 不在手边")
    assert [(each.code, each.file) for each in problems] == [
        ("KH904", "上城区.xlsx"),
        ("KH940", "下城区.xlsx"),
        ("KH940", "考核设置.xlsx"),
    ]
    assert any_error(problems[1:])
    assert problems[1].fix == "找到后放在考核结果旁边，或用 --returns 指明，再核对一次。"
    assert lines[7] == "原件：考核设置不在手边或不能用，没有重读填报表；以下按评分底稿所记重算。"
    assert STANDS in lines


def test_what_is_at_hand_is_held_against_the_ledger_all_the_same(copy: Path) -> None:
    (copy / "回收" / "下城区.xlsx").unlink()
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert [(each.code, each.file) for each in problems] == [("KH940", "下城区.xlsx")]
    assert lines[7] == "原件：重读填报表 13 份、考核设置.xlsx，1,820 项数据与评分底稿全部一致。"


def test_a_form_of_the_same_name_elsewhere_is_not_the_return(copy: Path) -> None:
    (copy / "下发").mkdir()
    shutil.copy(copy / "回收" / "上城区.xlsx", copy / "下发" / "下城区.xlsx")
    (copy / "回收" / "下城区.xlsx").unlink()
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert [(each.code, each.file) for each in problems] == [("KH940", "下城区.xlsx")]
    assert lines[1] == "填报表：与当时相同 13 份，不在手边 1 份"


def test_a_ledger_elsewhere_is_found_or_given(copy: Path, tmp_path: Path) -> None:
    (copy / "归档" / "2007").mkdir(parents=True)
    moved = copy / "归档" / "2007" / "评分底稿.xlsx"
    (copy / "评分底稿.xlsx").rename(moved)
    assert verify(SCHEME, copy / "考核结果.xlsx")[1] == ()
    moved.rename(tmp_path / "底稿.xlsx")
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert codes(problems) == ["KH906"]
    assert not any(line.startswith("重算") for line in lines)
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx", ledger=tmp_path / "底稿.xlsx")
    assert problems == ()
    assert STANDS in lines


def test_returns_and_settings_elsewhere_are_given(copy: Path, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "归档.zip", "w") as archive:
        for path in (copy / "回收").iterdir():
            archive.write(path, f"回收/{path.name}")
    shutil.rmtree(copy / "回收")
    (copy / "考核设置.xlsx").rename(tmp_path / "设置（旧）.xlsx")
    assert codes(verify(SCHEME, copy / "考核结果.xlsx")[1]) == ["KH940"] * 15
    lines, problems = verify(
        SCHEME, copy / "考核结果.xlsx", settings=tmp_path / "设置（旧）.xlsx", returns=[tmp_path / "归档.zip"]
    )
    assert problems == ()
    assert lines[1:3] == ("填报表：与当时相同 14 份", "设置：考核设置.xlsx 与当时相同")
    assert STANDS in lines
    with pytest.raises(Stop):
        verify(SCHEME, copy / "考核结果.xlsx", returns=[tmp_path / "没有.zip"])


def test_returns_that_were_read_from_an_archive_are_found_in_it(copy: Path) -> None:
    with ZipFile(copy / "收回.zip", "w") as archive:
        for path in (copy / "回收").iterdir():
            archive.write(path, path.name)
    shutil.rmtree(copy / "回收")
    scored = score(
        SCHEME, settings_path=copy / "考核设置.xlsx", paths=[copy / "收回.zip"], output=copy / "评分底稿.xlsx",
        return_dir=None, prefer=(), template_path=None,
    )  # fmt: skip
    assert not any_error(scored.problems)
    rank(copy, "考核结果.xlsx")
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert problems == ()
    assert lines[1] == "填报表：与当时相同 14 份"


def test_the_same_content_is_preferred_to_a_file_of_that_name(copy: Path) -> None:
    (copy / "旧").mkdir()
    shutil.copy(copy / "评分底稿.xlsx", copy / "旧" / "评分底稿.xlsx")
    change_award(copy, "330109", "1.4.1", 3)
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert problems == ()
    assert lines[0] == "底稿：评分底稿.xlsx 与当时相同"


def test_a_return_that_was_changed_says_what_in_it(copy: Path) -> None:
    path = copy / "回收" / "上城区.xlsx"
    book = load_workbook(path)
    sheet, cell = next(
        (sheet, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == 318
    )
    cell.value = 319
    book.save(path)
    _, problems = verify(SCHEME, copy / "考核结果.xlsx")
    told = [each for each in problems if each.code == "KH943"]
    assert [(each.file, each.sheet, each.cell, each.found, each.expected) for each in told] == [
        ("上城区.xlsx", sheet.title, cell.coordinate, "318", "319")
    ]
    assert told[0].message == "上城区 工业销售产值·本年实绩在评分底稿中是“318”，原件是“319”"
    assert codes(problems)[0] == "KH904"
    assert ("KH941", "得分依据") in [(each.code, each.sheet) for each in problems]


def test_settings_that_were_changed_say_what_in_them(copy: Path) -> None:
    book = load_workbook(copy / "考核设置.xlsx")
    page = book["责任处室"]
    cell = next(cell for row in page.iter_rows() for cell in row if cell.value == "产业发展处")
    cell.value = "综合处"
    book.save(copy / "考核设置.xlsx")
    _, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert [(each.code, each.found, each.expected) for each in problems if each.code == "KH943"] == [
        ("KH943", "产业发展处", "综合处")
    ]


@pytest.mark.parametrize("name", ["回收/上城区.xlsx", "评分底稿.xlsx"])
def test_what_is_no_result(copy: Path, name: str) -> None:
    lines, problems = verify(SCHEME, copy / name)
    assert lines == ()
    assert codes(problems)[-1] == "KH903"


def test_a_result_without_its_sources(copy: Path) -> None:
    book = load_workbook(copy / "考核结果.xlsx")
    del book["来源"]
    book.save(copy / "考核结果.xlsx")
    assert codes(verify(SCHEME, copy / "考核结果.xlsx")[1])[-1] == "KH903"


def test_a_ledger_that_cannot_be_read(copy: Path) -> None:
    (copy / "评分底稿.xlsx").write_bytes(b"PK")
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert lines[0] == "底稿：评分底稿.xlsx 已改变"
    assert not any(line.startswith("重算") for line in lines)
    assert any(each.code.startswith("KH0") and each.severity == "error" for each in problems)


def test_another_scheme_is_named(copy: Path) -> None:
    other = copy / "hangzhou_2007.toml"
    source = Path(sys.modules[load.__module__].__file__ or "").with_name("hangzhou_2007.toml")
    other.write_text(source.read_text("utf-8") + "\n# 改过\n", "utf-8")
    lines, problems = verify(str(other), copy / "考核结果.xlsx")
    assert [(each.code, each.file, each.found) for each in problems] == [("KH904", "hangzhou_2007", "方案")]
    assert "已改变" in lines[5]
    assert STANDS in lines


def test_other_versions_are_told() -> None:
    then = (Source("版本", "XlsxWriter", value="0.1"), Source("版本", "Python", value=version_sources()[1].value))
    found = Material(())
    lines = [*found.lines(Recorded("考核结果.xlsx", {}, then))]
    assert [*found.problems()] == []
    assert lines[0].startswith("版本：XlsxWriter 0.1 → ")


def test_units_that_only_one_side_has() -> None:
    was = Recorded(
        "考核结果.xlsx", {"甲": RecordedUnit(1, "优秀", Decimal(90)), "乙": RecordedUnit(None, "未定", None)}, ()
    )
    told = [
        each.message
        for each in differing(was, {"甲": RecordedUnit(1, "优秀", Decimal("90.00")), "丙": was.units["乙"]})
    ]
    assert told == [
        "乙重算为没有这个单位，考核结果为无名次、未定、总分未定",
        "丙重算为无名次、未定、总分未定，考核结果为没有这个单位",
    ]


def test_the_record_holds_files_scheme_readings_and_versions_in_order() -> None:
    scheme = load(readings={"over5": "strict"})
    made = sources(scheme.sources, [Source("填报表", "乙.xlsx", 1, "b"), Source("填报表", "甲.xlsx", 1, "a"),
                            Source("底稿", "底.xlsx", 2, "c")])  # fmt: skip
    assert [each.role for each in made[:4]] == ["底稿", "填报表", "填报表", "方案"]
    assert [each.name for each in made[1:3]] == ["乙.xlsx", "甲.xlsx"]
    assert made[3].sha256 == scheme.digest
    readings = {each.name: each.value for each in made if each.role == "口径"}
    assert readings == scheme.readings
    assert readings["over5"] == "strict"
    versions = [each.name for each in made if each.role == "版本"]
    assert versions == ["kaohe", "Python", *LIBRARIES]
    assert sources(scheme.sources, ()) == sources(scheme.sources, ())


def test_a_result_of_before_with_brackets_of_ascii_stands(copy: Path) -> None:
    path = copy / "考核结果.xlsx"
    rewrite(path, "滨江区（高新区）", "滨江区(高新区)")
    assert "滨江区（高新区）" in read(path).units
    lines, problems = verify(SCHEME, path)
    assert problems == ()
    assert STANDS in lines


# ── results that were touched, or saved by another program ──────────────────────────────────────────────


def test_a_text_of_any_sheet_that_was_changed_is_named(copy: Path) -> None:
    rewrite(copy / "考核结果.xlsx", "一票否决：", "一票否决:")
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert [each.code for each in problems] == ["KH941"]
    assert (problems[0].sheet, problems[0].file) == ("问题与说明", "考核结果.xlsx")
    assert problems[0].found.startswith("…")
    assert "一票否决:" in problems[0].found
    assert "一票否决：" in problems[0].expected
    assert STANDS in lines
    assert lines[9] == "考核结果：9 张工作表 7,397 格，1 处不一致。"


def test_a_result_without_the_results_of_its_formulas(copy: Path) -> None:
    load_workbook(copy / "考核结果.xlsx").save(copy / "考核结果.xlsx")
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert [(each.code, each.sheet, each.cell) for each in problems] == [
        ("KH942", "排名", "F4"), ("KH942", "分项得分", "I4"),
    ]  # fmt: skip
    assert problems[0].message == "有 14 格的公式没有结果（F4、F5、F6、F7、F8等），不能核对"
    assert "总分未定" not in "".join((*lines, *(each.message for each in problems)))
    assert STANDS in lines


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_result_saved_by_another_program_is_read_by_its_values(
    year: Path, tmp_path: Path, office: Any, kind: str
) -> None:
    shutil.copytree(year, tmp_path / "year")
    saved = office(year / "考核结果.xlsx", kind, tmp_path / "saved")
    shutil.copy(saved, tmp_path / "year" / saved.name)
    lines, problems = verify(SCHEME, tmp_path / "year" / saved.name)
    assert problems == ()
    assert "考核结果：9 张工作表 7,397 格全部一致。" in lines


@pytest.mark.parametrize("size", ["1E+9999999999", "9" * 5000, "²"])
def test_numbers_that_nobody_works_with_are_differences(copy: Path, size: str) -> None:
    book = load_workbook(copy / "考核结果.xlsx")
    book["排名"]["A4"] = book["排名"]["F4"] = book["来源"]["C4"] = size
    book.save(copy / "考核结果.xlsx")
    _, problems = verify(SCHEME, copy / "考核结果.xlsx")
    told = [(each.sheet, each.cell) for each in problems if each.code == "KH941"]
    assert told == [("排名", "A4"), ("排名", "F4"), ("来源", "C4")]


def test_sheets_that_are_gone_too_many_or_elsewhere(copy: Path) -> None:
    path = copy / "考核结果.xlsx"
    whole = path.read_bytes()
    for change in (
        lambda book: book.remove(book["得分依据"]),
        lambda book: book.create_sheet("另加"),
        lambda book: book.move_sheet("得分依据", 2),
    ):
        path.write_bytes(whole)
        book = load_workbook(path)
        change(book)
        book.save(path)
        _, problems = verify(SCHEME, path)
        (told,) = (each for each in problems if each.code == "KH944")
        assert (
            told.expected == "排名、表彰名单、分项得分、自评与考核、评分分析、得分依据、口径与敏感性、问题与说明、来源"
        )
        assert told.found != told.expected


def test_a_ledger_that_differs_from_its_originals(copy: Path) -> None:
    """Whoever changes a ledger and ranks again is told by the originals."""
    with Edit(copy / "评分底稿.xlsx") as edit:
        page = edit.book["数据核定"]
        row = edit.row("数据核定", ("330102", "工业销售产值", "本年实绩"), ("单位代码", "指标", "数据项"))
        page.cell(row, edit.column("数据核定", "填报值")).value = 2777.5
    rank(copy, "考核结果.xlsx")
    _, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert any_error(problems)


# ── feedback and circular ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, year: Path) -> Path:
    """The year with its feedback and its circular."""
    folder = tmp_path_factory.mktemp("finished") / "year"
    shutil.copytree(year, folder)
    ranking.rank(
        SCHEME, ledger_path=folder / "评分底稿.xlsx", output=folder / "考核结果.xlsx", readings={},
        wanted=Wanted(feedback=folder / "反馈", circular=folder / "通报.docx"),
    )  # fmt: skip
    return folder


def test_feedback_and_circular_beside_the_result_are_compared(finished: Path) -> None:
    lines, problems = verify(SCHEME, finished / "考核结果.xlsx")
    assert problems == ()
    assert lines[9:] == (
        "考核结果：9 张工作表 7,397 格全部一致。",
        "反馈表：14 份 5,303 格全部一致。",
        "通报：附件表 105 格，正文中的单位、数字、等次 50 个全部一致。",
    )


def test_feedback_and_circular_that_differ_are_named(finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "year"
    shutil.copytree(finished, folder)
    rewrite(folder / "反馈" / "上城区.xlsx", "87.00", "88.00")
    (folder / "反馈" / "下城区.xlsx").unlink()
    rewrite(folder / "通报.docx", "100.50", "105.50")
    lines, problems = verify(SCHEME, folder / "考核结果.xlsx")
    assert [(each.code, each.file, each.unit) for each in problems if each.code != "KH946"] == [
        *(("KH941", "上城区.xlsx", "上城区"),) * (len(problems) - 3),
        ("KH940", "下城区.xlsx", "下城区"),
    ]
    told = [each.message for each in problems if each.code == "KH946"]
    assert told[0] == "附件表第 2 行第 6 列是“105.50”，按考核结果应为“100.50”"
    assert "105.50" in told[1]
    assert lines[-1] == "通报：附件表 105 格，正文中的单位、数字、等次 50 个，2 处不一致。"


def test_what_lies_beside_a_trial_is_not_compared_with_it(finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "year"
    shutil.copytree(finished, folder)
    rank(folder, "试算.xlsx", over5="strict")
    lines, problems = verify(SCHEME, folder / "试算.xlsx")
    assert problems == ()
    assert lines[-2:] == ("反馈表：没有给出，没有核对。", "通报：没有给出，没有核对。")
    _, problems = verify(SCHEME, folder / "试算.xlsx", feedback_dir=folder / "反馈", notice=folder / "通报.docx")
    assert {each.code for each in problems} >= {"KH941", "KH946"}
