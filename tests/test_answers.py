"""The schemas of what ``--json`` prints: closed, every null told."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from schemas import schema_file, validator

from kaohe_cli.commands.shapes import ANSWERS


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
