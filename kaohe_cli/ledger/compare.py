"""The ledger as the last run wrote it, and as it is now → what changed, and why. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.appeal import UNDECIDED, about_words
from kaohe_cli.assess.rank import places_and_grades
from kaohe_cli.ledger import situation
from kaohe_cli.ledger.basis import NOT_FILLED, entry_text
from kaohe_cli.ledger.changes import ABSENT, BLANK, KIND_WORDS, NOT_ISSUED, ChangeKind, Changes, LedgerChange
from kaohe_cli.ledger.detail import JUDGE
from kaohe_cli.ledger.record import DETAIL, FIGURES, REGISTER, REVIEWS, SITUATION, Ledger, TypedRow, rows_in
from kaohe_cli.ledger.reviews import matched, wording
from kaohe_cli.ledger.settle import COLUMNS
from kaohe_cli.model import PUBLICITY_TITLES, STATUS_WORDS, Attachment, Case, Change, Entry, Ranked
from kaohe_cli.naming import alike
from kaohe_cli.points import fixed
from kaohe_cli.scheme.condition import Named
from kaohe_cli.scheme.fields import self_field
from kaohe_cli.scheme.load import SchemeError, under
from kaohe_cli.scheme.rule.judged import JUDGES
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.table import as_seen

SHOWN = 12  # signs of a digest
ASSESSED = "单位"  # what is said of a unit that came or went
WHOLE_RETURN = "填报表"  # and of a return
GROUNDS: Sequence[ChangeKind] = ("return", "issued", "reported", "situation", "verified", "award")  # of points
ENTRY_KINDS: Mapping[str, ChangeKind] = {SITUATION: "situation", FIGURES: "verified", DETAIL: "award"}
OTHERWISE: Mapping[ChangeKind, str] = {
    "total": "按现有的数据重新计算", "place": "其他单位的总分有变", "grade": "其他单位的总分有变",
}  # fmt: skip


class Finding(NamedTuple):
    """Something of one unit that is not what it was."""

    kind: ChangeKind
    item: str
    pair: tuple[str, str]  # before and now
    why: str
    about: str = ""  # the figure, field or criterion whose value it is; empty: of none


def compare(scheme: Scheme, before: Ledger | None, now: Ledger, again: Iterable[LedgerChange] = ()) -> Changes:
    """What changed from ``before``, as the last run wrote it, to ``now``; both are settled.

    ``scheme`` has the readings of ``now`` in force, ``before`` None: there was no run. ``again`` are those
    :func:`restored`.
    """
    if before is None:
        return Changes("", tuple(again))
    units = _pairs(before, now)
    rows = [*_general(scheme, before, now)]
    works = _Works(scheme, before, now, _fields(scheme))
    for pair in units:
        rows += works.unit(pair)
    moved = tuple(_moved(scheme, before, now, units))
    return Changes(before.file or "评分底稿", (*again, *rows, *_outcomes(rows, moved)), moved)


# ── one thing at a time ─────────────────────────────────────────────────────────────────────────────────


class _Pair(NamedTuple):
    """A unit before and now; None where it is not among those assessed."""

    was: Case | None
    now: Case | None


class _Shown(NamedTuple):
    """An entry that the ledger shows."""

    name: str  # sales.actual
    title: str
    blank: str  # what is said where nothing stands there
    kind: ChangeKind
    named: Named | None = None


def _pairs(before: Ledger, now: Ledger) -> list[_Pair]:
    """The units in order, those that are gone at the end; one with another code is known by its name."""
    old = {case.unit.code: case for case in before.cases}
    gone = {alike(case.unit.name): case for case in before.cases}
    for case in now.cases:
        if case.unit.code in old:
            gone.pop(alike(old[case.unit.code].unit.name), None)
    pairs = [_Pair(old.get(case.unit.code) or gone.pop(alike(case.unit.name), None), case) for case in now.cases]
    return [*pairs, *(_Pair(case, None) for case in gone.values())]


def _fields(scheme: Scheme) -> list[_Shown]:
    """The entries of a return that the ledger shows, in its order."""
    found = [
        _Shown(
            name,
            f"{named.title}·{named.label}",
            NOT_ISSUED if scheme.issued(name) else NOT_FILLED,
            "issued" if scheme.issued(name) else "reported",
            named,
        )
        for name, named in scheme.names.items()
    ]
    selves = [self_field(scheme, each) for item in scheme.items for each in item.entered]
    texts = [(f"{each.id}.evidence", f"{each.title}·佐证材料") for each in scheme.measures.values()]
    texts += [(field.name, field.label) for field in selves]
    texts += [(name, column.title) for name, column in situation.SAID.items()]
    return found + [_Shown(name, title, NOT_FILLED, "stated") for name, title in texts]


def _general(scheme: Scheme, before: Ledger, now: Ledger) -> Iterator[LedgerChange]:
    """What concerns all units: scheme, readings, departments, publicity."""
    if before.digest != now.digest:
        yield LedgerChange("scheme", "考核方案", "改动以前的", "改动以后的", KIND_WORDS["scheme"])
    for reading in scheme.content.reading:
        labels = {option.id: option.label for option in reading.option}
        was, new = (each.readings.get(reading.id, reading.default) for each in (before, now))
        if was != new:
            by = "、".join(filter(None, now.approvals.get(reading.id, ())))
            why = f"{KIND_WORDS['scheme']}：{by or '未写核定人'}"
            yield LedgerChange("scheme", f"口径 {reading.question}", labels.get(was, was), labels.get(new, new), why)
    for item in scheme.items:
        was, new = (each.departments.get(item.id, "") for each in (before, now))
        if was != new:
            why = KIND_WORDS["department"]
            yield LedgerChange("department", f"{item.id} {item.title}·责任处室", was or BLANK, new or BLANK, why)
        was, new = ("、".join(each.judges.get(item.id, ())) for each in (before, now))
        if was != new:
            why = f"{KIND_WORDS['department']}：各栏评分照原来的位置，改属现在的评委"
            yield LedgerChange("department", f"{item.id} {item.title}·评委", was or BLANK, new or BLANK, why)
    for title in PUBLICITY_TITLES:
        was, new = (each.publicity.facts.get(title, "") for each in (before, now))
        if was != new:
            yield LedgerChange("publicity", title, was or BLANK, new or BLANK, KIND_WORDS["publicity"])


class _Works(Struct, frozen=True):
    """Compares units one by one."""

    scheme: Scheme
    before: Ledger
    ledger: Ledger
    fields: Sequence[_Shown]

    def unit(self, pair: _Pair) -> Iterator[LedgerChange]:
        """What changed for one unit."""
        case = pair.now or pair.was
        assert case is not None
        for each in self._found(*pair):
            said = f"{KIND_WORDS[each.kind]}：{each.why}" if each.why else KIND_WORDS[each.kind]
            yield LedgerChange(each.kind, each.item, *each.pair, said, case.unit.name, case.unit.code, each.about)

    def _found(self, was: Case | None, now: Case | None) -> Iterator[Finding]:
        settings = self.ledger.settings
        if was is None or now is None:
            yield Finding("unit", ASSESSED, ("列入考核", ABSENT) if now is None else (ABSENT, "列入考核"), settings)
            return
        for title, old, new in (
            ("单位代码", was.unit.code, now.unit.code),
            ("单位名称", was.unit.name, now.unit.name),
            (situation.KIND.title, was.unit.kind, now.unit.kind),
            (situation.BUREAU.title, was.unit.bureau, now.unit.bureau),
            (situation.HEAD.title, was.unit.head, now.unit.head),
        ):
            if old != new:
                yield Finding("unit", title, (old or BLANK, new or BLANK), settings)
        yield from self._return(was, now)
        for sheet in (SITUATION, FIGURES, DETAIL):
            for id in rows_in(self.scheme, sheet):
                old_row = self.before.typed.get((sheet, was.unit.code, id))
                new_row = self.ledger.typed.get((sheet, now.unit.code, id))
                if old_row is not new_row:
                    yield from self._entry(sheet, id, old_row, new_row)
        yield from self._noted(was.unit.code, now.unit.code)
        yield from self._reviewed(was.unit.code, now.unit.code)
        yield from self._materials(was.unit.code, now.unit.code)

    def _materials(self, was: str, now: str) -> Iterator[Finding]:
        """The files beside the return that came, that went, and that have another content under their name."""
        old, new = ({each.file: each for each in ledger.materials if each.code == code}
                    for ledger, code in ((self.before, was), (self.ledger, now)))  # fmt: skip
        for file in dict.fromkeys((*old, *new)):
            pair = old.get(file), new.get(file)
            texts = _digest(pair[0]), _digest(pair[1])
            if texts[0] != texts[1]:
                why = "换了内容" if all(pair) else "新收到" if pair[1] else "这次没有读到"
                yield Finding("material", f"材料·{file}", texts, why)

    def _noted(self, was: str, now: str) -> Iterator[Finding]:
        """The entries of the register about a unit that came, and those that went."""
        old = Counter(replace(each, code=now) for each in self.before.incidents if each.code == was)
        new = Counter(each for each in self.ledger.incidents if each.code == now)
        for each, said in (*((each, (each.said, BLANK)) for each in (old - new).elements()),
                           *((each, (BLANK, each.said)) for each in (new - old).elements())):  # fmt: skip
            known = each.criterion in self.scheme.criteria
            title = self._titled(DETAIL, each.criterion, REGISTER) if known else f"{each.criterion}·{REGISTER}"
            yield Finding("noted", title, said, each.source, each.criterion)

    def _reviewed(self, was: str, now: str) -> Iterator[Finding]:
        """The reviews of a unit that came, went, or were decided."""
        old = [replace(each, code=now) for each in self.before.reviews if each.code == was]
        new = [each for each in self.ledger.reviews if each.code == now]
        before, gone = matched(new, old)
        pairs = [*zip(before, new, strict=True), *((each, None) for each in gone)]
        for first, second in pairs:
            held = second or first
            assert held is not None
            title = f"{about_words(self.scheme, held.about)}·{REVIEWS}"
            said = tuple(BLANK if each is None else each.conclusion or UNDECIDED for each in (first, second))
            if said[0] != said[1]:
                yield Finding("appeal", title, (said[0], said[1]), held.claim)
            if first is None or second is None:
                continue
            texts = wording(second)
            for column, text in wording(first).items():
                # what comes with a conclusion goes without saying
                if text != texts[column] and (text or said[0] == said[1]):
                    yield Finding("appeal", f"{title}·{column}", (text or BLANK, texts[column] or BLANK), second.claim)

    def _return(self, was: Case, now: Case) -> Iterator[Finding]:
        """How the return stands, and every entry of it; of a return that came or went, no more than that."""
        whole = bool(was.file) == bool(now.file)
        statuses = STATUS_WORDS[was.status], STATUS_WORDS[now.status]
        if not whole:
            said = f"新收到 {now.file}" if now.file else f"这次没有读到 {was.file}"
            yield Finding("return", WHOLE_RETURN, statuses, said)
        else:
            if was.status != now.status:
                yield Finding("return", situation.STATUS.title, statuses, now.file)
            if was.file != now.file:
                yield Finding("return", situation.RETURN.title, (was.file, now.file), "")
            if was.filled != now.filled:
                yield Finding("stated", situation.FILLED.title, (_day(was), _day(now)), now.file)
        for each in self.fields:
            old, new = was.reported.get(each.name), now.reported.get(each.name)
            if old is new or (old and new and old.value == new.value and old.invalid == new.invalid):
                continue
            given, texts = self._given(each, old, new), (_text(old, each), _text(new, each))
            if texts[0] != texts[1] and (whole or given):
                source = self.ledger.settings if given else now.file
                yield Finding("issued" if given else each.kind, each.title, texts, source, each.name)

    def _given(self, field: _Shown, old: Entry | None, new: Entry | None) -> bool:
        """Whether the office gave a figure, which it alone or either side may give."""
        files = {self.before.settings, self.ledger.settings} - {""}
        either = field.named is not None and any(
            each and each.origin and each.origin.file in files for each in (old, new)
        )
        return field.kind == "issued" or either

    def _entry(self, sheet: str, id: str, was: TypedRow | None, now: TypedRow | None) -> Iterator[Finding]:
        """What was typed into one row: what counts, with what was said of it, and each of the rest that changed."""
        main, *about = COLUMNS[sheet].inputs
        kind, blank = ENTRY_KINDS[sheet], situation.NOT_VETOED if sheet == SITUATION else BLANK
        said = {column.title: (_typed(was, column.title), _typed(now, column.title)) for column in (main, *about)}
        changed = {title: (old, new) for title, (old, new) in said.items() if old != new}
        if main.title in changed:
            old, new = changed.pop(main.title)
            grounds = "；".join(f"{title}“{text}”" for title, (_, text) in said.items() if text and title != main.title)
            lacking = f"未写{(JUDGE if sheet == DETAIL else about[0]).title}" if new else ""
            yield Finding(
                kind, self._titled(sheet, id, main.title), (old or blank, new or blank), grounds or lacking, id
            )
            changed = {title: pair for title, pair in changed.items() if pair[0]}  # what is new was told as grounds
        for title, (old, new) in changed.items():
            mark = id if title in JUDGES else ""  # the others move no points
            yield Finding(kind, self._titled(sheet, id, title), (old or BLANK, new or BLANK), "", mark)

    def _titled(self, sheet: str, id: str, column: str) -> str:
        """What a cell of an entry is called: 1.4.1 产业发展与招商引资·考核分."""
        if sheet == DETAIL:
            return f"{id} {self.scheme.criteria[id].title}·{column}"
        named = self.scheme.names.get(id)
        return f"{named.title}·{named.label}·{column}" if named else column


def _day(case: Case) -> str:
    return case.filled.isoformat() if case.filled else NOT_FILLED


def _digest(attachment: Attachment | None) -> str:
    """What tells the content of a file from another, as far as people compare it."""
    if attachment is None:
        return ABSENT
    return f"{attachment.size:,} 字节，SHA-256 {attachment.sha256[:SHOWN] or '不明'}"


def _text(entry: Entry | None, field: _Shown) -> str:
    """An entry on one line, as the ledger shows it."""
    return " ".join(entry_text(entry, field.named).split()) or field.blank


def _typed(row: TypedRow | None, title: str) -> str:
    """What stands in one cell of an entry, on one line; empty where nothing does."""
    return " ".join(as_seen(row.cells.get(title)).split()) if row else ""


# ── what follows ────────────────────────────────────────────────────────────────────────────────────────


def _moved(scheme: Scheme, before: Ledger, now: Ledger, units: Iterable[_Pair]) -> Iterator[Change]:
    """The units whose total, place or grade is another, among those there before and now."""
    try:
        as_it_was = under(scheme, before.readings)
    except SchemeError:  # the scheme has them no more
        as_it_was = scheme
    old, new = _ranked(as_it_was, before), _ranked(scheme, now)
    for pair in units:
        if pair.was is None or pair.now is None:
            continue
        unit = pair.now.unit
        was, held = old.get(pair.was.unit.code), new.get(unit.code)
        if was is None or held is None:
            continue
        pairs = (was.place, held.place), (was.grade, held.grade), (was.score.total, held.score.total)
        if any(first != second for first, second in pairs):
            yield Change(unit.code, unit.name, *pairs)


def _ranked(scheme: Scheme, ledger: Ledger) -> dict[str, Ranked]:
    return {each.score.unit.code: each for each in places_and_grades(scheme, ledger.scores)}


def _outcomes(causes: Iterable[LedgerChange], moved: Iterable[Change]) -> Iterator[LedgerChange]:
    """Total, place and grade of each unit where they changed, and what that follows from."""
    own: dict[str, dict[str, None]] = {}
    for each in causes:
        if each.kind in GROUNDS:
            own.setdefault(each.code, {})[KIND_WORDS[each.kind]] = None
        elif each.kind == "scheme" or each.item == ASSESSED:  # which may move everyone
            own.setdefault("", {})[KIND_WORDS[each.kind]] = None
    for change in moved:
        because = "、".join([*own.get(change.code, ()), *own.get("", ())])
        pairs: Mapping[ChangeKind, tuple[str, str]] = {
            "total": (fixed(change.total[0]), fixed(change.total[1])),
            "place": (_place(change.place[0]), _place(change.place[1])),
            "grade": change.grade,
        }
        for kind, (was, now) in pairs.items():
            if was != now:
                why = because or OTHERWISE[kind]
                yield LedgerChange(kind, KIND_WORDS[kind], was, now, why, change.unit, change.code)


def _place(place: int | None) -> str:
    return ABSENT if place is None else str(place)
