"""How much of what is tried many times is tried on every run, and where there is time; and how slow a machine is."""

import os
from collections.abc import Iterable, Sequence
from time import process_time
from typing import TypeVar

T = TypeVar("T")

_WORK, _USUAL = 1_000_000, 0.08  # numbers written out, and the seconds of processor time that takes
THOROUGH = os.environ.get("KAOHE_THOROUGH") == "1"


def amount(usual: int, thorough: int) -> int:
    """How many; ``thorough`` where KAOHE_THOROUGH=1."""
    return thorough if THOROUGH else usual


def part(cases: Iterable[T], first: int = 0, every: int = 3) -> Sequence[T]:
    """Every third of ``cases`` from the ``first`` on; all of them where KAOHE_THOROUGH=1."""
    return tuple(cases) if THOROUGH else tuple(cases)[first::every]


def slowness() -> float:
    """How many times as long as usual a piece of work takes here and now; 1 at least."""
    begun = process_time()
    for number in range(_WORK):
        str(number)
    return max(1.0, (process_time() - begun) / _USUAL)
