"""What the office and the departments typed into the ledger, what it rested on, and what it comes to. Pure.

An entry belongs to its key (sheet, unit, criterion or figure) and to nothing else, so that it survives whatever was
sorted, moved or added. With it goes its basis: what the row showed when it was made, by every 核定值 that was entered
with it. Where that has changed since, the entry stays in force, is marked 需复核, and no ranking is final until someone
confirms it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.score import full_points, read_by, rule_points, score
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.ledger import heading
from kaohe_cli.model import Award, Case, CriterionScore, Entry, Field, Mark, Origin, Settings, Source, UnitScore, Veto
from kaohe_cli.points import CENTS, HUNDRED, ZERO, plain
from kaohe_cli.scheme.fields import most_decimals
from kaohe_cli.scheme.normalise import accept
from kaohe_cli.scheme.rule import Named
from kaohe_cli.scheme.scheme import Criterion, Scheme
from kaohe_cli.sheet.book import Cell, Sheet, address
from kaohe_cli.sheet.table import stands, written

INVALID, NOT_FILLED, UNDECIDED = "填报有误", "未填", "待定分"

RowKey = tuple[str, str, str]  # sheet, unit code, criterion or figure (empty for the unit itself)

OpenReason = Literal["pending", "review", "unreadable"]
NO_DEPARTMENT = "未定责任处室"
FEW_NAMES = 3  # units that a line names one by one

STANDING_WORDS: Mapping[OpenReason, str] = {"pending": "未定", "review": "需复核", "unreadable": "填写有误"}


class TypedRow(Struct, frozen=True):
    """What people typed into one row."""

    key: RowKey
    cells: Mapping[str, Cell]  # by title: inputs, and columns that people added
    name: str = ""  # of the unit, as the row says
    places: Mapping[str, str] = {}  # title → cell
    basis: str | None = None  # what it rests on; None: what the row shows now
    together: bool = False  # entered between the same two runs as a 核定值 of its unit, and so resting on it

    @property
    def mark(self) -> str:
        """The entry as one text, which tells whether it was entered anew; empty where nothing was typed."""
        cells = [self.cells.get(title) for title in heading.MARKING[self.key[0]]]
        said = [written(cell) or ("？" if stands(cell) else "") for cell in cells]
        return "｜".join(said) if any(said) else ""


class Open(Struct, frozen=True):
    """Something that keeps a result from being final."""

    key: RowKey
    standing: OpenReason
    unit: str  # name
    item: str
    department: str  # 责任处室; empty: none was named
    said: str  # 待评; 填报值 100 → 120


class Ledger(Struct, frozen=True):
    """The ledger (评分底稿): what was reported, what was typed, and what both come to."""

    scheme: str  # id
    digest: str  # of the scheme's file
    readings: Mapping[str, str]
    approvals: Mapping[str, tuple[str, str]]  # reading → approver, date as written
    departments: Mapping[str, str]  # item → 责任处室
    settings: str  # file name of the settings; empty: none were given
    cases: tuple[Case, ...]  # with everything typed that counts
    problems: tuple[Problem, ...] = ()  # of the returns
    sources: tuple[Source, ...] = ()
    work: Mapping[RowKey, TypedRow] = {}
    spare: tuple[TypedRow, ...] = ()  # entries that contradict another one of their key, or had none to stand beside
    columns: Mapping[str, tuple[str, ...]] = {}  # sheet → titles of the columns that people added
    sheets: tuple[Sheet, ...] = ()  # sheets that people added
    scores: tuple[UnitScore, ...] = ()
    open: tuple[Open, ...] = ()
    file: str = ""  # empty: not written yet


def assemble(
    scheme: Scheme,
    settings: Settings,
    cases: Iterable[Case],
    problems: Iterable[Problem],
    sources: Iterable[Source],
    previous: Ledger | None = None,
) -> tuple[Ledger, tuple[Problem, ...]]:
    """A fresh ledger of ``cases`` with everything that was typed into ``previous``, and what is wrong with that.

    Entries whose unit, criterion or figure is no more are kept apart, and told (KH307).
    """
    kept = previous or Ledger(scheme.id, scheme.digest, {}, {}, {}, "", ())
    fresh = replace(
        kept,
        scheme=scheme.id, digest=scheme.digest, readings=scheme.readings, approvals=settings.approvals,
        departments=settings.departments, settings=settings.file, cases=tuple(cases), problems=tuple(problems),
        sources=tuple(sources), file="",
    )  # fmt: skip
    placed = _placing(scheme, fresh)
    return settle(scheme, replace(fresh, work={key: placed(work) for key, work in fresh.work.items()}))


def settle(scheme: Scheme, ledger: Ledger) -> tuple[Ledger, tuple[Problem, ...]]:
    """``ledger`` with cases, scores and open entries worked out from what was typed, and what is wrong with that."""
    mine: dict[str, dict[RowKey, TypedRow]] = {}
    homeless = []
    spare: dict[str, list[TypedRow]] = {}
    for each in ledger.spare:
        spare.setdefault(each.key[1], []).append(each)
    codes = {case.unit.code for case in ledger.cases}
    for key, work in ledger.work.items():
        if is_known(scheme, codes, key):
            mine.setdefault(key[1], {})[key] = work
        else:
            homeless.append(_homeless(scheme, ledger, work))
    cases, scores, opened, problems, based = [], [], [], homeless, dict(ledger.work)
    for case in ledger.cases:
        desk = Desk(scheme, ledger, case, mine.get(case.unit.code, {}), spare.get(case.unit.code, ()))
        cases.append(desk.case)
        scores.append(desk.score)
        opened += desk.open
        problems += desk.problems
        based.update(desk.based)
    settled = replace(ledger, cases=tuple(cases), scores=tuple(scores), open=tuple(opened), work=based)
    return settled, tuple(problems)


def is_known(scheme: Scheme, codes: Iterable[str], key: RowKey) -> bool:
    """Whether there is a row for ``key``."""
    return key[1] in codes and key[2] in rows_in(scheme, key[0])


def rows_in(scheme: Scheme, sheet: str) -> Collection[str]:
    """The rows of one unit in ``sheet``, by criterion or figure, in the order of the ledger."""
    if sheet == heading.DETAIL:
        return scheme.criteria.keys()
    return scheme.figures.keys() if sheet == heading.FIGURES else ("",)


def _placing(scheme: Scheme, ledger: Ledger) -> Callable[[TypedRow], TypedRow]:
    """Tells an entry where it stands once the ledger is written."""
    units = {case.unit.code: index for index, case in enumerate(ledger.cases)}
    rows = {sheet: {id: index for index, id in enumerate(rows_in(scheme, sheet))} for sheet in heading.INPUTS}

    def placed(work: TypedRow) -> TypedRow:
        sheet, code, id = work.key
        if code not in units or id not in rows[sheet]:
            return replace(work, places={})
        row = 2 + rows[sheet][id] * len(units) + units[code]
        inputs = [title for title in heading.INPUTS[sheet] if title in work.cells]
        places = {title: address(row, 1 + heading.TITLES[sheet].index(title)) for title in inputs}
        return replace(work, places=places)

    return placed


def _homeless(scheme: Scheme, ledger: Ledger, work: TypedRow) -> Problem:
    sheet, code, id = work.key
    named = scheme.names.get(id)
    row = f"{named.title}·{named.label}" if named else id
    what = " ".join(part for part in (work.name or code, row) if part)
    said = "、".join(f"{title}“{written(cell)}”" for title, cell in work.cells.items() if written(cell))
    return problem("KH307", unit=work.name, file=ledger.file, sheet=sheet, found=said, field=id, what=what)


# ── what an entry rests on ──────────────────────────────────────────────────────────────────────────────


def shown(entry: Entry | None, named: Named | None = None) -> str:
    """An entry as the ledger shows it, in the words of the figure ``named``; empty where it is blank."""
    if entry is None:
        return ""
    if entry.invalid:
        return INVALID
    if isinstance(entry.value, Decimal):
        return plain(entry.value)
    if isinstance(entry.value, Mark):
        return named.word(entry.value) if named else entry.value.value
    return str(entry.value or "")


def resting_on(reported: str) -> str:
    """What a verified figure rests on: the reported one, as it is shown."""
    return f"{heading.REPORTED} {reported or NOT_FILLED}"


def basis(scheme: Scheme, case: Case, criterion: Criterion) -> str:
    """What points rest on: what the rule gives and the figures it reads, or the self-score and the evidence."""
    settled = case.settled
    if criterion.judged:
        item = scheme.item_of[criterion.id]
        parts = [f"自评分 {shown(case.reported.get(f'{item.id}.self')) or NOT_FILLED}"]
        figures = [
            name for owner, evidence in scheme.evidence.values() if owner is item for name in evidence.test.figures
        ]
    else:
        ruled = rule_points(scheme, criterion, settled)[0]
        parts = [f"规则得分 {NOT_FILLED if ruled is None else plain(ruled)}"]
        figures = list(read_by(scheme, criterion))
    names = scheme.names
    parts += [
        f"{names[name].title}{names[name].label} {shown(settled.get(name), names[name]) or NOT_FILLED}"
        for name in figures
    ]
    return "；".join(parts)


def difference(old: str, new: str) -> str:
    """What changed between two bases: 工业销售产值本年实绩 100 → 120."""
    before, after = (
        {label: value for label, _, value in (part.rpartition(" ") for part in text.split("；"))} for text in (old, new)
    )
    labels = dict.fromkeys((*after, *before))
    changed = [
        f"{label} {before.get(label) or '无'} → {after.get(label) or '无'}"
        for label in labels
        if before.get(label) != after.get(label)
    ]
    return "；".join(part.strip() for part in changed)


# ── one unit ────────────────────────────────────────────────────────────────────────────────────────────


class Desk:
    """One unit's rows in the ledger, and what they come to."""

    def __init__(
        self, scheme: Scheme, ledger: Ledger, case: Case, work: Mapping[RowKey, TypedRow], spare: Iterable[TypedRow]
    ) -> None:
        self.scheme = scheme
        self.ledger = ledger
        self.work = work
        self.problems: list[Problem] = []
        self.open: list[Open] = []
        self.based: dict[RowKey, TypedRow] = {}
        self.case = replace(case, verified={}, awards={}, veto=None)
        self.case = replace(self.case, verified=dict(self._verified()))
        self.case = replace(self.case, awards=dict(self._awards()), veto=self._veto())
        self._contradicted(spare)
        self.score = score(scheme, self.case)
        self.open += self._pending()

    def _input(self, work: TypedRow, title: str, field: Field) -> Entry | None:
        """What was typed under ``title``; problems are kept, None where it is blank."""
        entry, problems = accept(field, work.cells.get(title), self._origin(work, title), self.case.unit.name)
        self.problems += problems
        return entry

    def _origin(self, work: TypedRow, title: str) -> Origin:
        return Origin(self.ledger.file, work.key[0], work.places.get(title, ""))

    def _stands(self, key: RowKey, standing: OpenReason, said: str) -> None:
        item = self._item(key)
        department = self.ledger.departments.get(item, "")
        self.open.append(Open(key, standing, self.case.unit.name, item, department, said))

    def _item(self, key: RowKey) -> str:
        sheet, _, id = key
        if sheet == heading.DETAIL:
            return self.scheme.item_of[id].id
        return self.scheme.measures[id.partition(".")[0]].item if sheet == heading.FIGURES else ""

    def _review(self, work: TypedRow, now: str) -> None:
        """Keep the basis of an entry, and mark the entry where that is not what the row shows ``now``."""
        was = now if work.basis is None else work.basis
        self.based[work.key] = replace(work, basis=was)
        if was != now:
            said = difference(was, now)
            self._stands(work.key, "review", said)
            title = next(title for title in heading.MARKING[work.key[0]] if title in work.cells)
            self._says("KH306", work, title, found=said)

    def _says(self, code: str, work: TypedRow, title: str, **words: str) -> None:
        origin = self._origin(work, title)
        self.problems.append(
            problem(
                code, unit=self.case.unit.name, file=origin.file, sheet=origin.sheet, cell=origin.cell,
                field=work.key[2], what=self._what(work.key), **words,
            )
        )  # fmt: skip

    def _what(self, key: RowKey) -> str:
        """What a row is about, for a message."""
        sheet, _, id = key
        if sheet == heading.DETAIL:
            return f"{id} {self.scheme.criteria[id].title}"
        named = self.scheme.names.get(id)
        return f"{named.title}·{named.label}" if named else sheet

    def _rows(self, sheet: str) -> Iterator[TypedRow]:
        for id in rows_in(self.scheme, sheet) if self.work else ():
            work = self.work.get((sheet, self.case.unit.code, id))
            if work is not None and any(stands(work.cells.get(title)) for title in heading.INPUTS[sheet]):
                yield work

    def _verified(self) -> Iterator[tuple[str, Entry]]:
        for work in self._rows(heading.FIGURES):
            figure = work.key[2]
            entry = self._input(work, heading.VERIFIED, verified_field(self.scheme, figure))
            if entry is not None and entry.invalid:
                self._stands(work.key, "unreadable", f"{heading.VERIFIED}“{written(work.cells.get(heading.VERIFIED))}”")
            elif entry is not None:
                yield figure, entry
            reported = self.case.reported.get(figure)
            if work.mark:
                self._review(work, resting_on(shown(reported, self.scheme.names[figure])))

    def _awards(self) -> Iterator[tuple[str, Award]]:
        for work in self._rows(heading.DETAIL):
            criterion = self.scheme.criteria[work.key[2]]
            full = full_points(self.scheme, criterion, self.case.settled)
            entry = self._input(work, heading.POINTS, award_field(criterion, full))
            reason, judge = (written(work.cells.get(title)) for title in (heading.REASON, heading.JUDGE))
            value = entry.value if entry is not None and isinstance(entry.value, Decimal) else None
            if entry is not None and entry.invalid:
                self._stands(work.key, "unreadable", f"{heading.POINTS}“{written(work.cells.get(heading.POINTS))}”")
            elif value is not None and not criterion.judged and not reason and not self._confirms(criterion, value):
                self._stands(work.key, "unreadable", f"调整为 {plain(value)} 分，缺{heading.REASON}")
                self._says("KH304", work, heading.POINTS, found=plain(value))
            elif value is not None or reason or judge:
                yield criterion.id, Award(value, reason, judge, self._origin(work, heading.POINTS))
            if work.mark:
                self._review(work, basis(self.scheme, self.case, criterion))

    def _confirms(self, criterion: Criterion, value: Decimal) -> bool:
        """Whether ``value`` is what the rule gives anyhow, so that nothing is adjusted."""
        return rule_points(self.scheme, criterion, self.case.settled)[0] == value

    def _veto(self) -> Veto | None:
        for work in self._rows(heading.SITUATION):
            said = written(work.cells.get(heading.VETO))
            if said in ("", "否", "无"):
                return None
            if said not in ("是", "√"):
                self._stands(work.key, "unreadable", f"{heading.VETO}“{said}”")
                self._says("KH303", work, heading.VETO, found=said)
                return None
            titles = (heading.AUTHORITY, heading.DOCUMENT, heading.DECIDED, heading.REMARK)
            veto = Veto(*(written(work.cells.get(title)) for title in titles))
            if not veto.complete:
                lacking = [title for title in titles[:3] if not written(work.cells.get(title))]
                self._says("KH305", work, heading.VETO, found="、".join(lacking))
            return veto
        return None

    def _contradicted(self, spare: Iterable[TypedRow]) -> None:
        """What contradicts an entry keeps the result from being final until the office decides."""
        for work in spare:
            if is_known(self.scheme, (self.case.unit.code,), work.key):
                said = "、".join(f"{title}“{written(cell)}”" for title, cell in work.cells.items())
                self._stands(work.key, "unreadable", f"另有{said}")

    def _pending(self) -> Iterator[Open]:
        told = {each.key for each in self.open}
        for item in self.score.items:
            for each in item.criteria:
                key = (heading.DETAIL, self.case.unit.code, each.id)
                if each.points is None and key not in told:
                    department = self.ledger.departments.get(item.id, "")
                    said = pending_words(self.scheme, each)
                    yield Open(key, "pending", self.case.unit.name, item.id, department, said)


