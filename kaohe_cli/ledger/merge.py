"""Departments' copies of the ledger → one ledger. Where two say different things, neither is taken. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import issued, registers, reviews
from kaohe_cli.ledger.account import Account, account
from kaohe_cli.ledger.authentic import BLANK, row_said
from kaohe_cli.ledger.comments import with_copies
from kaohe_cli.ledger.detail import JUDGE
from kaohe_cli.ledger.queries import CHECK
from kaohe_cli.ledger.record import REGISTER, REVIEWS, CellKey, Ledger, RowKey, TypedRow
from kaohe_cli.ledger.remit import beyond, not_taken
from kaohe_cli.ledger.settle import COLUMNS, placing, settle
from kaohe_cli.naming import LISTED
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind, Sheet
from kaohe_cli.sheet.table import as_seen


class Merged(Struct, frozen=True):
    """The ledger after a merge, what is wrong with that, and what came of each copy."""

    ledger: Ledger
    problems: tuple[Problem, ...]
    accounts: tuple[Account, ...]  # in the order of the copies


def merge(scheme: Scheme, ledger: Ledger, copies: Sequence[Ledger], accepted: Collection[str] = ()) -> Merged:
    """``ledger`` with what was typed into ``copies``, and every contradiction (KH312), cell by cell.

    What is not for a copy's department to enter is not taken (KH345, KH346), unless its file is ``accepted``. What
    stands in ``ledger`` stays; a contradicting entry is kept apart and keeps the result from being final. What was
    decided once is not asked again. An entry keeps the basis it has in its own copy: points and a 核定值 that they
    read, typed into two copies, are 需复核, for neither of those who typed them saw the other. Where several copies
    hold the same entry, one in which it rests on what the merged ledger shows speaks for it. ``scheme`` has the
    readings of ``ledger`` in force.
    """
    whole = copies
    heard = [issued.heard(ledger, copy, copy.file in accepted) for copy in copies]
    copies = [copy for copy, _ in heard]
    problems = [found for _, left in heard for found in left]
    refused = [() if copy.file in accepted else beyond(scheme, ledger, copy) for copy in copies]
    problems += (
        not_taken(scheme, copy.file, each) for copy, found in zip(copies, refused, strict=True) for each in found
    )
    places = [frozenset(each.place for each in found) for found in refused]
    office = ledger
    open = frozenset((row.key, title) for row in ledger.contradicting for title in row.cells)
    ledger, renewed = issued.renewed(scheme, ledger, copies, places, open)
    known = _Known(office, ledger, renewed)
    others = [
        replace(
            copy,
            typed=dict(known.offered(copy, left)),
            contradicting=tuple(known.contradicting(copy)),
            sheets=tuple(each for each in copy.sheets if each.name not in (REGISTER, REVIEWS)),
        )
        for copy, left in zip(copies, places, strict=True)
    ]
    # a blank cell in which departments contradicted each other is filled by the one whose it is
    filled = frozenset(
        cell for copy in others for cell in open & copy.asked
        if cell[1] in copy.cells(cell[0]) and cell[1] not in ledger.cells(cell[0])
    )  # fmt: skip
    placed = placing(scheme, ledger)
    tell = _Conflicts(scheme, office, placed)
    # of what two have changed in different ways, what was there stays
    was = {cell: office.cells(cell[0])[cell[1]] for cell in renewed}
    rows, rested, apart, conflicts = _joined(scheme, ledger, others, open - filled, was, tell)
    for copy in others:
        for row in copy.contradicting:
            cells = {title: cell for title, cell in row.cells.items() if _is_other(rows.get(row.key), title, cell)}
            if cells:
                row = replace(row, cells=cells)
                apart.append(row)
                conflicts += tell.between((row,), ((row.file, row),))
    problems += (*conflicts, *issued.kept(scheme, replace(ledger, typed=rows), copies))
    columns = {
        sheet: tuple(dict.fromkeys(title for each in (ledger, *others) for title in each.columns.get(sheet, ())))
        for sheet in {sheet for each in (ledger, *others) for sheet in each.columns}
    }
    rows = {key: placed(row) for key, row in rows.items()}
    taken = {(key, title) for key, title in filled if key in rows and title in rows[key].cells}
    apart, decided = _decided(apart, taken)
    problems += reviews.lost(ledger, copies)
    noted, found, odd = registers.merge(scheme, ledger, copies, accepted)
    problems += odd
    joined = replace(
        ledger, typed=rows, contradicting=_once(apart), decided=(*ledger.decided, *decided), columns=columns,
        sheets=_sheets((noted, *others)), altered=(), merged=issued.merged(ledger, whole),
    )  # fmt: skip
    joined = with_copies(scheme, joined, others)
    settled, wrong = settle(scheme, joined)
    stale = {
        key: replace(rows[key], basis=bases[0] or None)
        for key, bases in rested.items()
        if settled.typed[key].basis not in bases
    }
    if stale:
        settled, wrong = settle(scheme, replace(joined, typed={**joined.typed, **stale}))
    accounts = tuple(
        account(office, rows, replace(copy, contradicting=other.contradicting), left, each.changed.count)
        for copy, other, left, each in zip(copies, others, places, found, strict=True)
    )
    return Merged(settled, (*problems, *wrong), accounts)


class _Known:
    """What the office has, or knows of already."""

    def __init__(self, office: Ledger, ledger: Ledger, renewed: Collection[CellKey]) -> None:
        self._office = office
        self._held = ledger.typed
        self._renewed = renewed  # of which what is said now is said anew
        self._told = {
            (row.key, title, as_seen(cell))
            for row in (*ledger.contradicting, *ledger.decided)
            for title, cell in row.cells.items()
        }

    def offered(self, copy: Ledger, left: Collection[CellKey]) -> Iterator[tuple[RowKey, TypedRow]]:
        """The entries of ``copy``, but for those ``left`` aside and those that were told before."""
        for key, row in copy.typed.items():
            cells = {
                title: cell
                for title, cell in row.cells.items()
                if (key, title) not in left and not self._is_told(copy, row, title, cell)
            }
            if cells:
                yield key, row if len(cells) == len(row.cells) else replace(row, cells=cells)

    def contradicting(self, copy: Ledger) -> Iterator[TypedRow]:
        """What is to be decided in ``copy`` and was not told before."""
        for row in copy.contradicting:
            cells = {title: cell for title, cell in row.cells.items() if not self._is_told(copy, row, title, cell)}
            if cells:
                yield replace(row, cells=cells)

    def _is_told(self, copy: Ledger, row: TypedRow, title: str, cell: Cell) -> bool:
        held, place = self._held.get(row.key), (row.key, title)
        if place in self._renewed:  # what stood there speaks no more, in whatever copy it stands
            return as_seen(self._office.cells(row.key)[title]) == as_seen(cell)
        if place in copy.asked and (held is None or title not in held.cells):
            return False
        return _is_other(held, title, cell) and (row.key, title, as_seen(cell)) in self._told


def _is_other(held: TypedRow | None, title: str, cell: Cell) -> bool:
    return held is None or title not in held.cells or as_seen(held.cells[title]) != as_seen(cell)


def _decided(apart: Iterable[TypedRow], cells: Collection[CellKey]) -> tuple[list[TypedRow], list[TypedRow]]:
    """What is still ``apart``, and what is not any more, since its ``cells`` are filled."""
    still, decided = list[TypedRow](), list[TypedRow]()
    for row in apart:
        for found, settled in ((still, False), (decided, True)):
            held = {title: cell for title, cell in row.cells.items() if ((row.key, title) in cells) is settled}
            if held:
                found.append(replace(row, cells=held))
    return still, decided


def _joined(
    scheme: Scheme,
    ledger: Ledger,
    others: Sequence[Ledger],
    doubted: Collection[CellKey],
    was: Mapping[CellKey, Cell],
    tell: "_Conflicts",
) -> tuple[dict[RowKey, TypedRow], dict[RowKey, list[str]], list[TypedRow], list[Problem]]:
    """The entries of all, on what each rests where it speaks for itself (best first), and what contradicts them."""
    rows: dict[RowKey, TypedRow] = {}
    rested: dict[RowKey, list[str]] = {}
    apart, problems = [*ledger.contradicting], list[Problem]()
    marked = [{open.key for open in each.open if open.standing == "review"} for each in (ledger, *others)]
    for key in dict.fromkeys(key for each in (ledger, *others) for key in each.typed):
        sources = [(each.file, each.typed[key]) for each in (ledger, *others) if key in each.typed]
        shared = (JUDGE.title,) if issued.is_shared(scheme, key, JUDGE.title) else ()
        merged, left = _merge(sources, mine=key in ledger.typed, doubted=doubted, was=was, shared=shared)
        if merged is not None:
            entered = COLUMNS[key[0]].entered
            held = key in ledger.typed and entered(ledger.typed[key]) == entered(merged)
            same = sorted(
                (key in marks, each.typed[key].basis or "")
                for each, marks in zip((ledger, *others), marked, strict=True)
                if key in each.typed
                and entered(issued.as_came(each, each.typed[key], merged)) == entered(merged)
                # what came into a copy later answers nothing for points that a run has seen here
                and not (held and each is not ledger and each.typed[key].together)
            )
            if same and entered(merged):
                rested[key] = [basis for _, basis in same]
                merged = replace(merged, basis=None)
            rows[key] = merged
        apart += left
        if left:
            problems += tell.between(left, sources)
    return rows, rested, apart, problems


def _merge(
    sources: Sequence[tuple[str, TypedRow]],
    *,
    mine: bool,
    doubted: Collection[CellKey],
    was: Mapping[CellKey, Cell],
    shared: Collection[str],
) -> tuple[TypedRow | None, list[TypedRow]]:
    """One entry out of several of the same key, and what contradicts it; the first counts where it is the office's.

    Into ``doubted`` cells nothing comes but what the office itself puts there. ``shared`` are the titles of cells in
    which several people name themselves, each in a copy of his own; ``was`` is what stays where they do not agree.
    """
    rows = [row for _, row in sources]
    said: dict[str, dict[str, Cell]] = {}  # title → text → cell
    for row in rows:
        for title, cell in row.cells.items():
            said.setdefault(title, {}).setdefault(as_seen(cell), cell)
    first = rows[0]
    cells: dict[str, Cell] = {}
    for title, texts in said.items():
        if title in shared:
            cells[title] = _names(texts)
        elif mine and title in first.cells:
            cells[title] = first.cells[title]
        elif len(texts) == 1 and (first.key, title) not in doubted:
            cells[title] = next(iter(texts.values()))
        elif (first.key, title) in was:
            cells[title] = was[first.key, title]
    apart = []
    for file, row in sources[1:] if mine else sources:
        held = {
            title: cell
            for title, cell in row.cells.items()
            if title not in shared and as_seen(cell) != as_seen(cells.get(title))
        }
        if held:
            apart.append(TypedRow(row.key, held, row.name, basis=row.basis, file=file))
    check = cells.get(CHECK.title)
    speaks = (row.checked for row in rows if check is not None and not _is_other(row, CHECK.title, check))
    return (replace(first, cells=cells, checked=next(speaks, None)) if cells else None), apart


def _names(texts: Mapping[str, Cell]) -> Cell:
    """All names in ``texts``, each once."""
    if len(texts) == 1:
        return next(iter(texts.values()))
    return Cell(CellKind.TEXT, "、".join(dict.fromkeys(name for text in texts for name in LISTED.split(text) if name)))


class _Conflicts(Struct, frozen=True):
    """Tells what files say against each other."""

    scheme: Scheme
    ledger: Ledger
    placed: Callable[[TypedRow], TypedRow]

    def between(self, left: Sequence[TypedRow], sources: Sequence[tuple[str, TypedRow]]) -> Iterator[Problem]:
        """Every cell that is ``left`` undecided: who says what in it, the office first, though it say nothing."""
        sheet, code, id = key = left[0].key
        office, held = self.ledger.file, self.ledger.typed.get(key)
        name = next((case.unit.name for case in self.ledger.cases if case.unit.code == code), code)
        places = {title: cell for row in left for title, cell in self.placed(row).places.items()}
        for title in dict.fromkeys(title for row in left for title in row.cells):
            said = [(file, as_seen(row.cells[title])) for file, row in sources if title in row.cells]
            if held is not None and title in held.cells:
                said = [(office, as_seen(held.cells[title])), *(each for each in said if each[0] != office)]
            elif len(said) == 1:
                said = [(office, ""), *said]
            yield problem(
                "KH312", unit=name, file=office, sheet=sheet, cell=places.get(title, ""), field=id,
                what=f"{name} {row_said(self.scheme, sheet, id)}".strip() or sheet, title=title,
                found="、".join(f"{file}“{text}”" if text else f"{file}{BLANK}" for file, text in said),
            )  # fmt: skip


def _once(rows: Iterable[TypedRow]) -> tuple[TypedRow, ...]:
    """Each entry once, however many copies hold it, with the names of all of them."""
    found: dict[tuple[RowKey, tuple[tuple[str, str], ...]], TypedRow] = {}
    for row in rows:
        key = row.key, tuple((title, as_seen(cell)) for title, cell in row.cells.items())
        first = found.setdefault(key, row)
        if row.file not in first.file.split("、"):
            found[key] = replace(first, file="、".join(filter(None, (first.file, row.file))))
    return tuple(found.values())


def _sheets(ledgers: Iterable[Ledger]) -> tuple[Sheet, ...]:
    """The sheets that people added anywhere; one of the same name and other content gets a name of its own."""
    found: dict[str, Sheet] = {}
    for ledger in ledgers:
        for sheet in ledger.sheets:
            name, count = sheet.name, 1
            while name in found and found[name].cells != sheet.cells:
                count += 1
                mark = f"（{count}）"
                name = f"{sheet.name[: 31 - len(mark)]}{mark}"
            found.setdefault(name, replace(sheet, name=name))
    return tuple(found.values())
