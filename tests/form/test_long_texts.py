"""A cell holds up to 32,767 characters: whatever they are, every field judges them in time and finds no value there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TEXTS = 20  # kinds of long texts, at least

JUDGE = """
import faulthandler, json, time
from kaohe_cli.sheet.bounds import LONGEST_TEXT
from kaohe_cli.sheet.book import Cell, CellKind
from kaohe_cli.scheme.fields import form_fields, settings_fields
from kaohe_cli.scheme.normalise import take
from kaohe_cli.ledger.detail import award_field
from kaohe_cli.ledger.figures import verified_field
from kaohe_cli.scheme.load import load

scheme = load()
pieces = [
    "9", "0", " ", "\\u3000", "1 ", " 1", "约", "1,", "1,111", "(", ")", "(1", "()", "-", "—", ".", "1.",
    ".1", "年", "1年", "2007年11月", "2007-", "百", "百万", "亿", "完成", "完成。", "。", "１", "٣", "\\n", "\\t",
    "\\u200b", "e9", "%", "1%", "+", "1+",
]
texts = [
    (whole[:LONGEST_TEXT - len(end)] + end, piece)
    for piece in pieces
    for whole in (piece * LONGEST_TEXT, "1" + piece * LONGEST_TEXT)
    for end in ("", "x", "1")
]
fields = [*form_fields(scheme, {}), *settings_fields(scheme, "330102")]
fields += [verified_field(scheme, figure) for figure in scheme.figures]
fields += [award_field(criterion, criterion.points) for criterion in scheme.criteria.values()]
kinds = {(field.type, field.unit, field.marks): field for field in fields}
slowest, judged, taken = (0.0, ""), 0, []
for field in kinds.values():
    for text, piece in texts:
        faulthandler.dump_traceback_later(5, exit=True)
        start = time.process_time()
        found = take(field, Cell(CellKind.TEXT, text))
        slowest = max(slowest, (time.process_time() - start, f"{field.name} {piece!r}"))
        judged += 1
        # blanks around a value are no part of it
        if found.value is not None and field.type != "text" and piece.replace("\\u200b", "").strip():
            taken.append(f"{field.name} {piece!r} {found.value}")
        assert all(len(fault.found) < 100 for fault in found.faults)
print(json.dumps({"slowest": slowest, "judged": judged, "taken": taken, "texts": len(texts), "fields": len(kinds)}))
"""


def test_long_texts_are_judged_in_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", JUDGE], capture_output=True, text=True, timeout=120, check=False,
        cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["texts"] > 10 * TEXTS
    assert seen["fields"] > 8
    assert seen["judged"] == seen["texts"] * seen["fields"]
    assert seen["slowest"][0] < 0.5, seen["slowest"]
    assert not seen["taken"]
