"""What is checked in a return: each test changes a sound one by what its name says and looks for that alone."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st
from msgspec.structs import replace

from kaohe_cli.assess.check import check_case
from kaohe_cli.model import Case, Entry, Mark, Origin, Settings, Unit, Value
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load

SCHEME = load()
UNIT = Unit("330102", "上城区", "区")
WAIVED = {"plants.done": Entry(Mark.NO_TASK), "sales.target": Entry(Mark.NO_TASK), "kilns.target": Entry(Mark.NO_TASK)}
ISSUED = {
    name: Entry(Decimal(100))
    for name, figure in SCHEME.figures.items()
    if figure.by == "office" and SCHEME.names[name].unit != "%"
} | {"bulkcement.target": Entry(Decimal(60))}


def settings_of(given: dict[str, Entry]) -> Settings:
    return Settings((UNIT,), {UNIT.code: given}, {}, {})


def sound(given: dict[str, Entry]) -> Case:
    """A return in which nothing is wrong."""
    settled = SCHEME.given(UNIT, settings_of(given))
    healthy: dict[str, Value] = {"number": Decimal(110), "score": Decimal("3.5"), "done": Mark.DONE, "text": "王伟"}
    reported = {}
    for row, field in enumerate(form_fields(SCHEME, settled), start=7):
        value = date(2007, 11, 10) if field.type == "date" else healthy[field.type]
        if field.unit == "%":
            value = Decimal(62)
        reported[field.name] = Entry(value, Origin("上城区.xlsx", "指标填报", f"G{row}"))
    return Case(UNIT, "received", {**reported, **settled}, file="上城区.xlsx")


def found(changes: dict[str, Value | None], given: dict[str, Entry] = ISSUED) -> list[tuple[str, str]]:
    """Code and field of every problem of a sound return with ``changes``."""
    return [(each.code, each.field) for each in checked(changes, given)[1]]


def checked(changes: dict[str, Value | None], given: dict[str, Entry] = ISSUED):  # type: ignore[no-untyped-def]
    case = sound(given)
    reported = dict(case.reported)
    for name, value in changes.items():
        reported[name] = replace(reported[name], value=value)
    return check_case(SCHEME, settings_of(given), replace(case, reported=reported))


def test_a_sound_return_has_nothing_wrong_with_it() -> None:
    case, problems = checked({})
    assert problems == ()
    assert case == sound(ISSUED)


CASES: list[tuple[str, dict[str, Value | None], list[tuple[str, str]]]] = [
    ("a figure that earns points is blank", {"sales.actual": None}, [("KH101", "sales.actual")]),
    ("a figure of last year that earns points is blank", {"sales.prior": None}, [("KH101", "sales.prior")]),
    ("完成情况 is blank", {"projects.done": None}, [("KH101", "projects.done")]),
    ("evidence is blank", {"loans.actual": None}, [("KH102", "loans.actual")]),
    ("evidence does not apply", {"chemicals.target": Mark.NOT_APPLICABLE, "chemicals.actual": Mark.NOT_APPLICABLE}, []),
    ("佐证材料 is blank", {"sales.evidence": None}, []),
    ("a self-score is blank", {"1.4.self": None}, [("KH122", "1.4.self")]),
    ("who filled it in is blank", {"filer": None, "date": None}, [("KH123", "filer"), ("KH123", "date")]),
    ("below its least", {"sales.actual": Decimal(-1)}, [("KH103", "sales.actual")]),
    ("at its least", {"energy.actual": Decimal(-100)}, []),
    ("above its most", {"sales.actual": Decimal("100000.01")}, [("KH103", "sales.actual")]),
    ("more than the total", {"centers.target": Decimal(40), "centers.actual": Decimal(105)},
     [("KH103", "centers.actual")]),
    ("a total that is out of range itself", {"centers.target": Decimal(-5)}, [("KH103", "centers.target")]),
    ("all of the total", {"centers.target": Decimal(40), "centers.actual": Decimal(40)}, []),
    ("self-score at its most", {"1.4.self": Decimal(8), "2.8.self": Decimal(4)}, []),
    ("self-score above its most", {"1.4.self": Decimal("8.01")}, [("KH103", "1.4.self")]),
    ("self-score below nought", {"1.4.self": Decimal("-0.5")}, [("KH103", "1.4.self")]),
    ("self-score with two decimals", {"1.4.self": Decimal("7.25")}, []),
    ("self-score with two decimals and noughts", {"1.4.self": Decimal("7.25000")}, []),
    ("self-score with three decimals", {"1.4.self": Decimal("7.125")}, [("KH112", "1.4.self")]),
    ("half a plant", {"clean.actual": Decimal("12.5")}, [("KH111", "clean.actual")]),
    ("a whole number written with decimals", {"clean.actual": Decimal("12.0")}, []),
    ("a date of another year", {"date": date(2070, 11, 10)}, [("KH117", "date")]),
    ("a date in the month after", {"date": date(2008, 1, 31)}, []),
    ("a date before the year", {"date": date(2006, 12, 31)}, [("KH117", "date")]),
    ("无 beside a number", {"chemicals.target": Mark.NOT_APPLICABLE}, [("KH202", "chemicals.target")]),
    ("无 beside nought", {"chemicals.target": Mark.NOT_APPLICABLE, "chemicals.actual": Decimal(0)}, []),
    ("无 where a target was issued", {"kilns.actual": Mark.NOT_APPLICABLE}, [("KH202", "kilns.actual")]),
    ("growth over nought", {"invest_large.prior": Decimal(0)}, [("KH203", "invest_large.prior")]),
    ("a share of nought", {"injury.target": Decimal(0), "injury.actual": Decimal(0)}, [("KH203", "injury.target")]),
    # whether a figure may be expected is not asked here but of all units together (test_plausibility.py)
    ("a hundred times last year", {"sales.actual": Decimal(11000)}, []),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "problems"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_it_finds_what_is_wrong_and_nothing_else(
    changes: dict[str, Value | None], problems: list[tuple[str, str]]
) -> None:
    assert found(changes) == problems


def test_every_check_is_in_the_table() -> None:
    seen = {code for _, _, problems in CASES for code, _ in problems}
    assert seen == {
        "KH101", "KH102", "KH103", "KH111", "KH112", "KH117", "KH122", "KH123", "KH202", "KH203",
    }  # fmt: skip


def test_the_message_of_the_design() -> None:
    _, problems = checked({"centers.target": Decimal(40), "centers.actual": Decimal(105)})
    (problem,) = problems
    assert (problem.found, problem.expected) == ("105", "0–40（参加考核数）")
    assert problem.message == "省级以上企业技术中心考核·合格数（家）填报 105，应为 0–40（参加考核数）"
    assert (problem.unit, problem.file, problem.sheet) == ("上城区", "上城区.xlsx", "指标填报")
    assert problem.cell.startswith("G")


def test_a_figure_beyond_its_limits_does_not_count() -> None:
    case, _ = checked({"sales.actual": Decimal(-1), "clean.actual": Decimal("1.5"), "1.4.self": Decimal("1.125")})
    for name in ("sales.actual", "clean.actual", "1.4.self"):
        assert (case.reported[name].value, case.reported[name].invalid) == (None, True)
        assert case.reported[name].origin is not None


def test_a_query_leaves_the_figure_as_it_is() -> None:
    case, problems = checked({"injury.target": Decimal(0), "injury.actual": Decimal(0)})
    assert case.reported["injury.target"].value == 0
    assert [each.severity for each in problems] == ["warning"]


def test_an_invalid_entry_is_not_called_blank_as_well() -> None:
    case = sound(ISSUED)
    reported = {**case.reported, "sales.actual": Entry(None, invalid=True)}
    assert check_case(SCHEME, settings_of(ISSUED), replace(case, reported=reported))[1] == ()


def test_a_cell_that_is_gone_is_not_called_blank_as_well() -> None:
    case = sound(ISSUED)
    reported = {name: entry for name, entry in case.reported.items() if name != "sales.actual"}
    assert check_case(SCHEME, settings_of(ISSUED), replace(case, reported=reported))[1] == ()


def test_where_no_task_was_given_nothing_need_be_filled_in() -> None:
    given = {**ISSUED, **WAIVED}
    assert "plants.done" not in {field.name for field in form_fields(SCHEME, SCHEME.given(UNIT, settings_of(given)))}
    assert found({"kilns.actual": None}, given) == []
    assert found({"sales.actual": None, "sales.prior": None}, given) == [
        # growth over last year needs no target
        ("KH101", "sales.prior"),
        ("KH101", "sales.actual"),
    ]


def test_a_form_returned_unfilled_is_one_problem() -> None:
    case = sound(ISSUED)
    fields = {field.name for field in form_fields(SCHEME, SCHEME.given(UNIT, settings_of(ISSUED)))}
    blank = {name: replace(entry, value=None) if name in fields else entry for name, entry in case.reported.items()}
    back, problems = check_case(SCHEME, settings_of(ISSUED), replace(case, reported=blank))
    assert [each.code for each in problems] == ["KH201"]
    assert back.status == "rejected"


@pytest.mark.parametrize("status", ["missing", "rejected"])
def test_what_never_came_in_is_not_checked(status: str) -> None:
    case = Case(UNIT, status, {})  # type: ignore[arg-type]
    assert check_case(SCHEME, settings_of(ISSUED), case) == (case, ())


FIELDS = form_fields(SCHEME, SCHEME.given(UNIT, settings_of(ISSUED)))
entries: st.SearchStrategy[Value | None] = st.one_of(
    st.none(),
    st.sampled_from(list(Mark)),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15),
    st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(40), Decimal("1E+14"), Decimal("1E-14")]),
)


@given_that(st.dictionaries(st.sampled_from([field.name for field in FIELDS if field.type == "number"]), entries))
def test_whatever_is_reported_what_counts_is_within_its_limits(changes: dict[str, Value | None]) -> None:
    case, problems = checked(changes)
    for field in FIELDS:
        value = case.reported[field.name].value
        if not isinstance(value, Decimal):
            continue
        assert field.minimum is None or value >= field.minimum
        assert field.maximum is None or value <= field.maximum
        assert not field.whole or value == value.to_integral_value()
    for each in problems:
        assert each.cell
        assert "{" not in each.message + each.fix
