"""What a result was made from, looked for: each file is the same, has changed, or is not at hand."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import SCHEME, Attachment, Source
from kaohe_cli.naming import readable
from kaohe_cli.paper.provenance import (
    FOLLOWED,
    LAST_LEDGER,
    LEDGER,
    PREVIOUS,
    RETURN,
    SETTINGS,
    TEMPLATE,
    VERSION,
    version_sources,
)  # fmt: skip
from kaohe_cli.result.recorded import Recorded
from kaohe_cli.result.verdict import Verdict
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.digest import digest
from kaohe_cli.sheet.folder import FoundFile, find_files, search

DEPTH = 2  # folders below the result in which its material is looked for
BESIDE = "材料"  # what came beside the returns
SAME, CHANGED, MISSING = "与当时相同", "已改变", "不在手边"
OPTIONS = {
    LEDGER: "--ledger",
    SETTINGS: "--settings",
    RETURN: "--returns",
    PREVIOUS: "--previous",
}  # by which a file is given


class Found(Struct, frozen=True):
    """A source of a result, and what became of it."""

    source: Source  # as the result records it
    state: str
    file: FoundFile | None  # under its recorded name, wherever it lies; None: not at hand


class Material(Struct, frozen=True):
    """All sources of a result that are files, and what became of them; and of the scheme."""

    found: tuple[Found, ...]

    def of(self, role: str) -> tuple[Found, ...]:
        """Those of one role."""
        return tuple(each for each in self.found if each.source.role == role)

    @property
    def changed(self) -> tuple[Source, ...]:
        """The sources that are not what they were, as the result records them."""
        return tuple(each.source for each in self.found if each.state == CHANGED)

    def lines(self, recorded: Recorded) -> Iterator[str]:
        """A line for each role of files, and one for the versions."""
        roles = dict.fromkeys(each.source.role for each in self.found if each.source.role != SCHEME)
        for role in roles:
            states = [each.state for each in self.of(role)]
            parts = [f"{state} {states.count(state)} 份" for state in (SAME, CHANGED, MISSING) if state in states]
            if len(states) == 1:
                parts = [f"{each.source.name} {each.state}" for each in self.of(role)]
            yield f"{role}：{'，'.join(parts)}"
        moved = (f"{name} {then} → {now}" for name, then, now in versions_moved(recorded))
        yield f"版本：{'、'.join(moved) or SAME}"

    def problems(self) -> Iterator[Problem]:
        """A KH904 for each source that has changed, a KH940 for each that is not at hand; of the ledger others tell."""
        for each in self.found:
            role, name = each.source.role or "材料", each.source.name
            if each.state == CHANGED:
                yield problem("KH904", file=name, found=role)
            elif each.state == MISSING and role != LEDGER:
                given = f"考核结果旁边，或用 {OPTIONS[role]} 指明" if role in OPTIONS else "考核结果旁边"
                yield problem("KH940", file=name, found=role, reason=given)


def versions_moved(recorded: Recorded) -> Iterator[tuple[str, str, str]]:
    """Name, version then and version now of the program and of each library that is another one now."""
    then = {each.name: each.value for each in recorded.of(VERSION)}
    for each in version_sources():
        if each.name in then and then[each.name] != each.value:
            yield each.name, then[each.name], each.value


def material(
    scheme: Scheme, recorded: Recorded, result: Path, given: Mapping[str, Path | None], returns: Sequence[Path] = ()
) -> Material:
    """What became of the sources that ``recorded`` names.

    They are looked for beside the ``result`` and in the folders below; returns in the files, folders and archives of
    ``returns``, where any are given. ``given`` says for a role which file it is.
    """
    near = Near(_beside(result))
    back = Near(find_files(returns)[0]) if returns else near
    found = []
    for each in recorded.sources:
        own = given.get(each.role)
        if each.role == SCHEME:
            same = (each.name, each.sha256) == (scheme.id, scheme.digest)
            found.append(Found(each, SAME if same else CHANGED, None))
        elif not each.sha256 or each.role == FOLLOWED:  # which it takes the place of, and is not made from
            continue
        elif own is not None and (each.role != TEMPLATE or own.name == each.name):
            file = FoundFile(own, each.name)
            found.append(Found(each, SAME if digest(file).sha256 == each.sha256 else CHANGED, file))
        else:
            found.append((back if each.role == RETURN else near).locate(each))
    found = [*_of_last_year(found, given)]
    homes = {each.file.path.parent for each in found if each.source.role == RETURN and each.state == SAME and each.file}
    return Material(tuple(each if _is_home(each, homes) else back.locate(each.source, homes) for each in found))


def at_hand(result: Path, source: Source) -> Found:
    """What became of one ``source`` of ``result``, looked for as all material is."""
    return Near(_beside(result)).locate(source)


def ledger_at_hand(result: Path, source: Source) -> Found:
    """What became of the ledger ``source`` that ``result`` of another year was made from, whatever it is called now."""
    found = at_hand(result, source)
    same = same_file(source, result) if found.state != SAME else None
    return Found(source, SAME, FoundFile(same, source.name)) if same else found


def _of_last_year(found: Sequence[Found], given: Mapping[str, Path | None]) -> Iterator[Found]:
    """``found`` with last year's files as far as they are certainly those: this year's have the same names.

    The ledger of last year may lie beside last year's result too.
    """
    results = [each.file.path for each in found if each.source.role == PREVIOUS and each.file]
    for each in found:
        if each.source.role == LAST_LEDGER and each.state != SAME and results:
            each = ledger_at_hand(results[0], each.source)
        known = each.state == SAME or each.source.role not in (PREVIOUS, LAST_LEDGER) or given.get(each.source.role)
        yield each if known else Found(each.source, MISSING, None)


def _is_home(found: Found, homes: Collection[Path]) -> bool:
    """Whether a return that has changed lies where the others are: forms that go out have the same names elsewhere."""
    if found.source.role != RETURN or found.state != CHANGED or found.file is None or not homes:
        return True
    return found.file.path.parent in homes


def same_file(source: Source, result: Path) -> Path | None:
    """The file beside the ``result`` that holds what ``source`` records, whatever it is called; None: not at hand."""
    for each in _beside(result):
        try:
            alike = each.path.is_file() and each.path.stat().st_size == source.size
        except OSError:
            continue
        if alike and digest(each).sha256 == source.sha256:
            return each.path
    return None


class Near:
    """Files by their names, and what is in archives among them."""

    def __init__(self, files: Iterable[FoundFile]) -> None:
        """``files``: the nearest first."""
        self._files: dict[str, list[FoundFile]] = {}
        self._opened: dict[str, Near] = {}
        for each in files:
            self._files.setdefault(_last(each.name), []).append(each)

    def named(self, name: str) -> Iterator[FoundFile]:
        """The files that may be the one recorded as ``name``: of that name, also in an archive that it names."""
        *above, last = name.replace("\\", "/").split("/")
        yield from self._files.get(last, ())
        for part in above:
            for archive in self._files.get(part, ()):
                if archive.path.is_file() and part not in self._opened:
                    there = search([archive.path])
                    self._opened[part] = Near((*there.files, *there.papers))
            if part in self._opened:
                yield from self._opened[part].named(last)

    def locate(self, source: Source, homes: Collection[Path] = ()) -> Found:
        """The file of that name, rather one whose content is the same, and what became of it; in ``homes`` if any."""
        files = [each for each in self.named(source.name) if each.path.is_file()]
        files = [each for each in files if not homes or each.path.parent in homes]
        same = next((each for each in files if digest(each).sha256 == source.sha256), None)
        best = same or next(iter(files), None)
        file = replace(best, name=source.name) if best else None
        return Found(source, SAME if same else CHANGED if best else MISSING, file)


def _beside(result: Path) -> Iterator[FoundFile]:
    folder = result.absolute().parent
    for depth in range(DEPTH + 1):
        for path in sorted(folder.glob("*/" * depth + "*")):
            if path != result.absolute():  # nothing is made from itself, and last year's may have the same name
                yield FoundFile(path, readable(path.name))


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def attachments_again(registered: Iterable[Attachment], returns: Iterable[Path], names: Mapping[str, str]) -> Verdict:
    """What became of the files that were ``registered`` beside the returns, with a KH028 for each that is another now.

    They are looked for where the ``returns`` are. What was put away elsewhere is no fault. ``names``: of the units.
    """
    there = search(returns)
    near = Near((*there.files, *there.papers))
    sums: dict[FoundFile, str] = {}
    states, problems = [], []
    for each in registered:
        if not each.sha256:  # it could not be read then
            continue
        files = [file for file in near.named(each.file) if file.path.is_file()]
        for file in files:
            if file not in sums:
                sums[file] = digest(file).sha256
        steps = tuple(each.file.split("/"))
        called = any((*file.folder, _last(file.name))[-len(steps) :] == steps for file in files)
        same = any(sums[file] == each.sha256 for file in files)
        states.append(SAME if same else CHANGED if called else MISSING)
        if states[-1] == CHANGED:
            problems.append(problem("KH028", unit=names.get(each.code, ""), file=each.file))
    parts = [f"{state} {states.count(state)} 份" for state in (SAME, CHANGED, MISSING) if state in states]
    held = len(states) - states.count(MISSING)
    said = f"{BESIDE}：{'，'.join(parts) or '登记时都没有能读取'}"
    return Verdict("attachments", said, tuple(problems), held or None, differing=len(problems))
