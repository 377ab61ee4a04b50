"""What a result was made from (来源): files by their digests, readings, versions. No time of day is among it."""

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kaohe_cli import __version__
from kaohe_cli.model import READING, SCHEME, Source
from kaohe_cli.naming import readable

FILE_ROLES = LEDGER, RETURN, SETTINGS, TEMPLATE, PREVIOUS, LAST_LEDGER = (
    "底稿", "填报表", "设置", "模板", "上年结果", "上年底稿",
)  # fmt: skip
VERSION = "版本"
EDITION, FOLLOWED = "版次", "上一版"  # of the result: which it is, and the file of the one before
# the distributions whose version can show in a workbook
LIBRARIES = ("openpyxl", "XlsxWriter", "pandas", "msgspec", "python-docx")


def file_source(role: str, path: Path) -> Source:
    """The file at ``path`` with its size (bytes) and SHA-256; OSError where it cannot be read."""
    data = path.read_bytes()
    return Source(role, readable(path.name), len(data), hashlib.sha256(data).hexdigest())


def version_sources() -> tuple[Source, ...]:
    """The versions of Python, the program and the libraries that write its workbooks."""
    found = {"kaohe": __version__, "Python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}}
    return tuple(Source(VERSION, name, value=said) for name, said in found.items())


def sources(rules: Iterable[Source], files: Iterable[Source]) -> tuple[Source, ...]:
    """All that 来源 records: ``files`` by role and name, ``rules`` (the scheme, the readings in force), versions."""
    order = {role: index for index, role in enumerate(FILE_ROLES)}
    told = {each for each in files if each.role not in (SCHEME, READING, VERSION)}  # those are told anew
    ordered = sorted(told, key=lambda each: (order.get(each.role, len(order)), each.role, each.name, each.sha256))
    return (*ordered, *rules, *version_sources())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "未安装"
