"""The line of a key is found by reading the text again, whatever is wrong with it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kaohe_cli.scheme.lines import line_of, outline
from kaohe_cli.scheme.load import FOLDER

TEXT = '''\
# 说明：[[item]] 在此不算
format = 2
year = 2008 # 年度
[notice]
number = "甲〔2008〕1号"
paragraphs = [
  "第一段。[[unit]]",
  """第二段。
year = 1900
""",
]
[[unit]]
code = "01"
name = "甲区"
[[unit]]
code = "02"
name = "甲区"
[[unit]]
code = 3
[[measure]]
id = "sales"
band = { growth = [0.9, 1.4],
  slack = 1 }
[[item]]
id = "1.1"
points = 12

[[item.criterion]]
id = "1.1.1"
rule = { kind = "when", parts = [
  { points = 2, left = "a.done" },
  { points = 2, left = "b.done", also = [
    { left = "c.done" },
  ] },
] }
[[item.criterion]]
id = "1.1.10"
clause = '甲"乙'
[[item]]
id = "1.1.1x"
criterion = [{ id = "2.1" },
  { title = "无编号" }]
[[item.evidence]]
measure = "sales"
test.left = "sales.actual"
[[reading]]
id = "over.5"
clause = "甲"
option = [{ id = "a" }]
[[reading.option]]
id = "b"
[reading.option.change.criterion."1.1.1"]
rule = { points = 3 }
[[basis]]
id = "energy.basis"
default = { "县（市）" = "gdp" }
'''

WANTED = {
    "format": 2,
    "year": 3,
    "notice": 4,
    "notice.number": 5,
    "notice.paragraphs": 6,
    "notice.paragraphs 第 2 个": 8,
    "notice.date": 4,
    "unit": 12,
    "unit.01.name": 14,
    "unit.02.kind": 15,
    "unit.03.name": 12,
    "unit.name.甲区": 15,
    "unit 第 3 个.code": 19,
    "measure.sales.band.growth": 22,
    "measure.sales.band.slack": 23,
    "measure.sales.band.range": 22,
    "measure.sales.actual": 20,
    "item.1.1.points": 26,
    "item.1.1.title": 24,
    "criterion.1.1.1": 28,
    "criterion.1.1.1.rule": 30,
    "criterion.1.1.1.rule.parts 第 1 个.left": 31,
    "criterion.1.1.1.rule.parts 第 2 个.also 第 1 个.left": 33,
    "criterion.1.1.10.clause": 38,
    "criterion.2.1.title": 41,
    "item.1.1.1x.criterion 第 2 个.id": 42,
    "evidence.sales.test": 45,
    "evidence.sales.test.left": 45,
    "id.1.1.1": 28,
    "over.5.clause": 48,
    "reading.over.5.a": 49,
    "reading.over.5.b": 50,
    "reading.over.5.b.change.criterion.1.1.1.title": 52,
    "reading.over.5.b: criterion.1.1.1.rule": 53,
    "reading.over.5.b: criterion.1.1.1.rule.points": 53,
    "reading.over.5.b: class.1.points": 50,
    "energy.basis.clause": 54,
    "basis.energy.basis.default.县（市）": 56,
    "第 8 行第 10 列": 8,
    "文件": None,
    "deadline.clause": None,
    "": None,
}


@pytest.mark.parametrize(("key", "line"), WANTED.items())
def test_a_key_has_a_line(key: str, line: int | None) -> None:
    assert line_of(outline(TEXT), key) == line


def test_lines_end_as_they_may() -> None:
    assert line_of(outline(TEXT.replace("\n", "\r\n")), "criterion.1.1.1.rule") == 30


# what a text of TOML is made of, in any order
PIECES = [
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ",",
    ".",
    "#",
    "\n",
    " ",
    "item",
    "id",
    "甲",
]
KEYS = [*WANTED, "item.id", "id.item", "item 第 1 个.id", "item.甲.criterion", "a.b: c.d: "]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=60), st.sampled_from(KEYS))
@example("[" * 5000 + "]" * 5000, "item")
@example("a = " + "{a=" * 5000, "a" + ".a" * 5000)
@example('"""\\', "item")
def test_no_text_is_too_odd(text: str, key: str) -> None:
    line = line_of(outline(text), key)
    assert key.startswith("第 ") or line is None or 1 <= line <= text.count("\n") + 1


@given(st.data())
def test_a_text_cut_short_has_the_lines_that_it_still_has(data: st.DataObject) -> None:
    """Everything that stood whole before the cut is found where it was."""
    cut = data.draw(st.integers(0, len(TEXT)))
    whole, part = outline(TEXT), outline(TEXT[:cut])
    for key in ("format", "notice.number", "unit.01.name", "item.1.1.points"):
        line = line_of(whole, key)
        assert line is not None
        if cut > len("\n".join(TEXT.split("\n")[:line])):
            assert line_of(part, key) == line


def test_every_key_of_the_scheme_that_comes_along_has_its_own_line() -> None:
    text = (FOLDER / "hangzhou_2007.toml").read_text("utf-8")
    root, lines = outline(text), text.split("\n")
    for number, line in enumerate(lines, 1):
        if line == "[[item.criterion]]":
            id = lines[number].split('"')[1]
            assert line_of(root, f"criterion.{id}") == number
            assert lines[(line_of(root, f"criterion.{id}.rule") or 0) - 1].startswith("rule = ")
        if line == "[[item.evidence]]":
            measure = lines[number].split('"')[1]
            assert line_of(root, f"evidence.{measure}") == number
