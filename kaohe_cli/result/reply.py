"""A reply to a unit (关于……复核申请的答复): what it claimed, what was found and decided, and where it stands now.

In the form of official documents (GB/T 9704), as the circular. What only the office knows is marked in yellow. What
another unit's review changed is not told.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from kaohe_cli.assess.appeal import about_words, points_of
from kaohe_cli.assess.explain import Line, LineKind, composition, explain
from kaohe_cli.ledger.reviews import loose
from kaohe_cli.model import OPEN, Ranked, Review
from kaohe_cli.paper.document import HEAD, add_paragraph, blank_document, saved
from kaohe_cli.points import fixed
from kaohe_cli.result.circular import PROVISIONAL, UNDATED, Dating, begin, counted, sign, written
from kaohe_cli.result.page import Report
from kaohe_cli.scheme.scheme import Scheme

# what is told of how points came about; what each of several judges gave is for the office alone
FOUND: Mapping[LineKind, str] = {"reading": "口径：", "figure": "数据：", "evidence": "佐证：", "step": "计分："}
STOPS = "。；，、 "


def title(scheme: Scheme, unit: str) -> str:
    """The title of the reply to ``unit`` in one line, which its properties carry too."""
    return "".join(_heading(scheme, unit))


def answered(scheme: Scheme, reviews: Iterable[Review]) -> Mapping[str, tuple[Review, ...]]:
    """The reviews that are settled, by unit code: they are replied to."""
    held, found = tuple(reviews), dict[str, tuple[Review, ...]]()
    for each in held:
        if not loose(scheme, each, held):
            found[each.code] = (*found.get(each.code, ()), each)
    return found


def reply_document(report: Report, ranked: Ranked, dating: Dating = UNDATED) -> bytes:
    """The draft of the reply to the unit of ``ranked``; the same arguments give the same bytes."""
    scheme, unit = report.scheme, ranked.score.unit
    notice, reviews = scheme.content.notice, answered(scheme, report.reviews)[unit.code]
    document = blank_document(title(scheme, unit.name), scheme.created)
    begin(document, scheme, _heading(scheme, unit.name), f"{unit.name}：", "" if report.ranking.final else PROVISIONAL)
    days = dict.fromkeys(each.received for each in reviews)
    said = "、".join(written(day, "2012") if day else "〔日期待填〕" for day in days)  # within a text, in digits
    opening = f"{notice.we}于{said}收到你单位的复核申请。经复核，现答复如下："
    add_paragraph(document, opening, mark=None in days)
    for number, each in enumerate(reviews, 1):
        add_paragraph(document, f"{counted(number)}、关于{about_words(scheme, each.about)}", font=HEAD)
        for text, mark in _answer(report, ranked, each):
            add_paragraph(document, text, mark=mark)
    add_paragraph(document, f"{counted(len(reviews) + 1)}、复核后的结果", font=HEAD)
    add_paragraph(document, _standing(report, ranked), mark=bool(ranked.score.veto))
    add_paragraph(document, "特此答复。")
    sign(document, notice.issuer, dating)
    return saved(document)


def _heading(scheme: Scheme, unit: str) -> tuple[str, str]:
    """Two lines, neither of which breaks a word."""
    return f"{scheme.content.notice.issuer}关于", f"{unit}复核申请的答复"


def _answer(report: Report, ranked: Ranked, review: Review) -> Iterator[tuple[str, bool]]:
    """The paragraphs about one review, and whether each is for the office to complete."""
    claim, ground, why = (each.strip(STOPS) for each in (review.claim, review.ground, review.why))
    yield f"申请事项：{claim or '〔待填〕'}。", not claim
    if ground:
        yield f"申请理由：{ground}。", False
    for text in _grounds(report, ranked, review.about):
        yield text, False
    issuer = report.scheme.content.notice.issuer_short
    yield f"复核结论：{review.conclusion}。{f'{why}。' if why else f'〔理由由{issuer}填写〕'}", not why
    yield f"得分：{'；'.join(_points(review, points_of(ranked.score, review.about)))}。", False


def _points(review: Review, now: Decimal | None) -> Iterator[str]:
    """What became of the points by this review, and what they are ``now`` where another one changed them."""
    held = review.after if review.adjusts or review.before is None else review.before
    yield f"由{fixed(review.before)}分调整为{fixed(held)}分" if review.adjusts else f"仍为{fixed(held)}分"
    if held != now:
        yield f"因另一件复核调整，现为{fixed(now)}分"


def _grounds(report: Report, ranked: Ranked, about: str) -> Iterator[str]:
    """The clause of each criterion, and how its points came about; of the total, that of the items."""
    scheme, score = report.scheme.of(ranked.score.unit.kind), ranked.score
    if not about:
        parts = (f"{item.title}{fixed(held.points)}分" for item, held in zip(scheme.items, score.items, strict=True))
        composed = (composition(scheme, score, id) for id in (*scheme.sections, ""))
        yield f"查核情况：{'；'.join(('、'.join(parts), *filter(None, composed)))}。"
        return
    own: list[Line] = []
    for line in (*explain(report.scheme, report.cases[score.unit.code], score, about, report.approvals), None):
        if own and (line is None or line.kind in ("criterion", "item")):
            yield from _criterion(own)
            own = []
        if line is not None and (own or line.kind == "criterion"):
            own.append(line)


def _criterion(lines: Iterable[Line]) -> Iterator[str]:
    """What is told of one criterion, of whose explanation these are the lines."""
    named, *others = lines
    clause = "".join(each.text for each in others if each.kind == "clause").strip()
    if clause:
        yield f"通知原文：“{clause.rstrip('。')}。”"
    told = [f"{FOUND[each.kind]}{each.text.strip(STOPS)}" for each in others if each.kind in FOUND]
    yield f"查核情况：{'；'.join((named.text, *told))}。"


def _standing(report: Report, ranked: Ranked) -> str:
    """Total, place and grade of the unit now."""
    score, place = ranked.score, ranked.place
    if score.total is None:
        return "你单位的总分尚未核定。"
    said = f"你单位总分{fixed(score.total)}分"
    if score.veto:
        return f"{said}。〔一票否决事项是否写入、如何表述，由{report.scheme.content.notice.issuer_short}核定〕"
    if place is not None:
        said += f"，{f'在{score.group}' if score.group else ''}列第{place}名{'（并列）' if ranked.tied else ''}"
    return f"{said}，等次为{ranked.grade}。" if ranked.grade and ranked.grade != OPEN else f"{said}。"
