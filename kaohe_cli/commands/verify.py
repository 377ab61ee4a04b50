"""``kaohe verify``."""

from pathlib import Path

from kaohe_cli.commands.outcome import Outcome, Stop
from kaohe_cli.diagnostic import problem


def verify(scheme_name: str, *, result_path: Path, ledger_path: Path | None) -> Outcome:
    """Score and rank the material of a result again, and say whether it comes out the same."""
    from kaohe_cli.result.verify import verify as verified

    for path in (result_path, *([ledger_path] if ledger_path else [])):
        if not path.exists():
            raise Stop((problem("KH951", file=path.name, found=str(path)),))
    lines, problems = verified(scheme_name, result_path, ledger=ledger_path)
    return Outcome(problems, lines=lines)
