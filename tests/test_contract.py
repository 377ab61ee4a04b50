"""What ``--json`` says: 1 of points, changes, explanations, merging, verifying  2 its object, whatever happens."""

import errno
import json
import platform
import shutil
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from command import ROOT, Ran, kaohe
from edits import Edit
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.explain import LABELS
from kaohe_cli.assess.margin import margins, summary
from kaohe_cli.assess.plausibility import queries
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.commands import contract
from kaohe_cli.commands.demo import judged_copies
from kaohe_cli.ledger.changes import Changes, LedgerChange
from kaohe_cli.model import Entry
from kaohe_cli.scheme.load import load

SAMPLES = ROOT / "samples"
LEDGER, SETTINGS, RETURNS = SAMPLES / "评分底稿.xlsx", SAMPLES / "考核设置.xlsx", SAMPLES / "回收"


def told(**readings: str) -> list[dict[str, Any]]:
    scheme = load(readings=readings)
    cases = sample_cases(scheme)
    ranked = contract.ranking(scheme, rank(scheme, [score(scheme, case) for case in cases]), ())
    return list(ranked["units"])


def test_how_firm_the_places_are() -> None:
    scheme = load()
    cases = sample_cases(scheme)
    ranking = rank(scheme, [score(scheme, case) for case in cases])
    firm = margins(scheme, cases, ranking)
    found = json.loads(contract.encode(contract.ranking(scheme, ranking, (), margins=firm)))["margins"]
    assert len(found) == len(firm) == 14
    assert found[2] == {
        "group": None, "codes": ["330108", "HEDA"], "places": [3, 3], "grade": "优秀", "line": None, "gap": 0,
        "mark": {"item": "1.4", "criterion": "1.4.1", "code": "HEDA", "change": 0.01, "any": True},
        "figure": {"figure": "land.actual", "code": "330108", "from": 21, "to": 20.99},
    }  # fmt: skip
    assert (found[10]["places"], found[10]["grade"], found[10]["mark"], found[10]["figure"]) == (
        [11, 12],
        None,
        None,
        None,
    )
    assert [(each["codes"], each["grade"], each["line"], each["gap"]) for each in found[12:]] == [
        (["330104"], "达标", 80, 0), (["330182"], "达标", 80, 0.25),
    ]  # fmt: skip


def test_rank_tells_how_firm_the_places_are(tmp_path: Path) -> None:
    ran = kaohe("rank", LEDGER, "--output", tmp_path / "考核结果.xlsx")
    assert ran.code == 0
    scheme = load()
    cases = sample_cases(scheme)
    lines = summary(scheme, margins(scheme, cases, rank(scheme, [score(scheme, case) for case in cases])))
    assert len(lines) == 2
    told = ran.out.replace("\n", "")
    assert all(line.replace(" ", "") in told.replace(" ", "") for line in lines)


@pytest.mark.parametrize("cap", ["none", "item", "total"])
@pytest.mark.parametrize("no_task", ["full", "zero", "rescale"])
def test_points_bonuses_and_caps_add_up(cap: str, no_task: str) -> None:
    capped = 0
    for unit in told(cap=cap, no_task=no_task):
        base = Decimal(0)
        for item in unit["items"]:
            own = sum(each["points"] for each in item["criteria"] if not each["bonus"])
            assert own + item["bonus"] - item["capped"] == item["points"] == item["exam"]
            assert sum(each["full"] for each in item["criteria"] if not each["bonus"]) == item["full"]
            base += own
        assert unit["bonus"] == sum(item["bonus"] for item in unit["items"])
        assert base + unit["bonus"] - unit["capped"] == unit["total"]
        assert unit["capped"] >= 0
        capped += unit["capped"] > 0
    assert (capped > 0) == (cap != "none")