def pending_words(scheme: Scheme, score: CriterionScore) -> str:
    """How a criterion without points stands, in a word."""
    if scheme.criteria[score.id].judged:
        return "待评"
    words = {"no_target": "未下达目标", "invalid": INVALID, "undecided": UNDECIDED}
    return words.get(score.state, "待填报")


def verified_field(scheme: Scheme, figure: str) -> Field:
    """What may be typed as 核定值 of ``figure``."""
    held, named = scheme.figures[figure], scheme.names[figure]
    done = figure.endswith(".done")
    marks = [Mark.DONE, Mark.NOT_DONE] if done else []
    if held.waivable:
        marks.append(Mark.NO_TASK)
    if not done and figure not in scheme.scoring:
        marks.append(Mark.NOT_APPLICABLE)
    return Field(
        figure,
        "done" if done else "number",
        f"{named.title}·{named.label}（{heading.VERIFIED}）",
        unit=named.unit,
        minimum=held.min,
        maximum=held.max,
        whole=held.whole,
        decimals=most_decimals(scheme, figure),
        above_zero=figure in scheme.above_zero,
        marks=tuple(marks),
        words=held.words,
    )


def award_field(criterion: Criterion, full: Decimal | None) -> Field:
    """What may be typed as 考核分 of ``criterion``: 0 to ``full`` in force, 100 where None; two decimals."""
    most = HUNDRED if full is None else full
    label = f"{criterion.title}·{heading.POINTS}"
    return Field(criterion.id, "score", label, unit="分", minimum=ZERO, maximum=most, decimals=CENTS)


