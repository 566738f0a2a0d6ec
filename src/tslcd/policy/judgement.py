"""All rules of a day over the whole network."""

from __future__ import annotations

from collections.abc import Iterator

from tslcd import model
from tslcd.policy.facts import Facts
from tslcd.policy.rule import RULES, Breach, Rule, Severity, breaches


def judge(facts: Facts) -> Iterator[tuple[Rule, Severity, Breach]]:
    """What breaks the rules that hold on the run's day."""
    policy: model.Policy | None = facts.subjects.get("policy")
    later = policy.beginning_after(facts.run.as_of) if policy is not None else frozenset()
    values = facts.by_name()
    for name, own in RULES.items():
        if name not in later:
            severity = own.production if facts.run.production else own.severity
            for breach in breaches(own, values):
                yield own, severity, breach
