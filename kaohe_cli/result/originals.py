"""A ledger held against the returns and the settings that it was made from. Pure.

The ledger keeps of a return what rules and judges go by: values and, of figures, where they stood. What it does not
keep cannot differ: where an evidence, a self-score or a blank stood.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.basis import entry_text
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import STATUS_WORDS, Case, Entry, Origin, Settings
from kaohe_cli.scheme.fields import DATE, form_fields, label
from kaohe_cli.scheme.normalise import quoted
from kaohe_cli.scheme.scheme import Scheme

NOTHING = "没有"


class Originals(Struct, frozen=True):
    """What the originals say, read and checked anew."""

    scheme: Scheme  # by the readings of the settings
    settings: Settings
    cases: tuple[Case, ...]  # of the units whose returns are all at hand, and of those that handed in none
    problems: tuple[Problem, ...]  # found in settings and returns
    unread: Collection[str] = ()  # codes of the units whose returns are not at hand


class Held(Struct, frozen=True):
    """What came of holding a ledger against its originals."""

    ledger: Ledger  # with what the originals say in the place of what differed; nothing worked out from it yet
    entries: int  # that were compared
    problems: tuple[Problem, ...]


def against(ledger: Ledger, originals: Originals) -> Held:
    """``ledger`` held against ``originals``: every difference is a KH943, what its 问题清单 lacks a KH945."""
    theirs = {case.unit.code: case for case in originals.cases}
    problems = [*_settled(ledger, originals)]
    cases, entries = [], 0
    for case in ledger.cases:
        original = theirs.pop(case.unit.code, None)
        if original is None and case.unit.code not in originals.unread:
            problems.append(_unit(originals, case, held="有这个单位", said=NOTHING))
            continue
        if original is not None:
            differing = _differing(case, original)
            entries += len({*case.reported, *original.reported})
            problems += _facts(ledger, case, original)
            problems += _entries(originals.scheme, case, original, differing)
            taken = {name: entry for name in differing if (entry := original.reported.get(name)) is not None}
            kept = {name: entry for name, entry in case.reported.items() if name not in differing}
            case = replace(original, reported={**kept, **taken})
        cases.append(case)
    for case in theirs.values():
        problems.append(_unit(originals, case, held=NOTHING, said="有这个单位"))
        cases.append(case)
    problems += _lacking(ledger, originals.problems)
    settings = originals.settings
    ledger = replace(
        ledger, cases=tuple(cases), readings=originals.scheme.readings, approvals=settings.approvals,
        departments=settings.departments, judges=settings.judges, publicity=settings.publicity,
    )  # fmt: skip
    return Held(ledger, entries, tuple(problems))


def _unit(originals: Originals, case: Case, *, held: str, said: str) -> Problem:
    name = case.unit.name
    return problem("KH943", unit=name, file=originals.settings.file, what=name, found=held, expected=said)


def _differing(case: Case, original: Case) -> list[str]:
    """The fields in which a case of the ledger and its original do not say the same."""
    names = dict.fromkeys((*case.reported, *original.reported))
    return [
        name for name in names if name != DATE.name and not _same(case.reported.get(name), original.reported.get(name))
    ]


def _same(held: Entry | None, original: Entry | None) -> bool:
    """Whether both hold the same, from the same cell where the ledger keeps that; a blank is as good as nothing."""
    values = [(None if each is None or each.value == "" else each.value) for each in (held, original)]
    invalid = [each is not None and each.invalid for each in (held, original)]
    place = held.origin if held else None
    return values[0] == values[1] and invalid[0] == invalid[1] and (
        place is None or (original is not None and place == original.origin)
    )  # fmt: skip


def _facts(ledger: Ledger, case: Case, original: Case) -> Iterator[Problem]:
    """What the ledger says otherwise of the unit itself and of its return."""
    name = case.unit.name
    for title, held, said in (
        ("单位名称", name, original.unit.name),
        ("类别", case.unit.kind, original.unit.kind),
        ("主管局名称", case.unit.bureau, original.unit.bureau),
        ("行政正职", case.unit.head, original.unit.head),
        ("回收状态", STATUS_WORDS[case.status], STATUS_WORDS[original.status]),
        ("回收文件", case.file, original.file),
        ("填报日期", _day(case), _day(original)),
    ):
        if held != said:
            found, expected = (quoted(text) or NOTHING for text in (held, said))
            file = original.file or ledger.settings
            yield problem("KH943", unit=name, file=file, what=f"{name}的{title}", found=found, expected=expected)


def _day(case: Case) -> str:
    return case.filled.isoformat() if case.filled else ""


def _entries(scheme: Scheme, case: Case, original: Case, differing: Collection[str]) -> Iterator[Problem]:
    """What the ledger says otherwise of what the unit entered, and of what was given to it."""
    labels = {field.name: label(field) for field in form_fields(scheme, original.reported)} if differing else {}
    for field in differing:
        held, said = case.reported.get(field), original.reported.get(field)
        named = scheme.names.get(field)
        called = labels.get(field) or (f"{named.title}·{named.label}" if named else field)
        found, expected = (quoted(entry_text(each, named)) or "未填" for each in (held, said))
        if found == expected:  # they stood elsewhere
            found, expected = f"{found}（{_where(held)}）", f"{expected}（{_where(said)}）"
        origin = (said.origin if said else None) or (held.origin if held else None) or Origin(original.file, "", "")
        yield problem(
            "KH943", unit=case.unit.name, file=origin.file, sheet=origin.sheet, cell=origin.cell, field=field,
            what=f"{case.unit.name} {called}", found=found, expected=expected,
        )  # fmt: skip


def _where(entry: Entry | None) -> str:
    origin = entry.origin if entry else None
    return f"{origin.file} {origin.sheet}!{origin.cell}" if origin else "没有出处"


def _settled(ledger: Ledger, originals: Originals) -> Iterator[Problem]:
    """What the settings decided and the ledger has otherwise: readings, approvals, departments, publicity, file."""
    settings = originals.settings
    pairs: Sequence[tuple[str, Mapping[str, str], Mapping[str, str]]] = (
        ("口径", ledger.readings, originals.scheme.readings),
        ("口径的核定人和日期", _joined(ledger.approvals), _joined(settings.approvals)),
        ("责任处室", _named(ledger.departments), _named(settings.departments)),
        ("评委", _listed(ledger.judges), _listed(settings.judges)),
        ("公示", ledger.publicity.facts, settings.publicity.facts),
        ("考核设置", {"": ledger.settings}, {"": settings.file}),
    )
    for what, held, said in pairs:
        for key in dict.fromkeys((*held, *said)):
            if held.get(key) != said.get(key):
                yield problem(
                    "KH943", file=settings.file, what=f"{what} {key}".strip(),
                    found=quoted(held.get(key, "")) or NOTHING, expected=quoted(said.get(key, "")) or NOTHING,
                )  # fmt: skip


def _joined(approvals: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
    return {name: "，".join(approval) for name, approval in approvals.items() if any(approval)}


def _named(departments: Mapping[str, str]) -> Mapping[str, str]:
    return {item: name for item, name in departments.items() if name}


def _listed(judges: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    return {item: "、".join(names) for item, names in judges.items()}


def _lacking(ledger: Ledger, found: Sequence[Problem]) -> Iterator[Problem]:
    """What the originals bring up and 问题清单 does not hold; more may stand there, of files that did not count."""
    listed = {(each.code, each.file, each.sheet, each.cell, each.message) for each in ledger.problems}
    for each in found:
        if (each.code, each.file, each.sheet, each.cell, each.message) not in listed:
            yield problem(
                "KH945", unit=each.unit, file=each.file, sheet=each.sheet, cell=each.cell, field=each.field,
                found=each.message,
            )  # fmt: skip
