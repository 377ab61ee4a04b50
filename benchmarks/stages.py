"""What run.py measures, each in a process of its own: ``python benchmarks/stages.py STAGE ARGUMENT…``.

Stages that are measured within the process print seconds of wall and processor time; the others are measured whole.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

# ── baselines: what the same files cost without the program ─────────────────────────────────────────────


def bare(*arguments: str) -> None:
    """A typer program that does nothing."""
    import typer

    app = typer.Typer()

    @app.command()
    def main(name: str) -> None:
        """Say hello."""

    sys.argv[1:] = arguments
    app()


def bare_again() -> None:
    """The same, run and not only explained."""
    bare("name")


def pandas(*folder: str) -> None:
    """Load every workbook of a folder; without one only import pandas."""
    import pandas

    for path in _workbooks(*folder):
        pandas.read_excel(path, sheet_name=None)


def calamine(folder: str) -> None:
    """Parse every workbook of a folder."""
    from python_calamine import CalamineWorkbook

    for path in _workbooks(folder):
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def openpyxl(file: str, count: str) -> None:
    """Load a workbook and save it, so many times."""
    from openpyxl import load_workbook

    for _ in range(int(count)):
        load_workbook(file).save(io.BytesIO())


def cells(count: str) -> None:
    """Write so many bare cells, texts and numbers in turn, ten to a row."""
    from xlsxwriter import Workbook

    def work() -> None:
        book = Workbook(io.BytesIO(), {"constant_memory": True})
        sheet = book.add_worksheet()
        for index in range(int(count)):
            row, column = divmod(index, 10)
            if column % 2:
                sheet.write_number(row, column, index)
            else:
                sheet.write_string(row, column, f"工业销售产值{index}")
        book.close()

    _timed(work)


# ── the program's own stages ────────────────────────────────────────────────────────────────────────────


def ledger(path: str) -> None:
    """Write a ledger that was read before."""
    from kaohe_cli.ledger import book
    from kaohe_cli.scheme.load import load

    scheme = load()
    found, problems = book.read(scheme, Path(path))
    assert found is not None, problems
    _timed(lambda: book.ledger_workbook(scheme, found))


def result(path: str) -> None:
    """Write the result of a ledger, everything in it worked out before."""
    from kaohe_cli.assess.sensitivity import try_readings
    from kaohe_cli.commands.inputs import read_ledger
    from kaohe_cli.result.page import Report
    from kaohe_cli.result.report import ranked
    from kaohe_cli.result.workbook import result_workbook

    found, scheme, problems = read_ledger("hangzhou_2007", Path(path))
    ranking = ranked(scheme, found)
    trials = try_readings(scheme, found.cases, ranking)
    cases = {case.unit.code: case for case in found.cases}
    report = Report(scheme, ranking, cases, trials, problems)
    import pandas  # noqa: F401  # its loading is no part of the writing

    _timed(lambda: result_workbook(report))


def trials(path: str) -> None:
    """Try all readings on a ledger."""
    from kaohe_cli.assess.sensitivity import try_readings
    from kaohe_cli.commands.inputs import read_ledger
    from kaohe_cli.result.report import ranked

    found, scheme, _ = read_ledger("hangzhou_2007", Path(path))
    ranking = ranked(scheme, found)
    _timed(lambda: try_readings(scheme, found.cases, ranking))


def _workbooks(*folder: str) -> list[Path]:
    return [path for each in folder for path in sorted(Path(each).glob("*.xlsx"))]


def _timed(work: Callable[[], object]) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    print(json.dumps([time.perf_counter() - wall, time.process_time() - processor]))


if __name__ == "__main__":
    STAGES = (bare, bare_again, pandas, calamine, openpyxl, cells, ledger, result, trials)
    {stage.__name__: stage for stage in STAGES}[sys.argv[1]](*sys.argv[2:])
