"""What a scheme asks, as the program reads it, in words: the one source of all that tells people the rules. Pure.

A clause stands beside its reading. What a notice does not say is absent, or said to be so where the program must take
something all the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from kaohe_cli.naming import printed_name
from kaohe_cli.points import plain
from kaohe_cli.scheme.frame import ROUNDED, TOGETHER, Frame, GradeLevel, Section, VetoGround
from kaohe_cli.scheme.limit import span
from kaohe_cli.scheme.records import UNSAID, Basis, BasisOption, Criterion, Figure, Item, Measure, Reading, Total
from kaohe_cli.scheme.rule import Judged, Supplied
from kaohe_cli.scheme.scheme import Scheme

LEFT_OVER = "其余单位"
MANY = 8  # parts of a sum that are named


class Stated(Struct, frozen=True):
    """A clause and how the program reads it."""

    label: str  # what it is of: 1.1.2, 优秀
    source: str  # verbatim; that the notice says nothing where it does not
    read: str  # a line each


class MeasureStated(Struct, frozen=True):
    """A measure in words."""

    item: str  # its number
    title: str  # with its unit
    figures: str  # who gives each, within what limits, a line each
    bands: str  # 合理范围, a line each; empty: none


def day_said(day: date) -> str:
    """A day in running text: 2007年11月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


def issued_by(scheme: Scheme) -> str:
    """The notice, with what it has of number and date: 某局《关于……的通知》（某发〔2007〕1号，2007年2月1日）."""
    notice = scheme.content.notice
    about = [each for each in (notice.number, day_said(notice.date) if notice.date else notice.signed) if each]
    heading = f"《{notice.heading}》" if notice.heading else ""
    return f"{notice.issuer}{heading}" + (f"（{'，'.join(about)}）" if about else "")


# criteria ────────────────────────────────────────────────────────────────────────────────────────────────


def worth(node: Criterion | Item | Section) -> str:
    """The points of a part of the table: 4 分; 加分，最多 1 分; empty: it has none of its own."""
    if not isinstance(node, Criterion):
        return "" if node.points is None else f"{plain(node.points)} 分"
    if node.points is None:
        return "加分，不设上限"
    if node.points == 0:
        return "扣分"
    return f"{'加分，最多 ' if node.bonus else ''}{plain(node.points)} 分"


def headed(title: str, points: str) -> str:
    """A title with its points: 一类目标（56 分）."""
    return f"{title}（{points}）" if points else title


def asked(scheme: Scheme, criterion: Criterion) -> str:
    """What the points of ``criterion`` are given for, by the rule in force; who gives them where people do."""
    rule = criterion.rule
    if isinstance(rule, Judged | Supplied):
        return rule.judging(criterion.points)
    return rule.terms(scheme.names, "加" if criterion.bonus else "得")


def terms(scheme: Scheme, criterion: Criterion) -> str:
    """The same, and what must be met first."""
    said = asked(scheme, criterion)
    if criterion.needs:
        said += f"；须先得到“{scheme.criteria[criterion.needs].title}”的分，否则不{'加' if criterion.bonus else '得'}分"
    return said


def required(scheme: Scheme, item: Item) -> tuple[Stated, ...]:
    """The requirements of ``item`` without points: the clause, and what is asked."""
    held = (each for owner, each in scheme.evidence.values() if owner.id == item.id)
    return tuple(
        Stated(scheme.measures[each.measure].title, each.clause, each.test.terms(scheme.names)) for each in held
    )


# the frame ───────────────────────────────────────────────────────────────────────────────────────────────


def sums(scheme: Scheme) -> Mapping[str, str]:
    """How the parts add up, from the total (empty) down, by id, where it does not go without saying."""
    whole, full = scheme.content.whole, scheme.points
    said = {"": f"{headed('总分', '' if full is None else f'满分 {plain(full)} 分')}由{_parts(scheme, '', whole)}"}
    for each in (outlined.node for outlined in scheme.outline):
        if isinstance(each, Section) and each.words():
            said[each.id] = f"“{each.title}”由{_parts(scheme, each.id, each)}"
        elif isinstance(each, Item) and each.words():
            said[each.id] = f"项目“{numbered(each)}”由各细则{_joined(each)}"
    return said


def _parts(scheme: Scheme, id: str, frame: Frame) -> str:
    parts, weighted = scheme.parts_of(id), frame.combine == "weighted"
    if len(parts) > MANY and not weighted:
        return f"各项目{_joined(frame)}"
    named = []
    for each in parts:
        full = scheme.full_of(each)
        points = [] if full is None else [f"{plain(full)} 分"]
        points += [f"权重 {plain(each.weight)}"] if weighted else []
        named.append(headed(each.title, "，".join(points)))
    if len(named) == 1 and frame.combine == "sum":
        return "，".join(each for each in (f"{named[0]}组成", frame.words()) if each)
    return f"{'、'.join(named)}{_joined(frame)}"


