"""A new scheme from one that exists: its text with a new name, and a list of what the new notice may change."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kaohe_cli.scheme.load import FOLDER, TOML, WORKBOOKS, load
from kaohe_cli.scheme.toml import text_of

GUIDE = """\
# {id}：由 {source} 抄来，请照新的通知逐处改正：
#   1. year、title、name、[notice]（发文字号、日期、标题、主送、正文、落款）
#   2. [deadline] 截止日期；[materials] 随表材料；[[grade]] 等次；[[veto]] 一票否决。clause 均须是通知原文，
#      通知没有规定的整段删去
#   3. [[section]] 类别和分值；[[unit]] 被考核单位；[[basis]] 按单位选定的口径
#   4. [[measure]] 指标：计量单位、谁提供、上下限
#   5. [[item]] 项目：content、standard 一字不差地抄；[[item.criterion]] 细则：clause 之下紧接它的规则
#   6. [[reading]] 通知没有写明之处：每个问题列出可选的办法，第一个为默认
# 改完运行：kaohe scheme check {file}；再运行 kaohe template 生成样张。各键含义见 docs/SCHEME.md。

"""


def new(source: str, path: Path) -> str:
    """The text of a scheme file for ``path``, copied from scheme ``source``; raises SchemeError where that has faults.

    Its id and template go by the name of the file; all else is as in the source until it is changed.
    """
    id, old = id_of(path), load(source)
    if Path(source).suffix.lower() in WORKBOOKS:
        return GUIDE.format(id=id, source=old.id, file=path.name) + text_of(renamed(old.raw, path))
    origin = Path(source) if source.endswith(TOML) else FOLDER / f"{source}{TOML}"
    text = origin.read_text("utf-8-sig")
    body = text[re.search(r"^\w", text, re.M).start() :]  # type: ignore[union-attr]  # without its opening remarks
    body = _named(body, "id", old.id, id)
    body = _named(body, "template", old.content.template, f"{id}.xlsx")
    return GUIDE.format(id=id, source=old.id, file=path.name) + body


def renamed(raw: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """The tables of a scheme, called by the name of the file ``path``."""
    id = id_of(path)
    return {**raw, "id": id, "template": f"{id}.xlsx"}


def id_of(path: Path) -> str:
    """What a new scheme in the file ``path`` is called."""
    return re.sub(r"\W+", "_", path.stem, flags=re.ASCII).strip("_") or "scheme"


def _named(text: str, key: str, old: str, new: str) -> str:
    """``text`` with the first ``key = "old"`` changed."""
    return re.sub(rf'^{key}(\s*=\s*)"{re.escape(old)}"', rf'{key}\g<1>"{new}"', text, count=1, flags=re.M)
