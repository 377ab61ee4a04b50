"""Run the program as its user does, within the test's own process."""

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from schemas import hold

from kaohe_cli.__main__ import main
from kaohe_cli.commands.contract import asked

ROOT = Path(__file__).parent.parent


class Ran(NamedTuple):
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def kaohe(*arguments: str | Path, stop_at: int | None = None) -> Ran:
    """Run ``kaohe`` with these arguments; a fault of the program (exit code 3) fails the test.

    So does an answer (``--json``) that is not as its schema says.
    """
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["kaohe", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    if code == 3 and stop_at != 3:
        from platformdirs import user_state_path

        raise AssertionError(max(user_state_path("kaohe", appauthor=False).iterdir()).read_text("utf-8"))
    if "--json" in arguments and out.getvalue() and (command := asked([*map(str, arguments)])):
        hold(command, code, out.getvalue())
    return Ran(code, out.getvalue(), err.getvalue())
