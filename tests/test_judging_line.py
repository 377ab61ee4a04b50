"""Judging by the commands: copies out, reasons asked for, copies back, who has not handed in, what is kept."""

import shutil
from pathlib import Path

import pytest
from command import ROOT, Ran, kaohe
from openpyxl import load_workbook
from openpyxl.comments import Comment

pytestmark = pytest.mark.slow
SAMPLES = ROOT / "samples"
DEPARTMENT = "产业发展处"
SHEET = "1.4 产业发展与招商引资"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office whose returns came from three units, scored, with judging copies issued."""
    (tmp_path / "回收").mkdir()
    for name in ("上城区", "下城区", "江干区"):
        shutil.copy(SAMPLES / "回收" / f"{name}.xlsx", tmp_path / "回收")
    shutil.copy(SAMPLES / "考核设置.xlsx", tmp_path)
    assert score(tmp_path, "--judge-dir", tmp_path / "评审", "--issued", "2007-11-20").code == 0
    return tmp_path


def score(folder: Path, *more: str | Path) -> Ran:
    settings, ledger = folder / "考核设置.xlsx", folder / "评分底稿.xlsx"
    return kaohe("score", folder / "回收", "--settings", settings, "--output", ledger, *more)


def fill(path: Path, *units: str, mark: float = 6, reason: str = "") -> None:
    """Judge ``units``, whose names are given, in the copy at ``path``."""
    book = load_workbook(path)
    page = book[SHEET]
    head = next(row for row in page.iter_rows() if any(cell.value == "考核分" for cell in row))
    columns = {cell.value: cell.column for cell in head if cell.value}
    for row in range(head[0].row + 1, page.max_row + 1):
        if page.cell(row, columns["单位"]).value in units:
            page.cell(row, columns["考核分"]).value = mark
            page.cell(row, columns["评分理由"]).value = reason or None
    book.save(path)


def test_a_year_of_judging(folder: Path) -> None:
    copies = sorted(path.stem for path in (folder / "评审").iterdir())
    assert len(copies) == 9
    assert DEPARTMENT in copies
    fill(folder / "评审" / f"{DEPARTMENT}.xlsx", "上城区", "下城区")
    ran = kaohe("merge", folder / "评分底稿.xlsx", folder / "评审" / f"{DEPARTMENT}.xlsx", "--received", "2007-11-28")
    assert ran.code == 0
    said = ran.out + ran.err
    assert "产业发展处：已交回，未评完（2007-11-20 发出，2007-11-28 交回），待评 26 个分，" in said.replace("\n", "")
    assert "中小企业处：未交（2007-11-20 发出），待评 42 个分，全部 14 个单位。" in said.replace("\n", "")
    ran = kaohe("rank", folder / "评分底稿.xlsx", "--output", folder / "考核结果.xlsx")
    assert ran.code == 0
    told = ran.err.replace("\n", "").replace(" ", "")
    assert "KH410" in told
    assert "1.4.1产业发展与招商引资：2个单位的评分没有写评分理由（上城区、下城区）" in told
    sheet = load_workbook(folder / "评分底稿.xlsx", data_only=True)["评分明细"]
    states = [row[12].value for row in sheet.iter_rows(min_row=2) if row[3].value == "1.4.1"]
    assert states.count("已评，待写理由") == 2
    progress = load_workbook(folder / "评分底稿.xlsx", data_only=True)["进度"]
    (line,) = [row for row in progress.iter_rows(values_only=True) if row[0] == "1.4"]
    assert line[3:9] == (14, 2, 12, 2, 0, 0), "应评、已评、待评、待写理由"


def test_what_a_copy_holds_and_the_ledger_does_not_is_not_written_over(folder: Path) -> None:
    copy = folder / "评审" / f"{DEPARTMENT}.xlsx"
    fill(copy, "上城区", "下城区")
    held = copy.read_bytes()
    ran = score(folder, "--judge-dir", folder / "评审")
    assert "KH358" in ran.err
    assert copy.read_bytes() == held
    kaohe("merge", folder / "评分底稿.xlsx", copy)
    ran = score(folder, "--judge-dir", folder / "评审")
    assert "KH358" not in ran.err
    assert copy.read_bytes() != held, "what came home is issued anew"


def test_a_day_that_is_none_is_wrong_use(folder: Path) -> None:
    assert kaohe("score", folder / "回收", "--judge-dir", folder / "评审", "--issued", "昨天").code == 2
    assert kaohe("merge", folder / "评分底稿.xlsx", folder / "评审", "--received", "昨天").code == 2


def test_a_foreign_file_in_the_place_of_a_copy_is_not_written_over(folder: Path) -> None:
    (folder / "新").mkdir()
    (folder / "新" / f"{DEPARTMENT}.xlsx").write_bytes((SAMPLES / "考核设置.xlsx").read_bytes())
    assert score(folder, "--judge-dir", folder / "新").code == 2


def test_last_years_marks_stand_beside_this_years(tmp_path: Path) -> None:
    ran = kaohe("score", SAMPLES / "回收", "--settings", SAMPLES / "考核设置.xlsx", "--output", tmp_path / "底稿.xlsx",
                "--last-year", SAMPLES / "评分底稿.xlsx", "--judge-dir", tmp_path / "评审")  # fmt: skip
    assert ran.code == 0
    page = load_workbook(tmp_path / "评审" / f"{DEPARTMENT}.xlsx")[SHEET]
    head = next(row for row in page.iter_rows() if any(cell.value == "考核分" for cell in row))
    columns = {cell.value: cell.column for cell in head if cell.value}
    marks = {
        page.cell(row, columns["单位"]).value: page.cell(row, columns["上年考核分"]).value
        for row in range(head[0].row + 1, head[0].row + 15)
    }
    assert (len(marks), marks["上城区"], marks["淳安县"]) == (14, 6.6, 5.6)


def test_a_department_of_any_name_has_its_file(folder: Path) -> None:
    book = load_workbook(folder / "考核设置.xlsx")
    names = iter(("办公室/综合处", "办公室\\综合处", "CON", "..", "处" * 300, "财务处"))
    for row in book["责任处室"].iter_rows(min_row=2):
        if str(row[0].value) in ("1.4", "1.5", "1.6", "2.1", "2.2", "2.3"):
            row[4].value = next(names)
    book.save(folder / "考核设置.xlsx")
    assert score(folder, "--judge-dir", folder / "新").code == 0
    found = sorted(path.stem for path in (folder / "新").iterdir())
    assert {"办公室·综合处", "办公室·综合处(2)", "处室", "处室(2)", "财务处"} <= set(found)
    copy = folder / "新" / "办公室·综合处.xlsx"
    fill(copy, "上城区", reason="材料不全")
    ran = kaohe("merge", folder / "评分底稿.xlsx", folder / "新")
    assert ran.code == 0, ran.err
    assert "办公室·综合处.xlsx：考核分 1 处" in ran.out


def test_a_dated_copy_beside_a_newer_one_says_nothing(folder: Path) -> None:
    copy = folder / "评审" / f"{DEPARTMENT}.xlsx"
    fill(copy, "上城区", mark=6, reason="一")
    kaohe("merge", folder / "评分底稿.xlsx", folder / "评审")
    score(folder, "--judge-dir", folder / "评审")
    fill(copy, "上城区", mark=7, reason="二")
    assert len([*(folder / "评审").glob(f"{DEPARTMENT}*.xlsx")]) == 2, "the one before is kept"
    ran = kaohe("merge", folder / "评分底稿.xlsx", folder / "评审")
    assert "KH312" not in ran.err
    assert "没有读" in ran.out + ran.err
    sheet = load_workbook(folder / "评分底稿.xlsx", data_only=True)["评分明细"]
    (row,) = [row for row in sheet.iter_rows(min_row=2) if row[1].value == "上城区" and row[3].value == "1.4.1"]
    assert (row[9].value, row[10].value) == (7, "二")


def test_a_copy_that_cannot_be_read_is_not_written_over(folder: Path) -> None:
    copy = folder / "评审" / f"{DEPARTMENT}.xlsx"
    fill(copy, "上城区", "下城区", reason="迟报")
    book = load_workbook(copy)
    page = book[SHEET]
    page.delete_cols(next(cell.column for row in page.iter_rows() for cell in row if cell.value == "评分人"))
    book.save(copy)
    held = copy.read_bytes()
    ran = score(folder, "--judge-dir", folder / "评审")
    assert (ran.code, "KH301" in ran.err, copy.read_bytes() == held) == (1, True, True)


def test_a_copy_in_which_something_was_written_beside_is_not_written_over(folder: Path) -> None:
    copy = folder / "评审" / f"{DEPARTMENT}.xlsx"
    book = load_workbook(copy)
    book[SHEET]["A1"].comment = Comment("名单待补", "处室")
    book.create_sheet("附记")["A1"] = "另附两页"
    book.save(copy)
    held = copy.read_bytes()
    assert "KH358" in score(folder, "--judge-dir", folder / "评审").err
    assert copy.read_bytes() == held
    kaohe("merge", folder / "评分底稿.xlsx", copy)
    assert "KH358" not in score(folder, "--judge-dir", folder / "评审").err


def test_a_department_whose_copy_holds_nothing_new_has_not_handed_in(folder: Path) -> None:
    fill(folder / "评审" / f"{DEPARTMENT}.xlsx", "上城区", reason="迟报")
    ran = kaohe("merge", folder / "评分底稿.xlsx", folder / "评审", "--received", "2007-11-28")
    said = (ran.out + ran.err).replace("\n", "")
    assert "产业发展处：已交回，未评完（2007-11-20 发出，2007-11-28 交回）" in said
    assert "中小企业处：未交（2007-11-20 发出），待评 42 个分" in said
    assert said.count("交回）") == 1


def test_the_terminal_tells_what_is_noticed_of_the_marks(folder: Path) -> None:
    shutil.copy(SAMPLES / "评分底稿.xlsx", folder / "评分底稿.xlsx")
    book = load_workbook(folder / "评分底稿.xlsx")
    page = book["评分明细"]
    columns = {cell.value: cell.column - 1 for cell in page[1]}
    for row in page.iter_rows(min_row=2):
        if row[columns["责任处室"]].value == DEPARTMENT and row[columns["考核分"]].value is not None:
            row[columns["考核分"]].value = row[columns["满分"]].value
    book.save(folder / "评分底稿.xlsx")
    ran = kaohe("rank", folder / "评分底稿.xlsx", "--output", folder / "考核结果.xlsx")
    assert "产业发展处给 14 个单位评的分都一样（占满分的 100%），各单位分不出高下。" in ran.out.replace("\n", "")


def test_the_copies_of_the_demonstration_come_home(tmp_path: Path) -> None:
    assert kaohe("demo", tmp_path / "演示").code == 0
    folder = tmp_path / "演示"
    ran = kaohe("merge", folder / "评分底稿（未评）.xlsx", folder / "评审")
    assert ran.code == 0
    files = (folder / "评分底稿（未评）.xlsx", folder / "评分底稿.xlsx")
    held = [
        {
            (row[0], row[3]): row[columns["考核分"]]
            for row in sheet.iter_rows(min_row=2, values_only=True)
            if row[columns["类型"]] == "评议"
        }
        for sheet in (load_workbook(file, data_only=True)["评分明细"] for file in files)
        for columns in ({cell.value: cell.column - 1 for cell in sheet[1]},)
    ]
    assert held[0] == held[1]
    assert len(held[0]) == 196
    assert None not in held[0].values()
