"""``kaohe scheme convert``."""

from pathlib import Path

from kaohe_cli.commands.outcome import Outcome
from kaohe_cli.commands.targets import SCHEME_FILE, WORKBOOK, apart, ready, write
from kaohe_cli.diagnostic import problem
from kaohe_cli.misuse import WrongUse
from kaohe_cli.naming import readable
from kaohe_cli.scheme.load import TOML, Examined, examine, scheme_bytes
from kaohe_cli.scheme.scheme import Scheme


def scheme_convert(source: Path, *, output: Path, force: bool) -> Outcome:
    """Write a scheme as a workbook, or one in a workbook as TOML, saying the same."""
    text, wanted = source.suffix.lower() == TOML, output.suffix.lower()
    if text and wanted == TOML:
        raise WrongUse("两个文件都是 .toml，不需要转换")
    ready(output, WORKBOOK if text or wanted == WORKBOOK else SCHEME_FILE, force=force)
    apart((output,), source)
    data = scheme_bytes(str(source))
    found = examine(data, source.name)
    if found.scheme is None:
        return Outcome(found.problems)
    if wanted == WORKBOOK:
        made, kept = _workbook(found, data.decode("utf-8-sig").replace("\r\n", "\n") if text else ""), True
    else:
        made, kept = _text(found, data, source.name)
    same = examine(made, output.name).scheme
    if same is None or not _alike(found.scheme, same):
        return Outcome((problem("KH984", file=source.name),))
    problems = write(output, made)
    notes = () if kept else (problem("KH985", file=output.name),)
    said = f"已把 {readable(source)} 写成 {readable(output)}，内容相同。"
    return Outcome((*notes, *problems), () if problems else (said,))


def _workbook(found: Examined, text: str) -> bytes:
    from kaohe_cli.scheme.book.made import made_from

    assert found.scheme is not None
    return made_from(found.scheme.raw, text)


def _text(found: Examined, data: bytes, file: str) -> tuple[bytes, bool]:
    """The text of a scheme in a workbook, and whether comments and order of the one that it comes from are kept."""
    from kaohe_cli.scheme.book.door import original_of
    from kaohe_cli.scheme.book.made import tables_again
    from kaohe_cli.scheme.toml import merged, text_of

    assert found.scheme is not None
    raw, before = found.scheme.raw, original_of(data, file)
    if not before:
        return text_of(raw).encode(), True
    known = tables_again(before)
    try:
        made = merged(before, known, raw).encode() if known else b""
    except ValueError:
        made = b""
    same = examine(made, f"scheme{TOML}").scheme if made else None
    kept = same is not None and _alike(found.scheme, same)
    return (made, True) if kept else (text_of(raw).encode(), False)


def _alike(one: Scheme, other: Scheme) -> bool:
    from kaohe_cli.scheme.book.made import alike

    return alike(one, other)
