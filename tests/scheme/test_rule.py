"""The rule kinds beyond what the 2007 notice uses: value, formula, words and what it would take."""

from decimal import Decimal

import pytest

from kaohe_cli.model import Mark
from kaohe_cli.scheme.condition import ONE, Condition, Figures, Named
from kaohe_cli.scheme.rule import Judged, Step, When
from kaohe_cli.scheme.rule.when import Part

NAMES = {
    "m.prior": Named("产值", "上年实绩", "万元", False, "上年产值"),
    "m.target": Named("产值", "下达目标", "万元", False, "产值下达目标"),
    "m.actual": Named("产值", "本年实绩", "万元", False, "全年产值"),
    "r.prior": Named("合格率", "上年实绩", "%", False, "上年合格率"),
    "r.target": Named("合格率", "下达目标", "%", False, "合格率下达目标"),
    "r.actual": Named("合格率", "本年实绩", "%", False, "全年合格率"),
    "n.target": Named("企业", "总数", "家", True, "企业（总数）"),
    "n.actual": Named("企业", "达标数", "家", True, "企业（达标数）"),
    "i.target": Named("指数", "下达目标", "", False, "指数下达目标"),
    "i.actual": Named("指数", "本年实绩", "", False, "全年指数"),
    "d.done": Named("道路", "完成情况", "", False, "道路"),
}


def figures(**given: object) -> Figures:
    return {
        name.replace("_", "."): value if isinstance(value, Mark) else Decimal(str(value))
        for name, value in given.items()
    }


def cells(name: str) -> str:
    return name.replace(".", "").upper()


def condition(left: str, compare: str, right: str | None = None, **more: str) -> Condition:
    times = {name: Decimal(value) for name, value in more.items()}
    return Condition(left, compare, right, **times)  # type: ignore[arg-type]


