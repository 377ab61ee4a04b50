"""考核结果.xlsx: the ranking, and beside it all that it rests on. pandas reshapes here and nowhere else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from kaohe_cli.assess.explain import explain, origin_said
from kaohe_cli.assess.score import add
from kaohe_cli.diagnostic import SEVERITY_WORDS, Problem
from kaohe_cli.model import STATUS_WORDS, Case, CriterionScore, Ranked, Ranking, Source, State, UnitScore
from kaohe_cli.office.paper import Cell, Column, Content, Formula, Paper, height
from kaohe_cli.points import HUNDRED, ZERO, fixed, half_up, plain
from kaohe_cli.scheme.scheme import Scheme

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from kaohe_cli.assess.sensitivity import Change, Trial

Row: TypeAlias = Sequence[Content | Cell]

LABELS = 11  # column of the names in charts, on the sheet of the ranking
RANKING, ITEMS, SELF, REASONS = "排名", "分项得分", "自评与考核", "得分依据"
READINGS, NOTES, SOURCES = "口径与敏感性", "问题与说明", "来源"
SHEETS = (RANKING, ITEMS, SELF, REASONS, READINGS, NOTES, SOURCES)

GRADE_LOOKS = {"优秀": "best", "达标": "good", "未达标": "waiting", "一票否决": "review", "未定": "quiet"}
STATE_WORDS: Mapping[State, str] = {
    "scored": "已定分", "pending": "待定分", "no_task": "无任务", "no_target": "未下达目标", "invalid": "填报有误",
}  # fmt: skip
UNKNOWN = "—"
TOTAL = "总分"
SIGNATURES = "制表：　　　　　　　　复核：　　　　　　　　审定：　　　　　　　　"
COLD, MILD, WARM = "#F4B6A6", "#FFF4D6", "#A9D8B0"
CLASS_ONE, CLASS_TWO, BONUS, MARK, OWN = "#4472A8", "#8FB2D9", "#E3A23C", "#C00000", "#B9C0C9"
FONT = {"name": "宋体", "size": 9}
PER_CHART = 34  # units in one chart, so that their names stay legible
ROW = 20  # height of a row that nothing sets, in points
TALL, LOW = 380.0, 300.0  # heights of charts, in points
LONGEST_LABEL = 12  # characters of a name in a chart
LARGEST = 15  # differences that are named
MOST_CHANGES = 50  # units that are listed for one trial of readings
PAGE = {False: (523.0, 737.0), True: (770.0, 490.0)}  # landscape → width and height within the margins, in points


class Report(Struct, frozen=True):
    """All that the result workbook tells."""

    scheme: Scheme
    ranking: Ranking
    cases: Mapping[str, Case]  # by unit code: the figures that the points rest on
    trials: "Sequence[Trial] | None" = None  # None: the sensitivity of the ranking was not tried
    problems: Sequence[Problem] = ()
    sources: Sequence[Source] = ()
    approvals: Mapping[str, tuple[str, str]] = {}  # reading → approver, date as written

    @property
    def units(self) -> tuple[Ranked, ...]:
        """The units in order."""
        return self.ranking.units

    @property
    def title(self) -> str:
        """The name of the assessment: ……工作目标责任制考核."""
        return self.scheme.content.title.removesuffix("表")

    @property
    def standing(self) -> str:
        """Whether the ranking is final, in one sentence."""
        if self.ranking.final:
            return f"依据{self.scheme.content.notice.number}；以考核分排名。"
        waiting = sum(each.score.total is None for each in self.units)
        left = f"还有 {waiting} 个单位总分未定" if waiting else "评分底稿中还有待核的事项"
        return f"暂定：{left}，名次和等次以定稿为准。"


def build(report: Report) -> bytes:
    """The result workbook (考核结果.xlsx); the same report gives the same bytes."""
    with Paper(f"{report.title}结果") as paper:
        pages = {name: _page(paper, report, name) for name in SHEETS}
        frame = _frame(report)
        anchors = _reasons(paper, report, pages[REASONS])
        _ranking(paper, report, pages[RANKING], anchors)
        _items(paper, report, pages[ITEMS], anchors, frame)
        _self(paper, report, pages[SELF], anchors, frame)
        _readings(paper, report, pages[READINGS])
        _notes(paper, report, pages[NOTES])
        _sources(paper, report, pages[SOURCES])
        pages[RANKING].activate()
        return paper.finish()


# ── 排名 ────────────────────────────────────────────────────────────────────────────────────────────────


def _ranking(paper: Paper, report: Report, sheet: Any, anchors: Mapping[str, int]) -> None:
    one, two = (f"{each.title}\n（{plain(each.points)}分）" for each in report.scheme.content.class_)
    columns = (
        Column("名次", 6, "centre link"),
        Column("单位", 21, "wrap middle"),
        Column(one, 10, "points"),
        Column(two, 10, "points"),
        Column("其中\n加分", 8, "points"),
        Column("总分", 9, "points strong"),
        Column("自评\n总分", 9, "points"),
        Column("考核减\n自评", 9, "points"),
        Column("等次", 10, "centre"),
        Column("备注", 22, "wrap middle"),
    )
    top = _head(paper, report, sheet, "结果", columns)
    heights = [40.0, 20.0, 36.0]
    for index, each in enumerate(report.units):
        row, score = top + 1 + index, each.score
        remark = _remark(report.scheme, each)
        contents: Row = (
            _unknown(each.place),
            score.unit.name,
            _unknown(score.class_one),
            _unknown(score.class_two),
            _unknown(score.bonus),
            _total(report.scheme, score.total, f"C{row + 1}+D{row + 1}"),
            _unknown(score.self_total),
            _unknown(_gap(score.total, score.self_total)),
            Cell(each.grade, f"centre {GRADE_LOOKS[each.grade]}"),
            remark,
        )
        heights.append(height([(score.unit.name, 21), (remark, 22)], least=22))
        sheet.set_row(row, heights[-1])
        _link(paper, sheet, row, anchors[score.unit.code])
        _row(paper, sheet, row, contents, columns)
    last = top + len(report.units)
    _sign(paper, sheet, last + 2, len(columns))
    _ranking_charts(paper, report, sheet, columns, (top + 1, last), sum(heights) + 40)


def _ranking_charts(
    paper: Paper, report: Report, sheet: Any, columns: Sequence[Column], rows: tuple[int, int], used: float
) -> None:
    """Charts of the totals below the table, of data that stand to the right of the printed columns."""
    (first, last), scheme = rows, report.scheme
    pass_mark = scheme.content.grades.passing.points
    names = [f"{each.title}（不含加分）" for each in scheme.content.class_]
    data = ("图中名称", *names, "加分", f"{plain(pass_mark)}分线")
    column = len(columns) + 1
    sheet.set_column(column - 1, column - 1, 3)
    sheet.set_column(column, column + len(data) - 1, 18)
    paper.merge(sheet, first - 2, column, column + len(data) - 1, "制图数据（不打印）", "quiet bare")
    for offset, said in enumerate(data):
        paper.put(sheet, first - 1, column + offset, said, "header quiet")
    for row, unit in enumerate(report.units, first):
        base = [_base(scheme, unit.score, each.id) for each in scheme.content.class_]
        values = (*base, unit.score.bonus, pass_mark) if unit.score.total is not None else (None,) * (len(data) - 1)
        paper.put(sheet, row, column, _short(unit.score.unit.name), "quiet")
        for offset, value in enumerate(values, 1):
            paper.put(sheet, row, column + offset, value, "points quiet")
    placed = [each.score.total for each in report.units if each.score.total is not None]
    below = last + 4

    def series(begin: int, end: int, offset: int) -> dict[str, Any]:
        return {
            "name": [RANKING, first - 1, column + offset],
            "categories": [RANKING, begin, LABELS, end, LABELS],
            "values": [RANKING, begin, column + offset, end, column + offset],
        }

    def draw(begin: int, end: int) -> Any:
        chart = paper.book.add_chart({"type": "column", "subtype": "stacked"})
        for offset, colour in enumerate((CLASS_ONE, CLASS_TWO, BONUS), 1):
            chart.add_series({**series(begin, end, offset), "fill": {"color": colour}, "gap": 60})
        line = paper.book.add_chart({"type": "line"})
        line.add_series({**series(begin, end, 4), "line": {"color": MARK, "width": 1.5, "dash_type": "dash"}})
        chart.combine(line)
        return chart

    if placed:
        title = "总分构成" + ("" if report.ranking.final else "（暂定）")
        units = (first, first + len(placed) - 1)
        below = _charts(sheet, columns, units, below, used, draw, title, max(placed), TALL)
    else:
        paper.merge(sheet, below, 0, len(columns) - 1, "各单位总分均未定，暂不作图。", "quiet bare")
        below += 1
    sheet.print_area(0, 0, below - 1, len(columns) - 1)


def _remark(scheme: Scheme, ranked: Ranked) -> str:
    score, grades, said = ranked.score, scheme.content.grades, []
    if score.status != "received":
        said.append({"late": "迟报", "missing": "未报送", "rejected": "退回待重报"}[score.status])
    if ranked.tied:
        said.append("名次并列")
    if score.veto:
        said.append("保留得分，不列名次")
    elif score.total is None:
        waiting = sum(criterion.points is None for item in score.items for criterion in item.criteria)
        said.append(f"{waiting} 条细则未定分")
    elif score.total < grades.passing.points:
        if ranked.grade == "优秀":
            said.append(f"不足 {plain(grades.passing.points)} 分，请核定")
        else:
            said.append(f"距达标差 {fixed(grades.passing.points - score.total)} 分")
    return "；".join(said)


def _base(scheme: Scheme, score: UnitScore, class_: str) -> Decimal | None:
    """Points of a class without its bonuses."""
    return add(
        criterion.points
        for item, scored in zip(scheme.items, score.items, strict=True)
        for criterion in scored.criteria
        if item.class_ == class_ and not criterion.bonus
    )


# ── 分项得分 ──────────────────────────────────────────────────────────────────────────────────────────────


def _items(paper: Paper, report: Report, sheet: Any, anchors: Mapping[str, int], frame: "DataFrame") -> None:
    scheme = report.scheme
    spans: list[tuple[int, int]] = []  # of each class: its first and last column
    columns = [Column("名次", 6, "centre link"), Column("单位", 20, "wrap middle")]
    keys = []  # of each column after these: an item, a class's sum, or the total
    full: dict[str, Decimal] = {}
    for each in scheme.content.class_:
        items = [item for item in scheme.items if item.class_ == each.id]
        spans.append((len(columns), len(columns) + len(items) - 1))
        columns += [Column(f"{item.id}\n{item.title}", 7.5, "points") for item in items]
        columns.append(Column(f"{each.title}小计", 8.5, "points strong"))
        keys += [*(item.id for item in items), each.title]
        full |= {item.id: item.points for item in items} | {each.title: each.points}
    columns.append(Column(TOTAL, 8.5, "points strong"))
    keys.append(TOTAL)
    full[TOTAL] = sum((each.points for each in scheme.content.class_), ZERO)
    top = _head(paper, report, sheet, "分项得分", columns, 100)

    def line(row: int, values: Mapping[str, Decimal | None]) -> list[Content | Cell]:
        """Points in the order of the columns, sums as formulas."""
        found: list[Content | Cell] = [_unknown(values[key]) for key in keys]
        for begin, end in spans:
            value = values[keys[end - 1]]
            if value is not None:
                found[end - 1] = Formula(f"=SUM({_cell(row, begin)}:{_cell(row, end)})", value)
        found[-1] = _total(scheme, values[TOTAL], "+".join(_cell(row, end + 1) for _, end in spans))
        return found

    bands = [Column(each.title, look=f"{each.look} band") for each in columns]
    sheet.set_row(top + 1, 22)
    _row(paper, sheet, top + 1, ("", "满分", *line(top + 1, full)), bands)
    points = _points_by_column(report, frame)
    item_ids = {item.id for item in scheme.items}
    for row, ranked in enumerate(report.units, top + 2):
        score = ranked.score
        sheet.set_row(row, height([(score.unit.name, 20)], least=22))
        _link(paper, sheet, row, anchors[score.unit.code])
        values = {key: _known(points.at[score.unit.code, key]) for key in keys}
        _row(paper, sheet, row, (_unknown(ranked.place), score.unit.name, *line(row, values)), columns)
    first, last = top + 2, top + 1 + len(report.units)
    for column, key in enumerate(keys, 2):
        if key in item_ids:
            _heat(sheet, (first, column, last, column), full[key])
    names = {each.score.unit.code: each.score.unit.name for each in report.units}
    found = [_standing(points[key].dropna(), full[key], names) for key in keys]
    for offset, label in enumerate(("平均分", "平均得分率（%）", "最高分", "最高的单位", "最低分", "最低的单位")):
        row = last + 1 + offset
        texts = [each[offset] for each in found]
        if label.endswith("单位"):
            sheet.set_row(row, height([(str(text), 9) for text in texts]))
            looks = [Column("", look="centre wrap band") for _ in columns]
        else:
            sheet.set_row(row, 20)
            looks = bands
        _row(paper, sheet, row, ("", label, *texts), looks)
    said = "颜色按得分占该项满分的比例：红为低，黄为中，绿为满分及以上。平均、最高、最低只计已定分的单位。"
    paper.merge(sheet, last + 7, 0, len(columns) - 1, said, "quiet bare")
    _sign(paper, sheet, last + 8, len(columns))


def _points_by_column(report: Report, frame: "DataFrame") -> "DataFrame":
    """Units × items, with the sums of the classes and the total beside them."""
    from pandas import Series

    items = [item.id for item in report.scheme.items]
    points = frame.pivot(index="code", columns="item", values="exam").reindex(columns=items)
    scores = {each.score.unit.code: each.score for each in report.units}
    one, two = (each.title for each in report.scheme.content.class_)
    sums = {
        one: [scores[code].class_one for code in points.index],
        two: [scores[code].class_two for code in points.index],
        TOTAL: [scores[code].total for code in points.index],
    }
    return points.assign(**{key: Series(values, points.index, object) for key, values in sums.items()})


def _standing(known: "Series[Any]", full: Decimal, names: Mapping[str, str]) -> tuple[Content, ...]:
    """Mean, its share of the full points in %, highest points and units, lowest points and units."""
    if known.empty:
        return (UNKNOWN,) * 6
    mean = half_up(sum(known, ZERO) / len(known))
    found: list[Content] = [mean, half_up(mean / full * HUNDRED)]
    for edge in (known.max(), known.min()):
        found += [edge, _names([names[code] for code in known.index[known == edge]], 1)]
    return tuple(found)


# ── 自评与考核 ─────────────────────────────────────────────────────────────────────────────────────────────


def _self(paper: Paper, report: Report, sheet: Any, anchors: Mapping[str, int], frame: "DataFrame") -> None:
    columns = [Column("名次", 6, "centre link"), Column("单位", 21, "wrap middle")]
    for title in (*(each.title for each in report.scheme.content.class_), "总分"):
        columns += [Column(f"{title}\n{part}", 9, "points") for part in ("自评", "考核", "考核减自评")]
    top = _head(paper, report, sheet, "自评与考核对照", columns)
    sums = frame.groupby(["code", "class_"], sort=False)[["self", "exam"]].agg(add)
    heights = [40.0, 20.0, 36.0]
    for row, ranked in enumerate(report.units, top + 1):
        score = ranked.score
        pairs = [
            (_known(sums.at[(score.unit.code, each.id), "self"]), _known(sums.at[(score.unit.code, each.id), "exam"]))
            for each in report.scheme.content.class_
        ]
        pairs.append((score.self_total, score.total))
        contents: list[Content | Cell] = [_unknown(ranked.place), score.unit.name]
        for own, exam in pairs:
            contents += [_unknown(own), _unknown(exam), _unknown(_gap(exam, own))]
        heights.append(height([(score.unit.name, 21)], least=22))
        sheet.set_row(row, heights[-1])
        _link(paper, sheet, row, anchors[score.unit.code])
        _row(paper, sheet, row, contents, columns)
    first, last = top + 1, top + len(report.units)
    for row, text in enumerate(_differences(report), last + 1):
        paper.merge(sheet, row, 0, len(columns) - 1, text, "wrap middle bare")
        heights.append(20)
        last = row
    below, used = last + 2, sum(heights) + 20
    if any(each.score.self_total is not None for each in report.units):

        def draw(begin: int, end: int) -> Any:
            chart = paper.book.add_chart({"type": "column"})
            for column, name, colour in ((8, "自评总分", OWN), (9, "考核总分", CLASS_ONE)):
                chart.add_series(
                    {
                        "name": name,
                        "categories": [RANKING, begin, LABELS, end, LABELS],
                        "values": [SELF, begin, column, end, column],
                        "fill": {"color": colour},
                        "gap": 60,
                    }
                )
            return chart

        totals = [value for each in report.units for value in (each.score.self_total, each.score.total) if value]
        title = "自评总分与考核总分" + ("" if report.ranking.final else "（暂定）")
        units = (first, first + len(report.units) - 1)
        below = _charts(sheet, columns, units, below, used, draw, title, max(totals, default=ZERO), LOW)
    below = _largest(paper, report, sheet, frame, below, len(columns))
    _sign(paper, sheet, below + 1, len(columns))


def _differences(report: Report) -> list[str]:
    """Which units differ most, in sentences."""
    gaps = [(_gap(each.score.total, each.score.self_total), each.score.unit.name) for each in report.units]
    known = [(gap, name) for gap, name in gaps if gap is not None]
    said = []
    for sign, words in ((-1, "自评高于考核最多"), (1, "自评低于考核最多")):
        far = max((sign * gap for gap, _ in known), default=ZERO)
        if far > 0:
            said.append(
                f"{words}：{_names([name for gap, name in known if sign * gap == far])}，相差 {fixed(far)} 分。"
            )
    return said or ["自评总分与考核总分尚无差额可比。" if not known else "各单位自评总分与考核总分一致。"]


def _largest(paper: Paper, report: Report, sheet: Any, frame: "DataFrame", top: int, across: int) -> int:
    """The items whose self-score and score differ most; returns the last row."""
    known = frame[frame["self"].notna() & frame["exam"].notna()]
    known = known.assign(gap=known["exam"] - known["self"])
    known = known[known["gap"] != 0].assign(far=lambda each: each["gap"].abs())
    known = known.sort_values("far", ascending=False, kind="stable").head(LARGEST)
    if known.empty:
        return top - 1
    paper.merge(sheet, top, 0, across - 1, f"差额最大的项目（前 {len(known)} 个）", "title large")
    spans = (
        (0, 1, "单位"),
        (2, 6, "考核项目"),
        (7, 7, "满分"),
        (8, 8, "自评分"),
        (9, 9, "考核分"),
        (10, 10, "考核减自评"),
    )
    for begin, end, title in spans:
        paper.merge(sheet, top + 1, begin, end, title, "header")
    sheet.set_row(top + 1, 30)
    row = top + 1
    for row, each in enumerate(known.to_dict("records"), top + 2):
        sheet.set_row(row, height([(each["unit"], 27)], least=20))
        paper.merge(sheet, row, 0, 1, each["unit"], "wrap middle")
        paper.merge(sheet, row, 2, 6, f"{each['item']} {each['title']}")
        for column, key in enumerate(("full", "self", "exam", "gap"), 7):
            paper.put(sheet, row, column, each[key], "points")
    return row


# ── 得分依据 ──────────────────────────────────────────────────────────────────────────────────────────────


def _reasons(paper: Paper, report: Report, sheet: Any) -> dict[str, int]:
    """Every point with its clause, its figures and where they stand; returns the first row of each unit."""
    titles = (
        "单位",
        "细则",
        "名称",
        "满分",
        "自评分",
        "考核分",
        "状态",
        "依据条文",
        "所用数据及出处",
        "得分经过",
    )
    widths = (16, 8, 18, 8, 9, 9, 12, 34, 52, 46)
    looks = ("wrap", "centre wrap", "wrap", "points wrap", "points wrap", "points wrap strong", "centre wrap")
    columns = tuple(map(Column, titles, widths, (*looks, "wrap", "wrap", "wrap")))
    top = _head(paper, report, sheet, REASONS, columns, 24)
    anchors: dict[str, int] = {}
    row = top
    for ranked in report.units:
        score = ranked.score
        anchors[score.unit.code] = row + 1
        for each in (criterion for item in score.items for criterion in item.criteria):
            row += 1
            criterion = report.scheme.criteria[each.id]
            full = "不限" if criterion.points is None else criterion.points
            texts = _grounds(report, score, each)
            state = "待评分" if each.state == "pending" and criterion.judged else STATE_WORDS[each.state]
            look = "centre wrap" if each.points is not None else "centre wrap waiting"
            said = (score.unit.name, criterion.title, *texts)
            sheet.set_row(row, height(zip(said, (widths[0], widths[2], *widths[7:]), strict=True)))
            contents = (score.unit.name, each.id, criterion.title, full, _unknown(each.self), _unknown(each.points))
            _row(paper, sheet, row, (*contents, Cell(state, look), *texts), columns)
    sheet.autofilter(top, 0, max(row, top + 1), len(columns) - 1)
    _sign(paper, sheet, row + 2, len(columns))
    return anchors


def _grounds(report: Report, score: UnitScore, scored: CriterionScore) -> tuple[str, str, str]:
    """What the points of a criterion rest on: its clause, the entries with their cells, how the points came about."""
    criterion = report.scheme.criteria[scored.id]
    clause = f"{'（加分）' if criterion.bonus else ''}{criterion.clause}"
    case = report.cases.get(score.unit.code)
    if case is None:
        return clause, "", "\n".join(scored.steps)
    entries, steps = [], []
    for line in explain(report.scheme, case, score, scored.id, report.approvals):
        if line.kind == "figure":
            entries.append(line.text)
        elif line.kind == "evidence":
            entries.append(f"{line.label}{line.text}")
        elif line.kind == "step":
            steps.append(line.text)
        elif line.kind == "wanted":
            steps.append(f"{line.label}：{line.text}")
    own = case.reported.get(f"{report.scheme.item_of[scored.id].id}.self") if criterion.judged else None
    award = case.awards.get(scored.id)
    entered = (("自评分", own.value if own else None, own), ("考核分", award.points if award else None, award))
    for label, value, entry in entered:
        if entry is not None and isinstance(value, Decimal):
            where = origin_said(entry.origin)
            entries.append(f"{label}：{plain(value)} 分" + (f"（{where}）" if where else ""))
    return clause, "\n".join(entries), "\n".join(steps)


# ── 口径与敏感性 ────────────────────────────────────────────────────────────────────────────────────────────


def _readings(paper: Paper, report: Report, sheet: Any) -> None:
    titles = ("口径", "依据条文", "问题", "采用", "默认", "批准人", "批准日期")
    widths = (18, 30, 34, 30, 10, 14, 16)
    columns = tuple(Column(title, width, "wrap middle") for title, width in zip(titles, widths, strict=True))
    row = _head(paper, report, sheet, READINGS, columns, 24)
    for reading in report.scheme.content.reading:
        row += 1
        chosen = report.scheme.readings[reading.id]
        label = reading.choose(chosen).label
        sheet.set_row(row, height(zip((reading.clause, reading.question, label), widths[1:4], strict=True)))
        word = Cell("是", "centre") if chosen == reading.default else Cell("否", "centre waiting")
        approval = report.approvals.get(reading.id, ("", ""))
        _row(paper, sheet, row, (reading.id, reading.clause, reading.question, label, word, *approval), columns)
    row += 2
    across = len(columns) - 1
    if report.trials is None:
        paper.merge(sheet, row, 0, across, "本次未作敏感性分析。", "quiet bare")
    else:
        sheet.set_h_pagebreaks([row])
        row = _trials(paper, report, sheet, row, across)
    _sign(paper, sheet, row + 2, len(columns))


def _trials(paper: Paper, report: Report, sheet: Any, row: int, across: int) -> int:
    """What other options would change; returns the last row."""
    from kaohe_cli.assess.sensitivity import summary, surprising, title

    trials = report.trials or ()
    sheet.set_row(row, 30)
    paper.merge(sheet, row, 0, across, "改用其他口径时，总分、名次和等次的变化", "title large")
    for text in summary(report.scheme, report.ranking, trials):
        row += 1
        sheet.set_row(row, height([(text, 150)]))
        paper.merge(sheet, row, 0, across, text, "wrap middle bare")
    row += 2
    spans = ((0, 2, "改用的口径"), (3, 3, "单位"), (4, 4, "名次"), (5, 5, "等次"), (6, 6, "总分"))
    for begin, end, head in spans:
        paper.merge(sheet, row, begin, end, head, "header")
    sheet.repeat_rows(row)
    pairs = {trial.choice for trial in surprising(trials)}
    for trial in trials:
        if len(trial.choice) > 1 and trial.choice not in pairs:
            continue
        said = title(report.scheme, trial)
        # of a pair, what its options do not already change alone
        changes = [change for change in trial.changes if change.weighs or len(trial.choice) == 1]
        for change in changes[:MOST_CHANGES] or (None,):
            row += 1
            unit = change.unit if change else "各单位均无变化"
            sheet.set_row(row, height([(said, 80), (unit, 30)]))
            paper.merge(sheet, row, 0, 2, said, "wrap middle")
            paper.put(sheet, row, 3, unit, "wrap middle" if change else "wrap middle quiet")
            place, grade, total = _changed(change) if change else (("", False),) * 3
            for column, (text, differs) in enumerate((place, grade, total), 4):
                paper.put(sheet, row, column, text, "wrap middle centre waiting" if differs else "wrap middle centre")
        if len(changes) > MOST_CHANGES:
            row += 1
            paper.merge(sheet, row, 0, 2, said, "wrap middle")
            left = f"另有 {len(changes) - MOST_CHANGES} 个单位有变化，未列出。"
            paper.merge(sheet, row, 3, across, left, "wrap middle quiet")
    return row


def _changed(change: "Change") -> tuple[tuple[str, bool], ...]:
    """Place, grade and total before and after, and whether they differ."""
    places = [UNKNOWN if place is None else str(place) for place in change.place]
    pairs = (places, change.grade, [fixed(total) for total in change.total])
    return tuple((before if before == after else f"{before} → {after}", before != after) for before, after in pairs)


# ── 问题与说明 ─────────────────────────────────────────────────────────────────────────────────────────────


def _notes(paper: Paper, report: Report, sheet: Any) -> None:
    widths = (9, 10, 22, 34, 58, 44)
    titles = ("代码", "类别", "单位", "位置", "内容", "改法")
    columns = tuple(Column(title, width, "wrap middle") for title, width in zip(titles, widths, strict=True))
    row = _head(paper, report, sheet, NOTES, columns, 24)
    looks = {"error": "centre review", "warning": "centre waiting", "note": "centre"}
    rows: list[Row] = []
    for each in dict.fromkeys(report.problems):
        word = Cell(SEVERITY_WORDS[each.severity], looks[each.severity])
        rows.append((each.code, word, each.unit, each.where, each.message, each.fix))
    for ranked in report.units:
        score = ranked.score
        place = "" if ranked.place is None else f"第 {ranked.place} 名，"
        said = "；".join((*ranked.reasons, *_veto(score))) + "。"
        where = f"{place}{ranked.grade}，{STATUS_WORDS[score.status]}"
        rows.append(("", Cell("名次理由", "centre"), score.unit.name, where, said, ""))
    rows += [("", Cell("说明", "centre"), "", "", said, "") for said in _remarks(report)]
    for contents in rows:
        row += 1
        sheet.set_row(row, height(zip(map(str, contents[2:]), widths[2:], strict=True)))
        _row(paper, sheet, row, contents, columns)
    _sign(paper, sheet, row + 2, len(columns))


def _veto(score: UnitScore) -> Iterable[str]:
    if score.veto:
        facts = (("认定机关", score.veto.authority), ("文号", score.veto.document), ("认定日期", score.veto.decided))
        yield "、".join(f"{label}：{said or '未注明'}" for label, said in facts)


def _remarks(report: Report) -> list[str]:
    grades, notice = report.scheme.content.grades, report.scheme.content.notice
    return [
        f"考核依据：{notice.issuer}《{notice.heading}》（{notice.number}）。",
        "只有考核分参加排名；自评分供对照。得分四舍五入到两位小数，与各项标准比较时用未舍入的数据。",
        f"优秀：{grades.excellent.clause}。达标：{grades.passing.clause}。一票否决：{grades.veto.clause}。",
        f"“{UNKNOWN}”表示尚未确定，不是零分；有细则未定分的单位没有总分，不列名次。",
        "加分计入所在类别和总分，“其中加分”是总分中由加分构成的部分。",
    ]


# ── 来源 ────────────────────────────────────────────────────────────────────────────────────────────────


def _sources(paper: Paper, report: Report, sheet: Any) -> None:
    columns = (
        Column("种类", 10, "centre"),
        Column("名称", 36, "wrap middle"),
        Column("大小（字节）", 14, "whole"),
        Column("采用值", 28, "wrap middle"),
        Column("SHA-256", 68, "text"),
    )
    top = _head(paper, report, sheet, "来源", columns, 24)
    row = top
    for row, each in enumerate(report.sources, top + 1):
        sheet.set_row(row, height([(each.name, 36), (each.value, 28)]))
        _row(paper, sheet, row, (each.role, each.name, each.size, each.value, each.sha256), columns)
    _sign(paper, sheet, row + 2, len(columns))


# ── parts ───────────────────────────────────────────────────────────────────────────────────────────────


def _page(paper: Paper, report: Report, name: str) -> Any:
    landscape = name not in (RANKING, SELF)
    mark = "" if report.ranking.final else "暂　定"
    sheet = paper.sheet(name, landscape=landscape, mark=mark)
    sheet.set_default_row(ROW)
    if mark:
        title = f"{report.title}结果".replace("&", "&&")
        sheet.set_header(f"&L{title}&C&16&KC00000{mark}&R{name}")
    return sheet


def _head(paper: Paper, report: Report, sheet: Any, title: str, columns: Sequence[Column], tall: float = 36) -> int:
    """Title, standing, links and header of a sheet; returns the row of the header."""
    last = len(columns) - 1
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    sheet.set_row(0, 40)
    said = title if title == "结果" else f"结果——{title}"
    paper.merge(sheet, 0, 0, last, f"{report.title}{said}{'' if report.ranking.final else '（暂定）'}", "title")
    home = sheet.get_name() == RANKING
    paper.merge(
        sheet,
        1,
        0,
        last if home else last - 2,
        report.standing,
        "bare " + ("quiet" if report.ranking.final else "alert"),
    )
    sheet.set_row(1, 20)
    if not home:
        sheet.merge_range(1, last - 1, 1, last, "", paper.look("bare right link"))
        sheet.write_url(1, last - 1, f"internal:'{RANKING}'!A1", paper.look("bare right link"), "返回排名")
    sheet.set_row(2, tall)
    _row(paper, sheet, 2, [column.title for column in columns], columns, "header")
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)
    return 2


def _row(paper: Paper, sheet: Any, row: int, contents: Row, columns: Sequence[Column], look: str = "") -> None:
    """One row; what is not known stands in the middle of its cell."""
    for index, (content, column) in enumerate(zip(contents, columns, strict=True)):
        paper.put(sheet, row, index, content, look or (f"{column.look} centre" if content == UNKNOWN else column.look))


def _link(paper: Paper, sheet: Any, row: int, target: int) -> None:
    """A link from the place of a unit to its grounds; the cell's own content is written over the link's text."""
    sheet.write_url(row, 0, f"internal:'{REASONS}'!A{target + 1}", paper.look("text"), "-")


def _sign(paper: Paper, sheet: Any, row: int, across: int) -> None:
    sheet.set_row(row, 24)
    paper.merge(sheet, row, 0, across - 1, SIGNATURES, "bare right")


def _charts(
    sheet: Any,
    columns: Sequence[Column],
    rows: tuple[int, int],
    below: int,
    used: float,
    draw: Callable[[int, int], Any],
    title: str,
    longest: Decimal,
    tall: float,
) -> int:
    """Charts over ``rows``, so many units each, none across a page's edge; returns the first row below them."""
    first, last = rows
    wide = sum(column.width * 7 + 5 for column in columns)
    page_width, page_height = PAGE[False]
    room = page_height / min(1.0, page_width / (wide * 0.75)) * 0.97
    breaks, count = [], -(-(last - first + 1) // PER_CHART)
    used %= room
    # one chart takes the room that the page has left, several are low
    tall = max(LOW, min(tall, room - used - ROW)) if count == 1 else LOW
    for part in range(count):
        begin, end = first + part * PER_CHART, min(last, first + (part + 1) * PER_CHART - 1)
        if used + tall + ROW > room:
            breaks.append(below)
            used = 55
        chart = draw(begin, end)
        span = "" if count == 1 else f"（第 {begin - first + 1}—{end - first + 1} 个单位）"
        chart.set_title({"name": title + span, "name_font": {"name": "黑体", "size": 12}})
        chart.set_x_axis(
            {"name": "单位（按名次）", "name_font": FONT, "num_font": {**FONT, "size": 8, "rotation": -45}}
        )
        chart.set_y_axis(
            {
                "name": "分",
                "name_font": {**FONT, "rotation": 0},
                "num_font": FONT,
                "min": 0,
                "max": int((max(longest, HUNDRED) / 20).to_integral_value(ROUND_CEILING)) * 20,
                "major_unit": 20,
                "num_format": "0",
                "major_gridlines": {"visible": True, "line": {"color": "#E3E6EA"}},
            }
        )
        chart.set_legend({"position": "bottom", "font": FONT})
        chart.set_size({"width": wide - 4, "height": tall / 0.75})
        sheet.insert_chart(below, 0, chart, {"object_position": 1, "x_offset": 2, "description": title + span})
        below += int(tall // ROW) + 1
        used += tall + ROW
    if breaks:
        sheet.set_h_pagebreaks(breaks)
    return below


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


def _frame(report: Report) -> "DataFrame":
    """A row for each unit and item: what it could earn, earned, and claimed."""
    from pandas import DataFrame

    columns = ["code", "unit", "item", "title", "class_", "full", "exam", "self"]
    return DataFrame(
        [
            {
                "code": ranked.score.unit.code,
                "unit": ranked.score.unit.name,
                "item": item.id,
                "title": item.title,
                "class_": item.class_,
                "full": item.points,
                "exam": score.points,
                "self": score.self,
            }
            for ranked in report.units
            for item, score in zip(report.scheme.items, ranked.score.items, strict=True)
        ],
        columns=columns,
        dtype=object,
    )


def _short(name: str) -> str:
    """``name`` as it stands under a bar."""
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def _names(names: Sequence[str], most: int = 5) -> str:
    return "、".join(names[:most]) + (f"等 {len(names)} 个单位" if len(names) > most else "")


def _total(scheme: Scheme, value: Decimal | None, sum_: str) -> Content:
    if value is None:
        return UNKNOWN
    return Formula(f"=MIN({plain(HUNDRED)},{sum_})" if scheme.policy.cap == "total" else f"={sum_}", value)


def _gap(value: Decimal | None, base: Decimal | None) -> Decimal | None:
    return None if value is None or base is None else value - base


def _known(value: object) -> Decimal | None:
    """``value`` as it came out of pandas, which has words of its own for the unknown."""
    return value if isinstance(value, Decimal) else None


def _unknown(value: Decimal | int | None) -> Content:
    return UNKNOWN if value is None else value


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))
