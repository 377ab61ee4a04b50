"""复核登记: what units object to after publication, and what became of it.

The sheet is people's own, but for two columns: 复核后得分 is the program's, and so is 原得分 where people left it
blank. It is then what the ledger last written had, since the office may change the mark in the same sitting.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.appeal import UNDECIDED, WHOLE, about_words, come_to, points_of
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import people
from kaohe_cli.ledger.authentic import typed_over
from kaohe_cli.ledger.columns import as_number
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.original import Original, Recorder
from kaohe_cli.ledger.record import REVIEWS, Altered, Ledger, Open
from kaohe_cli.model import DECISION_WORDS, Decision, Field, Review, Unit, Value
from kaohe_cli.naming import plain_name, spellings
from kaohe_cli.paper.column import TableColumn, TableColumns, TableRow, table_rows
from kaohe_cli.paper.workbook import Content, Paper
from kaohe_cli.points import CENTS, fixed, number, plain
from kaohe_cli.scheme.normalise import accept, quoted
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import Cell, CellKind, Sheet
from kaohe_cli.sheet.table import as_seen, rows_of, stands

RECEIVED_FIELD = Field("review.received", "date", "收到日期")
DECIDED_FIELD = Field("review.decided", "date", "复核日期")
BEFORE_FIELD = Field("review.before", "score", "原得分", unit="分", decimals=CENTS)
DECISIONS: Mapping[str, Decision] = {word: decision for decision, word in DECISION_WORDS.items()}

ReviewColumn = TableColumn[Review, str]


def _input(title: str, width: float, look: str = "wrap middle", *, needed: bool = False) -> ReviewColumn:
    return TableColumn(title, width, look, input=True, needed=needed)


UNIT = _input("单位", 15, needed=True)
ABOUT = _input("项目", 9, "code centre", needed=True)
CLAIM = _input("申请事项", 26, needed=True)
GROUND = _input("申请理由", 32)
RECEIVED = _input("收到日期", 12, "date")
DECISION = _input("复核结论", 10, "centre", needed=True)
WHY = _input("结论说明", 32)
BY = _input("复核人", 9)
DECIDED = _input("复核日期", 12, "date")
BEFORE = _input("原得分", 9, "points", needed=True)
AFTER: ReviewColumn = TableColumn("复核后得分", 11, "points", needed=True)
COLUMNS = TableColumns[Review](
    REVIEWS, (UNIT, ABOUT, CLAIM, GROUND, RECEIVED, DECISION, WHY, BY, DECIDED, BEFORE, AFTER)
)
EMPTY = people.empty(COLUMNS)
PROOF = (BY, DECIDED)  # without which no decision counts


class Registered(Struct, frozen=True):
    """What stands in the sheet, and what is wrong with it."""

    reviews: tuple[Review, ...] = ()
    rows: tuple[TableRow, ...] = ()  # of each of them
    problems: tuple[Problem, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()  # what cannot be taken: the unit as it is written there, and why


def sheet_of(sheets: Iterable[Sheet]) -> Sheet | None:
    """The sheet of reviews among ``sheets``; None where there is none."""
    return people.sheet_of(sheets, REVIEWS)


def _titles(scheme: Scheme) -> Mapping[str, str]:
    criteria = {id: each.title for id, each in scheme.criteria.items()}
    return criteria | {item.id: item.title for item in scheme.items}


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────


def read(scheme: Scheme, units: Iterable[Unit], sheet: Sheet | None, file: str) -> Registered:
    """What stands in the sheet: what cannot be taken is KH364, a decision without its proof KH365.

    A decision that comes before the claim is KH366.
    """
    table, problems = COLUMNS.find(file, rows_of(sheet)) if sheet else (None, ())
    if sheet and table is None:
        return Registered(problems=problems, unread=(("", "表头不全，读不出"),))
    names = {unit.code: unit.name for unit in units}
    reading = _Reading(scheme, names, spellings(names), _titles(scheme))
    reviews, rows, unread = list[Review](), list[TableRow](), list[tuple[str, str]]()
    for row in table_rows(table):
        if any(stands(row.cell(column)) for column in COLUMNS.inputs):
            review = reading.review(row)
            if review is None:
                unread.append((row[UNIT], f"第 {row.number} 行不能采用"))
            else:
                reviews.append(review)
                rows.append(row)
    return Registered(tuple(reviews), tuple(rows), (*problems, *reading.problems), tuple(unread))


class _Reading(Struct):
    """Rows being read, and what is wrong with them."""

    scheme: Scheme
    names: Mapping[str, str]  # of units, by code
    codes: Mapping[str, str]  # of units, by what they are called
    titles: Mapping[str, str]  # of items and criteria, by id
    problems: list[Problem] = []

    def review(self, row: TableRow) -> Review | None:
        """The review of ``row``; None where it is not certain whose it is, and about what."""
        code = self.codes.get(plain_name(row[UNIT]), "")
        whole = row[ABOUT] in ("", WHOLE)
        about = "" if whole else people.meant(row.cell(ABOUT), self.titles)
        if not code:
            self._wrong(row, UNIT, "参加考核的单位名称")
        if not whole and not about:
            self._wrong(row, ABOUT, f"方案中的项目或细则编号，如 {self.scheme.items[0].id}；对总分有异议的写“{WHOLE}”")
        if not code or not (whole or about):
            return None
        unit, said = self.names[code], row[DECISION]
        decision = DECISIONS.get(said, "open")
        if decision == "open" and stands(row.cell(DECISION)):
            self._wrong(row, DECISION, "、".join(DECISIONS), unit)
        received, decided = (
            self._entry(row, *each, unit) for each in ((RECEIVED, RECEIVED_FIELD), (DECIDED, DECIDED_FIELD))
        )
        before = self._entry(row, BEFORE, BEFORE_FIELD, unit)
        review = Review(
            code, about, row[CLAIM], row[GROUND], received if isinstance(received, date) else None, decision, row[WHY],
            row[BY], decided if isinstance(decided, date) else None, before if isinstance(before, Decimal) else None,
        )  # fmt: skip
        lacking = [column.title for column in PROOF if not stands(row.cell(column))]
        if decision != "open" and lacking:
            self._says("KH365", row, DECISION, unit, about, found="、".join(lacking))
        if review.received and review.decided and review.decided < review.received:
            found, expected = str(review.decided), str(review.received)
            self._says("KH366", row, DECIDED, unit, about, found=found, expected=expected)
        return review

    def _entry(self, row: TableRow, column: ReviewColumn, field: Field, unit: str) -> Value | None:
        if column.title not in row.table.head.columns:
            return None
        entry, told = accept(field, row.cell(column), row.origin(column), unit)
        self.problems += told
        return entry.value if entry is not None else None

    def _wrong(self, row: TableRow, column: ReviewColumn, expected: str, unit: str = "") -> None:
        where, found = row.origin(column), quoted(as_seen(row.cell(column))) or "空白"
        words = {"file": where.file, "sheet": where.sheet, "cell": where.cell, "title": column.title}
        self.problems.append(problem("KH364", unit=unit or row[UNIT], found=found, expected=expected, **words))

    def _says(self, code: str, row: TableRow, column: ReviewColumn, unit: str, about: str, **words: str) -> None:
        where = row.origin(column)
        what = f"{unit} {about_words(self.scheme, about)}"
        said = {"file": where.file, "sheet": where.sheet, "cell": where.cell, "field": about, **words}
        self.problems.append(problem(code, unit=unit, what=what, **said))


# ── what it comes to ────────────────────────────────────────────────────────────────────────────────────


def settle(scheme: Scheme, ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """``ledger``, whose scores are worked out, with its reviews and those that are open, and what is wrong with them.

    Open is a review without a decision, one whose decision lacks its proof, and one whose decision and points do not
    agree (KH367, KH368). One that the last run had and that is gone is told (KH370).
    """
    sheet, names = sheet_of(ledger.sheets), {case.unit.code: case.unit.name for case in ledger.cases}
    scores = {each.unit.code: each for each in ledger.scores}
    held = read(scheme, [case.unit for case in ledger.cases], sheet, ledger.file)
    found = (
        [replace(each, filled=row.number in ledger.filled) for each, row in zip(held.reviews, held.rows, strict=True)]
        if sheet
        else ledger.reviews
    )
    reviews = come_to([each for each in found if each.code in scores], scores)
    opened = [Open((REVIEWS, "", ""), "appeal", unit, "", "", why) for unit, why in held.unread]
    problems = [*held.problems]
    for at, each in enumerate(reviews):
        why = loose(scheme, each, reviews)
        if not why:
            continue
        name, item = names[each.code], scheme.item_of[each.about].id if each.about in scheme.item_of else each.about
        opened.append(Open((REVIEWS, each.code, each.about), "appeal", name, item, "", why))
        if each.decision != "open" and sheet and each.by and each.decided:
            code = "KH368" if each.before is None else "KH367"
            where = held.rows[at].origin(BEFORE if each.before is None else DECISION)
            words = {"file": where.file, "sheet": where.sheet, "cell": where.cell, "field": each.about}
            what = f"{name} {about_words(scheme, each.about)}"
            problems.append(problem(code, unit=name, what=what, found=why, **words))
    for each in matched(reviews, ledger.reviewed)[1]:
        name = names.get(each.code, each.code)
        what = f"{name} {about_words(scheme, each.about)}"
        problems.append(
            problem("KH370", unit=name, file=ledger.file, sheet=REVIEWS, what=what, found=each.claim or what)
        )
    return replace(ledger, reviews=reviews, open=(*ledger.open, *opened)), tuple(problems)


def loose(scheme: Scheme, review: Review, reviews: Sequence[Review]) -> str:
    """Why ``review``, one of ``reviews``, keeps the result from being final; empty: it does not."""
    word, before, after = review.conclusion, review.before, review.after
    if review.decision == "open":
        return UNDECIDED
    if lacking := [column.title for column, said in zip(PROOF, (review.by, review.decided), strict=True) if not said]:
        return f"结论缺{'、'.join(lacking)}"
    if review.decision == "adjusted":
        if before is None:
            return f"结论为{word}，原得分未填"
        return f"结论为{word}，得分没有变动" if before == after else ""
    if before is None or after is None or before == after:
        return ""
    others = (each for each in reviews if each is not review and each.code == review.code and each.adjusts)
    explained = any(_overlap(scheme, each.about, review.about) for each in others)
    return "" if explained else f"结论为{word}，得分由 {plain(before)} 分变为 {plain(after)} 分"


def _overlap(scheme: Scheme, one: str, other: str) -> bool:
    """Whether the points of one are among those of the other."""
    items = [scheme.item_of[each].id if each in scheme.item_of else each for each in (one, other)]
    return one == other or not one or not other or (items[0] == items[1] and not {one, other}.isdisjoint(items))


def matched(reviews: Sequence[Review], before: Iterable[Review]) -> tuple[list[Review | None], list[Review]]:
    """Of each of ``reviews`` the one that it was ``before``, None where it is new; and those that are gone.

    Claim or day may have been corrected, not both.
    """
    left, found = [*before], list[Review | None]([None] * len(reviews))
    keys: Sequence[Callable[[Review], object]] = (
        lambda each: (each.code, each.about, each.claim, each.received),
        lambda each: (each.code, each.about, each.claim),
        lambda each: (each.code, each.about, each.received),
    )
    for key in keys:
        for at, each in enumerate(reviews):
            was = next((old for old in left if key(old) == key(each)), None) if found[at] is None else None
            if was is not None:
                left.remove(was)
                found[at] = was
    return found, left


def wording(review: Review) -> Mapping[str, str]:
    """What people wrote into a row beside its conclusion, by title, as people see it; empty where nothing stands."""
    received, decided = (each.isoformat() if each else "" for each in (review.received, review.decided))
    before = "" if review.before is None or review.filled else fixed(review.before)
    return {
        CLAIM.title: review.claim, GROUND.title: review.ground, RECEIVED.title: received, WHY.title: review.why,
        BY.title: review.by, DECIDED.title: decided, BEFORE.title: before,
    }  # fmt: skip


# ── what the program writes there ───────────────────────────────────────────────────────────────────────


class Proven(Struct, frozen=True):
    """The sheets of a ledger, that of reviews as the program left it."""

    sheets: tuple[Sheet, ...]
    filled: frozenset[int]  # rows in which the program filled in 原得分
    altered: tuple[Altered, ...]  # what is not as it was


def authentic(
    scheme: Scheme, units: Collection[Unit], sheets: tuple[Sheet, ...], file: str, before: Sequence[Review]
) -> Proven:
    """``sheets`` with the points that the program had written (``before``) in place of what was typed over them."""
    sheet, names = sheet_of(sheets), {unit.code: unit.name for unit in units}
    if sheet is None:
        return Proven(sheets, frozenset(), ())
    held = read(scheme, units, sheet, file)
    cells, rows, altered = dict(sheet.cells), set[int](), list[Altered]()
    for each, row, was in zip(held.reviews, held.rows, matched(held.reviews, before)[0], strict=True):
        own = [(AFTER, was.after if was else None)]
        if was is not None and was.filled:
            own.append((BEFORE, was.before))
            rows.add(row.number)
        for column, points in own:
            cell = row.cell(column)
            if (stands(cell) or points is not None) and as_number(cell) != points:
                key, place = (REVIEWS, each.code, each.about), row.origin(column).cell
                expected = "" if points is None else fixed(points)
                altered.append(typed_over(key, names[each.code], place, column, as_seen(cell), expected))
            _put(cells, row, column, points)
    others = tuple(replace(sheet, cells=cells) if each is sheet else each for each in sheets)
    return Proven(others, frozenset(rows), tuple(altered))


def with_points_before(scheme: Scheme, ledger: Ledger, then: Callable[[], Ledger]) -> Ledger:
    """``ledger``, which is settled, with 原得分 where it is blank: the points that the ledger last written had.

    ``then`` gives that ledger. Where the decision was to adjust and the points were the same then, nobody can tell
    them: they were adjusted before the review was registered.
    """
    sheet = sheet_of(ledger.sheets)
    if sheet is None or not ledger.recorded:
        return ledger
    held = read(scheme, [case.unit for case in ledger.cases], sheet, ledger.file)
    blank = [(each, row) for each, row in zip(held.reviews, held.rows, strict=True) if not stands(row.cell(BEFORE))]
    if not blank:
        return ledger
    now, were = ({each.unit.code: each for each in scores} for scores in (ledger.scores, then().scores))
    cells, rows = dict(sheet.cells), set[int]()
    for each, row in blank:
        points = points_of(were[each.code], each.about) if each.code in were else None
        undone = each.decision == "adjusted" and points == points_of(now[each.code], each.about)
        if points is not None and not undone:
            rows.add(row.number)
            _put(cells, row, BEFORE, points)
    sheets = tuple(replace(sheet, cells=cells) if each is sheet else each for each in ledger.sheets)
    return replace(ledger, sheets=sheets, filled=ledger.filled | rows)


def write(paper: Paper, scheme: Scheme, ledger: Ledger, recorder: Recorder) -> None:
    """The sheet as people left it, with the points now, room for more, and what it comes to in the record."""
    recorder.head(REVIEWS, TITLES)
    for count, each in enumerate(ledger.reviews):
        recorder.row(REVIEWS, "", str(count), _texts(each), {})
    sheet = sheet_of(ledger.sheets) or EMPTY
    units = [case.unit for case in ledger.cases]
    held = read(scheme, units, sheet, ledger.file)
    cells = dict(sheet.cells)
    for each, row in zip(ledger.reviews, held.rows, strict=False):
        _put(cells, row, AFTER, each.after)
    layout = ledger.layouts.get(REVIEWS, SheetLayout())
    people.write(paper, COLUMNS, replace(sheet, cells=cells), layout, _checks(scheme, [each.name for each in units]))


def _put(cells: dict[tuple[int, int], Cell], row: TableRow, column: ReviewColumn, points: Decimal | None) -> None:
    place = row.number, row.table.head.columns[column.title]
    if points is None:
        cells.pop(place, None)
    else:
        cells[place] = Cell(CellKind.NUMBER, points)


def _checks(scheme: Scheme, names: Sequence[str]) -> dict[str, people.Check]:
    """What can be chosen from; of items and criteria the items at least, and others may be written too."""
    checks = {UNIT.title: people.chosen(names), DECISION.title: people.chosen([*DECISIONS])}
    items = [WHOLE, *(item.id for item in scheme.items)]
    about = people.chosen([*items, *(id for id in scheme.criteria if id not in items)]) or people.chosen(items)
    if about is not None:
        hint = {"show_error": False, "input_title": "项目", "input_message": "也可以写细则编号。"}
        checks[ABOUT.title] = {**about, **hint}
    return {title: check for title, check in checks.items() if check is not None}


# ── what the last run had ───────────────────────────────────────────────────────────────────────────────

TITLES = (
    "单位代码", "项目", "申请事项", "申请理由", "收到日期", "复核结论", "结论说明", "复核人", "复核日期", "原得分",
    "复核后得分", "程序填写",
)  # fmt: skip


def _texts(each: Review) -> tuple[Content, ...]:
    return (
        each.code, each.about, each.claim, each.ground, each.received, each.conclusion, each.why, each.by, each.decided,
        each.before, each.after, "是" if each.filled else "",
    )  # fmt: skip


def recorded(original: Original | None) -> tuple[Review, ...]:
    """The reviews that ``original`` took down; none where there is none."""
    return tuple(map(_review, original.lists.get(REVIEWS, ()) if original else ()))


def _review(texts: Sequence[str]) -> Review:
    code, about, claim, ground, received, said, why, by, decided, before, after, filled = texts
    first, last = (date.fromisoformat(each) if each else None for each in (received, decided))
    return Review(
        code, about, claim, ground, first, DECISIONS.get(said, "open"), why, by, last, number(before), number(after),
        bool(filled),
    )  # fmt: skip


def lost(ledger: Ledger, copies: Iterable[Ledger]) -> Iterator[Problem]:
    """What copies of the whole ledger say of reviews and the office does not: its word alone counts (KH369)."""
    known = {_words(each) for each in ledger.reviews}
    for copy in copies:
        had = known | {_words(each) for each in copy.reviewed}
        more = {_words(each) for each in copy.reviews} - had if sheet_of(copy.sheets) else ()
        if more:
            yield problem("KH369", file=copy.file, sheet=REVIEWS, found=str(len(more)))


def _words(each: Review) -> Review:
    """What people said of it."""
    return replace(each, before=None, after=None, filled=False)
