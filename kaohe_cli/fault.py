"""A fault of the program itself: what is said of it, and what is kept for those who mend the program."""

import os
import sys
import traceback
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from platformdirs import user_state_path

from kaohe_cli import __version__
from kaohe_cli.naming import readable

MOST = 20  # reports that are kept


def told(error: Exception) -> str:
    """What is said of ``error``, on the screen without a traceback; a report of it is kept where it can be."""
    try:
        where = f"详情记在 {readable(_keep(error))}，请连同有关文件转给维护人员"
    except (OSError, RuntimeError):  # the second: nobody's home
        where = f"原因：{type(error).__name__}"
    return f"程序出错，与填报的数据无关，没有写到一半的文件。{where}。"


def _keep(error: Exception) -> Path:
    """Write a report that only this user can read, the newest of so many; where it is."""
    folder = user_state_path("kaohe", appauthor=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    report = folder / f"fault-{datetime.now():%Y%m%d-%H%M%S-%f}-{os.getpid()}.log"
    called = " ".join(sys.argv[1:]).encode("utf-8", "backslashreplace").decode()
    trace = "".join(traceback.format_exception(error))
    with open(report, "x", encoding="utf-8", errors="backslashreplace", opener=partial(os.open, mode=0o600)) as file:
        file.write(f"kaohe {__version__} · Python {sys.version}\n{called}\n\n{trace}")
    for old in sorted(folder.glob("fault-*.log"))[:-MOST]:
        with suppress(OSError):
            old.unlink()
    return report