def test_full_points_are_those_in_force() -> None:
    unit = next(each for each in told(no_task="rescale") if each["code"] == "330102")
    full = {each["id"]: each["full"] for item in unit["items"] for each in item["criteria"]}
    assert [full[f"1.2.{number}"] for number in range(1, 6)] == [Decimal("2.5")] * 3 + [0, Decimal("2.5")]
    assert (full["1.1.2"], full["1.1.3"], full["1.1.6"]) == (1, None, 2)
    assert {item["id"]: item["full"] for item in unit["items"]}["1.2"] == 10


def test_a_bonus_is_known_before_the_total_is() -> None:
    scheme = load()
    (first, *_) = sample_cases(scheme)
    unknown = contract.ranking(scheme, rank(scheme, [score(scheme, replace(first, awards={}))]), ())["units"][0]
    assert unknown["total"] is None
    assert unknown["capped"] is None
    assert unknown["bonus"] == 0
    assert all(item["full"] is not None for item in unknown["items"])


def test_what_the_office_has_to_decide_is_pending_for_a_program() -> None:
    scheme = load()
    (first, *_) = sample_cases(scheme)
    nothing = {**first.reported, "invest_large.prior": Entry(Decimal(0))}
    found = contract.scores(scheme, [first], {first.unit.code: score(scheme, replace(first, reported=nothing))})
    held = next(each for each in found["units"][0]["items"][0]["criteria"] if each["id"] == "1.1.4")
    assert (held["points"], held["state"], held["full"]) == (None, "pending", 4)


def test_nothing_of_a_unit_without_points_is_0() -> None:
    scheme = load()
    (first, *_) = sample_cases(scheme)
    absent = replace(first, status="missing", reported={}, awards={}, veto=None)
    scored = score(scheme, absent)
    (listed,) = contract.scores(scheme, [absent], {first.unit.code: scored})["units"]
    (placed,) = contract.ranking(scheme, rank(scheme, [scored]), ())["units"]
    for unit in (listed, placed):
        assert unit["self_total"] is None
        for item in unit["items"]:
            assert (item["points"], item["bonus"], item["capped"], item["self"]) == (None, None, None, None)
            assert {each["points"] for each in item["criteria"]} == {None}
    assert (placed["total"], placed["bonus"], placed["class_one"], placed["place"]) == (None, None, None, None)


def test_a_query_says_what_rides_on_it_and_null_where_there_is_no_answer() -> None:
    scheme = load()
    cases = [
        replace(each, reported={**each.reported, "sales.actual": Entry(Decimal(26775))})
        if each.unit.name == "萧山区" else each for each in sample_cases(scheme)
    ]  # fmt: skip
    scored = {each.unit.code: score(scheme, each) for each in cases}
    told = contract.scores(scheme, cases, scored, queries(scheme, cases))["queries"]
    slip = next(each for each in told if each["field"] == "sales.actual")
    assert (slip["unit"], slip["code"], slip["value"], slip["state"]) == ("萧山区", "330109", "26,775", "open")
    assert slip["answer"] is None
    assert slip["influence"]["points"] == Decimal(495)
    assert slip["influence"]["places"] >= 1
    (total,) = (each for each in told if each["unit"] == "萧山区" and each["label"] == "总分")
    assert total["field"] is None
    assert any(each["field"] == "1.1.3" for each in told)
    weights = [each["influence"]["points"] for each in told if each["field"] is not None]
    assert weights == sorted(weights, reverse=True)
    assert {each["unit"] for each in told if "（" in each["unit"]} == set()
    assert json.loads(contract.encode({"queries": told}))["queries"][0]["influence"]["points"] == 495


