"""The result as CSV: whole, in one encoding, and harmless."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
import ranking_samples as samples

from kaohe_cli.model import Unit
from kaohe_cli.paper.press import Press
from kaohe_cli.result import tables
from kaohe_cli.scheme.load import load


def read(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_ranking_as_a_table() -> None:
    scheme = load()
    ranking = samples.ranked(scheme, samples.usual(scheme))
    rows = read(tables.text_tables(scheme, ranking)["排名.csv"])
    assert [row["单位代码"] for row in rows] == [each.score.unit.code for each in ranking.units]
    assert [row["名次"] for row in rows][:5] == ["1", "2", "3", "3", "5"]
    assert rows[-1]["名次"] == ""
    assert rows[-1]["等次"] == "一票否决"
    assert [Decimal(row["总分"]) for row in rows] == [each.score.total for each in ranking.units]
    assert rows[0]["总分"] == "109.64"
    assert {row["定稿"] for row in rows} == {"是"}


@pytest.mark.parametrize("cap", ["none", "item", "total"])
def test_bonuses_and_what_a_cap_took_away_add_up(cap: str) -> None:
    scheme = load(readings={"cap": cap})
    made = tables.text_tables(scheme, samples.ranked(scheme, samples.usual(scheme)))
    criteria = read(made["得分依据.csv"])
    took = 0
    for row in read(made["排名.csv"]):
        own = [each for each in criteria if each["单位代码"] == row["单位代码"]]
        base = sum(Decimal(each["考核分"]) for each in own if each["加分"] == "否")
        bonus = sum(Decimal(each["考核分"]) for each in own if each["加分"] == "是")
        assert bonus == Decimal(row["其中加分"])
        assert base + bonus - Decimal(row["封顶扣减"]) == Decimal(row["总分"])
        took += Decimal(row["封顶扣减"]) > 0
    assert (took > 0) == (cap != "none")


def test_items_and_criteria_add_up_to_the_total() -> None:
    scheme = load()
    made = tables.text_tables(scheme, samples.ranked(scheme, samples.usual(scheme)))
    items, criteria = read(made["分项得分.csv"]), read(made["得分依据.csv"])
    assert (len(items), len(criteria)) == (14, 14 * 32)
    for row in items:
        assert sum(Decimal(value) for title, value in row.items() if title[0].isdigit()) == Decimal(row["总分"])
        own = [Decimal(each["考核分"]) for each in criteria if each["单位代码"] == row["单位代码"]]
        assert sum(own) == Decimal(row["总分"])


def test_an_unknown_is_empty_and_never_nought() -> None:
    scheme = load()
    rows = read(tables.text_tables(scheme, samples.ranked(scheme, samples.pending(scheme)))["排名.csv"])
    assert [row["总分"] for row in rows] == [""] * 14
    assert {row["定稿"] for row in rows} == {"否"}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\n=1", "\r=1"])
def test_text_is_no_formula(name: str) -> None:
    scheme = load()
    ranking = samples.ranked(scheme, [samples.case(scheme, Unit("U", name, "区"))])
    for data in tables.text_tables(scheme, ranking).values():
        assert read(data)[0]["单位"] == f"'{name}"


def test_text_is_quoted_and_numbers_are_not() -> None:
    scheme = load()
    unit = Unit("330199", '"甲",乙', "区")
    data = tables.text_tables(scheme, samples.ranked(scheme, [samples.case(scheme, unit, share="0.5")]))["排名.csv"]
    line = data.decode("utf-8-sig").split("\r\n")[1]
    assert line.startswith('"330199","""甲"",乙",1,"否","优秀",')
    assert ",-" in line  # 考核减自评 is a negative number and stays one


def test_writing_makes_the_folder_and_says_what_failed(tmp_path: Path) -> None:
    scheme = load()
    ranking = samples.ranked(scheme, samples.usual(scheme))
    press = Press()
    written = tables.write(tmp_path / "表" / "甲", scheme, ranking, press)
    assert sorted(each.path.name for each in written) == ["分项得分.csv", "得分依据.csv", "排名.csv"]
    assert [each.problems for each in written] == [()] * 3
    assert written[0].path.read_bytes() == tables.text_tables(scheme, ranking)[written[0].path.name]
    (tmp_path / "文件").write_text("x")
    refused = tables.write(tmp_path / "文件", scheme, ranking, press)
    assert [problem.code for each in refused for problem in each.problems] == ["KH913"] * 3
    assert press.files == list(written)