CONDITIONS = [
    # condition, figures, met, formula, words, wanted
    (condition("m.actual", ">=", "m.target"), figures(m_actual=99, m_target=100), False,
     "ROUND(MACTUAL-MTARGET,6)>=0", "全年产值 99 万元，低于下达目标 100 万元 1%", "全年产值须不低于 100 万元"),
    (condition("m.actual", ">", "m.prior"), figures(m_actual=100, m_prior=100), False,
     "ROUND(MACTUAL-MPRIOR,6)>0", "全年产值 100 万元，与上年实绩 100 万元持平，未超过", "全年产值须高于 100 万元"),
    (condition("m.actual", ">", "m.prior"), figures(m_actual="100.01", m_prior=100), True,
     "ROUND(MACTUAL-MPRIOR,6)>0", "全年产值 100.01 万元，比上年实绩 100 万元增长 0.01%", ""),
    (condition("m.actual", ">=", "m.prior", right_times="1.12"), figures(m_actual="111.9999", m_prior=100), False,
     "ROUND(MACTUAL-MPRIOR*1.12,8)>=0",
     "全年产值 111.9999 万元，比上年实绩 100 万元增长 11.9999%，未达到12%以上", "全年产值须不低于 112 万元"),
    (condition("m.actual", ">", "m.target", right_times="1.05"), figures(m_actual=105, m_target=100), False,
     "ROUND(MACTUAL-MTARGET*1.05,8)>0",
     "全年产值 105 万元，超过下达目标 100 万元 5%，未达到5%以上（不含本数）", "全年产值须高于 105 万元"),
    (condition("m.actual", ">=", "m.target", right_times="0.9"), figures(m_actual="89.996", m_target=100), False,
     "ROUND(MACTUAL-MTARGET*0.9,7)>=0",
     "全年产值 89.996 万元，为下达目标 100 万元的 89.996%，未达到90%以上", "全年产值须不低于 90 万元"),
    (condition("m.actual", ">=", "m.target", right_times="0.9"), figures(m_actual="90", m_target=100), True,
     "ROUND(MACTUAL-MTARGET*0.9,7)>=0", "全年产值 90 万元，为下达目标 100 万元的 90%，达到90%以上", ""),
    (condition("m.actual", ">=", "m.prior", right_times="1.1"), figures(m_actual=5, m_prior=0), True,
     "ROUND(MACTUAL-MPRIOR*1.1,7)>=0", "全年产值 5 万元，比上年实绩 0 万元增长 5 万元，达到10%以上", ""),
    (condition("m.actual", ">=", "m.prior", right_times="1.1"), figures(m_actual=90, m_prior=100), False,
     "ROUND(MACTUAL-MPRIOR*1.1,7)>=0", "全年产值 90 万元，比上年实绩 100 万元减少 10%，未达到10%以上",
     "全年产值须不低于 110 万元"),
    (condition("r.actual", ">", "r.prior"), figures(r_actual="20.3", r_prior="20.5"), False,
     "ROUND(RACTUAL-RPRIOR,6)>0", "全年合格率 20.3%，比上年实绩 20.5%降低 0.2 个百分点", "全年合格率须高于 20.5%"),
    (condition("r.actual", ">=", "r.target"), figures(r_actual=62, r_target=60), True,
     "ROUND(RACTUAL-RTARGET,6)>=0", "全年合格率 62%，超过下达目标 60% 2 个百分点", ""),
    (condition("n.actual", ">=", "n.target", left_times="3", right_times="2"), figures(n_actual=12, n_target=19), False,
     "ROUND(NACTUAL*3-NTARGET*2,6)>=0", "企业（达标数）12 家，为总数 19 家的 63.16%，未达到2/3以上",
     "企业（达标数）须不低于 13 家"),
    (condition("n.actual", ">=", "n.target", left_times="3", right_times="2"), figures(n_actual=12, n_target=18), True,
     "ROUND(NACTUAL*3-NTARGET*2,6)>=0", "企业（达标数）12 家，为总数 18 家的 66.67%，达到2/3以上", ""),
    (condition("n.actual", ">", "n.target"), figures(n_actual=5, n_target=5), False,
     "ROUND(NACTUAL-NTARGET,6)>0", "企业（达标数）5 家，与总数 5 家持平，未超过", "企业（达标数）须不低于 6 家"),
    (condition("n.actual", ">=", number="3"), figures(n_actual=2), False,
     "ROUND(NACTUAL-3,6)>=0", "企业（达标数）2 家，未达到不低于 3 家的要求", "企业（达标数）须不低于 3 家"),
    (condition("i.actual", ">", number="1500"), figures(i_actual=1600), True,
     "ROUND(IACTUAL-1500,6)>0", "全年指数 1,600，达到高于 1,500的要求", ""),
    (condition("m.actual", ">=", "n.target"), figures(m_actual=5, n_target=4), True,
     "ROUND(MACTUAL-NTARGET,6)>=0", "全年产值 5 万元，超过企业（总数）4 家 25%", ""),
    # less is better
    (condition("m.target", ">=", "m.actual"), figures(m_target=100, m_actual=101), False,
     "ROUND(MTARGET-MACTUAL,6)>=0", "全年产值 101 万元，超过下达目标 100 万元 1%", "全年产值须不高于 100 万元"),
    (condition("m.prior", ">=", "m.actual", left_times="0.97"), figures(m_prior=100, m_actual="97.004"), False,
     "ROUND(MPRIOR*0.97-MACTUAL,8)>=0",
     "全年产值 97.004 万元，比上年实绩 100 万元减少 2.996%，未达到下降3%以上", "全年产值须不高于 97 万元"),
    (condition("m.prior", ">=", "m.actual", left_times="0.97"), figures(m_prior=100, m_actual=97), True,
     "ROUND(MPRIOR*0.97-MACTUAL,8)>=0", "全年产值 97 万元，比上年实绩 100 万元减少 3%，达到下降3%以上", ""),
    (condition("m.prior", ">", "m.actual", left_times="0.97"), figures(m_prior=100, m_actual=97), False,
     "ROUND(MPRIOR*0.97-MACTUAL,8)>0",
     "全年产值 97 万元，比上年实绩 100 万元减少 3%，未达到下降3%以上（不含本数）", "全年产值须低于 97 万元"),
    (condition("m.target", ">=", "m.actual", left_times="1.2"), figures(m_target=100, m_actual="120.004"), False,
     "ROUND(MTARGET*1.2-MACTUAL,7)>=0", "全年产值 120.004 万元，为下达目标 100 万元的 120.004%，不符合不超过120%的要求",
     "全年产值须不高于 120 万元"),
    (condition("n.target", ">", "n.actual"), figures(n_target=5, n_actual=5), False,
     "ROUND(NTARGET-NACTUAL,6)>0", "企业（达标数）5 家，与总数 5 家持平，未低于", "企业（达标数）须不高于 4 家"),
    (condition("n.target", ">=", "n.actual", left_times="0.8"), figures(n_target=22, n_actual=18), False,
     "ROUND(NTARGET*0.8-NACTUAL,7)>=0", "企业（达标数）18 家，低于总数 22 家 18.18%，未达到低20%以上",
     "企业（达标数）须不高于 17 家"),
    (condition("m.target", ">=", "m.actual", right_times="3"), figures(m_target=20, m_actual=7), False,
     "ROUND(MTARGET-MACTUAL*3,6)>=0", "全年产值 7 万元，为下达目标 20 万元的 35%，不符合不超过1/3的要求",
     "全年产值须不高于 6.666666 万元"),
    (condition("m.prior", ">=", "m.actual", left_times="0.97"), figures(m_prior=30, m_actual=29), True,
     "ROUND(MPRIOR*0.97-MACTUAL,8)>=0", "全年产值 29 万元，比上年实绩 30 万元减少 3.33%，达到下降3%以上", ""),
    (condition("m.target", ">=", "m.actual", left_times="1.205"), figures(m_target=100, m_actual="120.504"), False,
     "ROUND(MTARGET*1.205-MACTUAL,9)>=0",
     "全年产值 120.504 万元，为下达目标 100 万元的 120.504%，不符合不超过120.5%的要求",
     "全年产值须不高于 120.5 万元"),
    (condition("m.target", ">=", "m.actual", left_times="1.205"), figures(m_target=30, m_actual="36.2"), False,
     "ROUND(MTARGET*1.205-MACTUAL,9)>=0",
     "全年产值 36.2 万元，为下达目标 30 万元的 120.67%，不符合不超过120.5%的要求", "全年产值须不高于 36.15 万元"),
    (condition("m.target", ">", "m.actual", left_times="1.205"), figures(m_target=30, m_actual="36.1"), True,
     "ROUND(MTARGET*1.205-MACTUAL,9)>0",
     "全年产值 36.1 万元，为下达目标 30 万元的 120.33%，符合低于120.5%的要求", ""),
    (condition("n.target", ">=", "n.actual"), figures(n_target=5, n_actual=7), False,
     "ROUND(NTARGET-NACTUAL,6)>=0", "企业（达标数）7 家，超过总数 5 家 40%", "企业（达标数）须不高于 5 家"),
    # at a precision that hides nothing, and no more
    (condition("m.actual", ">=", "m.target", right_times="1.12344"), figures(m_actual="112.3441", m_target=100), True,
     "ROUND(MACTUAL-MTARGET*1.12344,11)>=0",
     "全年产值 112.3441 万元，超过下达目标 100 万元 12.3441%，达到12.344%以上", ""),
    (condition("m.actual", ">=", "m.target", right_times="1.05"), figures(m_actual="104.9963", m_target=100), False,
     "ROUND(MACTUAL-MTARGET*1.05,8)>=0", "全年产值 104.9963 万元，超过下达目标 100 万元 4.996%，未达到5%以上",
     "全年产值须不低于 105 万元"),
    (condition("m.actual", ">=", "m.target", right_times="1.05"), figures(m_actual="1.5", m_target=1), True,
     "ROUND(MACTUAL-MTARGET*1.05,8)>=0", "全年产值 1.5 万元，超过下达目标 1 万元 50%，达到5%以上", ""),
    (condition("r.actual", ">", "r.prior"), figures(r_actual="20.7", r_prior="20.5"), True,
     "ROUND(RACTUAL-RPRIOR,6)>0", "全年合格率 20.7%，比上年实绩 20.5%提高 0.2 个百分点", ""),
    # two achievements: the one on the left is spoken of
    (condition("n.actual", ">=", "m.actual"), figures(n_actual=3, m_actual=4), False,
     "ROUND(NACTUAL-MACTUAL,6)>=0", "企业（达标数）3 家，低于全年产值 4 万元 25%", "企业（达标数）须不低于 4 家"),
    # done
    (condition("d.done", "done"), figures(d_done=Mark.DONE), True, 'DDONE="已完成"', "道路已完成", ""),
    (condition("d.done", "done"), figures(d_done=Mark.NOT_DONE), False, 'DDONE="已完成"', "道路未完成", "道路须完成"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "given", "met", "formula", "words", "wanted"), CONDITIONS)
