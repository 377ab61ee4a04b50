"""The invented units of a scheme (试算): what its author expects of them, and what the program comes to. Pure."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.explain import composition, item_composition, place
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.model import OPEN, Case, CriterionScore, Ranked, Ranking, UnitScore, Veto
from kaohe_cli.points import plain
from kaohe_cli.scheme.frame import Section
from kaohe_cli.scheme.lines import Wording
from kaohe_cli.scheme.records import Item, Trial
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.trial import trial_awards, trial_entries, trial_unit

TOTAL, GRADE, PLACE = "total", "grade", "place"
_WORDS = {TOTAL: "总分", GRADE: "等次", PLACE: "名次"}
_MISSING = {GRADE: "没有等次", PLACE: "不列名次"}  # where none is found though the total is known


class Tried(Struct, frozen=True):
    """One thing that is expected of an invented unit, and what the program comes to."""

    name: str  # of the unit
    what: str  # criterion, item or section; total, grade, place
    key: str  # of the scheme file: trial.甲单位.points.1.1.2
    called: str  # what it is in words: 细则 1.1.2
    expected: Decimal | int | str
    found: Decimal | int | str | None  # None: not known; of a place also that there is none
    steps: tuple[str, ...]  # how the program comes to it, in sentences
    pending: bool = False  # whether it is not known because something is missing

    @property
    def met(self) -> bool:
        """Whether it is as expected."""
        return self.found == self.expected

    def said(self, value: Decimal | int | str | None) -> str:
        """``value`` as people say it of what is expected here: 4 分, 第 3 名, 优秀."""
        if value is None or value == "":
            return "未定" if self.pending or self.what not in _MISSING else _MISSING[self.what]
        if isinstance(value, Decimal):
            return f"{plain(value)} 分"
        return f"第 {value} 名" if isinstance(value, int) else value


def tried(scheme: Scheme) -> tuple[Tried, ...]:
    """Everything that is expected of the trials of ``scheme``, under its readings in force, with what is found.

    The trials of a group are ranked, and compared, among themselves.
    """
    trials = scheme.content.trial
    if not trials:
        return ()
    cases = compare(scheme, [_case(scheme, each) for each in trials])
    scores = [score(scheme, each) for each in cases]
    ranking = rank(scheme, scores)
    ranked = {each.score.unit.code: each for each in ranking.units}
    return tuple(each for trial in trials for each in _expectations(scheme, trial, ranking, ranked[trial.name]))


def missed(found: Iterable[Tried], wording: Wording, file: str) -> Iterator[Problem]:
    """A problem (KH934) for each of ``found`` that is not as expected, where that is written."""
    for each in found:
        if not each.met:
            at = wording.at(each.key)
            made = problem(
                "KH934", file=file, sheet=at.sheet, cell=at.cell, field=each.key, place=at.said, name=each.name,
                what=each.called, expected=each.said(each.expected), found=each.said(each.found),
                reason="；".join(each.steps),
            )  # fmt: skip
            yield replace(made, line=at.line)


def _case(scheme: Scheme, trial: Trial) -> Case:
    """The invented unit as its form and the office would leave it."""
    return Case(
        trial_unit(scheme, trial), "received", trial_entries(scheme, trial), awards=trial_awards(trial),
        veto=Veto() if trial.veto else None,
    )  # fmt: skip


def _expectations(scheme: Scheme, trial: Trial, ranking: Ranking, ranked: Ranked) -> Iterator[Tried]:
    held, key = ranked.score, f"trial.{trial.name}"
    own = scheme.of(held.unit.kind)
    nodes: dict[str, Section | Item] = {each.id: each for each in own.items} | dict(own.sections)
    parts = {each.id: each.points for each in held.items} | {each.id: each.points for each in held.sections}
    for id, points in trial.points.items():
        of = f"{key}.points.{id}"
        if id in nodes:
            called = f"项目 {id}" if isinstance(nodes[id], Item) else f"类别“{nodes[id].title}”"
            steps = _of_node(own, held, nodes[id])
            yield Tried(trial.name, id, of, called, points, parts[id], steps, parts[id] is None)
        else:
            scored = held.criterion(id)
            pending = scored.points is None
            yield Tried(trial.name, id, of, f"细则 {id}", points, scored.points, scored.steps, pending)
    steps = _of_sum(own, held, "")
    pending = held.total is None
    if trial.total is not None:
        yield Tried(trial.name, TOTAL, f"{key}.{TOTAL}", _WORDS[TOTAL], trial.total, held.total, steps, pending)
    reasons = tuple(line.text for line in place(scheme, ranking, trial.name))
    if trial.grade:
        grade = None if ranked.grade == OPEN else ranked.grade
        yield Tried(trial.name, GRADE, f"{key}.{GRADE}", _WORDS[GRADE], trial.grade, grade, reasons, grade is None)
    if trial.place is not None:
        pending = pending and not held.veto
        yield Tried(trial.name, PLACE, f"{key}.{PLACE}", _WORDS[PLACE], trial.place, ranked.place, reasons, pending)


def _of_node(scheme: Scheme, score: UnitScore, node: Section | Item) -> tuple[str, ...]:
    """How the points of a section or an item came about, or what is missing for them."""
    if isinstance(node, Section):
        return _of_sum(scheme, score, node.id)
    held = next(each for each in score.items if each.id == node.id)
    said = [_of_criterion(scheme, each) for each in held.criteria]
    return tuple(filter(None, (*said, item_composition(node, held))))


def _of_sum(scheme: Scheme, score: UnitScore, id: str) -> tuple[str, ...]:
    """How the points of section ``id`` (empty: the total) came of what is in it, or what is missing for them."""
    within = {each.id for each in scheme.within(id)}
    missing = [each for item in score.items if item.id in within for each in item.criteria if each.points is None]
    if missing:
        alike: dict[str, list[str]] = {}
        for each in missing:
            alike.setdefault("；".join(each.steps), []).append(each.id)
        return tuple(f"{'、'.join(ids)}：{said}" for said, ids in alike.items())
    node = scheme.sections[id] if id else scheme.content.whole
    points = {each.id: each.points for each in score.items} | {each.id: each.points for each in score.sections}
    listed = "、".join(
        f"{each.title} {plain(value)} 分" for each in scheme.parts_of(id) if (value := points[each.id]) is not None
    )
    whole = points[id] if id else score.total
    composed = composition(scheme, score, id)
    if not composed and whole is not None:
        return (f"{listed}，合计 {plain(whole)} 分",)
    return (composed,) if node.combine != "sum" else (listed, composed)


def _of_criterion(scheme: Scheme, score: CriterionScore) -> str:
    """What a criterion comes to, after what it is called."""
    return f"{score.id} {scheme.criteria[score.id].title}：{'；'.join(score.steps)}"
