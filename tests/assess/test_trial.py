"""试算: the invented units of a scheme come to what its author expects, or it is told where they do not."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from any_scheme import HEAD, criterion, item
from command import Ran, kaohe
from notices import FOLDER, NAMES, scheme_of, written_year
from property.schemes import Table, toml

from kaohe_cli.assess.trial import missed, tried
from kaohe_cli.scheme.load import FOLDER as SHIPPED
from kaohe_cli.scheme.load import examine, load, parse
from kaohe_cli.scheme.scheme import Scheme

HANGZHOU = (SHIPPED / "hangzhou_2007.toml").read_text("utf-8")


# ── the nine notices: what was worked out by hand for 43 units ──────────────────────────────────────────


def trial_of(scheme: Scheme, unit: Table) -> Table:
    """A unit of a year as a trial, with everything that is worked out by hand."""
    named = {each.code: each for each in scheme.units}[unit["code"]]
    return {
        "name": named.name,
        "kind": named.kind,
        "figure": unit["figures"],
        "mark": {**unit.get("marks", {}), **unit.get("given", {})},
        "veto": "veto" in unit,
        "points": {**unit["points"], **unit.get("items", {}), **unit.get("sections", {})},
        "total": unit["total"],
        **{key: unit[key] for key in ("grade", "place") if key in unit},
    }


@cache
def trials_of(name: str) -> tuple[Table, ...]:
    return tuple(trial_of(scheme_of(name), unit) for unit in written_year(name)["unit"])


def with_trials(name: str, trials: tuple[Table, ...]) -> str:
    return (FOLDER / f"{name}.toml").read_text("utf-8") + toml({"trial": list(trials)})


def expected(trial: Table) -> int:
    return len(trial["points"]) + sum(key in trial for key in ("total", "grade", "place"))


@pytest.mark.parametrize("name", NAMES)
def test_a_year_worked_out_by_hand_is_met_everywhere(name: str) -> None:
    trials = trials_of(name)
    found = examine(with_trials(name, trials).encode(), f"{name}.toml")
    assert found.problems == ()
    assert found.scheme is not None
    held = tried(found.scheme)
    assert [(each.name, each.what, each.expected, each.found) for each in held if not each.met] == []
    assert len(held) == sum(map(expected, trials))
    assert [each.key for each in held if not each.steps or not all(each.steps)] == []
    assert list(missed(held, found.wording, "x")) == []


def test_so_much_was_expected() -> None:
    trials = [each for name in NAMES for each in trials_of(name)]
    assert (len(trials), sum(map(expected, trials))) == (43, 542)


def wrong(trial: Table) -> Iterator[tuple[str, Table]]:
    """Each expectation of ``trial`` made wrong: its key, and the trial with it."""
    for id, points in trial["points"].items():
        yield f"points.{id}", {**trial, "points": {**trial["points"], id: Decimal(str(points)) + Decimal("0.01")}}
    yield "total", {**trial, "total": Decimal(str(trial["total"])) - 1}
    if "place" in trial:
        yield "place", {**trial, "place": trial["place"] + 1}


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_expectation_is_found_wherever_it_is(name: str) -> None:
    first, *others = trials_of(name)
    for key, trial in wrong(first):
        text = with_trials(name, (trial, *others))
        found = examine(text.encode(), f"{name}.toml")
        assert found.scheme is not None
        (told,) = missed(tried(found.scheme), found.wording, f"{name}.toml")
        assert (told.code, told.field) == ("KH934", f"trial.{first['name']}.{key}")
        assert told.line is not None
        assert key.partition(".")[0] in text.split("\n")[told.line - 1]


def test_trials_change_nothing_else() -> None:
    for name in NAMES[:3]:
        plain, held = scheme_of(name), parse(with_trials(name, trials_of(name)).encode(), "x.toml")
        assert (plain.units, plain.criteria, plain.points) == (held.units, held.criteria, held.points)


# ── the notice of 2007 ──────────────────────────────────────────────────────────────────────────────────

# a unit that does all that is asked, and its figures beyond: 销售产值增长 100 亿元，加 2 分；能耗下降恰好 5%
MET: Table = {
    "sales.prior": 1000, "sales.target": 1050, "sales.actual": 1100, "invest_large.prior": 100,
    "invest_large.actual": 112, "energy.actual": 5, "invest.target": 100, "invest.actual": 100, "tech.target": 50,
    "tech.actual": 50, "projects.done": "已完成", "land.target": 10, "land.actual": 10, "double.done": "完成",
    "clean.target": 5, "clean.actual": 5,
    **dict.fromkeys((f"{each}.done" for each in ("saving", "audit", "online", "obsolete", "closed", "plants")), "完成"),
}  # fmt: skip
# 销售产值、工业投资、限额以上投资、推进年活动都未完成，能耗应下降 4%、少下降 1 个百分点
MISSED: Table = {
    **MET, "sales.actual": 1000, "invest_large.actual": 100, "energy.actual": 3, "invest.actual": 99,
    "projects.done": "未完成", "energy.basis": "gdp",
}  # fmt: skip
SECOND = [f"2.{number}.1" for number in range(1, 12)]


def marks(first: tuple[int, int, int], second: int) -> Table:
    """What is given for the three judged items of the first section, and for each of the second."""
    return {**dict(zip(("1.4.1", "1.5.1", "1.6.1"), first, strict=True)), **dict.fromkeys(SECOND, second)}


def three() -> list[Table]:
    """Three trials of 2007, worked out by hand."""
    one, two = load().sections
    full = {"figure": MET, "mark": marks((8, 8, 8), 4)}
    return [
        # 56+2、44
        {"name": "甲", "kind": "区", **full, "points": {one: 58, two: 44}, "total": 102, "grade": "优秀", "place": 1},
        # 1.1 只得能耗 3 分，1.2 得 6 分，1.3 得 10 分，1.4 至 1.6 得 21 分；二类 11×3；按名次前三名为优秀
        {
            "name": "乙", "kind": "县（市）", "figure": MISSED, "mark": marks((8, 7, 6), 3),
            "points": {"1.1.5": 3, "1.1": 3, "1.2": 6, "1.3": 10, one: 40, two: 33}, "total": 73, "grade": "优秀",
            "place": 2,
        },
        {
            "name": "丙", "kind": "开发区", **full, "veto": True, "points": {"1.1.3": 2}, "total": 102,
            "grade": "一票否决",
        },
    ]  # fmt: skip


def checked(folder: Path, text: str, *more: str) -> Ran:
    path = folder / "某年.toml"
    path.write_text(text, "utf-8")
    return kaohe("scheme", "check", path, *more)


def test_three_trials_of_2007_are_met(tmp_path: Path) -> None:
    text = HANGZHOU + toml({"trial": three()})
    ran = checked(tmp_path, text, "--json")
    assert ran.code == 0
    assert "15 个口径。试算 3 个单位、17 处，全部相符。" in ran.err
    assert [list(each) for each in ran.json["trials"]] == [["name", "what", "expected", "found", "met", "steps"]] * 17
    assert {each["met"] for each in ran.json["trials"]} == {True}
    first = [each for each in ran.json["trials"] if each["name"] == "甲"]
    assert [each["what"] for each in first] == [*load().sections, "total", "grade", "place"]
    assert [each["found"] for each in first] == [58, 44, 102, "优秀", 1]


def test_a_trial_that_disagrees_is_told_and_the_scheme_can_be_used(tmp_path: Path) -> None:
    trials = three()
    trials[0]["total"] += 1
    text = HANGZHOU + toml({"trial": trials})
    ran = checked(tmp_path, text, "--json")
    assert (ran.code, ran.json["ok"], ran.json["counts"]["errors"]) == (1, True, 1)
    (told,) = ran.json["problems"]
    name = trials[0]["name"]
    assert (told["code"], told["severity"], told["key"]) == ("KH934", "error", f"trial.{name}.total")
    assert text.split("\n")[told["line"] - 1].startswith("total = ")
    assert f"第 {told['line']} 行的“trial.{name}.total”中，试算单位“{name}”的总分，应为“" in told["message"]
    assert "合计 " in told["message"]
    assert told["fix"] == "核对细则怎样写，或改正试算的期望值。"
    assert "试算 3 个单位、17 处，1 处不符。" in ran.err
    other = kaohe("template", tmp_path / "模板.xlsx", "--scheme", tmp_path / "某年.toml")
    assert (other.code, "KH934" in other.err) == (0, False), "no other command speaks of it"


def test_a_blank_mark_leaves_its_points_open_and_the_total_says_which(tmp_path: Path) -> None:
    trials = three()
    for id in ("1.5.1", "2.8.1"):
        del trials[0]["mark"][id]
    trials[0]["points"] = {"1.5.1": 1, "1.5": 1, "1.1.1": 4}
    ran = checked(tmp_path, HANGZHOU + toml({"trial": trials[:1]}), "--json")
    held = {each["what"]: each for each in ran.json["trials"]}
    assert {what for what, each in held.items() if each["found"] is None} == {"1.5.1", "1.5", "total", "grade", "place"}
    assert held["1.5.1"]["steps"] == ["待处室评分"]
    assert held["total"]["steps"] == ["1.5.1、2.8.1：待处室评分"]
    (total,) = (each for each in ran.json["problems"] if each["key"].endswith(".total"))
    assert "算得“未定”。1.5.1、2.8.1：待处室评分" in total["message"]


# ── what is expected of a few criteria ──────────────────────────────────────────────────────────────────

SMALL = (
    HEAD
    + """
