"""``kaohe scheme convert``."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from kaohe_cli.commands.next import scheme_begun
from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import SCHEME_FILE, WORKBOOK, apart, ready, write, written
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.misuse import WrongUse
from kaohe_cli.naming import readable
from kaohe_cli.scheme.load import TOML, Examined, examine, scheme_bytes
from kaohe_cli.scheme.scheme import Scheme


def scheme_convert(source: Path, *, output: Path, force: bool) -> Outcome:
    """Write a scheme as a workbook, or one in a workbook as TOML, saying the same."""
    text, wanted = source.suffix.lower() == TOML, output.suffix.lower()
    if text and wanted == TOML:
        raise WrongUse("两个文件都是 .toml，不需要转换")
    ready(output, *((WORKBOOK,) if text else (WORKBOOK, SCHEME_FILE)), force=force)
    apart((output,), source)
    data = scheme_bytes(str(source))
    found = examine(data, source.name)
    if found.scheme is None:
        return Outcome(found.problems)
    for problems, made in (
        _workbook(found.scheme, data, text) if wanted == WORKBOOK else _text(found, found.scheme, output)
    ):
        if _alike(found.scheme, examine(made, output.name).scheme):
            unwritten = write(output, made)
            said = f"已把 {readable(source)} 写成 {readable(output)}，内容相同。"
            return written(found.scheme.id, output, unwritten, said, problems, next=scheme_begun(output))
    return Outcome((problem("KH984", file=source.name),))


_Made: TypeAlias = tuple[tuple[Problem, ...], bytes]  # what is to be said of it, and what was made


def _workbook(scheme: Scheme, data: bytes, text: bool) -> Iterator[_Made]:
    from kaohe_cli.scheme.book.made import made_from

    yield (), made_from(scheme.raw, data.decode("utf-8-sig").replace("\r\n", "\n") if text else "")


def _text(found: Examined, scheme: Scheme, output: Path) -> Iterator[_Made]:
    """The text that the workbook was made from with what is other now; then one of its own, without its comments."""
    from kaohe_cli.scheme.book.door import original_of, reading_of
    from kaohe_cli.scheme.book.made import tables_again
    from kaohe_cli.scheme.toml import merged, text_of

    reading = reading_of(found.wording)
    before = original_of(reading.book) if reading is not None else ""
    if known := tables_again(before) if before else {}:
        with suppress(ValueError):
            yield (), merged(before, known, scheme.raw).encode()
    yield (problem("KH985", file=output.name),) if before else (), text_of(scheme.raw).encode()


def _alike(one: Scheme, other: Scheme | None) -> bool:
    from kaohe_cli.scheme.book.made import alike

    return other is not None and alike(one, other)
