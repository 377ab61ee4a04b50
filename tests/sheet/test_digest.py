"""A file that is not opened is known by its size and its digest, within bounds; what cannot be read says why."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest
from hostile import zipped

from kaohe_cli.sheet import digest as digesting
from kaohe_cli.sheet.digest import digest, digests
from kaohe_cli.sheet.folder import FoundFile, search


def test_a_file_and_one_in_an_archive_have_the_same_digest(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    (tmp_path / "甲.pdf").write_bytes(data)
    (tmp_path / "乙.zip").write_bytes(zipped([("里/甲.pdf", data), ("空.txt", b"")]))
    found = search([tmp_path])
    assert [(each.name, each.folder[-1]) for each in found.papers] == [
        ("乙.zip/空.txt", "乙.zip"), ("乙.zip/里/甲.pdf", "里"), ("甲.pdf", tmp_path.name),
    ]  # fmt: skip
    empty, *same = digests(found.papers)
    assert (empty.size, empty.sha256) == (0, hashlib.sha256().hexdigest())
    assert {(each.size, each.sha256, each.why) for each in same} == {(len(data), hashlib.sha256(data).hexdigest(), "")}


def test_what_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "大.pdf"
    with path.open("wb") as sparse:
        sparse.truncate(digesting.LARGEST + 1)
    told = digest(FoundFile(path, path.name))
    assert (told.size, told.sha256, told.why) == (digesting.LARGEST + 1, "", "超过 1,024 MB")
    monkeypatch.setattr(digesting, "TOGETHER", 5)
    for name in ("一.txt", "二.txt"):
        (tmp_path / name).write_bytes(b"1234")
    some = [each for each in search([tmp_path]).papers if each.name != "大.pdf"]
    assert [bool(each.sha256) for each in digests(some)] == [True, False]


def test_an_archive_that_is_damaged_or_locked_says_so(tmp_path: Path) -> None:
    path = tmp_path / "坏.zip"
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("扫描.pdf", b"x" * 1000)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"x" * 1000, b"x" * 999 + b"y"))
    (paper,) = search([path]).papers
    assert digest(paper).sha256 == ""
    assert digest(paper).why == "内容与校验值不符"
    locked = bytearray(data)
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[data.index(signature) + flag] |= 1
    path.write_bytes(locked)
    (paper,) = search([path]).papers
    assert digest(paper).why == "有密码"


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    assert digest(FoundFile(tmp_path / "没有.pdf", "没有.pdf")).why
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "管道.pdf")
        assert digest(FoundFile(tmp_path / "管道.pdf", "管道.pdf")).why == "不是普通文件"
