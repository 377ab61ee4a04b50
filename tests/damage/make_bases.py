"""Makes the workbooks that the damage is done to: ``python tests/damage/make_bases.py`` (needs LibreOffice)."""

import subprocess
import tempfile
from pathlib import Path

from msgspec.structs import replace

from kaohe_cli.commands import sample as synthetic
from kaohe_cli.ledger import book as ledger
from kaohe_cli.model import Case, Source
from kaohe_cli.paper.provenance import sources
from kaohe_cli.scheme.load import load
from kaohe_cli.settings import workbook as settings

BASES = Path(__file__).parent / "bases"
UNITS = ("330102", "330103")


def settings_bytes() -> bytes:
    """The settings workbook of two units."""
    scheme = load()
    given = synthetic.load(scheme).settings
    return settings.settings_workbook(
        scheme, replace(given, units=tuple(unit for unit in given.units if unit.code in UNITS))
    )[0]


def ledger_bytes() -> bytes:
    """The ledger of one unit, as the departments would have filled it in."""
    scheme = load()
    sample = synthetic.load(scheme)
    units = tuple(unit for unit in sample.settings.units if unit.code == UNITS[0])
    own = replace(sample.settings, units=units, file="settings.xlsx")
    cases = tuple(
        Case(
            unit, "received", {**each.entries, **scheme.given(unit, own)}, file=f"{unit.name}.xlsx", filled=each.date
        )
        for unit in units for each in sample.units if each.code == unit.code
    )  # fmt: skip
    files = [Source("设置", "settings.xlsx", 1, "ab"), *(Source("填报表", case.file, 1, "cd") for case in cases)]
    made = sources(scheme.sources, files)
    blank, _ = ledger.assemble(scheme, own, cases, (), made, None)
    judged = replace(sample, units=tuple(each for each in sample.units if each.code == UNITS[0]))
    filled, problems = ledger.assemble(scheme, own, cases, (), made, synthetic.work(scheme, judged, blank))
    return ledger.ledger_workbook(scheme, filled, problems)


if __name__ == "__main__":
    BASES.mkdir(exist_ok=True)
    for name, data in (("settings", settings_bytes()), ("ledger", ledger_bytes())):
        path = BASES / f"{name}.xlsx"
        path.write_bytes(data)
        with tempfile.TemporaryDirectory() as profile:
            for target in ("ods", "xls"):
                command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to"]
                subprocess.run([*command, target, "--outdir", str(BASES), str(path)], check=True, capture_output=True)
