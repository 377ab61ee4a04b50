"""Hostile files are made by the builders of tests/form."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "form"))
