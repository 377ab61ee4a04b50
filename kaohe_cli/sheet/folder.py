"""The files in what was handed in: folders walked to the bottom, zip archives looked into."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.naming import readable
from kaohe_cli.sheet import parts
from kaohe_cli.sheet.bounds import Refused, damaged, too_much

_MOST_FILES = 20_000  # files in one folder or archive
_LARGEST_ARCHIVE = 2 << 30  # bytes
_MOST_UNPACKED = 4 << 30  # bytes of all files in an archive
_OWN_PARTS = frozenset(("_rels/.rels", "[content_types].xml", "mimetype", "ofd.xml"))
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar")
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".ots")
PAPERS = (
    ".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".doc", ".docx", ".wps",
    ".rtf", ".odt", ".ppt", ".pptx", ".dps", ".txt", ".md", ".json", ".log", ".mp4", ".mp3", ".eml", ".msg", ".lnk",
)  # fmt: skip
_IGNORED = ("thumbs.db", "desktop.ini", "__macosx")


class FoundFile(Struct, frozen=True):
    """A file to read: one on disk, or one within a zip archive."""

    path: Path  # of the file, or of the archive
    name: str  # as people know it: file name, or archive/name
    member: parts.Member | None = None  # None: the file itself
    paper: bool = False  # by its name no workbook: a scan, a letter

    @property
    def folder(self) -> tuple[str, ...]:
        """The folders in which it lies, from the outermost; an archive is one of them."""
        if self.member is None:
            return self.path.parent.parts
        return (*self.path.parts, *_plain(self.member.name).split("/")[:-1])


class Findings(Struct, frozen=True):
    """What is in the files, folders and zip archives that were given, each part in a stable order."""

    files: tuple[FoundFile, ...]  # to be read
    papers: tuple[FoundFile, ...]
    problems: tuple[Problem, ...]

    @property
    def left_aside(self) -> tuple[Problem, ...]:
        """What is said where nothing is done with papers."""
        return (*self.problems, *(problem("KH021", file=each.name) for each in self.papers))


def find_files(paths: Iterable[Path]) -> tuple[tuple[FoundFile, ...], tuple[Problem, ...]]:
    """Every file to read, as :func:`search` finds them, and what was left aside: papers too, each with a remark."""
    found = search(paths)
    return found.files, found.left_aside


def search(paths: Iterable[Path]) -> Findings:
    """Everything in the files, folders and zip archives given.

    Folders are walked to the bottom; links that lead out of them are not followed. A file that is named as what it is
    and is no workbook is a paper, unless it is given by itself; whatever else there is, is for
    :func:`reader.read_found` to say.
    """
    found: dict[str, FoundFile] = {}
    told: list[Problem] = []
    for path in paths:
        for item in _walk(path) if path.is_dir() else _take(path, given=True):
            if isinstance(item, Problem):
                told.append(item)
            else:
                key = f"{os.path.realpath(item.path)}\0{item.member.name if item.member else ''}"
                if key not in found or (found[key].path.is_symlink() and not item.path.is_symlink()):
                    found[key] = item  # a file goes before a link to it, whatever that is called
    files, papers = ([each for each in found.values() if each.paper is wanted] for wanted in (False, True))
    return Findings(tuple(_told_apart(files)), tuple(_told_apart(papers)), tuple(told))


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
    elif not given and _is_paper(name):
        yield FoundFile(path, name, paper=True)
    elif path.suffix.lower() in WORKBOOKS:
        yield FoundFile(path, name)
    else:
        yield from _archive(path)


def _aside(name: str, given: bool = False) -> tuple[Problem, ...] | None:
    """What to say of a file that is not to be read; None: it is to be read."""
    base = name.rpartition("/")[2]
    if base.startswith(("~$", ".~lock.")):
        return (problem("KH020", file=name),)
    return () if not given and _ignored(base) else None


def _is_paper(name: str) -> bool:
    return name.lower().endswith(PAPERS)


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
        elif name.lower().endswith(ARCHIVES):
            yield problem("KH024", file=name)
        else:
            count += 1
            yield FoundFile(path, name, member, _is_paper(name))
    if not count:
        yield problem("KH025", file=path.name)


def _honest(members: Sequence[parts.Member]) -> None:
    """Refused where few bytes stand for many files, or all files together are more than anyone hands in."""
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
