"""通报.docx: a draft circular on the result in the form of official documents (GB/T 9704).

A4, margins 37, 35, 28 and 26 mm; title in 小标宋 size 2; text in 仿宋 size 3, 22 lines of 28 points to the page; page
numbers outside. What only the office knows is marked in yellow. The program words no veto: it leaves the place for it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from kaohe_cli.extent import width
from kaohe_cli.model import OPEN, Publicity, Ranked, Ranking
from kaohe_cli.paper.document import (
    ALIGN,
    HEAD,
    SIZE_2,
    TABLE_SIZE,
    TITLE,
    add_paragraph,
    add_row,
    add_table,
    blank_document,
    saved,
)
from kaohe_cli.points import fixed
from kaohe_cli.scheme.scheme import Scheme

SHORT = 3  # letters of a grade in a narrow column
MOST_SECTIONS = 4  # that have columns in the annex
PROVISIONAL = "名次和等次以定稿为准"
NUMERALS = "○一二三四五六七八九"

Standard = Literal["1999", "2012"]


class Dating(Struct, frozen=True):
    """How a document is dated."""

    day: date | None = None  # 落款日期; None: marked in the draft
    standard: Standard = "2012"  # of GB/T 9704


UNDATED = Dating()


class Circular(Struct, frozen=True):
    """What only the office knows; what is left empty is marked in the draft."""

    dating: Dating = UNDATED
    number: str = ""  # 文号
    vetoes: str = ""  # how the office words the vetoes, if it does
    resting: Sequence[str] = ()  # what points rest on that nobody verified, in sentences
    publicity: Publicity = Publicity()


def title(scheme: Scheme) -> str:
    """The title of the circular in one line, which its properties carry too."""
    return "".join(_heading(scheme))


def circular_document(scheme: Scheme, ranking: Ranking, circular: Circular = Circular()) -> bytes:  # noqa: B008
    """The draft circular; the same arguments give the same bytes."""
    document = blank_document(title(scheme), scheme.created)
    _front(document, scheme, ranking, circular)
    _body(document, scheme, ranking, circular)
    sign(document, scheme.content.notice.issuer, circular.dating)
    _annex(document, scheme, ranking, circular)
    return saved(document)


def written(day: date, standard: Standard) -> str:
    """The date as the standard writes it: 二○○七年十一月二十日 (1999), 2007年11月20日 (2012)."""
    if standard == "2012":
        return f"{day.year}年{day.month}月{day.day}日"
    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{counted(day.month)}月{counted(day.day)}日"


def counted(number: int) -> str:
    """A number below 100 in Chinese: 十二."""
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{NUMERALS[tens]}十") + (NUMERALS[ones] if ones else "")


# ── the parts of the document, from the top down ────────────────────────────────────────────────────────


def _front(document: Any, scheme: Scheme, ranking: Ranking, circular: Circular) -> None:
    provisional = "" if ranking.final else PROVISIONAL
    begin(document, scheme, _heading(scheme), scheme.content.notice.addressees, provisional, circular.number)


def begin(
    document: Any, scheme: Scheme, heading: Sequence[str], addressees: str, provisional: str, number: str = ""
) -> None:  # fmt: skip
    """Number, heading line by line, and to whom; ``provisional``: what counts instead, empty where this is final.

    ``number`` is the 文号; empty: marked.
    """
    if provisional:
        add_paragraph(document, f"【暂定稿：{provisional}】", mark=True, align=ALIGN.CENTER, font=HEAD)
    said = number or f"{scheme.content.notice.issuer_short}〔文号待填〕"
    add_paragraph(document, said, mark=not number, align=ALIGN.CENTER)
    add_paragraph(document, "")
    for line in heading:
        add_paragraph(document, line, align=ALIGN.CENTER, font=TITLE, size=SIZE_2, pitch=36)
    add_paragraph(document, "")
    add_paragraph(document, addressees, indent=False)


def _heading(scheme: Scheme) -> tuple[str, str]:
    """Two lines of about one length, neither of which breaks a word."""
    return f"{scheme.content.notice.issuer}关于{scheme.content.year}年度", f"{scheme.content.name}结果的通报"


def _body(document: Any, scheme: Scheme, ranking: Ranking, circular: Circular) -> None:
    notice, deadline, name = scheme.content.notice, scheme.last_day, scheme.content.name
    scores = [each.score for each in ranking.units]
    returned = sum(score.status in ("received", "late") for score in scores)
    late = [score.unit.name for score in scores if score.status == "late"]
    absent = [score.unit.name for score in scores if score.status in ("missing", "rejected")]
    number = f"（{notice.number}）" if notice.number else ""
    add_paragraph(
        document,
        f"根据《{notice.issuer}{notice.heading}》{number}要求，{notice.we}对{len(scores)}个单位"
        f"{scheme.content.year}年度{name.removesuffix('考核')}执行情况进行了考核。现将考核结果通报如下：",
    )
    add_paragraph(document, "一、考核依据和过程", font=HEAD)
    by = f"截至{deadline.month}月{deadline.day}日报送期限及其后补报，" if deadline else ""
    said = f"{by}共收到{returned}个单位的自评材料"
    said += f"，其中{_named(late)}迟于期限报送" if late else ""
    said += f"；{_named(absent)}未报送或退回后未重报" if absent else ""
    how = "分组确定名次" if scheme.groups != ("",) else "确定名次"
    said += f"。{notice.we}在各单位总结自评的基础上，对照考核表逐项核定数据、组织责任处室评分，以考核分高低{how}。"
    add_paragraph(document, said)
    add_paragraph(document, "二、考核结果", font=HEAD)
    for text in _results(scheme, ranking):
        add_paragraph(document, text)
    if any(score.veto for score in scores):
        words = circular.vetoes or f"〔一票否决事项是否写入、如何表述，由{notice.issuer_short}核定后填写或删去本段〕"
        add_paragraph(document, words, mark=not circular.vetoes)
    if shown := circular.publicity.said(notice.issuer_short):
        add_paragraph(document, shown)
    wish = "希望受到表彰的单位再接再厉，其他单位对照差距、改进工作，确保完成新一年度各项目标任务。"
    add_paragraph(document, wish, mark=True)
    add_paragraph(document, "")
    add_paragraph(document, f"附件：{_annex_title(scheme)}")


def _results(scheme: Scheme, ranking: Ranking) -> list[str]:
    texts: list[str] = []
    for level in scheme.content.grade:
        texts += _named_of(scheme, ranking, level.title, level.said or f"被评为{level.named}", ordered=True)
    texts += _named_of(scheme, ranking, OPEN, "总分尚未核定", ordered=False)
    totals = [each.score.total for each in ranking.units if each.score.total is not None and each.place is not None]
    if ranking.final and totals:
        texts.append(
            f"参加排名的{len(totals)}个单位平均得分{fixed(sum(totals, Decimal(0)) / len(totals))}分，"
            f"最高{fixed(max(totals))}分，最低{fixed(min(totals))}分。各单位得分和名次见附件。"
        )
    return texts


def _named_of(scheme: Scheme, ranking: Ranking, grade: str, words: str, *, ordered: bool) -> Iterator[str]:
    """Which units have a grade, group by group."""
    for group, units in ranking.groups.items():
        names = [each.score.unit.name for each in units if each.grade == grade]
        if names:
            order = "（按名次排列）" if ordered and len(names) > 1 else ""
            count = f"等{len(names)}个单位" if len(names) > 1 else ""
            yield f"{f'{group}：' if group else ''}{'、'.join(names)}{count}{words}{order}。"


def sign(document: Any, issuer: str, dating: Dating) -> None:
    """Issuer and date: the date four characters from the right edge, the issuer centred over it.

    They are never alone on a page: what stands above goes with them.
    """
    above = [document.paragraphs[-1], add_paragraph(document, ""), add_paragraph(document, "")]
    day, blank = dating.day, "二○○　年　月　日" if dating.standard == "1999" else "　　　　年　月　日"
    said = written(day, dating.standard) if day else blank
    wide = -(-width(said) // 2)
    gap, over = max(0, (len(issuer) - wide) // 2), max(0, (wide - len(issuer)) // 2)
    above.append(add_paragraph(document, issuer, align=ALIGN.RIGHT, right=(4 + over - gap) if over >= gap else 4))
    for paragraph in above:
        paragraph.paragraph_format.keep_with_next = True
    add_paragraph(document, said, mark=day is None, align=ALIGN.RIGHT, right=4 + gap)


def _annex(document: Any, scheme: Scheme, ranking: Ranking, circular: Circular) -> None:
    paragraph = add_paragraph(document, "附件", font=HEAD, indent=False)
    paragraph.paragraph_format.page_break_before = True
    title = _annex_title(scheme) + ("" if ranking.final else "（暂定）")
    add_paragraph(document, title, align=ALIGN.CENTER, font=TITLE, size=SIZE_2, pitch=36)
    add_paragraph(document, "", pitch=12)
    tops = scheme.tops if len(scheme.tops) <= MOST_SECTIONS else ()
    grouped, graded = scheme.groups != ("",), bool(scheme.grades or scheme.content.veto)
    heads = ("名次", "单位", *(["组别"] if grouped else []), *(each.title for each in tops), "其中加分", "总分",
             *(["等次"] if graded else []))  # fmt: skip
    longest = max((len(each) for each in scheme.grades), default=0) if graded else 0
    widths = _widths(len(tops), grouped=grouped, grade=0 if not graded else 20 if longest <= SHORT else 26)
    table = add_table(document, heads, widths)
    aligned = [ALIGN.LEFT if index == 1 else ALIGN.CENTER for index in range(len(heads))]
    for each in ranking.units:
        add_row(table, _annex_row(each, [top.id for top in tops], grouped=grouped, graded=graded), widths, aligned)
    limited = (each.score for each in ranking.units if each.score.total is not None and each.score.capped)
    capped = [f"{each.unit.name}{fixed(each.capped)}分" for each in limited if (each.capped or 0) > 0]
    said = ["“—”表示未定或不列名次", "加分计入所在类别和总分"]
    said += [f"按加分的上限扣减的：{'、'.join(capped)}"] if capped else []
    note = "；".join((*said, *circular.resting))
    add_paragraph(document, f"注：{note}。", size=TABLE_SIZE, indent=False)


def _widths(sections: int, *, grouped: bool, grade: int) -> Sequence[int]:
    """Of the columns of the annex in mm, of the 156 between the margins; ``grade`` of that of 等次, 0: it has none."""
    others = (22, 22, *([grade] if grade else []))  # 其中加分, 总分, 等次
    group = [18] if grouped else []
    left = 156 - 13 - sum(others) - sum(group)
    wide = min(21, (left - 30) // sections) if sections else 0
    return 13, left - wide * sections, *group, *([wide] * sections), *others


def _annex_row(ranked: Ranked, tops: Sequence[str], *, grouped: bool, graded: bool) -> Sequence[str]:
    score = ranked.score
    place = "—" if ranked.place is None else str(ranked.place)
    points = map(fixed, (*(score.section(top).points for top in tops), score.bonus, score.total))
    # how a veto is told is for the office to say
    grade = "—" if score.veto else ranked.grade or "—"
    return place, score.unit.name, *([score.group] if grouped else []), *points, *([grade] if graded else [])


def _annex_title(scheme: Scheme) -> str:
    return f"{scheme.content.year}年度{scheme.content.name}得分和名次表"


def _named(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + (f"等{len(names)}个单位" if len(names) > 5 else "")
