"""The machine-readable contract: records → what ``--json`` prints, in the shapes of ``shapes``.

Points are numbers, unknown is null. Units have their plain names, as their files have.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from kaohe_cli.assess.appeal import ReviewEffect
from kaohe_cli.assess.attached import AttachedFile, Registration, registrations
from kaohe_cli.assess.explain import Line
from kaohe_cli.assess.margin import Margin
from kaohe_cli.assess.rehearsal import Rehearsal
from kaohe_cli.assess.sensitivity import Alternative
from kaohe_cli.assess.transfer import Both
from kaohe_cli.assess.trial import Tried
from kaohe_cli.catalogue import ProblemKind
from kaohe_cli.commands import shapes
from kaohe_cli.commands.desk import Desk, LedgerState, Prepared, ResultState
from kaohe_cli.commands.differing import Differing, FileDiff, FileKind
from kaohe_cli.commands.outcome import NextStep
from kaohe_cli.commands.shapes import ANSWERS, BESIDE, PROBLEM_KIND, EveryAnswer, MaterialState, Told
from kaohe_cli.diagnostic import Problem, any_error
from kaohe_cli.ledger.account import Account
from kaohe_cli.ledger.changes import NOTHING_THERE, Changes, LedgerChange
from kaohe_cli.ledger.record import Open
from kaohe_cli.ledger.reminders import Standing
from kaohe_cli.ledger.tally import Tally
from kaohe_cli.model import (
    Attachment,
    Case,
    Change,
    CriterionScore,
    Place,
    Publicity,
    Query,
    Ranked,
    Ranking,
    Review,
    Unit,
    UnitScore,
)  # fmt: skip
from kaohe_cli.naming import plain_name, readable
from kaohe_cli.paper.press import Press
from kaohe_cli.points import half_up, number
from kaohe_cli.result.material import CHANGED, MISSING, SAME, Found, versions_moved
from kaohe_cli.result.recorded import Recorded
from kaohe_cli.result.verdict import Verdict
from kaohe_cli.scheme.changed import Difference, DifferenceKind
from kaohe_cli.scheme.scheme import Scheme

if TYPE_CHECKING:
    from kaohe_cli.commands.kinds import KnownFile
    from kaohe_cli.result.previous import Beside, UnitBeside

MATERIAL_STATES: Mapping[str, MaterialState] = {SAME: "same", CHANGED: "changed", MISSING: "missing"}


def _nothing(*shapes: type) -> Told:
    """An answer of these shapes without its problems where nothing was made: null if allowed, else empty, 0, false."""
    found: dict[str, object] = {}
    for shape in shapes:
        needed: frozenset[str] = shape.__required_keys__ - {"problems"}  # type: ignore[attr-defined]
        found |= {name: _empty(hint) for name, hint in get_type_hints(shape).items() if name in needed}
    return found


def _empty(hint: Any) -> object:
    if type(None) in get_args(hint):
        return None
    return [] if get_origin(hint) is Sequence else {} if get_origin(hint) is Mapping else hint()


# what is printed where nothing was made
NOTHING: Mapping[str, Told] = {name: _nothing(shape, BESIDE.get(name, EveryAnswer)) for name, shape in ANSWERS.items()}


def answer(
    command: str, made: Told | None, problems: Iterable[Problem], press: Press | None = None,
    entries: Tally | None = None,
) -> Told:  # fmt: skip
    """What a command prints: what it made, or nothing of it, and what was wrong.

    ``press`` is what it wrote with, ``entries`` what became of those of its ledger.
    """
    beside = BESIDE.get(command, EveryAnswer)
    told = _fault if beside is shapes.SchemeCheckEveryAnswer else _problem
    writing = _writing(press, entries) if beside is shapes.WritingEveryAnswer else {}
    content = NOTHING.get(command, {}) if made is None else made
    return {**content, "problems": [told(found) for found in problems], **writing}


def _writing(press: Press | None, entries: Tally | None) -> Told:
    files: list[shapes.WrittenFileShape] = [
        {"file": readable(each.path), "state": each.state, "kept": each.kept} for each in (press.files if press else ())
    ]
    return {"dry_run": press and press.dry, "files": files, "entries": entries and _entries(entries)}


def _entries(tally: Tally) -> shapes.EntriesShape:
    return {
        "kept": tally.kept, "added": tally.added, "replaced": tally.replaced, "gone": tally.gone, "apart": tally.apart,
        "undecided": tally.undecided, "uncarried": tally.uncarried,
    }  # fmt: skip


def asked(arguments: Sequence[str]) -> str:
    """The command of which an answer is asked for by these words of a call; empty: it is none that has one."""
    command = next((word for word in (" ".join(arguments[:2]), *arguments) if word in NOTHING), "")
    meant = any(word.upper().startswith("KH") for word in arguments[1:2])
    return PROBLEM_KIND if command == "explain" and meant else command


def encode(content: Told) -> str:
    """``content`` as JSON text; a Decimal is written as the number it is."""
    return msgspec.json.format(msgspec.json.Encoder(decimal_format="number").encode(content), indent=2).decode()


# ── forms ───────────────────────────────────────────────────────────────────────────────────────────────


def one_file(scheme: str | None, file: str) -> shapes.FileAnswer:
    """What a command prints that writes one file."""
    return {"scheme": scheme, "file": file}


def demonstration(folder: str, files: Iterable[str]) -> shapes.DemoAnswer:
    """What ``kaohe demo`` prints."""
    return {"folder": folder, "files": [*files]}


def settings_form(scheme: Scheme, file: str, places: Iterable[Place]) -> shapes.InitAnswer:
    """What ``kaohe init`` prints: every input cell of the settings workbook."""
    return {"scheme": scheme.id, "file": file, "fields": {place.field.name: _place(place) for place in places}}


def forms(scheme: Scheme, issued: Iterable[tuple[Unit, str, Iterable[Place]]]) -> shapes.BlankAnswer:
    """What ``kaohe blank`` prints, from (unit, file, places) of each form."""
    made: list[shapes.FormShape] = [
        {**_unit(unit), "file": file, "fields": {place.field.name: _limited(place) for place in places}}
        for unit, file, places in issued
    ]
    return {"scheme": scheme.id, "forms": made}


def _place(place: Place) -> shapes.CellShape:
    field = place.field
    return {"sheet": place.sheet, "cell": place.cell, "type": field.type, "unit": _text(field.unit)}


def _limited(place: Place) -> shapes.FieldShape:
    field = place.field
    return {**_place(place), "required": field.required == "error", "min": field.minimum, "max": field.maximum}


# ── points ──────────────────────────────────────────────────────────────────────────────────────────────


def scores(
    scheme: Scheme, cases: Iterable[Case], scored: Mapping[str, UnitScore], queries: Iterable[Query] = (),
    changed: Changes | None = None, materials: Iterable[Attachment] = (),
) -> shapes.ScoreAnswer:  # fmt: skip
    """What ``kaohe score`` and ``kaohe check`` print; ``changed`` None: no ledger was."""
    cases = tuple(cases)
    held = registrations(scheme, cases, materials)
    return {
        "scheme": scheme.id,
        "units": [_scored(scheme, case, scored[case.unit.code], held[case.unit.code]) for case in cases],
        "queries": [_query(each) for each in queries],
        "changes": changes(changed) if changed else [],
    }


def _scored(scheme: Scheme, case: Case, score: UnitScore, held: Registration) -> shapes.ScoredShape:
    return {
        **_unit(case.unit),
        "status": case.status,
        "file": _text(case.file),
        "self_total": _points(score.self_total),
        "items": _items(scheme, score),
        "materials": [_material(each) for each in held.files],
        "lacking": held.lacking,
        "evidence": [
            {"field": f"{each.measure}.evidence", "said": each.said, "found": each.found, "missing": each.missing}
            for each in held.mentions
        ],
    }


def _material(each: AttachedFile) -> shapes.AttachmentShape:
    attachment = each.attachment
    return {
        "file": attachment.file,
        "size": attachment.size,
        "sha256": _text(attachment.sha256),
        "kind": each.kind,
        "title": _text(each.title),
        "fields": [f"{measure}.evidence" for measure in each.measures],
    }


def _query(query: Query) -> shapes.QueryShape:
    influence = query.influence
    return {
        **_unit(query.unit),
        "field": _text(query.field),
        "label": query.label,
        "value": query.value,
        "codes": query.codes,
        "why": query.why,
        "influence": {"points": half_up(influence.points), "places": influence.places, "grade": influence.grade},
        "state": query.state,
        "answer": _text(query.answer),
    }


def changes(found: Changes) -> list[shapes.LedgerChangeShape]:
    """What a run changed in the ledger, as ``kaohe score`` prints it."""
    return [
        {
            "kind": each.kind,
            "code": _text(each.code),
            "unit": _text(plain_name(each.unit)),
            "item": each.item,
            "from": _held(each, each.before),
            "to": _held(each, each.now),
            "why": each.why,
        }
        for each in found.rows
    ]


def _held(change: LedgerChange, text: str) -> Decimal | str | None:
    """What was held there: a number where points and places are, null where nothing was."""
    if text in NOTHING_THERE:
        return None
    return number(text) if change.kind in ("total", "place") else text


class Reviewed(Struct, frozen=True):
    """The version of a result, and what reviews had to do with it."""

    version: int = 0  # 0: there is none
    reviews: Sequence[Review] = ()
    effects: Sequence[ReviewEffect] = ()


def ranking(
    scheme: Scheme, ranked: Ranking, trials: Iterable[Alternative], opened: Iterable[Open] = (),
    margins: Iterable[Margin] = (), beside: "Beside | None" = None, reviewed: Reviewed = Reviewed(),  # noqa: B008
) -> shapes.RankAnswer:  # fmt: skip
    """What ``kaohe rank`` prints; ``beside`` None: last year's result was not given."""
    before = {each.ranked.score.unit.code: each for each in beside.units} if beside else {}
    units = {each.score.unit.code: each.score.unit for each in ranked.units}
    return {
        "scheme": scheme.id,
        "final": ranked.final,
        "open": [_opened(each) for each in opened],
        "units": [_ranked(scheme, each, before.get(each.score.unit.code)) for each in ranked.units],
        "readings": dict(scheme.readings),
        "sensitivity": [
            {"reading": trial.reading, "option": trial.option, "changes": [_change(each) for each in trial.changes]}
            for trial in trials
        ],
        "margins": [_margin(scheme, each) for each in margins],
        "version": reviewed.version,
        "reviews": [_review(units[each.code], each, reviewed.effects) for each in reviewed.reviews],
        "reviewed": [
            _change(change)
            for each in reviewed.effects
            if list(each.reviews) == [review for review in reviewed.reviews if review.adjusts]
            for change in each.changes
        ],
    }


