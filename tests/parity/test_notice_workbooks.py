"""Results and ledgers of nine real notices: every formula computed by LibreOffice, against what the program wrote.

Of the ledger 同组比较 is looked at, which fetches its numbers from 数据核定, also after people typed there and sorted.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from edits import Edit
from msgspec import Struct
from msgspec.structs import replace
from notices import NAMES, scheme_of, units_of

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.ledger import book as ledgers
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import Award, Case, Entry, Settings, Source
from kaohe_cli.paper.provenance import sources
from kaohe_cli.points import fixed
from kaohe_cli.result.page import Report
from kaohe_cli.result.workbook import result_workbook
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Peer, Placing
from kaohe_cli.scheme.scheme import Scheme

ConvertAll = Callable[[Sequence[Path], str, Path], list[Path]]
TypeIn = Callable[[Path, Mapping[str, Any]], Path]
Cells = Mapping[tuple[str, str], Any]  # by sheet and address

pytestmark = pytest.mark.office

RANDOM = 2  # results of each scheme beside that of its year
COMPARING = ("jinhua_2011", "ruian_2012", "towers_2008")
FIGURES, COMPARED, POINTS = "数据核定", "同组比较", "规则得分"


class Written(Struct):
    """A workbook as the program wrote it, and as LibreOffice computed it."""

    name: str
    formulas: Cells
    values: Cells
    shown: Cells


def cells(path: Path, values: bool = True) -> Cells:
    book = openpyxl.load_workbook(path, data_only=values)
    return {(page.title, cell.coordinate): cell.value for page in book for row in page.iter_rows() for cell in row}


def computed(
    written: Mapping[str, bytes], office_all: ConvertAll, folder: Path, slip: Callable[[str], str] = str
) -> list[Written]:
    """Each workbook computed anew, without the values that the program wrote, and with a ``slip`` in its formulas."""
    paths = []
    for name, data in written.items():
        (folder / f"{name}.xlsx").write_bytes(data)
        bare = folder / "bare" / f"{name}.xlsx"
        bare.parent.mkdir(exist_ok=True)
        book = openpyxl.load_workbook(folder / f"{name}.xlsx")
        for cell in (cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"):
            cell.value = slip(cell.value)
        book.save(bare)
        paths.append(bare)
    back = office_all(paths, "xlsx", folder / "computed")
    return [
        Written(name, cells(folder / f"{name}.xlsx", values=False), cells(folder / f"{name}.xlsx"), cells(path))
        for name, path in zip(written, back, strict=True)
    ]


def differing(written: Written) -> list[str]:
    """The formulas whose value is another, as people see it: numbers but for binary dust."""
    return [
        f"{written.name} {at}: {formula} shows {written.shown[at]!r}, program {written.values[at]!r}"
        for at, formula in formulas(written)
        if not alike(written.shown[at], written.values[at])
    ]


def formulas(written: Written) -> Iterator[tuple[tuple[str, str], str]]:
    for at, formula in written.formulas.items():
        if isinstance(formula, str) and formula.startswith("=") and not formula.startswith("=HYPERLINK"):
            yield at, formula


def alike(one: Any, other: Any) -> bool:
    numbers = [each for each in (one, other) if isinstance(each, int | float)]
    return abs(numbers[0] - numbers[1]) < 1e-8 if len(numbers) == 2 else (one or "") == (other or "")


def tried(name: str) -> Scheme:
    """The scheme of that name; where it compares units, in all ways."""
    return compared_in_all_ways(name) if name in COMPARING else scheme_of(name)


@cache
def compared_in_all_ways(name: str) -> Scheme:
    """The scheme of that name, each of its comparisons also by every other kind of rule that compares.

    A sheet shows of 同组比较 only what rules go by; no notice goes by all of it.
    """
    scheme = scheme_of(name)
    subjects = dict.fromkeys(scheme.compares)
    ways = [
        partial(Peer, against="mean", high=Decimal(3)), partial(Peer, against="range", high=Decimal(4)),
        partial(Placing, points=(Decimal(2),)), partial(Placing, points=(Decimal(1),), low_first=True),
    ]  # fmt: skip
    more = tuple(
        Criterion(id=f"x.{number}", title="", clause="", bonus=True, rule=way(left=left, right=right, gap=gap))
        for number, (way, (left, right, gap)) in enumerate(
            (way, (each.left, each.right, each.gap)) for each in subjects for way in ways
        )
    )
    *before, last = scheme.content.item
    last = replace(last, criterion=(*last.criterion, *more))
    return Scheme(replace(scheme.content, item=(*before, last)), scheme.raw, scheme.digest, scheme.readings)


# ── results ─────────────────────────────────────────────────────────────────────────────────────────────


def varied(rng: random.Random, scheme: Scheme, case: Case) -> Case:
    """The case with other figures and points: larger and smaller, equal to others', now and then none at all."""
    reported = dict(case.reported)
    for name, entry in case.reported.items():
        if isinstance(entry.value, Decimal) and name in scheme.figures and rng.random() < 0.5:
            times = rng.choice(("0", "0.5", "0.987654", "1", "1.333333", "3"))
            value = (entry.value * Decimal(times)).quantize(Decimal("0.000001"))
            reported[name] = Entry(value.to_integral_value() if scheme.figures[name].whole else value)
            if rng.random() < 0.02:
                del reported[name]
    awards = dict(case.awards)
    for id, criterion in scheme.of(case.unit.kind).criteria.items():
        chance = rng.random()
        if criterion.judged and chance < 0.4:
            awards[id] = Award(Decimal(rng.randint(0, int((criterion.points or Decimal(20)) * 100))) / 100)
        elif chance < 0.08:
            awards[id] = Award(Decimal(rng.randint(-300, 2_000)) / 100)
        elif criterion.judged and chance > 0.99:
            awards.pop(id, None)
    return replace(case, reported=reported, awards=awards)


