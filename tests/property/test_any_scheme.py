"""Every scheme that passes the check issues, is filled in, scores, ranks, explains, prints and verifies.

``KAOHE_SCHEMES`` sets how many schemes the long run tries.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from amounts import amount
from command import kaohe
from edits import Edit
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook
from rules import rules_page
from schemes import Table, changed, fulls, limited, parts_of, random_scheme, schemes, together, toml, weight

from kaohe_cli.commands.explain import explain
from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.detail import award_field
from kaohe_cli.model import Field, Mark
from kaohe_cli.scheme.fields import form_fields, settings_fields
from kaohe_cli.scheme.load import SchemeError, parse
from kaohe_cli.scheme.printed import printed
from kaohe_cli.scheme.scheme import Scheme

FAST, SLOW = 1, amount(8, 100)
MANY, RETURNED = amount(150, 300), 12  # units of one office, and how many of them report
ISSUED = 30  # of whom so many get a form here
EXPLAINED = 4  # units of one year


def sound(seed: int, units: int | None = None) -> Table:
    """The first scheme from ``seed`` on that the check lets pass."""
    for each in itertools.count(seed, 10_000):
        raw = random_scheme(each, units)
        try:
            parse(toml(raw).encode(), "any.toml")
        except SchemeError:
            continue
        return raw
    raise AssertionError


def value_for(field: Field, random: Random) -> Any:
    """What someone may put into ``field``; None: nothing."""
    if field.marks and field.type != "done" and random.random() < 0.3:
        return field.word(random.choice(field.marks))
    if field.type == "done":
        return field.word(random.choice(field.marks or (Mark.DONE, Mark.NOT_DONE)))
    if field.type == "date":
        return date(2015, 12, random.randint(15, 25))
    if field.type == "text":
        return random.choice(field.choices or ("某人", "见附件", ""))
    if field.legal:
        return float(random.choice(field.legal))
    least = Decimal(-20) if field.minimum is None else field.minimum
    most = least + 150 if field.maximum is None else field.maximum
    low, high = int(least), int(min(most, least + 150))
    number = Decimal(random.choice((low, high, random.randint(low, high), random.randint(low, high))))
    if not field.whole and random.random() < 0.3:
        number += Decimal(random.choice(("0.5", "0.25", "0.01")))
    number = min(max(number, least), most)
    return float(number or 1 if field.above_zero else number)


def fill(path: Path, places: Mapping[str, Any], fields: Mapping[str, Field], random: Random, blank: float) -> None:
    book = load_workbook(path)
    for name, place in places.items():
        if name in fields and random.random() >= blank:
            book[place["sheet"]][place["cell"]] = value_for(fields[name], random)
    book.save(path)


class Year:
    """One scheme through the whole year in ``folder``."""

    def __init__(self, raw: Table, folder: Path, random: Random) -> None:
        self.raw, self.folder, self.random = raw, folder, random
        self.path = folder / "any.toml"
        self.path.write_text(toml(raw), encoding="utf-8")
        self.scheme: Scheme = parse(self.path.read_bytes(), "any.toml")
        self.settings, self.ledger = folder / "考核设置.xlsx", folder / "评分底稿.xlsx"
        self.result = folder / "考核结果.xlsx"

    def run(self, *arguments: str | Path) -> Any:
        ran = kaohe(*arguments, "--scheme", self.path)
        assert ran.code in (0, 1), (arguments, ran.err)
        return ran

    def issued(self) -> None:
        """Template, settings, forms."""
        ran = kaohe("scheme", "check", self.path)
        assert ran.code == (1 if "试算不符" in ran.err else 0), ran.err
        self.run("template", self.folder / "模板.xlsx")
        made = self.run("init", "--output", self.settings, "--json")
        fields = {field.name: field for unit in self.scheme.units for field in settings_fields(self.scheme, unit.code)}
        fill(self.settings, made.json["fields"], fields, self.random, 0.05)
        units = [unit.code for unit in self.scheme.units][:ISSUED]
        out = "--output", self.folder / "下发"
        forms = self.run("blank", *units, "--settings", self.settings, *out, "--json").json["forms"]
        (self.folder / "回收").mkdir()
        assert [form["code"] for form in forms] == units
        every = {field.name: field for field in form_fields(self.scheme, {})}
        for form in forms[:RETURNED]:
            if len(forms) > 1 and self.random.random() < 0.05:
                continue  # 未报
            back = self.folder / "回收" / Path(form["file"]).name
            back.write_bytes(Path(form["file"]).read_bytes())
            fill(back, form["fields"], every, self.random, self.random.choice((0, 0, 0, 0.1)))

    def score(self) -> None:
        kaohe("check", self.folder / "回收", "--settings", self.settings, "--scheme", self.path)
        self.run("score", self.folder / "回收", "--settings", self.settings, "--output", self.ledger,
                 *self.random.choice(((), ("--json",))), "--return-dir", self.folder / "退回")  # fmt: skip

    def copied(self) -> None:
        """Judging copies out and back again as they are: they say nothing new."""
        copies = self.folder / "评审"
        self.run("score", self.folder / "回收", "--settings", self.settings, "--output", self.ledger,
                 "--judge-dir", copies)  # fmt: skip
        if copies.exists():
            back = self.run("merge", self.ledger, copies)
            lines = [
                line for line in back.out.splitlines() if line.startswith(tuple(each.name for each in copies.iterdir()))
            ]
            assert lines, (back.out, back.err)
            assert all("没有新填的内容" in line and "不一致" not in line for line in lines), lines

    def judged(self) -> None:
        """Awards, corrections, confirmations and vetoes typed into the ledger."""
        with Edit(self.ledger) as ledger:
            for kind, row in self._rows(ledger, "评分明细"):
                self._judge(kind, row)
            for _, row in self._rows(ledger, "数据核定"):
                if (
                    "核实" in row
                    and self.random.random() < 0.5
                    and row["状态"].value
                    and "核实" in str(row["状态"].value)
                ):
                    row["核实"].value = "属实"
                if isinstance(row["填报值"].value, int | float) and self.random.random() < 0.05:
                    row["核定值"].value, row["核定依据"].value = (
                        row["填报值"].value - (row["填报值"].value > 1),
                        "统计年报",
                    )
            for _, row in self._rows(ledger, "单位情况"):
                if self.random.random() < 0.1:
                    row["一票否决"].value = "是"
                    row["认定机关"].value, row["文号"].value, row["认定日期"].value = "某机关", "某发1号", "2015-12-01"

    def _rows(self, ledger: Edit, sheet: str) -> Iterator[tuple[str, dict[str, Any]]]:
        page = ledger.book[sheet]
        header = next(row for row in page.iter_rows() if "单位代码" in [cell.value for cell in row])
        kinds = {unit.code: unit.kind for unit in self.scheme.units}
        for row in page.iter_rows(min_row=header[0].row + 1):
            named = {str(title.value): cell for title, cell in zip(header, row, strict=True)}
            if named["单位代码"].value in kinds:
                yield kinds[named["单位代码"].value], named

    def _judge(self, kind: str, row: dict[str, Any]) -> None:
        criterion = self.scheme.of(kind).criteria[row["细则"].value]
        judges = getattr(criterion.rule, "judges", 0)
        if judges and self.random.random() < 0.8:
            least, most = int(criterion.rule.least), int(9 if criterion.points is None else criterion.points)
            for count in range(1, judges + 1):
                row[f"评委{count}"].value = self.random.randint(least, most)
            return
        undecided = row["规则得分"].value is None and self.random.random() < 0.9
        if criterion.judged or undecided or self.random.random() < 0.05:
            full = row["满分"].value
            field = award_field(criterion, None if full is None else Decimal(str(full)))
            points = Decimal(str(value_for(field, self.random))).quantize(Decimal("0.01"))
            row["考核分"].value = float(min(max(points, field.minimum or points), field.maximum or points))
            row["评分理由"].value, row["评分人"].value = "经核实", "某处"

    def rank(self) -> Any:
        ran = self.run("rank", self.ledger, "--output", self.result, "--feedback-dir", self.folder / "反馈",
                       "--csv", self.folder / "表", "--notice", self.folder / "通报.docx", "--json")  # fmt: skip
        if self.random.random() < 0.3:
            self.run("rank", self.ledger, "--output", self.folder / "另一份.xlsx")
        return ran.json

    def verified(self) -> None:
        ran = kaohe("verify", self.result, "--scheme", self.path)
        assert ran.code == 0, ran.err

    def agrees(self, told: Any) -> None:
        """Totals follow from the points of criteria, places from totals; grades are the scheme's own."""
        kinds = {unit.code: unit.kind for unit in self.scheme.units}
        changes = {each["name"]: each["change"] for each in self.raw.get("kind", [])}
        known = {each["title"] for each in self.raw.get("grade", [])} | {None, "未定", "一票否决"}
        known |= {each.get("grade") for each in self.raw.get("veto", [])}
        for number, unit in enumerate(told["units"]):
            assert unit["grade"] in known
            own = changed(self.raw, changes.get(kinds[unit["code"]], {}))
            points = {each["id"]: each["points"] for item in unit["items"] for each in item["criteria"]}
            exact = {id: None if each is None else Decimal(str(each)) for id, each in points.items()}
            total = recomputed(own, "", exact)
            assert unit["total"] == (None if total is None else float(total)), unit["code"]
            if number < EXPLAINED:
                self.explained(unit["code"], exact)
        groups: dict[Any, list[Any]] = {}
        for unit in told["units"]:
            groups.setdefault(unit["group"], []).append(unit)
        for members in groups.values():
            placed = [unit for unit in members if unit["place"] is not None]
            assert [unit["total"] for unit in placed] == sorted((unit["total"] for unit in placed), reverse=True)
            assert [unit["place"] for unit in placed] == sorted(unit["place"] for unit in placed)

    def explained(self, code: str, points: Mapping[str, Decimal | None]) -> None:
        lines = explain(str(self.path), ledger_path=self.ledger, unit_name=code, id="", readings={}).lines
        told = {}
        for line in lines:
            found = re.search(r"(?:^|：)(\d+\.\d+-\d+) .*：(?:(-?[\d,.]+) 分|未定分|扣 ([\d,.]+) 分)", line)
            if found:
                told[found[1]] = None if found[2] is None else Decimal(found[2].replace(",", ""))
        assert told == dict(points), (code, lines)


