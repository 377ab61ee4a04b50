"""What an author gives an invented unit (试算) → entries and awards as a year has them; what cannot be given. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kaohe_cli.model import Award, Entry, Field, Mark, Settings, Unit
from kaohe_cli.naming import printed_name
from kaohe_cli.points import CENTS
from kaohe_cli.scheme.fields import figure_field
from kaohe_cli.scheme.frame import VetoGround, points_odd
from kaohe_cli.scheme.limit import broken
from kaohe_cli.scheme.records import Criterion, Trial
from kaohe_cli.scheme.rule import Judged, Supplied
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.scheme.workable import Faulty

_DONE = {"已完成": Mark.DONE, Mark.DONE.value: Mark.DONE, Mark.NOT_DONE.value: Mark.NOT_DONE}


def trial_unit(scheme: Scheme, trial: Trial) -> Unit:
    """The invented unit, which its name is the code of."""
    usual = next((each.kind for each in scheme.units), "")
    return Unit(trial.name, printed_name(trial.name), printed_name(trial.kind) or usual)


def trial_entries(scheme: Scheme, trial: Trial) -> Mapping[str, Entry]:
    """The figures of the invented unit, as a return and the office give them; those that bases set come after them."""
    unit = trial_unit(scheme, trial)
    own, chosen = scheme.of(unit.kind), {each.id for each in scheme.content.basis}
    bases = {id: Entry(str(value)) for id, value in trial.figure.items() if id in chosen}
    given = own.given(unit, Settings((), {unit.code: bases}, {}, {}))
    typed = {id: Entry(_taken(own, id, value)) for id, value in trial.figure.items() if id not in chosen}
    return {**given, **typed}


def trial_awards(trial: Trial) -> Mapping[str, Award]:
    """What the invented unit is awarded, by criterion."""
    return {id: Award(marks=given) if isinstance(given, tuple) else Award(given) for id, given in trial.mark.items()}


def _taken(scheme: Scheme, figure: str, value: object) -> Decimal | Mark | None:
    """A figure as it is given; None: it cannot be such."""
    held = scheme.figures.get(figure)
    if held is None:
        return None
    done = figure.endswith(".done")
    if not isinstance(value, str):
        taken = not done and isinstance(value, int | Decimal) and not isinstance(value, bool)
        return Decimal(str(value)) if taken else None
    legal = dict(zip(held.words, (Mark.DONE, Mark.NOT_DONE), strict=True)) | _DONE if done else {}
    if held.waivable:
        legal[Mark.NO_TASK.value] = Mark.NO_TASK
    if not done and not scheme.scoring.get(figure):
        legal[Mark.NOT_APPLICABLE.value] = Mark.NOT_APPLICABLE
    return legal.get(value)


def trial_faults(scheme: Scheme) -> Iterator[Faulty]:
    """What trials name that the scheme does not have, and what cannot be given to a unit of its."""
    kinds = {unit.kind for unit in scheme.units}
    for count, trial in enumerate(scheme.content.trial, 1):
        unit, key = trial_unit(scheme, trial), f"trial.{trial.name}" if trial.name else f"trial 第 {count} 个"
        yield not trial.name.strip(), f"{key}.name", "试算单位须有名称"
        yield unit.kind not in kinds, f"{key}.kind", f"没有“{unit.kind}”类的单位"
        yield from _figures_given(scheme, trial, f"{key}.figure")
        for id, given in trial.mark.items():
            yield from _mark_given(scheme.of(unit.kind).criteria.get(id), given, f"{key}.mark.{id}")
        yield from _expected(scheme, trial, key)


def _figures_given(scheme: Scheme, trial: Trial, key: str) -> Iterator[Faulty]:
    own = scheme.of(trial_unit(scheme, trial).kind)
    bases = {each.id: [option.id for option in each.option] for each in scheme.content.basis}
    taken = {id: _taken(own, id, value) for id, value in trial.figure.items()}
    numbers = {id: value for id, value in taken.items() if isinstance(value, Decimal)}
    for id, value in trial.figure.items():
        where = f"{key}.{id}"
        if id in bases:
            yield value not in bases[id], where, f"没有选项 {value}，可用：{'、'.join(bases[id])}"
        elif isinstance(value, Mapping):
            yield True, where, '带点的编号须加引号，如 "sales.actual" = 120'
        elif id not in own.figures:
            yield True, where, "没有这个数据项，也没有按单位选定的这个口径"
        elif id in numbers:
            field = figure_field(own, id)
            total = numbers.get(field.at_most) if field.at_most else None
            said = "、".join(limit.expected or limit.phrase for limit in broken(field, numbers[id], own, total))
            yield bool(said), where, f"不是能填的数，应为 {said}"
        else:
            yield taken[id] is None, where, f"不能写“{value}”，可用：{_legal(own, id)}"


def _legal(scheme: Scheme, figure: str) -> str:
    """What can be given as ``figure``, in words."""
    held = scheme.figures[figure]
    done = figure.endswith(".done")
    words = [*(held.words if done else ["数"]), *([Mark.NO_TASK.value] if held.waivable else [])]
    if not done and not scheme.scoring.get(figure):
        words.append(Mark.NOT_APPLICABLE.value)
    return "、".join(words)


def _mark_given(criterion: Criterion | None, given: Decimal | tuple[Decimal, ...], key: str) -> Iterator[Faulty]:
    if criterion is None:
        yield True, key, "没有这条细则"
        return
    rule = criterion.rule
    if not isinstance(rule, Judged | Supplied):
        yield True, key, "这条细则按数据计分，不由人评定、填入"
        return
    judges = rule.judges if isinstance(rule, Judged) else 0
    marks = given if isinstance(given, tuple) else (given,)
    if isinstance(given, tuple):
        yield not judges, key, "不由几位评委评定，只写一个分"
        yield 0 < judges < len(marks), key, f"评委 {judges} 位，写了 {len(marks)} 个分"
    least, most = rule.least, criterion.points
    legal = rule.legal(most) if isinstance(rule, Judged) and (isinstance(given, tuple) or not judges) else ()
    field = Field(criterion.id, "score", "", minimum=least, maximum=most, decimals=CENTS, legal=legal)
    said = dict.fromkeys(limit.expected for each in marks for limit in broken(field, each))
    yield bool(said), key, f"不是能评的分，应为 {'、'.join(said)}"


def _expected(scheme: Scheme, trial: Trial, key: str) -> Iterator[Faulty]:
    """What is expected of what is not there, or cannot come about."""
    known = {*scheme.criteria, *scheme.sections, *(item.id for item in scheme.items)}
    for id, points in trial.points.items():
        yield id not in known, f"{key}.points.{id}", "没有这条细则、这个项目或类别"
        yield points_odd(points), f"{key}.points.{id}", "分数最多两位小数"
    yield points_odd(trial.total), f"{key}.total", "分数最多两位小数"
    grades = (*scheme.grades, *(each.grade for each in scheme.content.veto or (VetoGround(""),)))
    wrong = bool(trial.grade) and trial.grade not in grades
    yield wrong, f"{key}.grade", f"没有这个等次，可用：{'、'.join(dict.fromkeys(grades))}"
    yield trial.place is not None and trial.place < 1, f"{key}.place", "须是 1 以上的整数"
