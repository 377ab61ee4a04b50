"""Whose word an entry of a copy is: a department speaks for its items alone, the office for everything. Pure."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import situation
from kaohe_cli.ledger.authentic import row_said
from kaohe_cli.ledger.queries import CHECK
from kaohe_cli.ledger.record import SITUATION, CellKey, Ledger, TypedRow, item_of
from kaohe_cli.ledger.settle import COLUMNS
from kaohe_cli.naming import alike
from kaohe_cli.scheme.normalise import quoted
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell
from kaohe_cli.sheet.table import as_seen

VETO = frozenset(column.title for column in (situation.VETO, *situation.PROOF, CHECK))


class Beyond(Struct, frozen=True):
    """An entry of a copy that is not for its department to make."""

    row: TypedRow
    title: str
    cell: Cell
    owner: str  # whose it is; empty: the office's

    @property
    def place(self) -> CellKey:
        """Where it stands."""
        return self.row.key, self.title


def fresh(ledger: Ledger, copy: Ledger) -> Iterator[tuple[TypedRow, str, Cell]]:
    """What was typed into the input columns of ``copy`` that ``ledger`` does not have, or has otherwise."""
    inputs = {sheet: {column.title for column in columns.inputs} for sheet, columns in COLUMNS.items()}
    for key, row in copy.typed.items():
        held = ledger.cells(key)
        for title, cell in row.cells.items():
            new = title not in held or as_seen(held[title]) != as_seen(cell)
            if new and title in inputs[key[0]]:
                yield row, title, cell


def beyond(scheme: Scheme, ledger: Ledger, copy: Ledger) -> tuple[Beyond, ...]:
    """What is new in ``copy`` and not for its department to enter; where no 责任处室 is set, vetoes alone.

    A copy is of the department that its file is named after, else of the one whose items hold most of what is new.
    Vetoes are for the office alone.
    """
    new = [
        (row, title, cell, ledger.departments.get(item_of(scheme, row.key), ""))
        for row, title, cell in fresh(ledger, copy)
    ]
    whose = whose_copy(ledger, copy) or _most(owner for *_, owner in new)
    found = []
    for row, title, cell, owner in new:
        veto = row.key[0] == SITUATION and title in VETO
        if veto or owner not in ("", whose):
            found.append(Beyond(row, title, cell, owner))
    return tuple(found)


def whose_copy(ledger: Ledger, copy: Ledger) -> str:
    """The department that ``copy`` says it is of, or its file is named after; empty where that is not clear."""
    return copy.department or _named(copy.file, {name for name in ledger.departments.values() if name})


def _named(file: str, departments: set[str]) -> str:
    """The department that ``file`` is named after; empty where it is none, or it is not clear which."""
    found = [each for each in departments if alike(each) in alike(file)]
    longest = [each for each in found if not any(each != other and each in other for other in found)]
    return longest[0] if len(longest) == 1 else ""


def _most(owners: Iterator[str]) -> str:
    """The one that is there most often; empty where two are alike."""
    first, second = [*Counter(filter(None, owners)).most_common(2), ("", 0), ("", 0)][:2]
    return first[0] if first[1] > second[1] else ""


def not_taken(scheme: Scheme, file: str, each: Beyond) -> Problem:
    """That it is not taken without the office's word: KH345, KH346 of a veto."""
    sheet, _, id = each.row.key
    found = quoted(as_seen(each.cell))
    what = f"{each.row.name} {row_said(scheme, sheet, id)}".strip() or sheet
    where = {"sheet": each.row.sheet or sheet, "cell": each.row.places.get(each.title, "")}
    words = {"unit": each.row.name, "file": file, **where}
    if each.owner:
        return problem("KH345", what=what, title=each.title, found=found, expected=each.owner, field=id, **words)
    return problem("KH346", what=what, title=each.title, found=found, **words)
