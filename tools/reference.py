"""Reference pages that are made from the program itself, so that they cannot say anything else than it does.

``python tools/reference.py --write`` or ``--check``.
"""

import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import typer
from answers import file_name, schema_page
from rules import page, rules_page, table

from kaohe_cli.catalogue import CATALOGUE, SEVERITY_WORDS
from kaohe_cli.cli import app
from kaohe_cli.commands.shapes import ANSWERS
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.records import SchemeContent

DOCS = Path(__file__).parent.parent / "docs"

PROBLEM_BLOCKS = {
    "KH0": "文件", "KH1": "单项数据", "KH2": "数据之间、填报表", "KH3": "评分和评分底稿", "KH4": "排名",
    "KH9": "设置、方案和用法",
}  # fmt: skip


def problems_page() -> str:
    """docs/PROBLEMS.md: every problem of the catalogue, block by block, in Markdown."""
    blocks = [
        "# 问题一览",
        "每个问题都有编号。`kaohe explain 编号` 显示与本页相同的说明。本页由程序生成，不要手工修改。",
        "**错误**：须改正，改正之前有关数据不采用。**提醒**：请核对，数据照常采用。**说明**：供了解，不必改。",
    ]
    for block, title in PROBLEM_BLOCKS.items():
        kinds = [kind for code, kind in sorted(CATALOGUE.items()) if code.startswith(block)]
        rows = (
            f"[{kind.code}](#{kind.code.lower()}) | {SEVERITY_WORDS[kind.severity]} | {kind.headline}" for kind in kinds
        )
        blocks += [f"## {block}xx：{title}", table("编号 | 类别 | 名称", rows)]
        for kind in kinds:
            blocks += [
                f'<a id="{kind.code.lower()}"></a>',
                f"### {kind.code} {kind.headline}（{SEVERITY_WORDS[kind.severity]}）",
                kind.why,
                f"- 改法：{kind.general_fix}\n- 例：{kind.example}",
            ]
    return page(blocks)


# ── the format of a scheme ──────────────────────────────────────────────────────────────────────────────

WORDS = {str: "文字", int: "整数", bool: "true 或 false", Decimal: "数", date: "日期", object: "任意"}

