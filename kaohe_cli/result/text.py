"""The sheets of words in 考核结果.xlsx: 得分依据, 口径与敏感性, 问题与说明, 来源."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kaohe_cli.assess.explain import explain, origin_said
from kaohe_cli.assess.margin import HALF, MOST, between_words, figure_words, has_figures, has_marks, mark_words
from kaohe_cli.assess.sensitivity import choice_title, readings_summary, surprising
from kaohe_cli.catalogue import SEVERITY_WORDS
from kaohe_cli.extent import height
from kaohe_cli.model import STATUS_WORDS, Change, CriterionScore, State, UnitScore
from kaohe_cli.paper.workbook import Column, Contents, Styled
from kaohe_cli.points import fixed, plain
from kaohe_cli.result.page import NOTES, READINGS, REASONS, SOURCES, UNKNOWN, Page, Report, shown

STATE_WORDS: Mapping[State, str] = {
    "scored": "已定分", "pending": "待定分", "no_task": "无任务", "no_target": "未下达目标", "invalid": "填报有误",
    "undecided": "待定分",
}  # fmt: skip
MOST_CHANGES = 50  # units that are listed for one trial of readings


def reasons(page: Page) -> dict[str, int]:
    """Every point with its clause, its figures and where they stand; returns the first row of each unit."""
    titles = ("单位", "细则", "名称", "满分", "自评分", "考核分", "状态", "依据条文", "所用数据及出处", "得分经过")
    widths = (16, 8, 18, 8, 9, 9, 12, 34, 52, 46)
    looks = ("wrap", "centre wrap", "wrap", "points wrap", "points wrap", "points wrap strong", "centre wrap")
    columns = tuple(map(Column, titles, widths, (*looks, "wrap", "wrap", "wrap")))
    row = top = page.head(REASONS, columns, 24)
    anchors: dict[str, int] = {}
    for ranked in page.report.units:
        score = ranked.score
        anchors[score.unit.code] = row + 1
        for each in (criterion for item in score.items for criterion in item.criteria):
            row += 1
            criterion = page.report.scheme.criteria[each.id]
            full = "不限" if each.full is None else each.full
            state = "待评分" if each.state == "pending" and criterion.judged else STATE_WORDS[each.state]
            look = "centre wrap" if each.points is not None else "centre wrap waiting"
            contents = (score.unit.name, each.id, criterion.title, full, shown(each.self), shown(each.points))
            page.whole(row, (*contents, Styled(state, look), *_grounds(page.report, score, each)), columns)
    page.sheet.autofilter(top, 0, max(row, top + 1), len(columns) - 1)
    page.sign(row + 2, len(columns))
    return anchors


def _grounds(report: Report, score: UnitScore, scored: CriterionScore) -> tuple[str, str, str]:
    """What the points of a criterion rest on: its clause, the entries with their cells, how the points came about."""
    criterion = report.scheme.of(score.unit.kind).criteria[scored.id]
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
    own = case.reported.get(report.scheme.claim(criterion)) if criterion.judged else None
    award = case.awards.get(scored.id)
    entered = (("自评分", own.value if own else None, own), ("考核分", award.points if award else None, award))
    for label, value, entry in entered:
        if entry is not None and isinstance(value, Decimal):
            where = origin_said(entry.origin)
            entries.append(f"{label}：{plain(value)} 分" + (f"（{where}）" if where else ""))
    return clause, "\n".join(entries), "\n".join(steps)


def readings(page: Page) -> None:
    """Write 口径与敏感性: the reading of each open question with its approval, and what others would change."""
    titles = ("口径", "依据条文", "问题", "采用", "默认", "批准人", "批准日期")
    widths = (18, 30, 34, 30, 10, 14, 16)
    columns = tuple(map(Column, titles, widths, ["wrap middle"] * len(titles)))
    row = top = page.head(READINGS, columns, 24)
    for row, reading in enumerate(page.report.scheme.content.reading, top + 1):
        chosen = page.report.scheme.readings[reading.id]
        label = reading.choose(chosen).label
        page.sheet.set_row(row, height(zip((reading.source, reading.question, label), widths[1:4], strict=True)))
        word = Styled("是", "centre") if chosen == reading.default else Styled("否", "centre waiting")
        approval = page.report.approvals.get(reading.id, ("", ""))
        page.row(row, (reading.id, reading.source, reading.question, label, word, *approval), columns)
    row += 2
    across = len(columns) - 1
    breaks = []
    if page.report.margins:  # above the trials, whose header heads all pages that come after it
        breaks.append(row)
        row = _margins(page, row, across) + 2
    if page.report.trials is None:
        page.merge(row, 0, across, "本次未作敏感性分析。", "quiet bare")
    else:
        breaks.append(row)
        row = _trials(page, row, across)
    page.sheet.set_h_pagebreaks(breaks)
    page.sign(row + 2, len(columns))


def _margins(page: Page, row: int, across: int) -> int:
    """What it would take to turn each place and each bound; returns the last row."""
    scheme, margins = page.report.scheme, page.report.margins
    page.sheet.set_row(row, 30)
    page.merge(row, 0, across, "名次稳不稳：最少改动多少，名次就会易位、分数线就会越过", "title large")
    said = [
        f"只改一个单位的一项，其余不变。评议分在规定的分值以内改动；数据按最小单位改动，增减{HALF}。",
        *(
            [f"所在组超过 {MOST} 个单位的，数据只在等次的名额线和分数线处试算。"]
            if not all(m.tried for m in margins)
            else []
        ),
    ]
    for text in said:
        row += 1
        page.merge(row, 0, across, text, "bare")
    row += 1
    for begin, end, head in ((0, 1, "在谁之间"), (2, 2, "改动评议分"), (3, 5, "改动填报的数据"), (6, 6, "相差（分）")):
        page.merge(row, begin, end, head, "header")
    unmarked = "多少都不够" if has_marks(scheme) else "没有评议项目"
    unmoved = f"增减{HALF}不够" if has_figures(scheme) else "没有填报的数据"
    for each in margins:
        row += 1
        between = f"{each.group}{between_words(each)}"
        mark, figure = mark_words(each), figure_words(scheme, each)
        page.sheet.set_row(row, height([(between, 48), (mark, 34), (figure, 54)]))
        page.merge(row, 0, 1, between, "wrap middle")
        page.put(row, 2, mark or unmarked, "wrap middle" if mark else "wrap middle quiet")
        shown_figure = figure or (unmoved if each.tried else "未试算")
        page.merge(row, 3, 5, shown_figure, "wrap middle" if figure else "wrap middle quiet")
        page.put(row, 6, each.gap, "points middle")
    return row


def _trials(page: Page, row: int, across: int) -> int:
    """What other options would change; returns the last row."""
    trials = page.report.trials or ()
    page.sheet.set_row(row, 30)
    page.merge(row, 0, across, "改用其他口径时，总分、名次和等次的变化", "title large")
    for text in readings_summary(page.report.scheme, page.report.ranking, trials):
        row += 1
        page.sheet.set_row(row, height([(text, 150)]))
        page.merge(row, 0, across, text, "wrap middle bare")
    row += 2
    spans = ((0, 2, "改用的口径"), (3, 3, "单位"), (4, 4, "名次"), (5, 5, "等次"), (6, 6, "总分"))
    for begin, end, head in spans:
        page.merge(row, begin, end, head, "header")
    page.sheet.repeat_rows(row)
    pairs = {trial.choice for trial in surprising(trials)}
    for trial in trials:
        if len(trial.choice) > 1 and trial.choice not in pairs:
            continue
        said = choice_title(page.report.scheme, trial)
        # of a pair, what its options do not already change alone
        changes = [change for change in trial.changes if change.weighs or len(trial.choice) == 1]
        for change in changes[:MOST_CHANGES] or (None,):
            row += 1
            unit = change.unit if change else "各单位均无变化"
            page.merge(row, 0, 2, said, "wrap middle")
            page.put(row, 3, unit, "wrap middle" if change else "wrap middle quiet")
            place, grade, total = _changed(change) if change else (("", False),) * 3
            page.sheet.set_row(row, height([(said, 80), (unit, 30), (grade[0], 14)]))
            for column, (text, differs) in enumerate((place, grade, total), 4):
                page.put(row, column, text, "wrap middle centre waiting" if differs else "wrap middle centre")
        if len(changes) > MOST_CHANGES:
            row += 1
            page.merge(row, 0, 2, said, "wrap middle")
            left = f"另有 {len(changes) - MOST_CHANGES} 个单位有变化，未列出。"
            page.merge(row, 3, across, left, "wrap middle quiet")
    return row


def _changed(change: Change) -> tuple[tuple[str, bool], ...]:
    """Place, grade and total before and after, and whether they differ."""
    places = [UNKNOWN if place is None else str(place) for place in change.place]
    pairs = (places, change.grade, [fixed(total) for total in change.total])
    return tuple((before if before == after else f"{before} → {after}", before != after) for before, after in pairs)


def notes(page: Page) -> None:
    """Write 问题与说明: every problem once, why each unit stands where it does, and how to read the workbook."""
    widths = (9, 10, 22, 34, 58, 44)
    titles = ("代码", "类别", "单位", "位置", "内容", "改法")
    columns = tuple(map(Column, titles, widths, ["wrap middle"] * len(titles)))
    row = top = page.head(NOTES, columns, 24)
    looks = {"error": "centre review", "warning": "centre waiting", "note": "centre"}
    rows: list[Contents] = []
    for each in dict.fromkeys(page.report.problems):
        word = Styled(SEVERITY_WORDS[each.severity], looks[each.severity])
        rows.append((each.code, word, each.unit, each.where, each.message, each.fix))
    for ranked in page.report.units:
        score = ranked.score
        place = "" if ranked.place is None else f"第 {ranked.place} 名，"
        said = "；".join((*ranked.reasons, *_veto(score))) + "。"
        where = f"{place}{f'{ranked.grade}，' if ranked.grade else ''}{STATUS_WORDS[score.status]}"
        rows.append(("", Styled("名次理由", "centre"), score.unit.name, where, said, ""))
    rows += [("", Styled("说明", "centre"), "", "", said, "") for said in _remarks(page.report)]
    for row, contents in enumerate(rows, top + 1):
        page.whole(row, contents, columns)
    page.sign(row + 2, len(columns))


def _veto(score: UnitScore) -> Iterable[str]:
    if score.veto:
        facts = (("认定机关", score.veto.authority), ("文号", score.veto.document), ("认定日期", score.veto.decided))
        yield "、".join(f"{label}：{said or '未注明'}" for label, said in facts)


def _remarks(report: Report) -> list[str]:
    notice, grades = report.scheme.content.notice, report.scheme.content.grade
    clauses = [f"{each.title}：{each.clause}。" for each in grades if each.clause]
    clauses += [f"{each.grade}：{each.clause}。" for each in report.scheme.content.veto if each.clause]
    number = f"（{notice.number}）" if notice.number else ""
    return [
        f"考核依据：{notice.issuer}《{notice.heading}》{number}。",
        "只有考核分参加排名；自评分供对照。得分四舍五入到两位小数，与各项标准比较时用未舍入的数据。",
        *(["".join(clauses)] if clauses else []),
        f"“{UNKNOWN}”表示尚未确定，不是零分；有细则未定分的单位没有总分，不列名次。",
        "加分计入所在项目、类别和总分；“其中加分”是各加分细则得分之和，封顶扣去的另列为“封顶扣减”。",
    ]


def sources(page: Page) -> None:
    """Write 来源: what the result was made of, with sizes in bytes and SHA-256."""
    columns = (
        Column("种类", 10, "centre"),
        Column("名称", 36, "wrap middle"),
        Column("大小（字节）", 14, "whole"),
        Column("采用值", 28, "wrap middle"),
        Column("SHA-256", 68, "text"),
    )
    row = top = page.head(SOURCES, columns, 24)
    for row, each in enumerate(page.report.sources, top + 1):
        page.whole(row, (each.role, each.name, each.size, each.value, each.sha256), columns)
    page.sign(row + 2, len(columns))
