"""Why these points, why this place: every line an official would be asked for."""

from decimal import Decimal

import pytest

from kaohe_cli.assess.explain import LABELS, Line, explain, origin_said, place
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Case, Entry, Mark, Origin, Ranking, SectionScore, UnitScore
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.stated import readings_of

RETURN, LEDGER = "上城区.xlsx", "评分底稿.xlsx"


def filled(value: object, cell: str = "", file: str = RETURN, sheet: str = "指标填报") -> Entry:
    origin = Origin(file, sheet, cell) if cell else None
    return Entry(value if isinstance(value, Mark) else Decimal(str(value)), origin)


def lines(
    id: str,
    readings: dict[str, str] | None = None,
    verified: dict[str, Entry] | None = None,
    awards: dict[str, Award] | None = None,
    approvals: dict[str, tuple[str, str]] | None = None,
    **reported: Entry,
) -> list[tuple[str, str]]:
    scheme = load(readings=readings)
    entries = {name.replace("__", "."): entry for name, entry in reported.items()}
    case = Case(scheme.units[0], "received", entries, verified or {}, awards or {})
    return [(line.kind, line.text) for line in explain(scheme, case, score(scheme, case), id, approvals)]


def wanted(id: str, readings: dict[str, str] | None = None, **reported: object) -> list[str]:
    found = lines(id, readings, **{name: filled(value) for name, value in reported.items()})
    return [text for kind, text in found if kind == "wanted"]


def test_from_the_clause_to_the_points() -> None:
    target = filled(2520, "E5", "考核设置.xlsx", "下达目标")
    assert lines("1.1.2", sales__actual=filled("2677.5", "F5"), sales__target=target) == [
        ("criterion", "1.1.2 超额完成5%以上：1 分（加分，限加 1 分）"),
        ("clause", "超额完成5%以上加1分"),
        ("reading", "“5%以上”是否包括恰好5%？包括恰好5%（默认口径）"),
        ("reading", "未完成销售产值目标的单位能否得销售产值加分？须先完成目标，未完成的不加分（默认口径）"),
        ("figure", "工业销售产值·本年实绩：2,677.5 亿元（上城区.xlsx 指标填报!F5）"),
        ("figure", "工业销售产值·下达目标：2,520 亿元（考核设置.xlsx 下达目标!E5）"),
        ("step", "全年工业销售产值 2,677.5 亿元，超过下达目标 2,520 亿元 6.25%，达到5%以上，加 1 分"),
    ]  # fmt: skip


def test_a_verified_figure_stands_beside_the_reported_one() -> None:
    found = lines(
        "1.1.1",
        verified={"sales.actual": filled(2500, "G12", LEDGER, "数据核定")},
        sales__actual=filled(2600, "F5"),
        sales__target=filled(2520),
    )
    assert found[2:] == [
        ("figure", "工业销售产值·本年实绩：填报数 2,600 亿元（上城区.xlsx 指标填报!F5）；"
                   "核定数 2,500 亿元（评分底稿.xlsx 数据核定!G12），按核定数计"),
        ("figure", "工业销售产值·下达目标：2,520 亿元"),
        ("step", "按核定数：全年工业销售产值 2,500 亿元，低于下达目标 2,520 亿元 0.79%，不得分"),
        ("wanted", "全年工业销售产值须不低于 2,520 亿元，方可得 4 分"),
    ]  # fmt: skip


def test_figures_that_are_not_there() -> None:
    found = lines("1.1.1", sales__actual=Entry(None, Origin(RETURN, "指标填报", "F5"), invalid=True))
    assert found[2:] == [
        ("figure", "工业销售产值·本年实绩：填报有误（上城区.xlsx 指标填报!F5）"),
        ("figure", "工业销售产值·下达目标：未下达"),
        ("step", "“工业销售产值·本年实绩”填报有误，待更正，暂不计分"),
    ]
    assert lines("1.1.1")[2] == ("figure", "工业销售产值·本年实绩：未填报")
    assert lines("1.1.1")[0] == ("criterion", "1.1.1 完成销售产值目标：未定分")


