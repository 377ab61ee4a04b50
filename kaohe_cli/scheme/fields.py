"""What a unit fills in: the one source of types, limits and legal words for form, validator and instructions."""

from collections.abc import Iterator, Mapping, Set
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from kaohe_cli.model import Entry, Field, Mark
from kaohe_cli.points import CENTS, DECIMALS, DUST, ZERO, plain
from kaohe_cli.scheme.scheme import PERIOD, Item, Measure, Scheme

FILER = Field("filer", "text", "填表人", required="warning")
PHONE = Field("phone", "text", "联系电话", required="warning")
DATE = Field("date", "date", "填报日期", required="warning")
PERIOD_LABEL = "数据口径"
INFORMATION = (FILER.name, PHONE.name, DATE.name, PERIOD)  # about the form, not assessed


def form_fields(scheme: Scheme, given: Mapping[str, Entry]) -> tuple[Field, ...]:
    """Every input field of one unit's form, in the order of the form.

    ``given`` is what the unit does not fill in (``Scheme.given``): figures in it are locked and not among the fields.
    A figure that only the office issues is never among them, also where it is missing.
    """
    return _fields(scheme, frozenset(given), frozenset(name for name in given if given[name].value is Mark.NO_TASK))


@lru_cache(64)  # most units are given the same figures
def _fields(scheme: Scheme, given: Set[str], waived: Set[str]) -> tuple[Field, ...]:
    return (
        *period_fields(scheme),
        *(field for measure in scheme.measures.values() for field in _measure(scheme, measure, given, waived)),
        *(self_field(item) for item in scheme.items if item.judged),
        FILER,
        PHONE,
        DATE,
    )


def _measure(scheme: Scheme, measure: Measure, given: Set[str], waived: Set[str]) -> Iterator[Field]:
    """The input fields in the row of ``measure``: its open figures, then 佐证材料."""
    for name, figure in measure.figures():
        full = f"{measure.id}.{name}"
        if full in given or scheme.issued(full):
            continue
        named, criteria = scheme.names[full], scheme.scoring.get(full, ())
        done = name == "done"
        marks = (Mark.DONE, Mark.NOT_DONE) if done else () if criteria else (Mark.NOT_APPLICABLE,)
        yield Field(
            full,
            "done" if done else "number",
            f"{named.title}·{named.label}",
            unit=measure.unit,
            required=_required(scheme, measure, criteria, waived),
            minimum=figure.min,
            maximum=figure.max,
            at_most=figure.at_most,
            whole=figure.whole,
            decimals=most_decimals(scheme, full),
            marks=marks,
            words=figure.words,
            criteria=criteria,
        )
    yield Field(f"{measure.id}.evidence", "text", f"{measure.title}·佐证材料", required="optional")


def period_fields(scheme: Scheme) -> Iterator[Field]:
    """What this year's figures are of (数据口径), where the scheme asks."""
    if scheme.content.period:
        labels = tuple(each.label for each in scheme.content.period)
        yield Field(PERIOD, "text", PERIOD_LABEL, required="optional", choices=labels)


def most_decimals(scheme: Scheme, figure: str) -> int | None:
    """Most decimals of ``figure`` (sales.actual); None where it is a whole number anyhow, or none at all."""
    return None if figure.endswith(".done") or scheme.figures[figure].whole else DECIMALS


def _required(
    scheme: Scheme, measure: Measure, criteria: tuple[str, ...], waived: Set[str]
) -> Literal["error", "warning", "optional"]:
    """What a blank is: no harm where 无任务 was issued for all that the figure is for."""
    if criteria:
        return "optional" if all(waived & {*scheme.criteria[id].rule.figures} for id in criteria) else "error"
    return "optional" if any(f"{measure.id}.{name}" in waived for name, _ in measure.figures()) else "warning"


def self_field(item: Item) -> Field:
    """The 自评分 that a unit types for the judged criterion of ``item``: 0 to its points, at most two decimals."""
    most = sum((each.points for each in item.criterion if each.judged and each.points is not None), Decimal(0))
    return Field(
        f"{item.id}.self",
        "score",
        f"{item.title}·自评分",
        unit="分",
        minimum=ZERO,
        maximum=most,
        decimals=CENTS,
        criteria=tuple(each.id for each in item.criterion if each.judged),
    )


def settings_fields(scheme: Scheme, code: str) -> tuple[Field, ...]:
    """Every figure of unit ``code`` that the office may give in the settings, in the order of the scheme.

    Issued targets, figures of last year, and 无任务 where it is legal; blank is legal everywhere.
    """
    fields = []
    for measure in scheme.measures.values():
        for name, figure in measure.figures():
            full = f"{measure.id}.{name}"
            done = name == "done"
            if figure.by not in ("office", "either") and not (done and figure.waivable):
                continue
            named = scheme.names[full]
            fields.append(
                Field(
                    f"{code}.{full}",
                    "done" if done else "number",
                    f"{named.title}·{named.label}",
                    unit=measure.unit,
                    required="optional",
                    minimum=figure.min,
                    maximum=figure.max,
                    whole=figure.whole,
                    decimals=most_decimals(scheme, full),
                    above_zero=full in scheme.above_zero,
                    marks=(Mark.NO_TASK,) if figure.waivable else (),
                    criteria=scheme.scoring.get(full, ()),
                )
            )
    return tuple(fields)


def unfilled(entries: Mapping[str, Entry]) -> bool:
    """Whether nothing was filled in that is assessed: no figure and no self-score, readable or not."""
    return not any(
        entry.value is not None or entry.invalid
        for name, entry in entries.items()
        if name not in INFORMATION and not name.endswith(".evidence")
    )


def finer(cell: str, places: int) -> str:
    """What ``cell`` holds beyond so many decimals, without binary dust: an expression of a spreadsheet."""
    return f"ROUND({cell}-ROUND({cell},{places}),{DUST})"


def date_limits(scheme: Scheme) -> tuple[date, date]:
    """First and last day that a 填报日期 may be: within the year of the assessment or the month after it."""
    return date(scheme.content.year, 1, 1), date(scheme.content.year + 1, 1, 31)


def label(field: Field) -> str:
    """What a message calls ``field``: 工业投资·本年实绩（亿元）."""
    return f"{field.label}（{field.unit}）" if field.unit and field.type == "number" else field.label


def expected(field: Field) -> str:
    """What is to be put in, in words for prompts and problems: 0–10,000 的整数（家），没有的填“无”."""
    if field.choices:
        return "或".join(f"“{choice}”" for choice in field.choices)
    if field.type == "text":
        return "文字"
    if field.type == "date":
        return "日期"
    words = "或".join(f"“{field.word(mark)}”" for mark in field.marks)
    if field.type == "done":
        return words
    kind = "整数" if field.whole else "数"
    said = kind if field.minimum is None or field.maximum is None else _between(field.minimum, field.maximum, kind)
    if field.unit:
        said += f"（{field.unit}）"
    if field.decimals is not None and field.type == "score":
        said += f"，最多 {field.decimals} 位小数"
    return f"{said}，没有的填{words}" if words else said


def _between(least: Decimal, most: Decimal, kind: str) -> str:
    return f"{span(least, most)} 的{kind}"


def span(least: Decimal | None, most: Decimal | None) -> str:
    """The numbers from ``least`` to ``most`` (None: unbounded): 0–40; -100 至 100; 0 以上的数值."""
    if least is None:
        return "数值" if most is None else f"{plain(most)} 以下的数值"
    if most is None:
        return f"{plain(least)} 以上的数值"
    return f"{plain(least)} 至 {plain(most)}" if least < 0 else f"{plain(least)}–{plain(most)}"
