"""How much of what is drawn by chance is tried: on every run, and where there is time."""

import os

THOROUGH = os.environ.get("KAOHE_THOROUGH") == "1"


def amount(usual: int, thorough: int) -> int:
    """How many; ``thorough`` where KAOHE_THOROUGH=1."""
    return thorough if THOROUGH else usual
