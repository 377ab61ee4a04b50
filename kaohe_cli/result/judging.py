"""What became of the marks: figures by item and department, and what is noticed, in sentences. pandas adds up here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from kaohe_cli.assess.judging import (
    CELL_APART,
    FEWEST_DEPARTMENTS,
    FEWEST_UNITS,
    LEVEL_APART,
    SEVERAL_APART,
    Calibration,
    MarkGiven,
    asked_of,
    calibrate,
    department_of,
    marks_of,
)
from kaohe_cli.points import HUNDRED, ZERO, add, fixed, half_up, plain
from kaohe_cli.result.page import Report

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_ITEMS = 10  # that a sentence names


class MarksHeld(Struct, frozen=True):
    """The marks of an item or a department, together."""

    marks: int  # items of units
    points: Decimal  # 分, the mean of a mark
    rate: Decimal  # % of full points, of all together
    lowest: Decimal  # of an item 分, of a department % of a unit
    highest: Decimal
    full: int  # marks that are full
    self_rate: Decimal | None  # % of full points that units claimed; None: none is known
    gap: Decimal | None  # 考核减自评, 分, the mean of a mark; None: none is known


class ItemHeld(Struct, frozen=True):
    """An item that departments mark."""

    id: str
    title: str
    department: str  # empty: none was named
    held: MarksHeld | None  # None: not marked yet
    remark: str = ""


class DepartmentHeld(Struct, frozen=True):
    """A department, or an item for which none was named."""

    name: str
    items: tuple[str, ...]
    held: MarksHeld | None  # None: nothing marked yet
    remark: str = ""


class JudgingFound(Struct, frozen=True):
    """All that the sheet 评分分析 tells of marks."""

    findings: tuple[str, ...]
    departments: tuple[DepartmentHeld, ...]
    items: tuple[ItemHeld, ...]


def judging_of(report: Report) -> JudgingFound:
    """What became of the marks in ``report``; points in 分 and rates in %, halves up, two decimals."""
    marks = marks_of(report.scheme, report.units, report.departments)
    frame, found = _frame(marks), calibrate(marks)
    by_item, by_department = (dict(iter(frame.groupby(name, sort=False))) for name in ("item", "department"))
    marked = {item.id for own in report.scheme.variants for item in own.items if item.marked}
    titles = {item.id: item.title for item in report.scheme.items if item.id in marked}
    departments: dict[str, list[str]] = {}
    for id in titles:
        departments.setdefault(department_of(id, report.departments), []).append(id)
    return JudgingFound(
        tuple(_findings(report, found, len(frame))),
        tuple(
            DepartmentHeld(name, tuple(ids), *_of_department(report, found, name, by_department.get(name)))
            for name, ids in departments.items()
        ),
        tuple(
            ItemHeld(id, title, report.departments.get(id, ""), *_of_item(report, by_item.get(id)))
            for id, title in titles.items()
        ),
    )


def _frame(marks: Sequence[MarkGiven]) -> "DataFrame":
    """A row for each item of each unit: points, full points and claim of its criteria together."""
    from pandas import DataFrame  # half a second, which a wrong call need not wait for

    rows: dict[tuple[str, str, str], list[MarkGiven]] = {}
    for each in marks:
        rows.setdefault((each.unit, each.department, each.item), []).append(each)
    return DataFrame(
        [
            (*key, add(each.points for each in of), add(each.full for each in of), add(each.self for each in of))
            for key, of in rows.items()
        ],
        columns=["unit", "department", "item", "points", "full", "self"],
        dtype=object,
    )


def _held(frame: "DataFrame", edges: Sequence[Decimal]) -> MarksHeld:
    """The marks in ``frame``; the lowest and the highest are those of ``edges``."""
    points, full = sum(frame["points"], ZERO), sum(frame["full"], ZERO)
    claimed = frame[frame["self"].notna()]
    own, among, given = (sum(claimed[name], ZERO) for name in ("self", "full", "points"))
    return MarksHeld(
        len(frame),
        half_up(points / len(frame)),
        half_up(points / full * HUNDRED),
        half_up(min(edges)),
        half_up(max(edges)),
        int((frame["points"] == frame["full"]).sum()),
        half_up(own / among * HUNDRED) if len(claimed) else None,
        half_up((given - own) / len(claimed)) if len(claimed) else None,
    )


def _of_item(report: Report, frame: "DataFrame | None") -> tuple[MarksHeld | None, str]:
    """What was given for an item, with the units that got most and least of it."""
    if frame is None:
        return None, "尚未评分"
    names, given, full = _names(report, frame["unit"]), list(frame["points"]), list(frame["full"])
    if len(set(full)) == 1:
        return _held(frame, given), _edges(dict(zip(names, given, strict=True)))
    # units of another kind can get more, or less, of it
    rates = (points / most for points, most in zip(given, full, strict=True))
    return _held(frame, given), f"按占满分的比重，{_edges(dict(zip(names, rates, strict=True)))}"


def _of_department(
    report: Report, found: Calibration, name: str, frame: "DataFrame | None"
) -> tuple[MarksHeld | None, str]:
    """What a department gave, with the units that got most and least of it."""
    if frame is None:
        return None, "尚未评分"
    sums = {unit: (sum(of["points"], ZERO), sum(of["full"], ZERO)) for unit, of in frame.groupby("unit", sort=False)}
    shares = [half_up(points / full * HUNDRED) for points, full in sums.values()]
    rates = dict(zip(_names(report, sums), shares, strict=True))
    alike = any(each.department == name for each in found.uniform)
    said = ["各单位分不出高下" if alike else _edges(rates)]
    said += ["明显偏宽" if each.gap > 0 else "明显偏严" for each in found.levels if each.department == name]
    return _held(frame, shares), "；".join(said)


def _names(report: Report, codes: Iterable[Any]) -> list[str]:
    names = {each.score.unit.code: each.score.unit.name for each in report.units}
    return [names[code] for code in codes]


def _edges(values: Mapping[str, Decimal]) -> str:
    """The units with most and with least; that all are alike where they are."""
    if len(set(values.values())) == 1:
        return "各单位同分" if len(values) > 1 else ""
    edges = (("最高", max(values.values())), ("最低", min(values.values())))
    return "；".join(
        f"{which}：{_units([unit for unit, held in values.items() if held == edge])}" for which, edge in edges
    )


def _units(names: Sequence[str], most: int = 2) -> str:
    return "、".join(names[:most]) + (f"等 {len(names)} 个单位" if len(names) > most else "")


# words ──────────────────────────────────────────────────────────────────────────────────────────────────


def _findings(report: Report, found: Calibration, marked: int) -> Iterator[str]:
    asked = asked_of(report.scheme, report.units)
    if marked < asked:
        yield f"评分尚未完成：应评 {asked} 个（每个单位的每一项为一个），已评 {marked} 个，以下只计已评的。"
    named = any(report.departments.values())
    who = "处室" if named else "项"
    noticed = _noticed(report, found)
    yield from noticed
    if marked and not found.compared:
        party = "处室" if named else "项目"
        yield (
            f"已评分的有 {found.departments} 个{party}、{found.units} 个单位；不足 {FEWEST_DEPARTMENTS} 个{party}"
            f"或不足 {FEWEST_UNITS} 个单位的，不作宽严比较。"
        )
    elif marked and not noticed:
        yield f"各{who}评分的宽严没有明显差别，也没有哪个单位在某一{who}的评分与其他各{who}明显不同。"
    yield from _constant(report)


def noticed(report: Report) -> tuple[str, ...]:
    """What is noticed of departments and of units in the marks, a sentence each; nothing in a fair year."""
    return _noticed(report, calibrate(marks_of(report.scheme, report.units, report.departments)))


def _noticed(report: Report, found: Calibration) -> tuple[str, ...]:
    who = "处室" if any(report.departments.values()) else "项"
    names = {each.score.unit.code: each.score.unit.name for each in report.units}
    return (*_uniform(found), *_levels(found, who), *_outlying(found, who, names))


def _uniform(found: Calibration) -> Iterator[str]:
    for each in found.uniform:
        if each.lowest == each.highest:
            said = f"给 {each.units} 个单位评的分都一样（占满分的 {_rate(each.lowest)}）"
        else:
            said = f"给 {each.units} 个单位评的分几乎一样（占满分的 {_rate(each.lowest)} 至 {_rate(each.highest)}）"
        yield f"{each.department}{said}，各单位分不出高下。"


def _levels(found: Calibration, who: str) -> Iterator[str]:
    for each in found.levels:
        way, how = ("高", "宽") if each.gap > 0 else ("低", "严")
        yield (
            f"在其他各{who}评分较低的 {each.units} 个单位中，{each.department}评的分占满分的比重一般比其他各{who}"
            f"{way} {half_up(abs(each.gap) * HUNDRED, 1)} 个百分点，明显偏{how}。"
        )


def _outlying(found: Calibration, who: str, names: dict[str, str]) -> Iterator[str]:
    for each in found.outlying:
        way = "高" if each.points > 0 else "低"
        yield (
            f"{each.department}给{names[each.unit]}评的分占满分的 {_rate(each.rate)}，按该{who}对各单位、"
            f"各{who}对{names[each.unit]}评分的一般水平约为 {half_up(each.expected * HUNDRED, 0)}%，"
            f"{way} {half_up(abs(each.points), 1)} 分。"
        )


def _constant(report: Report) -> Iterator[str]:
    """The items in which all units that have points got the same, those that people enter points of first."""
    # a limit may have cut off what would otherwise tell units apart
    adds = report.scheme.adds_up and not report.scheme.capping
    does = "对名次不起作用" if adds else "没有拉开差距"
    groups: dict[tuple[bool, int, str], list[str]] = {}
    for number, item in enumerate(report.scheme.items):
        of = [(each.score.items[number].points, report.scheme.of(each.score.unit.kind).items[number].points)
              for each in report.units]  # fmt: skip
        known = [(points, full) for points, full in of if points is not None]
        if len(known) < 2 or len(set(known)) > 1:
            continue
        points, full = known[0]
        how = "同为满分" if points == full else f"同得 {fixed(points)} 分"
        ruled = not any(each.judged for each in item.criterion)
        groups.setdefault((ruled, len(known), how), []).append(f"第 {item.id} 项“{item.title}”")
    for (ruled, units, how), items in sorted(groups.items(), key=lambda each: each[0][0]):
        listed = "、".join(items[:MOST_ITEMS]) + (f"等 {len(items)} 项" if len(items) > MOST_ITEMS else "")
        yield f"{'按数据计分的' if ruled else ''}{listed}，{units} 个单位{how}，{does}。"


def reading_of(*, named: bool) -> str:
    """How the figures are to be read, in a paragraph; ``named``: departments were named."""
    who = "处室" if named else "项"
    alone = "" if named else "考核设置没有写责任处室，每一项单独作为一方与其他各项比较。"
    level, several, cell = (plain(each * HUNDRED) for each in (LEVEL_APART, SEVERAL_APART, CELL_APART))
    return (
        f"{alone}“占满分”是得分合计除以满分合计。"
        f"宽严只看其他各{who}评分较低的一半单位（至少 {FEWEST_UNITS} 个），评分高的已近满分，难分宽严；"
        f"与其他各{who}相差 {level} 个百分点（每个单位至少评两次的，{several} 个）以上的，才称偏宽、偏严；"
        f"某单位的评分与该{who}、该单位的一般水平相差 {cell} 个百分点以上，并且其他各{who}都没有这样评的，才单独列出；"
        "评分本来参差较大的，相差更多才列。这些是提请核对的线索，不说明评分有错。加分项目和按单位自评计分的不在其内。"
    )


def _rate(value: Decimal) -> str:
    return f"{plain(half_up(value * HUNDRED, 1))}%"
