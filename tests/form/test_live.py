"""The formulas of a form, word for word: the rules' own behind guards. What they come to is tested in tests/parity."""

from collections.abc import Iterable
from decimal import Decimal

import pytest

from kaohe_cli.form import live
from kaohe_cli.model import Entry, Field, Mark, Settings
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme


def cells(name: str) -> str:
    """Short addresses: the letter of the figure and the number of its measure."""
    letter = {
        "prior": "F",
        "target": "G",
        "actual": "H",
        "done": "I",
        "points": "K",
        "self": "E",
        "wrong": "N",
        "evidence": "J",
    }
    row, _, figure = name.rpartition(".")
    return f"{letter[figure]}<{row}>"


def asked(scheme: Scheme, given: dict[str, Entry] | None = None) -> tuple[live.Given, dict[str, Field]]:
    unit = scheme.units[0]
    known = scheme.given(unit, Settings(scheme.units, {unit.code: given or {}}, {}, {}))
    return known, {field.name: field for field in form_fields(scheme, known)}


def points(criterion: str, given: dict[str, Entry] | None = None, **readings: str) -> str:
    scheme = load(readings={name.replace("_", "."): option for name, option in readings.items()})
    return live.points(scheme, scheme.criteria[criterion], *asked(scheme, given), cells)


def test_an_award() -> None:
    assert points("1.1.1") == (
        'IF(COUNT(H<sales>,G<sales>)=2,IF(OR(H<sales><0,H<sales>>100000,ROUND(H<sales>-ROUND(H<sales>,6),8)<>0),"",'
        'ROUND(ROUND(IF(ROUND(H<sales>-G<sales>,6)>=0,4,0),6),2)),"")'
    )


def test_a_status() -> None:
    assert points("1.2.3") == (
        'IF(COUNTIF(I<projects>,"已完成")+COUNTIF(I<projects>,"未完成")=1,'
        'ROUND(ROUND(IF(I<projects>="已完成",2,0),6),2),"")'
    )


def test_a_bonus_behind_its_gate() -> None:
    gated, free = points("1.1.2"), points("1.1.2", **{"sales_gate": "free"})
    assert "IF(ROUND(H<sales>-G<sales>,6)>=0,IF(COUNT" in gated
    assert gated.endswith(',0)),"")')
    assert 'IF(G<sales>=0,"",ROUND(ROUND(IF(ROUND(H<sales>-G<sales>*1.05,8)>=0,1,0),6),2))' in gated
    assert "IF(ROUND(H<sales>-G<sales>,6)>=0," not in free


def test_what_is_given_has_no_limits_of_its_own() -> None:
    assert "F<sales>>100000" in points("1.1.3")
    assert "F<sales>>100000" not in points("1.1.3", {"sales.prior": Entry(Decimal(3))})


@pytest.mark.parametrize(("option", "expected"), [("full", "2"), ("zero", "0"), ("rescale", "0")])
def test_a_waived_criterion_is_settled_when_the_form_is_issued(option: str, expected: str) -> None:
    scheme = load(readings={"no_task": option})
    given = asked(scheme, {"land.target": Entry(Mark.NO_TASK)})
    assert live.points(scheme, scheme.criteria["1.2.4"], *given, cells) == expected


def test_the_others_share_the_points_of_a_waived_one() -> None:
    scheme = load(readings={"no_task": "rescale"})
    given = asked(scheme, {"land.target": Entry(Mark.NO_TASK)})
    assert "*2.5/2,10),2)" in live.points(scheme, scheme.criteria["1.2.1"], *given, cells)
    assert "/2,10)" not in live.points(scheme, scheme.criteria["1.1.1"], *given, cells)


def test_an_item_waived_whole_waits_for_the_office() -> None:
    scheme = load(readings={"no_task": "rescale"})
    names = [name for each in scheme.items[1].criterion for name in each.rule.figures if scheme.figures[name].waivable]
    given, fields = asked(scheme, dict.fromkeys(names, Entry(Mark.NO_TASK)))
    for each in scheme.items[1].criterion:
        assert live.points(scheme, each, given, fields, cells) == '""'
    made = live.formulas(scheme, given, fields.values(), lambda sheet: lambda name: name)
    assert made["1.2.1.state"] == '=IF(COUNT(1.2.1.points)=1,"无任务","待定分")'


def test_a_rate_against_nothing_is_left_to_the_office() -> None:
    assert 'IF(F<invest_large>=0,"",ROUND(ROUND(IF(' in points("1.1.4")
    made = live.formulas(load(), *_listed(), lambda sheet: lambda name: name)
    assert made["1.1.4.state"] == (
        '=IF(COUNT(1.1.4.points)=1,"已计分",IF(COUNTIF(invest_large.prior,0)>0,"待定分","待填报"))'
    )


def _listed() -> tuple[live.Given, Iterable[Field]]:
    given, fields = asked(load())
    return given, fields.values()


def test_points_and_a_requirement_share_a_cell() -> None:
    made = live.formulas(load(), *_listed(), lambda sheet: lambda name: name)
    assert made["invest.points"].startswith(
        '=IF(COUNT(1.2.1.points)=1,ROUND(SUM(1.2.1.points),2)&" 分 ","")&IF(COUNTIF('
    )
    assert made["sales.points"].startswith("=IF(COUNT(1.1.1.points,1.1.2.points,1.1.3.points)=3,")


