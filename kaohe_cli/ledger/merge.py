"""Departments' copies of the ledger → one ledger. Where two say different things, neither is taken. Pure."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.record import Ledger, RowKey, TypedRow
from kaohe_cli.ledger.settle import COLUMNS, settle
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, Sheet
from kaohe_cli.sheet.table import written


def merge(scheme: Scheme, ledger: Ledger, others: Iterable[Ledger]) -> tuple[Ledger, tuple[Problem, ...]]:
    """``ledger`` with what was typed into ``others``, and every contradiction (KH312), cell by cell.

    What stands in ``ledger`` stays; a contradicting entry is kept apart and keeps the result from being final. An
    entry keeps the basis it has in its own copy: points and a 核定值 that they read, typed into two copies, are 需复核,
    for neither of those who typed them saw the other. Where several copies hold the same entry, one in which it rests
    on what the merged ledger shows speaks for it. ``scheme`` has the readings of ``ledger`` in force.
    """
    others = tuple(others)
    keys = dict.fromkeys(key for each in (ledger, *others) for key in each.typed)
    rows: dict[RowKey, TypedRow] = {}
    rested: dict[RowKey, list[str]] = {}  # on what an entry rests in each copy that speaks for it, best first
    apart, problems = [*ledger.contradicting], list[Problem]()
    marked = [{open.key for open in each.open if open.standing == "review"} for each in (ledger, *others)]
    for key in keys:
        sources = [(each.file, each.typed[key]) for each in (ledger, *others) if key in each.typed]
        merged, left = _merge([row for _, row in sources], mine=key in ledger.typed)
        if merged is not None:
            entered = COLUMNS[key[0]].entered
            held = key in ledger.typed and entered(ledger.typed[key]) == entered(merged)
            same = sorted(
                (key in marks, each.typed[key].basis or "")
                for each, marks in zip((ledger, *others), marked, strict=True)
                if key in each.typed
                and entered(each.typed[key]) == entered(merged)
                # what came into a copy later answers nothing for points that a run has seen here
                and not (held and each is not ledger and each.typed[key].together)
            )
            if same and entered(merged):
                rested[key] = [basis for _, basis in same]
                merged = replace(merged, basis=None)
            rows[key] = merged
        apart += left
        if left:
            problems += _conflicts(ledger, key, sources)
    apart += [each for other in others for each in other.contradicting]
    columns = {
        sheet: tuple(dict.fromkeys(title for each in (ledger, *others) for title in each.columns.get(sheet, ())))
        for sheet in {sheet for each in (ledger, *others) for sheet in each.columns}
    }
    joined = replace(ledger, typed=rows, contradicting=_once(apart), columns=columns, sheets=_sheets((ledger, *others)))
    settled, wrong = settle(scheme, joined)
    stale = {
        key: replace(rows[key], basis=bases[0] or None)
        for key, bases in rested.items()
        if settled.typed[key].basis not in bases
    }
    if stale:
        settled, wrong = settle(scheme, replace(joined, typed={**rows, **stale}))
    return settled, (*problems, *wrong)


def _merge(rows: list[TypedRow], *, mine: bool) -> tuple[TypedRow | None, list[TypedRow]]:
    """One entry out of several of the same key, and what contradicts it; the first counts where it is the office's."""
    said: dict[str, dict[str, Cell]] = {}  # title → text → cell
    for row in rows:
        for title, cell in row.cells.items():
            said.setdefault(title, {}).setdefault(written(cell), cell)
    first, *others = rows
    cells: dict[str, Cell] = {}
    for title, texts in said.items():
        if mine and title in first.cells:
            cells[title] = first.cells[title]
        elif len(texts) == 1:
            cells[title] = next(iter(texts.values()))
    apart = []
    for row in others if mine else rows:
        held = {title: cell for title, cell in row.cells.items() if written(cell) != written(cells.get(title))}
        if held:
            apart.append(TypedRow(row.key, held, row.name, {}, row.basis))
    return (replace(first, cells=cells) if cells else None), apart


def _conflicts(ledger: Ledger, key: RowKey, sources: list[tuple[str, TypedRow]]) -> Iterable[Problem]:
    sheet, code, id = key
    name = next((case.unit.name for case in ledger.cases if case.unit.code == code), code)
    places: Mapping[str, str] = ledger.typed[key].places if key in ledger.typed else {}
    for title in dict.fromkeys(title for _, row in sources for title in row.cells):
        said = [(file, written(row.cells[title])) for file, row in sources if title in row.cells]
        if len({text for _, text in said}) > 1:
            yield problem(
                "KH312", unit=name, file=ledger.file, sheet=sheet, cell=places.get(title, ""), field=id,
                what=f"{name} {id}".strip() or sheet, title=title,
                found="、".join(f"{file}“{text}”" for file, text in said),
            )  # fmt: skip


def _once(rows: Iterable[TypedRow]) -> tuple[TypedRow, ...]:
    """Each entry once, however many copies hold it."""
    found: dict[tuple[RowKey, tuple[tuple[str, str], ...]], TypedRow] = {}
    for row in rows:
        found.setdefault((row.key, tuple((title, written(cell)) for title, cell in row.cells.items())), row)
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
