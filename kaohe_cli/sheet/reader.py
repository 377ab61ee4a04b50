"""The one door for every file that anyone hands in: by its content, within bounds, and with no trust in it.

Whatever a file holds, reading it ends in values or in problems, never in an exception. What is caught here is what the
readers of containers raise to say that a container cannot be taken; a fault of the program itself is not caught.
"""

import hashlib
import io
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Literal

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.naming import readable
from kaohe_cli.sheet import appearance, compound, legacy, ooxml, opendocument, parts
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.book import Area, Book, Sheet
from kaohe_cli.sheet.bounds import LARGE_LIMITS, USUAL_LIMITS, Budget, CellCollector, Limits, Refused, damaged
from kaohe_cli.sheet.folder import FoundFile
from kaohe_cli.sheet.looks import Look
from kaohe_cli.sheet.table import SheetRow, rows_of

__all__ = [
    "LARGE_LIMITS", "USUAL_LIMITS", "Limits", "SheetRows", "read_appearance", "read_bytes", "read_found",
    "read_workbook",
]  # fmt: skip

Container = Literal["xlsx", "xls", "ods"]
ReadBook = tuple[Book | None, tuple[Problem, ...]]

_BARE_STREAMS = (b"\x09\x08\x10\0", b"\x09\x08\x08\0", b"\x09\x04\x06\0", b"\x09\x02\x06\0", b"\x09\0\4\0")


# ── What a file is ──────────────────────────────────────────────────────────────────────────────────────────────────

# First bytes → code of the problem that such a file is.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "KH009"),
    (b"\x89PNG", "KH010"), (b"\xff\xd8\xff", "KH010"), (b"GIF8", "KH010"), (b"BM", "KH010"), (b"II*\0", "KH010"),
    (b"MM\0*", "KH010"), (b"RIFF", "KH010"),
    (b"{\\rtf", "KH011"),
    (b"Rar!", "KH018"), (b"7z\xbc\xaf", "KH018"), (b"\x1f\x8b", "KH018"), (b"BZh", "KH018"), (b"\xfd7zXZ", "KH018"),
    (b"MZ", "KH012"),
)  # fmt: skip
_MARKUP_SIGNS = (b"<html", b"<!doctype html", b"<table", b"<head", b"<body", b"<meta", b"mime-version:", b"<style")


def _stranger(data: bytes) -> str:
    """The code for a file that is no container of a workbook at all."""
    for signature, code in _SIGNATURES:
        if data.startswith(signature) and not (len(signature) == 2 and _is_text(data)):
            return code
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(_MARKUP_SIGNS) or (head.startswith((b"<?xml", b"<!--")) and b"<html" in head):
        return "KH006"
    if head.startswith(b"<?xml"):
        return "KH007"
    return "KH008" if _is_text(data) else "KH012"


def _is_text(data: bytes) -> bool:
    """Whether the bytes are text that a person may have written."""
    head = data[:65_536]
    for encoding in ("utf-16",) if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "gb18030"):
        text = head.decode(encoding, "ignore" if len(data) > len(head) else "replace")
        if "\ufffd" not in text and not any(ord(sign) < 32 and sign not in "\t\r\n\f" for sign in text):
            return True
    return False


# ── One file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_workbook(path: Path, limits: Limits = USUAL_LIMITS, sheets: Collection[str] | None = None) -> ReadBook:
    """The workbook in a file, or None, and what was wrong with it; with ``sheets`` only those named are read."""
    return read_found(FoundFile(path, readable(path.name)), limits, sheets)


def read_bytes(
    data: bytes, file_name: str, limits: Limits = USUAL_LIMITS, sheets: Collection[str] | None = None
) -> ReadBook:
    """As :func:`read_workbook`, for the bytes of a file of that name."""
    try:
        _fits(len(data), limits)
        container, found = _sheets(data, file_name, Budget(limits.within(len(data))), sheets)
    except Refused as refused:
        return None, (problem(refused.code, file=file_name, **refused.words),)
    book = Book(file_name, hashlib.sha256(data).hexdigest(), len(data), container, tuple(sheet for sheet, _ in found))
    return book, tuple(told for _, cells in found for told in cells.problems())


def read_found(found: FoundFile, limits: Limits = USUAL_LIMITS, sheets: Collection[str] | None = None) -> ReadBook:
    """As :func:`read_workbook`, for what :func:`folder.find_files` found."""
    try:
        data = _bytes(found, limits)
    except Refused as refused:
        return None, (problem(refused.code, file=found.name, **refused.words),)
    return read_bytes(data, found.name, limits, sheets)


class SheetRows:
    """The rows of one sheet, read as they are asked for; what was wrong is complete once they have all been read.

    Iterating yields (row, {column: cell}) for rows with a value, in their order. ``problems`` holds an error where
    reading stopped short: the rows seen until then are right, but they are not all. What lies upon the cells is
    complete at the end too.
    """

    def __init__(self, path: Path, sheet: str, limits: Limits = LARGE_LIMITS) -> None:
        """Nothing is read yet."""
        self.problems: tuple[Problem, ...] = ()
        self.comments: Mapping[tuple[int, int], str] = {}  # as in Sheet, like those that follow
        self.merged: tuple[Area, ...] = ()
        self.struck: frozenset[tuple[int, int]] = frozenset()
        self.pictures = 0
        self._found = FoundFile(path, readable(path.name))
        self._sheet = sheet
        self._limits = limits

    def __iter__(self) -> Iterator[SheetRow]:
        file = self._found.name
        cells: CellCollector | None = None
        self.problems = ()
        try:
            data = _bytes(self._found, self._limits)
            budget = Budget(self._limits.within(len(data)))
            package = _package(data, budget)
            if package is not None and _kind(package) == "xlsx":
                workbook = ooxml.open_workbook(package, file)
                for part in workbook.sheets:
                    if part.name == self._sheet:
                        cells = workbook.empty(part)
                        yield from workbook.rows(part, cells)
            else:
                for sheet, found in _sheets(data, file, budget, (self._sheet,))[1]:
                    cells = found
                    yield from rows_of(sheet)
            if cells is None:
                raise Refused("KH036", sheet=self._sheet)
        except Refused as refused:
            self.problems = (problem(refused.code, file=file, **refused.words),)
        if cells is not None:
            self.problems += tuple(cells.problems())
            self.comments, self.merged = cells.comments, tuple(cells.merged)
            self.struck, self.pictures = frozenset(cells.struck), cells.pictures


