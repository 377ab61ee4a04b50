"""What a unit fills in: the one source of types and legal words for form, validator and instructions."""

from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from typing import Literal

from msgspec.structs import replace

from kaohe_cli.model import Entry, Field, Mark
from kaohe_cli.points import CENTS, DECIMALS, plain
from kaohe_cli.scheme.limit import WHOLE, limits, phrases, span
from kaohe_cli.scheme.records import PERIOD, Criterion, Measure
from kaohe_cli.scheme.rule import Judged
from kaohe_cli.scheme.scheme import Scheme

FILER = Field("filer", "text", "填表人", required="warning")
PHONE = Field("phone", "text", "联系电话", required="warning")
DATE = Field("date", "date", "填报日期", required="warning")
PERIOD_LABEL = "数据口径"
CONFIRM_LABEL = "核实说明"
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
        *(self_field(scheme, criterion) for item in scheme.items for criterion in item.entered),
        FILER,
        PHONE,
        DATE,
    )


def _measure(scheme: Scheme, measure: Measure, given: Set[str], waived: Set[str]) -> Iterator[Field]:
    """The input fields in the row of ``measure``: its open figures, then 核实说明 and 佐证材料."""
    for name, _ in measure.figures():
        full = f"{measure.id}.{name}"
        if full in given or scheme.issued(full):
            continue
        field = figure_field(scheme, full)
        marks = (Mark.DONE, Mark.NOT_DONE) if name == "done" else () if field.criteria else (Mark.NOT_APPLICABLE,)
        yield replace(field, required=_required(scheme, measure, field.criteria, waived), marks=marks)
    if scheme.expectations[measure.id]:
        yield Field(confirmation(measure.id), "text", f"{measure.title}·{CONFIRM_LABEL}", required="optional")
    yield Field(f"{measure.id}.evidence", "text", f"{measure.title}·佐证材料", required="optional")


def confirmation(measure: str) -> str:
    """The name of the field in which a unit says why odd figures of ``measure`` are right (核实说明)."""
    return f"{measure}.confirm"


def figure_field(scheme: Scheme, figure: str) -> Field:
    """``figure`` (sales.actual) with all that the scheme says of it, whoever gives it; which words are legal is not."""
    held, named, done = scheme.figures[figure], scheme.names[figure], figure.endswith(".done")
    return Field(
        figure, "done" if done else "number", f"{named.title}·{named.label}", named.unit,
        minimum=held.min, maximum=held.max, at_most=held.at_most, whole=held.whole,
        decimals=None if done or held.whole else DECIMALS, above_zero=figure in scheme.above_zero,
        words=held.words, criteria=scheme.scoring.get(figure, ()),
    )  # fmt: skip


def period_fields(scheme: Scheme) -> Iterator[Field]:
    """What this year's figures are of (数据口径), where the scheme asks."""
    if scheme.content.period:
        labels = tuple(each.label for each in scheme.content.period)
        yield Field(PERIOD, "text", PERIOD_LABEL, required="optional", choices=labels)


def _required(
    scheme: Scheme, measure: Measure, criteria: tuple[str, ...], waived: Set[str]
) -> Literal["error", "warning", "optional"]:
    """What a blank is: no harm where 无任务 was issued for all that the figure is for."""
    if criteria:
        return "optional" if all(waived & {*scheme.criteria[id].rule.figures} for id in criteria) else "error"
    return "optional" if any(f"{measure.id}.{name}" in waived for name, _ in measure.figures()) else "warning"


def self_field(scheme: Scheme, criterion: Criterion) -> Field:
    """The 自评分 that a unit types for a judged ``criterion``: within its points, at most two decimals."""
    rule, item = criterion.rule, scheme.item_of[criterion.id]
    assert isinstance(rule, Judged)
    title = f"{item.title if item.judged else criterion.title}·自评分"
    return Field(
        scheme.claim(criterion), "score", title, "分", minimum=rule.least, maximum=criterion.points, decimals=CENTS,
        criteria=(criterion.id,), legal=rule.legal(criterion.points),
    )  # fmt: skip


def settings_fields(scheme: Scheme, code: str) -> tuple[Field, ...]:
    """Every figure of unit ``code`` that the office may give in the settings, in the order of the scheme.

    Issued targets, figures of last year, and 无任务 where it is legal; blank is legal everywhere.
    """
    fields = []
    for full, figure in scheme.figures.items():
        if figure.by in ("office", "either") or (full.endswith(".done") and figure.waivable):
            field, marks = figure_field(scheme, full), (Mark.NO_TASK,) if figure.waivable else ()
            fields.append(replace(field, name=f"{code}.{full}", required="optional", marks=marks))
    return tuple(fields)


def unfilled(entries: Mapping[str, Entry]) -> bool:
    """Whether nothing was filled in that is assessed: no figure and no self-score, readable or not."""
    return not any(entry.value is not None or entry.invalid for name, entry in entries.items() if is_assessed(name))


def is_assessed(name: str) -> bool:
    """Whether a field is a figure or a self-score, and not about them or about the form."""
    return name not in INFORMATION and not name.endswith((".evidence", ".confirm"))


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
    if field.legal:
        return f"{'或'.join(plain(mark) for mark in field.legal)}（分）"
    said = span(field.minimum, field.maximum, f" 的{WHOLE.expected if field.whole else '数'}")
    if field.unit:
        said += f"（{field.unit}）"
    finer = phrases(limits(field), "decimals") if field.type == "score" else ()
    return "，".join((said, *finer, *([f"没有的填{words}"] if words else ())))