def test_a_reading_names_who_approved_it() -> None:
    approvals = {"over5": ("王某", "2007-08-01"), "sales.gate": ("李某", "")}
    found = lines("1.1.2", {"over5": "strict"}, approvals=approvals)
    assert [text for kind, text in found if kind == "reading"] == [
        "“5%以上”是否包括恰好5%？须超过5%（王某于 2007-08-01 核定）",
        "未完成销售产值目标的单位能否得销售产值加分？须先完成目标，未完成的不加分（李某核定）",
    ]
    trial = lines("1.1.2", {"over5": "strict"})
    assert trial[2] == ("reading", "“5%以上”是否包括恰好5%？须超过5%")


def test_a_basis_is_told_and_the_measure_goes_by_its_name() -> None:
    found = lines("1.1.6", energy__actual=filled("6.3"), energy__target=filled(4))
    assert ("reading", "该单位按哪一项能耗指标考核？万元GDP综合能耗") in found
    assert ("figure", "万元GDP综合能耗·实际下降：6.3%") in found
    assert found[-1] == ("wanted", "万元GDP综合能耗实际下降须不低于 7%，方可再加 0.5 分")


def test_no_task_tells_its_reading() -> None:
    found = lines("1.2.4", land__target=filled(Mark.NO_TASK), land__actual=filled(3))
    assert found[2:] == [
        ("reading", "注明“无任务”的目标怎样计分？计满分（默认口径）"),
        ("figure", "土地盘活·本年实绩：3 万平方米"),
        ("figure", "土地盘活·下达目标：无任务"),
        ("step", "土地盘活注明无任务，按满分计，得 2 分"),
    ]


def test_a_judged_criterion_tells_evidence_judge_and_remark() -> None:
    found = lines(
        "2.7.1",
        awards={"2.7.1": Award(Decimal("3.5"), "报送率略低", "产业处")},
        injury__actual=filled(89),
        injury__target=filled(100),
    )
    assert found == [
        ("criterion", "2.7.1 产业损害预警：3.5 分（满分 4 分）"),
        ("clause", "完成目标4分"),
        ("evidence", "未达到：产业损害预警数据报送（已报送企业数）89 家，为入库企业数 100 家的 89%，未达到90%以上"),
        ("step", "产业处评 3.5 分：报送率略低"),
    ]


def test_an_item_frames_its_criteria() -> None:
    found = lines("1.4", awards={"1.4.1": Award(Decimal(7), by="产业处")}, **{"1.4.self": filled(8)})
    assert [kind for kind, _ in found] == ["item", "criterion", "clause", "step"]
    assert found[0] == ("item", "1.4 产业发展与招商引资：7 分（满分 8 分，自评 8 分）")
    assert lines("1.4")[0] == ("item", "1.4 产业发展与招商引资：未定分（满分 8 分）")


def test_an_item_that_is_capped_says_so() -> None:
    figures = {
        "sales__actual": 2677.5, "sales__target": 2520, "sales__prior": 2310, "energy__actual": 5, "energy__target": 5,
        "invest_large__actual": 112, "invest_large__prior": 100,
    }  # fmt: skip
    given = {name: filled(value) for name, value in figures.items()}
    assert lines("1.1", {"cap": "item"}, **given)[-1] == (
        "step", "各细则合计 20 分，项目得分以满分 12 分为限，封顶扣减 8 分",
    )  # fmt: skip
    assert not any("为限" in text for kind, text in lines("1.1", **given) if kind == "step")


def test_all_of_a_unit_and_nothing_unknown() -> None:
    found = lines("")
    assert sum(kind == "item" for kind, _ in found) == 17
    assert sum(kind == "criterion" for kind, _ in found) == 32
    for id in ("3.1", "1.1.9", "上城区"):
        with pytest.raises(KeyError):
            lines(id)


def test_an_id_is_not_mixed_up_with_one_that_begins_like_it() -> None:
    assert [text.split()[0] for kind, text in lines("2.1") if kind in ("item", "criterion")] == ["2.1", "2.1.1"]


