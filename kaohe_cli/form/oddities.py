"""What is odd about a returned form, whatever it reports: each a plain look at it. Pure."""

from collections.abc import Iterator

from kaohe_cli.diagnostic import Problem
from kaohe_cli.form.layout import FORM_VERSION, IDENTITY, INSTRUCTIONS, MEND, Located, identity_on, unspaced
from kaohe_cli.form.live import NOT_ISSUED, calculated
from kaohe_cli.form.spots import Form, Spot
from kaohe_cli.model import Field, FieldType, Mark
from kaohe_cli.scheme.fields import confirmation
from kaohe_cli.scheme.normalise import quoted, said, shown, take, tidy
from kaohe_cli.scheme.records import FIGURES
from kaohe_cli.scheme.scheme import Scheme

FEW = 5  # a sheet that has fewer results and no formula may have had each of them typed over
CALCULATED = "由表内公式自动算出"


def oddities(form: Form) -> Iterator[Problem]:
    """All that is odd about ``form``."""
    for look in (_version, _keys, _settled, _exam, _typed_over, _printing, _remarks):
        yield from look(form)


def _version(form: Form) -> Iterator[Problem]:
    claim = form.claim
    if claim is not None and (claim.version, claim.scheme_digest) != (FORM_VERSION, form.scheme.digest):
        yield form.says("KH213")


def _keys(form: Form) -> Iterator[Problem]:
    titles = {measure.id: measure.title for measure in form.scheme.measures.values()}
    titles |= {f"item.{item.id}": item.title for item in form.scheme.items}
    for each in form.sheets:
        sheet, located = each.sheet, each.located
        if located.by_label:
            yield form.says("KH216", sheet=sheet.name)
            continue
        for key in located.moved:
            place = Spot(sheet, located.rows[key], located.columns.get("title", 1))
            yield form.says("KH225", place, label=titles.get(key, key))


def _settled(form: Form) -> Iterator[Problem]:
    """Figures that the office gives: what a form has there is compared and never used.

    Without any settings nothing is known of what was issued, which is said once for the whole run (KH950).
    """
    for name, named in form.scheme.names.items():
        settled = form.given.get(name)
        if settled is None and not (form.scheme.issued(name) and form.settled):
            continue
        # 无任务 is printed in the form where it was issued
        kind: FieldType = "done" if name.endswith(".done") else "number"
        asked = Field(name, kind, named.title, unit=named.unit, marks=tuple(Mark), words=named.done)
        value = settled.value if settled else None
        expected = NOT_ISSUED if value is None else said(value, asked)
        for spot in form.spots.get(name, ()):
            taken, found = take(asked, spot.cell), spot.text or "空白"
            # 未下达 is what a form says that was issued before the figure was
            if found in (expected, NOT_ISSUED) or (taken.value == value and not taken.invalid):
                continue
            label = f"{named.title}·{named.label}"
            yield form.says("KH222", spot, field=name, label=label, found=found, expected=expected)


def _exam(form: Form) -> Iterator[Problem]:
    for item in form.scheme.items:
        name, label = f"{item.id}.exam", f"{item.title}·考核分"
        for spot in form.spots.get(name, ()):
            if spot.cell is not None and not spot.cell.formula and tidy(spot.text):
                yield form.says("KH221", spot, field=name, label=label, found=spot.text)


def _typed_over(form: Form) -> Iterator[Problem]:
    """Cells that the form calculates itself, where something else stands: none of it is used."""
    for each in form.sheets:
        spots = [
            (name, title, spot)
            for name, title in calculated(form.scheme).items()
            for spot in form.spots.get(name, ())
            if spot.sheet is each.sheet and spot.cell is not None and tidy(spot.text)
        ]
        typed = [found for found in spots if found[2].cell is not None and not found[2].cell.formula]
        if len(typed) > FEW and len(typed) == len(spots):
            yield form.says("KH255", sheet=each.sheet.name, found=str(len(typed)))
            continue
        for name, title, spot in typed:
            yield form.says("KH248", spot, field=name, label=title, found=spot.text, expected=CALCULATED)


def _printing(form: Form) -> Iterator[Problem]:
    """Units of measurement and texts that are not as they were issued."""
    for measure in form.scheme.measures.values():
        for spot in form.spots.get(f"{measure.id}.unit", ()):
            if measure.unit and unspaced(spot.text) != unspaced(measure.unit):
                yield form.says("KH226", spot, label=measure.title, found=spot.text or "空白", expected=measure.unit)
        yield from _text(form, f"{measure.id}.title", measure.title, f"“{measure.title}”的名称")
    for item in form.scheme.items:
        yield from _text(form, f"{item.id}.title", item.content, f"第{item.id}项考核内容")
        yield from _text(form, f"{item.id}.standard", item.standard, f"第{item.id}项评分标准")


def _text(form: Form, name: str, issued: str, label: str) -> Iterator[Problem]:
    for spot in form.spots.get(name, ()):
        value = spot.cell.value if spot.cell else ""
        text = value if isinstance(value, str) else ""
        if not unspaced(text).startswith(unspaced(issued)):
            yield form.says("KH223", spot, label=label, found=quoted(text) or "空白")


def _remarks(form: Form) -> Iterator[Problem]:
    """What was written beside, between and below the rows, in cells that ask nothing, and on sheets of its own."""
    known = {each.sheet.name for each in (*form.sheets, *form.copies)} | {INSTRUCTIONS, MEND, IDENTITY}
    for sheet in form.book.sheets:
        if sheet.name not in known and sheet.cells and identity_on(sheet) is None:
            yield form.says("KH219", sheet=sheet.name, found=quoted(sheet.name) or "空白")
    for each in form.sheets:
        sheet, located = each.sheet, each.located
        if located.by_label:  # where the table ends is not known
            continue
        rows = {*located.rows.values(), *(row for _, row in located.doubled)}
        columns, top, unasked = frozenset(located.columns.values()), each.top, _unasked(form.scheme, located)
        for (row, column), cell in sorted(sheet.cells.items()):
            between = row >= top and (row not in rows or column not in columns) and cell.value not in located.rows
            stray = between or column > max(columns) or (row, column) in unasked
            if stray and not cell.formula and tidy(shown(cell)):
                yield form.says("KH220", Spot(sheet, row, column), found=shown(cell))


def _unasked(scheme: Scheme, located: Located) -> frozenset[tuple[int, int]]:
    """The cells of a sheet in the columns of figures, and of 核实说明, that their measures do not have."""
    asked = {*scheme.figures, *(confirmation(measure) for measure, held in scheme.expectations.items() if held)}
    return frozenset(
        (row, located.columns[name])
        for key, row in located.rows.items()
        for name in (*FIGURES, "confirm")
        if key in scheme.measures and name in located.columns and f"{key}.{name}" not in asked
    )
