"""Forms of nine real notices, filled in and computed by LibreOffice, against the program that reads them back.

Each with the figures of its year and with random ones: at and beside what decides, blanks, texts, 无, beyond limits.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from form_cells import find_fields
from msgspec import Struct, structs
from notices import NAMES, Year, limited, scheme_of, units_of

from kaohe_cli.assess.check import check_case
from kaohe_cli.assess.score import score
from kaohe_cli.form import live
from kaohe_cli.form.blank import open_template
from kaohe_cli.form.gather import gather
from kaohe_cli.form.intake import intake
from kaohe_cli.form.template import template_workbook
from kaohe_cli.model import Case, CriterionScore, Entry, Field, Mark, Settings, Unit, UnitScore
from kaohe_cli.points import ZERO, fixed, half_up
from kaohe_cli.scheme.fields import form_fields
from kaohe_cli.scheme.frame import Frame
from kaohe_cli.scheme.rule import Band
from kaohe_cli.scheme.rule.when import Part
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Book, CellKind
from kaohe_cli.sheet.reader import read_workbook

ConvertAll = Callable[[Sequence[Path], str, Path], list[Path]]

pytestmark = pytest.mark.office

RANDOM = 2  # forms of each unit beside the one of its year
TICK = Decimal("0.000001")
BROKEN = ("约12", "未完成呢", "无", " ", "12亿")
STATES = {"scored": "已计分", "no_task": "无任务", "no_target": "目标未下达", "pending": "待填报",
          "invalid": "待填报", "undecided": "待定分"}  # fmt: skip
LATER, OWED = "待全部单位核定后计算", "考核办未提供"  # for other units; for what is no target


class Filled(Struct):
    """A form, what was in force when it was issued, and its file."""

    name: str
    number: int  # 0: the figures of the year
    chosen: tuple[tuple[str, str], ...]
    settings: Settings
    unit: Unit
    path: Path

    @property
    def scheme(self) -> Scheme:
        return in_force(self.name, self.number, self.chosen)

    @property
    def own(self) -> Scheme:
        return self.scheme.of(self.unit.kind)


class Seen(Struct):
    """What a form shows, and what the program makes of it."""

    form: Filled
    shown: Mapping[str, object]  # by name of cell: Decimal or text
    case: Case
    result: UnitScore
    errors: tuple[str, ...]


def in_force(name: str, number: int, chosen: tuple[tuple[str, str], ...]) -> Scheme:
    """The last round is one with limits."""
    return (limited if number == RANDOM else scheme_of)(name, chosen)


# ── filling in ──────────────────────────────────────────────────────────────────────────────────────────


def given(rng: random.Random, year: Year) -> dict[str, Entry]:
    """What the office issued: as in the year, with some of it forgotten, waived or turned to nought."""
    made = dict(year.settings.given[year.unit.code])
    for name, figure in year.scheme.figures.items():
        if figure.waivable and rng.random() < 0.4:
            made[name] = Entry(Mark.NO_TASK)
        elif name in made and rng.random() < 0.04:
            del made[name]
        elif name in made and isinstance(made[name].value, Decimal) and rng.random() < 0.04:
            made[name] = Entry(Decimal(0))
    return made


def filled(rng: random.Random, year: Year, fields: Sequence[Field], known: Mapping[str, Entry]) -> dict[str, Entry]:
    made: dict[str, Entry] = {}
    gaps = rng.random() < 0.6  # every second form has some
    for field in fields:
        chance = rng.random() if gaps else 1.0
        if chance < 0.05:
            continue
        if field.type == "done":
            made[field.name] = Entry(rng.choice((Mark.DONE, Mark.NOT_DONE)))
        elif field.type == "date":
            made[field.name] = Entry(date(year.scheme.content.year, 11, rng.randint(1, 28)))
        elif field.choices:
            made[field.name] = Entry(rng.choice(field.choices))
        elif field.type == "text":
            made[field.name] = Entry(rng.choice(("附件3", "并入两家企业")))
        elif field.legal:
            made[field.name] = Entry(rng.choice(field.legal))
        elif field.type == "score":
            least, most = field.minimum or Decimal(0), field.maximum or Decimal(5)
            made[field.name] = Entry(Decimal(rng.randint(int(least * 100), int(most * 100))) / 100)
        else:
            made[field.name] = Entry(number(rng, year, field, {**known, **made}))
        value = made[field.name].value
        if isinstance(value, Decimal) and chance < 0.09:
            wrong = (Decimal("-777.5"), value + Decimal("0.0000001"), Decimal(99_999_999), *BROKEN)
            made[field.name] = Entry(rng.choice(wrong))
        elif field.type == "done" and chance < 0.09:
            made[field.name] = Entry(rng.choice(BROKEN))
        elif Mark.NOT_APPLICABLE in field.marks and chance < 0.2:
            made[field.name] = Entry(Mark.NOT_APPLICABLE)
    return made


def number(rng: random.Random, year: Year, field: Field, known: Mapping[str, Entry]) -> Decimal:
    """A figure at what decides, a millionth beside it, or anywhere; mostly within the limits."""
    measure, bounds = field.name.partition(".")[0], numbers_of(year.scheme)[field.name]
    near = [each for each in bounds if isinstance(each, Decimal)]
    for other in ("target", "prior"):
        entry = known.get(f"{measure}.{other}")
        if entry is not None and isinstance(entry.value, Decimal) and f"{measure}.{other}" != field.name:
            near += [entry.value * times for times in (Decimal("0.9"), Decimal(1), Decimal("1.05"), Decimal("1.3"))]
    usual = year.filled.get(field.name)
    if usual is not None and isinstance(usual.value, Decimal):
        near.append(usual.value)
    value = rng.choice(near) if near else Decimal(rng.randint(0, 100_00)) / 100
    value += rng.choice((Decimal(0), Decimal(0), TICK, -TICK, Decimal("0.5"), Decimal(1), Decimal(-1)))
    if field.minimum is not None:
        value = max(value, field.minimum)
    if field.maximum is not None:
        value = min(value, field.maximum)
    return value.to_integral_value() if field.whole else value.quantize(TICK)


@cache
def numbers_of(scheme: Scheme) -> Mapping[str, tuple[Decimal, ...]]:
    """The numbers that conditions hold each figure against."""
    found: dict[str, tuple[Decimal, ...]] = dict.fromkeys(scheme.figures, ())
    for each in scheme.conditions:
        if each.number is not None:
            found[each.left] = (*found[each.left], each.number)
    return found


def chosen(scheme: Scheme, rng: random.Random) -> tuple[tuple[str, str], ...]:
    """Any option of each reading, those that stand within others left as they are."""
    readings = [each for each in scheme.content.reading if not each.within]
    return tuple((each.id, rng.choice(each.option).id) for each in readings)


def issued(name: str, folder: Path) -> list[Filled]:
    """The forms of all units of a scheme."""
    made = []
    for number in range(1 + RANDOM):
        rng = random.Random(f"{name}{number}")
        options = chosen(scheme_of(name), rng) if number > 1 else ()
        scheme = in_force(name, number, options)
        press = open_template(scheme, template_workbook(scheme_of(name)))
        for year in units_of(name):
            office = given(rng, year) if number else year.settings.given[year.unit.code]
            settings = Settings(scheme.units, {year.unit.code: office}, scheme.readings, {})
            own = scheme.of(year.unit.kind)
            known = own.given(year.unit, settings)
            entries = filled(rng, year, form_fields(own, known), known) if number else dict(year.filled)
            data, _ = press.issue(year.unit, settings, entries)
            path = folder / f"{name}-{number}-{year.unit.code}.xlsx"
            path.write_bytes(data)
            made.append(Filled(name, number, options, settings, year.unit, path))
    return made


# ── looking at it ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def forms(office_all: ConvertAll, tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    folder = tmp_path_factory.mktemp("notice_forms")
    with ProcessPoolExecutor(2) as pool:
        made = [form for own in pool.map(issued, NAMES, [folder] * len(NAMES)) for form in own]
    back = office_all([each.path for each in made], "xlsx", folder / "computed")
    return [seen(form, path) for form, path in zip(made, back, strict=True)]


def seen(form: Filled, path: Path) -> Seen:
    book, problems = read_workbook(path)
    assert book is not None, problems
    returned, odd = intake(form.scheme, form.settings, book)
    assert returned is not None
    assert (returned.unit, returned.status) == (form.unit, "received"), (path.name, odd)
    cases, _ = gather(form.scheme, form.settings, [(returned, ())])
    case = next(each for each in cases if each.unit == form.unit)
    checked, told = check_case(form.scheme, form.settings, case)
    errors = tuple(each.code for each in (*odd, *told) if each.severity == "error")
    return Seen(form, cells_of(form.own, book), checked, score(form.scheme, checked), errors)


def cells_of(scheme: Scheme, book: Book) -> Mapping[str, object]:
    """What stands in each named cell, numbers as points are told."""
    found: dict[str, object] = {}
    for name, (sheet_name, row, column) in find_fields(scheme, book).items():
        sheet = book.sheet(sheet_name)
        assert sheet is not None
        cell = sheet.cells.get((row, column))
        assert cell is None or cell.kind is not CellKind.ERROR, (book.file, name)
        found[name] = cell.value if cell is not None and cell.value is not None else ""
    return found


def points_of(value: object) -> str:
    return fixed(value + 0) if isinstance(value, Decimal) else "—"


def expected(each: Seen) -> dict[str, Decimal | None]:
    """Every number that a form works out, by cell: of criteria, items, sections, the whole."""
    scheme, result = each.form.own, each.result
    worked = {
        f"{found.id}.points": found.self
        for item in result.items
        for found in item.criteria
        if not scheme.criteria[found.id].judged
    }
    pairs = zip(scheme.items, result.items, strict=True)
    items = {f"{item.id}.self": found.self for item, found in pairs if not item.judged}
    sections = {f"class.{found.id}.self": found.self for found in result.sections}
    return {**worked, **items, **sections, "total.self": result.self_total}


def differing(forms: Sequence[Seen], of: Callable[[Seen], dict[str, Decimal | None]]) -> list[str]:
    return [
        f"{each.form.path.name} {name}: form {each.shown[name]!r}, program {fixed(value)}"
        for each in forms
        for name, value in of(each).items()
        if points_of(each.shown[name]) != fixed(value)
    ]


def test_forms_agree_with_the_program_to_the_cent(forms: list[Seen]) -> None:
    assert differing(forms, expected) == []
    assert len(forms) == 43 * (1 + RANDOM)
    compared = Counter(
        (name.partition(".")[0] if name.startswith(("class", "total")) else name.rpartition(".")[2], value is not None)
        for each in forms
        for name, value in expected(each).items()
    )
    assert all(compared[kind, True] > 30 for kind in ("points", "self", "class", "total")), compared
    assert all(compared[kind, False] > 15 for kind in ("points", "self", "class", "total")), compared
    assert sum(compared.values()) >= 2_000


SLIPS: Mapping[str, tuple[type, str, Callable[..., Decimal]]] = {
    "parts that only add up": (Frame, "raw", lambda self, parts: half_up(sum((each for each, _ in parts), ZERO))),
    "no limits": (Frame, "limited", lambda self, points, cap=None: points),
    "all or nothing": (Part, "earned", lambda self, figures: self.points),
    "a band too low": (Band, "value", lambda self, figures: self.marks[0].points),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_on_one_side_is_found_out(slip: str, forms: list[Seen], monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong = SLIPS[slip]
    monkeypatch.setattr(owner, name, wrong)
    slipped = [structs.replace(each, result=score(each.form.scheme, each.case)) for each in forms]
    assert len(differing(slipped, expected)) > 5


def test_how_each_criterion_stands_is_what_the_program_says(forms: list[Seen]) -> None:
    wrong, states = [], Counter[str]()
    for each in forms:
        for found in (found for item in each.result.items for found in item.criteria):
            if each.form.own.criteria[found.id].judged:
                continue
            said, told = each.shown[f"{found.id}.state"], state(each, found)
            states[told] += 1
            if said != told:
                wrong.append(f"{each.form.path.name} {found.id}: form {said}, program {found.state} {found.steps}")
    assert wrong == []
    assert all(states[word] > 6 for word in {*STATES.values(), LATER}), states


def state(each: Seen, found: CriterionScore) -> str:
    """How a criterion stands, in a form's words: what the office owes first, which the unit cannot mend."""
    scheme, given = each.form.own, each.form.own.given(each.form.unit, each.form.settings)
    criterion = scheme.criteria[found.id]
    if live.waived(criterion, given):
        return STATES[found.state]
    if scheme.later([criterion]):
        return LATER
    owed = [name for name in criterion.rule.figures if scheme.issued(name) and name not in given]
    if owed and not any(name.endswith(".target") for name in owed):
        return OWED
    return STATES["no_target"] if owed else STATES[found.state]