def test_condition(rule: Condition, given: Figures, met: bool, formula: str, words: str, wanted: str) -> None:
    assert rule.met(given) is met
    assert rule.formula(cells, NAMES) == formula
    assert rule.words(given, NAMES) == words
    if not met:
        assert rule.wanted(given, NAMES) == wanted


@pytest.mark.parametrize(("rule", "given", "met", "formula", "words", "wanted"), CONDITIONS)
def test_what_is_wanted_would_do(
    rule: Condition, given: Figures, met: bool, formula: str, words: str, wanted: str
) -> None:
    """The figure that is named satisfies the condition, and nothing short of it does."""
    if met or rule.compare == "done":
        return
    subject = rule.left if rule.left.endswith("actual") else rule.right
    assert subject is not None
    named = Decimal("".join(letter for letter in wanted.split("须")[1] if letter.isdigit() or letter == "."))
    less_is_better = subject != rule.left
    tick = Decimal(1) if NAMES[subject].whole else Decimal("0.000001")
    enough = named if "不" in wanted.split("须")[1] else named + (-tick if less_is_better else tick)
    short = enough + (tick if less_is_better else -tick)
    assert rule.met({**given, subject: enough})
    assert not rule.met({**given, subject: short})


def steps(left: str, right: str, step: str, each: str, count: str, **more: str) -> Step:
    limits = {name: Decimal(value) for name, value in more.items()}
    return Step(left=left, right=right, step=Decimal(step), each=Decimal(each), count=count, **limits)  # type: ignore[arg-type]


