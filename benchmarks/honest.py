"""Random years in which nobody slipped: what fourteen units could truly have reported, with figures that scatter.

Nothing here is taken from the bands of the scheme; were it, the measure would measure itself. Grounds:

- The city's own year: above-scale sales of 8,204.8 亿元, up 19.4%; the notice asks for 12% more investment, 14% more
  technical renewal, 20% more loans, 10% more firms above scale, and such growths are usually met and a little passed.
- How far years differ is an assumption: every year has a growth of its own, and investment swings twice as much as
  sales.
- How far units differ within a year is an assumption: 5 points of growth for sales, 8 for investment, 12 for profit,
  as single projects and firms weigh more in a district than in the city. One figure in fifty is odd and true: it lies
  three times as far from the others (a large firm moves, a project is put off).
- Targets are shared out by the office: the city's goal of the notice, up to 5% more in sum, a few points of difference.
- Counts are what so many tries with the same chance give; most tasks that were issued are met, few far exceeded.

Sizes of units, tasks and waivers are those of the synthetic year. Equal seeds give equal years.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import exp
from random import Random

from msgspec.structs import replace

from kaohe_cli.model import Case, Entry
from kaohe_cli.points import half_up
from kaohe_cli.scheme.scheme import Scheme

ODD, FARTHER = 0.02, 3.0  # how often a figure is odd and true, and how much farther it lies

# measure → growth of the city in a usual year, its spread from year to year, spread among the units; parts of one
GROWTH: Mapping[str, tuple[float, float, float]] = {
    "benefit": (0.05, 0.02, 0.03),
    "sales": (0.19, 0.03, 0.05),
    "invest_large": (0.15, 0.05, 0.08),
    "upscale": (0.14, 0.04, 0.06),
    "loans": (0.24, 0.03, 0.05),
}
# measure → goal of the city against last year, spread of the units' targets
GOAL: Mapping[str, tuple[float, float]] = {"sales": (0.12, 0.015), "invest": (0.12, 0.01), "tech": (0.14, 0.01)}
# measure → the target met on average, spread from year to year, among the units
COMPLETION: Mapping[str, tuple[float, float, float]] = {
    "invest": (1.04, 0.02, 0.05),
    "tech": (1.03, 0.02, 0.05),
    "factory": (1.04, 0.02, 0.07),
    "land": (1.04, 0.02, 0.07),
    "clean": (1.08, 0.03, 0.08),
    "netcourse": (1.04, 0.02, 0.05),
    "training": (1.04, 0.01, 0.04),
    "kilns": (1.0, 0.0, 0.03),
}
# measure → chance of each of its cases to be met
SHARES: Mapping[str, float] = {
    "centers": 0.95, "keyprojects": 0.86, "barriers": 0.87, "injury": 0.98, "chemicals": 0.99, "credit": 0.08,
}  # fmt: skip
# growth in per cent: that of all industry, its spread among the units, how far high technology is above it, its spread
RATES: Mapping[str, tuple[float, float, float, float]] = {
    "hitech_sales": (19.4, 5.0, 3.0, 4.0),
    "hitech_profit": (20.0, 8.0, 4.0, 6.0),
    "hitech_tax": (20.0, 7.0, 4.0, 5.0),
}


class Year:
    """One random year over the units of ``cases``."""

    def __init__(self, scheme: Scheme, cases: Sequence[Case], seed: int) -> None:
        self.scheme = scheme
        self.like = cases
        self.random = Random(seed)

    def cases(self) -> tuple[Case, ...]:
        """The units with figures of this year; what is no number stays as it is."""
        held = [self._numbers(case) for case in self.like]
        for measure, (goal, spread) in GOAL.items():
            more = self.random.uniform(1.0, 1.05)
            for numbers in held:
                if f"{measure}.target" in numbers:
                    grown = 1 + self.random.gauss(goal, spread)
                    numbers[f"{measure}.target"] = numbers[f"{measure}.prior"] * grown * more
        self._against(held, "prior", GROWTH)
        self._against(held, "target", COMPLETION)
        for numbers in held:
            self._counted(numbers)
            self._rates(numbers)
            # parts of one sum move with it
            numbers["invest_large.actual"] = min(numbers["invest_large.actual"], numbers["invest.actual"])
        return tuple(map(self._case, self.like, held))

    def _numbers(self, case: Case) -> dict[str, float]:
        return {
            name: float(entry.value)
            for name, entry in case.reported.items()
            if isinstance(entry.value, Decimal) and name in self.scheme.figures
        }

    def _against(
        self, held: Sequence[dict[str, float]], base: str, spreads: Mapping[str, tuple[float, float, float]]
    ) -> None:
        for measure, (usual, by_year, by_unit) in spreads.items():
            middle = self.random.gauss(usual, by_year)
            for numbers in held:
                if (of := numbers.get(f"{measure}.{base}")) is None:
                    continue
                times = exp(self._spread(by_unit)) * (middle if base == "target" else 1 + middle)
                # things that are counted come one by one
                noise = self.random.gauss(0, 0.3 * of**0.5) if self._whole(measure) and measure != "kilns" else 0.0
                numbers[f"{measure}.actual"] = max(0.0, of * times + noise)

    def _counted(self, numbers: dict[str, float]) -> None:
        for measure, chance in SHARES.items():
            if (of := numbers.get(f"{measure}.target")) is not None:
                own = min(0.999, max(0.001, chance + self._spread(0.25 * chance * (1 - chance))))
                numbers[f"{measure}.actual"] = float(sum(self.random.random() < own for _ in range(int(of))))
        # the month with the fewest of twelve
        numbers["monthly.actual"] = float(max(0, round(self.random.gauss(2, 1))))

    def _rates(self, numbers: dict[str, float]) -> None:
        for measure, (usual, spread, above, apart) in RATES.items():
            all_industry = usual + self._spread(spread)
            numbers[f"{measure}.target"] = all_industry
            numbers[f"{measure}.actual"] = all_industry + above + self._spread(apart)
        numbers["newproduct.actual"] = max(0.5, numbers["newproduct.prior"] + 1.2 + self._spread(1.2))
        numbers["bulkcement.actual"] = min(99.0, numbers["bulkcement.target"] + 1.5 + self._spread(1.5))
        numbers["energy.actual"] = numbers["energy.target"] + 0.3 + self._spread(1.0)

    def _spread(self, deviation: float) -> float:
        return self.random.gauss(0, deviation * (FARTHER if self.random.random() < ODD else 1.0))

    def _whole(self, measure: str) -> bool:
        return self.scheme.figures[f"{measure}.actual"].whole

    def _case(self, case: Case, numbers: Mapping[str, float]) -> Case:
        entries = dict(case.reported)
        for name, number in numbers.items():
            figure = self.scheme.figures[name]
            places = 0 if figure.whole else 1 if self.scheme.names[name].unit in ("%", "综合指数") else 2
            entries[name] = Entry(half_up(Decimal(repr(number)), places))
        return replace(case, reported=entries)
