"""What an entry rests on, in words that can be compared: what its row showed when it was made. Pure."""

from decimal import Decimal

from kaohe_cli.assess.score import read_by, rule_points
from kaohe_cli.model import Case, CriterionScore, Entry, Mark, UnitScore
from kaohe_cli.points import plain
from kaohe_cli.scheme.condition import Named
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.scheme import Scheme

INVALID, NOT_FILLED, UNDECIDED = "填报有误", "未填", "待定分"


def entry_text(entry: Entry | None, named: Named | None = None) -> str:
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


def figure_basis(reported: str) -> str:
    """What a verified figure rests on: the reported one, as it is shown."""
    return f"填报值 {reported or NOT_FILLED}"


def points_basis(scheme: Scheme, case: Case, criterion: Criterion) -> str:
    """What points rest on: what the rule gives and the figures it reads, or the self-score and the evidence."""
    scheme, settled = scheme.of(case.unit.kind), case.settled
    criterion = scheme.criteria[criterion.id]
    if criterion.judged:
        item = scheme.item_of[criterion.id]
        parts = [f"自评分 {entry_text(case.reported.get(scheme.claim(criterion))) or NOT_FILLED}"]
        own = (evidence for owner, evidence in scheme.evidence.values() if owner.id == item.id)
        figures = [name for evidence in own for name in evidence.test.figures]
    else:
        ruled = rule_points(scheme, criterion, settled)[0]
        parts = [f"规则得分 {NOT_FILLED if ruled is None else plain(ruled)}"]
        figures = [name for name in read_by(scheme, criterion) if name in scheme.names]
    names = scheme.names
    parts += [
        f"{names[name].title}{names[name].label} {entry_text(settled.get(name), names[name]) or NOT_FILLED}"
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
    return "；".join(part.strip() for part in changed) or f"{old} → {new}"


def pending_words(scheme: Scheme, score: CriterionScore) -> str:
    """How a criterion without points stands, in a word."""
    if scheme.criteria[score.id].judged:
        return "待评"
    words = {"no_target": "未下达目标", "invalid": INVALID, "undecided": UNDECIDED}
    return words.get(score.state, "待填报")


def effect(scheme: Scheme, score: UnitScore, figure: str) -> str:
    """What a verified figure did to the points of the criteria that read it: 1.1.1 得分 4 → 0."""
    said = []
    for criterion in scheme.scoring.get(figure, ()):
        held = score.criterion(criterion)
        if held.self != held.rule_points:
            before, after = ("未定" if value is None else plain(value) for value in (held.self, held.rule_points))
            said.append(f"{criterion} 得分 {before} → {after}")
    return "；".join(said)
