"""The machine-readable contract: records → what ``--json`` prints. Points are numbers, unknown is null.

Units have their plain names, as their files have.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from kaohe_cli.assess.margin import Margin
from kaohe_cli.assess.rehearsal import Rehearsal
from kaohe_cli.assess.sensitivity import Alternative
from kaohe_cli.assess.transfer import Both
from kaohe_cli.assess.trial import Tried
from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.changes import NOTHING_THERE, Changes, LedgerChange
from kaohe_cli.ledger.record import Open
from kaohe_cli.model import Case, Change, CriterionScore, Place, Query, Ranked, Ranking, Unit, UnitScore
from kaohe_cli.naming import plain_name
from kaohe_cli.points import half_up, number
from kaohe_cli.scheme.changed import Difference
from kaohe_cli.scheme.scheme import Scheme

Json = dict[str, Any]

# what is printed where nothing was made
NOTHING: Mapping[str, Json] = {
    "init": {"scheme": None, "file": None, "fields": {}},
    "blank": {"scheme": None, "forms": []},
    "check": {"scheme": None, "units": [], "queries": [], "changes": []},
    "score": {"scheme": None, "units": [], "queries": [], "changes": []},
    "rehearse": {
        "scheme": None,
        "years": 0,
        "seed": 0,
        "units": 0,
        "shared": 0,
        "passing": None,
        "reach": [],
        "alike": [],
        "unbounded": [],
        "readings": [],
    },
    "scheme diff": {"before": None, "now": None, "counts": {}, "differences": [], "ledger": None},
    "scheme check": {"scheme": None, "file": None, "ok": False, "counts": {}, "trials": []},
    "rank": {
        "scheme": None,
        "final": False,
        "open": [],
        "units": [],
        "readings": {},
        "sensitivity": [],
        "margins": [],
    },
}


def answer(command: str, made: Json | None, problems: Iterable[Problem]) -> Json:
    """What a command prints: what it made, or nothing of it, and what was wrong."""
    told = _fault if command == "scheme check" else _problem
    return {**(NOTHING.get(command, {}) if made is None else made), "problems": [told(found) for found in problems]}


def encode(content: Json) -> str:
    """``content`` as JSON text; a Decimal is written as the number it is."""
    return msgspec.json.format(msgspec.json.Encoder(decimal_format="number").encode(content), indent=2).decode()


def settings_form(scheme: Scheme, file: str, places: Iterable[Place]) -> Json:
    """What ``kaohe init`` prints: every input cell of the settings workbook."""
    return {"scheme": scheme.id, "file": file, "fields": {place.field.name: _place(place) for place in places}}


def forms(scheme: Scheme, issued: Iterable[tuple[Unit, str, Iterable[Place]]]) -> Json:
    """What ``kaohe blank`` prints, from (unit, file, places) of each form."""
    made = [
        {**_unit(unit), "file": file, "fields": {place.field.name: _limited(place) for place in places}}
        for unit, file, places in issued
    ]
    return {"scheme": scheme.id, "forms": made}


def scores(
    scheme: Scheme, cases: Iterable[Case], scored: Mapping[str, UnitScore], queries: Iterable[Query] = (),
    changed: Changes | None = None,
) -> Json:  # fmt: skip
    """What ``kaohe score`` and ``kaohe check`` print; ``changed`` None: no ledger was."""
    units = [_scored(scheme, case, scored[case.unit.code]) for case in cases]
    queried, moved = [_query(each) for each in queries], changes(changed) if changed else []
    return {"scheme": scheme.id, "units": units, "queries": queried, "changes": moved}


def _query(query: Query) -> Json:
    """What has to be confirmed; the field is null for the total."""
    influence = _told(query.influence, "points", "places", "grade")
    told = _told(query, "field", "label", "value", "codes", "why")
    return {**_unit(query.unit), **told, "influence": influence, **_told(query, "state", "answer")}


def changes(found: Changes) -> list[Json]:
    """What a run changed in the ledger, as ``kaohe score`` prints it."""
    return [
        {
            **_told(each, "kind", "code"),
            "unit": plain_name(each.unit) or None,
            "item": each.item,
            "from": _held(each, each.before),
            "to": _held(each, each.now),
            "why": each.why,
        }
        for each in found.rows
    ]


def ranking(
    scheme: Scheme, ranked: Ranking, trials: Iterable[Alternative], opened: Iterable[Open] = (),
    margins: Iterable[Margin] = (),
) -> Json:  # fmt: skip
    """What ``kaohe rank`` prints."""
    return {
        "scheme": scheme.id,
        "final": ranked.final,
        "open": [_opened(each) for each in opened],
        "units": [_ranked(scheme, each) for each in ranked.units],
        "readings": dict(scheme.readings),
        "sensitivity": [
            {**_told(trial, "reading", "option"), "changes": [_change(each) for each in trial.changes]}
            for trial in trials
        ],
        "margins": [_margin(scheme, each) for each in margins],
    }


def _margin(scheme: Scheme, margin: Margin) -> Json:
    """How firm the order of two units is, or of one and the bound of a grade (``line``); what was not found is null."""
    mark, figure, level = next(iter(margin.marks), None), margin.figure, margin.level
    return {
        "group": margin.group or None,
        "codes": [each.score.unit.code for each in margin.units],
        "places": [each.place for each in margin.units],
        "grade": (margin.seats if level is None else level.title) or None,
        "line": None if level is None else _value(level.mark),
        "gap": _value(margin.gap),
        "mark": None if mark is None else {
            "item": scheme.item_of[mark.criterion].id, "criterion": mark.criterion, "code": mark.unit.code,
            "change": _value(mark.change), "any": any(each.every for each in margin.marks),
        },
        "figure": None if figure is None else {
            "figure": figure.figure, "code": figure.unit.code, "from": figure.before, "to": figure.after,
        },
    }  # fmt: skip


def rehearsal(scheme: Scheme, found: Rehearsal) -> Json:
    """What ``kaohe scheme rehearse`` prints."""
    least, mean, most = found.passing
    return {
        "scheme": scheme.id,
        **_told(found, "years", "seed", "units", "places", "shared", "mark"),
        "passing": {"least": least, "mean": mean, "most": most},
        "reach": [_told(each, "id", "title", "full", "least", "middle", "most") for each in found.reach],
        "alike": [{**_told(each, "id", "title", "points"), "share": each.share} for each in found.alike],
        "unbounded": [_told(each, "id", "title", "most") for each in found.unbounded],
        "readings": [
            _told(each, "reading", "option", "question", "label", "years", "grades") for each in found.deciding
        ],
    }


def checked(scheme: Scheme | None, file: str, problems: Iterable[Problem], trials: Iterable[Tried] = ()) -> Json:
    """What ``kaohe scheme check`` prints; ``scheme`` None: it cannot be used, and no trial was computed."""
    counts = Counter(found.severity for found in problems)
    held: Json = {"errors": counts["error"], "warnings": counts["warning"]}
    if scheme is not None:
        content = scheme.content
        held |= {"items": len(content.item), "criteria": len(scheme.criteria), "measures": len(content.measure),
                 "units": len(content.unit), "readings": len(content.reading)}  # fmt: skip
    held_to = [_told(each, "name", "what", "expected", "found", "met", "steps") for each in trials]
    return {"scheme": scheme and scheme.id, "file": file, "ok": scheme is not None, "counts": held, "trials": held_to}


def difference(before: Scheme, now: Scheme, found: Sequence[Difference], both: Both | None) -> Json:
    """What ``kaohe scheme diff`` prints; ``both`` None: no ledger was given."""
    schemes = {
        side: {"scheme": each.id, "year": each.content.year, "title": each.content.title}
        for side, each in (("before", before), ("now", now))
    }
    counts = Counter(each.kind for each in found)
    rows = [
        {**_told(each, "kind", "heading", "room", "id", "called", "what"), "from": _value(each.before),
         "to": _value(each.now), "only": _value(each.only)}
        for each in found
    ]  # fmt: skip
    return {
        **schemes,
        "counts": {kind: counts[kind] for kind in ("changed", "added", "gone")},
        "differences": rows,
        "ledger": None if both is None else _by_both(both),
    }


def _by_both(both: Both) -> Json:
    moved = [
        {"id": [_value(id) for id in each.ids], **_told(each, "title", "code"), "unit": plain_name(each.unit),
         "points": [_value(points) for points in each.points]}
        for each in both.moved
    ]  # fmt: skip
    return {
        "readings": dict(both.readings),
        "units": [{**_change(each), "unit": plain_name(each.unit)} for each in both.standings],
        "criteria": moved,
        "uncarried": [_told(each, "what", "why", "units") for each in both.uncarried],
    }


def _opened(each: Open) -> Json:
    """What keeps the result from being final."""
    sheet, code, id = each.key
    return {"code": code or None, "unit": plain_name(each.unit) or None, "sheet": sheet, "id": id or None,
            **_told(each, "item", "department", "standing", "said")}  # fmt: skip


def _told(record: object, *names: str) -> Json:
    """What ``record`` has under these names: points at two decimals, null for an empty text."""
    return {name: _value(getattr(record, name)) for name in names}


def _value(value: object) -> object:
    return half_up(value) if isinstance(value, Decimal) else None if value == "" else value


def _unit(unit: Unit) -> Json:
    return {"code": unit.code, "unit": plain_name(unit.name)}


def _scored(scheme: Scheme, case: Case, score: UnitScore) -> Json:
    known = {**_unit(case.unit), **_told(case, "status", "file"), **_told(score, "self_total")}
    return {**known, "items": _items(scheme, score)}


def _ranked(scheme: Scheme, ranked: Ranked) -> Json:
    score = ranked.score
    return {
        **_unit(score.unit),
        "group": score.group or None,
        **_told(ranked, "place", "tied", "grade"),
        **_told(score, "total"),
        **_classes(scheme, score),
        "sections": {each.id: _value(each.points) for each in score.sections},
        "bonus": _value(score.bonus),
        "capped": None if score.total is None else _value(score.capped),
        **_told(score, "self_total"),
        "items": [{**item, "exam": item["points"]} for item in _items(scheme, score)],
        "reasons": ranked.reasons,
    }


def _classes(scheme: Scheme, score: UnitScore) -> Json:
    """Under the names of old, where the scheme has two sections."""
    if len(scheme.tops) != 2:
        return {}
    names = zip(("class_one", "class_two"), scheme.tops, strict=True)
    return {name: _value(score.section(top.id).points) for name, top in names}


def _change(change: Change) -> Json:
    return {**_told(change, "code", "place", "grade"), "total": [_value(total) for total in change.total]}


def _held(change: LedgerChange, text: str) -> object:
    """What was held there: a number where points and places are, null where nothing was."""
    if text in NOTHING_THERE:
        return None
    return number(text) if change.kind in ("total", "place") else text


def _items(scheme: Scheme, score: UnitScore) -> list[Json]:
    return [
        {
            **_told(held, "id", "points"),
            "full": _value(item.points),
            "bonus": None if score.decided is None else _value(held.bonus),
            **_told(held, "capped", "self"),
            "criteria": [_criterion(criterion) for criterion in held.criteria],
        }
        for item, held in zip(scheme.of(score.unit.kind).items, score.items, strict=True)
    ]


def _criterion(criterion: CriterionScore) -> Json:
    told = _told(criterion, "id", "points", "full", "bonus", "state", "self", "steps")
    # for a program it is one: there are no points yet
    return {**told, "state": "pending"} if criterion.state == "undecided" else told


def _place(place: Place) -> Json:
    return {**_told(place, "sheet", "cell"), **_told(place.field, "type", "unit")}


def _limited(place: Place) -> Json:
    field = place.field
    return {**_place(place), "required": field.required == "error", "min": field.minimum, "max": field.maximum}


def _fault(found: Problem) -> Json:
    """What is wrong with a scheme: by the key, and the line of a text or the cell of a workbook."""
    told = _told(found, "code", "severity", "field", "line", "sheet", "cell", "message", "found", "expected", "fix")
    return {"key" if name == "field" else name: value for name, value in told.items()}


def _problem(found: Problem) -> Json:
    names = "code", "severity", "unit", "file", "sheet", "cell", "field", "message", "found", "expected", "fix"
    return {**_told(found, *names), "unit": plain_name(found.unit) or None}
