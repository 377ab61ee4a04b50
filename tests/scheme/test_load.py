"""Every fault of a scheme file is found, and named in Chinese by file and key (KH901, KH902)."""

import re
from pathlib import Path

import pytest

from kaohe_cli.scheme.load import FOLDER, SchemeError, check_readings, load, parse, under

TEXT = (FOLDER / "hangzhou_2007.toml").read_text("utf-8")
DONE = 'done = { waivable = true, words = ["已完成", "未完成"] }'
ALIKE = '各词须互不相同，不与“无任务”“无”相同，不含 , " * ? ~ = < >，不超过 30 个字'

# what the file says, what it says instead, the key that is named, what is said of it
FAULTS = [
    # shape
    ("points = 56", "point = 56", "section.1.point",
     "不认识这个键，可用：combine、weight、floor、cap、id、title、of、points"),
    ('number = "杭经运行〔2007〕217号"', 'numbr = "杭经运行〔2007〕217号"', "notice.number", "缺少这个键"),
    ("format = 2", "format = 1", "format", "“1”不在可用的写法之内，可用：2"),
    ("year = 2007", 'year = "二〇〇七"', "year", "应为整数，写的是“二〇〇七”"),
    ("date = 2007-07-06", 'date = "7月6日"', "notice.date", "应为日期，写法如 2007-07-06，写的是“7月6日”"),
    ('code = "330102"', "code = 330102", "unit 第 1 个.code", "应为文字，写的是“330102”"),
    ("step = 50", 'step = "五十"', "criterion.1.1.3.rule.step", "应为数，写的是“五十”"),
    ('kind = "step"', 'kind = "steps"', "criterion.1.1.3.rule",
     "kind 须写明规则的种类，可用：when、count、step、line、band、place、peer、judged、given"),
    ('count = "whole" }', 'count = "all" }', "criterion.1.1.3.rule.count",
     "“all”不在可用的写法之内，可用：whole、started、prorata"),
    ("max = 100000", "mox = 100000", "measure.sales.prior.mox",
     "不认识这个键，可用：by、label、min、max、at_most、whole、waivable、words、phrase"),
    ('left = "sales.actual"', 'lift = "sales.actual"', "criterion.1.1.1.rule.parts 第 1 个.left", "缺少这个键"),
    (DONE, "done = true", "measure.projects.done", "应为一张表，写的是“True”"),
    (DONE, DONE.replace("未完成", "已完成"), "measure.projects.done.words", ALIKE),
    (DONE, DONE.replace("未完成", "无任务"), "measure.projects.done.words", ALIKE),
    (DONE, DONE.replace("未完成", "没有,完成"), "measure.projects.done.words", ALIKE),
    (DONE, DONE.replace("未完成", "没有完成?"), "measure.projects.done.words", ALIKE),
    (DONE, DONE.replace(', "未完成"', ""), "measure.projects.done.words", "应为一组，写的是“['已完成']”"),
    ('label = "全年实绩"', 'label = "全年预计"', "period.label", ALIKE),
    ("value = 5\n", "value = 5.0000001\n", "basis.energy.basis.industry.value", "数据最多 6 位小数"),
    ("step = 50", "step = 50.0000001", "criterion.1.1.3.rule.step", "须大于 0，最多 6 位小数"),
    ('right = "chemicals.target", share = true', "number = 1, share = true", "evidence.chemicals.test",
     "share 须与另一数据项（right）相比"),
    ("change.evidence.invest_large", "change.evidence.invest_small",
     "reading.over12.strict.change.evidence.invest_small", "没有佐证要求 invest_small"),
    ('part = { "invest_large.actual"', 'part = { "invest_small.actual"',
     "reading.over12.strict.change.criterion.1.1.4.rule.part.invest_small.actual", "没有这个数据项"),
    ('part = { "invest_large.actual" = { compare = ">" } }', "part = 5",
     "reading.over12.strict.change.criterion.1.1.4.rule.part", "应为一张表"),
    ("min = 0, max = 10000 }", 'min = 0, max = "大" }', "measure.benefit.prior.max", "应为数，写的是“大”"),
    ('measure = "benefit"', "measure = 5", "item.1.1.evidence 第 1 个.measure", "应为文字，写的是“5”"),
    # names
    ('code = "330102"', 'code = "3301.02"', "unit.3301.02.code", "只能用字母、数字和下划线"),
    ('name = "上城区"', 'name = "上城/区"', "unit.330102.name",
     '单位名称用作文件名，不能有 \\ / : * ? " < > | [ ]'),
    ('name = "上城区"', 'name = "下城区"', "unit.name.下城区", "重复"),
    ('code = "330103"', 'code = "330102"', "unit.330102", "重复"),
    ('id = "1.1.2"', 'id = "1.1.1"', "criterion.1.1.1", "重复"),
    ('id = "tie"', 'id = "veto"', "reading.veto", "重复"),
    ('id = "2"\ntitle = "二类目标"\npoints = 44', 'id = "2"\ntitle = "二类目标"\npoints = 44\n[[section]]\nid = "3"\n'
     'title = "三类目标"', "section.3", "其中没有项目"),
    ('id = "2"\ntitle = "二类目标"', 'id = "2"\nof = "2"\ntitle = "二类目标"', "section.2.of",
     "类别绕回到自身，或超过 3 层"),
    ('id = "2"\ntitle = "二类目标"', 'id = "2"\nof = "9"\ntitle = "二类目标"', "section.2.of", "没有类别 9"),
    ('id = "2"\ntitle = "二类目标"', 'id = "1.1"\ntitle = "二类目标"', "id.1.1", "重复"),
    ('id = "2"\ntitle = "二类目标"', 'id = "2"\nweight = 2\ntitle = "二类目标"', "section.2.weight",
     "上一级不是按权重（weighted）相加，权重不起作用"),
    ('id = "2"\ntitle = "二类目标"', 'id = "2"\nfloor = 3\ncap = 2\ntitle = "二类目标"', "section.2.floor",
     "下限大于上限"),
    ('number = "1"\ntitle', 'combine = "weighted"\nnumber = "1"\ntitle', "item.1.1.combine",
     "细则没有权重，不能按权重相加"),
    # clauses
    ("完成目标10分。完成工业投资目标2分", "完成目标10分。完成工业投资目标二分", "criterion.1.2.1.clause",
     "“完成工业投资目标2分”不在项目 1.2 的原文中"),
    ('clause = "于11月15日前', 'clause = "在11月15日前', "deadline.clause",
     "“在11月15日前将有关材料报市经委”不是通知原文，正文和各项目中都没有这句话"),
    ('clause = "应进行年度工作总结', 'clause = "应报送总结', "materials.clause",
     "“应报送总结并于11月15日前将有关材料报市经委”不是通知原文，正文和各项目中都没有这句话"),
    ('["年度工作总结"]', '[]', "materials.titles", "写各份材料的名称，每份不超过 20 个字，没有空格和分号"),
    ('["年度工作总结"]', '["年度 总结"]', "materials.titles", "写各份材料的名称，每份不超过 20 个字，没有空格和分号"),
    ('["年度工作总结"]', '["年度工作总结", "年度工作总结"]', "materials.titles", "重复"),
    ('clause = "工业综合经济效益好于上年"', 'clause = "效益很好"', "evidence.benefit.clause",
     "“效益很好”不在项目 1.1 的原文中"),
    ('id = "tie"\nclause = "奖励', 'id = "tie"\nclause = "奖金', "tie.clause",
     "“奖金按得分高低取前三名为优秀单位”不是通知原文，正文和各项目中都没有这句话"),
    # 合理范围
    ("growth = [0.9, 1.4], target", "growth = [1.4, 0.9], target", "measure.sales.band.growth",
     "下限 1.4 大于上限 0.9"),
    ("growth = [0.9, 1.4], target", "growth = [-0.9, 1.4], target", "measure.sales.band.growth", "倍数不能小于 0"),
    ("growth = [0.9, 1.4], target", "growth = [0.9000001, 1.4], target", "measure.sales.band.growth",
     "最多 6 位小数"),
    ("growth = [0.9, 1.4], target", "growth = [1.7, 2], target", "measure.sales.band.growth",
     "本年比上年，由 target 和 plan 推得 0.867–1.625，与 1.7–2 没有重叠"),
    ("growth = [0.9, 1.4], target", "growth = [0.5, 0.8], target", "measure.sales.band.growth",
     "本年比上年，由 target 和 plan 推得 0.867–1.625，与 0.5–0.8 没有重叠"),
    ("band = { growth = [0.9, 1.6] }", "band = { target = [0.9, 1.6] }", "measure.loans.band.target",
     "这项指标没有“下达目标”"),
    ("band = { growth = [0.9, 1.6] }", "band = { plan = [0.9, 1.6] }", "measure.loans.band.plan",
     "这项指标没有“下达目标”"),
    ("band = { target = [0.01, 0.3] }", "band = { plan = [1, 2] }", "measure.credit.band.plan",
     "这项指标没有“上年实绩”"),
    ("range = [2, 60]", "range = [102, 160]", "measure.newproduct.band.range",
     "“上年实绩”只能填 0–100，没有一个数在这个范围之内"),
    ("range = [2, 60]", "range = [-60, -2]", "measure.newproduct.band.range",
     "“本年实绩”只能填 0–100，没有一个数在这个范围之内"),
    ("range = [0, 15]", "range = [0.2, 0.8]", "measure.monthly.band.range",
     "“报送最少月份的条数”是整数，这个范围之内没有整数"),
    (DONE, f"{DONE}\nband = {{ range = [0, 1] }}", "measure.projects.band.range", "这项指标没有数值"),
    ("target = [0.6, 1] }", "target = [1.2, 1.5] }", "measure.centers.band.target",
     "本年实绩是目标的一部分，不会超过 1 倍"),
    ("slack = 1", "slack = -1", "measure.clean.band.slack", "不能小于 0"),
    ("slack = 1", "slack = 0.0000001", "measure.clean.band.slack", "最多 6 位小数"),
    ("slack = 1", "slak = 1", "measure.clean.band.slak",
     "不认识这个键，可用：range、growth、target、plan、part_of、slack"),
    ('part_of = "invest"', 'part_of = "investment"', "measure.invest_large.band.part_of", "没有指标 investment"),
    ('part_of = "invest"', 'part_of = "projects"', "measure.invest_large.band.part_of", "指标 projects 没有本年实绩"),
    ('part_of = "invest"', 'part_of = "energy"', "measure.invest_large.band.part_of", "与指标 energy 的计量单位不同"),
    ('part_of = "invest"', 'part_of = "invest_large"', "measure.invest_large.band.part_of", "绕回到了自身"),
    ("growth = [0.8, 1.5], target = [0.85, 1.3], plan = [1.02, 1.3] }",
     'part_of = "tech" }', "measure.tech.band.part_of", "绕回到了自身"),
    # 全市总数
    ('[[total]]\nmeasure = "invest"', '[[total]]\nmeasure = "invested"', "total.invested", "没有这个指标"),
    ('[[total]]\nmeasure = "tech"', '[[total]]\nmeasure = "invest"', "total.invest", "重复"),
    ('[[total]]\nmeasure = "tech"', '[[total]]\nmeasure = "newproduct"', "total.newproduct",
     "计量单位是 % 的指标不能合计"),
    ('[[total]]\nmeasure = "tech"', '[[total]]\nmeasure = "loans"', "total.loans.target", "没有数据项 loans.target"),
    ("number = 476", "number = 0", "total.invest.number", "须大于 0"),
    ("number = 476", "number = 476.0000001", "total.invest.number", "最多 6 位小数"),
    ("number = 476\ntarget = [0.98, 1.15]\nactual = [0.85, 1.3]", "number = 476", "total.invest",
     "target 与 actual 至少写一个"),
    ("number = 476\ntarget = [0.98, 1.15]", "number = 476\ntarget = [1.15, 0.98]", "total.invest.target",
     "下限 1.15 大于上限 0.98"),
    ("number = 476\ntarget = [0.98, 1.15]", "number = 476\ntarget = [-1, 1.15]", "total.invest.target",
     "倍数不能小于 0"),
    ('clause = "全年工业投资确保完成476亿元"', 'clause = "全年工业投资确保完成500亿元"', "total.invest.clause",
     "“全年工业投资确保完成500亿元”不是通知原文，正文和各项目中都没有这句话"),
    # references
    ('section = "2"\nnumber = "9"', 'section = "3"\nnumber = "9"', "item.2.9.section", "没有类别 3"),
    ('id = "loans"\nitem = "2.10"', 'id = "loans"\nitem = "2.12"', "measure.loans.item", "没有项目 2.12"),
    ('left = "sales.actual", compare', 'left = "sale.actual", compare', "criterion.1.1.1.rule",
     "没有数据项 sale.actual"),
    ('left = "double.done"', 'left = "land.actual"', "criterion.1.2.5.rule", "land.actual 不是完成情况"),
    ('left = "land.actual", compare', 'left = "double.done", compare', "criterion.1.2.4.rule", "double.done 不是数值"),
    ('needs = "1.1.1"', 'needs = "1.1.9"', "criterion.1.1.2.needs", "没有细则 1.1.9"),
    ('needs = "1.1.1"', 'needs = "1.1.5"', "criterion.1.1.2.needs", "细则 1.1.5 须是无前提的“达到即得分”细则"),
    ('at_most = "centers.target"', 'at_most = "centre.target"', "measure.centers.actual.at_most",
     "没有数据项 centre.target"),
    ('measure = "loans"', 'measure = "loan"', "evidence.loan", "没有这个指标"),
    ('target = { by = "basis", ', 'target = { by = "office", ', "measure.energy.target.by",
     "“basis”与按单位选定的口径（basis）须互相对应"),
    ('figure = "energy.target"', 'figure = "energy.goal"', "basis.energy.basis.figure", "没有数据项 energy.goal"),
    ('"县（市）" = "gdp"', '"县" = "gdp"', "basis.energy.basis.default", "没有写明“县（市）”用哪个选项"),
    ('"县（市）" = "gdp"', '"县（市）" = "gdp", "县(市)" = "gdp"', "basis.energy.basis.default.县（市）", "重复"),
    ('"县（市）" = "gdp"', '"县（市）" = "gnp"', "basis.energy.basis.default.县（市）", "没有选项 gnp"),
    (DONE, "done = {}\nactual = {}", "measure.projects.done", "完成情况不与其他数据项并列"),
    (DONE, "", "measure.projects", "没有数据项"),
    # points
    ("points = 56", "points = 57", "section.1.points", "各项合计 56 分，类别为 57 分"),
    ("points = 12", "points = 11", "item.1.1.points", "各细则分值合计 12 分，项目为 11 分"),
    ("parts = [{ points = 4,", "parts = [{ points = 3,", "criterion.1.1.1.rule",
     "规则最多可得 3 分，细则分值为 4 分"),
    ("start = 4", "start = 3", "criterion.1.1.5.rule", "规则最多可得 3 分，细则分值为 4 分"),
    ("cap = 2", "cap = 3", "criterion.1.1.6.rule", "规则最多可得 3 分，细则分值为 2 分"),
    ("points = 4\nrule = { kind = \"when\"", "rule = { kind = \"when\"", "criterion.1.1.1.points",
     "非加分细则须有分值，只扣分的写 0"),
    ("points = 4\n", "points = 0\n", "criterion.1.1.1.rule", "规则最多可得 4 分，细则分值为 0 分"),
    ('points = 8\nrule = { kind = "judged" }', 'points = 0\nrule = { kind = "judged" }', "criterion.1.4.1.rule.least",
     "只扣分的细则须写明最多扣几分"),
    ('points = 8\nrule = { kind = "judged" }',
     'points = 8\nrule = { kind = "judged", marks = [{ label = "优", points = 7 }] }', "criterion.1.4.1.rule",
     "各档中最高的分与细则分值不符"),
    ('points = 8\nrule = { kind = "judged" }', 'points = 8\nrule = { kind = "judged", judges = 2, drop = true }',
     "criterion.1.4.1.rule.drop", "去掉最高、最低分的，评委至少 3 位"),
    ("points = 4\n", 'points = "4.001"\n', "criterion.1.1.1.points", "分值不为负，最多两位小数"),
    # grades, groups, kinds of units
    ("least = 80\ncalled", "least = 80\nabove = 90\ncalled", "grade.达标.above", "least 与 above 只写一个"),
    ('title = "未达标"', 'title = "未达标"\nleast = 90', "grade.未达标",
     "等次由高到低排列，后面的等次所要求的分数不能更高"),
    ("places = 3", "places = 0", "grade.优秀.places", "须是 1 以上的整数"),
    ("places = 3", "share = 1.5", "grade.优秀.share", "须大于 0，不超过 1"),
    ('title = "未达标"', 'title = "达标"', "grade.达标", "重复"),
    ('title = "未达标"', 'title = "未定"', "grade.未定.title", "等次须有名称，不能叫“未定”"),
    ("[[veto]]", '[[ceiling]]\nid = "c"\ngrade = "良好"\nclause = ""\ntest = {}\n\n[[veto]]', "ceiling.c.grade",
     "没有等次 良好"),
    ("[[veto]]", '[[ceiling]]\nid = "c"\ngrade = "达标"\nclause = ""\ntest = {}\n\n[[veto]]', "ceiling.c.test",
     "没有条件"),
    ("[[veto]]", '[[veto]]\nid = "again"\nclause = ""\n\n[[veto]]', "veto", "由机关认定的一票否决合写为一条"),
    ("[[veto]]", '[[veto]]\ngrade = "优秀"', "veto.veto.grade",
     "一票否决的等次不能与其他等次混同，可以是最低的一等"),
    ("[[veto]]", '[[group]]\ntitle = "甲组"\nkinds = ["区"]\n\n[[veto]]', "group.kinds", "类别 开发区 不在任何组中"),
    ("[[veto]]", '[[kind]]\nname = "镇"\nchange = {}\n\n[[veto]]', "kind.镇", "没有这个类别的单位"),
    ("[[veto]]", '[[kind]]\nname = "区"\nchange = { criterion = { "9" = { points = 1 } } }\n\n[[veto]]',
     "kind.区.change.criterion.9", "没有细则 9"),
    ("[[veto]]", '[[kind]]\nname = "区"\nchange = { criterion = { "1.4.1" = { points = 7 } } }\n\n[[veto]]',
     "kind.区: item.1.4.points", "各细则分值合计 7 分，项目为 8 分"),
    ('tie = ["1", "1.1"]', 'tie = ["3"]', "reading.tie.class_one: policy.tie", "没有类别或项目 3"),
    ("parts = [{ points = 4, left = \"sales.actual\", compare = \">=\", right = \"sales.target\" }]", "parts = []",
     "criterion.1.1.1.rule", "没有条件"),
    # conditions and steps
    ('compare = ">=", right = "sales.target" }', 'compare = ">=" }', "criterion.1.1.1.rule",
     "right 与 number 须写且只写一个"),
    ('compare = ">=", number = 1', 'compare = ">=", number = 1, right = "monthly.actual"', "evidence.monthly.test",
     "right 与 number 须写且只写一个"),
    ('compare = "done" }', 'compare = "done", number = 1 }', "criterion.1.2.3.rule", "完成情况不与数值比较"),
    ('left = "projects.done"', 'left = "project.done"', "criterion.1.2.3.rule", "没有数据项 project.done"),
    ('right_times = "1.05"', 'right_times = "0"', "criterion.1.1.2.rule", "倍数须大于 0"),
    ("step = 50", "step = 0", "criterion.1.1.3.rule.step", "须大于 0，最多 6 位小数"),
    ('each = "0.5"', 'each = "0"', "criterion.1.1.6.rule.each", "不能为 0"),
    # readings
    ('[[reading.option]]\nid = "inclusive"\nlabel = "包括恰好5%"\n', "", "reading.over5.strict",
     "第一个选项是默认，不应有 change"),
    ('within = { "energy.short" = "graduated" }', 'within = { "energy.short" = "gradual" }',
     "reading.energy.short.steps.within", "没有口径 energy.short=gradual"),
    ('change.criterion."1.1.2"]\nrule', 'change.criterion."1.1.7"]\nrule',
     "reading.over5.strict.change.criterion.1.1.7", "没有细则 1.1.7"),
    ('change = { policy = { cap = "item" } }', 'change = { grades = { cap = "item" } }',
     "reading.cap.item.change.grades",
     "change 只能改 criterion、evidence、item、section、measure、grade、policy 和 whole"),
    ('rule = { right = "sales.target" }', 'id = "1.1.9"', "reading.growth50.base.target.change.criterion.1.1.3.id",
     "编号和所属的类别、项目、细则不能改"),
    ('replace = { rule = ', 'replace = 1\nother = { rule = ',
     "reading.energy.short.all_or_nothing.change.criterion.1.1.5.replace", "应为一张表"),
    ('change = { policy = { cap = "item" } }', 'change = { criterion = { "1.1.1" = 5 } }',
     "reading.cap.item.change.criterion.1.1.1", "应为一张表"),
    # what an option would bring about
    ('rule = { right = "sales.target" }', 'rule = { right = "sales.goal" }',
     "reading.growth50.base.target: criterion.1.1.3.rule", "没有数据项 sales.goal"),
    ('change = { policy = { cap = "item" } }', 'change = { policy = { cap = "items" } }',
     "reading.cap.item: policy.cap", "“items”不在可用的写法之内，可用：none、item、total"),
    # text
    ("format = 2", "format = ", "第 8 行第 10 列", "这里的写法不合 TOML"),
    ('title = "二○○七', 'title = 二○○七', "第 11 行第 9 列", "这里的写法不合 TOML"),
]  # fmt: skip