def test_a_change_is_told_with_numbers_where_numbers_are_and_null_where_nothing_was() -> None:
    unit = {"unit": "滨江区（高新区）", "code": "330108"}
    rows = (
        LedgerChange("award", "1.4.1 甲·考核分", "空", "6.5", "评分：评分人“李”", **unit),
        LedgerChange("reported", "工业投资·本年实绩", "99", "未填", "填报表更正：甲.xlsx", **unit),
        LedgerChange("total", "总分", "—", "86.50", "评分", **unit),
        LedgerChange("place", "名次", "12", "—", "评分", **unit),
        LedgerChange("scheme", "考核方案", "改动以前的", "改动以后的", "方案和口径改动"),
    )
    told = contract.changes(Changes("评分底稿.xlsx", rows))
    assert [(each["from"], each["to"]) for each in told] == [
        (None, "6.5"), ("99", None), (None, Decimal("86.50")), (Decimal(12), None), ("改动以前的", "改动以后的"),
    ]  # fmt: skip
    assert {each["unit"] for each in told} == {"滨江区(高新区)", None}
    assert list(told[0]) == ["kind", "code", "unit", "item", "from", "to", "why"]


# ── what is told in sentences, in figures ───────────────────────────────────────────────────────────────


def test_an_explanation_says_what_each_line_is_about() -> None:
    ran = kaohe("explain", "萧山区", "--ledger", LEDGER, "--json")
    whole = json.loads(ran.out, parse_float=Decimal)
    scheme = load()
    for line in whole["lines"]:
        if line["kind"] == "item":
            assert (line["criterion"], line["text"].split()[0]) == (None, line["item"])
        elif line["kind"] == "criterion":
            assert line["text"].startswith(f"{line['criterion']} ")
        assert line["criterion"] is None or scheme.item_of[line["criterion"]].id == line["item"]
        assert LABELS[line["kind"]] == line["label"]
    criteria = {line["criterion"] for line in whole["lines"]}
    assert criteria - {None} == {*scheme.criteria}
    assert {line["item"] for line in whole["lines"]} == {item.id for item in scheme.items}
    assert whole["standing"] == {"place": 1, "tied": False, "grade": "优秀", "total": Decimal("100.5"), "final": True}
    assert sum(each["points"] for each in whole["items"]) == Decimal("100.5")
    assert whole["place"]
    assert whole["item"] is None


@pytest.mark.parametrize(("asked", "items", "lines"), [("1.1", ["1.1"], 6), ("1.1.3", ["1.1"], 1)])
def test_an_explanation_of_a_part_is_about_that_alone(asked: str, items: list[str], lines: int) -> None:
    part = kaohe("explain", "萧山区", asked, "--ledger", LEDGER, "--json").json
    assert [each["id"] for each in part["items"]] == items
    assert len({line["criterion"] for line in part["lines"]} - {None}) == lines
    assert {line["item"] for line in part["lines"]} == {"1.1"}
    assert (part["item"], part["place"], part["standing"]["place"]) == (asked, [], 1)


def test_a_merge_counts_what_its_lines_say(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path, dirs_exist_ok=True)
    kaohe("score", tmp_path / "回收", "--settings", tmp_path / SETTINGS.name, "--output", tmp_path / "未评.xlsx")
    assert not judged_copies(tmp_path)
    (tmp_path / "评审" / "坏.xlsx").write_bytes(b"PK\x03\x04 damaged")
    told = kaohe("merge", tmp_path / "未评.xlsx", tmp_path / "评审", "--json").json
    assert told["unread"] == ["坏.xlsx"]
    assert len(told["copies"]) == 9
    points = [sum(each["judges"].values()) for each in told["copies"]]
    assert all(f"考核分 {count} 处" in each["said"] for count, each in zip(points, told["copies"], strict=True))
    assert sum(points) == 14 * sum(each.judged for each in load().criteria.values())
    marks = [each for each in told["changes"] if each["kind"] == "award" and each["item"].endswith("考核分")]
    assert len(marks) == sum(points)
    again = kaohe("merge", tmp_path / "未评.xlsx", tmp_path / "评审", "--json").json
    assert {(*each["judges"], each["differing"], each["left"]) for each in again["copies"]} == {(0, 0)}
    assert again["changes"] == []


