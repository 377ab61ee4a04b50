"""Writing that loses nothing: whole or not at all, never over an open file, never elsewhere, the predecessor kept.

A link is followed before anything is done, so that what it leads to is looked at and replaced, and not the link.
"""

import errno
import io
import os
import re
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from glob import escape
from pathlib import Path

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.naming import plain_name

REASONS = {
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件超过系统允许的大小",
    errno.EROFS: "所在位置只能读取",
    errno.EACCES: "没有权限，或文件正由其他程序打开",
    errno.EPERM: "没有权限，或文件正由其他程序打开",
    errno.EBUSY: "文件正由其他程序使用",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "其中一段是文件，不是文件夹",
    errno.EISDIR: "这个位置是一个文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.ELOOP: "链接绕成了圈",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
    errno.ENOMEM: "内存不足",
    errno.EIO: "磁盘读写出错，请检查磁盘",
    errno.ENOTCONN: "网络盘已经断开",
    errno.ENODEV: "磁盘或网络盘已经断开",
    errno.ENXIO: "磁盘或网络盘已经断开",
    errno.ESTALE: "网络盘已经断开",
    errno.ETIMEDOUT: "网络盘没有回应",
}
STRAYS, NO_FILE, READ_ONLY = "它是链接，指向这个文件夹以外", "这个位置不是普通文件", "文件是只读的"
NO_TEMPORARY = "系统的临时文件夹不能使用"


def real(path: Path) -> Path:
    """Where ``path`` leads to: links are followed."""
    return Path(os.path.realpath(path))


def refusal(error: OSError, path: Path | None = None, unnamed: str = "临时文件") -> Problem:
    """KH913 for what the system refused, with the reason and the path; ``unnamed`` is what has none."""
    if "temporary directory" in str(error.strerror):
        return problem("KH913", found="临时文件", reason=NO_TEMPORARY)
    if path is None and isinstance(error.filename, str | bytes):
        path = Path(os.fsdecode(error.filename))
    return problem("KH913", found=unnamed, reason=_reason(error)) if path is None else _refused(path, _reason(error))


def ready(
    path: Path, *, force: bool = True, title: str | None = None, folder: Path | None = None
) -> tuple[Problem, ...]:
    """What stands in the way of writing ``path``; asked before any work is done.

    Without ``force`` a file that exists stands in the way as well (KH912), but for one of ours: a workbook or document
    with the ``title``. With ``folder`` the file must lie in it. Folders that are missing are made when writing.
    """
    try:
        return _in_the_way(path, force, title, folder)
    except OSError as error:
        return (refusal(error, path),)


def _in_the_way(path: Path, force: bool, title: str | None, folder: Path | None) -> tuple[Problem, ...]:
    target = real(path)
    if folder is not None and target.parent != real(folder):
        return (_refused(path, STRAYS),)
    if target.is_symlink():
        return (_refused(path, REASONS[errno.ELOOP]),)
    if target.is_dir():
        return (_refused(path, REASONS[errno.EISDIR]),)
    name = target.name
    for lock in (target.with_name(f"~${name}"), target.with_name(f".~{name}"), target.with_name(f".~lock.{name}#")):
        if lock.exists():
            return (problem("KH911", file=name, found=_opened_by(lock), lock=lock.name),)
    if target.exists():
        if not stat.S_ISREG(target.stat().st_mode):
            return (_refused(path, NO_FILE),)
        # an earlier version may have printed the name of the unit with other brackets
        if not force and (title is None or plain_name(_title(target) or "") != plain_name(title)):
            return (problem("KH912", file=name, found=str(path)),)
        if not os.access(target, os.W_OK):
            return (_refused(path, READ_ONLY),)
        try:
            with target.open("ab"):  # not to be read: what is in it is no matter here
                pass
        except PermissionError:
            return (problem("KH911", file=name, found="其他程序", lock=f"~${name}"),)
    above = target.parent
    while not above.exists():
        above = above.parent
    if not above.is_dir():
        return (_refused(path, f"{above.name} 是文件，不是文件夹"),)
    if not os.access(above, os.W_OK | os.X_OK):
        return (_refused(path, "文件夹没有写入权限"),)
    longest = os.pathconf(above, "PC_NAME_MAX") if hasattr(os, "pathconf") else sys.maxsize
    made = (*target.relative_to(above).parts[:-1], _fresh(target).name)
    if any(len(os.fsencode(each)) > longest for each in made):
        return (_refused(path, REASONS[errno.ENAMETOOLONG]),)
    return ()


def apart(*, outputs: Iterable[Path], inputs: Iterable[Path]) -> tuple[Problem, ...]:
    """A KH908 for each output that is one of the files which are read: originals are never written to."""
    read = set(map(_identity, inputs))
    return tuple(problem("KH908", file=path.name, found=str(path)) for path in outputs if _identity(path) in read)


