"""The sheets of 方案.xlsx and their columns, each told once: title, what it holds, where that stands, help."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from kaohe_cli.paper.workbook import Column
from kaohe_cli.scheme.frame import ROUNDED, TOGETHER
from kaohe_cli.scheme.records import CAPS, FIGURE_LABELS, LAST_DAYS, PROVIDERS, VACANCIES, WAIVED

Sort: TypeAlias = Literal[
    "text",  # words; what looks like a number is taken as it is written
    "number",
    "share",  # a number that may be written as a percentage: 90% is 0.9
    "percent",  # the same of what is measured in per cent: 5% is 5
    "yes",
    "choice",
    "figure",  # 数据项, by its measure and label: 工业销售产值·本年实绩
    "list",  # ids, each on a line or parted by ；
    "date",
    "any",  # as it stands: a number, or words
]
CHECK, READ_AS = "核对", "程序读作"  # columns that only a checked copy has, filled in by the program
APPLIES, EMPTY = "适用", "（空）"
HELP = "※"  # begins what explains a column, in the row below its head
SEPARATORS = "；;\n"
MEANT = "怎样填"  # column of 基本 that explains its rows
KINDS: Mapping[str, str] = {  # kind of rule → 计分方式
    "when": "条件", "count": "计件", "step": "每级", "line": "线性", "band": "分档", "place": "名次", "peer": "相对",
    "judged": "评定", "given": "手填", "evidence": "不计分",
}  # fmt: skip
COMPARE = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "done": "完成"}
YES = {True: "是", False: "否"}


class SchemeColumn(Column, frozen=True, kw_only=True):
    """A column of a sheet, or a row of 基本."""

    path: tuple[str, ...] = ()  # of its value within the record; empty: it has a meaning of its own
    sort: Sort = "text"
    help: str = ""
    choices: Mapping[str, str] = {}  # as the record has it → as people write it
    kinds: frozenset[str] = frozenset()  # of rules that use it; empty: all, or it is about no rule
    blank: str | None = None  # what a blank stands for; None: that there is none
    needed: bool = False  # a table without it is not this one
    source: str = ""  # name of the list that people choose from; empty: none, or that of its choices

    @property
    def listed(self) -> tuple[str, ...]:
        """The words that people choose from; none where anything may be written."""
        return tuple(YES.values()) if self.sort == "yes" else tuple(self.choices.values())


class SchemeSheet(Struct, frozen=True):
    """A sheet of 方案.xlsx."""

    name: str
    columns: tuple[SchemeColumn, ...]
    said: str  # what it is for
    spare: int = 60  # rows left to fill in
    key: str = ""  # title of the column that decides which others are used; empty: none does
    needed: bool = False  # without it a workbook is no scheme

    def column(self, title: str) -> SchemeColumn:
        """The column of that title; KeyError where there is none."""
        return {each.title: each for each in self.columns}[title]

    @property
    def by_path(self) -> Mapping[tuple[str, ...], SchemeColumn]:
        """The columns by the path of what they hold."""
        return {each.path: each for each in self.columns if each.path}


def _column(
    title: str, path: str, sort: Sort, width: float, help: str, *, kinds: str = "", blank: str | None = None,
    choices: Mapping[str, str] = {}, needed: bool = False, source: str = "",
) -> SchemeColumn:  # fmt: skip
    looks: dict[Sort, str] = {
        "number": "number", "share": "percent", "percent": "right", "yes": "centre", "choice": "centre",
        "date": "date",
    }  # fmt: skip
    wide = width >= WIDE and sort == "text"
    look = "wrap middle code" if wide else looks.get(sort, "code")
    return SchemeColumn(
        title, width, look, input=True, path=tuple(path.split(".")) if path else (), sort=sort, help=help,
        choices=choices, kinds=frozenset(kinds.split()), blank=blank, needed=needed, source=source,
    )  # fmt: skip


WIDE = 24  # columns from this width on wrap their text
ITEMS, MEASURES, FIGURES, CRITERIA, GRADES, OPTIONS, UNIT_KINDS = (
    "项目编号", "指标编号", "数据项", "细则编号", "等次名称", "适用口径", "类别名称",
)  # fmt: skip

_APPLIES = _column(
    APPLIES, "", "text", 16, "一般空着。只在选用某一办法时写“口径=选项”，只对一类单位写“类别=名称”，其余只填不同的格",
    source=OPTIONS,
)  # fmt: skip

# ── 基本：一行一事 ──────────────────────────────────────────────────────────────────────────────────────

FACT, CONTENT = "事项", "内容"
PARAGRAPHS = ("notice", "paragraphs")
FACTS: tuple[SchemeColumn, ...] = (
    _column("编号", "id", "text", 40, "字母、数字、下划线，如 hangzhou_2008；不写的由年度而来"),
    _column("年度", "year", "number", 40, "考核年度，如 2008"),
    _column("标题", "title", "text", 40, "印在考核表上的全称，如 2008年度工作目标责任制考核表"),
    _column("名称", "name", "text", 40, "这项考核叫什么，不带年度，如 工作目标责任制考核"),
    _column("模板文件", "template", "text", 40, "考核表模板的文件名；不写的与编号相同"),
    _column("文号", "notice.number", "text", 40, "发文字号；没有的空着", blank=""),
    _column("发文机关", "notice.issuer", "text", 40, "全称"),
    _column("发文机关简称", "notice.issuer_short", "text", 40, "如 市经委；不写的与全称相同"),
    _column("发文机关自称", "notice.we", "text", 40, "如 我委；不写的为“本机关”"),
    _column("通知标题", "notice.heading", "text", 40, "没有的空着", blank=""),
    _column("主送", "notice.addressees", "text", 40, "如 各区、县（市）经济局：", blank=""),
    _column("正文", "notice.paragraphs", "text", 40, "通知正文，一段一行；多出的段落另加“正文”行"),
    _column("发文日期", "notice.date", "date", 40, "如 2008-07-06；没有的空着"),
    _column("落款日期", "notice.signed", "text", 40, "通知上怎样写，如 二○○八年七月六日"),
    _column("报送截止", "deadline.date", "date", 40, "填报表最迟哪一天报送；没有规定的空着"),
    _column("截止原文", "deadline.clause", "text", 40, "通知中规定截止日期的原话"),
    _column("随表材料", "materials.titles", "list", 40, "除考核表以外还要报送什么，如 年度工作总结；没有规定的空着"),
    _column("材料原文", "materials.clause", "text", 40, "通知中规定报送这些材料的原话"),
    _column("截止当日", "policy.deadline", "choice", 40, "不写的不算迟报", choices=LAST_DAYS),
    _column("总分", "whole.points", "number", 40, "满分共多少；写了的与各项合计核对"),
    _column("总分合计办法", "whole.combine", "choice", 40, "各项怎样合成总分；不写的相加", choices=TOGETHER),
    _column("总分最少", "whole.floor", "number", 40, "总分不低于多少；没有限制的空着"),
    _column("总分最多", "whole.cap", "number", 40, "总分不高于多少；没有限制的空着"),
    _column("超分", "policy.cap", "choice", 40, "加分能否超过满分；不写的不设上限", choices=CAPS),
    _column("无任务", "policy.no_task", "choice", 40, "注明“无任务”的目标怎样计分；不写的计满分", choices=WAIVED),
    _column("同分先比", "policy.tie", "list", 40, "总分相同时依次比哪些类别、项目（编号，用分号隔开）；不写的并列"),
    _column("否决后的名次", "policy.veto", "choice", 40, "被一票否决的单位空出的名次；不写的由后面的递补",
            choices=VACANCIES),
)  # fmt: skip
BASIC = SchemeSheet("基本", (
    _column(FACT, "", "text", 18, "逐行填写；正文的其余各段、选用某一办法时不同的，写在下面的空行", needed=True),
    _column(CONTENT, "", "any", 76, "", needed=True),
    _APPLIES,
), "通知本身和总的规定", spare=12, needed=True)  # fmt: skip

# ── 单位、类别 ──────────────────────────────────────────────────────────────────────────────────────────

UNITS = SchemeSheet("单位", (
    _column("代码", "code", "text", 14, "字母、数字；不写的按次序编"),
    _column("名称", "name", "text", 34, "被考核单位，一行一个", needed=True),
    _column("类别", "kind", "text", 18, "同一类单位同样考核；不分类的空着", source=UNIT_KINDS),
), "被考核单位", spare=120, needed=True)  # fmt: skip
KIND, GROUP = "类别", "组"
UNIT_KINDS_SHEET = SchemeSheet("类别", (
    _column(KIND, "name", "text", 20, "单位的类别，一行一个", needed=True),
    _column(GROUP, "title", "text", 20, "分组排名的，写这一类在哪一组；一起排名的空着"),
), "单位分几类、怎样分组排名；不分类、不分组的不填", spare=20)  # fmt: skip

# ── 项目 ────────────────────────────────────────────────────────────────────────────────────────────────

NODE, SECTION, ITEM = "行", "section", "item"
TABLE = SchemeSheet("项目", (
    _APPLIES,
    _column(NODE, "", "choice", 8, "“类别”或“项目”；空着的是项目", choices={SECTION: "类别", ITEM: "项目"}),
    _column("编号", "id", "text", 10, "如 1.1；不写的照序", source=ITEMS),
    _column("所在类别", "section", "text", 14, "在哪一类之下，写其编号；没有的空着", source=ITEMS),
    _column("序", "number", "text", 8, "通知所附表中的序号，如 1.、（一）"),
    _column("内容", "content", "text", 44, "考核内容及达到的要求，照原文贴入", needed=True),
    _column("标准", "standard", "text", 44, "评分标准，照原文贴入"),
    _column("分值", "points", "number", 8, "满分；只加分、只扣分的空着"),
    _column("标题", "title", "text", 20, "项目的简称；不写的取内容的开头"),
    _column("合计办法", "combine", "choice", 12, "其中各项怎样合成；不写的相加", choices=TOGETHER),
    _column("权重", "weight", "share", 8, "上一级按权重相加的，如 25%"),
    _column("最少", "floor", "number", 8, "得分不低于多少"),
    _column("最多", "cap", "number", 8, "得分不高于多少"),
), "通知所附的考核表，一行一项，可以整块贴入", spare=80, needed=True)  # fmt: skip

# ── 细则 ────────────────────────────────────────────────────────────────────────────────────────────────

METHOD = "计分方式"
RULES = SchemeSheet("细则", (
    _APPLIES,
    _column("项目", "item", "text", 9, "在哪一项之下，写项目编号；与上一行相同的可以空着", source=ITEMS),
    _column("编号", "id", "text", 9, "如 1.1.2；不写的按项目顺编。不计分的写指标编号", source=CRITERIA),
    _column("名称", "title", "text", 20, "简称；不写的，一项只有一条的与项目同名，其余取原文的开头"),
    _column("原文", "clause", "text", 36, "这一条的原话，从项目的内容或标准中照抄", needed=True),
    _column("分值", "points", "number", 8, "最多得几分；只扣分的写 0；没有上限的加分空着"),
    _column("加分", "bonus", "yes", 7, "另外加分、不在满分之内的写“是”"),
    _column("前提", "needs", "text", 9, "须先达到哪一条细则才计分，写其编号", source=CRITERIA),
    _column(METHOD, "kind", "choice", 10, "从九种中选；只作要求不计分的选“不计分”", choices=KINDS),
    _column("数据", "left", "figure", 28, "看哪个数据项", source=FIGURES,
            kinds="when step line band place peer evidence"),
    _column("比较", "compare", "choice", 9, "与右边的数相比", choices=COMPARE, kinds="when evidence"),
    _column("与哪个数据比", "right", "figure", 28, "目标、上年实绩等；与一个定数比的空着", source=FIGURES,
            kinds="when step line band place peer evidence"),
    _column("定数", "number", "percent", 9, "与一个定数比的写在这里", kinds="when step evidence"),
    _column("本数倍数", "left_times", "share", 9, "左边的数先乘多少，如 3；不写为 1", kinds="when evidence"),
    _column("对方倍数", "right_times", "share", 9, "超过5%写 105%，达到九成写 90%；不写为 1", kinds="when evidence"),
    _column("按占比说", "share", "yes", 9, "理由中说成“为目标的百分之几”的写“是”", kinds="when evidence"),
    _column("得分", "given", "number", 8, "成立时得几分，扣分写负数；不写的为分值", kinds="when"),
    _column("否则得", "otherwise", "number", 8, "不成立时得几分；不写为 0", kinds="when"),
    _column("每多少", "step", "percent", 8, "每超（低）多少算一级", kinds="step"),
    _column("算百分之几", "percent", "yes", 9, "一级是对方的百分之几的写“是”；百分点、绝对数空着", kinds="step"),
    _column("每级得分", "each", "number", 9, "每一级加几分，扣分写负数", kinds="step"),
    _column("不足一级", "count", "choice", 10, "不足一级的怎样算", kinds="step",
            choices={"whole": "不计", "started": "按一级计", "prorata": "按比例计"}),
    _column("起始分", "start", "number", 8, "一级、一件也没有时得几分；不写为 0", kinds="step count"),
    _column("低于才算", "under", "yes", 9, "低于定数才算级的写“是”；两个数据相比的空着，大的写左边", kinds="step"),
    _column("越低越好", "falling", "yes", 9, "数越小越好的写“是”", kinds="band peer"),
    _column("比增量", "gap", "yes", 8, "比的是两个数之差的写“是”，之比的空着", kinds="place peer"),
    _column("由低到高排", "low_first", "yes", 10, "数最小的列第一的写“是”", kinds="place"),
    _column("每降一名减", "fall", "number", 10, "档中没有写到的名次，每降一名减几分", kinds="place"),
    _column("其余名次得", "rest", "number", 10, "档中没有写到的名次都得几分", kinds="place"),
    _column("与谁比", "against", "choice", 16, "按与什么的距离计分", kinds="peer",
            choices={"best": "最好的", "range": "最好和最差之间", "mean": "平均数"}),
    _column("最好得", "high", "number", 8, "最好的，或优于平均的，得几分", kinds="peer"),
    _column("最差得", "low", "number", 8, "最差的，或不优于平均的，得几分；不写为 0", kinds="peer"),
    _column("都相同得", "same", "number", 9, "各单位都相同时得几分", kinds="peer"),
    _column("最少", "floor", "number", 8, "得分不低于多少，扣完为止写 0", kinds="count step line place"),
    _column("最多", "cap", "number", 8, "得分不高于多少", kinds="count step line"),
    _column("只给满分或不给", "full_or_none", "yes", 11, "得或不得，没有中间分的写“是”", kinds="judged"),
    _column("最低可给", "least", "number", 9, "可以扣到几分，写负数；不写为 0", kinds="judged given"),
    _column("评委人数", "judges", "number", 9, "由几位评委打分取平均；由处室评的空着", kinds="judged"),
    _column("去掉最高最低", "drop", "yes", 11, "去掉一个最高分和一个最低分的写“是”", kinds="judged"),
    _column("照单位自评", "from_unit", "yes", 10, "先按单位自评计、由考核办核定的写“是”", kinds="judged"),
), "一行一条评分规则：抄原文、定分值、选计分方式，再填它用到的各格", spare=120, key=METHOD, needed=True)  # fmt: skip
# column of 细则 → key of the rule, where the kinds that use the key need columns of their own
KEYS: Mapping[str, str] = {"fall": "drop", "under": "falling"}
OWN_COLUMNS: Mapping[tuple[str, str], str] = {("place", "drop"): "fall", ("step", "falling"): "under"}
# of a condition, whichever sheet it stands in
CONDITION = ("left", "compare", "right", "number", "left_times", "right_times", "share")

# ── 档、条件 ────────────────────────────────────────────────────────────────────────────────────────────

OF, REST = "细则", "其余"
MARKS = SchemeSheet("档", (
    _APPLIES,
    _column(OF, "", "text", 10, "哪一条细则的档，写其编号；与上一行相同的可以空着", source=CRITERIA, needed=True),
    _column("档名", "label", "text", 16, "评定的写 优、良；名次的写 第1名；分档最后一行可写“其余”"),
    _column("数据项", "figure", "figure", 30, "计件的写数哪一个数据项", source=FIGURES, kinds="count"),
    _column("界限", "at", "percent", 12, "分档、线性的写从多少起；按比例的写 90%", kinds="band line"),
    _column("不含本数", "strict", "yes", 10, "恰好等于界限不算的写“是”", kinds="band"),
    _column("得分", "points", "number", 10, "这一档得几分；计件的写每件几分，扣分写负数", needed=True),
), "分档、线性、计件、名次、评定的各档，一档一行，由好到差；线性写两行", spare=160)  # fmt: skip
JOIN = "关系"
ALSO, EITHER, INSTEAD = "并且", "或者", "改为"
CONDITIONS = SchemeSheet("条件", (
    _APPLIES,
    _column("用于", "", "text", 12, "哪一条细则、哪一条限定或否决，写其编号；与上一行相同的可以空着", needed=True),
    _column(JOIN, "", "choice", 9, "空着的另起一条；“并且”“或者”接上一条；“改为”只在选用某一办法时改动",
            choices={each: each for each in (ALSO, EITHER, INSTEAD)}),
    *(RULES.by_path[name,] for name in CONDITION),
    _column("得分", "points", "number", 8, "成立时得几分，扣分写负数（限定、否决不写）"),
    _column("否则得", "otherwise", "number", 8, "不成立时得几分；不写为 0"),
), "几个条件合在一起才计分的，以及限定、否决的条件，一行一个；只有一个条件的直接写在“细则”中", spare=80)  # fmt: skip

# ── 指标 ────────────────────────────────────────────────────────────────────────────────────────────────

FIGURE = "数据项"
_SPANS = (("范围", "range"), ("比上年", "growth"), ("比目标", "target"), ("目标比上年", "plan"))
_MEASURED: tuple[SchemeColumn, ...] = (
    _column("编号", "id", "text", 12, "字母、数字；不写的按次序编", source=MEASURES),
    _column("项目", "item", "text", 9, "填报表中排在哪一项，写项目编号", source=ITEMS),
    _column("名称", "title", "text", 26, "指标的名称，如 工业销售产值", needed=True),
    _column("计量单位", "unit", "text", 10, "如 亿元、%、家"),
    _column("填报说明", "note", "text", 26, "怎样填；名称已说清的空着"),
)
_FIGURED: tuple[SchemeColumn, ...] = (
    _column("由谁提供", "by", "choice", 12, "不写的由单位填报", choices=PROVIDERS),
    _column("称呼", "label", "text", 14, "表中怎样称呼；不写的就叫数据项的名称"),
    _column("最小", "min", "percent", 9, "不小于多少"),
    _column("最大", "max", "percent", 9, "不大于多少"),
    _column("不超过", "at_most", "figure", 26, "不能超过哪个数据项", source=FIGURES),
    _column("整数", "whole", "yes", 7, "一个一个数的写“是”"),
    _column("可无任务", "waivable", "yes", 9, "可以填“无任务”的写“是”"),
    _column("词语", "words", "list", 16, "完成情况怎样说，如 已实施；未实施"),
    _column("行文", "phrase", "text", 18, "在句中怎样说；不写的由名称而来"),
)  # fmt: skip
_BANDED: tuple[SchemeColumn, ...] = (
    *(
        _column(
            f"{title}{edge}",
            f"band.{key}.{place}",
            "share",
            10,
            "合理范围，超出的要核实；上年、目标的倍数写 120%，% 的指标写百分点",
        )
        for title, key in _SPANS
        for edge, place in (("最小", 0), ("最大", 1))
    ),
    _column("是哪项的一部分", "band.part_of", "text", 12, "写那项指标的编号", source=MEASURES),
    _column("相差不问", "band.slack", "number", 10, "相差这么多以内的不核实"),
    _column("总数", "total.number", "number", 12, "通知写明的合计数，如 全市 476"),
    _column("总数原文", "total.clause", "text", 24, "写明总数的原话"),
    *(
        _column(f"{title}合计{edge}", f"total.{key}.{place}", "share", 10, "各单位合计是总数的多少倍之内，如 95%")
        for title, key in (("目标", "target"), ("实绩", "actual"))
        for edge, place in (("最小", 0), ("最大", 1))
    ),
)
MEASURED = SchemeSheet("指标", (
    _APPLIES, *_MEASURED,
    _column(FIGURE, "", "choice", 12, "这一行是哪个数", choices=FIGURE_LABELS),
    *_FIGURED, *_BANDED,
), "单位填报、考核办下达的数据，一行一个数；同一指标接着写，左边可以空着", spare=160, needed=True)  # fmt: skip
MEASURED_PATHS = frozenset(each.path for each in (*_MEASURED, *_BANDED))
FIGURED_PATHS = frozenset(each.path for each in _FIGURED)

# ── 等次 ────────────────────────────────────────────────────────────────────────────────────────────────

LEVEL = "种类"
GRADE, CEILING, VETO = "grade", "ceiling", "veto"
GRADED = SchemeSheet("等次", (
    _APPLIES,
    _column(LEVEL, "", "choice", 10, "等次由高到低；限定是达不到的最高评到哪一等；否决是一票否决",
            choices={GRADE: "等次", CEILING: "限定", VETO: "否决"}, needed=True),
    _column("编号", "id", "text", 10, "限定、否决的编号，“条件”中照写；不写的为 限定1、否决1", kinds="ceiling veto"),
    _column("名称", "title", "text", 18, "等次的名称，如 优秀；否决的事由", source=GRADES, kinds="grade veto"),
    _column("评为", "grade", "text", 14, "限定的最高评到哪一等；否决的等次", source=GRADES, kinds="ceiling veto"),
    _column("原文", "clause", "text", 36, "通知的原话；通知没有说的空着", blank=""),
    _column("总分不低于", "least", "number", 10, "总分达到多少分", kinds="grade"),
    _column("总分高于", "above", "number", 10, "总分超过多少分", kinds="grade"),
    _column("前几名", "places", "number", 8, "组内前几名", kinds="grade"),
    _column("前百分之几", "share", "share", 10, "组内前百分之几，如 15%", kinds="grade"),
    _column("名额不足一个", "rounding", "choice", 12, "按比例算出的名额不是整数时", kinds="grade", choices=ROUNDED),
    _column("称为", "called", "text", 16, "这一等的单位怎样称呼，如 优秀单位", kinds="grade"),
    _column("通报说法", "said", "text", 24, "通报中怎样说；不写的说“被评为……”", kinds="grade"),
    _column("表彰", "rewarded", "yes", 8, "通知规定对这一等的单位给予表彰奖励的写“是”，列入表彰名单", kinds="grade"),
), "等次、限定和一票否决；条件写在“条件”中", spare=20, key=LEVEL)  # fmt: skip

# ── 口径 ────────────────────────────────────────────────────────────────────────────────────────────────

_READ: tuple[SchemeColumn, ...] = (
    _column("口径编号", "id", "text", 14, "不写的依次为 口径1、口径2"),
    _column("原文", "clause", "text", 30, "哪一句没有说清；通知没有说的空着", blank=""),
    _column("问题", "question", "text", 36, "怎样理解？", needed=True),
    _column("默认的理由", "reason", "text", 30, "为什么默认这样理解；不言自明的空着"),
    _column("何时才问", "within", "list", 16, "只在另一口径选用某一选项时才有这一问的，写“口径=选项”"),
)
_OPTION: tuple[SchemeColumn, ...] = (
    _column("选项编号", "id", "text", 12, "不写的依次为 办法1、办法2"),
    _column("办法", "label", "text", 36, "一个办法一行，第一个是默认", needed=True),
)
READ = SchemeSheet(
    "口径",
    (*_READ, *_OPTION),
    "通知没有说清、要考核办定的问题；选用别的办法时怎样改，在有关表的“适用”中写“口径=选项”",
    spare=60,
)
READ_OWN = len(_READ)  # columns that are about the reading, and not about an option of it

_BASED: tuple[SchemeColumn, ...] = (
    _column("编号", "id", "text", 16, "如 energy.basis；不写的按次序编"),
    _column("定哪个数", "figure", "figure", 28, "所选的依据决定哪个数据项", source=FIGURES),
    _column("原文", "clause", "text", 30, "通知的原话", blank=""),
    _column("问题", "question", "text", 30, "按单位选定什么？", needed=True),
)
BASED = SchemeSheet("单位口径", (
    *_BASED,
    _column("选项编号", "id", "text", 12, "不写的按次序编"),
    _column("依据", "label", "text", 30, "可选的一个依据一行", needed=True),
    _column("数值", "value", "number", 10, "选它时那个数是多少"),
    _column("默认用于", "default", "list", 24, "哪些类别的单位默认用它，用分号隔开", source=UNIT_KINDS),
), "逐个单位选定的依据（如 能耗按哪一项考核）；没有的不填", spare=20)  # fmt: skip
BASED_OWN = len(_BASED)
PERIODS = SchemeSheet("数据口径", (
    _column("称呼", "label", "text", 18, "填报时可选的，如 全年预计；第一个是默认", needed=True),
    _column("句中怎样说", "said", "text", 18, "如 预计全年", needed=True),
    _column("是否定数", "final", "yes", 10, "已是全年实数的写“是”"),
), "年度未完时本年数据可以是什么；一律是全年实数的不填", spare=10)  # fmt: skip

# ── 试算 ────────────────────────────────────────────────────────────────────────────────────────────────

TRIED, TRIED_OF = "内容", "数据项或编号"
TRY_KIND, TRY_FIGURE, TRY_MARK, TRY_VETO, TRY_POINTS, TRY_TOTAL, TRY_GRADE, TRY_PLACE = (
    "kind", "figure", "mark", "veto", "points", "total", "grade", "place",
)  # fmt: skip
TRY: Mapping[str, str] = {
    TRY_KIND: "类别", TRY_FIGURE: "填报", TRY_MARK: "评分", TRY_VETO: "一票否决", TRY_POINTS: "应得分",
    TRY_TOTAL: "应得总分", TRY_GRADE: "应评等次", TRY_PLACE: "应列名次",
}  # fmt: skip
TRIALS = SchemeSheet("试算", (
    _column(TRIED, "", "choice", 12, "先写类别、填报的数、人评的分，再写应得几分", choices=TRY, needed=True),
    _column(TRIED_OF, "", "text", 34, "哪个数据项，哪条细则、项目", needed=True, source=FIGURES),
), "虚拟几个单位，写上数据和你认为应得的分，核对时程序照规则算一遍；单位名称写在表头，一列一个", spare=160)  # fmt: skip

SHEETS: tuple[SchemeSheet, ...] = (
    BASIC, UNITS, UNIT_KINDS_SHEET, TABLE, RULES, MARKS, CONDITIONS, MEASURED, GRADED, READ, BASED, PERIODS, TRIALS,
)  # fmt: skip
BY_NAME: Mapping[str, SchemeSheet] = {each.name: each for each in SHEETS}
ORIGINAL = "原文本"  # very hidden: the TOML text that the workbook was made from


def titles(keys: Iterable[SchemeColumn]) -> Mapping[str, str]:
    """The last word of each path, as reasons of faults name it, and the title of its column."""
    return {each.path[-1]: each.title for each in keys if each.path}