def recomputed(raw: Table, id: str, points: Mapping[str, Decimal | None]) -> Decimal | None:
    """The points of a section, an item or the whole (empty) from those of the criteria, without the program."""
    nodes = {each["id"]: each for each in (*raw["item"], *raw.get("section", []))} | {"": raw.get("whole", {})}
    node, cap = nodes[id], raw.get("policy", {}).get("cap")
    if "criterion" in node:
        parts = [(points[each["id"]], Decimal(1)) for each in node["criterion"]]
    else:
        parts = [(recomputed(raw, each["id"], points), weight(each)) for each in parts_of(raw, id)]
    known = [(each, heavy) for each, heavy in parts if each is not None]
    if len(known) < len(parts):
        return None
    full = full_of(raw, id) if (cap == "item" and "criterion" in node) or (cap == "total" and not id) else None
    return limited(node, together(node, known), full)


def full_of(raw: Table, id: str) -> Decimal | None:
    node = next((each for each in raw["item"] if each["id"] == id), raw.get("whole", {}))
    declared: Decimal | None = node.get("points")
    return fulls(raw)[id] if declared is None else declared


def whole_year(raw: Table, folder: Path, random: Random) -> None:
    year = Year(raw, folder, random)
    year.issued()
    year.score()
    year.judged()
    if random.random() < 0.5:
        year.copied()
    told = year.rank()
    year.agrees(told)
    year.verified()


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(schemes())
def test_any_scheme_is_read_or_refused_with_reasons(raw: Table) -> None:
    found: tuple[Problem, ...] = ()
    try:
        parse(toml(raw).encode(), "any.toml")
    except SchemeError as error:
        found = error.problems
    assert all(re.search(r"[一-龥]", each.message) for each in found)


