"""Which sheets of a workbook are the form's own, and what stands on copies of them, which are never read. Pure."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from kaohe_cli.diagnostic import Problem
from kaohe_cli.form.layout import SCORES, grids, unspaced
from kaohe_cli.form.spots import Form, FormSheet, Spot, claimed_spots
from kaohe_cli.model import Field, Value
from kaohe_cli.scheme.fields import form_fields, label
from kaohe_cli.scheme.normalise import Taken, take
from kaohe_cli.scheme.scheme import Scheme


class OwnSheets(Struct, frozen=True):
    """The sheets of a workbook on which a form was found, by what they are to it."""

    own: tuple[FormSheet, ...]
    copies: tuple[FormSheet, ...]
    unsure: tuple[FormSheet, ...]  # alike, and none of them is called as it was issued


def own_sheets(scheme: Scheme, sheets: tuple[FormSheet, ...]) -> OwnSheets:
    """Of ``sheets`` that hold the same fields one is the form's own: the one that is called as it was issued.

    Where all were renamed it is the only visible one with its hidden keys, else the only one there is.
    """
    own: list[FormSheet] = []
    unsure: list[FormSheet] = []
    for grid in grids(scheme):
        keys = {row.key for row in grid.rows if row.id and row.key}
        alike = [each for each in sheets if not keys.isdisjoint(each.located.rows)]
        called = [each for each in alike if unspaced(each.sheet.name) == grid.sheet]
        whole = [each for each in alike if not each.located.by_label and not each.sheet.hidden]
        chosen = called or whole or alike
        if len(chosen) == 1:
            own += chosen
        elif grid.sheet != SCORES:  # where nothing is filled in
            unsure += chosen
    names = {each.sheet.name for each in own}
    rest = tuple(each for each in sheets if each.sheet.name not in names)
    return OwnSheets(tuple(each for each in sheets if each.sheet.name in names), rest, tuple(unsure))


def copied(form: Form) -> Iterator[Problem]:
    """What stands on copies of the form's own sheets, where these say something else; or that they say the same."""
    fields = form_fields(form.scheme, form.given)
    for copy in form.copies:
        spots = claimed_spots(form.scheme, (copy,))
        differing = [said for field in fields for said in _differing(form, field, spots.get(field.name, ()))]
        yield from differing or (form.says("KH244", sheet=copy.sheet.name),)


def _differing(form: Form, field: Field, spots: Iterable[Spot]) -> Iterator[Problem]:
    own = form.spots.get(field.name, ())
    held = {content(take(field, spot.cell), field) for spot in own}
    where, expected = (own[0].where, own[0].text or "空白") if own else ("本表", "空白")
    for spot in spots:
        said = content(take(field, spot.cell))
        if said is not None and said not in held:
            code = "KH243" if field.type == "text" else "KH242"
            words = {"field": field.name, "label": label(field), "own": where, "where": spot.where}
            yield form.says(code, spot, found=spot.text, expected=expected, **words)


def content(taken: Taken, field: Field | None = None) -> Value | tuple[str, ...] | None:
    """What two cells must have in common to be one: the value, or what was found wrong; None: blank.

    With its ``field`` a blank counts as what is usual there.
    """
    if taken.value is not None:
        return taken.value
    return tuple(fault.found for fault in taken.faults) or (field.usual if field is not None else None)
