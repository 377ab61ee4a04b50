"""All units' settled figures → what each is compared with in its group (名次, 相对), for the rules that ask. Pure.

A comparison is there once every unit of the group has its figures, or was issued 无任务 for them; until then the rules
that ask for it stay pending.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from kaohe_cli.model import Case, Entry, Mark
from kaohe_cli.scheme.rule.subject import Subject, compared
from kaohe_cli.scheme.scheme import Scheme


def compare(scheme: Scheme, cases: Sequence[Case]) -> tuple[Case, ...]:
    """``cases`` with how each stands among the units of its group, by pseudo figure (sales.actual@place)."""
    found: dict[str, dict[str, Entry]] = {}
    for subject in scheme.subjects:
        for values in _by_group(scheme, subject, cases):
            for code, standing in compared(values).items():
                own = found.setdefault(code, {})
                own |= {f"{subject.name}@{name}": Entry(value) for name, value in standing.items()}
    return tuple(
        replace(case, compared=own) if (own := found.get(case.unit.code, {})) != case.compared else case
        for case in cases
    )


def _by_group(scheme: Scheme, subject: Subject, cases: Sequence[Case]) -> Iterator[Mapping[str, Decimal]]:
    """What is compared of each unit by code, group by group; no groups in which a figure is missing."""
    groups: dict[str, dict[str, Decimal | None]] = {}
    for case in cases:
        if subject not in scheme.of(case.unit.kind).compares:
            continue
        entries = {**case.reported, **case.verified}
        names = [name for name in (subject.left, subject.right) if name is not None]
        values = [entries[name].value if name in entries else None for name in names]
        # one that has no such task, or nothing that a share could be of, is compared with nobody
        if Mark.NO_TASK in values or (subject.right and not subject.gap and values[1] == 0):
            continue
        known = {name: value for name, value in zip(names, values, strict=True) if isinstance(value, Decimal)}
        groups.setdefault(scheme.group_of(case.unit), {})[case.unit.code] = subject.value(known)
    for group in groups.values():
        held = {code: value for code, value in group.items() if value is not None}
        if len(held) == len(group):
            yield held
