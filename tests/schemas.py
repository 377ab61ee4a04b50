"""What ``--json`` prints, held against the schema of its command."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent.parent / "docs"

SEEN: Counter[tuple[str, int]] = Counter()  # command and exit code → how many of its answers were held against it


def schema_file(command: str) -> Path:
    return DOCS / "schema" / f"{command.replace(' ', '-')}.json"


@cache
def validator(command: str) -> Any:
    from jsonschema import Draft202012Validator

    schema = json.loads(schema_file(command).read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def hold(command: str, code: int, out: str) -> None:
    """Fail where the answer ``out`` of ``command`` is not as its schema says."""
    error = next(validator(command).iter_errors(json.loads(out)), None)
    assert error is None, f"kaohe {command} --json, {error.json_path}: {error.message[:500]}"
    SEEN[command, code] += 1
