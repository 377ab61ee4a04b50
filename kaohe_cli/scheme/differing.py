"""What is another under another option of a reading (口径), or for units of a kind, in words before and after. Pure."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from kaohe_cli.points import plain
from kaohe_cli.scheme import stated
from kaohe_cli.scheme.frame import ONE
from kaohe_cli.scheme.load import under
from kaohe_cli.scheme.records import Item, Option, Reading
from kaohe_cli.scheme.scheme import Scheme

NONE, ABSENT = "—", "无"  # nothing is said of it; there is none such


class Difference(Struct, frozen=True):
    """What is told in other words."""

    place: str  # 1.1.2; 等次：优秀
    before: str
    after: str


def differences(before: Scheme, after: Scheme) -> tuple[Difference, ...]:
    """All that ``after`` says in other words than ``before``, in the order of the notice."""
    old, new = _told(before), _told(after)
    return tuple(
        Difference((old.get(key) or new[key])[0], *((told[key][1] if key in told else ABSENT) for told in (old, new)))
        for key in dict.fromkeys((*old, *new))
        if old.get(key) is None or new.get(key) is None or old[key][1] != new[key][1]
    )


def changed_by(scheme: Scheme, reading: Reading, option: Option) -> tuple[Difference, ...]:
    """What taking ``option`` would change, for all units and then for those of a kind where that is another change."""
    base = under(scheme, _needed(scheme, reading))
    other = under(base, {reading.id: option.id})
    found = list(differences(base, other))
    for kind, own in base.kinds.items():
        found += (
            Difference(f"{each.place}（{kind}）", each.before, each.after)
            for each in differences(own, other.kinds[kind])
            if each not in found
        )
    return tuple(found)


def _needed(scheme: Scheme, reading: Reading) -> Mapping[str, str]:
    """The options of other readings under which alone ``reading`` has a meaning, and theirs under which they have."""
    known = {each.id: each for each in scheme.content.reading}
    further = (_needed(scheme, known[id]) for id in reading.within)
    return {id: option for each in (*further, reading.within) for id, option in each.items()}


def _told(scheme: Scheme) -> Mapping[tuple[str, ...], tuple[str, str]]:
    """Place and words of all that may be another, by what it is."""
    return {key: (place, words) for key, place, words in _all(scheme)}


def _all(scheme: Scheme) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for id, sum_said in stated.sums(scheme).items():
        yield ("sum", id), "合计", sum_said
    for node in (each.node for each in scheme.outline):
        place = node.id if isinstance(node, Item) else node.title
        yield ("node", node.id, "points"), f"{place} 分值", stated.worth(node) or NONE
        yield ("node", node.id, "weight"), f"{place} 权重", NONE if node.weight == ONE else plain(node.weight)
        if isinstance(node, Item):
            yield ("node", node.id, "content"), f"{place} 考核内容", node.content
            yield ("node", node.id, "standard"), f"{place} 评分标准", node.standard
            for criterion in node.criterion:
                id = criterion.id
                yield ("criterion", id, "clause"), f"{id} 原文", criterion.clause
                yield ("criterion", id), id, stated.terms(scheme, criterion)
                yield ("criterion", id, "points"), f"{id} 分值", stated.worth(criterion)
    for id, (owner, evidence) in scheme.evidence.items():
        yield ("required", id), f"{owner.id} 工作要求", evidence.test.terms(scheme.names)
    for id, measure in scheme.measures.items():
        said = stated.measure_stated(scheme, measure)
        yield ("measure", id, "title"), f"指标：{measure.title}", said.title
        yield ("measure", id, "figures"), f"指标：{measure.title}", said.figures
        yield ("measure", id, "bands"), f"指标：{measure.title}", said.bands or NONE
    for level in scheme.content.grade:
        place = f"等次：{level.title}"
        yield ("grade", level.title), place, stated.grade_terms(level)
        yield ("grade", level.title, "named"), f"{place} 称呼", level.named
        yield ("grade", level.title, "said"), f"{place} 通报", level.said or f"被评为{level.named}"
    for key, said_of in stated.general(scheme).items():
        yield ("general", key), "总则", said_of
