"""Names of units, in print and plain; which of them can be names of files, and how any name is shown."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe_cli.naming import alike, bare_name, file_name, plain_name, printed_name, readable, spellings, unfit
from kaohe_cli.scheme.load import load


@pytest.mark.parametrize(
    ("said", "printed", "plain", "bare"),
    [
        ("滨江区(高新区)", "滨江区（高新区）", "滨江区(高新区)", "滨江区"),
        ("滨江区（高新区)", "滨江区（高新区）", "滨江区(高新区)", "滨江区"),
        ("滨江区（HHTZ） 甲", "滨江区（HHTZ） 甲", "滨江区(HHTZ) 甲", "滨江区 甲"),
        ("县(市)", "县（市）", "县(市)", "县"),
        ("上城区", "上城区", "上城区", "上城区"),
        ("HEDA (2)", "HEDA (2)", "HEDA (2)", "HEDA"),
        ("HEDA（2）", "HEDA（2）", "HEDA(2)", "HEDA"),
        ("（高新区）", "（高新区）", "(高新区)", "(高新区)"),
        ("", "", "", ""),
    ],
)
def test_names_in_print_and_plain(said: str, printed: str, plain: str, bare: str) -> None:
    assert (printed_name(said), plain_name(said), bare_name(said)) == (printed, plain, bare)
    for change in (printed_name, plain_name, bare_name):
        assert change(change(said)) == change(said)
        assert change(plain_name(printed_name(said))) == change(plain_name(said))
    assert alike(printed) == alike(plain)


def test_a_unit_is_meant_by_its_code_its_name_or_its_bare_name() -> None:
    names = {
        "1": "滨江区（高新区）",
        "2": "钱塘区（东片）",
        "3": "钱塘区（西片）",
        "4": "下沙区",
        "5": "下沙区（新城）",
    }
    assert spellings(names) == {
        "1": "1", "滨江区(高新区)": "1", "滨江区": "1",
        "2": "2", "钱塘区(东片)": "2",
        "3": "3", "钱塘区(西片)": "3",
        "4": "4", "下沙区": "4",
        "5": "5", "下沙区(新城)": "5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "空着"), ("　", "空着"), ("a" * 181, "60 个汉字"), ("区" * 61, "60 个汉字"), ("a/b", "不能有 \\ /"),
        ("a\\b", "不能有"), ("C:", "不能有"), ("[甲]", "不能有"), ("甲\n乙", "看不见"), ("甲\u202e乙", "看不见"),
        ("甲\u200b", "看不见"), ("\ud800", "看不见"), ("\uffff", "看不见"), (".甲", "开头"), ("~$甲", "开头"),
        ("-甲", "开头"), (" 甲", "开头"), ("甲 ", "结尾"), ("甲.", "结尾"), ("CON", "保留"), ("nul", "保留"),
        ("Com1.甲", "保留"), ("ＡＵＸ", "保留"), ("lpt9 .x", "保留"), ("com¹", "保留"), ("CONIN$", "保留"),
    ],
)  # fmt: skip
def test_names_that_no_file_can_have(name: str, rule: str) -> None:
    assert rule in unfit(name)
    with pytest.raises(ValueError, match="不能"):
        file_name(name)


def test_the_units_of_the_scheme_and_others_like_them_serve() -> None:
    names = [unit.name for unit in load().units] + [
        "CONSOLE",
        "甲 乙",
        "甲　乙",
        "区" * 60,
        "滨江区（高新区）",
        "A.B",
        "①",
    ]
    assert len(names) > 20
    assert [name for name in names if unfit(name)] == []
    assert file_name("上城区") == "上城区.xlsx"
    assert file_name("滨江区（高新区）") == file_name("滨江区(高新区)") == "滨江区(高新区).xlsx"
    assert file_name("区" * 59 + "（1") == "区" * 59 + "(1.xlsx", "it is the plain name that has to be short enough"


@given(st.text(max_size=80))
def test_a_name_that_serves_stays_in_its_folder(name: str) -> None:
    if not unfit(name):
        path = Path("/甲/乙") / file_name(name)
        assert path.parent == Path("/甲/乙")
        assert os.path.normpath(path) == str(path)
        assert len(os.fsencode(f".{path.name}.1234567.tmp")) <= 255


@pytest.mark.parametrize(
    ("one", "other"), [("HEDA", "heda"), ("ＨＥＤＡ", "HEDA"), ("滨江区(高新区)", "滨江区（高新区）")]
)
def test_names_alike(one: str, other: str) -> None:
    assert alike(one) == alike(other) != alike("上城区")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("上城区.xlsx".encode(), "上城区.xlsx"),
        ("上城区.xlsx".encode("gb18030"), "上城区.xlsx"),
        ("滨江区（高新区）·改①.xls".encode("gb18030"), "滨江区（高新区）·改①.xls"),
        (b"\xff\xfe.xlsx", "\\xff\\xfe.xlsx"),
        (b"caf\xe9.xlsx", "caf\\xe9.xlsx"),
        (b"\xe9\x9f.xlsx", "闊.xlsx"),
        ("回收/".encode() + "上城区.xlsx".encode("gb18030"), "回收/上城区.xlsx"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="names are never bytes there")
def test_names_that_are_not_utf_8(raw: bytes, said: str) -> None:
    assert readable(os.fsdecode(raw)) == readable(Path(os.fsdecode(raw))) == said


@given(st.binary(max_size=40).filter(lambda raw: b"\0" not in raw))
def test_every_name_can_be_shown(raw: bytes) -> None:
    readable(os.fsdecode(raw)).encode()


def test_half_of_a_pair_is_spelled_out() -> None:
    assert readable("甲\ud83d") == "甲\\ud83d"
