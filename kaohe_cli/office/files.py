"""Writing that loses nothing: whole or not at all, never over an open file, the predecessor kept."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from kaohe_cli.diagnostic import Problem, problem

REASONS = {
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "所在位置只能读取",
    errno.EACCES: "没有写入权限，或文件正由其他程序打开",
    errno.EPERM: "没有写入权限，或文件正由其他程序打开",
    errno.ENAMETOOLONG: "文件名过长",
}


def ready(path: Path, *, force: bool = True) -> tuple[Problem, ...]:
    """What stands in the way of writing ``path``; asked before any work is done.

    Without ``force`` a file that exists stands in the way as well (KH912). Folders that are missing are made when
    writing.
    """
    name = path.name
    if path.is_dir():
        return (problem("KH913", file=name, reason="这个位置是一个文件夹"),)
    for lock in (path.with_name(f"~${name}"), path.with_name(f".~{name}"), path.with_name(f".~lock.{name}#")):
        if lock.exists():
            return (problem("KH911", file=name, found=_opened_by(lock), lock=lock.name),)
    if path.exists():
        if not force:
            return (problem("KH912", file=name),)
        try:
            with path.open("r+b"):
                pass
        except PermissionError:
            return (problem("KH911", file=name, found="其他程序", lock=f"~${name}"),)
        except OSError as error:
            return (problem("KH913", file=name, reason=_reason(error)),)
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        return (problem("KH913", file=name, reason=f"{folder.name} 是文件，不是文件夹"),)
    if not os.access(folder, os.W_OK | os.X_OK):
        return (problem("KH913", file=name, reason="文件夹没有写入权限"),)
    return ()


def write(path: Path, data: bytes, *, keep: bool = False) -> tuple[Path | None, tuple[Problem, ...]]:
    """Put ``data`` in ``path``, whole or not at all, at whatever moment the program may be stopped.

    With ``keep`` a predecessor of other content stays as a dated copy, whose path is returned. A file that already
    holds ``data`` is left as it is. What the system refuses is KH913.
    """
    kept = None
    try:
        if path.exists() and path.read_bytes() == data:
            return None, ()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = _beside(path, data)
        try:
            if keep and path.exists():
                kept = _dated(path)
            os.replace(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
        _settle(path.parent)
    except OSError as error:
        return kept, (problem("KH913", file=path.name, reason=_reason(error)),)
    return kept, ()


@contextmanager
def locked(path: Path) -> Iterator[tuple[Problem, ...]]:
    """Hold ``path`` for this run alone; yields KH914 where another run holds it.

    The lock belongs to the process, so that it goes when the process ends, however it ends.
    """
    lock = path.with_name(f".{path.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = _take(lock)
    except OSError as error:
        yield (problem("KH913", file=path.name, reason=_reason(error)),)
        return
    if handle is None:
        yield (problem("KH914", file=path.name, found=_holder(lock), lock=lock.name),)
        return
    try:
        os.truncate(handle, 0)
        os.write(handle, f"{socket.gethostname()} {os.getpid()}".encode())
        yield ()
    finally:
        if os.name == "nt":
            os.close(handle)
            handle = -1
        with suppress(OSError):
            lock.unlink()
        if handle >= 0:
            os.close(handle)


def _beside(path: Path, data: bytes) -> Path:
    """``data`` in a file of its own beside ``path``, safe on the disk; what dead runs left there is removed."""
    for left in path.parent.glob(f".{_escaped(path.name)}.*.tmp"):
        if not _alive(left.suffixes[-2][1:]):
            left.unlink(missing_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
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


def _take(lock: Path) -> int | None:
    """The open lock file, held by this process; None where another holds it."""
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        if not _hold(handle):
            os.close(handle)
            return None
        # its last holder may have removed it between opening and holding
        with suppress(FileNotFoundError):
            if os.name == "nt" or os.path.samestat(os.fstat(handle), lock.stat()):
                return handle
        os.close(handle)


def _hold(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(handle, 1 << 20, os.SEEK_SET)  # beyond the text, which others may read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def _holder(lock: Path) -> str:
    """The computer and the process that hold ``lock``, as far as it says."""
    try:
        host, _, number = lock.read_text("utf-8", "replace").partition(" ")
    except OSError:
        return "另一次运行"
    return f"计算机 {host} 上的另一次运行（进程 {number}）" if host else "另一次运行"


def _opened_by(lock: Path) -> str:
    """Who has the workbook open, as its lock file says."""
    try:
        data = lock.read_bytes()[:512]
    except OSError:
        return "其他程序"
    if lock.name.startswith(".~lock."):
        names = [part.strip() for part in data.decode("utf-8", "replace").split(",")[:2]]
        return f"{next((name for name in names if name), '')} 的 LibreOffice".strip()
    length = data[0] if data else 0
    name = data[1 : 1 + length].decode("gbk", "replace").strip("\0 ") if 0 < length <= 54 else ""
    return f"{name} 的 Excel 或 WPS".strip() if name.isprintable() else "Excel 或 WPS"


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


def _escaped(name: str) -> str:
    """``name`` for a glob."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _reason(error: OSError) -> str:
    return REASONS.get(error.errno or 0, error.strerror or str(error))
