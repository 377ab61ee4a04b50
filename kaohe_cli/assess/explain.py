"""Why these points, why this place: the one wording for terminal, ledger, result and feedback. Pure.

Each function returns lines of a kind and a text; whoever shows them lays them out. ``CriterionScore.steps`` are the
short form: the lines of kind ``step``.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.evidence import bears_on, evidence_beside, evidence_of
from kaohe_cli.assess.score import called, judged_by, known, read_by
from kaohe_cli.model import Award, Case, CriterionScore, Entry, ItemScore, Mark, Origin, Ranked, Ranking, UnitScore
from kaohe_cli.points import ZERO, add, fixed, half_up, plain
from kaohe_cli.scheme.condition import Figures, Named
from kaohe_cli.scheme.frame import Frame, Section
from kaohe_cli.scheme.records import Criterion, Item, Reading, Whole
from kaohe_cli.scheme.rule import When
from kaohe_cli.scheme.rule.subject import is_pseudo
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.stated import readings_of

LineKind = Literal[
    "item", "criterion", "clause", "reading", "figure", "evidence", "judges", "step", "wanted", "place",
]  # fmt: skip

# what stands before a line of that kind
LABELS: Mapping[LineKind, str] = {
    "item": "项目", "criterion": "细则", "clause": "原文", "reading": "口径", "figure": "数据", "evidence": "佐证",
    "judges": "评委", "step": "计分", "wanted": "尚需", "place": "名次",
}  # fmt: skip

Approvals = Mapping[str, tuple[str, str]]  # reading → (approver, date as written)


class Line(Struct, frozen=True):
    """One line of an explanation."""

    kind: LineKind
    text: str
    about: str = ""  # item or criterion; empty: the unit as a whole

    @property
    def label(self) -> str:
        """What stands before it."""
        return LABELS[self.kind]


def explain(
    scheme: Scheme, case: Case, score: UnitScore, id: str = "", approvals: Approvals | None = None
) -> tuple[Line, ...]:
    """How the points of an item or a criterion came about: clause, readings, figures, steps, what it would take.

    ``id`` is an item (1.1), a criterion (1.1.2), or empty for all; KeyError where the scheme has none such.
    """
    if id and id not in scheme.criteria and id not in {item.id for item in scheme.items}:
        raise KeyError(id)
    scored = {each.id: each for each in score.items}
    lines: list[Line] = []
    for item in scheme.of(case.unit.kind).items:
        chosen = [criterion for criterion in item.criterion if id in ("", item.id, criterion.id)]
        own = [
            replace(line, about=each.id)
            for each in chosen
            for line in _criterion(scheme, case, score, each, approvals or {})
        ]
        lines += _item(scheme, case, item, scored[item.id], own) if chosen and id in ("", item.id) else own
    return tuple(lines)


def place(scheme: Scheme, ranking: Ranking, code: str) -> tuple[Line, ...]:
    """Why unit ``code`` has its place and grade, and how far it is from its neighbours, the third place and 80.

    KeyError where the ranking has no such unit.
    """
    ranked = {each.score.unit.code: each for each in ranking.units}[code]
    said = [*ranked.reasons]
    if not ranking.final:
        said.append("尚有单位总分未定，名次为暂定")
    own = scheme.of(ranked.score.unit.kind)
    said += filter(None, (composition(own, ranked.score, id) for id in (*own.sections, "")))
    total = ranked.score.total
    if ranked.place is not None and total is not None:
        said += _distances(scheme, ranking, ranked, ranked.place, total)
    return tuple(Line("place", each) for each in said)


def composition(scheme: Scheme, score: UnitScore, id: str) -> str:
    """How the points of section ``id`` (empty: the total) came of what is in it; empty where it simply adds up.

    ``scheme`` is the one for units of its kind.
    """
    node: Section | Whole = scheme.sections[id] if id else scheme.content.whole
    title = node.title if isinstance(node, Section) else "总分"
    points = {each.id: each.points for each in score.items} | {each.id: each.points for each in score.sections}
    parts = scheme.parts_of(id)
    known = [(value, each.weight) for each in parts if (value := points.get(each.id)) is not None]
    held = points.get(id) if id else score.total
    if held is None or len(known) < len(parts):
        return ""
    raw = node.raw(known)
    if node.combine == "sum" and raw == held:
        return ""
    said = f"{title}：各部分合计 {plain(raw)} 分"
    if node.combine != "sum":
        weights = node.combine == "weighted"
        listed = (
            f"{each.title} {plain(value)} 分{f'×{plain(weight)}' if weights else ''}"
            for each, (value, weight) in zip(parts, known, strict=True)
        )
        said = f"{title}：{'、'.join(listed)}，{Frame(combine=node.combine).words()}得 {plain(raw)} 分"
    if raw > held:
        said += f"，以 {plain(held)} 分为限，封顶扣减 {plain(raw - held)} 分"
    return f"{said}，最少计 {plain(held)} 分" if raw < held else said


def origin_said(origin: Origin | None) -> str:
    """Where a value was found: 上城区.xlsx 指标填报!F12; empty where the scheme itself set it."""
    if origin is None:
        return ""
    cell = "!".join(part for part in (origin.sheet, origin.cell) if part)
    return " ".join(part for part in (origin.file, cell) if part)


# one criterion ──────────────────────────────────────────────────────────────────────────────────────────


def _criterion(
    scheme: Scheme, case: Case, scores: UnitScore, criterion: Criterion, approvals: Approvals
) -> Iterator[Line]:
    scheme = scheme.of(case.unit.kind)
    settled, score, criterion = case.settled, scores.criterion(criterion.id), scheme.criteria[criterion.id]
    names = called(scheme, settled)
    yield Line("criterion", f"{criterion.id} {criterion.title}：{_points(score, criterion)}")
    yield Line("clause", criterion.clause)
    yield from (Line("reading", text) for text in _readings(scheme, criterion, settled, score, approvals))
    for name in read_by(scheme, criterion):
        if not is_pseudo(name):  # told by the sentence of the rule
            yield Line("figure", _figure(scheme, case, name, names[name]))
    yield from (Line("evidence", f"{each.result}：{each.said}") for each in evidence_beside(scheme, criterion, settled))
    if said := _judges(case.awards.get(criterion.id)):
        yield Line("judges", said)
    yield from (Line("step", step) for step in score.steps)
    if wanted := _wanted(scheme, criterion, settled, score):
        yield Line("wanted", wanted)


def _judges(award: Award | None) -> str:
    """What each of several judges gave, which is for the office alone; empty where nobody gave anything."""
    if award is None or not any(mark is not None for mark in award.marks):
        return ""
    marks = judged_by(award, len(award.marks))
    return "、".join(f"{name} {'未评' if mark is None else f'{plain(mark)} 分'}" for name, mark in marks)


def _points(score: CriterionScore, criterion: Criterion) -> str:
    if score.points is None:
        return "未定分"
    said = f"{plain(score.points)} 分"
    if criterion.bonus:
        most = f"，限加 {plain(criterion.points)} 分" if criterion.points is not None else ""
        return f"{said}（加分{most}）"
    return said if score.full is None else f"{said}（满分 {plain(score.full)} 分）"


def _readings(
    scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry], score: CriterionScore, approvals: Approvals
) -> Iterator[str]:
    for reading in readings_of(scheme, criterion):
        yield _reading(scheme, reading, approvals)
    for basis in scheme.content.basis:
        entry = entries.get(basis.figure)
        if basis.figure in criterion.rule.figures and entry is not None:
            chosen = [option.label for option in basis.option if option.value == entry.value]
            yield from (f"{basis.question}{label}" for label in chosen[:1])
    if score.state == "no_task":
        for reading in scheme.content.reading:
            if any("no_task" in option.change.get("policy", {}) for option in reading.option):
                yield _reading(scheme, reading, approvals)


def _reading(scheme: Scheme, reading: Reading, approvals: Approvals) -> str:
    approver, day = approvals.get(reading.id, ("", ""))
    if approver:
        by = f"（{approver}{f'于 {day} ' if day else ''}核定）"
    else:
        by = "（默认口径）" if scheme.readings[reading.id] == reading.default else ""
    return f"{reading.question}{reading.choose(scheme.readings[reading.id]).label}{by}"


def _figure(scheme: Scheme, case: Case, name: str, named: Named) -> str:
    """A figure with where it came from, and the verified one that replaced it."""
    called = f"{named.title}·{named.label}"
    reported, verified = case.reported.get(name), case.verified.get(name)
    said = _entry(reported, named, "未下达" if scheme.issued(name) else "未填报")
    if verified is None:
        return f"{called}：{said}"
    return f"{called}：填报数 {said}；核定数 {_entry(verified, named, '未填')}，按核定数计"


def _entry(entry: Entry | None, named: Named, missing: str) -> str:
    if entry is None:
        return missing
    where = origin_said(entry.origin)
    source = f"（{where}）" if where else ""
    if isinstance(entry.value, Decimal):
        turned = f"，即{named.said(entry.value, named.label)}" if named.turns(entry.value) else ""
        return f"{named.amount(entry.value)}{turned}{source}"
    if isinstance(entry.value, Mark):
        return f"{named.word(entry.value)}{source}"
    return f"{'填报有误' if entry.invalid else missing}{source}"


def _wanted(scheme: Scheme, criterion: Criterion, entries: Mapping[str, Entry], score: CriterionScore) -> str:
    """What would have earned what the rule did not give; empty where nothing more could be had, or nothing is known."""
    rule = criterion.worked
    if rule is None or score.state != "scored" or score.rule_points is None:
        return ""
    names, figures = called(scheme, entries), known(entries, rule.figures)
    if len(figures) < len(rule.figures):
        return ""
    own, verb = rule.wanted(figures, names), "加" if criterion.bonus else "得"
    needed = scheme.criteria[criterion.needs] if criterion.needs else None
    if needed is not None and isinstance(needed.rule, When):
        basis = known(entries, needed.rule.figures)
        before = needed.rule.wanted(basis, names) if len(basis) == len(needed.rule.figures) else ""
        if before:
            then: Figures = basis
            for part in needed.rule.parts:
                then = part.met_by(then, names)
            # the figure that opens the way may bring more than today's would
            gained = half_up(rule.value({**figures, **then}))
            if gained > 0:
                return f"{before}，方可加 {plain(gained)} 分"
        if before and own:
            return f"{own}，并须达到“{needed.title}”，{rule.gain(figures, names, verb, score.full)}"
    return f"{own}，{rule.gain(figures, names, verb, score.full)}" if own else ""


# items and places ───────────────────────────────────────────────────────────────────────────────────────


def _item(scheme: Scheme, case: Case, item: Item, score: ItemScore, criteria: Sequence[Line]) -> Iterator[Line]:
    """An item about the lines of its criteria: requirements that bear on none of them, and the cap, at the end."""
    points = "未定分" if score.points is None else f"{plain(score.points)} 分"
    self = "" if score.self is None else f"，自评 {plain(score.self)} 分"
    full = f"满分 {plain(item.points)} 分" if item.points is not None else "无满分"
    yield Line("item", f"{item.id} {item.title}：{points}（{full}{self}）", item.id)
    yield from criteria
    for each in evidence_of(scheme, item, case.settled):
        if not any(bears_on(criterion, each.measure) for criterion in item.criterion):
            yield Line("evidence", f"{each.result}：{each.said}", item.id)
    if said := item_composition(item, score):
        yield Line("step", said, item.id)


def item_composition(item: Item, score: ItemScore) -> str:
    """How the points of ``item`` came of those of its criteria; empty where they simply add up, or are not known."""
    total = add(each.points for each in score.criteria)
    if item.combine != "sum" and score.points is not None:
        return f"各细则得分{item.words()}，得 {plain(score.points)} 分"
    if total is None or not score.capped:
        return ""
    held = plain(score.points or ZERO)
    limit = f"项目得分以{'满分 ' if score.points == item.points else ' '}{held} 分为限"
    taken = f"，封顶扣减 {plain(score.capped)} 分" if score.capped > 0 else "，扣完为止"
    return f"各细则合计 {plain(total)} 分，{limit}{taken}"


def _distances(scheme: Scheme, ranking: Ranking, ranked: Ranked, own: int, total: Decimal) -> Iterator[str]:
    """To the units before and after, to the last place of a grade, to the highest bound that is reached."""
    group = ranking.groups[ranked.score.group]
    others = [
        (each.place, each.score.total, each.score.unit.name)
        for each in group
        if each.place is not None and each.score.total is not None and each is not ranked
    ]
    before = max((at for at, _, _ in others if at < own), default=None)
    after = min((at for at, _, _ in others if at > own), default=None)
    if peers := [name for at, _, name in others if at == own]:
        yield f"与{'、'.join(peers)}并列"
    for at, points, name in others:
        if at in (before, after):
            more, put = ("低", "后") if at < own else ("高", "前")
            same = f"与第 {at} 名{name}总分相同，按口径列{put}"
            yield same if points == total else f"比第 {at} 名{name}{more} {fixed(abs(total - points))} 分"
    seated = [seats for level in scheme.content.grade if (seats := level.seats(len(group))) is not None]
    for last in dict.fromkeys(seated):
        inside = [points for at, points, _ in others if at <= last]
        if inside and own > last + 1:
            yield f"距前 {last} 名最低总分 {fixed(min(inside))} 分差 {fixed(min(inside) - total)} 分"
    marks = [level.mark for level in scheme.content.grade if level.mark is not None and total >= level.mark]
    if marks:
        mark = marks[0]
        yield f"高出 {plain(mark)} 分线 {fixed(total - mark)} 分" if total > mark else f"恰为 {plain(mark)} 分"