def effect(scheme: Scheme, score: UnitScore, figure: str) -> str:
    """What a verified figure did to the points of the criteria that read it: 1.1.1 得分 4 → 0."""
    said = []
    for criterion in scheme.scoring.get(figure, ()):
        held = score.criterion(criterion)
        if held.self != held.rule_points:
            before, after = ("未定" if value is None else plain(value) for value in (held.self, held.rule_points))
            said.append(f"{criterion} 得分 {before} → {after}")
    return "；".join(said)


def waiting(opened: Iterable[Open]) -> tuple[str, ...]:
    """What is still open, a line for each department: how much, of which items, of which units."""
    by_department: dict[str, list[Open]] = {}
    for each in opened:
        by_department.setdefault(each.department or NO_DEPARTMENT, []).append(each)
    return tuple(f"{department}：{_waits(found)}。" for department, found in by_department.items())


def _waits(opened: Sequence[Open]) -> str:
    counts = Counter(STANDING_WORDS[each.standing] for each in opened)
    said = "、".join(f"{word} {count} 处" for word, count in counts.items())
    items = "、".join(dict.fromkeys(each.item for each in opened if each.item))
    units = list(dict.fromkeys(each.unit for each in opened))
    names = "、".join(units) if len(units) <= FEW_NAMES else f"{units[0]}等 {len(units)} 个单位"
    return f"{said}{f'，项目 {items}' if items else ''}，{names}"