def faults(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(SchemeError) as caught:
        parse(data, "某年.toml")
    for problem in caught.value.problems:
        assert problem.code == "KH901"
        assert problem.file == "某年.toml"
    return [(problem.field, problem.found) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("was", "becomes", "key", "reason"), FAULTS, ids=[f"{each[2]}-{each[3][:12]}" for each in FAULTS]
)
def test_a_fault_is_named(was: str, becomes: str, key: str, reason: str) -> None:
    assert was in TEXT
    assert (key, reason) in faults(TEXT.replace(was, becomes, 1).encode())


def test_the_scheme_as_it_is_has_no_fault() -> None:
    assert parse(TEXT.encode(), "某年.toml").id == "hangzhou_2007"
    assert parse(b"\xef\xbb\xbf" + TEXT.encode(), "某年.toml").id == "hangzhou_2007", "a byte order mark is no fault"


def test_a_message_names_file_key_and_reason_in_chinese() -> None:
    said = "考核方案 某年.toml 第 8 行的“format”有误：“1”不在可用的写法之内，可用：2"
    with pytest.raises(SchemeError, match=re.escape(said)):
        parse(TEXT.replace("format = 2", "format = 1").encode(), "某年.toml")


def test_all_faults_are_told_at_once() -> None:
    wrong = TEXT.replace("points = 56", "points = 57").replace('left = "double.done"', 'left = "twice.done"')
    assert [key for key, _ in faults(wrong.encode())] == ["section.1.points", "criterion.1.2.5.rule"]


def test_bands_in_percentage_points_may_be_below_nought_and_are_summed() -> None:
    newproduct = "range = [2, 60], growth = [-5, 5]"
    for growth, said in (
        ("[-50, -41]", "-32 至 32"),
        ("[-40, -32]", ""),
        ("[32, 40]", ""),
        ("[32.1, 40]", "-32 至 32"),
    ):
        bands = f"range = [2, 60], growth = {growth}, target = [-12, 12], plan = [-20, 20]"
        text = TEXT.replace(newproduct, bands).replace(
            'prior = { by = "either", min = 0, max = 100 }\nactual = { min = 0, max = 100 }\n',
            'prior = { by = "either", min = 0, max = 100 }\ntarget = { min = 0, max = 100 }\n'
            "actual = { min = 0, max = 100 }\n",
        )
        if said:
            ((key, reason),) = faults(text.encode())
            assert key == "measure.newproduct.band.growth"
            assert f"推得 {said}，" in reason
        else:
            assert parse(text.encode(), "某年.toml").measures["newproduct"].target is not None


def test_brackets_of_ascii_in_a_scheme_are_printed_full_width() -> None:
    old = TEXT.replace("（高新区）", "(高新区)").replace('kind = "县（市）"', 'kind = "县(市)"')
    assert old != TEXT
    for text in (old, old.replace('"县（市）" = "gdp"', '"县(市)" = "gdp"')):
        scheme = parse(text.encode(), "某年.toml")
        assert scheme.units == load().units
        assert [unit.name for unit in scheme.units if unit.code == "330108"] == ["滨江区（高新区）"]
        assert {unit.kind for unit in scheme.units} == {"区", "县（市）", "开发区"}
        (basis,) = scheme.content.basis
        assert basis.usual("县（市）") == basis.usual("县(市)") == "gdp"
        assert basis.usual("度假区") is None


def test_text_that_is_no_utf8_or_ends_early() -> None:
    assert faults("年".encode("gbk")) == [("文件", "不是 UTF-8 编码的文本")]
    assert faults(b'title = "') == [("文件", "写到一半，不合 TOML")]


def test_a_scheme_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SchemeError, match="没有这个文件；自带的方案：hangzhou_2007"):
        load("hangzhou_2070")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(SchemeError, match="这个文件读不了"):
        load(str(tmp_path / "folder.toml"))


