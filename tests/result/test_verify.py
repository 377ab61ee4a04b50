"""A result is held against its material: what changed is named, and what comes out otherwise."""

import shutil
import sys
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from kaohe_cli.commands import rank as ranking
from kaohe_cli.commands.demo import sample_year
from kaohe_cli.diagnostic import Problem
from kaohe_cli.model import Source
from kaohe_cli.paper.provenance import LIBRARIES, sources, version_sources
from kaohe_cli.result.verify import Recorded, RecordedUnit, differing, material, read, verify
from kaohe_cli.scheme.load import load

pytestmark = pytest.mark.slow

SCHEME = "hangzhou_2007"


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


def rank(folder: Path, output: str, **readings: str) -> None:
    given = {name.replace("__", "."): option for name, option in readings.items()}
    ranking.rank(
        SCHEME, ledger_path=folder / "评分底稿.xlsx", output=folder / output, feedback_dir=None, csv=None, draft=None,
        readings=given,
    )  # fmt: skip


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
    assert lines[6:] == ("重算：14 个单位的名次、等次、总分与考核结果全部一致。",)


def test_the_readings_are_those_of_the_result(copy: Path) -> None:
    rank(copy, "试算.xlsx", growth50__base="target", over5="strict")
    lines, problems = verify(SCHEME, copy / "试算.xlsx")
    assert problems == ()
    assert "growth50.base=target" in lines[5]
    assert "over5=strict" in lines[5]
    assert lines[-1].endswith("全部一致。")
    default = read(copy / "考核结果.xlsx")[0]
    trial = read(copy / "试算.xlsx")[0]
    assert default is not None
    assert trial is not None
    assert len(list(differing(default, trial.units))) > 3


def test_a_changed_ledger_is_named_and_so_is_what_it_changes(copy: Path) -> None:
    change_award(copy, "330109", "1.4.1", 3)
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert lines[0] == "底稿：评分底稿.xlsx 已改变"
    assert lines[6] == "重算：14 个单位中，2 个与考核结果不一致。"
    assert codes(problems) == ["KH904", "KH905", "KH905"]
    assert problems[0].message == "底稿“评分底稿.xlsx”与生成考核结果时不同"
    assert [each.message for each in problems[1:]] == list(lines[7:])
    assert problems[1].message == "萧山区重算为第2名、优秀、96.60 分，考核结果为第1名、优秀、100.50 分"


def test_a_change_that_changes_nothing_is_a_change_all_the_same(copy: Path) -> None:
    book = load_workbook(copy / "评分底稿.xlsx")
    book.save(copy / "评分底稿.xlsx")
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert codes(problems) == ["KH904"]
    assert lines[-1].endswith("全部一致。")


def test_returns_and_settings_that_changed_or_are_gone(copy: Path) -> None:
    with (copy / "回收" / "上城区.xlsx").open("ab") as file:
        file.write(b"x")
    (copy / "回收" / "下城区.xlsx").unlink()
    (copy / "考核设置.xlsx").unlink()
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert lines[1:3] == ("填报表：与当时相同 12 份，已改变 1 份，不在手边 1 份", "设置：考核设置.xlsx 不在手边")
    assert [(each.code, each.file) for each in problems] == [("KH904", "上城区.xlsx")]


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
    assert lines[-1].endswith("全部一致。")


def test_the_same_content_is_preferred_to_a_file_of_that_name(copy: Path) -> None:
    (copy / "旧").mkdir()
    shutil.copy(copy / "评分底稿.xlsx", copy / "旧" / "评分底稿.xlsx")
    change_award(copy, "330109", "1.4.1", 3)
    lines, problems = verify(SCHEME, copy / "考核结果.xlsx")
    assert problems == ()
    assert lines[0] == "底稿：评分底稿.xlsx 与当时相同"


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
    found, _ = read(copy / "考核结果.xlsx")
    assert found is not None
    other = tmp = copy / "hangzhou_2007.toml"
    source = Path(sys.modules[load.__module__].__file__ or "").with_name("hangzhou_2007.toml")
    tmp.write_text(source.read_text("utf-8") + "\n# 改过\n", "utf-8")
    lines, problems = verify(str(other), copy / "考核结果.xlsx")
    assert [(each.code, each.file, each.found) for each in problems] == [("KH904", "hangzhou_2007", "方案")]
    assert "已改变" in lines[5]
    assert lines[-1].endswith("全部一致。")


def test_other_versions_are_told() -> None:
    then = (Source("版本", "XlsxWriter", value="0.1"), Source("版本", "Python", value=version_sources()[1].value))
    recorded = Recorded("考核结果.xlsx", {}, then)
    lines, problems = material(recorded, {}, {})
    assert problems == ()
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
    with ZipFile(path) as book:  # the values of its formulas have to stay
        parts = {name: book.read(name) for name in book.namelist()}
    older = {name: part.replace("滨江区（高新区）".encode(), "滨江区(高新区)".encode()) for name, part in parts.items()}
    assert older != parts
    with ZipFile(path, "w") as book:
        for name, part in older.items():
            book.writestr(name, part)
    recorded = read(path)[0]
    assert recorded is not None
    assert "滨江区（高新区）" in recorded.units
    lines, problems = verify(SCHEME, path)
    assert problems == ()
    assert lines[-1].endswith("全部一致。")
