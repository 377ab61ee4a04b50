"""What 填表说明 says: how to fill in each kind of field, what each point is given for, and the usual questions. Pure.

Limits come from the fields and terms from the rules, so that the instructions cannot contradict the checks.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from kaohe_cli.form.layout import MEASURES, SCORECARD, FormColumn
from kaohe_cli.model import Mark
from kaohe_cli.points import DECIMALS, plain
from kaohe_cli.scheme.fields import CONFIRM_LABEL, expected, period_fields, self_field
from kaohe_cli.scheme.limit import WHOLE, finest
from kaohe_cli.scheme.records import FIGURE_LABELS, Criterion, Item, Measure, Reading
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.stated import terms, worth

INSTRUCTION_COLUMNS = (FormColumn("title", "", 28), FormColumn("text", "", 68))


class Instruction(Struct, frozen=True):
    """A row of the instructions."""

    key: str  # empty: the same for every set of readings
    title: str
    text: str = ""  # empty: the title is a heading


def instructions(scheme: Scheme) -> tuple[Instruction, ...]:
    """All instructions in order; the same keys in the same order by whatever readings."""
    parts: list[tuple[str, Sequence[Instruction]]] = [
        ("填报步骤", _told(_steps(scheme))),
        ("各类数据怎样填", _told(_kinds(scheme))),
        ("每一分怎样得", [_criterion(scheme, item, each) for item in scheme.items for each in item.criterion]),
    ]
    if any(item.evidence for item in scheme.items):
        parts.append(("不计分但须填报的工作要求", [*_evidence(scheme)]))
    if scheme.content.reading:
        read = [_reading(scheme, reading) for reading in scheme.content.reading]
        parts.append(("本次考核采用的口径", read))
    parts.append(("常见问题", _told(_questions(scheme))))
    return tuple(
        line
        for number, (heading, lines) in zip("一二三四五六", parts, strict=False)
        for line in (Instruction("", f"{number}、{heading}"), *lines)
    )


def _told(texts: Mapping[str, str]) -> Sequence[Instruction]:
    return [Instruction("", title, text) for title, text in texts.items()]


def hint(scheme: Scheme, measure: Measure) -> tuple[str, ...]:
    """What a row of 指标填报 adds below its title, line by line: what goes where, and how it is counted."""
    told = (
        f"{FIGURE_LABELS[name]}栏：{figure.label}"
        for name, figure in measure.figures()
        if figure.label and figure.label != FIGURE_LABELS[name]
    )
    noted = [measure.note] if measure.note else []
    if measure.id in scheme.evidence and any(f"{measure.id}.{name}" in scheme.scoring for name, _ in measure.figures()):
        _, evidence = scheme.evidence[measure.id]
        noted.append(f"佐证要求：{evidence.test.terms(scheme.names)}")
    return (*told, *noted)


def _steps(scheme: Scheme) -> Mapping[str, str]:
    last, issuer = scheme.last_day, scheme.content.notice.issuer_short
    return {
        "1．填数据": f"在“{MEASURES}”表逐行填写蓝色和黄色的格。灰色的格是{issuer}下达的数或自动算出的数，不必填。",
        "2．填自评分": f"在“{SCORECARD}”填写蓝色和黄色的自评分。"
        "其余自评分按所填数据自动算出；考核分由考核办填写，都不必填。",
        "3．看填报进度": f"“{MEASURES}”上方的“填报进度”显示“可以上报”，就是填齐了。"
        "黄色的格还没有填，或请再核对；红色的格需要改。",
        "4．上报": f"打印“{SCORECARD}”，由单位负责人签字并盖章；本文件请原样上报，不要另建表格。"
        + (f"上报时间：{last.month}月{last.day}日前（含当日）。" if last else ""),
    }


def _kinds(scheme: Scheme) -> Mapping[str, str]:
    told = {
        "数值": "只填数字，不带单位；计量单位以表中所列为准。例如计量单位是亿元，12亿5千万元填 12.5。"
        f"{finest(DECIMALS).phrase}，多的请四舍五入后再填。",
        "百分数": "计量单位是 % 的，填百分号前面的数。例如 5.3% 填 5.3，不要填 0.053，也不要输入百分号。",
        "家数、项数等": f"填{WHOLE.expected}。合格数、完成数等不能超过总数。",
    }
    words = next((figure.words for measure in scheme.measures.values() if (figure := measure.done)), None)
    if words:
        told["完成情况"] = f"从下拉列表中选，例如{'或'.join(f'“{word}”' for word in words)}。"
    for field in period_fields(scheme):
        told[field.label] = f"各项“本年实绩”是什么数，从下拉列表中选{expected(field)}，一份表只用一种。"
    score = next((self_field(scheme, each) for item in scheme.items for each in item.entered), None)
    if score is not None and score.maximum is not None:
        example = f"例如满分 {plain(score.maximum)} 分的，应填 {expected(score)}"
        told["自评分"] = f"填 0 到该项满分之间的数。{example}。"
    none = Mark.NOT_APPLICABLE.value
    return told | {
        CONFIRM_LABEL: "状态栏提示“请核对”的，先看有没有填错、填串；没有填错的，在这一栏写明原因，"
        "例如“并入两家企业”。没有提示的不必填。",
        "佐证材料": "写明材料名称、文号或附件编号，例如“杭统〔2007〕58号”。没有的可以不填。",
        "填报日期": f"按日期填写，例如 {scheme.content.year}-11-10。",
        "没有的事项": f"不计分的工作要求，本单位没有这类事项的，填“{none}”。"
        f"计分的数据不能填“{none}”。不要用“/”或“-”代替。",
    }


def _criterion(scheme: Scheme, item: Item, criterion: Criterion) -> Instruction:
    most = f"{'满分 ' if criterion.points and not criterion.bonus else ''}{worth(criterion)}"
    text = f"{most}。{terms(scheme, criterion)}。原文：“{criterion.clause}”。"
    return Instruction(f"help.{criterion.id}", f"{criterion.id} {criterion.title}", text)


def _evidence(scheme: Scheme) -> Iterator[Instruction]:
    yield Instruction("", "用途", "下列要求不直接计分，达到与否供责任处室评分时参考。未填的不影响计分，但请尽量填全。")
    for item in scheme.items:
        for evidence in item.evidence:
            measure = scheme.measures[evidence.measure]
            said = "按本次考核采用的口径，这项要求已计分，见上。"
            if evidence.measure in scheme.evidence:
                said = f"{evidence.test.terms(scheme.names)}的，为达到。"
            yield Instruction(f"help.{measure.id}", f"{item.id} {measure.title}", said)


def _reading(scheme: Scheme, reading: Reading) -> Instruction:
    option = scheme.readings[reading.id]
    applies = all(scheme.readings[other] == taken for other, taken in reading.within.items())
    said = f"{reading.choose(option).label}。{reading.reason if option == reading.default else ''}"
    return Instruction(f"help.reading.{reading.id}", reading.question, said if applies else "本次不适用。")


def _questions(scheme: Scheme) -> Mapping[str, str]:
    issuer = scheme.content.notice.issuer_short
    late = {"逾期上报会怎样？": "逾期的注明迟报，不因此扣分，但可能赶不上考核评分。"}
    return {
        "目标栏显示“未下达”怎么办？": f"请与{issuer}考核办联系。目标未下达的，该项暂不计分；其他各项照常填报。",
        "目标栏显示“无任务”是什么意思？": f"{issuer}没有给本单位下达这项任务，按本次考核采用的口径计分。",
        "下达目标或上年实绩有误怎么办？": f"灰色的格请不要自行修改，请与{issuer}考核办联系。自行修改的数不作数。",
        "为什么自评分是空的？": "计算所需的数据还没有填齐，或者填的数需要改。空着不等于零分，填好后自动算出。",
        "自评分与考核分不同怎么办？": "排名只用考核分。考核分以核定的数据和责任处室的评分为准，自评分供对照。",
        "可以插入行、列或排序吗？": "一般不需要。确需调整的，不影响读取，但请不要删除左侧隐藏的列和上方隐藏的行。",
        "可以用 WPS 或 LibreOffice 填吗？": "可以。请保存为原来的格式（.xlsx），不要转成图片、PDF 或 Word 文档。",
        **(late if scheme.last_day else {}),
    }
