"""Everything that a scheme says, in words: each thing that stands in it, and by the name of a fact what it is."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from kaohe_cli.points import plain
from kaohe_cli.scheme.frame import Conditions, Frame
from kaohe_cli.scheme.limit import span
from kaohe_cli.scheme.plausible import Span
from kaohe_cli.scheme.records import (
    CAPS,
    FIGURE_LABELS,
    LAST_DAYS,
    PROVIDERS,
    VACANCIES,
    WAIVED,
    Criterion,
    Figure,
    Item,
    Measure,
)
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.stated import asked, grade_terms, worth

FactWords = Mapping[str, str]  # what it is called (分值) → what is said; empty: nothing

NUMBER, TITLE, IN = "编号", "名称", "所属项目"
SCHEME, POLICY, UNIT, SECTION, ITEM, CRITERION = "方案和通知", "总则", "被考核单位", "类别", "项目", "细则"
EVIDENCE, MEASURE, GRADE, CEILING, VETO, GROUP = "要求", "指标", "等次", "否决性指标", "一票否决", "分组"
KIND, PERIOD, TOTAL, BASIS, READING, OPTION = "各类单位", "数据口径", "全市总数", "按单位选定", "口径", "办法"
TRIAL = "试算"
IN_ORDER = (SECTION, ITEM, GRADE, VETO, PERIOD)  # the order of these says something

YES = {True: "是", False: "否"}
BANDS = {"growth": "本年与上年", "target": "本年与目标", "plan": "目标与上年"}


class Said(Struct, frozen=True):
    """A thing that stands in a scheme, and all that is said of it."""

    room: str  # what kind of thing: 细则
    id: str
    title: str
    facts: FactWords
    clause: str = ""  # by which it is known, as by its title; empty: by none
    item: str = ""  # in which it stands; empty: in none
    under: str = ""  # the room under which it is told; empty: its own
    grounds: Mapping[str, object] = {}  # by fact: what it says, whatever things elsewhere in its words are called

    @property
    def called(self) -> str:
        """What people call it: 1.1.2 超额加分."""
        return f"{self.id} {self.title}" if self.room in (ITEM, CRITERION) else self.title


def everything(scheme: Scheme) -> Iterator[Said]:
    """All that stands in ``scheme`` but its readings, in the order of the notice; of one kind of units where it is."""
    yield from _notice(scheme)
    yield from _frame(scheme)
    for item in scheme.content.item:
        yield _item(scheme, item)
        yield from (_criterion(scheme, item, each) for each in item.criterion)
        for each in item.evidence:
            facts = {"原文": each.clause, "达到的条件": each.test.terms(scheme.names)}
            title = scheme.measures[each.measure].title
            yield Said(EVIDENCE, each.measure, title, facts, each.clause, item.id, grounds={"达到的条件": each.test})
        yield from (_measure(scheme, each) for each in scheme.content.measure if each.item == item.id)
    yield from _standings(scheme)
    yield from _data(scheme)


def _notice(scheme: Scheme) -> Iterator[Said]:
    content, notice = scheme.content, scheme.content.notice
    yield Said(SCHEME, "scheme", "考核方案", {
        "方案的名称": content.id, "考核年度": str(content.year), "考核表的标题": content.title,
        "考核的名称": content.name, "模板": content.template, "写法的版本": str(content.format),
    })  # fmt: skip
    yield Said(SCHEME, "notice", "通知", {
        "发文字号": notice.number, "标题": notice.heading, "发文机关": notice.issuer, "简称": notice.issuer_short,
        "自称": notice.we, "主送": notice.addressees, "正文": "\n".join(notice.paragraphs),
        "发文日期": str(notice.date or ""), "落款日期": notice.signed,
    })  # fmt: skip
    if deadline := content.deadline:
        facts = {"日期": str(deadline.date), "原文": deadline.clause}
        yield Said(SCHEME, "deadline", "上报截止", facts)
    if asked := content.materials:
        facts = {"材料": "、".join(asked.titles), "原文": asked.clause}
        yield Said(SCHEME, "materials", "随表材料", facts)


def _frame(scheme: Scheme) -> Iterator[Said]:
    content, policy = scheme.content, scheme.policy
    titles = {each.id: each.title for each in content.section} | {each.id: each.title for each in content.item}
    tie = "、".join(titles.get(each, each) for each in policy.tie)
    yield Said(POLICY, "policy", "总则", {
        **_together(content.whole), "满分": _points(content.whole.points), "超分": CAPS[policy.cap],
        "无任务": WAIVED[policy.no_task], "总分相同的": f"依次比较{tie}的得分" if tie else "名次并列",
        "否决后的名次": VACANCIES[policy.veto], "截止当日": LAST_DAYS[policy.deadline],
    }, grounds={"总分相同的": policy.tie})  # fmt: skip
    for unit in content.unit:
        yield Said(UNIT, unit.code, unit.name, {"代码": unit.code, TITLE: unit.name, "单位类别": unit.kind})
    for kind in content.kind:
        yield Said(KIND, kind.name, f"对{kind.name}另有规定", {})
    for section in content.section:
        facts = {NUMBER: section.id, TITLE: section.title, "属于": titles.get(section.of, section.of)}
        facts |= {"分值": worth(section), **_together(section)}
        yield Said(SECTION, section.id, section.title, facts, grounds={"属于": section.of})


def _item(scheme: Scheme, item: Item) -> Said:
    titles = {each.id: each.title for each in scheme.content.section}
    facts = {
        NUMBER: item.id, "序号": item.number or item.id, TITLE: item.title,
        "所属类别": titles.get(item.section, item.section), "分值": worth(item), **_together(item),
        "考核内容": item.content, "评分标准": item.standard,
    }  # fmt: skip
    return Said(ITEM, item.id, item.title, facts, item.standard, item.id, grounds={"所属类别": item.section})


def _criterion(scheme: Scheme, item: Item, criterion: Criterion) -> Said:
    needed = scheme.criteria.get(criterion.needs)
    facts = {
        NUMBER: criterion.id, TITLE: criterion.title, IN: item.title,
        "分值": worth(criterion), "计分": asked(scheme, criterion),
        "前提": f"须先得到“{needed.title}”的分" if needed else criterion.needs, "原文": criterion.clause,
    }  # fmt: skip
    grounds = {IN: item.id, "计分": criterion.rule, "前提": criterion.needs}
    return Said(CRITERION, criterion.id, criterion.title, facts, criterion.clause, item.id, grounds=grounds)


def _measure(scheme: Scheme, measure: Measure) -> Said:
    titles = {each.id: each.title for each in scheme.content.item}
    facts = {NUMBER: measure.id, TITLE: measure.title, IN: titles[measure.item], "计量单位": measure.unit}
    facts |= {FIGURE_LABELS[name]: _figure(scheme, figure, f"{measure.id}.{name}")
              for name, figure in measure.figures()}  # fmt: skip
    band = measure.band
    usual = [f"一般在 {span(*band.range)} 之间"] if band.range else []
    usual += [_band(measure, words, held) for name, words in BANDS.items() if (held := getattr(band, name))]
    if band.part_of:
        usual.append(
            f"不大于{scheme.measures[band.part_of].title if band.part_of in scheme.measures else band.part_of}"
        )
    usual += [f"相差 {plain(band.slack)} 以内不问"] if band.slack is not None else []
    return Said(
        MEASURE, measure.id, measure.title, {**facts, "合理范围": "；".join(usual), "填报说明": measure.note},
        item=measure.item, grounds={IN: measure.item},
    )  # fmt: skip


def _figure(scheme: Scheme, figure: Figure, name: str) -> str:
    """All that is said of one figure of a measure."""
    most = scheme.names.get(figure.at_most or "")
    said = [PROVIDERS[figure.by]]
    said += [f"称“{figure.label}”"] if figure.label else []
    if name.endswith(".done"):
        said.append(f"填“{'”或“'.join(figure.words)}”")
    if (figure.min, figure.max) != (None, None):
        said.append(span(figure.min, figure.max))
    said += ["整数"] if figure.whole else []
    said += [f"不得大于{most.called if most else figure.at_most}"] if figure.at_most else []
    said += ["可以注明无任务"] if figure.waivable else []
    said += [f"句中称“{figure.phrase}”"] if figure.phrase else []
    return "，".join(said)


def _standings(scheme: Scheme) -> Iterator[Said]:
    """Grades, what bars from them, groups."""
    content = scheme.content
    for each in content.grade:
        facts = {TITLE: each.title, "条件": grade_terms(each), "原文": each.clause, "称呼": each.called}
        yield Said(GRADE, each.title, each.title, {**facts, "通报中说": each.said}, each.clause)
    for ceiling in content.ceiling:
        facts = {NUMBER: ceiling.id, "原文": ceiling.clause, "条件": _test(scheme, ceiling.test)}
        facts |= {"等次不高于": ceiling.grade}
        yield Said(CEILING, ceiling.id, ceiling.clause, facts, grounds={"条件": ceiling.test})
    for veto in content.veto:
        facts = {NUMBER: veto.id, TITLE: veto.title, "原文": veto.clause, "等次一栏": veto.grade}
        test = _test(scheme, veto.test) if veto.test else "由有关机关认定"
        yield Said(VETO, veto.id, veto.title, {**facts, "条件": test}, veto.clause, grounds={"条件": veto.test})
    for group in content.group:
        yield Said(GROUP, group.title, group.title, {TITLE: group.title, "单位类别": "、".join(group.kinds)})


def _data(scheme: Scheme) -> Iterator[Said]:
    """What figures are of, what they come to in all, by what a unit is measured."""
    content = scheme.content
    for period in content.period:
        facts = {TITLE: period.label, "句中称": period.said, "为全年实绩": YES[period.final]}
        yield Said(PERIOD, period.label, period.label, facts)
    for total in content.total:
        facts = {"总数": plain(total.number), "原文": total.clause}
        facts |= {f"各单位{FIGURE_LABELS[name]}合计为总数的": "" if held is None else f"{span(*held)} 倍"
                  for name, held in (("target", total.target), ("actual", total.actual))}  # fmt: skip
        yield Said(TOTAL, total.measure, scheme.measures[total.measure].title, facts, total.clause)
    for basis in content.basis:
        labels, named = {each.id: each.label for each in basis.option}, scheme.names[basis.figure]
        usual = "，".join(f"{kind}按{labels.get(option, option)}" for kind, option in basis.default.items())
        facts = {NUMBER: basis.id, "问题": basis.question, "决定的数据": named.called, "通常": usual}
        facts |= {"原文": basis.clause}
        yield Said(BASIS, basis.id, basis.question, facts, grounds={"决定的数据": basis.figure, "通常": basis.default})
        for each in basis.option:
            facts = {NUMBER: each.id, TITLE: each.label, "数值": named.amount(each.value)}
            yield _option(BASIS, basis.id, basis.question, each.id, each.label, facts)

    for trial in content.trial:
        figures = {scheme.names[id].called if id in scheme.names else id: value for id, value in trial.figure.items()}
        facts = {
            "单位": trial.name, "单位类别": trial.kind, "填报": _listed(figures), "评分": _listed(trial.mark),
            "一票否决": YES[trial.veto], "应得分": _listed(trial.points), "应得总分": _points(trial.total),
            "应评等次": trial.grade, "应列名次": str(trial.place or ""),
        }  # fmt: skip
        yield Said(TRIAL, trial.name, trial.name, facts, grounds={"填报": trial.figure})


def _listed(held: Mapping[str, object]) -> str:
    said = ((name, value if isinstance(value, tuple) else (value,)) for name, value in held.items())
    return "；".join(f"{name} {'、'.join(map(str, values))}" for name, values in said)


def readings(scheme: Scheme, changes: Mapping[tuple[str, str], str]) -> Iterator[Said]:
    """The readings of ``scheme`` with their options; ``changes`` says of each what it makes another."""
    held = {each.id: each for each in scheme.content.reading}
    for each in held.values():
        within = [f"“{held[other].question}”选“{held[other].choose(option).label}”"
                  for other, option in each.within.items()]  # fmt: skip
        facts = {NUMBER: each.id, "问题": each.question, "默认": each.choose(each.default).label}
        facts |= {"只用于": "、".join(within), "默认的理由": each.reason, "原文": each.source}
        yield Said(READING, each.id, each.question, facts, grounds={"默认": each.default, "只用于": each.within})
        for option in each.option:
            facts = {NUMBER: option.id, TITLE: option.label, "改动": changes.get((each.id, option.id), "")}
            grounds = {"改动": option.change}
            yield _option(READING, each.id, each.question, option.id, option.label, facts, grounds)


def _option(
    under: str, of: str, question: str, id: str, label: str, facts: FactWords, grounds: Mapping[str, object] = {}
) -> Said:
    return Said(OPTION, f"{of}.{id}", f"{question}——{label}", facts, under=under, grounds=grounds)


def _points(points: Decimal | None) -> str:
    return "" if points is None else f"{plain(points)} 分"


def _together(frame: Frame) -> FactWords:
    """How the parts come together, and what it counts for above."""
    return {"合计": frame.words() or "各部分相加", "权重": plain(frame.weight)}


def _band(measure: Measure, words: str, held: Span) -> str:
    return f"{words}相差 {span(*held)} 个百分点" if measure.unit == "%" else f"{words}之比 {span(*held)}"


def _test(scheme: Scheme, test: Conditions) -> str:
    return test.terms(scheme.names)
