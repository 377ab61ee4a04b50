"""The ledger (评分底稿): put together (work.py), written (ledger_out.py), read (ledger_in.py)."""

from kaohe_cli.office.ledger_in import read, read_previous
from kaohe_cli.office.ledger_out import build
from kaohe_cli.office.work import Ledger, Open, Work, assemble

__all__ = ["Ledger", "Open", "Work", "assemble", "build", "read", "read_previous"]