def _review(unit: Unit, review: Review, effects: Iterable[ReviewEffect]) -> shapes.ReviewShape:
    own = (each for each in effects if each.reviews == (review,))
    return {
        **_unit(unit),
        "id": _text(review.about),
        "claim": _text(review.claim),
        "ground": _text(review.ground),
        "received": review.received.isoformat() if review.received else None,
        "decision": review.decision,
        "why": _text(review.why),
        "by": _text(review.by),
        "decided": review.decided.isoformat() if review.decided else None,
        "before": _points(review.before),
        "after": _points(review.after),
        "changes": [_change(change) for each in own for change in each.changes],
    }


def _opened(each: Open) -> shapes.OpenShape:
    sheet, code, id = each.key
    return {
        "code": _text(code), "unit": _text(plain_name(each.unit)), "sheet": sheet, "id": _text(id),
        "item": _text(each.item), "department": _text(each.department), "standing": each.standing,
        "said": _text(each.said),
    }  # fmt: skip


def _ranked(scheme: Scheme, ranked: Ranked, beside: "UnitBeside | None") -> shapes.RankedShape:
    score = ranked.score
    return {
        **_unit(score.unit),
        "group": _text(score.group),
        "place": ranked.place,
        "tied": ranked.tied,
        "grade": _text(ranked.grade),
        "total": _points(score.total),
        **_classes(scheme, score),
        "sections": {each.id: _points(each.points) for each in score.sections},
        "bonus": _points(score.bonus),
        "capped": None if score.total is None else _points(score.capped),
        "self_total": _points(score.self_total),
        "items": [{**item, "exam": item["points"]} for item in _items(scheme, score)],
        "reasons": ranked.reasons,
        "previous": _previous(beside),
    }