CONDITION = {
    "left": "数据项", "compare": "不低于、高于、不高于、低于、等于、完成",
    "right": "数据项；与一个数比的不写", "number": "数；与数据项比的不写",
    "left_times": "左边的倍数", "right_times": "右边的倍数，如 1.05",
    "share": "两边都不乘倍数，但要求的是占比（100%），分母为零时无从计算",
}  # fmt: skip
FRAME = {
    "combine": "各部分怎样合成：相加、按权重相加、取平均、取最低",
    "weight": "上一级按权重相加时的权重，如 0.25",
    "floor": "最少几分",
    "cap": "最多几分",
}
MEASURED = {"left": "数据项", "right": "分母：按左边与它之比计；不写则按左边的数本身计"}
GAP = "按左边比右边多多少计，不按两者之比"
LIMITS = {"floor": "最少得几分", "cap": "最多得几分"}
# record → what it is, and what each of its keys means
MEANINGS: dict[str, tuple[str, dict[str, str]]] = {
    "SchemeContent": ("整个文件。", {
        "format": "本写法的版本", "id": "方案的名称，字母、数字和下划线", "year": "考核年度", "title": "考核表的标题",
        "name": "考核的名称，不带年度，如 工作目标责任制考核",
        "template": "模板的文件名", "notice": "通知", "deadline": "上报截止；通知没有规定的不写",
        "materials": "随表材料：考核表以外还要报送的；通知没有规定的不写", "policy": "总则",
        "grade": "等次，由高到低；通知没有规定的不写", "ceiling": "否决性指标：使等次不高于某一等",
        "veto": "一票否决；通知没有规定的不写", "group": "分类考核：分组排名；不分的不写",
        "kind": "各类单位不同的分值、目标和档次；都相同的不写",
        "section": "类别，可以分到三层；不分的不写", "whole": "总分怎样由各部分合成；相加的不写",
        "unit": "被考核单位", "measure": "指标，按考核表的次序",
        "item": "考核项目，按考核表的次序", "reading": "通知没有写明之处", "basis": "按单位选定的口径",
        "period": "数据口径：年度未完时，本年实绩可以是什么数；不写则不问",
        "total": "全市总数：通知所列、各单位合计起来应有的数；不写则不看合计",
        "trial": "试算：虚构的单位和应得的分，由 kaohe scheme check 验算",
    }),
    "Notice": ("下达考核的文件，照抄。", {
        "number": "发文字号", "date": "发文日期", "issuer": "发文机关", "issuer_short": "发文机关简称",
        "heading": "标题", "addressees": "主送", "paragraphs": "正文各段，一字不差", "signed": "落款日期，照原文",
        "we": "发文机关的自称，如 我委",
    }),
    "Deadline": ("上报截止。", {"clause": "通知原文", "date": "截止日期；含不含当日见总则"}),
    "AskedMaterials": ("考核表以外还要报送的材料，只登记收到与否，不计分。收到的文件按名称认定。", {
        "clause": "通知原文", "titles": "各是什么，如 年度工作总结",
    }),
    "Period": ("一种数据口径；第一种为默认。", {
        "label": "名称，供单位选定", "said": "说到这样的数据时用的词，如 全年预计", "final": "是否为全年的实绩",
    }),
    "GradeLevel": ("一个等次。由高到低排列，单位得第一个各项要求都达到的等次；都没有达到的，没有等次。", {
        "title": "名称，照通知", "clause": "通知原文；通知没有起名的不写", "least": "总分不低于多少分",
        "above": "总分高于多少分", "places": "组内前几名", "share": "组内前几成，如 0.15",
        "rounding": "几成不是整数的：舍去、四舍五入、进一", "called": "得这一等次的单位怎样称呼，如 优秀单位",
        "said": "通报中怎样说；不写为“被评为”加称呼",
        "rewarded": "通知规定对这一等次的单位给予表彰奖励的，写 true，列入考核结果的“表彰名单”",
    }),
    "Ceiling": ("否决性指标：条件成立的，等次不高于某一等。", {
        "id": "编号", "grade": "最高可得的等次", "clause": "通知原文", "test": "条件",
    }),
    "Conditions": ("几个条件：all 须都成立，any 有一个成立即可。", {
        "all": "都须成立的条件", "any": "有一个成立即可的条件",
    }),
    "VetoGround": ("一票否决：得分照常显示，不列名次，不授称号。", {
        "clause": "通知原文", "id": "编号", "title": "名称，如 党风廉政一票否决", "grade": "等次一栏写什么",
        "test": "按数据否决的条件；由机关认定的不写",
    }),
    "Group": ("分类考核的一组，组内排名，等次的名额按组计。", {"title": "名称", "kinds": "哪些类别的单位"}),
    "Kind": ("一类单位与其他单位不同之处。", {
        "name": "类别，与单位的类别一致", "change": "改什么，与口径选项的 change 相同",
    }),
    "Policy": ("总则；口径的选项可以改它。", {
        "cap": "加分的上限：不设、以项目满分为限、以总分满分为限",
        "no_task": "无任务：计满分、不计分、由同项其余细则分担",
        "tie": "总分相同的依次比哪些类别、项目的得分；不写的名次并列",
        "veto": "否决空出的名次：递补；空缺", "deadline": "截止日期：含当日；不含当日",
    }),
    "Whole": ("总分怎样由最上一层合成。", {**FRAME, "points": "满分；不写的由各部分合成"}),
    "Section": ("项目的类别，可以再分类别。", {
        **FRAME, "id": "编号", "title": "名称", "of": "属于哪个类别；不写的在最上一层",
        "points": "分值；通知没有写的不写，由所含各部分合成",
    }),
    "SchemeUnit": ("被考核单位；考核设置中可以增删改。", {
        "code": "代码，字母、数字和下划线", "name": "名称，用作文件名", "kind": "类别，如 区、县（市）",
    }),
    "Measure": ("单位填报的一项指标。数据项至多三项，或者只有完成情况。", {
        "id": "编号，字母、数字和下划线；数据项称为 编号.prior 等", "item": "所属项目", "title": "名称",
        "unit": "计量单位", "note": "填报说明，名称说不尽时写", "prior": "上年实绩", "target": "下达目标",
        "actual": "本年实绩", "done": "完成情况", "band": "合理范围：超出的列为待核实，不算错",
    }),
    "Bands": ("一项指标的合理范围，各为 [最小, 最大]；不写的按指标的种类（数额、个数、百分数）取通常的范围。"
              "计量单位是 % 的，growth、target、plan 是相差的百分点，其余是倍数。请在上方注明依据。", {
        "range": "数据本身", "growth": "本年实绩与上年实绩之比", "target": "本年实绩与下达目标之比",
        "plan": "下达目标与上年实绩之比", "part_of": "是哪个指标的一部分；上年、目标、本年逐项比较，大于它的列为待核实",
        "slack": "相差多少以内一概不问，如个数相差 3 以内",
    }),
    "Total": ("各单位合计与全市总数之比超出范围的，列为待核实。", {
        "measure": "指标", "clause": "通知原文", "number": "全市总数", "target": "下达目标合计与全市总数之比",
        "actual": "本年实绩合计与全市总数之比",
    }),
    "Figure": ("一个数据项。", {
        "by": "谁提供：单位填报、主管部门下达、设置中给了就用否则由单位填、随按单位选定的口径",
        "label": "名称，不写用通常的名称",
        "min": "最小值", "max": "最大值", "at_most": "不得大于哪个数据项", "whole": "是否为整数",
        "waivable": "可否对某单位注明“无任务”", "words": "完成情况的两种写法，用原文的说法，如 已实施、未实施",
        "phrase": "在句子中的叫法，不写由名称而来",
    }),
    "Item": ("考核表中的一行，有一个自评分和一个考核分。", {
        **FRAME, "id": "编号，与类别、细则的编号都不相同", "section": "所属类别；不写的在最上一层",
        "number": "考核表中的序号，不写为编号",
        "title": "简称", "points": "分值，由不含加分的细则合成；只有加分、扣分的不写",
        "content": "考核内容及达到的要求，一字不差", "standard": "评分标准，一字不差",
        "criterion": "细则，规则和评定可以并用", "evidence": "不计分但须填报、供评议参考的要求",
    }),
    "Criterion": ("评分细则：得分的最小单位。原文之下紧接规则。", {
        "id": "编号", "title": "名称", "clause": "所依据的原文，须在本项目的 content 或 standard 之中", "rule": "规则",
        "points": "最多可得的分，只扣分的写 0；加分不设上限的不写", "bonus": "是否为加分",
        "needs": "以哪条细则的达到为前提",
    }),
    "Evidence": ("可以检验、本身不计分的要求。", {"measure": "指标", "clause": "原文", "test": "达到的条件"}),
    "Condition": ("一个条件：左边的数据项与右边的数据项或一个数相比，或者完成。左边、右边可各乘一个倍数。"
                  "与下达目标、上年实绩相比而越少越好的，把 actual 写在右边。", CONDITION),
    "Part": ("条件和成立时所得的分；其余各键与 Condition 相同。", {
        **CONDITION, "points": "成立时的分；扣分写负数", "otherwise": "不成立时的分，不写为 0 分",
        "also": "另外的条件", "any": "各条件有一个成立即可；不写则须同时成立",
    }),
    "When": ("条件：成立即得分；有几个的，逐个计分，相加。", {"parts": "条件和分"}),
    "Count": ("计件：各数据项乘以每件的分，相加。", {
        "counts": "数据项和每件的分", "start": "基础分：一件也没有时的分", **LIMITS,
    }),
    "Counted": ("计件的一个数据项。", {"figure": "数据项", "each": "每件的分；扣分写负数"}),
    "Step": ("每级：左边每超过右边一级，加（或扣）若干分。扣分而越多越好的，把 actual 写在右边。", {
        "left": "数据项", "right": "数据项；与一个数比的不写", "number": "数；与数据项比的不写",
        "step": "每级是多少", "each": "每级的分；扣分写负数",
        "count": "不足一级的：不计、按一级计、按比例",
        "falling": "低于 number 才计级，而不是超过它；两个数据项相比的，应当更大的写在左边",
        "percent": "每级是所比之数（下达目标、上年实绩或 number）的百分之几，而不是差多少", "start": "一级也没有时的分",
        **LIMITS,
    }),
    "Linear": ("线性：按过两点的直线计分，两点之外照样延长，到最少、最多的分为止。", {
        **MEASURED, "low": "比例（或数）较小的一点", "high": "比例（或数）较大的一点", **LIMITS,
    }),
    "Point": ("到哪里得几分。", {"at": "比例（0.9 即 90%）；没有分母的，就是数本身", "points": "分"}),
    "Band": ("分档：从最好的一档看起，达到哪一档得哪一档的分。", {
        **MEASURED, "marks": "各档，从最好的写起", "below": "哪一档都不到的得几分，不写为 0 分；其 at 须与最后一档相同",
        "falling": "越少越好：不高于 at 的为达到",
    }),
    "Threshold": ("一档。", {
        "at": "比例（0.9 即 90%）；没有分母的，就是数本身", "points": "分", "strict": "不含本数：须超过（或低于）at",
    }),
    "Placing": ("名次：按在同组单位中的名次计分，数值相同的名次相同。须待同组各单位的数都有了才能计算。", {
        **MEASURED, "gap": GAP, "low_first": "由低到高排列", "points": "第一名、第二名……各得几分",
        "drop": "其后每降一名减几分；不写则其后都得 rest 的分", "floor": "减到几分为止", "rest": "其后各名的分",
    }),
    "Peer": ("相对：与同组各单位的最好、最差或平均相比。须待同组各单位的数都有了才能计算。", {
        **MEASURED, "gap": GAP, "against": "与最好的相比；在最好与最差之间按比例；高于平均与否",
        "high": "最好的（或高于平均的）得几分", "low": "最差的（或其余的）得几分；与最好的相比时，最少得几分",
        "falling": "越少越好", "same": "各单位都相同时得几分；不写则按最好的计，与平均相比的按其余的计",
    }),
    "Judged": ("评定：由责任处室或几位评委评定，0 分到细则满分。", {
        "full_or_none": "得或不得：只有满分和最少的分两种", "marks": "只能评其中一档；不写则不限",
        "least": "最少的分；扣分写负数", "judges": "评委人数，各填一栏；不写则由责任处室评一个分",
        "drop": "去掉一个最高分和一个最低分", "from_unit": "先按单位自评计，考核办另填的照考核办的",
    }),
    "NamedMark": ("评定的一档。", {"label": "名称，如 优", "points": "分"}),
    "Supplied": ("手填：别处来的分，由考核办填入并注明出处。", {"least": "最少的分；扣分写负数"}),
    "Trial": ("试算：一个虚构的单位，写明它的数据、所评的分和方案作者算得的结果，kaohe scheme check 逐处验算（KH934）。"
              "同组的试算单位互相比较、排名。带点的编号加引号，如 \"sales.actual\" = 120。", {
        "name": "名称，各不相同，如 甲单位", "kind": "类别；不写的与第一个单位相同",
        "figure": "数据项（sales.actual）：数，或者无任务、已完成、未完成和原文的写法；"
        "按单位选定的口径（energy.basis）：选项的编号，不写的照默认",
        "mark": "评定、手填的细则：所评的分；几位评委的写成 [8, 9, 7]", "veto": "是否由机关认定一票否决",
        "points": "细则、项目或类别：应得的分", "total": "应得的总分；不写则不验算",
        "grade": "应得的等次；不写则不验算",
        "place": "在同组试算单位中的名次；不写则不验算",
    }),
    "Reading": ("通知没有写明的一处，由考核办选定。第一个选项为默认，没有 change。", {
        "id": "编号", "clause": "有疑问的原文", "question": "问题", "option": "可选的办法",
        "within": "只在别的口径选了某办法时才有意义", "reason": "默认办法的理由，不言自明的不写",
    }),
    "Option": ("一种办法。", {
        "id": "编号", "label": "办法",
        "change": "选它时改什么：criterion、item、section、measure 下按编号，evidence 下按指标，grade 下按名称"
        "写要改的键，policy、whole 下直接写要改的键；"
        "整个换掉的写在 replace 之下，条件中的键写在 rule.part 之下（按条件左边的数据项）",
    }),
    "Basis": ("按单位选定、决定一个数据项的口径，如各区和各县（市）按不同的能耗指标考核。", {
        "id": "编号", "figure": "所决定的数据项，其 by 须为 basis", "clause": "原文", "question": "问题",
        "default": "单位类别 → 默认选项", "option": "可选的办法",
    }),
    "BasisOption": ("一种办法和它决定的数值。", {"id": "编号", "label": "指标的名称", "value": "数值"}),
}  # fmt: skip