def _joined(frame: Frame) -> str:
    how, words = TOGETHER["sum"] if frame.combine == "sum" else "", frame.words()
    return "，".join(each for each in (how, words) if each)


def numbered(item: Item) -> str:
    """An item with its number in the official table: 1.1 工业经济平稳较快增长."""
    return f"{item.id} {item.title}"


def general(scheme: Scheme) -> Mapping[str, str]:
    """The general terms in force, by key of the policy, as far as they can have a meaning in the scheme."""
    policy, said = scheme.policy, {}
    if any(each.bonus for each in scheme.criteria.values()):
        said["cap"] = {
            "none": "加分不设总的上限", "item": "项目得分含加分以该项满分为限", "total": "总分含加分以满分为限",
        }[policy.cap]  # fmt: skip
    if any(each.waivable for each in scheme.figures.values()):
        said["no_task"] = "注明“无任务”的细则" + {
            "full": "计满分", "zero": "不得分", "rescale": "不计，其分值由同项其余按数据计分的细则按比例分担",
        }[policy.no_task]  # fmt: skip
    titles = {each.node.id: each.node.title for each in scheme.outline}
    order = "、".join(titles[each] for each in policy.tie)
    share = "名次并列，其后的名次顺延"
    said["tie"] = f"总分相同的，{f'依次比{order}的得分，仍相同的' if order else ''}{share}"
    if scheme.content.veto:
        said["veto"] = "一票否决空出的名次" + {"move_up": "由后面的单位依次递补", "vacant": "空缺，不递补"}[policy.veto]
    if scheme.last_day:
        said["deadline"] = (
            f"{day_said(scheme.last_day)}（含当日）以前报送的不算迟报；迟报、未报的照实注明，通知没有规定为此扣分"
        )
    if scheme.asked_materials:
        said["materials"] = f"考核表以外，还须报送{'、'.join(scheme.asked_materials)}；收到与否照实注明，不计分"
    return said


def sourced(scheme: Scheme) -> Iterator[str]:
    """Each general term, with what in the notice it goes by."""
    for key, said in general(scheme).items():
        if about := questions(scheme, "policy", key):
            reading = scheme.content.reading[about[0] - 1]
            yield f"{said}（{'' if reading.clause else f'{UNSAID}，'}见口径 {_listed(about)}）"
        elif key == "deadline" and scheme.content.deadline:
            yield f"{said}（“{scheme.content.deadline.clause}”）"
        elif key == "materials" and scheme.content.materials:
            yield f"{said}（“{scheme.content.materials.clause}”）"
        else:
            yield said if key in scheme.raw.get("policy", {}) else f"{said}（{UNSAID}）"


def groups(scheme: Scheme) -> str:
    """Which units are ranked together; empty: all are."""
    said = "；".join(f"{each.title}为{'、'.join(map(printed_name, each.kinds))}" for each in scheme.content.group)
    return f"分组排名，等次的名额按组计：{said}" if said else ""


def grade_terms(level: GradeLevel) -> str:
    """What a grade takes, and what becomes of a part of a unit."""
    said = level.terms() or LEFT_OVER
    said = said if level.share is None else f"{said}（名额不是整数的，{ROUNDED[level.rounding]}）"
    return f"{said}；列入表彰名单" if level.rewarded else said


def standings(scheme: Scheme) -> tuple[Stated, ...]:
    """Grades, what keeps from them, and vetoes."""
    content, names = scheme.content, scheme.names
    return (
        *(
            Stated(
                each.title, each.clause or UNSAID, referred(grade_terms(each), questions(scheme, "grade", each.title))
            )
            for each in content.grade
        ),
        *(
            Stated("否决性指标", each.clause or UNSAID, f"{each.test.terms(names)}的，等次不高于{each.grade}。")
            for each in content.ceiling
        ),
        *(Stated(each.title, each.clause or UNSAID, veto_terms(scheme, each)) for each in content.veto),
    )


def veto_terms(scheme: Scheme, veto: VetoGround) -> str:
    """What brings a veto about, and what it brings."""
    ground = f"{veto.test.terms(scheme.names)}的" if veto.test else "经有权机关认定的"
    return f"{ground}，得分照常显示，不列名次，不授称号，等次一栏写“{veto.grade}”。"


# measures ────────────────────────────────────────────────────────────────────────────────────────────────


def measures(scheme: Scheme) -> tuple[MeasureStated, ...]:
    """Every measure in words, in the order of the form."""
    return tuple(measure_stated(scheme, each) for each in scheme.measures.values())


def measure_stated(scheme: Scheme, measure: Measure) -> MeasureStated:
    """One measure in words."""
    lines = [_figure(scheme, f"{measure.id}.{name}", figure) for name, figure in measure.figures()]
    if measure.note:
        lines.append(f"填报说明：{measure.note}")
    bands: dict[str, list[str]] = {}
    for each in scheme.expectations[measure.id]:
        bands.setdefault(each.terms(scheme.names), []).append(scheme.names[each.figure].label)
    title = f"{measure.title}（{measure.unit}）" if measure.unit else measure.title
    return MeasureStated(measure.item, title, "\n".join(lines), "\n".join(_each(bands)))


