"""What came back from the units, read and checked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.check import check_case as checked
from kaohe_cli.commands.beside import registered, unfound
from kaohe_cli.commands.inputs import read_settings
from kaohe_cli.commands.outcome import UNWATCHED, Stop, Unreadable, Watch
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.gather import UNKNOWN, Arrivals, gather
from kaohe_cli.form.intake import Taking, printed
from kaohe_cli.form.returns import read_returns
from kaohe_cli.form.shipped import shipped_template
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import Attachment, Case, Settings, Source
from kaohe_cli.naming import LEDGER_FILE, OWN_FILES, OWN_FOLDERS, SETTINGS_FILE, listed, readable
from kaohe_cli.paper.files import DATED
from kaohe_cli.paper.provenance import RETURN, SETTINGS, TEMPLATE, file_source, sources
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.digest import digest
from kaohe_cli.sheet.folder import Findings, FoundFile, search

FEW = 10  # of the office's own files that a note names one by one


class Collected(Struct, frozen=True):
    """What came back, read and checked."""

    scheme: Scheme
    settings: Settings
    cases: tuple[Case, ...]
    problems: tuple[Problem, ...]
    found: int  # files that were read
    sources: tuple[Source, ...]  # the returns that count
    files: tuple[Path, ...]  # on disk, of which something was read as a return
    materials: tuple[Attachment, ...]  # that came beside the returns, by unit
    aside: Mapping[str, str]  # SHA-256 → name of the other files that were read: nothing of them counts


def collect(
    scheme_name: str,
    *,
    settings_path: Path | None,
    paths: Sequence[Path],
    prefer: Sequence[Path] = (),
    as_printed: bool = False,
    arrivals: Arrivals = UNKNOWN,
    watch: Watch = UNWATCHED,
) -> Collected:
    """Read and check every return among ``paths``; raises Stop where there is nothing to read.

    ``as_printed``: where there are no settings, a form is checked against the targets that are printed on it.
    """
    scheme, settings, problems = read_settings(scheme_name, settings_path)
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise Stop(problem("KH957", found=str(path)) for path in missing)
    there = came_in(paths)
    found = there.files
    if as_printed and settings_path is None:
        settings, problems = _as_printed(scheme, settings, found), (problem("KH958"),)
    takings = tuple(watch.each(read_returns(scheme, settings, found), "读取考核表", len(found)))
    if not any(returned for returned, _ in takings):
        told = [each for _, wrong in takings for each in wrong]
        nothing = (*there.left_aside, *told, problem("KH951", found="、".join(str(path) for path in paths)))
        raise Unreadable(nothing) if found else Stop(nothing)
    read = tuple(zip(found, takings, strict=True))
    materials, told_of, beside = registered(settings.units, there.papers, read, paths, watch)
    forms = [taking for file, taking in read if file.name not in beside]
    settled, odd = settled_cases(scheme, settings, forms, prefer=prefer, arrivals=arrivals, watch=watch)
    problems += (*there.problems, *odd, *told_of, *unfound(scheme, settled, materials))
    taken = [(each.path, back) for each, (back, _) in read if back is not None]
    counted = [back for _, back in taken if any(is_of(back.file, case) for case in settled)]
    own = tuple(Source(RETURN, back.file, back.size, back.sha256) for back in counted)
    used = {each.name for each in own}
    aside = {digest(each).sha256: each.name for each in found if each.name not in used}
    files = tuple(path for path, _ in taken)
    return Collected(scheme, settings, settled, problems, len(found) - len(beside), own, files, materials, aside)


def came_in(paths: Iterable[Path]) -> Findings:
    """What is in ``paths``, but for the office's own files where one is the folder in which it works (KH040)."""
    paths = tuple(paths)
    there = search(paths)
    desks = [each for each in paths if any((each / name).is_file() for name in (SETTINGS_FILE, LEDGER_FILE))]
    found = {each: _own_place(each.path, desks) for each in (*there.files, *there.papers)}
    if not any(found.values()):
        return there
    files, papers = (tuple(each for each in part if not found[each]) for part in (there.files, there.papers))
    own = dict.fromkeys(filter(None, found.values()))
    return Findings(files, papers, (*there.problems, problem("KH040", found=listed([*own], FEW))))


def _own_place(path: Path, desks: Iterable[Path]) -> str:
    """The folder or the file of the office that ``path`` is in one of ``desks``; empty: it is none of its own."""
    for desk in desks:
        if path.is_relative_to(desk):
            first, *inside = path.relative_to(desk).parts
            undated = f"{DATED.sub('', path.stem)}{path.suffix}"
            if first in OWN_FOLDERS if inside else undated in OWN_FILES:
                return readable(first)
    return ""


def settled_cases(
    scheme: Scheme, settings: Settings, takings: Iterable[Taking], *, prefer: Sequence[Path] = (),
    arrivals: Arrivals = UNKNOWN, watch: Watch = UNWATCHED,
) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:  # fmt: skip
    """A case for each unit of the settings from what its files report, gathered and checked, and what was found."""
    cases, odd = gather(scheme, settings, takings, [readable(path.as_posix()) for path in prefer], arrivals)
    checks = [checked(scheme, settings, case) for case in watch.each(cases, "核对", len(cases))]
    return tuple(case for case, _ in checks), (*odd, *(each for _, wrong in checks for each in wrong))


def arrivals_in(ledger: Ledger | None, today: date | None) -> Arrivals:
    """When the returns were received that ``ledger`` was made from; all others came ``today`` (None: not known)."""
    cases = ledger.cases if ledger else ()
    returned = [source for source in ledger.sources if source.role == RETURN] if ledger else []
    known = {each.sha256: case.received for case in cases for each in returned if is_of(each.name, case)}
    return Arrivals(known, today)


def is_of(file: str, case: Case) -> bool:
    """Whether ``file`` is the one that a case came from, or one of several that cannot be told apart."""
    return f"、{file}、" in f"、{case.file}、"


def _as_printed(scheme: Scheme, settings: Settings, found: Sequence[FoundFile]) -> Settings:
    """``settings`` with what is printed on the forms themselves: all that a unit's helper has at hand."""
    books = (reader.read_found(each)[0] for each in found)
    return replace(settings, given=dict(each for book in books if book and (each := printed(scheme, book))))


def ledger_sources(got: Collected, *, settings_path: Path | None, template_path: Path | None) -> tuple[Source, ...]:
    """What a ledger of these returns is made from."""
    used = {SETTINGS: settings_path, TEMPLATE: template_path or shipped_template(got.scheme)}
    files = (file_source(role, path) for role, path in used.items() if path)
    return sources(got.scheme.sources, [*got.sources, *files])