WANTED = [
    ("1.1.1", {}, {"sales__actual": 2500, "sales__target": 2520}, ["全年工业销售产值须不低于 2,520 亿元，方可得 4 分"]),
    ("1.1.1", {}, {"sales__actual": 2520, "sales__target": 2520}, []),
    ("1.1.2", {"over5": "strict"}, {"sales__actual": 2646, "sales__target": 2520},
     ["全年工业销售产值须高于 2,646 亿元，方可加 1 分"]),
    ("1.1.2", {}, {"sales__actual": 2500, "sales__target": 2520},
     ["全年工业销售产值须不低于 2,646 亿元，并须达到“完成销售产值目标”，方可加 1 分"]),
    ("1.1.3", {}, {"sales__actual": 2600, "sales__target": 2520, "sales__prior": 2560},
     ["全年工业销售产值须不低于 2,610 亿元，方可加 1 分"]),
    ("1.1.3", {}, {"sales__actual": 2500, "sales__target": 2520, "sales__prior": 2310},
     ["全年工业销售产值须不低于 2,520 亿元，方可加 4 分"]),
    ("1.1.3", {"sales.gate": "free"}, {"sales__actual": 2500, "sales__prior": 2310},
     ["全年工业销售产值须不低于 2,510 亿元，方可再加 1 分"]),
    ("1.1.3", {"growth50.steps": "prorata"}, {"sales__actual": 2600, "sales__target": 2520, "sales__prior": 2560},
     ["全年工业销售产值须高于 2,600 亿元，方可再按比例加分"]),
    ("1.1.4", {"remainder": "split"},
     {"benefit__actual": 211, "benefit__prior": 210, "invest_large__actual": 110, "invest_large__prior": 100},
     ["全年限额以上工业投资须不低于 112 亿元，方可再得 2 分"]),
    ("1.1.5", {}, {"energy__actual": 3.5, "energy__target": 4}, ["万元GDP综合能耗实际下降须不低于 4%，方可不扣分"]),
    ("1.1.5", {"energy.short.steps": "whole"}, {"energy__actual": 2.5, "energy__target": 4},
     ["万元GDP综合能耗实际下降须高于 3%，方可不扣分"]),
    ("1.1.5", {}, {"energy__actual": 4, "energy__target": 4}, []),
    ("1.1.6", {}, {"energy__actual": 9, "energy__target": 5}, []),
    ("1.2.3", {}, {"projects__done": Mark.NOT_DONE}, ["“工业项目推进年”活动须完成，方可得 2 分"]),
    ("1.3.4", {}, {"clean__actual": 8, "clean__target": 9}, ["全年清洁生产审核企业数须不低于 9 家，方可得 2 分"]),
    ("1.2.4", {}, {"land__actual": 8}, []),
    ("1.2.4", {"no_task": "zero"}, {"land__actual": 8, "land__target": Mark.NO_TASK}, []),
    ("1.4.1", {}, {}, []),
]  # fmt: skip


@pytest.mark.parametrize(("id", "readings", "figures", "expected"), WANTED)
def test_what_it_would_take(id: str, readings: dict[str, str], figures: dict[str, object], expected: list[str]) -> None:
    assert wanted(id, readings, **figures) == expected


def test_readings_of_a_criterion() -> None:
    def bearing(id: str, readings: dict[str, str] | None = None) -> list[str]:
        scheme = load(readings=readings)
        return [reading.id for reading in readings_of(scheme, scheme.criteria[id])]

    assert bearing("1.1.1") == []
    assert bearing("1.1.2") == ["over5", "sales.gate"]
    assert bearing("1.1.3") == ["growth50.base", "growth50.steps", "sales.gate"]
    assert bearing("1.1.4") == ["remainder", "over12"]
    assert bearing("1.1.4", {"remainder": "both"}) == ["remainder", "over12"]
    assert bearing("1.1.4", {"remainder": "benefit"}) == ["remainder"]
    assert bearing("1.1.5") == ["energy.short", "energy.short.steps"]
    assert bearing("1.1.5", {"energy.short": "all_or_nothing"}) == ["energy.short"]
    assert bearing("1.1.6") == ["energy.bonus.steps"]


def test_where_a_value_was_found() -> None:
    assert origin_said(None) == ""
    assert origin_said(Origin("a.xlsx", "表", "B2")) == "a.xlsx 表!B2"
    assert origin_said(Origin("a.xlsx", "", "")) == "a.xlsx"
    assert origin_said(Origin("a.xlsx", "表", "")) == "a.xlsx 表"


