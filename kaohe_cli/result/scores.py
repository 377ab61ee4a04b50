"""The sheets of points in 考核结果.xlsx: 排名, 分项得分, 自评与考核. pandas reshapes here and nowhere else."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaohe_cli.extent import height
from kaohe_cli.ledger import comparison as compared
from kaohe_cli.ledger.record import COMPARISON
from kaohe_cli.model import OPEN, Case, GradeStanding, Ranked
from kaohe_cli.paper.workbook import Column, Content, Contents, Formula, Styled
from kaohe_cli.points import HUNDRED, ZERO, fixed, half_up, minus, plain
from kaohe_cli.result import charts
from kaohe_cli.result.page import ROW, UNKNOWN, Page, Report, is_upright, shown
from kaohe_cli.scheme.frame import Section
from kaohe_cli.scheme.records import Item
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.book import address

if TYPE_CHECKING:
    from pandas import DataFrame, Series

TOTAL = "总分"
COLD, MILD, WARM = "#F4B6A6", "#FFF4D6", "#A9D8B0"
MOST_PAIRS = 2  # sections shown as claimed and as scored beside the total
LEAST_UPRIGHT = 70  # of an upright sheet
LEAST_WIDTH = 92  # of a sheet, so that the texts above and below its table stand whole
LARGEST = 15  # differences that are named
GRADE_LOOKS: Mapping[GradeStanding, str] = {
    "best": "best", "between": "good", "last": "waiting", "vetoed": "review", "open": "quiet",
}  # fmt: skip


def ranking(page: Page, anchors: Mapping[str, int]) -> None:
    """Write 排名: place, points (分) and grade of each unit, linked to its row in ``anchors``, and charts."""
    columns = _ranking_columns(page.report)
    if not is_upright(columns):
        page.sheet.set_landscape()
    top, used = page.head("结果", columns), page.used_by_head("结果", columns)
    report, grouped = page.report, int(page.report.grouped)
    for row, each in enumerate(report.units, top + 1):
        score = each.score
        points = {section.id: score.section(section.id).points for section in report.sections}
        parts = (*points.values(), score.bonus, *([score.capped] if report.capping else []))
        cells = {id: address(row + 1, at) for at, id in enumerate(points, 3 + grouped)}
        grade = Styled(each.grade or UNKNOWN, f"centre {GRADE_LOOKS[report.ranking.graded(each)]}")
        contents: Contents = (
            *([score.group] if grouped else []),
            *map(shown, parts),
            _sum(report.scheme.of(score.unit.kind), "", score.total, cells),
            shown(score.self_total),
            shown(minus(score.total, score.self_total)),
            *([grade] if report.graded else []),
            _remark(report.scheme, each),
        )
        used += page.unit(row, each, contents, columns, anchors[score.unit.code])
    last = top + len(page.report.units)
    if said := report.publicity.said(report.scheme.content.notice.issuer_short):
        tall = height([(said, sum(each.width for each in columns))], least=ROW)
        page.merge(last + 1, 0, len(columns) - 1, said, "bare wrap middle")
        page.sheet.set_row(last + 1, tall)
        used += tall - ROW
    page.sign(last + 2, len(columns))
    charts.of_totals(page, columns, (top + 1, last), used + 40)


def _ranking_columns(report: Report) -> tuple[Column, ...]:
    """The columns of 排名; that of 封顶扣减 where there is a cap."""
    full = {each.id: f"\n（{plain(each.points)}分）" if each.points else "" for each in report.sections}
    return (
        Column("名次", 6, "centre link"),
        Column("单位", 21, "wrap middle"),
        *([Column("组别", 10, "wrap middle")] if report.grouped else []),
        *(Column(f"{each.title}{full[each.id]}", 10, "points") for each in report.sections),
        Column("其中\n加分", 8, "points"),
        *([Column("封顶\n扣减", 8, "points")] if report.capping else []),
        Column("总分", 9, "points strong"),
        Column("自评\n总分", 9, "points"),
        Column("考核减\n自评", 9, "points"),
        *([Column("等次", 10, "centre")] if report.graded else []),
        Column("备注", 22, "wrap middle"),
    )


def _remark(scheme: Scheme, ranked: Ranked) -> str:
    score, said = ranked.score, []
    if score.status != "received":
        said.append({"late": "迟报", "missing": "未报送", "rejected": "退回待重报"}[score.status])
    if ranked.tied:
        said.append("名次并列")
    levels = {level.title: level for level in scheme.content.grade}
    if score.veto:
        said.append("保留得分，不列名次")
    elif score.total is None:
        waiting = sum(criterion.points is None for item in score.items for criterion in item.criteria)
        said.append(f"{waiting} 条细则未定分")
    elif ranked.grade == OPEN:
        said.append("等次待定")
    elif (level := levels.get(ranked.grade)) and level.mark is None and level is not scheme.content.grade[-1]:
        mark = scheme.mark_after(level)
        said += [f"不足 {plain(mark)} 分，请核定"] if mark is not None and score.total < mark else []
    else:
        said += _short_of(scheme, score.total, ranked.grade)
    said += [f"等次不高于{each.grade}" for each in scheme.content.ceiling if score.bars.get(each.id)]
    return "；".join(said)


def _short_of(scheme: Scheme, total: Decimal, grade: str) -> list[str]:
    """How far a unit of one of the last grades is from the next one with a bound."""
    grades = scheme.content.grade
    place = scheme.grades.index(grade) if grade in scheme.grades else len(grades)
    if place < len(grades) - 1:
        return []
    missed = [each for each in grades[:place] if each.mark is not None and not each.reached(total)]
    return [f"距{missed[-1].title}差 {fixed((missed[-1].mark or ZERO) - total)} 分"] if missed else []


def items(page: Page, anchors: Mapping[str, int], frame: "DataFrame") -> None:
    """Write 分项得分: the points (分) of each unit and item in ``frame``, with sums, and how each item turned out."""
    scheme = page.report.scheme
    nodes = tuple(_columns_of(scheme))  # sections after what is in them
    columns = [Column("名次", 6, "centre link"), Column("单位", 20, "wrap middle")]
    columns += [
        Column(f"{node.title}小计", 8.5, "points strong")
        if isinstance(node, Section)
        else Column(f"{node.id}\n{node.title}", 7.5, "points")
        for node in nodes
    ]
    columns.append(Column(TOTAL, 8.5, "points strong"))
    columns[1] = Column("单位", max(20, LEAST_WIDTH - sum(each.width for each in columns)), "wrap middle")
    keys = [*(node.id for node in nodes), TOTAL]
    full = {node.id: node.points for node in nodes} | {TOTAL: scheme.points}
    top = page.head("分项得分", columns, 100)

    def line(row: int, own: Scheme, values: Mapping[str, Decimal | None]) -> list[Content | Styled]:
        """Points in the order of the columns, sums as formulas."""
        cells = {key: address(row + 1, at) for at, key in enumerate(keys, 3) if values[key] is not None}
        return [
            _sum(own, "" if key == TOTAL else key, values[key], cells)
            if key == TOTAL or key in scheme.sections
            else shown(values[key])
            for key in keys
        ]

    bands = [Column(each.title, look=f"{each.look} band") for each in columns]
    page.sheet.set_row(top + 1, 22)
    page.row(top + 1, ("", "满分", *line(top + 1, scheme, full)), bands)
    points = _points_by_column(page.report, frame)
    item_ids = {item.id for item in scheme.items}
    for row, ranked in enumerate(page.report.units, top + 2):
        code = ranked.score.unit.code
        values = {key: _known(points.at[code, key]) for key in keys}
        page.unit(row, ranked, line(row, scheme.of(ranked.score.unit.kind), values), columns, anchors[code])
    first, last = top + 2, top + 1 + len(page.report.units)
    for column, key in enumerate(keys, 2):
        if key in item_ids and (most := full[key]):
            _heat(page.sheet, (first, column, last, column), most)
    names = {each.score.unit.code: each.score.unit.name for each in page.report.units}
    found = [_standing(points[key].dropna(), full[key], names) for key in keys]
    for offset, label in enumerate(("平均分", "平均得分率（%）", "最高分", "最高的单位", "最低分", "最低的单位")):
        row = last + 1 + offset
        texts = [each[offset] for each in found]
        if label.endswith("单位"):
            page.sheet.set_row(row, height([(str(text), 9) for text in texts]))
            looks = [Column("", look="centre wrap band") for _ in columns]
        else:
            page.sheet.set_row(row, 20)
            looks = bands
        page.row(row, ("", label, *texts), looks)
    said = "颜色按得分占该项满分的比例：红为低，黄为中，绿为满分及以上。平均、最高、最低只计已定分的单位。"
    page.merge(last + 7, 0, len(columns) - 1, said, "quiet bare")
    page.sign(last + 8, len(columns))


def _points_by_column(report: Report, frame: "DataFrame") -> "DataFrame":
    """Units × items, with the sums of the classes and the total beside them."""
    from pandas import DataFrame

    items = [item.id for item in report.scheme.items]
    points = frame.pivot(index="code", columns="item", values="exam").reindex(columns=items)
    titles, scores = [*report.scheme.sections, TOTAL], [each.score for each in report.units]
    sums = {score.unit.code: (*(each.points for each in score.sections), score.total) for score in scores}
    return points.join(DataFrame.from_dict(sums, orient="index", dtype=object, columns=titles))


def _standing(known: "Series[Any]", full: Decimal | None, names: Mapping[str, str]) -> tuple[Content, ...]:
    """Mean, its share of the full points in %, highest points and units, lowest points and units."""
    if known.empty:
        return (UNKNOWN,) * 6
    mean = half_up(sum(known, ZERO) / len(known))
    found: list[Content] = [mean, half_up(mean / full * HUNDRED) if full else UNKNOWN]
    for edge in (known.max(), known.min()):
        found += [edge, _names([names[code] for code in known.index[known == edge]], 1)]
    return tuple(found)


def selves(page: Page, anchors: Mapping[str, int], frame: "DataFrame") -> None:
    """Write 自评与考核: what each unit claimed beside what it earned (分), and where the two differ most."""
    columns = [Column("名次", 6, "centre link"), Column("单位", 21, "wrap middle")]
    sections = page.report.sections if len(page.report.sections) <= MOST_PAIRS else ()
    for title in (*(each.title for each in sections), "总分"):
        columns += [Column(f"{title}\n{part}", 9, "points") for part in ("自评", "考核", "考核减自评")]
    columns[1] = Column("单位", max(21, LEAST_UPRIGHT - sum(each.width for each in columns[2:])), "wrap middle")
    title = "自评与考核对照"
    top, used = page.head(title, columns), page.used_by_head(title, columns)
    for row, ranked in enumerate(page.report.units, top + 1):
        score = ranked.score
        held = [score.section(each.id) for each in sections]
        pairs = [(each.self, each.points) for each in held]
        pairs.append((score.self_total, score.total))
        contents = [shown(value) for own, exam in pairs for value in (own, exam, minus(exam, own))]
        used += page.unit(row, ranked, contents, columns, anchors[score.unit.code])
    first, last = top + 1, top + len(page.report.units)
    for row, text in enumerate(_differences(page.report), last + 1):
        page.merge(row, 0, len(columns) - 1, text, "wrap middle bare")
        tall = height([(text, sum(column.width for column in columns))])
        page.sheet.set_row(row, tall)
        last, used = row, used + tall
    below = last + 2
    if any(each.score.self_total is not None for each in page.report.units):
        units = (first, first + len(page.report.units) - 1)
        names = len(_ranking_columns(page.report)) + 1
        below = charts.of_selves(page, columns, units, below, used + 20, names)
    below = _largest(page, frame, below, columns, paired=bool(sections))
    page.sign(below + 1, len(columns))


def comparison(page: Page) -> None:
    """Write 同组比较: what is compared among the units of each group, and the points for it."""
    report = page.report
    table = compared.columns_of(report.scheme)
    columns = table.columns
    row = top = page.head(COMPARISON, columns)
    cases = [report.cases[each.score.unit.code] for each in report.units if each.score.unit.code in report.cases]
    scores = {each.score.unit.code: each.score for each in report.units}
    for row, each in enumerate(compared.rows(report.scheme, cases, scores, _settled, top + 2), top + 1):
        page.whole(row, table.contents(each), columns)
    page.sheet.autofilter(top, 0, max(row, top + 1), len(columns) - 1)
    page.sign(row + 2, len(columns))


def _settled(case: Case, figure: str) -> Content:
    """The number of a figure; None where there is none."""
    entry = case.settled.get(figure)
    return entry.value if entry is not None and isinstance(entry.value, Decimal) else None


def _differences(report: Report) -> list[str]:
    """Which units differ most, in sentences."""
    gaps = [(minus(each.score.total, each.score.self_total), each.score.unit.name) for each in report.units]
    known = [(gap, name) for gap, name in gaps if gap is not None]
    said = []
    for sign, words in ((-1, "自评高于考核最多"), (1, "自评低于考核最多")):
        far = max((sign * gap for gap, _ in known), default=ZERO)
        if far > 0:
            names = _names([name for gap, name in known if sign * gap == far])
            said.append(f"{words}：{names}，相差 {fixed(far)} 分。")
    return said or ["自评总分与考核总分尚无差额可比。" if not known else "各单位自评总分与考核总分一致。"]


def _largest(page: Page, frame: "DataFrame", top: int, columns: Sequence[Column], *, paired: bool) -> int:
    """The items whose self-score and score differ most, over ``columns``; returns the last row.

    ``paired``: sections have columns beside the total, which leaves room for a column of items, and of 满分.
    """
    known = frame[frame["self"].notna() & frame["exam"].notna()]
    known = known.assign(gap=known["exam"] - known["self"])
    known = known[known["gap"] != 0].assign(far=lambda each: each["gap"].abs())
    known = known.sort_values("far", ascending=False, kind="stable").head(LARGEST)
    if known.empty:
        return top - 1
    last = len(columns) - 1
    numbers = {"full": "满分", "self": "自评分", "exam": "考核分", "gap": "考核减自评"}
    headings = {(0, 1): "单位", (2, last - 4): "考核项目"}
    if not paired:
        del numbers["full"]
        headings = {(0, 1): "单位和考核项目"}
    wide = [sum(column.width for column in columns[first : end + 1]) for first, end in headings]
    page.merge(top, 0, last, f"差额最大的项目（前 {len(known)} 个）", "title large")
    for span, heading in headings.items():
        page.merge(top + 1, *span, heading, "header")
    for column, heading in enumerate(numbers.values(), last + 1 - len(numbers)):
        page.put(top + 1, column, heading, "header")
    page.sheet.set_row(top + 1, 30)
    row = top + 1
    for row, each in enumerate(known.to_dict("records"), top + 2):
        unit, item = each["unit"], f"{each['item']} {each['title']}"
        texts = (unit, item) if paired else (f"{unit}　{item}",)
        page.sheet.set_row(row, height(zip(texts, wide, strict=True)))
        for span, text in zip(headings, texts, strict=True):
            page.merge(row, *span, text, "wrap middle")
        for column, key in enumerate(numbers, last + 1 - len(numbers)):
            page.put(row, column, each[key], "points")
    return row


def frame_of(report: Report) -> "DataFrame":
    """A row for each unit and item: what it could earn, earned, and claimed."""
    from pandas import DataFrame  # half a second, which a wrong call need not wait for

    columns = ["code", "unit", "item", "title", "full", "exam", "self"]
    rows = [
        (score.unit.code, score.unit.name, item.id, item.title, item.points, held.points, held.self)
        for score in (ranked.score for ranked in report.units)
        for item, held in zip(report.scheme.of(score.unit.kind).items, score.items, strict=True)
    ]
    return DataFrame(rows, columns=columns, dtype=object)


def _heat(sheet: Any, area: tuple[int, int, int, int], full: Decimal) -> None:
    """Colours by the share of the item's points."""
    sheet.conditional_format(
        *area,
        {
            "type": "3_color_scale",
            "min_type": "num", "min_value": 0, "min_color": COLD,
            "mid_type": "num", "mid_value": float(full * Decimal("0.7")), "mid_color": MILD,
            "max_type": "num", "max_value": float(full), "max_color": WARM,
        },
    )  # fmt: skip


