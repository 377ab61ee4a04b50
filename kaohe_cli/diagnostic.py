"""The catalogue: every problem there is (诊断), with its code, its words and how to mend it.

KH0xx files · KH1xx one field · KH2xx fields together and forms · KH3xx scoring and the ledger · KH4xx ranking ·
KH9xx settings, scheme and use. A problem is a value: it is returned beside what could be done all the same.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "note"]

SEVERITY_WORDS: dict[Severity, str] = {"error": "错误", "warning": "提醒", "note": "说明"}


class Kind(Struct, frozen=True):
    """A kind of problem."""

    code: str
    severity: Severity
    headline: str  # 数值超出范围
    message: str  # one sentence; {found}, {expected}, {label} and others are filled in
    fix: str  # what to do, for whoever can do it
    why: str  # what it means and what the program does about it; for kaohe explain and docs/PROBLEMS.md
    example: str  # one line that shows a case


class Problem(Struct, frozen=True):
    """Something that is wrong, and where."""

    code: str
    severity: Severity
    message: str
    fix: str
    unit: str = ""  # name of the unit; empty: of none, or not known
    file: str = ""  # name of the file, without its folder
    sheet: str = ""
    cell: str = ""
    field: str = ""  # contract name of the field
    found: str = ""
    expected: str = ""

    @property
    def headline(self) -> str:
        """What it is called."""
        return CATALOGUE[self.code].headline

    @property
    def where(self) -> str:
        """File, sheet and cell in one line, as far as they are known."""
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return " ".join(part for part in (self.file, place) if part)


def problem(
    code: str,
    *,
    unit: str = "",
    file: str = "",
    sheet: str = "",
    cell: str = "",
    field: str = "",
    found: str = "",
    expected: str = "",
    **words: str,
) -> Problem:
    """A problem of the catalogue with its words filled in; KeyError for a code that is not in it."""
    kind = CATALOGUE[code]
    said = (
        {"unit": unit, "file": file, "sheet": sheet, "cell": cell, "field": field}
        | {"found": found, "expected": expected}
        | words
    )
    return Problem(
        code, kind.severity, kind.message.format(**said), kind.fix.format(**said),
        unit, file, sheet, cell, field, found, expected,
    )  # fmt: skip


def any_error(problems: Iterable[Problem]) -> bool:
    """Whether any of them is an error."""
    return any(found.severity == "error" for found in problems)


CATALOGUE: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        # ── KH1xx: one field ────────────────────────────────────────────────────────────────────────────
        Kind(
            "KH101", "error", "计分数据未填",
            "{label}未填报",
            "填上这项数据后重新报送。",
            "这项数据直接计分。未填不等于 0：在补报之前，有关细则暂不计分，单位也没有最终得分。",
            "工业销售产值·本年实绩一栏空白",
        ),
        Kind(
            "KH102", "warning", "佐证数据未填",
            "{label}未填报",
            "补填这项数据；本单位没有这类情况的，填“无”。",
            "这项数据不直接计分，供责任处室评分时参考。未填的显示为“未填”，不影响其他得分。",
            "产业损害预警数据报送·入库企业数一栏空白",
        ),
        Kind(
            "KH103", "error", "数值超出范围",
            "{label}填报 {found}，应为 {expected}",
            "核对后改填范围以内的数值。",
            "超出范围的数据不采用，有关细则暂不计分，待更正后再计。",
            "省级以上企业技术中心考核·合格数填报 105，应为 0–40（参加考核数）",
        ),
        Kind(
            "KH104", "error", "不是数值",
            "{label}填报“{found}”，应填{expected}",
            "改填数值，文字说明写到佐证材料一栏。",
            "文字无法计分。这项数据不采用，也不当作 0。",
            "工业投资·本年实绩填报“见附件”",
        ),
        Kind(
            "KH105", "error", "数值不确定",
            "{label}填报“{found}”，不是一个确定的数值",
            "只填一个数值，不写“约”“左右”，不写区间和算式。",
            "计分要有确定的数值。不确定的不采用，程序也不替单位取舍。",
            "工业投资·本年实绩填报“约12”“12-15”",
        ),
        Kind(
            "KH106", "error", "计量单位不符",
            "{label}填报“{found}”，本栏按{expected}填报",
            "换算成本栏的计量单位，只填数值。",
            "写明的单位能准确换算的，程序照换算结果计并注明；不能确定的不采用。",
            "清洁生产审核企业数（家）填报“12万”",
        ),
        Kind(
            "KH107", "error", "公式没有结果",
            "{label}是公式，但文件里没有它的结果",
            "用表格软件打开并重新保存，或直接填上数值。",
            "有的软件保存时不写公式的结果。没有结果的公式不当作空白，也不当作 0。",
            "工业投资·本年实绩填了公式，文件由网页软件导出",
        ),
        Kind(
            "KH108", "error", "单元格是错误值",
            "{label}显示为 {found}，应填{expected}",
            "改正公式，或直接填上数值。",
            "错误值不是数据，不采用，也不当作 0。",
            "工业投资·本年实绩显示为 #DIV/0!",
        ),
        Kind(
            "KH109", "error", "日期填在数值栏",
            "{label}填报的是日期 {found}，应填{expected}",
            "把单元格格式改为“数值”，重新填写。",
            "表格软件常把“3-5”之类自动变成日期，原来填的是什么已无从知道，因此不采用。",
            "清洁生产审核企业数·本年实绩填报的是日期 2007-03-05",
        ),
        Kind(
            "KH110", "error", "填的是逻辑值",
            "{label}填报 {found}，应填{expected}",
            "改填所要求的内容。",
            "TRUE、FALSE 是逻辑值，不是数值，也不等于“完成”“未完成”。",
            "工业投资·本年实绩填报 TRUE",
        ),
        Kind(
            "KH111", "error", "应为整数",
            "{label}填报 {found}，应为整数（{expected}）",
            "填实有个数，不填小数。",
            "按个数统计的数据不会有小数。不采用，待更正后再计。",
            "清洁生产审核企业数·本年实绩填报 12.5",
        ),
        Kind(
            "KH112", "error", "小数位数过多",
            "{label}填报 {found}，最多 {expected} 位小数",
            "四舍五入后重新填写。",
            "评分最多两位小数。程序不替单位取舍，这一分数不采用。",
            "行业管理·自评分填报 3.125",
        ),
        Kind(
            "KH113", "error", "完成情况填法不明",
            "{label}填报“{found}”，应填{expected}",
            "从下拉列表中选择。",
            "“基本完成”“正在进行”等不能认定是否完成，不采用，待更正后再计。",
            "“工业项目推进年”活动填报“基本完成”",
        ),
        Kind(
            "KH114", "error", "此处不能填“无”",
            "{label}填报“{found}”，应填{expected}",
            "填数值；确实为零的填 0。",
            "计分数据填“无”，看不出是没有任务、没有完成还是没有统计，因此不采用。",
            "工业投资·本年实绩填报“无”",
        ),
        Kind(
            "KH115", "note", "以符号代替数据",
            "{label}填报“{found}”，按未填处理",
            "填上数据；确实为零的填 0。",
            "横线、斜线可能是没有，也可能是没有统计，一律按未填处理，不当作 0。",
            "担保贷款总额·本年实绩填报“—”",
        ),
        Kind(
            "KH116", "warning", "日期无法识别",
            "{label}填报“{found}”，应填{expected}",
            "年月日填全，形如 2007-11-10。",
            "填报日期用来判断是否迟报、几份表以哪份为准。不能识别的按未填处理，不影响得分。",
            "填报日期填报“11月10日”",
        ),
        Kind(
            "KH117", "warning", "填报日期不在本年度",
            "{label}填报 {found}，应在 {expected} 之间",
            "核对年份后重新填写。",
            "填报日期用来判断是否迟报、几份表以哪份为准。不合理的日期不采用，不影响得分。",
            "填报日期填报 2070-11-10",
        ),
        Kind(
            "KH118", "error", "“无任务”须由考核办注明",
            "{label}填报“{found}”，单位不能自行注明",
            "如实填报；确实没有下达任务的，请考核办在考核设置中注明“无任务”。",
            "注明“无任务”会影响计分，只认考核设置中注明的。",
            "小火电、小钢铁关闭任务填报“无任务”",
        ),
        Kind(
            "KH119", "warning", "文字栏读不出内容",
            "{label}是{found}，按未填处理",
            "直接填上文字。",
            "文字栏里的错误值或没有结果的公式读不出内容。这类栏目不计分。",
            "填表人一栏显示为 #REF!",
        ),
        Kind(
            "KH120", "note", "写法已换算",
            "{label}填报 {found}，按 {taken} 计",
            "核对换算结果；不对的请更正后重新报送。",
            "含义确定的写法（全角数字、千分位、百分号、写明的计量单位等）照实换算，每一处都注明。",
            "综合能耗下降率·实际下降填报 １２．５％，按 12.5 计",
        ),
        Kind(
            "KH121", "note", "采用公式的结果",
            "{label}是公式，采用文件里保存的结果 {taken}",
            "核对结果；不对的请直接填上数值后重新报送。",
            "程序不运行报来的公式，只取文件里保存的结果。",
            "工业投资·本年实绩是公式，采用文件里保存的结果 26.8",
        ),
        Kind(
            "KH122", "error", "自评分未填",
            "{label}未填",
            "填 {expected} 的自评分，最多两位小数。",
            "由处室评分的项目要有单位的自评分。未填的，单位自评总分算不出来；考核分不受影响。",
            "行业管理·自评分一栏空白",
        ),
        Kind(
            "KH123", "warning", "填表信息未填",
            "{label}未填",
            "补填这一栏。",
            "有疑问时据此联系；填报日期还用来判断是否迟报、几份表以哪份为准。不影响得分。",
            "联系电话一栏空白",
        ),
        Kind(
            "KH124", "warning", "百分数可能少乘了100",
            "{label}填报 {found}%，是否应为 {expected}%",
            "核对：本栏填百分数，95% 填 95。没有填错的不必改。",
            "程序只提出疑问，从不代改，计分照填报的数值。",
            "水泥散装率·本年实绩填报 0.62%，是否应为 62%",
        ),
        # ── KH2xx: fields together and forms ────────────────────────────────────────────────────────────
        Kind(
            "KH201", "error", "整张表没有填写",
            "收到的表没有填写任何数据",
            "填写后重新报送；已填过的，请检查是否报错了文件或没有保存。",
            "空表不逐项列出未填的数据，按退回处理。",
            "上城区.xlsx 原样退回",
        ),
        Kind(
            "KH202", "error", "数据前后矛盾",
            "{label}填报 {found}，而{other}填报 {expected}",
            "两栏核对一致：没有这类情况的，两栏都填“无”；有的，两栏都填数值。",
            "同一指标一栏填“无”、一栏填了数值，不能同时成立，该指标不作判定。",
            "监控化学品数据宣布·应宣布企业数填报 无，而宣布准确企业数填报 3",
        ),
        Kind(
            "KH203", "warning", "上年实绩为零",
            "{label}为 0，与它相比的增长要求无从判断",
            "核对上年实绩；确实为零的，请在佐证材料一栏说明。",
            "以零为基数，填多少都算达到增长要求，因此请核对。计分照填报的数值。",
            "限额以上工业投资·上年实绩为 0",
        ),
        Kind(
            "KH204", "warning", "本年实绩为零",
            "{label}填报 0，而{other}为 {expected}",
            "核对是否漏填；确实为零的不必改。",
            "程序只提出疑问，从不代改，计分照填报的数值。",
            "工业销售产值·本年实绩填报 0，而上年实绩为 280.5 亿元",
        ),
        Kind(
            "KH205", "warning", "数量级可能有误",
            "{label}填报 {found}，是{other} {expected} 的 {taken} 倍",
            "核对计量单位（如万元与亿元）。没有填错的不必改。",
            "程序只提出疑问，从不代改，计分照填报的数值。",
            "工业销售产值·本年实绩填报 3,012,000 亿元，是上年实绩 280.5 亿元的 10,738 倍",
        ),
        Kind(
            "KH210", "error", "认不出是哪个单位的表",
            "表内没有单位标识，文件名里也没有单位名称",
            "用下发的原表填写，或把单位名称写进文件名后重新报送。",
            "认不出单位的表不采用，以免记到别的单位名下。",
            "新建工作表.xlsx",
        ),
        Kind(
            "KH211", "error", "不是本次考核的填报表",
            "{found}",
            "用下发的原表填写后重新报送。",
            "只认考核办下发的填报表，其他表格不采用。",
            "文件里没有“指标填报”表",
        ),
        Kind(
            "KH212", "error", "不是本年度的填报表",
            "这是 {found} 年度的填报表，本次考核为 {expected} 年度",
            "用本年度下发的原表填写后重新报送。",
            "不同年度的指标和目标不同，不能混用。",
            "报来的是 2006 年度的表",
        ),
        Kind(
            "KH213", "note", "填报表不是最新下发的",
            "这张表不是按现行方案下发的，能认出的数据照常采用",
            "核对数据是否齐全；缺的请补报。",
            "下发后方案有过改动。数据按名称对应，与版式无关。",
            "用改动前下发的表填报",
        ),
        Kind(
            "KH214", "warning", "文件名与表内单位不一致",
            "文件名写的是{found}，表内是{expected}，按表内的{expected}计",
            "核对是否拿错了表；没有拿错的，改正文件名即可。",
            "以表内的单位标识为准。拿别的单位的表来填，下达的目标就不对。",
            "文件名为 下城区.xlsx，表内是上城区",
        ),
        Kind(
            "KH215", "warning", "单位标识已丢失",
            "表内的单位标识已丢失，按{found}认定为{expected}",
            "核对单位无误即可，不必改。",
            "有的软件会删去隐藏的工作表，单位标识随之丢失。",
            "按文件名“上城区考核表.xlsx”认定为上城区",
        ),
        Kind(
            "KH216", "note", "按行名和列名识别",
            "这张表的隐藏标识列已丢失，按行名和列名识别数据",
            "核对识别结果即可，不必改。",
            "隐藏的标识列被删去后，按指标名称和栏目名称找数据；名称改动过的认不出来。",
            "指标填报表的隐藏列被删去",
        ),
        Kind(
            "KH217", "error", "填报栏缺失",
            "表里找不到{label}",
            "用下发的原表补填后重新报送。",
            "行或列被删去后，数据无从读取，按未填处理。",
            "“工业投资”一行被删去",
        ),
        Kind(
            "KH218", "error", "同一栏出现两处且数据不同",
            "{label}出现在 {found}，数据不同",
            "只保留一处，删去其余。",
            "复制行会使同一项数据出现两次。数据不同时不采用任何一处。",
            "“工业投资”一行被复制后改动",
        ),
        Kind(
            "KH219", "note", "多出的工作表",
            "多出工作表“{found}”，内容不参加评分",
            "需要考核办知道的内容，请写到佐证材料一栏或另行报送。",
            "多出的工作表不读入，原文件保留，考核办可查看。",
            "多出工作表“情况说明”",
        ),
        Kind(
            "KH220", "note", "填报栏以外有内容",
            "填报栏以外写有“{found}”，不参加评分",
            "属于说明的不必改；属于数据的请填到相应栏目。",
            "填报栏以外的内容一一列出，供考核办查看，不参加评分。",
            "工业投资一行右侧写有“含在建项目”",
        ),
        Kind(
            "KH221", "note", "考核分由考核办填写",
            "{label}填有 {found}，不采用",
            "这一栏由考核办填写，请留空。",
            "只有考核办的评分计入考核分。",
            "行业管理·考核分填有 4",
        ),
        Kind(
            "KH222", "warning", "下达的数据被改动",
            "{label}由考核办确定（{expected}），表内的 {found} 不采用",
            "请勿改动下达的数据；有异议的请向考核办提出。",
            "下达的目标和已确认的上年数据以考核设置为准。",
            "工业销售产值·下达目标由考核办确定（300），表内的 250 不采用",
        ),
        Kind(
            "KH223", "note", "印制的文字被改动",
            "{label}的文字被改为“{found}”，仍按原文评分",
            "请勿改动表内印制的文字。",
            "评分以通知原文为准，表内文字不起作用。",
            "评分标准一栏被改动",
        ),
        Kind(
            "KH224", "error", "单位不在考核名单",
            "表内的单位标识是{found}，考核设置中没有这个单位",
            "核对单位代码；应参加考核的，先在考核设置中补上。",
            "只有考核设置所列的单位参加评分。",
            "表内的单位标识是 330199",
        ),
        Kind(
            "KH225", "note", "隐藏标识与行名不一致",
            "{label}一行的隐藏标识与行名不一致，按行名读取",
            "核对读取结果即可，不必改。",
            "只移动部分单元格时，隐藏的标识会与行名错开。填表人看到的是行名，所以以行名为准。",
            "只对部分列排序后报送",
        ),
        Kind(
            "KH226", "warning", "计量单位被改动",
            "{label}的计量单位是{expected}，表内改为“{found}”，仍按{expected}计",
            "按原定的计量单位换算后重新报送；数据本已按原单位填报的，不必改。",
            "计量单位以方案为准，程序不按改动后的单位换算。",
            "工业投资的计量单位由亿元改为万元",
        ),
        Kind(
            "KH230", "note", "重复报送，内容相同",
            "与 {found} 内容相同，只采用一份",
            "不必改。",
            "同一单位报送几份内容相同的表，只采用其中一份。",
            "上城区.xlsx 与 上城区(1).xlsx 内容相同",
        ),
        Kind(
            "KH231", "warning", "先后报送两份，采用填报日期较新的",
            "采用填报日期较新的 {expected}，不采用 {found}（{taken}）",
            "核对采用的是否为应采用的一份；不是的，评分时用 --prefer 指定文件。",
            "同一单位报送几份内容不同的表，以填报日期最新的为准，逐项列出不同之处。",
            "采用 上城区-更正.xlsx，不采用 上城区.xlsx",
        ),
        Kind(
            "KH232", "error", "报送几份，无法判断以哪份为准",
            "{found} 内容不同，填报日期分不出先后",
            "由考核办确定以哪份为准，评分时用 --prefer 指定文件。",
            "几份表相同的数据照常采用，不同的暂不采用，确定以哪份为准后再计分。",
            "上城区.xlsx 与 上城区(1).xlsx 填报日期相同，工业投资不同",
        ),
        Kind(
            "KH233", "note", "几份表的不同之处",
            "{label}：{found}",
            "供判断以哪份为准。",
            "逐项列出同一单位几份表的不同之处。",
            "工业投资·本年实绩：上城区.xlsx 26.8，上城区(1).xlsx 27.1",
        ),
        Kind(
            "KH234", "warning", "指定采用的文件没有用上",
            "指定采用 {found}，但收到的填报表中没有这个文件",
            "核对文件名后重新指定。",
            "--prefer 后面写文件名，不写文件夹。",
            "--prefer 上城区.xls，实际文件是 上城区.xlsx",
        ),
        Kind(
            "KH235", "note", "空表不采用",
            "同一单位另有填好的表，这张空表不采用",
            "不必改。",
            "下发的空表留在回收文件夹中时，不影响填好的表。",
            "上城区.xlsx 是空表，上城区-填报.xlsx 已填",
        ),
        Kind(
            "KH240", "warning", "单位未报",
            "没有收到{unit}的填报表",
            "催报；已报的，请核对文件夹和文件名。",
            "未报的单位没有得分，也不当作 0 分。",
            "回收文件夹中没有下城区的表",
        ),
        Kind(
            "KH241", "warning", "迟报",
            "填报日期 {found}，晚于规定的 {expected}",
            "由考核办掌握；通知没有规定迟报扣分。",
            "迟报只作显示，不影响得分。",
            "填报日期 2007-11-20，晚于规定的 2007-11-15",
        ),
        # ── KH9xx: settings, scheme and use ─────────────────────────────────────────────────────────────
        Kind(
            "KH901", "error", "考核方案有误",
            "考核方案 {file} 的“{key}”有误：{reason}",
            "按 docs/SCHEME.md 改正考核方案后重新运行。",
            "考核方案在使用前逐项核对；有误的方案一律不用，以免评错分。",
            "scheme.toml 的 item.1.1：各细则分值合计 11 分，项目为 12 分",
        ),
        Kind(
            "KH902", "error", "没有这个口径或选项",
            "没有“{found}”，可选：{expected}",
            "从列出的名称中选用。",
            "口径和选项的名称以考核方案为准。",
            "over5=loose，可选：inclusive、strict",
        ),
        Kind(
            "KH911", "error", "文件正被打开",
            "“{file}”正由{found}打开，不能写入",
            "请先关闭该文件再运行；确认无人打开的，删除同一文件夹中的“{lock}”。",
            "正被打开的文件不能改写，否则会丢失他人尚未保存的内容。写入之前先作检查，未作任何改动。",
            "评分底稿.xlsx 正由 张三 的 Excel 或 WPS 打开",
        ),
        Kind(
            "KH912", "error", "文件已存在",
            "“{file}”已存在，未予改写",
            "请另选位置或名称；确需改写的，加上 --force。",
            "已有的文件未经同意不改写。",
            "考核设置.xlsx 已存在",
        ),
        Kind(
            "KH913", "error", "文件写不进去",
            "“{file}”写不进去：{reason}",
            "请检查磁盘空间和文件夹的写入权限，或另选位置。",
            "写入要么全部完成，要么保持原样，不会留下半个文件。",
            "评分底稿.xlsx 写不进去：磁盘空间不足",
        ),
        Kind(
            "KH914", "error", "另一次运行尚未结束",
            "“{file}”正由{found}处理",
            "请等那次运行结束后再试。",
            "同一份底稿同时只由一次运行处理，以免互相覆盖。运行一旦结束或中断，占用随即解除。",
            "评分底稿.xlsx 正由计算机 PC-01 上的另一次运行（进程 4321）处理",
        ),
    )
}  # fmt: skip
