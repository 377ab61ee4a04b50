"""The ledger → its workbook."""

from collections.abc import Sequence

from kaohe_cli.diagnostic import Problem
from kaohe_cli.extent import width
from kaohe_cli.ledger import detail, figures, materials, progress, register, reminders, reviews, situation
from kaohe_cli.ledger.carried import usual_mark
from kaohe_cli.ledger.changes import FIRST, Changes, write_changes
from kaohe_cli.ledger.columns import write_found
from kaohe_cli.ledger.comparison import write_comparison
from kaohe_cli.ledger.layout import SheetLayout
from kaohe_cli.ledger.lists import write_conflicts, write_problems, write_sources, write_unplaced
from kaohe_cli.ledger.original import ASIDE, ASIDE_TITLES, LOOKS, MERGED, MERGED_TITLES, ROSTER, Recorder
from kaohe_cli.ledger.queries import write_queries
from kaohe_cli.ledger.record import PROGRESS, REGISTER, REMINDERS, REVIEWS, Ledger, cell_text
from kaohe_cli.ledger.settle import placing
from kaohe_cli.paper.workbook import Paper
from kaohe_cli.scheme.scheme import Scheme
from kaohe_cli.sheet.appearance import Appearance
from kaohe_cli.sheet.book import Sheet
from kaohe_cli.sheet.table import rows_of, written


def ledger_workbook(
    scheme: Scheme, ledger: Ledger, problems: Sequence[Problem] = (), changes: Changes = FIRST
) -> bytes:
    """The workbook of a settled ledger; ``problems`` are those of the ledger itself, told after the returns'."""
    with Paper("评分底稿", scheme.created, lean=True) as paper, Recorder() as recorder:
        # they come first and count what the others show
        first = paper.sheet(PROGRESS, landscape=False, colour="#4F81BD")
        second = paper.sheet(REMINDERS)
        recorder.fact(ROSTER, (case.unit.code for case in ledger.cases))
        recorder.fact(LOOKS, (usual_mark(),))
        recorder.head(MERGED, MERGED_TITLES)
        for count, each in enumerate(ledger.merged):
            marks = "\n".join(sorted(map(cell_text, each.marks)))
            recorder.row(MERGED, "", str(count), (each.sha256, each.file, marks), {})
        if ledger.aside:
            recorder.head(ASIDE, ASIDE_TITLES)
        for count, known in enumerate(sorted(ledger.aside.items())):
            recorder.row(ASIDE, "", str(count), known, {})
        write_queries(paper, scheme, ledger, recorder, placing(scheme, ledger))
        marks, verified, _ = (each.write(paper, scheme, ledger, recorder) for each in (detail, figures, situation))
        progress.write(paper, first, scheme, ledger, marks=marks, verified=verified)
        reminders.write(paper, second, scheme, ledger, marks)
        write_comparison(paper, scheme, ledger, verified)
        register.write(paper, scheme, ledger, recorder)
        reviews.write(paper, scheme, ledger, recorder)
        write_conflicts(paper, scheme, ledger)
        write_unplaced(paper, scheme, ledger)
        write_changes(paper, changes, recorder)
        materials.write(paper, scheme, ledger, recorder)
        write_problems(paper, tuple(dict.fromkeys((*ledger.problems, *problems))), recorder)
        write_sources(paper, ledger, recorder)
        for sheet in (each for each in ledger.sheets if each.name not in (REGISTER, REVIEWS)):
            _write_added(paper, sheet, ledger.layouts.get(sheet.name, SheetLayout()))
        recorder.write(paper)
        marks.sheet.activate()
        return paper.finish()


def _write_added(paper: Paper, sheet: Sheet, layout: SheetLayout) -> None:
    """A sheet that people added, by its values, as they left it."""
    page, cells, comments = paper.book.add_worksheet(sheet.name), dict(rows_of(sheet)), sheet.comments_by_row
    found = layout.appearance or Appearance()
    widths: dict[int, float] = {}
    for row in sorted({*cells, *comments, *found.looks}):
        here = cells.get(row, {})
        write_found(paper, page, row - 1, here, layout.looks(row), comments.get(row, {}), hidden=layout.hides(row))
        for column, cell in here.items():
            widths[column] = min(40, max(widths.get(column, 10), width(written(cell)) + 2))
    widths |= found.widths
    for column in sorted({*widths, *found.hidden_columns}):
        hidden = {"hidden": column in found.hidden_columns}
        page.set_column(column - 1, column - 1, widths.get(column), None, hidden)
    if sheet.hidden:
        page.hide()
