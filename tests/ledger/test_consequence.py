"""Which change of a ledger moved which points."""

from decimal import Decimal

from any_scheme import case, criterion, item, measure, scheme
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.compare import compare as among
from kaohe_cli.assess.score import score
from kaohe_cli.ledger.changes import LedgerChange
from kaohe_cli.ledger.consequence import OTHERS, consequences
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import Case, Entry
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

SCHEME = load()
CASES = sample_cases(SCHEME)
UNIT = CASES[7].unit


def ledger(scheme: Scheme, *cases: Case) -> Ledger:
    scores = tuple(score(scheme, each) for each in among(scheme, cases))
    return Ledger(scheme.id, "", scheme.readings, {}, {}, "", cases, scores=scores)


def change(kind: str, about: str = "", code: str = UNIT.code) -> LedgerChange:
    return LedgerChange(kind, f"甲{about}", "1", "2", "", UNIT.name, code, about)  # type: ignore[arg-type]


def test_a_figure_of_the_unit_is_the_cause() -> None:
    low = replace(CASES[7], reported={**CASES[7].reported, "sales.actual": Entry(Decimal(1))})
    before, now = ledger(SCHEME, *CASES), ledger(SCHEME, *CASES[:7], low, *CASES[8:])
    cause, other = change("reported", "sales.actual"), change("reported", "invest.actual")
    found = consequences(SCHEME, before, now, [other, cause])
    assert {each.causes for each in found[UNIT.code]} == {(cause,)}
    assert all(not moved for code, moved in found.items() if code != UNIT.code)
    general = change("scheme", code="")
    assert consequences(SCHEME, before, now, [cause, general])[UNIT.code][0].causes == (cause, general)
    came = LedgerChange("return", "填报表", "未报", "已收", "收表：新收到 甲.xlsx", UNIT.name, UNIT.code)
    assert consequences(SCHEME, before, now, [came])[UNIT.code][0].causes == (came,)
    assert consequences(SCHEME, before, now, [])[UNIT.code][0].why == "按现有的数据重新计算"


def test_a_unit_is_known_by_its_name_under_another_code() -> None:
    low = replace(CASES[7], reported={**CASES[7].reported, "sales.actual": Entry(Decimal(1))})
    other = replace(low, unit=replace(UNIT, code="330999"))
    found = consequences(SCHEME, ledger(SCHEME, CASES[7]), ledger(SCHEME, other), [])
    assert found["330999"]


def test_points_among_units_move_with_the_others() -> None:
    place = 'kind = "place", left = "a.actual", points = [10, 8, 6]'
    made = scheme(item("1", criterion("1.1", "10", place)) + measure("a", "1", "prior", "actual"))
    first, *others = [
        case(unit, a_prior=10, a_actual=each) for unit, each in zip(made.units, (4, 3, 2, 1), strict=True)
    ]
    fallen = replace(first, reported={**first.reported, "a.actual": Entry(Decimal(0))})
    cause = LedgerChange("reported", "甲", "4", "0", "", first.unit.name, first.unit.code, "a.actual")
    found = consequences(made, ledger(made, first, *others), ledger(made, fallen, *others), [cause])
    assert [each.causes for each in found[first.unit.code]] == [(cause,)]
    assert [(each.causes, each.why) for each in found[others[0].unit.code]] == [((), OTHERS)]