def _previous(each: "UnitBeside | None") -> shapes.PreviousShape | None:
    if each is None or each.before is None:
        return None
    before = each.before
    return {
        "unit": plain_name(each.name),
        "place": before.place,
        "grade": _text(before.grade),
        "total": _points(before.total),
        "items": {item.id: _points(item.points[1]) for item in each.items if item.now and item.before},
    }


def _classes(scheme: Scheme, score: UnitScore) -> shapes.ClassesShape:
    if len(scheme.tops) != 2:
        return {}
    one, two = (_points(score.section(top.id).points) for top in scheme.tops)
    return {"class_one": one, "class_two": two}


def _items(scheme: Scheme, score: UnitScore) -> list[shapes.ItemShape]:
    return [
        {
            "id": held.id,
            "points": _points(held.points),
            "full": _points(item.points),
            "bonus": None if score.decided is None else _points(held.bonus),
            "capped": _points(held.capped),
            "self": _points(held.self),
            "criteria": [_criterion(criterion) for criterion in held.criteria],
        }
        for item, held in zip(scheme.of(score.unit.kind).items, score.items, strict=True)
    ]


def _criterion(criterion: CriterionScore) -> shapes.CriterionShape:
    return {
        "id": criterion.id,
        "points": _points(criterion.points),
        "full": _points(criterion.full),
        "bonus": criterion.bonus,
        "state": "pending" if criterion.state == "undecided" else criterion.state,
        "self": _points(criterion.self),
        "steps": criterion.steps,
    }


