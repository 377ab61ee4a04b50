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


class RegisterCopy(Struct, frozen=True):
    """The register that came back in a copy."""

    department: str  # whose word its new entries are, whatever stands beside them; empty: not known
    incidents: tuple[Incident, ...]
    issued: tuple[Incident, ...] | None  # those that it was issued with; None: there is no record of that
    whole: bool = True  # every row could be read, so that what is not there any more was withdrawn

    def changes(self, held: Iterable[Incident]) -> "Changed":
        """What it adds to ``held``, and what it withdraws of that: its department's own alone.

        What stands there as it was issued says nothing, and what was taken once is not taken again.
        """
        there, now = Counter(held), Counter(self.incidents)
        if self.issued is None:  # what the office has, in whose name ever, is there already
            new = Counter(map(_nameless, now.elements())) - Counter(map(_nameless, there.elements()))
            return Changed(Counter({self._mine(each): count for each, count in new.items()}), Counter())
        was = Counter(self.issued)
        new = Counter(map(self._mine, (now - was).elements()))
        more = Counter({each: was[each] + count - there[each] for each, count in new.items()})
        lost = was - now if self.whole else Counter[Incident]()
        gone = Counter({
            each: min(count, there[each] - now[each])
            for each, count in lost.items()
            if each.source == self.department
        })  # fmt: skip
        stays = {_about(each) for each in lost if each.source != self.department or not there[each]}
        here = {*map(_nameless, now)}
        kept = tuple(each for each in there if _about(each) in stays and _nameless(each) not in here)
        return Changed(+more, +gone, kept)

    def _mine(self, each: Incident) -> Incident:
        return replace(each, source=self.department or each.source)


class Changed(Struct, frozen=True):
    """What a copy says of the register that the office's does not say."""

    more: Counter[Incident]
    gone: Counter[Incident]
    kept: tuple[Incident, ...] = ()  # the office's word, though the copy has it no more, or as it was once

    @property
    def count(self) -> int:
        """How many entries."""
        return self.more.total() + self.gone.total()


def _about(each: Incident) -> tuple[str, str, str]:
    return each.code, each.criterion, each.facts


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

    What is not for a department to note is not taken (KH345), nor is what the office has itself withdrawn (KH359).
    """
    units = {case.unit.code: case.unit for case in ledger.cases}
    sheet = register.sheet_of(ledger.sheets) or register.EMPTY
    held = register.read(scheme, units.values(), sheet, ledger.file)
    found, problems = [], list[Problem]()
    for copy in copies:
        theirs = register.sheet_of(copy.sheets)
        if theirs is None:
            found.append(Noted(Changed(Counter(), Counter())))
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
        problems += (_of_entry("KH359", scheme, units, copy, each) for each in changed.kept)
        found.append(Noted(replace(changed, more=changed.more - others), others.total()))
    names = {code: unit.name for code, unit in units.items()}
    merged = _merged(sheet, held, [each.changed for each in found], names)
    if merged is not sheet:
        ledger = replace(ledger, sheets=(*(each for each in ledger.sheets if each.name != REGISTER), merged))
    return ledger, found, problems


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
