"""Makes the pictures from the samples, with LibreOffice and pdftoppm: python docs/pictures/make.py."""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

# page of the PDF → picture
PICTURES = {
    "考核结果.xlsx": {1: "result-ranking", 2: "result-items"},
    "通报.docx": {1: "circular"},
    "上城区.xlsx": {1: "form-scorecard", 4: "form-measures", 9: "form-help"},
}


def main() -> None:
    """Rank the samples, print what comes of it, and keep the pages named above."""
    from kaohe_cli import console
    from kaohe_cli.commands import ranked
    from kaohe_cli.ledger import book as ledger
    from kaohe_cli.scheme.load import load

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "samples" / "评分底稿.xlsx", folder)
        shutil.copy(ROOT / "samples" / "回收" / "上城区.xlsx", folder)
        command = [sys.executable, "-m", "kaohe_cli", "rank", "评分底稿.xlsx", "--notice", "通报.docx"]
        subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, check=False)
        for file, pages in PICTURES.items():
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            subprocess.run(["soffice", profile, "--headless", "--convert-to", "pdf", file], cwd=folder, check=True)
            for page, picture in pages.items():
                pdf = str((folder / file).with_suffix(".pdf"))
                which = ["-f", str(page), "-l", str(page), "-singlefile"]
                subprocess.run(["pdftoppm", "-png", "-r", "80", *which, pdf, str(HERE / picture)], check=True)
        scheme = load()
        found, _ = ledger.read(scheme, folder / "评分底稿.xlsx")
        assert found is not None
        ranking = ranked(scheme, found)
    (HERE / "terminal.svg").write_text(_terminal(console, ranking, scheme.content.title), encoding="utf-8")


def _terminal(console: object, ranking: object, title: str) -> str:
    """The summary as it stands on a terminal, in letters that need no download."""
    from rich.console import Console

    screen = Console(record=True, width=80, height=30, force_terminal=True, file=io.StringIO(), highlight=False)
    console._console = lambda stream: screen  # type: ignore[attr-defined]
    console.summary(ranking, title.removesuffix("表"))  # type: ignore[attr-defined]
    text = screen.export_svg(title="kaohe rank", unique_id="kaohe")
    text = re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", text, flags=re.DOTALL)
    return text.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas, Noto Sans Mono CJK SC").replace(
        "<text ", '<text xml:space="preserve" '
    )


if __name__ == "__main__":
    main()
