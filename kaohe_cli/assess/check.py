"""Is what a unit reported complete and plausible? A list of small checks over its fields. Pure.

Limits come from the fields alone (scheme/limit.py), links between figures from the scheme alone. A query (提醒) never
changes a figure; a figure beyond its limits is struck and counts as invalid.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import Case, Field, Mark, Origin, Settings, Value
from kaohe_cli.points import plain
from kaohe_cli.scheme.fields import INFORMATION, expected, form_fields, is_assessed, label, unfilled
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.normalise import said
from kaohe_cli.scheme.scheme import Scheme


class Filled(Struct, frozen=True):
    """A case and the fields that its unit was asked to fill in."""

    scheme: Scheme
    case: Case
    fields: Mapping[str, Field]

    def value(self, name: str) -> Value | None:
        """What stands in the field of that name, whoever gave it; None where nothing does."""
        entry = self.case.reported.get(name)
        return entry.value if entry is not None else None

    def number(self, name: str) -> Decimal | None:
        """The figure of that name, whoever gave it; None where it is no number or not known."""
        value = self.value(name)
        return value if isinstance(value, Decimal) else None

    def name_of(self, figure: str) -> str:
        """What people call a figure, whoever gave it."""
        if figure in self.fields:
            return label(self.fields[figure])
        named = self.scheme.names[figure]
        return f"{named.title}·{named.label}"

    def says(self, code: str, name: str, **words: str) -> Problem:
        """A problem of the field of that name."""
        at = self.case.reported[name].origin or Origin(self.case.file, "", "")
        words |= {"unit": self.case.unit.name, "file": at.file, "sheet": at.sheet, "cell": at.cell}
        return problem(code, field=name, label=self.name_of(name), **words)


def check_case(scheme: Scheme, settings: Settings, case: Case) -> tuple[Case, tuple[Problem, ...]]:
    """``case`` with every figure beyond its limits struck (invalid), and all that is wrong or doubtful in it.

    A form in which nothing was filled in is one problem and rejected; what never came in has none here.
    """
    if case.status in ("missing", "rejected"):
        return case, ()
    given = scheme.given(case.unit, settings)
    fields = {field.name: field for field in form_fields(scheme, given)}
    asked = {name for name in fields if is_assessed(name)}
    if asked and unfilled({name: entry for name, entry in case.reported.items() if name in fields}):
        return replace(case, status="rejected"), (problem("KH201", unit=case.unit.name, file=case.file),)
    filled = Filled(scheme, case, fields)
    beyond = sorted(_beyond(filled), key=lambda each: each.code)
    struck = {each.field for each in beyond if each.severity == "error"}
    reported = {name: replace(case.reported[name], value=None, invalid=True) for name in struck}
    checked = replace(case, reported={**case.reported, **reported})
    queries = (each for look in QUERIES for each in look(Filled(scheme, checked, fields)))
    return checked, (*_blank(filled), *beyond, *queries)


# ── limits: what a field may hold ───────────────────────────────────────────────────────────────────────


def _blank(filled: Filled) -> Iterator[Problem]:
    for name, field in filled.fields.items():
        entry = filled.case.reported.get(name)
        # a cell that is gone was reported on intake
        if entry is None or entry.value is not None or entry.invalid or field.required == "optional":
            continue
        scored = "KH122" if field.type == "score" else "KH101"
        code = scored if field.required == "error" else "KH123" if name in INFORMATION else "KH102"
        yield filled.says(code, name, expected=expected(field))


def _beyond(filled: Filled) -> Iterator[Problem]:
    for name, field in filled.fields.items():
        total = filled.number(field.at_most) if field.at_most else None
        if (value := filled.value(name)) is not None:
            for limit in broken(field, value, filled.scheme, total):
                yield filled.says(limit.code, name, found=said(value), expected=limit.expected)


# ── queries: what figures say to each other ─────────────────────────────────────────────────────────────


def _contradiction(filled: Filled) -> Iterator[Problem]:
    """无 for one figure of a measure and a number for another."""
    for measure in filled.scheme.measures.values():
        names = [f"{measure.id}.{name}" for name, _ in measure.figures()]
        for name in names:
            other, value = next(((each, value) for each in names if (value := filled.number(each))), ("", None))
            if name in filled.fields and filled.value(name) is Mark.NOT_APPLICABLE and value:
                words = {"other": filled.name_of(other), "base": plain(value)}
                yield filled.says("KH202", name, found=Mark.NOT_APPLICABLE.value, **words)


def _base(filled: Filled) -> Iterator[Problem]:
    """Nought, where something is to be so many times as much."""
    tests = (*filled.scheme.conditions, *(evidence.test for _, evidence in filled.scheme.evidence.values()))
    for name in dict.fromkeys(base for test in tests for base in test.bases):
        if name in filled.fields and filled.number(name) == 0:
            yield filled.says("KH203", name, found="0")


QUERIES = (_contradiction, _base)