def _names(names: Sequence[str], most: int = 5) -> str:
    return "、".join(names[:most]) + (f"等 {len(names)} 个单位" if len(names) > most else "")


def _columns_of(scheme: Scheme, id: str = "") -> Iterator[Section | Item]:
    """Items and sections, each section after what is in it."""
    for node in scheme.parts_of(id):
        if isinstance(node, Section):
            yield from _columns_of(scheme, node.id)
        yield node


def _sum(scheme: Scheme, id: str, value: Decimal | None, cells: Mapping[str, str]) -> Content:
    """The points of section ``id`` (empty: the total), as a formula where all its parts stand in ``cells``."""
    if value is None:
        return UNKNOWN
    node, parts = scheme.sections[id] if id else scheme.content.whole, scheme.parts_of(id)
    if any(each.id not in cells for each in parts):
        return value
    placed, cap = [(cells[each.id], each.weight) for each in parts], scheme.cap(node)
    if node.combine == "sum" and not node.bounded:
        in_a_row = id and all(isinstance(each, Item) for each in parts) and len(parts) > 1
        total = f"SUM({placed[0][0]}:{placed[-1][0]})" if in_a_row else "+".join(cell for cell, _ in placed)
        return Formula(f"={total}" if cap is None else f"=MIN({plain(cap)},{total})", value)
    return Formula(f"={node.formula(placed, cap)}", value)


def _known(value: object) -> Decimal | None:
    """``value`` as it came out of pandas, which has words of its own for the unknown."""
    return value if isinstance(value, Decimal) else None
