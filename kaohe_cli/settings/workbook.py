"""The settings workbook (考核设置): written (writer.py), read (reader.py)."""

from kaohe_cli.settings.reader import read
from kaohe_cli.settings.writer import build, default

__all__ = ["build", "default", "read"]
