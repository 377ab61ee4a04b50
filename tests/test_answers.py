"""The schemas of what ``--json`` prints: closed, every null told; every command's answers held against them."""

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import typer
from command import kaohe
from schemas import SEEN, hold, schema_file, validator

from kaohe_cli.cli import app
from kaohe_cli.commands import contract
from kaohe_cli.commands.shapes import ANSWERS, PROBLEM_KIND
from kaohe_cli.scheme.load import DEFAULT as SCHEME
from kaohe_cli.scheme.load import FOLDER


def schema(command: str) -> dict[str, Any]:
    return dict(json.loads(schema_file(command).read_text("utf-8")))


def objects(command: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every record of a schema, by name; the answer itself has none."""
    whole = schema(command)
    for answer in whole.get("anyOf", [whole]):
        yield "", answer
    yield from whole["$defs"].items()


def nullable(field: dict[str, Any]) -> bool:
    """Whether null may stand there, or in a list or a map that does."""
    return '"null"' in json.dumps({**field, "description": ""}) or None in field.get("enum", ())


@pytest.mark.parametrize("command", ANSWERS)
def test_every_record_is_closed_and_says_what_it_is(command: str) -> None:
    seen = 0
    for name, held in objects(command):
        assert held["additionalProperties"] is False, name
        assert held["description"].endswith("."), name
        assert set(held["required"]) <= set(held["properties"]), name
        seen += len(held["properties"])
    assert seen > 10


@pytest.mark.parametrize("command", ANSWERS)
def test_a_field_that_may_be_null_says_what_null_means(command: str) -> None:
    for name, held in objects(command):
        for field, told in held["properties"].items():
            assert ("null:" in told.get("description", "")) == nullable(told), f"{name}.{field}"


def test_a_field_that_nobody_declared_fails() -> None:
    answer = {"scheme": None, "file": None, "fields": {}, "problems": []}
    assert validator("init").is_valid(answer)
    assert not validator("init").is_valid({**answer, "more": 1})
    assert not validator("init").is_valid({**answer, "file": 1})
    assert not validator("init").is_valid({"scheme": None, "fields": {}, "problems": []})


def test_a_number_is_no_text_and_a_text_no_number() -> None:
    counted = {"points": 1.5, "places": 2, "grade": False}
    part = validator("score").evolve(
        schema={**schema("score")["$defs"]["Influence"], "$defs": schema("score")["$defs"]}
    )
    assert part.is_valid(counted)
    assert not part.is_valid({**counted, "points": "1.5"})
    assert not part.is_valid({**counted, "places": 1.5})
    assert not part.is_valid({**counted, "points": None})


@pytest.mark.parametrize("command", ANSWERS)
def test_what_is_said_where_nothing_was_made_is_as_its_schema_says(command: str) -> None:
    said = contract.answer(command, None, ())
    assert all(value in (None, False, 0, [], {}) for value in said.values())
    for more in ({}, {"fault": "程序出错"}, {"stopped": "已停止"}):
        hold(command, 0, contract.encode({**said, **more}))


# ── every command, at every exit code ───────────────────────────────────────────────────────────────────

UNJUDGED = "评分底稿（未评）.xlsx"
FULL = "full"  # stands first where the disk is full
MADE = "made"  # in place of a call: that which made the folder
# command → a call that ends with the exit code, in the folder of a demonstration, with 坏.xlsx, which is damaged
CALLS: dict[str, dict[int, tuple[str, ...]]] = {
    "init": {0: ("--output", "甲.xlsx"), 1: (FULL, "--output", "乙.xlsx"), 2: ("--output", "甲.txt")},
    "blank": {0: ("上城区", "--output", "另发"), 1: (FULL, "上城区", "--output", "新"), 2: ("没有",)},
    "check": {0: ("回收",), 1: ("坏.xlsx",), 2: ("没有",)},
    "score": {0: ("回收", "--output", "丙.xlsx"), 1: ("坏.xlsx", "--output", "丁.xlsx"), 2: ("没有",)},
    "merge": {0: (UNJUDGED, "评审"), 1: (UNJUDGED, "评审", "坏.xlsx"), 2: ("没有.xlsx", "评审")},
    "rank": {0: ("--output", "戊.xlsx"), 1: ("坏.xlsx", "--output", "戊.xlsx"), 2: ("没有.xlsx",)},
    "explain": {0: ("萧山区",), 1: ("萧山区", "--ledger", "坏.xlsx"), 2: ("萧山区", "9.9")},
    "explain KH": {0: ("KH103",), 2: ("KH000",)},
    "verify": {0: (), 1: ("单独/考核结果.xlsx", "--ledger", "评分底稿.xlsx"), 2: ("没有.xlsx",)},
    "status": {0: (), 1: ("--ledger", UNJUDGED), 2: ("--scheme", "没有")},
    "diff": {0: (UNJUDGED, "评分底稿.xlsx"), 1: ("坏.xlsx", "评分底稿.xlsx"), 2: ("没有.xlsx", "评分底稿.xlsx")},
    "demo": {0: (MADE,), 1: (FULL, "又一"), 2: ("回收",)},
    "template": {0: ("模板.xlsx",), 1: (FULL, "又一.xlsx"), 2: ("模板.txt",)},
    "scheme check": {0: ("己.toml",), 1: ("误.toml",), 2: ("没有.toml",)},
    "scheme print": {0: (SCHEME, "规则.docx"), 1: (FULL, SCHEME, "又一.docx"), 2: ("没有", "规则.docx")},
    "scheme rehearse": {0: ("--years", "2"), 2: ("--settings", "没有.xlsx")},
    "scheme diff": {
        0: (SCHEME, "己.toml", "--ledger", "评分底稿.xlsx"), 1: (SCHEME, "己.toml", "--ledger", "坏.xlsx"),
        2: (SCHEME, "没有"),
    },
    "scheme new": {0: ("新.xlsx",), 1: (FULL, "又一.toml"), 2: ("新.txt",)},
    "scheme convert": {0: ("己.toml", "己.xlsx"), 1: ("误.toml", "又一.xlsx"), 2: ("己.toml", "又一.toml")},
}  # fmt: skip
# what no command says of data: the catalogue has a code or has not, and years are drawn from settings that hold
NEVER = {("explain KH", 1), ("scheme rehearse", 1)}


def commands(inner: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in inner.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*above, name))
        else:
            yield " ".join((*above, name)), command


def test_every_command_has_it_with_a_schema_and_an_output_of_each_exit_code() -> None:
    found = dict(commands(typer.main.get_command(app)))
    assert {*found, PROBLEM_KIND} == {*ANSWERS} == {*CALLS}
    for name, command in found.items():
        assert any("--json" in each.opts for each in command.params), name
    lacking = {(name, code) for name, calls in CALLS.items() for code in (0, 1, 2) if code not in calls}
    assert lacking == NEVER
    assert sum(map(len, CALLS.values())) == 3 * len(ANSWERS) - len(NEVER)


def listed(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "演示"
    assert kaohe("demo", folder, "--json").json["files"] == listed(folder)
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 damaged")
    (folder / "单独").mkdir()
    shutil.copy(folder / "考核结果.xlsx", folder / "单独")
    text = (FOLDER / f"{SCHEME}.toml").read_text("utf-8")
    (folder / "己.toml").write_text(text, "utf-8")
    (folder / "误.toml").write_text(text.replace("points = ", "point = ", 1), "utf-8")
    return folder


def refuse(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "full")


@pytest.mark.slow
@pytest.mark.parametrize("command", CALLS)
def test_an_output_of_each_exit_code_is_as_its_schema_says(
    command: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    for code, arguments in CALLS[command].items():
        if arguments == (MADE,):
            assert SEEN[command, code]
            continue
        seen = SEEN[command, code]
        with monkeypatch.context() as patched:
            if arguments[:1] == (FULL,):
                patched.setattr("os.replace", refuse)
            ran = kaohe(*command.removesuffix(" KH").split(), *(each for each in arguments if each != FULL), "--json")
        assert ran.code == code, (arguments, ran.err)
        assert SEEN[command, code] == seen + 1, arguments
        open = ran.json.get("open") is True  # of a year: something is left to be done
        assert open or any(each["severity"] == "error" for each in ran.json["problems"]) == (code > 0), arguments
        nothing = contract.answer(command, None, ())
        assert {**ran.json, "problems": []} != nothing or code > 0, arguments
