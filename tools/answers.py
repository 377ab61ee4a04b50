"""The JSON Schema of what each command prints with ``--json``, from the shapes of ``kaohe_cli/commands/shapes.py``."""

import ast
import inspect
import json
import types
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from kaohe_cli.commands import shapes
from kaohe_cli.commands.shapes import ANSWERS, BESIDE, EveryAnswer

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SIMPLE: Mapping[Any, str] = {
    str: "string", int: "integer", bool: "boolean", Decimal: "number", type(None): "null",
}  # fmt: skip

Schema = dict[str, Any]


def schema_page(command: str) -> str:
    """The text of docs/schema/… for ``command``: a closed object, with all that it holds under ``$defs``."""
    named = BESIDE.get(command, EveryAnswer)
    parts: dict[str, Schema] = {}
    every = _object(named, parts)
    answers = [_object(shape, parts) for shape in _members(ANSWERS[command])]
    whole = [_joined(answer, every) for answer in answers]
    head = {"$schema": DIALECT, "title": f"kaohe {command} --json"}
    body = whole[0] if len(whole) == 1 else {"anyOf": whole}
    return f"{json.dumps({**head, **body, '$defs': dict(sorted(parts.items()))}, ensure_ascii=False, indent=2)}\n"


def file_name(command: str) -> str:
    """Where the schema of ``command`` is in docs/: schema/scheme-check.json."""
    return f"schema/{command.replace(' ', '-')}.json"


def _joined(answer: Schema, every: Schema) -> Schema:
    properties = {**answer["properties"], **every["properties"]}
    return {**answer, "properties": properties, "required": [*answer["required"], *every["required"]]}


def _members(shape: Any) -> Sequence[Any]:
    return get_args(shape) if get_origin(shape) in (Union, types.UnionType) else (shape,)


def _object(shape: Any, parts: dict[str, Schema]) -> Schema:
    """A record as a closed object; those that it holds are put into ``parts``."""
    said = _comments(shape.__name__)
    properties = {}
    for name, hint in get_type_hints(shape).items():
        held = _schema(hint, parts)
        properties[name] = {**held, "description": said[name]} if name in said else held
    return {
        "description": " ".join((inspect.getdoc(shape) or "").replace("``", "`").split()),
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name in shape.__required_keys__],
        "additionalProperties": False,
    }


def _schema(hint: Any, parts: dict[str, Schema]) -> Schema:
    """What ``hint`` allows."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint in SIMPLE:
        return {"type": SIMPLE[hint]}
    if origin is Literal:
        return {"enum": [*inner]}
    if origin is tuple:
        held = [_schema(each, parts) for each in inner]
        return {"type": "array", "prefixItems": held, "items": False, "minItems": len(held)}
    if origin is Sequence:
        return {"type": "array", "items": _schema(inner[0], parts)}
    if origin is Mapping:
        keys = {} if inner[0] is str else {"propertyNames": _schema(inner[0], parts)}
        return {"type": "object", **keys, "additionalProperties": _schema(inner[1], parts)}
    if origin in (Union, types.UnionType):
        return _any_of([_schema(each, parts) for each in inner])
    if is_typeddict(hint):
        name = hint.__name__.removesuffix("Shape")
        if name not in parts:
            parts[name] = {}  # it may hold its own kind
            parts[name] = _object(hint, parts)
        return {"$ref": f"#/$defs/{name}"}
    raise TypeError(f"{hint} is no type of an answer")


def _any_of(members: Sequence[Schema]) -> Schema:
    """One of several: a list of types where they are no more than that; every integer is a number."""
    if all([*each] == ["type"] for each in members):
        names = [each["type"] for each in members]
        return {"type": [name for name in names if name != "integer" or "number" not in names]}
    if all([*each] in (["enum"], ["type"]) and each.get("type", "null") == "null" for each in members):
        return {"enum": [value for each in members for value in each.get("enum", [None])]}
    return {"anyOf": [*members]}


# ── what is said of a field ─────────────────────────────────────────────────────────────────────────────


def _comments(name: str) -> Mapping[str, str]:
    """Field → the comment beside it, or above a key that is a word of Python; of the records it is made of, too."""
    node = RECORDS[name]
    if isinstance(node, ast.ClassDef):
        inherited = [_comments(each.id) for each in node.bases if isinstance(each, ast.Name) and each.id in RECORDS]
        own = {
            each.target.id: _beside(each.lineno)
            for each in node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        }
        return {field: text for held in (*inherited, own) for field, text in held.items() if text}
    keys = (each for each in ast.walk(node) if isinstance(each, ast.Dict))
    found = ((key.value, _above(key.lineno)) for each in keys for key in each.keys if isinstance(key, ast.Constant))
    return {str(field): text for field, text in found if text}


def _records() -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.parse("\n".join(LINES)).body:
        if isinstance(node, ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node


def _beside(line: int) -> str:
    return LINES[line - 1].partition("  # ")[2].strip()


def _above(line: int) -> str:
    before = LINES[line - 2].strip()
    return before.removeprefix("# ") if before.startswith("# ") else ""


LINES = inspect.getsource(shapes).splitlines()
RECORDS = dict(_records())