def _change(change: Change) -> shapes.StandingChangeShape:
    before, now = map(_points, change.total)
    return {"code": change.code, "place": change.place, "grade": change.grade, "total": (before, now)}


def _margin(scheme: Scheme, margin: Margin) -> shapes.MarginShape:
    mark, figure, level = next(iter(margin.marks), None), margin.figure, margin.level
    return {
        "group": _text(margin.group),
        "codes": [each.score.unit.code for each in margin.units],
        "places": [each.place for each in margin.units if each.place is not None],
        "grade": _text(margin.seats if level is None else level.title),
        "line": None if level is None else _points(level.mark),
        "gap": half_up(margin.gap),
        "mark": None if mark is None else {
            "item": scheme.item_of[mark.criterion].id, "criterion": mark.criterion, "code": mark.unit.code,
            "change": half_up(mark.change), "any": any(each.every for each in margin.marks),
        },
        "figure": None if figure is None else {
            "figure": figure.figure, "code": figure.unit.code, "from": figure.before, "to": figure.after,
        },
    }  # fmt: skip


# ── the year ────────────────────────────────────────────────────────────────────────────────────────────


def status(scheme: Scheme, desk: Desk, step: NextStep) -> shapes.StatusAnswer:
    """What ``kaohe status`` prints."""
    ledger, result = desk.ledger, desk.result
    return {
        "scheme": scheme.id,
        "today": str(desk.today) if desk.today else None,
        "deadline": {"date": str(desk.deadline) if desk.deadline else None, "days_left": desk.left},
        "settings": _prepared(desk.settings) if desk.settings else None,
        "returns": _came_back(desk),
        "queries": [_query(each) for each in ledger.queries] if ledger else [],
        "departments": [_department(each) for each in ledger.departments] if ledger else [],
        "reviews": [_appeal(each) for each in ledger.appeals] if ledger else [],
        "ledger": _ledger_state(ledger, desk.unmerged) if ledger else None,
        "result": _result_state(result) if result else None,
        "open": desk.open,
        "next": {"command": step.command, "why": step.why},
    }


