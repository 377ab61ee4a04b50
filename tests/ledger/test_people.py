"""What people mean in a sheet of their own by a number, a title, or both."""

from decimal import Decimal

import pytest

from kaohe_cli.ledger.people import meant
from kaohe_cli.sheet.book import Cell, CellKind

TITLES = {
    "1.1": "工业增长", "1.1.1": "产值", "1.1.2": "税收", "1.2": "招商引资", "1.2.1": "招商引资",
    "2.1": "信息", "2.2": "信息", "2.1.1": "报送", "2.10": "统计",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("1.1", "1.1"), ("1.1 工业增长", "1.1"), ("1.1 工业", "1.1"), ("1.1 税收", ""), ("税收", "1.1.2"),
        ("招商引资", "1.2"), ("信息", ""), ("3.1", ""), ("", ""), ("1.1.2 税收", "1.1.2"),
    ],
)  # fmt: skip
def test_by_number_and_title(typed: str, id: str) -> None:
    assert meant(Cell(CellKind.TEXT, typed), TITLES) == id


@pytest.mark.parametrize(("typed", "id"), [("1.1", "1.1"), ("2.1", ""), ("3", "")])
def test_by_a_number_that_became_one(typed: str, id: str) -> None:
    """2.10 typed anew is 2.1."""
    assert meant(Cell(CellKind.NUMBER, Decimal(typed)), TITLES) == id
