"""Requirements without points of their own: 达到, 未达到, 未填, 不适用."""

from decimal import Decimal

import pytest

from kaohe_cli.assess.evidence import evidence_beside, evidence_of
from kaohe_cli.model import Entry, Mark
from kaohe_cli.scheme.load import load


def results(item: str, readings: dict[str, str] | None = None, **given: object) -> list[tuple[str, str]]:
    scheme = load(readings=readings)
    entries = {
        name.replace("__", "."): Entry(value if isinstance(value, Mark) else Decimal(str(value)))
        for name, value in given.items()
    }
    owner = next(each for each in scheme.items if each.id == item)
    return [(each.result, each.said) for each in evidence_of(scheme, owner, entries)]


def test_met_and_not_met() -> None:
    met = results("2.10", loans__actual=120, loans__prior=100, training__actual=55, training__target=56)
    assert met == [
        ("达到", "全年担保贷款总额 120 亿元，比上年实绩 100 亿元增长 20%，达到20%以上"),
        ("未达到", "全年入库微小企业培训 55 家，低于下达目标 56 家 1.79%"),
    ]


def test_not_filled_in_names_what_is_missing() -> None:
    assert results("2.10", loans__actual=120) == [
        ("未填", "担保贷款总额：上年实绩未填"),
        ("未填", "入库微小企业培训：本年实绩、下达目标未填"),
    ]


def test_a_unit_that_has_no_such_thing() -> None:
    assert results("2.8", chemicals__actual=Mark.NOT_APPLICABLE, chemicals__target=5) == [
        ("不适用", "监控化学品数据宣布：无此情况")
    ]
    assert results("2.5", kilns__target=Mark.NO_TASK)[0] == ("不适用", "粘土砖瓦窑整顿淘汰：无任务")


def test_what_earns_points_is_no_evidence() -> None:
    assert [said.partition("：")[0] for _, said in results("1.1")] == ["工业综合经济效益"]
    assert [said.partition("：")[0] for _, said in results("1.1", {"remainder": "benefit"})] == ["限额以上工业投资"]
    assert results("1.1", {"remainder": "split"}) == []


def test_clauses_are_carried() -> None:
    scheme = load()
    item = next(each for each in scheme.items if each.id == "2.7")
    assert [(each.measure, each.clause) for each in evidence_of(scheme, item, {})] == [
        ("injury", "保证本地区入库企业数据报送率达到90%")
    ]


def test_every_evidence_of_the_scheme_is_tested_once() -> None:
    scheme = load()
    seen = [each.measure for item in scheme.items for each in evidence_of(scheme, item, {})]
    assert sorted(seen) == sorted(scheme.evidence)
    assert len(seen) == 21


ZERO_OF_ZERO = [
    ("2.3", "centers", "省级以上企业技术中心考核（参加考核数）0 家，比例无从计算"),
    ("2.3", "keyprojects", "省级技术创新重点项目（项目总数）0 项，比例无从计算"),
    ("2.3", "barriers", "省应对技术性贸易壁垒技术攻关专项（专项总数）0 项，比例无从计算"),
    ("2.7", "injury", "产业损害预警数据报送（入库企业数）0 家，比例无从计算"),
    ("2.8", "chemicals", "监控化学品数据宣布（应宣布企业数）0 家，比例无从计算"),
    ("2.11", "credit", "A级信用企业评价认证（区属重点企业数）0 家，比例无从计算"),
]


@pytest.mark.parametrize(("item", "measure", "said"), ZERO_OF_ZERO)
def test_a_share_of_nothing_does_not_apply(item: str, measure: str, said: str) -> None:
    assert ("不适用", said) in results(item, **{f"{measure}__target": 0, f"{measure}__actual": 0})


@pytest.mark.parametrize(
    ("item", "measure", "said"),
    [
        ("1.2", "invest", "上年工业投资 0 亿元，比例无从计算"),
        ("1.2", "tech", "上年技术改造投资 0 亿元，比例无从计算"),
        ("1.6", "upscale", "上年微小企业上规模数量 0 家，比例无从计算"),
        ("2.10", "loans", "上年担保贷款总额 0 亿元，比例无从计算"),
    ],
)
@pytest.mark.parametrize("actual", [0, 5])
def test_growth_on_nothing_does_not_apply(item: str, measure: str, said: str, actual: int) -> None:
    assert ("不适用", said) in results(item, **{f"{measure}__prior": 0, f"{measure}__actual": actual})


def test_a_plain_comparison_with_nothing_stands() -> None:
    assert results("2.3", newproduct__prior=0, newproduct__actual=1)[0][0] == "达到"
    assert results("1.5", hitech_sales__target=0, hitech_sales__actual=0)[0][0] == "未达到"


def test_growth_of_investment_is_tested_beside_its_target() -> None:
    met = results("1.2", invest__prior=100, invest__actual=112, tech__prior=100, tech__actual="113.999999")
    assert met[:2] == [
        ("达到", "全年工业投资 112 亿元，比上年实绩 100 亿元增长 12%，达到12%以上"),
        ("未达到", "全年技术改造投资 113.999999 亿元，比上年实绩 100 亿元增长 13.999999%，未达到14%以上"),
    ]


def test_what_a_requirement_stands_beside() -> None:
    scheme = load()
    beside = {id: [each.measure for each in evidence_beside(scheme, criterion, {})]
              for id, criterion in scheme.criteria.items()}  # fmt: skip
    assert {id: found for id, found in beside.items() if found and id[0] == "1"} == {
        "1.2.1": ["invest"], "1.2.2": ["tech"],
        "1.5.1": ["hitech_sales", "hitech_profit", "hitech_tax"], "1.6.1": ["upscale", "netcourse"],
    }  # fmt: skip
    assert beside["2.10.1"] == ["loans", "training"]


def test_a_requirement_speaks_of_the_period_that_its_figures_are_of() -> None:
    scheme = load()
    item = next(each for each in scheme.items if each.id == "2.10")
    entries = {"loans.prior": Entry(Decimal(100)), "loans.actual": Entry(Decimal(120)), "period": Entry("全年预计")}
    assert evidence_of(scheme, item, entries)[0].said.startswith("全年预计担保贷款总额 120 亿元，比上年实绩")