def test_a_file_is_read_anew_whenever_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "方案.toml"
    for title in ("甲表", "乙表"):  # as long as each other, and within one tick of the clock
        path.write_text(TEXT.replace('id = "hangzhou_2007"', f'id = "{title}"'), "utf-8")
        assert load(str(path)).id == title


def test_an_unknown_reading_or_option_names_the_allowed_ones() -> None:
    scheme = load()
    with pytest.raises(SchemeError) as caught:
        check_readings(scheme, {"over6": "strict", "over5": "loose"})
    assert [(each.code, each.found, each.expected) for each in caught.value.problems] == [
        ("KH902", "over6", "、".join(scheme.readings)),
        ("KH902", "over5=loose", "inclusive、strict"),
    ]


def test_readings_lie_over_those_already_in_force() -> None:
    scheme = load(readings={"over5": "strict"})
    both = under(scheme, {"tie": "class_one"})
    assert (both.readings["over5"], both.policy.tie) == ("strict", ("1", "1.1"))
    assert both.criteria["1.1.2"].rule == scheme.criteria["1.1.2"].rule
    back = under(both, {"over5": "inclusive", "tie": "share"})
    assert back.content == load().content
    assert under(scheme, {}) is scheme
    assert load().criteria["1.1.2"].rule != scheme.criteria["1.1.2"].rule, "the scheme itself is never changed"


