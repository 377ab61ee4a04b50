"""Makes docs/pictures from the samples, with LibreOffice and pdftoppm: ``python tools/pictures.py``."""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

from rich.console import Console

from kaohe_cli import console
from kaohe_cli.commands.demo import judged_copies
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.rank import rank
from kaohe_cli.scheme.load import DEFAULT

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"

# page of the PDF → picture
PICTURES = {
    "考核结果.xlsx": {1: "result-ranking", 3: "result-items"},
    "通报.docx": {1: "circular"},
    "上城区.xlsx": {1: "form-scorecard", 4: "form-measures", 9: "form-help"},
    "中小企业处.xlsx": {2: "judging"},
}


def main() -> None:
    """Rank the samples, print what comes of it, and keep the pages named above."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "samples" / "评分底稿.xlsx", folder)
        shutil.copy(ROOT / "samples" / "回收" / "上城区.xlsx", folder)
        command = [sys.executable, "-m", "kaohe_cli", "rank", "评分底稿.xlsx", "--notice", "通报.docx"]
        subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, check=False)
        judged_copies(folder)
        for file, pages in PICTURES.items():
            if not (folder / file).exists():
                shutil.copy(folder / "评审" / file, folder)
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            subprocess.run(["soffice", profile, "--headless", "--convert-to", "pdf", file], cwd=folder, check=True)
            for page, picture in pages.items():
                pdf = str((folder / file).with_suffix(".pdf"))
                which = ["-f", str(page), "-l", str(page), "-singlefile"]
                subprocess.run(["pdftoppm", "-png", "-r", "80", *which, pdf, str(FOLDER / picture)], check=True)
        outcome = rank(
            DEFAULT, ledger_path=folder / "评分底稿.xlsx", output=folder / "考核结果.xlsx", readings={}, force=True
        )
    (FOLDER / "terminal.svg").write_text(_terminal(outcome), encoding="utf-8")


def _terminal(outcome: Outcome) -> str:
    """What ``kaohe rank`` says on a terminal of its result."""
    assert outcome.ranking
    screen = Console(record=True, width=80, height=40, force_terminal=True, file=io.StringIO(), highlight=False)
    with mock.patch.object(console, "_console", return_value=screen):
        console.summary(outcome.ranking, outcome.title, outcome.decide, outcome.weighing, outcome.advice)
    return svg(screen, "kaohe rank")


def svg(screen: Console, title: str) -> str:
    """What was recorded on ``screen``, in letters that need no download."""
    text = screen.export_svg(title=title, unique_id="kaohe")
    text = re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", text, flags=re.DOTALL)
    return text.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas, Noto Sans Mono CJK SC").replace(
        "<text ", '<text xml:space="preserve" '
    )


if __name__ == "__main__":
    main()
