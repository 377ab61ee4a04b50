"""The ledger (评分底稿): put together (work.py), written (ledger_out.py), read (ledger_in.py)."""

from kaohe_cli.ledger.entries import Ledger, Open, TypedRow, assemble
from kaohe_cli.ledger.reader import read, read_previous
from kaohe_cli.ledger.writer import build

__all__ = ["Ledger", "Open", "TypedRow", "assemble", "build", "read", "read_previous"]