def _result_state(result: ResultState) -> shapes.ResultStateShape:
    return {"file": result.file, "final": result.final, "version": result.version, "outdated": result.outdated}


def _prepared(settings: Prepared) -> shapes.PreparedShape:
    return {
        "file": settings.file,
        "units": settings.units,
        "errors": len(settings.errors),
        "without_targets": [plain_name(name) for name in settings.targets],
        "without_department": settings.departments,
        "without_approver": settings.approvals,
        "without_head": [plain_name(name) for name in settings.heads],
        "publicity": _days(settings.publicity),
    }


def _days(publicity: Publicity) -> shapes.PublicityShape | None:
    first, last = publicity.first, publicity.last
    return {"first": str(first), "last": str(last)} if first and last else None


def _came_back(desk: Desk) -> shapes.CameBackShape:
    back = desk.back
    return {
        "issued": desk.issued,
        "received": [plain_name(name) for name in back.received],
        "late": [plain_name(name) for name in back.late],
        "missing": [plain_name(name) for name in back.missing],
        "mend": [plain_name(name) for name in back.mend],
        "unread": back.unread,
        "changed": back.changed,
        "unregistered": back.unregistered,
        "gone": back.gone,
    }


def _department(each: Standing) -> shapes.DepartmentShape:
    return {
        "department": each.department,
        "items": each.items,
        "state": each.state,
        "due": each.due,
        "waiting": each.waiting,
        "issued": each.issued or None,
        "returned": each.returned or None,
    }


def _appeal(each: Open) -> shapes.AppealShape:
    _, code, about = each.key
    return {"code": _text(code), "unit": _text(plain_name(each.unit)), "id": _text(about), "said": each.said}


def _ledger_state(ledger: LedgerState, unmerged: Sequence[str]) -> shapes.LedgerStateShape:
    return {
        "file": ledger.file,
        "outdated": ledger.outdated,
        "lost": ledger.lost or None,
        "altered": ledger.altered,
        "unmerged": unmerged,
        "open": [_opened(each) for each in ledger.open],
    }


# ── merge, explain, verify ──────────────────────────────────────────────────────────────────────────────


def merged(
    scheme: Scheme, file: str, accounts: Iterable[Account], *, unread: Sequence[str], aside: int, changed: Changes
) -> shapes.MergeAnswer:
    """What ``kaohe merge`` prints."""
    return {
        "scheme": scheme.id, "file": file, "copies": [_account(each) for each in accounts], "unread": unread,
        "aside": aside, "changes": changes(changed),
    }  # fmt: skip


def _account(each: Account) -> shapes.MergedCopyShape:
    return {
        "file": each.file, "judges": dict(each.judges), "marks": each.marks, "verified": each.verified,
        "vetoes": each.vetoes, "noted": each.noted, "others": each.others, "erased": each.erased, "same": each.same,
        "differing": each.differing, "left": each.left, "said": each.said,
    }  # fmt: skip


def explained(
    scheme: Scheme, ranking: Ranking, own: Ranked, asked: str, *, lines: Iterable[Line], queries: Iterable[Query],
    placed: Iterable[Line],
) -> shapes.ExplainAnswer:  # fmt: skip
    """What ``kaohe explain`` prints of a unit; ``asked`` is an item or a criterion, empty: all."""
    whole = scheme.item_of[asked].id if asked in scheme.item_of else asked
    return {
        "scheme": scheme.id,
        **_unit(own.score.unit),
        "item": _text(asked),
        "standing": {
            "place": own.place, "tied": own.tied, "grade": _text(own.grade), "total": _points(own.score.total),
            "final": ranking.final,
        },
        "items": [each for each in _items(scheme, own.score) if whole in ("", each["id"])],
        "lines": [_line(scheme, each) for each in lines],
        "queries": [_query(each) for each in queries],
        "place": [each.text for each in placed],
    }  # fmt: skip


