"""The ledger (评分底稿): put together (settle.py), written (writer.py), read (reader.py)."""

from kaohe_cli.ledger.carried import carried, with_looks
from kaohe_cli.ledger.reader import read, read_previous
from kaohe_cli.ledger.record import Ledger, Open, TypedRow
from kaohe_cli.ledger.settle import assemble
from kaohe_cli.ledger.writer import ledger_workbook

__all__ = [
    "Ledger", "Open", "TypedRow", "assemble", "carried", "ledger_workbook", "read", "read_previous", "with_looks",
]  # fmt: skip
