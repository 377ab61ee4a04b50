"""Every sound scheme says the same in a workbook as in its text, whatever is decided; and again in a text of its own.

``KAOHE_SCHEMES`` sets how many schemes the long run tries.
"""

from decimal import Decimal

import pytest
from amounts import amount
from schemes import Table, toml
from test_any_scheme import sound

from kaohe_cli.scheme.book.door import original_of, read
from kaohe_cli.scheme.book.made import alike, made_from, tables_again
from kaohe_cli.scheme.load import examine, parse
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.toml import merged, text_of
from kaohe_cli.sheet.book import Book
from kaohe_cli.sheet.reader import read_bytes

FAST, SLOW = (9, 107), amount(4, 100)  # marks of three judges, of two, of one


def opened(data: bytes, name: str) -> Book:
    book, _ = read_bytes(data, name)
    assert book is not None
    return book


def same_everywhere(raw: Table) -> Scheme:
    """The scheme of ``raw``, which is found again in its workbook, in the text of that, and in a workbook of that."""
    text = toml(raw)
    scheme = parse(text.encode(), "any.toml")
    book = made_from(scheme.raw, text)
    found = examine(book, "方案.xlsx")
    assert [each.message for each in found.problems if each.severity == "error"] == []
    assert found.scheme is not None
    assert alike(scheme, found.scheme)
    assert found.scheme.content.trial == scheme.content.trial
    assert merged(original_of(opened(book, "方案.xlsx")), tables_again(text), found.scheme.raw) == text
    again = text_of(found.scheme.raw)
    written = parse(again.encode(), "any.toml")
    assert alike(scheme, written)
    tables, _, _ = read(made_from(written.raw), "方案.xlsx")
    assert tables is not None
    assert text_of(tables) == again
    return scheme


@pytest.mark.parametrize("seed", FAST)
def test_a_workbook_says_the_same(seed: int) -> None:
    assert same_everywhere(sound(seed)).content.trial


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4000, 4000 + SLOW))
def test_many_workbooks_say_the_same(seed: int) -> None:
    same_everywhere(sound(seed))


HEAD = """format = 2
id = "any"
year = 2015
title = "考核表"
name = "考核"
template = "any.xlsx"
[notice]
number = "1"
issuer = "某局"
issuer_short = "某局"
heading = "通知"
addressees = "各单位："
paragraphs = ["正文。"]
signed = "某日"
[[unit]]
code = "A"
name = "甲局"
kind = "局"
[[item]]
id = "1"
title = "产值"
content = "产值"
standard = "产值增长3分，完成方案2分，评2分"
[[item.criterion]]
id = "1.1"
title = "增长"
clause = "产值增长3分"
points = 3
rule = { kind = "when", parts = [{ points = 3, left = "rate.actual", compare = ">=", number = 5 }] }
[[item.criterion]]
id = "1.2"
title = "方案"
clause = "完成方案2分"
points = 2
rule = { kind = "when", parts = [{ points = 2, left = "plan.done", compare = "done" }] }
[[item.criterion]]
id = "1.3"
title = "评"
clause = "评2分"
points = 2
rule = { kind = "judged", judges = 3 }
[[measure]]
id = "rate"
item = "1"
title = "增长率"
unit = "%"
actual = {}
[[measure]]
id = "cost"
item = "1"
title = "能耗"
unit = "吨"
target = { by = "basis" }
actual = {}
[[measure]]
id = "plan"
item = "1"
title = "方案"
done = { waivable = true, words = ["已编制", "未编制"] }
[[item.criterion]]
id = "1.4"
title = "能耗"
clause = "产值"
points = 1
rule = { kind = "when", parts = [{ points = 1, left = "cost.actual", compare = "<=", right = "cost.target" }] }
[[basis]]
id = "cost.basis"
figure = "cost.target"
clause = ""
question = "按哪一项？"
option = [{ id = "own", label = "本单位", value = 4 }, { id = "all", label = "全市", value = "3.5" }]
default = { "局" = "own" }
"""
TRIALS = """
[[trial]]
name = "乙方"
figure = { "rate.actual" = 5.25, "plan.done" = "已编制", "cost.actual" = 4, "cost.basis" = "all" }
mark = { "1.3" = ["1.5", 2, 1] }
points = { "1.1" = 3, "1.2" = 2, "1.3" = "1.5", "1.4" = 0, "1" = "6.5" }
total = "6.5"
place = 2
[[trial]]
name = "甲方"
kind = "局"
figure = { "rate.actual" = 4, "plan.done" = "无任务", "cost.actual" = 4, "cost.basis" = "own" }
mark = { "1.3" = [2] }
[[trial]]
name = "丙方"
figure = { "plan.done" = "未完成" }
veto = true
mark = { "1.3" = 2 }
points = { "1.2" = 0, "1.3" = 2 }
"""


def test_trials_stand_in_both() -> None:
    text = HEAD.replace('[[measure]]\nid = "rate"', '[[veto]]\nclause = ""\n[[measure]]\nid = "rate"') + TRIALS
    scheme = parse(text.encode(), "any.toml")
    book = made_from(scheme.raw, text)
    found = examine(book, "方案.xlsx").scheme
    assert found is not None
    assert [each.name for each in found.content.trial] == ["乙方", "甲方", "丙方"]
    assert [each.mark["1.3"] for each in found.content.trial] == [(Decimal("1.5"), 2, 1), (2,), 2]
    assert [each.figure.get("cost.basis") for each in found.content.trial] == ["all", "own", None]
    assert [each.figure["plan.done"] for each in found.content.trial] == ["已编制", "无任务", "未完成"]
    assert found.content.trial[0].figure["rate.actual"] == Decimal("5.25")
    assert alike(scheme, found)
    again = text_of(found.raw)
    assert alike(scheme, parse(again.encode(), "any.toml"))
    assert merged(text, tables_again(text), found.raw) == text
