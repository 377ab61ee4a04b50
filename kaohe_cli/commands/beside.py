"""The files beside the returns: whose each is, its digest, and what of the evidence that is named is not there."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from kaohe_cli.assess.attached import registrations
from kaohe_cli.commands.outcome import Watch
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.intake import NOT_A_FORM, Taking
from kaohe_cli.form.owners import owners
from kaohe_cli.model import Attachment, Case, Unit
from kaohe_cli.naming import listed
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.digest import digests
from kaohe_cli.sheet.folder import FoundFile

Read = tuple[FoundFile, Taking]  # a file, and what it reports
FEW = 20  # files that a note names one by one


def registered(
    units: Sequence[Unit], papers: Iterable[FoundFile], read: Sequence[Read], given: Collection[Path], watch: Watch
) -> tuple[tuple[Attachment, ...], tuple[Problem, ...], frozenset[str]]:
    """The files beside the returns, by unit, what is to be told of them, and the names of those of ``read`` among them.

    A workbook that holds no form is one of them where it is certain whose it is, and the form of that unit is there.
    What is nobody's is told and not registered; of what cannot be read it is registered that it is there.
    """
    returned = [(file, back.unit) for file, (back, _) in read if back is not None]
    there = {unit for _, unit in returned}
    strangers = [file for file, (back, told) in read if back is None and [each.code for each in told] == [NOT_A_FORM]]
    placed = zip(strangers, owners(units, strangers, returned, given), strict=True)
    taken = [(file, unit) for file, unit in placed if unit in there]
    papers = tuple(papers)
    mine = list(zip(papers, owners(units, papers, returned, given), strict=True))
    problems = [problem("KH029", unit=unit.name, file=file.name) for file, unit in taken if unit is not None]
    if lost := [file.name for file, unit in mine if unit is None]:
        problems.append(problem("KH026", found=listed(lost, FEW), count=str(len(lost))))
    order = {unit.code: at for at, unit in enumerate(units)}
    own = sorted(
        ((order[unit.code], file.name, unit, file) for file, unit in (*mine, *taken) if unit is not None),
        key=lambda each: each[:2],
    )
    files = [file for *_, file in own]
    found = []
    for (*_, unit, file), held in zip(own, watch.each(digests(files), "登记材料", len(files)), strict=True):
        found.append(Attachment(unit.code, file.name, held.size, held.sha256))
        if not held.sha256 or not held.size:
            problems.append(problem("KH027", unit=unit.name, file=file.name, reason=held.why or "文件是空的"))
    return tuple(found), tuple(problems), frozenset(file.name for file, _ in taken)


def unregistered(
    units: Sequence[Unit], papers: Sequence[FoundFile], returned: Sequence[tuple[FoundFile, Unit]],
    given: Collection[Path], known: Iterable[Attachment],
) -> tuple[str, ...]:  # fmt: skip
    """The names of ``papers`` that are certainly a unit's and not among the ``known``."""
    held = {(each.code, each.sha256) for each in known}
    mine = [(file, unit) for file, unit in zip(papers, owners(units, papers, returned, given), strict=True) if unit]
    read = digests([file for file, _ in mine])
    return tuple(
        file.name
        for (file, unit), digest in zip(mine, read, strict=True)
        if digest.sha256 and (unit.code, digest.sha256) not in held
    )


def unfound(scheme: Scheme, cases: Iterable[Case], attachments: Iterable[Attachment]) -> Iterable[Problem]:
    """A KH273 for each entry of 佐证材料 that names a file, with its ending, that is not there."""
    cases = tuple(cases)
    held = registrations(scheme, cases, attachments)
    for case in cases:
        for each in held[case.unit.code].mentions:
            if each.missing:
                field = f"{each.measure}.evidence"
                entry = case.reported[field]
                where = entry.origin
                yield problem(
                    "KH273", unit=case.unit.name, file=where.file if where else case.file,
                    sheet=where.sheet if where else "", cell=where.cell if where else "", field=field,
                    label=scheme.measures[each.measure].title, found="、".join(each.missing),
                )  # fmt: skip
