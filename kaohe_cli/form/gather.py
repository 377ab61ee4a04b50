"""What came back for each unit → one case for each: of several files of a unit one counts. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.intake import Taking
from kaohe_cli.model import Case, Entry, Field, Return, Settings, Status, Unit, Value
from kaohe_cli.scheme.fields import DATE, form_fields, label, unfilled
from kaohe_cli.scheme.normalise import said
from kaohe_cli.scheme.scheme import Scheme


class Arrivals(Struct, frozen=True):
    """On which day files were received (收到日期), by their SHA-256."""

    known: Mapping[str, date | None] = {}  # files that were there before; None: the day is not known
    today: date | None = None  # the day of all others; None: not known

    def day(self, returned: Return) -> date | None:
        """The day on which the file of a return was received; None where it is not known."""
        return self.known.get(returned.sha256, self.today)


UNKNOWN = Arrivals()


def gather(
    scheme: Scheme, settings: Settings, takings: Iterable[Taking], prefer: Collection[str] = (),
    arrivals: Arrivals = UNKNOWN,
) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:  # fmt: skip
    """One case for each unit of the settings, from what ``intake`` gave for every file, with all problems.

    Of several files of a unit one counts: the one in ``prefer`` (names or paths of files), else the one with the newest
    填报日期. Where that does not decide, the figures that differ are invalid until the office has decided. Of files
    that do not count only the differences are reported.
    """
    takings = tuple(takings)
    problems = [each for returned, found in takings if returned is None for each in found]
    returns = [(returned, told) for returned, told in takings if returned is not None]
    for name in prefer:
        if not any(_preferred(returned, (name,)) for returned, _ in returns):
            problems.append(problem("KH234", found=name))
    own: dict[Unit, list[tuple[Return, tuple[Problem, ...]]]] = {}
    for returned, told in returns:
        own.setdefault(returned.unit, []).append((returned, told))
    cases = []
    for unit in settings.units:
        case, found = _case(scheme, settings, unit, own.get(unit, ()), prefer, arrivals)
        cases.append(case)
        problems += found
    return tuple(cases), tuple(problems)


def _case(
    scheme: Scheme, settings: Settings, unit: Unit, takings: Sequence[tuple[Return, tuple[Problem, ...]]],
    prefer: Collection[str], arrivals: Arrivals,
) -> tuple[Case, list[Problem]]:  # fmt: skip
    given = scheme.given(unit, settings)
    if not takings:
        return Case(unit, "missing", given), [problem("KH240", unit=unit.name)]
    returns, problems = _candidates(scheme, given, [returned for returned, _ in takings], prefer)
    for returned, found in takings:
        if returned in returns:
            problems += found
        elif returned.status == "rejected":
            reasons = "；".join(each.message for each in found)
            problems.append(problem("KH236", unit=unit.name, file=returned.file, found=reasons))
    chosen = _merged(returns) if len(returns) > 1 else returns[0]
    days = [arrivals.day(returned) for returned in returns]
    known = [day for day in days if day is not None]
    case = Case(unit, "rejected", given, file=chosen.file, received=max(known) if len(known) == len(days) else None)
    if chosen.status == "rejected":
        return case, problems
    case = replace(case, reported={**chosen.entries, **given}, filled=chosen.filled, remarks=chosen.remarks)
    # one that was not filled in is sent back, whenever it came
    status, late = ("received", ()) if unfilled(chosen.entries) else _in_time(scheme, case)
    return replace(case, status=status), [*problems, *late]


def _in_time(scheme: Scheme, case: Case) -> tuple[Status, tuple[Problem, ...]]:
    """Whether a return came in time, by the day on which it was received.

    Where that is not known, a unit's own 填报日期 after the last day is late too; an earlier one proves nothing, and
    is let stand; without either nobody can tell (KH254).
    """
    by, day = ("收到日期", case.received) if case.received else ("单位自填的填报日期", case.filled)
    where = {"unit": case.unit.name, "file": case.file, "field": DATE.name}
    if scheme.last_day is None:
        return "received", ()
    if day is None:
        return "received", (problem("KH254", **where),)
    if day <= scheme.last_day:
        return "received", ()
    return "late", (problem("KH241", found=day.isoformat(), expected=scheme.last_day.isoformat(), by=by, **where),)


def _candidates(
    scheme: Scheme, given: Mapping[str, Entry], returns: list[Return], prefer: Collection[str]
) -> tuple[list[Return], list[Problem]]:
    """Those of a unit's returns that may count (one, or several that cannot be told apart), and why not the others."""
    problems: list[Problem] = []

    def says(code: str, returned: Return, **words: str) -> None:
        problems.append(problem(code, unit=returned.unit.name, file=returned.file, **words))

    readable = [returned for returned in returns if returned.status != "rejected"] or returns[:1]
    left = [returned for returned in readable if not unfilled(returned.entries)] or readable[:1]
    for returned in readable:
        if returned not in left:
            says("KH235", returned)
    distinct: list[Return] = []
    for returned in sorted(left, key=lambda each: not _preferred(each, prefer)):
        same = next((other for other in distinct if not differing_fields([other, returned])), None)
        if same is None:
            distinct.append(returned)
        else:
            says("KH230", returned, found=same.file)
    if len(distinct) == 1:
        return distinct, problems
    named = [returned for returned in distinct if _preferred(returned, prefer)]
    first, *rivals = chosen = named or _newest(distinct)
    fields = {field.name: field for field in form_fields(scheme, given)}
    differences = differing_fields(distinct)
    if rivals:
        first, chosen = distinct[0], distinct
        says("KH232", first, found="、".join(returned.file for returned in distinct))
    else:
        others = "、".join(returned.file for returned in distinct if returned is not first)
        reason = "考核办指定" if named else "填报日期较新"
        says("KH231", first, found=others, expected=first.file, reason=reason, count=str(len(differences)))
    for name in differences:
        field = fields.get(name)
        values = "，".join(f"{returned.file} {_entry_said(returned.entries.get(name), field)}" for returned in distinct)
        says("KH233", first, field=name, label=label(field) if field else name, found=values)
    return chosen, problems


