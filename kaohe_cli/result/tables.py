"""The result as plain tables (CSV) for others to work with: UTF-8 with BOM, so that Excel shows Chinese as it is.

All text is quoted. Text that a spreadsheet might take for a formula (it begins with = + - @, a tab, or one of their
full-width forms) has a ' put before it; numbers stand unquoted as they are, also negative ones; unknown is empty.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from kaohe_cli.diagnostic import Problem
from kaohe_cli.model import STATUS_WORDS, Ranking
from kaohe_cli.paper import files
from kaohe_cli.paper.press import Press, Pressed
from kaohe_cli.points import half_up, minus
from kaohe_cli.scheme.scheme import Scheme

CsvValue: TypeAlias = str | int | Decimal | None

NAMES = ("排名.csv", "分项得分.csv", "得分依据.csv")
BEGINNING = '"单位代码","单位",'.encode("utf-8-sig")  # of each of them
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def text_tables(scheme: Scheme, ranking: Ranking) -> dict[str, bytes]:
    """The tables by file name: 排名.csv (units), 分项得分.csv (units × items), 得分依据.csv (units × criteria)."""
    return dict(
        zip(NAMES, (_places(scheme, ranking), _items(scheme, ranking), _criteria(scheme, ranking)), strict=True)
    )


def ready(folder: Path, *, force: bool) -> tuple[Problem, ...]:
    """What stands in the way of the tables, as :func:`files.ready`; one that begins as ours do is an earlier one."""
    return tuple(
        each
        for name in NAMES
        for each in files.ready(folder / name, force=force or _ours(folder / name), folder=folder)
    )


def _ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as source:
        return source.read(len(BEGINNING)) == BEGINNING


def write(folder: Path, scheme: Scheme, ranking: Ranking, press: Press) -> tuple[Pressed, ...]:
    """Write the tables into ``folder``, which is made where it is missing."""
    return tuple(press.put(folder / name, data, folder=folder) for name, data in text_tables(scheme, ranking).items())


def safe(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(DANGEROUS) else text


def _places(scheme: Scheme, ranking: Ranking) -> bytes:
    grouped = ["组别"] if scheme.groups != ("",) else []
    head = (
        "单位代码", "单位", *grouped, "名次", "并列", "等次", *(each.title for each in scheme.tops),
        "其中加分", "封顶扣减", "总分", "自评总分", "考核减自评", "报送", "定稿", "理由",
    )  # fmt: skip
    rows = (
        (
            score.unit.code, score.unit.name, *([score.group] if grouped else []), each.place,
            "是" if each.tied else "否", each.grade, *(score.section(top.id).points for top in scheme.tops),
            score.bonus, score.capped if score.total is not None else None, score.total, score.self_total,
            minus(score.total, score.self_total), STATUS_WORDS[score.status], "是" if ranking.final else "否",
            "；".join(each.reasons),
        )
        for each in ranking.units for score in [each.score]
    )  # fmt: skip
    return _csv(head, rows)


def _items(scheme: Scheme, ranking: Ranking) -> bytes:
    head = ("单位代码", "单位", *(f"{item.id} {item.title}" for item in scheme.items), "总分")
    scores = [each.score for each in ranking.units]
    rows = ((each.unit.code, each.unit.name, *(item.points for item in each.items), each.total) for each in scores)
    return _csv(head, rows)


def _criteria(scheme: Scheme, ranking: Ranking) -> bytes:
    head = ("单位代码", "单位", "细则", "名称", "加分", "满分", "自评分", "考核分", "得分经过")
    rows = (
        (
            each.score.unit.code, each.score.unit.name, criterion.id, scheme.criteria[criterion.id].title,
            "是" if criterion.bonus else "否", criterion.full, criterion.self, criterion.points,
            "；".join(criterion.steps),
        )
        for each in ranking.units for item in each.score.items for criterion in item.criteria
    )  # fmt: skip
    return _csv(head, rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[CsvValue]]) -> bytes:
    lines = (",".join(map(_field, row)) for row in (head, *rows))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig", "replace")


def _field(value: CsvValue) -> str:
    if isinstance(value, str):
        return '"' + safe(value).replace('"', '""') + '"'
    if isinstance(value, Decimal):
        return format(half_up(value), "f")
    return "" if value is None else str(value)
