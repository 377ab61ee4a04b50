"""Every problem there is: said in whole sentences, and shown by a test or a workbook of the corpus."""

import re
from pathlib import Path
from string import Formatter

import pytest
from problem_sites import program

from kaohe_cli.catalogue import CATALOGUE, ProblemKind
from kaohe_cli.diagnostic import problem

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "kaohe_cli"
SITES = 183  # at which a problem is born, at least
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
    """Headline, general fix, reason and example are shown without a case at hand."""
    gaps = [
        code
        for code, kind in CATALOGUE.items()
        for text in (kind.headline, kind.general_fix, kind.why, kind.example)
        if any(name for _, name, _, _ in Formatter().parse(text))
    ]
    assert gaps == []
    asked = {code: {name for _, name, _, _ in Formatter().parse(kind.fix) if name} for code, kind in CATALOGUE.items()}
    assert {code: {*kind.blanks} for code, kind in CATALOGUE.items()} == asked


def test_every_problem_is_shown() -> None:
    sources = [path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path.name != Path(__file__).name]
    shown = {code for source in sources for code in re.findall(r"\bKH\d{3}\b", source)}
    assert len(CATALOGUE) > 130
    assert sorted(set(CATALOGUE) - shown) == []


# ── every problem is born with all its words ────────────────────────────────────────────────────────────


def sources() -> dict[str, str]:
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "diagnostic.py")
    return {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_every_site_gives_all_words() -> None:
    sites = [*program(sources()).sites()]
    assert len(sites) >= SITES
    assert {code for site in sites for code in site.codes} == set(CATALOGUE)
    assert [fault for site in sites for fault in site.faults()] == []


def test_problems_are_born_nowhere_else() -> None:
    """A ledger holds problems of an earlier run, and alone makes them out of what it holds."""
    assert [path for path, source in sources().items() if re.search(r"\bProblem\(", source)] == ["ledger/lists.py"]


WRONG = """
def direct(file, words):
    yield problem("KH103", file=file, label="x", found="1")
    yield problem("KH999")
    yield problem(words)
    yield problem("KH914", file=file, found="x", lock="y")
    where = {"file": file, "unit": "x"}
    yield problem("KH924", **where)

def says(code, **words):
    return problem(code, file="x", label="y", **words)

def through(wide):
    code = "KH101" if wide else "KH106"
    yield says(code, found="1")

def carried(data):
    try:
        raise Refused("KH002" if data else "KH013", found="1")
    except Refused as refused:
        return problem(refused.code, file="x", **refused.words)

class CellFault:
    code: str
    found: str
    expected: str = ""

def kept(fault, found):
    yield CellFault("KH116", found), CellFault("KH115", found)
    yield problem(fault.code, label="x", found=fault.found, expected=fault.expected)
"""


def test_a_site_that_lacks_words_is_found() -> None:
    assert [fault for site in program({"wrong.py": WRONG}).sites() for fault in site.faults()] == [
        "wrong.py:3: KH103 lacks expected",
        "wrong.py:4: KH999 is not in the catalogue",
        "wrong.py:5: no code is known",
        "wrong.py:6: nobody reads lock",
        "wrong.py:8: KH924 lacks found",
        "wrong.py:15: KH106 lacks expected",
        "wrong.py:19: KH002 lacks expected",
        "wrong.py:29: KH116 lacks expected",
    ]


@pytest.mark.parametrize("words", [{"label": "x"}, {"label": "x", "found": "", "expected": "1"}])
def test_a_problem_that_lacks_words_is_not_born(words: dict[str, str]) -> None:
    """Forgotten: at all times. Empty: in tests, as conftest.py has it."""
    with pytest.raises((KeyError, AssertionError)):
        problem("KH103", **words)
    assert problem("KH103", label="x", found="2", expected="1").message == "x填报 2，应为 1"
