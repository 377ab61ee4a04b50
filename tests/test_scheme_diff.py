"""``kaohe scheme diff``: what is another in a scheme, and what a year would have been by it."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, Ran, kaohe
from notices import FOLDER as NOTICES
from notices import scheme_of, units_of
from sample_cases import sample_cases

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.transfer import Both, by_both
from kaohe_cli.commands import contract
from kaohe_cli.extent import width
from kaohe_cli.scheme.load import FOLDER, load, parse
from kaohe_cli.scheme.scheme import Scheme

LEDGER = ROOT / "samples" / "评分底稿.xlsx"
HANGZHOU = (FOLDER / "hangzhou_2007.toml").read_text("utf-8")
ENERGY = (NOTICES / "energy_2007.toml").read_text("utf-8")
TEN = (('right_times = "1.05"', 'right_times = "1.1"'), ("超额完成5%以上加1分", "超额完成10%以上加1分"))


def replaced(text: str, *changes: tuple[str, str]) -> str:
    for was, becomes in changes:
        assert was in text, was
        text = text.replace(was, becomes)
    return text


def told(folder: Path, *more: str | Path, changes: tuple[tuple[str, str], ...] = TEN) -> Ran:
    path = folder / "2008.toml"
    path.write_text(replaced(HANGZHOU, *changes), "utf-8")
    return kaohe("scheme", "diff", "hangzhou_2007", path, *more)


# ── the schemes ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_another_is_told_by_items(tmp_path: Path) -> None:
    ran = told(tmp_path)
    assert ran.code == 0
    assert ran.out.splitlines()[2:] == [
        "改动 3 处。",
        "",
        "1.1 工业经济平稳较快增长",
        "  评分标准",
        "    原：完成销售产值目标4分，超额完成5%以上加1分，绝对值每增长50亿元加1分；",
        "    现：完成销售产值目标4分，超额完成10%以上加1分，绝对值每增长50亿元加1分；",
        "  细则 1.1.2 超额完成5%以上",
        "    计分",
        "      原：全年工业销售产值超过下达目标5%以上的，加 1 分",
        "      现：全年工业销售产值超过下达目标10%以上的，加 1 分",
        "",
        "口径",
        "  “5%以上”是否包括恰好5%？——须超过5%",
        "    改动",
        "      原：1.1.2 超额完成5%以上：计分改为“全年工业销售产值超过下达目标5%以上（不含本数）的，加 1 分”",
        "      现：1.1.2 超额完成5%以上：计分改为“全年工业销售产值超过下达目标10%以上（不含本数）的，加 1 分”",
    ]


def test_what_is_new_and_what_is_gone(tmp_path: Path) -> None:
    begin = HANGZHOU.index('[[unit]]\ncode = "330103"')
    unit = HANGZHOU[begin : HANGZHOU.index("[[unit]]", begin + 1)]
    ran = told(tmp_path, changes=((unit, unit.replace("330103", "330111").replace("下城区", "富阳新区")),))
    assert "新增 1 处，取消 1 处。" in ran.out
    assert "  新增：富阳新区\n    代码：330111\n    单位类别：区\n  取消：下城区\n" in ran.out


def test_two_that_are_the_same() -> None:
    ran = kaohe("scheme", "diff", "hangzhou_2007", FOLDER / "hangzhou_2007.toml")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "没有不同。")


def test_programs_get_all_of_it(tmp_path: Path) -> None:
    ran = told(tmp_path, "--json")
    assert ran.code == 0
    assert ran.json["before"] == {"scheme": "hangzhou_2007", "year": 2007, "title": "二○○七年度工作目标责任制考核表"}
    assert list(ran.json) == [*contract.NOTHING["scheme diff"], "problems"]
    assert ran.json["ledger"] is None
    rule = next(each for each in ran.json["differences"] if each["what"] == "计分")
    assert rule == {
        "kind": "changed", "heading": "1.1 工业经济平稳较快增长", "room": "细则", "id": "1.1.2",
        "called": "1.1.2 超额完成5%以上", "what": "计分", "from": "全年工业销售产值超过下达目标5%以上的，加 1 分",
        "to": "全年工业销售产值超过下达目标10%以上的，加 1 分", "only": None,
    }  # fmt: skip
    assert ran.json["counts"]["changed"] == len(ran.json["differences"])
    assert any(each["what"] == "原文" for each in ran.json["differences"]), "also where a sentence has it"


@pytest.mark.parametrize(("before", "now"), [("没有这个", "hangzhou_2007"), ("hangzhou_2007", "没有.toml")])
def test_what_cannot_be_loaded_is_explained(before: str, now: str) -> None:
    ran = kaohe("scheme", "diff", before, now, "--json")
    assert (ran.code, ran.json["problems"][0]["code"]) == (2, "KH901")
    assert {**ran.json, "problems": []} == {**contract.NOTHING["scheme diff"], "problems": []}


def test_a_ledger_that_is_not_there_is_explained() -> None:
    assert kaohe("scheme", "diff", "hangzhou_2007", "hangzhou_2007", "--ledger", "没有.xlsx").code == 2
    assert kaohe("scheme", "diff", "hangzhou_2007").code == 2


# ── a year by both ──────────────────────────────────────────────────────────────────────────────────────


def test_a_threshold_moves_a_place(tmp_path: Path) -> None:
    ran = told(tmp_path, "--ledger", LEDGER, "--json")
    assert ran.code == 0
    units = {each["unit"]: each for each in ran.json["ledger"]["units"]}
    assert len(units) == 14
    assert units["杭州经济技术开发区"]["total"] == [95.5, 94.5]
    assert (units["杭州经济技术开发区"]["place"], units["杭州经济技术开发区"]["grade"]) == ([3, 4], ["优秀", "达标"])
    assert units["滨江区(高新区)"]["place"] == [3, 3]
    assert units["富阳市"]["place"] == [None, None]
    assert {(*each["id"], *each["points"]) for each in ran.json["ledger"]["criteria"]} == {("1.1.2", "1.1.2", 1, 0)}
    assert ran.json["ledger"]["uncarried"] == []
    shown = told(tmp_path, "--ledger", LEDGER).out
    assert "1.1.2 超额完成5%以上：萧山区 1.00 改为 0.00" in shown
    assert [line.split() for line in shown.splitlines() if line.startswith("杭州经济")] == [
        ["杭州经济技术开发区", "95.50", "94.50", "3", "4", "优秀", "达标"],
    ]  # fmt: skip
    table = [line for line in shown.split("名次、等次有变动")[1].splitlines() if "─" not in line]
    assert max(width(line.replace("—", "-")) for line in table) <= 80


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = LEDGER.read_bytes()
    told(tmp_path, "--ledger", LEDGER)
    assert [path.name for path in tmp_path.iterdir()] == ["2008.toml"]
    assert LEDGER.read_bytes() == before


def energy(*changes: tuple[str, str]) -> Both:
    scheme = scheme_of("energy_2007")
    cases = compare(scheme, [year.case() for year in units_of("energy_2007")])
    return by_both(scheme, parse(replaced(ENERGY, *changes).encode(), "某年.toml"), cases)


def missing(both: Both) -> Mapping[str, str]:
    return {each.what: each.why for each in both.uncarried}


def test_a_year_by_the_same_scheme_is_the_same() -> None:
    both = energy(("year = 2007", "year = 2008"))
    assert (both.moved, both.uncarried) == ((), ())
    assert all(len({*each.total}) == len({*each.place}) == len({*each.grade}) == 1 for each in both.standings)
    scheme = load()
    assert by_both(scheme, scheme, sample_cases(scheme)).moved == ()


def test_bands_and_marks_of_another_number_of_points() -> None:
    both = energy(
        ("达到目标40分", "达到目标39分"), ("at = 1, points = 40", "at = 1, points = 39"),
        ("points = 40\n", "points = 39\n"),
    )  # fmt: skip
    assert both.moved
    assert {each.ids for each in both.moved} == {("1.1", "1.1")}
    assert {each.points for each in both.moved} == {(Decimal(40), Decimal(39))}


def test_figures_that_the_year_has_not_are_pending_and_named() -> None:
    both = energy(
        ('id = "hightech"', 'id = "hitech"'),
        ("hightech.", "hitech."),
        ("高技术产业增加值占工业增加值比重", "高新技术比重"),
    )
    assert missing(both) == {
        "高新技术比重·上年实绩": "上年底稿没有这项数据", "高新技术比重·本年实绩": "上年底稿没有这项数据",
    }  # fmt: skip
    assert {each.total[1] for each in both.standings} == {None}
    assert {each.points[1] for each in both.moved if each.ids[1] == "4.2"} == {None}, "and never 0"
    again = energy(('id = "hightech"', 'id = "hitech"'), ("hightech.", "hitech."))
    assert (again.uncarried, again.moved) == ((), ()), "a measure of that title is the same one"


def test_a_figure_in_another_unit_is_not_taken() -> None:
    both = energy(('unit = "吨标准煤"', 'unit = "万吨标准煤"'))
    assert set(missing(both).values()) == {"计量单位由吨标准煤改为万吨标准煤"}


def test_a_mark_that_cannot_be_given_any_more_is_not_taken() -> None:
    both = energy(
        ("完善制度并充实统计力量2分", "完善制度并充实统计力量3分"), ("实施技术示范项目2分", "实施技术示范项目1分"),
        ('"完善制度并充实统计力量3分"\npoints = 2', '"完善制度并充实统计力量3分"\npoints = 3'),
        ('"实施技术示范项目1分"\npoints = 2', '"实施技术示范项目1分"\npoints = 1'),
        ("points = 9\ncontent", "points = 8\ncontent"), ("points = 5\ncontent", "points = 6\ncontent"),
    )  # fmt: skip
    assert set(missing(both).values()) == {"上年的分不是现在可以评的分"}
    assert set(missing(both)) <= {"6.3 示范项目·考核分", "9.1 能源统计·考核分"}


def test_a_mark_of_another_criterion_of_that_number_is_not_taken() -> None:
    renamed = ("出台配套法规政策1分", "建立联席会议制度1分")
    assert missing(energy(renamed)) == {}
    both = energy(renamed, ('title = "配套法规"', 'title = "联席会议"'))
    assert missing(both) == {"8.1 联席会议·考核分": "编号相同，名称和原文都不是上年的"}


def test_units_that_are_assessed_no_more_have_no_place() -> None:
    both = energy(('[[unit]]\ncode = "E03"\nname = "丙县"\nkind = "县"\n', ""))
    (gone,) = [each for each in both.standings if each.unit == "丙县"]
    assert (gone.place[1], gone.grade[1], gone.total[1]) == (None, "", None)
    assert len(both.now.units) == len(both.before.units) - 1


def test_readings_that_the_office_chose_stay_where_they_can() -> None:
    scheme: Scheme = load(readings={"over5": "strict", "cap": "item"})
    other = parse(
        replaced(HANGZHOU, ('id = "strict"\nlabel = "须超过5%"', 'id = "above"\nlabel = "须超过5%"')).encode(),
        "某年.toml",
    )
    both = by_both(scheme, other, sample_cases(scheme))
    assert (both.readings["cap"], both.readings["over5"]) == ("item", "inclusive")
    assert missing(both) == {"“5%以上”是否包括恰好5%？": "现在没有这个口径或所选的办法"}
    found: Any = contract.difference(scheme, other, (), both)["ledger"]
    assert found["readings"]["cap"] == "item"
