"""What is found in folders and archives, and what is left aside."""

import pickle
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hostile import cell, patched, workbook, zipped

from kaohe_cli.sheet import folder, reader
from kaohe_cli.sheet.folder import find_files, search


def names(paths: list[Path]) -> tuple[list[str], list[tuple[str, str]]]:
    found, problems = find_files(paths)
    return [one.name for one in found], [(problem.code, problem.file) for problem in problems]


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    files = (
        "乙/2.xlsx 乙/1.xls 甲.et 乙/丙/3.ods 不知.dat 乙/扫描.pdf 乙/~$1.xlsx .隐/4.xlsx Thumbs.db 乙/.~lock.3.ods#"
    )
    for name in files.split():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert names([tmp_path]) == (
        ["不知.dat", "甲.et", "1.xls", "2.xlsx", "3.ods"],
        [("KH020", ".~lock.3.ods#"), ("KH020", "~$1.xlsx"), ("KH021", "扫描.pdf")],
    )
    assert names([tmp_path / "乙" / "扫描.pdf"]) == (["扫描.pdf"], [])  # named by itself: opening it says what it is
    assert names([tmp_path, tmp_path / "乙", tmp_path / "甲.et"])[0] == names([tmp_path])[0]  # none twice
    assert names([tmp_path / "没有.xlsx"]) == (["没有.xlsx"], [])


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert names([tmp_path]) == ([], [("KH025", tmp_path.name)])


def test_a_folder_of_too_many_files_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.xlsx").write_bytes(b"x")
    assert names([tmp_path]) == (["0.xlsx", "1.xlsx", "2.xlsx"], [("KH023", tmp_path.name)])


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "外", tmp_path / "内"
    outside.mkdir()
    inside.mkdir()
    (outside / "机密.xlsx").write_bytes(b"x")
    (inside / "1.xlsx").write_bytes(b"x")
    try:
        (inside / "链.xlsx").symlink_to(outside / "机密.xlsx")
        (inside / "目录").symlink_to(outside)
        (inside / "环").symlink_to(inside)
    except OSError:
        pytest.skip("links are not allowed on this system")
    assert names([inside]) == (["1.xlsx"], [("KH022", "环"), ("KH022", "目录"), ("KH022", "链.xlsx")])
    assert names([inside / "链.xlsx"]) == (["链.xlsx"], [])  # given by itself, it is meant


def test_a_link_within_the_folder_does_not_stand_for_the_file_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "余杭区.xlsx").write_bytes(b"x")
    try:
        (tmp_path / "上城区.pdf").symlink_to(tmp_path / "余杭区.xlsx")
        (tmp_path / "再链.pdf").symlink_to(tmp_path / "余杭区.xlsx")
    except OSError:
        pytest.skip("links are not allowed on this system")
    found = search([tmp_path])
    assert ([each.name for each in found.files], found.papers) == (["余杭区.xlsx"], ())


