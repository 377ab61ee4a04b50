"""A ledger → all that its result tells: the one place where both who writes a result and who proves it begin. Pure."""

from collections.abc import Iterable

from msgspec.structs import replace

from kaohe_cli.assess.appeal import come_to, effects, open_reviews
from kaohe_cli.assess.compare import compare
from kaohe_cli.assess.margin import margins
from kaohe_cli.assess.omission import leave_out
from kaohe_cli.assess.rank import rank
from kaohe_cli.assess.reasons import unreasoned
from kaohe_cli.assess.review import review, unsettled, without_reasons
from kaohe_cli.assess.score import score
from kaohe_cli.assess.sensitivity import try_readings
from kaohe_cli.diagnostic import Problem
from kaohe_cli.ledger.record import Ledger
from kaohe_cli.model import Ranking, Source
from kaohe_cli.paper.provenance import sources
from kaohe_cli.result.page import Report
from kaohe_cli.result.previous import LastYear, beside
from kaohe_cli.scheme.scheme import Scheme


def report_of(
    scheme: Scheme, ledger: Ledger, made_from: Source, problems: Iterable[Problem], last: LastYear | None = None,
    *, provisional: bool = False,
) -> Report:  # fmt: skip
    """What the result of ``ledger`` tells by the readings of ``scheme``.

    ``made_from`` is the file of the ledger, ``problems`` are those that were found in it; ``last`` is last year's
    result (None: it was not given), beside which it stands; what it contradicts may keep this one from being final.
    ``provisional``: something that is not at hand does. The report tells of the problems of the returns first, then of
    these, then of what is to be looked at before it is issued.
    """
    ranking = ranked(scheme, ledger)
    held = beside(scheme, ranking, ledger.cases, last) if last else None
    if provisional or (held and held.weighing):
        ranking = replace(ranking, final=False)
    unverified = unsettled(scheme, ledger.cases)
    scores = {each.score.unit.code: each.score for each in ranking.units}
    ordered = [scores[case.unit.code] for case in ledger.cases]
    silent = unreasoned(scheme, ledger.cases, ordered, ledger.departments)
    cases = {case.unit.code: case for case in ledger.cases}
    reviews = come_to(ledger.reviews, scores)
    unanswered = open_reviews({code: case.unit.name for code, case in cases.items()}, reviews)
    return Report(
        scheme, ranking, cases, try_readings(scheme, ledger.cases, ranking),
        (*ledger.problems, *problems, *unanswered, *review(scheme, ranking), *without_reasons(silent), *unverified),
        sources(scheme.sources, [
            made_from, *(each for each in ledger.sources if each.sha256), *(last.sources if last else ()),
        ]),
        ledger.approvals, tuple(each.message for each in unverified), margins(scheme, ledger.cases, ranking),
        ledger.departments, leave_out(scheme, cases, ranking.units), ledger.publicity,
        held, reviews, effects(scheme, cases, ranking.units, reviews),
    )  # fmt: skip


def ranked(scheme: Scheme, ledger: Ledger) -> Ranking:
    """The ranking that ``ledger`` gives; final only where nothing in it is open."""
    as_read = scheme.readings == ledger.readings
    scores = ledger.scores if as_read else [score(scheme, case) for case in compare(scheme, ledger.cases)]
    ranking = rank(scheme, scores)
    return replace(ranking, final=ranking.final and not ledger.open)
