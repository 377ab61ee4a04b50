"""The ledger's workbook → the ledger: everything is found by its header and its key, whatever people did to it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from kaohe_cli.catalogue import CATALOGUE, SEVERITY_WORDS
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import heading
from kaohe_cli.ledger.entries import INVALID, Ledger, RowKey, TypedRow, is_known, resting_on, settle
from kaohe_cli.ledger.writer import HOMELESS_COLUMNS, PROBLEM_COLUMNS, SOURCE_COLUMNS
from kaohe_cli.model import STATUS_WORDS, Case, Entry, Mark, Origin, Source, Status, Unit, Value
from kaohe_cli.naming import alike, plain_name, printed_name, unfit
from kaohe_cli.points import number, plain
from kaohe_cli.scheme import fields
from kaohe_cli.scheme.load import SchemeError, under
from kaohe_cli.scheme.normalise import LONGEST, quoted
from kaohe_cli.scheme.scheme import PERIOD, Scheme
from kaohe_cli.sheet import reader
from kaohe_cli.sheet.book import Book, Cell, CellKind, address
from kaohe_cli.sheet.table import NO_RESULT, Head, Tabular, find, rows_of, stands, written

NEEDED: Mapping[str, tuple[str, ...]] = {
    heading.SITUATION: (heading.CODE, heading.NAME, heading.STATUS, heading.VETO),
    heading.DETAIL: (heading.CODE, heading.CRITERION, heading.SELF, *heading.INPUTS[heading.DETAIL]),
    heading.FIGURES: (
        heading.CODE,
        heading.MEASURE,
        heading.FIGURE,
        heading.REPORTED,
        *heading.INPUTS[heading.FIGURES],
    ),
}
STATUSES: Mapping[str, Status] = {word: status for status, word in STATUS_WORDS.items()}

NOT_VETOED = "否"
ERROR = re.compile(r"#N/A|#[A-Z0-9/]+[!?]|Err:\d+")  # of Excel and WPS, and of LibreOffice
EMPTY = "KH034"  # many cells with a format and nothing else: the ledger is made that way

Showing = Callable[[Head, Mapping[int, Cell]], str]
ReadLedger = tuple[Ledger | None, tuple[Problem, ...]]


class Except(Collection[str]):
    """All names but those given."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __contains__(self, name: object) -> bool:
        return name not in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read(scheme: Scheme, path: Path) -> ReadLedger:
    """The ledger at ``path``, settled by the readings that it names, and what is wrong in it.

    None where it cannot be read whole: what is missing or doubtful in its frame is never guessed.
    """
    ledger, framed, wrong = _read(scheme, path)
    return ledger, framed + wrong


def read_previous(scheme: Scheme, path: Path) -> ReadLedger:
    """As :func:`read`, for a ledger to be written anew: what is wrong with its entries is told then, and not here."""
    ledger, framed, _ = _read(scheme, path)
    return ledger, framed


def _read(scheme: Scheme, path: Path) -> tuple[Ledger | None, tuple[Problem, ...], tuple[Problem, ...]]:
    """The ledger, what is wrong with its frame, and what is wrong with its entries."""
    # what is large is read row by row, and what can be worked out again not at all
    large = Except(heading.DETAIL, heading.FIGURES, heading.PROGRESS)
    book, problems = reader.read(path, reader.LARGE_LIMITS, large)
    if book is None:
        return None, problems, ()
    reading = LedgerReading(scheme, path, book)
    reading.problems += (found for found in problems if found.code != EMPTY)
    for step in (reading.sources, reading.situation, reading.figures, reading.detail, reading.rest):
        step()
        if reading.broken:
            return None, tuple(reading.problems), ()
    ledger, wrong = settle(reading.scheme, reading.ledger())
    return ledger, tuple(reading.problems), wrong


