"""What contradicts an entry of the ledger, and what has no row any more, as their sheets had it."""

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import lists
from kaohe_cli.ledger.record import RowKey, TypedRow, is_known
from kaohe_cli.ledger.settle import COLUMNS
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.table import Tabular, written


class Telling(Struct, frozen=True):
    """What it takes to tell that something is still to be decided."""

    scheme: Scheme
    file: str
    codes: Collection[str]  # of the units

    def known(self, key: RowKey) -> bool:
        """Whether there is a row for ``key``."""
        return is_known(self.scheme, self.codes, key)

    def undecided(self, sheet: str, row: TypedRow) -> Problem:
        """That ``row`` of ``sheet`` is (KH315)."""
        said = "、".join(f"{title}“{written(cell)}”" for title, cell in row.cells.items())
        said += f"（{row.file}）" if row.file else ""
        where = {"file": self.file, "sheet": sheet, "cell": next(iter(row.places.values()))}
        what = f"{row.name} {row.key[2]}".strip() or row.key[0]
        return problem("KH315", unit=row.name, field=row.key[2], found=said, what=what, **where)


class Apart(Struct):
    """What contradicts an entry, and what did until the office decided; grows as the sheets are read."""

    contradicting: list[TypedRow]
    decided: list[TypedRow] = []

    def unplaced(self, table: Tabular, typed: dict[RowKey, TypedRow], tell: Telling) -> Iterator[Problem]:
        """已无对应: what has no other entry beside it goes to ``typed``, whether it has a row again or not."""
        for row in lists.read_unplaced(table, COLUMNS):
            held = typed.get(row.key)
            if held is None and not tell.known(row.key):
                typed[row.key] = replace(row, places={})
            elif held is None or any(
                written(held.cells.get(title)) != written(cell) for title, cell in row.cells.items()
            ):
                yield from self._waits(table.sheet, row, tell)

    def conflicts(self, table: Tabular, typed: dict[RowKey, TypedRow], tell: Telling) -> Iterator[Problem]:
        """不一致: decided is what was told so, and what the row itself was filled in for since."""
        for each in lists.read_conflicts(table, COLUMNS):
            held = typed.get(each.typed.key)
            if each.decided(written(held.cells.get(each.title)) if held else ""):
                self.decided.append(replace(each.typed, places={}))
            else:
                yield from self._waits(table.sheet, each.typed, tell)

    def _waits(self, sheet: str, row: TypedRow, tell: Telling) -> Iterator[Problem]:
        self.contradicting.append(replace(row, places={}, file=row.file or tell.file))
        if tell.known(row.key):
            yield tell.undecided(sheet, row)