def _line(scheme: Scheme, line: Line) -> shapes.LineShape:
    of = scheme.item_of.get(line.about)
    item, criterion = (_text(line.about), None) if of is None else (of.id, line.about)
    return {"kind": line.kind, "item": item, "criterion": criterion, "label": line.label, "text": line.text}


def problem_kind(kind: ProblemKind) -> shapes.ExplainProblemAnswer:
    """What ``kaohe explain`` prints of a problem."""
    return {
        "code": kind.code, "severity": kind.severity, "headline": kind.headline, "why": kind.why,
        "fix": kind.general_fix, "example": kind.example,
    }  # fmt: skip


def verified(
    scheme: Scheme, was: Recorded, materials: Iterable[Found], verdicts: Iterable[Verdict],
    problems: Iterable[Problem],
) -> shapes.VerifyAnswer:  # fmt: skip
    """What ``kaohe verify`` prints."""
    return {
        "scheme": scheme.id,
        "result": was.file,
        "ok": not any_error(problems),
        "readings": dict(was.readings),
        "materials": [
            {"role": each.source.role, "name": each.source.name, "state": MATERIAL_STATES[each.state]}
            for each in materials
        ],
        "versions": [{"name": name, "from": then, "to": now} for name, then, now in versions_moved(was)],
        "compared": [
            {"what": each.what, "parts": each.parts, "cells": each.cells, "differing": each.differing,
             "said": each.said}
            for each in verdicts
        ],
    }  # fmt: skip


# ── schemes ─────────────────────────────────────────────────────────────────────────────────────────────


def rehearsal(scheme: Scheme, found: Rehearsal) -> shapes.SchemeRehearseAnswer:
    """What ``kaohe scheme rehearse`` prints."""
    least, mean, most = found.passing
    return {
        "scheme": scheme.id,
        "years": found.years,
        "seed": found.seed,
        "units": found.units,
        "places": found.places,
        "shared": found.shared,
        "mark": _points(found.mark),
        "passing": {"least": least, "mean": mean, "most": most},
        "reach": [
            {"id": _text(each.id), "title": each.title, "full": _points(each.full), "least": half_up(each.least),
             "middle": half_up(each.middle), "most": half_up(each.most)}
            for each in found.reach
        ],
        "alike": [
            {"id": each.id, "title": each.title, "points": half_up(each.points), "share": each.share}
            for each in found.alike
        ],
        "unbounded": [{"id": each.id, "title": each.title, "most": half_up(each.most)} for each in found.unbounded],
        "readings": [
            {"reading": each.reading, "option": each.option, "question": each.question, "label": each.label,
             "years": each.years, "grades": each.grades}
            for each in found.deciding
        ],
    }  # fmt: skip


def checked(
    scheme: Scheme | None, file: str, problems: Iterable[Problem], trials: Iterable[Tried] = ()
) -> shapes.SchemeCheckAnswer:
    """What ``kaohe scheme check`` prints; ``scheme`` None: it cannot be used, and no trial was computed."""
    counts = Counter(found.severity for found in problems)
    held: shapes.SchemeCountsShape = {"errors": counts["error"], "warnings": counts["warning"]}
    if scheme is not None:
        content = scheme.content
        held |= {"items": len(content.item), "criteria": len(scheme.criteria), "measures": len(content.measure),
                 "units": len(content.unit), "readings": len(content.reading)}  # fmt: skip
    held_to: list[shapes.TrialShape] = [
        {"name": each.name, "what": each.what, "expected": each.expected, "found": each.found, "met": each.met,
         "steps": each.steps}
        for each in trials
    ]  # fmt: skip
    return {
        "scheme": None if scheme is None else scheme.id, "file": file, "ok": scheme is not None, "counts": held,
        "trials": held_to,
    }  # fmt: skip