def reported(name: str, number: int) -> Report:
    scheme, rng = tried(name), random.Random(f"{name}{number}")
    cases = [year.case() for year in units_of(name)]
    cases = [varied(rng, scheme, case) for case in cases] if number else cases
    settled = compare(scheme, cases)
    ranking = rank(scheme, [score(scheme, case) for case in settled])
    return Report(scheme, ranking, {case.unit.code: case for case in settled})


@pytest.fixture(scope="module")
def results(office_all: ConvertAll, tmp_path_factory: pytest.TempPathFactory) -> list[Written]:
    made = {
        f"{name}-{number}": result_workbook(reported(name, number)) for name in NAMES for number in range(1 + RANDOM)
    }
    return computed(made, office_all, tmp_path_factory.mktemp("notice_results"))


def test_every_formula_of_a_result_comes_to_what_the_program_wrote(results: list[Written]) -> None:
    assert [each for written in results for each in differing(written)] == []
    seen = Counter(sheet for written in results for (sheet, _), _ in formulas(written))
    assert len(results) == len(NAMES) * (1 + RANDOM)
    assert seen["排名"] >= 30, seen
    assert seen["分项得分"] >= 250, seen
    assert seen[COMPARED] >= 1_300, seen


SLIPS = (("AVERAGE(", "MEDIAN("), ('">"&', '">="&'))


def test_a_slip_in_the_formulas_of_a_result_is_found_out(office_all: ConvertAll, tmp_path: Path) -> None:
    made = {name: result_workbook(reported(name, 0)) for name in COMPARING}
    for old, new in SLIPS:
        folder = tmp_path / str(SLIPS.index((old, new)))
        folder.mkdir()
        altered = computed(made, office_all, folder, lambda formula, old=old, new=new: formula.replace(old, new))  # type: ignore[misc]
        assert sum(len(differing(written)) for written in altered) > 3, old


# ── ledgers ─────────────────────────────────────────────────────────────────────────────────────────────


def ledger(name: str, path: Path, cases: Sequence[Case]) -> Ledger:
    """The ledger after ``score``: anew, or with what was typed into the one that is there."""
    scheme, previous = tried(name), None
    if path.exists():
        previous, told = ledgers.read_previous(scheme, path)
        assert previous is not None, told
    settings = Settings(scheme.units, {}, dict(scheme.readings), {}, {}, "考核设置.xlsx")
    made_from = sources(scheme.sources, [Source("设置", "考核设置.xlsx", 10, "ab")])
    made, told = ledgers.assemble(scheme, settings, cases, (), made_from, previous)
    assert [each for each in told if each.severity == "error"] == []
    path.write_bytes(ledgers.ledger_workbook(scheme, made))
    return made


def bare(name: str, number: int) -> list[Case]:
    """Cases as they come from the returns, before anyone judged."""
    scheme, rng = tried(name), random.Random(f"{name}{number}")
    cases = [year.case() for year in units_of(name)]
    cases = [varied(rng, scheme, case) for case in cases] if number else cases
    return [replace(case, awards={}, veto=None, file=f"{case.unit.name}.xlsx") for case in cases]


def test_what_a_ledger_compares_comes_to_what_the_program_wrote(office_all: ConvertAll, tmp_path: Path) -> None:
    made, path = {}, tmp_path / "评分底稿.xlsx"
    for name in COMPARING:
        for number in range(1 + RANDOM):
            path.unlink(missing_ok=True)
            ledger(name, path, bare(name, number))
            made[f"{name}-{number}"] = path.read_bytes()
    found = computed(made, office_all, tmp_path)
    assert [each for written in found for each in differing(written)] == []
    assert sum(sheet == COMPARED for written in found for (sheet, _), _ in formulas(written)) >= 1_300


class Edited(Struct):
    """A ledger after LibreOffice typed into it and sorted, and what the next run made of it."""

    name: str
    shown: Mapping[tuple[str, str], Any]  # 规则得分 by criterion and unit
    before: Ledger
    after: Ledger
    moved: int  # rows of 数据核定 that stand elsewhere than they did


