"""Any sequence of typing, sorting, moving, new and missing returns and scoring again keeps each entry on its key.

And the ranking depends on content alone, never on the order or the names of anything.
"""

import random
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from amounts import amount
from edits import Edit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from msgspec.structs import replace
from ranking_samples import ranked, usual
from test_ledger import CONTRACT, SCHEME, Office, bare

from kaohe_cli.ledger import book as workbook
from kaohe_cli.model import Case, Entry

pytestmark = pytest.mark.slow

UNITS = bare(usual(SCHEME))[:3]
CODES = [case.unit.code for case in UNITS]
JUDGED = [criterion.id for criterion in SCHEME.criteria.values() if criterion.judged]
RULED = [criterion.id for criterion in SCHEME.criteria.values() if not criterion.judged]
NUMBERS = [name for name, figure in SCHEME.figures.items() if not name.endswith(".done") and figure.whole is False]

CODE, JUDGE, SEED = some.sampled_from(CODES), some.sampled_from(JUDGED), some.integers(0, 99)
STEP = some.one_of(
    some.tuples(some.just("judge"), CODE, JUDGE, some.integers(0, 400)),
    some.tuples(some.just("adjust"), CODE, some.sampled_from(RULED), some.integers(0, 100)),
    some.tuples(some.just("verify"), CODE, some.sampled_from(NUMBERS), some.integers(0, 99)),
    some.tuples(some.just("veto"), CODE),
    some.tuples(some.just("note"), CODE, JUDGE, some.text("甲乙丙=+-1 ", min_size=1, max_size=8)),
    some.tuples(some.just("erase"), CODE, JUDGE),
    some.tuples(some.just("report"), CODE, some.sampled_from(NUMBERS), some.integers(0, 99)),
    some.tuples(some.just("lose return"), CODE),
    some.tuples(some.just("drop unit"), CODE),
    some.tuples(some.just("order"), SEED),
    some.tuples(some.just("shuffle"), some.sampled_from(list(CONTRACT)), SEED),
    some.tuples(some.just("add column"), some.sampled_from(list(CONTRACT)), SEED),
)


class World:
    """The office, and beside it what its ledger must hold."""

    def __init__(self, path: Path) -> None:
        self.office = Office(path, UNITS)
        self.typed: dict[tuple[str, str, str, str], Any] = {}  # sheet, unit, row, title → what was typed
        self.office.score()

    def here(self, code: str) -> bool:
        return code in {case.unit.code for case in self.office.cases}

    def take(self, step: tuple[Any, ...]) -> None:
        kind, *rest = step
        match kind:
            case "report":
                code, figure, value = rest
                self.office.change(code, {figure: Decimal(value)})
            case "lose return":
                self.office.cases = tuple(
                    replace(case, reported={}, status="missing", file="", filled=None)
                    if case.unit.code == rest[0] else case
                    for case in self.office.cases
                )  # fmt: skip
            case "drop unit":
                left = tuple(case for case in self.office.cases if case.unit.code != rest[0])
                self.office.cases = left or self.office.cases
                self.office.score()
            case "order":
                cases = list(self.office.cases)
                random.Random(rest[0]).shuffle(cases)
                self.office.cases = tuple(cases)
            case _:
                self.edit(kind, *rest)

    def edit(self, kind: str, *rest: Any) -> None:
        with Edit(self.office.path) as edit:
            if kind == "shuffle":
                edit.shuffle(*rest)
            elif kind == "add column":
                sheet, seed = rest
                title = f"附加{seed}"
                codes = [row[0].value for row in edit.book[sheet].iter_rows()]
                if title not in [cell.value for cell in edit.book[sheet][1]] and codes[0] == "单位代码":
                    edit.add_column(sheet, title, lambda row: None)
            elif self.here(rest[0]):
                getattr(self, kind)(edit, *rest)

    def judge(self, edit: Edit, code: str, id: str, cents: int) -> None:
        edit.judge(code, id, 考核分=cents / 100)
        self.typed["评分明细", code, id, "考核分"] = Decimal(cents) / 100

    def adjust(self, edit: Edit, code: str, id: str, cents: int) -> None:
        edit.judge(code, id, 考核分=cents / 100, 评分理由="复核")
        self.typed["评分明细", code, id, "考核分"] = Decimal(cents) / 100
        self.typed["评分明细", code, id, "评分理由"] = "复核"

    def verify(self, edit: Edit, code: str, figure: str, value: int) -> None:
        named = SCHEME.names[figure]
        edit.verify(code, named.title, named.label, 核定值=value)
        self.typed["数据核定", code, figure, "核定值"] = Decimal(value)

    def veto(self, edit: Edit, code: str) -> None:
        edit.situation(code, 一票否决="是", 文号="某号")
        self.typed["单位情况", code, "", "一票否决"] = "是"
        self.typed["单位情况", code, "", "文号"] = "某号"

    def note(self, edit: Edit, code: str, id: str, text: str) -> None:
        edit.judge(code, id, 评分人=text)
        row = edit.row("评分明细", (code, id), ("单位代码", "细则"))
        edit.book["评分明细"].cell(row, edit.column("评分明细", "评分人")).data_type = "s"
        self.typed["评分明细", code, id, "评分人"] = text.strip()
        if not text.strip():
            del self.typed["评分明细", code, id, "评分人"]

    def erase(self, edit: Edit, code: str, id: str) -> None:
        edit.judge(code, id, 考核分=None, 评分人=None)
        for title in ("考核分", "评分人"):
            self.typed.pop(("评分明细", code, id, title), None)

    def held(self) -> dict[tuple[str, str, str, str], Any]:
        ledger, problems = self.office.read()
        assert not [each for each in problems if each.code in ("KH301", "KH302", "KH308", "KH314")]
        assert ledger.contradicting == ()
        return {
            (*key, title): cell.value.strip() if isinstance(cell.value, str) else cell.value
            for key, work in ledger.typed.items()
            for title, cell in work.cells.items()
        }


