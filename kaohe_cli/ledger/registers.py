"""扣分加分台账 as it came back in copies → the office's. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import register
from kaohe_cli.ledger.authentic import row_said
from kaohe_cli.ledger.record import DETAIL, REGISTER, Ledger
from kaohe_cli.ledger.register import Register
from kaohe_cli.ledger.remit import whose_copy
from kaohe_cli.model import Incident, Unit
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Sheet


class Changed(Struct, frozen=True):
    """What a copy says of the register that the office's does not say."""

    more: Counter[Incident] = Counter()
    gone: Counter[Incident] = Counter()
    instead: Mapping[Incident, Incident] = {}  # of those that are gone: what came in their place
    kept: tuple[Incident, ...] = ()  # the office's word, though the copy has it no more, or otherwise

    @property
    def count(self) -> int:
        """How many entries."""
        return self.more.total() + self.gone.total()


class RegisterCopy(Struct, frozen=True):
    """The register that came back in a copy."""

    department: str  # whose word its new entries are, whatever stands beside them; empty: not known
    incidents: tuple[Incident, ...]
    issued: tuple[Incident, ...] | None  # those that it was issued with; None: there is no record of that
    whole: bool = True  # every row could be read, so that what is not there any more was withdrawn

    def changes(self, held: Iterable[Incident]) -> Changed:
        """What it adds to ``held``, and what it withdraws of that: its department's own alone.

        What stands there as it was issued says nothing, and what was taken once is not taken again. What the office
        has written otherwise meanwhile stays, and the copy's word for it is not taken.
        """
        there, now = Counter(held), Counter(self.incidents)
        if self.issued is None:  # what the office has, in whose name ever, is there already
            unknown = Counter(map(_nameless, now.elements())) - Counter(map(_nameless, there.elements()))
            return Changed(Counter({self._mine(each): count for each, count in unknown.items()}))
        was = Counter(self.issued)
        lost, new = (was - now if self.whole else Counter[Incident]()), [*(now - was).elements()]
        more, gone = Counter[Incident](), Counter[Incident]()
        instead, kept = dict[Incident, Incident](), list[Incident]()
        here = {*map(_nameless, now)}
        for old in lost.elements():
            # of several that may be it, the one that tells of the same day and facts
            alike = sorted((each for each in new if _is_same(each, old)), key=lambda each: not _is_rewritten(each, old))
            changed = next(iter(alike), None)
            if changed is not None:
                new.remove(changed)
                if there[self._mine(changed)] > was[self._mine(changed)]:
                    continue  # taken before
            own = self.department and old.source == self.department
            if own and there[old] - gone[old] > now[old]:
                gone[old] += 1
                if changed is not None:
                    more[self._mine(changed)] += 1
                    instead[old] = self._mine(changed)
            else:
                found = [each for each in there if _is_same(each, old) and _nameless(each) not in here]
                kept += found or ([old] if changed is not None else [])
        for each, count in Counter(map(self._mine, new)).items():
            others = [held for held in there if _is_rewritten(held, each) and _nameless(held) not in here]
            if others:
                kept += others
            else:
                more[each] += max(0, was[each] + count - there[each])
        return Changed(+more, +gone, instead, tuple(each for each in dict.fromkeys(kept) if not gone[each]))

    def _mine(self, each: Incident) -> Incident:
        return replace(each, source=self.department or each.source)


def _is_same(one: Incident, other: Incident) -> bool:
    """Whether both tell of the same thing, as far as one may have been corrected."""
    about = (one.code, one.criterion) == (other.code, other.criterion)
    return about and (one.facts == other.facts or (one.day == other.day != ""))


def _is_rewritten(one: Incident, other: Incident) -> bool:
    """Whether both tell of the same thing, each in its own way."""
    about = (one.code, one.criterion, one.day, one.facts) == (other.code, other.criterion, other.day, other.facts)
    return about and _nameless(one) != _nameless(other)


def _nameless(each: Incident) -> Incident:
    return replace(each, source="")


class Noted(Struct, frozen=True):
    """What came of the register in a copy."""

    changed: Changed
    refused: int = 0  # entries that are not for the department to note


