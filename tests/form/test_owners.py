"""Whose a file beside the returns is: by its folder, else by its name, and by neither where that is not certain."""

from pathlib import Path

import pytest

from kaohe_cli.form.owners import owners
from kaohe_cli.model import Unit
from kaohe_cli.sheet.folder import FoundFile
from kaohe_cli.sheet.parts import Member

UNITS = [
    Unit(code, name, "区")
    for code, name in (
        ("330102", "上城区"), ("330103", "下城区"), ("330108", "滨江区（高新区）"), ("A1", "江"), ("A2", "江干区"),
    )
]  # fmt: skip
BY_NAME = {unit.name: unit for unit in UNITS}


def file(path: str) -> FoundFile:
    archive, inside, member = path.partition(".zip/")
    if not inside:
        return FoundFile(Path(path), path.rpartition("/")[2], paper=True)
    held = Member(member, member.encode(), 0, 0, 0, 0, 0, False)
    return FoundFile(Path(f"{archive}.zip"), path.rpartition("/")[2], held, paper=True)


def owner(path: str, *returns: str, given: str = "回收") -> str:
    """The unit of the file at ``path``; each of ``returns`` is a path and its unit: 甲/1=上城区."""
    back = [(file(place), BY_NAME[name]) for place, _, name in (each.partition("=") for each in returns)]
    (found,) = owners(UNITS, [file(path)], back, [Path(given)])
    return found.name if found else ""


ALL = ("回收/1.xlsx=上城区", "回收/2.xlsx=下城区")


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("上城区年度工作总结.docx", "上城区"),
        ("关于报送上城区总结的函.pdf", "上城区"),
        ("330102总结.doc", "上城区"),
        ("1330102总结.doc", ""),  # a longer number
        ("滨江区总结.doc", "滨江区（高新区）"),
        ("滨江区(高新区)总结.doc", "滨江区（高新区）"),
        ("江干区总结.doc", "江干区"),  # not 江, whose name is within it
        ("江总结.doc", "江"),
        ("上城区、下城区合作协议.pdf", ""),
        ("扫描件.pdf", ""),
    ],
)
def test_the_name_tells(name: str, unit: str) -> None:
    assert owner(f"回收/{name}", *ALL) == unit


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("回收/上城区/扫描件.pdf", "上城区"),
        ("回收/01上城区材料/佐证/技改/1.pdf", "上城区"),
        ("回收/上城区.zip/1.pdf", "上城区"),
        ("回收/全部.zip/下城区/佐证/1.pdf", "下城区"),
        ("回收/上城区/与下城区合作协议.pdf", "上城区"),  # evidence of the one that tells of the other
        ("回收/上城区/下城区年度工作总结.doc", ""),  # in the wrong folder
        ("回收/佐证/1.pdf", ""),
        ("回收/佐证/上城区1.pdf", "上城区"),
    ],
)
def test_a_folder_of_that_name_tells(path: str, unit: str) -> None:
    assert owner(path, *ALL) == unit


def test_a_folder_with_the_return_of_one_unit_tells() -> None:
    both = ("回收/甲/表/1.xlsx=上城区", "回收/乙/2.xlsx=下城区", "回收/乙/2新.xlsx=下城区")
    assert owner("回收/甲/佐证/1.pdf", *both) == "上城区"
    assert owner("回收/乙/1.pdf", *both) == "下城区"
    assert owner("回收/乙/上城区总结.doc", *both) == ""
    assert owner("回收/丙/1.pdf", *both) == ""
    assert owner("回收/批.zip/甲/1.pdf", "回收/批.zip/甲/表.xlsx=上城区", "回收/批.zip/乙/表.xlsx=下城区") == "上城区"
    # a folder of one name that has the return of another unit
    assert owner("回收/下城区/1.pdf", "回收/下城区/1.xlsx=上城区") == "上城区"


def test_in_what_was_given_the_name_goes_first() -> None:
    """Of the returns only one has come: what lies beside it need not be of the same unit."""
    one = "回收/1.xlsx=上城区"
    assert owner("回收/扫描件.pdf", one) == "上城区"
    assert owner("回收/下城区总结.doc", one) == "下城区"
    assert owner("回收/上城区、下城区协议.pdf", one) == ""
    assert owner("回收/x/1.pdf", one, given="回收/x") == ""  # what was not given says nothing
    assert owner("1.pdf", "1.xlsx=上城区", given=".") == "上城区"
    assert owner("上城区材料/1.pdf", given="上城区材料") == "上城区"
