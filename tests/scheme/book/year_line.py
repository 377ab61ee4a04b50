"""A whole year by the scheme in a file, through the commands: the office gives, the units fill in, people judge."""

import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from command import kaohe
from edits import Edit
from msgspec import Struct
from notices import entry, units_of, written_year
from openpyxl import load_workbook
from test_line import DATA, JUDGED, UNITS

from kaohe_cli.model import Entry, Mark

sys.path.insert(0, str(Path(__file__).parents[2] / "samples"))
from by_hand import PLACES, TOTALS

VETO = {"一票否决": "是", "认定机关": "示安〔2010〕1号机关", "文号": "示安〔2010〕1号", "认定日期": "2010-12-30"}
Ends = Mapping[str, tuple[Decimal, int | None, str]]  # by code: total, place, grade


class UnitYear(Struct):
    """What is typed for one unit."""

    given: Mapping[str, Any]  # figure → what the office issues
    filled: Mapping[str, Any]  # field → what the unit fills in
    marks: Mapping[str, Any]  # criterion → points; several: of its judges
    veto: bool = False


class YearTyped(Struct):
    """What is typed in a year, and what it comes to."""

    units: Mapping[str, UnitYear]
    expected: Ends


def notice(name: str) -> YearTyped:
    """The year of one of the nine."""
    written = {each["code"]: each for each in written_year(name)["unit"]}
    held = {year.unit.code: year for year in units_of(name)}
    units = {}
    for code, unit in written.items():
        year = held[code]
        office = {id: _said(each) for id, each in year.settings.given.get(code, {}).items()}
        filled = {id: _said(each) for id, each in year.filled.items()}
        marks = {**unit.get("marks", {}), **unit.get("given", {})}
        for item in year.scheme.items:  # what several judges give, the unit claims as the first of them does
            for each in item.entered:
                if isinstance(points := marks.get(each.id), list):
                    filled[year.scheme.claim(each)] = float(points[0])
        units[code] = UnitYear(office, filled, marks, bool(year.veto))
    expected = {
        code: (Decimal(str(unit["total"])), unit.get("place"), unit.get("grade", "")) for code, unit in written.items()
    }
    return YearTyped(units, expected)


def hangzhou() -> YearTyped:
    """The samples, which are of the notice of 2007."""
    units = {
        code: UnitYear(
            {name: _said(entry(value)) for name, value in unit["given"].items()},
            {
                **{name: float(value) if isinstance(value, Decimal) else value for name, value in unit["form"].items()},
                **{f"{item}.self": float(points) for item, points in zip(JUDGED, unit["self"], strict=True)},
            },
            {f"{item}.1": points for item, points in zip(JUDGED, unit["award"], strict=True)},
            DATA["veto"]["unit"] == code,
        )
        for code, unit in UNITS.items()
    }
    expected = {code: (Decimal(TOTALS[code][-1]), place, grade) for code, (place, grade) in PLACES.items()}
    return YearTyped(units, expected)


def _said(held: Entry) -> Any:
    """A value as people type it."""
    value = held.value
    if isinstance(value, Mark):
        return value.value
    return float(value) if isinstance(value, Decimal) else value


class Line:
    """One year in ``folder`` by the scheme in ``scheme``."""

    def __init__(self, scheme: Path, folder: Path, year: YearTyped) -> None:
        self.scheme, self.folder, self.year = scheme, folder, year
        self.settings, self.ledger = folder / "考核设置.xlsx", folder / "评分底稿.xlsx"
        self.result = folder / "考核结果.xlsx"

    def run(self, *arguments: str | Path) -> Any:
        ran = kaohe(*arguments, "--scheme", self.scheme, "--json")
        assert ran.code in (0, 1), (arguments, ran.err)
        wrong = [each["message"] for each in ran.json["problems"] if each["severity"] == "error"]
        assert wrong == [], "；".join(wrong)
        return ran.json

    def walk(self) -> Ends:
        """From the settings to a ranking that verifies: total, place and grade of each unit."""
        made = self.run("init", "--output", self.settings)
        units = self.year.units.items()
        given = {f"{code}.{name}": value for code, unit in units for name, value in unit.given.items()}
        fill(self.settings, made["fields"], given)
        forms = self.run("blank", "--settings", self.settings, "--output", self.folder / "下发")["forms"]
        assert [form["code"] for form in forms] == [*self.year.units]
        (self.folder / "回收").mkdir()
        for form in forms:
            signed = {"filer": "某人", "phone": "1", "date": date(2007, 11, 1)}
            back = self.folder / "回收" / Path(form["file"]).name
            back.write_bytes(Path(form["file"]).read_bytes())
            fill(back, form["fields"], {**signed, **self.year.units[form["code"]].filled})
        self.run("score", self.folder / "回收", "--settings", self.settings, "--output", self.ledger)
        self.judge()
        told = self.run(
            "rank", self.ledger, "--output", self.result, "--feedback-dir", self.folder / "反馈",
            "--notice", self.folder / "通报.docx",
        )  # fmt: skip
        assert told["final"], told["open"]
        assert (self.folder / "通报.docx").exists()
        assert len([*(self.folder / "反馈").iterdir()]) >= len(self.year.units)
        verified = kaohe("verify", self.result, "--scheme", self.scheme)
        assert verified.code == 0, verified.err
        return {
            unit["code"]: (Decimal(str(unit["total"])), unit["place"], unit["grade"] or "") for unit in told["units"]
        }

    def judge(self) -> None:
        """Marks, what is odd and right all the same, vetoes."""
        with Edit(self.ledger) as edit:
            for row in rows(edit.book["评分明细"]):
                marks = self.year.units.get(row["单位代码"].value, UnitYear({}, {}, {})).marks
                points = marks.get(row["细则"].value)
                if isinstance(points, list):
                    for count, each in enumerate(points, 1):
                        row[f"评委{count}"].value = float(each)
                elif points is not None:
                    row["考核分"].value, row["评分人"].value = float(points), "某处"
            for sheet in ("数据核定", "评分明细"):
                for row in rows(edit.book[sheet]):
                    if "核实事项" in row and row["核实事项"].value:
                        row["核实"].value = "属实"
            for row in rows(edit.book["单位情况"]):
                unit = self.year.units.get(row["单位代码"].value)
                if unit is not None and unit.veto:
                    for title, value in VETO.items():
                        row[title].value = value


def fill(path: Path, fields: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Type ``values`` into the cells that the field map names."""
    book = load_workbook(path)
    for name, value in values.items():
        book[fields[name]["sheet"]][fields[name]["cell"]] = value
    book.save(path)


def rows(page: Any) -> list[dict[str, Any]]:
    """The rows below the head that names the units."""
    head = next(row for row in page.iter_rows() if "单位代码" in [cell.value for cell in row])
    below = page.iter_rows(min_row=head[0].row + 1)
    return [{str(title.value): cell for title, cell in zip(head, row, strict=True)} for row in below]
