"""Departments' copies of the ledger → one ledger. Where two say different things, neither is taken. Pure."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger.entries import Ledger, RowKey, TypedRow, settle
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
    keys = dict.fromkeys(key for each in (ledger, *others) for key in each.work)
    work: dict[RowKey, TypedRow] = {}
    rested: dict[RowKey, list[str]] = {}  # on what an entry rests in each copy that speaks for it, best first
    spare, problems = [*ledger.spare], list[Problem]()
    marked = [{open.key for open in each.open if open.standing == "review"} for each in (ledger, *others)]
    for key in keys:
        sources = [(each.file, each.work[key]) for each in (ledger, *others) if key in each.work]
        merged, apart = _merge([work for _, work in sources], mine=key in ledger.work)
        if merged is not None:
            held = key in ledger.work and ledger.work[key].mark == merged.mark
            same = sorted(
                (key in marks, each.work[key].basis or "")
                for each, marks in zip((ledger, *others), marked, strict=True)
                if key in each.work
                and each.work[key].mark == merged.mark
                # what came into a copy later answers nothing for points that a run has seen here
                and not (held and each is not ledger and each.work[key].together)
            )
            if same and merged.mark:
                rested[key] = [basis for _, basis in same]
                merged = replace(merged, basis=None)
            work[key] = merged
        spare += apart
        if apart:
            problems += _conflicts(ledger, key, sources)
    spare += [each for other in others for each in other.spare]
    columns = {
        sheet: tuple(dict.fromkeys(title for each in (ledger, *others) for title in each.columns.get(sheet, ())))
        for sheet in {sheet for each in (ledger, *others) for sheet in each.columns}
    }
    joined = replace(ledger, work=work, spare=_once(spare), columns=columns, sheets=_sheets((ledger, *others)))
    settled, wrong = settle(scheme, joined)
    stale = {
        key: replace(work[key], basis=bases[0] or None)
        for key, bases in rested.items()
        if settled.work[key].basis not in bases
    }
    if stale:
        settled, wrong = settle(scheme, replace(joined, work={**work, **stale}))
    return settled, (*problems, *wrong)


def _merge(works: list[TypedRow], *, mine: bool) -> tuple[TypedRow | None, list[TypedRow]]:
    """One entry out of several of the same key, and what contradicts it; the first counts where it is the office's."""
    said: dict[str, dict[str, Cell]] = {}  # title → text → cell
    for work in works:
        for title, cell in work.cells.items():
            said.setdefault(title, {}).setdefault(written(cell), cell)
    first = works[0]
    cells: dict[str, Cell] = {}
    for title, texts in said.items():
        if mine and title in first.cells:
            cells[title] = first.cells[title]
        elif len(texts) == 1:
            cells[title] = next(iter(texts.values()))
    apart = []
    for work in works[1:] if mine else works:
        held = {title: cell for title, cell in work.cells.items() if written(cell) != written(cells.get(title))}
        if held:
            apart.append(TypedRow(work.key, held, work.name, {}, work.basis))
    return (replace(first, cells=cells) if cells else None), apart


def _conflicts(ledger: Ledger, key: RowKey, sources: list[tuple[str, TypedRow]]) -> Iterable[Problem]:
    sheet, code, id = key
    name = next((case.unit.name for case in ledger.cases if case.unit.code == code), code)
    places: Mapping[str, str] = ledger.work[key].places if key in ledger.work else {}
    for title in dict.fromkeys(title for _, work in sources for title in work.cells):
        said = [(file, written(work.cells[title])) for file, work in sources if title in work.cells]
        if len({text for _, text in said}) > 1:
            yield problem(
                "KH312", unit=name, file=ledger.file, sheet=sheet, cell=places.get(title, ""), field=id,
                what=f"{name} {id}".strip(), title=title, found="、".join(f"{file}“{text}”" for file, text in said),
            )  # fmt: skip


def _once(works: Iterable[TypedRow]) -> tuple[TypedRow, ...]:
    """Each entry once, however many copies hold it."""
    found: dict[tuple[RowKey, tuple[tuple[str, str], ...]], TypedRow] = {}
    for work in works:
        found.setdefault((work.key, tuple((title, written(cell)) for title, cell in work.cells.items())), work)
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