def test_a_reading_without_meaning_changes_nothing() -> None:
    alone = load(readings={"energy.short": "all_or_nothing"})
    both = load(readings={"energy.short": "all_or_nothing", "energy.short.steps": "whole"})
    assert both.content == alone.content
    assert both.readings["energy.short.steps"] == "whole"


def test_two_options_that_change_the_same_thing_are_a_conflict() -> None:
    scheme = parse(TEXT.replace('within = { "energy.short" = "graduated" }\n', "").encode(), "某年.toml")
    said = "口径 energy.short 与 energy.short.steps 都要改 criterion.1.1.5.rule.count，请只选其一"
    with pytest.raises(SchemeError, match=re.escape(said)):
        under(scheme, {"energy.short": "all_or_nothing", "energy.short.steps": "prorata"})


def test_an_option_reaches_a_condition_whichever_option_brought_it_in() -> None:
    for remainder, comparisons in (
        ("investment", [">"]),
        ("both", [">", ">"]),
        ("benefit", [">"]),
        ("split", [">"] * 2),
    ):
        scheme = load(readings={"remainder": remainder, "over12": "strict"})
        assert [each.compare for each in scheme.criteria["1.1.4"].rule.conditions] == comparisons
    assert load(readings={"remainder": "benefit", "over12": "strict"}).evidence["invest_large"][1].test.compare == ">"
    assert load(readings={"remainder": "benefit"}).evidence["invest_large"][1].test.compare == ">="


