"""The sheets and columns of the ledger (评分底稿) by name: a contract, since people and programs find them by it."""

from collections.abc import Mapping

DETAIL, FIGURES, SITUATION, PROBLEMS, SOURCES = "评分明细", "数据核定", "单位情况", "问题清单", "来源"
PROGRESS, HOMELESS = "进度", "已无对应"
OWN = (PROGRESS, DETAIL, FIGURES, SITUATION, HOMELESS, PROBLEMS, SOURCES)

POINTS, REASON, JUDGE = "考核分", "调整理由", "评分人"
VERIFIED, GROUNDS = "核定值", "核定依据"
VETO, AUTHORITY, DOCUMENT, DECIDED, REMARK = "一票否决", "认定机关", "文号", "认定日期", "备注"
INPUTS: Mapping[str, tuple[str, ...]] = {
    DETAIL: (POINTS, REASON, JUDGE),
    FIGURES: (VERIFIED, GROUNDS),
    SITUATION: (VETO, AUTHORITY, DOCUMENT, DECIDED, REMARK),
}
CODE, NAME, STATE = "单位代码", "单位", "状态"
ITEM, CRITERION, SELF, RULED, BASIS, STATEMENT, DEPARTMENT = (
    "项目", "细则", "自评分", "规则得分", "评分依据", "单位说明", "责任处室"
)  # fmt: skip
MEASURE, FIGURE, REPORTED, GAP, EFFECT, MATERIAL, ORIGIN = (
    "指标", "数据项", "填报值", "差额", "对得分的影响", "佐证材料", "出处"
)  # fmt: skip
STATUS, RETURN, FILLED, KIND, BUREAU, FILER, PHONE, PERIOD = (
    "回收状态", "回收文件", "填报日期", "类别", "主管局名称", "填表人", "联系电话", "数据口径"
)  # fmt: skip
# Hidden: what a row shows, what an entry under review rested on, and the entry as the last run has seen it.
RESTS, RESTED, ENTERED = "依据数据", "原依据数据", "原填内容"
# The contract first, in its order; then what is beyond it.
TITLES: Mapping[str, tuple[str, ...]] = {
    DETAIL: (
        CODE, NAME, ITEM, CRITERION, "名称", "满分", "类型", SELF, RULED, POINTS, REASON, JUDGE, STATE, BASIS,
        STATEMENT, DEPARTMENT, RESTS, RESTED, ENTERED,
    ),
    FIGURES: (
        CODE, NAME, MEASURE, FIGURE, "计量单位", REPORTED, VERIFIED, GROUNDS, STATE,
        GAP, EFFECT, MATERIAL, ORIGIN, RESTED, ENTERED,
    ),
    SITUATION: (
        CODE, NAME, STATUS, RETURN, FILLED, VETO, AUTHORITY, DOCUMENT, DECIDED, REMARK,
        KIND, BUREAU, FILER, PHONE, PERIOD,
    ),
}  # fmt: skip
CONFIRMED = "已复核"  # typed into 状态
MARKING: Mapping[str, tuple[str, ...]] = {DETAIL: (POINTS, REASON), FIGURES: (VERIFIED, GROUNDS), SITUATION: ()}