STEPS = [
    # rule, left, right, value, words, wanted
    (steps("m.actual", "m.prior", "1000", "1", "whole"), 3500, 1000, "2",
     "全年产值 3,500 万元，比上年实绩 1,000 万元增长 2,500 万元，满 2 个 1,000 万元", "全年产值须不低于 4,000 万元"),
    (steps("m.actual", "m.prior", "1000", "1", "started"), 3500, 1000, "3",
     "全年产值 3,500 万元，比上年实绩 1,000 万元增长 2,500 万元，不足 1,000 万元的按 1,000 万元计",
     "全年产值须高于 4,000 万元"),
    (steps("m.actual", "m.prior", "1000", "1", "started"), 3000, 1000, "2",
     "全年产值 3,000 万元，比上年实绩 1,000 万元增长 2,000 万元", "全年产值须高于 3,000 万元"),
    (steps("m.actual", "m.prior", "1000", "1", "prorata"), 3500, 1000, "2.5",
     "全年产值 3,500 万元，比上年实绩 1,000 万元增长 2,500 万元，按比例合 2.5 个 1,000 万元",
     "全年产值须高于 3,500 万元"),
    (steps("m.actual", "m.target", "10", "2", "whole", cap="4"), 135, 100, "4",
     "全年产值 135 万元，超过下达目标 100 万元 35 万元，满 3 个 10 万元，限加 4 分", ""),
    (steps("m.actual", "m.target", "10", "2", "whole", cap="4"), 120, 100, "4",
     "全年产值 120 万元，超过下达目标 100 万元 20 万元，满 2 个 10 万元", ""),
    (steps("m.actual", "m.target", "10", "2", "whole", cap="4"), 119, 100, "2",
     "全年产值 119 万元，超过下达目标 100 万元 19 万元，满 1 个 10 万元", "全年产值须不低于 120 万元"),
    (steps("m.actual", "m.target", "10", "2", "whole"), 80, 100, "0",
     "全年产值 80 万元，低于下达目标 100 万元 20 万元", "全年产值须不低于 110 万元"),
    (steps("r.actual", "r.target", "2", "1", "whole"), 65, 60, "2",
     "全年合格率 65%，超过下达目标 60% 5 个百分点，满 2 个 2 个百分点", "全年合格率须不低于 66%"),
    # the unit's own figure on the right: short of it costs
    (steps("r.target", "r.actual", "1", "-1", "whole", start="4", floor="1"), 60, 55, "1",
     "全年合格率 55%，低于下达目标 60% 5 个百分点，扣 5 分，扣到 1 分为止", "全年合格率须高于 59%"),
    (steps("r.target", "r.actual", "1", "-1", "whole", start="4", floor="1"), 60, 57, "1",
     "全年合格率 57%，低于下达目标 60% 3 个百分点，扣 3 分", "全年合格率须高于 59%"),
    (steps("r.target", "r.actual", "1", "-1", "prorata", start="4", floor="0"), 60, "59.999", "3.999",
     "全年合格率 59.999%，低于下达目标 60% 0.001 个百分点，按比例计，扣 0.001 分", "全年合格率须不低于 60%"),
    (steps("m.target", "m.actual", "10", "1", "whole"), 100, 75, "2",
     "全年产值 75 万元，低于下达目标 100 万元 25 万元，满 2 个 10 万元", "全年产值须不高于 70 万元"),
    (steps("i.actual", "i.target", "5", "0.5", "whole", start="2", cap="3"), 108, 100, "2.5",
     "全年指数 108，超过下达目标 100 8，满 1 个 5", "全年指数须不低于 110"),
    # too much of it costs
    (steps("m.actual", "m.target", "10", "-1", "prorata", start="5", floor="0"), 105, 100, "4.5",
     "全年产值 105 万元，超过下达目标 100 万元 5 万元，按比例合 0.5 个 10 万元，扣 0.5 分",
     "全年产值须不高于 100 万元"),
    (steps("n.actual", "n.target", "1", "-2", "whole", start="6", floor="0"), 7, 5, "2",
     "企业（达标数）7 家，超过总数 5 家 2 家，扣 4 分", "企业（达标数）须不高于 5 家"),
    (steps("n.actual", "n.target", "1", "-2", "started", start="6", floor="0"), 5, 5, "6",
     "企业（达标数）5 家，与总数 5 家持平", ""),
    (steps("n.actual", "n.target", "1", "-2", "whole"), 7, 5, "-4", "企业（达标数）7 家，超过总数 5 家 2 家",
     "企业（达标数）须不高于 5 家"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "left", "right", "value", "words", "wanted"), STEPS)