def write(
    path: Path, data: bytes, *, keep: bool = False, folder: Path | None = None
) -> tuple[Path | None, tuple[Problem, ...]]:
    """Put ``data`` in ``path``, whole or not at all, at whatever moment the program may be stopped.

    With ``keep`` a predecessor of other content stays as a dated copy, whose path is returned. A file that already
    holds ``data`` is left as it is. With ``folder`` the file must lie in it. What the system refuses is KH913.
    """
    kept = None
    target = real(path)
    if folder is not None and target.parent != real(folder):
        return None, (_refused(path, STRAYS),)
    try:
        if target.exists():
            if not target.is_file():
                return None, (_refused(path, NO_FILE),)
            if target.read_bytes() == data:
                return None, ()
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = _beside(target, data)
        try:
            if keep and target.exists():
                kept = _dated(target)
            os.replace(fresh, target)
        finally:
            fresh.unlink(missing_ok=True)
        _settle(target.parent)
    except OSError as error:
        return kept, (refusal(error, path),)
    return kept, ()


def _beside(path: Path, data: bytes) -> Path:
    """``data`` in a file of its own beside ``path``, safe on the disk; what dead runs left there is removed."""
    for left in path.parent.glob(f".{escape(path.name)}.*.tmp"):
        if not _alive(left.suffixes[-2][1:]):
            left.unlink(missing_ok=True)
    fresh = _fresh(path)
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _fresh(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


DATED = re.compile(r"\.\d{8}-\d{6}(-\d+)?$")  # at the end of the stem of a dated copy


def is_dated(path: Path) -> bool:
    """Whether ``path`` is called as a dated copy that was kept of another file."""
    return DATED.search(path.stem) is not None


def _dated(path: Path) -> Path:
    """A copy of ``path`` under the time of day, beside it; another copy is never written over."""
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    count = 1
    while True:
        copy = path.with_name(f"{path.stem}.{stamp}{f'-{count}' if count > 1 else ''}{path.suffix}")
        try:
            try:
                os.link(path, copy)
            except FileExistsError:
                raise
            except OSError:
                # a file system without links
                whole = _beside(copy, path.read_bytes())
                if copy.exists():
                    whole.unlink()
                    raise FileExistsError from None
                os.rename(whole, copy)
            return copy
        except FileExistsError:
            count += 1


def _settle(folder: Path) -> None:
    """Have the folder's entries on the disk, where the system knows such a thing."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _opened_by(lock: Path) -> str:
    """Who has the workbook open, as its lock file says."""
    try:
        data = lock.read_bytes()[:512]
    except OSError:
        return "其他程序"
    if lock.name.startswith(".~lock."):
        names = [part.strip() for part in data.decode("utf-8", "replace").split(",")[:2]]
        return _of(next((name for name in names if name), ""), "LibreOffice")
    length = data[0] if data else 0
    name = data[1 : 1 + length].decode("gbk", "replace").strip("\0 ") if 0 < length <= 54 else ""
    return _of(name if name.isprintable() else "", "Excel 或 WPS")


def _of(owner: str, program: str) -> str:
    return f"{owner} 的 {program}" if owner else program


def _alive(number: str) -> bool:
    """Whether another process of this machine has that number; one that cannot be asked for counts as alive."""
    if not number.isdigit() or int(number) == os.getpid():
        return not number.isdigit()
    if os.name == "nt":
        return True
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _identity(path: Path) -> object:
    """What a file is, under whatever name, also where case tells no names apart; its place where there is none."""
    try:
        known = path.stat()
    except OSError:
        return real(path)
    return known.st_dev, known.st_ino


def saved_by_people(path: Path) -> bool:
    """Whether a workbook was saved by anyone since: ours say that they were changed when they were made."""
    known = _properties(path)
    made, changed = (known.get(f"/dc/terms/ {name}") for name in ("created", "modified"))
    return path.exists() and (made is None or made != changed)


def _title(path: Path) -> str | None:
    """The title in the properties of a workbook or document; None where it is neither, or has none."""
    return _properties(path).get("/dc/elements/1.1/ title")


def _properties(path: Path) -> dict[str, str]:
    """The properties of a workbook or document that say something, by their names with the end of their namespace."""
    from kaohe_cli.sheet.bounds import LARGE_LIMITS, Budget, Refused
    from kaohe_cli.sheet.parts import Attributes, open_package

    known: dict[str, str] = {}
    tag = ""

    def start(name: str, _: Attributes) -> None:
        nonlocal tag
        tag = name[name.find("/dc/") :] if "/dc/" in name else ""

    def text(data: str) -> None:
        if tag:
            known[tag] = known.get(tag, "") + data

    try:
        package = open_package(io.BytesIO(path.read_bytes()), Budget(LARGE_LIMITS))
        package.parse("docProps/core.xml", start, lambda _: start("", {}), text)
    except (Refused, FileNotFoundError):
        return {}
    return known


def _refused(path: Path, reason: str) -> Problem:
    return problem("KH913", file=path.name, found=str(path), reason=reason)


def _reason(error: OSError) -> str:
    number = error.errno or 0
    return REASONS.get(number) or f"系统不允许（{errno.errorcode.get(number, '原因不明')}）"