def test_it_saw_the_faults() -> None:
    assert len(FAULTS) >= 105


@pytest.mark.parametrize(
    "number",
    [
        "1e9999999",
        "-1e9999999",
        "1e-9999999",
        "nan",
        "inf",
        "1e400",
        "1000000000000000",
        "0.0000000000000001",
        "9" * 5000,
    ],
)
def test_numbers_that_no_notice_has(number: str) -> None:
    text = TEXT.replace("points = 12\n", f"points = {number}\n", 1)
    assert text != TEXT
    with pytest.raises(SchemeError) as caught:
        parse(text.encode(), "方案.toml")
    assert {problem.code for problem in caught.value.problems} == {"KH901"}
    assert "数" in caught.value.problems[0].message


@pytest.mark.slow
@pytest.mark.parametrize("text", ["a = " + "[" * 20_000, "a = " + "{a=" * 20_000, ".".join("a" * 20_000) + " = 1"])
def test_tables_within_tables_end(text: str) -> None:
    with pytest.raises(SchemeError):
        parse(text.encode(), "方案.toml")


def test_a_scheme_that_is_no_file_or_too_large(tmp_path: Path) -> None:
    (tmp_path / "大.toml").write_bytes(b"#" * (5 << 20))
    (tmp_path / "夹.toml").mkdir()
    for name, said in (("大.toml", "超过 4 MB"), ("夹.toml", "读不了"), ("没有.toml", "没有这个文件")):
        with pytest.raises(SchemeError, match=said):
            load(str(tmp_path / name))