def merge(
    scheme: Scheme, ledger: Ledger, copies: Sequence[Ledger], accepted: Collection[str]
) -> tuple[Ledger, list[Noted], list[Problem]]:
    """``ledger`` with the register that ``copies`` make of its own, what came of each, and what is wrong with that.

    What is not for a department to note is not taken (KH345), nor what office or another copy has otherwise (KH359).
    """
    units = {case.unit.code: case.unit for case in ledger.cases}
    sheet = register.sheet_of(ledger.sheets) or register.EMPTY
    held = register.read(scheme, units.values(), sheet, ledger.file)
    found, problems = [], list[Problem]()
    for copy in copies:
        theirs = register.sheet_of(copy.sheets)
        if theirs is None:
            found.append(Noted(Changed()))
            continue
        came = register.read(scheme, units.values(), theirs, copy.file)
        whose, issued = whose_copy(ledger, copy), copy.noted if copy.recorded else None
        whole = not any(each.severity == "error" for each in came.problems)
        changed = RegisterCopy(whose, came.incidents, issued, whole).changes(held.incidents)
        others = Counter[Incident]()
        for each, count in changed.more.items():
            owner = ledger.departments.get(scheme.item_of[each.criterion].id, "")
            if whose and owner not in ("", whose) and copy.file not in accepted:
                others[each] = count
                problems.append(_of_entry("KH345", scheme, units, copy, each, expected=owner))
        # a correction that is not taken leaves in its place what it would correct
        stays = {old for old, now in changed.instead.items() if now in others}
        gone = Counter({old: count for old, count in changed.gone.items() if old not in stays})
        found.append(Noted(replace(changed, more=changed.more - others, gone=gone), others.total()))
    found = _agreed(found)
    problems += (
        _of_entry("KH359", scheme, units, copy, each)
        for copy, noted in zip(copies, found, strict=True)
        for each in noted.changed.kept
    )
    names = {code: unit.name for code, unit in units.items()}
    merged = _merged(sheet, held, [each.changed for each in found], names)
    if merged is not sheet:
        ledger = replace(ledger, sheets=(*(each for each in ledger.sheets if each.name != REGISTER), merged))
    return ledger, found, problems


def _agreed(found: Sequence[Noted]) -> list[Noted]:
    """``found`` without what several copies would make of one entry, each in another way: it stays as it is."""
    said: dict[Incident, set[Incident | None]] = {}
    for each in found:
        for old in each.changed.gone:
            said.setdefault(old, set()).add(each.changed.instead.get(old))
    disputed = {old for old, ways in said.items() if len(ways) > 1}
    agreed = []
    for each in found:
        change, mine = each.changed, [old for old in each.changed.gone if old in disputed]
        gone = Counter({old: count for old, count in change.gone.items() if old not in disputed})
        more = change.more - Counter(change.instead[old] for old in mine if old in change.instead)
        agreed.append(replace(each, changed=replace(change, more=more, gone=gone, kept=(*change.kept, *mine))))
    return agreed


def _of_entry(
    code: str, scheme: Scheme, units: Mapping[str, Unit], copy: Ledger, incident: Incident, **words: str
) -> Problem:  # fmt: skip
    """What is wrong with an entry in the register of ``copy``."""
    unit = units[incident.code].name
    what = f"{unit} {row_said(scheme, DETAIL, incident.criterion)}"
    where = {"unit": unit, "file": copy.file, "sheet": REGISTER}
    return problem(code, what=what, title=REGISTER, found=incident.said, **where, **words)


def _merged(sheet: Sheet, held: Register, changes: Sequence[Changed], names: Mapping[str, str]) -> Sheet:
    """``sheet``, of which ``held`` was read, with ``changes``; what several of them say counts once."""
    gone, more = Counter[Incident](), Counter[Incident]()
    for each in changes:
        gone |= each.gone
        more |= each.more
    dropped = []
    for row, incident in zip(held.rows, held.incidents, strict=True):
        if gone[incident] > 0:
            gone[incident] -= 1
            dropped.append(row)
    return register.with_rows(sheet, dropped, [*more.elements()], names) if dropped or more else sheet
