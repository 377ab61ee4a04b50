"""One run at a time: the lock belongs to the process, so that it goes when the process ends, however it ends."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.paper.files import real, refusal


@contextmanager
def locked(path: Path) -> Iterator[tuple[Problem, ...]]:
    """Hold ``path`` for this run alone; yields KH914 where another run holds it, KH913 where the system refuses."""
    from filelock import FileLock, Timeout

    target = real(path)
    file = target.with_name(f".{target.name}.lock")
    # a soft lock would outlive a run that was killed
    lock = FileLock(file, blocking=False, fallback_to_soft=False, on_acquired=_sign)
    try:
        lock.acquire()
    except Timeout:
        yield (problem("KH914", file=path.name, found=_holder(file)),)
        return
    except OSError as error:
        yield (refusal(error, path),)
        return
    try:
        yield ()
    finally:
        with suppress(OSError):  # on Windows it is open, and goes with the release
            file.unlink()
        lock.release()


def _sign(handle: int) -> None:
    """Say in the open lock file who holds it, after a first byte that nobody else can read on Windows."""
    os.truncate(handle, 0)
    os.write(handle, f" {socket.gethostname()} {os.getpid()}".encode())


def _holder(file: Path) -> str:
    """The computer and the process that hold the lock file, as far as it says."""
    try:
        with file.open("rb", buffering=0) as signed:
            signed.seek(1)
            host, _, number = signed.read().decode("utf-8", "replace").partition(" ")
    except OSError:
        return "另一次运行"
    return f"计算机 {host} 上的另一次运行（进程 {number}）" if host else "另一次运行"
