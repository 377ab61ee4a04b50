"""What ``--json`` says: 1 of points, apart and adding up, and of changes  2 its object, whatever happens."""

import errno
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, kaohe
from msgspec.structs import replace
from sample_cases import sample_cases

from kaohe_cli.assess.margin import margins, summary
from kaohe_cli.assess.plausibility import queries
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.commands import contract
from kaohe_cli.ledger.changes import Changes, LedgerChange
from kaohe_cli.model import Entry
from kaohe_cli.scheme.load import load


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
    ran = kaohe("rank", ROOT / LEDGER, "--output", tmp_path / "考核结果.xlsx")
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


# ── 2 its object, whatever happens ──────────────────────────────────────────────────────────────────────

SAMPLES = ROOT / "samples"
LEDGER, SETTINGS, RETURNS = SAMPLES / "评分底稿.xlsx", SAMPLES / "考核设置.xlsx", SAMPLES / "回收"

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


COMMANDS = {"init": (), "blank": (), "check": ("x",), "score": (), "rank": ()}


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_given_where_the_program_is_at_fault(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(f"kaohe_cli.commands.{command}.{command}", raising(ZeroDivisionError()))
    ran = kaohe(command, *COMMANDS[command], "--json", stop_at=3)
    assert ran.code == 3
    assert ran.json == {**contract.NOTHING[command], "problems": [], "fault": ran.err.strip()}


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_given_where_a_person_stopped_it(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"kaohe_cli.commands.{command}.{command}", raising(KeyboardInterrupt()))
    ran = kaohe(command, *COMMANDS[command], "--json")
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
