"""What people typed into the ledger → what it comes to: cases, scores, and what is still open. Pure.

An entry belongs to its key (sheet, unit, criterion or figure) and to nothing else, so that it survives whatever was
sorted, moved or added. With it goes its basis: what the row showed when it was made, by every 核定值 that was entered
with it. Where that has changed since, the entry stays in force, is marked 需复核, and no ranking is final until someone
confirms it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.plausibility import figures_rest, points_rest, queries
from kaohe_cli.assess.reasons import NO_DEPARTMENT, OFFICE
from kaohe_cli.assess.score import full_points, rule_points, score
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import comments, detail, figures, register, reviews, situation
from kaohe_cli.ledger.basis import difference, entry_text, figure_basis, pending_words, points_basis
from kaohe_cli.ledger.columns import LedgerColumns
from kaohe_cli.ledger.queries import CHECK, CONFIRMING, FALSE
from kaohe_cli.ledger.record import (
    DETAIL,
    FIGURES,
    OPEN_WORDS,
    REGISTER,
    REVIEWS,
    SITUATION,
    Ledger,
    Open,
    OpenReason,
    RowKey,
    TypedRow,
    is_known,
    item_of,
    laid_out,
    row_key,
    rows_in,
)
from kaohe_cli.model import (
    Attachment,
    Award,
    Case,
    Entry,
    Field,
    Incident,
    Origin,
    Query,
    Settings,
    Source,
    UnitScore,
    Veto,
)
from kaohe_cli.paper.workbook import Column
from kaohe_cli.points import plain
from kaohe_cli.scheme.normalise import accept
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Judged
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.table import stands, written

FEW_NAMES = 3  # units that a line names one by one
COLUMNS: Mapping[str, LedgerColumns] = {each.COLUMNS.sheet: each.COLUMNS for each in (detail, figures, situation)}


def assemble(
    scheme: Scheme,
    settings: Settings,
    cases: Iterable[Case],
    problems: Iterable[Problem],
    sources: Iterable[Source],
    previous: Ledger | None = None,
    materials: Iterable[Attachment] = (),
) -> tuple[Ledger, tuple[Problem, ...]]:
    """A fresh ledger of ``cases`` with everything that was typed into ``previous``, and what is wrong with that.

    Entries whose unit, criterion or figure is no more are kept apart, and told (KH307).
    """
    kept = previous or Ledger(scheme.id, scheme.digest, {}, {}, {}, "", ())
    fresh = replace(
        kept,
        scheme=scheme.id, digest=scheme.digest, readings=scheme.readings, approvals=settings.approvals,
        departments=settings.departments, judges=settings.judges, settings=settings.file, cases=tuple(cases),
        publicity=settings.publicity, problems=tuple(problems), sources=tuple(sources), materials=tuple(materials),
        file="", seen={}, altered=(), recorded=True,
    )  # fmt: skip
    fresh = comments.placed(scheme, fresh, {case.unit.code: case.unit.name for case in kept.cases})
    placed = placing(scheme, fresh)
    return settle(scheme, replace(fresh, typed={key: placed(each) for key, each in fresh.typed.items()}))


def settle(scheme: Scheme, ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """``ledger`` with cases, scores and open entries worked out from what was typed, and what is wrong with that."""
    codes = {case.unit.code for case in ledger.cases}
    mine: dict[str, dict[RowKey, TypedRow]] = {code: {} for code in codes}
    others: dict[str, list[TypedRow]] = {code: [] for code in codes}
    problems: list[Problem] = []
    for key, row in ledger.typed.items():
        if is_known(scheme, codes, key):
            mine[key[1]][key] = row
        else:
            problems.append(_unplaced(scheme, ledger, row))
    for row in ledger.contradicting:
        if is_known(scheme, codes, row.key):
            others[row.key[1]].append(row)
    held = register.sheet_of(ledger.sheets)
    noted = register.read(scheme, [case.unit for case in ledger.cases], held, ledger.file)
    if held is not None:
        ledger = replace(ledger, incidents=noted.incidents)
        problems += noted.problems
    units = [
        UnitRows(scheme, ledger, case, mine[case.unit.code], register.by_criterion(ledger.incidents, case.unit.code))
        for case in ledger.cases
    ]
    compared = compare(scheme, [unit.verified() for unit in units])
    settled = [unit.settle(case, others[case.unit.code]) for unit, case in zip(units, compared, strict=True)]
    queried = queries(scheme, [case for case, _ in settled], [score for _, score in settled])
    stands = {row_key(scheme, each): each for each in queried}
    lapsed = [each for unit in units for each in unit.lapsed(stands)]
    ledger = replace(
        ledger,
        cases=tuple(case for case, _ in settled),
        scores=tuple(score for _, score in settled),
        open=(
            *_altered(ledger),
            *(open for unit in units for open in unit.open),
            *_queried(scheme, ledger, queried),
        ),
        queries=queried,
        typed=_standing({**ledger.typed, **{key: row for unit in units for key, row in unit.based.items()}}, lapsed),
    )
    reviewed, told = reviews.settle(scheme, ledger)
    return reviewed, (*problems, *(each for unit in units for each in unit.problems), *told)


def last_written(scheme: Scheme, ledger: Ledger) -> Ledger:
    """``ledger``, which was read, as the last run wrote it; ``scheme`` has its readings in force."""
    if not ledger.recorded:
        return ledger
    before = replace(
        ledger, typed=ledger.seen, contradicting=(), altered=(), incidents=ledger.noted, reviews=ledger.reviewed,
        sheets=tuple(each for each in ledger.sheets if each.name not in (REGISTER, REVIEWS)),
    )  # fmt: skip
    return settle(scheme, before)[0]


def _altered(ledger: Ledger) -> Iterator[Open]:
    """What keeps the result from being final until ``score`` has restored it; a row is told once."""
    for key, unit in dict.fromkeys((each.key, each.unit) for each in ledger.altered):
        item = key[2] if key[0] == DETAIL else ""
        yield Open(key, "altered", unit, "", "", f"{key[0]} {item}".strip())


def _queried(scheme: Scheme, ledger: Ledger, queried: Iterable[Query]) -> Iterator[Open]:
    """What is odd, moves a point and is not confirmed."""
    for each in queried:
        if each.state != "confirmed" and (each.influence.points or each.influence.grade):
            key = row_key(scheme, each)
            item = item_of(scheme, key)
            said = f"{each.label} {each.value}，{each.why}"
            yield Open(key, "query", each.unit.name, item, ledger.departments.get(item, ""), said)


def _standing(typed: Mapping[RowKey, TypedRow], lapsed: Iterable[RowKey]) -> Mapping[RowKey, TypedRow]:
    """``typed`` without each 核实 that speaks of another value than the one that is there now."""
    kept = dict(typed)
    for key in lapsed:
        cells = {title: cell for title, cell in kept[key].cells.items() if title != CHECK.title}
        if cells:
            kept[key] = replace(kept[key], cells=cells, checked=None)
        else:
            del kept[key]
    return kept


def placing(scheme: Scheme, ledger: Ledger) -> Callable[[TypedRow], TypedRow]:
    """Tells an entry where it stands once the ledger is written."""
    rows: dict[RowKey, int] = {}
    for sheet in COLUMNS:
        layout, keys = laid_out(scheme, ledger, sheet)
        rows.update({(sheet, *key): number for number, key in enumerate(keys, layout.top + 2)})
    letters = {sheet: {each.title: own.letters(each) for each in own.inputs} for sheet, own in COLUMNS.items()}

    def placed(row: TypedRow) -> TypedRow:
        number = rows.get(row.key)
        if number is None:
            return replace(row, places={})
        own = letters[row.key[0]]
        places = {title: f"{column}{number}" for title, column in own.items() if title in row.cells}
        return replace(row, places=places)

    return placed


def _unplaced(scheme: Scheme, ledger: Ledger, row: TypedRow) -> Problem:
    sheet, code, id = row.key
    named = scheme.names.get(id)
    about = f"{named.title}·{named.label}" if named else id
    what = " ".join(part for part in (row.name or code, about) if part) or sheet
    said = "、".join(f"{title}“{written(cell)}”" for title, cell in row.cells.items() if written(cell))
    words = {"found": said or "无法读取", "field": id, "what": what}
    return problem("KH307", unit=row.name, file=ledger.file, sheet=sheet, **words)


# ── one unit ────────────────────────────────────────────────────────────────────────────────────────────


class UnitRows(Struct):
    """One unit's rows in the ledger, and what was found in them."""

    scheme: Scheme
    ledger: Ledger
    case: Case
    rows: Mapping[RowKey, TypedRow]
    incidents: Mapping[str, tuple[Incident, ...]] = {}  # by criterion
    problems: list[Problem] = []
    open: list[Open] = []
    based: dict[RowKey, TypedRow] = {}  # entries with what they rest on

    def verified(self) -> Case:
        """The case with the verified figures alone."""
        return replace(self.case, verified=dict(self._verified()), awards={}, veto=None)

    def settle(self, case: Case, others: Iterable[TypedRow]) -> tuple[Case, UnitScore]:
        """``case`` with what else counts of the entries, and its score; ``others`` contradict an entry."""
        case = replace(case, awards=dict(self._awards(case)), veto=self._veto())
        for row in others:
            # what contradicts an entry keeps the result from being final until the office decides
            said = "、".join(f"{title}“{written(cell)}”" for title, cell in row.cells.items())
            self._stands(row.key, "unreadable", f"另有{said}")
        scored = score(self.scheme, case)
        self._pending(scored)
        self._against_register(scored)
        return replace(case, confirmed=dict(self._confirmed(case, scored))), scored

    def _against_register(self, scored: UnitScore) -> None:
        """Tell points in force, whoever gave them, that are others than the register offers."""
        criteria = self.scheme.of(scored.unit.kind).criteria
        for held in (each for item in scored.items for each in item.criteria):
            incidents = self.incidents.get(held.id, ())
            offered = detail.offered(criteria[held.id], held.full, held.rule_points, incidents)
            if offered is None or held.points in (None, offered):
                continue
            key = (DETAIL, scored.unit.code, held.id)
            row = self.rows.get(key, TypedRow(key, {}))
            typed = (each for each in (detail.POINTS, *detail.JUDGES) if each.title in row.cells)
            found, expected = plain(held.points), plain(offered)
            self._says("KH357", row, next(typed, detail.POINTS), found=found, expected=expected)

    def _confirmed(self, case: Case, scored: UnitScore) -> Iterator[tuple[str, str]]:
        """What was confirmed, and what that speaks of."""
        for key, row in self.rows.items():
            cell, id = row.cells.get(CHECK.title), key[2]
            if not stands(cell):
                continue
            said = written(cell)
            if said in CONFIRMING:
                # it speaks of what stands there now, also where nothing is odd until the value is another
                checked = self._rests(case, scored, id) if row.checked is None else row.checked
                self.based[key] = replace(self.based.get(key, row), checked=checked)
                yield id, checked
            elif said != FALSE:
                self._stands(key, "unreadable", f"{CHECK.title}“{said}”")
                self._says("KH350", row, CHECK, found=said)
            elif id not in case.verified:
                self._says("KH351", row, CHECK, found=said)

    def _rests(self, case: Case, scored: UnitScore, id: str) -> str:
        """What a query in a row rests on now."""
        if id in self.scheme.names:
            return figures_rest(self.scheme, case.settled, id.partition(".")[0])
        return points_rest(scored.criterion(id).points if id else scored.total)

    def lapsed(self, queried: Mapping[RowKey, Query]) -> Iterator[RowKey]:
        """The rows whose 核实 speaks of another value than the one that is to be confirmed now."""
        # what is unknown until it is mended is no other value
        unknown = {each.key[2].partition(".")[0] for each in self.open if each.standing == "unreadable"}
        for key in self.rows:
            if key[0] == FIGURES and key[2].partition(".")[0] in unknown:
                continue
            query, row = queried.get(key), self.based.get(key, self.rows[key])
            if query is None or row.checked in (None, query.rests) or not stands(row.cells.get(CHECK.title)):
                continue
            yield key
            self._says("KH352", row, CHECK, found=difference(row.checked or "", query.rests))

    def _input(self, row: TypedRow, column: Column, field: Field) -> Entry | None:
        """What was typed in ``column``; problems are kept, None where it is blank."""
        cell, origin = row.cells.get(column.title), self._origin(row, column)
        entry, problems = accept(field, cell, origin, self.case.unit.name)
        self.problems += problems
        if entry is not None and entry.invalid:
            self._stands(row.key, "unreadable", f"{column.title}“{written(cell)}”")
        return entry

    def _origin(self, row: TypedRow, column: Column) -> Origin:
        return Origin(self.ledger.file, row.key[0], row.places.get(column.title, ""))

    def _stands(self, key: RowKey, standing: OpenReason, said: str) -> None:
        item = item_of(self.scheme, key)
        department = self.ledger.departments.get(item, "")
        self.open.append(Open(key, standing, self.case.unit.name, item, department, said))

    def _review(self, row: TypedRow, now: str) -> None:
        """Keep the basis of an entry, and mark the entry where that is not what the row shows ``now``."""
        columns = COLUMNS[row.key[0]]
        if not columns.entered(row):
            return
        was = now if row.basis is None else row.basis
        self.based[row.key] = replace(row, basis=was)
        if was != now:
            said = difference(was, now)
            self._stands(row.key, "review", said)
            column = next(each for each in (*columns.asked, *columns.asked_too) if each.title in row.cells)
            self._says("KH306", row, column, found=said)

    def _says(self, code: str, row: TypedRow, column: Column, found: str, **words: str) -> None:
        sheet, _, id = row.key
        named = self.scheme.names.get(id)
        what = f"{named.title}·{named.label}" if named else sheet
        if sheet == DETAIL:
            what = f"{id} {self.scheme.criteria[id].title}"
        origin = self._origin(row, column)
        where = {"file": origin.file, "sheet": origin.sheet, "cell": origin.cell, "field": id}
        self.problems.append(problem(code, unit=self.case.unit.name, what=what, found=found, **where, **words))

    def _typed(self, sheet: str) -> Iterator[TypedRow]:
        for id in rows_in(self.scheme, sheet) if self.rows else ():
            row = self.rows.get((sheet, self.case.unit.code, id))
            if row is not None and any(stands(row.cells.get(column.title)) for column in COLUMNS[sheet].inputs):
                yield row

    def _verified(self) -> Iterator[tuple[str, Entry]]:
        for row in self._typed(FIGURES):
            figure = row.key[2]
            entry = self._input(row, figures.VERIFIED, figures.verified_field(self.scheme, figure))
            if entry is not None:
                yield figure, entry
            reported = self.case.reported.get(figure)
            self._review(row, figure_basis(entry_text(reported, self.scheme.names[figure])))

    def _awards(self, case: Case) -> Iterator[tuple[str, Award]]:
        scheme, left = self.scheme.of(case.unit.kind), dict(self.incidents)
        for row in self._typed(DETAIL):
            criterion = scheme.criteria[row.key[2]]
            award = self._award(case, row, criterion, left.pop(criterion.id, ()))
            if award is not None:
                yield criterion.id, award
            self._review(row, points_basis(self.scheme, case, criterion))
        for id, incidents in left.items():
            yield id, Award(incidents=incidents)

    def _award(self, case: Case, row: TypedRow, criterion: Criterion, incidents: tuple[Incident, ...]) -> Award | None:
        """What was entered in ``row``; None where nothing was that counts."""
        full = full_points(self.scheme.of(case.unit.kind), criterion, case.settled)
        entry = self._input(row, detail.POINTS, detail.award_field(criterion, full))
        reason, judge = (written(row.cells.get(each.title)) for each in (detail.REASON, detail.JUDGE))
        value = entry.value if entry is not None and isinstance(entry.value, Decimal) else None
        marks, illegible = self._marks(row, criterion)
        mean = criterion.rule.mean(marks) if isinstance(criterion.rule, Judged) else None
        ruled = mean if criterion.judged else self._ruled(case, criterion)
        adjusts = mean is not None or not criterion.judged
        # points that the rule gives anyhow, or the judges did, adjust nothing
        if value is not None and adjusts and not reason and not incidents and ruled != value:
            self._stands(row.key, "unreadable", f"调整为 {plain(value)} 分，缺{detail.REASON.title}")
            self._says("KH304", row, detail.POINTS, found=plain(value))
            entry = value = None
        if not (entry is not None or reason or judge or marks or illegible or incidents):
            return None
        unreadable = illegible or (entry is not None and entry.invalid)
        names = detail.judge_names(self.ledger, self.scheme.item_of[criterion.id].id, len(marks))
        at = self._origin(row, detail.POINTS)
        return Award(value, reason, judge, marks, names, at, incidents, unreadable)

    def _marks(self, row: TypedRow, criterion: Criterion) -> tuple[tuple[Decimal | None, ...], bool]:
        """What each judge of ``criterion`` gave, nothing where nobody did, and whether something else stands there."""
        count, illegible = detail.judges(criterion), False
        marks: list[Decimal | None] = []
        for at, column in enumerate(detail.JUDGES[: self.scheme.most_judges]):
            cell = row.cells.get(column.title)
            if at >= count:
                if stands(cell):
                    self._stands(row.key, "unreadable", f"{column.title}“{written(cell)}”")
                    self._says("KH354", row, column, found=written(cell), title=column.title, count=str(count))
                continue
            entry = self._input(row, column, detail.mark_field(criterion, column.title)) if stands(cell) else None
            illegible = illegible or (entry is not None and entry.invalid)
            marks.append(entry.value if entry is not None and isinstance(entry.value, Decimal) else None)
        return (tuple(marks) if any(each is not None for each in marks) else ()), illegible

    def _ruled(self, case: Case, criterion: Criterion) -> Decimal | None:
        return rule_points(self.scheme, criterion, case.settled)[0]

    def _veto(self) -> Veto | None:
        for row in self._typed(SITUATION):
            said = written(row.cells.get(situation.VETO.title))
            if said in ("", situation.NOT_VETOED, "无"):
                return None
            if said not in ("是", "√"):
                self._stands(row.key, "unreadable", f"{situation.VETO.title}“{said}”")
                self._says("KH303", row, situation.VETO, found=said)
                return None
            authority, document, decided, remark = (
                written(row.cells.get(each.title)) for each in (*situation.PROOF, situation.REMARK)
            )
            veto = Veto(authority, document, decided, remark)
            self._input(row, situation.DECIDED, situation.DECIDED_FIELD)
            if not veto.complete:
                lacking = "、".join(each.title for each in situation.PROOF if not written(row.cells.get(each.title)))
                self._stands(row.key, "lacking", f"{situation.VETO.title}缺{lacking}")
                self._says("KH305", row, situation.VETO, found=lacking)
            return veto
        return None

    def _pending(self, scored: UnitScore) -> None:
        told = {each.key for each in self.open}
        for item in scored.items:
            for each in item.criteria:
                key = (DETAIL, self.case.unit.code, each.id)
                if each.points is None and key not in told:
                    self._stands(key, "pending", pending_words(self.scheme, each))


def waiting(opened: Iterable[Open]) -> tuple[str, ...]:
    """What is still open, a line for each department: how much, of which items, of which units."""
    by_department: dict[str, list[Open]] = {}
    for each in opened:
        mine = each.standing in ("altered", "lacking", "query", "appeal") or not each.item
        by_department.setdefault(OFFICE if mine else each.department or NO_DEPARTMENT, []).append(each)
    return tuple(f"{department}：{_waits(found)}。" for department, found in by_department.items())


def _waits(opened: Sequence[Open]) -> str:
    counts = Counter(OPEN_WORDS[each.standing] for each in opened)
    said = "、".join(f"{word} {count} 处" for word, count in counts.items())
    items = "、".join(dict.fromkeys(each.item for each in opened if each.item))
    units = list(dict.fromkeys(each.unit for each in opened if each.unit))
    names = "、".join(units) if len(units) <= FEW_NAMES else f"{units[0]}等 {len(units)} 个单位"
    return "，".join(filter(None, (said, f"项目 {items}" if items else "", names)))