def test_what_people_verify_and_sort_is_compared_anew(type_in: TypeIn, tmp_path: Path) -> None:
    changed = Counter[str]()
    for name in COMPARING:
        each = edited(name, type_in, tmp_path / name)
        names = {score.unit.code: score.unit.name for score in each.after.scores}
        expected = {
            (id, names[score.unit.code]): score.criterion(id).rule_points
            for score in each.after.scores
            for id, criterion in tried(name).criteria.items()
            if criterion.rule.subjects
        }
        shown = {key: None if value in (None, "") else Decimal(str(value)) for key, value in each.shown.items()}
        assert {key: fixed(value) for key, value in shown.items()} == {
            key: fixed(value) for key, value in expected.items()
        }, name
        was = {
            (id, names[score.unit.code]): score.criterion(id).rule_points
            for score in each.before.scores
            for id, _ in expected
        }
        changed[name] = sum(was[key] != expected[key] for key in expected)
        assert each.moved > 10, "it was sorted another way"
    assert changed["jinhua_2011"] >= 1, "who is above the mean"
    assert sum(changed.values()) >= 15, changed


def test_a_verified_value_that_is_no_number_leaves_the_comparison_open(office_all: ConvertAll, tmp_path: Path) -> None:
    made, expected = {}, {}
    for name in COMPARING:
        path = tmp_path / f"{name}.typed.xlsx"
        ledger(name, path, bare(name, 0))
        (named,) = {tried(name).names[each.left] for each in tried(name).subjects[:1]}
        with Edit(path) as edit:
            edit.verify(units_of(name)[0].unit.code, named.title, named.label, 核定值="约12")
        made[name] = path.read_bytes()
        read, _ = ledgers.read(tried(name), path)
        assert read is not None
        expected[name] = {
            (id, score.unit.name): fixed(score.criterion(id).rule_points)
            for score in read.scores
            for id, criterion in tried(name).criteria.items()
            if criterion.rule.subjects
        }
    for written in computed(made, office_all, tmp_path):
        rows = points_in(written.shown)
        assert rows == expected[written.name]
        assert "—" in rows.values()


def points_in(shown: Cells) -> dict[tuple[str, str], str]:
    """规则得分 in 同组比较, by criterion and unit."""
    page = {address: value for (sheet, address), value in shown.items() if sheet == COMPARED}
    letters = {value: address[:-1] for address, value in page.items() if address.rstrip("0123456789") + "1" == address}
    found = {}
    for row in range(2, 1 + max(int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for address in page)):
        id, unit, points = (page[f"{letters[title]}{row}"] for title in ("细则", "单位", POINTS))
        if id:
            found[str(id), unit] = fixed(Decimal(str(points)) if points not in (None, "") else None)
    return found


def edited(name: str, type_in: TypeIn, folder: Path) -> Edited:
    """The last unit's first compared figures verified as half as much, the rows of 数据核定 by 填报值."""
    folder.mkdir()
    path, cases, scheme = folder / "评分底稿.xlsx", bare(name, 0), tried(name)
    before = ledger(name, path, cases)
    page = openpyxl.load_workbook(path)[FIGURES]
    titles = [cell.value for cell in page[1]]
    at = {title: titles.index(title) for title in ("单位代码", "指标", "数据项", "填报值", "核定值")}
    named = {(scheme.names[each.left].title, scheme.names[each.left].label) for each in scheme.subjects}
    rows = list(page.iter_rows(min_row=2, values_only=True))
    typed, letter = [], openpyxl.utils.get_column_letter(at["核定值"] + 1)
    for number, row in enumerate(rows, 2):
        if row[at["单位代码"]] == cases[-1].unit.code and (row[at["指标"]], row[at["数据项"]]) in named:
            typed.append([FIGURES, f"{letter}{number}", str(int(row[at["填报值"]] / 2))])
    assert typed
    last = f"{openpyxl.utils.get_column_letter(len(titles))}{1 + len(rows)}"
    sorts = [[FIGURES, f"A1:{last}", at["填报值"]]]
    made = type_in(path, {"typed": typed, "formats": ["xlsx"], "sorted": sorts}) / path.name
    saved = openpyxl.load_workbook(made, data_only=True)
    head = [cell.value for cell in saved[COMPARED][1]]
    found = [dict(zip(head, row, strict=True)) for row in saved[COMPARED].iter_rows(min_row=2, values_only=True)]
    shown = {(row["细则"], row["单位"]): row[POINTS] for row in found if row["细则"]}
    left = saved[FIGURES].iter_rows(min_row=2, values_only=True)
    keys = [at["单位代码"], at["指标"], at["数据项"]]
    moved = sum(any(row[key] != was[key] for key in keys) for row, was in zip(left, rows, strict=False))
    shutil.copy(made, path)
    return Edited(name, shown, before, ledger(name, path, cases), moved)
