"""Requirements without points of their own: 达到, 未达到, 未填, 不适用."""

from decimal import Decimal

from kaohe_cli.assess.evidence import evidence_of
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
    assert len(seen) == 19
