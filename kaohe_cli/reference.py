"""Reference pages that are made from the program itself, so that they cannot say anything else than it does. Pure."""

from kaohe_cli.diagnostic import CATALOGUE, SEVERITY_WORDS

PROBLEM_BLOCKS = {
    "KH0": "文件",
    "KH1": "单项数据",
    "KH2": "数据之间、填报表",
    "KH3": "评分和评分底稿",
    "KH4": "排名",
    "KH9": "设置、方案和用法",
}


def problems_page() -> str:
    """docs/PROBLEMS.md: every problem of the catalogue, block by block, in Markdown."""
    lines = [
        "# 问题一览",
        "",
        "每个问题都有编号。`kaohe explain 编号` 显示与本页相同的说明。本页由程序生成，不要手工修改。",
        "",
        "**错误**：须改正，改正之前有关数据不采用。**提醒**：请核对，数据照常采用。**说明**：供了解，不必改。",
    ]
    for block, title in PROBLEM_BLOCKS.items():
        kinds = [kind for code, kind in sorted(CATALOGUE.items()) if code.startswith(block)]
        if not kinds:
            continue
        lines += ["", f"## {block}xx：{title}", "", "| 编号 | 类别 | 名称 |", "|---|---|---|"]
        lines += [
            f"| [{kind.code}](#{kind.code.lower()}) | {SEVERITY_WORDS[kind.severity]} | {kind.headline} |"
            for kind in kinds
        ]
        for kind in kinds:
            lines += [
                "",
                f'<a id="{kind.code.lower()}"></a>',
                "",
                f"### {kind.code} {kind.headline}（{SEVERITY_WORDS[kind.severity]}）",
                "",
                kind.why,
                "",
                f"- 改法：{kind.fix}",
                f"- 例：{kind.example}",
            ]
    return "\n".join(lines) + "\n"
