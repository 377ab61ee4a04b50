"""Files beside a return against what was asked for and what a unit names: matched only where that is certain."""

import pytest
from msgspec.structs import replace

from kaohe_cli.assess.attached import Registration, counted, registration
from kaohe_cli.model import Attachment, Case, Entry, Unit
from kaohe_cli.scheme.load import load

SCHEME = load()
UNIT = Unit("330102", "上城区", "区", "上城区经济发展局")
ASKED = "年度工作总结"


def registered(*files: str, **evidence: str) -> Registration:
    reported = {f"{measure}.evidence": Entry(said) for measure, said in evidence.items()}
    return registration(
        SCHEME, Case(UNIT, "received", reported), [Attachment("330102", each, 1, "ab") for each in files]
    )


@pytest.mark.parametrize(
    "name",
    [
        "上城区年度工作总结.docx", "上城区2007年工作总结.doc", "年度总结（盖章）.pdf", "二○○七年年终总结.wps",
        "总结.doc",
        "上城区经发局2007年工作总结及2008年工作思路.doc", "关于上城区2007年度工作总结的报告.pdf",
        "工作总结（上城区）.pdf", "上城区经济发展局2007年度工作总结.doc", "附件1：工作总结2007（最终稿）.doc",
        "上城区/材料/２００７年工作总结.doc",
    ],
)  # fmt: skip
def test_a_summary_is_known_by_its_name(name: str) -> None:
    held = registered(name)
    assert [(each.title, each.kind) for each in held.files] == [(ASKED, "asked")]
    assert held.lacking == ()


@pytest.mark.parametrize(
    "name",
    [
        "技改项目总结报告.pdf", "总结表彰大会照片.jpg", "2007年上半年工作总结.doc", "技改工作总结.pdf", "扫描件.pdf",
        "上城区信息化工作总结.doc", "总结会通知.doc", "一季度工作总结.doc",
    ],
)  # fmt: skip
def test_what_is_about_something_else_is_no_summary(name: str) -> None:
    held = registered(name)
    assert [(each.title, each.kind) for each in held.files] == [("", "other")]
    assert held.lacking == (ASKED,)


def meant(said: str, *files: str) -> tuple[list[str], list[str]]:
    """The files that an entry means, and those that it names and that are not there."""
    held = registered(*files, sales=said)
    (mention,) = held.mentions
    found = [each.attachment.file for each in held.files if each.measures]
    assert mention.found == bool(found)
    return found, list(mention.missing)


@pytest.mark.parametrize(
    ("said", "files", "found", "missing"),
    [
        ("附件3 技改项目备案表.pdf", ["上城区技改项目备案表.pdf"], [0], []),
        ("附件3 技改项目备案表.pdf", ["技改项目备案表.jpg"], [0], []),  # scanned otherwise
        ("附件3 技改项目备案表.pdf", ["其他.pdf"], [], ["附件3技改项目备案表.pdf"]),
        ("技改1.pdf、技改2.pdf", ["技改1.pdf"], [0], ["技改2.pdf"]),
        ("技改.pdf", ["技改1.pdf", "技改2.pdf"], [], []),  # which of both is not certain, and yet it is there
        ("A.PDF b.docx", ["a.pdf"], [0], ["b.docx"]),
        ("a.pdf\nb.docx", ["a.pdf", "B.docx"], [0, 1], []),
        ("附件3", ["附件3.pdf", "附件31.pdf"], [0], []),
        ("附件31", ["附件3.pdf", "附件31.pdf"], [1], []),
        ("见技改清单", ["上城区技改清单.xlsx", "二期技改清单.pdf"], [0], []),
        ("见二期技改清单", ["技改清单.xlsx", "二期技改清单.pdf"], [1], []),
        ("技改清单2", ["技改清单1.pdf", "技改清单2.pdf"], [1], []),
        ("技改清单", ["技改清单1.pdf", "技改清单2.pdf"], [0, 1], []),
        ("统计快报", ["1-12月统计快报（盖章）.pdf"], [0], []),
        ("统计快报", ["一月统计快报表.pdf", "二月统计快报表.pdf"], [], []),
        ("见附件", ["附件.pdf", "证明材料.pdf"], [], []),  # what every file may be called
        ("详见上城区.xlsx", [], [], []),  # the form itself
        ("2007.pdf", ["2008.pdf"], [], ["2007.pdf"]),
        ("市统计局2007年快报", [], [], []),
        ("技改清单.pdf", ["佐证/技改清单.pdf"], [0], []),
        ("技改清单.pdf", ["上城区经济发展局技改清单.pdf"], [0], []),
    ],
)
def test_an_entry_means_what_it_certainly_names(
    said: str, files: list[str], found: list[int], missing: list[str]
) -> None:
    assert meant(said, *files) == ([files[at] for at in found], missing)


def test_entries_may_share_a_file() -> None:
    held = registered("技改清单.pdf", "其他.pdf", sales="见技改清单", invest="技改清单.pdf")
    assert [each.measures for each in held.files] == [("sales", "invest"), ()]
    assert [each.kind for each in held.files] == ["evidence", "other"]


@pytest.mark.parametrize("sign", ["a", "见", "附件", "局", "修改稿", "1", ".", "工作", "技改清单"])
def test_long_names_and_entries_cost_little(sign: str) -> None:
    meant(sign * 3000, f"{sign * 80}.pdf", f"{sign * 40}总结.doc")


def test_what_came_is_said_in_one_line() -> None:
    units = [replace(UNIT, code=str(number), name=f"{number}号区") for number in range(6)]
    cases = [Case(unit, "received", {}) for unit in units]
    files = [Attachment("0", "0号区年度总结.doc", 1, "ab"), Attachment("0", "1.pdf", 1, "cd")]
    assert counted(SCHEME, cases, files) == ("登记材料 2 份（年度工作总结 1 份，缺 5 份：1号区、2号区、3号区等 5 个）",)
    assert counted(SCHEME, cases, []) == ()
