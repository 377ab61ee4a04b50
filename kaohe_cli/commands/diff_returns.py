"""Two returns against each other: every field, and what that makes of the points by rule."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from kaohe_cli.assess.effect import Effect, effects
from kaohe_cli.assess.score import score
from kaohe_cli.commands.differing import Differing, DifferingKind, FileDiff, by_unit
from kaohe_cli.commands.inputs import read_settings
from kaohe_cli.commands.outcome import Unreadable
from kaohe_cli.commands.returns import settled_cases
from kaohe_cli.diagnostic import Problem, problem
from kaohe_cli.form.intake import intake, printed
from kaohe_cli.form.own import own_sheets
from kaohe_cli.form.spots import Spot, claimed_spots, form_sheets
from kaohe_cli.ledger.basis import INVALID, NOT_FILLED
from kaohe_cli.ledger.changes import BLANK
from kaohe_cli.model import Case, Entry, Field, Return, UnitScore
from kaohe_cli.points import fixed
from kaohe_cli.scheme.fields import form_fields, label, settings_fields
from kaohe_cli.scheme.normalise import said
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet import reader

MOST_OF_ONE = 40  # lines that are shown where there is one unit
OTHERWISE = "按现有的数据重新计算"


class TakenReturn(Struct, frozen=True):
    """A return with what it comes to."""

    returned: Return
    case: Case  # figures within limits
    score: UnitScore
    spots: Mapping[str, tuple[Spot, ...]]  # the cells of its fields
    wrong: int  # errors that were found in it


def returns(scheme_name: str, before_path: Path, now_path: Path, settings_path: Path | None) -> FileDiff:
    """What is another in a return than in an earlier one; raises Stop where one cannot be read as a return.

    Without settings each is taken with the targets that are printed on it.
    """
    scheme, was = _reported(scheme_name, before_path, settings_path)
    _, now = _reported(scheme_name, now_path, settings_path)
    unit, other = now.returned.unit, was.returned.unit
    told: tuple[Problem, ...] = ()
    if other.code != unit.code:
        told = (problem("KH966", file=now.returned.file, unit=unit.name, found=other.name, expected=unit.name),)
    changed = dict(_fields(scheme, was, now))
    found = tuple(effects(scheme, was.score, now.score))
    rows = (*changed.values(), *_remarks(scheme, was, now), *_points(found, changed, now), *_selves(was, now))
    lines = [f"须更正的错误：原有 {was.wrong} 处，现有 {now.wrong} 处。"] if was.wrong or now.wrong else []
    if rows:
        lines = [*by_unit({unit.name: [*_lines(rows, changed, found)]}, most=MOST_OF_ONE), *lines]
    return FileDiff(rows, tuple(lines), problems=told)


def _reported(scheme_name: str, path: Path, settings_path: Path | None) -> tuple[Scheme, TakenReturn]:
    scheme, settings, _ = read_settings(scheme_name, settings_path)
    book, told = reader.read_workbook(path)
    if book is None:
        raise Unreadable(told)
    if settings_path is None and (known := printed(scheme, book)):
        settings = replace(settings, given=dict([known]))
    taking = returned, wrong = intake(scheme, settings, book)
    if returned is None or returned.status == "rejected":
        raise Unreadable((*told, *wrong))
    (case,), odd = settled_cases(scheme, replace(settings, units=(returned.unit,)), [taking])
    spots = claimed_spots(scheme, own_sheets(scheme, form_sheets(scheme, book)).own)
    errors = sum(each.severity == "error" for each in odd)
    return scheme, TakenReturn(returned, case, score(scheme, case), spots, errors)


def _fields(scheme: Scheme, was: TakenReturn, now: TakenReturn) -> Iterator[tuple[str, Differing]]:
    """Every entry that is not alike in both, by its name, in the order of the form; what was issued first."""
    unit = now.returned.unit
    issued = {each.name.removeprefix("."): each for each in settings_fields(scheme, "")}
    for name, field in {**issued, **{each.name: each for each in form_fields(scheme, {})}}.items():
        before, after = _text(was, name, field), _text(now, name, field)
        if before != after:
            figure = name in scheme.figures
            kind: DifferingKind = "stated" if not figure else "issued" if scheme.issued(name) else "reported"
            cells = _cell(was, name), _cell(now, name)
            yield name, Differing(kind, label(field), before, after, "", unit.name, unit.code, cells)


def _entry(of: TakenReturn, name: str) -> Entry | None:
    """The entry of a field, whoever gave it."""
    return of.returned.entries.get(name) or of.case.reported.get(name)


def _text(of: TakenReturn, name: str, field: Field) -> str:
    """What stands in a field; of what cannot be taken, what it says."""
    entry = _entry(of, name)
    if entry is None or (entry.value in (None, "") and not entry.invalid):
        return NOT_FILLED
    if entry.value is None:
        return f"“{'、'.join(dict.fromkeys(spot.text for spot in of.spots.get(name, ())))}”（{INVALID}）"
    return said(entry.value, field)


def _cell(of: TakenReturn, name: str) -> str:
    entry = _entry(of, name)
    return f"{entry.origin.sheet}!{entry.origin.cell}" if entry and entry.origin else ""


def _remarks(scheme: Scheme, was: TakenReturn, now: TakenReturn) -> Iterator[Differing]:
    """What was put upon cells beside their values: comments, strokes."""
    unit, labels = now.returned.unit, {each.name: label(each) for each in form_fields(scheme, {})}
    for name in dict.fromkeys((*was.returned.remarks, *now.returned.remarks)):
        before, after = (of.returned.remarks.get(name, BLANK) for of in (was, now))
        if before != after:
            cells = _cell(was, name), _cell(now, name)
            yield Differing(
                "stated", f"{labels.get(name, name)}·批注", before, after, "", unit.name, unit.code, cells
            )  # fmt: skip


def _points(found: Sequence[Effect], changed: Mapping[str, Differing], now: TakenReturn) -> Iterator[Differing]:
    """The criteria whose points by rule are others, with the entries that they follow from."""
    unit = now.returned.unit
    for each in found:
        causes = tuple(changed[name].item for name in changed if name in each.rests)
        before, after = map(fixed, each.points)
        why = "" if causes else OTHERWISE
        yield Differing(
            "points", f"{each.id} {each.title}", before, after, why, unit.name, unit.code, causes=causes
        )  # fmt: skip


def _selves(was: TakenReturn, now: TakenReturn) -> Iterator[Differing]:
    """The sum of what the unit claims."""
    before, after = fixed(was.score.self_total), fixed(now.score.self_total)
    if before != after:
        unit = now.returned.unit
        yield Differing("points", "自评总分", before, after, "", unit.name, unit.code)


def _lines(rows: Sequence[Differing], changed: Mapping[str, Differing], found: Sequence[Effect]) -> Iterator[str]:
    """Each entry, and after the last that it follows from each criterion whose points are others."""
    left, names = [*found], [*changed]
    for count, (name, row) in enumerate(changed.items(), 1):
        yield row.said
        for each in [each for each in left if name in each.rests and each.rests.isdisjoint(names[count:])]:
            left.remove(each)
            yield f"  → {each.said}"
    yield from (f"{each.said}（{OTHERWISE}）" for each in left)
    titles = {f"{each.id} {each.title}" for each in found}
    yield from (row.said for row in rows if row not in changed.values() and row.item not in titles)