def difference(before: Scheme, now: Scheme, found: Sequence[Difference], both: Both | None) -> shapes.SchemeDiffAnswer:
    """What ``kaohe scheme diff`` prints; ``both`` None: no ledger was given."""
    counts = Counter(each.kind for each in found)
    return {
        "before": _named(before),
        "now": _named(now),
        "counts": {kind: counts[kind] for kind in get_args(DifferenceKind)},
        "differences": [
            {"kind": each.kind, "heading": each.heading, "room": each.room, "id": _text(each.id),
             "called": each.called, "what": _text(each.what), "from": _text(each.before), "to": _text(each.now),
             "only": _text(each.only)}
            for each in found
        ],
        "ledger": None if both is None else _by_both(both),
    }  # fmt: skip


def _named(scheme: Scheme) -> shapes.SchemeNameShape:
    return {"scheme": scheme.id, "year": scheme.content.year, "title": scheme.content.title}


def _by_both(both: Both) -> shapes.TransferShape:
    return {
        "readings": dict(both.readings),
        "units": [{**_change(each), "unit": plain_name(each.unit)} for each in both.standings],
        "criteria": [
            {"id": (_text(each.ids[0]), _text(each.ids[1])), "title": each.title, "code": each.code,
             "unit": plain_name(each.unit), "points": (_points(each.points[0]), _points(each.points[1]))}
            for each in both.moved
        ],
        "uncarried": [{"what": each.what, "why": each.why, "units": each.units} for each in both.uncarried],
    }  # fmt: skip


# ── what they share ─────────────────────────────────────────────────────────────────────────────────────


def _unit(unit: Unit) -> shapes.UnitShape:
    return {"code": unit.code, "unit": plain_name(unit.name)}


def _points(value: Decimal | None) -> Decimal | None:
    """Points at two decimals; null where they are not known."""
    return None if value is None else half_up(value)


# ── two files ───────────────────────────────────────────────────────────────────────────────────────────


def differing(kind: FileKind, files: "tuple[KnownFile, KnownFile]", found: FileDiff) -> shapes.DiffAnswer:
    """What ``kaohe diff`` prints."""
    before, now = map(_compared_file, files)
    return {
        "kind": kind,
        "before": before,
        "now": now,
        "differences": [_differing(each) for each in found.rows],
        "moved": [_moved(each) for each in found.moved],
        "rest": [{"sheet": sheet, "row": row} for sheet, row in found.rest],
    }


def _compared_file(each: "KnownFile") -> shapes.ComparedFileShape:
    return {"file": each.path.name, "sha256": each.sha256}


def _differing(each: Differing) -> shapes.DifferingShape:
    before, now = (_differing_value(each, text) for text in (each.before, each.now))
    return {
        "kind": each.kind, "code": _text(each.code), "unit": _text(plain_name(each.unit)), "item": each.item,
        "from": before, "to": now, "cells": (_text(each.cells[0]), _text(each.cells[1])), "why": _text(each.why),
        "causes": each.causes,
    }  # fmt: skip


def _differing_value(each: Differing, text: str) -> Decimal | str | None:
    if text in NOTHING_THERE:
        return None
    return number(text) if each.kind in ("points", "total", "place") else text


def _moved(each: Change) -> shapes.MovedUnitShape:
    before, now = map(_points, each.total)
    return {
        "code": _text(each.code), "unit": plain_name(each.unit), "place": each.place, "grade": each.grade,
        "total": (before, now),
    }  # fmt: skip


def _text(text: str) -> str | None:
    """Null for an empty text."""
    return text or None


def _problem(found: Problem) -> shapes.ProblemShape:
    return {
        "code": found.code, "severity": found.severity, "unit": _text(plain_name(found.unit)),
        "file": _text(found.file), "sheet": _text(found.sheet), "cell": _text(found.cell),
        "field": _text(found.field), "message": found.message, "found": _text(found.found),
        "expected": _text(found.expected), "fix": found.fix,
    }  # fmt: skip


def _fault(found: Problem) -> shapes.SchemeProblemShape:
    return {
        "code": found.code, "severity": found.severity, "key": _text(found.field), "line": found.line,
        "sheet": _text(found.sheet), "cell": _text(found.cell), "message": found.message,
        "found": _text(found.found), "expected": _text(found.expected), "fix": found.fix,
    }  # fmt: skip
