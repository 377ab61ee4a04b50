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
from kaohe_cli.points import DECIMALS, HUNDRED, half_up, plain
from kaohe_cli.scheme.fields import INFORMATION, expected, form_fields, label, unfilled
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.normalise import said
from kaohe_cli.scheme.scheme import FIGURES, Scheme

FAR = 50  # times another figure: half the factor 100, so that ordinary change does not hide a slip of the unit
SHIFT = 10  # a share this many times below its like is nearer to it when taken a hundred times


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
    if unfilled({name: entry for name, entry in case.reported.items() if name in fields}):
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


def _nought(filled: Filled) -> Iterator[Problem]:
    """Nought this year in what earns points, where there was something last year."""
    for measure in filled.scheme.measures.values():
        name, prior = f"{measure.id}.actual", filled.number(f"{measure.id}.prior")
        if name in filled.fields and filled.fields[name].criteria and filled.number(name) == 0 and prior:
            other = filled.name_of(f"{measure.id}.prior")
            yield filled.says("KH204", name, found="0", other=other, base=plain(prior))


def _scale(filled: Filled) -> Iterator[Problem]:
    """A figure so far from last year's or from the target that its unit may be another one (万元 for 亿元)."""
    for measure in filled.scheme.measures.values():
        name = f"{measure.id}.actual"
        value = filled.number(name)
        if name not in filled.fields or not value or measure.unit == "%":
            continue
        # figures of about the same size: last year's, and the target that the office issued; a total is none
        target = f"{measure.id}.target"
        issued = measure.target is not None and filled.scheme.issued(target)
        for other in (f"{measure.id}.prior", *([target] if issued else ())):
            base = filled.number(other)
            if base and not Decimal(1) / FAR < value / base < FAR:
                words = {"other": filled.name_of(other), "base": plain(base), "times": _times(value / base)}
                yield filled.says("KH205", name, found=plain(value), **words)
                break


def _times(ratio: Decimal) -> str:
    return plain(half_up(ratio, 0 if ratio >= 1 else DECIMALS))


def _share(filled: Filled) -> Iterator[Problem]:
    """A share of one where percents are asked for: 0.62 for 62%."""
    for name, field in filled.fields.items():
        value = filled.number(name)
        if value is None or field.unit != "%" or not 0 < abs(value) < 1:
            continue
        if field.maximum is not None and value * HUNDRED > field.maximum:
            continue
        measure = name.rpartition(".")[0]
        beside = [f"{measure}.{other}" for other in FIGURES if f"{measure}.{other}" != name]
        largest = max((abs(number) for other in beside if (number := filled.number(other))), default=None)
        if largest is None or largest < 1:
            # nothing to compare with: small shares are rare, small growth is not
            odd = field.minimum is not None and field.minimum >= 0
        else:
            odd = abs(value) * SHIFT < largest
        if odd:
            yield filled.says("KH124", name, found=plain(value), expected=plain(value * HUNDRED))


QUERIES = (_contradiction, _base, _nought, _scale, _share)