def test_steps(rule: Step, left: object, right: object, value: str, words: str, wanted: str) -> None:
    given = {rule.left: Decimal(str(left)), rule.right: Decimal(str(right))}
    assert rule.value(given) == Decimal(value)
    assert rule.words(given, NAMES) == words
    assert rule.wanted(given, NAMES) == wanted


FORMULAS = [
    (steps("m.actual", "m.prior", "1000", "1", "whole"), "1*(INT(ROUND(ROUND(MAX(MACTUAL-MPRIOR,0),6)/1000,11)))"),
    (steps("m.actual", "m.prior", "50", "0.5", "started"), "0.5*(-INT(-ROUND(ROUND(MAX(MACTUAL-MPRIOR,0),6)/50,9)))"),
    (steps("m.actual", "m.prior", "50", "1", "prorata", cap="2"), "MIN(1*(ROUND(MAX(MACTUAL-MPRIOR,0),6)/50),2)"),
    (steps("r.target", "r.actual", "1", "-1", "started", start="4", floor="0"),
     "MAX(4-1*(-INT(-ROUND(ROUND(MAX(RTARGET-RACTUAL,0),6)/1,8))),0)"),
    (steps("m.actual", "m.prior", "1", "1", "whole", start="2", cap="3000"),
     "MIN(2+1*(INT(ROUND(ROUND(MAX(MACTUAL-MPRIOR,0),6)/1,8))),3000)"),
    (steps("m.actual", "m.prior", "1", "-1", "whole"), "-1*(INT(ROUND(ROUND(MAX(MACTUAL-MPRIOR,0),6)/1,8)))"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "formula"), FORMULAS)
def test_formula_of_steps(rule: Step, formula: str) -> None:
    assert rule.formula(cells, NAMES) == formula


def test_an_award_of_parts_tells_each() -> None:
    rule = When(
        (
            Part("m.actual", ">=", "m.target", points=Decimal(2)),
            Part("d.done", "done", points=Decimal("1.5")),
        )
    )
    given = figures(m_actual=100, m_target=90, d_done=Mark.NOT_DONE)
    assert rule.figures == ("m.actual", "m.target", "d.done")
    assert rule.value(given) == 2
    assert rule.formula(cells, NAMES) == 'IF(ROUND(MACTUAL-MTARGET,6)>=0,2,0)+IF(DDONE="已完成",1.5,0)'
    assert rule.words(given, NAMES) == "全年产值 100 万元，超过下达目标 90 万元 11.11%（2 分）；道路未完成（0 分）"
    assert rule.wanted(given, NAMES) == "道路须完成"


def test_all_that_is_wanting_of_an_award() -> None:
    part = Part("m.actual", ">=", "m.target", points=Decimal(2))
    rule = When((part, Part("d.done", "done", points=Decimal(1))))
    given = figures(m_actual=80, m_target=90, d_done=Mark.NOT_DONE)
    assert rule.wanted(given, NAMES) == "全年产值须不低于 90 万元；道路须完成"