def read_appearance(
    path: Path, sheets: Collection[str], usual: Collection[Look], limits: Limits = LARGE_LIMITS
) -> tuple[Mapping[str, Appearance] | None, tuple[Problem, ...]]:
    """What may have been set by hand in those of ``sheets`` that a workbook has, without looks that are ``usual``.

    None, with the reason, where the file cannot be taken, or is in a format whose layout is not read (KH050). Told
    beside it is what could not be taken: KH051, KH052, KH053.
    """
    found = FoundFile(path, readable(path.name))
    try:
        data = _bytes(found, limits)
        package = _package(data, Budget(limits.within(len(data))))
        if package is None or _kind(package) != "xlsx":
            return None, (problem("KH050", file=found.name),)
        return appearance.read_sheets(package, found.name, sheets, usual)
    except Refused as refused:
        return None, (problem(refused.code, file=found.name, **refused.words),)


def _bytes(found: FoundFile, limits: Limits) -> bytes:
    """The bytes of a file, no more of them than allowed."""
    try:
        known = found.path.stat()  # before it is opened: opening a pipe would wait for ever
        if not stat.S_ISREG(known.st_mode):
            raise Refused("KH017", found="不是普通文件")
        _fits(known.st_size if found.member is None else found.member.size, limits)
        with found.path.open("rb") as source:
            if found.member is None:
                data = source.read(limits.file + 1)
                _fits(len(data), limits)
                return data
            pieces: list[bytes] = []
            size = 0
            for piece in parts.unpack(source, found.member, Budget(limits)):
                size += len(piece)
                _fits(size, limits)
                if size > found.member.size:
                    raise damaged("内容与校验值不符")
                pieces.append(piece)
            return b"".join(pieces)
    except PermissionError as error:
        raise Refused("KH017", found="没有权限，或者正被其他程序使用") from error
    except FileNotFoundError as error:
        raise Refused("KH017", found="文件不存在") from error
    except OSError as error:
        raise Refused("KH017", found=error.strerror or "读取失败") from error


def _fits(size: int, limits: Limits) -> None:
    if size > limits.file:
        raise Refused("KH002", found=f"{size / (1 << 20):,.1f}", expected=f"{limits.file / (1 << 20):,.0f}")


def _sheets(
    data: bytes, file: str, budget: Budget, wanted: Collection[str] | None
) -> tuple[Container, list[tuple[Sheet, CellCollector]]]:
    """The sheets of a workbook of any kind; Refused where it is none, or cannot be taken."""
    if not data.strip(b"\0"):
        raise Refused("KH001")
    package = _package(data, budget)
    container: Container = "xls"
    if package is not None:
        container = _kind(package)
        if container == "ods":
            found = opendocument.document_sheets(package, file, wanted)
        else:
            workbook = ooxml.open_workbook(package, file)
            found = [workbook.sheet(part) for part in workbook.sheets if wanted is None or part.name in wanted]
    elif data.startswith(compound.SIGNATURE):
        found = list(legacy.stream_sheets(_stream(data, budget), file, budget, wanted))
    elif data[:4] in _BARE_STREAMS:
        found = list(legacy.stream_sheets(data, file, budget, wanted))
    else:
        raise Refused(_stranger(data))
    if not found and wanted is None:
        raise Refused("KH037")
    return container, found


def _package(data: bytes, budget: Budget) -> parts.Package | None:
    return parts.open_package(io.BytesIO(data), budget) if data.startswith(b"PK") else None


def _kind(package: parts.Package) -> Literal["xlsx", "ods"]:
    """Which kind of workbook a zip container is; Refused where it is none."""
    if "mimetype" in package:
        kind = package.read("mimetype")[:100]
        if "encrypted-package" in package:
            raise Refused("KH004")
        if b"opendocument.spreadsheet" in kind:
            return "ods"
        raise Refused("KH011" if b"opendocument.text" in kind else "KH012")
    main = ooxml.main_part(package)
    if main.endswith(".bin"):
        raise Refused("KH005")
    if main:
        folder = main.partition("/")[0]
        raise_as = {"word": "KH011", "ppt": "KH012", "visio": "KH012"}.get(folder)
        if raise_as is not None:
            raise Refused(raise_as)
        return "xlsx"
    if "xl/workbook.xml" in package or "[content_types].xml" in package:
        raise Refused("KH013", found="缺少主部件")
    raise Refused("KH012" if "ofd.xml" in package else "KH018")


def _stream(data: bytes, budget: Budget) -> bytes:
    """The records of a workbook within a compound file; Refused where it holds none."""
    file = compound.open_compound(data, budget)
    if "encryptedpackage" in file.entries or "encryptioninfo" in file.entries:
        raise Refused("KH004")
    for name in ("workbook", "book"):
        if name in file.entries:
            return file.stream(file.entries[name])
    raise Refused("KH011" if "worddocument" in file.entries else "KH012")
