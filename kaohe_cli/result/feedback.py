"""A unit's own scorecard as the commission scored it (反馈表): the official table, and why each point was not given."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kaohe_cli.assess.explain import LineKind, explain
from kaohe_cli.assess.review import unsettled
from kaohe_cli.extent import height
from kaohe_cli.model import STATUS_WORDS, Case, CriterionScore, ItemScore, Ranked, Ranking
from kaohe_cli.paper.workbook import Column, Content, Paper, Styled
from kaohe_cli.points import ZERO, fixed, minus, plain
from kaohe_cli.scheme.scheme import Criterion, Item, Scheme

SCORECARD, REASONS = "考核表", "得分说明"
PROVISIONAL = "暂定"

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


def title(scheme: Scheme, unit: str) -> str:
    """The title in the properties of the feedback of a unit; a form of the unit has another one."""
    return f"{scheme.content.title}反馈（{unit}）"


def build(scheme: Scheme, ranked: Ranked, case: Case, ranking: Ranking) -> bytes:
    """The feedback of one unit: its official table with both scores, and the working of every criterion."""
    mark = "" if ranking.final else PROVISIONAL
    with Paper(title(scheme, case.unit.name), scheme.created) as paper:
        _scorecard(paper, scheme, ranked, case, mark)
        _reasons(paper, scheme, ranked, case, mark)
        return paper.finish()


# ── 考核表 ──────────────────────────────────────────────────────────────────────────────────────────────


def _scorecard(paper: Paper, scheme: Scheme, ranked: Ranked, case: Case, mark: str) -> None:
    sheet = paper.sheet(SCORECARD, landscape=False, mark=mark)
    row = _heading(paper, sheet, scheme.content.title, scheme, case, TABLE, mark)
    paper.row(sheet, row, [column.title for column in TABLE], [column.head_look for column in TABLE])
    sheet.set_row(row, 26)
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 0)
    looks = [column.look for column in TABLE]
    scores = {item.id: item for item in ranked.score.items}
    for group in scheme.content.class_:
        items = [item for item in scheme.items if item.class_ == group.id]
        row += 1
        paper.merge(sheet, row, 0, 2, f"{group.title}（{plain(group.points)}分）", "strong band")
        for column, own in ((3, True), (4, False)):
            paper.put(sheet, row, column, _sum([scores[item.id] for item in items], own), "points strong band")
        sheet.set_row(row, 24)
        for item in items:
            row += 1
            held = scores[item.id]
            sheet.set_row(row, height(((item.content, TABLE[1].width), (item.standard, TABLE[2].width))))
            contents = [item.id, item.content, item.standard, _points(held.self), _points(held.points)]
            paper.row(sheet, row, contents, looks)
    row += 1
    sheet.set_row(row, 28)
    paper.merge(sheet, row, 0, 2, "合计", "strong band centre")
    for column, value in ((3, ranked.score.self_total), (4, ranked.score.total)):
        paper.put(sheet, row, column, _points(value), "points strong band")
    for text in _closing(scheme, ranked, case, mark):
        row += 1
        paper.merge(sheet, row, 0, len(TABLE) - 1, text, "bare wrap middle")
        sheet.set_row(row, height(((text, sum(column.width for column in TABLE)),)))


def _heading(
    paper: Paper, sheet: Any, title: str, scheme: Scheme, case: Case, columns: Sequence[Column], mark: str
) -> int:
    """The title and whose it is; returns the next row."""
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    last = len(columns) - 1
    paper.merge(sheet, 0, 0, last, f"{title}{f'（{mark}）' if mark else ''}", "title")
    sheet.set_row(0, 36)
    by = f"{case.unit.name}　{case.unit.bureau}".strip("　")
    filled = f"，填报日期 {case.filled.isoformat()}" if case.filled else ""
    said = f"被考核单位：{by}　　填报表：{STATUS_WORDS[case.status]}{filled}　　依据：{scheme.content.notice.number}"
    paper.merge(sheet, 1, 0, last, said, "bare middle")
    sheet.set_row(1, 24)
    return 2


def _closing(scheme: Scheme, ranked: Ranked, case: Case, mark: str) -> Iterator[str]:
    yield ""
    yield f"考核结果：{'；'.join(ranked.reasons)}。"
    if ranked.score.capped:
        yield f"其中加分 {fixed(ranked.score.bonus)} 分，按加分的上限扣减 {fixed(ranked.score.capped)} 分。"
    for each in unsettled(scheme, [case]):
        yield f"本单位的得分依据{each.found}，尚未核定。"
    if mark:
        yield "本表为暂定稿：尚有单位的得分没有确定，名次和等次以定稿为准。"
    issuer = scheme.content.notice.issuer_short
    yield f"自评分按单位填报的数据计算，考核分以{issuer}核定的数据和评定为准，逐条理由见“{REASONS}”。"
    yield f"对考核分有异议的，请写明细则编号和理由，附佐证材料，加盖公章后报{issuer}复核。"


def _sum(items: Sequence[ItemScore], own: bool) -> Content:
    total = ZERO
    for item in items:
        value = item.self if own else item.points
        if value is None:
            return _points(None)
        total += value
    return total


def _points(value: Decimal | None) -> Content:
    return "未定" if value is None else value


# ── 得分说明 ────────────────────────────────────────────────────────────────────────────────────────────


def _reasons(paper: Paper, scheme: Scheme, ranked: Ranked, case: Case, mark: str) -> None:
    sheet = paper.sheet(REASONS, mark=mark)
    row = _heading(paper, sheet, f"{scheme.content.title}{REASONS}", scheme, case, EACH, mark)
    lost = [
        (criterion, held)
        for item, criterion, held in _each(scheme, ranked)
        if (missed := _missed(held)) is not None and missed > 0
    ]
    total = sum((_missed(held) or ZERO for _, held in lost), ZERO)
    said = f"有 {len(lost)} 条细则没有得满分，共少得 {fixed(total)} 分，以底色标出（加分项目不计在内）。"
    said = said if lost else "已定分的细则均得满分。"
    paper.merge(sheet, row, 0, len(EACH) - 1, said, "bare middle")
    sheet.set_row(row, 22)
    row += 1
    paper.row(sheet, row, [column.title for column in EACH], [column.head_look for column in EACH])
    sheet.set_row(row, 26)
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 2)
    for item, criterion, held in _each(scheme, ranked):
        if criterion is item.criterion[0]:
            row += 1
            score = next(each for each in ranked.score.items if each.id == item.id)
            own, given = (fixed(value) if value is not None else "未定" for value in (score.self, score.points))
            text = f"{item.id}　{item.title}（满分 {plain(item.points)} 分，自评 {own} 分，考核 {given} 分）"
            paper.merge(sheet, row, 0, len(EACH) - 1, text, "strong band")
            sheet.set_row(row, 24)
        row += 1
        _reason(paper, sheet, row, scheme, case, ranked, criterion, held)


def _each(scheme: Scheme, ranked: Ranked) -> Iterator[tuple[Item, Criterion, CriterionScore]]:
    for item in scheme.items:
        for criterion in item.criterion:
            yield item, criterion, ranked.score.criterion(criterion.id)


def _missed(held: CriterionScore) -> Decimal | None:
    """Points of a criterion that were not given; None for a bonus, or where nothing is known yet."""
    return None if held.bonus else minus(held.full, held.points)


def _reason(
    paper: Paper,
    sheet: Any,
    row: int,
    scheme: Scheme,
    case: Case,
    ranked: Ranked,
    criterion: Criterion,
    held: CriterionScore,
) -> None:
    said: dict[LineKind, list[str]] = {}
    for line in explain(scheme, case, ranked.score, criterion.id):
        said.setdefault(line.kind, []).append(line.text)
    lines: Mapping[LineKind, str] = {kind: "\n".join(texts) for kind, texts in said.items()}
    missed = _missed(held)
    working = "\n".join(text for kind in ("step", "evidence", "reading") if (text := _labelled(kind, said)))
    contents: list[Content] = [
        criterion.id,
        f"{criterion.title}\n“{criterion.clause}”",
        held.full,
        _points(held.self),
        _points(held.points),
        "—" if missed is None else missed,
        working,
        lines.get("figure", ""),
        lines.get("wanted", ""),
    ]
    lacking = missed is None and held.points is None
    tint = " waiting" if lacking or (missed is not None and missed > 0) else ""
    texts = [(str(contents[index]), EACH[index].width) for index in (1, 6, 7, 8)]
    sheet.set_row(row, height(texts, least=24))
    looks = [f"{column.look}{tint}" if column.title in ("考核分", "未得分") else column.look for column in EACH]
    paper.row(sheet, row, [_centred(content, look) for content, look in zip(contents, looks, strict=True)], looks)


def _labelled(kind: LineKind, said: Mapping[LineKind, Sequence[str]]) -> str:
    prefix = {"reading": "口径：", "evidence": "佐证："}.get(kind, "")
    return "\n".join(f"{prefix}{text}" for text in said.get(kind, ()))


def _centred(content: Content, look: str) -> Content | Styled:
    """Words that stand where numbers do, in the middle of their cell."""
    return Styled(content, f"{look} centre") if content in ("未定", "—") else content
