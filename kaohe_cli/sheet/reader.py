"""The one door for every file that anyone hands in: by its content, within bounds, and with no trust in it.

Whatever a file holds, reading it ends in values or in problems, never in an exception. What is caught here is what the
readers of containers raise to say that a container cannot be taken; a fault of the program itself is not caught.
"""

import hashlib
import io
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.naming import readable
from kaohe_cli.sheet import legacy, ooxml, opendocument, parts
from kaohe_cli.sheet.book import Book, Cell, Sheet
from kaohe_cli.sheet.bounds import (
    LARGE_LIMITS,
    USUAL_LIMITS,
    Budget,
    CellCollector,
    Limits,
    Refused,
    damaged,
    too_much,
)

__all__ = [
    "LARGE_LIMITS", "USUAL_LIMITS", "FoundFile", "Limits", "SheetRows", "collect", "open_found", "read", "read_bytes",
    "rows",
]  # fmt: skip

Container = Literal["xlsx", "xls", "ods"]
ReadBook = tuple[Book | None, tuple[Problem, ...]]

_MOST_FILES = 20_000  # files in one folder or archive
_LARGEST_ARCHIVE = 2 << 30  # bytes
_MOST_UNPACKED = 4 << 30  # bytes of all files in an archive
_OWN_PARTS = frozenset(("_rels/.rels", "[content_types].xml", "mimetype", "ofd.xml"))
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar")
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".ots")
_PAPERS = (
    ".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".doc", ".docx", ".wps",
    ".rtf", ".odt", ".ppt", ".pptx", ".dps", ".txt", ".md", ".json", ".log", ".mp4", ".mp3", ".eml", ".msg", ".lnk",
)  # fmt: skip
_BARE_STREAMS = (b"\x09\x08\x10\0", b"\x09\x08\x08\0", b"\x09\x04\x06\0", b"\x09\x02\x06\0", b"\x09\0\4\0")
_IGNORED = ("thumbs.db", "desktop.ini", "__macosx")


class FoundFile(Struct, frozen=True):
    """A file to read: one on disk, or one within a zip archive."""

    path: Path  # of the file, or of the archive
    name: str  # as people know it: file name, or archive/name
    member: parts.Member | None = None  # None: the file itself


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
        if data.startswith(signature) and not (len(signature) == 2 and _text(data)):
            return code
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(_MARKUP_SIGNS) or (head.startswith((b"<?xml", b"<!--")) and b"<html" in head):
        return "KH006"
    if head.startswith(b"<?xml"):
        return "KH007"
    return "KH008" if _text(data) else "KH012"


def _text(data: bytes) -> bool:
    """Whether the bytes are text that a person may have written."""
    head = data[:65_536]
    for encoding in ("utf-16",) if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "gb18030"):
        text = head.decode(encoding, "ignore" if len(data) > len(head) else "replace")
        if "\ufffd" not in text and not any(ord(sign) < 32 and sign not in "\t\r\n\f" for sign in text):
            return True
    return False


# ── One file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(path: Path, limits: Limits = USUAL_LIMITS, sheets: Collection[str] | None = None) -> ReadBook:
    """The workbook in a file, or None, and what was wrong with it; with ``sheets`` only those named are read."""
    return open_found(FoundFile(path, readable(path.name)), limits, sheets)


def read_bytes(
    data: bytes, file_name: str, limits: Limits = USUAL_LIMITS, sheets: Collection[str] | None = None
) -> ReadBook:
    """As :func:`read`, for the bytes of a file of that name."""
    try:
        _fits(len(data), limits)
        container, found = _sheets(data, file_name, Budget(limits.within(len(data))), sheets)
    except Refused as refused:
        return None, (problem(refused.code, file=file_name, **refused.words),)
    book = Book(file_name, hashlib.sha256(data).hexdigest(), len(data), container, tuple(sheet for sheet, _ in found))
    return book, tuple(told for _, cells in found for told in cells.problems())


def open_found(found: FoundFile, limits: Limits = USUAL_LIMITS, sheets: Collection[str] | None = None) -> ReadBook:
    """As :func:`read`, for what :func:`collect` found."""
    try:
        data = _bytes(found, limits)
    except Refused as refused:
        return None, (problem(refused.code, file=found.name, **refused.words),)
    return read_bytes(data, found.name, limits, sheets)


