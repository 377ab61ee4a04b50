"""Every problem there is: said in whole sentences, and shown by a test or a workbook of the corpus."""

import re
from pathlib import Path
from string import Formatter

import pytest

from kaohe_cli.catalogue import CATALOGUE, ProblemKind

TESTS = Path(__file__).parent
HALF_WIDTH = re.compile(r"[一-鿿][,;:?]|[,;:?][一-鿿]")
PROGRAM_WORDS = re.compile(r"\b(None|null|sheet|key|JSON|traceback)\b")


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)
def test_it_says_what_is_wrong_and_what_to_do(kind: ProblemKind) -> None:
    for text in (kind.headline, kind.message, kind.fix, kind.why, kind.example):
        assert text.strip() == text != ""
        assert not HALF_WIDTH.search(text), text
        assert not PROGRAM_WORDS.search(re.sub(r"{\w+}", "", text)), text
    assert kind.fix.endswith("。")
    assert kind.why.endswith("。")
    assert not kind.message.endswith("。")
    assert len(kind.headline) <= 16


def test_what_the_reference_repeats_holds_no_gaps() -> None:
    """Headline, reason and example are shown without a case at hand; the fix of one kind names a key."""
    gaps = [
        code
        for code, kind in CATALOGUE.items()
        for text in (kind.headline, kind.why, kind.example)
        if any(name for _, name, _, _ in Formatter().parse(text))
    ]
    assert gaps == []


def test_every_problem_is_shown() -> None:
    sources = [path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path.name != Path(__file__).name]
    shown = {code for source in sources for code in re.findall(r"\bKH\d{3}\b", source)}
    assert len(CATALOGUE) > 130
    assert sorted(set(CATALOGUE) - shown) == []