TERMS = [
    (condition("m.actual", ">=", "m.target"), "全年产值不低于下达目标"),
    (condition("m.actual", ">", "m.prior"), "全年产值高于上年实绩"),
    (condition("m.actual", ">", "m.target", right_times="1.05"), "全年产值超过下达目标5%以上（不含本数）"),
    (condition("m.actual", ">=", "m.prior", right_times="1.12"), "全年产值比上年实绩增长12%以上"),
    (condition("n.actual", ">=", "n.target", left_times="3", right_times="2"), "企业（达标数）达到总数的2/3以上"),
    (condition("m.actual", ">=", "n.target", right_times="0.9"), "全年产值达到企业（总数）的90%以上"),
    (condition("n.actual", ">=", number="3"), "企业（达标数）不低于 3 家"),
    (condition("i.actual", ">", number="3"), "全年指数高于 3"),
    (condition("m.target", ">=", "m.actual"), "全年产值不高于下达目标"),
    (condition("m.target", ">", "m.actual"), "全年产值低于下达目标"),
    (condition("m.prior", ">=", "m.actual", left_times="0.97"), "全年产值比上年实绩下降3%以上"),
    (condition("m.target", ">=", "m.actual", left_times="1.2"), "全年产值不超过下达目标的120%"),
    (condition("m.target", ">=", "m.actual", left_times="0.8"), "全年产值比下达目标低20%以上"),
    (condition("m.target", ">", "m.actual", right_times="3"), "全年产值低于下达目标的1/3"),
    (condition("m.actual", ">=", "m.prior", left_times="3", right_times="4"), "全年产值达到上年实绩的4/3以上"),
    (condition("d.done", "done"), "道路已完成"),
    (steps("m.actual", "m.prior", "1000", "1", "whole"),
     "全年产值比上年实绩每多 1,000 万元，加 1 分（不足 1,000 万元的不计）"),
    (steps("m.target", "m.actual", "10", "2", "started", cap="4"),
     "全年产值比下达目标每少 10 万元，加 2 分（不足 10 万元的按 10 万元计），最多加 4 分"),
    (steps("r.target", "r.actual", "1", "-1", "prorata", start="4", floor="0"),
     "全年合格率不低于下达目标的，得 4 分；每低 1 个百分点扣 1 分（按比例折算），扣完为止"),
    (steps("n.actual", "n.target", "1", "-2", "whole", start="6", floor="1"),
     "企业（达标数）不高于总数的，得 6 分；每超 1 家扣 2 分（不足 1 家的不计），最少得 1 分"),
    (steps("m.actual", "m.prior", "1000", "1", "whole", start="3"),
     "基础分 3 分，全年产值比上年实绩每多 1,000 万元，加 1 分（不足 1,000 万元的不计）"),
    (When((Part("m.actual", ">=", "m.target", points=Decimal(2)), Part("d.done", "done", points=Decimal(1)))),
     "全年产值不低于下达目标的，得 2 分；道路已完成的，得 1 分"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "terms"), TERMS)
def test_terms(rule: Condition | When | Step, terms: str) -> None:
    assert rule.terms(NAMES) == terms


def test_a_bonus_is_added() -> None:
    assert When((Part("d.done", "done", points=Decimal(1)),)).terms(NAMES, "加") == "道路已完成的，加 1 分"


def test_a_figure_read_twice_is_one_figure() -> None:
    part = Part("m.actual", ">=", "m.target", points=Decimal(1))
    assert When((part, part)).figures == ("m.actual", "m.target")


def test_judged_reads_nothing() -> None:
    assert Judged().figures == ()


def test_counted_things_are_wanted_whole_and_amounts_rounded_up() -> None:
    share = condition("n.actual", ">=", "n.target", right_times="0.85")
    assert share.wanted(figures(n_actual=16, n_target=21), NAMES) == "企业（达标数）须不低于 18 家"
    third = condition("m.actual", ">=", "m.target", left_times="3")
    assert third.wanted(figures(m_actual=3, m_target=10), NAMES) == "全年产值须不低于 3.333334 万元"
    assert not third.met(figures(m_actual="3.333333", m_target=10))
    assert third.met(figures(m_actual="3.333334", m_target=10))


