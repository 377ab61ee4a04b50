"""Rankings for tests: built through the scoring itself, so that every record is one the program can make."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Case, Entry, Mark, Origin, Ranking, Status, Unit, Value, Veto
from kaohe_cli.scheme.load import load
from kaohe_cli.scheme.scheme import Scheme

LONG = "杭州钱塘江两岸先进制造业产业集聚区暨大江东临江高新技术产业开发区管理委员会经济发展局"


def case(
    scheme: Scheme,
    unit: Unit,
    *,
    share: str = "0.9",
    growth: int = 0,
    figures: Mapping[str, Value | None] = {},
    pending: Sequence[str] = (),
    status: Status = "received",
    veto: Veto | None = None,
) -> Case:
    """A unit that met every target, grew by ``growth`` 亿元, and was awarded ``share`` of all judged points.

    ``figures`` replaces figures; the criteria in ``pending`` are not judged.
    """
    file = f"{unit.name}.xlsx"
    values: dict[str, Value | None] = {}
    for name in scheme.figures:
        values[name] = Mark.DONE if name.endswith(".done") else Decimal(100)
    values |= {"sales.prior": Decimal(200), "sales.target": Decimal(200), "sales.actual": Decimal(200 + growth)}
    values |= {"invest_large.actual": Decimal(112), "energy.target": Decimal(5), "energy.actual": Decimal(5)}
    values |= dict(figures)
    entries = {
        name: Entry(value, Origin(file, "指标填报", f"F{row}"), invalid=False)
        for row, (name, value) in enumerate(values.items(), 8)
    }
    awards = {}
    for row, criterion in enumerate(scheme.criteria.values(), 2):
        if criterion.judged and criterion.points is not None:
            item = scheme.item_of[criterion.id]
            asked = (criterion.points * Decimal("0.95")).quantize(Decimal("0.01"))
            entries[f"{item.id}.self"] = Entry(asked, Origin(file, "考核表", f"D{row}"))
            if criterion.id not in pending:
                given = (criterion.points * Decimal(share)).quantize(Decimal("0.01"))
                awards[criterion.id] = Award(given, "", "综合处", origin=Origin("评分底稿.xlsx", "评分明细", f"K{row}"))
    reported = {} if status == "missing" else entries
    return Case(unit, status, reported, {}, awards, veto, "" if status == "missing" else file)


def ranked(scheme: Scheme, cases: Sequence[Case]) -> Ranking:
    return rank(scheme, [score(scheme, each) for each in cases])


def usual(scheme: Scheme | None = None) -> list[Case]:
    """14 units as in a common year: a tie at third place, a veto, one below 80, one late, bonuses beyond 100."""
    scheme = scheme or load()
    judged = [each.id for each in scheme.criteria.values() if each.judged]
    veto = Veto("市纪委", "杭纪〔2007〕88号", "2007-12-10", "见市纪委通报")
    changes: list[dict[str, object]] = [
        {"share": "0.875", "figures": {"land.target": Mark.NO_TASK}},
        {"share": "0.70", "figures": {"sales.actual": Decimal("199.8"), "energy.actual": Decimal("4.2")}},
        {"share": "0.79"},
        {"share": "0.88", "growth": 60, "status": "late"},
        {"share": "0.93", "growth": 50, "figures": {"energy.actual": Decimal("7.3")}},
        {"share": "0.95", "growth": 100},
        {"share": "0.98", "growth": 427, "figures": {"energy.actual": Decimal(9)}},
        {"share": "0.96", "growth": 163},
        {"share": "0.85", "figures": {"energy.actual": Decimal("4.5")}},
        {"share": "0.60", "figures": {"energy.actual": Decimal("1.9"), "invest.actual": Decimal(90)}},
        {"share": "0.65", "figures": {"sales.actual": Decimal(190)}},
        {"share": "0.97", "growth": 120, "veto": veto},
        {"share": "0.82"},
        {"share": "0.95", "growth": 100},
    ]
    assert judged
    return [case(scheme, unit, **change) for unit, change in zip(scheme.units, changes, strict=True)]  # type: ignore[arg-type]


def pending(scheme: Scheme | None = None) -> list[Case]:
    """14 units of which none has a final total, one of them without a return."""
    scheme = scheme or load()
    judged = [each.id for each in scheme.criteria.values() if each.judged]
    cases = [case(scheme, unit, pending=judged) for unit in scheme.units[:-1]]
    return [*cases, case(scheme, scheme.units[-1], pending=judged, status="missing")]


def many(scheme: Scheme | None = None, count: int = 100) -> list[Case]:
    """``count`` units with long names, many ties, some vetoed, some pending."""
    scheme = scheme or load()
    found = []
    for index in range(count):
        unit = Unit(f"{330200 + index}", f"第{index + 1}{LONG}" if index % 7 == 0 else f"第{index + 1}开发区", "区")
        found.append(
            case(
                scheme,
                unit,
                share=f"0.{60 + index * 13 % 38}",
                growth=index % 9 * 50,
                pending=("1.4.1", "2.3.1") if index % 11 == 10 else (),
                veto=Veto("市纪委", f"杭纪〔2007〕{index}号", "2007-12-10") if index % 30 == 29 else None,
            )
        )
    return found
