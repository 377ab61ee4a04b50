"""No text from a return becomes anything that runs, in any workbook that is written: it stays the text it was."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe_cli.commands.papers import Wanted
from kaohe_cli.commands.rank import rank
from kaohe_cli.commands.score import score
from kaohe_cli.diagnostic import problem
from kaohe_cli.form.blank import Blank, open_template
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Entry, Settings
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.load import load

pytestmark = pytest.mark.slow

MARK = "evil9137"
BEGINNINGS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "'=", '"=', "＝", "=cmd|' /C'!", "=HYPERLINK(", "{=", "")
LINKS = ("http://", "https://", "file://", "mailto:", "internal:", "external:", "ftp://", r"\\server\share" + "\\")
NASTY = [f"{beginning}{MARK}" for beginning in (*BEGINNINGS, *LINKS)]

SCHEME = load()
UNIT = SCHEME.units[0]
SETTINGS = Settings(SCHEME.units, {}, {}, {})
FIELDS = form_fields(SCHEME, SCHEME.given(UNIT, SETTINGS))
TEXTS = [field.name for field in FIELDS if field.type == "text"]

# where a text is only a text: strings shared and in place, stored results, comments, and names of sheets
HARMLESS = re.compile(r"<(t|v|sheet|text)\b[^>]*>[^<]*")


def running(package: Path) -> list[str]:
    """Every place of a workbook, other than its texts, that holds the mark."""
    found = []
    with ZipFile(package) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8", "replace")
            if MARK in HARMLESS.sub("", text):
                found.append(name)
    return found


def told(package: Path) -> int:
    """How often the mark stands in a workbook."""
    with ZipFile(package) as parts:
        return sum(parts.read(name).decode("utf-8", "replace").count(MARK) for name in parts.namelist())


@pytest.fixture(scope="module")
def blank() -> Blank:
    return open_template(SCHEME, template_workbook(SCHEME))


def issued(blank: Blank, texts: list[str], path: Path) -> None:
    """A form to mend with ``texts`` in its cells and in its problems."""
    entries = {name: Entry(texts[place % len(texts)]) for place, name in enumerate(TEXTS)}
    problems = [
        problem(
            "KH105", unit=UNIT.name, file=text, sheet=text, cell="G7", field="sales.actual", label=text, found=text,
            expected=text,
        )
        for text in texts
    ]  # fmt: skip
    path.write_bytes(blank.issue(UNIT, SETTINGS, entries, problems)[0])


def test_the_check_sees_what_runs(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active["A1"] = f"={MARK}()"
    book.save(tmp_path / "runs.xlsx")
    assert running(tmp_path / "runs.xlsx") == ["xl/worksheets/sheet1.xml"]


def test_forms(blank: Blank, tmp_path: Path) -> None:
    issued(blank, NASTY, tmp_path / "form.xlsx")
    assert running(tmp_path / "form.xlsx") == []
    assert told(tmp_path / "form.xlsx") >= 2 * len(NASTY)


nasty = st.builds("{}{}{}".format, st.sampled_from(BEGINNINGS), st.text(max_size=12), st.just(MARK))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(nasty, min_size=1))
def test_any_text_in_a_form(blank: Blank, tmp_path: Path, texts: list[str]) -> None:
    issued(blank, texts, tmp_path / "form.xlsx")
    assert running(tmp_path / "form.xlsx") == []
    assert told(tmp_path / "form.xlsx") >= len(texts)


def test_the_ledger_the_result_and_what_is_sent_back(blank: Blank, tmp_path: Path) -> None:
    """Once round: texts in cells, in file names, in names of sheets and beside the table."""
    from openpyxl import load_workbook

    returns = tmp_path / "returns"
    returns.mkdir()
    entries = {name: Entry(NASTY[place % len(NASTY)]) for place, name in enumerate(TEXTS)}
    source = returns / f"={MARK}{UNIT.name}.xlsx"
    source.write_bytes(blank.issue(UNIT, SETTINGS, entries)[0])
    book = load_workbook(source)
    page = book["指标填报"]
    for row, text in enumerate(NASTY, start=200):
        page.cell(row, 30).value = text
        page.cell(row, 30).data_type = "s"
    for place, field in enumerate(field for field in FIELDS if field.type == "number"):
        sheet, cell = next((each.sheet, each.cell) for each in places(blank) if each.field.name == field.name)
        book[sheet][cell] = NASTY[place % len(NASTY)]
        book[sheet][cell].data_type = "s"
    book.create_sheet(f"={MARK}")["A1"] = "x"
    book.save(source)

    ledger, result = tmp_path / "ledger.xlsx", tmp_path / "result.xlsx"
    for _ in range(2):  # the second time over a ledger that is there already
        score(
            SCHEME.id, settings_path=None, paths=[returns], output=ledger, return_dir=tmp_path / "back", prefer=[],
            template_path=None,
        )  # fmt: skip
    rank(SCHEME.id, ledger_path=ledger, output=result, readings={}, wanted=Wanted(feedback=tmp_path / "feedback"))
    made = [ledger, result, *(tmp_path / "back").glob("*.xlsx"), *(tmp_path / "feedback").glob("*.xlsx")]
    assert len(made) == 2 + 1 + len(SCHEME.units)
    assert {path.name: running(path) for path in made if running(path)} == {}
    assert told(ledger) >= len(TEXTS)
    assert sum(told(path) for path in (tmp_path / "back").glob("*.xlsx")) >= len(NASTY)
    assert told(result) >= 1


def places(blank: Blank):  # type: ignore[no-untyped-def]
    """Where the fields of the form stand."""
    return blank.issue(UNIT, SETTINGS)[1]