CHECKED = (
    "编号不重复，类别、项目、细则的编号互不相同；单位代码、指标编号只用字母、数字和下划线；单位名称可作文件名。",
    "clause 都是原文：截止、随表材料的在通知正文中，细则和要求的在所属项目中，等次、否决、口径的在其中任何一处；"
    "通知没有规定的口径，clause 空着。",
    "所引的项目、类别、指标、数据项、细则、等次、口径都在；完成情况不与数值相比；用作基数的数据不会小于 0。",
    "分值加得上：类别由项目合成，项目由细则合成，细则等于规则最多可得的分；最多两位小数。通知没有写的分值不写。",
    "类别不超过三层；权重只在按权重相加时写；上限不小于下限。",
    "规则起作用：档与档之间没有空档和重叠，各档的分都得得到，扣分、加分在限额之内。",
    "等次由高到低；由机关认定的一票否决只有一条；每个类别的单位都在一个组中。",
    "试算的数据项、细则、等次都在，数和词都是可以填的，评的分都是可以评的。",
    "前提须是自身没有前提的“条件”（when）细则。各类单位的同一细则，由人评定、手填还是按数据计分须一致。",
    "合理范围有数据能够符合：最小不大于最大，不在数据项的最小值、最大值之外，几项范围之间不矛盾；所属指标、全市总数的指标都在。",
    "口径的每个选项、每类单位的改动用上以后，以上各条仍然成立；两个口径不改同一处。",
)


