"""A copy that came back, held against what it was issued with and what the office has by now. Pure.

What stands in a judging copy as it was issued says nothing, so that an old copy undoes nothing; what a department has
changed of its own word is taken; what both have changed is for the office to decide.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import detail, register
from kaohe_cli.ledger.authentic import row_said
from kaohe_cli.ledger.detail import REASON
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.record import DETAIL, REGISTER, CellKey, Ledger, MergedCopy, RowKey, TypedRow, item_of
from kaohe_cli.ledger.registers import RegisterCopy
from kaohe_cli.ledger.remit import beyond, fresh, whose_copy
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell
from kaohe_cli.sheet.table import as_seen

TITLES = frozenset(each.title for each in (detail.POINTS, *detail.JUDGES))  # of marks


def unmerged(scheme: Scheme, ledger: Ledger, copy: Ledger) -> int:
    """How much people put into ``copy`` that ``ledger`` does not have: entries, what they erased, noted, wrote beside.

    Of a file that was merged as it is, what was not for its department to enter.
    """
    if copy.sha256 in ledger.heard:
        return len(beyond(scheme, ledger, copy))
    erased = sum(title in ledger.cells(key) for key, title in copy.erased)
    layout = copy.layouts.get(DETAIL, SheetLayout())
    beside = len(layout.outside) + sum(map(len, layout.comments.values())) if copy.department else 0
    added = sum(each.name != REGISTER for each in copy.sheets) if copy.department else 0
    return sum(1 for _ in fresh(ledger, copy)) + erased + noted(ledger, copy) + len(copy.contradicting) + beside + added


def noted(ledger: Ledger, copy: Ledger) -> int:
    """How many entries of the register ``copy`` adds and withdraws."""
    if register.sheet_of(copy.sheets) is None:
        return 0
    came = RegisterCopy(whose_copy(ledger, copy), copy.incidents, copy.noted if copy.recorded else None)
    return came.changes(ledger.incidents).count


def heard(ledger: Ledger, copy: Ledger, accepted: bool) -> tuple[Ledger, tuple[Problem, ...]]:
    """``copy`` with what counts of it where the office has nothing, and what does not.

    What was merged before and is gone since does not come back (KH360), nor what stands there as it was issued
    (KH361), unless the copy is ``accepted``. Where people went on in a file that was merged, what is blank there now
    is told (KH363), for it is not known whether it was erased.
    """
    if accepted:
        typed = dict(copy.typed)
        for key, cells in _lacking(ledger, copy):
            row = typed.get(key) or TypedRow(key, {}, copy.seen[key].name)
            typed[key] = replace(row, cells={**cells, **row.cells})
        return replace(copy, typed=typed), ()
    told: list[Problem] = []
    if copy.sha256 not in ledger.heard:
        if count := sum(len(cells) for _, cells in _lacking(ledger, copy)):
            told.append(problem("KH361", file=copy.file, found=str(count)))
        if count := len(_blank(ledger, copy)):
            told.append(problem("KH363", file=copy.file, found=str(count)))
        return copy, tuple(told)
    typed = {}
    for key, row in copy.typed.items():
        cells = {title: cell for title, cell in row.cells.items() if title in ledger.cells(key)}
        if cells:
            typed[key] = replace(row, cells=cells)
    count = sum(len(row.cells) for row in copy.typed.values()) - sum(len(row.cells) for row in typed.values())
    if count := count + noted(ledger, copy):
        told.append(problem("KH360", file=copy.file, found=str(count)))
    return replace(copy, typed=typed, erased=frozenset(), sheets=(), layouts={}, columns={}), tuple(told)


def _blank(ledger: Ledger, copy: Ledger) -> frozenset[CellKey]:
    """The marks of ``ledger`` that stood in an earlier state of the file of ``copy``, where it says nothing now."""
    before = frozenset[CellKey]().union(*(each.marks for each in ledger.merged if each.file == copy.file))
    silent = (cell for cell in before if cell not in copy.erased and cell[1] not in copy.cells(cell[0]))
    return frozenset(
        (key, title) for key, title in silent if title in ledger.cells(key) and title not in _standing(copy, key)
    )


def merged(ledger: Ledger, copies: Iterable[Ledger]) -> tuple[MergedCopy, ...]:
    """The copies that ``ledger`` has merged, and ``copies``."""
    known = {(each.sha256, each.file): each for each in ledger.merged}
    for copy in copies:
        marks = ((key, title) for key, row in copy.typed.items() for title in row.cells if title in TITLES)
        known.setdefault((copy.sha256, copy.file), MergedCopy(copy.sha256, copy.file, frozenset(marks)))
    return tuple(known[each] for each in sorted(known))


def _standing(copy: Ledger, key: RowKey) -> Mapping[str, Cell]:
    """What stands in a row of a judging copy as it was issued."""
    if not copy.department or key not in copy.seen:
        return {}
    changed, was = copy.cells(key), copy.seen[key].cells
    return {title: cell for title, cell in was.items() if title not in changed and (key, title) not in copy.erased}


def _lacking(ledger: Ledger, copy: Ledger) -> Iterator[tuple[RowKey, Mapping[str, Cell]]]:
    """What stands in ``copy`` as it was issued, and nothing in its place in ``ledger``."""
    for key in copy.seen:
        cells = {title: cell for title, cell in _standing(copy, key).items() if title not in ledger.cells(key)}
        if cells:
            yield key, cells


def as_came(copy: Ledger, row: TypedRow, merged: TypedRow) -> TypedRow:
    """``row`` of ``copy`` as it came back, with what it was issued with; a reason may be another's since."""
    standing = _standing(copy, row.key)
    cells = {**standing, **row.cells}
    if REASON.title in standing:
        cells |= {title: cell for title, cell in merged.cells.items() if title == REASON.title}
    return replace(row, cells=cells)