class SheetRows:
    """The rows of one sheet, read as they are asked for; what was wrong is complete once they have all been read.

    Iterating yields (row, {column: cell}) for rows with a value, in their order. ``problems`` holds an error where
    reading stopped short: the rows seen until then are right, but they are not all.
    """

    def __init__(self, path: Path, sheet: str, limits: Limits = LARGE_LIMITS) -> None:
        """Nothing is read yet."""
        self.problems: tuple[Problem, ...] = ()
        self._found = FoundFile(path, readable(path.name))
        self._sheet = sheet
        self._limits = limits

    def __iter__(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        file = self._found.name
        cells: CellCollector | None = None
        self.problems = ()
        try:
            data = _bytes(self._found, self._limits)
            budget = Budget(self._limits.within(len(data)))
            package = _package(data, budget)
            if package is not None and _kind(package) == "xlsx":
                workbook = ooxml.Workbook(package, file)
                for part in workbook.sheets:
                    if part.name == self._sheet:
                        cells = workbook.empty(part)
                        yield from workbook.rows(part, cells)
            else:
                for sheet, found in _sheets(data, file, budget, (self._sheet,))[1]:
                    cells = found
                    yield from _by_row(sheet)
            if cells is None:
                raise Refused("KH036", sheet=self._sheet)
        except Refused as refused:
            self.problems = (problem(refused.code, file=file, **refused.words),)
        if cells is not None:
            self.problems += tuple(cells.problems())


def rows(path: Path, sheet: str, limits: Limits = LARGE_LIMITS) -> SheetRows:
    """The rows of one sheet of a large workbook, without holding all of them."""
    return SheetRows(path, sheet, limits)


def _by_row(sheet: Sheet) -> Iterator[tuple[int, dict[int, Cell]]]:
    found: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sheet.cells.items():
        found.setdefault(row, {})[column] = cell
    for row in sorted(found):
        yield row, found[row]


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
            found = opendocument.sheets(package, file, wanted)
        else:
            workbook = ooxml.Workbook(package, file)
            found = [workbook.sheet(part) for part in workbook.sheets if wanted is None or part.name in wanted]
    elif data.startswith(legacy.SIGNATURE):
        found = list(legacy.sheets(_stream(data, budget), file, budget, wanted))
    elif data[:4] in _BARE_STREAMS:
        found = list(legacy.sheets(data, file, budget, wanted))
    else:
        raise Refused(_stranger(data))
    if not found and wanted is None:
        raise Refused("KH037")
    return container, found


def _package(data: bytes, budget: Budget) -> parts.Package | None:
    return parts.Package(io.BytesIO(data), budget) if data.startswith(b"PK") else None


def _kind(package: parts.Package) -> Literal["xlsx", "ods"]:
    """Which kind of workbook a zip container is; Refused where it is none."""
    if "mimetype" in package:
        kind = package.read("mimetype")[:100]
        if "encrypted-package" in package:
            raise Refused("KH004")
        if b"opendocument.spreadsheet" in kind:
            return "ods"
        raise Refused("KH011" if b"opendocument.text" in kind else "KH012")
    main = ooxml.document(package)
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
    streams = legacy.streams(data, budget)
    if "encryptedpackage" in streams or "encryptioninfo" in streams:
        raise Refused("KH004")
    for name in ("workbook", "book"):
        if name in streams:
            return streams[name]()
    raise Refused("KH011" if "worddocument" in streams else "KH012")


# ── Many files ──────────────────────────────────────────────────────────────────────────────────────────────────────


def collect(paths: Iterable[Path]) -> tuple[tuple[FoundFile, ...], tuple[Problem, ...]]:
    """Every file to read in the files, folders and zip archives given, in a stable order, and what was left aside.

    Folders are walked to the bottom; links that lead out of them are not followed. Files that are named as what they
    are and are no workbook (scans, letters) are left aside with a remark; whatever else there is, is for
    :func:`open_found` to say.
    """
    found: list[FoundFile] = []
    told: list[Problem] = []
    seen: set[str] = set()
    for path in paths:
        for item in _walk(path) if path.is_dir() else _take(path, given=True):
            if isinstance(item, Problem):
                told.append(item)
            elif (key := f"{os.path.realpath(item.path)}\0{item.member.name if item.member else ''}") not in seen:
                seen.add(key)
                found.append(item)
    return tuple(_told_apart(found)), tuple(told)


def _told_apart(found: list[FoundFile]) -> Iterator[FoundFile]:
    """Files of one name, each with as many of its folders before its name as tell them apart."""
    same: dict[str, list[FoundFile]] = {}
    for item in found:
        same.setdefault(item.name, []).append(item)
    for item in found:
        folders = [each.path.parent.parts for each in same[item.name]]
        deep = 0
        while len({each[len(each) - deep :] for each in folders}) < len(folders) and deep < max(map(len, folders)):
            deep += 1
        own = item.path.parent.parts
        yield replace(item, name="/".join((*map(readable, own[len(own) - deep :]), item.name)))


def _walk(root: Path) -> Iterator[FoundFile | Problem]:
    """What is in a folder and its folders, by name; nothing outside it."""
    inside = os.path.realpath(root)
    failed: list[OSError] = []
    count = 0
    for folder, folders, files in os.walk(root, onerror=failed.append):
        kept: list[str] = []
        for name in sorted(folders):
            path = Path(folder, name)
            if _ignored(name):
                continue
            if os.path.realpath(path) != os.path.join(os.path.realpath(folder), name):
                yield problem("KH022", file=name)
            else:
                kept.append(name)
        folders[:] = kept
        for name in sorted(files):
            path = Path(folder, name)
            if not Path(os.path.realpath(path)).is_relative_to(inside):
                yield problem("KH022", file=name)
                continue
            count += 1
            if count > _MOST_FILES:
                yield problem("KH023", file=root.name, expected=f"{_MOST_FILES:,}")
                return
            yield from _take(path, given=False)
    for error in failed:
        yield problem("KH017", file=Path(str(error.filename)).name, found="没有权限，或者正被其他程序使用")
    if not count and not failed:
        yield problem("KH025", file=root.name)


def _take(path: Path, given: bool) -> Iterator[FoundFile | Problem]:
    """A file, or what is in it where it is an archive; ``given``: it was named by itself, not found in a folder."""
    name = readable(path.name)
    remark = _aside(name, given)
    if remark is not None:
        yield from remark
    elif path.suffix.lower() in _WORKBOOKS:
        yield FoundFile(path, name)
    else:
        yield from _archive(path)


def _aside(name: str, given: bool = False) -> tuple[Problem, ...] | None:
    """What to say of a file that is not to be read; None: it is to be read."""
    base = name.rpartition("/")[2]
    if base.startswith(("~$", ".~lock.")):
        return (problem("KH020", file=name),)
    if given:
        return None
    if _ignored(base):
        return ()
    return (problem("KH021", file=name),) if base.lower().endswith(_PAPERS) else None


def _ignored(name: str) -> bool:
    return (name.startswith(".") and name.strip(".") != "") or name.lower() in _IGNORED


def _archive(path: Path) -> Iterator[FoundFile | Problem]:
    """The workbooks in a zip archive; any other file as it is."""
    whole = FoundFile(path, readable(path.name))
    try:
        if not path.is_file():
            yield whole
            return
        with path.open("rb") as source:
            if source.read(4) not in (b"PK\3\4", b"PK\5\6"):
                yield whole
                return
            if path.stat().st_size > _LARGEST_ARCHIVE:
                raise Refused("KH002", found=f"{path.stat().st_size >> 20:,}", expected=f"{_LARGEST_ARCHIVE >> 20:,}")
            members = parts.directory(source, _MOST_FILES)
            if _OWN_PARTS & {member.name.lower() for member in members}:  # a workbook or document, whatever its name
                yield whole
                return
            _honest(members)
    except OSError:
        yield whole  # opening it says what is the matter
        return
    except Refused as refused:
        yield problem(refused.code, file=path.name, **refused.words)
        return
    count = 0
    for member in sorted(members, key=lambda member: (member.name, member.offset)):
        name = f"{whole.name}/{_plain(member.name)}"
        if any(_ignored(folder) for folder in member.name.split("/")[:-1]):
            continue
        remark = _aside(name)
        if remark is not None:
            yield from remark
        elif name.lower().endswith(_ARCHIVES):
            yield problem("KH024", file=name)
        else:
            count += 1
            yield FoundFile(path, name, member)
    if not count:
        yield problem("KH025", file=path.name)


def _honest(members: Sequence[parts.Member]) -> None:
    """Refused where few bytes stand for many files, or all files together are more than any office collects."""
    end = 0
    for member in sorted(members, key=lambda member: member.offset):
        if member.offset < end:
            raise damaged("压缩包里的文件互相重叠")
        end = member.offset + member.packed
    if sum(member.size for member in members) > _MOST_UNPACKED:
        raise too_much("解压后的字节", _MOST_UNPACKED)


def _plain(name: str) -> str:
    """The name of a member as it can be shown: it never says where anything is written."""
    steps = (step for step in name[-200:].split("/") if step.strip("."))
    return "".join(sign if sign.isprintable() else "?" for sign in "/".join(steps))