def scheme_page() -> str:
    """docs/SCHEME.md: the format of a scheme file, from its record types."""
    blocks = [
        "# 考核方案的写法",
        "考核方案是一个 TOML 文件（UTF-8），写明一份考核通知的全部内容：原文、单位、指标、项目、细则、规则和口径。"
        "换一个年度、换一份通知，只要换一个方案文件，程序不必改。"
        "同样的内容也可以写在方案工作簿中（docs/编写方案.md），`kaohe scheme convert` 把两种写法互相转换。",
        "```\n"
        "kaohe scheme new --from hangzhou_2007 2008.toml   # 抄一份，照新的通知改\n"
        "kaohe scheme check 2008.toml                      # 逐项核对，列出全部差错\n"
        "kaohe template 2008.xlsx --scheme 2008.toml       # 生成考核表模板\n"
        "kaohe init --scheme 2008.toml                     # 此后各命令都加 --scheme 2008.toml\n"
        "```",
        '现成的例子：`kaohe_cli/scheme/hangzhou_2007.toml`。带小数的数可以写成文字（`"1.05"`）。'
        "本页由程序按方案的数据类型生成，不要手工修改。",
        "## 核对",
        "方案在使用前逐项核对，有一处不符即不用，并列出全部差错和所在的行（KH901）；`kaohe scheme check` 另外提示由"
        "往年的方案抄来而没有改的年份和文字、评分标准中没有引用的句子（KH930 至 KH933），并验算方案中的试算（KH934）：",
        "\n".join(f"- {each}" for each in CHECKED),
    ]
    for record, key in records():
        name = record.__name__
        purpose, meanings = MEANINGS[name]
        blocks += [f'<a id="{name.lower()}"></a>', f"## {name}：{f'`{key}`' if key else '整个文件'}", purpose]
        hints, tag = get_type_hints(record), record.__struct_config__
        rows = [f'`{tag.tag_field}` | `"{tag.tag}"` | 是 | 规则的种类'] if tag.tag_field else []
        rows += [
            f"`{each.encode_name}` | {_type_words(hints[each.name])} | {'是' if each.required else ''} "
            f"| {meanings[each.encode_name]}"
            for each in msgspec.structs.fields(record)
        ]
        if rows:
            blocks.append(table("键 | 内容 | 必填 | 说明", rows))
    return page(blocks)


