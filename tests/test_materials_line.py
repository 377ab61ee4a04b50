"""Files beside the returns, as the office meets them: by check, score and verify, in folders and archives."""

import os
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from command import ROOT, Ran, kaohe

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "samples"
LAST = "淳安县"  # whose summary is still to come in the samples


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """The samples, in a folder of their own."""
    for name in ("回收", "考核设置.xlsx"):
        source = SAMPLES / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


def score(year: Path, *more: str | Path) -> Ran:
    given = ("--settings", year / "考核设置.xlsx", "--output", year / "评分底稿.xlsx")
    return kaohe("score", year / "回收", *given, *more)


def told(ran: Ran, *codes: str) -> list[tuple[str, str | None, str | None]]:
    """What was told of files beside the returns: code, unit, file."""
    problems = ran.json["problems"]
    return [(each["code"], each["unit"], each["file"]) for each in problems if each["code"] in codes]


def unit(ran: Ran, name: str) -> dict[str, object]:
    return next(dict(each) for each in ran.json["units"] if each["unit"] == name)


def fill_evidence(path: Path, text: str) -> None:
    """Write ``text`` as 佐证材料 of the first measure of a return."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "佐证材料":
                    sheet.cell(cell.row + 1, cell.column).value = text
                    book.save(path)
                    return
    raise AssertionError("no such column")


def test_score_says_in_one_line_what_came(year: Path) -> None:
    ran = score(year)
    assert f"另登记材料 13 份（年度工作总结 13 份，缺 1 份：{LAST}）。" in ran.err + ran.out
    assert "KH021" not in ran.err + ran.out
    assert score(year, "--json").json["units"][0]["lacking"] == []
    assert unit(score(year, "--json"), LAST)["lacking"] == ["年度工作总结"]


def test_what_is_nobody_s_is_told_in_one_note(year: Path) -> None:
    for name in ("扫描件.pdf", "公函.doc"):
        (year / "回收" / name).write_bytes(b"x")
    ran = score(year, "--json")
    (note,) = (each for each in ran.json["problems"] if each["code"] == "KH026")
    assert note["severity"] == "note"
    assert note["found"] == "公函.doc、扫描件.pdf"


def test_the_office_s_own_files_are_no_one_s_where_its_folder_is_given(year: Path) -> None:
    usual = score(year, "--json")
    for folder, name in (
        ("反馈", "上城区.xlsx"),
        ("下发", "上城区.xlsx"),
        ("答复", "上城区.docx"),
        ("整改", "上城区.docx"),
    ):
        (year / folder).mkdir()
        shutil.copy(year / "回收" / "上城区.xlsx", year / folder / name)
    (year / "通报.docx").write_bytes(b"x")
    shutil.copy(year / "评分底稿.xlsx", year / "评分底稿.20071201-101010.xlsx")
    given = ("--settings", year / "考核设置.xlsx", "--output", year / "评分底稿.xlsx")
    ran = kaohe("score", year, *given, "--json")
    assert told(ran, "KH026", "KH210", "KH211", "KH232", "KH235") == []
    (note,) = (each for each in ran.json["problems"] if each["code"] == "KH040")
    own = "考核设置.xlsx、评分底稿.20071201-101010.xlsx、评分底稿.xlsx、下发、反馈、答复、整改、通报.docx"
    assert sorted(note["found"].split("、")) == sorted(own.split("、"))
    assert [unit["materials"] for unit in ran.json["units"]] == [unit["materials"] for unit in usual.json["units"]]
    assert "KH040" not in score(year).err, "where the folder of returns is given, whatever it is called"
    (year / "回收" / "整改").mkdir()
    shutil.copy(year / "整改" / "上城区.docx", year / "回收" / "整改" / "上城区整改情况.docx")
    files = [each["file"] for each in score(year, "--json").json["units"][0]["materials"]]
    assert "上城区整改情况.docx" in files


def test_evidence_is_matched_and_what_is_not_there_is_told(year: Path) -> None:
    back, beside = year / "回收" / "上城区.xlsx", year / "回收" / "上城区"
    beside.mkdir()
    fill_evidence(back, "见技改清单，附件3 备案表.pdf")
    (beside / "技改清单.jpg").write_bytes(b"scanned")
    ran = score(year, "--json")
    assert told(ran, "KH273") == [("KH273", "上城区", "上城区.xlsx")]
    (wrong,) = (each for each in ran.json["problems"] if each["code"] == "KH273")
    assert (wrong["severity"], wrong["found"], bool(wrong["cell"])) == ("warning", "附件3备案表.pdf", True)
    held = unit(ran, "上城区")
    field = wrong["field"]
    assert held["evidence"] == [
        {"field": field, "said": "见技改清单，附件3 备案表.pdf", "found": True, "missing": ["附件3备案表.pdf"]}
    ]
    assert [(each["file"], each["kind"], each["fields"]) for each in held["materials"]] == [  # type: ignore[attr-defined]
        ("上城区年度工作总结.txt", "asked", []), ("技改清单.jpg", "evidence", [field]),
    ]  # fmt: skip
    (beside / "备案表.pdf").write_bytes(b"scanned too")
    assert told(score(year, "--json"), "KH273") == []


def test_a_workbook_that_is_no_form_is_a_material_beside_the_form(year: Path) -> None:
    for name in ("上城区", "别处"):
        (year / "回收" / name).mkdir()
        book = openpyxl.Workbook()
        book.active["A1"] = "技改清单"
        book.save(year / "回收" / name / "技改清单.xlsx")
    ran = score(year, "--json")
    assert told(ran, "KH029", "KH211") == [
        ("KH211", None, "别处/技改清单.xlsx"), ("KH029", "上城区", "上城区/技改清单.xlsx"),
    ]  # fmt: skip
    # it may be the form itself, spoilt, where no other has come
    (year / "回收" / "上城区.xlsx").unlink()
    ran = score(year, "--json")
    assert [code for code, *_ in told(ran, "KH029", "KH211")] == ["KH211", "KH211"]


def test_what_cannot_be_read_is_registered_as_there(year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaohe_cli.sheet.digest.LARGEST", 100)
    (year / "回收" / "上城区扫描件.pdf").write_bytes(b"x" * 101)
    ran = score(year, "--json")
    assert told(ran, "KH027") == [("KH027", "上城区", "上城区扫描件.pdf")]
    (scan,) = (each for each in unit(ran, "上城区")["materials"] if each["size"] == 101)  # type: ignore[attr-defined]
    assert scan["sha256"] is None


def test_an_empty_file_is_nothing_that_came(year: Path) -> None:
    (year / "回收" / f"{LAST}年度工作总结.docx").write_bytes(b"")
    ran = score(year, "--json")
    assert told(ran, "KH027") == [("KH027", LAST, f"{LAST}年度工作总结.docx")]
    assert unit(ran, LAST)["lacking"] == ["年度工作总结"]
    page = openpyxl.load_workbook(year / "评分底稿.xlsx")["材料登记"]
    rows = [[cell.value for cell in row[1:5]] for row in page.iter_rows(min_row=3) if row[1].value == LAST]
    assert rows == [[LAST, "年度工作总结", None, "缺"], [LAST, "其他", f"{LAST}年度工作总结.docx", "空文件"]]


def test_links_that_lead_out_are_not_followed(year: Path) -> None:
    (year / "别处.pdf").write_bytes(b"x")
    try:
        os.symlink(year / "别处.pdf", year / "回收" / "上城区扫描件.pdf")
    except OSError:
        pytest.skip("links are not allowed on this system")
    ran = score(year, "--json")
    assert told(ran, "KH022") == [("KH022", None, "上城区扫描件.pdf")]
    assert len(unit(ran, "上城区")["materials"]) == 1  # type: ignore[arg-type]


def test_check_lists_materials_too(year: Path) -> None:
    own = year / "我的"
    own.mkdir()
    for name in ("上城区.xlsx", "上城区年度工作总结.txt"):
        shutil.copy(year / "回收" / name, own / name)
    ran = kaohe("check", own, "--json")
    assert [each["title"] for each in unit(ran, "上城区")["materials"]] == ["年度工作总结"]  # type: ignore[attr-defined]
    assert "另登记材料 1 份（年度工作总结 1 份）。" in kaohe("check", own).err


def test_an_archive_of_one_unit_may_hold_all(year: Path) -> None:
    with zipfile.ZipFile(year / "回收" / "上城区.zip", "w") as archive:
        for path in [*(year / "回收").glob("上城区*.*")]:
            if path.suffix != ".zip":
                archive.write(path, path.name)
                path.unlink()
        archive.writestr("佐证/清单.pdf", b"x")
    ran = score(year, "--json")
    assert [each["file"] for each in unit(ran, "上城区")["materials"]] == [  # type: ignore[attr-defined]
        "上城区.zip/上城区年度工作总结.txt", "上城区.zip/佐证/清单.pdf",
    ]  # fmt: skip


def test_verify_minds_what_is_at_hand_alone(year: Path) -> None:
    score(year)
    ledger, result = year / "评分底稿.xlsx", year / "考核结果.xlsx"
    assert kaohe("rank", ledger, "--output", result).code == 0
    summary = year / "回收" / "上城区年度工作总结.txt"
    assert "材料：与当时相同 13 份" in kaohe("verify", result).out
    data = summary.read_bytes()
    summary.unlink()
    ran = kaohe("verify", result)
    assert ran.code == 0
    assert "材料：与当时相同 12 份，不在手边 1 份" in ran.out
    summary.write_bytes(data + b"!")
    ran = kaohe("verify", result)
    assert ran.code == 1
    assert "KH028" in ran.err
    assert "上城区年度工作总结.txt" in ran.err
    # found again wherever it lies
    (year / "回收" / "另存").mkdir()
    summary.write_bytes(data)
    summary.rename(year / "回收" / "另存" / summary.name)
    assert kaohe("verify", result).code == 0
