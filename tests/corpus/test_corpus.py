"""Every workbook of the corpus: the exact codes and cells, and every healthy value read all the same."""

from pathlib import Path

import pytest
from defects import DEFECTS, FIELDS, FILE, MEASURES, SCHEME, SETTINGS, SOUND, UNIT, Defect, Form, make, settled

from kaohe_cli.assess.check import check_case
from kaohe_cli.assess.plausibility import queries
from kaohe_cli.diagnostic import Problem
from kaohe_cli.form.blank import Blank, open_template
from kaohe_cli.form.gather import gather
from kaohe_cli.form.intake import intake
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Case, Origin
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.folder import find_files

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sound() -> bytes:
    return settled()


@pytest.fixture(scope="module")
def blank() -> Blank:
    return open_template(SCHEME, template_workbook(SCHEME))


@pytest.fixture(scope="module")
def before(sound: bytes) -> Form:
    return Form(sound)


def read(data: bytes, file: str) -> tuple[Case, list[Problem]]:
    """The case of the unit and every problem, through the same doors as a real return."""
    book, problems = reader.read_bytes(data, file)
    assert book is not None
    returned, odd = intake(SCHEME, SETTINGS, book)
    cases, gathered = gather(SCHEME, SETTINGS, [(returned, (*problems, *odd))])
    case, wrong = check_case(SCHEME, SETTINGS, cases[0])
    return case, [each for each in (*gathered, *wrong) if each.code != "KH240"]


def where(form: Form, place: str) -> str:
    """Sheet!cell of a field, or of one on a named sheet: 指标填报 (2)!invest.actual."""
    sheet, _, name = place.rpartition("!")
    if name in form.places:
        return f"{sheet}!{form.at(name).coordinate}" if sheet else form.where(name)
    return place


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_the_defect_is_named_and_the_rest_is_read(defect: Defect, before: Form) -> None:
    case, problems = read(make(defect, before), defect.file or FILE)
    told = sorted((each.code, f"{each.sheet}!{each.cell}" if each.cell else "") for each in problems)
    meant = sorted((code, where(before, place)) for code, place in defect.expected)
    assert [code for code, _ in told] == [code for code, _ in meant], [each.message for each in problems]
    for (code, found), (_, expected) in zip(told, meant, strict=True):
        assert expected in ("", found), code
    assert case.status == defect.status
    if case.status in ("missing", "rejected"):
        return
    for name in FIELDS:
        if name in defect.lost:
            assert name not in case.reported
        else:
            expected_value = defect.values[name] if name in defect.values else SOUND[name]
            assert case.reported[name].value == expected_value, name
    for name, entry in SCHEME.given(UNIT, SETTINGS).items():
        assert case.reported[name] == entry, name
    if defect.asked:
        (asked,) = defect.values
        found = next(each for each in queries(SCHEME, [case]) if each.field == asked)
        assert (found.codes, found.state) == (defect.asked, "answered")
        assert found.origin == Origin(defect.file or FILE, MEASURES, before.at(asked).coordinate)


def test_the_corpus_is_large_and_its_names_are_single() -> None:
    assert len(DEFECTS) >= 60
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
    assert sum(not defect.expected for defect in DEFECTS) >= 8  # harmless changes are in it too


@pytest.mark.parametrize("defect", DEFECTS[::6], ids=lambda defect: defect.name)
def test_the_form_to_mend_says_the_same_as_what_it_was_made_from(defect: Defect, before: Form, blank: Blank) -> None:
    case, problems = read(make(defect, before), defect.file or FILE)
    mended, _ = blank.issue(UNIT, SETTINGS, case.reported, problems)
    again, left = read(mended, FILE)
    if case.status == "received":
        usual = {"period": FIELDS["period"].choices[0]}  # what a form says that was not asked before
        assert {name: again.reported[name].value for name in FIELDS} == {
            name: case.reported[name].value if name in case.reported else usual.get(name) for name in FIELDS
        }
    # what was only remarked upon is mended in the new form, and nothing new is wrong with it
    assert {each.code for each in left if each.severity == "note"} == set()
    blanks = {"KH101", "KH102", "KH122", "KH123", "KH201"}
    assert {each.code for each in left} <= {each.code for each in problems} | blanks


def test_files_of_one_name_are_told_apart_by_their_folders(sound: bytes, before: Form, tmp_path: Path) -> None:
    changed = make(next(defect for defect in DEFECTS if defect.name == "about"), before)
    for folder, data in (("一批", sound), ("二批", changed)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / FILE).write_bytes(data)
    found, _ = find_files([tmp_path])
    books = [reader.read_found(each)[0] for each in found]
    taken = [intake(SCHEME, SETTINGS, book) for book in books if book is not None]
    (conflict,) = [each for each in gather(SCHEME, SETTINGS, taken)[1] if each.code == "KH232"]
    assert conflict.found == f"一批/{FILE}、二批/{FILE}"
    cases, problems = gather(SCHEME, SETTINGS, taken, [f"一批/{FILE}"])
    assert cases[0].file == f"一批/{FILE}"
    assert "KH231" in {each.code for each in problems}
    alone, _ = find_files([tmp_path / "一批"])
    assert [each.name for each in alone] == [FILE]


ISSUED = sorted((Path(__file__).parent / "issued").iterdir())


@pytest.mark.parametrize("path", ISSUED, ids=lambda path: path.name)
def test_a_form_that_was_issued_once_is_read_for_good(path: Path) -> None:
    """These files are kept as they were saved, and not made anew when the form changes."""
    case, problems = read(path.read_bytes(), FILE)
    # the scheme may have changed since, and what was done may be said in another word
    told = {each.code for each in problems} - {"KH213", "KH120"}
    older = [each for each in problems if each.code == "KH120"]
    assert {each.field for each in older} == {name for name, field in FIELDS.items() if field.type == "done"}
    other = {"about.xlsx": {"KH105"}, "key-column-deleted.xlsx": {"KH216"}}
    assert told == other.get(path.name, set())
    later = {name for name in FIELDS if name == "period" or name.endswith(".confirm")}
    assert later.isdisjoint(case.reported)  # nobody was asked for it then
    values = {name: SOUND[name] if name in later else case.reported[name].value for name in FIELDS}
    assert values == {**SOUND, "invest.actual": None if path.name == "about.xlsx" else SOUND["invest.actual"]}


def test_the_kept_files_are_there() -> None:
    assert {path.suffix for path in ISSUED} == {".xlsx", ".xls", ".ods"}


@pytest.mark.office
@pytest.mark.parametrize("target", ["xlsx", "xls", "ods"])
def test_saved_again_by_libreoffice_it_says_the_same(target: str, sound: bytes, tmp_path: Path, office: object) -> None:
    source = tmp_path / FILE
    source.write_bytes(sound)
    saved = office(source, target, tmp_path / "again")  # type: ignore[operator]
    case, problems = read(saved.read_bytes(), saved.name)
    assert [(each.code, each.sheet, each.cell, each.message) for each in problems] == []
    assert {name: case.reported[name].value for name in FIELDS} == SOUND
    assert MEASURES in {entry.origin.sheet for entry in case.reported.values() if entry.origin}
