"""Ledgers of earlier versions: 调整理由 in place of 评分理由, marks of several judges in one cell."""

from decimal import Decimal
from pathlib import Path

import pytest
from edits import Edit
from test_ledger import SCHEME, Office, codes, half, points

from kaohe_cli.ledger import original
from kaohe_cli.ledger.former import as_now
from kaohe_cli.ledger.original import WrittenRow
from kaohe_cli.sheet.book import Cell, CellKind

UNIT = "330102"


def text(said: str) -> Cell:
    return Cell(CellKind.TEXT, said)


def test_inputs_are_called_as_they_are_now() -> None:
    nine = Cell(CellKind.NUMBER, Decimal(9))
    assert as_now({"调整理由": text("材料不全"), "调整理由·批注": text("再议"), "考核分": nine, "备考": text("x")}) == {
        "评分理由": text("材料不全"), "评分理由·批注": text("再议"), "考核分": nine, "备考": text("x"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ("8、9，优", (Decimal(8), Decimal(9), "优")), ("7.5", (Decimal("7.5"),)), ("", ()),
        (" 8 ;  9；10 ", (Decimal(8), Decimal(9), Decimal(10))),
    ],
)  # fmt: skip
def test_marks_of_judges_come_apart(said: str, marks: tuple[Decimal | str, ...]) -> None:
    assert [each.value for each in as_now({"评委评分": text(said)}).values()] == [*marks]
    assert as_now({"评委评分": text(said)}, judges=False) == {"评委评分": text(said)}


def test_a_ledger_with_the_old_title_is_read_and_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path / "评分底稿.xlsx", half())
    office.score()
    with Edit(office.path) as edit:
        edit.judge(UNIT, "1.2.1", 考核分=1, 评分理由="一项未竣工")
        edit.judge(UNIT, "1.4.1", 考核分=6, 评分理由="规划没有备案")

    class Old(WrittenRow, frozen=True, array_like=True):
        """A row of the record as the version before wrote it."""

        def __post_init__(self) -> None:
            if "评分理由" in self.typed:
                self.typed["调整理由"] = self.typed.pop("评分理由")

    with monkeypatch.context() as before:
        before.setattr(original, "WrittenRow", Old)
        office.score()
    with Edit(office.path) as edit:
        edit.book["评分明细"].cell(1, edit.column("评分明细", "评分理由")).value = "调整理由"
    ledger, told = office.score()
    assert codes(told) == []
    assert [points(ledger, UNIT, each) for each in ("1.2.1", "1.4.1")] == [1, 6]
    award = ledger.cases[0].awards["1.4.1"]
    assert (award.reason, award.points) == ("规划没有备案", 6)
    assert ledger.columns.get("评分明细", ()) == ()
    with Edit(office.path) as edit:
        assert edit.said("评分明细", (UNIT, "1.4.1"), "评分理由") == "规划没有备案"
    assert SCHEME.criteria["1.4.1"].judged