def test_a_verification_says_of_each_thing_what_became_of_it(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES, tmp_path, dirs_exist_ok=True)
    told = kaohe("verify", tmp_path / "考核结果.xlsx", "--json").json
    assert (told["ok"], told["problems"]) == (True, [])
    rows = openpyxl.load_workbook(tmp_path / "考核结果.xlsx")["来源"].iter_rows(values_only=True)
    then = {row[1]: row[3] for row in rows if row[0] == "版本"}  # on the machine that made the samples
    assert len(then) == 7
    now = {name: platform.python_version() if name == "Python" else version(name) for name in then}
    assert told["versions"] == [
        {"name": name, "from": then[name], "to": now[name]} for name in then if then[name] != now[name]
    ]
    assert {each["state"] for each in told["materials"]} == {"same"}
    roles = Counter(each["role"] for each in told["materials"])
    assert roles == {"底稿": 1, "填报表": 14, "设置": 1, "模板": 1, "方案": 1}
    sheets = openpyxl.load_workbook(tmp_path / "考核结果.xlsx").sheetnames
    found = {each["what"]: each for each in told["compared"]}
    assert [*found] == ["attachments", "originals", "standings", "result", "feedback", "circular"]
    assert {name: each["parts"] for name, each in found.items()} == {
        "attachments": 13, "originals": 14, "standings": 14, "result": len(sheets), "feedback": None, "circular": None,
    }  # fmt: skip
    for each in found.values():
        assert each["cells"] is None or f"{each['cells']:,}" in each["said"]
        assert each["differing"] == 0
    (tmp_path / "回收" / "上城区.xlsx").unlink()
    with Edit(tmp_path / "考核结果.xlsx") as edit:
        edit.book["得分依据"]["A2"] = "改"
    told = kaohe("verify", tmp_path / "考核结果.xlsx", "--json").json
    assert not told["ok"]
    assert [each["name"] for each in told["materials"] if each["state"] == "missing"] == ["上城区.xlsx"]
    found = {each["what"]: each for each in told["compared"]}
    assert found["originals"]["parts"] == 13
    assert found["result"]["differing"] >= 1


# ── 2 its object, whatever happens ──────────────────────────────────────────────────────────────────────

