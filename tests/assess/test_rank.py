"""Places, grades and the reasons told for them; the cases of each reading are in tests/clauses/ranking.toml."""

from decimal import Decimal

from msgspec.structs import replace

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Case, CriterionScore, ItemScore, Ranked, Unit, UnitScore, Veto
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme


def of_total(unit: Unit, total: str | None, veto: Veto | None = None, pending: int = 0) -> UnitScore:
    criteria = tuple(CriterionScore(f"1.1.{n}", False, None, "pending", None, ()) for n in range(1, pending + 1))
    known = None if total is None else Decimal(total)
    item = ItemScore("1.1", Decimal(10), None, criteria)
    return UnitScore(unit, "received", (item,), known, (), None, veto)


def ranked(*totals: str | None, **readings: str) -> list[Ranked]:
    scheme = load(readings=readings)
    return list(rank(scheme, [of_total(unit, total) for unit, total in zip(scheme.units, totals, strict=False)]).units)


def reasons(*totals: str | None, **readings: str) -> list[tuple[str, ...]]:
    return [each.reasons for each in ranked(*totals, **readings)]


def test_a_place_is_told_and_shared_places_as_such() -> None:
    assert [each[0] for each in reasons("95", "90", "90", "85")] == [
        "总分 95.00 分，列第 1 名",
        "总分 90.00 分，列第 2 名（并列）",
        "总分 90.00 分，列第 2 名（并列）",
        "总分 85.00 分，列第 4 名",
    ]


def test_a_grade_is_told_with_its_ground() -> None:
    told = [each[1:] for each in reasons("80", "79.99", "70", "69.5", "60")]
    assert told == [
        ("在前3名之内，为优秀单位",),
        ("在前3名之内，为优秀单位", "总分不足 80 分，请核定是否授予优秀"),
        ("在前3名之内，为优秀单位", "总分不足 80 分，请核定是否授予优秀"),
        ("总分不足 80 分，差 10.50 分",),
        ("总分不足 80 分，差 20.00 分",),
    ]
    assert reasons("95", "90", "85", "80")[3][1:] == ("总分在 80 分以上（含），为达标单位",)


def test_a_grade_withheld_from_one_of_the_first_is_told() -> None:
    told = [each[1:] for each in reasons("95", "85", "79", "78", excellent="also_pass")]
    assert told[2:] == [("虽在前3名之内，总分不足 80 分，差 1.00 分",), ("总分不足 80 分，差 2.00 分",)]


def test_what_is_pending_is_listed_up_to_six() -> None:
    scheme = load()
    units = scheme.units
    six = rank(scheme, [of_total(units[0], None, pending=6), of_total(units[1], None, pending=7)]).units
    assert [each.reasons for each in six] == [
        ("尚有 6 条细则未定分（1.1.1、1.1.2、1.1.3、1.1.4、1.1.5、1.1.6），总分未定",),
        ("尚有 7 条细则未定分（1.1.1、1.1.2、1.1.3、1.1.4、1.1.5、1.1.6等），总分未定",),
    ]


def test_a_veto_is_told_with_what_it_rests_on() -> None:
    scheme = load()
    full, none = Veto("市纪委", "杭纪〔2007〕1号", "2007-11-20"), Veto()
    told = rank(scheme, [of_total(scheme.units[0], "90", full), of_total(scheme.units[1], "80", none)]).units
    assert [(each.grade, each.place, each.tied, each.reasons) for each in told] == [
        ("一票否决", None, False, ("党风廉政一票否决（市纪委杭纪〔2007〕1号），保留得分，不列名次，不授称号",)),
        ("一票否决", None, False, ("党风廉政一票否决，保留得分，不列名次，不授称号",)),
    ]
    assert all(each.tied is False for each in told)


def test_placed_then_vetoed_by_total_then_unknown() -> None:
    scheme = load()
    totals = [None, "70", "90", "95", "80", None]
    vetoed = {2, 4, 5}
    scores = [
        of_total(unit, total, Veto("甲") if index in vetoed else None, pending=1)
        for index, (unit, total) in enumerate(zip(scheme.units, totals, strict=False))
    ]
    told = rank(scheme, scores)
    assert [(each.score.total, each.grade) for each in told.units] == [
        (Decimal(95), "优秀"),
        (Decimal(70), "优秀"),
        (Decimal(90), "一票否决"),
        (Decimal(80), "一票否决"),
        (None, "一票否决"),
        (None, "未定"),
    ]
    assert not told.final
    assert told.units[-1].tied is False


def test_units_of_one_place_stand_in_the_order_of_the_scheme_and_strangers_after_them() -> None:
    known = load()
    turned = replace(known.content, unit=tuple(reversed(known.content.unit)))
    scheme = Scheme(turned, known.raw, known.digest, known.readings)
    strangers = [Unit("X02", "新区", "区"), Unit("0A1", "旧区", "区")]
    scores = [of_total(unit, "90") for unit in [*strangers, *known.units[:3]]]
    assert [each.score.unit.name for each in rank(scheme, scores).units] == [
        "江干区",
        "下城区",
        "上城区",
        "旧区",
        "新区",
    ]


def test_a_unit_without_a_return_waits() -> None:
    scheme = load()
    told = rank(scheme, [score(scheme, Case(scheme.units[0], "missing", {}))])
    assert (told.units[0].place, told.units[0].grade, told.final) == (None, "未定", False)


def test_no_units_at_all() -> None:
    assert rank(load(), []).units == ()
