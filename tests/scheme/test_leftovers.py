"""What a copied scheme kept by oversight is likely, and is told as such; what is honest is not (KH930–KH933)."""

import pytest

from kaohe_cli.scheme.leftovers import leftovers
from kaohe_cli.scheme.load import FOLDER, examine, load

TEXT = (FOLDER / "hangzhou_2007.toml").read_text("utf-8")

# what stands in a copy that is otherwise rewritten for 2008
REWRITTEN = (
    ('id = "hangzhou_2007"', 'id = "hangzhou_2008"'),
    ('template = "scorecard_2007.xlsx"', 'template = "scorecard_2008.xlsx"'),
    ("year = 2007", "year = 2008"),
    ("杭经运行〔2007〕217号", "杭经运行〔2008〕190号"),
    ("二○○七", "二○○八"),
    ("七月六日", "七月九日"),
    ("2007-07-06", "2008-07-09"),
    ("2007-11-15", "2008-11-15"),
    ("2007年", "2008年"),
)


def copied(*changes: tuple[str, str]) -> str:
    text = TEXT
    for was, becomes in (*REWRITTEN, *changes):
        assert was in text, was
        text = text.replace(was, becomes)
    return text


def told(text: str) -> list[tuple[str, str, str]]:
    found = examine(text.encode(), "某年.toml")
    assert found.content is not None
    problems = list(leftovers(found.content, found.wording, "某年.toml", [load().content]))
    for each in problems:
        assert each.severity == "warning"
        assert each.line is not None
        assert f"某年.toml 第 {each.line} 行的“{each.field}”" in each.message
    return [(each.code, each.field, each.found) for each in problems]


def test_the_scheme_that_comes_along_and_one_rewritten_whole_are_clean() -> None:
    assert told(TEXT) == []
    assert told(copied()) == []


# what the copy still says, or says in place of what is right → what is told
SLIPS = [
    (('id = "hangzhou_2008"', 'id = "杭州2007"'), ("KH930", "id", "2007")),
    (("scorecard_2008.xlsx", "scorecard_2007.xlsx"), ("KH930", "template", "2007")),
    (('title = "二○○八', 'title = "二○○七'), ("KH930", "title", "2007")),
    (("关于印发二○○八年度", "关于印发2006年度"), ("KH930", "notice.heading", "2006")),
    (("〔2008〕190号", "〔2006〕190号"), ("KH930", "notice.number", "2006")),
    (("2008-07-09", "2006-07-09"), ("KH930", "notice.date", "2006")),
    (("二○○八年七月九日", "二○○七年七月九日"), ("KH930", "notice.signed", "2007")),
    (("2008-11-15", "2007-11-15"), ("KH930", "deadline.date", "2007")),
    (("2008年度工作目标责任制考核表》印发", "2007年度工作目标责任制考核表》印发给"),
     ("KH930", "notice.paragraphs 第 4 个", "2007")),
    (("“5%以上”是否包括恰好5%？", "2007年度的5%以上包括恰好5%吗？"), ("KH930", "reading.over5.question", "2007")),
    (("〔2008〕190号", "〔2007〕217号"), ("KH931", "notice.number", "杭经运行〔2007〕217号")),
    (("2008-07-09", "2007-07-06"), ("KH931", "notice.date", "2007-07-06")),
    (("本办法适用于2008年", "本办法适用于2007年"),
     ("KH931", "notice.paragraphs 第 5 个", "本办法适用于2007年，由市经委负责具体解释。")),
    (("分解落实2008年节能", "分解落实2007年节能"),
     ("KH931", "item.1.3.standard", f"{load().content.item[2].standard[:40]}…")),
    (('standard = "完成目标8分。"', 'standard = "完成目标8分。逾期未报的扣2分；共8分；满分8分。"'),
     ("KH932", "item.1.4.standard", "逾期未报的扣2分")),
    (('id = "veto"\nclause = "若', 'id = "veto"\nclause = "若"\nreason = "'), ("KH933", "veto.clause", "若")),
    (('clause = "完成目标8分"\npoints = 8\nrule = { kind = "judged" }\n\n[[item.evidence]]\nmeasure = "upscale"',
      'clause = "8"\npoints = 8\nrule = { kind = "judged" }\n\n[[item.evidence]]\nmeasure = "upscale"'),
     ("KH933", "criterion.1.6.1.clause", "8")),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "said"), SLIPS, ids=[f"{said[0]}-{said[1]}" for _, said in SLIPS])
def test_a_slip_is_told(slip: tuple[str, str], said: tuple[str, str, str]) -> None:
    assert said in told(copied(slip))


HONEST = [
    ("2008-07-09", "2007-12-28"),  # a notice of the year before
    ("2008-11-15", "2009-01-10"),  # returns are due after the year
    ("“5%以上”是否包括恰好5%？", "按2005年可比价，“5%以上”是否包括恰好5%？"),
    ("关于印发二○○八年度", "关于二○○七年度考核结果和二○○八年度"),
    ('standard = "完成目标8分。"', 'standard = "完成目标8分。未完成的扣8分；满分8分；。"'),
]


@pytest.mark.parametrize("honest", HONEST, ids=[becomes[:16] for _, becomes in HONEST])
def test_what_is_honest_is_not_told(honest: tuple[str, str]) -> None:
    text = copied(honest)
    if "2007-12-28" in text:
        text = text.replace("二○○八年七月九日", "二○○七年十二月二十八日")
    assert told(text) == []


def test_a_quote_of_an_option_counts_too() -> None:
    """Where the standard has a sentence that only a decision of the office lets count."""
    was = 'clause = "工业综合经济效益好于上年"\nrule = { parts = [{ points = 4, left = "benefit.actual"'
    extra = copied(("共12分。", "共12分。效益另行核定。"))
    assert ("KH932", "item.1.1.standard", "效益另行核定") in told(extra)
    assert was in extra
    assert told(extra.replace(was, was.replace("工业综合经济效益好于上年", "效益另行核定"))) == []
