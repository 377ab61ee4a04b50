"""What came back for each unit → one case for each: of several files of a unit one counts. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.intake import Taking
from kaohe_cli.model import Case, Entry, Field, Return, Settings, Status, Unit, Value
from kaohe_cli.scheme.fields import DATE, form_fields, label, unfilled
from kaohe_cli.scheme.normalise import said
from kaohe_cli.scheme.scheme import Scheme


def gather(
    scheme: Scheme, settings: Settings, takings: Iterable[Taking], prefer: Collection[str] = ()
) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
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
        case, found = _case(scheme, settings, unit, own.get(unit, ()), prefer)
        cases.append(case)
        problems += found
    return tuple(cases), tuple(problems)


def _case(
    scheme: Scheme, settings: Settings, unit: Unit, takings: Sequence[tuple[Return, tuple[Problem, ...]]],
    prefer: Collection[str],
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
    if chosen.status == "rejected":
        return Case(unit, "rejected", given, file=chosen.file), problems
    status: Status = "received"
    if chosen.filled is not None and chosen.filled > scheme.last_day:
        status = "late"
        day, last = chosen.filled.isoformat(), scheme.last_day.isoformat()
        problems.append(problem("KH241", unit=unit.name, file=chosen.file, field=DATE.name, found=day, expected=last))
    return Case(unit, status, {**chosen.entries, **given}, file=chosen.file, filled=chosen.filled), problems


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
    return Return(first.unit, entries, files, filled=days.pop() if len(days) == 1 else None)
