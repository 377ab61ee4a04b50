"""Did a reading decide the ranking? Every other option, and telling pairs of them, tried on the same cases. Pure."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.rank import places_and_grades, rank
from kaohe_cli.assess.score import criterion_score, grounds, item_score, score, unit_score
from kaohe_cli.extent import cut, width
from kaohe_cli.model import Case, Change, CriterionScore, Entry, ItemScore, Ranked, Ranking, UnitScore
from kaohe_cli.points import fixed, plain
from kaohe_cli.scheme.load import SchemeError, under
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.scheme import Scheme

NEAR = Decimal("0.5")  # 分: a total this close to the pass mark is worth a second look
MOST = 20  # units that a sentence names
LINE = 78  # columns of a line on a screen
ASKED = 30  # of them that say which option it is, at least
LEAST_ASKED = 12  # that a question needs to say anything
NAMED = 18  # that a name takes at most

Choice = tuple[tuple[str, str], ...]  # (reading, option), one or two of them


class Alternative(Struct, frozen=True):
    """One or two other options in force, all else as decided."""

    reading: str  # over5; over5+tie for a pair
    option: str  # strict; strict+class_one
    changes: tuple[Change, ...]  # in the order of the ranking in force; empty: nothing changes

    @property
    def weighs(self) -> bool:
        """Whether a place or a grade changes."""
        return any(change.weighs for change in self.changes)

    @property
    def choice(self) -> Choice:
        """The options it tries, by reading."""
        return tuple(zip(self.reading.split("+"), self.option.split("+"), strict=True))


def try_readings(scheme: Scheme, cases: Sequence[Case], before: Ranking | None = None) -> tuple[Alternative, ...]:
    """Every single other option, then every pair of options one of which already changes a place or a grade.

    ``scheme`` has the readings that the office decided in force, and ``before`` is the ranking of ``cases`` by it;
    None: it is worked out. An option that has no meaning under the others is not tried. Singles come in the order of
    the scheme, with those that change nothing; so do pairs.
    """
    cases = compare(scheme, cases)
    before = before or rank(scheme, [score(scheme, case) for case in cases])
    scored = _scored(scheme, cases, before.units)
    others, trials = _others(scheme), list(_singles(scored))
    telling = {option for trial in trials if trial.weighs for option in trial.choice}
    for pair in combinations(others, 2):
        if len(dict(pair)) == 2 and not telling.isdisjoint(pair) and (trial := _trial(scored, pair)):
            trials.append(trial)
    return tuple(trials)


def try_each(scheme: Scheme, cases: Sequence[Case], before: Ranking) -> tuple[Alternative, ...]:
    """As :func:`try_readings`, every single other option alone."""
    return tuple(_singles(_scored(scheme, cases, before.units)))


def _others(scheme: Scheme) -> list[tuple[str, str]]:
    """The options that are not in force, by reading."""
    options = [(reading.id, option.id) for reading in scheme.content.reading for option in reading.option]
    return [(reading, option) for reading, option in options if scheme.readings[reading] != option]


class Scored(Struct, frozen=True):
    """The points of the same cases by any readings; whatever is read alike is worked out once."""

    scheme: Scheme
    before: Sequence[Ranked]
    cases: Sequence[Case]  # in the order of ``before``
    settled: Sequence[Mapping[str, Entry]]  # what each of them settled
    criteria: dict[Hashable, tuple[CriterionScore, ...]]
    items: dict[Hashable, tuple[ItemScore, ...]]

    def under(self, scheme: Scheme, *, keep: bool) -> Iterator[UnitScore]:
        """Every unit by the readings of ``scheme``, in the order of ``before``; as it was where no points change.

        ``keep``: whether others will read items the same way.
        """
        columns = [self._item(scheme, number, keep) for number in range(len(scheme.items))]
        same = frame_grounds(scheme) == frame_grounds(self.scheme)
        for case, was, items in zip(self.cases, self.before, zip(*columns, strict=True), strict=True):
            alike = same and all(
                now is known or now.points == known.points for now, known in zip(items, was.score.items, strict=True)
            )
            yield was.score if alike else unit_score(scheme, case, items)

    def _item(self, scheme: Scheme, number: int, keep: bool) -> tuple[ItemScore, ...]:
        key, item = _grounds(scheme, number), scheme.items[number]
        if key in self.items:
            return self.items[key]
        criteria = zip(*(self._criterion(scheme, each) for each in item.criterion), strict=True)
        schemes = (scheme.of(case.unit.kind) for case in self.cases)
        column = tuple(item_score(own, own.items[number], each) for own, each in zip(schemes, criteria, strict=True))
        if keep:
            self.items[key] = column
        return column

    def _criterion(self, scheme: Scheme, criterion: Criterion) -> tuple[CriterionScore, ...]:
        key = grounds(scheme, criterion)
        if key not in self.criteria:
            # how the points came about is not asked, and would be most of what is kept
            self.criteria[key] = tuple(
                replace(criterion_score(scheme, criterion, case, settled), steps=())
                for case, settled in zip(self.cases, self.settled, strict=True)
            )
        return self.criteria[key]


def _scored(scheme: Scheme, cases: Sequence[Case], before: Sequence[Ranked]) -> Scored:
    """The points of ``cases`` as ``before`` has them, by the readings of ``scheme``."""
    by_code = {case.unit.code: case for case in cases}
    ordered = [by_code[each.score.unit.code] for each in before]
    scored = Scored(scheme, before, ordered, [case.settled for case in ordered], {}, {})
    for number, item in enumerate(scheme.items):
        column = scored.items[_grounds(scheme, number)] = tuple(each.score.items[number] for each in before)
        for place, criterion in enumerate(item.criterion):
            scored.criteria[grounds(scheme, criterion)] = tuple(each.criteria[place] for each in column)
    return scored


def _grounds(scheme: Scheme, number: int) -> Hashable:
    """What of a scheme the points of its item of that number follow from."""
    items = [(own, own.items[number]) for own in scheme.variants]
    limits = tuple((item.limits, own.cap(item)) for own, item in items)
    return limits, tuple(grounds(scheme, criterion) for criterion in scheme.items[number].criterion)


def frame_grounds(scheme: Scheme) -> Hashable:
    """What of a scheme a total follows from, the points of the items given: on equal grounds it is equal."""
    return tuple(
        (
            each.content.section,
            tuple(item.limits for item in each.items),
            each.content.whole,
            each.policy.cap,
            each.content.ceiling,
            each.content.veto,
        )
        for each in scheme.variants
    )


def _singles(scored: Scored) -> Iterator[Alternative]:
    return (trial for option in _others(scored.scheme) if (trial := _trial(scored, (option,))))


def _trial(scored: Scored, choice: Choice) -> Alternative | None:
    """The trial of ``choice``; None where it has no meaning, or its options contradict each other."""
    scheme = scored.scheme
    readings = {**scheme.readings, **dict(choice)}
    if not all(each.applies(readings) for each in scheme.content.reading if each.id in dict(choice)):
        return None
    try:
        tried = under(scheme, dict(choice))
    except SchemeError:
        return None
    changes = []
    if _comparing(tried) != _comparing(scheme):  # other figures are compared, or with those of other units
        others = compare(tried, scored.cases)
        scored = replace(scored, cases=others, settled=[case.settled for case in others])
    scores = tuple(scored.under(tried, keep=len(choice) == 1))
    for was, now in zip(scored.before, places_and_grades(tried, scores), strict=True):
        pairs = (was.place, now.place), (was.grade, now.grade), (was.score.total, now.score.total)
        if any(old != new for old, new in pairs):
            changes.append(Change(now.score.unit.code, now.score.unit.name, *pairs))
    return Alternative("+".join(name for name, _ in choice), "+".join(option for _, option in choice), tuple(changes))


def _comparing(scheme: Scheme) -> Hashable:
    """What is compared, by kind of unit."""
    return tuple(each.compares for each in scheme.variants)


def surprising(trials: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """The pairs that bring a unit to a place or grade that neither of their options alone brings it to."""
    alone = {trial.choice: {change.code: change.standings[1] for change in trial.changes} for trial in trials}

    def is_new(change: Change, choice: Choice) -> bool:
        before, after = change.standings
        return before != after and all(alone.get((each,), {}).get(change.code, before) != after for each in choice)

    return tuple(trial for trial in trials if any(is_new(change, trial.choice) for change in trial.changes))


# words ──────────────────────────────────────────────────────────────────────────────────────────────────


def choice_title(scheme: Scheme, trial: Alternative) -> str:
    """The options tried, as people call them: “5%以上”是否包括恰好5%？——须超过5%."""
    readings = {reading.id: reading for reading in scheme.content.reading}
    return "；".join(
        f"{readings[name].question}——{readings[name].choose(option).label}" for name, option in trial.choice
    )


def change_words(change: Change) -> str:
    """One change in a sentence: 萧山区由第3名变为第4名，由优秀变为达标，总分由 92.00 分变为 91.00 分."""
    places = [_place(place) for place in change.place]
    totals = [f" {fixed(total)} 分" for total in change.total]
    changes = (("由", places), ("由", change.grade), ("总分由", totals))
    said = [f"{begins}{was}变为{now}" for begins, (was, now) in changes if was != now]
    return f"{change.unit}{'，'.join(said)}"


def readings_summary(scheme: Scheme, ranking: Ranking, trials: Sequence[Alternative]) -> tuple[str, ...]:
    """The short paragraph: how many options weigh, which and for whom; then what was near.

    Empty where no unit has a place yet.
    """
    if not any(each.place for each in ranking.units):
        return ()
    singles = [trial for trial in trials if len(trial.choice) == 1]
    weighing = [trial for trial in singles if trial.weighs]
    lines = []
    if not weighing:
        lines.append(f"逐一改用其他口径（{len(singles)} 种），名次和等次都不变。")
    else:
        lines.append(f"逐一改用其他口径（{len(singles)} 种），其中 {len(weighing)} 种会改变名次或等次：")
        for trial in weighing:
            changes = [each for each in trial.changes if each.weighs]
            listed = "；".join(change_words(each) for each in changes[:MOST])
            more = f"；等 {len(changes)} 个单位" if len(changes) > MOST else ""
            lines.append(f"{choice_title(scheme, trial)}：{listed}{more}。")
    return (*lines, *pairs_summary(trials), *near(scheme, ranking))


def pairs_summary(trials: Sequence[Alternative]) -> tuple[str, ...]:
    """What came of pairs of options, in a sentence; nothing where none was tried."""
    pairs = sum(len(trial.choice) > 1 for trial in trials)
    return (f"两种口径同时改用的，另试 {pairs} 组，其中 {len(surprising(trials))} 组另有变化。",) if pairs else ()


def grades_summary(scheme: Scheme, ranking: Ranking, trials: Sequence[Alternative]) -> tuple[str, ...]:
    """A line of at most ``LINE`` columns for each option that changes a grade, a line before that says how many do.

    Empty where no unit has a place yet.
    """
    if not any(each.place for each in ranking.units):
        return ()
    singles = [trial for trial in trials if len(trial.choice) == 1]
    grading = [trial for trial in singles if any(each.regrades for each in trial.changes)]
    others = sum(trial.weighs for trial in singles) - len(grading)
    many, moved = f"逐一改用其他口径（{len(singles)} 种）", f"{others} 种只改变名次"
    if not grading:
        return (f"{many}，等次都不变，{moved}。" if others else f"{many}，名次和等次都不变。",)
    return (
        f"{many}，{len(grading)} 种会改变等次{f'，{moved}' if others else ''}：",
        *(_grades_changed(scheme, each) for each in grading),
    )


def _grades_changed(scheme: Scheme, trial: Alternative) -> str:
    """Whose grades an option changes, as many of them as a line has room for; numbers are whole."""
    changes = [each for each in trial.changes if each.regrades]
    grades = ([cut(grade or "无等次", NAMED) for grade in each.grade] for each in changes)
    said = [f"{cut(each.unit, NAMED)}由{was}变为{now}" for each, (was, now) in zip(changes, grades, strict=True)]
    for count in range(len(said), 0, -1):
        tail = f"：{'，'.join(said[:count])}{f'，共 {len(said)} 个单位' if count < len(said) else ''}"
        if width(tail) <= LINE - ASKED:
            break
    return _asked(scheme, trial, LINE - width(tail)) + tail


def _asked(scheme: Scheme, trial: Alternative, room: int) -> str:
    """The option tried in ``room`` columns, rather whole than its question: 总分相同的怎样排名？——先比一类目标.."""
    ((name, option),) = trial.choice
    reading = next(each for each in scheme.content.reading if each.id == name)
    label = reading.choose(option).label
    left = room - width(label) - width("——")
    return f"{cut(reading.question, left)}——{label}" if left >= LEAST_ASKED else cut(label, room)


def near(scheme: Scheme, ranking: Ranking) -> tuple[str, ...]:
    """What a small change could turn: the gap behind the last place of a grade, totals within 0.5 分 of a bound."""
    lines = []
    for group, units in ranking.groups.items():
        for seats in dict.fromkeys(level.seats(len(units)) for level in scheme.content.grade):
            if seats is not None and (said := _gap_behind(units, seats)):
                lines.append(f"{group}：{said}" if group else said)
    for mark in dict.fromkeys(level.mark for level in scheme.content.grade):
        lines += _about(ranking, mark) if mark is not None else ()
    return tuple(lines)


def _gap_behind(units: Sequence[Ranked], seats: int) -> str:
    """How far the last unit within so many places is from the next one; empty where there is none on one side."""
    totals = [(each.score.total, each) for each in units if each.score.total is not None]
    inside = [(total, each) for total, each in totals if each.place is not None and each.place <= seats]
    outside = [(total, each) for total, each in totals if each.place is not None and each.place > seats]
    if not inside or not outside:
        return ""
    last, next_ = min(total for total, _ in inside), max(total for total, _ in outside)
    return (
        f"第 {seats} 名以内最低的{_names([each for total, each in inside if total == last])}（{fixed(last)} 分）"
        f"与其后的{_names([each for total, each in outside if total == next_])}（{fixed(next_)} 分）"
        f"{'总分相同' if last == next_ else f'相差 {fixed(last - next_)} 分'}。"
    )


def _about(ranking: Ranking, mark: Decimal) -> Iterator[str]:
    """Which totals are within 0.5 分 of a bound."""
    totals = [(each.score.total, each) for each in ranking.units if each.score.total is not None]
    close = [(total, each) for total, each in totals if abs(total - mark) <= NEAR]
    for total, each in close[:MOST]:
        gap = f"高出 {fixed(total - mark)} 分" if total > mark else f"尚差 {fixed(mark - total)} 分"
        how = f"恰为 {plain(mark)} 分" if total == mark else f"比 {plain(mark)} 分线{gap}"
        yield f"{each.score.unit.name}总分 {fixed(total)} 分，{how}。"
    if len(close) > MOST:
        yield f"总分与 {plain(mark)} 分线相差不超过 {plain(NEAR)} 分的，另有 {len(close) - MOST} 个单位。"


def _place(place: int | None) -> str:
    return "无名次" if place is None else f"第{place}名"


def _names(units: Sequence[Ranked]) -> str:
    named = "、".join(each.score.unit.name for each in units[:MOST])
    return f"{named}等 {len(units)} 个单位" if len(units) > MOST else named
