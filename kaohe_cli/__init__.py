"""Year-end target-responsibility assessment (年度工作目标责任制考核) over spreadsheets."""

__version__ = "0.1.0"
