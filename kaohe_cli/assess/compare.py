"""All units' settled figures → what each is compared with in its group (名次, 相对), for the rules that ask. Pure.

A comparison is there once every unit of the group has its figures, or was issued 无任务 for them; until then the rules
that ask for it stay pending.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from kaohe_cli.assess.score import known
from kaohe_cli.model import Case, Entry, Mark
from kaohe_cli.scheme.rule.subject import Subject, compared
from kaohe_cli.scheme.scheme import Scheme


def compare(scheme: Scheme, cases: Sequence[Case]) -> tuple[Case, ...]:
    """``cases`` with how each stands among the units of its group, by pseudo figure (sales.actual@place)."""
    found: dict[str, dict[str, Entry]] = {}
    for subject in scheme.subjects:
        for values in by_group(scheme, subject, cases):
            for code, standing in compared(values).items():
                own = found.setdefault(code, {})
                own |= {subject.pseudo(stat): Entry(value) for stat, value in standing.items()}
    return tuple(
        replace(case, compared=own) if (own := found.get(case.unit.code, {})) != case.compared else case
        for case in cases
    )


def is_compared(subject: Subject, entries: Mapping[str, Entry]) -> bool:
    """Whether a unit of those settled ``entries`` is compared: not one without such a task, or a share of nothing."""
    values = {name: entries[name].value for name in subject.figures if name in entries}
    return Mark.NO_TASK not in values.values() and (subject.base is None or values.get(subject.base) != 0)


def by_group(scheme: Scheme, subject: Subject, cases: Sequence[Case]) -> Iterator[Mapping[str, Decimal]]:
    """What is compared of each unit by code, group by group; no groups in which a figure is missing."""
    groups: dict[str, dict[str, Decimal | None]] = {}
    for case in cases:
        if subject not in scheme.of(case.unit.kind).compares:
            continue
        entries = {**case.reported, **case.verified}
        if is_compared(subject, entries):
            value = subject.value(known(entries, subject.figures))
            groups.setdefault(scheme.group_of(case.unit), {})[case.unit.code] = value
    for group in groups.values():
        held = {code: value for code, value in group.items() if value is not None}
        if len(held) == len(group):
            yield held
