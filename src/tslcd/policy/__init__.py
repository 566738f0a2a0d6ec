"""Named rules over the whole declared network; one module per subject of rules, one small function per rule."""

from tslcd.policy import assumptions, circuits, devices, numbers, platforms, prefixes, qos, references, sites
from tslcd.policy.facts import Facts
from tslcd.policy.judgement import judge
from tslcd.policy.rule import RULES, Breach, Rule, Severity, rule
from tslcd.policy.run import Run

__all__ = ["RULES", "Breach", "Facts", "Rule", "Run", "Severity", "judge", "rule"]

SUBJECTS = (references, numbers, platforms, prefixes, sites, devices, platforms, circuits, qos, assumptions)
"""Modules of rules, in the order of the table."""