def _preferred(returned: Return, prefer: Collection[str]) -> bool:
    """Whether the office named this file, with more of its folders or archive, or with less."""
    own = f"/{returned.file}"
    return any(f"/{name}".endswith(own) or own.endswith(f"/{name}") for name in prefer)


def _newest(returns: list[Return]) -> list[Return]:
    """Those with the newest 填报日期; all where one of them has none."""
    days = [returned.filled for returned in returns if returned.filled is not None]
    return [each for each in returns if each.filled == max(days)] if len(days) == len(returns) else returns


def differing_fields(returns: Sequence[Return]) -> tuple[str, ...]:
    """Names of the fields that are not alike in all of ``returns``."""
    names = dict.fromkeys(name for returned in returns for name in returned.entries)
    return tuple(name for name in names if len({_alike(returned.entries.get(name)) for returned in returns}) > 1)


def _alike(entry: Entry | None) -> tuple[Value | None, bool]:
    return (None, False) if entry is None or entry.value == "" else (entry.value, entry.invalid)


def _entry_said(entry: Entry | None, field: Field | None) -> str:
    if entry is None or (entry.value is None and not entry.invalid):
        return "未填"
    return "填报有误" if entry.value is None else said(entry.value, field)


def _merged(returns: Sequence[Return]) -> Return:
    """What all of ``returns`` agree on; what they do not agree on is invalid."""
    first, apart = returns[0], set(differing_fields(returns))
    entries: dict[str, Entry] = {}
    for returned in returns:
        for name, entry in returned.entries.items():
            entries.setdefault(name, replace(entry, value=None, invalid=True) if name in apart else entry)
    days = {returned.filled for returned in returns}
    files = "、".join(returned.file for returned in returns)
    remarks = {name: said for returned in returns for name, said in returned.remarks.items()}
    return Return(first.unit, entries, files, filled=days.pop() if len(days) == 1 else None, remarks=remarks)