# beside what test_surroundings asks: the call → exit code, first code of its problems;
# 坏.xlsx is damaged, 锁 holds workbooks open in Excel
ASKED: dict[tuple[str | Path, ...], tuple[int, str]] = {
    ("check", "坏夹"): (1, "KH013"),
    ("check", RETURNS, "--settings", "坏.xlsx"): (2, "KH013"),
    ("score", "坏.xlsx"): (1, "KH013"),
    ("score",): (2, "KH957"),
    ("score", RETURNS / "上城区.xlsx", "--output", "坏.xlsx"): (1, "KH013"),
    ("score", RETURNS, "--output", "锁/评分底稿.xlsx"): (2, "KH911"),
    ("score", RETURNS, "--scheme", "没有.toml"): (2, "KH901"),
    ("rank", "坏.xlsx"): (1, "KH013"),
    ("rank",): (2, "KH955"),
    ("rank", SETTINGS): (1, "KH309"),
    ("rank", LEDGER, "--output", "锁/考核结果.xlsx"): (2, "KH911"),
    ("init", "--output", "锁/考核设置.xlsx"): (2, "KH911"),
    ("init", "--output", "坏.xlsx"): (2, "KH912"),
    ("init", "多余"): (2, "KH959"),
    ("blank", "--settings", "坏.xlsx"): (2, "KH013"),
    ("blank", "没有这个单位"): (2, "KH952"),
    ("blank", "--template", "坏.xlsx"): (2, "KH963"),
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which nothing is as it should be."""
    monkeypatch.chdir(tmp_path)
    for name in ("坏夹", "锁"):
        (tmp_path / name).mkdir()
    for name in ("坏.xlsx", "坏夹/甲.xlsx"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 damaged")
    for name in ("评分底稿", "考核结果", "考核设置"):
        (tmp_path / "锁" / f"~${name}.xlsx").write_bytes(b"\x04Wang")
    return tmp_path


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("arguments", ASKED, ids=lambda arguments: " ".join(Path(str(each)).name for each in arguments))
def test_it_is_given_whatever_was_wrong(arguments: tuple[str | Path, ...]) -> None:
    ran = kaohe(*arguments, "--json")
    code, first = ASKED[arguments]
    assert (ran.code, ran.json["problems"][0]["code"]) == (code, first)
    assert {name: value for name, value in ran.json.items() if name != "problems"} == contract.NOTHING[
        str(arguments[0])
    ]
    assert first in ran.err or "用法有误" in ran.err


def raising(error: BaseException) -> Callable[..., None]:
    def raised(*_: object, **__: object) -> None:
        raise error

    return raised


# command → where its work is done, and the arguments that it needs
COMMANDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "init": ("init.init", ()), "blank": ("blank.blank", ()), "check": ("check.check", ("x",)),
    "score": ("score.score", ()), "merge": ("merge.merge", ("x", "y")), "rank": ("rank.rank", ()),
    "explain": ("explain.explain", ("x",)), "explain KH": ("explain.explain_code", ("KH103",)),
    "verify": ("verify.verify", ()), "status": ("status.status", ()),
    "diff": ("diff.diff", ("x", "y")), "demo": ("demo.demo", ("x",)),
    "template": ("template.template", ("x",)),
    "scheme check": ("scheme.scheme_check", ("x",)), "scheme print": ("scheme.scheme_print", ("x", "y")),
    "scheme rehearse": ("rehearse.scheme_rehearse", ()), "scheme diff": ("scheme_diff.scheme_diff", ("x", "y")),
    "scheme new": ("scheme.scheme_new", ("x",)), "scheme convert": ("convert.scheme_convert", ("x", "y")),
}  # fmt: skip


def call(command: str, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Ran:
    """What is said where ``error`` is raised while the command works."""
    work, arguments = COMMANDS[command]
    monkeypatch.setattr(f"kaohe_cli.commands.{work}", raising(error))
    return kaohe(*command.removesuffix(" KH").split(), *arguments, "--json", stop_at=3)


def test_no_command_is_left_out() -> None:
    assert {*COMMANDS} == {*contract.NOTHING}


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_given_where_the_program_is_at_fault(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ran = call(command, monkeypatch, ZeroDivisionError())
    assert ran.code == 3
    assert ran.json == {**contract.NOTHING[command], "problems": [], "fault": ran.err.strip()}


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_given_where_a_person_stopped_it(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = call(command, monkeypatch, KeyboardInterrupt())
    assert ran.code == 130
    assert ran.json == {**contract.NOTHING[command], "problems": [], "stopped": "已停止，没有写到一半的文件。"}


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt(), OSError(errno.ENOSPC, "full")])
@pytest.mark.usefixtures("desk")
def test_it_is_given_once(error: BaseException, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("kaohe_cli.stream.unread", lambda: None)
    monkeypatch.setattr("kaohe_cli.console.problems", raising(error))
    ran = kaohe("rank", "坏.xlsx", "--json", stop_at=3)
    assert [each["code"] for each in ran.json["problems"]] == ["KH013"]
    assert ran.code == {ZeroDivisionError: 3, KeyboardInterrupt: 130, OSError: 1}[type(error)]


def test_it_is_given_where_the_system_refuses_before_anything_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaohe_cli.stream.unread", lambda: None)
    monkeypatch.setattr("kaohe_cli.cli._present", raising(PermissionError(errno.EACCES, "no", "考核设置.xlsx")))
    ran = kaohe("score", "--json")
    assert ran.code == 1
    assert [each["code"] for each in ran.json["problems"]] == ["KH913"]
    assert ran.json["units"] == []


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EINVAL])
def test_a_pipe_that_nobody_reads_ends_with_0_on_every_system(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[bool] = []
    monkeypatch.setattr("kaohe_cli.stream.unread", lambda: left.append(True))
    monkeypatch.setattr("kaohe_cli.console.catalogue_entry", raising(OSError(number, "gone")))
    ran = kaohe("explain", "KH103")
    assert (ran.code, ran.out, ran.err, left) == (0, "", "", [True])
