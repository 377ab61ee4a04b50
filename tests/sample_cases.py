"""The synthetic year as cases, without any workbook between."""

from kaohe_cli.commands import sample
from kaohe_cli.model import Case
from kaohe_cli.scheme.scheme import Scheme


def sample_cases(scheme: Scheme) -> tuple[Case, ...]:
    year = sample.load(scheme)
    units = {unit.code: unit for unit in year.settings.units}
    return tuple(
        Case(
            units[each.code],
            "received",
            {**each.entries, **scheme.given(units[each.code], year.settings)},
            awards=each.awards,
            veto=each.veto,
        )
        for each in year.units
    )
