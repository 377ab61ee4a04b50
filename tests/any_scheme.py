"""Small schemes of any frame, and cases of their units: what the nine notices have no use for."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.score import score
from kaohe_cli.model import Award, Case, Entry, Mark, Ranking, Unit, Value, Veto
from kaohe_cli.scheme.load import parse
from kaohe_cli.scheme.scheme import Scheme

HEAD = """format = 2
id = "any"
year = 2010
title = "某考核表"
name = "某考核"
template = "any.xlsx"
[notice]
number = ""
date = 2010-02-20
issuer = "某局"
issuer_short = "某局"
heading = "考核表"
addressees = ""
paragraphs = ["按原文办。"]
signed = "二○一○年二月二十日"
"""
JUDGED = 'kind = "judged"'


def criterion(id: str, points: str | None, rule: str = JUDGED, more: str = "") -> str:
    """A criterion; ``points`` None: an award without limit."""
    own = "bonus = true" if points is None else f"points = {points}"
    return f'[[item.criterion]]\nid = "{id}"\ntitle = "细则{id}"\nclause = "原文"\n{own}\n{more}\nrule = {{ {rule} }}\n'


def item(id: str, *criteria: str, section: str = "", more: str = "") -> str:
    """An item, by default of one judged criterion of 10 分."""
    of = f'section = "{section}"\n' if section else ""
    listed = "".join(criteria or (criterion(f"{id}.1", "10"),))
    return (
        f'[[item]]\nid = "{id}"\n{of}title = "项目{id}"\ncontent = "内容{id}原文"\nstandard = "标准"\n{more}\n{listed}'
    )


def section(id: str, of: str = "", more: str = "") -> str:
    """A section."""
    return f'[[section]]\nid = "{id}"\nof = "{of}"\ntitle = "类别{id}"\n{more}\n'


def measure(id: str, item: str, *figures: str) -> str:
    """A measure with these figures, each from 0 to 1000 and reported by the unit."""
    listed = "".join(f"{name} = {{ min = 0, max = 1000, waivable = true }}\n" for name in figures)
    return f'[[measure]]\nid = "{id}"\nitem = "{item}"\ntitle = "指标{id}"\nunit = "家"\n{listed}'


def scheme(
    *parts: str, units: Iterable[str] = ("甲", "乙", "丙", "丁"), kinds: Mapping[str, str] | None = None
) -> Scheme:
    """The scheme of ``parts``; units are coded U1, U2 … and of kind 区 where ``kinds`` says nothing else."""
    kinds = kinds or {}
    listed = "".join(
        f'[[unit]]\ncode = "U{number}"\nname = "{name}"\nkind = "{kinds.get(name, "区")}"\n'
        for number, name in enumerate(units, 1)
    )
    return parse(f"{HEAD}{listed}{''.join(parts)}".encode(), "any.toml")


def case(unit: Unit, awards: Mapping[str, object] | None = None, veto: Veto | None = None, **figures: object) -> Case:
    """What a unit reported (a_actual="5" is a.actual) and what points were entered for it."""
    entered = {id: Award(Decimal(str(points))) for id, points in (awards or {}).items()}
    reported = {name.replace("_", "."): Entry(value(given)) for name, given in figures.items()}
    return Case(unit, "received", reported, awards=entered, veto=veto)


def value(given: object) -> Value | None:
    """Marks and nothing as they are, else the number."""
    return given if given is None or isinstance(given, Mark) else Decimal(str(given))


def ranked(scheme: Scheme, cases: Iterable[Case]) -> Ranking:
    """The ranking of ``cases``."""
    return rank(scheme, [score(scheme, each) for each in compare(scheme, list(cases))])