def test_every_kind_of_line_has_its_label() -> None:
    assert [Line(kind, "").label for kind in LABELS] == list(LABELS.values())
    assert len(LABELS) == 10


# places ─────────────────────────────────────────────────────────────────────────────────────────────────


def ranking(*totals: object, readings: dict[str, str] | None = None, one: tuple[int, ...] = ()) -> Ranking:
    scheme = load(readings=readings)
    scores = []
    for index, (unit, total) in enumerate(zip(scheme.units, totals, strict=False)):
        known = None if total is None else Decimal(str(total))
        first = Decimal(one[index]) if one else Decimal(50)
        item = score(scheme, Case(unit, "received", {})).items[0]
        items = (type(item)(item.id, Decimal(10), None, item.criteria),)
        scores.append(UnitScore(unit, "received", items, known, (SectionScore("1", first, None),), None))
    return rank(scheme, scores)


def told(found: Ranking, code: str, readings: dict[str, str] | None = None) -> list[str]:
    scheme = load(readings=readings)
    return [line.text for line in place(scheme, found, code) if line.kind == "place"]


def test_the_way_to_neighbours_the_third_place_and_the_pass_mark() -> None:
    found = ranking(95, 90, 88, 85.5, 84)
    assert told(found, "330102") == [
        "总分 95.00 分，列第 1 名", "在前3名之内，为优秀单位", "比第 2 名下城区高 5.00 分", "高出 80 分线 15.00 分",
    ]  # fmt: skip
    assert told(found, "330105") == [
        "总分 85.50 分，列第 4 名", "总分在 80 分以上（含），为达标单位",
        "比第 3 名江干区低 2.50 分", "比第 5 名西湖区高 1.50 分", "高出 80 分线 5.50 分",
    ]  # fmt: skip
    assert told(found, "330106") == [
        "总分 84.00 分，列第 5 名", "总分在 80 分以上（含），为达标单位",
        "比第 4 名拱墅区低 1.50 分", "距前 3 名最低总分 88.00 分差 4.00 分", "高出 80 分线 4.00 分",
    ]  # fmt: skip


def test_shared_places_and_neighbours_who_share() -> None:
    found = ranking(95, 90, 90, 80)
    assert told(found, "330103")[2:] == [
        "与江干区并列", "比第 1 名上城区低 5.00 分", "比第 4 名拱墅区高 10.00 分", "高出 80 分线 10.00 分",
    ]  # fmt: skip
    assert told(found, "330102")[2:4] == ["比第 2 名下城区高 5.00 分", "比第 2 名江干区高 5.00 分"]
    assert told(found, "330105")[-1] == "恰为 80 分"


def test_equal_totals_parted_by_a_reading() -> None:
    readings = {"tie": "class_one"}
    found = ranking(90, 90, readings=readings, one=(50, 40))
    assert told(found, "330102", readings)[2] == "与第 2 名下城区总分相同，按口径列前"
    assert told(found, "330103", readings)[2] == "与第 1 名上城区总分相同，按口径列后"


def test_below_the_mark_and_without_a_total() -> None:
    found = ranking(95, 90, 88, 79.5, None)
    assert told(found, "330105") == [
        "总分 79.50 分，列第 4 名", "总分不足 80 分，差 0.50 分", "尚有单位总分未定，名次为暂定",
        "比第 3 名江干区低 8.50 分",
    ]  # fmt: skip
    unknown = told(found, "330106")
    assert unknown[0].startswith("尚有 6 条细则未定分（1.1.1、")
    assert len(unknown) == 2


def test_a_unit_that_is_not_ranked() -> None:
    with pytest.raises(KeyError):
        told(ranking(95), "HEDA")


def test_a_fall_below_nought_is_told_as_a_rise_beside_the_figure_itself() -> None:
    scheme = load()
    reported = {
        "energy.target": Entry(Decimal(5)),
        "energy.actual": Entry(Decimal(-3), Origin("甲.xlsx", "指标填报", "H11")),
    }
    case = Case(scheme.units[0], "received", reported)
    lines = explain(scheme, case, score(scheme, case), "1.1.5")
    said = [line.text for line in lines if line.kind == "figure"]
    assert said[1] == "万元工业增加值综合能耗·实际下降：-3%，即实际上升 3%（甲.xlsx 指标填报!H11）"
