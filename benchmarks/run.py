"""How fast the program is, beside what the same files cost without it.

``python benchmarks/run.py [--returns 300] [--full] [--runs 5] [--folder DIR]``

Makes so many filled returns, measures, and prints a table in Markdown. Each figure is the median of several runs;
subject and baseline are run in turn, so that whatever else the machine does falls on both. Ratios are given by wall
time and by processor time (user and system, with all processes); on a machine that has other work to do the second is
the one to trust. ``--full`` also measures 3,000 returns, once, and takes about half an hour, most of it for making
them; ``--folder`` keeps what was made for the next time.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import year

HERE = Path(__file__).parent
PROGRAM = ("-m", "kaohe_cli")
STAGES = (str(HERE / "stages.py"),)
LIBRARIES = ("typer", "rich", "msgspec", "openpyxl", "XlsxWriter", "pandas", "numpy", "python-calamine")
FEWEST, MOST = 30, 3000
MIB = 1 << 20


class Cost(NamedTuple):
    """What one run of a process took."""

    wall: float  # seconds
    processor: float  # seconds, user and system, of the process and those it started
    peak: float  # MiB, of the process itself; 0: not seen
    peaks: float  # MiB, of all its processes together, each at its own peak


class Figure(NamedTuple):
    """A line of the table."""

    what: str
    baseline: str
    subject: Cost
    base: Cost
    per: int  # what the times are divided by
    most: float | None  # the ratio that must be reached; None: reported only
    runs: int


def run(*arguments: str, folder: Path | None = None) -> Cost:
    """Run Python with these arguments, whole; exit codes up to 1 are fine."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONIOENCODING": "utf-8"},
    )
    peaks: dict[str, int] = {}
    ended = threading.Event()
    looking = threading.Thread(target=_look, args=(process.pid, peaks, ended))
    looking.start()
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    looking.join()
    assert process.returncode in (0, 1), said.decode()
    return Cost(wall, used.ru_utime + used.ru_stime, peaks.get(str(process.pid), 0) / 1024, sum(peaks.values()) / 1024)


def _look(root: int, peaks: dict[str, int], ended: threading.Event) -> None:
    """The peak of each process from ``root`` down, in KiB, looked up every so often.

    What the system tells of a process that has ended includes what its parent held when it was begun.
    """
    while not ended.wait(0.1):
        family = {str(root)}
        for status in sorted(Path("/proc").glob("[0-9]*/status"), key=lambda path: int(path.parent.name)):
            try:
                lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            except (OSError, ValueError):
                continue
            name = status.parent.name
            if (name in family or lines.get("PPid") in family) and "VmHWM" in lines:
                family.add(name)
                peaks[name] = int(lines["VmHWM"].split()[0])


def inner(*arguments: str) -> Cost:
    """Run a stage that measures itself."""
    told = subprocess.run(
        [sys.executable, *STAGES, *arguments],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
    )
    wall, processor = json.loads(told.stdout)
    return Cost(wall, processor, 0, 0)


def compare(
    what: str,
    baseline: str,
    subject: Callable[[], Cost],
    base: Callable[[], Cost],
    *,
    runs: int,
    per: int = 1,
    base_per: int = 1,
    most: float | None = None,
) -> Figure:
    """Run both in turn; the medians, each for one file or form where ``per`` says how many there were."""
    print(f"… {what}", file=sys.stderr, flush=True)
    pairs = [(subject(), base()) for _ in range(runs)]
    costs = median([each for each, _ in pairs], per), median([each for _, each in pairs], base_per)
    return Figure(what, baseline, *costs, per, most, runs)


def median(costs: Sequence[Cost], per: int) -> Cost:
    wall, processor, peak, peaks = (statistics.median(values) for values in zip(*costs, strict=True))
    return Cost(wall / per, processor / per, peak, peaks)


# ── what is measured ────────────────────────────────────────────────────────────────────────────────────


def starting(runs: int) -> list[Figure]:
    """How long one waits for nothing."""

    def bare() -> Cost:
        return run(*STAGES, "bare", "--help")

    def bare_again() -> Cost:
        return run(*STAGES, "bare_again")

    given = {"runs": 2 * runs + 1}
    return [
        compare("`kaohe --help`", "bare typer `--help`", lambda: run(*PROGRAM, "--help"), bare, most=1.25, **given),
        compare("`kaohe --version`", "bare typer, run", lambda: run(*PROGRAM, "--version"), bare_again, **given),
    ]


def fourteen(folder: Path, runs: int) -> list[Figure]:
    """The fourteen units of the notice."""
    settings, returns, ledger = (str(folder / name) for name in (year.SETTINGS, year.RETURNS, year.LEDGER))

    def score() -> Cost:
        Path(ledger).unlink(missing_ok=True)
        return run(*PROGRAM, "score", returns, "--settings", settings, "--output", ledger)

    def rank() -> Cost:
        return run(*PROGRAM, "rank", ledger, "--output", str(folder / "考核结果.xlsx"))

    def blank() -> Cost:
        return run(*PROGRAM, "blank", "--settings", settings, "--output", str(folder / "下发"), "--force")

    form = str(next((folder / year.RETURNS).iterdir()))
    figures = [
        compare("`score`, 14 returns, whole", "pandas loads them, whole", score,
                lambda: run(*STAGES, "pandas", returns), runs=runs, most=1.0),
        compare("`score`, 14 returns, whole", "python-calamine parses them, whole", score,
                lambda: run(*STAGES, "calamine", returns), runs=runs),
        compare("`blank`, each of 14 forms", "openpyxl loads and saves one", blank,
                lambda: run(*STAGES, "openpyxl", form, "14"), runs=runs, per=14, base_per=14),
    ]  # fmt: skip
    score()
    year.judge(folder, 14)
    figures.append(
        compare("`rank`, 14 units, whole", "`import pandas`", rank, lambda: run(*STAGES, "pandas"), runs=runs)
    )
    return figures