@settings(max_examples=amount(6, 15), deadline=None, suppress_health_check=list(HealthCheck))
@given(some.lists(STEP, min_size=1, max_size=8))
def test_every_office_entry_stays_on_its_key(steps: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder) / "评分底稿.xlsx")
        for step in steps:
            world.take(step)
            assert world.held() == world.typed, step
            world.office.score()
            assert world.held() == world.typed, (step, "scored again")


@settings(max_examples=amount(2, 5), deadline=None, suppress_health_check=list(HealthCheck))
@given(some.permutations(range(14)), some.integers(0, 99))
def test_the_ranking_depends_on_content_alone(order: list[int], seed: int) -> None:
    cases = list(bare(usual(SCHEME)))
    awards = {case.unit.code: case.awards for case in usual(SCHEME)}
    found = []
    with TemporaryDirectory() as folder:
        for name, chosen in (("甲.xlsx", range(14)), ("乙.xlsx", order)):
            office = Office(Path(folder) / name, tuple(named(cases[index], name) for index in chosen))
            office.score()
            with Edit(office.path) as edit:
                rows = {(row[0].value, row[3].value): row for row in edit.book["评分明细"].iter_rows(min_row=2)}
                for code, given_points in awards.items():
                    for id, award in given_points.items():
                        rows[code, id][9].value = float(award.points or 0)
                if name == "乙.xlsx":
                    for sheet in CONTRACT:
                        edit.shuffle(sheet, seed)
            ledger, _ = workbook.read(SCHEME, office.path)
            assert ledger is not None
            ranking = ranked(SCHEME, ledger.cases)
            units = [(each.score.unit.code, each) for each in ranking.units]
            found.append([(code, each.place, each.grade, each.score.total, each.reasons) for code, each in units])
    assert found[0] == found[1]
    assert len([place for _, place, *_ in found[0] if place is not None]) > 8


def named(case: Case, prefix: str) -> Case:
    """The same return under another file's name."""
    reported = {
        name: Entry(entry.value, entry.origin and replace(entry.origin, file=f"{prefix}{case.file}"), entry.invalid)
        for name, entry in case.reported.items()
    }
    return replace(case, reported=reported, file=f"{prefix}{case.file}" if case.file else "")