def test_what_waits_for_the_other_units_is_told_as_open(forms: list[Seen]) -> None:
    opened = 0
    for each in forms:
        scheme, shown = each.form.own, each.shown
        for node in ("", *scheme.sections):
            waits = scheme.later(criterion for item in scheme.within(node) for criterion in item.criterion)
            said = shown[f"class.{node}.self" if node else "total.self"]
            assert (said == live.OPEN_YET) == waits, (each.form.path.name, node, said)
            opened += waits
        for item in (item for item in scheme.items if not item.judged):
            assert (shown[f"{item.id}.self"] == live.OPEN_YET) == scheme.later(item.criterion)
        total = re.search(r"合计 (\S+)", str(shown["scores.title"]))
        assert total is not None
        known = each.result.self_total
        word = live.OPEN_YET if shown["total.self"] == live.OPEN_YET else "未齐"
        assert (word if known is None else fixed(known)) == (total[1] if known is None else fixed(Decimal(total[1])))
    assert opened > 30


def test_the_panel_says_whether_the_form_may_be_sent(forms: list[Seen]) -> None:
    seen_words, codes = Counter[str](), Counter[str]()
    for each in forms:
        said = str(each.shown["progress.title"])
        assert said.startswith("可以上报") == (not each.errors), (each.form.path.name, said, each.errors)
        codes.update(each.errors)
        seen_words.update(word for word in ("可以上报", "还缺", "需改") if word in said)
    assert all(seen_words[word] > 12 for word in ("可以上报", "还缺", "需改")), seen_words
