"""Run the program, as ``kaohe`` or ``python -m kaohe_cli``: exit codes, and what is said where nothing was done."""

import gc
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from typer import Abort

from kaohe_cli import stream
from kaohe_cli.cli import app
from kaohe_cli.misuse import WrongUse, wrong_use

if TYPE_CHECKING:
    from kaohe_cli.diagnostic import Problem

RARELY = 20_000  # objects more than before, until cycles among them are looked for: records make none
FAULT = 3
WRONG_USE = 2
INTERRUPTED = 130
STOPPED = "已停止，没有写到一半的文件。"


def main() -> NoReturn:
    """Run the program; exits with 0, 1, 2 or 3 as docs/COMMANDS.md says."""
    stream.prepare()
    gc.set_threshold(RARELY)
    try:
        code = _run()
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:  # the output itself cannot be written
        code = 0 if stream.nobody_reads(error) else _unwritable(error)
        stream.unread()
    sys.exit(code)


def _run() -> int:
    """Run the program; the exit code."""
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:  # what typer makes of Ctrl-C
            raise KeyboardInterrupt
        return int(code) if isinstance(code, int) else 0
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # what typer and rich make of a pipe that nobody reads
            raise ended.__context__ from None
        return ended.code if isinstance(ended.code, int) else 1
    except (KeyboardInterrupt, Abort):
        _answer(stopped=STOPPED)
        print(STOPPED, file=sys.stderr)
        return INTERRUPTED
    except OSError:
        raise
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error)
            return 0
        wrong = wrong_use(error)
        return _fault(error) if wrong is None else _wrong(wrong)


def _wrong(use: WrongUse) -> int:
    """Say what was wrong with the call and what may have been meant; the exit code."""
    from kaohe_cli.diagnostic import problem

    _answer(problem("KH959", found=use.message))
    for line in use.lines:
        print(line, file=sys.stderr)
    return WRONG_USE


def _fault(error: Exception) -> int:
    """Say that the program itself is at fault, and where a report of it is; the exit code."""
    from kaohe_cli import fault

    said = fault.told(error)
    _answer(fault=said)
    print(said, file=sys.stderr)
    return FAULT


def _unwritable(error: OSError) -> int:
    """Say that what is shown cannot be written, as far as that can be; the exit code."""
    from kaohe_cli.paper import files

    refused = files.refusal(error, unnamed="屏幕输出")
    with suppress(OSError):
        print(f"{refused.code} 错误  {refused.message}。", file=sys.stderr)
    with suppress(OSError):
        _answer(refused)
        sys.stdout.flush()
    return 1


def _answer(*problems: "Problem", **said: str) -> None:
    """Give a program that asks (``--json``) what the command gives where nothing was made, and what was ``said``.

    Nothing where it has its answer already.
    """
    if "--json" in sys.argv and not stream.answered:
        from kaohe_cli.commands import contract

        command = contract.asked(sys.argv[1:])
        stream.data(contract.encode({**contract.answer(command, None, problems), **said}))


if __name__ == "__main__":
    main()