def records() -> Iterable[tuple[Any, str]]:
    """Every record type of the format with the key it stands under, in the order of the file."""
    found: dict[Any, str] = {}

    def walk(type_: Any, key: str) -> None:
        if isinstance(type_, type) and issubclass(type_, msgspec.Struct) and type_ not in found:
            found[type_] = key
            hints = get_type_hints(type_)
            for each in msgspec.structs.fields(type_):
                walk(hints[each.name], f"{key}.{each.encode_name}" if key else each.encode_name)
        for inner in get_args(type_):
            walk(inner, key)

    walk(SchemeContent, "")
    return found.items()


def _type_words(type_: Any) -> str:
    origin, inner = get_origin(type_), get_args(type_)
    if type_ in WORDS:
        return WORDS[type_]
    if origin is Literal:
        return "、".join(f'`"{each}"`' if isinstance(each, str) else f"`{each}`" for each in inner)
    if origin is tuple:
        return f"一组 {_type_words(inner[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"一张表：{_type_words(inner[0])} → {_type_words(inner[1])}"
    if origin in (Union, types.UnionType):
        return " 或 ".join(_type_words(each) for each in inner if each is not type(None))
    return f"[{type_.__name__}](#{type_.__name__.lower()})"


# ── the command line ────────────────────────────────────────────────────────────────────────────────────