def test_comparisons_and_counts_are_exact() -> None:
    least = condition("m.actual", ">=", "m.target")
    assert not least.met(figures(m_actual="99.999999", m_target=100))
    more = condition("m.actual", ">", "m.target")
    assert not more.met(figures(m_actual=100, m_target=100))
    assert more.met(figures(m_actual="100.000001", m_target=100))
    whole = steps("m.actual", "m.prior", "50", "1", "whole")
    assert whole.value(figures(m_actual="149.999999", m_prior=0)) == 2
    assert whole.value(figures(m_actual="150", m_prior=0)) == 3
    started = steps("m.actual", "m.prior", "1", "1", "started")
    assert started.value(figures(m_actual=3, m_prior=0)) == 3
    assert started.value(figures(m_actual="3.000001", m_prior=0)) == 4


def test_the_smallest_difference_that_two_sides_can_have_decides() -> None:
    twelve = condition("m.actual", ">=", "m.prior", right_times="1.12")
    assert twelve.places == 8
    assert not twelve.met(figures(m_actual="112.000004", m_prior="100.000004"))  # 112.00000448 is asked
    assert twelve.met(figures(m_actual="112.000005", m_prior="100.000004"))
    assert condition("n.actual", ">=", "n.target", left_times="3", right_times="2").places == 6
    assert condition("m.actual", ">=", number="0.125").places == 6
    assert condition("m.actual", ">=", number="0.00000025").places == 8


def test_parts_of_a_step_are_worked_out_before_they_are_rounded() -> None:
    # a third of 0.015 is half a cent, though no third can be written down
    rule = steps("m.actual", "m.prior", "3", "0.015", "prorata")
    assert rule.value(figures(m_actual=1, m_prior=0)) == Decimal("0.005")
    assert rule.words(figures(m_actual=1, m_prior=0), NAMES).endswith("按比例合约 0.33333333333 个 3 万元")
    assert rule.places == 11
    off = steps("m.actual", "m.target", "3", "-1", "prorata", start="4", floor="0")
    assert off.words(figures(m_actual=101, m_target=100), NAMES).endswith("个 3 万元，扣约 0.33333333 分")


def test_a_rate_is_asked_of_a_base() -> None:
    assert condition("m.actual", ">=", "m.target").bases == ()
    assert condition("m.actual", ">=", "m.prior", right_times="1.12").bases == ("m.prior",)
    assert condition("m.prior", ">=", "m.actual", left_times="0.97").bases == ("m.prior",)
    assert condition("n.actual", ">=", number="3").bases == ()
    assert Condition("n.actual", ">=", "n.target", share=True).bases == ("n.target",)
    both = Part("m.actual", ">=", "m.prior", right_times=Decimal("1.12"), points=ONE,
                also=(Condition("n.actual", ">=", "n.target", share=True),))  # fmt: skip
    assert When((both,)).bases == ("m.prior", "n.target")
    assert steps("m.actual", "m.prior", "50", "1", "whole").bases == ()
    assert Judged().bases == ()


def test_a_share_of_the_whole() -> None:
    rule = Condition("n.actual", ">=", "n.target", share=True)
    given = figures(n_actual=7, n_target=8)
    assert rule.words(given, NAMES) == "企业（达标数）7 家，为总数 8 家的 87.5%，未达到100%"
    assert rule.words(figures(n_actual=8, n_target=8), NAMES) == "企业（达标数）8 家，为总数 8 家的 100%，达到100%"
    assert rule.terms(NAMES) == "企业（达标数）达到总数的100%"
    assert rule.wanted(given, NAMES) == "企业（达标数）须不低于 8 家"


def test_where_both_sides_of_a_condition_are_equal() -> None:
    share = Condition("m.actual", ">=", "m.target", left_times=Decimal(3), right_times=Decimal(2))
    figures = {"m.actual": Decimal(8), "m.target": Decimal(6)}
    assert (share.edge("m.actual", figures), share.edge("m.target", figures)) == (4, 12)
    assert share.edge("m.target", {"m.target": Decimal(6)}) is None
    assert Condition("m.actual", "<", number=Decimal(7)).edge("m.actual", {}) == 7
    assert Condition("d.done", "done").edge("d.done", {"d.done": Mark.DONE}) is None


