"""Make the samples from data.toml: ``python samples/make.py``; with ``--check`` only say whether they are up to date.

The workbooks are compared by what stands in their cells. Versions of libraries, which 来源 records, may differ.
"""

import sys
import tempfile
from pathlib import Path

from kaohe_cli.commands.demo import sample_year
from kaohe_cli.commands.rank import rank
from kaohe_cli.scheme.load import DEFAULT
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.bounds import LARGE_LIMITS

HERE = Path(__file__).parent
LEDGER, RESULT = "评分底稿.xlsx", "考核结果.xlsx"


def make(folder: Path) -> None:
    """Write settings, returns, judged ledger and result into ``folder``."""
    problems = sample_year(folder)
    (folder / RESULT).unlink(missing_ok=True)  # what is made does not follow what was
    outcome = rank(DEFAULT, ledger_path=folder / LEDGER, output=folder / RESULT, readings={})
    assert not problems
    assert outcome.ranking is not None


def content(path: Path) -> dict[str, object]:
    """What stands in the cells of a workbook, by sheet and cell, without what depends on the libraries installed."""
    book, problems = reader.read_workbook(path, LARGE_LIMITS)
    assert book is not None, problems
    changing = set()
    for sheet in book.sheets:
        if sheet.name == "来源":
            changing = {
                row
                for (row, _), cell in sheet.cells.items()
                if cell.value in ("版本", "底稿", "填报表", "设置", "模板")
            }
    return {
        f"{sheet.name}!{place}": cell
        for sheet in book.sheets
        for place, cell in sheet.cells.items()
        if not (sheet.name == "来源" and place[0] in changing)
    }


def stale() -> list[str]:
    """Names of the samples that are missing or not what data.toml gives."""
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary)
        make(fresh)
        names = sorted(str(path.relative_to(fresh)) for path in fresh.rglob("*.xlsx"))
        assert len(names) == 17, names
        texts = sorted(str(path.relative_to(fresh)) for path in fresh.rglob("*.txt"))
        assert len(texts) == 13, texts
        old = [name for name in names if not (HERE / name).exists() or content(HERE / name) != content(fresh / name)]
        return old + [
            name
            for name in texts
            if not (HERE / name).exists() or (HERE / name).read_bytes() != (fresh / name).read_bytes()
        ]


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        old = stale()
        print("samples are up to date" if not old else f"out of date, run samples/make.py: {', '.join(old)}")
        sys.exit(1 if old else 0)
    make(HERE)