def commands_page() -> str:
    """docs/COMMANDS.md: every command with its help, as the terminal shows it."""
    root = typer.main.get_command(app)
    blocks = [
        "# 命令",
        "本页由程序生成，与 `kaohe 命令 --help` 显示的相同，不要手工修改。",
        "退出码：0 没有问题 · 1 数据有问题（已逐一列出，能做的都做了），或 status 所说还有待办 · "
        "2 用法或设置有误，没有动手 · "
        "3 程序出错（另有记录文件）。没有人读的管道以 0 结束。",
        "各命令都有 `--json`：不论退出码是几，都在标准输出上给出一个对象，其中 `problems` 列出全部问题；没有做成的，"
        "其余各项为空，程序出错的另有 `fault`，中途停止的另有 `stopped`。`changes` 是评分底稿与上一次相比的变动，"
        "原为 `from`，现为 `to`，原因 `why`。`unit` 是单位名称，与文件名一样用半角括号。项目和细则的 `points` 是得分，"
        "`full` 是现行的满分（加分为最多可加的分，不设上限的为空）；`bonus` 是各加分细则之和，`capped` 是封顶扣减，"
        "各部分相加的方案，其余细则之和加 `bonus` 减 `capped` 等于总分。`sections` 是各类别的得分，"
        "`group` 是分类考核的组别，`grade` 用方案中等次的名称，没有等次的为空。写给人看的话一律在标准错误上。"
        "标准输出不是 UTF-8 的，汉字写成 `\\uXXXX`。"
        "各命令所给的对象，字段的意思和可能的值，见各命令之下的 JSON Schema。",
        "写出的文件：扩展名须与格式相符；要读的文件一概不写；"
        "已有的文件，除同一命令以前写出的以外，加 `--force` 才改写。",
        _help(root, "kaohe"),
    ]
    for path, command in _walk(root, "kaohe"):
        blocks += [f"## {path}", _help(command, path)]
        name = path.removeprefix("kaohe ")
        schemas = (file_name(each) for each in ANSWERS if name in (each, each.removesuffix(" KH")))
        blocks += [f"`--json`：{'、'.join(f'[{each}]({each})' for each in schemas)}"] if name in ANSWERS else []
    return page(blocks)


def _walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, inner in getattr(command, "commands", {}).items():
        yield f"{path} {name}", inner
        yield from _walk(inner, f"{path} {name}")


def _help(command: Any, path: str) -> str:
    with command.make_context(path, [], resilient_parsing=True) as context:
        return f"```\n{command.get_help(context).rstrip()}\n```"


# ── writing and checking ────────────────────────────────────────────────────────────────────────────────


def pages() -> dict[str, str]:
    """Every generated page by its file name in docs/."""
    scheme = load()
    return {
        "COMMANDS.md": commands_page(),
        "PROBLEMS.md": problems_page(),
        f"RULES-{scheme.content.year}.md": rules_page(scheme),
        "SCHEME.md": scheme_page(),
        **{file_name(command): schema_page(command) for command in ANSWERS},
    }


def main(arguments: list[str]) -> int:
    """``--write`` writes the pages; ``--check`` names those that are not as they would be written (1)."""
    if arguments not in (["--write"], ["--check"]):
        print("用法：python tools/reference.py --write 或 --check", file=sys.stderr)
        return 2
    stale = 0
    for name, text in pages().items():
        path = DOCS / name
        if arguments == ["--write"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            print(f"docs/{name} 与程序不符，请运行 python tools/reference.py --write", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