def many(folder: Path, count: int, runs: int) -> list[Figure]:
    """As many units as there are returns in ``folder``."""
    settings, returns, ledger = (str(folder / name) for name in (year.SETTINGS, year.RETURNS, year.LEDGER))

    def check() -> Cost:
        return run(*PROGRAM, "check", returns, "--settings", settings)

    def score() -> Cost:
        Path(ledger).unlink(missing_ok=True)
        return run(*PROGRAM, "score", returns, "--settings", settings, "--output", ledger)

    def rank() -> Cost:
        return run(*PROGRAM, "rank", ledger, "--output", str(folder / "考核结果.xlsx"))

    def pandas() -> Cost:
        return run(*STAGES, "pandas", str(sample))

    # what a library needs for each file does not depend on how many there are
    sample, few = folder / "some", min(count, 100)
    sample.mkdir(exist_ok=True)
    for path in sorted((folder / year.RETURNS).iterdir())[:few]:
        link = sample / path.name
        if not link.exists():
            link.symlink_to(path.resolve())
    given = {"runs": runs, "per": count}
    figures = [
        compare(f"reading, checking, scoring (`check`), each of {count:,}", "pandas loads one", check, pandas,
                base_per=few, most=0.35 if count == MOST else None, **given),
        compare(f"the same, each of {count:,}", "python-calamine parses one", check,
                lambda: run(*STAGES, "calamine", str(sample)), base_per=few, **given),
        compare(f"`score`, each of {count:,}", "pandas loads one", score, pandas, base_per=few, **given),
    ]  # fmt: skip
    year.judge(folder, count)
    for stage, name, what in (("ledger", year.LEDGER, "ledger"), ("result", "考核结果.xlsx", "result")):
        if stage == "result":
            figures.append(
                compare(f"`rank`, {count:,} units, whole", "`import pandas`", rank, lambda: run(*STAGES, "pandas"),
                        runs=runs)
            )  # fmt: skip
        written = cells(folder / name)
        figures.append(
            compare(f"writing the {what}, {count:,} units, {written:,} cells", "XlsxWriter writes as many bare cells",
                    partial(inner, stage, str(ledger)), partial(inner, "cells", str(written)), runs=runs)
        )  # fmt: skip
    return figures


def cells(path: Path) -> int:
    """How many cells a workbook has."""
    with zipfile.ZipFile(path) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        return sum(package.read(name).count(b"<c ") for name in sheets)


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────


def table(figures: Sequence[Figure]) -> str:
    lines = [
        "| what | s | processor s | beside | s | processor s | ratio | by processor | must | peak MiB | runs |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for each in figures:
        one, other = each.subject, each.base
        must = "" if each.most is None else f"≤ {each.most}"
        peak = f"{one.peak:.0f}" + (f" ({one.peaks:.0f})" if one.peaks > one.peak * 1.2 else "") if one.peak else ""
        lines.append(
            f"| {each.what} | {one.wall:.3f} | {one.processor:.3f} | {each.baseline} | {other.wall:.3f} "
            f"| {other.processor:.3f} | {one.wall / other.wall:.2f} | {one.processor / other.processor:.2f} | {must} "
            f"| {peak} | {each.runs} |"
        )
    return "\n".join(lines)


def growth(by_count: dict[int, list[Figure]]) -> str:
    lines = ["| units | `check`, processor ms each | `score`, processor ms each | growth |", "|---|---|---|---|"]
    before = None
    for count, figures in by_count.items():
        reading, scoring = (1000 * figures[index].subject.processor for index in (0, 2))
        grown = "" if before is None else f"{scoring / before:.2f}"
        lines.append(f"| {count:,} | {reading:.1f} | {scoring:.1f} | {grown} |")
        before = scoring
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--returns", type=int, default=300, help=f"how many, up to {MOST}")
    asked.add_argument("--full", action="store_true", help=f"also {MOST} returns")
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--folder", type=Path, help="where to keep what is made")
    given = asked.parse_args()
    counts = sorted({FEWEST, min(given.returns, MOST), *([MOST] if given.full else [])})
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        for count in (14, *counts):
            print(f"… making {count} returns", file=sys.stderr, flush=True)
            year.make(folder / str(count), count)
        figures = starting(given.runs) + fourteen(folder / "14", given.runs)
        by_count = {
            count: many(folder / str(count), count, 1 if count == MOST else min(given.runs, 3)) for count in counts
        }
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    print(f"{date.today()} · Python {platform.python_version()}, {os.cpu_count()} processors, {platform.system()}")
    print(f"{libraries}\n")
    print(table([*figures, *(each for every in by_count.values() for each in every)]))
    print(f"\n{growth(by_count)}")


if __name__ == "__main__":
    main()
