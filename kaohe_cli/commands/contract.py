"""The machine-readable contract: records → what ``--json`` prints. Points are numbers, unknown is null.

Units have their plain names, as their files have.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from kaohe_cli.assess.sensitivity import Trial
from kaohe_cli.diagnostic import Problem
from kaohe_cli.model import Case, CriterionScore, ItemScore, Place, Ranked, Ranking, UnitScore
from kaohe_cli.naming import plain_name
from kaohe_cli.points import half_up
from kaohe_cli.scheme.scheme import Item, Scheme

Json = dict[str, Any]


# what is printed where nothing was made
NOTHING: Mapping[str, Json] = {
    "init": {"scheme": None, "file": None, "fields": {}},
    "blank": {"scheme": None, "forms": []},
    "check": {"scheme": None, "units": []},
    "score": {"scheme": None, "units": []},
    "rank": {"scheme": None, "final": False, "units": [], "readings": {}, "sensitivity": []},
}


def answer(command: str, made: Json | None, problems: Iterable[Problem]) -> Json:
    """What a command prints: what it made, or nothing of it, and what was wrong."""
    return {**(NOTHING.get(command, {}) if made is None else made), "problems": [_problem(found) for found in problems]}


def encode(content: Json) -> str:
    """``content`` as JSON text; a Decimal is written as the number it is."""
    return msgspec.json.format(msgspec.json.Encoder(decimal_format="number").encode(content), indent=2).decode()


def settings_form(scheme: Scheme, file: str, places: Iterable[Place]) -> Json:
    """What ``kaohe init`` prints: every input cell of the settings workbook."""
    return {
        "scheme": scheme.id,
        "file": file,
        "fields": {place.field.name: _place(place) for place in places},
    }


def forms(scheme: Scheme, issued: Iterable[tuple[str, str, str, Iterable[Place]]]) -> Json:
    """What ``kaohe blank`` prints, from (code, unit, file, places) of each form."""
    return {
        "scheme": scheme.id,
        "forms": [
            {
                "code": code,
                "unit": plain_name(unit),
                "file": file,
                "fields": {place.field.name: _limited(place) for place in places},
            }
            for code, unit, file, places in issued
        ],
    }


def scores(scheme: Scheme, cases: Sequence[Case], scored: Mapping[str, UnitScore]) -> Json:
    """What ``kaohe score`` and ``kaohe check`` print."""
    return {
        "scheme": scheme.id,
        "units": [
            {
                "code": case.unit.code,
                "unit": plain_name(case.unit.name),
                "status": case.status,
                "file": case.file or None,
                "self_total": _points(scored[case.unit.code].self_total),
                "items": _items(scheme, scored[case.unit.code]),
            }
            for case in cases
        ],
    }


def ranking(scheme: Scheme, ranked: Ranking, trials: Iterable[Trial]) -> Json:
    """What ``kaohe rank`` prints."""
    return {
        "scheme": scheme.id,
        "final": ranked.final,
        "units": [_ranked(scheme, each) for each in ranked.units],
        "readings": dict(scheme.readings),
        "sensitivity": [
            {
                "reading": trial.reading,
                "option": trial.option,
                "changes": [
                    {
                        "code": change.code,
                        "place": list(change.place),
                        "grade": list(change.grade),
                        "total": [_points(total) for total in change.total],
                    }
                    for change in trial.changes
                ],
            }
            for trial in trials
        ],
    }


def _ranked(scheme: Scheme, ranked: Ranked) -> Json:
    score = ranked.score
    return {
        "code": score.unit.code,
        "unit": plain_name(score.unit.name),
        "place": ranked.place,
        "tied": ranked.tied,
        "grade": ranked.grade,
        "total": _points(score.total),
        "class_one": _points(score.class_one),
        "class_two": _points(score.class_two),
        "bonus": _points(score.bonus),
        "capped": _points(score.capped),
        "self_total": _points(score.self_total),
        "items": [{**item, "exam": item["points"]} for item in _items(scheme, score)],
        "reasons": list(ranked.reasons),
    }


def _items(scheme: Scheme, score: UnitScore) -> list[Json]:
    return [_item(item, held) for item, held in zip(scheme.items, score.items, strict=True)]


def _item(item: Item, held: ItemScore) -> Json:
    return {
        "id": item.id,
        "points": _points(held.points),
        "full": _points(item.points),
        "bonus": _points(held.bonus),
        "capped": _points(held.capped),
        "self": _points(held.self),
        "criteria": [_criterion(criterion) for criterion in held.criteria],
    }


def _criterion(criterion: CriterionScore) -> Json:
    return {
        "id": criterion.id,
        "points": _points(criterion.points),
        "full": _points(criterion.full),
        "bonus": criterion.bonus,
        # for a program it is one: there are no points yet
        "state": "pending" if criterion.state == "undecided" else criterion.state,
        "self": _points(criterion.self),
        "steps": list(criterion.steps),
    }


def _place(place: Place) -> Json:
    field = place.field
    return {"sheet": place.sheet, "cell": place.cell, "type": field.type, "unit": field.unit or None}


def _limited(place: Place) -> Json:
    field = place.field
    limits = {"required": field.required == "error", "min": field.minimum, "max": field.maximum}
    return {**_place(place), **limits}


def _problem(found: Problem) -> Json:
    return {
        "code": found.code,
        "severity": found.severity,
        "unit": plain_name(found.unit) or None,
        "file": found.file or None,
        "sheet": found.sheet or None,
        "cell": found.cell or None,
        "field": found.field or None,
        "message": found.message,
        "found": found.found or None,
        "expected": found.expected or None,
        "fix": found.fix,
    }


def _points(value: Decimal | None) -> Decimal | None:
    return None if value is None else half_up(value)
