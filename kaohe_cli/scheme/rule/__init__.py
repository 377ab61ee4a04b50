"""The rule kinds, a closed set, a module for each family."""

from typing import TypeAlias

from kaohe_cli.scheme.rule.judged import Given, Judged
from kaohe_cli.scheme.rule.step import Step
from kaohe_cli.scheme.rule.when import When

Worked: TypeAlias = When | Step  # worked out from figures
Entered: TypeAlias = Judged | Given  # entered by people
Rule: TypeAlias = Worked | Entered

__all__ = ["Entered", "Given", "Judged", "Rule", "Step", "When", "Worked"]