class LedgerReading:
    """A ledger as far as it was read."""

    def __init__(self, scheme: Scheme, path: Path, book: Book) -> None:
        self.scheme = scheme
        self.path = path
        self.book = book
        self.file = book.file
        self.problems: list[Problem] = []
        self.broken = False
        self.digest = ""
        self.settings = ""
        self.made: list[Source] = []
        self.approvals: dict[str, tuple[str, str]] = {}
        self.departments: dict[str, str] = {}
        self.told: list[Problem] = []
        self.cases: dict[str, Case] = {}
        self.reported: dict[str, dict[str, Entry]] = {}
        self.work: dict[RowKey, TypedRow] = {}
        self.spare: list[TypedRow] = []
        self.columns: dict[str, tuple[str, ...]] = {}
        self._verified: set[str] = set()  # units with a 核定值 that was entered, or erased, since the last run
        self._names: dict[str, str] = {}  # one text for each name of file or sheet, however often it is told

    def ledger(self) -> Ledger:
        """What was read, nothing worked out yet."""
        return Ledger(
            self.scheme.id, self.digest, self.scheme.readings, self.approvals, self.departments, self.settings,
            tuple(replace(case, reported=self.reported[code]) for code, case in self.cases.items()),
            tuple(self.told), tuple(self.made), self.work, tuple(self.spare), self.columns,
            tuple(sheet for sheet in self.book.sheets if sheet.name not in heading.OWN and sheet.cells), file=self.file,
        )  # fmt: skip

    def _fail(self, code: str, **words: str) -> None:
        self.problems.append(problem(code, file=self.file, **words))
        self.broken = True

    def _table(
        self, name: str, needed: tuple[str, ...], also: tuple[str, ...], rows: Iterator[tuple[int, Mapping[int, Cell]]]
    ) -> Tabular | None:
        table, problems = find(self.file, name, rows, needed, also)
        self.problems += problems
        self.broken = self.broken or table is None
        return table

    def _small(self, name: str, needed: tuple[str, ...], also: tuple[str, ...] = ()) -> Tabular | None:
        sheet = self.book.sheet(name)
        if sheet is None:
            self._fail("KH309", reason=f"没有工作表“{name}”")
            return None
        return self._table(name, needed, also, rows_of(sheet))

    def _large(self, name: str, rows: reader.SheetRows) -> Tabular | None:
        table = self._table(name, NEEDED[name], heading.TITLES[name], iter(rows))
        if table is None and rows.problems:
            # the sheet could not be read at all: that no header was found follows from it
            self.problems = [found for found in self.problems if found.code != "KH301" or found.sheet != name]
            self.problems += rows.problems
        return table

    # ── 来源 ────────────────────────────────────────────────────────────────────────────────────────────

    def sources(self) -> None:
        """The scheme, the readings in force and the files."""
        titles = tuple(column.title for column in SOURCE_COLUMNS)
        table = self._small(heading.SOURCES, titles[:2], titles[2:])
        if table is None:
            return
        for _, cells in table.rows:
            role, name, size, sha256, value, approver, day = (table.head.text(cells, title) for title in titles)
            if role:
                known = size.isdecimal() and len(size) <= LONGEST
                self.made.append(Source(role, name, int(size) if known else None, sha256, value))
            if role == "口径" and (approver or day):
                self.approvals[name] = approver, day
        by_role: dict[str, list[Source]] = {}
        for source in self.made:
            by_role.setdefault(source.role, []).append(source)
        schemes = by_role.get("方案", [])
        if not schemes or schemes[0].name != self.scheme.id:
            found = schemes[0].name if schemes else "（未写明）"
            self._fail("KH310", sheet=heading.SOURCES, found=found, expected=self.scheme.id)
            return
        self.digest = schemes[0].sha256
        if self.digest != self.scheme.digest:
            self.problems.append(problem("KH311", file=self.file, sheet=heading.SOURCES))
        self.settings = next((source.name for source in by_role.get("设置", ())), "")
        try:
            self.scheme = under(self.scheme, {source.name: source.value for source in by_role.get("口径", ())})
        except SchemeError as error:
            self.problems += error.problems
            self.broken = True

    # ── 单位情况 ────────────────────────────────────────────────────────────────────────────────────────

    def situation(self) -> None:
        """The units and how they stand."""
        table = self._small(heading.SITUATION, NEEDED[heading.SITUATION], heading.TITLES[heading.SITUATION])
        if table is None:
            return
        kinds = {unit.code: unit.kind for unit in self.scheme.units}
        take = self._taking(table)
        for row, cells in table.rows:
            titles = (heading.CODE, heading.NAME, heading.STATUS, heading.RETURN, heading.KIND, heading.BUREAU)
            code, name, status, file, kind, bureau = (table.head.text(cells, title) for title in titles)
            name, kind, bureau = map(printed_name, (name, kind, bureau))
            if code and code not in self.cases:
                self._named(table.origin(row, heading.NAME), name)
            if code and code not in self.cases and status in STATUSES:
                day = cells.get(table.head.columns.get(heading.FILLED, 0))
                self.cases[code] = Case(
                    Unit(code, name, kind or kinds.get(code, ""), bureau), STATUSES[status], {}, file=file,
                    filled=day.value if day is not None and isinstance(day.value, date) else None,
                )  # fmt: skip
                said = (fields.FILER.name, heading.FILER), (fields.PHONE.name, heading.PHONE), (PERIOD, heading.PERIOD)
                self.reported[code] = {
                    name: Entry(text) for name, title in said if (text := table.head.text(cells, title))
                }
                filled = self.cases[code].filled
                if filled is not None:
                    self.reported[code][fields.DATE.name] = Entry(filled)
            elif code and code not in self.cases:
                cell = table.origin(row, heading.STATUS).cell
                self._fail("KH314", sheet=heading.SITUATION, cell=cell, what=name, title=heading.STATUS, found=status)
            take(row, cells, "")
        if not self.cases and not self.broken:
            self._fail("KH309", sheet=heading.SITUATION, reason="“单位情况”中没有单位")

    def _named(self, place: Origin, name: str) -> None:
        """Refuse the name of a unit that can be no file's, or that another unit has."""
        taken = {alike(case.unit.name) for case in self.cases.values()}
        wrong = (
            "不能与别的单位相同（大小写、全角半角不同也算相同）" if alike(name) in taken else unfit(plain_name(name))
        )
        if wrong:
            self._fail("KH316", unit=name, sheet=place.sheet, cell=place.cell, found=name, expected=wrong)

    # ── 数据核定 ────────────────────────────────────────────────────────────────────────────────────────

    def figures(self) -> None:
        """What was reported and what was verified."""
        rows = reader.rows(self.path, heading.FIGURES)
        table = self._large(heading.FIGURES, rows)
        if table is None:
            return
        head = table.head
        named = {(each.title, each.label): name for name, each in self.scheme.names.items()}
        take = self._taking(table, _reported)
        for row, cells in table.rows:
            said = head.text(cells, heading.MEASURE), head.text(cells, heading.FIGURE)
            figure = named.get(said, "")
            key = take(row, cells, figure or "·".join(said).strip("·"))
            mine = self.reported.get(key[1])
            if mine is None or not figure:
                continue
            origin = self._origin(head.text(cells, heading.ORIGIN))
            entry = self._figure(table, row, cells.get(head.columns[heading.REPORTED]), figure, key[1], origin)
            if entry is not None:
                mine.setdefault(figure, entry)
            material = head.text(cells, heading.MATERIAL)
            if material:
                mine.setdefault(f"{figure.partition('.')[0]}.evidence", Entry(material))
        self._done(rows)

    def _done(self, rows: reader.SheetRows) -> None:
        """Nothing of a sheet is taken where not all of it could be read."""
        self.problems += (found for found in rows.problems if found.code != EMPTY)
        self.broken = self.broken or any(found.severity == "error" for found in rows.problems)

    def _figure(
        self, table: Tabular, row: int, cell: Cell | None, figure: str, code: str, origin: Origin | None
    ) -> Entry | None:
        text = written(cell)
        if cell is None or (not text and cell.kind is CellKind.TEXT):
            return None
        value: Value | None = None
        if isinstance(cell.value, Decimal):
            value = cell.value
        else:
            value = _marks(self.scheme.names[figure].done).get(text) or (
                number(text.replace(",", "")) if text else None
            )
        if isinstance(value, Decimal) and not _workable(value):
            value, text = None, quoted(text)
        if value is None and text != INVALID:
            place = table.origin(row, heading.REPORTED)
            what = f"{self.cases[code].unit.name} {self.scheme.names[figure].title}·{self.scheme.names[figure].label}"
            self.problems.append(
                problem(
                    "KH314", unit=self.cases[code].unit.name, file=place.file, sheet=place.sheet, cell=place.cell,
                    field=figure, found=text, what=what, title=heading.REPORTED,
                )
            )  # fmt: skip
        return Entry(value, origin, value is None)

    def _origin(self, text: str) -> Origin | None:
        file, bar, place = text.rpartition("|")
        if not bar:
            return None
        sheet, _, cell = place.rpartition("!")
        return Origin(self._names.setdefault(file, file), self._names.setdefault(sheet, sheet), cell)

    # ── 评分明细 ────────────────────────────────────────────────────────────────────────────────────────

    def detail(self) -> None:
        """Self-scores and what was awarded."""
        rows = reader.rows(self.path, heading.DETAIL)
        table = self._large(heading.DETAIL, rows)
        if table is None:
            return
        take = self._taking(table, _rests)
        for row, cells in table.rows:
            id = table.head.text(cells, heading.CRITERION)
            key = take(row, cells, id)
            criterion = self.scheme.criteria.get(id)
            if criterion is None:
                continue
            item = self.scheme.item_of[id].id
            department = table.head.text(cells, heading.DEPARTMENT)
            if department:
                self.departments.setdefault(item, department)
            mine = self.reported.get(key[1])
            if mine is not None and criterion.judged:
                cell = cells.get(table.head.columns[heading.SELF])
                if written(cell):
                    value = number(written(cell))
                    value = value if value is not None and _workable(value) else None
                    mine.setdefault(f"{item}.self", Entry(value, None, value is None))
        self._done(rows)

    # ── what people typed, in any of the three ──────────────────────────────────────────────────────────

    def _taking(self, table: Tabular, shows: Showing | None = None) -> Callable[[int, Mapping[int, Cell], str], RowKey]:
        """Takes the rows of ``table`` one by one; ``shows`` tells what a row rests on."""
        head, sheet = table.head, table.sheet
        inputs = {title: head.columns[title] for title in heading.INPUTS[sheet] if title in head.columns}
        own = set(head.columns.values())
        added: dict[int, str] = {}
        for title, column in head.others:
            added[column] = title if title not in added.values() else f"{title}（{_letter(column)}列）"
        self.columns[sheet] = tuple(added.values())
        formulas: set[int] = set()

        def take(row: int, cells: Mapping[int, Cell], id: str) -> RowKey:
            key = (sheet, head.text(cells, heading.CODE), id)
            held = {title: _as_typed(cells[column]) for title, column in inputs.items() if stands(cells.get(column))}
            if sheet == heading.SITUATION and written(held.get(heading.VETO)) == NOT_VETOED:
                del held[heading.VETO]
            for column in cells:
                if column in own:
                    continue
                if column not in added:  # a column without a title
                    added[column] = f"（{_letter(column)}列）"
                    self.columns[sheet] = tuple(added.values())
                held[added[column]] = cells[column]
                if cells[column].formula and column not in formulas:
                    formulas.add(column)
                    where = {"file": self.file, "sheet": sheet, "cell": address(row, column)}
                    self.problems.append(problem("KH313", found=added[column], **where))
            places = {title: address(row, inputs[title]) for title in held if title in inputs}
            work = TypedRow(key, held, printed_name(head.text(cells, heading.NAME)), places)
            if sheet == heading.FIGURES and _is_new(head, cells, work):
                self._verified.add(work.key[1])
            if held:
                self._keep(self._based(head, cells, work, shows))
            return key

        return take

    def _based(self, head: Head, cells: Mapping[int, Cell], work: TypedRow, shows: Showing | None) -> TypedRow:
        """The entry of a row with what it rests on.

        Points and a 核定值 of the unit that were entered between the same two runs belong together, in whatever order
        they were typed. Under a scheme that changed since, what is there now is not what anyone saw.
        """
        if shows is None or heading.CONFIRMED in head.text(cells, heading.STATE):
            return work
        basis = shows(head, cells) or None
        if not _is_new(head, cells, work):
            return replace(work, basis=head.text(cells, heading.RESTED) or basis)
        sheet, code, _ = work.key
        if sheet == heading.DETAIL and code in self._verified and self.digest == self.scheme.digest:
            return replace(work, together=True)
        return replace(work, basis=basis)

    def _keep(self, work: TypedRow) -> None:
        """Keep an entry; a second one of the same key is kept apart."""
        first = self.work.get(work.key)
        if first is None:
            self.work[work.key] = work
            return
        differing = [title for title, cell in work.cells.items() if written(cell) != written(first.cells.get(title))]
        if not differing:
            return
        if all(title not in first.cells for title in differing):
            both = {**first.cells, **work.cells}
            self.work[work.key] = replace(first, cells=both, places={**first.places, **work.places})
            return
        self.spare.append(work)
        title = next(title for title in differing if title in first.cells)
        said = f"{title}“{written(first.cells[title])}”、“{written(work.cells[title])}”"
        self.problems.append(
            problem(
                "KH308", unit=work.name, file=self.file, sheet=work.key[0], cell=work.places.get(title, ""),
                field=work.key[2], found=said, what=f"{work.name} {work.key[2]}".strip(),
            )
        )  # fmt: skip

    # ── the rest ────────────────────────────────────────────────────────────────────────────────────────

    def rest(self) -> None:
        """What was wrong with the returns, and the entries that have no row."""
        if self.book.sheet(heading.PROBLEMS) is not None:
            self._read_problems()
        if self.book.sheet(heading.HOMELESS) is not None:
            self._read_homeless()

    def _read_problems(self) -> None:
        titles = tuple(column.title for column in PROBLEM_COLUMNS)
        table = self._small(heading.PROBLEMS, titles[:1], titles[1:])
        if table is None:
            return
        severities = {word: severity for severity, word in SEVERITY_WORDS.items()}
        for _, cells in table.rows:
            said = {title: table.head.text(cells, title) for title in titles}
            code, severity = said["编号"], severities.get(said["程度"])
            # those of the ledger itself are told anew
            if code in CATALOGUE and severity is not None and not code.startswith("KH3"):
                self.told.append(
                    Problem(
                        code, severity, said["问题"], said["改法"], printed_name(said[heading.NAME]), said["文件"],
                        said["工作表"], said["单元格"], said["代号"], said["实填"], said["应为"],
                    )
                )  # fmt: skip

    def _read_homeless(self) -> None:
        titles = tuple(column.title for column in HOMELESS_COLUMNS)
        table = self._small(heading.HOMELESS, titles, ())
        if table is None:
            return
        gathered: dict[RowKey, list[TypedRow]] = {}
        for row, cells in table.rows:
            sheet, code, name, id, title, _, _, basis = (table.head.text(cells, each) for each in titles)
            cell = cells.get(table.head.columns["内容"])
            if sheet not in heading.INPUTS or cell is None:
                continue
            works = gathered.setdefault((sheet, code, id), [])
            if not works or title in works[-1].cells:
                works.append(TypedRow((sheet, code, id), {}, printed_name(name), {}, basis or None))
            place = address(row, table.head.columns["内容"])
            works[-1] = replace(
                works[-1], cells={**works[-1].cells, title: cell}, places={**works[-1].places, title: place}
            )
        for work in (work for works in gathered.values() for work in works):
            held = self.work.get(work.key)
            known = is_known(self.scheme, self.cases, work.key)
            if held is None and not known:
                self.work[work.key] = replace(work, places={})
            elif held is None or any(
                written(held.cells.get(title)) != written(cell) for title, cell in work.cells.items()
            ):
                self.spare.append(replace(work, places={}))
                if known:
                    self._undecided(work)

    def _undecided(self, work: TypedRow) -> None:
        said = "、".join(f"{title}“{written(cell)}”" for title, cell in work.cells.items())
        self.problems.append(
            problem(
                "KH315", unit=work.name, file=self.file, sheet=heading.HOMELESS, cell=next(iter(work.places.values())),
                field=work.key[2], found=said, what=f"{work.name} {work.key[2]}".strip(),
            )
        )  # fmt: skip


