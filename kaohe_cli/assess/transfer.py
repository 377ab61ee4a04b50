"""What one scheme's year would have been by a newer one: cases carried over, points and places by both. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score, waived_figure
from kaohe_cli.model import Award, Case, Change, Entry, Ranked, Ranking, Unit
from kaohe_cli.scheme.changed import same
from kaohe_cli.scheme.fields import figure_field, is_assessed
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.load import SchemeError, under
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.rule import Judged, Supplied
from kaohe_cli.scheme.said import BASIS, CRITERION, MEASURE, UNIT
from kaohe_cli.scheme.scheme import Scheme


class Uncarried(Struct, frozen=True):
    """Something that the newer scheme asks for and the older year does not give."""

    what: str  # 产能利用率·本年实绩; 1.4.1 产业发展·考核分
    why: str
    units: int  # of how many it is so


class MovedPoints(Struct, frozen=True):
    """A criterion that gives a unit other points, or is in one of both schemes alone."""

    ids: tuple[str, str]  # by the older scheme, then by the newer; empty: it has none such
    title: str
    code: str
    unit: str
    points: tuple[Decimal | None, Decimal | None]  # None: not known, or there is no such criterion


class Both(Struct, frozen=True):
    """The same year by two schemes."""

    before: Ranking
    now: Ranking
    readings: Mapping[str, str]  # in force in the newer one
    standings: tuple[Change, ...]  # of every unit, in the order of the newer ranking, those it has not last
    moved: tuple[MovedPoints, ...]
    uncarried: tuple[Uncarried, ...]


def by_both(before: Scheme, now: Scheme, cases: Sequence[Case]) -> Both:
    """``cases``, made under ``before`` with its readings in force, by it and by ``now``.

    A reading of the older scheme is in force in the newer one too, where that has it and the option.
    """
    kept = {
        each.id: chosen
        for each in now.content.reading
        if (chosen := before.readings.get(each.id)) in {option.id for option in each.option}
    }
    try:
        now = under(now, kept)
    except SchemeError:  # options that cannot be together any more
        kept = {}
    transfer = Transfer(before, now)
    moved = [seen for case in cases if (seen := transfer.case(case)) is not None]
    old = rank(before, [score(before, case) for case in compare(before, cases)])
    new = rank(now, [score(now, case) for case in compare(now, moved)])
    for each in before.content.reading:
        if before.readings[each.id] not in (each.default, now.readings.get(each.id)):
            transfer.uncarried[each.question, "现在没有这个口径或所选的办法"] = len(moved)
    uncarried = (Uncarried(what, why, units) for (what, why), units in transfer.uncarried.items())
    return Both(
        old, new, dict(now.readings), tuple(_standings(old, new)), tuple(_moved(transfer, old, new)), tuple(uncarried)
    )


class Transfer:
    """Cases of one scheme as another one sees them, and what of them it does not see."""

    def __init__(self, before: Scheme, now: Scheme) -> None:
        self.before = before
        self.now = now
        self.uncarried: Counter[tuple[str, str]] = Counter()  # what and why → units

    @cached_property
    def criteria(self) -> Mapping[str, str]:
        """The criteria that are in both: their ids now → before."""
        return same(self.before, self.now, CRITERION)

    @cached_property
    def _measures(self) -> Mapping[str, str]:
        return same(self.before, self.now, MEASURE)

    @cached_property
    def _bases(self) -> Mapping[str, str]:
        return same(self.before, self.now, BASIS)

    @cached_property
    def _units(self) -> Mapping[str, Unit]:
        """The units of the newer scheme that are in the older one, by their codes there."""
        units = {unit.code: unit for unit in self.now.units}
        return {old: units[new] for new, old in same(self.before, self.now, UNIT).items()}

    def case(self, case: Case) -> Case | None:
        """``case`` as the newer scheme sees it; None where the unit is assessed no more."""
        unit = case.unit
        listed = next((each for each in self.before.units if each.code == unit.code), None)
        if listed:  # else the office added it to those of the scheme
            if unit.code not in self._units:
                return None
            kind = self._units[unit.code].kind
            unit = unit if kind == listed.kind else replace(unit, kind=kind)
        about = {name: entry for name, entry in case.reported.items() if not is_assessed(name)}
        reported, verified = dict(self._figures(case, unit)), dict(self._verified(case))
        self._lacks(case, unit, {**reported, **verified})
        claims = dict(self._claims(case, unit))
        veto = case.veto if self.now.finding is not None else None
        if case.veto and not veto:
            self.uncarried["一票否决", "现在的方案没有由机关认定的一票否决"] += 1
        return replace(
            case, unit=unit, reported=about | reported | claims, verified=verified,
            awards=dict(self._awards(case, unit)), veto=veto, compared={}, confirmed={},
        )  # fmt: skip

    def _old(self, figure: str) -> tuple[str, str]:
        """The figure of the older scheme that ``figure`` is; else why there is none."""
        measure, _, name = figure.partition(".")
        old = f"{self._measures.get(measure, '')}.{name}"
        if old not in self.before.figures:
            return "", "上年底稿没有这项数据"
        was, is_ = self.before.names[old].unit, self.now.names[figure].unit
        return (old, "") if was == is_ else ("", f"计量单位由{was or '无'}改为{is_ or '无'}")

    def _fits(self, figure: str, entry: Entry) -> bool:
        return not broken(figure_field(self.now, figure), entry.value)

    def _figures(self, case: Case, unit: Unit) -> Iterator[tuple[str, Entry]]:
        bases = {basis.figure: basis for basis in self.now.content.basis}
        for figure in self.now.figures:
            entry = case.reported.get(self._old(figure)[0])
            if basis := bases.get(figure):
                # the office chose by what a unit is measured; how much that asks for, the newer scheme says
                values = {each.id: each.value for each in basis.option}
                option = self._chosen(basis.id, entry)
                if option not in values:
                    self.uncarried[basis.question, "上年所选的办法现在没有，按通常的办法"] += 1
                    option = basis.usual(unit.kind)
                if option in values:
                    yield figure, Entry(values[option])
            elif entry is not None and self._fits(figure, entry):
                yield figure, entry

    def _chosen(self, basis: str, entry: Entry | None) -> str | None:
        """The option of the older scheme that set ``entry``; None: it cannot be told."""
        old = next((each for each in self.before.content.basis if each.id == self._bases.get(basis)), None)
        found = [each.id for each in old.option if entry and each.value == entry.value] if old else []
        return found[0] if len(found) == 1 else None

    def _verified(self, case: Case) -> Iterator[tuple[str, Entry]]:
        for figure in self.now.figures:
            old, _ = self._old(figure)
            if (entry := case.verified.get(old)) is not None and self._fits(figure, entry):
                yield figure, entry

    def _lacks(self, case: Case, unit: Unit, held: Mapping[str, Entry]) -> None:
        """Tell the figures that points or grades of a unit rest on and that are not among those it has."""
        scheme = self.now.of(unit.kind)
        for figure in dict.fromkeys((*scheme.scoring, *scheme.barring)):
            waived = [waived_figure(scheme.criteria[id], held) for id in scheme.scoring.get(figure, ())]
            if (figure in held and held[figure].value is not None) or (waived and all(waived)):
                continue
            old, why = self._old(figure)
            given = case.reported.get(old)
            why = why or ("上年的数超出现在的上下限" if given and given.value is not None else "上年没有填报")
            self.uncarried[f"{self.now.names[figure].title}·{self.now.names[figure].label}", why] += 1

    def _pairs(self, unit: Unit, case: Case) -> Iterator[tuple[Criterion, Criterion | None]]:
        """Every criterion that is in force for a unit, and what it was before."""
        old = self.before.of(case.unit.kind).criteria
        return ((each, old.get(self.criteria.get(id, ""))) for id, each in self.now.of(unit.kind).criteria.items())

    def _claims(self, case: Case, unit: Unit) -> Iterator[tuple[str, Entry]]:
        before, now = self.before.of(case.unit.kind), self.now.of(unit.kind)
        for new, old in self._pairs(unit, case):
            if new.claimable and old and old.claimable:
                entry = case.reported.get(before.claim(old))
                if entry is not None and (not isinstance(entry.value, Decimal) or _may_be(new, entry.value)):
                    yield now.claim(new), entry

    def _awards(self, case: Case, unit: Unit) -> Iterator[tuple[str, Award]]:
        for new, old in self._pairs(unit, case):
            award = case.awards.get(old.id) if old else None
            why = _unfit(new, old, award)
            if why:
                self.uncarried[f"{new.id} {new.title}·考核分", why] += 1
            elif award:
                yield new.id, award


def _unfit(new: Criterion, old: Criterion | None, award: Award | None) -> str:
    """Why what was entered for a criterion says nothing of what it is now; empty where it does, or nothing was."""
    if not new.judged:
        adjusted = award is not None and award.points is not None
        same_rule = old is not None and (old.rule, old.points) == (new.rule, new.points)
        return "规则改了，上年的考核调整不沿用" if adjusted and not same_rule else ""
    if old is None:
        return "上年没有这条细则"
    if old.title != new.title and old.clause != new.clause:
        return "编号相同，名称和原文都不是上年的"
    if type(old.rule) is not type(new.rule):
        return "上年按数据计分" if not old.judged else "打分的办法改了"
    if award is None:
        return ""
    if isinstance(old.rule, Judged) and isinstance(new.rule, Judged) and old.rule.judges != new.rule.judges:
        return "评委人数改了"
    if not all(_may_be(new, each) for each in (*award.marks, award.points) if each is not None):
        return "上年的分不是现在可以评的分"
    return ""


def _may_be(criterion: Criterion, points: Decimal) -> bool:
    """Whether people may enter so many points."""
    rule, most = criterion.rule, criterion.points
    assert isinstance(rule, Judged | Supplied)
    if isinstance(rule, Judged) and (legal := rule.legal(most)):
        return points in legal
    return rule.least <= points and (most is None or points <= most)


def _standings(before: Ranking, now: Ranking) -> Iterator[Change]:
    """Place, grade and total of every unit by both."""
    olds, news = ({each.score.unit.code: each for each in ranking.units} for ranking in (before, now))
    for code in dict.fromkeys((*news, *olds)):
        was, new = olds[code], news.get(code)
        places, grades = (was.place, new.place if new else None), (was.grade, new.grade if new else "")
        yield Change(code, was.score.unit.name, places, grades, (was.score.total, new.score.total if new else None))


def _moved(transfer: Transfer, before: Ranking, now: Ranking) -> Iterator[MovedPoints]:
    """Every criterion of every unit that is in both, where its points are others."""
    olds = {each.score.unit.code: _points(each) for each in before.units}
    titles = {id: each.title for id, each in (*transfer.before.criteria.items(), *transfer.now.criteria.items())}
    gone = [id for id in transfer.before.criteria if id not in transfer.criteria.values()]
    pairs = [*((transfer.criteria.get(id, ""), id) for id in transfer.now.criteria), *((id, "") for id in gone)]
    for pair in pairs:
        for ranked in now.units:
            unit = ranked.score.unit
            points = olds[unit.code].get(pair[0]), _points(ranked).get(pair[1])
            if points[0] != points[1]:
                yield MovedPoints(pair, titles[pair[1] or pair[0]], unit.code, unit.name, points)


def _points(ranked: Ranked) -> Mapping[str, Decimal | None]:
    return {each.id: each.points for item in ranked.score.items for each in item.criteria}
