"""The policy itself: profiles name rules that exist, and one profile holds on each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tslcd import model
from tslcd.nearest import suggestion
from tslcd.policy.rule import RULES, Breach, rule


@rule("TS-POL-01", "error", "own")
def unknown_rule(policy: model.Policy) -> Iterator[Breach]:
    """A profile begins a rule that does not exist."""
    for name, profile in policy.profiles.items():
        for index, number in enumerate(profile.begins):
            if number not in RULES:
                text = f"unknown rule ({number}); {suggestion(number, RULES)}"
                yield Breach(("policy", "profiles", name, "begins", index), text)


@rule("TS-POL-02", "error", "own")
def profiles_of_one_day(policy: model.Policy) -> Iterator[Breach]:
    """Two profiles begin on one day: nobody could say which one holds."""
    first: dict[date, str] = {}
    for name, profile in policy.profiles.items():
        if (other := first.setdefault(profile.valid_from, name)) != name:
            text = f"{profile.valid_from} is the first day of {other}, too; should be a day of its own"
            yield Breach(("policy", "profiles", name, "valid_from"), text)


@rule("TS-POL-03", "error", "own")
def day_without_profile(policy: model.Policy, as_of: date) -> Iterator[Breach]:
    """The run's day is before the first profile: there is nothing to judge it by."""
    if policy.profile_of(as_of) is None:
        begin = min(profile.valid_from for profile in policy.profiles.values())
        yield Breach(("as_of",), f"{as_of} is before the first policy profile; should be {begin} or later")
