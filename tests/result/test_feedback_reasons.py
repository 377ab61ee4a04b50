"""A unit is told every reason of its points, and not what each of several judges gave."""

from decimal import Decimal
from pathlib import Path

import openpyxl
from any_scheme import case as a_case
from any_scheme import criterion, item, scheme
from msgspec.structs import replace

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Incident
from kaohe_cli.result import feedback


def test_reasons_are_given_and_what_each_judge_gave_is_not(tmp_path: Path) -> None:
    panel = scheme(item("1", criterion("1.1", "10", 'kind = "judged", judges = 3')), item("2"), units=("甲",))
    given = (Decimal("8.13"), Decimal("9.17"), Decimal("6.02"))
    noted = Incident("U1", "2.1", "2007-03-05", "漏报一次", Decimal(-2), "催报单")
    awards = {
        "1.1": Award(None, "材料不全", marks=given, judges=("张三", "李四", "王五")),
        "2.1": Award(Decimal(8), "规划没有备案", "综合处", incidents=(noted,)),
    }
    held = replace(a_case(panel.units[0]), awards=awards)
    ranking = rank(panel, [score(panel, held)])
    path = tmp_path / "反馈.xlsx"
    path.write_bytes(feedback.feedback_workbook(panel, ranking.units[0], held, ranking))
    said = "\n".join(
        str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row
    )
    assert "3 位评委评分，平均 7.77 分：材料不全" in said
    assert "综合处评 8 分：规划没有备案" in said
    assert "台账：2007-03-05 漏报一次，扣 2 分（催报单）" in said
    for secret in ("张三", "李四", "8.13", "9.17", "6.02"):
        assert secret not in said
