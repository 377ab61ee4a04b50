"""A ledger held against the returns and settings it was made from."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.commands import sample
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.ledger.settle import assemble
from kaohe_cli.model import Case, Entry, Origin
from kaohe_cli.result.originals import Originals, against
from kaohe_cli.scheme.load import load

SCHEME = load()
SETTINGS = sample.load(SCHEME).settings
LATE = problem(
    "KH241", unit="淳安县", file="淳安县.xlsx", found="2007-11-16", expected="2007-11-15", by="单位自填的填报日期"
)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return assemble(SCHEME, SETTINGS, sample_cases(SCHEME), (LATE,), ())[0]


def originals(cases: tuple[Case, ...] | None = None, **others: object) -> Originals:
    return replace(Originals(SCHEME, SETTINGS, cases or sample_cases(SCHEME), (LATE,)), **others)


def told(ledger: Ledger, given: Originals) -> tuple[Problem, ...]:
    problems = against(ledger, given).problems
    assert all(each.severity == "error" for each in problems)
    return problems


def entered(name: str, entry: Entry | None) -> tuple[Case, ...]:
    """The cases, the first of which says otherwise."""
    first, *others = sample_cases(SCHEME)
    kept = {key: value for key, value in first.reported.items() if key != name}
    return replace(first, reported={**kept, **({name: entry} if entry else {})}), *others


def test_a_ledger_of_these_originals(ledger: Ledger) -> None:
    held = against(ledger, originals())
    assert held.problems == ()
    assert held.entries > 500


def test_a_figure_that_differs_is_taken_from_the_original(ledger: Ledger) -> None:
    other = Entry(Decimal("318.5"), Origin("上城区.xlsx", "指标填报", "H9"))
    held = against(ledger, originals(entered("sales.actual", other)))
    (found,) = held.problems
    assert (found.code, found.unit, found.file, found.sheet, found.cell) == (
        "KH943", "上城区", "上城区.xlsx", "指标填报", "H9",
    )  # fmt: skip
    assert found.message == "上城区 工业销售产值·本年实绩在评分底稿中是“318”，原件是“318.5”"
    assert held.ledger.cases[0].reported["sales.actual"] == other
    assert held.ledger.cases[1:] == against(ledger, originals()).ledger.cases[1:]


def test_what_is_gone_unreadable_or_stood_elsewhere(ledger: Ledger) -> None:
    value = ledger.cases[0].reported["sales.actual"].value
    assert [each.expected for each in told(ledger, originals(entered("sales.actual", None)))] == ["未填"]
    assert [each.expected for each in told(ledger, originals(entered("sales.actual", Entry(None, None, True))))] == [
        "填报有误"
    ]
    here, there = (Origin("上城区.xlsx", "指标填报", cell) for cell in ("H9", "H10"))
    first, *others = ledger.cases
    kept = replace(first, reported={**first.reported, "sales.actual": Entry(value, here)})
    (found,) = told(replace(ledger, cases=(kept, *others)), originals(entered("sales.actual", Entry(value, there))))
    assert (found.found, found.expected) == ("318（上城区.xlsx 指标填报!H9）", "318（上城区.xlsx 指标填报!H10）")
    # where a blank or a text stood the ledger does not keep
    assert told(ledger, originals(entered("sales.actual", Entry(value, there)))) == ()


def test_what_is_said_of_the_unit_and_its_return(ledger: Ledger) -> None:
    first, *others = sample_cases(SCHEME)
    unit = replace(first.unit, bureau="另一个局", head="赵六")
    changed = replace(first, unit=unit, status="late", file="另.xlsx", filled=date(2007, 11, 20))
    found = told(ledger, originals((changed, *others)))
    assert [each.message.partition("在评分")[0] for each in found] == [
        "上城区的主管局名称", "上城区的行政正职", "上城区的回收状态", "上城区的回收文件", "上城区的填报日期",
    ]  # fmt: skip
    assert {each.file for each in found} == {"另.xlsx"}


def test_units_that_only_one_of_both_has(ledger: Ledger) -> None:
    cases = sample_cases(SCHEME)
    held = against(ledger, originals(cases[1:]))
    assert [(each.code, each.found, each.expected) for each in held.problems] == [("KH943", "有这个单位", "没有")]
    assert len(held.ledger.cases) == len(cases) - 1
    # one whose return is not at hand is left as the ledger has it
    held = against(ledger, originals(cases[1:], unread=[cases[0].unit.code]))
    assert held.problems == ()
    assert held.ledger.cases[0] == ledger.cases[0]
    fewer = replace(ledger, cases=ledger.cases[1:])
    held = against(fewer, originals())
    assert [(each.unit, each.found) for each in held.problems] == [("上城区", "没有")]
    assert len(held.ledger.cases) == len(cases)


def test_what_the_settings_decided(ledger: Ledger) -> None:
    settings = replace(
        SETTINGS, departments={**SETTINGS.departments, "1.1": "另一个处"}, approvals={"over5": ("甲", "")}
    )
    found = told(ledger, originals(settings=settings))
    assert [each.message for each in found] == [
        "口径的核定人和日期 over5在评分底稿中是“没有”，原件是“甲，”",
        f"责任处室 1.1在评分底稿中是“{SETTINGS.departments['1.1']}”，原件是“另一个处”",
    ]
    (found,) = told(
        ledger, originals(settings=replace(SETTINGS, publicity=replace(SETTINGS.publicity, contact="综合处")))
    )
    assert found.message.startswith("公示 受理复核的处室和电话在评分底稿中是“")
    assert found.expected == "综合处"
    found = told(ledger, originals(scheme=load(readings={"over5": "strict"})))
    assert [(each.found, each.expected) for each in found] == [("inclusive", "strict")]


def test_a_finding_that_the_ledger_does_not_list(ledger: Ledger) -> None:
    (found,) = told(replace(ledger, problems=()), originals())
    assert (found.code, found.unit, found.file) == ("KH945", "淳安县", "淳安县.xlsx")
    assert found.message == f"原件有这个问题，评分底稿的“问题清单”没有记：{LATE.message}"
    # of files that do not count more may be listed
    more = problem("KH230", unit="上城区", file="上城区2.xlsx", found="上城区.xlsx")
    assert told(replace(ledger, problems=(LATE, more)), originals()) == ()