def is_shared(scheme: Scheme, key: RowKey, title: str) -> bool:
    """Whether several judges name themselves in a cell, each in a copy of his own."""
    return key[0] == DETAIL and title == detail.JUDGE.title and bool(detail.judges(scheme.criteria.get(key[2])))


def renewed(
    scheme: Scheme, ledger: Ledger, copies: Sequence[Ledger], refused: Iterable[Collection[CellKey]],
    doubted: Collection[CellKey],
) -> tuple[Ledger, frozenset[CellKey]]:  # fmt: skip
    """``ledger`` without what a department has changed since it was given it so, or could not be read, and where that
    stood.

    That is its word to change, but for ``doubted`` cells, which the office has to decide on first.
    """
    typed, gone = dict(ledger.typed), set[CellKey]()
    unreadable = {(each.key, each.said.partition("“")[0]) for each in ledger.open if each.standing == "unreadable"}
    for copy, left in zip(copies, refused, strict=True):
        changed = ((key, title) for key, row in copy.typed.items() for title in row.cells)
        speaks = copy.department and copy.sha256 not in ledger.heard
        for key, title in (*changed, *copy.erased) if speaks else ():
            held = ledger.cells(key).get(title)
            cell, owner = (key, title), ledger.departments.get(item_of(scheme, key), "")
            if held is None or cell in doubted or cell in left or is_shared(scheme, *cell):
                continue
            was = copy.seen[key].cells.get(title) if key in copy.seen else None
            as_issued = was is not None and as_seen(held) == as_seen(was)
            if owner in ("", copy.department) and (as_issued or cell in unreadable):
                gone.add(cell)
    for key in {key for key, _ in gone}:
        cells = {title: cell for title, cell in typed[key].cells.items() if (key, title) not in gone}
        if cells:
            typed[key] = replace(typed[key], cells=cells)
        else:
            del typed[key]
    return replace(ledger, typed=typed), frozenset(gone)


def kept(scheme: Scheme, ledger: Ledger, copies: Iterable[Ledger]) -> Iterator[Problem]:
    """What was erased in ``copies`` and stays in ``ledger``, into which they were merged (KH359)."""
    for copy in copies:
        for key, title in sorted(copy.erased):
            row = ledger.typed.get(key)
            if row is not None and title in row.cells:
                what = f"{row.name} {row_said(scheme, *key[::2])}"
                found = as_seen(row.cells[title])
                where = {"file": copy.file, "field": key[2]}
                yield problem("KH359", unit=row.name, what=what, title=title, found=found, **where)
