"""Every faulty 方案.xlsx: the exact codes and cells, in words that an official knows; its checked copy."""

import re

import pytest
from faulty import DEFECTS, FILE, Author, Defect, full

from kaohe_cli.diagnostic import Problem
from kaohe_cli.scheme.load import examine

# what an author of these calls things, as ids of readings, options and measures
OWN = {
    "pace", "with", "without", "honour", "five", "six", "seven", "end", "never", "late", "safe", "fraud", "output",
    "invest", "energy", "national", "provincial", "accident", "plan", "quota", "quota.basis", "large", "small", "gdp",
    "tax", "U01", "U02", "REF",
}  # fmt: skip
COLUMN = re.compile(r"（[A-Z]{1,2}\d+ 写的是")
PROGRAM = ("缺少这个键", "“”", "Decimal", "None", "basis", "['")


def read(data: bytes) -> tuple[Problem, ...]:
    return examine(data, FILE).problems


def where(problem: Problem) -> str:
    return f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet


@pytest.fixture(scope="module")
def before() -> Author:
    return Author()


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    """The faulty workbooks, each made once."""
    made = {}
    for each in DEFECTS:
        author = Author()
        each.edit(author)
        made[each.name] = author.data()
    return made


def test_what_all_are_made_of_is_sound() -> None:
    assert [each.message for each in (*read(full()), *read(Author().data()))] == []
    assert len({each.name for each in DEFECTS}) == len(DEFECTS) > 150


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_the_defect_is_told_in_its_cell_and_no_other(defect: Defect, before: Author, written: dict[str, bytes]) -> None:
    problems = read(written[defect.name])
    told = sorted((each.code, where(each)) for each in problems)
    meant = sorted((code, before.where(place)) for code, place in defect.told)
    assert told == meant, [each.message for each in problems]
    assert all(each.severity == "error" for each in problems)
    text = "\n".join(f"{each.message}\n{each.fix}" for each in problems)
    assert [said for said in defect.says if said not in text] == []
    for each in problems:
        assert_understood(each)


def assert_understood(problem: Problem) -> None:
    """An official understands it: no word of the program, nothing empty between quotes."""
    said = COLUMN.sub("", problem.message).replace(FILE, "文件")
    assert [word for word in PROGRAM if word in said.replace("quota.basis", "")] == [], said
    words = set(re.findall(r"[A-Za-z_][A-Za-z0-9_.]*", said))
    assert words - OWN == set(), said
    assert re.search("[一-鿿]", said)