def test_conditions_that_must_hold_together() -> None:
    road = Condition("d.done", "done")
    part = Part("m.actual", ">=", "m.target", points=Decimal(4), also=(road,))
    rule = When((part,))
    assert rule.figures == ("m.actual", "m.target", "d.done")
    assert rule.conditions == (Condition("m.actual", ">=", "m.target"), road)
    assert rule.formula(cells, NAMES) == 'IF(AND(ROUND(MACTUAL-MTARGET,6)>=0,DDONE="已完成"),4,0)'
    assert rule.terms(NAMES) == "全年产值不低于下达目标，并且道路已完成的，得 4 分"
    for actual, mark, points in ((100, Mark.DONE, 4), (100, Mark.NOT_DONE, 0), (99, Mark.DONE, 0)):
        assert rule.value(figures(m_actual=actual, m_target=100, d_done=mark)) == points
    half = figures(m_actual=100, m_target=100, d_done=Mark.NOT_DONE)
    assert rule.words(half, NAMES) == "全年产值 100 万元，与下达目标 100 万元持平；道路未完成；2 项中有 1 项未达到"
    assert rule.wanted(half, NAMES) == "道路须完成"
    neither = figures(m_actual=99, m_target=100, d_done=Mark.NOT_DONE)
    assert rule.wanted(neither, NAMES) == "全年产值须不低于 100 万元，并且道路须完成"


@pytest.mark.parametrize(
    ("named", "value", "said"),
    [
        (Named("能耗", "实际下降", "%", phrase="能耗实际下降"), "-3", "能耗实际上升 3%"),
        (Named("能耗", "实际下降", "%", phrase="能耗下降率（实际下降）"), "-3", "能耗下降率（实际上升）3%"),
        (Named("能耗", "实际下降", "%", phrase="能耗实际下降"), "3", "能耗实际下降 3%"),
        (Named("能耗", "实际下降", "%", phrase="能耗实际下降"), "0", "能耗实际下降 0%"),
        (Named("产值", "增长", "%", phrase="产值增长"), "-1.5", "产值下降 1.5%"),
        (Named("产值", "增幅", "%", phrase="产值增幅"), "-1.5", "产值增幅 -1.5%"),
        (Named("产值", "增长", "%", phrase="产值"), "-1.5", "产值 -1.5%"),
    ],
)
def test_what_goes_the_other_way_is_said_so(named: Named, value: str, said: str) -> None:
    assert named.said(Decimal(value)) == said


def test_the_words_of_the_clause() -> None:
    named = Named("工程", "完成情况", "", phrase="工程", done=("已实施", "未实施"))
    rule, names = Condition("d.done", "done"), {"d.done": named}
    assert rule.words({"d.done": Mark.DONE}, names) == "工程已实施"
    assert rule.words({"d.done": Mark.NOT_DONE}, names) == "工程未实施"
    assert (rule.terms(names), rule.wanted({"d.done": Mark.NOT_DONE}, names)) == ("工程已实施", "工程须实施")
    assert rule.formula(cells, names) == 'DDONE="已实施"'
    assert [named.word(mark) for mark in Mark] == ["已实施", "未实施", "无任务", "无"]


def test_what_is_wanted_beyond_a_bound_that_no_figure_can_be() -> None:
    third = condition("m.actual", ">", "m.target", left_times="3")
    assert third.wanted(figures(m_actual=3, m_target=10), NAMES) == "全年产值须高于 3.333333 万元"
    assert not third.met(figures(m_actual="3.333333", m_target=10))
    assert third.met(figures(m_actual="3.333334", m_target=10))


@pytest.mark.parametrize(("rule", "given", "met", "formula", "words", "wanted"), CONDITIONS)
def test_a_condition_is_met_by_the_least_that_does(
    rule: Condition, given: Figures, met: bool, formula: str, words: str, wanted: str
) -> None:
    then = rule.met_by(given, NAMES)
    assert rule.met(then)
    assert (then == given) == met
    if not met and rule.compare != "done":
        (changed,) = [name for name in then if then[name] != given[name]]
        tick = Decimal(1) if NAMES[changed].whole else Decimal("0.000001")
        less_is_better = changed != rule.left
        value = then[changed]
        assert isinstance(value, Decimal)
        assert not rule.met({**then, changed: value + (tick if less_is_better else -tick)})


def test_conditions_that_must_hold_together_are_all_met() -> None:
    part = Part("m.actual", ">=", "m.target", points=Decimal(4), also=(Condition("d.done", "done"),))
    then = part.met_by(figures(m_actual=99, m_target=100, d_done=Mark.NOT_DONE), NAMES)
    assert then == figures(m_actual=100, m_target=100, d_done=Mark.DONE)