def gbk_archive(path: Path, files: dict[str, bytes]) -> None:
    """An archive as Chinese Windows makes it: names in GBK, and no word about it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in files.items():
            container.writestr(name.encode("gbk").hex().ljust(80, "x"), content)
    data = path.read_bytes()
    for name in files:
        raw = name.encode("gbk")
        data = data.replace(raw.hex().ljust(80, "x").encode(), raw.ljust(80, b" ").replace(b" ", b"_"))
    path.write_bytes(data)


def test_workbooks_in_an_archive_are_read(tmp_path: Path) -> None:
    path = tmp_path / "回收.zip"
    path.write_bytes(
        zipped(
            [
                ("乙.xlsx", workbook(cell('<c r="B2"><v>2</v></c>'))), ("甲/乙.xlsx", workbook()), ("甲/", b""),
                ("__MACOSX/._乙.xlsx", b"x"), (".DS_Store", b"x"), ("~$乙.xlsx", b"x"), ("说明.docx", b"x"),
                ("里.zip", b"PK"), ("../../外.xlsx", workbook()), ("页.xls", b"<html>"),
            ]
        )
    )  # fmt: skip
    found, problems = find_files([path])
    assert [one.name for one in found] == [
        "回收.zip/外.xlsx",
        "回收.zip/乙.xlsx",
        "回收.zip/甲/乙.xlsx",
        "回收.zip/页.xls",
    ]
    assert sorted((problem.code, problem.file) for problem in problems) == [
        ("KH020", "回收.zip/~$乙.xlsx"), ("KH021", "回收.zip/说明.docx"), ("KH024", "回收.zip/里.zip"),
    ]  # fmt: skip
    outcomes = [reader.read_found(pickle.loads(pickle.dumps(one))) for one in found]
    assert [book and len(book.sheets[0].cells) for book, _ in outcomes] == [1, 2, 1, None]
    assert outcomes[1][0] is not None
    assert outcomes[1][0].file == "回收.zip/乙.xlsx"
    assert [problem.code for problem in outcomes[3][1]] == ["KH006"]


def test_names_in_gbk_are_mended(tmp_path: Path) -> None:
    path = tmp_path / "回收.zip"
    gbk_archive(path, {"上城区.xlsx": workbook(), "下城区.xlsx": workbook()})
    found, problems = find_files([path])
    assert not problems
    assert sorted(one.name.rstrip("_") for one in found) == ["回收.zip/上城区.xlsx", "回收.zip/下城区.xlsx"]
    assert all(reader.read_found(one)[0] is not None for one in found)


def test_a_name_that_is_marked_as_utf_8_is_taken_by_its_mark(tmp_path: Path) -> None:
    """Beside a name in another code page the extra field may give it in UTF-8, with the checksum of the other."""
    raw = "表.xlsx".encode("gbk")
    for checksum, name in ((zlib.crc32(raw), "上城区.xlsx"), (0, "表.xlsx")):
        extra = struct.pack("<HHBI", 0x7075, 5 + len("上城区.xlsx".encode()), 1, checksum) + "上城区.xlsx".encode()
        entry = zipfile.ZipInfo("x" * len(raw))
        entry.extra = struct.pack("<HH", 0xCAFE, 2) + b"ab" + extra
        path = tmp_path / "回收.zip"
        with zipfile.ZipFile(path, "w") as container:
            container.writestr(entry, workbook())
        path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
        found, problems = find_files([path])
        assert not problems
        assert [one.name for one in found] == [f"回收.zip/{name}"]
        assert reader.read_found(found[0])[0] is not None


def test_an_archive_without_end_is_not_read_through(tmp_path: Path) -> None:
    path = tmp_path / "回收.zip"
    with path.open("wb") as sparse:
        sparse.write(b"PK\3\4")
        sparse.truncate(3 << 30)
    assert names([path]) == ([], [("KH002", "回收.zip")])


def test_an_archive_whose_files_are_one_and_the_same_is_refused(tmp_path: Path) -> None:
    """Thousands of entries that lead to the same bytes would be read for hours."""
    made = zipped([("a00.xlsx", workbook())])
    start, end = made.index(b"PK\1\2"), made.index(b"PK\5\6")
    entries = b"".join(made[start:end].replace(b"a00", f"a{n:02}".encode()) for n in range(100))
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 100, 100, len(entries), start, 0)
    path = tmp_path / "回收.zip"
    path.write_bytes(made[:start] + entries + tail)
    assert names([path]) == ([], [("KH013", "回收.zip")])


def test_an_archive_of_more_than_any_office_collects_is_refused(tmp_path: Path) -> None:
    data = zipped([(f"{n}.xlsx", b"x") for n in range(3)])
    for n in range(3):
        data = patched(data, f"{n}.xlsx", 24, "<I", 2 << 30)
    (tmp_path / "回收.zip").write_bytes(data)
    assert names([tmp_path / "回收.zip"]) == ([], [("KH003", "回收.zip")])


def test_a_file_in_an_archive_that_is_more_than_it_claims_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "回收.zip"
    path.write_bytes(patched(zipped([("大.xlsx", b" " * 5_000_000)]), "大.xlsx", 24, "<I", 9))
    (found,), problems = find_files([path])
    assert not problems
    assert [problem.code for problem in reader.read_found(found)[1]] == ["KH013"]


def test_archives_that_cannot_be_taken(tmp_path: Path) -> None:
    (tmp_path / "空.zip").write_bytes(zipped([]))
    assert names([tmp_path / "空.zip"]) == ([], [("KH025", "空.zip")])
    (tmp_path / "半.zip").write_bytes(zipped([("a.xlsx", workbook())])[:300])
    assert names([tmp_path / "半.zip"]) == ([], [("KH013", "半.zip")])
    (tmp_path / "表.zip").write_bytes(workbook())
    assert names([tmp_path / "表.zip"]) == (["表.zip"], [])
    assert reader.read_workbook(tmp_path / "表.zip")[0] is not None
    big = zipped([("大.xlsx", b"\0" * (21 << 20)), ("小.xlsx", workbook())])
    (tmp_path / "大.zip").write_bytes(big)
    found, _ = find_files([tmp_path / "大.zip"])
    outcomes = [reader.read_found(one) for one in found]
    assert [problem.code for problem in outcomes[0][1]] == ["KH002"]
    assert outcomes[1][0] is not None
    locked = bytearray(zipped([("锁.xlsx", workbook())]))
    locked[locked.rindex(b"PK\1\2") + 8] |= 1
    (tmp_path / "锁.zip").write_bytes(locked)
    found, _ = find_files([tmp_path / "锁.zip"])
    assert [problem.code for problem in reader.read_found(found[0])[1]] == ["KH004"]
