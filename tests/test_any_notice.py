"""Everything that a scheme can say of its frame is said by a notice under tests/schemes or in a test of the frame."""

import re
from collections import Counter
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from kaohe_cli.scheme.frame import Frame, GradeLevel
from kaohe_cli.scheme.load import DEFAULT, FOLDER, LISTS, TABLES, WITHIN
from kaohe_cli.scheme.records import Policy
from kaohe_cli.scheme.rule import Judged, Rule, Supplied

TESTS = Path(__file__).parent
NOTICES = [path.read_text("utf-8") for path in TESTS.glob("schemes/*.toml")]
MADE = [
    (TESTS / name).read_text("utf-8")
    for name in (
        "any_scheme.py", "scheme/test_frame.py", "assess/test_rank_any.py", "assess/test_comparing.py",
        "ledger/test_judges.py",
    )
]  # fmt: skip
TEXTS = [*NOTICES, (FOLDER / f"{DEFAULT}.toml").read_text("utf-8"), *(text.replace("\\n", "\n") for text in MADE)]
ROOMS = (*LISTS, *WITHIN, *TABLES)


def words(kind: Any, key: str) -> tuple[str, ...]:
    """What a key can say."""
    hint = get_type_hints(kind)[key]
    assert get_origin(hint) is Literal
    return get_args(hint)


def seen(pattern: str) -> int:
    """How often it is written."""
    return sum(len(re.findall(pattern, text, re.MULTILINE)) for text in TEXTS)


def asked() -> dict[str, dict[str, str]]:
    """What has to be written somewhere, by what it is of: its name and how it looks."""
    tags = [str(each.__struct_config__.tag) for each in get_args(Rule)]
    grade = [field.name for field in msgspec.structs.fields(GradeLevel)]
    judged = [field.name for kind in (Judged, Supplied) for field in msgspec.structs.fields(kind)]
    policy = {
        f"{key}={word}": rf'\b{key}"?\s*[=:] "?{word}\b|\b{key} = "{word}"'
        for key in ("cap", "no_task", "veto", "deadline")
        for word in words(Policy, key)
        if word != getattr(Policy(), key)
    }
    return {
        "kinds of rules": {tag: rf'kind = "{tag}"' for tag in tags},
        "combine": {word: rf'combine = "{word}"' for word in words(Frame, "combine") if word != "sum"},
        "frame": {key: rf"\b{key} = " for key in ("weight", "floor", "cap", "points")},
        "grade": {key: rf"\b{key} = " for key in grade},
        "rounding": {word: rf'rounding = "{word}"|"{word}", \d' for word in words(GradeLevel, "rounding")},
        "judged": {key: rf"\b{key} = " for key in dict.fromkeys(judged)},
        "policy": {**policy, "tie": r"\btie = \["},
        "tables": {room: rf"\[\[{room}\]\]" for room in ("section", "ceiling", "veto", "group", "kind", "reading")},
        "rooms of readings": {
            room: rf"^\[?reading\.option\.change\.{room}\b|option\.change\.{room}\b" for room in ROOMS
        },
        "rooms of kinds": {room: rf"kind\.change\.{room}\b" for room in ("criterion", "item", "section", "measure")},
    }


def test_everything_is_said_somewhere() -> None:
    missing = {room: [name for name, pattern in each.items() if not seen(pattern)] for room, each in asked().items()}
    assert {room: names for room, names in missing.items() if names} == {}


def test_vetoes_and_ceilings_are_of_either_kind() -> None:
    assert min(seen(r"test = \{ any"), seen(r"test = \{ all")) > 0


def test_so_much_was_looked_for() -> None:
    assert len(NOTICES) == 19
    assert Counter({room: len(each) for room, each in asked().items()}) == {
        "kinds of rules": 9, "combine": 3, "frame": 4, "grade": 10, "rounding": 3, "judged": 6, "policy": 7,
        "tables": 6, "rooms of readings": 8, "rooms of kinds": 4,
    }  # fmt: skip