def _as_typed(cell: Cell) -> Cell:
    """A cell as a person left it: an error, and a formula without a result, of which a run keeps the words alone."""
    if cell.kind is CellKind.TEXT and cell.value == NO_RESULT:
        return Cell(CellKind.UNCOMPUTED, None)
    return Cell(CellKind.ERROR, cell.value) if cell.kind is CellKind.TEXT and ERROR.fullmatch(str(cell.value)) else cell


def _is_new(head: Head, cells: Mapping[int, Cell], work: TypedRow) -> bool:
    """Whether an entry was typed, or erased, since the last run; False where no column tells."""
    return heading.ENTERED in head.columns and head.text(cells, heading.ENTERED) != work.mark


def _reported(head: Head, cells: Mapping[int, Cell]) -> str:
    cell = cells.get(head.columns[heading.REPORTED])
    # as bases write numbers: 2,677.5
    grouped = plain(cell.value) if cell is not None and isinstance(cell.value, Decimal) else ""
    return resting_on(grouped or head.text(cells, heading.REPORTED))


def _rests(head: Head, cells: Mapping[int, Cell]) -> str:
    return head.text(cells, heading.RESTS)


def _workable(value: Decimal) -> bool:
    """Whether a number is of a size that points can be worked out from."""
    return not value or -LONGEST <= value.adjusted() < LONGEST


@cache
def _marks(done: tuple[str, str]) -> Mapping[str, Mark]:
    """The words that a figure may hold, those of its clause and the older ones."""
    return {mark.value: mark for mark in Mark} | {mark.said(done): mark for mark in Mark}


def _letter(column: int) -> str:
    return address(1, column)[:-1]
