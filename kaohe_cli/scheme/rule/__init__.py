"""The rule kinds, a closed set, a module for each family."""

from typing import TypeAlias

from kaohe_cli.scheme.rule.count import Count
from kaohe_cli.scheme.rule.judged import Judged, Supplied
from kaohe_cli.scheme.rule.peer import Peer, Placing
from kaohe_cli.scheme.rule.share import Band, Linear
from kaohe_cli.scheme.rule.step import Step
from kaohe_cli.scheme.rule.when import When

Worked: TypeAlias = When | Count | Step | Linear | Band | Placing | Peer  # worked out from figures
Entered: TypeAlias = Judged | Supplied  # entered by people
Rule: TypeAlias = Worked | Entered

__all__ = [
    "Band",
    "Count",
    "Entered",
    "Judged",
    "Linear",
    "Peer",
    "Placing",
    "Rule",
    "Step",
    "Supplied",
    "When",
    "Worked",
]
