"""Write the golden files anew: python tests/golden/renew.py. Look at the difference before keeping it."""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER.parent), str(FOLDER.parent.parent)]


def main() -> None:
    from golden_dump import dump

    from kaohe_cli.form.template import template_workbook
    from kaohe_cli.scheme.load import load

    (FOLDER / "scorecard_2007.txt").write_text(dump(template_workbook(load())), encoding="utf-8")


if __name__ == "__main__":
    main()
