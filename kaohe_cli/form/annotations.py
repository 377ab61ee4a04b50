"""What was put upon the sheets of a form beside its values: comments, strokes, pictures. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from kaohe_cli.diagnostic import Problem
from kaohe_cli.form.layout import MEND, MENDING
from kaohe_cli.form.spots import Form, Spot
from kaohe_cli.model import Field
from kaohe_cli.scheme.fields import form_fields, label
from kaohe_cli.scheme.normalise import quoted, tidy
from kaohe_cli.sheet.book import Sheet

MOST = 200  # characters of a comment that are told
Fields = Mapping[tuple[str, int, int], Field]  # sheet, row, column → the field that stands there
COMMENT, STRUCK = "KH249", "KH251"  # of a cell that the unit fills in: the judge has to see them


def annotated(form: Form) -> Iterator[Problem]:
    """Every comment, every cell that is struck out, and how many pictures there are, on whatever sheet."""
    fields = {field.name: field for field in form_fields(form.scheme, form.given)}
    asked = {
        (spot.sheet.name, spot.row, spot.column): fields[name]
        for name, spots in form.spots.items()
        for spot in spots
        if name in fields
    }
    for sheet in form.book.sheets:
        if sheet.name != MEND:
            yield from _comments(form, sheet, asked)
            yield from _strokes(form, sheet, asked)
        if sheet.pictures:
            yield form.says("KH253", sheet=sheet.name, found=str(sheet.pictures))


def remarks(problems: Iterable[Problem]) -> Mapping[str, Mapping[str, str]]:
    """What the judge of a figure has to know of its cell, as ``problems`` tell it: name of the unit → field → words."""
    said: dict[str, dict[str, str]] = {}
    for each in problems:
        if each.field and each.code in (COMMENT, STRUCK):
            mine = said.setdefault(each.unit, {})
            words = "加了删除线" if each.code == STRUCK else f"批注“{each.found}”"
            mine[each.field] = f"{mine[each.field]}，{words}" if each.field in mine else words
    return said


def _comments(form: Form, sheet: Sheet, asked: Fields) -> Iterator[Problem]:
    for (row, column), comment in sorted(sheet.comments.items()):
        text, field = " ".join(_others(comment)), asked.get((sheet.name, row, column))
        if not tidy(text):
            continue
        spot = Spot(sheet, row, column)
        if field is None:
            yield form.says("KH250", spot, found=quoted(text, MOST))
        else:
            yield form.says(COMMENT, spot, field=field.name, label=label(field), found=quoted(text, MOST))


def _others(comment: str) -> Iterator[str]:
    """The lines of ``comment`` that are not those of a form to mend, each of which has its remedy below it."""
    lines = [line.strip() for line in comment.splitlines()]
    for line, below in zip(lines, (*lines[1:], ""), strict=True):
        if not line.startswith(MENDING) and not below.startswith(MENDING):
            yield line


def _strokes(form: Form, sheet: Sheet, asked: Fields) -> Iterator[Problem]:
    for row, column in sorted(sheet.struck):
        spot, field = Spot(sheet, row, column), asked.get((sheet.name, row, column))
        if not tidy(spot.text):
            continue
        if field is None:
            yield form.says("KH252", spot, found=spot.text)
        else:
            yield form.says(STRUCK, spot, field=field.name, label=label(field), found=spot.text)
