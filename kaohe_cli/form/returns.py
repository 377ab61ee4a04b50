"""Returned files → what each reports, on all processors where that pays."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kaohe_cli.form.intake import Taking, intake
from kaohe_cli.model import Settings
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.folder import FoundFile
from kaohe_cli.sheet.reader import read_found

FEW = 40  # files that one process has read before a second one is ready
TOGETHER = 8  # files handed to a process at a time


def read_returns(scheme: Scheme, settings: Settings, found: Sequence[FoundFile]) -> Iterator[Taking]:
    """What each file reports and what was odd about it, in the order of ``found`` however many processes read."""
    processes = os.cpu_count() or 1
    if len(found) <= FEW or processes == 1:
        yield from (_one(scheme, settings, each) for each in found)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # a copy of this very process would take along what its other threads hold, such as the terminal
    fresh = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, fresh, _begin, (scheme, settings))
    try:
        with _undisturbed():
            shares = [found[start : start + TOGETHER] for start in range(0, len(found), TOGETHER)]
            taken = [pool.submit(_in_process, share) for share in shares]
        for each in taken:
            yield from each.result()
    except BaseException:
        # nobody waits for what was begun; its futures are left to the pool, which would stumble over cancelled ones
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=False)


def _one(scheme: Scheme, settings: Settings, found: FoundFile) -> Taking:
    book, problems = read_found(found)
    if book is None:
        return None, problems
    returned, odd = intake(scheme, settings, book)
    return returned, (*problems, *odd)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Ctrl-C from the processes begun meanwhile: it is for the one that starts them, which ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_given: tuple[Scheme, Settings]


def _begin(scheme: Scheme, settings: Settings) -> None:
    """Prepare a reading process."""
    global _given
    _given = scheme, settings
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_process(share: Sequence[FoundFile]) -> list[Taking]:
    return [_one(*_given, found) for found in share]
