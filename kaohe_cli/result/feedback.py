"""A unit's own scorecard as the commission scored it (反馈表): the official table, and why each point was not given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from kaohe_cli.assess.explain import LineKind, explain
from kaohe_cli.assess.loss import losses, shortfall, sums_said
from kaohe_cli.assess.review import unsettled
from kaohe_cli.extent import height
from kaohe_cli.model import STATUS_WORDS, Case, CriterionScore, Publicity, Ranked, Ranking
from kaohe_cli.paper.workbook import Column, Content, Paper
from kaohe_cli.points import ZERO, fixed, minus, plain
from kaohe_cli.scheme.frame import Section
from kaohe_cli.scheme.records import Criterion
from kaohe_cli.scheme.scheme import Scheme

SCORECARD, REASONS = "考核表", "得分说明"

TABLE = (
    Column("序", 6, "centre middle"),
    Column("考核内容及达到的要求", 62, "wrap"),
    Column("评分标准", 40, "wrap"),
    Column("自评分", 10, "points strong"),
    Column("考核分", 10, "points strong"),
)
EACH = (
    Column("细则", 8, "centre"),
    Column("名称和原文", 34, "wrap middle"),
    Column("满分", 8, "number"),
    Column("自评分", 9, "points"),
    Column("考核分", 9, "points strong"),
    Column("未得分", 9, "points"),
    Column("计分依据", 58, "wrap middle"),
    Column("所用数据", 48, "wrap middle quiet"),
    Column("达到以下要求方可得分", 40, "wrap middle"),
)
BEFORE: Mapping[LineKind, str] = {"reading": "口径：", "evidence": "佐证："}
WORKING: Sequence[LineKind] = ("step", "evidence", "reading")
TINTED = ("考核分", "未得分")


def title(scheme: Scheme, unit: str) -> str:
    """The title in the properties of the feedback of a unit; a form of the unit has another one."""
    return f"{scheme.content.title}反馈（{unit}）"


class Feedback(Struct, frozen=True):
    """The feedback of one unit being written."""

    paper: Paper
    scheme: Scheme
    ranked: Ranked
    case: Case
    mark: str  # what every page is marked with; empty: the ranking is final
    publicity: Publicity


def feedback_workbook(
    scheme: Scheme,
    ranked: Ranked,
    case: Case,
    ranking: Ranking,
    publicity: Publicity = Publicity(),  # noqa: B008
) -> bytes:
    """The feedback of one unit: its official table with both scores, and the working of every criterion."""
    with Paper(title(scheme, case.unit.name), scheme.created) as paper:
        feedback = Feedback(paper, scheme, ranked, case, "" if ranking.final else "暂定", publicity)
        _scorecard(feedback)
        _reasons(feedback)
        return paper.finish()


# ── 考核表 ──────────────────────────────────────────────────────────────────────────────────────────────


def _scorecard(feedback: Feedback) -> None:
    paper, scheme = feedback.paper, feedback.scheme.of(feedback.case.unit.kind)
    sheet = _sheet(feedback, SCORECARD, scheme.content.title, TABLE)
    row = 2
    paper.header(sheet, row, TABLE, 26)
    looks = [column.look for column in TABLE]
    held = {item.id: item for item in feedback.ranked.score.items}

    def sums(title: str, look: str, values: Iterable[Decimal | None], tall: float) -> None:
        sheet.set_row(row, tall)
        paper.merge(sheet, row, 0, 2, title, look)
        for column, value in enumerate(values, 3):
            paper.put(sheet, row, column, _points(value), "points strong band")

    for depth, node in ((each.depth, each.node) for each in scheme.outline):
        row += 1
        if isinstance(node, Section):
            own = feedback.ranked.score.section(node.id)
            full = f"（{plain(node.points)}分）" if node.points is not None else ""
            sums(f"{'　' * depth}{node.title}{full}", "strong band", (own.self, own.points), 24)
        else:
            score = held[node.id]
            sheet.set_row(row, height(((node.content, TABLE[1].width), (node.standard, TABLE[2].width))))
            contents = [node.id, node.content, node.standard, _points(score.self), _points(score.points)]
            paper.row(sheet, row, contents, looks)
    row += 1
    sums("合计", "strong band centre", (feedback.ranked.score.self_total, feedback.ranked.score.total), 28)
    for text in _closing(feedback):
        row += 1
        paper.merge(sheet, row, 0, len(TABLE) - 1, text, "bare wrap middle")
        sheet.set_row(row, height(((text, sum(column.width for column in TABLE)),)))


def _sheet(feedback: Feedback, name: str, title: str, columns: Sequence[Column]) -> Any:
    """A sheet with a title and whose it is in its first two rows."""
    paper, case, mark = feedback.paper, feedback.case, feedback.mark
    sheet = paper.sheet(name, landscape=name == REASONS, mark=mark)
    last = len(columns) - 1
    paper.merge(sheet, 0, 0, last, f"{title}{f'（{mark}）' if mark else ''}", "title")
    sheet.set_row(0, 36)
    by = f"{case.unit.name}　{case.unit.bureau}".strip("　")
    filled = f"，填报日期 {case.filled.isoformat()}" if case.filled else ""
    notice = feedback.scheme.content.notice.number
    said = f"被考核单位：{by}　　填报表：{STATUS_WORDS[case.status]}{filled}{f'　　依据：{notice}' if notice else ''}"
    paper.merge(sheet, 1, 0, last, said, "bare middle")
    sheet.set_row(1, 24)
    return sheet


def _closing(feedback: Feedback) -> Iterator[str]:
    scheme, score = feedback.scheme, feedback.ranked.score
    yield ""
    yield f"考核结果：{'；'.join(feedback.ranked.reasons)}。"
    if score.total is not None and score.capped and score.capped > 0:
        yield f"其中加分 {fixed(score.bonus)} 分，按加分的上限扣减 {fixed(score.capped)} 分。"
    for each in unsettled(scheme, [feedback.case]):
        yield f"本单位的得分依据{each.found}，尚未核定。"
    if feedback.mark:
        yield "本表为暂定稿：尚有单位的得分没有确定，名次和等次以定稿为准。"
    issuer = scheme.content.notice.issuer_short
    yield f"自评分按单位填报的数据计算，考核分以{issuer}核定的数据和评定为准，逐条理由见“{REASONS}”。"
    time, to = feedback.publicity.time, feedback.publicity.contact or issuer
    shown, within = (f"公示时间：{time}。", "在公示期内") if time else ("", "")
    yield f"{shown}对考核分有异议的，请{within}写明细则编号和理由，附佐证材料，加盖公章后报{to}复核。"


def _points(value: Decimal | None) -> Content:
    return "未定" if value is None else value


# ── 得分说明 ────────────────────────────────────────────────────────────────────────────────────────────


def _reasons(feedback: Feedback) -> None:
    paper, scheme, score = feedback.paper, feedback.scheme.of(feedback.case.unit.kind), feedback.ranked.score
    sheet = _sheet(feedback, REASONS, f"{scheme.content.title}{REASONS}", EACH)
    lost = [points for item in score.items for held in item.criteria if (points := shortfall(held))]
    causes = sums_said(losses(feedback.scheme, feedback.case, score))
    said = f"有 {len(lost)} 条细则没有得满分，共少得 {fixed(sum(lost, ZERO))} 分，以底色标出（加分项目不计在内）"
    said += f"：{causes}。" if causes else "。"
    if score.decided is None:
        said = "本单位的填报表尚未收到，各细则待定分。" if score.status == "missing" else "各细则尚未定分。"
    elif not lost:
        said = "已定分的细则均得满分。"
    paper.merge(sheet, 2, 0, len(EACH) - 1, said, "bare middle")
    sheet.set_row(2, 22)
    row = 3
    paper.header(sheet, row, EACH, 26, freeze=2)
    for item, held in zip(scheme.items, score.items, strict=True):
        row += 1
        own, given = ("未定" if value is None else fixed(value) for value in (held.self, held.points))
        full = f"满分 {plain(item.points)} 分，" if item.points is not None else ""
        text = f"{item.id}　{item.title}（{full}自评 {own} 分，考核 {given} 分）"
        paper.merge(sheet, row, 0, len(EACH) - 1, text, "strong band")
        sheet.set_row(row, 24)
        for criterion in item.criterion:
            row += 1
            _reason(feedback, sheet, row, criterion)


def _missed(held: CriterionScore) -> Decimal | None:
    """Points of a criterion that were not given; None for a bonus, or where nothing is known yet."""
    return None if held.bonus else minus(held.full, held.points)


def _reason(feedback: Feedback, sheet: Any, row: int, criterion: Criterion) -> None:
    held = feedback.ranked.score.criterion(criterion.id)
    said: dict[LineKind, list[str]] = {}
    for line in explain(feedback.scheme, feedback.case, feedback.ranked.score, criterion.id):
        said.setdefault(line.kind, []).append(BEFORE.get(line.kind, "") + line.text)
    texts = {kind: "\n".join(lines) for kind, lines in said.items()}
    missed = _missed(held)
    contents: list[Content] = [
        criterion.id,
        f"{criterion.title}\n“{criterion.clause}”",
        held.full,
        _points(held.self),
        _points(held.points),
        "—" if missed is None else missed,
        "\n".join(texts[kind] for kind in WORKING if texts.get(kind)),
        texts.get("figure", ""),
        texts.get("wanted", ""),
    ]
    lacking = held.points is None if missed is None else missed > 0
    looks = [column.look + (" waiting" if lacking and column.title in TINTED else "") for column in EACH]
    sheet.set_row(row, height([(str(contents[index]), EACH[index].width) for index in (1, 6, 7, 8)], least=24))
    # words that stand where numbers do, in the middle of their cell
    shown = zip(contents, looks, strict=True)
    looks = [f"{look} centre" if content in ("未定", "—") else look for content, look in shown]
    feedback.paper.row(sheet, row, contents, looks)
