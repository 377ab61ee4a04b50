"""The settings workbook (考核设置): written (writer.py), read (reader.py)."""

from kaohe_cli.settings.reader import read, unassigned
from kaohe_cli.settings.writer import default, settings_workbook

__all__ = ["default", "read", "settings_workbook", "unassigned"]
