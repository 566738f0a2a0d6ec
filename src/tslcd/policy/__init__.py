"""Named rules over the whole declared network; one module per subject of rules, one small function per rule."""

from tslcd.policy import (
    assumptions,
    circuits,
    conference,
    conference_services,
    devices,
    endpoints,
    exceptions,
    level_i,
    maintenance,
    numbers,
    platforms,
    prefixes,
    profiles,
    providers,
    qos,
    references,
    security,
    separation,
    services,
    sites,
    units,
)
from tslcd.policy.facts import Facts
from tslcd.policy.judgement import judge
from tslcd.policy.rule import RULES, Breach, Rule, Severity, rule
from tslcd.policy.run import Run

__all__ = ["RULES", "Breach", "Facts", "Rule", "Run", "Severity", "judge", "rule"]

SUBJECTS = (
    references, numbers, prefixes, sites, units, devices, platforms, exceptions, maintenance, circuits, providers, qos,
    conference, conference_services, endpoints, separation, services, security, level_i, assumptions, profiles,
)  # fmt: skip
"""Modules of rules, in the order of the table."""