[[unit]]
code = "A"
name = "甲镇"
kind = "镇"
[[unit]]
code = "B"
name = "乙街道"
kind = "街道"
[[veto]]
clause = ""
[[grade]]
title = "优秀"
places = 1
[[group]]
title = "镇组"
kinds = ["镇"]
[[group]]
title = "街道组"
kinds = ["街道"]
[[measure]]
id = "tax"
item = "1"
title = "税收"
unit = "万元"
actual = { min = 0, whole = true, waivable = true }
[[measure]]
id = "plan"
item = "1"
title = "规划"
done = { words = ["已编制", "未编制"], waivable = true }
"""
    + item(
        "1",
        criterion("1.1", "10", 'kind = "place", left = "tax.actual", points = [10, 8], rest = 5'),
        criterion("1.2", "5", 'kind = "when", parts = [{ left = "plan.done", compare = "done", points = 5 }]'),
    )
    + item("2", criterion("2.1", "10", 'kind = "judged", judges = 3'), criterion("2.2", "4", 'kind = "given"'))
)


def held(text: str) -> dict[tuple[str, str], object]:
    found = examine((SMALL + text).encode(), "x.toml")
    assert found.problems == ()
    assert found.scheme is not None
    return {(each.name, each.what): each.found for each in tried(found.scheme)}


def test_trials_are_compared_and_ranked_within_their_group() -> None:
    asked = 'figure = {{ "tax.actual" = {}, "plan.done" = "{}" }}\nmark = {{ "2.1" = [8, 9, 10], "2.2" = 4 }}\n'
    asked += 'points = {{ "1.1" = 0, "1.2" = 0, 1 = 0, "2.1" = 0 }}\nplace = 1\ngrade = "优秀"\ntotal = 0\n'
    one = '[[trial]]\nname = "甲"\n' + asked.format(50, "已编制")  # of the first kind, where none is said
    two = '[[trial]]\nname = "乙"\nkind = "镇"\n' + asked.format(70, "未编制")
    other = '[[trial]]\nname = "丙"\nkind = "街道"\n' + asked.format(1, "无任务")
    vetoed = '[[trial]]\nname = "丁"\nkind = "街道"\nveto = true\n' + asked.format(0, "已完成")
    found = held(one + two + other + vetoed)
    assert [found[name, "1.1"] for name in "甲乙丙丁"] == [8, 10, 10, 8]
    assert [found[name, "1.2"] for name in "甲乙丙丁"] == [5, 0, 5, 5]
    assert [found[name, "1"] for name in "甲乙丙丁"] == [13, 10, 15, 13]
    assert [found[name, "2.1"] for name in "甲乙丙丁"] == [9] * 4
    assert [found[name, "total"] for name in "甲乙丙丁"] == [26, 23, 28, 26]
    assert [found[name, "place"] for name in "甲乙丙丁"] == [1, 2, 1, None]
    assert [found[name, "grade"] for name in "甲乙丙丁"] == ["优秀", "", "优秀", "一票否决"]


def test_what_is_not_given_is_open_and_is_said_so() -> None:
    text = '[[trial]]\nname = "甲"\npoints = { "1.1" = 10, "2.1" = 9, "2" = 1 }\nmark = { "2.1" = [9, 8] }\nplace = 1\n'
    found = examine((SMALL + text).encode(), "x.toml")
    assert found.scheme is not None
    messages = [each.message for each in missed(tried(found.scheme), found.wording, "x.toml")]
    assert [message.partition("算得")[2] for message in messages] == [
        "“未定”。“税收·本年实绩”未填报，暂不计分",
        "“未定”。待评委评分，评委3未评",
        "“未定”。2.1 细则2.1：待评委评分，评委3未评；2.2 细则2.2：待考核办按出处填入",
        "“未定”。尚有 4 条细则未定分（1.1、1.2、2.1、2.2），总分未定；尚有单位总分未定，名次为暂定",
    ]


# ── what cannot be tried is a fault of the scheme ───────────────────────────────────────────────────────

FAULTS = (
    ('name = ""', "trial 第 1 个.name", "试算单位须有名称"),
    ('kind = "乡"', "trial.甲.kind", "没有“乡”类的单位"),
    ('figure = { "tax.actual" = "已完成" }', "trial.甲.figure.tax.actual", "不能写“已完成”，可用：数、无任务"),
    ('figure = { "tax.actual" = -1 }', "trial.甲.figure.tax.actual", "不是能填的数，应为 0 以上的数值"),
    ('figure = { "tax.actual" = 1.5 }', "trial.甲.figure.tax.actual", "不是能填的数，应为 整数"),
    ('figure = { "plan.done" = 1 }', "trial.甲.figure.plan.done", "不能写“1”，可用：已编制、未编制、无任务"),
    ('figure = { "plan.done" = "做了" }', "trial.甲.figure.plan.done", "不能写“做了”，可用：已编制、未编制、无任务"),
    ('figure = { "plan.done" = true }', "trial.甲.figure.plan.done", "不能写“True”，可用：已编制、未编制、无任务"),
    ('figure = { "gdp.actual" = 1 }', "trial.甲.figure.gdp.actual", "没有这个数据项，也没有按单位选定的这个口径"),
    ("figure.tax.actual = 1", "trial.甲.figure.tax", '带点的编号须加引号，如 "sales.actual" = 120'),
    ('mark = { "1.1" = 3 }', "trial.甲.mark.1.1", "这条细则按数据计分，不由人评定、填入"),
    ('mark = { "9.1" = 3 }', "trial.甲.mark.9.1", "没有这条细则"),
    ('mark = { "2.1" = [1, 2, 3, 4] }', "trial.甲.mark.2.1", "评委 3 位，写了 4 个分"),
    ('mark = { "2.2" = [1, 2] }', "trial.甲.mark.2.2", "不由几位评委评定，只写一个分"),
    ('mark = { "2.1" = 11 }', "trial.甲.mark.2.1", "不是能评的分，应为 0–10"),
    ('points = { "3" = 1 }', "trial.甲.points.3", "没有这条细则、这个项目或类别"),
    ('points = { "1.1" = 1.005 }', "trial.甲.points.1.1", "分数最多两位小数"),
    ("total = 0.001", "trial.甲.total", "分数最多两位小数"),
    ('grade = "达标"', "trial.甲.grade", "没有这个等次，可用：优秀、一票否决"),
    ("place = 0", "trial.甲.place", "须是 1 以上的整数"),
    ('total = "很多"', "trial.甲.total", "应为数，写的是“很多”"),
    ("goal = 1", "trial.甲.goal", "不认识这个键，可用：name、kind、figure、mark、veto、points、total、grade、place"),
    ('[[trial]]\nname = "甲"', "trial.甲", "重复"),
)


@pytest.mark.parametrize(("line", "key", "reason"), FAULTS)
def test_what_cannot_be_tried_is_told_with_its_line(line: str, key: str, reason: str) -> None:
    name = "" if line.startswith("name") else 'name = "甲"\n'
    text = f"{SMALL}\n[[trial]]\n{name}{line}\n"
    (told,) = examine(text.encode(), "x.toml").problems
    assert (told.code, told.field, told.found) == ("KH901", key, reason)
    last = len(text.split("\n")) - 1
    assert told.line == (last - 1 if key == "trial.甲" else last)


def test_a_fault_of_a_trial_hides_no_other() -> None:
    text = SMALL.replace("waivable = true }", 'waivable = true, at_most = "tax.target" }', 1)
    text += '[[trial]]\nname = "甲"\ntotal = "很多"\nfigure = { "plan.done" = "已编制" }\n'
    told = {each.field for each in examine(text.encode(), "x.toml").problems}
    assert told == {"trial.甲.total", "measure.tax.actual.at_most"}


def test_a_basis_is_chosen_or_left_at_its_default() -> None:
    for given, points in (({}, "4"), ({"energy.basis": "gdp"}, "4"), ({"energy.basis": "coal"}, "")):
        trial = {
            "name": "甲",
            "kind": "区",
            "figure": {"energy.actual": Decimal("5.5"), **given},
            "points": {"1.1.5": 4},
        }
        found = examine((HANGZHOU + toml({"trial": [trial]})).encode(), "x.toml")
        if points:
            assert found.scheme is not None
            (only,) = tried(found.scheme)
            assert only.met
            named = "GDP" if given else "工业增加值"
            assert named in only.steps[0]
        else:
            (told,) = found.problems
            assert (told.field, told.found) == ("trial.甲.figure.energy.basis", "没有选项 coal，可用：industry、gdp")
