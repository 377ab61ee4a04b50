"""What two results say of themselves, against each other."""

from decimal import Decimal

from kaohe_cli.model import Change, Source
from kaohe_cli.result.changed import SourceChange, moved, points_moved, sources_moved
from kaohe_cli.result.recorded import Recorded, RecordedUnit

BEFORE = Recorded(
    "旧.xlsx",
    {"甲区": RecordedUnit(1, "优秀", Decimal(90)), "乙区": RecordedUnit(2, "达标", Decimal(80))},
    (
        Source("底稿", "底稿.1.xlsx", 10, "aaaaaaaaaa"), Source("填报表", "甲区.xlsx", 10, "bbbbbbbbbb"),
        Source("口径", "over5", value="score"), Source("方案", "某方案", 1, "cc"),
        Source("版本", "Python", value="3.11"),
    ),
)  # fmt: skip
NOW = Recorded(
    "新.xlsx",
    {"甲区": RecordedUnit(1, "优秀", Decimal(90)), "丙区": RecordedUnit(2, "达标", None)},
    (
        Source("底稿", "底稿.xlsx", 10, "dddddddddd"), Source("口径", "over5", value="strict"),
        Source("方案", "某方案", 1, "cc"), Source("版本", "Python", value="3.12"),
    ),
)  # fmt: skip


def test_units_that_stand_otherwise_or_in_one_alone() -> None:
    assert [*moved(BEFORE, NOW)] == [
        Change("", "丙区", (None, 2), ("", "达标"), (None, None)),
        Change("", "乙区", (2, None), ("达标", ""), (Decimal(80), None)),
    ]


def test_points_of_units_that_both_have() -> None:
    before = {"甲区": {"1.1 甲": Decimal(1), "1.2 乙": None}, "乙区": {"1.1 甲": Decimal(1)}}
    now = {"甲区": {"1.1 甲": Decimal(1), "1.2 乙": Decimal(2)}}
    assert [*points_moved(before, now)] == [("甲区", "1.2 乙", None, Decimal(2))]


def test_the_ledger_is_one_whatever_it_is_called() -> None:
    assert [*sources_moved(BEFORE, NOW)] == [
        SourceChange("底稿", "底稿.xlsx", "底稿.1.xlsx aaaaaaaa", "底稿.xlsx dddddddd"),
        SourceChange("口径", "over5", "score", "strict"),
        SourceChange("版本", "Python", "3.11", "3.12"),
        SourceChange("填报表", "甲区.xlsx", "甲区.xlsx bbbbbbbb", ""),
    ]