def test_few_schemes_are_refused() -> None:
    refused = 0
    for seed in range(MANY // 3):
        try:
            parse(toml(random_scheme(seed)).encode(), "any.toml")
        except SchemeError:
            refused += 1
    assert refused <= MANY // 30


def test_rules_of_any_scheme_are_printed() -> None:
    for seed in range(20):
        scheme = parse(toml(sound(seed)).encode(), "any.toml")
        assert scheme.content.title in rules_page(scheme)
        assert printed(scheme)


def test_who_gives_points_is_the_same_for_all_kinds_of_units() -> None:
    raw = random_scheme(0)
    raw = {key: raw[key] for key in ("format", "id", "year", "title", "name", "template", "notice", "unit")}
    judged = {"id": "x", "title": "评定", "clause": "", "points": 5, "rule": {"kind": "judged"}}
    raw["item"] = [{"id": "1", "title": "评定", "content": "评定", "standard": "", "criterion": [judged]}]
    parse(toml(raw).encode(), "any.toml")
    change = {"criterion": {"x": {"replace": {"rule": {"kind": "given"}}}}}
    raw["kind"] = [{"name": raw["unit"][0]["kind"], "change": change}]
    with pytest.raises(SchemeError, match="各类单位须一致"):
        parse(toml(raw).encode(), "any.toml")


@pytest.mark.slow
def test_a_veto_is_shown_where_the_notice_knows_none(tmp_path: Path) -> None:
    whole_year(sound(15), tmp_path, Random(15))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2010))
def test_any_scheme_is_rehearsed(seed: int, tmp_path: Path) -> None:
    year = Year(sound(seed), tmp_path, Random(seed))
    assert kaohe("scheme", "rehearse", year.path, "--years", "2").code == 0


@pytest.mark.parametrize("seed", range(FAST))
def test_a_year_of_any_scheme(seed: int, tmp_path: Path) -> None:
    whole_year(sound(seed, units=2), tmp_path, Random(seed))


def test_judges_of_one_kind_of_units_have_their_column(tmp_path: Path) -> None:
    raw = random_scheme(0, units=2)
    raw = {key: raw[key] for key in ("format", "id", "year", "title", "name", "template", "notice", "unit")}
    judged = {"id": "x", "title": "评定", "clause": "", "points": 5, "rule": {"kind": "judged"}}
    raw["item"] = [{"id": "1", "title": "评定", "content": "评定", "standard": "", "criterion": [judged]}]
    change = {"criterion": {"x": {"rule": {"judges": 3}}}}
    raw["kind"] = [{"name": raw["unit"][0]["kind"], "change": change}]
    year = Year(raw, tmp_path, Random(0))
    year.issued()
    year.score()
    assert "评委3" in [cell.value for cell in load_workbook(year.ledger)["评分明细"][1]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1000 + SLOW))
def test_a_year_of_many_schemes(seed: int, tmp_path: Path) -> None:
    whole_year(sound(seed), tmp_path, Random(seed))


@pytest.mark.slow
def test_a_year_of_many_units(tmp_path: Path) -> None:
    whole_year(sound(7, units=MANY), tmp_path, Random(7))
