"""What a result was made from (来源): files by their digests, readings, versions. No time of day is among it."""

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kaohe_cli import __version__
from kaohe_cli.model import Source
from kaohe_cli.naming import readable
from kaohe_cli.scheme.scheme import Scheme

FILE_ROLES = ("底稿", "填报表", "设置", "模板")
SCHEME, READING, VERSION = "方案", "口径", "版本"
# the distributions whose version can show in a workbook
LIBRARIES = ("openpyxl", "XlsxWriter", "pandas", "msgspec", "python-docx")


def file_source(role: str, path: Path) -> Source:
    """The file at ``path`` with its size (bytes) and SHA-256; OSError where it cannot be read."""
    data = path.read_bytes()
    return Source(role, readable(path.name), len(data), hashlib.sha256(data).hexdigest())


def scheme_source(scheme: Scheme) -> Source:
    """The scheme with the digest of its file."""
    return Source(SCHEME, scheme.id, None, scheme.digest)


def reading_sources(scheme: Scheme) -> tuple[Source, ...]:
    """Every reading with the option in force, in the order of the scheme."""
    return tuple(Source(READING, name, value=option) for name, option in scheme.readings.items())


def version_sources() -> tuple[Source, ...]:
    """The versions of Python, the program and the libraries that write its workbooks."""
    found = {"kaohe": __version__, "Python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}}
    return tuple(Source(VERSION, name, value=said) for name, said in found.items())


def sources(scheme: Scheme, files: Iterable[Source]) -> tuple[Source, ...]:
    """All that 来源 records: ``files`` by role and name, the scheme, the readings in force, the versions."""
    order = {role: index for index, role in enumerate(FILE_ROLES)}
    told = {each for each in files if each.role not in (SCHEME, READING, VERSION)}  # those are told anew
    ordered = sorted(told, key=lambda each: (order.get(each.role, len(order)), each.role, each.name, each.sha256))
    return (*ordered, scheme_source(scheme), *reading_sources(scheme), *version_sources())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "未安装"
