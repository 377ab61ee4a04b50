"""Where the template of a scheme ships with the program: in an installed package, and in a checkout."""

from pathlib import Path

from kaohe_cli.scheme.scheme import Scheme

PACKAGE = Path(__file__).parent.parent
FOLDERS = (PACKAGE / "templates", PACKAGE.parent / "templates")


def shipped_template(scheme: Scheme) -> Path | None:
    """The template file of ``scheme``; None where none ships, so that it is made from the scheme."""
    return next((path for folder in FOLDERS if (path := folder / scheme.content.template).is_file()), None)