def _each(bands: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for said, labels in bands.items():
        yield f"{'、'.join(labels)}{said}"


def _figure(scheme: Scheme, full: str, figure: Figure) -> str:
    by = {
        "unit": "单位填报", "office": "考核办下达", "either": "考核办给出的照用，没有给出的由单位填报",
        "basis": "按单位选定的口径而定",
    }[figure.by]  # fmt: skip
    said = [by]
    if full.endswith(".done"):
        said.append("或".join(f"“{word}”" for word in figure.words))
    elif figure.min is not None or figure.max is not None or figure.whole:
        said.append(span(figure.min, figure.max, " 的整数" if figure.whole else "").replace("–", " 至 "))
    if figure.at_most:
        named = scheme.names[figure.at_most]
        said.append(f"不大于{named.near(scheme.names[full])}")
    if figure.waivable:
        said.append("可注明“无任务”")
    return f"{scheme.names[full].label}：{'，'.join(said)}"


def figure_said(scheme: Scheme, figure: str) -> str:
    """What a figure is called by itself: 综合能耗下降率·应下降."""
    return f"{scheme.names[figure].title}·{scheme.names[figure].label}"


def periods(scheme: Scheme) -> str:
    """What this year's figures may be of; empty: it is not asked."""
    known = scheme.content.period
    final = [each.label for each in known if each.final]
    said = f"本年实绩由单位注明是{'、'.join(each.label for each in known)}中的哪一种"
    fixed = f"，其中{'、'.join(final)}为定数" if final else ""
    return f"{said}{fixed}。" if known else ""


def choices(scheme: Scheme, basis: Basis) -> Iterator[tuple[BasisOption, str, str]]:
    """The options of ``basis``, with the figure that each sets and the kinds of units that it is usual for."""
    for choice in basis.option:
        kinds = "、".join(printed_name(kind) for kind, option in basis.default.items() if option == choice.id)
        yield choice, scheme.names[basis.figure].amount(choice.value), kinds


def totals(scheme: Scheme) -> tuple[Stated, ...]:
    """The totals of the whole city, and what the sums over all units are expected to be."""
    return tuple(
        Stated(scheme.measures[each.measure].title, each.clause or UNSAID, f"{_total(scheme, each)}。")
        for each in scheme.content.total
    )


def _total(scheme: Scheme, total: Total) -> str:
    measure = scheme.measures[total.measure]
    said = f"全市共 {plain(total.number)} {measure.unit}".rstrip()
    for label, limits in (("target", total.target), ("actual", total.actual)):
        if limits is not None:
            named = scheme.names[f"{measure.id}.{label}"].label
            said += f"；各单位{named}合计为总数的 {plain(limits[0])} 至 {plain(limits[1])} 倍"
    return f"{said}，超出的列为待核实"


# readings ────────────────────────────────────────────────────────────────────────────────────────────────


def questions(scheme: Scheme, room: str, key: str) -> tuple[int, ...]:
    """The numbers of the readings that may change what stands under ``key`` of ``room``, from 1."""
    return tuple(
        number
        for number, reading in enumerate(scheme.content.reading, 1)
        if any(key in option.change.get(room, {}) for option in reading.option)
    )


def referred(said: str, numbers: Sequence[int]) -> str:
    """What is read, and by which readings on a line of its own."""
    return f"{said}。" + (f"\n（口径 {_listed(numbers)}）" if numbers else "")


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers))


def within(scheme: Scheme, reading: Reading) -> str:
    """Where alone ``reading`` has a meaning; empty: whatever is decided elsewhere."""
    known = {each.id: (place, each) for place, each in enumerate(scheme.content.reading, 1)}
    said = [f"口径 {known[id][0]} 取“{known[id][1].choose(option).label}”" for id, option in reading.within.items()]
    return f"只在{'、'.join(said)}时适用" if said else ""


def readings_of(scheme: Scheme, criterion: Criterion) -> tuple[Reading, ...]:
    """The readings that bear on the rule of ``criterion`` and have a meaning under the others in force."""
    return tuple(
        reading
        for reading in scheme.content.reading
        if reading.applies(scheme.readings)
        and any(_reaches(option.change.get("criterion", {}).get(criterion.id), criterion) for option in reading.option)
    )


def _reaches(change: object, criterion: Criterion) -> bool:
    """Whether what an option changes is there: a condition may have gone with another option."""
    if not isinstance(change, Mapping) or set(change) != {"rule"} or set(change["rule"]) != {"part"}:
        return change is not None
    return any(condition.left in change["rule"]["part"] for condition in criterion.rule.conditions)
