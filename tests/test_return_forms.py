"""Forms to mend: what a unit finds in the form that comes back to it."""

from pathlib import Path

from command import ROOT, kaohe
from openpyxl import load_workbook

SAMPLES = ROOT / "samples"


def test_where_two_returns_of_a_unit_differ_stands_in_its_form_to_mend(tmp_path: Path) -> None:
    issued = kaohe(
        "blank", "上城区", "--settings", SAMPLES / "考核设置.xlsx", "--output", tmp_path / "下发", "--json"
    ).json
    place = issued["forms"][0]["fields"]["sales.actual"]
    one, two = SAMPLES / "回收" / "上城区.xlsx", tmp_path / "上城区(改).xlsx"
    book = load_workbook(one)
    book[place["sheet"]][place["cell"]] = 300
    book.save(two)
    kaohe(
        "score", one, two, "--settings", SAMPLES / "考核设置.xlsx", "--output", tmp_path / "底稿.xlsx",
        "--return-dir", tmp_path / "退回",
    )  # fmt: skip
    mended = load_workbook(tmp_path / "退回" / "上城区.xlsx")
    rows = [[cell.value for cell in row] for row in mended["需改事项"].iter_rows(min_row=4)]
    listed = next(row for row in rows if row[3] == f"{place['sheet']} {place['cell']}")
    assert "上城区.xlsx 318" in listed[4]
    assert "上城区(改).xlsx 300" in listed[4]
    cell = mended[place["sheet"]][place["cell"]]
    assert cell.value is None
    assert cell.comment is not None
    assert any("退回的表" in (row[6] or "") and "--prefer" in row[6] for row in rows)


def test_a_form_that_needs_no_mending_any_more_is_named(tmp_path: Path) -> None:
    given = ("--settings", SAMPLES / "考核设置.xlsx", "--output", tmp_path / "底稿.xlsx", "--return-dir", tmp_path)
    (tmp_path / "上城区.xlsx").write_bytes(b"from an earlier run")
    ran = kaohe("score", SAMPLES / "回收" / "上城区.xlsx", *given)
    assert ran.code == 0
    assert "上城区的表已不需要更正" in ran.err
    assert (tmp_path / "上城区.xlsx").read_bytes() == b"from an earlier run"