def test_a_choice_is_one_of_its_texts() -> None:
    scheme = load()
    flaw = live.flawed(scheme, asked(scheme)[1]["period"], lambda name: "D6")
    assert flaw == ('IF(COUNTA(D6)=0,0,1-(COUNTIF(D6,"全年预计")+COUNTIF(D6,"1—10月累计")+COUNTIF(D6,"全年实绩")))')


def test_sums_are_empty_until_all_is_known_and_capped_by_the_reading() -> None:
    scheme = load()
    item = scheme.items[2]
    listed = ",".join(f"K<{each.id}>" for each in item.criterion)
    assert live.item_self(scheme, item, cells) == f'IF(COUNT({listed})=7,ROUND(SUM({listed}),2),"")'
    capped = load(readings={"cap": "item"})
    assert "MIN(ROUND(SUM(" in live.item_self(capped, item, cells)
    assert live.section_self(load(readings={"cap": "total"}), "", cells).count(",100)") == 1
    # a 自评分 beyond its limits makes no sum
    assert live.section_self(scheme, "", cells).startswith("IF(N<1.4>+N<1.5>+")


def test_evidence() -> None:
    scheme = load()
    test = scheme.evidence["centers"][1].test
    said = live.verdict(scheme, test, *asked(scheme), cells)
    assert said.startswith('IF(COUNTIF(H<centers>,"无")+COUNTIF(G<centers>,"无")>0,"不适用",')
    assert 'IF(G<centers>=0,"不适用",IF(ROUND(H<centers>-G<centers>*0.85,8)>=0,"达到","未达到"))' in said
    kilns = scheme.evidence["kilns"][1].test
    assert live.verdict(scheme, kilns, *asked(scheme, {"kilns.target": Entry(Mark.NO_TASK)}), cells) == '"不适用"'


def test_flaws_follow_the_limits_of_the_fields() -> None:
    scheme = load()
    _, fields = asked(scheme)
    centers = live.flawed(scheme, fields["centers.actual"], cells)
    for limit in ("<0", ">10000", "INT(H<centers>)<>H<centers>", "IF(COUNT(G<centers>)=1,H<centers>>G<centers>,FALSE)"):
        assert limit in centers
    assert 'COUNTIF(H<centers>,"无")>0' in centers
    assert "ROUND(E<1.4>-ROUND(E<1.4>,2),8)<>0" in live.flawed(scheme, fields["1.4.self"], cells)
    assert 'COUNTIF(H<sales>,"无")' not in live.flawed(scheme, fields["sales.actual"], cells)
    assert live.flawed(scheme, fields["sales.evidence"], cells) == "0"


def test_a_date_is_a_day_of_the_year_or_the_month_after_it() -> None:
    scheme = load()
    _, fields = asked(scheme)
    assert "OR(E<><39083,E<>>=39479)" in live.flawed(scheme, fields["date"], lambda name: "E<>")


def test_what_is_odd_is_asked_for_once_a_row_is_filled_in_and_right() -> None:
    scheme = load()
    given, fields = asked(scheme)
    row = [field for field in fields.values() if field.name.startswith("sales.")]
    made = live.query(scheme, scheme.measures["sales"], row, lambda name: name)
    assert made == 'IF(AND(sales.missing=0,sales.wrong=0,sales.why<>"",COUNTA(sales.confirm)=0),1,0)'
    state = live.state(scheme, scheme.measures["sales"], row, given | {"sales.target": Entry(Decimal(3))}, str)
    assert state.startswith('IF(sales.wrong>0,"需改 "&')
    assert 'IF(sales.query=1,sales.why&"，请核对；无误请说明",IF(sales.missing>0,"待填 "&' in state
    assert state.endswith(',IF(sales.why="","已填","已说明："&sales.why))))')


def test_where_nothing_is_asked_nothing_is_queried() -> None:
    scheme = load()
    done = next(measure for measure, held in scheme.expectations.items() if not held)
    _, fields = asked(scheme)
    assert live.query(scheme, scheme.measures[done], fields.values(), str) == "0"
    assert live.query(scheme, scheme.measures["sales"], [fields["sales.evidence"]], str) == "0"


def test_an_expectation_is_silent_about_what_is_no_number_or_beyond_its_limits() -> None:
    scheme = load()
    _, fields = asked(scheme, {"sales.prior": Entry(Decimal(3))})
    said = live.odd_words(scheme, scheme.measures["sales"], fields, str)
    assert said.startswith("IF(IF(COUNT(sales.actual,sales.prior)=2,IF(OR(sales.actual<0,sales.actual>100000,")
    assert "sales.prior>100000" not in said  # the office's own has no limits here
    assert said.count('"与上年完全相同"') == 1
    assert said.endswith(',FALSE),"与上年完全相同",""))))')


def test_every_cell_that_a_form_calculates_has_its_formula() -> None:
    scheme = load()
    given, fields = asked(scheme)
    made = live.formulas(scheme, given, fields.values(), lambda sheet: lambda name: f"{sheet}!{name}")
    assert all(formula.startswith("=") for formula in made.values())
    assert {f"{each.id}.points" for each in scheme.criteria.values() if not each.judged} <= set(made)
    assert {f"{item.id}.self" for item in scheme.items if not item.judged} <= set(made)
    assert {f"{measure}.{column}" for measure in scheme.measures for column in ("points", "state", "missing")} <= set(
        made
    )
    assert not {f"{item.id}.self" for item in scheme.items if item.judged} & set(made)
    assert "COUNT(考核表!1.1.1.points," in made["1.1.self"]
    assert "IF(OR(得分测算!sales.actual<0," in made["1.1.1.points"]
    assert "指标填报!sales.wrong" in made["sales.state"]
