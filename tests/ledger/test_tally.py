"""What becomes of the entries of a ledger, counted."""

from decimal import Decimal

from msgspec.structs import replace

from kaohe_cli.diagnostic import problem
from kaohe_cli.ledger.record import DETAIL, FIGURES, REGISTER, Ledger, TypedRow
from kaohe_cli.ledger.tally import tally
from kaohe_cli.model import Case, Incident, Review, Unit
from kaohe_cli.scheme.load import load
from kaohe_cli.sheet.book import Cell, CellKind, Sheet

SCHEME = load()
MARK, FIGURE, GONE = (DETAIL, "330109", "1.4.1"), (FIGURES, "330109", "sales.actual"), (DETAIL, "330199", "1.4.1")


def row(key: tuple[str, str, str], **cells: str) -> TypedRow:
    return TypedRow(key, {title: Cell(CellKind.TEXT, text) for title, text in cells.items()})


def ledger(*rows: TypedRow) -> Ledger:
    cases = (Case(Unit("330109", "萧山区", "county"), "received", {}),)
    return Ledger("hangzhou_2007", "", {}, {}, {}, "", cases, typed={each.key: each for each in rows})


def test_each_cell_is_counted_once() -> None:
    note, other = (Incident("330109", "1.4.1", "2007-03-05", facts, Decimal(-1)) for facts in ("甲", "乙"))
    before = replace(ledger(row(MARK, 考核分="7", 评分人="张三"), row(FIGURE, 核定值="26.8")), incidents=(note, note))
    now = replace(
        ledger(row(MARK, 考核分="8", 评分人="张三", 评分理由="缺一项"), row(GONE, 考核分="5")),
        incidents=(note, other), contradicting=(row(FIGURE, 核定值="27"),),
        sheets=(Sheet(REGISTER, False, {}), Sheet("备忘", False, {})),
    )  # fmt: skip
    left = (problem("KH340", file="x", sheet="来源", cell="H2", found="H2 “x”"), problem("KH052", file="x", sheet="y"))
    found = tally(SCHEME, before, now, left)
    assert found.said == (
        "填写的内容：保留 1 格，新增 2 格，改写 1 格，去掉 1 格，列入“已无对应” 1 格，列入“不一致” 1 格，"
        "台账保留 1 条，台账新增 1 条，台账去掉 1 条，另加的工作表保留 1 张，不能沿用（见以上各条） 1 处。"
    )


def test_reviews_are_told_apart_by_what_they_ask_for() -> None:
    asked, other = (Review("330109", "1.4", claim) for claim in ("重新核定", "更正"))
    before = replace(ledger(), reviews=(asked,))
    now = replace(ledger(), reviews=(replace(asked, decision="upheld"), other))
    assert tally(SCHEME, before, now).said == "填写的内容：复核登记保留 1 条，复核登记新增 1 条。"


def test_nothing_is_said_where_nothing_was_typed() -> None:
    assert tally(SCHEME, None, ledger()).said == ""
